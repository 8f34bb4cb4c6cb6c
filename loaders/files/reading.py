"""Files → sheets of text with row numbers, and a finding for all that was assumed, mended or left out.

Read are delimited text (any encoding, delimiter and line end), .xlsx, .xlsm, .xlsb, .xls and .ods. What is locked,
broken, hostile or no table ends in a finding with a cure, in bounded time and memory (see ``guard.py``).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ..findings import Finding
from . import delimited, encoding, older, ooxml, opendocument, worksheet
from .grid import table_of
from .guard import LARGEST_FILE, LAST_COLUMN, MB, MOST_CELLS, Budget, Package, RefusedError
from .kinds import Kind, container_kind, is_called, package_kind, plain_kind
from .markup import BrokenError
from .quick import read_regular
from .sheet import RawSheet, Sheet
from .telling import discreet, told

CSV_ENDINGS: Final = (".csv", ".tsv", ".txt")
EXCEL_ENDINGS: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
#: Endings of files that may well hold a table, in a form that is none.
NO_TABLE: Final = tuple(
    ".numbers .pdf .docx .doc .odt .rtf .pages .html .htm .mht .xml .pptx .ppt .odp .7z .rar .msg .eml .mdb .accdb .jpg .jpeg "
    ".png .heic .gsheet .one".split()
)
#: Files beside the tables that belong there or that others read: settings, notes, HSDS.
_BESIDE: Final = (".toml", ".md", ".json", ".zip")
#: Files of more signs than this are read by Polars where they are regular; the careful way is slower, not different.
_LARGE: Final = 1_000_000
_LARGEST_XLS: Final = 64 * MB
_MOST_FINDINGS: Final = 1_000
_READ_BEFORE_KIND: Final = 4096


@dataclass
class _Raw:
    """A file as it stands: its sheets, or the text that is still to be cut into rows, and what was seen so far."""

    sheets: list[RawSheet] = field(default_factory=list)
    text: str | None = None
    delimiter: str = ";"
    offset: int = 0
    findings: list[Finding] = field(default_factory=list)


def read_file(path: Path, shown: str, vocabulary: frozenset[str] = frozenset()) -> tuple[list[Sheet], list[Finding]]:
    """All sheets of the file at ``path``, called ``shown`` in findings. Empty sheets of a workbook are skipped.

    ``vocabulary``: every column name that somebody may mean, ``folded``; the row that has most of them is the header.
    """
    try:
        raw = _raw(path, shown)
        sheets, findings = _tables(raw, shown, vocabulary)
    except RefusedError as refused:
        return [], [Finding(refused.code, shown, refused.sheet, value=refused.value, values=refused.values)]
    except (BrokenError, zipfile.BadZipFile, EOFError):
        return [], [Finding("file-corrupt", shown)]
    except encoding.NoTextError:
        return [], [Finding("no-table-file", shown, value=path.suffix or shown)]
    except OSError as error:
        return [], [Finding("file-unreadable", shown, values=(("why", error.strerror or str(error)),))]
    return sheets, _bounded([*raw.findings, *findings], shown)


def raw_rows(path: Path) -> list[RawSheet]:
    """Every sheet of the file as it stands, nothing dropped or spread; [] where it cannot be read (see read_file)."""
    try:
        raw = _raw(path, path.name)
        if raw.text is not None:
            return [_cut(raw, path.name)]
    except (RefusedError, BrokenError, zipfile.BadZipFile, EOFError, encoding.NoTextError, OSError):
        return []
    return raw.sheets


def others(paths: Iterable[Path]) -> list[Finding]:
    """What to say of the files in a folder that are not read: a cure for each that may hold a table, one for the rest."""
    rest = []
    findings = []
    for path in sorted(paths):
        if path.suffix.casefold() in NO_TABLE:
            findings.append(Finding("no-table-file", path.name, value=path.suffix.casefold()))
        elif path.suffix.casefold() not in (*CSV_ENDINGS, *EXCEL_ENDINGS, *_BESIDE):
            rest.append(path.name)
    if rest:
        findings.append(Finding("files-unread", rest[0], value=", ".join(rest[:20]), values=(("number", len(rest)),)))
    return findings


def _bounded(findings: list[Finding], shown: str) -> list[Finding]:
    if len(findings) <= _MOST_FINDINGS:
        return findings
    return [*findings[:_MOST_FINDINGS], Finding("findings-cut", shown, values=(("number", len(findings) - _MOST_FINDINGS),))]


# --- a file as it stands ---------------------------------------------------------------------
def _raw(path: Path, shown: str) -> _Raw:
    with path.open("rb") as file:
        head = file.read(_READ_BEFORE_KIND)
        size = file.seek(0, 2)
    if size > LARGEST_FILE:
        raise RefusedError("file-too-large", limit=LARGEST_FILE // MB)
    kind = plain_kind(head)
    if kind is None and head.startswith(b"PK"):
        with Package(path) as package:
            kind = package_kind(package)
            raw = _from_package(path, package, kind, shown)
    elif kind is None or kind is Kind.XLS:
        if size > _LARGEST_XLS:
            raise RefusedError("file-too-large", limit=_LARGEST_XLS // MB)
        data = path.read_bytes()
        kind = kind or container_kind(data)
        if kind is Kind.PROTECTED:
            raise RefusedError("file-protected")
        raw = _Raw(older.read_xls(data, Budget())) if kind is Kind.XLS else _Raw()
    elif kind is Kind.TEXT:
        if not head.strip() and size <= len(head):
            return _Raw(findings=[Finding("file-empty", shown)])
        if path.suffix.casefold() in EXCEL_ENDINGS and size < 64 and b"\n" not in head:
            raise BrokenError("neither a workbook nor a table")
        raw = _from_text(path.read_bytes(), shown)
    else:
        raw = _Raw()
    if kind is Kind.MARKUP:
        raise RefusedError("file-web-page")
    if kind is Kind.OTHER:
        raise RefusedError("no-table-file", value=path.suffix.casefold())
    if not is_called(path, kind):
        raw.findings.append(Finding("file-other-kind", shown, value=path.suffix, values=(("kind", kind.value),)))
    return raw


def _from_package(path: Path, package: Package, kind: Kind, shown: str) -> _Raw:
    if kind is Kind.ODS:
        return _Raw(opendocument.read_document(package, Budget()))
    if kind is Kind.XLSB:
        return _Raw(older.read_xlsb(path, package, Budget()))
    if kind is not Kind.XLSX:
        return _Raw()
    budget = Budget()
    book = ooxml.workbook(package, budget)
    raw = _Raw()
    for part in book.parts:
        quick = worksheet.quickly(path, package, book, part, budget)
        raw.sheets.append(quick if quick is not None else worksheet.read_sheet(package, book, part, budget))
    present = (("macros-not-run", book.macros), ("links-not-followed", book.links), ("embedded-unread", book.embedded))
    raw.findings += [Finding(code, shown) for code, there in present if there]
    return raw


def _from_text(data: bytes, shown: str) -> _Raw:
    found = encoding.decoded(data)
    raw = _Raw(text=found.text)
    name = encoding.NAMES.get(found.encoding, found.encoding)
    if found.mixed:
        places = [(n, "") for n in found.mixed]
        raw.findings += told("encoding-mixed", shown, None, places, together=True, values=(("encoding", name),))
    elif found.doubtful:
        raw.findings.append(Finding("encoding-doubtful", shown, value=discreet(found.sample), values=(("encoding", name),)))
    elif found.encoding:
        raw.findings.append(Finding("encoding-judged", shown, value=discreet(found.sample), values=(("encoding", name),)))
    if found.nulls:
        raw.findings.append(Finding("null-signs", shown, values=(("number", found.nulls),)))
    said = delimited.said_delimiter(found.text)
    if said:
        # Excel does not show this line; counted as no row, the numbers are those that people see
        raw.text = found.text[found.text.index(said) + 1 :].lstrip("\r").removeprefix("\n")
    raw.delimiter = said or delimited.delimiter_of(raw.text or "")
    return raw


def _cut(raw: _Raw, shown: str) -> RawSheet:
    """The text in rows, with what was wrong in its lines."""
    odd = delimited.Oddities()
    budget = Budget(cells=4 * MOST_CELLS)
    rows: list[list[str]] = []
    for cells in delimited.rows_of(raw.text or "", raw.delimiter, odd):
        if len(cells) > LAST_COLUMN:
            raise RefusedError("sheet-too-large")
        budget.cells -= len(cells)
        rows.append(cells)
        if budget.cells < 0:
            budget.spend(0)
    raw.findings += told("quote-unclosed", shown, None, [(row, "") for row in odd.unclosed])
    kinds = {name: number for name, number in odd.line_ends.items() if number}
    if len(kinds) > 1:
        said = ", ".join(f"{number} × {name}" for name, number in sorted(kinds.items()))
        raw.findings.append(Finding("line-ends-mixed", shown, value=said))
    return RawSheet(None, rows)


# --- its tables ------------------------------------------------------------------------------
def _tables(raw: _Raw, shown: str, vocabulary: frozenset[str]) -> tuple[list[Sheet], list[Finding]]:
    findings: list[Finding] = []
    if raw.text is not None:
        if len(raw.text) > _LARGE and (quick := read_regular(raw.text, raw.delimiter, shown, vocabulary)) is not None:
            return [quick[0]], quick[1]
        sheet, findings = table_of(_cut(raw, shown), shown, vocabulary, delimited=True)
        return ([sheet] if sheet is not None else []), findings
    sheets = []
    for one in raw.sheets:
        sheet, found = table_of(one, shown, vocabulary)
        findings += [f for f in found if f.code != "file-empty"]
        if sheet is not None:
            sheets.append(sheet)
    if not sheets and not findings and not raw.findings:
        findings.append(Finding("file-empty", shown))
    return sheets, findings
