"""A log counted by hand: plain Python over lists of rows, without tables or engines, written from what the words mean.

Rows are dicts with Dutch keys and texts (``casus``, ``van``, ``naar``, ``verwezen``, ``gestart``, or ``casus``, ``organisatie``,
``tijd``, ``volgorde``; and ``gemeente``, ``leeftijd``, ``thema``, ``uitkomst``). Municipalities are codes, themes slugs, outcomes
our own words, moments ISO. Ages are whole years; nothing is too small to show.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

Row = Mapping[str, str]
Cell = tuple[str, int, str]
"""Municipality, number of the age band (0: not known) and theme; "" is not known, and comes first."""

OUTCOMES = ("hulp", "uitval", "onbekend")
#: Help began before the referral: a start, yet no wait.
SLIP = 10**6
#: Not begun yet.
YET = 10**7


@dataclass(frozen=True, order=True)
class Referral:
    """One referral of a family: to somewhere else, or to an outcome."""

    at: datetime
    wait: int
    cell: Cell
    outcome: str

    @property
    def latest(self) -> tuple[datetime, int, int]:
        """What makes it the last one: later, begun sooner, with more to say."""
        return self.at, -self.wait, OUTCOMES.index(self.outcome) if self.outcome else -1


Family = dict[tuple[str, str], list[Referral]]


@dataclass
class Counts:
    """The tables, by what a row is about. Waits in days, unrounded."""

    routes: Counter[tuple[str, str, Cell]] = field(default_factory=Counter)
    handovers: dict[tuple[str, str], tuple[Any, ...]] = field(default_factory=dict)
    places: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    cells: dict[tuple[str, str, Cell], tuple[Any, ...]] = field(default_factory=dict)
    demand: Counter[tuple[str, Cell]] = field(default_factory=Counter)
    onward: dict[tuple[str, str, int], tuple[int, int]] = field(default_factory=dict)
    ends: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    back: dict[tuple[str, str], tuple[Any, ...]] = field(default_factory=dict)


def count(rows: Iterable[Row], until: date, bands: Sequence[int], unknown_after_weeks: int = 52) -> Counts:
    """Every table of the log that is ``rows``, of which ``until`` is the last day."""
    families: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        families[row["casus"]].append(row)
    return _Counting(until, bands, unknown_after_weeks).done(list(families.values()))


# --- numbers -------------------------------------------------------------------------------------------
def quantile(values: Sequence[float], share: float) -> float | None:
    """Between the two values around (n − 1)·share, in proportion."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = Fraction(str(share)) * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return float(low + (high - low) * (place - math.floor(place)))


def survival_median(waits: Sequence[tuple[int, bool]]) -> float | None:
    """Kaplan and Meier: waits as (days, ended); the curve in fractions, so that one half is one half."""
    alive, reached = Fraction(1), None
    for day in sorted({days for days, ended in waits if ended}):
        at_risk = sum(days >= day for days, _ in waits)
        alive *= 1 - Fraction(sum(days == day and ended for days, ended in waits), at_risk)
        if alive == Fraction(1, 2) and reached is None:
            reached = day
        elif alive < Fraction(1, 2):
            return day if reached is None else (reached + day) / 2
    return reached


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def days_between(one: datetime, other: datetime) -> int:
    return (other.date() - one.date()).days


