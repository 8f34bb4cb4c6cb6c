"""The fastest ways of many profiles at once: backwards from everything that fits, one array operation per hop.

A Bellman–Ford sweep (Bellman 1958) over all steps and profiles together; it ends after as many rounds as the longest
of the fastest ways has hops. Ways are compared by days, hops, retellings and ids, as :mod:`routekaart.graph.routing.paths` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..routing.asking import Reason
from ..routing.fastest import Fastest
from ..routing.paths import Path
from ..routing.routes import Goal, Leg, Network
from .steps import MICRO, NEVER, ONE_HOP, SHIFT, Costs, Flags, Places, Steps, days_of, firsts
from .terrain import Terrain

Floats = NDArray[np.float64]
_NONE = -1


class Leads:
    """The fastest ways of a terrain to offerings of one level, for every profile (columns) and node (rows)."""

    def __init__(self, terrain: Terrain, level: int) -> None:
        self.terrain = terrain
        self.level = level
        self.ends = terrain.ends(level)
        between, last = terrain.between, self.ends.hops
        free = _Free(terrain, self.ends.free)
        size, width = len(terrain.nodes), len(terrain.profiles)
        parts = (len(between.source), len(last.source), len(free.source))
        source = np.concatenate([between.source, last.source, free.source])
        order = np.argsort(source, kind="stable")
        self._source = source[order]
        self._target = np.concatenate([between.target, np.full(parts[1] + parts[2], size)])[order]
        #: Where a last step ends, per profile; _NONE for a step on the way.
        ends = [np.full((parts[0], width), _NONE), np.repeat(last.target[:, None], width, axis=1), free.target]
        self._end = np.concatenate(ends)[order]
        self._cost = np.concatenate([between.cost, last.cost, free.cost])[order]
        self._assumed = np.concatenate([between.assumed, last.assumed, free.assumed])[order]
        self._usable = np.concatenate([between.usable, last.usable, free.usable])[order]
        self._first = firsts(self._source)
        self._at = self._source[self._first]
        self.cost = self._solved(size, width)
        self._starts = np.array([terrain.index[s] for s in terrain.starts], dtype=np.intp)
        there = self.ends.there
        self._there = np.full((size, width), NEVER)
        self._there[there.source] = there.cost
        self._mended: dict[tuple[int, str], tuple[int, Path]] = {}
        if terrain.special_targets:
            self._mend()

    # --- solving -------------------------------------------------------------------------------------
    def _solved(self, size: int, width: int) -> Costs:
        """The least cost from every node, the end itself as the last row."""
        best = np.full((size + 1, width), NEVER)
        best[size] = 0
        if not len(self._first):
            return best
        while True:
            through = np.minimum.reduceat(self._cost + best[self._target], self._first, axis=0)
            through = np.minimum(through, NEVER)
            if np.array_equal(through, best[self._at]):
                return best
            best[self._at] = through

    @cached_property
    def _step(self) -> NDArray[np.intp]:
        """The first step of the best way from every node (a place among the steps; −1: none), per profile."""
        chosen = np.full((len(self.terrain.nodes), self.cost.shape[1]), _NONE, dtype=np.intp)
        if len(self._first):
            through = self._cost + self.cost[self._target]
            tight = (through == self.cost[self._source]) & (through < NEVER)
            # of equal ways the one with the first id; an end at a partner comes right after the partner itself
            rank = np.where(self._end == _NONE, 2 * self._target[:, None], 2 * self._end + 1)
            many = len(self._source)
            places = np.where(tight, rank * many + np.arange(many)[:, None], np.iinfo(np.int64).max)
            first = np.minimum.reduceat(places, self._first, axis=0)
            chosen[self._at] = np.where(first < np.iinfo(np.int64).max, first % many, _NONE)
        return chosen

    @cached_property
    def start_cost(self) -> Costs:
        """The least cost for a family that starts at each of the terrain's starts (rows), per profile."""
        rows = self._starts
        cost = np.minimum(self.cost[rows], self._there[rows])
        for (profile, start), (mended, _) in self._mended.items():
            cost[self.terrain.starts.index(start), profile] = mended
        return cost

    @cached_property
    def days(self) -> Floats:
        """Days from each of the terrain's starts (rows) to the first appointment, per profile; inf: no way."""
        return days_of(self.start_cost)

    @cached_property
    def hops(self) -> NDArray[np.int64]:
        """Hops of each of those ways."""
        return (self.start_cost & ((1 << SHIFT) - 1)) // ONE_HOP

    @cached_property
    def retellings(self) -> NDArray[np.int64]:
        """Hops without warm handover of each of those ways."""
        return self.start_cost & (ONE_HOP - 1)

    # --- ways ----------------------------------------------------------------------------------------
    def _walk(self) -> Iterator[tuple[Places, Places, NDArray[np.intp]]]:
        """The ways from all starts together, step by step: (start, profile) of those on the way and the step they take."""
        step = self._step
        rows, columns = np.nonzero(self.cost[self._starts] < np.minimum(self._there[self._starts], NEVER))
        at = self._starts[rows]
        while len(rows):
            taken = step[at, columns]
            yield rows, columns, taken
            on = self._end[taken, columns] == _NONE
            rows, columns, at = rows[on], columns[on], self._target[taken[on]]

    @cached_property
    def assumed(self) -> Flags:
        """Whether the way from each start rests on an unknown or outdated wait, per profile."""
        there = np.zeros(self._there.shape, dtype=bool)
        there[self.ends.there.source] = self.ends.there.assumed
        found: Flags = (self._there[self._starts] <= self.cost[self._starts]) & there[self._starts]
        for rows, columns, taken in self._walk():
            found[rows, columns] |= self._assumed[taken, columns]
        for (profile, start), _ in self._mended.items():
            legs = self.legs(profile, start)
            guessed = any(leg.wait.assumed or (leg.decision is not None and leg.decision.assumed) for leg in legs)
            found[self.terrain.starts.index(start), profile] = guessed
        return found

    def path(self, profile: int, start: str) -> tuple[str, ...]:
        """The nodes of the way of one profile, its end included; empty where there is none."""
        mended = self._mended.get((profile, start))
        if mended is not None:
            return tuple(node.removesuffix("\x00") for node in mended[1])
        return tuple(self._nodes(profile, start))

    def _nodes(self, profile: int, start: str) -> Iterator[str]:
        at = self.terrain.index[start]
        here, there = self.cost[at, profile], self._there[at, profile]
        if min(here, there) >= NEVER:
            return
        yield start
        if there <= here:
            return
        while True:
            step = self._step[at, profile]
            end = int(self._end[step, profile])
            if end != _NONE:
                yield self.terrain.nodes[end]
                return
            at = int(self._target[step])
            yield self.terrain.nodes[at]

    def legs(self, profile: int, start: str) -> tuple[Leg, ...]:
        """The steps of that way, with their waits and sources."""
        nodes = self.path(profile, start)
        network = Network(self.terrain.locale, self.terrain.profiles[profile], clock=False)
        return network.legs_along(nodes, self.level, self.terrain.scenario) if nodes else ()

    # --- why there is none ---------------------------------------------------------------------------
    @cached_property
    def _through_stops(self) -> Flags:
        """Per start and profile whether a way is there if stops are gone through."""
        size = len(self.terrain.nodes)
        found = np.zeros((size + 1, len(self.terrain.profiles)), dtype=bool)
        found[size] = True
        while len(self._first):
            further = np.logical_or.reduceat(self._usable & found[self._target], self._first, axis=0)
            if np.array_equal(further, found[self._at]):
                break
            found[self._at] = further
        found[self.ends.there.source] |= self.ends.there.usable
        reached: Flags = found[self._starts]
        return reached

    def reasons(self, profile: int) -> tuple[Reason | None, ...]:
        """Per start why there is no way; None where there is one."""
        if not self.ends.offered[profile]:
            return tuple("geen aanbod" for _ in self.terrain.starts)
        open_, through = self.start_cost[:, profile] < NEVER, self._through_stops[:, profile]
        return tuple(None if o else "aanmeldstop" if t else "geen route" for o, t in zip(open_, through, strict=True))

    def reason(self, profile: int) -> Reason | None:
        """Why there is no way from any start; None where there is one."""
        found = self.reasons(profile)
        if None in found:
            return None
        return next((r for r in ("geen aanbod", "aanmeldstop") if r in found), "geen route")

    # --- ways that would pass their end --------------------------------------------------------------
    def _mend(self) -> None:
        """Look up by themselves the ways that pass the partner where they end: a route with its own wait can cause it."""
        ends = np.full((len(self._starts), len(self.terrain.profiles)), _NONE)
        for r, c, taken in self._walk():
            last = self._end[taken, c]
            ends[r, c] = np.where(last == _NONE, ends[r, c], last)
        passing = np.zeros(ends.shape, dtype=bool)
        for r, c, taken in self._walk():
            passing[r, c] |= self._source[taken] == ends[r, c]
        terrain = self.terrain
        for row in np.flatnonzero(passing.any(axis=1)).tolist():
            start = terrain.starts[row]
            fastest = Fastest(terrain.locale, [start], scenario=terrain.scenario, clock=False)
            for column in np.flatnonzero(passing[row]).tolist():
                self._look_up(fastest, column, start)

    def _look_up(self, fastest: Fastest, profile: int, start: str) -> None:
        found = fastest.best(self.terrain.profiles[profile], [Goal(level=self.level)])
        if found is None:
            self._mended[profile, start] = int(NEVER), ()
            return
        legs, scenario = found.legs, self.terrain.scenario
        cost = sum((round(leg.days(scenario) * MICRO) << SHIFT) + leg.hops * ONE_HOP + leg.retellings for leg in legs)
        self._mended[profile, start] = cost, found.path


