"""The k best simple paths in one exact order: days, then hops, then retellings, then ids.

Yen's algorithm (Yen 1971) over an earliest-arrival search: an A* whose bound is the exact distance
to the sink without the clock, computed once by NetworkX on the reversed graph. Both keep the total
order, because a common suffix never changes which of two prefixes comes first.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterator
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any

from ..profile import DAYS_PER_MONTH
from .routes import SINK, SOURCE, Leg, Scenario

if TYPE_CHECKING:
    import networkx as nx

Path = tuple[str, ...]
Allowed = Callable[[Leg, float], bool]


def always(leg: Leg, days: float) -> bool:
    """The clock of a static question: age limits were tested at entry."""
    return True


def clock_of(age: int | None) -> Allowed:
    """The clock of a child of ``age`` months at entry: limits are tested on arrival."""
    if age is None:
        return always
    return lambda leg, days: leg.open_at(age + days / DAYS_PER_MONTH)


def best_paths(graph: nx.DiGraph, scenario: Scenario, allowed: Allowed = always) -> Iterator[Path]:
    """Simple paths from SOURCE to SINK, best first; each a tuple of nodes with both ends included.

    ``allowed(leg, days)`` is asked on arrival, ``days`` after entry.
    """
    import networkx as nx

    bound = nx.single_source_dijkstra_path_length(graph.reverse(copy=False), SINK, weight="cost")
    search = _Search(graph, bound, scenario, allowed)
    first = search.from_prefix((SOURCE,), frozenset(), frozenset())
    if first is None:
        return
    found: list[Path] = []
    waiting = [first]
    seen = {first[1]}
    while waiting:
        _, path = heapq.heappop(waiting)
        yield path
        found.append(path)
        for place in range(len(path) - 1):
            prefix = path[: place + 1]
            taken = frozenset(p[place + 1] for p in found if p[: place + 1] == prefix)
            other = search.from_prefix(prefix, frozenset(prefix[:-1]), taken)
            if other is not None and other[1] not in seen:
                seen.add(other[1])
                heapq.heappush(waiting, other)


class _Search:
    def __init__(self, graph: nx.DiGraph, bound: dict[str, int], scenario: Scenario, allowed: Allowed) -> None:
        self._next = graph.adj
        self._bound = bound
        self._scenario = scenario
        self._allowed = allowed

    def from_prefix(self, prefix: Path, closed: Collection[str], not_first: Collection[str]) -> tuple[int, Path] | None:
        """The best path that begins with ``prefix``, avoids ``closed`` and takes none of ``not_first`` next.

        Each node is taken up once, by its best path; where that path passes the partner at which it then ends, another
        one to that end may have been dropped, and the end is sought by itself, its partner closed.
        """
        best, passed = self._found(prefix, closed, not_first, None)
        for end in passed:
            other, _ = self._found(prefix, {*closed, end.removesuffix("\x00")}, not_first, end)
            if other is not None and (best is None or other < best):
                best = other
        return best

    def _found(
        self, prefix: Path, closed: Collection[str], not_first: Collection[str], only: str | None
    ) -> tuple[tuple[int, Path] | None, set[str]]:
        """The best path found (to the end ``only``, else to any), and the ends of better ones that pass their end."""
        passed: set[str] = set()
        if prefix[-1] not in self._bound:
            return None, passed
        cost, days = 0, 0.0
        for source, target in pairwise(prefix):
            taken = taken_leg(self._next[source][target], days, self._scenario, self._allowed)
            if taken is None:
                return None, passed
            cost, days = cost + taken[0], taken[1]
        order = count()
        queue = [(cost + self._bound[prefix[-1]], prefix, next(order), cost, days)]
        settled: set[str] = set(closed)
        while queue:
            _, path, _, cost, days = heapq.heappop(queue)
            node = path[-1]
            if node == SINK:
                return (cost, path), passed
            if _passes_its_end(path):
                passed.add(node)
                continue
            if node in settled:
                continue
            settled.add(node)
            for target, edge in self._next[node].items():
                if target in settled or target not in self._bound or (path == prefix and target in not_first):
                    continue
                place = target.removesuffix("\x00")
                if place != target and (place in prefix or only not in (None, target)):
                    continue  # whatever comes between, it cannot end there
                taken = taken_leg(edge, days, self._scenario, self._allowed)
                if taken is None:
                    continue
                total = cost + taken[0]
                heapq.heappush(queue, (total + self._bound[target], (*path, target), next(order), total, taken[1]))
        return None, passed


def _passes_its_end(path: Path) -> bool:
    """Whether a path to the end of a way (:func:`routes.end_key`) was at that partner before."""
    place = path[-1].removesuffix("\x00")
    return place != path[-1] and place in path


def taken_leg(edge: dict[str, Any], days: float, scenario: Scenario, allowed: Allowed) -> tuple[int, float, Leg | None] | None:
    """(cost, arrival in days, leg) of the best leg of ``edge`` that is open on arrival; None when none is."""
    if not edge["legs"]:
        return edge["cost"], days, None
    for rank, leg in edge["legs"]:
        arrival = days + (0.0 if leg.total.closed else leg.days(scenario))
        if allowed(leg, arrival):
            return rank[0], arrival, leg
    return None


def legs_of(graph: nx.DiGraph, path: Path, scenario: Scenario, allowed: Allowed = always) -> tuple[Leg, ...]:
    """The legs of a path, without the virtual steps at its ends."""
    days, legs = 0.0, []
    for pair in pairwise(path):
        taken = taken_leg(graph.edges[pair], days, scenario, allowed)
        if taken is None:
            raise ValueError("the path is not open under this clock")
        days = taken[1]
        if taken[2] is not None:
            legs.append(taken[2])
    return tuple(legs)
