"""The Human Services Data Specification, declared once as data: its tables, their columns and what refers to what.

Names are those of HSDS 3 (openreferral/specification, 3.0 and 3.1) and of what 2.x had besides; older names
for the same things are in dialect.py. What ``carried`` names goes on to our tables, all else is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class HsdsTable:
    """One table of HSDS.

    ``name`` is its schema's name, ``file`` what its CSV is called. ``carried`` columns reach our tables,
    ``columns`` are all that the specification knows. ``links`` says which table a column refers to.
    A record of a ``shared`` table may hang under several others in JSON: it is told apart by its links too.
    """

    name: str
    file: str
    carried: tuple[str, ...]
    also: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    shared: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.carried, *(c for c in self.also if c not in self.carried))

    @property
    def used(self) -> bool:
        """Whether anything of the table reaches our tables."""
        return bool(self.carried)


_LINKS: Final = {
    f"{name}_id": name
    for name in "organization program service location service_at_location contact phone taxonomy_term taxonomy unit".split()
}


def _table(name: str, file: str, carried: str, also: str = "", *, shared: bool = False, **links: str) -> HsdsTable:
    found = {c: _LINKS[c] for c in (*carried.split(), *also.split()) if c in _LINKS}
    return HsdsTable(name, file, tuple(carried.split()), ("id", *also.split()), MappingProxyType({**found, **links}), shared)


_DECLARED: Final = (
    _table(
        "organization",
        "organizations",
        "id name alternate_name description email website parent_organization_id",
        "tax_status tax_id year_incorporated legal_status logo uri",
        parent_organization_id="organization",
    ),
    _table("program", "programs", "", "organization_id name alternate_name description"),
    _table(
        "service",
        "services",
        "id organization_id name alternate_name description url email status application_process fees_description fees "
        "wait_time eligibility_description minimum_age maximum_age assured_date last_modified alert",
        "program_id interpretation_services accreditations licenses assurer_email",
    ),
    _table("service_at_location", "service_at_location", "id service_id location_id", "description", shared=True),
    _table(
        "location",
        "locations",
        "id location_type organization_id",
        "url name alternate_name description transportation latitude longitude external_identifier external_identifier_type",
    ),
    _table(
        "address",
        "addresses",
        "location_id city country address_type",
        "attention address_1 address_2 address_3 address_4 region state_province postal_code",
        shared=True,
    ),
    _table(
        "service_area",
        "service_areas",
        "service_id name description extent extent_type uri",
        "service_at_location_id",
        shared=True,
    ),
    _table("attribute", "attributes", "link_id link_entity taxonomy_term_id value", "link_type label detail", shared=True),
    _table(
        "taxonomy_term",
        "taxonomy_terms",
        "id code name parent_id",
        "description taxonomy language taxonomy_id term_uri parent_name",
        parent_id="taxonomy_term",
    ),
    _table("taxonomy", "taxonomies", "", "name description uri version"),
    _table(
        "cost_option",
        "cost_options",
        "service_id valid_from valid_to option currency amount amount_description",
        shared=True,
    ),
    _table(
        "organization_identifier",
        "organization_identifiers",
        "organization_id identifier_scheme identifier_type identifier",
        shared=True,
    ),
    _table("eligibility", "eligibility", "service_id eligibility minimum_age maximum_age", shared=True),
    # counted, never loaded
    _table(
        "contact", "contacts", "", "organization_id service_id service_at_location_id location_id name title department email"
    ),
    _table(
        "phone",
        "phones",
        "",
        "location_id service_id organization_id contact_id service_at_location_id number extension type description "
        "language department",
    ),
    _table(
        "schedule",
        "schedules",
        "",
        "service_id location_id service_at_location_id valid_from valid_to dtstart timezone until count wkst freq interval "
        "byday byweekno bymonthday byyearday description opens_at closes_at schedule_link attending_type notes weekday "
        "closed start_date end_date",
    ),
    _table("funding", "funding", "", "organization_id service_id source"),
    _table("required_document", "required_documents", "", "service_id document uri"),
    _table("language", "languages", "", "service_id location_id phone_id name code note"),
    _table("accessibility", "accessibility", "", "location_id description details url"),
    _table("payment_accepted", "payments_accepted", "", "service_id payment"),
    _table("url", "urls", "", "organization_id service_id label url"),
    _table("service_capacity", "service_capacities", "", "service_id unit_id available maximum description updated"),
    _table("unit", "units", "", "name scheme identifier uri"),
    _table(
        "metadata",
        "metadata",
        "",
        "resource_id resource_type last_action_date last_action_type field_name previous_value replacement_value updated_by",
    ),
    _table("meta_table_description", "meta_table_descriptions", "", "name language character_set"),
)
HSDS: Final[Mapping[str, HsdsTable]] = MappingProxyType({t.name: t for t in _DECLARED})

#: The columns of each table, as a set.
KNOWN: Final[Mapping[str, frozenset[str]]] = MappingProxyType({t.name: frozenset(t.columns) for t in _DECLARED})

#: Links whose other column names the table: (column, column that names it).
OPEN_LINKS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {"attribute": ("link_id", "link_entity"), "metadata": ("resource_id", "resource_type")}
)
#: What a document by itself can be.
ROOTS: Final = ("service", "organization", "location", "service_at_location", "taxonomy_term", "taxonomy", "program")

#: Values of service.status by what becomes of the service (specification: enum of service.status).
CLOSED: Final = frozenset(("inactive", "defunct"))
PAUSED: Final = "temporarilyclosed"
OPEN: Final = "active"
