"""One contract over both engines: the same log gives the same tables and counts on DuckDB and on Spark.

Without Java the tests on Spark are skipped; with ROUTEKAART_SPARK=required (continuous integration) they then fail.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import random
import re
import socket
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import polars as pl
import pytest

from routekaart.loaders.registrations.engine import EngineError
from routekaart.loaders.registrations.engines import engine
from routekaart.loaders.registrations.log import Aggregates, aggregate
from routekaart.loaders.registrations.mapping import Mapping as LogMapping
from routekaart.loaders.registrations.moments import moment

# of Ibis, about the DuckDB that it calls
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

LIGHT = "--driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' pyspark-shell"

Count = Callable[..., Aggregates]


def missing(why: object) -> NoReturn:
    message = f"THE TESTS ON SPARK DO NOT RUN: {why}"
    if os.environ.get("ROUTEKAART_SPARK") == "required":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session that all tests lend: Spark starts once."""
    try:
        from routekaart.loaders.registrations.spark_session import started
    except ImportError as error:
        missing(error)
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(action="ignore"):
        patch.setenv("PYSPARK_SUBMIT_ARGS", LIGHT)
        try:
            with started(tmp_path_factory.mktemp("spark"), "local[2]") as session:
                yield session
        except ImportError as error:
            missing(error)
        except EngineError as error:
            if error.code != "log-no-java":
                raise
            missing(error)


def told(found: Aggregates) -> dict[str, Any]:
    """All that was found, but for the name of the engine."""
    tables = {
        name: found.landscape[name].rows() for name in ("routes", "waits", "demand", "outflow", "back_and_forth", "handovers")
    }
    names = ("rows", "used", "apart", "since", "until", "by_day", "ambiguous", "negative", "unknown", "persons", "hidden")
    return {**tables, **{name: getattr(found, name) for name in names}}


@pytest.fixture
def same(spark: Any) -> Count:
    """Both engines count these files, and find the same."""

    def count(files: Sequence[Path], mapping: LogMapping) -> Aggregates:
        one = aggregate(files, mapping, engine="duckdb")
        other = aggregate(files, mapping, engine="spark")
        assert (one.engine, other.engine) == ("duckdb", "spark")
        assert told(other) == told(one)
        return one

    return count


# --- logs ------------------------------------------------------------------------------------------------
PLACES = [f"Plaats {letter}" for letter in "ABCDEFGH"]
TOWNS = ["Ede", "Barneveld", "Nijkerk", "Scherpenzeel", "Ergens", ""]


def written(path: Path, rows: Sequence[Sequence[object]], delimiter: str = ";", encoding: str = "utf-8") -> Path:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator="\n").writerows(rows)
    data = target.getvalue().encode(encoding)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def referrals(number: int, seed: int = 7, form: str = "%Y-%m-%d", messy: bool = True) -> list[list[str]]:
    """Rows of families that go from place to place: now and then back, twice, on one day, not begun, or wrongly written."""
    chance = random.Random(seed)
    made = [["casus", "van", "naar", "verwezen", "gestart", "gemeente", "leeftijd", "thema", "uitkomst"]]
    case = 0
    while len(made) <= number:
        case += 1
        at, here = date(2023, 1, 1) + timedelta(days=chance.randrange(900)), ""
        about = [chance.choice(TOWNS), str(chance.randrange(0, 19)), chance.choice(["angst", "scheiding", "", "iets"])]
        for _ in range(chance.choice([1, 1, 2, 3, 4])):
            there = chance.choice([p for p in PLACES if p != here])
            start = "" if chance.random() < 0.2 else (at + timedelta(days=chance.choice([0, 3, 10, 10, 40, -2]))).strftime(form)
            outcome = chance.choice(["", "", "", "hulp", "uitval"])
            made.append([f"F{case}", here, there, at.strftime(form), start, *about, outcome])
            here, at = there, at + timedelta(days=chance.choice([0, 0, 1, 30, 90]))
    if messy:
        for row in made[1:]:
            if chance.random() < 0.01:
                row[1] = row[2]
            if chance.random() < 0.03:
                column = chance.randrange(9)
                row[column] = chance.choice(
                    ["", " ", "NA", "null", "x", "-1", "31-02-2024", "12,5", " Ede ", "1e1", "٣", "2024-01-01 24:00"]
                )
    return made


