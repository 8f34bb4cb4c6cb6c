"""The files of a log → what an engine can read: Parquet as it is, XES as Parquet, text with its delimiter and encoding known."""

from __future__ import annotations

import codecs
import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from ...ontology.catalogue import ToldError
from ..files.delimited import delimiter_of, said_delimiter
from ..files.encoding import NoTextError, decoded

_TEXT: Final = (".csv", ".tsv", ".txt")
_PARQUET: Final = (".parquet", ".pq")
_XES: Final = (".xes",)
#: How much of a text file is looked at to see how it is written.
_SAMPLE: Final = 1 << 20
_CHUNK: Final = 1 << 22
_UTF_8: Final = ("", "utf-8", "utf-8-sig", "ascii")


class LogFileError(ToldError):
    """A file that cannot be read as a log."""


@dataclass(frozen=True)
class Delimited:
    """A text file in UTF-8: its headers in order, those that are wanted, and how many lines stand before the first row."""

    path: Path
    number: int
    delimiter: str
    columns: tuple[str, ...]
    wanted: tuple[str, ...]
    header_lines: int
    spill: Path

    def body(self) -> Path:
        """The file without its header, for an engine that cannot skip lines."""
        target = self.spill / f"{self.number}.csv"
        if not target.exists():
            with _opened(self.path) as source, target.open("wb") as made:
                for _ in range(self.header_lines):
                    source.readline()
                while part := source.read(_CHUNK):
                    made.write(part)
        return target


@dataclass(frozen=True)
class Columnar:
    """A Parquet file; ``apart`` are rows of what it was made of that are in no case."""

    path: Path
    apart: int = 0


Source = Delimited | Columnar


def kind_of(path: Path) -> str:
    """The kind of a file by its name: text, parquet or xes. Raises LogFileError for any other."""
    name = path.name.casefold().removesuffix(".gz")
    for kind, endings in (("text", _TEXT), ("parquet", _PARQUET), ("xes", _XES)):
        if name.endswith(endings):
            return kind
    raise LogFileError("log-file-kind", value=path)


def source_of(path: Path, number: int, headers: Sequence[str], spill: Path) -> Source:
    """One file, ready for an engine, of which only the columns with these headers are read.

    Raises LogFileError when the file is not there, is of no kind that can be read, or has not all of the columns.
    """
    if not path.is_file():
        raise LogFileError("log-no-file", value=path)
    kind = kind_of(path)
    if kind == "parquet":
        return Columnar(path)
    if kind == "xes":
        return _xes(path, spill / f"{number}.parquet", headers)
    return _delimited(path, number, headers, spill)


def _xes(path: Path, target: Path, headers: Sequence[str]) -> Columnar:
    """An XES log as Parquet. An attribute that no event and no case has is a column that is not there."""
    from ..xes.reading import to_parquet

    read = to_parquet(path, target, headers)
    absent = [name for name in headers if read.missing.get(name) == read.rows]
    if absent and read.rows:
        known = [*(f"case:{key}" for key in read.trace_attributes), *read.event_attributes]
        raise LogFileError("log-no-column", path=path, value=", ".join(absent), known=", ".join(sorted(known)))
    return Columnar(target, read.loose)


def found_headers(headers: Sequence[str], columns: Sequence[str], path: Path) -> tuple[str, ...]:
    """The columns of a file for ``headers``, which may differ in case and in spaces around them.

    Raises LogFileError when one is not there, or twice.
    """
    plain: dict[str, list[str]] = {}
    for column in columns:
        plain.setdefault(_plain(column), []).append(column)
    missing = [header for header in headers if header not in columns and len(plain.get(_plain(header), ())) != 1]
    if missing:
        raise LogFileError("log-no-column", path=path, value=", ".join(missing), known=", ".join(columns))
    return tuple(header if header in columns else plain[_plain(header)][0] for header in headers)


def _plain(header: str) -> str:
    return " ".join(header.split()).casefold()


def _delimited(path: Path, number: int, headers: Sequence[str], spill: Path) -> Delimited:
    with _opened(path) as file:
        sample = file.read(_SAMPLE)
    if not sample.strip():
        raise LogFileError("log-empty", value=path)
    whole = sample if len(sample) < _SAMPLE else sample[: sample.rfind(b"\n") + 1] or sample
    try:
        found = decoded(whole)
    except NoTextError as error:
        raise LogFileError("log-file-kind", value=path) from error
    if found.encoding not in _UTF_8:
        path = _in_utf_8(path, found.encoding, spill / f"{number}.utf8.csv")
    text = found.text.removeprefix("\ufeff")
    said = said_delimiter(text)
    first = text.split("\n", 1)[1] if said else text
    delimiter = said or delimiter_of(first)
    reader = csv.reader(first.splitlines(keepends=True), delimiter=delimiter)
    columns = next(reader, [])
    header_lines = reader.line_num + (1 if said else 0)  # a quoted header may hold line ends
    names = tuple(column.strip() for column in columns)
    doubled = {n for n in names if names.count(n) > 1}
    unique = tuple(n if n and n not in doubled else f"{n or 'kolom'} ({at})" for at, n in enumerate(names, 1))
    return Delimited(path, number, delimiter, unique, found_headers(headers, unique, path), header_lines, spill)


def _in_utf_8(path: Path, encoding: str, target: Path) -> Path:
    """The file in UTF-8, in the private folder."""
    with _opened(path) as source, target.open("w", encoding="utf-8", newline="") as made:
        reader = codecs.getreader(encoding)(source, errors="replace")
        while part := reader.read(_CHUNK):
            made.write(part)
    return target


def _opened(path: Path) -> IO[bytes]:
    """The bytes of a file, unpacked where it is packed."""
    return gzip.open(path) if path.name.casefold().endswith(".gz") else path.open("rb")
