"""The answer of bottlenecks: what it is made of, and its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...queues import Capacity, Queue
from ...waiting import Source, Wait
from ..common import Frame, Result, sources_of, weeks, weeks_of
from ..norms import Norm
from ..ways import Statement
from .waits import Above

CAPACITY, DECISION, SOLE_LINK, UNKNOWN = "capaciteit", "besluit nodig", "enige schakel", "onbekend"
#: What may cause a bottleneck, with the name of its sentence.
CAUSES: Final = {CAPACITY: "capacity", DECISION: "decision", SOLE_LINK: "sole_link", UNKNOWN: "unknown"}


@dataclass(frozen=True, slots=True)
class Passed:
    """One node that families pass on the way to a level, or where they end.

    Families a year: ``per_year`` on the way through (start and end left out), ``arriving`` ending there, ``weeks_per_week``
    those with some fastest route that waits there (equally fast ways counted whole, the end included, the start not: the
    weeks that one week less would save), ``sole_link`` those with no other way. ``waiting`` are families at any moment.
    None where ``suppressed`` (by name), or where it is never said (sole_link of the municipality's own legal task).

    ``wait`` is what families meet there until the first appointment, ``waits`` every wait of it that differs; ``norm``
    the norm that holds for it and ``above`` the wait above it: then, and only then, it is a bottleneck. ``inflow`` says
    where that of the queue comes from: "opgave" (of the offerings) or "vraag".
    """

    node: str
    name: str
    roles: tuple[str, ...]
    municipalities: tuple[str, ...]
    per_year: float | None
    arriving: float | None
    waiting: float | None
    weeks_per_week: float | None
    sole_link: float | None
    suppressed: frozenset[str]
    wait: Wait
    waits: tuple[Wait, ...]
    norm: Norm | None
    above: Above | None
    queue: Queue | None
    capacity: Capacity | None
    inflow: str | None
    cause: str | None
    response: str | None

    @property
    def bottleneck(self) -> bool:
        """Whether a current wait from a source is above the norm of its own kind."""
        return self.above is not None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The rows of its wait and of the norm beside it."""
        return self.wait.sources + ((self.norm.source,) if self.norm else ())

    def as_dict(self) -> dict[str, Any]:
        """The partner as CONTRACTS §6 names it, with the norm beside the wait."""
        wait = self.wait
        found: dict[str, Any] = {
            "partner": self.node,
            "per_year": self.per_year,
            "arriving": self.arriving,
            "waiting": self.waiting,
            "weeks_per_week": self.weeks_per_week,
            "sole_link": self.sole_link,
            "wait": {
                **(weeks_of(wait) or {}),
                "kind": wait.kind,
                "as_of": wait.as_of,
                "assumed": wait.assumed,
                "outdated": wait.outdated,
                "derived": wait.derived,
                "written": wait.written,
                "sources": sources_of(wait.sources),
            },
            "norm": None if self.norm is None else _norm_as_dict(self.norm),
            "queue": self._queue_as_dict(),
            "bottleneck": self.bottleneck,
            "cause": self.cause,
        }
        return found | {"suppressed": True} if self.suppressed - {"queue"} else found

    def _queue_as_dict(self) -> dict[str, Any] | None:
        if "queue" in self.suppressed:
            return {**dict.fromkeys(("status", "load", "p_wait", "waiting", "wait_weeks")), "suppressed": True}
        if self.queue is None or self.capacity is None:
            return None
        return {**self.queue.as_dict(), "inflow": self.inflow, "offerings": list(self.capacity.offerings)}


def _norm_as_dict(norm: Norm) -> dict[str, Any]:
    return {"id": norm.id, "kind": norm.kind, "weeks": norm.weeks, "sources": sources_of([norm.source])}


@dataclass(frozen=True, slots=True)
class Step:
    """Families a year on one step of their ways; None where suppressed."""

    source: str
    target: str
    per_year: float | None

    def as_dict(self) -> dict[str, Any]:
        """The step as CONTRACTS §6 names it."""
        found: dict[str, Any] = {"from": self.source, "to": self.target, "per_year": self.per_year}
        return found | {"suppressed": True} if self.per_year is None else found


@dataclass(frozen=True, slots=True)
class Level:
    """One level: all families a year, those without a route by reason (None: suppressed), who passes where, and steps."""

    level: int
    per_year: float | None
    without_route: Mapping[str, float | None]
    partners: tuple[Passed, ...]
    routes: tuple[Step, ...]

    def as_dict(self) -> dict[str, Any]:
        """The level as CONTRACTS §6 names it."""
        without: dict[str, Any] = dict(self.without_route)
        if None in without.values():
            without["suppressed"] = True
        found = {
            "level": self.level,
            "per_year": self.per_year,
            "without_route": without,
            "partners": [p.as_dict() for p in self.partners],
            "routes": [r.as_dict() for r in self.routes],
        }
        return found | {"suppressed": True} if self.per_year is None else found


@dataclass(frozen=True, slots=True)
class Bottlenecks(Result):
    """The answer per level, lightest first.

    Unweighted (``frame.weighted`` false: nothing is known of families) every figure counts combinations of age band,
    theme and start instead of families, and nothing is suppressed: a combination is nobody. ``unplaced`` families a year
    start where nobody is known (None: suppressed), ``uncounted`` rows of vraag say no number. ``statements`` are what
    somebody said of these partners, never computed with; ``names`` those of all nodes.
    """

    frame: Frame
    levels: tuple[Level, ...]
    statements: tuple[Statement, ...]
    names: Mapping[str, str]
    threshold: int
    unplaced: float | None
    uncounted: int

    def as_dict(self) -> dict[str, Any]:
        """The answer as CONTRACTS §6 names it."""
        return {"levels": [level.as_dict() for level in self.levels]}

    def rows(self) -> list[dict[str, Any]]:
        """One row per level and partner, weeks unrounded; ``suppressed`` names the figures that are not shown."""
        return [
            {
                "level": level.level,
                "partner": p.node,
                "name": p.name,
                "per_year": p.per_year,
                "arriving": p.arriving,
                "waiting": p.waiting,
                "weeks_per_week": p.weeks_per_week,
                "sole_link": p.sole_link,
                "suppressed": "; ".join(sorted(p.suppressed)) or None,
                "wait_kind": p.wait.kind,
                "wait_low": weeks(p.wait.low),
                "wait_expected": weeks(p.wait.expected),
                "wait_high": weeks(p.wait.high),
                "as_of": p.wait.as_of,
                "assumed": p.wait.assumed,
                "outdated": p.wait.outdated,
                "written": p.wait.written,
                "norm": p.norm.weeks if p.norm else None,
                "bottleneck": p.bottleneck,
                "cause": p.cause,
                "queue_status": p.queue.status if p.queue else None,
                "queue_load": p.queue.load if p.queue else None,
                "queue_p_wait": p.queue.p_wait if p.queue else None,
                "queue_waiting": p.queue.waiting if p.queue else None,
                "queue_wait_weeks": p.queue.wait_weeks if p.queue else None,
                "response": p.response,
                "sources": "; ".join(f"{s.file}:{s.row}" for s in p.sources),
            }
            for level in self.levels
            for p in level.partners
        ]
