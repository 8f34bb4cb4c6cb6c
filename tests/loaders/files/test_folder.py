"""A folder as it is sent: what else lies in it, hidden sheets, and names that only the settings know."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from routekaart.loaders.files.reading import others
from routekaart.loaders.read import read


def test_every_file_that_is_not_read_is_told(tmp_path: Path) -> None:
    for name in (
        "partners.csv",
        "oud.xls",
        "aanbod.PDF",
        "brief.docx",
        "kaart.numbers",
        "a.bak",
        "b.log",
        "routekaart.toml",
        "LEESMIJ.md",
    ):
        (tmp_path / name).touch()
    found = others(tmp_path.iterdir())
    assert [(f.code, f.file) for f in found] == [
        ("no-table-file", "aanbod.PDF"),
        ("no-table-file", "brief.docx"),
        ("no-table-file", "kaart.numbers"),
        ("files-unread", "a.bak"),
    ]
    assert found[-1].value == "a.bak, b.log"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workbook with its own names under two titles, a hidden sheet that is no table, a lock file and a letter."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "partners"
    for row in (["Deelnemers", None], [], ["nr", "instelling", "plaatsen"], ["P1", "Café Ede", "Ede"], ["P2", "Zoë", "Ede"]):
        sheet.append(row)
    book.create_sheet("rekenblad").append(["x"])
    book["rekenblad"].sheet_state = "hidden"
    book.save(tmp_path / "lijst.xlsx")
    (tmp_path / "~$lijst.xlsx").write_bytes(b"slot")
    (tmp_path / "brief.docx").write_bytes(b"PK")
    mapped = '[bestanden."lijst.xlsx".partners]\nkolommen = { nr = "id", instelling = "naam", plaatsen = "gemeenten" }\n'
    (tmp_path / "routekaart.toml").write_text(f'[regio]\npeildatum = "2026-06-01"\n{mapped}', "utf-8")
    return tmp_path


def test_the_header_is_found_by_the_names_of_the_settings(folder: Path) -> None:
    reading = read(folder)
    assert reading.landscape["partners"]["name"].to_list() == ["Café Ede", "Zoë"]
    assert reading.landscape["partners"]["row"].to_list() == [4, 5]
    count = reading.counts["partners"]
    assert (count.read, count.used) == (2, 2)
    assert {f.code for f in reading.findings} >= {"rows-above-header", "hidden-sheet-skipped", "no-table-file"}
    assert "unknown-table" not in {f.code for f in reading.findings}
    (place,) = reading.places
    assert (place.header_row, dict(place.columns)) == (3, {"nr": 0, "instelling": 1, "plaatsen": 2})
