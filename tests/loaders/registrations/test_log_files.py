"""The files of a log as they come: delimiters, encodings, quotes, line ends, kinds of dates, and what cannot be read."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routekaart.loaders.registrations.log import EmptyLogError, aggregate
from routekaart.loaders.registrations.mapping import Mapping
from routekaart.loaders.registrations.sources import Columnar, Delimited, LogFileError, source_of
from routekaart.loaders.registrations.texts import to_parquet

#: Ibis asks DuckDB for Arrow in a way that its newer versions call old.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

HEADER = "casus;van;naar;verwezen\n"
ROWS = "1;Café Één;Loket;2025-01-01\n2;Loket;Zorg;2025-01-02\n"
TABLE = [("1", "Café Één", "Loket", "2025-01-01"), ("2", "Loket", "Zorg", "2025-01-02")]
WANTED = ("casus", "van", "naar", "verwezen")
Table = tuple[list[tuple[str | None, ...]], int]


def read(path: Path, headers: Sequence[str] = WANTED) -> Table:
    """The rows of a text file, and how many fit no columns."""
    spill = path.parent / "spill"
    spill.mkdir(exist_ok=True)
    source = source_of(path, 0, headers, spill)
    assert isinstance(source, Delimited)
    with duckdb.connect() as connection:
        target, misfits = to_parquet(connection, source)
    made = pl.read_parquet(target)
    assert tuple(made.columns) == source.wanted
    return made.rows(), misfits


def written(folder: Path, data: str | bytes, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


ALIKE = {
    "plain": HEADER + ROWS,
    "no line end at the end": (HEADER + ROWS).rstrip("\n"),
    "windows": (HEADER + ROWS).replace("\n", "\r\n"),
    "old mac": (HEADER + ROWS).replace("\n", "\r"),
    "line ends of two kinds": HEADER.replace("\n", "\r\n") + ROWS.replace("\n2", "\r\n2"),
    "the other two kinds": HEADER + ROWS.replace("\n2", "\r\n2"),
    "blank lines": HEADER + ROWS.replace("\n", "\n\n"),
    "commas": (HEADER + ROWS).replace(";", ","),
    "tabs": (HEADER + ROWS).replace(";", "\t"),
    "bars": (HEADER + ROWS).replace(";", "|"),
    "every cell quoted": "\n".join(";".join(f'"{c}"' for c in line.split(";")) for line in (HEADER + ROWS).splitlines()),
    "byte-order mark": b"\xef\xbb\xbf" + (HEADER + ROWS).encode(),
    "sep=": "sep=;\n" + HEADER + ROWS,
    "sep= of windows with a mark": b"\xef\xbb\xbf" + ("sep=;\n" + HEADER + ROWS).replace("\n", "\r\n").encode(),
    "sep= says otherwise": ("sep=,\n" + HEADER + ROWS).replace(";", ","),
    "windows-1252": (HEADER + ROWS).encode("cp1252"),
    "windows-1252 in some lines": HEADER.encode() + b"1;Caf\xe9 \xc9\xe9n;Loket;2025-01-01\n2;Loket;Zorg;2025-01-02\n",
    "utf-16": (HEADER + ROWS).encode("utf-16"),
    "utf-16, big end first": b"\xfe\xff" + (HEADER + ROWS).encode("utf-16-be"),
    "utf-16 without a mark": (HEADER + ROWS).encode("utf-16-le"),
    "utf-32": (HEADER + ROWS).encode("utf-32"),
    "a header with a line end": HEADER.replace("van", '"van\nwie"') + ROWS,
    "headers with spaces and capitals": HEADER.replace("casus", " CASUS ").replace("naar", "Naar") + ROWS,
}


@pytest.mark.parametrize("way", ALIKE)
def test_texts_that_say_the_same(way: str, tmp_path: Path) -> None:
    headers = ("casus", "van wie", "naar", "verwezen") if way == "a header with a line end" else WANTED
    assert read(written(tmp_path, ALIKE[way]), headers) == (TABLE, 0)


@pytest.mark.parametrize("name", ["log.csv.gz", "LOG.CSV.GZ", "log[1].csv", "log*.csv", "a'b (1).txt", "c{d}?.tsv"])
def test_names(name: str, tmp_path: Path) -> None:
    """Packed files, and names that an engine could take for a pattern: no other file is read for it."""
    written(tmp_path, HEADER + "9;X;Y;2025-01-01\n", "log1.csv")
    written(tmp_path, HEADER + "9;X;Y;2025-01-01\n", "log2.csv")
    text = (HEADER + ROWS).encode()
    assert read(written(tmp_path, gzip.compress(text) if name.casefold().endswith("gz") else text, name)) == (TABLE, 0)


def test_utf_16_that_is_packed(tmp_path: Path) -> None:
    assert read(written(tmp_path, gzip.compress((HEADER + ROWS).encode("utf-16")), "log.csv.gz")) == (TABLE, 0)


def test_cells_with_everything_in_them(tmp_path: Path) -> None:
    text = HEADER + '1;"a;b";"c\nd";2025-01-01\n2;"e ""f"" g";h "i" j;"2025-01-02"\n3;;"";\n'
    assert read(written(tmp_path, text))[0] == [
        ("1", "a;b", "c\nd", "2025-01-01"),
        ("2", 'e "f" g', 'h "i" j', "2025-01-02"),
        ("3", None, None, None),
    ]


def test_more_than_the_sample_in_another_encoding(tmp_path: Path) -> None:
    """The first megabyte says nothing of what comes after it."""
    many = "".join(f"{n};Loket;Zorg;2025-01-01\n" for n in range(60_000))
    rows, misfits = read(written(tmp_path, (HEADER + many + "x;Café;Zorg;2025-01-01\n").encode("cp1252")))
    assert (len(rows), misfits) == (60_001, 0)
    assert ("x", "Café", "Zorg", "2025-01-01") in rows
    rows, misfits = read(written(tmp_path, (HEADER + many).encode("utf-16")))
    assert (len(rows), misfits) == (60_000, 0)


def test_rows_that_fit_no_columns(tmp_path: Path) -> None:
    """Too few or too many cells: left out and counted, whichever columns are wanted."""
    text = HEADER + ROWS + "3;A\n4;A;B;2025-01-01;x;y\n5;A;B\n" + ROWS
    for headers in (WANTED, WANTED[:2]):
        rows, misfits = read(written(tmp_path, text), headers)
        assert rows == [row[: len(headers)] for row in TABLE] * 2
        assert misfits == 3


def test_a_quote_that_never_closes(tmp_path: Path) -> None:
    """Everything after it would be one cell, and lost."""
    with pytest.raises(LogFileError, match=r"log\.csv.* line 4") as told:
        read(written(tmp_path, HEADER + ROWS + '3;"A;B;2025-01-01\n' + ROWS))
    assert told.value.code == "log-open-quote"
    # in the last row it costs that row alone
    assert read(written(tmp_path, HEADER + ROWS + '3;"A;B;2025-01-01\n')) == (TABLE, 1)


REFUSED: dict[str, tuple[str | bytes | None, str, str]] = {
    "not there": (None, "log.csv", "log-no-file"),
    "empty": (b"", "log.csv", "log-empty"),
    "blank": (b" \n\n", "log.csv", "log-empty"),
    "another kind": (HEADER + ROWS, "log.pdf", "log-file-kind"),
    "no kind": (HEADER + ROWS, "log", "log-file-kind"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(200), "log.csv", "log-file-kind"),
    "packed under another name": (gzip.compress(b"x"), "log.csv", "log-file-kind"),
    "no parquet": (HEADER + ROWS, "log.parquet", "log-file-kind"),
    "half a parquet": (b"PAR1" + bytes(100), "log.parquet", "log-file-kind"),
    "an empty parquet": (b"", "log.parquet", "log-file-kind"),
    "packed parquet": (gzip.compress(b"PAR1PAR1"), "log.parquet.gz", "log-file-kind"),
    "not packed": (HEADER + ROWS, "log.csv.gz", "log-gzip"),
    "packed by half": (gzip.compress((HEADER + ROWS * 9).encode())[:-12], "log.csv.gz", "log-gzip"),
    "no such column": ("casus;wie;verwezen\n1;A;2025-01-01\n", "log.csv", "log-no-column"),
    "no such column in utf-16": ("casus;wie\n1;A\n".encode("utf-16"), "log.csv", "log-no-column"),
    "a column twice": (HEADER.replace("naar", "van") + ROWS, "log.csv", "log-no-column"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_refused(why: str, tmp_path: Path) -> None:
    """One sentence, with the file as the user named it."""
    data, name, key = REFUSED[why]
    path = tmp_path / name
    if data is not None:
        written(tmp_path, data, name)
    with pytest.raises(LogFileError) as told:
        read(path)
    assert told.value.code == key
    assert str(path) in str(told.value)


def test_a_packed_file_that_stops_after_the_sample(tmp_path: Path) -> None:
    rows = "".join(f"{n * 7919 % 1_000_003};A;B;2025-01-01\n" for n in range(200_000))
    with pytest.raises(LogFileError) as told:
        read(written(tmp_path, gzip.compress((HEADER + rows).encode())[:-1000], "log.csv.gz"))
    assert told.value.code == "log-gzip"


def test_a_missing_column_lists_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(LogFileError, match=r"has no column: naar, verwezen\. There are: casus, van, wie"):
        read(written(tmp_path, "casus;van;wie\n1;A;B\n"))


# --- whole logs ----------------------------------------------------------------------------------------
def test_one_form_for_all_dates_of_a_file(tmp_path: Path, logs: ModuleType) -> None:
    """25 January can only be month first; so 2/1 is the first of February, also where a column leaves it in doubt."""
    text = "casus;van;naar;verwezen;gestart\n1;A;B;1/25/2025;2/1/2025\n2;A;B;2/10/2025;\n"
    made = aggregate([written(tmp_path, text)], logs.mapping(("casus", "van", "naar", "verwezen", "gestart")))
    assert logs.Told(made).handovers["A", "B"][:2] == (2, 1.0)
    assert (made.since, made.until) == (date(2025, 1, 25), date(2025, 2, 10))


def test_parquet_and_text_together(tmp_path: Path, logs: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Types, a dictionary, whole numbers as cases, another order and case of columns: one family is one family."""
    monkeypatch.setenv("TZ", "America/New_York")
    day = datetime(2025, 1, 1, 23, 30)
    frame = pl.DataFrame(
        {
            "Gestart": pl.Series([day + timedelta(days=7), None, None], dtype=pl.Datetime("ms")),
            "NAAR": pl.Series(["B", "B", "B"], dtype=pl.Categorical),
            "leeftijd": pl.Series([3, None, 12], dtype=pl.Int16),
            "verwezen": pl.Series([day] * 3).dt.replace_time_zone("UTC"),
            "casus": [7, 8, None],
            "van": ["A", "A", "A"],
        }
    )
    frame.write_parquet(tmp_path / "typed[1].parquet")
    days = pl.DataFrame(
        {"casus": ["9"], "van": ["A"], "naar": ["B"], "verwezen": [date(2025, 1, 2)], "gestart": [None], "leeftijd": ["12,5"]}
    )
    days.write_parquet(tmp_path / "days.parquet")
    text = written(tmp_path, "leeftijd;naar;van;casus;verwezen;gestart\n;C;B;7;02-01-2025;\n\n", "more.csv")
    columns = ("casus", "van", "naar", "verwezen", "gestart", "leeftijd")
    made = aggregate([tmp_path / "typed[1].parquet", tmp_path / "days.parquet", text], logs.mapping(columns))
    assert (made.rows, made.used, made.apart) == (5, 4, {"no-case": 1})
    assert (made.since, made.until, made.by_day) == (date(2025, 1, 1), date(2025, 1, 2), False)
    told = logs.Told(made)
    # the start a week later is after the last day of the log: nobody's turn has come; family 7 is one and the same
    assert {pair: row[0] for pair, row in told.handovers.items()} == {("A", "B"): 3, ("B", "C"): 1}
    assert told.routes == {("A", "B", "", 1, ""): 1, ("A", "B", "", 0, ""): 1, ("A", "B", "", 3, ""): 1, ("B", "C", "", 0, ""): 1}
    assert told.onward["A", "B", 2025] == (3, 0)


