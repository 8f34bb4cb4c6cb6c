"""The rules of shapes.ttl as we hold facts against them, beside pySHACL: the same faults, of the same things, by the same rules."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyshacl import validate as by_pyshacl
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from routekaart.graph.stores import rdf
from routekaart.loaders.rdf.checking import Checker, well_formed
from routekaart.loaders.rdf.facts import Facts
from routekaart.loaders.rdf.facts import Literal as Plain
from routekaart.loaders.rdf.shapes import NAMESPACE, targets
from routekaart.loaders.read import Reading
from routekaart.ontology.terms import PREFIXES, ttl

pytestmark = pytest.mark.usefixtures("sparql_read_once")

XSD = PREFIXES["xsd"]
Fault = tuple[str, str, str, Any]


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(data=ttl("routekaart.ttl"), format="turtle").parse(data=ttl("concepts.ttl"), format="turtle")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(data=ttl("shapes.ttl"), format="turtle")


def plain(node: Node) -> Any:
    if isinstance(node, Literal):
        datatype = PREFIXES["rdf"] + "langString" if node.language else str(node.datatype or XSD + "string")
        return Plain(str(node), datatype, node.language or "")
    return str(node)


def ours(data: Iterable[tuple[Node, Node, Node]]) -> set[Fault]:
    facts = Facts()
    facts.add("x", ((str(s), str(p), plain(o)) for s, p, o in data))
    return {(r.rule.name, r.thing, r.check.word.lower(), r.value) for r in Checker(facts).results()}


def theirs(data: Graph, ontology: Graph, shapes: Graph) -> set[Fault]:
    _, report, _ = by_pyshacl(ontology + data, shacl_graph=shapes, inference="none")
    assert isinstance(report, Graph)
    found: set[Fault] = set()
    for result in report.objects(None, SH.result):
        of = {name: report.value(result, SH[name]) for name in ("sourceShape", "focusNode", "sourceConstraintComponent", "value")}
        word = str(of["sourceConstraintComponent"]).partition("#")[2].removesuffix("ConstraintComponent").lower()
        value = None if of["value"] is None else plain(of["value"])
        found.add((str(of["sourceShape"]).removeprefix(NAMESPACE), str(of["focusNode"]), word, value))
    return found


def test_the_good_region_has_no_fault(good: str) -> None:
    assert ours(Graph().parse(data=good, format="turtle")) == set()


def test_every_broken_case_at_once(good: str, prefixes: str, broken: tuple[Any, ...], ontology: Graph, shapes: Graph) -> None:
    """Each case with things of its own beside the good region."""
    whole = Graph().parse(data=good, format="turtle")
    known = set(whole.subjects()) | set(ontology.subjects())
    for number, case in enumerate(broken):
        added = Graph().parse(data=f"{prefixes}\n{case.turtle}", format="turtle")
        own = {s: URIRef(f"{s}-{number}") for s in set(added.subjects()) - known}
        for s, p, o in added:
            whole.add((own.get(s, s), p, own.get(o, o)))
    mine = ours(whole)
    assert mine == theirs(whole, ontology, shapes)
    assert {name for name, *_ in mine} > {"RouteEnds", "WaitNumber", "Validity", "MembershipPeriod", "RowsAddUp", "identifier"}


def kind(value: Node) -> str:
    """With what else a value can be compared."""
    datatype = str(value.datatype or XSD + "string") if isinstance(value, Literal) else "nothing"
    return "number" if datatype in (XSD + "integer", XSD + "decimal") else datatype


def incomparable(fault: Fault, data: Graph, shapes: Graph) -> bool:
    """Whether a fault is of a rule that compares, and of a value that cannot be compared with what stands there."""
    name, thing, word, _ = fault
    rule = URIRef(NAMESPACE + name)
    mine, other = shapes.value(rule, SH.path), shapes.value(rule, SH.lessThanOrEquals) or shapes.value(rule, SH.lessThan)
    if word not in ("lessthan", "lessthanorequals") or other is None:
        return False
    kinds = {kind(value) for path in (mine, other) for value in data.objects(URIRef(thing), path)}
    return len(kinds) > 1


@pytest.mark.parametrize("seed", range(8))
def test_regions_broken_at_random(seed: int, good: str, ontology: Graph, shapes: Graph) -> None:
    """Values taken away, exchanged and doubled, whatever comes of it.

    Where values of two types are compared (true with 2.0, a date with 2100) pySHACL takes Python's order; SHACL (§4.5.3)
    says that what cannot be compared is at fault, and so do we.
    """
    chance = random.Random(seed)
    triples = sorted(Graph().parse(data=good, format="turtle"))
    for _ in range(40):
        place = chance.randrange(len(triples))
        s, p, _ = triples[place]
        other = chance.choice(triples)
        deed = chance.randrange(4)
        if deed == 0:
            del triples[place]
        elif deed == 1:
            triples[place] = (s, p, other[2])
        elif deed == 2:
            triples.append((s, p, other[2]))
        else:
            triples.append((s, other[1], other[2]))
    data = Graph()
    for triple in triples:
        data.add(triple)
    mine, found = ours(data), theirs(data, ontology, shapes)
    assert found <= mine
    assert all(incomparable(fault, data, shapes) for fault in mine - found)
    assert len(found) > 10


def test_a_build_broken_at_random(gelderse_vallei: Reading, tmp_path: Path, ontology: Graph, shapes: Graph) -> None:
    """The real region: the same as pySHACL says (which takes half a minute for the made-up one)."""
    rdf.write(gelderse_vallei.landscape, tmp_path)
    chance = random.Random(7)
    triples = sorted(Graph().parse(tmp_path / rdf.PUBLIC, format="nt"))
    for _ in range(60):
        place = chance.randrange(len(triples))
        triples[place] = (*triples[place][:2], chance.choice(triples)[2])
    data = Graph()
    for triple in triples:
        data.add(triple)
    mine = ours(data)
    assert mine == theirs(data, ontology, shapes)
    assert len(mine) > 20


@given(st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32))
def test_a_day_is_one_of_the_calendar(year: int, month: int, day: int) -> None:
    try:
        date(year or 4, month, day)  # year 0 is a leap year as 4 is; Python has none
        real = True
    except ValueError:
        real = False
    assert well_formed(Plain(f"{year:04}-{month:02}-{day:02}", XSD + "date")) == real


@pytest.mark.parametrize(
    ("text", "datatype", "right"),
    [
        ("2026", "gYear", True),
        ("26", "gYear", False),
        ("2026-13", "gYearMonth", False),
        ("2026-12+01:00", "gYearMonth", True),
        ("12", "integer", True),
        ("12.0", "integer", False),
        ("1e3", "decimal", False),
        (".5", "decimal", True),
        ("ja", "boolean", False),
        ("9" * 6000, "integer", True),  # Python itself refuses to read more than 4,300 digits as a number
        ("9" * 6000 + "-01-01", "date", True),
    ],
)
def test_what_is_written_as_its_datatype_asks(text: str, datatype: str, right: bool) -> None:
    assert well_formed(Plain(text, XSD + datatype)) == right


def test_every_rule_of_shapes_ttl_is_read(shapes: Graph) -> None:
    named = {str(s).removeprefix(NAMESPACE) for s in shapes.subjects(SH.message, None)}
    read = {rule.name for target in targets() for rule in (target.shape, *target.rules) if rule.said}
    assert read == named


def test_what_is_compared_stands_beside_a_rule_of_one_value(shapes: Graph) -> None:
    """Of many values only the first ten are compared, which is right only because there may be one."""
    one = {shapes.value(s, SH.path) for s in shapes.subjects(SH.maxCount, Literal(1))}
    pairs = [*shapes.subject_objects(SH.lessThan), *shapes.subject_objects(SH.lessThanOrEquals)]
    assert len(pairs) > 5
    for rule, other in pairs:
        assert {shapes.value(rule, SH.path), other} <= one
