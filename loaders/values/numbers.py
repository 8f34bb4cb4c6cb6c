"""Numbers as Dutch writes them, counts, and counts of families that the source itself holds back."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from .text import NUMERALS, Assumed, Read, Unreadable, alternatives, is_unknown, plain, unaccented

#: Beyond this a number is an account, a telephone or a slip, and floats no longer hold it exactly.
_LARGEST: Final = 1e15
_SPACED: Final = re.compile(r"(?<=\d)[ '](?=\d{3}(?!\d))")
_DUTCH: Final = re.compile(r"([+-]?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?")
_POINT: Final = re.compile(r"[+-]?\d+\.\d+")
_ENGLISH: Final = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+)(?:\.(\d+))?")
_ABOUT: Final = re.compile(
    r"(?:\u00b1|~|\u2248|\+/-|\+-|ca\.?|circa|ongeveer|ong\.?|gemiddeld|gem\.|plusminus|ruim|bijna|rond(?: de)?)(?![a-z]) ?"
)
#: What may stand behind a number without changing it.
_COUNTED: Final = alternatives(
    "kinderen kind jeugdigen jeugdige jongeren leerlingen gezinnen gezin ouders clienten client trajecten traject "
    "plekken plaatsen bedden personen deelnemers verwijzingen aanmeldingen keer stuks uur fte".split()
)
_EURO: Final = re.compile(r"(?:\u20ac|eur|euro) ?(.+?)(?:,-+)?|(.+?)(?:,-+)? ?(?:\u20ac|eur|euro)")
_COUNTED_TEXT: Final = re.compile(rf"(.+?) ?(?:{_COUNTED})(?: (?:per jaar|p\.?j\.?))?|(.+?) (?:per jaar|p\.?j\.?)")
_SUPPRESSED: Final = re.compile(r"(?:<=?|\u2264|minder dan|onder de|onder) ?(\d{1,3}|[a-z]+)")
_SMALL_RANGE: Final = re.compile(r"([0-5]) ?(?:-|t/m|tot en met|tot) ?(\d{1,2})")


def number(text: str) -> Read[float]:
    """A number with decimal comma or point; "1.200" is twelve hundred, as Dutch writes it.

    Assumed and said: "1,200" (1,2 in Dutch, twelve hundred in English), an English notation, "ca." and "25+",
    and a unit or noun ("12%", "25 kinderen"), which is left out.
    """
    given = plain(text)
    if is_unknown(given):
        return Read(None)
    value = _bare(given)
    if value is not None:
        # 1,200 is 1,2 in Dutch, but whoever writes three decimals may well mean twelve hundred
        doubtful = re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", given)
        return Read(value, (Assumed("number-notation", written(value)),) if doubtful else ())
    if found := _ENGLISH.fullmatch(given):
        value = float(found[0].replace(",", ""))
        return Read(value, (Assumed("number-notation", written(value)),))
    stripped = unaccented(given).rstrip(".")
    if stripped in NUMERALS:
        return Read(float(NUMERALS[stripped]))
    if found := _ABOUT.match(given):
        return _said(text, given[found.end() :], "number-about")
    if given.endswith("+"):
        return _said(text, given[:-1].rstrip(), "number-about")
    if given.endswith("%"):
        return _said(text, given[:-1].rstrip(), "number-unit")
    for pattern in (_EURO, _COUNTED_TEXT):
        if found := pattern.fullmatch(stripped):
            return _said(text, found[1] or found[2], "number-unit")
    raise Unreadable(text)


def _said(text: str, rest: str, code: str) -> Read[float]:
    """The number in ``rest``, with what was left out of ``text`` said."""
    rest = rest.strip()
    value = NUMERALS.get(rest)
    inner = float(value) if value is not None else _bare(rest)
    if inner is None:
        raise Unreadable(text)
    return Read(inner, (Assumed(code, written(inner)),))


def _bare(text: str) -> float | None:
    digits = _SPACED.sub("", text)
    if found := _DUTCH.fullmatch(digits):
        value = float(f"{found[1]}{found[2].replace('.', '')}.{found[3] or 0}")
    elif _POINT.fullmatch(digits):
        value = float(digits)
    else:
        return None
    return value if abs(value) < _LARGEST else None


def written(value: float) -> str:
    """A number as Dutch writes it, so that it reads back."""
    if value == int(value):
        return str(int(value))
    return format(Decimal(repr(value)), "f").replace(".", ",")


def count(text: str) -> Read[int]:
    """A whole number, not negative."""
    read = number(text)
    if read.value is None:
        return Read(None)
    # "1,200" cannot be 1,2 here; whether it is twelve hundred is for the one who wrote it to say
    if read.value < 0 or read.value != int(read.value):
        as_thousands = re.fullmatch(r"(\d{1,3}),(\d{3})", plain(text))
        raise Unreadable(text, suggestion=f"{as_thousands[1]}{as_thousands[2]}" if as_thousands else None)
    return Read(int(read.value), read.assumed)


def families(text: str) -> Read[int]:
    """A number of families; "<10" is a number that the source holds back: unknown, and said, never 10."""
    given = unaccented(plain(text))
    small = _SUPPRESSED.fullmatch(given)
    if small and (small[1].isdecimal() or small[1] in NUMERALS):
        return Read(None, (Assumed("families-suppressed", ""),))
    if (ends := _SMALL_RANGE.fullmatch(given)) and int(ends[1]) < int(ends[2]) <= 10:
        return Read(None, (Assumed("families-suppressed", ""),))
    if given in ("*", "<"):  # statistics offices write a held-back figure so
        return Read(None, (Assumed("families-suppressed", ""),))
    return count(text)
