"""How often something came up: rows of whole numbers with their ``times``, sorted; packed into one number, and by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

#: Bits of a whole number, without its sign.
WORD: Final = 63
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


def packed(columns: Mapping[str, Any], bits: Mapping[str, int]) -> Any:
    """Whole numbers from 0 on of so many ``bits`` as one that sorts as they do; expressions of Polars or of an engine."""
    first, *others = bits
    number = columns[first]
    for name in others:
        number = number * (1 << bits[name]) + columns[name]
    return number


def unpacked(number: pl.Expr, bits: Mapping[str, int]) -> dict[str, pl.Expr]:
    """The numbers that were packed into one, by name."""
    parts = {}
    for name, width in reversed(list(bits.items())):
        parts[name] = number % (1 << width)
        number = number // (1 << width)
    return dict(reversed(list(parts.items())))
