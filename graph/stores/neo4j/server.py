"""A Neo4j server: where it is, who we are there, and its errors in our own sentences.

``neo4j://`` follows the routing of a cluster, ``bolt://`` speaks to one server; ``+s`` encrypts and trusts what the machine
trusts, ``+ssc`` encrypts and trusts any certificate (https://neo4j.com/docs/python-manual/current/connect-advanced/).
Passwords come from NEO4J_PASSWORD or are asked for, and are nowhere kept, shown or logged.
"""

from __future__ import annotations

import logging
import os
import socket
import ssl
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from getpass import getpass
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from .address import Address, Neo4jError

if TYPE_CHECKING:
    from neo4j import Driver, EagerResult, ManagedTransaction, Session
    from neo4j.exceptions import Neo4jError as FromServer

T = TypeVar("T")

SUPPORTED: Final = (5, 26)
"""The oldest server that we write for: the long-term release; later ones are numbered by year (2025.01 …)."""
#: How long what may pass (a server that starts anew) is tried again, and how long a call waits for an answer.
_RETRY_SECONDS: Final = 20.0
_PAUSE: Final = 0.2
_CONNECT_SECONDS: Final = 5.0
_ANSWER_SECONDS: Final = 10.0


def credentials(address: Address) -> tuple[str, str]:
    """User and password from the environment; without a password it is asked for, where somebody is there to answer."""
    user = os.environ.get("NEO4J_USERNAME") or "neo4j"
    password = os.environ.get("NEO4J_PASSWORD")
    if password is None:
        if not (sys.stdin and sys.stdin.isatty()):
            raise Neo4jError("neo4j-no-password", user=user)
        password = getpass(f"{user}@{address.uri}: ")
    return user, password


def _hush() -> None:
    """Keep the driver from writing of its own accord what it tries again: what fails in the end is told by an error.

    Programs that ask for logs get them still.
    """
    log = logging.getLogger("neo4j")
    if not log.handlers:
        log.addHandler(logging.NullHandler())


