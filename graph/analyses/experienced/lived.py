"""What a chain and its waits say of each state: days, how it ends, coming back; and why a figure cannot be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from ...waiting import WEEK, Wait
from .outflow import ENDS, HELP, OUTCOMES

if TYPE_CHECKING:
    from .chain import Chain, Flags, Floats

#: Why there are no weeks.
CLOSED, AROUND, NO_HELP, NO_NUMBERS = "aanmeldstop", "blijft rondgaan", "hulp niet bereikt", "geen aantallen"
REASONS: Final = {CLOSED: "closed", AROUND: "around", NO_HELP: "no_help", NO_NUMBERS: "no_numbers"}


class Span(NamedTuple):
    """Days; ``high`` None: or longer."""

    low: float
    expected: float
    high: float | None

    def as_weeks(self) -> dict[str, float | None]:
        """As JSON has it, in weeks."""
        high = None if self.high is None else self.high / WEEK
        return {"low": self.low / WEEK, "expected": self.expected / WEEK, "high": high}


@dataclass(frozen=True, slots=True)
class Lived:
    """What families live through who are at one partner now; a ``reason`` says why there are no days.

    ``outcomes`` are shares that add up to 1, ``visits`` those to this partner with the present one. ``visits`` and
    ``back`` (the chance to come back) are None where nobody leaves the partners around it.
    """

    days: Span | None
    reason: str | None
    outcomes: dict[str, float]
    visits: float | None
    back: float | None
    days_given_help: Span | None
    reason_given_help: str | None


def lived(chain: Chain, waits: Sequence[Wait]) -> list[Lived]:
    """What families live through from each state, with the wait at each of them.

    Days are τ = N·h with h the wait at every visit, the first included, for low, expected and high alike: N ≥ 0, so τ is
    monotone in h and these are its ends. No days can be said where a partner with a stop can be reached, nor where families
    may keep going round; a high end is open where a partner with an open one can be reached. Given help, only the ways
    that lead to help count.
    """
    closed: Flags = np.array([w.closed for w in waits], dtype=bool)
    opened: Flags = np.array([w.high is None for w in waits], dtype=bool)
    each: Floats = np.array([(w.low or 0.0, w.expected or 0.0, w.high or 0.0) for w in waits], dtype=float)
    end = ENDS.index(HELP)
    helped = chain.ending_in(end)
    days = _spans(chain.total(each), {AROUND: chain.falling, CLOSED: chain.leading_to(closed)}, chain.leading_to(opened))
    given = _spans(
        chain.total_given(end, each),
        {NO_HELP: ~helped, CLOSED: chain.leading_to(closed, helped)},
        chain.leading_to(opened, helped),
    )
    visits = chain.visits
    return [
        Lived(
            *days[i],
            {name: float(share) for name, share in zip(OUTCOMES, chain.outcomes[i], strict=True)},
            float(visits[i]) if np.isfinite(visits[i]) else None,
            float(1 - 1 / visits[i]) if np.isfinite(visits[i]) else None,
            *given[i],
        )
        for i in range(len(waits))
    ]


def _spans(days: Floats, barred: dict[str, Flags], opened: Flags) -> list[tuple[Span | None, str | None]]:
    """The days of each state, or the first reason why there are none."""
    found: list[tuple[Span | None, str | None]] = []
    for i, (low, expected, high) in enumerate(days.tolist()):
        reason = next((name for name, flags in barred.items() if flags[i]), None)
        found.append((None if reason else Span(low, expected, None if opened[i] else high), reason))
    return found
