"""Cells of a worksheet coloured: only the style of a cell changes, never what it holds."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Final

from ..files.worksheet import letters_of
from .looks import column_styles, place_of
from .xmltext import RELATIONS, Unusual, attribute, children, prefix, with_attribute

#: Elements that stand behind the link to the comments, in the order of ECMA-376.
_AFTER_COMMENTS: Final = frozenset(
    "legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst AlternateContent".split()
)
_ROW: Final = re.compile(r"<(?:[\w.-]+:)?row(?=[\s/>])([^>]*?)(/?)>")
_CELL: Final = re.compile(r"<(?:[\w.-]+:)?c(?=[\s/>])([^>]*?)(/?)>")
_REFERENCE: Final = re.compile(r"\br\s*=\s*[\"'](\$?[A-Za-z]{1,3})")

Cell = tuple[int, int]


def cells_at(text: str) -> tuple[int, int]:
    """Where the rows of a worksheet begin and end in its text."""
    opened = re.search(r"<(?:[\w.-]+:)?sheetData(?=[\s/>])[^>]*?(/?)>", text)
    if opened is None:
        raise Unusual("no cells")
    if opened[1]:
        return opened.end(), opened.end()
    closed = text.rfind(f"</{prefix(text)}sheetData>")
    if closed < opened.end():
        raise Unusual("no cells")
    return opened.end(), closed


def painted(text: str, marks: Mapping[Cell, str], style: Callable[[int, str], int]) -> str:
    """``text`` with the style of each marked cell (row and column from 0) made by ``style(base, severity)``.

    A cell that does not stand in the file yet is added empty, in the look of its row or column.
    """
    start, end = cells_at(text)
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), severity in marks.items():
        by_row.setdefault(row, {})[column] = severity
    columns = column_styles(text, start)
    p = prefix(text)
    pieces = [text[:start]]
    at = start
    before = -1
    waiting = sorted(by_row)
    for found in _ROW.finditer(text, start, end):
        given = attribute(found[1], "r")
        number = int(given) - 1 if given else before + 1
        before = number
        while waiting and waiting[0] < number:
            pieces += [text[at : found.start()], _new_row(p, waiting[0], by_row[waiting[0]], columns, style)]
            at = found.start()
            waiting.pop(0)
        if not waiting:
            break
        if waiting[0] > number:
            continue
        close = found.end() if found[2] else text.find(f"</{p}row>", found.end(), end)
        if close < 0:
            raise Unusual("row")
        inner = "" if found[2] else text[found.end() : close]
        base = int(attribute(found[1], "s") or 0) if attribute(found[1], "customFormat") in ("1", "true") else None
        tag = re.sub(r"\sspans\s*=\s*(\"[^\"]*\"|'[^']*')", "", text[found.start() : found.end()])
        if found[2]:
            tag = tag[:-2].rstrip() + ">"
        cells = _row(p, number, inner, by_row[number], base, columns, style)
        pieces += [text[at : found.start()], tag, cells, f"</{p}row>" if found[2] else ""]
        at = close
        waiting.pop(0)
    if waiting and start == end:
        raise Unusual("no rows")
    pieces.append(text[at:end])
    pieces += [_new_row(p, number, by_row[number], columns, style) for number in waiting]
    return "".join([*pieces, text[end:]])


def restyled(text: str, styles: Mapping[int, int]) -> str:
    """``text`` with the styles of its cells replaced."""
    start, end = cells_at(text)

    def changed(tag: re.Match[str]) -> str:
        own = attribute(tag[1], "s")
        new = styles.get(int(own)) if own else None
        return tag[0] if new is None else with_attribute(tag[0], "s", str(new))

    return text[:start] + _CELL.sub(changed, text[start:end]) + text[end:]


def _row(
    p: str,
    number: int,
    inner: str,
    marks: Mapping[int, str],
    base: int | None,
    columns: list[tuple[int, int, int]],
    style: Callable[[int, str], int],
) -> str:
    """The cells of one row with the marked ones restyled or added."""
    cells = []
    before = -1
    for found in _CELL.finditer(inner):
        named = _REFERENCE.search(found[1])
        column = place_of(f"{named[1]}1")[1] if named else before + 1
        before = column
        cells.append((column, found))
    changes: list[tuple[int, int, str]] = []
    places = [c for c, _ in cells]
    for column, severity in sorted(marks.items()):
        at = bisect_right(places, column) - 1
        if at >= 0 and places[at] == column:
            found = cells[at][1]
            own = attribute(found[1], "s")
            tag = with_attribute(found[0], "s", str(style(int(own or 0), severity)))
            changes.append((found.start(), found.end(), tag))
            continue
        own_style = base if base is not None else _column_style(columns, column)
        made = f'<{p}c r="{letters_of(column)}{number + 1}" s="{style(own_style, severity)}"/>'
        where = cells[at + 1][1].start() if at + 1 < len(cells) else len(inner)
        changes.append((where, where, made))
    pieces = []
    at = 0
    for start, end, new in changes:
        pieces += [inner[at:start], new]
        at = end
    return "".join([*pieces, inner[at:]])


def _new_row(
    p: str, number: int, marks: Mapping[int, str], columns: list[tuple[int, int, int]], style: Callable[[int, str], int]
) -> str:
    return f'<{p}row r="{number + 1}">{_row(p, number, "", marks, None, columns, style)}</{p}row>'


def _column_style(columns: list[tuple[int, int, int]], column: int) -> int:
    for first, last, style in columns:
        if first <= column <= last:
            return style
    return 0


def with_drawing(text: str, relation: str) -> str:
    """``text`` with the link to the drawing of its comments, where the format wants it."""
    _, end = cells_at(text)
    tail = text.find(">", end) + 1 if text.startswith("</", end) else end
    closing = text.rfind("</")
    where = closing
    for element in children(text, tail, closing):
        if element.name in _AFTER_COMMENTS:
            where = element.start
            break
    made = f'<{prefix(text)}legacyDrawing xmlns:rk="{RELATIONS}" rk:id="{relation}"/>'
    return text[:where] + made + text[where:]


def unselected(text: str) -> str:
    """``text`` without the mark that its tab is selected: two selected tabs would be written in together."""
    head = text[: cells_at(text)[0]] if "sheetData" in text else text
    return re.sub(r"\stabSelected\s*=\s*(\"[^\"]*\"|'[^']*')", "", head) + text[len(head) :]
