"""explain: the receipt of an id — every fact with table, file, row, source and dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from ..disclosure import is_suppressed
from ..landscape import Landscape
from ..schema import ADDRESS, PROVENANCE, TABLES, Column, Kind, Table
from ..waiting import Source

_ABOUT = {c.name for c in PROVENANCE}


@dataclass(frozen=True, slots=True)
class Fact:
    """One cell: its column (see the schema) and its value; ``suppressed`` when it may not be shown."""

    column: Column
    value: Any
    suppressed: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its facts and where it stands."""

    table: Table
    id: str
    facts: tuple[Fact, ...]
    remark: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is registered under an id, and every row that refers to it."""

    records: tuple[Record, ...]
    related: tuple[Record, ...]


def receipt(landscape: Landscape, wanted: str, *, internal: bool = False) -> Receipt:
    """The receipt of ``wanted``: an id of any table, an endpoint, or a municipality's code.

    ``internal`` also shows counts of families below the threshold.
    """
    bare = wanted.partition(":")[2] if wanted.startswith(("aanbod:", "route:", "partner:")) else wanted
    records = []
    for table in TABLES.values():
        if wanted.startswith("rol:") or (wanted != bare and table.name != _TABLE_OF[wanted.partition(":")[0]]):
            continue
        records += list(_records(landscape, table, pl.col(table.key) == bare, internal=internal))
    names = {wanted, bare, f"aanbod:{bare}", f"route:{bare}"}
    if wanted != bare and not wanted.startswith("partner:"):
        names.discard(bare)
    related = [
        record
        for table in TABLES.values()
        if (refers := _refers(table, sorted(names))) is not None
        for record in _records(landscape, table, refers, internal=internal)
        if (record.table.name, record.id) not in {(r.table.name, r.id) for r in records}
    ]
    return Receipt(tuple(records), tuple(related))


_TABLE_OF = {"aanbod": "offerings", "route": "routes", "partner": "partners"}
_REFERRING = {Kind.PARTNER, Kind.ENDPOINT, Kind.DESTINATION}


def _refers(table: Table, names: list[str]) -> pl.Expr | None:
    """Whether a row of ``table`` refers to one of ``names``."""
    found: pl.Expr | None = None
    for column in table.stored:
        cell = pl.col(column.name)
        if column.kind in _REFERRING:
            match = cell.is_in(names)
        elif column.kind in (Kind.PARTNERS, Kind.CHAIN):
            match = cell.list.eval(pl.element().is_in(names)).list.any()
        else:
            continue
        match = match.fill_null(value=False)
        found = match if found is None else found | match
    return found


def _records(landscape: Landscape, table: Table, which: pl.Expr, *, internal: bool) -> Iterator[Record]:
    for row in landscape[table.name].filter(which).iter_rows(named=True):
        facts = tuple(
            Fact(
                column,
                None if hidden else row[column.name],
                hidden,
            )
            for column in table.stored
            if column.name not in _ABOUT and column.name not in ADDRESS and row[column.name] is not None
            for hidden in [not internal and is_suppressed(landscape, column, row[column.name])]
        )
        yield Record(table, row[table.key], facts, row["remark"], Source.of(table.name, row, table.key))
