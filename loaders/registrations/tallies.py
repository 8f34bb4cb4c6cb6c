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
from .frequencies import packed, unpacked
from .mapping import Mapping
from .moments import DAY, IMPOSSIBLE, WAIT_BITS, WAITING, minutes_of
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
        self.pair_bits = 2 * self.codes.organisations.bits
        self.years = range(read.since.year, read.until.year + 1)

    def done(self) -> Tallies:
        every = self.made.moves
        walks = every.filter(every.source != NOTHING)
        if self.outside:
            walks = walks.filter(walks.target.notin(self.outside))
        daily = self._daily(walks)
        of_pairs = _together(daily, "pair", self.pair_bits)
        ends, still = self._ends()
        return Tallies(
            self._cells(daily),
            self._pairs(of_pairs),
            self._places(of_pairs),
            self.engine.frame(self._entries()),
            self._onward(walks),
            ends,
            self._returns(),
            still,
        )

    # --- waits -----------------------------------------------------------------------------------------
    def _daily(self, walks: ir.Table) -> pl.DataFrame:
        """How often families of a pair and cell waited so many ``days`` until help began or (``waits`` = 1) were seen without.

        Columns pair, cell, days, waits, times; sorted by them. An impossible wait has its own number of days.
        """
        import ibis

        known = walks.filter(walks.wait != WAITING).select("pair", "cell", days="wait", waits=ibis.literal(0, "int8"))
        gone = self._gone(walks.filter(walks.wait == WAITING))
        # who went on without an appointment waited until then; who did not, until the last day of the log
        days = gone.gone.fill_null(self.end - 1) // DAY - gone.referred // DAY
        waited = known.union(gone.select("pair", "cell", days=days.cast("int16"), waits=ibis.literal(1, "int8")))
        return self.engine.frequencies(waited, {"pair": self.pair_bits, "cell": self.codes.cell_bits, **_WAITED})

    def _gone(self, waiting: ir.Table) -> ir.Table:
        """Moves after which no help began: pair, cell, referred, and when the family was next referred on from there."""
        waiting = waiting.select("case", "pair", "cell", "target", "referred")
        onward = self.made.moves.select(who="case", origin="source", gone="referred")
        both = waiting.left_join(
            onward, (waiting.case == onward.who) & (waiting.target == onward.origin) & (waiting.referred <= onward.gone)
        )
        return both.group_by("case", "pair", "cell", "referred").agg(gone=both.gone.min())

    def _cells(self, daily: pl.DataFrame) -> pl.DataFrame:
        """Per pair and cell; what is waited only of those with enough families and starts to be told of: most have not."""
        bits = {"pair": self.pair_bits, "cell": self.codes.cell_bits}
        key = packed({name: pl.col(name) for name in bits}, bits)
        keyed = daily.select("days", "waits", "times", key=key).with_columns(pl.col("key").set_sorted())
        counts = _counted(keyed, "key", families=_ALL, started=_STARTED)
        enough = counts.filter((pl.col("started") >= self.starts) & (pl.col("families") >= self.least))
        told = keyed.join(enough, on="key", how="semi", maintain_order="left")
        found = _waited(counts, told, "key", p90=0.9)
        return found.select(pl.exclude("key"), **unpacked(pl.col("key"), bits)).sort("pair", "cell")

    def _pairs(self, daily: pl.DataFrame) -> pl.DataFrame:
        stays = self.engine.frequencies(went.stay(self.made.visits), {"pair": self.pair_bits, "days": WAIT_BITS})
        found = _counted(daily, "pair", families=_ALL, started=_STARTED)
        for more in (
            quantiles(daily.filter(_STARTED), "pair", {"median": 0.5, "p95": 0.95}),
            _counted(stays, "pair", stays=_ALL),
            quantiles(stays, "pair", {"stay_median": 0.5, "stay_p95": 0.95}),
        ):
            found = found.join(more, on="pair", how="left")
        return found.with_columns(pl.col("stays").fill_null(0)).sort("pair")

    def _places(self, of_pairs: pl.DataFrame) -> pl.DataFrame:
        width = self.codes.organisations.bits
        daily = _together(of_pairs.with_columns(place=pl.col("pair") % (1 << width)), "place", width)
        counts = _counted(daily, "place", families=_ALL, started=_STARTED, waiting=_WAITING)
        return _waited(counts, daily, "place", p90=0.9).sort("place")

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


#: What tells rows of days apart beside their key, with its bits.
_WAITED: Final = {"days": WAIT_BITS, "waits": 1}
#: Of rows of days: all of them, those on which help began, and those that were last seen without.
_ALL: Final = pl.lit(value=True)
_STARTED: Final = (pl.col("waits") == 0) & (pl.col("days") < IMPOSSIBLE)
_WAITING: Final = pl.col("waits") == 1


def _counted(daily: pl.DataFrame, key: str, **wanted: pl.Expr) -> pl.DataFrame:
    """How many families of each kind that is wanted, by ``key``."""
    return daily.group_by(key).agg(**{name: pl.col("times").filter(rows).sum() for name, rows in wanted.items()})


def _together(daily: pl.DataFrame, key: str, width: int) -> pl.DataFrame:
    """Days by a wider key of so many bits, sorted by it: as one number, which is grouped in half the time."""
    bits = {key: width, **_WAITED}
    number = packed({name: pl.col(name) for name in bits}, bits)
    found = daily.group_by(number=number).agg(pl.col("times").sum()).sort("number")
    return found.select("times", **unpacked(pl.col("number"), bits)).with_columns(pl.col(key).set_sorted())


def _waited(counts: pl.DataFrame, daily: pl.DataFrame, key: str, **high: float) -> pl.DataFrame:
    """``counts`` with the median, a ``high`` quantile and the Kaplan–Meier median; impossible waits say nothing."""
    spread = quantiles(daily.filter(_STARTED), key, {"median": 0.5, **high})
    survived = medians(daily.filter(_STARTED | _WAITING), key)
    return counts.join(spread, on=key, how="left").join(survived, on=key, how="left")
