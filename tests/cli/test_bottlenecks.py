"""bottlenecks as its users call it: both examples, both languages, every form."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from routekaart.cli import language as room
from routekaart.cli.app import run

Ask = Callable[..., str]
NEVER = r"besparen|vermijdbaar|schuld|slechtste|passende hulp|bestaat"


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """One call in this process: what it printed on stdout, with white space as single spaces for tables."""

    def asked(out: str, *arguments: str, lang: str = "nl", form: str = "table") -> str:
        monkeypatch.setenv("ROUTEKAART_LANG", lang)
        room.language.cache_clear()
        code = run(["bottlenecks", out, *arguments, "--format", form])
        printed, err = capsys.readouterr()
        assert (code, err) == (0, "")
        return " ".join(printed.split()) if form == "table" else printed

    yield asked
    monkeypatch.undo()
    room.language.cache_clear()


# --- JSON -------------------------------------------------------------------------------------------------------
def thing(**properties: Any) -> dict[str, Any]:
    optional = ("suppressed", "inflow", "offerings")
    required = [k for k in properties if k not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


NUMBER, FAMILIES, TEXT, FLAG = (
    {"type": "number"},
    {"type": ["number", "null"], "minimum": 0},
    {"type": "string"},
    {"type": "boolean"},
)
OPTIONAL_TEXT = {"type": ["string", "null"]}
HIDDEN = {"const": True}
SOURCES = {"type": "array", "items": {"type": "object", "required": ["table", "id", "file", "row"]}}
WAIT = thing(
    low=NUMBER,
    expected=NUMBER,
    high=FAMILIES,
    kind={"enum": ["aanmeldwachttijd", "totaal"]},
    as_of=OPTIONAL_TEXT,
    assumed=FLAG,
    outdated=FLAG,
    derived=FLAG,
    written=OPTIONAL_TEXT,
    sources=SOURCES,
)
QUEUE = thing(
    status={"enum": ["evenwicht", "geen evenwicht", None]},
    load=FAMILIES,
    p_wait={"type": ["number", "null"], "minimum": 0, "maximum": 1},
    waiting=FAMILIES,
    wait_weeks=FAMILIES,
    inflow={"enum": ["opgave", "vraag"]},
    offerings={"type": "array", "items": TEXT},
    suppressed=HIDDEN,
)
PARTNER = thing(
    partner=TEXT,
    per_year=FAMILIES,
    arriving=FAMILIES,
    waiting=FAMILIES,
    weeks_per_week=FAMILIES,
    sole_link=FAMILIES,
    wait=WAIT,
    norm={"anyOf": [{"type": "null"}, thing(id=TEXT, kind=TEXT, weeks=NUMBER, sources=SOURCES)]},
    queue={"anyOf": [{"type": "null"}, QUEUE]},
    bottleneck=FLAG,
    cause={"enum": ["capaciteit", "besluit nodig", "enige schakel", "onbekend", None]},
    suppressed=HIDDEN,
)
LEVEL = thing(
    level={"enum": [0, 1, 2, 3, 4]},
    per_year=FAMILIES,
    without_route=thing(**dict.fromkeys(("geen aanbod", "geen route", "aanmeldstop"), FAMILIES), suppressed=HIDDEN),
    partners={"type": "array", "items": PARTNER},
    routes={"type": "array", "items": thing(**{"from": TEXT, "to": TEXT, "per_year": FAMILIES, "suppressed": HIDDEN})},
    suppressed=HIDDEN,
)
ANSWER = thing(
    question={"const": "bottlenecks"},
    reference_date=TEXT,
    unit=TEXT,
    weighted=FLAG,
    known_waits=FAMILIES,
    outdated_waits=FAMILIES,
    assumptions={"type": "array", "items": TEXT},
    levels={"type": "array", "items": LEVEL},
)


@pytest.mark.parametrize("example", ["gv", "vr"])
def test_the_json_is_that_of_the_contract(ask: Ask, request: pytest.FixtureRequest, example: str) -> None:
    out = request.getfixturevalue(example)
    found = json.loads(ask(out, "--level", "2", "--level", "3", form="json"))
    Draft202012Validator(ANSWER).validate(found)
    assert [level["level"] for level in found["levels"]] == [2, 3]
    assert (found["weighted"], found["unit"]) == (example == "vr", "gezinnen")
    for level in found["levels"]:
        assert level["partners"]
        assert level["routes"]
        for p in level["partners"]:
            hidden = [k for k in ("per_year", "arriving", "waiting", "weeks_per_week") if p[k] is None]
            assert ("suppressed" in p) >= bool(hidden)
            # a cause of a long wait only where there is one, and that only by a current wait above a norm
            assert (p["cause"] is not None) == p["bottleneck"]
            if p["bottleneck"]:
                assert p["wait"]["expected"] > p["norm"]["weeks"]
                assert not p["wait"]["assumed"]
                assert not p["wait"]["outdated"]
                assert p["wait"]["as_of"]
                assert p["wait"]["sources"]
        for r in level["routes"]:
            assert (r["per_year"] is None) == ("suppressed" in r)


def test_no_family_count_below_the_threshold_is_in_the_json(ask: Ask, vr: str) -> None:
    for level in json.loads(ask(vr, "--level", "3", form="json"))["levels"]:
        counts = [level["per_year"], *(v for k, v in level["without_route"].items() if k != "suppressed")]
        counts += [p[k] for p in level["partners"] for k in ("per_year", "arriving", "weeks_per_week", "sole_link")]
        counts += [r["per_year"] for r in level["routes"]]
        assert not [n for n in counts if n is not None and 0 < n < 10]
        assert None in counts


# --- words ------------------------------------------------------------------------------------------------------
def test_the_fictional_region_in_dutch(ask: Ask, vr: str) -> None:
    text = ask(vr, "--top", "0", "--level", "2+")
    assert text.startswith("Waar gezinnen langskomen en waar zij wachten: hele regio")
    assert re.search(
        r"Via SOJ Elzerbroek komen \d+ gezinnen per jaar; één week korter wachten scheelt hun samen ongeveer \d+ weken\.", text
    )
    assert re.search(r"Enige geregistreerde schakel: \d+ gezinnen\.", text)
    assert (
        "Knelpunt: aanmeldwachttijd 46 weken, boven de norm van 4 weken. Oorzaak: voor elke stap ernaartoe is een besluit nodig."
        in text
    )
    assert "Reactie van de partner: “" in text
    assert "Een uitspraak is geen meting; er is niet mee gerekend." in text
    assert "Aantallen onder 10, en wat die zou verraden, worden niet getoond." in text
    assert "wachttijdencsv" not in text
    assert re.search(r"Bron: wachttijden\.csv:\d+", text)
    body = text.split("Deze kaart gaat over vinden en wachten")[0]
    assert not re.search(NEVER, body.lower())


def test_the_fictional_region_in_english(ask: Ask, vr: str) -> None:
    text = ask(vr, "--top", "0", "--level", "3", lang="en")
    assert text.startswith("Where families pass and where they wait: whole region")
    assert re.search(
        r"\d+ families a year pass SOJ Elzerbroek; one week less waiting saves them about \d+ weeks together\.", text
    )
    assert (
        "Bottleneck: wait for the first appointment 46 weeks, above the norm of 4 weeks. Cause: each step to it needs a decision."
        in text
    )
    assert not re.search(r"\b(gezinnen|knelpunt|norm van)\b", text)


def test_gelderse_vallei_is_unweighted_and_prints_no_numbers_of_families(ask: Ask, gv: str) -> None:
    text = ask(gv, "--level", "3")
    assert "Ongewogen: er zijn geen aantallen gezinnen geregistreerd (tabel vraag)." in text
    assert not re.search(r"\d (gezinnen|families)", text)
    assert re.search(r"Bij Karakter kinder- en jeugdpsychiatrie eindigt \d+% van de combinaties", text)
    assert "onbekend (verouderd: 18 weken, 2020-06-08)" in text
    # nothing current is known, so nothing is called one
    assert "nelpunt" not in text
    assert "Van geen partner op deze wegen is een actuele wachttijd geregistreerd" in text
    english = ask(gv, "--level", "3", lang="en")
    assert "Unweighted: no numbers of families are registered" in english
    assert "ottleneck" not in english.replace("bottlenecks", "")


def test_a_sole_link_is_never_said_of_the_access(ask: Ask, vr: str) -> None:
    rows = list(csv.DictReader(io.StringIO(ask(vr, form="csv"))))
    access = [r for r in rows if r["name"].startswith(("Gemeente ", "Lokaal team"))]
    assert access
    assert {r["sole_link"] for r in access} == {""}


# --- options ----------------------------------------------------------------------------------------------------
def test_options_narrow_the_question(ask: Ask, vr: str) -> None:
    text = ask(vr, "--gemeente", "Elzerbroek", "--age", "14", "--theme", "angst en somberheid", "--level", "3")
    assert text.startswith("Waar gezinnen langskomen en waar zij wachten: Elzerbroek, 14 jaar, angst en somberheid")
    whole = json.loads(ask(vr, "--level", "2", form="json"))["levels"][0]["per_year"]
    two = json.loads(ask(vr, "--level", "2", "--gemeente", "Elzerbroek", "--gemeente", "Kwartelo", form="json"))["levels"][0]
    assert 0 < two["per_year"] < whole


def test_top_limits_partners_and_steps_and_says_so(ask: Ask, vr: str) -> None:
    every = json.loads(ask(vr, "--level", "3", form="json"))["levels"][0]
    three = json.loads(ask(vr, "--level", "3", "--top", "3", form="json"))["levels"][0]
    assert (three["partners"], three["routes"]) == (every["partners"][:3], every["routes"][:3])
    text = ask(vr, "--level", "3", "--top", "3")
    assert f"En nog {len(every['partners']) - 3}; --top 0 toont alles." in text


def test_internal_shows_all_on_the_screen_and_never_in_a_file(ask: Ask, vr: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = ask(vr, "--level", "3", "--internal", "--top", "0")
    assert "Let op: ook kleine aantallen zijn getoond; alleen voor eigen gebruik." in text
    assert "niet getoond" not in text
    for form in ("json", "csv", "md"):
        assert run(["bottlenecks", vr, "--internal", "--format", form]) == 2
        printed, err = capsys.readouterr()
        assert (printed, bool(err)) == ("", True)


def test_csv_has_one_row_per_level_and_partner(ask: Ask, vr: str) -> None:
    rows = list(csv.DictReader(io.StringIO(ask(vr, "--level", "3", form="csv"))))
    found = json.loads(ask(vr, "--level", "3", form="json"))["levels"][0]["partners"]
    assert [r["partner"] for r in rows] == [p["partner"] for p in found]
    assert {r["bottleneck"] for r in rows} == {"true", "false"}
    veerhaven = next(r for r in rows if r["name"] == "Jeugd-ggz Veerhaven")
    assert (veerhaven["wait_expected"], veerhaven["norm"], veerhaven["cause"]) == ("46.0", "4.0", "besluit nodig")
    assert veerhaven["sources"].startswith("wachttijden.csv:")


def test_markdown_tells_the_same(ask: Ask, vr: str) -> None:
    text = ask(vr, "--level", "3", form="md")
    assert text.startswith("## Waar gezinnen langskomen en waar zij wachten: hele regio")
    assert "| Van | Naar | Per jaar (gezinnen) |" in text


def test_outdated_waits_can_be_computed_with_and_that_is_said(ask: Ask, gv: str) -> None:
    text = ask(gv, "--level", "3", "--with-outdated")
    assert "Let op: er is ook met verouderde wachttijden gerekend." in text
    assert "nelpunt" not in text
