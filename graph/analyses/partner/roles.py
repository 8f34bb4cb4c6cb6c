"""Whom a route stated of roles means: its ends expanded to the partners that hold them (ANALYSES, Common ground)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import polars as pl

from ....ontology.concepts import scheme
from ...dates import first_day, last_day
from ...landscape import Landscape
from ...profile import covers

ROLE: Final = "rol:"


class Ends:
    """The holders of roles and the routes between named partners of a Landscape, per municipality, found once."""

    def __init__(self, landscape: Landscape) -> None:
        self._landscape = landscape
        self._region = landscape.settings.municipalities
        self._today = first_day(landscape.settings.reference_date)
        kinds = scheme("route-kind")
        self._moving = {k for k in kinds.slugs if kinds[k].says("movesFamilies")}
        self._serving: dict[str, dict[str, tuple[str, ...]]] = {}
        self._stated: dict[tuple[str, bool], set[tuple[str, str]]] = {}

    def within(self, row: Mapping[str, Any], served: tuple[str, ...]) -> tuple[str, ...]:
        """Of the municipalities ``served`` (codes) those to which a route or wait is limited."""
        areas = row["municipalities"]
        return served if not areas else tuple(c for c in served if covers(areas, c, self._region))

    def expanded(
        self, partner: str, row: Mapping[str, Any], held: Collection[str], served: tuple[str, ...]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who stands at the other side of a route when ``partner`` is meant by its role, and in which municipalities.

        ``held`` are the roles of the partner as endpoints. Both are empty where the route does not hold for it.
        """
        if not self._valid(row):
            return (), ()
        moving = row["kind"] in self._moving
        others: set[str] = set()
        where: set[str] = set()
        for own, other in (("from", "to"), ("to", "from")):
            if row[own] not in held:
                continue
            for code in self.within(row, served):
                for end in self._nodes(row[other], code):
                    ends = (partner, end) if own == "from" else (end, partner)
                    # a route that partners state themselves goes before one stated of their roles
                    if end != partner and ends not in self._between(code, moving=moving):
                        others.add(end)
                        where.add(code)
        return tuple(sorted(others)), tuple(c for c in served if c in where)

    def _valid(self, row: Mapping[str, Any]) -> bool:
        start, end = row["valid_from"], row["valid_until"]
        return not (start and first_day(start) > self._today) and not (end and last_day(end) <= self._today)

    def _nodes(self, endpoint: str, code: str) -> tuple[str, ...]:
        """Whom an endpoint means in a municipality; a role that nobody holds there stands for itself."""
        if code not in self._serving:
            in_region = not self._region or code in self._region
            rows = self._landscape["partners"].select("id", "roles", "municipalities").iter_rows()
            self._serving[code] = {
                id_: tuple(roles or ())
                for id_, roles, areas in rows
                if (in_region if areas is None else covers(areas, code, self._region))
            }
        serving = self._serving[code]
        if endpoint.startswith(ROLE):
            role = endpoint.removeprefix(ROLE)
            return tuple(p for p, roles in serving.items() if role in roles) or (endpoint,)
        return (endpoint,) if ":" in endpoint or endpoint in serving else ()

    def _between(self, code: str, *, moving: bool) -> set[tuple[str, str]]:
        """(from, to) of the valid routes in a municipality of which no end is a role."""
        if (code, moving) not in self._stated:
            named = ~pl.col("from").str.starts_with(ROLE) & ~pl.col("to").str.starts_with(ROLE)
            rows = self._landscape["routes"].filter(named).iter_rows(named=True)
            self._stated[code, moving] = {
                (row["from"], row["to"])
                for row in rows
                if (not moving or row["kind"] in self._moving) and self._valid(row) and self.within(row, (code,))
            }
        return self._stated[code, moving]
