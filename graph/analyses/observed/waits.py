"""Waits as they are stated beside waits as a log shows them, of the same kind: from referral to first appointment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from ....ontology.concepts import folded
from ...dates import earliest, first_day
from ...landscape import Landscape
from ...profile import Profile
from ...waiting import REGISTRATION, STATEMENT, TOTAL, WEEK, Source, Wait
from ...waits import Waits
from .compared import (
    CLOSED,
    EQUAL,
    KAPLAN_MEIER,
    LONGER,
    NOTHING_STATED,
    OFFERING,
    ONLY_TOTAL,
    PARTNER,
    PLAIN,
    ROLE,
    ROUTE,
    SHORTER,
    TOO_FEW,
    Compared,
    SeenWait,
    StatedWait,
    Uncompared,
)
from .conditions import barred
from .ends import Area, Ends, meet, somewhere
from .routes import HOLDS, Stated, when
from .traces import Cell, Handover, Pair

#: Weeks with many decimals become days that differ from whole ones by less than this.
_NO_DAYS: Final = 1e-6


class WaitsBeside:
    """The waits of a build beside those of a log: none of fewer than ``least`` families, and no number unless ``numbered``."""

    def __init__(self, landscape: Landscape, log: Landscape, ends: Ends, asked: Area, least: int, *, numbered: bool) -> None:
        self._landscape = landscape
        self._ends = ends
        self._asked = asked
        self._least = least
        self._numbered = numbered
        self._now = Waits(landscape)
        self._ever = Waits(landscape, with_outdated=True)
        self._offers: dict[str, list[str]] = {}
        today = first_day(landscape.settings.reference_date)
        columns = ("id", "partner", "valid_from", "valid_until")
        for id_, partner, begins, ends_ in landscape["offerings"].select(columns).iter_rows():
            if partner and when(begins, ends_, today) == HOLDS:
                self._offers.setdefault(partner, []).append(f"aanbod:{id_}")
        self._of_routes: dict[str, dict[str, Any]] = {}
        self._of_ends: list[dict[str, Any]] = []
        for row in log["waits"].iter_rows(named=True):
            if row["kind"] == REGISTRATION and row["state"] != STATEMENT and len(row["on"]) == 1:
                if row["on"][0].startswith("route:"):
                    self._of_routes[row["on"][0].removeprefix("route:")] = row
                else:
                    self._of_ends.append(row)

    # --- partners ------------------------------------------------------------------------------------
    def at_ends(self) -> Iterator[Compared | Uncompared]:
        """The waits that the log has of partners (and of roles and offerings that it names), by name."""
        for row in sorted(self._of_ends, key=lambda r: (*self._ends.order(r["on"][0]), r["id"])):
            on = row["on"][0]
            node = self._ends.node(on)
            if not somewhere(meet(self._asked, self._ends.serves(node))):
                continue
            seen = self._seen(row)
            stated = self._stated(on) if seen else TOO_FEW
            if seen is None or isinstance(stated, str):
                yield Uncompared(on, str(stated), (Source.of("waits", row),))
            else:
                yield self._compared(on, (node,), None, stated, seen)

    def _stated(self, on: str) -> StatedWait | str:
        """The wait that is stated of an end, a current one before an outdated one; a reason where there is none."""
        node = self._ends.node(on)
        own = (on,) if on == node else (on, node)
        subjects = (*own, *self._ends.roles(node))
        offers = [(o,) for o in self._offers.get(node, ())]
        found = [self._measured([subjects], node, PARTNER if on == node else OFFERING), self._measured(offers, node, OFFERING)]
        known = [f for f in found if f is not None]
        if known:
            return next((f for f in known if not f.outdated), known[0])
        total = self._now.registration(subjects, Profile(""))
        return ONLY_TOTAL if total.known and total.kind == TOTAL else NOTHING_STATED

    # --- routes --------------------------------------------------------------------------------------
    def on_routes(
        self,
        routes: Iterable[Stated],
        pairs: Mapping[str, Sequence[Pair]],
        cells: Mapping[Pair, Sequence[Cell]],
        handovers: Mapping[Pair, Handover],
    ) -> Iterator[Compared]:
        """The waits that are stated of a route between two partners, beside what the log shows between them.

        That is the wait of every row of the log that the route's conditions do not bar; where none has one, that of the
        handover as a whole.
        """
        for route in routes:
            if route.of_roles or (route.source, route.target) not in pairs[route.id]:
                continue
            stated = self._measured([(f"route:{route.id}",)], route.target, ROUTE)
            if stated is None:
                continue
            pair = (route.source, route.target)
            for cell, seen in self._between(route, cells.get(pair, ()), handovers[pair]):
                yield self._compared(f"route:{route.id}", pair, cell, stated, seen)

    def _between(self, route: Stated, cells: Sequence[Cell], handover: Handover) -> Iterator[tuple[Cell | None, SeenWait]]:
        found = False
        for cell in cells:
            row = self._of_routes.get(cell.route)
            seen = self._seen(row) if row else None
            if seen and barred(cell, [route], self._ends, self._landscape.themes) is None:
                found = True
                yield cell, seen
        if not found and handover.weeks_median is not None:
            yield (
                None,
                SeenWait(
                    handover.weeks_median,
                    handover.weeks_p95,
                    95,
                    PLAIN,
                    handover.number,
                    None,
                    None,
                    None,
                    None,
                    handover.origins[0],
                ),
            )

    # --- both ----------------------------------------------------------------------------------------
    def _seen(self, row: dict[str, Any]) -> SeenWait | None:
        """The wait of one row of the log; None where it says none, or of too few families."""
        exact, plain, number = row["weeks_median_km"], row["weeks_median"], row["number"]
        median = plain if exact is None else exact
        # a log that shows smaller numbers than the build may have a median of as few
        if median is None or self._few(number) or (number is None and not self._numbered):
            return None
        return SeenWait(
            median,
            row["weeks_p90"],
            90,
            PLAIN if exact is None else KAPLAN_MEIER,
            number if self._numbered else None,
            row["censored"] if self._numbered and self._tellable(number, row["censored"]) else None,
            row["as_of"],
            row["clock_from"],
            row["clock_to"],
            Source.of("waits", row),
        )

    def _tellable(self, number: int | None, censored: int | None) -> bool:
        """Whether neither those who still wait are few nor the others, which their difference would tell."""
        rest = None if number is None or censored is None else number - censored
        return not (self._few(censored) or self._few(rest))

    def _few(self, number: int | None) -> bool:
        return number is not None and 0 < number < self._least

    def _measured(self, several: Iterable[Sequence[str]], node: str, of: str) -> StatedWait | None:
        """The range of what is stated of several subjects (each most specific first), whoever the family is."""
        current: list[Wait] = []
        old: list[Wait] = []
        conditional = False
        for subjects in several:
            known = self._now.known(subjects)
            single = self._now.unconditional(known)
            for code in [""] if single else self._codes(node):
                profile = Profile(code)
                wait = self._now.registration(known, profile)
                if _measures(wait):
                    current.append(wait)
                elif _measures(wait := self._ever.registration(known, profile)):
                    old.append(wait)
            conditional |= not single
        waits = list(dict.fromkeys(current or old))
        if not waits:
            return None
        return _range(waits, of, differs=conditional or len(waits) > 1)

    def _codes(self, node: str) -> Sequence[str]:
        """The municipalities for which a wait with conditions is looked up."""
        region = self._landscape.region_municipalities
        area = meet(self._ends.serves(node), self._asked)
        return sorted(area) if area is not None else region or ("",)

    def _compared(self, on: str, nodes: tuple[str, ...], cell: Cell | None, stated: StatedWait, seen: SeenWait) -> Compared:
        outcome, difference = _beside(stated, seen.median * WEEK)
        clocks = (stated.clock_from, stated.clock_to, seen.clock_from, seen.clock_to)
        said = [folded(c) for c in clocks if c]
        other = said[:2] != said[2:] if len(said) == len(clocks) else None
        return Compared(on, nodes, cell, stated, seen, outcome, difference, other, self._ends.responses(nodes))


def _measures(wait: Wait) -> bool:
    """Whether a wait is one of the kind that a log shows; a total is another one."""
    return wait.known and wait.kind == REGISTRATION


def _beside(stated: StatedWait, median: float) -> tuple[str, float | None]:
    """How a median (days) lies beside a stated range, and how many weeks outside it."""
    if stated.closed:
        return CLOSED, None
    if stated.high is not None and median > stated.high + _NO_DAYS:
        return LONGER, (median - stated.high) / WEEK
    if stated.low is not None and median < stated.low - _NO_DAYS:
        return SHORTER, (median - stated.low) / WEEK
    return EQUAL, 0.0


def _range(waits: Sequence[Wait], of: str, *, differs: bool) -> StatedWait:
    """One stated wait out of several; closed only where all are."""
    taking = [w for w in waits if not w.closed]
    used = taking or waits[:1]
    lows = [w.low for w in used if w.low is not None]
    highs = [w.high for w in used]
    texts = dict.fromkeys(w.written for w in used if w.written)
    clocks = {(w.clock_from, w.clock_to) for w in used}
    clock_from, clock_to = clocks.pop() if len(clocks) == 1 else (None, None)
    return StatedWait(
        min(lows) if lows else None,
        None if not taking or None in highs else max(h for h in highs if h is not None),
        ROLE if of == PARTNER and all(w.derived for w in used) else of,
        differs,
        not taking,
        any(w.outdated for w in used),
        earliest(w.as_of for w in used),
        "; ".join(texts) or None,
        clock_from,
        clock_to,
        tuple(dict.fromkeys(s for w in used for s in w.sources)),
    )
