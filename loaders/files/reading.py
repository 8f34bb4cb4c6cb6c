"""Files → sheets of text: .csv (UTF-8, UTF-16, cp1252; ``;`` ``,`` or tab) and .xlsx, with row numbers.

A :class:`Sheet` holds every cell as trimmed text (null where empty) under its header as written.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from ..findings import Finding
from ..values import cleaned
from .sheet import ROW, Sheet

CSV_ENDINGS: Final = (".csv", ".tsv", ".txt")
EXCEL_ENDINGS: Final = (".xlsx", ".xlsm")
_CHUNK: Final = 50_000
#: Signs that no reader sees and that could steer a terminal or turn a line around.
_INVISIBLE: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
_UNTIDY: Final = rf"^\s|\s$|^$|\u00a0|{_INVISIBLE}"
#: Files of more signs than this are read by Polars where they are regular; the careful way is slower, not different.
_LARGE: Final = 1_000_000
def read_file(path: Path, shown: str) -> tuple[list[Sheet], list[Finding]]:
    """All sheets of the file at ``path``, called ``shown`` in findings. Empty sheets of a workbook are skipped."""
    try:
        if path.suffix.casefold() in EXCEL_ENDINGS:
            return _read_excel(path, shown)
        return _read_csv(path, shown)
    except OSError as error:
        return [], [Finding("file-unreadable", shown, values=(("why", error.strerror or str(error)),))]


# --- csv -------------------------------------------------------------------------------------
def _decoded(data: bytes) -> str:
    """The text of a file: by its byte-order mark, else UTF-8, else the cp1252 of Dutch Windows."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def delimiter_of(first_line: str) -> str:
    """The delimiter of a header line: of ``;`` ``,`` and tab the one that stands most outside quotes."""
    outside = "".join(first_line.split('"')[::2])
    return max(";,\t", key=lambda d: (outside.count(d), d == ";"))


def _read_csv(path: Path, shown: str) -> tuple[list[Sheet], list[Finding]]:
    data = path.read_bytes()
    if not data.strip():
        return [], [Finding("file-empty", shown)]
    try:
        content = _decoded(data)
    except UnicodeDecodeError as error:
        return [], [Finding("file-unreadable", shown, values=(("why", str(error)),))]
    if "\x00" in content:
        return [], [Finding("file-unreadable", shown, values=(("why", "geen tekst"),))]
    first = next((line for line in io.StringIO(content) if line.strip()), "")
    delimiter = delimiter_of(first)
    if len(content) > _LARGE and (quick := _read_regular(content, delimiter, shown)) is not None:
        return quick
    lines = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    try:
        return _sheet(shown, None, lines)
    except csv.Error as error:
        return [], [Finding("file-unreadable", shown, values=(("why", str(error)),))]


def _read_regular(content: str, delimiter: str, shown: str) -> tuple[list[Sheet], list[Finding]] | None:
    """A large file by Polars' own reader, or None where only the careful way keeps every row in its place.

    Polars skips blank lines and refuses rows that are too long, so a file that has either goes the other way.
    """
    if "\n\n" in content or "\n\r\n" in content or content.startswith(("\n", "\r")):
        return None
    try:
        frame = pl.read_csv(io.BytesIO(content.encode()), separator=delimiter, has_header=False, infer_schema=False)
    except pl.exceptions.PolarsError:
        return None
    header = [cleaned(c or "") for c in frame.row(0)]
    if not header[-1] or not any(header):
        return None
    findings: list[Finding] = []
    names = _unique(header, shown, None, findings)
    frame = frame.rename(dict(zip(frame.columns, names, strict=True))).with_row_index(ROW, 1).slice(1)
    frame = frame.select(*names, pl.col(ROW).cast(pl.Int64))
    return [_made(shown, None, names, frame)], findings


