"""Transactions that write nodes, relationships and hashes: what they do, in which order, and how many at a time.

A *piece* is rows of one kind with their query, a *group* the pieces of one transaction, a *stage* the groups that may run
beside each other; a stage begins when the one before it has landed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from . import names
from .address import Neo4jError
from .elements import Block, PropertyGraph
from .names import EDITION, HASH, KEY, LISTED, MARK, OWNER, REGION
from .server import Server

if TYPE_CHECKING:
    from neo4j import ManagedTransaction

#: Rows in one transaction; halved where the server has too little memory for it.
_ROWS: Final = 5_000
_FEWEST: Final = 20
#: New rows of one label from which a query of its own pays: planning one takes a server as long as writing so many.
_SMALL: Final = 3_000
#: Transactions at the same time; more gave nothing on two cores.
_TOGETHER: Final = 2
GONE: Final = "RoutekaartVervallen"
"""Label of a node that is no longer in the build but to which others attached something: it is kept for them."""

KEYS: Final = (
    f"CREATE CONSTRAINT routekaart_key IF NOT EXISTS FOR (n:{MARK}) REQUIRE n.{KEY} IS UNIQUE",
    *(f"CREATE INDEX routekaart_{s.type.lower()} IF NOT EXISTS FOR ()-[x:{s.type}]-() ON (x.{OWNER})" for s in names.SHORTCUTS),
)
"""Behind every search for a node, and for the shortcut of a row: there before anything is written."""
INDEXES: Final = tuple(
    f"CREATE INDEX routekaart_{label.lower()} IF NOT EXISTS FOR (n:{label}) ON (n.{key})"
    for label, key in (("Partner", "id"), ("Offering", "id"), ("Municipality", "code"))
)
"""For people who look a thing up by its id: filled at once, after a first push, rather than row by row."""


@dataclass(frozen=True)
class Plan:
    """Keys by what happens to them; ``relinked`` rows are the same, but something they refer to is new."""

    new: frozenset[str]
    changed: frozenset[str]
    relinked: frozenset[str]
    gone: tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """Rows and what a transaction does with them: ``work(transaction, rows, attempt)`` tells how many it did."""

    work: Callable[[ManagedTransaction, list[Any], int], int]
    rows: list[Any]


Group = list[Piece]


# --- running ---------------------------------------------------------------------------------------------
def run(server: Server, stage: Iterable[Group]) -> Iterator[int]:
    """Run the groups of a stage a few at a time while the next are made; what each did, in order."""
    with ThreadPoolExecutor(_TOGETHER) as pool:
        waiting: deque[Future[int]] = deque()
        try:
            for group in stage:
                waiting.append(pool.submit(_in_parts, server, group))
                if len(waiting) > _TOGETHER:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _in_parts(server: Server, pieces: Group) -> int:
    """Do ``pieces`` in one transaction, or in smaller ones where the server has no memory for that many; how many rows."""
    try:
        return server.transaction(lambda transaction, attempt: sum(p.work(transaction, p.rows, attempt) for p in pieces))
    except Neo4jError as error:
        if error.code != "neo4j-memory" or sum(len(p.rows) for p in pieces) <= _FEWEST:
            raise
    if len(pieces) == 1:
        work, rows = pieces[0].work, pieces[0].rows
        pieces = [Piece(work, rows[: len(rows) // 2]), Piece(work, rows[len(rows) // 2 :])]
    half = len(pieces) // 2
    return _in_parts(server, pieces[:half]) + _in_parts(server, pieces[half:])


def _staged(several: Iterable[tuple[int, Iterator[Piece]]]) -> Iterator[Iterable[Group]]:
    """Stages of what comes as (number of rows, pieces): the small together in one transaction, the large each a stage."""
    group: Group = []
    held = 0
    for number, pieces in several:
        if group and held + number > _ROWS:
            yield [group]
            group, held = [], 0
        if number > _SMALL:
            yield ([piece] for piece in pieces)
            continue
        for piece in pieces:
            if group and group[-1].work is piece.work:
                piece = Piece(piece.work, group.pop().rows + piece.rows)
            group.append(piece)
        held += number
    if group:
        yield [group]


# --- nodes -----------------------------------------------------------------------------------------------
def nodes(graph: PropertyGraph, plan: Plan) -> Iterator[Iterable[Group]]:
    """New nodes, with their relationships where those end in what stands already, and the cells of changed ones."""
    return _staged(_node_pieces(graph, plan))


def _node_pieces(graph: PropertyGraph, plan: Plan) -> Iterator[tuple[int, Iterator[Piece]]]:
    of_any = partial(_created_any, types="|".join(sorted(set(names.TYPES.values()))))
    for block, fresh, late in _fresh(graph, plan):
        for linked, rows in ((True, fresh.filter(~late)), (False, fresh.filter(late))):
            if rows.height > _SMALL:
                yield rows.height, _created(block, rows, graph, linked=linked)
            elif not rows.is_empty():
                yield rows.height, iter([Piece(of_any, list(_any_rows(block, rows, graph, linked=linked)))])
        keys = [k for k in block.frame[KEY] if k in plan.changed]
        if keys:
            yield len(keys), _changed(block, keys, graph)


def _fresh(graph: PropertyGraph, plan: Plan) -> Iterator[tuple[Block, pl.DataFrame, pl.Series]]:
    """The new rows of every block, and which of them refer to something of their own block or a later one.

    Those cannot get their relationships when they are made. Sets of Python: Polars would hash all new keys for each block.
    """
    coming = set(plan.new)
    for block in graph.blocks:
        fresh = block.frame.filter(pl.Series([k in plan.new for k in block.frame[KEY]], dtype=pl.Boolean))
        late = [False] * fresh.height
        for type_ in block.types:
            for row, ends in enumerate(fresh[_link(type_)].to_list()):
                if ends and not coming.isdisjoint(ends):
                    late[row] = True
        yield block, fresh, pl.Series(late, dtype=pl.Boolean)
        coming.difference_update(fresh[KEY])


def _link(type_: str) -> str:
    return f"->{type_}"


def _labels(block: Block) -> str:
    return f"{block.label}:{LISTED}" if block.listed else block.label


def _created(block: Block, fresh: pl.DataFrame, graph: PropertyGraph, *, linked: bool) -> Iterator[Piece]:
    """New nodes as lists of the cells of the columns that say anything: half the time of maps (docs/decisions.md).

    With ``linked`` they get their relationships and their hash at once.
    """
    used = [p for p in (KEY, *block.properties, *([HASH] if linked else [])) if fresh[p].null_count() < fresh.height]
    types = [t for t in block.types if linked and fresh[_link(t)].list.len().sum()]
    chosen = fresh.select(*used, *(_link(t) for t in types), *([_shortcut(block.shortcut)] if linked and block.shortcut else []))
    place = {c: f"row[{n}]" for n, c in enumerate(chosen.columns)}
    cells = ", ".join(f"`{p}`: {place[p]}" for p in used)
    own = f"{REGION}: $region, {EDITION}: $edition"
    ends = " ".join(_linking(block, types, lambda t: place[_link(t)], place.get("short")))
    create = f"UNWIND $rows AS row CREATE (n:{MARK}:{_labels(block)} {{{cells}, {own}}}) {ends}"
    again = f"UNWIND $rows AS row MERGE (n:{MARK} {{{KEY}: row[0]}}) SET n:{_labels(block)}, n += {{{cells}, {own}}} {ends}"

    def work(transaction: ManagedTransaction, rows: list[Any], attempt: int) -> int:
        # a transaction that is tried again may have landed after all
        if attempt > 1 and linked:
            _cleared(transaction, block, [row[0] for row in rows])
        transaction.run(create if attempt == 1 else again, rows=rows, region=graph.region, edition=graph.edition).consume()
        return len(rows)

    for start in range(0, chosen.height, _ROWS):
        yield Piece(work, [list(r) for r in chosen.slice(start, _ROWS).iter_rows()])


def _any_rows(block: Block, fresh: pl.DataFrame, graph: PropertyGraph, *, linked: bool) -> Iterator[dict[str, Any]]:
    """New nodes of any label for one query that fits all: labels, properties, and (``linked``) relationships with theirs."""
    labels = [MARK, *_labels(block).split(":")]
    cells = (KEY, *block.properties, *([HASH] if linked else []))
    for row in fresh.iter_rows(named=True):
        told = {p: row[p] for p in cells if row[p] is not None}
        ends = []
        for type_ in block.types if linked else ():
            for place, end in enumerate(row[_link(type_)] or (), 1):
                said = {names.PLACE: place} if type_ in block.numbered else {}
                ends.append({"type": type_, "from": row[KEY], "to": end, "properties": said})
        if linked and block.shortcut is not None and row["shortcut"]:
            said = {OWNER: row[KEY], **{p: row[p] for p in block.shortcut.properties if row[p] is not None}}
            ends.append({"type": block.shortcut.type, "from": row["->VAN"][0], "to": row["->NAAR"][0], "properties": said})
        yield {"labels": labels, "properties": {**told, REGION: graph.region, EDITION: graph.edition}, "ends": ends}


def _created_any(transaction: ManagedTransaction, rows: list[Any], attempt: int, types: str) -> int:
    """Make nodes of any label with relationships of any type (labels and types by name: since Neo4j 5.26)."""
    if attempt == 1:
        transaction.run("UNWIND $rows AS row CREATE (n:$(row.labels)) SET n = row.properties", rows=rows).consume()
    else:
        keys = [row["properties"][KEY] for row in rows]
        find = f"UNWIND $keys AS key MATCH (n:{MARK} {{{KEY}: key}})-[x:{types}]->(:{MARK})"
        transaction.run(f"{find} DELETE x", keys=keys).consume()
        for shortcut in names.SHORTCUTS:
            _without_shortcuts(transaction, shortcut.type, keys)
        merge = f"UNWIND $rows AS row MERGE (n:{MARK} {{{KEY}: row.properties.{KEY}}})"
        transaction.run(f"{merge} SET n:$(row.labels), n = row.properties", rows=rows).consume()
    ends = [end for row in rows for end in row["ends"]]
    transaction.run(
        f"UNWIND $ends AS e MATCH (a:{MARK} {{{KEY}: e.from}}) MATCH (b:{MARK} {{{KEY}: e.to}}) "
        "CREATE (a)-[x:$(e.type)]->(b) SET x = e.properties",
        ends=ends,
    ).consume()
    return len(rows)


def _shortcut(shortcut: names.Shortcut) -> pl.Expr:
    """The ends and the cells of the shortcut of a row; null where it has none."""
    told = pl.struct(pl.col(KEY).alias(OWNER), *shortcut.properties)
    start, end = pl.col("->VAN").list.first().alias("from"), pl.col("->NAAR").list.first().alias("to")
    return pl.when("shortcut").then(pl.struct(start, end, told.alias("properties"))).alias("short")


def _changed(block: Block, keys: list[str], graph: PropertyGraph) -> Iterator[Piece]:
    """The cells of nodes that stand; those that became empty are taken away, and the hash waits for the relationships."""
    find = f"UNWIND $rows AS row MATCH (n:{MARK} {{{KEY}: row.{KEY}}})"
    query = f"{find} SET n:{_labels(block)}, n += row.properties, n.{HASH} = null"

    def work(transaction: ManagedTransaction, rows: list[Any], attempt: int) -> int:
        transaction.run(query, rows=rows).consume()
        return len(rows)

    for part in _slices(keys):
        told = [{KEY: r[KEY], "properties": {**r["properties"], EDITION: graph.edition}} for r in block.rows(part)]
        yield Piece(work, told)


# --- relationships ---------------------------------------------------------------------------------------
def links(graph: PropertyGraph, plan: Plan) -> Iterator[Iterable[Group]]:
    """The relationships and hashes that nodes did not get when they were made."""
    return _staged(_link_pieces(graph, plan))


def _link_pieces(graph: PropertyGraph, plan: Plan) -> Iterator[tuple[int, Iterator[Piece]]]:
    for block, fresh, late in _fresh(graph, plan):
        before = [k for k in block.frame[KEY] if k in plan.changed or k in plan.relinked]
        for keys, clear in ((fresh.filter(late)[KEY].to_list(), False), (before, True)):
            if keys:
                yield len(keys), _linked(block, keys, clear=clear)


def _linked(block: Block, keys: list[str], *, clear: bool) -> Iterator[Piece]:
    query = link_query(block)

    def work(transaction: ManagedTransaction, rows: list[Any], attempt: int) -> int:
        if clear or attempt > 1:
            _cleared(transaction, block, [r[KEY] for r in rows])
        transaction.run(query, rows=rows).consume()
        return len(rows)

    for part in _slices(keys):
        yield Piece(work, [link_row(r) for r in block.rows(part)])


def link_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a block as :func:`link_query` takes it."""
    ends = {t: keys for t, keys in row["links"].items() if keys}
    return {KEY: row[KEY], HASH: row[HASH], "links": ends, "shortcut": row.get("shortcut", [])}


