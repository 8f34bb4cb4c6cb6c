"""Referrals → what each family went through: every way between two organisations once, where it entered and where it ended.

A *move* is a family going from one organisation to another for the first time; so every number of moves is a number of
families, and a family that is referred twice along the same way counts once. What happened at one moment has no order in
a log of days: where that matters, an arrival is taken to come before a departure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .codes import NOTHING, Codes
from .engine import Engine
from .moments import DAY, IMPOSSIBLE, WAIT_BITS, WAITING

if TYPE_CHECKING:
    import ibis.expr.types as ir

_OUTCOME_BITS: Final = 2


@dataclass(frozen=True)
class Moves:
    """What families went through, as tables of an engine.

    ``moves``: case, pair, back (the pair the other way), source, target, cell, referred and wait (of the first
    referral), last (packed: the last referral, its start and outcome). ``visits``: the arrivals of a case at an
    organisation beside its departures from there (a row per departure; null where there is none on either side): case, place,
    arrived, wait, last, low and high (the pairs by which it arrived, one where these are equal); left, gone (the last time),
    pair, back, cell. ``returned``: moves that bring a family back to where it was referred from: pair (the first way), back,
    referred (back), first (the first referral), unstarted (no help had begun in between).
    """

    moves: ir.Table
    visits: ir.Table
    returned: ir.Table
    codes: Codes


def moves_of(engine: Engine, referrals: ir.Table, codes: Codes) -> Moves:
    """The moves, visits and returns in ``referrals`` (see :class:`.referrals.Referrals`)."""
    bits, cells = codes.organisations.bits, codes.cell_bits
    organisation = (1 << bits) - 1
    target = (referrals.pair & organisation).cast("int32")
    found = {
        "first": (
            (referrals.referred.cast("int64") << (WAIT_BITS + cells)) | (referrals.wait.cast("int64") << cells) | referrals.cell
        ).min(),
        "last": _last(referrals).max(),
    }
    # most families reach an organisation from one side, so one pass over all gives their moves and arrivals both
    arrivals = engine.kept(
        "arrivals",
        referrals.group_by("case", place=target).agg(
            **found, low=referrals.pair.min().cast(codes.pair_type), high=referrals.pair.max().cast(codes.pair_type)
        ),
    )
    twice = arrivals.filter(arrivals.low != arrivals.high).select(who="case", where="place")
    several = referrals.semi_join(twice, (referrals.case == twice.who) & (target == twice["where"]))
    apart = engine.kept("apart", several.group_by("case", pair=several.pair.cast(codes.pair_type)).agg(**found))
    each = (
        arrivals.filter(arrivals.low == arrivals.high)
        .select("case", "first", "last", pair="low")
        .union(apart.select("case", "first", "last", "pair"))
    )
    source, target = (each.pair >> bits).cast("int32"), (each.pair & organisation).cast("int32")
    moves = each.select(
        "case",
        "last",
        "pair",
        cell=(each["first"] & ((1 << cells) - 1)).cast("int32"),
        wait=((each["first"] >> cells) & WAITING).cast("int16"),
        referred=(each["first"] >> (WAIT_BITS + cells)).cast("int32"),
        source=source,
        target=target,
        back=(target.cast(codes.pair_type) << bits) | source,
    )
    visits = engine.kept("visits", _visits(arrivals, moves, codes))
    return Moves(moves, visits, engine.kept("returned", _returned(visits, apart, codes)), codes)


def _last(referrals: ir.Table) -> ir.IntegerValue:
    """The last referral with its wait and outcome, in one number that is largest for the last; of equals the shortest wait."""
    return (
        (referrals.referred.cast("int64") << (WAIT_BITS + _OUTCOME_BITS))
        | ((WAITING - referrals.wait).cast("int64") << _OUTCOME_BITS)
        | referrals.outcome
    )


def referred_last(last: ir.IntegerValue) -> ir.IntegerValue:
    """When the last referral was."""
    return last >> (WAIT_BITS + _OUTCOME_BITS)


def wait_last(last: ir.IntegerValue) -> ir.IntegerValue:
    """The wait after the last referral."""
    return WAITING - ((last >> _OUTCOME_BITS) & WAITING)


def outcome_last(last: ir.IntegerValue) -> ir.IntegerValue:
    """The outcome that stands beside the last referral; 0 when none does."""
    return last & ((1 << _OUTCOME_BITS) - 1)


def _visits(arrivals: ir.Table, moves: ir.Table, codes: Codes) -> ir.Table:
    """Arrivals beside departures, by case and organisation."""
    outside, cells = list(codes.endings), codes.cell_bits
    arrivals = arrivals.filter(arrivals.place.notin(outside)) if outside else arrivals
    outward = moves.filter(moves.source != NOTHING).select(
        leaver="case",
        origin="source",
        left="referred",
        gone=referred_last(moves["last"]).cast("int32"),
        pair="pair",
        back="back",
        cell="cell",
    )
    both = arrivals.outer_join(outward, (arrivals.case == outward.leaver) & (arrivals.place == outward.origin))
    return both.select(
        case=both.case.coalesce(both.leaver),
        place=both.place.coalesce(both.origin),
        arrived=(both["first"] >> (WAIT_BITS + cells)).cast("int32"),
        wait=((both["first"] >> cells) & WAITING).cast("int16"),
        last=both["last"],
        left=both.left,
        gone=both.gone,
        pair=both.pair,
        back=both.back,
        cell=both.cell,
        low=both.low,
        high=both.high,
    )


def _returned(visits: ir.Table, apart: ir.Table, codes: Codes) -> ir.Table:
    """The moves that go back along the way that an earlier one came."""
    cells = codes.cell_bits
    left = visits.filter(visits.pair.notnull() & visits.low.notnull())
    one = left.filter((left.low == left.high) & (left.low == left.back) & (left.arrived < left.left)).select(
        "back", referred="left", first="arrived", wait="wait", again="pair"
    )
    then = apart.select(
        who="case",
        way="pair",
        first=(apart["first"] >> (WAIT_BITS + cells)).cast("int32"),
        since=((apart["first"] >> cells) & WAITING).cast("int16"),
    )
    now = left.filter(left.low != left.high).select("case", "back", referred="left", again="pair")
    both = then.inner_join(now, (then.who == now.case) & (then.way == now.back) & (then["first"] < now.referred))
    went_back = one.union(both.select("back", "referred", "first", wait="since", again="again"))
    begins = went_back["first"] // DAY + went_back.wait
    return went_back.select(
        "referred",
        "first",
        pair="back",
        back="again",
        unstarted=((begins > went_back.referred // DAY) & (went_back.wait != IMPOSSIBLE)).cast("int64"),
    )


def stay(visits: ir.Table) -> ir.Table:
    """How many days families were at an organisation before it referred them on: pair and days.

    From the first appointment there, or from the referral to it where none is known; left out for who began there.
    """
    known = visits.filter(visits.pair.notnull() & visits.arrived.notnull() & (visits.left >= visits.arrived))
    days = known.left // DAY - known.arrived // DAY
    return known.select("pair", days=(known.wait <= days).ifelse(days - known.wait, days))


def ended(visits: ir.Table) -> ir.Table:
    """Where families were last: place and last (packed), one row per visit after which no referral came."""
    arrived = visits.filter(visits["last"].notnull())
    at = referred_last(arrived["last"])
    never_left = arrived.filter(arrived.left.isnull()).select("case", "place", "last")
    left_before = arrived.filter(arrived.gone < at).select("case", "place", "last").distinct()
    left_after = arrived.filter(arrived.gone >= at).select(who="case", where="place")
    came_back = left_before.anti_join(
        left_after, (left_before.case == left_after.who) & (left_before.place == left_after["where"])
    )
    return never_left.union(came_back).drop("case")


def entered(moves: ir.Table, visits: ir.Table, codes: Codes) -> ir.Table:
    """Where each family began: place, cell and when; one row per case.

    That is the earliest place that referred it on before it was referred there; where the log has all of them at one moment,
    the first by name that did so at that moment.
    """
    bits, cells = codes.organisations.bits, codes.cell_bits
    left = visits.filter(visits.pair.notnull() & (visits.arrived.isnull() | (visits.left <= visits.arrived)))
    sent = left.select("case", "place", "cell", at="left", late=(left.left == left.arrived).cast("int64").fill_null(0))
    came = moves.filter((moves.source == NOTHING) & moves.target.notin([*codes.endings, NOTHING])).select(
        "case", place="target", cell="cell", at="referred", late=0
    )
    all_ = sent.union(came.mutate(late=came.late.cast("int64")))
    moment = (all_.at.cast("int64") << 1) | all_.late
    one = all_.group_by("case").agg(first=((moment << (bits + cells)) | (all_.place.cast("int64") << cells) | all_.cell).min())
    return one.select(
        place=(one["first"] >> cells) & ((1 << bits) - 1),
        cell=one["first"] & ((1 << cells) - 1),
        at=one["first"] >> (bits + cells + 1),
    )
