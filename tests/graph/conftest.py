"""What the tests of the core share: small random regions, and the same questions answered by hand."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def regions(beside: Callable[[str, str], ModuleType]) -> ModuleType:
    """``random_regions``: ``made(seed)`` gives tables, ``landscape(tables)`` a Landscape, ``region(…)`` one by hand."""
    return beside(__file__, "random_regions")


@pytest.fixture(scope="session")
def by_hand(beside: Callable[[str, str], ModuleType]) -> ModuleType:
    """``by_hand``: every simple way written out on the rows of the tables."""
    return beside(__file__, "by_hand")
