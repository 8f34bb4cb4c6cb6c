"""Reading a file, from its path to its tables: wall seconds and peak memory, and the parts beside each other.

python bench/reading.py                   100,000 rows of 12 columns in every format
python bench/reading.py --rows 20000
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import sys
import tempfile
from pathlib import Path
from statistics import median

import measure

COLUMNS = "op soort waarde weken_min weken_mediaan weken_p90 themas leeftijd_van leeftijd_tot gemeenten peildatum bron".split()
TARGET = 5.0  # seconds for 100,000 rows of .xlsx, with the start of Python
DATE = 10
FILES = ("x.xlsx", "halve-datums.xlsx", "x.csv", "cp1252.csv", "x.ods")
READ = "import sys; from pathlib import Path; from routekaart.loaders.files.reading import read_file; {how}sheets, findings = read_file(Path(sys.argv[1]), 'x', frozenset(['op', 'soort', 'waarde'])); print(sum(s.frame.height for s in sheets))"
CAREFUL = "from routekaart.loaders.files import reading, worksheet; worksheet.LARGE = reading._LARGE = 1 << 60; "
BESIDE = {
    "start and imports only": "import sys, polars, routekaart.loaders.files.reading",
    "calamine alone (cells as Python values)": "import sys, python_calamine as p; print(len(p.load_workbook(sys.argv[1]).get_sheet_by_index(0).to_python()))",
    "openpyxl, read-only (cells as Python values)": "import sys, openpyxl; print(sum(1 for r in openpyxl.load_workbook(sys.argv[1], read_only=True, data_only=True).active.iter_rows(values_only=True)))",
    "fastexcel to Polars, all text": "import sys, fastexcel; print(fastexcel.read_excel(sys.argv[1]).load_sheet(0, dtypes='string').to_polars().height)",
}


def rows(number: int) -> list[list[object]]:
    """Waits as partners write them: texts, whole numbers, fractions and a date."""
    start = dt.date(2026, 1, 1)
    return [
        [f"P{n % 977}", "aanmeldwachttijd", f"{n % 40} weken", n % 30, n % 30 + 0.5, n % 60 + 0.25, "angst en somberheid; druk gedrag",
         n % 12, 12 + n % 6, "Ede; Barneveld", start + dt.timedelta(days=n % 300), f"opgave {n}"]
        for n in range(number)
    ]  # fmt: skip


def xlsx(path: Path, table: list[list[object]], number_format: str = "yyyy-mm-dd") -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"default_date_format": number_format}) as book:
        sheet = book.add_worksheet("wachttijden")
        sheet.write_row(0, 0, COLUMNS)
        for n, row in enumerate(table, 1):
            sheet.write_row(n, 0, row[:DATE])
            sheet.write_datetime(n, DATE, row[DATE])
            sheet.write(n, DATE + 1, row[DATE + 1])


def delimited(path: Path, table: list[list[object]], encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        writer.writerows(table)


def ods(path: Path, table: list[list[object]]) -> None:
    """The least that an .ods is; writers of this format are slow."""
    import zipfile
    from xml.sax.saxutils import escape

    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names)
    lines = []
    for row in [COLUMNS, *table]:
        cells = "".join(
            f'<table:table-cell office:value-type="float" office:value="{c}"><text:p>{c}</text:p></table:table-cell>'
            if isinstance(c, int | float)
            else f'<table:table-cell office:value-type="string"><text:p>{escape(str(c))}</text:p></table:table-cell>'
            for c in row
        )
        lines.append(f"<table:table-row>{cells}</table:table-row>")
    body = f'<office:body><office:spreadsheet><table:table table:name="wachttijden">{"".join(lines)}</table:table></office:spreadsheet></office:body>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml", f'<?xml version="1.0"?><office:document-content {spaces}>{body}</office:document-content>'
        )


def make(folder: Path, table: list[list[object]]) -> None:
    xlsx(folder / "x.xlsx", table)
    xlsx(folder / "halve-datums.xlsx", table, "d-mmm")
    delimited(folder / "x.csv", table)
    delimited(folder / "cp1252.csv", [[*row[:-1], "één opgave"] for row in table], "cp1252")
    ods(folder / "x.ods", table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--make", type=Path, help="only make the files, in this folder")
    given = parser.parse_args()
    if given.make:
        make(given.make, rows(given.rows))
        return
    print(measure.machine())
    with tempfile.TemporaryDirectory() as folder:
        # in a process of its own, whose memory is not ours
        measure.run([sys.executable, __file__, "--rows", str(given.rows), "--make", folder])
        paths = {name: Path(folder) / name for name in FILES}
        calls = {f"routekaart, {name}": (READ.format(how=""), path) for name, path in paths.items()}
        calls["routekaart, x.xlsx, the careful way"] = READ.format(how=CAREFUL), paths["x.xlsx"]
        calls["routekaart, x.csv, the careful way"] = READ.format(how=CAREFUL), paths["x.csv"]
        calls |= {what: (code, paths["x.xlsx"]) for what, code in BESIDE.items()}
        ours = "routekaart, x.xlsx"
        runs = {
            what: [measure.run([sys.executable, "-c", code, path]) for _ in range(given.runs)]
            for what, (code, path) in calls.items()
        }
        base = median(r.seconds for r in runs[ours])
        measure.show(
            ("what", "seconds", "× ours", "GB"),
            [
                (
                    what,
                    measure.spread([r.seconds for r in done]),
                    f"{median(r.seconds for r in done) / base:.2f}",
                    f"{max(r.peak for r in done) / measure.GB:.2f}",
                )
                for what, done in runs.items()
            ],
        )
    limit = TARGET * given.rows / 100_000 + 1
    print(f"target for .xlsx: {TARGET:g} s for 100,000 rows: {'met' if base < min(TARGET, limit) else 'missed'}")
    sys.exit(base >= min(TARGET, limit))


if __name__ == "__main__":
    main()
