"""The view that compares two builds: what came, went and changed, told as the tables tell it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from markupsafe import Markup

import routekaart
from routekaart.graph.analyses.differences.answer_changes import answer_changes
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import read
from routekaart.visualisations.material import COALITION, PUBLIC, Material
from routekaart.visualisations.sheets.compared import Compared, compared
from routekaart.visualisations.sheets.tables import Line
from routekaart.visualisations.wording import Wording

EDE, BARNEVELD = "GM0228", "GM0203"


def landscape(date: str, **tables: list[dict[str, Any]]) -> Landscape:
    frames = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items()}
    region = {"id": "r", "name": "R", "title": "R", "reference_date": date, "municipalities": [EDE, BARNEVELD]}
    return Landscape.of({**frames, "region": pl.DataFrame([region])})


def wait(on: str, weeks: float, **more: Any) -> dict[str, Any]:
    days = 7.0 * weeks
    number = {"state": "getal", "days_low": days, "days_expected": days, "days_high": days, "value": f"{weeks:g} weken"}
    return {"id": f"W{on}", "on": [on], "kind": "aanmeldwachttijd", "as_of": "2026-01-01", **number, **more}


PARTNERS: list[dict[str, Any]] = [
    {"id": "H", "name": "Huisarts Anders", "roles": ["huisarts"], "municipalities": [EDE]},
    {"id": "Z", "name": "Ggz Zuid", "roles": ["jeugd-ggz"], "municipalities": [EDE]},
]
OFFERINGS: list[dict[str, Any]] = [{"id": "A", "name": "Behandeling", "partner": "Z", "level": "3", "access": "verwijzing"}]
ROUTES: list[dict[str, Any]] = [{"id": "R1", "from": "H", "to": "Z", "kind": "verwijzing"}]
LINES: list[dict[str, Any]] = [{"id": "L1", "from": "H", "to": "Z", "strength": "kennen"}]


def then() -> Landscape:
    return landscape("2025-09-01", partners=PARTNERS, offerings=OFFERINGS, routes=ROUTES, waits=[wait("Z", 10)], lines=LINES)


def told(old: Landscape, new: Landscape, edition: str = PUBLIC, lang: str = "nl") -> Compared:
    return compared(Material(new, Wording(lang), edition), old)


def sheet(found: Compared, name: str) -> list[tuple[str, ...]]:
    lines: tuple[Line, ...] = next(s for s in found.sheets if s.id == f"compared-{name}").lines
    return [tuple(Markup(cell).striptags() if isinstance(cell, Markup) else cell for cell in line.cells) for line in lines]


def test_the_same_build_differs_in_nothing() -> None:
    found = told(then(), then(), COALITION)
    assert found.nothing
    assert (found.before, found.after) == ("1 september 2025", "1 september 2025")


def test_a_longer_wait_and_the_route_over_it() -> None:
    """10 weeks became 12; from the GP to Ggz Zuid nothing else takes time."""
    new = landscape("2026-09-01", partners=PARTNERS, offerings=OFFERINGS, routes=ROUTES, waits=[wait("Z", 12)], lines=LINES)
    found = told(then(), new)
    dated = "(peildatum 1 januari 2026)"
    assert sheet(found, "longer") == [("Ggz Zuid", "aanmeldwachttijd", f"10 weken {dated}", f"12 weken {dated}")]
    assert sheet(found, "shorter") == sheet(found, "changed") == sheet(found, "new") == sheet(found, "gone") == []
    answers = sheet(found, "answers")
    assert [(row[0], *row[3:]) for row in answers] == [("Ede", "10 weken", "12 weken", "2 weken langer")]
    assert "huisarts" in answers[0][1]


def test_a_shorter_wait_is_no_longer_one() -> None:
    new = landscape("2026-09-01", partners=PARTNERS, offerings=OFFERINGS, routes=ROUTES, waits=[wait("Z", 9)], lines=LINES)
    found = told(then(), new)
    assert [row[0] for row in sheet(found, "shorter")] == ["Ggz Zuid"]
    assert sheet(found, "longer") == []
    assert sheet(found, "answers")[0][-1] == "1 week korter"


def test_a_stop_is_no_number_but_a_change() -> None:
    stop = wait("Z", 0, state="stop", days_low=None, days_expected=None, days_high=None, value=None)
    new = landscape("2026-09-01", partners=PARTNERS, offerings=OFFERINGS, routes=ROUTES, waits=[stop], lines=LINES)
    found = told(then(), new)
    assert sheet(found, "longer") == sheet(found, "shorter") == []
    ((kind, name, what),) = sheet(found, "changed")
    assert (kind, name) == ("Wachttijden", "Ggz Zuid")
    assert "10 weken" in what
    assert "stop" in what
    assert sheet(found, "answers")[0][4:] == ("aanmeldstop", "nu geen route")


def test_what_came_and_went_and_where_it_counts() -> None:
    partners = [{**PARTNERS[0], "ask_for": "alles"}, PARTNERS[1], {"id": "N", "name": "Nieuw", "municipalities": [BARNEVELD]}]
    new = landscape("2026-09-01", partners=partners, offerings=OFFERINGS, waits=[wait("Z", 10)])
    found = told(then(), new, COALITION)
    assert sheet(found, "new") == [("Partners", "Nieuw", "onbekend")]
    assert [row[0] for row in sheet(found, "gone")] == ["Routes", "Lijnen tussen partners"]
    assert sheet(found, "gone")[0][1] == "Huisarts Anders → Ggz Zuid"
    changed = sheet(found, "changed")
    assert [(row[0], row[1]) for row in changed] == [("Partners", "Huisarts Anders")]
    assert "onbekend" in changed[0][2]
    assert "alles" in changed[0][2]
    reach = next(s for s in found.sheets if s.id == "compared-new").lines[0].reach
    assert reach == frozenset({BARNEVELD})
    # lines are the coalition's
    assert [row[0] for row in sheet(told(then(), new), "gone")] == ["Routes"]


@pytest.fixture(scope="module")
def both_editions() -> tuple[Landscape, Landscape]:
    """The made-up region a year apart, two of its municipalities."""
    root = Path(routekaart.__file__).parent / "examples"
    found = [read(root / name).landscape for name in ("voorbeeldregio-2025", "voorbeeldregio")]
    two = list(found[1].region_municipalities[:2])
    old, new = (one.replaced(region=one["region"].with_columns(municipalities=pl.lit(two))) for one in found)
    return old, new


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_difference_of_the_example_is_told(lang: str, both_editions: tuple[Landscape, Landscape]) -> None:
    """Against diff itself: rows that came and went one by one, and answers by their weeks."""
    from routekaart.graph.analyses.differences.changes import changes

    old, new = both_editions
    found = told(old, new, COALITION, lang)
    tables = changes(old, new).tables
    shown = [tables[t] for t in ("partners", "offerings", "routes", "waits", "lines", "agreements") if t in tables]
    assert len(sheet(found, "new")) == sum(t.added.height for t in shown)
    assert len(sheet(found, "gone")) == sum(t.gone.height for t in shown)
    rows = {(row[0], row[3], row[4]) for row in sheet(found, "answers")}
    names = new.municipality_names
    words = Wording(lang)
    for answer in answer_changes(old, new, ways=False).answers:
        if answer.before.days is not None and answer.after.days is not None:
            texts = [words.weeks(days, days) for days in (answer.before.days, answer.after.days)]
            assert texts[0] == texts[1] or (names[answer.municipality], *texts) in rows
