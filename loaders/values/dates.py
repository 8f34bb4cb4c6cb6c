"""Dates as people write them, as ISO 8601 of the precision in which they were written, or an interval of two (EDTF level 0).

An interval stands for one date that is only known to lie in it: "voorjaar 2025" is 2025-03/2025-05.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from .text import Assumed, Read, Unreadable, alternatives, bracketed, is_unknown, plain, unaccented

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari feb febr february",
            "maart mrt mar march maa",
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
#: Meteorological seasons: whole months (https://www.knmi.nl/kennis-en-datacentrum/uitleg/seizoenen); winter runs into
#: the next year.
_SEASONS: Final = {"voorjaar": (3, 5), "lente": (3, 5), "zomer": (6, 8), "najaar": (9, 11), "herfst": (9, 11)}
#: Parts of a year in words, as months: what is meant is assumed, and said.
_PARTS: Final = {
    "begin": (1, 3),
    "medio": (5, 8),
    "midden": (5, 8),
    "eind": (10, 12),
    "einde": (10, 12),
    "najaar/winter": (9, 12),
}
#: Parts of a month in words, as days.
THIRDS: Final = {"begin": (1, 10), "half": (11, 20), "medio": (11, 20), "midden": (11, 20), "eind": (21, 31), "einde": (21, 31)}
_ORDINALS: Final = {
    "1e": 1,
    "1ste": 1,
    "eerste": 1,
    "2e": 2,
    "2de": 2,
    "tweede": 2,
    "3e": 3,
    "3de": 3,
    "derde": 3,
    "4e": 4,
    "4de": 4,
    "vierde": 4,
}
#: A school year runs from 1 August to 31 July (Wet op het primair onderwijs art. 1), one of higher education from
#: 1 September (WHW art. 1.1).
_SCHOOL: Final = {"schooljaar": 8, "studiejaar": 9, "academisch jaar": 9, "collegejaar": 9}
#: Words for a day that moves with the reader, and so for none.
_MOVING: Final = frozenset("vandaag heden nu thans gisteren morgen recent onlangs actueel binnenkort today now".split())
_ENDLESS: Final = frozenset(
    (
        "doorlopend",
        "lopend",
        "onbepaald",
        "onbepaalde tijd",
        "voor onbepaalde tijd",
        "geen einddatum",
        "geen",
        "blijvend",
        "permanent",
    )
)
#: Two-digit years up to this one are of this century (POSIX); said whenever used.
_PIVOT: Final = 68
#: Days of spreadsheets, counted from 1899-12-30: 1990-01-01 to 2099-12-31.
_SERIALS: Final = range(32874, 73051)
_EPOCH: Final = date(1899, 12, 30)

_MONTH: Final = rf"(?:{alternatives(MONTHS)})"
_FRONT: Final = re.compile(
    r"^(?:(?:per|d\.d\.|dd\.?|sinds|peildatum|datum|stand(?: per)?|bijgewerkt(?: op)?|versie|op|van|in|vanaf|"
    r"laatst gewijzigd(?: op)?|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|ma|di|wo|do|vr|za|zo)(?:\. |, |: ?| ))+"
)
_TIME: Final = re.compile(r"[t ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)? ?(?:z|[+-]\d{2}:?\d{2})?$")
_ABOUT: Final = re.compile(r"^(?:\u00b1|~|ca\.?|circa|ongeveer|rond|omstreeks) ?(?=[\da-z'])")

_ISO: Final = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_BASIC: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2 ?'?(\d{4}|\d{2})")
_MONTH_YEAR: Final = re.compile(r"(\d{1,2})[-/ ](\d{4})")
_WORDS: Final = re.compile(rf"(?:(\d{{1,2}})(?:e|ste|de)?[ .-]+)?({_MONTH})\.?(?: |-|, ?)('?)(\d{{4}}|\d{{2}})")
_ENGLISH: Final = re.compile(rf"({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})")
_MONTHS_OF: Final = re.compile(rf"({_MONTH})\.? ?(?:-|/|t/m|tot en met|en) ?({_MONTH})\.? (\d{{4}})")
_SEASON: Final = re.compile(rf"(?:het |de )?({'|'.join(_SEASONS)})(?: van)? '?(\d{{4}})")
_WINTER: Final = re.compile(r"(?:de )?winter(?: van)? (\d{4}) ?[-/] ?(\d{4}|\d{2})")
_QUARTER: Final = re.compile(
    r"(?:q|k|kw|kwartaal) ?([1-4])(?:[ -]|, ?| van )(\d{4})|(\d{4})[ -]?(?:q|k|kw|kwartaal ?)([1-4])|"
    rf"({alternatives(_ORDINALS)}) (?:kwartaal|kw\.?)(?: van)? (\d{{4}})"
)
_HALF: Final = re.compile(r"(?:(1e|1ste|eerste|2e|2de|tweede) (?:helft|half ?jaar|halfjaar)(?: van)? (\d{4})|h([12]) (\d{4}))")
_PART: Final = re.compile(rf"(begin|half|medio|midden|einde?)(?: van)? (?:({_MONTH})\.? )?(\d{{4}})")
_WEEK: Final = re.compile(r"(?:week|wk\.?) ?(\d{1,2})(?:[ ,-]| van | in )+(\d{4})|(\d{4})-?w(\d{2})")
_SCHOOL_YEAR: Final = re.compile(rf"({alternatives(_SCHOOL)}) '?(\d{{4}}|\d{{2}}) ?[-/] ?'?(\d{{4}}|\d{{2}})")
_YEARS: Final = re.compile(r"(\d{4}) ?(?:[-/]|t/m|tot en met) ?(\d{4})")
_THROUGH: Final = re.compile(r"(.{4,30}?)(?: t/m | tot en met |/)(.{4,30})")
_SERIAL: Final = re.compile(r"(\d{5})(?:[.,]\d+)?")


def written_date(text: str) -> Read[str]:
    """A date as ISO: 2026, 2026-03, 2026-03-01, or an interval of two: 2025-03/2025-05.

    Day before month where both are numbers, as Dutch writes it. Assumed and said: a century, a spreadsheet's serial
    number, and which months "voorjaar" and "begin" are. Raises Unreadable, with a proposal where the reading that is
    left is certain enough to ask for.
    """
    given = unaccented(plain(text))
    if is_unknown(given) or given in _ENDLESS:
        return Read(None)
    if given.rstrip(".!") in _MOVING:
        raise Unreadable(text, "date-moving")
    given = re.sub(r"^(\d{4})\.0$", r"\1", given)
    if found := _read(text, given):
        return found
    stripped = _TIME.sub("", _FRONT.sub("", given)).rstrip(".") or given
    if stripped != given and (found := _read(text, stripped)):
        return found
    apart = bracketed(stripped)
    about = _ABOUT.sub("", apart[0] if apart else stripped)
    if about != stripped and (found := _read(text, about)) and found.value:
        return Read(found.value, (*found.assumed, Assumed("remark-aside", found.value)))
    if re.fullmatch(r"(?:de )?winter (\d{4})", given):
        year = int(given[-4:])
        raise Unreadable(text, "date-unclear", f"winter {year - 1}-{year}")
    raise Unreadable(text)


def iso_date(text: str) -> str:
    """A date that leaves nothing to assume, as ISO; for settings and the command line. Raises Unreadable otherwise."""
    read = written_date(text)
    if read.value is None or read.assumed:
        raise Unreadable(text, suggestion=read.value)
    return read.value


def _read(text: str, given: str) -> Read[str] | None:
    """A plain date read in one of the forms below; None when it has no form of a date."""
    for form, made in _FORMS:
        if found := form.fullmatch(given):
            return made(text, *found.groups())
    return None


# --- one day, month or year ------------------------------------------------------------------------
def _iso(text: str, year: str, month: str | None, day: str | None) -> Read[str]:
    return Read(_checked(text, int(year), month, day))


def _checked(text: str, year: int, month: str | int | None, day: str | int | None) -> str:
    try:
        made = date(year, 1 if month is None else int(month), 1 if day is None else int(day))
    except ValueError as error:
        raise Unreadable(text, "date-impossible") from error
    if not 1900 <= made.year <= 2199:
        raise Unreadable(text, "date-impossible")
    if day is not None:
        return made.isoformat()
    return f"{year:04d}" if month is None else f"{year:04d}-{made.month:02d}"


def _century(digits: str) -> tuple[int, bool]:
    """A year of two or four digits, and whether its century was assumed."""
    year = int(digits)
    if len(digits) == 4:
        return year, False
    return year + (2000 if year <= _PIVOT else 1900), True


def _dated(text: str, year: str, month: str | int, day: str | None) -> Read[str]:
    full, assumed = _century(year)
    made = _checked(text, full, month, day)
    return Read(made, (Assumed("date-century", made),) if assumed else ())


def _day_first(text: str, day: str, _: str, month: str, year: str) -> Read[str]:
    if int(month) > 12 >= int(day):
        # 09/15/2016 can only be American, but then its neighbours probably are too: asked, not turned
        try:
            american = _checked(text, _century(year)[0], day, month)
        except Unreadable:
            raise Unreadable(text, "date-impossible") from None
        raise Unreadable(text, "date-unclear", american)
    return _dated(text, year, month, day)


def _month_year(text: str, month: str, year: str) -> Read[str]:
    return _dated(text, year, month, None)


def _words(text: str, day: str | None, month: str, quote: str, year: str) -> Read[str]:
    if day is None and len(year) == 2 and not quote and "-" not in plain(text):
        # "sept 26" is a month or a day
        raise Unreadable(text, "date-unclear", f"{_century(year)[0]}-{MONTHS[month]:02d}")
    return _dated(text, year, MONTHS[month], day)


def _english(text: str, month: str, day: str, year: str) -> Read[str]:
    return _dated(text, year, MONTHS[month], day)


def _serial(text: str, digits: str) -> Read[str] | None:
    if int(digits) not in _SERIALS:
        return None
    made = (_EPOCH + timedelta(days=int(digits))).isoformat()
    return Read(made, (Assumed("date-serial", made),))


# --- intervals -------------------------------------------------------------------------------------
def _between(text: str, low: str, high: str, code: str | None = None) -> Read[str]:
    if low > high:
        raise Unreadable(text, "date-impossible")
    made = f"{low}/{high}"
    return Read(made, (Assumed(code, made),) if code else ())


def _months(text: str, year: int, first: int, last: int, code: str | None = None) -> Read[str]:
    return _between(text, _checked(text, year, first, None), _checked(text, year, last, None), code)


def _months_of(text: str, first: str, last: str, year: str) -> Read[str]:
    return _months(text, int(year), MONTHS[first], MONTHS[last])


def _season(text: str, name: str, year: str) -> Read[str]:
    return _months(text, int(year), *_SEASONS[name], "date-period")


def _winter(text: str, first: str, second: str) -> Read[str]:
    if int(second) % 100 != (int(first) + 1) % 100:
        raise Unreadable(text, "date-impossible")
    start = int(first)
    return _between(text, _checked(text, start, 12, None), _checked(text, start + 1, 2, None), "date-period")


def _quarter(text: str, *found: str | None) -> Read[str]:
    number = int(found[0] or found[3] or _ORDINALS[found[4] or ""])
    year = int(found[1] or found[2] or found[5] or 0)
    return _months(text, year, 3 * number - 2, 3 * number)


def _half(text: str, word: str | None, year: str | None, digit: str | None, other: str | None) -> Read[str]:
    second = digit == "2" or (word or "").startswith(("2", "tweede"))
    return _months(text, int(year or other or 0), *((7, 12) if second else (1, 6)))


def _part(text: str, word: str, month: str | None, year: str) -> Read[str] | None:
    if month is None:
        return _months(text, int(year), *_PARTS[word], "date-period") if word in _PARTS else None
    first, last = THIRDS[word]
    start = _checked(text, int(year), MONTHS[month], first)
    end = _checked(text, int(year), MONTHS[month], min(last, _days_in(int(year), MONTHS[month])))
    return _between(text, start, end, "date-period")


def _days_in(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day if 1 <= year <= 9998 else 31


def _week(text: str, week: str | None, year: str | None, iso_year: str | None, iso_week: str | None) -> Read[str]:
    try:
        monday = date.fromisocalendar(int(year or iso_year or 0), int(week or iso_week or 0), 1)
    except ValueError as error:
        raise Unreadable(text, "date-impossible") from error
    low = _checked(text, monday.year, monday.month, monday.day)
    sunday = monday + timedelta(days=6)
    return _between(text, low, _checked(text, sunday.year, sunday.month, sunday.day))


def _school_year(text: str, name: str, first: str, second: str) -> Read[str]:
    start, assumed = _century(first)
    if int(second) % 100 != (start + 1) % 100:
        raise Unreadable(text, "date-impossible")
    month = _SCHOOL[name]
    low, high = _checked(text, start, month, None), _checked(text, start + 1, month - 1, None)
    return _between(text, low, high, "date-century" if assumed else None)


def _years(text: str, first: str, second: str) -> Read[str]:
    """Two years; CBS writes "2016/2017" for both years whole (Verklaring van tekens)."""
    return _between(text, _checked(text, int(first), None, None), _checked(text, int(second), None, None))


def _through(text: str, first: str, second: str) -> Read[str] | None:
    ends = [_read(text, part.strip()) for part in (first, second)]
    if not ends[0] or not ends[1] or not ends[0].value or not ends[1].value:
        return None
    low, high = ends[0].value.partition("/")[0], ends[1].value.rpartition("/")[2]
    if low[: len(high)] > high[: len(low)]:
        raise Unreadable(text, "date-impossible")
    made = f"{low}/{high}"
    codes = dict.fromkeys(a.code for e in ends if e for a in e.assumed)
    return Read(made, tuple(Assumed(code, made) for code in codes))


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[..., Read[str] | None]], ...]] = (
    (_ISO, _iso),
    (_BASIC, _iso),
    (_DAY_FIRST, _day_first),
    (_MONTH_YEAR, _month_year),
    (_WORDS, _words),
    (_ENGLISH, _english),
    (_YEARS, _years),
    (_SEASON, _season),
    (_WINTER, _winter),
    (_QUARTER, _quarter),
    (_HALF, _half),
    (_PART, _part),
    (_WEEK, _week),
    (_SCHOOL_YEAR, _school_year),
    (_MONTHS_OF, _months_of),
    (_SERIAL, _serial),
    (_THROUGH, _through),
)
