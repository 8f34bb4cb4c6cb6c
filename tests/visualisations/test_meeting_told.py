"""What the view Overleg tells, without a browser: agreements as they are kept, the proposals of advise, casussen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from routekaart.graph.analyses.advising.advice import advice
from routekaart.graph.analyses.advising.past_agreements import past_agreements
from routekaart.graph.analyses.lines.contacts import Contacts
from routekaart.graph.landscape import Landscape
from routekaart.graph.locale import Locale
from routekaart.graph.schema import TABLES
from routekaart.loaders.read import Reading
from routekaart.visualisations.advice.content import told
from routekaart.visualisations.map.page import render
from routekaart.visualisations.material import COALITION, Material
from routekaart.visualisations.meeting.agreements import COLUMNS, was_kept, written
from routekaart.visualisations.meeting.content import Meeting, meeting
from routekaart.visualisations.meeting.sheets import ELSEWHERE
from routekaart.visualisations.wording import Wording

EDE, BARNEVELD, ELZERBROEK = "GM0228", "GM0203", "GM9003"
Made = Callable[[dict[str, list[dict[str, Any]]]], Landscape]
Tables = Callable[[], dict[str, list[dict[str, Any]]]]


def of(landscape: Landscape, *codes: str, lang: str = "nl") -> Meeting:
    return meeting(Material(landscape, Wording(lang), COALITION), codes, codes[0])


@pytest.fixture(scope="module")
def elzerbroek(voorbeeldregio: Reading) -> Meeting:
    return of(voorbeeldregio.landscape, ELZERBROEK)


# --- proposals -------------------------------------------------------------------------------------------------
def test_proposals_are_those_of_advise_in_its_order(elzerbroek: Meeting, voorbeeldregio: Reading) -> None:
    found = advice(voorbeeldregio.landscape, ELZERBROEK)
    partners = voorbeeldregio.landscape["partners"]["id"].to_list()
    expected = [sorted({c.hub.id, *(s.id for s in c.others)}) for c in found.contacts]
    expected += [sorted({r.proposal.start, r.proposal.end} & set(partners)) for r in found.routes]
    assert [p.row[1].split("; ") for p in elzerbroek.proposals] == expected
    assert {p.row[2] for p in elzerbroek.proposals} == {ELZERBROEK}


def test_a_proposal_says_what_the_advice_says(elzerbroek: Meeting, voorbeeldregio: Reading) -> None:
    """Sentences and figures come from the advice told on paper, hidden numbers hidden alike."""
    page = told(voorbeeldregio.landscape, advice(voorbeeldregio.landscape, ELZERBROEK))
    items = [item for s in page.sections if s.key in ("contacts", "routes") for item in s.items]
    by_title = {item.title: [line.text for line in item.lines] for item in items}
    for proposed in elzerbroek.proposals:
        _, _, title, about, origin = proposed.cells
        assert about.split("\n")[: len(by_title[title])] == by_title[title]
        assert re.match(r"[\w-]+\.csv: rij \d", origin)


def test_ids_are_stable_and_told_apart(elzerbroek: Meeting, voorbeeldregio: Reading) -> None:
    ids = [p.row[0] for p in elzerbroek.proposals]
    assert len(set(ids)) == len(ids) == 10  # five contacts, five routes
    assert [p.row[0] for p in of(voorbeeldregio.landscape, ELZERBROEK, lang="en").proposals] == ids
    assert not set(ids) & set(voorbeeldregio.landscape["agreements"]["id"])


def test_what_is_agreed_names_no_organisation(elzerbroek: Meeting, voorbeeldregio: Reading) -> None:
    """Practices are called after people: such a name in a description would stay unread at the next build."""
    names = voorbeeldregio.landscape["partners"]["name"].to_list()
    for proposed in elzerbroek.proposals:
        assert not any(name in proposed.row[4] for name in names)


def test_of_a_large_region_only_the_municipality_opened_on_is_worked_out(
    region: Landscape, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = of(region, EDE, BARNEVELD)
    assert both.data["asked"] == [0, 1]
    monkeypatch.setattr("routekaart.visualisations.meeting.content.MOST", 1)
    one = of(region, EDE, BARNEVELD)
    assert one.data["asked"] == [0]
    assert one.proposals == tuple(p for p in both.proposals if p.place == 0)


def test_a_region_without_municipalities_has_a_meeting_about_nothing(made: Made) -> None:
    landscape = made({"partners": [{"id": "P1", "name": "Alleen"}], "region": [{"id": "r", "reference_date": "2026"}]})
    found = of(landscape, "")
    assert (found.agreements, found.proposals, found.data["asked"]) == ((), (), [])
    assert 'id="view-meeting"' in render(landscape, edition=COALITION)


# --- earlier agreements ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "partners", "lines", "routes", "expected"),
    [
        # the fixed contact that was agreed on is registered, is not, is so for two of three
        ("aanspreekpunt", ["P02", "P03"], [("P02", "P03", True, None)], [], "ja"),
        ("aanspreekpunt", ["P02", "P03"], [("P02", "P03", False, "elke week")], [], "nee"),
        ("aanspreekpunt", ["P02", "P03"], [], [], "nee"),
        ("aanspreekpunt", ["P02", "P03", "P05"], [("P03", "P02", True, None)], [], "deels"),
        ("aanspreekpunt", ["P02", "P03", "P05"], [("P03", "P02", True, None), ("P02", "P05", True, None)], [], "ja"),
        ("overleg", ["P02", "P03"], [("P02", "P03", None, "elke week")], [], "ja"),
        ("overleg", ["P02", "P03"], [("P02", "P03", True, "geen")], [], "nee"),
        ("route", ["P02", "P03"], [], [("P02", "P03", "verwijzing")], "ja"),
        ("route", ["P02", "P03"], [("P02", "P03", True, "elke week")], [], "nee"),
        ("afschaling", ["P02", "P03"], [], [("P03", "P02", "afschaling")], "ja"),
        ("afschaling", ["P02", "P03"], [], [("P02", "P03", "verwijzing")], "nee"),
        # bridging may be done without a route, and of one partner no table tells
        ("overbrugging", ["P02", "P03"], [], [("P02", "P03", "overbrugging")], "ja"),
        ("overbrugging", ["P02", "P03"], [], [], "onbekend"),
        ("aanspreekpunt", ["P02"], [], [], "onbekend"),
        (None, ["P02", "P03"], [], [], "onbekend"),
    ],
)
def test_whether_an_agreement_shows_in_the_tables(
    tables: Tables, made: Made, kind: str | None, partners: list[str], lines: list[Any], routes: list[Any], expected: str
) -> None:
    rows = tables()
    rows["lines"] = [{"id": "l0", "from": "P07", "to": "P01"}]
    for n, (start, end, contact, met) in enumerate(lines):
        rows["lines"].append({"id": f"l{n + 1}", "from": start, "to": end, "fixed_contact": contact, "consultation": met})
    rows["routes"] = [{"id": "R0", "from": "P01", "to": "P02", "kind": "verwijzing"}]
    rows["routes"] += [{"id": f"R{n + 1}", "from": a, "to": b, "kind": k} for n, (a, b, k) in enumerate(routes)]
    rows["agreements"] = [{"id": "A1", "partners": partners, "municipalities": [EDE], "kind": kind, "status": "loopt"}]
    landscape = made(rows)
    (kept,) = past_agreements(Locale(landscape, EDE))
    assert was_kept(Contacts(landscape), kept) == expected


def test_when_to_look_back_is_past_or_not_yet_or_unknown(tables: Tables, made: Made) -> None:
    """The made-up region is of 1 May 2026; an agreement that nobody keeps to is not looked back on."""
    rows = tables()
    same = {"partners": ["P02", "P03"], "municipalities": [EDE], "kind": "overleg", "what": "Praten"}
    dates = [
        ("A1", "2026-05-01", "loopt"),
        ("A2", "2026-06", "afgesproken"),
        ("A3", "2027-01-01", "loopt"),
        ("A4", None, "loopt"),
    ]
    dates += [("A5", "2026-04-01", "gestopt"), ("A6", "2026-10-01", "voorstel")]
    rows["agreements"] = [{"id": i, "evaluate_on": date, "status": status, **same} for i, date, status in dates]
    found = {one.id: (one.group, one.cells[5]) for one in of(made(rows), EDE).agreements}
    assert found == {
        "A1": (0, "1 mei 2026: nu aan de beurt"),
        "A2": (1, "juni 2026: binnenkort"),
        "A3": (1, "1 januari 2027: nog niet"),
        "A4": (1, "geen datum geregistreerd"),
        "A5": (2, "niet van toepassing"),
        "A6": (2, "1 oktober 2026"),
    }


def test_every_row_goes_along_as_it_is_written(elzerbroek: Meeting, voorbeeldregio: Reading) -> None:
    agreements = voorbeeldregio.landscape["agreements"]
    assert elzerbroek.data["columns"] == [c.nl for c in TABLES["agreements"].headed]
    assert [row[0] for row in elzerbroek.data["rows"]] == agreements["id"].to_list()  # of the whole region
    assert elzerbroek.data["files"] == "afspraken.csv"
    column = {c.name: c for c in COLUMNS}
    assert written(column["from_weeks"], 4.5) == "4,5"
    assert written(column["from_weeks"], 6.0) == "6"
    assert written(column["from_weeks"], None) == ""
    assert written(column["partners"], ["P1", "P2"]) == "P1; P2"


def test_rows_set_aside_are_not_silently_lost(tables: Tables, made: Made) -> None:
    rows = tables()
    rows["sources"] = [
        {"id": "afspraken.csv", "of_table": "agreements", "rows_quarantined": 2},
        {"id": "lijnen.csv", "of_table": "lines", "rows_quarantined": 5},
    ]
    assert of(made(rows), EDE).data["left_out"] == 2


# --- casussen ----------------------------------------------------------------------------------------------------
def test_a_casus_tells_who_does_what_and_how_long(elzerbroek: Meeting) -> None:
    case = next(c for c in elzerbroek.cases if c.id == "C01")
    assert case.about == "Elzerbroek; 14 jaar; angst en somberheid; begint bij: huisarts"
    heavy = case.ways[-1]
    # 12–16 weeks at the SOJ, 10 at the municipality, 8 for the decision, 44–48 at the ggz: 74, 78 and 82 together
    assert heavy.heading == "Specialistische hulp: naar verwachting 78 weken tot de eerste afspraak (bandbreedte 74 tot 82 weken)"
    assert [step[0].split("\n")[0] for step in heavy.steps] == [
        "SOJ Elzerbroek",
        "Gemeente Elzerbroek, toegang jeugd",
        "Jeugd-ggz Veerhaven",
    ]
    assert case.light[0][0] == "Inloop De Steiger\nJongerenpunt De Steiger"
    assert (case.entry, case.age, case.theme) == ("rol:huisarts", "14", "angst-en-somberheid")


def test_a_casus_of_elsewhere_is_told_without_a_way(elzerbroek: Meeting) -> None:
    assert [c.id for c in elzerbroek.cases] == [f"C{n:02}" for n in range(1, 8)]
    assert all(not c.ways and not c.light and c.place == ELSEWHERE for c in elzerbroek.cases if c.id != "C01")
