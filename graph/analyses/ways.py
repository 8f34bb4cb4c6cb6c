"""The answer to ``route`` as frozen values, and as CONTRACTS §6 names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..profile import Profile
from ..routing.asking import Reason
from ..routing.routes import Leg
from ..waiting import Source
from .common import Frame, Result, addresses, sources_of, weeks, weeks_of, years


@dataclass(frozen=True, slots=True)
class Way:
    """One way: its legs in order and its total in days. ``high`` None: "or longer"."""

    level: int | None
    profile: Profile
    offering: str | None
    path: tuple[str, ...]
    legs: tuple[Leg, ...]
    low: float
    expected: float
    high: float | None
    median: float | None
    p90: float | None

    @property
    def hops(self) -> int:
        return sum(leg.hops for leg in self.legs)

    @property
    def retellings(self) -> int:
        """Hops without warm handover."""
        return sum(leg.retellings for leg in self.legs)

    @property
    def detour(self) -> float | None:
        """Time of the way over handover and wait at its end; None when that is nothing."""
        if not self.legs:
            return None
        last = self.legs[-1]
        alone = (last.wait.expected or 0.0) + (last.hop.handover if last.hop else 0.0)
        return self.expected / alone if alone else None


@dataclass(frozen=True, slots=True)
class Span:
    """The fastest time when every wait is at its low or at its high end; the way may differ."""

    level: int | None
    low: float
    expected: float
    high: float | None
    low_path: tuple[str, ...]
    high_path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody said of several steps or of one: shown beside, never computed with. Days."""

    text: str | None
    low: float | None
    expected: float | None
    high: float | None
    on: tuple[str, ...]
    as_of: str | None
    clock_from: str | None
    clock_to: str | None
    outside: bool | None
    source: Source


@dataclass(frozen=True, slots=True)
class Spread:
    """How the answer is for a municipality, age band (months, half-open) and theme; days None: no answer."""

    municipality: str
    age_from: int
    age_until: int
    theme: str
    level: int | None
    low: float | None
    expected: float | None
    high: float | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class RouteAnswer(Result):
    """The answer to ``route``, per level asked, lightest first."""

    frame: Frame
    profile: Profile
    ways: tuple[Way, ...]
    spans: tuple[Span, ...]
    statements: tuple[Statement, ...]
    spread: tuple[Spread, ...] | None
    reasons: tuple[tuple[int | None, Reason], ...]
    names: tuple[tuple[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """The answer as CONTRACTS §6 names it; weeks unrounded, ages in years."""
        asked = {r.level for r in self.spans} | {level for level, _ in self.reasons}
        reason = self.reasons[0][1] if len(asked) == 1 and self.reasons else None
        return {
            "profile": _profile(self.profile),
            "routes": [_way(w) for w in self.ways],
            "range": [
                {
                    "level": s.level,
                    "low": weeks(s.low),
                    "expected": weeks(s.expected),
                    "high": weeks(s.high),
                    "low_path": list(s.low_path),
                    "high_path": list(s.high_path),
                }
                for s in self.spans
            ],
            "statements": [
                {
                    "text": s.text,
                    "weeks": weeks(s.expected),
                    "on": list(s.on),
                    "as_of": s.as_of,
                    "clock_from": s.clock_from,
                    "clock_to": s.clock_to,
                    "outside": s.outside,
                    "source": asdict(s.source),
                }
                for s in self.statements
            ],
            "spread": None
            if self.spread is None
            else [
                {
                    "municipality": s.municipality,
                    "age_from": years(s.age_from),
                    "age_until": years(s.age_until),
                    "theme": s.theme,
                    "level": s.level,
                    "weeks": None
                    if s.expected is None
                    else {"low": weeks(s.low), "expected": weeks(s.expected), "high": weeks(s.high)},
                    "reason": s.reason,
                }
                for s in self.spread
            ],
            "reason": reason,
            "reasons": [{"level": level, "reason": why} for level, why in self.reasons],
            "names": dict(self.names),
        }

    def rows(self) -> list[dict[str, Any]]:
        """A row per step of every way."""
        names = dict(self.names)
        return [
            {"way": n, "level": way.level, "offering": way.offering, "step": place, **_row(leg, names)}
            for n, way in enumerate(self.ways, 1)
            for place, leg in enumerate(way.legs, 1)
        ]


def _row(leg: Leg, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "from": leg.source,
        "from_name": names.get(leg.source),
        "to": leg.target,
        "to_name": names.get(leg.target),
        "kind": leg.hop.kind if leg.hop else None,
        "weeks_low": weeks(leg.total.low),
        "weeks_expected": weeks(leg.total.expected),
        "weeks_high": weeks(leg.total.high),
        "wait_kind": leg.wait.kind,
        "as_of": leg.wait.as_of,
        "outdated": leg.wait.outdated,
        "assumed": leg.wait.assumed,
        "derived": bool(leg.hop and leg.hop.derived),
        "sources": addresses([*([leg.hop.origin] if leg.hop and leg.hop.origin else []), *leg.wait.sources]),
    }


def _profile(profile: Profile) -> dict[str, Any]:
    return {"municipality": profile.municipality, "age": years(profile.age), "theme": profile.theme}


def _way(way: Way) -> dict[str, Any]:
    return {
        "level": way.level,
        "profile": _profile(way.profile),
        "offering": way.offering,
        "weeks": {
            "low": weeks(way.low),
            "expected": weeks(way.expected),
            "high": weeks(way.high),
            "median": weeks(way.median),
            "p90": weeks(way.p90),
        },
        "hops": way.hops,
        "retellings": way.retellings,
        "path": list(way.path),
        "steps": [step_as_dict(leg) for leg in way.legs],
        "detour": way.detour,
    }


def step_as_dict(leg: Leg) -> dict[str, Any]:
    """One step of a way as JSON has it (CONTRACTS §6)."""
    sources = [*([leg.hop.origin] if leg.hop and leg.hop.origin else []), *leg.wait.sources]
    return {
        "from": leg.source,
        "to": leg.target,
        "kind": leg.hop.kind if leg.hop else None,
        "route": leg.hop.route if leg.hop else None,
        "weeks": weeks_of(leg.total),
        "wait_kind": leg.wait.kind,
        "wait": weeks_of(leg.wait),
        "decision": weeks_of(leg.decision) if leg.decision else None,
        "handover": weeks(leg.hop.handover if leg.hop else 0.0),
        "as_of": leg.wait.as_of,
        "written": leg.wait.written,
        "outdated": leg.wait.outdated,
        "assumed": leg.wait.assumed or bool(leg.decision and leg.decision.assumed),
        "derived": bool(leg.hop and leg.hop.derived),
        "sources": sources_of([*sources, *(leg.decision.sources if leg.decision else ())]),
    }
