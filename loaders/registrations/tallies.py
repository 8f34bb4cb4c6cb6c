"""Moves → numbers of families and days of waiting, still with what is too small to show: it never leaves this process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from ...graph.waiting import WEEK
from . import moves as went
from .codes import NOTHING, OUTCOMES
from .engine import Engine
from .mapping import Mapping
from .moments import DAY, IMPOSSIBLE, WAITING, minutes_of
from .moves import Moves
from .period import least, years_of
from .quantiles import quantiles
from .referrals import Referrals
from .survival import medians

if TYPE_CHECKING:
    import ibis.expr.types as ir

_WEEK: Final = int(WEEK)


@dataclass(frozen=True)
class Tallies:
    """Counts as Polars frames; families unless said otherwise, days as numbers.

    ``cells``: pair, cell, families, started, median, p90, median_km. ``pairs``: pair, families, started, median, p95, stays,
    stay_median, stay_p95. ``places``: place, families, started, waiting, median, p90, median_km. ``entries``: place, cell,
    families. ``onward``: pair, year, families, returned. ``ends``: place, outcome (its place in OUTCOMES), year, families.
    ``returns``: pair, families, unstarted, median. ``still``: families whose last referral may yet lead to a first appointment.
    """

    cells: pl.DataFrame
    pairs: pl.DataFrame
    places: pl.DataFrame
    entries: pl.DataFrame
    onward: pl.DataFrame
    ends: pl.DataFrame
    returns: pl.DataFrame
    still: int


def tallies(engine: Engine, read: Referrals, made: Moves, mapping: Mapping) -> Tallies:
    """Count what families went through."""
    return _Counting(engine, read, made, mapping).done()


class _Counting:
    def __init__(self, engine: Engine, read: Referrals, made: Moves, mapping: Mapping) -> None:
        self.engine = engine
        self.made = made
        self.codes = made.codes
        self.end = minutes_of(read.until) + DAY
        self.unknown_before = self.end - mapping.unknown_after_weeks * _WEEK * DAY
        self.starts = max(mapping.threshold, 1)
        self.least = least(mapping.threshold, years_of(read.since, read.until))
        self.outside = list(self.codes.endings)
        self.years = range(read.since.year, read.until.year + 1)

    def done(self) -> Tallies:
        every = self.made.moves
        walks = every.filter(every.source != NOTHING)
        if self.outside:
            walks = walks.filter(walks.target.notin(self.outside))
        waits = self.engine.kept("waits", self._waits(walks))
        daily = self.engine.kept(
            "daily",
            waits.group_by("pair", "target", "days").agg(
                number=waits.count(), started=(waits.ended == 1).sum(), waiting=(waits.ended == 0).sum()
            ),
        )
        ends, still = self._ends()
        return Tallies(
            self._cells(waits),
            self._pairs(daily),
            self._places(daily),
            self.engine.frame(self._entries()),
            self._onward(walks),
            ends,
            self._returns(),
            still,
        )

    # --- waits -----------------------------------------------------------------------------------------
    def _waits(self, moves: ir.Table) -> ir.Table:
        """Every move with how long it was waited: ``days``, and ``ended`` 1 when help began, else 0 (or null: impossible)."""
        known = moves.filter(moves.wait != WAITING).select(
            "pair", "cell", "target", days="wait", ended=lambda t: (t.wait != IMPOSSIBLE).ifelse(1, None).cast("int8")
        )
        waiting = moves.filter(moves.wait == WAITING).select("case", "pair", "cell", "target", "referred")
        onward = self.made.moves.select(who="case", origin="source", gone="referred")
        both = waiting.left_join(
            onward, (waiting.case == onward.who) & (waiting.target == onward.origin) & (waiting.referred <= onward.gone)
        )
        # who went on without an appointment waited until then; who did not, until the last day of the log
        seen = both.group_by("case", "pair", "cell", "target", "referred").agg(gone=both.gone.min())
        days = seen.gone.fill_null(self.end - 1) // DAY - seen.referred // DAY
        return known.union(seen.select("pair", "cell", "target", days=days.cast("int16"), ended=(seen.referred < 0).cast("int8")))

    def _cells(self, waits: ir.Table) -> pl.DataFrame:
        """Per pair and cell; what is waited only of those with enough families and starts to be told of: most have not.

        There are so many that few have more than some rows, so the engine's own quantiles are quicker.
        """
        width = self.codes.cell_bits
        keyed = waits.select("days", "ended", key=(waits.pair.cast("int64") << width) | waits.cell)
        counts = self.engine.frame(keyed.group_by("key").agg(families=keyed.count(), started=(keyed.ended == 1).sum()))
        enough = counts.filter((pl.col("started") >= self.starts) & (pl.col("families") >= self.least)).select("key")
        told = keyed.semi_join(self.engine.table("cells_told", enough), "key")
        days = (told.ended == 1).ifelse(told.days, None).cast("float64")
        lists = pl.col("quantiles").list
        spread = self.engine.frame(told.group_by("key").agg(quantiles=days.quantile([0.5, 0.9]))).select(
            "key", median=lists.get(0, null_on_oob=True), p90=lists.get(1, null_on_oob=True)
        )
        possible = told.filter(told.ended.notnull())
        by_day = possible.group_by("key", "days").agg(number=possible.count(), gone=possible.ended.sum())
        known = self.engine.frame(medians(by_day, "key"))
        parts = {"pair": pl.col("key") // (1 << width), "cell": pl.col("key") % (1 << width)}
        found = _joined(_joined(counts, spread, "key"), known, "key")
        return found.with_columns(**parts).drop("key").sort("pair", "cell")

    def _pairs(self, daily: ir.Table) -> pl.DataFrame:
        counts = daily.group_by("pair").agg(families=daily.number.sum(), started=daily.started.sum())
        starts = quantiles(daily.select("pair", "days", number="started"), "pair", {"median": 0.5, "p95": 0.95})
        before = went.stay(self.made.visits)
        by_day = self.engine.kept("stays", before.group_by("pair", "days").agg(number=before.count()))
        stays = by_day.group_by("pair").agg(stays=by_day.number.sum())
        spread = quantiles(by_day, "pair", {"stay_median": 0.5, "stay_p95": 0.95})
        found = self.engine.frame(counts)
        for more in (starts, stays, spread):
            found = _joined(found, self.engine.frame(more), "pair")
        return found.with_columns(pl.col("stays").fill_null(0)).sort("pair")

    def _places(self, daily: ir.Table) -> pl.DataFrame:
        by_day = self.engine.kept(
            "daily_places",
            daily.group_by("days", place="target").agg(
                number=daily.number.sum(), started=daily.started.sum(), waiting=daily.waiting.sum()
            ),
        )
        counts = by_day.group_by("place").agg(
            families=by_day.number.sum(), started=by_day.started.sum(), waiting=by_day.waiting.sum()
        )
        possible = by_day.select("place", "days", gone="started", number=by_day.started + by_day.waiting).filter(
            lambda t: t.number > 0
        )
        found = self.engine.frame(counts)
        for more in (
            quantiles(by_day.select("place", "days", number="started"), "place", {"median": 0.5, "p90": 0.9}),
            medians(possible, "place"),
        ):
            found = _joined(found, self.engine.frame(more), "place")
        return found.sort("place")

    # --- ways ------------------------------------------------------------------------------------------
    def _year(self, minutes: ir.IntegerValue) -> ir.IntegerValue:
        """The calendar year of a moment."""
        import ibis

        first, *later = self.years
        made: Any = ibis.literal(first, "int64")
        for year in later:
            made = made + (minutes >= minutes_of(date(year, 1, 1))).cast("int64")
        return made

    def _onward(self, walks: ir.Table) -> pl.DataFrame:
        numbered = walks.select("pair", year=self._year(walks.referred))
        all_ = self.engine.frame(numbered.group_by("pair", "year").agg(families=numbered.count()))
        back = self.made.returned
        again = back.select(pair="back", year=self._year(back.referred))
        some = self.engine.frame(again.group_by("pair", "year").agg(returned=again.count()))
        return all_.join(some, on=["pair", "year"], how="left").with_columns(pl.col("returned").fill_null(0)).sort("pair", "year")

    def _returns(self) -> pl.DataFrame:
        back = self.made.returned
        days = (back.referred // DAY - back["first"] // DAY).cast("float64")
        told = back.group_by("pair").agg(families=back.count(), unstarted=back.unstarted.sum(), median=days.median())
        return self.engine.frame(told).sort("pair")

    def _entries(self) -> ir.Table:
        began = went.entered(self.made.moves, self.made.visits, self.codes)
        return began.group_by("place", "cell").agg(families=began.count()).order_by("place", "cell")

    def _ends(self) -> tuple[pl.DataFrame, int]:
        """Where families were last, by outcome and year; and how many may yet go on."""
        import ibis

        last = went.ended(self.made.visits)
        said, wait, at = (f(last["last"]) for f in (went.outcome_last, went.wait_last, went.referred_last))
        none, help_, unknown = len(OUTCOMES), OUTCOMES.index("hulp"), OUTCOMES.index("onbekend")
        outcome = ibis.cases((said > 0, said - 1), (wait < WAITING, help_), (at < self.unknown_before, unknown), else_=none)
        # a start before the referral is a slip of the pen; the year is then that of the referral
        when = at + (wait < IMPOSSIBLE).ifelse(wait * DAY, 0)
        told = last.select("place", outcome=outcome.cast("int64"), year=self._year(when))
        if self.outside:
            told = told.union(self._said())
        found = self.engine.frame(told.group_by("place", "outcome", "year").agg(families=told.count()))
        still = int(found.filter(pl.col("outcome") == none)["families"].sum())
        return found.filter(pl.col("outcome") < none).sort("place", "outcome", "year"), still

    def _said(self) -> ir.Table:
        """The moves to an outcome: where an organisation itself said how it ended."""
        import ibis

        moves = self.made.moves
        ends = moves.filter(moves.target.isin(self.outside) & (moves.source != NOTHING))
        number = ibis.cases(*((ends.target == n, OUTCOMES.index(slug)) for n, slug in self.codes.endings.items()))
        when = ends.referred + (ends.wait < IMPOSSIBLE).ifelse(ends.wait.cast("int32") * DAY, 0)
        return ends.select(place="source", outcome=number.cast("int64"), year=self._year(when))


def _joined(frame: pl.DataFrame, more: pl.DataFrame, key: str) -> pl.DataFrame:
    return frame.join(more.cast({key: frame.schema[key]}), on=key, how="left")
