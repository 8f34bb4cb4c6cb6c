"""The sheet that explains: five steps, the colours, what we do not want, whom to mail, and examples."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any, Final

from ...graph.landscape import Landscape
from ...graph.schema import Table
from ...ontology.catalogue import sentences, text
from ...ontology.terms import definition
from .known import Known

_WIDTHS: Final = (24, 34, 28, 28, 28)
_SIGNS: Final = 1.12
"""Signs of running text that fit in one unit of column width."""


def explain(book: Any, sheet: Any, tables: Sequence[Table], lang: str, landscape: Landscape | None, filled: Known | None) -> None:
    """Write the explanation to ``sheet`` of xlsxwriter."""
    _Sheet(book, sheet, lang).write(tables, landscape, filled)


def example_of(table: Table, lang: str) -> dict[str, str]:
    """The example row of a table: values by column name, in the order of the columns; empty where there is none."""
    known = sentences()
    keys = {c.name: f"template.examples.{table.name}.{c.name}" for c in table.headed}
    return {name: known[key][lang] for name, key in keys.items() if key in known}


class _Sheet:
    def __init__(self, book: Any, sheet: Any, lang: str) -> None:
        self.sheet = sheet
        self.lang = lang
        ink = {"font_color": "#1A1A1A", "valign": "top", "text_wrap": True}
        self.title = book.add_format({"bold": True, "font_size": 18, "font_color": "#17365D"})
        self.heading = book.add_format({"bold": True, "font_size": 13, "font_color": "#17365D", "valign": "bottom"})
        self.plain = book.add_format(ink)
        self.number = book.add_format({**ink, "bold": True, "align": "right"})
        self.link = book.add_format({"font_color": "#0B5394", "underline": 1, "valign": "top"})
        self.stop = book.add_format({**ink, "bg_color": "#FCE4D6", "border": 1, "border_color": "#C55A11"})
        self.grey = book.add_format(
            {"italic": True, "font_color": "#595959", "text_wrap": True, "valign": "top", "bg_color": "#F2F2F2"}
        )
        self.strip = book.add_format({"font_color": "#404040", "bg_color": "#D9D9D9", "valign": "top"})
        self.colours = {
            "must": book.add_format({**ink, "bold": True, "bg_color": "#F9E2B8", "border": 1}),
            "plain": book.add_format({**ink, "bg_color": "#DCE9F5", "border": 1}),
            "origin": book.add_format({**ink, "italic": True, "bg_color": "#E7E6E6", "border": 1}),
        }
        self.row = 0

    def say(self, key: str, **values: object) -> str:
        return text(f"template.{key}", self.lang, **values)

    def line(self, words: str, first: str = "", first_look: Any = None, look: Any = None, *, beside: bool = False) -> None:
        """A sentence over the whole width, as high as it needs."""
        if first:
            self.sheet.write_string(self.row, 0, first, first_look or self.plain)
        start = 1 if first or beside else 0
        self.sheet.merge_range(self.row, start, self.row, len(_WIDTHS) - 1, "", look or self.plain)
        self.sheet.write_string(self.row, start, words, look or self.plain)
        self.sheet.set_row(self.row, 16 * max(1, ceil(len(words) / (sum(_WIDTHS[start:]) * _SIGNS))))
        self.row += 1

    def head(self, words: str) -> None:
        self.row += 1
        self.sheet.write_string(self.row, 0, words, self.heading)
        self.sheet.set_row(self.row, 22)
        self.row += 1

    def write(self, tables: Sequence[Table], landscape: Landscape | None, filled: Known | None) -> None:
        for place, width in enumerate(_WIDTHS):
            self.sheet.set_column(place, place, width)
        title = self.say("title_known", partner=filled.name) if filled else self.say("title")
        self.sheet.write_string(0, 0, title, self.title)
        self.sheet.set_row(0, 28)
        self.row = 1
        region = landscape.settings.title if landscape else ""
        self.line(self.say("intro_known", region=region) if filled else self.say("intro"), "", None, None)
        self.head(self.say("steps_head"))
        for number, step in enumerate(("first", "second", "third", "fourth", "fifth"), 1):
            kind = "known" if filled else "blank"
            self.line(self.say(f"steps.{kind}.{step}"), f"{number}.", self.number)
        if filled:
            self.counts(filled)
        self.head(self.say("colours_head"))
        for name, look in self.colours.items():
            self.line(self.say(f"colours.{name}"), self.say(f"colour_names.{name}"), look)
        self.head(self.say("never_head"))
        self.line(self.say("never"), "", None, self.stop)
        self.head(self.say("mail_head"))
        contact = landscape.settings.contact if landscape else None
        self.line(self.say("mail", contact=contact) if contact else self.say("mail_unknown"))
        self.tables(tables)
        self.row += 1
        self.line(self.say("ours"))
        self.finish()

    def counts(self, filled: Known) -> None:
        if filled.withheld:
            self.line(self.say("withheld", number=filled.withheld))
        if filled.left_out:
            self.line(self.say("left_out", number=filled.left_out))

    def tables(self, tables: Sequence[Table]) -> None:
        self.head(self.say("tables_head"))
        for table in tables:
            self.sheet.write_url(self.row, 0, f"internal:'{table.nl}'!A1", self.link, table.nl)
            self.line(definition(table.term, self.lang), beside=True)
        self.head(self.say("examples_head"))
        self.line(self.say("examples_intro"))
        for table in tables:
            example = example_of(table, self.lang)
            if not example:
                continue
            self.row += 1
            self.sheet.write_string(self.row, 0, table.nl, self.grey)
            names = {c.name: c.nl if self.lang == "nl" else c.en for c in table.headed}
            for start in range(0, len(example), len(_WIDTHS) - 1):
                part = list(example.items())[start : start + len(_WIDTHS) - 1]
                for place, (name, value) in enumerate(part, 1):
                    self.sheet.write_string(self.row, place, names[name], self.strip)
                    self.sheet.write_string(self.row + 1, place, value, self.grey)
                self.sheet.set_row(self.row + 1, 32)
                self.row += 2

    def finish(self) -> None:
        self.sheet.hide_gridlines(2)
        self.sheet.protect("", {"format_columns": True, "format_rows": True})
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&L&A&R&P / &N")
        self.sheet.activate()
