"""What families wait at a partner, as it is registered, beside the norm of its own kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ...dates import latest
from ...landscape import Landscape
from ...places import Hop
from ...profile import Profile, covers
from ...profiles.flow import Flow
from ...profiles.steps import Flags, micro
from ...profiles.study import Place
from ...waiting import TOTAL, Source, Wait
from ..norms import Norm, Norms, in_force
from ..ways import Statement


@dataclass(frozen=True, slots=True)
class Above:
    """A current wait that is longer than the norm of its kind."""

    wait: Wait
    norm: Norm

    @property
    def excess(self) -> float:
        """By how many days."""
        return (self.wait.expected or 0.0) - (self.norm.days or 0.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """The waits that families meet at one node, those of them above a norm, and the ``norm`` for it where there is one.

    ``by_decision``: every step that families take there needs a decision of the municipality. ``mixed``: families of one
    profile wait unequally there, because they come by different ways.
    """

    waits: tuple[Wait, ...] = ()
    above: tuple[Above, ...] = ()
    norm: Norm | None = None
    by_decision: bool = True
    mixed: bool = False

    def joined(self, other: Judged) -> Judged:
        """Those of the families of two municipalities."""
        return Judged(
            tuple(dict.fromkeys((*self.waits, *other.waits))),
            tuple(dict.fromkeys((*self.above, *other.above))),
            self.norm or other.norm,
            self.by_decision and other.by_decision,
            self.mixed or other.mixed,
        )

    @property
    def longest(self) -> Above | None:
        """The wait that is most above its norm."""
        return max(self.above, key=lambda a: (a.excess, a.norm.id), default=None)

    @property
    def wait(self) -> Wait:
        """One wait for all of them: the one that is most above its norm, else the range of what is met.

        The middle of the range stands for what is expected, as where two sources disagree; it is ``assumed`` as soon
        as one of them is.
        """
        if self.longest is not None:
            return self.longest.wait
        first = self.waits[0]
        if len(self.waits) == 1:
            return first
        expected = [w.expected or 0.0 for w in self.waits]
        highs = [w.high for w in self.waits]
        return replace(
            first,
            low=min(w.low or 0.0 for w in self.waits),
            expected=(min(expected) + max(expected)) / 2,
            high=None if None in highs else max(h for h in highs if h is not None),
            median=None,
            p90=None,
            as_of=latest(w.as_of for w in self.waits),
            outdated=any(w.outdated for w in self.waits),
            assumed=any(w.assumed for w in self.waits),
            derived=any(w.derived for w in self.waits),
            written="; ".join(dict.fromkeys(w.written for w in self.waits if w.written)) or None,
            sources=tuple(dict.fromkeys(s for w in self.waits for s in w.sources)),
        )


class Ground:
    """One municipality of a study, with its hops by their ends and the conditions that hold for its profiles."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.locale = place.locale
        self.profiles: tuple[Profile, ...] = place.terrain.profiles
        self.holding = place.terrain.holding
        self._asking: dict[int, Flags] = {}

    @cached_property
    def hops(self) -> Mapping[tuple[str, str], Sequence[Hop]]:
        """The hops between two nodes; free steps are not among them."""
        found: dict[tuple[str, str], list[Hop]] = {}
        for hop in self.locale.hops:
            found.setdefault((hop.source, hop.target), []).append(hop)
        return found

    def asking(self, level: int) -> Flags:
        """Per profile whether anybody asks for a level."""
        if level not in self._asking:
            flags = np.zeros(len(self.profiles), dtype=bool)
            flags[[column for column, _ in self.place.demand(level)]] = True
            self._asking[level] = flags
        return self._asking[level]

    def roles(self, node: str) -> tuple[str, ...]:
        """The roles of a node here."""
        return self.locale.node(node).roles

    def statements(self, nodes: Iterable[str]) -> Iterator[Statement]:
        """What somebody said of the wait at one of ``nodes``, or of a role that it holds: never computed with."""
        about = {subject for node in nodes for subject in (node, *(f"rol:{role}" for role in self.roles(node)))}
        region = self.locale.settings.municipalities
        for row in self.locale.waits.statements:
            on, areas = tuple(row["on"]), row["municipalities"]
            if len(on) > 1 or on[0] not in about or (areas and not covers(areas, self.locale.municipality, region)):
                continue
            days = row["days_low"], row["days_expected"], row["days_high"]
            clock = row["clock_from"], row["clock_to"]
            yield Statement(row["value"], *days, on, row["as_of"], *clock, None, Source.of("waits", row))


