"""A stated wait beside a seen one, and their forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...waiting import Source
from ..common import sources_of, weeks
from .pieces import Responses, as_row, cell_as_dict, said
from .traces import Cell

LONGER, SHORTER, EQUAL, CLOSED = "langer", "korter", "gelijk", "aanmeldstop"
NOTHING_STATED, ONLY_TOTAL, TOO_FEW = "geen opgave", "alleen totaal", "te weinig in het log"
KAPLAN_MEIER, PLAIN = "kaplan-meier", "mediaan"
PARTNER, ROLE, OFFERING, ROUTE = "partner", "rol", "aanbod", "route"


@dataclass(frozen=True, slots=True)
class StatedWait:
    """A wait as it is stated, in days (``high`` None: or longer; both None: closed).

    ``of`` says of what it is stated: the partner itself, a role that it holds, its offerings (the range of all of them), or
    the route. ``differs``: it is the range of statements that hold for some ages, themes or municipalities only.
    """

    low: float | None
    high: float | None
    of: str
    differs: bool
    closed: bool
    outdated: bool
    as_of: str | None
    written: str | None
    clock_from: str | None
    clock_to: str | None
    sources: tuple[Source, ...]

    def as_dict(self) -> dict[str, Any]:
        """The wait as JSON names it, in weeks."""
        return {
            "low": weeks(self.low),
            "high": weeks(self.high),
            "closed": self.closed,
            "of": self.of,
            "differs": self.differs,
            "outdated": self.outdated,
            "as_of": self.as_of,
            "written": self.written,
            "clock_from": self.clock_from,
            "clock_to": self.clock_to,
        }


@dataclass(frozen=True, slots=True)
class SeenWait:
    """A wait as a log shows it, in weeks: ``high`` is the time within which ``share`` (90 or 95 %) began.

    ``method`` is Kaplan–Meier (who still waits counts with the time waited so far) or the plain median of those who
    began. ``number`` are the families, ``censored`` those of them who still waited (None: not told, or too few).
    """

    median: float
    high: float | None
    share: int
    method: str
    number: int | None
    censored: int | None
    as_of: str | None
    clock_from: str | None
    clock_to: str | None
    origin: Source

    def as_dict(self) -> dict[str, Any]:
        """The wait as JSON names it."""
        return {
            "median": self.median,
            f"p{self.share}": self.high,
            "method": self.method,
            "number": self.number,
            "censored": self.censored,
            "as_of": self.as_of,
            "clock_from": self.clock_from,
            "clock_to": self.clock_to,
        }


@dataclass(frozen=True, slots=True)
class Compared:
    """A stated and a seen wait; ``difference`` in weeks: how far the median lies above the highest or below the lowest stated.

    ``on`` is a partner, a role, an offering or ``route:ID``, ``nodes`` whom it is about; ``cell`` the families of one
    municipality, age band and theme whose wait was seen (of routes). ``other_clock``: both say when they begin and end
    to count, and not the same (None: one of them does not say).
    """

    on: str
    nodes: tuple[str, ...]
    cell: Cell | None
    stated: StatedWait
    seen: SeenWait
    outcome: str
    difference: float | None
    other_clock: bool | None
    responses: Responses

    def as_dict(self) -> dict[str, Any]:
        """The two waits as JSON names them."""
        return {
            "on": self.on,
            "from": self.nodes[0] if len(self.nodes) > 1 else None,
            "to": self.nodes[-1],
            "cell": self.cell and cell_as_dict(self.cell),
            "outcome": self.outcome,
            "difference_weeks": self.difference,
            "declared": self.stated.as_dict(),
            "observed": self.seen.as_dict(),
            "other_clock": self.other_clock,
            "responses": said(self.responses),
            "sources": sources_of(self.stated.sources),
            "log_sources": sources_of([self.seen.origin]),
        }

    def as_rows(self) -> list[dict[str, Any]]:
        """The two waits as one flat row."""
        stated, seen = self.stated, self.seen
        start, end = self.nodes if len(self.nodes) > 1 else (self.on, None)
        return [
            as_row(
                "waits",
                str(start),
                end,
                self.cell,
                route=self.on.removeprefix("route:") if self.on.startswith("route:") else None,
                why=self.outcome,
                number=seen.number,
                stated_low=weeks(stated.low),
                stated_high=weeks(stated.high),
                stated_as_of=stated.as_of,
                stated_outdated=stated.outdated,
                stated_of=stated.of,
                seen_median=seen.median,
                **{f"seen_p{seen.share}": seen.high},
                method=seen.method,
                difference_weeks=self.difference,
                other_clock=self.other_clock,
                responses=self.responses,
                sources=stated.sources,
                log_sources=[seen.origin],
            )
        ]


@dataclass(frozen=True, slots=True)
class Uncompared:
    """A wait of the log that nothing could be put beside, and why."""

    on: str
    reason: str
    sources: tuple[Source, ...]

    def as_dict(self) -> dict[str, Any]:
        """The wait as JSON names it."""
        return {"what": "wait", "reason": self.reason, "on": self.on, "log_sources": sources_of(self.sources)}

    def as_rows(self) -> list[dict[str, Any]]:
        """The wait as one flat row."""
        return [as_row("not_covered", self.on, None, why=self.reason, log_sources=self.sources)]
