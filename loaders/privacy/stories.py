"""Whether a text tells about one child or family: signs that add up, each with a weight and a reason.

No list of words can know it for certain. The signs (ontology/case_signals.csv) are made so that a description
of an offering ("voor kinderen van 4 tot 12 jaar", "ouders leren …") stays below the limit and a description of
somebody ("moeder meldt dat haar zoon van 9 …") goes over it; general language counts against it. The tests
measure both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Final

import polars as pl

from ...ontology.person_words import GIVEN, GIVEN_OR_WORD, case_signs, person_words

#: From this score a text is taken to be about one child or family.
STORY: Final = 2.5
#: At least one sign must weigh this much.
_ANCHOR: Final = 2.0
#: General language takes away at most this much.
_MOST_AGAINST: Final = -2.0
#: Texts are weighed by pieces of this many signs, so that a long text is not a story because of its length.
_PIECE: Final = 4_000
_SHORTEST: Final = 12
#: Signs of one family count once: the strongest.
_AGES: Final = frozenset(
    (
        "verwant-leeftijd",
        "kind-leeftijd",
        "baby-leeftijd",
        "jarige",
        "de-jarige",
        "kenmerk-leeftijd",
        "kort-kind-leeftijd",
        "hij-leeftijd",
    )
)

_AGE: Final = r"(?:1?\d|2[0-3])"
_INITIAL_AGE: Final = re.compile(
    r"(?<![\w.])[A-Z]\.?\s?\((?:[mvjMV]|jongen|meisje|man|vrouw)?[,; ]*"
    rf"{_AGE}\s?(?:jaar|jr|j|mnd|maanden)?\.?(?:[,; ]*[mvMV])?\)"
)
_INITIAL_DOES: Final = re.compile(
    r"(?<![\w.&-])(?<!\w [A-Z])[A-Z]\.\s+(?:woont|is|heeft|zit|slaapt|wil|wilde|gaat|ging|werd|was|had|komt|kwam|krijgt|kreeg"
    r"|vertelt|vertelde|laat|liet|kan|kon|durft|volgt|verblijft|gebruikt|blowt|drinkt|eet|vertoont|huilt|praat|speelt|loopt|liep"
    r"|en (?:zijn|haar))\b"
)
_NAME_AGE: Final = re.compile(
    r"(?<![\w.])([A-ZÀ-Þ][\w’'-]+)(?:\s*(?:\(\s*(?:[mvj]\s*[,;]?\s*)?|,\s*)"
    rf"{_AGE}\s*(?:jaar|jr\.?|j|mnd|maanden)?\s*(?:[,; ]*[mv])?\s*[),.;]"
    rf"|\s+is\s+(?:nu\s+|net\s+|pas\s+)?{_AGE}\s*(?:jaar|jr|en|,|\.))"
)
_NAME_DOES: Final = re.compile(
    r"(?:^|[.!?]\s+)([A-ZÀ-Þ][\w’'-]+)\s+(?:woont|zit|slaapt|wilde|ging|werd|was|had|kwam|kreeg|verblijft|blowt|huilt|eet|vertelde|liep|is\s+(?:\w+\s+)?(?:boos|bang|"
    r"angstig|somber|druk|teruggetrokken|agressief|verdrietig|gepest|{age}))\b".replace(
        "{age}", r"(?:1?\d|2[0-3])\s?(?:jaar|jr)?"
    )
)


#: Fewer texts than this are sooner read one by one than sifted by some sixty patterns together (measured: 45 µs a text, 18 ms).
_FEW: Final = 400


def stories_in(texts: pl.Series) -> list[str]:
    """The texts that are stories, in their order; most are passed over without Python looking at them."""
    texts = texts.filter(texts.str.len_chars() >= _SHORTEST)
    if len(texts) < _FEW:
        return [text for text in texts if is_story(text)]
    # with the looking around left out a pattern finds more, so what is passed over here is no story for certain
    pointing = [texts.str.contains(loose) for loose, weight in _loose() if weight >= _ANCHOR]
    texts = texts.filter(reduce(or_, pointing))
    most = pl.zeros(len(texts), eager=True)
    for loose, weight in _loose():
        most = most + texts.str.contains(loose).cast(pl.Float64) * weight
    return [text for text in texts.filter(most >= STORY) if is_story(text)]


@cache
def _loose() -> tuple[tuple[str, float], ...]:
    own = ((_INITIAL_AGE, 3.0), (_INITIAL_DOES, 2.5), (_NAME_AGE, 3.0), (_NAME_DOES, 2.0))
    signs = [(f"(?i){_without_looking(s.pattern.pattern)}", s.weight) for s in case_signs() if s.weight > 0]
    return (*((_without_looking(p.pattern), weight) for p, weight in own), *signs)


def _without_looking(pattern: str) -> str:
    """The pattern without look-ahead and look-behind, which Polars does not know."""
    while (start := re.search(r"\(\?<?[=!]", pattern)) is not None:
        depth, at = 0, start.start()
        while True:
            if pattern[at] == "\\":
                at += 1
            elif pattern[at] == "[":
                at = pattern.index("]", at + 2 if pattern[at + 1] in "]^" else at + 1)
            elif pattern[at] == "(":
                depth += 1
            elif pattern[at] == ")":
                depth -= 1
            at += 1
            if not depth:
                break
        pattern = pattern[: start.start()] + pattern[at:]
    return pattern


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a text was taken for a story, told in either language; it repeats nothing of the text."""

    names: tuple[str, ...]

    def told(self, lang: str) -> str:
        told = {**_told(lang), "initiaal": _OWN[lang][0], "naam": _OWN[lang][1]}
        return "; ".join(dict.fromkeys(told[name] for name in self.names))


