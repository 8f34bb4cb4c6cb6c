"""Quantiles of days out of how often each number of days came up: exact, and quick where few groups have many rows.

A quantile q of n sorted values x_0 … x_{n−1} lies at h = (n − 1)·q, between its neighbours in proportion (definition 7 of
Hyndman and Fan 1996, which is the default of NumPy and of DuckDB's quantile_cont). Places are counted in whole hundredths:
engines do not multiply fractions alike, and what is rounded afterwards would show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import ibis.expr.types as ir

_PARTS: Final = 100


def quantiles(daily: ir.Table, key: str, wanted: Mapping[str, float]) -> ir.Table:
    """The quantiles ``wanted`` (name → 0–1, in hundredths) for each ``key``.

    ``daily`` has key, ``days`` and ``number``: how often this many days came up (at most one row per key and number of days).
    """
    import ibis

    until = ibis.window(group_by=key, order_by="days", preceding=None, following=0)
    counted = daily.filter(daily.number > 0)
    placed = counted.mutate(reached=counted.number.sum().over(until), n=counted.number.sum().over(ibis.window(group_by=key)))
    shares = {name: round(share * _PARTS) for name, share in wanted.items()}
    low, high = {}, {}
    for name, share in shares.items():
        place = (placed.n - 1) * share
        upward = place + _PARTS - 1
        # the value at place k (from 0) is the least that more than k values do not exceed
        low[f"{name}_low"] = placed.days.min(where=placed.reached * _PARTS > place - place % _PARTS)
        high[f"{name}_high"] = placed.days.min(where=placed.reached * _PARTS > upward - upward % _PARTS)
    made = placed.group_by(key).agg(total=placed.n.max(), **low, **high)
    values = {}
    for name, share in shares.items():
        part = (made.total - 1) * share % _PARTS
        below, above = made[f"{name}_low"].cast("int64"), made[f"{name}_high"].cast("int64")
        values[name] = (below * _PARTS + (above - below) * part).cast("float64") / _PARTS
    return made.select(key, **values)
