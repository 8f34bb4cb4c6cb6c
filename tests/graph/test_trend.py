"""trend: by hand, each edition asked anew, stable ids, and what cannot be compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routekaart.graph.analyses.comparing.trend import Trend, trend
from routekaart.graph.landscape import Landscape
from routekaart.graph.profiles.study import REASONS, Study
from routekaart.loaders.read import Reading, read

EDE, BARNEVELD, NIJKERK = "GM0228", "GM0203", "GM0267"
TOML = '[regio]\npeildatum = "{date}"\ngemeenten = {places}\n[instellingen]\ndrempel = 0\n'

# From the GP (H) by the access (G) to help (J): 4 + 10 weeks; the school (S) has no route.
PARTNERS = [
    {"id": "H", "naam": "Huisarts", "rollen": "huisarts", "gemeenten": "regio"},
    {"id": "S", "naam": "School", "rollen": "school", "gemeenten": "regio"},
    {"id": "G", "naam": "Toegang", "rollen": "gemeente", "gemeenten": "regio"},
    {"id": "J", "naam": "Jeugdhulp", "rollen": "jeugdhulp", "gemeenten": "regio"},
]
OFFERS = [{"id": "A1", "partner": "J", "naam": "Hulp", "niveau": 3, "toegang": "verwijzing"}]
ROUTES = [
    {"id": "R1", "van": "H", "naar": "G", "soort": "verwijzing"},
    {"id": "R2", "van": "G", "naar": "J", "soort": "verwijzing"},
]
TABLES: dict[str, Any] = {"partners": PARTNERS, "aanbod": OFFERS, "routes": ROUTES}


def waits(day: str, **weeks: int) -> list[dict[str, Any]]:
    return [{"op": on, "soort": "aanmeldwachttijd", "waarde": f"{w} weken", "peildatum": day} for on, w in weeks.items()]


def demand(**numbers: int) -> list[dict[str, Any]]:
    told = [(*name.split("_"), n) for name, n in numbers.items()]
    return [
        {"gemeente": g, "instap": e, "leeftijd_van": 10, "leeftijd_tot": 11, "niveau": 3, "aantal_per_jaar": n}
        for g, e, n in told
    ]


@pytest.fixture
def edition(make_data: Callable[..., Path]) -> Callable[..., Landscape]:
    def made(date: str, places: tuple[str, ...] = ("Ede", "Barneveld"), **tables: Any) -> Landscape:
        reading = read(make_data(toml=TOML.format(date=date, places=list(places)).replace("'", '"'), **{**TABLES, **tables}))
        assert [f for f in reading.findings if f.severity == "fout"] == []
        return reading.landscape

    return made


@pytest.fixture
def both(edition: Callable[..., Landscape]) -> tuple[Landscape, Landscape]:
    """A year later: J is quicker, a route came, more families ask in Ede and none in Barneveld."""
    old = edition("2025-06-01", wachttijden=waits("2025-05-01", G=4, J=10), vraag=demand(Ede_H=40, Ede_S=20, Barneveld_H=10))
    routes = [*ROUTES, {"id": "R3", "van": "S", "naar": "G", "soort": "verwijzing"}]
    new = edition(
        "2026-06-01", wachttijden=waits("2026-05-01", G=4, J=8), vraag=demand(Ede_H=50, Ede_S=20), routes=routes[1:] + routes[:1]
    )
    return old, new


def numbers(side: dict[str, Any]) -> tuple[Any, ...]:
    return side["per_year"], side["routed"], side["weeks_total"], side["mean_weeks"], side["without_route"]["geen route"]


def test_each_edition_by_its_own_families(both: tuple[Landscape, Landscape]) -> None:
    level = trend(*both, levels=[3]).as_dict()["levels"][0]
    assert level["level"] == 3
    assert numbers(level["before"]) == (70, 50, 50 * 14, 14, 20)
    assert numbers(level["after"]) == (70, 70, 70 * 12, 12, 0)
    barneveld, ede = level["per_municipality"]
    assert [barneveld["municipality"], ede["municipality"]] == [BARNEVELD, EDE]  # by name
    assert numbers(barneveld["before"]) == (10, 10, 140, 14, 0)
    assert numbers(barneveld["after"]) == (0, 0, 0, None, 0)
    assert numbers(ede["before"]) == (60, 40, 560, 14, 20)
    assert numbers(ede["after"]) == (70, 70, 840, 12, 0)


def test_rows_that_came_went_and_changed_with_stable_ids(both: tuple[Landscape, Landscape]) -> None:
    found = trend(*both).as_dict()
    assert [(r["table"], r["id"]) for r in found["added"]] == [("routes", "R3")]  # rows in another order are the same rows
    assert [r["table"] for r in found["gone"]] == ["vraag"]
    assert all(set(r) >= {"table", "id", "column", "old", "new"} for part in ("added", "gone", "changed") for r in found[part])
    changed = {(r["table"], r["column"]): (r["old"], r["new"]) for r in found["changed"]}
    assert changed["wachttijden", "waarde"] == ("10 weken", "8 weken")
    assert changed["vraag", "aantal_per_jaar"] == (40, 50)
    back = trend(both[1], both[0]).as_dict()
    assert [r["id"] for r in back["gone"]] == [r["id"] for r in found["added"]]
    assert found["reference_date_before"] == "2025-06-01"
    assert found["levels"][0]["level"] == 0


def test_nothing_differs_between_an_edition_and_itself(both: tuple[Landscape, Landscape]) -> None:
    answer = trend(both[0], both[0])
    found = answer.as_dict()
    assert found["added"] == found["gone"] == found["changed"] == []
    assert all(level["before"] == level["after"] for level in found["levels"])


def test_a_wait_that_grew_old_is_unknown_in_the_later_edition(edition: Callable[..., Landscape]) -> None:
    same = {"wachttijden": waits("2023-05-01", G=4, J=10), "vraag": demand(Ede_H=40)}
    old, new = edition("2024-06-01", **same), edition("2026-06-01", **same)
    answer = trend(old, new, levels=[3])
    frames = answer.frame_before, answer.frame
    assert [(f.known_waits, f.outdated_waits) for f in frames] == [(1.0, 0.0), (0.0, 1.0)]
    sides = answer.as_dict()["levels"][0]
    assert (sides["before"]["mean_weeks"], sides["after"]["mean_weeks"]) == (14, 28)  # 2 × (2…26) weeks
    assert trend(old, new, levels=[3], with_outdated=True).as_dict()["levels"][0]["after"]["mean_weeks"] == 14


def test_a_municipality_that_comes_or_goes_has_no_other_side(edition: Callable[..., Landscape]) -> None:
    known = waits("2026-05-01", G=4, J=10)
    old = edition("2026-06-01", ("Ede", "Nijkerk"), wachttijden=known, vraag=demand(Ede_H=40, Nijkerk_H=30))
    new = edition("2026-06-01", ("Ede", "Barneveld"), wachttijden=known, vraag=demand(Ede_H=40, Barneveld_H=20))
    answer = trend(old, new, levels=[3])
    barneveld, ede, nijkerk = answer.as_dict()["levels"][0]["per_municipality"]
    assert (answer.came, answer.went) == ((BARNEVELD,), (NIJKERK,))
    assert (barneveld["before"], nijkerk["after"]) == (None, None)
    assert ede["before"] == ede["after"]
    total = answer.as_dict()["levels"][0]
    assert (total["before"]["per_year"], total["after"]["per_year"]) == (70, 60)
    assert len(answer.rows()) == 4
    assert answer.rows()[1]["before_per_year"] is None


def test_only_what_is_asked(both: tuple[Landscape, Landscape]) -> None:
    found = trend(*both, [BARNEVELD], levels=[3]).as_dict()
    assert [p["municipality"] for p in found["levels"][0]["per_municipality"]] == [BARNEVELD]
    assert found["levels"][0]["before"]["per_year"] == 10
    # rows that hold in Barneveld only, or everywhere: those of vraag about Ede are left out
    assert [(r["table"], r["column"]) for r in found["changed"] if r["table"] == "vraag"] == []
    assert trend(*both, [EDE], ages=[120], levels=[3]).as_dict()["levels"][0]["before"]["per_year"] == 60
    assert trend(*both, [EDE], ages=[132], levels=[3]).as_dict()["levels"][0]["before"]["per_year"] != 60


def test_numbers_of_one_edition_only_are_said(edition: Callable[..., Landscape]) -> None:
    known = waits("2026-05-01", G=4, J=10)
    old, new = edition("2026-06-01", wachttijden=known), edition("2026-06-01", wachttijden=known, vraag=demand(Ede_H=40))
    answer = trend(old, new, [EDE], levels=[3])
    assert (answer.frame_before.weighted, answer.frame.weighted) == (False, True)
    assert answer.as_dict()["weighted_before"] is False
    # entries: GP 14, school none, access 10, the family by the access 14
    assert numbers(answer.as_dict()["levels"][0]["before"]) == (4, 3, 38, pytest.approx(38 / 3), 1)


@pytest.fixture(scope="module")
def examples(voorbeeldregio: Reading) -> tuple[Landscape, Landscape]:
    old = read(Path(__file__).parents[2] / "examples" / "voorbeeldregio-2025").landscape
    return old, voorbeeldregio.landscape


def test_each_side_is_what_its_own_edition_says(examples: tuple[Landscape, Landscape]) -> None:
    answer: Trend = trend(*examples, levels=[2, 3], internal=True)
    for landscape, which in zip(examples, ("before", "after"), strict=True):
        study = Study(landscape, levels=[2, 3])
        for level in answer.levels:
            flows = [place.flow(level.level) for place in study.places()]
            side = getattr(level, which)
            assert side.days == pytest.approx(sum(f.total_days for f in flows))
            assert side.routed == pytest.approx(sum(f.routed for f in flows))
            for reason in REASONS:
                lacking = sum(place.without_route(level.level)[reason] for place in study.places())
                assert side.without[reason] == pytest.approx(lacking)


def test_the_examples_of_two_years(examples: tuple[Landscape, Landscape]) -> None:
    answer = trend(*examples)
    found = answer.as_dict()
    assert {r["table"] for r in found["added"]} >= {"partners", "aanbod", "routes", "wachttijden", "lijnen", "afspraken"}
    assert [level["level"] for level in found["levels"]] == [0, 1, 2, 3]
    assert all(len(level["per_municipality"]) == 8 for level in found["levels"])
    assert len(answer.to_frame()) == 4 * 9
    assert "trend (2026-09-01" in str(answer)
