"""Lists that leave something to their name or their columns: ``vast`` in routekaart.toml, and waits side by side."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from routekaart.loaders.findings import Finding
from routekaart.loaders.read import Reading, read
from routekaart.loaders.values import wait

NZA = Path(__file__).parents[3] / "shared" / "data" / "nza-2018-gelderse-vallei" / "wachttijden_ggz_2018_gelderse_vallei.csv"
PARTNERS = "id;naam\nP1;CJG\nP2;Karakter\n"


def folder(tmp_path: Path, toml: str = "", **files: str) -> Reading:
    (tmp_path / "routekaart.toml").write_text('[regio]\npeildatum = "2026-06-01"\n' + toml, "utf-8")
    for name, content in {"partners": PARTNERS, **files}.items():
        (tmp_path / f"{name}.csv").write_text(content, "utf-8")
    return read(tmp_path)


def codes(reading: Reading) -> list[str]:
    return [f.code for f in reading.findings]


WIDE = "op;Aanmeldwachttijd;Behandelwachttijd (weken);peildatum\nP1;4 weken;heel lang;2026-05\nP2;;;2026-05\nP2;;12;2026-04\n"


def test_kinds_of_wait_side_by_side_become_rows(tmp_path: Path) -> None:
    reading = folder(tmp_path, wachttijden=WIDE)
    waits = reading.landscape["waits"].sort("row", "kind").select("on", "kind", "value", "days_expected", "as_of", "row").rows()
    # by hand from WIDE: each filled cell is a wait, and the row without any is an unknown wait of the first kind
    assert waits == [
        (["P1"], "aanmeldwachttijd", "4 weken", 28.0, "2026-05", 2),
        (["P1"], "behandelwachttijd", "heel lang", None, "2026-05", 2),
        (["P2"], "aanmeldwachttijd", None, None, "2026-05", 3),
        (["P2"], "behandelwachttijd", "12", 84.0, "2026-04", 4),
    ]
    assert (reading.counts["waits"].read, reading.counts["waits"].used) == (4, 4)
    (source,) = reading.landscape["sources"].filter(pl.col("file") == "wachttijden.csv").to_dicts()
    assert (source["rows_read"], source["rows_used"], source["rows_quarantined"]) == (4, 4, 0)
    (bad,) = [f for f in reading.findings if f.severity == "fout"]
    assert (bad.row, bad.column, bad.value) == (2, "Behandelwachttijd", "heel lang")  # the bracket is no part of the name
    (place,) = [p for p in reading.places if p.file == "wachttijden.csv"]
    assert {h: c for h, c in place.columns.items() if c < 4} == {
        "op": 0,
        "Aanmeldwachttijd": 1,
        "Behandelwachttijd": 2,
        "peildatum": 3,
    }
    assert codes(reading).count("waits-side-by-side") == 1


def test_a_table_with_its_own_kind_and_value_stays_as_it_is(tmp_path: Path) -> None:
    reading = folder(tmp_path, wachttijden="op;soort;waarde;totaal\nP1;aanmeldwachttijd;4 weken;9\n")
    assert "waits-side-by-side" not in codes(reading)
    assert reading.landscape["waits"].height == 1


def test_a_fixed_value_holds_where_a_cell_is_empty(tmp_path: Path) -> None:
    toml = '[bestanden."aanbod.csv"]\nvast = { partner = "CJG", toegang = "vrij" }\n'
    reading = folder(tmp_path, toml, aanbod="id;naam;toegang\nA1;Inloop;\nA2;Groep;verwijzing\n")
    assert [f for f in reading.findings if f.severity == "fout"] == []
    assert reading.landscape["offerings"].select("id", "partner", "access").rows() == [
        ("A1", "P1", "vrij"),
        ("A2", "P1", "verwijzing"),
    ]


@pytest.mark.parametrize(("vast", "column"), [('{ nergens = "x" }', "nergens"), ("{ partner = 3 }", "partner")])
def test_a_fixed_value_that_cannot_be_is_a_finding(tmp_path: Path, vast: str, column: str) -> None:
    reading = folder(tmp_path, f'[bestanden."aanbod.csv"]\nvast = {vast}\n', aanbod="id;naam\nA1;Inloop\n")
    found: list[Finding] = [f for f in reading.findings if f.code == "bad-setting"]
    assert [f.column for f in found] == [f"bestanden.aanbod.csv.vast.{column}"]


@pytest.mark.skipif(not NZA.exists(), reason=f"no NZa waits: put the file at {NZA} to run this test")
def test_the_nza_file_is_read_in_its_own_form(tmp_path: Path) -> None:
    with NZA.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    names = sorted({r["Naam_zorgaanbieder"] for r in rows})
    toml = """
[bestanden."wachttijden.csv".kolommen]
Naam_zorgaanbieder = "op"
Hoofddiagnosegroep = "opmerking"
Peildatum = "peildatum"
Gemeentecodes = "gemeenten"
Aanmeldwachttijd_letterlijk = "aanmeldwachttijd"
Behandelwachttijd_letterlijk = "behandelwachttijd"
"""
    partners = "id;naam\n" + "".join(f'P{n};"{name}"\n' for n, name in enumerate(names))
    reading = folder(tmp_path, toml, partners=partners, wachttijden=NZA.read_text("utf-8-sig"))
    assert [f for f in reading.findings if f.severity == "fout"] == []
    # counted straight from the file: a wait per filled cell
    filled = [
        (n, r[h]) for n, r in enumerate(rows, 2) for h in ("Aanmeldwachttijd_letterlijk", "Behandelwachttijd_letterlijk") if r[h]
    ]
    silent = [r for r in rows if not r["Aanmeldwachttijd_letterlijk"] and not r["Behandelwachttijd_letterlijk"]]
    count = reading.counts["waits"]
    assert count.read == len(filled) + len(silent)
    # by a second method: rows that say the same of the same, told once, are the only ones put apart
    said = {
        (r["Naam_zorgaanbieder"], h, r["Gemeentecodes"], r["Peildatum"], r[h])
        for r in rows
        for h in ("Aanmeldwachttijd_letterlijk", "Behandelwachttijd_letterlijk")
        if r[h]
    }
    unsaid = {(r["Naam_zorgaanbieder"], r["Gemeentecodes"], r["Peildatum"]) for r in silent}
    assert count.used == len(said) + len(unsaid)
    by_row: dict[int, set[str]] = {}
    for row, text in filled:
        by_row.setdefault(row, set()).add(text)
    for row, value, days in reading.landscape["waits"].select("row", "value", "days_expected").rows():
        if value is not None:
            assert value in by_row[row]
            assert days == wait(value).expected
