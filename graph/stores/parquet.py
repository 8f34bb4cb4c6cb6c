"""The tables as Parquet files, one per table, whole: history of waits included."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from ..landscape import Landscape
from ..schema import TABLES


def write(landscape: Landscape, folder: Path) -> None:
    """Write every table to ``folder``/<name>.parquet (OSError when the disk refuses)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        # by way of memory: Python tells of a full disk as an OSError, Polars in words of its own
        buffer = io.BytesIO()
        landscape[name].write_parquet(buffer, compression="zstd", statistics=False)
        (folder / f"{name}.parquet").write_bytes(buffer.getbuffer())


def read(folder: Path) -> Landscape:
    """The Landscape that :func:`write` wrote (FileNotFoundError when a table is missing)."""
    # all together: each by itself takes three times as long
    frames = pl.collect_all([pl.scan_parquet(folder / f"{name}.parquet") for name in TABLES])
    return Landscape.of(dict(zip(TABLES, frames, strict=True)))
