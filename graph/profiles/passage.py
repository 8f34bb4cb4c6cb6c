"""Who passes where towards one level, for many profiles of a terrain at once: families pushed down as arrays.

A step is on a fastest way when its time and what is left after it are together what was left before; each of the equally
fast ways takes an equal share (Brandes 2008). Profiles of which the times do not tell their ways are looked up one by one
(:mod:`backward`); the partners that every way passes are dominators, which NetworkX finds (:mod:`wiring`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .backward import Backward
from .flow import Flow, plus
from .leads import Leads
from .steps import MICRO, SHIFT, Costs, Flags, Places, firsts
from .terrain import Terrain
from .wiring import CLOSED, Wiring

Floats = NDArray[np.float64]
Step = tuple[str, str]
Demand = Mapping[str, float]


@dataclass
class Passage:
    """Families a year on their fastest ways to one level.

    ``steps``: by profile, for every step (from, to) that anybody takes; who is there already takes none. ``through``,
    ``arriving`` and ``days`` (nodes × profiles), ``waiting`` and ``sole`` (by node), and the rest: as in :class:`flow.Flow`.
    """

    nodes: tuple[str, ...]
    through: Floats
    arriving: Floats
    days: Floats
    steps: dict[Step, Floats] = field(default_factory=dict)
    waiting: dict[str, float] = field(default_factory=dict)
    sole: dict[str, float] = field(default_factory=dict)
    total_days: float = 0.0
    routed: float = 0.0
    cut: int = 0

    @property
    def coming(self) -> Floats:
        """Who comes to each node, to go on or to end there (nodes × profiles)."""
        return self.through + self.arriving

    def add(self, step: Step, families: Floats) -> None:
        """Take up more families (by profile) on a step."""
        known = self.steps.get(step)
        self.steps[step] = families if known is None else known + families

    def flow(self) -> Flow:
        """All profiles together."""
        through, arriving, days = (self._by_node(by) for by in (self.through, self.arriving, self.days))
        steps = {step: float(families.sum()) for step, families in self.steps.items()}
        return Flow(through, arriving, days, dict(self.waiting), dict(self.sole), steps, self.total_days, self.routed, self.cut)

    def _by_node(self, families: Floats) -> dict[str, float]:
        sums = families.sum(axis=1)
        return {self.nodes[n]: float(sums[n]) for n in np.flatnonzero(sums).tolist()}


def passage(terrain: Terrain, level: int, columns: Sequence[int], demands: Sequence[Demand], *, sole: bool = True) -> Passage:
    """Families of profiles (``columns`` of the terrain) that ask for a level; ``demands`` are families a year by start.

    ``sole``: whether to find the partners that every way passes.
    """
    shape = len(terrain.nodes), len(columns)
    found = Passage(terrain.nodes, np.zeros(shape), np.zeros(shape), np.zeros(shape))
    if not columns:
        return found
    pushed = _Pushed(terrain, level, np.array(columns, dtype=np.intp), demands)
    alone = pushed.push(found)
    if sole or alone.any():
        wiring = Wiring(terrain, level, columns)
        for column in np.flatnonzero(alone).tolist():
            _look_up(found, column, Backward(wiring, column).flow(demands[column], sole=sole))
        if sole:
            for place, column in pushed.setting_out(~alone):
                for node in wiring.passed_always(wiring.start(place, column), column):
                    plus(found.sole, terrain.nodes[node], float(pushed.begun[place, column]))
    return found


def _look_up(found: Passage, column: int, flow: Flow) -> None:
    """Take up the flow of one profile that was looked up by itself."""
    place = {node: n for n, node in enumerate(found.nodes)}
    for by, told in ((found.through, flow.through), (found.arriving, flow.arriving), (found.days, flow.days)):
        for node, families in told.items():
            by[place[node], column] += families
    for step, families in flow.steps.items():
        here = np.zeros(found.through.shape[1])
        here[column] = families
        found.add(step, here)
    for total, told in ((found.waiting, flow.waiting), (found.sole, flow.sole)):
        for node, families in told.items():
            plus(total, node, families)
    found.total_days += flow.total_days
    found.routed += flow.routed
    found.cut += flow.cut


@dataclass(frozen=True, slots=True)
class _Tight:
    """Steps on fastest ways: from ``source`` to ``target``, for which profiles (columns), and what is waited behind each."""

    source: Places
    target: Places
    on: Flags
    wait: Costs


class _Pushed:
    """The steps on the fastest ways to one level."""

    def __init__(self, terrain: Terrain, level: int, columns: Places, demands: Sequence[Demand]) -> None:
        self._terrain, self._level, self._columns, self._demands = terrain, level, columns, demands
        self._size = len(terrain.nodes)
        self._left = self._time(terrain.derived(Leads, level).cost[: self._size])
        between, time = terrain.between, self._time(terrain.between.cost)
        on = (time < CLOSED) & (time + self._left[between.target] == self._left[between.source])
        rows = np.flatnonzero(on.any(axis=1))
        self._between = _Tight(between.source[rows], between.target[rows], on[rows], between.wait[rows][:, columns])
        self._timeless = self._between.on & (time[rows] == 0)
        self._last = self._last_steps()
        there = terrain.ends(level).there
        self._there, self._there_wait = np.full(self._left.shape, CLOSED), np.zeros(self._left.shape, dtype=np.int64)
        self._there[there.source], self._there_wait[there.source] = self._time(there.cost), there.wait[:, columns]
        #: Families a year by node where they set out (nodes × columns), of those that have a way.
        self.begun = self._setting_out()

    def _time(self, cost: Costs) -> Costs:
        """The times of costs, in millionths of a day."""
        times: Costs = cost[:, self._columns] >> SHIFT
        return times

    def _last_steps(self) -> _Tight:
        """The last steps on fastest ways: over a hop or free; where both lead to the same end they are one."""
        terrain, ends = self._terrain, self._terrain.ends(self._level)
        found: dict[tuple[int, int], tuple[Flags, Costs]] = {}
        hop, free = self._time(ends.hops.cost), self._time(ends.free.cost)
        hop_wait, free_wait = ends.hops.wait[:, self._columns], ends.free.wait[:, self._columns]
        on = (hop < CLOSED) & (hop == self._left[ends.hops.source])
        for row in np.flatnonzero(on.any(axis=1)).tolist():
            found[int(ends.hops.source[row]), int(ends.hops.target[row])] = on[row], hop_wait[row]
        for entry in (terrain.index[e] for e in terrain.entries):
            on = (free < CLOSED) & (free == self._left[entry])
            for row in np.flatnonzero(on.any(axis=1)).tolist():
                pair = entry, int(ends.free.target[row])
                if pair[0] != pair[1]:
                    hop_on, waited = found.get(pair, (np.zeros_like(on[row]), free_wait[row]))
                    found[pair] = hop_on | on[row], np.where(hop_on, waited, free_wait[row])
        pairs = sorted(found)
        shape = len(pairs), len(self._columns)
        return _Tight(
            np.array([source for source, _ in pairs], dtype=np.intp),
            np.array([target for _, target in pairs], dtype=np.intp),
            np.array([found[pair][0] for pair in pairs], dtype=bool).reshape(shape),
            np.array([found[pair][1] for pair in pairs], dtype=np.int64).reshape(shape),
        )

    def _setting_out(self) -> Floats:
        at = np.zeros(self._left.shape)
        for column, by in enumerate(self._demands):
            for start, families in by.items():
                at[self._terrain.index[start], column] += families
        at[self._least >= CLOSED] = 0.0
        return at

    @cached_property
    def _least(self) -> Costs:
        """The time from every node for who starts there."""
        least: Costs = np.minimum(self._left, self._there)
        return least

    def setting_out(self, columns: Flags) -> Iterator[tuple[int, int]]:
        """Where (place, column) families set out, of some columns."""
        rows, chosen = np.nonzero((self.begun > 0) & columns)
        return zip(rows.tolist(), chosen.tolist(), strict=True)

    # --- pushing -------------------------------------------------------------------------------------
    def push(self, found: Passage) -> Flags:
        """Book everybody but the profiles that come back: those must be looked up one by one."""
        circling = self._circling()
        ways = self._ways(~circling)
        staying, at = self._parted(ways, ~circling)
        through, steps, ending = np.zeros_like(at), np.zeros(self._between.on.shape), np.zeros(self._last.on.shape)
        onward = self._between.on * ways[self._between.target]
        begun = at.copy()
        while at.any():
            each = np.divide(at, ways, out=np.zeros_like(at), where=ways > 0)
            step = onward * each[self._between.source]
            ending += self._last.on * each[self._last.source]
            steps += step
            at = _summed(step, self._between.target, self._size)
            through += at
        doubtful = circling | self._passing(ending, begun + through)
        for families in (through, steps, ending, staying):
            families[:, doubtful] = 0.0
        self._book(found, through, steps, ending, staying)
        told = np.where(doubtful, 0.0, self.begun)
        found.routed += float(told.sum())
        found.total_days += float((told * np.where(told > 0, self._least, 0)).sum()) / MICRO
        self._book_waiting(found, told)
        return doubtful

    def _book(self, found: Passage, through: Floats, steps: Floats, ending: Floats, staying: Floats) -> None:
        found.through += through
        found.arriving += staying + _summed(ending, self._last.target, self._size)
        found.days += staying * (self._there_wait / MICRO)
        for tight, families in ((self._between, steps), (self._last, ending)):
            found.days += _summed(families * (np.where(tight.on, tight.wait, 0) / MICRO), tight.target, self._size)
            for row in np.flatnonzero(families.any(axis=1)).tolist():
                found.add((found.nodes[tight.source[row]], found.nodes[tight.target[row]]), families[row])

    def _book_waiting(self, found: Passage, families: Floats) -> None:
        """Who waits somewhere on some fastest way, by where that is: from each start the partners at which it waits, as bits."""
        words = -(-self._size // 64)
        bits = np.zeros((self._size, words), dtype=np.uint64)
        nodes = np.arange(self._size)
        bits[nodes, nodes // 64] = np.uint64(1) << (nodes % 64).astype(np.uint64)

        def met(tight: _Tight) -> NDArray[np.uint64]:
            return np.where((tight.on & (tight.wait > 0))[:, :, None], bits[tight.target][:, None, :], np.uint64(0))

        between, last = self._between, self._last
        ending, here = _united(met(last), last.source, self._size), met(between)
        waits = ending
        while True:
            behind = np.where(between.on[:, :, None], waits[between.target] | here, np.uint64(0))
            further = ending | _united(behind, between.source, self._size)
            if np.array_equal(further, waits):
                break
            waits = further
        rows, columns = np.nonzero(families)
        goes, stays = self._left <= self._there, self._there <= self._left
        own = np.where((stays & (self._there_wait > 0))[rows, columns][:, None], bits[rows], np.uint64(0))
        masks = own | np.where(goes[rows, columns][:, None], waits[rows, columns], np.uint64(0))
        flags = np.unpackbits(masks.astype("<u8").view(np.uint8), axis=1, count=self._size, bitorder="little")
        for node, number in enumerate((families[rows, columns] @ flags).tolist()):
            if number:
                plus(found.waiting, found.nodes[node], number)

    def _circling(self) -> Flags:
        """The profiles with a circle of steps that take no time: there the number of ways cannot be counted back."""
        left, between = self._timeless, self._between
        while left.any():
            # a step to a node from which no such step leads on is in no circle
            leads_on = _summed(left, between.source, self._size) > 0
            kept = left & leads_on[between.target]
            if np.array_equal(kept, left):
                break
            left = kept
        circles: Flags = left.any(axis=0)
        return circles

    def _ways(self, columns: Flags) -> Floats:
        """The number of equally fast ways from every node, per profile."""
        between = self._between
        ending = _summed(self._last.on & columns, self._last.source, self._size)
        ways, on = ending, between.on & columns
        while True:
            further = ending + _summed(on * ways[between.target], between.source, self._size)
            if np.array_equal(further, ways):
                return ways
            ways = further

    def _parted(self, ways: Floats, columns: Flags) -> tuple[Floats, Floats]:
        """Families a year that stay where they set out, and that go on; of who could do both, a share of each."""
        at = np.where(columns, self.begun, 0.0)
        equal = (self._there == self._left) & (self._left < CLOSED)
        stays = np.where(equal, 1.0 / (1.0 + ways), self._there < self._left)
        return at * stays, np.where(equal, at * ways / (1.0 + ways), np.where(self._there < self._left, 0.0, at))

    def _passing(self, ending: Floats, passed: Floats) -> Flags:
        """The profiles with somebody who may pass a partner and come back to end there: no way does (see ``backward``).

        Only a route with a wait of its own, or no wait at all, makes such a way as fast. It ends over a step from a
        partner nearer to the end than the one that was passed, which itself has a step on.
        """
        last, between = self._last, self._between
        goes_on = _summed(between.on, between.source, self._size) > 0
        back = self._left[last.source] <= self._left[last.target]
        doubt: list[Flags] = [ending > 0, passed[last.target] > 0, goes_on[last.target], back]
        found: Flags = np.logical_or.reduce(np.logical_and.reduce(doubt))
        return found


def _summed(rows: NDArray[np.generic], place: Places, size: int) -> Floats:
    """The sums of rows by the place that each belongs to (``size`` × columns)."""
    found = np.zeros((size, rows.shape[1]))
    if len(rows):
        order = np.argsort(place, kind="stable")
        first = firsts(place[order])
        found[place[order][first]] = np.add.reduceat(rows[order].astype(np.float64), first, axis=0)
    return found


def _united(rows: NDArray[np.uint64], place: Places, size: int) -> NDArray[np.uint64]:
    """The bits of rows together, by the place that each belongs to (``size`` × columns × words)."""
    found = np.zeros((size, *rows.shape[1:]), dtype=np.uint64)
    if len(rows):
        order = np.argsort(place, kind="stable")
        first = firsts(place[order])
        found[place[order][first]] = np.bitwise_or.reduceat(rows[order], first, axis=0)
    return found
