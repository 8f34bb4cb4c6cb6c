"""Oxigraph: the embedded store that answers SPARQL over a build.

Questions of users are parsed first (reading only, no SERVICE), and run in a child process that is
killed at the time limit, because Oxigraph has no limit of its own and does reach out over SERVICE.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from ...ontology.terms import PREFIXES, ttl
from .answer import QueryError, Table
from .rdf import PUBLIC

TIME_LIMIT: Final = 30.0
"""Seconds that a question may take."""


def load(edition: Path, folder: Path) -> None:
    """Load the public graph of a build and the ontology into a new store at ``folder``."""
    store = ox.Store(str(folder))
    store.bulk_load(path=str(edition / PUBLIC), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    for name in ("routekaart.ttl", "concepts.ttl"):
        store.bulk_load(ttl(name), format=ox.RdfFormat.TURTLE)
    store.flush()
    del store


def with_prefixes(query: str) -> str:
    """``query`` with our prefixes before it, but for those that it declares itself."""
    lowered = query.casefold()
    lines = [f"PREFIX {p}: <{i}>" for p, i in PREFIXES.items() if f"prefix {p}:" not in lowered]
    return "\n".join([*lines, query])


def checked(query: str) -> str:
    """The question with prefixes, if it only reads and stays at home; QueryError otherwise."""
    from pyparsing import ParseException
    from rdflib.plugins.sparql.parser import parseQuery
    from rdflib.plugins.sparql.parserutils import CompValue

    whole = with_prefixes(query)
    try:
        parsed = parseQuery(whole)
    except ParseException as error:
        raise QueryError("query-syntax", why=query.strip()[:80].partition("\n")[0]) from error

    def names(node: Any) -> Iterator[str]:
        if isinstance(node, CompValue):
            yield node.name
            for value in node.values():
                yield from names(value)
        elif isinstance(node, Iterable) and not isinstance(node, str):
            for value in node:
                yield from names(value)

    if "ServiceGraphPattern" in set(names(parsed)):
        raise QueryError("query-service")
    return whole


def ask(store: Path, query: str, seconds: float = TIME_LIMIT) -> Table:
    """The answer to ``query`` over the store at ``store``.

    Raises QueryError when it is refused, wrong or takes longer than ``seconds``.
    """
    whole = checked(query)
    command = [sys.executable, "-I", "-c", _CHILD, str(store)]
    try:
        done = subprocess.run(command, input=whole.encode(), capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise QueryError("query-too-long", outside=True, why=f"{seconds:g}") from error
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise QueryError("query-failed", outside=True, why=said[-1] if said else "")
    answer = json.loads(done.stdout)
    return Table(tuple(answer["columns"]), tuple(tuple(row) for row in answer["rows"]))


#: The child knows nothing of routekaart: it opens the store read-only, asks, and prints JSON.
_CHILD: Final = """
import json, sys
import pyoxigraph as ox
try:
    answer = ox.Store.read_only(sys.argv[1]).query(sys.stdin.buffer.read().decode())
except (SyntaxError, OSError, RuntimeError, ValueError) as error:
    sys.exit(str(error))
if isinstance(answer, ox.QueryBoolean):
    table = {"columns": ["answer"], "rows": [[str(bool(answer)).lower()]]}
elif isinstance(answer, ox.QuerySolutions):
    names = [v.value for v in answer.variables]
    text = lambda node: None if node is None else node.value if hasattr(node, "value") else str(node)
    table = {"columns": names, "rows": [[text(row[n]) for n in names] for row in answer]}
else:
    table = {"columns": ["subject", "predicate", "object"],
             "rows": [[str(getattr(n, "value", n)) for n in (t.subject, t.predicate, t.object)] for t in answer]}
sys.stdout.write(json.dumps(table))
"""
