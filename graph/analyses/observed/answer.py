"""The answer of diff with a log: what was stated and not seen, seen and not stated, and waits beside waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...disclosure import figure
from ...waiting import Source
from ..common import Frame, Result, sources_of
from .compared import Compared, Uncompared
from .pieces import Responses, as_row, cell_as_dict, route_as_dict, said
from .routes import Stated
from .traces import Cell, Handover, Log, Pair

NO_ROUTE, CONDITIONS = "geen route", "voorwaarden"
SENDER, PERIOD, WITHIN = "zender niet in het log", "na de periode", "binnen één partner"


@dataclass(frozen=True, slots=True)
class NotSeen:
    """A stated route between ends of which the log has no handover: it may be rare, or under another name.

    ``senders`` of the ``possible`` partners that its beginning means are in the log (a role names itself beside its
    holders); ``sends``: one of them hands over there, else they only receive. ``receiver``: its end is in the log at all.
    """

    route: Stated
    per_year: int | None
    suppressed: bool
    senders: int
    possible: int
    sends: bool
    receiver: bool
    responses: Responses

    def as_dict(self) -> dict[str, Any]:
        """The route as JSON names it."""
        return {
            **route_as_dict(self.route),
            **figure("per_year", self.per_year, suppressed=self.suppressed),
            "senders": {"in_log": self.senders, "possible": self.possible, "hand_over": self.sends},
            "receiver_in_log": self.receiver,
            "responses": said(self.responses),
            "sources": sources_of([self.route.origin]),
        }

    def as_rows(self) -> list[dict[str, Any]]:
        """The route as one flat row."""
        route = self.route
        return [
            as_row(
                "declared_not_seen",
                route.start,
                route.end,
                route=route.id,
                per_year=self.per_year,
                suppressed=self.suppressed,
                responses=self.responses,
                sources=[route.origin],
            )
        ]


@dataclass(frozen=True, slots=True)
class NotStated:
    """A handover of the log without a route between its ends, or (``bars``) where the conditions of ``nearest`` do not hold.

    ``below``: the rows that may not be shown are each about fewer families, or hidden for such a one. ``others`` are
    registered routes between the ends that move no families or do not hold on the reference date. ``free``: the
    receiver has freely accessible offerings, which need no route. ``cells`` are the families where it does not hold,
    ``outside`` the ends that are not for their municipality.
    """

    handover: Handover
    municipality: str | None
    bars: tuple[str, ...]
    nearest: Stated | None
    cells: tuple[Cell, ...]
    others: tuple[Stated, ...]
    free: bool
    outside: tuple[str, ...]
    responses: Responses

    @property
    def why(self) -> str:
        """Whether there is no route at all, or one under other conditions."""
        return CONDITIONS if self.bars else NO_ROUTE

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the stated routes stand."""
        return tuple(r.origin for r in (*([self.nearest] if self.nearest else ()), *self.others))

    @property
    def log_sources(self) -> tuple[Source, ...]:
        """Where the log says it."""
        return tuple(dict.fromkeys(c.origin for c in self.cells)) or self.handover.origins

    def as_dict(self) -> dict[str, Any]:
        """The handover as JSON names it."""
        handover = self.handover
        return {
            "from": handover.pair[0],
            "to": handover.pair[1],
            "why": self.why,
            **figure("number", handover.number, suppressed=handover.number is None),
            "at_least": handover.number is not None and handover.hidden > 0,
            "municipality": self.municipality,
            "excluded_by": list(self.bars),
            "route": self.nearest and self.nearest.id,
            "cells": [cell_as_dict(c) for c in self.cells],
            "others": [{"route": r.id, "kind": r.kind, "when": r.when} for r in self.others],
            "free_access": self.free,
            "responses": said(self.responses),
            "sources": sources_of(self.sources),
            "log_sources": sources_of(self.log_sources),
        }

    def as_rows(self) -> list[dict[str, Any]]:
        """The handover as one flat row, or one for each of the families where the route does not hold."""
        handover = self.handover
        about: dict[str, Any] = {
            "route": self.nearest and self.nearest.id,
            "why": "; ".join(self.bars) or self.why,
            "number": handover.number,
            "at_least": handover.number is not None and handover.hidden > 0,
            "suppressed": handover.number is None,
            "responses": self.responses,
            "sources": self.sources,
        }
        if not self.cells:
            return [as_row("seen_not_declared", *handover.pair, **about, log_sources=self.log_sources)]
        return [
            as_row("seen_not_declared", *handover.pair, c, **about, per_year_in_log=c.per_year, log_sources=[c.origin])
            for c in self.cells
        ]


