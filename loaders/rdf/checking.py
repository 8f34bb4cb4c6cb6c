"""Facts held against the rules of shapes.ttl, as SHACL says (W3C recommendation of 20 July 2017, §2–5).

Each rule is looked at once for each thing that it is about, so the time grows with the file; what depends on a value
alone (is this a role of the list?) is found out once for each value. The tests hold the outcome against pySHACL's,
which takes half a minute for a region.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from ...ontology.terms import PREFIXES
from .facts import Facts, Literal, Term, Values
from .shapes import SH, Check, Shape, Target, targets

_XSD: Final = PREFIXES["xsd"]
_DAY: Final = r"(?:0[1-9]|[12][0-9]|3[01])"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_ZONE: Final = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
#: How a value of a datatype is written; a datatype that is not here takes any text.
_WRITTEN: Final[Mapping[str, re.Pattern[str]]] = {
    _XSD + name: re.compile(pattern)
    for name, pattern in {
        "integer": r"[+-]?[0-9]+",
        "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
        "boolean": r"true|false|1|0",
        "gYear": rf"-?[0-9]{{4,}}{_ZONE}",
        "gYearMonth": rf"-?[0-9]{{4,}}-{_MONTH}{_ZONE}",
        "date": rf"-?[0-9]*([0-9]{{4}})-({_MONTH})-({_DAY}){_ZONE}",
    }.items()
}
_NUMBERS: Final = frozenset(_XSD + name for name in ("integer", "decimal"))
#: Of so many values two are compared: a rule that compares stands beside one that allows a single value.
_COMPARED: Final = 10
_SELECTED: Final = re.compile(r"<([^<>\s]+)>")


@dataclass(frozen=True, slots=True)
class Result:
    """One fault: the thing, the rule that it breaks, the word of the rule, and the value where there is one."""

    target: Target
    rule: Shape
    check: Check
    thing: str
    value: Term | None = None


class Checker:
    """The rules over some facts; what was found out about a value is kept."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[tuple[Shape, Term], bool] = {}
        self._selected: dict[str, frozenset[str]] = {}

    def results(self) -> Iterator[Result]:
        """Every fault of every thing that the files speak of."""
        by_class: dict[str, list[Target]] = {}
        by_property: dict[str, list[Target]] = {}
        for target in targets():
            if target.of_class:
                by_class.setdefault(target.of_class, []).append(target)
            if target.with_property:
                by_property.setdefault(target.with_property, []).append(target)
        for thing, of in self._facts.things():
            found = [t for kind in sorted(self._facts.kinds(thing) & by_class.keys()) for t in by_class[kind]]
            found += [t for property_ in of for t in by_property.get(property_, ())]
            for target in found:
                yield from self._results(target, thing, of)

    def _results(self, target: Target, thing: str, of: Values) -> Iterator[Result]:
        for shape in (target.shape, *target.rules):
            for check, value in self._faults(shape, thing, of):
                yield Result(target, shape, check, thing, value)

    def _faults(self, shape: Shape, thing: Term, of: Values) -> Iterator[tuple[Check, Term | None]]:
        """What ``thing`` does that ``shape`` does not allow."""
        values = of.get(shape.path) if shape.path else (thing,)
        for check in shape.checks:
            word, asked = check.word, check.value
            if word == "minCount":
                wrong: Any = len(values) < asked and (None,)
            elif word == "maxCount":
                wrong = len(values) > asked and (None,)
            elif word == "hasValue":
                wrong = asked not in values and (None,)
            elif word in ("lessThan", "lessThanOrEquals"):
                wrong = _not_below(values, of.get(asked), strictly=word == "lessThan")
            elif word == "disjoint":
                other = frozenset(of.get(asked))
                wrong = [v for v in values if v in other]
            else:
                wrong = [v for v in values if not self._allowed(word, asked, v)]
            for value in wrong or ():
                yield check, value

    def _allowed(self, word: str, asked: Any, value: Term) -> bool:
        """Whether one value is what a word of a rule asks."""
        if word == "class":
            return asked in self._facts.kinds(value)
        if word == "or":
            return any(self.holds(shape, value) for shape in asked)
        if word in ("node", "property"):
            return all(self.holds(shape, value) for shape in asked)
        if word == "in":
            return value in asked
        if word == "sparql":
            return value not in self._chosen(asked)
        return _SIMPLE[word](value, asked)

    def holds(self, shape: Shape, value: Term) -> bool:
        """Whether ``value`` does all that ``shape`` asks."""
        found = self._known.get((shape, value))
        if found is None:
            found = next(self._faults(shape, value, self._facts.of(value)), None) is None
            self._known[shape, value] = found
        return found

    def _chosen(self, query: str) -> frozenset[str]:
        """The things that a query of shapes.ttl selects, over the properties that it names only."""
        if query not in self._selected:
            import pyoxigraph as ox

            store = ox.Store()
            named = _SELECTED.findall(query)
            for thing, of in self._facts.things():
                for property_ in named:
                    for value in of.first(property_, _COMPARED):
                        store.add(ox.Quad(_node(thing), ox.NamedNode(property_), _node(value)))
            found = store.query(query)
            chosen = (solution["this"] for solution in found) if isinstance(found, ox.QuerySolutions) else ()
            self._selected[query] = frozenset(f"_:{n.value}" if isinstance(n, ox.BlankNode) else n.value for n in chosen)
        return self._selected[query]


