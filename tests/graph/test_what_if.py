"""what-if: by hand, against the tables with the change written into them (files, and every way written out), and in general."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import permutations
from types import ModuleType
from typing import Any

import pytest

from routekaart.graph.altering.alterations import NewWait
from routekaart.graph.analyses.comparing.what_if import WhatIf, what_if
from routekaart.graph.landscape import Landscape
from routekaart.graph.profiles.study import REASONS, Study
from routekaart.loaders.read import Reading

EDE, BARNEVELD = "GM0228", "GM0203"
TOML = '[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n[instellingen]\ndrempel = {threshold}\n'

# From the GP (H) by the access (G) to help: J in 4 + 10 weeks, K in 4 + 20; the school (S) has no route.
PARTNERS = [
    {"id": "H", "naam": "Huisarts", "rollen": "huisarts", "gemeenten": "Ede"},
    {"id": "S", "naam": "School", "rollen": "school", "gemeenten": "Ede"},
    {"id": "G", "naam": "Toegang", "rollen": "gemeente", "gemeenten": "Ede"},
    {"id": "J", "naam": "Jeugdhulp", "rollen": "jeugdhulp", "gemeenten": "Ede", "reactie": "Bel ons gerust."},
    {"id": "K", "naam": "Kinderhulp", "rollen": "jeugdhulp", "gemeenten": "Ede;Barneveld"},
]
OFFERS = [
    {
        "id": "A1",
        "partner": "J",
        "naam": "Hulp",
        "niveau": 3,
        "toegang": "verwijzing",
        "capaciteit": 10,
        "duur_weken": 26,
        "instroom_per_jaar": 15,
    },
    {"id": "A2", "partner": "K", "naam": "Hulp", "niveau": 3, "toegang": "verwijzing", "leeftijd_van": 12},
]
ROUTES = [
    {"id": "R1", "van": "H", "naar": "G", "soort": "verwijzing"},
    {"id": "R2", "van": "G", "naar": "J", "soort": "verwijzing"},
    {"id": "R3", "van": "G", "naar": "K", "soort": "verwijzing"},
]
DEMAND = [
    {"gemeente": "Ede", "instap": "H", "leeftijd_van": 10, "leeftijd_tot": 11, "niveau": 3, "aantal_per_jaar": 40},
    {"gemeente": "Ede", "instap": "S", "leeftijd_van": 10, "leeftijd_tot": 11, "niveau": 3, "aantal_per_jaar": 20},
]


def waits(**weeks: int | str) -> list[dict[str, Any]]:
    return [
        {"op": on, "soort": "aanmeldwachttijd", "waarde": f"{w} weken" if isinstance(w, int) else w, "peildatum": "2026-05-01"}
        for on, w in weeks.items()
    ]


WAITS = waits(G=4, J=10, K=20)


@pytest.fixture
def ask(landscape_of: Callable[..., Landscape]) -> Callable[..., Any]:
    """The one level of the answer for these tables (or others), as JSON; with the threshold off unless given."""

    def asked(threshold: int = 0, tables: dict[str, Any] | None = None, **alterations: Any) -> Any:
        given = {
            "partners": PARTNERS,
            "aanbod": OFFERS,
            "routes": ROUTES,
            "wachttijden": WAITS,
            "vraag": DEMAND,
            **(tables or {}),
        }
        landscape = landscape_of(toml=TOML.format(threshold=threshold), **given)
        levels = what_if(landscape, levels=[3], **alterations).as_dict()["levels"]
        return levels[0]

    return asked


def side(weeks: float, per_year: float, routed: float, **without: float) -> dict[str, Any]:
    reasons = {reason: without.get(reason.replace(" ", "_"), 0.0) for reason in REASONS}
    return {
        "weeks_total": weeks,
        "per_year": per_year,
        "routed": routed,
        "mean_weeks": weeks / routed if routed else None,
        "without_route": reasons,
    }


# --- by hand -----------------------------------------------------------------------------------------------
def test_a_straight_route_makes_the_way_shorter(ask: Callable[..., Any]) -> None:
    found = ask(add=[("H", "J")])
    assert found["before"] == side(40 * 14, 60, 40, geen_route=20)
    assert found["after"] == side(40 * 10, 60, 40, geen_route=20)
    assert found["shorter"] == {"per_year": 40, "weeks": 160}
    assert found["longer"] == {"per_year": 0, "weeks": 0}
    assert found["difference"] == {"weeks": -160, "low": -160, "high": -160, "certain": True}
    assert found["moved_to"] == []  # they end at J as they did, and nobody passes G any more


def test_who_gets_a_route_is_never_mixed_into_weeks(ask: Callable[..., Any]) -> None:
    found = ask(add=[("S", "G")])
    # 20 families wait 14 weeks who had no way: with them the total would go up from 560 to 840
    assert found["before"] == side(40 * 14, 60, 40, geen_route=20)
    assert found["after"] == side(40 * 14, 60, 40)
    assert found["newly_reached"] == {"per_year": 20, "weeks_total": 280}
    assert found["moved_to"] == [
        {"partner": "J", "per_year": 20, "response": "Bel ons gerust."},
        {"partner": "G", "per_year": 20, "response": None},  # Toegang: equal numbers by name
    ]


def test_closing_the_only_provider_is_a_stop_and_no_missing_route(ask: Callable[..., Any]) -> None:
    found = ask(close=["J"])
    # K takes children from 12, so at 10 nobody is left: who had a way now meets a stop, who had none still has none
    assert found["before"] == side(0, 60, 0, geen_route=20)
    assert found["after"] == side(0, 60, 0, geen_route=20, aanmeldstop=40)
    assert found["no_longer_reached"] == {"per_year": 40, "weeks_total": 560}
    assert found["difference"]["weeks"] == 0


def test_families_go_on_to_who_is_left_and_wait_longer(ask: Callable[..., Any]) -> None:
    offers = [OFFERS[0], {**OFFERS[1], "leeftijd_van": ""}]
    found = ask(close=["J"], tables={"aanbod": offers})
    assert (found["before"]["weeks_total"], found["after"]["weeks_total"]) == (560, 40 * 24)
    assert found["longer"] == {"per_year": 40, "weeks": 400}
    assert found["moved_to"] == [{"partner": "K", "per_year": 40, "response": None}]
    assert found["after"]["without_route"]["aanmeldstop"] == 0


def test_taking_the_only_way_away_is_no_stop(ask: Callable[..., Any]) -> None:
    found = ask(remove=[("H", "G")])
    assert found["after"] == side(0, 60, 0, geen_route=60)
    assert found["no_longer_reached"]["per_year"] == 40


@pytest.mark.parametrize(("weeks", "expected"), [(8, 12), ((4, 8), 10), (0, 4)])
def test_another_wait(ask: Callable[..., Any], weeks: Any, expected: float) -> None:
    found = ask(wait={"J": weeks})
    assert found["after"]["weeks_total"] == 40 * expected


def test_an_unknown_wait_gives_a_range(ask: Callable[..., Any]) -> None:
    found = ask(wait={"J": None})
    # 10 weeks become 2 to 26, 14 expected (CONTRACTS §4)
    assert found["difference"] == {"weeks": 40 * 4, "low": 40 * -8, "high": 40 * 16, "certain": False}


def test_a_wait_that_was_unknown_becomes_surely_longer_or_shorter(ask: Callable[..., Any]) -> None:
    tables = {"wachttijden": waits(G=4)}
    assert ask(wait={"J": 26}, tables=tables)["difference"] == {"weeks": 480, "low": 0, "high": 960, "certain": True}
    assert ask(wait={"J": 2}, tables=tables)["difference"] == {"weeks": -480, "low": -960, "high": 0, "certain": True}
    # expected to be as long as it is now, and shorter or longer by what nobody knows
    assert ask(wait={"J": 14}, tables=tables)["difference"] == {"weeks": 0, "low": -480, "high": 480, "certain": False}


def test_an_open_end_is_no_number(ask: Callable[..., Any]) -> None:
    tables = {"wachttijden": waits(G=4, J="> 10 weken")}
    found = ask(wait={"J": 8}, tables=tables)["difference"]
    assert found == {"weeks": -80, "low": None, "high": -80, "certain": True}
    # the end is open on both sides, and what comes before it is known
    assert ask(wait={"G": 2}, tables=tables)["difference"] == {"weeks": -80, "low": -80, "high": -80, "certain": True}


def test_alterations_of_both_kinds_are_only_certain_where_the_bounds_say_so(ask: Callable[..., Any]) -> None:
    tables = {"aanbod": [OFFERS[0], {**OFFERS[1], "leeftijd_van": ""}], "wachttijden": waits(G=4, K=20)}
    # J is closed and K becomes straight: from 4 + (2…26, 14) by J, or 24 by K, to 20
    found = ask(close=["J"], add=[("H", "K")], tables=tables)["difference"]
    assert found == {"weeks": 40 * 2, "low": 40 * -4, "high": 40 * 14, "certain": False}
    known = ask(close=["J"], add=[("H", "K")], tables={**tables, "wachttijden": WAITS})["difference"]
    assert known == {"weeks": 40 * 6, "low": 240, "high": 240, "certain": True}


def test_each_municipality_by_name_and_who_is_not_touched(ask: Callable[..., Any]) -> None:
    partners = [*PARTNERS, {"id": "B", "naam": "Toegang Barneveld", "rollen": "gemeente", "gemeenten": "Barneveld"}]
    routes = [*ROUTES, {"id": "R4", "van": "B", "naar": "K", "soort": "verwijzing"}]
    demand = [
        *DEMAND,
        {"gemeente": "Barneveld", "instap": "B", "leeftijd_van": 13, "leeftijd_tot": 14, "niveau": 3, "aantal_per_jaar": 30},
    ]
    found = ask(add=[("H", "J")], tables={"partners": partners, "routes": routes, "vraag": demand})
    barneveld, ede = found["per_municipality"]
    assert [barneveld["municipality"], ede["municipality"]] == [BARNEVELD, EDE]
    assert barneveld["before"] == barneveld["after"] == side(600, 30, 30)
    assert ede["after"] == side(400, 60, 40, geen_route=20)
    assert found["after"] == side(1000, 90, 70, geen_route=20)


# --- capacity and queues -------------------------------------------------------------------------------------
def test_capacity_changes_the_queue_and_no_wait(ask: Callable[..., Any]) -> None:
    found = ask(capacity={"J": 8})
    assert found["before"] == found["after"] == side(560, 60, 40, geen_route=20)
    queue = found["queues"][0]
    # 15 a year for 26 weeks: 7.5 places taken, of 10 or of 8; Erlang C by the sum of its definition
    assert (queue["partner"], queue["offerings"], queue["inflow"]) == ("J", ["A1"], "opgave")
    assert queue["before"]["load"] == pytest.approx(0.75)
    assert queue["after"]["load"] == pytest.approx(7.5 / 8)
    for told, places in ((queue["before"], 10), (queue["after"], 8)):
        assert told["places"] == places
        assert told["wait_weeks"] == pytest.approx(erlang_c(places, 7.5) * 26 / (places - 7.5))
        assert told["wait_range"] == pytest.approx({"low": told["wait_weeks"], "high": told["wait_weeks"]})


def erlang_c(places: int, offered: float) -> float:
    """C(c, a) = (aᶜ/c!)·c/(c − a) / (Σ aᵏ/k! + (aᶜ/c!)·c/(c − a)) (Gross & Harris, § 2.3)."""
    term, total = 1.0, 0.0
    for k in range(places):
        total += term
        term *= offered / (k + 1)
    last = term * places / (places - offered)
    return last / (total + last)


def test_no_balance_is_said(ask: Callable[..., Any]) -> None:
    queue = ask(capacity={"J": 7})["queues"][0]
    assert (queue["after"]["status"], queue["after"]["wait_weeks"]) == ("geen evenwicht", None)
    assert queue["after"]["wait_range"] == {"low": None, "high": None}


def test_apart_one_waits_longer_than_together(ask: Callable[..., Any]) -> None:
    twice = {"capaciteit": 5, "instroom_per_jaar": 8, "duur_weken": 26}
    offers = [{**OFFERS[0], **twice}, {**OFFERS[0], "id": "A3", **twice}, OFFERS[1]]
    told = ask(capacity={"J": 10}, tables={"aanbod": offers})["queues"][0]["after"]
    assert told["wait_range"]["low"] == pytest.approx(erlang_c(10, 8.0) * 26 / 2)
    assert told["wait_range"]["high"] == pytest.approx(erlang_c(5, 4.0) * 26 / 1)


def test_where_more_come_the_queue_is_told(ask: Callable[..., Any]) -> None:
    # J already is asked for by 15 a year; 20 from school come beside these
    told = ask(add=[("S", "J")])["queues"][0]
    assert told["before"]["load"] == pytest.approx(0.75)
    assert (told["after"]["load"], told["after"]["status"]) == (pytest.approx(35 / 52 * 26 / 10), "geen evenwicht")


def test_without_a_registered_inflow_the_families_asked_are_it(ask: Callable[..., Any]) -> None:
    offers = [{**OFFERS[0], "instroom_per_jaar": "", "capaciteit": 30}, OFFERS[1]]
    told = ask(capacity={"J": 25}, tables={"aanbod": offers})["queues"][0]
    assert told["inflow"] == "vraag"
    assert told["after"]["load"] == pytest.approx(40 / 52 * 26 / 25)
    assert ask(capacity={"J": 25}, tables={"aanbod": offers}, ages=[120])["queues"] == []  # not all who come were asked


# --- the change written into the files --------------------------------------------------------------------
HAND: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"add": [("H", "J")]}, {"routes": [*ROUTES, {"id": "X", "van": "H", "naar": "J", "soort": "verwijzing"}]}),
    ({"add": [("rol:school", "aanbod:A1")]}, {"routes": [*ROUTES, {"id": "X", "van": "S", "naar": "A1", "soort": "verwijzing"}]}),
    ({"remove": [("G", "J")]}, {"routes": [ROUTES[0], ROUTES[2]]}),
    ({"close": ["J"]}, {"wachttijden": waits(G=4, J="aanmeldstop", K=20)}),
    ({"wait": {"G": 9}}, {"wachttijden": waits(G=9, J=10, K=20)}),
    (
        {"wait": {"J": (2, 6)}, "close": ["K"], "add": [("H", "J")]},
        {
            "wachttijden": waits(G=4, J="2 - 6 weken", K="aanmeldstop"),
            "routes": [*ROUTES, {"id": "X", "van": "H", "naar": "J", "soort": "verwijzing"}],
        },
    ),
]


@pytest.mark.parametrize(("alterations", "changed"), HAND)
def test_it_is_what_a_folder_with_the_change_says(
    alterations: dict[str, Any], changed: dict[str, Any], landscape_of: Callable[..., Landscape]
) -> None:
    tables = {"partners": PARTNERS, "aanbod": OFFERS, "routes": ROUTES, "wachttijden": WAITS, "vraag": DEMAND}
    before = landscape_of(toml=TOML.format(threshold=0), **tables)
    level = what_if(before, **alterations).levels[3]
    after = landscape_of(toml=TOML.format(threshold=0), **{**tables, **changed})
    days, without = totals(Study(after), 3)
    assert level.shift.days["after"] + level.shift.days["newly"] == pytest.approx(days)
    assert level.shift.side("after", ()).without == pytest.approx(without)


def totals(study: Study, level: int) -> tuple[float, dict[str, float]]:
    """(days of all families with a way, families without one by reason) of a study."""
    days = sum(place.flow(level).total_days for place in study.places())
    without = dict.fromkeys(REASONS, 0.0)
    for place in study.places():
        for reason, families in place.without_route(level).items():
            without[reason] += families
    return days, {str(reason): n for reason, n in without.items()}


# --- random regions, every way written out -------------------------------------------------------------------
def with_demand(tables: dict[str, Any], seed: int) -> dict[str, Any]:
    """The tables with a vraag, of partners and roles in both municipalities."""
    r = random.Random(seed)
    ends = [*(f"P{n}" for n in range(7)), "rol:huisarts", "rol:school", "rol:gezin"]
    rows = [
        {
            "id": f"D{n}",
            "municipality": r.choice([EDE, BARNEVELD]),
            "entry": r.choice(ends),
            "age_from": (age := r.choice([0, 120, 144, 156, 192])),
            "age_until": age + r.choice([12, 24]),
            "theme": r.choice([None, "opvoeden", "druk-gedrag", "adhd"]),
            "level": r.choice([None, "1", "3"]),
            "per_year": r.randint(1, 30),
        }
        for n in range(12)
    ]
    return {**tables, "demand": rows}


def cases(tables: dict[str, Any], by_hand: ModuleType, seed: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Alterations, each with the tables into which it is written by hand."""
    r = random.Random(seed)
    here = [by_hand.Here(tables, code) for code in (EDE, BARNEVELD)]
    stepped = {(h["from"], h["to"]) for place in here for h in place.hops}
    pairs = [p for p in permutations([f"P{n}" for n in range(7)], 2) if p not in stepped]
    for pair in r.sample(pairs, 3):
        row = {"id": "X", "from": pair[0], "to": pair[1], "kind": "verwijzing"}
        yield {"add": [pair]}, {**tables, "routes": [*tables["routes"], row]}
    for partner in r.sample([f"P{n}" for n in range(7)], 2):
        own = {partner, *(f"aanbod:{o['id']}" for o in tables["offerings"] if o["partner"] == partner)}
        own |= {f"route:{row['id']}" for row in tables["routes"] if row["to"] in own}
        rest = [
            w
            for w in tables["waits"]
            if not (w["on"][0] in own and w["kind"] == "aanmeldwachttijd" and w["state"] != "uitspraak")
        ]
        new = {"id": "X", "on": [partner], "kind": "aanmeldwachttijd", "as_of": "2026-06-01"}
        days = {"days_low": 21.0, "days_expected": 28.0, "days_high": 35.0}
        yield {"close": [partner]}, {**tables, "waits": [*rest, {**new, "state": "stop"}]}
        yield {"wait": {partner: (3, 5)}}, {**tables, "waits": [*rest, {**new, "state": "getal", **days}]}
    rows = [row for row in tables["routes"] if row["kind"] in by_hand.MOVING and by_hand.valid(row)]
    single = [row for row in rows if row["from"][0] == row["to"][0] == "P" and not roles_between(tables, rows, row)]
    for row in single[:2]:
        same = [x["id"] for x in rows if (x["from"], x["to"]) == (row["from"], row["to"]) or to_offer(tables, x, row)]
        yield {"remove": [(row["from"], row["to"])]}, {**tables, "routes": [x for x in tables["routes"] if x["id"] not in same]}


