"""long-routes: where families go the long way, by the roles that they meet on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import numpy as np

from ...disclosure import Ledger
from ...landscape import Landscape
from ...profile import Profile
from ...profiles.study import REASONS, Place, Study
from ...responses import responses
from ...routing.asking import Reason
from ..common import Assumption, Frame, frame
from ..offers import Offer, offers
from ..ways import Statement, Way
from .example_ways import assumptions_of, statements_on, way_along
from .patterns import Entry, LevelAnswer, Pattern
from .patterns import LongRoutes as LongRoutes
from .stations import Stations, not_required_by_law

#: Of the lighter offerings beside a way as many are told.
MOST_LIGHTER: Final = 2


# --- gathering --------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Longest:
    """The longest way of a pattern so far: where it is found again."""

    place: Place
    column: int
    path: tuple[str, ...]
    rank: tuple[float, int, int]
    assumed: bool


@dataclass(slots=True)
class _Tally:
    """One pattern while its ways are gathered."""

    longest: _Longest
    shortest: float
    families: float = 0.0
    profiles: int = 0
    municipalities: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Gathered:
    """One level: its patterns by their roles, and who has no way."""

    patterns: dict[tuple[str, ...], _Tally] = field(default_factory=dict)
    without: dict[Reason, float] = field(default_factory=lambda: dict.fromkeys(REASONS, 0.0))
    profiles: int = 0
    profiles_without: int = 0

    @property
    def routed(self) -> float:
        return sum(t.families for t in self.patterns.values())


def _gather(found: _Gathered, place: Place, stations: Stations, level: int) -> None:
    """Take up the fastest way of everybody in one place who asks for a level."""
    leads, municipality = place.leads(level), place.locale.municipality
    days, hops, retellings, assumed = leads.days, leads.hops, leads.retellings, leads.assumed
    row = {start: n for n, start in enumerate(place.terrain.starts)}
    for column, by in place.demand(level):
        themes = len(place.groups[column].themes)
        for start, families in by.items():
            if not families:
                continue
            at = row[start], column
            found.profiles += themes
            if not np.isfinite(days[at]):
                found.profiles_without += themes
                reason = leads.reasons(column)[row[start]]
                if reason is not None:
                    found.without[reason] += families
                continue
            path = leads.path(column, start)
            rank = float(days[at]), int(hops[at]), int(retellings[at])
            roles = stations.roles(path, place.terrain.profiles[column])
            tally = found.patterns.get(roles)
            if tally is None or rank > tally.longest.rank:
                longest = _Longest(place, column, path, rank, bool(assumed[at]))
                if tally is None:
                    tally = found.patterns[roles] = _Tally(longest, rank[0])
                tally.longest = longest
            tally.shortest = min(tally.shortest, rank[0])
            tally.families += families
            tally.profiles += themes
            tally.municipalities[municipality] = None


def _in_order(found: _Gathered) -> list[tuple[tuple[str, ...], _Tally]]:
    """The patterns, longest first; of equal ones the one with more hops, then retellings, then by its roles."""
    return sorted(found.patterns.items(), key=lambda p: (*(-part for part in p[1].longest.rank), p[0]))


def _hidden(study: Study, gathered: Mapping[int, _Gathered]) -> frozenset[Any]:
    """Which figures must not be shown, by (level, roles or reason or "all").

    Per level all that ask are those of all patterns and those without a way, and those are known too.
    """
    ledger = Ledger(study.landscape.settings.threshold)
    for level, found in gathered.items():
        for roles, tally in found.patterns.items():
            ledger.add((level, roles), tally.families)
        for reason, families in found.without.items():
            ledger.add((level, reason), families)
        ledger.add((level, "all"), found.routed + sum(found.without.values()))
        ledger.equals((level, "all"), [(level, key) for key in (*found.patterns, *found.without)])
    return ledger.hidden()


# --- answering --------------------------------------------------------------------------------------------
def long_routes(
    landscape: Landscape,
    municipalities: Sequence[str] = (),
    ages: Sequence[int] = (),
    themes: Sequence[str] = (),
    levels: Sequence[int] = (),
    *,
    top: int = 0,
    with_outdated: bool = False,
    internal: bool = False,
) -> LongRoutes:
    """Where families go the long way: the fastest registered way of every family, grouped by the roles on it.

    Per level (exactly; 0–3, lightest first, when none is given) every family of ``municipalities`` (codes), ``ages``
    (months, tested at entry) and ``themes`` takes its fastest way (days, then hops, retellings, ids: as ``route
    --static`` answers it). Ways that meet the same roles are one pattern (:class:`~.stations.Stations`). With table
    vraag only who is counted there; without it every (age band, theme, entry), and no numbers of families.
    ``top``: how many patterns a level (0: all), longest first. Families are suppressed below the threshold, with what
    would give them back, unless ``internal``.
    """
    study = Study(landscape, municipalities, ages, themes, levels, with_outdated=with_outdated)
    gathered = {level: _Gathered() for level in study.levels}
    for place in study.places():
        stations = Stations(place.locale)
        for level, found in gathered.items():
            _gather(found, place, stations, level)
    hidden = frozenset() if internal or not study.weighted else _hidden(study, gathered)
    told = _Teller(study, hidden, top)
    answers = tuple(told.level(level, found) for level, found in gathered.items())
    people = [study.place(m).population for m in study.municipalities]
    return LongRoutes(
        told.frame(),
        answers,
        *told.beside(),
        landscape.settings.threshold,
        any(p.unplaced for p in people),
        sum(p.uncounted for p in people),
    )


class _Teller:
    """Makes the answer out of what was gathered, and keeps what stands beside it."""

    def __init__(self, study: Study, hidden: frozenset[Any], top: int) -> None:
        self._study, self._hidden, self._top = study, hidden, top
        self._shown: list[tuple[Place, Way]] = []
        self._offers: dict[tuple[Profile, int], tuple[Offer, ...]] = {}

    def _families(self, key: Any, families: float) -> float | None:
        # shares of the same number add up to it again
        return round(families, 6) if self._study.weighted and key not in self._hidden else None

    def level(self, level: int, found: _Gathered) -> LevelAnswer:
        order = _in_order(found)
        entries: dict[str, Entry] = {}
        for roles, tally in order:
            at = tally.longest
            code = at.place.locale.municipality
            entries.setdefault(roles[0], Entry(roles[0], roles, code, at.rank[0], at.assumed))
        total = found.routed + sum(found.without.values())
        return LevelAnswer(
            level,
            tuple(self._pattern(level, roles, tally) for roles, tally in order[: self._top or None]),
            len(order),
            tuple(entries.values()),
            self._families((level, "all"), total),
            (level, "all") in self._hidden,
            tuple((r, self._families((level, r), n)) for r, n in found.without.items()) if self._study.weighted else (),
            found.profiles,
            found.profiles_without,
        )

    def _pattern(self, level: int, roles: tuple[str, ...], tally: _Tally) -> Pattern:
        at, landscape = tally.longest, self._study.landscape
        way = way_along(at.place, level, at.column, at.path)
        self._shown.append((at.place, way))
        return Pattern(
            level,
            roles,
            way,
            at.place.groups[at.column].age_until,
            tally.shortest,
            self._families((level, roles), tally.families),
            (level, roles) in self._hidden,
            tally.profiles,
            tuple(sorted(tally.municipalities, key=lambda c: (landscape.municipality_names.get(c, c), c))),
            not_required_by_law(roles, level, landscape.roles),
            self._lighter(at.place, way.profile, level),
        )

    def _lighter(self, place: Place, profile: Profile, level: int) -> tuple[Offer, ...]:
        """Free and open support of a lighter level for the same family, lightest and nearest first."""
        key, lighter = (profile, level), tuple(range(level))
        if key not in self._offers and lighter:
            asked = (self._study.landscape, profile.municipality, profile.age, profile.theme, lighter)
            found = (o for o in offers(*asked, locale=place.locale).offers if o.access == "vrij" and not o.wait.closed)
            self._offers[key] = tuple(islice(found, MOST_LIGHTER))
        return self._offers.get(key, ())

    def frame(self) -> Frame:
        """The common part; its shares are about the waits on the ways shown."""
        legs = dict.fromkeys(leg for _, way in self._shown for leg in way.legs)
        nodes = {n: place.locale.node(n) for place, way in self._shown for n in way.path}
        area = sum(node.area_assumed for node in nodes.values())
        weighted, landscape = self._study.weighted, self._study.landscape
        says = [] if weighted else [Assumption("unweighted")]
        says += assumptions_of(landscape, legs, area_assumed=area)
        return frame(landscape, "long-routes", (leg.wait for leg in legs), says, weighted=weighted)

    def beside(self) -> tuple[tuple[tuple[str, str], ...], tuple[Statement, ...], tuple[tuple[str, str], ...]]:
        """(names, statements, responses) of what is on the ways shown."""
        landscape = self._study.landscape
        here: dict[str, tuple[Place, list[Way]]] = {}
        for place, way in self._shown:
            here.setdefault(place.locale.municipality, (place, []))[1].append(way)
        names: dict[str, str] = {}
        said: dict[Statement, None] = {}
        for place, ways in here.values():
            names.update((n, place.locale.node(n).name) for way in ways for n in way.path)
            said.update(dict.fromkeys(statements_on(place.locale, ways)))
        stations = sorted(names)
        names.update((f"aanbod:{w.offering}", landscape.names[f"aanbod:{w.offering}"]) for _, w in self._shown if w.offering)
        return tuple(sorted(names.items())), tuple(said), responses(landscape, stations)
