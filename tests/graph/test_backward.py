"""Who passes where, against every simple way written out by hand and against NetworkX's own betweenness."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import networkx as nx
import pytest

from routekaart.graph.locale import Locale
from routekaart.graph.profile import Profile
from routekaart.graph.profiles.backward import MOST_EQUAL, Backward
from routekaart.graph.profiles.flow import Flow
from routekaart.graph.profiles.study import Place, Study
from routekaart.graph.profiles.terrain import Terrain
from routekaart.graph.profiles.wiring import Wiring

#: Ten themes that none is narrower than another.
THEMES = "opvoeden rouw wonen scheiding geldzorgen identiteit beperking veiligheid druk-gedrag leren-en-school".split()
AGES = (0, 96, 150, 179, 204)
OTHERS = ("P0", "P1", "rol:soj", "rol:school")


def _same(found: Any, hand: Any) -> None:
    """Every figure of a flow, without those that are nothing."""
    for name in ("through", "arriving", "days", "waiting", "sole", "steps"):
        told, expected = getattr(found, name), getattr(hand, name)
        assert {k for k, v in told.items() if v} == set(expected), name
        assert all(abs(told[k] - v) < 1e-9 * max(1.0, v) for k, v in expected.items()), (name, told, expected)
    assert (found.total_days, found.routed) == pytest.approx((hand.total_days, hand.routed))


@pytest.mark.parametrize("seed", range(60))
def test_flows_are_shared_over_all_fastest_simple_ways(seed: int, regions: ModuleType, by_hand: ModuleType) -> None:
    tables = regions.made(seed)
    r = random.Random(seed)
    code = r.choice([regions.EDE, regions.EDE, regions.BARNEVELD])
    here = by_hand.Here(tables, code)
    profiles = [Profile(code, r.choice(AGES), theme) for theme in r.sample(regions.THEMES, 3)]
    terrain = Terrain(Locale(regions.landscape(tables), code), profiles, starts=OTHERS)
    for level in (1, 3):
        wiring = Wiring(terrain, level, range(len(profiles)))
        for column, profile in enumerate(profiles):
            hand = by_hand.ByHand(here, profile.age, profile.theme)
            ways = {start: hand.ways(level, start) for start in terrain.starts}
            backward = Backward(wiring, column)
            for start in terrain.starts:
                assert backward.days(start) == min((w.days for w in ways[start]), default=None)
            # one start by itself, and below all of them together
            alone = {r.choice(terrain.starts): 3.0}
            _same(backward.flow(alone), by_hand.Flow(ways, alone))
            demand = {start: float(r.randint(0, 9)) for start in terrain.starts}
            found, told = backward.flow(demand), by_hand.Flow(ways, demand)
            assert told.most < MOST_EQUAL
            assert found.cut == 0
            _same(found, told)
            # nobody is lost on the way
            assert sum(found.arriving.values()) == pytest.approx(sum(n for s, n in demand.items() if ways[s]))


@pytest.mark.parametrize("seed", range(300, 342))
def test_the_flow_of_a_place_is_that_of_all_its_families(seed: int, regions: ModuleType, by_hand: ModuleType) -> None:
    """Profiles for which every step is the same go together: the sum must not change. Nobody is lost or counted twice."""
    r = random.Random(seed)
    tables = regions.made(seed)
    if seed % 2:
        entries = ["rol:huisarts", "rol:gezin", "P0", "P1", "rol:soj"]
        tables["demand"] = regions.numbered(
            [
                {
                    "municipality": regions.EDE,
                    "entry": r.choice(entries),
                    "per_year": r.randint(1, 60),
                    "theme": r.choice(regions.THEMES),
                }
                for _ in range(6)
            ],
            "D",
        )
    here = by_hand.Here(tables, regions.EDE)
    study = Study(regions.landscape(tables), [regions.EDE], levels=[1, 3])
    assert study.weighted == bool(seed % 2)
    place = study.place(regions.EDE)
    for level in (1, 3):
        told = by_hand.Flow({}, {})
        reasons = dict.fromkeys(("geen aanbod", "geen route", "aanmeldstop"), 0.0)
        for group in place.groups:
            hand = by_hand.ByHand(here, group.profile.age, group.profile.theme)
            for start, families in group.demand.get(level, {}).items():
                if ways := hand.ways(level, start):
                    told.push(ways, families)
                else:
                    reasons[hand.reason(level, start)] += families
        found = place.flow(level)
        _same(found, told)
        assert place.without_route(level) == pytest.approx(reasons)
        assert found.routed + sum(reasons.values()) == pytest.approx(sum(g.families(level) for g in place.groups))
        assert sum(found.arriving.values()) == pytest.approx(found.routed)


# --- betweenness -------------------------------------------------------------------------------------------
def everyone_to_everyone(regions: ModuleType, graph: nx.DiGraph, waits: Mapping[int, float]) -> Place:
    """A place where one family starts at every partner of ``graph`` for each theme, and each theme is offered at one."""
    tables = regions.region(
        {f"N{n}": "huisarts" for n in graph},
        [{"partner": f"N{n}", "level": "3", "themes": [THEMES[n]]} for n in graph],
        [{"from": f"N{u}", "to": f"N{v}", "handover_days": graph.edges[u, v].get("over", 0.0)} for u, v in graph.edges],
        [regions.wait(f"N{n}", days) for n, days in waits.items()],
    )
    place = Study(regions.landscape(tables), [regions.EDE], levels=[3]).place(regions.EDE)
    # one for algemeen too, which nobody offers; and from the family itself no route leads anywhere
    assert len(place.groups) == 1 + len(graph)
    return place


def test_the_kite_of_krackhardt(regions: ModuleType) -> None:
    """Betweenness of the kite graph (Krackhardt 1990), as the tests of NetworkX have it: over ordered pairs, twice 14 for node 7."""
    kite = nx.krackhardt_kite_graph()
    found = everyone_to_everyone(regions, kite.to_directed(), dict.fromkeys(kite, 7.0)).flow(3)
    expected = {0: 1.667, 1: 1.667, 3: 7.333, 5: 16.667, 6: 16.667, 7: 28.0, 8: 16.0}
    assert found.through == pytest.approx({f"N{n}": b for n, b in expected.items()}, abs=1e-3)
    # every one of the ten arrives at each of the ten
    assert found.arriving == pytest.approx({f"N{n}": 10.0 for n in kite})
    # a step more is a week more: the distances of all ordered pairs, and a week for who is there already
    distances = sum(d for _, by in nx.all_pairs_shortest_path_length(kite) for d in by.values())
    assert found.total_days == pytest.approx(7.0 * (distances + 10))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("ties", [False, True], ids=["no two ways equal", "many ways equal"])
def test_flows_are_the_betweenness_of_networkx(seed: int, ties: bool, regions: ModuleType) -> None:
    r = random.Random(seed)
    graph: nx.DiGraph = nx.gnp_random_graph(9, 0.45 if ties else 0.3, seed=seed, directed=True)
    waits = {n: 7.0 if ties else float(r.randint(1, 100_000)) for n in graph}
    for u, v in graph.edges:
        graph.edges[u, v]["over"] = float(r.choice((0, 7)) if ties else r.randint(1, 100_000))
        graph.edges[u, v]["days"] = int(graph.edges[u, v]["over"] + waits[v])
    found = everyone_to_everyone(regions, graph, waits).flow(3)
    nodes = list(graph)
    passed = nx.betweenness_centrality_subset(graph, nodes, nodes, normalized=False, weight="days")
    taken = nx.edge_betweenness_centrality_subset(graph, nodes, nodes, normalized=False, weight="days")
    assert found.through == pytest.approx({f"N{n}": b for n, b in passed.items() if b})
    assert found.steps == pytest.approx({(f"N{u}", f"N{v}"): b for (u, v), b in taken.items() if b})
    assert any(b % 1 > 1e-9 for b in passed.values()) == ties


# --- small cases -------------------------------------------------------------------------------------------
def flow(regions: ModuleType, tables: Any, level: int = 3, **demand: float) -> Flow:
    """The flow of families of one profile by where they start (H where nothing is said)."""
    terrain = Terrain(Locale(regions.landscape(tables), regions.EDE), [Profile(regions.EDE, 168, "rouw")], starts=list(demand))
    backward = Backward(Wiring(terrain, level, [0]), 0)
    return backward.flow(demand or {"H": 12.0})


def test_equal_ways_share_by_their_number_and_ties_count_whole(regions: ModuleType) -> None:
    """H → A → Z, H → B → Z and H → B → C → Z take 3 weeks each; the longest has the most hops all the same."""
    partners = {"H": "huisarts", "A": "soj", "B": "soj", "C": "soj", "Z": "jeugd-ggz"}
    routes = [("H", "A"), ("H", "B"), ("A", "Z"), ("B", "Z"), ("B", "C"), ("C", "Z")]
    waits = [regions.wait(p, days) for p, days in {"A": 7, "B": 7, "C": 0, "Z": 14}.items()]
    found = flow(regions, regions.region(partners, [{"partner": "Z", "level": "3"}], routes, waits))
    assert found.through == {"A": 4, "B": 8, "C": 4}
    assert found.arriving == {"Z": 12}
    assert found.days == pytest.approx({"A": 28, "B": 56, "Z": 168})
    assert found.waiting == {"A": 12, "B": 12, "Z": 12}
    assert found.steps == {("H", "A"): 4, ("H", "B"): 8, ("A", "Z"): 4, ("B", "Z"): 4, ("B", "C"): 4, ("C", "Z"): 4}
    assert (found.total_days, found.routed, found.sole) == (12 * 21, 12, {})


def test_a_sole_link_is_what_no_way_can_do_without(regions: ModuleType) -> None:
    partners = {"H": "huisarts", "A": "soj", "B": "soj", "C": "soj", "Z": "jeugd-ggz", "Y": "jeugd-ggz"}
    routes = [("H", "A"), ("A", "B"), ("A", "C"), ("B", "Z"), ("C", "Y")]
    tables = regions.region(partners, [{"partner": "Z", "level": "3"}], routes, [])
    assert flow(regions, tables).sole == {"A": 12, "B": 12}
    # another end, however slow: B can be done without, A cannot; start and end are never meant
    tables["offerings"].append({"id": "A9", "name": "aanbod", "partner": "Y", "level": "3"})
    tables["waits"] = regions.numbered([regions.wait("C", 700)], "W")
    found = flow(regions, tables, H=12.0, A=3.0, B=2.0)
    assert (found.sole, found.through) == ({"A": 12}, {"A": 12, "B": 15})


def test_partners_without_wait_who_refer_to_each_other(regions: ModuleType) -> None:
    """A ⇄ B: H-A-Z, H-B-Z, H-A-B-Z and H-B-A-Z are equally fast and simple, a quarter each."""
    partners = {"H": "huisarts", "A": "soj", "B": "soj", "Z": "jeugd-ggz"}
    routes = [("H", "A"), ("H", "B"), ("A", "B"), ("B", "A"), ("A", "Z"), ("B", "Z"), ("A", "H"), ("Z", "A")]
    waits = [regions.wait(p, days) for p, days in {"H": 0, "A": 0, "B": 0, "Z": 14}.items()]
    found = flow(regions, regions.region(partners, [{"partner": "Z", "level": "3"}], routes, waits))
    assert found.through == {"A": 9, "B": 9}
    assert found.steps == {("H", "A"): 6, ("H", "B"): 6, ("A", "B"): 3, ("B", "A"): 3, ("A", "Z"): 6, ("B", "Z"): 6}
    assert (found.arriving, found.waiting, found.days) == ({"Z": 12}, {"Z": 12}, {"Z": 168})
    # who starts at A goes straight, over B, over H and B
    assert flow(regions, regions.region(partners, [{"partner": "Z", "level": "3"}], routes, waits), A=12.0).through == {
        "B": 8,
        "H": 4,
    }


def test_circles_that_lead_nowhere_else_take_no_time(regions: ModuleType) -> None:
    """Ten partners without wait, each to each and back to B: the one way goes on from B; there are 10! ways to go round first."""
    around = [f"A{n}" for n in range(10)]
    routes = [*((a, b) for a in [*around, "B"] for b in [*around, "B"] if a != b), ("H", "B"), ("B", "Z")]
    waits = [*(regions.wait(a, 0) for a in [*around, "B"]), regions.wait("Z", 14)]
    partners = {"H": "huisarts", **dict.fromkeys([*around, "B"], "soj"), "Z": "jeugd-ggz"}
    began = time.process_time()
    found = flow(regions, regions.region(partners, [{"partner": "Z", "level": "3"}], routes, waits))
    assert (found.through, found.arriving, found.cut) == ({"B": 12}, {"Z": 12}, 0)
    assert time.process_time() - began < 5


def test_too_many_equal_ways_are_cut_and_nobody_is_lost(regions: ModuleType) -> None:
    # seven partners without wait, each to each: 13 699 ways to pass some of them in some order
    around = [f"A{n}" for n in range(7)]
    routes = [*(("H", a) for a in around), *((a, b) for a in around for b in around if a != b), *((a, "Z") for a in around)]
    waits = [*(regions.wait(a, 0) for a in around), regions.wait("Z", 14)]
    partners = {"H": "huisarts", **dict.fromkeys(around, "soj"), "Z": "jeugd-ggz"}
    found = flow(regions, regions.region(partners, [{"partner": "Z", "level": "3"}], routes, waits))
    assert (found.cut, found.routed, found.total_days, found.sole) == (1, 12, 12 * 14, {})
    assert found.arriving == pytest.approx({"Z": 12})
    assert sum(n for (source, _), n in found.steps.items() if source == "H") == pytest.approx(12)


def test_who_starts_at_an_offering_is_there(regions: ModuleType) -> None:
    partners = {"H": "huisarts", "Z": "jeugd-ggz"}
    waits = [regions.wait("H", 0), regions.wait("aanbod:A00", 21), regions.wait("Z", 7)]
    offers = [{"partner": "H", "level": "3"}]
    tables = regions.region(partners, offers, [("H", "Z"), ("Z", "H")], waits)
    found = flow(regions, tables)
    assert (found.arriving, found.through, found.steps) == ({"H": 12}, {}, {})
    assert (found.waiting, found.days, found.total_days) == ({"H": 12}, {"H": 252}, 252)
    # elsewhere it is quicker: on it goes, and the wait at the start is nobody's
    tables["offerings"].append({"id": "A1", "name": "aanbod", "partner": "Z", "level": "3"})
    found = flow(regions, tables)
    assert (found.arriving, found.waiting, found.steps) == ({"Z": 12}, {"Z": 12}, {("H", "Z"): 12})


def test_a_free_offering_at_an_entry_is_no_step_from_itself(regions: ModuleType) -> None:
    """W and V offer something free: from W one is there, from H, V and the family itself it is one step."""
    partners = {"H": "huisarts", "W": "welzijn", "V": "welzijn"}
    offers = [{"partner": "W", "level": "1", "access": "vrij"}, {"partner": "V", "level": "1", "access": "vrij"}]
    # no time passes to H: W → H → W would take no longer than being there
    waits = [regions.wait("H", 0), regions.wait("aanbod:A00", 7), regions.wait("aanbod:A01", 14)]
    tables = regions.region(partners, offers, [("W", "H"), ("H", "V")], waits)
    found = flow(regions, tables, 1, H=1.0, W=2.0, V=4.0, **{"rol:gezin": 8.0})
    assert found.arriving == {"W": 15}
    assert found.steps == {("H", "W"): 1, ("V", "W"): 4, ("rol:gezin", "W"): 8}
    assert (found.through, found.sole, found.days) == ({}, {}, {"W": 105})
    # V as quick as W: half of everyone each, who starts at one of them too
    tables["routes"] = []
    tables["waits"][2].update(days_low=7, days_expected=7, days_high=7)
    found = flow(regions, tables, 1, W=2.0, V=4.0, **{"rol:gezin": 8.0})
    assert found.arriving == {"W": 7, "V": 7}
    assert found.steps == {("W", "V"): 1, ("V", "W"): 2, ("rol:gezin", "W"): 4, ("rol:gezin", "V"): 4}


def passing(regions: ModuleType, offered: object) -> Any:
    """X has people wait for what it offers, but not on the route B → X: who would pass X first could be there sooner."""
    routes = [("H", "X"), ("X", "B"), {"id": "OWN", "from": "B", "to": "X"}]
    waits = [regions.wait("X", 0), regions.wait("B", 0), regions.wait("route:OWN", 7), regions.wait("aanbod:A00", offered)]
    partners = {"H": "huisarts", "X": "jeugd-ggz", "B": "soj", "V": "soj", "Y": "jeugd-ggz"}
    return regions.region(partners, [{"partner": "X", "level": "3"}], routes, waits)


def test_a_way_does_not_pass_its_own_end(regions: ModuleType) -> None:
    found = flow(regions, passing(regions, 70), H=12.0, X=3.0, B=2.0)
    assert (found.through, found.arriving) == ({}, {"X": 17})
    assert found.steps == {("H", "X"): 12, ("B", "X"): 2}
    assert found.total_days == 12 * 70 + 3 * 70 + 2 * 7


def test_where_every_way_passes_its_own_end_nobody_goes(regions: ModuleType) -> None:
    found = flow(regions, passing(regions, "stop"), H=12.0, X=3.0, B=2.0)
    assert (found.routed, found.arriving, found.total_days, found.sole) == (2, {"X": 2}, 14, {})
    terrain = Terrain(Locale(regions.landscape(passing(regions, "stop")), regions.EDE), [Profile(regions.EDE, 168, "rouw")])
    assert Backward(Wiring(terrain, 3, [0]), 0).days("H") is None


def test_a_way_past_its_own_end_is_no_other_way(regions: ModuleType) -> None:
    """To X nobody comes but by passing it: V is the only link to what is left, at Y."""
    tables = passing(regions, "stop")
    tables["offerings"].append({"id": "A9", "name": "aanbod", "partner": "Y", "level": "3"})
    tables["routes"] += [{"id": f"V{n}", "from": a, "to": b, "kind": "verwijzing"} for n, (a, b) in enumerate(["HV", "VY"])]
    found = flow(regions, tables)
    assert (found.sole, found.through, found.arriving) == ({"V": 12}, {"V": 12}, {"Y": 12})
    # from B one gets to X without it
    assert flow(regions, tables, B=2.0).sole == {}
