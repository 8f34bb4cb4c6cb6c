"""Alterations: exactly what is asked for changes, in every municipality, and nothing else (hops and waits of random regions)."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from types import ModuleType
from typing import Any

import pytest

from routekaart.graph.altering.alterations import (
    AddRoute,
    Alteration,
    Close,
    NewCapacity,
    NewWait,
    RemoveRoute,
    alterations_of,
    altered,
)
from routekaart.graph.altering.rerouting import AlterationError
from routekaart.graph.landscape import Landscape
from routekaart.graph.locale import Locale
from routekaart.graph.places import FAMILY, Hop
from routekaart.graph.profile import Profile, age_fits
from routekaart.graph.profiles.study import Study
from routekaart.graph.waiting import Wait

PLACES = ("GM0203", "GM0228")
PARTNERS = [f"P{n}" for n in range(7)]


def after(landscape: Landscape, *alterations: Alteration) -> Landscape:
    return altered(landscape, alterations).landscape


def terms(hop: Hop) -> tuple[Any, ...]:
    """All of a hop that an answer depends on, but for its id."""
    ages = hop.age_from, hop.age_until
    return hop.source, hop.target, hop.offering, hop.handover, hop.decision, hop.warm, hop.themes, ages


def hops(landscape: Landscape, code: str) -> Counter[tuple[Any, ...]]:
    """The hops of a municipality that some child can take, as often as they are there."""
    found = (h for h in Locale(landscape, code).hops if any(age_fits(age, h.age_from, h.age_until) for age in range(0, 276)))
    return Counter(terms(h) for h in found)


# --- routes ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(6))
def test_a_new_route_comes_beside_everything_that_is_there(seed: int, regions: ModuleType) -> None:
    tables = regions.made(seed)
    landscape = regions.landscape({**tables, "region": [{**regions.SETTINGS, "new_handover_weeks": 3.0}]})
    for pair in permutations(PARTNERS[:5], 2):
        changed = after(landscape, AddRoute(*pair))
        for code in PLACES:
            both = all(p in Locale(landscape, code).partners for p in pair)
            new = Counter([(*pair, None, 21.0, False, False, (), (None, None))] if both else [])
            assert hops(changed, code) == hops(landscape, code) + new, (pair, code)


def without(landscape: Landscape, pair: tuple[str, str]) -> Landscape | None:
    """The Landscape without a route; None where there is none to take away."""
    try:
        return after(landscape, RemoveRoute(*pair))
    except AlterationError:
        return None


@pytest.mark.parametrize("seed", range(6))
def test_without_a_route_only_the_steps_between_the_two_are_gone(seed: int, regions: ModuleType) -> None:
    landscape = regions.landscape(regions.made(seed))
    removed = 0
    for pair in permutations(PARTNERS, 2):
        there = [hops(landscape, code) for code in PLACES]
        between = [Counter({h: n for h, n in found.items() if h[:2] == pair}) for found in there]
        changed = without(landscape, pair)
        if changed is None:
            assert not any(between), pair
            continue
        for code, found, gone in zip(PLACES, there, between, strict=True):
            assert hops(changed, code) == found - gone, (pair, code)
        removed += sum(between[0].values()) + sum(between[1].values())
    assert removed > 5  # the test has something to say


def test_of_a_route_between_roles_one_pair_is_taken_away(regions: ModuleType) -> None:
    landscape = regions.landscape(
        regions.region({"H1": "huisarts", "H2": "huisarts", "J": "jeugdhulp"}, [], [("rol:huisarts", "rol:jeugdhulp")])
    )
    found = altered(landscape, [RemoveRoute("H1", "J")])
    ends = {(h.source, h.target) for h in Locale(found.landscape, PLACES[1]).hops if age_fits(120, h.age_from, h.age_until)}
    assert ("H2", "J") in ends
    assert ("H1", "J") not in ends
    assert [s.id for s in found.replaced[0]] == ["R00"]  # the row of the roles, which stays for all others
    assert found.landscape["routes"]["id"].to_list() == ["R00", "wat-als:-:H1:J"]


def test_a_role_means_what_is_stated_of_it(regions: ModuleType) -> None:
    landscape = regions.landscape(
        regions.region(
            {"H1": "huisarts", "J": "jeugdhulp"}, [], [("rol:huisarts", "rol:jeugdhulp"), ("H1", "J"), ("rol:huisarts", "J")]
        )
    )
    changed = after(landscape, RemoveRoute("rol:huisarts", "rol:jeugdhulp"))
    assert changed["routes"]["id"].to_list() == ["R01", "R02"]


def test_offerings_of_a_partner_are_its_own_ends(regions: ModuleType) -> None:
    landscape = regions.landscape(
        regions.region(
            {"H1": "huisarts", "J": "jeugdhulp"},
            [{"partner": "J", "level": "3"}, {"partner": "J", "level": "3"}],
            [("H1", "aanbod:A00"), ("H1", "aanbod:A01")],
        )
    )
    assert after(landscape, RemoveRoute("H1", "aanbod:A00"))["routes"]["id"].to_list() == ["R01"]
    assert after(landscape, RemoveRoute("H1", "J"))["routes"]["id"].to_list() == []


def test_a_removed_route_can_come_back_plain(regions: ModuleType) -> None:
    landscape = regions.landscape(
        regions.region(
            {"H1": "huisarts", "J": "jeugdhulp"}, [], [{"from": "rol:huisarts", "to": "rol:jeugdhulp", "decision_needed": True}]
        )
    )
    changed = after(landscape, AddRoute("H1", "J"), RemoveRoute("H1", "J"))
    between = [h for h in Locale(changed, PLACES[1]).hops if (h.source, h.target) == ("H1", "J")]
    assert [h.decision for h in between if age_fits(120, h.age_from, h.age_until)] == [False]


def test_the_own_wait_of_a_route_between_roles_goes_along(regions: ModuleType) -> None:
    # with the new route beside it the route of the roles is written out for the two, with the wait that it has
    region = regions.region(
        {"H1": "huisarts", "J": "jeugdhulp"},
        [{"partner": "J", "level": "3"}],
        [("rol:huisarts", "rol:jeugdhulp")],
        [regions.wait("route:R00", 7.0), regions.wait("J", 70.0)],
    )
    study = Study(after(regions.landscape(region), AddRoute("H1", "J")), [PLACES[1]], levels=[3])
    place = study.place(PLACES[1])
    row = place.terrain.starts.index("H1")
    assert set(place.leads(3).days[row]) == {7.0}


def test_the_family_itself_hands_nothing_over(regions: ModuleType) -> None:
    tables = regions.region({"G": "gemeente", "J": "jeugdhulp"}, [], [])
    landscape = regions.landscape({**tables, "region": [{**regions.SETTINGS, "new_handover_weeks": 4.0}]})
    for target in ("G", "J"):
        row = after(landscape, AddRoute(FAMILY, target))["routes"].row(0, named=True)
        assert (row["kind"], row["handover_days"]) == ("rechtstreekse-toegang", 0.0)


# --- waits -----------------------------------------------------------------------------------------------
def asked(locale: Locale, subject: str) -> list[Wait]:
    """The wait of many profiles at a partner, and at each of its offerings over each route there."""
    profiles = [Profile(locale.municipality, age, t) for age in (0, 100, 150, 200) for t in ("opvoeden", "adhd", "algemeen")]
    offered = [None, *(o.id for o in locale.offerings.values() if o.partner == subject)]
    own = {h.route for h in locale.hops if h.target == subject and not h.derived}
    lists = [locale.subjects(subject, o, r) for o in offered for r in (None, *own)]
    return [locale.waits.registration(s, p) for s in lists for p in profiles]


@pytest.mark.parametrize("seed", range(6))
def test_a_wait_holds_for_everybody_at_the_partner_and_nobody_else(seed: int, regions: ModuleType) -> None:
    landscape = regions.landscape(regions.made(seed))
    cases: list[tuple[Alteration, Any]] = [
        (NewWait.of_weeks("P3", 8), (56.0, 56.0, 56.0, False, False)),
        (NewWait.of_weeks("P3", 8, 12), (56.0, 70.0, 84.0, False, False)),
        (NewWait("P3", 56.0, 56.0, None, "> 8 weken"), (56.0, 56.0, None, False, False)),
        (Close("P3"), (None, None, None, True, False)),
    ]
    for alteration, expected in cases:
        changed = after(landscape, alteration)
        for code in PLACES:
            before, now = Locale(landscape, code), Locale(changed, code)
            if "P3" in now.partners:
                assert {(w.low, w.expected, w.high, w.closed, w.assumed) for w in asked(now, "P3")} == {expected}
            for other in set(now.partners) - {"P3"}:
                assert asked(now, other) == asked(before, other)


def test_unknown_leaves_a_total_that_is_known(regions: ModuleType) -> None:
    rows = [regions.wait("J", 70.0), regions.wait("J", 140.0, kind="totaal"), regions.wait("K", 70.0)]
    landscape = regions.landscape(regions.region({"J": "jeugdhulp", "K": "jeugdhulp"}, [], [], rows))
    locale = Locale(after(landscape, NewWait.unknown("J"), NewWait.unknown("K")), PLACES[1])
    profile = Profile(PLACES[1], 120, "algemeen")
    j, k = (locale.waits.registration(locale.subjects(p), profile) for p in ("J", "K"))
    assert (j.low, j.expected, j.high) == (0.0, 70.0, 140.0)  # CONTRACTS §4: only totaal known is [0, totaal]
    assert (k.low, k.high, k.assumed) == (14.0, 182.0, True)


def test_a_statement_stays_beside(regions: ModuleType) -> None:
    rows = [regions.wait("J", 70.0), regions.wait("J", 300.0, basis="uitspraak", state="uitspraak")]
    landscape = regions.landscape(regions.region({"J": "jeugdhulp"}, [], [], rows))
    found = altered(landscape, [NewWait.of_weeks("J", 1)])
    assert [s.id for s in found.replaced[0]] == ["W00"]
    assert found.landscape["waits"].filter(state="uitspraak").height == 1


def test_one_offering_of_a_closed_partner_can_be_open(regions: ModuleType) -> None:
    region = regions.region({"J": "jeugdhulp"}, [{"partner": "J", "level": "3"}, {"partner": "J", "level": "3"}], [])
    for given in ([NewWait.of_weeks("aanbod:A01", 5), Close("J")], [Close("J"), NewWait.of_weeks("aanbod:A01", 5)]):
        locale = Locale(after(regions.landscape(region), *given), PLACES[1])
        profile = Profile(PLACES[1], 120, "algemeen")
        waits = [locale.waits.registration(locale.subjects("J", o), profile) for o in ("A00", "A01")]
        assert [(w.closed, w.expected) for w in waits] == [(True, None), (False, 35.0)]


# --- capacity --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("places", "registered", "expected"),
    [
        (20, [10], [20]),
        (20, [None], [20]),  # the only one: no question how to divide
        (20, [5, 15], [5, 15]),
        (7, [1, 1, 4], [1, 1, 5]),  # 7/6 = 1.17, 1.17, 4.67: the largest remainder gets the last place
        (2, [5, 5, 5], [1, 1, 0]),
        (9, [3, None], [9, None]),  # what is unknown stays unknown
    ],
)
def test_places_are_divided_as_registered(
    places: int, registered: list[int | None], expected: list[int | None], regions: ModuleType
) -> None:
    offerings = [{"partner": "J", "level": "3", "capacity": c} for c in registered]
    landscape = regions.landscape(regions.region({"J": "jeugdhulp"}, offerings, []))
    changed = after(landscape, NewCapacity("J", places))
    assert changed["offerings"]["capacity"].to_list() == expected
    assert changed["waits"].equals(landscape["waits"])


def test_places_that_nobody_can_divide_ask_for_an_offering(regions: ModuleType) -> None:
    offerings = [{"partner": "J", "level": "3"}, {"partner": "J", "level": "2"}]
    landscape = regions.landscape(regions.region({"J": "jeugdhulp"}, offerings, []))
    with pytest.raises(AlterationError, match="A00=20"):
        altered(landscape, [NewCapacity("J", 20)])
    changed = after(landscape, NewCapacity("aanbod:A01", 20))
    assert changed["offerings"]["capacity"].to_list() == [None, 20]


# --- in general ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([AddRoute("H1", "H1")], "alteration-same"),
        ([RemoveRoute("J", "H1")], "alteration-no-route"),
        ([RemoveRoute("H1", "aanbod:A00")], "alteration-role-route"),
        ([Close("rol:jeugdhulp")], "alteration-role"),
        ([NewWait.unknown("rol:jeugdhulp")], "alteration-role"),
        ([Close("J"), NewWait.of_weeks("J", 8)], "alteration-twice"),
        ([NewWait.of_weeks("J", 6), NewWait.of_weeks("J", 8)], "alteration-twice"),
    ],
)
def test_what_cannot_be_made_says_so(given: list[Alteration], code: str, regions: ModuleType) -> None:
    region = regions.region(
        {"H1": "huisarts", "J": "jeugdhulp"}, [{"partner": "J", "level": "3"}], [("rol:huisarts", "rol:jeugdhulp")]
    )
    region["routes"].append({"id": "R09", "from": "rol:huisarts", "to": "aanbod:A00", "kind": "verwijzing"})
    with pytest.raises(AlterationError) as error:
        altered(regions.landscape(region), given)
    assert error.value.code == code
    assert error.value.told("nl").count(".") >= 1


def test_nobodys_tables_are_touched_and_the_same_thing_twice_is_one(regions: ModuleType) -> None:
    landscape = regions.landscape(regions.made(1))
    copy = regions.landscape(regions.made(1))
    found = altered(landscape, [AddRoute("P0", "P1"), AddRoute("P0", "P1"), Close("P2")])
    assert found.alterations == (AddRoute("P0", "P1"), Close("P2"))
    assert landscape == copy
    # the result is a Landscape like any other: in order, every table whole
    assert Landscape.of(found.landscape.frames) == found.landscape


def test_people_name_alterations_by_id() -> None:
    assert alterations_of([("A", "B")], [("B", "C")], ["D"], {"E": 8, "F": (8, 12), "G": None}, {"H": 20}) == (
        AddRoute("A", "B"),
        RemoveRoute("B", "C"),
        Close("D"),
        NewWait("E", 56.0, 56.0, 56.0, "8 weken"),
        NewWait("F", 56.0, 70.0, 84.0, "8-12 weken"),
        NewWait("G", None, None, None, "onbekend"),
        NewCapacity("H", 20),
    )
