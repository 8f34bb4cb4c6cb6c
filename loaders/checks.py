"""Checks over the whole Landscape: what no single row can show."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..graph.analyses.one_sided import one_sided, suppliers
from ..graph.landscape import Landscape
from ..graph.schema import TABLES
from ..ontology.concepts import scheme
from .findings import Finding, Said


def checks(landscape: Landscape) -> Iterator[Finding]:
    """Findings about rows that do not go together."""
    yield from _disagreeing_waits(landscape)
    yield from _routes_into_safety(landscape)
    yield from _named_by_one(landscape)


def _disagreeing_waits(landscape: Landscape) -> Iterator[Finding]:
    """Two sources that disagree on the same day give a range and a remark."""
    waits = landscape["waits"].filter((pl.col("state") == "getal") & pl.col("as_of").is_not_null())
    series = ["on", "themes", "municipalities"]
    keys = [pl.col(c).list.join("|").fill_null("") for c in series]
    same = [*keys, pl.col("kind"), pl.col("age_from"), pl.col("age_until"), pl.col("as_of")]
    clash = waits.filter(pl.col("days_expected").n_unique().over(same) > 1)
    for file, sheet, row, value in clash.select("file", "sheet", "row", "value").iter_rows():
        yield Finding("sources-disagree", file, sheet, row, "waarde", value)


def _routes_into_safety(landscape: Landscape) -> Iterator[Finding]:
    """A way to Veilig Thuis is a report (melding): shown always, never shortened or ranked."""
    partners = landscape["partners"].filter(pl.col("roles").list.contains("veiligheid"))["id"]
    safe = {"rol:veiligheid", *partners}
    kinds = scheme("route-kind")
    moving = [k for k in kinds.slugs if kinds[k].says("movesFamilies")]
    rows = landscape["routes"].filter(pl.col("to").is_in(sorted(safe)) & pl.col("kind").is_in(moving))
    for file, sheet, row, kind in rows.select("file", "sheet", "row", "kind").iter_rows():
        yield Finding("safety-route", file, sheet, row, "soort", kinds.label(kind))


def _named_by_one(landscape: Landscape) -> Iterator[Finding]:
    """A line or route that one of two partners names and the other's list does not: a remark for both lists."""
    names = landscape.names
    lists = {table: suppliers(landscape, table) for table in ("lines", "routes")}
    for found in one_sided(landscape):
        column = TABLES[found.table].column("to").nl
        values = (
            ("what", Said(f"findings.named-by-one.{found.table}")),
            ("from_name", names.get(found.start, found.start)),
            ("to_name", names.get(found.end, found.end)),
            ("said_by", names.get(found.said_by, found.said_by)),
            ("not_by", names.get(found.not_by, found.not_by)),
        )
        said = found.source
        yield Finding("named-by-one", said.file, said.sheet, said.row, column, found.end, values=values)
        file, sheet = lists[found.table][found.not_by]
        yield Finding("named-by-one", file, sheet, None, column, f"{found.start} → {found.end}", values=values)
