"""Queues: what the places at a partner can take, and how long one then waits (M/M/c, Erlang C).

Families apply at random moments (Poisson), places come free at random moments (exponential), nobody goes away: what
this says is what such a queue settles to, not how long it is today.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from .places import Offering

#: A year has 52 weeks (CONTRACTS §4).
WEEKS_PER_YEAR: Final = 52.0
BALANCE: Final = "evenwicht"
NO_BALANCE: Final = "geen evenwicht"


@dataclass(frozen=True, slots=True)
class Queue:
    """How a queue settles.

    ``load`` is the share of the places that is taken (inflow over what can leave), ``p_wait`` the share of families that
    must wait, ``waiting`` how many wait at any moment, ``wait_weeks`` how long a family waits on average (those who need
    not wait counted as 0).

    Without balance (load 1 or more) the queue grows on and on: only the load says something, the others are None.
    """

    status: Literal["evenwicht", "geen evenwicht"]
    load: float
    p_wait: float | None
    waiting: float | None
    wait_weeks: float | None

    def as_dict(self) -> dict[str, Any]:
        """The queue as CONTRACTS §6 names it."""
        return {
            "status": self.status,
            "load": self.load,
            "p_wait": self.p_wait,
            "waiting": self.waiting,
            "wait_weeks": self.wait_weeks,
        }


def erlang_b(places: int, offered: float) -> float:
    """The share that finds all of ``places`` taken when nobody waits; ``offered`` is inflow times duration (erlangs).

    By recursion from 0 places: B(0) = 1, B(k) = a·B(k − 1) / (k + a·B(k − 1)). Each term is a share, so it neither
    overflows nor loses digits with thousands of places (Cooper, Introduction to Queueing Theory, 1981, ch. 3).
    """
    blocked = 1.0
    for place in range(1, places + 1):
        blocked = offered * blocked / (place + offered * blocked)
    return blocked


def erlang_c(places: int, offered: float) -> float:
    """The share that must wait for one of ``places``, with ``offered`` (erlangs) below ``places``: c·B / (c − a·(1 − B))."""
    blocked = erlang_b(places, offered)
    return places * blocked / (places - offered * (1 - blocked))


def queue(inflow_per_year: float, places: int, duration_weeks: float) -> Queue:
    """The queue before ``places`` that each are taken for ``duration_weeks`` on average (M/M/c).

    With λ = inflow / 52 a week, μ = 1 / duration a week and c places: load ρ = λ / cμ; a family waits with the
    probability C(c, λ/μ) of Erlang C; C·ρ / (1 − ρ) families wait; they wait C / (cμ − λ) weeks (Gross & Harris,
    Fundamentals of Queueing Theory, § 2.3). No balance where λ ≥ cμ.

    Raises
    ------
    ValueError
        When a number is not finite, there is no place, a duration is not above 0 or an inflow is below 0.
    """
    if not (math.isfinite(inflow_per_year) and math.isfinite(duration_weeks)):
        raise ValueError("inflow and duration of a queue are finite numbers")
    if inflow_per_year < 0 or places < 1 or duration_weeks <= 0:
        raise ValueError(
            f"a queue has an inflow of at least 0, a place and a duration: {inflow_per_year}, {places}, {duration_weeks}"
        )
    arrive, leave = inflow_per_year / WEEKS_PER_YEAR, places / duration_weeks
    load = arrive / leave
    if arrive >= leave:
        return Queue(NO_BALANCE, load, None, None, None)
    must_wait = erlang_c(places, arrive * duration_weeks)
    return Queue(BALANCE, load, must_wait, must_wait * load / (1 - load), must_wait / (leave - arrive))


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a partner can take: the places of some of its ``offerings`` (ids) together.

    ``duration_weeks`` is such that places / duration is what leaves in a week when all places are taken. ``inflow`` is
    what the offerings themselves say comes in a year, ``inflows`` each of those numbers; None and empty where they say
    nothing.
    """

    offerings: tuple[str, ...]
    places: int
    duration_weeks: float
    inflow: float | None
    inflows: tuple[float, ...]

    def queue(self, inflow_per_year: float) -> Queue:
        """The queue with another inflow than registered."""
        return queue(inflow_per_year, self.places, self.duration_weeks)


def capacity_of(offerings: Iterable[Offering]) -> Capacity | None:
    """The capacity of the offerings of one partner at one level; None where it is not known.

    Counted are the offerings of which capaciteit, duur_weken and instroom_per_jaar are all registered. Where none says
    how many come in, all of them, if capaciteit and duur_weken of every one are registered: with a part of the places
    nobody can tell what the inflow of the whole would do. The places are taken together, as if each could take each
    family, so the queue is the shortest that these places can make.
    """
    every = sorted(offerings, key=lambda o: o.id)
    known = [o for o in every if (o.row["capacity"] or 0) > 0 and (o.row["duration_weeks"] or 0) > 0]
    stated = [o for o in known if o.row["inflow_per_year"] is not None]
    counted = stated or (known if len(known) == len(every) else [])
    if not counted:
        return None
    places = sum(int(o.row["capacity"]) for o in counted)
    leaving = math.fsum(o.row["capacity"] / o.row["duration_weeks"] for o in counted)
    inflows = tuple(float(o.row["inflow_per_year"]) for o in stated)
    return Capacity(tuple(o.id for o in counted), places, places / leaving, math.fsum(inflows) if stated else None, inflows)
