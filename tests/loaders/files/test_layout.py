"""What in a sheet is table and what is not: titles, stacked and repeated headers, totals, notes, a second table."""

from __future__ import annotations

import doctest
import importlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routekaart.loaders.files.grid import table_of
from routekaart.loaders.files.sheet import ROW, Area, RawSheet

WORDS = frozenset("id naam rollen gemeenten leeftijdvan leeftijdtot van tot soort website waarde overdracht opmerking".split())


def grid(*rows: list[str], merged: tuple[Area, ...] = ()) -> RawSheet:
    return RawSheet("partners", rows, merged=merged)


def table(*rows: list[str], merged: tuple[Area, ...] = ()) -> tuple[tuple[str, ...], dict[int, tuple[Any, ...]], list[Any]]:
    sheet, findings = table_of(grid(*rows, merged=merged), "x.xlsx", WORDS)
    assert sheet is not None
    found = {r[-1]: r[:-1] for r in sheet.frame.select(*sheet.headers, ROW).iter_rows()}
    for finding in findings:
        assert "{" not in finding.message() + finding.cure("en")
    # nothing lost: every filled row is data, or told by a finding with its number
    told = {str(f.row) for f in findings} | {r for f in findings for r in str(dict(f.values).get("rows", "")).split(", ")}
    for number, row in enumerate(rows, 1):
        if any(c.strip() for c in row):
            assert number in found or str(number) in told or number <= sheet.header_row
    return sheet.headers, found, findings


def test_titles_above_the_header_are_told() -> None:
    headers, rows, findings = table(["Partners in de regio"], [], ["stand 2026"], ["id", "naam"], ["P1", "x"])
    assert headers == ("id", "naam")
    assert rows == {5: ("P1", "x")}
    assert [(f.code, f.row, f.value) for f in findings] == [("rows-above-header", 1, "Partners in de regio")]
    assert dict(findings[0].values)["rows"] == "1, 3"


def test_without_a_known_name_the_first_filled_row_is_the_header() -> None:
    assert table([], ["Titel"], ["nr", "instelling"], ["1", "x"])[0] == ("Titel",)


@pytest.mark.parametrize("merged", [(), (Area(0, 2, 0, 3), Area(0, 0, 1, 0), Area(0, 1, 1, 1))])
def test_two_rows_of_names_are_read_together(merged: tuple[Area, ...]) -> None:
    headers, rows, findings = table(
        ["id", "naam", "Leeftijd", "", "gemeenten"], ["", "", "van", "tot", ""], ["P1", "x", "4", "12", "Ede"], merged=merged
    )
    assert headers == ("id", "naam", "Leeftijd van", "Leeftijd tot", "gemeenten")
    assert rows == {3: ("P1", "x", "4", "12", "Ede")}
    assert [f.code for f in findings] == ["header-stacked"]


def test_a_row_of_groups_above_the_names_is_read_with_them() -> None:
    headers, rows, _ = table(["", "", "Leeftijd", ""], ["id", "naam", "van", "tot"], ["P1", "x", "4", "12"])
    assert headers == ("id", "naam", "Leeftijd van", "Leeftijd tot")
    assert rows == {3: ("P1", "x", "4", "12")}


def test_a_first_row_of_data_is_never_half_a_header() -> None:
    headers, rows, findings = table(["id", "naam", "", "opmerking"], ["P1", "soort", "website", "van"], ["P2", "b", "", ""])
    assert headers == ("id", "naam", "opmerking")
    assert list(rows) == [2, 3]
    assert [f.code for f in findings] == ["column-unnamed"]


@pytest.mark.parametrize(
    ("written", "used", "cell", "code"),
    [
        ("Leeftijd\n(van)", "Leeftijd\n(van)", "4", None),  # the names of H1 and of our own are the same, folded
        ("waarde (weken)", "waarde", "4", "header-bracket"),
        ("overdracht (dagen)", "overdracht", "4 dagen", "header-unit"),
        ("overdracht [in maanden]", "overdracht", "4 maanden", "header-unit"),
        ("gemeenten (Ede)", "gemeenten", "4", "header-bracket"),
    ],
)
def test_brackets_in_names(written: str, used: str, cell: str, code: str | None) -> None:
    headers, rows, findings = table(["id", "naam", written], ["P1", "x", "4"], ["P2", "y", "start direct"])
    assert headers == ("id", "naam", used)
    assert rows == {2: ("P1", "x", cell), 3: ("P2", "y", "start direct")}
    assert [f.code for f in findings] == ([code] if code else [])


def test_a_header_in_the_middle_is_left_out_and_told() -> None:
    _, rows, findings = table(["id", "naam"], ["P1", "x"], ["ID", "Naam"], ["P2", "y"], ["id", "iets anders"])
    assert list(rows) == [2, 4, 5]
    assert [(f.code, f.row) for f in findings] == [("header-repeated", 3)]


