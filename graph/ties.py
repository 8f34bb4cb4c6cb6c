"""Who is tied to whom by registered routes, in all municipalities at once and without direction.

Where :class:`locale.Locale` sees one municipality, this sees the whole landscape: areas are whole numbers with one
bit per municipality, so that a nation takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, Final

import polars as pl

from ..ontology.concepts import scheme
from .dates import first_day, last_day
from .disclosure import is_suppressed
from .landscape import Landscape
from .places import FAMILY
from .schema import TABLES
from .waiting import Source

_ROLE: Final = "rol:"
_OFFERING: Final = "aanbod:"
_PER_YEAR: Final = TABLES["routes"].column("per_year")


@dataclass(slots=True)
class Tie:
    """All routes between two nodes, whatever their direction.

    ``area`` holds the municipalities in which they hold as bits (see :meth:`Ties.codes`); ``weight`` is the sum over
    the routes, ``counted`` tells whether some route brought a number of families into it, ``derived`` whether some
    route is between roles.
    """

    weight: float = 0.0
    area: int = 0
    counted: bool = False
    derived: bool = False
    routes: tuple[str, ...] = ()

    def add(self, route: str, weight: float | None, area: int, *, derived: bool) -> None:
        """Take up one more route; ``weight`` None where no number of families may be used."""
        self.weight += 1.0 if weight is None else weight
        self.counted |= weight is not None
        self.derived |= derived
        self.area |= area
        self.routes = (*self.routes, route)


class Ties:
    """The ties of a landscape: every valid route that moves families, on the reference date.

    Nodes are partners, initiatives without a partner (``aanbod:ID``) and, where a role stands in a route and nobody
    is known to hold it, one placeholder per municipality (``rol:SLUG@CODE``). The family itself is no node.

    A route between two partners ties them in the municipalities that both serve, within its own conditions. Where
    they share none the route crosses a border: it ties the municipalities of both. A route between roles ties the
    holders that serve the same municipality, unless partners state a route of their own there (as in ``Locale``).

    A route weighs its number of families per year (shared equally over the pairs that a route between roles stands
    for, at least 1), else 1. **A number below the disclosure threshold counts as unknown, before anything is added
    up:** nothing that is computed from the weights then depends on it, so no measure can give it back.
    """

    def __init__(self, landscape: Landscape) -> None:
        self._landscape = landscape
        self._today = first_day(landscape.settings.reference_date)
        partners = landscape["partners"]
        own = partners["municipalities"].to_list()
        mentioned = {code for areas in own for code in areas or () if code not in ("regio", "landelijk")}
        region = landscape.region_municipalities
        #: The municipalities, in the order of their bits.
        self.municipalities: tuple[str, ...] = (*region, *sorted(mentioned - set(region)))
        self._bit = {code: 1 << n for n, code in enumerate(self.municipalities)}
        self._everywhere = (1 << len(self.municipalities)) - 1
        # a region that names no municipalities is all of them (profile.covers)
        self._region = (1 << len(region)) - 1 if landscape.settings.municipalities else self._everywhere
        self.area_of: Mapping[str, int] = {i: self._area(a) for i, a in zip(partners["id"].to_list(), own, strict=True)}
        self.roles_of: Mapping[str, tuple[str, ...]] = {
            i: tuple(roles or ()) for i, roles in zip(partners["id"].to_list(), partners["roles"].to_list(), strict=True)
        }
        self._national = {i for i, a in zip(partners["id"].to_list(), own, strict=True) if "landelijk" in (a or ())}
        self._validity: dict[tuple[str | None, str | None], bool] = {}

    # --- municipalities ------------------------------------------------------------------------------
    def _area(self, areas: Sequence[str] | None) -> int:
        """The bits of some areas; not stated is the whole region."""
        if not areas:
            return self._region
        found = 0
        for area in areas:
            found |= self._everywhere if area == "landelijk" else self._region if area == "regio" else self._bit.get(area, 0)
        return found

    def codes(self, area: int) -> tuple[str, ...]:
        """The codes of an area, in the order of :attr:`municipalities`."""
        return tuple(self.municipalities[n] for n in _bits(area))

    def serves(self, partner: str, municipality: str) -> bool:
        """Whether a partner serves a municipality (code), also one that nobody names."""
        if municipality not in self._bit:
            return partner in self._national
        return bool(self.area_of[partner] & self._bit[municipality])

    # --- who stands where ----------------------------------------------------------------------------
    @cached_property
    def _holders(self) -> Mapping[str, Mapping[int, list[str]]]:
        """The partners that hold each role in each municipality (by the number of its bit)."""
        found: dict[str, dict[int, list[str]]] = {}
        for partner, roles in self.roles_of.items():
            for role in roles:
                there = found.setdefault(role, {})
                for n in _bits(self.area_of[partner]):
                    there.setdefault(n, []).append(partner)
        return found

    @cached_property
    def _offerings(self) -> Mapping[str, tuple[str, int]]:
        """(node, area) of every valid offering by id; an empty area is its partner's, else the region."""
        found: dict[str, tuple[str, int]] = {}
        columns = ("id", "partner", "municipalities", "valid_from", "valid_until")
        for offering, partner, areas, *span in self._landscape["offerings"].select(columns).iter_rows():
            if not self._valid(*span):
                continue
            if partner is None:
                found[offering] = _OFFERING + offering, self._area(areas)
            elif partner in self.area_of:
                served = self.area_of[partner]
                found[offering] = partner, served & self._area(areas) if areas else served
        return found

    def _station(self, endpoint: str) -> tuple[str, int] | None:
        """(node, area) of an endpoint that is no role; None where nothing valid is known of it."""
        if endpoint.startswith(_OFFERING):
            return self._offerings.get(endpoint.removeprefix(_OFFERING))
        return (endpoint, self.area_of[endpoint]) if endpoint in self.area_of else None

    def _valid(self, start: str | None, end: str | None) -> bool:
        """Whether something holds on the reference date, as in ``Locale``; each pair of dates is read once."""
        if (start, end) not in self._validity:
            begun = not start or first_day(start) <= self._today
            self._validity[start, end] = begun and not (end and last_day(end) <= self._today)
        return self._validity[start, end]

    # --- the ties ------------------------------------------------------------------------------------
    @cached_property
    def _routes(self) -> list[dict[str, Any]]:
        """The valid routes that move families, without those of a family by itself; by id."""
        kinds = scheme("route-kind")
        moving = [k for k in kinds.slugs if kinds[k].says("movesFamilies")]
        columns = ("id", "from", "to", "municipalities", "per_year", "valid_from", "valid_until")
        frame = self._landscape["routes"].filter(pl.col("kind").is_in(moving)).select(columns)
        return [
            row
            for row in frame.iter_rows(named=True)
            if self._valid(row["valid_from"], row["valid_until"]) and FAMILY not in (row["from"], row["to"])
        ]

    @cached_property
    def between(self) -> Mapping[tuple[str, str], Tie]:
        """Every tie by its two nodes, in the order of their names."""
        found: dict[tuple[str, str], Tie] = {}
        # where partners state a route of their own, by direction: it goes before a route between roles
        stated: dict[tuple[str, str], int] = {}
        of_roles = []
        for row in self._routes:
            if row["from"].startswith(_ROLE) or row["to"].startswith(_ROLE):
                of_roles.append(row)
                continue
            source, target = self._station(row["from"]), self._station(row["to"])
            if source is None or target is None or source[0] == target[0]:
                continue
            where = self._area(row["municipalities"]) if row["municipalities"] else self._everywhere
            both = source[1] & target[1] & where
            if row["from"] in self.area_of and row["to"] in self.area_of:
                stated[row["from"], row["to"]] = stated.get((row["from"], row["to"]), 0) | both
            tie = found.setdefault(_pair(source[0], target[0]), Tie())
            tie.add(row["id"], self._weight(row["per_year"], 1), both or (source[1] | target[1]) & where, derived=False)
        for row in of_roles:
            areas = self._expanded(row, stated)
            for (source_, target_), area in areas.items():
                tie = found.setdefault(_pair(source_, target_), Tie())
                tie.add(row["id"], self._weight(row["per_year"], len(areas)), area, derived=True)
        return found

    def tie(self, one: str, other: str) -> Tie:
        """The tie of two nodes (KeyError when there is none)."""
        return self.between[_pair(one, other)]

    def _expanded(self, row: Mapping[str, Any], stated: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
        """The pairs that a route between roles stands for, each with the area in which it does."""
        found: dict[tuple[str, str], int] = {}
        where = self._area(row["municipalities"]) if row["municipalities"] else self._everywhere
        for n in _bits(where):
            bit = 1 << n
            for pair in product(self._at(row["from"], n), self._at(row["to"], n)):
                if pair[0] != pair[1] and not stated.get(pair, 0) & bit:
                    found[pair] = found.get(pair, 0) | bit
        return found

    def _at(self, endpoint: str, n: int) -> Sequence[str]:
        """The nodes that an endpoint stands for in one municipality."""
        if endpoint.startswith(_ROLE):
            holders = self._holders.get(endpoint.removeprefix(_ROLE), {}).get(n)
            return holders or (f"{endpoint}@{self.municipalities[n]}",)
        station = self._station(endpoint)
        return (station[0],) if station and station[1] >> n & 1 else ()

    def _weight(self, number: int | None, pairs: int) -> float | None:
        """What a route adds to each of its pairs; None where its number is not known or too small to use."""
        if not number or is_suppressed(self._landscape, _PER_YEAR, number):
            return None
        return max(1.0, number / pairs)

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The source of every route that ties, by id."""
        used = sorted({route for tie in self.between.values() for route in tie.routes})
        columns = ("id", "file", "sheet", "row", "source", "source_date", "verified_on")
        rows = self._landscape["routes"].filter(pl.col("id").is_in(used)).select(columns)
        return {row["id"]: Source.of("routes", row) for row in rows.iter_rows(named=True)}


def role_of(node: str) -> str | None:
    """The role of a placeholder; None for a partner or an initiative."""
    return node.removeprefix(_ROLE).rpartition("@")[0] if node.startswith(_ROLE) else None


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _bits(area: int) -> Iterator[int]:
    """The numbers of the bits that are set, lowest first."""
    while area:
        lowest = area & -area
        yield lowest.bit_length() - 1
        area ^= lowest
