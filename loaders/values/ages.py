"""Ages as half-open months: one age, and a range in one cell ("0-18", "t/m 17", "12+", "basisschool")."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import floor
from typing import Final

from .age_words import AGE_WORDS, BEFORE_BIRTH, DOUBTFUL, school_class, school_group
from .durations import WEEKS_PER_YEAR
from .text import NUMERALS, Assumed, Unreadable, alternatives, bracketed, is_unknown, plain, unaccented, without_fractions
from .undone import looks_like_date, undone

_OLDEST: Final = 120 * 12
_UNIT: Final = r"(?:jaar|jaren|jr|j|jarigen|jarige|-jarigen|-jarige|maanden|maand|mnd|mdn|m|weken|week|wk)(?![a-z])\.?"
_NUMBER: Final = rf"\d{{1,4}}(?:[.,]\d{{1,17}})?|(?:{alternatives(NUMERALS)})(?![a-z])"
_AGE: Final = re.compile(rf"({_NUMBER}) ?({_UNIT})?\.?")
_SIGN: Final = r"-|tot en met|t/m|t\.e\.m\.|tem|tot|en|&|\u00e0|a"
_RANGE: Final = re.compile(
    rf"(?:van|vanaf|tussen|leeftijd:?)?(?: de)? ?({_NUMBER}) ?({_UNIT})?(?:-? ?)({_SIGN}) ?(?:de )?({_NUMBER}) ?({_UNIT})?"
)
_ONE: Final = rf"({_NUMBER}) ?({_UNIT})?"
_FROM: Final = re.compile(
    rf"(?:vanaf|>=|\u2265)(?: de)? ?{_ONE}(?: en ouder)?|"
    rf"{_ONE} ?(?:\+|plus|-plus|plussers|(?:en|of) (?:ouder|meer|hoger))|({_NUMBER}) ?\+ ?({_UNIT})"
)
_UNTIL: Final = re.compile(
    rf"(?:tot|<|jonger dan|onder(?: de)?|beneden(?: de)?)(?: de)? ?{_ONE}|{_ONE} ?(?:-|min|-min|minners|en jonger dan)"
)
_THROUGH: Final = re.compile(
    rf"(?:t/m|tot en met|t\.e\.m\.|tem|<=|\u2264|maximaal|max\.?|hoogstens)(?: de)? ?{_ONE}|{_ONE} (?:en|of) jonger"
)
_OVER: Final = re.compile(rf"(?:>|ouder dan|boven(?: de)?)(?: de)? ?({_NUMBER}) ?({_UNIT})?")
_UNBORN: Final = re.compile(rf"(?:vanaf |van )?(?:{alternatives(BEFORE_BIRTH)})(?: ?(-|tot en met|t/m|tot) ?(.+))?")
#: "0-18 jaar en hun ouders": for whom, which has a column of its own.
_WITH_PARENTS: Final = re.compile(
    r"(.{1,60}?)(?:,| en| met| \+) ((?:hun |de |haar )?(?:ouders?|gezin(?:nen)?|ouder\(s\)|verzorgers|opvoeders).{0,40})"
)
_ENDED: Final = re.compile(r"(vanaf|tot en met|t/m|tot)(?: de)? (.+)")
_GROUP: Final = re.compile(r"(groep|klas)(?:en)? (\d)(?: ?(?:t/m|tot en met|-|/|en) ?(\d))?")


@dataclass(frozen=True, slots=True)
class Age:
    """An age as written: whole months and whether it was given in years."""

    months: int
    in_years: bool


@dataclass(frozen=True, slots=True)
class AgeRange:
    """A range of ages in one cell, in half-open months; None where it has no end, or says nothing.

    ``by_setting``: a dash was read as the region's setting says.
    """

    low: int | None
    until: int | None
    by_setting: bool = False
    assumed: tuple[Assumed, ...] = ()


def age(text: str) -> Age:
    """An age in years ("12", "2,5", "12 jaar") or months ("9 mnd"), as whole months rounded down."""
    found = _AGE.fullmatch(_simplified(text))
    if not found:
        raise Unreadable(text)
    return _age(text, found[1], found[2])


def _simplified(text: str) -> str:
    return unaccented(without_fractions(plain(text)))


def _age(text: str, digits: str, unit: str | None) -> Age:
    value = float(NUMERALS[digits]) if digits in NUMERALS else float(digits.replace(",", "."))
    kind = (unit or "j").lstrip("-")
    if kind.startswith("m"):
        return Age(_reasonable(text, floor(value)), False)
    if kind.startswith("w"):
        return Age(_reasonable(text, floor(value / (WEEKS_PER_YEAR / 12))), False)
    # 1e-9: 17,75 years is 213 months, whatever binary fractions make of it
    return Age(_reasonable(text, floor(value * 12 + 1e-9)), True)


def _reasonable(text: str, months: int) -> int:
    if not 0 <= months <= _OLDEST:
        raise Unreadable(text)
    return months


def _including(last: Age) -> int:
    """The month after an age that is included: a year in years, a month in months."""
    return last.months + (12 if last.in_years else 1)


def age_range(text: str, reading: str = "t/m") -> AgeRange | None:
    """A range of ages in one cell; None where the cell holds one plain age, or nothing that this function knows.

    "tot" excludes its year and "t/m" includes it; a dash and "tussen" are read as ``reading`` says. Before birth
    ("-9 maanden") counts as birth, and that is said; so is every word ("basisschool"). Raises Unreadable for a range that
    can mean several things, with a proposal.
    """
    given = _simplified(text)
    if is_unknown(given):
        return AgeRange(None, None)
    if looks_like_date(given):
        return _undone(text, reading)
    if _AGE.fullmatch(given):
        return None
    for tried in (given, given.rstrip(" .;,*")):
        if found := _open(text, tried) or _closed(text, tried, reading) or _in_words(text, tried):
            return found
    if minus := re.fullmatch(r"-(\d{1,2})(?: ?jaar)?", given):
        # under eighteen, or a slip of the pen
        raise Unreadable(text, suggestion=f"tot {minus[1]} jaar")
    return _with_remark(given, reading)


def _with_remark(given: str, reading: str) -> AgeRange | None:
    """A range with a remark in brackets or about parents, the remark left aside."""
    parents = _WITH_PARENTS.fullmatch(given)
    apart = bracketed(given) or ((parents[1], parents[2]) if parents else None)
    if apart is None or re.search(r"\d", apart[1]):
        return None
    main = apart[0].strip()
    inner = age_range(main, reading)
    return replace(inner, assumed=(*inner.assumed, Assumed("remark-aside", main))) if inner else None


def _undone(text: str, reading: str) -> AgeRange:
    """A range that a spreadsheet turned into a date."""
    back = undone(text)
    found = _closed(text, back, reading) if back else None
    if not back or not found:
        raise Unreadable(text, "excel-date")
    return AgeRange(found.low, found.until, found.by_setting, (Assumed("excel-range", back.replace("-", f" {reading} ")),))


def _groups(found: re.Match[str]) -> tuple[str, str | None]:
    """The number and unit of whichever alternative of a pattern was met."""
    groups = found.groups()
    return next((groups[n], groups[n + 1]) for n in range(0, len(groups), 2) if groups[n])


def _open(text: str, given: str) -> AgeRange | None:
    """A range with one end."""
    if found := _THROUGH.fullmatch(given):
        return AgeRange(None, _including(_age(text, *_groups(found))))
    if found := _UNTIL.fullmatch(given):
        return AgeRange(None, _age(text, *_groups(found)).months)
    if found := _FROM.fullmatch(given):
        return AgeRange(_age(text, *_groups(found)).months, None)
    if found := _OVER.fullmatch(given):
        # whether a child of twelve and a half is older than 12 is for the one who wrote it to say
        over = _age(text, *_groups(found))
        raise Unreadable(text, suggestion=f"vanaf {over.months // 12 + 1} jaar" if over.in_years else None)
    if found := _UNBORN.fullmatch(given):
        return _from_before_birth(text, found)
    return None


def before_birth(text: str) -> bool:
    """Whether a cell says no more than a time before birth ("-9 mnd", "zwangerschap")."""
    found = _UNBORN.fullmatch(_simplified(text))
    return found is not None and not found[1]


def _from_before_birth(text: str, found: re.Match[str]) -> AgeRange:
    if not found[1]:
        if found[0].startswith(("vanaf", "van ")):
            return AgeRange(0, None, assumed=(Assumed("age-before-birth", "vanaf 0 jaar"),))
        # pregnancy alone is no age of a child: it says for whom, not how old
        raise Unreadable(text, "age-doubtful")
    last = _AGE.fullmatch(found[2])
    if not last:
        raise Unreadable(text)
    end = _age(text, last[1], last[2])
    through = found[1] in ("t/m", "tot en met")
    read_as = f"0 {'t/m' if through else 'tot'} {found[2]}"
    return AgeRange(0, _including(end) if through else end.months, found[1] == "-", (Assumed("age-before-birth", read_as),))


def _closed(text: str, given: str, reading: str) -> AgeRange | None:
    """A range with two ends."""
    found = _RANGE.fullmatch(given)
    if not found:
        return None
    low, low_unit, sign, high, high_unit = found.groups()
    start = _age(text, low, low_unit or high_unit)
    end = _age(text, high, high_unit or low_unit)
    between = given.startswith("tussen")
    if sign in ("en", "&", "a", "\u00e0") and not between:
        # "16 en 17 jaar" are two years, "4 en 12 jaar" is not clear
        if end.months - start.months != 12 or not end.in_years:
            raise Unreadable(text, suggestion=f"{low} t/m {high} jaar")
        return AgeRange(start.months, _including(end))
    by_setting = sign == "-" or between
    through = sign != "tot" and (not by_setting or reading == "t/m")
    until = _including(end) if through else end.months
    if until <= start.months:
        raise Unreadable(text, "bad-range" if start.months > end.months else "bad-value")
    return AgeRange(start.months, until, by_setting)


def _in_words(text: str, given: str) -> AgeRange | None:
    """A word for ages, or two that follow on each other."""
    if word := AGE_WORDS.get(given):
        return AgeRange(word.low, word.until, assumed=(Assumed("age-word", word.written),))
    if given in DOUBTFUL:
        raise Unreadable(text, "age-doubtful", DOUBTFUL[given])
    if found := _GROUP.fullmatch(given):
        return _school(text, found)
    if ended := _ENDED.fullmatch(given):
        inner = _in_words(text, ended[2])
        return _with_one_end(inner, ended[1]) if inner else None
    for sign in re.finditer(r" ?(?: en | & |/| t/m | tot en met | tot | - |-) ?", given):
        first, second = AGE_WORDS.get(given[: sign.start()].strip()), AGE_WORDS.get(given[sign.end() :].strip())
        if first and second and first.low <= second.low and (first.until is None or first.until >= second.low):
            until = second.low if sign[0].strip() == "tot" else second.until
            written = f"{first.low // 12} tot {until // 12} jaar" if until else f"vanaf {first.low // 12} jaar"
            return AgeRange(first.low, until, assumed=(Assumed("age-word", written),))
    return None


def _with_one_end(word: AgeRange, sign: str) -> AgeRange:
    """A word with one end: "vanaf groep 3", "tot de basisschool", "t/m groep 8"."""
    low, until = (word.low, None) if sign == "vanaf" else (None, word.low if sign == "tot" else word.until)
    written = f"vanaf {(low or 0) // 12} jaar" if sign == "vanaf" else f"tot {(until or 0) // 12} jaar"
    return AgeRange(low, until, assumed=(Assumed("age-word", written),))


def _school(text: str, found: re.Match[str]) -> AgeRange:
    months, last = (school_group, 8) if found[1] == "groep" else (school_class, 6)
    first, final = int(found[2]), int(found[3] or found[2])
    if not 1 <= first <= final <= last:
        raise Unreadable(text)
    low, until = months(first)[0], months(final)[1]
    return AgeRange(low, until, assumed=(Assumed("age-word", f"{low // 12} t/m {until // 12 - 1} jaar"),))
