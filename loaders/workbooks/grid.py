"""A file that is no ordinary .xlsx as a plain workbook: the same rows and columns, every cell as text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import IO, Final

import xlsxwriter

from ..files.sheet import RawSheet

#: What a worksheet and a cell can hold.
_ROWS: Final = 1_048_576
_COLUMNS: Final = 16_384
_SIGNS: Final = 32_000
#: Rows that decide how wide a column is, and the bounds of its width in signs.
_LOOKED_AT: Final = 200
_NARROWEST: Final = 8
_WIDEST: Final = 45
_UNCHANGED: Final = dt.datetime(2000, 1, 1)  # a fixed date: same bytes


def carried_over(sheets: Sequence[RawSheet], fallback: str, out: IO[bytes]) -> tuple[dict[str | None, str], bool]:
    """Write ``sheets`` to ``out``; the name of each sheet in the workbook, and whether something did not fit."""
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _UNCHANGED})
    look = book.add_format({"num_format": "@"})
    names: dict[str | None, str] = {}
    cut = False
    for raw in sheets:
        name = sheet_name(raw.name or fallback, set(names.values()))
        names[raw.name] = name
        sheet = book.add_worksheet(name)
        cut |= len(raw.rows) > _ROWS
        for place, width in enumerate(_widths(raw.rows)):
            sheet.set_column(place, place, width)
        for number, row in enumerate(raw.rows[:_ROWS]):
            for place, cell in enumerate(row[:_COLUMNS]):
                if cell:
                    sheet.write_string(number, place, cell[:_SIGNS], look)
                    cut |= len(cell) > _SIGNS
            cut |= len(row) > _COLUMNS
    if not names:
        book.add_worksheet("-")
    book.close()
    return names, cut


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """For each column a width that shows most of its cells: of the first rows, within bounds."""
    widths: list[int] = []
    for row in rows[:_LOOKED_AT]:
        widths += [_NARROWEST] * (min(len(row), _COLUMNS) - len(widths))
        for place, cell in enumerate(row[:_COLUMNS]):
            widths[place] = min(_WIDEST, max(widths[place], len(cell) + 2))
    return widths


def sheet_name(wanted: str, taken: set[str]) -> str:
    """``wanted`` as the name of a sheet: at most 31 signs, without those that may not be in it, not taken."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wanted).strip().strip("'")[:31] or "-"
    low = {name.casefold() for name in taken}
    made, number = plain, 2
    while made.casefold() in low:
        made = f"{plain[:26]} ({number})"
        number += 1
    return made
