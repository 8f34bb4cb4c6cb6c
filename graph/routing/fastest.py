"""The fastest way for many profiles at once: one forward tree per base network, one look per offering.

Between two profiles most of the network stays the same. A profile's *signature* says which conditions of
hops and waits hold; all profiles of one signature share the tree of best ways from the starts, and each
only adds the last step to the offerings that fit it. Where the best of these passes the partner at which it
ends, a tree without that partner tells the best way there. The answer is that of :func:`paths.best_paths`.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from ..locale import Locale
from ..places import Hop, Offering
from ..profile import Profile, age_fits, theme_fits
from .paths import Allowed, Path, always, clock_of
from .routes import OPEN_ENDED, Goal, Leg, Network, Scenario, Until, days_under, end_key


@dataclass(frozen=True, slots=True)
class Reached:
    """The best way to a node: its cost, the nodes, the days it takes and its legs."""

    cost: int
    path: Path
    days: float
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class _Arrival:
    """One hop into a node at the end of a best way; ``special`` when its time is not simply added to the wait there."""

    cost: int
    path: Path
    before: Reached
    hop: Hop
    special: bool


@dataclass(frozen=True, slots=True)
class _Doors:
    """What a last step to a node can begin with: arrivals over hops into it, and entries that are reached; best first."""

    arrivals: list[_Arrival]
    entries: list[Reached]


class _Base:
    """What all profiles of one signature share: the tree of best ways, and on demand the doors of a node.

    ``doors`` are by node, and whether they are those of a tree without that node.
    """

    def __init__(self, network: Network, allowed: Allowed) -> None:
        self.network = network
        self.allowed = allowed
        self.outgoing: dict[str, dict[str, list[Hop]]] = {}
        self.hops_into: dict[str, list[Hop]] = {}
        for hop in network.usable_hops:
            self.outgoing.setdefault(hop.source, {}).setdefault(hop.target, []).append(hop)
            self.hops_into.setdefault(hop.target, []).append(hop)
        self.tree: dict[str, Reached] = {}
        self.entries: list[Reached] = []
        self.doors: dict[tuple[str, bool], _Doors] = {}


class Fastest:
    """Asks one locale for the fastest way from ``starts`` under one scenario, profile after profile.

    ``clock`` tests age limits on arrival, else at entry. ``timeless`` tests no age at arrival at all and
    ``ignore_closed`` walks through stops: both only to find out why there is no way.
    """

    def __init__(
        self,
        locale: Locale,
        starts: Sequence[str],
        *,
        scenario: Scenario = "expected",
        until: Until = "afspraak",
        clock: bool = True,
        timeless: bool = False,
        ignore_closed: bool = False,
    ) -> None:
        self._locale = locale
        self._starts = list(starts)
        self._scenario: Scenario = scenario
        self._until: Until = until
        self._clock = clock
        self._timeless = timeless
        self._ignore_closed = ignore_closed
        self._costs: dict[int, int | None] = {}
        self._bases: dict[tuple[object, ...], _Base] = {}
        self._last: tuple[Profile, Network, _Base] | None = None
        self._entries = list(dict.fromkeys([*locale.entries, *(s for s in starts if locale.node(s).entry)]))
        self._special = {h.route for h in locale.hops if h.route and locale.waits.rows(f"route:{h.route}")}
        self._conditions = self._conditions_of_steps()

    def _conditions_of_steps(self) -> tuple[tuple[tuple[str, ...], int | None, int | None], ...]:
        """The distinct conditions of everything a way passes, offerings at its end left out."""
        locale = self._locale
        found = {(h.themes, h.age_from, h.age_until) for h in locale.hops}
        pointed = {f"aanbod:{h.offering}" for h in locale.hops if h.offering}
        nodes = {h.target for h in locale.hops} | set(locale.access)
        subjects = {s for n in nodes for s in locale.subjects(n)} | pointed | {f"route:{r}" for r in self._special}
        for subject in subjects:
            for row in locale.waits.rows(subject):
                found.add((tuple(row["themes"] or ()), row["age_from"], row["age_until"]))
        return tuple(sorted(found, key=str))

    # --- asking --------------------------------------------------------------------------------------
    def best(self, profile: Profile, goals: Iterable[Goal]) -> Reached | None:
        """The fastest way to any of ``goals``, None when there is none."""
        network, base = self._at(profile)
        found: list[tuple[tuple[int, Path, str, str], Reached]] = []
        ends: list[tuple[Offering, bool]] = []
        for goal in goals:
            if goal.level is not None or goal.offering is not None:
                # an offering that was asked for by itself is one free step away only where it fits
                fitting = None if goal.offering is None else network.ends(Goal())
                ends += [(o, o.access == "vrij" and (fitting is None or o in fitting)) for o in network.ends(goal)]
            elif (reached := base.tree.get(goal.node or "")) is not None:
                found.append(((reached.cost, reached.path, "", ""), reached))
        best = self._to_offerings(network, base, ends)
        if best.rank is not None and best.way is not None:
            found.append((best.rank, best.way))
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def _at(self, profile: Profile) -> tuple[Network, _Base]:
        if self._last is not None and self._last[0] == profile:
            return self._last[1], self._last[2]
        network = Network(self._locale, profile, until=self._until, clock=self._clock)
        asked = None if profile.theme is None else self._locale.landscape.themes.with_broader(profile.theme)
        signature = tuple(
            (theme_fits(asked, themes), age_fits(profile.age, low, high), age_fits(profile.age, None, high))
            for themes, low, high in self._conditions
        )
        # with the clock the age itself counts where a limit of age lies on the way
        ticks = self._clock and not self._timeless
        aged = profile.age if ticks and any(h.age_from or h.age_until for h in network.usable_hops) else None
        key = (signature, aged)
        if key not in self._bases:
            made = self._bases[key] = _Base(network, self._allowed(profile))
            made.tree = self._tree(made)
            made.entries = self._entered(made.tree)
        base = self._bases[key]
        self._last = (profile, network, base)
        return network, base

    def _allowed(self, profile: Profile) -> Allowed:
        return clock_of(profile.age) if self._clock and not self._timeless else always

    def _cost(self, leg: Leg) -> int | None:
        key = id(leg)  # legs are kept by the locale
        if key not in self._costs:
            if not leg.total.closed:
                self._costs[key] = leg.cost(self._scenario)
            else:
                self._costs[key] = leg.hops * 10**4 + leg.retellings if self._ignore_closed else None
        return self._costs[key]

    # --- the tree ------------------------------------------------------------------------------------
    def _tree(self, base: _Base, without: str | None = None) -> dict[str, Reached]:
        """The best way to every node, in the total order of paths.py; none of them passes ``without``."""
        order = count()
        queue: list[tuple[int, Path, int, float, tuple[Leg, ...]]]
        queue = [(0, (s,), next(order), 0.0, ()) for s in sorted(self._starts) if s != without]
        heapq.heapify(queue)
        tree: dict[str, Reached] = {}
        while queue:
            cost, path, _, days, legs = heapq.heappop(queue)
            node = path[-1]
            if node in tree:
                continue
            tree[node] = Reached(cost, path, days, legs)
            for target, hops in base.outgoing.get(node, {}).items():
                if target in tree or target == without:
                    continue
                for step, _, leg in self._parallel(base.network, hops):
                    arrival = days + (0.0 if leg.total.closed else leg.days(self._scenario))
                    if base.allowed(leg, arrival):
                        heapq.heappush(queue, (cost + step, (*path, target), next(order), arrival, (*legs, leg)))
                        break
        return tree

    def _parallel(self, network: Network, hops: list[Hop]) -> list[tuple[int, str, Leg]]:
        """The open ones of parallel hops as legs with their cost and route, best first."""
        found = []
        for hop in hops:
            leg = network.leg(hop)
            cost = self._cost(leg)
            if cost is not None:
                found.append((cost, hop.route or "", leg))
        if len(found) > 1:
            found.sort(key=lambda step: step[:2])
        return found

    def _doors(self, base: _Base, node: str, *, around: bool) -> _Doors:
        """What a last step to ``node`` can begin with; ``around``: without any way that passes it."""
        if (node, around) not in base.doors:
            tree = self._tree(base, node) if around else base.tree
            entries = self._entered(tree) if around else base.entries
            base.doors[node, around] = _Doors(self._arrivals(base, node, tree), entries)
        return base.doors[node, around]

    def _entered(self, tree: dict[str, Reached]) -> list[Reached]:
        return sorted((tree[e] for e in self._entries if e in tree), key=lambda r: (r.cost, r.path))

    def _arrivals(self, base: _Base, node: str, tree: dict[str, Reached]) -> list[_Arrival]:
        """The best arrivals at ``node`` over each hop into it, the wait there left out, best first."""
        arrivals = []
        for hop in base.hops_into.get(node, ()):
            before = tree.get(hop.source)
            if before is None:
                continue
            decision = base.network.decision if hop.decision else None
            if decision is not None and decision.closed and not self._ignore_closed:
                continue
            decided = 0.0 if decision is None or decision.closed else days_under(decision, self._scenario)
            cost = before.cost + round((hop.handover + decided) * 1_000_000) * 10**9 + 10**4 + (0 if hop.warm else 1)
            special = hop.route in self._special or hop.offering is not None or decided >= OPEN_ENDED
            arrivals.append(_Arrival(cost, (*before.path, end_key(node)), before, hop, special))
        arrivals.sort(key=lambda a: (a.cost, a.path, a.hop.route or ""))
        return arrivals

    # --- the last step -------------------------------------------------------------------------------
    def _to_offerings(self, network: Network, base: _Base, ends: Sequence[tuple[Offering, bool]]) -> _Best:
        """The best way to any of ``ends`` (and if it is a free step away); what can no longer be the best is not worked out."""
        fitting: dict[str, set[str]] = {}
        for offering, _ in ends:
            fitting.setdefault(offering.node, set()).add(offering.id)
        best = _Best(self._allowed(network.profile), self._cost, self._scenario)
        for offering, free in ends:
            node = offering.node
            if node in self._starts:
                best.offer(_NOWHERE, network.already_there(offering), (end_key(node),))
            self._last_steps(best, network, self._doors(base, node, around=False), offering, fitting[node], free=free)
        passed = best.passed()
        for offering, free in ends if passed else ():
            node = offering.node
            if node in passed:
                self._last_steps(best, network, self._doors(base, node, around=True), offering, fitting[node], free=free)
        return best

    def _last_steps(
        self, best: _Best, network: Network, doors: _Doors, offering: Offering, there: set[str], *, free: bool
    ) -> None:
        """Every last step to an offering; ``least`` is the cost of the wait where the hop has no say in it."""
        wait = network.wait_at(offering.node, offering.id, end=True)
        days = 0.0 if wait.closed else days_under(wait, self._scenario)
        least = round(days * 1_000_000) * 10**9
        barred = wait.closed and not self._ignore_closed
        added = days < OPEN_ENDED  # what is longer than can be said is no longer for what comes before it
        self._over_hops(best, network, doors.arrivals, offering, there, least, barred=barred, added=added)
        if free and not barred:
            self._from_entries(best, network, doors.entries, offering, least)

    def _over_hops(
        self,
        best: _Best,
        network: Network,
        arrivals: list[_Arrival],
        offering: Offering,
        there: set[str],
        least: int,
        *,
        barred: bool,
        added: bool,
    ) -> None:
        """The last step over a registered hop; ``added``: the days of the wait come on top of those of the hop."""
        ordinary = added and not any(a.special for a in arrivals)
        for arrival in arrivals:
            pointed = arrival.hop.offering
            if pointed is not None and pointed != offering.id and pointed in there:
                continue
            if not arrival.special:
                if barred:
                    continue
                if added and best.beaten(arrival.cost + least):
                    if ordinary:
                        return
                    continue  # a hop with a wait of its own may still be quicker
            leg = network.leg(arrival.hop, offering, end=True)
            if best.offer(arrival.before, leg, arrival.path) and ordinary:
                return

    def _from_entries(self, best: _Best, network: Network, entries: list[Reached], offering: Offering, least: int) -> None:
        """The last step of a family to a free offering, from the best entry."""
        node = offering.node
        for entry in entries:
            if entry.path[-1] == node:
                continue
            if best.beaten(entry.cost + least):
                return
            leg = network.leg(self._locale.free_step(entry.path[-1], node, offering.id), offering, end=True)
            if best.offer(entry, leg, (*entry.path, end_key(node))):
                return


_NOWHERE = Reached(0, (), 0.0, ())
#: Room for the rounding of days that are no whole number (a millionth of a day).
_ROUNDING = 2 * 10**9


class _Best:
    """The best way so far, by cost, nodes, offering and route."""

    def __init__(self, allowed: Allowed, cost: Callable[[Leg], int | None], scenario: Scenario) -> None:
        self._allowed = allowed
        self._cost = cost
        self._scenario: Scenario = scenario
        self.rank: tuple[int, Path, str, str] | None = None
        self.way: Reached | None = None
        self._passing: list[tuple[int, Path]] = []

    def passed(self) -> frozenset[str]:
        """The nodes that would be reached sooner than the best so far if a way could pass its own end."""
        better = (path for cost, path in self._passing if self.rank is None or (cost, path) < self.rank[:2])
        return frozenset(path[-1].removesuffix("\x00") for path in better)

    def beaten(self, at_least: int) -> bool:
        """Whether a way of this cost or more cannot be the best any more."""
        return self.rank is not None and at_least > self.rank[0] + _ROUNDING

    def offer(self, before: Reached, leg: Leg, path: Path) -> bool:
        """Take the way up if it is open to the child on arrival and does not pass its own end; whether it was."""
        cost = self._cost(leg)
        if cost is None:
            return False
        days = before.days + (0.0 if leg.total.closed else leg.days(self._scenario))
        if not self._allowed(leg, days):
            return False
        if leg.target in path:
            self._passing.append((before.cost + cost, path))
            return False
        rank = (before.cost + cost, path, leg.offering.id if leg.offering else "", (leg.hop.route or "") if leg.hop else "")
        if self.rank is None or rank < self.rank:
            self.rank, self.way = rank, Reached(rank[0], path, days, (*before.legs, leg))
        return True
