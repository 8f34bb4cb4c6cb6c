"""Frames of a table out of rows, and ids for rows that have none of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from ..graph.landscape import dtype
from ..graph.schema import Table


def frame_of(table: Table, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """The frame of ``table`` with these rows; what a row does not say is null."""
    schema = {c.name: dtype(c) for c in table.stored}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema, strict=False)


def hash_ids(frame: pl.DataFrame, table: Table) -> pl.Series:
    """An id for each row out of its identifying columns: stable over rebuilds and row orders."""
    pieces = []
    for name in table.identity:
        column = table.column(name)
        text = pl.col(name).list.join("|") if column.is_list else pl.col(name).cast(pl.String)
        pieces.append(text.fill_null(""))
    keys = frame.select(pl.concat_str(pieces, separator="\x1f"))[:, 0]
    digest = hashlib.blake2b
    ids = [digest(key.encode(), digest_size=10).hexdigest() for key in keys]
    return pl.Series("id", ids, dtype=pl.String)
