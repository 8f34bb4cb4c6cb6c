"""Screening through the door: what is refused, what stays unread, and that nothing of it comes out anywhere."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import polars as pl
import pytest
from xlsxwriter import Workbook

from routekaart.cli.app import run
from routekaart.graph.schema import INPUT_TABLES, TABLES, Kind
from routekaart.loaders.codes import CODES
from routekaart.loaders.files.sheet import ROW, Sheet
from routekaart.loaders.findings import Finding
from routekaart.loaders.privacy import screened, withheld
from routekaart.loaders.read import read

TOML = '[regio]\nnaam = "Proef"\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n'
STORY = "Moeder meldt dat haar zoon van 9 al weken niet slaapt en op school anderen slaat."
STORIES = (STORY, "J. (14) woont bij oma sinds de scheiding.", "Meisje van 12 snijdt zichzelf, ouders zijn gescheiden in 2021.")
OFFER = "Voor kinderen van 4 tot 12 jaar en hun ouders"


def sheet(*texts: str | None, header: str = "opmerking") -> Sheet:
    return Sheet(
        "lijst.csv",
        None,
        (header,),
        pl.DataFrame({header: list(texts), ROW: list(range(2, len(texts) + 2))}, schema={header: pl.String, ROW: pl.Int64}),
    )


def codes(found: list[Finding]) -> list[str]:
    return sorted(f.code for f in found)


# --- refusal -----------------------------------------------------------------------------------------------
def test_three_stories_in_a_column_refuse_the_file_and_two_stay_unread() -> None:
    partners = TABLES["partners"]
    safe, found = screened(sheet(*STORIES, *[OFFER] * 40), partners)
    assert safe is None
    assert codes(found) == ["privacy-story"]
    safe, found = screened(sheet(*STORIES[:2], *[OFFER] * 40), partners)
    assert safe is not None
    assert safe.frame["opmerking"].to_list() == [None, None, *[OFFER] * 40]
    (one,) = found
    assert (one.code, one.row, dict(one.values)["number"], dict(one.values)["rows"]) == ("privacy-one-story", 2, 2, (2, 3))
    assert CODES[one.code] == "waarschuwing"


def test_half_of_a_column_is_enough_and_columns_are_added_up() -> None:
    assert screened(sheet(*STORIES[:2], OFFER, None), TABLES["partners"])[0] is None
    frame = pl.DataFrame(
        {
            "opmerking": [STORIES[0], *[OFFER] * 9],
            "reactie": [OFFER] * 9 + [STORIES[1]],
            "niet_voor": [None, STORIES[2], *[OFFER] * 8],
            ROW: list(range(2, 12)),
        }
    )
    safe, found = screened(Sheet("lijst.csv", None, ("opmerking", "reactie", "niet_voor"), frame), TABLES["partners"])
    assert safe is None
    assert codes(found) == ["privacy-stories"]


def test_our_own_made_up_cases_are_read_and_citizen_numbers_in_them_are_not() -> None:
    cases = TABLES["cases"]
    safe, found = screened(sheet(*STORIES, header="verhaal"), cases)
    assert safe is not None
    assert found == []
    assert screened(sheet("111222333", "123456782", "999999990", header="verhaal"), cases)[0] is None


@pytest.mark.parametrize("header", ["dossier", "Dossiernummer", "cliënt", "naam kind", "casusbeschrijving", "patiënt", "BSN"])
def test_a_header_that_says_so_refuses_the_file(header: str) -> None:
    assert screened(sheet("123456782", header=header), TABLES["demand"])[0] is None
    assert screened(sheet(None, header=header), TABLES["demand"])[0] is not None  # an empty column holds nothing


@pytest.mark.parametrize("header", ["cliëntenraad", "aantal cliënten", "casusoverleg", "dossierhouder"])
def test_headers_that_only_sound_like_it_do_not(header: str) -> None:
    safe, _ = screened(sheet("ja", "nee", header=header), TABLES["lines"])
    assert safe is not None


def test_cells_that_say_bsn_refuse_the_file_from_three() -> None:
    said = ["BSN: 123456782", "het bsn is 111222333", "kind, BSN 999999990"]
    assert screened(sheet(*said, *[OFFER] * 50), TABLES["partners"])[0] is None
    safe, found = screened(sheet(*said[:2], *[OFFER] * 50), TABLES["partners"])
    assert safe is not None
    assert codes(found) == ["privacy-number"]
    assert safe.frame["opmerking"][:2].to_list() == [None, None]


def test_a_refused_file_builds_nothing_and_repeats_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "partners.csv").write_text("id,naam\nP1,Eén\n", "utf-8")
    (tmp_path / "vraag.csv").write_text("gemeente,instap,nummer\nEde,P1,111222333\nEde,P1,123456782\nEde,P1,999999990\n", "utf-8")
    assert run(["build", str(tmp_path), "-o", str(tmp_path / "uit")]) == 1
    assert not (tmp_path / "uit").exists()
    told = "".join(capsys.readouterr())
    assert not any(n in told for n in ("111222333", "123456782", "999999990"))


def test_a_sheet_that_is_no_table_refuses_its_file_too(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "partners.xlsx")
    for name, rows in (
        ("partners", [["id", "naam"], ["P1", "Eén"]]),
        ("Blad2", [["x", "nummer"], ["a", 111222333], ["b", 123456782], ["c", 999999990]]),
    ):
        made = book.add_worksheet(name)
        for n, row in enumerate(rows):
            made.write_row(n, 0, row)
    book.close()
    reading = read(tmp_path)
    assert reading.refused
    assert [f.code for f in reading.findings if f.code.startswith("privacy")] == ["privacy-bsn"]


# --- cells that stay unread -------------------------------------------------------------------------------
def test_one_finding_per_column_and_kind_counts_and_says_where() -> None:
    texts = ["info@een.example", "Jan de Vries", "Marieke Visser", "06-12345678", "balie", "Fatima", "a.jansen@twee.example"]
    safe, found = screened(sheet(*texts, header="aanspreekpunt"), TABLES["partners"])
    assert safe is not None
    assert safe.frame["aanspreekpunt"].to_list() == ["info@een.example", None, None, None, "balie", None, None]
    told = {f.code: dict(f.values) for f in found}
    assert told["privacy-name"]["number"] == 3
    assert told["privacy-name"]["rows"] == (3, 4, 7)
    assert told["privacy-person"]["rows"] == (5, 8)
    assert "3, 4, 7" in next(f.message() for f in found if f.code == "privacy-name")
    assert all(f.value is None for f in found)


def test_the_rest_of_the_row_is_used(make_data) -> None:  # type: ignore[no-untyped-def]
    reading = read(
        make_data(
            toml=TOML,
            partners=[{"id": "P1", "naam": "Eén", "rollen": "huisarts", "aanspreekpunt": "Jan de Vries", "gemeenten": "Ede"}],
        )
    )
    row = reading.landscape["partners"].row(0, named=True)
    assert (row["name"], row["municipalities"], row["contact_function"]) == ("Eén", ["GM0228"], None)


def test_a_mapped_column_is_looked_at_as_what_it_is_mapped_to() -> None:
    contacts = sheet("aanmeldteam", "Jan de Vries", header="contactpersoon")
    whole, _ = screened(contacts, TABLES["partners"])
    assert whole is not None
    assert whole.frame["contactpersoon"].to_list() == [None, None]
    cells, found = screened(contacts, TABLES["partners"], {"contactpersoon": "aanspreekpunt"})
    assert cells is not None
    assert cells.frame["contactpersoon"].to_list() == ["aanmeldteam", None]
    assert codes(found) == ["privacy-name"]


def test_a_file_called_after_a_person_is_told_of() -> None:
    named = Sheet("wachttijden Jan de Vries.xlsx", "wachttijden", ("op",), pl.DataFrame({"op": ["P1"], ROW: [2]}))
    assert codes(screened(named, TABLES["waits"])[1]) == ["privacy-file-name"]


def test_what_is_told_of_what_stands_around_a_table_is_withheld() -> None:
    told = withheld(
        [
            Finding("note-left-out", "x.csv", value="Vragen? Bel mw. A. Bakker, 06-12345678"),
            Finding("unknown-column", "x.csv", column="mw. J. de Vries"),
            Finding("no-header", "x.csv", value="P1; 123456782; jan.jansen@gmail.example"),
            Finding("bad-value", "x.csv", value="12 weken", suggestion="8 weken"),
        ]
    )
    assert [(f.value, f.column) for f in told] == [("…", None), (None, "…"), ("…", None), ("12 weken", None)]


# --- nothing comes out ------------------------------------------------------------------------------------
_BASE = {
    "partners": {"id": "{n}", "naam": "Partner {n}", "rollen": "huisarts"},
    "offerings": {"id": "A{n}", "naam": "Aanbod {n}", "partner": "P1"},
    "routes": {"id": "R{n}", "van": "P1", "naar": "P2", "soort": "verwijzing"},
    "waits": {"op": "P1", "soort": "totaal", "waarde": "{n} weken", "peildatum": "2026-01-01"},
    "lines": {"van": "P1", "naar": "P2", "bron": "lijst {n}"},
    "demand": {"gemeente": "Ede", "instap": "P1", "aantal_per_jaar": "20", "peiljaar": "{year}"},
    "agreements": {"id": "F{n}", "partners": "P1;P2", "wat": "Afspraak {n}"},
    "norms": {"id": "N{n}", "soort": "totaal", "waarde": "14", "eenheid": "weken"},
    "indicators": {"indicator": "maat {n}", "gemeente": "Ede", "jaar": "2025", "waarde": "1"},
    "good_examples": {"id": "V{n}", "naam": "Voorbeeld {n}"},
    "cases": {"id": "C{n}", "titel": "Casus {n}", "verhaal": "Verzonnen."},
    "outflow": {"partner": "P1", "naar": "hulp", "aantal": "20", "jaar": "{year}"},
    "municipalities": {"code": "GM0228", "naam": "Ede"},
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A folder in which each column of each table has rows with something about a person, and the pieces to look for."""
    folder = tmp_path_factory.mktemp("geplant")
    (folder / "routekaart.toml").write_text(TOML, "utf-8")
    secrets: list[str] = []
    for table in INPUT_TABLES:
        base = _BASE.get(table.name)
        if base is None:
            continue
        headers = [c.nl for c in table.headed]
        rows: list[dict[str, str]] = []

        def add(
            header: str | None, text: str, base: dict[str, str] = base, rows: list[dict[str, str]] = rows, name: str = table.name
        ) -> None:
            n = len(rows) + 1
            row = {k: v.format(n=f"P{n}" if name == "partners" and k == "id" else n, year=1900 + n) for k, v in base.items()}
            rows.append(row | ({header: text} if header else {}))

        add(None, "")
        add(None, "")
        for number, column in enumerate(table.headed):
            mark = f"qz{chr(97 + number)}{table.name[:3]}qz"
            secrets += [mark]
            add(column.nl, f"piet.{mark}@hotmail.com")
            add(column.nl, f"bel 06-12345678 {mark}")
            if (
                column.kind in (Kind.TEXT, Kind.TEXTS)
                and column.name not in ("name", "short_name", "other_names", "title", "story")
                and table.name != "cases"
            ):
                add(column.nl, f"mw. A. {mark.capitalize()}")
                add(column.nl, f"geb. 12-03-2014 {mark}")
        if "opmerking" in headers and table.name != "cases":
            secrets.append(f"qzverhaal{table.name[:3]}")
            add("opmerking", f"{STORY} qzverhaal{table.name[:3]}")
        with (folder / f"{table.nl}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, headers)
            writer.writeheader()
            writer.writerows(rows)
    return folder, secrets


def holds(text: str, secrets: list[str]) -> list[str]:
    plain = text.casefold()
    return [s for s in secrets if s.casefold() in plain]


@pytest.mark.parametrize("format", ["table", "json", "csv", "md"])
def test_check_repeats_nothing(planted: tuple[Path, list[str]], format: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder, secrets = planted
    assert len(secrets) > 100
    run(["check", str(folder), "--format", format, "--top", "0"])
    told = "".join(capsys.readouterr())
    assert "privacy" in told or "persoonlijk" in told
    assert holds(told, secrets) == []


def test_a_build_and_all_that_is_made_of_it_hold_nothing(
    planted: tuple[Path, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, secrets = planted
    out = tmp_path / "uit"
    run(["build", str(folder), "-o", str(out)])
    assert out.exists(), capsys.readouterr().err
    seen = 0
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        if path.suffix == ".parquet":
            text = pl.read_parquet(path).write_json()
            assert holds(text, secrets) == [], path
            seen += 1
        assert holds(path.read_bytes().decode("latin-1"), secrets) == [], path
    assert seen > 10
    told = "".join(capsys.readouterr())
    for serialisation in ("ttl", "trig", "nq", "jsonld"):
        assert run(["export", str(out), "--as", serialisation, "-o", str(tmp_path / f"x.{serialisation}")]) == 0
    for edition in ("openbaar", "coalitie"):
        assert run(["map", str(out), "--weergave", edition, "-o", str(tmp_path / f"{edition}.html")]) == 0
    told += "".join(capsys.readouterr())
    for path in sorted(p for p in tmp_path.rglob("*") if p.is_file() and out not in p.parents):
        assert holds(path.read_bytes().decode("latin-1"), secrets) == [], path
    assert holds(told, secrets) == []


def test_what_goes_back_quotes_nothing_in_words(
    planted: tuple[Path, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # the workbook gives partners their own file back; the letter and the summary are ours
    folder, secrets = planted
    run(["check", str(folder), "--workbook", str(tmp_path / "terug")])
    capsys.readouterr()
    letters = sorted((tmp_path / "terug").rglob("*.md"))
    assert letters
    for letter in letters:
        assert holds(letter.read_text("utf-8"), secrets) == [], letter


# --- speed ------------------------------------------------------------------------------------------------
def test_a_large_sheet_is_screened_quickly() -> None:
    offers = (Path(__file__).parent / "offerings.txt").read_text("utf-8").splitlines()
    n = 100_000
    headers = [c.nl for c in TABLES["offerings"].headed][:12]
    cells = {h: [f"{h} {i % 500}" for i in range(n)] for h in headers} | {
        "omschrijving": [offers[i % len(offers)] for i in range(n)]
    }
    frame = pl.DataFrame({**cells, ROW: list(range(2, n + 2))})
    large = Sheet("aanbod.csv", None, tuple(cells), frame)
    began = time.process_time()
    safe, found = screened(large, TABLES["offerings"])
    assert safe is not None
    assert found == []
    # the limit leaves room for a busy machine
    assert time.process_time() - began < 5
