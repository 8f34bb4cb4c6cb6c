"""RDF files of every syntax, broken ones and hostile ones: nothing is fetched, nothing grows, and one sentence says why."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from routekaart.graph.edition import EditionError
from routekaart.loaders.rdf import Validation, apart, reading, validate
from routekaart.loaders.rdf.reading import RdfError
from routekaart.ontology.terms import PREFIXES

Check = Callable[..., Validation]
TURTLE = """
@prefix rk: <https://w3id.org/routekaart/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix org: <http://www.w3.org/ns/org#> .
<http://e.example/a> a org:Organization ; skos:prefLabel "Één" ; rk:kvk "123" .
[] a rk:Route ; rk:from <http://e.example/a> .
"""
#: By hand: a has no id and a wrong kvk; the route has no id, no end and no kind. Warning: a has no role.
FAULTS = {"identifier": 2, "kvk": 1, "Route-to-required": 1, "Route-kind-required": 1, "role-given": 1}
XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.example/">{}</rdf:RDF>'


def codes(found: Validation) -> dict[str, int]:
    number: dict[str, int] = {}
    for finding in found.findings:
        number[finding.code] = number.get(finding.code, 0) + 1
    return number


@pytest.mark.parametrize("ending", ["ttl", "nt", "nq", "trig", "jsonld", "json", "rdf", "xml", "owl", "TTL"])
def test_every_syntax_says_the_same(ending: str, checked: Check) -> None:
    syntax = ox.RdfFormat.from_extension({"owl": "rdf", "TTL": "ttl"}.get(ending, ending))
    text = ox.serialize(ox.parse(TURTLE, format=ox.RdfFormat.TURTLE), format=syntax)
    assert text is not None
    assert codes(checked(text, f"data.{ending}")) == FAULTS


@pytest.mark.parametrize("ending", ["trig", "nq"])
def test_named_graphs_are_one_graph(ending: str, checked: Check) -> None:
    parts = enumerate(ox.parse(TURTLE, format=ox.RdfFormat.TURTLE))
    quads = [ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(f"http://e.example/g{n}")) for n, q in parts]
    text = ox.serialize(quads, format=ox.RdfFormat.from_extension(ending))
    assert text is not None
    assert codes(checked(text, f"data.{ending}")) == FAULTS


def test_files_together_are_one_graph_and_nameless_things_stay_apart(tmp_path: Path) -> None:
    for name, text in {
        "a.ttl": "@prefix rk: <https://w3id.org/routekaart/ns#> . _:x a rk:Route ; rk:from <http://e.example/p> .",
        "b.ttl": "@prefix rk: <https://w3id.org/routekaart/ns#> . _:x a rk:Route ; rk:to <http://e.example/p> .",
        "c.ttl": "<http://e.example/p> a <http://www.w3.org/ns/org#Organization> .",
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
    found = validate(*(tmp_path / n for n in ("a.ttl", "b.ttl", "c.ttl")))
    assert {(f.code, f.file[-5:], f.node) for f in found.findings if f.code.startswith("Route-")} == {
        ("Route-to-required", "a.ttl", "_:b1"),
        ("Route-kind-required", "a.ttl", "_:b1"),
        ("Route-from-required", "b.ttl", "_:b2"),
        ("Route-kind-required", "b.ttl", "_:b2"),
    }  # and the partner, in the third file, is known at both


def test_the_same_file_says_the_same_in_the_same_order(checked: Check) -> None:
    text = "@prefix rk: <https://w3id.org/routekaart/ns#> .\n" + "[] a rk:Route . [] a rk:Line .\n" * 20
    assert checked(text).as_dict() == checked(text).as_dict()


def test_a_build_is_validated_by_its_folder(built: Callable[[str], Path]) -> None:
    out = built("gelderse-vallei")
    found, file = validate(out), validate(out / "graph.nt")
    assert [f.message() for f in found.findings] == [f.message() for f in file.findings]
    assert sum(found.files.values()) == (out / "graph.nt").read_text("utf-8").count("\n")


def test_a_folder_that_is_no_build(tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="no build of routekaart"):
        validate(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.ttl", '<http://e/a> <http://e/p> "x" .\n<http://e/b> <http://e/p> "y .\n', "no Turtle: line 2"),
        ("a.nt", '<http://e/a> <http://e/p> "x" .\n\n<a> <http://e/p> "x" .\n', "no N-Triples: line 3"),
        ("a.jsonld", '{\n"@id": "http://e/a",\n', "no JSON-LD: line 3"),
        ("a.rdf", XML.format("\n<e:a>\n<e:p>x</e:q>\n</e:a>"), "no RDF/XML: line 3"),
        ("a.rdf", "<html><body>x</body></html>", "no RDF/XML"),
        ("a.ttl", "<?xml version='1.0'?>", "no Turtle: line 1"),
        ("a.ttl", '<http://e/a> <http://e/p> "é" .'.encode("latin-1"), "not saved in UTF-8"),
        ("a.ttl", '<http://e/a> <http://e/p> "é" .'.encode("utf-16"), "not saved in UTF-8"),
        ("a.csv", "id,naam\n", "one of these endings"),
        ("routes", "", "one of these endings"),
    ],
)
def test_what_is_no_rdf_is_told_in_one_sentence(name: str, text: str | bytes, says: str, checked: Check) -> None:
    with pytest.raises(RdfError, match=says) as refused:
        checked(text, name)
    assert not refused.value.outside  # a wrong call: exit code 2
    assert "{" not in refused.value.told("nl")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RdfError, match="does not exist"):
        validate(tmp_path / "weg.ttl")


def test_a_byte_order_mark_is_no_fault(checked: Check) -> None:
    assert codes(checked(b"\xef\xbb\xbf" + TURTLE.encode())) == FAULTS


# --- hostile files ---------------------------------------------------------------------------------------
@pytest.fixture
def listener() -> Iterator[tuple[str, socket.socket]]:
    """An address that notices whoever calls."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x", server


