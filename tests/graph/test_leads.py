"""Lead times of all families at once: against every simple way written out by hand, on small cases, and as laws."""

from __future__ import annotations

import random
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from routekaart.graph.locale import Locale
from routekaart.graph.profile import Profile
from routekaart.graph.profiles.leads import Leads
from routekaart.graph.profiles.study import Study
from routekaart.graph.profiles.terrain import Scenario, Terrain

AGES = (0, 96, 150, 179, 204)
#: Families may also start where nobody takes them in first: at a partner, or at a role that nobody is known to hold.
OTHERS = ("P0", "P1", "rol:soj", "rol:school")
WEEK = 7


# --- the second method -----------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(60))
def test_leads_are_the_best_of_all_simple_ways(seed: int, regions: ModuleType, by_hand: ModuleType) -> None:
    tables = regions.made(seed)
    r = random.Random(seed)
    code = r.choice([regions.EDE, regions.EDE, regions.BARNEVELD])
    here = by_hand.Here(tables, code)
    profiles = [Profile(code, r.choice(AGES), theme) for theme in r.sample(regions.THEMES, 2)]
    expected = Terrain(Locale(regions.landscape(tables), code), profiles, starts=OTHERS)
    assert set(expected.starts) == here.entries | set(OTHERS)
    scenarios: list[Scenario] = ["expected", r.choice(["low", "high"])]
    for scenario in scenarios:
        terrain = expected if scenario == "expected" else expected.under(scenario)
        for column, profile in enumerate(profiles):
            hand = by_hand.ByHand(here, profile.age, profile.theme, scenario)
            for level in (1, 3):
                told = r.choice(terrain.starts)
                for start in terrain.starts:
                    _compare(terrain, column, level, start, hand, with_legs=start == told)
                _compare_all(terrain, column, level, hand)


def _compare(terrain: Terrain, column: int, level: int, start: str, hand: Any, *, with_legs: bool) -> None:
    leads, row = terrain.derived(Leads, level), terrain.starts.index(start)
    ways = hand.ways(level, start)
    days = leads.days[row, column]
    assert leads.reasons(column)[row] == hand.reason(level, start)
    if not ways:
        assert (days, leads.path(column, start), leads.legs(column, start)) == (np.inf, (), ())
        return
    best = min(ways)
    if best.days >= 1e6:
        # "of langer": that it is open is all there is to say
        assert days >= 1e6
        return
    found = days, leads.hops[row, column], leads.retellings[row, column], leads.path(column, start)
    assert found == best[:4]
    if best.assumed is not None:
        assert leads.assumed[row, column] == best.assumed
    if not with_legs:
        return
    legs = leads.legs(column, start)
    assert sum(leg.days(terrain.scenario) for leg in legs) == best.days
    assert (legs[0].source, *(leg.target for leg in legs)) == (best.path if legs[0].hop else best.path * 2)


def _compare_all(terrain: Terrain, column: int, level: int, hand: Any) -> None:
    """The best of all starts."""
    leads = terrain.derived(Leads, level)
    ways = [way for start in terrain.starts for way in hand.ways(level, start)]
    if ways and min(ways).days < 1e6:
        assert leads.days[:, column].min() == min(ways).days
    assert leads.reason(column) == (None if ways else min(hand.reason(level, s) for s in terrain.starts))


@pytest.mark.parametrize("seed", range(12))
def test_one_age_stands_for_its_whole_band(seed: int, regions: ModuleType, by_hand: ModuleType) -> None:
    tables = regions.made(seed)
    here = by_hand.Here(tables, regions.EDE)
    place = Study(regions.landscape(tables), [regions.EDE], levels=[1]).place(regions.EDE)
    r = random.Random(seed)
    for column in r.sample(range(len(place.groups)), min(4, len(place.groups))):
        group, leads = place.groups[column], place.leads(1)
        # any age of the band, and any theme that the group stands for
        hand = by_hand.ByHand(here, group.age_until - 1, r.choice(group.themes))
        for row, start in enumerate(place.terrain.starts):
            assert leads.days[row, column] == min((w.days for w in hand.ways(1, start)), default=np.inf)


# --- small cases -------------------------------------------------------------------------------------------
def asked(regions: ModuleType, tables: Any, *profiles: tuple[int, str], scenario: Scenario = "expected", **more: Any) -> Terrain:
    profiles = profiles or ((168, "angst-en-somberheid"),)
    locale = Locale(regions.landscape(tables), regions.EDE, **more)
    return Terrain(locale, [Profile(regions.EDE, *p) for p in profiles], scenario=scenario)


