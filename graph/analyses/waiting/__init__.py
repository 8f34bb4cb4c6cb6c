"""bottlenecks: where families pass and wait."""
