"""The answers of all families of one place and level, side by side with those of another moment or another supposition."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ...landscape import Landscape
from ...profile import Profile
from ...profiles.study import REASONS, Place, Study
from ...routing.asking import Reason
from ...waiting import WEEK, Wait
from ..common import Assumption, assumed_waits, tidy

Floats = NDArray[np.float64]

#: How far sums of parts of families may be from each other and still be equal.
NOTHING: Final = 1e-9


@dataclass(frozen=True)
class Answers:
    """One answer per profile and start with families, in the order of the population.

    ``families`` a year, expected ``days`` to the first appointment (infinite without a way), ``state`` 0 with a way, else
    1 + the place of the reason in :data:`...profiles.study.REASONS`; ``column`` is the profile's place in the terrain.
    """

    families: Floats
    days: Floats
    state: NDArray[np.int8]
    column: NDArray[np.intp]


def answers(place: Place, level: int) -> Answers:
    """The answers of ``place`` for ``level``."""
    leads = place.leads(level)
    row_of = {start: n for n, start in enumerate(place.terrain.starts)}
    asked = [(column, row_of[start], n) for column, by in place.demand(level) for start, n in by.items()]
    column = np.array([a[0] for a in asked], dtype=np.intp)
    row = np.array([a[1] for a in asked], dtype=np.intp)
    days: Floats = leads.days[row, column]
    state = np.zeros(len(asked), dtype=np.int8)
    why: dict[int, tuple[Reason | None, ...]] = {}
    for lacking in np.flatnonzero(np.isinf(days)).tolist():
        at, start, _ = asked[lacking]
        if at not in why:
            why[at] = leads.reasons(at)
        state[lacking] = 1 + REASONS.index(why[at][start] or "geen route")
    return Answers(np.array([a[2] for a in asked], dtype=float), days, state, column)


@dataclass(frozen=True)
class Side:
    """One side of a comparison: all families a year, those without a way by reason, and how long the others wait.

    ``days`` are those of the ``routed`` families together, who have a way. ``hidden`` names what must not be shown:
    per_year, routed, weeks_total or a reason.
    """

    per_year: float
    routed: float
    days: float
    without: Mapping[Reason, float]
    hidden: frozenset[str] = field(default=frozenset())

    def shown(self, name: str) -> float | None:
        """A figure by its name (as in ``hidden``), None where it must not be shown; weeks_total in weeks."""
        if name in self.hidden or (name == "weeks_total" and "routed" in self.hidden):
            return None
        numbers = {"per_year": self.per_year, "routed": self.routed, "weeks_total": self.days / WEEK}
        reasons = {str(reason): number for reason, number in self.without.items()}
        return tidy((numbers | reasons)[name])

    @property
    def mean_weeks(self) -> float | None:
        """Weeks of one family on average, None where there are none with a way or it must not be shown."""
        if self.shown("weeks_total") is None or self.routed <= NOTHING:
            return None
        return self.days / WEEK / self.routed

    def as_dict(self) -> dict[str, Any]:
        """The side as CONTRACTS §6 names it, with the mean and the families that it is of; weeks unrounded."""
        reasons = {reason: self.shown(reason) for reason in REASONS}
        found: dict[str, Any] = {name: self.shown(name) for name in ("weeks_total", "per_year", "routed")}
        hidden = None in found.values()
        found["mean_weeks"] = self.mean_weeks
        found["without_route"] = reasons | suppressed(None in reasons.values())
        return found | suppressed(hidden)

    def cells(self, name: str) -> dict[str, Any]:
        """The side as plain cells, their names beginning with ``name``."""
        found: dict[str, Any] = {f"{name}_{n}": self.shown(n) for n in ("weeks_total", "per_year", "routed")}
        found[f"{name}_mean_weeks"] = self.mean_weeks
        return found | {f"{name}_{reason.replace(' ', '_')}": self.shown(reason) for reason in REASONS}


def suppressed(hidden: bool) -> dict[str, bool]:
    """What stands beside a figure that must not be shown (CONTRACTS §6)."""
    return {"suppressed": True} if hidden else {}


def side(found: Answers) -> Side:
    """All answers of one place as one side."""
    there = found.state == 0
    without = {reason: float(found.families[found.state == n].sum()) for n, reason in enumerate(REASONS, 1)}
    routed, of = found.families[there], found.days[there]
    return Side(float(found.families.sum()), float(routed.sum()), float((routed * of).sum()), without)


def together(sides: Iterable[Side]) -> Side:
    """Several places as one."""
    every = list(sides)
    without = {reason: float(sum(s.without[reason] for s in every)) for reason in REASONS}
    per_year, routed, days = (float(sum(getattr(s, name) for s in every)) for name in ("per_year", "routed", "days"))
    return Side(per_year, routed, days, without)


def in_order(codes: Collection[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Municipalities by name: never ranked against each other."""
    return tuple(sorted(codes, key=lambda c: (names.get(c, c).casefold(), c)))


# --- what the answers rest on ----------------------------------------------------------------------------
def waits_of(study: Study) -> list[Wait]:
    """The waits of everybody to whom families go and of the offerings asked for, each once, theme and age left open."""
    found: dict[tuple[str, str | None], Wait] = {}
    for place in study.places():
        locale = place.locale
        asked = Profile(locale.municipality)
        ends: list[tuple[str, str | None]] = [(hop.target, None) for hop in locale.hops]
        ends += [(o.node, o.id) for o in locale.offerings.values() if o.level in study.levels and not locale.is_safety(o.partner)]
        for node, offering in ends:
            if (node, offering) not in found:
                found[node, offering] = locale.waits.registration(locale.subjects(node, offering), asked)
    return list(found.values())


def assumptions_of(study: Study, waits: Iterable[Wait]) -> list[Assumption]:
    """What was assumed about waits, steps and areas, and that families are not counted where they are not."""
    landscape: Landscape = study.landscape
    settings = landscape.settings
    found = assumed_waits(landscape, waits)
    locales = [place.locale for place in study.places()]
    hops = [(locale, hop) for locale in locales for hop in locale.hops if hop.route]
    if any(not hop.handover_given for _, hop in hops):
        found.append(Assumption("handover"))
    if any(hop.derived for _, hop in hops):
        found.append(Assumption("role_route"))
    deciding = dict.fromkeys(locale for locale, hop in hops if hop.decision)
    if any(locale.decision(Profile(locale.municipality)).assumed for locale in deciding):
        low, high = settings.unknown_decision_low, settings.unknown_decision_high
        found.append(Assumption("decision", (("low", f"{low:g}"), ("high", f"{high:g}"))))
    areas = {node.id for locale in locales for node in locale.partners.values() if node.area_assumed}
    if areas:
        found.append(Assumption("area", (("number", len(areas)),)))
    found.append(Assumption("family"))
    if not study.weighted:
        found.append(Assumption("unweighted"))
    return found
