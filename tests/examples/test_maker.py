"""The maker of fictional data: the committed examples are its work, and the story in them holds.

The story is computed here from the cells alone, with a small Dijkstra of its own, so that it checks the
data and not the analyses. Its expected weeks are those that LEESMIJ.md of the example tells.
"""

from __future__ import annotations

import csv
import heapq
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polars as pl
import pytest
import python_calamine

from routekaart.graph.schema import INPUT_TABLES, Table
from routekaart.ontology.municipalities import municipalities

ROOT = Path(__file__).resolve().parents[2]
MAKER = ROOT / "bench" / "maker" / "make.py"
FOLDERS = {2026: ROOT / "examples" / "voorbeeldregio", 2025: ROOT / "examples" / "voorbeeldregio-2025"}
TOWN, AGE, THEME = "GM9003", 14, "angst-en-somberheid"
MOVING = {
    "verwijzing",
    "warme-overdracht",
    "terugverwijzing",
    "opschaling",
    "afschaling",
    "rechtstreekse-toegang",
}

Row = dict[str, str]


def made(folder: Path, *call: str) -> Path:
    """The folder after a run of the maker."""
    subprocess.run([sys.executable, "-B", str(MAKER), *call, "-o", str(folder)], check=True)
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@cache
def rows(year: int, table: str) -> tuple[Row, ...]:
    """The rows of a table of the example, every cell as text."""
    path = FOLDERS[year] / f"{table}.csv"
    if path.exists():
        with path.open(encoding="utf-8", newline="") as lines:
            return tuple(csv.DictReader(lines))
    sheet = python_calamine.CalamineWorkbook.from_path(path.with_suffix(".xlsx")).get_sheet_by_name(table)
    header, *lines_of_text = sheet.to_python()
    return tuple(dict(zip(map(str, header), map(str, line), strict=True)) for line in lines_of_text)


def items(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]


# --- the maker ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("year", sorted(FOLDERS))
def test_the_committed_example_is_what_the_maker_makes(year: int, tmp_path: Path) -> None:
    assert bytes_of(made(tmp_path, "--example", str(year))) == bytes_of(FOLDERS[year])


def test_a_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    runs = [made(tmp_path / name, "--scale", "region", "--seed", name[0]) for name in ("1", "1 again", "2")]
    first, again, other = (bytes_of(run) for run in runs)
    assert first == again
    assert first["routes.csv"] != other["routes.csv"]


@pytest.mark.parametrize(
    ("scale", "counts"),  # the sizes that the benchmarks are told in
    [("region", (150, 600, 1_000, 3_000)), ("province", (2_000, 10_000, 20_000, 60_000))],
)
def test_a_scale_has_its_size(scale: str, counts: tuple[int, ...], tmp_path: Path) -> None:
    made(tmp_path, "--scale", scale)
    tables = [pl.read_csv(tmp_path / f"{t}.csv", infer_schema=False) for t in ("partners", "aanbod", "routes", "wachttijden")]
    assert tuple(t.height for t in tables) == counts
    assert all(t["id"].is_unique().all() for t in tables[:3])
    ends = set(tables[0]["id"]) | set(tables[1]["id"])
    named = tables[2].filter(~pl.col("van").str.starts_with("rol:") & ~pl.col("naar").str.starts_with("rol:"))
    assert set(named["van"]) | set(named["naar"]) <= ends


# --- the example as data ------------------------------------------------------------------------------------
def test_the_example_has_the_size_that_it_promises() -> None:
    sizes = {t.nl: len(rows(2026, t.nl)) for t in INPUT_TABLES}
    assert sizes["gemeenten"] == 8
    assert 140 <= sizes["partners"] <= 160
    assert (sizes["aanbod"], sizes["routes"]) == (600, 1_000)
    assert 200 <= sizes["wachttijden"] <= 600
    assert 220 <= sizes["lijnen"] <= 280
    assert sizes["casussen"] >= 5


@pytest.mark.parametrize("table", INPUT_TABLES, ids=lambda t: t.nl)
def test_every_headed_column_is_known_and_used(table: Table) -> None:
    headed = {column.nl for column in table.headed}
    for year in FOLDERS:
        assert set(rows(year, table.nl)[0]) == headed
    used = {name for row in rows(2026, table.nl) for name, cell in row.items() if cell}
    # a yes belongs in the workbook that a partner sends back, not in a list of its own
    assert used == headed - ({"klopt"} if table.name == "confirmations" else set())


