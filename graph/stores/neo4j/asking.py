"""Questions in Cypher, of ours and of users: they only read, stay at the server and end at a time limit.

The server itself refuses to write in a reading session; what it would still fetch from elsewhere (LOAD CSV, procedures of
plug-ins) is refused here, by the plan that it makes of the question rather than by its words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..answer import QueryError, Table
from .pull import ServerEdition
from .server import Server

REGION_PARAMETER: Final = "regio"
#: Procedures whose answer comes from this database.
_HOME: Final = ("db.",)


def ask(edition: ServerEdition, query: str, seconds: float = 30.0) -> Table:
    """The answer to ``query`` (``$regio`` is the region of the edition).

    Raises QueryError when it writes, fetches, is wrong or takes longer than ``seconds``; Neo4jError when the server is lost.
    """
    parameters = {REGION_PARAMETER: edition.region}
    with Server(edition.address) as server:
        _checked(server, query, parameters)
        columns, rows = server.answer(query, parameters, seconds)
    return Table(tuple(columns), tuple(tuple(_text(v) for v in row) for row in rows))


def _checked(server: Server, query: str, parameters: Mapping[str, Any]) -> None:
    kind, plan = server.explained(query, parameters)
    if kind != "r":
        raise QueryError("cypher-writes")
    for step in _steps(plan):
        operator, details = str(step.get("operatorType", "")), str(step.get("args", {}).get("Details", ""))
        fetches = "LoadCSV" in operator
        if fetches or ("ProcedureCall" in operator and not details.startswith(_HOME)):
            raise QueryError("cypher-fetches", why="LOAD CSV" if fetches else details.partition("(")[0])


def _steps(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for child in plan.get("children", ()):
        yield from _steps(child)


def _text(value: Any) -> str | None:
    """A value as SPARQL answers it; lists with ``;``, a node by its IRI or name."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(_text(v) or "" for v in value)
    if isinstance(value, Mapping):
        return str(value.get("iri") or value.get("name") or dict(value))
    if hasattr(value, "items"):
        return _text(dict(value.items()))
    return str(value)
