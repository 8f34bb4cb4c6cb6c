"""What is wrong in an RDF file, told as the tables are: which thing, which column, what it says and what it should."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from ...graph.schema import TABLES, Column, Kind
from ...ontology.catalogue import LANGUAGES, text
from ...ontology.terms import PREFIXES, iri
from ..codes import Severity
from ..files.telling import discreet
from .checking import Result
from .facts import Facts, Literal, Term, short
from .shapes import Check, Shape

_IN_SCHEME: Final = PREFIXES["skos"] + "inScheme"
_STRING: Final = PREFIXES["xsd"] + "string"
#: Of a longer text or IRI only the beginning is shown.
_LONGEST: Final = 500
#: So many values of another property are shown.
_SHOWN: Final = 3
#: Words that a value is wrong by, told by the value beside another property.
_BESIDE: Final = frozenset(("lessThan", "lessThanOrEquals", "disjoint"))
_DIGITS: Final = re.compile(r"[0-9]+")
_UNITS: Final = {Kind.AGE: "months", Kind.DAYS: "days"}
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class RdfFinding:
    """One finding.

    ``code`` is the name of the rule in shapes.ttl, or of what only the whole file shows; ``said`` and ``told`` are its
    sentence and what it is about, by language. ``node`` and ``property`` are IRIs (or ``_:b1``), ``table`` and
    ``column`` ours where they are ours; ``number`` is how often it occurs where that is not listed one by one.
    """

    code: str
    severity: Severity
    file: str
    said: Mapping[str, str] = field(hash=False)
    told: Mapping[str, str] = field(hash=False)
    table: str | None = None
    node: str | None = None
    labels: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    property: str | None = None
    column: Column | None = None
    value: str | None = None
    suppressed: bool = False
    number: int = 1

    def message(self, lang: str = "nl") -> str:
        """What is wrong and what to do, as a sentence."""
        return self.said[lang]

    def detail(self, lang: str = "nl") -> str:
        """What it says here, as a sentence."""
        return self.told[lang]

    def label(self, lang: str = "nl") -> str | None:
        """What the thing is called."""
        return self.labels.get(lang)

    def as_dict(self, lang: str = "nl") -> dict[str, Any]:
        """The finding as ``validate --format json`` gives it; table and column by their Dutch names."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "table": TABLES[self.table].nl if self.table else None,
            "node": self.node,
            "label": self.label(lang),
            "property": self.property,
            "column": self.column.nl if self.column else None,
            "value": self.value,
            **({"suppressed": True} if self.suppressed else {}),
            "number": self.number,
            "message": self.message(lang),
            "detail": self.detail(lang),
        }


def by_language(key: str, **values: object) -> Mapping[str, str]:
    """A sentence of the catalogue in every language."""
    return MappingProxyType({lang: text(f"validate.{key}", lang, **values) for lang in LANGUAGES})


@cache
def tables() -> Mapping[str, str]:
    """The name of each table by the IRI of its class."""
    return MappingProxyType({iri(table.term): name for name, table in TABLES.items()})


@cache
def columns(table: str) -> Mapping[str, Column]:
    """The first column of each property of a table, by the IRI of the property."""
    return MappingProxyType({iri(c.term): c for c in reversed(TABLES[table].stored)})


def table_of(facts: Facts, thing: str) -> str | None:
    """The table that ``thing`` is a row of (None where it is of none)."""
    known = tables()
    return next((known[kind] for kind in sorted(facts.kinds(thing)) if kind in known), None)


def labels(facts: Facts, thing: str) -> Mapping[str, str | None]:
    """What ``thing`` is called, by language."""
    names = {lang: facts.label(thing, lang) for lang in LANGUAGES}
    return MappingProxyType({lang: shown(name) if name else None for lang, name in names.items()})


def shown(value: str) -> str:
    """A text of the file on one line, cut, without addresses of persons and without signs that a screen obeys."""
    return discreet(_UNSEEN.sub(" ", value[:_LONGEST]))