def to_offer(tables: dict[str, Any], row: dict[str, Any], like: dict[str, Any]) -> bool:
    """Whether a route runs from the same partner to an offering of the same other one."""
    partner = {f"aanbod:{o['id']}": o["partner"] for o in tables["offerings"]}
    return row["from"] == like["from"] and partner.get(row["to"]) == like["to"]


def roles_between(tables: dict[str, Any], rows: list[dict[str, Any]], like: dict[str, Any]) -> bool:
    """Whether a route of roles may run between the same two."""
    roles = {p["id"]: {f"rol:{x}" for x in p["roles"]} for p in tables["partners"]}
    starts, ends = ({like[end], *roles[like[end]]} for end in ("from", "to"))
    ends |= {f"aanbod:{o['id']}" for o in tables["offerings"] if o["partner"] == like["to"]}
    return any(row["from"] in starts and row["to"] in ends and "rol:" in row["from"] + row["to"] for row in rows)


@pytest.mark.parametrize("seed", range(4))
def test_every_way_written_out_says_the_same(seed: int, regions: ModuleType, by_hand: ModuleType) -> None:
    # without vraag every profile and entry counts: more ways, and each of them is looked at
    tables = with_demand(regions.made(seed), seed) if seed % 2 else regions.made(seed)
    landscape = regions.landscape(tables)
    study = Study(landscape, levels=[1, 3])
    moved = 0
    for alterations, changed in cases(tables, by_hand, seed):
        answer = what_if(landscape, levels=[1, 3], internal=True, **alterations)
        for level in answer.levels:
            expected = written_out(study, level.level, tables, changed, by_hand)
            told = level.as_dict()
            for which in ("before", "after"):
                weeks = sum(n * d[which] for n, d in expected["both"]) / 7
                assert told[which]["weeks_total"] == pytest.approx(weeks), (alterations, level.level)
                assert told[which]["without_route"] == pytest.approx(expected[which])
            assert told["newly_reached"]["per_year"] == pytest.approx(expected["newly"])
            assert told["no_longer_reached"]["per_year"] == pytest.approx(expected["lost"])
            for name in ("low", "high"):
                expected_end = sum(n * (d[f"after {name}"] - d[f"before {name}"]) for n, d in expected["both"])
                at_end = level.shift.at_low if name == "low" else level.shift.at_high
                if abs(expected_end) < by_hand.OPEN / 10:
                    assert at_end == pytest.approx(expected_end), (alterations, level.level, name)
            growth = {m["partner"]: m["per_year"] for m in told["moved_to"]}
            if expected["most"] <= 200:
                assert growth == pytest.approx({n: x for n, x in expected["growth"].items() if x > 1e-6}), (
                    alterations,
                    level.level,
                )
            moved += len(growth)
    assert moved or seed not in (0, 2, 4, 6)  # the test has something to say


