"""The tables as Parquet files, one per table, whole: history of waits included."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from ..landscape import Landscape
from ..schema import TABLES


def write(landscape: Landscape, folder: Path) -> None:
    """Write every table to ``folder``/<name>.parquet (OSError when the disk refuses)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        with (folder / f"{name}.parquet").open("wb") as file:
            landscape[name].write_parquet(file, compression="zstd", statistics=False)


def read(folder: Path) -> Landscape:
    """The Landscape that :func:`write` wrote (FileNotFoundError when a table is missing)."""
    return Landscape.of({name: pl.read_parquet(folder / f"{name}.parquet") for name in TABLES})
