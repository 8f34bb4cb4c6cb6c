"""One municipality for many profiles at once, as arrays: every step with its time, for each profile.

Ages are tested at entry. :mod:`leads` works the fastest ways out of it, :mod:`backward` what NetworkX makes of one
profile, :mod:`forward` the times from the entries. Its steps are those of :class:`routes.Network` (a test says so).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from .holding import Holding
from .locale import Locale
from .places import Hop, Offering, implied_hop
from .profile import Profile
from .routes import OPEN_ENDED, Scenario
from .waiting import Wait

if TYPE_CHECKING:
    from .leads import Leads

Costs = NDArray[np.int64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

#: Times are whole millionths of a day, so that equal sums are equal.
MICRO: Final = 1_000_000
#: A cost is time, then hops, then retellings, as one integer: 16 bits for the last two.
SHIFT: Final = 16
ONE_HOP: Final = 1 << 8
ONE_RETELLING: Final = 1
#: No step: larger than any way, and twice it still fits.
NEVER: Final = np.int64(1) << np.int64(61)


def days_of(cost: Costs) -> NDArray[np.float64]:
    """Days of costs; infinite where there is no way."""
    return np.where(cost >= NEVER, np.inf, (cost >> SHIFT) / MICRO)


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps side by side: from ``source`` to ``target`` (places among the nodes), one row per pair.

    ``cost`` (rows × profiles) is that of the best usable one of parallel hops, NEVER where none is open; ``wait`` the
    part of it that is waited at the target (millionths of a day) and ``assumed`` whether that or a decision is not
    known. ``usable`` also counts what is closed.
    """

    source: Places
    target: Places
    cost: Costs
    wait: Costs
    assumed: Flags
    usable: Flags


@dataclass(frozen=True, slots=True)
class Ends:
    """How ways end at an offering of one level: over a hop, by a free step, or being there already at the start.

    ``free`` are steps from any entry to each node with a free offering (``source`` has no meaning there, and no
    entry steps to itself); ``there`` is for a family that starts at a node (``source`` and ``target`` the same).
    ``offered`` tells per profile whether anything fits at all.
    """

    hops: Steps
    free: Steps
    there: Steps
    offered: Flags