def written_out(study: Study, level: int, old: dict[str, Any], new: dict[str, Any], by_hand: ModuleType) -> dict[str, Any]:
    """The same families on the tables before and after, by every simple way."""
    found: dict[str, Any] = {"both": [], "newly": 0.0, "lost": 0.0, "growth": {}, "most": 0}
    found |= {which: dict.fromkeys(REASONS, 0.0) for which in ("before", "after")}
    for place in study.places():
        here = {"before": by_hand.Here(old, place.locale.municipality), "after": by_hand.Here(new, place.locale.municipality)}
        for column, by in place.demand(level):
            profile = place.groups[column].profile
            asked = {
                (which, scenario): by_hand.ByHand(here[which], profile.age, profile.theme, scenario)
                for which in here
                for scenario in ("expected", "low", "high")
            }
            for which, sign in (("before", -1), ("after", 1)):
                flow = by_hand.Flow({start: asked[which, "expected"].ways(level, start) for start in by}, by)
                found["most"] = max(found["most"], flow.most)
                for node, families in [*flow.through.items(), *flow.arriving.items()]:
                    by_hand.plus(found["growth"], node, sign * families)
            for start, families in by.items():
                days: dict[str, float] = {}
                for (which, scenario), question in asked.items():
                    ways = question.ways(level, start)
                    name = which if scenario == "expected" else f"{which} {scenario}"
                    days[name] = min((w.days for w in ways), default=float("inf"))
                reached = [days[which] < float("inf") for which in here]
                for which in here:
                    if days[which] == float("inf"):
                        found[which][asked[which, "expected"].reason(level, start)] += families
                if all(reached):
                    found["both"].append((families, days))
                elif any(reached):
                    found["newly" if reached[1] else "lost"] += families
    return found


