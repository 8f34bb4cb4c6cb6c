"""The tables as CSV, read again by the loaders: the same landscape, but for what a data folder has no place for."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routekaart.graph.exports.formats import export, files
from routekaart.graph.landscape import Landscape
from routekaart.graph.schema import ADDRESS, INPUT_TABLES, TABLES, Kind
from routekaart.loaders.read import Reading, read

CASES = [p for p in sorted((Path(__file__).parents[1] / "cases").iterdir()) if p.is_dir() and p.name != "citizen-numbers"]
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(landscape: Landscape, folder: Path) -> Path:
    folder.mkdir()
    for name, content in files(landscape, "csv"):
        (folder / name).write_bytes(content)
    return folder


def again(landscape: Landscape, folder: Path) -> Reading:
    return read(written(landscape, folder))


def facts(landscape: Landscape, table: str, *, as_exported: bool) -> list[dict[str, Any]]:
    """Rows of a table without where they were read; ``as_exported``: small counts gone, formulas with their apostrophe."""
    threshold = landscape.settings.threshold
    made = []
    for row in landscape[table].drop(ADDRESS).iter_rows(named=True):
        for column in TABLES[table].stored:
            value = row.get(column.name)
            if not as_exported or value is None:
                continue
            if column.kind is Kind.FAMILIES and 0 < value < threshold:
                row[column.name] = None
            elif column.kind is Kind.TEXT and value.startswith(FORMULA):
                row[column.name] = "'" + value
        if as_exported and table == "roles":
            row["entry"] = bool(row["entry"])  # an own role that was only met in a cell: unknown comes back as no
        made.append(row)
    return made


def same(one: Landscape, other: Landscape) -> None:
    for name in TABLES:
        if name != "sources":  # who supplied which file, and what was read from it: of other files now
            assert facts(one, name, as_exported=True) == facts(other, name, as_exported=False), name


def test_the_examples_come_back_equal(example: Reading, tmp_path: Path) -> None:
    found = again(example.landscape, tmp_path / "x")
    same(example.landscape, found.landscape)
    assert {f.code for f in found.findings if f.severity == "fout"} == set()
    for name, count in found.counts.items():
        assert (count.read, count.quarantined) == (example.landscape[name].height, 0)


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_every_case_comes_back_equal(case: Path, tmp_path: Path) -> None:
    landscape = read(case).landscape
    same(landscape, again(landscape, tmp_path / "x").landscape)


def test_a_second_time_gives_the_same_bytes(voorbeeldregio: Reading, tmp_path: Path) -> None:
    first = written(voorbeeldregio.landscape, tmp_path / "x")
    second = written(read(first).landscape, tmp_path / "y")
    assert {p.name: p.read_bytes() for p in first.iterdir()} == {p.name: p.read_bytes() for p in second.iterdir()}


def test_headers_are_the_dutch_ones_of_the_input(voorbeeldregio: Reading, tmp_path: Path) -> None:
    folder = written(voorbeeldregio.landscape, tmp_path / "x")
    for table in INPUT_TABLES:
        path = folder / f"{table.nl}.csv"
        assert path.is_file() == (voorbeeldregio.landscape[table.name].height > 0)
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))
            # "leeftijd_tm" says the same as "leeftijd_tot" otherwise
            assert rows[0] == [c.nl for c in table.headed if c.name != "age_through"]
            assert len(rows) == voorbeeldregio.landscape[table.name].height + 1


def test_hostile_texts_come_back_as_they_were(landscape_of: Callable[..., Landscape], tmp_path: Path) -> None:
    texts = ['"quotes", commas; and \\', "two\nlines", "<b>&amp;</b>", "'; DROP", "é ☃ 漢字", "{x}", "1,5", "0123", "waar"]
    partners = [{"id": f"P {n}/é#%", "naam": t, "niet_voor": t, "andere_namen": t} for n, t in enumerate(texts)]
    landscape = landscape_of(
        toml='[regio]\nnaam = "a\\\\b \\"c\\" \\u007f ☃"\npeildatum = "2026-06-01"\n[rollen."de-\\"x\\""]\nnaam = "De \\"x\\""\n',
        partners=partners,
        routes=[{"id": "R/1", "van": "P 0/é#%", "naar": "P 1/é#%", "soort": "verwijzing"}],
    )
    same(landscape, again(landscape, tmp_path / "x").landscape)


def test_no_cell_can_become_a_formula_and_ids_still_refer(landscape_of: Callable[..., Landscape], tmp_path: Path) -> None:
    """A text keeps the apostrophe that makes it harmless; an id gets it in every reference, so that nothing dangles."""
    landscape = landscape_of(
        partners=[
            {"id": "=P1", "naam": "=1+1", "niet_voor": "@SUM(A1)", "contact": "+31 318 123456", "onderdeel_van": "-P2"},
            {"id": "-P2", "naam": "Twee"},
        ],
        aanbod=[{"id": "@O1", "partner": "=P1", "naam": "Aanbod"}],
        routes=[{"id": "+R1", "van": "=P1", "naar": "aanbod:@O1", "soort": "verwijzing"}],
        wachttijden=[
            {"op": "route:+R1", "soort": "aanmeldwachttijd", "waarde": "2 weken", "peildatum": "2026-05-01"},
            {"op": "=P1 > aanbod:@O1", "soort": "aanmeldwachttijd", "waarde": "3 weken", "peildatum": "2026-05-01"},
        ],
        afspraken=[{"id": "A1", "partners": "=P1; -P2", "wat": "x"}],
    )
    folder = written(landscape, tmp_path / "x")
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            assert not [cell for row in csv.reader(file) for cell in row if cell.startswith(FORMULA)], path.name
    found = read(folder)
    assert {f.code for f in found.findings if f.severity == "fout"} == set()
    got = found.landscape
    assert got["partners"].select("id", "name", "part_of").rows() == [("'-P2", "Twee", None), ("'=P1", "'=1+1", "'-P2")]
    assert got["routes"].select("id", "from", "to").rows() == [("'+R1", "'=P1", "aanbod:'@O1")]
    assert sorted(got["waits"]["on"].to_list()) == [["'=P1", "aanbod:'@O1"], ["route:'+R1"]]
    assert got["agreements"]["partners"].to_list() == [["'-P2", "'=P1"]]


def test_an_id_that_means_two_things_stays_what_it_was(landscape_of: Callable[..., Landscape], tmp_path: Path) -> None:
    """A partner with the id of an offering, of a route and of an outcome: an endpoint says which is meant."""
    landscape = landscape_of(
        partners=[{"id": "X1", "naam": "Een"}, {"id": "hulp", "naam": "Twee"}, {"id": "R1", "naam": "Drie"}],
        aanbod=[{"id": "X1", "partner": "hulp", "naam": "Aanbod"}],
        routes=[{"id": "R1", "van": "partner:X1", "naar": "aanbod:X1", "soort": "verwijzing"}],
        wachttijden=[
            {"op": "partner:R1", "soort": "aanmeldwachttijd", "waarde": "2 weken", "peildatum": "2026-05-01"},
            {"op": "route:R1", "soort": "aanmeldwachttijd", "waarde": "3 weken", "peildatum": "2026-05-01"},
        ],
        uitstroom=[
            {"partner": "X1", "naar": "partner:hulp", "aantal": "20", "jaar": "2025"},
            {"partner": "X1", "naar": "hulp", "aantal": "30", "jaar": "2025"},
        ],
    )
    assert sorted(landscape["outflow"]["to"]) == ["hulp", "uitkomst:hulp"]
    found = again(landscape, tmp_path / "x")
    same(landscape, found.landscape)
    assert "id-twice" not in {f.code for f in found.findings}


def test_settings_come_back(landscape_of: Callable[..., Landscape], tmp_path: Path) -> None:
    landscape = landscape_of(
        toml='[regio]\nnaam = "Regio X"\ntitel = "T"\npeildatum = "2026-06-01"\nuitgever = "u"\nlicentie = "l"\ncontact = "info@x.nl"\n'
        'eenheid = "trajecten"\ngemeenten = ["Ede", "GM0203"]\n[instellingen]\nonbekend_weken = [1.5, 30]\nverouderd_na_maanden = 7\n'
        "drempel = 5\nleeftijden = [0.5, 27]\noverdracht_nieuw_weken = 2\nbesluit_onbekend_weken = [1, 9]\n"
        'overbrugging_binnen_weken = 4\nleeftijdsreeks = "tot"\n[themas.x-y]\nnaam = "X of y"\nvalt_onder = "adhd"\n'
        '[rollen.huiskamer]\nnaam = "huiskamer"\ninstap = true\nniveaus = ["0", "1"]\nkolom = "gewone leven"\n',
        partners=[{"id": "P1", "naam": "Een", "rollen": "huiskamer"}],
    )
    found = again(landscape, tmp_path / "x").landscape
    assert found.settings == landscape.settings
    assert found.settings.age_from == 6
    assert found.roles["huiskamer"] == landscape.roles["huiskamer"]
    assert found.themes["x-y"] == landscape.themes["x-y"]


def test_the_date_stays_the_latest_of_the_data_where_none_was_given(
    landscape_of: Callable[..., Landscape], tmp_path: Path
) -> None:
    landscape = landscape_of(toml='[regio]\nnaam = "x"\n', partners=[{"id": "P1", "naam": "Een", "bron_datum": "2026-03"}])
    found = again(landscape, tmp_path / "x").landscape
    assert (found.settings.reference_date, found.settings.reference_date_given) == ("2026-03-01", False)
    assert landscape.settings.reference_date == "2026-03-01"


def test_the_zip_holds_the_same_files(gelderse_vallei: Reading) -> None:
    out = io.BytesIO()
    export(gelderse_vallei.landscape, "csv", out)
    archive = zipfile.ZipFile(out)
    assert archive.testzip() is None
    assert {n: archive.read(n) for n in archive.namelist()} == dict(files(gelderse_vallei.landscape, "csv"))