@dataclass(frozen=True, slots=True)
class Beside:
    """How many families a year go by the stated routes between two partners, as stated and as the log shows: none is small."""

    pair: Pair
    stated: int
    seen: float
    routes: tuple[Stated, ...]
    handover: Handover
    responses: Responses

    def as_dict(self) -> dict[str, Any]:
        """The two numbers as JSON names them."""
        return {
            "from": self.pair[0],
            "to": self.pair[1],
            "per_year": self.stated,
            "per_year_in_log": self.seen,
            "routes": [r.id for r in self.routes],
            "responses": said(self.responses),
            "sources": sources_of(r.origin for r in self.routes),
            "log_sources": sources_of(self.handover.origins),
        }

    def as_rows(self) -> list[dict[str, Any]]:
        """The two numbers as one flat row."""
        return [
            as_row(
                "numbers",
                *self.pair,
                route="; ".join(r.id for r in self.routes),
                per_year=self.stated,
                per_year_in_log=self.seen,
                responses=self.responses,
                sources=[r.origin for r in self.routes],
                log_sources=self.handover.origins,
            )
        ]


@dataclass(frozen=True, slots=True)
class NotCovered:
    """A route of which the log cannot tell whether families go by it, and why."""

    route: Stated
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """The route as JSON names it."""
        return {
            "what": "route",
            "reason": self.reason,
            **route_as_dict(self.route),
            "sources": sources_of([self.route.origin]),
        }

    def as_rows(self) -> list[dict[str, Any]]:
        """The route as one flat row."""
        route = self.route
        return [as_row("not_covered", route.start, route.end, route=route.id, why=self.reason, sources=[route.origin])]


@dataclass(frozen=True, slots=True)
class Observed(Result):
    """The answer: lists by name, which say what differs and of nobody that it is wrong.

    ``routes`` counts the stated routes that were looked for, ``seen`` those of them with a handover.
    """

    frame: Frame
    log: Log
    routes: int
    seen: int
    not_seen: tuple[NotSeen, ...]
    not_stated: tuple[NotStated, ...]
    waits: tuple[Compared, ...]
    numbers: tuple[Beside, ...]
    not_covered: tuple[NotCovered, ...]
    uncompared: tuple[Uncompared, ...]
    threshold: int

    def as_dict(self) -> dict[str, Any]:
        """The body of the answer as JSON (CONTRACTS §6)."""
        log = self.log
        return {
            "log": {
                "source": "; ".join(log.sources) or None,
                "period_from": log.period_from,
                "period_until": log.period_until,
                "reference_date": log.reference_date,
                "unit": log.unit,
            },
            "routes": {"stated": self.routes, "seen": self.seen},
            "declared_not_seen": [n.as_dict() for n in self.not_seen],
            "seen_not_declared": [n.as_dict() for n in self.not_stated],
            "waits": [w.as_dict() for w in self.waits],
            "numbers": [n.as_dict() for n in self.numbers],
            "not_covered": [*(n.as_dict() for n in self.not_covered), *(u.as_dict() for u in self.uncompared)],
        }

    def rows(self) -> list[dict[str, Any]]:
        """One row per statement, whatever list it is in."""
        return [
            row
            for list_ in (self.not_seen, self.not_stated, self.waits, self.numbers, self.not_covered, self.uncompared)
            for statement in list_
            for row in statement.as_rows()
        ]
