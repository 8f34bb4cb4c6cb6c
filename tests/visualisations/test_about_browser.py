"""The report in a browser: a partner answers in it, and the answer is read back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routekaart.graph.analyses.partner.about import about
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import read
from routekaart.visualisations.about.content import Backdrop, report
from routekaart.visualisations.about.page import render
from routekaart.visualisations.map.page import render as map_page

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
Open = Callable[..., Any]
Put = Callable[..., str]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write a report to a file: ``put(landscape, partner, lang="nl")`` gives its address."""

    def made(landscape: Landscape, partner: str, lang: str = "nl") -> str:
        backdrop = Backdrop(landscape, lang)
        path = tmp_path / "over.html"
        path.write_text(render(report(about(landscape, partner), backdrop), backdrop), "utf-8", newline="\n")
        return path.as_uri()

    return made


def answered(page: Any, **answers: str) -> None:
    """Choose by the title of the part."""
    for title, value in answers.items():
        page.locator(f'fieldset.answer[data-title="{title}"] input[value="{value}"]').first.check()


def saved(page: Any, folder: Path | None = None) -> tuple[str, list[list[str]]]:
    with page.expect_download() as waiting:
        page.click("#make")
    file = waiting.value
    written = Path(file.path()).read_bytes().decode("utf-8")
    assert written.startswith("\ufeff")
    if folder is not None:
        (folder / file.suggested_filename).write_bytes(written.encode())
    return file.suggested_filename, list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))


def test_an_answer_is_made_in_the_page_and_read_back(opened: Open, put: Put, region: Landscape, tmp_path: Path) -> None:
    page = opened().at(put(region, "P05"))
    assert page.inner_text("#progress").startswith("0 van de ")
    answered(page, **{"Gezinscoaching": "nee", "Aanmeldwachttijd": "weet niet", "Jeugdhulp De Brug": "ja"})
    note = page.locator('fieldset.answer[data-title="Gezinscoaching"] textarea')
    assert note.is_visible()
    note.fill('Heet nu "Samen sterk"')
    assert page.inner_text("#progress").startswith("3 van de ")
    page.fill("#words", "Wij zijn dichtbij.\nBel gerust; wij helpen, ook 's avonds.")
    page.fill("#date", "2026-04-20")
    page.fill("#function", "teamleider")
    data = tmp_path / "data"
    data.mkdir()
    name, rows = saved(page, data)
    assert name == "bevestigingen-P05.csv"
    assert rows[0] == ["partner", "klopt", "bevestigd_op", "bevestigd_door", "reactie"]
    (row,) = rows[1:]
    assert row[:4] == ["P05", "nee", "2026-04-20", "teamleider"]
    said = row[4].split("\n")
    assert said[:2] == ["Wij zijn dichtbij.", "Bel gerust; wij helpen, ook 's avonds."]
    assert 'Klopt niet: Gezinscoaching (O4): Heet nu "Samen sterk"' in said
    assert any(s.startswith("Weet niet: Aanmeldwachttijd (waits.csv, rij ") for s in said)
    assert said[-1].startswith("Klopt: 1 van de ")
    assert "bevestigingen-P05.csv is gemaakt" in page.inner_text("#made-text")
    assert page.evaluate("document.activeElement.id") == "made-text"
    # and back: the file among the data
    (data / "partners.csv").write_text("id,naam\nP05,Jeugdhulp De Brug\n", "utf-8")
    reading = read(data)
    assert [f for f in reading.findings if f.severity == "fout"] == []
    assert reading.landscape["partners"]["response"].to_list() == [row[4]]
    assert reading.landscape["confirmations"].select("partner", "correct", "confirmed_on", "confirmed_by").rows() == [
        ("P05", False, "2026-04-20", "teamleider")
    ]


def test_all_right_is_a_yes_and_one_open_part_is_not(opened: Open, put: Put, region: Landscape) -> None:
    page = opened().at(put(region, "P07"))
    page.fill("#date", "2026-04-20")
    page.fill("#function", "=coördinator")
    page.locator('fieldset.answer input[value="ja"]').first.check()
    assert saved(page)[1][1][1] == ""
    page.click("#all")
    _, rows = saved(page)
    assert rows[1][1] == "ja"
    assert rows[1][3] == "Reactie: =coördinator"  # no formula in a spreadsheet


def test_what_is_missing_is_said_and_focused(opened: Open, put: Put, region: Landscape) -> None:
    page = opened().at(put(region, "P05"))
    page.click("#make")
    assert "minstens één onderdeel" in page.inner_text("#live")
    page.fill("#words", "=HYPERLINK(1)")
    page.click("#make")
    assert page.evaluate("document.activeElement.id") == "function"
    assert page.inner_text("#lacks") == "Vul uw functie in, bijvoorbeeld teamleider."
    assert page.get_attribute("#function", "aria-invalid") == "true"
    page.fill("#function", "teamleider")
    page.fill("#date", "")
    page.click("#make")
    assert page.evaluate("document.activeElement.id") == "date"
    page.fill("#date", "2026-04-20")
    assert saved(page)[1][1][4] == "Reactie: =HYPERLINK(1)"
    assert page.get_attribute("#function", "aria-invalid") is None


