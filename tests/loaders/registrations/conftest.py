"""What the tests of logs share: modules beside this file."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def by_hand(beside: Callable[[str, str], ModuleType]) -> ModuleType:
    """``by_hand``: ``count(rows, …)`` gives the tables of a log by plain Python."""
    return beside(__file__, "by_hand")


@pytest.fixture(scope="session")
def logs(beside: Callable[[str, str], ModuleType]) -> ModuleType:
    """``logs``: rows written as a log and counted, and what came out as dicts."""
    return beside(__file__, "logs")
