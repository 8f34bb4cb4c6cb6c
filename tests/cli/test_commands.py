"""The command line as its users call it: answers on stdout, remarks on stderr, the exit codes of CONTRACTS §5."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from routekaart.cli.app import run
from routekaart.loaders.read import Reading

EXAMPLES = Path(__file__).parents[2] / "examples"
CASES = Path(__file__).parents[1] / "cases"
HEADER = {"question", "reference_date", "unit", "weighted", "known_waits", "outdated_waits", "assumptions"}


class Call:
    """One call in this process: its exit code and what it printed where."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        self.code = run(list(arguments))
        self.out, self.err = capsys.readouterr()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


# --- check and build -------------------------------------------------------------------------------------
def test_check_tells_all_findings_and_exits_1(capsys: pytest.CaptureFixture[str]) -> None:
    call = Call(capsys, "check", str(CASES / "wrong-types"), "--format", "json")
    assert call.code == 1
    assert set(call.json) == {"findings", "tables"}
    assert call.json["tables"]["routes"] == {"read": 3, "used": 2, "quarantined": 1}
    keys = {"code", "severity", "file", "sheet", "row", "column", "value", "message", "cure", "suggestion"}
    assert all(set(f) == keys for f in call.json["findings"])


def test_check_exits_0_without_faults_and_shows_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert Call(capsys, "check", str(EXAMPLES / "gelderse-vallei")).code == 0
    table = Call(capsys, "check", str(CASES / "headers"))
    assert "partners.csv, rij 5" in table.out
    rows = list(csv.DictReader(io.StringIO(Call(capsys, "check", str(CASES / "headers"), "--format", "csv").out)))
    assert {r["severity"] for r in rows} == {"fout", "waarschuwing", "opmerking"}


def test_build_with_faults_builds_the_usable_rows_and_exits_1(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    call = Call(capsys, "build", str(CASES / "dangling"), "-o", str(tmp_path / "uit"))
    assert call.code == 1
    # 2 partners + 3 aanbod + 2 routes + 2 lijnen + 3 wachttijden, of which 1 + 1 + 1 + 2 dangle
    assert "12 rijen gelezen = 7 gebruikt + 5 apart gezet" in call.out
    assert (tmp_path / "uit" / "graph.nt").is_file()


def test_a_privacy_refusal_builds_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    call = Call(capsys, "build", str(CASES / "citizen-numbers"), "-o", str(tmp_path / "uit"))
    assert call.code == 1
    assert not (tmp_path / "uit").exists()
    assert "111222333" not in call.out + call.err


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["check", "nergens"], 2, "bestaat niet"),
        (["check", str(CASES / "areas" / "partners.csv")], 2, "is geen map"),
        (["check", str(CASES.parent / "visualisations")], 2, "staan geen tabellen"),
        (["status", "nergens"], 2, "routekaart build"),
        (["status", str(CASES)], 2, "is geen build"),
        (["route", "{gv}"], 2, "--gemeente"),
        (["offers", "{gv}", "--gemeente", "Edde"], 2, "Bedoelt u: Ede?"),
        (["offers", "{gv}", "--gemeente", "Ede", "--theme", "xyzzy"], 2, "thema"),
        (["offers", "{gv}", "--gemeente", "Ede", "--age", "jong"], 2, "Schrijf jaren"),
        (["offers", "{gv}", "--gemeente", "Ede", "--level", "7"], 2, "Kies 0, 1, 2, 3 of 4"),
        (["route", "{gv}", "--gemeente", "Ede", "--from", "huisarts"], 2, "rol:huisarts"),
        (["explain", "{gv}", "P999"], 2, "P999"),
        (["query", "{gv}"], 2, "--name"),
        (["query", "{gv}", "--name", "niets"], 2, "vrij-aanbod"),
        (["query", "{gv}", "SELECT * WHERE { SERVICE <http://x/> { ?s ?p ?o } }"], 2, "SERVICE"),
        (["export", "{gv}", "--as", "docx"], 2, "ttl"),
        (["map", "{gv}", "--weergave", "geheim"], 2, "openbaar"),
        (["offers", "{gv}", "--gemeente"], 2, ""),
        (["bouw"], 2, "bouw"),
        (["check", "--snel", "x"], 2, "--snel"),
    ],
)
def test_a_wrong_call_is_one_sentence_with_its_cure(
    capsys: pytest.CaptureFixture[str], gv: str, arguments: list[str], code: int, sentence: str
) -> None:
    call = Call(capsys, *(a.format(gv=gv) if a == "{gv}" else a for a in arguments))
    assert (call.code, call.out) == (code, "")
    assert sentence in call.err
    assert call.err.count("\n") == 1
    assert "Traceback" not in call.err


