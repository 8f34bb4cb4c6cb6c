"""One question per file: pure functions from a Landscape to a frozen answer."""