def safe(iri_: str) -> str:
    """An IRI in which signs that a screen obeys are percent-encoded."""
    return _UNSEEN.sub(lambda sign: quote(sign[0]), iri_)


def as_written(value: Term) -> str:
    """A value as an RDF reader writes it: prefixed, or quoted with its language or datatype."""
    if not isinstance(value, Literal):
        return safe(short(value))[:_LONGEST]
    datatype = f"@{value.language}" if value.language else "" if value.datatype == _STRING else f"^^{short(value.datatype)}"
    return f'"{shown(value.text)}"{safe(datatype)[:_LONGEST]}'


def finding(facts: Facts, result: Result) -> RdfFinding:
    """A fault by the rules of shapes.ttl, told."""
    thing, rule = result.thing, result.rule
    table = tables().get(result.target.of_class or "") or table_of(facts, thing)
    column = columns(table).get(rule.path) if table and rule.path else None
    value = result.value if rule.path else None
    hidden = column is not None and column.kind is Kind.FAMILIES and _small(value)
    return RdfFinding(
        rule.name,
        rule.severity,
        facts.homes[thing],
        rule.said,
        _detail(facts, result, column, hidden=hidden),
        table,
        safe(thing),
        labels(facts, thing),
        rule.path,
        column,
        None if value is None or hidden else as_written(value),
        hidden,
    )


def _small(value: Term | None) -> bool:
    """Whether a value may be a number of families that is too small to show."""
    if not isinstance(value, Literal):
        return False
    from ...graph.landscape import DEFAULTS

    return any(0 < int(digits[:9]) < DEFAULTS["threshold"] for digits in _DIGITS.findall(value.text))


def _detail(facts: Facts, result: Result, column: Column | None, *, hidden: bool) -> Mapping[str, str]:
    rule, check, value = result.rule, result.check, result.value
    if rule.path is None:
        return by_language("detail.whole")
    of, property_ = facts.of(result.thing), short(rule.path)
    number = of.number(rule.path)
    if not number:
        return by_language("detail.missing", property=property_)
    if check.word in ("minCount", "maxCount"):
        return by_language("detail.several", property=property_, number=number)
    value = of.first(rule.path, 1)[0] if value is None else value
    if check.word in _BESIDE:
        other = f"{short(check.value)} {', '.join(as_written(v) for v in of.first(check.value, _SHOWN))}"
        return by_language("detail.against", value=as_written(value), other=other)
    found = {}
    for lang in LANGUAGES:
        wanted = expected(check, column, lang)
        key = "withheld" if hidden else "other" if wanted else "value"
        found[lang] = text(f"validate.detail.{key}", lang, value=as_written(value), expected=wanted)
    return MappingProxyType(found)


def expected(check: Check, column: Column | None, lang: str) -> str:
    """What a rule asks of a value, in RDF's own words (empty where only a pattern could tell)."""
    word, asked = check.word, check.value
    if word == "datatype":
        unit = _UNITS.get(column.kind) if column else None
        key = "text" if asked == _STRING else unit or "datatype"
        return text(f"validate.expected.{key}", lang, name=short(asked))
    if word == "class":
        return text("validate.expected.class", lang, name=short(asked))
    if word == "nodeKind" and asked.endswith("IRI"):
        return text("validate.expected.iri", lang)
    if word == "hasValue":
        return as_written(asked)
    if word == "in":
        return ", ".join(as_written(v) for v in asked)
    if word == "or":
        parts = [_of_shape(shape, column, lang) for shape in asked]
        return text("validate.expected.or", lang).join(dict.fromkeys(parts)) if all(parts) else ""
    return _of_shape(asked[0], column, lang) if word in ("node", "property") else ""


def _of_shape(shape: Shape, column: Column | None, lang: str) -> str:
    """What the first word of a rule within a rule asks."""
    check = shape.checks[0]
    if shape.path == _IN_SCHEME:
        return text("validate.expected.scheme", lang, name=short(check.value))
    return expected(check, column, lang)
