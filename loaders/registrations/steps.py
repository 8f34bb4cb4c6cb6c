"""Steps of a case in their order → referrals from one organisation to the next; and what both forms of a log share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .codes import NOTHING, Codes
from .moments import DAY, IMPOSSIBLE, WAITING

if TYPE_CHECKING:
    import ibis.expr.types as ir

#: An outcome fits in this many bits.
_OUTCOME_BITS: Final = 2


def with_before(steps: ir.Table, codes: Codes) -> ir.Table:
    """Every step with the one before it in its case, and the outcome that the case has in the end.

    An outcome comes after what else happened at its moment.
    """
    import ibis

    outside = list(codes.endings)
    last: list[Any] = [steps.to.isin(outside)] if outside else []
    in_order = ibis.window(group_by="case", order_by=["at", "sequence", *last, "to", "cell"])
    said = (steps.outcome > 0).ifelse((steps.at.cast("int64") << _OUTCOME_BITS) | steps.outcome, 0)
    return steps.mutate(
        before=steps.to.lag().over(in_order).fill_null(NOTHING),
        before_at=steps.at.lag().over(in_order),
        outcome=(said.max().over(ibis.window(group_by="case")) & ((1 << _OUTCOME_BITS) - 1)).cast("int8"),
    )


def of_steps(steps: ir.Table, codes: Codes) -> ir.Table:
    """A step elsewhere than the one before is a referral: made at the last step there, and begun at this one.

    After an outcome all begins anew.
    """
    moved = steps.filter(steps.before != steps.to)
    if codes.endings:
        anew = moved.before.isin(list(codes.endings))
        moved = moved.mutate(before=anew.ifelse(NOTHING, moved.before), before_at=anew.ifelse(None, moved.before_at))
    return moved.select(
        "case",
        "cell",
        "outcome",
        pair=pair_of(moved.before, moved.to, codes),
        referred=moved.before_at.fill_null(moved.at),
        wait=wait_of(moved.before_at.fill_null(moved.at), moved.at),
    )


def wait_of(referred: ir.IntegerValue, started: ir.IntegerValue) -> ir.IntegerValue:
    """The days from one moment to another."""
    import ibis

    days = started // DAY - referred // DAY
    return ibis.cases((started.isnull(), WAITING), (days.between(0, IMPOSSIBLE - 1), days), else_=IMPOSSIBLE).cast("int32")


def pair_of(source: ir.IntegerValue, target: ir.IntegerValue, codes: Codes) -> ir.IntegerValue:
    """Two organisations in one number."""
    return (source.cast(codes.pair_type) << codes.organisations.bits) | target
