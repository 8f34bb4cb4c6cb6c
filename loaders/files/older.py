"""Older and binary workbooks → rows of text: .xls by xlrd (it tells of formats and hidden cells), .xlsb by calamine."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from . import formats
from .formats import written
from .guard import LAST_COLUMN, LAST_ROW, LONGEST_CELL, MOST_CELLS, MOST_SHEETS, Budget, Package, RefusedError
from .markup import BrokenError
from .sheet import Area, Mark, RawSheet
from .worksheet import as_text

#: What a damaged .xls makes xlrd raise: it was written for files that are whole.
_DAMAGED: Final = (
    AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError, ZeroDivisionError, struct.error, OverflowError,
)  # fmt: skip


def read_xls(data: bytes, budget: Budget) -> list[RawSheet]:
    """All sheets of an .xls. Raises BrokenError and RefusedError."""
    import xlrd

    try:
        with xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), formatting_info=True, ragged_rows=True, on_demand=True
        ) as book:
            if book.nsheets > MOST_SHEETS:
                raise RefusedError("too-many-sheets", number=MOST_SHEETS)
            return [_xls_sheet(book, book.sheet_by_index(n), budget) for n in range(book.nsheets)]
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).casefold():
            raise RefusedError("file-protected") from error
        raise BrokenError(str(error)) from error
    except xlrd.compdoc.CompDocError as error:
        raise BrokenError(str(error)) from error
    except _DAMAGED as error:
        raise BrokenError(str(error) or type(error).__name__) from error


def _xls_sheet(book: Any, sheet: Any, budget: Budget) -> RawSheet:
    import xlrd

    codes = {key: found.format_str for key, found in book.format_map.items()}
    styles = [formats.format_of(formats.BUILT_IN.get(xf.format_key) or codes.get(xf.format_key, "")) for xf in book.xf_list]
    displayed: dict[tuple[int, int], str] = {}
    marks: list[Mark] = []
    rows: list[list[str]] = []
    for row in range(sheet.nrows):
        cells: list[str] = []
        for place, cell in enumerate(sheet.row(row)):
            text = ""
            if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                found = written(cell.value, styles[cell.xf_index], bool(book.datemode))
                text = found.text
                if found.displayed:
                    displayed[row, place] = found.displayed
                if found.zeros:
                    marks.append(Mark("zeros-restored", row, place, text))
            elif cell.ctype == xlrd.XL_CELL_TEXT:
                text = cell.value
                if len(text) > LONGEST_CELL:
                    marks.append(Mark("cell-too-long", row, place))
                    text = ""
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                text = "ja" if cell.value else "nee"
            elif cell.ctype == xlrd.XL_CELL_ERROR:
                marks.append(Mark("cell-error", row, place, xlrd.error_text_from_code.get(cell.value, "#")))
            cells.append(text)
        budget.spend(len(cells), sum(map(len, cells)), sheet.name)
        rows.append(cells)
    return RawSheet(
        sheet.name,
        rows,
        sheet.visibility != 0,
        tuple(Area(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells),
        tuple(n for n, info in sorted(sheet.rowinfo_map.items()) if info.hidden and n < sheet.nrows),
        tuple(n for n, info in sorted(sheet.colinfo_map.items()) if info.hidden),
        displayed,
        tuple(marks),
    )


# --- .xlsb -----------------------------------------------------------------------------------
def read_xlsb(path: Path, package: Package, budget: Budget) -> list[RawSheet]:
    """All sheets of an .xlsb. Raises BrokenError and RefusedError."""
    import python_calamine

    for name in package.names:
        if name.startswith("xl/") and name.endswith(".bin"):
            checked = b"".join(package.chunks(name))  # calamine reads these parts again: they must be what they say
            if name.startswith("xl/worksheets/"):
                last, width = _extent(checked)
                if last * width > MOST_CELLS:
                    raise RefusedError("sheet-too-large")
    sheets = []
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            if len(book.sheets_metadata) > MOST_SHEETS:
                raise RefusedError("too-many-sheets", number=MOST_SHEETS)
            for about in book.sheets_metadata:
                if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                    continue
                rows = _rows(book.get_sheet_by_name(about.name).to_python(skip_empty_area=False), about.name, budget)
                sheets.append(RawSheet(about.name, rows, about.visible != python_calamine.SheetVisibleEnum.Visible))
    except python_calamine.PasswordError as error:
        raise RefusedError("file-protected") from error
    except (python_calamine.CalamineError, ValueError) as error:
        raise BrokenError(str(error)) from error
    return sheets


def _rows(rows: list[list[Any]], sheet: str, budget: Budget) -> list[list[str]]:
    made = []
    for row in rows:
        texts = [as_text(v) for v in row]
        budget.spend(len(texts), sum(map(len, texts)), sheet)
        made.append(texts)
    return made


def _extent(part: bytes) -> tuple[int, int]:
    """(rows, columns) up to the last cell of a sheet, from its records (MS-XLSB 2.1.4)."""
    row = last = width = 0
    for kind, place in _records(part):
        if kind == 0 and place + 4 <= len(part):
            row = int.from_bytes(part[place : place + 4], "little")
        elif 1 <= kind <= 11 and place + 4 <= len(part):
            last = max(last, row + 1)
            width = max(width, int.from_bytes(part[place : place + 4], "little") + 1)
    if last > LAST_ROW or width > LAST_COLUMN:
        raise BrokenError("cell outside the sheet")
    return last, width


def _records(part: bytes) -> Iterator[tuple[int, int]]:
    """(type, place of its data) of each record: both numbers take seven bits a byte."""
    at = 0
    while at < len(part):
        kind = part[at]
        at += 1
        if kind & 0x80 and at < len(part):
            kind = (kind & 0x7F) | (part[at] << 7)
            at += 1
        size = shift = 0
        while at < len(part) and shift < 28:
            size |= (part[at] & 0x7F) << shift
            more = part[at] & 0x80
            at += 1
            shift += 7
            if not more:
                break
        yield kind, at
        at += size
