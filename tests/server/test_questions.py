"""Cypher asked of a database gives what SPARQL gives of the build; commands answer alike from both."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routekaart.graph.edition import open_build
from routekaart.graph.questions import questions
from routekaart.graph.stores import oxigraph
from routekaart.graph.stores.neo4j import asking, pull
from routekaart.graph.stores.neo4j.address import Address
from routekaart.graph.stores.neo4j.elements import PropertyGraph
from routekaart.graph.stores.neo4j.push import push
from routekaart.graph.stores.neo4j.server import Server

#: Commands whose answers weigh, count, search and read words: each another part of the tables.
COMMANDS = (
    ["status"],
    ["offers", "--gemeente", "{place}", "--top", "0"],
    ["route", "--gemeente", "{place}", "--level", "3"],
    ["bottlenecks", "--gemeente", "{place}"],
    ["gaps", "--gemeente", "{place}"],
    ["short-lines", "--gemeente", "{place}"],
    ["indicators"],
    ["explain", "{partner}"],
)


@pytest.fixture(params=["gelderse-vallei", "voorbeeldregio"])
def both(
    request: pytest.FixtureRequest, empty: Any, built: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Address, Any]:
    """The same example as a build and in the database, small counts included."""
    for name, value in empty.environment.items():
        monkeypatch.setenv(name, value)
    out = built(request.param)
    edition = open_build(out)
    address = Address.of(empty.uri)
    with Server(address) as server:
        push(server, PropertyGraph(edition.landscape(), internal=True), edition.report())
    return out, address, empty


def rows_of(table: Any) -> Counter[tuple[str | None, ...]]:
    """Rows whatever their order among equals, and lists of names whatever theirs."""
    return Counter(tuple("; ".join(sorted(c.split("; "))) if c else None for c in row) for row in table.rows)


def test_every_named_question_has_the_same_answer_in_both(both: tuple[Path, Address, Any]) -> None:
    out, address, _ = both
    edition, store = pull.open_edition(address), open_build(out).store()
    answered = 0
    for question in questions().values():
        sparql, cypher = oxigraph.ask(store, question.sparql), asking.ask(edition, question.cypher)
        assert cypher.columns == sparql.columns, question.name
        assert rows_of(cypher) == rows_of(sparql), question.name
        answered += bool(sparql.rows)
    assert answered >= 8, "most questions must find something, or this compares nothing with nothing"


def test_commands_answer_alike_from_a_build_and_a_database(both: tuple[Path, Address, Any]) -> None:
    out, address, database = both
    landscape = open_build(out).landscape()
    place = landscape.municipality_names[landscape.region_municipalities[0]]
    partner = landscape["partners"]["id"][0]
    for command in COMMANDS:
        words = [w.format(place=place, partner=partner) for w in command]
        answers = []
        for where in (str(out), str(address)):
            call = [sys.executable, "-m", "routekaart.cli", words[0], where, *words[1:], "--format", "json"]
            done = subprocess.run(
                call, capture_output=True, text=True, env={**_environment(), **database.environment}, check=False
            )
            assert done.returncode == 0, done.stderr
            answers.append(json.loads(done.stdout))
        for answer in answers:
            if command == ["status"]:  # it counts superseded waits too, which a database does not hold
                answer["tables"].pop("wachttijden")
        assert answers[0] == answers[1], words
        assert answers[0], words


def _environment() -> dict[str, str]:
    import os

    return dict(os.environ)
