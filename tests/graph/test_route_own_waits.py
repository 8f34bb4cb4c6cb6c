"""route where routes have waits of their own: every simple way written out, under the clock and with all waits low or high.

A wait of its own can make it quicker to pass a partner and come back to it than to end there at once; no way may do so,
and the quickest of those that do not is the answer. The second method shares with the package no more than the rows.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from math import inf
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from routekaart.graph.analyses.route import route
from routekaart.graph.locale import Locale
from routekaart.graph.profile import Profile
from routekaart.graph.routing.sweep import Sweep

AGES = (96, 144, 166, 179, 204)
LEVELS = (1, 3)
PER_MONTH = 365.25 / 12
#: A high end that is not known: longer than any wait.
OPEN = 1e6
SCENARIOS = ("low", "expected", "high")
Row = dict[str, Any]


def made(regions: ModuleType, seed: int, *, limits: bool) -> dict[str, list[Row]]:
    """A random region where most routes have a wait of their own; ``limits``: also ages that one must have reached."""
    tables: dict[str, list[Row]] = regions.made(3 * seed + 1)
    r = random.Random(seed)
    for row in () if limits else (*tables["routes"], *tables["offerings"]):
        row["age_from"] = None
    own = [f"route:{row['id']}" for row in tables["routes"] if r.random() < 0.7]
    waits = [regions.wait(on, r.choice([0, 0, 0, 7, (7, 14, 28), (0, 21, 21), 120])) for on in own]
    waits += [regions.wait(on, r.choice([0, 14]), kind="behandelwachttijd") for on in own if r.random() < 0.3]
    waits += [regions.wait(f"aanbod:A{n}", r.choice([7, 35, (14, 35, 98)]), kind="behandelwachttijd") for n in range(6)]
    # the way from one partner to another is often there and back, and quick from elsewhere too
    back = [{"from": row["to"], "to": row["from"]} for row in tables["routes"] if row["to"].startswith("P") and r.random() < 0.4]
    more = [*back, *({**_between(r), "handover_days": r.choice([None, 3.0, 17.0])} for _ in range(6))]
    # from where one comes by way of the end sooner than straight
    for n, offer in enumerate(r.sample([o for o in tables["offerings"] if o["partner"]], 2)):
        pair, end = _between(r), offer["partner"]
        more += [
            {"from": pair["from"], "to": end},
            {"from": end, "to": pair["to"]},
            {"from": pair["to"], "to": end, "id": f"T{n}"},
        ]
        more.append({**pair, "handover_days": r.choice([5.0, 17.0, 40.0])})
        waits.append(regions.wait(f"route:T{n}", r.choice([0, 7, (0, 7, 21)])))
    routes = [{"kind": "verwijzing", "id": f"S{n:02}", **row} for n, row in enumerate(more) if row["from"] != row["to"]]
    return {
        **tables,
        "routes": [*tables["routes"], *routes],
        "waits": [*tables["waits"], *({**row, "id": f"X{n:02}"} for n, row in enumerate(waits))],
    }


def _between(r: random.Random) -> Row:
    source, target = r.sample(range(7), 2)
    return {"from": f"P{source}", "to": f"P{target}"}


# --- the second method -----------------------------------------------------------------------------------
class Way(NamedTuple):
    """A simple way: days under the leading scenario, hops, retellings, stations, (low, expected, high), its offering."""

    days: float
    hops: int
    told: int
    path: tuple[str, ...]
    span: tuple[float, float, float]
    offering: str


class Step(NamedTuple):
    """One step; of parallel ones the first in this order that is open on arrival is taken."""

    days: float
    told: int
    offering: str
    route: str
    span: tuple[float, float, float]
    limits: tuple[Row, ...]


class WrittenOut:
    """All simple ways of one profile (municipality, age in months, theme), under one scenario."""

    def __init__(
        self,
        by_hand: ModuleType,
        here: Any,
        age: int,
        theme: str,
        *,
        scenario: str = "expected",
        until: str = "afspraak",
        static: bool = False,
        timeless: bool = False,
        stops: bool = True,
    ) -> None:
        self.module, self.here, self.age = by_hand, here, age
        self.asked = by_hand.ByHand(here, age, theme)
        self.lead = SCENARIOS.index(scenario)
        self.until, self.static, self.timeless, self.stops = until, static, timeless or static, stops
        self.hops = [h for h in here.hops if self.usable(h)]
        self.between: dict[str, dict[str, list[Step]]] = {}
        for hop in self.hops:
            if step := self.step(hop, None):
                self.between.setdefault(hop["from"], {}).setdefault(hop["to"], []).append(step)

    def usable(self, row: Row) -> bool:
        """On the clock a child may still grow old enough on the way."""
        return bool(self.asked.fits(row if self.static else {**row, "age_from": None}))

    # --- waits -----------------------------------------------------------------------------------------
    def wait(self, subjects: Sequence[str], *, end: bool) -> Any:
        """(low, expected, high), the last None where it is open; None for a stop."""
        said = self.asked.said
        first = said(subjects, "aanmeldwachttijd")
        if end and self.until == "start":
            second = said(subjects, "behandelwachttijd")
            total = None if first == "stop" or (first and second) else said(subjects, "totaal")
            if total:
                return self.open(total)
            both = self.open(first or self.module.UNKNOWN), self.open(second or self.module.UNKNOWN)
            return self.added(*both)
        if first is None and (total := said(subjects, "totaal")):
            first = total if total == "stop" else (0.0, total[1] / 2, total[2])
        return self.open(first or self.module.UNKNOWN)

    def open(self, found: Any) -> Any:
        if found != "stop":
            return found
        return None if self.stops else (0.0, 0.0, 0.0)

    @staticmethod
    def added(*parts: Any) -> Any:
        if None in parts:
            return None
        lows, mids, highs = zip(*parts, strict=True)
        return sum(lows), sum(mids), None if None in highs else sum(highs)

    def step(self, hop: Row, offer: Row | None) -> Step | None:
        pointed = offer["id"] if offer else hop["offer"]
        wait = self.wait(self.asked.subjects(hop["to"], pointed, hop["route"]), end=offer is not None)
        parts = [wait, (hop.get("handover_days") or 0.0,) * 3]
        if hop.get("decision_needed"):
            access = {w["on"][0] for w in self.here.tables["waits"] if w["kind"] == "besluit"}
            partner = next((a for a in self.here.access if a in access), self.here.access[0])
            parts.append(self.open(self.asked.said([partner], "besluit") or self.module.DECISION))
        return self.taken(self.added(*parts), hop["kind"] != "warme-overdracht", offer, hop["route"] or "", hop)

    def taken(self, days: Any, told: bool, offer: Row | None, route_id: str, *limits: Row) -> Step | None:
        if days is None:
            return None
        span = (*days[:2], OPEN if days[2] is None else days[2])
        return Step(
            span[self.lead], int(told), offer["id"] if offer else "", route_id, span, (*limits, *([offer] if offer else []))
        )

    # --- ways ------------------------------------------------------------------------------------------
    def ends(self, level: int) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for offer in self.here.offers.values():
            safe = "veiligheid" in self.here.roles.get(offer["partner"], ())
            if offer["level"] == str(level) and not safe and self.usable(offer):
                found.setdefault(offer["partner"] or f"aanbod:{offer['id']}", []).append(offer)
        return found

    def last_steps(self, level: int, starts: Sequence[str]) -> dict[str, dict[str, list[Step]]]:
        """By station and end; the station "" stands for being there already."""
        ends, found = self.ends(level), {}  # type: dict[str, list[Row]], dict[str, dict[str, list[Step]]]

        def take(source: str, target: str, step: Step | None) -> None:
            if step is not None and source != target:
                found.setdefault(source, {}).setdefault(target, []).append(step)

        for hop in self.hops:
            there = ends.get(hop["to"], [])
            for offer in [o for o in there if o["id"] == hop["offer"]] or there:
                take(hop["from"], hop["to"], self.step(hop, offer))
        roles = {s for s in starts if s.startswith("rol:") and s[4:] in self.module.ENTRY}
        for node, offers in ends.items():
            for offer in offers:
                wait = self.wait(self.asked.subjects(node, offer["id"], None), end=True)
                for entry in self.here.entries | roles if offer["access"] == "vrij" else ():
                    take(entry, node, self.taken(wait, True, offer, ""))
                if node in starts:
                    take("", node, self.taken(wait, False, offer, ""))
        return found

    def first_open(self, steps: Sequence[Step], days: float) -> Step | None:
        """The best of parallel steps that is open to the child on arrival."""
        for step in sorted(steps, key=lambda s: s[:4]):
            age = self.age + (days + step.days) / PER_MONTH
            if self.timeless or all(
                (row.get("age_from") is None or row["age_from"] <= age)
                and (row.get("age_until") is None or age < row["age_until"])
                for row in step.limits
            ):
                return step
        return None

    def ways(self, level: int, starts: Sequence[str]) -> list[Way]:
        """Best first."""
        last, found = self.last_steps(level, starts), []
        for node, steps in last.get("", {}).items():
            if step := self.first_open(steps, 0.0):
                found.append(Way(step.days, 0, 0, (node,), step.span, step.offering))

        def further(path: tuple[str, ...], taken: tuple[Step, ...]) -> None:
            days = sum(s.days for s in taken)
            for node, steps in last.get(path[-1], {}).items():
                if node not in path and (step := self.first_open(steps, days)):
                    found.append(whole((*path, node), (*taken, step)))
            for node, steps in self.between.get(path[-1], {}).items():
                if node not in path and (step := self.first_open(steps, days)):
                    further((*path, node), (*taken, step))

        for start in starts:
            further((start,), ())
        return sorted(found)

    def reason(self, level: int, starts: Sequence[str], theme: str) -> str:
        """Why there is no way: offered at the age of entry, and whatever the age on arrival through stops only."""
        if not any(self.asked.fits(o) for offers in self.ends(level).values() for o in offers):
            return "geen aanbod"
        more = {"until": self.until, "static": self.static, "timeless": True}
        through, opened = (WrittenOut(self.module, self.here, self.age, theme, stops=s, **more) for s in (False, True))
        return "aanmeldstop" if through.ways(level, starts) and not opened.ways(level, starts) else "geen route"


def whole(path: tuple[str, ...], steps: tuple[Step, ...]) -> Way:
    lows, mids, highs = zip(*(s.span for s in steps), strict=True)
    span = sum(lows), sum(mids), sum(highs)
    return Way(sum(s.days for s in steps), len(steps), sum(s.told for s in steps), path, span, steps[-1].offering)


# --- compared --------------------------------------------------------------------------------------------
class Asked(NamedTuple):
    """One region, one way of asking, and the second method's answers to it."""

    tables: Any
    landscape: Any
    here: Any
    start: str | None
    starts: list[str]
    until: Any
    static: bool
    by_hand: ModuleType

    def written(self, age: int, theme: str, scenario: str = "expected") -> WrittenOut:
        return WrittenOut(self.by_hand, self.here, age, theme, scenario=scenario, until=self.until, static=self.static)

    def ask(self, **question: Any) -> Any:
        return route(self.landscape, self.here.code, start=self.start, until=self.until, static=self.static, **question)


