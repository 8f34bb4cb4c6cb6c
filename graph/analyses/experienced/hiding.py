"""Which figures about one partner must not be shown: those that are about few families, and what would give them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ...disclosure import Ledger
from .outflow import HELP

WEEKS, VISITS, BACK, GIVEN = "weeks", "visits", "return_probability", "weeks_given_help"
FAMILIES: Final = "families"
#: What is left of a number of families after multiplying and adding shares.
_NOISE: Final = 1e-9


def hidden(families: float, outcomes: Mapping[str, float], back: float | None, threshold: float) -> frozenset[str]:
    """The names of the figures that must not be shown, of a partner that ``families`` left.

    An outcome is about families · share of them, and all outcomes are all families: a
    :class:`~routekaart.graph.disclosure.Ledger` hides the small ones and what would give them back. The chance to come
    back, and the visits that follow from it, are hidden where few come back or few do not; weeks given help where the
    share with help is.

    The numbers are those of :class:`.outflow.Outflow`, in which small ones only stand in. So nothing can be solved from
    figures of different partners that is not public already; what is hidden here is hidden because it is about few.
    """
    if not threshold:
        return frozenset()
    ledger = Ledger(threshold)
    ledger.add(FAMILIES, families)
    parts = {name: _tidy(families * share, families) for name, share in outcomes.items()}
    for name, number in parts.items():
        ledger.add(name, number)
    ledger.equals(FAMILIES, list(parts))
    found = {str(key) for key in ledger.hidden()}
    if back is not None and any(_NOISE < n < threshold - _NOISE for n in (families * back, families * (1 - back))):
        found |= {VISITS, BACK}
    if HELP in found:
        found.add(GIVEN)
    return frozenset(found)


def _tidy(number: float, families: float) -> float:
    """A number of families without the rounding of a solver: nobody is nobody."""
    return number if number > _NOISE * max(1.0, families) else 0.0
