"""The view Hiaten: per municipality, theme, age and level whether a way is registered, as a table of colours and words.

Every cell says what the cells of the analysis gaps say of its ages: one status where that is the same for all of them,
else the most pressing one, "deels".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, Final

from ...graph.analyses.lacking.coverage import OK, STATUSES, TOO_LONG, UNKNOWN, Cell
from ...graph.analyses.lacking.gaps import Gaps
from ..material import Material
from .words import LayerWords

#: What is shown of several: the first of these.
PRESSING: Final = ("geen aanbod", "geen route", "aanmeldstop", "te lang", "onbekend", "ok")
#: Ages in months at which the columns begin: as schools and the law divide childhood.
BEGINS: Final = (0, 48, 144, 216)
#: Statuses with a time that is known, and those with a registered way.
_TIMED: Final = (STATUSES[OK], STATUSES[TOO_LONG])
_WAYS: Final = (*_TIMED, STATUSES[UNKNOWN])


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell of the table: its status, whether that holds for some of the ages only, since which age, and its words."""

    status: str
    partly: bool
    age: int
    text: str

    @property
    def look(self) -> str:
        """Its class in the page."""
        return f"g{PRESSING.index(self.status)}{' part' if self.partly else ''}"


@dataclass(frozen=True, slots=True)
class GapRow:
    """The cells of themes (by place, and as they are called) that have the same answers, by level and then by age."""

    themes: tuple[int, ...]
    label: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One municipality with its rows."""

    code: str
    name: str
    rows: tuple[GapRow, ...]


@dataclass(frozen=True, slots=True)
class GapTable:
    """The table: ages (months, half-open) of the columns of each level, themes (slug, label), and the municipalities."""

    themes: tuple[tuple[str, str], ...]
    levels: tuple[tuple[int, str], ...]
    ages: tuple[tuple[int, int], ...]
    labels: tuple[str, ...]
    places: tuple[Place, ...]
    legend: tuple[tuple[str, str], ...]

    def data(self, known: Collection[str], broader: Callable[[str], Iterable[str]]) -> dict[str, Any]:
        """What the page needs to open the map at a cell: ages, levels, and themes (slug, label, what stands for it).

        The page finds offerings by the themes ``known`` to it: for another one the nearest ``broader`` one that it knows.
        """
        themes = [[slug, label, next((t for t in broader(slug) if t in known), "")] for slug, label in self.themes]
        ages = [[low, high, label] for (low, high), label in zip(self.ages, self.labels, strict=True)]
        ways = [f"g{PRESSING.index(status)}" for status in _WAYS]
        return {"ages": ages, "themes": themes, "places": [place.code for place in self.places], "ways": ways}


def gap_table(material: Material, found: Gaps) -> GapTable:
    """The table of the cells in ``found``."""
    words, settings = LayerWords(material, weighted=False), material.landscape.settings
    ages = _bands(settings.age_from, settings.age_until)
    places = []
    for code, cells in groupby(found.cells, key=lambda c: c.municipality):
        rows = _rows(words, list(cells), found, ages)
        places.append(Place(code, material.landscape.municipality_names.get(code, code), rows))
    levels = tuple((level, words.level(level)) for level in found.levels)
    legend = tuple((f"g{PRESSING.index(status)}", words.say(f"meaning.{status}")) for status in reversed(PRESSING))
    label = material.landscape.themes.label
    themes = tuple((slug, label(slug, words.lang)) for slug in found.themes)
    return GapTable(themes, levels, ages, tuple(material.words.ages(*band) for band in ages), tuple(places), legend)


def _bands(low: int, high: int) -> tuple[tuple[int, int], ...]:
    edges = [low, *(age for age in BEGINS if low < age < high), high]
    return tuple((a, b) for a, b in pairwise(edges) if a < b)


def _rows(words: LayerWords, cells: Sequence[Cell], found: Gaps, ages: Sequence[tuple[int, int]]) -> tuple[GapRow, ...]:
    """Themes in the order of the analysis, those with the same answers together where the first of them stands."""
    by_theme: dict[str, dict[int, list[Cell]]] = {theme: {level: [] for level in found.levels} for theme in found.themes}
    for cell in cells:
        by_theme[cell.theme][cell.level].append(cell)
    same: dict[tuple[Spot, ...], list[str]] = {}
    for theme, levels in by_theme.items():
        spots = tuple(_spot(words, levels[level], *band) for level in found.levels for band in ages)
        same.setdefault(spots, []).append(theme)
    label, place = words.material.landscape.themes.label, found.themes.index
    return tuple(
        GapRow(tuple(map(place, themes)), ", ".join(label(theme, words.lang) for theme in themes), spots)
        for spots, themes in same.items()
    )


def _spot(words: LayerWords, cells: Iterable[Cell], low: int, high: int) -> Spot:
    there = [cell for cell in cells if cell.age_from < high and cell.age_until > low]
    status = min((cell.status for cell in there), key=PRESSING.index)
    about = [cell for cell in there if cell.status == status]
    text = words.say(f"status.{status}")
    days = [cell.days for cell in about if cell.days is not None]
    if status in _TIMED and days:
        text = words.say("gaps.weeks", what=text, weeks=words.material.words.weeks(min(days), max(days), whole=True))
    partly = len(about) < len(there)
    if partly:
        text = words.say("gaps.partly", what=text)
    return Spot(status, partly, max(low, about[0].age_from), text)
