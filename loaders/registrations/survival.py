"""The Kaplan–Meier median: how long half of all wait, those who still wait included (Kaplan and Meier 1958).

S(t) = Π over the days t_i ≤ t on which somebody's wait ended of (1 − d_i / n_i), with d_i the waits that ended that day and
n_i all that lasted at least until then. The median is where S reaches one half; where it is one half for a while, the middle
of it (Brookmeyer and Crowley 1982), so that without anybody waiting it is the plain median.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import ibis.expr.types as ir

_HALF: Final = math.log(0.5)
#: What adding up logarithms may be off.
_NOISE: Final = 1e-9
#: The logarithm of nothing left, as a number that adds up.
_NOBODY: Final = -1e6


def medians(daily: ir.Table, key: str) -> ir.Table:
    """The Kaplan–Meier median in days for each ``key``; null where more than half still wait when last seen.

    ``daily`` has a row per key and number of ``days``: ``number`` waits that lasted so long, of which ``gone`` ended then
    and the others were last seen waiting.
    """
    import ibis

    onward = ibis.window(group_by=key, order_by=ibis.desc("days"), preceding=None, following=0)
    risk = daily.mutate(at_risk=daily.number.sum().over(onward))
    left = (risk.gone >= risk.at_risk).ifelse(
        _NOBODY, (1 - (risk.gone < risk.at_risk).ifelse(risk.gone, 0).cast("float64") / risk.at_risk).ln()
    )
    until = ibis.window(group_by=key, order_by="days", preceding=None, following=0)
    curve = risk.mutate(log=left).mutate(log=lambda t: t.log.sum().over(until))
    reached = curve.filter(curve.gone > 0)
    return (
        reached.group_by(key)
        .agg(
            reaches=reached.days.min(where=reached.log <= _HALF + _NOISE),
            passes=reached.days.min(where=reached.log < _HALF - _NOISE),
        )
        .select(key, median_km=lambda t: (t.reaches + t.passes.fill_null(t.reaches)).cast("float64") / 2)
    )