# --- in general -------------------------------------------------------------------------------------------------
def holds_together(answer: WhatIf) -> None:
    """The families are the same ones on both sides, and everybody is counted once."""
    for level in answer.levels:
        for shift in (level.shift, *(p.shift for p in level.places)):
            told = {which: shift.side(which, ()) for which in ("before", "after")}
            for which, more in (("before", shift.lost), ("after", shift.newly)):
                whole = told[which].routed + more + sum(told[which].without.values())
                assert told[which].per_year == pytest.approx(whole)
            assert told["before"].per_year == told["after"].per_year
            assert shift.routed == pytest.approx(shift.shorter + shift.longer + shift.same)
            assert shift.days["after"] - shift.days["before"] == pytest.approx(shift.difference, abs=1e-6)
            assert shift.least <= min(shift.range) + 1e-6
            assert max(shift.range) <= shift.most + 1e-6


@pytest.mark.parametrize("seed", range(3))
def test_adding_never_lengthens_and_taking_away_never_shortens(seed: int, regions: ModuleType) -> None:
    tables = with_demand(regions.made(seed), seed)
    landscape = regions.landscape({**tables, "region": [{**regions.SETTINGS, "new_handover_weeks": 1.0}]})
    ends = [*(f"P{n}" for n in range(7)), "rol:huisarts", "rol:gezin", "aanbod:A0"]
    for pair in random.Random(seed).sample(list(permutations(ends, 2)), 12):
        answer = what_if(landscape, levels=[1, 3], add=[pair], internal=True)
        holds_together(answer)
        for level in answer.levels:
            assert (level.shift.longer, level.shift.lost) == (0, 0), pair
            assert level.shift.range[1] <= 1e-9
    for partner in ("P1", "P4"):
        answer = what_if(landscape, levels=[1, 3], close=[partner], internal=True)
        holds_together(answer)
        for level in answer.levels:
            assert (level.shift.shorter, level.shift.newly) == (0, 0), partner
            assert level.shift.range[0] >= -1e-9


