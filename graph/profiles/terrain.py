"""One municipality for many profiles at once, as arrays: every step with its time, for each profile.

Ages are tested at entry. :mod:`leads` works the fastest ways out of it, :mod:`backward` what NetworkX makes of one
profile, :mod:`arrivals` the times from the entries. Its steps are those of :class:`routes.Network` (a test says so).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from operator import itemgetter
from typing import Any, TypeVar

import numpy as np

from ..locale import Locale
from ..places import Hop, Offering
from ..profile import Profile
from ..routing.routes import Scenario
from ..waiting import Wait
from .holding import Condition, Holding
from .offered import Offered, Standing
from .steps import MICRO, ONE_HOP, ONE_RETELLING, Costs, Flags, Hops, Places, Steps, Terms, Time, micro

Derived = TypeVar("Derived")


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


#: An offering with its node (a place among the nodes), and the profiles that it fits.
_Fitting = tuple[int, Offering, Flags]
#: What says how long one waits: a node, and the offering and route that say something of their own.
_Said = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class _Laid:
    """Hops side by side: from ``source`` to ``target`` (places among the nodes), with their terms.

    ``condition`` is the row of ``fits`` (distinct conditions × profiles) that holds for a hop, ``waits`` the place in
    ``said`` of what says how long one waits behind it; ``own`` are those that point to an offering, or whose route says
    how long one waits.
    """

    all: tuple[Hop, ...]
    source: Places
    target: Places
    terms: Terms
    fits: Flags
    condition: Places
    said: list[_Said]
    waits: Places
    own: Flags

    def taken(self, rows: Places, usable: Flags, time: Time) -> Hops:
        """Some of the hops, with what is waited behind each."""
        return Hops(self.source[rows], self.target[rows], self.terms.of(rows), usable, *time)


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
        #: Which conditions hold for each profile.
        self.holding = Holding(locale, self.profiles)
        self._special = {h.route for h in locale.hops if h.route and locale.waits.has(f"route:{h.route}")}
        self._times: dict[tuple[str, ...], Time] = {}
        self._at: dict[_Said, Time] = {}
        self._told: dict[tuple[str, ...], tuple[list[Wait], Places]] = {}
        self._ends: dict[int, Ends] = {}
        self._derived: dict[tuple[Callable[[Terrain, int], Any], int], Any] = {}

    def under(self, scenario: Scenario) -> Terrain:
        """The same terrain with all waits at their low or their high end."""
        made = copy(self)
        made.scenario = scenario
        made._times, made._at, made._ends, made._derived = {}, {}, {}, {}
        for name in ("between", "_decision"):
            made.__dict__.pop(name, None)
        return made

    # --- time ----------------------------------------------------------------------------------------
    def _said(self, node: str, offering: str | None, route: str | None) -> _Said:
        """What says how long one waits at a node; an offering or route that says nothing of its own is left out."""
        own = offering is not None and self.locale.waits.has(f"aanbod:{offering}")
        return node, offering if own else None, route if route in self._special else None

    def _time_at(self, said: _Said) -> Time:
        """:meth:`_time` at a node."""
        if said not in self._at:
            self._at[said] = self._time(self.locale.subjects(*said))
        return self._at[said]

    def _time(self, subjects: Sequence[str]) -> Time:
        """(time, whether it is assumed) of the wait that ``subjects`` say, per profile; NEVER where closed."""
        key = self.locale.waits.known(subjects)
        if key not in self._times:
            if key not in self._told:
                self._told[key] = self.holding.waits(key)
            self._times[key] = self._spread(*self._told[key])
        return self._times[key]

    @cached_property
    def _decision(self) -> Time:
        return self._spread(*self.holding.decisions())

    def _spread(self, waits: Sequence[Wait], of: Places) -> Time:
        """Each distinct wait as time and flag, laid out over the profiles."""
        time = np.array([micro(w, self.scenario) for w in waits], dtype=np.int64)[of]
        return time, np.array([w.assumed for w in waits], dtype=bool)[of]

    # --- steps between partners ----------------------------------------------------------------------
    @cached_property
    def _hops(self) -> _Laid:
        """The hops of the locale, of parallel ones the first by route first."""
        hops = sorted(self.locale.hops, key=lambda h: h.route or "")
        conditions: dict[Condition, int] = {}
        said: dict[_Said, int] = {}
        index = self.index
        condition = [conditions.setdefault((h.themes, h.age_from, h.age_until), len(conditions)) for h in hops]
        waits = [said.setdefault(self._said(h.target, h.offering, h.route), len(said)) for h in hops]
        extra = [ONE_HOP + (0 if h.warm else ONE_RETELLING) for h in hops]
        return _Laid(
            tuple(hops),
            np.array([index[h.source] for h in hops], dtype=np.intp),
            np.array([index[h.target] for h in hops], dtype=np.intp),
            Terms(
                np.array([round(h.handover * MICRO) for h in hops], dtype=np.int64),
                np.array(extra, dtype=np.int64),
                np.array([h.decision for h in hops], dtype=bool),
            ),
            np.array([self.holding.fits(*c) for c in conditions], dtype=bool).reshape(len(conditions), len(self.profiles)),
            np.array(condition, dtype=np.intp),
            list(said),
            np.array(waits, dtype=np.intp),
            np.array([h.offering is not None or h.route in self._special for h in hops], dtype=bool),
        )

    @cached_property
    def between(self) -> Steps:
        """The steps from partner to partner, on the way."""
        hops = self._hops
        barred = np.zeros(len(self.nodes), dtype=bool)
        barred[[self.index[n] for n in self._only_start]] = True
        some = np.logical_or.reduce(hops.fits, axis=1)
        rows = np.flatnonzero(some[hops.condition] & ~barred[hops.target])
        used = np.zeros(len(hops.said), dtype=bool)
        used[hops.waits[rows]] = True
        said = [hops.said[n] for n in np.flatnonzero(used).tolist()]
        time = self._side_by_side(said, (np.cumsum(used) - 1)[hops.waits[rows]])
        return self._steps(hops.taken(rows, hops.fits[hops.condition[rows]], time))

    def _side_by_side(self, said: Sequence[_Said], of: Places) -> Time:
        """:meth:`_time_at` of each of ``said``, laid out over rows."""
        told, shape = [self._time_at(one) for one in said], (len(said), len(self.profiles))
        wait = np.array([time for time, _ in told], dtype=np.int64).reshape(shape)
        return wait[of], np.array([flags for _, flags in told], dtype=bool).reshape(shape)[of]

    def _steps(self, hops: Hops) -> Steps:
        return hops.steps(len(self.nodes), self._decision)

    # --- last steps ----------------------------------------------------------------------------------
    def ends(self, level: int) -> Ends:
        """How ways end at a fitting offering of exactly ``level``; safety ends none."""
        if level not in self._ends:
            self._ends[level] = self._ends_of(level)
        return self._ends[level]

    def _ends_of(self, level: int) -> Ends:
        offered = self._offered(level)
        there, free = offered.standing(np.arange(len(offered.ids))), offered.standing(np.flatnonzero(offered.free))
        return Ends(
            self._last_hops(offered, there),
            self._steps(free.hops(ONE_HOP + ONE_RETELLING)),
            self._steps(there.hops(0)),
            np.logical_or.reduce(there.usable, axis=0),
        )

    @cached_property
    def _fitting(self) -> Mapping[int, list[_Fitting]]:
        """The offerings that fit anybody by level, those of a node together; without safety."""
        found: dict[int, list[_Fitting]] = {}
        for offering in self.locale.offerings.values():
            if offering.level is not None and not self.locale.is_safety(offering.partner):
                fits = self.holding.fits(offering.themes, offering.age_from, offering.age_until)
                if fits.any():
                    found.setdefault(offering.level, []).append((self.index[offering.node], offering, fits))
        for fitting in found.values():
            fitting.sort(key=itemgetter(0))
        return found

    def _offered(self, level: int) -> Offered:
        """The offerings of exactly ``level`` that fit anybody."""
        found = self._fitting.get(level, ())
        said: dict[_Said, int] = {}
        of = [said.setdefault(self._said(o.node, o.id, None), len(said)) for _, o, _ in found]
        return Offered(
            [o.id for _, o, _ in found],
            np.array([node for node, _, _ in found], dtype=np.intp),
            np.array([fits for _, _, fits in found], dtype=bool).reshape(len(found), len(self.profiles)),
            self._side_by_side(list(said), np.array(of, dtype=np.intp)),
            np.array([o.access == "vrij" for _, o, _ in found], dtype=bool),
        )

    def _last_hops(self, offered: Offered, there: Standing) -> Steps:
        """The hops over which ways end: at any offering there, or at the one that a hop points to where that fits."""
        hops = self._hops
        row_of = np.full(len(self.nodes), -1, dtype=np.intp)
        row_of[there.places] = np.arange(len(there.places))
        rows = np.flatnonzero(row_of[hops.target] >= 0)
        usable = hops.fits[hops.condition[rows]] & there.usable[row_of[hops.target[rows]]]
        kept = usable.any(axis=1)
        rows, usable = rows[kept], usable[kept]
        at = row_of[hops.target[rows]]
        wait, assumed = there.time[0][at], there.time[1][at]
        pointing: dict[int, int] = {}
        for place in np.flatnonzero(hops.own[rows]).tolist():
            hop = hops.all[rows[place]]
            pointed = offered.row.get(hop.offering or "")
            if hop.route in self._special:
                wait[place], assumed[place] = self._over(hop, offered)
            elif pointed is not None:
                pointing[place] = pointed
        if pointing:
            places, pointed_at = list(pointing), list(pointing.values())
            fits = offered.fits[pointed_at]
            wait[places] = np.where(fits, offered.fitting[0][pointed_at], wait[places])
            assumed[places] = np.where(fits, offered.fitting[1][pointed_at], assumed[places])
        return self._steps(hops.taken(rows, usable, (wait, assumed)))

    def _over(self, hop: Hop, offered: Offered) -> Time:
        """What is waited where a way ends over a hop of a route that says so itself."""
        told = offered.at(self.index[hop.target])
        said = [self._said(hop.target, id_, hop.route) for id_ in told.ids]
        told = replace(told, time=self._side_by_side(said, np.arange(len(said))))
        wait, assumed = (part[0] for part in told.standing(np.arange(len(said))).time)
        pointed = told.row.get(hop.offering or "")
        if pointed is None:
            return wait, assumed
        own, guessed = (part[pointed] for part in told.fitting)
        return np.where(told.fits[pointed], own, wait), np.where(told.fits[pointed], guessed, assumed)

    def arrival(self, node: str) -> Costs:
        """Per profile the wait at a node for who comes over a step that says nothing of its own; NEVER where closed."""
        return self._time_at((node, None, None))[0]

    def derived(self, make: Callable[[Terrain, int], Derived], level: int) -> Derived:
        """What ``make`` works out for a level (the fastest ways, say), made once and kept with the terrain."""
        if (make, level) not in self._derived:
            self._derived[make, level] = make(self, level)
        found: Derived = self._derived[make, level]
        return found

    @cached_property
    def special_targets(self) -> frozenset[int]:
        """The nodes to which a route with a wait of its own leads: only there could a way pass its end before it gets there."""
        return frozenset(self.index[hop.target] for hop in self.locale.hops if hop.route in self._special)
