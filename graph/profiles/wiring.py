"""All steps of one terrain towards one level, as arrays, out of which every profile takes its own graphs for NetworkX.

The times that are left come from :mod:`leads`; what is decided here for all profiles together is only what keeps their
graphs small: which steps are on a fastest way, and from where no partner can be one that every way passes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from .leads import Leads
from .steps import NEVER, SHIFT, Costs, Flags, Steps, firsts
from .terrain import Terrain

#: The time of a step that is not open, and of no way.
CLOSED: Final = int(NEVER) >> SHIFT

_Step = tuple[int, int, Costs, Costs]


@dataclass(frozen=True, slots=True)
class Fastest:
    """The fastest ways of one profile.

    ``left`` is the time from every node (millionths of a day; CLOSED where there is no way), ``onward`` the nodes that
    may come next, each with what is waited there, and ``timeless`` the steps between partners that take no time.
    """

    left: list[int]
    onward: dict[int, dict[int, int]]
    timeless: list[tuple[int, int]]


class Wiring:
    """The steps towards offerings of ``level``; one column per distinct profile.

    Nodes are whole numbers: a partner, ``+ size`` the same partner as the end of a way, ``2 · size`` the sink behind all
    ends, and above it (``+ 1 + partner``) a partner as the start of a way, where it has a fitting offering itself.
    """

    def __init__(self, terrain: Terrain, level: int, columns: Sequence[int]) -> None:
        self.terrain, self.level = terrain, level
        self._columns = np.asarray(columns, dtype=np.intp)
        self.size = len(terrain.nodes)
        self.sink = 2 * self.size
        steps = list(self._all_steps())
        shape = len(steps), len(self._columns)
        ends = np.array([step[:2] for step in steps], dtype=np.intp).reshape(-1, 2)
        order = np.argsort(ends[:, 0], kind="stable")
        #: Steps side by side, by node: from where, to where, and per column the time and the part of it that is waited.
        self._node, self._after = ends[order, 0], ends[order, 1]
        cost, wait = (np.array([step[n] for step in steps], dtype=np.int64).reshape(shape)[order] for n in (2, 3))
        self._time, self._wait = np.where(cost < NEVER, cost >> SHIFT, CLOSED), wait
        self._left = self._times_left()
        self._opened = (self._time < CLOSED) & (self._left[self._after] < CLOSED)
        self._trees: dict[bytes, dict[int, int]] = {}
        self._found: dict[int, tuple[dict[int, int], ...]] = {}

    def profile(self, column: int) -> int:
        """The profile of the terrain that a column stands for."""
        return int(self._columns[column])

    def start(self, place: int, column: int) -> int:
        """The node where ways of a family begin that starts at a partner."""
        own = place + self.sink + 1
        return own if self._left[own, column] < CLOSED else place

    def partner(self, node: int) -> int:
        """The partner (a place among the nodes of the terrain) that a node stands for."""
        return (node - 1 if node > self.sink else node) % self.size

    # --- the steps -----------------------------------------------------------------------------------
    def _all_steps(self) -> Iterator[_Step]:
        """Every step but those from an end to the sink: node, what comes after, cost and wait per column."""
        size, sink = self.size, self.sink
        yield from self._of(self.terrain.between)
        yield from ((source, end, cost, wait) for (source, end), (cost, wait) in self._last_steps().items())
        starts = {self.terrain.index[s] for s in self.terrain.starts}
        nothing = np.zeros(len(self._columns), dtype=np.int64)
        for place, _, cost, wait in self._of(self.terrain.ends(self.level).there):
            if place in starts:
                yield place + sink + 1, place + size, cost, wait
                yield place + sink + 1, place, nothing, nothing

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
        rows = np.flatnonzero((cost < NEVER).any(axis=1))
        yield from zip(steps.source[rows].tolist(), steps.target[rows].tolist(), cost[rows], wait[rows], strict=True)

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

    def _times_left(self) -> Costs:
        """The time from every node to the sink, per column; of who starts at an offering, the quicker of both."""
        size, sink = self.size, self.sink
        left = np.zeros((2 * sink + 1, len(self._columns)), dtype=np.int64)
        left[:size] = np.minimum(self.terrain.derived(Leads, self.level).cost[:size, self._columns] >> SHIFT, CLOSED)
        left[sink + 1 :] = CLOSED
        from_start = self._node > sink
        np.minimum.at(left, self._node[from_start], (self._time + left[self._after])[from_start])
        return np.minimum(left, CLOSED)

    # --- fastest ways --------------------------------------------------------------------------------
    @cached_property
    def _tight(self) -> Flags:
        """The steps (rows) that are on a fastest way, per column."""
        flags: Flags = self._opened & (self._time + self._left[self._after] == self._left[self._node])
        return flags

    def fastest(self, column: int) -> Fastest:
        """The fastest ways of the profile of a column."""
        rows = np.flatnonzero(self._tight[:, column])
        node, after = self._node[rows].tolist(), self._after[rows].tolist()
        onward: dict[int, dict[int, int]] = {self.sink: {}}
        for here, there, wait in zip(node, after, self._wait[rows, column].tolist(), strict=True):
            onward.setdefault(here, {})[there] = wait
        onward.update((end, {self.sink: 0}) for end in set(after) if self.size <= end < self.sink)
        still = rows[(self._time[rows, column] == 0) & (self._node[rows] < self.size) & (self._after[rows] < self.size)]
        timeless = list(zip(self._node[still].tolist(), self._after[still].tolist(), strict=True))
        return Fastest(self._left[:, column].tolist(), onward, timeless)

    @cached_property
    def _row(self) -> dict[tuple[int, int], int]:
        return {pair: row for row, pair in enumerate(zip(self._node.tolist(), self._after.tolist(), strict=True))}

    def wait(self, node: int, after: int, column: int) -> int:
        """What is waited at the end of any step (millionths of a day)."""
        return 0 if after == self.sink else int(self._wait[self._row[node, after], column])

    # --- sole links ----------------------------------------------------------------------------------
    @cached_property
    def _passable(self) -> tuple[tuple[int, Flags], ...]:
        """The ends to which one cannot always go straight from where one can go to their partner, or starts there.

        Each with the columns for which that is so. Only a route with a wait of its own makes such ends: elsewhere an end
        is open wherever its partner is.
        """
        after, node, opened = self._after, self._node, self._opened
        starts = {self.terrain.index[s] for s in self.terrain.starts}
        never = np.zeros(len(self._columns), dtype=bool)
        found = []
        for place in sorted(self.terrain.special_targets):
            to_end = {int(node[at]): opened[at] for at in np.flatnonzero(after == place + self.size).tolist()}
            if not to_end:
                continue
            sources = {int(node[at]): opened[at] for at in np.flatnonzero(after == place).tolist()}
            if place in starts:
                sources[place + self.sink + 1] = ~never
            barred = np.logical_or.reduce([never, *(open_ & ~to_end.get(n, never) for n, open_ in sources.items())])
            found.append((place + self.size, barred & np.logical_or.reduce(list(to_end.values()))))
        return tuple(found)

    @cached_property
    def _ending(self) -> Flags:
        """The steps (rows) to an end that no way could pass before it gets there, per column."""
        into: Flags = self._opened & (self._after >= self.size)[:, None]
        for end, columns in self._passable:
            into &= (self._after != end)[:, None] | ~columns
        return into

    @cached_property
    def _onward(self) -> Flags:
        """The steps (rows) from partner to partner that are open, per column."""
        flags: Flags = self._opened & (self._after < self.size)[:, None]
        return flags

    @cached_property
    def free(self) -> Flags:
        """The nodes from which no partner is one that every way passes, per column."""
        return self._freed(self._ending, self._onward)

    def _freed(self, ending: Flags, onward: Flags) -> Flags:
        """The nodes that an end, or two nodes of which the same is known, are one step away from (steps × columns).

        A partner that every way passes would have to be on the ways from each of both. There are others, and what those
        are, the dominators tell.
        """
        found = np.zeros((2 * self.sink + 1, ending.shape[1]), dtype=bool)
        if not len(self._node):
            return found
        first = firsts(self._node)
        at = self._node[first]
        ends = np.logical_or.reduceat(ending, first, axis=0)
        while True:
            near = np.add.reduceat((onward & found[self._after]).astype(np.int64), first, axis=0)
            further = ends | (near > 1)
            if np.array_equal(further, found[at]):
                return found
            found[at] = further

    def passed_always(self, node: int, column: int) -> Collection[int]:
        """The partners that every open way from a node passes, its start and end left out."""
        if self.free[node, column]:
            return ()
        if column not in self._found:
            self._found[column] = self.dominators(column)
        trees = [tree for tree in self._found[column] if node in tree]
        return set.intersection(*(set(self._above(node, tree)) for tree in trees)) if trees else ()

    def _above(self, node: int, tree: Mapping[int, int]) -> Iterator[int]:
        own, above = self.partner(node), tree.get(node)
        while above is not None and above != self.sink:
            if above < self.size and above != own:
                yield above
            above = tree.get(above)

    def dominators(self, column: int) -> tuple[dict[int, int], ...]:
        """The immediate dominator of every partner from which the sink is reached (by NetworkX: Cooper, Harvey & Kennedy 2001).

        Ends that a way could pass before it gets there have a tree each, without the partner itself; the first is of
        all others. What a way passes always, it passes in each tree that it is in.
        """
        here = slice(column, column + 1)
        first = self._tree(self._ending[:, here], self._onward[:, here], self.free[:, here])
        return first, *(self._tree_to(end, column) for end, columns in self._passable if columns[column])

    def _tree_to(self, end: int, column: int) -> dict[int, int]:
        """The tree of one end, without its partner."""
        partner = end - self.size
        opened = self._opened[:, column] & (self._after != partner) & (self._node != partner)
        ending, onward = (opened & to for to in (self._after == end, self._after < self.size))
        ending, onward = ending[:, None], onward[:, None]
        return self._tree(ending, onward, self._freed(ending, onward))

    def _tree(self, ending: Flags, onward: Flags, free: Flags) -> dict[int, int]:
        """Dominators where steps to an end (rows) and onward are open; what is free stands right behind the sink."""
        import networkx as nx

        kept = onward[:, 0] & ~free[self._node, 0]
        key = kept.tobytes() + free.tobytes()
        if key not in self._trees:
            made = nx.DiGraph()
            made.add_node(self.sink)
            made.add_edges_from(zip(self._after[kept].tolist(), self._node[kept].tolist(), strict=True))
            behind = set(self._after[kept & free[self._after, 0]].tolist())
            made.add_edges_from((self.sink, node) for node in sorted(behind))
            found = dict.fromkeys(np.flatnonzero(free[:, 0]).tolist(), self.sink)
            self._trees[key] = found | nx.immediate_dominators(made, self.sink)
        return self._trees[key]
