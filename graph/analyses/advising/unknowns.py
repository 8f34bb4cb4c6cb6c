"""unknowns: which waiting time to ask for first, because the answer hangs on it most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...altering.supposing import DECIDING, supposed
from ...places import FAMILY
from ...profile import Profile
from ...profiles.steps import MICRO, NEVER, SHIFT, Costs, Steps
from ...profiles.study import Place, Study
from ...waiting import DECISION, REGISTRATION, WEEK, Source, Wait

Floats = NDArray[np.float64]
#: Less than this many family-days is the noise of adding fractions.
_NOTHING: Final = 1e-6
#: A node and the kind of wait there.
_Key = tuple[str, str]
#: A node, what a step to it gains (millionths of a day), and whether it is on a fastest way now; both per profile.
_Gain = tuple[int, NDArray[np.int64], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A wait that nobody knows, at ``node``: of ``kind`` aanmeldwachttijd, or besluit (a decision).

    ``days_low`` and ``days_high`` are what all families a year wait together, from entry to the first appointment, when
    this wait is at its ``low`` and at its ``high`` end (days) and every other one as expected. ``families`` by level are
    those for whom that differs. ``written`` and ``as_of`` tell the old value where there is one; ``sources`` say it.
    """

    node: str
    name: str
    kind: str
    low: float
    high: float
    days_low: float
    days_high: float
    families: Mapping[int, float] = field(compare=False)
    written: str | None = None
    as_of: str | None = None
    sources: tuple[Source, ...] = ()

    @property
    def days_moved(self) -> float:
        """By how much the days of all families together move."""
        return self.days_high - self.days_low

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels at which it makes a difference, lightest first."""
        return tuple(sorted(self.families))


def unknowns(study: Study, most: int = 0) -> tuple[Unknown, ...]:
    """The waits of a study that nobody knows and that make a difference, by how much they move what families wait.

    Of one node all unknown and outdated waits are taken together: that is whom to ask. All families a year wait
    Σ D·d(s, τ) days from entry to the first appointment (D families a year, or 1 for each combination of age band, theme
    and start where the study is unweighted). This is worked out anew with the waits at the node at their low end and at
    their high end, every other one as expected: exactly, not from what families meet now, because a shorter wait brings
    other ways. ``most`` of them (0: all), ties by name.

    Nobody's time moves by more than what a step to the node gains at its low end, and what the wait can still grow for who
    meets it now: with these bounds only as many nodes are worked out as ``most`` asks for.
    """
    places = [_Here(study, place) for place in study.places()]
    total = sum(here.days for here in places)
    bounds: dict[_Key, float] = {}
    for here in places:
        for key, bound in here.bounds.items():
            bounds[key] = bounds.get(key, 0.0) + bound
    found: list[Unknown] = []
    for key in sorted(bounds, key=lambda k: (-bounds[k], k)):
        if most and len(found) >= most and found[most - 1].days_moved > bounds[key] + _NOTHING:
            break
        moves = [move for here in places if key in here.bounds and (move := here.move(key)) is not None]
        if moves:
            found.append(_told(key, total, moves))
            found.sort(key=lambda u: (-round(u.days_moved, 5), u.name.casefold(), u.node, u.kind))
    return tuple(found[: most or None])


@dataclass(frozen=True, slots=True)
class _Move:
    """What one wait does in one municipality: days more (below 0: less) at its ends than as expected, and for whom."""

    name: str
    ends: tuple[float, float]
    down: float
    up: float
    families: Mapping[int, float]
    old: Sequence[Wait]


def _told(key: _Key, total: float, moves: Sequence[_Move]) -> Unknown:
    """One wait over all municipalities, in which families wait ``total`` days as expected."""
    families: dict[int, float] = {}
    for move in moves:
        for level, number in move.families.items():
            families[level] = families.get(level, 0.0) + number
    old = [wait for move in moves for wait in move.old]
    return Unknown(
        *(key[0], moves[0].name, key[1]),
        *moves[0].ends,
        total + sum(move.down for move in moves),
        total + sum(move.up for move in moves),
        families,
        next((w.written for w in old if w.written), None),
        next((w.as_of for w in old if w.as_of), None),
        tuple(dict.fromkeys(s for w in old for s in w.sources)),
    )


class _Here:
    """One municipality of a study, asked what would be otherwise."""

    def __init__(self, study: Study, place: Place) -> None:
        self._place, self._levels = place, study.levels
        settings = study.landscape.settings
        decision = settings.unknown_decision_low * WEEK, settings.unknown_decision_high * WEEK
        self._ends = {REGISTRATION: (settings.unknown_weeks_low * WEEK, settings.unknown_weeks_high * WEEK), DECISION: decision}
        self._touched: dict[_Key, list[int]] = {}

    # --- which could matter ----------------------------------------------------------------------------
    @cached_property
    def bounds(self) -> Mapping[_Key, float]:
        """The waits that could make a difference, with the family-days by which all of it moves at the most."""
        found: dict[_Key, float] = {}
        low, high = self._ends[REGISTRATION]
        nodes = self._place.terrain.nodes
        for level in self._levels:
            families = self._demand[level].sum(axis=0)
            asked = np.flatnonzero(families)
            most: dict[int, Floats] = {}
            for node, gain, met in self._tempting(level, asked) if len(asked) else ():
                # only who meets the wait now loses by a longer one
                moved = gain / MICRO + np.where(met, (high - low) / 2, 0.0)
                most[node] = np.maximum(most[node], moved) if node in most else moved
            for node, moved in most.items():
                if nodes[node] != FAMILY:
                    key = nodes[node], REGISTRATION
                    found[key] = found.get(key, 0.0) + float((families[asked] * moved).sum())
                    self._touched.setdefault(key, []).append(level)
        if self._decisions and any(hop.decision for hop in self._place.locale.hops):
            key = self._place.locale.decision_partner, DECISION
            found[key], self._touched[key] = float("inf"), list(self._levels)
        return found

    @cached_property
    def _decisions(self) -> list[Wait]:
        """The decisions of the municipality that are not known, each once."""
        waits = (self._place.locale.decision(p) for p in self._place.terrain.profiles)
        return list(dict.fromkeys(w for w in waits if w.assumed))

    def _tempting(self, level: int, asked: NDArray[np.intp]) -> Iterator[_Gain]:
        """Every step that would gain somebody something, were all that is unknown at its low end."""
        terrain, low = self._place.terrain, self._lowest.terrain
        onward = self._place.leads(level).cost[:, asked] >> SHIFT
        here, end = onward[:-1], onward[-1]
        entries = here[[terrain.index[e] for e in terrain.entries]]
        between, ends, old = low.between, low.ends(level), terrain.ends(level)
        for row, (source, target) in enumerate(zip(between.source.tolist(), between.target.tolist(), strict=True)):
            yield from _gain(between, terrain.between, row, asked, here[target], here[source][None])
        for row, source in enumerate(ends.hops.source.tolist()):
            yield from _gain(ends.hops, old.hops, row, asked, end, here[source][None])
        for row in range(len(ends.free.target)):
            yield from _gain(ends.free, old.free, row, asked, end, entries)
        for row, source in enumerate(ends.there.source.tolist()):
            own = np.minimum(here[source], old.there.cost[row, asked] >> SHIFT)
            yield from _gain(ends.there, old.there, row, asked, end, own[None])

    @cached_property
    def _lowest(self) -> Place:
        """Everything that is not known at its low end."""
        registration, decision = (ends[0] for ends in self._ends.values())
        return supposed(supposed(self._place, self._place.terrain.nodes, registration), [DECIDING], decision)

    # --- what difference it makes ------------------------------------------------------------------------
    def move(self, key: _Key) -> _Move | None:
        """What a wait does; None where it makes no difference."""
        node, kind = key
        ends, what = self._ends[kind], [DECIDING if kind == DECISION else node]
        low = self._times(supposed(self._place, what, ends[0]), self._touched[key])
        # who does not come here when the wait is at its low end never does
        levels = [level for level, time in low.items() if (time != self._now[level]).any()]
        if not levels:
            return None
        high = self._times(supposed(self._place, what, ends[1]), levels)
        families = {level: float(self._demand[level][low[level] != high[level]].sum()) for level in levels}
        down, up = (sum(self._days_of(lv, times[lv] - self._now[lv]) for lv in levels) for times in (low, high))
        return _Move(self._place.locale.node(node).name, ends, down, up, families, self._old(node, kind))

    @property
    def days(self) -> float:
        """Days of all families together, as expected."""
        return sum(self._days_of(level, time) for level, time in self._now.items())

    @cached_property
    def _now(self) -> Mapping[int, Costs]:
        return self._times(self._place, self._levels)

    def _times(self, place: Place, levels: Iterable[int]) -> Mapping[int, Costs]:
        """Time (millionths of a day) from every start to the first appointment by level; 0 where nobody asks or gets there."""
        found = {}
        for level in levels:
            time = place.leads(level).start_cost >> SHIFT
            found[level] = np.where((self._demand[level] > 0) & (time < NEVER >> SHIFT), time, 0)
        return found

    def _days_of(self, level: int, time: Costs) -> float:
        return float((self._demand[level] * time).sum()) / MICRO

    @cached_property
    def _demand(self) -> Mapping[int, Floats]:
        """Families a year by level: starts × profiles."""
        row = {start: n for n, start in enumerate(self._place.terrain.starts)}
        found = {level: np.zeros((len(row), len(self._place.groups))) for level in self._levels}
        for level, table in found.items():
            for column, by in self._place.demand(level):
                for start, families in by.items():
                    table[row[start], column] += families
        return found

    def _old(self, node: str, kind: str) -> Sequence[Wait]:
        """The outdated values of a wait, each once."""
        if kind == DECISION:
            return [w for w in self._decisions if w.outdated]
        locale = self._place.locale
        asked = Profile(locale.municipality)
        subjects = [locale.subjects(node)]
        subjects += [locale.subjects(node, o.id) for o in locale.offerings.values() if o.node == node]
        found = (locale.waits.registration(s, asked) for s in subjects)
        return [w for w in dict.fromkeys(found) if w.assumed and w.outdated]


def _gain(low: Steps, old: Steps, row: int, asked: NDArray[np.intp], onward: Costs, now: Costs) -> Iterator[_Gain]:
    """What one step gains over ``now`` (times from where it may begin × profiles) when it takes what it takes in ``low``."""
    cost, was = low.cost[row, asked], old.cost[row, asked]
    shorter = (cost < NEVER) & (cost < was)
    if not shorter.any():
        return
    gain = np.where(shorter, np.maximum(now - (cost >> SHIFT) - onward, 0).max(axis=0, initial=0), 0)
    if gain.any():
        yield int(low.target[row]), gain, (((was >> SHIFT) + onward) == now).any(axis=0) & (gain > 0)