@pytest.mark.parametrize("seed", range(3))
def test_the_bounds_hold_whatever_the_unknown_waits_are(seed: int, regions: ModuleType) -> None:
    # nobody knows any wait here; then each is drawn, the same before and after
    tables = with_demand({**regions.made(seed), "waits": []}, seed)
    tables["routes"] = [{**row, "decision_needed": False} for row in tables["routes"]]
    alterations = {"add": [("P0", "P3"), ("P5", "P4")], "close": ["P2"], "wait": {"P4": (6, 9)}}
    unknown = what_if(regions.landscape(tables), levels=[1, 3], internal=True, **alterations)
    r = random.Random(seed)
    subjects = [*(f"P{n}" for n in range(7)), *(f"rol:{x}" for x in regions.ROLES), *(f"aanbod:A{n}" for n in range(7))]
    for _ in range(6):
        drawn = [regions.wait(s, r.choice([14.0, 182.0, r.uniform(14, 182)]), id=f"W{n}") for n, s in enumerate(subjects)]
        # an initiative has no partner whose wait it could take over
        own = [w for w in drawn if not w["on"][0].startswith("aanbod:") or loose(tables, w["on"][0])]
        known = what_if(
            regions.landscape({**tables, "waits": own}),
            levels=[1, 3],
            internal=True,
            **{**alterations, "wait": {"P4": r.uniform(6, 9)}},
        )
        for guess, fact in zip(unknown.levels, known.levels, strict=True):
            assert guess.shift.least - 1 <= fact.shift.difference <= guess.shift.most + 1  # waits are whole days when altered


