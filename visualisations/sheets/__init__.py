"""The tables behind the map, and how they differ from an older build."""
