"""gaps: what is not registered."""
