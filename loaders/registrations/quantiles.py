"""Quantiles of days out of how often each number of days came up: exact, for every group at once.

A quantile q of n sorted values x_0 … x_{n−1} lies at h = (n − 1)·q, between its neighbours in proportion (definition 7 of
Hyndman and Fan 1996, which is the default of NumPy and of DuckDB's quantile_cont). Places are counted in whole hundredths,
so that what is rounded afterwards is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

_PARTS: Final = 100
Numbers = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Groups:
    """Rows that follow each other with one key: ``keys``; how many ``rows`` each has, and what was counted in them.

    ``reached`` is the running total by row, over all groups; ``before`` what was counted before each group and ``total`` in it.
    """

    keys: pl.Series
    rows: Numbers
    reached: Numbers
    before: Numbers
    total: Numbers


def groups_of(daily: pl.DataFrame, key: str) -> Groups:
    """The groups of ``daily``, which is sorted by ``key``; counted are its ``times``."""
    runs = daily[key].rle().struct
    rows = runs.field("len").cast(pl.Int64).to_numpy()
    reached = np.cumsum(daily["times"].to_numpy(), dtype=np.int64)
    until = reached[np.cumsum(rows) - 1]
    before = np.concatenate(([0], until[:-1])) if len(until) else until
    return Groups(runs.field("value").alias(key), rows, reached, before, until - before)


def quantiles(daily: pl.DataFrame, key: str, wanted: Mapping[str, float]) -> pl.DataFrame:
    """The quantiles ``wanted`` (name → 0–1, in hundredths) in days for each ``key``.

    ``daily`` has key, ``days`` and ``times``, how often (at least once) this many days came up; sorted by key and days.
    """
    groups, days = groups_of(daily, key), daily["days"].cast(pl.Int64).to_numpy()

    def at(place: Numbers) -> Numbers:
        """The values at these places (from 0): the first that more than so many do not exceed."""
        return days[np.searchsorted(groups.reached, groups.before + place, side="right")]

    values = {}
    for name, share in wanted.items():
        place = (groups.total - 1) * round(share * _PARTS)
        low, high = at(place // _PARTS), at(-(-place // _PARTS))
        values[name] = (low * _PARTS + (high - low) * (place % _PARTS)) / _PARTS
    return pl.DataFrame([groups.keys, *(pl.Series(name, of_groups, dtype=pl.Float64) for name, of_groups in values.items())])
