"""The best simple ways where a way could pass the partner at which it ends: every end apart, then the best of all.

A route with a wait of its own can make it quicker to pass a partner and come back to it than to end there at once; the
search of :mod:`paths` then drops ways that are simple, because it takes up each partner once.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from itertools import pairwise
from typing import TYPE_CHECKING

from .paths import Allowed, Path, always, best_paths, taken_leg
from .routes import SINK, Scenario

if TYPE_CHECKING:
    import networkx as nx


def best_ways(graph: nx.DiGraph, scenario: Scenario, allowed: Allowed = always) -> Iterator[Path]:
    """As :func:`paths.best_paths`, exact whatever waits routes have; ``graph`` leads to offerings (their ends before SINK)."""
    return (path for _, path in merge(*(_to(graph, end, scenario, allowed) for end in graph.pred[SINK])))


def _to(graph: nx.DiGraph, end: str, scenario: Scenario, allowed: Allowed) -> Iterator[tuple[int, Path]]:
    """(cost, way) of all ways to one end, best first: who ends there has not passed there."""
    import networkx as nx

    alone = nx.DiGraph(graph)
    alone.remove_edges_from([(other, SINK) for other in graph.pred[SINK] if other != end])
    alone.remove_nodes_from([end.removesuffix("\x00")])
    for path in best_paths(alone, scenario, allowed):
        yield _cost(alone, path, scenario, allowed), path


def _cost(graph: nx.DiGraph, path: Path, scenario: Scenario, allowed: Allowed) -> int:
    cost, days = 0, 0.0
    for pair in pairwise(path):
        taken = taken_leg(graph.edges[pair], days, scenario, allowed)
        if taken is None:
            raise ValueError("the path is not open under this clock")
        cost, days = cost + taken[0], taken[1]
    return cost
