"""Which norm or target value (table ``normen``) applies where: one norm per kind, partner and municipality."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from ...ontology.concepts import folded
from ..landscape import Landscape
from ..waiting import WEEK, Source

#: The kind of norm that the time of a whole way is compared with; every other wait only with its own kind.
FIRST_APPOINTMENT: Final = "tijd tot eerste afspraak"

#: Days in one unit, by every way in which it is written (CONTRACTS §4: a year is 52 weeks, a month 52/12 weeks, five
#: working days a week).
_DAYS: Final = {
    word: days
    for words, days in (
        ("dag dagen day days", 1.0),
        ("week weken weeks", WEEK),
        ("maand maanden month months", 52 / 12 * WEEK),
        ("jaar jaren year years", 52 * WEEK),
        ("werkdag werkdagen", WEEK / 5),
    )
    for word in words.split()
}
#: The words before the name of a youth region that people write or leave out.
_REGION_WORDS: Final = ("jeugdhulpregio", "jeugdregio", "regio")
_COUNTRY, _REGION = "landelijk", "regio"


@dataclass(frozen=True, slots=True)
class Norm:
    """A norm or target value as it was written: ``value`` in ``unit``; ``year`` is the year it holds for, if stated.

    ``roles`` and ``areas`` are what ``geldt_voor`` says, understood: role slugs, and municipality codes, folded names
    of youth regions, ``regio`` or ``landelijk``. ``unit_assumed``: no unit was written, weeks were taken.
    """

    id: str
    kind: str
    value: float
    unit: str | None
    roles: frozenset[str]
    areas: frozenset[str]
    year: int | None
    unit_assumed: bool
    source: Source

    @property
    def days(self) -> float | None:
        """The value in days; None where the unit is no unit of time."""
        factor = WEEK if self.unit is None else _DAYS.get(folded(self.unit))
        return None if factor is None else self.value * factor

    @property
    def weeks(self) -> float | None:
        """The value in weeks; None where the unit is no unit of time."""
        return None if self.days is None else self.days / WEEK

    def is_target(self, reference_date: str) -> bool:
        """Whether it is a target value ("streefwaarde"): a later year's, or one that a municipality set itself."""
        own = self.source.file.endswith(".toml")
        return own or (self.year is not None and self.year > int(reference_date[:4]))


class Norms:
    """The norms of a Landscape, asked per kind, municipality and role.

    ``geldt_voor`` may hold role slugs (or labels), municipalities (codes or names), youth regions, ``regio`` and
    ``landelijk``. Of each sort one must hold: "jeugd-ggz; Ede" is the norm for jeugd-ggz in Ede. A norm that names no
    role holds for every partner there, one that names no area for its roles everywhere; one that names nothing, or
    nothing that is known here, holds nowhere.

    Of several the most specific one applies: named municipalities before a youth region before the region before the
    country (or no area at all), fewer municipalities before more (so a municipality's own target goes before one for
    its region), a named role before none; then the latest year (undated last), then the lowest value, then the id.
    """

    def __init__(self, landscape: Landscape) -> None:
        self._landscape = landscape
        self._region = frozenset(landscape.region_municipalities)
        self._youth_region = {
            code: _region_name(name)
            for code, name in landscape["municipalities"].select("code", "youth_region").iter_rows()
            if name
        }
        self._by_kind: dict[str, list[Norm]] = {}
        for norm in self._read():
            self._by_kind.setdefault(folded(norm.kind), []).append(norm)

    def _read(self) -> Iterator[Norm]:
        names = {folded(name): code for code, name in self._landscape.municipality_names.items()}
        names.update((folded(code), code) for code in self._landscape.municipality_names)
        regions = set(self._youth_region.values())
        for row in self._landscape["norms"].iter_rows(named=True):
            if row["kind"] is None or row["value"] is None:
                continue
            roles, areas = self._understood(row, names, regions)
            if roles is not None:
                yield Norm(
                    row["id"],
                    row["kind"],
                    row["value"],
                    row["unit"],
                    roles,
                    areas,
                    row["year"],
                    row["unit"] is None,
                    Source.of("norms", row),
                )

    def _understood(
        self, row: dict[str, Any], names: dict[str, str], regions: Collection[str]
    ) -> tuple[frozenset[str] | None, frozenset[str]]:
        """(roles, areas) that a norm names; roles None where it names nothing that is known here."""
        roles: set[str] = set()
        areas: set[str] = set()
        strange = False
        for text in row["applies_to"] or ():
            plain = folded(text)
            role = self._landscape.roles.find(text.removeprefix("rol:"))
            if plain in (_COUNTRY, _REGION):
                areas.add(plain)
            elif plain in names:
                areas.add(names[plain])
            elif _region_name(text) in regions:
                areas.add(_region_name(text))
            elif role is not None:
                roles.add(role)
            else:
                strange = True
        # with an area that is not known here "jeugd-ggz; West-Brabant" must not become jeugd-ggz everywhere
        if strange and not areas:
            return None, frozenset()
        return (frozenset(roles), frozenset(areas)) if roles or areas else (None, frozenset())

    # --- asking ----------------------------------------------------------------------------------------
    def for_municipality(self, kind: str, municipality: str) -> Norm | None:
        """The norm of ``kind`` for everybody who lives in ``municipality`` (code): norms that name a role do not count."""
        return self._first(n for n in self._by_kind.get(folded(kind), ()) if not n.roles and self._covers(n, municipality))

    def for_partner(self, kind: str, municipality: str, roles: Collection[str]) -> Norm | None:
        """The norm of ``kind`` for a partner that holds ``roles``, for families in ``municipality`` (code)."""
        held = frozenset(roles)
        return self._first(
            n for n in self._by_kind.get(folded(kind), ()) if (not n.roles or n.roles & held) and self._covers(n, municipality)
        )

    def _covers(self, norm: Norm, municipality: str) -> bool:
        if not norm.areas or _COUNTRY in norm.areas or municipality in norm.areas:
            return True
        if _REGION in norm.areas and municipality in self._region:
            return True
        return self._youth_region.get(municipality) in norm.areas

    def _first(self, norms: Iterator[Norm]) -> Norm | None:
        return min(norms, key=self._rank, default=None)

    @staticmethod
    def _rank(norm: Norm) -> tuple[int, int, bool, int, float, str]:
        named = sum(area.startswith("GM") for area in norm.areas)
        if named:
            place = 0
        elif norm.areas - {_COUNTRY, _REGION}:
            place = 1
        else:
            place = 2 if _REGION in norm.areas else 3
        return place, named, not norm.roles, -(norm.year or 0), norm.value, norm.id


def _region_name(text: str) -> str:
    """A youth region as names are compared: "Jeugdhulpregio FoodValley" is "FoodValley"."""
    plain = folded(text)
    for word in _REGION_WORDS:
        if plain.startswith(word) and plain != word:
            return plain.removeprefix(word)
    return plain


def in_force(landscape: Landscape) -> Landscape:
    """The landscape with only those norms that hold now: a target value for later is no norm yet, nor one's own."""
    norms = landscape["norms"]
    year = int(landscape.settings.reference_date[:4])
    now = pl.col("year").is_null() | (pl.col("year") <= year)
    own = pl.col("file").fill_null("").str.ends_with(".toml")
    return Landscape(MappingProxyType({**landscape.frames, "norms": norms.filter(now & ~own)}))