@pytest.mark.parametrize("year", sorted(FOLDERS))
def test_every_row_says_that_it_is_fictional(year: int) -> None:
    for table in INPUT_TABLES:
        assert all("fictief" in row["bron"] and row["bron_datum"] for row in rows(year, table.nl)), table.nl
    said = "\n".join((FOLDERS[year] / name).read_text("utf-8") for name in ("routekaart.toml", "LEESMIJ.md"))
    assert 'naam = "Voorbeeldregio (fictief)"' in said
    assert "is **fictief**" in said


def cells(year: int) -> Iterator[str]:
    for table in INPUT_TABLES:
        for row in rows(year, table.nl):
            yield from row.values()


@pytest.mark.parametrize("year", sorted(FOLDERS))
def test_no_real_municipality_is_named(year: int) -> None:
    found = {code for cell in cells(year) for code in re.findall(r"GM\d{4}", cell)}
    assert found == {f"GM900{n}" for n in range(1, 9)}
    assert not found & set(municipalities())
    real = {name.casefold() for names in municipalities().values() for name in names}
    assert not real & {row["naam"].casefold() for row in rows(year, "gemeenten")}


@pytest.mark.parametrize("year", sorted(FOLDERS))
def test_contacts_are_functions_at_addresses_that_cannot_exist(year: int) -> None:
    mails = {mail for cell in cells(year) for mail in re.findall(r"\S+@\S+", cell)}
    assert mails
    assert all(re.fullmatch(r"[a-z]+@[a-z0-9-]+\.example", mail) for mail in mails)


@pytest.mark.parametrize("year", sorted(FOLDERS))
def test_every_reference_points_to_something(year: int) -> None:
    partners = {row["id"] for row in rows(year, "partners")}
    offerings = {row["id"] for row in rows(year, "aanbod")}
    routes = {row["id"] for row in rows(year, "routes")}
    anything = partners | offerings | routes | {"hulp", "uitval", "onbekend"}
    links = (
        ("partners", "onderdeel_van", partners),
        ("aanbod", "partner", partners),
        ("lijnen", "van", partners),
        ("lijnen", "naar", partners),
        ("uitstroom", "partner", partners),
        ("uitstroom", "naar", anything),
        ("afspraken", "partners", partners),
        ("routes", "van", partners | offerings),
        ("routes", "naar", partners | offerings),
        ("wachttijden", "op", anything),
        ("vraag", "instap", partners),
        ("casussen", "instap", partners),
        ("overdrachten", "van", partners),
        ("overdrachten", "naar", partners),
        ("heen_en_weer", "van", partners),
        ("heen_en_weer", "naar", partners),
    )
    for table, column, known in links:
        ends = {end for row in rows(year, table) for end in re.split(r" > |;", row[column]) if end}
        assert {end for end in ends if not end.startswith("rol:")} <= known, (table, column)


def test_both_editions_tell_of_one_region_with_the_same_ids() -> None:
    for table, least in (("partners", 140), ("aanbod", 540), ("routes", 900)):
        now, before = ({row["id"]: row for row in rows(year, table)} for year in (2026, 2025))
        both = set(now) & set(before)
        assert len(both) >= least
        assert set(now) - set(before), "something is new"
        assert set(before) - set(now), "something is gone"
        name = "soort" if table == "routes" else "naam"
        assert all(now[i][name] == before[i][name] for i in both)
    dates = [max(row["peildatum"] for row in rows(year, "wachttijden")) for year in (2025, 2026)]
    assert dates[0] <= "2025-09-01" < dates[1] <= "2026-09-01"
    assert len(rows(2025, "lijnen")) < len(rows(2026, "lijnen"))
    proposed = [row["status"] == "voorstel" for row in rows(2025, "afspraken")]
    assert sum(proposed) * 2 > len(proposed)


def test_one_in_eight_to_ten_youths_asks_something_and_most_of_it_is_light() -> None:
    asked = sum(int(row["aantal_per_jaar"]) for row in rows(2026, "vraag"))
    youths = sum(int(row["jeugdigen"]) for row in rows(2026, "gemeenten"))
    assert 1 / 10 <= asked / youths <= 1 / 8
    light = sum(int(row["aantal_per_jaar"]) for row in rows(2026, "vraag") if row["niveau"] in ("0", "1"))
    assert light / asked > 0.6


def small(number: int) -> bool:
    return 0 < number < 10


