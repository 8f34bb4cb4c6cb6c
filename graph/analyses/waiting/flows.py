"""Who passes where, per level and over all municipalities: the counts behind bottlenecks, before anything is hidden."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from ...places import FAMILY, Offering
from ...profile import Profile
from ...profiles.flow import Flow
from ...profiles.passage import Passage
from ...profiles.steps import MICRO
from ...profiles.study import REASONS, Study
from ...routing.asking import Reason
from ...waiting import WEEK
from ..ways import Statement
from .waits import Ground, Judge, Judged

#: What is left of 0 after adding and subtracting fractions.
NOTHING = 1e-9


@dataclass
class Station:
    """One node at one level.

    ``municipalities`` are the codes from which families come, ``roles`` those that it holds, ``met`` the families a year
    by how long they wait there (millionths of a day), ``offerings`` what it offers of the level (by id) where they end.
    """

    node: str
    roles: tuple[str, ...]
    municipalities: dict[str, None] = field(default_factory=dict)
    met: dict[int, float] = field(default_factory=dict)
    offerings: dict[str, Offering] = field(default_factory=dict)
    judged: Judged = field(default_factory=Judged)


@dataclass
class Counted:
    """One level: the flow of all families, those without a route by reason, and each node that families pass or end at.

    All in families a year, or in combinations of age band, theme and start where the study is unweighted.
    """

    level: int
    flow: Flow = field(default_factory=Flow)
    reasons: dict[Reason, float] = field(default_factory=lambda: dict.fromkeys(REASONS, 0.0))
    stations: dict[str, Station] = field(default_factory=dict)

    @property
    def per_year(self) -> float:
        """All families, with and without a route."""
        return math.fsum(self.flow.arriving.values()) + math.fsum(self.reasons.values())

    def passing(self, node: str) -> float:
        """Who comes to a node, to go on or to end there."""
        return self.flow.through.get(node, 0.0) + self.flow.arriving.get(node, 0.0)

    def waiting(self, node: str) -> float:
        """How many wait at a node at any moment: Little's L = λ·W, with λ families a week and W in weeks."""
        return self.flow.days.get(node, 0.0) / WEEK / 52

    def gaining(self, node: str) -> tuple[float, float, float]:
        """What weeks_per_week at a node is made of: who does not wait there, who does, and who might.

        The last have some fastest way that waits there, but (a share of them) goes by another that is as fast.
        """
        comes, whole = self.passing(node), self.flow.waiting.get(node, 0.0)
        waits = comes - self.stations[node].met.get(0, 0.0)
        # of families that come by different ways the mean time was noted, and some of them may not wait
        more = whole - waits
        if abs(more) <= NOTHING * max(1.0, comes):
            return comes - waits, waits, 0.0
        return (comes - waits, waits, more) if more > 0 else (comes - whole, whole, 0.0)


@dataclass
class Used:
    """What the answer rests on, to be said under "assumed"; ``unplaced`` and ``uncounted`` as in a Population.

    ``statements`` is what somebody said of partners that are passed.
    """

    handover: bool = False
    role_route: bool = False
    decision: bool = False
    family: bool = False
    areas: set[str] = field(default_factory=set)
    statements: dict[Statement, None] = field(default_factory=dict)
    unplaced: float = 0.0
    uncounted: int = 0

    def note(self, ground: Ground, here: Flow) -> None:
        """What the steps of one municipality rest on."""
        locale = ground.locale
        for source, target in here.steps:
            hops = ground.hops.get((source, target), ())
            self.handover |= any(not hop.handover_given for hop in hops)
            self.role_route |= any(hop.derived and hop.route is not None for hop in hops)
            if not self.decision and any(hop.decision for hop in hops):
                self.decision = locale.decision(Profile(locale.municipality)).assumed
            self.family |= source == FAMILY
            self.areas.update(n for n in (source, target) if n in locale.partners and locale.partners[n].area_assumed)


def counted(study: Study) -> tuple[tuple[Counted, ...], Used]:
    """Every level of a study, over all of its municipalities."""
    found = tuple(Counted(level) for level in study.levels)
    used = Used()
    judge = Judge(study.landscape)
    for place in study.places():
        ground = Ground(place)
        for one in found:
            _count(one, ground, judge, used)
    for municipality in study.municipalities:
        people = study.place(municipality).population
        used.unplaced += people.unplaced
        used.uncounted += people.uncounted
    return found, used


def _count(counted: Counted, ground: Ground, judge: Judge, used: Used) -> None:
    """Take up the families of one municipality."""
    place, level = ground.place, counted.level
    gone = place.passage(level)
    here, met = gone.flow(), _met(gone)
    counted.flow.add(here)
    for reason, families in place.without_route(level).items():
        counted.reasons[reason] += families
    used.note(ground, here)
    used.statements.update(dict.fromkeys(ground.statements(met)))
    for node, times in sorted(met.items()):
        station = counted.stations.setdefault(node, Station(node, ground.roles(node)))
        station.municipalities[place.locale.municipality] = None
        for time, families in times.items():
            station.met[time] = station.met.get(time, 0.0) + families
        if node in here.arriving:
            station.offerings.update((o.id, o) for o in ground.locale.offered(node, level))
        judged = judge.at(ground, level, node, here, times)
        station.judged = station.judged.joined(judged) if len(station.municipalities) > 1 else judged


def _met(gone: Passage) -> dict[str, dict[int, float]]:
    """The families a year by how long they wait at each node (millionths of a day).

    All families of one profile wait equally long there, unless they come there in different ways: then their mean counts.
    """
    found: dict[str, dict[int, float]] = {}
    coming = gone.coming
    nodes, profiles = np.nonzero(coming)
    families = coming[nodes, profiles]
    times = np.rint(gone.days[nodes, profiles] / families * MICRO).astype(np.int64)
    for node, time, number in zip(nodes.tolist(), times.tolist(), families.tolist(), strict=True):
        by_time = found.setdefault(gone.nodes[node], {})
        by_time[time] = by_time.get(time, 0.0) + number
    return found
