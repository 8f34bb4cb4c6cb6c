"""The coverage cube: per municipality, age, theme and level whether a registered way leads to help, and how long it takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ...landscape import Landscape
from ...locale import Locale
from ...places import Offering
from ...profile import Profile
from ...profiles.arrivals import Arrivals
from ...profiles.holding import Holding
from ...waiting import WEEK
from ..common import years
from ..norms import FIRST_APPOINTMENT, Norm, Norms

Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]
Floats = NDArray[np.float64]
Places = NDArray[np.intp]

STATUSES: Final = ("ok", "te lang", "aanmeldstop", "geen route", "geen aanbod", "onbekend")
"""Of a cell, by their code: the first is a way within the norm (or without a norm), the last a time that is not known."""
OK, TOO_LONG, _, _, _, UNKNOWN = range(len(STATUSES))
_CODE: Final = {status: code for code, status in enumerate(STATUSES)}


@dataclass(frozen=True, slots=True)
class Cell:
    """One run of ages (months, half-open) of one municipality (code), theme and level for which the answer is the same.

    ``days``: expected days of the fastest way from any entry to the first appointment, None without a way. ``norm``:
    the norm in weeks that it was compared with. ``elsewhere``: the other municipalities of the region that are "ok" at
    every one of these ages.
    """

    municipality: str
    theme: str
    level: int
    age_from: int
    age_until: int
    status: str
    days: float | None
    norm: float | None
    elsewhere: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The cell as CONTRACTS §6 names it: ages in years, time in weeks."""
        return {
            "municipality": self.municipality,
            "theme": self.theme,
            "level": self.level,
            "age_from": years(self.age_from),
            "age_until": years(self.age_until),
            "status": self.status,
            "weeks": None if self.days is None else self.days / WEEK,
            "norm": self.norm,
            "elsewhere": list(self.elsewhere),
        }


