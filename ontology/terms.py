"""The ontology's terms as a closed namespace: a misspelt term is an error, not a new IRI.

The list of terms is not repeated here: it is read from routekaart.ttl.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

PREFIXES: Final = MappingProxyType(
    {
        "rk": "https://w3id.org/routekaart/ns#",
        "rkc": "https://w3id.org/routekaart/concept/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "dct": "http://purl.org/dc/terms/",
        "prov": "http://www.w3.org/ns/prov#",
        "org": "http://www.w3.org/ns/org#",
        "cv": "http://data.europa.eu/m8g/",
        "cpsv": "http://purl.org/vocab/cpsv#",
        "schema": "https://schema.org/",
        "time": "http://www.w3.org/2006/time#",
        "sosa": "http://www.w3.org/ns/sosa/",
        "qb": "http://purl.org/linked-data/cube#",
        "eli": "http://data.europa.eu/eli/ontology#",
        "dcat": "http://www.w3.org/ns/dcat#",
        "tooi": "https://identifier.overheid.nl/tooi/id/gemeente/",
    }
)
DATA: Final = "https://w3id.org/routekaart/data/"
"""Under this IRI each region mints its own things."""


def ttl(name: str) -> bytes:
    """The bytes of routekaart.ttl, concepts.ttl or shapes.ttl."""
    return (files(__package__) / name).read_bytes()


@cache
def _declared() -> Mapping[str, Mapping[str, str]]:
    """What routekaart.ttl says of every term: ``label nl``, ``definition en`` … by IRI."""
    import pyoxigraph as ox

    told = {PREFIXES["rdfs"] + "label": "label", PREFIXES["skos"] + "definition": "definition"}
    found: dict[str, dict[str, str]] = {}
    for quad in ox.parse(ttl("routekaart.ttl"), format=ox.RdfFormat.TURTLE):
        if isinstance(quad.subject, ox.NamedNode):
            says = found.setdefault(quad.subject.value, {})
            if quad.predicate.value in told and isinstance(quad.object, ox.Literal):
                says[f"{told[quad.predicate.value]} {quad.object.language}"] = quad.object.value
    return found


def iri(term: str) -> str:
    """The IRI of ``name`` (ours) or ``prefix:name`` (reused).

    Raises KeyError for a prefix that we do not use or a term that routekaart.ttl does not declare.
    """
    prefix, colon, local = term.rpartition(":")
    if colon and prefix != "rk":
        return PREFIXES[prefix] + local
    found = PREFIXES["rk"] + local
    if found not in _declared():
        raise KeyError(f"routekaart.ttl declares no term {local!r}")
    return found


def definition(term: str, lang: str = "nl") -> str:
    """What ``term`` means, as routekaart.ttl defines it (empty when it defines nothing)."""
    return _declared().get(iri(term), {}).get(f"definition {lang}", "")
