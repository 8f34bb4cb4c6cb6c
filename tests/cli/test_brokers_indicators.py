"""brokers and indicators as their users call them: both examples, both languages, every form."""

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

HEADER = {"question", "reference_date", "unit", "weighted", "known_waits", "outdated_waits", "assumptions"}
Ask = Callable[..., str]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """One call in this process: what it printed on stdout, with white space as single spaces for tables."""

    def asked(*arguments: str, lang: str = "nl", form: str = "table") -> str:
        monkeypatch.setenv("ROUTEKAART_LANG", lang)
        room.language.cache_clear()
        code = run([*arguments, "--format", form])
        out, err = capsys.readouterr()
        assert (code, err) == (0, "")
        return " ".join(out.split()) if form == "table" else out

    yield asked
    monkeypatch.undo()
    room.language.cache_clear()


def as_json(text: str) -> Any:
    return json.loads(text)


def as_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# --- brokers ------------------------------------------------------------------------------------------------
def test_brokers_describes_and_does_not_judge(ask: Ask, vr: str, gv: str) -> None:
    for out in (vr, gv):
        nl, en = ask("brokers", out), ask("brokers", out, lang="en")
        assert "zeggen niet hoe goed een partner is" in nl
        assert "De partners staan op naam" in nl
        assert "do not say how good a partner is" in en
        assert "Partner Gemeenten Verbonden met Schakels Constraint Effectieve grootte" in nl
        assert "Partner Municipalities Linked with Ties Constraint Effective size" in en
        assert "besparen" in nl  # the fixed footer, and only there
    assert "Een onbekend aantal telt als 1, en een aantal onder 10 ook" in ask("brokers", vr)
    assert "Ongewogen" in ask("brokers", gv)  # no numbers in the real region
    assert "Unweighted" in ask("brokers", gv, lang="en")
    assert "Aangenomen: van 12 is niet vermeld voor welke gemeenten" in ask("brokers", gv)


def test_brokers_as_json(ask: Ask, vr: str) -> None:
    found = as_json(ask("brokers", vr, form="json"))
    assert set(found) == HEADER | {"partners"}
    assert (found["question"], found["weighted"], found["known_waits"]) == ("brokers", True, None)
    assert len(found["partners"]) == 153
    keys = {"partner", "municipalities", "roles_linked", "constraint", "effective_size"}
    assert all(set(p) == keys for p in found["partners"])
    assert all(p["constraint"] > 0 and p["effective_size"] <= 153 for p in found["partners"] if p["municipalities"])
    assert all(p["constraint"] is p["effective_size"] is None for p in found["partners"] if not p["municipalities"])
    assert any("telt als 1" in text for text in found["assumptions"])
    assert as_json(ask("brokers", vr, "--top", "2", form="json"))["partners"] == found["partners"][:2]


def test_brokers_of_one_municipality(ask: Ask, gv: str) -> None:
    every = as_json(ask("brokers", gv, form="json"))["partners"]
    ede = as_json(ask("brokers", gv, "--gemeente", "Ede", form="json"))["partners"]
    assert 0 < len(ede) < len(every)
    assert all(p in every for p in ede)
    assert [p for p in every if p in ede] == ede  # in the same order: by name
    text = ask("brokers", gv, "--gemeente", "Ede")
    assert "partners voor Ede" in text
    assert "niet alleen voor die in Ede" in text


def test_brokers_in_a_spreadsheet_and_a_report(ask: Ask, vr: str) -> None:
    rows = as_csv(ask("brokers", vr, "--top", "3", form="csv"))
    found = as_json(ask("brokers", vr, form="json"))["partners"]
    assert [r["partner"] for r in rows] == [p["partner"] for p in found[:3]]
    assert [float(r["constraint"]) for r in rows] == [p["constraint"] for p in found[:3]]
    assert all(r["routes"].startswith("R") for r in rows)  # to ask `explain` for
    markdown = ask("brokers", vr, "--top", "1", form="md")
    assert "| Partner | Gemeenten | Verbonden met |" in markdown
    assert "En nog 152" in markdown


