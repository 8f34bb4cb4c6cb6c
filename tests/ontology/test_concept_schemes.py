"""concepts.ttl: complete, in order, without ambiguous labels, and with the roles as agreed."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS

ONTOLOGY = Path(__file__).parents[2] / "ontology"
RK = "https://w3id.org/routekaart/ns#"
RKC = "https://w3id.org/routekaart/concept/"

GRAPH = Graph().parse(ONTOLOGY / "concepts.ttl", format="turtle")
SCHEMES = sorted(str(s)[len(RKC) :] for s in GRAPH.subjects(RDF.type, SKOS.ConceptScheme))

#: The slugs that the code and the tables rely on, in their order: the project's contract ("Roles, levels,
#: themes" and the columns of the tables); the kinds of gaps as the analyses define them.
SLUGS = {
    "role": (
        "gezin huisarts jeugdarts medisch-specialist jgz school kinderopvang "
        "onderwijs-ondersteuning politie soj gemeente lokaal-team jeugdhulp jeugd-ggz "
        "crisis-verblijf gecertificeerde-instelling rechter veiligheid welzijn jongerenwerk "
        "informeel oudergroep vrijwilligers bibliotheek sport coalitie inkoop overig"
    ),
    "level": "0 1 2 3 4",
    "route-kind": (
        "verwijzing warme-overdracht terugverwijzing opschaling afschaling rechtstreekse-toegang consultatie overbrugging melding"
    ),
    "wait-kind": "aanmeldwachttijd behandelwachttijd totaal besluit",
    "wait-state": "getal stop onbekend uitspraak",
    "measurement": "prospectief retrospectief schatting uitspraak",
    "access": "vrij verwijzing beschikking",
    "place": "thuis school wijk huisartsenpraktijk online locatie",
    "audience": "jeugdige ouders gezin professional",
    "basis": "wet afspraak gewoonte",
    "strength": "kennen samenwerken afstemmen integreren",
    "agreement-kind": "aanspreekpunt overleg overbrugging afschaling route",
    "verdict": "zelfde ander",
    "agreement-status": "voorstel afgesproken loopt afgewezen gestopt",
    "map-column": ("vindplaats huisartsenpraktijk toegang hulp specialistisch gedwongen-kader apart gewone-leven geen"),
    "cause": "capaciteit besluit-nodig enige-schakel onbekend",
    "reason": "geen-aanbod geen-route aanmeldstop",
    "outcome": "hulp uitval onbekend",
    "area": "regio landelijk",
    "capacity-status": "capacity no-capacity waitlist additional-assessment-required",
    "gap-kind": (
        "geen-overbrugging geen-afschaling geen-vast-aanspreekpunt ontbrekende-rol "
        "geen-eerste-aanspreekpunt vrij-aanbod-zonder-route door-een-partner-genoemd "
        "alleen-elders veel-individueel-weinig-vrij verouderd ongeverifieerd"
    ),
    "gap-status": "ok te-lang aanmeldstop geen-route geen-aanbod onbekend",
    "aspect": "krachtgericht nabijheid eigen-regie sociaal-netwerk op-en-afschalen",
    "action-level": "gezin uitvoering beleid",
}
EVERYDAY = [
    "slapen-en-eten",
    "druk-gedrag",
    "boosheid-en-grenzen",
    "angst-en-somberheid",
    "vriendschap-en-pesten",
    "leren-en-school",
    "taal-en-ontwikkeling",
    "scheiding",
    "opvoeden",
    "eigen-stress-van-ouders",
    "geldzorgen",
    "wonen",
    "eenzaamheid-en-netwerk",
    "gamen-en-middelen",
    "identiteit",
    "rouw",
    "beperking",
    "veiligheid",
    "algemeen",
]
PROVIDERS = [
    "adhd",
    "autisme",
    "lvb",
    "hoogbegaafdheid",
    "depressie",
    "angststoornis",
    "eetproblemen",
    "trauma",
    "dyslexie",
    "zindelijkheid",
    "schoolverzuim",
    "verslaving",
    "schulden",
    "hechting",
    "gedragsstoornis",
    "psychische-problemen",
    "stress",
    "ontmoeting",
    "meedoen",
]
METHODS = ["giz", "triple-p", "vht", "sns", "abcd", "oplossingsgericht", "jim", "pbs"]

#: The role table of the contract: entry, levels, access, map column, law, COD327.
LAW_26, LAW_23 = "law-jeugdwet-2-6-1-g", "law-jeugdwet-2-3"
Role = tuple[bool, str, bool, str, str, str]
ROLES: dict[str, Role] = {
    "gezin": (True, "01", True, "geen", "", "06"),
    "huisarts": (True, "01234", False, "vindplaats", LAW_26, "02"),
    "jeugdarts": (True, "01234", False, "vindplaats", LAW_26, "03"),
    "medisch-specialist": (True, "01234", False, "vindplaats", LAW_26, "05"),
    "jgz": (True, "012", True, "vindplaats", "", ""),
    "school": (True, "012", True, "vindplaats", "", ""),
    "kinderopvang": (True, "012", True, "vindplaats", "", ""),
    "onderwijs-ondersteuning": (True, "012", True, "vindplaats", "", ""),
    "politie": (True, "012", True, "vindplaats", "", ""),
    "soj": (False, "01234", False, "huisartsenpraktijk", "", ""),
    "gemeente": (True, "01234", False, "toegang", LAW_23, "01"),
    "lokaal-team": (True, "01234", False, "toegang", LAW_23, ""),
    "jeugdhulp": (False, "01234", False, "hulp", "", ""),
    "jeugd-ggz": (False, "01234", False, "specialistisch", "", ""),
    "crisis-verblijf": (False, "01234", False, "specialistisch", "", ""),
    "gecertificeerde-instelling": (False, "01234", False, "gedwongen-kader", "", "04"),
    "rechter": (False, "01234", False, "gedwongen-kader", "", "08"),
    "veiligheid": (False, "01234", False, "apart", "", ""),
    "welzijn": (True, "012", True, "gewone-leven", "", ""),
    "jongerenwerk": (True, "012", True, "gewone-leven", "", ""),
    "informeel": (True, "012", True, "gewone-leven", "", ""),
    "oudergroep": (True, "012", True, "gewone-leven", "", ""),
    "vrijwilligers": (True, "012", True, "gewone-leven", "", ""),
    "bibliotheek": (True, "012", True, "gewone-leven", "", ""),
    "sport": (True, "012", True, "gewone-leven", "", ""),
    "coalitie": (False, "", False, "geen", "", ""),
    "inkoop": (False, "", False, "geen", "", ""),
    "overig": (False, "", False, "geen", "", ""),
}


def rkc(name: str) -> URIRef:
    return URIRef(RKC + name)


def rk(name: str) -> URIRef:
    return URIRef(RK + name)


def order(concept: URIRef) -> int:
    return int(str(GRAPH.value(concept, rk("order"))))


def concepts(scheme: str) -> list[URIRef]:
    """The concepts of a scheme in their order."""
    found = [s for s in GRAPH.subjects(SKOS.inScheme, rkc(scheme)) if isinstance(s, URIRef)]
    return sorted(found, key=order)


def slugs(scheme: str) -> list[str]:
    return [str(c)[len(RKC) + len(scheme) + 1 :] for c in concepts(scheme)]


def languages(subject: URIRef, predicate: URIRef) -> list[str]:
    return sorted(str(node.language) for node in GRAPH.objects(subject, predicate) if isinstance(node, Literal))


def locals_of(subject: URIRef, predicate: URIRef, prefix: str = "") -> set[str]:
    return {str(node)[len(RKC) :].removeprefix(prefix) for node in GRAPH.objects(subject, predicate)}


def folded(text: str) -> str:
    """Without case, accents and punctuation: how names in cells are compared."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(ch for ch in plain if ch.isalnum())