class Ground:
    """One municipality and all profiles that its conditions tell apart: a theme class and an elementary age band each.

    ``ages`` (months, half-open) limit the bands, ``themes`` (slugs; not empty) are those of which the classes are made.
    """

    def __init__(self, locale: Locale, ages: tuple[int, int], themes: Sequence[str]) -> None:
        self.locale = locale
        self.code = locale.municipality
        wanted = set(themes)
        classes = (tuple(t for t in same if t in wanted) for same in locale.theme_classes(themes))
        #: The themes that get the same answers here, together.
        self.classes = tuple(same for same in classes if same)
        bands: list[tuple[int, int, int]] = []
        for number, same in enumerate(self.classes):
            for low, high in locale.bands(same[0]):
                inside = max(low, ages[0]), min(high, ages[1])
                if inside[0] < inside[1]:
                    bands.append((number, *inside))
        #: Class, first age and last age (months, half-open) of every profile, in that order.
        self.class_of, self.low, self.high = np.array(bands, dtype=np.intp).reshape(-1, 3).T
        self.profiles = tuple(Profile(self.code, low, self.classes[number][0]) for number, low, _ in bands)

    @cached_property
    def holding(self) -> Holding:
        """Which conditions hold for each profile."""
        return Holding(self.locale, self.profiles)

    @cached_property
    def offered(self) -> tuple[tuple[Offering, Flags], ...]:
        """The offerings here but those for safety, each with the profiles (columns) that it fits."""
        return tuple(
            (o, self.holding.fits(o.themes, o.age_from, o.age_until))
            for o in self.locale.offerings.values()
            if not self.locale.is_safety(o.partner)
        )

    @cached_property
    def every(self) -> Flags:
        """Every profile."""
        return np.ones(len(self.profiles), dtype=bool)

    def within(self, theme: str | None, low: int, high: int) -> Flags:
        """The profiles of a theme (None: of all themes) with an age between two ages (months, half-open)."""
        of_theme = self.every
        if theme is not None:
            of_theme = np.array([theme in same for same in self.classes])[self.class_of]
        inside: Flags = of_theme & (self.low < high) & (self.high > low)
        return inside

    def runs(self, flags: Flags) -> Iterator[tuple[tuple[str, ...], int, int]]:
        """The maximal runs of ages for which ``flags`` (per profile) are set: (themes, first age, last age in months)."""
        places = np.flatnonzero(flags)
        if not len(places):
            return
        joined = (self.class_of[places[1:]] == self.class_of[places[:-1]]) & (self.low[places[1:]] == self.high[places[:-1]])
        firsts = np.flatnonzero(np.concatenate([[True], ~joined]))
        lasts = np.concatenate([firsts[1:] - 1, [len(places) - 1]])
        for first, last in zip(places[firsts].tolist(), places[lasts].tolist(), strict=True):
            yield self.classes[self.class_of[first]], int(self.low[first]), int(self.high[last])

    # --- the answers ---------------------------------------------------------------------------------
    @cached_property
    def _arrivals(self) -> Arrivals:
        return Arrivals(self.locale, self.profiles, self.holding)

    def answers(self, level: int, norm: Norm | None) -> tuple[Codes, Floats]:
        """(status, expected days; infinite without a way) of every profile.

        Without a way the status is the reason. A way whose time is known is compared with ``norm`` as expected; but where
        it is too long and another way may be short enough, by a wait that is not known, the status is unknown. A way that
        rests on a wait that is not known is too long where the fastest way is so with all waits at their low end, "ok"
        where it is within the norm with all at their high end, else unknown; without a norm always unknown.
        """
        found = self._arrivals.at(level)
        codes = np.where(found.assumed, UNKNOWN, OK).astype(np.int8)
        if norm is not None and norm.days is not None:
            most = norm.days
            by_ends = np.where(found.low > most, TOO_LONG, np.where(found.high <= most, OK, UNKNOWN))
            as_expected = np.where(found.expected <= most, OK, np.where(found.floor <= most, UNKNOWN, TOO_LONG))
            codes = np.where(found.assumed, by_ends, as_expected).astype(np.int8)
        for place in np.flatnonzero(np.isinf(found.expected)).tolist():
            codes[place] = _CODE[found.reason(place) or "geen route"]
        return codes, found.expected

    def at(self, themes: Sequence[str], ages: Places) -> Places:
        """The profile (column) that answers each of ``themes`` (rows) at each of ``ages`` (months; columns)."""
        starts = np.searchsorted(self.class_of, np.arange(len(self.classes) + 1))
        number = {theme: n for n, same in enumerate(self.classes) for theme in same}
        of_class = [
            start + np.searchsorted(self.low[start:stop], ages, side="right") - 1
            for start, stop in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)
        ]
        return np.array([of_class[number[theme]] for theme in themes], dtype=np.intp).reshape(len(themes), len(ages))


