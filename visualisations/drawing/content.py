"""What is drawn on the map: partners, initiatives and roles as nodes, routes as arrows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from ...graph.waiting import STATEMENT, STOP
from ..material import OFFERING, ROLE, Material, Row
from .layout import BAND, NOWHERE, Spot, column_of, home, placed

_LABEL: Final = 44  # characters: more does not fit in two lines at 14 px, then the short name stands for it
_LIGHTEST: Final = "0"
_SHOWN: Final = ("aanmeldwachttijd", "totaal")


def drawing(material: Material) -> dict[str, Any]:
    """Nodes, edges and options for vis-network, over the whole region; the page takes its pick from them."""
    # pyvis takes a quarter of a second to import, and a report needs only the words below
    from .network import model

    spots = _spots(material)
    on_map = {s.id for s in spots}
    stored = [
        (row, source, target)
        for row in material.valid_routes
        for source, target in [(node_of(material, row["from"]), node_of(material, row["to"]))]
        if source in on_map and target in on_map and source != target
    ]
    spots_placed = placed(spots, [(source, target) for _, source, target in stored], material.landscape)
    return model(
        [_node(material, spot) for spot in spots_placed],
        [{"id": row["id"], "from": source, "to": target, "kind": row["kind"]} for row, source, target in stored],
    )


def node_of(material: Material, endpoint: str) -> str:
    """The node that stands for an endpoint: of an offering its partner, or itself where it has none."""
    if endpoint.startswith(OFFERING):
        offering = material.offerings.get(endpoint.removeprefix(OFFERING))
        return str(offering["partner"]) if offering and offering["partner"] else endpoint
    return endpoint


def _spots(material: Material) -> list[Spot]:
    roles = material.landscape.roles
    found = [Spot(row["id"], *home(roles, row["roles"])) for row in material.partners.values()]
    found += [
        # ordinary life also has what nobody runs; a heavier offering without partner has no column
        Spot(OFFERING + row["id"], BAND, "informeel")
        for row in material.offerings.values()
        if not row["partner"] and row["level"] == _LIGHTEST and material.valid(row)
    ]
    found += [Spot(ROLE + slug, column_of(roles, slug), slug, placeholder=True) for slug in material.roles_named]
    return [spot for spot in found if spot.column != NOWHERE]


def _node(material: Material, spot: Spot) -> dict[str, Any]:
    node: dict[str, Any] = {
        "id": spot.id,
        "label": _label(material, spot.id),
        "x": spot.x,
        "y": spot.y,
        "group": spot.column,
        "block": spot.block,
        "order": spot.order,
    }
    wait = None if spot.placeholder else node_wait(material, spot.id)
    return node | ({"placeholder": 1} if spot.placeholder else {}) | ({"sub": wait} if wait else {})


def _label(material: Material, node: str) -> str:
    name = material.name(node)
    partner = material.partners.get(node)
    return str(partner["short_name"]) if partner and partner["short_name"] and len(name) > _LABEL else name


def node_wait(material: Material, node: str) -> str | None:
    """The waits registered on a node and its offerings in a few words; None where none is registered."""
    subjects = [node, *(OFFERING + o["id"] for o in material.offerings_of.get(node, ()))]
    return waits_said(material, [row for subject in subjects for row in material.waits_on.get(subject, ())])


def shown_waits(waits: Iterable[Row]) -> Iterator[Row]:
    """The waits that a node shows: to the first appointment, of itself, and not replaced by a newer one."""
    for row in waits:
        if len(row["on"]) == 1 and row["state"] != STATEMENT and row["kind"] in _SHOWN and not row["replaced"]:
            yield row


def waits_said(material: Material, waits: Iterable[Row]) -> str | None:
    """The waits of one node in a few words: those that count for the first appointment, as far as they still do."""
    say = material.words.say
    rows = list(shown_waits(waits))
    current = [row for row in rows if not row["outdated"]]
    if not current:
        return say("node.outdated") if rows else None
    numbers = [row for row in current if row["days_low"] is not None]
    stops = any(row["state"] == STOP for row in current)
    if stops:
        return say("map.partly_closed") if numbers else say("wait.closed")
    return _span(material, numbers) if numbers else say("wait.unknown")


def _span(material: Material, rows: list[Row]) -> str:
    """From the shortest to the longest in whole weeks; "or longer" where some wait has no upper end."""
    ends = [row["days_low"] if row["days_high"] is None else row["days_high"] for row in rows]
    if any(row["days_high"] is None for row in rows):
        return material.words.weeks(max(ends), None, whole=True)
    return material.words.weeks(min(row["days_low"] for row in rows), max(ends), whole=True)
