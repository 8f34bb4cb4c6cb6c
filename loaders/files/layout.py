"""What in a sheet is table and what is not: repeated headers, totals, footnotes, a second table below the first.

A row is only left out when that is certain: its text says what it is *and* a column is empty that every other
row fills. All others stay rows, and are told as rows that lack something.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ...ontology.concepts import folded
from .header import Header, filled

_TOTAL: Final = re.compile(r"\s*(?:eind|sub)?-?\s*(?:totaal|totalen|total|som|gemiddelde?|gem\.)\s*[:=]?\s*$", re.I)
_TOTAL_OF: Final = re.compile(r"\s*(?:eind|sub)?-?\s*(?:totaal|total|som|gemiddelde)\b", re.I)
#: How a total may begin, for those who look from afar (Polars' dialect of regular expressions).
TOTAL: Final = r"(?i)^\s*(?:eind|sub)?-?\s*(?:tot|som|gem)"
_NOTE: Final = re.compile(
    r"\s*(?:[*†‡¹²³•]|\(?\d\)\s|noot\b|bron(?:nen)?\s*:|peildatum\b|toelichting\b|opmerking(?:en)?\s*:|let op\b|n\.?b\.?\s*[:.]"
    r"|laatst\s|bijgewerkt\b|versie\b|stand\s+(?:per|van)\b|©|source\s*:|note\s*:|disclaimer\b|legenda\b|vragen\?|gegenereerd\b|afgedrukt\b"
    r"|geprint\b)",
    re.I,
)
_NUMBER: Final = re.compile(r"[\s€%+\-.,\d:/]*")


@dataclass
class Layout:
    """The rows of the table and everything that is none, each with its number (from 1) and its text."""

    kept: list[Sequence[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    repeated: list[tuple[int, str]] = field(default_factory=list)
    totals: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    second: list[tuple[int, str]] = field(default_factory=list)
    surplus: list[tuple[int, int, str]] = field(default_factory=list)  # row, column, text


def lay_out(rows: Sequence[Sequence[str]], header: Header, vocabulary: frozenset[str], merged: frozenset[int]) -> Layout:
    """The rows below ``header``. ``merged``: rows (from 0) with one text spread over several columns."""
    width = len(header.names)
    found = Layout()
    first = next(p for p, name in enumerate(header.names) if name)
    opening = folded(header.names[first])
    loners: list[tuple[int, bool]] = []  # place in kept, after an empty row
    totals: list[int] = []
    gap = False
    for place in range(header.last + 1, len(rows)):
        row = rows[place]
        if not row or not filled(row):
            gap = True
            continue
        if gap and not _repeats(row, header) and _another_header(row, vocabulary):
            found.second = [(n + 1, _joined(rows[n])) for n in range(place, len(rows)) if filled(rows[n])]
            break
        if len(row) > width:
            found.surplus += [(place + 1, width + n, text) for n, text in enumerate(row[width:]) if text and not text.isspace()]
            row = row[:width]
        elif len(row) < width:
            row = [*row, *[""] * (width - len(row))]
        if row[first] and len(row[first]) < 80 and folded(row[first]) == opening and _repeats(row, header):
            found.repeated.append((place + 1, _joined(row)))
            continue
        empty = row.count("")
        if width > 1 and (empty == width - 1 or (place in merged and len({c for c in row if c}) == 1)):
            loners.append((len(found.kept), gap))
        elif empty and _is_total(row):
            totals.append(len(found.kept))
        gap = False
        found.kept.append(row)
        found.numbers.append(place + 1)
    _leave_out(found, loners, totals, merged)
    return found


def _repeats(row: Sequence[str], header: Header) -> bool:
    """Whether every filled cell repeats the name above it, and most names are there."""
    same = [folded(cell) == folded(name) for cell, name in zip(row, header.names, strict=False) if cell.strip()]
    return all(same) and len(row) <= len(header.names) and 2 * len(same) > sum(map(bool, header.names)) and len(same) > 1


def _another_header(row: Sequence[str], vocabulary: frozenset[str]) -> bool:
    cells = [c for c in row if c.strip()]
    return len(cells) > 1 and all(len(c) < 80 and folded(c) in vocabulary for c in cells)


def _is_total(row: Sequence[str]) -> bool:
    cells = [c for c in row if c.strip()]
    if not cells:
        return False
    word = _TOTAL.match(cells[0]) or (_TOTAL_OF.match(cells[0]) and len(cells) > 1)
    return bool(word) and all(_NUMBER.fullmatch(c) for c in cells[1:])


def _leave_out(found: Layout, loners: list[tuple[int, bool]], totals: list[int], merged: frozenset[int]) -> None:
    """Take out totals and notes where that is certain."""
    notes = _notes(found, loners)
    lone_totals = [n for n, _ in loners if n not in notes and _TOTAL.match(_text(found.kept[n]))]
    candidates = {*notes, *totals, *lone_totals}
    if not candidates or len(candidates) == len(found.kept):
        return
    columns = list(zip(*found.kept, strict=True))
    always = [p for p, column in enumerate(columns) if all(c or n in candidates for n, c in enumerate(column))]
    out: set[int] = set()
    for n in sorted(candidates):
        row = found.kept[n]
        spread = found.numbers[n] - 1 in merged
        if not any(not row[p] for p in always) and not (spread and len(always) > 1):
            continue
        out.add(n)
        (found.notes if n in notes else found.totals).append((found.numbers[n], _joined(row)))
    found.kept = [row for n, row in enumerate(found.kept) if n not in out]
    found.numbers = [number for n, number in enumerate(found.numbers) if n not in out]


def _notes(found: Layout, loners: list[tuple[int, bool]]) -> set[int]:
    """Rows of one text that say what they are, or that stand as a sentence after an empty row at the very end."""
    notes = {n for n, _ in loners if _NOTE.match(_text(found.kept[n]))}
    alone = dict(loners)
    tail = len(found.kept) - 1
    closing: list[int] = []
    while tail in alone:
        closing.append(tail)
        tail -= 1
    after_gap = False
    for n in reversed(closing):
        after_gap = after_gap or alone[n]
        if after_gap and len(_text(found.kept[n]).split()) > 2:
            notes.add(n)
    return notes


def _text(row: Sequence[str]) -> str:
    return next((c for c in row if c.strip()), "")


def _joined(row: Sequence[str]) -> str:
    return " | ".join(dict.fromkeys(c.strip() for c in row if c.strip()))
