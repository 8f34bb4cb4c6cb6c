"""What steps save with all waits at their low and all at their high end: the bounds of a saving, and whether an order stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..profiles.steps import MICRO
from ..routing.routes import OPEN_ENDED
from .field import Field
from .planning import Planning
from .sparing import spared, within


@dataclass(frozen=True, slots=True)
class Corner:
    """Days that a step saves all families together: with all waits ``low``, with all ``high``, and what it can save.

    ``least`` and ``most`` (None: no upper end is known) hold whatever the unknown waits are. They are wider than the truth:
    the old way is taken at its one end and the new way at its other.
    """

    low: float
    high: float
    least: float
    most: float | None


class Corners:
    """The steps of a planning, asked again with all waits at either end."""

    def __init__(self, planning: Planning) -> None:
        self._planning = planning
        self._ends = [planning.study.under(scenario) for scenario in ("low", "high")]
        self._fields: dict[str, tuple[Field, Field]] = {}

    def of(self, steps: Sequence[tuple[str, str]]) -> list[Corner]:
        """What each of ``steps`` (from node, to node) saves."""
        days = np.zeros((4, len(steps)))
        for place in self._planning.places:
            number, source, target = within(place, steps)
            if not len(number):
                continue
            low, high = self._at(place.locale.municipality)
            for row, (old, new) in enumerate(((low, low), (high, high), (low, high), (high, low))):
                ways = {"lead": old.lead, "reach": new.reach, "onward": new.onward}
                for part, times in spared(old, source, target, **ways):
                    saved = (times * old.demand).reshape(len(times), -1).sum(axis=1)
                    days[row, number[part]] += saved / MICRO
        return [Corner(low, high, least, None if most >= OPEN_ENDED else most) for low, high, least, most in days.T.tolist()]

    def _at(self, municipality: str) -> tuple[Field, Field]:
        """The times of a municipality at the low and at the high end."""
        if municipality not in self._fields:
            level, handover = self._planning.level, self._planning.handover_days
            low, high = (Field(study.place(municipality), level, handover, joined=False) for study in self._ends)
            self._fields[municipality] = low, high
        return self._fields[municipality]