@pytest.mark.parametrize("year", sorted(FOLDERS))
def test_the_log_stays_within_routes_and_outflow_and_tells_of_nobody_alone(year: int) -> None:
    owner = {row["id"]: row["partner"] for row in rows(year, "aanbod")}
    flows: dict[tuple[str, str], int] = {}
    for row in rows(year, "routes"):
        if row["soort"] in MOVING:
            pair = (owner.get(row["van"], row["van"]), owner.get(row["naar"], row["naar"]))
            flows[pair] = flows.get(pair, 0) + int(row["aantal_per_jaar"] or 0)
    out = {(row["partner"], row["naar"]): row for row in rows(year, "uitstroom")}
    log = {(row["van"], row["naar"]): row for row in rows(year, "overdrachten")}
    assert len(log) > 200
    for pair, row in log.items():
        counted = bool(row["aantal"])
        most = min(flows[pair], int(out[pair]["aantal"]) if pair in out else 10_000)
        assert not counted or 10 <= int(row["aantal"]) <= most
        weeks = [float(row[c].replace(",", ".")) for c in row if c.startswith("weken") and row[c]]
        assert len(weeks) == 4 * counted  # of too few families the weeks are not told either
        assert not counted or (weeks[0] <= weeks[1] and weeks[2] <= weeks[3])
        assert (row["periode_van"], row["periode_tm"]) == (f"{year - 1}-01-01", f"{year - 1}-12-31")
    assert sum(bool(row["aantal"]) for row in log.values()) > 100
    for row in rows(year, "heen_en_weer"):
        there, back = log[row["van"], row["naar"]], log[row["naar"], row["van"]]
        assert not row["aantal"] or 10 <= int(row["aantal"]) <= min(int(there["aantal"]), int(back["aantal"]))
        assert bool(row["aantal"]) == bool(row["weken_mediaan"])
    parts = [("heen_en_weer", "zonder_start"), ("uitstroom", "waarvan_terug"), ("wachttijden", "gecensureerd")]
    for table, column in parts:
        found = [(int(row["aantal"]), int(row[column])) for row in rows(year, table) if row[column]]
        assert found
        assert not any(part > whole or small(part) or small(whole - part) for whole, part in found), table
    assert any(row["waarvan_terug"] not in ("", "0") for row in out.values())
    later = [(row["weken_mediaan"], row["weken_mediaan_km"].replace(",", ".")) for row in rows(year, "wachttijden")]
    assert all(float(km) >= float(median) for median, km in later if km)


# --- the story ----------------------------------------------------------------------------------------------
def serves(area: str, town: str = TOWN) -> bool:
    return bool({town, "regio", "landelijk"} & set(items(area)))


def valid(row: Row, day: str) -> bool:
    return (not row["geldig_van"] or row["geldig_van"] <= day) and (not row["geldig_tot"] or row["geldig_tot"] > day)


def fits(row: Row, *, general: bool = False) -> bool:
    """Whether age and theme of a row fit; empty is no condition, for an offering empty is general."""
    low = float((row["leeftijd_van"] or "0").replace(",", "."))
    high = float((row["leeftijd_tot"] or "99").replace(",", "."))
    if row.get("leeftijd_tm"):
        high = float(row["leeftijd_tm"]) + 1
    themes = items(row["themas"])
    return low <= AGE < high and (not themes or THEME in themes or (general and "algemeen" in themes))


