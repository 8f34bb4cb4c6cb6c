"""What a change means for a queue: other places, or other families who come, in the model of :mod:`routekaart.graph.queues`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...landscape import Landscape
from ...places import Offering
from ...profiles.study import Study
from ...queues import Capacity, Queue, capacity_of, queue
from .comparison import NOTHING, suppressed


@dataclass(frozen=True, slots=True)
class QueueSide:
    """A queue with a number of places; ``inflow`` families a year.

    ``low`` and ``high`` (weeks): how long one waits when the places are one queue, and when each offering has its own;
    None where that has no balance.
    """

    places: int
    inflow: float
    queue: Queue
    low: float | None
    high: float | None

    def as_dict(self) -> dict[str, Any]:
        """The queue as CONTRACTS §6 names it, with its places and the range of its wait."""
        return {"places": self.places, **self.queue.as_dict(), "wait_range": {"low": self.low, "high": self.high}}


@dataclass(frozen=True, slots=True)
class QueueShift:
    """The queue at a partner for one level, before and after; None where nothing is known of it, or ``suppressed``.

    ``modelled``: the inflow is who arrives in table vraag, because the offerings say none.
    """

    partner: str
    offerings: tuple[str, ...]
    before: QueueSide | None
    after: QueueSide | None
    modelled: bool
    suppressed: bool

    def as_dict(self) -> dict[str, Any]:
        """Both sides as JSON; a side that must not be shown is null."""
        return {
            "partner": self.partner,
            "offerings": list(self.offerings),
            "inflow": "vraag" if self.modelled else "opgave",
            "before": self.before.as_dict() if self.before else None,
            "after": self.after.as_dict() if self.after else None,
        } | suppressed(self.suppressed)


class Queues:
    """The queues of a study, and of the same Landscape with other capacities."""

    def __init__(self, study: Study, after: Landscape, *, whole: bool, threshold: float) -> None:
        self._study, self._whole, self._threshold = study, whole, threshold
        offerings = after["offerings"].select("id", "capacity")
        self._capacity: Mapping[str, int | None] = dict(offerings.iter_rows())

    def shift(self, node: str, level: int, more: float, *, told: bool, modelled: bool) -> QueueShift | None:
        """The queue at ``node`` when ``more`` families a year come (below 0: fewer); None where nothing is known of it.

        The inflow is what the offerings state; without that who arrives (``modelled``), if the whole region is asked.
        ``told`` is whether ``more`` may be shown: a load gives its inflow back.
        """
        offered = self._offered(node, level)
        capacities = capacity_of(offered), capacity_of(self._altered(offered))
        before, after = capacities
        if after is None:
            return None
        arriving = None
        if after.inflow is None:
            if not (modelled and self._whole):
                return None
            arriving = sum(place.flow(level).arriving.get(node, 0.0) for place in self._study.places())
        small = self._is_small(arriving) or any(self._is_small(n) for n in after.inflows)
        inflow = after.inflow if arriving is None else arriving
        inflow = 0.0 if inflow is None else inflow
        sides = [
            None if capacity is None or small else self._side(capacity, of, inflow + extra)
            for capacity, of, extra in ((before, offered, 0.0), (after, self._altered(offered), more))
        ]
        kept = sides[1] if told else None
        return QueueShift(node, after.offerings, sides[0], kept, arriving is not None, suppressed=small or not told)

    def _offered(self, node: str, level: int) -> list[Offering]:
        """The offerings of a node and level that anybody asked about can use."""
        found = {o.id: o for p in self._study.places() for o in p.locale.offered(node, level)}
        return [found[id_] for id_ in sorted(found)]

    def _altered(self, offered: Iterable[Offering]) -> list[Offering]:
        return [replace(o, row={**o.row, "capacity": self._capacity[o.id]}) for o in offered]

    def _is_small(self, families: float | None) -> bool:
        return families is not None and NOTHING < families < self._threshold - NOTHING

    @staticmethod
    def _side(capacity: Capacity, offered: Iterable[Offering], inflow: float) -> QueueSide:
        together = capacity.queue(max(inflow, 0.0))
        counted = [o for o in offered if o.id in capacity.offerings]
        leaving = [o.row["capacity"] / o.row["duration_weeks"] for o in counted]
        stated = [o.row["inflow_per_year"] for o in counted]
        # families are divided as the offerings say, else as the places allow
        shares = leaving if None in stated or not sum(stated) else stated
        apart: list[tuple[float, float | None]] = []
        for offering, share in zip(counted, shares, strict=True):
            own = max(inflow, 0.0) * share / math.fsum(shares)
            apart.append((own, queue(own, offering.row["capacity"], offering.row["duration_weeks"]).wait_weeks))
        waits = [(n, wait) for n, wait in apart if n > 0]
        high = None if any(wait is None for _, wait in waits) else math.fsum(n * (w or 0.0) for n, w in waits)
        total = math.fsum(n for n, _ in waits)
        return QueueSide(
            capacity.places, inflow, together, together.wait_weeks, high / total if high is not None and total else high
        )
