"""Findings → the cells of a partner's own sheet that they are about, and how many get a colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ...graph.schema import TABLES
from ...ontology.catalogue import text
from ...ontology.concepts import folded
from ..findings import Finding

if TYPE_CHECKING:
    from ..read import Place

#: Cells of one sheet that get a comment, and that get a colour; a sheet full of them helps nobody.
MOST_NOTES: Final = 1_000
MOST_COLOURS: Final = 10_000
#: Findings in one comment, and signs.
_MOST_IN_ONE: Final = 4
_LONGEST: Final = 4_000
#: Each kind gets its turn before the next hundred of one kind.
_TURN: Final = 100
_ORDER: Final = ("fout", "waarschuwing", "opmerking")

Cell = tuple[int, int]


@dataclass(frozen=True)
class Marked:
    """What one sheet shows: severity and words by cell (from 0); ``left`` findings have a cell but no place left."""

    colours: Mapping[Cell, str]
    notes: Mapping[Cell, str]
    left: int


class Places:
    """Where the tables of one file stand, and so where a finding points."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_sheet: dict[str | None, Place] = {p.sheet: p for p in places}
        self._columns: dict[str | None, dict[str, int]] = {}
        for sheet, place in self._by_sheet.items():
            columns = {folded(header): at for header, at in place.columns.items()}
            for column in TABLES[place.table].headed:
                names = [folded(n) for n in (column.nl, column.en, column.name)]
                found = next((columns[n] for n in names if n in columns), None)
                if found is not None:
                    for name in names:
                        columns.setdefault(name, found)
            self._columns[sheet] = columns

    def cell(self, finding: Finding) -> Cell | None:
        """The cell of a finding: its own, the header of its column, or the first of its row; None for the whole sheet."""
        place = self._by_sheet.get(finding.sheet)
        if place is None:
            return None
        column = self._columns[finding.sheet].get(folded(finding.column)) if finding.column else None
        if finding.row is not None:
            first = min(place.columns.values(), default=0)
            return finding.row - 1, first if column is None else column
        return (place.header_row - 1, column) if column is not None else None

    def cells(self, finding: Finding) -> list[Cell]:
        """The cells of a finding; a finding that tells of several rows at once (``rows``) has one in each."""
        first = self.cell(finding)
        rows = dict(finding.values).get("rows")
        if first is None or not isinstance(rows, tuple):
            return [] if first is None else [first]
        return [(row - 1, first[1]) for row in rows if isinstance(row, int)] or [first]


def marked(found: Sequence[tuple[Cell, Finding]], lang: str) -> Marked:
    """The colours and comments of one sheet, every kind of finding among them."""
    by_cell: dict[Cell, list[Finding]] = {}
    turns: Counter[tuple[str, str | None]] = Counter()
    order: list[tuple[int, int, int, Cell]] = []
    for number, (cell, finding) in enumerate(found):
        kind = (finding.code, finding.column)
        order.append((turns[kind] // _TURN, _ORDER.index(finding.severity), number, cell))
        turns[kind] += 1
        by_cell.setdefault(cell, []).append(finding)
    chosen = list(dict.fromkeys(cell for *_, cell in sorted(order)))
    coloured = chosen[:MOST_COLOURS]
    colours = {cell: min((f.severity for f in by_cell[cell]), key=_ORDER.index) for cell in coloured}
    notes = {cell: note(by_cell[cell], lang) for cell in coloured[:MOST_NOTES]}
    left = sum(len(by_cell[cell]) for cell in chosen[MOST_COLOURS:])
    return Marked(colours, notes, left)


def note(findings: Sequence[Finding], lang: str) -> str:
    """The comment at a cell: what is wrong and what to do, in plain words."""
    ordered = sorted(findings, key=lambda f: _ORDER.index(f.severity))
    said = [f"{shortened(f.message(lang))}\n{shortened(f.request(lang))}" for f in ordered[:_MOST_IN_ONE]]
    if len(ordered) > _MOST_IN_ONE:
        said.append(text("returns.more_here", lang, number=len(ordered) - _MOST_IN_ONE))
    return "\n\n".join([text("returns.note", lang), *dict.fromkeys(said)])[:_LONGEST]


def shortened(words: str, most: int = 600) -> str:
    """Words of at most ``most`` signs: a cell of ten million signs is not said again whole."""
    return words if len(words) <= most else f"{words[: most - 1]}…"
