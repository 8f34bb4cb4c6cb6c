"""The analyses on a whole nation, and the commands on a region: seconds of one core, peak memory, and the plain way beside them.

python bench/analyses.py BUILD [--level 3]      all lead times, bottlenecks, sole links, direct routes, greedy ten
python bench/analyses.py BUILD --commands       every command on a (region) build, as whole processes

BUILD is what ``routekaart build`` made of tables of bench/maker. Table vraag is left out, so that every combination of
32 profiles (four ages, eight themes) and entry counts, in each municipality: none is skipped for lack of demand.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path
from typing import Any

import measure

AGES = (3 * 12, 8 * 12, 13 * 12, 16 * 12)
THEMES = (
    "slapen-en-eten",
    "druk-gedrag",
    "boosheid-en-grenzen",
    "angst-en-somberheid",
    "leren-en-school",
    "scheiding",
    "opvoeden",
    "eenzaamheid-en-netwerk",
)
#: The plain way runs on one in so many profiles.
SAMPLE = 228
TARGETS = {"flows": 20.0, "direct": 8.0, "greedy": 40.0, "memory": 3.0, "ratio": 50.0, "command": 1.0}
COMMANDS = (
    ("offers", "--gemeente", "{place}"),
    ("route", "--gemeente", "{place}", "--age", "14", "--theme", "angst en somberheid"),
    ("route", "--gemeente", "{place}"),
    ("long-routes",),
    ("bottlenecks",),
    ("gaps",),
    ("short-lines",),
    ("direct-routes",),
    ("what-if", "--close", "{partner}"),
    ("trend", "{build}"),
    ("brokers",),
    ("indicators",),
    ("experienced",),
    ("advise", "--gemeente", "{place}", "-o", "{folder}/advies.md"),
    ("answers", "-o", "{folder}/antwoorden.xlsx"),
)


def timed(what: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    found = what()
    return found, time.process_time() - start


def nation(build: Path, level: int) -> bool:
    for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # one core; read when the libraries are imported, which is below

    from routekaart.cli.app import patient
    from routekaart.graph import read
    from routekaart.graph.planning.planning import Planning
    from routekaart.graph.profiles.study import Study

    landscape, loading = timed(lambda: read(build))
    patient()  # as the command line does
    landscape = landscape.replaced(demand=landscape["demand"].head(0))
    study = Study(landscape, ages=AGES, themes=THEMES, levels=[level])

    def flows() -> dict[str, Any]:
        return {place.locale.municipality: (place.leads(level).days, place.flow(level)) for place in study.places()}

    found, seconds = timed(flows)
    columns = sum(days.shape[1] for days, _ in found.values())
    print(f"loading {loading:.1f} s; {len(found)} municipalities, {columns} profiles, level {level}")
    rows = [
        ["lead times, bottlenecks, sole links", f"{seconds:.1f}", f"< {TARGETS['flows']:g}", said(seconds < TARGETS["flows"])]
    ]
    good = seconds < TARGETS["flows"]
    plain, sampled, wrong = plainly(study, level)
    ours = seconds / columns
    ratio = plain / sampled / ours
    good &= ratio >= TARGETS["ratio"] and not wrong
    rows.append([f"plain, per entry, {sampled} profiles", f"{plain:.1f}", "", f"{wrong} disagree"])
    rows.append(["plain / ours, per profile", f"{ratio:.0f} ×", f"> {TARGETS['ratio']:g} ×", said(ratio >= TARGETS["ratio"])])
    planning, direct = timed(lambda: Planning(study, level))
    rows.append(["direct routes, every pair", f"{direct:.1f}", f"< {TARGETS['direct']:g}", said(direct < TARGETS["direct"])])
    chosen, greedy = timed(lambda: planning.plan(10))
    rows.append(["greedy ten", f"{greedy:.1f}", f"< {TARGETS['greedy']:g}", said(greedy < TARGETS["greedy"])])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    rows.append(["peak memory, GB", f"{peak:.2f}", f"< {TARGETS['memory']:g}", said(peak < TARGETS["memory"])])
    measure.show(["what", "CPU seconds", "target", ""], rows)
    print(f"{planning.families:,.0f} combinations; joint gain of the ten: {sum(s.days for s in chosen) / 7:,.0f} weeks")
    return good and direct < TARGETS["direct"] and greedy < TARGETS["greedy"] and peak < TARGETS["memory"]


def said(met: bool) -> str:
    return "met" if met else "**missed**"


def plainly(study: Any, level: int) -> tuple[float, int, int]:
    """(CPU seconds, profiles, how many disagree) of the plain way on a sample.

    Per profile one graph, and per entry: Dijkstra, all its equally fast ways written out, and for every partner on the
    fastest way whether anything is left without it.
    """
    from routekaart.graph.profiles.backward import Backward
    from routekaart.graph.profiles.wiring import Wiring

    seconds, number, wrong = 0.0, 0, 0
    for place, column in sample(study):
        begin = time.process_time()
        days, through, sole = plain(place, column, level)
        seconds, number = seconds + time.process_time() - begin, number + 1
        ours = place.leads(level).days[:, column].tolist()
        flow = Backward(Wiring(place.terrain, level, [column]), 0).flow(dict.fromkeys(place.terrain.entries, 1.0))
        same = all(near(days.get(s, inf), ours[n]) for n, s in enumerate(place.terrain.starts))
        wrong += not (same and close(through, flow.through) and close(sole, flow.sole))
    return seconds, number, wrong


def near(one: float, other: float) -> bool:
    return one == other or abs(one - other) < 1e-6


def close(one: dict[str, float], other: dict[str, float]) -> bool:
    return all(near(one.get(k, 0.0), other.get(k, 0.0)) for k in {*one, *other})


def sample(study: Any) -> Iterator[tuple[Any, int]]:
    number = 0
    for place in study.places():
        for column in range(len(place.groups)):
            if number % SAMPLE == 0:
                yield place, column
            number += 1


def plain(place: Any, column: int, level: int) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    import networkx as nx

    from routekaart.graph.routing.routes import SINK, SOURCE, Goal, Network

    days: dict[str, float] = {}
    through: dict[str, float] = {}
    sole: dict[str, float] = {}
    network = Network(place.locale, place.terrain.profiles[column], clock=False)
    for entry in place.terrain.entries:
        graph = network.towards(Goal(level=level), [entry])

        def time_of(u: str, v: str, data: dict[str, Any]) -> int:
            return data["cost"] // 10**9

        try:
            days[entry] = nx.dijkstra_path_length(graph, SOURCE, SINK, weight=time_of) / 1e6
        except nx.NetworkXNoPath:
            continue
        ways = [
            w
            for w in nx.all_shortest_paths(graph, SOURCE, SINK, weight=time_of)
            if len({n.removesuffix("\x00") for n in w}) == len(w)
        ]
        for way in ways:
            for node in way[2:-2]:
                through[node] = through.get(node, 0.0) + 1 / len(ways)
        for node in {n for w in ways for n in w[2:-2]}:
            left = graph.subgraph([n for n in graph if n != node])
            if not nx.has_path(left, SOURCE, SINK):
                sole[node] = sole.get(node, 0.0) + 1
    return days, through, sole


def commands(build: Path, runs: int) -> bool:
    from routekaart.graph import read

    landscape = read(build)
    place = landscape.municipality_names[landscape.region_municipalities[0]]
    partner = landscape["partners"]["id"][0]
    rows, good = [], True
    with tempfile.TemporaryDirectory() as folder:
        words = {"place": place, "partner": partner, "build": build, "folder": folder}
        for name, *given in COMMANDS:
            call = [sys.executable, "-m", "routekaart.cli", name, build, *(a.format(**words) for a in given)]
            done = [measure.run(call) for _ in range(runs)]
            seconds = [r.seconds for r in done]
            met = sorted(seconds)[len(seconds) // 2] < TARGETS["command"]
            good &= met
            told = f"{name}, age and theme open" if name == "route" and "--age" not in given else name
            rows.append([told, measure.spread(seconds), f"{max(r.peak for r in done) / measure.GB:.2f}", said(met)])
    measure.show(["command", "seconds", "GB", f"< {TARGETS['command']:g} s"], rows)
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path, help="a build of tables of bench/maker")
    parser.add_argument("--level", type=int, default=3, help="the level of support that is asked (default 3)")
    parser.add_argument("--commands", action="store_true", help="time the commands instead")
    parser.add_argument("--runs", type=int, default=5, help="runs of each command (default 5)")
    given = parser.parse_args()
    print(measure.machine())
    met = commands(given.build, given.runs) if given.commands else nation(given.build, given.level)
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
