"""The many names under which HSDS 1.x, 2.x, Ohana and Open Referral UK write what HSDS 3 calls otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

from ...ontology.concepts import folded
from .model import HSDS


@dataclass(frozen=True, slots=True)
class Target:
    """A table of the model and what an old name of it says.

    ``constants`` hold for every row (a physical_address is an address of that type), ``renamed`` are columns that meant
    something else under that name.
    """

    table: str
    constants: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)


#: Old or other names of tables, folded. Plurals and singulars of our own names need not stand here.
_TABLES: Final = {
    "organisation": Target("organization"),
    "organisations": Target("organization"),
    "servicesatlocation": Target("service_at_location"),
    "servicesatlocations": Target("service_at_location"),
    "serviceatlocations": Target("service_at_location"),
    **dict.fromkeys(("physicaladdress", "physicaladdresses"), Target("address", {"address_type": "physical"})),
    **dict.fromkeys(("postaladdress", "postaladdresses"), Target("address", {"address_type": "postal"})),
    **dict.fromkeys(
        "servicetaxonomy servicestaxonomy servicetaxonomies servicetaxonomys servicestaxonomies serviceattribute "
        "serviceattributes servicesattributes".split(),
        Target("attribute", {"link_entity": "service"}),
    ),
    # in 2.x link_type named the table, in 3 link_entity does
    **dict.fromkeys(
        "otherattribute otherattributes linktaxonomy linktaxonomies linktaxonomys".split(),
        Target("attribute", renamed={"linktype": "link_entity"}),
    ),
    **dict.fromkeys("regularschedule regularschedules holidayschedule holidayschedules".split(), Target("schedule")),
    **dict.fromkeys(("eligibilities", "eligibilitys"), Target("eligibility")),
    **dict.fromkeys(("paymentaccepted", "paymentsaccepted", "paymentaccepteds"), Target("payment_accepted")),
    **dict.fromkeys(
        "accessibilityfordisabilities accessibilityfordisability accessibilities accessibilityfordisabilitiess".split(),
        Target("accessibility"),
    ),
    "fundings": Target("funding"),
    "taxonomydetail": Target("taxonomy"),
    "capacities": Target("service_capacity"),
    "additionalurls": Target("url"),
    "additionalwebsites": Target("url"),
}

#: Old or other names of columns by table, folded → the name of HSDS 3.
_COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "organization": {"url": "website", "alternatename": "alternate_name", "parentid": "parent_organization_id"},
    "service": {
        "eligibility": "eligibility_description",
        "howtoapply": "application_process",
        "applicationprocesses": "application_process",
        "website": "url",
        "minage": "minimum_age",
        "maxage": "maximum_age",
        "assureddate": "assured_date",
        "lastmodifieddate": "last_modified",
    },
    "service_area": {"servicearea": "name"},
    "attribute": {"serviceid": "link_id", "taxonomyid": "taxonomy_term_id", "taxonomydetail": "detail", "linktype": "link_type"},
    "taxonomy_term": {"term": "name", "vocabulary": "taxonomy"},
    "language": {"language": "name"},
    "accessibility": {"accessibility": "description"},
    "address": {"state": "state_province", "zip": "postal_code", "zipcode": "postal_code", "postcode": "postal_code"},
}
#: Tables that 1.x and Ohana wrote as a column of services: folded header → (table, its column).
INLINE: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "taxonomyids": ("attribute", "taxonomy_term_id"),
        "locationid": ("service_at_location", "location_id"),
        "servicearea": ("service_area", "name"),
        "serviceareas": ("service_area", "name"),
    }
)
_KNOWN: Final[Mapping[str, Target]] = {
    **{folded(name): Target(t.name) for t in HSDS.values() for name in (t.name, t.file)},
    **_TABLES,
}
#: Longer names name nothing of ours.
_LONGEST: Final = 200
#: Keys under which an API gives a page of records (HSDA: contents; Open Referral UK: content).
PAGES: Final = frozenset(("contents", "content", "data", "items", "results"))


def table_named(name: str) -> Target | None:
    """The table that a file, resource or JSON key names ("data/physical_addresses.csv", "service_at_locations"); else None."""
    return _table_named(name) if len(name) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _table_named(name: str) -> Target | None:
    stem = PurePosixPath(name.replace("\\", "/")).name
    plain = folded(re.sub(r"(?i)\.(csv|tsv|txt|json|ndjson|jsonl)$", "", stem))
    return _KNOWN.get(plain) or _KNOWN.get(re.sub(r"^hsds|\d+$", "", plain))


def column_named(target: Target, header: str) -> str | None:
    """The column of HSDS 3 that ``header`` is in a table; None where the specification knows none of that name."""
    plain = _plain(header) if len(header) <= _LONGEST else ""
    return target.renamed.get(plain) or _FOLDED[target.table].get(plain) or _COLUMNS.get(target.table, {}).get(plain)


@lru_cache(maxsize=4096)
def _plain(header: str) -> str:
    return folded(header)


_FOLDED: Final = {t.name: {folded(c): c for c in t.columns} for t in HSDS.values()}


@cache
def vocabulary() -> frozenset[str]:
    """Every name that a column of a package may have, folded: how the reader of files knows its header."""
    ours = {name for table in _FOLDED.values() for name in table}
    return frozenset(ours | {name for table in _COLUMNS.values() for name in table} | set(INLINE) | {"id"})


def taxonomy_means_terms(headers: tuple[str, ...] | frozenset[str]) -> bool:
    """Whether a table called taxonomy holds terms (1.x: parent_id, vocabulary), not taxonomies (2.0 and later)."""
    plain = {folded(h) for h in headers}
    return bool(plain & {"parentid", "parentname", "vocabulary", "term"})
