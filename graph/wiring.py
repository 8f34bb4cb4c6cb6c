"""All steps of one terrain towards one level as a single NetworkX graph, which every profile reads its own times from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import Final

import networkx as nx
import numpy as np

from .terrain import NEVER, SHIFT, Costs, Flags, Places, Steps, Terrain

#: The time of a step that is not open.
CLOSED: Final = -1

_Step = tuple[int, int, Costs, Costs]


class Wiring:
    """The steps towards offerings of ``level``, reversed, from a sink behind all of them; one column per distinct profile.

    Nodes are whole numbers: a partner, ``+ size`` the same partner as the end of a way, ``2 · size`` the sink, and
    above it (``+ 1 + partner``) a partner as the start of a way, where it has a fitting offering itself. Edges carry
    ``time`` and ``wait``: per column the time of the step and the part of it that is waited, in millionths of a day;
    CLOSED where the step is not open.
    """

    def __init__(self, terrain: Terrain, level: int, columns: Sequence[int]) -> None:
        self.terrain, self.level = terrain, level
        self._columns = np.asarray(columns, dtype=np.intp)
        self.size = len(terrain.nodes)
        self.sink = 2 * self.size
        self.graph = nx.DiGraph()
        self.graph.add_node(self.sink)
        self.graph.add_edges_from(self._edges())
        self._dominators: dict[bytes, dict[int, int]] = {}

    @cached_property
    def _steps(self) -> tuple[Places, Places, Flags]:
        """The steps but those to the sink, as arrays: what comes after, the node, and the columns that they are open in."""
        steps = [(after, node, data["time"]) for after, node, data in self.graph.edges(data=True) if after != self.sink]
        times = np.array([time for _, _, time in steps], dtype=np.int64).reshape(len(steps), len(self._columns))
        ends = np.array([(after, node) for after, node, _ in steps], dtype=np.intp).reshape(-1, 2)
        return ends[:, 0], ends[:, 1], times != CLOSED

    def profile(self, column: int) -> int:
        """The profile of the terrain that a column stands for."""
        return int(self._columns[column])

    def _edges(self) -> Iterator[tuple[int, int, dict[str, list[int]]]]:
        """The steps as edges of the graph: reversed, with their times and waits per column."""
        taken = list(self._all_steps())
        if taken:
            costs = np.array([cost for _, _, cost, _ in taken])
            times = np.where(costs < NEVER, costs >> SHIFT, CLOSED).tolist()
            waits = np.array([wait for *_, wait in taken]).tolist()
            for (source, target, *_), time, wait in zip(taken, times, waits, strict=True):
                yield target, source, {"time": time, "wait": wait}

    def _all_steps(self) -> Iterator[_Step]:
        """Every step towards the sink: node, what comes after, cost and wait per column."""
        size, sink = self.size, self.sink
        # a step to where no way leads on is on none
        leads_on = np.logical_or.reduce(self.terrain.leads(self.level).cost[:size, self._columns] < NEVER, axis=1).tolist()
        yield from (step for step in self._of(self.terrain.between) if leads_on[step[1]])
        last = self._last_steps()
        yield from ((source, end, cost, wait) for (source, end), (cost, wait) in last.items())
        reached = {end for _, end in last}
        starts = {self.terrain.index[s] for s in self.terrain.starts}
        nothing = np.zeros(len(self._columns), dtype=np.int64)
        for place, _, cost, wait in self._of(self.terrain.ends(self.level).there):
            if place in starts:
                reached.add(place + size)
                yield place + sink + 1, place + size, cost, wait
                yield place + sink + 1, place, nothing, nothing
        yield from ((end, sink, nothing, nothing) for end in sorted(reached))

    def _last_steps(self) -> dict[tuple[int, int], tuple[Costs, Costs]]:
        """The last steps by node and end: over a hop or free, of both the quicker one."""
        ends = self.terrain.ends(self.level)
        last = {(source, target + self.size): (cost, wait) for source, target, cost, wait in self._of(ends.hops)}
        for step, cost, wait in self._free(ends.free):
            known = last.get(step)
            if known is not None:
                quicker = cost >> SHIFT < known[0] >> SHIFT
                cost, wait = np.where(quicker, cost, known[0]), np.where(quicker, wait, known[1])
            last[step] = cost, wait
        return last

    def _of(self, steps: Steps) -> Iterator[_Step]:
        """The steps that are open in some column: source, target, cost and wait."""
        cost, wait = steps.cost[:, self._columns], steps.wait[:, self._columns]
        for row in np.flatnonzero((cost < NEVER).any(axis=1)).tolist():
            yield int(steps.source[row]), int(steps.target[row]), cost[row], wait[row]

    def _free(self, free: Steps) -> Iterator[tuple[tuple[int, int], Costs, Costs]]:
        """The free steps that can matter: from each entry to the quickest, and to enough others to have another way."""
        cost, wait = free.cost[:, self._columns], free.wait[:, self._columns]
        if not len(cost):
            return
        third = np.sort(cost, axis=0)[min(2, len(cost) - 1)]
        cost = np.where(cost <= third, cost, NEVER)
        for row in np.flatnonzero((cost < NEVER).any(axis=1)).tolist():
            end = int(free.target[row])
            for entry in (self.terrain.index[e] for e in self.terrain.entries):
                if entry != end:
                    yield (entry, end + self.size), cost[row], wait[row]

    def dominators(self, column: int) -> tuple[dict[int, int], ...]:
        """The immediate dominator of every partner from which the sink is reached (Lengauer & Tarjan 1979, by NetworkX).

        Ends that a way could pass before it gets there have a tree each, without the partner itself; the first is of
        all others. What a way passes always, it passes in each tree that it is in.
        """
        ends = self._ends
        apart = [end for end, columns in self._passable if columns[column]]
        first = self._tree(column, ends.difference(apart))
        return first, *(self._tree(column, {end}, without=end - self.size) for end in apart)

    @cached_property
    def _ends(self) -> frozenset[int]:
        return frozenset(self.graph[self.sink])

    def has_two_ends(self, column: int) -> Flags:
        """Per node whether two different ends are one step away: then no partner is passed always from there."""
        after, node, opened = self._steps
        apart = [end for end, columns in self._passable if columns[column]]
        into = self._into(self._ends.difference(apart))[after] & opened[:, column]
        two: Flags = np.bincount(node[into], minlength=2 * self.sink + 1) > 1
        return two

    def _into(self, ends: Collection[int]) -> Flags:
        """Per node whether it is one of ``ends``."""
        flags = np.zeros(2 * self.sink + 1, dtype=bool)
        flags[list(ends)] = True
        return flags

    @cached_property
    def _passable(self) -> tuple[tuple[int, Flags], ...]:
        """The ends to which one cannot always go straight from where one can go to their partner, or starts there.

        Each with the columns for which that is so. Only a route with a wait of its own makes such ends: elsewhere an end
        is open wherever its partner is.
        """
        after, node, opened = self._steps
        starts = {self.terrain.index[s] for s in self.terrain.starts}
        never = np.zeros(len(self._columns), dtype=bool)
        found = []
        for place in sorted(self.terrain.special_targets):
            to_end = {int(n): opened[at] for at in np.flatnonzero(after == place + self.size) for n in [node[at]]}
            if not to_end:
                continue
            sources = {int(node[at]): opened[at] for at in np.flatnonzero(after == place)}
            if place in starts:
                sources[place + self.sink + 1] = ~never
            barred = np.logical_or.reduce([never, *(open_ & ~to_end.get(n, never) for n, open_ in sources.items())])
            found.append((place + self.size, barred & np.logical_or.reduce(list(to_end.values()))))
        return tuple(found)

    def _tree(self, column: int, ends: Collection[int], without: int | None = None) -> dict[int, int]:
        """The dominators of all partners but ``without`` on the way to ``ends``.

        A partner from which two different ends are one step away is passed or ended at by no other always: it stands
        right behind the sink here, without its further steps.
        """
        size, sink = self.size, self.sink
        after, node, opened = self._steps
        into = self._into(ends)[after]
        open_ = opened[:, column] & (into | (after < size))
        if without is not None:
            open_ = open_ & (after != without) & (node != without)
        two = np.bincount(node[open_ & into], minlength=2 * sink + 1) > 1
        kept = open_ & ~two[node]
        key = kept.tobytes() + two.tobytes() + bytes(without is not None)
        if key not in self._dominators:
            made = nx.DiGraph()
            made.add_node(sink)
            made.add_edges_from(zip(after[kept].tolist(), node[kept].tolist(), strict=True))
            made.add_edges_from((sink, n) for n in [*np.flatnonzero(two).tolist(), *np.unique(after[kept & into]).tolist()])
            self._dominators[key] = nx.immediate_dominators(made, sink)
        return self._dominators[key]
