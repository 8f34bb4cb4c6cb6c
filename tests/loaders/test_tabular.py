"""Reading files: encodings, delimiters, workbooks, row numbers as the spreadsheet shows them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routekaart.loaders.files import reading as tabular
from routekaart.loaders.files.reading import read_file
from routekaart.loaders.files.sheet import ROW

TEXT = "id;naam;gemeenten\nP1;Café Zoë;Ede\nP2;“Ouders” – samen;Ede\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_every_ordinary_csv_is_the_same_table(tmp_path: Path, encoding: str, delimiter: str, line_end: str) -> None:
    path = tmp_path / "partners.csv"
    path.write_bytes(TEXT.replace(";", delimiter).replace("\n", line_end).encode(encoding))
    sheets, findings = read_file(path, path.name)
    assert findings == []
    assert sheets[0].frame.rows() == [("P1", "Café Zoë", "Ede", 2), ("P2", "“Ouders” – samen", "Ede", 3)]


def test_a_row_has_the_number_that_the_spreadsheet_shows(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('\n\nid,naam\nP1,"twee\nregels"\n\n,\nP2,x\n', "utf-8")
    sheets, _ = read_file(path, path.name)
    assert sheets[0].frame[ROW].to_list() == [4, 7]  # records, as Excel counts them: a line break in a cell is no row


def test_a_workbook_is_read_as_people_see_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "partners"
    sheet.append(["id", "naam", "getal", "datum", "ja", "leeg"])
    sheet.append([1, " Eén ", 1.5, dt.date(2026, 3, 1), True, None])
    sheet.append([None] * 6)
    sheet.append(["007", "Twee", 1.234, dt.datetime(2026, 3, 1, 13, 30), False, ""])
    book.create_sheet("leeg")
    book.save(tmp_path / "lijst.xlsx")
    sheets, findings = read_file(tmp_path / "lijst.xlsx", "lijst.xlsx")
    assert findings == []
    assert [s.name for s in sheets] == ["partners"]
    # a decimal point of Excel is a comma here: 1,234 must not become twelve hundred thirty-four
    assert sheets[0].frame.rows() == [
        ("1", "Eén", "1,5", "2026-03-01", "ja", None, 2),
        ("007", "Twee", "1,234", "2026-03-01 13:30:00", "nee", None, 4),
    ]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("leeg.csv", b"", "file-empty"),
        ("wit.csv", b" \n \n", "file-empty"),
        ("komma.csv", b",,\n,,\n", "file-empty"),
        ("kapot.xlsx", b"PK\x03\x04 geen werkboek", "file-unreadable"),
        ("ander.xlsx", b"gewone tekst", "file-unreadable"),
        ("plaatje.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "file-unreadable"),
    ],
)
def test_what_is_no_table_is_one_finding(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(data)
    sheets, findings = read_file(tmp_path / name, name)
    assert sheets == []
    assert [f.code for f in findings] == [code]
    assert findings[0].message()


def test_a_folder_in_the_place_of_a_file_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "partners.csv").mkdir()
    assert [f.code for f in read_file(tmp_path / "partners.csv", "partners.csv")[1]] == ["file-unreadable"]


CELL = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=6) | st.sampled_from(
    ["", " ", "a;b", '"', "x\ny", "\u00a0"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8), st.sampled_from([";", ",", "\t"]))
def test_the_quick_way_and_the_careful_way_give_the_same(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([["id", "naam", "rollen"], *rows])
    content = out.getvalue()
    quick = tabular._read_regular(content, delimiter, "x.csv")
    careful = tabular._sheet("x.csv", None, csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))
    if quick is not None:
        assert quick[0][0].frame.equals(careful[0][0].frame)
        assert quick[1] == careful[1]


def test_the_quick_way_leaves_what_it_cannot_keep_in_place() -> None:
    assert tabular._read_regular("id,naam\n\nP1,x\n", ",", "x.csv") is None  # a blank line
    assert tabular._read_regular("id,naam\nP1,x,te veel\n", ",", "x.csv") is None  # a row that is too long
    quick = tabular._read_regular("id,naam\nP1\nP2,y\n", ",", "x.csv")
    assert quick is not None
    assert quick[0][0].frame.rows() == [("P1", None, 2), ("P2", "y", 3)]
