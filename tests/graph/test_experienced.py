"""experienced on small tables: which rows and waits it takes, worked out by hand; and against the tables of an example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from routekaart.graph.analyses.experienced.answer import Experienced
from routekaart.graph.analyses.experienced.experienced import experienced
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading

EDE, BARNEVELD = "GM0228", "GM0203"
Rows = list[dict[str, Any]]
Ask = Callable[..., Experienced]

PARTNERS: Rows = [
    {"id": "A", "naam": "Toegang", "rollen": "gemeente", "gemeenten": "Ede; Barneveld"},
    {"id": "B", "naam": "Brug", "rollen": "jeugdhulp", "gemeenten": "Ede", "reactie": "Wij praten er graag over."},
    {"id": "C", "naam": "anders", "rollen": "jeugd-ggz", "gemeenten": "Barneveld"},
    {"id": "D", "naam": "Zonder uitstroom", "rollen": "welzijn", "gemeenten": ""},
]
#: The two that send back and forth of the tests of the chain, ten times as many.
FLOWS: Rows = [
    {"partner": "A", "naar": "B", "aantal": 300, "jaar": 2025},
    {"partner": "A", "naar": "hulp", "aantal": 700, "jaar": 2025},
    {"partner": "B", "naar": "A", "aantal": 200, "jaar": 2025},
    {"partner": "B", "naar": "uitval", "aantal": 800, "jaar": 2025},
]
WAITS: Rows = [
    {"op": "A", "soort": "aanmeldwachttijd", "waarde": "2 weken", "peildatum": "2026-05"},
    {"op": "B", "soort": "aanmeldwachttijd", "waarde": "8 weken", "peildatum": "2026-05"},
]


@pytest.fixture
def ask(landscape_of: Callable[..., Landscape]) -> Ask:
    """The answer on tables; ``flows`` are added to those that send back and forth."""

    def asked(
        flows: Rows = (),  # type: ignore[assignment]  # nothing more
        *,
        waits: Rows = WAITS,
        all_flows: Rows | None = None,
        partners: Rows = PARTNERS,
        of: tuple[str, ...] = (),
        threshold: int = 10,
        with_outdated: bool = False,
        internal: bool = False,
        **tables: Rows,
    ) -> Experienced:
        toml = f'[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n[instellingen]\ndrempel = {threshold}\n'
        rows = [*FLOWS, *flows] if all_flows is None else all_flows
        landscape = landscape_of(toml=toml, partners=partners, uitstroom=rows, wachttijden=waits, **tables)
        return experienced(landscape, of, with_outdated=with_outdated, internal=internal)

    return asked


def of(found: Experienced, partner: str) -> dict[str, Any]:
    return next(p for p in found.as_dict()["partners"] if p["partner"] == partner)


def flow(partner: str, naar: str, aantal: object, jaar: object = 2025) -> dict[str, Any]:
    return {"partner": partner, "naar": naar, "aantal": aantal, "jaar": jaar}


def wait(op: str, waarde: str, **more: Any) -> dict[str, Any]:
    return {"op": op, "soort": "aanmeldwachttijd", "waarde": waarde, "peildatum": "2026-05", **more}


def weeks(expected: float, low: float | None = None, high: float | None = None) -> Any:
    ends = {"low": expected if low is None else low, "expected": expected, "high": expected if high is None else high}
    return pytest.approx(ends)


# --- the figures -------------------------------------------------------------------------------------------
def test_two_that_send_back_and_forth(ask: Ask) -> None:
    # as in the tests of the chain: N_aa = 1/0.94; τ_a = (2 + 0.3·8)/0.94 weeks; given help (2 + 10·0.06/0.94)
    found = ask()
    a, b = of(found, "A"), of(found, "B")
    assert a["weeks"] == weeks(4.4 / 0.94)
    assert b["weeks"] == weeks(8.4 / 0.94)
    assert a["outcomes"] == pytest.approx({"hulp": 0.7 / 0.94, "uitval": 0.24 / 0.94, "onbekend": 0, "elders": 0, "rondgaan": 0})
    assert sum(b["outcomes"].values()) == pytest.approx(1)
    assert a["visits"] == pytest.approx(1 / 0.94)
    assert b["weeks_given_help"] == weeks(10 + 10 * 0.06 / 0.94)
    assert (a["families"], a["approximate"], a["years"], a["unknown_rows"]) == (1000, False, [2025], 0)
    assert (found.frame.question, found.frame.weighted, found.frame.known_waits) == ("experienced", True, 1)


def test_a_chance_to_come_back_of_few_is_not_shown(ask: Ask) -> None:
    flows = [{**f, "aantal": f["aantal"] // 10} for f in FLOWS]  # 6 of the 100 come back
    assert (of(ask(all_flows=flows), "A")["return_probability"], of(ask(all_flows=flows), "A")["visits"]) == (None, None)
    assert of(ask(all_flows=flows, internal=True), "A")["return_probability"] == pytest.approx(0.06)
    assert of(ask(all_flows=flows, threshold=0), "B")["return_probability"] == pytest.approx(0.06)
    assert of(ask(all_flows=flows, threshold=6), "B")["return_probability"] == pytest.approx(0.06)


def test_partners_stand_by_name_with_their_own_words_and_rows(ask: Ask) -> None:
    found = ask([flow("C", "hulp", 40)])
    assert [p.name for p in found.partners] == ["anders", "Brug", "Toegang"]  # D has no outflow
    b = of(found, "B")
    assert b["response"] == "Wij praten er graag over."
    assert [(s["table"], s["row"]) for s in b["sources"]] == [("outflow", 4), ("outflow", 5), ("waits", 3)]
    rows = found.rows()
    assert [r["partner"] for r in rows] == ["C", "B", "A"]
    assert rows[1]["weeks_expected"] == pytest.approx(8.4 / 0.94)
    assert rows[1]["sources"] == "uitstroom.csv:4, uitstroom.csv:5, wachttijden.csv:3"
    assert found.to_frame().height == 3


def test_a_municipality_chooses_who_is_listed_and_changes_no_figure(ask: Ask) -> None:
    more = [flow("C", "B", 40), flow("D", "hulp", 15)]
    whole, ede = ask(more), ask(more, of=(EDE,))
    assert [p.partner for p in ede.partners] == ["B", "A", "D"]
    assert all(p in whole.partners for p in ede.partners)
    # D does not say for whom it is: the whole region is assumed, and said
    assert [a.key for a in ede.frame.assumptions] == ["unknown_wait", "area"]
    assert [p.partner for p in ask(more, of=(BARNEVELD,)).partners] == ["C", "A", "D"]


# --- which rows -----------------------------------------------------------------------------------------
def test_years_are_added_up_and_said(ask: Ask) -> None:
    # A of both years: 300 of 1500 to B, 1200 to help; B as before
    found = ask([flow("A", "hulp", 500, 2024), flow("B", "uitval", 0, "")])
    assert of(found, "A")["visits"] == pytest.approx(1 / (1 - 0.2 * 0.2))
    assert of(found, "A")["families"] == 1500
    assert of(found, "A")["years"] == [2024, 2025]
    assert (found.ground.years, found.ground.undated) == ((2024, 2025), 1)


def test_a_row_without_a_number_is_unknown_and_not_0(ask: Ask) -> None:
    found = ask([flow("A", "uitval", ""), flow("C", "hulp", ""), flow("B", "C", 1000)])
    a, c = of(found, "A"), of(found, "C")
    # of what is known 300 of 1000 go to B; C is known by no number, so what follows there is not registered
    assert (a["families"], a["unknown_rows"]) == (1000, 1)
    assert of(found, "B")["outcomes"]["elders"] == pytest.approx(0.5 / (1 - 0.3 * 0.1))
    assert (c["families"], c["weeks"], c["outcomes"], c["reason"]) == (None, None, None, "geen aantallen")
    assert "suppressed" not in c
    assert (found.ground.unknown_rows, found.ground.unknown_partners) == (2, ("A", "C"))
    assert found.ground.elsewhere == ("C",)


def test_a_partner_with_zeros_only_has_no_shares(ask: Ask) -> None:
    c = of(ask([flow("C", "hulp", 0)]), "C")
    assert (c["families"], c["outcomes"], c["reason"]) == (0, None, "geen aantallen")


def test_who_goes_where_no_outflow_is_registered_is_elsewhere_and_not_helped(ask: Ask) -> None:
    aanbod = [{"id": "O", "naam": "Groep", "partner": "D", "gemeenten": "Ede"}]
    more = [flow("C", "D", 10), flow("C", "rol:school", 20), flow("C", "aanbod:O", 30), flow("C", "hulp", 40)]
    found = ask(more, aanbod=aanbod, waits=[*WAITS, wait("D", "50 weken"), wait("C", "3 weken")])
    c = of(found, "C")
    assert c["outcomes"] == {"hulp": 0.4, "uitval": 0, "onbekend": 0, "elders": pytest.approx(0.6), "rondgaan": 0}
    assert c["weeks"] == weeks(3)  # what is waited at D is not in it
    assert found.ground.elsewhere == ("D", "aanbod:O", "rol:school")


def test_an_offering_is_its_partner_where_that_has_outflow(ask: Ask) -> None:
    aanbod = [{"id": "O", "naam": "Groep", "partner": "B", "gemeenten": "Ede"}]
    found = ask([flow("C", "aanbod:O", 500)], aanbod=aanbod)
    # all of C go on as B: 0.14/0.94 get help
    assert of(found, "C")["outcomes"]["hulp"] == pytest.approx(0.14 / 0.94)
    assert found.ground.by_offering == ("aanbod:O",)
    assert found.ground.elsewhere == ()


# --- which waits ----------------------------------------------------------------------------------------
def test_unknown_waits_are_an_interval(ask: Ask) -> None:
    # B unknown: 2–26 weeks, 14 expected; N_ab = 0.3/0.94, N_bb = 1/0.94
    found = ask(waits=WAITS[:1])
    assert of(found, "A")["weeks"] == weeks((2 + 0.3 * 14) / 0.94, (2 + 0.3 * 2) / 0.94, (2 + 0.3 * 26) / 0.94)
    assert of(found, "B")["weeks"] == weeks(14.4 / 0.94, 2.4 / 0.94, 26.4 / 0.94)
    assert of(found, "B")["wait"]["assumed"]
    assert found.frame.known_waits == 0.5
    assert [a.key for a in found.frame.assumptions] == ["unknown_wait"]


def test_an_open_end_leaves_every_way_through_it_open(ask: Ask) -> None:
    more = [flow("C", "hulp", 40)]
    found = ask(more, waits=[WAITS[0], wait("B", "> 8 weken"), wait("C", "5 weken")])
    assert of(found, "A")["weeks"] == {
        "low": pytest.approx(4.4 / 0.94),
        "expected": pytest.approx(4.4 / 0.94),
        "high": None,
    }
    assert of(found, "C")["weeks"] == weeks(5)


def test_an_old_wait_counts_when_asked(ask: Ask) -> None:
    waits = [WAITS[0], wait("B", "8 weken", peildatum="2020-01")]
    assert of(ask(waits=waits), "B")["weeks"] == weeks(14.4 / 0.94, 2.4 / 0.94, 26.4 / 0.94)
    found = ask(waits=waits, with_outdated=True)
    assert of(found, "B")["weeks"] == weeks(8.4 / 0.94)
    assert found.frame.outdated_waits == 0.5


def test_a_wait_of_the_role_holds_for_who_says_nothing(ask: Ask) -> None:
    b = of(ask(waits=[WAITS[0], wait("rol:jeugdhulp", "8 weken")]), "B")
    assert b["weeks"] == weeks(8.4 / 0.94)
    assert b["wait"]["derived"]


def test_waits_that_differ_by_municipality_are_a_range(ask: Ask) -> None:
    waits = [wait("A", "1 weken", gemeenten="Ede"), wait("A", "5 weken", gemeenten="Barneveld"), WAITS[1]]
    found = ask(waits=waits)
    assert of(found, "A")["weeks"] == weeks((3 + 2.4) / 0.94, (1 + 2.4) / 0.94, (5 + 2.4) / 0.94)
    assert [s["row"] for s in of(found, "A")["sources"] if s["table"] == "waits"] == [3, 2]  # Barneveld, Ede
    assert found.ground.partly_closed == ()


def test_a_stop_has_no_weeks_and_the_outcomes_stand(ask: Ask) -> None:
    more = [flow("C", "hulp", 40), flow("D", "C", 40), flow("D", "B", 10)]
    found = ask(more, waits=[WAITS[0], wait("B", "aanmeldstop"), wait("C", "5 weken"), wait("D", "1 week")])
    a, d = of(found, "A"), of(found, "D")
    assert (a["weeks"], a["reason"], a["weeks_given_help"], a["reason_given_help"]) == (None, "aanmeldstop", None, "aanmeldstop")
    assert a["outcomes"]["hulp"] == pytest.approx(0.7 / 0.94)
    assert (of(found, "C")["weeks"], of(found, "C")["reason"]) == (weeks(5), None)
    assert (d["weeks"], d["reason"]) == (None, "aanmeldstop")
    assert of(found, "B")["wait"]["closed"]


def test_a_stop_that_is_not_on_a_way_to_help_bars_no_weeks_to_help(ask: Ask) -> None:
    flows = [flow("A", "B", 30), flow("A", "hulp", 70), flow("B", "uitval", 80)]
    a = of(ask(all_flows=flows, waits=[WAITS[0], wait("B", "aanmeldstop")]), "A")
    assert (a["weeks"], a["reason"]) == (None, "aanmeldstop")
    assert (a["weeks_given_help"], a["reason_given_help"]) == (weeks(2), None)


def test_a_stop_for_some_municipalities_is_said(ask: Ask) -> None:
    found = ask(waits=[wait("A", "aanmeldstop", gemeenten="Ede"), wait("A", "2 weken", gemeenten="Barneveld"), WAITS[1]])
    assert of(found, "A")["weeks"] == weeks(4.4 / 0.94)
    assert found.ground.partly_closed == ("A",)


# --- what cannot be said -----------------------------------------------------------------------------------
def test_who_never_reaches_help_has_no_weeks_to_help(ask: Ask) -> None:
    c = of(ask([flow("C", "uitval", 30), flow("C", "onbekend", 30)]), "C")
    assert (c["weeks_given_help"], c["reason_given_help"]) == (None, "hulp niet bereikt")
    assert c["outcomes"] == {"hulp": 0, "uitval": 0.5, "onbekend": 0.5, "elders": 0, "rondgaan": 0}


def test_who_may_keep_going_round_has_no_weeks(ask: Ask) -> None:
    flows = [flow("A", "B", 25), flow("A", "hulp", 75), flow("B", "C", 90), flow("C", "B", 90), flow("D", "A", 40)]
    found = ask(all_flows=flows, waits=[*WAITS, wait("C", "3 weken"), wait("D", "1 week")])
    a, b, d = of(found, "A"), of(found, "B"), of(found, "D")
    assert (a["weeks"], a["reason"]) == (None, "blijft rondgaan")
    assert (a["outcomes"]["hulp"], a["outcomes"]["rondgaan"]) == (0.75, 0.25)
    # those who get help never went to B
    assert (a["weeks_given_help"], d["weeks_given_help"]) == (weeks(2), weeks(3))
    assert (a["visits"], a["return_probability"]) == (1, 0)
    assert (b["weeks"], b["visits"], b["return_probability"]) == (None, None, None)
    assert (b["outcomes"]["rondgaan"], b["reason_given_help"]) == (1, "hulp niet bereikt")
    assert (d["outcomes"]["rondgaan"], d["reason"]) == (0.25, "blijft rondgaan")


def test_nothing_registered(ask: Ask, gelderse_vallei: Reading) -> None:
    found = experienced(gelderse_vallei.landscape)
    assert (found.partners, found.frame.weighted, found.as_dict()) == ((), False, {"partners": []})
    assert found.rows() == []
    only = ask(all_flows=[flow("A", "hulp", "")])
    assert [(p.partner, p.reason) for p in only.partners] == [("A", "geen aantallen")]


# --- a second method ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("edition", ["voorbeeldregio", "voorbeeldregio_2025"])
def test_the_example_by_the_inverse_of_its_rows(edition: str, request: pytest.FixtureRequest) -> None:
    """The rows of the table as they are, into the inverse of I − Q; waits as the answer says them."""
    landscape: Landscape = request.getfixturevalue(edition).landscape
    found = experienced(landscape, internal=True)
    told = {p.partner: p for p in found.partners}
    states = sorted(told)
    table = landscape["outflow"].select("partner", "to", "number").rows()
    total = {s: sum(n for p, _, n in table if p == s) for s in states}
    q = np.array([[sum(n for p, to, n in table if (p, to) == (s, t)) / total[s] for t in states] for s in states])
    help_ = np.array([sum(n for p, to, n in table if (p, to) == (s, "uitkomst:hulp")) / total[s] for s in states])
    inverse = np.linalg.inv(np.eye(len(states)) - q)
    assert [told[s].outcomes["hulp"] for s in states] == pytest.approx(inverse @ help_)  # type: ignore[index]  # all shown
    assert [told[s].visits for s in states] == pytest.approx(inverse.diagonal())
    for end in ("low", "expected", "high"):
        h = np.array([getattr(told[s].wait, end) or 0.0 for s in states])
        times = inverse @ h
        days = {s: told[s].days for s in states}
        assert any(days.values())
        assert all(getattr(d, end) == pytest.approx(times[i]) for i, s in enumerate(states) if (d := days[s]))
        assert all(d.low <= d.expected <= d.high for d in days.values() if d and d.high is not None)
