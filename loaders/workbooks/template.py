"""The workbook that a partner fills in: blank, or with what is known of it already.

One sheet per table, every column explained where one writes, lists to choose from, headers that cannot be
overwritten by accident, and checks that warn but never stop. Nothing in it is data until somebody fills it in:
examples stand on the sheet that explains, which the reading knows as ours (see :mod:`.ours`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

import xlsxwriter

from ...graph.landscape import Landscape
from ...graph.schema import EXAMPLES, INPUT_TABLES, PROVENANCE, TABLES, Column, Kind, Table
from ...ontology.catalogue import text
from ...ontology.concepts import scheme
from ...ontology.terms import definition
from ..files.worksheet import letters_of
from .about import OWN_TABLES
from .choices import Choices, choices
from .explanation import explain
from .known import Cells, Known
from .marks import MARK
from .written import NUMBERS

#: Empty rows that get lists and checks, beyond those that are filled.
_ROWS: Final = 1000
_LAST_COLUMN: Final = 16_383
#: Width of the columns that are readable on one printed page.
_PAGE: Final = 210
_ABOUT: Final = frozenset(c.name for c in PROVENANCE)
_WIDE: Final = frozenset(("description", "ask_for", "not_for", "conditions", "remark", "response", "story", "what", "source"))
_UNCHANGED: Final = dt.datetime(2000, 1, 1)  # a fixed date: same bytes


def template(
    out: IO[bytes],
    lang: str = "nl",
    *,
    all_tables: bool = False,
    landscape: Landscape | None = None,
    filled: Known | None = None,
) -> None:
    """Write the workbook to ``out``; the same bytes every time.

    ``landscape`` gives the lists of a region and whom to mail; ``filled`` what is known of a partner already.
    ``all_tables`` adds the tables that the coalition keeps (norms, demand, agreements …), not those that ``log`` makes.
    """
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": text("template.title", lang), "created": _UNCHANGED})
    _Template(book, lang, choices(landscape, lang), filled).write(_tables(all_tables), landscape)
    book.close()


def _tables(all_tables: bool) -> list[Table]:
    own = [TABLES[name] for name in OWN_TABLES]
    kept = [t for t in INPUT_TABLES if t not in own and not t.made and t.name != "confirmations"]
    return own + kept if all_tables else own


@dataclass(frozen=True)
class _Formats:
    """The looks of cells: headers by whether they must be filled, and cells that may be written in."""

    must: Any
    plain: Any
    origin: Any
    body: Any
    text: Any
    mark: Any


def _formats(book: Any) -> _Formats:
    head = {"border": 1, "border_color": "#7F7F7F", "text_wrap": True, "valign": "top", "font_color": "#1A1A1A"}
    body = {"text_wrap": True, "valign": "top", "locked": False}
    return _Formats(
        book.add_format({**head, "bold": True, "bg_color": "#F9E2B8"}),
        book.add_format({**head, "bg_color": "#DCE9F5"}),
        book.add_format({**head, "italic": True, "bg_color": "#E7E6E6"}),
        book.add_format(body),
        # as text: otherwise a spreadsheet makes a date of "3-5" and drops the zero of "007"
        book.add_format({**body, "num_format": "@"}),
        book.add_format({"valign": "top", "font_color": "#595959", "num_format": "@", "locked": True}),
    )


class _Template:
    def __init__(self, book: Any, lang: str, lists: Choices, filled: Known | None) -> None:
        self.book = book
        self.lang = lang
        self.lists = lists
        self.filled = filled
        self.formats = _formats(book)
        self.width = 0

    def say(self, key: str, **values: object) -> str:
        return text(f"template.{key}", self.lang, **values)

    def write(self, tables: Sequence[Table], landscape: Landscape | None) -> None:
        first = self.book.add_worksheet(self.say("sheet"))
        if self.filled:
            self.table(TABLES["confirmations"], [{"partner": self.filled.written}])
        for table in tables:
            self.table(table, self.filled.rows.get(table.name, ()) if self.filled else ())
        if not self.filled and any(t.name not in OWN_TABLES for t in tables):
            self.table(TABLES["confirmations"], ())
        last = self.book.add_worksheet(self.lists.sheet)
        self.lists.write(last, self.formats.origin, self.book.add_format({"valign": "top"}))
        last.freeze_panes(1, 0)
        last.protect("", {"format_columns": True})
        explain(self.book, first, tables, self.lang, landscape, self.filled)

    def table(self, table: Table, rows: Sequence[Cells]) -> None:
        sheet = self.book.add_worksheet(table.nl)
        columns = table.headed
        self.width = 0
        marked = bool(rows) and any(MARK in row for row in rows)
        for place, column in enumerate(columns):
            self.column(sheet, place, column, len(rows))
        for number, row in enumerate(rows, 1):
            for place, column in enumerate(columns):
                self.cell(sheet, number, place, column, row.get(column.name))
        if marked:
            place = len(columns)
            sheet.write_string(0, place, MARK, self.formats.origin)
            sheet.write_comment(0, place, self.say("mark"), {"x_scale": 2.2, "author": "routekaart"})
            for number, row in enumerate(rows, 1):
                sheet.write_string(number, place, str(row.get(MARK, "")), self.formats.mark)
            sheet.set_column(place, place, 12)
        self.finish(sheet, table, len(columns) + marked)

    def column(self, sheet: Any, place: int, column: Column, filled: int) -> None:
        formats = self.formats
        head = formats.must if column.required else formats.origin if column.name in _ABOUT else formats.plain
        name = column.nl if self.lang == "nl" else column.en
        sheet.write_string(0, place, name, head)
        note = _note(column, self.lang)
        size = {"x_scale": 2.4, "y_scale": min(6.0, 0.8 + len(note) / 160), "author": "routekaart"}
        sheet.write_comment(0, place, note, size)
        width = 46 if column.name in _WIDE else 30 if column.kind in (Kind.TEXT, Kind.TEXTS, Kind.CONCEPTS) else 18
        width = max(width, len(name) + 3)
        self.width += width
        sheet.set_column(place, place, width, formats.body if column.kind in NUMBERS else formats.text)
        rule = self.rule(column, f"{letters_of(place)}2")
        sheet.data_validation(1, place, filled + _ROWS, place, rule)

    def rule(self, column: Column, cell: str) -> dict[str, Any]:
        """What a cell offers and warns of. It never stops anybody: people know things that we do not."""
        hint = self.hint(column)
        about = {"input_title": (column.nl if self.lang == "nl" else column.en)[:32], "input_message": hint} if hint else {}
        warn = {"error_type": "warning", "error_title": self.say("check"), "error_message": self.say("checks.list")}
        if column.kind is Kind.YESNO:
            return {"validate": "list", "source": [self.say("yes"), self.say("no")], **about, **warn}
        if choice := self.lists.range_of(column):
            # several values, own names and ids are fine too: the list only helps
            free = column.kind is not Kind.CONCEPT
            return {"validate": "list", "source": choice, **about, **warn, "show_error": not free}
        checked = {
            Kind.DATE: (f'=OR(ISNUMBER({cell}),ISNUMBER(SEARCH("19",{cell})),ISNUMBER(SEARCH("20",{cell})))', "date"),
            Kind.AGE: (f"=OR(ISNUMBER({cell}),ISNUMBER(-LEFT({cell},1)))", "age"),
            Kind.COUNT: (f"=AND(ISNUMBER({cell}),{cell}>=0)", "number"),
            Kind.FAMILIES: (f"=AND(ISNUMBER({cell}),{cell}>=0)", "number"),
            Kind.NUMBER: (f"=AND(ISNUMBER({cell}),{cell}>=0)", "number"),
            Kind.KVK: (f"=LEN({cell})=8", "eight"),
            Kind.AGB: (f"=LEN({cell})=8", "eight"),
        }.get(column.kind)
        if checked is None:
            return {"validate": "any", **about}
        formula, key = checked
        return {"validate": "custom", "value": formula, **about, **warn, "error_message": self.say(f"checks.{key}")}

    def hint(self, column: Column) -> str:
        """The few words beside a cell that one writes in."""
        parts = []
        if column.required:
            parts.append(self.say("required"))
        if column.kind in EXAMPLES:
            parts.append(self.say("example", example=EXAMPLES[column.kind]))
        if column.is_list and column.kind is not Kind.CHAIN:
            parts.append(self.say("several"))
        return "\n".join(parts)[:255]

    def cell(self, sheet: Any, row: int, place: int, column: Column, value: str | float | int | None) -> None:
        if value is None:
            return
        if isinstance(value, str):
            sheet.write_string(row, place, value, self.formats.text)
        else:
            sheet.write_number(row, place, value, self.formats.body)

    def finish(self, sheet: Any, table: Table, width: int) -> None:
        """Frozen and protected header, and a page that prints."""
        sheet.set_row(0, 32)
        sheet.set_column(width, _LAST_COLUMN, 14, self.formats.body)
        fixed = next((n + 1 for n, c in enumerate(table.headed) if c.name in ("name", "title")), 0)
        sheet.freeze_panes(1, fixed if fixed <= 3 else 0)
        allowed = ("format_cells", "format_columns", "format_rows", "insert_rows", "insert_hyperlinks", "delete_rows", "sort")
        sheet.protect("", {**dict.fromkeys((*allowed, "autofilter"), True), "objects": True})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(max(1, round(self.width / _PAGE)), 0)
        sheet.repeat_rows(0)
        if fixed:
            sheet.repeat_columns(0, fixed - 1)
        sheet.set_footer("&L&A&R&P / &N")


def _note(column: Column, lang: str) -> str:
    """What the column means, what to write, and whether it must be filled."""
    parts = [definition(column.term, lang)]
    if column.scheme:
        labels = [c.label(lang) for c in scheme(column.scheme).concepts.values()]
        parts.append(text("template.choose", lang, labels="; ".join(labels[:30])))
    elif column.kind in EXAMPLES:
        parts.append(text("template.example", lang, example=EXAMPLES[column.kind]))
    if column.is_list and column.kind is not Kind.CHAIN:
        parts.append(text("template.several", lang))
    if column.required:
        parts.append(text("template.required", lang))
    return "\n".join(p for p in parts if p)[:30_000]
