"""A municipality in which waits that nobody knows are supposed to be something; all that is known stays what it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from copy import copy
from dataclasses import replace
from typing import Final

import numpy as np

from ..locale import Locale
from ..profile import Profile
from ..profiles.steps import Places, Steps
from ..profiles.study import Place
from ..profiles.terrain import Ends, Terrain
from ..waiting import Wait
from ..waits import Waits

#: In place of a node: the wait for a decision of the municipality.
DECIDING: Final = "\x00besluit"


def supposed(place: Place, nodes: Collection[str], days: float) -> Place:
    """``place`` with every unknown or outdated wait until the first appointment at ``nodes`` lasting ``days``.

    ``nodes`` are partners, initiatives (``aanbod:ID``) or roles that nobody is known to hold (``rol:SLUG``); DECIDING
    stands for the wait for a decision. What a partner, an offering, a route or a role says stays: only what is assumed
    becomes something else. The same families, the same steps; who has a way keeps one, for a wait is no stop.
    """
    locale: Locale = copy(place.locale)
    locale.waits = _Supposing(place.locale.waits, nodes, days)
    locale.legs, locale.same_waits, locale.same_legs = {}, {}, {}
    return replace(place, locale=locale, terrain=_Spliced(place.terrain, locale, nodes))


class _Supposing(Waits):
    """Waits of which those that are not known (or outdated) at one of ``nodes`` last ``days``."""

    def __init__(self, waits: Waits, nodes: Collection[str], days: float) -> None:
        self.__dict__.update(waits.__dict__)
        self._base = waits
        self._nodes, self._days = frozenset(nodes), days
        # who looks at many profiles knows a wait by its identity
        self._made: dict[Wait, Wait] = {}

    def known(self, subjects: Iterable[str]) -> tuple[str, ...]:
        """Those that say something, and those at which something is supposed."""
        said = self._base.known(subjects := list(subjects))
        return tuple(s for s in subjects if s in said or s in self._nodes)

    def registration(self, subjects: Sequence[str], profile: Profile) -> Wait:
        found = self._base.registration(subjects, profile)
        return found if self._nodes.isdisjoint(subjects) else self._supposed(found)

    def decision(self, access: str | None, profile: Profile) -> Wait:
        found = self._base.decision(access, profile)
        return self._supposed(found) if DECIDING in self._nodes else found

    def _supposed(self, wait: Wait) -> Wait:
        if not wait.assumed:
            return wait
        if wait not in self._made:
            self._made[wait] = replace(wait, low=self._days, expected=self._days, high=self._days)
        return self._made[wait]


class _Spliced(Terrain):
    """``terrain`` with the steps to ``nodes`` as ``locale`` has them; all other steps are taken over."""

    def __init__(self, terrain: Terrain, locale: Locale, nodes: Collection[str]) -> None:
        self.__dict__.update(terrain.__dict__)
        self.locale = locale
        self._old, self._derived, self._joined = terrain, {}, dict[int, Ends]()
        self._part = _only(terrain, locale, nodes)
        self.between = self._with(terrain.between, self._part.between)

    def ends(self, level: int) -> Ends:
        if level not in self._joined:
            old, new = self._old.ends(level), self._part.ends(level)
            hops, free, there = (self._with(was, is_) for was, is_ in zip(_parts(old), _parts(new), strict=True))
            self._joined[level] = Ends(hops, free, there, old.offered)
        return self._joined[level]

    def _with(self, old: Steps, new: Steps) -> Steps:
        """``old`` with the rows of ``new``, which are some of the same pairs."""
        if not len(new.source):
            return old
        place = np.array([self.index[node] for node in self._part.nodes], dtype=np.intp)
        rows = np.searchsorted(self._key(old.source, old.target), self._key(place[new.source], place[new.target]))
        cost, wait, assumed = old.cost.copy(), old.wait.copy(), old.assumed.copy()
        cost[rows], wait[rows], assumed[rows] = new.cost, new.wait, new.assumed
        return Steps(old.source, old.target, cost, wait, assumed, old.usable)

    def _key(self, source: Places, target: Places) -> Places:
        """One number for a pair, in the order of the rows."""
        return source * len(self.nodes) + target


def _parts(ends: Ends) -> tuple[Steps, Steps, Steps]:
    """The steps of some ends."""
    return ends.hops, ends.free, ends.there


def _only(terrain: Terrain, locale: Locale, nodes: Collection[str]) -> Terrain:
    """The terrain of what leads to ``nodes`` and is offered there; a decision may be needed for every step."""
    part: Locale = copy(locale)
    if DECIDING not in nodes:
        known = frozenset(nodes)
        part.hops = tuple(hop for hop in locale.hops if hop.target in known)
        part.offerings = {o.id: o for o in locale.offerings.values() if o.node in known}
    return Terrain(part, terrain.profiles, scenario=terrain.scenario, starts=terrain.starts)