def steps(number: int, seed: int = 8) -> list[list[str]]:
    """Rows of steps; many at the same moment, of which a sequence tells the order, or nothing."""
    chance = random.Random(seed)
    made = [["casus", "organisatie", "tijd", "volgorde", "gemeente", "leeftijd", "uitkomst"]]
    case = 0
    while len(made) <= number:
        case += 1
        at = datetime(2023, 1, 1) + timedelta(hours=chance.randrange(20_000))
        for n in range(chance.randrange(1, 6)):
            order = chance.choice([str(n), str(n), "", "x", f"{n},5", "1e3", "1_0"])
            town, age = chance.choice(TOWNS), chance.choice(["4", "12.5", "17", ""])
            made.append(
                [
                    f"F{case}",
                    chance.choice(PLACES[:4]),
                    at.strftime("%Y-%m-%d %H:%M"),
                    order,
                    town,
                    age,
                    chance.choice(["", "hulp"]),
                ]
            )
            at += timedelta(hours=chance.choice([0, 0, 1, 24, 700]))
    return made


def test_a_log_of_referrals(same: Count, logs: ModuleType, tmp_path: Path) -> None:
    """20,000 rows, some of them dirty: of everything there is something, so that equal is not equally nothing."""
    found = same([written(tmp_path / "log.csv", referrals(20_000))], logs.mapping())
    assert found.rows >= 20_000
    assert {"no-case", "no-organisation", "no-moment", "bad-start", "within"} <= found.apart.keys()
    assert found.negative > 100
    for table in ("routes", "waits", "demand", "outflow", "back_and_forth", "handovers"):
        assert found.landscape[table].height > 0
    assert found.landscape["handovers"]["weeks_p95"].null_count() < 40


def test_a_log_of_steps(same: Count, logs: ModuleType, tmp_path: Path) -> None:
    """Of steps at one moment a sequence tells the order, or nothing does."""
    rows = steps(3_000)
    found = same([written(tmp_path / "log.csv", rows)], logs.mapping(rows[0], threshold=10))
    assert found.ambiguous > 100
    assert not found.by_day
    assert found.landscape["back_and_forth"].height > 0


# --- files -----------------------------------------------------------------------------------------------
MISFITS = [
    "casus;van;naar;verwezen;gestart;gemeente;leeftijd;thema;uitkomst",
    '"a;1";"Huis ""De Boom""";"Plaats\nB";2024-01-02;2024-02-03;Ede;4;;',
    "b;;Plaats B;2024-01-02;;Ede;4;;",
    "b;Plaats B;Plaats C;2024-01-02;;Ede;4;;;te veel",
    "c;te weinig",
    "",
    "e;NA;null;2024-01-02;2024-01-02;NULL;0;EMPTY;",
    "f; Plaats B ;\tPlaats C;2024-01-02;;;;;",
]
#: DuckDB makes Parquet of a text for both, so two ways of writing one are enough here.
WRITTEN = {"utf-16.csv": (",", "utf-16", "%d-%m-%Y"), "packed.tsv.gz": ("\t", "utf-8-sig", "%Y-%m-%dT%H:%M:%S+02:00")}


def parquets() -> dict[str, pl.DataFrame]:
    """The same rows, with columns of every type that a Parquet file of a log may have."""
    rows = referrals(40, messy=False)
    texts = pl.DataFrame(rows[1:], schema=rows[0], orient="row").with_columns(pl.all().replace("", None))
    day, begun, number = pl.col("verwezen").str.to_date(), pl.col("gestart").str.to_datetime(), pl.col("casus").str.slice(1)
    names = pl.col("van", "naar").cast(pl.Categorical)
    return {
        "_words.parquet": texts.with_columns(day, begun.dt.cast_time_unit("ms"), names, pl.col("thema").cast(pl.Binary)),
        "nano's [1] {x}.parquet": texts.with_columns(
            day.cast(pl.Datetime("ns")), begun.dt.cast_time_unit("ns"), number.cast(pl.Int64), pl.col("leeftijd").cast(pl.Float32)
        ),
        "één: 100%20.pq": texts.with_columns(
            day, begun.dt.replace_time_zone("UTC"), number.cast(pl.Float64), pl.col("leeftijd").cast(pl.UInt8)
        ),
        ".whole.parquet": texts.with_columns(
            pl.col("verwezen").str.replace_all("-", "").cast(pl.Int64),
            gestart=pl.lit(None),
            uitkomst=pl.lit(None),
            thema=pl.lit(value=True),
        ),
    }


