"""The command line as people wait for it: whole processes, wall seconds and peak memory.

python bench/build.py                     the example, a region and a province
python bench/build.py --scale nation      takes a few minutes
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import measure
from measure import Run

SCALES = ("example", "region", "province", "nation")
QUESTIONS = ("example", "region")
COMMAND = (sys.executable, "-m", "routekaart.cli")
BARE = "python -c pass"
WITHOUT = "build --no-store"
TWO = f"check + {WITHOUT}"


@dataclass(frozen=True)
class Target:
    """At most so many seconds (over the bare interpreter when ``over_bare``) and so many GB."""

    seconds: float
    gigabytes: float = 0.0
    over_bare: bool = False

    def __str__(self) -> str:
        memory = f", < {self.gigabytes:g} GB" if self.gigabytes else ""
        return f"< {self.seconds:g} s{' over bare' * self.over_bare}{memory}"


def target(scale: str, what: str) -> Target | None:
    """What was promised for a command on a scale, if anything."""
    if what == "--help":
        return Target(0.25, over_bare=True)
    if scale == "nation":  # build checks too; the two commands one after the other are the harder reading
        return Target(20, 2.5) if what in (WITHOUT, TWO) else None
    if scale not in QUESTIONS or what in (BARE, TWO):
        return None
    return Target(2 if what.startswith("build") else 1)


def calls(scale: str, tables: Path, folder: Path) -> dict[str, Sequence[str | Path]]:
    """The command line of every measurement, in an order in which each finds what it needs."""
    build = folder / f"build-{scale}"
    made: dict[str, Sequence[str | Path]] = {
        BARE: (sys.executable, "-c", "pass"),
        "check": (*COMMAND, "check", tables),
        WITHOUT: (*COMMAND, "build", tables, "-o", folder / f"bare-{scale}", "--no-store"),
    }
    if scale not in QUESTIONS:
        return made
    place, partner = first(tables / "gemeenten.csv", "naam"), first(tables / "partners.csv", "id")
    family = ("--gemeente", place, "--age", "14", "--theme", "opvoeden")
    return made | {
        "build": (*COMMAND, "build", tables, "-o", build),
        "--help": (*COMMAND, "--help"),
        "offers": (*COMMAND, "offers", build, *family),
        "route, with age and theme": (*COMMAND, "route", build, *family),
        "route, open": (*COMMAND, "route", build, *family[:2]),
        "status": (*COMMAND, "status", build),
        "explain": (*COMMAND, "explain", build, partner),
        "query": (*COMMAND, "query", build, "--name", "partners-per-rol"),
    }


def first(path: Path, column: str) -> str:
    """The first cell of a column."""
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file))[column]


def measured(scale: str, folder: Path, runs: int) -> list[str]:
    """Measure one scale and print its table; what missed its target."""
    tables = measure.HERE.parent / "examples" / "voorbeeldregio" if scale == "example" else measure.made(scale, folder)
    wanted = calls(scale, tables, folder)
    found: dict[str, list[Run]] = {what: [] for what in wanted}
    for _ in range(runs):  # each round all commands, so that a busy minute of the machine touches them all
        for what, command in wanted.items():
            found[what].append(measure.run(command, fine=(0, 1) if what in ("check", WITHOUT, "build") else (0,)))
    pairs = zip(found["check"], found[WITHOUT], strict=True)
    found[TWO] = [Run(a.seconds + b.seconds, max(a.peak, b.peak), "") for a, b in pairs]
    bare = median(r.seconds for r in found[BARE])
    rows, missed = [], []
    for what, several in found.items():
        seconds, peak = median(r.seconds for r in several), max(r.peak for r in several) / measure.GB
        promised, verdict = target(scale, what), ""
        if promised:
            late = seconds - bare * promised.over_bare >= promised.seconds
            fat = bool(promised.gigabytes) and peak >= promised.gigabytes
            verdict = f"{promised}: {'MISSED' if late or fat else 'met'}"
            missed += [f"{scale} {what}"] if late or fat else []
        rows.append((what, measure.spread([r.seconds for r in several]), f"{seconds - bare:.2f}", f"{peak:.2f}", verdict))
    print(f"**{scale}**")
    measure.show(("command", "seconds", "over bare", "peak, GB", "target"), rows)
    print(flush=True)
    return missed


def main() -> None:
    """Read the call, measure, and end with 1 when a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", choices=SCALES, action="append", help="may be given more than once (default all but nation)")
    parser.add_argument("--runs", type=int, help="rounds (default 5, of the nation 3)")
    given = parser.parse_args()
    print(f"{measure.machine()}; median (least–most)\n")
    missed = []
    with tempfile.TemporaryDirectory(prefix="routekaart-bench-") as folder:
        for scale in given.scale or SCALES[:-1]:
            missed += measured(scale, Path(folder), given.runs or (3 if scale == "nation" else 5))
    if missed:
        sys.exit(f"targets missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
