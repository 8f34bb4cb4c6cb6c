"""Shortest expected times from several sets of starts at once, and the last steps after them, as matrices.

Rows are sets of starts. Limits of age are tested on arrival; where that could make a way before its last step
longer than it seems here, the outcome says that it is not sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..profile import DAYS_PER_MONTH

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

#: Breaks ties between equal days by hops, and keeps a step of no days in a sparse matrix. Days.
PER_HOP: Final = 1e-9
#: Ages (months) and times (days) nearer than this to a limit are not sure: sums of parts of days are not exact.
NEAR: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Steps:
    """All hops of one locale, one place each: both ends, and from which and until which age (months) they are open."""

    size: int
    source: Places
    target: Places
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Times:
    """Per set of starts the expected days (inf: no way) and whether that is sure."""

    days: Floats
    sure: Flags


@dataclass(frozen=True, slots=True)
class Ends:
    """Last steps: the column of each in :attr:`Shortest.doors`, the wait (days) behind it and its ages (months)."""

    columns: Places
    waits: Floats
    low: Floats
    high: Floats


class Shortest:
    """Shortest times from each set of ``starts`` (nodes) to each node.

    ``through`` are the days over each step (inf: closed, not usable, or open at a later age only), ``young`` those
    over steps that the child is too young for now, ``to_door`` those to the door behind each step, without the wait.
    ``days`` leaves limits of age on arrival out; ``limit`` is the age at entry from which some step of that way is
    closed on arrival.
    """

    def __init__(
        self,
        steps: Steps,
        starts: Sequence[Sequence[int]],
        entries: Sequence[int],
        through: Floats,
        young: Floats,
        to_door: Floats,
    ) -> None:
        self._steps = steps
        self._starts = starts
        self._young = young
        begins = sorted({n for s in starts for n in s})
        apart, before, slack = self._tree(through, begins)
        sets, nodes = len(starts), np.arange(steps.size)
        self._row = np.zeros((sets, steps.size), dtype=np.intp)
        self.days, self.limit = np.full((sets, steps.size), np.inf), np.full((sets, steps.size), np.inf)
        for k, chosen in enumerate(starts):
            if chosen:
                rows = np.asarray([begins.index(n) for n in chosen])
                self._row[k] = rows[apart[rows].argmin(axis=0)]
                self.days[k] = apart[self._row[k], nodes]
                self.limit[k] = slack[self._row[k], nodes]
        self._before = before
        #: No way to any node takes longer (days), and from no lower age (months) is a step of one closed on arrival.
        self.longest = float(self.days[np.isfinite(self.days)].max(initial=0.0))
        self.first_limit = float(self.limit.min(initial=np.inf))
        self._grown: dict[int, Floats] = {}
        self._known: dict[tuple[tuple[int, ...], int], Flags] = {}
        self._doors(begins, entries, to_door)

    def _doors(self, begins: Sequence[int], entries: Sequence[int], to_door: Floats) -> None:
        """Everything that a last step can begin with, side by side.

        A column per hop; one for a family that takes a free offering from where it starts; one per node where
        somebody starts, for who is already there; one per entry, for who takes a free offering further on.
        """
        free = np.full((len(self._starts), 1), PER_HOP)
        there = np.array([[0.0 if n in s else np.inf for n in begins] for s in self._starts])
        at = list(entries)
        self.doors = np.hstack([self.days[:, self._steps.source] + to_door, free, there, self.days[:, at] + PER_HOP])
        never = np.full((len(self._starts), 1 + len(begins)), np.inf)
        self.limits = np.hstack([self.limit[:, self._steps.source], never, self.limit[:, at]])

    def _tree(self, through: Floats, begins: Sequence[int]) -> tuple[Floats, NDArray[Any], Floats]:
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        steps = self._steps
        usable = np.flatnonzero(np.isfinite(through))
        pair = steps.source[usable] * steps.size + steps.target[usable]
        # of parallel steps the quickest, of equally quick ones the one that stays open longest
        order = np.lexsort((-steps.high[usable], through[usable], pair))
        first = np.ones(len(order), dtype=bool)
        first[1:] = pair[order][1:] != pair[order][:-1]
        taken = usable[order][first]
        ends = (steps.source[taken], steps.target[taken])
        matrix = csr_array((through[taken], ends), shape=(steps.size, steps.size))
        days, before = dijkstra(matrix, indices=list(begins), return_predecessors=True)
        slack = np.full(days.shape, np.inf)
        closing = taken[np.isfinite(steps.high[taken])]
        if len(closing):
            until = np.full((steps.size, steps.size), np.inf)
            until[steps.source[closing], steps.target[closing]] = steps.high[closing]
            known = before >= 0
            back = np.where(known, before, 0)
            arrival = np.where(known, days, 0.0) / DAYS_PER_MONTH
            own = np.where(known, until[back, np.arange(steps.size)] - arrival, np.inf)
            rows = np.arange(len(days))[:, None]
            while True:  # a step that closes, closes everything behind it
                further = np.minimum(own, np.where(known, slack[rows, back], np.inf))
                if np.array_equal(further, slack):
                    break
                slack = further
        return days, before, slack

    def grown(self, age: int) -> Floats:
        """Per set of starts the days after which a step that a child is too young for may be taken; inf: never."""
        if age not in self._grown:
            which = np.flatnonzero(np.isfinite(self._young))
            sources = self._steps.source[which]
            need = (self._steps.low[which] - age) * DAYS_PER_MONTH
            at = self.days[:, sources]
            late = np.isfinite(at) & ((at + self._young[which] >= need - NEAR) | (self.limit[:, sources] <= age + NEAR))
            self._grown[age] = np.where(late, need, np.inf).min(axis=1, initial=np.inf)
        return self._grown[age]

    @cached_property
    def passing(self) -> Flags:
        """Per set of starts and hop whether the best way to the hop's source passes its target."""
        return self._passes(self._steps.source, self._steps.target)

    def passes(self, nodes: Sequence[int], by: int) -> Flags:
        """Per set of starts and node whether the best way there passes the node ``by``."""
        key = (tuple(nodes), by)
        if key not in self._known:
            at = np.asarray(nodes, dtype=np.intp)
            self._known[key] = self._passes(at, np.full(at.shape, by))
        return self._known[key]

    def _passes(self, nodes: Places, by: Places) -> Flags:
        rows = self._row[:, nodes]
        here = np.broadcast_to(nodes, rows.shape)
        found = np.zeros(rows.shape, dtype=bool)
        while True:
            known = here >= 0
            found |= known & (here == by)
            if not known.any():
                passed: Flags = found & np.isfinite(self.days[:, nodes])
                return passed
            here = np.where(known, self._before[rows, np.where(known, here, 0)], -1)

    def best(self, age: int, ends: Ends, barred: Flags) -> Times:
        """The best of ``ends`` for a child of ``age``; ``barred`` ways pass their end before they get there.

        Where such a way is the quickest, by a wait of its route, another one over the same step may be the best.
        """
        days = self.doors[:, ends.columns] + ends.waits
        limit = self.limits[:, ends.columns]
        at = age + days / DAYS_PER_MONTH
        young = ends.low > age
        early = young & (at < ends.low)
        near = (at > ends.high - NEAR) & (at < ends.high + NEAR) | young & (at > ends.low - NEAR) & (at < ends.low + NEAR)
        # what is out because of the way there may be in by a longer one; what arrives too late stays out
        doubtful = near | ((barred | early) & (limit <= age + NEAR))
        doubt = np.where(doubtful, days, np.inf).min(axis=1, initial=np.inf)
        passing = np.where(barred & ~early & (at < ends.high), days, np.inf).min(axis=1, initial=np.inf)
        days = np.where(barred | early | (at >= ends.high), np.inf, days)
        if not days.shape[1]:
            return Times(doubt, np.isinf(self.grown(age)))
        chosen = days.argmin(axis=1)
        rows = np.arange(len(days))
        quickest = np.minimum(self.grown(age), doubt)
        found = days[rows, chosen]
        none = np.isinf(found)
        own = (age < limit[rows, chosen] - NEAR) | none
        return Times(found, own & ((found < quickest - NEAR) | np.isinf(quickest)) & (found <= passing + NEAR))


class Signature:
    """What all profiles that meet the same conditions share; ``over`` as :class:`sweep.Sweep` works it out."""

    def __init__(self, shortest: Shortest, over: Floats) -> None:
        self.shortest = shortest
        self.usable = ~np.isnan(over[:, 0])
        self.to_door = np.nan_to_num(over[:, 2], nan=np.inf, posinf=np.inf)
        self._open = np.isfinite(over[:, 0])
        self._reach: dict[bool, Flags] = {}

    def reach(self, starts: Flags, steps: Steps, *, stops: bool) -> Flags:
        """Per set of starts the nodes that steps lead to at some age; ``stops``: closed ones gone through."""
        if stops not in self._reach:
            hops = np.flatnonzero(self.usable if stops else self._open)
            onward = np.zeros((steps.size, steps.size), dtype=np.float32)
            onward[steps.source[hops], steps.target[hops]] = 1
            found = starts
            while True:
                further = found | (found.astype(np.float32) @ onward > 0)
                if np.array_equal(further, found):
                    break
                found = further
            self._reach[stops] = found
        return self._reach[stops]
