"""advise: what is chosen and in which order, by hand; and that no number in it gives a small one back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from routekaart.graph.analyses.advising.advice import advice
from routekaart.graph.analyses.advising.answer import Advice
from routekaart.graph.analyses.advising.contacts import contacts
from routekaart.graph.analyses.advising.lacking import lacking
from routekaart.graph.analyses.advising.light_support import NOT_LED, NOT_USED, ROOM, light_support
from routekaart.graph.analyses.advising.past_agreements import past_agreements
from routekaart.graph.analyses.advising.routes import route_plan
from routekaart.graph.analyses.lacking.gaps import gaps
from routekaart.graph.analyses.lines.short_lines import short_lines
from routekaart.graph.analyses.offers import offers
from routekaart.graph.analyses.waiting.bottlenecks import bottlenecks
from routekaart.graph.landscape import Landscape
from routekaart.graph.locale import Locale
from routekaart.graph.planning.planning import Planning
from routekaart.graph.profiles.study import Study
from routekaart.loaders.read import Reading

EDE, BARNEVELD = "GM0228", "GM0203"
ELZERBROEK, LINDERVOORT, WILGENDAM = "GM9003", "GM9001", "GM9002"


@pytest.fixture(scope="session")
def of_elzerbroek(voorbeeldregio: Reading) -> Advice:
    return advice(voorbeeldregio.landscape, ELZERBROEK)


def asked(entry: str, families: int, level: int, **more: Any) -> dict[str, Any]:
    """``families`` of 14 years a year who ask for a level."""
    row = {"municipality": EDE, "entry": entry, "age_from": 168, "age_until": 180, "theme": "adhd", "year": 2025}
    return {**row, "level": str(level), "per_year": families, **more}


# --- 1 · light and near ------------------------------------------------------------------------------------------
def light(regions: ModuleType, *offerings: dict[str, Any], unled: set[str] = frozenset(), ends: Any = None, **kw: Any) -> Any:  # type: ignore[assignment]
    tables = regions.region({"W": "welzijn", "H": "huisarts"}, list(offerings), [("H", "W")], **kw)
    locale = Locale(regions.landscape(tables), EDE)
    return light_support(locale, offers(locale.landscape, EDE, locale=locale).offers, unled, ends or {})


def free(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "partner": "W", "level": "0", "access": "vrij", "location": EDE, "name": id_, **more}


def test_only_what_is_light_free_and_here_is_light_support(regions: ModuleType) -> None:
    found = light(
        regions,
        free("A"),
        free("B", level="2"),
        free("C", access="verwijzing"),
        free("D", location=BARNEVELD),
        free("E", audience=["professional"]),
        free("F", access=None),
        free("G", location=None),
        free("H", level="1", audience=["professional", "ouders"]),
        waits=[regions.wait("aanbod:H", "stop")],
    )
    assert [o.id for o in found.offers] == ["A"]
    assert [o.id for o in found.closed] == ["H"]
    assert [o.id for o in found.unclear] == ["F", "G"]


def test_why_something_is_in_the_list(regions: ModuleType) -> None:
    places = {"capacity": 10, "duration_weeks": 26.0}
    found = light(
        regions,
        free("A"),
        free("B", inflow_per_year=10, **places),  # 10 · 26 / 52 = 5 of 10 places: half
        free("C", inflow_per_year=11, **places),  # 5.5 of 10: more than half
        free("D", inflow_per_year=4, **places),  # fewer than 10 families: not told
        free("E", inflow_per_year=0, **places),  # nobody
        unled={"A"},
        ends={0: {"W"}},
    )
    assert {one.offer.id: (one.reasons, one.load) for one in found.light} == {
        "A": ((NOT_LED,), None),
        "B": ((ROOM,), 0.5),
        "E": ((ROOM,), 0.0),
    }
    assert found.unled == 1


def test_on_nobodys_way_only_fills_the_list_and_not_with_what_takes_long(regions: ModuleType) -> None:
    many = [free(f"A{n}") for n in range(8)]
    slow = free("S")
    waits = [regions.wait("aanbod:A0", 14), regions.wait("aanbod:S", 15)]
    found = light(regions, *many, slow, unled={"A7"}, ends={0: set(), 1: {"W"}}, waits=waits)
    assert len(found.light) == 6
    assert found.light[0].offer.id == "A7"
    assert all(one.reasons == (NOT_USED,) for one in found.light[1:])
    assert "S" not in {one.offer.id for one in found.light}
    assert "A0" in {one.offer.id for one in found.light}


# --- 2 · where families wait -------------------------------------------------------------------------------------
def chain(regions: ModuleType, *waits: dict[str, Any], **more: Any) -> Landscape:
    """Huisarts H → SOJ S → gemeente T → ggz Z, and 40 families a year of 14 years who ask at H for level 3."""
    tables = regions.region(
        {"H": "huisarts", "S": "soj", "T": "gemeente", "Z": "jeugd-ggz"},
        [{"id": "AZ", "partner": "Z", "level": "3"}, *more.pop("offerings", [])],
        [("H", "S"), ("S", "T"), ("T", "Z")],
        list(waits),
        demand=more.pop("demand", [asked("H", 40, 3)]),
        **more,
    )
    made: Landscape = regions.landscape(tables)
    return made


def test_places_where_all_wait_with_norm_and_cause(regions: ModuleType) -> None:
    norm = {"kind": "aanmeldwachttijd", "value": 4.0, "unit": "weken", "applies_to": ["jeugd-ggz"]}
    found = advice(chain(regions, regions.wait("S", 21), regions.wait("T", 14), regions.wait("Z", 70), norms=[norm]), EDE)
    # at T nobody waits longer than two weeks: no waiting to talk about
    assert [(w.level, w.passed.node, w.families, w.passed.bottleneck) for w in found.waiting] == [
        (3, "Z", 40.0, True),
        (3, "S", 40.0, False),
    ]
    assert [(a.level, a.per_year, a.without, a.longest) for a in found.asked][3] == (3, 40.0, (), 70.0)
    assert all(p.per_year is None and p.queue is None for p in (w.passed for w in found.waiting))


def test_a_stop_is_told_apart_and_an_unknown_wait_is_no_waiting(regions: ModuleType) -> None:
    found = advice(chain(regions, regions.wait("S", 21), regions.wait("Z", "stop")), EDE)
    assert [o.id for o in found.closed] == ["AZ"]
    assert found.waiting == ()
    assert [(a.level, a.without) for a in found.asked][3] == (3, (("aanmeldstop", 40.0),))


# --- 3 · what lacks ----------------------------------------------------------------------------------------------
def test_what_others_fill_comes_first_and_every_level_has_its_turn(voorbeeldregio: Reading) -> None:
    landscape = voorbeeldregio.landscape
    answer = gaps(landscape, (ELZERBROEK,))
    found, in_all = lacking(landscape, answer, ELZERBROEK, 6)
    every, same = lacking(landscape, answer, ELZERBROEK, 1000)
    assert (len(found), in_all) == (6, same)
    assert len(every) == in_all
    levels = [one.level for one in found]
    assert levels == sorted(levels)
    scheme = landscape.themes
    everyday = [one for one in every if any(not scheme[t].broader for t in one.themes)]
    filled = [one for one in everyday if one.whole or one.part]
    # of every level of which others fill something at least one, the first ones of each
    assert set(levels) == {one.level for one in filled}
    for level in set(levels):
        assert [one for one in found if one.level == level] == [one for one in filled if one.level == level][
            : levels.count(level)
        ]
    # what nobody fills, and providers' own terms, only when all of that is told
    more, _ = lacking(landscape, answer, ELZERBROEK, len(filled) + 1)
    assert [one for one in more if one not in filled] == [one for one in everyday if one not in filled][:1]


def test_lines_hold_every_cell_that_lacks(voorbeeldregio: Reading) -> None:
    landscape = voorbeeldregio.landscape
    answer = gaps(landscape, (ELZERBROEK,))
    every, _ = lacking(landscape, answer, ELZERBROEK, 10_000)
    # by hand: a cell that lacks lies in a line of its level and status that names the theme or a broader one
    known = landscape.themes
    for cell in answer.cells:
        if cell.status in ("ok", "onbekend") or "veiligheid" in known.with_broader(cell.theme):
            continue
        around = [x for x in every if (x.level, x.status) == (cell.level, cell.status)]
        around = [x for x in around if x.age_from <= cell.age_from and cell.age_until <= x.age_until]
        assert any(set(known.with_broader(cell.theme)) & set(x.themes) for x in around), cell


def test_what_helped_elsewhere_is_about_one_of_the_themes(voorbeeldregio: Reading) -> None:
    landscape = voorbeeldregio.landscape
    every, _ = lacking(landscape, gaps(landscape, (ELZERBROEK,)), ELZERBROEK, 1000)
    known = landscape.themes
    shown = [(set(e.themes), {b for t in one.themes for b in known.with_broader(t)}) for one in every for e in one.examples]
    assert shown
    assert all(mine & theirs for mine, theirs in shown)
    assert not any("algemeen" in mine and mine & theirs == {"algemeen"} for mine, theirs in shown)


# --- 4 · contacts ------------------------------------------------------------------------------------------------
def test_five_practices_without_a_contact_are_one_thing_to_discuss(regions: ModuleType) -> None:
    roles = {f"H{n}": "huisarts" for n in range(3)} | {"S": "soj", "Z": "jeugd-ggz"}
    routes = [*((f"H{n}", "S") for n in range(3)), ("S", "Z")]
    demand = [asked("H0", 40, 3), asked("H1", 30, 3), asked("H2", 12, 3)]
    tables = regions.region(roles, [{"partner": "Z", "level": "3"}], routes, demand=demand)
    landscape = regions.landscape(tables)
    lines = short_lines(landscape, (EDE,), internal=True).lines
    found = contacts(landscape, lines, 5)
    # S–Z 82 (told of S: before Z by name); H0–S 40 and H1–S 30 are one contact of S, of 70; H2–S is used less than half as
    # much as H0–S, and told by itself
    assert [(c.hub.id, [s.id for s in c.others], c.per_year) for c in found] == [
        ("S", ["Z"], 82.0),
        ("S", ["H0", "H1"], 70.0),
        ("H2", ["S"], 12.0),
    ]
    # two of different partners go before two of one
    assert [c.hub.id for c in contacts(landscape, lines, 1)] == ["S"]


def test_contacts_are_told_once_each_of_another_partner(voorbeeldregio: Reading) -> None:
    landscape = voorbeeldregio.landscape
    for code in (ELZERBROEK, LINDERVOORT):
        lines = short_lines(landscape, (code,), internal=True).lines
        found = contacts(landscape, lines, 5)
        assert len(found) == 5
        assert len({c.hub.id for c in found}) == 5
        pairs = [frozenset((c.hub.id, s.id)) for c in found for s in c.others]
        assert len(pairs) == len(set(pairs))
        for c in found:
            uses = [line.per_year or 0.0 for line in c.lines]
            assert c.per_year == pytest.approx(sum(uses))
            assert min(uses) >= max(uses) / 2
            ends = [{line.start, line.end} for line in c.lines]
            assert ends == [{c.hub.id, side.id} for side in c.others]


# --- 5 · routes --------------------------------------------------------------------------------------------------
def test_routes_are_the_beginnings_of_the_plans_in_turn(voorbeeldregio: Reading) -> None:
    landscape = voorbeeldregio.landscape
    study = Study(landscape, (ELZERBROEK,))
    found = route_plan(study, (), 5)
    assert len(found.routes) == 5
    by_level: dict[int, list[Any]] = {}
    for route in found.routes:
        by_level.setdefault(route.level, []).append(route)
    sizes = [len(routes) for routes in by_level.values()]
    assert max(sizes) - min(sizes) <= 1
    for level, routes in by_level.items():
        plan = Planning(Study(landscape, (ELZERBROEK,)), level).plan(5)
        singles = {(s.start, s.end): s.days for s in Planning(Study(landscape, (ELZERBROEK,)), level).savings()}
        so_far = 0.0
        for step, route in zip(plan, routes, strict=False):
            so_far += step.days
            assert (route.proposal.start, route.proposal.end) == (step.start, step.end)
            assert route.days == pytest.approx(so_far)
            assert route.alone == pytest.approx(singles.get((step.start, step.end), 0.0))


@pytest.mark.parametrize(("kompas", "stable"), [(70, True), ((35, 70, 105), False)])
def test_the_order_is_stable_where_no_unknown_wait_turns_it(regions: ModuleType, kompas: Any, stable: bool) -> None:
    # H goes over S (42) to Z (70) or over T (42) to K; the new routes H → Z and H → K save 42 for 40 and for 30 families.
    # With K between 35 and 105 days H → K saves 42 or more … at its long end families of K would go over Z instead.
    tables = regions.region(
        {"H": "huisarts", "S": "soj", "T": "soj", "Z": "jeugd-ggz", "K": "jeugd-ggz"},
        [{"partner": "Z", "level": "3", "themes": ["adhd"]}, {"partner": "K", "level": "3", "themes": ["opvoeden"]}],
        [("H", "S"), ("S", "Z"), ("H", "T"), ("T", "K")],
        [
            regions.wait("S", 42),
            regions.wait("T", (0, 42, 84) if not stable else 42),
            regions.wait("Z", 70),
            regions.wait("K", kompas),
        ],
        demand=[asked("H", 40, 3), asked("H", 30, 3, theme="opvoeden")],
    )
    found = route_plan(Study(regions.landscape(tables), (EDE,), levels=[3]), (), 5)
    assert [(r.proposal.start, r.proposal.end) for r in found.routes] == [("H", "Z"), ("H", "K")]
    # with T at 84 days H → K saves 30 · 84 = 2520, more than the 40 · 42 = 1680 of H → Z
    assert found.stable == {3: stable}


def test_who_must_agree(of_elzerbroek: Advice) -> None:
    for route in of_elzerbroek.routes:
        names = [side.id for side in route.who]
        assert route.proposal.start in names
        assert route.proposal.end in names
        looks = any(o.key in ("broad_look", "decision") for o in route.proposal.objections)
        assert ("P059" in names) == looks  # the municipality's own access


# --- 6 · what to ask for -----------------------------------------------------------------------------------------
def test_hidden_ones_stand_last_by_name(of_elzerbroek: Advice) -> None:
    shown = [u.days for u in of_elzerbroek.to_ask]
    known = [d for d in shown if d is not None]
    assert shown == [*sorted(known, reverse=True), *[None] * (len(shown) - len(known))]
    hidden = [u.name.casefold() for u in of_elzerbroek.to_ask if u.days is None]
    assert hidden == sorted(hidden)
    assert known
    assert hidden


# --- 7 · agreements ----------------------------------------------------------------------------------------------
def test_agreements_that_are_due_come_first_with_what_is_registered_now(regions: ModuleType) -> None:
    partners = {"H": "huisarts", "S": "soj", "Z": "jeugd-ggz"}
    rows = [
        {"id": "F1", "partners": ["H", "S"], "kind": "aanspreekpunt", "status": "loopt", "evaluate_on": "2026-06-01"},
        {"id": "F2", "partners": ["S", "Z"], "kind": "route", "status": "afgesproken", "evaluate_on": "2026-08"},
        {"id": "F3", "partners": ["S", "Z"], "kind": "afschaling", "status": "voorstel", "evaluate_on": "2020-01-01"},
        {"id": "F4", "partners": ["S", "Z"], "kind": "overbrugging", "status": "loopt", "evaluate_on": "2027-01-01"},
        {"id": "F5", "partners": ["S", "ELDERS"], "kind": "overleg", "status": "loopt"},
        {"id": "F6", "partners": ["S", "ELDERS"], "kind": "overleg", "status": "gestopt", "municipalities": [EDE]},
        {"id": "F7", "partners": ["H", "S"], "kind": "overleg", "status": "loopt", "municipalities": [BARNEVELD]},
    ]
    tables = regions.region(
        partners,
        [{"partner": "Z", "level": "3"}],
        [("S", "Z"), {"from": "Z", "to": "S", "kind": "afschaling"}],
        [regions.wait("Z", 70)],
        agreements=rows,
        lines=[{"from": "S", "to": "H", "strength": "samenwerken", "fixed_contact": True}],
    )
    found = past_agreements(Locale(regions.landscape(tables), EDE))
    # reference date 2026-06-01: F1 is due that day; F2 before the end of August, three months on; F3 is only a proposal
    assert [(k.id, k.due) for k in found] == [("F1", "nu"), ("F2", "binnenkort"), ("F4", None), ("F3", None), ("F6", None)]
    by_id = {k.id: k for k in found}
    assert [(x.strength, x.fixed_contact) for x in by_id["F1"].lines] == [("samenwerken", True)]
    assert (by_id["F1"].routes, by_id["F1"].waits) == ((), ())
    assert {(r.start, r.end, r.kind) for r in by_id["F2"].routes} == {("Z", "S", "afschaling"), ("S", "Z", "verwijzing")}
    assert [(w.partner, w.wait.expected, w.wait.known) for w in by_id["F4"].waits] == [("S", 98.0, False), ("Z", 70.0, True)]
    assert by_id["F3"].waits == ()


# --- the whole ---------------------------------------------------------------------------------------------------
def test_the_forms_hold_the_same_and_no_more(of_elzerbroek: Advice) -> None:
    body = json.loads(json.dumps(of_elzerbroek.as_dict()))
    assert [w["partner"] for w in body["waiting"]] == [w.passed.node for w in of_elzerbroek.waiting]
    assert len(body["contacts"]) == len(body["routes"]) == 5
    for told in (*body["waiting"], *body["contacts"], *body["routes"], *body["to_ask"], *body["levels"]):
        if told.get("suppressed"):
            assert None in told.values() or None in told.get("without_route", {}).values()
    rows = of_elzerbroek.rows()
    assert len({tuple(row) for row in rows}) == 1
    assert of_elzerbroek.to_frame().height == len(rows)
    assert "advise" in str(of_elzerbroek)


def test_the_same_again(voorbeeldregio: Reading, of_elzerbroek: Advice) -> None:
    again = advice(Landscape(voorbeeldregio.landscape.frames), ELZERBROEK)
    assert again.as_dict() == of_elzerbroek.as_dict()


def test_unweighted_counts_combinations_and_hides_nothing(gelderse_vallei: Reading) -> None:
    found = advice(gelderse_vallei.landscape, EDE)
    assert found.frame.weighted is False
    assert all(a.per_year is not None for a in found.asked)
    assert not any(r.suppressed for r in found.routes)
    assert all(u.days is not None for u in found.to_ask)
    assert found.families == ()
    assert ("P20",) in {s.on for s in found.statements}  # “tien maanden”, said of Karakter in 2018


# --- no number gives a small one back ----------------------------------------------------------------------------
class Reader:
    """Who knows the routes, all printed figures of an advice, and that nothing is negative (linear programming)."""

    def __init__(self, landscape: Landscape, found: Advice) -> None:
        raw = bottlenecks(landscape, (found.municipality,), internal=True)
        self.place: dict[Any, int] = {}
        self.truth: list[float] = []
        self.rows: list[tuple[dict[int, float], float]] = []
        self.threshold = found.threshold
        for level in raw.levels:
            self.level(level, found)
        for contact in found.contacts:
            if contact.per_year is not None:
                steps: dict[int, float] = {}
                for line in contact.lines:
                    for level in raw.levels:
                        for pair in ((line.start, line.end), (line.end, line.start)):
                            if ("step", level.level, *pair) in self.place:
                                steps[self.place["step", level.level, *pair]] = 1.0
                self.rows.append((steps, contact.per_year))

    def new(self, key: Any, value: float) -> int:
        self.place[key] = len(self.truth)
        self.truth.append(max(value, 0.0))
        return self.place[key]

    def level(self, level: Any, found: Advice) -> None:
        n = level.level
        told = next(a for a in found.asked if a.level == n)
        into: dict[str, list[int]] = {}
        out_of: dict[str, list[int]] = {}
        for step in level.routes:
            cell = self.new(("step", n, step.source, step.target), step.per_year)
            into.setdefault(step.target, []).append(cell)
            out_of.setdefault(step.source, []).append(cell)
        arriving = []
        for p in level.partners:
            entered, left = (sum(self.truth[c] for c in side.get(p.node, ())) for side in (into, out_of))
            through = self.new(("through", n, p.node), p.per_year)
            arriving.append(self.new(("arriving", n, p.node), p.arriving))
            there = self.new(("there", n, p.node), p.per_year + p.arriving - entered)
            onward = self.new(("onward", n, p.node), left - p.per_year)
            self.rows.append(({through: 1.0, arriving[-1]: 1.0, there: -1.0, **dict.fromkeys(into.get(p.node, ()), -1.0)}, 0.0))
            self.rows.append(({through: 1.0, onward: 1.0, **dict.fromkeys(out_of.get(p.node, ()), -1.0)}, 0.0))
        reasons = []
        for reason, number in level.without_route.items():
            reasons.append(self.new(("reason", n, reason), number))
            shown = dict(told.without).get(reason, 0.0)
            if shown is not None:
                self.rows.append(({reasons[-1]: 1.0}, shown))
        if told.per_year is not None:
            self.rows.append((dict.fromkeys([*arriving, *reasons], 1.0), told.per_year))
        for w in found.waiting:
            if w.level == n and w.families is not None:
                p = next(p for p in level.partners if p.node == w.passed.node)
                rest = self.new(("not waiting", n, p.node), p.per_year + p.arriving - p.weeks_per_week)
                cells = {self.place["through", n, p.node]: 1.0, self.place["arriving", n, p.node]: 1.0, rest: -1.0}
                if p.per_year + p.arriving >= p.weeks_per_week - 1e-9:
                    self.rows.append((cells, w.families))

    def most(self, cell: int) -> float:
        """The most that a figure can be."""
        known = np.zeros((len(self.rows), len(self.truth)))
        for n, (cells, _) in enumerate(self.rows):
            for place, factor in cells.items():
                known[n, place] += factor
        cost = np.zeros(len(self.truth))
        cost[cell] = -1.0
        found = linprog(cost, A_eq=known, b_eq=[value for _, value in self.rows], bounds=(0, 5_000), method="highs")
        assert found.status in (0, 3), found.message
        return float(-found.fun)

    def small(self) -> Iterator[tuple[Any, int]]:
        for key, cell in self.place.items():
            if 1e-6 < self.truth[cell] < self.threshold - 1e-6:
                yield key, cell


@pytest.mark.parametrize("code", [ELZERBROEK, WILGENDAM])
def test_no_small_number_can_be_worked_out(voorbeeldregio: Reading, code: str) -> None:
    landscape = voorbeeldregio.landscape
    reader = Reader(landscape, advice(landscape, code))
    residues = [sum(f * reader.truth[c] for c, f in cells.items()) - value for cells, value in reader.rows]
    assert max(map(abs, residues)) < 1e-5  # the truth is one of the answers
    checked = list(reader.small())
    assert len(checked) > 20
    for key, cell in checked[:: max(1, len(checked) // 40)]:
        assert reader.most(cell) >= reader.threshold - 1e-4, key


def test_the_reader_finds_what_is_not_hidden(voorbeeldregio: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    from routekaart.graph.analyses.advising import advice as room

    landscape = voorbeeldregio.landscape
    monkeypatch.setattr(room, "_hidden", lambda *args, **kw: frozenset())
    reader = Reader(landscape, room.advice(landscape, ELZERBROEK))
    assert any(reader.most(cell) < reader.threshold - 1e-4 for _, cell in reader.small())


def test_no_small_count_is_printed(voorbeeldregio: Reading) -> None:
    for code in voorbeeldregio.landscape.region_municipalities[:4]:
        found = advice(voorbeeldregio.landscape, code)
        counts = [a.per_year for a in found.asked] + [n for a in found.asked for _, n in a.without]
        counts += [w.families for w in found.waiting] + [w.sole for w in found.waiting] + [r.newly for r in found.routes]
        assert all(n is None or n == 0 or n >= 10 for n in counts)
        for contact in found.contacts:
            assert all(line.per_year is None for line in contact.lines)
        text = json.dumps(found.as_dict())
        assert not re.search(r'"(inflow_per_year|arriving)"', text)