# --- answers -----------------------------------------------------------------------------------------------
def test_offers_in_every_form(capsys: pytest.CaptureFixture[str], vr: str) -> None:
    arguments = ["offers", vr, "--gemeente", "Elzerbroek", "--age", "14", "--theme", "angst en somberheid"]
    found = Call(capsys, *arguments, "--format", "json").json
    assert set(found) >= HEADER
    wanted = {
        "id",
        "name",
        "partner",
        "level",
        "access",
        "themes",
        "age_from",
        "age_until",
        "place",
        "nearby",
        "audience",
        "weeks",
        "closed",
    }
    wanted |= {"as_of", "outdated", "assumed", "how_to_apply", "sources"}
    assert all(set(o) >= wanted for o in found["offers"])
    levels = [o["level"] for o in found["offers"]]
    assert levels == sorted(levels)
    assert 4 not in levels
    assert found["offers"][0]["name"] == "Inloop De Steiger"  # the story of the example: light, free, near
    rows = list(csv.DictReader(io.StringIO(Call(capsys, *arguments, "--format", "csv").out)))
    assert [r["id"] for r in rows] == [o["id"] for o in found["offers"]]
    markdown = Call(capsys, *arguments, "--format", "md").out
    assert "| Inloop De Steiger |" in markdown
    table = Call(capsys, *arguments, "--top", "2").out
    assert "geen wachttijd" in table
    assert "besparen" in table  # the fixed footer, and only there
    assert len(Call(capsys, *arguments, "--format", "json", "--top", "2").json["offers"]) == 2


def test_route_of_the_story_takes_a_year_and_a_half(capsys: pytest.CaptureFixture[str], vr: str) -> None:
    arguments = [
        "route",
        vr,
        "--gemeente",
        "GM9003",
        "--from",
        "rol:huisarts",
        "--level",
        "3",
        "--age",
        "14",
        "--theme",
        "angst-en-somberheid",
    ]
    found = Call(capsys, *arguments, "--format", "json").json
    assert set(found) >= HEADER | {"profile", "routes", "range", "statements", "spread", "reason", "reasons"}
    way = found["routes"][0]
    # LEESMIJ of the example: SOJ 14 + gemeente 10 + besluit 8 + jeugd-ggz 46
    assert way["weeks"]["expected"] == 78
    assert (way["hops"], found["spread"], found["reason"], found["known_waits"]) == (3, None, None, 1.0)
    step = {"from", "to", "kind", "weeks", "wait_kind", "as_of", "outdated", "assumed", "derived", "sources"}
    assert all(set(s) >= step for s in way["steps"])
    text = Call(capsys, *arguments).out
    assert "duurt naar verwachting 78 weken tot de eerste afspraak; bandbreedte 74–82: 3 schakels" in text
    assert "Lichter, en vrij toegankelijk: Inloop De Steiger (Jongerenpunt De Steiger) — in de gemeente, geen wachttijd." in text


def test_several_values_ask_for_any_of_them(capsys: pytest.CaptureFixture[str], vr: str) -> None:
    def ids(*more: str) -> list[str]:
        return [o["id"] for o in Call(capsys, "offers", vr, *more, "--format", "json").json["offers"]]

    one, other = (ids("--gemeente", g, "--age", "14", "--theme", "adhd") for g in ("Elzerbroek", "Lindervoort"))
    both = ids("--gemeente", "Elzerbroek", "--gemeente", "Lindervoort", "--age", "14", "--theme", "adhd")
    assert set(both) == set(one) | set(other)
    assert len(both) == len(set(both))
    arguments = [
        "route",
        vr,
        "--gemeente",
        "Elzerbroek",
        "--from",
        "rol:huisarts",
        "--level",
        "1",
        "--theme",
        "angst-en-somberheid",
    ]
    alone = [Call(capsys, *arguments, "--age", a, "--format", "json").json["routes"][0] for a in ("8", "14")]
    union = Call(capsys, *arguments, "--age", "8", "--age", "14", "--format", "json").json
    assert union["routes"][0] == min(alone, key=lambda w: w["weeks"]["expected"])
    assert [s["weeks"]["expected"] for s in union["spread"]] == [w["weeks"]["expected"] for w in alone]


def test_the_core_route_of_the_real_region_says_what_it_does_not_know(capsys: pytest.CaptureFixture[str], gv: str) -> None:
    text = " ".join(Call(capsys, "route", gv, "--gemeente", "Ede", "--from", "rol:huisarts", "--to", "rol:gemeente").out.split())
    assert "Hoe lang dit duurt is niet geregistreerd" in text
    assert "tussen 4–52 weken" in text  # two steps, each assumed 2–26 weeks
    assert "“anderhalf jaar” (ongeveer 78 weken), tot duidelijk welke hulp nodig is" in text
    assert "Een uitspraak is geen meting; er is niet mee gerekend. Zij ligt buiten de berekende bandbreedte" in text


