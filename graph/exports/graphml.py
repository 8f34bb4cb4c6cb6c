"""The network as GraphML (http://graphml.graphdrawing.org): yEd, Cytoscape, Gephi, igraph."""

from __future__ import annotations

from typing import IO

from ..landscape import Landscape
from .network import network


def export(landscape: Landscape, name: str, out: IO[bytes], lang: str = "nl") -> None:
    """Write the network of :func:`network.network`; ``name`` is graphml. The same bytes for the same input."""
    from networkx import write_graphml_xml

    # not write_graphml: that writes other bytes where lxml happens to be installed
    write_graphml_xml(network(landscape, lang), out, named_key_ids=False, prettyprint=False)
