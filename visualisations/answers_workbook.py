"""All answers as one workbook: a sheet that tells how to read it, and one long table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import IO, Any, Final

from ..graph.analyses.answers import COLUMNS, Answers
from ..ontology.catalogue import text

#: Excel holds at most this many signs in a cell and this many rows in a sheet.
_CELL: Final = 32_000
MOST_ROWS: Final = 1_048_575
_WIDTHS: Final[Mapping[str, int]] = {"name": 44, "subject": 26, "source": 34, "figure": 18, "unit": 20}


def write(answers: Answers, assumptions: Sequence[str], title: str, out: IO[bytes], lang: str) -> int:
    """Write the workbook to ``out`` and return its number of rows; the same bytes for the same answers.

    ``assumptions`` are the sentences about what was assumed. Rows beyond what a sheet can hold go to a next one.
    """
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
    book.set_properties({"title": title, "created": dt.datetime(2000, 1, 1)})
    bold, wrap = book.add_format({"bold": True, "bg_color": "#DCE9F5", "border": 1}), book.add_format({"text_wrap": True})
    _read_me(book, answers, assumptions, title, lang, wrap)
    rows = answers.rows()
    for number, first in enumerate(range(0, max(len(rows), 1), MOST_ROWS), 1):
        name = text("answers_workbook.sheet", lang) + ("" if number == 1 else f" {number}")
        _table(book.add_worksheet(name), rows[first : first + MOST_ROWS], bold, lang)
    book.close()
    return len(rows)


def _read_me(book: Any, answers: Answers, assumptions: Sequence[str], title: str, lang: str, wrap: Any) -> None:
    sheet = book.add_worksheet(text("answers_workbook.about", lang))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    frame = answers.frame

    def share(value: float | None) -> str:
        return text("answers.unknown", lang) if value is None else f"{value:.0%}"

    rows: list[tuple[str, str]] = [
        (text("answers_workbook.title", lang), title),
        (text("answers_workbook.reference_date", lang), frame.reference_date),
        (text("answers_workbook.unit", lang), frame.unit),
        (text("answers_workbook.known", lang), share(frame.known_waits)),
        (text("answers_workbook.outdated", lang), share(frame.outdated_waits)),
        *((text("answers_workbook.assumed", lang), sentence) for sentence in assumptions),
        *((text(f"answers_workbook.column.{c}", lang), text(f"answers_workbook.meaning.{c}", lang)) for c in COLUMNS),
        *(("", text(f"answers_workbook.note.{n}", lang)) for n in ("gaps", "small", "ranking", "footer")),
    ]
    for number, (label, value) in enumerate(rows):
        sheet.write_string(number, 0, label, wrap)
        sheet.write_string(number, 1, value[:_CELL], wrap)


def _table(sheet: Any, rows: Sequence[Mapping[str, Any]], bold: Any, lang: str) -> None:
    for place, column in enumerate(COLUMNS):
        sheet.write_string(0, place, text(f"answers_workbook.column.{column}", lang), bold)
        sheet.set_column(place, place, _WIDTHS.get(column, 12))
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, 1):
        for place, column in enumerate(COLUMNS):
            value = row[column]
            if isinstance(value, bool) or value is None:
                if value is not None:
                    sheet.write_boolean(number, place, value)
            elif isinstance(value, int | float):
                sheet.write_number(number, place, value)
            elif value != "":  # what is empty stays empty: no cell at all
                sheet.write_string(number, place, str(value)[:_CELL])
    sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
