"""direct-routes and answers as their users call them: both examples, both languages, every form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from routekaart.cli import language as room
from routekaart.cli.app import run
from routekaart.graph.analyses.answers import COLUMNS
from routekaart.graph.edition import write_edition
from routekaart.graph.landscape import Landscape
from routekaart.ontology.catalogue import text

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    def called(*arguments: str, lang: str = "nl") -> tuple[int, str, str]:
        monkeypatch.setenv("ROUTEKAART_LANG", lang)
        room.language.cache_clear()
        code = run(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    yield called
    monkeypatch.undo()
    room.language.cache_clear()


# --- direct-routes ---------------------------------------------------------------------------------------
def test_proposals_in_dutch_with_what_speaks_against_them(vr: str, call: Call) -> None:
    code, out, err = call("direct-routes", vr, "--level", "3", "--top", "3")
    told = " ".join(out.split())
    assert (code, err) == (0, "")
    assert "voorstellen om te bespreken" in told
    assert "weken per jaar minder wachten bij gelijke wachttijd bij" in told
    assert "Geen besluit nodig, wel een afspraak." in told
    assert "Ertegen:" in told
    assert "de wachtlijst bij" in told
    assert "Samen, de een na de ander gekozen" in told
    assert "112 · Veilig Thuis: 0800-2000" in told
    for word in ("vermijdbaar", "schuld", "slechtste"):
        assert word not in told.lower()


def test_an_unweighted_region_prints_no_numbers_of_families(gv: str, call: Call) -> None:
    _, out, _ = call("direct-routes", gv, "--level", "3", lang="en")
    told = " ".join(out.split())
    assert "unweighted" in told
    assert "combinations" in told
    assert "families a year" not in told


def test_json_and_csv_say_the_same(vr: str, call: Call) -> None:
    _, out, _ = call("direct-routes", vr, "--level", "3", "--top", "4", "-k", "2", "--format", "json")
    found = json.loads(out)
    assert {"question", "reference_date", "unit", "weighted", "known_waits", "outdated_waits", "assumptions", "levels"} == set(
        found
    )
    (level,) = found["levels"]
    assert len(level["routes"]) == 4
    assert len(level["plan"]) == 2
    for route in level["routes"]:
        assert {"from", "to", "weeks_saved", "weeks_range", "newly_reached", "queue_effect", "allowed", "objections"} <= set(
            route
        )
        assert (route["weeks_saved"] is None) == bool(route.get("suppressed"))
    _, out, _ = call("direct-routes", vr, "--level", "3", "--top", "4", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(r["from"], r["to"]) for r in rows] == [(r["from"], r["to"]) for r in level["routes"]]


def test_small_counts_are_for_the_screen_only(vr: str, call: Call) -> None:
    code, out, err = call("direct-routes", vr, "--internal", "--format", "json")
    assert (code, out) == (2, "")
    assert "--internal" in err
    code, out, _ = call("direct-routes", vr, "--internal", "--level", "3")
    assert code == 0
    assert "te weinig gezinnen" not in out


# --- answers ---------------------------------------------------------------------------------------------
def test_the_workbook_holds_every_question_in_long_form(vr: str, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "alles.xlsx"
    code, out, err = call("answers", vr, "-o", str(file), "--gemeente", "Elzerbroek")
    assert (code, err) == (0, "")
    assert "alles.xlsx" in out
    book = load_workbook(file, read_only=True)
    about, table = book.worksheets
    assert about.title == "Leesmij"
    rows = list(table.iter_rows(values_only=True))
    assert rows[0] == tuple(text(f"answers_workbook.column.{c}", "nl") for c in COLUMNS)
    assert len(rows) > 500
    by = [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]
    questions = {"offers", "long-routes", "bottlenecks", "gaps", "short-lines", "direct-routes", "brokers", "indicators"}
    assert {r["question"] for r in by} == questions
    assert {r["certainty"] for r in by} <= {"bekend", "aangenomen", "verouderd", "onbekend", "onderdrukt"}
    # CONTRACTS, privacy: no count of families below the threshold of 10, and none that is left out has a value
    for row in by:
        if row["unit"] == "gezinnen per jaar" and row["certainty"] != "onderdrukt":
            assert row["value"] == 0 or row["value"] >= 10, row
        if row["certainty"] == "onderdrukt":
            assert row["value"] is None
    assert any(row["certainty"] == "onderdrukt" for row in by)
    # the story of Elzerbroek (README): 78 weeks
    assert any(r["question"] == "long-routes" and r["figure"] == "weeks_expected" and r["value"] == 78 for r in by)


def test_the_same_build_gives_the_same_bytes(gv: str, call: Call, tmp_path: Path) -> None:
    files = [tmp_path / "een.xlsx", tmp_path / "twee.xlsx"]
    for file in files:
        assert call("answers", gv, "-o", str(file), "--gemeente", "Ede", lang="en")[0] == 0
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_text_never_becomes_a_formula(landscape_of: Callable[..., Landscape], call: Call, tmp_path: Path) -> None:
    hostile = '=HYPERLINK("http://kwaad.example")'
    landscape = landscape_of(
        partners=[{"id": "W", "naam": hostile, "rollen": "welzijn", "gemeenten": "Ede"}],
        aanbod=[{"id": "A", "partner": "W", "naam": hostile, "niveau": 1, "toegang": "vrij"}],
    )
    write_edition(landscape, {"findings": [], "tables": {}}, tmp_path / "uit", store=False)
    assert call("answers", str(tmp_path / "uit"), "-o", str(tmp_path / "x.xlsx"), "--gemeente", "Ede")[0] == 0
    cells = [c for row in load_workbook(tmp_path / "x.xlsx").worksheets[1].iter_rows() for c in row]
    assert any(c.value == hostile for c in cells)
    assert not any(c.data_type == "f" for c in cells)


def test_another_ending_is_told_with_its_cure(gv: str, call: Call, tmp_path: Path) -> None:
    code, out, err = call("answers", gv, "-o", str(tmp_path / "x.csv"))
    assert (code, out) == (2, "")
    assert ".xlsx" in err
    assert not (tmp_path / "x.csv").exists()
