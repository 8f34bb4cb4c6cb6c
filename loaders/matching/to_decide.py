"""The file of decisions: open proposals to decide below every earlier decision, which stays byte for byte.

A decision is somebody's word, so its record is never parsed and written again: the bytes of the record
are kept. Only rows that nobody touched (proposals without a verdict) are renewed.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ...graph.schema import TABLES
from ...ontology.catalogue import text
from ...ontology.concepts import folded
from .proposals import Proposal

_TABLE: Final = TABLES["matches"]
#: What a proposal fills in; a row with anything else in it is somebody's.
_PROPOSED: Final = ("written", "partner", "score", "why")
_COLUMNS: Final = ("written", "partner", "verdict", "score", "why", "decided_by", "decided_on")
_SIGNS: Final = re.compile(rb'"|\r\n|\r|\n')
#: The row of column names is among the first rows; above it may stand a title.
_TITLES: Final = 30
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Written:
    """The file: how many rows were ``kept`` and ``added``, and how many its encoding could not hold."""

    data: bytes
    kept: int
    added: int
    left_out: int


@dataclass(frozen=True)
class _Record:
    data: bytes
    cells: tuple[str, ...]


def to_decide(
    earlier: bytes | None, proposals: Iterable[Proposal], others: Iterable[Sequence[str]] = (), lang: str = "nl"
) -> Written:
    """The file of decisions with ``proposals`` at its end.

    ``earlier`` is the file as it stands (csv); ``others`` are decisions that stand elsewhere, as texts in the order
    of the table's columns. Raises ValueError when ``earlier`` is not a table of decisions.
    """
    file = _File.read(earlier) if earlier is not None and earlier.strip() else _File.blank()
    known = {(folded(r["written"]), folded(r["partner"])) for r in file.rows()}
    added = left_out = 0
    lines = [*others, *([p.written, p.partner, "", str(p.score), _why(p, lang), "", ""] for p in _in_order(proposals))]
    for cells in lines:
        row = dict(zip(_COLUMNS, cells, strict=True))
        key = (folded(row["written"]), folded(row["partner"]))
        if key in known:
            continue
        known.add(key)
        if file.append(row):
            added += 1
        else:
            left_out += 1
    return Written(file.data(), file.kept, added, left_out)


def _in_order(proposals: Iterable[Proposal]) -> list[Proposal]:
    return sorted(proposals, key=lambda p: (p.row, folded(p.written), p.written, -p.score, p.partner))


def _why(proposal: Proposal, lang: str) -> str:
    """The reasons, behind the names: who decides sees no ids only."""
    written = proposal.row_name or proposal.written
    return text("matching.pair", lang, written=written, name=proposal.name, why=proposal.judgement.told(lang))


@dataclass
class _File:
    mark: bytes
    encoding: str
    delimiter: str
    newline: str
    head: list[_Record]  # the row of column names and what stands above it
    columns: list[str | None]  # our name of each column
    records: list[_Record]
    added: list[str]

    @classmethod
    def blank(cls) -> _File:
        """An empty one, as Dutch Excel opens it: UTF-8 with a mark, semicolons, CRLF."""
        line = ";".join(_headers()) + "\r\n"
        return cls(codecs.BOM_UTF8, "utf-8", ";", "\r\n", [_Record(line.encode(), ())], list(_COLUMNS), [], [])

    @classmethod
    def read(cls, data: bytes) -> _File:
        mark = next((m for m in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) if data.startswith(m)), b"")
        if mark and mark != codecs.BOM_UTF8:
            # no bytes of UTF-16 can be kept among others: it becomes UTF-8, its texts stay
            data, mark = data.decode("utf-16").encode(), codecs.BOM_UTF8
        body = data.removeprefix(mark)
        encoding = "utf-8"
        try:
            body.decode()
        except UnicodeDecodeError:
            encoding = "cp1252"
        spans = _spans(body)
        for delimiter in ";,\t|":
            for at, span in enumerate(spans[:_TITLES]):
                columns = [_ours(c) for c in _record(span, delimiter, encoding).cells]
                if {"written", "partner", "verdict"} <= set(columns):
                    newline = "\r\n" if span.endswith(b"\r\n") else "\r" if span.endswith(b"\r") else "\n"
                    records = (_record(s, delimiter, encoding) for s in spans[at + 1 :])
                    rows = [r for r in records if any(c.strip() for c in r.cells) and not _untouched(r, columns)]
                    head = [_Record(s, ()) for s in spans[: at + 1]]
                    return cls(mark, encoding, delimiter, newline, head, columns, rows, [])
        raise ValueError("no columns geschreven, partner and oordeel")

    @property
    def kept(self) -> int:
        return len(self.records)

    def rows(self) -> Iterator[dict[str, str]]:
        for record in self.records:
            found = {name: cell.strip() for name, cell in zip(self.columns, record.cells, strict=False) if name}
            yield {"written": "", "partner": "", **found}

    def append(self, row: dict[str, str]) -> bool:
        """Put a row at the end; False where the file's encoding cannot hold it."""
        out = io.StringIO()
        cells = [_harmless(row.get(name or "", "")) for name in self.columns]
        csv.writer(out, delimiter=self.delimiter, lineterminator=self.newline).writerow(cells)
        try:
            out.getvalue().encode(self.encoding)
        except UnicodeEncodeError:
            return False
        self.added.append(out.getvalue())
        return True

    def data(self) -> bytes:
        end = self.newline.encode(self.encoding)
        kept = b"".join(r.data if r.data.endswith((b"\n", b"\r")) else r.data + end for r in (*self.head, *self.records))
        return self.mark + kept + "".join(self.added).encode(self.encoding)


def _headers() -> list[str]:
    return [_TABLE.column(name).nl for name in _COLUMNS]


def _ours(header: str) -> str | None:
    plain = folded(header)
    return next((c.name for c in _TABLE.headed if plain in {folded(n) for n in (c.nl, c.en, c.name)}), None)


def _untouched(record: _Record, columns: Sequence[str | None]) -> bool:
    """Whether a row says no more than a proposal does."""
    filled = {n for n, cell in zip(columns, record.cells, strict=False) if cell.strip()}
    return len(record.cells) <= len(columns) and filled <= set(_PROPOSED)


def _spans(body: bytes) -> list[bytes]:
    """The records of a csv file as they stand, each with its end of line; quotes hold delimiters and line breaks."""
    found: list[bytes] = []
    start, quoted = 0, False
    for sign in _SIGNS.finditer(body):
        if sign[0] == b'"':
            quoted = not quoted
        elif not quoted:
            found.append(body[start : sign.end()])
            start = sign.end()
    return [*found, body[start:]] if start < len(body) else found


def _record(data: bytes, delimiter: str, encoding: str) -> _Record:
    line = data.decode(encoding, "replace").rstrip("\r\n")
    try:
        cells = next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), [])
    except csv.Error as error:
        raise ValueError(str(error)) from error
    return _Record(data, tuple(cells))


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula; names match without punctuation, so it still means the same."""
    return "'" + cell if cell.startswith(_FORMULA) else cell
