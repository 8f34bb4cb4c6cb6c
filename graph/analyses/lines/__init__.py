"""short-lines: which contacts are missing."""
