"""The steps of one place before and after something changes, as far as they are not the same."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ...profiles.leads import Leads
from ...profiles.steps import NEVER, SHIFT, Costs, Steps
from ...profiles.study import Place
from ...profiles.terrain import Terrain

Flags = NDArray[np.bool_]
#: What tells two steps apart.
_CELLS: Final = ("cost", "wait", "usable")


@dataclass(frozen=True)
class _Pairs:
    """Steps of both sides between the same two nodes: these in each (−1: not there), and per profile costs and difference."""

    ends: tuple[NDArray[np.intp], NDArray[np.intp]]
    costs: tuple[Costs, Costs]
    differ: Flags


class SideBySide:
    """Two terrains of the same profiles, before and after; nodes may come and go.

    Steps to any of ``waiting`` (nodes) count as different wherever they are usable: their waits may differ in what they are
    at the least or at the most, and be expected the same.
    """

    def __init__(self, before: Place, after: Place, waiting: Collection[str] = ()) -> None:
        self._sides = before, after
        self._waiting = waiting
        terrains = before.terrain, after.terrain
        self._between = self._pairs(terrains[0].between, terrains[1].between)
        self._last: dict[int, tuple[_Pairs, _Pairs, _Pairs]] = {}

    def _ends(self, level: int) -> tuple[_Pairs, _Pairs, _Pairs]:
        """The last steps to a level: over hops, free ones, and of who is there."""
        if level not in self._last:
            before, after = (place.terrain.ends(level) for place in self._sides)
            pairs = (before.hops, after.hops), (before.free, after.free), (before.there, after.there)
            hops, free, there = (self._pairs(*pair) for pair in pairs)
            self._last[level] = hops, free, there
        return self._last[level]

    def differ(self, level: int) -> Flags:
        """The profiles for which any step differs on which one can be on the way to a level, or any stop."""
        found: Flags = np.logical_or.reduce([p.differ.any(axis=0) for p in (self._between, *self._ends(level))])
        return found

    def matter(self, level: int) -> Flags:
        """Those of them for which a way to the level goes over such a step, on either side, with whatever waits."""
        found: Flags = np.logical_or.reduce([p.differ.any(axis=0) for p in self._ends(level)])
        for number, place in enumerate(self._sides):
            target = self._between.ends[number][:, 1]
            onward = (place.leads(level).cost[target] < NEVER) & (target >= 0)[:, None]
            found |= (self._between.differ & onward).any(axis=0)
        return found

    def rerouted(self, level: int) -> Flags:
        """Those of them for which such a step lies on a fastest way, on either side: for the others all of these are the same."""
        touched = self.differ(level)
        if not touched.any():
            return touched
        hops, free, there = self._ends(level)
        found: Flags = np.logical_or(free.differ.any(axis=0), there.differ.any(axis=0))
        for number, place in enumerate(self._sides):
            leads = place.leads(level)
            found |= touched & _on_slower_ways(place, leads)
            for pairs, last in ((self._between, False), (hops, True)):
                found |= (pairs.differ & _tight(leads, pairs, number, last)).any(axis=0)
        return found

    def _pairs(self, old: Steps, new: Steps) -> _Pairs:
        """The steps that are not the same; one that a side lacks is never open there."""
        before, after = (place.terrain for place in self._sides)
        places = _places(before, old), _places(after, new)
        names = list(dict.fromkeys(chain(*places)))
        rows = [np.array([side.get(pair, -1) for pair in names], dtype=np.intp) for side in places]
        sides = ((old, rows[0]), (new, rows[1]))
        costs, waits, usable = ([_laid_out(getattr(steps, name), row) for steps, row in sides] for name in _CELLS)
        other_time = np.not_equal(costs[0] >> SHIFT, costs[1] >> SHIFT)
        other_wait = np.not_equal(waits[0], waits[1]) & (costs[0] < NEVER)
        differ: Flags = other_time | other_wait | np.not_equal(usable[0], usable[1])
        waiting = np.array([end in self._waiting for _, end in names], dtype=bool)
        differ |= waiting[:, None] & (usable[0] | usable[1])
        kept = np.flatnonzero(differ.any(axis=1))
        pairs = [names[n] for n in kept.tolist()]
        first, second = (_numbers(terrain, pairs) for terrain in (before, after))
        return _Pairs((first, second), (costs[0][kept], costs[1][kept]), differ[kept])


def _places(terrain: Terrain, steps: Steps) -> dict[tuple[str, str], int]:
    """The place of each step by the names of its nodes."""
    ends = zip(steps.source.tolist(), steps.target.tolist(), strict=True)
    return {(terrain.nodes[source], terrain.nodes[target]): n for n, (source, target) in enumerate(ends)}


def _numbers(terrain: Terrain, pairs: Collection[tuple[str, str]]) -> NDArray[np.intp]:
    """The places of nodes among those of a terrain; −1 where it has none of that name."""
    index = terrain.index
    return np.array([[index.get(s, -1), index.get(t, -1)] for s, t in pairs], dtype=np.intp).reshape(-1, 2)


def _laid_out(cells: Any, rows: NDArray[np.intp]) -> Any:
    """The rows of an array in another order; −1 is a step that is not there."""
    absent = np.full((1, cells.shape[1]), NEVER if cells.dtype == np.int64 else False, dtype=cells.dtype)
    return np.concatenate([cells, absent])[rows]


def _tight(leads: Leads, pairs: _Pairs, number: int, last: bool) -> Flags:
    """Whether each step lies on a fastest way of one side by its days; after a ``last`` step nothing follows."""
    time, cost, ends = leads.cost >> SHIFT, pairs.costs[number], pairs.ends[number]
    onward = np.zeros_like(cost) if last else time[ends[:, 1]]
    fastest: Flags = np.equal((cost >> SHIFT) + onward, time[ends[:, 0]])
    tight: Flags = fastest & (cost < NEVER) & np.all(ends >= 0, axis=1, keepdims=True)
    return tight


def _on_slower_ways(place: Place, leads: Leads) -> Flags:
    """The profiles of which some family cannot take its quickest way, because that would pass the partner where it ends."""
    ends, rows = place.terrain.ends(leads.level), [place.terrain.index[start] for start in place.terrain.starts]
    there = np.full((len(place.terrain.nodes), len(place.groups)), NEVER)
    there[ends.there.source] = ends.there.cost
    quickest = np.minimum(leads.cost[rows], there[rows])
    slower: Flags = (leads.start_cost >> SHIFT != quickest >> SHIFT).any(axis=0)
    return slower
