"""A raw sheet → the table in it, every row in its place, and a finding for everything that is odd or left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

import polars as pl

from ..findings import Finding
from .columns import tidied
from .guard import LONGEST_CELL, MOST_NAMES, RefusedError
from .header import Header, Name, find, named
from .layout import Layout, lay_out
from .sheet import ROW, Area, RawSheet, Sheet
from .telling import Values, discreet, told
from .worksheet import letters_of

#: Marks that ask nothing of anybody: one finding for a column.
_TOGETHER: Final = ("zeros-restored", "formula-stale")
#: So many cells are filled from merged areas at most.
_MOST_SPREAD: Final = 1_000_000


def table_of(raw: RawSheet, file: str, vocabulary: frozenset[str], delimited: bool = False) -> tuple[Sheet | None, list[Finding]]:
    """The table in ``raw``; None (and a finding) where it is empty. ``delimited``: from a file without cells."""
    grid = _Grid(raw, file, vocabulary, delimited)
    return grid.table(), grid.findings


class _Grid:
    def __init__(self, raw: RawSheet, file: str, vocabulary: frozenset[str], delimited: bool) -> None:
        self.raw, self.file, self.vocabulary, self.delimited = raw, file, vocabulary, delimited
        self.findings: list[Finding] = []

    def tell(self, code: str, places: Sequence[tuple[int, str]], column: str | None = None, values: Values = ()) -> None:
        self.findings += told(code, self.file, self.raw.name, places, column, values=values)

    def together(self, code: str, places: Sequence[tuple[int, str]], column: str | None = None, values: Values = ()) -> None:
        self.findings += told(code, self.file, self.raw.name, places, column, together=True, values=values)

    def table(self) -> Sheet | None:
        rows, across, spread = spread_out(self.raw.rows, self.raw.merged)
        header = find(rows, self.vocabulary)
        if header is None:
            self.findings.append(Finding("file-empty", self.file, self.raw.name))
            self.marks({}, frozenset())
            return None
        if len(header.names) > MOST_NAMES:
            raise RefusedError("sheet-too-large", self.raw.name)
        layout = lay_out(rows, header, self.vocabulary, across)
        named_ = named_columns(header, self.vocabulary, self.file, self.raw.name, self.findings)
        self.outside(rows, header, layout)
        self.in_place(header, layout, spread)
        names = list(named_)
        frame = frame_of(names, layout.kept, layout.numbers)
        self.marks(dict(enumerate(names)), frozenset(n - 1 for n in layout.numbers))
        displayed = self.displayed(dict(enumerate(names)), frozenset(n - 1 for n in layout.numbers))
        sheet, findings = made(self.file, self.raw.name, header, named_, frame, displayed, hidden=self.raw.hidden)
        self.findings += findings
        self.unnamed(names, frame, layout)
        return sheet

    def outside(self, rows: Sequence[Sequence[str]], header: Header, layout: Layout) -> None:
        """Tell what is no row of the table."""
        above = [(n + 1, _text(rows[n])) for n in range(header.first) if rows[n] and _text(rows[n])]
        self.together("rows-above-header", above)
        if header.last > header.first:
            self.together("header-stacked", [(header.last + 1, _text(header.names))])
        self.together("header-repeated", layout.repeated)
        self.tell("total-left-out", [(n, discreet(t)) for n, t in layout.totals])
        self.tell("note-left-out", [(n, discreet(t)) for n, t in layout.notes])
        self.together("second-table", [(n, discreet(t)) for n, t in layout.second])

    def in_place(self, header: Header, layout: Layout, spread: list[int]) -> None:
        """Tell of merged and hidden cells, which are read like all others."""
        kept = frozenset(layout.numbers)
        self.together("cells-merged", [(n + 1, "") for n in spread if n + 1 in kept])
        self.together("rows-hidden", [(n + 1, "") for n in self.raw.hidden_rows if n + 1 in kept])
        hidden = [p for p in self.raw.hidden_columns if p < len(header.names) and header.names[p]]
        if hidden:
            letters = ", ".join(letters_of(p) for p in hidden)
            self.findings.append(Finding("columns-hidden", self.file, self.raw.name, value=letters))

    def unnamed(self, names: Sequence[str], frame: pl.DataFrame, layout: Layout) -> None:
        """Tell of cells that no column name stands above."""
        if self.delimited:
            by_row = [(row, "; ".join(t for _, _, t in cells)) for row, cells in groupby(layout.surplus, key=lambda c: c[0])]
            self.tell("ragged-row", [(row, discreet(text)) for row, text in by_row])
            surplus: list[tuple[int, int, str]] = []
        else:
            surplus = sorted(layout.surplus, key=lambda c: (c[1], c[0]))
        places = {p: [r for r, _, _ in cells] for p, cells in groupby(surplus, key=lambda c: c[1])}
        for place, name in enumerate(names):
            if name.startswith("\x00empty"):
                cells = frame.select(ROW, name).filter(pl.col(name).str.strip_chars() != "")
                if cells.height:
                    places[place] = cells[ROW].to_list()
        if len(places) > 20:  # scattered cells rather than columns
            rows = sorted({r for found in places.values() for r in found})
            letters = f"{letters_of(min(places))} … {letters_of(max(places))}"
            self.together("column-unnamed", [(r, "") for r in rows], values=(("letter", letters),))
            return
        for place, rows in sorted(places.items()):
            self.together("column-unnamed", [(r, "") for r in rows], values=(("letter", letters_of(place)),))

    def marks(self, names: Mapping[int, str], kept: frozenset[int]) -> None:
        """Tell what the reader saw in single cells, by kind and column; cells outside the table have no column."""
        by_column: dict[tuple[str, int], list[tuple[int, str]]] = {}
        for mark in self.raw.marks:
            place = mark.place if mark.row in kept and mark.place in names else -1
            by_column.setdefault((mark.code, place), []).append((mark.row + 1, mark.value))
        for (code, place), places in sorted(by_column.items()):
            name = names.get(place, "\x00")
            column = None if name.startswith("\x00") else name
            if code in _TOGETHER:
                self.together(code, places, column)
            else:
                self.tell(code, places, column, (("limit", LONGEST_CELL),) if code == "cell-too-long" else ())

    def displayed(self, names: Mapping[int, str], kept: frozenset[int]) -> dict[str, dict[int, str]]:
        found: dict[str, dict[int, str]] = {}
        for (row, place), text in self.raw.displayed.items():
            if row in kept and place in names and not names[place].startswith("\x00"):
                found.setdefault(names[place], {})[row + 1] = text
        return found


def made(
    file: str,
    sheet: str | None,
    header: Header,
    named_: Mapping[str, Name | None],
    frame: pl.DataFrame,
    displayed: Mapping[str, Mapping[int, str]] | None = None,
    hidden: bool = False,
) -> tuple[Sheet, list[Finding]]:
    """The sheet with tidy cells; a row in which nothing can be seen is no row."""
    headers = tuple(n for n in named_ if not n.startswith("\x00"))
    units = {used: name.unit for used, name in named_.items() if name is not None and name.unit}
    tidy, findings = tidied(frame, headers, units, file, sheet)
    visible = tidy.filter(pl.any_horizontal([pl.col(n).is_not_null() for n in named_]))
    places = tuple(p for p, n in enumerate(named_) if not n.startswith("\x00"))
    return Sheet(file, sheet, headers, visible, header.last + 1, places, displayed or {}, hidden), findings


def frame_of(names: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> pl.DataFrame:
    """The rows as columns of text, with their numbers."""
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    texts = [pl.Series(n, list(c), dtype=pl.String) for n, c in zip(names, columns, strict=True)]
    return pl.DataFrame([*texts, pl.Series(ROW, numbers, dtype=pl.Int64)])


def named_columns(
    header: Header, vocabulary: frozenset[str], file: str, sheet: str | None, findings: list[Finding]
) -> dict[str, Name | None]:
    """The columns by the name that they are used under; empty ones and doubles get one that nothing recognises."""
    seen: set[str] = set()
    found: dict[str, Name | None] = {}
    for place, written in enumerate(header.names):
        name = named(written, vocabulary)
        if not written:
            found[f"\x00empty {place}"] = None
        elif name.used.casefold() in seen:
            findings.append(Finding("double-column", file, sheet, column=written))
            found[f"\x00double {place}"] = None
        else:
            seen.add(name.used.casefold())
            found[name.used] = name
            if name.unit:
                values = (("unit", name.unit),)
                findings.append(Finding("header-unit", file, sheet, header.last + 1, name.used, discreet(written), values=values))
            elif name.used != written:
                findings.append(Finding("header-bracket", file, sheet, header.last + 1, name.used, discreet(written)))
    return found


def spread_out(rows: Sequence[Sequence[str]], areas: Sequence[Area]) -> tuple[Sequence[Sequence[str]], frozenset[int], list[int]]:
    """``rows`` with the text of each merged area in all its cells.

    Also the rows (from 0) where a text was spread over columns, and every row that got one.
    """
    spread = [*rows]
    across: set[int] = set()
    touched: set[int] = set()
    left = _MOST_SPREAD
    widest = max(map(len, rows), default=0) if areas else 0
    for area in areas:
        if area.right >= widest:
            area = replace(area, right=widest - 1)
        top = rows[area.top] if area.top < len(rows) else ()
        text = top[area.left] if area.left < len(top) else ""
        bottom = min(area.bottom, len(rows) - 1)
        size = (bottom - area.top + 1) * (area.right - area.left + 1)
        if not text or size < 2 or size > left:
            continue
        left -= size
        for row in range(area.top, bottom + 1):
            cells = list(spread[row])
            cells += [""] * (area.right + 1 - len(cells))
            cells[area.left : area.right + 1] = [text] * (area.right + 1 - area.left)
            spread[row] = cells
            touched.add(row)
            if area.right > area.left:
                across.add(row)
    return spread, frozenset(across), sorted(touched)


def _text(row: Sequence[str]) -> str:
    return discreet(" | ".join(dict.fromkeys(c.strip() for c in row if c.strip())))
