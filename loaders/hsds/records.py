"""The records of one HSDS source, whatever form they came in: a frame of text per table, and what was counted on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ..files.sheet import ROW
from ..findings import Finding
from .model import HSDS

#: Columns beside those of HSDS: the file and sheet that a record stands in; its row is in ROW.
FILE: Final = "\x00file"
SHEET: Final = "\x00sheet"
#: Before the name of a column that the specification does not know.
UNKNOWN: Final = "\x00?"
ADDRESS: Final = (FILE, SHEET, ROW)


@dataclass
class Records:
    """Everything read from one source, before anything is made of it.

    ``prefix`` goes before ids that are no UUIDs, so that two sources can both have a service 12.
    ``frames`` has a frame for every table of the model: its columns as text, and where each record stands.
    ``read`` counts records per table as they stand in the files; ``repeated`` those of them that say again what
    another one says (JSON nests the same record many times); ``malformed`` those that are no record.
    ``headers`` has the name of a column in its file where that is another: (file, table, column) → header.
    ``extra_links`` has (organization, location) pairs that one column cannot hold.
    ``unknown`` counts filled cells per (table, header) that the specification does not know.
    """

    name: str = ""
    prefix: str = ""
    frames: dict[str, pl.DataFrame] = field(default_factory=dict)
    read: Counter[str] = field(default_factory=Counter)
    repeated: Counter[str] = field(default_factory=Counter)
    malformed: Counter[str] = field(default_factory=Counter)
    headers: dict[tuple[str, str, str], str] = field(default_factory=dict)
    extra_links: list[tuple[str, str]] = field(default_factory=list)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    refused: bool = False

    def __getitem__(self, table: str) -> pl.DataFrame:
        return self.frames.get(table, empty(table))

    def __bool__(self) -> bool:
        return any(self.read.values())

    @property
    def shown(self) -> str:
        """What findings about the whole source call it: its folder or archive, else its chief file."""
        chief = [self[table][FILE][0] for table in ("service", "organization") if self[table].height]
        return self.name or next(iter([*chief, *sorted(self.digests)]), "")

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Take up rows of a table; columns that the model does not have are left out."""
        columns = [*HSDS[table].columns, *ADDRESS]
        missing = [pl.lit(None, dtype=pl.String).alias(c) for c in columns if c not in frame.columns]
        made = frame.with_columns(missing).select(columns)
        self.frames[table] = pl.concat([self.frames[table], made]) if table in self.frames else made


def empty(table: str) -> pl.DataFrame:
    """No rows of a table."""
    return pl.DataFrame(
        schema={**dict.fromkeys(HSDS[table].columns, pl.String), FILE: pl.String, SHEET: pl.String, ROW: pl.Int64}
    )


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the records of one table: ``read`` is the sum of all others.

    ``used`` reached our tables, ``unused`` has no place there, ``dangling`` hangs on something that is absent,
    ``apart`` was put apart (with its service, or because it cannot be read), ``repeated`` says what another says.
    """

    table: str
    read: int
    used: int
    unused: int
    dangling: int
    apart: int
    repeated: int