class Terrain:
    """The steps of one locale for ``profiles`` (all of its municipality), under one ``scenario`` of waits.

    ``starts`` are nodes where somebody starts although they are no entry of the locale.
    """

    def __init__(
        self, locale: Locale, profiles: Sequence[Profile], *, scenario: Scenario = "expected", starts: Iterable[str] = ()
    ) -> None:
        self.locale = locale
        self.profiles = tuple(profiles)
        self.scenario: Scenario = scenario
        begins = dict.fromkeys([*locale.entries, *starts])
        #: Where ways begin, and those of them from which a free offering is one step.
        self.starts = tuple(begins)
        self.entries = tuple(s for s in begins if s in locale.entries or locale.node(s).entry)
        # of an entry role that nobody is known to hold, and that no step leaves: an entry for who starts there, for nobody else
        self._only_start = set(self.entries) - set(locale.entries)
        found = {h.source for h in locale.hops} | {h.target for h in locale.hops} | set(begins)
        found |= {o.node for o in locale.offerings.values()}
        self.nodes = tuple(sorted(found))
        self.index: Mapping[str, int] = {node: n for n, node in enumerate(self.nodes)}
        self._holding = Holding(locale, self.profiles)
        self._special = {h.route for h in locale.hops if h.route and locale.waits.has(f"route:{h.route}")}
        self._times: dict[tuple[str, ...], tuple[Costs, Flags]] = {}
        self._at: dict[tuple[str, str | None, str | None], tuple[Costs, Flags]] = {}
        self._told: dict[tuple[str, ...], tuple[list[Wait], Places]] = {}
        self._ends: dict[int, Ends] = {}
        self._leads: dict[int, Leads] = {}
        self._into: dict[str, list[Hop]] = {}
        for hop in sorted(locale.hops, key=lambda h: h.route or ""):
            self._into.setdefault(hop.target, []).append(hop)

    def under(self, scenario: Scenario) -> Terrain:
        """The same terrain with all waits at their low or their high end."""
        made = copy(self)
        made.scenario = scenario
        made._times, made._at, made._ends, made._leads = {}, {}, {}, {}
        for name in ("between", "_decision"):
            made.__dict__.pop(name, None)
        return made

    # --- time ----------------------------------------------------------------------------------------
    def _time_at(self, node: str, offering: str | None = None, route: str | None = None) -> tuple[Costs, Flags]:
        """:meth:`_time` at a node; an offering or route that says nothing of its own is left out at once."""
        waits = self.locale.waits
        if offering is not None and not waits.has(f"aanbod:{offering}"):
            offering = None
        if route is not None and route not in self._special:
            route = None
        key = node, offering, route
        if key not in self._at:
            self._at[key] = self._time(self.locale.subjects(*key))
        return self._at[key]

    def _time(self, subjects: Sequence[str]) -> tuple[Costs, Flags]:
        """(time, whether it is assumed) of the wait that ``subjects`` say, per profile; NEVER where closed."""
        key = self.locale.waits.known(subjects)
        if key not in self._times:
            if key not in self._told:
                self._told[key] = self._holding.waits(key)
            self._times[key] = self._spread(*self._told[key])
        return self._times[key]

    @cached_property
    def _decision(self) -> tuple[Costs, Flags]:
        return self._spread(*self._holding.decisions())

    def _spread(self, waits: Sequence[Wait], of: Places) -> tuple[Costs, Flags]:
        """Each distinct wait as time and flag, laid out over the profiles."""
        time = np.array([micro(w, self.scenario) for w in waits], dtype=np.int64)[of]
        return time, np.array([w.assumed for w in waits], dtype=bool)[of]

    # --- steps between partners ----------------------------------------------------------------------
    @cached_property
    def between(self) -> Steps:
        """The steps from partner to partner, on the way."""
        found = _Gathering(len(self.nodes), len(self.profiles))
        for target, hops in self._into.items():
            if target in self._only_start:
                continue
            for hop in hops:
                usable = self._holding.fits(hop.themes, hop.age_from, hop.age_until)
                if usable.any():
                    time = self._time_at(target, hop.offering, hop.route)
                    found.take((self.index[hop.source], self.index[target]), hop, usable, time)
        return found.steps(self._decision)

    # --- last steps ----------------------------------------------------------------------------------
    def ends(self, level: int) -> Ends:
        """How ways end at a fitting offering of exactly ``level``; safety ends none."""
        if level not in self._ends:
            self._ends[level] = self._ends_of(level)
        return self._ends[level]

    def _ends_of(self, level: int) -> Ends:
        by_node: dict[str, list[tuple[Offering, Flags]]] = {}
        for offering in self.locale.offerings.values():
            if offering.level == level and not self.locale.is_safety(offering.partner):
                fits = self._holding.fits(offering.themes, offering.age_from, offering.age_until)
                if fits.any():
                    by_node.setdefault(offering.node, []).append((offering, fits))
        size, width = len(self.nodes), len(self.profiles)
        hops, free, there = (_Gathering(size, width) for _ in range(3))
        offered_at = np.zeros(width, dtype=bool)
        for node, offered in by_node.items():
            place = self.index[node]
            usable = np.logical_or.reduce([fits for _, fits in offered])
            offered_at |= usable
            shortest = self._shortest(node, offered)
            there.take((place, place), None, usable, shortest)
            for hop in self._into.get(node, ()):
                fits = self._holding.fits(hop.themes, hop.age_from, hop.age_until) & usable
                if fits.any():
                    hops.take((self.index[hop.source], place), hop, fits, self._at_end(hop, offered, shortest))
            freely = [pair for pair in offered if pair[0].access == "vrij"]
            if freely:
                usable = np.logical_or.reduce([fits for _, fits in freely])
                free.take((place, place), implied_hop(node, node, None), usable, self._shortest(node, freely))
        return Ends(hops.steps(self._decision), free.steps(self._decision), there.steps(self._decision), offered_at)

    def _shortest(self, node: str, offered: Sequence[tuple[Offering, Flags]], route: str | None = None) -> tuple[Costs, Flags]:
        """(time, whether assumed) of the shortest wait at any of ``offered`` that fits; NEVER where none does or is open."""
        found = [(fits, *self._time_at(node, o.id, route)) for o, fits in offered]
        waits = np.array([np.where(fits, wait, NEVER) for fits, wait, _ in found])
        # of equal ones the first by id, as the offerings of a locale are in order
        first, columns = waits.argmin(axis=0), np.arange(len(self.profiles))
        best = waits[first, columns]
        guessed: Flags = np.array([assumed for _, _, assumed in found])[first, columns] & (best < NEVER)
        return best, guessed

    def _at_end(self, hop: Hop, offered: Sequence[tuple[Offering, Flags]], shortest: tuple[Costs, Flags]) -> tuple[Costs, Flags]:
        """The wait where a hop ends a way: at any offering there, or at the one that it points to where that fits."""
        special = hop.route if hop.route in self._special else None
        wait, assumed = self._shortest(hop.target, offered, special) if special else shortest
        pointed = [pair for pair in offered if pair[0].id == hop.offering]
        if not pointed:
            return wait, assumed
        own, guess = self._shortest(hop.target, pointed, special)
        return np.where(pointed[0][1], own, wait), np.where(pointed[0][1], guess, assumed)

    def arrival(self, node: str) -> Costs:
        """Per profile the wait at a node for who comes over a step that says nothing of its own; NEVER where closed."""
        return self._time_at(node)[0]

    def leads(self, level: int) -> Leads:
        """The fastest ways to offerings of exactly ``level``."""
        if level not in self._leads:
            from .leads import Leads

            self._leads[level] = Leads(self, level)
        return self._leads[level]

    @cached_property
    def special_targets(self) -> frozenset[int]:
        """The nodes to which a route with a wait of its own leads: only there could a way pass its end before it gets there."""
        return frozenset(self.index[hop.target] for hop in self.locale.hops if hop.route in self._special)


