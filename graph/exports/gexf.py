"""The network as GEXF 1.2 (https://gexf.net): Gephi, which also reads later versions."""

from __future__ import annotations

from typing import IO
from xml.etree.ElementTree import SubElement

from ..landscape import Landscape
from .network import about, network


def export(landscape: Landscape, name: str, out: IO[bytes], lang: str = "nl") -> None:
    """Write the network of :func:`network.network`; ``name`` is gexf. The same bytes for the same input."""
    from networkx.readwrite.gexf import GEXFWriter

    graph = network(landscape, lang)
    for _, _, key, values in graph.edges(keys=True, data=True):
        values["id"] = key
    writer = GEXFWriter(graph, prettyprint=False)
    # NetworkX dates a file by today's clock: the data are of their reference date
    meta = writer.xml.find("meta")
    meta.set("lastmodifieddate", landscape.settings.reference_date)
    meta.find("creator").text = "routekaart"
    SubElement(meta, "description").text = about(landscape, lang)
    writer.write(out)
