"""Nothing of a case leaves a log: no id on the disk, in a table or a message; no folder behind; no names, no numbers of citizens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from routekaart.loaders.privacy.numbers import passes_eleven_test
from routekaart.loaders.registrations import log as room
from routekaart.loaders.registrations.engine import EngineError
from routekaart.loaders.registrations.log import EmptyLogError, aggregate
from routekaart.loaders.registrations.privacy import RefusedError

#: Ibis asks DuckDB for Arrow in a way that its newer versions call old.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

HEADERS = ("casus", "van", "naar", "verwezen", "gestart", "gemeente")
M_TOML = "[kolommen]\n" + "".join(f'{h} = "{h}"\n' for h in HEADERS)
#: What stands in the column of cases, and nowhere else.
MARK = "zq7x"


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of one's own for what is temporary: all that is left in it was left behind."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def rows_of(number: int) -> list[dict[str, str]]:
    return [
        {
            "casus": f"{MARK}{n:05d}",
            "van": "Huisarts",
            "naar": ("Loket", "Praktijk")[n % 3 == 0],
            "verwezen": f"2025-0{1 + n % 9}-11",
            "gestart": f"2025-0{1 + n % 9}-21" if n % 4 else "",
            "gemeente": "Ede",
        }
        for n in range(number)
    ]


def test_ids_that_look_like_nothing(logs: ModuleType, tmp_path: Path) -> None:
    """Each is a case of its own; only an empty cell is none. Spaces around an id are no part of it, those inside are."""
    ids = [
        "NA",
        "N/A",
        "EMPTY",
        "null",
        "NULL",
        "None",
        "NaN",
        "nan",
        "0",
        "-",
        "?",
        "a b",
        "a  b",
        "\\N",
        "true",
        "1e5",
        "100000",
        "é",
    ]
    rows = [{"casus": i, "van": "A", "naar": "B", "verwezen": "2025-01-01"} for i in ids]
    rows += [{**rows[0], "casus": i} for i in ("", "  ", " NA ", "null")]
    made = logs.counted(tmp_path, rows, HEADERS)
    assert made.apart == {"no-case": 2}
    assert logs.Told(made).handovers["A", "B"][0] == len(ids)


def call(folder: Path, private: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "routekaart.cli", "log", *arguments],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(private)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_no_id_comes_out(logs: ModuleType, tmp_path: Path, private: Path) -> None:
    """Rows of every kind, marked cases: no byte of them in the folder, in what is printed or in what is said."""
    rows = rows_of(200)
    rows += [
        {**rows[0], "casus": f"{MARK}-date", "verwezen": "nooit"},
        {**rows[0], "casus": f"{MARK}-start", "gestart": "straks"},
        {**rows[0], "casus": f"{MARK}-place", "gemeente": "Verweggistan"},
        {**rows[0], "casus": f"{MARK}-person", "naar": "Jan de Vries"},
        {**rows[0], "casus": f"{MARK}-within", "naar": "Huisarts"},
    ]
    (tmp_path / "log.csv").write_text(logs.csv_of(rows, HEADERS) + f"{MARK}-few;A\n", "utf-8")
    (tmp_path / "m.toml").write_text(M_TOML, "utf-8")
    process = call(tmp_path, private, "log.csv", "--mapping", "m.toml", "-o", "uit", "--format", "json")
    out, err = process.communicate()
    assert process.returncode == 1  # rows apart
    files = {path.name: path.read_bytes() for path in (tmp_path / "uit").iterdir()}
    assert {"routes.csv", "wachttijden.csv", "vraag.csv", "uitstroom.csv", "heen_en_weer.csv", "overdrachten.csv"} < files.keys()
    for name, content in {**files, "stdout": out, "stderr": err}.items():
        for word in (MARK, "Jan de Vries", "Verweggistan"):
            assert word.encode() not in content, (name, word)
    # nor as anything else: no file holds as many rows as there are families
    assert all(content.count(b"\n") < 40 for name, content in files.items() if name.endswith(".csv"))


def test_nothing_is_left_when_it_fails_halfway(
    logs: ModuleType, tmp_path: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def broken(*given: object) -> None:
        seen.extend(private.iterdir())
        raise MemoryError

    monkeypatch.setattr(room, "tallies", broken)
    with pytest.raises(MemoryError):
        logs.counted(tmp_path, rows_of(10), HEADERS)
    assert len(seen) == 1
    assert seen[0].name.startswith(f"routekaart-log.{os.getpid()}.")


@pytest.mark.skipif(os.name != "posix", reason="no one else can be kept out of a folder here")
def test_the_folder_is_of_this_user_alone(
    logs: ModuleType, tmp_path: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = []
    original = room.source_of

    def looked(*given: object) -> object:
        modes.extend(path.stat().st_mode & 0o777 for path in private.iterdir())
        return original(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(room, "source_of", looked)
    logs.counted(tmp_path, rows_of(10), HEADERS)
    assert modes == [0o700]


def test_what_a_killed_process_left_is_removed(logs: ModuleType, tmp_path: Path, private: Path) -> None:
    """By the next one; what belongs to a process that runs stays."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left, other = private / f"routekaart-log.{gone.pid}.abc", private / f"routekaart-log.{os.getppid()}.abc"
    for folder in (left, other):
        folder.mkdir()
        (folder / "0.parquet").write_text("x")
    logs.counted(tmp_path, rows_of(10), HEADERS)
    assert not left.exists()
    assert (other / "0.parquet").exists()
    (other / "0.parquet").unlink()
    other.rmdir()


