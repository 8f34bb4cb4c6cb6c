"""What a log of referrals shows, by the nodes of its ends: handovers, and families by municipality, age and theme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...dates import first_day, last_day
from ...landscape import Landscape
from ...waiting import Source
from .ends import Ends

Pair = tuple[str, str]
_DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Handover:
    """All that the log says of families from one node to another.

    ``number`` are the families of the rows that may be shown (None: of none), ``hidden`` counts the other rows.
    ``weeks_median`` and ``weeks_p95`` (from the referral until help begins, of those for whom it did) where one row says so.
    """

    pair: Pair
    number: int | None
    hidden: int
    weeks_median: float | None
    weeks_p95: float | None
    origins: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """Families of one municipality (code), age band (months) and theme that went from one node to another, per year.

    What is None was not told apart; ``per_year`` None was too small to show. ``route`` is the id of the log's own row.
    """

    pair: Pair
    route: str
    municipality: str | None
    age_from: int | None
    age_until: int | None
    theme: str | None
    per_year: int | None
    origin: Source


@dataclass(frozen=True, slots=True)
class Log:
    """Of which registration and which days a log tells (ISO dates, None: not said), and what it counts."""

    sources: tuple[str, ...]
    period_from: str | None
    period_until: str | None
    reference_date: str
    unit: str
    threshold: int

    @property
    def years(self) -> float | None:
        """The length of the period."""
        if self.period_from is None or self.period_until is None:
            return None
        days = (last_day(self.period_until) - first_day(self.period_from)).days + 1
        return days / _DAYS_PER_YEAR if days > 0 else None


def log_of(log: Landscape) -> Log:
    """What a log says of itself."""
    rows = log["handovers"]
    settings = log.settings
    begins = [d for d in rows["period_from"].unique() if d]
    ends = [d for d in rows["period_until"].unique() if d]
    return Log(
        tuple(sorted(s for s in rows["source"].unique() if s)),
        min(begins, key=first_day, default=None),
        max(ends, key=last_day, default=None),
        settings.reference_date,
        settings.unit,
        settings.threshold,
    )


def handovers(log: Landscape, ends: Ends, least: int) -> Mapping[Pair, Handover]:
    """The handovers between two nodes; a number below ``least`` is hidden, whatever the log's own threshold was."""
    rows: dict[Pair, list[dict[str, object]]] = {}
    for row in log["handovers"].iter_rows(named=True):
        rows.setdefault((ends.node(row["from"]), ends.node(row["to"])), []).append(row)
    return {pair: _joined(pair, found, least) for pair, found in rows.items()}


def _joined(pair: Pair, rows: list[dict[str, object]], least: int) -> Handover:
    """One partner may stand in a log under several names: its rows together."""
    numbers = [int(str(row["number"])) for row in rows if row["number"] is not None]
    shown = [number for number in numbers if number == 0 or number >= least]
    # a median of families whose number may not be told is not told either
    one = rows[0] if len(rows) == len(shown) == 1 else {}
    median, p95 = one.get("weeks_median"), one.get("weeks_p95")
    return Handover(
        pair,
        sum(shown) if shown else None,
        len(rows) - len(shown),
        None if median is None else float(str(median)),
        None if p95 is None else float(str(p95)),
        tuple(Source.of("handovers", row) for row in rows),
    )


def cells(log: Landscape, ends: Ends, *, numbered: bool) -> Iterator[Cell]:
    """The rows of the log's own routes, each for one municipality at most; without ``numbered`` no number of families."""
    for row in log["routes"].iter_rows(named=True):
        areas, themes = row["municipalities"] or [None], row["themes"] or [None]
        number = row["per_year"] if numbered and len(areas) == len(themes) == 1 else None
        for municipality in areas:
            for theme in themes:
                yield Cell(
                    (ends.node(row["from"]), ends.node(row["to"])),
                    row["id"],
                    municipality,
                    row["age_from"],
                    row["age_until"],
                    theme,
                    number,
                    Source.of("routes", row),
                )
