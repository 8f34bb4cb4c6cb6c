"""The Landscape: all tables of a region in memory, columnar, frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, TypeVar

import polars as pl

from ..ontology.concepts import Concept, Scheme, scheme
from ..ontology.municipalities import municipalities
from .dates import last_day
from .schema import TABLES, Column, Kind, Table

Derived = TypeVar("Derived")

#: What a region may count; each has a word in both languages.
UNITS: Final = ("gezinnen", "jeugdigen", "trajecten")

#: What the region row says when routekaart.toml is silent (CONTRACTS: [instellingen]).
DEFAULTS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "unit": "gezinnen",
        "unknown_weeks_low": 2.0,
        "unknown_weeks_high": 26.0,
        "outdated_after_months": 24,
        "threshold": 10,
        "age_from": 0,
        "age_until": 23 * 12,
        "new_handover_weeks": 0.0,
        "unknown_decision_low": 0.0,
        "unknown_decision_high": 8.0,
        "bridging_within_weeks": 6.0,
        "age_range_reading": "t/m",
    }
)

_DTYPES: Final[Mapping[Kind, pl.DataType]] = {
    Kind.YESNO: pl.Boolean(),
    Kind.COUNT: pl.Int64(),
    Kind.FAMILIES: pl.Int64(),
    Kind.AGE: pl.Int64(),
    Kind.NUMBER: pl.Float64(),
    Kind.DAYS: pl.Float64(),
}


def dtype(column: Column) -> pl.DataType:
    """The Polars type in which a column is stored."""
    if column.is_list:
        return pl.List(pl.String())
    return _DTYPES.get(column.kind, pl.String())


def empty_frame(table: Table) -> pl.DataFrame:
    """A frame of ``table`` without rows."""
    return pl.DataFrame(schema={c.name: dtype(c) for c in table.stored})


@dataclass(frozen=True)
class Settings:
    """The region row, typed: who publishes, the reference date and what is assumed where data is silent.

    Ages in months, weeks as numbers; ``municipalities`` are the codes of the region.
    """

    id: str
    name: str
    title: str
    reference_date: str
    reference_date_given: bool
    publisher: str | None
    licence: str | None
    contact: str | None
    municipalities: tuple[str, ...]
    unit: str
    unknown_weeks_low: float
    unknown_weeks_high: float
    outdated_after_months: int
    threshold: int
    age_from: int
    age_until: int
    new_handover_weeks: float
    unknown_decision_low: float
    unknown_decision_high: float
    bridging_within_weeks: float
    age_range_reading: str


@dataclass(frozen=True, eq=False)
class Landscape:
    """All tables by their English name (see :data:`routekaart.graph.schema.TABLES`).

    Rows are sorted by id, list cells are sorted and never empty (unknown is null), and every frame
    has exactly the stored columns of its table. Make one with :meth:`of`.
    """

    frames: Mapping[str, pl.DataFrame]

    @classmethod
    def of(cls, frames: Mapping[str, pl.DataFrame]) -> Landscape:
        """A Landscape of ``frames``; missing tables are empty, columns are put in order and cast.

        Raises KeyError for a table or column that the schema does not know.
        """
        unknown = set(frames) - set(TABLES)
        if unknown:
            raise KeyError(f"no such table: {sorted(unknown)}")
        made: dict[str, pl.DataFrame] = {}
        for table in TABLES.values():
            frame = frames.get(table.name)
            if frame is None:
                made[table.name] = empty_frame(table)
                continue
            strangers = set(frame.columns) - {c.name for c in table.stored}
            if strangers:
                raise KeyError(f"{table.name} has no column {sorted(strangers)}")
            if list(frame.schema.items()) != [(c.name, dtype(c)) for c in table.stored]:
                frame = frame.select(
                    (pl.col(c.name) if c.name in frame.columns else pl.lit(None)).cast(dtype(c)).alias(c.name)
                    for c in table.stored
                )
            made[table.name] = frame.sort(table.key)
        return cls(MappingProxyType(made))

    def __getitem__(self, table: str) -> pl.DataFrame:
        return self.frames[table]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Landscape) and all(self[name].equals(other[name]) for name in TABLES)

    __hash__ = None  # type: ignore[assignment]  # frames are compared by value, and values of this size are no keys

    def replaced(self, **frames: pl.DataFrame) -> Landscape:
        """A copy with some tables replaced."""
        return Landscape.of({**self.frames, **frames})

    def derived(self, make: Callable[[Landscape], Derived]) -> Derived:
        """What ``make`` works out from the tables (an index, say), made once and kept with them."""
        if make not in self._derived:
            self._derived[make] = make(self)
        found: Derived = self._derived[make]
        return found

    @cached_property
    def _derived(self) -> dict[Callable[[Landscape], Any], Any]:
        return {}

    @cached_property
    def settings(self) -> Settings:
        row: dict[str, Any] = dict(DEFAULTS)
        for given in self["region"].iter_rows(named=True):
            row.update({k: v for k, v in given.items() if v is not None})
        row["municipalities"] = tuple(row.get("municipalities") or ())
        row.setdefault("id", "regio")
        row.setdefault("name", row["id"])
        row.setdefault("title", row["name"])
        row.setdefault("reference_date_given", False)
        known: dict[str, Any] = {f.name: row.get(f.name) for f in fields(Settings)}
        return Settings(**known)

    @cached_property
    def roles(self) -> Scheme:
        """The role scheme with the region's own roles."""
        columns = scheme("map-column")
        return scheme("role").extended(
            Concept(
                "role",
                row["id"],
                1000 + number,
                {"nl": row["name"] or row["id"]},
                data={
                    "isEntry": ("true",) if row["entry"] else ("false",),
                    "mayReferTo": tuple(row["levels"] or ()),
                    "mapColumn": (row["column"] if row["column"] in columns else "geen",),
                },
            )
            for number, row in enumerate(self["roles"].iter_rows(named=True))
        )

    @cached_property
    def themes(self) -> Scheme:
        """The theme scheme with the region's own themes."""
        return scheme("theme").extended(
            Concept(
                "theme",
                row["id"],
                1000 + number,
                {"nl": row["name"] or row["id"]},
                broader=(row["broader"],) if row["broader"] else (),
            )
            for number, row in enumerate(self["themes"].iter_rows(named=True))
        )

    @cached_property
    def municipality_names(self) -> Mapping[str, str]:
        """Name by code: the region's own, then the national list."""
        known = {code: names[0] for code, names in municipalities().items()}
        own = self["municipalities"]
        known.update((c, n) for c, n in zip(own["code"], own["name"], strict=True) if n)
        return MappingProxyType(known)

    @cached_property
    def region_municipalities(self) -> tuple[str, ...]:
        """The codes of the region, by name: as set, else of the table, else all that are mentioned."""
        codes: Iterable[str] = self.settings.municipalities or self["municipalities"]["code"].to_list()
        if not codes:
            codes = {code for code in self._mentioned() if code.startswith("GM")}
        return tuple(sorted(codes, key=lambda c: (self.municipality_names.get(c, c), c)))

    def _mentioned(self) -> Iterator[str]:
        for table, column in (("partners", "municipalities"), ("offerings", "municipalities")):
            for codes in self[table][column].drop_nulls().unique(maintain_order=True):
                yield from codes

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Name of every partner and offering by its endpoint form (``P01``, ``aanbod:O01``)."""
        found = dict(zip(self["partners"]["id"], self["partners"]["name"], strict=True))
        offers = self["offerings"]
        found.update(("aanbod:" + i, n) for i, n in zip(offers["id"], offers["name"], strict=True))
        return MappingProxyType(found)

    @cached_property
    def locations(self) -> Mapping[str, tuple[str, ...]]:
        """Where each partner stands (codes), as far as it says so."""
        frame = self["partners"].filter(pl.col("locations").is_not_null())
        return MappingProxyType({i: tuple(codes) for i, codes in zip(frame["id"], frame["locations"], strict=True)})

    def without_superseded_waits(self) -> Landscape:
        """A copy that keeps of each series of waits the latest statement only.

        A series is one subject, kind, way of measuring and set of conditions. An undated statement
        is superseded by any dated one.
        """
        series = ["on", "kind", "themes", "age_from", "age_until", "municipalities", "basis"]
        waits = self["waits"]
        # lists as text: grouping on list columns is not streaming in Polars and much slower
        keys = [pl.col(c).list.join("|").fill_null("") if waits.schema[c] == pl.List(pl.String) else pl.col(c) for c in series]
        # by the last day that a date can mean, as the analyses choose: as text "2026" comes before "2026-03"
        said = waits["as_of"].drop_nulls().unique().to_list()
        days = [last_day(d).toordinal() for d in said]
        as_of = pl.col("as_of").replace_strict(said, days, default=0, return_dtype=pl.Int32)
        current = waits.filter(as_of == as_of.max().over(keys))
        return self.replaced(waits=current)
