"""shapes.ttl as frozen rules: the part of SHACL that our own rules use, and not a word of SHACL more.

A word that is not known here is an error, so that no rule of shapes.ttl can be passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import count
from types import MappingProxyType
from typing import Any, Final

from ...ontology.terms import PREFIXES, ttl
from ..codes import Severity
from .facts import TYPE, Literal, Term, plain

SH: Final = "http://www.w3.org/ns/shacl#"
NAMESPACE: Final = "https://w3id.org/routekaart/shapes#"
_RDF, _LABEL = PREFIXES["rdf"], PREFIXES["rdfs"] + "label"
_SEVERITIES: Final[Mapping[str, Severity]] = {"Violation": "fout", "Warning": "waarschuwing", "Info": "opmerking"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a rule asks: the SHACL word (``minCount``), and with what."""

    word: str
    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A rule: about the thing itself, or (``path``) about the values of one of its properties.

    ``said`` has its sentence by language. Two rules are the same only where they are one.
    """

    name: str
    path: str | None
    severity: Severity
    said: Mapping[str, str]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """The rules about one kind of thing: those of a class, or all that have a property."""

    name: str
    labels: Mapping[str, str]
    shape: Shape
    rules: tuple[Shape, ...]
    of_class: str | None = None
    with_property: str | None = None


def _text(value: Term) -> str:
    return value.text if isinstance(value, Literal) else value


#: What a word is given, by word.
_READ: Final[Mapping[str, Callable[[Term], Any]]] = {
    **dict.fromkeys(("minCount", "maxCount"), lambda value: int(_text(value))),
    **dict.fromkeys(("datatype", "class", "nodeKind", "lessThan", "lessThanOrEquals", "disjoint"), _text),
    **dict.fromkeys(("minInclusive", "maxInclusive", "minExclusive"), lambda value: Decimal(_text(value))),
    "hasValue": lambda value: value,
    "pattern": lambda value: re.compile(_text(value)),
}
#: What is said of a rule beside what it asks.
_ABOUT: Final = frozenset(SH + name for name in ("path", "severity", "message", "targetClass", "targetSubjectsOf")) | {
    TYPE,
    _LABEL,
}


@cache
def targets() -> tuple[Target, ...]:
    """Every kind of thing that shapes.ttl has rules about, in its order."""
    return _Reader(ttl("shapes.ttl")).targets()


class _Reader:
    def __init__(self, turtle: bytes) -> None:
        import pyoxigraph as ox

        self._of: dict[str, dict[str, list[Term]]] = {}
        for subject, property_, value in plain(ox.parse(turtle, format=ox.RdfFormat.TURTLE), (f"s{n}" for n in count(1))):
            self._of.setdefault(subject, {}).setdefault(property_, []).append(value)
        self._made: dict[str, Shape] = {}

    def targets(self) -> tuple[Target, ...]:
        found = []
        for node, says in self._of.items():
            classes, subjects = says.get(SH + "targetClass", []), says.get(SH + "targetSubjectsOf", [])
            if not classes and not subjects:
                continue
            shape = self._shape(node)
            rules = tuple(rule for check in shape.checks if check.word == "property" for rule in check.value)
            own = replace(shape, checks=tuple(check for check in shape.checks if check.word != "property"))
            made = Target(shape.name, self._by_language(says.get(_LABEL, [])), own, rules)
            found += [replace(made, of_class=str(c)) for c in classes]
            found += [replace(made, with_property=str(p)) for p in subjects]
        return tuple(found)

    def _shape(self, node: str) -> Shape:
        if node not in self._made:
            says = self._of[node]
            path = says.get(SH + "path")
            severity = str(says.get(SH + "severity", [SH + "Violation"])[0])
            self._made[node] = Shape(
                node.removeprefix(NAMESPACE),
                str(path[0]) if path else None,
                _SEVERITIES[severity.removeprefix(SH)],
                self._by_language(says.get(SH + "message", [])),
                tuple(self._check(word, values) for word, values in says.items() if word not in _ABOUT),
            )
        return self._made[node]

    def _check(self, word: str, values: list[Term]) -> Check:
        name = word.removeprefix(SH)
        if name in ("property", "node"):
            return Check(name, tuple(self._shape(str(v)) for v in values))
        if len(values) == 1:
            (value,) = values
            if name == "sparql":
                return Check(name, _text(self._of[str(value)][SH + "select"][0]))
            if name == "or":
                return Check(name, tuple(self._shape(str(v)) for v in self._list(value)))
            if name == "in":
                return Check(name, tuple(self._list(value)))
            if name in _READ:
                return Check(name, _READ[name](value))
        raise ValueError(f"shapes.ttl: a rule says {word}, which is not read here or stands there more than once")

    def _list(self, node: Term) -> list[Term]:
        found: list[Term] = []
        while node != _RDF + "nil":
            says = self._of[str(node)]
            found.append(says[_RDF + "first"][0])
            node = says[_RDF + "rest"][0]
        return found

    @staticmethod
    def _by_language(values: list[Term]) -> Mapping[str, str]:
        return MappingProxyType({v.language: v.text for v in values if isinstance(v, Literal)})