def unvisited(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except TimeoutError:
        return True
    return False


def test_the_listener_does_notice(listener: tuple[str, socket.socket]) -> None:
    with socket.create_connection(listener[1].getsockname()):
        assert not unvisited(listener[1])


@pytest.mark.parametrize(
    "document",
    [
        {"@context": "URL", "@id": "http://e/a", "name": "x"},
        {"@context": [{"n": "http://e/n"}, "URL"], "@id": "http://e/a"},
        {"@context": {"@import": "URL"}, "@id": "http://e/a"},
        {"@id": "http://e/a", "http://e/p": {"@context": "URL", "@id": "http://e/b"}},
    ],
)
def test_no_context_is_fetched(document: object, listener: tuple[str, socket.socket], checked: Check) -> None:
    with pytest.raises(RdfError, match="which is not fetched"):
        checked(json.dumps(document).replace("URL", listener[0]), "a.jsonld")
    assert unvisited(listener[1])


def test_no_import_is_fetched_and_no_rule_of_the_file_is_run(listener: tuple[str, socket.socket], checked: Check) -> None:
    url, server = listener
    found = checked(
        TURTLE
        + f"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        <{url}> a owl:Ontology ; owl:imports <{url}> ; sh:shapesGraph <{url}> .
        <http://e.example/s> a sh:NodeShape ; sh:targetClass org:Organization ; sh:message "gekaapt" ;
            sh:property [ sh:path rk:role ; sh:maxCount 0 ; sh:minCount 9 ] ;
            sh:sparql [ sh:select "SELECT $this WHERE {{ SERVICE <{url}> {{ $this ?p ?o }} }}" ] ;
            sh:js [ sh:jsFunctionName "f" ; sh:jsLibrary [ sh:jsLibraryURL "{url}" ] ] .
        <https://w3id.org/routekaart/shapes#identifier> sh:deactivated true ; sh:minCount 0 ."""
    )
    assert unvisited(server)
    assert {c: n for c, n in codes(found).items() if c in FAULTS} == FAULTS
    assert not any("gekaapt" in f.message() for f in found.findings)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">',
        '<!ENTITY c SYSTEM "file:///etc/hostname">',
        '<!ENTITY c SYSTEM "URL">',
        '<!ENTITY % c SYSTEM "URL"> %c;',
    ],
)
def test_no_entity_is_unpacked_or_fetched(doctype: str, listener: tuple[str, socket.socket], checked: Check) -> None:
    text = f"<!DOCTYPE rdf:RDF [ {doctype} ]>\n" + XML.format("<e:a><e:p>&c;</e:p></e:a>")
    with pytest.raises(RdfError, match="XML entities"):
        checked(text.replace("URL", listener[0]), "a.rdf")
    assert unvisited(listener[1])


