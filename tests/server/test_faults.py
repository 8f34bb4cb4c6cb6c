"""What goes wrong with a database: one sentence with the cure, exit code 3 (2 for a wrong call), and nothing else said or done.

A server that is lost in the middle of a push is in test_cut_off.py.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from routekaart.graph.stores.neo4j import server as connecting

Tell = Callable[..., Any]
Build = Callable[[str], Path]
BEFORE = (
    "CREATE (a:Partner {id: 'P001', name: 'van een ander', key: 'k'}), (a)-[:VERWIJST_NAAR {of: 'x'}]->(:Edition {region: 'r'})"
)


@pytest.fixture
def build(built: Build) -> str:
    return str(built("voorbeeldregio"))


@pytest.fixture
def theirs(empty: Any) -> Iterator[Any]:
    """A database that holds something else, and the same when the test ends."""
    empty.rows(BEFORE)
    before = empty.everything()
    yield empty
    assert empty.everything() == before
    assert empty.rows("SHOW CONSTRAINTS") == []


@pytest.fixture
def listening() -> Iterator[Callable[[bytes | None], str]]:
    """``listening(answer)``: host and port of something that answers that and hangs up, or never says a word (None)."""
    opened: list[socket.socket] = []

    def serve(listener: socket.socket, answer: bytes | None) -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:  # the test is over
                return
            opened.append(caller)
            if answer is not None:
                with suppress(OSError):
                    caller.recv(1024)
                    caller.sendall(answer)
                    caller.shutdown(socket.SHUT_RDWR)

    def start(answer: bytes | None) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        opened.append(listener)
        threading.Thread(target=serve, args=(listener, answer), daemon=True).start()
        return f"127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for one in opened:
        with suppress(OSError):  # it hung up already
            one.shutdown(socket.SHUT_RDWR)  # wakes up who still waits
        one.close()


# --- nobody there ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "neo4j+s"])
def test_a_server_that_is_down(scheme: str, build: str, neo4j: Any, told: Tell, told_outside: Tell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        uri = f"{scheme}://127.0.0.1:{free.getsockname()[1]}"
    told(neo4j, "neo4j", "push", build, "--uri", uri).only("neo4j-down", address=uri)
    # reading, where the driver would log of its own accord
    told_outside(neo4j, "status", uri).only("neo4j-down", address=uri)


def test_a_name_that_no_computer_has(build: str, neo4j: Any, told: Tell) -> None:
    uri = "neo4j://bestaat-niet.invalid:7687"  # RFC 6761: .invalid never resolves
    told(neo4j, "neo4j", "push", build, "--uri", uri).only("neo4j-host", host="bestaat-niet.invalid")
    told(neo4j, "query", uri, "--cypher", "RETURN 1").only("neo4j-host", host="bestaat-niet.invalid")


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"\0\0\0\0", b""])
def test_something_else_listens(answer: bytes, build: str, neo4j: Any, told: Tell, listening: Tell) -> None:
    uri = f"bolt://{listening(answer)}"
    told(neo4j, "neo4j", "push", build, "--uri", uri).only("neo4j-stranger", address=uri, needed="5.26")
    told(neo4j, "status", uri).only("neo4j-stranger", address=uri)


@pytest.mark.parametrize("scheme", ["bolt", "bolt+s", "neo4j"])
def test_who_never_answers_is_not_waited_for(
    scheme: str, build: str, neo4j: Any, told: Tell, listening: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connecting._ANSWER_SECONDS <= 10
    monkeypatch.setattr(connecting, "_ANSWER_SECONDS", 0.5)
    uri = f"{scheme}://{listening(None)}"
    told(neo4j, "neo4j", "push", build, "--uri", uri).only("neo4j-silent", address=uri, seconds="0.5")


# --- not let in --------------------------------------------------------------------------------------------
def test_a_wrong_password(build: str, theirs: Any, told: Tell) -> None:
    wrong = replace(theirs, password="een gok van ons")
    told(wrong, "neo4j", "push", build).only("neo4j-password", address=theirs.uri)
    told(wrong, "status", theirs.uri).only("neo4j-password", address=theirs.uri)
    told(replace(theirs, user="niemand", password="een gok"), "status", theirs.uri).only("neo4j-password")


def test_no_password_and_nobody_to_ask(build: str, theirs: Any, told: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {k: v for k, v in theirs.environment.items() if k != "NEO4J_PASSWORD"}
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    monkeypatch.setattr(type(theirs), "environment", environment)
    told(theirs, "neo4j", "push", build).only("neo4j-no-password", 2, user="neo4j")
    told(theirs, "status", theirs.uri).only("neo4j-no-password", 2, user="neo4j")


@pytest.fixture
def user(neo4j: Any) -> Iterator[Callable[[str], Any]]:
    """Users of a test's own, so that none of ours is locked out."""
    if neo4j.server is None:
        pytest.skip("a server that is not ours gets no users")
    made: list[str] = []

    def make(name: str, more: str = "CHANGE NOT REQUIRED") -> Any:
        made.append(name)
        neo4j.rows(f"CREATE USER {name} SET PASSWORD 'voor deze test' {more}")
        return replace(neo4j, user=name, password="voor deze test")

    yield make
    for name in made:
        neo4j.rows(f"DROP USER {name}")


