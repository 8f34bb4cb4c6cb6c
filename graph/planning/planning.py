"""New steps between partners: what each would save in all places together, and a set of them chosen one after another.

Gains of single steps overlap and their sum means nothing (ANALYSES): a set is chosen greedily, with the joint gain after
each choice worked out anew, exactly, in the places that both partners serve. The objective is not submodular, so an
old gain is no bound for a new one and none is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..places import FAMILY
from ..profile import Profile
from ..profiles.steps import MICRO, Flags
from ..profiles.study import Place, Study
from ..referring import ACCESS, SAFETY, levels_of, refers_to_access
from ..waiting import WEEK
from .field import Added, Field
from .gains import Gains, gains
from .sparing import spared, within

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Saving:
    """What a step from ``start`` to ``end`` (nodes) saves.

    Days of all families a year together, the families that save any, and those that had no way and get one.
    """

    start: str
    end: str
    days: float
    families: float
    newly: float


@dataclass(slots=True)
class _Piece:
    """One place: its field, which pairs may be proposed, and the gains that are there (pairs as global numbers)."""

    place: Place
    field: Field
    allowed: Flags
    number: NDArray[np.int64]
    pairs: NDArray[np.int64]
    days: Floats
    families: Floats
    newly: Floats


class Planning:
    """All places of a study, asked for new steps towards one level."""

    def __init__(self, study: Study, level: int) -> None:
        self.study, self.level = study, level
        self.handover_days = study.landscape.settings.new_handover_weeks * WEEK
        self._pieces: list[_Piece] = []
        self._numbers: dict[str, int] = {}
        for place in study.places():
            field = Field(place, level, self.handover_days)
            number = [self._numbers.setdefault(n, len(self._numbers)) for n in place.terrain.nodes]
            nothing = np.zeros(0)
            piece = _Piece(
                place,
                field,
                allowed(place, level),
                np.array(number, dtype=np.int64),
                np.zeros(0, dtype=np.int64),
                nothing,
                nothing,
                nothing,
            )
            self._pieces.append(piece)
            self._work_out(piece)
        self._names = list(self._numbers)

    def _work_out(self, piece: _Piece) -> None:
        found: Gains = gains(piece.field, piece.allowed)
        source, target = np.nonzero((found.days > 0) | (found.newly > 0))
        # a pair is one number: every name has its place in 32 bits
        piece.pairs = (piece.number[source] << 32) | piece.number[target]
        piece.days, piece.families, piece.newly = (a[source, target] for a in (found.days, found.families, found.newly))

    # --- what there is -------------------------------------------------------------------------------
    @property
    def places(self) -> Iterator[Place]:
        """All places of the study."""
        return (piece.place for piece in self._pieces)

    @property
    def families(self) -> float:
        """Families a year that ask for the level."""
        return float(sum(p.field.demand.sum() for p in self._pieces))

    @property
    def days(self) -> float:
        """Days from entry to the first appointment, of all families together that had a way to begin with."""
        total = 0.0
        for piece in self._pieces:
            had = np.isfinite(piece.field.base)
            total += float((piece.field.demand[had] * piece.field.lead[had]).sum()) / MICRO
        return total

    # --- single steps --------------------------------------------------------------------------------
    def savings(self, most: int | None = None) -> list[Saving]:
        """The steps that save anything, by days saved, then families newly reached, then ids; ``most`` of them (None: all)."""
        pairs, where = np.unique(self._all("pairs"), return_inverse=True)
        days, families, newly = (
            np.bincount(where, self._all(name), minlength=len(pairs)) for name in ("days", "families", "newly")
        )
        # sums in another order differ in their last digits: equal to a hundred-thousandth of a day is equal
        order = np.lexsort((-np.round(newly, 6), -np.round(days, 5)))
        if most is not None and len(order) > most:
            last = order[most - 1]
            tied = (np.round(days, 5) == round(days[last], 5)) & (np.round(newly, 6) == round(newly[last], 6))
            order = order[: max(most, int(np.flatnonzero(tied[order]).max()) + 1)]
        found = [
            Saving(
                self._names[int(pairs[n]) >> 32],
                self._names[int(pairs[n]) & 0xFFFFFFFF],
                float(days[n]),
                float(families[n]),
                float(newly[n]),
            )
            for n in order.tolist()
        ]
        found.sort(key=lambda s: (-round(s.days, 5), -round(s.newly, 6), s.start, s.end))
        return found[:most]

    def _all(self, name: str) -> NDArray[np.int64]:
        parts = [getattr(p, name) for p in self._pieces]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def municipalities(self, start: str, end: str) -> tuple[str, ...]:
        """Where (codes) a step saves anybody anything, in the order of the study."""
        pair = (self._numbers[start] << 32) | self._numbers[end]
        return tuple(p.place.locale.municipality for p in self._pieces if (p.pairs == pair).any())

    def pieces(self, start: str, end: str) -> Iterator[_Piece]:
        """The places where both ends are."""
        for piece in self._pieces:
            if start in piece.place.terrain.index and end in piece.place.terrain.index:
                yield piece

    def examples(self, steps: Sequence[tuple[str, str]]) -> list[Profile | None]:
        """Of each step (from node, to node) a profile that saves by it: the one whose families save most together."""
        most = np.zeros(len(steps))
        found: list[Profile | None] = [None] * len(steps)
        for piece in self._pieces:
            field, rows = piece.field, piece.field.saving
            number, source, target = within(piece.place, steps)
            if not len(number):
                continue
            ways = {"lead": field.lead[rows], "reach": field.near, "onward": field.onward}
            for part, times in spared(field, source, target, **ways):
                of = (times / MICRO * field.demand[rows]).sum(axis=1)
                best = of.max(axis=1, initial=0.0)
                for n in np.flatnonzero(best > most[number[part]]).tolist():
                    step = number[part][n]
                    most[step] = best[n]
                    found[step] = piece.place.groups[int(field.columns[of[n].argmax()])].profile
        return found

    # --- a set of steps ------------------------------------------------------------------------------
    def plan(self, most: int) -> list[Saving]:
        """At most ``most`` steps, each the best one after those before it, with what it adds to them."""
        after = copy(self)
        after._pieces = [copy(piece) for piece in self._pieces]
        chosen: list[Saving] = []
        while len(chosen) < most:
            best = after.savings(1)
            if not best:
                break
            step = best[0]
            chosen.append(step)
            for piece in after.pieces(step.start, step.end):
                index = piece.place.terrain.index
                piece.field = piece.field.with_steps([Added(index[step.start], index[step.end])])
                after._work_out(piece)
        return chosen


def allowed(place: Place, level: int) -> Flags:
    """Which pairs of nodes (N × N) may be proposed: by the role rules, to somebody who is known by name, never safety."""
    locale, nodes = place.locale, place.terrain.nodes
    scheme = locale.landscape.roles
    known = [locale.node(n) for n in nodes]
    apart = np.array([SAFETY in n.roles or n.id == FAMILY for n in known], dtype=bool)
    may = {roles: (level in levels_of(scheme, roles), refers_to_access(scheme, roles)) for roles in {n.roles for n in known}}
    levels, to_access = np.array([may[n.roles] for n in known], dtype=bool).reshape(-1, 2).T
    access = np.array([not ACCESS.isdisjoint(n.roles) for n in known], dtype=bool)
    # both must serve the municipality; an initiative without partner can be gone to
    named = np.array([n.id in locale.partners or (n.id.startswith("aanbod:") and not n.placeholder) for n in known], dtype=bool)
    pairs: Flags = (levels[:, None] | (to_access[:, None] & access[None, :])) & (~apart)[:, None] & (named & ~apart)[None, :]
    np.fill_diagonal(pairs, False)
    return pairs


def taken(savings: Sequence[Saving]) -> tuple[list[float], list[float]]:
    """Days saved and families newly reached by the first, the first two, … steps of a plan."""
    days, newly = np.cumsum([s.days for s in savings]), np.cumsum([s.newly for s in savings])
    return days.tolist(), newly.tolist()