def asked(regions: ModuleType, by_hand: ModuleType, seed: int, *, limits: bool = False) -> tuple[Asked, random.Random]:
    r = random.Random(1000 + seed)
    tables = made(regions, seed, limits=limits)
    here = by_hand.Here(tables, r.choice([regions.EDE, regions.EDE, regions.BARNEVELD]))
    start = r.choice([None, "rol:huisarts", "rol:school", "rol:gezin", "rol:jeugdhulp", *sorted(here.roles)])
    starts = sorted(here.entries) if start is None else [node for node, _ in here.expand(start)]
    until, static = r.choice([("afspraak", True), ("afspraak", False), ("start", False), ("start", True)])
    return Asked(tables, regions.landscape(tables), here, start, starts, until, static, by_hand), r


def told(way: Way | None) -> tuple[float, float, float | None] | None:
    return None if way is None else (*way.span[:2], None if way.span[2] >= OPEN else way.span[2])


@pytest.mark.parametrize("seed", range(80))
def test_ways_are_the_best_of_all_simple_ways(seed: int, regions: ModuleType, by_hand: ModuleType) -> None:
    question, r = asked(regions, by_hand, seed)
    age, theme = r.choice(AGES), r.choice(regions.THEMES)
    written = {s: question.written(age, theme, s) for s in SCENARIOS}
    for level in LEVELS:
        best = {s: written[s].ways(level, question.starts) for s in SCENARIOS}
        expected = best["expected"]
        via = r.choice(r.choice(expected).path) if expected else "P0"
        answer = question.ask(levels=[level], age=age, theme=theme, alternatives=6)
        found = [(w.low, w.expected, w.high, w.hops, w.retellings, w.path, w.offering) for w in answer.ways]
        assert found == [(*told(w), w.hops, w.told, w.path, w.offering) for w in expected[:6]]
        assert question.ask(levels=[level], age=age, theme=theme).ways == answer.ways[:1]
        assert answer.reasons == (() if expected else ((level, written["expected"].reason(level, question.starts, theme)),))
        if expected:
            low, high = (best[s][0] if best[s] else None for s in ("low", "high"))
            span = answer.spans[0]
            assert (span.low, span.low_path) == ((low.days, low.path) if low else (expected[0].span[0], ()))
            assert (span.high, span.high_path) == ((None if high.days >= OPEN else high.days, high.path) if high else (None, ()))
            passed = question.ask(levels=[level], age=age, theme=theme, via=[via], alternatives=2)
            assert [w.path for w in passed.ways] == [w.path for w in expected if via in w.path][:2]