def test_the_schemes() -> None:
    assert set(SCHEMES) == {*SLUGS, "theme", "method"}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_scheme_is_described(scheme: str) -> None:
    for predicate in (RDFS.label, SKOS.prefLabel, SKOS.definition):
        assert languages(rkc(scheme), predicate) == ["en", "nl"]
    assert GRAPH.value(rkc(scheme), rk("isOrdered")) is not None


@pytest.mark.parametrize("scheme", SCHEMES)
def test_concepts_are_complete(scheme: str) -> None:
    members = concepts(scheme)
    assert [order(c) for c in members] == list(range(1, len(members) + 1))
    for concept in members:
        assert str(concept).startswith(f"{RKC}{scheme}-")
        assert (concept, RDF.type, SKOS.Concept) in GRAPH
        assert list(GRAPH.objects(concept, SKOS.inScheme)) == [rkc(scheme)]
        assert languages(concept, SKOS.prefLabel) == ["en", "nl"], concept
        assert languages(concept, SKOS.definition) == ["en", "nl"], concept
        assert GRAPH.value(concept, SKOS.altLabel) is not None, concept
        is_top = GRAPH.value(concept, SKOS.topConceptOf) == rkc(scheme)
        assert is_top != bool(list(GRAPH.objects(concept, SKOS.broader))), concept


