"""Which conditions on theme and age hold for each of many profiles, and which waits that gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ..locale import Locale
from ..profile import GENERAL, Profile, age_fits
from ..waiting import Wait
from .steps import Flags, Places, alike

#: On themes and ages (months, half-open).
Condition = tuple[tuple[str, ...], int | None, int | None]


class Holding:
    """Asks one locale about ``profiles``: each distinct condition and each distinct wait once."""

    def __init__(self, locale: Locale, profiles: Sequence[Profile]) -> None:
        self._locale = locale
        self._profiles = profiles
        self._themes = list(dict.fromkeys(p.theme for p in profiles))
        self._ages = list(dict.fromkeys(p.age for p in profiles))
        known = locale.landscape.themes
        #: By theme, which of the themes asked it answers: itself and those below it.
        self._answers: dict[str, Flags] = {}
        for n, theme in enumerate(self._themes):
            for broader in known.with_broader(theme) if theme is not None else ():
                self._answers.setdefault(broader, np.zeros(len(self._themes), dtype=bool))[n] = True
        place = {t: n for n, t in enumerate(self._themes)}
        age = {a: n for n, a in enumerate(self._ages)}
        self._theme_of = np.array([place[p.theme] for p in profiles], dtype=np.intp)
        self._age_of = np.array([age[p.age] for p in profiles], dtype=np.intp)
        self._by_theme: dict[tuple[str, ...], Flags] = {}
        self._by_age: dict[tuple[int | None, int | None], Flags] = {}
        self._both: dict[Condition, Flags] = {}
        self._parted: dict[tuple[Condition, ...], tuple[list[int], Places]] = {}
        # a question that leaves theme or age open is answered by other rows (see Waits)
        self._open = [
            np.array([p.theme is None for p in profiles], dtype=bool),
            np.array([p.age is None for p in profiles], dtype=bool),
        ]
        self._always = np.ones(len(profiles), dtype=bool)

    def fits(self, themes: tuple[str, ...], age_from: int | None, age_until: int | None) -> Flags:
        """Per profile whether a condition on themes and age (months, half-open) holds at entry."""
        if not themes and age_from is None and age_until is None:
            return self._always
        key = (themes, age_from, age_until)
        if key not in self._both:
            if themes not in self._by_theme:
                self._by_theme[themes] = self._fit(themes)[self._theme_of]
            ages = (age_from, age_until)
            if ages not in self._by_age:
                fits = np.array([age_fits(age, *ages) for age in self._ages], dtype=bool)
                self._by_age[ages] = fits[self._age_of]
            self._both[key] = self._by_theme[themes] & self._by_age[ages]
        return self._both[key]

    def _fit(self, themes: tuple[str, ...]) -> Flags:
        """Which of the themes asked are answered by what is about ``themes`` (as :func:`profile.theme_fits`)."""
        if not themes or GENERAL in themes:
            return np.ones(len(self._themes), dtype=bool)
        found = np.array([theme is None for theme in self._themes], dtype=bool)
        for theme in themes:
            if theme in self._answers:
                found |= self._answers[theme]
        return found

    def waits(self, subjects: Sequence[str]) -> tuple[list[Wait], Places]:
        """The distinct waits until the first appointment that ``subjects`` say, and which of them each profile meets."""
        return self._distinct(subjects, lambda profile: self._locale.waits.registration(subjects, profile))

    def decisions(self) -> tuple[list[Wait], Places]:
        """The distinct waits for a decision of the municipality, and which of them each profile meets."""
        return self._distinct([self._locale.decision_partner], self._locale.decision)

    def _distinct(self, subjects: Sequence[str], ask: Callable[[Profile], Wait]) -> tuple[list[Wait], Places]:
        first, of = self._parts(self._locale.waits.conditions_on(subjects))
        return [ask(self._profiles[n]) for n in first], of

    def _parts(self, conditions: tuple[Condition, ...]) -> tuple[list[int], Places]:
        """The first profile of each kind that ``conditions`` tell apart, and the kind of each profile."""
        if conditions not in self._parted:
            self._parted[conditions] = self._told_apart(conditions)
        return self._parted[conditions]

    def _told_apart(self, conditions: tuple[Condition, ...]) -> tuple[list[int], Places]:
        if not self._profiles:
            return [], np.zeros(0, dtype=np.intp)
        if not conditions and not any(flags.any() for flags in self._open):
            return [0], np.zeros(len(self._profiles), dtype=np.intp)
        holds = [*(self.fits(*c) for c in conditions), *self._open]
        first, of = alike(np.array(holds, dtype=bool))
        return first.tolist(), of
