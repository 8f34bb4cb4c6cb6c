"""what-if and trend: before and after."""
