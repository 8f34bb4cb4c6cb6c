"""A real Neo4j server for the tests of this folder, on every version that is wanted.

The folder is not called ``neo4j``: pytest would then give that name to the folder, and hide the driver.

ROUTEKAART_NEO4J holds the versions to test on (``5.26``, ``2026.08``; both where it names none) and the word ``required``
where the tests must run (continuous integration): what is missing then fails. With NEO4J_URI (and NEO4J_USERNAME,
NEO4J_PASSWORD, NEO4J_DATABASE) they run on that server instead, provided that its database holds nothing at all.
"""

from __future__ import annotations

import os
import re
import string
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn
from zlib import crc32

import pytest
import trustme
from neo4j import Driver, GraphDatabase, Session

from routekaart.cli import app
from routekaart.ontology.catalogue import sentences

BOTH = ("5.26", "2026.08")
WANTED = [word for word in re.split(r"[\s,]+", os.environ.get("ROUTEKAART_NEO4J", "")) if word]
VERSIONS = [word for word in WANTED if word != "required"] or [*BOTH]
if unknown := {*VERSIONS} - {*BOTH}:
    raise pytest.UsageError(f"ROUTEKAART_NEO4J knows {', '.join(BOTH)} and required, not {', '.join(sorted(unknown))}")
GIVEN = os.environ.get("NEO4J_URI")
HERE = Path(__file__).parent
SLOW = "test_cut_off.py"
#: What is pushed whole in some tests, in turns over the versions.
LARGE = ("gelderse-vallei", "voorbeeldregio", "hostile")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """One worker runs them all (tests/conftest.py), whichever way the tests are spread: servers start once.

    Tests of what servers themselves decide (what a question would do, how named questions are answered) are marked
    ``every_version``. The others take minutes a version: those that kill servers and pushers run on the newest one that is
    wanted, and the rest on one of them each, in turns, whole examples too. To run them all on a version, name only that one
    (``ROUTEKAART_NEO4J=5.26``).
    """
    left_out = []
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("neo4j"))
            if not _on_this_version(item):
                left_out.append(item)
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def _on_this_version(item: pytest.Item) -> bool:
    params = getattr(item, "callspec", None)
    version = None if params is None else params.params.get("neo4j", params.params.get("version"))
    if params is None or version not in VERSIONS or item.get_closest_marker("every_version"):
        return True
    if item.path.name == SLOW:
        return version == VERSIONS[-1]
    large = [LARGE.index(value) for value in params.params.values() if value in LARGE]
    turn = large[0] if large else crc32(item.name.partition("[")[0].encode())
    return VERSIONS.index(version) == turn % len(VERSIONS)


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    def only(self, key: str, code: int = 3, /, **values: object) -> None:
        """It said the sentence ``errors.KEY`` and nothing more; places that ``values`` leave open hold anything."""
        sentence = ""
        for literal, name, _, _ in string.Formatter().parse(sentences()[f"errors.{key}"]["nl"]):
            sentence += re.escape(literal) + ("" if not name else re.escape(str(values[name])) if name in values else ".+")
        assert re.fullmatch(sentence + "\n", self.err), (key, self)
        assert (self.code, self.out) == (code, "")


@dataclass(frozen=True)
class Database:
    """Where a database is and how to get in; ``server`` is None on a server that is not ours to stop."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str
    version: str
    server: Any = None

    @property
    def environment(self) -> dict[str, str]:
        """The variables that tell a command the same."""
        return {
            "NEO4J_URI": self.uri,
            "NEO4J_USERNAME": self.user,
            "NEO4J_PASSWORD": self.password,
            "NEO4J_DATABASE": self.database,
        }

    def said(self, code: int, out: str, err: str) -> Said:
        """What a command said that had to do with this database: never its password."""
        assert self.password not in out + err
        return Said(code, out, err)

    def driver(self, **more: Any) -> Driver:
        return GraphDatabase.driver(self.uri, auth=(self.user, self.password), **more)

    def rows(self, cypher: str, **parameters: Any) -> list[dict[str, Any]]:
        """The answer to one question, by a connection of its own."""
        with self.driver() as driver:
            found = driver.execute_query(cypher, parameters, database_=self.database)
        return [record.data() for record in found.records]

    def everything(self) -> list[Any]:
        """All that it holds, told by its own ids: nothing is there unseen."""
        nodes = self.rows("MATCH (n) RETURN elementId(n) AS id, labels(n) AS labels, properties(n) AS p ORDER BY id")
        return nodes + self.rows(
            "MATCH (a)-[x]->(b) RETURN elementId(x) AS id, type(x) AS t, properties(x) AS p, "
            "elementId(a) AS a, elementId(b) AS b ORDER BY id"
        )

    def ours(self) -> list[str]:
        """The graph of routekaart without the database's own ids and without who wrote it when."""
        nodes = self.rows("MATCH (n:Routekaart) RETURN labels(n) AS l, n {.*, edition: null} AS p")
        links = self.rows(
            "MATCH (a:Routekaart)-[x]->(b:Routekaart) RETURN a.key AS a, type(x) AS t, b.key AS b, properties(x) AS p"
        )
        for row in (*nodes, *links):
            row["p"] = sorted(row["p"].items(), key=str)
        return sorted(map(repr, [*({**r, "l": sorted(r["l"])} for r in nodes), *links]))


def unavailable(why: object) -> NoReturn:
    message = f"THE TESTS ON A NEO4J SERVER DO NOT RUN: {why}"
    if "required" in WANTED:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def servers(beside: Callable[[str, str], ModuleType]) -> ModuleType:
    """``servers.Server`` and what it needs."""
    return beside(__file__, "servers")


