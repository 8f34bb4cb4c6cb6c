"""Dates of reduced precision (2026, 2026-03, 2026-03-01) and intervals of two (2025-03/2025-05), which stay what they were.

An interval is one date that is only known to lie in it, as ISO 8601 and EDTF level 0 write it. As text these do not
sort by time ("2026" comes before "2026-03", "2025-03/2025-05" after "2025-04"): compare with :func:`first_day`,
:func:`last_day` or :func:`latest`.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date


def last_day(text: str) -> date:
    """The last day that ``text`` (ISO: year, month, day or interval) can mean."""
    parts = [int(p) for p in text.rpartition("/")[2].split("-")]
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], calendar.monthrange(parts[0], parts[1])[1])
    return date(*parts)


def first_day(text: str) -> date:
    """The first day that ``text`` can mean."""
    parts = [int(p) for p in text.partition("/")[0].split("-")]
    return date(*(parts + [1, 1])[:3])


def sort_key(text: str) -> tuple[date, date, str]:
    """The place of a date among dates: by the last day it can mean, then the more precise one later, then as text."""
    return last_day(text), first_day(text), text


def latest(dates: Iterable[str | None]) -> str | None:
    """The latest of some dates, by the last day that each can mean; None when there is none."""
    return max((d for d in dates if d), key=sort_key, default=None)


def earliest(dates: Iterable[str | None]) -> str | None:
    """The earliest of some dates, by the last day that each can mean; None when there is none."""
    return min((d for d in dates if d), key=sort_key, default=None)


def months_before(day: date, months: int) -> date:
    """The day ``months`` whole months before ``day`` (the month's last day where it is shorter)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def outdated(as_of: str | None, reference: str, after_months: int) -> bool:
    """Whether a fact of ``as_of`` is too old on the reference date; an undated one always is.

    A date of reduced precision gets the benefit of the doubt: 2024 counts as its last day.
    """
    if not as_of:
        return True
    return last_day(as_of) < months_before(first_day(reference), after_months)
