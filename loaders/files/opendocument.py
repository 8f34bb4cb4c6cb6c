"""An .ods package → rows of text (OpenDocument 1.3, part 3: content.xml)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from . import markup
from .formats import moment_text, number_text
from .guard import LAST_COLUMN, LAST_ROW, LONGEST_CELL, MOST_MARKS, MOST_SHEETS, Budget, Package, RefusedError
from .markup import BrokenError
from .sheet import Area, Mark, RawSheet

_CELLS: Final = ("table-cell", "covered-table-cell")
_DURATION: Final = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?")
#: A date shown without its day or its year: "3-mei", "03-05", "dec-18".
_HALF_DATE: Final = re.compile(r"\d{1,2}[-/. ]\d{1,2}|\d{1,2}[-/. ][^\W\d]{3,9}\.?|[^\W\d]{3,9}\.?[-/. ]'?(?:\d{2}|\d{4})")
_HIDDEN: Final = ("collapse", "filter")


def read_document(package: Package, budget: Budget) -> list[RawSheet]:
    """All sheets. Raises BrokenError and RefusedError."""
    if "content.xml" not in package:
        raise BrokenError("no content.xml")
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise RefusedError("file-protected")
    reader = _Reader(budget)
    try:
        markup.parse(package.chunks("content.xml"), reader.start, reader.end, reader.text)
    except (ValueError, OverflowError) as error:
        raise BrokenError(str(error)) from error
    return reader.sheets


class _Reader:
    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.sheets: list[RawSheet] = []
        self.unseen_styles: set[str] = set()
        self.style = ""
        self.skipping = 0
        self.depth = 0
        self.cell: dict[str, str] = {}
        self.cells: list[str] = []
        self.pieces: list[str] = []
        self.length = self.paragraphs = 0
        self.repeated = 1
        self.inside = False
        self.begin_table("", False)

    def begin_table(self, name: str, hidden: bool) -> None:
        self.name, self.hidden = name, hidden
        self.rows: list[Sequence[str]] = []
        self.row = self.column = 0
        self.merged: list[Area] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self.displayed: dict[tuple[int, int], str] = {}
        self.marks: list[Mark] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.skipping or name in ("annotation", "shapes", "tracked-changes"):
            self.skipping += 1
        elif name in _CELLS:
            self.cell = attributes
            self.pieces = []
            self.length = self.paragraphs = 0
            self.inside = False
        elif name in ("p", "s", "tab", "line-break"):
            self.paragraph(name, attributes)
        elif name == "table-row":
            self.cells = []
            self.repeated = _count(attributes, "table:number-rows-repeated")
            if attributes.get("table:visibility") in _HIDDEN:
                self.hidden_rows += range(self.row, self.row + min(self.repeated, LAST_ROW - self.row))
        elif name == "table-column":
            number = min(_count(attributes, "table:number-columns-repeated"), LAST_COLUMN)
            if attributes.get("table:visibility") in _HIDDEN:
                self.hidden_columns += range(self.column, self.column + number)
            self.column += number
        elif name == "table":
            self.depth += 1
            if self.depth == 1:
                self.begin_table(attributes.get("table:name", ""), attributes.get("table:style-name") in self.unseen_styles)
        elif name == "style":
            self.style = attributes.get("style:name", "")
        elif name == "table-properties" and attributes.get("table:display") == "false":
            self.unseen_styles.add(self.style)

    def paragraph(self, name: str, attributes: dict[str, str]) -> None:
        if name == "p":
            self.inside = True
            self.paragraphs += 1
            if self.paragraphs > 1:
                self.text("\n")
        elif name == "s":
            self.text(" " * min(_count(attributes, "text:c"), LONGEST_CELL))
        else:
            self.text("\t" if name == "tab" else "\n")

    def text(self, piece: str) -> None:
        if not self.skipping and self.inside:
            self.length += len(piece)
            if self.length <= LONGEST_CELL:
                self.pieces.append(piece)

    def end(self, name: str) -> None:
        if self.skipping:
            self.skipping -= 1
        elif name in _CELLS:
            self.end_cell(covered=name == "covered-table-cell")
        elif name == "p":
            self.inside = False
        elif name == "table-row":
            self.end_row()
        elif name == "table":
            self.depth -= 1
            if self.depth == 0:
                self.end_table()

    def end_cell(self, covered: bool) -> None:
        number = _count(self.cell, "table:number-columns-repeated")
        place = len(self.cells)
        text = self.value(place)
        across, down = (_count(self.cell, f"table:number-{what}-spanned") for what in ("columns", "rows"))
        if (across > 1 or down > 1) and not covered:
            self.merged.append(Area(self.row, place, self.row + down - 1, place + across - 1))
        if not text or covered:
            # empty cells at the end of a row are as good as none; only a filled one after them makes them real
            text = ""
            number = min(number, LAST_COLUMN)
        if place + number > LAST_COLUMN and text:
            raise RefusedError("sheet-too-large", self.name)
        self.cells += [text] * min(number, LAST_COLUMN - place)
        self.inside = False

    def value(self, place: int) -> str:
        kind = self.cell.get("office:value-type", "")
        text = "".join(self.pieces)
        if self.length > LONGEST_CELL:
            self.mark("cell-too-long", place)
            return ""
        if self.cell.get("calcext:value-type") == "error" or (self.cell.get("table:formula") and text.startswith(("#", "Err:"))):
            self.mark("cell-error", place, text[:20])
            return ""
        if kind in ("float", "currency", "percentage"):
            number = float(self.cell.get("office:value", "nan"))
            if kind == "percentage":
                return number_text(round(number * 100, 9)) + "%"
            plain = number_text(number)
            if text.isdigit() and text.startswith("0") and text.lstrip("0") == plain.lstrip("0") and text != plain:
                self.mark("zeros-restored", place, text)
                return text
            return plain
        if kind == "date":
            when = dt.datetime.fromisoformat(self.cell.get("office:date-value", "").removesuffix("Z"))
            if _HALF_DATE.fullmatch(text.strip()) and len(self.displayed) < MOST_MARKS:
                self.displayed[self.row, place] = text.strip()
            return moment_text(when)
        if kind == "time":
            return _time(self.cell.get("office:time-value", "")) or text
        if kind == "boolean":
            return "ja" if self.cell.get("office:boolean-value") == "true" else "nee"
        if kind == "string" and not text:
            return self.cell.get("office:string-value", "")[:LONGEST_CELL]
        if self.cell.get("table:formula") and not kind:
            self.mark("formula-unread", place)
        return text

    def mark(self, code: str, place: int, value: str = "") -> None:
        if len(self.marks) < MOST_MARKS:
            self.marks.append(Mark(code, self.row, place, value))

    def end_row(self) -> None:
        while self.cells and not self.cells[-1]:
            self.cells.pop()
        number = self.repeated
        if self.cells:
            if self.row + number > LAST_ROW:
                raise RefusedError("sheet-too-large", self.name)
            self.budget.spend(number * len(self.cells), number * sum(map(len, self.cells)), self.name)
            self.rows += [()] * (self.row - len(self.rows))
            self.rows += [self.cells] * number
        self.row += number
        if self.row > 4 * LAST_ROW:
            raise RefusedError("sheet-too-large", self.name)

    def end_table(self) -> None:
        if len(self.sheets) >= MOST_SHEETS:
            raise RefusedError("too-many-sheets", number=MOST_SHEETS)
        self.sheets.append(
            RawSheet(
                self.name,
                self.rows,
                self.hidden,
                tuple(self.merged),
                tuple(self.hidden_rows),
                tuple(self.hidden_columns),
                self.displayed,
                tuple(self.marks),
            )
        )


def _count(attributes: dict[str, str], name: str) -> int:
    return max(1, int(attributes.get(name, "1")))


def _time(written: str) -> str:
    match = _DURATION.fullmatch(written)
    if not match:
        return ""
    days, hours, minutes = (int(g or 0) for g in match.groups()[:3])
    seconds = int(float(match[4] or 0))
    hours += 24 * days
    if hours < 24:
        return f"{hours:02d}:{minutes:02d}:{seconds:02d}"
    return f"{hours}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")
