"""validate: what it prints in each form and both languages, and its exit codes."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path

import pytest

from routekaart.cli import language as spoken
from routekaart.cli.app import run

TURTLE = """
@prefix rk: <https://w3id.org/routekaart/ns#> .
@prefix rkc: <https://w3id.org/routekaart/concept/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
<http://e.example/a> a org:Organization ; dct:identifier "a" ; skos:prefLabel "=Praktijk" ; rk:role rkc:role-huisarts .
"""
ROUTES = "".join(
    f'<http://e.example/r{n}> a rk:Route ; dct:identifier "r{n}" ; rk:from <http://e.example/a> ; rk:to rkc:role-soj .\n'
    for n in range(7)
)  # without a kind


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    spoken.language.cache_clear()
    code = run(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def fine(tmp_path: Path) -> str:
    (tmp_path / "fine.ttl").write_text(TURTLE, "utf-8")
    return str(tmp_path / "fine.ttl")


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    (tmp_path / "faulty.ttl").write_text(TURTLE.replace(" ; rk:role rkc:role-huisarts", "") + ROUTES, "utf-8")
    return str(tmp_path / "faulty.ttl")


def test_a_file_without_fault(fine: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "validate", fine)
    assert code == 0
    assert "4 triples gelezen, 1 dingen gecontroleerd. Fouten: 0" in out
    assert "Alles wat gecontroleerd kon worden voldoet aan de regels." in out
    assert err == ""


def test_the_same_sentence_is_said_once_with_a_count_and_the_first_places(
    faulty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = call(capsys, "validate", faulty)
    assert code == 1
    assert "Fout · routes · soort: 7 keer" in out
    assert out.count("Een route heeft een soort nodig") == 1
    assert out.count("Er staat geen rk:routeKind.") == 5
    assert "En nog 2 keer" in out
    assert "Waarschuwing · partners · rollen: 1 keer" in out
    assert out.index("Fout ·") < out.index("Waarschuwing ·")
    assert (
        out.count("Er staat geen rk:routeKind.") < call(capsys, "validate", faulty, "--top", "0")[1].count("rk:routeKind.") == 7
    )


def test_json_has_all(faulty: str, fine: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "validate", faulty, fine, "--format", "json")
    assert code == 1
    answer = json.loads(out)
    assert list(answer) == ["files", "counts", "tables", "findings"]
    assert answer["files"] == [{"file": faulty, "triples": 31}, {"file": fine, "triples": 4}]  # 3 + 7 × 4
    assert answer["counts"] == {"fout": 7, "waarschuwing": 0, "opmerking": 0}  # the role stands in the other file
    assert answer["tables"] == {"partners": {"checked": 1, "at_fault": 0}, "routes": {"checked": 7, "at_fault": 7}}
    assert len(answer["findings"]) == 7
    assert answer["findings"][0] == {
        "code": "Route-kind-required",
        "severity": "fout",
        "file": faulty,
        "table": "routes",
        "node": "http://e.example/r0",
        "label": None,
        "property": "https://w3id.org/routekaart/ns#routeKind",
        "column": "soort",
        "value": None,
        "number": 1,
        "message": "Een route heeft een soort nodig: vul de kolom 'soort' in, bijvoorbeeld met verwijzing.",
        "detail": "Er staat geen rk:routeKind.",
    }


def test_csv_has_all_and_no_formula(faulty: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "validate", faulty, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [r["code"] for r in rows] == ["Route-kind-required"] * 7 + ["role-given"]
    assert rows[-1]["label"] == "'=Praktijk"


def test_markdown_has_headings(faulty: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "validate", faulty, "--format", "md")
    assert "## Fout · routes · soort: 7 keer" in out


def test_a_build_is_fine(gv: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "validate", gv)
    assert code == 0
    assert "Fouten: 0" in out


def test_a_build_of_600_offerings_takes_seconds(vr: str, capsys: pytest.CaptureFixture[str]) -> None:
    begin = time.monotonic()
    assert call(capsys, "validate", vr)[0] == 0
    assert time.monotonic() - begin < 15  # 1.5 s where nothing else runs; pySHACL took 21 s


def test_english(faulty: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTEKAART_LANG", "en")
    _, out, _ = call(capsys, "validate", faulty)
    spoken.language.cache_clear()
    assert "31 triples read, 8 things checked. Errors: 7" in out
    assert "Error · routes · kind: 7 ×" in out
    assert "A route needs a kind: fill in the column 'kind'" in out
    assert "There is no rk:routeKind." in out


@pytest.mark.parametrize(
    ("name", "text", "code", "says"),
    [
        ("a.ttl", "<http://e/a> <http://e/p>\n'x", 2, "a.ttl is geen Turtle: in regel 2"),
        ("a.jsonld", '{"@context": "https://schema.org/", "name": "x"}', 2, "die wordt niet opgehaald"),
        ("a.pdf", "x", 2, "een van deze eindes"),
    ],
)
def test_a_wrong_call(name: str, text: str, code: int, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    got, out, err = call(capsys, "validate", str(tmp_path / name))
    assert got == code
    assert out == ""
    assert says in err
    assert err.count("\n") == 1


def test_no_file_and_no_such_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "validate", str(tmp_path / "weg.ttl"))[0] == 2
    assert call(capsys, "validate")[0] == 2
