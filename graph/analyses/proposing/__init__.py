"""direct-routes: new routes to discuss."""
