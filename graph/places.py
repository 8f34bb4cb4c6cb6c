"""Stations and steps: where a way can pass, what is offered there, and how one gets from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..ontology.concepts import scheme
from .waiting import Source

FAMILY: Final = "rol:gezin"
_DIRECT: Final = "rechtstreekse-toegang"


@dataclass(frozen=True, slots=True)
class Node:
    """A place on a way: a partner, an initiative without partner (``aanbod:ID``) or a placeholder (``rol:slug``)."""

    id: str
    name: str
    roles: tuple[str, ...]
    entry: bool
    placeholder: bool = False
    area_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Offering:
    """An offering that serves the municipality; ages in months."""

    id: str
    name: str
    partner: str | None
    level: int | None
    access: str | None
    themes: tuple[str, ...]
    age_from: int | None
    age_until: int | None
    row: Mapping[str, Any] = field(compare=False)

    @property
    def node(self) -> str:
        """Where on the map it is offered."""
        return self.partner or f"aanbod:{self.id}"


@dataclass(frozen=True, slots=True)
class Hop:
    """One usable step between two nodes, with the conditions of its route. Handover in days."""

    source: str
    target: str
    kind: str
    route: str | None
    offering: str | None
    age_from: int | None
    age_until: int | None
    themes: tuple[str, ...]
    handover: float
    handover_given: bool
    decision: bool
    derived: bool
    warm: bool
    origin: Source | None


def stated_hop(row: Mapping[str, Any], source: str, target: str, offering: str | None, derived: bool) -> Hop:
    return Hop(
        source,
        target,
        row["kind"],
        row["id"],
        offering,
        row["age_from"],
        row["age_until"],
        tuple(row["themes"] or ()),
        row["handover_days"] or 0.0,
        row["handover_days"] is not None,
        bool(row["decision_needed"]),
        derived,
        scheme("route-kind")[row["kind"]].says("isWarm"),
        Source.of("routes", dict(row)),
    )


def implied_hop(source: str, target: str, offering: str | None) -> Hop:
    """A step that needs no registration: the family to the access or to a free offering."""
    return Hop(source, target, _DIRECT, None, offering, None, None, (), 0.0, False, False, True, False, None)
