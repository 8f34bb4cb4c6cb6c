"""What the tests of the command line share: builds of the examples, to read only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def gv(built: Callable[[str], Path]) -> str:
    """A build of the real region."""
    return str(built("gelderse-vallei"))


@pytest.fixture(scope="session")
def vr(built: Callable[[str], Path]) -> str:
    """A build of the made-up region."""
    return str(built("voorbeeldregio"))


@pytest.fixture(scope="session")
def vr25(built: Callable[[str], Path]) -> str:
    """A build of the made-up region a year earlier."""
    return str(built("voorbeeldregio-2025"))
