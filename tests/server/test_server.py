"""The servers that tests run on: they are what they say, keep what was committed, and are gone when they are stopped."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from neo4j import TrustCustomCAs, TrustSystemCAs
from neo4j.exceptions import AuthError, ServiceUnavailable

Server = Callable[..., Any]


def alive(pid: int) -> bool:
    """Whether a process is there (signal 0 is sent to nobody, but asks)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def listening(pid: int) -> set[str]:
    """The addresses that a process listens on, as Linux writes them: hexadecimal, 0100007F is 127.0.0.1."""
    mine = {str(f.readlink()) for f in Path(f"/proc/{pid}/fd").iterdir() if f.is_symlink()}
    rows = [
        row.split() for kind in ("tcp", "tcp6") for row in Path(f"/proc/{pid}/net/{kind}").read_text("ascii").splitlines()[1:]
    ]
    return {row[1].partition(":")[0] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in mine}


# --- the shared server ------------------------------------------------------------------------------------
@pytest.mark.every_version
def test_it_answers_and_is_the_version_that_was_asked_for(neo4j: Any) -> None:
    assert neo4j.rows("RETURN 1 AS one") == [{"one": 1}]
    (kernel,) = neo4j.rows(
        "CALL dbms.components() YIELD name, versions, edition WHERE name = 'Neo4j Kernel' RETURN versions[0] AS version"
    )
    assert kernel == {"version": neo4j.version}
    if neo4j.server is not None:
        assert neo4j.version in ("5.26.30", "2026.08.1")


def test_it_wants_its_password_and_says_it_nowhere(neo4j: Any) -> None:
    assert neo4j.password not in repr(neo4j)
    with pytest.raises(AuthError), type(neo4j)(neo4j.uri, neo4j.user, "a guess", neo4j.database, "").driver() as driver:
        driver.verify_connectivity()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_listens_on_this_machine_only(neo4j: Any) -> None:
    if neo4j.server is None:
        pytest.skip("a server that is not ours")
    # ::ffff:127.0.0.1, in four words of the machine's own byte order
    assert listening(neo4j.server.pid) <= {"0100007F", "0000000000000000FFFF00000100007F"}
    assert listening(neo4j.server.pid)


@pytest.mark.parametrize("turn", [1, 2])
def test_empty_is_empty_whatever_a_test_left(empty: Any, turn: int) -> None:
    assert empty.rows("MATCH (n) RETURN count(n) AS n") == [{"n": 0}]
    assert empty.rows("SHOW CONSTRAINTS YIELD name") == []
    assert len(empty.rows("SHOW INDEXES YIELD name")) == 2  # of labels and of types
    empty.rows("CREATE CONSTRAINT `a name` FOR (n:Thing) REQUIRE n.id IS UNIQUE")
    empty.rows("CREATE INDEX another FOR (n:Thing) ON (n.turn)")
    # more than one batch of 10,000, each with a relationship to the one before
    empty.rows("UNWIND range(1, 12000) AS id CREATE (:Thing {id: id, turn: $turn})-[:OF]->(:Other)", turn=turn)
    assert empty.rows("MATCH (n)-[r]->() RETURN count(r) AS n") == [{"n": 12_000}]


# --- servers of a test's own ------------------------------------------------------------------------------
def test_stop_kill_and_restart_keep_what_was_committed(version: str, server_of: Server, database_of: Server) -> None:
    with server_of(version) as server:
        first = server.pid
        database = database_of(server)
        with database.driver() as driver, driver.session(database="neo4j") as session:
            session.run("CREATE (:Kept {by: 'kill'})").consume()
            session.begin_transaction().run("CREATE (:Lost)").consume()  # never committed
            server.kill()
        assert not alive(first)
        with pytest.raises(ServiceUnavailable), database.driver() as driver:
            driver.verify_connectivity()
        server.start({"server.databases.default_to_read_only": "true"})
        assert server.pid not in (None, first)
        assert database.rows("MATCH (n) RETURN labels(n) AS labels, n.by AS by") == [{"labels": ["Kept"], "by": "kill"}]
        second = server.pid
        server.stop()
        assert not alive(second)
        assert "Stopped." in server.log
        server.stop()  # nothing is left to stop
    assert server.pid is None


