"""Make the fictional log of referrals: what a registration of the example region might hold, one row per referral.

python bench/maker/log.py examples/voorbeeldregio -o examples/voorbeeldlog

Families begin where the table of demand says and go along the routes between partners, and now and then along one that
nobody registered, or back. Everything is made up (seed 7); the cases are numbers that mean nothing.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np

SEED: Final = 7
FAMILIES: Final = 4_000
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
HEADERS: Final = (
    "dossiernummer",
    "verwijzer",
    "aangemeld bij",
    "datum verwijzing",
    "datum eerste afspraak",
    "woonplaats",
    "leeftijd",
    "hulpvraag",
    "reden einde",
)
#: How some people write what others call otherwise; the mapping says what is meant.
_SPELT: Final = {"angst-en-somberheid": "angst/somber", "druk-gedrag": "druk, ADHD-achtig"}
_NUMBER: Final = re.compile(r"\d+(?:,\d+)?")
_MOVES_NOBODY: Final = ("consultatie", "overbrugging", "melding")

Rows = list[dict[str, str]]
Place = dict[str, str]


class Region:
    """The tables of the example, as far as families walk through them."""

    def __init__(self, folder: Path) -> None:
        self.partners = {row["id"]: row for row in _rows(folder / "partners.csv")}
        self.municipalities = {row["code"]: row["naam"] for row in _rows(folder / "gemeenten.csv")}
        self.demand = [row for row in _rows(folder / "vraag.csv") if row["aantal_per_jaar"]]
        self.weeks = {
            row["op"]: float(found[0].replace(",", ".")) for row in _rows(folder / "wachttijden.csv") if (found := _stated(row))
        }
        self.onward: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for row in _rows(folder / "routes.csv"):
            moving = row["soort"] not in _MOVES_NOBODY
            if moving and row["van"] in self.partners and row["naar"] in self.partners:
                self.onward[row["van"]].append((row["naar"], float(row["aantal_per_jaar"] or 5)))

    def entries(self, endpoint: str, municipality: str) -> list[str]:
        """The partners where families begin that the demand tells of."""
        if not endpoint.startswith("rol:"):
            return [endpoint] if endpoint in self.onward else []
        role = endpoint.removeprefix("rol:")
        return [
            i
            for i, row in self.partners.items()
            if role in row["rollen"].split("; ") and self.serves(i, municipality) and i in self.onward
        ]

    def serves(self, partner: str, municipality: str) -> bool:
        areas = self.partners[partner]["gemeenten"]
        return not areas or municipality in areas.split("; ") or areas in ("regio", "landelijk")


def _stated(row: dict[str, str]) -> list[str]:
    """The weeks that a partner states for a first appointment, as far as there is a number."""
    if row["soort"] != "aanmeldwachttijd":
        return []
    return _NUMBER.findall(
        row["weken_mediaan"] or row["waarde"]
        if "week" in row["waarde"] or "weken" in row["waarde"] or row["weken_mediaan"]
        else ""
    )


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def rows(region: Region, rng: np.random.Generator) -> list[list[str]]:
    """The rows of the log, in the order in which they were registered."""
    weights = np.array([float(row["aantal_per_jaar"]) for row in region.demand])
    chosen = rng.choice(len(region.demand), FAMILIES, p=weights / weights.sum())
    found: list[tuple[date, list[str]]] = []
    for case, place in enumerate(chosen, 1):
        found += _walk(region, region.demand[place], f"D{case:05d}", rng)
    return [row for _, row in sorted(found, key=lambda pair: (pair[0], pair[1]))]


def _walk(region: Region, asked: dict[str, str], case: str, rng: np.random.Generator) -> list[tuple[date, list[str]]]:
    """One family: its referrals, each with the day on which it was registered."""
    municipality = asked["gemeente"]
    entries = region.entries(asked["instap"], municipality)
    if not entries:
        return []
    here, before = entries[rng.integers(len(entries))], ""
    day = FIRST + timedelta(days=int(rng.integers(-120, 365)))
    low = int(asked["leeftijd_van"] or 0)
    high = int(asked["leeftijd_tot"] or (int(asked["leeftijd_tm"]) + 1 if asked["leeftijd_tm"] else 18))
    age = int(rng.integers(low, max(low + 1, high)))
    theme = _SPELT.get(asked["thema"], asked["thema"].replace("-", " ")) if rng.random() < 0.97 else ""
    found: list[tuple[date, list[str]]] = []
    for _ in range(6):
        to = _next(region, here, before, municipality, rng)
        if to is None or day > LAST:
            break
        wait = int(7 * region.weeks.get(to, 2.5) * rng.lognormal(0.0, 0.5))
        started = day + timedelta(days=wait)
        went = rng.random() < 0.9
        ends = "" if rng.random() < 0.75 else ("afgerond" if went else "no show")
        begun = went and started <= LAST
        names = [region.partners[i]["naam"] for i in (here, to)]
        about = [region.municipalities[municipality], str(age), theme, ends if begun or ends == "no show" else ""]
        found.append((day, [case, *names, _written(day), _written(started) if begun else "", *about]))
        if not went and rng.random() < 0.7:
            break
        day = (started if went else day) + timedelta(days=int(rng.lognormal(3.2, 0.8)))
        here, before = to, here
        if ends or rng.random() < 0.35:
            break
    return [(moment, row) for moment, row in found if moment >= FIRST]


def _next(region: Region, here: str, before: str, municipality: str, rng: np.random.Generator) -> str | None:
    """Where a family goes from ``here``: mostly along a route, sometimes back, now and then where nobody registered one."""
    if before and rng.random() < 0.08:
        return before
    known = [(to, weight) for to, weight in region.onward.get(here, ()) if to != before and region.serves(to, municipality)]
    if rng.random() < 0.02:
        others = [i for i in region.partners if i not in (here, before) and region.serves(i, municipality)]
        return others[rng.integers(len(others))]
    if not known:
        return None
    weights = np.array([weight for _, weight in known])
    return known[rng.choice(len(known), p=weights / weights.sum())][0]


def _written(day: date) -> str:
    return day.strftime("%d-%m-%Y")


MAPPING: Final = f"""# Wat de kolommen van verwijzingen.csv betekenen (alles verzonnen).
[log]
bron = "Log van de voorbeeldregio 2025 (fictief)"
peildatum = {LAST.isoformat()}
datumvorm = "dd-mm-jjjj"

[kolommen]
casus = "dossiernummer"
van = "verwijzer"
naar = "aangemeld bij"
verwezen = "datum verwijzing"
gestart = "datum eerste afspraak"
gemeente = "woonplaats"
leeftijd = "leeftijd"
thema = "hulpvraag"
uitkomst = "reden einde"

[gemeenten]
{{municipalities}}

[themas]
{chr(10).join(f'"{written}" = "{slug}"' for slug, written in _SPELT.items())}

[uitkomsten]
"afgerond" = "hulp"
"no show" = "uitval"
"""


def main() -> None:
    """Read the call and write the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("example", type=Path, help="the folder of the example region")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder to write into")
    given = parser.parse_args()
    given.output.mkdir(parents=True, exist_ok=True)
    with (given.output / "verwijzingen.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(HEADERS)
        region = Region(given.example)
        writer.writerows(rows(region, np.random.default_rng(SEED)))
    places = "\n".join(f'"{name}" = "{code}"' for code, name in region.municipalities.items())
    (given.output / "mapping.toml").write_text(MAPPING.format(municipalities=places), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
