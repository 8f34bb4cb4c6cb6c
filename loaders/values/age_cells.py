"""The age cells of one row together: from, until and through, each with an age or with a range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .ages import Age, AgeRange, age, age_range, before_birth
from .text import Assumed, Unreadable


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something about one cell: its column, the code of the finding, and a proposal or how it was read."""

    column: str
    code: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Ages:
    """The ages of a row in half-open months, whether the setting for a dash was used, and what was wrong or assumed."""

    low: int | None
    until: int | None
    by_setting: bool
    troubles: tuple[Trouble, ...]


def age_cells(cells: Mapping[str, str | None], reading: str) -> Ages:
    """The cells age_from, age_until and age_through as one range; what contradicts an earlier cell is a trouble of its own."""
    ends: dict[str, tuple[int, str]] = {}  # low, until → (months, the column that said so)
    troubles: list[Trouble] = []
    by_setting = False
    for column in ("age_from", "age_until", "age_through"):
        text = cells.get(column)
        if text is None:
            continue
        try:
            if column == "age_from" and before_birth(text):
                found = AgeRange(0, None, assumed=(Assumed("age-before-birth", "0"),))
            else:
                found = age_range(text, reading) or _single(column, age(text))
        except Unreadable as error:
            troubles.append(Trouble(column, error.code, error.suggestion))
            continue
        by_setting |= found.by_setting
        troubles += [Trouble(column, a.code, a.read_as) for a in found.assumed]
        for end, months in (("low", found.low), ("until", found.until)):
            if months is not None and ends.setdefault(end, (months, column))[0] != months:
                troubles.append(Trouble(column, "bad-value"))
    low, until = ends.get("low"), ends.get("until")
    if low and until and low[0] >= until[0]:
        return Ages(None, None, by_setting, (*troubles, Trouble(until[1], "bad-range")))
    return Ages(low[0] if low else None, until[0] if until else None, by_setting, tuple(troubles))


def _single(column: str, found: Age) -> AgeRange:
    """One age in its column: where a range begins, where it ends, or the last age in it."""
    if column == "age_from":
        return AgeRange(found.months, None)
    if column == "age_until":
        return AgeRange(None, found.months)
    return AgeRange(None, found.months + (12 if found.in_years else 1))
