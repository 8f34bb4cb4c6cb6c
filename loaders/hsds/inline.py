"""Columns of services that 1.x and Ohana used where HSDS has a table: location_id, taxonomy_ids, service_area."""

from __future__ import annotations

import polars as pl

from ...ontology.concepts import folded
from ..files.sheet import ROW, Sheet
from .dialect import INLINE, Target
from .records import FILE, SHEET


def spread(sheet: Sheet, target: Target) -> tuple[pl.DataFrame, list[tuple[str, pl.DataFrame]]]:
    """The frame without such columns, and the rows that they stand for, one for each item of a comma-separated cell."""
    headers = {folded(h): h for h in sheet.headers}
    if target.table != "service" or "id" not in headers:
        return sheet.frame, []
    made = []
    for plain, (table, column) in INLINE.items():
        header = headers.get(plain)
        if header is None:
            continue
        ids = pl.col(headers["id"])
        link = {"attribute": (ids.alias("link_id"), pl.lit("service").alias("link_entity"))}.get(
            table, (ids.alias("service_id"),)
        )
        separator = ";" if sheet.frame[header].str.contains(";").any() else ","
        items = pl.col(header).str.split(separator) if column != "name" else pl.concat_list(header)
        rows = (
            sheet.frame.filter(pl.col(header).is_not_null())
            .select(items.alias(column), *link, pl.lit(sheet.file).alias(FILE), pl.lit(header).alias(SHEET), ROW)
            .explode(column)
            .with_columns(pl.col(column).str.strip_chars())
            .filter(pl.col(column) != "")
        )
        made.append((table, rows))
    taken = [headers[p] for p in INLINE if p in headers]
    return sheet.frame.with_columns(pl.lit(None, dtype=pl.String).alias(h) for h in taken), made
