"""Families pushed down as arrays, against every simple way written out by hand and against NetworkX one by one."""

from __future__ import annotations

import random
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from routekaart.graph.profiles.backward import Backward
from routekaart.graph.profiles.flow import Flow
from routekaart.graph.profiles.passage import Passage, passage
from routekaart.graph.profiles.study import Place, Study
from routekaart.graph.profiles.wiring import Wiring
from routekaart.loaders.read import Reading


def everybody(place: Place, level: int) -> Passage:
    """Who asks for a level, a column per profile."""
    asked = list(place.demand(level))
    return passage(place.terrain, level, [column for column, _ in asked], [by for _, by in asked])


def by_profile(place: Place, level: int, here: Any, by_hand: ModuleType) -> tuple[dict[Any, np.ndarray], dict[str, float]]:
    """Steps by profile and who goes on where, from all simple ways of everybody."""
    steps: dict[Any, np.ndarray] = {}
    through: dict[str, float] = {}
    for column, group in enumerate(place.groups):
        hand = by_hand.ByHand(here, group.profile.age, group.profile.theme)
        demand = group.demand.get(level, {})
        flow = by_hand.Flow({start: hand.ways(level, start) for start in demand}, demand)
        for step, families in flow.steps.items():
            steps.setdefault(step, np.zeros(len(place.groups)))[column] = families
        for node, families in flow.through.items():
            through[node] = through.get(node, 0.0) + families
    return steps, through


# every third seed has routes with a wait of their own, on which a way could come back to where it was
@pytest.mark.parametrize("seed", range(500, 560))
def test_everybody_takes_all_fastest_simple_ways(seed: int, regions: ModuleType, by_hand: ModuleType) -> None:
    tables = regions.made(seed)
    r = random.Random(seed)
    entries = ["rol:huisarts", "rol:gezin", "P0", "P1", "rol:soj", "P4"]
    asked = [(r.choice(entries), r.choice(regions.THEMES), r.randint(0, 30)) for _ in range(8)]
    rows = [{"municipality": regions.EDE, "entry": e, "theme": t, "per_year": n} for e, t, n in asked]
    tables["demand"] = regions.numbered(rows, "D")
    place = Study(regions.landscape(tables), [regions.EDE], levels=[1, 3]).place(regions.EDE)
    here = by_hand.Here(tables, regions.EDE)
    for level in (1, 3):
        steps, through = by_profile(place, level, here, by_hand)
        found, columns = everybody(place, level), [column for column, _ in place.demand(level)]
        assert set(found.steps) == set(steps)
        assert all(np.allclose(found.steps[step], families[columns], rtol=1e-9, atol=0) for step, families in steps.items())
        assert found.flow().through == pytest.approx(through)


def test_partners_without_wait_who_refer_to_each_other(regions: ModuleType) -> None:
    """B and C refer to each other in no time. By hand: A→B→D, A→B→C→D, A→C→D, A→C→B→D all take a week; 12 families."""
    routes = [("A", "B"), ("A", "C"), ("B", "C"), ("C", "B"), ("B", "D"), ("C", "D")]
    waits = [regions.wait("B", 0), regions.wait("C", 0), regions.wait("D", 7)]
    demand = [{"municipality": regions.EDE, "entry": "A", "theme": "algemeen", "per_year": 12, "age_from": 0, "age_until": 12}]
    partners = {"A": "huisarts", "B": "soj", "C": "soj", "D": "jeugd-ggz"}
    tables = regions.region(partners, [{"partner": "D", "level": "3"}], routes, waits, demand=demand)
    found = everybody(Study(regions.landscape(tables), [regions.EDE], levels=[3]).place(regions.EDE), 3)
    total = {step: float(families.sum()) for step, families in found.steps.items()}
    sixes = dict.fromkeys([("A", "B"), ("A", "C"), ("B", "D"), ("C", "D")], 6.0)
    assert total == pytest.approx({**sixes, ("B", "C"): 3.0, ("C", "B"): 3.0})
    assert found.flow().through == pytest.approx({"B": 9.0, "C": 9.0})


def test_who_could_stay_as_well_shares(regions: ModuleType) -> None:
    """A offers it with a week's wait, and so does D behind a route: one way of two is to stay, so half of 12 go."""
    demand = [{"municipality": regions.EDE, "entry": "A", "theme": "algemeen", "per_year": 12, "age_from": 0, "age_until": 12}]
    waits = [regions.wait("aanbod:A00", 7), regions.wait("aanbod:A01", 7)]
    offers = [{"partner": "A", "level": "3"}, {"partner": "D", "level": "3"}]
    tables = regions.region({"A": "huisarts", "D": "jeugd-ggz"}, offers, [("A", "D")], waits, demand=demand)
    found = everybody(Study(regions.landscape(tables), [regions.EDE], levels=[3]).place(regions.EDE), 3)
    assert {step: float(families.sum()) for step, families in found.steps.items()} == pytest.approx({("A", "D"): 6.0})


def test_a_hop_and_a_free_step_to_the_same_end_are_one_way(regions: ModuleType) -> None:
    """At D the help with grief needs the route, that with raising children does not: 5 and 7 families, each one way."""
    rows = [{"theme": "rouw", "per_year": 5}, {"theme": "opvoeden", "per_year": 7}]
    demand = [{"municipality": regions.EDE, "entry": "A", "age_from": 0, "age_until": 12, **row} for row in rows]
    offers = [
        {"partner": "D", "level": "3", "themes": ["rouw"]},
        {"partner": "D", "level": "3", "themes": ["opvoeden"], "access": "vrij"},
    ]
    tables = regions.region({"A": "huisarts", "D": "jeugd-ggz"}, offers, [("A", "D")], [regions.wait("D", 7)], demand=demand)
    found = everybody(Study(regions.landscape(tables), [regions.EDE], levels=[3]).place(regions.EDE), 3)
    assert sorted(found.steps["A", "D"].tolist()) == [5.0, 7.0]


@pytest.mark.parametrize("municipality", ["GM9001", "GM9003", "GM9006"])
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_it_is_what_one_profile_after_another_gives(municipality: str, level: int, voorbeeldregio: Reading) -> None:
    place = Study(voorbeeldregio.landscape).place(municipality)
    asked, one_by_one = list(place.demand(level)), Flow()
    wiring = Wiring(place.terrain, level, [column for column, _ in asked])
    for number, (_, by) in enumerate(asked):
        one_by_one.add(Backward(wiring, number).flow(by))
    for found in (everybody(place, level).flow(), place.flow(level)):
        for name in ("through", "arriving", "days", "waiting", "sole", "steps"):
            assert getattr(found, name) == pytest.approx(getattr(one_by_one, name)), name
        assert (found.total_days, found.routed, found.cut) == pytest.approx(
            (one_by_one.total_days, one_by_one.routed, one_by_one.cut)
        )
