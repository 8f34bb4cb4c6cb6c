"""Writing the RDF: ours against morph-kgc's best, the same triples of the same tables in the same run.

python bench/rdf.py                    region and province
python bench/rdf.py --scale nation     (takes about twenty minutes)

Each round runs ours, morph-kgc with one process and morph-kgc with two, one after the other; the files
that they write are compared as sets of lines, and the benchmark fails when a triple differs.
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
from pathlib import Path
from statistics import median

import measure

TARGET = 5.0
SCALES = ("region", "province", "nation")
ME = Path(__file__).resolve()


def main() -> None:
    """Read the call; the words prepare, ours and same are the steps that run in a process of their own."""
    if sys.argv[1:2] and sys.argv[1] in STEPS:
        STEPS[sys.argv[1]](*map(Path, sys.argv[2:4]), *sys.argv[4:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", choices=SCALES, action="append", help="may be given more than once (default region, province)")
    parser.add_argument("--runs", type=int, default=3, help="rounds (default 3)")
    parser.add_argument(
        "--layout", choices=("columns", "tables"), default="columns", help="a CSV per property (default) or table"
    )
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "routekaart-bench", help="for morph-kgc")
    given = parser.parse_args()
    morph = environment(given.cache)
    print(f"{measure.machine()}; median (least–most) of {given.runs}; {given.layout} as CSV\n")
    slower = []
    with tempfile.TemporaryDirectory(prefix="routekaart-bench-") as folder:
        for scale in given.scale or SCALES[:2]:
            if compared(scale, Path(folder), morph, given.layout, given.runs) < TARGET:
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


def compared(scale: str, folder: Path, morph: Path, layout: str, rounds: int) -> float:
    """Measure one scale, print its table; how many times faster ours is than morph-kgc's best whole process."""
    work = folder / scale
    csv, ours, build = work / "csv", work / "ours", work / "build"
    for path in (csv, ours):
        path.mkdir(parents=True)
    tables = measure.made(scale, folder)
    measure.run([sys.executable, "-m", "routekaart.cli", "build", tables, "-o", build, "--no-store"])
    rules = measure.run([sys.executable, ME, "prepare", build, csv, layout]).said.strip()
    found: dict[str, list[tuple[float, float, int]]] = {}
    same = ""
    for _ in range(rounds):
        one = measure.run([sys.executable, ME, "ours", build, ours])
        found.setdefault("ours", []).append((one.seconds, float(one.said), one.peak))
        for processes in (1, 2):
            theirs = work / f"morph-{processes}"
            shutil.rmtree(theirs, ignore_errors=True)
            one = measure.run([morph, "-m", "morph_kgc", configuration(csv, theirs, processes)])
            inner = float(re.findall(r"Materialization finished in ([\d.]+) seconds", one.said)[0])
            found.setdefault(f"morph-kgc, {processes} process{'es' * (processes > 1)}", []).append((one.seconds, inner, one.peak))
            same = measure.run([sys.executable, ME, "same", ours / "graph.nt", theirs]).said.strip()
    print(f"**{scale}**: {same}; {rules} mapping rules")
    whole = {way: median(r[0] for r in runs) for way, runs in found.items()}
    writing = {way: median(r[1] for r in runs) for way, runs in found.items()}
    rows = [
        (
            way,
            measure.spread([r[0] for r in runs]),
            f"{whole[way] / whole['ours']:.1f}",
            measure.spread([r[1] for r in runs], 3),
            f"{writing[way] / writing['ours']:.0f}",
            f"{max(r[2] for r in runs) / measure.GB:.2f}",
        )
        for way, runs in found.items()
    ]
    measure.show(("way", "whole process, s", "× ours", "tables to file, s", "× ours", "peak, GB"), rows)
    best = min(seconds for way, seconds in whole.items() if way != "ours") / whole["ours"]
    print(f"ours is {best:.1f} × faster than morph-kgc's best (target {TARGET:g} ×)\n", flush=True)
    return best


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


STEPS = {"prepare": prepare, "ours": ours, "same": same}

if __name__ == "__main__":
    main()
