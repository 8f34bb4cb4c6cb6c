"""What speaks for and against two names being one partner, weighed as log-odds, and said in words.

Fellegi and Sunter (1969), *A theory for record linkage*: each agreement or disagreement adds its own
log-odds, and the sum is the odds that two records are one. The weights are fitted on the learning part
of tests/loaders/names.csv (logistic regression, signs kept) and rounded; those that the table cannot teach
(register numbers, domains, telephones) are set by us. bench/matching.py fits and measures them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import and_
from types import MappingProxyType
from typing import Final

from ...ontology.catalogue import text
from ...ontology.name_words import HOST, name_words
from .likeness import Weigh, likeness, weight
from .names import Name, is_part

#: Log-odds of each piece of evidence; ``base`` is where nothing is known.
WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "base": -3.7,
        "share": 5.2,  # times the share of words in common
        "exact": 0.2,
        "own": 1.2,
        "nearly": 0.9,
        "acronym": 2.5,
        "both_own": -1.8,  # times the weight of telling words on both sides
        "one_own": -0.4,  # times the weight of telling words on one side only
        "parts_differ": -4.0,
        "part_missing": -3.5,
        "place_same": 1.2,
        "place_served": 0.8,
        "place_other": -6.5,
        "place_not_served": -3.0,
        "place_missing": -1.0,
        "place_wide": -2.0,
        "area_shared": 0.4,
        "area_other": -3.8,
        "role_same": 0.5,
        "role_other": -3.6,
        "kvk_same": 7.5,
        "kvk_other": -5.0,
        "agb_same": 7.5,
        "agb_other": -4.0,
        "website_same": 3.5,
        "mail_same": 2.0,
        "phone_same": 3.0,
    }
)

_MAIL: Final = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
_PHONE: Final = re.compile(r"(?:\+|00)?\d[\d\s()./-]{6,}\d")
_SITE: Final = re.compile(r"^(?:[a-z]+://)?(?:www\.)?([^/:?#\s]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Known:
    """What is known of one partner (or of a name alone): names taken apart, and everything that may be evidence."""

    id: str
    names: tuple[Name, ...]
    shown: str = ""
    roles: frozenset[str] = frozenset()
    municipalities: frozenset[str] = frozenset()
    wide: bool = False  # works in the whole region or country
    kvk: str | None = None
    agb: str | None = None
    website: str | None = None
    mail: str | None = None
    phone: str | None = None
    part_of: str | None = None

    @cached_property
    def parts(self) -> Counter[str]:
        """What tells this part from its sisters (Noord, 2), as far as its first name says so outside brackets."""
        first = self.names[0].written
        counts = [Counter(t for t in n.tokens if is_part(t)) for n in self.names if n.written in first]
        return reduce(and_, counts)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason, for (positive ``points``, log-odds) or against, as a sentence of the catalogue (``matching.<code>``)."""

    code: str
    points: float
    values: tuple[tuple[str, str], ...] = ()

    def told(self, lang: str) -> str:
        """The reason in words."""
        return text(f"matching.{self.code}", lang, **dict(self.values))


@dataclass(frozen=True, slots=True)
class Judgement:
    """``score`` 0–100: how likely it is, by names and evidence alone, that the two are one; and why."""

    score: int
    evidence: tuple[Evidence, ...] = field(default=())

    def told(self, lang: str) -> str:
        """All reasons in one line, the weightiest first."""
        return "; ".join(e.told(lang) for e in self.evidence)


def domain_of(website: str | None) -> str | None:
    """The domain of a web address, without www; None where it is nobody's own."""
    found = _SITE.match((website or "").strip())
    return _own_domain(found[1]) if found and "." in found[1] else None


def mail_domain_of(contact: str | None) -> str | None:
    """The domain of the first mail address in a text; None where it is a public mail service."""
    found = _MAIL.search(contact or "")
    return _own_domain(found[1]) if found else None


def phone_of(contact: str | None) -> str | None:
    """The first telephone number in a text as nine digits without 0 or 31; None where there is none."""
    found = _PHONE.search(contact or "")
    if not found:
        return None
    digits = re.sub(r"\D", "", found[0])
    digits = digits.removeprefix("00").removeprefix("31") if found[0].startswith(("+", "00")) else digits
    digits = digits.removeprefix("0")
    return digits if len(digits) == 9 else None


def _own_domain(domain: str) -> str | None:
    plain = domain.casefold().rstrip(".")
    return None if plain in name_words(HOST) else plain