def weeks(terrain: Terrain, start: str, level: int = 3, column: int = 0) -> float:
    found: float = terrain.derived(Leads, level).days[terrain.starts.index(start), column] / WEEK
    return found


def reason(terrain: Terrain, start: str, level: int = 3) -> str | None:
    return terrain.derived(Leads, level).reasons(0)[terrain.starts.index(start)]


def test_conditions_hold_on_every_hop(regions: ModuleType) -> None:
    """Checking only the last hop turns the 78 weeks of a child of 14 into 23 (ANALYSES, Common ground)."""
    partners = {"H": "huisarts", "S": "soj", "G": "gemeente", "J": "jeugdhulp", "Z": "jeugd-ggz"}
    # short: 3 + 20 weeks; long: 30 + 28 + 20
    routes = [{"from": "H", "to": "S", "age_until": 144}, ("S", "Z"), ("H", "G"), ("G", "J"), ("J", "Z")]
    waits = [regions.wait(on, n * WEEK) for on, n in {"S": 3, "Z": 20, "G": 30, "J": 28}.items()]
    tables = regions.region(partners, [{"partner": "Z", "level": "3"}], routes, waits)
    terrain = asked(regions, tables, (168, "angst-en-somberheid"), (120, "angst-en-somberheid"), (143, "rouw"), (144, "rouw"))
    assert [weeks(terrain, "H", column=n) for n in range(4)] == [78, 23, 23, 78]
    assert terrain.derived(Leads, 3).path(0, "H") == ("H", "G", "J", "Z")
    for other in ({"themes": ["rouw"]}, {"municipalities": [regions.BARNEVELD]}, {"valid_until": "2026-01-01"}):
        tables["routes"][0] = {**tables["routes"][0], "age_until": None, **other}
        assert weeks(asked(regions, tables), "H") == 78


def test_heavier_help_never_answers_a_lighter_question(regions: ModuleType) -> None:
    offers = [{"partner": "Z", "level": level, "access": "vrij"} for level in ("2", "4")]
    terrain = asked(regions, regions.region({"H": "huisarts", "Z": "jeugd-ggz"}, offers, [("H", "Z")]))
    # nobody says how long one waits: 2 to 26 weeks
    assert [weeks(terrain, "H", level) for level in range(5)] == [np.inf, np.inf, 14, np.inf, 14]
    assert [reason(terrain, "H", level) for level in range(5)] == ["geen aanbod", "geen aanbod", None, "geen aanbod", None]


def test_safety_never_ends_a_way(regions: ModuleType) -> None:
    tables = regions.region(
        {"H": "huisarts", "V": "veiligheid"}, [{"partner": "V", "level": "3", "access": "vrij"}], [("H", "V")]
    )
    assert (weeks(asked(regions, tables), "H"), reason(asked(regions, tables), "H")) == (np.inf, "geen aanbod")


@pytest.mark.parametrize(
    ("wait", "low", "expected", "high", "assumed"),
    [
        ([], 2, 14, 26, True),
        ([{"days": 14, "as_of": "2024-05-31"}], 2, 14, 26, True),
        ([{"days": 14, "as_of": "2024-06-01"}], 2, 2, 2, False),
        ([{"days": 21, "as_of": None}], 2, 14, 26, True),
        ([{"days": (14, 21, 28)}], 2, 3, 4, False),
        # a statement is never computed with, a stop that ended is no stop, an unknown one is no zero
        ([{"days": 546, "state": "uitspraak", "basis": "uitspraak"}], 2, 14, 26, True),
        ([{"days": 546, "state": "uitspraak", "basis": "uitspraak"}, {"days": 7}], 1, 1, 1, False),
        ([{"days": "stop", "closed_until": "2026-05"}], 2, 14, 26, True),
        ([{"days": "onbekend"}], 2, 14, 26, True),
        # only the whole is known: anything up to it
        ([{"days": 140, "kind": "totaal"}], 0, 10, 20, False),
        ([{"days": 140, "kind": "behandelwachttijd"}], 2, 14, 26, True),
        # two that differ on one day are a range; the later one goes first
        ([{"days": 14}, {"days": 42}], 2, 4, 6, False),
        ([{"days": 14}, {"days": 42, "as_of": "2026-05-02"}], 6, 6, 6, False),
    ],
)
def test_waits(wait: list[dict[str, Any]], low: float, expected: float, high: float, assumed: bool, regions: ModuleType) -> None:
    rows = [regions.wait("Z", w["days"], **{k: v for k, v in w.items() if k != "days"}) for w in wait]
    tables = regions.region({"H": "huisarts", "Z": "jeugd-ggz"}, [{"partner": "Z", "level": "3"}], [("H", "Z")], rows)
    scenarios: list[Scenario] = ["low", "expected", "high"]
    assert [weeks(asked(regions, tables, scenario=s), "H") for s in scenarios] == [low, expected, high]
    assert asked(regions, tables).derived(Leads, 3).assumed[0, 0] == assumed


