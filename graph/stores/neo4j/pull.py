"""A landscape read back from a database: the same tables that were pushed, but for superseded waits.

Small counts of families come back only where they were pushed; else those cells are empty, and the edition tells how many.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any, Final, NoReturn

import polars as pl

from ...landscape import Landscape, dtype
from ...schema import FORMAT, TABLES, Kind, Table
from . import names
from .address import Address, Neo4jError
from .names import FORMATTED, INCOMPLETE, KEY, LEFT_OUT, LISTED, MARK, OWNER, REGION, REPORT, WITHHELD
from .server import Server

#: Rows that become a frame at a time: the lists of Python that they arrive in take ten times its memory.
_CHUNK: Final = 20_000


@dataclass(frozen=True)
class ServerEdition:
    """The edition of one region in a database, opened; it is read anew by each call.

    ``left_out`` counts of families are not there because they are small.
    """

    address: Address
    region: str
    report: dict[str, Any]
    left_out: int

    def landscape(self) -> Landscape:
        """The tables (Neo4jError when the server is lost)."""
        with Server(self.address) as server:
            return read(server, self.region)

    def findings(self) -> list[dict[str, Any]]:
        """The findings of the build that was pushed, as JSON objects."""
        found: list[dict[str, Any]] = self.report.get("findings", [])
        return found

    def store(self) -> NoReturn:
        """Nothing: SPARQL is asked of a build, Cypher of a database."""
        raise Neo4jError("neo4j-sparql", address=self.address)


def open_edition(address: Address) -> ServerEdition:
    """The edition at ``address``.

    Raises Neo4jError when there is none, when several regions are there and the address chooses none, when the last push
    was cut off, or when a version with other tables pushed it.
    """
    with Server(address) as server:
        found = server.read(f"MATCH (e:{MARK}:Edition) RETURN e ORDER BY e.{REGION}").records
    editions = {str(r["e"][REGION]): r["e"] for r in found}
    if not editions:
        raise Neo4jError("neo4j-empty", address=address)
    known = ", ".join(editions)
    if address.region is None and len(editions) > 1:
        raise Neo4jError("neo4j-which-region", known=known, address=address, example=next(iter(editions)))
    region = address.region or next(iter(editions))
    if region not in editions:
        raise Neo4jError("neo4j-no-region", value=region, known=known)
    edition = editions[region]
    if edition.get(INCOMPLETE):
        raise Neo4jError("neo4j-incomplete", outside=True, address=address)
    if edition.get(FORMATTED) != FORMAT:
        raise Neo4jError("neo4j-other-version", address=address)
    return ServerEdition(address, region, json.loads(edition.get(REPORT) or "{}"), int(edition.get(LEFT_OUT) or 0))


def read(server: Server, region: str) -> Landscape:
    """The tables of ``region`` in the database."""
    small = _small(server, region)
    return Landscape.of({t.name: table(server, t, region, small) for t in TABLES.values()})


def _small(server: Server, region: str) -> dict[str, dict[str, int]]:
    """The withheld counts by the key of their row."""
    query = f"MATCH (w:{MARK}:{WITHHELD}) WHERE w.{REGION} = $region RETURN w.{OWNER}, properties(w)"
    counts = {c.name for t in TABLES.values() for c in t.stored if c.kind is Kind.FAMILIES}
    with server.stream(query, region=region) as rows:
        return {owner: {k: v for k, v in said.items() if k in counts} for owner, said in rows}


def table(server: Server, of: Table, region: str, small: Mapping[str, Mapping[str, int]] = MappingProxyType({})) -> pl.DataFrame:
    """The rows of one table; ``small`` are the withheld counts by the key of their row."""
    columns = of.stored
    cells = ", ".join(f"n.`{c.name}`" for c in columns)
    query = f"MATCH (n:{MARK}:{names.label(of)}) WHERE n.{REGION} = $region AND NOT n:{LISTED} RETURN n.{KEY}, {cells}"
    schema = {KEY: pl.String(), **{c.name: dtype(c) for c in columns}}
    with server.stream(query, region=region) as rows:
        frames = [pl.DataFrame(chunk, schema=schema, orient="row") for chunk in _chunks(rows)]
    frame = pl.concat(frames) if frames else pl.DataFrame(schema=schema)
    for column in columns:
        if column.kind is Kind.FAMILIES:
            said = {k: v[column.name] for k, v in small.items() if column.name in v}
            found = pl.col(KEY).replace_strict(list(said), list(said.values()), default=None, return_dtype=pl.Int64)
            frame = frame.with_columns(pl.coalesce(column.name, found).alias(column.name) if said else pl.col(column.name))
    return frame.drop(KEY)


def _chunks(rows: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk
