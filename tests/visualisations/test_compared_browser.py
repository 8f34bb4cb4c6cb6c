"""The view that compares, in a browser: rows of the chosen municipality, without scripts too, hostile texts and axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from routekaart.graph.landscape import Landscape
from routekaart.visualisations.map.page import render, write

EDE, BARNEVELD = "GM0228", "GM0203"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@pytest.fixture(scope="module")
def compared_address(
    made: Callable[..., Landscape],
    tables: Callable[[], dict[str, list[dict[str, Any]]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """The made-up region beside itself before a partner of Barneveld and one of everywhere came, with the same bytes twice."""
    rows = tables()
    rows["partners"] += [
        {"id": "NIEUW", "name": "Nieuw in Barneveld", "municipalities": [BARNEVELD]},
        {"id": "OVERAL", "name": "Nieuw <img src=x onerror=boom()>"},
    ]
    old, new = made(tables()), made(rows)
    html = render(new, municipality=EDE, before=old)
    assert html == render(new, municipality=EDE, before=old)
    path = tmp_path_factory.mktemp("vergelijking") / "kaart.html"
    write(html, path)
    return path.as_uri()


def _shown(page: Any) -> list[str]:
    """The names in the rows of what is new that can be seen."""
    cells: list[str] = page.locator("#rows-compared-new tbody tr:visible td:nth-of-type(1)").all_inner_texts()
    return [text.strip() for text in cells]


def test_a_municipality_shows_what_counts_for_it(opened: Callable[..., Any], compared_address: str) -> None:
    page = opened().at(f"{compared_address}#gemeente={BARNEVELD}&beeld=vergelijking")
    assert page.locator("#tab-compare").get_attribute("aria-selected") == "true"
    assert _shown(page) == ["Nieuw in Barneveld", "Nieuw <img src=x onerror=boom()>"]
    page.select_option("#municipality", EDE)
    assert _shown(page) == ["Nieuw <img src=x onerror=boom()>"]
    assert "(1 van 2)" in page.locator("#table-compared-new").inner_text()
    page.locator("#rows-compared-new tbody a:visible").first.click()
    assert page.locator("#details-title").inner_text() == "Nieuw <img src=x onerror=boom()>"


def test_it_is_there_without_scripts_and_only_where_two_builds_are_compared(
    opened: Callable[..., Any], compared_address: str, address: str
) -> None:
    page = opened(scripts=False).page
    page.goto(compared_address)
    assert page.locator("#view-compare").is_visible()
    assert len(_shown(page)) == 2
    assert opened().at(f"{address}#beeld=vergelijking").locator("#view-compare").count() == 0


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 1440])
def test_axe_finds_nothing(opened: Callable[..., Any], compared_address: str, width: int, *, dark: bool) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="THE MAP'S AXE TESTS DO NOT RUN: no axe").Axe()
    page = opened(width=width, dark=dark).at(f"{compared_address}#beeld=vergelijking")
    assert axe.run(page, options={"runOnly": LEVELS, "resultTypes": ["violations"]}).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
