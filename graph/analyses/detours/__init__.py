"""long-routes: where families go the long way."""
