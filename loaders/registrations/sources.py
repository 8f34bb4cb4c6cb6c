"""The files of a log → what an engine can read: Parquet as it is, XES as Parquet, text with its delimiter and encoding known."""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

from ...ontology.catalogue import ToldError
from ..files.delimited import delimiter_of, said_delimiter
from ..files.encoding import MARKS, NoTextError, decoded, one_byte_encoding

_TEXT: Final = (".csv", ".tsv", ".txt")
_PARQUET: Final = (".parquet", ".pq")
_XES: Final = (".xes",)
#: How much of a text file is looked at to see how it is written.
_SAMPLE: Final = 1 << 20
_CHUNK: Final = 1 << 22
_WESTERN: Final = "cp1252"
_BROKEN: Final = (EOFError, gzip.BadGzipFile, zlib.error)
#: How a Parquet file begins and ends.
_MAGIC: Final = b"PAR1"


class LogFileError(ToldError):
    """A file that cannot be read as a log."""


@dataclass(frozen=True)
class Delimited:
    """A text file in UTF-8: its headers in order, those that are wanted, and how many rows stand before the first one.

    ``given``: the file as the user named it.
    """

    path: Path
    number: int
    delimiter: str
    columns: tuple[str, ...]
    wanted: tuple[str, ...]
    header_lines: int
    spill: Path
    given: Path

    def mended(self) -> Delimited:
        """The file with one kind of line end, and with each line in UTF-8 that is not: for what an engine trips over."""
        target = self.spill / f"{self.number}.mended.csv"
        try:
            with _opened(self.path) as source, target.open("wb") as made:
                _in_lines(source, made, None)
        except _BROKEN as error:
            raise LogFileError("log-gzip", value=self.given) from error
        return replace(self, path=target)


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
        return Columnar(_parquet(path, number, spill))
    if kind == "xes":
        return _xes(path, spill / f"{number}.parquet", headers)
    return _delimited(path, number, headers, spill)


def _parquet(path: Path, number: int, spill: Path) -> Path:
    with path.open("rb") as file:
        begins = file.read(len(_MAGIC))
        file.seek(-min(len(_MAGIC), path.stat().st_size), 2)
        if not begins == file.read() == _MAGIC:
            raise LogFileError("log-file-kind", value=path)
    return by_a_plain_name(path, number, spill)


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
    try:
        with _opened(path) as file:
            sample = file.read(_SAMPLE)
    except _BROKEN as error:
        raise LogFileError("log-gzip", value=path) from error
    if not sample.strip():
        raise LogFileError("log-empty", value=path)
    whole = sample if len(sample) < _SAMPLE else sample[: sample.rfind(b"\n") + 1] or sample
    try:
        found = decoded(whole)
    except NoTextError as error:
        raise LogFileError("log-file-kind", value=path) from error
    text = found.text.removeprefix("\ufeff")
    said = said_delimiter(text)
    first = re.split(r"\r\n|\n|\r", text, maxsplit=1)[1] if said else text
    delimiter = said or delimiter_of(first)
    columns = next(csv.reader(first.splitlines(keepends=True), delimiter=delimiter), [])
    names = tuple(column.strip() for column in columns)
    doubled = {n for n in names if names.count(n) > 1}
    unique = tuple(n if n and n not in doubled else f"{n or 'kolom'} ({at})" for at, n in enumerate(names, 1))
    wanted = found_headers(headers, unique, path)
    encoding = _other_than_utf_8(whole, found.encoding)
    plain = _in_utf_8(path, encoding, spill / f"{number}.utf8.csv") if encoding else by_a_plain_name(path, number, spill)
    return Delimited(plain, number, delimiter, unique, wanted, 2 if said else 1, spill, path)


def by_a_plain_name(path: Path, number: int, spill: Path) -> Path:
    """The file under a name that no engine takes for a pattern of several names."""
    if not set("*?[]{}\\") & set(path.as_posix()):
        return path
    target = spill / f"{number}.file{''.join(path.suffixes[-2:])}"
    target.symlink_to(path.absolute())
    return target


def _other_than_utf_8(sample: bytes, judged: str) -> str | None:
    """The encoding of a file that is not in UTF-8; ``judged`` is what it was taken for where that had to be."""
    marked = next((encoding for mark, encoding in MARKS if sample.startswith(mark)), None)
    if marked:
        return None if marked == "utf-8-sig" else marked
    if judged:
        return judged
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError:
        return _WESTERN
    return None


def _in_utf_8(path: Path, encoding: str, target: Path) -> Path:
    """The file in UTF-8, in the private folder."""
    try:
        with _opened(path) as source, target.open("wb") as made:
            if not encoding.startswith("utf"):
                _in_lines(source, made, encoding)
                return target
            reader = codecs.getreader(encoding)(source, "replace")
            while part := reader.read(_CHUNK):
                made.write(part.encode())
    except _BROKEN as error:
        raise LogFileError("log-gzip", value=path) from error
    return target


def _in_lines(source: Iterable[bytes], made: IO[bytes], encoding: str | None) -> None:
    """Write the lines of ``source``, each in UTF-8: from ``encoding`` where it is not that already."""
    for line in source:
        plain = line.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        try:
            plain.decode()
        except UnicodeDecodeError:
            encoding = encoding or one_byte_encoding(plain)[0]
            plain = plain.decode(encoding, "replace").encode()
        made.write(plain)


def _opened(path: Path) -> IO[bytes] | gzip.GzipFile:
    """The bytes of a file, unpacked where it is packed."""
    return gzip.open(path) if path.name.casefold().endswith(".gz") else path.open("rb")
