"""The property graph as a Cypher script, for whoever has cypher-shell or Neo4j Browser and nothing of ours.

It writes what ``neo4j push`` writes, so that a push afterwards finds nothing to do, but slowly: a region takes minutes, for
every statement has to be planned. Texts are escaped, never spliced in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, Final

from ..landscape import Landscape
from ..stores.neo4j.elements import Block, PropertyGraph
from ..stores.neo4j.names import EDITION, HASH, KEY, LISTED, MARK, REGION
from ..stores.neo4j.writing import INDEXES, KEYS, link_query, link_row

#: Rows in one statement: a server plans every statement anew, and long ones take it disproportionately long.
_ROWS: Final = 50


def export(landscape: Landscape, name: str, out: IO[bytes], lang: str = "nl") -> None:
    """Write statements that end in ``;``, one a line; counts of families below the threshold are left out."""
    for statement in statements(landscape):
        out.write(f"{statement};\n".encode())


def statements(landscape: Landscape) -> Iterator[str]:
    """The statements in the order in which they must run, each in a transaction of its own."""
    graph = PropertyGraph(landscape)
    yield from (*KEYS, *INDEXES)
    for block in graph.blocks:
        yield from _nodes(block, graph)
    for block in graph.blocks:
        if block.types:
            yield from _links(block)


def _nodes(block: Block, graph: PropertyGraph) -> Iterator[str]:
    labels = f"{block.label}:{LISTED}" if block.listed else block.label
    for rows in _parts(block):
        told = [
            {KEY: r[KEY], REGION: graph.region, EDITION: graph.edition, HASH: None if block.types else r[HASH], **r["properties"]}
            for r in rows
        ]
        yield f"UNWIND {_literal(told)} AS row MERGE (n:{MARK} {{{KEY}: row.{KEY}}}) SET n:{labels}, n += row"


def _links(block: Block) -> Iterator[str]:
    for rows in _parts(block):
        told = [link_row(r) for r in rows]
        yield link_query(block).replace("$rows", _literal(told), 1)


def _parts(block: Block) -> Iterator[list[dict[str, Any]]]:
    rows = list(block.rows())
    for start in range(0, len(rows), _ROWS):
        yield rows[start : start + _ROWS]


def _literal(value: Any) -> str:
    """A value as Cypher writes it (https://neo4j.com/docs/cypher-manual/current/values-and-types/)."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(_literal(v) for v in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'`{k}`: {_literal(v)}' for k, v in value.items() if v is not None)}}}"
    return "'" + "".join(_ESCAPES.get(sign, sign) for sign in str(value)) + "'"


_ESCAPES: Final = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u2028": "\\u2028", "\u2029": "\\u2029"}
