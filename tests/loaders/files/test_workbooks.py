"""Workbooks as partners send them, made by the writers that they use; values as a Dutch reader sees them."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import odf.opendocument
import odf.style
import odf.table
import odf.text
import openpyxl
import pytest
import python_calamine
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routekaart.loaders.files import worksheet
from routekaart.loaders.files.formats import format_of, moment, written
from routekaart.loaders.files.reading import raw_rows, read_file
from routekaart.loaders.files.sheet import ROW

DATE = dt.date(2026, 5, 3)
HEAD = ["id", "naam", "waarde", "peildatum", "besluit_nodig", "opmerking"]


def save(path: Path, *rows: list[Any], title: str = "partners", change: Callable[[Any], None] = lambda sheet: None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    change(sheet)
    book.save(path)
    return path


def rewritten(path: Path, **parts: Callable[[str], str]) -> Path:
    """The workbook with parts changed: keys are names without folder and ending."""
    other = path.with_name("herschreven.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            change = parts.get(Path(info.filename).stem)
            data = old.read(info)
            new.writestr(info.filename, change(data.decode()).encode() if change else data)
    return shutil.move(other, path)


def test_a_workbook_is_read_as_people_see_it(reads: Any) -> None:
    save(
        reads.path("lijst.xlsx"),
        HEAD,
        [1, " Eén ", 1.5, DATE, True, None],
        [None] * 6,
        ["007", "Twee", 1.234, dt.datetime(2026, 3, 1, 13, 30), False, ""],
    )
    seen = reads.file("lijst.xlsx")
    # a decimal point of Excel is a comma here: 1,234 must not become twelve hundred thirty-four
    assert seen.rows == {
        2: ("1", "Eén", "1,5", "2026-05-03", "ja", None),
        4: ("007", "Twee", "1,234", "2026-03-01 13:30:00", "nee", None),
    }
    assert seen.codes == []


FORMATS = [  # (number, number format, text, displayed); right answers from Excel's own rules (ECMA-376 18.8.30, 18.8.31)
    (46145, "General", "46145", ""),  # a serial number under a date's header: the value parser knows what it is
    (46145, "d-mmm", "2026-05-03", "3-mei"),
    (46145, "dd/mm", "2026-05-03", "03/05"),
    (46145, "[$-413]d\\ mmmm;@", "2026-05-03", "3 mei"),
    (43435, "mmm-yy", "2018-12-01", "dec-18"),
    (46145, "dd-mm-yyyy", "2026-05-03", ""),
    (46145, "yyyy", "2026-05-03", ""),
    (46145.5625, "dd-mm-yyyy hh:mm", "2026-05-03 13:30:00", ""),
    (0.5625, "hh:mm", "13:30:00", ""),
    (1.5, "[h]:mm", "36:00", ""),
    (0.255, "0.0%", "25,5%", ""),
    (1234.5, '"€" #,##0.00', "1234,5", ""),
    (7, "0000", "0007", ""),
    (12345678, "00000000", "12345678", ""),
    (-3, "0;[Red]-0", "-3", ""),
    (3, "0 d\\a\\g\\e\\n", "3", ""),
    (59, "yyyy-mm-dd", "1900-02-28", ""),
    (60, "yyyy-mm-dd", "60", ""),  # the day that never was
    (61, "yyyy-mm-dd", "1900-03-01", ""),
]


@pytest.mark.parametrize(("number", "code", "text", "displayed"), FORMATS)
def test_numbers_by_their_format(reads: Any, number: float, code: str, text: str, displayed: str) -> None:
    with xlsxwriter.Workbook(reads.path("x.xlsx")) as book:
        sheet = book.add_worksheet("partners")
        sheet.write_row(0, 0, ["id", "waarde"])
        sheet.write_row(1, 0, ["P1"])
        sheet.write_number(1, 1, number, book.add_format({"num_format": code}))
    seen = reads.file("x.xlsx")
    assert seen.rows == {2: ("P1", text)}
    assert dict(seen.sheets[0].displayed) == ({"waarde": {2: displayed}} if displayed else {})
    assert seen.codes == (["zeros-restored"] if text == "0007" else [])


@settings(max_examples=200, deadline=None)
@given(st.dates(dt.date(1900, 3, 1), dt.date(2200, 1, 1)), st.booleans())
def test_serial_numbers_are_dates_in_both_systems(day: dt.date, from_1904: bool) -> None:
    epoch = dt.date(1904, 1, 1) if from_1904 else dt.date(1899, 12, 30)
    if (day - epoch).days >= 0:
        assert moment((day - epoch).days, from_1904) == dt.datetime.combine(day, dt.time(0))


def test_the_1904_system_of_old_macs(reads: Any) -> None:
    with xlsxwriter.Workbook(reads.path("x.xlsx"), {"date_1904": True}) as book:
        sheet = book.add_worksheet("partners")
        sheet.write_row(0, 0, ["id", "peildatum"])
        sheet.write_string(1, 0, "P1")
        sheet.write_datetime(1, 1, DATE, book.add_format({"num_format": "yyyy-mm-dd"}))
    assert reads.file("x.xlsx").rows == {2: ("P1", "2026-05-03")}


def test_codes_keep_their_zeros_and_that_is_told_once(reads: Any) -> None:
    with xlsxwriter.Workbook(reads.path("x.xlsx")) as book:
        sheet = book.add_worksheet("partners")
        zeros = book.add_format({"num_format": "00000000"})
        sheet.write_row(0, 0, ["id", "kvk", "agb"])
        for n in range(1, 101):
            sheet.write_row(n, 0, [f"P{n}", 1234567 + n], zeros)
            sheet.write_string(n, 2, "01020304")
    seen = reads.file("x.xlsx")
    assert seen.rows[2] == ("P1", "01234568", "01020304")
    assert seen.at("zeros-restored") == [(2, "kvk", "01234568")]
    assert seen.said("zeros-restored")["number"] == 100


def test_errors_and_formulas(reads: Any) -> None:
    save(reads.path("x.xlsx"), ["id", "naam", "waarde"], ["P1", "x", "#N/A"], ["P2", "=A2", 3], ["P3", "y", "=1+1"])
    seen = reads.file("x.xlsx")  # openpyxl stores formulas without a result
    assert seen.rows == {2: ("P1", "x", None), 3: ("P2", None, "3"), 4: ("P3", "y", None)}
    assert seen.at("cell-error") == [(2, "waarde", "#N/A")]
    assert seen.at("formula-unread") == [(3, "naam", None), (4, "waarde", None)]


def test_a_result_is_read_and_a_formula_that_nothing_computed_is_told(reads: Any) -> None:
    with xlsxwriter.Workbook(reads.path("x.xlsx")) as book:
        sheet = book.add_worksheet("partners")
        sheet.write_row(0, 0, ["id", "waarde", "naam"])
        sheet.write_row(1, 0, ["P1"])
        sheet.write_formula(1, 1, "=4*2", None, 8)
        sheet.write_formula(1, 2, '=HYPERLINK("http://kwaad.example","x")', None, "x")
    seen = reads.file("x.xlsx")
    assert seen.rows == {2: ("P1", "8", "x")}
    assert seen.codes == ["formula-stale"]  # xlsxwriter asks the spreadsheet to compute on opening
    rewritten(reads.path("x.xlsx"), workbook=lambda t: t.replace(' fullCalcOnLoad="1"', ""))
    assert reads.file("x.xlsx").codes == []


def test_merged_hidden_and_filtered(reads: Any) -> None:
    def change(sheet: Any) -> None:
        sheet.merge_cells("B2:B3")
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True
        sheet.auto_filter.ref = "A1:C4"
        other = sheet.parent.create_sheet("aanbod")
        other.append(["id", "naam"])
        other.append(["A1", "z"])
        other.sheet_state = "hidden"

    save(reads.path("x.xlsx"), ["id", "naam", "waarde"], ["P1", "x", 1], ["P2", None, 2], ["P3", "y", 3], change=change)
    seen = reads.file("x.xlsx")
    partners, offerings = seen.sheets
    assert partners.frame["naam"].to_list() == ["x", "x", "y"]
    assert seen.at("columns-hidden") == [(None, None, "C")]
    assert seen.said("rows-hidden")["rows"] == "3"
    assert seen.said("cells-merged")["rows"] == "2, 3"
    assert (partners.hidden, offerings.hidden) == (False, True)


def test_each_cell_is_found_again_in_the_partners_own_sheet(reads: Any) -> None:
    """Row, header_row and places lead to the cell; openpyxl is the judge."""
    save(
        reads.path("x.xlsx"), ["Lijst"], [], [None, "id", None, "naam", "Naam", "gemeenten"], [None, "P1", None, "x", "q", "Ede"],
        [], ["Totaal"], [None, "P2", None, None, None, "Ede"],
    )  # fmt: skip
    (sheet,) = reads.file("x.xlsx").sheets
    book = openpyxl.load_workbook(reads.path("x.xlsx"))
    cells = book["partners"]
    for header, place in zip(sheet.headers, sheet.places, strict=True):
        assert cells.cell(sheet.header_row, place + 1).value == header
        for text, row in sheet.frame.select(header, ROW).iter_rows():
            assert cells.cell(row, place + 1).value == text
    (raw,) = raw_rows(reads.path("x.xlsx"))
    assert raw.rows[3][5] == "Ede"


CELL = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", blacklist_categories=("Cc", "Cs")) | st.sampled_from("\n é€"), max_size=8),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.dates(dt.date(1901, 1, 1), dt.date(2099, 1, 1)),
    st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2099, 1, 1)).map(lambda d: d.replace(microsecond=0)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=5))
def test_our_reader_and_calamine_see_the_same_cells(reads: Any, rows: list[list[Any]]) -> None:
    """calamine is an independent reader of the format; both must give the same texts."""
    rows = [["id", *(c if not isinstance(c, str) or not c.startswith("=") else "x" for c in row)] for row in rows]
    path = save(reads.path("x.xlsx"), *rows)
    (ours,) = raw_rows(path)
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        theirs = [[worksheet.as_text(v) for v in row] for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    width = len(theirs[0])
    # calamine also trims, which for us comes later
    ours_trimmed = [[c.strip() for c in row] + [""] * (width - len(row)) for row in ours.rows]
    assert ours_trimmed == [[c.strip() for c in row] for row in theirs]


def test_the_quick_way_is_taken_for_large_regular_sheets_and_gives_the_same(reads: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with xlsxwriter.Workbook(reads.path("x.xlsx")) as book:
        sheet = book.add_worksheet("wachttijden")
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEAD)
        for n in range(1, 3001):
            sheet.write_row(n, 0, [f"P{n}", f"naam {n % 7}\nregel" if n % 3 else "", n / 4])
            sheet.write_datetime(n, 3, dt.datetime(2026, 1, 1) + dt.timedelta(hours=n), date)
            sheet.write_boolean(n, 4, n % 2)
    careful = reads.file("x.xlsx")
    taken: list[object] = []
    quickly = worksheet.quickly
    monkeypatch.setattr(worksheet, "LARGE", 1)
    monkeypatch.setattr(worksheet, "quickly", lambda *a: taken.append(quickly(*a)) or taken[-1])
    quick = reads.file("x.xlsx")
    assert taken[0] is not None
    assert quick.sheets[0].frame.equals(careful.sheets[0].frame)
    assert quick.findings == careful.findings == []


@pytest.mark.parametrize("odd", ["merged", "hidden", "format", "error", "formula"])
def test_the_quick_way_leaves_what_calamine_does_not_tell(reads: Any, odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(sheet: Any) -> None:
        if odd == "merged":
            sheet.merge_cells("B2:B3")
        elif odd == "hidden":
            sheet.row_dimensions[2].hidden = True
        elif odd == "format":
            sheet["C2"].number_format = "d-mmm"
        else:
            sheet["C2"] = "#REF!" if odd == "error" else "=1"

    save(reads.path("x.xlsx"), ["id", "naam", "waarde"], ["P1", "x", 46145], ["P2", None, 2], change=change)
    careful = reads.file("x.xlsx")
    monkeypatch.setattr(worksheet, "LARGE", 1)
    again = reads.file("x.xlsx")
    assert again.findings == careful.findings
    assert (again.rows, again.sheets[0].displayed) == (careful.rows, careful.sheets[0].displayed)
    assert careful.findings or careful.sheets[0].displayed


def test_other_writers_dialects_are_the_same_sheet(reads: Any) -> None:
    """Prefixed names, no cell references, texts in the cell, rich text with reading aids, escapes."""
    save(reads.path("x.xlsx"), ["id", "naam", "waarde"], ["P1", "x", 2])
    sheet = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row><x:c t="inlineStr"><x:is><x:t>id</x:t></x:is></x:c><x:c t="inlineStr"><x:is><x:r><x:t>na</x:t></x:r><x:r>'
        '<x:t>am</x:t></x:r><x:rPh><x:t>NEE</x:t></x:rPh></x:is></x:c><x:c t="d"><x:v>2026-05-03T00:00:00Z</x:v></x:c></x:row>'
        '<x:row><x:c t="str"><x:v>P1</x:v></x:c><x:c t="inlineStr"><x:is><x:t>a_x000D__x000A_b</x:t></x:is></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    rewritten(reads.path("x.xlsx"), sheet1=lambda _: sheet)
    seen = reads.file("x.xlsx")
    assert seen.headers == ("id", "naam", "2026-05-03")
    assert seen.rows == {2: ("P1", "a\nb", None)}


# --- .xls, .ods, .xlsb -----------------------------------------------------------------------
def test_an_xls_tells_as_much_as_an_xlsx(reads: Any) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("partners")
    for place, name in enumerate(["id", "naam", "waarde", "peildatum", "agb", "besluit_nodig"]):
        sheet.write(0, place, name)
    sheet.write(1, 0, "P1")
    sheet.write_merge(1, 2, 1, 1, "Café")
    sheet.write(1, 2, DATE, xlwt.easyxf(num_format_str="d-mmm"))
    sheet.write(1, 3, DATE, xlwt.easyxf(num_format_str="dd-mm-yyyy"))
    sheet.write(1, 4, 1020304, xlwt.easyxf(num_format_str="00000000"))
    sheet.write(1, 5, True)
    sheet.write(2, 0, "P2")
    sheet.write(2, 2, 1.25)
    sheet.row(2).hidden = True
    sheet.col(5).hidden = True
    book.save(str(reads.path("x.xls")))
    seen = reads.file("x.xls")
    assert seen.rows == {
        2: ("P1", "Café", "2026-05-03", "2026-05-03", "01020304", "ja"),
        3: ("P2", "Café", "1,25", None, None, None),
    }
    assert dict(seen.sheets[0].displayed) == {"waarde": {2: "3-mei"}}
    assert sorted(seen.codes) == ["cells-merged", "columns-hidden", "rows-hidden", "zeros-restored"]


def ods(path: Path, *rows: list[tuple[dict[str, Any], str] | None]) -> None:
    book = odf.opendocument.OpenDocumentSpreadsheet()
    table = odf.table.Table(name="partners")
    for row in rows:
        line = odf.table.TableRow()
        for cell in row:
            made = odf.table.TableCell(**(cell[0] if cell else {}))
            if cell:
                for paragraph in cell[1].split("\n"):
                    made.addElement(odf.text.P(text=paragraph))
            line.addElement(made)
        table.addElement(line)
    far = odf.table.TableRow(numberrowsrepeated=1_048_000)
    far.addElement(odf.table.TableCell(numbercolumnsrepeated=16_384))
    table.addElement(far)
    book.spreadsheet.addElement(table)
    book.save(str(path))


def text(value: str) -> tuple[dict[str, Any], str]:
    return {"valuetype": "string"}, value


def test_an_ods_is_read_with_what_it_shows(reads: Any) -> None:
    number: dict[str, Any] = {"valuetype": "float", "value": 1.5}
    date: dict[str, Any] = {"valuetype": "date", "datevalue": "2026-05-03"}
    ods(
        reads.path("x.ods"),
        [text("id"), text("naam"), text("waarde"), text("peildatum"), text("agb"), text("kosten"), text("opmerking")],
        [text("P1"), text("Café\nEde"), (date, "3-mei"), (date, "03-05-2026"), ({**number, "value": 7}, "0007"),
         ({"valuetype": "percentage", "value": 0.25}, "25%"), ({"valuetype": "boolean", "booleanvalue": "true"}, "WAAR")],
        [text("P2"), None, (number, "1,5"), None, None, ({"valuetype": "time", "timevalue": "PT13H30M00S"}, "13:30"),
         ({"valuetype": "string", "formula": "of:=NA()"}, "#N/B")],
    )  # fmt: skip
    seen = reads.file("x.ods")
    assert seen.rows == {
        2: ("P1", "Café\nEde", "2026-05-03", "2026-05-03", "0007", "25%", "ja"),
        3: ("P2", None, "1,5", None, None, "13:30:00", None),
    }
    assert dict(seen.sheets[0].displayed) == {"waarde": {2: "3-mei"}}
    assert sorted(seen.codes) == ["cell-error", "zeros-restored"]


def test_an_ods_agrees_with_calamine(reads: Any) -> None:
    ods(reads.path("x.ods"), [text("id"), text("naam")], [text("P1"), None], [None, text("x  y")])
    (ours,) = raw_rows(reads.path("x.ods"))
    with python_calamine.CalamineWorkbook.from_path(reads.path("x.ods")) as book:
        theirs = [[str(v) for v in row] for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    assert [[*row, *[""] * (2 - len(row))] for row in ours.rows] == theirs


def record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return (
        head
        + bytes([len(data) & 0x7F | (0x80 if len(data) > 127 else 0)])
        + (bytes([len(data) >> 7]) if len(data) > 127 else b"")
        + data
    )


def wide(value: str) -> bytes:
    return len(value).to_bytes(4, "little") + value.encode("utf-16-le")


def xlsb(path: Path, rows: list[list[str]], far: tuple[int, int] | None = None) -> None:
    """The least that an .xlsb is (MS-XLSB): a workbook, a sheet of texts in its cells, and their relations."""
    cells = b""
    for number, row in enumerate(rows):
        cells += record(0, number.to_bytes(4, "little") + bytes(13))
        for place, value in enumerate(row):
            cells += record(6, place.to_bytes(4, "little") + bytes(4) + wide(value))
    if far:
        cells += record(0, far[0].to_bytes(4, "little") + bytes(13)) + record(
            6, far[1].to_bytes(4, "little") + bytes(4) + wide("x")
        )
    last = far or (len(rows) - 1, len(rows[0]) - 1)
    size = b"".join(n.to_bytes(4, "little") for n in (0, last[0], 0, last[1]))
    sheet = record(129) + record(148, size) + record(145) + cells + record(146) + record(130)
    book = (
        record(131)
        + record(143)
        + record(156, bytes(4) + (1).to_bytes(4, "little") + wide("rId1") + wide("partners"))
        + record(144)
        + record(132)
    )
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", types)
        made.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{relation}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        )
        made.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{relation}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        made.writestr("xl/workbook.bin", book)
        made.writestr("xl/worksheets/sheet1.bin", sheet)


def test_an_xlsb_is_read(reads: Any) -> None:
    xlsb(reads.path("x.xlsb"), [["id", "naam"], ["P1", "Café"]])
    assert reads.file("x.xlsb").rows == {2: ("P1", "Café")}


def test_an_xlsb_with_a_cell_far_away_takes_no_room(reads: Any) -> None:
    xlsb(reads.path("x.xlsb"), [["id", "naam"], ["P1", "Café"]], far=(1_048_575, 16_383))
    assert reads.file("x.xlsb").codes == ["sheet-too-large"]


# --- what is no workbook ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "data", "codes"),
    [
        ("leeg.csv", b"", ["file-empty"]),
        ("leeg.xlsx", b"", ["file-empty"]),
        ("wit.csv", b" \n \n", ["file-empty"]),
        ("komma.csv", b",,\n,,\n", ["file-empty"]),
        ("kapot.xlsx", b"PK\x03\x04 geen werkboek", ["file-corrupt"]),
        ("kapot.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook".decode().encode("utf-16-le") * 50, ["file-corrupt"]),
        ("plaatje.csv", b"\x89PNG\r\n\x1a\n\x00\x00", ["no-table-file"]),
        ("lijst.xls", b"<html><table><tr><td>id</td></tr></table></html>", ["file-web-page"]),
        ("lijst.xls", b'\xef\xbb\xbf<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', ["file-web-page"]),
        ("brief.csv", b"%PDF-1.7 ...", ["no-table-file"]),
        (
            "slot.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            ["file-protected"],
        ),
    ],
)
def test_what_is_no_table_is_one_finding(reads: Any, name: str, data: bytes, codes: list[str]) -> None:
    seen = reads.bytes(data, name)
    assert seen.sheets == []
    assert seen.codes == codes


def test_text_that_is_called_a_workbook_is_read_and_told(reads: Any) -> None:
    seen = reads.text("id\tnaam\nP1\tx\n", "lijst.xls")
    assert seen.rows == {2: ("P1", "x")}
    assert seen.codes == ["file-other-kind"]
    save(reads.path("echt.csv"), ["id", "naam"], ["P1", "x"])
    assert reads.file("echt.csv").codes == ["file-other-kind"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_workbook_is_corrupt(reads: Any, share: float) -> None:
    data = save(reads.path("x.xlsx"), HEAD, *([f"P{n}", "x", n] for n in range(50))).read_bytes()
    assert reads.bytes(data[: int(len(data) * share)], "y.xlsx").codes == ["file-corrupt"]


def test_a_folder_in_the_place_of_a_file_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "partners.csv").mkdir()
    assert [f.code for f in read_file(tmp_path / "partners.csv", "partners.csv")[1]] == ["file-unreadable"]


def test_macros_links_and_embedded_files_are_told(reads: Any) -> None:
    path = save(reads.path("x.xlsm"), ["id", "naam"], ["P1", "x"])
    relation = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"
    more = f'<Relationship Id="rV" Type="{relation}" Target="vbaProject.bin"/><Relationship Id="rL" Type="{link}" Target="externalLinks/e.xml"/></Relationships>'
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(reads.path("y.xlsm"), "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename.endswith("workbook.xml.rels"):
                data = data.replace(b"</Relationships>", more.encode())
            new.writestr(info.filename, data)
        new.writestr("xl/embeddings/a.docx", b"PK")
    seen = reads.file("y.xlsm")
    assert seen.rows == {2: ("P1", "x")}
    assert seen.codes == ["macros-not-run", "links-not-followed", "embedded-unread"]


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from('ydmhs0#?.,;%-/ "[]\\_*@$€AMPE:+'), max_size=12), st.floats(-10, 60_000, allow_nan=False))
def test_no_format_is_too_odd(code: str, number: float) -> None:
    found = written(number, format_of(code))
    assert isinstance(found.text, str)
    assert not re.search(r"[ydm]", found.displayed) or re.search(r"[a-z]{2,}", found.displayed)
