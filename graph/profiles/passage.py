"""Who takes which step towards one level, for all profiles of a place at once: families pushed down as arrays.

The same shares as :mod:`.backward` finds with NetworkX for one profile after another (each of the equally fast ways an
equal share, Brandes 2008), out of the times of :mod:`.leads`: a step is on a fastest way when its time and what is left
after it are together what was left before. Profiles of which that does not tell are left to ``backward``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .backward import Backward
from .leads import Leads
from .steps import NEVER, SHIFT, Costs, Flags, Places
from .study import Place
from .wiring import Wiring

Floats = NDArray[np.float64]
Step = tuple[str, str]
#: The time of no way.
_CLOSED = int(NEVER) >> SHIFT


@dataclass
class Passage:
    """One place and level.

    ``steps``: families a year by profile (columns of the terrain) for every step (from, to) that anybody takes; who is
    there already takes none. ``through``: families a year that come to a node to go on.
    """

    width: int
    steps: dict[Step, Floats] = field(default_factory=dict)
    through: dict[str, float] = field(default_factory=dict)

    def add(self, step: Step, families: Floats) -> None:
        """Take up more families on a step."""
        known = self.steps.get(step)
        self.steps[step] = families if known is None else known + families

    def pass_by(self, node: str, families: float) -> None:
        """Take up more families that come to a node to go on."""
        self.through[node] = self.through.get(node, 0.0) + families


def passage(place: Place, level: int) -> Passage:
    """Everybody of ``place`` who asks for ``level``, on all of their fastest ways."""
    found = Passage(len(place.groups))
    alone = _Pushed(place, level).push(found)
    demand = {column: by for column, by in place.demand(level) if alone[column]}
    if demand:
        wiring = Wiring(place.terrain, level, list(demand))
        for number, (column, by) in enumerate(demand.items()):
            flow = Backward(wiring, number).flow(by, sole=False)
            for step, families in flow.steps.items():
                here = np.zeros(found.width)
                here[column] = families
                found.add(step, here)
            for node, families in flow.through.items():
                found.pass_by(node, families)
    return found


@dataclass(frozen=True, slots=True)
class _Tight:
    """Steps on fastest ways: from ``source`` (in rising order) to ``target``, and for which profiles (columns)."""

    source: Places
    target: Places
    on: Flags


class _Pushed:
    """The steps on the fastest ways of one place and level."""

    def __init__(self, place: Place, level: int) -> None:
        terrain, ends = place.terrain, place.terrain.ends(level)
        self._place, self._level, self._nodes = place, level, terrain.nodes
        size = len(terrain.nodes)
        self._left = _time(terrain.derived(Leads, level).cost[:size])
        between = terrain.between
        time = _time(between.cost)
        on = (time < _CLOSED) & (time + self._left[between.target] == self._left[between.source])
        rows = np.flatnonzero(on.any(axis=1))
        self._between = _Tight(between.source[rows], between.target[rows], on[rows])
        self._timeless = self._between.on & (time[rows] == 0)
        last = sorted(self._last_steps(), key=lambda step: step[:2])
        self._last = _Tight(
            np.array([source for source, _, _ in last], dtype=np.intp),
            np.array([target for _, target, _ in last], dtype=np.intp),
            np.array([flags for _, _, flags in last], dtype=bool).reshape(-1, self._left.shape[1]),
        )
        self._there = np.full(self._left.shape, _CLOSED)
        self._there[ends.there.source] = _time(ends.there.cost)

    def _last_steps(self) -> Iterator[tuple[int, int, Flags]]:
        """The last steps on fastest ways: over a hop or free; where both lead to the same end they are one."""
        terrain, ends = self._place.terrain, self._place.terrain.ends(self._level)
        found: dict[tuple[int, int], Flags] = {}
        hop, free = _time(ends.hops.cost), _time(ends.free.cost)
        on = (hop < _CLOSED) & (hop == self._left[ends.hops.source])
        for row in np.flatnonzero(on.any(axis=1)).tolist():
            found[int(ends.hops.source[row]), int(ends.hops.target[row])] = on[row]
        for entry in (terrain.index[e] for e in terrain.entries):
            on = (free < _CLOSED) & (free == self._left[entry])
            for row in np.flatnonzero(on.any(axis=1)).tolist():
                pair = entry, int(ends.free.target[row])
                if pair[0] != pair[1]:
                    found[pair] = found[pair] | on[row] if pair in found else on[row]
        return ((source, target, flags) for (source, target), flags in found.items())

    # --- pushing -------------------------------------------------------------------------------------
    def push(self, found: Passage) -> Flags:
        """Book everybody but the profiles that come back: those must be looked up one by one."""
        circling = self._circling()
        ways = self._ways(~circling)
        at = self._starting(ways, ~circling)
        through, steps, ending = np.zeros_like(at), np.zeros(self._between.on.shape), np.zeros(self._last.on.shape)
        onward = self._between.on * ways[self._between.target]
        begun = at.copy()
        while at.any():
            each = np.divide(at, ways, out=np.zeros_like(at), where=ways > 0)
            step = onward * each[self._between.source]
            ending += self._last.on * each[self._last.source]
            steps += step
            at = _summed(step, self._between.target, len(ways))
            through += at
        doubtful = circling | self._passing(ending, begun + through)
        for tight, families in ((self._between, steps), (self._last, ending)):
            families[:, doubtful] = 0.0
            for row in np.flatnonzero(families.any(axis=1)).tolist():
                ends = self._nodes[tight.source[row]], self._nodes[tight.target[row]]
                found.add(ends, families[row])
        through[:, doubtful] = 0.0
        for node in np.flatnonzero(through.any(axis=1)).tolist():
            found.pass_by(self._nodes[node], float(through[node].sum()))
        return doubtful

    def _circling(self) -> Flags:
        """The profiles with a circle of steps that take no time: there the number of ways cannot be counted back."""
        left, between = self._timeless, self._between
        while left.any():
            # a step to a node from which no such step leads on is in no circle
            leads_on = _summed(left, between.source, len(self._nodes)) > 0
            kept = left & leads_on[between.target]
            if np.array_equal(kept, left):
                break
            left = kept
        circles: Flags = left.any(axis=0)
        return circles

    def _ways(self, columns: Flags) -> Floats:
        """The number of equally fast ways from every node, per profile."""
        between, size = self._between, len(self._nodes)
        ending = _summed(self._last.on & columns, self._last.source, size)
        ways, on = ending, between.on & columns
        while True:
            further = ending + _summed(on * ways[between.target], between.source, size)
            if np.array_equal(further, ways):
                return ways
            ways = further

    def _starting(self, ways: Floats, columns: Flags) -> Floats:
        """Families a year by node where they set out; of who could stay as well, the share that goes on."""
        at = np.zeros_like(ways)
        index = self._place.terrain.index
        for column, by in self._place.demand(self._level):
            if columns[column]:
                for start, families in by.items():
                    at[index[start], column] += families
        stays = self._there < self._left
        equal = (self._there == self._left) & (self._left < _CLOSED)
        at[stays] = 0.0
        at[equal] *= ways[equal] / (1.0 + ways[equal])
        return at

    def _passing(self, ending: Floats, passed: Floats) -> Flags:
        """The profiles with somebody who may pass a partner and come back to end there: no way does (see ``backward``).

        Only a route with a wait of its own, or no wait at all, makes such a way as fast. It ends over a step from a
        partner nearer to the end than the one that was passed, which itself has a step on.
        """
        last, between = self._last, self._between
        goes_on = _summed(between.on, between.source, len(self._nodes)) > 0
        back = self._left[last.source] <= self._left[last.target]
        doubt: list[Flags] = [ending > 0, passed[last.target] > 0, goes_on[last.target], back]
        found: Flags = np.logical_or.reduce(np.logical_and.reduce(doubt))
        return found


def _time(cost: Costs) -> Costs:
    """The times of costs, in millionths of a day."""
    return cost >> SHIFT


def _summed(rows: NDArray[np.generic], place: Places, size: int) -> Floats:
    """The sums of rows by the place that each belongs to (``size`` × columns)."""
    found = np.zeros((size, rows.shape[1]))
    if len(rows):
        order = np.argsort(place, kind="stable")
        places = place[order]
        first = np.flatnonzero(np.concatenate([[True], places[1:] != places[:-1]]))
        found[places[first]] = np.add.reduceat(rows[order].astype(np.float64), first, axis=0)
    return found
