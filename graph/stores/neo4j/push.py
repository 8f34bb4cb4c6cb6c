"""The graph of a landscape put into a database: only what differs is written, and what is there in the end is counted.

Every node carries a hash of all that its row says, its relationships included, which is set in the same transaction as
those relationships. A push that was cut off anywhere is therefore finished by the next one. Nothing without the label
``Routekaart`` is touched, nor any relationship or property that others gave to our nodes.
"""

from __future__ import annotations

import json
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

Progress = Callable[[str, int, int], None]

#: Rows in one transaction; halved where the server has too little memory for it.
_ROWS: Final = 5_000
_FEWEST: Final = 20
INCOMPLETE, REPORT, DIGEST, LEFT_OUT = "incomplete", "report", "digest", "counts_left_out"
GONE: Final = "RoutekaartVervallen"
"""Label of a node that is no longer in the build but to which others attached something: it is kept for them."""


@dataclass(frozen=True)
class Difference:
    """What a push writes of one label."""

    label: str
    new: int
    changed: int
    gone: int
    same: int


@dataclass(frozen=True)
class Counted:
    """A label or a relationship type, with its number in the build and in the database (None before a dry run's push)."""

    name: str
    expected: int
    found: int | None


@dataclass(frozen=True)
class Pushed:
    """What came of a push: by label, and the counts afterwards.

    ``kept`` nodes are gone from the build but others attached something to them. ``repaired`` says that the counts did not
    agree at first (others changed our nodes), so that everything was written once more.
    """

    region: str
    edition: str
    differences: tuple[Difference, ...]
    nodes: tuple[Counted, ...]
    relationships: tuple[Counted, ...]
    unresolved: int
    kept: int = 0
    repaired: bool = False
    dry: bool = False

    @property
    def nothing(self) -> bool:
        """Whether the database held this edition already."""
        return not any(d.new or d.changed or d.gone for d in self.differences)


@dataclass(frozen=True)
class _Plan:
    """Keys by what happens to them; ``relinked`` rows are the same, but something they refer to is new."""

    new: frozenset[str]
    changed: frozenset[str]
    relinked: frozenset[str]
    gone: tuple[tuple[str, str], ...]
    differences: tuple[Difference, ...]


def push(
    server: Server,
    graph: PropertyGraph,
    report: Mapping[str, Any],
    *,
    dry: bool = False,
    progress: Progress = lambda what, done, total: None,
) -> Pushed:
    """Make the database hold ``graph``, with ``report`` (findings and counts of the build) on its edition.

    Raises Neo4jError when the server refuses or is lost; a next push then goes on. ``dry`` only says what would be written.
    """
    plan = _planned(graph, _existing(server, graph.region))
    if dry:
        return Pushed(graph.region, graph.edition, plan.differences, *_expected(graph), graph.unresolved, dry=True)
    told = json.dumps(report, ensure_ascii=False, sort_keys=True)
    said = {DIGEST: graph.digest, REPORT: told, LEFT_OUT: graph.left_out}
    _prepare(server)
    kept = 0
    if plan.new or plan.changed or plan.relinked or plan.gone:
        kept = _written(server, graph, plan, progress)
    nodes, relationships = _counted(server, graph)
    repaired = _off(nodes, relationships)
    if repaired:
        everything = frozenset(k for b in graph.blocks for k in b.frame[KEY])
        _written(server, graph, _Plan(frozenset(), everything, frozenset(), (), ()), progress)
        nodes, relationships = _counted(server, graph)
        if _off(nodes, relationships):
            wrong = [f"{c.name} {c.found}/{c.expected}" for c in (*nodes, *relationships) if c.found != c.expected]
            raise Neo4jError("neo4j-counts", outside=True, why=", ".join(wrong))
    _finished(server, graph, said)
    return Pushed(graph.region, graph.edition, plan.differences, nodes, relationships, graph.unresolved, kept, repaired)


# --- what differs ----------------------------------------------------------------------------------------
def _existing(server: Server, region: str) -> dict[str, str | None]:
    """The hash of every node of the region by its key; None where it was not finished."""
    query = f"MATCH (n:{MARK}) WHERE n.{REGION} = $region RETURN n.{KEY}, n.{HASH}"
    with server.stream(query, region=region) as rows:
        return {row[0]: row[1] for row in rows}


