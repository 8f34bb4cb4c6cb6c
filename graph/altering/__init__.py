"""A Landscape as it might be: partners closed, routes added, waits changed."""
