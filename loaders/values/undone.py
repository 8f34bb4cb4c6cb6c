"""Ranges that a spreadsheet turned into dates ("3-5" → 3 May), and back again where only one range can be meant."""

from __future__ import annotations

import re
from typing import Final

from .dates import MONTHS
from .text import plain, unaccented

_DAY_MONTH: Final = re.compile(r"(\d{1,2})-([a-z]{3,9})\.?")
_MONTH_YEAR: Final = re.compile(r"([a-z]{3,9})\.?-(\d{2})")
_DATE: Final = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?|"
    r"(?P<d2>\d{1,2})[-/](?P<m2>\d{1,2})[-/](?P<y2>\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?|"
    r"(?P<d3>\d{1,2})-(?P<m3>[a-z]{3,9})\.?-(?P<y3>\d{2}|\d{4})"
)


def looks_like_date(text: str) -> bool:
    """Whether a plain text is shaped like a date that a spreadsheet makes of a range."""
    return _read(text) is not None


def undone(text: str) -> str | None:
    """The range that was typed before a spreadsheet made a date of it; None where more than one may have been.

    "3-mei" was 3-5 and "dec-18" was 12-18. A full date (2026-05-03) has lost how it was shown: it was 3-5, unless
    it is the first of a month, which may have been 1-5 as well as 5-26. A range that would run backwards ("12-mei",
    12-5) means that the months were written first, or that it was a date after all: nothing is undone.
    """
    found = _read(unaccented(plain(text)))
    if found is None:
        return None
    day, month, year = found
    if day is None:
        # up to 12 a spreadsheet would have made a day of it: "jan-05" was never typed as 1-5
        return f"{month}-{year % 100}" if year is not None and year % 100 > 12 else None
    if day > month or (day == 1 and year is not None and year % 100 > month):
        return None
    return f"{day}-{month}"


def _read(text: str) -> tuple[int | None, int, int | None] | None:
    """(day, month, year) of a date as spreadsheets show it; None for any other text."""
    if (found := _DAY_MONTH.fullmatch(text)) and (month := MONTHS.get(found[2])):
        return (int(found[1]), month, None) if 1 <= int(found[1]) <= 31 else None
    if (found := _MONTH_YEAR.fullmatch(text)) and (month := MONTHS.get(found[1])):
        return None, month, int(found[2])
    if found := _DATE.fullmatch(text):
        parts = [found[a] or found[b] or found[c] for a, b, c in (("d", "d2", "d3"), ("m", "m2", "m3"), ("y", "y2", "y3"))]
        number = MONTHS.get(parts[1], 0) if parts[1].isalpha() else int(parts[1])
        if 1 <= number <= 12 and 1 <= int(parts[0]) <= 31:
            return int(parts[0]), number, int(parts[2])
    return None
