"""Records of HSDS → sheets of our tables: partners, aanbod and wachttijden, cells as text under the names of their source.

The sheets go the way of every other: the same parsers, privacy screening, findings and counts. Rows keep the place of the
record they come from. What is put apart before that (a service that has ended, or of an organisation that is absent) is
counted with its table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from ...ontology.concepts import Scheme, folded, slugged
from ..files.sheet import ROW, Sheet
from ..findings import Finding
from . import dangling as links
from .accounts import Statuses, accounts
from .concepts import Concepts
from .ids import as_ours, with_plain_ids
from .model import CLOSED, OPEN, PAUSED
from .offerings import offerings
from .partners import partners, standing
from .places import Area, Places
from .records import FILE, SHEET, Account, Records
from .telling import told
from .waiting import waits


@dataclass(frozen=True, slots=True)
class Made:
    """A sheet of one of our tables (English name).

    ``columns`` says per header which column of ours it is; ``apart`` is the number of records that the source has
    beside the rows of the sheet and that were put apart.
    """

    table: str
    sheet: Sheet
    columns: Mapping[str, str]
    digest: str | None
    apart: int = 0


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a source gives: sheets, findings, and what became of the records of each of its tables."""

    sheets: tuple[Made, ...]
    findings: tuple[Finding, ...]
    accounts: tuple[Account, ...]


def mapped(records: Records, area: Area, schemes: Callable[[str], Scheme]) -> Mapped:
    """Map one source. ``area`` reads a place name (codes, or None), ``schemes`` gives the region's concept schemes."""
    if records.refused:
        return Mapped((), tuple(records.findings), ())
    with_plain_ids(records)
    findings = [*records.findings, *links.dangling(records)]
    places = Places(area)
    cities = Places(area)
    concepts = Concepts(records, schemes)
    services, apart = _divided(records)
    statuses = Statuses(records, services)
    stands = standing(records, cities)
    made_partners = partners(records, stands, statuses, findings)
    made_offerings = offerings(records, services, places, stands, concepts, statuses)
    made_waits, made_offerings = waits(made_offerings, findings)
    findings += told(records, places, cities, concepts, services, made_offerings)
    sheets = (
        *_sheets("partners", made_partners, _PARTNERS, records),
        *_sheets("offerings", made_offerings, _OFFERINGS, records, apart),
        *_sheets("waits", made_waits, _WAITS, records),
    )
    found, closing = accounts(records, statuses)
    return Mapped(sheets, (*findings, *closing), found)


def _divided(records: Records) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Services with what is thought of them (in the column state), and those of them that are put apart."""
    frame = records["service"]
    status = pl.col("status").map_elements(folded, return_dtype=pl.String)
    state = (
        pl.when(pl.Series("orphan", links.absent(records, "service", "organization_id")))
        .then(pl.lit("orphan"))
        .when(status.is_in(sorted(CLOSED)))
        .then(pl.lit("closed"))
        .when(status == PAUSED)
        .then(pl.lit("paused"))
        .when(status.is_null() | (status == OPEN))
        .then(pl.lit("open"))
        .otherwise(pl.lit("unsure"))
    )
    services = frame.with_columns(state.alias("\x00state"))
    return services, services.filter(pl.col("\x00state").is_in(["orphan", "closed"]))


# --- frames → sheets -----------------------------------------------------------------------------
#: Header as the source calls it → our column. What is put together from several goes under the first.
_PARTNERS: Final = {
    "id": "id",
    "name": "naam",
    "alternate_name": "andere_namen",
    "website": "website",
    "email": "contact",
    "parent_organization_id": "onderdeel_van",
    "addresses.city": "vestigingen",
    "organization_identifiers.kvk": "kvk",
    "organization_identifiers.agb": "agb",
    "description": "opmerking",
}
_OFFERINGS: Final = {
    "id": "id",
    "organization_id": "partner",
    "name": "naam",
    "description": "omschrijving",
    "attributes.theme": "themas",
    "attributes.method": "werkwijzen",
    "attributes.audience": "doelgroep",
    "minimum_age": "leeftijd_van",
    "maximum_age": "leeftijd_tm",
    "service_areas": "gemeenten",
    "locations.location_type": "plek",
    "addresses.city": "vestiging",
    "application_process": "aanmelden",
    "fees_description": "kosten",
    "last_modified": "bron_datum",
    "assured_date": "geverifieerd_op",
    "alert": "opmerking",
}
_WAITS: Final = {
    "id": "op",
    "kind": "soort",
    "wait_time": "waarde",
    "last_modified": "peildatum",
    "remark": "opmerking",
}
_REFERENCES: Final = {
    "partners": {"id": "organization", "parent_organization_id": "organization"},
    "offerings": {"id": "service", "organization_id": "organization"},
    "waits": {"id": "service"},
}


def _sheets(
    table: str, frame: pl.DataFrame, columns: Mapping[str, str], records: Records, apart: pl.DataFrame | None = None
) -> list[Made]:
    """The rows of a table as a sheet for each file and place in it that they come from."""
    made = []
    prefix = slugged(records.prefix)
    frame = frame.with_columns(as_ours(c, prefix) for c in _REFERENCES[table] if c in frame.columns)
    if table == "waits":
        frame = frame.with_columns("aanbod:" + pl.col("id"))
    filled = {h: c for h, c in columns.items() if h in frame.columns and (frame[h].count() or h in ("id", "name"))}
    rows = frame.select(*(pl.col(h) for h in filled), FILE, SHEET, ROW)
    homes = rows.select(FILE, SHEET) if apart is None else pl.concat([rows.select(FILE, SHEET), apart.select(FILE, SHEET)])
    for file, sheet in homes.unique().sort(FILE, SHEET, nulls_last=True).iter_rows():
        here = (pl.col(FILE) == file) & pl.col(SHEET).eq_missing(pl.lit(sheet, dtype=pl.String))
        own = rows.filter(here).drop(FILE, SHEET)
        # one file may give offerings and waits: a source of its own for each
        name = " · ".join(filter(None, (sheet, "wait_time"))) if table == "waits" else sheet
        number = 0 if apart is None else apart.filter(here).height
        made.append(Made(table, Sheet(file, name, tuple(filled), own), filled, records.digests.get(file), number))
    return made
