"""The public graph of a build as Turtle, TriG, N-Quads or JSON-LD.

TriG and N-Quads have one named graph per table, the others hold the same triples in one graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final

import pyoxigraph as ox

from ...ontology.terms import PREFIXES
from ..landscape import Landscape
from ..schema import TABLES
from ..stores.triples import Writer

FORMATS: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_WITH_GRAPHS: Final = ("trig", "nq")


def export(landscape: Landscape, name: str, out: IO[bytes], lang: str = "nl") -> None:
    """Write the landscape as format ``name`` of :data:`FORMATS`; counts below the threshold are withheld.

    RDF says every label in its own language, whatever ``lang`` is.
    """
    base = Writer(landscape).base
    prefixes = {**PREFIXES, "regio": base}
    ox.serialize(_quads(landscape, graphs=name in _WITH_GRAPHS), out, format=FORMATS[name], prefixes=prefixes)


def _quads(landscape: Landscape, *, graphs: bool) -> Iterator[ox.Quad]:
    writer = Writer(landscape)
    for table in TABLES:
        home = ox.NamedNode(f"{writer.base}graph/{table}") if graphs else ox.DefaultGraph()
        seen: set[ox.Triple] = set()
        for piece in writer.public(table):
            for quad in ox.parse(piece()[0], format=ox.RdfFormat.N_TRIPLES):
                triple = quad.triple
                if triple not in seen:
                    seen.add(triple)
                    yield ox.Quad(triple.subject, triple.predicate, triple.object, home)
