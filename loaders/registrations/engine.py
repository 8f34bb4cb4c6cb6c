"""What computes: DuckDB in this process, or Apache Spark for what outgrows one machine; the same expressions on both.

An engine reads files as columns of text, keeps tables that are used more than once, and gives results as Polars frames.
Times have no zone: what is written is what is meant (both engines are set to UTC, so that nothing is moved).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import polars as pl

from ...ontology.catalogue import ToldError
from .sources import Delimited
from .texts import OFFLINE, to_parquet

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir

#: The share of the memory of a machine that DuckDB may take before it writes to the private folder, and the most of it.
_SHARE: Final = 0.6
_MOST: Final = 3 * 1024**3
#: Bits of a whole number, without its sign.
_WORD: Final = 63


class EngineError(ToldError):
    """What computes is not installed, or did not start."""


class Engine(Protocol):
    """What the steps ask of an engine."""

    name: str

    def delimited(self, file: Delimited) -> tuple[ir.Table, int]:
        """A text file as a table of text, columns named as in the file; and how many of its rows fit no columns.

        A row that has more or fewer cells than there are headers is left out and counted.
        """
        ...

    def parquet(self, path: Path) -> ir.Table:
        """A Parquet file as a table."""
        ...

    def table(self, name: str, frame: pl.DataFrame) -> ir.Table:
        """A small table to look things up in."""
        ...

    def kept(self, name: str, made: ir.Table) -> ir.Table:
        """The table worked out once, for what asks it more than once."""
        ...

    def number_of(self, text: ir.StringValue) -> ir.IntegerValue:
        """A number of 64 bits for a text: two different ones are the same once in some 10^19 pairs."""
        ...

    def frame(self, made: ir.Table) -> pl.DataFrame:
        """The rows of a table, brought here."""
        ...

    def frequencies(self, made: ir.Table, bits: Mapping[str, int]) -> pl.DataFrame:
        """How often each row came up (``times``), sorted by its columns: whole numbers from 0 on of so many ``bits``."""
        ...


@contextmanager
def engine(name: str, spill: Path, master: str | None = None) -> Iterator[Engine]:
    """The engine called ``name``; what it writes to the disk goes to ``spill``.

    Raises EngineError when the extra that it needs is not installed, or it does not start.
    """
    from .spark import spark

    with spark(spill, master) if name == "spark" else _duckdb(spill) as made:
        yield made


# --- DuckDB ----------------------------------------------------------------------------------------------
@contextmanager
def _duckdb(spill: Path) -> Iterator[Engine]:
    try:
        import duckdb
        import ibis
    except ImportError as error:
        raise EngineError("log-no-engine", extra="log") from error
    limit = min(_MOST, int(_SHARE * memory()))
    settings = {"temp_directory": str(spill), "memory_limit": f"{limit // 1024**2}MiB", "preserve_insertion_order": False}
    made = ibis.duckdb.connect(**settings, **OFFLINE)
    try:
        yield DuckDB(made)
    except duckdb.Error as error:
        # its words are left out, and so is the error itself: they may hold a cell of the log
        why = type(error).__name__
        if isinstance(error, (duckdb.OutOfMemoryException, duckdb.IOException)):
            raise EngineError("log-duckdb-stopped", outside=True, why=why, path=spill.parent) from None
        raise EngineError("log-duckdb-failed", outside=True, why=why) from None
    finally:
        made.disconnect()


def memory() -> int:
    """The memory of this machine in bytes, as far as it can be asked."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 2 * _MOST


class DuckDB:
    """DuckDB, in this process."""

    name = "duckdb"

    def __init__(self, backend: ibis.BaseBackend) -> None:
        self._backend: Any = backend

    def delimited(self, file: Delimited) -> tuple[ir.Table, int]:
        path, misfits = to_parquet(self._backend.con, file)
        return self.parquet(path), misfits

    def parquet(self, path: Path) -> ir.Table:
        made: ir.Table = self._backend.read_parquet(str(path), binary_as_string=True)
        return made

    def table(self, name: str, frame: pl.DataFrame) -> ir.Table:
        # not by Ibis, whose way of dropping its own view again does not go with every version of sqlglot
        self._backend.con.register(f"given_{name}", frame.to_arrow())
        self._backend.con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM given_{name}")
        self._backend.con.unregister(f"given_{name}")
        made: ir.Table = self._backend.table(name)
        return made

    def kept(self, name: str, made: ir.Table) -> ir.Table:
        found: ir.Table = self._backend.create_table(name, made, temp=True)
        return found

    def number_of(self, text: ir.StringValue) -> ir.IntegerValue:
        from .functions import hash64

        return hash64(text)

    def frame(self, made: ir.Table) -> pl.DataFrame:
        found: pl.DataFrame = made.to_polars()
        return found

    def frequencies(self, made: ir.Table, bits: Mapping[str, int]) -> pl.DataFrame:
        if sum(bits.values()) > _WORD:
            return grouped(self, made, bits)
        # where most rows differ, sorting numbers takes a third of the time of grouping
        first, *others = bits
        packed: Any = made[first].cast("int64")
        for name in others:
            packed = (packed << bits[name]) | made[name]
        runs = self.frame(made.select(number=packed))["number"].sort().rle()
        numbers, columns = runs.struct.field("value"), []
        for name, width in reversed(list(bits.items())):
            columns.append((numbers % (1 << width)).alias(name))
            numbers = numbers // (1 << width)
        return pl.DataFrame([*reversed(columns), runs.struct.field("len").cast(pl.Int64).alias("times")])


def grouped(engine: Engine, made: ir.Table, bits: Mapping[str, int]) -> pl.DataFrame:
    """The frequencies of rows, counted by the engine."""
    found = engine.frame(made.group_by(*bits).agg(times=made.count()))
    return found.select(pl.col(*bits, "times").cast(pl.Int64)).sort(*bits)


def all_of(tables: Sequence[ir.Table]) -> ir.Table:
    """The rows of all tables, which have the same columns."""
    first, *others = tables
    for other in others:
        first = first.union(other)
    return first
