"""The answer of experienced: what it is made of, and its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...waiting import Source, Wait
from ..common import Frame, Result, addresses, sources_of, weeks, weeks_of
from .lived import Span
from .outflow import OUTCOMES


@dataclass(frozen=True, slots=True)
class Experience:
    """What families live through who are at one partner, if it goes on as the outflow says.

    ``families`` left it in ``years``, by the rows with a number (None: unknown or suppressed); ``unknown_rows`` say none.
    ``approximate``: some number on the ways from here is too small to use as it is. ``days`` are waited from here until it
    ends, the wait here included, ``days_given_help`` by those who reach help; a ``reason`` says why there are none.
    ``outcomes`` are shares of families (None: suppressed). ``suppressed`` names the figures that are not shown.
    """

    partner: str
    name: str
    years: tuple[int, ...]
    unknown_rows: int
    wait: Wait | None
    response: str | None
    sources: tuple[Source, ...]
    families: float | None = None
    approximate: bool = False
    days: Span | None = None
    reason: str | None = None
    outcomes: Mapping[str, float | None] | None = None
    visits: float | None = None
    back: float | None = None
    days_given_help: Span | None = None
    reason_given_help: str | None = None
    suppressed: frozenset[str] = frozenset()

    def as_dict(self) -> dict[str, Any]:
        """The partner as CONTRACTS §6 names it, with what its figures rest on."""
        outcomes: dict[str, Any] | None = None if self.outcomes is None else dict(self.outcomes)
        if outcomes is not None and None in outcomes.values():
            outcomes["suppressed"] = True
        found = {
            "partner": self.partner,
            "weeks": self.days and self.days.as_weeks(),
            "outcomes": outcomes,
            "visits": self.visits,
            "return_probability": self.back,
            "weeks_given_help": self.days_given_help and self.days_given_help.as_weeks(),
            "reason": self.reason,
            "reason_given_help": self.reason_given_help,
            "families": self.families,
            "approximate": self.approximate,
            "years": list(self.years),
            "unknown_rows": self.unknown_rows,
            "wait": None if self.wait is None else _wait_as_dict(self.wait),
            "response": self.response,
            "sources": sources_of(self.sources),
        }
        return found | {"suppressed": True} if self.suppressed else found

    def as_row(self) -> dict[str, Any]:
        """The partner as one flat row."""
        days, given, wait = self.days, self.days_given_help, self.wait
        return {
            "partner": self.partner,
            "name": self.name,
            "weeks_low": weeks(days.low) if days else None,
            "weeks_expected": weeks(days.expected) if days else None,
            "weeks_high": weeks(days.high) if days else None,
            "reason": self.reason,
            **{name: None if self.outcomes is None else self.outcomes[name] for name in OUTCOMES},
            "visits": self.visits,
            "return_probability": self.back,
            "weeks_given_help_low": weeks(given.low) if given else None,
            "weeks_given_help_expected": weeks(given.expected) if given else None,
            "weeks_given_help_high": weeks(given.high) if given else None,
            "reason_given_help": self.reason_given_help,
            "families": self.families,
            "approximate": self.approximate,
            "suppressed": "; ".join(sorted(self.suppressed)) or None,
            "years": "; ".join(str(year) for year in self.years),
            "unknown_rows": self.unknown_rows,
            "wait_low": weeks(wait.low) if wait else None,
            "wait_expected": weeks(wait.expected) if wait else None,
            "wait_high": weeks(wait.high) if wait else None,
            "wait_closed": wait.closed if wait else None,
            "wait_assumed": wait.assumed if wait else None,
            "response": self.response,
            "sources": addresses(self.sources),
        }


def _wait_as_dict(wait: Wait) -> dict[str, Any]:
    return {
        **(weeks_of(wait) or {}),
        "closed": wait.closed,
        "as_of": wait.as_of,
        "assumed": wait.assumed,
        "outdated": wait.outdated,
        "derived": wait.derived,
        "written": wait.written,
    }


@dataclass(frozen=True, slots=True)
class Ground:
    """What all figures of an answer rest on.

    ``unknown_rows`` of the table outflow (of all partners; of ``unknown_partners``) say no number; in place of the
    number of ``small_rows`` ``stand_in`` families are counted (None: all are used as they are). ``elsewhere`` are the
    partners, roles and offerings that families went to and of which no outflow is known, ``by_offering`` the offerings
    that were taken as their partner, ``partly_closed`` the partners with a stop for some municipalities. ``undated`` rows
    say no year.
    """

    years: tuple[int, ...]
    undated: int
    unknown_rows: int
    unknown_partners: tuple[str, ...]
    small_rows: int
    stand_in: float | None
    elsewhere: tuple[str, ...]
    by_offering: tuple[str, ...]
    partly_closed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Experienced(Result):
    """The answer: the partners with registered outflow **by name**; it describes ways and waits, not who does well."""

    frame: Frame
    partners: tuple[Experience, ...]
    ground: Ground
    threshold: int

    def as_dict(self) -> dict[str, Any]:
        """The answer as CONTRACTS §6 names it."""
        return {"partners": [p.as_dict() for p in self.partners]}

    def rows(self) -> list[dict[str, Any]]:
        """One row per partner, weeks and shares unrounded."""
        return [p.as_row() for p in self.partners]
