"""experienced as its users call it: both examples, both languages, every form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from routekaart.cli import language as room
from routekaart.cli.app import run
from routekaart.graph.edition import write_edition
from routekaart.graph.landscape import Landscape
from routekaart.graph.routemap import RouteMap

HEADER = {"question", "reference_date", "unit", "weighted", "known_waits", "outdated_waits", "assumptions"}
CONTRACT = {"partner", "weeks", "outcomes", "visits", "return_probability", "weeks_given_help"}
Ask = Callable[..., str]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """One call in this process: what it printed on stdout, with white space as single spaces for tables."""

    def asked(*arguments: str, lang: str = "nl", form: str = "table", code: int = 0) -> str:
        monkeypatch.setenv("ROUTEKAART_LANG", lang)
        room.language.cache_clear()
        found = run(["experienced", *arguments, "--format", form])
        out, err = capsys.readouterr()
        assert found == code
        assert bool(err) == bool(code)
        text = err if code else out
        return " ".join(text.split()) if form == "table" else text

    yield asked
    monkeypatch.undo()
    room.language.cache_clear()


@pytest.fixture
def corner(tmp_path: Path, landscape_of: Callable[..., Landscape]) -> str:
    """A build with everything that cannot be said: a stop, a class that nobody leaves, no numbers, small ones."""
    names = {"A": "Toegang", "B": "Brug", "C": "Cirkel", "D": "Draai", "E": "Eerste lijn", "F": "Fonkel", "G": "Groep"}
    partners = [{"id": i, "naam": n, "rollen": "jeugdhulp", "gemeenten": "Ede"} for i, n in names.items()]
    partners[2]["gemeenten"] = "Ede; Barneveld"
    partners[1]["reactie"] = "Vanaf juni is er weer plek."
    flows = [
        ("A", "C", 200, 2025),
        ("A", "hulp", 800, 2024),
        ("B", "hulp", 300, 2025),
        ("B", "aanbod:O", 100, 2025),
        ("C", "D", 60, 2025),
        ("D", "C", 60, 2025),
        ("E", "uitval", "", 2025),
        ("F", "hulp", 6, 2025),
        ("F", "rol:school", 5, ""),
        ("G", "B", 100, 2025),
        ("G", "G", 100, 2025),
        ("G", "uitval", 4, 2025),
    ]
    landscape = landscape_of(
        toml='[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n',
        partners=partners,
        aanbod=[{"id": "O", "naam": "Oefenen", "partner": "A", "gemeenten": "Ede"}],
        uitstroom=[dict(zip(("partner", "naar", "aantal", "jaar"), f, strict=True)) for f in flows],
        wachttijden=[
            {"op": "B", "soort": "aanmeldwachttijd", "waarde": "aanmeldstop", "peildatum": "2026-05"},
            {"op": "A", "soort": "aanmeldwachttijd", "waarde": "4 weken", "peildatum": "2026-05"},
            {"op": "C", "soort": "aanmeldwachttijd", "waarde": "aanmeldstop", "peildatum": "2026-05", "gemeenten": "Barneveld"},
        ],
    )
    write_edition(landscape, {"findings": [], "tables": {}}, tmp_path / "uit", store=False)
    return str(tmp_path / "uit")


# --- the made-up region ------------------------------------------------------------------------------------
def test_it_says_what_it_is_and_blames_nobody(ask: Ask, vr: str) -> None:
    nl, en = ask(vr), ask(vr, lang="en")
    assert nl.startswith("Wat gezinnen meemaken, van partner naar partner")
    assert en.startswith("What families live through, from partner to partner")
    assert "De partners staan op naam." in nl
    assert "zeggen niet hoe goed een partner werkt" in nl
    assert "heen en weer verwezen" in nl
    assert "slecht" not in nl
    assert nl.count("elke stap staat los van wat eraan voorafging") == 1
    assert en.count("each step is independent of what went before") == 1
    assert "94 aantallen onder 10 zijn niet gebruikt zoals zij zijn: elk telt als 5." in nl
    assert "Van 20 partners, rollen of aanbod" in nl
    assert "De uitstroom is van 2025." in nl
    assert "Reactie van Jeugd-ggz De Zuidenwind: “Wij herkennen dit beeld en praten er graag over verder.”" in nl
    assert "besparen" in nl  # the fixed footer, and only there
    assert "Partner Aantal Weken Hulp bereikt Gestopt Onbekend Elders Komt terug Weken tot hulp Bron" in nl


def test_as_json(ask: Ask, vr: str) -> None:
    found = json.loads(ask(vr, form="json"))
    assert set(found) == HEADER | {"partners"}
    assert (found["question"], found["weighted"], len(found["partners"])) == ("experienced", True, 42)
    assert all(set(p) >= CONTRACT for p in found["partners"])
    for p in found["partners"]:
        assert p["weeks"] is None or set(p["weeks"]) == {"low", "expected", "high"}
        assert set(p["outcomes"]) - {"suppressed"} == {"hulp", "uitval", "onbekend", "elders", "rondgaan"}
        assert (None in p["outcomes"].values()) == ("suppressed" in p["outcomes"])
        assert p["sources"]
    assert [p["partner"] for p in found["partners"] if p["reason"] == "aanmeldstop"] != []
    assert any("telt als 5" in text for text in found["assumptions"])
    assert json.loads(ask(vr, "--top", "2", form="json"))["partners"] == found["partners"][:2]


def test_of_one_municipality(ask: Ask, vr: str) -> None:
    every = json.loads(ask(vr, form="json"))["partners"]
    some = json.loads(ask(vr, "--gemeente", "Lindervoort", form="json"))["partners"]
    assert 0 < len(some) < len(every)
    assert [p for p in every if p in some] == some  # the same figures, in the same order
    text = ask(vr, "--gemeente", "Lindervoort")
    assert "partners voor Lindervoort" in text
    assert "niet alleen over die in Lindervoort" in text


def test_in_a_spreadsheet_and_a_report(ask: Ask, vr: str) -> None:
    rows = list(csv.DictReader(io.StringIO(ask(vr, form="csv"))))
    found = json.loads(ask(vr, form="json"))["partners"]
    assert [r["partner"] for r in rows] == [p["partner"] for p in found]
    assert [r["weeks_expected"] for r in rows] == [str(p["weeks"]["expected"]) if p["weeks"] else "" for p in found]
    assert [r["hulp"] for r in rows] == ["" if p["outcomes"]["hulp"] is None else str(p["outcomes"]["hulp"]) for p in found]
    markdown = ask(vr, "--top", "1", form="md")
    assert "| Partner | Aantal | Weken | Hulp bereikt |" in markdown
    assert "En nog 41" in markdown


@pytest.mark.parametrize("form", ["json", "csv", "md"])
def test_small_numbers_stay_on_the_screen(ask: Ask, vr: str, form: str) -> None:
    assert "--internal" in ask(vr, "--internal", form=form, code=2)
    text = ask(vr, "--internal")
    assert "ook kleine aantallen zijn gebruikt en getoond" in text
    assert "telt als 5" not in text
    assert "ca. " not in text


def test_a_region_without_outflow(ask: Ask, gv: str) -> None:
    assert "Er is geen uitstroom geregistreerd" in ask(gv)
    assert "No outflow is registered" in ask(gv, lang="en")
    assert json.loads(ask(gv, form="json"))["partners"] == []
    assert list(csv.DictReader(io.StringIO(ask(gv, form="csv")))) == []


# --- what cannot be said -------------------------------------------------------------------------------------
def lines(text: str) -> dict[str, list[str]]:
    """The rows of the table in Markdown by the first cell."""
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    return {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows}


def test_why_there_is_no_figure(ask: Ask, corner: str) -> None:
    text = ask(corner, form="md")
    rows = lines(text)
    assert rows["Partner"][6] == "Blijft rondgaan"
    # Toegang: a fifth goes round; those who get help wait 4 weeks there
    assert rows["Toegang"][:8] == ["1.000", "niet te zeggen", "80%", "0%", "0%", "0%", "20%", "0%"]
    assert rows["Toegang"][8] == "4"
    assert rows["Brug"][1] == "niet te zeggen"  # by the offering of Toegang
    assert rows["Brug"][8] == "aanmeldstop op de weg"
    assert rows["Cirkel"][1:] == [
        "niet te zeggen",
        *["0%"] * 4,
        "100%",
        "niet te zeggen",
        "geen hulp bereikt",
        rows["Cirkel"][9],
    ]
    assert rows["Eerste lijn"][:9] == ["onbekend", "geen aantallen", *[""] * 7]
    assert rows["Fonkel"][:9] == ["–"] * 9
    assert rows["Groep"][0] == "ca. 205"
    # 100 of 205 come back to themselves; 5 of the others stop, which is hidden with what gives it back
    assert rows["Groep"][7] == "49%"
    for sentence in (
        "Blijft rondgaan: volgens deze cijfers",
        "Aanmeldstop op de weg: ergens",
        "Geen aantallen: er is wel uitstroom genoemd",
        "Een streepje: niet getoond.",
        "De uitstroom van 2024, 2025 is bij elkaar opgeteld.",
        "1 regel van de uitstroom noemt geen jaar",
        "1 regel van de uitstroom noemt geen aantal en telt niet mee, ook niet als 0.",
        "Het gaat om: Eerste lijn (E).",
        "3 aantallen onder 10",
        "Van 1 partner, rol of aanbod waar gezinnen naartoe gingen is geen uitstroom geregistreerd: school",
        "gaat verder zoals de uitstroom van die partner zegt: Oefenen",
        "Een aanmeldstop voor een deel van de gemeenten; gerekend is met de wachttijd voor de andere: Cirkel (C).",
        "“Vanaf juni is er weer plek.”",
    ):
        assert sentence.lower() in text.replace("\\", "").lower(), sentence


def test_the_same_in_english(ask: Ask, corner: str) -> None:
    rows = lines(ask(corner, lang="en", form="md"))
    assert rows["Toegang"][1] == "cannot be said"
    assert rows["Brug"][8] == "closed to new families on the way"
    assert rows["Eerste lijn"][0] == "unknown"
    assert rows["Groep"][0] == "about 205"


def test_with_old_waits_too_it_says_so(ask: Ask, corner: str) -> None:
    assert "ook met verouderde wachttijden gerekend" in ask(corner, "--with-outdated")
    assert "ook met verouderde wachttijden gerekend" not in ask(corner)


def test_in_python(corner: str, vr: str) -> None:
    asked = RouteMap(corner)
    assert [p.partner for p in asked.experienced().partners] == ["B", "C", "D", "E", "F", "G", "A"]
    assert [p.partner for p in asked.experienced(gemeente="Barneveld").partners] == ["C"]
    assert not any(p.suppressed for p in asked.experienced(internal=True).partners)
    found: Any = RouteMap(vr).experienced(gemeente="Lindervoort")
    assert str(found).startswith("experienced (2026-09-01; gezinnen, weighted)")
