"""Findings about a whole source: counts and a few examples instead of an error per row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

import polars as pl

from ..files.sheet import ROW
from ..findings import Finding
from .concepts import Concepts
from .ids import ILLEGAL
from .model import HSDS
from .offerings import OLDEST
from .places import Places
from .records import FILE, SHEET, Records

_SHOWN: Final = 10
_WIDE: Final = 60


def examples(counts: Counter[str]) -> str:
    """The most frequent texts, shortened: “MyCity” (3), “Ridderkerk e.o.”."""
    most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [f"“{t[:_WIDE]}{'…' if len(t) > _WIDE else ''}”" + (f" ({n})" if n > 1 else "") for t, n in most[:_SHOWN]]
    return ", ".join(shown) + (", …" if len(most) > _SHOWN else "")


def told(
    records: Records, areas: Places, cities: Places, concepts: Concepts, services: pl.DataFrame, offerings: pl.DataFrame
) -> Iterator[Finding]:
    """What was counted while mapping."""
    yield from _places(records, "hsds-areas", "service_area", "name", areas)
    yield from _places(records, "hsds-cities", "address", "city", cities)
    if concepts.unknown:
        file = records["attribute"][FILE][0]
        number, terms = concepts.unknown.total(), len(concepts.unknown)
        shown = (("number", number), ("terms", terms), ("examples", examples(concepts.unknown)))
        yield Finding("hsds-terms", file, values=shown)
    if concepts.broader:
        values = (("number", concepts.broader.total()), ("examples", examples(concepts.broader)))
        yield Finding("hsds-broader", records["attribute"][FILE][0], values=values)
    yield from _services(services)
    yield from _ages(records, offerings)
    several = offerings.filter(pl.col("\x00several") > 1)
    if several.height:
        yield _at(several, "hsds-several-places", "addresses.city")
    ids = [records[t].filter(pl.col("id").str.contains(ILLEGAL)) for t in ("organization", "service")]
    if number := sum(f.height for f in ids):
        first = next(f for f in ids if f.height)
        yield _at(first, "hsds-ids", "id", number, first["id"][0])
    yield from _unused_columns(records)


def _at(rows: pl.DataFrame, code: str, column: str, number: int | None = None, value: str | None = None) -> Finding:
    file, sheet, row = rows.select(FILE, SHEET, ROW).row(0)
    return Finding(code, file, sheet, row, column, value, values=(("number", rows.height if number is None else number),))


def _places(records: Records, code: str, table: str, column: str, places: Places) -> Iterator[Finding]:
    if places.unknown:
        file = records[table][FILE][0]
        values = (("number", places.unknown.total()), ("examples", examples(places.unknown)))
        yield Finding(code, file, column=column, values=values)
    if places.read_as:
        file = records[table][FILE][0]
        values = (("number", places.read_as.total()), ("examples", examples(places.read_as)))
        yield Finding("hsds-places-read", file, column=column, values=values)


def _services(services: pl.DataFrame) -> Iterator[Finding]:
    """Services that have ended, that have no organisation, and that bear a status nobody knows."""
    closed = services.filter(pl.col("\x00state") == "closed")
    if closed.height:
        yield _at(closed, "hsds-ended-services", "status")
    alone = services.filter(pl.col("organization_id").is_null() & (pl.col("\x00state") != "closed"))
    if alone.height:
        yield _at(alone, "hsds-without-organization", "organization_id")
    unsure = services.filter(pl.col("\x00state") == "unsure")
    if unsure.height:
        file, sheet, row = unsure.select(FILE, SHEET, ROW).row(0)
        values = (("number", unsure.height), ("examples", examples(Counter(unsure["status"]))))
        yield Finding("hsds-status", file, sheet, row, "status", values=values)


def _ages(records: Records, offerings: pl.DataFrame) -> Iterator[Finding]:
    limited = offerings.filter(pl.col("maximum_age").is_not_null())
    beyond = 0
    for table in ("service", "eligibility"):
        numbers = records[table]["maximum_age"].str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        beyond += int((numbers > OLDEST).sum())
    if limited.height or beyond:
        yield Finding(
            "hsds-maximum-age", records.shown, values=(("number", limited.height), ("beyond", beyond), ("oldest", OLDEST))
        )


def _unused_columns(records: Records) -> Iterator[Finding]:
    """Filled cells of tables that are used, in columns that have no place in ours; and columns that HSDS does not know."""
    counts = []
    for table in HSDS.values():
        frame = records[table.name]
        if not table.used or frame.is_empty():
            continue
        left = [c for c in table.columns if c not in table.carried and c != "id" and c not in table.links]
        counts += [f"{table.file}.{c} {n}" for c in left if (n := frame[c].count())]
    if counts:
        yield Finding("hsds-unused-columns", records.shown, values=(("columns", ", ".join(counts)),))
    if records.unknown:
        known = sorted(records.unknown.items())
        shown = ", ".join(f"{HSDS[t].file}.{c[:_WIDE]} {n}" for (t, c), n in known[: 2 * _SHOWN])
        values = (("columns", shown + (", …" if len(known) > 2 * _SHOWN else "")), ("number", len(known)))
        yield Finding("hsds-unknown-columns", records.shown, values=values)
