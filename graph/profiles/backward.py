"""One profile and level, worked backwards from everything that fits: lead times, who passes where, and sole links.

Demand is pushed down the graph of all equally fast ways (Brandes 2008), which :mod:`wiring` takes out of the times of
:mod:`leads`; the dominators of the sink, which NetworkX finds, are the partners that every way passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import islice, pairwise, takewhile
from math import inf
from typing import Final

from ..routing.paths import best_paths
from ..routing.routes import Goal, Network
from .flow import Flow, plus
from .steps import MICRO
from .wiring import CLOSED, Wiring

#: Of a start with more equally fast ways than this (partners without wait who refer to each other), the first are used.
MOST_EQUAL: Final = 200


class Backward:
    """One column of a wiring, solved; nodes as there."""

    def __init__(self, wiring: Wiring, column: int) -> None:
        self._wiring, self._column = wiring, column
        self._terrain = wiring.terrain
        self._size, self._sink = wiring.size, wiring.sink
        fastest = wiring.fastest(column)
        self._left, self._onward, self._timeless = fastest.left, fastest.onward, fastest.timeless
        self._known: dict[str, tuple[float, Sequence[Sequence[int]]]] = {}

    # --- asking --------------------------------------------------------------------------------------
    def _start(self, start: str) -> int:
        """The node where ways from ``start`` begin."""
        return self._wiring.start(self._terrain.index[start], self._column)

    def days(self, start: str) -> float | None:
        """The expected days from ``start`` to the first appointment; None where there is no way."""
        looked_up = self._looked_up(start)
        if looked_up is not None:
            return looked_up[0] if looked_up[1] else None
        left = self._left[self._start(start)]
        return left / MICRO if left < CLOSED else None

    def flow(self, demand: Mapping[str, float], *, sole: bool = True) -> Flow:
        """Families a year (by start) pushed down all equally fast ways, each way an equal share; sole links if asked."""
        found = Flow()
        pushed: dict[int, float] = {}
        for start, families in demand.items():
            place = self._start(start)
            if self._left[place] >= CLOSED or not families:
                continue
            looked_up = self._looked_up(start)
            if looked_up is not None and not looked_up[1]:
                continue
            if looked_up is not None:
                self._along(found, looked_up[1], families)
                found.cut += len(looked_up[1]) >= MOST_EQUAL
                found.total_days += families * looked_up[0]
            else:
                pushed[place] = pushed.get(place, 0.0) + families
                found.total_days += families * self._left[place] / MICRO
            found.routed += families
            for node in self._wiring.passed_always(place, self._column) if sole else ():
                plus(found.sole, self._terrain.nodes[node], families)
        self._push(found, pushed)
        return found

    def _push(self, found: Flow, pushed: Mapping[int, float]) -> None:
        """Demand pushed down the graph of equally fast ways (Brandes 2008, shares by the number of ways)."""
        order, ways, waited, sink = self._order, self._ways, self._waited_at, self._sink
        for place, families in pushed.items():
            mask = waited[place]
            while mask:
                bit = mask & -mask
                plus(found.waiting, self._terrain.nodes[bit.bit_length() - 1], families)
                mask ^= bit
        at = dict(pushed)
        for node in order:
            families = at.get(node, 0.0)
            if not families or node == sink:
                continue
            for after, wait in self._onward[node].items():
                share = families * ways[after] / ways[node]
                at[after] = at.get(after, 0.0) + share
                self._count(found, node, after, share, wait)

    def _count(self, found: Flow, node: int, after: int, share: float, wait: int) -> None:
        """Book ``share`` families on one step of their ways, behind which they wait (millionths of a day)."""
        if after == self._sink:
            return
        name = self._name(after)
        if wait:
            plus(found.days, name, share * wait / MICRO)
        if after >= self._size:
            plus(found.arriving, name, share)
        elif node < self._size:
            plus(found.through, name, share)
        if self._name(node) != name:
            pair = self._name(node), name
            found.steps[pair] = found.steps.get(pair, 0.0) + share

    def _name(self, node: int) -> str:
        return self._terrain.nodes[self._wiring.partner(node)]

    # --- the graph of equally fast ways --------------------------------------------------------------
    @cached_property
    def _order(self) -> list[int]:
        """The nodes with a way, each before those that come after it on a fastest way; empty where there are circles."""
        size, sink, left = self._size, self._sink, self._left
        rank: dict[int, int] = {}
        if self._timeless:
            still: TopologicalSorter[int] = TopologicalSorter()
            for node, after in self._timeless:
                still.add(after, node)
            try:
                rank = {node: n for n, node in enumerate(still.static_order())}
            except CycleError:
                return []
        # a start comes before its partner, that before its end, that before the sink, where no time passes between them
        stage = {node: 0 if node > sink else 1 if node < size else 2 if node < sink else 3 for node in self._onward}
        return sorted(self._onward, key=lambda node: (-left[node], stage[node], rank.get(node, 0)))

    @cached_property
    def _ways(self) -> dict[int, int]:
        """The number of equally fast ways from each node."""
        ways = {self._sink: 1}
        for node in reversed(self._order):
            if node != self._sink:
                ways[node] = sum([ways[after] for after in self._onward[node]])
        return ways

    @cached_property
    def _waited_at(self) -> dict[int, int]:
        """The partners that some fastest way from each node waits at, as bits."""
        found = {self._sink: 0}
        for node in reversed(self._order):
            if node == self._sink:
                continue
            mask = 0
            for after, wait in self._onward[node].items():
                mask |= found[after]
                if wait:
                    mask |= 1 << (after % self._size)
            found[node] = mask
        return found

    # --- ways that must be looked up one by one ------------------------------------------------------
    def _looked_up(self, start: str) -> tuple[float, Sequence[Sequence[int]]] | None:
        """(days, ways) of a start where the graph of fastest ways does not tell; None where it does.

        It does not where partners without wait refer to each other in a circle, or where a way would pass the
        partner at which it ends (a route with a wait of its own can make that quicker). No ways: there is no other.
        """
        place = self._start(start)
        doubtful = bool(self._timeless) or bool(self._terrain.special_targets)
        if not doubtful or self._left[place] >= CLOSED or (self._order and not self._passes_its_end(place)):
            return None
        if start not in self._known:
            self._known[start] = self._enumerated(start)
        return self._known[start]

    def _passes_its_end(self, place: int) -> bool:
        """Whether some fastest way from ``place`` goes on to end at a partner that it has passed (there are no circles)."""
        return bool(self._coming_back) and not self._coming_back.isdisjoint(self._near(place, frozenset()))

    @cached_property
    def _coming_back(self) -> frozenset[int]:
        """The partners from which a fastest way goes on to end there."""
        return frozenset(
            n for n in self._ends_too if any(n + self._size in self._onward[m] for m in self._near(n, frozenset({n})))
        )

    @cached_property
    def _ends_too(self) -> frozenset[int]:
        """The partners that are both passed and ended at on fastest ways, where a way could do both."""
        both = frozenset(n for n in self._onward if n < self._size and n + self._size in self._onward)
        return both if self._timeless else both & self._terrain.special_targets

    def _enumerated(self, start: str) -> tuple[float, Sequence[Sequence[int]]]:
        """(days, ways) of a start, its equally fast simple ways written out; a way passes no partner and ends there too."""
        place = self._start(start)
        simple = list(islice(self._simple((place,), frozenset({place} if place < self._size else ())), MOST_EQUAL))
        if simple:
            return self._left[place] / MICRO, simple
        return self._slower(start)

    def _simple(self, way: tuple[int, ...], passed: frozenset[int]) -> Iterator[tuple[int, ...]]:
        """Every equally fast way that begins with ``way`` and passes or ends at each partner once; no dead end is tried."""
        for after in self._onward[way[-1]]:
            if after == self._sink:
                yield way
            elif after >= self._size:
                if after - self._size not in passed:
                    yield from self._simple((*way, after), passed)
            elif after not in passed and self._leads_on(after, passed | {after}):
                yield from self._simple((*way, after), passed | {after})

    def _leads_on(self, node: int, passed: frozenset[int]) -> bool:
        """Whether a way goes on from ``node`` to an end that it does not pass, without partners that were passed."""
        near = self._near(node, passed)
        ends = {after for n in near for after in self._onward[n] if self._size <= after < self._sink}
        return any(
            end - self._size not in near or any(end in self._onward[n] for n in self._near(node, passed | {end - self._size}))
            for end in ends
            if end - self._size not in passed
        )

    def _near(self, node: int, passed: frozenset[int]) -> set[int]:
        """The partners that fastest ways from ``node`` lead to without those that were passed."""
        near, todo = {node}, [node]
        while todo:
            new = [a for a in self._onward[todo.pop()] if a < self._size and a not in passed and a not in near]
            near.update(new)
            todo += new
        return near

    def _slower(self, start: str) -> tuple[float, Sequence[Sequence[int]]]:
        """(days, ways) of a start whose every fastest way passes its own end: the best other ones, which may be none."""
        network = Network(self._terrain.locale, self._terrain.profiles[self._wiring.profile(self._column)], clock=False)
        graph = network.towards(Goal(level=self._wiring.level), [start], self._terrain.scenario)
        least: list[int] = []

        def equal(path: tuple[str, ...]) -> bool:
            least.append(sum(graph.edges[pair]["cost"] // 10**9 for pair in pairwise(path)))
            return least[-1] == least[0] and len(least) <= MOST_EQUAL

        ways = [
            [self._terrain.index[n.removesuffix("\x00")] + (self._size if n.endswith("\x00") else 0) for n in path[1:-1]]
            for path in takewhile(equal, best_paths(graph, self._terrain.scenario))
        ]
        # who ends where it starts, is there already
        if not ways:
            return inf, ()
        return least[0] / MICRO, [w if len(w) > 1 else [w[0] - self._size + self._sink + 1, *w] for w in ways]

    def _along(self, found: Flow, ways: Sequence[Sequence[int]], families: float) -> None:
        """Book ``families`` on ways that were written out, an equal share on each."""
        waits: set[str] = set()
        for way in ways:
            for node, after in pairwise(way):
                wait = self._wiring.wait(node, after, self._column)
                self._count(found, node, after, families / len(ways), wait)
                if wait:
                    waits.add(self._name(after))
        for name in waits:
            plus(found.waiting, name, families)
