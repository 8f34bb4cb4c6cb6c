"""The library of named questions: a SPARQL file each, whose first lines say in nl and en what it asks, and a Cypher file.

Both give the same answer: SPARQL over a build, Cypher over a database, of the region ``$regio``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Question:
    """A named question: what it asks (by language), its SPARQL and its Cypher."""

    name: str
    asks: Mapping[str, str]
    sparql: str
    cypher: str


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
        cypher = (files(__package__) / f"{name}.cypher").read_text("utf-8")
        found[name] = Question(name, MappingProxyType(asks), text, cypher)
    return MappingProxyType(found)
