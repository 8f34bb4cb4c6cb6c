"""advice_hiding: which figures of an advice must not be shown, over all of its sections together.

One document says the same families in several ways: who waits at a partner, who goes between two, who gains by a route. What
one section hides another could give back, so all of it stands in one ledger, per level and with everything that adds up.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import Final

from ...disclosure import Ledger
from ..waiting.answer import Level, Passed
from .contacts import Contact
from .routes import RoutePlan
from .unknowns import Unknown

#: What is left of 0 after adding and subtracting fractions.
NOTHING: Final = 1e-9
PER_YEAR, REASON, GAIN, SOLE = "per_year", "reason", "gain", "sole"
CONTACT: Final = "contact"
ALONE, DAYS, NEWLY = "alone", "days", "newly"
MOVED: Final = "moved"


class Figures:
    """The figures of one advice: add each section, then ask what is :meth:`hidden`.

    ``repeated``: some families say no level and count at each of them, so a number over levels is no larger a group
    than its largest one.
    """

    def __init__(self, threshold: float, *, repeated: bool) -> None:
        self._ledger = Ledger(threshold)
        self._repeated = repeated
        self._steps: dict[tuple[str, str], dict[int, float]] = {}
        self._asking: dict[int, float] = {}

    def hidden(self) -> frozenset[Hashable]:
        """The figures that must not be shown, by their keys (see the methods)."""
        return self._ledger.hidden()

    def _over_levels(self, by_level: Iterable[float]) -> float:
        kept = list(by_level)
        return max(kept, default=0.0) if self._repeated else sum(kept)

    # --- where families pass and wait ------------------------------------------------------------------
    def level(self, told: Level, shown: Collection[str]) -> None:
        """A level with all of its raw figures, of which some are printed.

        Those are (PER_YEAR, level), (REASON, level, reason), and of the nodes ``shown`` (GAIN, level, node) and
        (SOLE, level, node).
        """
        ledger, level = self._ledger, told.level
        into, out_of = self._add_steps(told)
        for passed in told.partners:
            node, through, arriving = passed.node, passed.per_year or 0.0, passed.arriving or 0.0
            entered, left = (sum(number for _, number in side.get(node, ())) for side in (into, out_of))
            self._hold(("through", level, node), through)
            self._hold(("arriving", level, node), arriving)
            self._split(("in", level, node), through + arriving, [("through", level, node), ("arriving", level, node)])
            self._rest(("in", level, node), [key for key, _ in into.get(node, ())], through + arriving - entered)
            if left:
                self._split(("out", level, node), left, [key for key, _ in out_of[node]])
                self._rest(("out", level, node), [("through", level, node)], left - through)
        routed = sum(passed.arriving or 0.0 for passed in told.partners)
        self._split(("routed", level), routed, [("arriving", level, p.node) for p in told.partners])
        for reason, families in told.without_route.items():
            ledger.add((REASON, level, reason), families or 0.0)
        parts = [("routed", level), *((REASON, level, reason) for reason in told.without_route)]
        self._asking[level] = routed + sum(families or 0.0 for families in told.without_route.values())
        ledger.add((PER_YEAR, level), self._asking[level])
        ledger.equals((PER_YEAR, level), parts)
        for passed in told.partners:
            if passed.node in shown:
                self._add_gain(level, passed, (passed.per_year or 0.0) + (passed.arriving or 0.0))

    def _add_steps(self, told: Level) -> tuple[dict[str, list[tuple[Hashable, float]]], dict[str, list[tuple[Hashable, float]]]]:
        """The steps of a level, none of them printed: by where they lead and by where they leave."""
        into: dict[str, list[tuple[Hashable, float]]] = {}
        out_of: dict[str, list[tuple[Hashable, float]]] = {}
        for step in told.routes:
            key, families = ("step", told.level, step.source, step.target), step.per_year or 0.0
            self._hold(key, families)
            self._steps.setdefault((step.source, step.target), {})[told.level] = families
            into.setdefault(step.target, []).append((key, families))
            out_of.setdefault(step.source, []).append((key, families))
        return into, out_of

    def _add_gain(self, level: int, passed: Passed, coming: float) -> None:
        """Who wait at a node are among those who come there, but for those with an equally fast way elsewhere."""
        gain, sole, node = passed.weeks_per_week or 0.0, passed.sole_link or 0.0, passed.node
        self._ledger.add((GAIN, level, node), gain)
        at_once = min(gain, coming)
        self._hold(("at once", level, node), at_once)
        self._rest((GAIN, level, node), [("at once", level, node)], gain - at_once)
        self._rest(("in", level, node), [("at once", level, node)], coming - at_once)
        # who ask and do not wait there are a group too
        self._rest((PER_YEAR, level), [(GAIN, level, node)], self._asking[level] - gain)
        if sole:
            self._ledger.add((SOLE, level, node), sole)
            self._rest(("through", level, node), [(SOLE, level, node)], (passed.per_year or 0.0) - sole)

    # --- what there is to discuss ------------------------------------------------------------------------
    def contacts(self, found: Sequence[Contact]) -> None:
        """(CONTACT, n) of each: steps between the two, in both directions, at all levels."""
        for n, contact in enumerate(found):
            pairs = [pair for line in contact.lines for pair in ((line.start, line.end), (line.end, line.start))]
            steps = [(("step", level, *pair), number) for pair in pairs for level, number in self._steps.get(pair, {}).items()]
            by_level: dict[int, float] = {}
            for key, number in steps:
                by_level[key[1]] = by_level.get(key[1], 0.0) + number
            total = sum(by_level.values())
            self._ledger.add((CONTACT, n), total, families=self._over_levels(by_level.values()))
            self._ledger.equals((CONTACT, n), [key for key, _ in steps])

    def routes(self, plan: RoutePlan) -> None:
        """Of the n-th route (DAYS, n) and (NEWLY, n), which it saves and reaches with those before, and (ALONE, n) by itself."""
        before: dict[int, list[int]] = {}
        for n, (route, saving) in enumerate(zip(plan.routes, plan.marginal, strict=True)):
            level = route.level
            before.setdefault(level, []).append(n)
            self._add_saving(("saving", n), level, saving.days, saving.families)
            self._hold(("reached", n), saving.newly)
            parts = before[level]
            days, newly = (sum(getattr(plan.marginal[k], name) for k in parts) for name in ("days", "newly"))
            self._ledger.add((DAYS, n), days, families=sum(plan.marginal[k].families for k in parts))
            self._ledger.equals((DAYS, n), [("saving", k) for k in parts])
            self._ledger.add((NEWLY, n), newly)
            self._ledger.equals((NEWLY, n), [("reached", k) for k in parts])
            alone, families = route.alone or 0.0, route.proposal.families or 0.0
            self._ledger.add((ALONE, n), alone, families=families)
            # of the first route that is the same figure
            if route.number == 1:
                self._ledger.equals((ALONE, n), [("saving", n)])
            else:
                self._add_saving(("single", n), level, alone, families)
                self._ledger.equals((ALONE, n), [("single", n)])

    def _add_saving(self, key: Hashable, level: int, days: float, families: float) -> None:
        """Days that some of those who ask for a level save, not printed.

        What each of them saves is nearly public, because waits are: the days tell how many they are.
        """
        self._hold(key, days, families)
        self._hold(("gainers", key), families)
        self._rest((PER_YEAR, level), [("gainers", key)], self._asking[level] - families)
        if days and families:
            self._ledger.equals(key, {("gainers", key): days / families})

    def unknowns(self, found: Sequence[Unknown]) -> None:
        """(MOVED, n): by how many family-days the n-th unknown moves the answer."""
        for n, unknown in enumerate(found):
            self._ledger.add((MOVED, n), unknown.days_moved, families=max(unknown.families.values(), default=0.0))
            whole = sum(unknown.families.values())
            parts: dict[Hashable, float] = {}
            for level, families in unknown.families.items():
                if families:
                    parts["movers", n, level] = unknown.days_moved / whole
                    self._hold(("movers", n, level), families)
                    self._rest((PER_YEAR, level), [("movers", n, level)], self._asking[level] - families)
            self._ledger.equals((MOVED, n), parts)

    # --- relations -----------------------------------------------------------------------------------------
    def _hold(self, key: Hashable, value: float, families: float | None = None) -> None:
        """A figure that is not printed."""
        self._ledger.add(key, max(value, 0.0), families=families, printed=False)

    def _split(self, key: Hashable, value: float, parts: Sequence[Hashable]) -> None:
        """A figure that is not printed, and what it is the sum of."""
        self._hold(key, value)
        self._ledger.equals(key, parts)

    def _rest(self, whole: Hashable, parts: Sequence[Hashable], rest: float) -> None:
        """State that ``whole`` is its ``parts`` and a rest that nobody prints."""
        key = ("rest", whole, *parts)
        self._hold(key, 0.0 if rest < NOTHING else rest)
        self._ledger.equals(whole, [*parts, key])