def test_totals_and_notes_below_the_table_are_told() -> None:
    _, rows, findings = table(
        ["id", "naam", "waarde"],
        ["P1", "x", "4"],
        ["P2", "y", "5"],
        ["Totaal", "", "9"],
        [],
        ["* cijfers van de partners zelf", "", ""],
        ["Bron: opgave 2025", "", ""],
        ["Dit overzicht wordt elk kwartaal bijgewerkt", "", ""],
    )
    assert list(rows) == [2, 3]
    assert [(f.code, f.row) for f in findings] == [("total-left-out", 4), *(("note-left-out", n) for n in (6, 7, 8))]


@pytest.mark.parametrize(
    "row",
    [
        ["P3", "Totaal Jeugdhulp", "4"],  # every column that others fill is filled
        ["P3", "", ""],  # an id alone is a row that lacks its name
        ["", "Totaal Jeugdhulp", "lange wachttijd"],  # text beside it: no total
        ["", "Bron", "4"],  # a partner of that name
        ["Somberheidspoli", "", "4"],
    ],
)
def test_what_may_be_a_row_stays_one(row: list[str]) -> None:
    _, rows, findings = table(["id", "naam", "waarde"], ["P1", "x", "4"], ["P2", "y", "5"], [], row)
    assert list(rows) == [2, 3, 5]
    assert findings == []


def test_a_total_that_leaves_nothing_empty_stays() -> None:
    _, rows, _ = table(["naam", "waarde"], ["x", "4"], ["Totaal", "9"])
    assert list(rows) == [2, 3]  # nothing says that "Totaal" is no name


def test_merged_cells_give_their_value_to_each_row() -> None:
    _, rows, findings = table(
        ["id", "naam", "gemeenten"],
        ["P1", "x", "Ede"],
        ["P2", "y", ""],
        ["Bron: eigen opgave", "", ""],
        merged=(Area(1, 2, 2, 2), Area(3, 0, 3, 2)),
    )
    assert rows == {2: ("P1", "x", "Ede"), 3: ("P2", "y", "Ede")}
    assert [f.code for f in findings] == ["note-left-out", "cells-merged"]


def test_a_merged_area_of_a_whole_sheet_takes_no_room() -> None:
    _, rows, _ = table(["id", "naam"], ["P1", "x"], merged=(Area(1, 0, 1_048_575, 16_383),))
    assert rows == {2: ("P1", "x")} or len(rows) == 1


def test_a_second_table_below_is_told_with_its_rows() -> None:
    _, rows, findings = table(["id", "naam"], ["P1", "x"], [], ["van", "tot", "soort"], ["P1", "P2", "verwijzing"])
    assert rows == {2: ("P1", "x")}
    (finding,) = findings
    assert (finding.code, finding.row, dict(finding.values)["number"]) == ("second-table", 4, 2)


def test_columns_without_a_name_and_double_names() -> None:
    headers, rows, findings = table(["id", "", "naam", "Naam", ""], ["P1", "q", "x", "y", "z"], ["P2", "", "b", "", ""])
    assert headers == ("id", "naam")
    assert rows == {2: ("P1", "x"), 3: ("P2", "b")}
    assert [(f.code, dict(f.values).get("letter")) for f in findings] == [
        ("double-column", None),
        ("column-unnamed", "B"),
        ("column-unnamed", "E"),
    ]


CELL = st.sampled_from(
    ["", "", " ", "id", "naam", "P1", "x", "Totaal", "* noot", "Bron: x", "12", "een lange zin erbij", "van", "tot"]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(CELL, max_size=4), max_size=10))
def test_no_row_is_ever_lost_without_a_word(rows: list[list[str]]) -> None:
    sheet, findings = table_of(grid(*rows), "x.xlsx", WORDS)
    told = {f.row for f in findings} | {
        int(r) for f in findings for r in str(dict(f.values).get("rows", "")).replace(" …", "").split(", ") if r
    }
    kept = set(sheet.frame[ROW].to_list()) if sheet else set()
    for number, row in enumerate(rows, 1):
        if any(c.strip() for c in row) and sheet is not None:
            assert number in kept or number in told or number in (sheet.header_row, sheet.header_row - 1)


@pytest.mark.parametrize("name", ["encoding", "formats", "header", "mojibake", "telling", "worksheet"])
def test_the_examples_in_the_docstrings_hold(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(f"routekaart.loaders.files.{name}"))
    assert failed == 0
    assert tried > 0


def test_what_is_left_out_is_told_without_addresses_and_numbers_of_persons() -> None:
    _, _, findings = table(
        ["id", "naam", "waarde"], ["P1", "x", "4"], [], ["Bron: j.jansen@gmail.example, 06-12345678, 123456782", "", ""]
    )
    assert [f.value for f in findings] == ["Bron: …, …, …"]
