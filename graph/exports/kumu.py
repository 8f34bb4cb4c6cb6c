"""The network as a Kumu blueprint (https://docs.kumu.io/guides/import/blueprints): elements and connections in JSON.

Kumu refers to an element by its label, or by its id where it has one; both are given, and both are unique, because people
find elements by their labels and Kumu's spreadsheets know nothing else. Of several that bear one name each gets whose it is
or where it stands behind it, and its id where that is not enough. Kumu reads a description as Markdown: text of a cell is
escaped there, and stands as it is in fields of its own.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

from ...ontology.catalogue import text
from ..landscape import Landscape
from .network import SEPARATOR, network

#: Attributes of the network that Kumu has a field of its own for.
_OWN: Final = frozenset(("label", "type", "description", "relation"))
#: What Kumu's tags are made of, and which attribute it describes an element or connection by.
_TAGS: Final = ("roles", "themes", "audience", "level")
_DESCRIPTIONS: Final = ("description", "ask_for", "conditions")
#: Attributes that hold several values, which Kumu takes as lists.
_LISTS: Final = frozenset(("roles", "themes", "audience", "methods", "municipalities", "locations", "place", "other_names"))
#: Signs that mean something to Markdown or HTML.
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>()#|!~])")


def export(landscape: Landscape, name: str, out: IO[bytes], lang: str = "nl") -> None:
    """Write the network of :func:`network.network`; ``name`` is kumu."""
    graph = network(landscape, lang)
    whose = {
        target: source for source, target, values in graph.edges(data=True) if values["relation"] == text("exports.offers", lang)
    }
    labels = _labels(dict(graph.nodes(data=True)), whose)
    elements = (_element(node, labels[node], values) for node, values in graph.nodes(data=True))
    out.write(b'{"elements": [\n')
    _lines(elements, out)
    out.write(b'],\n"connections": [\n')
    _lines((_connection(source, target, key, values) for source, target, key, values in graph.edges(keys=True, data=True)), out)
    out.write(b"]}\n")


def _lines(items: Iterator[dict[str, Any]], out: IO[bytes]) -> None:
    """A list in JSON, one item on each line."""
    before = ""
    for item in items:
        out.write((before + json.dumps(item, ensure_ascii=False)).encode())
        before = ",\n"
    out.write(b"\n")


def _element(node: str, label: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": node, "label": label, "type": values["type"], **_fields(values)}


def _connection(source: str, target: str, key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    head = {"id": key, "from": source, "to": target, "type": values["label"], "direction": "directed"}
    return {**head, **_fields(values)}


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Description, tags and all other attributes."""
    made: dict[str, Any] = {}
    described = next((n for n in _DESCRIPTIONS if n in values), None)
    if described:
        made["description"] = _MARKUP.sub(r"\\\1", values[described])
    tags = [tag for name in _TAGS if name in values for tag in str(values[name]).split(SEPARATOR)]
    if tags:
        made["tags"] = list(dict.fromkeys(tags))
    for name, value in values.items():
        if name not in _OWN and name != described:
            made[name] = str(value).split(SEPARATOR) if name in _LISTS else value
    return made


def _labels(nodes: Mapping[str, Mapping[str, Any]], whose: Mapping[str, str]) -> dict[str, str]:
    """A label for each node that no other has, whatever the case of its letters; ``whose`` names who offers an offering."""
    plain = {node: " ".join(str(values["label"]).split()) or node for node, values in nodes.items()}
    behind = {node: plain[whose[node]] if node in whose else _place(nodes[node]) for node in nodes}
    placed = {node: f"{label} ({behind[node]})" if behind[node] else label for node, label in plain.items()}
    made: dict[str, str] = {}
    for given in (plain, placed):
        count = Counter(label.casefold() for node, label in given.items() if node not in made)
        taken = {label.casefold() for label in made.values()}
        made.update({n: s for n, s in given.items() if n not in made and count[s.casefold()] == 1 and s.casefold() not in taken})
    taken = {label.casefold() for label in made.values()}
    for node in (n for n in nodes if n not in made):
        label = f"{plain[node]} [{node}]"
        while label.casefold() in taken:
            label += "'"
        taken.add(label.casefold())
        made[node] = label
    return made


def _place(values: Mapping[str, Any]) -> str:
    """The place where a node stands, as far as that is one."""
    place = str(values.get("location") or values.get("locations") or values.get("municipalities") or "")
    return "" if SEPARATOR in place else place
