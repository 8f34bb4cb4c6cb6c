"""How long a log tells of, and how many families a number per year must be about to be shown."""

from __future__ import annotations

from datetime import date
from typing import Final

_YEAR: Final = 365.25


def years_of(since: date, until: date) -> float:
    """The length of a period in years; a shorter one counts as a year, because the seasons differ."""
    return max(1.0, ((until - since).days + 1) / _YEAR)


def least(threshold: int, years: float) -> float:
    """The families in all years that make a number per year, rounded, no less than the threshold."""
    return max(threshold, (threshold - 0.5) * years) if threshold else 0
