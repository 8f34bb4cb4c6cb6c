"""Texts of cells as they are compared, and what every parser of a cell gives back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T", covariant=True)

#: A longer text is a story, no value; the bound also keeps every pattern fast.
LONGEST: Final = 200


class Unreadable(ValueError):  # noqa: N818  # it is a verdict on a cell, caught at once
    """A cell that is no value of its kind: the ``code`` of its finding, and a ``suggestion`` where one can be made.

    The suggestion is something that the parser does read, so that it can be put in the cell as it stands.
    """

    def __init__(self, text: str, code: str = "bad-value", suggestion: str | None = None) -> None:
        super().__init__(text[:LONGEST])
        self.code = code
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class Assumed:
    """Something that the text does not say and that was assumed: the ``code`` of its finding, and how it was read.

    ``read_as`` is in words that could stand in the cell and would then be read without assuming anything.
    """

    code: str
    read_as: str


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What a cell says: its value (None: "unknown" was written), and what had to be assumed on the way."""

    value: T | None
    assumed: tuple[Assumed, ...] = ()


_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"))
_QUOTES: Final = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201b\u00b4\u0060\u2032", "'") | dict.fromkeys("\u201c\u201d\u201f", '"')
)
_FRACTIONS: Final = {"\u00bd": "5", "\u00bc": "25", "\u00be": "75"}


def cleaned(text: str) -> str:
    """``text`` without invisible signs, with plain spaces, trimmed."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\u202f", " ")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf")).strip()


def plain(text: str) -> str:
    """Lower case, one kind of dash and quote, single spaces: the form in which values are recognised.

    Raises Unreadable for a text that is too long to be a value.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise Unreadable(text)
    text = cleaned(text).casefold().translate(_DASHES).translate(_QUOTES)
    return " ".join(text.split())


def unaccented(text: str) -> str:
    """``text`` without accents: één, à and cliënten as een, a and clienten."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def without_fractions(text: str) -> str:
    """``text`` with ½, ¼ and ¾ as decimals: 1½ as 1,5."""
    for sign, digits in _FRACTIONS.items():
        if sign in text:
            text = re.sub(rf"(\d) ?{sign}", rf"\g<1>,{digits}", text).replace(sign, f"0,{digits}")
    return text


#: What people write for "we do not know" or "does not apply", in any kind of cell.
UNKNOWN: Final = frozenset(
    "onbekend|niet bekend|nog niet bekend|nog onbekend|onbekend.|?|??|???|-|--|---|/|.|..|...|\u2026|"
    "n.v.t.|nvt|n.v.t|nvt.|n.vt|n/v/t|niet van toepassing|n.b.|nb|n.b|nnb|n.n.b.|n.n.b|n.t.b.|ntb|n.t.b|nader te bepalen|"
    "nog te bepalen|volgt|volgt nog|p.m.|pm|geen opgave|niet opgegeven|niet ingevuld|geen gegevens|geen informatie|"
    "geen info|weet niet|weet ik niet|n/a|n.a.|#n/b|#n/a|unknown|tbd|leeg|(leeg)|null|none|nan".split("|")
)


def is_unknown(text: str) -> bool:
    """Whether a plain text says that it is not known, or does not apply."""
    return text in UNKNOWN or text.rstrip(".!") in UNKNOWN


# --- numerals ------------------------------------------------------------------------------------
_ONES: Final = "een twee drie vier vijf zes zeven acht negen".split()
_TENS: Final = "twintig dertig veertig vijftig zestig zeventig tachtig negentig".split()


def _numerals() -> dict[str, int]:
    found = {word: n for n, word in enumerate(_ONES, 1)}
    found |= {
        w: n for n, w in enumerate("tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien".split(), 10)
    }
    for n, ten in enumerate(_TENS, 2):
        found[ten] = n * 10
        for one, word in enumerate(_ONES, 1):
            found[f"{word}en{ten}"] = n * 10 + one
    return found | {"nul": 0, "honderd": 100}


#: Numerals without accents (tweeentwintig, een): unaccent before looking.
NUMERALS: Final = _numerals()


def alternatives(words: object) -> str:
    """A pattern for any of ``words`` (an iterable of text), the longest first."""
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))  # type: ignore[call-overload]


# --- remarks -------------------------------------------------------------------------------------
_BRACKETS: Final = re.compile(r"^([^()]*[^() ]) ?\(([^()]*)\)[ .;,]*$")


def bracketed(text: str) -> tuple[str, str] | None:
    """(what stands before, what stands in) the brackets at the end of ``text``; None without."""
    found = _BRACKETS.match(text)
    return (found[1], found[2].strip()) if found else None
