"""Which rows speak of whom: every reference in the tables, ready to be asked for one partner after another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import polars as pl

from .landscape import Landscape
from .schema import INPUT_TABLES, Kind, Table

#: Kinds of cells that point at a partner, an offering, a route or a role.
_ONE: Final = frozenset({Kind.PARTNER, Kind.ENDPOINT, Kind.DESTINATION})
_SEVERAL: Final = frozenset({Kind.PARTNERS, Kind.CHAIN})
_PLACE: Final = "\x00place"


class Mentions:
    """Every reference of a Landscape; derived from the schema, so that a new table or column takes part by itself."""

    def __init__(self, landscape: Landscape) -> None:
        self._by_table: Mapping[str, pl.DataFrame] = {
            table.name: found for table in INPUT_TABLES if (found := _references(landscape, table)) is not None
        }

    def rows(self, table: str, names: Collection[str]) -> dict[int, tuple[str, ...]]:
        """The places of the rows of ``table`` that point at one of ``names``, each with the columns that do."""
        if table not in self._by_table:
            return {}
        found: dict[int, tuple[str, ...]] = {}
        hits = self._by_table[table].filter(pl.col("name").is_in(list(names)))
        for place, column in hits.select(_PLACE, "column").iter_rows():
            if column not in found.get(place, ()):
                found[place] = (*found.get(place, ()), column)
        return dict(sorted(found.items()))


def _references(landscape: Landscape, table: Table) -> pl.DataFrame | None:
    """(name, place, column) of every reference in a table; None when it has no column that refers."""
    parts = []
    frame = landscape[table.name].with_row_index(_PLACE)
    for column in table.stored:
        if column.kind not in _ONE | _SEVERAL:
            continue
        part = frame.select(pl.col(column.name).alias("name"), _PLACE).drop_nulls("name")
        if column.kind in _SEVERAL:
            part = part.explode("name")
        parts.append(part.with_columns(pl.lit(column.name).alias("column")))
    return pl.concat(parts) if parts else None