def test_outdated_waits_count_when_that_is_asked(regions: ModuleType) -> None:
    waits = [regions.wait("Z", 14, as_of="2020")]
    tables = regions.region({"H": "huisarts", "Z": "jeugd-ggz"}, [{"partner": "Z", "level": "3"}], [("H", "Z")], waits)
    assert (weeks(asked(regions, tables), "H"), weeks(asked(regions, tables, with_outdated=True), "H")) == (14, 2)


def test_a_stop_is_not_a_number(regions: ModuleType) -> None:
    partners = {"H": "huisarts", "S": "soj", "Z": "jeugd-ggz"}
    tables = regions.region(partners, [{"partner": "Z", "level": "3"}], [("H", "S"), ("S", "Z")], [regions.wait("S", "stop")])
    for scenario in ("low", "expected", "high"):
        terrain = asked(regions, tables, scenario=scenario)
        assert (weeks(terrain, "H"), reason(terrain, "H"), reason(terrain, "rol:gezin")) == (np.inf, "aanmeldstop", "geen route")
    # a route that is for others bars nobody: the one beside it does, by its stop
    parallel = [
        {"id": "R8", "from": "H", "to": "Z", "kind": "verwijzing", "age_until": 12},
        {"id": "R9", "from": "H", "to": "Z", "kind": "opschaling"},
    ]
    closed = {**tables, "routes": parallel, "waits": [regions.wait("Z", "stop")]}
    assert [reason(asked(regions, {**closed, "routes": parallel[:n]}), "H") for n in (1, 2)] == ["geen route", "aanmeldstop"]
    # the offering may be open where its partner takes no more, and closed where its partner does
    there = [regions.wait("Z", "stop"), regions.wait("aanbod:A00", 7), regions.wait("S", 0)]
    assert weeks(asked(regions, {**tables, "waits": there}), "H") == 1
    there = [regions.wait("Z", 7), regions.wait("aanbod:A00", "stop"), regions.wait("S", 0)]
    assert reason(asked(regions, {**tables, "waits": there}), "H") == "aanmeldstop"


def test_of_parallel_routes_the_best_is_taken_never_their_sum(regions: ModuleType) -> None:
    routes = [{"from": "H", "to": "Z", "handover_days": days} for days in (35.0, 21.0, 28.0)]
    tables = regions.region(
        {"H": "huisarts", "Z": "jeugd-ggz"}, [{"partner": "Z", "level": "3"}], routes, [regions.wait("Z", 14)]
    )
    assert weeks(asked(regions, tables), "H") == 5
    # a warm handover is better where it takes as long
    tables["routes"].append({"id": "R9", "from": "H", "to": "Z", "kind": "warme-overdracht", "handover_days": 21.0})
    assert [
        x[0, 0] for x in (asked(regions, tables).derived(Leads, 3).days, asked(regions, tables).derived(Leads, 3).retellings)
    ] == [35, 0]


def test_a_free_offering_is_one_step_from_every_entry(regions: ModuleType) -> None:
    partners = {"H": "huisarts", "S": "soj", "W": "welzijn", "Z": "jeugd-ggz"}
    offers = [{"partner": "W", "level": "1", "access": "vrij"}, {"partner": None, "level": "1", "access": "vrij"}]
    waits = [regions.wait("aanbod:A00", 21), regions.wait("aanbod:A01", 28), regions.wait("H", 70)]
    terrain = asked(regions, regions.region(partners, offers, [("Z", "H"), ("rol:soj", "rol:jeugdarts")], waits))
    assert [(s, weeks(terrain, s, 1)) for s in terrain.starts] == [("H", 3), ("W", 3), ("rol:gezin", 3)]
    assert terrain.derived(Leads, 1).path(0, "W") == ("W",)
    # from elsewhere by way of an entry; a jeugdarts that nobody knows is an entry for who starts there only
    locale = terrain.locale
    wider = Terrain(locale, terrain.profiles, starts=["Z", "S", "rol:jeugdarts"])
    assert [weeks(wider, s, 1) for s in ("Z", "S", "rol:jeugdarts")] == [13, np.inf, 3]
    assert Terrain(locale, terrain.profiles, starts=["Z", "S"]).derived(Leads, 1).reasons(0)[-1] == "geen route"


