"""what-if and trend: small numbers of families are hidden, and no sum or difference of what is shown gives one back."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from routekaart.graph.analyses.comparing.trend import trend
from routekaart.graph.analyses.comparing.what_if import what_if
from routekaart.graph.landscape import Landscape
from routekaart.graph.profiles.study import REASONS
from routekaart.loaders.read import Reading, read

THRESHOLD = 10
STATES = range(1 + len(REASONS))
TOML = '[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n'

PARTNERS = [
    {"id": "H", "naam": "Huisarts", "rollen": "huisarts", "gemeenten": "Ede;Barneveld"},
    {"id": "S", "naam": "School", "rollen": "school", "gemeenten": "Ede"},
    {"id": "G", "naam": "Toegang", "rollen": "gemeente", "gemeenten": "Ede;Barneveld"},
    {"id": "J", "naam": "Jeugdhulp", "rollen": "jeugdhulp", "gemeenten": "Ede;Barneveld"},
]
OFFERS = [
    {
        "id": "A1",
        "partner": "J",
        "naam": "Hulp",
        "niveau": 3,
        "toegang": "verwijzing",
        "capaciteit": 10,
        "duur_weken": 10,
        "instroom_per_jaar": 20,
    }
]
ROUTES = [
    {"id": "R1", "van": "H", "naar": "G", "soort": "verwijzing"},
    {"id": "R2", "van": "G", "naar": "J", "soort": "verwijzing"},
]
WAITS = [
    {"op": on, "soort": "aanmeldwachttijd", "waarde": w, "peildatum": "2026-05-01"}
    for on, w in (("G", "4 weken"), ("J", "10 weken"))
]


def demand(**numbers: int) -> list[dict[str, Any]]:
    """``Ede_H=40``: forty families a year of ten who ask for level 3."""
    told = [(*name.split("_"), n) for name, n in numbers.items()]
    return [
        {"gemeente": g, "instap": e, "leeftijd_van": 10, "leeftijd_tot": 11, "niveau": 3, "aantal_per_jaar": n}
        for g, e, n in told
    ]


@pytest.fixture
def region(landscape_of: Callable[..., Landscape]) -> Callable[..., Landscape]:
    def made(routes: list[dict[str, Any]] = ROUTES, **numbers: int) -> Landscape:
        tables = {"partners": PARTNERS, "aanbod": OFFERS, "routes": routes, "wachttijden": WAITS, "vraag": demand(**numbers)}
        return landscape_of(toml=TOML, **tables)

    return made


def level(landscape: Landscape, **alterations: Any) -> Any:
    return what_if(landscape, levels=[3], **alterations).as_dict()["levels"][0]


# --- by hand -----------------------------------------------------------------------------------------------
def test_a_small_group_is_hidden_and_so_is_the_difference_that_gives_it_back(region: Callable[..., Landscape]) -> None:
    # 25 of the school have no way before and none after, 4 of them go by a new route of theirs: 25 − 21 would tell
    found = level(region(Ede_H=40, Ede_S=4, Ede_G=30), add=[("S", "G")])
    assert found["newly_reached"] == {"per_year": None, "weeks_total": None, "suppressed": True}
    assert found["before"]["without_route"]["geen route"] is None
    assert found["after"]["without_route"]["geen route"] == 0
    # all are 74, who has a way are 70: one of both has to go
    assert None in (found["before"]["per_year"], found["before"]["routed"])
    assert found["moved_to"][0] == {"partner": "J", "per_year": None, "response": None, "suppressed": True}


def test_weeks_of_few_families_are_no_difference_of_two_totals(region: Callable[..., Landscape]) -> None:
    found = level(region(Ede_H=5, Ede_G=60), add=[("H", "J")])
    # 5 families wait 4 weeks less: 670 − 650
    assert found["shorter"] == {"per_year": None, "weeks": None, "suppressed": True}
    assert None in (found["before"]["weeks_total"], found["after"]["weeks_total"])
    assert found["difference"]["weeks"] is None
    assert found["difference"]["low"] is None
    assert found["difference"]["suppressed"] is True


def test_a_municipality_is_not_the_rest_of_the_region(region: Callable[..., Landscape]) -> None:
    found = level(region(Ede_H=40, Barneveld_H=6), add=[("H", "J")])
    barneveld, ede = found["per_municipality"]
    assert barneveld["shorter"]["per_year"] is None
    assert None in (ede["shorter"]["per_year"], found["shorter"]["per_year"])


def test_a_range_of_few_families_is_hidden_too(region: Callable[..., Landscape], landscape_of: Callable[..., Landscape]) -> None:
    # expected to be equal (14 weeks by the access, 4 + 10 straight over the new decision), but at the ends the 6 of H differ
    tables = {"partners": PARTNERS, "aanbod": OFFERS, "routes": ROUTES, "vraag": demand(Ede_H=6, Ede_G=60)}
    waits = [{**WAITS[0], "waarde": "onbekend"}, {**WAITS[1], "waarde": "10 weken"}]
    found = level(landscape_of(toml=TOML, **{**tables, "wachttijden": waits}), wait={"G": (14, 14)})
    assert found["difference"]["weeks"] == 0
    assert (found["difference"]["low"], found["difference"]["high"]) == (None, None)
    assert found["difference"]["suppressed"] is True


def test_a_queue_does_not_tell_how_few_come(region: Callable[..., Landscape]) -> None:
    many = level(region(Ede_H=40, Ede_S=15), add=[("S", "J")])["queues"][0]
    assert many["after"]["load"] == pytest.approx((20 + 15) / 52 * 10 / 10)
    few = level(region(Ede_H=40, Ede_S=5), add=[("S", "J")])["queues"][0]
    assert (few["after"], few["suppressed"]) == (None, True)


def test_who_wants_all_gets_all(region: Callable[..., Landscape]) -> None:
    found = level(region(Ede_H=40, Ede_S=4), add=[("S", "G")], internal=True)
    assert found["newly_reached"] == {"per_year": 4, "weeks_total": 56}


# --- a reader who adds up ------------------------------------------------------------------------------------
class Reader:
    """Who knows everything that is shown and how it adds up, and asks how large a hidden number can be."""

    def __init__(self) -> None:
        self.known: dict[Hashable, float | None] = {}
        self.rows: list[dict[Hashable, float]] = []

    def see(self, key: Hashable, value: float | None) -> None:
        self.known[key] = value

    def equals(self, total: Hashable, *parts: Hashable) -> None:
        self.rows.append({total: -1.0, **dict.fromkeys(parts, 1.0)})

    def most(self, key: Hashable) -> float:
        """The most that a figure can be for all that is known (linear programming)."""
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        place = {name: n for n, name in enumerate(names)}
        matrix = np.zeros((len(self.rows), len(names)))
        for n, row in enumerate(self.rows):
            for name, factor in row.items():
                matrix[n, place[name]] = factor
        # shown figures are rounded: a hair of room, so that sums of fractions still add up
        shown = {name: self.known.get(name) for name in names}
        bounds = [(0, None) if (v := shown[name]) is None else (max(v - 1e-6, 0), v + 1e-6) for name in names]
        aim = np.zeros(len(names))
        aim[place[key]] = -1.0
        found = linprog(aim, A_eq=matrix, b_eq=np.zeros(len(self.rows)), bounds=bounds)
        assert found.status in (0, 3), found.message
        return math.inf if found.status == 3 else -found.fun


def read_shift(reader: Reader, place: str, told: Mapping[str, Any]) -> None:
    """One place of what-if: what is shown of it, and what a reader of the documentation knows about that."""
    for which in ("before", "after"):
        reader.see((place, "per_year"), told[which]["per_year"])
        reader.see((place, "routed"), told[which]["routed"])
        reader.see((place, f"weeks {which}"), told[which]["weeks_total"])
        for reason in REASONS:
            reader.see((place, f"{which} {reason}"), told[which]["without_route"][reason])
    for name, called in (("shorter", "shorter"), ("longer", "longer"), ("newly", "newly_reached"), ("lost", "no_longer_reached")):
        reader.see((place, name), told[called]["per_year"])
    reader.see((place, "weeks less"), told["shorter"]["weeks"])
    reader.see((place, "weeks more"), told["longer"]["weeks"])
    reader.equals((place, "routed"), (place, "shorter"), (place, "longer"), (place, "same"))
    reader.equals((place, "weeks"), (place, "weeks before"), (place, "weeks more"))
    reader.equals((place, "weeks"), (place, "weeks after"), (place, "weeks less"))
    cell = {(a, b): (place, "routed") if (a, b) == (0, 0) else (place, a, b) for a in STATES for b in STATES}
    reader.equals((place, "newly"), *(cell[a, 0] for a in STATES if a))
    reader.equals((place, "lost"), *(cell[0, b] for b in STATES if b))
    for n, reason in enumerate(REASONS, 1):
        reader.equals((place, f"before {reason}"), *(cell[n, b] for b in STATES))
        reader.equals((place, f"after {reason}"), *(cell[a, n] for a in STATES))
    reader.equals((place, "per_year"), *(cell[a, b] for a in STATES for b in STATES))


COUNTS = ("per_year", "routed", "shorter", "longer", "newly", "lost", *(f"{w} {r}" for w in ("before", "after") for r in REASONS))


@pytest.mark.parametrize(
    "alterations",
    [
        {"add": [("P001", "P131")]},
        {"close": ["P131"]},
        {"wait": {"P131": 8}},
        {"remove": [("P053", "P058")]},
        {"close": ["P058"], "add": [("P053", "P059")]},
        {"wait": {"P058": 4}},
    ],
)
def test_nobody_can_work_out_a_small_number(alterations: dict[str, Any], voorbeeldregio: Reading) -> None:
    landscape = voorbeeldregio.landscape
    answer = what_if(landscape, **alterations)
    shown = answer.as_dict()["levels"]
    for told, true in zip(shown, answer.levels, strict=True):
        reader = Reader()
        read_shift(reader, "all", told)
        places = {p["municipality"]: p for p in told["per_municipality"]}
        for code, place in places.items():
            read_shift(reader, code, place)
        for name in (*COUNTS, "weeks before", "weeks after", "weeks less", "weeks more"):
            reader.equals(("all", name), *((code, name) for code in places))
        for code, shift in (("all", true.shift), *((p.municipality, p.shift) for p in true.places)):
            figures = shift.figures()
            # by how much one family waits shorter or longer is public: it is the wait that is altered
            for name, weeks in (("shorter", "weeks less"), ("longer", "weeks more")):
                least, most = shift.each[name]
                if 0 < most <= 1.5 * least:
                    reader.rows.append({(code, weeks): -1.0, (code, name): figures[f"weeks_{name}"] / figures[name]})
        for code, shift in (("all", true.shift), *((p.municipality, p.shift) for p in true.places)):
            figures = shift.figures()
            small = {name: figures[name] for name in ("per_year", "routed", "shorter", "longer", "newly", "lost")}
            for which in ("before", "after"):
                small |= {f"{which} {reason}": n for reason, n in shift.side(which, ()).without.items()}
            small["same"] = shift.same
            for name, number in small.items():
                if 1e-6 < number < THRESHOLD - 1e-6:
                    assert reader.known.get((code, name)) is None, (code, name)
                    assert reader.most((code, name)) >= THRESHOLD - 1e-3, (code, name, number)
        for moved in true.moved:
            assert moved.per_year is None or moved.per_year >= THRESHOLD


# --- trend -------------------------------------------------------------------------------------------------------
def test_trend_hides_small_numbers_on_both_sides(make_data: Callable[..., Any]) -> None:
    tables = {"partners": PARTNERS, "aanbod": OFFERS, "routes": ROUTES, "wachttijden": WAITS}
    old = read(make_data(toml=TOML, vraag=demand(Ede_H=40, Ede_S=4, Barneveld_H=30), **tables)).landscape
    new = read(make_data(toml=TOML, vraag=demand(Ede_H=41, Ede_S=12, Barneveld_H=30), **tables)).landscape
    found = trend(old, new, levels=[3]).as_dict()
    barneveld, ede = found["levels"][0]["per_municipality"]
    assert barneveld["before"]["per_year"] == 30
    assert ede["before"]["without_route"]["geen route"] is None
    assert None in (ede["before"]["per_year"], ede["before"]["routed"])
    assert ede["after"]["without_route"]["geen route"] == 12
    rows = {row["column"]: row for row in found["changed"] if row.get("suppressed")}
    assert rows["aantal_per_jaar"]["old"] is None
    assert rows["aantal_per_jaar"]["new"] == 12


def test_trend_takes_the_higher_threshold(make_data: Callable[..., Any]) -> None:
    tables = {"partners": PARTNERS, "aanbod": OFFERS, "routes": ROUTES, "wachttijden": WAITS, "vraag": demand(Ede_H=40, Ede_S=15)}
    old = read(make_data(toml=TOML, **tables)).landscape
    new = read(make_data(toml=TOML + "[instellingen]\ndrempel = 20\n", **tables)).landscape
    for one, other in ((old, new), (new, old)):
        sides = trend(one, other, levels=[3]).as_dict()["levels"][0]
        assert sides["before"]["without_route"]["geen route"] is None
        assert sides["after"]["without_route"]["geen route"] is None
    assert trend(old, old, levels=[3]).as_dict()["levels"][0]["after"]["without_route"]["geen route"] == 15


def test_with_the_same_families_a_difference_is_a_number_of_them(make_data: Callable[..., Any]) -> None:
    tables = {"partners": PARTNERS, "aanbod": OFFERS, "wachttijden": WAITS, "vraag": demand(Ede_H=40, Ede_S=14, Ede_G=30)}
    more = [*ROUTES, {"id": "R3", "van": "S", "naar": "G", "soort": "verwijzing", "leeftijd_van": 11}]
    later = [*ROUTES, {"id": "R3", "van": "S", "naar": "G", "soort": "verwijzing"}]
    tables["vraag"].append({**tables["vraag"][1], "leeftijd_van": 11, "leeftijd_tot": 12, "aantal_per_jaar": 20})
    old = read(make_data(toml=TOML, routes=more, **tables)).landscape
    new = read(make_data(toml=TOML, routes=later, **tables)).landscape
    # 14 get a way: that may be shown. Of 6 it may not: 20 − 14, once without a way and once with all of them
    told = trend(old, new, levels=[3]).as_dict()["levels"][0]
    assert [told[w]["without_route"]["geen route"] for w in ("before", "after")] == [14, 0]
    tables["vraag"][1] = {**tables["vraag"][1], "aantal_per_jaar": 6}
    few = [read(make_data(toml=TOML, routes=r, **tables)).landscape for r in (more, later)]
    told = trend(*few, levels=[3]).as_dict()["levels"][0]
    assert None in (told["before"]["routed"], told["after"]["routed"])
    assert told["before"]["without_route"]["geen route"] is None


def test_nobody_can_work_out_a_small_number_of_a_trend(voorbeeldregio: Reading, voorbeeldregio_2025: Reading) -> None:
    answer = trend(voorbeeldregio_2025.landscape, voorbeeldregio.landscape)
    open_ = trend(voorbeeldregio_2025.landscape, voorbeeldregio.landscape, internal=True)
    for told, true in zip(answer.levels, open_.levels, strict=True):
        for which in ("before", "after"):
            reader = Reader()
            sides = {p.municipality: getattr(p, which) for p in told.places} | {"all": getattr(told, which)}
            for code, side in sides.items():
                for name in ("per_year", "routed", *REASONS):
                    reader.see((code, name), side.shown(name))
                reader.equals((code, "per_year"), (code, "routed"), *((code, reason) for reason in REASONS))
            for name in ("per_year", "routed", *REASONS):
                reader.equals(("all", name), *((code, name) for code in sides if code != "all"))
            truth = {p.municipality: getattr(p, which) for p in true.places} | {"all": getattr(true, which)}
            for code, side in truth.items():
                for name, number in (("routed", side.routed), *side.without.items()):
                    if 1e-6 < number < THRESHOLD - 1e-6:
                        assert sides[code].shown(name) is None, (code, name)
                        assert reader.most((code, name)) >= THRESHOLD - 1e-3, (code, name, number)


@pytest.fixture(scope="module")
def voorbeeldregio_2025() -> Reading:
    from pathlib import Path

    return read(Path(__file__).parents[2] / "examples" / "voorbeeldregio-2025")
