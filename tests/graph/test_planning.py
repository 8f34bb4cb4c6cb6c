"""direct-routes: gains of all pairs and greedy sets, against the same question asked anew with the route in the tables."""

from __future__ import annotations

import random
from itertools import permutations
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from routekaart.graph.analyses.proposing.direct_routes import direct_routes
from routekaart.graph.landscape import Landscape
from routekaart.graph.planning.corners import corners
from routekaart.graph.planning.field import Added, Field
from routekaart.graph.planning.gains import gains
from routekaart.graph.planning.planning import Planning, Saving, allowed
from routekaart.graph.profiles.study import Study
from routekaart.loaders.read import Reading

Totals = tuple[float, float]


def totals(landscape: Landscape, like: Study, level: int) -> Totals:
    """(days of the families that have a way in ``like``, families that have one only here), from the leads."""
    study = Study(landscape, like=like, levels=like.levels)
    days = newly = 0.0
    for before, after in zip(like.places(), study.places(), strict=True):
        old, new = before.leads(level), after.leads(level)
        for column, by in before.demand(level):
            for start, families in by.items():
                was = old.days[before.terrain.starts.index(start), column]
                now = new.days[after.terrain.starts.index(start), column]
                if np.isfinite(was):
                    days += families * now
                elif np.isfinite(now):
                    newly += families
    return days, newly


def with_routes(tables: dict[str, Any], pairs: list[tuple[str, str]]) -> dict[str, Any]:
    rows = [{"id": f"X{n}", "from": a, "to": b, "kind": "verwijzing"} for n, (a, b) in enumerate(pairs)]
    return {**tables, "routes": [*tables["routes"], *rows]}


def plain(tables: dict[str, Any]) -> dict[str, Any]:
    """The tables without waits of routes: with those a way may pass its own end, which gains do not look up."""
    return {**tables, "waits": [w for w in tables["waits"] if not w["on"][0].startswith("route:")]}


def unconnected(study: Study, pair: tuple[str, str]) -> bool:
    """Whether no step at all is registered between two, so that a new one has no parallel anywhere."""
    return not any((h.source, h.target) == pair for place in study.places() for h in place.locale.hops)


@pytest.mark.parametrize("seed", range(6))
def test_every_gain_is_what_asking_anew_with_the_route_says(seed: int, regions: ModuleType) -> None:
    tables = plain(regions.made(seed))
    landscape = regions.landscape(tables)
    study = Study(landscape, levels=[1 + seed % 2 * 2])
    for level in study.levels:
        planning = Planning(study, level)
        found = {(s.start, s.end): s for s in planning.savings()}
        base = totals(landscape, study, level)
        may = {
            (place.terrain.nodes[u], place.terrain.nodes[v])
            for place in study.places()
            for u, v in np.argwhere(allowed(place, level)).tolist()
        }
        partners = [f"P{n}" for n in range(7)]
        for pair in permutations(partners, 2):
            if pair not in may or not unconnected(study, pair):
                continue
            days, newly = totals(regions.landscape(with_routes(tables, [pair])), study, level)
            told = found.get(pair, Saving(*pair, 0.0, 0.0, 0.0))
            assert told.days == pytest.approx(base[0] - days, abs=1e-6), (level, pair)
            assert told.newly == pytest.approx(newly - base[1], abs=1e-9), (level, pair)


