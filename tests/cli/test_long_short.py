"""long-routes and short-lines as their users call them: both examples, both languages, every form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from routekaart.cli import language as room
from routekaart.cli.app import run

HEADER = {"question", "reference_date", "unit", "weighted", "known_waits", "outdated_waits", "assumptions"}
BESIDE = {"statements", "responses", "names"}
STORY = "--gemeente Elzerbroek --age 14 --theme angst-en-somberheid --level 3".split()
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


# --- long-routes -------------------------------------------------------------------------------------------
def test_the_story_of_elzerbroek(vr: str, ask: Ask) -> None:
    text = ask("long-routes", vr, *STORY)
    assert "Waar gezinnen een lange weg gaan: Elzerbroek" in text
    assert (
        "Huisarts → SOJ → gemeente → jeugd-ggz: naar verwachting 78 weken (74–82), 3 schakels, 3 keer opnieuw vertellen; Elzerbroek."
        in text
    )
    assert "Bijvoorbeeld 14 jaar, angst en somberheid (Elzerbroek): Huisartsenpraktijk Zonnehoek → SOJ Elzerbroek →" in text
    assert "Wettelijk niet verplicht: de stap SOJ → gemeente." in text
    assert "Lichter, en vrij toegankelijk: Inloop De Steiger (Jongerenpunt De Steiger) — in de gemeente, geen wachttijd." in text
    assert "een uitspraak over huisarts → SOJ → gemeente → jeugd-ggz: “anderhalf jaar”" in text
    # each step with its sources (a terminal breaks lines): SOJ 14 weeks, and the municipality's decision
    steps = ask("long-routes", vr, *STORY, form="md")
    assert "14 weken verwacht (12–16)" in steps
    assert "besluit van de gemeente: 8 weken" in steps
    assert "wachttijden.csv:369" in steps
    assert text.endswith("112 · Veilig Thuis: 0800-2000")
    english = ask("long-routes", vr, *STORY, lang="en")
    assert (
        "GP → youth support worker at the GP → municipality → youth mental health care: expected 78 weeks (74–82), 3 steps"
        in english
    )
    assert "Not required by law: the step youth support worker at the GP → municipality." in english


def test_long_routes_as_json(vr: str, ask: Ask) -> None:
    found = as_json(ask("long-routes", vr, form="json"))
    assert set(found) == {*HEADER, "levels", *BESIDE}
    assert [level["level"] for level in found["levels"]] == [0, 1, 2, 3]
    assert found["weighted"] is True
    for level in found["levels"]:
        weeks = [p["weeks"]["expected"] for p in level["patterns"]]
        assert weeks == sorted(weeks, reverse=True)
        assert all(p["per_year"] is None or p["per_year"] == 0 or p["per_year"] >= 10 for p in level["patterns"])
        assert all(p.get("suppressed") is True for p in level["patterns"] if p["per_year"] is None)
        assert all(len(p["roles"]) == p["hops"] + 1 == len(p["example"]["path"]) for p in level["patterns"])
    (story,) = (p for p in found["levels"][3]["patterns"] if p["roles"] == ["huisarts", "soj", "gemeente", "jeugd-ggz"])
    assert (story["weeks"]["expected"], story["not_required_by_law"]) == (78, [["soj", "gemeente"]])
    assert story["example"]["profile"]["municipality"] == "GM9003"
    # --top leaves out, in every form
    few = as_json(ask("long-routes", vr, "--top", "2", form="json"))
    assert [len(level["patterns"]) for level in few["levels"]] == [2, 2, 2, 2]


def test_long_routes_of_gelderse_vallei_say_what_nobody_knows(gv: str, ask: Ask) -> None:
    text = ask("long-routes", gv, "--level", "3")
    assert "hoe lang dit duurt is niet geregistreerd (van geen enkele stap is een actuele wachttijd bekend" in text
    assert "Ongewogen:" in text
    assert "per jaar" not in text
    english = ask("long-routes", gv, "--level", "3", lang="en")
    assert "how long this takes is not registered (no step has a current wait" in english
    # the year and a half of the interview stands beside, in Ede
    ede = ask("long-routes", gv, "--gemeente", "Ede", "--level", "1", "--theme", "taal en ontwikkeling")
    assert "Jeugdgezondheidszorg → huisarts → SOJ → gemeente" in ede
    assert "“anderhalf jaar”" in ede
    assert "er is niet mee gerekend" in ede
    found = as_json(ask("long-routes", gv, form="json"))
    assert (found["weighted"], found["known_waits"]) == (False, 0)
    assert {p["per_year"] for level in found["levels"] for p in level["patterns"]} == {None}
    assert "suppressed" not in json.dumps(found)


def test_long_routes_in_a_spreadsheet_and_a_report(vr: str, ask: Ask) -> None:
    rows = as_csv(ask("long-routes", vr, *STORY, form="csv"))
    story = next(row for row in rows if row["roles"] == "huisarts > soj > gemeente > jeugd-ggz")
    assert [story[c] for c in ("weeks_low", "weeks_expected", "weeks_high", "hops", "path")] == [
        "74.0", "78.0", "82.0", "3", "P053 > P058 > P059 > P140",
    ]  # fmt: skip
    assert "wachttijden.csv:369" in story["sources"]
    report = ask("long-routes", vr, *STORY, form="md")
    assert report.startswith("## Waar gezinnen een lange weg gaan: Elzerbroek")
    assert "Huisarts → SOJ → gemeente → jeugd-ggz: naar verwachting 78 weken" in report


def test_long_routes_say_when_nothing_leads_there(gv: str, ask: Ask) -> None:
    nothing = "--gemeente Renswoude --level 0 --theme rouw --age 3".split()
    text = ask("long-routes", gv, *nothing)
    assert "Er zijn geen geregistreerde routes voor deze vraag. Dat betekent niet dat ze er niet zijn." in text
    assert "geen open route geregistreerd (zie `routekaart gaps`)" in text
    assert as_csv(ask("long-routes", gv, *nothing, form="csv")) == []


# --- short-lines -------------------------------------------------------------------------------------------
def test_short_lines_are_proposals_to_discuss(vr: str, ask: Ask) -> None:
    text = ask("short-lines", vr, "--gemeente", "Elzerbroek", "--top", "0", form="md")
    assert "Korte lijnen: contacten om te bespreken in Elzerbroek" in text
    assert "Dit zijn voorstellen om te bespreken" in text
    assert "Niet geregistreerd is niet hetzelfde als niet bestaand." in text
    assert "kennen → samenwerken" in text
    # the meeting that SOJ and municipality agreed on stands beside, with its status
    assert "| F005 | Gemeente Elzerbroek, toegang jeugd ↔ SOJ Elzerbroek | overleg | afgesproken |" in text
    assert "Veilig Thuis blijft buiten deze voorstellen." in text
    assert "Vraag zonder niveau telt bij elk gevraagd niveau mee." in text
    english = ask("short-lines", vr, "--gemeente", "Elzerbroek", "--top", "3", lang="en")
    assert "Short lines: contacts to discuss in Elzerbroek" in english
    assert "These are proposals to discuss" in english


def test_short_lines_as_json(vr: str, ask: Ask) -> None:
    found = as_json(ask("short-lines", vr, form="json"))
    assert set(found) == {*HEADER, "lines", "unnamed_steps", "unnamed", "loose_steps", "responses"}
    keys = "from to why per_year profiles strength_now strength_needed fixed_contact consultation shared_municipalities".split()
    assert all(set(keys) <= set(line) for line in found["lines"])
    shown = [line["per_year"] for line in found["lines"] if line["per_year"] is not None]
    assert shown == sorted(shown, reverse=True)
    assert all(n == 0 or n >= 10 for n in shown)
    assert all(line.get("suppressed") is True for line in found["lines"] if line["per_year"] is None)
    assert len({frozenset((line["from"], line["to"])) for line in found["lines"]}) == len(found["lines"])
    assert len(as_json(ask("short-lines", vr, "--top", "4", form="json"))["lines"]) == 4


def test_short_lines_of_gelderse_vallei_ask_who_that_is(gv: str, ask: Ask) -> None:
    text = ask("short-lines", gv, form="md")
    assert "wie is dat?" in text
    assert "SOJ: Ede, Veenendaal." in text
    assert "(route tussen rollen)" in text
    assert "per jaar" not in text
    assert "who is that?" in ask("short-lines", gv, lang="en")
    found = as_json(ask("short-lines", gv, form="json"))
    assert found["weighted"] is False
    assert {"municipality": "GM0228", "role": "soj"}.items() <= next(
        x for x in found["unnamed"] if (x["municipality"], x["role"]) == ("GM0228", "soj")
    ).items()


def test_short_lines_in_a_spreadsheet_and_a_report(vr: str, ask: Ask) -> None:
    rows = as_csv(ask("short-lines", vr, form="csv"))
    core = next(row for row in rows if {row["from"], row["to"]} == {"P058", "P059"})
    assert (core["strength_now"], core["strength_needed"], core["fixed_contact"]) == ("kennen", "samenwerken", "true")
    assert "lijnen.csv:4" in core["sources"]
    report = ask("short-lines", vr, "--top", "2", form="md")
    assert report.startswith("## Korte lijnen: contacten om te bespreken")
    assert "↔" in report


# --- both ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("command", ["long-routes", "short-lines"])
def test_small_numbers_are_for_the_screen_only(command: str, vr: str, ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--gemeente", "Elzerbroek", "--level", "3"]
    assert "niet getoond" in ask(command, vr, *where)
    assert "niet getoond" not in ask(command, vr, *where, "--internal")
    for form in ("json", "csv", "md"):
        assert run([command, vr, *where, "--internal", "--format", form]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "--internal" in err


@pytest.mark.parametrize("command", ["long-routes", "short-lines"])
def test_outdated_waits_are_used_only_when_asked_and_said_so(command: str, gv: str, ask: Ask) -> None:
    assert "Let op: er is ook met verouderde wachttijden gerekend." not in ask(command, gv, "--level", "3")
    assert "Let op: er is ook met verouderde wachttijden gerekend." in ask(command, gv, "--level", "3", "--with-outdated")


@pytest.mark.parametrize("command", ["long-routes", "short-lines"])
def test_the_profile_may_be_repeated(command: str, vr: str, ask: Ask) -> None:
    both = ask(command, vr, *"--gemeente Elzerbroek --gemeente Hazelmeer --age 8 --age 14 --level 2 --level 3".split())
    assert "Elzerbroek" in both
    assert "Hazelmeer" in both


@pytest.mark.parametrize("command", ["long-routes", "short-lines"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_words_that_are_never_said(command: str, lang: str, vr: str, ask: Ask) -> None:
    told = ask(command, vr, lang=lang).rpartition("Deze kaart" if lang == "nl" else "This map")[0].lower()
    for word in ("besparen", "vermijdbaar", "schuld", "slechtste", "knelpunt", "passende hulp", "worst", "blame", "avoidable"):
        assert word not in told
