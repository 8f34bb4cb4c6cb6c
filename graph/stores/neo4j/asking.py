"""Questions in Cypher, of ours and of users: they only read, stay at the server and end at a time limit.

The server itself refuses to write in a reading session; what it would still fetch from elsewhere (LOAD CSV, procedures of
plug-ins) or do to others (TERMINATE) is refused here, by the plan that it makes of the question rather than by its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..answer import QueryError, Table
from .address import Neo4jError
from .pull import ServerEdition
from .server import Server

REGION_PARAMETER: Final = "regio"
#: Procedures whose answer comes from this database.
_HOME: Final = ("db.",)
#: What stands inside an expression is no step of its own: only the text of the step that works the expression out tells it.
_NESTED_LOAD: Final = re.compile(r"\bLOAD\s+CSV\b", re.IGNORECASE)
_NESTED_CALL: Final = re.compile(r"\b(?:CALL\s+|ResolvedCall\()([^\s(){}][^(){}]*)\(", re.IGNORECASE)
#: Where an error is. EXPLAIN, before the question, moves its first line; line 0 is nowhere.
_WHERE: Final = re.compile(r" ?\(line (\d+), column (\d+)[^)]*\)+")
_EXPLAIN: Final = len("EXPLAIN ")


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
    try:
        kind, plan = server.explained(query, parameters)
    except Neo4jError as error:
        if not error.code.startswith("cypher-"):
            raise
        raise QueryError(error.code, why=_WHERE.sub(_place, str(error.values.get("why", "")))) from error
    for step in _steps(plan):
        if strange := _strange(step, query):
            raise QueryError("cypher-fetches", why=strange)
    if kind != "r":
        raise QueryError("cypher-writes")


def _steps(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for child in plan.get("children", ()):
        yield from _steps(child)


def _strange(step: Mapping[str, Any], query: str) -> str | None:
    """What a step does outside this database, or to those who use it."""
    operator, details = str(step.get("operatorType", "")), str(step.get("args", {}).get("Details", ""))
    if "LoadCSV" in operator or _NESTED_LOAD.search(details):
        return "LOAD CSV"
    if "AdministrationCommand" in operator or "TerminateTransactions" in operator:
        return " ".join(query.split()[:2])
    called = [details.partition("(")[0]] if "ProcedureCall" in operator else []
    called += [name.replace("`", "").strip() for name in _NESTED_CALL.findall(details)]
    return next((name for name in called if not name.startswith(_HOME)), None)


def _place(found: re.Match[str]) -> str:
    line, column = int(found[1]), int(found[2])
    if not line:
        return ""
    return f" (line {line}, column {max(1, column - _EXPLAIN) if line == 1 else column})"


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
