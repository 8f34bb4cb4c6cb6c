"""A data folder → a Landscape and all findings at once. The one door of this room."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..graph.landscape import Landscape
from ..ontology.catalogue import ToldError
from ..ontology.concepts import slugged
from .assemble import Assembly, Count
from .files.reading import CSV_ENDINGS, EXCEL_ENDINGS, others
from .findings import Finding, in_order
from .gather import Gathering
from .hsds.package import Found, find
from .matching.proposals import Proposal
from .privacy import withheld
from .settings import read_settings

Progress = Callable[[str, int, int], None]
#: The receipt that `log` leaves in the folder it writes: by this file such a folder is known.
RECEIPT: Final = "log.json"


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

    ``places`` says where each table stood in its file; ``proposals`` are the open ones about names;
    ``refused`` is true when a file holds what must never be read: nothing may be built from it.
    """

    landscape: Landscape
    findings: tuple[Finding, ...]
    counts: Mapping[str, Count]
    refused: bool
    places: tuple[Place, ...] = ()
    proposals: tuple[Proposal, ...] = ()


def read(data: Path, progress: Progress = lambda what, done, total: None, *, known: Landscape | None = None) -> Reading:
    """Read the folder or workbook ``data``.

    With ``known`` it is a folder that `log` wrote: its tables speak of the partners, offerings, municipalities, roles and
    themes of ``known`` and hold none of their own.

    Raises DataError when it does not exist, holds nothing that could be a table, or (with ``known``) `log` did not write it.
    """
    if not data.exists():
        raise DataError("no-data", value=data)
    if known is not None and not (data / RECEIPT).is_file():
        raise DataError("no-log", value=data)
    # what `log` writes is all in .csv: the receipt and the note beside it are no sources
    packages = find(data) if known is None else Found()
    files = _files(data, packages, (*CSV_ENDINGS, *EXCEL_ENDINGS) if known is None else (".csv",))
    folder = data if data.is_dir() else data.parent
    given, findings = read_settings(folder)
    gathered = Gathering(given)
    gathered.findings += findings
    gathered.findings += packages.findings
    gathered.records += packages.records
    gathered.refused = any(records.refused for records in packages.records)
    if data.is_dir():
        beside = [p for p in sorted(data.iterdir()) if not _hidden(p) and p not in packages.taken]
        gathered.findings += [Finding("unread-folder", p.name) for p in beside if p.is_dir()]
        gathered.findings += others(p for p in beside if p.is_file())
    for done, path in enumerate(files):
        progress("read", done, len(files))
        gathered.take(path, path.name)
    assembly = Assembly(gathered, known)
    landscape = assembly.landscape(slugged(folder.resolve().name) or "regio", progress)
    places = tuple(_places(gathered))
    return Reading(
        landscape, tuple(withheld(in_order(assembly.findings))), assembly.counts, assembly.refused, places, assembly.proposals
    )


def _places(gathered: Gathering) -> Iterator[Place]:
    """Where each table stood; a sheet that was read as several (see shaping.py) once."""
    for table, sheets in gathered.sheets.items():
        columns: dict[tuple[str, str | None, int], dict[str, int]] = {}
        for sheet, _ in sheets:
            found = columns.setdefault((sheet.file, sheet.sheet, sheet.header_row), {})
            found.update(zip(sheet.headers, sheet.places, strict=False))
        for (file, name, header_row), where in columns.items():
            yield Place(file, name, table, header_row, where)


def _hidden(path: Path) -> bool:
    return path.name.startswith((".", "~$"))


def _files(data: Path, packages: Found, endings: tuple[str, ...]) -> list[Path]:
    """The files with our own tables: those that no HSDS source takes up."""
    if data in packages.taken:
        return []
    if data.is_file():
        if data.suffix.casefold() not in EXCEL_ENDINGS:
            raise DataError("no-folder", value=data)
        return [data]
    found = sorted(p for p in data.iterdir() if p.is_file() and p.suffix.casefold() in endings and not _hidden(p))
    if not found and not packages.taken:
        raise DataError("empty-folder", value=data)
    return [p for p in found if p not in packages.taken]
