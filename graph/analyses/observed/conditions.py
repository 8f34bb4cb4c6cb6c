"""Families that a log shows between two partners where the stated route, by its own conditions, does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ....ontology.concepts import Scheme
from ...profile import theme_fits
from .ends import Ends, meet, somewhere
from .routes import Stated
from .traces import Cell

MUNICIPALITY, AREA, AGE, THEME = "gemeente", "werkgebied", "leeftijd", "thema"
#: What can stand in the way, in the order in which it is told.
BARS: Final = (MUNICIPALITY, AREA, AGE, THEME)


def barred(cell: Cell, routes: Iterable[Stated], ends: Ends, themes: Scheme) -> tuple[Stated, tuple[str, ...]] | None:
    """The route that comes nearest to holding for a cell and what bars it; None where any of ``routes`` holds for it.

    A cell that tells no municipality, age or theme apart is barred by none of these.
    """
    nearest: tuple[Stated, tuple[str, ...]] | None = None
    for route in routes:
        found = tuple(_bars(cell, route, ends, themes))
        if not found:
            return None
        if nearest is None or (len(found), route.id) < (len(nearest[1]), nearest[0].id):
            nearest = route, found
    return nearest


def _bars(cell: Cell, route: Stated, ends: Ends, themes: Scheme) -> Iterable[str]:
    if cell.municipality is not None:
        if not somewhere(meet(route.area, frozenset((cell.municipality,)))):
            yield MUNICIPALITY
        if any(ends.excludes(node, cell.municipality) for node in cell.pair):
            yield AREA
    if not _overlap(cell, route):
        yield AGE
    if cell.theme is not None and not _about(cell.theme, route.themes, themes):
        yield THEME


def _overlap(cell: Cell, route: Stated) -> bool:
    """Whether any age of the cell is one of the route; a band that holds both is not told apart."""
    below = cell.age_until is not None and route.age_from is not None and cell.age_until <= route.age_from
    above = cell.age_from is not None and route.age_until is not None and cell.age_from >= route.age_until
    return not (below or above)


def _about(theme: str, stated: Sequence[str], themes: Scheme) -> bool:
    return theme_fits(themes.with_broader(theme), stated)
