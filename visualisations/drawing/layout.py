"""Where everything stands on the map: columns in route order, barycentre order within (MAP, point 3).

A column is a property of a role. Ordinary life is a band along all columns, safety stands apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...graph.landscape import Landscape
from ...ontology.concepts import Scheme, scheme

BAND, APART, NOWHERE = "gewone-leven", "apart", "geen"
#: Sizes on the canvas in pixels at 100%: a node, the space around it, and the height of a heading.
GEOMETRY: Final[Mapping[str, int]] = {
    "width": 188,
    "height": 62,
    "gap_x": 40,
    "gap_y": 12,
    "heading": 46,
    "block": 26,
    "margin": 16,
}
_SWEEPS: Final = 4


@dataclass(frozen=True, slots=True)
class Spot:
    """A node with its place: ``column`` and ``block`` (its role) by slug, ``order`` within the column."""

    id: str
    column: str
    block: str
    placeholder: bool = False
    order: int = 0
    x: int = 0
    y: int = 0


def columns() -> tuple[str, ...]:
    """The columns from left to right; not the band, what stands apart, nor what is not on the map."""
    return tuple(s for s in scheme("map-column").slugs if s not in (BAND, APART, NOWHERE))


def column_of(roles: Scheme, role: str) -> str:
    """The column of a role; a role that the scheme does not know is not on the map."""
    return roles[role].data.get("mapColumn", (NOWHERE,))[0] if role in roles else NOWHERE


def home(roles: Scheme, held: Iterable[str] | None) -> tuple[str, str]:
    """(column, role) of a partner: of its roles the first in the scheme that is on the map."""
    holds = set(held or ())
    for role in roles.slugs:
        if role in holds and (column := column_of(roles, role)) != NOWHERE:
            return column, role
    return NOWHERE, ""


def placed(spots: Sequence[Spot], edges: Sequence[tuple[str, str]], landscape: Landscape) -> tuple[Spot, ...]:
    """``spots`` with their order and position; ``edges`` are pairs of node ids (``rol:slug`` for a role).

    Roles stand in blocks; blocks, and nodes within them, go in the order of the mean place of what
    they are connected to (four sweeps; ties by name and id, so the same input gives the same map).
    """
    names = landscape.names
    members: dict[str, list[Spot]] = {}
    for spot in sorted(spots, key=lambda s: (s.block, names.get(s.id, s.id), s.id)):
        members.setdefault(spot.column, []).append(spot)
    order = [c for c in (BAND, *columns(), APART) if c in members]
    neighbours = _neighbours(spots, edges)
    place = {s.id: _share(i, len(col)) for col in members.values() for i, s in enumerate(col)}
    holders: dict[str, list[str]] = {}
    for spot in spots:
        holders.setdefault(f"rol:{spot.block}", []).append(spot.id)
    for sweep in range(_SWEEPS):
        for column in order if sweep % 2 == 0 else reversed(order):
            means = {role: sum(place[i] for i in ids) / len(ids) for role, ids in holders.items()}
            members[column] = _sorted(members[column], neighbours, place, means)
            place.update((s.id, _share(i, len(members[column]))) for i, s in enumerate(members[column]))
    return tuple(
        replace(spot, order=i, x=_x(column), y=i * (GEOMETRY["height"] + GEOMETRY["gap_y"]))
        for column in order
        for i, spot in enumerate(members[column])
    )


def _neighbours(spots: Sequence[Spot], edges: Sequence[tuple[str, str]]) -> Mapping[str, list[str]]:
    by_role: dict[str, list[str]] = {}
    for spot in spots:
        by_role.setdefault(f"rol:{spot.block}", []).append(spot.id)
    found: dict[str, list[str]] = {}
    for source, target in edges:
        for here, there in ((source, target), (target, source)):
            for node in by_role.get(here, (here,)) if here.startswith("rol:") else (here,):
                found.setdefault(node, []).append(there)
    return found


def _sorted(
    column: Sequence[Spot],
    neighbours: Mapping[str, list[str]],
    place: Mapping[str, float],
    means: Mapping[str, float],
) -> list[Spot]:
    at = {**means, **place}
    pull: dict[str, float] = {}
    for spot in column:
        near = [at[n] for n in neighbours.get(spot.id, ()) if n in at]
        pull[spot.id] = sum(near) / len(near) if near else place[spot.id]
    blocks: dict[str, list[float]] = {}
    for spot in column:
        blocks.setdefault(spot.block, []).append(pull[spot.id])
    mean = {block: sum(pulls) / len(pulls) for block, pulls in blocks.items()}
    # stable: what pulls equally keeps the order by name; a placeholder stands under its block
    return sorted(column, key=lambda s: (mean[s.block], s.block, s.placeholder, pull[s.id]))


def _share(index: int, number: int) -> float:
    return (index + 0.5) / number


def _x(column: str) -> int:
    steps = (*columns(), APART)
    step = GEOMETRY["width"] + GEOMETRY["gap_x"]
    return (steps.index(column) if column in steps else 0) * step