def test_ages(tmp_path: Path, logs: ModuleType) -> None:
    """Whole years or parts of them, the Dutch way or the English; what is no age of 0 to 23 is not known."""
    ages = {"0": 1, "3,9": 1, "3.99": 1, "4": 2, "11": 2, "12": 3, "12,5": 3, "12.5": 3, " 17 ": 3, "18": 4, "22,9": 4}
    ages |= dict.fromkeys(("23", "x", "-1", "200", "12 jaar", "", "nan"), 0)
    rows = [
        {"casus": str(n), "van": "A", "naar": f"B{n}", "verwezen": "2025-01-01", "leeftijd": age} for n, age in enumerate(ages)
    ]
    told = logs.Told(logs.counted(tmp_path, rows))
    assert told.routes == {("A", f"B{n}", "", band, ""): 1 for n, band in enumerate(ages.values())}


def test_why_rows_are_apart(tmp_path: Path, logs: ModuleType) -> None:
    """Each reason once or more; the first that is looked at counts."""
    rows = logs.rows_of(
        """
        1, A, B, 2025-01-01
        1, A, B, 2025-03-01, 2025-03-05
         , A, B, 2025-01-01
         , , , x
        2, A, , 2025-01-01
        3, A, B, gisteren
        4, A, B, 1985-01-01
        5, A, B, 2025-01-01, binnenkort
        6, A, B, 2025-07-01
        7, A, Jan de Vries, 2025-01-01
        8, dhr. J. Jansen, B, 2025-01-01
        9, A, weg, 2025-01-01
        10, A, A, 2025-01-01
        11, uitval, A, 2025-01-01
        12, A, uitkomst:weg, 2025-01-01
        """
    )
    rows += [
        {"casus": "13", "van": "A", "naar": "  ", "verwezen": "2025-01-01"},
        {"casus": "14", "van": " ", "naar": "B", "verwezen": "2025-01-01"},
    ]
    path = written(tmp_path, logs.csv_of(rows) + "15;A;B\n")
    made = aggregate([path], logs.mapping(reference_date="2025-06-30", organisations={"Weg": ""}))
    assert made.apart == {
        "no-case": 2,
        "no-organisation": 2,
        "no-moment": 2,
        "bad-start": 1,
        "after-reference": 1,
        "unknown-organisation": 4,
        "within": 2,
        "bad-line": 1,
    }
    assert made.persons == 2
    assert (made.rows, made.used) == (18, 3)
    assert {pair: row[0] for pair, row in logs.Told(made).handovers.items()} == {("A", "B"): 1}