def test_exit_0_also_when_there_is_no_route(capsys: pytest.CaptureFixture[str], gv: str) -> None:
    call = Call(capsys, "route", gv, "--gemeente", "Ede", "--level", "2", "--age", "8", "--format", "json")
    assert (call.code, call.json["reason"]) == (0, "geen aanbod")


def test_explain_is_a_receipt(capsys: pytest.CaptureFixture[str], gv: str) -> None:
    found = Call(capsys, "explain", gv, "P20", "--format", "json").json
    assert found["records"][0]["row"] == 20
    assert found["records"][0]["source"] == "https://www.karakter.com/wachttijden"
    assert {r["table"] for r in found["related"]} >= {"aanbod", "routes", "wachttijden"}
    by_name = Call(capsys, "explain", gv, "Karakter", "--format", "json").json
    assert by_name["records"] == found["records"]
    about_ede = " ".join(Call(capsys, "explain", gv, "GM0228").out.split())
    assert "code GM0228" in about_ede
    assert "niet geverifieerd" in about_ede


def test_small_counts_are_suppressed_unless_internal(
    capsys: pytest.CaptureFixture[str], vr: str, voorbeeldregio: Reading, tmp_path: Path
) -> None:
    routes = voorbeeldregio.landscape["routes"].filter(
        (voorbeeldregio.landscape["routes"]["per_year"] < 10).fill_null(value=False)
    )
    wanted, value = routes["id"][0], routes["per_year"][0]

    def per_year(*more: str) -> dict[str, Any]:
        found = Call(capsys, "explain", vr, wanted, "--format", "json", *more).json
        return next(f for f in found["records"][0]["facts"] if f["column"] == "aantal_per_jaar")

    assert per_year() == {"column": "aantal_per_jaar", "value": None, "suppressed": True}
    assert "minder dan 10" in Call(capsys, "explain", vr, wanted).out
    # small counts are for the screen only
    assert Call(capsys, "explain", vr, wanted, "--internal", "--format", "json").code == 2
    shown = Call(capsys, "explain", vr, wanted, "--internal").out
    assert "minder dan 10" not in shown
    assert re.search(rf"\b{value}\b", shown)
    for kind in ("ttl", "nq", "jsonld", "trig"):
        target = tmp_path / f"x.{kind}"
        assert Call(capsys, "export", vr, "--as", kind, "-o", str(target)).code == 0
    import pyoxigraph as ox

    base, rk = "https://w3id.org/routekaart/data/voorbeeldregio-fictief/routes/", "https://w3id.org/routekaart/ns#"
    for kind in ("ttl", "nq", "trig", "jsonld"):
        quads = {(q.subject.value, q.predicate.value) for q in ox.parse(path=str(tmp_path / f"x.{kind}"))}
        assert (base + wanted, rk + "withholds") in quads
        assert (base + wanted, rk + "perYear") not in quads


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own JSON-LD parser
def test_every_export_holds_the_same_triples(capsys: pytest.CaptureFixture[str], gv: str, tmp_path: Path) -> None:
    import pyoxigraph as ox
    from rdflib import Graph

    expected = set(Graph().parse(Path(gv) / "graph.nt", format="nt"))
    for kind, name in (("ttl", "turtle"), ("jsonld", "json-ld")):
        Call(capsys, "export", gv, "--as", kind, "-o", str(tmp_path / kind))
        assert set(Graph().parse(tmp_path / kind, format=name)) == expected, kind
    plain = {q.triple for q in ox.parse(path=str(Path(gv) / "graph.nt"))}
    for kind in ("nq", "trig"):
        Call(capsys, "export", gv, "--as", kind, "-o", str(tmp_path / f"x.{kind}"))
        quads = list(ox.parse(path=str(tmp_path / f"x.{kind}")))
        assert {q.triple for q in quads} == plain, kind
        assert len({q.graph_name for q in quads}) > 5


def test_status_counts_and_shares(capsys: pytest.CaptureFixture[str], gv: str) -> None:
    found = Call(capsys, "status", gv, "--format", "json").json
    assert found["tables"]["partners"]["rows"] == 53
    assert found["tables"]["partners"]["sourced"] == 1.0
    # LEESMIJ of the region: no published wait is current; 9 are old or undated and 3 are statements
    assert found["waits"] == {
        "current": 0,
        "unknown": 0,
        "outdated": 9,
        "statements": 3,
        "partners_with_current": 0,
        "partners": 53,
    }
    assert "0 actueel, 9 verouderd" in Call(capsys, "status", gv).out