class Server:
    """An open connection to one database, to use in ``with``; every error leaves it as a Neo4jError."""

    def __init__(self, address: Address) -> None:
        from neo4j import GraphDatabase

        _hush()
        if address.database and address.database.casefold() == "system":
            raise Neo4jError("neo4j-system", database=address.database)
        self.address = address
        self._met = False
        auth = credentials(address)
        # without a filter of notifications: Bolt before 5 knows none, and a server that is too old could not tell its version
        with self._told():
            self._driver: Driver = GraphDatabase.driver(
                address.uri,
                auth=auth,
                max_transaction_retry_time=-1,  # not by the driver: _again knows what helps
                connection_timeout=_CONNECT_SECONDS,
                connection_acquisition_timeout=_ANSWER_SECONDS,
                user_agent="routekaart",
            )

    def __enter__(self) -> Server:
        try:
            with self._told():
                self._driver.verify_connectivity()
                self._met = True
                if self.address.database is None:
                    # always named: without it the driver asks anew for every transaction
                    home = self.read("CALL db.info() YIELD name RETURN name")
                    self.address = replace(self.address, database=str(home.records[0]["name"]))
                self.version = self._version()
        except BaseException:
            self._driver.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._driver.close()

    def _version(self) -> str:
        found = self.read("CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0] AS version")
        version = str(found.records[0]["version"])
        numbers = tuple(int(n) for n in version.split("-")[0].split(".")[:2] if n.isdigit())
        if numbers < SUPPORTED:
            raise Neo4jError("neo4j-version", outside=True, version=version, needed=".".join(map(str, SUPPORTED)))
        return version

    def read(self, query: str, **parameters: Any) -> EagerResult:
        """The whole answer to a query that only reads."""
        from neo4j import RoutingControl

        return self._again(
            lambda _: self._driver.execute_query(
                query, parameters_=parameters, database_=self.address.database, routing_=RoutingControl.READ
            )
        )

    def write(self, query: str, **parameters: Any) -> EagerResult:
        """Run one query in a transaction of its own, tried again when the server says that this may help."""
        return self._again(lambda _: self._driver.execute_query(query, parameters_=parameters, database_=self.address.database))

    def transaction(self, work: Callable[[ManagedTransaction, int], T]) -> T:
        """What ``work(transaction, attempt)`` returns, in one transaction; attempt 2 and on may follow a commit that did land."""

        def managed(attempt: int) -> T:
            with self._session() as session:
                return session.execute_write(work, attempt)

        return self._again(managed)

    def _again(self, task: Callable[[int], T]) -> T:
        """What ``task(attempt)`` returns, tried again where the driver says that this may help, for _RETRY_SECONDS.

        Want of memory is left out, though the driver thinks that it may pass: only less at a time helps, and at once.
        """
        from neo4j.exceptions import DriverError
        from neo4j.exceptions import Neo4jError as FromServer

        attempt, until, pause = 0, 0.0, _PAUSE
        while True:
            attempt += 1
            with self._told():
                try:
                    return task(attempt)
                except (DriverError, FromServer) as error:
                    until = until or monotonic() + _RETRY_SECONDS
                    short = isinstance(error, FromServer) and self._refused(error).code == "neo4j-memory"
                    if short or not error.is_retryable() or monotonic() + pause > until:
                        raise
            sleep(pause)
            pause *= 2

    @contextmanager
    def stream(self, query: str, **parameters: Any) -> Iterator[Iterator[list[Any]]]:
        """Rows of values as they arrive, for answers too large to keep."""
        from neo4j import READ_ACCESS

        with self._told(), self._session(default_access_mode=READ_ACCESS) as session, session.begin_transaction() as transaction:
            yield (record.values() for record in transaction.run(query, parameters))

    def explained(self, query: str, parameters: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """What kind of query it is (``r`` reads only) and the plan that the server makes of it; nothing runs."""
        from neo4j import READ_ACCESS

        with self._told(), self._session(default_access_mode=READ_ACCESS) as session:
            summary = session.run(f"EXPLAIN {query}", parameters).consume()  # type: ignore[arg-type]
            return summary.query_type or "", summary.plan or {}

    def answer(self, query: str, parameters: Mapping[str, Any], seconds: float) -> tuple[list[str], list[list[Any]]]:
        """Columns and rows of a query that reads, stopped by the server after ``seconds``."""
        from neo4j import READ_ACCESS, Query

        with self._told(), self._session(default_access_mode=READ_ACCESS) as session:
            result = session.run(Query(query, timeout=seconds), parameters)  # type: ignore[arg-type]
            return list(result.keys()), [record.values() for record in result]

    def _session(self, **more: Any) -> Session:
        # one manager of bookmarks for all sessions: what one wrote the next sees, in a cluster too
        return self._driver.session(
            database=self.address.database, bookmark_manager=self._driver.execute_query_bookmark_manager, **more
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        """The driver's errors as ours."""
        from neo4j.exceptions import ConfigurationError, DriverError
        from neo4j.exceptions import Neo4jError as FromServer

        try:
            yield
        except FromServer as error:
            raise self._refused(error) from error
        except (DriverError, ConfigurationError, OSError) as error:
            raise self._unreached(error) from error

    def _refused(self, error: FromServer) -> Neo4jError:
        code, why = error.code or "", (error.message or "").strip().split("\n")[0]
        sentence = next((s for part, s in _REFUSALS.items() if part in code), "neo4j-refused")
        if sentence == "neo4j-refused" and any(part in why for part in ("read-only", "read only")):
            sentence = "neo4j-read-only"
        wrong_call = sentence.startswith("cypher-")
        return Neo4jError(sentence, outside=not wrong_call, address=self.address.uri, database=self.address.database, why=why)

    def _unreached(self, error: BaseException) -> Neo4jError:
        """What the driver could not do: the first of the reasons that we have a sentence for, among all that it names."""
        reasons = [*_reasons(error)]
        kind, sentence = next(
            ((k, s) for k, s in _unreachable() if any(isinstance(r, k) for r in reasons)), (BaseException, "neo4j-stuck")
        )
        if self._met and sentence != "neo4j-stuck":
            sentence = "neo4j-lost"
        reason = next(r for r in reasons if isinstance(r, kind))
        why = reason.verify_message if isinstance(reason, ssl.SSLCertVerificationError) else str(error).split("\n")[0]
        host = urlsplit(self.address.uri).hostname
        seconds = f"{_ANSWER_SECONDS:g}"
        needed = ".".join(map(str, SUPPORTED))
        return Neo4jError(sentence, outside=True, address=self.address.uri, host=host, seconds=seconds, needed=needed, why=why)


def _reasons(error: BaseException) -> Iterator[BaseException]:
    """An error and all behind it; one that stands for a group (a cluster's servers, each tried) leads to each of them."""
    waiting = [error]
    while waiting:
        found = waiting.pop(0)
        yield found
        waiting += getattr(found, "exceptions", ())
        if behind := found.__cause__ or found.__context__:
            waiting.append(behind)


def _unreachable() -> tuple[tuple[type[BaseException], str], ...]:
    """Sentence by kind of reason, the most telling first."""
    from neo4j.exceptions import ServiceUnavailable, SessionExpired, UnsupportedServerProduct

    return (
        (ssl.SSLCertVerificationError, "neo4j-certificate"),
        (ssl.SSLError, "neo4j-tls"),
        (socket.gaierror, "neo4j-host"),
        (TimeoutError, "neo4j-silent"),
        (ConnectionRefusedError, "neo4j-down"),
        (ConnectionError, "neo4j-stranger"),
        (OSError, "neo4j-down"),
        (ServiceUnavailable, "neo4j-stranger"),
        (UnsupportedServerProduct, "neo4j-stranger"),
        (SessionExpired, "neo4j-lost"),
    )


#: Sentence by a part of the server's status code (https://neo4j.com/docs/status-codes/current/).
_REFUSALS: Final[Mapping[str, str]] = {
    "Security.Unauthorized": "neo4j-password",
    "Security.AuthenticationRateLimit": "neo4j-password-wait",
    "Security.CredentialsExpired": "neo4j-password-expired",
    "Security.Forbidden": "neo4j-forbidden",
    "Database.DatabaseNotFound": "neo4j-database",
    "Database.DatabaseUnavailable": "neo4j-database-off",
    "General.ForbiddenOnReadOnlyDatabase": "neo4j-read-only",
    "General.WriteOnReadOnlyAccessDatabase": "neo4j-read-only",
    "General.DatabaseUnavailable": "neo4j-database-off",
    "General.MemoryPoolOutOfMemoryError": "neo4j-memory",
    "General.TransactionOutOfMemoryError": "neo4j-memory",
    "General.OutOfMemoryError": "neo4j-memory",
    "Transaction.TransactionTimedOut": "neo4j-too-long",
    "Statement.SyntaxError": "cypher-syntax",
    "Statement.ParameterMissing": "cypher-parameter",
    "Statement.AccessMode": "cypher-writes",
    "Procedure.ProcedureNotFound": "cypher-procedure",
    "ClientError.Statement.": "query-failed",
}