def judged(
    a: Known,
    b: Known,
    place_names: Mapping[str, str],
    role_names: Mapping[str, str],
    weigh: Weigh = weight,
    *,
    all_told: bool = False,
) -> Judgement:
    """How likely ``a`` and ``b`` are one partner: the best of all pairs of their names, and the evidence beside it.

    ``all_told`` also gives the features that are part of another sentence (for fitting the weights).
    """
    best: tuple[float, list[tuple[str, float, tuple[tuple[str, str], ...]]]] | None = None
    for mine in a.names:
        for theirs in b.names:
            found = [*_of_names(mine, theirs, a, b, place_names, weigh)]
            total = sum(points for _, points, _ in found)
            if best is None or total > best[0]:
                best = (total, found)
    assert best is not None  # noqa: S101  # a partner without a name is no partner
    found = [*best[1], *_of_partners(a, b, role_names)]
    total = WEIGHTS["base"] + sum(points for _, points, _ in found)
    score = round(100 / (1 + math.exp(-total)))
    told = sorted(
        (Evidence(code, points, values) for code, points, values in found if all_told or code not in _UNTOLD), key=_by_weight
    )
    return Judgement(score, tuple(told))


#: Features that are part of "names are alike for n%" and are not said apart.
_UNTOLD: Final = frozenset({"own", "nearly"})


def _by_weight(evidence: Evidence) -> tuple[float, str]:
    return (-abs(evidence.points), evidence.code)


Found = tuple[str, float, tuple[tuple[str, str], ...]]


def _of_names(a: Name, b: Name, whose: Known, other: Known, places: Mapping[str, str], weigh: Weigh) -> list[Found]:
    like = likeness(a, b, weigh)
    share = like.share * WEIGHTS["share"]
    found: list[Found] = [
        ("exact", share + WEIGHTS["exact"], ()) if like.exact else ("share", share, (("percent", f"{like.share:.0%}"),))
    ]
    for code, holds in (("own", like.own), ("nearly", like.nearly)):
        if holds:
            found.append((code, WEIGHTS[code], ()))
    # an abbreviation that both wrote out is only told; one that was learned counts
    if like.acronym:
        found.append(("acronym", WEIGHTS["acronym"], (("short", like.acronym[0]), ("long", like.acronym[1]))))
    elif set(a.short) != set(b.short):
        short, long = sorted(set(a.short) ^ set(b.short))[0]
        found.append(("acronym", 0.0, (("short", short.upper()), ("long", long))))
    if both := min(like.left, like.right, 1.5):
        found.append(("both_own", both * WEIGHTS["both_own"], ()))
    if one := min(abs(like.left - like.right), 1.5):
        found.append(("one_own", one * WEIGHTS["one_own"], ()))
    return found + _of_places(a, b, whose, other, places)


def _of_places(a: Name, b: Name, whose: Known, other: Known, names: Mapping[str, str]) -> list[Found]:
    def told(code: str, codes: frozenset[str]) -> Found:
        shown = ", ".join(sorted(names.get(c, c) for c in codes)[:3])
        return (code, WEIGHTS[code], (("places", shown),))

    if a.places and b.places:
        if shared := a.places & b.places:
            return [told("place_same", shared)]
        return [told("place_other", a.places | b.places)]
    if a.places or b.places:
        named = a.places or b.places
        partner = other if a.places else whose
        serves = partner.municipalities
        if not serves:
            return [told("place_wide" if partner.wide else "place_missing", named)]
        return [told("place_served", named & serves)] if named & serves else [told("place_not_served", named)]
    if whose.municipalities and other.municipalities:
        shared = whose.municipalities & other.municipalities
        return [told("area_shared", shared)] if shared else [told("area_other", whose.municipalities | other.municipalities)]
    return []


def _of_partners(a: Known, b: Known, roles: Mapping[str, str]) -> list[Found]:
    found: list[Found] = []
    if a.parts != b.parts and a.names[0].letters != b.names[0].letters:
        mine_only, theirs_only = a.parts - b.parts, b.parts - a.parts
        code = "parts_differ" if mine_only and theirs_only else "part_missing"
        found.append((code, WEIGHTS[code], (("parts", ", ".join(sorted(mine_only + theirs_only))),)))
    mine, theirs = (k.roles or frozenset().union(*(n.roles for n in k.names)) for k in (a, b))
    if mine and theirs:
        shared = mine & theirs
        code = "role_same" if shared else "role_other"
        shown = shared or (mine | theirs)
        found.append((code, WEIGHTS[code], (("roles", ", ".join(sorted(roles.get(r, r) for r in shown)[:3])),)))
    for name in ("kvk", "agb"):
        one, other = getattr(a, name), getattr(b, name)
        if one and other:
            code = f"{name}_{'same' if one == other else 'other'}"
            found.append((code, WEIGHTS[code], (("number", one),)))
    for name in ("website", "mail", "phone"):
        one, other = getattr(a, name), getattr(b, name)
        if one and one == other:
            found.append((f"{name}_same", WEIGHTS[f"{name}_same"], (("what", one),)))
    return found
