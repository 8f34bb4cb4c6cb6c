"""advice_routes: a few new routes to discuss, with what they do together and whether unknown waits change their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from ...planning.planning import Planning, Saving, taken
from ...profiles.study import Study
from ...queues import NO_BALANCE
from ...waiting import Wait
from ..common import sources_of, tidy, weeks
from ..proposing.answer import Proposal
from ..proposing.direct_routes import Outlook, outlooks_of, proposal
from ..proposing.queue_effect import QueueEffect
from .contacts import Side

#: Savings closer than this many family-days are equal.
_DIGITS = 5


@dataclass(frozen=True, slots=True)
class RouteToDiscuss:
    """One route of the plan for a level: what it is by itself, and what the plan does with it and those before.

    ``days`` and ``newly`` are what the plan saves and newly reaches so far, ``alone`` what the route saves by itself (None
    where not shown). ``overfull``: by the queue model there is no balance at its end any more if all go there. ``who``
    must agree.
    """

    level: int
    number: int
    proposal: Proposal
    alone: float | None
    days: float | None
    newly: float | None
    overfull: bool
    suppressed: bool
    who: tuple[Side, ...]

    def as_dict(self) -> dict[str, Any]:
        """The route, weeks unrounded."""
        p = self.proposal
        found: dict[str, Any] = {
            "level": self.level,
            "from": p.start,
            "to": p.end,
            "weeks_saved": tidy(weeks(self.alone)),
            "weeks_range": {"low": tidy(weeks(p.low)), "high": tidy(weeks(p.high))},
            "cumulative_weeks_saved": tidy(weeks(self.days)),
            "cumulative_newly_reached": tidy(self.newly),
            "allowed": p.allowed,
            "objections": [o.key for o in p.objections],
            "who": [{"partner": s.id, "function": s.function} for s in self.who],
            "sources": sources_of(p.sources),
        }
        return found | {"suppressed": True} if self.suppressed else found


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """The routes to discuss, lightest level first, in the order of their plans.

    ``stable`` by level: whether the routes chosen there save in the same order, each by itself, when all unknown waits are
    at their low end and when all are at their high end. ``marginal`` are the savings behind each route, in that order.
    """

    routes: tuple[RouteToDiscuss, ...]
    stable: Mapping[int, bool]
    marginal: tuple[Saving, ...]
    waits: tuple[Wait, ...]


def route_plan(study: Study, access: Sequence[str], most: int) -> RoutePlan:
    """At most ``most`` routes: of every level's plan the first one, then of every level the second one, and so on.

    A plan is greedy, with the joint gain worked out anew after each route (:mod:`...planning`); what is taken of it is the
    beginning of the plan, so what that saves together is exact. Families of different levels are other questions, so what
    the levels save adds up. ``access`` are the partners of the municipality who must agree where it decides or helps look.
    """
    plannings = {level: Planning(study, level) for level in study.levels}
    chosen = {level: planning.plan(most) for level, planning in plannings.items()}
    turns = zip_longest(*([(level, n) for n in range(len(steps))] for level, steps in chosen.items()))
    in_turn = [turn for turns_ in turns for turn in turns_ if turn is not None]
    taken_ = sorted(in_turn[:most])
    outlooks = {
        level: outlooks_of(plannings[level], _singles(plannings[level], chosen[level][:many]))
        for level, many in Counter(level for level, _ in taken_).items()
    }
    waits: list[Wait] = []
    routes = []
    for level, n in taken_:
        step = chosen[level][n]
        about = outlooks[level][n]
        told = proposal(study, plannings[level], about, waits, (n + 1, (n + 1, n + 1)))
        days, newly = taken(chosen[level][: n + 1])
        decides = told.allowed == "besluit nodig" or any(o.key == "broad_look" for o in told.objections)
        who = Side.of(study.landscape, [step.start, step.end, *(access if decides else ())])
        figures = (about.saving.days, days[-1], newly[-1], _overfull(told.queue))
        routes.append(RouteToDiscuss(level, n + 1, told, *figures, suppressed=False, who=who))
    stable = {level: _stable(of_level) for level, of_level in outlooks.items()}
    return RoutePlan(tuple(routes), stable, tuple(chosen[level][n] for level, n in taken_), tuple(waits))


def _overfull(queue: QueueEffect | None) -> bool:
    return queue is not None and queue.after.status == NO_BALANCE != queue.before.status


def _singles(planning: Planning, steps: Sequence[Saving]) -> list[Saving]:
    """What each of ``steps`` saves by itself."""
    singles = {(s.start, s.end): s for s in planning.savings()}
    return [singles.get((s.start, s.end), Saving(s.start, s.end, 0.0, 0.0, 0.0)) for s in steps]


def _stable(outlooks: Sequence[Outlook]) -> bool:
    """Whether steps save in the same order at both ends as they are expected to."""
    ends = ([o.saving.days for o in outlooks], [o.corner.low for o in outlooks], [o.corner.high for o in outlooks])
    return len({tuple(_order(days)) for days in ends}) == 1


def _order(savings: Sequence[float]) -> list[int]:
    return sorted(range(len(savings)), key=lambda n: (-round(savings[n], _DIGITS), n))
