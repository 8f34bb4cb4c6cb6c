"""Whole processes, timed: wall seconds and peak memory of each run, and the median of several.

Nothing heavy is imported here on purpose: Linux counts the memory of the parent at the moment of the
fork into the peak of its child.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

GB = 1024**3
HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Run:
    """One process: wall seconds, the peak memory in bytes of its largest process, and what it said."""

    seconds: float
    peak: int
    said: str


def run(command: Sequence[str | Path], fine: Sequence[int] = (0,)) -> Run:
    """Run ``command`` to its end. Exits with what it said when its exit code is not one of ``fine``."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(c) for c in command], stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment()
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    if process.returncode not in fine:
        sys.exit(f"exit code {process.returncode} of {' '.join(map(str, command))}\n{text}")
    return Run(seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024), text)


def environment() -> dict[str, str]:
    """That of a user: what pip installs is compiled, so what runs from its source here must not be compiled at each start."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def spread(numbers: Sequence[float], digits: int = 2) -> str:
    """``median (least–most)``."""
    low, middle, high = (f"{n:.{digits}f}" for n in (min(numbers), median(numbers), max(numbers)))
    return f"{middle} ({low}–{high})"


def show(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table, its columns aligned."""
    widths = [max(len(r[n]) for r in (columns, *rows)) for n in range(len(columns))]
    for line in (columns, ["-" * w for w in widths], *rows):
        print("| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) + " |", flush=True)


def machine() -> str:
    """What the figures were measured on, in a line."""
    return f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start"


def made(scale: str, folder: Path) -> Path:
    """The tables of ``scale`` (seed 1), made in ``folder`` unless they are there already."""
    path = folder / f"tables-{scale}"
    if not path.is_dir():
        run([sys.executable, HERE / "maker" / "make.py", "--scale", scale, "--seed", "1", "-o", path])
    return path