@pytest.mark.parametrize("seed", range(40, 44))
def test_a_pair_counts_for_the_profiles_that_have_no_usable_step_yet(seed: int, regions: ModuleType) -> None:
    """Also with routes that hold for some ages or themes only, and with waits of their own: against adding the step."""
    study = Study(regions.landscape(regions.made(seed)), levels=[1, 3])
    for place in study.places():
        for level in study.levels:
            size = len(place.terrain.nodes)
            field = Field(place, level, 0.0)
            found = gains(field, ~np.eye(size, dtype=bool))
            before, had = field.lead, np.isfinite(field.lead)
            for u, v in permutations(range(size), 2):
                after = field.with_steps([Added(u, v)]).lead
                saved = float(((before[had] - after[had]) * field.demand[had]).sum()) / 1e6
                newly = float(field.demand[~had & np.isfinite(after)].sum())
                assert found.days[u, v] == pytest.approx(saved, abs=1e-6)
                assert found.newly[u, v] == pytest.approx(newly, abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_each_greedy_step_is_the_best_one_given_those_before(seed: int, regions: ModuleType) -> None:
    tables = plain(regions.made(seed))
    landscape = regions.landscape(tables)
    study = Study(landscape, levels=[3])
    chosen = Planning(study, 3).plan(3)
    taken: list[tuple[str, str]] = []
    before = totals(landscape, study, 3)
    for step in chosen:
        assert not step.start.startswith("rol:") or step.newly or step.days
        if not all(unconnected(study, pair) for pair in [*taken, (step.start, step.end)]):
            return  # asking anew would take the place of a registered step
        taken.append((step.start, step.end))
        now = totals(regions.landscape(with_routes(tables, taken)), study, 3)
        assert step.days == pytest.approx(before[0] - now[0], abs=1e-6)
        for pair in permutations([f"P{n}" for n in range(7)], 2):
            other = [*taken[:-1], pair]
            if unconnected(study, pair) and any(
                allowed(p, 3)[p.terrain.index[pair[0]], p.terrain.index[pair[1]]]
                for p in study.places()
                if pair[0] in p.terrain.index and pair[1] in p.terrain.index
            ):
                days, _ = totals(regions.landscape(with_routes(tables, other)), study, 3)
                assert before[0] - days <= step.days + 1e-6
        before = now


def test_single_gains_overlap_and_the_set_says_so(regions: ModuleType) -> None:
    """Two ways round the same queue: each alone saves 70 days for the one family, both together no more."""
    tables = regions.region(
        {"H": "huisarts", "S": "soj", "G": "gemeente", "Z": "jeugd-ggz"},
        [{"id": "A", "partner": "Z", "level": "3"}],
        [("H", "S"), ("S", "G"), ("G", "Z")],
        [regions.wait("S", 70), regions.wait("G", 70), regions.wait("Z", 7)],
        demand=[{"municipality": "GM0228", "entry": "H", "theme": "opvoeden", "level": "3", "per_year": 23}],
    )
    study = Study(regions.landscape(tables))
    planning = Planning(study, 3)
    found = {(s.start, s.end): s for s in planning.savings()}
    # H → S → G → Z takes 70 + 70 + 7 days for each of 23 families; H → G and S → Z leave out one queue, H → Z both
    assert found["H", "Z"].days == pytest.approx(23 * 140)
    assert found["H", "G"].days == pytest.approx(23 * 70)
    assert found["S", "Z"].days == pytest.approx(23 * 70)
    chosen = planning.plan(5)
    assert [(s.start, s.end) for s in chosen] == [("H", "Z")]
    # to plan is to suppose: nothing is taken up in what there is
    assert {(s.start, s.end): s for s in planning.savings()} == found
    assert planning.plan(5) == chosen
    answer = direct_routes(regions.landscape(tables), levels=[3])
    (level,) = answer.as_dict()["levels"]
    assert level["now"]["weeks_total"] == pytest.approx(23 * 21)
    assert level["plan"] == [{"from": "H", "to": "Z", "cumulative_weeks_saved": 460.0, "cumulative_newly_reached": 0.0}]
    assert level["routes"][0]["weeks_range"] == {"low": 460.0, "high": 460.0}
    assert level["routes"][0]["allowed"] == "geen besluit nodig, wel afspraak"


def test_role_rules_safety_and_placeholders(regions: ModuleType) -> None:
    tables = regions.region(
        {"H": "huisarts", "SCH": "school", "G": "gemeente", "VT": "veiligheid", "Z": "jeugd-ggz"},
        [{"id": "A", "partner": "Z", "level": "3"}],
        [("H", "G"), ("SCH", "H"), ("G", "Z"), ("H", "VT"), ("rol:jeugdarts", "G")],
        [regions.wait("G", 70), regions.wait("H", 70)],
    )
    found = Planning(Study(regions.landscape(tables), levels=[3]), 3).savings()
    pairs = {(s.start, s.end) for s in found}
    assert ("SCH", "G") in pairs  # a school may refer to the access
    assert ("SCH", "Z") not in pairs  # and not to specialist help
    assert ("H", "Z") in pairs
    assert not any("VT" in pair for pair in pairs)
    assert not any(end.startswith("rol:") or start == "rol:gezin" for start, end in pairs)


def test_who_had_no_way_is_never_mixed_into_weeks(regions: ModuleType) -> None:
    """The school leads nowhere: its 40 families are newly reached, and no week is counted for them."""
    tables = regions.region(
        {"H": "huisarts", "L": "lokaal-team", "SCH": "school"},
        [{"id": "A", "partner": "L", "level": "2"}],
        [("H", "L")],
        [regions.wait("L", 14)],
        demand=[
            {"municipality": "GM0228", "entry": e, "theme": "opvoeden", "level": "2", "per_year": n}
            for e, n in (("H", 30), ("SCH", 40))
        ],
    )
    (level,) = direct_routes(regions.landscape(tables), levels=[2]).as_dict()["levels"]
    assert level["now"] == {
        "weeks_total": 60.0,
        "per_year": 70.0,
        "without_route": {"geen aanbod": 0.0, "geen route": 40.0, "aanmeldstop": 0.0},
    }
    route = next(r for r in level["routes"] if (r["from"], r["to"]) == ("SCH", "L"))
    assert (route["weeks_saved"], route["newly_reached"]) == (0.0, 40.0)
    # to the GP is as good, for the GP leads on: of equal ones the first by id is taken
    assert level["plan"] == [
        {"from": "SCH", "to": "H", "cumulative_weeks_saved": 0.0, "cumulative_newly_reached": 40.0},
    ]


@pytest.mark.parametrize("seed", range(20, 23))
def test_the_bounds_hold_for_any_value_of_the_unknown_waits(seed: int, regions: ModuleType) -> None:
    """Each unknown wait takes a value of its own within 2–26 weeks, at random; the saving must lie within the bounds."""
    tables = plain(regions.made(seed))
    study = Study(regions.landscape(tables), levels=[3])
    planning = Planning(study, 3)
    r = random.Random(seed)
    pairs = [(s.start, s.end) for s in planning.savings(12)]
    bounds = {pair: (c.least, c.most) for pair, c in zip(pairs, corners(planning, pairs), strict=True)}
    for _ in range(4):
        guesses = [regions.wait(f"P{n}", r.uniform(14, 182), as_of="2026-05-31") for n in range(7) if _unknown(study, f"P{n}")]
        drawn = {**tables, "waits": [*tables["waits"], *regions.numbered(guesses, "Y")]}
        actual = {
            (s.start, s.end): s.days for s in Planning(Study(regions.landscape(drawn), like=study, levels=[3]), 3).savings()
        }
        for pair, (low, high) in bounds.items():
            assert low - 1e-6 <= actual.get(pair, 0.0), pair
            assert high is None or actual.get(pair, 0.0) <= high + 1e-6, pair


def _unknown(study: Study, partner: str) -> bool:
    """Whether nothing at all is registered about the waits of a partner (a guess then changes no other answer)."""
    rows = study.landscape["waits"]
    about = {on[0] for on in rows["on"]}
    roles = dict(study.landscape["partners"].select("id", "roles").iter_rows())[partner]
    offered = study.landscape["offerings"].select("id", "partner").iter_rows()
    subjects = {partner, *(f"rol:{r}" for r in roles), *(f"aanbod:{i}" for i, p in offered if p == partner)}
    return not subjects & about


def test_both_examples_and_the_privacy_of_small_counts(example: Reading) -> None:
    answer = direct_routes(example.landscape, levels=[3])
    (level,) = answer.as_dict()["levels"]
    assert len(level["routes"]) == 10
    assert level["routes_in_all"] >= 10
    weeks = [s["cumulative_weeks_saved"] for s in level["plan"] if s["cumulative_weeks_saved"] is not None]
    assert weeks == sorted(weeks)
    for route in level["routes"]:
        shown = [route["families"], route["newly_reached"]]
        if answer.frame.weighted:
            assert all(n is None or n == 0 or n >= 10 for n in shown)
        assert route["objections"]
    told = direct_routes(example.landscape, levels=[3], internal=True).as_dict()["levels"][0]
    assert not any(r.get("suppressed") for r in told["routes"])
