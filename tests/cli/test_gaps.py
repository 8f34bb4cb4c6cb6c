"""gaps as its users call it: three sentences first, the municipalities by name, and JSON as CONTRACTS §6 names it."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from routekaart.cli.app import run
from routekaart.graph.analyses.lacking.coverage import STATUSES
from routekaart.graph.analyses.lacking.kinds import KINDS

HEADER = {"question", "reference_date", "unit", "weighted", "known_waits", "outdated_waits", "assumptions"}
CELL = {"municipality", "theme", "level", "age_from", "age_until", "status", "weeks", "norm", "elsewhere"}
GAP = {"kind", "municipality", "theme", "level", "age_from", "age_until", "partner", "offering", "text", "sources"}
FOOTER = "Deze kaart gaat over vinden en wachten, niet over besparen. Zorgen worden serieus genomen."


class Call:
    """One call in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        self.code = run(["gaps", *arguments])
        self.out, self.err = capsys.readouterr()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def test_json_as_the_contract_names_it(capsys: pytest.CaptureFixture[str], vr: str) -> None:
    call = Call(capsys, vr, "--format", "json")
    assert (call.code, call.err) == (0, "")
    answer = call.json
    assert set(answer) == HEADER | {"cells", "gaps"}
    assert (answer["question"], answer["reference_date"], answer["weighted"]) == ("gaps", "2026-09-01", False)
    assert {frozenset(c) for c in answer["cells"]} == {frozenset(CELL)}
    assert {frozenset(g) for g in answer["gaps"]} == {frozenset(GAP)}
    assert {c["status"] for c in answer["cells"]} == set(STATUSES)
    assert {g["kind"] for g in answer["gaps"]} <= set(KINDS)
    assert {c["level"] for c in answer["cells"]} == {0, 1, 2, 3}
    assert len({c["municipality"] for c in answer["cells"]}) == 8


def test_the_story_of_elzerbroek(capsys: pytest.CaptureFixture[str], vr: str) -> None:
    # LEESMIJ of the example: at 14, fear and low mood, the GP's way takes 78 weeks; but the local team may be entered
    # directly. Elzerbroek's own target value of 10 weeks goes before the 12 weeks of the region
    asked = ("--gemeente", "Elzerbroek", "--age", "14", "--theme", "angst en somberheid", "--level", "3", "--format", "json")
    (cell,) = Call(capsys, vr, *asked).json["cells"]
    assert (cell["norm"], cell["status"]) == (10, "te lang")
    assert cell["age_from"] <= 14 < cell["age_until"]
    assert cell["weeks"] > 10
    # light, free, and nothing leads to it: the same story
    found = Call(capsys, vr, "--gemeente", "Elzerbroek", "--format", "json").json["gaps"]
    free = [g for g in found if g["kind"] == "vrij-aanbod-zonder-route-of-lijn"]
    assert "P065" in {g["partner"] for g in free}
    assert any("Jongerenpunt De Steiger" in g["text"] for g in free)


def test_a_policy_maker_reads_three_sentences_first(capsys: pytest.CaptureFixture[str], vr: str) -> None:
    call = Call(capsys, vr, "--gemeente", "Hazelmeer", "--gemeente", "Elzerbroek")
    lines = call.out.split("\n")
    assert lines[0] == "Wat niet is geregistreerd"
    assert lines[1].startswith("Niet geregistreerd is niet hetzelfde als niet bestaand")
    assert lines[2] == "Gekeken is naar 2 gemeenten, 59 thema's, 0 t/m 22 jaar en 4 niveaus van steun."
    assert lines[3].startswith("Bij ")
    assert "Geen aanbod geregistreerd: Hazelmeer, 0 t/m 22 jaar" in " ".join(call.out.split())
    assert "streefwaarde 10 weken (routekaart.toml)" in " ".join(call.out.split())
    assert FOOTER in call.out
    for word in ("vermijdbaar", "schuld", "slechtste", "passende hulp", "knelpunt"):
        assert word not in call.out.casefold()
    # families are counted nowhere
    assert "gezinnen per jaar" not in call.out


def test_municipalities_stand_by_name(capsys: pytest.CaptureFixture[str], vr: str) -> None:
    out = Call(capsys, vr).out
    names = ["Elzerbroek", "Hazelmeer", "Kwartelo", "Lindervoort", "Ooievaarsdijk", "Roggelaar", "Wilgendam", "Zilverveen"]
    places = [out.index(f"\n{name}\n") for name in names]
    assert places == sorted(places)


