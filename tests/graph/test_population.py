"""Who asks: how table vraag becomes families by start, age, theme and level; every number worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from routekaart.graph.locale import Locale
from routekaart.graph.profiles.population import Population, is_weighted, population
from routekaart.graph.profiles.study import Study

People = Callable[..., Population]
Rows = list[dict[str, Any]]


@pytest.fixture
def people(regions: ModuleType) -> People:
    """The population of Ede with these rows of vraag (all of them Ede's, if they say nothing else)."""

    def made(rows: Rows, **asked: Any) -> Population:
        locale = Locale(regions.landscape(tables(regions, rows)), regions.EDE)
        return population(locale, **{"weighted": True, "levels": (0, 1, 2, 3), **asked})

    return made


def tables(regions: ModuleType, rows: Rows, **more: Any) -> Any:
    partners = {"H1": "huisarts", "H2": "huisarts", "S": "school", "Z": "jeugd-ggz", "G": "gemeente"}
    found = regions.region(
        partners,
        [{"partner": "Z", "level": "3", "age_from": 72, "themes": ["angst-en-somberheid"]}],
        [("rol:huisarts", "Z"), ("S", "G"), ("rol:jgz", "G")],
        demand=[{"municipality": regions.EDE, **row} for row in rows],
        **more,
    )
    found["partners"].append({"id": "X", "name": "X", "roles": ["huisarts"], "municipalities": [regions.BARNEVELD]})
    return found


def by_start(people: Population, level: int = 3) -> dict[str, float]:
    total: dict[str, float] = {}
    for group in people.groups:
        for start, families in group.demand.get(level, {}).items():
            total[start] = total.get(start, 0.0) + families
    return total


def by_age(people: Population, level: int = 3) -> dict[tuple[int, int], float]:
    found = {(g.profile.age or 0, g.age_until): g.families(level) for g in people.groups}
    return {band: n for band, n in found.items() if n}


# --- places --------------------------------------------------------------------------------------------
def test_the_number_of_a_role_is_split_over_its_holders_here(people: People) -> None:
    # two GPs serve Ede, X serves Barneveld only: 30 / 2
    found = people([{"entry": "rol:huisarts", "per_year": 30}])
    assert by_start(found) == pytest.approx({"H1": 15.0, "H2": 15.0})
    assert set(found.starts) == {"H1", "H2"}


def test_a_role_that_nobody_holds_is_a_start_of_its_own(people: People) -> None:
    found = people(
        [{"entry": "rol:jgz", "per_year": 8}, {"entry": "rol:politie", "per_year": 4}, {"entry": "rol:gezin", "per_year": 5}]
    )
    assert by_start(found) == pytest.approx({"rol:jgz": 8.0, "rol:politie": 4.0, "rol:gezin": 5.0})
    assert found.unplaced == 0


def test_who_starts_where_nobody_serves_ede_is_not_placed(people: People) -> None:
    found = people([{"entry": "X", "per_year": 7}, {"entry": "H1", "per_year": 3}])
    assert by_start(found) == pytest.approx({"H1": 3.0})
    assert found.unplaced == 7


def test_not_placed_counts_what_is_asked_only(people: People) -> None:
    # 36 families from 0 to 18 years are 2 for each year
    rows = [{"entry": "X", "per_year": 36, "age_from": 0, "age_until": 216, "level": "3"}]
    assert people(rows, ages=(96,)).unplaced == pytest.approx(2)
    assert people(rows, ages=(96, 300)).unplaced == pytest.approx(2)
    assert people(rows, levels=(0, 1)).unplaced == 0
    assert people(rows, themes=("opvoeden",)).unplaced == 0


def test_a_row_without_a_number_is_counted_as_such(people: People) -> None:
    rows = [{"entry": "H1", "per_year": None, "level": "3"}, {"entry": "H1", "per_year": 6}]
    found = people(rows)
    assert (found.uncounted, by_start(found)) == (1, pytest.approx({"H1": 6.0}))
    assert people(rows, levels=(1,)).uncounted == 0
    assert people(rows, themes=("opvoeden",)).uncounted == 0


# --- ages ----------------------------------------------------------------------------------------------
def test_a_number_is_split_over_the_years_that_it_names(people: People) -> None:
    # 4 and 5 years lie below the boundary at 6, 6 to 9 above it: a third and two thirds of 12
    found = people([{"entry": "H1", "per_year": 12, "age_from": 48, "age_until": 120, "theme": "angst-en-somberheid"}])
    assert by_age(found) == pytest.approx({(0, 72): 4.0, (72, 276): 8.0})


def test_a_theme_knows_its_own_boundaries_only(people: People) -> None:
    # the boundary at 6 is that of an offering for another theme: for algemeen there is one band
    found = people([{"entry": "H1", "per_year": 12, "age_from": 48, "age_until": 120}])
    assert by_age(found) == pytest.approx({(0, 276): 12.0})
    assert {g.profile.theme for g in found.groups} == {"algemeen"}


def test_without_ages_all_of_the_settings_share(people: People) -> None:
    # 0 to 23 years by the settings, so 23 years; 6 of them below the boundary
    found = people([{"entry": "H1", "per_year": 46, "theme": "angst-en-somberheid"}])
    assert by_age(found) == pytest.approx({(0, 72): 12.0, (72, 276): 34.0})


def test_a_filter_on_age_takes_the_share_of_that_year(people: People) -> None:
    rows = [{"entry": "H1", "per_year": 12, "age_from": 48, "age_until": 120}]
    assert by_age(people(rows, ages=(60,))) == pytest.approx({(60, 72): 2.0})
    assert by_age(people(rows, ages=(60, 96, 240))) == pytest.approx({(60, 72): 2.0, (96, 108): 2.0})
    # two ages in one year share it: nobody is counted twice
    assert by_age(people(rows, ages=(60, 66))) == pytest.approx({(60, 72): 1.0, (66, 78): 1.0})
    assert by_age(people(rows, ages=(120,))) == {}


def test_a_band_within_one_year_is_that_year(people: People) -> None:
    rows = [{"entry": "H1", "per_year": 6, "age_from": 3, "age_until": 9}]
    assert by_age(people(rows)) == pytest.approx({(0, 276): 6.0})
    assert by_age(people(rows, ages=(0,))) == pytest.approx({(0, 12): 6.0})
    assert by_age(people(rows, ages=(12,))) == {}


# --- theme, level, year --------------------------------------------------------------------------------
def test_an_empty_theme_is_algemeen(people: People) -> None:
    rows = [{"entry": "H1", "per_year": 6}, {"entry": "H1", "per_year": 5, "theme": "opvoeden"}]
    assert by_start(people(rows, themes=("algemeen",))) == pytest.approx({"H1": 6.0})
    assert by_start(people(rows, themes=("opvoeden",))) == pytest.approx({"H1": 5.0})
    assert by_start(people(rows)) == pytest.approx({"H1": 11.0})


def test_an_empty_level_counts_for_every_level_asked(people: People) -> None:
    found = people([{"entry": "H1", "per_year": 6}, {"entry": "S", "per_year": 2, "level": "1"}], levels=(1, 3))
    assert by_start(found, 1) == pytest.approx({"H1": 6.0, "S": 2.0})
    assert by_start(found, 3) == pytest.approx({"H1": 6.0})
    assert by_start(found, 2) == {}


def test_of_several_years_the_latest_counts(people: People) -> None:
    rows = [
        {"entry": "H1", "per_year": 9, "year": None},
        {"entry": "H1", "per_year": 40, "year": 2023},
        {"entry": "H1", "per_year": 6, "year": 2025},
        {"entry": "H1", "per_year": 5, "year": 2024, "theme": "algemeen"},
        # another question: added
        {"entry": "H1", "per_year": 2, "year": 2023, "level": "3"},
    ]
    assert by_start(people(rows)) == pytest.approx({"H1": 8.0})


def test_only_rows_of_the_municipality_count(people: People, regions: ModuleType) -> None:
    assert people([{"entry": "H1", "per_year": 6, "municipality": regions.BARNEVELD}]).groups == ()


# --- unweighted ----------------------------------------------------------------------------------------
def test_without_vraag_each_band_theme_and_entry_counts_once(people: People) -> None:
    found = people([], weighted=False, levels=(3,))
    # algemeen has one band; angst en somberheid has two, because its offering begins at 6
    assert [(g.themes, g.profile.age, g.age_until) for g in found.groups] == [
        (("algemeen",), 0, 276),
        (("angst-en-somberheid",), 0, 72),
        (("angst-en-somberheid",), 72, 276),
    ]
    # H1, H2, S and G take families in, rol:jgz is a start of a route, and the family itself
    assert by_start(found) == dict.fromkeys(["H1", "H2", "S", "G", "rol:jgz", "rol:gezin"], 3.0)
    one = people([], weighted=False, levels=(3,), ages=(96,), themes=("opvoeden", "rouw"))
    assert [(g.profile.age, g.themes) for g in one.groups] == [(96, ("opvoeden",)), (96, ("rouw",))]


def test_themes_that_nothing_tells_apart_count_each(regions: ModuleType) -> None:
    offer = {"partner": "Z", "level": "3", "themes": ["opvoeden", "rouw"]}
    found = population(
        Locale(regions.landscape(regions.region({"Z": "huisarts"}, [offer], [])), regions.EDE), weighted=False, levels=(3,)
    )
    assert [(g.themes, g.families(3)) for g in found.groups] == [(("algemeen",), 2.0), (("opvoeden", "rouw"), 4.0)]


def test_a_study_is_weighted_where_vraag_says_a_number_of_what_is_asked(regions: ModuleType) -> None:
    rows = [
        {"entry": "H1", "per_year": 6, "age_from": 48, "age_until": 120, "theme": "opvoeden", "level": "3"},
        {"entry": "H1", "per_year": None, "theme": "rouw"},
    ]
    landscape = regions.landscape(tables(regions, rows))
    ede = [regions.EDE]
    assert is_weighted(landscape, ede)
    assert is_weighted(landscape, ede, (108,), ("opvoeden",), (2, 3))
    assert not is_weighted(landscape, ede, (120,))
    assert not is_weighted(landscape, ede, (), ("rouw",))
    assert not is_weighted(landscape, ede, (), (), (1, 2))
    assert not is_weighted(landscape, [regions.BARNEVELD])
    # a row without ages is one of the settings' ages
    anyone = regions.landscape(tables(regions, [{"entry": "H1", "per_year": 6}]))
    assert is_weighted(anyone, ede, (264,))
    assert not is_weighted(anyone, ede, (276,))
    assert not Study(landscape, ede, levels=(1,)).weighted
    assert sum(g.families(1) for g in Study(landscape, ede, levels=(1,)).place(regions.EDE).groups) > 0


# --- studies -------------------------------------------------------------------------------------------
def test_a_study_asks_everything_once(regions: ModuleType) -> None:
    landscape = regions.landscape(tables(regions, [{"entry": "H1", "per_year": 46}]))
    study = Study(landscape, [regions.EDE, regions.EDE], ages=(96, 96), themes=("algemeen", "algemeen"), levels=(3, 1, 3))
    assert (study.levels, [p.locale.municipality for p in study.places()]) == ((1, 3), [regions.EDE])
    assert by_start(next(study.places()).population) == pytest.approx({"H1": 2.0})
    unweighted = Study(regions.landscape(tables(regions, [])), [regions.EDE], ages=(96, 96), themes=("rouw", "rouw"), levels=(3,))
    assert set(by_start(next(unweighted.places()).population).values()) == {1.0}


def test_the_levels_are_0_to_3_when_none_is_named(regions: ModuleType) -> None:
    landscape = regions.landscape(tables(regions, []))
    assert Study(landscape).levels == (0, 1, 2, 3)
    assert Study(landscape).municipalities == (regions.BARNEVELD, regions.EDE)


def test_places_are_kept_until_something_else_is_asked(regions: ModuleType) -> None:
    """The next analysis finds what the last one worked out; two municipalities one after another do not pile up."""
    landscape = regions.landscape(tables(regions, [{"entry": "H1", "per_year": 46}]))
    asked: list[dict[str, Any]] = [
        {"municipalities": [regions.EDE], "levels": [3]},
        {"municipalities": [regions.EDE], "levels": [1]},
        {"municipalities": [regions.EDE], "levels": [3], "ages": [96]},
        {"municipalities": [regions.EDE], "levels": [3], "themes": ["rouw"]},
        {"municipalities": [regions.EDE], "levels": [3], "with_outdated": True},
        {"municipalities": [regions.BARNEVELD, regions.EDE], "levels": [3]},
    ]
    for one in asked:
        place = Study(landscape, **one).place(regions.EDE)
        assert Study(landscape, **one).place(regions.EDE) is place
        for other in asked:
            if other is not one:
                assert Study(landscape, **other).place(regions.EDE) is not place
                assert Study(landscape, **one).place(regions.EDE) is not place
    assert Study(regions.landscape(tables(regions, [])), [regions.EDE]).place(regions.EDE) is not place


def test_families_stay_what_they_were_when_the_landscape_changes(regions: ModuleType) -> None:
    """The reference population is fixed: a GP less, another boundary and another number change no families."""
    rows = [{"entry": "rol:huisarts", "per_year": 30, "theme": "angst-en-somberheid", "age_from": 72}]
    before = Study(regions.landscape(tables(regions, rows)), [regions.EDE])
    changed = tables(regions, [{**rows[0], "per_year": 99}])
    changed["partners"] = [p for p in changed["partners"] if p["id"] != "H2"]
    changed["offerings"][0]["age_from"] = 120
    after = Study(regions.landscape(changed), [regions.EDE], like=before)
    place = after.place(regions.EDE)
    assert after.weighted
    assert place.population is before.place(regions.EDE).population
    assert by_start(place.population) == pytest.approx({"H1": 15.0, "H2": 15.0})
    # who began at the GP that is gone has no route now; before all had one
    assert before.place(regions.EDE).without_route(3) == {"geen aanbod": 0, "geen route": 0, "aanmeldstop": 0}
    # children from 6 stand in one group, with its age: no longer offered anything
    assert place.without_route(3) == pytest.approx({"geen aanbod": 30, "geen route": 0, "aanmeldstop": 0})
    changed["offerings"][0]["age_from"] = 72
    closed = Study(regions.landscape(changed), [regions.EDE], like=before).place(regions.EDE)
    assert closed.without_route(3) == pytest.approx({"geen aanbod": 0, "geen route": 15, "aanmeldstop": 0})
    assert closed.flow(3).routed == pytest.approx(15)


def test_another_scenario_has_the_same_families(regions: ModuleType) -> None:
    study = Study(regions.landscape(tables(regions, [{"entry": "H1", "per_year": 6, "theme": "angst-en-somberheid"}])))
    high = study.under("high")
    assert (high.scenario, high.place(regions.EDE).population) == ("high", study.place(regions.EDE).population)
    # nobody says how long Z has people wait: 2 to 26 weeks, 14 in the middle; 17 of the 23 years fit
    took = [s.place(regions.EDE).flow(3) for s in (study.under("low"), study, high)]
    assert [f.total_days / f.routed / 7 for f in took] == pytest.approx([2, 14, 26])
    assert took[0].routed == pytest.approx(6 * 17 / 23)


def test_the_same_families_can_be_asked_with_outdated_waits(regions: ModuleType) -> None:
    rows = [{"entry": "H1", "per_year": 6, "theme": "angst-en-somberheid"}]
    study = Study(regions.landscape(tables(regions, rows, waits=[regions.wait("Z", 7, as_of="2020")])))
    outdated = Study(study.landscape, with_outdated=True, like=study)
    took = [s.place(regions.EDE).flow(3) for s in (study, outdated, outdated.under("high"))]
    assert [f.total_days / f.routed for f in took] == pytest.approx([14 * 7, 7, 7])


def test_a_municipality_where_nobody_asks_gives_nothing(regions: ModuleType) -> None:
    study = Study(regions.landscape(tables(regions, [{"entry": "H1", "per_year": 6}])))
    assert [p.locale.municipality for p in study.places()] == [regions.EDE]
    empty = study.place(regions.BARNEVELD)
    assert (empty.flow(3).routed, empty.without_route(3)) == (0, {"geen aanbod": 0, "geen route": 0, "aanmeldstop": 0})
    assert empty.leads(3).days.shape[1] == 0
