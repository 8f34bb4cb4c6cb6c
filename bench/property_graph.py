"""A build into a Neo4j database and back, timed: the first push, the same again, the routes read, the files of an import.

NEO4J_URI=bolt://127.0.0.1:7687 NEO4J_PASSWORD=… python bench/property_graph.py             region
python bench/property_graph.py --scale nation                                               needs some minutes

The server is yours, with its usual settings and nothing in its database (docs/neo4j.md); it shares the machine, as a small
coalition's would. Seconds of whole processes with their start, and the peak memory of ours; the server's is its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import measure

#: Seconds that were promised by scale: the first push; and for reading the routes of the nation.
PUSHED: Final = {"region": 3.0, "nation": 120.0}
ROUTES: Final = 10.0
LARGEST: Final = 1.5
READ: Final = """
import sys, time
from routekaart.graph.schema import TABLES
from routekaart.graph.stores.neo4j import pull
from routekaart.graph.stores.neo4j.address import Address
from routekaart.graph.stores.neo4j.server import Server
address = Address.of(sys.argv[1])
edition = pull.open_edition(address)
with Server(address) as server:
    start = time.perf_counter()
    rows = pull.table(server, TABLES["routes"], edition.region).height
    print(f"{time.perf_counter() - start:.1f} {rows}")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", choices=["region", "province", "nation"], default="region")
    parser.add_argument("--folder", type=Path, help="keep what is made here, for the next time")
    arguments = parser.parse_args()
    uri = os.environ.get("NEO4J_URI") or sys.exit("Set NEO4J_URI and NEO4J_PASSWORD of a server with nothing in its database")
    print(measure.machine())
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        build = folder / f"build-{arguments.scale}"
        cli = [sys.executable, "-m", "routekaart.cli"]
        if not build.is_dir():
            measure.run([*cli, "build", measure.made(arguments.scale, folder), "-o", build, "--no-store"], fine=(0, 1))
        count = [*cli, "query", uri, "--cypher", "MATCH (n) RETURN count(n) AS n"]
        if subprocess.run(count, capture_output=True, check=False).returncode == 0:
            sys.exit(f"{uri} holds something of routekaart already: give an empty database")
        first = measure.run([*cli, "neo4j", "push", build, "--uri", uri])
        again = measure.run([*cli, "neo4j", "push", build, "--uri", uri])
        routes = measure.run([sys.executable, "-c", READ, uri])
        files = measure.run([*cli, "neo4j", "import-files", build, "-o", Path(temporary) / "files"])
    seconds, rows = routes.said.split()[-2:]
    promised = PUSHED.get(arguments.scale)
    measure.show(
        ["what", "seconds", "peak GB", "target"],
        [
            ["first push", f"{first.seconds:.1f}", f"{first.peak / measure.GB:.2f}", _met(first, promised)],
            ["the same again", f"{again.seconds:.1f}", f"{again.peak / measure.GB:.2f}", ""],
            [f"{rows} routes read", seconds, f"{routes.peak / measure.GB:.2f}", _judged(float(seconds), ROUTES)],
            ["files of an import", f"{files.seconds:.1f}", f"{files.peak / measure.GB:.2f}", ""],
        ],
    )


def _met(run: measure.Run, promised: float | None) -> str:
    if promised is None:
        return ""
    memory = "" if run.peak < LARGEST * measure.GB else f", < {LARGEST:g} GB: MISSED"
    return _judged(run.seconds, promised) + memory


def _judged(seconds: float, promised: float) -> str:
    return f"< {promised:g} s: {'met' if seconds < promised else 'MISSED'}"


if __name__ == "__main__":
    main()