def loose(tables: dict[str, Any], subject: str) -> bool:
    return any(f"aanbod:{o['id']}" == subject and o["partner"] is None for o in tables["offerings"])


def test_a_certain_sign_is_one_that_no_drawn_waits_turn(regions: ModuleType) -> None:
    # from G to J (unknown) or K (unknown): with K closed nobody is quicker; with J at 2 weeks nobody is slower
    region = regions.region(
        {"G": "gemeente", "J": "jeugdhulp", "K": "jeugdhulp"},
        [{"partner": "J", "level": "3"}, {"partner": "K", "level": "3"}],
        [("G", "J"), ("G", "K")],
        demand=[{"municipality": EDE, "entry": "G", "age_from": 120, "age_until": 132, "level": "3", "per_year": 50}],
    )
    landscape = regions.landscape(region)
    certain = {
        "close": what_if(landscape, levels=[3], close=["K"]).levels[0],
        "shorter": what_if(landscape, levels=[3], wait={"J": 2}).levels[0],
        "open": what_if(landscape, levels=[3], wait={"J": 8}).levels[0],
        "both": what_if(landscape, levels=[3], wait={"J": 2}, close=["K"]).levels[0],
    }
    assert {name: level.certain for name, level in certain.items()} == {
        "close": True,
        "shorter": True,
        "open": False,
        "both": False,
    }
    assert [certain[name].direction for name in ("close", "shorter", "open", "both")] == [1, -1, None, None]


