"""Counts of families below the threshold, one in every column that holds them: they are in no file that a command writes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from routekaart.cli.app import run
from routekaart.graph.exports.formats import FORMATS
from routekaart.graph.landscape import Landscape
from routekaart.graph.schema import TABLES, Kind
from routekaart.graph.stores.neo4j.elements import PropertyGraph
from routekaart.loaders.read import read

MakeData = Callable[..., Path]

COLUMNS = [(t.name, c.nl) for t in TABLES.values() for c in t.stored if c.kind is Kind.FAMILIES]
#: With a threshold of 9999 these are small; unlike a 7 they stand nowhere by chance. Each tells where it comes from.
SMALL = {place: str(7301 + 13 * number) for number, place in enumerate(COLUMNS)}
#: What a build keeps for the region itself: its tables, the small counts apart, and the store that is loaded from graph.nt.
INTERNAL = ("withheld.nt", "tables/", "store/")
TOML = '[regio]\nnaam = "Proef"\npeildatum = "2026-06-01"\ngemeenten = ["Ede"]\n[instellingen]\ndrempel = 9999\n'


@pytest.fixture
def data(make_data: MakeData) -> Path:
    def small(table: str) -> dict[str, str]:
        return {column: value for (name, column), value in SMALL.items() if name == table}

    ends = {"van": "P1", "naar": "P2"}
    period = {"periode_van": "2025-01-01", "periode_tm": "2025-12-31", "weken_mediaan": "4"}
    wait = {"op": "P2", "soort": "aanmeldwachttijd", "weken_mediaan": "6", "weken_p90": "9", "peildatum": "2026-05-01"}
    return make_data(
        toml=TOML,
        partners=[
            {"id": "P1", "naam": "Huisarts", "rollen": "huisarts", "gemeenten": "Ede"},
            {"id": "P2", "naam": "Wijkteam", "rollen": "lokaal-team", "gemeenten": "Ede"},
        ],
        aanbod=[{"id": "A1", "partner": "P2", "naam": "Groep", "niveau": "1", **small("offerings")}],
        routes=[{"id": "R1", **ends, "soort": "verwijzing", **small("routes")}],
        wachttijden=[{**wait, "meetwijze": "retrospectief", **small("waits")}],
        vraag=[{"gemeente": "Ede", "instap": "P1", "niveau": "1", **small("demand")}],
        uitstroom=[{"partner": "P1", "naar": "P2", "jaar": "2025", **small("outflow")}],
        overdrachten=[{**ends, **period, **small("handovers")}],
        heen_en_weer=[{**ends, **period, **small("back_and_forth")}],
    )


def texts(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """The texts of a file, and of all files in it where it is an archive or a workbook."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inside in archive.namelist():
                yield from texts(f"{name}!{inside}", archive.read(inside))
    else:
        yield name, content.decode("utf-8")


def leaks(name: str, content: bytes) -> list[tuple[str, str, str]]:
    return [(file, *place) for file, text in texts(name, content) for place, small in SMALL.items() if small in text]


def test_every_column_of_families_is_planted(data: Path) -> None:
    reading = read(data)
    assert [f for f in reading.findings if f.severity == "fout"] == []
    found = {
        (table.name, column.nl): frame[column.name].to_list()
        for table in TABLES.values()
        for column in table.stored
        for frame in [reading.landscape[table.name]]
        if column.kind is Kind.FAMILIES
    }
    assert found == {place: [int(small)] for place, small in SMALL.items()}
    assert {("waits", "aantal"), ("waits", "gecensureerd"), ("outflow", "waarvan_terug")} <= set(found)
    assert {("handovers", "aantal"), ("back_and_forth", "aantal"), ("back_and_forth", "zonder_start")} <= set(found)


def test_small_counts_are_in_no_file_that_a_command_writes(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, made = tmp_path / "uit", tmp_path / "gemaakt"
    made.mkdir()
    calls = [
        ["build", str(data), "-o", str(out)],
        ["map", str(out), "-o", str(made / "kaart.html"), "--weergave", "coalitie"],
        ["report", str(out), "--all-partners", str(made / "partners"), "--weergave", "coalitie"],
        ["report", str(out), "--all", str(made / "gemeenten"), "--weergave", "coalitie"],
        ["template", "-o", str(made / "sjabloon.xlsx"), "--from", str(out), "--for", "P2", "--all-tables"],
        *(["export", str(out), "--as", name, "-o", str(made / f"als-{name}")] for name in FORMATS),
    ]
    for call in calls:
        assert run(call) == 0, call
    written = [f for folder in (out, made) for f in sorted(folder.rglob("*")) if f.is_file()]
    told = [f for f in written if not f.relative_to(tmp_path).as_posix().removeprefix("uit/").startswith(INTERNAL)]
    assert len(told) > 15
    assert [leak for f in told for leak in leaks(f.name, f.read_bytes())] == []
    # and they are where the region itself can find them
    assert all(small in (out / "withheld.nt").read_text("utf-8") for small in SMALL.values())
    capsys.readouterr()
    query = "SELECT ?o WHERE {{ ?s ?p ?o FILTER (STR(?o) IN ({})) }}".format(", ".join(f'"{s}"' for s in SMALL.values()))
    asked = [
        ["query", str(out), query],
        ["explain", str(out), "P2", "--format", "json"],
        ["explain", str(out), "P1"],
        ["status", str(out), "--format", "json"],
        ["diff", str(out), str(data), "--format", "json"],
    ]
    for call in asked:
        assert run(call) == 0, call
        printed = capsys.readouterr().out
        assert leaks(call[0], printed.encode()) == [], call


def test_a_change_of_a_small_count_is_told_without_it(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every planted count one more: diff says that all these columns changed, and no number."""
    assert run(["build", str(data), "-o", str(tmp_path / "uit"), "--no-store"]) == 0
    for file in data.glob("*.csv"):
        text = file.read_text("utf-8")
        for small in SMALL.values():
            text = text.replace(small, str(int(small) + 1))
        file.write_text(text, "utf-8")
    capsys.readouterr()
    assert run(["diff", str(tmp_path / "uit"), str(data), "--format", "json"]) == 0
    printed = capsys.readouterr().out
    assert leaks("diff", printed.encode()) == []
    assert not any(str(int(small) + 1) in printed for small in SMALL.values())
    for _, column in COLUMNS:
        assert f'"{column}"' in printed


def test_a_property_graph_names_what_it_leaves_out(data: Path) -> None:
    landscape: Landscape = read(data).landscape
    graph = PropertyGraph(landscape)
    assert leaks("neo4j", repr([list(b.rows()) for b in graph.blocks]).encode()) == []
    assert graph.left_out == len(SMALL)
    internal = repr([list(b.rows()) for b in PropertyGraph(landscape, internal=True).blocks])
    assert all(small in internal for small in SMALL.values())
