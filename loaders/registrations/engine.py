"""What computes, as the steps see it; :mod:`.duckdb` and :mod:`.spark` are two of them, with the same expressions on both.

An engine reads files as columns of text, keeps tables that are used more than once, and gives results as Polars frames.
Times have no zone: what is written is what is meant (both engines are set to UTC, so that nothing is moved).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import polars as pl

from ...ontology.catalogue import ToldError
from .sources import Delimited

if TYPE_CHECKING:
    import ibis.expr.types as ir

#: The memory of a machine that does not say how much it has.
_UNKNOWN: Final = 6 * 1024**3


class EngineError(ToldError):
    """What computes is not installed, or did not start."""


class Engine(Protocol):
    """What the steps ask of an engine."""

    name: str

    def delimited(self, file: Delimited) -> tuple[ir.Table, int]:
        """A text file as a table of text, columns named as in the file; and how many of its rows fit no columns.

        A row that has more or fewer cells than there are headers is left out and counted.
        """
        ...

    def parquet(self, path: Path) -> ir.Table:
        """A Parquet file as a table."""
        ...

    def table(self, name: str, frame: pl.DataFrame) -> ir.Table:
        """A small table to look things up in."""
        ...

    def kept(self, name: str, made: ir.Table) -> ir.Table:
        """The table worked out once, for what asks it more than once."""
        ...

    def number_of(self, text: ir.StringValue) -> ir.IntegerValue:
        """A number of 64 bits for a text: two different ones are the same once in some 10^19 pairs."""
        ...

    def frame(self, made: ir.Table) -> pl.DataFrame:
        """The rows of a table, brought here."""
        ...

    def frequencies(self, made: ir.Table, bits: Mapping[str, int]) -> pl.DataFrame:
        """How often each row came up (``times``), sorted by its columns: whole numbers from 0 on of so many ``bits``."""
        ...


def memory() -> int:
    """The memory of this machine in bytes, as far as it can be asked."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return _UNKNOWN


def grouped(engine: Engine, made: ir.Table, bits: Mapping[str, int]) -> pl.DataFrame:
    """The frequencies of rows, counted by the engine."""
    found = engine.frame(made.group_by(*bits).agg(times=made.count()))
    return found.select(pl.col(*bits, "times").cast(pl.Int64)).sort(*bits)


def all_of(tables: Sequence[ir.Table]) -> ir.Table:
    """The rows of all tables, which have the same columns."""
    first, *others = tables
    for other in others:
        first = first.union(other)
    return first