def test_a_password_that_is_wrong_too_often(build: str, theirs: Any, told: Tell, user: Tell) -> None:
    guest = replace(user("gast"), password="een gok van ons")
    # three times at most (dbms.security.auth_max_failed_attempts); each call tries once
    for _ in range(3):
        told(guest, "neo4j", "push", build).only("neo4j-password")
    told(guest, "neo4j", "push", build).only("neo4j-password-wait", address=theirs.uri)
    told(guest, "status", theirs.uri).only("neo4j-password-wait", address=theirs.uri)


def test_a_password_that_must_be_changed_first(build: str, theirs: Any, told: Tell, user: Tell) -> None:
    fresh = user("nieuw", "CHANGE REQUIRED")
    told(fresh, "neo4j", "push", build).only("neo4j-password-expired", address=theirs.uri)
    told(fresh, "status", theirs.uri).only("neo4j-password-expired", address=theirs.uri)


# --- not that database -------------------------------------------------------------------------------------
@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_database_that_is_not_there(scheme: str, build: str, theirs: Any, told: Tell) -> None:
    uri = theirs.uri.replace("bolt", scheme)
    told(theirs, "neo4j", "push", build, "--uri", uri, "--database", "zorg").only("neo4j-database", address=uri, database="zorg")
    told(theirs, "status", f"{uri}/zorg").only("neo4j-database", address=uri, database="zorg")
    told(theirs, "neo4j", "push", build, NEO4J_DATABASE="geen naam!").only("neo4j-database", database="geen naam!")


def test_the_database_of_the_server_itself(build: str, theirs: Any, told: Tell) -> None:
    told(theirs, "neo4j", "push", build, "--database", "system").only("neo4j-system", 2, database="system")
    told(theirs, "status", f"{theirs.uri}/system").only("neo4j-system", 2, database="system")


def test_a_database_with_nothing_of_ours(theirs: Any, told: Tell) -> None:
    told(theirs, "status", theirs.uri).only("neo4j-empty", 2, address=f"{theirs.uri}/{theirs.database}")
    told(theirs, "query", theirs.uri, "--cypher", "RETURN 1").only("neo4j-empty", 2)


def test_a_server_that_is_too_old(build: str, server_of: Tell, database_of: Tell, told: Tell) -> None:
    with server_of("4.4") as server:
        old = database_of(server)
        held = "MATCH (n) OPTIONAL MATCH (n)-[x]->(m) RETURN n, x, m ORDER BY n.id"
        old.rows(BEFORE)
        before = old.rows(held)
        for scheme in ("bolt", "neo4j"):
            uri = old.uri.replace("bolt", scheme)
            told(old, "neo4j", "push", build, "--uri", uri).only("neo4j-version", version="4.4.46", needed="5.26")
            told(old, "status", uri).only("neo4j-version")
            told(old, "query", uri, "--cypher", "RETURN 1").only("neo4j-version")
        assert old.rows(held) == before
        assert old.rows("SHOW CONSTRAINTS") == []


