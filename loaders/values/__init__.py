"""Dutch values in cells: one parser per kind; each returns a value or raises :class:`Unreadable`.

A parser never guesses silently: what it cannot read for certain is a finding (CONTRACTS §1 and §4).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from math import floor
from typing import Final

WEEKS_PER_YEAR: Final = 52
DAYS_PER_UNIT: Final = {
    "dag": 1.0,
    "werkdag": 7 / 5,
    "week": 7.0,
    "maand": WEEKS_PER_YEAR / 12 * 7,
    "jaar": WEEKS_PER_YEAR * 7.0,
}


class Unreadable(ValueError):  # noqa: N818  # it is a verdict on a cell, caught at once
    """A cell that is no value of its kind; the message is never shown, the finding has its own sentence."""


def cleaned(text: str) -> str:
    """``text`` without invisible signs, with plain spaces and dashes, trimmed."""
    text = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\u202f", " ")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf")).strip()


def _plain(text: str) -> str:
    """Lower case, one kind of dash, single spaces: the form in which values are recognised."""
    text = cleaned(text).casefold().replace("\u2013", "-").replace("\u2014", "-").replace("\u2212", "-")
    return re.sub(r"\s+", " ", text).strip()


def whole_days(days: float) -> float:
    """Days rounded to whole days, halves up."""
    return float(floor(days + 0.5))


# --- numbers ---------------------------------------------------------------------------------
_NUMBER = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$|[+-]?\d+\.\d+$")


def number(text: str) -> float:
    """A number with decimal comma or point; "1.200" is twelve hundred, as Dutch writes it."""
    plain = _plain(text).replace(" ", "")
    if not _NUMBER.match(plain):
        raise Unreadable(text)
    if "," in plain or re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    return float(plain)


def count(text: str) -> int:
    """A whole number, not negative."""
    value = number(text)
    if value < 0 or value != int(value):
        raise Unreadable(text)
    return int(value)


_YES = frozenset("ja j yes y true waar 1 x wel".split())
_NO = frozenset("nee n no false onwaar 0 neen niet".split())


def yesno(text: str) -> bool:
    """Yes or no."""
    plain = _plain(text).rstrip(".!")
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise Unreadable(text)


# --- dates -----------------------------------------------------------------------------------
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari feb febr february",
            "maart mrt mar march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "augustus aug august",
            "september sep sept",
            "oktober okt october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[ t]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/](\d{4})")
_WORDS = re.compile(r"(?:(\d{1,2}) )?([a-z]+)\.? (\d{4})")


def iso_date(text: str) -> str:
    """A date as ISO, of the precision in which it was written: 2026, 2026-03 or 2026-03-01.

    Day before month where both are numbers, as Dutch writes it.
    """
    plain = _plain(text)
    if found := _ISO.fullmatch(plain):
        return _checked(text, *found.groups())
    if found := _DAY_FIRST.fullmatch(plain):
        day, month, year = found.groups()
        return _checked(text, year, month, day)
    if found := _MONTH_YEAR.fullmatch(plain):
        month, year = found.groups()
        return _checked(text, year, month, None)
    if (found := _WORDS.fullmatch(plain)) and found[2] in _MONTHS:
        return _checked(text, found[3], str(_MONTHS[found[2]]), found[1])
    raise Unreadable(text)


def _checked(text: str, year: str | None, month: str | None, day: str | None) -> str:
    try:
        made = date(int(year or 0), int(month or 1), int(day or 1))
    except ValueError as error:
        raise Unreadable(text) from error
    if not 1900 <= made.year <= 2199:
        raise Unreadable(text)
    if day:
        return made.isoformat()
    return f"{made.year:04d}-{made.month:02d}" if month else f"{made.year:04d}"


# --- ages ------------------------------------------------------------------------------------
_AGE = re.compile(r"(\d+(?:[.,]\d+)?) ?(jaar|jr|j|maanden|maand|mnd|mdn|m|weken|week|wk)?\.?")
_AGE_RANGE = re.compile(
    r"(?:van |vanaf )?(\d+(?:[.,]\d+)?) ?(jaar|jr|maanden|maand|mnd)?\.? ?(-|tot en met|t/m|t\.e\.m\.|tem|tot) ?"
    r"(\d+(?:[.,]\d+)?) ?(jaar|jr|maanden|maand|mnd)?\.?"
)


@dataclass(frozen=True, slots=True)
class Age:
    """An age as written: whole months and whether it was given in years."""

    months: int
    in_years: bool


def age(text: str) -> Age:
    """An age in years ("12", "2,5", "12 jaar") or months ("9 mnd"), as whole months rounded down."""
    found = _AGE.fullmatch(_plain(text))
    if not found:
        raise Unreadable(text)
    return _age(text, found[1], found[2])


def _age(text: str, digits: str, unit: str | None) -> Age:
    value = float(digits.replace(",", "."))
    if unit and unit.startswith("m"):
        return Age(_reasonable(text, floor(value)), False)
    if unit and unit.startswith("w"):
        return Age(_reasonable(text, floor(value / (WEEKS_PER_YEAR / 12))), False)
    # 1e-9: 17,75 years is 213 months, whatever binary fractions make of it
    return Age(_reasonable(text, floor(value * 12 + 1e-9)), True)


def _reasonable(text: str, months: int) -> int:
    if not 0 <= months <= 120 * 12:
        raise Unreadable(text)
    return months


def age_range(text: str, reading: str = "t/m") -> tuple[int, int, bool] | None:
    """(from, until, whether ``reading`` decided) in months for a range in one cell; None for no range.

    "tot" excludes its year and "t/m" includes it; a dash is read as ``reading`` says.
    """
    plain = _plain(text)
    found = _AGE_RANGE.fullmatch(plain)
    if not found:
        return None
    low, low_unit, sign, high, high_unit = found.groups()
    start = _age(text, low, low_unit or high_unit)
    end = _age(text, high, high_unit or low_unit)
    through = sign not in ("tot", "-") or (sign == "-" and reading == "t/m")
    until = end.months + (12 if end.in_years else 1) if through else end.months
    return start.months, until, sign == "-"


# --- durations and waits -----------------------------------------------------------------------
_UNITS: Final = {
    **dict.fromkeys(("dag", "dagen", "d", "dgn", "day", "days"), "dag"),
    **dict.fromkeys(("werkdag", "werkdagen"), "werkdag"),
    **dict.fromkeys(("week", "weken", "wk", "wkn", "w", "weeks"), "week"),
    **dict.fromkeys(("maand", "maanden", "mnd", "mdn", "mnden", "month", "months"), "maand"),
    **dict.fromkeys(("jaar", "jaren", "jr", "year", "years"), "jaar"),
}
_NUMBER_WORDS: Final = {
    "een": 1.0,
    "één": 1.0,
    "anderhalf": 1.5,
    "anderhalve": 1.5,
    "half": 0.5,
    "halve": 0.5,
    "een half": 0.5,
    "een halve": 0.5,
    **{word: float(n) for n, word in enumerate("twee drie vier vijf zes zeven acht negen tien elf twaalf".split(), 2)},
}
_AMOUNT = (
    r"(?P<{0}n>\d+(?:[.,]\d+)?|" + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True)) + r")"
    r"(?: ?(?P<{0}u>" + "|".join(sorted(_UNITS, key=len, reverse=True)) + r")\b\.?)?"
)
_ONE = re.compile(_AMOUNT.format("a"))
_TWO = re.compile(_AMOUNT.format("a") + r" ?(?:-|tot en met|t/m|tot|à|a|/|en) ?" + _AMOUNT.format("b"))
_ABOUT = re.compile(r"^(?:±|~|ca\.?|circa|ongeveer|gemiddeld|gem\.|doorgaans|meestal|plusminus|\+/-) ?")
_LESS = re.compile(r"^(?:<=?|minder dan|korter dan|maximaal|max\.?|hooguit|hoogstens|tot|binnen|uiterlijk) ?")
_MORE = re.compile(r"^(?:>=?|meer dan|langer dan|minimaal|min\.|minstens|ten minste|vanaf) ?")
_NONE = re.compile(r"(geen( wachttijd| wachtlijst)?|direct|meteen|per direct|start direct.*|direct (start|plek|plaats).*|nul)\.?")
_STOP = re.compile(r"(aanmeldstop|clientenstop|cliëntenstop|patientenstop|opnamestop|stop|gesloten)\b(.*)")
_UNKNOWN = frozenset(
    "onbekend|?|-|n.v.t.|nvt|n.v.t|n.b.|nb|n.b|nnb|n.n.b.|in overleg|wisselend|wisselt|niet bekend|niet van toepassing|"
    "geen opgave|op aanvraag|afhankelijk".split("|")
)


@dataclass(frozen=True, slots=True)
class WrittenWait:
    """A wait as it was written: ``state`` getal, stop or onbekend; days whole, ``high`` None: "or longer"."""

    state: str
    low: float | None = None
    expected: float | None = None
    high: float | None = None
    closed_until: str | None = None
    weeks_assumed: bool = False


def duration(text: str) -> tuple[float, bool]:
    """(days, whether weeks were assumed for want of a unit) of one amount: "2 weken", "3 werkdagen"."""
    plain = _ABOUT.sub("", _plain(text))
    if _NONE.fullmatch(plain):
        return 0.0, False
    found = _ONE.fullmatch(plain)
    if not found:
        raise Unreadable(text)
    return whole_days(_days(found["an"], found["au"] or "week")), not found["au"] and found["an"] != "0"


def wait(text: str) -> WrittenWait:
    """A wait as people write it, by the table of CONTRACTS §4."""
    plain = _plain(text).rstrip(".") if _plain(text) not in _UNKNOWN else _plain(text)
    if plain in _UNKNOWN or _plain(text) in _UNKNOWN:
        return WrittenWait("onbekend")
    if _NONE.fullmatch(plain):
        return WrittenWait("getal", 0.0, 0.0, 0.0)
    if found := _STOP.fullmatch(plain):
        return WrittenWait("stop", closed_until=_stop_end(found[2]))
    plain = re.sub(r" ?\([^()]*\)$", "", plain)
    plain = _ABOUT.sub("", plain)
    if (found := _LESS.match(plain)) and (one := _ONE.fullmatch(plain[found.end() :])):
        days = _days(one["an"], one["au"] or "week")
        return _numbers(0.0, days / 2, days, not one["au"])
    if (found := _MORE.match(plain)) and (one := _ONE.fullmatch(plain[found.end() :])):
        return _at_least(_days(one["an"], one["au"] or "week"), not one["au"])
    if plain.endswith("+") and (one := _ONE.fullmatch(plain[:-1].strip())):
        return _at_least(_days(one["an"], one["au"] or "week"), not one["au"])
    if (one := re.fullmatch(r"(\d+)\+ ?([a-z]+)", plain)) and one[2] in _UNITS:
        return _at_least(_days(one[1], one[2]), False)
    if one := _ONE.fullmatch(plain):
        days = _days(one["an"], one["au"] or "week")
        return _numbers(days, days, days, not one["au"] and days > 0)
    if two := _TWO.fullmatch(plain):
        low = _days(two["an"], two["au"] or two["bu"] or "week")
        high = _days(two["bn"], two["bu"] or two["au"] or "week")
        if low > high:
            raise Unreadable(text)
        return _numbers(low, (low + high) / 2, high, not (two["au"] or two["bu"]))
    raise Unreadable(text)


def _days(digits: str, unit: str) -> float:
    amount = _NUMBER_WORDS.get(digits)
    if amount is None:
        amount = float(digits.replace(",", "."))
    return amount * DAYS_PER_UNIT[_UNITS[unit]]


def _numbers(low: float, expected: float, high: float, assumed: bool) -> WrittenWait:
    return WrittenWait("getal", whole_days(low), whole_days(expected), whole_days(high), weeks_assumed=assumed)


def _at_least(days: float, assumed: bool) -> WrittenWait:
    return WrittenWait("getal", whole_days(days), whole_days(days), None, weeks_assumed=assumed)


def _stop_end(rest: str) -> str | None:
    """The date until which a stop holds, where it is written so that it can only mean one."""
    found = re.search(r"(?:tot|t/m|tot en met) (.+)$", rest)
    if not found:
        return None
    try:
        return iso_date(found[1])
    except Unreadable:
        return None
