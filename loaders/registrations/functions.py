"""Functions that an engine has and Ibis has no word for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import ibis


def _called(text: Any) -> None:
    """Only its name and types count: the engine has what it does."""


_TEXT: Final = ("string",)
#: The hash of 64 bits of a text, in Spark and in DuckDB.
xxhash64: Final[Callable[[Any], Any]] = ibis.udf.scalar.builtin(name="xxhash64", signature=(_TEXT, "int64"))(_called)
hash64: Final[Callable[[Any], Any]] = ibis.udf.scalar.builtin(name="hash", signature=(_TEXT, "uint64"))(_called)
