"""What computes: DuckDB in this process, or Apache Spark for what outgrows one machine; the same expressions on both.

An engine reads files as columns of text, keeps tables that are used more than once, and gives results as Polars frames.
Times have no zone: what is written is what is meant (both engines are set to UTC, so that nothing is moved).
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import polars as pl

from ...ontology.catalogue import ToldError
from .sources import Delimited

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir

ENGINES: Final = ("duckdb", "spark")
#: The share of the memory of a machine that DuckDB may take before it writes to the private folder, and the most of it.
_SHARE: Final = 0.6
_MOST: Final = 3 * 1024**3
_BAD_LINE: Final = "regel"


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


@contextmanager
def engine(name: str, spill: Path, master: str | None = None) -> Iterator[Engine]:
    """The engine called ``name``; what it writes to the disk goes to ``spill``.

    Raises EngineError when the extra that it needs is not installed, or it does not start.
    """
    with _spark(spill, master) if name == "spark" else _duckdb(spill) as made:
        yield made


# --- DuckDB ----------------------------------------------------------------------------------------------
@contextmanager
def _duckdb(spill: Path) -> Iterator[Engine]:
    try:
        import ibis
    except ImportError as error:
        raise EngineError("log-no-engine", extra="log") from error
    limit = min(_MOST, int(_SHARE * _memory()))
    settings = {"temp_directory": str(spill), "memory_limit": f"{limit // 1024**2}MiB", "preserve_insertion_order": False}
    offline = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    made = ibis.duckdb.connect(**settings, **offline)
    try:
        yield DuckDB(made)
    finally:
        made.disconnect()


def _memory() -> int:
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
        rejected = f"apart{file.number}"
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
        self._sql(f"COPY (SELECT {_chosen(file)} FROM ({reading})) TO {_quoted(target)} (FORMAT parquet, COMPRESSION lz4)")
        bad = self._sql(f"SELECT count(DISTINCT line) FROM {rejected}")[0][0]
        return self.parquet(target), int(bad)

    def _sql(self, statement: str) -> Any:
        return self._backend.raw_sql(statement).fetchall()

    def parquet(self, path: Path) -> ir.Table:
        made: ir.Table = self._backend.read_parquet(str(path))
        return made

    def table(self, name: str, frame: pl.DataFrame) -> ir.Table:
        # not by Ibis, whose way of dropping its own view again does not go with every version of sqlglot
        self._backend.con.register(f"given_{name}", frame.to_arrow())
        self._sql(f"CREATE TEMP TABLE {name} AS SELECT * FROM given_{name}")
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


def _quoted(text: object) -> str:
    """A literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def _chosen(file: Delimited) -> str:
    return ", ".join('"' + c.replace('"', '""') + '"' for c in file.wanted)


# --- Spark -----------------------------------------------------------------------------------------------
@contextmanager
def _spark(spill: Path, master: str | None) -> Iterator[Engine]:
    try:
        import ibis

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of pyspark about pandas, which is not used here
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineError("log-no-engine", extra="spark") from error
    place = master or "local[*]"
    builder = SparkSession.builder.appName("routekaart").master(place)
    settings = {
        "spark.local.dir": spill,
        "spark.sql.warehouse.dir": spill / "warehouse",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={spill} -Dderby.system.home={spill}",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    for key, value in settings.items():
        builder = builder.config(key, str(value))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        try:
            session = builder.getOrCreate()
        except (PySparkException, RuntimeError, OSError) as error:
            raise EngineError("log-no-spark", outside=True, master=place, why=str(error).splitlines()[0]) from error
        session.sparkContext.setLogLevel("ERROR")
        try:
            yield Spark(ibis.pyspark.connect(session), session)
        finally:
            session.stop()


class Spark:
    """Apache Spark, on this machine or on a cluster whose workers see the same files."""

    name = "spark"

    def __init__(self, backend: ibis.BaseBackend, session: Any) -> None:
        self._backend: Any = backend
        self._session = session

    def delimited(self, file: Delimited) -> tuple[ir.Table, int]:
        from pyspark.sql import functions
        from pyspark.sql.types import StringType, StructField, StructType

        fields = [StructField(f"c{n}", StringType()) for n in range(len(file.columns))]
        read = (
            self._session.read.schema(StructType([*fields, StructField(_BAD_LINE, StringType())]))
            .option("sep", file.delimiter)
            .option("header", "false")
            .option("multiLine", "true")
            .option("escape", '"')
            .option("nullValue", "")
            .option("mode", "PERMISSIVE")
            .option("columnNameOfCorruptRecord", _BAD_LINE)
            .csv(str(file.body()))
            .cache()
        )
        bad = read.filter(functions.col(_BAD_LINE).isNotNull()).count()
        good = read.filter(functions.col(_BAD_LINE).isNull())
        places = {column: n for n, column in enumerate(file.columns)}
        chosen = good.select(*(functions.col(f"c{places[c]}").alias(c) for c in file.wanted))
        chosen.createOrReplaceTempView(f"file{file.number}")
        return self._backend.table(f"file{file.number}"), int(bad)

    def parquet(self, path: Path) -> ir.Table:
        made: ir.Table = self._backend.read_parquet(str(path))
        return made

    def table(self, name: str, frame: pl.DataFrame) -> ir.Table:
        self._session.createDataFrame(frame.to_arrow()).createOrReplaceTempView(name)
        made: ir.Table = self._backend.table(name)
        return made

    def kept(self, name: str, made: ir.Table) -> ir.Table:
        self._backend.create_view(name, made, overwrite=True, temp=True)
        self._session.catalog.cacheTable(name)
        found: ir.Table = self._backend.table(name)
        return found

    def number_of(self, text: ir.StringValue) -> ir.IntegerValue:
        from .functions import xxhash64

        return xxhash64(text)

    def frame(self, made: ir.Table) -> pl.DataFrame:
        found: pl.DataFrame = made.to_polars()
        return found


def columns_of(made: ir.Table) -> Mapping[str, Any]:
    """The type of each column of a table."""
    return dict(made.schema().items())


def all_of(tables: Sequence[ir.Table]) -> ir.Table:
    """The rows of all tables, which have the same columns."""
    first, *others = tables
    for other in others:
        first = first.union(other)
    return first
