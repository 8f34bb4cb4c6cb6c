"""What one municipality costs: its partners, offerings, steps and waits out of a build, on one core.

python bench/locales.py BUILD                   CPU seconds for all municipalities together, after loading
python bench/locales.py BUILD --against FOLDER  beside another version (a folder with routekaart in it), in turns
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from statistics import median

import measure

TARGET = 4.0  # CPU seconds for the municipalities of a nation, the index included
NATION = 300
PARTS = ("partners", "offerings", "holders", "hops", "entries", "waits")
FEW = 4  # municipalities of another version, that may need seconds for each


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def timed(build: Path, most: int) -> None:
    """Print CPU seconds by part, and what asking each wait once takes; in a process of its own."""
    from routekaart.graph import read
    from routekaart.graph.locale import Locale
    from routekaart.graph.profile import Profile

    landscape = read(build)
    codes = landscape.region_municipalities[: most or None]
    spent: dict[str, float] = {}
    before, asked = peak(), []
    for number, code in enumerate(codes):
        here = Locale(landscape, code)
        for part in PARTS:
            start = time.process_time()
            getattr(here, part)
            spent[part] = spent.get(part, 0.0) + time.process_time() - start
        if not number:
            spent["the first"] = sum(spent.values())
        asked.append(here)
    memory = peak() - before
    start = time.process_time()
    for here in asked:
        profile = Profile(here.municipality, 150, "opvoeden")
        for hop in here.hops:
            here.waits.registration(here.subjects(hop.target, hop.offering, hop.route), profile)
        for offering in here.offerings.values():
            here.waits.registration(here.subjects(offering.node, offering.id), profile)
    spent["each wait asked once"] = time.process_time() - start
    print(json.dumps({"municipalities": len(codes), "memory": memory, **spent}))


def run(build: Path, most: int, version: Path | None) -> dict[str, float]:
    path = [f"PYTHONPATH={version}"] if version else []
    command = [sys.executable, __file__, build, "--child", "--municipalities", str(most)]
    said = measure.run(["env", "POLARS_MAX_THREADS=1", *path, *command]).said
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    found["all of it"] = sum(found[part] for part in PARTS)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--municipalities", type=int, default=0, help="only so many; 0: all")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        timed(given.build, given.municipalities)
        return
    print(measure.machine())
    ours, theirs = [], []
    for _ in range(given.runs):
        ours.append(run(given.build, given.municipalities, None))
        if given.against:
            theirs.append(run(given.build, min(given.municipalities or FEW, FEW), given.against))
    number = int(ours[0]["municipalities"])
    rows = []
    for part in (*PARTS, "all of it", "the first", "each wait asked once"):
        once = part == "the first"
        row = [part, measure.spread([r[part] for r in ours], 3)]
        each = [r[part] / (1 if once else r["municipalities"]) * 1000 for r in ours]
        row.append(measure.spread(each, 2))
        if theirs:
            other = [r[part] / (1 if once else r["municipalities"]) * 1000 for r in theirs]
            row += [measure.spread(other, 2), f"{median(other) / max(median(each), 1e-6):.1f}"]
        rows.append(row)
    columns = ["what", f"{number} municipalities, s", "each, ms", *(["theirs, each, ms", "× ours"] if theirs else [])]
    measure.show(columns, rows)
    print(f"peak memory beyond that of loading: {max(r['memory'] for r in ours) / measure.GB:.2f} GB")
    total = median(r["all of it"] for r in ours)
    if number >= NATION:
        print(f"target for a nation: {TARGET:g} s: {'met' if total < TARGET else 'missed'}")
        sys.exit(total >= TARGET)


if __name__ == "__main__":
    main()
