"""The graph model of the map: the one module that touches pyvis.

pyvis holds nodes, edges and options as vis-network wants them; our own page draws them. Lists are
assigned whole: ``add_node`` would drop a second node of the same id unseen and turn the id "01"
into 1, ``set_options`` would strip every space.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from pyvis.network import Network

#: Positions come from layout.py, dragging and zooming from the page's own buttons.
OPTIONS: Final[dict[str, Any]] = {
    "autoResize": False,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "dragNodes": False,
        "dragView": False,
        "zoomView": False,
        "hover": True,
        "selectConnectedEdges": False,
        "tooltipDelay": 300,
    },
    "nodes": {
        "shape": "box",
        "chosen": {"node": True, "label": False},
        "margin": 6,
        "borderWidth": 1,
        "borderWidthSelected": 3,
        "shapeProperties": {"borderRadius": 5},
        "font": {"size": 13, "face": "system-ui, sans-serif", "multi": False},
    },
    "edges": {
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.5}},
        "smooth": {"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.5},
        "font": {"size": 13, "face": "system-ui, sans-serif", "multi": False, "strokeWidth": 4},
        "chosen": {"edge": True, "label": False},
        "width": 1.2,
        "selectionWidth": 1,
        "hoverWidth": 0.4,
    },
}


class DuplicateError(ValueError):
    """Two nodes or edges share an id; ``ids`` names them."""

    def __init__(self, what: str, ids: Sequence[str]) -> None:
        self.ids = tuple(ids)
        super().__init__(f"{what} on the map share an id: {', '.join(self.ids)}")


def model(nodes: Sequence[dict[str, Any]], edges: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Nodes, edges and options as plain data for vis-network.

    Each node has ``id`` (text), ``label``, ``x`` and ``y`` (pixels); each edge ``id``, ``from`` and
    ``to``. Raises DuplicateError when an id occurs twice, KeyError when an edge has no such node.
    """
    for what, items in (("nodes", nodes), ("edges", edges)):
        twice = sorted(i for i, n in Counter(item["id"] for item in items).items() if n > 1)
        if twice:
            raise DuplicateError(what, twice)
    known = {node["id"] for node in nodes}
    loose = sorted({end for e in edges for end in (e["from"], e["to"])} - known)
    if loose:
        raise KeyError(f"edges lead to nodes that are not on the map: {', '.join(loose)}")
    net = Network(directed=True, cdn_resources="in_line")
    net.nodes, net.edges, net.options = list(nodes), list(edges), OPTIONS
    drawn_nodes, drawn_edges, _heading, _height, _width, options = net.get_network_data()
    return {"nodes": drawn_nodes, "edges": drawn_edges, "options": json.loads(options)}
