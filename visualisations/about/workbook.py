"""The report to a partner as a workbook: the same parts on printable sheets, and one row in which to answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import IO, Any, Final

from ...graph.schema import TABLES
from .content import Backdrop
from .parts import Block, Report, Section

#: Excel holds at most this many signs in a cell.
_CELL: Final = 32_000
_NAME: Final = 31
_ROW_HEIGHT: Final = 15


def write(made: Report, backdrop: Backdrop, out: IO[bytes]) -> None:
    """Write the workbook to ``out``; the same bytes for the same report."""
    import xlsxwriter

    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    # a fixed date: same bytes
    book.set_properties({"title": made.heading, "created": dt.datetime(2000, 1, 1)})
    _Workbook(book, made, backdrop).write()
    book.close()


class _Workbook:
    def __init__(self, book: Any, made: Report, backdrop: Backdrop) -> None:
        self.book = book
        self.made = made
        self.backdrop = backdrop
        self.say = backdrop.say
        plain = {"text_wrap": True, "valign": "top"}
        self.title = book.add_format({**plain, "bold": True, "font_size": 16})
        self.heading = book.add_format({**plain, "bold": True, "font_size": 12, "bg_color": "#E4F1EC", "bottom": 1})
        self.label = book.add_format({**plain, "font_color": "#565C66"})
        self.text = book.add_format(plain)
        self.strong = book.add_format({**plain, "bold": True})
        self.note = book.add_format({**plain, "italic": True, "font_color": "#565C66"})
        self.head = book.add_format({**plain, "bold": True, "bg_color": "#DCE9F5", "border": 1})
        self.free = book.add_format({**plain, "border": 1, "locked": False})
        self.date = book.add_format({**plain, "border": 1, "locked": False, "num_format": "yyyy-mm-dd"})

    def write(self) -> None:
        self.start()
        for section in self.made.sections:
            self.section(section)
        self.answer()

    def sheet(self, name: str, *, landscape: bool = False) -> Any:
        made = self.book.add_worksheet((self.say("sheet.prefix") + name)[:_NAME])
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        made.hide_gridlines(2)
        # a title is no place for the codes that Excel knows in a footer
        made.set_footer("&L" + self.made.heading.replace("&", "&&")[:150] + "&R&P / &N")
        if landscape:
            made.set_landscape()
        return made

    # --- what is said ------------------------------------------------------------------------------
    def start(self) -> None:
        made, say = self.made, self.say
        sheet = self.sheet(say("sheet.start"))
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 70)
        rows: list[tuple[str, Any]] = [(made.heading, self.title), (say("before_publication"), self.strong)]
        if made.fictional:
            rows.append((self.backdrop.material.words.say("frame.fictional"), self.strong))
        for heading, paragraphs in made.intro:
            if heading:
                rows += [("", self.text), (heading, self.heading)]
            if heading == say("intro.how_heading"):
                rows.append((say("intro.how_workbook", sheet=TABLES["confirmations"].nl), self.text))
            rows += [(paragraph, self.text) for paragraph in paragraphs]
        rows += [("", self.text), (say("summary.heading"), self.heading)]
        for heading, lines in made.summary:
            rows.append((heading, self.strong))
            rows += [("• " + line, self.text) for line in lines]
        if made.note:
            rows.append((made.note, self.note))
        rows += [("", self.text), (say("lead.response"), self.text), ("", self.text)]
        words = self.backdrop.material.words
        rows += [(words.say("footer.purpose"), self.note), (words.say("footer.safety"), self.strong)]
        for row, (text, form) in enumerate(rows):
            self.line(sheet, row, text, form, 1)

    def section(self, section: Section) -> None:
        grids = [b.grid for b in section.blocks if b.grid]
        sheet = self.sheet(self.say(f"sheet.{section.key}"), landscape=bool(grids))
        widths = (30, 70) if not grids else (44, 20, 18, 24, 16, 10, 40)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        last = len(widths) - 1
        row = self.line(sheet, 0, section.heading, self.title, last)
        if section.key not in ("questions", "findings", "one_sided"):
            row = self.line(sheet, row, self.say(f"shown.{section.shown}"), self.strong, last)
        row = self.line(sheet, row, section.lead, self.note, last)
        if section.response:
            row = self.line(sheet, row, f"{self.say('lead.earlier')} “{section.response}”", self.text, last)
        for block in section.blocks:
            row = self.block(sheet, row + 1, block, last)
        for text in section.lines:
            row = self.line(sheet, row, text, self.text, last)

    def block(self, sheet: Any, row: int, block: Block, last: int) -> int:
        mark = f" ({self.say('word.mark', id=block.mark)})" if block.own_id else ""
        row = self.line(sheet, row, block.title + mark, self.heading, last)
        pairs = [(f.label, f.text) for f in block.facts]
        pairs += [(self.say("field.unknown"), "; ".join(block.unknown))] if block.unknown else []
        pairs += [(self.say("field.assumed"), "; ".join(block.assumed))] if block.assumed else []
        pairs += [(self.say("field.noticed"), "\n".join(block.noticed))] if block.noticed else []
        pairs += [(self.say("field.source"), "\n".join(block.origin))] if block.origin else []
        for label, text in pairs:
            _put(sheet, row, 0, label, self.label)
            _put(sheet, row, 1, text, self.text)
            self.high(sheet, row, [(label, 30), (text, 70)])
            row += 1
        if block.grid:
            self.cells(sheet, row, block.grid.columns, self.head, last)
            for cells in block.grid.rows:
                row += 1
                self.cells(sheet, row, cells, self.text, last)
                self.high(sheet, row, [(cells[0], 44), (cells[-1], 60)])
            row += 1
        return row

    @staticmethod
    def cells(sheet: Any, row: int, cells: tuple[str, ...], form: Any, last: int) -> None:
        """Cells side by side; the last one, the source, takes the columns that are left."""
        for place, cell in enumerate(cells):
            if place == len(cells) - 1 < last:
                sheet.merge_range(row, place, row, last, "", form)
            _put(sheet, row, place, cell, form)

    def line(self, sheet: Any, row: int, text: str, form: Any, last: int) -> int:
        """One text over the whole width; the next row."""
        sheet.merge_range(row, 0, row, last, "", form)
        _put(sheet, row, 0, text, form)
        size = 1.6 if form is self.title else 1.15 if form is self.heading else 1
        self.high(sheet, row, [(text, int(100 / size))], size)
        return row + 1

    @staticmethod
    def high(sheet: Any, row: int, texts: Iterable[tuple[str, int]], size: float = 1) -> None:
        """A row as high as its texts need: what is merged or wrapped does not grow by itself everywhere."""
        lines = max(sum(max(1, -(-len(part) // width)) for part in text.split("\n")) for text, width in texts)
        sheet.set_row(row, min(400, _ROW_HEIGHT * size * lines + 1))

    # --- the answer -----------------------------------------------------------------------------------
    def answer(self) -> None:
        """One prepared row in the table of confirmations, which the loader reads when it comes back."""
        table, lang = TABLES["confirmations"], self.backdrop.lang
        sheet = self.book.add_worksheet(table.nl)
        columns = [c for c in table.headed if c.name in ("partner", "correct", "confirmed_on", "confirmed_by", "response")]
        widths = {"response": 80, "confirmed_by": 28}
        for place, column in enumerate(columns):
            sheet.set_column(place, place, widths.get(column.name, 16))
            sheet.write_string(0, place, column.nl if lang == "nl" else column.en, self.head)
            _put(sheet, 1, place, self.made.partner if column.name == "partner" else "", self.free)
            if column.name == "correct":
                yes = [self.backdrop.material.words.yes_no(value) for value in (True, False)]
                sheet.data_validation(1, place, 1, place, {"validate": "list", "source": yes})
            if column.name == "confirmed_on":
                sheet.write_blank(1, place, None, self.date)
        sheet.write_comment(0, 0, self.say("sheet.row_help"), {"x_scale": 3, "y_scale": 2, "author": "routekaart"})
        sheet.set_row(1, 160)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.freeze_panes(1, 0)


def _put(sheet: Any, row: int, column: int, text: str, form: Any) -> None:
    """Always as text: what begins like a formula is none."""
    sheet.write_string(row, column, text[:_CELL], form)
