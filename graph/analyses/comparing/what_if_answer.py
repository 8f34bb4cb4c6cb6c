"""The answer of what-if: what it is made of, and its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isinf
from typing import Any, Final

from ...altering.alterations import AddRoute, Alteration, Close, NewCapacity, NewWait, RemoveRoute
from ...waiting import Source
from ..common import Frame, Result, sources_of, tidy, weeks
from ..lines.directions import Direction
from .comparison import NOTHING, suppressed
from .queue_shift import QueueShift
from .shifts import Shift, cells, told

_KINDS: Final = {AddRoute: "add", RemoveRoute: "remove", Close: "close", NewWait: "wait", NewCapacity: "capacity"}
#: The figures that a difference is of.
_OF_DIFFERENCE: Final = frozenset(("routed", "weeks_before", "weeks_after"))


@dataclass(frozen=True, slots=True)
class Change:
    """One alteration, the rows that no longer count, and whether it is about anybody in the municipalities asked.

    ``places_before`` is the capacity in those rows together; None where they say none.
    """

    alteration: Alteration
    replaced: tuple[Source, ...]
    somewhere: bool
    places_before: int | None = None

    @property
    def kind(self) -> str:
        """As the option is called: add, remove, close, wait or capacity."""
        return _KINDS[type(self.alteration)]

    def as_dict(self) -> dict[str, Any]:
        """The alteration as JSON: ids, weeks, places, and the rows that it replaces."""
        a = self.alteration
        found: dict[str, Any] = {"kind": self.kind}
        if isinstance(a, AddRoute | RemoveRoute):
            found |= {"from": a.source, "to": a.target}
        else:
            found["partner"] = a.subject
        if isinstance(a, NewWait):
            found["weeks"] = {"low": weeks(a.low), "expected": weeks(a.expected), "high": weeks(a.high)}
        if isinstance(a, NewCapacity):
            found |= {"capacity": a.places, "capacity_before": self.places_before}
        return found | {"somewhere": self.somewhere, "replaces": sources_of(self.replaced)}


@dataclass(frozen=True)
class PlaceShift:
    """The families of one municipality (code); ``hidden`` names the figures that must not be shown."""

    municipality: str
    shift: Shift
    hidden: frozenset[str]

    def as_dict(self) -> dict[str, Any]:
        """The municipality as CONTRACTS §6 names it."""
        return {"municipality": self.municipality, **_sides(self.shift, self.hidden)}


@dataclass(frozen=True, slots=True)
class Moved:
    """More families a year (None: not shown) come to a partner, to go on or to stay; its own words beside it."""

    partner: str
    name: str
    per_year: float | None
    response: str | None

    def as_dict(self) -> dict[str, Any]:
        """The partner as CONTRACTS §6 names it."""
        found = {"partner": self.partner, "per_year": tidy(self.per_year), "response": self.response}
        return found | suppressed(self.per_year is None)


@dataclass(frozen=True)
class LevelShift:
    """One level: all families, each municipality by name, where more families come, and the queues there.

    ``direction`` is the one in which every alteration must turn out, None where that depends on waits; ``threshold`` the
    number of families below which nothing is shown (0: everything is).
    """

    level: int
    shift: Shift
    hidden: frozenset[str]
    direction: Direction | None
    places: tuple[PlaceShift, ...]
    moved: tuple[Moved, ...]
    queues: tuple[QueueShift, ...]
    threshold: float

    @property
    def certain(self) -> bool:
        """Whether no unknown wait can turn the sign of the difference: by its direction, or because its bounds have one."""
        found = self.shift
        return self.direction is not None or found.least == found.most or found.least > 0 or found.most < 0

    @property
    def difference_hidden(self) -> bool:
        """Whether the difference in weeks must not be shown."""
        return bool(_OF_DIFFERENCE & self.hidden)

    @property
    def range_hidden(self) -> bool:
        """Whether the range of the difference must not be shown: that of few families neither."""
        return self.difference_hidden or NOTHING < self.shift.swayed < self.threshold - NOTHING

    def difference(self) -> float | None:
        """Expected days more together (below 0: fewer) of those with a way on both sides; None where it must not be shown."""
        return None if self.difference_hidden else self.shift.difference

    def range(self) -> tuple[float | None, float | None]:
        """The difference at its least and most, of what is expected, all waits at their low and all at their high end.

        None where an end is open, or where it must not be shown.
        """
        if self.range_hidden:
            return None, None
        low, high = (None if isinf(end) else end for end in self.shift.range)
        return low, high

    def as_dict(self) -> dict[str, Any]:
        """The level as CONTRACTS §6 names it, with what tells it apart."""
        low, high = self.range()
        difference = {"weeks": tidy(weeks(self.difference())), "low": tidy(weeks(low)), "high": tidy(weeks(high))}
        return {
            "level": self.level,
            **_sides(self.shift, self.hidden),
            "difference": {**difference, "certain": self.certain, **suppressed(self.range_hidden)},
            "per_municipality": [place.as_dict() for place in self.places],
            "moved_to": [m.as_dict() for m in self.moved],
            "queues": [q.as_dict() for q in self.queues],
        }


def _sides(shift: Shift, hidden: frozenset[str]) -> dict[str, Any]:
    sides = {which: shift.side(which, hidden).as_dict() for which in ("before", "after")}
    return {**sides, **told(shift, hidden)}


@dataclass(frozen=True)
class WhatIf(Result):
    """The answer per level, lightest first.

    On both sides ``per_year`` are all families (the same ones), ``weeks_total`` those of ``routed``: who has a way before
    and after. So before: per_year = routed + no_longer_reached + without_route; after: routed + newly_reached + without_route.
    Unweighted (``frame.weighted`` false) every figure counts combinations of age band, theme and start, and nothing is
    suppressed. ``unplaced``: some families start where nobody is known; ``uncounted`` rows of vraag say no number.
    """

    frame: Frame
    changes: tuple[Change, ...]
    levels: tuple[LevelShift, ...]
    names: Mapping[str, str]
    threshold: int
    unplaced: bool
    uncounted: int

    def as_dict(self) -> dict[str, Any]:
        """The answer as CONTRACTS §6 names it, with the alterations."""
        return {
            "alterations": [change.as_dict() for change in self.changes],
            "levels": [level.as_dict() for level in self.levels],
        }

    def rows(self) -> list[dict[str, Any]]:
        """A row per level for all municipalities together (municipality None) and for each."""
        return [
            {"level": level.level, "municipality": code, **cells(shift, hidden)}
            for level in self.levels
            for code, shift, hidden in (
                (None, level.shift, level.hidden),
                *((p.municipality, p.shift, p.hidden) for p in level.places),
            )
        ]