def link_query(block: Block) -> str:
    """The query that gives rows of ``block`` their relationships and, with them, their hash."""
    find = f"UNWIND $rows AS row MATCH (n:{MARK} {{{KEY}: row.{KEY}}}) SET n.{HASH} = row.{HASH}"
    short = "row.shortcut" if block.shortcut is not None else None
    return " ".join((find, *_linking(block, block.types, lambda t: f"row.links.{t}", short)))


def _linking(block: Block, types: Iterable[str], ends: Callable[[str], str], short: str | None) -> Iterator[str]:
    """Clauses that make the relationships of ``n``: ``ends`` tells where in ``row`` the keys of a type are."""
    parts = []
    for type_ in types:
        keys = ends(type_)
        if type_ in block.numbered:
            walk = f"UNWIND range(0, coalesce(size({keys}), 0) - 1) AS i WITH n, {keys}[i] AS end, i"
            place = f" {{{names.PLACE}: i + 1}}"
        else:
            walk, place = f"UNWIND {keys} AS end", ""
        parts.append(f"CALL (n, row) {{ {walk} MATCH (m:{MARK} {{{KEY}: end}}) CREATE (n)-[:{type_}{place}]->(m) }}")
    if block.shortcut is not None and short is not None:
        parts.append(
            f"CALL (row) {{ UNWIND {short} AS s MATCH (a:{MARK} {{{KEY}: s.from}}) MATCH (b:{MARK} {{{KEY}: s.to}}) "
            f"CREATE (a)-[x:{block.shortcut.type}]->(b) SET x = s.properties }}"
        )
    if parts:
        yield "WITH n, row"
        yield from parts


