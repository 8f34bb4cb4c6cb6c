"""The core: tables in memory, stores, routes and analyses. It prints nothing and reads no partner's file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdflib import Graph

    from .landscape import Landscape


def read(path: str | Path) -> Landscape:
    """The Landscape of the build at ``path``, a folder or the URI of a database (EditionError when there is none)."""
    from .edition import open_edition

    return open_edition(path).landscape()


def open(path: str | Path) -> Graph:  # noqa: A001  # graph.open(path) reads as what it does
    """The build at ``path`` as an rdflib graph over its Oxigraph store, opened read-only.

    Counts of families below the threshold are not in it. Do not call ``len()`` on it: that counts every triple.
    """
    import pyoxigraph as ox
    from oxrdflib import OxigraphStore
    from rdflib import Graph
    from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

    from ..ontology.terms import PREFIXES
    from .edition import open_edition

    store = OxigraphStore(store=ox.Store.read_only(str(open_edition(path).store())))
    graph = Graph(store=store, identifier=DATASET_DEFAULT_GRAPH_ID)
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)
    return graph
