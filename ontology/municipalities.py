"""The municipalities of the Netherlands: those of today, those of before and the places in them.

``municipalities.csv``: the 342 since 1 January 2023, facts from the data of the Dutch COVID-19 dashboard
(minvws/nl-covid19-data-dashboard, EUPL-1.2), itself from CBS; ``sinds`` (since 1990) from the table of
municipalities of the Dutch population register (landelijke tabel 33, 2019); ``provincie`` from the order of the codes.
``former_municipalities.csv``: those that ended since 1900, facts from the same table 33, with the mergers of
2021–2023 and the municipalities that were divided over several added by us. The tests count the
municipalities of every year 1990–2023 against the numbers that CBS published.
``places.csv``: places (woonplaatsen and well-known parts of towns) by municipality, our own list; it has
most places, not all. Mergers after 2023 are in none of the three.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def municipalities() -> Mapping[str, tuple[str, ...]]:
    """Names by code: the official name first, then what else people write."""
    return MappingProxyType({row["code"]: (row["naam"], *_list(row["ook_bekend_als"])) for row in _rows("municipalities.csv")})


@cache
def municipalities_since() -> Mapping[str, str]:
    """The day on which a municipality of today began (ISO), for those that began since 1990."""
    return MappingProxyType({row["code"]: row["sinds"] for row in _rows("municipalities.csv") if row["sinds"]})


@cache
def provinces() -> Mapping[str, str]:
    """The province of each municipality of today."""
    return MappingProxyType({row["code"]: row["provincie"] for row in _rows("municipalities.csv")})


@dataclass(frozen=True, slots=True)
class Former:
    """A municipality that is no more. ``ended`` is the first day without it (ISO), ``began`` empty where it is old."""

    code: str
    name: str
    began: str
    ended: str
    successors: tuple[str, ...]

    @property
    def year(self) -> int:
        """The year in which it ended."""
        return int(self.ended[:4])


@cache
def former_municipalities() -> Mapping[str, Former]:
    """Municipalities that ended since 1900, by code; a successor may have ended too."""
    found = {}
    for row in _rows("former_municipalities.csv"):
        found[row["code"]] = Former(row["code"], row["naam"], row["begonnen"], row["geeindigd"], _list(row["opvolgers"]))
    return MappingProxyType(found)


@cache
def today(code: str) -> tuple[str, ...]:
    """The municipalities of today that hold the area of ``code``, sorted; empty where the code is unknown.

    More than one where the area was divided; then we do not know which part is meant.
    """
    if code in municipalities():
        return (code,)
    former = former_municipalities().get(code)
    return tuple(sorted({now for after in former.successors for now in today(after)})) if former else ()


@cache
def places() -> Mapping[str, tuple[str, ...]]:
    """Places by name, each with the codes of the municipalities in which one of that name lies."""
    return MappingProxyType({row["naam"]: _list(row["gemeenten"]) for row in _rows("places.csv")})


def _rows(file: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader((files(__package__) / file).read_text("utf-8").splitlines())


def _list(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split(";") if item.strip())
