"""routekaart.ttl says what every table and column means, in Dutch and English, and declares nothing idle."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from routekaart.graph.schema import TABLES, Kind

ONTOLOGY = Path(__file__).parents[2] / "ontology"
FILES = ("routekaart.ttl", "concepts.ttl", "shapes.ttl")
RK = "https://w3id.org/routekaart/ns#"
RKC = "https://w3id.org/routekaart/concept/"
SH = "http://www.w3.org/ns/shacl#"

#: Terms that only the RDF mapping uses: the writer of the graph puts them beside what the tables say.
MAPPING_TERMS = frozenset({"refersTo", "withholds", "Chain", "chainText", "passes"})
#: Terms of other standards that only the RDF mapping uses.
MAPPING_REUSED = frozenset(
    {
        "org:Membership",
        "org:member",
        "org:role",
        "org:organization",
        "time:Duration",
        "time:hasDuration",
        "time:numericDuration",
        "time:unitType",
        "eli:LegalResource",
    }
)
#: Never in what readers see (the wording of the analyses); "schulden" (debts) is a theme and another word.
FORBIDDEN = re.compile(r"\b(bespar\w*|vermijdba\w*|schuld|schuldig\w*|slechtste|passende hulp|doorlooptijd\w*)\b", re.IGNORECASE)


def parsed(name: str) -> Graph:
    return Graph().parse(ONTOLOGY / name, format="turtle")


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return parsed("routekaart.ttl")


def schema_terms() -> set[str]:
    """Every class and property that the tables use, as ``prefix:name``."""
    terms = {table.term for table in TABLES.values()}
    terms |= {column.term for table in TABLES.values() for column in table.columns}
    return {term if ":" in term else f"rk:{term}" for term in terms}


def expand(graph: Graph, term: str) -> URIRef:
    prefix, _, local = term.partition(":")
    namespaces = {str(name): str(iri) for name, iri in graph.namespaces()}
    return URIRef(namespaces[prefix] + local)


def languages(graph: Graph, subject: URIRef, predicate: URIRef) -> list[str]:
    return sorted(str(node.language) for node in graph.objects(subject, predicate) if isinstance(node, Literal))


@pytest.mark.parametrize("name", FILES)
def test_two_parsers_read_the_same_triples(name: str) -> None:
    quads = list(pyoxigraph.parse((ONTOLOGY / name).read_bytes(), format=pyoxigraph.RdfFormat.TURTLE))
    assert len(quads) == len(parsed(name)) > 0


def test_header(ontology: Graph) -> None:
    (header,) = ontology.subjects(RDF.type, OWL.Ontology)
    assert isinstance(header, URIRef)
    assert languages(ontology, header, DCTERMS.title) == ["en", "nl"]
    assert (header, OWL.versionInfo, Literal("1")) in ontology
    assert "EUPL-1.2" in str(ontology.value(header, DCTERMS.license))


@pytest.mark.parametrize("term", sorted(schema_terms() | MAPPING_REUSED | {f"rk:{name}" for name in MAPPING_TERMS}))
def test_every_term_has_a_meaning_in_two_languages(ontology: Graph, term: str) -> None:
    iri = expand(ontology, term)
    assert (iri, RDF.type, None) in ontology, f"{term} is not declared"
    assert languages(ontology, iri, RDFS.label) == ["en", "nl"]
    assert languages(ontology, iri, SKOS.definition) == ["en", "nl"]


def test_everything_declared_has_a_meaning(ontology: Graph) -> None:
    for subject in set(ontology.subjects(RDFS.label, None)):
        assert isinstance(subject, URIRef)
        assert languages(ontology, subject, RDFS.label) == ["en", "nl"], subject
        if (subject, RDF.type, OWL.Ontology) not in ontology:
            assert languages(ontology, subject, SKOS.definition) == ["en", "nl"], subject


def test_definitions_are_sentences(ontology: Graph) -> None:
    for subject, text in ontology.subject_objects(SKOS.definition):
        assert str(text)[0].isupper(), (subject, text)
        assert str(text).endswith("."), (subject, text)


def test_reused_terms_say_that_they_belong_elsewhere(ontology: Graph) -> None:
    for subject in set(ontology.subjects(SKOS.definition, None)):
        assert isinstance(subject, URIRef)
        if not str(subject).startswith(RK):
            assert languages(ontology, subject, SKOS.scopeNote) == ["en", "nl"], subject


def test_nothing_of_ours_is_idle(ontology: Graph) -> None:
    declared = {str(s)[len(RK) :] for s in ontology.subjects(RDF.type, None) if str(s).startswith(RK)}
    used = {term[3:] for term in schema_terms() if term.startswith("rk:")} | MAPPING_TERMS
    for name in ("concepts.ttl", "shapes.ttl"):
        for triple in parsed(name):
            for node in triple:
                used.add(str(node)[len(RK) :] if str(node).startswith(RK) else "")
                if isinstance(node, Literal) and node.datatype and str(node.datatype).startswith(RK):
                    used.add(str(node.datatype)[len(RK) :])
    assert declared - used == set()


def test_concepts_and_shapes_use_no_undeclared_term(ontology: Graph) -> None:
    declared = {s for s in ontology.subjects(RDF.type, None) if str(s).startswith(RK)}
    for name in ("concepts.ttl", "shapes.ttl"):
        used = {node for triple in parsed(name) for node in triple if str(node).startswith(RK)}
        assert used <= declared, name


def test_kinds_of_properties_follow_the_tables(ontology: Graph) -> None:
    plain = {
        Kind.ID,
        Kind.TEXT,
        Kind.TEXTS,
        Kind.URL,
        Kind.KVK,
        Kind.AGB,
        Kind.DATE,
        Kind.AGE,
        Kind.YESNO,
        Kind.COUNT,
        Kind.FAMILIES,
        Kind.NUMBER,
        Kind.DAYS,
    }
    for table in TABLES.values():
        for column in table.columns:
            if ":" not in column.term:
                wanted = OWL.DatatypeProperty if column.kind in plain else OWL.ObjectProperty
                assert (URIRef(RK + column.term), RDF.type, wanted) in ontology, f"{table.name}.{column.name}"


def test_domains_hold_for_every_table(ontology: Graph) -> None:
    for table in TABLES.values():
        class_ = expand(ontology, table.term if ":" in table.term else f"rk:{table.term}")
        for column in table.columns:
            if ":" in column.term or column.term in {"isEntry", "mayReferTo", "mapColumn"}:
                continue  # the last three are said of every concept, ours and a region's own
            for domain in ontology.objects(URIRef(RK + column.term), RDFS.domain):
                union = ontology.value(domain, OWL.unionOf)
                members = set(ontology.items(union)) if union is not None else {domain}
                assert class_ in members, f"{table.name}.{column.name}"


def test_every_scheme_of_the_tables_exists() -> None:
    concepts = parsed("concepts.ttl")
    named = {column.scheme for table in TABLES.values() for column in table.columns if column.scheme}
    schemes = {str(s)[len(RKC) :] for s in concepts.subjects(RDF.type, SKOS.ConceptScheme)}
    assert named <= schemes
    for table in TABLES.values():
        for column in table.columns:
            assert bool(column.scheme) == (column.kind in {Kind.CONCEPT, Kind.CONCEPTS}), f"{table.name}.{column.name}"


@pytest.mark.parametrize("name", FILES)
def test_dutch_texts_avoid_the_words_we_do_not_use(name: str) -> None:
    texts = [str(node) for node in parsed(name).objects() if isinstance(node, Literal) and node.language == "nl"]
    assert texts
    assert [text for text in texts if FORBIDDEN.search(text)] == []


def test_the_word_list_catches_the_words() -> None:
    assert all(FORBIDDEN.search(text) for text in ("Dit is besparen.", "vermijdbaar", "Wiens schuld?", "passende hulp"))
    assert not FORBIDDEN.search("schulden en schuldhulpverlening")


def test_the_schema_is_the_installed_one() -> None:
    assert importlib.import_module("routekaart.graph.schema").TABLES is TABLES
