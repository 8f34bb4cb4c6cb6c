"""One start, many profiles: the fastest way to a goal, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from ..locale import Locale
from ..profile import Profile
from .fastest import Fastest, Reached
from .routes import Goal, Network, Until

Reason = Literal["geen aanbod", "geen route", "aanmeldstop"]


class Asking:
    """Asks one locale from ``starts``; what is needed only to find a reason is made on first use."""

    def __init__(self, locale: Locale, starts: Sequence[str], *, until: Until = "afspraak", static: bool = False) -> None:
        self._locale = locale
        self._starts = starts
        self._until: Until = until
        self._static = static

    def fastest(self, profile: Profile, goals: Sequence[Goal], level: int | None) -> tuple[Reached | None, Reason | None]:
        """The fastest way to any of ``goals``, or why there is none (``level`` is that of the goals)."""
        reached = self._fastest.best(profile, goals)
        return reached, None if reached is not None else self.reason(profile, goals, level)

    def reason(self, profile: Profile, goals: Sequence[Goal], level: int | None) -> Reason:
        """Why there is no way to any of ``goals``; ask only where there is none."""
        network = Network(self._locale, profile, until=self._until, clock=not self._static)
        if level is not None and not any(network.has_offering(g) for g in goals):
            return "geen aanbod"
        # is it a stop that bars the way? Ages on arrival are left out: they are no stop
        if self._through_stops.best(profile, goals) and not self._any_age.best(profile, goals):
            return "aanmeldstop"
        return "geen route"

    @cached_property
    def _fastest(self) -> Fastest:
        return Fastest(self._locale, self._starts, until=self._until, clock=not self._static)

    @cached_property
    def _any_age(self) -> Fastest:
        return Fastest(self._locale, self._starts, until=self._until, clock=not self._static, timeless=True)

    @cached_property
    def _through_stops(self) -> Fastest:
        return Fastest(self._locale, self._starts, until=self._until, clock=not self._static, timeless=True, ignore_closed=True)