@pytest.mark.parametrize("scheme", SCHEMES)
def test_slugs_are_slugs(scheme: str) -> None:
    for slug in slugs(scheme):
        assert slug == slug.lower()
        assert all(part.isalnum() and part.isascii() for part in slug.split("-"))


def test_no_concept_is_without_scheme() -> None:
    assert set(GRAPH.subjects(RDF.type, SKOS.Concept)) == set(GRAPH.subjects(SKOS.inScheme, None))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_label_names_two_concepts(scheme: str) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for concept, slug in zip(concepts(scheme), slugs(scheme), strict=True):
        labels = [
            slug,
            *map(str, GRAPH.objects(concept, SKOS.prefLabel)),
            *map(str, GRAPH.objects(concept, SKOS.altLabel)),
        ]
        for label in labels:
            assert folded(label), f"{label!r} of {slug} is nothing but punctuation"
            owners[folded(label)].add(slug)
    assert {label: who for label, who in owners.items() if len(who) > 1} == {}


@pytest.mark.parametrize("scheme", sorted(SLUGS))
def test_slugs_as_agreed(scheme: str) -> None:
    assert slugs(scheme) == SLUGS[scheme].split()


def test_everyday_questions_come_first_and_stand_on_top() -> None:
    assert slugs("theme")[: len(EVERYDAY)] == EVERYDAY
    tops = {str(c)[len(RKC) + len("theme-") :] for c in GRAPH.subjects(SKOS.topConceptOf, rkc("theme"))}
    assert tops == set(EVERYDAY)


def test_providers_terms_are_narrower_than_an_everyday_question() -> None:
    assert set(PROVIDERS) <= set(slugs("theme"))
    for concept in concepts("theme")[len(EVERYDAY) :]:
        broader = locals_of(concept, SKOS.broader, "theme-")
        assert broader, concept
        assert broader <= set(EVERYDAY) - {"algemeen"}, concept


def test_methods_have_a_source() -> None:
    assert set(METHODS) <= set(slugs("method"))
    for concept in concepts("method"):
        assert GRAPH.value(concept, DCTERMS.source) is not None, concept


def test_every_role_has_an_expectation() -> None:
    assert set(ROLES) == set(slugs("role"))


@pytest.mark.parametrize("slug", sorted(ROLES))
def test_role_as_agreed(slug: str) -> None:
    entry, levels, access, column, law, code = ROLES[slug]
    role = rkc(f"role-{slug}")
    assert GRAPH.value(role, rk("isEntry")) == Literal(entry)
    assert "".join(sorted(locals_of(role, rk("mayReferTo"), "level-"))) == levels
    assert ((role, rk("mayReferToAccess"), Literal(True)) in GRAPH) == access
    assert locals_of(role, rk("mapColumn"), "map-column-") == {column}
    assert locals_of(role, rk("legalBasis")) == ({law} if law else set())
    codes = list(GRAPH.objects(role, SKOS.notation))
    assert codes == ([Literal(code, datatype=rk("COD327"))] if code else [])
    assert not code or any("COD327" in str(s) for s in GRAPH.objects(role, DCTERMS.source))


