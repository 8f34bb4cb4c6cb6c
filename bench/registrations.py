"""A log of referrals, counted: whole `log` commands on Parquet and CSV, beside a bare group-by of the same engine.

python bench/registrations.py                     ten million rows (a few minutes, 1 GB on the disk)
python bench/registrations.py --rows 1000000 --engine spark

The log is made up (seed 1): chains of referrals through 100 organisations with 1,354 ways between them, seven
municipalities, ages and twelve themes; one in seven not begun yet, one in eight goes back. Its rows are in no order.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

import measure

#: What was promised for ten million rows with DuckDB on two cores.
SECONDS: Final = 15.0
GB: Final = 4.0
ROWS: Final = 10_000_000


MAKE: Final = """
import sys
import numpy as np
import polars as pl

n, folder = int(sys.argv[1]), sys.argv[2]
rng = np.random.default_rng(1)
organisations, ways = 100, 7
case = np.repeat(np.arange(n), rng.geometric(0.35, n))[:n]
first = np.r_[True, case[1:] != case[:-1]]
start = np.flatnonzero(first)
place = np.arange(n) - start[np.cumsum(first) - 1]
target = np.array([[(p * 3 + 7 * j + 5) % organisations for j in range(ways)] for p in range(organisations)])
target = np.where(target == np.arange(organisations)[:, None], (target + 1) % organisations, target)
pick = np.minimum(rng.geometric(0.35, n) - 1, ways - 1)
came, went = np.zeros(n, int), np.zeros(n, int)
came[first] = rng.integers(0, 20, first.sum())
for step in range(place.max() + 1):
    at = np.flatnonzero(place == step)
    if step:
        came[at] = went[at - 1]
    went[at] = target[came[at], pick[at]]
    if step:
        back = at[rng.random(len(at)) < 0.12]
        went[back] = came[back - 1]
days = np.cumsum(rng.integers(5, 120, n))
day = rng.integers(0, 900, n)[case] + days - days[start][np.cumsum(first) - 1]
referred = np.datetime64("2023-01-01") + day
wait = np.round(rng.lognormal(3.5, 0.8, n)).astype(int)
waiting = rng.random(n) < 0.15
names = np.array([f"Organisatie {i:03d}" for i in range(organisations)])
places = np.array(["Ede", "Barneveld", "Nijkerk", "Scherpenzeel", "Renswoude", "Veenendaal", "Rhenen"])
themes = np.array("druk-gedrag angst-en-somberheid opvoeden scheiding leren-en-school rouw wonen geldzorgen boosheid-en-grenzen"
                  " slapen-en-eten beperking veiligheid".split())
frame = pl.DataFrame({
    "casus": "D" + pl.Series(case).cast(pl.String).str.zfill(9),
    "van": names[came],
    "naar": names[went],
    "verwezen": referred,
    "gestart": pl.Series(referred + wait).set(pl.Series(waiting), None),
    "gemeente": places[np.minimum(rng.geometric(0.4, n) - 1, 6)[case]],
    "leeftijd": rng.integers(0, 22, n)[case],
    "thema": themes[np.minimum(rng.geometric(0.25, n) - 1, 11)[case]],
}).sample(fraction=1.0, shuffle=True, seed=2)
frame.write_parquet(f"{folder}/log.parquet")
frame.write_csv(f"{folder}/log.csv")
"""
MAPPING: Final = "[kolommen]\n" + "\n".join(
    f'{name} = "{name}"' for name in ("casus", "van", "naar", "verwezen", "gestart", "gemeente", "leeftijd", "thema")
)
#: The least that any program would do with it: every way and cell counted, with the median and the 90th percentile.
BARE: Final = """
import sys
import duckdb
con = duckdb.connect(config={"memory_limit": "3GB"})
read = "read_parquet" if sys.argv[1].endswith("parquet") else "read_csv"
con.sql(f'''SELECT van, naar, gemeente, thema, leeftijd, count(*), quantile_cont(datediff('day', verwezen, gestart), [0.5, 0.9])
            FROM {read}('{sys.argv[1]}') GROUP BY ALL''').fetchall()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--engine", choices=["duckdb", "spark"], default="duckdb")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keep what is made here, for the next time")
    given = parser.parse_args()
    print(measure.machine())
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "log.csv").exists():
            measure.run([sys.executable, "-c", MAKE, str(given.rows), folder])
        mapping = folder / "mapping.toml"
        mapping.write_text(MAPPING, "utf-8")
        log = [sys.executable, "-m", "routekaart.cli", "log"]
        table, missed = [], []
        for name in ("log.parquet", "log.csv"):
            ours, bare = [], []
            for _ in range(given.runs):  # in turns, so that a busy moment meets both
                out = Path(temporary) / "out"
                ours.append(measure.run([*log, folder / name, "--mapping", mapping, "-o", out, "--engine", given.engine]))
                bare.append(measure.run([sys.executable, "-c", BARE, folder / name]))
            seconds, peak = sorted(r.seconds for r in ours)[len(ours) // 2], max(r.peak for r in ours) / measure.GB
            table.append(
                [
                    name,
                    measure.spread([r.seconds for r in ours]),
                    f"{peak:.1f}",
                    measure.spread([r.seconds for r in bare]),
                    f"{max(r.peak for r in bare) / measure.GB:.1f}",
                ]
            )
            if given.engine == "duckdb" and given.rows == ROWS and (seconds > SECONDS or peak > GB):
                missed.append(name)
        measure.show([f"{given.rows:,} rows, {given.engine}", "log, s", "GB", "bare group-by, s", "GB"], table)
    if missed:
        sys.exit(f"targets missed ({SECONDS:.0f} s, {GB:.0f} GB): {', '.join(missed)}")


if __name__ == "__main__":
    main()
