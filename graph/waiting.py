"""A wait: an interval in days or a stop, typed, dated, and honest about what is not known (CONTRACTS §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .dates import earliest

WEEK = 7.0
REGISTRATION, TREATMENT, TOTAL, DECISION = "aanmeldwachttijd", "behandelwachttijd", "totaal", "besluit"
STATEMENT, STOP, NUMBER = "uitspraak", "stop", "getal"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact stands: table, id, file, sheet and row, and what it says of its own origin."""

    table: str
    id: str
    file: str
    sheet: str | None
    row: int
    text: str | None = None
    date: str | None = None
    verified_on: str | None = None

    @classmethod
    def of(cls, table: str, row: Mapping[str, Any], key: str = "id") -> Source:
        """The source of one row of ``table``."""
        return cls(
            table,
            row[key],
            row["file"] or "",
            row["sheet"],
            row["row"] or 0,
            row["source"],
            row["source_date"],
            row["verified_on"],
        )


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait in days: ``low ≤ expected ≤ high`` (``high`` None: "or longer"), or a stop (all None).

    ``median`` and ``p90`` (days) are given where the wait is known as a distribution; ``written``
    and ``as_of`` also tell the old value of an outdated wait.
    """

    kind: str
    low: float | None = None
    expected: float | None = None
    high: float | None = None
    median: float | None = None
    p90: float | None = None
    as_of: str | None = None
    outdated: bool = False
    assumed: bool = False
    closed: bool = False
    derived: bool = False
    written: str | None = None
    state: str = "onbekend"
    clock_from: str | None = None
    clock_to: str | None = None
    sources: tuple[Source, ...] = ()

    @property
    def known(self) -> bool:
        """Whether a current, registered value stands behind it (a stop is one)."""
        return not self.assumed

    def plus(self, days: float) -> Wait:
        """The wait with a fixed number of days added."""
        if not days or self.closed:
            return self

        def shift(value: float | None) -> float | None:
            return None if value is None else value + days

        return replace(
            self,
            low=shift(self.low),
            expected=shift(self.expected),
            high=shift(self.high),
            median=shift(self.median),
            p90=shift(self.p90),
        )


def added(first: Wait, second: Wait, kind: str) -> Wait:
    """Two waits one after the other; closed when either is, distribution dropped (only means add up)."""
    closed = first.closed or second.closed

    def total(a: float | None, b: float | None) -> float | None:
        return None if closed or a is None or b is None else a + b

    return Wait(
        kind,
        total(first.low, second.low),
        total(first.expected, second.expected),
        total(first.high, second.high),
        as_of=earliest((first.as_of, second.as_of)),
        outdated=first.outdated or second.outdated,
        assumed=first.assumed or second.assumed,
        closed=closed,
        derived=first.derived or second.derived,
        written="; ".join(w for w in (first.written, second.written) if w) or None,
        state=NUMBER if not closed else STOP,
        sources=first.sources + second.sources,
    )
