"""Writing the RDF: ours against morph-kgc's best, the same triples of the same tables in the same run.

python bench/rdf.py                    region and province
python bench/rdf.py --scale nation     takes about a quarter of an hour

Each round runs ours and then morph-kgc on two layouts of the same cells, each with one and two processes;
what they write is compared in the first round as sets of lines, and the benchmark fails when a triple differs.
The target is judged on the like-for-like layout: a CSV per table, and one per list column. The other, a CSV
per property (subject, object), spares morph-kgc wide tables and empty cells, untimed; it is shown beside.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from itertools import product
from pathlib import Path
from statistics import median

import measure

TARGET = 5.0
SCALES = ("region", "province", "nation")
LAYOUTS = {"tables": "a CSV per table", "columns": "a CSV per property"}
OURS = ("", 0)
ME = Path(__file__).resolve()


def main() -> None:
    """Read the call; the words prepare, ours and same are the steps that run in a process of their own."""
    if sys.argv[1:2] and sys.argv[1] in STEPS:
        STEPS[sys.argv[1]](*map(Path, sys.argv[2:4]), *sys.argv[4:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", choices=SCALES, action="append", help="may be given more than once (default region, province)")
    parser.add_argument("--runs", type=int, default=3, help="rounds (default 3)")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "routekaart-bench", help="for morph-kgc")
    given = parser.parse_args()
    morph = environment(given.cache)
    print(f"{measure.machine()}; median (least–most) of {given.runs}\n")
    slower = []
    with tempfile.TemporaryDirectory(prefix="routekaart-bench-") as folder:
        for scale in given.scale or SCALES[:2]:
            if compared(scale, Path(folder), morph, given.runs) < TARGET:
                slower.append(scale)
    if slower:
        sys.exit(f"target of {TARGET:g} × missed: {', '.join(slower)}")


def environment(cache: Path) -> Path:
    """The interpreter of an environment with morph-kgc, made when it is not there."""
    folder = cache / "morph-kgc"
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not (folder / "ready").is_file():
        venv.create(folder, with_pip=True, clear=True)
        measure.run([python, "-m", "pip", "install", "-q", "-r", ME.parent / "requirements.txt"])
        (folder / "ready").touch()
    return python


def compared(scale: str, folder: Path, morph: Path, rounds: int) -> float:
    """Measure one scale and print its table; how many times faster ours is than morph-kgc's best on the tables."""
    work = folder / scale
    ours, build, theirs = work / "ours", work / "build", work / "morph-kgc"
    for path in (ours, *(work / layout for layout in LAYOUTS)):
        path.mkdir(parents=True)
    measure.run([sys.executable, "-m", "routekaart.cli", "build", measure.made(scale, folder), "-o", build, "--no-store"])
    rules = {layout: measure.run([sys.executable, ME, "prepare", build, work / layout, layout]).said for layout in LAYOUTS}
    found: dict[tuple[str, int], list[tuple[float, float, int]]] = {}
    same = ""
    for _ in range(rounds):
        one = measure.run([sys.executable, ME, "ours", build, ours])
        found.setdefault(OURS, []).append((one.seconds, float(one.said), one.peak))
        for layout, processes in product(LAYOUTS, (1, 2)):
            shutil.rmtree(theirs, ignore_errors=True)
            one = measure.run([morph, "-m", "morph_kgc", configuration(work / layout, theirs, processes)])
            inner = float(re.findall(r"Materialization finished in ([\d.]+) seconds", one.said)[0])
            found.setdefault((layout, processes), []).append((one.seconds, inner, one.peak))
            if len(found[layout, processes]) == 1:
                same = measure.run([sys.executable, ME, "same", ours / "graph.nt", theirs]).said.strip()
    print(f"**{scale}**: {same}; {int(rules['tables'])} mapping rules")
    whole = {way: median(r[0] for r in runs) for way, runs in found.items()}
    inside = {way: median(r[1] for r in runs) for way, runs in found.items()}
    rows = [
        (
            f"morph-kgc, {LAYOUTS[way[0]]}, {way[1]} process{'es' * (way[1] > 1)}" if way[1] else "routekaart",
            measure.spread([r[0] for r in runs]),
            f"{whole[way] / whole[OURS]:.1f}",
            measure.spread([r[1] for r in runs]),
            f"{inside[way] / inside[OURS]:.1f}",
            f"{max(r[2] for r in runs) / measure.GB:.2f}",
        )
        for way, runs in found.items()
    ]
    measure.show(("way", "whole process, s", "× ours", "without start and loading, s", "× ours", "peak, GB"), rows)
    best = {layout: min(whole[layout, n] for n in (1, 2)) / whole[OURS] for layout in LAYOUTS}
    told = ", ".join(f"{times:.1f} × on {LAYOUTS[layout]}" for layout, times in best.items())
    print(f"faster than morph-kgc's best, whole process: {told} (target {TARGET:g} × on the first)\n", flush=True)
    return best["tables"]


def configuration(csv: Path, theirs: Path, processes: int) -> Path:
    """morph-kgc's configuration: N-Triples, a file per group of rules (two processes garble a shared one)."""
    path = csv / f"morph-{processes}.ini"
    lines = [
        "[CONFIGURATION]",
        f"output_dir={theirs}",
        "output_format=N-TRIPLES",
        f"number_of_processes={processes}",
        "[tables]",
        f"mappings={csv / 'mapping.ttl'}",
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


# --- steps, each in a process of its own ------------------------------------------------------------
def prepare(build: Path, csv: Path, layout: str) -> None:
    """The build's tables as flat CSVs with an RML mapping; not timed for anybody."""
    import mapping

    from routekaart import graph

    print(mapping.write(graph.read(build), csv, narrow=layout == "columns"))


def ours(build: Path, out: Path) -> None:
    """The build's tables to graph.nt by the production path; prints the seconds from memory to disk."""
    from routekaart import graph
    from routekaart.graph.stores import rdf

    landscape = graph.read(build)
    start = time.perf_counter()
    rdf.write(landscape, out)
    for name in (rdf.PUBLIC, rdf.WITHHELD):
        with (out / name).open("rb") as file:
            os.fsync(file.fileno())  # as a build does, and morph-kgc
    print(time.perf_counter() - start)


def same(mine: Path, theirs: Path) -> None:
    """Compare two sets of lines; exits with examples when they differ."""
    import polars as pl

    def lines(*files: Path) -> pl.DataFrame:
        read = [
            pl.read_csv(f, has_header=False, separator="\x01", quote_char=None, new_columns=["line"], schema={"line": pl.String})
            for f in files
            if f.stat().st_size
        ]
        return pl.concat(read)

    a, b = lines(mine), lines(*sorted(theirs.glob("*.nt")))
    unique = a.unique(), b.unique()
    only = unique[0].join(unique[1], on="line", how="anti"), unique[1].join(unique[0], on="line", how="anti")
    if any(o.height for o in only) or not a.height:
        for who, o in zip(("ours", "theirs"), only, strict=True):
            print(f"only {who}: {o.height} lines, such as", *o["line"].head(5), sep="\n  ")
        sys.exit(1)
    print(f"{unique[0].height:,} triples, every one equal (lines written: ours {a.height:,}, theirs {b.height:,})")


STEPS: dict[str, Callable[..., None]] = {"prepare": prepare, "ours": ours, "same": same}

if __name__ == "__main__":
    main()
