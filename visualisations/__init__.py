"""A Landscape as one offline, accessible HTML page (page.py), drawn with pyvis (network.py)."""
