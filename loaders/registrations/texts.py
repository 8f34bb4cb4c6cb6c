"""A text file of a log → Parquet in the private folder, by DuckDB whatever computes after it.

So a row means the same on every engine: where a cell ends, what is empty, and which rows fit no columns. It is read
piece by piece, and what comes out can be read by many at a time, which a text with quotes cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .sources import Delimited, LogFileError

#: DuckDB asks the network for nothing.
OFFLINE: Final = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


def to_parquet(connection: Any, file: Delimited) -> tuple[Path, int]:
    """The wanted columns of ``file`` as text, under their own names; and how many of its rows have more or fewer cells.

    ``connection`` is one of DuckDB. Such rows are left out. Raises LogFileError when a quote opens that does not close.
    """
    import duckdb

    try:
        found: _Found | None = _read(connection, file, f"apart{file.number}")
    except (duckdb.InvalidInputException, duckdb.IOException):  # line ends of several kinds, or a broken gzip
        found = None
    if found is None or found.foreign:
        found = _read(connection, file.mended(), f"mended{file.number}")
    if found.open_at is not None:
        raise LogFileError("log-open-quote", value=file.given, line=found.open_at)
    return found.path, found.misfits


@dataclass(frozen=True)
class _Found:
    """What was read: ``foreign`` rows are not in UTF-8, ``open_at`` is the line of a quote that does not close."""

    path: Path
    misfits: int
    foreign: int
    open_at: int | None


def _read(connection: Any, file: Delimited, rejected: str) -> _Found:
    columns = ", ".join(f"{_quoted(c)}: 'VARCHAR'" for c in file.columns)
    reading = (
        f"SELECT * FROM read_csv({_quoted(file.path)}, header = false, skip = {file.header_lines}, "
        f"delim = {_quoted(file.delimiter)}, quote = '\"', escape = '\"', nullstr = '', auto_detect = false, "
        f"columns = {{{columns}}}, "
        f"store_rejects = true, rejects_table = '{rejected}', rejects_scan = '{rejected}scan', rejects_limit = 0, "
        "null_padding = false, strict_mode = true)"
    )
    # looked through several times: words that come back are stored once in Parquet
    target = file.spill / f"{file.number}.parquet"
    connection.execute(f"COPY (SELECT {_chosen(file)} FROM ({reading})) TO {_quoted(target)} (FORMAT parquet, COMPRESSION lz4)")
    counts = (
        f"SELECT count(DISTINCT line), count(*) FILTER (error_type = 'INVALID ENCODING'), min(line) FILTER "
        f"(error_type = 'UNQUOTED VALUE' AND contains(trim(csv_line, chr(10) || chr(13)), chr(10))) FROM {rejected}"
    )
    return _Found(target, *connection.execute(counts).fetchone())


def _quoted(text: object) -> str:
    """A literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def _chosen(file: Delimited) -> str:
    return ", ".join('"' + c.replace('"', '""') + '"' for c in file.wanted)
