"""Organisations → partners: names, where they stand, what they are part of, their numbers in registers."""

from __future__ import annotations

from typing import Final

import polars as pl

from ...ontology.concepts import folded
from ..files.sheet import ROW
from ..findings import Finding
from . import dangling as links
from .accounts import Statuses
from .places import Places
from .records import FILE, SHEET, Records
from .wording import plain_text

#: Names under which a Dutch register is written, folded; NL-KVK is its code at org-id.guide.
_REGISTERS: Final = {
    "kvk": frozenset("kvk nlkvk kvknummer kvknumber kamervankoophandel handelsregister chamberofcommerce kvknr".split()),
    "agb": frozenset("agb nlagb agbcode agbnummer vektisagb".split()),
}
_DUTCH: Final = frozenset("nl nld nederland netherlands thenetherlands".split())


def partners(records: Records, standing: pl.DataFrame, statuses: Statuses, findings: list[Finding]) -> pl.DataFrame:
    """A row for each organisation, under the headers of its source."""
    frame = records["organization"].with_columns(plain_text("description"), plain_text("name"), plain_text("alternate_name"))
    frame = _parents(records, frame, findings)
    frame = frame.join(_mail(records), on="id", how="left", maintain_order="left").with_columns(
        pl.coalesce("email", "\x00mail").alias("email")
    )
    for name, numbers in _numbers(records, statuses).items():
        frame = frame.join(numbers, on="id", how="left", maintain_order="left").rename(
            {"\x00number": f"organization_identifiers.{name}"}
        )
    return frame.join(_cities(records, standing, statuses), on="id", how="left", maintain_order="left")


def _parents(records: Records, frame: pl.DataFrame, findings: list[Finding]) -> pl.DataFrame:
    """onderdeel_van without references to nothing and without circles."""
    gone = links.absent(records, "organization", "parent_organization_id")
    circle = links.in_circle(links.pairs(frame, "id", "parent_organization_id"))
    wrong = frame.filter(pl.col("id").is_in(sorted(circle)))
    if wrong.height:
        file, sheet, row = wrong.select(FILE, SHEET, ROW).row(0)
        names = "; ".join(sorted(wrong["name"].drop_nulls().unique())[:10])
        findings.append(
            Finding(
                "hsds-parent-circle",
                file,
                sheet,
                row,
                "parent_organization_id",
                values=(("number", wrong.height), ("names", names)),
            )
        )
    loose = pl.Series("\x00gone", gone) | pl.col("id").is_in(sorted(circle)).fill_null(value=False)
    parent = pl.when(~loose).then("parent_organization_id").alias("parent_organization_id")
    return frame.with_columns(parent)


def _mail(records: Records) -> pl.DataFrame:
    """The address of an organisation's services, where all of them that have one have the same."""
    rows = records["service"].select(id="organization_id", mail="email").drop_nulls()
    return (
        rows.group_by("id")
        .agg(pl.col("mail").unique().alias("mails"))
        .filter(pl.col("mails").list.len() == 1)
        .select("id", pl.col("mails").list.first().alias("\x00mail"))
    )


def _numbers(records: Records, statuses: Statuses) -> dict[str, pl.DataFrame]:
    """Register numbers by organisation: the first of each register counts."""
    rows = records["organization_identifier"].with_row_index("\x00index")
    present = ~links.absent(records, "organization_identifier", "organization_id")
    made = {}
    for name, known in _REGISTERS.items():
        written = [pl.col(c).map_elements(folded, return_dtype=pl.String) for c in ("identifier_scheme", "identifier_type")]
        named = pl.any_horizontal(w.is_in(sorted(known)) for w in written)
        wanted = rows.filter(present & named.fill_null(value=False) & pl.col("identifier").is_not_null())
        first = wanted.filter(pl.col("organization_id").is_not_null()).unique(
            "organization_id", keep="first", maintain_order=True
        )
        statuses.used("organization_identifier", first["\x00index"])
        made[name] = first.select(id="organization_id", **{"\x00number": "identifier"})
    return made


def _cities(records: Records, standing: pl.DataFrame, statuses: Statuses) -> pl.DataFrame:
    """Municipalities in which an organisation's locations stand, by their visiting addresses."""
    locations = records["location"].filter(~links.absent(records, "location", "organization_id"))
    extra = pl.DataFrame(records.extra_links, schema={"id": pl.String, "location_id": pl.String}, orient="row")
    owned = pl.concat([locations.select(id="organization_id", location_id="id").drop_nulls(), extra]).unique()
    statuses.used_ids("location", owned["location_id"])
    found = owned.join(standing, on="location_id", how="inner")
    statuses.used("address", found["\x00index"])
    return (
        found.group_by("id")
        .agg(pl.col("codes").explode().unique().sort())
        .select("id", pl.col("codes").list.join("; ").alias("addresses.city"))
    )


def standing(records: Records, cities: Places) -> pl.DataFrame:
    """Location id, codes of its municipality and index of the address, for locations with a visiting address in one."""
    rows = records["address"].with_row_index("\x00index")
    present = ~links.absent(records, "address", "location_id") & records["address"]["location_id"].is_not_null()
    postal = pl.col("address_type").str.to_lowercase().eq_missing(pl.lit("postal"))
    rows = rows.filter(present & ~postal & pl.col("city").is_not_null())
    codes = []
    for text, country in rows.select("city", "country").iter_rows():
        # there is an America in Limburg and a Holland in Michigan
        found = list(cities.codes(text)) if country is None or folded(country) in _DUTCH else []
        codes.append(found)
        if not found:
            cities.unknown[text] += 1
    rows = rows.with_columns(pl.Series("codes", codes, dtype=pl.List(pl.String)))
    return rows.filter(pl.col("codes").list.len() > 0).select("location_id", "codes", "\x00index")