@pytest.mark.parametrize("seed", range(70))
def test_many_profiles_at_once_have_the_best_of_all_simple_ways(seed: int, regions: ModuleType, by_hand: ModuleType) -> None:
    question, _ = asked(regions, by_hand, 500 + seed)
    ages = AGES[1::2]
    spread = question.ask(levels=LEVELS, age=ages, theme=regions.THEMES).spread
    assert len({(s.age_from, s.theme, s.level) for s in spread}) == len(ages) * len(regions.THEMES) * len(LEVELS)
    written = cache(question.written)
    for s in spread:
        best = next(iter(written(s.age_from, s.theme).ways(s.level, question.starts)), None)
        assert ((s.low, s.expected, s.high) if s.reason is None else None) == told(best)
        if best is None:
            assert s.reason == written(s.age_from, s.theme).reason(s.level, question.starts, s.theme)


@pytest.mark.parametrize("seed", range(30))
def test_a_sweep_is_sure_of_the_best_of_all_simple_ways_only(seed: int, regions: ModuleType, by_hand: ModuleType) -> None:
    question, _ = asked(regions, by_hand, 900 + seed)
    locale = Locale(question.landscape, question.here.code)
    starts = [sorted(question.here.entries), *([e] for e in sorted(question.here.entries))]
    sweep, sure, told_why = Sweep(locale, starts), 0, 0
    for age in AGES[::2]:
        for theme in regions.THEMES:
            written = WrittenOut(by_hand, question.here, age, theme)
            for level in LEVELS:
                profile = Profile(locale.municipality, age, theme)
                times, reasons, nowhere = (f(profile, level) for f in (sweep.times, sweep.reasons, sweep.nowhere))
                for place, chosen in enumerate(starts):
                    ways = written.ways(level, chosen)
                    if times.sure[place]:
                        sure += 1
                        assert times.days[place] == pytest.approx(ways[0].days if ways else inf, abs=1e-6)
                    assert not (nowhere[place] and ways)
                    if not ways and reasons[place] is not None:
                        told_why += 1
                        assert reasons[place] == written.reason(level, chosen, theme)
    assert sure > 0


@pytest.mark.parametrize("seed", range(30))
def test_who_must_grow_older_gets_one_answer_however_it_is_asked(seed: int, regions: ModuleType, by_hand: ModuleType) -> None:
    """Ages that one must have reached on arrival: the shared trees and the search per profile say the same."""
    question, r = asked(regions, by_hand, 300 + seed, limits=True)
    spread = question.ask(levels=LEVELS, age=AGES, theme=r.sample(regions.THEMES, 2)).spread
    for s in spread:
        alone = question.ask(levels=[s.level], age=s.age_from, theme=s.theme, alternatives=2)
        if s.reason is not None:
            assert (alone.ways, alone.reasons) == ((), ((s.level, s.reason),))
        else:
            assert (alone.ways[0].low, alone.ways[0].expected, alone.ways[0].high) == (s.low, s.expected, s.high)
