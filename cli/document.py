"""An answer as headings, sentences and tables, and how it looks as text, Markdown or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

Cell = str | int | float | bool | None
#: A spreadsheet takes a text that begins like this for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass
class Document:
    """Blocks for readers, and one long table for spreadsheets (the first table where none is named)."""

    blocks: list[Heading | Paragraph | Table] = field(default_factory=list)
    flat: Table | None = None

    def heading(self, text: str) -> None:
        self.blocks.append(Heading(text))

    def say(self, text: str) -> None:
        self.blocks.append(Paragraph(text))

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        self.blocks.append(Table(columns, rows))

    def long(self, rows: Sequence[Mapping[str, Cell]]) -> None:
        """The one table for spreadsheets, out of an answer's flat rows."""
        self.flat = Table(list(rows[0]), [list(row.values()) for row in rows]) if rows else None

    # --- forms -------------------------------------------------------------------------------
    def as_text(self, width: int, *, colour: bool) -> str:
        """For a terminal of ``width`` columns."""
        from rich.console import Console
        from rich.table import Table as RichTable
        from rich.text import Text

        out = io.StringIO()
        console = Console(
            file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False, markup=False, emoji=False
        )
        for block in self.blocks:
            if isinstance(block, Heading):
                console.print()
                console.print(Text(block.text, style="bold"))
            elif isinstance(block, Paragraph):
                console.print(Text(block.text))
            elif block.rows:
                made = RichTable(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold", show_edge=False)
                for column in block.columns:
                    made.add_column(Text(column), overflow="fold")
                for row in block.rows:
                    made.add_row(*(Text(shown(c)) for c in row))
                console.print(made)
        return "\n".join(line.rstrip() for line in out.getvalue().strip("\n").split("\n")) + "\n"

    def as_markdown(self) -> str:
        """For a report: Markdown in which no cell can become markup."""
        parts: list[str] = []
        for block in self.blocks:
            if isinstance(block, Heading):
                parts.append(f"## {_plain_md(block.text)}")
            elif isinstance(block, Paragraph):
                parts.append(_plain_md(block.text))
            elif block.rows:
                lines = [block.columns, ["---"] * len(block.columns), *[[shown(c) for c in row] for row in block.rows]]
                text = ["| " + " | ".join(c if c == "---" else _plain_md(c) for c in line) + " |" for line in lines]
                parts.append("\n".join(text))
        return "\n\n".join(parts) + "\n"

    def as_csv(self) -> str:
        """For a spreadsheet: the one long table, in which no text can become a formula."""
        table = self.flat or next((b for b in self.blocks if isinstance(b, Table)), Table((), ()))
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(table.columns)
        for row in table.rows:
            writer.writerow([_harmless(c) for c in row])
        return out.getvalue()


def shown(cell: Cell) -> str:
    """A cell as people read it."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.1f}".removesuffix(".0").replace(".", ",")
    return str(cell)


def _plain_md(text: str) -> str:
    for sign in "\\`*_{}[]<>|#":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", " ")


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return str(cell).lower()
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
