"""log as its users call it: what it prints in each form and both languages, what it writes, and its exit codes."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from routekaart.cli import language as spoken
from routekaart.cli.app import run
from routekaart.graph.exports import tables as writing
from routekaart.graph.schema import TABLES
from routekaart.loaders.read import read
from routekaart.loaders.registrations import duckdb
from routekaart.loaders.registrations import log as room
from routekaart.loaders.registrations.log import Aggregates, aggregate
from routekaart.loaders.registrations.mapping import Mapping
from routekaart.ontology.catalogue import text

#: Ibis asks DuckDB for Arrow in a way that its newer versions call old.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

HEADERS = ("casus", "van", "naar", "verwezen", "gestart", "gemeente", "leeftijd", "thema", "uitkomst")
M_TOML = (
    '[log]\nbron = "Wijkteam Noord"\npeildatum = 2025-12-31\n[kolommen]\n'
    + "".join(f'{h} = "{h}"\n' for h in HEADERS)
    + '[organisaties]\nHuisarts = "rol:huisarts"\n'
)
WRITTEN = {"routes.csv", "wachttijden.csv", "vraag.csv", "uitstroom.csv", "heen_en_weer.csv", "overdrachten.csv"}
Call = Callable[..., tuple[int, str, str]]
#: What was counted of a log and a mapping; most tests here are about what is done with it.
KNOWN: dict[tuple[Any, ...], Aggregates] = {}


def counted(files: list[Path], mapping: Mapping, **given: Any) -> Aggregates:
    key = (*((path.name, path.read_bytes()) for path in files if path.is_file()), repr(mapping), given["lang"], given["engine"])
    if key not in KNOWN:
        KNOWN[key] = aggregate(files, mapping, **given)
    return KNOWN[key]


def rows_of() -> list[list[str]]:
    """60 families from the GP to the desk, 40 on to a practice, of whom 15 back to the desk; and 3 elsewhere."""
    rows = []
    for n in range(60):
        day = date(2025, 1, 1) + timedelta(days=4 * n)
        about = ["Ede", "12" if n % 2 else "3", "scheiding", ""]
        rows.append([f"f{n}", "Huisarts", "Loket Noord", day.isoformat(), (day + timedelta(days=7)).isoformat(), *about])
        if n < 40:
            then = day + timedelta(days=30)
            start = "" if n % 4 == 0 else (then + timedelta(days=n)).isoformat()
            rows.append([f"f{n}", "Loket Noord", "Praktijk Zuid", then.isoformat(), start, *about])
        if n < 15:
            rows.append([f"f{n}", "Praktijk Zuid", "Loket Noord", (day + timedelta(days=60)).isoformat(), "", *about])
        if n >= 57:
            rows.append([f"f{n}", "Loket Noord", "Praktijk West", "2025-12-01", "", *about])
    return rows


def write_log(folder: Path, rows: list[list[str]]) -> None:
    target = io.StringIO()
    csv.writer(target, delimiter=";", lineterminator="\n").writerows([HEADERS, *rows])
    (folder / "log.csv").write_text(target.getvalue(), "utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "m.toml").write_text(M_TOML, "utf-8")
    write_log(tmp_path, rows_of())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """One call of log in this process: exit code, what it printed, what it said beside that."""

    def called(*more: str, files: tuple[str, ...] = ("log.csv",), out: str = "uit") -> tuple[int, str, str]:
        monkeypatch.delenv("ROUTEKAART_LANG", raising=False)
        spoken.language.cache_clear()
        arguments = ["log", *files, "--mapping", "m.toml", "-o", out, *more]
        monkeypatch.setattr(sys, "argv", ["routekaart", *arguments])  # where the language is looked up
        monkeypatch.setattr(room, "aggregate", counted)
        code = run(arguments)
        return code, *capsys.readouterr()

    yield called
    monkeypatch.undo()
    spoken.language.cache_clear()


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_it_says(folder: Path, call: Call) -> None:
    """103 + 15 rows: GP 60, practice 40, back 15, three too few to show."""
    code, out, err = call()
    assert code == 0
    text = " ".join(out.split())
    assert "Wijkteam Noord: wat het log laat zien, 2025-01-01 t/m 2025-12-31" in text
    assert "118 rijen gelezen, 118 gebruikt, 0 apart gezet" in text
    assert "Praktijk West weinig" in text  # three of them
    assert "rol:huisarts Loket Noord 60 1" in text
    # a reference date in the mapping is no assumption; a year is no short log
    assert "Peildatum" not in err
    assert "Geschreven naar" in err
    assert "routekaart diff OUT --log" in err


def test_in_english(folder: Path, call: Call) -> None:
    code, out, err = call("--lang", "en")
    assert code == 0
    assert "Wijkteam Noord: what the log shows, 2025-01-01 to 2025-12-31" in out
    assert "118 rows read, 118 used, 0 set apart" in out
    assert "Written to" in err
    note = (folder / "uit" / "README.md").read_text("utf-8")
    assert note.startswith("This folder was made with `routekaart log` from: Wijkteam Noord")


def test_json(folder: Path, call: Call) -> None:
    code, out, _ = call("--format", "json")
    assert code == 0
    answer = json.loads(out)
    assert answer["question"] == "log"
    assert answer["rows"] == {"read": 118, "used": 118, "apart": {}}
    assert answer["threshold"] == 10
    assert answer["tables"] == {
        "routes": len(answer["routes"]),
        "wachttijden": answer["tables"]["wachttijden"],
        "vraag": 2,  # of two ages 30 families each
        "uitstroom": answer["tables"]["uitstroom"],
        "heen_en_weer": 1,
        "overdrachten": 4,
    }
    ways = {(row["from"], row["to"]): row for row in answer["handovers"]}
    # 7 days; of the forty that went on, thirty began after n days: 1 2 3 5 6 7 9 …, median 20; 23 days at the desk since the start
    first, second = ways["rol:huisarts", "Loket Noord"], ways["Loket Noord", "Praktijk Zuid"]
    assert (first["number"], first["weeks_median"], first["weeks_p95"]) == (60, 1.0, 1.0)
    assert (second["number"], second["weeks_median"], second["stay_weeks_median"]) == (40, round(20 / 7, 1), round(23 / 7, 1))
    few = ways["Loket Noord", "Praktijk West"]
    assert few == {**dict.fromkeys(few), "from": "Loket Noord", "to": "Praktijk West", "suppressed": True}
    waits = {row["on"]: row for row in answer["waits"]}
    assert waits.keys() == {"Loket Noord", "Praktijk Zuid"}
    assert (waits["Praktijk Zuid"]["number"], waits["Praktijk Zuid"]["censored"]) == (40, 10)
    # what is said is what is written
    receipt = json.loads((folder / "uit" / "log.json").read_text("utf-8"))
    assert {k: v for k, v in receipt.items() if k != "format"}.items() <= answer.items()


def test_csv_and_markdown(folder: Path, call: Call) -> None:
    code, out, _ = call("--format", "csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert {("rol:huisarts", "Loket Noord"), ("Loket Noord", "Praktijk West")} <= {(r["from"], r["to"]) for r in rows}
    code, out, _ = call("--format", "md")
    assert code == 0
    assert "## Wie verwees naar wie" in out
    assert "| rol:huisarts | Loket Noord | 60 |" in out


def test_rows_apart_are_said(folder: Path, call: Call) -> None:
    """Exit code 1, each reason in a sentence, and what could not be understood."""
    rows = rows_of()
    write_log(
        folder,
        [
            *rows,
            ["", "A", "B", "2025-01-01", "", "Ede", "", "", ""],
            ["x1", "A", "", "2025-01-01", "", "Ede", "", "", ""],
            ["x2", "A", "B", "nooit", "", "Ede", "", "", ""],
            ["x3", "A", "B", "2025-01-01", "straks", "Ede", "", "", ""],
            ["x4", "A", "B", "2026-01-01", "", "Ede", "", "", ""],
            ["x5", "A", "Jan de Vries", "2025-01-01", "", "Ede", "", "", ""],
            ["x6", "A", "A", "2025-01-01", "", "Ede", "", "", ""],
            ["x7", "A"],
            ["x8", "Loket Noord", "Praktijk Zuid", "2025-03-01", "2025-02-01", "Verweggistan", "", "ruis", "gedoe"],
            *([f"y{n}", "Loket Noord", "Praktijk Zuid", "2025-03-01", "", "Buitenland", "", "", ""] for n in range(12)),
        ],
    )
    code, out, err = call()
    assert code == 1
    assert "139 rijen gelezen, 131 gebruikt, 8 apart gezet" in " ".join(out.split())
    for said in (
        "1 rijen zonder casus",
        "1 rijen zonder organisatie waar het heen ging",
        "1 rijen zonder leesbare datum",
        "1 rijen met een onleesbare startdatum",
        "1 rijen van na de peildatum",
        "1 rijen zijn apart gezet omdat hun organisatie een persoon is",
        "1 rijen blijven binnen één organisatie",
        "1 rijen hebben meer of minder cellen",
        "1 rijen noemen een persoon",
        "1 verwijzingen begonnen volgens het log vóór de verwijzing",
        "Buitenland (12)",
        "In 1 rijen staat een gemeente die wij niet kennen",
        "In 1 rijen staat een thema dat wij niet kennen",
        "In 1 rijen staat een uitkomst die wij niet kennen",
        "De tijden in het log zijn dagen zonder uur",
    ):
        assert said in err, said
    assert "Verweggistan" not in out + err
    receipt = json.loads((folder / "uit" / "log.json").read_text("utf-8"))
    assert sum(receipt["rows"]["apart"].values()) == 8
    assert receipt["unknown_words"] == {"municipality": {"": 1, "Buitenland": 12}, "theme": {"": 1}, "outcome": {"": 1}}


def test_what_is_assumed_is_said(folder: Path, call: Call) -> None:
    (folder / "m.toml").write_text(M_TOML.replace("peildatum = 2025-12-31", "drempel = 0"), "utf-8")
    write_log(folder, rows_of()[:50])
    _, _, err = call()
    assert "Peildatum: 2025-" in err
    assert "Het log beslaat minder dan een jaar" in err
    assert "drempel = 0" in err


@pytest.mark.parametrize(
    ("arguments", "files", "code", "part"),
    [
        (("--master", "local"), ("log.csv",), 2, "--master hoort bij --engine spark"),
        ((), ("weg.csv",), 2, "Het bestand weg.csv bestaat niet"),
        ((), ("m.toml",), 2, "is geen log dat wij lezen"),
        (("--engine", "abacus"), ("log.csv",), 2, "abacus"),
        (("-o", "log.csv/uit"), ("log.csv",), 3, ""),
        (("-o", "log.csv"), ("log.csv",), 2, "log.csv bestaat al"),
        (("--mapping", "weg.toml"), ("log.csv",), 2, "De mapping weg.toml bestaat niet"),
    ],
)
def test_calls_that_fail(
    arguments: tuple[str, ...], files: tuple[str, ...], code: int, part: str, folder: Path, call: Call
) -> None:
    """One sentence, nothing printed, nothing written."""
    before = content(folder)
    found, out, err = call(*arguments, files=files)
    assert found == code
    assert part in err
    assert out == ""
    assert content(folder) == before


def test_nothing_of_use(folder: Path, call: Call) -> None:
    (folder / "m.toml").write_text(M_TOML.replace("peildatum = 2025-12-31", "peildatum = 2020-12-31"), "utf-8")
    code, out, err = call()
    assert (code, out) == (2, "")
    assert "Geen van de 118 rijen is bruikbaar" in err
    assert not (folder / "uit").exists()


def test_only_what_log_wrote_is_overwritten(folder: Path, call: Call) -> None:
    out = folder / "uit"
    out.mkdir()
    assert call()[0] == 0  # an empty folder is free
    (out / "oud.csv").write_text("x")
    assert call()[0] == 0  # as is what log made, with all that is in it
    assert content(out).keys() == {*WRITTEN, "routekaart.toml", "LEESMIJ.md", "log.json"}
    (out / "log.json").unlink()
    before = content(out)
    code, _, err = call()
    assert code == 2
    assert "is niet door `routekaart log` gemaakt" in err
    assert content(out) == before


def test_the_folder_appears_whole_or_not_at_all(folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(*given: Any) -> Iterator[tuple[str, bytes]]:
        yield "routes.csv", b"x"
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(writing, "tables", half)
        assert call()[0] == 3
        assert sorted(content(folder)) == ["log.csv", "m.toml"]
    assert call()[0] == 0
    before = content(folder / "uit")
    with monkeypatch.context() as broken:
        broken.setattr(writing, "tables", half)
        assert call()[0] == 3
    assert content(folder / "uit") == before
    assert sorted(path.name for path in folder.iterdir()) == ["log.csv", "m.toml", "uit"]


def test_too_little_memory_is_one_sentence(folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duckdb, "_MOST", 1 << 20)  # DuckDB cannot make the smallest table of that
    KNOWN.clear()
    code, out, err = call()
    assert (code, out) == (3, "")
    told = "log-duckdb-stopped"
    assert err == text(f"errors.{told}", why="OutOfMemoryException", path=tempfile.gettempdir()) + "\n"
    assert not (folder / "uit").exists()


def test_a_parquet_file_that_is_damaged_inside_is_one_sentence_without_its_cells(folder: Path, call: Call) -> None:
    frame = pl.DataFrame({h: [f"{h} {n}" for n in range(2_000)] for h in HEADERS})
    frame.write_parquet(folder / "log.parquet", compression="uncompressed", use_pyarrow=True)
    data = bytearray((folder / "log.parquet").read_bytes())
    data[4:2_000] = bytes(1_996)  # pages of the first column; the footer stays
    (folder / "log.parquet").write_bytes(data)
    code, out, err = call(files=("log.parquet",))
    assert (code, out) == (3, "")
    told = "log-duckdb-failed"
    before, after = text(f"errors.{told}", why="§").split("§")
    assert err.startswith(before)
    assert err.endswith(after + "\n")
    assert "casus" not in err
    assert not (folder / "uit").exists()


def test_the_same_log_gives_the_same_bytes(folder: Path, call: Call) -> None:
    """A second time, and with its rows in another order."""
    rows = rows_of()
    for out in ("een", "twee", "drie"):
        KNOWN.clear()
        assert call(out=out)[0] == 0
        Random(1).shuffle(rows)
        if out == "twee":
            write_log(folder, rows)
    first = content(folder / "een")
    assert content(folder / "twee") == first
    assert content(folder / "drie") == first


def test_the_result_is_a_data_folder(folder: Path, call: Call) -> None:
    """Beside a list of partners with these names it is read without a fault, and says what it said."""
    assert call()[0] == 0
    data = folder / "data"
    shutil.copytree(folder / "uit", data)
    settings = tomllib.loads((data / "routekaart.toml").read_text("utf-8"))
    assert settings["regio"]["peildatum"] == "2025-12-31"
    assert settings["instellingen"]["drempel"] == 10
    partners = "id,naam,rollen,gemeenten\n" + "".join(
        f"P{n},{name},jeugdhulp,Ede\n" for n, name in enumerate(("Loket Noord", "Praktijk Zuid", "Praktijk West"))
    )
    (data / "partners.csv").write_text(partners, "utf-8")
    reading = read(data)
    assert [f for f in reading.findings if f.severity == "fout"] == []
    found = reading.landscape
    ways = {(row["from"], row["to"]): row["number"] for row in found["handovers"].to_dicts()}
    assert ways == {("rol:huisarts", "P0"): 60, ("P0", "P1"): 40, ("P1", "P0"): 15, ("P0", "P2"): None}
    assert {(row["from"], row["to"]): row["number"] for row in found["back_and_forth"].to_dicts()} == {("P0", "P1"): 15}
    assert found["demand"]["per_year"].to_list() == [30, 30]
    waits = {row["on"][0]: row for row in found["waits"].to_dicts()}
    assert (waits["P1"]["number"], waits["P1"]["censored"]) == (40, 10)
    assert found["outflow"].filter(found["outflow"]["to"] == "P0")["returned"].to_list() == [15]
    assert run(["check", str(data)]) == 0


def test_headers_are_those_of_the_schema(folder: Path, call: Call) -> None:
    """Dutch headers that are declared, and no number under the threshold in a column that counts."""
    assert call()[0] == 0
    for name in sorted(WRITTEN):
        table = next(t for t in TABLES.values() if f"{t.nl}.csv" == name)
        rows = list(csv.DictReader(io.StringIO((folder / "uit" / name).read_text("utf-8"))))
        assert {*rows[0]} <= {column.nl for column in table.headed}, name
        for column in ("aantal", "aantal_per_jaar", "gecensureerd", "waarvan_terug", "zonder_start"):
            assert not [row for row in rows if row.get(column) and 0 < int(row[column]) < 10], (name, column)


def test_every_sentence_about_a_log_is_heard_in_some_test() -> None:
    tests = Path(__file__).parent.parent
    texts = tomllib.loads((tests.parent / "ontology" / "texts" / "errors.toml").read_text("utf-8"))
    source = "\n".join(path.read_text("utf-8") for path in tests.glob("**/test_*.py"))
    unheard = {code for code in texts if code.startswith("log-") and f'"{code}"' not in source}
    # the first two are told in sentences of this file
    assert unheard - {"log-master-without-spark", "log-would-overwrite"} <= {
        code for code in texts if "spark" in code or "java" in code
    }