def test_by_keyboard_alone(opened: Open, put: Put, region: Landscape) -> None:
    page = opened().at(put(region, "P05"))
    page.locator("fieldset.answer input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")  # klopt → klopt niet
    first = page.locator("fieldset.answer").first
    assert first.locator("input:checked").get_attribute("value") == "nee"
    page.keyboard.press("Tab")
    page.keyboard.type("Anders.")
    assert first.locator("textarea").input_value() == "Anders."


def test_without_scripts_it_is_a_form_for_paper(opened: Open, put: Put, region: Landscape) -> None:
    page = opened(scripts=False).page
    page.goto(put(region, "P05"))
    assert page.is_visible("text=8 tot 12 weken, naar verwachting 10 weken")
    assert page.is_visible("text=Ingevuld op papier?")
    assert not page.is_visible("#make")
    assert page.is_visible("text=Sla deze pagina dan eerst op")
    assert page.locator("fieldset.answer input").first.is_visible()


def test_nothing_runs_off_a_narrow_screen(opened: Open, put: Put, region: Landscape, hostile: Landscape) -> None:
    for landscape, partner in ((region, "P05"), (region, "P06"), (hostile, hostile["partners"]["id"][4])):
        page = opened(width=320, height=700).at(put(landscape, partner))
        page.click("#all")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_print(opened: Open, put: Put, region: Landscape) -> None:
    page = opened(width=1000, dark=True).at(put(region, "P05"))
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert not page.is_visible("#make")
    assert not page.is_visible("#print")
    assert page.locator(".correction").first.is_visible()  # a line to write on
    assert page.locator(".block .open").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 29, 33)"
    # a block stays on one page, but for long tables and the first one (else page 1 is half empty)
    kept = "[...document.querySelectorAll('.part:not(.part-who) .block:not(:has(.scroll))')]"
    assert page.evaluate(kept + ".length") > 3
    assert page.evaluate(kept + ".every(b => getComputedStyle(b).breakInside === 'avoid')")
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_hostile_data_runs_nothing_and_comes_back_as_it_was(opened: Open, put: Put, hostile: Landscape) -> None:
    for partner in [hostile["partners"]["id"][n] for n in (1, 5)]:
        page = opened().at(put(hostile, partner))
        page.click("#all")
        page.fill("#function", "teamleider")
        _, rows = saved(page)
        assert rows[1][0] == partner.replace("\r\n", "\n")
        assert page.evaluate("document.querySelectorAll('img, svg, iframe, object, embed').length") == 0
        assert page.evaluate("typeof boom") == "undefined"


@pytest.mark.parametrize(
    ("width", "dark", "lang"), [(1440, False, "nl"), (1440, True, "nl"), (390, False, "en")], ids=["light", "dark", "narrow-en"]
)
def test_accessible_in_every_state(opened: Open, put: Put, region: Landscape, width: int, dark: bool, lang: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="THE REPORT'S AXE TESTS DO NOT RUN: no axe").Axe()
    broken = {}
    # P05 in every state of the form; P02 and P06 have lines, agreements and figures
    wanted = (
        {"P05": ("lacking", "answered", "made")} if width > 1000 else {"P05": ("made",), "P02": ("opened",), "P06": ("opened",)}
    )
    states = {"opened": None, "lacking": "#make", "answered": "#all", "made": "#make"}
    for partner, looked_at in wanted.items():
        page = opened(width=width, dark=dark).at(put(region, partner, lang))
        for state, press in states.items():
            if press:
                page.click(press)
            if state == "answered":
                page.locator('fieldset.answer input[value="nee"]').first.check()
                page.fill("#function", "teamleider")
            if state not in looked_at:
                continue
            found = axe.run(page, options={"runOnly": LEVELS, "resultTypes": ["violations"]}).response["violations"]
            if found:
                broken[f"{partner} {state}"] = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found]
    assert broken == {}, json.dumps(broken, indent=1)


def test_on_the_map_the_response_stands_beside_every_figure(opened: Open, tables: Any, made: Any, tmp_path: Path) -> None:
    rows = tables()
    rows["partners"][5]["response"] = "Wij groeien mee."  # P06, with offering O5 and as the end of route R4
    path = tmp_path / "kaart.html"
    path.write_text(map_page(made(rows), municipality="GM0228"), "utf-8", newline="\n")
    page = opened().at(path.as_uri())
    card = page.locator(".offer", has_text="Behandeling angst")
    assert "verouderd: 18 weken" in card.inner_text()
    card.locator("summary").click()
    assert "“Wij groeien mee.”" in card.inner_text()
    for shown in ("P06", "aanbod%3AO5", "route%3AR4"):
        page = opened().at(path.as_uri() + f"#toon={shown}")
        assert "“Wij groeien mee.”" in page.inner_text("#details"), shown
    # nothing is folded open beside a partner that did not respond
    assert page.locator(".offer", has_text="Gezinscoaching").locator("summary").count() == 0