def test_files_of_all_kinds(same: Count, logs: ModuleType, tmp_path: Path) -> None:
    """Each is read whole by itself, and all at once are the same on both."""
    files, rows = [], 0
    for name, (delimiter, encoding, form) in WRITTEN.items():
        made = [[cell.replace("Plaats A", "Bureau Één") for cell in row] for row in referrals(40, form=form, messy=False)]
        files.append(written(tmp_path / name, made, delimiter, encoding))
        rows += len(made) - 1
    for name, frame in parquets().items():
        files.append(tmp_path / name)
        frame.write_parquet(files[-1])
        rows += frame.height
    for path in files:
        assert not aggregate([path], logs.mapping()).apart, path
    files.append(tmp_path / "misfits.csv")
    files[-1].write_bytes("\r\n".join([*MISFITS, ""]).encode())
    found = same(files, logs.mapping())
    assert found.apart == {"bad-line": 2}
    assert (found.rows, found.used) == (rows + 6, rows + 4)
    assert {"Bureau Één", "Plaats A", 'Huis "De Boom"', "NA", "null"} <= {
        *found.landscape["handovers"]["from"],
        *found.landscape["handovers"]["to"],
    }


XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">{traces}</log>"""
EVENT = '<event><string key="org:group" value="Plaats {place}"/><date key="time:timestamp" value="2024-0{m}-0{d}T10:00:00.000+01:00"/></event>'


def test_xes(same: Count, tmp_path: Path) -> None:
    traces = [
        f'<trace><string key="concept:name" value="F{n}"/>{EVENT.format(place="A", m=1, d=n)}{EVENT.format(place="B", m=2, d=n)}</trace>'
        for n in range(1, 10)
    ]
    path = tmp_path / "log.xes"
    path.write_text(XES.format(traces="".join(traces)), "utf-8")
    columns = {"case": "case:concept:name", "organisation": "org:group", "time": "time:timestamp"}
    found = same([path], LogMapping(columns, source="Proef", threshold=0))
    assert found.rows == 18
    assert found.landscape["handovers"].filter(pl.col("from") == "Plaats A")["number"].to_list() == [9]


# --- cells -----------------------------------------------------------------------------------------------
FORMS = ("jjjj-mm-dd", "dd-mm-jjjj", "mm-dd-jjjj", "jjjjmmdd")
DATES = (
    "2024-01-31",
    "31-01-2024",
    "01/31/2024",
    "31.01.2024",
    "20240131",
    "2024/01/31",
    "2024-1-5",
    "5-1-2024",
    "2024-02-30",
    "1989-12-31",
    "2060-01-01",
    "0024-01-31",
    "2024",
    "2024-01",
    "epoch",
    "infinity",
    "today",
    "2024-W05-1",
    "2024-031",
    "2024 01 31",
    "٢٠٢٤-01-31",
)
CLOCKS = (
    "",
    " 10:30",
    "T10:30",
    " 9:05",
    " 10:30:00",
    "T10:30:00Z",
    "T10:30:00.123+02:00",
    "T10:30Z",
    " 10:30 PM",
    " 10:30:61",
    " 24:00",
    " 24:00:00",
    " 23:60",
    "T",
    "T10",
    " x",
    "  10:30",
    " -1:30",
    " 10:30:00 CET",
)
NUMBERS = (
    "12",
    "12,5",
    "12.5",
    " 12 ",
    "-1",
    "+3",
    "1e1",
    "1_0",
    "12d",
    "0x1F",
    "nan",
    "inf",
    ".5",
    "5.",
    "",
    "1e400",
    "9" * 40,
    "12.99",
    "١٢",
    "12 jaar",
)


def odd() -> list[str]:
    """Dates and numbers as they are written, mistyped and never written."""
    chance = random.Random(5)
    made = [day + clock for day in DATES for clock in CLOCKS] + [*NUMBERS]
    for text in [chance.choice(made) for _ in range(20_000)]:
        at = chance.randrange(len(text) + 1)
        made.append(text[:at] + chance.choice("0123456789 -:/T.,Z+ex\t\n\x0b\u00a0_") + text[at + chance.choice([0, 1]) :])
    return made


