"""Text → rows: delimiters, quotes and line ends of every kind; the quick way and the careful way give the same."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routekaart.loaders.files import quick, reading
from routekaart.loaders.files.delimited import Oddities, delimiter_of, rows_of
from routekaart.loaders.files.reading import raw_rows, read_file

ROWS = {2: ("P1", "Café", "Ede"), 3: ("P2", "Samen", "Ede")}
TEXT = "id;naam;gemeenten\nP1;Café;Ede\nP2;Samen;Ede\n"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_every_delimiter_and_line_end_is_the_same_table(reads: Any, delimiter: str, line_end: str, last: bool) -> None:
    text = TEXT if last else TEXT.rstrip("\n")
    (reads.folder / "partners.csv").write_bytes(text.replace(";", delimiter).replace("\n", line_end).encode())
    seen = reads.file("partners.csv")
    assert seen.rows == ROWS
    assert seen.codes == []


def test_the_line_that_names_the_delimiter_is_no_row(reads: Any) -> None:
    seen = reads.text("sep=|\r\nid|naam;x|gemeenten\r\nP1|a;b|Ede\r\n")
    assert seen.headers == ("id", "naam;x", "gemeenten")
    assert seen.rows == {2: ("P1", "a;b", "Ede")}  # Excel does not show the first line either


#: First lines and what separates their cells, with our own right answer: the header alone misleads in the last five.
SAMPLES = [
    ("id;naam\nP1;x\n", ";"),
    ("id,naam\nP1,x\n", ","),
    ("id\tnaam\nP1\tx\n", "\t"),
    ("id|naam|x\n1|2|3\n", "|"),
    ("naam\nEen\nTwee\n", ";"),
    ('"a;b","c;d"\n1,2\n', ","),
    ("Partners, stand 2026\n\nid;naam;rollen\nP1;x;y\nP2;x;y\n", ";"),
    ("naam, adres;plaats\nx;y\nz;q\n", ";"),
    ("id;naam, voluit, kort\nP1;x\nP2;y\nP3;z\n", ";"),
    ("id,naam\nP1,x; y; z\nP2,q; r\n", ","),
    ("titel\nid\tnaam\tthemas\nP1\tx\ta; b; c\nP2\ty\td\n", "\t"),
]


@pytest.mark.parametrize(("text", "delimiter"), SAMPLES)
def test_the_delimiter_is_the_one_that_cuts_rows_alike(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter


def test_a_row_has_the_number_that_the_spreadsheet_shows(reads: Any) -> None:
    seen = reads.text('\n\nid,naam\nP1,"twee\nregels"\n\n,\nP2,x\n')
    # records, as Excel counts them: a line break in a cell is no row
    assert seen.rows == {4: ("P1", "twee\nregels"), 7: ("P2", "x")}
    assert seen.sheets[0].header_row == 3


def test_quotes_doubled_and_loose_stay_what_they_are(reads: Any) -> None:
    seen = reads.text('id;naam\nP1;"de ""Brug"""\nP2;5" buis\nP3;"a;b"\n')
    assert seen.rows == {2: ("P1", 'de "Brug"'), 3: ("P2", '5" buis'), 4: ("P3", "a;b")}
    assert seen.codes == []


@pytest.mark.parametrize("rest", ['P2;"gewoon";Ede\nP3;x;Ede\n', "P2;gewoon;Ede\nP3;x;Ede\n", 'P2;gewoon;Ede\n"P3";x;Ede\n'])
def test_a_quote_that_is_never_closed_does_not_swallow_the_file(reads: Any, rest: str) -> None:
    seen = reads.text('id;naam;gemeenten\nP1;"open;Ede\n' + rest)
    assert seen.rows == {2: ("P1", "open", "Ede"), 3: ("P2", "gewoon", "Ede"), 4: ("P3", "x", "Ede")}
    assert seen.at("quote-unclosed") == [(2, None, None)]


@pytest.mark.parametrize("line", ['"x"";\n', '"x;""\n', '"x\n""\n""\n'])
def test_many_unclosed_quotes_take_no_time(reads: Any, line: str) -> None:
    seen = reads.text("id;naam\n" + line * 20_000)
    assert "quote-unclosed" in seen.codes


def test_mixed_line_ends_are_said_and_lose_no_row(reads: Any) -> None:
    seen = reads.bytes(b"id;naam\r\nP1;a\nP2;b\rP3;c\r\n")
    assert seen.rows == {2: ("P1", "a"), 3: ("P2", "b"), 4: ("P3", "c")}
    assert seen.codes == ["line-ends-mixed"]


