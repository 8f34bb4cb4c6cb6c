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


def corners(planning: Planning, steps: Sequence[tuple[str, str]]) -> list[Corner]:
    """What each of ``steps`` (from node, to node) of a planning saves with all waits at either end."""
    studies = [planning.study.under(scenario) for scenario in ("low", "high")]
    days = np.zeros((4, len(steps)))
    for place in planning.places:
        number, source, target = within(place, steps)
        if not len(number):
            continue
        code, handover = place.locale.municipality, planning.handover_days
        low, high = (Field(study.place(code), planning.level, handover, joined=False) for study in studies)
        for row, (old, new) in enumerate(((low, low), (high, high), (low, high), (high, low))):
            ways = {"lead": old.lead, "reach": new.reach, "onward": new.onward}
            for part, times in spared(old, source, target, **ways):
                saved = (times * old.demand).reshape(len(times), -1).sum(axis=1)
                days[row, number[part]] += saved / MICRO
    return [Corner(low, high, least, None if most >= OPEN_ENDED else most) for low, high, least, most in days.T.tolist()]
