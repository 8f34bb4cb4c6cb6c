"""The answer to ``direct-routes`` as frozen values, and as CONTRACTS §6 names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ....ontology.catalogue import text
from ...profile import Profile
from ...routing.asking import Reason
from ...waiting import Source
from ..common import Assumption, Frame, Result, sources_of, tidy, weeks, years
from .queue_effect import QueueEffect

Allowed = Literal["geen besluit nodig, wel afspraak", "besluit nodig"]


@dataclass(frozen=True, slots=True)
class Now:
    """How it is: family-days from entry to the first appointment a year, families a year, and those without a way by reason.

    None where suppressed.
    """

    days: float | None
    per_year: float | None
    without_route: tuple[tuple[Reason, float | None], ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A route from ``start`` to ``end`` (nodes) to discuss; days and families are a year's, None where suppressed.

    ``low`` and ``high`` (days) bound what it saves, whatever the unknown waits are (``high`` None: no upper end known);
    ``ranks`` are its places among the proposals of the answer by days saved when all waits are at their low and when all are
    at their high end.
    ``path`` is the way that its example takes now.
    """

    start: str
    end: str
    start_name: str
    end_name: str
    days: float | None
    low: float | None
    high: float | None
    families: float | None
    newly: float | None
    suppressed: bool
    queue: QueueEffect | None
    allowed: Allowed
    objections: tuple[Assumption, ...]
    municipalities: tuple[str, ...]
    example: Profile | None
    path: tuple[str, ...]
    agreements: tuple[tuple[str, str | None, str | None], ...]
    response: str | None
    sources: tuple[Source, ...]

    rank: int
    ranks: tuple[int, int]

    @property
    def stable(self) -> bool:
        """Whether it keeps its place among the proposals whether the unknown waits are all low or all high."""
        return self.ranks == (self.rank, self.rank)


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One route of a set, and what the set saves with it and those before (days, families newly reached)."""

    start: str
    end: str
    start_name: str
    end_name: str
    days: float | None
    newly: float | None
    suppressed: bool


@dataclass(frozen=True, slots=True)
class LevelRoutes:
    """The answer for one level. ``total`` counts all routes that would save anything."""

    level: int
    now: Now
    routes: tuple[Proposal, ...]
    total: int
    plan: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True)
class DirectRoutes(Result):
    """The answer: per level, lightest first, proposals by days saved and a set of them with its joint effect."""

    frame: Frame
    levels: tuple[LevelRoutes, ...]

    def as_dict(self, lang: str = "nl") -> dict[str, Any]:
        """The answer as CONTRACTS §6 names it; weeks unrounded."""
        return {"levels": [_level_dict(found, lang) for found in self.levels]}

    def rows(self) -> list[dict[str, Any]]:
        """A row per proposal."""
        return [
            {
                "level": found.level,
                "from": r.start,
                "from_name": r.start_name,
                "to": r.end,
                "to_name": r.end_name,
                "weeks_saved": weeks(r.days),
                "weeks_low": weeks(r.low),
                "weeks_high": weeks(r.high),
                "families": r.families,
                "newly_reached": r.newly,
                "suppressed": r.suppressed,
                "allowed": r.allowed,
                "municipalities": "; ".join(r.municipalities),
                "stable": r.stable,
                "sources": "; ".join(dict.fromkeys(f"{s.file}:{s.row}" for s in r.sources)),
            }
            for found in self.levels
            for r in found.routes
        ]


def _level_dict(found: LevelRoutes, lang: str) -> dict[str, Any]:
    return {
        "level": found.level,
        "now": {
            "weeks_total": tidy(weeks(found.now.days)),
            "per_year": tidy(found.now.per_year),
            "without_route": {reason: tidy(number) for reason, number in found.now.without_route},
            **_marked(found.now.days, found.now.per_year, *(n for _, n in found.now.without_route)),
        },
        "routes": [_route_dict(route, lang) for route in found.routes],
        "routes_in_all": found.total,
        "plan": [
            {
                "from": step.start,
                "to": step.end,
                "cumulative_weeks_saved": tidy(weeks(step.days)),
                "cumulative_newly_reached": tidy(step.newly),
                **({"suppressed": True} if step.suppressed else {}),
            }
            for step in found.plan
        ],
    }


def _marked(*figures: float | None) -> Mapping[str, bool]:
    return {"suppressed": True} if any(f is None for f in figures) else {}


def _route_dict(route: Proposal, lang: str) -> dict[str, Any]:
    example = route.example
    return {
        "from": route.start,
        "to": route.end,
        "weeks_saved": tidy(weeks(route.days)),
        "weeks_range": {"low": tidy(weeks(route.low)), "high": tidy(weeks(route.high))},
        "families": tidy(route.families),
        "newly_reached": tidy(route.newly),
        "queue_effect": route.queue.as_dict() if route.queue else None,
        "allowed": route.allowed,
        "objections": [text(f"direct_routes.objection.{o.key}", lang, **dict(o.values)) for o in route.objections],
        "municipalities": list(route.municipalities),
        "stable": route.stable,
        "example": {
            "profile": {"municipality": example.municipality, "age": years(example.age), "theme": example.theme},
            "path": list(route.path),
        }
        if example
        else None,
        "agreements": [{"id": i, "status": status, "what": what} for i, status, what in route.agreements],
        "sources": sources_of(route.sources),
        **({"suppressed": True} if route.suppressed else {}),
    }