def _planned(graph: PropertyGraph, existing: Mapping[str, str | None]) -> _Plan:
    new: set[str] = set()
    changed: set[str] = set()
    differences: dict[str, list[int]] = {}
    wanted: set[str] = set()
    for block in graph.blocks:
        counts = differences.setdefault(block.label, [0, 0, 0, 0])
        for key, made in zip(block.frame[KEY], block.frame[HASH], strict=True):
            wanted.add(key)
            if key not in existing:
                new.add(key)
                counts[0] += 1
            elif existing[key] != made:
                changed.add(key)
                counts[1] += 1
            else:
                counts[3] += 1
    gone = sorted(k for k in existing if k not in wanted)
    by_label = [(k, _label_of(k)) for k in gone]
    for _, label in by_label:
        differences.setdefault(label, [0, 0, 0, 0])[2] += 1
    relinked = _touched(graph, new) - new - changed if existing and new else set()
    told = tuple(Difference(label, *c) for label, c in sorted(differences.items()) if any(c))
    return _Plan(frozenset(new), frozenset(changed), frozenset(relinked), tuple(by_label), told)


def _label_of(key: str) -> str:
    """The label of a node that is gone, told by its key."""
    path = key.split("/", 1)[1]
    if path.endswith("#withheld"):
        return names.WITHHELD
    table = names.TABLES_BY_PATH.get(path.split("/", 1)[0])
    return names.label(table) if table is not None and "/" in path else LISTED


def _touched(graph: PropertyGraph, new: set[str]) -> set[str]:
    """The rows that refer to something new."""
    found: set[str] = set()
    made = pl.Series(sorted(new), dtype=pl.String)
    for block in graph.blocks:
        for type_ in block.types:
            ends = block.frame.select(KEY, pl.col(f"->{type_}").alias("end")).explode("end")
            found.update(ends.filter(pl.col("end").is_in(made.implode()))[KEY])
    return found


# --- writing ---------------------------------------------------------------------------------------------
def _prepare(server: Server) -> None:
    """The constraint behind every search for a key, and indexes for those who ask."""
    for query in SCHEMA:
        server.write(query)
    server.write("CALL db.awaitIndexes(300)")


SCHEMA: Final = (
    f"CREATE CONSTRAINT routekaart_key IF NOT EXISTS FOR (n:{MARK}) REQUIRE n.{KEY} IS UNIQUE",
    *(f"CREATE INDEX routekaart_{s.type.lower()} IF NOT EXISTS FOR ()-[x:{s.type}]-() ON (x.{OWNER})" for s in names.SHORTCUTS),
    *(
        f"CREATE INDEX routekaart_{label.lower()} IF NOT EXISTS FOR (n:{label}) ON (n.{key})"
        for label, key in (("Partner", "id"), ("Offering", "id"), ("Municipality", "code"))
    ),
)
"""What a database needs before anything is written; all of it is there once only."""


def _written(server: Server, graph: PropertyGraph, plan: _Plan, progress: Progress) -> int:
    """Write what differs; the number of nodes that were kept for others."""
    key = _edition_key(graph)
    server.write(
        f"MERGE (e:{MARK} {{{KEY}: $key}}) SET e:Edition, e.{REGION} = $region, e.{INCOMPLETE} = true, e.{HASH} = null",
        key=key,
        region=graph.region,
    )
    plan = _Plan(plan.new - {key}, plan.changed | {key}, plan.relinked, plan.gone, plan.differences)
    kept = 0
    for gone in _slices(list(plan.gone), _ROWS):
        kept += _in_parts(server, [_Piece(partial(_removed, edition=graph.edition), gone)])
    total = len(plan.new) + len(plan.changed) + len(plan.relinked)
    # relationships one transaction after another: two at a time lock each other out at roles and municipalities
    for what, pieces, together in (("neo4j-nodes", _nodes(graph, plan), 2), ("neo4j-links", _links(graph, plan), 1)):
        done = 0
        for number in _side_by_side((partial(_in_parts, server, g) for g in _grouped(pieces)), together):
            done += number
            progress(what, done, total)
    return kept


def _edition_key(graph: PropertyGraph) -> str:
    return str(next(b for b in graph.blocks if b.label == "Edition").frame[KEY][0])


@dataclass(frozen=True)
class _Piece:
    """Rows of one kind and what a transaction does with them: ``work(transaction, rows, attempt)`` tells how many it did."""

    work: Callable[[ManagedTransaction, list[Any], int], int]
    rows: list[Any]


