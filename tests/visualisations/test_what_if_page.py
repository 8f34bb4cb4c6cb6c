"""The view Wat als in a browser: what it says, by keyboard, for everybody, with hostile names, and not for the public."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from routekaart.graph.landscape import Landscape
from routekaart.visualisations.map.page import render, write

EDE, BARNEVELD = "GM0228", "GM0203"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
Open = Callable[..., Any]
Made = Callable[[dict[str, list[dict[str, Any]]]], Landscape]


# --- the view -----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def place(tables: Any, made: Made, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("watals-zien")
    landscape = made(tables())
    for lang in ("nl", "en"):
        write(render(landscape, municipality=EDE, lang=lang, edition="coalitie"), folder / f"{lang}.html")
    write(render(landscape, municipality=EDE), folder / "openbaar.html")
    return folder.as_uri()


def _wait(page: Any, at: str, weeks: str) -> None:
    page.select_option("#whatif-at", at)
    page.fill("#whatif-weeks", weeks)
    page.click("#whatif-wait button")


def test_another_wait_says_before_and_after(opened: Open, place: str) -> None:
    page = opened().at(f"{place}/nl.html#gemeente={EDE}&weergave=watals")
    assert page.is_visible("#view-whatif")
    assert "Er staat niets aan" in page.inner_text("#whatif-result")
    # w1: 8 to 12 weeks at P05; the family → P03 (wait unknown) → O4
    page.select_option("#whatif-begin", "rol:gezin")
    _wait(page, "P05", "30")
    assert page.locator("#whatif-own li span").first.inner_text() == "Jeugdhulp De Brug: 30 weken wachten"
    page.wait_for_selector("#whatif-changed")
    row = page.locator("#whatif-changed tbody tr").first.locator("td").all_inner_texts()
    assert row[-1] == "Naar verwachting langer"
    assert "1 van 2 wachttijden onbekend" in row[2]
    assert "1 van 2 wachttijden onbekend" in row[3]
    assert page.inner_text("#live").startswith("Ede: Eén ding aan.")
    # a stop: nobody has a way there any more, and it says that it is a stop
    page.select_option("#whatif-becomes", "stop")
    page.click("#whatif-wait button")
    assert page.locator("#whatif-own li").count() == 1  # it takes the place of the other wait
    page.wait_for_selector("#whatif-own li span:has-text('aanmeldstop')")
    row = page.locator("#whatif-changed tbody tr").first.locator("td").all_inner_texts()
    assert row[3:] == ["aanmeldstop", "Heeft geen route meer"]
    # switched off again: nothing on, and the facts are what they were
    page.click("#whatif-own button")
    assert "Er staat niets aan" in page.inner_text("#whatif-result")


def test_a_route_opens_a_way_and_several_are_told_each_and_together(opened: Open, place: str) -> None:
    page = opened().at(f"{place}/nl.html#gemeente={EDE}&weergave=watals")
    for end in ("P06", "P05"):
        page.select_option("#whatif-from", "P01")
        page.select_option("#whatif-to", end)
        page.click("#whatif-route button")
    page.select_option("#whatif-begin", "P01")
    page.wait_for_selector("#whatif-each")
    names = page.locator("#whatif-each tbody th").all_inner_texts()
    assert names == [
        "Route van Huisartsenpraktijk Ménière naar GGZ Het Kompas",
        "Route van Huisartsenpraktijk Ménière naar Jeugdhulp De Brug",
        "Samen",
    ]
    assert "Losse uitkomsten tellen niet op" in page.inner_text("#whatif-result")
    assert "voorstel om te bespreken" in page.inner_text("#view-whatif")
    # level by level adds up to what is said of all together
    figures = [[int(t) for t in row.locator("td").all_inner_texts()] for row in page.locator("#whatif-levels tbody tr").all()]
    together = [int(t) for t in page.locator("#whatif-each tbody tr").last.locator("td").all_inner_texts()]
    assert [sum(column) for column in zip(*figures, strict=True)] == together
    assert sum(together[:5]) > 0


def test_a_proposal_of_the_meeting_is_switched_on(opened: Open, place: str) -> None:
    page = opened().at(f"{place}/nl.html#gemeente={EDE}&weergave=watals")
    proposals = page.evaluate("rk.data.whatif.proposals.filter((p) => p[1] === 1)")
    boxes = page.locator("#whatif-proposals input")
    assert boxes.count() == len(proposals) > 0
    boxes.first.check()
    page.wait_for_selector("#whatif-result .answer")
    page.select_option("#municipality", BARNEVELD)
    assert page.locator("#whatif-proposals input:checked").count() == 0
    page.select_option("#municipality", EDE)
    assert page.locator("#whatif-proposals input:checked").count() == 1


def test_what_cannot_be_is_said_where_it_is_wrong(opened: Open, place: str) -> None:
    page = opened().at(f"{place}/nl.html#gemeente={EDE}&weergave=watals")
    page.click("#whatif-route button")
    assert page.inner_text("#whatif-route-wrong") == "Kies waar de route begint en waar hij eindigt."
    page.select_option("#whatif-from", "P01")
    page.select_option("#whatif-to", "P01")
    page.click("#whatif-route button")
    assert page.inner_text("#whatif-route-wrong") == "Kies twee verschillende."
    page.click("#whatif-wait button")
    assert page.inner_text("#whatif-wait-wrong") == "Kies bij wie de wachttijd anders is."
    for weeks in ("", "261", "-1"):
        _wait(page, "P05", weeks)
        assert page.inner_text("#whatif-wait-wrong") == "Vul een aantal weken in van 0 tot en met 260."
        assert page.evaluate("document.activeElement.id") == "whatif-weeks"
    assert page.locator("#whatif-own li").count() == 0


def test_the_public_edition_has_nothing_of_it(opened: Open, place: str) -> None:
    page = opened().at(f"{place}/openbaar.html#weergave=watals")
    assert page.locator("[id*=whatif]").count() == 0
    assert page.evaluate("[rk.state.beeld, typeof rk.altered, 'whatif' in rk.data]") == ["aanbod", "undefined", False]


def test_by_keyboard_alone(opened: Open, place: str) -> None:
    page = opened().at(f"{place}/nl.html#gemeente={EDE}&beeld=aanbod")
    page.focus("#tab-offers")
    page.keyboard.press("End")
    assert page.url.endswith("beeld=watals")
    page.focus("#whatif-at")
    page.keyboard.type("Jeugdhulp")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    page.wait_for_selector("#whatif-changed")
    page.focus("#whatif-own button")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "whatif-from"


@pytest.mark.parametrize(("width", "dark", "lang"), [(1280, False, "en"), (320, False, "nl"), (1280, True, "nl")])
def test_everybody_can_use_it_empty_and_answered(opened: Open, place: str, width: int, dark: bool, lang: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="THE MAP'S AXE TESTS DO NOT RUN: no axe").Axe()
    page = opened(width=width, dark=dark).at(f"{place}/{lang}.html#gemeente={EDE}&beeld=watals")

    def check() -> None:
        found = axe.run(page, options={"runOnly": LEVELS, "resultTypes": ["violations"]}).response["violations"]
        assert found == [], json.dumps([(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found], indent=1)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    check()
    _wait(page, "P05", "30")
    page.locator("#whatif-proposals input").first.check()
    page.click("#whatif-route button")  # and what is wrong
    page.wait_for_selector("#whatif-each")
    check()


def test_hostile_names_stay_texts(opened: Open, hostile_address: str) -> None:
    page = opened().at(f"{hostile_address}#gemeente={EDE}&beeld=watals")
    page.evaluate("void (window.boom = () => { document.title = 'boom'; })")
    page.locator("#whatif-at option").nth(1).evaluate(
        "(o) => { o.selected = true; o.parentElement.parentElement.dispatchEvent(new Event('change')); }"
    )
    page.fill("#whatif-weeks", "30")
    page.click("#whatif-wait button")
    for box in page.locator("#whatif-proposals input").all():
        box.check()
    page.wait_for_selector("#whatif-result .answer")
    assert "<img" in page.locator("#whatif-own li span").first.evaluate("(node) => node.textContent")
    assert page.locator("#view-whatif :is(img, svg, script, iframe)").count() == 0
    assert page.title() != "boom"
