"""Landscape + profile → a NetworkX graph of the steps that a family can take.

Nodes are partner ids, ``rol:slug`` placeholders and ``aanbod:ID`` initiatives. Each edge carries its
:class:`Leg`s, best first, under one *scenario*: the expected waits, all at their low or at their high end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from ..locale import Locale
from ..places import Hop, Offering
from ..profile import Profile, age_fits
from ..waiting import TOTAL, Wait, added

if TYPE_CHECKING:
    import networkx as nx

Scenario = Literal["expected", "low", "high"]
Until = Literal["afspraak", "start"]

#: Stands for "no upper end known" in sums of days; longer than any wait that people write down.
OPEN_ENDED: Final = 1_000_000.0
SOURCE: Final = "\x00van"
SINK: Final = "\x00naar"


@dataclass(frozen=True, slots=True)
class Leg:
    """One step as it is taken: the hop (None: the family is already there), the wait and the decision.

    ``wait`` is the wait at the target alone, ``total`` with handover and decision, in days.
    """

    source: str
    target: str
    hop: Hop | None
    offering: Offering | None
    wait: Wait
    decision: Wait | None
    total: Wait

    def days(self, scenario: Scenario) -> float:
        """Days from departure to the first appointment at the target."""
        return days_under(self.total, scenario)

    @property
    def hops(self) -> int:
        return 0 if self.hop is None else 1

    @property
    def retellings(self) -> int:
        return 0 if self.hop is None or self.hop.warm else 1

    def cost(self, scenario: Scenario) -> int:
        """Days, then hops, then retellings as one exact integer: sums compare lexicographically."""
        return round(self.days(scenario) * 1_000_000) * 10**9 + self.hops * 10**4 + self.retellings

    def open_at(self, age: float) -> bool:
        """Whether the age limits of route and offering hold at ``age`` (months)."""
        if self.hop and not _within(age, self.hop.age_from, self.hop.age_until):
            return False
        return not (self.offering and not _within(age, self.offering.age_from, self.offering.age_until))


def days_under(wait: Wait, scenario: Scenario) -> float:
    """The days of an open wait under one scenario; only the high end can be open-ended."""
    value: float | None = getattr(wait, scenario)
    return OPEN_ENDED if value is None else value


def _within(age: float, low: int | None, high: int | None) -> bool:
    return (low is None or low <= age) and (high is None or age < high)


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a way ends: at a partner or initiative (``node``), at an exact level, or both; or one offering."""

    node: str | None = None
    level: int | None = None
    offering: str | None = None


def end_key(node: str) -> str:
    """The key of ``node`` as the end of a way, where its offering's wait counts instead of its own."""
    return node + "\x00"


