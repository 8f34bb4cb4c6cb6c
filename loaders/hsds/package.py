"""Where HSDS is in a data folder, and reading it: a folder of tables, an archive of one, JSON documents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Final

import polars as pl

from ..files.reading import read_file
from ..files.sheet import ROW, Sheet
from ..findings import Finding
from ..privacy import screened
from .archive import unpack
from .collecting import Collector
from .dialect import Target, column_named, table_named, taxonomy_means_terms, vocabulary
from .documents import ENDINGS, read_document
from .inline import spread
from .model import HSDS, OPEN_LINKS
from .records import FILE, SHEET, UNKNOWN, Records

DESCRIPTOR: Final = "datapackage.json"
_CSV: Final = (".csv", ".tsv", ".txt")
_DESCRIPTOR_BYTES: Final = 8 * 1024 * 1024
#: Tables without which loose CSV files are no HSDS, and the columns that tell them from a list of one's own.
_SIGNS: Final = {
    "organization": (("id", "name"), ("description", "website", "tax_status", "legal_status", "year_incorporated")),
    "service": (("id", "name"), ("organization_id",)),
}


@dataclass(frozen=True)
class Found:
    """The HSDS sources of a data folder; ``taken`` are the files and folders they take up, ``findings`` about others."""

    records: tuple[Records, ...] = ()
    taken: frozenset[Path] = frozenset()
    findings: tuple[Finding, ...] = ()


@dataclass
class _Folder:
    """One folder that may be a package: its tables and documents."""

    path: Path
    shown: str
    tables: list[tuple[Path, Target]] = field(default_factory=list)
    documents: list[Path] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def find(data: Path) -> Found:
    """Read every HSDS source in ``data``: the folder itself, folders in it, archives and documents."""
    if data.is_file():
        loose = [data]
        folders: list[Path] = []
    else:
        entries = sorted(p for p in data.iterdir() if not p.name.startswith((".", "~$")))
        loose = [p for p in entries if p.is_file()]
        folders = [p for p in entries if p.is_dir()]
    records: list[Records] = []
    taken: set[Path] = set()
    findings: list[Finding] = []

    def keep(folder: _Folder, name: str, *, known: bool) -> bool:
        made = _read(folder, name, prefix="" if known else name)
        if made or known:
            records.append(made)
        return bool(made)

    root_name = DESCRIPTOR if any(p.name.casefold() == DESCRIPTOR for p in loose) else ""
    root = _folder(data if data.is_dir() else data.parent, "", loose)
    if root.tables or root.documents:
        keep(root, root_name, known=True)
        taken |= {p for p, _ in root.tables} | set(root.documents)
    for path in loose:
        if path.suffix.casefold() == ".zip":
            found = _archive(path, alone=path == data)
            records += found.records
            findings += found.findings
            taken.add(path)
        elif path.name.casefold() == DESCRIPTOR:
            taken.add(path)
    for path in folders:
        below = _files_below(path)
        if below and taken.issuperset(below):  # "data/" of a descriptor in the data folder
            taken.add(path)
            continue
        folder = _folder(path, f"{path.name}/", below)
        if (folder.tables or folder.documents) and keep(folder, path.name, known=False):
            taken.add(path)
    return Found(tuple(records), frozenset(taken), tuple(findings))


def _archive(path: Path, *, alone: bool) -> Found:
    with TemporaryDirectory(prefix="routekaart-") as place:
        home = Path(place)
        findings = unpack(path, path.name, home)
        if findings:
            return Found(findings=tuple(findings))
        records: list[Records] = []
        below = [p for p in sorted(home.rglob("*")) if p.is_dir()]
        for place_of in (home, *below):
            inner = place_of.relative_to(home).as_posix()
            shown = f"{path.name}/" if inner == "." else f"{path.name}/{inner}/"
            folder = _folder(place_of, shown, sorted(p for p in place_of.iterdir() if p.is_file()))
            if folder.tables or folder.documents:
                # a resource of a descriptor one folder up has been read there
                made = _read(folder, shown.rstrip("/"), "" if alone else f"{path.stem}-{inner}".removesuffix("-."))
                if made and not any(set(made.digests) <= set(r.digests) for r in records):
                    records.append(made)
    if not records:
        return Found(findings=(Finding("hsds-not-recognised", path.name),))
    return Found(tuple(records))


def _files_below(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith((".", "~$")))


# --- what a folder holds -------------------------------------------------------------------------
def _folder(path: Path, shown: str, files: list[Path]) -> _Folder:
    """The tables and documents of a folder: by its descriptor, else by names and column names."""
    found = _Folder(path, shown)
    found.documents = [p for p in files if p.suffix.casefold() in ENDINGS and p.name.casefold() != DESCRIPTOR]
    descriptor = next((p for p in files if p.name.casefold() == DESCRIPTOR), None)
    if descriptor is not None:
        _described(found, descriptor)
    named = [(p, t) for p in files if p.suffix.casefold() in _CSV and (t := table_named(p.name))]
    if not found.tables and not any(_is_hsds(p, t) for p, t in named):
        return found
    described = {p for p, _ in found.tables}
    found.tables += [(p, t) for p, t in named if p not in described]
    return found


def _described(found: _Folder, descriptor: Path) -> None:
    """The resources of a tabular data package that are tables of HSDS."""
    name = found.shown + descriptor.name
    try:
        if descriptor.stat().st_size > _DESCRIPTOR_BYTES:
            raise ValueError(descriptor.name)
        package = json.loads(descriptor.read_text("utf-8-sig", "replace"))
    except (ValueError, RecursionError, OSError):
        found.findings.append(Finding("json-unreadable", name, values=(("line", 1),)))
        return
    missing = []
    for resource in _resources(package):
        target = table_named(str(resource.get("name", ""))) or table_named(str(resource.get("path", "")))
        paths = resource.get("path", [])
        for written in [paths] if isinstance(paths, str) else paths if isinstance(paths, list) else []:
            path = _within(found.path, str(written))
            if path is None or not path.is_file():
                missing.append(str(written))
            elif target is not None and path.suffix.casefold() in _CSV:
                found.tables.append((path, target))
    if missing and found.tables:
        shown = ", ".join(sorted(missing)[:10])
        found.findings.append(Finding("hsds-missing-file", name, values=(("number", len(missing)), ("files", shown))))


def _resources(package: Any) -> Iterator[dict[str, Any]]:
    resources = package.get("resources", []) if isinstance(package, dict) else []
    yield from (r for r in resources if isinstance(r, dict)) if isinstance(resources, list) else ()


def _within(folder: Path, written: str) -> Path | None:
    """The file that a descriptor points to; None for an address and for anything outside its folder."""
    parts = PurePosixPath(written.replace("\\", "/"))
    if "://" in written or parts.is_absolute() or ".." in parts.parts:
        return None
    path = folder.joinpath(*parts.parts)
    return path if path.resolve().is_relative_to(folder.resolve()) else None


def _is_hsds(path: Path, target: Target) -> bool:
    """Whether a loose CSV file has the columns of an HSDS table that no list of one's own has."""
    signs = _SIGNS.get(target.table)
    if signs is None:
        return False
    with path.open("rb") as file:
        first = file.readline(65_536)
    text = first.decode("utf-8-sig", "replace")
    names = {column_named(target, h.strip().strip('"')) for h in text.replace(";", ",").replace("\t", ",").split(",")}
    needed, telling = signs
    return names >= set(needed) and bool(names & set(telling))