class Story:
    """What the cells of one edition say of the profile: 14 years, angst en somberheid, Elzerbroek."""

    def __init__(self, year: int) -> None:
        self.day = f"{year}-09-01"
        self.partners = {row["id"]: row for row in rows(year, "partners") if serves(row["gemeenten"])}
        self.holders: dict[str, list[str]] = {}
        for partner in self.partners.values():
            for role in items(partner["rollen"]):
                self.holders.setdefault(role, []).append(partner["id"])
        self.waits = [row for row in rows(year, "wachttijden") if row["meetwijze"] != "uitspraak"]
        self.offerings = [
            row
            for row in rows(year, "aanbod")
            if row["partner"] in self.partners
            and (not row["gemeenten"] or serves(row["gemeenten"]))
            and valid(row, self.day)
            and fits(row, general=True)
        ]
        self.hops = {
            (source, target): row
            for row in rows(year, "routes")
            if row["soort"] in MOVING and valid(row, self.day) and fits(row)
            if not row["gemeenten"] or serves(row["gemeenten"])
            for source in self.ends(row["van"], year)
            for target in self.ends(row["naar"], year)
        }

    def ends(self, end: str, year: int) -> list[str]:
        if end.startswith("rol:"):
            return self.holders.get(end[4:], [])
        end = next((row["partner"] for row in rows(year, "aanbod") if row["id"] == end), end)
        return [end] if end in self.partners else []

    def weeks(self, subject: str, kind: str) -> float | None:
        """Expected weeks: the most specific, then the latest; None for a stop; 14 where unknown (2-26)."""
        found = [
            row
            for row in self.waits
            if row["op"] == subject and row["soort"] == kind and fits(row)
            if (not row["gemeenten"] or serves(row["gemeenten"])) and row["peildatum"] >= str(int(self.day[:4]) - 2)
        ]
        found.sort(key=lambda row: (bool(row["themas"]), bool(row["gemeenten"]), row["peildatum"]))
        if not found:
            return 14.0
        written = found[-1]["waarde"].casefold()
        if "stop" in written:
            return None
        numbers = [float(n) for n in re.findall(r"\d+", written)]
        unit = 52 / 12 if "maand" in written else 1.0
        if written.startswith("geen"):
            return 0.0
        return sum(numbers) / len(numbers) * unit if numbers else 14.0

    def fastest(self, start: str) -> tuple[float, list[str]]:
        """Dijkstra from ``start`` to the first partner with a fitting offering of level 3."""
        goals = {row["partner"] for row in self.offerings if row["niveau"] == "3"}
        access = self.holders["gemeente"][0]
        queue = [(0.0, [start])]
        seen: set[str] = set()
        while queue:
            weeks, path = heapq.heappop(queue)
            if path[-1] in goals:
                return weeks, path
            if path[-1] in seen:
                continue
            seen.add(path[-1])
            for (source, target), row in self.hops.items():
                wait = self.weeks(target, "aanmeldwachttijd")
                if source == path[-1] and wait is not None:
                    decision = self.weeks(access, "besluit") or 0.0 if row["besluit_nodig"] == "ja" else 0.0
                    heapq.heappush(queue, (weeks + wait + decision, [*path, target]))
        raise AssertionError(f"no way from {start}")


@pytest.mark.parametrize(("year", "weeks"), [(2026, 14 + 10 + 8 + 46), (2025, 10 + 8 + 8 + 16)])
def test_the_long_way_from_every_gp_is_the_fastest_there_is(year: int, weeks: int) -> None:
    story = Story(year)
    for practice in story.holders["huisarts"]:
        total, path = story.fastest(practice)
        assert total == pytest.approx(weeks)
        roles = [story.partners[p]["rollen"] for p in path]
        assert roles == ["huisarts", "soj", "gemeente", "jeugd-ggz"]


def test_in_2026_the_way_takes_a_year_and_a_half_by_current_known_waits() -> None:
    story = Story(2026)
    total, path = story.fastest(story.holders["huisarts"][0])
    assert 76 <= total <= 80
    for subject, kind in [*((p, "aanmeldwachttijd") for p in path[1:]), (path[2], "besluit")]:
        latest = max(row["peildatum"] for row in story.waits if row["op"] == subject and row["soort"] == kind)
        assert "2026-06-01" <= latest <= "2026-09-01"


def test_nobody_but_the_municipality_refers_straight_to_specialists() -> None:
    story = Story(2026)
    goals = {row["partner"] for row in story.offerings if row["niveau"] == "3"}
    first = {source for source, target in story.hops if target in goals}
    assert {story.partners[p]["rollen"] for p in first} == {"gemeente"}


def test_lighter_support_is_near_free_and_open_but_nothing_leads_to_it() -> None:
    story = Story(2026)
    near = [
        row
        for row in story.offerings
        if THEME in items(row["themas"]) and row["niveau"] in ("0", "1") and row["toegang"] == "vrij"
        if row["vestiging"] == TOWN
    ]
    assert {row["niveau"] for row in near} == {"0", "1"}
    assert {story.partners[row["partner"]]["naam"] for row in near} == {"Jongerenpunt De Steiger"}
    assert all(story.weeks(row["id"], "aanmeldwachttijd") == 0 for row in near)
    ends = {near[0]["partner"], *(row["id"] for row in near)}
    assert not any(target in ends for _, target in story.hops)
    assert not any({row["van"], row["naar"]} & ends for row in (*rows(2026, "routes"), *rows(2026, "lijnen")))


def test_one_small_municipality_has_no_youth_support_at_its_gps() -> None:
    small = {row["code"] for row in rows(2026, "gemeenten") if int(row["inwoners"]) < 12_000}
    having = {c for row in rows(2026, "partners") if "soj" in items(row["rollen"]) for c in items(row["gemeenten"])}
    assert small - having == {"GM9008"}
    assert len(small) == 3
