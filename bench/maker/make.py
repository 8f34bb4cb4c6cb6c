"""Make fictional data folders: the two editions of the example, or a benchmark of any scale.

python bench/maker/make.py --example 2026 -o examples/voorbeeldregio
python bench/maker/make.py --scale nation --seed 1 -o DIR
"""

from __future__ import annotations

import argparse
from pathlib import Path

import example
import plan
from output import settings, write
from world import benchmark


def main() -> None:
    """Read the call and write the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--scale", choices=plan.SCALES, help="size of a benchmark")
    what.add_argument("--example", type=int, choices=example.YEARS, help="edition of the example")
    parser.add_argument("--seed", type=int, default=1, help="seed of a benchmark (default 1)")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder to write into")
    given = parser.parse_args()
    if given.example:
        example.make(given.example, given.output)
        return
    made = plan.scale(given.scale, given.seed)
    name = f"Proefdata {given.scale} (fictief)"
    text = f"# {name}\n\nAlles in deze map is verzonnen en gemaakt door bench/maker (seed {given.seed}), om snelheid te meten.\n"
    write(benchmark(made), {"routekaart.toml": settings(made, name, name), "LEESMIJ.md": text}, given.output)


if __name__ == "__main__":
    main()
