"""The times of one place towards one level as plain matrices, forwards and backwards, to which steps can be added.

Times are millionths of a day as float64: whole numbers below 2**53, so sums and ties are exact, and infinity for none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..profiles.steps import MICRO, NEVER, SHIFT, Costs, Flags, Places, alike, firsts
from ..profiles.study import Place

Times = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Added:
    """New steps of one place: from ``source`` to ``target`` (places among the nodes), open where no usable one is."""

    source: int
    target: int


class Field:
    """One place and level: N nodes, P profiles with demand, S starts with demand.

    ``demand`` (S × P) is families a year; ``back`` (N × P) the time from each node to the first appointment for who
    comes through it, ``lead`` (S × P) that of a family that starts there, ``there`` (N × P) the wait at an offering of
    the node itself; ``enter`` (N × P) the time that a new step to a node would take: handover and wait. Profiles for which
    all of this is the same are one column where ``joined``, with the demand of all of them (``columns``: the first of each).
    A route whose own wait makes a way quicker that passes its own end is the one thing that is not looked up here.
    """

    def __init__(self, place: Place, level: int, handover_days: float, *, joined: bool = True) -> None:
        terrain, ends = place.terrain, place.terrain.ends(level)
        self.terrain = terrain
        asked = list(place.demand(level))
        self.columns = np.array([column for column, _ in asked], dtype=np.intp)
        rows = sorted({terrain.index[s] for _, by in asked for s in by})
        self.starts = np.array(rows, dtype=np.intp)
        at = {node: n for n, node in enumerate(rows)}
        self.demand = np.zeros((len(rows), len(asked)))
        for column, (_, by) in enumerate(asked):
            for start, families in by.items():
                self.demand[at[terrain.index[start]], column] = families
        size = len(terrain.nodes)
        between = terrain.between
        self._source, self._target = between.source, between.target
        self._time = self._of(between.cost)
        self._usable = between.usable[:, self.columns]
        self._last = np.full((size, len(asked)), np.inf)
        self._take(ends.hops.source, self._of(ends.hops.cost))
        self._ends = {(int(s), int(t)): u for s, t, u in zip(ends.hops.source, ends.hops.target, ends.hops.usable, strict=True)}
        self._freely(ends.free.target, self._of(ends.free.cost))
        self.there = np.full((size, len(asked)), np.inf)
        self.there[ends.there.source] = self._of(ends.there.cost)
        fixed = round(handover_days * MICRO)
        self.enter = np.array([self._spread(terrain.arrival(node)) for node in terrain.nodes]) + fixed
        if joined:
            self._join()
        self.end = self.there + fixed
        self.back = self._backwards()
        #: The times of the families before any step was added: the reference.
        self.base = self.lead

    def _join(self) -> None:
        """Make one column of the profiles for which everything is the same."""
        ends = [u[None, self.columns] for u in self._ends.values()]
        parts = [self._time, self._last, self.there, self.enter, self._usable, *ends]
        first, of = alike(np.concatenate(parts))
        demand = np.zeros((len(self.starts), len(first)))
        np.add.at(demand.T, of, self.demand.T)
        self.demand, self.columns = demand, self.columns[first]
        self._time, self._last, self._usable = self._time[:, first], self._last[:, first], self._usable[:, first]
        self.there, self.enter = self.there[:, first], self.enter[:, first]

    def _of(self, cost: Costs) -> Times:
        """Costs as times of the profiles asked."""
        chosen = cost[:, self.columns]
        return np.where(chosen < NEVER, chosen >> SHIFT, np.inf)

    def _spread(self, time: Costs) -> Times:
        return np.where(time[self.columns] < NEVER, time[self.columns], np.inf)

    def _take(self, source: Places, time: Times) -> None:
        """Last steps taken up where they are quicker (``source`` is sorted)."""
        first = firsts(source)
        if len(first):
            at = source[first]
            self._last[at] = np.minimum(self._last[at], np.minimum.reduceat(time, first, axis=0))

    def _freely(self, target: Places, time: Times) -> None:
        """The free step of every entry, to the quickest offering that is not its own."""
        if not len(target):
            return
        entries = np.array([self.terrain.index[e] for e in self.terrain.entries], dtype=np.intp)
        first = time.argmin(axis=0)
        others = time.copy()
        others[first, np.arange(time.shape[1])] = np.inf
        best = np.where(target[first] == entries[:, None], others.min(axis=0), time.min(axis=0))
        self._last[entries] = np.minimum(self._last[entries], best)

    # --- solving -------------------------------------------------------------------------------------
    def _backwards(self) -> Times:
        best = self._last.copy()
        order = np.argsort(self._source, kind="stable")
        source, target, time = self._source[order], self._target[order], self._time[order]
        first = firsts(source)
        while len(first):
            through = np.minimum.reduceat(time + best[target], first, axis=0)
            further = np.minimum(best[source[first]], through)
            if np.array_equal(further, best[source[first]]):
                break
            best[source[first]] = further
        return best

    @property
    def lead(self) -> Times:
        """Time of the families to their first appointment (S × P)."""
        least: Times = np.minimum(self.back[self.starts], self.there[self.starts])
        return least

    @cached_property
    def onward(self) -> Times:
        """Time to enter each node over a new step and go on to the first appointment (N × P)."""
        least: Times = np.minimum(self.enter + self.back, self.end)
        return least

    @cached_property
    def reach(self) -> Times:
        """Time from each start to having been at each node (N × S × P); infinite from starts that nobody uses."""
        return self._forwards(np.full(self.demand.shape, np.inf))

    @cached_property
    def saving(self) -> Places:
        """The starts (rows of the demand) of which some family has a way, which a new step could make quicker."""
        return np.flatnonzero(((self.demand > 0) & np.isfinite(self.base)).any(axis=1))

    @cached_property
    def near(self) -> Times:
        """:attr:`reach` from the starts of :attr:`saving`, as far as a new step from there could save anybody anything."""
        had, quickest = np.isfinite(self.base), self.onward.min(axis=0, initial=np.inf)
        most = np.where(had, self.lead, 0.0) - np.where(np.isfinite(quickest), quickest, 0.0)
        return self._forwards(np.where(had & np.isfinite(quickest), most, -1.0)[self.saving], self.saving)

    def _forwards(self, most: Times, starts: Places | slice = slice(None)) -> Times:
        """Time from ``starts`` (rows of the demand) to having been at each node (N × S × P), no further than ``most`` (S × P).

        A Bellman–Ford sweep (Bellman 1958) of all families together, over the steps from where the last round came earlier.
        """
        size, begin_at, demand = len(self.terrain.nodes), self.starts[starts], self.demand[starts]
        order = np.argsort(self._target, kind="stable")
        source, target = self._source[order], self._target[order]
        start, profile = np.nonzero((demand > 0) & (most >= 0))
        time, limit = self._time[order][:, profile], most[start, profile]
        been = np.full((size, len(start)), np.inf)
        been[begin_at[start], np.arange(len(start))] = 0.0
        earlier = np.zeros(size, dtype=bool)
        earlier[begin_at] = True
        while len(rows := np.flatnonzero(earlier[source])):
            to = target[rows]
            first = firsts(to)
            through = np.minimum.reduceat(been[source[rows]] + time[rows], first, axis=0)
            at = to[first]
            better = (through < been[at]) & (through <= limit)
            been[at] = np.where(better, through, been[at])
            earlier[:] = False
            earlier[at] = better.any(axis=1)
        found = np.full((size, *demand.shape), np.inf)
        found[:, start, profile] = been
        return found

    def coming(self, families: Times) -> Times:
        """Who of ``families`` (S × P) can get to each node over open steps (N × P); all profiles at once, as bits."""
        size, width = len(self.terrain.nodes), families.shape[1]
        order = np.argsort(self._target, kind="stable")
        source, target = self._source[order], self._target[order]
        open_ = _bits(np.isfinite(self._time[order]))
        rows = np.flatnonzero((families > 0).any(axis=1))
        been = np.zeros((size, len(rows), open_.shape[1]), dtype=np.uint64)
        been[self.starts[rows], np.arange(len(rows))] = ~np.uint64(0)
        first = firsts(target)
        while len(first):
            further = been[target[first]] | np.bitwise_or.reduceat(open_[:, None, :] & been[source], first, axis=0)
            if np.array_equal(further, been[target[first]]):
                break
            been[target[first]] = further
        flags = np.unpackbits(been.view(np.uint8), axis=2, count=width, bitorder="little")
        found: Times = np.einsum("nsp,sp->np", flags, families[rows])
        return found

    def usable(self, source: int, target: int) -> Flags | None:
        """The profiles for which a usable step between two nodes is registered; None where there is none at all."""
        flags = [self._usable[row] for row in self._rows.get((source, target), ())]
        if (source, target) in self._ends:
            flags.append(self._ends[source, target][self.columns])
        return np.logical_or.reduce(flags) if flags else None

    @cached_property
    def _rows(self) -> Mapping[tuple[int, int], list[int]]:
        """The rows of the steps between two nodes."""
        found: dict[tuple[int, int], list[int]] = {}
        for row, pair in enumerate(zip(self._source.tolist(), self._target.tolist(), strict=True)):
            found.setdefault(pair, []).append(row)
        return found

    def usable_pairs(self) -> tuple[Places, Places, Flags]:
        """Every registered step (source, target) and the profiles that it is usable for, closed ones too."""
        pairs = [*zip(self._source.tolist(), self._target.tolist(), strict=True), *self._ends]
        flags = [*self._usable, *(u[self.columns] for u in self._ends.values())]
        ends = np.array(pairs, dtype=np.intp).reshape(-1, 2)
        return ends[:, 0], ends[:, 1], np.array(flags, dtype=bool).reshape(-1, len(self.columns))

    # --- changing ------------------------------------------------------------------------------------
    def with_steps(self, steps: Sequence[Added]) -> Field:
        """The same with new steps, for the profiles that have no usable one between the two; solved anew."""
        made = copy(self)
        made._last = self._last.copy()
        for step in steps:
            barred = made.usable(step.source, step.target)
            open_ = np.ones(len(self.columns), dtype=bool) if barred is None else ~barred
            time = np.where(open_, self.enter[step.target], np.inf)
            made._source, made._target = np.append(made._source, step.source), np.append(made._target, step.target)
            made._time = np.vstack([made._time, time])
            made._usable = np.vstack([made._usable, open_])
            made.__dict__.pop("_rows", None)
            last = np.where(open_, self.end[step.target], np.inf)
            made._last[step.source] = np.minimum(made._last[step.source], last)
        made.back = made._backwards()
        for name in ("onward", "reach", "near"):
            made.__dict__.pop(name, None)
        return made


def _bits(flags: Flags) -> NDArray[np.uint64]:
    """Flags as bits, 64 columns to a word."""
    packed = np.packbits(flags, axis=1, bitorder="little")
    words = np.zeros((len(flags), -(-packed.shape[1] // 8) * 8), dtype=np.uint8)
    words[:, : packed.shape[1]] = packed
    return words.view(np.uint64)
