"""What the page knows beside the tables, as plain data: who is connected to whom, and each municipality.

Everything is named by its number: partners, offerings, routes and roles are counted on in this order,
so the first three are also the rows of their tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ...ontology.catalogue import sentences
from ...ontology.concepts import scheme
from ..drawing.content import drawing, node_of
from ..drawing.layout import APART, BAND, GEOMETRY, columns
from ..material import OFFERING, ROLE, ROUTE, Material
from ..sheets.tables import COLUMNS
from .finder import Finder, answers
from .local import Local, Offered, local

_STATES: Final = ("weken", "geen", "onbekend", "oud", "stop")


class Strings:
    """Every text once; the empty text is 0."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {"": 0}

    def __call__(self, text: str | None) -> int:
        return self._places.setdefault(text or "", len(self._places))

    def all(self) -> list[str]:
        return list(self._places)


def municipalities(material: Material) -> tuple[str, ...]:
    """The codes that can be chosen, by name; one nameless area where no municipality is known."""
    return material.landscape.region_municipalities or ("",)


def numbers(material: Material) -> dict[str, int]:
    """The number of everything that has details, by its endpoint."""
    told = [
        *material.partners,
        *(OFFERING + i for i in material.offerings),
        *(ROUTE + i for i in material.routes),
        *(ROLE + s for s in material.roles_told),
    ]
    return {endpoint: number for number, endpoint in enumerate(told)}


def content(material: Material, start: str) -> dict[str, Any]:
    """All data of the page; ``start`` is the code of the municipality on which it opens."""
    strings, number = Strings(), numbers(material)
    lang, roles = material.words.lang, material.landscape.roles
    drawn = drawing(material)
    views = [local(material, code) for code in municipalities(material)]
    finder = Finder(material, views, number)
    found: dict[str, Any] = {
        "lang": lang,
        "start": start,
        "say": _page_texts(lang),
        "tables": {name: list(keys) for name, keys in COLUMNS.items()},
        "ids": list(number),
        "roles": {ROLE + s: [roles.label(s, lang), int(s in material.roles_named)] for s in material.roles_told},
        "blocks": {n["block"]: roles.label(n["block"], lang) for n in drawn["nodes"]},
        "holds": _numbered(number, ([ROLE + s for s in row["roles"] or ()] for row in material.partners.values())),
        "offered_by": [number.get(row["partner"] or "", -1) for row in material.offerings.values()],
        "free": [i for i, row in enumerate(material.offerings.values()) if row["access"] == "vrij"],
        "routes": _numbered(number, ((row["from"], row["to"]) for row in material.routes.values())),
        "waits": _numbered(number, (row["on"] for row in material.waits_told)),
        "lines": _numbered(number, ((row["from"], row["to"]) for row in material.lines)),
        "agreements": _numbered(number, (row["partners"] or () for row in material.agreements)),
        "municipalities": [{**_local(material, view, strings, number, drawn), "finder": finder.of(view)} for view in views],
        "finder": finder.facts(),
        "answers": answers(lang),
        "columns": [_heading(material, slug, n) for n, slug in enumerate(columns(), 1)],
        "band": {"id": BAND, "label": material.words.say("map.band")},
        "apart": _heading(material, APART, None),
        "kinds": {s: scheme("route-kind").label(s, lang) for s in scheme("route-kind").slugs},
        "states": list(_STATES),
        "geometry": dict(GEOMETRY),
        "graph": {
            "nodes": _rows(drawn["nodes"]),
            "edges": _rows(drawn["edges"]),
            "options": drawn["options"],
        },
    }
    found["strings"] = strings.all()
    return found


def _page_texts(lang: str) -> dict[str, str]:
    """The sentences that the page itself fills in."""
    prefix = "map.page."
    return {key.removeprefix(prefix): said[lang] for key, said in sentences().items() if key.startswith(prefix)}


def _numbered(number: Mapping[str, int], rows: Iterable[Iterable[str]]) -> list[list[int]]:
    """Endpoints by number; -1 for one that is not there."""
    return [[number.get(endpoint, -1) for endpoint in row] for row in rows]


def _rows(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A list of objects with the names of their fields said once; 0 stands for a field that is not there."""
    names = sorted({name for item in items for name in item})
    return {"names": names, "rows": [[item.get(name, 0) for name in names] for item in items]}


def _heading(material: Material, slug: str, number: int | None) -> dict[str, Any]:
    label = scheme("map-column").label(slug, material.words.lang)
    label = label[:1].upper() + label[1:]
    return {"id": slug, "label": f"{number}. {label}" if number else label}


def _local(
    material: Material, view: Local, strings: Strings, number: Mapping[str, int], drawn: Mapping[str, Any]
) -> dict[str, Any]:
    nodes = {node["id"]: place for place, node in enumerate(drawn["nodes"])}
    edges = {edge["id"]: place for place, edge in enumerate(drawn["edges"])}
    triples = [
        place
        for source, target, route in view.edges
        if route in edges
        for ends in [(node_of(material, source), node_of(material, target))]
        if ends[0] in nodes and ends[1] in nodes
        for place in (nodes[ends[0]], nodes[ends[1]], edges[route])
    ]
    shown = {nodes[n] for n in (*view.partners, *view.initiatives) if n in nodes}
    off_partners = sum(partner not in nodes for partner in view.partners)
    off_routes = len({route for _, _, route in view.edges}) - len(set(triples[2::3]))
    offered = [o.id for _, group in view.groups for o in group]
    return {
        "code": view.code,
        "name": view.name,
        "sentences": list(view.sentences),
        "groups": [[heading, _offered(group, strings, number)] for heading, group in view.groups],
        "nodes": sorted(shown | {*triples[0::3], *triples[1::3]}),
        "edges": triples,
        "note": _off_map(material, off_partners, off_routes),
        "here": sorted(number[e] for e in (*view.partners, *(OFFERING + o for o in offered))),
    }


def _offered(group: Iterable[Offered], strings: Strings, number: Mapping[str, int]) -> list[int]:
    """Four numbers for each: the offering, where it is, its wait and how that wait is shown."""
    return [
        value for o in group for value in (number[OFFERING + o.id], strings(o.nearby), strings(o.wait), _STATES.index(o.state))
    ]


def _off_map(material: Material, partners: int, routes: int) -> str:
    words = material.words
    if not (partners or routes):
        return ""
    return words.say(
        "map.off",
        partners=words.number(partners, "count.partner", "count.partners"),
        routes=words.number(routes, "count.route", "count.routes"),
    )