def test_nothing_is_too_long_where_no_norm_is_registered(capsys: pytest.CaptureFixture[str], gv: str) -> None:
    call = Call(capsys, gv, "--gemeente", "Ede")
    told = " ".join(call.out.split())
    assert "is in Ede geen norm of streefwaarde geregistreerd; daar heet niets te lang." in told
    assert "| Geen aanbod geregistreerd: Ede, 0 t/m 22 jaar, alle thema's. |" in Call(capsys, gv, "--format", "md").out
    answer = Call(capsys, gv, "--format", "json").json
    assert "te lang" not in {c["status"] for c in answer["cells"]}
    # not one wait of this example is current, so no time is known
    assert {c["status"] for c in answer["cells"]} == {"geen aanbod", "geen route", "onbekend"}
    assert answer["known_waits"] == 0


def test_top_limits_each_part(capsys: pytest.CaptureFixture[str], vr: str) -> None:
    def kinds(*more: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for gap in Call(capsys, vr, "--format", "json", *more).json["gaps"]:
            found[gap["kind"]] = found.get(gap["kind"], 0) + 1
        return found

    every = kinds()
    assert kinds("--top", "0") == every
    assert kinds("--top", "3") == {kind: min(3, number) for kind, number in every.items()}
    few, many, default = (Call(capsys, vr, *more).out for more in (("--top", "1"), ("--top", "0"), ()))
    assert len(few) < len(default) < len(many)
    assert "--top 0 toont alles" in few
    assert "--top 0 toont alles" not in many


@pytest.mark.parametrize(
    ("view", "codes", "ages"),
    [
        ("klein", {"GM9005", "GM9006", "GM9007", "GM9008"}, (0, 23)),  # fewer than 20,000 inhabitants
        ("jongeren", {f"GM900{n}" for n in range(1, 9)}, (12, 18)),
    ],
)
def test_views(capsys: pytest.CaptureFixture[str], vr: str, view: str, codes: set[str], ages: tuple[int, int]) -> None:
    cells = Call(capsys, vr, "--weergave", view, "--format", "json").json["cells"]
    assert {c["municipality"] for c in cells} == codes
    assert (min(c["age_from"] for c in cells), max(c["age_until"] for c in cells)) == ages
    assert ("20.000" if view == "klein" else "12 t/m 17 jaar") in Call(capsys, vr, "--weergave", view).out.split("\n")[0]


def test_a_view_that_there_is_not(capsys: pytest.CaptureFixture[str], vr: str) -> None:
    call = Call(capsys, vr, "--weergave", "groot")
    assert (call.code, call.out) == (2, "")
    assert "'alles', 'klein' of 'jongeren'" in call.err


def test_one_long_table_for_a_spreadsheet(capsys: pytest.CaptureFixture[str], vr: str) -> None:
    answer = Call(capsys, vr, "--gemeente", "Kwartelo", "--format", "json").json
    rows = list(csv.DictReader(io.StringIO(Call(capsys, vr, "--gemeente", "Kwartelo", "--format", "csv").out)))
    assert len(rows) == len(answer["cells"]) + len(answer["gaps"])
    assert [r["status"] for r in rows if r["what"] == "cell"] == [c["status"] for c in answer["cells"]]
    assert {r["what"] for r in rows} - {"cell"} == {g["kind"] for g in answer["gaps"]}
    assert all(r["sources"] for r in rows if r["what"] == "verouderd")


def test_markdown_for_a_report(capsys: pytest.CaptureFixture[str], vr: str) -> None:
    out = Call(capsys, vr, "--gemeente", "Kwartelo", "--format", "md").out
    assert out.startswith("## Wat niet is geregistreerd\n")
    assert "## Kwartelo\n" in out


def test_an_age_outside_the_map(capsys: pytest.CaptureFixture[str], vr: str) -> None:
    call = Call(capsys, vr, "--age", "40")
    assert call.code == 0
    assert "Deze leeftijd valt buiten de leeftijden van de kaart" in call.out


def test_computing_with_outdated_waits_is_said(capsys: pytest.CaptureFixture[str], gv: str) -> None:
    said = "er is ook met verouderde wachttijden gerekend"
    assert said in Call(capsys, gv, "--gemeente", "Ede", "--with-outdated").out
    assert said not in Call(capsys, gv, "--gemeente", "Ede").out


def test_english(capsys: pytest.CaptureFixture[str], vr: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from routekaart.cli.language import language

    monkeypatch.setenv("ROUTEKAART_LANG", "en")
    language.cache_clear()
    try:
        answer = Call(capsys, vr, "--gemeente", "Kwartelo", "--format", "json").json
        out = Call(capsys, vr, "--gemeente", "Kwartelo").out
    finally:
        monkeypatch.undo()
        language.cache_clear()
    assert out.startswith("What is not registered\nNot registered is not the same as not there")
    assert any("no step down or referral back is registered" in g["text"] for g in answer["gaps"])
