"""The route map of a region as one page."""