def test_nothing_is_mixed_up_where_nobody_counted_families(landscape_of: Callable[..., Landscape]) -> None:
    tables = {"partners": PARTNERS, "aanbod": OFFERS[:1], "routes": ROUTES, "wachttijden": WAITS}
    answer = what_if(landscape_of(toml=TOML.format(threshold=10), **tables), [EDE], levels=[3], add=[("H", "J")])
    level = answer.levels[0]
    # one theme and one age band; entries: GP 14 → 10, school none, access 10, the family by the access 14
    assert level.as_dict()["before"] == side(14 + 10 + 14, 4, 3, geen_route=1)
    assert level.as_dict()["after"] == side(10 + 10 + 14, 4, 3, geen_route=1)
    assert not answer.frame.weighted
    assert "unweighted" in {a.key for a in answer.frame.assumptions}
    assert level.queues == ()


def test_the_answer_says_what_it_rests_on(landscape_of: Callable[..., Landscape]) -> None:
    tables = {"partners": PARTNERS, "aanbod": OFFERS, "routes": ROUTES, "wachttijden": WAITS, "vraag": DEMAND}
    landscape = landscape_of(toml=TOML.format(threshold=10), **tables)
    answer = what_if(landscape, levels=[3], wait={"J": 8}, alterations=[NewWait.unknown("K")])
    found = answer.as_dict()
    assert [(a["kind"], a["partner"], a["weeks"]["expected"], a["somewhere"]) for a in found["alterations"]] == [
        ("wait", "J", 8.0, True),
        ("wait", "K", None, True),
    ]
    assert [s["file"] for s in found["alterations"][0]["replaces"]] == ["wachttijden.csv"]
    assert answer.frame.known_waits == 1.0
    assert [r["municipality"] for r in answer.rows()] == [None, BARNEVELD, EDE]  # all together, and each by name
    assert "what-if" in str(answer)
    nowhere = what_if(landscape, [BARNEVELD], add=[("H", "J")], levels=[3])
    assert nowhere.changes[0].somewhere is False
    level = nowhere.as_dict()["levels"][0]
    assert level["before"] == level["after"]
    # somebody asks in Ede at ten, nobody at twelve
    nobody = what_if(landscape, ages=[144], add=[("H", "J")], levels=[3], internal=True)
    assert nobody.frame.weighted is False


def test_safety_is_no_end_even_with_a_route(ask: Callable[..., Any]) -> None:
    partners = [*PARTNERS, {"id": "V", "naam": "Veilig Thuis", "rollen": "veiligheid", "gemeenten": "Ede"}]
    offers = [*OFFERS, {"id": "A9", "partner": "V", "naam": "Onderzoek", "niveau": 3, "toegang": "verwijzing"}]
    found = ask(add=[("S", "V")], tables={"partners": partners, "aanbod": offers})
    assert found["newly_reached"]["per_year"] == 0
    assert found["moved_to"] == []


def test_both_examples(example: Reading) -> None:
    landscape = example.landscape
    provider = {"gelderse-vallei": "P20"}.get(landscape.settings.id, "P20" if "P20" in landscape.names else "P131")
    holds_together(what_if(landscape, close=[provider], internal=True))


def test_who_gets_a_way_without_waiting(ask: Callable[..., Any]) -> None:
    tables = {"wachttijden": waits(G=0, J=0, K=20), "vraag": [DEMAND[0], {**DEMAND[1], "aantal_per_jaar": 20}]}
    found = ask(threshold=10, add=[("S", "J")], tables=tables)
    assert found["newly_reached"] == {"per_year": 20, "weeks_total": 0}
