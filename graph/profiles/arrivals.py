"""The fastest ways of many profiles from any entry at once, with all waits as expected, at their ends, and as far as known.

Forwards from the entries, where a family is without waiting: one Bellman–Ford sweep (Bellman 1958) over the steps of one
municipality serves all profiles, levels and readings of the waits. Where :class:`leads.Leads` answers for every start and
can tell the way, this answers for the best start and tells only how long it takes. Ages are tested at entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ..locale import Locale
from ..places import Hop, Offering
from ..profile import Profile
from ..waiting import Wait
from .holding import Holding
from .steps import Flags, Places, alike

if TYPE_CHECKING:
    # brings NetworkX along, which nothing here needs
    from ..routing.asking import Reason

Times = NDArray[np.int64]
Floats = NDArray[np.float64]

#: How waits are read, one row each: as expected; all at their low and at their high end; what is known as expected and what
#: is not at its low end; and all as nothing, stops included, to see whether there is a way through.
_EXPECTED, _LOW, _HIGH, _FLOOR, _THROUGH = range(5)
_READINGS: Final = 5
#: A time is whole millionths of a day (so equal sums are equal) and below them the number of waits in it that are not known:
#: of equally fast ways the best known one counts.
_MICRO: Final = 1_000_000
_SHIFT: Final = 8
#: No way, or no upper end: larger than any time, and twice it still fits.
NEVER: Final = np.int64(1) << np.int64(61)


@dataclass(frozen=True, slots=True)
class Arrived:
    """Days until the first appointment at one level, per profile, over the fastest way from any entry; infinite without a way.

    ``assumed``: every way that is the fastest as expected rests on a wait that is not known. ``low`` and ``high``: with
    all waits at that end (the way may be another; infinite where no upper end is known). ``floor``: what is known as
    expected, the rest at its low end.
    """

    expected: Floats
    assumed: Flags
    low: Floats
    high: Floats
    floor: Floats
    offered: Flags
    through: Flags

    def reason(self, profile: int) -> Reason | None:
        """Why there is no way; None where there is one."""
        if np.isfinite(self.expected[profile]):
            return None
        if not self.offered[profile]:
            return "geen aanbod"
        return "aanmeldstop" if self.through[profile] else "geen route"


class Arrivals:
    """Asks one locale for ``profiles`` (ages and themes given), one level after another."""

    def __init__(self, locale: Locale, profiles: Sequence[Profile], holding: Holding | None = None) -> None:
        self._locale = locale
        self._profiles = tuple(profiles)
        self._size = len(profiles)
        self._holding = holding or Holding(locale, profiles)
        self._entries = frozenset(locale.entries)
        self._said: dict[tuple[str, ...], tuple[Times, Places]] = {}
        self._times: dict[tuple[str, ...], Times] = {}
        self._special = {h.route for h in locale.hops if h.route and locale.waits.has(f"route:{h.route}")}
        # who arrives at an entry could have started there, unless the route itself says how long that takes
        self._hops = [h for h in locale.hops if h.target not in self._entries or h.route in self._special]
        nodes = {n for h in self._hops for n in (h.source, h.target)}
        self._index = {node: n for n, node in enumerate(sorted(nodes | self._entries))}

    # --- times -----------------------------------------------------------------------------------------
    def _key(self, subjects: Iterable[str]) -> tuple[str, ...]:
        """Those of ``subjects`` that say something of a wait: the others change nothing."""
        return tuple(s for s in subjects if self._locale.waits.has(s))

    def _wait(self, key: tuple[str, ...]) -> tuple[Times, Places]:
        """The distinct waits that subjects say (rows) under each reading, and which of them each profile meets."""
        if key not in self._said:
            waits, of = self._holding.waits(key)
            self._said[key] = _table(waits), of
        return self._said[key]

    def _time(self, key: tuple[str, ...]) -> Times:
        """The wait that subjects say, per reading and profile."""
        if key not in self._times:
            table, of = self._wait(key)
            self._times[key] = np.take(table.T, of, axis=1)
        return self._times[key]

    @cached_property
    def _arriving(self) -> list[tuple[str, ...]]:
        """What says how long one waits at the target of each hop."""
        return [self._key(self._locale.subjects(h.target, h.offering, h.route)) for h in self._hops]

    @cached_property
    def _usable(self) -> Flags:
        """Whether each hop (row) is usable for each profile."""
        fits = [self._holding.fits(h.themes, h.age_from, h.age_until) for h in self._hops]
        return np.array(fits, dtype=bool).reshape(-1, self._size)

    @cached_property
    def _alike(self) -> tuple[Places, Places]:
        """(the first profile of each kind, the kind of each profile): all hops and the waits on them are the same for a kind."""
        conditions = dict.fromkeys((h.themes, h.age_from, h.age_until) for h in self._hops)
        says = dict.fromkeys(self._arriving)
        rows = [
            *(self._holding.fits(*c) for c in conditions),
            *(self._wait(key)[1] for key in says),
            self._holding.decisions()[1],
        ]
        return alike(np.array(rows, dtype=np.intp).reshape(len(rows), self._size))

    @cached_property
    def _fixed(self) -> Times:
        """Handover and decision of each hop, per reading and kind of profile; NEVER where it is not usable or decided upon."""
        first, _ = self._alike
        fixed = np.array([_time_of(h.handover) for h in self._hops], dtype=np.int64)
        found = np.repeat(np.repeat(fixed[:, None, None], _READINGS, axis=1), len(first), axis=2)
        found[:, _THROUGH] = 0
        decided = np.flatnonzero([h.decision for h in self._hops])
        if len(decided):
            waits, of = self._holding.decisions()
            found[decided] += _table(waits)[of[first]].T
        return np.where(self._usable[:, None, first], found, NEVER)

    @cached_property
    def _over(self) -> Times:
        """Time over each hop as a step on the way: what is fixed and the wait at its target."""
        first, _ = self._alike
        at: dict[tuple[str, ...], Times] = {}
        for key in dict.fromkeys(self._arriving):
            table, of = self._wait(key)
            at[key] = table[of[first]].T
        waits = np.array([at[key] for key in self._arriving]).reshape(self._fixed.shape)
        over: Times = np.minimum(self._fixed + waits, NEVER)
        return over

    # --- on the way ------------------------------------------------------------------------------------
    def _reached(self, avoiding: str | None = None) -> Times:
        """Time from the best entry to each node, the wait there included; on ways that do not pass ``avoiding``."""
        best: Times = np.full((len(self._index), _READINGS, len(self._alike[0])), NEVER)
        best[[self._index[e] for e in self._entries]] = 0
        if avoiding is not None:
            best[self._index[avoiding]] = NEVER
        places = [n for n, h in enumerate(self._hops) if h.target not in self._entries and avoiding not in (h.source, h.target)]
        if not places:
            return best
        places.sort(key=lambda n: self._index[self._hops[n].target])
        source, target = (np.array([self._index[getattr(self._hops[n], end)] for n in places]) for end in ("source", "target"))
        over = self._over[places]
        first = np.flatnonzero(np.concatenate([[True], target[1:] != target[:-1]]))
        at = target[first]
        while True:
            through: Times = np.minimum(np.minimum.reduceat(over + best[source], first, axis=0), NEVER)
            if np.array_equal(through, best[at]):
                return best
            best[at] = through

    @cached_property
    def _doors(self) -> Mapping[str, list[tuple[Hop, Times]]]:
        """The hops to each node with the time to the door behind it, without the wait there; plain ones first, as one."""
        every, of = self._reached(), self._alike[1]
        found: dict[str, list[tuple[Hop, Times]]] = {}
        plain: dict[str, list[int]] = {}
        for n, hop in enumerate(self._hops):
            if hop.route not in self._special and hop.offering is None:
                plain.setdefault(hop.target, []).append(n)
                continue
            # a wait of its own may make a way quicker that passes its end before: no way does that
            reached = self._reached(hop.target) if hop.route in self._special else every
            door = np.minimum(reached[self._index[hop.source]] + self._fixed[n], NEVER)
            found.setdefault(hop.target, []).append((hop, door[:, of]))
        for node, places in plain.items():
            sources = [self._index[self._hops[n].source] for n in places]
            door = np.minimum((every[sources] + self._fixed[places]).min(axis=0), NEVER)
            found.setdefault(node, []).insert(0, (self._hops[places[0]], door[:, of]))
        return found

    # --- arriving --------------------------------------------------------------------------------------
    def at(self, level: int) -> Arrived:
        """The fastest ways to a fitting offering of exactly ``level``; safety ends none."""
        by_node: dict[str, list[tuple[Offering, Flags]]] = {}
        for offering in self._locale.offerings.values():
            if offering.level == level and not self._locale.is_safety(offering.partner):
                fits = self._holding.fits(offering.themes, offering.age_from, offering.age_until)
                by_node.setdefault(offering.node, []).append((offering, fits))
        best = np.full((_READINGS, self._size), NEVER)
        offered = np.zeros(self._size, dtype=bool)
        for node, there in by_node.items():
            offered = offered | np.logical_or.reduce([fits for _, fits in there])
            everything = self._shortest(node, there)
            # a family starts at an entry, and from an entry a free offering is one step
            begun = everything if node in self._entries else self._shortest(node, [o for o in there if o[0].access == "vrij"])
            best = np.minimum(best, begun)
            for hop, door in self._doors.get(node, ()):
                best = np.minimum(best, door + self._behind(hop, there, everything))
        days = np.where(best >= NEVER, np.inf, (best >> _SHIFT) / _MICRO)
        return Arrived(
            days[_EXPECTED],
            ((best[_EXPECTED] & ((1 << _SHIFT) - 1)) > 0) & np.isfinite(days[_EXPECTED]),
            days[_LOW],
            days[_HIGH],
            days[_FLOOR],
            offered,
            np.isfinite(days[_THROUGH]),
        )

    def _shortest(self, node: str, there: Sequence[tuple[Offering, Flags]], route: str | None = None) -> Times:
        """The shortest wait at any offering of ``there`` that fits; NEVER where none does or is open."""
        by_key: dict[tuple[str, ...], Flags] = {}
        for offering, fits in there:
            key = self._key(self._locale.subjects(node, offering.id, route))
            by_key[key] = by_key[key] | fits if key in by_key else fits
        best = np.full((_READINGS, self._size), NEVER)
        for key, fits in by_key.items():
            best = np.minimum(best, np.where(fits, self._time(key), NEVER))
        return best

    def _behind(self, hop: Hop, there: Sequence[tuple[Offering, Flags]], everything: Times) -> Times:
        """The wait behind a hop as the last step: at what it points to where that fits, else at any offering there."""
        route = hop.route if hop.route in self._special else None
        waits = everything if route is None else self._shortest(hop.target, there, route)
        for pair in there:
            if pair[0].id == hop.offering:
                waits = np.where(pair[1], self._shortest(hop.target, [pair], route), waits)
        return waits


def _table(waits: Sequence[Wait]) -> Times:
    """Waits (rows) as times under each reading."""
    return np.array([_read(w) for w in waits], dtype=np.int64).reshape(-1, _READINGS)


def _read(wait: Wait) -> tuple[int, ...]:
    """A wait under each reading; an open end is as :meth:`routes.Leg.days` reads it."""
    if wait.closed:
        return *([int(NEVER)] * _THROUGH), 0
    low = _time_of(wait.low or 0.0)
    expected = low if wait.expected is None else _time_of(wait.expected)
    high = int(NEVER) if wait.high is None else _time_of(wait.high)
    return expected + wait.assumed, low, high, low if wait.assumed else expected, 0


def _time_of(days: float) -> int:
    return round(days * _MICRO) << _SHIFT
