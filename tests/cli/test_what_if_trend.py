"""what-if and trend as their users call them: sentences in both languages, JSON as CONTRACTS §6, wrong calls with a proposal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routekaart.cli.app import run
from routekaart.graph.edition import write_edition
from routekaart.loaders.read import read

EXAMPLES = Path(__file__).parents[2] / "examples"
HEADER = {"question", "reference_date", "unit", "weighted", "known_waits", "outdated_waits", "assumptions"}
TOML = '[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n'
TABLES: dict[str, Any] = {
    "partners": [
        {"id": "H", "naam": "Huisarts De Brink", "rollen": "huisarts", "gemeenten": "Ede"},
        {"id": "S", "naam": "School De Boog", "rollen": "school", "gemeenten": "Ede"},
        {"id": "G", "naam": "Toegang", "rollen": "gemeente", "gemeenten": "Ede"},
        {"id": "J", "naam": "Jeugdhulp De Kade", "rollen": "jeugdhulp", "gemeenten": "Ede", "reactie": "Wij zoeken personeel."},
        {"id": "B", "naam": "Jeugdhulp Barneveld", "rollen": "jeugdhulp", "gemeenten": "Barneveld"},
    ],
    "aanbod": [
        {
            "id": "A1",
            "partner": "J",
            "naam": "Hulp",
            "niveau": 3,
            "toegang": "verwijzing",
            "capaciteit": 10,
            "duur_weken": 26,
            "instroom_per_jaar": 15,
        }
    ],
    "routes": [
        {"id": "R1", "van": "H", "naar": "G", "soort": "verwijzing"},
        {"id": "R2", "van": "G", "naar": "J", "soort": "verwijzing"},
    ],
    "wachttijden": [
        {"op": "G", "soort": "aanmeldwachttijd", "waarde": "4 weken", "peildatum": "2026-05-01"},
        {"op": "J", "soort": "aanmeldwachttijd", "waarde": "10 weken", "peildatum": "2026-05-01"},
    ],
    "vraag": [
        {"gemeente": "Ede", "instap": e, "leeftijd_van": 10, "leeftijd_tot": 11, "niveau": 3, "aantal_per_jaar": n}
        for e, n in (("H", 40), ("S", 20))
    ],
}


class Call:
    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: object) -> None:
        self.code = run([str(a) for a in arguments])
        self.out, self.err = capsys.readouterr()
        #: The answer without the places where the terminal breaks a line.
        self.text = " ".join(self.out.split())

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def build(tmp_path: Path, make_data: Callable[..., Path]) -> Path:
    out = tmp_path / "uit"
    write_edition(read(make_data(toml=TOML, **TABLES)).landscape, {"findings": [], "tables": {}}, out, store=False)
    return out


# --- what-if -------------------------------------------------------------------------------------------------
def test_a_route_more_in_plain_dutch(capsys: pytest.CaptureFixture[str], build: Path) -> None:
    call = Call(capsys, "what-if", build, "--add", "H:J", "--add", "S:G", "--level", "3")
    assert call.code == 0
    for sentence in (
        "Er komt een route bij: Huisarts De Brink → Jeugdhulp De Kade.",
        "Nu wachten 40 gezinnen per jaar samen 560 weken tot de eerste afspraak (gemiddeld 14 weken); dan 400 weken (gemiddeld 10 weken).",
        "Korter voor 40 gezinnen: samen 160 weken minder wachten per jaar.",
        "Voor het eerst een route: 20 gezinnen.",
        "Zonder route (geen route geregistreerd): nu 20 gezinnen, dan 0 gezinnen.",
        "Jeugdhulp De Kade 20 Wij zoeken personeel.",
        # 15 a year for 26 weeks in 10 places, and 20 more
        "Wachtrijmodel bij Jeugdhulp De Kade: nu, met 10 plekken, 3,2 weken wachten; dan, met 10 plekken, geen evenwicht",
        "Gerekend met dezelfde gezinnen als nu",
        "Direct gevaar: 112",
    ):
        assert sentence in call.text, sentence


def test_a_route_more_in_english(capsys: pytest.CaptureFixture[str], build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routekaart.cli.language.language", lambda: "en")
    call = Call(capsys, "what-if", build, "--add", "H:J", "--level", "3")
    assert (
        "Now 40 gezinnen a year together wait 560 weeks until the first appointment (on average 14 weeks); then 400 weeks"
        in call.text
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--close", "J"],
            "Aanmeldstop bij Jeugdhulp De Kade (in plaats van wachttijden.csv:3). Wie daar nu begint, begint daar nog steeds.",
        ),
        (["--close", "J"], "Dan geen route meer: 40 gezinnen."),
        (
            ["--wait", "J=8"],
            "De wachttijd tot de eerste afspraak bij Jeugdhulp De Kade is 8 weken (in plaats van wachttijden.csv:3).",
        ),
        (["--wait", "J=aanmeldstop"], "Aanmeldstop bij Jeugdhulp De Kade"),
        (["--wait", "Jeugdhulp De Kade = 2 maanden"], "is 2 maanden"),
        (
            ["--wait", "J=onbekend"],
            "Met alle onbekende wachttijden kort of juist lang ligt het samen tussen 320 weken minder en 640 weken meer.",
        ),
        (["--wait", "J=onbekend"], "Of het samen korter of langer wordt, hangt af van wachttijden die niemand nog weet."),
        (["--remove", "G:J"], "Zonder geregistreerde route Toegang → Jeugdhulp De Kade (nu: routes.csv:3)."),
        (["--capacity", "J=8"], "Bij Jeugdhulp De Kade zijn 8 plekken, nu 10 (aanbod.csv:2)."),
        (["--capacity", "J=8"], "Op dit niveau verandert er voor niemand iets."),
        (["--add", "rol:school:rol:gemeente"], "Er komt een route bij: school → gemeente"),
        (["--add", "S:aanbod:A1"], "Er komt een route bij: School De Boog → Hulp."),
        (["--add", "H:B"], "Dit raakt niemand"),
    ],
)
def test_each_option_says_what_it_does(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str], build: Path
) -> None:
    call = Call(capsys, "what-if", build, *arguments, "--level", "3")
    assert call.code == 0, call.err
    assert sentence in call.text


def test_json_of_what_if(capsys: pytest.CaptureFixture[str], build: Path) -> None:
    call = Call(capsys, "what-if", build, "--add", "H:J", "--wait", "J=8-12", "--format", "json")
    found = call.json
    assert set(found) == HEADER | {"alterations", "levels"}
    assert found["question"] == "what-if"
    assert [level["level"] for level in found["levels"]] == [0, 1, 2, 3]
    level = found["levels"][3]
    assert set(level) >= {"level", "before", "after", "per_municipality", "moved_to"}
    for side in (level["before"], level["after"], level["per_municipality"][1]["before"]):
        assert set(side) >= {"weeks_total", "per_year", "without_route"}
    assert (level["before"]["weeks_total"], level["after"]["weeks_total"]) == (560, 400)
    assert level["before"]["per_year"] == level["after"]["per_year"] == 60
    assert found["alterations"][1]["weeks"] == {"low": 8, "expected": 10, "high": 12}


def test_csv_and_markdown_of_what_if(capsys: pytest.CaptureFixture[str], build: Path) -> None:
    rows = list(
        csv.DictReader(io.StringIO(Call(capsys, "what-if", build, "--add", "H:J", "--level", "3", "--format", "csv").out))
    )
    assert [(r["municipality"], r["before_weeks_total"], r["after_weeks_total"]) for r in rows] == [
        ("", "560.0", "400.0"),
        ("GM0203", "0.0", "0.0"),
        ("GM0228", "560.0", "400.0"),
    ]
    assert "## Wat als" in Call(capsys, "what-if", build, "--add", "H:J", "--format", "md").out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Geef minstens één van --add A:B"),
        (
            ["--add", "Toegng:J"],
            "'Toegng' is geen partner, aanbod of rol in deze build. Bedoelt u: Toegang (G, ",
        ),
        (["--add", "H"], "--add vraagt om twee einden met een dubbele punt ertussen"),
        (["--add", "rol:huisarts"], "--add vraagt om twee einden met een dubbele punt ertussen"),
        (["--add", "H:H"], "twee verschillende einden"),
        (
            ["--remove", "H:J"],
            "Van Huisarts De Brink (H) naar Jeugdhulp De Kade (J) is geen route geregistreerd die nu geldt en gezinnen verder brengt. Wel naar: Toegang (G).",
        ),
        (["--close", "rol:jeugdhulp"], "rol:jeugdhulp is een rol."),
        (["--close", "J", "--wait", "J=8"], "Kies er één."),
        (["--wait", "J"], "--wait vraagt om een id, een is-teken en een waarde"),
        (["--wait", "J=veel"], "is niet te lezen"),
        (["--capacity", "J=veel"], "geen heel aantal plekken"),
        (["--capacity", "J=0"], "voor een aanmeldstop is er --close"),
        (["--capacity", "G=5"], "van geen enkel aanbod de capaciteit geregistreerd"),
        (["--close", "J", "--internal", "--format", "json"], "alleen op het scherm"),
    ],
)
def test_a_wrong_call_is_one_sentence_with_a_proposal(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str], build: Path
) -> None:
    call = Call(capsys, "what-if", build, *arguments)
    assert (call.code, call.out) == (2, "")
    assert sentence in call.err
    assert call.err.count("\n") == 1


def test_what_if_on_the_examples_in_both_languages(
    capsys: pytest.CaptureFixture[str], gv: str, vr: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for lang, nobody, unweighted in (
        ("nl", "Op dit niveau verandert er voor niemand iets.", "Ongewogen"),
        ("en", "At this level nothing changes for anybody.", "Unweighted"),
    ):
        monkeypatch.setattr("routekaart.cli.language.language", lambda lang=lang: lang)
        real = Call(capsys, "what-if", gv, "--close", "P06", "--level", "2", "--level", "3")
        assert real.code == 0
        assert nobody in real.text
        assert unweighted in real.text
        assert "gezinnen per jaar" not in real.text.replace("Aantallen zijn gezinnen per jaar", "")  # nobody counted families
        made = Call(capsys, "what-if", vr, "--close", "P131", "--level", "3", "--gemeente", "Lindervoort")
        assert made.code == 0
        assert "Jeugdhulp De Overstap" in made.text


# --- trend --------------------------------------------------------------------------------------------------------
def test_trend_in_plain_dutch(
    capsys: pytest.CaptureFixture[str], build: Path, tmp_path: Path, make_data: Callable[..., Path]
) -> None:
    later = tmp_path / "later"
    waits = [TABLES["wachttijden"][0], {**TABLES["wachttijden"][1], "waarde": "8 weken", "peildatum": "2027-05-01"}]
    routes = [*TABLES["routes"], {"id": "R3", "van": "S", "naar": "G", "soort": "verwijzing"}]
    tables = {**TABLES, "wachttijden": waits, "routes": routes}
    data = make_data(toml=TOML.replace("2026-06-01", "2027-06-01"), **tables)
    write_edition(read(data).landscape, {"findings": [], "tables": {}}, later, store=False)
    call = Call(capsys, "trend", build, later, "--level", "3")
    assert call.code == 0
    for sentence in (
        "Wat er anders is: 2026-06-01 → 2027-06-01",
        "Waardoor iets anders is, zegt deze vergelijking niet.",
        "erbij School De Boog (S) → Toegang (G) (verwijzing)",
        "Elke build heeft zijn eigen gezinnen (tabel vraag) en zijn eigen peildatum",
        "Gevraagd: toen 60 gezinnen per jaar, nu 60 gezinnen.",
        "Wie een geregistreerde route heeft, wacht gemiddeld 12 weken tot de eerste afspraak; toen 14 weken.",
        "Zonder route (geen route geregistreerd): toen 20 gezinnen, nu 0 gezinnen.",
        "Direct gevaar: 112",
    ):
        assert sentence in call.text, sentence
    back = Call(capsys, "trend", later, build, "--level", "3", "--format", "json").json
    assert [r["id"] for r in back["gone"]] == ["R3"]


def test_trend_of_the_examples_in_both_languages(
    capsys: pytest.CaptureFixture[str], gv: str, vr: str, vr25: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for lang, told in (("nl", "Wat er anders is: 2025-09-01 → 2026-09-01"), ("en", "What differs: 2025-09-01 → 2026-09-01")):
        monkeypatch.setattr("routekaart.cli.language.language", lambda lang=lang: lang)
        call = Call(capsys, "trend", vr25, vr, "--level", "3", "--top", "2")
        assert call.code == 0
        assert told in call.text
        assert "Lindervoort" in call.text
    same = Call(capsys, "trend", gv, gv)
    assert "Nothing is registered differently." in same.text


def test_json_and_csv_of_trend(capsys: pytest.CaptureFixture[str], vr: str, vr25: str) -> None:
    found = Call(capsys, "trend", vr25, vr, "--format", "json").json
    assert set(found) >= HEADER | {"added", "gone", "changed", "levels"}
    for part in ("added", "gone", "changed"):
        assert all(set(row) >= {"table", "id", "column", "old", "new"} for row in found[part])
    level = found["levels"][0]
    assert set(level) == {"level", "before", "after", "per_municipality"}
    assert set(level["before"]) >= {"weeks_total", "per_year", "mean_weeks", "without_route"}
    rows = list(csv.DictReader(io.StringIO(Call(capsys, "trend", vr25, vr, "--format", "csv").out)))
    assert len(rows) == 4 * 9
    assert Call(capsys, "trend", vr25, vr, "--gemeente", "Nergens").code == 2