@pytest.mark.parametrize("law", [LAW_26, LAW_23])
def test_law_is_cited(law: str) -> None:
    assert languages(rkc(law), RDFS.label) == ["en", "nl"]
    assert languages(rkc(law), SKOS.definition) == ["en", "nl"]
    assert any("BWBR0034925" in str(source) for source in GRAPH.objects(rkc(law), DCTERMS.source))


def test_which_routes_move_families() -> None:
    moving = {
        slug for slug in slugs("route-kind") if GRAPH.value(rkc(f"route-kind-{slug}"), rk("movesFamilies")) == Literal(True)
    }
    assert moving == set(SLUGS["route-kind"].split()) - {"consultatie", "overbrugging", "melding"}
    assert set(GRAPH.subjects(rk("isWarm"), Literal(True))) == {rkc("route-kind-warme-overdracht")}
    needed = {(str(s)[len(RKC) :], str(o)[len(RKC) :]) for s, o in GRAPH.subject_objects(rk("strengthNeeded"))}
    assert needed == {
        ("route-kind-verwijzing", "strength-samenwerken"),
        ("route-kind-warme-overdracht", "strength-afstemmen"),
    }


def test_strength_is_an_ordered_collection() -> None:
    (collection,) = GRAPH.subjects(RDF.type, SKOS.OrderedCollection)
    members = GRAPH.value(collection, SKOS.memberList)
    assert members is not None
    assert list(Collection(GRAPH, members)) == concepts("strength")


def test_ordered_schemes() -> None:
    ordered = {str(s)[len(RKC) :] for s in GRAPH.subjects(rk("isOrdered"), Literal(True))}
    assert ordered == {"level", "strength", "map-column", "action-level"}


def test_aspects_and_levels_of_action_are_questions() -> None:
    for scheme in ("aspect", "action-level"):
        for concept in concepts(scheme):
            assert all(str(text).endswith("?") for text in GRAPH.objects(concept, SKOS.definition)), concept


#: As people write it in their lists, and what it means.
WRITTEN = {
    "role": {
        "POH-jeugd": "soj",
        "POH jeugd": "soj",
        "SOH": "soj",
        "S.O.J.": "soj",
        "praktijkondersteuner jeugd": "soj",
        "jeugdprofessional": "soj",
        "gebiedsteam": "lokaal-team",
        "Wijkteam": "lokaal-team",
        "CJG": "lokaal-team",
        "sociaal team": "lokaal-team",
        "GP": "huisarts",
        "huisartsenpraktijk": "huisarts",
        "jeugdverpleegkundige": "jgz",
        "consultatiebureau": "jgz",
        "ib'er": "school",
        "samenwerkingsverband passend onderwijs": "onderwijs-ondersteuning",
        "GGZ-jeugd": "jeugd-ggz",
        "GI": "gecertificeerde-instelling",
        "Veilig Thuis": "veiligheid",
    },
    "theme": {
        "AD(H)D": "adhd",
        "financiën": "geldzorgen",
        "pesten": "vriendschap-en-pesten",
        "ASS": "autisme",
    },
    "route-kind": {"Warme overdracht": "warme-overdracht", "doorverwijzing": "verwijzing"},
    "audience": {"kinderen": "jeugdige", "ouder": "ouders"},
    "access": {"vrij toegankelijk": "vrij", "indicatie": "beschikking"},
    "method": {"VHT": "vht", "Triple-P": "triple-p", "SoNeStra": "sns"},
}


@pytest.mark.parametrize(("scheme", "text", "slug"), [(s, t, w) for s, words in WRITTEN.items() for t, w in words.items()])
def test_people_write_it_so(scheme: str, text: str, slug: str) -> None:
    concept = rkc(f"{scheme}-{slug}")
    labels = [slug, *GRAPH.objects(concept, SKOS.prefLabel), *GRAPH.objects(concept, SKOS.altLabel)]
    assert folded(text) in {folded(str(label)) for label in labels}
