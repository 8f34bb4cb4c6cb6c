"""The Kaplan–Meier median: how long half of all wait, those who still wait included (Kaplan and Meier 1958).

S(t) = Π over the days t_i ≤ t on which somebody's wait ended of (1 − d_i / n_i), with d_i the waits that ended that day and
n_i all that lasted at least until then. The median is where S reaches one half; where it is one half for a while, the middle
of it (Brookmeyer and Crowley 1982), so that without anybody waiting it is the plain median.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import polars as pl

from .frequencies import groups_of

_HALF: Final = math.log(0.5)
#: What adding up logarithms may be off.
_NOISE: Final = 1e-9
#: The logarithm of nothing left, as a number that adds up.
_NOBODY: Final = -1e6


def medians(daily: pl.DataFrame, key: str) -> pl.DataFrame:
    """The Kaplan–Meier median in days (``median_km``) for each ``key``; without those of which more than half still wait.

    ``daily`` has key, ``days``, ``waits`` (0: it ended then, 1: was last seen waiting) and ``times``, how often that came up;
    sorted by these: who was seen waiting until a day was there when others' wait ended on it.
    """
    groups = groups_of(daily, key)
    times = daily["times"].to_numpy()
    gone = np.where(daily["waits"].to_numpy() == 0, times, 0)
    at_risk = np.repeat(groups.before + groups.total, groups.rows) - groups.reached + times
    left = np.where(gone < at_risk, at_risk - gone, at_risk)  # of nobody left there is no logarithm
    logs = np.where(gone < at_risk, np.log(left / at_risk), _NOBODY)
    # by group: over all of them, what was added before would drown the last digits
    curve = daily.select(pl.col(key).set_sorted(), "days", log=pl.Series(logs)).with_columns(pl.col("log").cum_sum().over(key))
    reaches = curve.filter(pl.col("log") <= _HALF + _NOISE).group_by(key).agg(reaches=pl.col("days").min())
    passes = curve.filter(pl.col("log") < _HALF - _NOISE).group_by(key).agg(passes=pl.col("days").min())
    middle = (pl.col("reaches").cast(pl.Int64) + pl.col("passes").fill_null(pl.col("reaches"))) / 2
    return reaches.join(passes, on=key, how="left").select(key, median_km=middle)