def test_every_named_question_answers_on_both_examples(capsys: pytest.CaptureFixture[str], gv: str, vr: str) -> None:
    names = [q["name"] for q in Call(capsys, "query", gv, "--list", "--format", "json").json["questions"]]
    assert len(names) >= 10
    for name in names:
        answers = [Call(capsys, "query", out, "--name", name, "--format", "json") for out in (gv, vr)]
        assert all(a.code == 0 for a in answers)
        assert any(a.json["rows"] for a in answers) or name in ("routes-zonder-bron",), name
    assert (
        Call(capsys, "query", gv, "--name", "uitspraken", "--format", "json")
        .json["rows"][-1]["over"]
        .startswith("rol:huisarts > ")
    )


def test_a_text_from_a_cell_never_becomes_a_formula_a_link_or_a_terminal_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    rows = ["id,naam,gemeenten", "P1,=HYPERLINK(1),Ede", "P2,\x1b[31mrood\x1b[0m,Ede", "P3,[a](http://x)|b,Ede"]
    (data / "partners.csv").write_text("\n".join(rows), "utf-8")
    (data / "aanbod.csv").write_text("id,partner,naam,niveau\nA1,P1,@SUM(1),0\nA2,P2,-2+3,0\nA3,P3,Gewoon,0\n", "utf-8")
    run(["build", str(data), "-o", str(tmp_path / "uit")])
    capsys.readouterr()
    out = [Call(capsys, "offers", str(tmp_path / "uit"), "--format", form).out for form in ("csv", "md", "table")]
    assert not any(cell.startswith(("=", "@", "-", "+")) for row in csv.reader(io.StringIO(out[0])) for cell in row)
    assert "](http" not in out[1].replace("\\]", "")
    assert all("\x1b[31m" not in text for text in out)


def test_the_map_is_written(capsys: pytest.CaptureFixture[str], gv: str, tmp_path: Path) -> None:
    call = Call(capsys, "map", gv, "-o", str(tmp_path / "nieuw" / "kaart.html"), "--gemeente", "Ede")
    assert call.code == 0
    assert (tmp_path / "nieuw" / "kaart.html").read_text("utf-8").startswith("<!doctype html>")


def test_the_template_is_a_workbook_that_check_reads(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    import openpyxl

    from routekaart.graph.schema import INPUT_TABLES

    for lang in ("nl", "en"):
        target = tmp_path / f"sjabloon-{lang}.xlsx"
        assert Call(capsys, "template", "-o", str(target), "--all-tables").code == 0
        book = openpyxl.load_workbook(target)
        for table in (t for t in INPUT_TABLES if not t.made):
            headers = [cell.value for cell in book[table.nl][1]]
            assert headers == [c.nl for c in table.headed]
            assert all(cell.comment for cell in book[table.nl][1])
        assert book["aanbod"].data_validations.dataValidation
    sheet = book["partners"]
    sheet["A2"], sheet["B2"] = "P1", "Een partner"
    book.save(tmp_path / "ingevuld.xlsx")
    found = Call(capsys, "check", str(tmp_path / "ingevuld.xlsx"), "--format", "json").json
    assert found["tables"]["partners"] == {"read": 1, "used": 1, "quarantined": 0}
    assert [f for f in found["findings"] if f["severity"] == "fout"] == []


# --- whole processes ---------------------------------------------------------------------------------------
def process(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "routekaart.cli", *arguments], capture_output=True, text=True, check=False)


def test_the_demo_tells_what_the_map_says(tmp_path: Path) -> None:
    done = process("demo", "-o", str(tmp_path / "demo"))
    assert done.returncode == 0, done.stderr
    for words in ("53 partners", "Actuele wachttijden: 0", "“anderhalf jaar”", "kaart.html"):
        assert words in done.stdout
    assert (tmp_path / "demo" / "kaart.html").stat().st_size > 100_000


@pytest.mark.parametrize(
    "command", ["check", "build", "status", "offers", "route", "explain", "query", "export", "map", "demo", "template"]
)
def test_every_command_has_help_in_both_languages(command: str) -> None:
    nl, en = process(command, "--help").stdout, process("--lang", "en", command, "--help").stdout
    assert nl != en
    assert command in nl
    assert "--" in nl


def test_help_imports_nothing_heavy() -> None:
    heavy = ("polars", "rdflib", "networkx", "pyvis", "numpy", "scipy", "pyoxigraph", "jinja2", "python_calamine", "xlsxwriter")
    code = f"import sys; from routekaart.cli.app import run; run(['--help']); print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
