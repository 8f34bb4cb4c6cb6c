"""Questions of users in Cypher: they read this database and nothing else, and end in time; what is refused is told why."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

#: A server judges by its own plan.
pytestmark = pytest.mark.every_version

Tell = Callable[..., Any]


@pytest.fixture(scope="module")
def pushed(neo4j: Any, built: Callable[[str], Path]) -> Any:
    """A small region in the database, to read only."""
    from routekaart.graph.edition import open_build
    from routekaart.graph.stores.neo4j.address import Address
    from routekaart.graph.stores.neo4j.elements import PropertyGraph
    from routekaart.graph.stores.neo4j.push import push
    from routekaart.graph.stores.neo4j.server import Server

    neo4j.rows("MATCH (n) DETACH DELETE n")
    edition = open_build(built("gelderse-vallei"))
    with pytest.MonkeyPatch.context() as patched:
        for name, value in neo4j.environment.items():
            patched.setenv(name, value)
        with Server(Address.of(neo4j.uri)) as server:
            push(server, PropertyGraph(edition.landscape(), internal=True), edition.report())
    return neo4j


@pytest.fixture
def ask(pushed: Any, told: Tell) -> Iterator[Tell]:
    """What `query --cypher` says; afterwards the database holds what it held."""
    before = pushed.everything(), pushed.rows("SHOW INDEXES YIELD name"), pushed.rows("SHOW USERS YIELD user")
    yield lambda question, *more: told(pushed, "query", pushed.uri, "--cypher", question, *more)
    assert (pushed.everything(), pushed.rows("SHOW INDEXES YIELD name"), pushed.rows("SHOW USERS YIELD user")) == before


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """The address of a file in the web server of this machine, and the paths that were asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"een,twee\n")

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/x.csv", asked
        server.shutdown()


@pytest.mark.parametrize(
    "question",
    [
        "MATCH (n) SET n.x = 1",
        "CREATE (n:X) RETURN n",
        "MATCH (n) DETACH DELETE n",
        "MERGE (n:Partner {id: 'P001'}) RETURN n",
        "MATCH (n) CALL (n) { SET n.x = 1 } IN TRANSACTIONS RETURN 1",
        "CYPHER runtime=slotted MATCH (n) REMOVE n:Partner",
        "CREATE INDEX een FOR (n:Partner) ON (n.name)",
        "DROP CONSTRAINT routekaart_key",
        "CALL db.createLabel('x')",
    ],
)
def test_writing_is_refused(question: str, ask: Tell) -> None:
    ask(question).only("cypher-writes", 2)


# inside an expression a step is no step of the plan; each of these three fetched, or would have, before the text was looked at
NESTED = (
    "RETURN size([x IN [1] WHERE EXISTS {{ {} }}]) AS n",
    "MATCH (n:Partner) WHERE all(x IN [1] WHERE COUNT {{ {} }} > 0) RETURN n.id",
    "MATCH p=(:Route)-[:VAN*1..2]-() WHERE none(r IN relationships(p) WHERE EXISTS {{ {} }}) RETURN 1",
)
PLAIN = ("{}", "MATCH (n:Partner) CALL (n) {{ {} }} RETURN 1", "RETURN COLLECT {{ {} }} AS l")


@pytest.mark.parametrize("shape", [*PLAIN, *NESTED])
def test_nothing_is_fetched_from_elsewhere(shape: str, ask: Tell, elsewhere: tuple[str, list[str]]) -> None:
    url, asked = elsewhere
    for load in ("LOAD CSV FROM", "load /* x */ csv with headers from", "L\\u004fAD  CSV FROM"):
        ask(shape.format(f"{load} '{url}' AS l RETURN l")).only("cypher-fetches", 2, why="LOAD CSV")
    assert asked == []


@pytest.mark.parametrize("shape", [*PLAIN, *NESTED])
def test_procedures_of_the_server_are_refused(shape: str, ask: Tell) -> None:
    for call in ("CALL dbms.components()", "CALL `dbms` . `components` ( )"):
        said = ask(shape.format(f"{call} YIELD name RETURN name"))
        said.only("cypher-fetches", 2, why="dbms.components")
    assert ask(shape.format("CALL db.labels() YIELD label RETURN label")).code == 0


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("CALL dbms.listConfig() YIELD name RETURN name", "dbms.listConfig"),
        ("CALL tx.setMetaData({a: 1})", "tx.setMetaData"),
        ("SHOW USERS", "SHOW USERS"),
        ("SHOW DATABASES", "SHOW DATABASES"),
        ("CREATE USER ander SET PASSWORD 'geheim geheim'", "CREATE USER"),
        ("ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'", "ALTER CURRENT"),
        ("TERMINATE TRANSACTION 'neo4j-transaction-1'", "TERMINATE TRANSACTION"),
    ],
)
def test_the_server_and_its_users_are_left_alone(question: str, why: str, ask: Tell) -> None:
    ask(question).only("cypher-fetches", 2, why=why)


@pytest.mark.parametrize(
    ("question", "key", "why"),
    [
        ("MATCH (n RETURN n", "cypher-syntax", "(line 1, column 10)"),
        ("MATCH (n)\nRETURN m", "cypher-syntax", "(line 2, column 8)"),
        ("RETURN foo(1)", "cypher-syntax", "(line 1, column 8)"),
        ("", "cypher-syntax", ""),
        ("wie heeft een lijn met wie?", "cypher-syntax", "(line 1, column 1)"),
        (":use system", "cypher-syntax", "(line 1, column 1)"),
        ("RETURN 1; RETURN 2", "cypher-syntax", "one statement"),
        ("RETURN 1; MATCH (n) DETACH DELETE n", "cypher-syntax", "one statement"),
        ("USE system SHOW USERS", "cypher-syntax", ""),
        ("RETURN $naam", "cypher-parameter", "naam"),
        ("CALL apoc.load.json('http://127.0.0.1') YIELD value RETURN value", "cypher-procedure", "apoc.load.json"),
    ],
)
def test_what_is_no_question_is_told_where(question: str, key: str, why: str, ask: Tell) -> None:
    said = ask(question)
    said.only(key, 2)
    assert why in said.err
    assert "offset" not in said.err
    assert "EXPLAIN" not in said.err or not question


@pytest.mark.parametrize("question", ["RETURN 1 / 0", "MATCH (p:Partner) RETURN p.name / 2", "USE system RETURN 1"])
def test_a_question_that_fails_as_it_runs(question: str, ask: Tell) -> None:
    said = ask(question)
    assert (said.code, said.out) == (3, "")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    "question", ["UNWIND range(1, 10000000000) AS i RETURN i", "UNWIND range(1, 10000000000) AS i RETURN sum(i)"]
)
def test_a_question_that_takes_too_long_is_stopped(question: str, ask: Tell) -> None:
    began = time.monotonic()
    ask(question, "--seconds", "0.5").only("neo4j-too-long")
    assert time.monotonic() - began < 10


def test_what_reads_is_answered(ask: Tell) -> None:
    for question in ("RETURN 'LOAD of CSV, CALL me' AS x", "RETURN 1 AS x; ", "SHOW INDEXES", "CALL db.labels()"):
        assert ask(question).code == 0, question
