"""route, by hand: each rule of CONTRACTS §4–5 and each trap of ANALYSES, with numbers worked out beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from routekaart.graph.analyses.route import route
from routekaart.graph.analyses.ways import RouteAnswer
from routekaart.graph.landscape import Landscape

LandscapeOf = Callable[..., Landscape]
EDE = "GM0228"
TOML = '[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n'
NOW = "2026-05-01"

PARTNERS = [
    {"id": "HA", "naam": "Huisartsenpraktijk", "rollen": "huisarts", "gemeenten": "Ede"},
    {"id": "SOJ", "naam": "SOJ Ede", "rollen": "soj", "gemeenten": "Ede"},
    {"id": "GEM", "naam": "Gemeente Ede", "rollen": "gemeente", "gemeenten": "Ede"},
    {"id": "GGZ", "naam": "GGZ", "rollen": "jeugd-ggz", "gemeenten": "regio"},
    {"id": "JW", "naam": "Jongerenwerk", "rollen": "jongerenwerk", "gemeenten": "Ede"},
]
ROUTES = [
    {"id": "R1", "van": "HA", "naar": "SOJ", "soort": "verwijzing"},
    {"id": "R2", "van": "SOJ", "naar": "GEM", "soort": "warme overdracht"},
    {"id": "R3", "van": "GEM", "naar": "GGZ", "soort": "verwijzing", "besluit_nodig": "ja"},
]
AANBOD = [
    {
        "id": "A3",
        "partner": "GGZ",
        "naam": "Behandeling",
        "niveau": 3,
        "toegang": "verwijzing",
        "themas": "angst en somberheid",
        "leeftijd_van": 0,
        "leeftijd_tot": 18,
    },
    {"id": "A0", "partner": "JW", "naam": "Inloop", "niveau": 0, "toegang": "vrij", "leeftijd_van": 12, "leeftijd_tot": 23},
]
WAITS = [
    {"op": "SOJ", "soort": "aanmeldwachttijd", "waarde": "12 weken", "peildatum": NOW},
    {"op": "GEM", "soort": "aanmeldwachttijd", "waarde": "10 weken", "peildatum": NOW},
    {"op": "GEM", "soort": "besluit", "waarde": "8 weken", "peildatum": NOW},
    {"op": "A3", "soort": "aanmeldwachttijd", "waarde": "40 - 56 weken", "peildatum": NOW},
]


@pytest.fixture
def ask(landscape_of: LandscapeOf) -> Callable[..., RouteAnswer]:
    """The core route, with tables replaced where a test says so."""

    def asked(tables: dict[str, Any] | None = None, toml: str = TOML, **question: Any) -> RouteAnswer:
        given = {"partners": PARTNERS, "routes": ROUTES, "aanbod": AANBOD, "wachttijden": WAITS, **(tables or {})}
        landscape = landscape_of(toml=toml, **given)
        question.setdefault("age", 14 * 12)
        question.setdefault("theme", "angst-en-somberheid")
        return route(landscape, EDE, **question)

    return asked


def weeks(answer: RouteAnswer, way: int = 0) -> tuple[float, float, float | None]:
    found = answer.ways[way]
    return found.low / 7, found.expected / 7, None if found.high is None else found.high / 7


def test_the_core_route_adds_waits_decision_and_nothing_twice(ask: Callable[..., RouteAnswer]) -> None:
    answer = ask(start="HA", levels=[3])
    # 12 (SOJ) + 10 (gemeente) + 8 (besluit) + 40–56 (GGZ) = 70 – 78 – 86
    assert weeks(answer) == (70, 78, 86)
    way = answer.ways[0]
    assert way.path == ("HA", "SOJ", "GEM", "GGZ")
    assert (way.hops, way.retellings) == (3, 2)  # the warm handover is no retelling
    assert way.offering == "A3"
    assert way.detour == pytest.approx(78 / 48)  # time over handover + wait at the end
    assert answer.frame.known_waits == 1.0


def test_without_a_level_every_level_is_answered_lightest_first(ask: Callable[..., RouteAnswer]) -> None:
    found = ask(start="HA").as_dict()
    assert [r["level"] for r in found["routes"]] == [0, 3]
    assert found["reason"] is None
    assert found["reasons"] == [{"level": 1, "reason": "geen aanbod"}, {"level": 2, "reason": "geen aanbod"}]


def test_a_level_matches_exactly(ask: Callable[..., RouteAnswer]) -> None:
    assert ask(start="HA", levels=[2]).as_dict()["reason"] == "geen aanbod"


def test_a_free_offering_is_one_step_from_every_entry(ask: Callable[..., RouteAnswer]) -> None:
    for start in ("HA", "GEM", "rol:gezin"):
        way = ask(start=start, levels=[0]).ways[0]
        assert (way.path, way.hops) == ((start, "JW"), 1)
    # but not from the SOJ, who is no entry: there it goes by the municipality, which is one
    assert ask(start="SOJ", levels=[0]).ways[0].path == ("SOJ", "GEM", "JW")


def test_the_family_reaches_the_municipality_without_a_registered_route(ask: Callable[..., RouteAnswer]) -> None:
    way = ask(start="rol:gezin", levels=[3]).ways[0]
    assert way.path == ("rol:gezin", "GEM", "GGZ")
    assert way.legs[0].hop is not None
    assert (way.legs[0].hop.kind, way.legs[0].hop.derived) == ("rechtstreekse-toegang", True)


def test_conditions_hold_on_every_hop_of_the_path(ask: Callable[..., RouteAnswer]) -> None:
    # a direct way for younger children must not shorten the way of a 14-year-old (the 78-against-23 trap)
    shortcut = {"id": "R9", "van": "HA", "naar": "GEM", "soort": "verwijzing", "leeftijd_tot": 12}
    assert weeks(ask({"routes": [*ROUTES, shortcut]}, start="HA", levels=[3]))[1] == 78
    assert weeks(ask({"routes": [*ROUTES, shortcut]}, start="HA", levels=[3], age=10 * 12))[1] == 66
    for condition in (
        {"gemeenten": "Barneveld"},
        {"themas": "scheiding"},
        {"geldig_tot": "2026-06-01"},
        {"geldig_van": "2026-07-01"},
    ):
        other = {"id": "R9", "van": "HA", "naar": "GEM", "soort": "verwijzing", **condition}
        assert weeks(ask({"routes": [*ROUTES, other]}, start="HA", levels=[3]))[1] == 78, condition


@pytest.mark.parametrize("kind", ["consultatie", "overbrugging", "melding"])
def test_what_moves_no_family_is_no_step(ask: Callable[..., RouteAnswer], kind: str) -> None:
    line = {"id": "R9", "van": "HA", "naar": "GGZ", "soort": kind}
    assert weeks(ask({"routes": [*ROUTES, line]}, start="HA", levels=[3]))[1] == 78


def test_unknown_is_an_interval_and_never_nothing(ask: Callable[..., RouteAnswer]) -> None:
    answer = ask({"wachttijden": WAITS[1:]}, start="HA", levels=[3])
    # SOJ unknown: 2 – 14 – 26 in place of 12
    assert weeks(answer) == (60, 80, 100)
    assert answer.ways[0].legs[0].wait.assumed
    assert "unknown_wait" in {a.key for a in answer.frame.assumptions}


def test_outdated_is_unknown_with_the_old_value_beside_it(ask: Callable[..., RouteAnswer]) -> None:
    old = {"op": "SOJ", "soort": "aanmeldwachttijd", "waarde": "1 week", "peildatum": "2024-05"}
    answer = ask({"wachttijden": [old, *WAITS[1:]]}, start="HA", levels=[3])
    assert weeks(answer) == (60, 80, 100)
    step = answer.as_dict()["routes"][0]["steps"][0]
    assert (step["assumed"], step["outdated"], step["written"], step["as_of"]) == (True, True, "1 week", "2024-05")
    used = ask({"wachttijden": [old, *WAITS[1:]]}, start="HA", levels=[3], with_outdated=True)
    assert weeks(used) == (59, 67, 75)
    assert "computed_with_outdated" in {a.key for a in used.frame.assumptions}


def test_the_last_day_of_a_reduced_date_gets_the_benefit_of_the_doubt(ask: Callable[..., RouteAnswer]) -> None:
    # 24 months before 2026-06-01 is 2024-06-01; "2024" may mean its last day
    for as_of, assumed in (("2024", False), ("2024-06", False), ("2024-06-01", False), ("2024-05-31", True)):
        row = {"op": "SOJ", "soort": "aanmeldwachttijd", "waarde": "1 week", "peildatum": as_of}
        assert ask({"wachttijden": [row, *WAITS[1:]]}, start="HA", levels=[3]).ways[0].legs[0].wait.assumed is assumed


def test_a_stop_is_a_reason_and_not_a_number(ask: Callable[..., RouteAnswer]) -> None:
    stop = {"op": "SOJ", "soort": "aanmeldwachttijd", "waarde": "Aanmeldstop", "peildatum": NOW}
    answer = ask({"wachttijden": [stop, *WAITS[1:]]}, start="HA", levels=[3])
    assert answer.ways == ()
    assert answer.as_dict()["reason"] == "aanmeldstop"
    until = {**stop, "waarde": "aanmeldstop tot 1 juli 2026"}
    assert ask({"wachttijden": [until, *WAITS[1:]]}, start="HA", levels=[3]).as_dict()["reason"] == "aanmeldstop"
    over = {**stop, "waarde": "aanmeldstop tot 1 mei 2026"}
    assert weeks(ask({"wachttijden": [over, *WAITS[1:]]}, start="HA", levels=[3]))[1] == 80  # over: unknown, not 0


def test_the_end_is_closed_only_if_all_its_offerings_are(ask: Callable[..., RouteAnswer]) -> None:
    second = {**AANBOD[0], "id": "A4", "naam": "Groep"}
    waits = [*WAITS[:3], {"op": "A3", "soort": "aanmeldwachttijd", "waarde": "aanmeldstop", "peildatum": NOW}]
    waits.append({"op": "A4", "soort": "aanmeldwachttijd", "waarde": "50 weken", "peildatum": NOW})
    answer = ask({"aanbod": [*AANBOD, second], "wachttijden": waits}, start="HA", levels=[3])
    assert answer.ways[0].offering == "A4"
    assert weeks(answer)[1] == 80


def test_open_ended_makes_the_high_end_open(ask: Callable[..., RouteAnswer]) -> None:
    row = {"op": "SOJ", "soort": "aanmeldwachttijd", "waarde": "> 20 weken", "peildatum": NOW}
    answer = ask({"wachttijden": [row, *WAITS[1:]]}, start="HA", levels=[3])
    assert weeks(answer) == (78, 86, None)
    assert answer.as_dict()["range"][0]["high"] is None


def test_a_total_is_never_added_to_its_parts(ask: Callable[..., RouteAnswer]) -> None:
    total = {"op": "A3", "soort": "totaal", "waarde": "60 weken", "peildatum": NOW}
    assert weeks(ask({"wachttijden": [*WAITS, total]}, start="HA", levels=[3]))[1] == 78
    # only the total known: until the appointment anything from 0 to 60, expected half
    assert weeks(ask({"wachttijden": [*WAITS[:3], total]}, start="HA", levels=[3])) == (30, 60, 90)
    # until the start it is the total itself
    assert weeks(ask({"wachttijden": [*WAITS[:3], total]}, start="HA", levels=[3], until="start"))[1] == 90


def test_until_start_adds_both_parts_at_the_end_only(ask: Callable[..., RouteAnswer]) -> None:
    more = [{"op": "A3", "soort": "behandelwachttijd", "waarde": "6 weken", "peildatum": NOW}]
    more.append({"op": "SOJ", "soort": "behandelwachttijd", "waarde": "9 weken", "peildatum": NOW})
    assert weeks(ask({"wachttijden": [*WAITS, *more]}, start="HA", levels=[3], until="start")) == (76, 84, 92)
    # the second part unknown and no total: unknown is added
    assert weeks(ask(start="HA", levels=[3], until="start")) == (72, 92, 112)


def test_only_the_end_uses_the_waits_of_offerings(ask: Callable[..., RouteAnswer]) -> None:
    offer = {"id": "A2", "partner": "SOJ", "naam": "Gesprekken", "niveau": 2, "toegang": "verwijzing"}
    waits = [*WAITS, {"op": "A2", "soort": "aanmeldwachttijd", "waarde": "3 weken", "peildatum": NOW}]
    tables = {"aanbod": [*AANBOD, offer], "wachttijden": waits}
    assert weeks(ask(tables, start="HA", levels=[2]))[1] == 3
    assert weeks(ask(tables, start="HA", levels=[3]))[1] == 78
    # unless the route points to the offering
    pointed = [{**ROUTES[0], "naar": "A2"}, *ROUTES[1:]]
    assert weeks(ask({**tables, "routes": pointed}, start="HA", levels=[3]))[1] == 69


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"op": "GGZ", "waarde": "1 week"}, 78),  # the offering before the partner
        ({"op": "R3", "waarde": "2 weken"}, 32),  # the route before the offering
        (
            {"op": "A3", "waarde": "5 weken", "themas": "angst en somberheid", "peildatum": "2026-01-01"},
            35,
        ),  # a theme before none, also when older
        ({"op": "A3", "waarde": "5 weken", "leeftijd_van": 12, "peildatum": "2026-01-01"}, 35),
        ({"op": "A3", "waarde": "5 weken", "leeftijd_van": 16}, 78),  # not for this age
        ({"op": "A3", "waarde": "5 weken", "gemeenten": "Barneveld"}, 78),  # not for this municipality
        ({"op": "A3", "waarde": "5 weken", "peildatum": "2026-05-20"}, 35),  # the latest
        ({"op": "A3", "waarde": "5 weken", "peildatum": "2026-04-20"}, 78),
        ({"op": "A3", "waarde": "5 weken", "meetwijze": "uitspraak", "peildatum": "2026-05-20"}, 78),  # never computed with
    ],
)
def test_the_most_specific_current_wait_counts(ask: Callable[..., RouteAnswer], more: dict[str, Any], expected: float) -> None:
    row = {"soort": "aanmeldwachttijd", "peildatum": NOW, **more}
    assert weeks(ask({"wachttijden": [*WAITS, row]}, start="HA", levels=[3]))[1] == expected


def test_two_sources_that_disagree_on_one_day_give_a_range(ask: Callable[..., RouteAnswer]) -> None:
    row = {"op": "SOJ", "soort": "aanmeldwachttijd", "waarde": "4 weken", "peildatum": NOW, "bron": "een ander"}
    # SOJ 4 – 8 – 12 in place of 12
    assert weeks(ask({"wachttijden": [*WAITS, row]}, start="HA", levels=[3])) == (62, 74, 86)


def test_a_statement_stands_beside_and_is_compared_with_its_own_stretch(ask: Callable[..., RouteAnswer]) -> None:
    said = {
        "op": "rol:huisarts > rol:soj > rol:gemeente",
        "soort": "totaal",
        "waarde": "anderhalf jaar",
        "meetwijze": "uitspraak",
        "peildatum": NOW,
    }
    answer = ask({"wachttijden": [*WAITS, said]}, start="HA", levels=[3])
    assert weeks(answer) == (70, 78, 86)
    statement = answer.statements[0]
    assert (statement.text, statement.expected, statement.on) == (
        "anderhalf jaar",
        546,
        ("rol:huisarts", "rol:soj", "rol:gemeente"),
    )
    # 78 weeks said of HA → SOJ → GEM, where 12 + 10 = 22 were computed: outside, though inside the whole way's range
    assert statement.outside is True
    assert ask({"wachttijden": [*WAITS, {**said, "waarde": "22 weken"}]}, start="HA", levels=[3]).statements[0].outside is False
    assert ask({"wachttijden": [*WAITS, said]}, start="rol:gezin", levels=[3]).statements == ()


def test_a_role_route_serves_every_holder_and_one_placeholder_where_there_is_none(ask: Callable[..., RouteAnswer]) -> None:
    roles = [
        {"id": "Q1", "van": "rol:huisarts", "naar": "rol:soj", "soort": "verwijzing"},
        {"id": "Q2", "van": "rol:soj", "naar": "rol:gemeente", "soort": "verwijzing"},
    ]
    tables = {"routes": [*roles, ROUTES[2]]}
    answer = ask(tables, start="rol:huisarts", goal="rol:gemeente")
    assert answer.ways[0].path == ("HA", "SOJ", "GEM")
    assert all(leg.hop is not None and leg.hop.derived for leg in answer.ways[0].legs)
    without = [p for p in PARTNERS if p["id"] != "SOJ"]
    answer = ask({"partners": without, **tables, "wachttijden": WAITS[1:]}, start="rol:huisarts", goal="rol:gemeente")
    assert answer.ways[0].path == ("HA", "rol:soj", "GEM")
    assert dict(answer.names)["rol:soj"].endswith("in Ede, niet bij naam bekend")


def test_a_partners_own_route_goes_before_the_one_stated_of_its_role(ask: Callable[..., RouteAnswer]) -> None:
    role = {"id": "Q1", "van": "rol:huisarts", "naar": "rol:soj", "soort": "verwijzing"}
    own = {"id": "R1", "van": "HA", "naar": "SOJ", "soort": "verwijzing", "leeftijd_tot": 12}
    answer = ask({"routes": [role, own, *ROUTES[1:]]}, start="HA", levels=[3])
    assert answer.as_dict()["reason"] == "geen route"  # the practice says: only below 12


def test_a_child_that_turns_18_on_the_way(ask: Callable[..., RouteAnswer]) -> None:
    # 17 years now; after 78 weeks the child is 18,5 and the offering for 0–18 is closed to it
    assert ask(start="HA", levels=[3], age=17 * 12).as_dict()["reason"] == "geen route"
    assert weeks(ask(start="HA", levels=[3], age=17 * 12, static=True))[1] == 78
    # 16 years: 17,5 on arrival
    assert weeks(ask(start="HA", levels=[3], age=16 * 12))[1] == 78
    # another way that is in time is found, though longer in steps and not the fastest for younger children
    faster = [*ROUTES, {"id": "R9", "van": "HA", "naar": "GEM", "soort": "verwijzing", "leeftijd_van": 17}]
    assert weeks(ask({"routes": faster}, start="HA", levels=[3], age=16 * 12 + 6))[1] == 78
    waits = [*WAITS[:3], {"op": "A3", "soort": "aanmeldwachttijd", "waarde": "30 weken", "peildatum": NOW}]
    # 17 years: HA → GEM 10 + 8 + 30 = 48 weeks = 0,92 years: in time at 17,92
    assert weeks(ask({"routes": faster, "wachttijden": waits}, start="HA", levels=[3], age=17 * 12))[1] == 48


def test_quantiles_of_a_sum_by_convolution(ask: Callable[..., RouteAnswer]) -> None:
    import numpy as np

    waits = [
        {"op": "SOJ", "soort": "aanmeldwachttijd", "weken_mediaan": 4, "weken_p90": 12, "peildatum": NOW},
        {"op": "GEM", "soort": "aanmeldwachttijd", "weken_mediaan": 8, "weken_p90": 20, "peildatum": NOW},
    ]
    way = ask({"wachttijden": waits}, start="HA", goal="GEM").ways[0]
    # second method: two million draws of both lognormals (σ = ln(p90/median)/1,2816), seeded
    r = np.random.default_rng(1)
    z = 1.2815515655446004
    draws = sum(28 * m / 4 * np.exp(r.standard_normal(2_000_000) * np.log(p / m) / z) for m, p in ((4, 12), (8, 20)))
    assert way.median == pytest.approx(np.quantile(draws, 0.5), abs=0.6)
    assert way.p90 == pytest.approx(np.quantile(draws, 0.9), abs=0.9)
    # the mean is the sum of the means, not of the medians: 28·exp(σ²/2) + 56·exp(σ²/2)
    assert way.expected == pytest.approx(draws.mean(), rel=0.002)
    assert way.expected > (4 + 8) * 7


def test_without_age_or_theme_the_spread_tells_how_others_differ(ask: Callable[..., RouteAnswer]) -> None:
    answer = ask(start="HA", age=None, theme=None)
    found = answer.as_dict()["spread"]
    assert {s["level"] for s in found} == {0, 1, 2, 3}
    level0 = [s for s in found if s["level"] == 0 and s["theme"] == "algemeen"]
    assert [(s["age_from"], s["age_until"], s["reason"]) for s in level0] == [(0, 12, "geen aanbod"), (12, 23, None)]
    level3 = {s["theme"]: s for s in found if s["level"] == 3 and s["age_from"] == 0}
    assert level3["angst-en-somberheid"]["weeks"] == {"low": 70, "expected": 78, "high": 86}
    assert level3["algemeen"]["reason"] == "geen aanbod"
    assert ask(start="HA").spread is None


def test_alternatives_in_order_and_by_way_of(ask: Callable[..., RouteAnswer]) -> None:
    more = [*ROUTES, {"id": "R9", "van": "HA", "naar": "GEM", "soort": "verwijzing"}]
    answer = ask({"routes": more}, start="HA", levels=[3], alternatives=3)
    assert [w.path for w in answer.ways] == [("HA", "GEM", "GGZ"), ("HA", "SOJ", "GEM", "GGZ")]
    assert [w.expected / 7 for w in answer.ways] == [66, 78]
    assert ask({"routes": more}, start="HA", levels=[3], via=["SOJ"]).ways[0].path == ("HA", "SOJ", "GEM", "GGZ")


def test_a_goal_and_a_level_must_both_be_met(ask: Callable[..., RouteAnswer]) -> None:
    assert ask(start="HA", goal="GGZ", levels=[3]).ways[0].offering == "A3"
    assert ask(start="HA", goal="GEM", levels=[3]).as_dict()["reason"] == "geen aanbod"
    way = ask(start="HA", goal="GEM").ways[0]
    assert (way.level, way.expected / 7) == (None, 22)


def test_safety_answers_nothing_lighter_or_heavier(ask: Callable[..., RouteAnswer]) -> None:
    safe = {"id": "VT", "naam": "Veilig Thuis", "rollen": "veiligheid", "gemeenten": "regio"}
    offer = {"id": "AV", "partner": "VT", "naam": "Advies", "niveau": 1, "toegang": "vrij"}
    assert (
        ask({"partners": [*PARTNERS, safe], "aanbod": [*AANBOD, offer]}, start="HA", levels=[1]).as_dict()["reason"]
        == "geen aanbod"
    )


def test_the_order_of_rows_changes_nothing(ask: Callable[..., RouteAnswer]) -> None:
    more = [*ROUTES, {"id": "R9", "van": "HA", "naar": "SOJ", "soort": "verwijzing"}]
    one = ask({"routes": more}, start="HA", alternatives=4).as_dict()
    other = ask({"routes": more[::-1], "partners": PARTNERS[::-1], "aanbod": AANBOD[::-1]}, start="HA", alternatives=4).as_dict()
    assert [r["path"] for r in one["routes"]] == [r["path"] for r in other["routes"]]