# --- indicators ---------------------------------------------------------------------------------------------
def test_indicators_per_municipality_by_name_with_years_side_by_side(ask: Ask, vr: str) -> None:
    nl, en = ask("indicators", vr), ask("indicators", vr, lang="en")
    names = ["Elzerbroek", "Hazelmeer", "Kwartelo", "Lindervoort", "Ooievaarsdijk", "Roggelaar", "Wilgendam", "Zilverveen"]
    places = [nl.index(f"{name} Indicator") for name in names]
    assert places == sorted(places)
    assert "Indicator Thema Wijk 2023 2024 2025 Eenheid Streefwaarde of norm Bron (bestand:rij)" in nl
    assert "Indicator Theme District 2023 2024 2025 Unit Target or norm Source (file:row)" in en
    assert "Gemeenten worden niet met elkaar vergeleken." in nl
    assert "Municipalities are not compared with each other." in en
    # indicatoren.csv, rows 2–4, and normen.csv N06
    line = "| 11,9 | 12,1 | 12,2 | procent | streefwaarde 9 (2028) | indicatoren.csv:2, 3, 4 |"
    assert line in ask("indicators", vr, form="md")
    line = line.replace(",9 ", ".9 ").replace(",1 ", ".1 ").replace(",2 ", ".2 ").replace("streefwaarde", "target")
    assert line in ask("indicators", vr, form="md", lang="en")


def test_indicators_of_a_region_that_has_none(ask: Ask, gv: str) -> None:
    assert "geen cijfers geregistreerd" in ask("indicators", gv)
    assert "No figures are registered" in ask("indicators", gv, lang="en")
    assert as_json(ask("indicators", gv, form="json"))["indicators"] == []
    assert as_csv(ask("indicators", gv, form="csv")) == []


def test_indicators_as_json(ask: Ask, vr: str) -> None:
    found = as_json(ask("indicators", vr, "--gemeente", "Elzerbroek", form="json"))
    assert set(found) == HEADER | {"indicators"}
    keys = {"indicator", "municipality", "district", "theme", "year", "value", "unit", "target", "target_applies", "source"}
    assert all(set(i) == keys for i in found["indicators"])
    assert {i["municipality"] for i in found["indicators"]} == {"GM9003"}
    assert {i["indicator"]: i["target"] for i in found["indicators"] if i["target_applies"]} == {
        "jeugdigen met individuele jeugdhulp": 9
    }
    one = as_json(ask("indicators", vr, "--gemeente", "GM9003", "--theme", "druk gedrag", form="json"))["indicators"]
    assert [(i["theme"], i["year"]) for i in one] == [("druk-gedrag", y) for y in (2023, 2024, 2025)]
    assert len(as_json(ask("indicators", vr, "--top", "5", form="json"))["indicators"]) == 5
    rows = as_csv(ask("indicators", vr, form="csv"))
    assert len(rows) == 216
    assert {r["suppressed"] for r in rows} == {"false"}


@pytest.fixture
def counts(tmp_path: Path, landscape_of: Callable[..., Landscape]) -> str:
    figures = [("Ede", 4, "gezinnen"), ("Barneveld", 25, "gezinnen"), ("Barneveld", 7, "weken")]
    write_edition(
        landscape_of(
            partners=[{"id": "P1", "naam": "Gemeente", "rollen": "gemeente", "gemeenten": "Ede"}],
            indicatoren=[
                {"indicator": "wachten" + ("d" if unit == "weken" else ""), "gemeente": code, "waarde": value, "eenheid": unit}
                for code, value, unit in figures
            ],
            normen=[
                {"id": "N1", "soort": "wachten", "waarde": 5, "eenheid": "procent", "geldt_voor": "Ede"},
                {"id": "N2", "soort": "Wachtend", "waarde": 6, "eenheid": "weken", "geldt_voor": "landelijk"},
            ],
        ),
        {"findings": [], "tables": {}},
        tmp_path / "uit",
        store=False,
    )
    return str(tmp_path / "uit")


def test_small_numbers_are_shown_for_own_use_only(ask: Ask, counts: str) -> None:
    text = ask("indicators", counts)
    assert "niet getoond gezinnen" in text
    assert "Aantallen onder 10" in text
    assert "not shown gezinnen" in ask("indicators", counts, lang="en")
    first = as_json(ask("indicators", counts, "--gemeente", "Ede", form="json"))["indicators"][0]
    assert (first["value"], first["suppressed"]) == (None, True)
    assert as_csv(ask("indicators", counts, form="csv"))[-1]["value"] == ""
    assert "Zonder jaar Eenheid" in text
    internal = ask("indicators", counts, "--internal")
    assert "wachten 4 gezinnen" in internal
    assert "niet getoond" not in internal


def test_a_norm_in_another_unit_is_said(ask: Ask, counts: str) -> None:
    text = ask("indicators", counts)
    assert "niet in de eenheid van het cijfer, en dus niet ernaast gezet: wachten." in text
    assert "7 weken norm 6" in text  # it holds now: a norm
