"""about: everything that the map and its figures say about one partner ("Dit staat er over u").

Sent before publication, so that the partner can react. Every row of every table that refers to the
partner, to its offerings or to its routes appears exactly once; what is said of a role that the partner
holds stands apart, as derived. Counts of families under the threshold are not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from ....ontology.concepts import folded
from ...dates import last_day, outdated
from ...disclosure import is_suppressed
from ...landscape import Landscape
from ...mentions import Mentions
from ...profile import Profile, covers
from ...schema import INPUT_TABLES, TABLES
from ...waiting import STATEMENT, Source, Wait
from ...waits import Waits
from ..one_sided import one_sided
from .gaps import assumed, questions
from .pieces import About, Computed, OfRole, Reading, Statement
from .roles import ROLE, Ends

OFFERING, ROUTE = "aanbod:", "route:"
_NATIONAL: Final = "landelijk"


def about(landscape: Landscape, partner: str, findings: Iterable[Mapping[str, Any]] = ()) -> About:
    """Everything said about ``partner`` (an id; KeyError when there is none).

    ``findings`` are those of the build, as JSON objects (CONTRACTS §6, check).
    """
    return next(everyone(landscape, findings, (partner,)))


def everyone(
    landscape: Landscape, findings: Iterable[Mapping[str, Any]] = (), partners: Sequence[str] | None = None
) -> Iterator[About]:
    """:func:`about` for several partners (None: all, by id); what they share is looked up once."""
    teller = _Teller(landscape, findings)
    for partner in landscape["partners"]["id"] if partners is None else partners:
        yield teller.about(partner)


class _Teller:
    """A Landscape made ready to be asked about one partner after another."""

    def __init__(self, landscape: Landscape, findings: Iterable[Mapping[str, Any]]) -> None:
        self._landscape = landscape
        self._settings = landscape.settings
        self._mentions = Mentions(landscape)
        self._places = {i: n for n, i in enumerate(landscape["partners"]["id"])}
        self._current = set(landscape.without_superseded_waits()["waits"]["id"])
        self._ends = Ends(landscape)
        self._one_sided = one_sided(landscape)
        self._by_row: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
        self._by_value: dict[str, list[Mapping[str, Any]]] = {}
        for finding in findings:
            if finding["row"] is not None:
                self._by_row.setdefault((finding["file"], finding["sheet"], finding["row"]), []).append(finding)
            if finding["value"]:
                self._by_value.setdefault(folded(str(finding["value"])), []).append(finding)

    def about(self, partner: str) -> About:
        place = self._places[partner]
        own = self._statement("partners", self._landscape["partners"].row(place, named=True), ("id",))
        offerings = self._refer("offerings", {partner})
        names = {partner, *(OFFERING + o.id for o in offerings)}
        routes = self._refer("routes", names)
        names |= {ROUTE + r.id for r in routes}
        found = {
            table.name: tuple(sorted(self._refer(table.name, names), key=lambda s: self._order(s, names)))
            for table in INPUT_TABLES
        }
        said = {(s.table, s.id) for statements in found.values() for s in statements} | {("partners", partner)}
        areas = own.row["municipalities"]
        served = self._served(areas)
        roles = tuple(own.row["roles"] or ())
        of_role = tuple(self._of_role(partner, roles, names, served, said))
        waits = [*found["waits"], *(r.statement for r in of_role if r.statement.table == "waits")]
        computed = tuple(self._computed(partner, roles, [o.id for o in found["offerings"]], served))
        readings = {w.id: self._reading(w, roles, served) for w in waits}
        unread = {w for w, reading in readings.items() if reading.outdated or reading.replaced}
        return About(
            own,
            served,
            areas is None,
            MappingProxyType({name: statements for name, statements in found.items() if statements}),
            of_role,
            MappingProxyType(readings),
            computed,
            tuple(questions(self._landscape, own, found, computed, unread)),
            tuple(assumed(self._settings, own, found)),
            tuple(self._indicators(roles, found["offerings"], served)),
            tuple(o for o in self._one_sided if partner in (o.said_by, o.not_by)),
            self._elsewhere(own, found),
        )

    # --- rows --------------------------------------------------------------------------------------
    def _refer(self, table: str, names: set[str]) -> list[Statement]:
        places = self._mentions.rows(table, names)
        if not places:
            return []
        rows = self._landscape[table][list(places)].iter_rows(named=True)
        return [self._statement(table, row, columns) for row, columns in zip(rows, places.values(), strict=True)]

    def _statement(self, table: str, row: dict[str, Any], columns: tuple[str, ...]) -> Statement:
        described = TABLES[table]
        hidden = tuple(c.name for c in described.stored if is_suppressed(self._landscape, c, row[c.name]))
        source = Source.of(table, row, described.key)
        return Statement(
            table,
            row[described.key],
            MappingProxyType({**row, **dict.fromkeys(hidden)}),
            hidden,
            columns,
            source,
            tuple(self._by_row.get((source.file, source.sheet, source.row), ())),
        )

    def _order(self, statement: Statement, names: set[str]) -> tuple[Any, ...]:
        """Lightest offering first, routes from here before routes to here, the latest wait, log and figure first."""
        row = statement.row
        if statement.table == "offerings":
            return (row["level"] or "~", folded(row["name"]), statement.id)
        if statement.table in ("routes", "lines", "handovers", "back_and_forth"):
            other = row["to"] if row["from"] in names else row["from"]
            last = _late_first(row.get("period_until"))
            return (last, row["from"] not in names, folded(self._landscape.names.get(other, other)), statement.id)
        if statement.table == "waits":
            return (statement.id not in self._current, row["on"] != [min(names)], _late_first(row["as_of"]), statement.id)
        if statement.table in ("outflow", "demand"):
            return (-(row["year"] or 0), row.get("to") or row.get("municipality") or "", statement.id)
        return (statement.id,)

    def _elsewhere(self, own: Statement, found: Mapping[str, tuple[Statement, ...]]) -> tuple[Mapping[str, Any], ...]:
        """Findings that name the partner, about rows that are not in the tables."""
        shown = {id(f) for s in (own, *(s for group in found.values() for s in group)) for f in s.findings}
        texts = {own.id, own.row["name"], own.row["short_name"], *(own.row["other_names"] or ())}
        named = [f for text in sorted(folded(t) for t in texts if t) for f in self._by_value.get(text, ())]
        return tuple({id(f): f for f in named if id(f) not in shown}.values())

    # --- where and for whom ----------------------------------------------------------------------------
    def _served(self, areas: Sequence[str] | None) -> tuple[str, ...]:
        """The municipalities (codes, by name) whose inhabitants a partner serves; nothing said: the whole region."""
        region = self._settings.municipalities
        codes = [c for c in self._landscape.region_municipalities if areas is None or covers(areas, c, region)]
        codes += [a for a in areas or () if a not in codes and a not in ("regio", _NATIONAL)]
        names = self._landscape.municipality_names
        return tuple(sorted(codes, key=lambda c: (names.get(c, c), c)))

    # --- said of a role ----------------------------------------------------------------------------------
    def _of_role(
        self, partner: str, roles: tuple[str, ...], names: set[str], served: tuple[str, ...], said: set[tuple[str, str]]
    ) -> Iterator[OfRole]:
        wanted = {ROLE + role for role in roles}
        for table in ("routes", "waits"):
            for statement in self._refer(table, wanted):
                if (table, statement.id) in said:
                    continue
                row = statement.row
                ends = [row["from"], row["to"]] if table == "routes" else row["on"]
                held = tuple(e.removeprefix(ROLE) for e in dict.fromkeys(ends) if e in wanted)
                if table == "waits":
                    yield OfRole(statement, held, municipalities=self._ends.within(row, served))
                    continue
                others, where = self._ends.expanded(partner, row, wanted, served)
                yield OfRole(statement, held, others, where)

    # --- waits ---------------------------------------------------------------------------------------------
    def _reading(self, wait: Statement, roles: tuple[str, ...], served: tuple[str, ...]) -> Reading:
        settings = self._settings
        old = outdated(wait.row["as_of"], settings.reference_date, settings.outdated_after_months)
        measured = wait.row["state"] != STATEMENT
        norms = tuple(self._norms(wait.row["kind"], roles, served)) if measured else ()
        return Reading(old, wait.id not in self._current, norms)

    def _norms(self, kind: str, roles: tuple[str, ...], served: tuple[str, ...]) -> Iterator[Statement]:
        """The norms of a kind of wait that apply to a role or municipality of the partner."""
        known = self._landscape.roles
        towns = self._landscape["municipalities"].filter(pl.col("code").is_in(list(served)))
        reached = {folded(t) for t in (*served, *roles, *(known.label(r) for r in roles), _NATIONAL, "regio")}
        reached |= {folded(t) for t in (*towns["name"], *towns["youth_region"]) if t}
        for row in self._landscape["norms"].filter(pl.col("kind") == kind).iter_rows(named=True):
            if any(folded(text) in reached for text in row["applies_to"] or ()):
                yield self._statement("norms", row, ("applies_to",))

    def _computed(
        self, partner: str, roles: tuple[str, ...], offerings: Sequence[str], served: tuple[str, ...]
    ) -> Iterator[Computed]:
        """What answers count with: at the partner as a step on the way, and at each offering as its end."""
        general = [partner, *(ROLE + r for r in roles)]
        waits = Waits(self._landscape, [*general, *(OFFERING + o for o in offerings)])
        for subject in (partner, *(OFFERING + o for o in offerings)):
            subjects = general if subject == partner else [subject, *general]
            found: dict[Wait, list[str]] = {}
            for code in served or ("",):
                found.setdefault(waits.registration(subjects, Profile(code)), []).append(code)
            for wait, codes in found.items():
                yield Computed(subject, wait, tuple(c for c in codes if c))

    # --- figures about where it works ------------------------------------------------------------------------
    def _indicators(self, roles: tuple[str, ...], offerings: Sequence[Statement], served: tuple[str, ...]) -> Iterator[Statement]:
        """The latest figures about its municipalities: all for a municipality, else those on themes that it offers."""
        frame = self._landscape["indicators"].filter(pl.col("municipality").is_in(list(served)))
        if "gemeente" not in roles:
            themes = sorted({t for o in offerings for t in o.row["themes"] or ()})
            frame = frame.filter(pl.col("theme").is_in(themes))
        series = ["indicator", "municipality", "district", "theme"]
        latest = frame.filter(pl.col("year").fill_null(0) == pl.col("year").fill_null(0).max().over(series))
        for row in latest.sort(*series, "id", nulls_last=True).iter_rows(named=True):
            yield self._statement("indicators", row, ("municipality",))


def _late_first(date: str | None) -> int:
    """A key that sorts the latest date first and an undated row last."""
    return -last_day(date).toordinal() if date else 0
