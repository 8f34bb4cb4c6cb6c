"""report: from a build to a page and a workbook, and the partner's answer back into the next build."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import openpyxl
import pytest

from routekaart.cli.app import run
from routekaart.graph import read as read_build
from routekaart.graph.edition import write_edition

EXAMPLES = Path(__file__).parents[2] / "examples"
WORDS = "Wij herkennen deze oude cijfers niet;\nvraag ons naar de nieuwe."


def shown(page: Path) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page.read_text("utf-8").split("<main")[1].split("<script")[0]))


# --- calls ------------------------------------------------------------------------------------------------------
def test_a_page_and_a_workbook_by_ending(gv: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, book = tmp_path / "p.html", tmp_path / "p.xlsx"
    code = run(["report", str(gv), "--partner", "Karakter", "-o", str(page), "-o", str(book), "--before", "1 oktober 2026"])
    assert code == 0
    assert capsys.readouterr().out.count("Karakter kinder- en jeugdpsychiatrie") == 2
    assert "Graag vóór 1 oktober 2026." in shown(page)
    assert openpyxl.load_workbook(book).sheetnames[-1] == "bevestigingen"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Geef --gemeente of --partner"),
        (["--partner", "P20", "--all-partners", "x"], "niet allebei"),
        (["--partner", "P20", "-o", "p.pdf"], "eindigt niet op .html of .xlsx"),
        (["--partner", "Karakterr"], "Bedoelt u"),
        (["--partner", "rol:huisarts"], "is geen partner"),
        (["--partner", "P20", "--before", "gauw"], "De datum 'gauw' is niet te lezen"),
        (["--partner", "P20", "--weergave", "geheim"], "--weergave is"),
    ],
)
def test_wrong_calls_tell_their_cure(
    gv: str, arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["report", str(gv), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_every_partner_gets_both(gv: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", str(gv), "--all-partners", str(tmp_path / "alle")]) == 0
    ids = read_build(gv)["partners"]["id"].to_list()
    found = sorted(p.name for p in (tmp_path / "alle").iterdir())
    assert found == sorted(f"over-{i}{ending}" for i in ids for ending in (".html", ".xlsx"))
    assert str(len(ids)) in capsys.readouterr().out
    # the same as one by one
    run(["report", str(gv), "--partner", "P20", "-o", str(tmp_path / "p.html"), "-o", str(tmp_path / "p.xlsx")])
    for ending in (".html", ".xlsx"):
        assert (tmp_path / "alle" / f"over-P20{ending}").read_bytes() == (tmp_path / f"p{ending}").read_bytes()


def test_names_on_disk_never_meet(landscape_of: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    landscape = landscape_of(partners=[{"id": i, "naam": "X"} for i in ("a b", "A-B", "a-b", "con.", "é")])  # type: ignore[operator]
    write_edition(landscape, {"findings": [], "tables": {}}, tmp_path / "uit", store=False)
    assert run(["report", str(tmp_path / "uit"), "--all-partners", str(tmp_path / "alle")]) == 0
    names = [p.name.lower() for p in (tmp_path / "alle").iterdir()]
    assert len(set(names)) == 10
    assert all(re.fullmatch(r"over-[a-z0-9_-]+\.(html|xlsx)", n) for n in names)


def test_same_build_same_bytes_in_another_process(gv: str, tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        files = [tmp_path / f"{seed}.html", tmp_path / f"{seed}.xlsx"]
        arguments = ["report", str(gv), "--partner", "P20", *(x for f in files for x in ("-o", str(f)))]
        subprocess.run(
            [sys.executable, "-m", "routekaart.cli", *arguments],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        made.append([f.read_bytes() for f in files])
    assert made[0] == made[1]


# --- there and back ------------------------------------------------------------------------------------------------
def answered(form: str, folder: Path, out: Path, back: Path) -> None:
    """Make the report, fill in the partner's answer and put it among the data."""
    if form == "xlsx":
        book = back / "over-P20.xlsx"
        assert run(["report", str(out), "--partner", "P20", "-o", str(book)]) == 0
        filled = openpyxl.load_workbook(book)
        sheet = filled["bevestigingen"]
        assert [c.value for c in sheet[1]] == ["partner", "klopt", "bevestigd_op", "bevestigd_door", "reactie"]
        sheet["B2"], sheet["C2"], sheet["D2"], sheet["E2"] = "nee", "2026-05-18", "beleidsadviseur", WORDS
        filled.save(folder / "over-P20.xlsx")
        return
    # as the page writes it (tests/visualisations/test_about_browser.py): BOM, CR LF, every cell quoted
    with (folder / "bevestigingen-P20.csv").open("w", encoding="utf-8-sig", newline="") as file:
        file.write("partner,klopt,bevestigd_op,bevestigd_door,reactie\r\n")
        csv.writer(file, quoting=csv.QUOTE_ALL).writerow(["P20", "nee", "2026-05-18", "beleidsadviseur", WORDS])


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_answer_is_read_back_and_stands_beside_the_figures(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = tmp_path / "data", tmp_path / "uit"
    shutil.copytree(EXAMPLES / "gelderse-vallei", data)
    assert run(["build", str(data), "-o", str(out), "--no-store"]) == 0
    answered(form, data, out, tmp_path)
    capsys.readouterr()
    assert run(["check", str(data), "--format", "json"]) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {f["severity"] for f in findings if f["file"] != "over-P20.xlsx"} <= {"waarschuwing", "opmerking"}
    assert not [f for f in findings if f["code"] in ("unknown-table", "unknown-column")]
    assert run(["build", str(data), "-o", str(out), "--no-store"]) == 0
    assert read_build(out)["partners"].filter(read_build(out)["partners"]["id"] == "P20")["response"].to_list() == [WORDS]
    # the report: with the who, and beside waits and routes
    page = tmp_path / "p.html"
    assert run(["report", str(out), "--partner", "P20", "-o", str(page)]) == 0
    assert shown(page).count("vraag ons naar de nieuwe") >= 4
    # explain: of its offering and of a wait on it
    capsys.readouterr()
    wait = next(r["id"] for r in read_build(out)["waits"].iter_rows(named=True) if r["on"] == ["P20"])
    for id_ in ("O34", wait):
        assert run(["explain", str(out), id_, "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["responses"] == [{"partner": "P20", "response": WORDS}]
        assert run(["explain", str(out), id_]) == 0
        assert "vraag ons naar de nieuwe" in capsys.readouterr().out
    # the map: in the tables of partners and of waits, which its details are made of
    kaart = tmp_path / "kaart.html"
    assert run(["map", str(out), "-o", str(kaart)]) == 0
    waits = unescape(kaart.read_text("utf-8")).split('id="rows-waits"')[1].split("</table>")[0]
    assert waits.count("vraag ons naar de nieuwe") == sum(
        r["on"] == ["P20"] for r in read_build(out)["waits"].iter_rows(named=True)
    )