# --- Excel -----------------------------------------------------------------------------------
def _read_excel(path: Path, shown: str) -> tuple[list[Sheet], list[Finding]]:
    import python_calamine

    try:
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            sheets: list[Sheet] = []
            findings: list[Finding] = []
            for name in book.sheet_names:
                data = book.get_sheet_by_name(name)
                rows = ([_as_text(v) for v in row] for row in data.to_python(skip_empty_area=False))
                made, found = _sheet(shown, name, rows)
                sheets += made
                findings += [f for f in found if f.code != "file-empty"]
    except (python_calamine.CalamineError, ValueError) as error:
        return [], [Finding("file-unreadable", shown, values=(("why", str(error)),))]
    if not sheets and not findings:
        findings.append(Finding("file-empty", shown))
    return sheets, findings


def _as_text(value: object) -> str:
    """A cell of a workbook as a Dutch reader would write it (decimal comma, ISO dates)."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).replace(".", ",")
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time(0) else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


# --- both ------------------------------------------------------------------------------------
def _sheet(file: str, sheet: str | None, rows: Iterable[list[str]]) -> tuple[list[Sheet], list[Finding]]:
    """The table in ``rows``: the first row that is not empty is the header; empty rows are no rows."""
    numbered: Iterator[tuple[int, list[str]]] = enumerate(rows, 1)
    header: list[str] = []
    for _, cells in numbered:
        if any(c.strip() for c in cells):
            header = [cleaned(c) for c in cells]
            break
    if not header:
        return [], [Finding("file-empty", file, sheet)]
    while header and not header[-1]:
        header.pop()
    findings: list[Finding] = []
    names = _unique(header, file, sheet, findings)
    width = len(names)
    chunks: list[pl.DataFrame] = []
    while part := list(islice(numbered, _CHUNK)):
        kept: list[list[str]] = []
        numbers: list[int] = []
        for number, cells in part:
            if not any(c and not c.isspace() for c in cells):
                continue
            if len(cells) != width:
                surplus = [c for c in cells[width:] if c.strip()]
                if surplus:
                    findings.append(Finding("ragged-row", file, sheet, number, value="; ".join(surplus)[:200]))
                cells = (cells + [""] * width)[:width]
            kept.append(cells)
            numbers.append(number)
        columns = zip(*kept, strict=True) if kept else ([] for _ in names)
        chunk = pl.DataFrame(
            [
                *(pl.Series(n, list(c), dtype=pl.String) for n, c in zip(names, columns, strict=True)),
                pl.Series(ROW, numbers, dtype=pl.Int64),
            ]
        )
        chunks.append(chunk)
    empty = pl.DataFrame(schema={**dict.fromkeys(names, pl.String), ROW: pl.Int64})
    frame = pl.concat([empty, *chunks])
    return [_made(file, sheet, names, frame)], findings


def _made(file: str, sheet: str | None, names: list[str], frame: pl.DataFrame) -> Sheet:
    """The sheet with tidy cells; a row in which nothing can be seen is no row."""
    tidy = _all_tidied(frame, names)
    filled = pl.any_horizontal([pl.col(n).is_not_null() for n in names])
    return Sheet(file, sheet, tuple(n for n in names if not n.startswith("\x00")), tidy.filter(filled))


def _all_tidied(frame: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Cells trimmed, without invisible signs, hard spaces as spaces, empty as null; only where a column needs it."""
    untidy = frame.select(pl.col(n).str.contains(_UNTIDY).any() for n in names).row(0)
    return frame.with_columns(_tidied(pl.col(n)) for n, needs in zip(names, untidy, strict=True) if needs)


def _tidied(column: pl.Expr) -> pl.Expr:
    text = column.str.replace_all("\u00a0", " ", literal=True).str.replace_all(_INVISIBLE, "").str.strip_chars()
    return pl.when(text != "").then(text)


def _unique(header: list[str], file: str, sheet: str | None, findings: list[Finding]) -> list[str]:
    """Headers as column names; empty ones and doubles get a name that nothing recognises."""
    seen: set[str] = set()
    names = []
    for place, name in enumerate(header):
        if not name:
            names.append(f"\x00empty {place}")
            continue
        if name.casefold() in seen:
            findings.append(Finding("double-column", file, sheet, column=name))
            names.append(f"\x00double {place}")
            continue
        seen.add(name.casefold())
        names.append(name)
    return names
