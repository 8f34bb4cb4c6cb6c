"""Who asks: how many families a year start where, with which age, theme and level, in one municipality.

The population stays what it is when routes or waits change (ANALYSES: the reference population is fixed).
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from ..landscape import Landscape, Settings
from ..locale import Locale
from ..profile import GENERAL, Profile

#: Levels of support that can be asked for; 4 (crisis and stay) only when it is named.
ALL_LEVELS = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Group:
    """Families that all conditions treat alike: an age band (months, half-open) and themes (slugs, the first stands for all).

    ``demand`` is families a year per level and start (node); in an unweighted population every combination of
    elementary band, theme and entry counts 1.
    """

    profile: Profile
    age_until: int
    themes: tuple[str, ...]
    demand: Mapping[int, Mapping[str, float]] = field(compare=False)

    def families(self, level: int) -> float:
        """All families of the group that ask for a level."""
        return sum(self.demand.get(level, {}).values())


@dataclass(frozen=True)
class Population:
    """The groups of one municipality.

    ``unplaced`` families a year start where nobody is known to be here; ``uncounted`` rows of vraag say no number.
    """

    municipality: str
    weighted: bool
    groups: tuple[Group, ...]
    unplaced: float = 0.0
    uncounted: int = 0

    @property
    def starts(self) -> tuple[str, ...]:
        """The nodes where anybody starts."""
        return tuple(dict.fromkeys(s for g in self.groups for by in g.demand.values() for s in by))


def is_weighted(
    landscape: Landscape,
    municipalities: Collection[str],
    ages: Sequence[int] = (),
    themes: Collection[str] = (),
    levels: Collection[int] = (),
) -> bool:
    """Whether table vraag says a number of families for any of what is asked (ages in months; all levels when empty)."""
    settings = landscape.settings
    return any(
        row["per_year"] is not None and _asked_years(row, settings, ages, themes) and (not levels or _asked_levels(row, levels))
        for m in municipalities
        for row in _rows(landscape, m)
    )


def population(
    locale: Locale,
    *,
    weighted: bool,
    levels: Sequence[int],
    ages: Sequence[int] = (),
    themes: Sequence[str] = (),
) -> Population:
    """The families of ``locale``; ``ages`` (months) and ``themes`` limit them.

    A number of table vraag is split equally over the ages by year that it names, and over the partners here that hold
    the role it names; it counts for every level where it names none. Of several years the latest counts.
    """
    if weighted:
        return _counted(locale, levels, ages, themes)
    return _one_each(locale, levels, ages, themes)


def _one_each(locale: Locale, levels: Sequence[int], ages: Sequence[int], themes: Sequence[str]) -> Population:
    each = {level: dict.fromkeys(locale.entries, 1.0) for level in levels}
    classes = [(t,) for t in themes] or locale.theme_classes()
    groups = []
    for same in classes:
        demand = {level: {s: n * len(same) for s, n in by.items()} for level, by in each.items()}
        bands = [(age, age + 12) for age in ages] or locale.bands(same[0])
        groups += [Group(Profile(locale.municipality, low, same[0]), high, same, demand) for low, high in bands]
    return Population(locale.municipality, False, tuple(groups))


def _counted(locale: Locale, levels: Sequence[int], ages: Sequence[int], themes: Sequence[str]) -> Population:
    found: dict[tuple[str, int, int], dict[int, dict[str, float]]] = {}
    bands: dict[str, tuple[tuple[int, int], ...]] = {}
    settings, unplaced, uncounted = locale.settings, 0.0, 0
    for row in _rows(locale.landscape, locale.municipality):
        theme = row["theme"] or GENERAL
        years, asked = _asked_years(row, settings, ages, themes), _asked_levels(row, levels)
        if not years or not asked:
            continue
        if row["per_year"] is None:
            uncounted += 1
            continue
        # all ages of the row share its number, those that are not asked for too
        a_year = row["per_year"] / len(_years(row, settings))
        starts = [node for node, _ in locale.nodes_of(row["entry"])]
        if not starts:
            unplaced += a_year * len({_year(age) for age in years})
            continue
        if theme not in bands:
            bands[theme] = locale.bands(theme)
        in_year = Counter(_year(age) for age in years)
        for age in years:
            # ages that are asked for in the same year share its families
            share = a_year / len(starts) / in_year[_year(age)]
            band = (age, age + 12) if age in ages else _band_of(age, bands[theme])
            at = found.setdefault((theme, *band), {})
            for level in asked:
                by = at.setdefault(level, {})
                for start in starts:
                    by[start] = by.get(start, 0.0) + share
    groups = [
        Group(Profile(locale.municipality, low, theme), high, (theme,), demand)
        for (theme, low, high), demand in sorted(found.items())
    ]
    return Population(locale.municipality, True, tuple(groups), unplaced, uncounted)


def _band_of(age: int, bands: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The elementary band (of ``bands``, in order) that an age lies in."""
    place = bisect(bands, (age, inf)) - 1
    return bands[place] if place >= 0 and age < bands[place][1] else (age, age + 12)


def _rows(landscape: Landscape, municipality: str) -> Iterable[Mapping[str, Any]]:
    """The rows of vraag about a municipality, of several years of one question the latest."""
    return landscape.derived(_by_municipality).get(municipality, {}).values()


def _by_municipality(landscape: Landscape) -> Mapping[str, Mapping[tuple[Any, ...], Mapping[str, Any]]]:
    """The rows of vraag by municipality, and there by what they ask."""
    found: dict[str, dict[tuple[Any, ...], Mapping[str, Any]]] = {}
    for row in landscape["demand"].iter_rows(named=True):
        latest = found.setdefault(row["municipality"], {})
        key = (row["theme"] or GENERAL, *(row[c] for c in ("entry", "age_from", "age_until", "level")))
        known = latest.get(key)
        if known is None or (row["year"] or 0) > (known["year"] or 0):
            latest[key] = row
    return found


def _asked_levels(row: Mapping[str, Any], levels: Collection[int]) -> list[int]:
    """Those of ``levels`` that a row counts for."""
    return [level for level in levels if row["level"] is None or int(row["level"]) == level]


def _asked_years(row: Mapping[str, Any], settings: Settings, ages: Sequence[int], themes: Collection[str]) -> list[int]:
    """The ages (months) for which a row counts: by year, or those of ``ages`` that lie in one of its years, as asked."""
    if themes and (row["theme"] or GENERAL) not in themes:
        return []
    years = _years(row, settings)
    return [a for a in ages if _year(a) in map(_year, years)] if ages else years


def _years(row: Mapping[str, Any], settings: Settings) -> list[int]:
    """The ages by year (months) that a row speaks of."""
    low = settings.age_from if row["age_from"] is None else row["age_from"]
    high = settings.age_until if row["age_until"] is None else row["age_until"]
    # a band within one year has no birthday in it: its lower end stands for it
    return list(range(-(-low // 12) * 12, high, 12)) or [low]


def _year(age: int) -> int:
    return age // 12