def test_decisions_are_waited_for_on_the_way_too(regions: ModuleType) -> None:
    routes = [{"from": "H", "to": "S", "decision_needed": True}, {"from": "S", "to": "Z", "decision_needed": True}]
    partners = {"H": "huisarts", "S": "soj", "G": "gemeente", "Z": "jeugd-ggz"}
    waits = [regions.wait("S", 7), regions.wait("Z", 14)]
    tables = regions.region(partners, [{"partner": "Z", "level": "3"}], routes, waits)
    # 1 + 2 weeks and two decisions of half a week to 8: 4¼ in the middle
    assert weeks(asked(regions, tables), "H") == pytest.approx(3 + 2 * 4.25)
    tables["waits"].append(regions.wait("G", 21, kind="besluit"))
    assert weeks(asked(regions, tables), "H") == 9
    tables["waits"].append(regions.wait("G", "stop", kind="besluit", as_of="2026-05-20"))
    assert reason(asked(regions, tables), "H") == "aanmeldstop"


def test_a_route_to_an_offering_ends_there(regions: ModuleType) -> None:
    partners = {"H": "huisarts", "Z": "jeugd-ggz", "Y": "jeugd-ggz"}
    offers = [{"partner": "Z", "level": "3"}, {"partner": "Z", "level": "3"}, {"partner": "Y", "level": "2"}]
    waits = [regions.wait(on, n * WEEK) for on, n in {"aanbod:A00": 10, "aanbod:A01": 1, "Z": 3, "Y": 2}.items()]
    tables = regions.region(partners, offers, [("H", "aanbod:A00"), ("Z", "Y")], waits)
    # its own wait, at the end and on the way past it; not that of what else is there
    assert [weeks(asked(regions, tables), "H", level) for level in (3, 2)] == [10, 12]
    # where it does not fit, whatever else does
    tables["offerings"][0]["age_until"] = 168
    assert [weeks(asked(regions, tables), "H", level) for level in (3, 2)] == [1, 12]
    # a route to the partner leads to the quickest, and past it by the partner's own wait
    tables["routes"][0]["to"] = "Z"
    assert [weeks(asked(regions, tables), "H", level) for level in (3, 2)] == [1, 5]
    # a wait of the route itself goes before all of them
    tables["waits"].append(regions.wait("route:R00", 28))
    assert [weeks(asked(regions, tables), "H", level) for level in (3, 2)] == [4, 6]


def test_equal_ways_go_by_hops_retellings_and_ids(regions: ModuleType) -> None:
    partners = {"H": "huisarts", "B": "soj", "A": "soj", "Z": "jeugd-ggz", "Y": "jeugd-ggz"}
    offers = [{"partner": p, "level": "3"} for p in "ZY"]
    waits = [regions.wait(x, 0) for x in "AB"] + [regions.wait(x, 14) for x in "ZY"]
    routes: list[Any] = [("H", "B"), ("B", "Z"), ("H", "A"), ("A", "Z"), ("A", "Y"), ("H", "C")]
    tables = regions.region(partners, offers, routes, waits)
    path = lambda: asked(regions, tables).derived(Leads, 3).path(0, "H")
    assert path() == ("H", "A", "Y")
    tables["routes"].append({"id": "R8", "from": "B", "to": "Z", "kind": "warme-overdracht"})
    assert path() == ("H", "B", "Z")
    tables["routes"].append({"id": "R9", "from": "H", "to": "Z", "kind": "verwijzing"})
    assert path() == ("H", "Z")


def passing(regions: ModuleType, offered: object) -> Any:
    """X has people wait for what it offers, but not on the route B → X: who would pass X first could be there sooner."""
    routes = [("H", "X"), ("X", "B"), {"id": "OWN", "from": "B", "to": "X"}]
    waits = [regions.wait("X", 0), regions.wait("B", 0), regions.wait("route:OWN", 7), regions.wait("aanbod:A00", offered)]
    return regions.region({"H": "huisarts", "X": "jeugd-ggz", "B": "soj"}, [{"partner": "X", "level": "3"}], routes, waits)


