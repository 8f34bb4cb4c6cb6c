"""Offerings of one level side by side as arrays, and what waits for who is at their nodes already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .steps import NEVER, Flags, Hops, Places, Terms, Time, firsts


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is at a node already: ``places``, and (rows × profiles) whether anything fits there, its wait and whether assumed."""

    places: Places
    usable: Flags
    time: Time

    def hops(self, extra: int) -> Hops:
        """From each node to itself."""
        terms = Terms.at_once(np.full(len(self.places), extra, dtype=np.int64))
        return Hops(self.places, self.places, terms, self.usable, *self.time)


@dataclass(frozen=True)
class Offered:
    """Offerings (rows; those of one node together, by id) and profiles (columns).

    ``ids`` names them, ``nodes`` is where they are (places among the nodes), ``fits`` whether each fits, ``time`` what is
    waited at each (millionths of a day; NEVER where closed) and whether that is assumed, ``free`` who asks no referral.
    """

    ids: Sequence[str]
    nodes: Places
    fits: Flags
    time: Time
    free: Flags

    @cached_property
    def fitting(self) -> Time:
        """The same times, NEVER and not assumed where an offering does not fit."""
        wait, assumed = self.time
        wait = np.where(self.fits, wait, NEVER)
        return wait, assumed & (wait < NEVER)

    @cached_property
    def row(self) -> dict[str, int]:
        """The row of each offering."""
        return {id_: row for row, id_ in enumerate(self.ids)}

    def at(self, node: int) -> Offered:
        """Those of one node."""
        rows = np.flatnonzero(self.nodes == node)
        time = self.time[0][rows], self.time[1][rows]
        return Offered([self.ids[row] for row in rows.tolist()], self.nodes[rows], self.fits[rows], time, self.free[rows])

    def standing(self, rows: Places) -> Standing:
        """For who is at the node of some offerings already: whether any fits, and the shortest wait (of equal ones the first)."""
        nodes, wait, assumed = self.nodes[rows], self.fitting[0][rows], self.fitting[1][rows]
        first = firsts(nodes)
        if not len(first):
            return Standing(nodes, self.fits[rows], (wait, assumed))
        best = np.minimum.reduceat(wait, first, axis=0)
        shortest = wait == np.repeat(best, np.diff(np.r_[first, len(nodes)]), axis=0)
        at = np.minimum.reduceat(np.where(shortest, np.arange(len(nodes))[:, None], len(nodes)), first, axis=0)
        usable: Flags = np.logical_or.reduceat(self.fits[rows], first, axis=0)
        return Standing(nodes[first], usable, (best, np.take_along_axis(assumed, at, axis=0)))
