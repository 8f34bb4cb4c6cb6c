"""What the tests share: the examples, read once, and a way to make small data folders."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading, read

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"

Rows = Sequence[Mapping[str, object]]
MakeData = Callable[..., Path]


@pytest.fixture
def make_data(tmp_path: Path) -> MakeData:
    """A data folder out of tables given as lists of rows: ``make_data(partners=[{"id": "P1", …}], toml="…")``."""

    def make(toml: str = '[regio]\npeildatum = "2026-06-01"\n', **tables: Rows) -> Path:
        folder = tmp_path / "data"
        folder.mkdir(exist_ok=True)
        (folder / "routekaart.toml").write_text(toml, "utf-8")
        for name, rows in tables.items():
            columns = list(dict.fromkeys(c for row in rows for c in row))
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
        return folder

    return make


@pytest.fixture
def landscape_of(make_data: MakeData) -> Callable[..., Landscape]:
    """A Landscape out of such tables; the tables must be without fault."""

    def make(**tables: object) -> Landscape:
        reading = read(make_data(**tables))
        assert [f for f in reading.findings if f.severity == "fout"] == []
        return reading.landscape

    return make


@pytest.fixture(scope="session")
def gelderse_vallei() -> Reading:
    return read(EXAMPLES / "gelderse-vallei")


@pytest.fixture(scope="session")
def voorbeeldregio() -> Reading:
    return read(EXAMPLES / "voorbeeldregio")


@pytest.fixture(scope="session", params=["gelderse-vallei", "voorbeeldregio"])
def example(request: pytest.FixtureRequest) -> Reading:
    """Both examples, one after the other."""
    found: Reading = request.getfixturevalue(request.param.replace("-", "_"))
    return found
