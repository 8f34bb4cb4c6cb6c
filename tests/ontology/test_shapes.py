"""shapes.ttl: a good region passes in silence, and every rule says in Dutch what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from pyshacl import validate
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from routekaart.graph.schema import TABLES, Column, Kind

pytestmark = pytest.mark.usefixtures("sparql_read_once")

HERE = Path(__file__).parent
ONTOLOGY = Path(__file__).parents[2] / "ontology"
RKSH = "https://w3id.org/routekaart/shapes#"
GOOD = (HERE / "good.ttl").read_text(encoding="utf-8")
PREFIXES = "\n".join(line for line in GOOD.splitlines() if line.startswith("@prefix"))

SHAPES = Graph().parse(ONTOLOGY / "shapes.ttl", format="turtle")
EXTRA = Graph().parse(ONTOLOGY / "routekaart.ttl", format="turtle").parse(ONTOLOGY / "concepts.ttl", format="turtle")
NODE_SHAPES = sorted(str(s)[len(RKSH) :] for s in SHAPES.subjects(RDF.type, SH.NodeShape))


class Broken(NamedTuple):
    """Triples that break a shape when added to the good region, and a part of what is then said."""

    shape: str
    turtle: str
    message: str


WAIT = "b:w a rk:WaitingTime ; dct:identifier 'w' ; rk:asOf '2026'^^xsd:gYear ; rk:waitOn b:partners\\/P02 "
OPEN = WAIT + "; rk:waitKind rkc:wait-kind-totaal "
ROUTE = "b:r a rk:Route ; dct:identifier 'r' ; rk:routeKind rkc:route-kind-verwijzing "
LINE = "b:l a rk:Line ; dct:identifier 'l' ; rk:from b:partners\\/P01 "
OFFERING = "b:o a cpsv:PublicService ; dct:identifier 'o' ; skos:prefLabel 'O' ; rk:level rkc:level-0 "
PARTNER = "b:p a org:Organization ; dct:identifier 'p' ; rk:role rkc:role-sport "
DEMAND = "b:v a rk:Demand ; dct:identifier 'v' ; rk:forMunicipality gm:gm0228 ; rk:entry rkc:role-gezin "
MATCH = "b:k a rk:Match ; dct:identifier 'k' ; rk:written 'CJG' "
CONFIRMATION = "b:c a rk:Confirmation ; dct:identifier 'c' "
OUTFLOW = "b:u a rk:Outflow ; dct:identifier 'u' ; rk:from b:partners\\/P01 "
HANDOVER = "b:h a rk:Handover ; dct:identifier 'h' "
BACK = "b:t a rk:BackAndForth ; dct:identifier 't' "
BETWEEN = "; rk:from b:partners\\/P01 ; rk:to b:partners\\/P02 "

BROKEN = (
    Broken("Municipality", "b:m a cv:PublicOrganisation ; dct:identifier '228' .", "schrijf GM en vier cijfers"),
    Broken("Municipality", "gm:gm0203 a cv:PublicOrganisation .", "Elke rij heeft één id nodig"),
    Broken(
        "Municipality",
        "gm:gm0203 a cv:PublicOrganisation ; dct:identifier 'GM0203' ; rk:inhabitants -1 .",
        "De kolom 'inwoners' bevat één geheel getal",
    ),
    Broken(
        "MembershipPeriod",
        "gm:gm0203 a cv:PublicOrganisation ; dct:identifier 'GM0203' ; "
        "rk:memberFrom '2027-03'^^xsd:gYearMonth ; rk:memberUntil '2026'^^xsd:gYear .",
        "eindigt eerder dan het begint",
    ),
    Broken("Partner", PARTNER + ".", "Een partner heeft een naam nodig"),
    Broken("Partner", PARTNER + "; skos:prefLabel 'Een', 'Twee' .", "'naam' of 'titel' bevat één tekst"),
    Broken("Partner", PARTNER + "; skos:prefLabel 'P' ; rk:role rkc:theme-rouw .", "uit de lijst van rollen"),
    Broken("Partner", PARTNER + "; skos:prefLabel 'P' ; schema:url 'linde.example' .", "begin met https://"),
    Broken(
        "Partner",
        PARTNER + "; skos:prefLabel 'P' ; rk:serves rkc:role-sport .",
        "het woord regio of landelijk",
    ),
    Broken(
        "Partner",
        PARTNER + "; skos:prefLabel 'P' ; org:subOrganizationOf b:nergens .",
        "uit de tabel partners",
    ),
    Broken("Partner", PARTNER + "; skos:prefLabel 'P' ; rk:verifiedOn 'onlangs' .", "2026, 2026-03, 2026-03-01 of"),
    Broken("Partner", PARTNER + "; skos:prefLabel 'P' ; prov:wasDerivedFrom 'rij 12' .", "bestand, blad en rij"),
    Broken(
        "Partner",
        "b:p a org:Organization ; dct:identifier 'p' ; skos:prefLabel 'P' .",
        "vul de kolom 'rollen' in",
    ),
    Broken("Offering", "b:o a cpsv:PublicService ; dct:identifier 'o' .", "Aanbod heeft een naam nodig"),
    Broken(
        "Offering",
        "b:o a cpsv:PublicService ; dct:identifier 'o' ; skos:prefLabel 'O' .",
        "Aanbod zonder niveau komt in geen enkel antwoord",
    ),
    Broken("Offering", OFFERING + "; rk:ageFrom 216 ; rk:ageUntil 144 .", "ligt niet onder de leeftijd 'tot'"),
    Broken("Offering", OFFERING + "; rk:ageFrom 144 ; rk:ageUntil 144 .", "ligt niet onder de leeftijd 'tot'"),
    Broken("Offering", OFFERING + "; rk:ageFrom 'twaalf' .", "bevat één leeftijd van 0 of hoger"),
    Broken(
        "Offering",
        OFFERING + "; rk:access rkc:access-vrij, rkc:access-beschikking .",
        "De kolom 'toegang' bevat één",
    ),
    Broken("Offering", OFFERING + "; rk:capacity -2 .", "De kolom 'capaciteit' bevat één geheel getal"),
    Broken("Offering", OFFERING + "; rk:durationWeeks 0.0 .", "getal groter dan 0"),
    Broken("Offering", OFFERING + "; rk:withholds rk:capacity .", "Alleen aantallen gezinnen"),
    Broken(
        "Validity",
        OFFERING + "; rk:validFrom '2026-03-01'^^xsd:date ; rk:validUntil '2026-02'^^xsd:gYearMonth .",
        "Dit houdt eerder op dan het begint",
    ),
    Broken(
        "Validity",
        OFFERING + "; rk:validFrom '2026-03/2026-05'^^edtf:EDTF ; rk:validUntil '2025-09/2026-02'^^edtf:EDTF .",
        "Dit houdt eerder op dan het begint",
    ),
    Broken("Route", ROUTE + "; rk:to b:partners\\/P02 .", "Een route heeft een begin nodig"),
    Broken("Route", ROUTE + "; rk:from b:partners\\/P02 .", "Een route heeft een einde nodig"),
    Broken(
        "Route",
        "b:r a rk:Route ; dct:identifier 'r' ; rk:from b:partners\\/P01 ; rk:to rkc:role-soj .",
        "Een route heeft een soort nodig",
    ),
    Broken("Route", ROUTE + "; rk:from b:nergens ; rk:to rkc:role-soj .", "Een route begint op één plek"),
    Broken("Route", ROUTE + "; rk:from rkc:role-soj ; rk:to rkc:outcome-hulp .", "Een route eindigt op één plek"),
    Broken(
        "Route",
        ROUTE + "; rk:from rkc:role-soj ; rk:to rkc:role-jgz ; rk:handoverDays -1.0 .",
        "vul bijvoorbeeld 2 weken in",
    ),
    Broken(
        "Route",
        ROUTE + "; rk:from rkc:role-soj ; rk:to rkc:role-jgz ; rk:decisionNeeded 'misschien' .",
        "ja of nee",
    ),
    Broken(
        "RouteEnds",
        ROUTE + "; rk:from b:partners\\/P01 ; rk:to b:partners\\/P01 .",
        "van de ene naar de andere plek",
    ),
    Broken(
        "WaitingTime",
        "b:w a rk:WaitingTime ; dct:identifier 'w' ; rk:asOf '2026'^^xsd:gYear ; "
        "rk:waitState rkc:wait-state-onbekend ; rk:waitKind rkc:wait-kind-totaal .",
        "Een wachttijd hoort ergens bij",
    ),
    Broken(
        "WaitingTime",
        WAIT + "; rk:waitState rkc:wait-state-onbekend .",
        "Een wachttijd heeft een soort nodig",
    ),
    Broken(
        "WaitingTime",
        OPEN + "; rk:waitOn b:nergens ; rk:waitState rkc:wait-state-onbekend .",
        "hoort bij één ding",
    ),
    Broken("WaitingTime", OPEN + ".", "De toestand van deze wachttijd ontbreekt"),
    Broken(
        "WaitingTime",
        "b:w a rk:WaitingTime ; dct:identifier 'w' ; rk:waitOn b:partners\\/P02 ; "
        "rk:waitKind rkc:wait-kind-totaal ; rk:waitState rkc:wait-state-onbekend .",
        "een getal zonder datum telt als onbekend",
    ),
    Broken(
        "WaitingTime",
        OPEN + "; rk:waitState rkc:wait-state-getal ; rk:daysLow 84.0 ; rk:daysExpected 70.0 ; rk:daysHigh 90.0 .",
        "De laagste wachttijd is groter dan de verwachte",
    ),
    Broken(
        "WaitingTime",
        OPEN + "; rk:waitState rkc:wait-state-getal ; rk:daysLow 56.0 ; rk:daysExpected 70.0 ; rk:daysHigh 50.0 .",
        "De laagste wachttijd is groter dan de hoogste",
    ),
    Broken(
        "WaitingTime",
        OPEN + "; rk:waitState rkc:wait-state-getal ; rk:daysLow 56.0 ; rk:daysExpected 70.0 ; rk:daysHigh 60.0 .",
        "De verwachte wachttijd is groter dan de hoogste",
    ),
    Broken(
        "WaitingTime",
        OPEN + "; rk:waitState rkc:wait-state-onbekend ; rk:weeksMedian 20.0 ; rk:weeksP90 10.0 .",
        "De mediaan is groter dan het 90e percentiel",
    ),
    Broken(
        "WaitingTime",
        OPEN + "; rk:waitState rkc:wait-state-onbekend ; rk:weeksMin 20.0 ; rk:weeksMedian 10.0 .",
        "De kortste wachttijd is groter dan de mediaan",
    ),
    Broken(
        "WaitNumber",
        OPEN + "; rk:waitState rkc:wait-state-getal .",
        "een aanmeldstop of een onbekende wachttijd",
    ),
    Broken("WaitNumber", OPEN + "; rk:waitState rkc:wait-state-stop ; rk:daysLow 0.0 .", "heeft er geen"),
    Broken("WaitNumber", OPEN + "; rk:waitState rkc:wait-state-onbekend ; rk:daysExpected 0.0 .", "heeft er geen"),
    Broken(
        "WaitNumber",
        OPEN + "; rk:waitState rkc:wait-state-onbekend ; time:hasDuration b:d1 .",
        "heeft er geen",
    ),
    Broken(
        "WaitClosedUntil",
        OPEN + "; rk:waitState rkc:wait-state-onbekend ; rk:closedUntil '2026-07'^^xsd:gYearMonth .",
        "Alleen een aanmeldstop heeft een einddatum",
    ),
    Broken("Line", "b:l a rk:Line ; dct:identifier 'l' ; rk:to b:partners\\/P02 .", "vul de kolom 'van' in"),
    Broken("Line", LINE + ".", "vul de kolom 'naar' in"),
    Broken("Line", LINE + "; rk:to rkc:role-soj .", "Een lijn loopt tussen partners"),
    Broken("Line", LINE + "; rk:to b:partners\\/P02 ; rk:strength rkc:level-1 .", "uit de lijst van sterktes"),
    Broken("LineEnds", LINE + "; rk:to b:partners\\/P01 .", "twee verschillende partners"),
    Broken("Partner", PARTNER + "; skos:prefLabel 'P' ; rk:kvk '1234567' .", "acht cijfers"),
    Broken("Partner", PARTNER + "; skos:prefLabel 'P' ; rk:agb '1234' .", "acht cijfers"),
    Broken("Match", "b:k a rk:Match ; dct:identifier 'k' ; rk:matchedTo b:partners\\/P01 .", "vul de kolom 'geschreven' in"),
    Broken("Match", MATCH + ".", "vul de kolom 'partner' in"),
    Broken("Match", MATCH + "; rk:matchedTo rkc:role-soj .", "één partner uit de tabel partners"),
    Broken("Match", MATCH + "; rk:matchedTo b:partners\\/P01 ; rk:verdict rkc:level-1 .", "zelfde of ander"),
    Broken("Match", MATCH + "; rk:matchedTo b:partners\\/P01 ; rk:score 101 .", "van 0 tot en met 100"),
    Broken("Match", MATCH + "; rk:matchedTo b:partners\\/P01 ; rk:decidedOn 'gisteren' .", "vul een jaar"),
    Broken("Confirmation", CONFIRMATION + ".", "vul de kolom 'partner' in"),
    Broken("Confirmation", CONFIRMATION + "; rk:confirms rkc:role-soj .", "één partner uit de tabel partners"),
    Broken("Confirmation", CONFIRMATION + "; rk:confirms b:partners\\/P01 ; rk:correct 'ja' .", "bevat ja of nee"),
    Broken("Confirmation", CONFIRMATION + "; rk:confirms b:partners\\/P01 ; rk:confirmedOn 'ooit' .", "vul een jaar"),
    Broken(
        "Demand",
        "b:v a rk:Demand ; dct:identifier 'v' ; rk:entry rkc:role-gezin .",
        "Een vraag heeft een gemeente nodig",
    ),
    Broken(
        "Demand",
        "b:v a rk:Demand ; dct:identifier 'v' ; rk:forMunicipality gm:gm0228 .",
        "Een vraag heeft een instap nodig",
    ),
    Broken("Demand", DEMAND + "; rk:perYear -3 .", "De kolom 'aantal_per_jaar' bevat één geheel getal"),
    Broken("Demand", DEMAND + "; rk:year 26 .", "vul vier cijfers in"),
    Broken(
        "Demand",
        DEMAND + "; rk:theme rkc:theme-rouw, rkc:theme-wonen .",
        "één waarde uit de lijst van thema's",
    ),
    Broken(
        "Agreement",
        "b:a a rk:Agreement ; dct:identifier 'a' ; rk:agreementStatus rkc:wait-state-stop .",
        "uit de lijst van statussen",
    ),
    Broken(
        "Agreement",
        "b:a a rk:Agreement ; dct:identifier 'a' ; rk:between b:nergens .",
        "uit de tabel partners",
    ),
    Broken("Norm", "b:n a rk:Norm ; dct:identifier 'n' ; rk:value 4.0 .", "Een norm zonder soort"),
    Broken("Norm", "b:n a rk:Norm ; dct:identifier 'n' ; rk:normKind 'totaal' .", "Een norm zonder waarde"),
    Broken(
        "Norm",
        "b:n a rk:Norm ; dct:identifier 'n' ; rk:normKind 'totaal' ; rk:value 'vier' .",
        "'waarde' bevat één getal",
    ),
    Broken("Indicator", "b:i a rk:Indicator ; dct:identifier 'i' .", "Een indicator heeft een naam nodig"),
    Broken("GoodExample", "b:g a rk:GoodExample ; dct:identifier 'g' .", "Een voorbeeld heeft een naam nodig"),
    Broken("Case", "b:c a rk:Case ; dct:identifier 'c' .", "Een casus heeft een titel nodig"),
    Broken(
        "Case",
        "b:c a rk:Case ; dct:identifier 'c' ; skos:prefLabel 'C' ; rk:age -1 .",
        "bevat één leeftijd van 0",
    ),
    Broken(
        "Outflow",
        "b:u a rk:Outflow ; dct:identifier 'u' ; rk:to rkc:outcome-hulp .",
        "Uitstroom begint bij een partner",
    ),
    Broken("Outflow", OUTFLOW + ".", "Uitstroom gaat ergens heen"),
    Broken("Outflow", OUTFLOW + "; rk:to rkc:theme-rouw .", "hulp, uitval of onbekend"),
    Broken("Outflow", OUTFLOW + "; rk:to rkc:outcome-hulp ; rk:number 30 ; rk:returned 31 .", "Er gingen meer gezinnen terug"),
    Broken("WaitingTime", OPEN + "; rk:waitState rkc:wait-state-onbekend ; rk:number 9.5 .", "De kolom 'aantal' bevat"),
    Broken("WaitingTime", OPEN + "; rk:number 20 ; rk:censored 21 .", "Er wachten meer gezinnen nog dan"),
    Broken("WaitingTime", OPEN + "; rk:weeksMedianKaplanMeier -1.0 .", "De kolom 'weken_mediaan_km' bevat"),
    Broken("WaitingTime", OPEN + "; rk:withholds rk:daysLow .", "Alleen aantallen gezinnen"),
    Broken("Handover", HANDOVER + "; rk:to b:partners\\/P02 .", "Een overdracht heeft een begin nodig"),
    Broken("Handover", HANDOVER + "; rk:from b:partners\\/P01 .", "Een overdracht heeft een einde nodig"),
    Broken("Handover", HANDOVER + "; rk:from b:routes\\/R01 ; rk:to b:partners\\/P02 .", "Een overdracht begint op één plek"),
    Broken("Handover", HANDOVER + "; rk:from b:partners\\/P01 ; rk:to rkc:outcome-hulp .", "Een overdracht eindigt op één plek"),
    Broken("Handover", HANDOVER + BETWEEN + "; rk:number -1 .", "De kolom 'aantal' bevat"),
    Broken("Handover", HANDOVER + BETWEEN + "; rk:weeksP95 'lang' .", "De kolom 'weken_p95' bevat"),
    Broken("Handover", HANDOVER + BETWEEN + "; rk:weeksMedian 9.0 ; rk:weeksP95 8.0 .", "De mediaan is groter dan het 95e"),
    Broken(
        "Handover",
        HANDOVER + BETWEEN + "; rk:stayWeeksMedian 9.0 ; rk:stayWeeksP95 8.0 .",
        "controleer 'weken_ervoor_mediaan' en 'weken_ervoor_p95'",
    ),
    Broken("Handover", HANDOVER + BETWEEN + "; rk:periodFrom 'toen' .", "De kolom 'periode_van' bevat"),
    Broken("HandoverEnds", HANDOVER + "; rk:from b:partners\\/P01 ; rk:to b:partners\\/P01 .", "Een overdracht gaat van de ene"),
    Broken("BackAndForth", BACK + "; rk:to b:partners\\/P02 .", "Wie heen en weer gaat, begint ergens"),
    Broken("BackAndForth", BACK + "; rk:from b:partners\\/P02 .", "Wie heen en weer gaat, komt ergens aan"),
    Broken("BackAndForth", BACK + "; rk:from b:nergens ; rk:to b:partners\\/P02 .", "Heen en weer begint op één plek"),
    Broken("BackAndForth", BACK + "; rk:from b:partners\\/P01 ; rk:to rkc:outcome-hulp .", "Heen en weer gaat naar één plek"),
    Broken("BackAndForth", BACK + BETWEEN + "; rk:number 12 ; rk:withoutStart 13 .", "meer gezinnen zonder start terug"),
    Broken("BackAndForthEnds", BACK + "; rk:from b:partners\\/P01 ; rk:to b:partners\\/P01 .", "gaat tussen twee plekken"),
    Broken(
        "LogPeriod",
        BACK + BETWEEN + "; rk:periodFrom '2026'^^xsd:gYear ; rk:periodUntil '2025-12-31'^^xsd:date .",
        "De periode van het log eindigt eerder",
    ),
    Broken("Edition", "b:e a rk:Edition ; dct:identifier 'e' ; rk:threshold -1 .", "De kolom 'drempel' bevat"),
    Broken(
        "Edition",
        "b:e a rk:Edition ; dct:identifier 'e' ; rk:unknownWeeksLow 26.0 ; rk:unknownWeeksHigh 2.0 .",
        "De instelling onbekend_weken loopt niet van laag naar hoog",
    ),
    Broken(
        "Edition",
        "b:e a rk:Edition ; dct:identifier 'e' ; rk:unknownDecisionLow 8.0 ; rk:unknownDecisionHigh 0.0 .",
        "De instelling besluit_onbekend_weken loopt niet van laag naar hoog",
    ),
    Broken(
        "Role",
        "b:x a rk:Role ; dct:identifier 'x' ; rk:mayReferTo rkc:role-sport .",
        "uit de lijst van niveaus",
    ),
    Broken("Role", "b:x a rk:Role ; dct:identifier 'x' ; rk:mapColumn rkc:level-1 .", "kolommen van de kaart"),
    Broken(
        "Theme",
        "b:y a rk:Theme ; dct:identifier 'y' ; skos:broader rkc:role-sport .",
        "De instelling 'valt_onder'",
    ),
    Broken(
        "Source",
        "b:s a prov:Entity ; dct:identifier 's' ; rk:sha256 'abc' .",
        "Het controlegetal van dit bestand",
    ),
    Broken(
        "RowsAddUp",
        "b:s a prov:Entity ; dct:identifier 's' ; rk:rowsRead 5 ; rk:rowsUsed 3 ; rk:rowsQuarantined 1 .",
        "De gelezen rijen zijn niet gelijk",
    ),
    Broken(
        "Chain",
        "b:k a rk:Chain ; rk:chainText 'rol:huisarts' ; rk:passes rkc:role-huisarts, rkc:role-soj .",
        "met ' > ' ertussen",
    ),
    Broken(
        "Chain",
        "b:k a rk:Chain ; rk:chainText 'a > b' ; rk:passes rkc:role-huisarts .",
        "minstens twee bekende plekken",
    ),
    Broken(
        "Membership",
        "b:z a org:Membership ; org:role rkc:role-soj ; org:organization b:e .",
        "Een rol hoort bij één partner",
    ),
    Broken(
        "Membership",
        "b:z a org:Membership ; org:member b:partners\\/P01 ; org:role rkc:level-1 ; org:organization b:e .",
        "een rol uit de lijst van rollen",
    ),
    Broken(
        "Duration",
        "b:d a time:Duration ; time:numericDuration 4.0 ; time:unitType time:unitDay .",
        "Een duur staat in weken",
    ),
    Broken("Duration", "b:d a time:Duration ; time:unitType time:unitWeek .", "Een duur heeft één getal"),
    Broken("Shortcut", "b:partners\\/P01 rk:refersTo rkc:outcome-hulp .", "Een route eindigt bij een bekende"),
)


@pytest.fixture(scope="module")
def good() -> Graph:
    """The good region beside the ontology."""
    # merged, because an extra ontology graph lends pyshacl its classes only, not its concepts
    return EXTRA + Graph().parse(data=GOOD, format="turtle")


@cache
def only(shape: str) -> Graph:
    """The shapes graph in which one node shape looks for its own things; the others are there for it to refer to."""
    alone, node = Graph(), URIRef(RKSH + shape)
    targets = {SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf}
    for triple in SHAPES:
        if triple[0] == node or triple[1] not in targets:
            alone.add(triple)
    return alone


def results(data: Graph, shapes: Graph = SHAPES) -> Graph:
    """The validation report of a graph, warnings included."""
    _, report, _ = validate(data, shacl_graph=shapes, inference="none")
    assert isinstance(report, Graph)
    return report


@contextmanager
def added(data: Graph, turtle: str) -> Iterator[None]:
    """While it lasts, some triples stand in a graph that were not there."""
    new = [t for t in Graph().parse(data=f"{PREFIXES}\n{turtle}", format="turtle") if t not in data]
    for triple in new:
        data.add(triple)
    try:
        yield
    finally:
        for triple in new:
            data.remove(triple)


def dutch(graph: Graph, subject: Node, predicate: URIRef) -> list[str]:
    found = graph.objects(subject, predicate)
    return [str(node) for node in found if isinstance(node, Literal) and node.language == "nl"]


def messages(report: Graph, shape: str) -> set[str]:
    """The Dutch sentences that a node shape, or one of its columns, has to say."""
    node = URIRef(RKSH + shape)
    members = {node, *SHAPES.objects(node, SH.property)}
    return {
        text
        for result in report.objects(None, SH.result)
        if report.value(result, SH.sourceShape) in members
        for text in dutch(report, result, SH.resultMessage)
    }


def test_the_shapes_are_valid_shacl() -> None:
    conforms, _, text = validate(EXTRA, shacl_graph=SHAPES, inference="none", meta_shacl=True)
    assert conforms, text


def test_good_region_passes_without_remarks(good: Graph) -> None:
    report = results(good)
    assert [text for result in report.objects(None, SH.result) for text in dutch(report, result, SH.resultMessage)] == []


def test_good_region_has_everything() -> None:
    """Every class and every column, so that its silence means something."""
    data = Graph().parse(data=GOOD, format="turtle")
    for shape in SHAPES.subjects(RDF.type, SH.NodeShape):
        target = SHAPES.value(shape, SH.targetClass)
        if target is not None:
            assert (None, RDF.type, target) in data, shape
    withheld = set(data.objects(None, URIRef("https://w3id.org/routekaart/ns#withholds")))
    paths = set(SHAPES.objects(None, SH.path))
    unused = {path for path in paths if isinstance(path, URIRef) and (None, path, None) not in data} - withheld
    # medians stand in for the bounds that the good waits give
    assert {str(path).partition("#")[2] for path in unused} <= {"weeksP90", "inScheme"}


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case.shape}: {case.message[:40]}")
def test_broken_region_is_refused_in_dutch(case: Broken, good: Graph) -> None:
    with added(good, case.turtle):
        found = messages(results(good, only(case.shape)), case.shape)
    assert any(case.message in text for text in found), found


def test_every_node_shape_has_a_broken_case() -> None:
    assert sorted({case.shape for case in BROKEN}) == NODE_SHAPES


def test_every_rule_speaks_both_languages() -> None:
    spoken = set(SHAPES.subjects(RDF.type, SH.PropertyShape))
    for predicate in (SH["or"], SH.node):
        spoken |= {s for s in SHAPES.subjects(predicate, None) if (s, RDF.type, SH.NodeShape) in SHAPES}
    assert len(spoken) > 100
    for rule in spoken:
        texts = [node for node in SHAPES.objects(rule, SH.message) if isinstance(node, Literal)]
        assert sorted(str(text.language) for text in texts) == ["en", "nl"], rule
        assert all(text[0].isupper() for text in texts), rule
        assert all(text.endswith(".") for text in texts), rule
    for shape in NODE_SHAPES:
        assert len(list(SHAPES.objects(URIRef(RKSH + shape), RDFS.label))) == 2, shape


def test_no_rule_is_idle() -> None:
    assert set(SHAPES.subjects(RDF.type, SH.PropertyShape)) <= set(SHAPES.objects(None, SH.property))


def shape_of(class_term: str) -> URIRef:
    """The shape that holds the columns of a table: the one named after no rule, with the most columns."""
    namespaces = {str(name): str(iri) for name, iri in SHAPES.namespaces()}
    prefix, _, local = class_term.rpartition(":")
    target = URIRef(namespaces[prefix or "rk"] + local)
    shapes = [s for s in SHAPES.subjects(SH.targetClass, target) if isinstance(s, URIRef)]
    return max(shapes, key=lambda s: len(list(SHAPES.objects(s, SH.property))))


COLUMNS = [(table.term, table.name, column) for table in TABLES.values() for column in table.stored]


@pytest.mark.parametrize(("class_term", "table", "column"), COLUMNS, ids=[f"{t}.{c.name}" for _, t, c in COLUMNS])
def test_every_column_has_a_rule(class_term: str, table: str, column: Column) -> None:
    namespaces = {str(name): str(iri) for name, iri in SHAPES.namespaces()}
    prefix, _, local = column.term.rpartition(":")
    path = URIRef(namespaces[prefix or "rk"] + local)
    rules = [r for r in SHAPES.objects(shape_of(class_term), SH.property) if SHAPES.value(r, SH.path) == path]
    assert rules, f"no rule for {table}.{column.name}"
    single = not column.is_list or column.kind is Kind.CHAIN
    limits = {int(str(o)) for r in rules for o in SHAPES.objects(r, SH.maxCount)}
    if column.term == "prov:wasDerivedFrom":
        return  # file, sheet and row make one link together
    if table in {"roles", "themes"}:
        return  # a renamed role or theme of ours has its row beside ours
    assert limits == ({1} if single else set()), f"{table}.{column.name}"
    if column.required:
        assert any(int(str(o)) == 1 for r in rules for o in SHAPES.objects(r, SH.minCount)), f"{table}.{column.name}"
