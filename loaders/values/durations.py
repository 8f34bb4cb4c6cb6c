"""Amounts of time: "2,5 maand", "anderhalf jaar", "1 jaar en 3 maanden", and ranges of them, in days (CONTRACTS §4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import floor
from typing import Final

from .numbers import number
from .text import NUMERALS, Assumed, Read, Unreadable, alternatives, is_unknown, plain, unaccented, without_fractions

WEEKS_PER_YEAR: Final = 52
DAYS_PER_UNIT: Final = {
    "uur": 1 / 24,
    "dag": 1.0,
    "werkdag": 7 / 5,
    "week": 7.0,
    "maand": WEEKS_PER_YEAR / 12 * 7,
    "kwartaal": WEEKS_PER_YEAR / 4 * 7,
    "jaar": WEEKS_PER_YEAR * 7.0,
}
#: No wait is longer than ten years: a larger number is a year, a telephone or a slip.
LONGEST_DAYS: Final = 10 * WEEKS_PER_YEAR * 7.0

_WRITTEN: Final = {
    "uur": "uur uren u hour hours",
    "dag": "dag dagen d dgn kalenderdag kalenderdagen etmaal day days",
    "werkdag": "werkdag werkdagen wkd wrkdgn",
    "week": "week weken wk wkn wks w weeks",
    "maand": "maand maanden mnd mdn mnden mnd's month months",
    "kwartaal": "kwartaal kwartalen",
    "jaar": "jaar jaren jr year years",
}
#: Slips seen in the wild (wwek and wekn in the NZa collection of 2018), and no other: a slip is never guessed.
_SLIPS: Final = {
    "week": "weeken wekn wwek wweken weekn weke wekem wkene weeks' weten weeek",
    "maand": "maannden maaanden maandne madnen maandden manden maadnen maaden maamden maaand",
    "dag": "dgaen daegn dagn daggen",
    "werkdag": "werdagen werkdgen werkdagn",
    "jaar": "jaaar jar",
}
UNITS: Final = {word: unit for unit, words in _WRITTEN.items() for word in words.split()}
SLIPS: Final = {word: unit for unit, words in _SLIPS.items() for word in words.split()}
_PLURAL: Final = {
    "uur": "uur",
    "dag": "dagen",
    "werkdag": "werkdagen",
    "week": "weken",
    "maand": "maanden",
    "kwartaal": "kwartalen",
    "jaar": "jaar",
}

_PARTS: Final = {
    "anderhalf": 1.5,
    "anderhalve": 1.5,
    "half": 0.5,
    "halve": 0.5,
    "een half": 0.5,
    "een halve": 0.5,
    "kwart": 0.25,
    "een kwart": 0.25,
    "driekwart": 0.75,
    "drie kwart": 0.75,
    "drie-kwart": 0.75,
    **{f"{word}en{half}": n + 0.5 for word, n in NUMERALS.items() if n < 10 for half in ("half", "halve", "eenhalf", "eenhalve")},
}
_WORDS: Final = {**{w: float(n) for w, n in NUMERALS.items()}, **_PARTS}
_UNIT: Final = alternatives([*UNITS, *SLIPS])
_NUMBER: Final = rf"\d{{1,4}}(?:[.,]\d{{1,17}})?|(?:{alternatives(_WORDS)})(?![a-z])"
_AMOUNT: Final = rf"({_NUMBER})(?: (en (?:een )?half|en (?:een )?halve))?(?: ?-?({_UNIT})(?![a-z]))?\.?"
_ONE: Final = re.compile(_AMOUNT)
_BOTH: Final = re.compile(rf"{_AMOUNT}(?:, ?| )(?:en )?{_AMOUNT}")
#: "een week of zes": Dutch for about six weeks.
_IDIOM: Final = re.compile(rf"een ({_UNIT})(?: |-)of(?: |-)({_NUMBER})")
_BETWEEN: Final = re.compile(
    r" ?(?:-|tot en met|t/m|t\.e\.m\.|tot maximaal|tot max\.?|tot|\u00e0|/)(?: ?)| a | of | tot ongeveer "
)


@dataclass(frozen=True, slots=True)
class Amount:
    """Some time: its days, the unit that was written (None: none was) and whether that was a known slip."""

    days: float
    number: float
    unit: str | None
    slip: bool = False

    def of(self, unit: str) -> Amount:
        """The same number of another unit."""
        return Amount(self.number * DAYS_PER_UNIT[unit], self.number, unit, self.slip)


@dataclass(frozen=True, slots=True)
class Span:
    """From one amount of time to another, both the same for a single one."""

    low: Amount
    high: Amount
    assumed_weeks: bool

    @property
    def slip(self) -> bool:
        return self.low.slip or self.high.slip

    def written(self) -> str:
        """The span as it can be read back without assuming anything."""
        if self.low == self.high:
            return _written(self.low)
        if self.low.unit == self.high.unit:
            return f"{_number(self.low.number)} - {_written(self.high)}"
        return f"{_written(self.low)} tot {_written(self.high)}"


def whole_days(days: float) -> float:
    """Days rounded to whole days, halves up."""
    return float(floor(days + 0.5))


def simplified(text: str) -> str:
    """A plain text without accents, with ½ as a decimal: what the patterns of time are made for."""
    return unaccented(without_fractions(plain(text)))


def amount(text: str) -> Amount | None:
    """One amount in a simplified text, alone or composed ("1 jaar en 3 maanden"); None where it is not."""
    if found := _ONE.fullmatch(text):
        return _amount(*found.groups())
    if found := _BOTH.fullmatch(text):
        first, second = _amount(*found.groups()[:3]), _amount(*found.groups()[3:])
        larger = first.unit and second.unit and DAYS_PER_UNIT[first.unit] > DAYS_PER_UNIT[second.unit]
        # "10 en 12 weken" are two waits, "1 jaar en 3 maanden" is one
        if larger and second.days < DAYS_PER_UNIT[first.unit or "jaar"]:
            days = first.days + second.days
            unit = second.unit or "week"
            return Amount(days, days / DAYS_PER_UNIT[unit], unit, first.slip or second.slip)
    if found := _IDIOM.fullmatch(text):
        return _amount(found[2], None, found[1])
    return None


def _amount(digits: str, half: str | None, unit: str | None) -> Amount:
    value = _WORDS[digits] if digits in _WORDS else float(digits.replace(",", "."))
    value += 0.5 if half else 0.0
    named = UNITS.get(unit or "") or SLIPS.get(unit or "")
    return Amount(value * DAYS_PER_UNIT[named or "week"], value, named, (unit or "") in SLIPS)


def span(text: str) -> Span | None:
    """One amount or a range of two in a simplified text; None where it is neither, or runs backwards.

    Weeks are assumed where neither side has a unit; a side without one has that of the other.
    """
    text = text.strip()
    one = amount(text)
    if one:
        return Span(one, one, one.unit is None) if one.days <= LONGEST_DAYS else None
    for sign in _BETWEEN.finditer(text):
        first, second = amount(text[: sign.start()].strip()), amount(text[sign.end() :].strip())
        if first and second:
            return _range(first, second, sign[0].strip(), text)
    return None


def _range(first: Amount, second: Amount, sign: str, text: str) -> Span | None:
    unit = second.unit or first.unit or "week"
    low = first if first.unit else first.of(unit)
    high = second if second.unit else second.of(unit)
    # "3/4 jaar" may be nine months or three to four years
    fraction = sign == "/" and low.number < high.number <= 4 and not re.search(r"(?:weken|maanden|dagen|wkn|mnden)\b", text)
    if fraction or low.days > high.days or high.days > LONGEST_DAYS:
        return None
    return Span(low, high, not (first.unit or second.unit))


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".").replace(".", ",")


def _written(amount_: Amount) -> str:
    unit = amount_.unit or "week"
    return f"{_number(amount_.number)} {unit if amount_.number == 1 else _PLURAL[unit]}"


#: An amount with its unit anywhere in a text, to tell of one that could not be read as a whole.
WITH_UNIT: Final = re.compile(
    rf"(?<![\w,.])(?:{_NUMBER})(?: ?(?:-|tot|t/m|a|of) ?(?:{_NUMBER}))? ?-?(?:{alternatives(UNITS)})(?![a-z])", re.IGNORECASE
)

_ABOUT: Final = re.compile(
    r"^(?:\u00b1|~|\u2248|\+/-|\+-|ca\.?|circa|ongeveer|ong\.|gemiddeld|gem\.|plusminus|meestal|doorgaans)(?![a-z]) ?"
)
_AT_ONCE: Final = frozenset(("direct", "meteen", "onmiddellijk", "geen", "nul", "per direct", "zelfde dag", "dezelfde dag"))


def duration(text: str) -> Read[float]:
    """Days of one amount of time: "2 weken", "3 werkdagen", "direct". Weeks are assumed for want of a unit, and said."""
    given = simplified(text)
    if is_unknown(given):
        return Read(None)
    given = _ABOUT.sub("", given).rstrip(".") or given
    if given in _AT_ONCE:
        return Read(0.0)
    found = span(given)
    if not found or found.low != found.high:
        raise Unreadable(text)
    return Read(whole_days(found.low.days), assumptions(found))


def assumptions(found: Span) -> tuple[Assumed, ...]:
    """What was assumed about the units of a span."""
    said = found.written()
    codes = []
    if found.assumed_weeks and found.high.days > 0:
        codes.append(Assumed("weeks-assumed", said))
    if found.slip:
        codes.append(Assumed("spelling", said))
    return tuple(codes)


def weeks(text: str) -> Read[float]:
    """Weeks in a column that asks for weeks: a bare number, or an amount of time with its unit ("3 maanden" is 13)."""
    try:
        return number(text)
    except Unreadable:
        found = span(_ABOUT.sub("", simplified(text)).rstrip("."))
        if not found or found.low != found.high:
            raise
    slips = (Assumed("spelling", found.written()),) if found.slip else ()
    return Read(round(found.low.days / 7, 4), slips)
