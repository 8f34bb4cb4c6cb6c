"""One worksheet of an .xlsx → rows of text, with what its cells show and what is odd about them.

Two ways, one outcome: large regular sheets are read by calamine, all others cell by cell, because calamine
tells nothing of number formats, errors, formulas, merged or hidden cells, and keeps room for every cell up to
the last one (one stray cell in XFD1048576 would take it 17 billion).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from . import markup
from .formats import Format, Kind, moment_text, number_text, written
from .guard import LAST_COLUMN, LAST_ROW, LONGEST_CELL, MB, MOST_MARKS, Budget, Package
from .markup import BrokenError
from .ooxml import TOO_LONG, Part, Workbook, unescaped
from .sheet import Area, Mark, RawSheet

_PLAIN: Final = Format(Kind.PLAIN)
_MOST_AREAS: Final = 100_000
#: Parts of more bytes than this go the quick way where they can; the careful way is slower, not different.
LARGE: Final = 4 * MB
_QUICK_LIMIT: Final = 128 * MB


def place_of(letters: str) -> int:
    """The place of a column from its letters: A is 0, XFD is 16383."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters_of(place: int) -> str:
    """The letters of a column from its place: 0 is A.

    >>> letters_of(0), letters_of(27), letters_of(16383)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


def area_of(reference: str) -> Area | None:
    """The area that ``B2:D5`` names; None for what is no area."""
    ends = [_REFERENCE.fullmatch(end) for end in reference.split(":")]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return None
    (left, top), (right, bottom) = ends[0].groups(), ends[1].groups()
    return Area(int(top) - 1, place_of(left), int(bottom) - 1, place_of(right))


def read_sheet(package: Package, book: Workbook, part: Part, budget: Budget) -> RawSheet:
    """The sheet, cell by cell. Raises BrokenError and RefusedError."""
    reader = _Reader(book, part, budget)
    try:
        markup.parse(package.chunks(part.path), reader.start, reader.end, reader.text)
    except (ValueError, IndexError) as error:
        raise BrokenError(str(error)) from error
    return reader.sheet()


class _Reader:
    def __init__(self, book: Workbook, part: Part, budget: Budget) -> None:
        self.book, self.part, self.budget = book, part, budget
        self.rows: list[Sequence[str]] = []
        self.cells: list[str] = []
        self.row = self.place = -1
        self.type = self.style = ""
        self.formula = self.inside = self.valued = False
        self.length = 0
        self.pieces: list[str] = []
        self.places: dict[str, int] = {}
        self.displayed: dict[tuple[int, int], str] = {}
        self.marks: list[Mark] = []
        self.merged: list[Area] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self.stale = 0
        self.aid = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self.cell(attributes)
        elif name == "v" or (name == "t" and not self.aid):
            self.inside = self.valued = True
        elif name == "f":
            self.formula = True
        elif name == "row":
            self.begin_row(attributes)
        elif name == "rPh":
            self.aid += 1
        elif name == "mergeCell":
            area = area_of(attributes.get("ref", ""))
            if area is not None and len(self.merged) < _MOST_AREAS:
                self.merged.append(area)
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes["min"]), min(int(attributes["max"]), LAST_COLUMN)
            self.hidden_columns += range(first - 1, last)

    def begin_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self.row = row = int(number) - 1 if number else self.row + 1
        if not 0 <= row < LAST_ROW:
            raise BrokenError(f"row {number}")
        self.place = -1
        if row < len(self.rows):  # rows in another order than theirs
            self.cells = list(self.rows[row])
        if "hidden" in attributes and attributes["hidden"] in ("1", "true"):
            self.hidden_rows.append(row)

    def cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self.place += 1
        else:
            letters = reference.rstrip("0123456789")
            place = self.places.get(letters)
            if place is None:
                place = self.places[letters] = place_of(letters)
                if not 0 <= place < LAST_COLUMN:
                    raise BrokenError(reference)
            self.place = place
        self.type = attributes.get("t", "n")
        self.style = attributes.get("s", "")
        self.formula = self.valued = False
        self.length = 0
        self.pieces.clear()

    def text(self, piece: str) -> None:
        if self.inside:
            self.length += len(piece)
            if self.length <= LONGEST_CELL:
                self.pieces.append(piece)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.inside = False
        elif name == "c":
            if self.valued or self.formula:
                self.put(self.value())
        elif name == "row":
            self.end_row()
        elif name == "rPh":
            self.aid -= 1

    def end_row(self) -> None:
        if not self.cells:
            return
        self.budget.spend(len(self.cells), 0, self.part.name)
        missing = self.row - len(self.rows)
        if missing >= 0:
            self.rows += [()] * missing
            self.rows.append(self.cells)
        else:
            self.rows[self.row] = self.cells
        self.cells = []

    def put(self, text: str) -> None:
        if not text:
            return
        missing = self.place - len(self.cells)
        if missing >= 0:
            if missing:
                self.cells += [""] * missing
            self.cells.append(text)
        else:
            self.cells[self.place] = text
        self.budget.spend(0, len(text), self.part.name)

    def mark(self, code: str, value: str = "") -> None:
        if len(self.marks) < MOST_MARKS:
            self.marks.append(Mark(code, self.row, self.place, value))

    def value(self) -> str:
        """The text of the cell that just ended: what the spreadsheet last computed, never a formula."""
        text = "".join(self.pieces)
        kind = self.type
        if self.length > LONGEST_CELL:
            self.mark("cell-too-long")
            return ""
        if self.formula:
            if not text and kind != "str":
                self.mark("formula-unread")
                return ""
            if self.book.never_computed and not self.stale:
                self.stale = 1
                self.mark("formula-stale")
        if kind == "s":
            if not text:
                return ""
            shared = self.book.texts[int(text)]
            if shared == TOO_LONG:
                self.mark("cell-too-long")
                return ""
            return shared
        if kind in ("str", "inlineStr"):
            return unescaped(text)
        if kind == "e":
            self.mark("cell-error", text[:20])
            return ""
        if kind == "b":
            return "ja" if text.strip() in ("1", "true") else "nee"
        if kind == "d":
            return _iso(text)
        return self.number(text)

    def number(self, text: str) -> str:
        if not text:
            return ""
        style = self.book.formats[int(self.style)] if self.style and self.book.formats else _PLAIN
        if style is _PLAIN or style.kind is Kind.PLAIN:
            return number_text(float(text))
        found = written(float(text), style, self.book.from_1904)
        if found.displayed and len(self.displayed) < MOST_MARKS:
            self.displayed[self.row, self.place] = found.displayed
        if found.zeros:
            self.mark("zeros-restored", found.text)
        return found.text

    def sheet(self) -> RawSheet:
        return RawSheet(
            self.part.name,
            self.rows,
            self.part.hidden,
            tuple(self.merged),
            tuple(self.hidden_rows),
            tuple(self.hidden_columns),
            self.displayed,
            tuple(self.marks),
        )


def _iso(text: str) -> str:
    try:
        when = dt.datetime.fromisoformat(text.strip().removesuffix("Z"))
    except ValueError:
        return text
    return moment_text(when)


# --- the quick way ---------------------------------------------------------------------------
_CELL: Final = re.compile(rb'<c r="([A-Z]{1,3})\d{1,7}"(?: s="(\d{1,6})")?(?: t="(?:s|n|str|b|inlineStr)")?/?>')
_ROW: Final = re.compile(rb'<row r="(\d{1,7})"')
_SHARED: Final = re.compile(rb' t="s"><v>(\d{1,9})</v>')
#: What the careful way must look at.
_ODD: Final = (b"<f", b' t="e"', b"hidden=", b"<mergeCell ", b"<!", b"_x")


def quickly(path: Path, package: Package, book: Workbook, part: Part, budget: Budget) -> RawSheet | None:
    """A large sheet by calamine; None where it is small, or holds something that only the careful way sees."""
    import python_calamine

    size = package.size(part.path)
    if not LARGE <= size <= _QUICK_LIMIT or not book.usual:
        return None
    text = _regular(package, book, part, budget)
    if text is None:
        return None
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as opened:
            sheet = opened.get_sheet_by_name(part.name)
            rows = [[v if v.__class__ is str else as_text(v) for v in row] for row in sheet.to_python(skip_empty_area=False)]
    except (python_calamine.CalamineError, ValueError):
        return None
    budget.spend(sum(map(len, rows)), text, part.name)
    return RawSheet(part.name, rows, part.hidden)


def _regular(package: Package, book: Workbook, part: Part, budget: Budget) -> int | None:
    """How many signs of shared text the sheet holds; None where calamine would not tell all or need too much."""
    if any(len(t) > LONGEST_CELL or t == TOO_LONG for t in book.texts):
        return None
    kinds: set[tuple[bytes, bytes]] = set()
    lengths = [len(t) for t in book.texts]
    signs = last = 0
    for block in _blocks(package.chunks(part.path)):
        found = _CELL.findall(block)
        if len(found) != block.count(b"<c ") or any(odd in block for odd in _ODD):
            return None
        kinds.update(found)
        last = max([last, *map(int, _ROW.findall(block))])
        try:
            signs += sum(lengths[int(n)] for n in _SHARED.findall(block))
        except IndexError:
            return None
    width = max((place_of(letters.decode()) + 1 for letters, _ in kinds), default=0)
    styles = {int(style) for _, style in kinds if style}
    if any(s >= len(book.formats) or not book.formats[s].plain for s in styles):
        return None
    return signs if last * width <= budget.cells and signs <= budget.text else None


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The part in pieces that end where a row ends."""
    rest = b""
    for piece in chunks:
        rest += piece
        cut = rest.rfind(b"<row ")
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > 16 * MB:
            break
    yield rest


def as_text(value: Any) -> str:
    """A cell as calamine gives it, as a Dutch reader would write it (decimal comma, ISO dates)."""
    if value.__class__ is float:
        return number_text(value)
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, int | float):
        return number_text(float(value))
    if isinstance(value, dt.datetime):
        return moment_text(value)
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
