"""Apache Spark as an engine: for what outgrows one machine, on this machine or on a cluster.

The workers of a cluster must see the files of the log and the private folder under the same path (set TMPDIR to a
shared disk): what is not Parquet yet is made so there.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from .engine import Engine, EngineError, grouped
from .sources import Delimited
from .texts import OFFLINE, to_parquet

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir

#: What DuckDB may take while it makes Parquet of a text: it reads piece by piece.
_TEXT_MEMORY: Final = "1GiB"
#: Names that Spark reads as a pattern, does not see, or cannot say where nothing is set but ASCII.
_ODD: Final = re.compile(r"[^A-Za-z0-9/ ._-]|/[._][^/]*\Z")
#: Times as they are written; Parquet of pandas counts nanoseconds, which Spark gives as numbers.
_MEANING: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.binaryAsString": "true",
    "spark.sql.legacy.parquet.nanosAsLong": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}


@contextmanager
def spark(spill: Path, master: str | None) -> Iterator[Engine]:
    """Spark at ``master``; a session that runs in this process already is used wherever it is, and goes on after it.

    Raises EngineError when Spark is not installed, does not start, or stops underway.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pyspark about pandas and Arrow, which are none of the caller's business
        try:
            import ibis
            import ibis.backends.pyspark
            from py4j.protocol import Py4JError
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise EngineError("log-no-engine", extra="spark") from error
        from .spark_session import started

        running = SparkSession.getActiveSession()
        with _lent(running) if running else started(spill, master) as session:
            for key, value in _MEANING.items():
                session.conf.set(key, value)
            made = Spark(ibis.pyspark.connect(session), session, spill)
            try:
                yield made
                if running:
                    made.forget()
            except (PySparkException, Py4JError, ConnectionError) as error:
                if stop := _stop_of(error):
                    raise stop from None
                # its words are left out: they may hold a cell of the log
                raise EngineError("log-spark-stopped", outside=True, why=_kind(error)) from error


@contextmanager
def _lent(running: Any) -> Iterator[Any]:
    """A session beside the one that runs, with settings and views of its own."""
    yield running.newSession()


def _stop_of(error: BaseException | None) -> BaseException | None:
    """The request to stop that came first, where what failed did so because of it."""
    while error is not None and not isinstance(error, KeyboardInterrupt | SystemExit):
        error = error.__cause__ or error.__context__
    return error


def _kind(error: Exception) -> str:
    """What went wrong, in one word."""
    condition = getattr(error, "getCondition", lambda: None)()
    return str(condition or type(error).__name__)


class Spark:
    """Spark, by one session."""

    name = "spark"

    def __init__(self, backend: ibis.BaseBackend, session: Any, spill: Path) -> None:
        self._backend: Any = backend
        self._session = session
        self._spill = spill
        self._views: list[str] = []

    def delimited(self, file: Delimited) -> tuple[ir.Table, int]:
        import duckdb

        settings: dict[str, Any] = {"temp_directory": str(self._spill), "memory_limit": _TEXT_MEMORY}
        with duckdb.connect(config={**settings, "preserve_insertion_order": False, **OFFLINE}) as connection:
            path, misfits = to_parquet(connection, file)
        return self.parquet(path), misfits

    def parquet(self, path: Path) -> ir.Table:
        plain = path
        if _ODD.search(path.as_posix()):
            plain = self._spill / f"file{len(self._views)}.parquet"
            plain.symlink_to(path.absolute())
        read = self._session.read.parquet(_address(plain))
        names = {name: "`" + name.replace("`", "``") + "`" for name in _in_nanoseconds(path)}
        moments = {name: f"timestamp_micros({quoted} div 1000)" for name, quoted in names.items()}
        return self._view(f"file{len(self._views)}", _with(read, moments))

    def table(self, name: str, frame: pl.DataFrame) -> ir.Table:
        return self._view(name, self._session.createDataFrame(frame.to_arrow()))

    def kept(self, name: str, made: ir.Table) -> ir.Table:
        # not a cached table: all that led to it would be planned anew for every question
        return self._view(name, self._asked(made).localCheckpoint())

    def number_of(self, text: ir.StringValue) -> ir.IntegerValue:
        from .functions import xxhash64

        return xxhash64(text)

    def frame(self, made: ir.Table) -> pl.DataFrame:
        return pl.DataFrame(self._asked(made).toArrow())

    def frequencies(self, made: ir.Table, bits: Mapping[str, int]) -> pl.DataFrame:
        return grouped(self, made, bits)

    def forget(self) -> None:
        """Let go of all tables: a session that was lent goes on."""
        for name in self._views:
            self._session.catalog.dropTempView(name)

    def _asked(self, made: ir.Table) -> Any:
        return self._session.sql(self._backend.compile(made))

    def _view(self, name: str, frame: Any) -> ir.Table:
        frame.createOrReplaceTempView(name)
        self._views.append(name)
        found: ir.Table = self._backend.table(name)
        return found


def _in_nanoseconds(path: Path) -> list[str]:
    """The columns with moments as pandas writes them, which Spark reads as numbers."""
    import pyarrow.parquet as parquet

    return [field.name for field in parquet.read_schema(path) if str(field.type).startswith("timestamp[ns")]


def _with(frame: Any, made: Mapping[str, str]) -> Any:
    """The frame with these columns, each a sentence of SQL, in place of those of the same name."""
    from pyspark.sql import functions

    return frame.withColumns({name: functions.expr(told) for name, told in made.items()}) if made else frame


def _address(path: Path) -> str:
    """The file as Hadoop names it: on the disk, whatever its default is."""
    return "file://" + path.absolute().as_posix()