def _grouped(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """Pieces that go in one transaction: a region is written in a few instead of one for each label."""
    group: list[_Piece] = []
    held = 0
    for piece in pieces:
        if group and held + len(piece.rows) > _ROWS:
            yield group
            group, held = [], 0
        group.append(piece)
        held += len(piece.rows)
    if group:
        yield group


def _side_by_side(tasks: Iterable[Callable[[], int]], together: int) -> Iterator[int]:
    """Run tasks a few at a time while the next are made; what each returns, in order."""
    with ThreadPoolExecutor(together) as pool:
        waiting: deque[Future[int]] = deque()
        try:
            for task in tasks:
                waiting.append(pool.submit(task))
                if len(waiting) > together:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _in_parts(server: Server, pieces: list[_Piece]) -> int:
    """Do ``pieces`` in one transaction, or in smaller ones where the server has no memory for that many; how many rows."""
    try:
        return server.transaction(lambda transaction, attempt: sum(p.work(transaction, p.rows, attempt) for p in pieces))
    except Neo4jError as error:
        if error.code != "neo4j-memory" or sum(len(p.rows) for p in pieces) <= _FEWEST:
            raise
    if len(pieces) == 1:
        work, rows = pieces[0].work, pieces[0].rows
        pieces = [_Piece(work, rows[: len(rows) // 2]), _Piece(work, rows[len(rows) // 2 :])]
    half = len(pieces) // 2
    return _in_parts(server, pieces[:half]) + _in_parts(server, pieces[half:])


def _nodes(graph: PropertyGraph, plan: _Plan) -> Iterator[_Piece]:
    for block in graph.blocks:
        yield from _creating(block, block.frame.filter(pl.col(KEY).is_in(list(plan.new))), graph)
        keys = [k for k in block.frame[KEY] if k in plan.changed]
        for part in _slices(keys, _ROWS):
            rows = [{KEY: r[KEY], "properties": {**r["properties"], EDITION: graph.edition}} for r in block.rows(part)]
            yield _Piece(partial(_changed, labels=_labels(block)), rows)


def _labels(block: Block) -> str:
    return f"{block.label}:{LISTED}" if block.listed else block.label


def _creating(block: Block, fresh: pl.DataFrame, graph: PropertyGraph) -> Iterator[_Piece]:
    """New nodes as lists of the cells of the columns that say anything: half the time of maps (docs/decisions.md)."""
    if fresh.is_empty():
        return
    frame = fresh.with_columns(pl.when(_without_links(block)).then(pl.col(HASH)).alias(HASH))
    used = [KEY, *(p for p in (*block.properties, HASH) if frame[p].null_count() < frame.height)]
    cells = ", ".join(f"`{p}`: row[{n}]" for n, p in enumerate(used))
    own = f"{REGION}: $region, {EDITION}: $edition"
    create = f"UNWIND $rows AS row CREATE (:{MARK}:{_labels(block)} {{{cells}, {own}}})"
    again = f"UNWIND $rows AS row MERGE (n:{MARK} {{{KEY}: row[0]}}) SET n:{_labels(block)}, n += {{{cells}, {own}}}"

    def work(transaction: ManagedTransaction, rows: list[Any], attempt: int) -> int:
        # a transaction that is tried again may have landed after all
        transaction.run(create if attempt == 1 else again, rows=rows, region=graph.region, edition=graph.edition).consume()
        return len(rows)

    chosen = frame.select(used)
    for start in range(0, chosen.height, _ROWS):
        yield _Piece(work, [list(r) for r in chosen.slice(start, _ROWS).iter_rows()])


def _without_links(block: Block) -> pl.Expr:
    """Whether a row has no relationship to make, so that its node is finished when it is there."""
    return pl.all_horizontal([pl.lit(value=True)] + [pl.col(f"->{t}").list.len().fill_null(0) == 0 for t in block.types])


def _changed(transaction: ManagedTransaction, rows: list[Any], attempt: int, labels: str) -> int:
    find = f"UNWIND $rows AS row MATCH (n:{MARK} {{{KEY}: row.{KEY}}})"
    transaction.run(f"{find} SET n:{labels}, n += row.properties, n.{HASH} = null", rows=rows).consume()
    return len(rows)


def _links(graph: PropertyGraph, plan: _Plan) -> Iterator[_Piece]:
    """Relationships and hashes: of new rows, and of those that had relationships before."""
    for block in graph.blocks:
        new = plan.new & set(block.frame.filter(~_without_links(block))[KEY])
        before = [k for k in block.frame[KEY] if k in plan.changed or k in plan.relinked]
        for keys, clear in (([k for k in block.frame[KEY] if k in new], False), (before, True)):
            for part in _slices(keys, _ROWS):
                yield _Piece(partial(_linked, block=block, clear=clear), [_link_row(r) for r in block.rows(part)])


def _link_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        KEY: row[KEY],
        HASH: row[HASH],
        "links": {t: ends for t, ends in row["links"].items() if ends},
        "shortcut": row.get("shortcut", []),
    }


def _linked(transaction: ManagedTransaction, rows: list[Any], attempt: int, block: Block, clear: bool) -> int:
    if clear or attempt > 1:
        _cleared(transaction, block, [r[KEY] for r in rows])
    transaction.run(link_query(block), rows=rows).consume()
    return len(rows)


def link_query(block: Block) -> str:
    """The query that gives rows of ``block`` their relationships and, with them, their hash."""
    parts = [f"UNWIND $rows AS row MATCH (n:{MARK} {{{KEY}: row.{KEY}}}) SET n.{HASH} = row.{HASH}"]
    if block.types:
        parts.append("WITH n, row")
    for type_ in block.types:
        if type_ in block.numbered:
            walk = f"UNWIND range(0, coalesce(size(row.links.{type_}), 0) - 1) AS i WITH n, row.links.{type_}[i] AS end, i"
            place = f" {{{names.PLACE}: i + 1}}"
        else:
            walk, place = f"UNWIND row.links.{type_} AS end", ""
        parts.append(f"CALL (n, row) {{ {walk} MATCH (m:{MARK} {{{KEY}: end}}) CREATE (n)-[:{type_}{place}]->(m) }}")
    if block.shortcut is not None:
        parts.append(
            f"CALL (row) {{ UNWIND row.shortcut AS s MATCH (a:{MARK} {{{KEY}: s.from}}) MATCH (b:{MARK} {{{KEY}: s.to}}) "
            f"CREATE (a)-[x:{block.shortcut.type}]->(b) SET x = s.properties }}"
        )
    return " ".join(parts)


def _cleared(transaction: ManagedTransaction, block: Block, keys: list[str]) -> None:
    """Take away the relationships that follow from rows."""
    if block.types:
        transaction.run(
            f"UNWIND $keys AS key MATCH (n:{MARK} {{{KEY}: key}})-[x:{'|'.join(block.types)}]->(:{MARK}) DELETE x", keys=keys
        ).consume()
    if block.shortcut is not None:
        _without_shortcuts(transaction, block.shortcut.type, keys)


def _without_shortcuts(transaction: ManagedTransaction, type_: str, keys: list[str]) -> None:
    transaction.run(f"UNWIND $keys AS key MATCH (:{MARK})-[x:{type_} {{{OWNER}: key}}]->(:{MARK}) DELETE x", keys=keys).consume()


def _removed(transaction: ManagedTransaction, gone: list[tuple[str, str]], attempt: int, edition: str) -> int:
    """Delete nodes with what is ours on them; those on which others hang something lose our labels only."""
    keys = [k for k, _ in gone]
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


def _slices(items: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


# --- what is there in the end --------------------------------------------------------------------------------
def _expected(graph: PropertyGraph) -> tuple[tuple[Counted, ...], tuple[Counted, ...]]:
    return (
        tuple(Counted(k, n, None) for k, n in graph.nodes().items()),
        tuple(Counted(k, n, None) for k, n in graph.relationships().items()),
    )


def _counted(server: Server, graph: PropertyGraph) -> tuple[tuple[Counted, ...], tuple[Counted, ...]]:
    """Every label and type of ours: expected and found."""
    ours = f"MATCH (n:{MARK}) WHERE n.{REGION} = $region"
    labels = server.read(f"{ours} UNWIND labels(n) AS name RETURN name, count(*) AS number", region=graph.region)
    types = server.read(f"{ours} MATCH (n)-[x]->(:{MARK}) RETURN type(x) AS name, count(*) AS number", region=graph.region)
    made = []
    for expected, answer, known in (
        (graph.nodes(), labels, names.labels()),
        (graph.relationships(), types, names.relationship_types()),
    ):
        found = {r["name"]: int(r["number"]) for r in answer.records}
        made.append(tuple(Counted(k, expected.get(k, 0), found.get(k, 0)) for k in known if k in expected or k in found))
    return made[0], made[1]


def _off(*counts: tuple[Counted, ...]) -> bool:
    return any(c.expected != c.found for several in counts for c in several)


def _finished(server: Server, graph: PropertyGraph, said: Mapping[str, Any]) -> None:
    """Say on the edition that it is whole, with the report of its build; nothing is written where that stands already."""
    found = server.read(f"MATCH (e:{MARK} {{{KEY}: $key}}) RETURN e", key=_edition_key(graph)).records[0]["e"]
    if not found.get(INCOMPLETE) and all(found.get(k) == v for k, v in said.items()):
        return
    server.write(
        f"MATCH (e:{MARK} {{{KEY}: $key}}) SET e += $said, e.{EDITION} = $edition REMOVE e.{INCOMPLETE}",
        key=_edition_key(graph),
        said=dict(said),
        edition=graph.edition,
    )
