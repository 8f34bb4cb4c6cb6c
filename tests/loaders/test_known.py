"""A folder that `log` wrote: tables without partners, read with those of a build."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import DataError, Reading, read

MakeData = Callable[..., Path]
TOML = """
[regio]
naam = "Regio Oost"
peildatum = "2026-06-01"
gemeenten = ["Ede", "Barneveld"]
[rollen.gezinscoach]
naam = "Gezinscoach"
[themas.slaapschool]
naam = "Slaapschool"
valt_onder = "slapen-en-eten"
[gemeenten.GM9999]
naam = "Nieuwstad"
"""
LOG_TOML = '[regio]\npeildatum = "2025-12-31"\neenheid = "gezinnen"\n[instellingen]\ndrempel = 10\nleeftijden = [0, 23]\n'
PARTNERS = [
    {"id": "P1", "naam": "Huisarts De Brink", "korte_naam": "De Brink", "rollen": "huisarts", "gemeenten": "Ede"},
    {"id": "P2", "naam": "Wijkteam Ede", "andere_namen": "Sociaal team; Team Noord", "rollen": "lokaal-team", "gemeenten": "Ede"},
    {"id": "P3", "naam": "Jeugdhulp De Kade", "rollen": "jeugdhulp", "gemeenten": "Ede"},
    {"id": "P4", "naam": "De Kade, jeugdhulp", "rollen": "jeugdhulp", "gemeenten": "Ede"},
]
OFFERS = [{"id": "A1", "partner": "P3", "naam": "Gezinshulp"}]
MATCHES = [
    {"geschreven": "P4", "partner": "P3", "oordeel": "zelfde"},
    {"geschreven": "Kade (oud)", "partner": "P3", "oordeel": "zelfde"},
]


@pytest.fixture
def known(make_data: MakeData) -> Landscape:
    folder = make_data(toml=TOML, partners=PARTNERS, aanbod=OFFERS, koppelingen=MATCHES)
    landscape = read(folder).landscape
    for path in folder.iterdir():
        path.unlink()
    return landscape


@pytest.fixture
def read_log(make_data: MakeData, known: Landscape) -> Callable[..., Reading]:
    def make(**tables: list[Mapping[str, object]]) -> Reading:
        folder = make_data(toml=LOG_TOML, **tables)
        (folder / "log.json").write_text('{"rows": {"read": 3}}', "utf-8")
        (folder / "LEESMIJ.txt").write_text("Deze map komt uit een log.\nEr staan alleen aantallen in.\n", "utf-8")
        return read(folder, known=known)

    return make


def handover(start: str, end: str) -> dict[str, object]:
    return {"van": start, "naar": end, "aantal": 20, "periode_van": "2025-01-01", "periode_tm": "2025-12-31", "bron": "log"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("P1", "P1"),
        ("huisarts de brink", "P1"),
        ("De Brink", "P1"),
        ("Sociaal team", "P2"),
        ("TEAM NOORD", "P2"),
        ("Kade (oud)", "P3"),
        ("P4", "P3"),
        ("De Kade, jeugdhulp", "P3"),
        ("Gezinshulp", "aanbod:A1"),
        ("rol:huisarts", "rol:huisarts"),
        ("rol:gezinscoach", "rol:gezinscoach"),
    ],
)
def test_names_in_a_log_are_those_of_the_build(read_log: Callable[..., Reading], written: str, meant: str) -> None:
    """By id, name, short name, other name, decided match, merged row; an offering and a role, the region's own too."""
    reading = read_log(overdrachten=[handover(written, "rol:soj")])
    assert reading.landscape["handovers"]["from"].to_list() == [meant]
    assert reading.findings == ()


def test_conditions_of_a_log_are_read_in_the_words_of_the_build(read_log: Callable[..., Reading]) -> None:
    row = {"id": "LOG-1", "van": "P1", "naar": "P2", "soort": "verwijzing", "gemeenten": "Nieuwstad", "themas": "Slaapschool"}
    wait = {"op": "route:LOG-1", "soort": "aanmeldwachttijd", "weken_mediaan": 6, "aantal": 20, "peildatum": "2025-12-31"}
    reading = read_log(routes=[row], wachttijden=[wait])
    assert reading.findings == ()
    (route,) = reading.landscape["routes"].iter_rows(named=True)
    assert (route["municipalities"], route["themes"]) == (["GM9999"], ["slaapschool"])
    assert reading.landscape["waits"]["on"].to_list() == [["route:LOG-1"]]
    assert reading.landscape["partners"].height == 0
    assert (reading.landscape.settings.reference_date, reading.landscape.settings.threshold) == ("2025-12-31", 10)


def test_a_name_that_nobody_bears_puts_its_rows_apart_with_a_proposal(read_log: Callable[..., Reading]) -> None:
    rows = [handover("Huisarts De Brinck", "P2"), handover("Nergens bekend", "P2"), handover("P1", "P2")]
    reading = read_log(overdrachten=rows)
    assert (reading.counts["handovers"].read, reading.counts["handovers"].used) == (3, 1)
    found = {f.value: f for f in reading.findings}
    assert {f.code for f in found.values()} == {"unknown-reference"}
    assert "Huisarts De Brink" in (found["Huisarts De Brinck"].suggestion or "")
    assert found["Nergens bekend"].suggestion is None
    assert {p.partner for p in reading.proposals} == {"P1"}


def test_partners_of_the_build_that_may_be_one_are_not_told_again(make_data: MakeData, tmp_path: Path) -> None:
    twins = [{"id": f"P{n}", "naam": "Jeugdhulp De Kade", "rollen": "jeugdhulp", "gemeenten": "Ede"} for n in (1, 2)]
    build = read(make_data(partners=twins))
    assert "perhaps-same" in {f.code for f in build.findings}
    folder = tmp_path / "log"
    folder.mkdir()
    (folder / "log.json").write_text("{}", "utf-8")
    (folder / "overdrachten.csv").write_text("van,naar\nP1,rol:soj\nJeugdhulp De Kade,rol:soj\n", "utf-8")
    reading = read(folder, known=build.landscape)
    assert [f.code for f in reading.findings if f.severity == "fout"] == ["ambiguous-reference"]
    assert "perhaps-same" not in {f.code for f in reading.findings}


def test_a_folder_that_log_did_not_write_is_one_clear_error(make_data: MakeData, known: Landscape) -> None:
    with pytest.raises(DataError) as error:
        read(make_data(overdrachten=[handover("P1", "P2")]), known=known)
    assert "log.json" in error.value.told("nl")
    assert "routekaart log" in error.value.told("en")


def test_without_known_partners_a_folder_still_needs_its_own(make_data: MakeData) -> None:
    assert "no-partners" in {f.code for f in read(make_data(overdrachten=[handover("P1", "P2")])).findings}
