"""A profile: the municipality, age and theme for which a question is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

#: The theme that fits every question.
GENERAL = "algemeen"
DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Profile:
    """Where a family lives (code), the child's age in whole months and the theme (slug).

    ``age`` or ``theme`` is None where the question leaves it open.
    """

    municipality: str
    age: int | None = None
    theme: str | None = None


def age_fits(age: int | None, age_from: int | None, age_until: int | None) -> bool:
    """Whether ``age`` (months) lies in the half-open range; an open question or end fits."""
    if age is None:
        return True
    return (age_from is None or age_from <= age) and (age_until is None or age < age_until)


def theme_fits(asked: Sequence[str] | None, given: Collection[str] | None) -> bool:
    """Whether themes ``given`` answer a question whose theme and broader themes are ``asked``."""
    if asked is None or not given:
        return True
    # plain loops: this is asked millions of times for a nation
    for theme in asked:
        if theme in given:
            return True
    return GENERAL in given


def elementary_bands(boundaries: Iterable[int | None], low: int, high: int) -> tuple[tuple[int, int], ...]:
    """The age bands (months, half-open) between all ``boundaries`` that fall in [low, high).

    Within a band no condition changes, so one age stands for all of it.
    """
    cuts = sorted({low, high, *(b for b in boundaries if b is not None and low < b < high)})
    return tuple(pairwise(cuts))


def covers(areas: Collection[str] | None, municipality: str, region: Collection[str]) -> bool:
    """Whether ``areas`` (codes, or regio / landelijk) hold ``municipality``; nothing given: not said."""
    if not areas:
        return False
    if municipality in areas or "landelijk" in areas:
        return True
    return "regio" in areas and (not region or municipality in region)
