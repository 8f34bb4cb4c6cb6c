"""A push that is cut off anywhere: one sentence, reading refuses what is half there, and the next push makes exactly the right graph.

Whoever pushes is a process of its own that writes in small transactions, and stops for us at the moment that a test names:
its N-th writing, done but not yet committed. Then it, its server or the network between them is taken away.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from routekaart.graph.stores.neo4j import server as connecting
from routekaart.graph.stores.neo4j import writing

Tell = Callable[..., Any]
OTHERS = "CREATE (a:Partner {id: 'P001', key: 'k'}), (a)-[:VERWIJST_NAAR {of: 'x'}]->(:Edition {region: 'r'})"
THEIRS = "MATCH (n) WHERE NOT 'Routekaart' IN labels(n) OPTIONAL MATCH (n)-[x]-(m) RETURN n, properties(x) AS x, m ORDER BY n.key"
ROWS = 40
#: Pushes as ``routekaart`` does, and stops at one moment while the file ``sign`` is there. At moment 0 it does not stop, and leaves
#: in that file a letter for each writing: t for a transaction, w for a query by itself.
PUSHER = f"""
import sys, threading, time
from pathlib import Path
from types import ModuleType
from routekaart.cli import app
from routekaart.graph.stores.neo4j import server, writing

writing._ROWS, server._RETRY_SECONDS = {ROWS}, 0.5
moment, sign = int(sys.argv.pop(1)), Path(sys.argv.pop(1))
writings, counting = "", threading.Lock()
transaction, write = server.Server.transaction, server.Server.write


def written(letter):
    global writings
    with counting:
        writings += letter
        here = len(writings) == moment
    if here:
        sign.touch()
        while sign.exists():
            time.sleep(0.02)


def in_transaction(self, work):
    def and_stop(given, attempt):
        done = work(given, attempt)
        written("t")
        return done
    return transaction(self, and_stop)


def in_one(self, query, **parameters):
    written("w")
    return write(self, query, **parameters)


server.Server.transaction, server.Server.write = in_transaction, in_one
code = app.run(sys.argv[1:])
if not moment:
    sign.write_text(writings)
