"""Hostile files end in a finding, within two seconds and 500 MB, each read in a process of its own; so do empty masses."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import odf.opendocument
import odf.table
import odf.text
import openpyxl
import pytest
import xlsxwriter
import xlwt

#: CPU seconds: each file takes at most 1.7 on an idle machine; the limit leaves room for a busy one.
SECONDS, MEGABYTES = 5.0, 500
#: Reads each file in a fork of a process that has loaded everything, so that only the reading is measured.
CHILD = """
import json, os, resource, sys, time
from collections import Counter
from pathlib import Path
import polars, python_calamine, xlrd, charset_normalizer
from routekaart.loaders.files.reading import read_file
for name in sys.argv[1:]:
    out, into = os.pipe()
    if os.fork() == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
        start = time.process_time()
        sheets, findings = read_file(Path(name), Path(name).name, frozenset(["id", "naam", "waarde"]))
        seconds = time.process_time() - start
        codes = Counter(f.code for f in findings)
        said = {"codes": codes, "rows": [s.frame.height for s in sheets], "seconds": seconds,
                "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
        os.write(into, json.dumps(said).encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        said = pipe.read()
    os.wait()
    print(said.decode() or json.dumps({"codes": {"died": 1}, "rows": [], "seconds": 99, "memory": 99999}))
"""

Make = Callable[[Path], None]
MADE: dict[str, tuple[Make, list[str], list[int]]] = {}


def case(name: str, codes: list[str], rows: list[int] | None = None) -> Callable[[Make], Make]:
    """A hostile file, the findings that it must end in, and the rows that are read all the same."""

    def add(make: Make) -> Make:
        MADE[name] = (make, codes, rows or [])
        return make

    return add


def plain(path: Path) -> dict[str, bytes]:
    """The parts of a small sound workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "partners"
    sheet.append(["id", "naam"])
    sheet.append(["P1", "x"])
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        return {i.filename: archive.read(i) for i in archive.infolist()}


def packed(path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


SHEET = "xl/worksheets/sheet1.xml"
OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
HEAD = b'<row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>naam</v></c></row>'
CLOSE = b"</sheetData></worksheet>"


def with_rows(path: Path, rows: bytes, **parts: bytes) -> None:
    packed(path, {**plain(path), SHEET: OPEN + HEAD + rows + CLOSE, **parts})


@case("bom.xlsx", ["file-too-large"])
def _(path: Path) -> None:
    with_rows(path, b" " * 60_000_000)


@case("leugen.xlsx", ["file-too-large"])
def _(path: Path) -> None:
    """The directory says 1,000 bytes; the part inflates to 50 MB."""
    with_rows(path, b" " * 50_000_000)
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    data = path.read_bytes()
    assert data.count(size.to_bytes(4, "little")) == 2
    path.write_bytes(data.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little")))


@case("veel.xlsx", ["file-parts"])
def _(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for n in range(30_000):
            archive.writestr(f"xl/x{n}", b"")


@case("nest.xlsx", ["no-table-file"])
def _(path: Path) -> None:
    with_rows(path, b"")
    inner = path.read_bytes()
    packed(path, {"a.xlsx": inner, "b.zip": inner})


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


@case("lach.xlsx", ["file-doctype"])
def _(path: Path) -> None:
    packed(path, {**plain(path), SHEET: LAUGHS + OPEN + HEAD.replace(b"naam", b"&c;") + CLOSE})


@case("buiten.xlsx", ["file-doctype"])
def _(path: Path) -> None:
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    packed(path, {**plain(path), "xl/workbook.xml": entity + plain(path)["xl/workbook.xml"].replace(b"partners", b"&e;")})


@case("breed.xlsx", ["file-doctype"])
def _(path: Path) -> None:
    """In UTF-16, where a search for bytes could look past it."""
    sheet = '<?xml version="1.0" encoding="UTF-16"?>' + (LAUGHS.decode().split("?>")[1] + (OPEN + HEAD + CLOSE).decode())
    packed(path, {**plain(path), SHEET: sheet.encode("utf-16")})


@case("lang.xlsx", ["cell-too-long", "cell-too-long"], [1])
def _(path: Path) -> None:
    text = b"x" * 10_000_000
    rows = (
        b'<row r="2"><c r="A2" t="str"><v>P1</v></c><c r="B2" t="str"><v>' + text + b'</v></c><c r="C2" t="s"><v>0</v></c></row>'
    )
    shared = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + text + b"</t></si></sst>"
    with_rows(path, rows, **{"xl/sharedStrings.xml": shared})


@case("bladen.xlsx", ["too-many-sheets"])
def _(path: Path) -> None:
    parts = plain(path)
    book = parts["xl/workbook.xml"].decode()
    start, end = book.index("<sheet "), book.index("</sheets>")
    one = book[start:end]
    many = "".join(one.replace("partners", f"b{n}") for n in range(100_000))
    packed(path, {**parts, "xl/workbook.xml": (book[:start] + many + book[end:]).encode()})


@case("ver.xlsx", ["column-unnamed"], [1])
def _(path: Path) -> None:
    """calamine would make room for 17 billion cells."""
    with_rows(
        path, b'<row r="2"><c r="A2" t="str"><v>P1</v></c></row><row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>'
    )


@case("rand.xlsx", ["sheet-too-large"])
def _(path: Path) -> None:
    with_rows(path, b"".join(b'<row r="%d"><c r="XFD%d"><v>%d</v></c></row>' % (n, n, n) for n in range(2, 20_000)))


@case("groot-ver.xlsx", ["sheet-too-large"])
def _(path: Path) -> None:
    """Large enough for the quick way, with one cell at the edge of every row."""
    with_rows(
        path,
        b"".join(
            b'<row r="%d"><c r="A%d"><v>%d</v></c><c r="XFD%d"><v>%d</v></c></row>' % (n, n, n, n, n) for n in range(2, 90_000)
        ),
    )


@case("herhaal.xlsx", ["sheet-too-large"])
def _(path: Path) -> None:
    """One text of 32,000 signs in 200,000 cells."""
    shared = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + b"abcd" * 8_000 + b"</t></si></sst>"
    )
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(2, 200_000))
    with_rows(path, rows, **{"xl/sharedStrings.xml": shared})


@case("pad.xlsx", ["file-names"])
def _(path: Path) -> None:
    packed(path, {**plain(path), "../../etc/cron.d/x": b"x"})


@case("dubbel.xlsx", ["file-corrupt"])
def _(path: Path) -> None:
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")  # zipfile knows that this is odd
        archive.writestr(SHEET, OPEN)
        archive.writestr(SHEET, CLOSE)


@case("samen.xlsx", ["cells-merged"], [1])
def _(path: Path) -> None:
    merges = b"<mergeCells>" + b'<mergeCell ref="A2:XFD1048576"/>' * 1000 + b'<mergeCell ref="A2:B2"/></mergeCells>'
    packed(
        path,
        {
            **plain(path),
            SHEET: OPEN + HEAD + b'<row r="2"><c r="A2" t="str"><v>P1</v></c></row></sheetData>' + merges + b"</worksheet>",
        },
    )


@case("fouten.xlsx", ["cell-error"], [100_000])
def _(path: Path) -> None:
    with_rows(
        path,
        b"".join(
            b'<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d" t="e"><v>#REF!</v></c></row>' % (n, n, n, n)
            for n in range(2, 100_002)
        ),
    )


@case("leeg.xlsx", [], [1])
def _(path: Path) -> None:
    """Half a million formatted rows without a value, of which ten thousand with formatted cells, and 16,384 formatted columns."""
    rows = b'<row r="2"><c r="A2" t="str"><v>P1</v></c><c r="B2" s="0"/></row>'
    rows += b"".join(
        b'<row r="%d" s="0" customFormat="1"><c r="A%d" s="0"/><c r="B%d" s="0"/></row>' % (n, n, n) for n in range(3, 10_000)
    )
    rows += b"".join(b'<row r="%d" s="0" customFormat="1"/>' % n for n in range(10_000, 500_000))
    columns = b'<cols><col min="1" max="16384" width="9" style="0" hidden="1"/></cols>'
    packed(path, {**plain(path), SHEET: OPEN.replace(b"<sheetData>", columns + b"<sheetData>") + HEAD + rows + CLOSE})


MADE["leeg.xlsx"] = (MADE["leeg.xlsx"][0], ["columns-hidden"], [1])


@case("leeg.csv", ["note-left-out"], [2])
def _(path: Path) -> None:
    path.write_text("id;naam\nP1;x\n" + ";\n" * 1_000_000 + "P2;y\n\nBron: eigen opgave\n", "utf-8")


@case("kolommen.csv", ["sheet-too-large"])
def _(path: Path) -> None:
    path.write_text("id;naam\n" + ";" * 20_000_000, "utf-8")


@case("namen.csv", ["sheet-too-large"])
def _(path: Path) -> None:
    path.write_text(";".join(f"n{n}" for n in range(16_000)) + "\n" + "x;" * 15_999 + "\n", "utf-8")


@case("dubbele-namen.csv", ["double-column"] * 1000 + ["findings-cut"], [1])
def _(path: Path) -> None:
    path.write_text(";".join(["id"] * 1_600) + "\n" + ";".join(["x"] * 1_600) + "\n", "utf-8")


@case("herhaal.ods", ["sheet-too-large"])
def _(path: Path) -> None:
    book = odf.opendocument.OpenDocumentSpreadsheet()
    table = odf.table.Table(name="partners")
    row = odf.table.TableRow(numberrowsrepeated=1_048_576)
    cell = odf.table.TableCell(numbercolumnsrepeated=16_384, valuetype="string")
    cell.addElement(odf.text.P(text="x"))
    row.addElement(cell)
    table.addElement(row)
    book.spreadsheet.addElement(table)
    book.save(str(path))


@case("ver.xls", ["column-unnamed"], [1])
def _(path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("partners")
    sheet.write(0, 0, "id")
    sheet.write(0, 1, "naam")
    sheet.write(1, 0, "P1")
    sheet.write(65_535, 255, "x")
    book.save(str(path))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("hostile")
    for name, (make, _, _) in MADE.items():
        make(folder / name)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *(str(folder / name) for name in MADE)],
        capture_output=True,
        text=True,
        check=True,
        timeout=200,
    )
    return dict(zip(MADE, map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.skipif(sys.platform == "win32", reason="measured in forks")
@pytest.mark.parametrize("name", MADE)
def test_it_ends_in_a_finding_soon_and_small(outcomes: dict[str, dict[str, Any]], name: str) -> None:
    _, codes, rows = MADE[name]
    said = outcomes[name]
    assert said["codes"] == Counter(codes)
    assert said["rows"] == rows
    assert said["seconds"] < SECONDS, said["seconds"]
    assert said["memory"] < MEGABYTES, said["memory"]


def test_no_formula_or_link_reaches_out(reads: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts that a spreadsheet would run are read as text; nothing is opened but the file itself."""
    with xlsxwriter.Workbook(reads.path("x.xlsx"), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("partners")
        sheet.write_row(0, 0, ["id", "naam"])
        sheet.write_row(1, 0, ["P1", '=cmd|"/c calc"!A1'])
    opened: list[str] = []
    real = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *a, **k: opened.append(self.name) or real(self, *a, **k))
    assert reads.file("x.xlsx").rows == {2: ("P1", '=cmd|"/c calc"!A1')}
    assert set(opened) == {"x.xlsx"}
