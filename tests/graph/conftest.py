"""What the tests of the core share: small random regions, and the same questions answered by hand."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


def _beside(name: str) -> ModuleType:
    """A module that lies beside this file (tests are no package)."""
    known = sys.modules.get(f"_tests_{name}")
    if known is not None:
        return known
    spec = spec_from_file_location(f"_tests_{name}", Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = module_from_spec(spec)
    sys.modules[f"_tests_{name}"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def regions() -> ModuleType:
    """``random_regions``: ``made(seed)`` gives tables, ``landscape(tables)`` a Landscape, ``region(…)`` one by hand."""
    return _beside("random_regions")


@pytest.fixture(scope="session")
def by_hand() -> ModuleType:
    """``by_hand``: every simple way written out on the rows of the tables."""
    return _beside("by_hand")
