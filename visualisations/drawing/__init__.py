"""Where partners and routes stand on the map, and the network that vis-network draws."""