@pytest.fixture(scope="session")
def wire_to(beside: Callable[[str, str], ModuleType]) -> Callable[..., Any]:
    """``wire_to(database, after_commit=3)``: a way to its server that breaks at that moment."""
    wires = beside(__file__, "wires")

    def make(database: Database, **moment: int) -> Any:
        if database.server is None:
            pytest.skip("a server that is not ours may be far away")
        return wires.Wire(database.server.port, **moment)

    return make


@pytest.fixture(scope="session")
def oldest() -> str:
    """The oldest of the versions that are wanted."""
    return VERSIONS[0]


@pytest.fixture(scope="session")
def newest() -> str:
    """The newest of them."""
    return VERSIONS[-1]


@pytest.fixture(scope="session", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    """Every version that is wanted, for tests that start servers of their own (``server_of(version)``)."""
    found: str = request.param
    return found


@pytest.fixture(scope="session", params=["NEO4J_URI"] if GIVEN else VERSIONS)
def neo4j(request: pytest.FixtureRequest, servers: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database on every version that is wanted, shared by all tests: take ``empty`` to find nothing in it.

    Tests that stop, kill or reconfigure a server take ``server_of`` instead.
    """
    if GIVEN:
        yield from _given(GIVEN)
        return
    try:
        server = servers.Server(request.param, tmp_path_factory.mktemp("neo4j"))
    except servers.NoServerError as missing:
        unavailable(missing)
    with server:
        yield _database(server)


@pytest.fixture
def empty(neo4j: Database) -> Database:
    """``neo4j`` with nothing in it: no node, no constraint, no index but Neo4j's own two."""
    with neo4j.driver() as driver, driver.session(database=neo4j.database) as session:
        _clear(session)
    return neo4j


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """What a command says: ``told(database, "status", uri)``, where the environment tells the way into the database."""

    def call(database: Database, *arguments: str, **environment: str) -> Said:
        for name, value in {**database.environment, **environment}.items():
            monkeypatch.setenv(name, value)
        code = app.run(list(arguments))
        return database.said(code, *capsys.readouterr())

    return call


@pytest.fixture
def told_outside() -> Callable[..., Said]:
    """The same by a process of its own, where nothing of pytest stands between: what a library logs is heard."""

    def call(database: Database, *arguments: str, program: tuple[str, ...] = ("-m", "routekaart.cli")) -> Said:
        done = subprocess.run(
            [sys.executable, *program, *arguments],
            env={**os.environ, **database.environment},
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
        return database.said(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture
def server_of(servers: ModuleType, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Servers of a test's own, not started: ``server_of("5.26", {"server.databases.read_only": "neo4j"})``.

    ``with server_of(version) as server`` starts one; what still runs when the test ends is killed.
    """
    made: list[Any] = []

    def make(name: str, settings: Mapping[str, str] | None = None) -> Any:
        try:
            made.append(servers.Server(name, tmp_path / f"neo4j-{len(made)}", settings))
        except servers.NoServerError as missing:
            unavailable(missing)
        return made[-1]

    yield make
    for server in made:
        server.kill()


@pytest.fixture
def certified(tmp_path: Path) -> Callable[[Any], Path]:
    """Let a server that does not run yet speak TLS: gives the file of the authority that vouches for it, unknown to all."""

    def certify(server: Any) -> Path:
        authority = trustme.CA()
        mine = authority.issue_cert("127.0.0.1", "localhost")
        server.certify(mine.private_key_pem.bytes(), b"".join(part.bytes() for part in mine.cert_chain_pems))
        path = tmp_path / "authority.pem"
        authority.cert_pem.write_to_path(path)
        return path

    return certify


@pytest.fixture(scope="session")
def database_of() -> Callable[[Any], Database]:
    """The database of a server that runs: ``database_of(server).rows("RETURN 1 AS one")``."""
    return _database


def _database(server: Any) -> Database:
    return Database(server.uri, server.user, server.password, server.database, server.release.version, server)


def _given(uri: str) -> Iterator[Database]:
    """The server of NEO4J_URI, left as empty as it was found; tests delete all they see, so they begin only on nothing."""
    told = os.environ.get
    name = told("NEO4J_DATABASE", "neo4j")
    found = Database(uri, told("NEO4J_USERNAME", "neo4j"), told("NEO4J_PASSWORD", ""), name, "")
    with found.driver() as driver, driver.session(database=name) as session:
        if _count(session) or any(_schema(session)):
            pytest.fail(f"The tests delete all that is in a database, and {name} at NEO4J_URI is not empty: give another")
        version = driver.get_server_info().agent.removeprefix("Neo4j/")
        yield Database(uri, found.user, found.password, name, version)
        _clear(session)


def _count(session: Session) -> int:
    record = session.run("MATCH (n) RETURN count(n) AS number").single(strict=True)
    number: int = record["number"]
    return number


def _schema(session: Session) -> tuple[list[str], list[str]]:
    """The names of the constraints, and of the indexes that are neither a constraint's nor Neo4j's own."""
    constraints = session.run("SHOW CONSTRAINTS YIELD name").value()
    indexes = "SHOW INDEXES YIELD name, type, owningConstraint WHERE type <> 'LOOKUP' AND owningConstraint IS NULL RETURN name"
    return constraints, session.run(indexes).value()


def _clear(session: Session) -> None:
    """Delete all there is, ten thousand nodes at a time: one transaction would hold them all in memory."""
    if _count(session):
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()
    constraints, indexes = _schema(session)
    for kind, names in (("CONSTRAINT", constraints), ("INDEX", indexes)):
        for name in names:
            session.run(f"DROP {kind} `{name}`").consume()
