"""An answer as headings, sentences and tables, and how it looks as text, Markdown or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from textwrap import wrap
from typing import Final

Cell = str | int | float | bool | None
#: A spreadsheet takes a text that begins like this for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
#: Spaces between the columns of a table.
_GAP: Final = 2


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
        """For a terminal of ``width`` columns, headings bold where it shows colours."""
        bold = "\x1b[1m{}\x1b[0m" if colour else "{}"
        lines: list[str] = []
        for block in self.blocks:
            if isinstance(block, Heading):
                lines += ["", *(bold.format(line) for line in _wrapped(block.text, width))]
            elif isinstance(block, Paragraph):
                lines += _wrapped(block.text, width)
            elif block.rows:
                first, *others = _laid_out(block, width)
                lines += [*(bold.format(line) for line in first), *(line for row in others for line in row)]
        return "\n".join(lines).strip("\n") + "\n"

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


def _laid_out(table: Table, width: int) -> Iterator[list[str]]:
    """The lines of the head and of each row, in columns of which only the widest are wrapped."""
    rows = [table.columns, *([shown(cell) for cell in row] for row in table.rows)]
    widths = [max(len(line) for cell in column for line in cell.split("\n")) for column in zip(*rows, strict=True)]
    room = width - _GAP * (len(widths) - 1)
    most = max(widths)
    while most > 1 and sum(min(w, most) for w in widths) > room:
        most -= 1
    over = room - sum(min(w, most) for w in widths)
    for place, wide in enumerate(widths):
        widths[place] = min(wide, most + (1 if over > 0 else 0))
        over -= widths[place] > most
    for row in rows:
        cells = [_wrapped(cell, w) for cell, w in zip(row, widths, strict=True)]
        lines = (zip(parts, widths, strict=True) for parts in zip_longest(*cells, fillvalue=""))
        yield [(" " * _GAP).join(part.ljust(w) for part, w in line).rstrip() for line in lines]


def _wrapped(text: str, width: int) -> list[str]:
    """The lines of a text; a word that is too long goes on in the next one."""
    lines = ([line.rstrip()] if len(line) <= width else wrap(line, width, break_on_hyphens=False) for line in text.split("\n"))
    return [part for parts in lines for part in parts or [""]]


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
