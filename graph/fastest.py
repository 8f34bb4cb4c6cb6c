"""The fastest way for many profiles at once: one forward tree per base network, one look per offering.

Between two profiles most of the network stays the same. A profile's *signature* says which conditions of
hops and waits hold; all profiles of one signature share the tree of best ways from the starts, and each
only adds the last step to the offerings that fit it. The answer is that of :func:`paths.best_paths`.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from .locale import Hop, Locale, Offering
from .paths import Allowed, Path, always, clock_of
from .profile import Profile, age_fits, theme_fits
from .routes import Goal, Leg, Network, Until, end_key

_STEP = 10**4 + 1  # one hop, one retelling: the cost of an implied step without its wait


@dataclass(frozen=True, slots=True)
class Reached:
    """The best way to a node: its cost, the nodes, the days it takes and its legs."""

    cost: int
    path: Path
    days: float
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class _Arrival:
    """One hop into a node at the end of a best way; ``special`` when the hop itself has a say in the wait."""

    cost: int
    path: Path
    days: float
    before: Reached
    hop: Hop
    special: bool


@dataclass(frozen=True)
class _Base:
    """What all profiles of one signature share."""

    tree: dict[str, Reached]
    into: dict[str, list[_Arrival]]
    entries: list[Reached]


class Fastest:
    """Asks one locale for the fastest expected way from ``starts``, profile after profile.

    ``clock`` tests age limits on arrival, else at entry. ``timeless`` tests no age at arrival at all and
    ``ignore_closed`` walks through stops: both only to find out why there is no way.
    """

    def __init__(
        self,
        locale: Locale,
        starts: Sequence[str],
        *,
        until: Until = "afspraak",
        clock: bool = True,
        timeless: bool = False,
        ignore_closed: bool = False,
    ) -> None:
        self._locale = locale
        self._starts = list(starts)
        self._until: Until = until
        self._clock = clock
        self._timeless = timeless
        self._ignore_closed = ignore_closed
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
        found: Reached | None = None
        rank: tuple[object, ...] | None = None
        for goal in goals:
            if goal.level is None and goal.offering is None:
                reached = base.tree.get(goal.node or "")
                options = [] if reached is None else [((reached.cost, reached.path), reached)]
            else:
                options = self._to_offerings(network, base, network.ends(goal))
            for key, way in options:
                if rank is None or key < rank:
                    rank, found = key, way
        return found

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
        aged = profile.age if self._clock and any(h.age_from or h.age_until for h in network.usable_hops) else None
        key = (signature, aged)
        if key not in self._bases:
            self._bases[key] = self._made(network, profile)
        base = self._bases[key]
        self._last = (profile, network, base)
        return network, base

    def _allowed(self, profile: Profile) -> Allowed:
        return clock_of(profile.age) if self._clock and not self._timeless else always

    def _cost(self, leg: Leg) -> int | None:
        if leg.total.closed:
            return leg.hops * 10**4 + leg.retellings if self._ignore_closed else None
        return leg.cost("expected")

    # --- the tree ------------------------------------------------------------------------------------
    def _made(self, network: Network, profile: Profile) -> _Base:
        steps: dict[str, dict[str, tuple[tuple[int, str], Leg]]] = {}
        hops_into: dict[str, list[Hop]] = {}
        for hop in network.usable_hops:
            hops_into.setdefault(hop.target, []).append(hop)
            leg = network.leg(hop)
            cost = self._cost(leg)
            if cost is None:
                continue
            rank = (cost, hop.route or "")
            known = steps.setdefault(hop.source, {}).get(hop.target)
            if known is None or rank < known[0]:
                steps[hop.source][hop.target] = (rank, leg)
        tree = self._tree(steps, self._allowed(profile))
        into: dict[str, list[_Arrival]] = {}
        for node, hops in hops_into.items():
            arrivals = []
            for hop in hops:
                before = tree.get(hop.source)
                if before is None or node in before.path:
                    continue
                decision = network.decision if hop.decision else None
                if decision is not None and decision.closed and not self._ignore_closed:
                    continue
                fixed = hop.handover + ((decision.expected or 0.0) if decision else 0.0)
                cost = before.cost + round(fixed * 1_000_000) * 10**9 + 10**4 + (0 if hop.warm else 1)
                special = hop.route in self._special or hop.offering is not None
                arrivals.append(_Arrival(cost, (*before.path, end_key(node)), before.days + fixed, before, hop, special))
            into[node] = sorted(arrivals, key=lambda a: (a.cost, a.path, a.hop.route or ""))
        entries = sorted((tree[e] for e in self._entries if e in tree), key=lambda r: (r.cost, r.path))
        return _Base(tree, into, entries)

    def _tree(self, steps: dict[str, dict[str, tuple[tuple[int, str], Leg]]], allowed: Allowed) -> dict[str, Reached]:
        """The best way to every node, in the total order of paths.py."""
        order = count()
        queue = [(0, (s,), next(order), 0.0, ()) for s in sorted(self._starts)]
        heapq.heapify(queue)
        tree: dict[str, Reached] = {}
        legs: tuple[Leg, ...]
        while queue:
            cost, path, _, days, legs = heapq.heappop(queue)
            node = path[-1]
            if node in tree:
                continue
            tree[node] = Reached(cost, path, days, legs)
            for target, ((step, _), leg) in steps.get(node, {}).items():
                if target in tree:
                    continue
                arrival = days + (0.0 if leg.total.closed else leg.days("expected"))
                if allowed(leg, arrival):
                    heapq.heappush(queue, (cost + step, (*path, target), next(order), arrival, (*legs, leg)))  # type: ignore[arg-type]  # a path grows
        return tree

    # --- the last step -------------------------------------------------------------------------------
    def _to_offerings(
        self, network: Network, base: _Base, ends: Sequence[Offering]
    ) -> list[tuple[tuple[object, ...], Reached]]:
        fitting: dict[str, set[str]] = {}
        for offering in ends:
            fitting.setdefault(offering.node, set()).add(offering.id)
        allowed = self._allowed(network.profile)
        found: list[tuple[tuple[object, ...], Reached]] = []
        for offering in ends:
            node, wait = offering.node, network.wait_at(offering.node, offering.id, end=True)
            if node in self._starts:
                leg = network.already_there(offering)
                self._take(found, Reached(0, (), 0.0, ()), leg, (end_key(node),), allowed)
            for arrival in base.into.get(node, ()):
                pointed = arrival.hop.offering
                if pointed is not None and pointed != offering.id and pointed in fitting[node]:
                    continue
                if wait.closed and not arrival.special and not self._ignore_closed:
                    continue
                leg = network.leg(arrival.hop, offering, end=True)
                taken = self._take(found, arrival.before, leg, arrival.path, allowed)
                if taken and not arrival.special and not any(a.special for a in base.into[node]):
                    break
            if offering.access == "vrij":
                for entry in base.entries:
                    if node in entry.path:
                        continue
                    leg = network.leg(self._locale.free_step(entry.path[-1], node, offering.id), offering, end=True)
                    if self._take(found, entry, leg, (*entry.path, end_key(node)), allowed):
                        break
        return found

    def _take(
        self, found: list[tuple[tuple[object, ...], Reached]], before: Reached, leg: Leg, path: Path, allowed: Allowed
    ) -> bool:
        cost = self._cost(leg)
        if cost is None:
            return False
        days = before.days + (0.0 if leg.total.closed else leg.days("expected"))
        if not allowed(leg, days):
            return False
        way = Reached(before.cost + cost, path, days, (*before.legs, leg))
        found.append(((way.cost, path, leg.offering.id if leg.offering else "", (leg.hop.route or "") if leg.hop else ""), way))
        return True
