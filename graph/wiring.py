"""All steps of one terrain towards one level as a single NetworkX graph, which every profile reads its own times from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import networkx as nx
import numpy as np

from .terrain import NEVER, SHIFT, Costs, Flags, Steps, Terrain


class Wiring:
    """The steps towards offerings of ``level``, reversed, from a sink behind all of them; one column per distinct profile.

    Nodes are whole numbers: a partner, ``+ size`` the same partner as the end of a way, ``2 · size`` the sink, and
    above it (``+ 1 + partner``) a partner as the start of a way, where it has a fitting offering itself. Edges carry
    ``time`` and ``wait``: per column the time of the step and the part of it that is waited, in millionths of a day;
    None where the step is not open.
    """

    def __init__(self, terrain: Terrain, level: int, columns: Sequence[int]) -> None:
        self.terrain, self.level = terrain, level
        self._columns = np.asarray(columns, dtype=np.intp)
        self.size = len(terrain.nodes)
        self.sink = 2 * self.size
        self.graph = nx.DiGraph()
        self.graph.add_node(self.sink)
        self._opens: list[Flags] = []
        self.graph.add_edges_from(self._edges())
        self._dominators: dict[bytes, dict[int, int]] = {}

    def profile(self, column: int) -> int:
        """The profile of the terrain that a column stands for."""
        return int(self._columns[column])

    def _edges(self) -> Iterator[tuple[int, int, dict[str, list[int | None]]]]:
        size, sink = self.size, self.sink
        ends = self.terrain.ends(self.level)
        last: dict[tuple[int, int], tuple[Costs, Costs]] = {}
        for source, target, cost, wait in self._of(ends.hops):
            last[source, target + size] = cost, wait
        for step, cost, wait in self._free(ends.free):
            known = last.get(step)
            if known is not None:
                # of a hop and a free step between the same two the quicker one
                quicker = cost >> SHIFT < known[0] >> SHIFT
                cost, wait = np.where(quicker, cost, known[0]), np.where(quicker, wait, known[1])
            last[step] = cost, wait
        for source, target, cost, wait in self._of(self.terrain.between):
            yield target, source, self._told(cost, wait)
        for (source, end), (cost, wait) in last.items():
            yield end, source, self._told(cost, wait)
        reached = {end for _, end in last}
        starts = {self.terrain.index[s] for s in self.terrain.starts}
        nothing = np.zeros(len(self._columns), dtype=np.int64)
        for place, _, cost, wait in self._of(ends.there):
            if place in starts:
                reached.add(place + size)
                yield place + size, place + sink + 1, self._told(cost, wait)
                yield place, place + sink + 1, self._told(nothing, nothing)
        for end in sorted(reached):
            yield sink, end, self._told(nothing, nothing)

    def _of(self, steps: Steps) -> Iterator[tuple[int, int, Costs, Costs]]:
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

    def _told(self, cost: Costs, wait: Costs) -> dict[str, list[int | None]]:
        """The data of an edge."""
        open_ = cost < NEVER
        self._opens.append(open_)
        time = np.where(open_, cost >> SHIFT, None).tolist()
        return {"time": time, "wait": wait.tolist()}

    @cached_property
    def _open(self) -> Flags:
        """Edges × columns: which are open."""
        return np.array(self._opens, dtype=bool)

    def open_graph(self, column: int) -> nx.DiGraph:
        """The steps that are open in a column, reversed."""
        made = nx.DiGraph()
        made.add_node(self.sink)
        made.add_edges_from((u, v) for u, v, data in self.graph.edges(data=True) if data["time"][column] is not None)
        return made

    def dominators(self, column: int) -> dict[int, int]:
        """The immediate dominator of every node from which the sink is reached (Lengauer & Tarjan 1979, by NetworkX)."""
        key = self._open[:, column].tobytes()
        if key not in self._dominators:
            self._dominators[key] = nx.immediate_dominators(self.open_graph(column), self.sink)
        return self._dominators[key]
