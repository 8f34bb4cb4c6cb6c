"""A gap: something that is not registered, in words and with what it rests on; and what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from ....ontology.catalogue import text
from ....ontology.concepts import scheme
from ...landscape import Landscape
from ...places import Offering
from ...waiting import Source
from ..common import sources_of, years
from ..norms import Norm, Norms
from .coverage import Flags, Ground
from .registered import Registered

#: So many municipalities are always named, even where they are all that was asked.
_FEW: Final = 2

#: A value in a sentence, or what it is called in a language.
Word = str | int | Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not registered, of one ``kind`` (slug).

    ``municipality`` (code) is None where it holds for every municipality asked that the partner serves, ``theme`` where
    it is about no theme or about all of them; ages are months, half-open. ``partner`` is an id, or ``rol:slug`` for a
    role. ``sentence`` names its sentence (``gaps.says.…``) and ``words`` fill it.
    """

    kind: str
    municipality: str | None
    theme: str | None
    level: int | None
    age_from: int | None
    age_until: int | None
    partner: str | None
    offering: str | None
    sources: tuple[Source, ...]
    sentence: str
    words: Mapping[str, Word] = field(repr=False, compare=False)

    def told(self, lang: str = "nl", **instead: Word) -> str:
        """The sentence in nl or en; ``instead`` says some words otherwise."""
        words = {**self.words, **instead}
        return text(f"gaps.says.{self.sentence}", lang, **{k: w(lang) if callable(w) else w for k, w in words.items()})

    def as_dict(self, lang: str = "nl") -> dict[str, Any]:
        """The gap as CONTRACTS §6 names it; ages in years, the sentence in ``lang``."""
        return {
            "kind": self.kind,
            "municipality": self.municipality,
            "theme": self.theme,
            "level": self.level,
            "age_from": years(self.age_from),
            "age_until": years(self.age_until),
            "partner": self.partner,
            "offering": self.offering,
            "text": self.told(lang),
            "sources": sources_of(self.sources),
        }


@dataclass(frozen=True)
class Asked:
    """What gaps are looked for: the ``grounds`` of the municipalities asked, in order, and the levels.

    ``region`` holds the grounds of every municipality of the region, ``window`` the ages (months, half-open) of which
    anything is told. ``ages`` (months) and ``themes`` (slugs) keep what is
    about any of them; empty keeps all.
    """

    landscape: Landscape
    grounds: Mapping[str, Ground]
    region: Mapping[str, Ground]
    norms: Norms
    levels: tuple[int, ...]
    window: tuple[int, int]
    ages: tuple[int, ...] = ()
    themes: tuple[str, ...] = ()

    @cached_property
    def registered(self) -> Registered:
        return Registered(self.landscape)

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return {}

    def source(self, offering: Offering) -> Source:
        """Where an offering stands."""
        if offering.id not in self._sources:
            self._sources[offering.id] = Source.of("offerings", offering.row)
        return self._sources[offering.id]

    @cached_property
    def served(self) -> Mapping[str, tuple[str, ...]]:
        """The municipalities asked that each partner serves; partners that serve none are left out."""
        found: dict[str, list[str]] = {}
        for code, ground in self.grounds.items():
            for partner in ground.locale.partners:
                found.setdefault(partner, []).append(code)
        order = self.landscape.names
        return {p: tuple(found[p]) for p in sorted(found, key=lambda p: (order.get(p, p).casefold(), p))}

    def is_safety(self, partner: str | None) -> bool:
        """Whether a partner holds the safety role: never advised on."""
        return partner is not None and "veiligheid" in self.registered.roles.get(partner, ())

    # --- where and when --------------------------------------------------------------------------------
    def at_age(self, low: int | None, high: int | None) -> bool:
        """Whether ages (months, half-open) hold any age that is asked."""
        first, last = low or 0, self.window[1] if high is None else high
        if first >= self.window[1] or last <= self.window[0]:
            return False
        return not self.ages or any(first <= a < last for a in self.ages)

    @staticmethod
    def where(there: Iterable[str], served: tuple[str, ...]) -> Iterator[str | None]:
        """The municipalities of a gap: None for all of ``served`` (one code where that is one), else each."""
        codes = tuple(there)
        if len(codes) == len(served) > 1:
            yield None
        else:
            yield from codes

    def runs(self, ground: Ground, flags: Flags) -> Iterator[tuple[str | None, int, int]]:
        """(theme, first age, last age) of the runs of ``flags`` that are asked for; theme None for all of them at once."""
        by_ages: dict[tuple[int, int], list[str]] = {}
        for same, low, high in ground.runs(flags):
            if self.at_age(low, high):
                by_ages.setdefault((low, high), []).extend(same)
        every = sum(len(same) for same in ground.classes)
        for (low, high), themes in by_ages.items():
            if len(themes) == every > 1:
                yield None, low, high
            else:
                yield from ((theme, low, high) for theme in themes)

    # --- words -----------------------------------------------------------------------------------------
    def name(self, endpoint: str) -> str:
        """A partner or offering by its name."""
        return self.landscape.names.get(endpoint, endpoint)

    def place(self, municipality: str | None, served: Iterable[str]) -> Word:
        """A municipality by name; where it is None all that are ``served``."""
        return self.places(tuple(served) if municipality is None else (municipality,))

    def places(self, codes: Collection[str]) -> Word:
        """Municipalities by name."""
        if len(codes) == len(self.grounds) > _FEW:
            return lambda lang: text("gaps.all_municipalities", lang, number=len(codes))
        names = self.landscape.municipality_names
        return ", ".join(names.get(c, c) for c in codes)

    def theme(self, theme: str | None) -> Word:
        """A theme by its label."""
        if theme is None:
            return lambda lang: text("gaps.all_themes", lang)
        return lambda lang: self.landscape.themes.label(theme, lang)

    @staticmethod
    def unknown() -> Word:
        """What nobody stated."""
        return lambda lang: text("answers.unknown", lang)

    @staticmethod
    def undated() -> Word:
        """A date that nobody stated."""
        return lambda lang: text("answers.undated", lang)

    def role(self, role: str) -> Word:
        """A role by its label."""
        return lambda lang: self.landscape.roles.label(role, lang)


