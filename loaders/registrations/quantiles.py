"""Quantiles of days out of how often each number of days came up: exact, for every group at once.

A quantile q of n sorted values x_0 … x_{n−1} lies at h = (n − 1)·q, between its neighbours in proportion (definition 7 of
Hyndman and Fan 1996, which is the default of NumPy and of DuckDB's quantile_cont). Places are counted in whole hundredths,
so that what is rounded afterwards is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from .frequencies import Numbers, groups_of

_PARTS: Final = 100


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
