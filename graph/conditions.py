"""The conditions on theme and age that hold somewhere, as bits: which of them a profile meets is its signature."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .locale import Locale
from .places import Hop, Offering
from .profile import Profile, age_fits, theme_fits
from .waiting import STOP

Condition = tuple[tuple[str, ...], int | None, int | None]


class Conditions:
    """Every condition on theme and age that hops and waits here have, as bits; which of them hold is a signature."""

    def __init__(self, locale: Locale) -> None:
        self._locale = locale
        subjects = {s for h in locale.hops for n in (h.source, h.target) for s in locale.subjects(n)}
        subjects |= {f"route:{h.route}" for h in locale.hops if h.route} | {f"aanbod:{o}" for o in locale.offerings}
        subjects |= {s for o in locale.offerings.values() for s in locale.subjects(o.node)} | {locale.decision_partner}
        rows = {s: [_condition(row) for row in locale.waits.rows(s)] for s in subjects}
        self.any_stop = any(row["state"] == STOP for s in subjects for row in locale.waits.rows(s))
        own = {(h.themes, h.age_from, h.age_until) for h in locale.hops}
        self._all = sorted(own | {c for found in rows.values() for c in found}, key=str)
        self._bit = {condition: 1 << n for n, condition in enumerate(self._all)}
        self._of_subject = {s: self._mask(found) for s, found in rows.items()}
        self._of_hop: dict[int, int] = {}
        self._of_end: dict[str, int] = {}
        self._themes: dict[str | None, int] = {}
        self._ages: dict[int | None, tuple[int, int]] = {}

    def _mask(self, conditions: Iterable[Condition]) -> int:
        mask = 0
        for condition in conditions:
            mask |= self._bit[condition]
        return mask

    def bit(self, condition: Condition) -> int:
        return self._bit[condition]

    def of_hop(self, place: int, hop: Hop) -> int:
        """The conditions of the waits that count on the way over ``hop``."""
        if place not in self._of_hop:
            subjects = self._locale.subjects(hop.target, hop.offering, hop.route)
            subjects += [self._locale.decision_partner] if hop.decision else []
            self._of_hop[place] = self._of(subjects)
        return self._of_hop[place]

    def of_end(self, offering: Offering) -> int:
        """The conditions of the waits that count at the end of a way."""
        if offering.id not in self._of_end:
            self._of_end[offering.id] = self._of(self._locale.subjects(offering.node, offering.id))
        return self._of_end[offering.id]

    def _of(self, subjects: Iterable[str]) -> int:
        mask = 0
        for subject in subjects:
            mask |= self._of_subject.get(subject, 0)
        return mask

    def signature(self, profile: Profile) -> tuple[int, int]:
        """(conditions that hold, those that hold when a lower age is left out), as bits."""
        theme, age = profile.theme, profile.age
        if theme not in self._themes:
            asked = None if theme is None else self._locale.landscape.themes.with_broader(theme)
            self._themes[theme] = self._mask(c for c in self._all if theme_fits(asked, c[0]))
        if age not in self._ages:
            both = self._mask(c for c in self._all if age_fits(age, c[1], c[2]))
            self._ages[age] = both, self._mask(c for c in self._all if age_fits(age, None, c[2]))
        both, upper = self._ages[age]
        return self._themes[theme] & both, self._themes[theme] & upper


def _condition(row: dict[str, Any]) -> Condition:
    return tuple(row["themes"] or ()), row["age_from"], row["age_until"]
