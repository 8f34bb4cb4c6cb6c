"""The blank workbook: one sheet per table, headers with notes, drop-downs from the concept schemes."""

from __future__ import annotations

from typing import IO, Any, Final

from ...graph.schema import INPUT_TABLES, TABLES, Column, Kind
from ...ontology.catalogue import text
from ...ontology.concepts import scheme
from ...ontology.terms import definition

#: Rows that get a drop-down.
_ROWS: Final = 1000
#: An example of what to write, by kind.
_EXAMPLES: Final = {
    Kind.ID: "P01",
    Kind.DATE: "2026-03-01",
    Kind.AGE: "12",
    Kind.COUNT: "25",
    Kind.FAMILIES: "25",
    Kind.NUMBER: "4,5",
    Kind.DAYS: "1 week",
    Kind.MUNICIPALITY: "Ede",
    Kind.MUNICIPALITIES: "Ede; Barneveld",
    Kind.PARTNER: "P01",
    Kind.PARTNERS: "P01; P02",
    Kind.ENDPOINT: "P01, rol:huisarts",
    Kind.DESTINATION: "P02, hulp, uitval",
    Kind.CHAIN: "P01, rol:huisarts > rol:soj",
    Kind.URL: "https://www.voorbeeld.nl",
}


def template(out: IO[bytes], lang: str = "nl") -> None:
    """Write the workbook to ``out``; the same bytes every time."""
    import datetime as dt

    import xlsxwriter

    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "routekaart", "created": dt.datetime(2000, 1, 1)})  # a fixed date: same bytes
    head = book.add_format({"bold": True, "bg_color": "#DCE9F5", "border": 1, "text_wrap": True, "valign": "top"})
    must = book.add_format({"bold": True, "bg_color": "#F9E2B8", "border": 1, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "font_size": 14})
    explanation = book.add_worksheet(text("template.sheet", lang))
    lists = book.add_worksheet("keuzes" if lang == "nl" else "choices")
    ranges = _choices(lists, lang)
    _explain(explanation, lang, bold, wrap)
    for table in INPUT_TABLES:
        sheet = book.add_worksheet(table.nl)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(table.headed):
            sheet.write_string(0, place, column.nl if lang == "nl" else column.en, must if column.required else head)
            sheet.write_comment(0, place, _note(column, lang), {"x_scale": 2.2, "y_scale": 1.6})
            sheet.set_column(place, place, max(14, len(column.nl) + 3), wrap)
            choice = ranges.get(column.scheme) if column.kind is Kind.CONCEPT else None
            if column.kind is Kind.YESNO:
                sheet.data_validation(1, place, _ROWS, place, {"validate": "list", "source": ["ja", "nee"]})
            elif choice:
                # a warning, no stop: a region may have a concept of its own
                rule = {"validate": "list", "source": choice, "error_type": "warning"}
                sheet.data_validation(1, place, _ROWS, place, rule)
    book.close()


def _choices(sheet: Any, lang: str) -> dict[str, str]:
    """The labels of every scheme in a column of their own; the range of each by scheme."""
    names = sorted({c.scheme for t in TABLES.values() if t.input for c in t.headed if c.scheme})
    ranges = {}
    for place, name in enumerate(names):
        labels = [c.label(lang) for c in scheme(name).concepts.values()]
        sheet.write_string(0, place, name)
        for row, label in enumerate(labels, 1):
            sheet.write_string(row, place, label)
        sheet.set_column(place, place, 26)
        letter = _letter(place)
        ranges[name] = f"={sheet.get_name()}!${letter}$2:${letter}${len(labels) + 1}"
    return ranges


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _note(column: Column, lang: str) -> str:
    """What the column means, what to write, and whether it must be filled."""
    parts = [definition(column.term, lang)]
    if column.scheme:
        labels = [c.label(lang) for c in scheme(column.scheme).concepts.values()]
        parts.append(text("template.choose", lang, labels="; ".join(labels[:30])))
    elif column.kind in _EXAMPLES:
        parts.append(text("template.example", lang, example=_EXAMPLES[column.kind]))
    if column.is_list:
        parts.append(text("template.several", lang))
    if column.required:
        parts.append(text("template.required", lang))
    return "\n".join(p for p in parts if p)[:30_000]


def _explain(sheet: Any, lang: str, bold: Any, wrap: Any) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100, wrap)
    sheet.write_string(0, 0, text("template.title", lang), bold)
    row = 2
    for name in ("fill", "required_colour", "unknown", "persons", "source"):
        sheet.write_string(row, 1, text(f"template.rules.{name}", lang))
        row += 1
    row += 1
    for table in INPUT_TABLES:
        sheet.write_string(row, 0, table.nl)
        sheet.write_string(row, 1, definition(table.term, lang))
        row += 1
