"""What the tests share: the examples, read and built once, and a way to make small data folders."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest

# xdist fills every core with a worker, so Polars takes one thread in each: its many small sums wait for each other
# otherwise. It counts its threads as it is imported; processes that tests start take all, as users do.
if "PYTEST_XDIST_WORKER" in os.environ:
    with patch.dict(os.environ, POLARS_MAX_THREADS="1"):
        import polars  # noqa: F401

from routekaart.graph.edition import write_edition
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading, read

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"

Rows = Sequence[Mapping[str, object]]
MakeData = Callable[..., Path]

#: Tests that one worker runs, all of them and first, whatever the number of workers: they share what starts slowly.
TOGETHER = ("server/", "loaders/registrations/test_engines.py")


@pytest.fixture(scope="session")
def beside() -> Callable[[str, str], ModuleType]:
    """``beside(__file__, name)``: a module that lies beside a conftest, read once (tests are no package)."""

    def module(file: str, name: str) -> ModuleType:
        path = Path(file).with_name(f"{name}.py")
        known = f"_tests_{path.parent.name}_{name}"
        if known not in sys.modules:
            spec = spec_from_file_location(known, path)
            if spec is None or spec.loader is None:
                raise ImportError(path)
            sys.modules[known] = module_from_spec(spec)
            spec.loader.exec_module(sys.modules[known])
        return sys.modules[known]

    return module


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Work stealing, as pytest.ini asks, of all tests but those together.

    xdist's own way to keep tests together, ``--dist loadgroup``, deals out all others one by one: it counts all that it
    dealt before at each of them, and a file's tests and what they share end up in every worker.
    """
    from xdist.scheduler import WorkStealingScheduling

    class Together(WorkStealingScheduling):
        keeper: Any = None
        kept: tuple[int, ...] = ()

        def _send_tests(self, node: Any, num: int) -> None:
            names = self.collection or []
            together = [i for i in self.pending if names[i].startswith(TOGETHER)]
            if together:  # the first worker to be sent anything; what it is sent apart from ``node2pending`` is never stolen
                self.pending[:] = [i for i in self.pending if i not in {*together}]
                self.keeper, self.kept = node, (*together,)
                node.send_runtest_some(together)
            super()._send_tests(node, max(0, num - len(together)))

        def mark_test_complete(self, node: Any, item_index: int, duration: float | None = 0) -> None:
            if item_index in self.kept:
                self.kept = tuple(i for i in self.kept if i != item_index)
                self.check_schedule()
            else:
                super().mark_test_complete(node, item_index, duration)

        @property
        def has_pending(self) -> bool:
            return bool(self.kept) or super().has_pending

        def remove_node(self, node: Any) -> str | None:
            if node is self.keeper:  # it crashed where any of these are left: another worker goes on with them
                self.node2pending[node] = [*self.kept, *self.node2pending[node]]
                self.keeper, self.kept = None, ()
            return super().remove_node(node)

    return Together(config, log) if config.getoption("dist") == "worksteal" else None


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


@pytest.fixture(scope="session")
def voorbeeldregio_2025() -> Reading:
    return read(EXAMPLES / "voorbeeldregio-2025")


@pytest.fixture(scope="session")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """``built("voorbeeldregio")``: a build of an example, to read only, made once in a run whatever the number of workers."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    @cache
    def make(name: str) -> Path:
        target = shared / f"built-{name}"
        if not target.is_dir():
            reading: Reading = request.getfixturevalue(name.replace("-", "_"))
            mine = tmp_path_factory.mktemp("built") / name
            write_edition(reading.landscape, {"findings": [], "tables": {}}, mine)
            try:
                mine.rename(target)
            except OSError:  # another worker was first
                assert target.is_dir()
        return target

    return make


@pytest.fixture(scope="session")
def sparql_read_once() -> Iterator[None]:
    """While it lasts RDFLib reads the same SPARQL once: pySHACL asks its few questions anew of every thing it looks at."""
    from rdflib.plugins.sparql import processor

    known: dict[tuple[str, tuple[tuple[str, str], ...]], Any] = {}
    parsed, translated = processor.parseQuery, processor.translateQuery

    def query(text: str, base: str | None, names: Mapping[str, str] | None) -> Any:
        key = (text, tuple(sorted((k, str(v)) for k, v in (names or {}).items())))
        if key not in known:
            known[key] = translated(parsed(text), base, names)
        return known[key]

    with patch.object(processor, "parseQuery", str), patch.object(processor, "translateQuery", query):
        yield


@pytest.fixture(scope="session", params=["gelderse-vallei", "voorbeeldregio"])
def example(request: pytest.FixtureRequest) -> Reading:
    """Both examples, one after the other."""
    found: Reading = request.getfixturevalue(request.param.replace("-", "_"))
    return found
