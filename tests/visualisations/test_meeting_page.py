"""The view Overleg in a browser: answers, persons that are no owners, the file, casussen, and hostile texts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routekaart.graph.landscape import Landscape
from routekaart.loaders.privacy.persons import Care, names_a_person
from routekaart.visualisations.map.page import render, write
from routekaart.visualisations.meeting.sheets import LINES

EDE, BARNEVELD = "GM0228", "GM0203"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
Open = Callable[..., Any]
Made = Callable[[dict[str, list[dict[str, Any]]]], Landscape]


def region_with_cases(tables: Callable[[], dict[str, list[dict[str, Any]]]]) -> dict[str, list[dict[str, Any]]]:
    rows = tables()
    rows["agreements"] = [
        {"id": "A1", "partners": ["P02", "P03"], "municipalities": [EDE], "kind": "overleg", "what": "Samen; \"praten\"\nen eten", "owner": "teamleider", "status": "afgesproken", "evaluate_on": "2026-04"},
        {"id": "=A2", "partners": ["P02", "P05"], "municipalities": ["regio"], "kind": "route", "what": "=1+1", "status": "voorstel"},
    ]  # fmt: skip
    rows["cases"] = [
        {"id": "C1", "title": "Druk op school", "story": "Een kind zit niet stil.", "municipality": EDE, "entry": "rol:huisarts", "age": 96, "theme": "opvoeden"},
        {"id": "C2", "title": "Nieuw in het dorp", "story": "Een gezin verhuist.", "municipality": BARNEVELD, "entry": "rol:school"},
    ]  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def place(tables: Any, made: Made, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("overleg")
    for lang in ("nl", "en"):
        write(render(made(region_with_cases(tables)), municipality=EDE, lang=lang, edition="coalitie"), folder / f"{lang}.html")
    return folder.as_uri()


def saved(page: Any) -> list[dict[str, str]]:
    """The rows of the file that is saved; it begins with a mark of order, ends its lines as spreadsheets do."""
    with page.expect_download() as download:
        page.click("#meeting-save")
    data = Path(download.value.path()).read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid;partners;gemeenten;soort;wat;")
    assert data.endswith(b"\r\n")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def add_own(page: Any, what: str, partner: str = "P02", owner: str = "", remark: str = "") -> None:
    form = page.locator("#view-meeting fieldset.card")
    form.locator("textarea").first.fill(what)
    form.locator("select[multiple]").select_option([partner])
    form.locator("input[type=text]").fill(owner)
    form.locator("textarea").last.fill(remark)
    form.get_by_role("button", name="Voeg toe").click()


# --- opening ------------------------------------------------------------------------------------------------------
def test_it_opens_on_what_became_of_agreements(opened: Open, place: str) -> None:
    page = opened().at(f"{place}/nl.html")
    page.click("#tab-meeting")
    assert page.url.endswith("beeld=overleg")
    heads = page.locator(".meeting-head:visible").all_inner_texts()
    assert heads == [
        "Wat er van eerdere afspraken werd",
        "Voorstellen om te bespreken",
        "Casussen om samen over te praten",
        "Opslaan",
    ]
    due = page.locator("article.due").inner_text()
    assert "april 2026: nu aan de beurt" in due
    assert "Wat is afgesproken, is nu niet geregistreerd." in due
    # each proposal can be answered, and an agreement of one's own added
    cards = page.locator("#meeting-work article:has(fieldset)")
    assert cards.count() == len([p for p in page.evaluate("rk.data.meeting.proposals") if p[0] == 1])  # Ede is second by name
    assert page.locator("#view-meeting fieldset.card").count() == 1


def test_without_scripts_everything_stands_in_tables(opened: Open, place: str) -> None:
    page = opened(scripts=False).page
    page.goto(f"{place}/nl.html")
    assert page.locator("#rows-meeting-agreements").is_visible()
    rows = page.locator("#rows-meeting-proposals tbody tr")
    assert rows.count() == len(rows.locator("th").all_inner_texts()) > 2
    assert page.locator(".case").count() == 2
    assert not page.locator("#meeting-work").is_visible()
    assert not page.locator(".case-print").first.is_visible()


# --- answers --------------------------------------------------------------------------------------------------------
def test_answers_stay_while_another_municipality_is_looked_at(opened: Open, place: str) -> None:
    page = opened().at(f"{place}/nl.html#gemeente={EDE}&beeld=overleg")
    first = page.locator("#meeting-work article:has(fieldset)").first
    first.locator("input[value=later]").check()
    first.locator("textarea").fill("na de zomer")
    page.select_option("#municipality", BARNEVELD)
    assert page.locator("input[value=later]:checked").count() == 0
    assert page.locator(".case:visible h4").all_inner_texts() == ["Nieuw in het dorp"]
    page.select_option("#municipality", EDE)
    assert first.locator("textarea").input_value() == "na de zomer"
    (row,) = [r for r in saved(page) if r["id"].startswith("overleg-")]
    assert (row["status"], row["opmerking"], row["gemeenten"], row["eigenaar"]) == ("voorstel", "na de zomer", EDE, "")


def test_leaving_warns_only_while_something_is_unsaved(opened: Open, place: str) -> None:
    page = opened().at(f"{place}/nl.html#gemeente={EDE}&beeld=overleg")
    held = "!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert page.evaluate(held) is False
    page.locator("input[value=no]").first.check()
    assert page.evaluate(held) is True
    saved(page)
    assert page.evaluate(held) is False
    page.locator("input[value=yes]").first.check()
    assert page.evaluate(held) is True
    page.locator("#meeting-work article:has(fieldset)").first.get_by_label("nog niet besproken").check()
    assert page.evaluate(held) is False
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_looking_back_changes_that_agreement_alone(opened: Open, place: str) -> None:
    page = opened().at(f"{place}/nl.html#gemeente={EDE}&beeld=overleg")
    due = page.locator("article.due")
    due.locator("summary").click()
    due.locator("select").select_option("gestopt")
    page.get_by_label("Datum van dit overleg").fill("2026-05-06")
    other, one = saved(page)  # by id
    # quotes, a semicolon and a new line come through; only what was filled in differs
    assert (one["id"], one["wat"]) == ("A1", 'Samen; "praten"\nen eten')
    assert (one["status"], one["evalueren_op"], one["geverifieerd_op"]) == ("gestopt", "2026-04", "2026-05-06")
    # an id stays what it is; a text that a spreadsheet would compute does not
    assert (other["id"], other["partners"], other["wat"], other["status"]) == ("=A2", "P02; P05", "'=1+1", "voorstel")
    assert "Nieuw: 0, gewijzigd: 1, ongewijzigd: 1." in page.inner_text(".meeting-status")


@pytest.mark.parametrize(
    "text", ["=cmd|'/c calc'!A1", "+31", "-1", "@SUM(A1)", '"; drop; "', "a\nb;c", "<img src=x onerror=boom()>"]
)
def test_any_text_of_ones_own_comes_back_and_is_no_formula(opened: Open, place: str, text: str) -> None:
    page = opened().at(f"{place}/nl.html#gemeente={EDE}&beeld=overleg")
    add_own(page, text, remark=text)
    (row,) = [r for r in saved(page) if r["id"].startswith("overleg-")]
    for cell in (row["wat"], row["opmerking"]):
        assert cell.removeprefix("'") == text
        assert cell[0] not in "=+-@\t\r"
    assert (row["soort"], row["status"], row["partners"], row["bron"]) == ("aanspreekpunt", "afgesproken", "P02", "overleg Ede")


def test_own_agreements_get_ids_that_are_stable_and_told_apart(opened: Open, place: str) -> None:
    def ids() -> list[str]:
        page = opened().at(f"{place}/nl.html#gemeente={EDE}&beeld=overleg")
        for what in ("Samen eten", "Samen eten", "Samen fietsen"):
            add_own(page, what)
        add_own(page, "Toch niet")
        page.get_by_role("button", name="Haal weg: Toch niet").click()
        return [r["id"] for r in saved(page) if r["id"].startswith("overleg-")]

    first = ids()
    assert len(set(first)) == len(first) == 3
    assert ids() == first


def test_an_agreement_of_nothing_or_nobody_is_not_added(opened: Open, place: str) -> None:
    page = opened().at(f"{place}/nl.html#gemeente={EDE}&beeld=overleg")
    page.get_by_role("button", name="Voeg toe").click()
    assert page.locator("#view-meeting fieldset.card .wrong:visible").all_inner_texts() == [
        "Schrijf op wat u afspreekt.",
        "Kies ten minste één partner.",
    ]
    assert page.locator("ul.own li").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"


def test_what_was_answered_before_is_told_and_changed_not_doubled(opened: Open, tables: Any, made: Made, tmp_path: Path) -> None:
    def page_of(agreements: list[dict[str, Any]]) -> Any:
        rows = {**region_with_cases(tables), "agreements": agreements}
        write(render(made(rows), municipality=EDE, edition="coalitie"), tmp_path / "kaart.html")
        return opened().at(f"{(tmp_path / 'kaart.html').as_uri()}#gemeente={EDE}&beeld=overleg")

    other = {"id": "A1", "partners": ["P02", "P03"], "municipalities": [EDE], "kind": "overleg", "status": "loopt"}
    page = page_of([other])
    page.locator("#meeting-work article:has(fieldset)").first.locator("input[value=later]").check()
    (row,) = [r for r in saved(page) if r["id"].startswith("overleg-")]
    again = {
        "id": row["id"],
        "partners": row["partners"].split("; "),
        "municipalities": [EDE],
        "kind": row["soort"],
        "what": row["wat"],
        "status": row["status"],
        "owner": "teamleider",
    }
    page = page_of([other, again])
    card = page.locator("#meeting-work article:has(fieldset)").first
    assert "Eerder besproken: voorstel; eigenaar: teamleider; terugkijken: onbekend." in card.inner_text()
    card.locator("input[value=yes]").check()
    found = {r["id"]: r for r in saved(page)}
    assert set(found) == {"A1", row["id"]}
    # what is not filled in now stays as it was
    assert (found[row["id"]]["status"], found[row["id"]]["eigenaar"]) == ("afgesproken", "teamleider")


# --- persons ----------------------------------------------------------------------------------------------------------
PERSONS = [
    "Fatima",
    "Fatima El Amrani",
    "Jan en Piet",
    "Piet (wijkteam)",
    "De Vries",
    "J. de Vries",
    "mw. Jansen",
    "dr. A. Bakker",
    "coördinator: Mohamed Yılmaz",
    "Anna Maria de Boer",
]
FUNCTIONS = [
    "coördinator SOJ",
    "teamleider toegang jeugd",
    "praktijkmanager Huisartsenpraktijk Jansen",
    "wijkteam Ede-Oost",
    "Gemeente Ede, toegang",
    "POH jeugd",
    "teammanager JGZ",
    "Pieter Baan Centrum",
    "bestuurder",
    "de jeugdarts van het team",
    "",
]


@pytest.mark.parametrize("care", [Care.CONTACT, Care.REMARK])
def test_the_page_takes_for_a_person_whom_the_loaders_take_for_one(opened: Open, place: str, care: Care) -> None:
    page = opened().at(f"{place}/nl.html")
    texts = [*PERSONS, *FUNCTIONS, "Afgesproken met Fatima El Amrani op maandag", "Bellen met de SOJ: elke maandag om 9 uur"]
    strict = care is Care.CONTACT
    said = page.evaluate("([texts, strict]) => texts.map((text) => rk.isPerson(text, strict))", [texts, strict])
    assert dict(zip(texts, said, strict=True)) == {text: names_a_person(text, care) for text in texts}
    if strict:
        assert said[: len(PERSONS)] == [True] * len(PERSONS)
        assert said[len(PERSONS) : len(PERSONS) + len(FUNCTIONS)] == [False] * len(FUNCTIONS)


@pytest.mark.parametrize(
    "text",
    [
        "jan@example.org",
        "06-12345678",
        "bel 0318 123456",
        "111222333",
        "NL91ABNA0417164300",
        "geboren op 3 mei 2012",
        "Dorpsstraat 12",
    ],
)
def test_mail_telephone_and_numbers_are_no_function(opened: Open, place: str, text: str) -> None:
    page = opened().at(f"{place}/nl.html")
    assert page.evaluate("(text) => rk.isPerson(text, true)", text) is True


def test_nothing_is_saved_while_a_person_stands_in_it(opened: Open, place: str) -> None:
    page = opened().at(f"{place}/nl.html#gemeente={EDE}&beeld=overleg")
    card = page.locator("#meeting-work article:has(fieldset)").first
    card.locator("input[value=yes]").check()
    card.locator("input[type=text]").fill("Fatima El Amrani")
    page.select_option("#municipality", BARNEVELD)
    made = []
    page.on("download", lambda download: made.append(download))
    page.click("#meeting-save")
    # it goes back to where the field is, and says what is wrong there
    assert page.input_value("#municipality") == EDE
    assert page.evaluate("document.activeElement.value") == "Fatima El Amrani"
    assert "Schrijf een functie, geen persoon." in card.inner_text()
    assert page.inner_text(".meeting-status").startswith("Nog niet opgeslagen.")
    assert made == []
    card.locator("input[type=text]").fill("teamleider")
    assert any(r["eigenaar"] == "teamleider" for r in saved(page) if r["id"].startswith("overleg-"))


# --- casussen ----------------------------------------------------------------------------------------------------------
def test_a_casus_opens_the_map_and_the_routes_where_it_matters(opened: Open, place: str) -> None:
    page = opened().at(f"{place}/nl.html#gemeente={EDE}&beeld=overleg")
    page.get_by_role("button", name="Bekijk de routes (Druk op school)").click()
    state = page.evaluate("rk.state")
    assert (state["beeld"], state["van"], state["leeftijd"], state["thema"]) == ("route", "rol:huisarts", "8", "opvoeden")
    page.go_back()
    page.get_by_role("button", name="Open de kaart hier (Druk op school)").click()
    state = page.evaluate("rk.state")
    assert (state["gemeente"], state["beeld"], state["toon"]) == (EDE, "kaart", "rol:huisarts")
    assert page.is_visible("#view-map")


def test_a_casus_prints_as_a_sheet_for_a_group(opened: Open, place: str) -> None:
    page = opened().at(f"{place}/nl.html#gemeente={EDE}&beeld=overleg")
    page.evaluate("void (window.print = () => { window.printed = 1; })")
    page.get_by_role("button", name="Druk dit groepsblad af (Druk op school)").click()
    assert page.evaluate("window.printed") == 1
    page.emulate_media(media="print")
    text = page.inner_text("body")
    for said in (
        "Druk op school",
        "Een kind zit niet stil.",
        "Wie doet wat",
        "Lichte steun dichtbij",
        "Wat spreken we af?",
        "Veilig Thuis",
    ):
        assert said in text
    for other in ("Voorstellen om te bespreken", "Nieuw in het dorp", "Druk dit groepsblad af", "Afspraken opslaan"):
        assert other not in text
    assert page.locator("[id$=-agree] tbody tr:visible").count() == LINES
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#meeting-save").is_visible()
    assert page.evaluate("document.documentElement.className").split() == ["js"]


# --- everybody, and nobody's script ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("width", "dark", "lang"), [(1280, False, "en"), (320, False, "nl"), (1280, True, "nl")])
def test_everybody_can_use_every_state(opened: Open, place: str, width: int, dark: bool, lang: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="THE MAP'S AXE TESTS DO NOT RUN: no axe").Axe()
    page = opened(width=width, dark=dark).at(f"{place}/{lang}.html#gemeente={EDE}&beeld=overleg")
    page.evaluate("document.querySelectorAll('#view-meeting details').forEach((d) => (d.open = true))")
    for card in page.locator("#meeting-work article:has(fieldset)").all():
        card.locator("input[value=yes]").check()
        card.locator("input[type=text]").fill("Fatima El Amrani")
    form = page.locator("#view-meeting fieldset.card")
    form.locator("button").click()
    form.locator("textarea").first.fill("Samen eten")
    form.locator("select[multiple]").select_option(["P02"])
    form.locator("button").click()
    assert page.locator("ul.own li").count() == 1
    assert page.locator(".wrong:visible").count() > 0
    found = axe.run(page, options={"runOnly": LEVELS, "resultTypes": ["violations"]}).response["violations"]
    assert found == [], json.dumps([(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found], indent=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_proposal_is_answered_by_keyboard_alone(opened: Open, place: str) -> None:
    page = opened().at(f"{place}/nl.html#gemeente={EDE}&beeld=overleg")
    page.locator("#meeting-work article:has(fieldset) input[type=radio]").first.focus()
    page.keyboard.press("ArrowRight")  # nog niet besproken → akkoord
    page.keyboard.press("Tab")
    page.keyboard.type("teamleider")
    assert page.inner_text(".meeting-status") == "Nog niet opgeslagen: 1."
    page.focus("#meeting-save")
    with page.expect_download():
        page.keyboard.press("Enter")


def test_hostile_texts_stay_texts(opened: Open, hostile: Landscape, tmp_path: Path) -> None:
    import polars as pl

    attack = hostile["agreements"]["what"][0]
    case = {
        "id": attack,
        "title": attack,
        "story": attack,
        "municipality": EDE,
        "entry": "rol:huisarts",
        "age": 96,
        "theme": attack,
    }
    landscape = hostile.replaced(
        cases=pl.DataFrame([case], schema=hostile["cases"].schema),
        agreements=hostile["agreements"].with_columns(municipalities=pl.lit([EDE])),
    )
    write(render(landscape, municipality=EDE, edition="coalitie"), tmp_path / "kaart.html")
    page = opened().at(f"{(tmp_path / 'kaart.html').as_uri()}#gemeente={EDE}&beeld=overleg")
    page.evaluate("void (window.boom = () => { document.title = 'boom'; })")
    page.evaluate("document.querySelectorAll('#view-meeting details').forEach((d) => (d.open = true))")
    assert attack.strip() in page.locator("#meeting-work article h5").first.evaluate("(node) => node.textContent")
    assert page.locator(".case h4").first.evaluate("(node) => node.textContent") == attack
    assert page.locator("#view-meeting :is(img, svg, script, iframe)").count() == 0
    page.locator("input[value=yes]").first.check()
    rows = saved(page)
    assert rows[0]["wat"].removeprefix("'") == attack
    assert page.title() != "boom"