@pytest.mark.skipif(os.name != "posix", reason="no SIGTERM here")
def test_nothing_is_left_when_it_is_asked_to_stop(logs: ModuleType, tmp_path: Path, private: Path) -> None:
    (tmp_path / "log.csv").write_text(logs.csv_of(rows_of(300_000), HEADERS), "utf-8")
    (tmp_path / "m.toml").write_text(M_TOML, "utf-8")
    process = call(tmp_path, private, "log.csv", "--mapping", "m.toml", "-o", "uit")
    deadline = time.monotonic() + 60
    while not list(private.glob("routekaart-log.*/*")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate()
    assert process.returncode == 128 + signal.SIGTERM
    assert out == b""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log.csv", "m.toml", "temporary"]


def test_persons_are_not_read(logs: ModuleType, tmp_path: Path) -> None:
    rows = [{**row, "casus": str(n)} for n, row in enumerate(rows_of(1) * 40)]
    for row, name in zip(rows, ("Jan de Vries", "mw. A. Bakker", "piet.jansen@gmail.example"), strict=False):
        row["naar"] = name
    made = logs.counted(tmp_path, rows, HEADERS)
    assert (made.persons, made.apart) == (3, {"unknown-organisation": 3})
    assert {pair: row[0] for pair, row in logs.Told(made).handovers.items()} == {("Huisarts", "Praktijk"): 37}


def test_citizen_service_numbers_are_refused(logs: ModuleType, tmp_path: Path, private: Path) -> None:
    """As cases or anywhere else that is read, as text or as numbers; the sentence names the column and no number."""
    numbers = [text for n in range(123456700, 123460000) if passes_eleven_test(text := str(n))][:40]
    rows = rows_of(40)
    for header in ("casus", "van"):
        for row, number in zip(rows, numbers, strict=True):
            row[header] = number
        with pytest.raises(RefusedError) as told:
            logs.counted(tmp_path, rows, HEADERS)
        assert told.value.code == "log-citizen-numbers"
        assert header in str(told.value)
        assert not any(number in str(told.value) for number in numbers)
        rows = rows_of(40)
    import polars as pl

    frame = pl.DataFrame({"casus": [int(n) for n in numbers], "naar": "A", "verwezen": "2025-01-01"})
    frame.write_parquet(tmp_path / "log.parquet")
    with pytest.raises(RefusedError):
        aggregate([tmp_path / "log.parquet"], logs.mapping(("casus", "naar", "verwezen")))


def test_words_of_few_rows_are_counted_only(logs: ModuleType, tmp_path: Path) -> None:
    """A word in a column of municipalities may be about somebody: it is named when it stands in enough rows."""
    rows = rows_of(30)
    for n, row in enumerate(rows):
        row["gemeente"] = "Verweggistan" if n < 10 else "bij oma" if n < 13 else "x" * 60 if n < 26 else "Ede"
    made = logs.counted(tmp_path, rows, HEADERS, threshold=10)
    assert made.unknown == {"municipality": {"Verweggistan": 10, "": 16}}


def test_nothing_used(logs: ModuleType, tmp_path: Path, private: Path) -> None:
    with pytest.raises(EmptyLogError) as told:
        logs.counted(tmp_path, [{**row, "verwezen": "?"} for row in rows_of(3)], HEADERS)
    assert told.value.code == "log-nothing-used"


def test_without_the_extra(logs: ModuleType, tmp_path: Path, private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ibis", None)
    with pytest.raises(EngineError, match=r"routekaart\[log\]") as told:
        logs.counted(tmp_path, rows_of(3), HEADERS)
    assert told.value.code == "log-no-engine"