class Coverage:
    """The cube of ``grounds`` (by municipality), laid out on one grid of ages.

    It holds status and days per municipality, level, theme and band of the grid. ``norms`` are what whole ways are
    compared with, by municipality.
    """

    def __init__(
        self,
        grounds: Mapping[str, Ground],
        norms: Mapping[str, Norm | None],
        themes: Sequence[str],
        levels: Sequence[int],
        end: int,
    ) -> None:
        self.grounds, self.norms = grounds, norms
        self.themes, self.levels = tuple(themes), tuple(levels)
        self._codes = tuple(grounds)
        self._grid = np.array(sorted({age for g in grounds.values() for age in g.low.tolist()}), dtype=np.intp)
        self._end = end
        shape = len(grounds), len(levels), len(themes), len(self._grid)
        self._status = np.zeros(shape, dtype=np.int8)
        self._days = np.zeros(shape)
        if not all(shape):
            return
        for m, ground in enumerate(grounds.values()):
            at = ground.at(themes, self._grid)
            for n, level in enumerate(levels):
                codes, days = ground.answers(level, norms[ground.code])
                self._status[m, n], self._days[m, n] = codes[at], days[at]

    def cells(self, municipalities: Collection[str]) -> tuple[Cell, ...]:
        """The cells of some municipalities (codes), in the order of the cube: by municipality, level, theme and age.

        They are maximal: two that touch differ in status, time, norm or elsewhere.
        """
        status, days = self._status, self._days
        fine = np.packbits(status == OK, axis=0)
        changes = np.ones(status.shape, dtype=bool)
        changes[..., 1:] = (status[..., 1:] != status[..., :-1]) | (days[..., 1:] != days[..., :-1])
        changes[..., 1:] |= (fine[..., 1:] != fine[..., :-1]).any(axis=0)
        changes &= np.array([code in municipalities for code in self._codes], dtype=bool)[:, None, None, None]
        m, n, t, g = np.nonzero(changes)
        # a run ends where the next one of its row begins, or at the end of all ages
        same_row = (m[1:] == m[:-1]) & (n[1:] == n[:-1]) & (t[1:] == t[:-1])
        until = np.full(len(g), self._end)
        until[:-1][same_row] = self._grid[g[1:]][same_row]
        where: dict[tuple[int, bytes], tuple[str, ...]] = {}
        weeks = [None if norm is None else norm.weeks for norm in self.norms.values()]
        found: list[Cell] = []
        columns = (m, n, t, self._grid[g], until, status[changes], days[changes])
        for place, bits in zip(zip(*(c.tolist() for c in columns), strict=True), fine[:, n, t, g].T, strict=True):
            own, level, theme, low, high, code, time = place
            key = own, bits.tobytes()
            if key not in where:
                others = np.flatnonzero(np.unpackbits(bits, count=len(self._codes))).tolist()
                where[key] = tuple(self._codes[k] for k in others if k != own)
            time = None if time == np.inf else time
            found.append(
                Cell(
                    self._codes[own],
                    self.themes[theme],
                    self.levels[level],
                    low,
                    high,
                    STATUSES[code],
                    time,
                    weeks[own],
                    where[key],
                )
            )
        return tuple(found)

    def ways(self, level: int, themes: Collection[str], low: int, high: int) -> Mapping[str, float]:
        """The share (0–1) of some themes and ages (months, half-open) for which a way of a level is registered, by municipality.

        However long it takes, and whether or not that is known; municipalities without any are left out.
        """
        rows = [n for n, theme in enumerate(self.themes) if theme in themes]
        upper = np.append(self._grid[1:], self._end)
        columns = np.flatnonzero((self._grid < high) & (upper > low))
        there = self._status[:, self.levels.index(level)][:, rows][:, :, columns]
        open_ = np.isin(there, (OK, TOO_LONG, UNKNOWN))
        width = np.minimum(upper[columns], high) - np.maximum(self._grid[columns], low)
        shares = (open_ * width).sum(axis=(1, 2)) / (width.sum() * len(rows))
        return {code: float(share) for code, share in zip(self._codes, shares, strict=True) if share}


def coverage(
    landscape: Landscape,
    municipalities: Collection[str],
    levels: Sequence[int],
    ages: tuple[int, int],
    themes: Sequence[str] = (),
    *,
    norms: Norms | None = None,
    with_outdated: bool = False,
) -> Coverage:
    """The cube of ``municipalities`` (codes) for ``levels`` and ``ages`` (months, half-open), tested at entry.

    ``themes`` (slugs); without any: every everyday theme, and each other one that somebody in the region names. The
    other municipalities of the region are worked out too, because each cell says where it is "ok".
    """
    region = tuple(dict.fromkeys((*landscape.region_municipalities, *municipalities)))
    locales = [Locale(landscape, code, with_outdated=with_outdated) for code in region]
    asked = _themes(landscape, locales, themes)
    known = norms or Norms(landscape)
    return Coverage(
        {locale.municipality: Ground(locale, ages, asked) for locale in locales},
        {code: known.for_municipality(FIRST_APPOINTMENT, code) for code in region},
        asked,
        levels,
        ages[1],
    )


def _themes(landscape: Landscape, locales: Sequence[Locale], asked: Sequence[str]) -> tuple[str, ...]:
    scheme = landscape.themes
    if asked:
        return tuple(sorted(set(asked), key=lambda t: (scheme.slugs.index(t) if t in scheme else len(scheme.slugs), t)))
    named = frozenset().union(*(locale.named_themes for locale in locales))
    return tuple(t for t in scheme.slugs if not scheme[t].broader or t in named)
