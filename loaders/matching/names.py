"""A name as people write it → what it is made of: words, municipality, roles, possible abbreviations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Final

from rapidfuzz.distance import OSA

from ...ontology.concepts import Scheme, scheme
from ...ontology.municipalities import municipalities
from ...ontology.name_words import ABBREVIATION, AREA, FILLER, GENERAL, LEGAL, PART, name_words

_DOTTED: Final = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")
_APOSTROPHE: Final = re.compile(r"[’'`´](?=s\b)")
_WORD: Final = re.compile(r"[a-z0-9]+")
_CAPITALS: Final = re.compile(r"\b[A-Z]{2,4}\b")
_VOWEL: Final = re.compile(r"[aeiouy]")
_BRACKETS: Final = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*")
_ARTICLES: Final = frozenset({"de", "het", "een", "der", "den", "t", "onze", "mijn"})
#: Longer texts are no names; what comes after is not looked at.
_LONGEST: Final = 200
#: The longest role name ("praktijkondersteuner jeugd en gezin") and abbreviation, in words and letters.
_ROLE_WORDS: Final = 5
_INITIALS: Final = 7


@dataclass(frozen=True)
class Name:
    """A name taken apart.

    ``tokens``: what is left when legal form, fillers and municipalities are gone and known
    abbreviations are written out, in order. ``places``: codes of the municipalities that it
    names. ``roles``: slugs of the roles that its words name. ``words``: every word as written.
    ``short``: known abbreviations that were written out, with their long form.
    """

    written: str
    tokens: tuple[str, ...]
    places: frozenset[str]
    roles: frozenset[str]
    words: tuple[str, ...]
    short: tuple[tuple[str, str], ...]

    @cached_property
    def letters(self) -> str:
        return "".join(self.tokens)

    @cached_property
    def initials(self) -> Mapping[str, tuple[str, ...]]:
        """Every abbreviation that two or more successive words could have, with those words (fillers may count)."""
        fillers = name_words(FILLER)
        kept = [w for w in self.words if w not in fillers]
        # GGD regio Utrecht is GGDrU: what is itself an abbreviation stays whole
        capitals = {w.casefold() for w in _CAPITALS.findall(self.written)}
        found: dict[str, tuple[str, ...]] = {}
        for line in [list(self.words)] if len(kept) == len(self.words) else [list(self.words), kept]:
            for start in range(len(line)):
                for end in range(start + 2, min(len(line), start + _INITIALS) + 1):
                    part = tuple(line[start:end])
                    found.setdefault("".join(w[0] for w in part), part)
                    if capitals:
                        found.setdefault("".join(w if w in capitals else w[0] for w in part), part)
        return found

    def abbreviates(self, token: str) -> bool:
        """Whether a word of the name looks like an abbreviation: two capitals or more (SWO, GGDrU), or no vowel (cjg)."""
        if not 2 <= len(token) <= _INITIALS or not token.isalpha():
            return False
        if not _VOWEL.search(token):
            return True
        words: list[str] = re.findall(r"\w+", self.written.replace(".", ""))
        written = next((w for w in words if w.casefold() == token), "")
        return sum(ch.isupper() for ch in written) > 1


def plain_words(text: str) -> list[str]:
    """The words of ``text``: no case, accents or punctuation; C.J.G. is one word.

    >>> plain_words("C.J.G. 's-Heerenberg & Één")
    ['cjg', 's', 'heerenberg', 'en', 'een']
    """
    plain = unicodedata.normalize("NFKD", text[:_LONGEST].casefold())
    if not plain.isascii():
        plain = "".join(ch for ch in plain if not unicodedata.combining(ch))
    plain = _DOTTED.sub(lambda m: m[0].replace(".", "") + " ", plain)
    plain = _APOSTROPHE.sub(" ", plain).replace("&", " en ").replace("+", " en ").replace("@", " at ")
    return _WORD.findall(plain)


@cache
def _general() -> frozenset[str]:
    """Words that say what kind of organisation it is: the listed ones, and those of the roles."""
    words = set(name_words(GENERAL))
    for concept in scheme("role").concepts.values():
        for name in (concept.label("nl"), *concept.alternatives):
            words.update(plain_words(name))
    return frozenset(words - set(name_words(FILLER)) - set(name_words(PART)))


def is_general(token: str) -> bool:
    """Whether a word says what kind of organisation it is, not which one."""
    return token in _general()


@cache
def mend_general(token: str) -> str | None:
    """The general word that ``token`` is but for one slip of the pen; None where there is none."""
    if len(token) < 5 or not token.isalpha():
        return None
    near = [w for w in sorted(_general()) if w[0] == token[0] and len(w) >= 5 and OSA.distance(w, token, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else None


def is_part(token: str) -> bool:
    """Whether a word tells parts of one organisation apart: a number, Noord, Zuid."""
    return token.isdigit() or token in name_words(PART)


def _role_names(roles: Scheme) -> Iterable[tuple[str, str]]:
    """Every name of a role without its fillers, joined; a preferred label wins."""
    fillers = name_words(FILLER)
    for concept in roles.concepts.values():
        for name in concept.alternatives:
            yield "".join(w for w in plain_words(name) if w not in fillers), concept.slug
    for concept in roles.concepts.values():
        for name in (concept.label("nl"), concept.slug):
            yield "".join(w for w in plain_words(name) if w not in fillers), concept.slug


class NameReader:
    """Takes names apart; knows the municipalities (national and ``own``: code and name) and the roles."""

    def __init__(self, own: Iterable[tuple[str, str | None]] = (), roles: Scheme | None = None) -> None:
        self._places: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        listed = [(code, name) for code, names in municipalities().items() for name in names]
        for code, name in (*listed, *own):
            words = tuple(plain_words(name or ""))
            if words:
                self._places.setdefault(words[0], []).append((words, code))
        for known in self._places.values():
            known.sort(key=lambda pair: (-len(pair[0]), pair))
        self._roles = dict(_role_names(roles or scheme("role")))
        self._areas = [tuple(a.split()) for a in name_words(AREA)]
        self._cache: dict[str, Name] = {}

    def read(self, text: str) -> Name:
        """The parts of ``text``; the same text is read once."""
        if text not in self._cache:
            self._cache[text] = self._read(text)
        return self._cache[text]

    def variants(self, text: str) -> tuple[Name, ...]:
        """``text`` as one name, and each of two names that it puts together: "A (B)", "A / B".

        A part keeps the municipalities of the whole: in "CJG (Ede)" both belong to the CJG of Ede.
        """
        whole = self.read(text)
        # two letters between brackets belong to the name: Hengelo (O.), Bergen (NH.)
        inside = [m.strip() for m in _BRACKETS.findall(text) if len("".join(plain_words(m))) > 2]
        parts = [*_BRACKETS.sub(" ", text).split(" / "), *inside] if inside else text.split(" / ")
        found = {whole.tokens: whole}
        for part in parts if len(parts) > 1 else ():
            name = self.read(part)
            # a part that only says where it is, or what kind, is no name
            if any(not is_general(t) and not is_part(t) for t in name.tokens) or (name.tokens and part not in inside):
                found.setdefault(name.tokens, replace(name, places=name.places | whole.places))
        return tuple(found.values())

    def _read(self, text: str) -> Name:
        words = plain_words(text)
        words = self._without_area(words)
        legal, fillers, long_forms = name_words(LEGAL), name_words(FILLER), name_words(ABBREVIATION)
        tokens: list[str] = []
        places: set[str] = set()
        short: list[tuple[str, str]] = []
        of_municipality = False
        place = 0
        while place < len(words):
            word = words[place]
            size, code = self._place_at(words, place)
            if code:
                places.add(code)
                # "CJG gemeente Ede" is the CJG; "Gemeente Ede" alone is the municipality
                if tokens and tokens[-1] == "gemeente" and place and words[place - 1] in ("gemeente", "gem"):
                    of_municipality = True
                    tokens.pop()
                place += size
                continue
            place += 1
            if word in fillers or word in legal:
                continue
            if word in long_forms:
                long = long_forms[word]
                if not word.startswith("i") and long != word:
                    short.append((word, long))
                tokens += [w for w in plain_words(long) if w not in fillers]
            else:
                tokens.append(word)
        if of_municipality and not tokens:
            tokens = ["gemeente"]
        elif of_municipality and words and words[0] in ("gemeente", "gem") and "gemeente" not in tokens:
            # "Gemeente Ede, toegang jeugd": the municipality speaks first
            tokens.insert(0, "gemeente")
        elif not tokens and places:
            tokens = ["gemeente"]
        if not tokens:
            # nothing but legal form and fillers ("De Stichting"): then those are the name
            tokens = [w for w in words if w not in fillers] or words
        return Name(text, tuple(tokens), frozenset(places), self._named_roles(words, tokens), tuple(words), tuple(short))

    def _without_area(self, words: list[str]) -> list[str]:
        for area in self._areas:
            for at in range(len(words) - len(area), 0, -1):
                if tuple(words[at : at + len(area)]) == area:
                    words = words[:at] + words[at + len(area) :]
        return words

    def _place_at(self, words: list[str], at: int) -> tuple[int, str | None]:
        if at and words[at - 1] in _ARTICLES:
            # "Bij de Buren" is a meeting place, not the municipality of Buren
            return 0, None
        for name, code in self._places.get(words[at], ()):
            if tuple(words[at : at + len(name)]) == name:
                return len(name), code
        return 0, None

    def _named_roles(self, words: list[str], tokens: list[str]) -> frozenset[str]:
        """Roles that the words name, the longest name first: "arts jgz" is not also a "jgz"."""
        abbreviations = name_words(ABBREVIATION)
        found = {role for word in words if word in abbreviations and (role := self._roles.get(word))}
        at = 0
        while at < len(tokens):
            for size in range(min(_ROLE_WORDS, len(tokens) - at), 0, -1):
                role = self._roles.get("".join(tokens[at : at + size]))
                if role:
                    found.add(role)
                    at += size - 1
                    break
            at += 1
        return frozenset(found - {"overig", "gezin"})