_OWN: Final = {
    "nl": ("een initiaal of naam met leeftijd", "een voornaam en wat er gebeurde"),
    "en": ("an initial or name with an age", "a given name and what happened"),
}


@cache
def _told(lang: str) -> dict[str, str]:
    return {sign.name: (sign.nl if lang == "nl" else sign.en) for sign in case_signs()}


def story_score(text: str) -> tuple[float, tuple[str, ...]]:
    """How much speaks for a text being about one child or family, and the names of the signs found."""
    if len(text) < _SHORTEST:
        return 0.0, ()
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    for start in range(0, len(text), _PIECE):
        best = max(best, _weighed(text[start : start + _PIECE + 200]), key=lambda pair: pair[0])
    return best


def is_story(text: str) -> bool:
    return story_score(text)[0] >= STORY


def _weighed(text: str) -> tuple[float, tuple[str, ...]]:
    found: list[str] = []
    score = age = against = 0.0
    anchored = False
    for name, weight in _of_names(text):
        found.append(name)
        score += weight
        anchored = True
    for sign in case_signs():
        if sign.weight < 0 and score + age < STORY:
            break
        if not sign.pattern.search(text):
            continue
        if sign.weight < 0:
            against += sign.weight
            continue
        found.append(sign.name)
        anchored |= sign.weight >= _ANCHOR
        if sign.name in _AGES:
            age = max(age, sign.weight)
        else:
            score += sign.weight
    # without one sign that points at somebody there is no telling a story from an offering
    return (score + age + max(against, _MOST_AGAINST) if anchored else 0.0), tuple(found)


def _of_names(text: str) -> list[tuple[str, float]]:
    found = []
    if _INITIAL_AGE.search(text):
        found.append(("initiaal", 3.0))
    elif _INITIAL_DOES.search(text):
        found.append(("initiaal", 2.5))
    given = person_words(GIVEN)
    if any(name.casefold() in given or name.casefold() in person_words(GIVEN_OR_WORD) for name in _NAME_AGE.findall(text)):
        found.append(("initiaal", 3.0))
    elif any(name.casefold() in given for name in _NAME_DOES.findall(text)):
        found.append(("naam", 2.0))
    return found
