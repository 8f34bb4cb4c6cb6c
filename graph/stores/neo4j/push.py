"""The graph of a landscape put into a database: only what differs is written, and what is there in the end is counted.

Every node carries a hash of all that its row says, its relationships included, which is set in the same transaction as
those relationships. A push that was cut off anywhere is therefore finished by the next one. Nothing without the label
``Routekaart`` is touched, nor any relationship or property that others gave to our nodes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from ...schema import FORMAT, TABLES
from . import names, writing
from .address import Neo4jError
from .elements import PropertyGraph
from .names import DIGEST, FORMATTED, HASH, INCOMPLETE, KEY, LEFT_OUT, LISTED, MARK, REGION, REPORT
from .server import Server
from .writing import Plan

Progress = Callable[[str, int, int], None]


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
    existing = _existing(server, graph.region)
    plan, differences = _planned(graph, existing)
    if dry:
        return Pushed(graph.region, graph.edition, differences, *_expected(graph), graph.unresolved, dry=True)
    told = json.dumps(report, ensure_ascii=False, sort_keys=True)
    said = {DIGEST: graph.digest, REPORT: told, LEFT_OUT: graph.left_out, FORMATTED: FORMAT}
    _prepare(server, writing.KEYS)
    kept = 0
    if plan.new or plan.changed or plan.relinked or plan.gone:
        kept = _written(server, graph, plan, progress)
    _prepare(server, writing.INDEXES)
    nodes, relationships = _counted(server, graph)
    repaired = _off(nodes, relationships)
    if repaired:
        everything = frozenset(k for b in graph.blocks for k in b.frame[KEY])
        _written(server, graph, Plan(frozenset(), everything, frozenset(), ()), progress)
        nodes, relationships = _counted(server, graph)
        if _off(nodes, relationships):
            wrong = [f"{c.name} {c.found}/{c.expected}" for c in (*nodes, *relationships) if c.found != c.expected]
            raise Neo4jError("neo4j-counts", outside=True, why=", ".join(wrong))
    _finished(server, graph, said)
    return Pushed(graph.region, graph.edition, differences, nodes, relationships, graph.unresolved, kept, repaired)


# --- what differs ----------------------------------------------------------------------------------------
def _existing(server: Server, region: str) -> dict[str, str | None]:
    """The hash of every node of the region by its key; None where it was not finished."""
    query = f"MATCH (n:{MARK}) WHERE n.{REGION} = $region RETURN n.{KEY}, n.{HASH}"
    with server.stream(query, region=region) as rows:
        return {row[0]: row[1] for row in rows}


def _planned(graph: PropertyGraph, existing: Mapping[str, str | None]) -> tuple[Plan, tuple[Difference, ...]]:
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
    for key in gone:
        differences.setdefault(_label_of(key), [0, 0, 0, 0])[2] += 1
    relinked = _touched(graph, new) - new - changed if existing and new else set()
    told = tuple(Difference(label, *c) for label, c in sorted(differences.items()) if any(c))
    return Plan(frozenset(new), frozenset(changed), frozenset(relinked), tuple(gone)), told


def _label_of(key: str) -> str:
    """The label of a node that is gone, told by its key."""
    path = key.split("/", 1)[1]
    if path.endswith("#withheld"):
        return names.WITHHELD
    table = TABLES.get(path.split("/", 1)[0])
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
def _prepare(server: Server, queries: Iterable[str]) -> None:
    for query in queries:
        server.write(query)
    server.write("CALL db.awaitIndexes(300)")


def _written(server: Server, graph: PropertyGraph, plan: Plan, progress: Progress) -> int:
    """Write what differs; the number of nodes that were kept for others."""
    key = _edition_key(graph)
    server.write(
        f"MERGE (e:{MARK} {{{KEY}: $key}}) SET e:Edition, e.{REGION} = $region, e.{INCOMPLETE} = true, e.{HASH} = null",
        key=key,
        region=graph.region,
    )
    plan = replace(plan, new=plan.new - {key}, changed=plan.changed | {key})
    kept = sum(number for stage in writing.removing(graph, plan) for number in writing.run(server, stage))
    total = len(plan.new) + len(plan.changed) + len(plan.relinked)
    for what, stages in (("neo4j-nodes", writing.nodes(graph, plan)), ("neo4j-links", writing.links(graph, plan))):
        done = 0
        for stage in stages:
            for number in writing.run(server, stage):
                done += number
                progress(what, done, total)
    return kept


def _edition_key(graph: PropertyGraph) -> str:
    return str(next(b for b in graph.blocks if b.label == "Edition").frame[KEY][0])


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
        f"MATCH (e:{MARK} {{{KEY}: $key}}) SET e += $said, e.{names.EDITION} = $edition REMOVE e.{INCOMPLETE}",
        key=_edition_key(graph),
        said=dict(said),
        edition=graph.edition,
    )