class Network:
    """The graphs of one locale and profile; waits are looked up once.

    ``clock`` leaves the lower and upper age limits of steps to be tested on arrival; without it they
    are tested at the age of entry.
    """

    def __init__(self, locale: Locale, profile: Profile, *, until: Until = "afspraak", clock: bool = True) -> None:
        self.locale = locale
        self.profile = profile
        self._until = until
        self._clock = clock and profile.age is not None
        self._cache: dict[tuple[str, str | None, str | None, bool], Wait] = {}
        self._graphs: dict[tuple[Scenario, bool], nx.DiGraph] = {}
        self.usable_hops = [hop for hop in locale.hops_about(profile.theme) if self._usable(hop)]
        self.decision = locale.decision(profile)

    def wait_at(self, node: str, offering: str | None = None, route: str | None = None, *, end: bool = False) -> Wait:
        """The wait at ``node`` for this profile; at the end until the first appointment or the start."""
        until_start = end and self._until == "start"
        key = (node, offering, route, until_start)
        found: Wait | None = self.locale.same_waits.get(key) or self._cache.get(key)
        if found is None:
            subjects = self.locale.subjects(node, offering, route)
            ask = self.locale.waits.until_start if until_start else self.locale.waits.registration
            found = ask(subjects, self.profile)
            kept = self.locale.same_waits if self.locale.waits.unconditional(subjects) else self._cache
            kept[key] = found
        return found

    def _usable(self, hop: Hop) -> bool:
        """Whether the route's own ages allow it (its theme was looked at, and the clock tests ages later)."""
        return age_fits(self.profile.age, None if self._clock else hop.age_from, hop.age_until)

    def leg(self, hop: Hop, offering: Offering | None = None, *, end: bool = False) -> Leg:
        """The step ``hop``; with the wait of ``offering`` where it ends there."""
        until_start = end and self._until == "start"
        always = (id(hop), offering.id if offering else None, until_start)
        same: Leg | None = self.locale.same_legs.get(always)
        if same is not None:
            return same
        pointed = offering.id if offering else hop.offering
        wait = self.wait_at(hop.target, pointed, hop.route, end=end)
        decision = self.decision if hop.decision else None
        # hops and waits are kept by the locale, so their identity stands for their value
        key = (id(hop), offering.id if offering else None, id(wait), id(decision))
        known: Leg | None = self.locale.legs.get(key)
        if known is None:
            total = (added(wait, decision, TOTAL) if decision else wait).plus(hop.handover)
            known = self.locale.legs[key] = Leg(hop.source, hop.target, hop, offering, wait, decision, total)
            said_by = self.locale.subjects(hop.target, pointed, hop.route)
            said_by += [self.locale.decision_partner] if hop.decision else []
            if self.locale.waits.unconditional(said_by):
                self.locale.same_legs[always] = known
        return known

    def already_there(self, offering: Offering) -> Leg:
        """The step of a family that starts where the offering is."""
        wait = self.wait_at(offering.node, offering.id, end=True)
        key = (0, offering.id, id(wait), 0)
        known: Leg | None = self.locale.legs.get(key)
        if known is None:
            known = self.locale.legs[key] = Leg(offering.node, offering.node, None, offering, wait, None, wait)
        return known

    def graph(self, scenario: Scenario = "expected", *, ignore_closed: bool = False) -> nx.DiGraph:
        """All usable steps between partners. Edge attributes: ``cost`` (see :meth:`Leg.cost`) and ``legs``."""
        import networkx as nx

        key = (scenario, ignore_closed)
        if key not in self._graphs:
            made = nx.DiGraph()
            for hop in self.usable_hops:
                _offer(made, hop.source, hop.target, self.leg(hop), scenario, ignore_closed)
            self._graphs[key] = nx.freeze(made)
        return self._graphs[key]

    def towards(
        self,
        goal: Goal,
        sources: Iterable[str],
        scenario: Scenario = "expected",
        *,
        ignore_closed: bool = False,
    ) -> nx.DiGraph:
        """The graph with a source before ``sources`` and a sink behind everything that answers ``goal``."""
        import networkx as nx

        made = nx.DiGraph(self.graph(scenario, ignore_closed=ignore_closed))
        starts = list(sources)
        made.add_nodes_from([SOURCE, SINK])
        for start in starts:
            made.add_edge(SOURCE, start, cost=0, legs=())
        if goal.level is None and goal.offering is None:
            if goal.node is not None:
                made.add_edge(goal.node, SINK, cost=0, legs=())
            return made
        by_node: dict[str, list[Offering]] = {}
        for offering in self.ends(goal):
            by_node.setdefault(offering.node, []).append(offering)
        for source, leg in self._last_steps(goal, by_node, starts):
            _offer(made, source, end_key(leg.target), leg, scenario, ignore_closed)
        for node in by_node:
            if made.has_node(end_key(node)):
                made.add_edge(end_key(node), SINK, cost=0, legs=())
        return made

    def legs_along(self, path: Sequence[str], level: int, scenario: Scenario = "expected") -> tuple[Leg, ...]:
        """The best legs of the way along ``path`` (nodes) to an offering of exactly ``level`` at its end.

        Raises ValueError where no open step leads on.
        """
        goal = Goal(node=path[-1], level=level)
        taken = set(pairwise(path))
        between: dict[tuple[str, str], list[Leg]] = {}
        for hop in self.usable_hops:
            if (hop.source, hop.target) in taken and hop.target != path[-1]:
                between.setdefault((hop.source, hop.target), []).append(self.leg(hop))
        steps = [between.get(pair, []) for pair in pairwise(path[:-1])]
        before = path[-2] if len(path) > 1 else SOURCE
        last = self._last_steps(goal, {path[-1]: list(self.ends(goal))}, path[:1])
        steps.append([leg for source, leg in last if source == before])
        found = []
        for legs in steps:
            open_ = [leg for leg in legs if not leg.total.closed]
            if not open_:
                raise ValueError("no open step leads along the path")
            found.append(min(open_, key=lambda leg: _rank(leg, leg.cost(scenario))))
        return tuple(found)

    def _last_steps(
        self, goal: Goal, by_node: Mapping[str, list[Offering]], starts: Collection[str]
    ) -> Iterator[tuple[str, Leg]]:
        """Every way to take the last step to an offering: over a hop, from an entry, or being there already."""
        # an entry role that nobody holds here by name is an entry all the same when it is asked for
        entries = dict.fromkeys([*self.locale.entries, *(s for s in starts if self.locale.node(s).entry)])
        for hop in self.usable_hops:
            there = by_node.get(hop.target, [])
            for offering in [o for o in there if o.id == hop.offering] or there:
                yield hop.source, self.leg(hop, offering, end=True)
        for hop in self.locale.free_steps(entries, self.profile_for_ends, goal.level):
            for offering in by_node.get(hop.target, []):
                if offering.id == hop.offering:
                    yield hop.source, self.leg(hop, offering, end=True)
        for node, offerings in by_node.items():
            if node in starts:
                for offering in offerings:
                    yield SOURCE, self.already_there(offering)

    @property
    def profile_for_ends(self) -> Profile:
        """The profile without its age where the clock tests it on arrival."""
        return replace(self.profile, age=None) if self._clock else self.profile

    def ends(self, goal: Goal) -> tuple[Offering, ...]:
        """The offerings that answer ``goal``; safety answers nothing lighter or heavier than itself."""
        if goal.offering is not None:
            offering = self.locale.offerings.get(goal.offering)
            return (offering,) if offering else ()
        return tuple(
            o
            for o in self.locale.fitting(self.profile, goal.level, until=self._clock)
            if not self.locale.is_safety(o.partner) and (goal.node is None or o.node == goal.node)
        )

    def has_offering(self, goal: Goal) -> bool:
        """Whether anything is registered that answers ``goal`` at the age of entry."""
        if goal.offering is not None:
            return goal.offering in self.locale.offerings
        return any(
            not self.locale.is_safety(o.partner) and (goal.node is None or o.node == goal.node)
            for o in self.locale.fitting(self.profile, goal.level)
        )


def _offer(made: nx.DiGraph, source: str, target: str, leg: Leg, scenario: Scenario, ignore_closed: bool) -> None:
    """Take up ``leg`` between its ends; parallel ones are kept too, best first, for the clock may bar the best."""
    if leg.total.closed:
        if not ignore_closed:
            return
        cost = leg.hops * 10**4 + leg.retellings
    else:
        cost = leg.cost(scenario)
    rank = _rank(leg, cost)
    known = made.get_edge_data(source, target)
    if known is None:
        made.add_edge(source, target, cost=cost, legs=((rank, leg),))
        return
    # a new tuple: the edge may be shared with the graph that this one was made from
    legs = tuple(sorted((*known["legs"], (rank, leg)), key=lambda pair: pair[0]))
    made.add_edge(source, target, cost=legs[0][0][0], legs=legs)


def _rank(leg: Leg, cost: int) -> tuple[int, str, str]:
    """Of equally good parallel steps the first by offering and route comes first, whatever the order of rows."""
    return cost, leg.offering.id if leg.offering else "", (leg.hop.route or "") if leg.hop else ""
