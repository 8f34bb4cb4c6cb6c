"""The fastest ways of many profiles from any entry, against a second method: one question of ``route`` for each profile."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from types import ModuleType

import polars as pl
import pytest

from routekaart.graph.analyses.route import route
from routekaart.graph.landscape import Landscape
from routekaart.graph.locale import Locale
from routekaart.graph.profile import Profile
from routekaart.graph.profiles.arrivals import Arrivals
from routekaart.graph.profiles.leads import Leads
from routekaart.graph.profiles.terrain import Terrain
from routekaart.loaders.read import Reading

EDE = "GM0228"
LEVELS = (1, 3)


@pytest.fixture
def region(regions: ModuleType) -> Callable[[int], Landscape]:
    def made(seed: int) -> Landscape:
        found: Landscape = regions.landscape(regions.made(seed))
        return found

    return made


def profiles_of(locale: Locale) -> list[Profile]:
    return [Profile(locale.municipality, low, same[0]) for same in locale.theme_classes() for low, _ in locale.bands(same[0])]


def compare(landscape: Landscape, code: str, profiles: Sequence[Profile], levels: Sequence[int]) -> int:
    """Every number of Arrivals against ``route``; how many profiles have a way."""
    found = Arrivals(Locale(landscape, code), profiles)
    ways = 0
    for level in levels:
        arrived = found.at(level)
        for n, profile in enumerate(profiles):
            asked = {"age": profile.age, "theme": profile.theme, "levels": [level], "static": True}
            answer = route(landscape, code, **asked, alternatives=6)
            about = (profile, level)
            assert [arrived.reason(n)] == ([reason for _, reason in answer.reasons] or [None]), about
            if not answer.ways:
                assert math.isinf(arrived.expected[n]), about
                continue
            ways += 1
            best, span = answer.ways[0].expected, answer.spans[0]
            assert arrived.expected[n] == pytest.approx(best), about
            assert arrived.low[n] == pytest.approx(span.low), about
            assert arrived.high[n] == (math.inf if span.high is None else pytest.approx(span.high)), about
            # of equally fast ways one that is known is enough
            tied = [w for w in answer.ways if w.expected == pytest.approx(best)]
            known = any(all(leg.wait.known and (leg.decision is None or leg.decision.known) for leg in w.legs) for w in tied)
            if len(tied) < 6:
                assert bool(arrived.assumed[n]) is not known, about
    return ways


@pytest.mark.parametrize("seed", range(12))
def test_equal_to_one_question_of_route_per_profile_on_small_regions(region: Callable[[int], Landscape], seed: int) -> None:
    landscape = region(seed)
    compare(landscape, EDE, profiles_of(Locale(landscape, EDE)), LEVELS)


def test_the_small_regions_have_ways_of_every_kind(region: Callable[[int], Landscape]) -> None:
    # the comparison would be empty otherwise
    kinds: set[str | None] = set()
    assumed = special = 0
    for seed in range(12):
        locale = Locale(region(seed), EDE)
        found = Arrivals(locale, profiles_of(locale))
        special += any(h.route and locale.waits.has(f"route:{h.route}") for h in locale.hops)
        for level in LEVELS:
            arrived = found.at(level)
            kinds |= {arrived.reason(n) for n in range(len(arrived.expected))}
            assumed += int(arrived.assumed.sum())
    assert kinds == {None, "geen aanbod", "geen route", "aanmeldstop"}
    assert assumed > 0
    assert special > 0


@pytest.mark.parametrize(("seed", "code"), [(1, EDE), (4, "GM0203"), (8, EDE)])
def test_the_floor_takes_what_is_known_as_expected_and_the_rest_at_its_low_end(
    region: Callable[[int], Landscape], seed: int, code: str
) -> None:
    # second method: a region in which every known wait is a single number and an unknown one is its low end
    landscape = region(seed)
    profiles = profiles_of(Locale(landscape, code))
    exact = landscape["waits"].with_columns(days_low=pl.col("days_expected"), days_high=pl.col("days_expected"))
    settings = landscape["region"].with_columns(
        unknown_weeks_high=pl.col("unknown_weeks_low"), unknown_decision_high=pl.col("unknown_decision_low")
    )
    pinned = landscape.replaced(waits=exact, region=settings)
    for level in LEVELS:
        floor = Arrivals(Locale(landscape, code), profiles).at(level).floor
        expected = Arrivals(Locale(pinned, code), profiles).at(level).expected
        assert floor.tolist() == pytest.approx(expected.tolist())


def test_equal_to_the_terrain_on_both_examples(example: Reading) -> None:
    landscape = example.landscape
    for code in landscape.region_municipalities[:2]:
        locale = Locale(landscape, code)
        profiles = profiles_of(locale)
        found = Arrivals(locale, profiles)
        for scenario in ("expected", "low", "high"):
            terrain = Terrain(locale, profiles, scenario=scenario)
            for level in (0, 2, 3, 4):
                assert getattr(found.at(level), scenario).tolist() == terrain.derived(Leads, level).days.min(axis=0).tolist()


def test_equal_to_route_on_a_sample_of_both_examples(example: Reading) -> None:
    landscape = example.landscape
    code = landscape.region_municipalities[0]
    profiles = profiles_of(Locale(landscape, code))[::23]
    assert compare(landscape, code, profiles, (1, 3)) > 0


def test_a_way_does_not_pass_its_own_end(regions: ModuleType) -> None:
    # the route from B back to A has a wait of its own (1 week), but B is reached over A only: that is no way
    tables = regions.region(
        {"H": "huisarts", "A": "jeugd-ggz", "B": "jeugdhulp"},
        [{"id": "O", "partner": "A", "level": "3"}],
        [("H", "A"), ("A", "B"), {"id": "R3", "from": "B", "to": "A"}],
        [regions.wait(on, days) for on, days in (("A", 0), ("B", 0), ("aanbod:O", 70), ("route:R3", 7))],
    )
    landscape = regions.landscape(tables)
    profile = Profile("GM0228", 120, "opvoeden")
    assert Arrivals(Locale(landscape, "GM0228"), [profile]).at(3).expected.tolist() == [70.0]
