"""The report of a municipality as a workbook: one sheet per part, real numbers and dates, ready to filter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import IO, Any, Final

from .parts import Told
from .sheets import Sheet, sheets
from .telling import Telling

#: Excel holds at most this many signs in a cell and in the name of a sheet.
_CELL: Final = 32_000
_NAME: Final = 31
_WIDTHS: Final = {
    "name": 38,
    "partner": 32,
    "sentence": 80,
    "roles": 40,
    "from": 30,
    "to": 30,
    "one": 32,
    "other": 32,
    "what": 44,
    "themes": 34,
    "elsewhere": 36,
    "how_to_apply": 30,
    "why": 44,
    "partners": 40,
    "source": 34,
    "file": 30,
    "kind": 28,
    "written": 20,
    "consultation": 30,
}


def write(told: Told, telling: Telling, out: IO[bytes]) -> None:
    """Write the workbook to ``out``; the same bytes for the same report. ``told`` must have been told by ``telling``."""
    import xlsxwriter

    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(out, options)
    # a fixed date: same bytes
    book.set_properties({"title": told.heading, "created": dt.datetime(2000, 1, 1)})
    writer = _Writer(book, telling)
    writer.about(told)
    for sheet in sheets(telling, telling.marks.files()):
        writer.table(sheet)
    book.close()


class _Writer:
    def __init__(self, book: Any, telling: Telling) -> None:
        self._book = book
        self._telling = telling
        plain = {"valign": "top", "text_wrap": True}
        self._head = book.add_format({**plain, "bold": True, "bg_color": "#DCE9F5", "border": 1})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._strong = book.add_format({**plain, "bold": True})
        self._text = book.add_format(plain)
        self._date = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"})
        self._number = book.add_format({"valign": "top", "num_format": "0.##"})

    def _sheet(self, key: str) -> Any:
        made = self._book.add_worksheet(self._telling.say(f"sheet.{key}")[:_NAME])
        made.set_paper(9)
        made.set_landscape()
        made.fit_to_pages(1, 0)
        return made

    def about(self, told: Told) -> None:
        """What this is, in short, and how to read it."""
        say, sheet = self._telling.say, self._sheet("about")
        sheet.set_column(0, 0, 110)
        rows: list[tuple[str, Any]] = [(told.heading, self._title), (told.title, self._text)]
        rows += [(line, self._strong) for line in (told.date, told.edition, told.fictional) if line]
        rows += [(line, self._text) for line in told.intro]
        for box in told.boxes:
            rows.append((box.heading, self._strong))
            rows += [(line, self._text) for line in box.lines]
        rows += [(say("sheet.weeks"), self._text), (say("sheet.hidden"), self._text)]
        rows += [(told.purpose, self._text), (told.safety, self._strong)]
        for number, (line, form) in enumerate(rows):
            sheet.write_string(number, 0, line[:_CELL], form)

    def table(self, made: Sheet) -> None:
        """One table with its heading in view and a filter on every column."""
        sheet = self._sheet(made.key)
        for place, column in enumerate(made.columns):
            sheet.write_string(0, place, self._telling.say(f"head.{column}"), self._head)
            sheet.set_column(place, place, _WIDTHS.get(column, 13))
        for number, row in enumerate(made.rows, 1):
            self._row(sheet, number, ((row[c], c in made.dates) for c in made.columns))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(len(made.rows), 1), len(made.columns) - 1)

    def _row(self, sheet: Any, number: int, cells: Iterable[tuple[Any, bool]]) -> None:
        """Dates of a whole day as dates, numbers as numbers, everything else as text: what looks like a formula is none."""
        for place, (value, is_date) in enumerate(cells):
            if value is None:
                continue
            if isinstance(value, bool):
                sheet.write_string(number, place, self._telling.words.yes_no(value), self._text)
            elif isinstance(value, int | float):
                sheet.write_number(number, place, value, self._number)
            elif is_date and (day := _day(str(value))) is not None:
                sheet.write_datetime(number, place, day, self._date)
            else:
                sheet.write_string(number, place, str(value)[:_CELL], self._text)


def _day(iso: str) -> dt.datetime | None:
    """A date of a whole day that a spreadsheet can hold; None for a month, a year or a span."""
    try:
        day = dt.datetime.strptime(iso, "%Y-%m-%d")
    except ValueError:
        return None
    return day if day.year >= 1900 else None