def test_a_lone_return_inside_a_cell_is_no_row(reads: Any) -> None:
    seen = reads.bytes(b"id;naam;website\r\nP1;twee\rregels;x\r\nP2;a;b\r\n")
    assert seen.rows == {2: ("P1", "twee\nregels", "x"), 3: ("P2", "a", "b")}


def test_cells_beyond_the_last_name_are_told_by_row(reads: Any) -> None:
    seen = reads.text("id;naam\nP1;a;te veel\nP2;b\n" + "P3;c;x\n" * 30)
    assert seen.said("ragged-row")["number"] == 31
    assert len(seen.rows) == 32


def test_a_cell_of_ten_million_signs_is_unread_and_the_rest_is_read(reads: Any) -> None:
    seen = reads.text("id;naam\nP1;" + "x" * 10_000_000 + "\nP2;b\n")
    assert seen.rows == {2: ("P1", None), 3: ("P2", "b")}
    assert seen.at("cell-too-long") == [(2, "naam", None)]


CELL = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=6) | st.sampled_from(
    ["", " ", "a;b", '"', "x\ny", "\u00a0", "id", "Totaal", "* noot", "CafÃ©", "12", "ID "]
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8),
    st.sampled_from([";", ",", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_the_quick_way_and_the_careful_way_give_the_same(rows: list[list[str]], delimiter: str, end: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerows([["id", "naam", "rollen"], *rows])
    vocabulary = frozenset(["id", "naam", "rollen"])
    found = quick.read_regular(out.getvalue(), delimiter, "x.csv", vocabulary)
    if found is not None:
        raw = reading._Raw(text=out.getvalue(), delimiter=delimiter)
        careful, findings = reading._tables(raw, "x.csv", vocabulary)
        assert found[0].frame.equals(careful[0].frame)
        assert (found[0].headers, found[0].header_row, found[0].places) == (("id", "naam", "rollen"), 1, (0, 1, 2))
        assert found[1] == findings
        assert [f for f in raw.findings if f.code != "line-ends-mixed"] == []


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(CELL.map(lambda c: c.replace("\r", "")), min_size=2, max_size=3), max_size=6),
    st.sampled_from([";", ",", "\t"]),
)
def test_the_careful_way_agrees_with_the_csv_module(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    odd = Oddities()
    # csv gives [] for a blank line, where we give one empty cell: neither is a row
    expected = [row or [""] for row in csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=delimiter)]
    assert list(rows_of(out.getvalue(), delimiter, odd)) == (expected or [[""]])
    assert odd.unclosed == []


def test_the_quick_way_is_taken_for_large_files_and_only_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.csv").write_text("id,naam,rollen\n" + "".join(f"P{n},naam {n},huisarts\n" for n in range(60_000)), "utf-8")
    large = read_file(tmp_path / "x.csv", "x.csv")
    monkeypatch.setattr(reading, "read_regular", lambda *_: pytest.fail("the careful way calls nobody"))
    monkeypatch.setattr(reading, "_LARGE", 10**12)
    careful = read_file(tmp_path / "x.csv", "x.csv")
    assert large[0][0].frame.equals(careful[0][0].frame)


def test_the_quick_way_leaves_what_it_cannot_keep_in_place() -> None:
    for text in (
        "id,naam\n\nP1,x\n",  # a blank line
        "id,naam\nP1,x,te veel\n",  # a row that is too long
        'id,naam\nP1,5" buis\n',  # a quote inside a cell
        "id,naam\nP1,x\nTotaal,3\n",  # a row of totals
        "id,naam\nP1,x\nID,naam\n",  # the header again
        "titel\nid,naam\nP1,x\n",  # a title above
    ):
        assert quick.read_regular(text, ",", "x.csv", frozenset(["id", "naam"])) is None, text
    assert quick.read_regular("id,naam\nP1,x\nP2,y\n", ",", "x.csv", frozenset(["id", "naam"])) is not None


def test_raw_rows_are_the_file_as_it_stands(reads: Any) -> None:
    reads.text("Partners 2026\n\nid;naam\nP1; Eén \nTotaal;1\n", "x.csv")
    (raw,) = raw_rows(reads.path("x.csv"))
    assert raw.name is None
    assert [list(r) for r in raw.rows] == [["Partners 2026"], [""], ["id", "naam"], ["P1", " Eén "], ["Totaal", "1"]]