def test_what_is_a_moment_or_a_number_to_one_is_so_to_the_other(spark: Any, tmp_path: Path) -> None:
    """Engines take different words for a date (today, 2024-01, 24:00) and a number (1_0, 12d); we take what both do."""
    from routekaart.loaders.registrations import referrals as reading

    words = odd()
    found = []
    for name in ("duckdb", "spark"):
        with engine(name, tmp_path) as made:
            table = made.table("words", pl.DataFrame({"n": range(len(words)), "text": words}))
            moments = {form: moment(table.text, form) for form in FORMS}
            amount, text = reading._amount(table.text), reading._text(table.text)
            found.append(made.frame(table.select("n", **moments, amount=amount, text=text).order_by("n")))
    one, other = found
    differ = [(words[n], a, b) for n, (a, b) in enumerate(zip(one.rows(), other.rows(), strict=True)) if a != b]
    assert not differ
    known = {column: one[column].drop_nulls().len() for column in (*FORMS, "amount")}
    assert min(known.values()) > 100, known


# --- a call ----------------------------------------------------------------------------------------------
def refused(spill: Path, master: str) -> EngineError:
    from routekaart.loaders.registrations.spark_session import started

    with pytest.raises(EngineError) as caught, started(spill, master):
        pass
    return caught.value


def test_without_its_extra_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(EngineError) as caught, engine("spark", tmp_path):
        pass
    assert "routekaart[spark]" in str(caught.value)


@pytest.mark.parametrize("master", ["lokaal", "local[0]", "spark://nergens", "http://nergens:7077", "local[2"])
def test_what_is_no_master_is_a_wrong_call(tmp_path: Path, master: str) -> None:
    error = refused(tmp_path, master)
    assert (error.code, error.outside) == ("log-spark-master", False)
    assert master in str(error)


def test_a_master_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        error = refused(tmp_path, f"spark://127.0.0.1:{taken.getsockname()[1]}")
    assert (error.code, error.outside) == ("log-spark-away", True)


def called(arguments: Sequence[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "tmp").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "routekaart.cli", "log", *arguments],
        env={**os.environ, "TMPDIR": str(folder / "tmp"), "PYSPARK_SUBMIT_ARGS": LIGHT, **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert not [*(folder / "tmp").iterdir()]
    return done


def mapped(folder: Path) -> list[str]:
    written(folder / "log.csv", referrals(200, messy=False))
    columns = "\n".join(f'{name} = "{name}"' for name in referrals(1)[0])
    (folder / "m.toml").write_text(f'[log]\nbron = "Proef"\n[kolommen]\n{columns}\n', "utf-8")
    return ["log.csv", "--mapping", "m.toml", "-o", "uit", "--engine", "spark", "--master", "local[1]"]


def test_the_command_says_nothing_of_spark_and_leaves_nothing(spark: Any, tmp_path: Path) -> None:
    """The same bytes as DuckDB writes; no line of Java, no warning, no folder beside what was asked for."""
    arguments = mapped(tmp_path)
    done = called(arguments, tmp_path)
    assert done.returncode == 0, done.stderr
    assert not re.search("warn|spark|java|pandas|log4j", done.stderr, re.IGNORECASE)
    assert {path.name for path in tmp_path.iterdir()} == {"log.csv", "m.toml", "tmp", "uit"}
    (tmp_path / "tmp").rmdir()
    plain = called([*arguments[:4], "duck"], tmp_path)
    assert plain.returncode == 0
    for path in (tmp_path / "uit").iterdir():
        assert path.read_bytes() == (tmp_path / "duck" / path.name).read_bytes(), path.name


def test_without_java_one_sentence(tmp_path: Path) -> None:
    """JAVA_HOME is a folder without Java in it."""
    pytest.importorskip("pyspark")
    done = called(mapped(tmp_path), tmp_path, JAVA_HOME=str(tmp_path))
    assert (done.returncode, done.stdout) == (3, "")
    assert (
        done.stderr
        == "Spark heeft Java 17 of later nodig en vindt: –. Installeer het en laat JAVA_HOME ernaar wijzen; zonder --engine spark rekent DuckDB.\n"
    )
    assert not (tmp_path / "uit").exists()
