"""What analyses found, laid over the map: lines, waits, what is lacking."""
