"""The example record of HSDS 3 (openreferral/specification), and ways to write packages like it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from routekaart.loaders.hsds.mapping import Mapped, mapped
from routekaart.loaders.hsds.package import find
from routekaart.loaders.municipalities import MunicipalityNames
from routekaart.ontology.concepts import scheme

# beside the project, never in it: CC BY-SA, see its BRON.md
SAMPLE = Path(__file__).parents[4] / "shared" / "data" / "hsds3"
Rows = Sequence[Mapping[str, object]]


@pytest.fixture(scope="session")
def sample() -> Path:
    if not (SAMPLE / "service_full.json").is_file():
        pytest.skip(f"THE HSDS EXAMPLE IS NOT THERE: nothing about the real forms was tested (wanted: {SAMPLE})")
    return SAMPLE


@pytest.fixture
def package(tmp_path: Path) -> Callable[..., Path]:
    """A folder with CSV tables: ``package(organizations=[{…}], services=[…])``; ``into`` names a folder in DATA."""

    def make(into: str = "", encoding: str = "utf-8", **tables: Rows) -> Path:
        folder = tmp_path / "data" / into
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in tables.items():
            columns = list(dict.fromkeys(c for row in rows for c in row))
            with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
        return tmp_path / "data"

    return make


@pytest.fixture
def document(tmp_path: Path) -> Callable[..., Path]:
    """A data folder with one JSON file: of a value, or of the text itself."""

    def make(value: Any, name: str = "services.json") -> Path:
        folder = tmp_path / "data"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
        return folder

    return make


@pytest.fixture(scope="session")
def mapped_all() -> Callable[[Path], list[Mapped]]:
    """Every source of a data folder, mapped as the reading does it."""
    names = MunicipalityNames()
    return lambda data: [mapped(records, names.area, scheme) for records in find(data).records]
