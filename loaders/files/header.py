"""Where the column names stand: the row that knows most of them, two rows stacked, brackets and units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final

from ...ontology.concepts import folded
from ..values import cleaned
from .mojibake import repaired

Rows = Sequence[Sequence[str]]
#: So many rows that are not empty are looked at.
_LOOKED_AT: Final = 30
_LONGEST_NAME: Final = 500
_BRACKET: Final = re.compile(r"^(.*?)\s*[(\[]([^()\[\]]*)[)\]]\s*$", re.DOTALL)
#: Units that change what a bare number means; weeks are what a number means already.
_UNITS: Final = {
    **dict.fromkeys(("dag", "dagen", "day", "days", "kalenderdagen"), "dagen"),
    **dict.fromkeys(("werkdag", "werkdagen", "working days"), "werkdagen"),
    **dict.fromkeys(("mnd", "maand", "maanden", "in maanden", "months"), "maanden"),
    **dict.fromkeys(("jaar", "jaren", "in jaren", "years"), "jaar"),
    **dict.fromkeys(("uur", "uren", "hours"), "uur"),
}


@dataclass(frozen=True, slots=True)
class Header:
    """The column names: rows ``first`` to ``last`` (from 0), the name of each column in place ("" for none)."""

    first: int
    last: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A column name as it is used; ``written`` as it stands, ``unit`` what its bracket adds to bare numbers."""

    used: str
    written: str
    unit: str = ""


def named(written: str, vocabulary: frozenset[str]) -> Name:
    """A column name; a bracket that hides a known name is left off.

    >>> named("wachttijd (dagen)", frozenset({"wachttijd"}))
    Name(used='wachttijd', written='wachttijd (dagen)', unit='dagen')
    """
    match = _BRACKET.match(written)
    if match is None or folded(written) in vocabulary or folded(match[1]) not in vocabulary:
        return Name(written, written)
    unit = " ".join(match[2].casefold().replace("in ", "").split())
    return Name(cleaned(match[1]), written, _UNITS.get(unit, ""))


def filled(row: Sequence[str]) -> bool:
    return any(c and not c.isspace() for c in row)


def find(rows: Rows, vocabulary: frozenset[str]) -> Header | None:
    """The header of ``rows``; None where nothing is filled.

    The row of the first thirty with most known names, or the pair of rows that together know more; where
    none knows any, the first that is not empty.
    """
    places = list(islice(_filled_places(rows), _LOOKED_AT))
    if not places:
        return None
    names = {p: _tidy(rows[p]) for p in places}
    points = {p: _points(names[p], vocabulary) for p in places}
    best = max(places, key=lambda p: (points[p], -p))
    # of several tables in a sheet the first counts, though a later one may have more names
    best = next((p for p in places if points[p] > 1 and points[p] * 2 >= max(points[best], len(set(names[p]) - {""}))), best)
    first = places[0]
    if best != first and not _certain(names[first], names[best], points[best]):
        best = first
    chosen = Header(best, best, tuple(names[best]))
    most = points[best]
    for top, bottom in pairwise(places):
        if bottom != top + 1 or best not in (top, bottom):
            continue
        stacked, together = _stacked(names[top], names[bottom], vocabulary)
        if together and _points(stacked, vocabulary) >= most:
            most = _points(stacked, vocabulary) + 1
            chosen = Header(top, bottom, tuple(stacked))
    return _trimmed(chosen)


def _filled_places(rows: Rows) -> Iterator[int]:
    return (n for n, row in enumerate(rows) if row and filled(row))


def _tidy(row: Sequence[str]) -> list[str]:
    return [cleaned(repaired(c[:_LONGEST_NAME])) if c else "" for c in row]


def _known(name: str, vocabulary: frozenset[str]) -> str | None:
    plain = folded(named(name, vocabulary).used)
    return plain if plain in vocabulary else None


def _points(names: Sequence[str], vocabulary: frozenset[str]) -> int:
    """How many different names are known."""
    return len({known for n in names if n and (known := _known(n, vocabulary))})


def _certain(first: Sequence[str], best: Sequence[str], points: int) -> bool:
    """Whether a later row is the header: two names known, or one under a title that fills one cell."""
    return points > 1 or (points == 1 and len({n for n in first if n}) == 1 and len({n for n in best if n}) > 1)


def _stacked(top: Sequence[str], bottom: Sequence[str], vocabulary: frozenset[str]) -> tuple[list[str], int]:
    """Two rows as one, and how many names are known by both together: "Leeftijd" over "van" and "tot".

    None is known together where the lower row looks like data.
    """
    width = max(len(top), len(bottom))
    above = [*top, *[""] * (width - len(top))]
    below = [*bottom, *[""] * (width - len(bottom))]
    names: list[str] = []
    group = ""
    together = alone = 0
    for over, under in zip(above, below, strict=True):
        group = over or (group if under else "")
        both = f"{group} {under}" if group and under and group != under else ""
        if both and _known(both, vocabulary):
            name = both
            together += 1
        elif over and under and over != under and not _known(under, vocabulary):
            name = both
        else:
            name = under or over
            alone += bool(under and _known(under, vocabulary))
        names.append(name)
    return names, together if (together + alone) * 2 >= sum(map(bool, below)) else 0


def _trimmed(header: Header) -> Header | None:
    names = list(header.names)
    while names and not names[-1]:
        names.pop()
    return Header(header.first, header.last, tuple(names)) if names else None
