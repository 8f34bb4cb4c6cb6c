"""Styles of a workbook, with looks of ours added: a cell keeps its own and gets a colour on top."""

from __future__ import annotations

import re
from typing import Final

from .xmltext import Element, Unusual, attribute, inside, prefix, replaced, root, with_attribute

#: Colours of cells by severity; dark text on each has a contrast of more than 10 : 1. Each differs by one from what
#: people pick from a palette, so that ours is known again when a workbook comes back (see earlier.py).
FILLS: Final = {"fout": "FFFFC7CF", "waarschuwing": "FFFFEB9D", "opmerking": "FFDDEBF8"}
INK: Final = "FF1A1A1A"
#: Looks of the summary: (font, fill, wrapped).
_FONTS: Final = {
    "plain": '<{p}font><{p}sz val="11"/><{p}color rgb="FF1A1A1A"/><{p}name val="Calibri"/></{p}font>',
    "bold": '<{p}font><{p}b/><{p}sz val="11"/><{p}color rgb="FF1A1A1A"/><{p}name val="Calibri"/></{p}font>',
    "title": '<{p}font><{p}b/><{p}sz val="18"/><{p}color rgb="FF17365D"/><{p}name val="Calibri"/></{p}font>',
    "heading": '<{p}font><{p}b/><{p}sz val="13"/><{p}color rgb="FF17365D"/><{p}name val="Calibri"/></{p}font>',
    "link": '<{p}font><{p}u/><{p}sz val="11"/><{p}color rgb="FF0B5394"/><{p}name val="Calibri"/></{p}font>',
}
LOOKS: Final = {
    "plain": ("plain", None),
    "line": ("plain", None),
    "title": ("title", None),
    "heading": ("heading", None),
    "link": ("link", None),
    "head": ("bold", "FFDCE9F5"),
    "fout": ("bold", FILLS["fout"]),
    "waarschuwing": ("bold", FILLS["waarschuwing"]),
    "opmerking": ("bold", FILLS["opmerking"]),
}
_BLOCKS: Final = ("fonts", "fills", "cellXfs")


