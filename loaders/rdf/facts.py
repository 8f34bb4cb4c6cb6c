"""Triples in memory, by thing and property: what rules are held against."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, count, islice
from typing import Any, Final, NamedTuple

from ...ontology.terms import PREFIXES, ttl

TYPE: Final = PREFIXES["rdf"] + "type"
_SUBCLASS: Final = PREFIXES["rdfs"] + "subClassOf"
_IN_SCHEME: Final = PREFIXES["skos"] + "inScheme"
_LANGUAGE: Final = PREFIXES["rdf"] + "langString"
_OPEN: Final = PREFIXES["rkc"] + "method"
#: What things are called by, the first that there is.
_LABELS: Final = (
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["rdfs"] + "label",
    PREFIXES["dct"] + "title",
    PREFIXES["schema"] + "name",
    "http://xmlns.com/foaf/0.1/name",
)
_BY_LENGTH: Final = sorted(PREFIXES.items(), key=lambda pair: -len(pair[1]))


class Literal(NamedTuple):
    """A value that is no thing: its text, the IRI of its datatype and its language (empty without)."""

    text: str
    datatype: str
    language: str = ""


#: An IRI, a blank node (``_:b1``) or a quoted triple (``<<…``) as text, or a literal.
Term = str | Literal
Triple = tuple[str, str, Term]


class Values:
    """What is said of one thing: the values of each property, doubles once, in the order of the file."""

    __slots__ = ("_of",)

    def __init__(self) -> None:
        self._of: dict[str, Term | dict[Term, None]] = {}

    def add(self, property_: str, value: Term) -> None:
        before = self._of.get(property_)
        if before is None:
            self._of[property_] = value  # nearly always the only one
        elif isinstance(before, dict):
            before[value] = None
        elif before != value:
            self._of[property_] = {before: None, value: None}

    def get(self, property_: str) -> tuple[Term, ...]:
        """The values of ``property_`` (none where nothing is said)."""
        found = self._of.get(property_)
        return () if found is None else tuple(found) if isinstance(found, dict) else (found,)

    def first(self, property_: str, most: int) -> tuple[Term, ...]:
        """The first ``most`` values of ``property_``: a hostile thing has a hundred thousand."""
        found = self._of.get(property_)
        return tuple(islice(found, most)) if isinstance(found, dict) else self.get(property_)

    def number(self, property_: str) -> int:
        """How many values ``property_`` has."""
        found = self._of.get(property_)
        return len(found) if isinstance(found, dict) else int(found is not None)

    def __iter__(self) -> Iterator[str]:
        """The properties."""
        return iter(self._of)


_NOTHING: Final = Values()


class Facts:
    """The graph of one or more files beside the ontology.

    ``homes`` names the first file that speaks of a thing, ``sharing`` the files that speak of a thing of another.

    The ontology's lists are closed but for the ways of working, to which a build adds a region's own: that a file
    calls something of its own a concept of another list, or one of our classes a kind of another, is not taken over
    (own roles and themes are typed rk:Role and rk:Theme).
    """

    def __init__(self) -> None:
        self.homes: dict[str, str] = {}
        self.sharing: set[str] = set()
        self._of: dict[str, Values] = {}
        self._broader: dict[Term, frozenset[str]] = {}
        for subject, property_, value in ontology():
            self._of.setdefault(subject, Values()).add(property_, value)
        self._ours = frozenset(self._of)

    def add(self, file: str, triples: Iterable[Triple]) -> int:
        """Take in the triples of ``file``; how many there were."""
        number = 0
        things, homes, ours = self._of, self.homes, self._ours
        for subject, property_, value in triples:
            number += 1
            if (property_ == _IN_SCHEME and value in ours and value != _OPEN) or (property_ == _SUBCLASS and subject in ours):
                continue
            of = things.get(subject)
            if of is None:
                of = things[subject] = Values()
            of.add(property_, value)
            if homes.setdefault(subject, file) != file:
                self.sharing.add(file)
        return number

    def of(self, thing: Term) -> Values:
        """What is said of ``thing`` (nothing, where it is a literal or unknown)."""
        return self._of.get(thing, _NOTHING) if isinstance(thing, str) else _NOTHING

    def things(self) -> Iterator[tuple[str, Values]]:
        """Every thing that the files speak of, with what is said of it."""
        return ((thing, self._of[thing]) for thing in self.homes)

    def kinds(self, thing: Term) -> frozenset[str]:
        """The classes of ``thing``, with all that are broader."""
        given = self.of(thing).get(TYPE)
        if len(given) == 1:
            return self.broader(given[0])
        return frozenset().union(*(self.broader(kind) for kind in given))

    def broader(self, kind: Term) -> frozenset[str]:
        """``kind`` and every class that it is a subclass of (circles end)."""
        found = self._broader.get(kind)
        if found is None:
            seen = {kind}
            waiting = deque(seen)
            while waiting:
                new = set(self.of(waiting.popleft()).get(_SUBCLASS)) - seen
                seen |= new
                waiting.extend(new)
            found = self._broader[kind] = frozenset(k for k in seen if isinstance(k, str))
        return found

    def label(self, thing: str, lang: str) -> str | None:
        """What ``thing`` is called, preferably in ``lang``."""
        of = self.of(thing)
        for property_ in _LABELS:
            names = [v for v in of.get(property_) if isinstance(v, Literal)]
            if names:
                return min(names, key=lambda v: (v.language[:2] != lang, v.language != "", v.text)).text
        return None


@cache
def ontology() -> tuple[Triple, ...]:
    """The triples of routekaart.ttl and concepts.ttl."""
    import pyoxigraph as ox

    parsed = (ox.parse(ttl(name), format=ox.RdfFormat.TURTLE) for name in ("routekaart.ttl", "concepts.ttl"))
    return tuple(plain(chain.from_iterable(parsed), (f"o{n}" for n in count(1))))


@cache
def terms() -> tuple[str, ...]:
    """Every IRI that the ontology speaks of, in its order."""
    return tuple(dict.fromkeys(s for s, _, _ in ontology() if not s.startswith("_:")))


def plain(quads: Iterable[Any], names: Iterator[str]) -> Iterator[Triple]:
    """Oxigraph's quads as triples of plain texts, whatever their graph.

    Blank nodes take their ``names`` in the order in which they appear: the parser gives nameless ones random names.
    """
    import pyoxigraph as ox

    iri, literal, nameless = ox.NamedNode, ox.Literal, ox.BlankNode
    blank: dict[str, str] = {}

    def thing(node: Any) -> str:
        kind = type(node)
        if kind is iri:
            return str(node.value)
        if kind is nameless:
            if node.value not in blank:
                blank[node.value] = f"_:{next(names)}"
            return blank[node.value]
        return f"<<{node}>>"

    for quad in quads:
        node = quad.object
        if type(node) is literal:
            language = node.language or ""
            value: Term = Literal(node.value, _LANGUAGE if language else node.datatype.value, language)
        else:
            value = thing(node)
        yield thing(quad.subject), quad.predicate.value, value


def short(iri: str) -> str:
    """An IRI with our prefix for its beginning, where we have one: rk:from."""
    for prefix, start in _BY_LENGTH:
        if iri.startswith(start) and iri != start and "/" not in iri[len(start) :]:
            return f"{prefix}:{iri[len(start) :]}"
    return iri