def test_an_outside_document_type_is_not_fetched(listener: tuple[str, socket.socket], checked: Check) -> None:
    checked(f'<!DOCTYPE rdf:RDF SYSTEM "{listener[0]}">\n' + XML.format("<e:a/>"), "a.rdf")
    assert unvisited(listener[1])


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.rdf", XML.format("<e:a><e:p>" * 100_000 + "</e:p></e:a>" * 100_000), "inside each other"),
        ("a.jsonld", '{"http://e/p":' * 100_000 + "1" + "}" * 100_000, "no JSON-LD"),
    ],
)
def test_what_is_too_deep_is_refused_at_once(name: str, text: str, says: str, checked: Check) -> None:
    begin = time.monotonic()
    with pytest.raises(RdfError, match=says):
        checked(text, name)
    assert time.monotonic() - begin < 20


def test_deep_turtle_is_read(checked: Check) -> None:
    depth = 50_000
    found = checked("<http://e/a> <http://e/p> " + "[ <http://e/p> " * depth + "1" + " ]" * depth + " .")
    assert list(found.files.values()) == [depth + 1]


def test_json_ld_that_keeps_its_reader_busy_is_stopped(checked: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thing with a context of its own beside a large one: 8,000 × 8,000 terms in less than a megabyte."""
    monkeypatch.setattr(reading, "TIME_LIMIT", 1.0)
    context = {f"t{n}": f"http://e/{n}" for n in range(8_000)}
    things = [{"@context": {"x": "http://e/x"}, "@id": f"http://e/{n}"} for n in range(8_000)]
    begin = time.monotonic()
    with pytest.raises(RdfError, match="took longer than 1 seconds") as refused:
        checked(json.dumps({"@context": context, "@graph": things}), "a.jsonld")
    assert refused.value.outside  # exit code 3
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize("name", ["a.ttl", "a.jsonld"])
def test_a_long_prefix_used_often_does_not_fill_memory(name: str, checked: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_TEXT", 100_000)
    long = "http://e.example/" + "x" * 1_000 + "/"
    if name == "a.ttl":
        text = f"@prefix p: <{long}> .\n" + "\n".join(f"p:a p:b p:c{n} ." for n in range(200))
    else:
        text = json.dumps({"@context": {"p": long}, "@id": "p:a", "p:b": [{"@id": f"p:c{n}"} for n in range(200)]})
    assert len(text) < 10_000
    with pytest.raises(RdfError, match="unpacks to more"):
        checked(text, name)


@pytest.mark.parametrize(("name", "limit"), [("a.rdf", "LARGEST_TREE"), ("a.jsonld", "LARGEST_TREE"), ("a.nt", "LARGEST")])
def test_a_file_that_is_too_large_is_not_opened(name: str, limit: str, checked: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, limit, 10)
    with pytest.raises(RdfError, match="larger than"):
        checked("no RDF at all, but that is not looked at", name)


def test_a_thing_with_thousands_of_values_takes_no_time(checked: Check) -> None:
    number = 20_000
    values = (f"rk:ageFrom {n}, {n} ; rk:ageUntil {n} ; rk:validFrom '3{n}' ; rk:validUntil '2{n}' ;" for n in range(number))
    text = "@prefix rk: <https://w3id.org/routekaart/ns#> .\n<http://e/a> a rk:Route ; " + " ".join(values) + " ."
    begin = time.monotonic()
    found = checked(text)
    assert time.monotonic() - begin < 20
    assert {"ageFrom", "ages", "Validity"} <= codes(found).keys()


def test_a_class_that_is_its_own_subclass_ends(checked: Check) -> None:
    subclass = f"<{PREFIXES['rdfs']}subClassOf>"
    found = checked(f"<http://e/A> {subclass} <http://e/B> . <http://e/B> {subclass} <http://e/A>, <{PREFIXES['org']}Organization> .\n"
                    "<http://e/x> a <http://e/A> .")  # fmt: skip
    assert found.checked == {"partners": 1}


def test_the_process_apart_is_told_nothing_of_ours() -> None:
    assert "routekaart" not in apart._CHILD


def test_validating_a_file_loads_no_heavy_library() -> None:
    heavy = ("polars", "numpy", "networkx", "scipy", "rdflib", "pyshacl")
    code = f"import sys, routekaart.loaders.rdf; sys.exit(str([m for m in {heavy} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "[]"
