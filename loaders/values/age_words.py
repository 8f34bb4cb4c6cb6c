"""Words for ages, each with the range it stands for and why; doubtful ones have a proposal only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class AgeWord:
    """A word for ages: half-open months (``until`` None: no upper limit), how it reads in figures, and the source."""

    low: int
    until: int | None
    written: str
    source: str


_WPO: Final = "Wet op het primair onderwijs art. 39: vanaf 4 jaar; acht groepen (art. 8); tot en met 12 jaar"
_WVO: Final = "Wet voortgezet onderwijs 2020: na de basisschool, 12 t/m 18 jaar (vwo duurt zes jaar)"
_BW: Final = "Burgerlijk Wetboek 1:233: minderjarig tot 18 jaar"
_WKO: Final = "Wet kinderopvang art. 1.1 en VVE: peuters van 2 tot 4 jaar"
_JGZ: Final = "gangbaar in de jeugdgezondheidszorg (NCJ): baby tot 1 jaar, dreumes 1 tot 2 jaar"

_TABLE: Final = (
    (("baby", "baby's", "babies", "zuigeling", "zuigelingen"), AgeWord(0, _YEAR, "0 tot 1 jaar", _JGZ)),
    (("dreumes", "dreumesen"), AgeWord(_YEAR, 2 * _YEAR, "1 tot 2 jaar", _JGZ)),
    (
        ("peuter", "peuters", "peuterspeelzaal", "peuterleeftijd", "peuteropvang", "voorschool"),
        AgeWord(2 * _YEAR, 4 * _YEAR, "2 tot 4 jaar", _WKO),
    ),
    (
        ("kleuter", "kleuters", "kleuterleeftijd", "groep 1 en 2", "groep 1/2"),
        AgeWord(4 * _YEAR, 6 * _YEAR, "4 tot 6 jaar", _WPO + "; groep 1 en 2"),
    ),
    (
        (
            "basisschool",
            "basisschoolleeftijd",
            "basisschoolkinderen",
            "basisonderwijs",
            "primair onderwijs",
            "po",
            "bao",
            "lagere school",
            "groep 1-8",
        ),
        AgeWord(4 * _YEAR, 13 * _YEAR, "4 t/m 12 jaar", _WPO),
    ),
    (
        ("voortgezet onderwijs", "vo", "middelbare school", "middelbareschoolleeftijd", "voortgezet"),
        AgeWord(12 * _YEAR, 19 * _YEAR, "12 t/m 18 jaar", _WVO),
    ),
    (("brugklas", "brugklassers"), AgeWord(12 * _YEAR, 14 * _YEAR, "12 t/m 13 jaar", _WVO + "; klas 1")),
    (("minderjarig", "minderjarigen", "minderjarige"), AgeWord(0, 18 * _YEAR, "0 tot 18 jaar", _BW)),
    (
        ("volwassen", "volwassenen", "volwassene", "meerderjarig", "meerderjarigen"),
        AgeWord(18 * _YEAR, None, "vanaf 18 jaar", _BW),
    ),
    (
        (
            "alle leeftijden",
            "alle",
            "iedereen",
            "geen leeftijdsgrens",
            "geen leeftijdsgrenzen",
            "geen grens",
            "geen leeftijd",
            "alle leeftijdsgroepen",
            "elke leeftijd",
            "0+",
            "van jong tot oud",
        ),
        AgeWord(0, None, "vanaf 0 jaar", "zo staat het er"),
    ),
)
#: Words whose range is certain enough to read; each use is said in a finding.
AGE_WORDS: Final = {word: meaning for words, meaning in _TABLE for word in words}

#: Words that mean another range to each organisation: a finding with a proposal, never read.
DOUBTFUL: Final = {
    **dict.fromkeys(
        (
            "jeugd",
            "jeugdige",
            "jeugdigen",
            "kind en jeugd",
            "kinderen en jongeren",
            "kinderen en jeugd",
            "kind & jeugd",
            "kinderen & jeugd",
        ),
        "0 tot 18 jaar",
    ),
    **dict.fromkeys(("kind", "kinderen"), "0 tot 12 jaar"),
    **dict.fromkeys(
        ("jongere", "jongeren", "tiener", "tieners", "puber", "pubers", "adolescent", "adolescenten"), "12 tot 18 jaar"
    ),
    **dict.fromkeys(("jongvolwassenen", "jongvolwassene", "jong volwassenen"), "18 tot 27 jaar"),
    **dict.fromkeys(("mbo", "mbo-studenten", "mbo studenten"), "16 tot 27 jaar"),
    **dict.fromkeys(("hbo", "wo", "student", "studenten", "hbo/wo"), "vanaf 17 jaar"),
    **dict.fromkeys(("onderbouw",), "4 t/m 7 jaar"),
    **dict.fromkeys(("middenbouw",), "7 t/m 9 jaar"),
    **dict.fromkeys(("bovenbouw",), "9 t/m 12 jaar"),
    **dict.fromkeys(("ouderen", "senioren"), "vanaf 65 jaar"),
    **dict.fromkeys(
        ("schoolgaand", "schoolgaande kinderen", "schoolkinderen", "schoolleeftijd", "leerplichtig"), "5 t/m 15 jaar"
    ),
    **dict.fromkeys(("infants", "jonge kind", "jonge kinderen", "het jonge kind"), "0 tot 6 jaar"),
}

#: Words for the time before birth; the scale of ages begins at birth.
BEFORE_BIRTH: Final = (
    "zwangerschap",
    "de zwangerschap",
    "zwanger",
    "prenataal",
    "voor de geboorte",
    "conceptie",
    "-9 maanden",
    "-9 mnd",
    "-9 mnd.",
    "-9mnd",
    "-9 m",
    "-9mnd.",
    "-0,75 jaar",
)


def school_group(number: int) -> tuple[int, int]:
    """Months of age in a group of the primary school: in group g children turn g+3 to g+5 (WPO art. 8 and 39)."""
    return (number + 3) * _YEAR, (number + 5) * _YEAR


def school_class(number: int) -> tuple[int, int]:
    """Months of age in a year of the secondary school: in year k children are k+11 and k+12."""
    return (number + 11) * _YEAR, (number + 13) * _YEAR