# --- TLS ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scheme", ["bolt+s", "bolt+ssc", "neo4j+s", "neo4j+ssc"])
def test_a_server_without_tls(scheme: str, build: str, theirs: Any, told: Tell) -> None:
    uri = theirs.uri.replace("bolt", scheme)
    told(theirs, "neo4j", "push", build, "--uri", uri).only("neo4j-tls", address=uri)
    told(theirs, "status", uri).only("neo4j-tls", address=uri)


def test_a_certificate_that_nobody_knows(
    version: str, build: str, server_of: Tell, certified: Tell, database_of: Tell, told: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = server_of(version)
    authority = certified(server)
    with server:
        there = database_of(server)
        for scheme in ("bolt+s", "neo4j+s"):
            uri = there.uri.replace("bolt", scheme)
            told(there, "neo4j", "push", build, "--uri", uri).only("neo4j-certificate", address=uri)
            told(there, "status", uri).only("neo4j-certificate", address=uri)
        told(there, "neo4j", "push", build).only("neo4j-stranger", address=there.uri)
        trusting = there.uri.replace("bolt", "bolt+ssc")
        assert told(there, "neo4j", "push", build, "--uri", trusting, "--internal").code == 0
        assert told(there, "status", trusting).code == 0
        # the cure of the sentence: the machine trusts the authority (OpenSSL reads this variable)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        secure = there.uri.replace("bolt", "bolt+s")
        again = told(there, "neo4j", "push", build, "--uri", secure, "--internal", "--format", "json")
        assert (again.code, '"repaired": false' in again.out, again.err.count("\n")) == (0, True, 1)


# --- wrong calls -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "uri",
    [
        "127.0.0.1:7687",
        "http://127.0.0.1:7474",
        "neo4j+x://127.0.0.1",
        "bolt://",
        "bolt://:7687",
        "bolt://127.0.0.1:99999",
        "bolt://127.0.0.1:zeven",
        "bolt://[::1",
        "http://ik:Geheim9@127.0.0.1:7474",
        "bolt://ik:Ge[heim9@127.0.0.1",
        "bolt://ik:Ge/heim9@127.0.0.1",
        "neo4j:Geheim9@127.0.0.1",
    ],
)
def test_what_is_no_address(uri: str, build: str, neo4j: Any, told: Tell) -> None:
    shown = uri.replace("ik:Geheim9@", "").replace("ik:Ge[heim9@", "").replace("ik:Ge/heim9@", "").replace("neo4j:Geheim9@", "")
    told(neo4j, "neo4j", "push", build, "--uri", uri).only("neo4j-uri", 2, value=shown)
    told(neo4j, "neo4j", "push", build, NEO4J_URI=uri).only("neo4j-uri", 2, value=shown)
    if "://" in uri:  # without it, it is a folder
        told(neo4j, "status", uri).only("neo4j-uri", 2, value=shown)


@pytest.mark.parametrize("who", ["ik:Geheim9@", "ik@", ":Geheim9@", "ik:Geh%40eim9@", "ik:Ge@heim9@", "@"])
def test_a_password_in_the_address_is_never_said(who: str, build: str, neo4j: Any, told: Tell) -> None:
    uri = f"bolt://{who}127.0.0.1:7687"
    told(neo4j, "neo4j", "push", build, "--uri", uri).only("neo4j-password-in-uri", 2)
    told(neo4j, "status", uri).only("neo4j-password-in-uri", 2)
    told(neo4j, "neo4j", "push", uri, "--uri", uri).only("neo4j-password-in-uri", 2)
    told(neo4j, "neo4j", "import-files", uri, "-o", "x").only("neo4j-push-from-server", 2, value="bolt://127.0.0.1:7687")
