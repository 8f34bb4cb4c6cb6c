"""What more families at a partner would do to its queue (M/M/c), as a range: from none of them to all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...profiles.study import Place, Study
from ...queues import Queue, capacity_of


@dataclass(frozen=True, slots=True)
class QueueEffect:
    """The queue as registered, and when at most ``extra`` families a year come beside those."""

    before: Queue
    after: Queue
    extra: float

    def as_dict(self) -> dict[str, Any]:
        """Both queues as CONTRACTS §6 names one."""
        return {"before": self.before.as_dict(), "at_most": self.after.as_dict()}


def queue_effect(study: Study, places: Iterable[Place], end: str, level: int, extra: float) -> QueueEffect | None:
    """The effect on the queue at ``end``; None where capacity, duration or inflow of its offerings of ``level`` is unknown.

    How many really come depends on who went there before by another way: at most all who would use the route.
    """
    if not study.weighted:
        return None
    offered = {o.id: o for p in places for o in p.locale.offered(end, level)}
    capacity = capacity_of(offered.values())
    if capacity is None or capacity.inflow is None:
        return None
    return QueueEffect(capacity.queue(capacity.inflow), capacity.queue(capacity.inflow + extra), extra)