sys.exit(code)
"""


@dataclass(frozen=True)
class Whole:
    """The graph of a push that nobody stopped, and its writings: a letter each."""

    graph: list[str]
    writings: str

    @property
    def marked(self) -> int:
        """The writing that says of the edition that it is not whole yet: the last before the first transaction."""
        return self.writings.index("t")

    @property
    def transactions(self) -> int:
        return self.writings.count("t")

    @property
    def end(self) -> int:
        """The writing that says that it is whole."""
        return len(self.writings)


@pytest.fixture
def build(built: Callable[[str], Path]) -> str:
    return str(built("gelderse-vallei"))


@pytest.fixture(scope="module")
def whole(neo4j: Any, built: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """What an empty database gets."""
    neo4j.rows("MATCH (n) DETACH DELETE n")
    sign = tmp_path_factory.mktemp("whole") / "sign"
    done = subprocess.run(
        [sys.executable, "-c", PUSHER, "0", str(sign), "neo4j", "push", str(built("gelderse-vallei")), "--internal"],
        env={**os.environ, **neo4j.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = Whole(neo4j.ours(), sign.read_text())
    neo4j.rows("MATCH (n) DETACH DELETE n")
    assert made.transactions > 10
    return made


@dataclass
class Pusher:
    """A process that pushes, and what it said when it has ended."""

    process: subprocess.Popen[str]
    out: str = ""
    err: str = ""


@contextmanager
def stopped(database: Any, build: str, moment: int, sign: Path) -> Iterator[Pusher]:
    """Someone who pushes, stopped at a moment; goes on when the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", PUSHER, str(moment), str(sign), "neo4j", "push", build, "--internal"],
        env={**os.environ, **database.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    pusher = Pusher(process)
    try:
        until = time.monotonic() + 60
        while not sign.exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until
            time.sleep(0.02)
        yield pusher
        sign.unlink(missing_ok=True)
        pusher.out, pusher.err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()


def clear(database: Any) -> None:
    """Take away what is ours, a little at a time: a server may have little memory."""
    with database.driver() as driver, driver.session(database=database.database) as session:
        for part in ("(:Routekaart)-[x]->()", "(x:Routekaart)"):
            while session.run(f"MATCH {part} WITH x LIMIT 1000 DELETE x RETURN count(*)").single(strict=True).value():
                pass


def half(database: Any, told: Tell) -> None:
    """Nobody reads what is half there."""
    address = f"{database.uri}/{database.database}"
    told(database, "status", database.uri).only("neo4j-incomplete", address=address)
    told(database, "query", database.uri, "--name", "partners-zonder-route").only("neo4j-incomplete", address=address)


def finishes(database: Any, build: str, told: Tell, expected: list[str]) -> None:
    """The next push ends in exactly that graph, at once: nothing had to be written twice."""
    said = told(database, "neo4j", "push", build, "--internal", "--format", "json")
    assert said.code == 0, said
    assert '"repaired": false' in said.out
    assert database.ours() == expected


# --- who pushes is killed ----------------------------------------------------------------------------------
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_pusher_that_is_killed(empty: Any, build: str, whole: Whole, told: Tell, tmp_path: Path) -> None:
    empty.rows(OTHERS)
    theirs = empty.rows(THEIRS)
    # the schema is there; the first nodes; later nodes or the first relationships; the last ones; the end
    first, last = whole.marked + 1, whole.marked + whole.transactions
    for moment in (whole.marked, first, (first + last) // 2, last, whole.end):
        with stopped(empty, build, moment, tmp_path / "sign") as pusher:
            pusher.process.send_signal(signal.SIGKILL)
        if moment >= first:
            half(empty, told)
        else:
            told(empty, "status", empty.uri).only("neo4j-empty", 2)
        finishes(empty, build, told, whole.graph)
        assert empty.rows(THEIRS) == theirs
        clear(empty)


# --- the network between them is cut -----------------------------------------------------------------------
@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_ROWS", ROWS)


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize("side", ["before_commit", "after_commit"])
def test_a_commit_whose_answer_is_lost(side: str, wire_to: Tell, empty: Any, build: str, whole: Whole, told: Tell) -> None:
    """Nobody knows whether it landed: the push ends there, and the next sees what is there."""
    first, last = whole.marked + 1, whole.marked + whole.transactions
    for commit in ((first + last) // 2, last):  # some of the commits before it only read
        with wire_to(empty, **{side: commit}) as wire:
            told(empty, "neo4j", "push", build, "--internal", "--uri", wire.uri).only("neo4j-lost", address=wire.uri)
            assert wire.cuts == 1
        half(empty, told)
        finishes(empty, build, told, whole.graph)
        clear(empty)


def test_a_network_that_comes_back_is_not_even_noticed(
    wire_to: Tell, empty: Any, build: str, whole: Whole, told_outside: Tell
) -> None:
    """The driver tries again, and says nothing of it; the second attempt may not write twice."""
    sized = 0
    for part in (None, 0.3, 0.7):
        with wire_to(empty, after_bytes=int(sized * part) if part else 0) as wire:
            said = told_outside(empty, "neo4j", "push", build, "--internal", "--uri", wire.uri)
            sized = sized or wire.bytes
            assert wire.cuts == bool(part)
        assert (said.code, said.err) == (0, ""), said
        assert empty.ours() == whole.graph
        clear(empty)


# --- the server is killed, or has too little ------------------------------------------------------------------
@pytest.fixture(scope="module")
def fragile(neo4j: Any, servers: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server of the same version that tests may kill."""
    if neo4j.server is None:
        pytest.skip("a server that is not ours is not killed")
    name = next(n for n, release in servers.RELEASES.items() if release is neo4j.server.release)
    with servers.Server(name, tmp_path_factory.mktemp("fragile")) as server:
        yield server


@pytest.fixture
def there(fragile: Any, database_of: Tell) -> Iterator[Any]:
    """The database of that server, which holds something else as well, and holds that still when the test ends."""
    found = database_of(fragile)
    if not found.rows(THEIRS):
        found.rows(OTHERS)
    before = found.rows(THEIRS)
    clear(found)
    yield found
    assert found.rows(THEIRS) == before


def killed(fragile: Any, there: Any, build: str, moment: int, sign: Path) -> None:
    """The server ends as at a power cut while somebody pushes, who says so in one sentence."""
    with stopped(there, build, moment, sign) as pusher:
        fragile.kill()
    there.said(pusher.process.returncode, pusher.out, pusher.err).only("neo4j-lost", address=there.uri)


def test_a_server_that_is_killed_among_the_nodes(
    fragile: Any, there: Any, build: str, whole: Whole, told: Tell, tmp_path: Path
) -> None:
    killed(fragile, there, build, whole.marked + 2, tmp_path / "sign")
    fragile.start()
    half(there, told)
    finishes(there, build, told, whole.graph)


def test_a_server_that_is_killed_among_the_relationships(
    fragile: Any, there: Any, build: str, whole: Whole, told: Tell, tmp_path: Path
) -> None:
    """It starts again, but for reading only; then as it was."""
    killed(fragile, there, build, whole.marked + round(0.8 * whole.transactions), tmp_path / "sign")
    # written to once more before it may only be read: indexes that a kill left half filled cannot be filled then
    fragile.start()
    there.rows("CALL db.awaitIndexes(60)")
    fragile.restart({"server.databases.read_only": "neo4j"})
    half(there, told)
    before = there.everything()
    told(there, "neo4j", "push", build).only("neo4j-read-only", database="neo4j")
    assert there.everything() == before
    del fragile.settings["server.databases.read_only"]
    fragile.restart()
    half(there, told)
    finishes(there, build, told, whole.graph)


def test_a_server_that_is_killed_just_before_the_end(
    fragile: Any, there: Any, build: str, whole: Whole, told: Tell, tmp_path: Path
) -> None:
    killed(fragile, there, build, whole.end, tmp_path / "sign")
    fragile.start({"db.memory.transaction.max": "2m"})
    half(there, told)
    finishes(there, build, told, whole.graph)


def test_a_transaction_that_is_too_large_goes_in_parts(
    fragile: Any, there: Any, build: str, whole: Whole, told: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "db.memory.transaction.max" not in fragile.settings:  # this test alone
        fragile.restart({"db.memory.transaction.max": "2m"})
    refused: list[str] = []
    waited: list[float] = []
    refuse = connecting.Server._refused
    monkeypatch.setattr(connecting.Server, "_refused", lambda self, error: refused.append(error.code) or refuse(self, error))
    monkeypatch.setattr(connecting, "sleep", waited.append)
    finishes(there, build, told, whole.graph)
    # the server refused several, each went in halves at once, and none was tried again as it was: that takes for ever
    assert len(refused) > 3
    assert {code.rpartition(".")[2] for code in refused} == {"MemoryPoolOutOfMemoryError"}
    assert waited == []


def test_a_step_that_cannot_be_smaller(
    fragile: Any, there: Any, build: str, whole: Whole, told: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "db.memory.transaction.max" not in fragile.settings:
        fragile.restart({"db.memory.transaction.max": "2m"})
    with monkeypatch.context() as patched:
        patched.setattr(writing, "_FEWEST", 10_000)  # more than there are: what does not fit is not halved
        told(there, "neo4j", "push", build, "--internal").only("neo4j-memory")
    half(there, told)
    finishes(there, build, told, whole.graph)
