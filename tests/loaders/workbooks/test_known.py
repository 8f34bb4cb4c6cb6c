"""Pre-filled workbooks: every value as a person writes it, and back again exactly as it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routekaart.graph.landscape import Landscape
from routekaart.graph.schema import INPUT_TABLES, Kind
from routekaart.loaders.cells import parser
from routekaart.loaders.read import Reading, read
from routekaart.loaders.workbooks.known import MOST_SIGNS, Known, known
from routekaart.loaders.workbooks.template import template
from routekaart.loaders.workbooks.written import NUMBERS, Writer

EXAMPLES = Path(__file__).parents[3] / "examples"
#: What a return may change: where a row stands and when it was verified.
_MAY_CHANGE = ("file", "sheet", "row", "verified_on")


def filled(landscape: Landscape, found: Known) -> openpyxl.Workbook:
    out = BytesIO()
    template(out, landscape=landscape, filled=found)
    return openpyxl.load_workbook(BytesIO(out.getvalue()))


def test_every_value_of_both_examples_reads_back_as_it_was(example: Reading) -> None:
    """A second way round: not by workbooks but value by value, for every row of every table."""
    landscape = example.landscape
    for lang in ("nl", "en"):
        writer = Writer(landscape, lang)
        for table in INPUT_TABLES:
            for column in (c for c in table.stored if c.headed):
                parse = parser(column, writer.context)
                for value in landscape[table.name][column.name].drop_nulls().unique().to_list():
                    cell = writer.cell(column, value)
                    # a number in a cell is read as its Dutch text
                    shown = str(cell).replace(".", ",") if column.kind in NUMBERS else str(cell)
                    if parse is not None:
                        parsed = parse(shown)
                        assert (parsed.value, parsed.issues) == (value, ()), (table.name, column.name, cell)
                    else:
                        assert cell == value


@pytest.mark.parametrize(("name", "partners"), [("gelderse-vallei", ("P06", "P20")), ("voorbeeldregio", ("P058", "P001"))])
def test_a_return_without_changes_changes_no_fact(name: str, partners: tuple[str, ...], tmp_path: Path) -> None:
    base = read(EXAMPLES / name)
    day = base.landscape.settings.reference_date
    data = tmp_path / "data"
    shutil.copytree(EXAMPLES / name, data)
    for partner in partners:
        book = filled(base.landscape, known(base.landscape, partner))
        book["bevestigingen"]["B2"], book["bevestigingen"]["C2"] = "ja", day
        book.save(data / f"retour {partner}.xlsx")
    back = read(data)
    new = set(back.findings) - set(base.findings)
    assert {f.code for f in new} == {"replaced-by-return"}
    verified = 0
    for table in INPUT_TABLES:
        if table.name == "confirmations":
            continue
        before, after = (r.landscape[table.name] for r in (base, back))
        assert after.drop(_MAY_CHANGE).equals(before.drop(_MAY_CHANGE)), table.name
        changed = after.filter(pl.col("file").str.starts_with("retour"))
        verified += changed.height
        assert set(changed["verified_on"]) <= {day}
    assert verified >= len(partners)
    for count in back.counts.values():
        assert count.read == count.used + count.quarantined


def test_what_a_partner_gets_to_see(voorbeeldregio: Reading) -> None:
    landscape = voorbeeldregio.landscape
    found = known(landscape, "P058")
    # counted by hand in examples/voorbeeldregio: grep P058 in each table
    expected = {
        "partners": landscape["partners"].filter(pl.col("id") == "P058").height,
        "offerings": landscape["offerings"].filter(pl.col("partner") == "P058").height,
        "lines": landscape["lines"].filter((pl.col("from") == "P058") | (pl.col("to") == "P058")).height,
    }
    assert {n: len(found.rows[n]) for n in expected} == expected
    words = [str(v) for rows in found.rows.values() for row in rows for v in row.values()]
    assert "GM9003" not in words  # municipalities by name
    assert any("Elzerbroek" in w for w in words)
    with pytest.raises(KeyError):
        known(landscape, "P99999")


def make(make_data: Callable[..., Path], **tables: Any) -> Reading:
    return read(make_data(**tables))


def test_two_partners_of_one_name_are_named_by_id(make_data: Callable[..., Path]) -> None:
    reading = make(
        make_data,
        partners=[
            {"id": "P1", "naam": "Wijkteam"},
            {"id": "P2", "naam": "Wijkteam"},
            {"id": "P3", "naam": "School De Brug; locatie Oost"},
        ],
        lijnen=[{"van": "P1", "naar": "P2"}, {"van": "P1", "naar": "P3"}],
        aanbod=[{"id": "P3", "partner": "P1", "naam": "Inloop"}],
        wachttijden=[{"op": "aanbod:P3", "soort": "totaal", "waarde": "8 weken"}],
    )
    found = known(reading.landscape, "P1")
    assert found.written == "P1"
    assert {row["to"] for row in found.rows["lines"]} == {"P2", "School De Brug; locatie Oost"}
    assert [row["on"] for row in found.rows["waits"]] == ["Inloop"]


def test_small_numbers_of_families_never_stand_in_the_file_and_are_not_lost(make_data: Callable[..., Path]) -> None:
    tables = {
        "partners": [{"id": "P1", "naam": "Een"}, {"id": "P2", "naam": "Twee"}],
        "routes": [
            {"id": "R1", "van": "P1", "naar": "P2", "soort": "verwijzing", "aantal_per_jaar": "7"},
            {"id": "R2", "van": "P2", "naar": "P1", "soort": "verwijzing", "aantal_per_jaar": "70"},
        ],
    }
    folder = make_data(**tables)
    base = read(folder)
    found = known(base.landscape, "P1")
    assert found.withheld == 1  # seven is below the threshold of ten
    assert {row["id"]: row.get("per_year") for row in found.rows["routes"]} == {"R1": None, "R2": 70}
    book = filled(base.landscape, found)
    assert 7 not in {c.value for sheet in book for row in sheet.iter_rows() for c in row}
    book["bevestigingen"]["B2"], book["bevestigingen"]["C2"] = "ja", "2026-05-01"
    book.save(folder / "retour.xlsx")
    back = read(folder).landscape["routes"]
    assert dict(zip(back["id"], back["per_year"], strict=True)) == {"R1": 7, "R2": 70}
    assert set(back["verified_on"]) == {"2026-05-01"}


def test_a_text_that_no_cell_can_hold_leaves_its_row_out_and_counts_it(make_data: Callable[..., Path]) -> None:
    reading = make(
        make_data,
        partners=[{"id": "P1", "naam": "Een"}],
        aanbod=[
            {"id": "A1", "partner": "P1", "naam": "Lang", "omschrijving": "x" * (MOST_SIGNS + 1)},
            {"id": "A2", "partner": "P1", "naam": "Kort"},
        ],
    )
    found = known(reading.landscape, "P1")
    kept = len(found.rows["offerings"])
    assert (kept, found.left_out) == (1, 1)


@settings(max_examples=150, deadline=None)
@given(months=st.integers(0, 120 * 12), days=st.integers(0, 3640), yes=st.booleans())
def test_ages_durations_and_yes_or_no_read_back(months: int, days: int, yes: bool) -> None:
    writer = Writer(Landscape.of({}))
    column = {c.kind: c for t in INPUT_TABLES for c in t.headed}
    for kind, value in ((Kind.AGE, months), (Kind.DAYS, float(days)), (Kind.YESNO, yes)):
        parse = parser(column[kind], writer.context)
        assert parse is not None
        parsed = parse(str(writer.cell(column[kind], value)))
        assert (parsed.value, parsed.issues) == (value, ())
