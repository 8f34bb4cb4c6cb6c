"""observed: what partners state beside what a log of referrals shows, in words that blame nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

from ...dates import first_day, last_day
from ...disclosure import is_suppressed
from ...landscape import Landscape
from ...schema import TABLES
from ..common import Assumption, frame
from .answer import PERIOD, SENDER, WITHIN, Beside, NotCovered, NotSeen, NotStated, Observed
from .compared import Compared, Uncompared
from .conditions import AREA, MUNICIPALITY, barred
from .ends import Ends, is_role, meet, somewhere
from .matching import Matches
from .routes import HOLDS, Stated, stated_routes, when
from .traces import Cell, Handover, Pair, cells, handovers, log_of
from .waits import WaitsBeside

_PER_YEAR = TABLES["routes"].column("per_year")


def observed(declared: Landscape, log: Landscape, municipalities: Collection[str] = ()) -> Observed:
    """What partners state beside what a log shows.

    Parameters
    ----------
    declared
        The build: its valid routes that move families, and its waits.
    log
        What the command `log` wrote, read with ``declared`` as the known one: its endpoints are those of ``declared``.
    municipalities
        Codes; given, only routes, partners and families of these are listed. A handover itself has no municipality.

    Notes
    -----
    A route is **seen** where the log has a handover between its ends, an offering counting at its partner and a role for
    every partner that holds it and serves a municipality of the route (:class:`.matching.Matches`). It is only called not
    seen where its sender is in the log at all. A handover is **not stated** where no valid route (or report) matches it,
    or where the conditions of every one that does bar the families that the log shows there (:func:`.conditions.barred`).
    A wait is **longer** where the median that was seen lies above the highest that is stated, shorter where it lies below
    the lowest; only waits from referral to first appointment are compared (:class:`.waits.WaitsBeside`).

    Numbers of families below the threshold of either landscape are hidden, and no sum that holds a hidden number is made.
    The log itself hides what would give a small number back; where its threshold is the lower one, only the numbers of
    whole handovers are shown.
    """
    return _Observing(declared, log, municipalities).done()


class _Observing:
    def __init__(self, declared: Landscape, log: Landscape, municipalities: Collection[str]) -> None:
        self.declared = declared
        self.ends = Ends(declared)
        self.asked = frozenset(municipalities) if municipalities else None
        self.least = max(declared.settings.threshold, log.settings.threshold)
        # what the log hides with its small numbers is only enough where they are as small as those of the build
        numbered = log.settings.threshold >= declared.settings.threshold
        self.log = log_of(log)
        self.handovers = handovers(log, self.ends, self.least)
        stated = list(stated_routes(declared, self.ends))
        #: Every route of a handover, those of other municipalities too: a handover may be of there.
        self.of_pairs = self.matches = Matches(self.ends, stated, self.handovers, None)
        if self.asked is not None:
            stated = [r for r in stated if r.within(self.ends, self.asked)]
            self.matches = Matches(self.ends, stated, self.handovers, self.asked)
        self.routes = [r for r in stated if r.holds]
        self.cells: dict[Pair, list[Cell]] = {}
        for cell in cells(log, self.ends, numbered=numbered):
            if self.asked is None or cell.municipality is None or cell.municipality in self.asked:
                self.cells.setdefault(cell.pair, []).append(cell)
        self.waits = WaitsBeside(declared, log, self.ends, self.asked, self.least, numbered=numbered)

    def done(self) -> Observed:
        seen = [r for r in self.routes if self.matches.seen[r.id]]
        not_seen: list[NotSeen] = []
        not_covered: list[NotCovered] = []
        for route in sorted(self.routes, key=lambda r: (self.ends.order(r.start, r.end), r.id)):
            if not self.matches.seen[route.id]:
                reason = self.untold(route)
                if reason is None:
                    not_seen.append(self.not_seen(route))
                else:
                    not_covered.append(NotCovered(route, reason))
        told = [*self.waits.at_ends(), *self.on_routes()]
        compared = tuple(t for t in told if isinstance(t, Compared))
        return Observed(
            frame(self.declared, "diff-log", (), self.assumptions()),
            self.log,
            len(self.routes),
            len(seen),
            tuple(not_seen),
            tuple(self.not_stated()),
            compared,
            tuple(self.numbers()),
            tuple(not_covered),
            tuple(t for t in told if isinstance(t, Uncompared)),
            self.least,
        )

    def assumptions(self) -> Iterator[Assumption]:
        settings = self.declared.settings
        if not settings.reference_date_given:
            yield Assumption("reference_date", (("date", settings.reference_date),))
        if any(route.of_roles for route in self.routes):
            yield Assumption("role_route")
        if silent := self.ends.silent():
            yield Assumption("area", (("number", silent),))

    # --- stated, not seen ------------------------------------------------------------------------------
    def untold(self, route: Stated) -> str | None:
        """Why the log cannot tell of a route; None where it can."""
        if route.source == route.target and not is_role(route.source):
            return WITHIN
        if not self.matches.named.intersection(self.matches.meant(route.source, route.area)):
            return SENDER
        until = self.log.period_until
        if route.valid_from and until and first_day(route.valid_from) > last_day(until):
            return PERIOD
        return None

    def not_seen(self, route: Stated) -> NotSeen:
        senders = self.matches.meant(route.source, route.area)
        receivers = self.matches.meant(route.target, route.area)
        in_log = self.matches.named.intersection(senders)
        hidden = is_suppressed(self.declared, _PER_YEAR, route.per_year)
        return NotSeen(
            route,
            None if hidden else route.per_year,
            hidden,
            len(in_log),
            # a role that the log does not name itself is no sender beside its holders
            len([s for s in senders if not is_role(s) or s in in_log]),
            not self.matches.sending.isdisjoint(senders),
            not self.matches.named.isdisjoint(receivers),
            self.ends.responses((route.source, route.target)),
        )

    # --- seen, not stated ------------------------------------------------------------------------------
    def not_stated(self) -> Iterator[NotStated]:
        for pair in sorted(self.handovers, key=lambda p: self.ends.order(*p)):
            handover = self.handovers[pair]
            stated = self.of_pairs.stated.get(pair, [])
            registered = [r for r in stated if r.registered]
            if registered:
                yield from self.barred(handover, registered)
            elif pair[0] != pair[1] and self.served(pair):
                others = tuple(r for r in stated if not r.registered)
                yield self.said(handover, None, (), None, (), others)

    def served(self, pair: Pair) -> bool:
        """Whether both ends are for a municipality that is asked."""
        return all(somewhere(meet(self.asked, self.ends.serves(node))) for node in pair)

    def barred(self, handover: Handover, routes: Sequence[Stated]) -> Iterator[NotStated]:
        """The families of a handover for whom its routes do not hold, together by municipality and by what bars them."""
        found: dict[tuple[str, tuple[str, ...], str], list[Cell]] = {}
        by_id = {route.id: route for route in routes}
        for cell in self.cells.get(handover.pair, ()):
            told = barred(cell, routes, self.ends, self.declared.themes)
            if told is not None:
                route, bars = told
                # where the whole municipality is barred, age and theme say nothing more
                bars = tuple(b for b in bars if b in (MUNICIPALITY, AREA)) or bars
                found.setdefault((cell.municipality or "", bars, route.id), []).append(cell)
        for (municipality, bars, id_), cells_ in sorted(found.items(), key=lambda item: (self.place(item[0][0]), item[0])):
            yield self.said(handover, municipality or None, bars, by_id[id_], tuple(cells_), ())

    def place(self, code: str) -> str:
        return self.declared.municipality_names.get(code, code).casefold()

    def said(
        self,
        handover: Handover,
        municipality: str | None,
        bars: tuple[str, ...],
        nearest: Stated | None,
        cells_: tuple[Cell, ...],
        others: tuple[Stated, ...],
    ) -> NotStated:
        pair = handover.pair
        outside = tuple(n for n in pair if municipality and self.ends.excludes(n, municipality))
        free = not bars and pair[1] in self.free
        return NotStated(handover, municipality, bars, nearest, cells_, others, free, outside, self.ends.responses(pair))

    @cached_property
    def free(self) -> frozenset[str]:
        """The nodes with a freely accessible offering that is valid."""
        today = first_day(self.declared.settings.reference_date)
        rows = self.declared["offerings"].select("id", "access", "valid_from", "valid_until").iter_rows()
        return frozenset(
            self.ends.node(f"aanbod:{id_}")
            for id_, access, begins, ends in rows
            if access == "vrij" and when(begins, ends, today) == HOLDS
        )

    # --- both ------------------------------------------------------------------------------------------
    def numbers(self) -> Iterator[Beside]:
        """Numbers of families beside each other, between partners, where none of them is small or unknown."""
        length = self.log.years
        if not length:
            return
        for pair in sorted(self.handovers, key=lambda p: self.ends.order(*p)):
            handover = self.handovers[pair]
            routes = [r for r in self.of_pairs.stated.get(pair, ()) if r.holds]
            if not routes or any(r.of_roles for r in routes) or any(map(is_role, pair)) or not self.served(pair):
                continue
            stated = [r.per_year for r in routes if r.per_year is not None and r.per_year >= self.least]
            if len(stated) < len(routes) or handover.number is None or handover.hidden:
                continue
            seen = handover.number / length
            if seen >= self.least:
                yield Beside(pair, sum(stated), seen, tuple(routes), handover, self.ends.responses(pair))

    def on_routes(self) -> Iterator[Compared]:
        routes = sorted(self.routes, key=lambda r: (self.ends.order(r.start, r.end), r.id))
        yield from self.waits.on_routes(routes, self.matches.seen, self.cells, self.handovers)
