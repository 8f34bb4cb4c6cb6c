"""The report of a municipality in a browser: what it shows without a mouse, on a narrow screen, on paper and to axe."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading
from routekaart.visualisations.report.content import told
from routekaart.visualisations.report.gathered import gathered
from routekaart.visualisations.report.page import Entry, index, render

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
EDE, ELZERBROEK = "GM0228", "GM9003"
#: A4 within its margins (static/report.css: 8, 9 and 11 mm), in pixels of 1/96 inch.
WIDTH, HEIGHT = int((210 - 18) / 25.4 * 96), int((297 - 19) / 25.4 * 96)
#: Sheets of A4 for a meeting: Elzerbroek's 223 offerings, 131 waits and gaps are 15 in Arial; a wider face may need some more.
SHEETS = 17
Open = Callable[..., Any]
Put = Callable[[str], str]


def page_of(landscape: Landscape, code: str, lang: str = "nl", *, coalition: bool = True) -> str:
    (found,) = gathered(landscape, [code], coalition=coalition)
    return render(told(found, lang), lang)


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write a page to a file and give its address."""

    def made(html: str) -> str:
        path = tmp_path / "rapport.html"
        path.write_text(html, "utf-8", newline="\n")
        return path.as_uri()

    return made


@pytest.fixture(scope="module")
def pages(voorbeeldregio: Reading, gelderse_vallei: Reading) -> dict[str, str]:
    return {
        "Elzerbroek": page_of(voorbeeldregio.landscape, ELZERBROEK),
        "Ede": page_of(gelderse_vallei.landscape, EDE, "en"),
    }


@pytest.mark.parametrize("place", ["Elzerbroek", "Ede"])
def test_on_paper_nothing_is_cut(opened: Open, put: Put, pages: dict[str, str], place: str) -> None:
    page = opened(width=WIDTH, height=HEIGHT).at(put(pages[place]))
    page.emulate_media(media="print")
    boxes = page.evaluate(
        """[...document.querySelectorAll('tbody tr, .rp-way, .lines li, .response, .rp-axis-below')].map(e =>
        [e.tagName, e.getBoundingClientRect().height, e.getBoundingClientRect().right, getComputedStyle(e).breakInside])"""
    )
    assert len(boxes) > 100
    # what may not be broken and is lower than a page stands whole on one
    assert {kept for *_, kept in boxes} == {"avoid"}
    assert max(height for _, height, *_ in boxes) < HEIGHT / 2
    assert max(right for _, _, right, _ in boxes) <= WIDTH + 1
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every(e => e.scrollWidth <= e.clientWidth + 1)")
    assert page.evaluate(
        "[...document.querySelectorAll('thead')].every(e => getComputedStyle(e).display === 'table-header-group')"
    )
    assert not page.is_visible("#print")
    # a figure stays within its cell
    wide = "[...document.querySelectorAll('td .rp-fig')].filter(f => f.getBoundingClientRect().right > f.closest('td').getBoundingClientRect().right + 1)"
    assert page.evaluate(wide + ".length") == 0
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    assert 1 < len(sheets) <= SHEETS


def test_nothing_runs_off_a_narrow_screen(
    opened: Open, put: Put, pages: dict[str, str], region: Landscape, hostile: Landscape
) -> None:
    for html in (*pages.values(), page_of(region, EDE, coalition=False), page_of(hostile, EDE)):
        page = opened(width=320, height=700).at(put(html))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_hostile_texts_run_nothing(opened: Open, put: Put, hostile: Landscape) -> None:
    page = opened().at(put(page_of(hostile, EDE)))
    assert page.evaluate("document.querySelectorAll('img, iframe, object, embed, svg[onload]').length") == 0
    assert page.evaluate("typeof boom") == "undefined"


def test_without_scripts_all_of_it_is_there(opened: Open, put: Put, region: Landscape) -> None:
    page = opened(scripts=False).page
    page.goto(put(page_of(region, EDE)))
    assert page.is_visible("text=10 weken (8–12)")
    assert not page.is_visible("#print")
    sections = page.locator("main .part")
    assert sections.count() == page.locator(".rp-contents a").count()
    assert all(sections.nth(n).is_visible() for n in range(sections.count()))


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False)], ids=["light", "dark", "narrow"])
def test_axe_finds_nothing(opened: Open, put: Put, pages: dict[str, str], region: Landscape, width: int, *, dark: bool) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="THE REPORT'S AXE TESTS DO NOT RUN: no axe").Axe()
    listed = index([Entry("Ede", "a.html", "a.xlsx", ("Eén regel.",))], "Kop", "Titel", "Datum", "Openbaar")
    broken = {}
    for name, html in {"Ede": pages["Ede"], "all looks": page_of(region, EDE), "list": listed}.items():
        page = opened(width=width, dark=dark).at(put(html))
        found = axe.run(page, options={"runOnly": LEVELS, "resultTypes": ["violations"]}).response["violations"]
        if found:
            broken[name] = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found]
    assert broken == {}, json.dumps(broken, indent=1)
