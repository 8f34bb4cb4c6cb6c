"""For which of the region's municipalities a row of the tables counts; None is all of them."""

from __future__ import annotations

from collections.abc import Iterable

from ..material import OFFERING, ROLE, ROUTE, Material, Row

Reach = frozenset[str] | None


def of_areas(codes: Iterable[str] | None) -> Reach:
    """An empty area is unknown and taken as the whole region (CONTRACTS, section 1)."""
    found = frozenset(codes or ())
    return None if not found or found & {"regio", "landelijk"} else found


def both(one: Reach, other: Reach) -> Reach:
    """Where both count."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def of_offering(material: Material, row: Row) -> Reach:
    """The offering's own area, else its partner's."""
    if row["municipalities"]:
        return of_areas(row["municipalities"])
    return of_endpoint(material, row["partner"] or "")


def of_endpoint(material: Material, endpoint: str) -> Reach:
    """Where an endpoint counts; a role counts everywhere."""
    if endpoint.startswith(ROLE):
        return None
    if endpoint.startswith(OFFERING):
        offering = material.offerings.get(endpoint.removeprefix(OFFERING))
        return of_offering(material, offering) if offering else None
    if endpoint.startswith(ROUTE):
        route = material.routes.get(endpoint.removeprefix(ROUTE))
        return of_route(material, route) if route else None
    partner = material.partners.get(endpoint)
    return of_areas(partner["municipalities"]) if partner else None


def of_route(material: Material, row: Row) -> Reach:
    """Where both ends and the route itself count."""
    ends = both(of_endpoint(material, row["from"]), of_endpoint(material, row["to"]))
    return both(of_areas(row["municipalities"]), ends)


def of_wait(material: Material, row: Row) -> Reach:
    """Where all subjects and the wait itself count."""
    found = of_areas(row["municipalities"])
    for endpoint in row["on"]:
        found = both(found, of_endpoint(material, endpoint))
    return found


def of_partners(material: Material, partners: Iterable[str] | None) -> Reach:
    """Where all of some partners count."""
    found: Reach = None
    for partner in partners or ():
        found = both(found, of_endpoint(material, partner))
    return found
