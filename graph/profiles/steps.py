"""Steps side by side as arrays, a row per pair of nodes and a column per profile, and the integers that times are.

Where hops run side by side from one node to the next, a step is the best of them, for each profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..routing.routes import OPEN_ENDED, Scenario
from ..waiting import Wait

Costs = NDArray[np.int64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]
#: Per profile a time (NEVER where closed), and whether it is assumed.
Time = tuple[Costs, Flags]

#: Times are whole millionths of a day, so that equal sums are equal.
MICRO: Final = 1_000_000
#: A cost is time, then hops, then retellings, as one integer: 16 bits for the last two.
SHIFT: Final = 16
ONE_HOP: Final = 1 << 8
ONE_RETELLING: Final = 1
#: No step: larger than any way, and twice it still fits.
NEVER: Final = np.int64(1) << np.int64(61)


def firsts(keys: NDArray[np.integer[Any]]) -> Places:
    """Where each key comes first; equal ones are together."""
    changed = np.ones(len(keys), dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=changed[1:])
    return np.flatnonzero(changed)


def alike(columns: NDArray[Any]) -> tuple[Places, Places]:
    """The first of the columns that are the same in every row, and for each column which of those it is like."""
    same: dict[bytes, int] = {}
    of = [same.setdefault(column.tobytes(), len(same)) for column in np.ascontiguousarray(columns.T)]
    first = np.zeros(len(same), dtype=np.intp)
    first[of[::-1]] = np.arange(len(of))[::-1]
    return first, np.array(of, dtype=np.intp)


def days_of(cost: Costs) -> NDArray[np.float64]:
    """Days of costs; infinite where there is no way."""
    return np.where(cost >= NEVER, np.inf, (cost >> SHIFT) / MICRO)


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps side by side: from ``source`` to ``target`` (places among the nodes), one row per pair.

    ``cost`` (rows × profiles) is that of the best usable one of parallel hops, NEVER where none is open; ``wait`` the
    part of it that is waited at the target (millionths of a day) and ``assumed`` whether that or a decision is not
    known. ``usable`` also counts what is closed.
    """

    source: Places
    target: Places
    cost: Costs
    wait: Costs
    assumed: Flags
    usable: Flags


@dataclass(frozen=True, slots=True)
class Terms:
    """What hops take whoever goes: fixed time (millionths of a day), hops and retellings (one integer), a decision."""

    fixed: Costs
    extra: Costs
    decided: Flags

    @classmethod
    def at_once(cls, extra: Costs) -> Terms:
        """Terms that take no time and need no decision."""
        return cls(np.zeros(len(extra), dtype=np.int64), extra, np.zeros(len(extra), dtype=bool))

    def of(self, rows: Places) -> Terms:
        """The terms of some hops."""
        return Terms(self.fixed[rows], self.extra[rows], self.decided[rows])


@dataclass(frozen=True, slots=True)
class Hops:
    """Hops (rows), parallel ones too: from ``source`` to ``target`` (places among the nodes), with their terms.

    Per profile whether each is ``usable``, what is waited behind it (millionths of a day; NEVER where closed) and whether
    that is ``assumed``.
    """

    source: Places
    target: Places
    terms: Terms
    usable: Flags
    wait: Costs
    assumed: Flags

    def steps(self, size: int, decision: Time) -> Steps:
        """The best of parallel hops for each profile, of equally good ones the first; ``size`` nodes, a ``decision`` takes."""
        joined = self.source * size + self.target
        order = np.argsort(joined, kind="stable")
        pairs, terms = joined[order], self.terms.of(order)
        usable, wait, assumed = self.usable[order], self.wait[order], self.assumed[order]
        lasts = wait + terms.fixed[:, None]
        lasts[terms.decided] += decision[0]
        assumed[terms.decided] |= decision[1]
        # a time that is too long to be shifted is closed too
        open_ = usable & (lasts < NEVER >> SHIFT)
        cost = np.where(open_, (np.minimum(lasts, NEVER >> SHIFT) << SHIFT) + terms.extra[:, None], NEVER)
        first = firsts(pairs)
        if len(first) < len(pairs):
            cost, wait, assumed, usable = _best(first, cost, wait, assumed, usable)
        return Steps(pairs[first] // size, pairs[first] % size, cost, wait, assumed, usable)


def _best(first: Places, cost: Costs, wait: Costs, assumed: Flags, usable: Flags) -> tuple[Costs, Costs, Flags, Flags]:
    """The best of parallel hops (``first``: where each pair begins), per profile; usable where any is."""
    last = np.r_[first[1:], len(cost)]
    chosen = np.repeat(first[:, None], cost.shape[1], axis=1)
    for n in np.flatnonzero(last - first > 1).tolist():
        chosen[n] = first[n] + cost[first[n] : last[n]].argmin(axis=0)
    columns = np.arange(cost.shape[1])
    any_usable: Flags = np.logical_or.reduceat(usable, first, axis=0)
    return cost[chosen, columns], wait[chosen, columns], assumed[chosen, columns], any_usable


def micro(wait: Wait, scenario: Scenario) -> int:
    """A wait in millionths of a day under a scenario, as :meth:`routes.Leg.days` reads it; NEVER for a stop."""
    if wait.closed:
        return int(NEVER)
    value = {"expected": wait.expected, "low": wait.low, "high": wait.high}[scenario]
    if value is None:
        value = OPEN_ENDED if scenario == "high" else (wait.low or 0.0)
    return round(value * MICRO)
