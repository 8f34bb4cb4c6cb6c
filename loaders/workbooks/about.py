"""Which rows are about a partner: what it is asked to check, and what its yes confirms."""

from __future__ import annotations

from typing import Final

import polars as pl

from ...graph.schema import Table

#: The tables that a partner fills in itself, in the order of the template.
OWN_TABLES: Final = ("partners", "offerings", "routes", "waits", "lines")


def about(table: Table, partner: str, own: Ends) -> pl.Expr:
    """Whether a row of ``table`` is about ``partner`` (a boolean column, never null).

    Its own row; its offerings; routes and lines from or to it or its offerings; waits on it, on its offerings or on
    a route to those; agreements that it takes part in; its outflow and the demand that enters with it. A statement
    about a chain of several partners is about none of them alone.
    """
    ends = own.of(partner)
    if table.name == "partners":
        found = pl.col("id") == partner
    elif table.name in ("offerings", "outflow", "confirmations"):
        found = pl.col("partner") == partner
    elif table.name in ("routes", "lines"):
        found = pl.col("from").is_in(ends) | pl.col("to").is_in(ends)
    elif table.name == "waits":
        found = (pl.col("on").list.len() == 1) & pl.col("on").list.first().is_in([*ends, *own.routes_to(partner)])
    elif table.name == "agreements":
        found = pl.col("partners").list.contains(partner)
    elif table.name == "demand":
        found = pl.col("entry").is_in(ends)
    else:
        found = pl.lit(value=False)
    return found.fill_null(value=False)


class Ends:
    """The endpoints that belong to each partner: itself, its offerings (``aanbod:ID``) and routes to those."""

    def __init__(self, offerings: pl.DataFrame, routes: pl.DataFrame) -> None:
        self._offerings: dict[str, list[str]] = {}
        for id_, partner in offerings.select("id", "partner").drop_nulls().sort("id").iter_rows():
            self._offerings.setdefault(partner, []).append(f"aanbod:{id_}")
        self._routes: dict[str, list[str]] = {}
        for id_, end in routes.select("id", "to").drop_nulls().sort("id").iter_rows():
            self._routes.setdefault(end, []).append(f"route:{id_}")

    def of(self, partner: str) -> list[str]:
        return [partner, *self._offerings.get(partner, ())]

    def routes_to(self, partner: str) -> list[str]:
        return [route for end in self.of(partner) for route in self._routes.get(end, ())]
