"""The answer to ``long-routes`` as frozen values: patterns of roles with their longest way, per level."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ...disclosure import figure
from ...routing.asking import Reason
from ..common import Frame, Result, weeks, years
from ..offers import Offer
from ..ways import Statement, Way, step_as_dict


@dataclass(frozen=True, slots=True)
class Pattern:
    """All fastest ways to one level that meet the same ``roles`` (slugs, where a family starts first).

    ``way`` is the **longest** of them: weeks, hops and retellings are its; low and high are the sums of the low and
    the high ends of its waits. ``shortest``: expected days of the quickest of them. ``age_until``: the end (months) of
    the ages for which the example holds. ``per_year``: families that start such a way, None where that is not counted
    or not shown; ``profiles``: combinations of age, theme, municipality and start. ``lighter``: free and open support
    of a lighter level that fits the same family.
    """

    level: int
    roles: tuple[str, ...]
    way: Way
    age_until: int
    shortest: float
    per_year: float | None
    suppressed: bool
    profiles: int
    municipalities: tuple[str, ...]
    not_required: tuple[tuple[str, str], ...]
    lighter: tuple[Offer, ...]

    def weeks(self) -> dict[str, float | None]:
        """Weeks of the longest way until the first appointment, unrounded."""
        return {"low": weeks(self.way.low), "expected": weeks(self.way.expected), "high": weeks(self.way.high)}


@dataclass(frozen=True, slots=True)
class Entry:
    """The longest of the fastest ways from one entry role: expected days, and whether some wait on it is not known."""

    role: str
    roles: tuple[str, ...]
    municipality: str
    days: float
    assumed: bool


@dataclass(frozen=True, slots=True)
class LevelAnswer:
    """One level: its patterns, longest first (the first ``top`` of ``number``), and who has no way at all.

    ``per_year``: families that ask for the level; ``without_route``: those without a way by reason (None: not shown).
    ``profiles`` and ``profiles_without`` count combinations of age, theme, municipality and start.
    """

    level: int
    patterns: tuple[Pattern, ...]
    number: int
    entries: tuple[Entry, ...]
    per_year: float | None
    suppressed: bool
    without_route: tuple[tuple[Reason, float | None], ...]
    profiles: int
    profiles_without: int

    def as_dict(self) -> dict[str, Any]:
        """The level as CONTRACTS §6 names it, with the longest way of every entry role beside it."""
        hidden = any(families is None for _, families in self.without_route)
        return {
            "level": self.level,
            **figure("per_year", self.per_year, suppressed=self.suppressed),
            "without_route": {**dict(self.without_route), **({"suppressed": True} if hidden else {})},
            "profiles": self.profiles,
            "profiles_without_route": self.profiles_without,
            "patterns": [_as_dict(p) for p in self.patterns],
            "entries": [
                {
                    "role": e.role,
                    "roles": list(e.roles),
                    "municipality": e.municipality,
                    "weeks": weeks(e.days),
                    "assumed": e.assumed,
                }
                for e in self.entries
            ],
        }


def _as_dict(p: Pattern) -> dict[str, Any]:
    profile = p.way.profile
    return {
        "roles": list(p.roles),
        "weeks": p.weeks(),
        "shortest": weeks(p.shortest),
        "hops": p.way.hops,
        "retellings": p.way.retellings,
        **figure("per_year", p.per_year, suppressed=p.suppressed),
        "profiles": p.profiles,
        "municipalities": list(p.municipalities),
        "not_required_by_law": [list(step) for step in p.not_required],
        "example": {
            "profile": {
                "municipality": profile.municipality,
                "age": years(profile.age),
                "age_until": years(p.age_until),
                "theme": profile.theme,
            },
            "path": list(p.way.path),
            "offering": p.way.offering,
            "steps": [step_as_dict(leg) for leg in p.way.legs],
        },
        "lighter": [o.id for o in p.lighter],
    }


@dataclass(frozen=True, slots=True)
class LongRoutes(Result):
    """The answer, levels lightest first.

    ``names`` are those of the stations and offerings (``aanbod:ID``) on the ways shown; ``statements`` and ``responses``
    (partner, its own words) stand beside them. ``unplaced``: some demand starts where nobody is known to be;
    ``uncounted`` rows of table vraag say no number; ``threshold``: families below it are not shown.
    """

    frame: Frame
    levels: tuple[LevelAnswer, ...]
    names: tuple[tuple[str, str], ...]
    statements: tuple[Statement, ...]
    responses: tuple[tuple[str, str], ...]
    threshold: int
    unplaced: bool
    uncounted: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "levels": [level.as_dict() for level in self.levels],
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
            "responses": [{"partner": partner, "response": words} for partner, words in self.responses],
            "names": dict(self.names),
        }

    def rows(self) -> list[dict[str, Any]]:
        """One row per pattern, with its longest way; lists as texts."""
        return [_row(p) for level in self.levels for p in level.patterns]


def _row(p: Pattern) -> dict[str, Any]:
    profile, found = p.way.profile, p.weeks()
    steps = [step_as_dict(leg) for leg in p.way.legs]
    rows = dict.fromkeys((s["file"], s["sheet"], s["row"]) for step in steps for s in step["sources"])
    return {
        "level": p.level,
        "roles": " > ".join(p.roles),
        "weeks_low": found["low"],
        "weeks_expected": found["expected"],
        "weeks_high": found["high"],
        "weeks_shortest": weeks(p.shortest),
        "hops": p.way.hops,
        "retellings": p.way.retellings,
        "per_year": p.per_year,
        "suppressed": p.suppressed,
        "profiles": p.profiles,
        "municipalities": "; ".join(p.municipalities),
        "not_required_by_law": "; ".join(" > ".join(step) for step in p.not_required),
        "municipality": profile.municipality,
        "age_from": years(profile.age),
        "age_until": years(p.age_until),
        "theme": profile.theme,
        "path": " > ".join(p.way.path),
        "unknown_waits": sum(leg.wait.assumed for leg in p.way.legs),
        "sources": ", ".join(f"{file}{f' [{sheet}]' if sheet else ''}:{row}" for file, sheet, row in rows),
    }
