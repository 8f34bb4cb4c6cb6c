"""Waits as distributions: a lognormal from its median and 90th percentile, and sums of independent ones."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, exp, log
from typing import Final

#: Φ⁻¹(0.9), the standard normal quantile (ANALYSES, Known wait).
Z90: Final = 1.2815515655446004


def sigma(median: float, p90: float) -> float:
    """σ of the lognormal with this median and 90th percentile: ln(p90/median)/z."""
    return log(p90 / median) / Z90


def lognormal(median: float, p90: float) -> tuple[float, float, float]:
    """(p10, mean, p90) in the unit of the arguments: mean = median·exp(σ²/2), p10 = median²/p90.

    Raises ValueError unless 0 < median ≤ p90.
    """
    if not 0 < median <= p90:
        raise ValueError("a lognormal needs 0 < median <= p90")
    return median * median / p90, median * exp(sigma(median, p90) ** 2 / 2), p90


def convolved(parts: Sequence[tuple[float, float]], step: float = 0.5) -> tuple[float, float]:
    """Median and 90th percentile of the sum of independent lognormals given as (median, p90), in days.

    The densities are put on a grid of ``step`` days that reaches the 99.99th percentile of every part.
    """
    import numpy as np
    from scipy.special import ndtr

    total = np.ones(1)
    offset = 0.0
    for median, p90 in parts:
        s = sigma(median, p90)
        if s == 0:
            offset += median
            continue
        edges = np.arange(ceil(median * exp(3.72 * s) / step) + 2) * step
        with np.errstate(divide="ignore"):
            below = ndtr((np.log(edges) - log(median)) / s)
        total = np.convolve(total, np.diff(below))
        offset += step / 2
    heaped = np.cumsum(total) / total.sum()
    at = [offset + float(np.searchsorted(heaped, q)) * step for q in (0.5, 0.9)]
    return at[0], at[1]
