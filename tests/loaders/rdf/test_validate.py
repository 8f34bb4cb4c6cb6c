"""Faults as findings: one broken thing, one finding; what others' RDF lacks; counts as SPARQL counts them; both languages."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from routekaart.graph.schema import TABLES
from routekaart.loaders.rdf import Validation, validate
from routekaart.loaders.rdf.beyond import SEVERITIES
from routekaart.loaders.rdf.findings import RdfFinding
from routekaart.loaders.rdf.shapes import targets
from routekaart.ontology.catalogue import LANGUAGES
from routekaart.ontology.terms import PREFIXES

Check = Callable[..., Validation]
SPARQL = "\n".join(f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items())


def of(found: Validation, code: str) -> list[RdfFinding]:
    return [f for f in found.findings if f.code == code]


@pytest.mark.parametrize("name", ["gelderse-vallei", "voorbeeldregio"])
def test_the_examples_have_no_fault(name: str, built: Callable[[str], Path]) -> None:
    found = validate(built(name))
    assert found.counted["fout"] == 0
    # waits without a date, and of the real region an offering without a level and a norm without a value: they are so
    expected = {
        "gelderse-vallei": {"asOf-given": 3, "level-given": 1, "Norm-value-given": 1},
        "voorbeeldregio": {"asOf-given": 7},
    }
    assert Counter(f.code for f in found.findings) == expected[name]


def test_the_good_region_has_no_finding_at_all(good: str, checked: Check) -> None:
    found = checked(good)
    assert found.findings == ()
    assert found.checked.keys() - {None} == TABLES.keys()


def test_each_broken_thing_yields_its_finding_and_no_other_thing_does(
    good: str, prefixes: str, broken: tuple[Any, ...], checked: Check
) -> None:
    """For every case of test_shapes.py: its sentence is said, and only about things that the case speaks of."""
    for case in broken:
        found = checked(f"{good}\n{case.turtle}")
        triples = ox.parse(f"{prefixes}\n{case.turtle}", format=ox.RdfFormat.TURTLE)
        spoken_of = {t.subject.value for t in triples if not isinstance(t.subject, ox.Triple)}
        assert any(case.message in f.message() for f in found.findings), case
        assert {f.node for f in found.findings if f.node} <= spoken_of, case
        assert all(f.file.endswith("data.ttl") for f in found.findings)


ONE = "@prefix b: <https://w3id.org/routekaart/data/voorbeeld/> .\n"
PARTNER = ONE + "b:p a org:Organization ; dct:identifier 'p' ; skos:prefLabel 'Praktijk' ; rk:role rkc:role-sport "
ROUTE = ONE + "b:r a rk:Route ; dct:identifier 'r' ; rk:routeKind rkc:route-kind-verwijzing ; "
ENDS = "rk:from rkc:role-soj ; rk:to rkc:role-jgz "


@pytest.mark.parametrize(
    ("turtle", "code", "column", "value", "detail"),
    [
        (PARTNER + "; rk:kvk '12' .", "kvk", "kvk", '"12"', 'Hier staat "12".'),
        (PARTNER + "; rk:serves rkc:role-sport .", "serves", "gemeenten", "rkc:role-sport", "Hier staat rkc:role-sport."),
        (PARTNER + "; rk:shortName 'a', 'b' .", "shortName", "korte_naam", None, "Aantal waarden bij rk:shortName: 2."),
        (PARTNER + "; rk:askFor 'a'@nl .", "askFor", "waarvoor_benaderen", '"a"@nl', "gewone tekst zonder taal (xsd:string)"),
        (
            PARTNER + "; org:subOrganizationOf b:x .",
            "org-subOrganizationOf",
            "onderdeel_van",
            None,
            "org:Organization (in de bestanden)",
        ),
        (ROUTE + "rk:from rkc:role-soj .", "Route-to-required", "naar", None, "Er staat geen rk:to."),
        (
            ROUTE + ENDS + "; rk:ageFrom 4.5 .",
            "ageFrom",
            "leeftijd_van",
            '"4.5"^^xsd:decimal',
            "een aantal hele maanden (xsd:integer)",
        ),
        (
            ROUTE + ENDS + "; rk:handoverDays 7 .",
            "handoverDays",
            "overdracht",
            '"7"^^xsd:integer',
            "een aantal dagen (xsd:decimal)",
        ),
        (ROUTE + ENDS + "; rk:basis rkc:level-1 .", "basis", "grondslag", "rkc:level-1", "een begrip uit rkc:basis"),
        (
            ROUTE + ENDS + "; rk:theme rkc:level-1 .",
            "theme-many",
            "themas",
            "rkc:level-1",
            "een begrip uit rkc:theme of rk:Theme (in",
        ),
        (
            ROUTE + ENDS + "; rk:ageFrom 20 ; rk:ageUntil 12 .",
            "ages",
            "leeftijd_van",
            None,
            'naast rk:ageUntil "12"^^xsd:integer.',
        ),
        (ROUTE + "rk:from b:r ; rk:to b:r .", "RouteEnds", None, None, "over het geheel"),
        (
            ROUTE + ENDS + "; rk:validFrom '2026-03/2026-15'^^<http://id.loc.gov/datatypes/edtf/EDTF> .",
            "validFrom",
            "geldig_van",
            None,
            "Hier staat",
        ),
    ],
)
def test_a_finding_says_where_and_what(
    turtle: str, code: str, column: str | None, value: str | None, detail: str, prefixes: str, checked: Check
) -> None:
    found = of(checked(f"{prefixes}\n{turtle}"), code)
    assert len(found) == 1
    as_dict = found[0].as_dict()
    assert as_dict["column"] == column
    assert value is None or as_dict["value"] == value
    assert detail in as_dict["detail"]
    assert as_dict["table"] == ("partners" if "Organization ;" in turtle else "routes")
    assert as_dict["severity"] == "fout"
    assert as_dict["label"] == ("Praktijk" if "Organization ;" in turtle else None)


def test_counts_are_those_of_sparql(built: Callable[[str], Path], checked: Check) -> None:
    """A region from which a third of some values is taken at random: as many findings as a query counts."""
    chance = random.Random(3)
    taken = ("routeKind>", "ns#to>", "#prefLabel>", "identifier>", "waitState>", "identifier>")
    lines = (built("voorbeeldregio") / "graph.nt").read_text("utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if chance.random() > 0.3 or not line.split(" ")[1].endswith(taken))
    found = checked(text, "graph.nt")
    store = ox.Store()
    store.load(text.encode(), format=ox.RdfFormat.N_TRIPLES)

    def number(where: str) -> int:
        answer = store.query(f"{SPARQL} SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {where} }}")
        assert isinstance(answer, ox.QuerySolutions)
        return int(next(answer)["n"].value)

    for code, where in {
        "Route-kind-required": "?x a rk:Route FILTER NOT EXISTS { ?x rk:routeKind ?k }",
        "Route-to-required": "?x a rk:Route FILTER NOT EXISTS { ?x rk:to ?k }",
        "Line-to-required": "?x a rk:Line FILTER NOT EXISTS { ?x rk:to ?k }",
        "Partner-name-required": "?x a org:Organization FILTER NOT EXISTS { ?x skos:prefLabel ?k }",
        "Offering-name-required": "?x a cpsv:PublicService FILTER NOT EXISTS { ?x skos:prefLabel ?k }",
        "waitState-given": "?x a rk:WaitingTime FILTER NOT EXISTS { ?x rk:waitState ?k }",
        "WaitNumber": "?x a rk:WaitingTime FILTER NOT EXISTS { ?x rk:waitState ?k }",
    }.items():
        assert number(where) > 10, code
        assert len(of(found, code)) == number(where), code
    assert found.checked["routes"] == number("?x a rk:Route") == 1000
    faulty = "?x a rk:Line FILTER NOT EXISTS { ?x rk:to ?k ; dct:identifier ?i }"
    assert found.at_fault["lines"] == number(faulty)


# --- others' RDF -----------------------------------------------------------------------------------------
CPSV_AP = """
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<http://e/org> a org:Organization ; dct:identifier "9" ; dct:title "Stichting Elders"@nl ; foaf:homepage <http://e/> .
"""


def services(number: int) -> str:
    return "".join(
        f'<http://e/{n}> a cpsv:PublicService ; dct:identifier "s{n}" ; dct:title "Dienst {n}"@nl ; '
        f"cv:hasCompetentAuthority <http://e/org> ; rk:serve <http://e/x> . <http://e/p{n}> a foaf:Person .\n"
        for n in range(number)
    )


def test_a_file_of_others_is_told_in_few_sentences(prefixes: str, checked: Check) -> None:
    found = checked(prefixes + CPSV_AP + services(3_000))
    assert Counter(f.code for f in found.findings) == {
        "Offering-name-required": 3_000,
        "level-given": 3_000,
        "Partner-name-required": 1,
        "role-given": 1,
        "property-unread": 4,  # title of both, authority, homepage
        "class-unread": 1,
        "unknown-term": 1,
    }
    assert [(k.code, len(k.findings)) for k in found.alike()] == [
        ("Offering-name-required", 3_000),
        ("Partner-name-required", 1),
        ("level-given", 3_000),
        ("role-given", 1),
        ("unknown-term", 1),
        ("property-unread", 4),
        ("class-unread", 1),
    ]
    assert of(found, "unknown-term")[0].detail() == "rk:serve: 3000 keer. Bedoelt u rk:serves?"
    assert {f.detail("en") for f in of(found, "property-unread")} == {
        "cv:hasCompetentAuthority at aanbod: 3000 ×. Here that is called rk:offeredBy.",
        "dct:title at aanbod: 3000 ×. Here that is called skos:prefLabel.",
        "dct:title at partners: 1 ×. Here that is called skos:prefLabel.",
        "http://xmlns.com/foaf/0.1/homepage at partners: 1 ×. Here that is called schema:url.",
    }
    assert of(found, "Partner-name-required")[0].label() == "Stichting Elders"


def test_a_file_with_nothing_of_ours_is_not_called_right(checked: Check) -> None:
    for text in ("", '<http://e/a> <http://e/p> "x" .'):
        found = checked(text)
        assert [f.code for f in found.findings] == ["nothing-known"]
        assert found.counted["waarschuwing"] == 1


def test_an_id_that_occurs_twice(prefixes: str, checked: Check) -> None:
    things = ("org:Organization", "org:Organization", "org:Organization", "rk:Route")
    found = checked(prefixes + "".join(f"<http://e/{n}> a {kind} ; dct:identifier 'X' .\n" for n, kind in enumerate(things)))
    assert [f.node for f in of(found, "id-twice")] == ["http://e/0", "http://e/1", "http://e/2"]
    assert {f.detail() for f in of(found, "id-twice")} == {"X: 3 keer bij partners."}


def test_a_municipality_of_no_time(prefixes: str, checked: Check) -> None:
    """GM0228 is Ede, GM0263 Maasdriel, GM9999 was never given, and what ended (GM0265, in former_municipalities.csv) was one."""
    codes = ("gm0228", "gm0263", "gm0265", "gm9999")
    found = checked(prefixes + PARTNER + "".join(f"; rk:serves gm:{c} " for c in codes) + ".")
    assert [f.value for f in of(found, "municipality-unknown")] == ["tooi:gm9999"]


def test_a_file_cannot_widen_our_lists(prefixes: str, checked: Check) -> None:
    """But for ways of working, to which a build itself adds those of a region."""
    own = "<http://e/l> a skos:Concept ; skos:inScheme rkc:level . <http://e/m> skos:inScheme rkc:method . "
    own += "org:Organization rdfs:subClassOf rk:Role . <http://e/Team> rdfs:subClassOf org:Organization .\n"
    offering = "<http://e/o> a cpsv:PublicService ; dct:identifier 'o' ; skos:prefLabel 'O' ; rk:level <http://e/l> ; rk:method <http://e/m> .\n"
    team = "<http://e/t> a <http://e/Team> ; dct:identifier 't' ; skos:prefLabel 'T' ; rk:role <http://e/t> .\n"
    found = checked(prefixes + own + offering + team)
    assert sorted(f.code for f in found.findings if f.severity == "fout") == ["level", "role"]
    assert found.checked == {"partners": 1, "offerings": 1}


# --- told ------------------------------------------------------------------------------------------------
def test_every_rule_and_every_other_finding_speaks_both_languages(prefixes: str, checked: Check) -> None:
    for rule in (r for t in targets() for r in (t.shape, *t.rules) if r.checks):
        assert rule.said.keys() == set(LANGUAGES)
    found = checked(prefixes + CPSV_AP + services(2) + PARTNER + "; rk:serves gm:gm9999 . " + PARTNER.replace("b:p", "b:q") + ".")
    assert SEVERITIES.keys() - {f.code for f in found.findings} == {"nothing-known"}
    for finding in found.findings:
        assert finding.message("nl") != finding.message("en")
        assert finding.detail("nl") != finding.detail("en")
        assert not re.search(r"[{}]", finding.message("nl") + finding.detail("nl") + finding.message("en") + finding.detail("en"))


def test_a_small_number_of_families_is_not_repeated(prefixes: str, checked: Check) -> None:
    for value, small in (("'7'", True), ("7.0", True), ("'7 gezinnen'", True), ("'70'", False), ("-3", True), ("'veel'", False)):
        (found,) = of(checked(f"{prefixes}\n{ROUTE}{ENDS}; rk:perYear {value} ."), "perYear")
        assert found.suppressed is small, value
        assert (found.value is None) is small
        assert ("7" in found.detail()) is (value == "'70'")


def test_what_a_file_says_cannot_reach_the_screen_or_lead_to_a_person(prefixes: str, checked: Check) -> None:
    name = "'Praktijk \\u001b[31mrood\\u202e\\nbel jan.jansen@voorbeeld.nl of 06-12345678'"
    found = checked(f"{prefixes}\n{ONE}b:p a org:Organization ; skos:prefLabel {name} ; rk:askFor {name}@nl, {name} .")
    told = "".join(str(f.as_dict()) for f in found.findings)
    assert "Praktijk" in told
    for sign in ("\\x1b", "\x1b", "\u202e", "jan.jansen", "12345678"):
        assert sign not in told


def test_a_thing_of_two_kinds_is_told_once(prefixes: str, checked: Check) -> None:
    found = checked(f"{prefixes}\n<http://e/a> a org:Organization, cv:PublicOrganisation ; skos:prefLabel 'A' .")
    assert len(of(found, "identifier")) == 1
    assert len(of(found, "Partner-name-required")) == 0


def test_a_value_that_is_wrong_in_two_ways_is_told_once(prefixes: str, checked: Check) -> None:
    """'zeven' is no whole number, and not 0 or more either."""
    found = checked(f"{prefixes}\n{ROUTE}{ENDS}; rk:ageFrom 'zeven', -1 .")
    assert sorted((f.value or "", f.detail()) for f in of(found, "ageFrom")) == [
        ("", "Aantal waarden bij rk:ageFrom: 2."),
        ('"-1"^^xsd:integer', 'Hier staat "-1"^^xsd:integer.'),
        ('"zeven"', 'Hier staat "zeven"; in RDF hoort hier een aantal hele maanden (xsd:integer).'),
    ]
