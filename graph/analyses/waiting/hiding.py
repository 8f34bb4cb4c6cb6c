"""Which figures of bottlenecks must not be shown: small numbers of families, and what would give them back."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import Final

from ...disclosure import Ledger
from ...queues import Capacity
from .flows import NOTHING, Counted

PER_YEAR: Final = "per_year"
REASON: Final = "reason"
STEP: Final = "step"
THROUGH: Final = "through"
ARRIVING: Final = "arriving"
SOLE: Final = "sole"
GAIN: Final = "gain"
WAITING: Final = "waiting"
QUEUE: Final = "queue"
#: What a figure is called in this answer: its name and what it is about.
Figure = tuple[str, ...]


def hidden(counted: Counted, capacities: Mapping[str, Capacity], threshold: float) -> frozenset[Figure]:
    """The figures of one level that must not be shown, as (name, node, nodes or reason).

    What enters a partner passes on or ends there; what leaves it passed or started there; what arrives anywhere had a
    route; those with and without a route are all families together. A :class:`~routekaart.graph.disclosure.Ledger` over
    these relations hides the small numbers and what would give them back; the differences that nobody printed (who starts
    at a partner) are protected with them.

    Figures that follow from these numbers and the published waits are hidden by rule (:class:`_Derived`). What is
    hidden by rule only leaves a reader with less.
    """
    ledger = Ledger(threshold)
    _add_up(counted, ledger)
    found = ledger.hidden()
    derived = _Derived(counted, found, threshold)
    ruled = {f for node in counted.stations for f in derived.hidden(node, capacities.get(node))}
    return frozenset(f for f in found if isinstance(f, tuple)) | ruled


def _add_up(counted: Counted, ledger: Ledger) -> None:
    """The printed numbers of a level, and how they add up."""
    flow = counted.flow
    into: dict[str, list[Figure]] = {}
    out_of: dict[str, list[Figure]] = {}
    for (source, target), families in flow.steps.items():
        ledger.add((STEP, source, target), families)
        into.setdefault(target, []).append((STEP, source, target))
        out_of.setdefault(source, []).append((STEP, source, target))
    for node in sorted(counted.stations.keys() | out_of.keys()):
        through, arriving = flow.through.get(node, 0.0), flow.arriving.get(node, 0.0)
        ledger.add((THROUGH, node), through)
        ledger.add((ARRIVING, node), arriving)
        entered = sum(flow.steps[u, v] for _, u, v in into.get(node, ()))
        left = sum(flow.steps[u, v] for _, u, v in out_of.get(node, ()))
        ledger.add(("in", node), through + arriving, printed=False)
        ledger.equals(("in", node), [(THROUGH, node), (ARRIVING, node)])
        # those who start where the offering is, and those who go on from where they start
        ledger.add(("there", node), _rest(through + arriving, entered), printed=False)
        ledger.equals(("in", node), [*into.get(node, ()), ("there", node)])
        ledger.add(("out", node), left, printed=False)
        ledger.equals(("out", node), out_of.get(node, ()))
        ledger.add(("onward", node), _rest(left, through), printed=False)
        ledger.equals(("out", node), [(THROUGH, node), ("onward", node)])
    ledger.add((PER_YEAR,), counted.per_year)
    ledger.add(("routed",), sum(flow.arriving.values()), printed=False)
    ledger.equals(("routed",), [(ARRIVING, node) for node in flow.arriving])
    for reason, families in counted.reasons.items():
        ledger.add((REASON, reason), families)
    ledger.equals((PER_YEAR,), [("routed",), *((REASON, reason) for reason in counted.reasons)])


class _Derived:
    """The figures that follow from numbers of families and from what is public: waits, capacities, sole links.

    They are hidden where a number of families behind them is. Where those numbers are shown, such a figure can still
    tell more: made of families with different waits it tells how many there are of each, made of those with and without
    another way how many have one. So it is hidden too where one of these groups is small, and where a step from or to the
    partner is hidden, because such a group may be just who takes that step.
    """

    def __init__(self, counted: Counted, found: Collection[Hashable], threshold: float) -> None:
        self._counted = counted
        self._found = found
        self._threshold = threshold
        steps = counted.flow.steps
        self._around = {node for pair in steps if (STEP, *pair) in found for node in pair}

    def hidden(self, node: str, capacity: Capacity | None) -> Iterator[Figure]:
        """Those figures of a node that must not be shown."""
        counted, flow = self._counted, self._counted.flow
        through_hidden, arriving_hidden = (THROUGH, node) in self._found, (ARRIVING, node) in self._found
        unknown = through_hidden or arriving_hidden
        station = counted.stations[node]
        near = node in self._around
        at_once, waiting, others = counted.gaining(node)
        if flow.waiting.get(node) and (unknown or self._tells_more(near and at_once > NOTHING, at_once, waiting, others)):
            yield GAIN, node
        if flow.days.get(node) and (unknown or station.judged.mixed or self._tells_more(near, *station.met.values())):
            yield WAITING, node
        sole = flow.sole.get(node, 0.0)
        rest = _rest(flow.through.get(node, 0.0), sole)
        if sole and (through_hidden or self._tells_more(near, sole, rest)):
            yield SOLE, node
        if capacity is not None:
            small = any(self._is_small(inflow) for inflow in capacity.inflows)
            if small or (capacity.inflow is None and arriving_hidden):
                yield QUEUE, node

    def _tells_more(self, near: bool, *groups: float) -> bool:
        """Whether a figure made of ``groups`` of families tells more than that of all of them; ``near`` a hidden step."""
        parts = [group for group in groups if group > NOTHING]
        return len(parts) > 1 and (near or any(self._is_small(part) for part in parts))

    def _is_small(self, families: float) -> bool:
        return NOTHING < families < self._threshold - NOTHING


def _rest(whole: float, part: float) -> float:
    """What is left of ``whole``; nothing where that is the noise of adding fractions."""
    rest = whole - part
    return rest if rest > NOTHING * max(1.0, whole) else 0.0