# --- reading -------------------------------------------------------------------------------------
def _read(folder: _Folder, name: str, prefix: str) -> Records:
    made = Records(name, prefix, findings=list(folder.findings))
    documents = Collector()
    found: list[Finding] = []
    for path in folder.documents:
        shown = folder.shown + path.name
        found += read_document(path, shown, documents)
        made.digests[shown] = _digest(path)
    documents.records(made)
    # loose JSON in a folder that is no package is nobody's business; in the data folder and beside tables it is
    if made or folder.tables or not prefix:
        made.findings += found
    frames = made.frames
    made.frames = {}
    for table, frame in frames.items():
        _admit(made, table, frame)
    for path, target in folder.tables:
        shown = folder.shown + path.relative_to(folder.path).as_posix()
        sheets, findings = read_file(path, shown, vocabulary())
        made.findings += findings
        made.digests[shown] = _digest(path)
        for sheet in sheets:
            _table(made, sheet, target)
    return made


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _table(made: Records, sheet: Sheet, target: Target) -> None:
    """Take up one CSV table under the names of HSDS 3."""
    if target.table == "taxonomy" and taxonomy_means_terms(sheet.headers):
        target = Target("taxonomy_term")
    frame, inline = spread(sheet, target)
    homes: dict[str, list[str]] = {}
    for header in sheet.headers:
        column = column_named(target, header) or UNKNOWN + header
        homes.setdefault(column, []).append(header)
    renamed = frame.select(
        *(pl.coalesce(headers).alias(column) for column, headers in homes.items()),
        *(pl.lit(value).alias(column) for column, value in target.constants.items() if column not in homes),
        pl.lit(sheet.file).alias(FILE),
        pl.lit(sheet.sheet, dtype=pl.String).alias(SHEET),
        pl.col(ROW),
    )
    made.read[target.table] += renamed.height
    made.headers |= {(sheet.file, target.table, column): names[0] for column, names in homes.items() if names[0] != column}
    for column in homes:
        if column.startswith(UNKNOWN) and (filled := renamed[column].count()):
            made.unknown[target.table, column.removeprefix(UNKNOWN)] += filled
    _admit(made, target.table, renamed)
    for table, rows in inline:
        made.read[table] += rows.height
        made.add(table, rows)


def _admit(made: Records, table: str, frame: pl.DataFrame) -> None:
    """Take up rows without what is about persons; what refuses a whole file refuses the source.

    Of tables that are only counted nothing stays but ids and what they refer to.
    """
    headers = {c: c.removeprefix(UNKNOWN) for c in frame.columns if c not in (FILE, SHEET, ROW)}
    for (file, sheet), part in sorted(frame.partition_by(FILE, SHEET, as_dict=True, maintain_order=True).items(), key=str):
        plain = part.select(*(pl.col(c).alias(h) for c, h in headers.items()), ROW)
        safe, findings = screened(Sheet(str(file), sheet, tuple(headers.values()), plain))
        if safe is None:
            made.refused = True
            made.findings += findings
            continue
        kept = HSDS[table].carried if HSDS[table].used else ()
        made.findings += [f for f in findings if f.column in kept]
        links = HSDS[table].columns if HSDS[table].used else ("id", *HSDS[table].links, *OPEN_LINKS.get(table, ()))
        columns = [pl.col(h) for h in headers.values() if h in links]
        made.add(table, safe.frame.select(*columns, ROW).with_columns(part[FILE], part[SHEET]))
