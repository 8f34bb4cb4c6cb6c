"""Regions to draw, and the browser to look at them with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from routekaart.graph.landscape import Landscape
from routekaart.graph.schema import TABLES, Kind
from routekaart.visualisations.map.page import render, write

#: Set to "required" where the browser tests must run (continuous integration): a missing browser then fails.
BROWSER = os.environ.get("ROUTEKAART_BROWSER", "")
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
EDE, BARNEVELD = "GM0228", "GM0203"


def _partner(id_: str, name: str, role: str, areas: list[str] | None, **more: Any) -> dict[str, Any]:
    return {"id": id_, "name": name, "roles": [role], "municipalities": areas, **more}


def _frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    placed = [{"file": f"{table}.csv", "row": i, **row} for i, row in enumerate(rows, 2)]
    return pl.DataFrame(placed, infer_schema_length=None)


def _tables() -> dict[str, list[dict[str, Any]]]:
    """A made-up region: Ede has a named huisarts, Barneveld has none; every kind of wait occurs once."""
    both = [EDE, BARNEVELD]
    wait = {"kind": "aanmeldwachttijd", "state": "getal", "basis": "retrospectief"}
    return {
        "region": [
            {
                "id": "proef",
                "name": "Proefdal (fictief)",
                "title": "Routekaart Proefdal",
                "reference_date": "2026-05-01",
                "municipalities": both,
                "contact": "kaart@proefdal.example",
            }
        ],
        "partners": [
            _partner("P01", "Huisartsenpraktijk Ménière", "huisarts", [EDE], other_names=["De Oude Apotheek"]),
            _partner("P02", "SOJ Proefdal", "soj", both, response="Wij werken aan kortere wachttijden."),
            _partner("P03", "Toegang Ede", "gemeente", [EDE], locations=[EDE]),
            _partner("P04", "Toegang Barneveld", "gemeente", [BARNEVELD], locations=[BARNEVELD]),
            _partner("P05", "Jeugdhulp De Brug", "jeugdhulp", both, website="https://debrug.example/jeugd"),
            _partner("P06", "GGZ Het Kompas", "jeugd-ggz", ["regio"], locations=[BARNEVELD]),
            _partner("P07", "Buurtgezinnen Ede", "informeel", [EDE], locations=[EDE]),
            _partner("P08", "Veilig Thuis Proefdal", "veiligheid", None),
            _partner("P09", "Inkoopbureau Proefdal", "inkoop", both),
            _partner("01234567", "Jongerenwerk Het Honk", "jongerenwerk", [EDE], website="javascript:alert(1)"),
        ],
        "offerings": [
            {"id": "O1", "partner": "P07", "name": "Steungezin", "level": "0", "access": "vrij", "themes": ["opvoeden"]},
            {"id": "O2", "partner": None, "name": "Koffieochtend", "level": "0", "access": "vrij", "municipalities": [EDE]},
            {
                "id": "O3",
                "partner": "01234567",
                "name": "Inloop Het Honk",
                "level": "1",
                "access": "vrij",
                "age_from": 144,
                "age_until": 216,
                "audience": ["jeugdige"],
                "how_to_apply": "Loop binnen op woensdag",
                "inflow_per_year": 7,
            },
            {"id": "O4", "partner": "P05", "name": "Gezinscoaching", "level": "2", "access": "beschikking"},
            {"id": "O5", "partner": "P06", "name": "Behandeling angst", "level": "3", "access": "verwijzing"},
            {"id": "O6", "partner": "P06", "name": "Crisisbed", "level": "4", "access": "beschikking"},
            {"id": "O7", "partner": "P08", "name": "Advies veiligheid", "level": "1", "access": "vrij"},
            {"id": "O8", "partner": "P07", "name": "Oud steungezin", "level": "0", "access": "vrij", "valid_until": "2024"},
        ],
        "routes": [
            {"id": "R1", "from": "rol:huisarts", "to": "rol:soj", "kind": "verwijzing", "per_year": 643},
            {"id": "R2", "from": "P02", "to": "rol:gemeente", "kind": "verwijzing", "decision_needed": True},
            {"id": "R3", "from": "P03", "to": "aanbod:O4", "kind": "warme-overdracht", "per_year": 3},
            {"id": "R4", "from": "P05", "to": "P06", "kind": "opschaling", "municipalities": [EDE]},
            {"id": "R5", "from": "P06", "to": "P07", "kind": "afschaling"},
            {"id": "R6", "from": "rol:school", "to": "P08", "kind": "melding"},
            {"id": "R7", "from": "P01", "to": "P06", "kind": "consultatie"},
            {"id": "R8", "from": "P09", "to": "P05", "kind": "verwijzing"},
        ],
        "waits": [
            {"id": "w1", "on": ["P05"], **wait, "value": "8 - 12 weken", "as_of": "2026-03", "days_low": 56.0, "days_expected": 70.0, "days_high": 84.0},
            {"id": "w2", "on": ["P05"], **wait, "value": "20 weken", "as_of": "2025-01", "days_low": 140.0, "days_expected": 140.0, "days_high": 140.0},
            {"id": "w3", "on": ["aanbod:O5"], **wait, "value": "18 weken", "as_of": "2020-06-08", "days_low": 126.0, "days_expected": 126.0, "days_high": 126.0},
            {"id": "w4", "on": ["aanbod:O6"], **{**wait, "state": "stop"}, "value": "aanmeldstop", "as_of": "2026-04"},
            {"id": "w5", "on": ["rol:huisarts", "rol:soj", "rol:gemeente"], "kind": "totaal", "state": "uitspraak", "basis": "uitspraak", "value": "anderhalf jaar", "as_of": "2026-02"},
            {"id": "w6", "on": ["P07"], **{**wait, "state": "onbekend"}, "value": "weet niet", "as_of": "2026-04"},
            {"id": "w7", "on": ["P06"], "kind": "aanmeldwachttijd", "state": "uitspraak", "basis": "uitspraak", "value": "het duurt lang", "as_of": "2026-04"},
        ],
        "lines": [{"id": "l1", "from": "P01", "to": "P02", "strength": "kennen", "fixed_contact": True, "consultation": "elke maand"}],
        "agreements": [{"id": "A1", "partners": ["P02", "P03"], "kind": "overleg", "what": "Samen het gezin spreken", "owner": "teamleider", "status": "afgesproken"}],
        "demand": [{"id": "d1", "municipality": EDE, "entry": "P01", "theme": "opvoeden", "per_year": 4}],
        "outflow": [{"id": "u1", "partner": "P06", "to": "P05", "number": 2}],
    }  # fmt: skip


def landscape_of(tables: dict[str, list[dict[str, Any]]]) -> Landscape:
    return Landscape.of({name: _frame(name, rows) for name, rows in tables.items()})


@pytest.fixture(scope="session")
def tables() -> Callable[[], dict[str, list[dict[str, Any]]]]:
    """A fresh copy of the rows of the made-up region."""
    return _tables


@pytest.fixture(scope="session")
def made() -> Callable[[dict[str, list[dict[str, Any]]]], Landscape]:
    """A Landscape of rows by table."""
    return landscape_of


@pytest.fixture(scope="session")
def region() -> Landscape:
    return landscape_of(_tables())


ATTACK = (
    "\"'><img src=x onerror=boom()><script>boom()</script><svg onload=boom()>--></style>"
    "</textarea></noscript><!--<script>{{7*7}}{%x%}${boom()} javascript:boom() &lt;b&gt; \u2028\u2029\\"
)


@pytest.fixture(scope="session")
def hostile() -> Landscape:
    """The made-up region with an attack in every cell that holds free text, ids included."""
    free = {Kind.ID, Kind.TEXT, Kind.TEXTS, Kind.URL}
    rows = _tables()
    ids = {row["id"] for rows_ in rows.values() for row in rows_}

    def turned(value: Any) -> Any:
        if isinstance(value, list):
            return [turned(v) for v in value]
        prefix, _, id_ = str(value).rpartition(":")
        return f"{prefix}:{id_}{ATTACK}" if prefix and id_ in ids else f"{value}{ATTACK}" if value in ids else value

    points = {Kind.PARTNER, Kind.PARTNERS, Kind.ENDPOINT, Kind.CHAIN}
    for name, rows_ in rows.items():
        for number, row in enumerate(rows_):
            for column in TABLES[name].stored:
                if column.kind in points and row.get(column.name):
                    row[column.name] = turned(row[column.name])
                elif column.kind in free and name != "region":
                    text = f"{row.get(column.name) or column.name}{ATTACK}" if column.name != "id" else turned(row["id"])
                    row[column.name] = [text] if column.kind is Kind.TEXTS else text
                elif column.kind is Kind.CONCEPTS:
                    row[column.name] = [*(row.get(column.name) or []), f"eigen{number}{ATTACK}"]
                elif column.kind is Kind.CONCEPT and column.scheme not in ("level", "wait-state"):
                    row[column.name] = row.get(column.name) or f"eigen{ATTACK}"
    for column in ("name", "title", "publisher", "licence", "contact"):
        rows["region"][0][column] = f"Streek {ATTACK}"
    return landscape_of(rows)


# --- the browser ----------------------------------------------------------------------------------------
def _unavailable(why: str) -> None:
    message = f"THE BROWSER TESTS OF THE MAP DO NOT RUN: {why}"
    if BROWSER == "required":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _unavailable("playwright is not installed (pip install 'routekaart[test]')")
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        _unavailable("no chromium on the PATH")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield running
        running.close()


class Opened:
    """A page in the browser that remembers what it asked for and what went wrong in it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda r: self.requests.append(r.url))
        page.on("console", lambda m: self.errors.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: self.errors.append(str(e)))
        page.on("dialog", lambda d: (self.errors.append(f"dialog: {d.message}"), d.dismiss()))

    def at(self, address: str) -> Any:
        self.page.goto(address)
        self.page.wait_for_selector("html[data-ready]", state="attached")
        return self.page


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Opened]]:
    """Make pages: ``opened(width=…, height=…, dark=…, scripts=…, touch=…)``; what went wrong in any fails the test."""
    contexts, pages = [], []

    def make(width: int = 1440, height: int = 900, *, dark: bool = False, scripts: bool = True, touch: bool = False) -> Opened:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
            has_touch=touch,
        )
        contexts.append(context)
        pages.append(Opened(context.new_page()))
        return pages[-1]

    yield make
    for context in contexts:
        context.close()
    assert [e for p in pages for e in p.errors] == []
    assert [u for p in pages for u in p.requests if not u.startswith(("file:", "data:"))] == []


@pytest.fixture(scope="session")
def address(region: Landscape, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the page of the made-up region stands, opened on Ede."""
    return _written(render(region, municipality=EDE), tmp_path_factory.mktemp("kaart"))


@pytest.fixture(scope="session")
def hostile_address(hostile: Landscape, tmp_path_factory: pytest.TempPathFactory) -> str:
    return _written(render(hostile, municipality=EDE, edition="coalitie"), tmp_path_factory.mktemp("vijandig"))


def _written(html: str, folder: Path) -> str:
    path = folder / "kaart.html"
    write(html, path)
    return path.as_uri()