class Styles:
    """The styles part, read once; :meth:`text` is the part with what was added."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._p = prefix(text)
        self._blocks: dict[str, Element] = {}
        for element in inside(text, root(text)):
            self._blocks.setdefault(element.name, element)
        self._items: dict[str, list[str]] = {}
        for name in _BLOCKS:
            if name not in self._blocks:
                raise Unusual("styles")
            block = self._blocks[name]
            self._items[name] = [text[e.start : e.end] for e in inside(text, block)]
        self._before = {name: len(items) for name, items in self._items.items()}
        self._made: dict[tuple[object, ...], int] = {}

    def coloured(self, base: int, severity: str) -> int:
        """The style ``base`` with the colour of a severity, and dark letters where they were light."""
        key = (base, severity)
        if key not in self._made:
            styles = self._items["cellXfs"]
            own = styles[base] if base < len(styles) else styles[0]
            tag_end = own.index(">") + 1
            font = attribute(own[:tag_end], "fontId")
            tag = with_attribute(own[:tag_end], "fillId", str(self._fill(FILLS[severity])))
            tag = with_attribute(tag, "applyFill", "1")
            dark = self._dark(int(font)) if font and font.isdigit() else None
            if dark is not None:
                tag = with_attribute(with_attribute(tag, "fontId", str(dark)), "applyFont", "1")
            self._made[key] = self._add("cellXfs", tag + own[tag_end:])
        return self._made[key]

    def without_ours(self) -> dict[int, int]:
        """For each style that has a colour of ours: the same style without it."""
        ours = {n for n, fill in enumerate(self._items["fills"]) if any(f'rgb="{c}"' in fill for c in FILLS.values())}
        found = {}
        for number, own in enumerate(self._items["cellXfs"][: self._before["cellXfs"]]):
            tag_end = own.index(">") + 1
            fill = attribute(own[:tag_end], "fillId")
            if fill and fill.isdigit() and int(fill) in ours:
                found[number] = self._add("cellXfs", with_attribute(own[:tag_end], "fillId", "0") + own[tag_end:])
        return found

    def look(self, name: str) -> int:
        """A look of the summary."""
        key = ("look", name)
        if key not in self._made:
            font, fill = LOOKS[name]
            fonts = self._add("fonts", _FONTS[font].format(p=self._p))
            filled = f' fillId="{self._fill(fill)}" applyFill="1"' if fill else ' fillId="0"'
            p, wrapped = self._p, 0 if name in ("title", "heading", "line") else 1
            self._made[key] = self._add(
                "cellXfs",
                f'<{p}xf numFmtId="49" fontId="{fonts}"{filled} borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" '
                f'applyAlignment="1"><{p}alignment vertical="top" wrapText="{wrapped}"/></{p}xf>',
            )
        return self._made[key]

    def _fill(self, colour: str) -> int:
        key = ("fill", colour)
        if key not in self._made:
            p = self._p
            made = (
                f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{colour}"/><{p}bgColor indexed="64"/>'
                f"</{p}patternFill></{p}fill>"
            )
            self._made[key] = self._add("fills", made)
        return self._made[key]

    def _dark(self, font: int) -> int | None:
        """A font with dark letters in place of ``font``; None where its letters are dark already."""
        fonts = self._items["fonts"]
        if font >= len(fonts):
            return None
        key = ("dark", font)
        if key not in self._made:
            colour = re.search(r"<(?:[\w.-]+:)?color\b[^>]*/>", fonts[font])
            if colour is None or re.search(r'(theme="1"|auto="1"|indexed="(8|64)"|rgb="FF000000")', colour[0]):
                return None
            made = fonts[font].replace(colour[0], f'<{self._p}color rgb="{INK}"/>', 1)
            self._made[key] = self._add("fonts", made)
        return self._made[key]

    def _add(self, block: str, item: str) -> int:
        self._items[block].append(item)
        return len(self._items[block]) - 1

    def text(self) -> str:
        """The part with everything that was added, at the end of its lists."""
        changes = []
        for name in _BLOCKS:
            block = self._blocks[name]
            new = self._items[name][self._before[name] :]
            if not new:
                continue
            if block.empty:
                raise Unusual("styles")
            tag = with_attribute(self._text[block.start : block.inside], "count", str(len(self._items[name])))
            changes += [(block.start, block.inside, tag), (block.outside, block.outside, "".join(new))]
        return replaced(self._text, changes)


def column_styles(text: str, before: int) -> list[tuple[int, int, int]]:
    """(first, last, style) of columns (0 = A) that have a style of their own, in the text before the cells."""
    found = []
    for match in re.finditer(r"<(?:[\w.-]+:)?col(?=[\s/>])([^>]*?)/?>", text[:before]):
        first, last, style = (attribute(match[1], a) for a in ("min", "max", "style"))
        if first and last and style:
            found.append((int(first) - 1, int(last) - 1, int(style)))
    return found


def merged_areas(text: str, after: int) -> list[tuple[int, int, int, int]]:
    """Merged areas as (top, left, bottom, right), from 0, in the text behind the cells."""
    found = []
    for match in re.finditer(r"<(?:[\w.-]+:)?mergeCell(?=[\s/>])([^>]*?)/?>", text[after:]):
        ends = (attribute(match[1], "ref") or "").partition(":")
        if ends[2]:
            (top, left), (bottom, right) = place_of(ends[0]), place_of(ends[2])
            found.append((top, left, bottom, right))
    return found


def place_of(reference: str) -> tuple[int, int]:
    """(row, column) from 0 of a cell such as B12."""
    found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})", reference)
    if found is None:
        raise Unusual(f"cell {reference}")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1
