"""From three spellings to one partner: check proposes, match writes, a person decides, build uses it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from routekaart.cli.app import run
from routekaart.graph import read as read_build

MakeData = Callable[..., Path]
PARTNERS = [
    {"id": "P1", "naam": "Centrum voor Jeugd en Gezin Ede", "rollen": "lokaal-team", "gemeenten": "Ede"},
    {"id": "P2", "naam": "Huisartsenpraktijk De Linde", "rollen": "huisarts", "gemeenten": "Ede"},
    {"id": "P3", "naam": "CJG gemeente Ede", "rollen": "lokaal-team", "gemeenten": "Ede"},
    {"id": "P4", "naam": "CJG Barneveld", "rollen": "lokaal-team", "gemeenten": "Barneveld"},
]
SPELLINGS = ["C.J.G. Ede e.o.", "CJG-Ede", "Centrum voor Jeugd & Gezin (Ede)"]
ROUTES = [
    *({"id": f"R{n}", "van": "P2", "naar": name, "soort": "verwijzing"} for n, name in enumerate(SPELLINGS)),
    {"id": "R8", "van": "P2", "naar": "P3", "soort": "warme overdracht"},
    {"id": "R9", "van": "P2", "naar": "Jeugdloods Ede", "soort": "verwijzing"},
]


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


def decide(file: Path, verdicts: dict[tuple[str, str], str]) -> None:
    """Fill in verdicts as a person does in a spreadsheet: only those cells change."""
    rows = list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))
    for row in rows[1:]:
        if (row[0], row[1]) in verdicts:
            row[2], row[5], row[6] = verdicts[row[0], row[1]], "beleidsadviseur jeugd", "2026-05-01"
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    file.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())


def test_three_spellings_become_one_partner(make_data: MakeData, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = make_data(partners=PARTNERS, routes=ROUTES)
    code, out, _ = call(capsys, "check", str(data), "--format", "json")
    assert code == 1
    unknown = {f["value"]: f["suggestion"] for f in json.loads(out)["findings"] if f["code"] == "unknown-reference"}
    assert set(unknown) == {*SPELLINGS, "Jeugdloods Ede"}
    for name in SPELLINGS:
        assert "Centrum voor Jeugd en Gezin Ede (P1, 9" in unknown[name]

    file = data / "koppelingen.csv"
    code, out, err = call(capsys, "match", str(data), "-o", str(file), "--format", "json")
    assert code == 0
    proposals = json.loads(out)["proposals"]
    assert {(p["written"], p["partner"]) for p in proposals} == {*((n, p) for n in SPELLINGS for p in ("P1", "P3")), ("P3", "P1")}
    first = next(p for p in proposals if p["written"] == "CJG-Ede" and p["partner"] == "P1")
    assert first["places"] == [{"file": "routes.csv", "sheet": None, "row": 3, "column": "naar"}]
    assert "zelfde gemeente: Ede" in first["why"]
    assert "koppelingen.csv" in err

    verdicts = {(name, "P1"): "zelfde" for name in SPELLINGS}
    decide(file, {**verdicts, ("P3", "P1"): "zelfde", ("CJG-Ede", "P3"): ""})
    built = tmp_path / "uit"
    code, _, _ = call(capsys, "build", str(data), "-o", str(built), "--no-store")
    assert code == 1  # Jeugdloods Ede is still nobody
    landscape = read_build(built)
    assert landscape["routes"].select("id", "to").rows() == [("R0", "P1"), ("R1", "P1"), ("R2", "P1"), ("R8", "P1")]
    assert landscape["partners"]["id"].to_list() == ["P1", "P2", "P4"]
    code, out, _ = call(
        capsys, "route", str(built), "--from", "Huisartsenpraktijk De Linde", "--to", "C.J.G. Ede", "--gemeente", "Ede"
    )
    assert code == 0
    assert "Centrum voor Jeugd en Gezin Ede" in out
    assert call(capsys, "route", str(built), "--from", "P2", "--to", "P3", "--gemeente", "Ede")[0] == 0

    before = file.read_bytes()
    decided = [line for line in before.split(b"\r\n") if b";zelfde;" in line]
    assert len(decided) == 4
    code, out, _ = call(capsys, "match", str(data), "-o", str(file), "--format", "json")
    assert json.loads(out) == {"proposals": [], "decided": 4}
    after = file.read_bytes()
    assert [line for line in after.split(b"\r\n") if b";zelfde;" in line] == decided
    call(capsys, "match", str(data), "-o", str(file))
    assert file.read_bytes() == after


def test_decisions_made_elsewhere_go_along(make_data: MakeData, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = make_data(
        partners=PARTNERS[:2], routes=ROUTES[:2], koppelingen=[{"geschreven": "CJG-Ede", "partner": "P1", "oordeel": "ander"}]
    )
    out = tmp_path / "te beslissen.csv"
    assert call(capsys, "match", str(data), "-o", str(out))[0] == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"), newline="")))
    assert [(r["geschreven"], r["partner"], r["oordeel"]) for r in rows] == [
        ("CJG-Ede", "P1", "ander"),
        ("C.J.G. Ede e.o.", "P1", ""),
    ]
    # what a person filled in there is not lost when it was not put with the data yet
    out.write_bytes(out.read_bytes().replace(b"C.J.G. Ede e.o.,P1,", b"C.J.G. Ede e.o.,P1,zelfde"))
    held = out.read_bytes()
    call(capsys, "match", str(data), "-o", str(out))
    assert out.read_bytes() == held


@pytest.mark.parametrize("form", ["table", "csv", "md", "json"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_form(make_data: MakeData, capsys: pytest.CaptureFixture[str], form: str, lang: str) -> None:
    data = make_data(partners=PARTNERS, routes=ROUTES)
    code, out, _ = call(capsys, "match", str(data), "--format", form, "--lang", lang)
    assert code == 0
    assert "CJG-Ede" in out.replace("\\", "")
    assert "97" in out


def test_another_file_is_not_overwritten(make_data: MakeData, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = make_data(partners=PARTNERS, routes=ROUTES)
    code, _, err = call(capsys, "match", str(data), "-o", str(data / "partners.csv"))
    assert code == 2
    assert "niet overschreven" in err
    assert call(capsys, "match", str(data), "-o", str(tmp_path / "koppelingen.xlsx"))[0] == 2


def test_nothing_is_proposed_from_refused_data(make_data: MakeData, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = make_data(partners=[dict(p, bsn="111222333") for p in PARTNERS], routes=ROUTES)
    out = tmp_path / "koppelingen.csv"
    assert call(capsys, "match", str(data), "-o", str(out))[0] == 1
    assert not out.exists()


def test_decisions_in_a_workbook_are_written_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = xlsxwriter.Workbook(tmp_path / "alles.xlsx")
    sheets = {
        "partners": [list(PARTNERS[0]), *(list(p.values()) for p in PARTNERS[:2])],
        "routes": [list(ROUTES[0]), *(list(r.values()) for r in ROUTES[:2])],
        "koppelingen": [["geschreven", "partner", "oordeel", "beslist_door"], ["CJG-Ede", "P1", "nee", "raad"]],
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    book.close()
    out = tmp_path / "uit" / "koppelingen.csv"
    assert call(capsys, "match", str(tmp_path / "alles.xlsx"), "-o", str(out))[0] == 0
    rows_out = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"), newline=""), delimiter=";"))
    assert [(r["geschreven"], r["partner"], r["oordeel"]) for r in rows_out] == [
        ("CJG-Ede", "P1", "ander"),
        (SPELLINGS[0], "P1", ""),
    ]


def test_a_wrong_name_on_the_command_line_is_told_what_it_may_be(
    make_data: MakeData, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built = tmp_path / "uit"
    call(capsys, "build", str(make_data(partners=PARTNERS, routes=ROUTES[3:4])), "-o", str(built), "--no-store")
    code, _, err = call(capsys, "route", str(built), "--from", "Huisartspraktijk Linde", "--to", "P1", "--gemeente", "Ede")
    assert code == 2
    assert "Huisartsenpraktijk De Linde (P2, " in err
