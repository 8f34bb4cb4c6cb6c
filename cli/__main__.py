"""``python -m routekaart.cli``."""

from .app import main

main()