def _cleared(transaction: ManagedTransaction, block: Block, keys: list[str]) -> None:
    """Take away the relationships that follow from rows."""
    if block.types:
        find = f"UNWIND $keys AS key MATCH (n:{MARK} {{{KEY}: key}})-[x:{'|'.join(block.types)}]->(:{MARK})"
        transaction.run(f"{find} DELETE x", keys=keys).consume()
    if block.shortcut is not None:
        _without_shortcuts(transaction, block.shortcut.type, keys)


def _without_shortcuts(transaction: ManagedTransaction, type_: str, keys: list[str]) -> None:
    find = f"UNWIND $keys AS key MATCH (:{MARK})-[x:{type_} {{{OWNER}: key}}]->(:{MARK})"
    transaction.run(f"{find} DELETE x", keys=keys).consume()


# --- what is gone ----------------------------------------------------------------------------------------
def removing(graph: PropertyGraph, plan: Plan) -> Iterator[Iterable[Group]]:
    """Nodes that are gone from the build; each group tells how many had to be kept for others."""
    work = partial(_removed, edition=graph.edition)
    return ([[Piece(work, part)]] for part in _slices(list(plan.gone)))


def _removed(transaction: ManagedTransaction, keys: list[str], attempt: int, edition: str) -> int:
    """Delete nodes with what is ours on them; those on which others hang something lose our labels only."""
    for shortcut in names.SHORTCUTS:
        _without_shortcuts(transaction, shortcut.type, keys)
    ours = "|".join(names.relationship_types())
    find = f"UNWIND $keys AS key MATCH (n:{MARK} {{{KEY}: key}})"
    transaction.run(f"{find}-[x:{ours}]-(:{MARK}) DELETE x", keys=keys).consume()
    transaction.run(f"{find} WHERE NOT EXISTS {{ (n)--() }} DELETE n", keys=keys).consume()
    labels = ":".join((MARK, LISTED, *names.labels()))
    strip = f"SET n:{GONE}, n.{EDITION} = $edition REMOVE n:{labels}, n.{HASH}"
    kept = transaction.run(f"{find} {strip} RETURN count(n) AS kept", keys=keys, edition=edition).single()
    return int(kept["kept"]) if kept else 0


def _slices(items: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), _ROWS):
        yield items[start : start + _ROWS]
