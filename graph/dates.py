"""Dates of reduced precision: 2026, 2026-03 and 2026-03-01 are all dates, and stay what they were."""

from __future__ import annotations

import calendar
from datetime import date


def last_day(text: str) -> date:
    """The last day that ``text`` (ISO, year, month or day) can mean."""
    parts = [int(p) for p in text.split("-")]
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], calendar.monthrange(parts[0], parts[1])[1])
    return date(*parts)


def first_day(text: str) -> date:
    """The first day that ``text`` can mean."""
    parts = [int(p) for p in text.split("-")]
    return date(*(parts + [1, 1])[:3])


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
