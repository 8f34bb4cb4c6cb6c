"""Frames of a table out of rows, and ids for rows that have none of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from ..graph.landscape import dtype
from ..graph.schema import Table

#: Between the parts of a text that is taken apart again: a sign that no cell holds.
_BETWEEN: Final = "\x1f"


def frame_of(table: Table, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """The frame of ``table`` with these rows; what a row does not say is null, and a list is never empty."""
    made = {}
    said = set().union(*rows)  # of most columns no row says anything
    for column in table.stored:
        if column.name not in said:
            made[column.name] = pl.Series([None] * len(rows), dtype=dtype(column))
            continue
        cells = [row.get(column.name) for row in rows]
        if column.is_list:
            # joined and split again: Polars would make a series for every list
            joined = [_BETWEEN.join(cell) if cell else None for cell in cells]
            made[column.name] = pl.Series(joined, dtype=pl.String).str.split(_BETWEEN)
        else:
            made[column.name] = pl.Series(cells, dtype=dtype(column), strict=False)
    return pl.DataFrame(made)


def hash_ids(frame: pl.DataFrame, table: Table) -> pl.Series:
    """An id for each row out of its identifying columns: stable over rebuilds and row orders."""
    pieces = []
    for name in table.identity:
        column = table.column(name)
        text = pl.col(name).list.join("|") if column.is_list else pl.col(name).cast(pl.String)
        pieces.append(text.fill_null(""))
    keys = frame.select(pl.concat_str(pieces, separator=_BETWEEN))[:, 0]
    digest = hashlib.blake2b
    ids = [digest(key.encode(), digest_size=10).hexdigest() for key in keys]
    return pl.Series("id", ids, dtype=pl.String)
