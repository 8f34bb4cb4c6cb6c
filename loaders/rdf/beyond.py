"""What no rule about one thing can see: ids that occur twice, misspelt terms, and what nobody reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from ...graph.schema import TABLES
from ...ontology.catalogue import LANGUAGES, text
from ...ontology.municipalities import former_municipalities, municipalities
from ...ontology.terms import PREFIXES
from ..codes import Severity
from ..nearest import nearest
from .facts import TYPE, Facts, Literal, Values, terms
from .findings import RdfFinding, as_written, by_language, columns, labels, safe, shown, table_of
from .shapes import targets

_IDENTIFIER: Final = PREFIXES["dct"] + "identifier"
_OURS: Final = PREFIXES["rk"]
_TOOI: Final = PREFIXES["tooi"]
#: Classes of words rather than of things: ontologies, lists and their concepts.
_ABOUT_WORDS: Final = tuple(PREFIXES[name] for name in ("rdf", "rdfs", "owl", "skos"))
#: What others call something that we have another property for.
_RATHER: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                PREFIXES["dct"] + "title",
                PREFIXES["rdfs"] + "label",
                PREFIXES["schema"] + "name",
                "http://schema.org/name",
                "http://xmlns.com/foaf/0.1/name",
            ),
            "skos:prefLabel",
        ),
        PREFIXES["cv"] + "hasCompetentAuthority": "rk:offeredBy",
        PREFIXES["dct"] + "spatial": "rk:serves",
        PREFIXES["cv"] + "spatial": "rk:serves",
        PREFIXES["schema"] + "description": "dct:description",
        "http://xmlns.com/foaf/0.1/homepage": "schema:url",
        PREFIXES["org"] + "hasMembership": "rk:role",
    }
)
#: A misspelt term of ours is told as such, and what words are called is nobody's loss.
_NOT_TOLD: Final = (_OURS, *_ABOUT_WORDS)
#: Every code with its severity, as shapes.ttl has it for its rules.
SEVERITIES: Final[Mapping[str, Severity]] = MappingProxyType(
    {
        "nothing-known": "waarschuwing",
        "unknown-term": "waarschuwing",
        "id-twice": "fout",
        "municipality-unknown": "waarschuwing",
        "class-unread": "opmerking",
        "property-unread": "opmerking",
    }
)


class Beyond:
    """What was seen while looking once at every thing of the files."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        #: Things of each table that were looked at (and None: of other kinds that have rules).
        self.checked: Counter[str | None] = Counter()
        self._files: Counter[str] = Counter()
        self._ids: dict[tuple[str, str], list[str]] = {}
        self._codes: Counter[tuple[str, str]] = Counter()
        self._terms: Counter[tuple[str, str]] = Counter()
        self._classes: Counter[tuple[str, str]] = Counter()
        self._properties: Counter[tuple[str, str, str]] = Counter()
        self._known = frozenset(terms())
        self._ruled = frozenset(t.of_class for t in targets() if t.of_class)
        self._pathed = frozenset(t.with_property for t in targets() if t.with_property)
        rules = [(t.of_class, r.path) for t in targets() for r in t.rules]
        self._read = {kind: frozenset(p for k, p in rules if k == kind) for kind in self._ruled}
        self._everywhere = self._pathed | frozenset(p for k, p in rules if k is None) | {TYPE}
        for thing, of in facts.things():
            self._look(thing, of)

    def _look(self, thing: str, of: Values) -> None:
        file = self._facts.homes[thing]
        kinds = self._facts.kinds(thing)
        ruled = kinds & self._ruled
        for word in (*of, *(k for k in of.get(TYPE) if isinstance(k, str))):
            if word.startswith(_OURS) and word not in self._known:
                self._terms[file, word] += 1
        if ruled:
            table = table_of(self._facts, thing)
            self.checked[table] += 1
            self._files[file] += 1
            self._row(file, thing, of, table, ruled)
        else:
            self._files[file] += any(p in self._pathed for p in of)
            for kind in of.get(TYPE):
                if isinstance(kind, str) and not kind.startswith(_ABOUT_WORDS):
                    self._classes[file, kind] += 1
        for property_ in of:
            for value in of.get(property_):
                if isinstance(value, str) and value.startswith(_TOOI):
                    self._codes[file, value] += 1

    def _row(self, file: str, thing: str, of: Values, table: str | None, ruled: frozenset[str]) -> None:
        read = self._everywhere.union(*(self._read[kind] for kind in ruled))
        for property_ in of:
            if table and property_ not in read and (property_ in _RATHER or not property_.startswith(_NOT_TOLD)):
                self._properties[file, table, property_] += 1
        for value in of.get(_IDENTIFIER) if table else ():
            if isinstance(value, Literal):
                self._ids.setdefault((str(table), value.text), []).append(thing)

    # --- told --------------------------------------------------------------------------------------
    def findings(self, files: tuple[str, ...]) -> Iterator[RdfFinding]:
        """Everything worth saying about the files."""
        for file in files:
            if not self._files[file] and file not in self._facts.sharing:
                yield _finding("nothing-known", file)
        ours = [t[len(_OURS) :] for t in terms() if t.startswith(_OURS)]
        for (file, word), number in self._terms.items():
            near = nearest(word[len(_OURS) :], ours)
            yield _finding("unknown-term", file, word, number, hint=("meant", f"rk:{near[0]}") if near else None)
        yield from self._doubles()
        codes = municipalities().keys() | former_municipalities().keys()
        for (file, code), number in self._codes.items():
            if code[len(_TOOI) :].upper() not in codes:
                yield _finding("municipality-unknown", file, code, number)
        for (file, kind), number in self._classes.items():
            yield _finding("class-unread", file, kind, number)
        for (file, table, property_), number in self._properties.items():
            hint = _RATHER.get(property_)
            yield _finding("property-unread", file, property_, number, table, ("rather", hint) if hint else None)

    def _doubles(self) -> Iterator[RdfFinding]:
        """Each thing of which another of its table has the id too."""
        for (table, value), things in self._ids.items():
            for thing in things if len(things) > 1 else ():
                made = _finding("id-twice", self._facts.homes[thing], shown(value), len(things), table)
                column = columns(table).get(_IDENTIFIER)
                yield replace(
                    made, node=safe(thing), labels=labels(self._facts, thing), property=_IDENTIFIER, column=column, number=1
                )


def _finding(
    code: str,
    file: str,
    value: str = "",
    number: int = 1,
    table: str | None = None,
    hint: tuple[str, str] | None = None,
) -> RdfFinding:
    """A finding about a file: ``value`` is what it is about (an IRI, or an id), ``number`` how often that occurs."""
    named = as_written(value) if code != "id-twice" else shown(value)
    kind = TABLES[table].nl if table else ""
    told = {}
    for lang in LANGUAGES:
        suggested = text(f"validate.hint.{hint[0]}", lang, name=hint[1]) if hint else ""
        told[lang] = text(f"validate.beyond.{code}.detail", lang, value=named, number=number, kind=kind, suggested=suggested)
    return RdfFinding(
        code,
        SEVERITIES[code],
        file,
        by_language(f"beyond.{code}.message"),
        MappingProxyType(told),
        table,
        property=safe(value) if code == "property-unread" else None,
        value=named or None,
        number=number,
    )
