"""experienced: what families live through, by the outflow that partners registered."""
