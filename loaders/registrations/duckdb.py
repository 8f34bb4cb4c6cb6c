"""DuckDB as the engine: in this process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from .engine import Engine, EngineError, grouped, memory
from .frequencies import WORD, packed, unpacked
from .sources import Delimited
from .texts import OFFLINE, to_parquet

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir

#: The share of the memory of a machine that DuckDB may take before it writes to the private folder, and the most of it.
_SHARE: Final = 0.6
_MOST: Final = 3 * 1024**3


@contextmanager
def embedded(spill: Path) -> Iterator[Engine]:
    """DuckDB, started; EngineError when its extra is not installed, it runs out of memory or disk, or it cannot read a file."""
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
        if sum(bits.values()) > WORD:
            return grouped(self, made, bits)
        # where most rows differ, sorting numbers takes a third of the time of grouping rows and sorting those
        number = packed({name: made[name].cast("int64") for name in bits}, bits)
        runs = self.frame(made.select(number=number))["number"].sort().rle().struct.unnest()
        return runs.select(**unpacked(pl.col("value"), bits), times=pl.col("len").cast(pl.Int64))