class Judge:
    """Tells which registered waits families meet, and which are above a norm."""

    def __init__(self, landscape: Landscape) -> None:
        self._norms = Norms(in_force(landscape))

    def at(self, ground: Ground, level: int, node: str, here: Flow, times: Collection[int]) -> Judged:
        """What is registered at ``node`` for the families of one municipality, who wait ``times`` there (millionths of a day).

        Who passes meets the wait of the partner (or of the offering that the route points to), who ends there that of an
        offering of the level (which falls back on the partner's); a route with a wait of its own goes before both. Of the
        waits that hold for some profile those are kept that are as long as families wait. Only a total known: the wait
        until the first appointment lies between 0 and it, and the total is what is compared with the norm for totals.

        Above a norm is only a current wait that the partner or its offering says itself: what is said of a role in
        general tells nothing about one partner that holds it.
        """
        roles = ground.roles(node)
        pairs = [pair for pair in here.steps if pair[1] == node]
        scenario = ground.place.terrain.scenario
        found = [(micro(wait, scenario), wait, full) for wait, full in self._met(ground, level, node, here, pairs)]
        # a time that is no wait is the mean of several: then each of them may be met
        mixed = not set(times) <= {time for time, _, _ in found}
        fitting = found if mixed else [m for m in found if m[0] in times]
        above: list[Above] = []
        norm: Norm | None = None
        for _, _, full in fitting:
            own = self._norms.for_partner(full.kind, ground.locale.municipality, roles)
            if own is None or own.days is None:
                continue
            norm = norm or own
            sourced = full.known and not full.outdated and full.sources and (not full.derived or node.startswith("rol:"))
            if sourced and (full.expected or 0.0) > own.days:
                above.append(Above(full, own))
        hops = [ground.hops.get(pair, ()) for pair in pairs]
        decided = bool(hops) and all(parallel and all(hop.decision for hop in parallel) for parallel in hops)
        waits = tuple(dict.fromkeys(wait for _, wait, _ in fitting))
        return Judged(waits, tuple(dict.fromkeys(above)), norm, decided, mixed)

    def _met(
        self, ground: Ground, level: int, node: str, here: Flow, pairs: Sequence[tuple[str, str]]
    ) -> Iterator[tuple[Wait, Wait]]:
        """(wait until the first appointment, what is compared with a norm) for every profile that asks, each once."""
        locale = ground.locale
        asking = ground.asking(level)
        subjects: dict[tuple[str, ...], Flags] = {}
        # (offering that is pointed to, route); only a route that has a wait of its own says anything
        hops = [
            (hop.offering, hop.route if hop.route and locale.waits.has(f"route:{hop.route}") else None)
            for pair in pairs
            for hop in ground.hops.get(pair, ())
        ]
        if node in here.through:
            for offered, route in dict.fromkeys(hops):
                subjects[tuple(locale.subjects(node, offered, route))] = asking
        if node in here.arriving:
            for offering in locale.offered(node, level):
                fits = asking & ground.holding.fits(offering.themes, offering.age_from, offering.age_until)
                for route in dict.fromkeys((None, *(route for _, route in hops))):
                    subjects[tuple(locale.subjects(node, offering.id, route))] = fits
        for said_by, fits in subjects.items():
            waits, of = ground.holding.waits(said_by)
            for which in sorted(set(of[fits].tolist())):
                wait = waits[which]
                if wait.closed:
                    continue
                profile = ground.profiles[int(np.flatnonzero(fits & (of == which))[0])]
                total = locale.waits.until_start(said_by, profile) if wait.known and wait.kind == TOTAL else wait
                yield wait, total