def test_a_wrong_setting_ends_with_what_the_server_says_of_it(server_of: Server) -> None:
    server = server_of("5.26", {"server.no_such_setting": "1"})
    with pytest.raises(RuntimeError, match=r"server\.no_such_setting"):
        server.start()
    assert server.pid is None


def test_with_a_certificate_it_speaks_tls_to_who_trusts_it(server_of: Server, database_of: Server, certified: Any) -> None:
    server = server_of("5.26")
    authority = certified(server)
    with server:
        here = database_of(server)
        trusting = here.driver(encrypted=True, trusted_certificates=TrustCustomCAs(str(authority)))
        unknown = here.driver(encrypted=True, trusted_certificates=TrustSystemCAs())
        plain = here.driver()
        with trusting, unknown, plain:
            trusting.verify_connectivity()
            for refused in (unknown, plain):
                with pytest.raises(ServiceUnavailable):
                    refused.verify_connectivity()


@pytest.mark.every_version
def test_the_servers_own_import_fills_a_database(version: str, server_of: Server, database_of: Server, tmp_path: Path) -> None:
    server = server_of(version)
    nodes, relationships = tmp_path / "nodes.csv", tmp_path / "relationships.csv"
    nodes.write_text("id:ID,name,:LABEL\n1,Ede,Place\n2,Barneveld,Place\n", "utf-8")
    relationships.write_text(":START_ID,:END_ID,:TYPE\n1,2,NEAR\n", "utf-8")
    server.admin("database", "import", "full", "neo4j", f"--nodes={nodes}", f"--relationships={relationships}")
    with server:
        found = database_of(server).rows("MATCH (a)-[r]->(b) RETURN a.name AS a, type(r) AS r, b.name AS b")
    assert found == [{"a": "Ede", "r": "NEAR", "b": "Barneveld"}]
    with pytest.raises(RuntimeError, match="neo4j-admin ended with"):
        server.admin("database", "import", "full", "neo4j", "--nodes=no such file.csv")


# --- downloads --------------------------------------------------------------------------------------------
@pytest.fixture
def maven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Path]:
    """A Maven that brings one jar, writes down that it was asked, and ends as told; and an empty cache folder."""
    if sys.platform == "win32":
        pytest.skip("a shell script stands in for Maven")
    monkeypatch.setenv("ROUTEKAART_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    asked = tmp_path / "asked.txt"

    def ends(code: int) -> Path:
        script = tmp_path / "mvn"
        script.write_text(
            f'#!/bin/sh\necho "$@" >>{asked}\nfor last; do :; done\n'
            f'echo jar >"${{last#-DoutputDirectory=}}/one.jar"\necho "no such host"\nexit {code}\n'
        )
        script.chmod(0o755)
        return asked

    return ends


def test_half_a_download_does_not_count(servers: ModuleType, maven: Callable[[int], Path], tmp_path: Path) -> None:
    release = servers.RELEASES["5.26"]
    maven(1)
    with pytest.raises(servers.NoServerError, match="no such host"):
        servers.jars(release)
    assert list((tmp_path / "cache" / "neo4j").iterdir()) == []
    asked = maven(0)
    for _ in range(2):
        assert [p.name for p in servers.jars(release).iterdir()] == ["one.jar"]
    lines = asked.read_text().splitlines()
    assert len(lines) == 2  # the one that failed and the one that did not: the third time it is in the cache
    assert "-Dneo4j.version=5.26.30" in lines[1]


def test_what_is_missing_is_said_with_its_cure(servers: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTEKAART_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(servers.NoServerError, match="apt install maven"):
        servers.jars(servers.RELEASES["5.26"])
    monkeypatch.setattr(servers, "_javas", lambda: iter([tmp_path / "java"]))
    with pytest.raises(servers.NoServerError, match="Java 17 or 21"):
        servers.java(servers.RELEASES["5.26"])
