"""What docstrings refer to is there: modules move, and a reference that leads nowhere misleads."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1]
ROOMS = ("cli", "graph", "loaders", "ontology", "visualisations")
MODULES = sorted(p for room in ROOMS for p in (PACKAGE / room).rglob("*.py") if p.name != "__init__.py")


def stands(name: str) -> bool:
    """Whether ``name`` (from the package down) is a module, or something that a module names."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        path = PACKAGE.joinpath(*parts[1:length])
        files = [path.with_suffix(".py"), path / "__init__.py"] if length > 1 else []
        for file in (f for f in files if f.is_file()):
            rest = parts[length:]
            return not rest or re.search(rf"\b{rest[0]}\b", file.read_text("utf-8")) is not None
    return False


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_references_lead_somewhere(module: Path) -> None:
    room = ["routekaart", *module.relative_to(PACKAGE).parts[:-1]]
    for kind, told in re.findall(r":(mod|data|class|func):`~?([^`<]+)`", module.read_text("utf-8")):
        dots, name = len(told) - len(told.lstrip(".")), told.strip(". ")
        if dots:
            found = stands(".".join([*room[: len(room) - dots + 1], name]))
        elif kind == "mod" or "." in name:
            found = any(stands(".".join([*room[:n], name])) for n in range(1, len(room) + 1))
            found = found or stands(name) or importlib.util.find_spec(name.split(".")[0]) is not None
        else:
            continue  # something of the module itself
        assert found, f"{module.relative_to(PACKAGE)}: {told}"
