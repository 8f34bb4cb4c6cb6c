"""The library of named questions: one SPARQL file each, its first lines say in nl and en what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Question:
    """A named question: what it asks (by language) and its SPARQL."""

    name: str
    asks: Mapping[str, str]
    sparql: str


@cache
def questions() -> Mapping[str, Question]:
    """Every named question, by name."""
    found = {}
    for entry in sorted(files(__package__).iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".rq"):
            continue
        text = entry.read_text("utf-8")
        asks = {line[2:4]: line[6:].strip() for line in text.splitlines() if line.startswith(("# nl:", "# en:"))}
        name = entry.name.removesuffix(".rq")
        found[name] = Question(name, MappingProxyType(asks), text)
    return MappingProxyType(found)
