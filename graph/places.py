"""Stations and steps: where a way can pass, what is offered there, and how one gets from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import polars as pl

from .waiting import Source

FAMILY: Final = "rol:gezin"
_DIRECT: Final = "rechtstreekse-toegang"
#: The columns of a route that say where it stands.
STANDS: Final = ("id", "file", "sheet", "row", "source", "source_date", "verified_on")


@dataclass(frozen=True, slots=True)
class Node:
    """A place on a way: a partner, an initiative without partner (``aanbod:ID``) or a placeholder (``rol:slug``)."""

    id: str
    name: str
    roles: tuple[str, ...]
    entry: bool
    placeholder: bool = False
    area_assumed: bool = False


class Row(Mapping[str, Any]):
    """A row of a table by column, looked up when it is first read: of most offerings nobody reads it."""

    __slots__ = ("_cells", "_frame", "_place")

    def __init__(self, frame: pl.DataFrame, place: int) -> None:
        self._frame = frame
        self._place = place
        self._cells: dict[str, Any] | None = None

    def _read(self) -> dict[str, Any]:
        if self._cells is None:
            self._cells = self._frame.row(self._place, named=True)
        return self._cells

    def __getitem__(self, column: str) -> Any:
        return self._read()[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return self._frame.width


@dataclass(frozen=True, slots=True)
class Offering:
    """An offering that serves the municipality; ages in months."""

    id: str
    name: str
    partner: str | None
    level: int | None
    access: str | None
    themes: tuple[str, ...]
    age_from: int | None
    age_until: int | None
    row: Mapping[str, Any] = field(compare=False)

    @property
    def node(self) -> str:
        """Where on the map it is offered."""
        return self.partner or f"aanbod:{self.id}"


class Hop(NamedTuple):
    """One usable step between two nodes, with the conditions of its route. Handover in days.

    ``stands`` are the cells of its route that say where it stands; None for a step that needs no registration.
    """

    # a nation has hundreds of thousands, and a named tuple is made much faster than a frozen dataclass
    source: str
    target: str
    kind: str
    route: str | None
    offering: str | None
    age_from: int | None
    age_until: int | None
    themes: tuple[str, ...]
    handover: float
    handover_given: bool
    decision: bool
    derived: bool
    warm: bool
    stands: tuple[Any, ...] | None

    @property
    def origin(self) -> Source | None:
        """Where its route stands."""
        return None if self.stands is None else Source.of("routes", dict(zip(STANDS, self.stands, strict=True)))


def implied_hop(source: str, target: str, offering: str | None) -> Hop:
    """A step that needs no registration: the family to the access or to a free offering."""
    return Hop(source, target, _DIRECT, None, offering, None, None, (), 0.0, False, False, True, False, None)
