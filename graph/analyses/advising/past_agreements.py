"""past_agreements: what became of earlier agreements, and what the tables say now. Nobody is credited with it, or blamed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from ....ontology.concepts import scheme
from ...dates import last_day, months_before
from ...locale import Locale
from ...profile import Profile
from ...waiting import Source, Wait
from ..common import sources_of, weeks_of
from ..lacking.registered import Registered, Row

DUE: Final = "nu"
SOON: Final = "binnenkort"
#: An evaluation within so many months is soon.
MONTHS: Final = 3
_IN_FORCE: Final = ("loopt", "afgesproken")
#: In which order agreements of one date are told: what people keep to first.
_STATUSES: Final = (*_IN_FORCE, "voorstel", "afgewezen", "gestopt")
#: Agreements about getting somewhere or about the time until then: the waits there stand beside them.
_ABOUT_WAITING: Final = ("overbrugging", "route")
#: Agreements about knowing each other: the registered line stands beside them.
_ABOUT_KNOWING: Final = ("aanspreekpunt", "overleg")
_REPORT: Final = "melding"


@dataclass(frozen=True, slots=True)
class LineNow:
    """A registered line between two of the partners; None is not stated."""

    partners: tuple[str, str]
    strength: str | None
    fixed_contact: bool | None
    source: Source


@dataclass(frozen=True, slots=True)
class RouteNow:
    """A registered route from one of the partners to another."""

    start: str
    end: str
    kind: str
    source: Source


@dataclass(frozen=True, slots=True)
class WaitNow:
    """The wait until the first appointment at one of the partners, for who lives in the municipality."""

    partner: str
    wait: Wait


@dataclass(frozen=True, slots=True)
class Kept:
    """An agreement as it stands, whether its evaluation is ``due`` (nu, binnenkort or None), and what is registered now."""

    id: str
    kind: str | None
    what: str | None
    status: str | None
    owner: str | None
    evaluate_on: str | None
    due: str | None
    partners: tuple[str, ...]
    lines: tuple[LineNow, ...]
    routes: tuple[RouteNow, ...]
    waits: tuple[WaitNow, ...]
    source: Source

    @property
    def in_force(self) -> bool:
        return self.status in _IN_FORCE

    def as_dict(self) -> dict[str, Any]:
        """The agreement by its id, with what is registered now beside it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "what": self.what,
            "status": self.status,
            "owner": self.owner,
            "evaluate_on": self.evaluate_on,
            "due": self.due,
            "partners": list(self.partners),
            "lines": [
                {"partners": list(x.partners), "strength": x.strength, "fixed_contact": x.fixed_contact} for x in self.lines
            ],
            "routes": [{"from": r.start, "to": r.end, "kind": r.kind} for r in self.routes],
            "waits": [
                {"partner": w.partner, "weeks": weeks_of(w.wait), "closed": w.wait.closed, "assumed": w.wait.assumed}
                for w in self.waits
            ],
            "sources": sources_of([self.source]),
        }


def past_agreements(locale: Locale) -> tuple[Kept, ...]:
    """The agreements that hold in the municipality of ``locale``, whatever became of them.

    Those of which the evaluation is due first, then those with a date, earliest first; then by status (what people keep
    to before proposals, before what was refused or stopped) and id. An agreement holds here where it names the
    municipality, or where it holds for the region (or names none) and all of its partners serve the municipality. Beside
    it stands what is registered between its partners now: lines for a fixed contact or a meeting, routes for a route,
    bridging or step down, waits for a route or bridging.
    """
    found = [kept for row in locale.landscape["agreements"].iter_rows(named=True) if (kept := _kept(locale, row)) is not None]
    return tuple(sorted(found, key=_order))


def _order(kept: Kept) -> tuple[Any, ...]:
    status = _STATUSES.index(kept.status) if kept.status in _STATUSES else len(_STATUSES)
    asked = kept.in_force and kept.evaluate_on
    date = last_day(kept.evaluate_on).isoformat() if kept.evaluate_on and asked else "9999"
    return kept.due != DUE, date, status, kept.id


def _kept(locale: Locale, row: Row) -> Kept | None:
    registered = locale.landscape.derived(Registered)
    partners = tuple(row["partners"] or ())
    named = locale.municipality in (row["municipalities"] or ())
    if not registered.holds_in(row, locale.municipality) or not (named or all(p in locale.partners for p in partners)):
        return None
    kind = row["kind"]
    pairs = list(combinations(partners, 2))
    return Kept(
        row["id"],
        kind,
        row["what"],
        row["status"],
        row["owner"],
        row["evaluate_on"],
        _due(row, locale.settings.reference_date),
        partners,
        tuple(_lines(locale, pairs)) if kind in _ABOUT_KNOWING else (),
        tuple(_routes(locale, registered, partners)) if kind not in _ABOUT_KNOWING else (),
        tuple(_waits(locale, partners)) if kind in _ABOUT_WAITING else (),
        Source.of("agreements", row),
    )


def _due(row: Row, reference_date: str) -> str | None:
    """Whether an agreement that people keep to is to be evaluated by now, or soon; a date like "2026-09" is its last day."""
    if not row["evaluate_on"] or row["status"] not in _IN_FORCE:
        return None
    date, today = last_day(row["evaluate_on"]), last_day(reference_date)
    if date <= today:
        return DUE
    return SOON if months_before(date, MONTHS) <= today else None


def _lines(locale: Locale, pairs: list[tuple[str, str]]) -> Iterator[LineNow]:
    wanted = {frozenset(pair): pair for pair in pairs}
    for row in locale.landscape["lines"].iter_rows(named=True):
        pair = wanted.get(frozenset((row["from"], row["to"])))
        if pair is not None:
            yield LineNow(pair, row["strength"], row["fixed_contact"], Source.of("lines", row))


def _routes(locale: Locale, registered: Registered, partners: tuple[str, ...]) -> Iterator[RouteNow]:
    """The valid routes here that partners state between two of them (not those stated of their roles)."""
    kinds = [kind for kind in scheme("route-kind").slugs if kind != _REPORT]
    for row in registered.routes(kinds):
        start, end = (registered.owners.get(row[c], row[c]) for c in ("from", "to"))
        if start in partners and end in partners and start != end and registered.holds_in(row, locale.municipality):
            yield RouteNow(start, end, row["kind"], Source.of("routes", row))


def _waits(locale: Locale, partners: tuple[str, ...]) -> Iterator[WaitNow]:
    anybody = Profile(locale.municipality)
    for partner in partners:
        if partner in locale.partners and not locale.is_safety(partner):
            yield WaitNow(partner, locale.waits.registration(locale.subjects(partner), anybody))