# --- families ------------------------------------------------------------------------------------------
class _Counting:
    def __init__(self, until: date, bands: Sequence[int], unknown_after_weeks: int) -> None:
        self.until = until
        self.bands = bands
        self.weeks = unknown_after_weeks
        self.made = Counts()
        self.waits: dict[tuple[str, str], list[tuple[int, bool | None, Cell]]] = defaultdict(list)
        self.stays: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.gone: Counter[tuple[str, str, int]] = Counter()
        self.turned: Counter[tuple[str, str, int]] = Counter()
        self.returns: dict[tuple[str, str], list[tuple[int, bool]]] = defaultdict(list)

    def done(self, families: Iterable[Sequence[Row]]) -> Counts:
        for rows in families:
            family = self.by_step(rows) if "organisatie" in rows[0] else self.by_referral(rows)
            first = {way: min(referrals) for way, referrals in family.items()}
            self.walked(family, first)
            self.began(first)
            self.ended(family)
            self.came_back(first)
        return self.finished()

    # --- rows ------------------------------------------------------------------------------------------
    def cell(self, row: Row) -> Cell:
        band = 0
        if row.get("leeftijd"):
            months = 12 * int(row["leeftijd"])
            band = next((n for n, edge in enumerate(self.bands[1:], 1) if self.bands[0] <= months < edge), 0)
        return row.get("gemeente", ""), band, row.get("thema", "")

    def wait(self, at: datetime, started: datetime | None) -> int:
        if started is None or started.date() > self.until:
            return YET
        return days_between(at, started) if days_between(at, started) >= 0 else SLIP

    def by_referral(self, rows: Sequence[Row]) -> Family:
        made: Family = defaultdict(list)
        for row in rows:
            at = moment(row["verwezen"])
            started = moment(row["gestart"]) if row.get("gestart") else None
            if at.date() <= self.until and row["van"] != row["naar"] and row["van"] not in OUTCOMES:
                made[row["van"], row["naar"]].append(
                    Referral(at, self.wait(at, started), self.cell(row), row.get("uitkomst", ""))
                )
        return made

    def by_step(self, rows: Sequence[Row]) -> Family:
        """A step elsewhere is a referral by the step before it, begun when it was taken; after an outcome all begins anew."""
        made: Family = defaultdict(list)
        steps = sorted(
            (
                moment(row["tijd"]),
                float(row["volgorde"]) if row.get("volgorde") else math.inf,
                row["organisatie"] in OUTCOMES,
                row["organisatie"],
                self.cell(row),
            )
            for row in rows
            if moment(row["tijd"]).date() <= self.until
        )
        told = [row for row in rows if row.get("uitkomst") and moment(row["tijd"]).date() <= self.until]
        said = max(((moment(row["tijd"]), OUTCOMES.index(row["uitkomst"])) for row in told), default=(None, -1))[1]
        outcome = OUTCOMES[said] if said >= 0 else ""
        before: tuple[datetime, str] | None = None
        for at, _, _, place, cell in steps:
            if before is None:
                made["", place].append(Referral(at, 0, cell, outcome))
            elif before[1] != place:
                made[before[1], place].append(Referral(before[0], days_between(before[0], at), cell, outcome))
            before = (at, place)
            if place in OUTCOMES:
                before = None
        return made

    # --- one family ------------------------------------------------------------------------------------
    def walked(self, family: Family, first: Mapping[tuple[str, str], Referral]) -> None:
        for (source, target), referral in first.items():
            if not source or target in OUTCOMES:
                continue
            self.made.routes[source, target, referral.cell] += 1
            self.gone[source, target, referral.at.year] += 1
            onward = [r.at for (place, _), r in first.items() if place == target and r.at >= referral.at]
            if referral.wait == YET:
                seen = min(onward).date() if onward else self.until
                wait: tuple[int, bool | None] = ((seen - referral.at.date()).days, False)
            else:
                wait = (referral.wait, True if referral.wait != SLIP else None)
            self.waits[source, target].append((*wait, referral.cell))
            arrivals = [r for (_, place), r in first.items() if place == source]
            if arrivals and min(arrivals).at <= referral.at:
                here = days_between(min(arrivals).at, referral.at)
                waited = min(arrivals).wait
                self.stays[source, target].append(here - waited if waited <= here else here)

    def began(self, first: Mapping[tuple[str, str], Referral]) -> None:
        """The first place that was left before anybody sent the family there, or where it came by itself.

        Where all began at one moment, the first by name of those that sent the family on then.
        """
        found = []
        for (source, target), referral in first.items():
            if not source and target not in OUTCOMES:
                found.append((referral.at, False, target, referral.cell))
            arrivals = [r.at for (_, place), r in first.items() if place == source]
            if source and all(referral.at <= at for at in arrivals):
                found.append((referral.at, referral.at in arrivals, source, referral.cell))
        if found:
            *_, place, cell = min(found)
            self.made.demand[place, cell] += 1

    def ended(self, family: Family) -> None:
        """Where it was sent and was not sent on from since; and where somebody said how it ended."""
        arrivals: dict[str, Referral] = {}
        for (source, target), referrals in family.items():
            if target in OUTCOMES:
                first = min(referrals)
                if source:
                    self.made.ends[source, target, self.started(first).year] += 1
            else:
                arrivals[target] = max([*referrals, *filter(None, [arrivals.get(target)])], key=lambda r: r.latest)
        for place, last in arrivals.items():
            if any(r.at >= last.at for (source, _), rs in family.items() if source == place for r in rs):
                continue
            outcome = last.outcome or ("hulp" if last.wait < YET else "")
            if not outcome and (self.until - last.at.date()).days >= 7 * self.weeks:
                outcome = "onbekend"
            if outcome:
                self.made.ends[place, outcome, self.started(last).year] += 1

    @staticmethod
    def started(referral: Referral) -> date:
        """The day of the start, or of the referral where there was none."""
        return referral.at.date() + timedelta(days=referral.wait if referral.wait < SLIP else 0)

    def came_back(self, first: Mapping[tuple[str, str], Referral]) -> None:
        for (source, target), there in first.items():
            again = first.get((target, source))
            if source and again is not None and there.at < again.at:
                self.turned[target, source, again.at.year] += 1
                days = days_between(there.at, again.at)
                begun = there.wait == SLIP or there.wait <= days
                self.returns[source, target].append((days, not begun))

    # --- all of them -----------------------------------------------------------------------------------
    def finished(self) -> Counts:
        made = self.made
        by_place: dict[str, list[tuple[int, bool | None, Cell]]] = defaultdict(list)
        by_cell: dict[tuple[str, str, Cell], list[tuple[int, bool | None, Cell]]] = defaultdict(list)
        for (source, target), waits in self.waits.items():
            started = [days for days, ended, _ in waits if ended]
            stays = self.stays[source, target]
            made.handovers[source, target] = (
                len(waits),
                *(quantile(started, share) for share in (0.5, 0.95)),
                *(quantile(stays, share) for share in (0.5, 0.95)),
            )
            by_place[target] += waits
            for wait in waits:
                by_cell[source, target, wait[2]].append(wait)
        for place, waits in by_place.items():
            made.places[place] = (len(waits), sum(ended is False for _, ended, _ in waits), *self.spread(waits))
        for cell, waits in by_cell.items():
            made.cells[cell] = (len(waits), *self.spread(waits))
        made.onward = {key: (families, self.turned[key]) for key, families in self.gone.items()}
        made.back = {
            way: (len(found), sum(unstarted for _, unstarted in found), float(median(days for days, _ in found)))
            for way, found in self.returns.items()
        }
        return made

    @staticmethod
    def spread(waits: Sequence[tuple[int, bool | None, Cell]]) -> tuple[float | None, float | None, float | None]:
        """Median and p90 of those that started, and the median with those that wait."""
        started = [days for days, ended, _ in waits if ended]
        known = [(days, ended) for days, ended, _ in waits if ended is not None]
        return quantile(started, 0.5), quantile(started, 0.9), survival_median(known)
