"""What the tests of RDF share: the good region, the ways to break it, and files to validate."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routekaart.loaders.rdf import Validation, validate

ONTOLOGY_TESTS = Path(__file__).parents[2] / "ontology"
Check = Callable[..., Validation]


@pytest.fixture(scope="session")
def good() -> str:
    """A region with one thing of every kind, without fault, as Turtle."""
    return (ONTOLOGY_TESTS / "good.ttl").read_text("utf-8")


@pytest.fixture(scope="session")
def prefixes(good: str) -> str:
    return "\n".join(line for line in good.splitlines() if line.startswith("@prefix"))


@pytest.fixture(scope="session")
def broken() -> tuple[Any, ...]:
    """Every way to break a rule that test_shapes.py has: the shape, triples beside the good region, what is then said."""
    cases: tuple[Any, ...] = runpy.run_path(str(ONTOLOGY_TESTS / "test_shapes.py"))["BROKEN"]
    assert len(cases) > 90
    return cases


@pytest.fixture
def checked(tmp_path: Path) -> Check:
    """``checked(text)``: what is wrong in a file with that text; ``name`` tells its syntax."""

    def check(text: str | bytes, name: str = "data.ttl") -> Validation:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return validate(file)

    return check
