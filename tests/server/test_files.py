"""What leaves as files ends in the same database: a real bulk import, and a script of Cypher statements."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from routekaart.graph.exports.cypher import export, statements
from routekaart.graph.landscape import Landscape
from routekaart.graph.stores.neo4j import pull
from routekaart.graph.stores.neo4j.address import Address
from routekaart.graph.stores.neo4j.bulk import SCRIPT, write_files
from routekaart.graph.stores.neo4j.elements import PropertyGraph
from routekaart.graph.stores.neo4j.push import push
from routekaart.graph.stores.neo4j.server import Server
from routekaart.loaders.read import Reading


def imported(server: Any, graph: PropertyGraph, folder: Any) -> None:
    """Run the very command of the script, by the importer of the server's own version."""
    folder.mkdir()
    write_files(graph, folder)
    script = (folder / SCRIPT).read_text("utf-8")
    words = shlex.split(script[script.index("database import full") :].replace("\\\n", " ").replace('"${1:-neo4j}"', "neo4j"))
    absolute = [_absolute(w, folder) for w in words]
    server.admin(*absolute)


def _absolute(word: str, folder: Any) -> str:
    """The files of an argument with their folder before them: the importer runs in the server's home."""
    if not word.startswith(("--nodes=", "--relationships=")):
        return word
    option, label, files = word.split("=", 2)
    return f"{option}={label}={','.join(str(folder / f) for f in files.split(','))}"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Address]:
    def enter(database: Any) -> Address:
        for name, value in database.environment.items():
            monkeypatch.setenv(name, value)
        return Address.of(database.uri)

    return enter


def test_a_bulk_import_is_what_a_push_would_have_written(
    newest: str,
    server_of: Callable[..., Any],
    database_of: Callable[[Any], Any],
    environment: Callable[[Any], Address],
    voorbeeldregio: Reading,
    tmp_path: Any,
) -> None:
    graph = PropertyGraph(voorbeeldregio.landscape, internal=True)
    server = server_of(newest)
    imported(server, graph, tmp_path / "files")
    with server:
        address = environment(database_of(server))
        with Server(address) as opened:
            done = push(opened, graph, {"findings": []})
            assert done.nothing
            assert not done.repaired
            assert {c.name: c.found for c in done.nodes} == graph.nodes()
            assert {c.name: c.found for c in done.relationships} == graph.relationships()
            found = pull.read(opened, graph.region)
        assert found == voorbeeldregio.landscape.without_superseded_waits()


def hostile(landscape_of: Callable[..., Landscape]) -> Landscape:
    texts = ['"quotes" \\', "\\' or \\\"", "'}) DETACH DELETE n //", "é ☃ 漢字", "a, b;c\ttab", "$rows", "two\nlines", "=1+1"]
    partners = [{"id": f"P {n}/é#%", "naam": t, "niet_voor": t, "andere_namen": f"{t};x"} for n, t in enumerate(texts)]
    routes = [{"id": "R/1#?", "van": "P 0/é#%", "naar": "P 1/é#%", "soort": "verwijzing", "voorwaarden": texts[0]}]
    return landscape_of(partners=partners, routes=routes)


def test_hostile_texts_survive_the_bulk_import(
    oldest: str,
    server_of: Callable[..., Any],
    database_of: Callable[[Any], Any],
    environment: Callable[[Any], Address],
    landscape_of: Callable[..., Landscape],
    tmp_path: Any,
) -> None:
    landscape = hostile(landscape_of)
    server = server_of(oldest)
    imported(server, PropertyGraph(landscape), tmp_path / "files")
    with server, Server(environment(database_of(server))) as opened:
        assert push(opened, PropertyGraph(landscape), {}).nothing
        assert pull.read(opened, landscape.settings.id) == landscape.without_superseded_waits()


@pytest.mark.parametrize("which", ["gelderse-vallei", "hostile"])
def test_the_cypher_script_makes_what_a_push_would_have_written(
    which: str,
    empty: Any,
    environment: Callable[[Any], Address],
    gelderse_vallei: Reading,
    landscape_of: Callable[..., Landscape],
) -> None:
    landscape = gelderse_vallei.landscape if which == "gelderse-vallei" else hostile(landscape_of)
    with empty.driver() as driver, driver.session(database=empty.database) as session:
        for statement in statements(landscape):
            session.run(statement).consume()
    with Server(environment(empty)) as opened:
        done = push(opened, PropertyGraph(landscape), {})
        assert done.nothing
        assert not done.repaired


def test_the_same_landscape_gives_the_same_bytes(voorbeeldregio: Reading, tmp_path: Any) -> None:
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        rows = write_files(PropertyGraph(voorbeeldregio.landscape), tmp_path / name)
        script = BytesIO()
        export(voorbeeldregio.landscape, "cypher", script)
        written.append((rows, {f.name: f.read_bytes() for f in (tmp_path / name).iterdir()}, script.getvalue()))
    assert written[0] == written[1]
    # a data file and a header each, and the script
    assert len(written[0][1]) == 2 * len(written[0][0]) + 1
