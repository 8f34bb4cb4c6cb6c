"""Text → rows of cells: delimiter, quotes, line ends of every kind, and what is wrong with them.

The careful way keeps every row in its place; large regular files go the quick way (see ``quick.py``), which gives
the same. Where a delimiter is not plain from the header, the one wins that cuts most lines alike (the idea
of CleverCSV, van den Burg, Nazábal and Sutton 2019, for our four delimiters).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Final

from .guard import LONGEST_CELL

DELIMITERS: Final = ";,\t|"
_SAMPLE: Final = 100
_SAID: Final = re.compile(r"\ufeff?sep=(.)\r?\n?", re.IGNORECASE)
#: A quoted cell that runs over more lines than this was never closed.
_MOST_LINES: Final = 200
#: In a file with so many unclosed quotes they mean nothing, and looking far ahead for their ends would take hours.
_MANY: Final = 50
_FEW_LINES: Final = 5


@dataclass
class Oddities:
    """What was wrong with the lines: rows (from 1) with a quote that never closes, and two kinds of line end."""

    unclosed: list[int] = field(default_factory=list)
    line_ends: Counter[str] = field(default_factory=Counter)


def outside_quotes(line: str) -> str:
    """The line without what stands between quotes."""
    return "".join(line.split('"')[::2]) if '"' in line else line


def said_delimiter(text: str) -> str | None:
    """The delimiter of a first line ``sep=;``, which Excel obeys."""
    match = _SAID.match(text)
    return match[1] if match else None


def delimiter_of(text: str) -> str:
    """The delimiter of ``text``: the most frequent of the header, if the lines after it agree; else the steadiest."""
    lines = [outside_quotes(line) for line in islice(filter(str.strip, re.split(r"\r\n|\n|\r", text[:200_000])), _SAMPLE)]
    if not lines:
        return ";"
    first = lines[0]
    best = max(DELIMITERS, key=lambda d: (first.count(d), d == ";"))
    rivals = [d for d in DELIMITERS if first.count(d)]
    if len(rivals) == 1 and _steadiness(lines, best) > 0.5:
        return best
    steady = max(DELIMITERS, key=lambda d: (_steadiness(lines, d), first.count(d), d == ";"))
    return steady if _steadiness(lines, steady) > _steadiness(lines, best) else best


def _steadiness(lines: list[str], delimiter: str) -> float:
    """The share of lines with the commonest number of delimiters (not none), and a little for more columns."""
    counts = Counter(line.count(delimiter) for line in lines)
    del counts[0]
    if not counts:
        return 0.0
    number, times = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
    return times / len(lines) * (1 - 1 / (2 * number + 2))


def rows_of(text: str, delimiter: str, odd: Oddities) -> Iterator[list[str]]:
    """The rows of ``text``, each as long as it is; fills ``odd`` on the way."""
    lines = _lines(text, delimiter, odd)
    row = 0
    waiting: list[str] = []
    while True:
        line = waiting.pop(0) if waiting else next(lines, None)
        if line is None:
            return
        row += 1
        if '"' not in line:
            yield line.split(delimiter)
            continue
        cells, _ = _cells(line, delimiter)
        parts = [line]
        most = _MOST_LINES if len(odd.unclosed) < _MANY else _FEW_LINES
        while cells is None and len(parts) <= most and sum(map(len, parts[-1:])) <= LONGEST_CELL:
            more = waiting.pop(0) if waiting else next(lines, None)
            if more is None:
                break
            parts.append(more)
            if '"' in more:  # without one the quote cannot close
                cells, run_on = _cells("\n".join(parts), delimiter)
                if run_on:  # it "closes" where the next quoted cell opens: the rows between were swallowed
                    cells = None
                    break
        if cells is None:
            odd.unclosed.append(row)
            waiting = parts[1:] + waiting
            cells = [_bare(c) for c in line.split(delimiter)]
        yield cells


def _bare(cell: str) -> str:
    cell = cell.strip()
    return cell.removeprefix('"').removesuffix('"').replace('""', '"')


@cache
def _cell(delimiter: str) -> re.Pattern[str]:
    d = re.escape(delimiter)
    return re.compile(rf'[ ]*"((?:[^"]|"")*)"(?!")([^{d}]*)(?:{d}|$)|([^{d}]*)(?:{d}|$)')


def _cells(record: str, delimiter: str) -> tuple[list[str] | None, bool]:
    """The cells of a record, None where a quoted cell does not end in it; and whether text follows a closing quote."""
    cells: list[str] = []
    run_on = False
    at = 0
    pattern = _cell(delimiter)
    while True:
        match = pattern.match(record, at)
        if match is None or (match[1] is None and match[3].lstrip(" ").startswith('"')):
            return None, False
        if match[1] is None:
            cells.append(match[3])
        else:
            cells.append(match[1].replace('""', '"') + match[2])
            run_on = run_on or bool(match[2].strip())
        at = match.end()
        if at >= len(record):
            if match[0].endswith(delimiter):
                cells.append("")
            return cells, run_on


def _lines(text: str, delimiter: str, odd: Oddities) -> Iterator[str]:
    """The lines of ``text``: CR LF, LF and CR all end one, but a lone CR inside a row of the others does not.

    A lone CR ends a line where what stands on both its sides is as long as the first line; else it is a
    line break in a cell that lacks its quotes.
    """
    if "\r" not in text:
        odd.line_ends["LF"] = text.count("\n")
        yield from text.removesuffix("\n").split("\n")
        return
    windows = text.count("\r\n")
    unix = text.count("\n") - windows
    mac = text.count("\r") - windows
    odd.line_ends.update({name: n for name, n in (("CR LF", windows), ("LF", unix), ("CR", mac)) if n})
    if not mac:
        yield from (line.removesuffix("\r") for line in text.removesuffix("\n").split("\n"))
        return
    if not windows and not unix:
        yield from text.removesuffix("\r").split("\r")
        return
    width = outside_quotes(re.split(r"\r\n|\n|\r", text, maxsplit=1)[0]).count(delimiter)
    for line in text.removesuffix("\n").split("\n"):
        pieces = line.removesuffix("\r").split("\r")
        whole = all(p.count('"') % 2 == 0 and outside_quotes(p).count(delimiter) >= width for p in pieces if p.strip())
        if len(pieces) == 1 or whole:
            yield from pieces
        else:
            yield "\n".join(pieces)
