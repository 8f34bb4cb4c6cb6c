"""The rows of a Landscape ready to be told: by id, with the names of everything they point at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from ..graph.dates import first_day, last_day, outdated, sort_key
from ..graph.landscape import Landscape
from .wording import Wording

Row = Mapping[str, Any]
#: Forms of an endpoint that is not a partner (graph/schema.py, Kind.ENDPOINT).
OFFERING, ROUTE, ROLE = "aanbod:", "route:", "rol:"
PUBLIC, COALITION = "openbaar", "coalitie"
EDITIONS: Final = (PUBLIC, COALITION)


@dataclass(frozen=True)
class Material:
    """What the page may tell of ``landscape``, in the language of ``words`` and for one edition."""

    landscape: Landscape
    words: Wording
    edition: str

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of a table, in its order."""
        return list(self.landscape[table].iter_rows(named=True))

    @cached_property
    def partners(self) -> Mapping[str, Row]:
        return {row["id"]: row for row in self.rows("partners")}

    @cached_property
    def offerings(self) -> Mapping[str, Row]:
        return {row["id"]: row for row in self.rows("offerings")}

    @cached_property
    def routes(self) -> Mapping[str, Row]:
        return {row["id"]: row for row in self.rows("routes")}

    @cached_property
    def valid_routes(self) -> list[Row]:
        """The routes that hold on the reference date."""
        return [row for row in self.routes.values() if self.valid(row)]

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """The lines between partners: for the coalition only."""
        return self.rows("lines") if self.edition == COALITION else []

    @cached_property
    def agreements(self) -> list[dict[str, Any]]:
        """The agreements: for the coalition only."""
        return self.rows("agreements") if self.edition == COALITION else []

    @cached_property
    def waits(self) -> list[dict[str, Any]]:
        """Every registered wait, newest first; each says whether it is ``outdated`` and ``replaced``."""
        settings = self.landscape.settings
        current = set(self.landscape.without_superseded_waits()["waits"]["id"])
        found = self.rows("waits")
        for row in found:
            row["outdated"] = outdated(row["as_of"], settings.reference_date, settings.outdated_after_months)
            row["replaced"] = row["id"] not in current
        undated = (date.min, date.min, "")
        found.sort(key=lambda r: (sort_key(r["as_of"]) if r["as_of"] else undated, r["id"]), reverse=True)
        return found

    @cached_property
    def waits_told(self) -> list[dict[str, Any]]:
        """The waits that a page tells of: those that no newer one replaces (of a region there can be fifteen of each)."""
        return [row for row in self.waits if not row["replaced"]]

    @cached_property
    def wait_rows(self) -> Mapping[str, int]:
        """The place of every wait among :attr:`waits_told`, by id."""
        return {row["id"]: place for place, row in enumerate(self.waits_told)}

    @cached_property
    def waits_on(self) -> Mapping[str, list[dict[str, Any]]]:
        """The waits by subject; one on a chain stands with each of its links."""
        return _grouped(self.waits, lambda row: row["on"])

    @cached_property
    def offerings_of(self) -> Mapping[str, list[Row]]:
        """The offerings by partner."""
        return _grouped(self.offerings.values(), lambda r: (r["partner"] or "",))

    @cached_property
    def holders(self) -> Mapping[str, list[Row]]:
        """The partners by role."""
        return _grouped(self.partners.values(), lambda r: r["roles"] or ())

    @cached_property
    def roles_named(self) -> tuple[str, ...]:
        """The roles that a route or wait speaks of, in the order of the scheme."""
        named = {e for r in self.routes.values() for e in (r["from"], r["to"])}
        named |= {e for r in self.waits for e in r["on"]}
        slugs = {e.removeprefix(ROLE) for e in named if e.startswith(ROLE)}
        known = [s for s in self.landscape.roles.slugs if s in slugs]
        return (*known, *sorted(slugs - set(known)))

    @cached_property
    def roles_told(self) -> tuple[str, ...]:
        """The roles that have a card: those named, and those that a partner holds."""
        held = set(self.holders) | set(self.roles_named)
        known = [s for s in self.landscape.roles.slugs if s in held]
        return (*known, *sorted(held - set(known)))

    def name(self, endpoint: str) -> str:
        """What people call an endpoint: a partner's or offering's name, a role's label, a route's ends."""
        if endpoint.startswith(ROLE):
            return self.landscape.roles.label(endpoint.removeprefix(ROLE), self.words.lang)
        if endpoint.startswith(OFFERING):
            offering = self.offerings.get(endpoint.removeprefix(OFFERING))
            return str(offering["name"]) if offering else endpoint
        if endpoint.startswith(ROUTE):
            route = self.routes.get(endpoint.removeprefix(ROUTE))
            return f"{self.name(route['from'])} → {self.name(route['to'])}" if route else endpoint
        partner = self.partners.get(endpoint)
        return str(partner["name"]) if partner else endpoint

    def responses(self, endpoints: Iterable[str]) -> str:
        """What the partners say that a figure on ``endpoints`` is about; empty when nobody responded."""
        said: dict[str, str] = {}
        for endpoint in endpoints:
            place = endpoint
            if place.startswith(ROUTE) and (route := self.routes.get(place.removeprefix(ROUTE))):
                place = route["to"]
            if place.startswith(OFFERING) and (offering := self.offerings.get(place.removeprefix(OFFERING))):
                place = offering["partner"] or place
            partner = self.partners.get(place)
            if partner and partner["response"]:
                said[partner["name"]] = self.words.say("word.quote", text=partner["response"])
        if len(said) == 1:
            return next(iter(said.values()))
        return "\n".join(self.words.say("word.labelled", label=name, text=words) for name, words in said.items())

    def knows(self, endpoint: str) -> bool:
        """Whether the page can show details of ``endpoint``."""
        if endpoint.startswith(ROLE):
            return endpoint.removeprefix(ROLE) in self.roles_told
        if endpoint.startswith(OFFERING):
            return endpoint.removeprefix(OFFERING) in self.offerings
        if endpoint.startswith(ROUTE):
            return endpoint.removeprefix(ROUTE) in self.routes
        return endpoint in self.partners

    def areas(self, codes: Iterable[str] | None) -> str:
        """Municipalities by name."""
        return self.words.areas(codes, self.landscape.municipality_names)

    def roles(self, slugs: Iterable[str] | None) -> str:
        """Roles by label."""
        labels = [self.landscape.roles.label(s, self.words.lang) for s in slugs or ()]
        return ", ".join(labels) or self.words.unknown

    def themes(self, slugs: Iterable[str] | None) -> str:
        """Themes by label; none is the general theme."""
        labels = [self.landscape.themes.label(s, self.words.lang) for s in slugs or ("algemeen",)]
        return ", ".join(labels)

    def valid(self, row: Row) -> bool:
        """Whether a row holds on the reference date."""
        today = first_day(self.landscape.settings.reference_date)
        start, end = row["valid_from"], row["valid_until"]
        return not (start and first_day(start) > today) and not (end and last_day(end) <= today)


def _grouped(rows: Iterable[Any], keys: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        for key in dict.fromkeys(keys(row)):
            found.setdefault(key, []).append(row)
    return found
