"""Which municipalities' answers can differ between two Landscapes: those that a changed row can touch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import polars as pl

from ...landscape import Landscape
from ...schema import TABLES
from ...waiting import STATEMENT
from .changes import as_text

#: The columns that an answer of ``route`` depends on; names, sources and remarks change none.
_RELEVANT: Final[Mapping[str, tuple[str, ...]]] = {
    "partners": ("id", "roles", "municipalities"),
    "offerings": (
        "id",
        "partner",
        "level",
        "themes",
        "age_from",
        "age_until",
        "municipalities",
        "access",
        "valid_from",
        "valid_until",
    ),
    "routes": (
        "id",
        "from",
        "to",
        "kind",
        "municipalities",
        "age_from",
        "age_until",
        "themes",
        "decision_needed",
        "handover_days",
        "valid_from",
        "valid_until",
    ),
    "waits": (
        "on",
        "kind",
        "themes",
        "age_from",
        "age_until",
        "municipalities",
        "as_of",
        "state",
        "days_low",
        "days_expected",
        "days_high",
        "closed_until",
    ),
    "roles": ("id", "entry"),
    "themes": ("id", "broader"),
}
_SETTINGS: Final = (
    "reference_date",
    "municipalities",
    "unknown_weeks_low",
    "unknown_weeks_high",
    "outdated_after_months",
    "age_from",
    "age_until",
    "unknown_decision_low",
    "unknown_decision_high",
)

Area = frozenset[str]


@dataclass(frozen=True, slots=True)
class Touched:
    """The municipalities of either region that a change can touch, by name, and by how many rows each.

    ``rows`` is zero for all where a setting changed: then every answer may differ.
    """

    municipalities: tuple[str, ...]
    rows: Mapping[str, int]


def touched(old: Landscape, new: Landscape) -> Touched:
    """The municipalities whose answers can differ: never too few, now and then one too many."""
    everything = _settings(old) != _settings(new) or any(_different(old, new, t).height for t in ("roles", "themes"))
    if everything:
        codes = _in_order(old, new)
        return Touched(codes, MappingProxyType(dict.fromkeys(codes, 0)))
    frames = {table: _different(old, new, table) for table in ("partners", "offerings", "routes", "waits")}
    spoken = (pl.col("on").list.len() > 1) | (pl.col("state") == STATEMENT).fill_null(value=False)
    frames["waits"] = frames["waits"].filter(~spoken)
    if not any(frame.height for frame in frames.values()):
        return Touched((), MappingProxyType({}))
    touching = _Touching(old, new)
    areas: Counter[Area] = Counter()
    for table, frame in frames.items():
        areas.update(touching.rows(table, frame))
    rows: Counter[str] = Counter()
    for area, number in areas.items():
        for code in area:
            rows[code] += number
    return Touched(tuple(c for c in _in_order(old, new) if rows[c]), MappingProxyType(dict(rows)))


def _in_order(old: Landscape, new: Landscape) -> tuple[str, ...]:
    """The municipalities of either region, by name."""
    names = {**old.municipality_names, **new.municipality_names}
    return tuple(sorted({*old.region_municipalities, *new.region_municipalities}, key=lambda c: (names.get(c, c), c)))


def narrowed(old: Landscape, new: Landscape, municipalities: Iterable[str]) -> tuple[Landscape, Landscape]:
    """Both Landscapes with only the rows that hold in one of ``municipalities`` (codes), region-wide rows included."""
    wanted, touching = frozenset(municipalities), _Touching(old, new)

    def part(side: Landscape) -> Landscape:
        frames = {
            name: frame.filter(pl.Series([bool(area & wanted) for area in touching.rows(name, frame)], dtype=pl.Boolean))
            for name, frame in side.frames.items()
        }
        return Landscape(MappingProxyType({**frames, "region": side["region"]}))

    return part(old), part(new)


class _Touching:
    """Where rows hold, in either Landscape; an area is the set of codes of both regions."""

    def __init__(self, old: Landscape, new: Landscape) -> None:
        self._sides = (old, new)
        self.everywhere: Area = frozenset(_in_order(old, new))
        self._partners: dict[str, Area] = {}
        self._offerings: dict[str, Area] = {}
        self._routes: dict[str, Area] = {}
        self._agreements: dict[str, Area] = {}
        for side in self._sides:
            self._add(side)

    def _add(self, side: Landscape) -> None:
        for id_, codes in side["partners"].select("id", "municipalities").iter_rows():
            self._partners[id_] = self._partners.get(id_, frozenset()) | self.codes(codes)
        for id_, partner, codes in side["offerings"].select("id", "partner", "municipalities").iter_rows():
            self._offerings[id_] = self._offerings.get(id_, frozenset()) | self._offered(partner, codes)
        for id_, start, end, codes in side["routes"].select("id", "from", "to", "municipalities").iter_rows():
            self._routes[id_] = self._routes.get(id_, frozenset()) | self._between(start, end, codes)

        for id_, codes in side["agreements"].select("id", "municipalities").iter_rows():
            self._agreements[id_] = self._agreements.get(id_, frozenset()) | self.codes(codes)

    def codes(self, codes: Iterable[str] | None) -> Area:
        """Where a list of municipalities holds; nothing said, regio and landelijk: anywhere."""
        given = frozenset(codes or ())
        if not given or given & {"regio", "landelijk"}:
            return self.everywhere
        return given & self.everywhere

    def _offered(self, partner: str | None, codes: Iterable[str] | None) -> Area:
        if codes is None and partner is not None:
            return self._partners.get(partner, self.everywhere)
        return self.codes(codes)

    def _between(self, start: str, end: str, codes: Iterable[str] | None) -> Area:
        return self.codes(codes) & self.subject(start) & self.subject(end)

    def subject(self, subject: str) -> Area:
        """Where a partner, offering (aanbod:ID), route (route:ID) or role (rol:slug) has a part in ways."""
        kind, colon, id_ = subject.partition(":")
        if not colon:
            return self._partners.get(subject, self.everywhere)
        known = {"aanbod": self._offerings, "route": self._routes}.get(kind, {})
        return known.get(id_, self.everywhere)

    def rows(self, table: str, frame: pl.DataFrame) -> Iterator[Area]:
        """Where each row of ``frame`` (of a Landscape's table) holds."""
        known = {
            "partners": self._partners,
            "offerings": self._offerings,
            "routes": self._routes,
            "agreements": self._agreements,
        }
        if table in known:
            yield from (known[table].get(i, self.everywhere) for i in frame["id"])
        elif table == "waits":
            for on, codes in frame.select("on", "municipalities").iter_rows():
                here = self.codes(codes)
                for subject in on if len(on) == 1 else ():
                    here &= self.subject(subject)
                yield here
        elif table == "lines":
            for start, end in frame.select("from", "to").iter_rows():
                yield self.subject(start) & self.subject(end)
        elif table in ("demand", "indicators", "cases"):
            yield from (self.codes([c] if c else None) for c in frame["municipality"])
        elif table == "municipalities":
            yield from (frozenset([c]) for c in frame["code"])
        elif "partner" in frame.columns:
            yield from (self.subject(p) for p in frame["partner"])
        else:
            yield from (self.everywhere for _ in range(frame.height))


def _settings(landscape: Landscape) -> tuple[object, ...]:
    return tuple(getattr(landscape.settings, name) for name in _SETTINGS)


def _different(old: Landscape, new: Landscape, table: str) -> pl.DataFrame:
    """The rows that only one of both has, compared on what an answer depends on."""
    columns = [TABLES[table].column(c) for c in _RELEVANT[table]]
    keyed = [side[table].with_columns(as_text(c).alias(f"\x00{c.name}") for c in columns) for side in (old, new)]
    keys = [f"\x00{c.name}" for c in columns]
    only = [a.join(b.select(keys).unique(), on=keys, how="anti", nulls_equal=True) for a, b in (keyed, reversed(keyed))]
    return pl.concat(only).select(_RELEVANT[table])
