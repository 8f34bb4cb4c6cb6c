"""The concept schemes of concepts.ttl as frozen values: roles, levels, themes and all other kinds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

from .terms import PREFIXES, ttl

_RK, _SKOS, _RKC = PREFIXES["rk"], PREFIXES["skos"], PREFIXES["rkc"]


#: ASCII without letters and digits: deleted when names are compared.
_NO_PUNCTUATION = {code: None for code in range(128) if not chr(code).isalnum()}


def folded(text: str) -> str:
    """``text`` without case, accents and punctuation: the form in which names are compared.

    >>> folded("C.J.G.  Één-loket")
    'cjgeenloket'
    """
    plain = text.casefold()
    if plain.isascii():
        return plain.translate(_NO_PUNCTUATION)
    return "".join(ch for ch in unicodedata.normalize("NFKD", plain) if ch.isalnum())


def slugged(text: str) -> str:
    """``text`` as a slug: lower case, no accents, hyphens for everything that is no letter or digit.

    >>> slugged("Warme overdracht")
    'warme-overdracht'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(ch for ch in plain if not unicodedata.combining(ch))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept: its slug, labels and definitions by language, and its data.

    ``data`` holds what the scheme says of it beyond SKOS, by the local name of the property:
    lists of texts (slugs where the object is a concept).
    """

    scheme: str
    slug: str
    order: int
    labels: Mapping[str, str]
    definitions: Mapping[str, str] = field(default_factory=dict)
    alternatives: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    data: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def label(self, lang: str = "nl") -> str:
        """The preferred label, in Dutch where ``lang`` has none."""
        return self.labels.get(lang) or self.labels.get("nl") or self.slug

    def says(self, property_: str) -> bool:
        """Whether a yes/no property of the concept is true."""
        return self.data.get(property_) == ("true",)


@dataclass(frozen=True)
class Scheme:
    """A concept scheme: concepts by slug, in their order."""

    name: str
    concepts: Mapping[str, Concept]

    def __contains__(self, slug: object) -> bool:
        return slug in self.concepts

    def __getitem__(self, slug: str) -> Concept:
        return self.concepts[slug]

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(self.concepts)

    def label(self, slug: str, lang: str = "nl") -> str:
        """The label of ``slug``; the slug itself, hyphens as spaces, where it is no concept of ours."""
        concept = self.concepts.get(slug)
        return concept.label(lang) if concept else slug.replace("-", " ")

    def find(self, text: str) -> str | None:
        """The slug that ``text`` names by slug, label or alternative label; None when there is none."""
        return self.names.get(folded(text))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Every name that :meth:`find` knows, folded, with its slug."""
        found: dict[str, str] = {}
        # a slug or preferred label always wins over somebody's alternative label
        for concept in self.concepts.values():
            for name in concept.alternatives:
                found.setdefault(folded(name), concept.slug)
        for concept in self.concepts.values():
            for name in (*concept.labels.values(), concept.slug):
                found[folded(name)] = concept.slug
        return found

    def with_broader(self, slug: str) -> tuple[str, ...]:
        """``slug`` and everything broader, nearest first."""
        if slug not in self._broader:
            seen = [slug]
            for item in seen:
                concept = self.concepts.get(item)
                seen.extend(b for b in (concept.broader if concept else ()) if b not in seen)
            self._broader[slug] = tuple(seen)
        return self._broader[slug]

    @cached_property
    def _broader(self) -> dict[str, tuple[str, ...]]:
        """What :meth:`with_broader` answered before: it is asked for every condition on a theme."""
        return {}

    def extended(self, own: Iterable[Concept]) -> Scheme:
        """The scheme with a region's own concepts after ours (or in place of ours)."""
        merged = dict(self.concepts)
        for concept in own:
            merged[concept.slug] = concept
        return Scheme(self.name, MappingProxyType(merged))


@cache
def schemes() -> Mapping[str, Scheme]:
    """Every scheme of concepts.ttl by name."""
    return MappingProxyType({name: scheme(name) for name in sorted(_statements())})


@cache
def scheme(name: str) -> Scheme:
    """One scheme (KeyError when there is none of that name); most calls need few of them, and making all takes longer."""
    # what goes before the slug of one of our concepts; longest first: "map-column-apart" is no concept of a scheme "map"
    names = sorted(_statements(), key=lambda name: (-len(name), name))
    of_ours = re.compile(f"{re.escape(_RKC)}(?:(?:{'|'.join(map(re.escape, names))})-)?")
    made = [_concept(name, subject, pairs, of_ours) for subject, pairs in _statements()[name].items()]
    return Scheme(name, MappingProxyType({c.slug: c for c in sorted(made, key=lambda c: (c.order, c.slug))}))


@cache
def _statements() -> Mapping[str, Mapping[str, list[tuple[str, Any]]]]:
    """What concepts.ttl says (predicate, object) of each concept, by scheme."""
    import pyoxigraph as ox

    triples: dict[str, list[tuple[str, Any]]] = {}
    for quad in ox.parse(ttl("concepts.ttl"), format=ox.RdfFormat.TURTLE):
        if isinstance(quad.subject, ox.NamedNode):
            triples.setdefault(quad.subject.value, []).append((quad.predicate.value, quad.object))
    found: dict[str, dict[str, list[tuple[str, Any]]]] = {}
    for subject, pairs in triples.items():
        for predicate, home in pairs:
            if predicate == _SKOS + "inScheme" and isinstance(home, ox.NamedNode):
                found.setdefault(home.value[len(_RKC) :], {})[subject] = pairs
    return found


def _concept(scheme_name: str, subject: str, pairs: list[tuple[str, Any]], of_ours: re.Pattern[str]) -> Concept:
    import pyoxigraph as ox

    literals = [(p, o) for p, o in pairs if isinstance(o, ox.Literal)]
    links = [(p, of_ours.sub("", o.value)) for p, o in pairs if isinstance(o, ox.NamedNode)]

    def by_language(predicate: str) -> Mapping[str, str]:
        return MappingProxyType({o.language or "nl": o.value for p, o in literals if p == predicate})

    data: dict[str, list[str]] = {}
    for predicate, node in literals:
        if predicate == _SKOS + "notation":
            data.setdefault(node.datatype.value.removeprefix(_RK), []).append(node.value)
        elif predicate.startswith(_RK):
            data.setdefault(predicate[len(_RK) :], []).append(node.value)
    for predicate, slug in links:
        if predicate.startswith(_RK):
            data.setdefault(predicate[len(_RK) :], []).append(slug)
    return Concept(
        scheme_name,
        subject[len(_RKC) + len(scheme_name) + 1 :],
        int(data.get("order", ["0"])[0]),
        by_language(_SKOS + "prefLabel"),
        by_language(_SKOS + "definition"),
        tuple(sorted(o.value for p, o in literals if p == _SKOS + "altLabel")),
        tuple(sorted(slug for p, slug in links if p == _SKOS + "broader")),
        MappingProxyType({key: tuple(sorted(values)) for key, values in data.items()}),
    )
