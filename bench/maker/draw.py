"""Drawing by seed: every random choice of the maker is made here, in columns.

One generator per table (:func:`generator`), so that a change in one table leaves the others as they
were. Nothing depends on a clock, on the order of a dict or on hashes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

HERE: Final = Path(__file__).resolve().parent
SOURCE: Final = "fictief (gemaakt door bench/maker)"

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]


def generator(seed: int, stream: int) -> np.random.Generator:
    """The generator of one stream (a table) of a seed."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, stream])))


def table(name: str) -> pl.DataFrame:
    """A table of texts that stands beside the scripts; every column as text, empty as null."""
    return pl.read_csv(HERE / name, infer_schema=False)


def choice(
    rng: np.random.Generator,
    options: Sequence[str | None],
    number: int,
    weights: Sequence[float] | None = None,
) -> pl.Series:
    """``number`` draws from ``options`` as a column."""
    share = None if weights is None else np.asarray(weights, float) / np.sum(weights)
    place = rng.choice(len(options), number, p=share)
    return pl.Series(list(options), dtype=pl.String).gather(place)


def allocate(total: int, weights: Floats, *, least: int = 0, caps: Ints | None = None) -> Ints:
    """Whole numbers in proportion to ``weights`` that sum to ``total`` (largest remainders).

    ``caps`` are upper bounds; raises ValueError when they, or ``least``, cannot be met.
    """
    number = len(weights)
    room = np.full(number, total) if caps is None else caps
    if least * number > total or int(room.sum()) < total:
        raise ValueError(f"cannot divide {total} over {number}")
    made: Ints = np.minimum(np.full(number, least), room)
    while (left := total - int(made.sum())) > 0:
        free = np.flatnonzero(made < room)
        share = weights[free] / weights[free].sum() * left
        step = np.minimum(np.floor(share).astype(np.int64), room[free] - made[free])
        if step.sum() == 0:
            first = np.argsort(-share, kind="stable")[:left]
            step[first] = 1
        made[free] += step
    return made


def iso(day: date, days_before: Ints) -> pl.Series:
    """Dates as ISO text, a number of days before ``day`` (negative: after)."""
    made = np.datetime64(day, "D") - days_before.astype("timedelta64[D]")
    return pl.Series(made.astype("datetime64[ms]")).cast(pl.Date).dt.to_string("%Y-%m-%d")


def only(mask: Bools, values: pl.Series) -> pl.Series:
    """``values`` where ``mask`` holds, else empty."""
    return pl.select(pl.when(pl.Series(mask)).then(values)).to_series()


def chance(rng: np.random.Generator, share: float, number: int) -> Bools:
    """True for about ``share`` of ``number`` rows."""
    return rng.random(number) < share


def provenance(frame: pl.DataFrame, rng: np.random.Generator, day: date) -> pl.DataFrame:
    """``frame`` with where each row comes from: fictional, dated, and sometimes verified since."""
    number = frame.height
    age = rng.integers(5, 420, number)
    verified = (age * rng.random(number)).astype(np.int64)
    asked = chance(rng, 0.35, number)
    remark = choice(rng, [None, "Nog na te vragen bij de partner.", "Opgave van de partner zelf."], number, [94, 3, 3])
    return frame.with_columns(
        pl.lit(SOURCE).alias("bron"),
        iso(day, age).alias("bron_datum"),
        only(asked, iso(day, verified)).alias("geverifieerd_op"),
        remark.alias("opmerking"),
    )
