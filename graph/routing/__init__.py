"""The ways of one profile: its network, the fastest ones and their alternatives."""
