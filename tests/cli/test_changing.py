"""diff and build --dry-run as their users call them: nothing is written, everything is said."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routekaart.cli.app import run
from routekaart.graph.edition import write_edition
from routekaart.loaders.read import read

EXAMPLES = Path(__file__).parents[2] / "examples"
CASES = Path(__file__).parents[1] / "cases"
MakeData = Callable[..., Path]

PARTNERS = [
    {"id": "P1", "naam": "Huisarts De Brink", "rollen": "huisarts", "gemeenten": "Ede"},
    {"id": "P2", "naam": "Wijkteam", "rollen": "lokaal-team", "gemeenten": "Ede"},
    {"id": "P3", "naam": "Jeugdhulp De Kade", "rollen": "jeugdhulp", "gemeenten": "Ede"},
]
OFFERS = [{"id": "A1", "partner": "P3", "naam": "Gezinshulp", "niveau": "2", "toegang": "verwijzing"}]
ROUTES = [
    {"id": "R1", "van": "P1", "naar": "P2", "soort": "verwijzing", "aantal_per_jaar": "6"},
    {"id": "R2", "van": "P2", "naar": "P3", "soort": "verwijzing"},
]
TOML = '[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede"]\n'


def waits(team: str, help_: str) -> list[dict[str, str]]:
    return [
        {"op": on, "soort": "aanmeldwachttijd", "waarde": text, "peildatum": "2026-05-01", "bron": "lijst"}
        for on, text in (("P2", team), ("P3", help_))
    ]


class Call:
    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: object) -> None:
        self.code = run([str(a) for a in arguments])
        self.out, self.err = capsys.readouterr()
        #: The answer without the places where the terminal breaks a line.
        self.text = " ".join(self.out.split())

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def everything(folder: Path) -> dict[str, str]:
    """Every file and folder below ``folder``, hidden ones included, with the digest and time of its bytes."""
    return {
        str(p.relative_to(folder)): f"{p.stat().st_mtime_ns} "
        + (hashlib.sha256(p.read_bytes()).hexdigest() if p.is_file() else "")
        for p in sorted(folder.rglob("*"))
    }


@pytest.fixture
def build(tmp_path: Path, make_data: MakeData) -> Path:
    """A small region: from the GP by the team to light help in 11 + 30 = 41 weeks."""
    out = tmp_path / "uit"
    folder = make_data(toml=TOML, partners=PARTNERS, aanbod=OFFERS, routes=ROUTES, wachttijden=waits("11 weken", "30 weken"))
    write_edition(read(folder).landscape, {"findings": [], "tables": {}}, out, store=False)
    return out


def test_a_shorter_wait_changes_the_answer(capsys: pytest.CaptureFixture[str], make_data: MakeData, build: Path) -> None:
    data = make_data(wachttijden=waits("8 weken", "30 weken"), toml=TOML)
    call = Call(capsys, "diff", build, data)
    assert call.code == 0
    assert (
        "De snelste geregistreerde route in Ede, van gezin zelf en huisarts naar lokaal team en lichte hulp, gaat van 41 naar 38 weken."
        in call.text
    )
    assert "waarde: 11 weken → 8 weken" in call.text
    # the most important first: answers, then waits
    assert call.text.index("Antwoorden die veranderen") < call.text.index("Wachttijden en aanmeldstops (1)")
    english = Call(capsys, "diff", build, data, "--format", "json").json
    assert english["changed"] == [
        {
            "table": "wachttijden",
            "id": english["changed"][0]["id"],
            "column": "waarde",
            "old": "11 weken",
            "new": "8 weken",
            "old_id": english["changed"][0]["old_id"],
        }
    ]
    gp = next(a for a in english["answers"] if a["start"] == "rol:huisarts")
    assert (gp["municipality"], gp["level"], gp["before"]["weeks"], gp["after"]["weeks"]) == ("GM0228", 2, 41, 38)
    assert gp["after"]["path"] == ["P1", "P2", "P3"]
    assert gp["profiles"]["shorter"] == gp["profiles"]["total"] > 0


def test_a_stop_closes_the_way(capsys: pytest.CaptureFixture[str], make_data: MakeData, build: Path) -> None:
    call = Call(capsys, "diff", build, make_data(wachttijden=waits("11 weken", "aanmeldstop"), toml=TOML))
    assert "straks geen geregistreerde route meer naar lokaal team en lichte hulp: aanmeldstop (was 41 weken)" in call.text
    assert "waarde: 30 weken → aanmeldstop" in call.text


def test_every_form_says_the_same(capsys: pytest.CaptureFixture[str], make_data: MakeData, build: Path) -> None:
    data = make_data(
        wachttijden=waits("8 weken", "30 weken"), partners=PARTNERS[:2] + [{**PARTNERS[2], "naam": "=Kade"}], toml=TOML
    )
    told = Call(capsys, "diff", build, data, "--format", "json").json
    header = {"question", "reference_date", "unit", "weighted", "known_waits", "outdated_waits", "assumptions"}
    assert set(told) >= header | {"added", "gone", "changed", "answers", "offers", "sources", "moved", "provenance"}
    rows = list(csv.DictReader(io.StringIO(Call(capsys, "diff", build, data, "--format", "csv").out)))
    assert sum(r["change"] == "answer" for r in rows) == len(told["answers"])
    assert sum(r["change"] == "changed" for r in rows) == len(told["changed"]) == 2
    assert "'=Kade" in [r["new"] for r in rows]  # no formula in a spreadsheet
    markdown = Call(capsys, "diff", build, data, "--format", "md").out
    assert "## Wat er verandert" in markdown
    assert "| gewijzigd |" in markdown


def test_in_english(make_data: MakeData, build: Path) -> None:
    import os
    import subprocess
    import sys

    data = make_data(wachttijden=waits("8 weken", "30 weken"), toml=TOML)
    called = [sys.executable, "-m", "routekaart.cli", "diff", str(build), str(data), "--lang", "en"]
    out = subprocess.run(called, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONUTF8": "1"}).stdout
    assert "goes from 41 to 38 weeks." in " ".join(out.split())


def test_no_difference_is_one_sentence(capsys: pytest.CaptureFixture[str], make_data: MakeData, build: Path) -> None:
    call = Call(capsys, "diff", build, make_data(toml=TOML))
    assert "Er verandert niets: dezelfde regels, dezelfde antwoorden." in call.out
    assert "Tabel" not in call.out
    assert Call(capsys, "diff", build, build).out == call.out  # a build beside itself


def test_a_file_with_another_name_is_no_change(capsys: pytest.CaptureFixture[str], make_data: MakeData, build: Path) -> None:
    folder = make_data(toml=TOML)
    (folder / "routes.csv").rename(folder / "routes Ede.csv")
    call = Call(capsys, "diff", build, folder)
    assert "Er verandert niets" in call.out
    assert "2 regels zijn alleen verplaatst" in call.out
    assert "routes Ede.csv (was routes.csv)" in call.out
    assert "Let op" not in call.out


def test_small_counts_of_families_stay_hidden(capsys: pytest.CaptureFixture[str], make_data: MakeData, build: Path) -> None:
    data = make_data(toml=TOML, routes=[{**ROUTES[0], "aantal_per_jaar": "7"}, {**ROUTES[1], "aantal_per_jaar": "23"}])
    told = {c["id"]: c for c in Call(capsys, "diff", build, data, "--format", "json").json["changed"]}
    assert (told["R1"]["old"], told["R1"]["new"], told["R1"]["suppressed"]) == (None, None, True)
    assert (told["R2"]["old"], told["R2"]["new"]) == (None, 23)
    table = Call(capsys, "diff", build, data)
    assert "minder dan 10 (niet getoond) → minder dan 10 (niet getoond)" in table.text
    assert "(leeg) → 23" in table.text


def test_a_shrunken_list_is_named_first(capsys: pytest.CaptureFixture[str], make_data: MakeData, build: Path) -> None:
    data = make_data(toml=TOML + '[bestanden."routes.csv"]\nleverancier = "Coalitie"\n', routes=ROUTES[:1])
    call = Call(capsys, "diff", build, data)
    assert "Let op: routes.csv (Coalitie) ging van 2 naar 1 regels." in call.text
    assert call.text.index("Let op") < call.text.index("Antwoorden die veranderen")
    sources = {s["file"]: s for s in Call(capsys, "diff", build, data, "--format", "json").json["sources"]}
    assert (sources["routes.csv"]["before"], sources["routes.csv"]["after"], sources["routes.csv"]["shrunk"]) == (2, 1, True)


def test_answers_can_be_left_out_and_that_is_said(capsys: pytest.CaptureFixture[str], make_data: MakeData, build: Path) -> None:
    data = make_data(wachttijden=waits("8 weken", "30 weken"), toml=TOML)
    call = Call(capsys, "diff", build, data, "--answers", "none")
    assert "De antwoorden zijn niet vergeleken" in call.out
    assert Call(capsys, "diff", build, data, "--answers", "none", "--format", "json").json["answers"] is None
    assert Call(capsys, "diff", build, data, "--answers", "some").code == 2


def test_one_municipality_of_the_example(capsys: pytest.CaptureFixture[str], vr25: str) -> None:
    call = Call(capsys, "diff", vr25, EXAMPLES / "voorbeeldregio", "--gemeente", "Elzerbroek", "--top", "3")
    assert call.code == 0
    assert "Peildatum: was 2025-09-01, wordt 2026-09-01." in call.out
    assert "De snelste geregistreerde route in Elzerbroek" in call.text
    assert "Lindervoort" not in call.text.partition("Antwoorden die veranderen")[2].partition("Aanbod per gemeente")[0]
    assert "--top 0 toont alles" in call.out


def test_a_limit_on_municipalities_is_said(
    capsys: pytest.CaptureFixture[str], make_data: MakeData, build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routekaart.graph.analyses.differences.answer_changes.MOST_MUNICIPALITIES", 0)
    data = make_data(wachttijden=waits("8 weken", "30 weken"), toml=TOML)
    call = Call(capsys, "diff", build, data)
    assert "Van 1 gemeenten kunnen antwoorden veranderen; vergeleken zijn de 0" in call.text
    assert "van 41 naar 38 weken" in Call(capsys, "diff", build, data, "--answers", "all").text


# --- dry run -------------------------------------------------------------------------------------------------
def test_a_dry_run_tells_the_difference_and_writes_nothing(
    capsys: pytest.CaptureFixture[str], make_data: MakeData, build: Path
) -> None:
    data = make_data(wachttijden=waits("8 weken", "30 weken"), toml=TOML)
    before = everything(build.parent)
    call = Call(capsys, "build", data, "-o", build, "--dry-run")
    assert call.code == 0
    assert "gaat van 41 naar 38 weken" in call.text
    assert "Proef: er is niets geschreven." in call.err
    assert everything(build.parent) == before


def test_a_dry_run_where_nothing_stands_says_that_all_is_new(
    capsys: pytest.CaptureFixture[str], make_data: MakeData, tmp_path: Path
) -> None:
    data = make_data(toml=TOML, partners=PARTNERS, routes=ROUTES)
    before = everything(tmp_path)
    call = Call(capsys, "build", data, "-o", tmp_path / "nieuw", "--dry-run")
    assert call.code == 0
    assert "bestaat nog niet: alles is nieuw." in call.text
    assert "partners 0 3 3" in call.text
    assert everything(tmp_path) == before


def test_a_dry_run_leaves_a_half_replaced_build_as_it_is(
    capsys: pytest.CaptureFixture[str], make_data: MakeData, build: Path
) -> None:
    # as after a crash between the two renames of a build
    build.rename(build.with_name(f".{build.name}.vorige"))
    data = make_data(wachttijden=waits("8 weken", "30 weken"), toml=TOML)
    before = everything(build.parent)
    for arguments in (["build", data, "-o", build, "--dry-run"], ["diff", build, data]):
        assert "gaat van 41 naar 38 weken" in Call(capsys, *arguments).text
    assert everything(build.parent) == before


def test_a_dry_run_has_the_exit_code_of_the_build(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    call = Call(capsys, "build", CASES / "dangling", "-o", tmp_path / "uit", "--dry-run")
    assert call.code == 1
    assert "alles is nieuw" in call.text
    refused = Call(capsys, "build", CASES / "citizen-numbers", "-o", tmp_path / "uit", "--dry-run")
    assert (refused.code, refused.out) == (1, "")
    assert "Er zou niets worden gebouwd." in refused.err
    assert "111222333" not in refused.err
    assert list(tmp_path.iterdir()) == []


def test_diff_of_refused_data_says_so(capsys: pytest.CaptureFixture[str], build: Path) -> None:
    call = Call(capsys, "diff", build, CASES / "citizen-numbers")
    assert (call.code, call.out) == (1, "")
    assert "Er zou niets worden gebouwd." in call.err
    assert "111222333" not in call.err


def test_what_is_no_build_is_not_touched(capsys: pytest.CaptureFixture[str], make_data: MakeData, tmp_path: Path) -> None:
    data = make_data(toml=TOML, partners=PARTNERS)
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "brief.txt").write_text("niet weg", "utf-8")
    call = Call(capsys, "build", data, "-o", tmp_path / "map", "--dry-run")
    assert call.code == 2
    assert "er wordt niets overschreven" in call.err
    assert Call(capsys, "diff", tmp_path / "map", data).code == 2
    assert Call(capsys, "diff", tmp_path / "nergens", data).code == 2


# --- status --------------------------------------------------------------------------------------------------
def test_status_says_first_what_asks_for_attention(
    capsys: pytest.CaptureFixture[str], make_data: MakeData, tmp_path: Path
) -> None:
    toml = TOML + (
        '[bestanden."partners.csv"]\nleverancier = "Coalitie"\nelke_maanden = 6\nrijen_minimaal = 5\n'
        '[bestanden."cjg*.xlsx"]\nleverancier = "CJG"\nelke_maanden = 1\n'
    )
    data = make_data(toml=toml, partners=[{**p, "geverifieerd_op": "2025-03-01"} for p in PARTNERS])
    assert Call(capsys, "build", data, "-o", tmp_path / "uit", "--no-store").code == 0
    call = Call(capsys, "status", tmp_path / "uit")
    assert "Te laat: partners.csv (Coalitie), verwacht elke 6 maanden, laatste van 2025-03-01." in call.text
    assert "Minder regels dan verwacht: partners.csv (Coalitie), 3 in plaats van minstens 5." in call.text
    assert "Nog niet ontvangen: cjg*.xlsx (CJG), verwacht elke maand." in call.text
    assert call.text.index("Vraagt aandacht") < call.text.index("Tabel Rijen")
    told = {s["file"]: s for s in Call(capsys, "status", tmp_path / "uit", "--format", "json").json["sources"]}
    partners = told["partners.csv"]
    assert (partners["late"], partners["shrunken"], partners["due"], partners["rows_min"]) == (True, True, "2025-09-01", 5)
    assert (told["cjg*.xlsx"]["missing"], told["cjg*.xlsx"]["late"], told["cjg*.xlsx"]["table"]) == (True, True, None)
    rows = list(csv.DictReader(io.StringIO(Call(capsys, "status", tmp_path / "uit", "--format", "csv").out)))
    figures = {(r["name"], r["figure"]): r["value"] for r in rows}
    assert figures["partners.csv", "late"] == "true"
    assert figures["partners", "rows"] == "3"
    shutil.rmtree(tmp_path / "uit")


def test_status_of_the_example_asks_for_nothing(capsys: pytest.CaptureFixture[str], vr: str) -> None:
    assert "Vraagt aandacht" not in Call(capsys, "status", vr).out