def test_a_way_does_not_pass_its_own_end(regions: ModuleType) -> None:
    terrain = asked(regions, passing(regions, 70))
    assert (weeks(terrain, "H"), terrain.derived(Leads, 3).path(0, "H")) == (10, ("H", "X"))
    assert terrain.derived(Leads, 3).days[:, 0].min() == 70


def test_where_every_way_passes_its_own_end_there_is_none(regions: ModuleType) -> None:
    terrain = Terrain(asked(regions, passing(regions, "stop")).locale, [Profile(regions.EDE, 168, "rouw")], starts=["X", "B"])
    leads = terrain.derived(Leads, 3)
    assert leads.days[:, 0].tolist() == [np.inf, np.inf, np.inf, 7]
    assert leads.reasons(0) == ("aanmeldstop", "geen route", "aanmeldstop", None)
    assert (leads.path(0, "H"), leads.legs(0, "H"), leads.assumed[:, 0].tolist()) == ((), (), [False] * 4)


def test_the_quicker_way_to_another_visit_is_found_too(regions: ModuleType) -> None:
    """The way that a search by partner drops: it takes up B once, over X, where the way would end."""
    tables = passing(regions, 70)
    tables["routes"].append({"id": "R7", "from": "H", "to": "B", "kind": "verwijzing", "handover_days": 14.0})
    terrain = asked(regions, tables)
    assert (weeks(terrain, "H"), terrain.derived(Leads, 3).path(0, "H")) == (3, ("H", "B", "X"))


# --- laws ------------------------------------------------------------------------------------------------
def _all_days(regions: ModuleType, tables: Any, scenario: Scenario, seed: int) -> Any:
    profiles = [(age, theme) for age in (96, 179) for theme in regions.THEMES]
    locale = Locale(regions.landscape(tables), regions.EDE)
    terrain = Terrain(locale, [Profile(regions.EDE, *p) for p in profiles], scenario=scenario, starts=OTHERS)
    return {
        (level, start): terrain.derived(Leads, level).days[row] for level in (1, 3) for row, start in enumerate(terrain.starts)
    }, locale


@pytest.mark.parametrize("seed", range(200, 212))
def test_a_route_more_never_lengthens_a_way(seed: int, regions: ModuleType) -> None:
    r = random.Random(seed)
    scenario: Scenario = r.choice(["low", "expected", "high"])
    tables = regions.made(seed)
    before, locale = _all_days(regions, tables, scenario, seed)
    # between two partners that have no route yet: a route that they state would go before one of their roles
    pairs = {(h.source, h.target) for h in locale.hops}
    free = [(a, b) for a in locale.partners for b in locale.partners if a != b and (a, b) not in pairs]
    source, target = r.choice(free)
    added = {"id": "NEW", "from": source, "to": target, "kind": "verwijzing", "decision_needed": r.choice([None, True])}
    after, _ = _all_days(regions, {**tables, "routes": [*tables["routes"], added]}, scenario, seed)
    assert all((after[key] <= before[key]).all() for key in before)


@pytest.mark.parametrize("seed", range(220, 232))
def test_a_longer_wait_never_shortens_a_way(seed: int, regions: ModuleType) -> None:
    r = random.Random(seed)
    scenario: Scenario = r.choice(["low", "expected", "high"])
    tables = regions.made(seed)
    before, _ = _all_days(regions, tables, scenario, seed)
    waits = [dict(w) for w in tables["waits"]]
    for row in r.sample([w for w in waits if w["state"] == "getal"], 4):
        row.update(
            {f"days_{x}": None if row[f"days_{x}"] is None else row[f"days_{x}"] + 35 for x in ("low", "expected", "high")}
        )
    after, _ = _all_days(regions, {**tables, "waits": waits}, scenario, seed)
    assert all((after[key] >= before[key]).all() for key in before)


@pytest.mark.parametrize("seed", range(240, 249))
def test_low_is_no_more_than_expected_and_that_no_more_than_high(seed: int, regions: ModuleType) -> None:
    low, expected, high = (_all_days(regions, regions.made(seed), s, seed)[0] for s in ("low", "expected", "high"))
    assert all((low[key] <= expected[key]).all() and (expected[key] <= high[key]).all() for key in low)
    # and what is closed is so in each
    assert all((np.isinf(low[key]) == np.isinf(high[key])).all() for key in low)
