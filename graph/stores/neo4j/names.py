"""What things are called in a property graph: labels, relationship types and properties, declared once as data.

A row is a node with the label of its table; its cells are properties with the names of the schema's columns. What a cell
refers to is a relationship as well. Two shortcuts stand beside the rows that they follow from, so that a plain question
needs no detour: a route is a ``VERWIJST_NAAR``, a line a ``HEEFT_LIJN_MET``.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ...schema import TABLES, Column, Kind, Table

MARK: Final = "Routekaart"
"""Every node of ours has this label, and nothing else of a database is ever touched."""
LISTED: Final = "Concept"
"""Second label of nodes that come from a fixed list (roles, themes, outcomes, areas, municipalities) instead of a row."""
WITHHELD: Final = "Withheld"
"""Label of the nodes that hold counts of families below the threshold; written only when that is asked for."""

KEY: Final = "key"
"""Property that makes a node unique in its database: the region's id and the path of its IRI."""
IRI, REGION, EDITION, HASH = "iri", "region", "edition", "hash"
#: Properties that we add to those of the schema.
OWN: Final = (KEY, IRI, REGION, EDITION, HASH)
SUPPRESSED: Final = "withheld"
"""Property that names the columns of a row whose count is too small to show."""
OWNER: Final = "of"
"""Property of a shortcut: the key of the row that it follows from."""
#: Of the node of an edition: whether its push is not done, what ``check`` said, a hash of all of it, how many counts stay
#: out, and the format.
INCOMPLETE, REPORT, DIGEST, LEFT_OUT, FORMATTED = "incomplete", "report", "digest", "counts_left_out", "format"
PLACE: Final = "place"
"""Property of a relationship of a chain: 1 for its first endpoint."""

#: Labels of the classes of other people's ontologies; our own classes are called as they are.
_LABELS: Final = MappingProxyType(
    {
        "cv:PublicOrganisation": "Municipality",
        "org:Organization": "Partner",
        "cpsv:PublicService": "Offering",
        "prov:Entity": "Source",
    }
)

#: Relationship type by the property of the ontology that it stands for.
TYPES: Final = MappingProxyType(
    {
        "role": "HEEFT_ROL",
        "theme": "HEEFT_THEMA",
        "serves": "BEDIENT",
        "locatedIn": "GEVESTIGD_IN",
        "org:subOrganizationOf": "ONDERDEEL_VAN",
        "offeredBy": "AANGEBODEN_DOOR",
        "from": "VAN",
        "to": "NAAR",
        "forMunicipality": "VOOR_GEMEENTE",
        "waitOn": "WACHT_OP",
        "between": "TUSSEN",
        "entry": "INSTAP",
        "matchedTo": "GEKOPPELD_AAN",
        "confirms": "BEVESTIGT",
        "dct:spatial": "OMVAT",
        "skos:broader": "VALT_ONDER",
    }
)

_REFERRING: Final = frozenset(
    {Kind.MUNICIPALITY, Kind.MUNICIPALITIES, Kind.PARTNER, Kind.PARTNERS, Kind.ENDPOINT, Kind.DESTINATION, Kind.CHAIN}
)
#: Concepts that are nodes of their own; all others are words that a property says.
_SCHEMES: Final = ("role", "theme")


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A relationship between the two ends of a row, with some of its cells."""

    table: str
    type: str
    properties: tuple[str, ...]


SHORTCUTS: Final = (
    Shortcut(
        "routes",
        "VERWIJST_NAAR",
        ("id", "kind", "municipalities", "age_from", "age_until", "themes", "decision_needed", "handover_days", "per_year"),
    ),
    Shortcut("lines", "HEEFT_LIJN_MET", ("id", "strength", "fixed_contact", "since")),
)
"""Of routes only those of a kind that moves families."""


def label(table: Table) -> str:
    """The label of the rows of ``table``."""
    return _LABELS.get(table.term, table.term)


def links(table: Table) -> tuple[Column, ...]:
    """The columns whose cells are relationships as well."""
    return tuple(
        c
        for c in table.stored
        if (c.kind in _REFERRING and c.name != table.key) or (c.scheme in _SCHEMES and c.kind in (Kind.CONCEPT, Kind.CONCEPTS))
    )


def type_of(column: Column) -> str:
    """The relationship type of a column that links (KeyError for another)."""
    return TYPES[column.term]


def relationship_types() -> tuple[str, ...]:
    """Every type that we write, by name."""
    used = {type_of(c) for t in TABLES.values() for c in links(t)}
    return tuple(sorted(used | {s.type for s in SHORTCUTS}))


def listed_label(scheme_name: str) -> str:
    """The label of the concepts of one scheme: ``route-kind`` is ``RouteKind``."""
    return "".join(word.capitalize() for word in scheme_name.split("-"))


def listed_schemes() -> tuple[str, ...]:
    """The schemes whose concepts are nodes, so that a question can tell their labels: all that a column uses."""
    used = {c.scheme for t in TABLES.values() for c in t.stored if c.scheme}
    return tuple(sorted(used | {"outcome", "area"}))


def labels() -> tuple[str, ...]:
    """Every label that tells what a node is, by name."""
    return tuple(sorted({label(t) for t in TABLES.values()} | {listed_label(s) for s in listed_schemes()} | {WITHHELD}))
