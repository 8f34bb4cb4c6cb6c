"""The view Overleg: an answer given in the page becomes a row of afspraken.csv that the next build reads and tells of."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import routekaart
from routekaart.graph.analyses.advising.past_agreements import past_agreements
from routekaart.graph.landscape import Landscape
from routekaart.graph.locale import Locale
from routekaart.loaders.read import read
from routekaart.visualisations.map.page import render, write

EXAMPLE = Path(routekaart.__file__).parent / "examples" / "voorbeeldregio"
ELZERBROEK = "GM9003"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def alone(landscape: Landscape) -> Landscape:
    """The example for one municipality: its proposals alone are worked out."""
    import polars as pl

    return landscape.replaced(region=landscape["region"].with_columns(municipalities=pl.lit([ELZERBROEK])))


@pytest.fixture(scope="module")
def meeting_address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("overleg") / "kaart.html"
    write(render(alone(read(EXAMPLE).landscape), municipality=ELZERBROEK, edition="coalitie"), path)
    return path.as_uri()


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    """The rows of an afspraken.csv by id."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return {row["id"]: row for row in csv.DictReader(lines, delimiter=";")}


def test_what_is_agreed_is_read_by_the_next_build(opened: Callable[..., Any], meeting_address: str, tmp_path: Path) -> None:
    page = opened().at(f"{meeting_address}#beeld=overleg")
    card = page.locator("article.card:has(fieldset)").first

    card.locator("input[value=yes]").check()
    owner, date, remark = (
        card.locator(f".answer-fields {kind}").first for kind in ("input[type=text]", "input[type=date]", "textarea")
    )
    owner.fill("jan.jansen@example.org")
    remark.focus()
    # a person is no owner, and nothing is saved before that is mended
    assert owner.get_attribute("aria-invalid") == "true"
    owner.fill("teammanager toegang")
    date.fill("2027-03-01")
    remark.fill('=1+1; "eerst bellen"')
    with page.expect_download() as saved:
        page.locator("#meeting-save").click()
    assert saved.value.suggested_filename == "afspraken.csv"
    data = tmp_path / "gegevens"
    shutil.copytree(EXAMPLE, data)
    before = read(EXAMPLE).landscape["agreements"]
    saved.value.save_as(data / "afspraken.csv")
    (added,) = [row for id_, row in rows_of(data / "afspraken.csv").items() if id_.startswith("overleg-")]
    assert added["opmerking"].startswith("'=1+1")
    after = read(data).landscape
    told = after["agreements"]
    (row,) = told.filter(~told["id"].is_in(before["id"].to_list())).to_dicts()
    assert (row["status"], row["owner"], row["evaluate_on"]) == ("afgesproken", "teammanager toegang", "2027-03-01")
    assert row["municipalities"] == [ELZERBROEK]
    # what stood there still says the same, wherever it stands now
    aside = ["file", "sheet", "row"]
    kept = told.filter(told["id"].is_in(before["id"].to_list()))
    assert kept.drop(aside).equals(before.drop(aside))
    # and the next meeting opens on it
    assert row["id"] in {kept.id for kept in past_agreements(Locale(after, ELZERBROEK))}


def test_nothing_of_the_meeting_is_public() -> None:
    landscape = alone(read(EXAMPLE).landscape)
    html = render(landscape, municipality=ELZERBROEK)
    assert "meeting" not in html
    assert "overleg-" not in html
    assert not any(row["what"] and row["what"] in html for row in landscape["agreements"].iter_rows(named=True))


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1440, True)])
def test_axe_finds_nothing(opened: Callable[..., Any], meeting_address: str, width: int, *, dark: bool) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="THE MAP'S AXE TESTS DO NOT RUN: no axe").Axe()
    page = opened(width=width, dark=dark).at(f"{meeting_address}#beeld=overleg")
    page.locator("article.card input[value=later]").first.check()
    assert axe.run(page, options={"runOnly": LEVELS, "resultTypes": ["violations"]}).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