class _Gathering:
    """Hops while they are gathered, parallel ones too; :meth:`steps` lays them out, a row per pair."""

    def __init__(self, size: int, width: int) -> None:
        self._size, self._width = size, width
        self._pairs: list[int] = []
        self._fixed: list[int] = []
        self._extra: list[int] = []
        self._decided: list[bool] = []
        self._usable: list[Flags] = []
        self._wait: list[Costs] = []
        self._assumed: list[Flags] = []

    def take(self, pair: tuple[int, int], hop: Hop | None, usable: Flags, time: tuple[Costs, Flags]) -> None:
        """Take up a hop (None: the family is there already) with the wait at its target and whether that is assumed."""
        self._pairs.append(pair[0] * self._size + pair[1])
        self._fixed.append(round(hop.handover * MICRO) if hop else 0)
        self._extra.append((ONE_HOP + (0 if hop.warm else ONE_RETELLING)) if hop else 0)
        self._decided.append(bool(hop and hop.decision))
        self._usable.append(usable)
        self._wait.append(time[0])
        self._assumed.append(time[1])

    def steps(self, decision: tuple[Costs, Flags]) -> Steps:
        """The best of parallel hops for each profile; of equally good ones the first that was taken up."""
        shape = len(self._pairs), self._width
        order = np.argsort(self._pairs, kind="stable")
        pairs = np.array(self._pairs, dtype=np.int64)[order]
        usable, assumed = (np.array(a, dtype=bool).reshape(shape)[order] for a in (self._usable, self._assumed))
        wait = np.array(self._wait, dtype=np.int64).reshape(shape)[order]
        time = wait + np.array(self._fixed, dtype=np.int64)[order, None]
        decided = np.array(self._decided, dtype=bool)[order]
        time[decided] += decision[0]
        assumed[decided] |= decision[1]
        # a time that is too long to be shifted is closed too
        extra = np.array(self._extra, dtype=np.int64)[order, None]
        open_ = usable & (time < NEVER >> SHIFT)
        cost = np.where(open_, (np.minimum(time, NEVER >> SHIFT) << SHIFT) + extra, NEVER)
        first = np.flatnonzero(np.r_[True, pairs[1:] != pairs[:-1]]) if len(pairs) else np.zeros(0, dtype=np.intp)
        if len(first) < len(pairs):
            cost, wait, assumed, usable = self._best(first, cost, wait, assumed, usable)
        return Steps(pairs[first] // self._size, pairs[first] % self._size, cost, wait, assumed, usable)

    def _best(self, first: Places, cost: Costs, wait: Costs, assumed: Flags, usable: Flags) -> tuple[Costs, Costs, Flags, Flags]:
        last = np.r_[first[1:], len(cost)]
        chosen = np.repeat(first[:, None], self._width, axis=1)
        for n in np.flatnonzero(last - first > 1).tolist():
            chosen[n] = first[n] + cost[first[n] : last[n]].argmin(axis=0)
        columns = np.arange(self._width)
        any_usable: Flags = np.logical_or.reduceat(usable, first, axis=0)
        return cost[chosen, columns], wait[chosen, columns], assumed[chosen, columns], any_usable


def micro(wait: Wait, scenario: Scenario) -> int:
    """A wait in millionths of a day under a scenario, as :meth:`routes.Leg.days` reads it; NEVER for a stop."""
    if wait.closed:
        return int(NEVER)
    value = {"expected": wait.expected, "low": wait.low, "high": wait.high}[scenario]
    if value is None:
        value = OPEN_ENDED if scenario == "high" else (wait.low or 0.0)
    return round(value * MICRO)
