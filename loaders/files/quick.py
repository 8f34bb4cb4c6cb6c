"""Large regular delimited files by Polars' own reader; it gives what the careful way gives, or steps back."""

from __future__ import annotations

import io
import re
from itertools import islice

import polars as pl

from ...ontology.concepts import folded
from ..findings import Finding
from .delimited import Oddities, rows_of
from .grid import made, named_columns
from .header import find
from .layout import TOTAL
from .sheet import ROW, Sheet

_LOOKED_AT = 50


def read_regular(text: str, delimiter: str, file: str, vocabulary: frozenset[str]) -> tuple[Sheet, list[Finding]] | None:
    """The table of a large file, or None where only the careful way keeps every row in its place.

    Polars skips blank lines, refuses rows that are too long and is misled by quotes inside a cell; what the layout
    may leave out (totals, notes, repeated headers) is for the careful way too.
    """
    if re.search(r"\n[ \t]*\r?\n|\r(?!\n)", text) or text.startswith(("\n", "\r")) or not _quotes_are_regular(text, delimiter):
        return None
    head = list(islice(rows_of(text, delimiter, Oddities()), _LOOKED_AT))
    header = find(head, vocabulary)
    if header is None or header.last != 0 or len(header.names) != len(head[0]):
        return None
    try:
        frame = pl.read_csv(io.BytesIO(text.encode()), separator=delimiter, has_header=False, infer_schema=False)
    except pl.exceptions.PolarsError:
        return None
    if frame.width != len(header.names):
        return None
    frame = frame.with_row_index(ROW, 1).slice(1)
    if not _all_rows(frame, *next((p, folded(n)) for p, n in enumerate(header.names) if n)):
        return None
    findings: list[Finding] = []
    named = named_columns(header, vocabulary, file, None, findings)
    texts = [c for c in frame.columns if c != ROW]
    frame = frame.rename(dict(zip(texts, named, strict=True))).select(*named, pl.col(ROW).cast(pl.Int64))
    if any(n.startswith("\x00empty") and frame[n].drop_nulls().len() for n in named):
        return None
    sheet, found = made(file, None, header, named, frame)
    return sheet, findings + found


def _quotes_are_regular(text: str, delimiter: str) -> bool:
    """Whether every quote opens or closes a cell or stands doubled in one."""
    number = text.count('"')
    if not number:
        return True
    d = re.escape(delimiter)
    quoted = re.compile(rf'(?:(?<=[{d}\n])|^)"(?:[^"]|"")*"(?=[{d}\r\n]|$)')
    return sum(match[0].count('"') for match in quoted.finditer(text)) == number


def _all_rows(frame: pl.DataFrame, first: int, opening: str) -> bool:
    """Whether each line is a row of the table: none empty or of one cell, no total, no header again."""
    columns = [pl.col(c).str.strip_chars() for c in frame.columns if c != ROW]
    cells = [pl.when(c != "").then(c) for c in columns]
    filled = pl.sum_horizontal([c.is_not_null() for c in cells])
    odd = (filled < 1) if len(cells) == 1 else (filled < 2)
    total = pl.coalesce(cells).str.contains(TOTAL)
    again = cells[first].str.to_lowercase().str.replace_all(r"[\s[:punct:]]", "") == opening
    return not frame.select((odd | total.fill_null(value=False) | again.fill_null(value=False)).any()).item()