class _Free:
    """The free step of every entry: to the offering that is the quickest, which may be another for each profile.

    ``target``, ``cost``, ``assumed`` and ``usable`` are entries × profiles.
    """

    def __init__(self, terrain: Terrain, free: Steps) -> None:
        self.source = np.array([terrain.index[e] for e in terrain.entries], dtype=np.intp)
        shape = len(self.source), len(terrain.profiles)
        self.target = np.full(shape, _NONE, dtype=np.intp)
        self.cost, self.assumed, self.usable = np.full(shape, NEVER), np.zeros(shape, bool), np.zeros(shape, bool)
        if not len(free.target):
            return
        columns = np.arange(shape[1])
        # nodes are in the order of their ids, so the first of equal ones is the first by id
        first = free.cost.argmin(axis=0)
        others = free.cost.copy()
        others[first, columns] = NEVER
        second = others.argmin(axis=0)
        number = free.usable.sum(axis=0)
        for row, entry in enumerate(self.source):
            own = free.target[first] == entry
            taken = np.where(own, second, first)
            # a node whose only free offering is its own has no step to it
            self.cost[row] = np.where(own, others[second, columns], free.cost[first, columns])
            self.target[row], self.assumed[row] = free.target[taken], free.assumed[taken, columns]
            at = np.flatnonzero(free.target == entry)
            self.usable[row] = number - (free.usable[at[0]] if len(at) else 0) > 0
