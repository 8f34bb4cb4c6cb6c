"""A data folder → a Landscape and all findings at once. The one door of this room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..graph.landscape import Landscape
from ..ontology.catalogue import ToldError
from ..ontology.concepts import slugged
from .assemble import Assembly, Count
from .files.reading import CSV_ENDINGS, EXCEL_ENDINGS
from .files.sheet import Sheet
from .findings import Finding, in_order
from .gather import Gathering
from .settings import read_settings

Progress = Callable[[str, int, int], None]


class DataError(ToldError):
    """The data cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands in a file: the row of its column names and the column (0 = A) of each."""

    file: str
    sheet: str | None
    table: str
    header_row: int
    columns: Mapping[str, int]


@dataclass(frozen=True)
class Reading:
    """What was read: the Landscape, every finding in order and the counts per table (English name).

    ``places`` says where each table stood in its file;
    ``refused`` is true when a file holds what must never be read: nothing may be built from it.
    """

    landscape: Landscape
    findings: tuple[Finding, ...]
    counts: Mapping[str, Count]
    refused: bool
    places: tuple[Place, ...] = ()


def read(data: Path, progress: Progress = lambda what, done, total: None) -> Reading:
    """Read the folder or workbook ``data``.

    Raises DataError when it does not exist or holds nothing that could be a table.
    """
    files = _files(data)
    folder = data if data.is_dir() else data.parent
    given, findings = read_settings(folder)
    gathered = Gathering(given)
    gathered.findings += findings
    if data.is_dir():
        gathered.findings += [Finding("unread-folder", p.name) for p in sorted(data.iterdir()) if p.is_dir() and not _hidden(p)]
    for done, path in enumerate(files):
        progress("read", done, len(files))
        gathered.take(path, path.name)
    assembly = Assembly(gathered)
    landscape = assembly.landscape(slugged(folder.resolve().name) or "regio", progress)
    places = tuple(_place(table, sheet) for table, sheets in gathered.sheets.items() for sheet, _ in sheets)
    return Reading(landscape, in_order(assembly.findings), assembly.counts, assembly.refused, places)


def _place(table: str, sheet: Sheet) -> Place:
    return Place(sheet.file, sheet.sheet, table, sheet.header_row, dict(zip(sheet.headers, sheet.places, strict=False)))


def _hidden(path: Path) -> bool:
    return path.name.startswith((".", "~$"))


def _files(data: Path) -> list[Path]:
    if not data.exists():
        raise DataError("no-data", value=data)
    endings = (*CSV_ENDINGS, *EXCEL_ENDINGS)
    if data.is_file():
        if data.suffix.casefold() not in EXCEL_ENDINGS:
            raise DataError("no-folder", value=data)
        return [data]
    found = sorted(p for p in data.iterdir() if p.is_file() and p.suffix.casefold() in endings and not _hidden(p))
    if not found:
        raise DataError("empty-folder", value=data)
    return found
