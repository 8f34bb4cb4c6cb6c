"""What a build knows of one partner, as rows of the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...graph.disclosure import is_suppressed
from ...graph.landscape import Landscape
from ...graph.schema import ADDRESS, TABLES, Kind, Table
from .about import OWN_TABLES, Ends, about
from .marks import MARK
from .written import Writer

#: What a cell of a workbook can hold; a longer text is cut off by the program that opens it.
MOST_SIGNS: Final = 32_000

Cells = Mapping[str, str | float | int]


@dataclass(frozen=True)
class Known:
    """Rows by table (English name), each row's cells by column name.

    ``withheld`` counts numbers of families below the threshold, which never stand in a file; ``left_out``
    rows that no workbook can hold (a text that is too long).
    """

    partner: str
    name: str
    rows: Mapping[str, Sequence[Cells]]
    withheld: int
    left_out: int
    written: str
    """How the partner is named in a cell: by its name, or its id where others bear that name too."""


def known(landscape: Landscape, partner: str, lang: str = "nl", *, all_tables: bool = False) -> Known:
    """What is known of the partner with id ``partner`` (KeyError when there is none)."""
    writer = Writer(landscape, lang)
    ends = Ends(landscape["offerings"], landscape["routes"])
    rows: dict[str, list[Cells]] = {}
    withheld = left_out = 0
    for name in [*OWN_TABLES, *(["agreements", "outflow"] if all_tables else [])]:
        table = TABLES[name]
        found = rows.setdefault(name, [])
        for row in landscape[name].filter(about(table, partner, ends)).iter_rows(named=True):
            cells, hidden = _cells(table, row, writer)
            if any(isinstance(c, str) and len(c) > MOST_SIGNS for c in cells.values()):
                left_out += 1
                continue
            withheld += hidden
            found.append(cells)
    if not rows["partners"]:
        raise KeyError(partner)
    written = str(writer.cell(TABLES["confirmations"].column("partner"), partner))
    return Known(partner, landscape.names[partner], rows, withheld, left_out, written)


def _cells(table: Table, row: Mapping[str, Any], writer: Writer) -> tuple[Cells, int]:
    """The cells of one row, and how many numbers of families are too small to stand in a file."""
    cells: dict[str, str | float | int] = {}
    hidden = 0
    for column in table.stored:
        if not column.headed or column.name in ADDRESS:
            continue
        value = row[column.name]
        if column.kind is Kind.FAMILIES and is_suppressed(writer.landscape, column, value):
            hidden += 1
            continue
        cell = writer.cell(column, value)
        if cell is not None:
            cells[column.name] = cell
    if table.identity:
        cells[MARK] = str(row["id"])
    return cells, hidden