def _node(term: Term) -> Any:
    """A term for a query; a quoted triple is a text to it."""
    import pyoxigraph as ox

    if isinstance(term, Literal):
        return ox.Literal(term.text) if term.language else ox.Literal(term.text, datatype=ox.NamedNode(term.datatype))
    if term.startswith("<<"):
        return ox.Literal(term)
    return ox.BlankNode(term[2:]) if term.startswith("_:") else ox.NamedNode(term)


def _not_below(values: tuple[Term, ...], others: tuple[Term, ...], *, strictly: bool) -> list[Term]:
    """The values that are not below (or equal to) all others; what cannot be compared is not below."""
    above = [_order(v) for v in others[:_COMPARED]]
    found = []
    for value in values[:_COMPARED]:
        mine = _order(value)
        for other in above:
            if mine is None or other is None or mine[0] != other[0] or mine[1] > other[1] or (strictly and mine[1] == other[1]):
                found.append(value)
                break
    return found


def _order(value: Term) -> tuple[str, Any] | None:
    """What to compare a value by: with others of its own kind only."""
    if not isinstance(value, Literal) or value.language:
        return None
    if value.datatype in _NUMBERS:
        return ("number", Decimal(value.text)) if well_formed(value) else None
    return (value.datatype, value.text)


def well_formed(value: Literal) -> bool:
    """Whether a literal is written as its datatype asks."""
    written = _WRITTEN.get(value.datatype)
    if written is None:
        return True
    found = written.fullmatch(value.text)
    if found is None or value.datatype != _XSD + "date":
        return found is not None
    year, month, day = (int(part) for part in found.groups())
    return day <= monthrange(400 + year % 400, month)[1]  # the calendar repeats itself every 400 years


def _typed(value: Term, datatype: str) -> bool:
    return isinstance(value, Literal) and value.datatype == datatype and well_formed(value)


def _written_as(value: Term, pattern: re.Pattern[str]) -> bool:
    if isinstance(value, Literal):
        return pattern.search(value.text) is not None
    return _of_kind(value, SH + "IRI") and pattern.search(value) is not None


def _of_kind(value: Term, kind: str) -> bool:
    if isinstance(value, Literal):
        return kind == SH + "Literal"
    return kind == SH + "IRI" and not value.startswith(("_:", "<<"))


def _beyond(compare: Callable[[Decimal, Decimal], bool]) -> Callable[[Term, Any], bool]:
    def compared(value: Term, limit: Decimal) -> bool:
        known = _order(value)
        return known is not None and known[0] == "number" and compare(known[1], limit)

    return compared


#: Words that look at one value by itself.
_SIMPLE: Final[Mapping[str, Callable[[Term, Any], bool]]] = {
    "datatype": _typed,
    "pattern": _written_as,
    "nodeKind": _of_kind,
    "minInclusive": _beyond(lambda value, limit: value >= limit),
    "maxInclusive": _beyond(lambda value, limit: value <= limit),
    "minExclusive": _beyond(lambda value, limit: value > limit),
}
