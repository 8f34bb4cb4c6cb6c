"""What routekaart.toml says of files: exact names, names with a star, and settings of the wrong type."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routekaart.loaders.expectations import Expectations, SourceSetting, fits
from routekaart.loaders.read import read
from routekaart.loaders.settings import read_settings

NAMES = {
    ("cjg.xlsx", None): SourceSetting(supplier="file"),
    ("cjg.xlsx", "Blad1"): SourceSetting(supplier="sheet"),
    ("cjg*.xlsx", None): SourceSetting(supplier="star"),
    ("cjg*.xlsx", "Blad*"): SourceSetting(supplier="star and sheet"),
    ("lijst [1].csv", None): SourceSetting(supplier="brackets"),
}


@pytest.mark.parametrize(
    ("file", "sheet", "supplier"),
    [
        ("cjg.xlsx", "Blad1", "sheet"),
        ("cjg.xlsx", "Blad2", "file"),
        ("cjg 2026-03.xlsx", "Blad2", "star and sheet"),
        ("CJG-Ede.XLSX", "Overzicht", "star"),
        ("lijst [1].csv", None, "brackets"),
        ("andere.xlsx", "Blad1", None),
        ("cjg.csv", None, None),
    ],
)
def test_the_most_exact_name_counts(file: str, sheet: str | None, supplier: str | None) -> None:
    found = Expectations(NAMES).of(file, sheet)
    assert (found.supplier if found else None) == supplier


def test_equal_patterns_are_a_doubt_and_the_longest_is_used() -> None:
    given_ = Expectations(
        {("cjg*.csv", None): SourceSetting(), ("*ede.csv", None): SourceSetting(), ("c*.csv", None): SourceSetting()}
    )
    assert [a for a, _ in given_.candidates("cjg ede.csv", None)] == ["*ede.csv", "cjg*.csv", "c*.csv"]
    assert given_.absent([("cjg.csv", None)]) == (("*ede.csv", None),)


@given(st.text(min_size=1, max_size=12), st.text(max_size=12))
def test_a_name_fits_itself_and_a_star_fits_all(name: str, other: str) -> None:
    assert fits(name, name)
    assert fits("*", name)
    assert fits(name + "*", name + other) or set("*?[") & set(name)


def test_two_patterns_are_told_of(tmp_path: Path) -> None:
    (tmp_path / "partners ede 2026.csv").write_text("id,naam\nP1,Wijkteam\n", "utf-8")
    (tmp_path / "routekaart.toml").write_text(
        '[regio]\npeildatum = "2026-01-01"\n[bestanden."partners*.csv"]\nleverancier = "A"\n[bestanden."*2026.csv"]\nleverancier = "B"\n',
        "utf-8",
    )
    reading = read(tmp_path)
    (finding,) = reading.findings
    assert (finding.code, finding.file) == ("source-ambiguous", "partners ede 2026.csv")
    assert "partners*.csv · *2026.csv" in finding.message()
    assert reading.landscape["sources"]["supplier"].to_list() == ["A"]


def test_a_file_that_cannot_be_read_is_not_also_missing(make_data: Callable[..., Path]) -> None:
    folder = make_data(
        toml='[regio]\npeildatum = "2026-01-01"\n[bestanden."aanbod.xlsx"]\ntabel = "aanbod"\n',
        partners=[{"id": "P1", "naam": "A"}],
    )
    (folder / "aanbod.xlsx").write_bytes(b"geen werkboek")
    reading = read(folder)
    codes = {f.code for f in reading.findings if f.file == "aanbod.xlsx"}
    assert codes
    assert "source-missing" not in codes
    assert [(r["file"], r["rows_read"]) for r in reading.landscape["sources"].to_dicts()] == [
        ("aanbod.xlsx", 0),
        ("partners.csv", 1),
    ]


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ('elke_maanden = "6"', "elke_maanden", "6"),
        ("elke_maanden = 0", "elke_maanden", "0"),
        ("elke_maanden = -3", "elke_maanden", "-3"),
        ("elke_maanden = nan", "elke_maanden", "nan"),
        ("elke_maanden = inf", "elke_maanden", "inf"),
        ("elke_maanden = true", "elke_maanden", "True"),
        ('rijen_minimaal = "veel"', "rijen_minimaal", "veel"),
        ("rijen_minimaal = 2.5", "rijen_minimaal", "2.5"),
        ("rijen_minimaal = -1", "rijen_minimaal", "-1"),
        ("leverancier = 7", "leverancier", "7"),
        ('leverancier = " "', "leverancier", " "),
        ('tabel = "lijstje"', "tabel", "lijstje"),
        ("tabel = 3", "tabel", "3"),
        ('kolommen = "naam"', "kolommen", "naam"),
        ("kolommen = { naam = 3 }", "kolommen.naam", "3"),
    ],
)
def test_a_setting_of_the_wrong_type_is_told_of(tmp_path: Path, line: str, key: str, value: str) -> None:
    (tmp_path / "routekaart.toml").write_text(f'[bestanden."lijst.csv"]\n{line}\n', "utf-8")
    settings, findings = read_settings(tmp_path)
    assert [(f.code, f.column, f.value) for f in findings] == [("bad-setting", f"bestanden.lijst.csv.{key}", value)]
    assert settings.sources.of("lijst.csv", None) == SourceSetting()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[gemeenten]\nGM0228 = 3", "gemeenten.GM0228"),
        ("[gemeenten.GM0228]\nnaam = 3", "gemeenten.GM0228.naam"),
        ("[gemeenten.GM0228]\nstreefwaarden = 6", "gemeenten.GM0228.streefwaarden"),
        ('[gemeenten.GM0228]\nstreefwaarden = { aanmeldwachttijd = "6" }', "gemeenten.GM0228.streefwaarden.aanmeldwachttijd"),
        ("[rollen.coach]\nnaam = 3", "rollen.coach.naam"),
        ('[rollen.coach]\ninstap = "ja"', "rollen.coach.instap"),
        ("[themas.paarden]\nnaam = 3", "themas.paarden.naam"),
        ('[bestanden]\n"lijst.csv" = 3', "bestanden.lijst.csv"),
    ],
)
def test_other_settings_of_the_wrong_type_are_told_of_too(tmp_path: Path, text: str, key: str) -> None:
    (tmp_path / "routekaart.toml").write_text(text + "\n", "utf-8")
    assert [(f.code, f.column) for f in read_settings(tmp_path)[1]] == [("bad-setting", key)]
