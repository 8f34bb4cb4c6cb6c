"""routekaart: a knowledge graph of a region's support for children and families.

>>> import routekaart                           # doctest: +SKIP
>>> k = routekaart.open("uit")                  # a build, asked in Python
>>> k.direct_routes(level=3, top=10).to_frame()
>>> k.network(gemeente="Ede", age=14, theme="adhd")
>>> k.landscape, k.triples                      # its tables, and the same as an rdflib graph
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from .graph.routemap import RouteMap

__version__ = "0.1.0"


def open(path: str | Path) -> RouteMap:  # noqa: A001  # routekaart.open(path) reads as what it does
    """The build at ``path`` (a folder that ``routekaart build`` made), to ask in Python; EditionError where there is none."""
    from .graph.routemap import RouteMap

    made = RouteMap(path)
    made.landscape  # noqa: B018  # a folder without a build is said here, not at the first question
    return made
