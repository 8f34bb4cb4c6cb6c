"""Which engine computes: DuckDB unless Apache Spark is asked for, for what outgrows one machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .duckdb import embedded
from .engine import Engine


@contextmanager
def engine(name: str, spill: Path, master: str | None = None) -> Iterator[Engine]:
    """The engine called ``name``; what it writes to the disk goes to ``spill``.

    Raises EngineError when the extra that it needs is not installed, or it does not start.
    """
    from .spark import spark

    with spark(spill, master) if name == "spark" else embedded(spill) as made:
        yield made