def level_word(level: int | None) -> Word:
    """A level by its name."""
    return lambda lang: text("answers.no_level", lang) if level is None else scheme("level").label(str(level), lang)


def norm_word(norm: Norm, reference_date: str) -> Word:
    """Whether it is a norm or a target value ("streefwaarde")."""
    if norm.is_target(reference_date):
        return lambda lang: text("gaps.target", lang)
    return lambda lang: text("gaps.norm", lang)


def weeks_word(low: float, high: float) -> Word:
    """Days as weeks: one number, or the range of two."""
    return lambda lang: " – ".join(dict.fromkeys(number(days / 7, lang) for days in (low, high)))


def number_word(value: float) -> Word:
    """A number with at most one decimal."""
    return lambda lang: number(value, lang)


def number(value: float, lang: str) -> str:
    """A number with at most one decimal, as the language writes it."""
    plain = f"{value:.1f}".removesuffix(".0")
    return plain.replace(".", ",") if lang == "nl" else plain


def ages_word(low: int | None, high: int | None) -> Word:
    """Ages (months, half-open) as in "4 t/m 11 jaar"; whole upper years are read inclusively, as people say it."""
    return lambda lang: ages_text(low, high, lang)


def ages_text(low: int | None, high: int | None, lang: str) -> str:
    """See :func:`ages_word`."""
    if low is None and high is None:
        return text("gaps.ages.any", lang)
    if high is None:
        return text("gaps.ages.from", lang, low=_years(low or 0, lang))
    first = _years(low or 0, lang)
    if high % 12:
        return text("gaps.ages.below", lang, low=first, high=_years(high, lang))
    last = _years(high - 12, lang)
    return text("gaps.ages.one" if first == last else "gaps.ages.through", lang, low=first, high=last)


def _years(months: int, lang: str) -> str:
    found = f"{months / 12:.2f}".rstrip("0").rstrip(".")
    return found.replace(".", ",") if lang == "nl" else found


def gap(
    kind: str,
    sentence: str,
    words: Mapping[str, Word],
    sources: Iterable[Source],
    *,
    municipality: str | None = None,
    theme: str | None = None,
    level: int | None = None,
    ages: tuple[int | None, int | None] = (None, None),
    partner: str | None = None,
    offering: str | None = None,
) -> Gap:
    """A gap, each source of it once."""
    once = tuple(dict.fromkeys(sources))
    return Gap(kind, municipality, theme, level, *ages, partner, offering, once, sentence, words)
