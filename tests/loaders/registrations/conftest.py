"""What the tests of logs share: modules beside this file."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


def _beside(name: str) -> ModuleType:
    """A module that lies beside this file (tests are no package)."""
    known = sys.modules.get(f"_registrations_{name}")
    if known is not None:
        return known
    spec = spec_from_file_location(f"_registrations_{name}", Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = module_from_spec(spec)
    sys.modules[f"_registrations_{name}"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def by_hand() -> ModuleType:
    """``by_hand``: ``count(rows, …)`` gives the tables of a log by plain Python."""
    return _beside("by_hand")


@pytest.fixture(scope="session")
def logs() -> ModuleType:
    """``logs``: rows written as a log and counted, and what came out as dicts."""
    return _beside("logs")
