"""What the page computes routes and offerings with: the facts that graph/routing works on, each said once.

Municipalities are resolved in Python (who serves there, which steps hold); what depends on age and theme is left to
the page (static/waits.js, ways.js). Stations are counted in the order of their ids, offerings, routes and what a wait
is on by their number in the page. Days; ages in months; -1 stands for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from ...graph.dates import last_day, sort_key
from ...graph.measured import Measured
from ...graph.places import Hop, Offering
from ...graph.profile import GENERAL, covers
from ...graph.waiting import NUMBER, REGISTRATION, STOP
from ...graph.waits import written
from ...ontology.catalogue import sentences
from ...ontology.concepts import scheme
from ..material import OFFERING, ROLE, ROUTE, Material, Row
from .local import Local

_ACCESS: Final = ("vrij", "verwijzing", "beschikking")
_NEARNESS: Final = ("hier", "online", "elders", "onbekend")
#: The sentences of the command line that the page says too (key, or beginning of keys).
_SAID: Final = (
    "answers.or_longer", "answers.undated", "answers.unknown_of", "answers.years", "answers.lighter", "answers.statement",
    "answers.count.", "answers.wait.", "answers.until.afspraak", "answers.nearby.", "answers.reason", "answers.route.",
    "answers.assumed.", "answers.spread.", "answers.offers.none", "answers.offers.known", "cli.decimal", "map.wait.",
)  # fmt: skip
Number = Mapping[str, int]


class _Places:
    """Things by the place at which they were first named."""

    def __init__(self) -> None:
        self._places: dict[Any, int] = {}

    def __call__(self, thing: Any) -> int:
        return self._places.setdefault(thing, len(self._places))

    def all(self) -> list[Any]:
        return list(self._places)


class Finder:
    """The facts for ``views``; ``number`` is that of everything in the page, by endpoint."""

    def __init__(self, material: Material, views: Sequence[Local], number: Number) -> None:
        self._material = material
        self._views = views
        self._number = number
        self._conditions = _Places()
        self._areas = _Places()
        self._hops = {h.route: h for v in views for h in v.here.hops if h.route}
        self._offerings = {o.id: o for v in views for o in v.here.offerings.values()}
        self._measured = material.landscape.derived(Measured)
        self._nodes = self._all_nodes()
        self._node = {node: place for place, node in enumerate(self._nodes)}
        self._kinds = scheme("route-kind").slugs
        rows = [row for s in self._measured.subjects for row in self._measured.rows(s)]
        dates = {row["as_of"] for row in (*rows, *self._measured.statements) if row["as_of"]}
        self._dates = {date: place for place, date in enumerate(sorted(dates, key=sort_key))}

    def _all_nodes(self) -> list[str]:
        """Every station of any way, in the order of their ids, by which equally good ways are told apart."""
        found = {*self._material.partners, *(ROLE + s for s in self._material.landscape.roles.slugs)}
        found |= {o.node for o in self._offerings.values()}
        found |= {end for v in self._views for h in v.here.hops for end in (h.source, h.target)}
        return sorted(found)

    def facts(self) -> dict[str, Any]:
        """What holds in the whole region."""
        material, settings = self._material, self._material.landscape.settings
        lang, roles = material.words.lang, material.landscape.roles
        entries = {p.id for v in self._views for p in v.here.partners.values() if p.entry}
        entries |= {ROLE + s for s in roles.slugs if roles[s].says("isEntry")}
        assumed = {p.id for v in self._views for p in v.here.partners.values() if p.area_assumed}
        found: dict[str, Any] = {
            "nodes": [self._number.get(n, n) for n in self._nodes],
            "roles": {ROLE + s: roles.label(s, lang) for s in roles.slugs if ROLE + s not in self._number},
            "entry": [place for node, place in self._node.items() if node in entries],
            "assumed_area": [self._number[n] for n in sorted(assumed)],
            "routes": [self._route(self._hops[r]) for r in sorted(self._hops)],
            "offerings": self._offered(),
            "waits": [self._wait(row) for s in self._measured.subjects for row in self._measured.rows(s) if s in self._number],
            "statements": [self._statement(row) for row in self._measured.statements],
            "dates": [[date, material.words.date(date), last_day(date).toordinal()] for date in self._dates],
            "kinds": list(self._kinds),
            "wait_kinds": {s: scheme("wait-kind").label(s, lang) for s in scheme("wait-kind").slugs},
            "levels": [[int(s), scheme("level").label(s, lang)] for s in scheme("level").slugs],
            "unknown": [settings.unknown_weeks_low, settings.unknown_weeks_high],
            "unknown_decision": [settings.unknown_decision_low, settings.unknown_decision_high],
            "months": settings.outdated_after_months,
            "ages": [settings.age_from, settings.age_until],
            "reference": [
                settings.reference_date,
                int(settings.reference_date_given),
                material.words.date(settings.reference_date),
            ],
        }
        # last: they were named above
        found["conditions"] = [[list(themes), low, high] for themes, low, high in self._conditions.all()]
        found["themes"] = self._themes()
        found["areas"] = [list(where) for where in self._areas.all()]
        return found

    def of(self, view: Local) -> dict[str, Any]:
        """What holds in one municipality."""
        here = view.here
        return {
            "serve": [self._node[p] for p in here.partners],
            "entries": [self._node[e] for e in here.entries],
            "decision": self._node[here.decision_partner],
            "hops": [
                value
                for h in here.hops
                for value in (self._node[h.source], self._node[h.target], self._number[ROUTE + h.route] if h.route else -1)
            ],
            "near": [_NEARNESS.index(o.near) for _, group in view.groups for o in group],
        }

    def _themes(self) -> list[list[Any]]:
        """(slug, label, itself and what is broader, place in the scheme) of all themes named here, the general one first."""
        known = self._material.landscape.themes
        named = {theme for themes, _, _ in self._conditions.all() for theme in themes}
        slugs = (GENERAL, *(s for s in known.slugs if s in named and s != GENERAL))
        return [[s, known.label(s, self._material.words.lang), list(known.with_broader(s)), known.slugs.index(s)] for s in slugs]

    def _condition(self, row: Hop | Offering) -> int:
        return self._conditions((row.themes, row.age_from, row.age_until))

    def _route(self, hop: Hop) -> list[Any]:
        """Number, kind, offering, condition, handover (days), and whether: given, decision, derived, warm."""
        flags = hop.handover_given + 2 * hop.decision + 4 * hop.derived + 8 * hop.warm
        offering = self._number[OFFERING + hop.offering] if hop.offering else -1
        number = self._number[ROUTE + (hop.route or "")]
        return [number, self._kinds.index(hop.kind), offering, self._condition(hop), _plain(hop.handover), flags]

    def _offered(self) -> list[list[int]]:
        """Per offering: station, level, access, condition, place by name, whether it states its area; nothing: not valid."""
        names = sorted(self._offerings.values(), key=lambda o: (o.name, o.id))
        by_name = {o.id: place for place, o in enumerate(names)}
        return [
            [
                self._node[o.node],
                -1 if o.level is None else o.level,
                _ACCESS.index(o.access) if o.access in _ACCESS else len(_ACCESS),
                self._condition(o),
                by_name[id_],
                int(row["municipalities"] is not None),
            ]
            if (o := self._offerings.get(id_))
            else []
            for id_, row in self._material.offerings.items()
        ]

    def _wait(self, row: Row) -> list[Any]:
        """On what, kind, state, days (low, expected, high), weeks (median, p90), as of, old, condition, where, words, row.

        State 0: a number; 1: a stop that holds on the reference date; 2: anything else.
        """
        reference = self._material.landscape.settings.reference_date
        until = row["closed_until"]
        holds = row["state"] == STOP and (until is None or last_day(until).isoformat() > reference)
        return [
            self._number[row["on"][0]],
            row["kind"],
            0 if row["state"] == NUMBER else 1 if holds else 2,
            *(_plain(row[c]) for c in ("days_low", "days_expected", "days_high", "weeks_median", "weeks_p90")),
            self._dates.get(row["as_of"], -1),
            int(row["outdated"]),
            self._conditions((tuple(row["themes"] or ()), row["age_from"], row["age_until"])),
            self._where(row, lambda areas, code, region: covers(areas, code, region)),
            written([dict(row)]) or "",
            self._rows[row["id"]],
        ]

    def _statement(self, row: Row) -> list[Any]:
        """On what, comparable with one stretch, words, days (low, expected, high), as of, clock, where, row."""
        return [
            [self._number.get(endpoint, -1) for endpoint in row["on"]],
            int(len(row["on"]) > 1 or row["kind"] == REGISTRATION),
            row["value"],
            *(_plain(row[c]) for c in ("days_low", "days_expected", "days_high")),
            self._dates.get(row["as_of"], -1),
            row["clock_to"],
            self._where(row, lambda areas, code, _: bool({code, "landelijk", "regio"}.intersection(areas))),
            self._rows[row["id"]],
        ]

    @property
    def _rows(self) -> Mapping[str, int]:
        """The row of each wait in its table."""
        return self._material.wait_rows

    def _where(self, row: Row, holds: Callable[[Collection[str], str, Sequence[str]], bool]) -> int:
        """In which municipalities (by number) a row holds that names some; -1 for one that names none."""
        if not row["municipalities"]:
            return -1
        region = self._material.landscape.settings.municipalities
        return self._areas(tuple(i for i, v in enumerate(self._views) if holds(row["municipalities"], v.code, region)))


def answers(lang: str) -> dict[str, str]:
    """The sentences of the command line that the page says too, by key without its first word."""
    return {k.removeprefix("answers."): said[lang] for k, said in sentences().items() if k.startswith(_SAID)}


def _plain(value: float | None) -> float | int | None:
    """Whole numbers without a fraction: they are most, and shorter."""
    return int(value) if value is not None and value == int(value) else value