_CELLS = st.sampled_from(["", "1", "2", "A", "B", "2025-01-01", "1-2-2025", "x", "uitval", '"A"', '"B;C"', "2030-01-01", " "])


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.lists(_CELLS, min_size=1, max_size=6), min_size=1, max_size=60))
def test_every_row_is_used_or_apart(rows: list[list[str]], logs: ModuleType, tmp_path_factory: Any) -> None:
    path = written(tmp_path_factory.mktemp("log"), "casus;van;naar;verwezen\n" + "".join(";".join(row) + "\n" for row in rows))
    # a line of nothing is no row; cells too many that are empty do no harm
    lines = sum(any(row) or len(row) > 1 for row in rows)
    try:
        made = aggregate([path], logs.mapping(WANTED))
        found = made.rows, made.used + sum(made.apart.values())
    except EmptyLogError as told:
        found = told.values["rows"], lines
    assert found == (lines, lines)


def test_nothing_but_a_header(tmp_path: Path, logs: ModuleType) -> None:
    for n, text in enumerate((HEADER, HEADER.strip())):
        with pytest.raises(EmptyLogError, match="None of the 0 rows"):
            aggregate([written(tmp_path, text, f"{n}.csv")], logs.mapping(WANTED))


def test_too_many_organisations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logs: ModuleType) -> None:
    """A column of millions of different words is no column of organisations: what does not fit in one number is refused."""
    from routekaart.loaders.registrations import codes

    monkeypatch.setattr(codes, "_MOST_BITS", 30)
    rows = [{"casus": str(n), "van": f"O{n}", "naar": f"P{n}", "verwezen": "2025-01-01"} for n in range(40)]
    with pytest.raises(codes.CodesError, match="80") as told:
        logs.counted(tmp_path, rows)
    assert told.value.code == "log-too-many-words"


def test_columnar_stays_where_it_is(tmp_path: Path) -> None:
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "log.pq")
    assert source_of(tmp_path / "log.pq", 0, (), tmp_path) == Columnar(tmp_path / "log.pq")


def test_a_mapping_without_a_date_form_of_its_own(tmp_path: Path) -> None:
    """datumvorm says it where the dates leave it in doubt: 2/1 and 3/1 are in February and March to who writes them so."""
    path = written(tmp_path, "c;n;v\n1;B;2/1/2025\n2;B;3/1/2025\n")
    given = Mapping({"case": "c", "to": "n", "referred": "v"}, "x", date_form="mm-dd-jjjj", threshold=0)
    assert aggregate([path], given).since == date(2025, 2, 1)
