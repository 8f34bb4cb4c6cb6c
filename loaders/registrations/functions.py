"""Functions that an engine has and Ibis has no word for."""

from __future__ import annotations

import ibis
import ibis.expr.datatypes as dt


@ibis.udf.scalar.builtin
def xxhash64(text: str) -> int:
    """The hash of 64 bits of a text in Spark."""


@ibis.udf.scalar.builtin(name="hash")
def hash64(text: str) -> dt.uint64:
    """The hash of 64 bits of a text in DuckDB."""
