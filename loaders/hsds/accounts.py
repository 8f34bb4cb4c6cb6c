"""What became of every record of a source: used, of no use here, hanging on nothing, put apart, or said twice."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import polars as pl

from ..findings import Finding
from . import dangling as links
from .model import HSDS, OPEN_LINKS
from .records import Account, Records

_APART: Final = ("orphan", "closed")
#: What a record hangs on: without it there is nothing that it could say something of.
_HANGS: Final = {
    "service_at_location": ("service_id", "location_id"),
    "address": ("location_id",),
    "service_area": ("service_id",),
    "cost_option": ("service_id",),
    "eligibility": ("service_id",),
    "organization_identifier": ("organization_id",),
    "attribute": ("link_id", "taxonomy_term_id"),
}


class Statuses:
    """The records that reached our tables, noted while mapping; ``services`` has the state of each service."""

    def __init__(self, records: Records, services: pl.DataFrame) -> None:
        self._records = records
        self._indexes: dict[str, set[int]] = defaultdict(set)
        self._ids: dict[str, set[str]] = defaultdict(set)
        self.states = services["\x00state"]
        apart = services.filter(pl.col("\x00state").is_in(_APART))
        self.apart_services = apart["id"].drop_nulls()

    def used(self, table: str, indexes: pl.Series) -> None:
        self._indexes[table].update(indexes.to_list())

    def used_ids(self, table: str, ids: pl.Series) -> None:
        self._ids[table].update(ids.drop_nulls().to_list())

    def of(self, table: str) -> pl.Series:
        """The status of each row of a table: used, unused, dangling or apart."""
        frame = self._records[table]
        if table == "organization":
            return pl.Series(["used"] * frame.height, dtype=pl.String)
        if table == "service":
            return pl.select(pl.when(self.states.is_in(_APART)).then(pl.lit("apart")).otherwise(pl.lit("used"))).to_series()
        used = pl.Series(range(frame.height), dtype=pl.UInt32).is_in(sorted(self._indexes[table]))
        used = used | frame["id"].is_in(sorted(self._ids[table])).fill_null(False)
        made = pl.select(
            pl.when(used)
            .then(pl.lit("used"))
            .when(self._hangs_on_nothing(table, frame))
            .then(pl.lit("dangling"))
            .when(self._of_one_apart(table, frame))
            .then(pl.lit("apart"))
            .otherwise(pl.lit("unused"))
        )
        return made.to_series()

    def _hangs_on_nothing(self, table: str, frame: pl.DataFrame) -> pl.Series:
        found = pl.Series([False] * frame.height, dtype=pl.Boolean)
        for column in _HANGS.get(table, ()):
            found = found | links.absent(self._records, table, column)
            if column in HSDS[table].links and column != "taxonomy_term_id" and table != "service_area":
                found = found | frame[column].is_null()
        if table == "location":
            found = links.absent(self._records, table, "organization_id")
        return found

    def _of_one_apart(self, table: str, frame: pl.DataFrame) -> pl.Series:
        column = OPEN_LINKS["attribute"][0] if table == "attribute" else "service_id"
        if table not in _HANGS or column not in frame.columns:
            return pl.Series([False] * frame.height, dtype=pl.Boolean)
        return frame[column].is_in(self.apart_services.implode()).fill_null(False)


def accounts(records: Records, statuses: Statuses) -> tuple[tuple[Account, ...], list[Finding]]:
    """The account of each table of a source, and the findings that tell it."""
    made = []
    for table in HSDS:
        if not records.read[table]:
            continue
        count = dict(statuses.of(table).value_counts().iter_rows()) if HSDS[table].used else {}
        made.append(
            Account(
                table,
                records.read[table],
                count.get("used", 0),
                count.get("unused", 0) if HSDS[table].used else records[table].height,
                count.get("dangling", 0),
                count.get("apart", 0) + records.malformed[table],
                records.repeated[table],
            )
        )
    findings: list[Finding] = []
    if not made and not records.malformed.total():
        return (), findings
    used = ", ".join(f"{HSDS[a.table].file} {a.used}" for a in made if a.used)
    findings.append(Finding("hsds-read", records.shown, values=(("tables", used or "–"), ("number", sum(a.read for a in made)))))
    unused = ", ".join(f"{HSDS[a.table].file} {a.unused}" for a in made if a.unused)
    if unused:
        findings.append(
            Finding("hsds-unused", records.shown, values=(("tables", unused), ("number", sum(a.unused for a in made))))
        )
    broken = records.malformed.total()
    if broken:
        findings.append(Finding("hsds-malformed", records.shown, values=(("number", broken),)))
    return tuple(made), findings
