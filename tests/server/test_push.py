"""The landscape in a real database: pushed, read back, pushed again, and everything of others left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from routekaart.graph.landscape import Landscape
from routekaart.graph.schema import TABLES, Kind
from routekaart.graph.stores.neo4j import names, pull
from routekaart.graph.stores.neo4j.address import Address, Neo4jError
from routekaart.graph.stores.neo4j.elements import PropertyGraph
from routekaart.graph.stores.neo4j.push import Pushed, push
from routekaart.graph.stores.neo4j.server import Server
from routekaart.graph.stores.neo4j.writing import GONE
from routekaart.loaders.read import Reading, read

CASES = [p for p in sorted((Path(__file__).parents[1] / "cases").iterdir()) if p.name != "citizen-numbers"]
REPORT = {"findings": [{"code": "x"}]}


@pytest.fixture
def address(empty: Any, monkeypatch: pytest.MonkeyPatch) -> Address:
    """Where the empty database is, with the way in as users give it."""
    for name, value in empty.environment.items():
        monkeypatch.setenv(name, value)
    return Address.of(empty.uri)


@pytest.fixture
def server(address: Address) -> Iterator[Server]:
    with Server(address) as opened:
        yield opened


def put(server: Server, landscape: Landscape, *, internal: bool = True, **more: Any) -> Pushed:
    return push(server, PropertyGraph(landscape, internal=internal), REPORT, **more)


def same(one: Landscape, other: Landscape) -> None:
    for name in TABLES:
        for column in one[name].columns:
            assert one[name][column].to_list() == other[name][column].to_list(), f"{name}.{column}"
    assert one == other


def everything(database: Any) -> list[Any]:
    """All that a database holds, told by its own ids: nothing is there unseen."""
    nodes = database.rows("MATCH (n) RETURN elementId(n) AS id, labels(n) AS labels, properties(n) AS p ORDER BY id")
    return nodes + database.rows(
        "MATCH (a)-[x]->(b) RETURN elementId(a) AS a, type(x) AS t, elementId(b) AS b, properties(x) AS p, elementId(x) AS id ORDER BY id"
    )


# --- one contract with the other stores (tests/graph/test_stores.py) -----------------------------------------------
def test_the_examples_read_back_equal(example: Reading, server: Server) -> None:
    put(server, example.landscape)
    same(pull.read(server, example.landscape.settings.id), example.landscape.without_superseded_waits())


def test_every_case_reads_back_equal(server: Server) -> None:
    # one database for all: each folder is a region of its own, and none may disturb another
    read_again: list[tuple[str, Landscape]] = []
    for number, case in enumerate(CASES):
        landscape = read(case).landscape
        if landscape["region"].is_empty():
            continue
        region = landscape["region"].with_columns(pl.lit(f"regio {number} é/#%").alias("id"))
        landscape = landscape.replaced(region=region)
        put(server, landscape)
        read_again.append((landscape.settings.id, landscape.without_superseded_waits()))
    assert len(read_again) > 20
    for region_id, expected in read_again:
        same(pull.read(server, region_id), expected)


def test_hostile_texts_read_back_as_they_were(server: Server, empty: Any, landscape_of: Callable[..., Landscape]) -> None:
    texts = [
        '"quotes" \\',
        "two\nlines\r\n\ttabs",
        "'}) DETACH DELETE n //",
        "é ☃ 漢字",
        "\\u0041",
        "$rows",
        "`x`",
        "a;b > c",
        "a\x1fb",
    ]
    partners = [{"id": f"P {n}/é#%", "naam": t, "niet_voor": t, "andere_namen": t} for n, t in enumerate(texts)]
    routes = [{"id": "R/1#?", "van": "P 0/é#%", "naar": "P 1/é#%", "soort": "verwijzing", "voorwaarden": t} for t in texts[:1]]
    landscape = landscape_of(partners=partners, routes=routes)
    put(server, landscape)
    same(pull.read(server, landscape.settings.id), landscape.without_superseded_waits())
    (found,) = empty.rows("MATCH (a:Partner)-[v:VERWIJST_NAAR]->(b:Partner) RETURN a.id AS a, b.id AS b, v.id AS v")
    assert found == {"a": "P 0/é#%", "b": "P 1/é#%", "v": "R/1#?"}


# --- what is there, counted by hand -----------------------------------------------------------------------------
def test_relationships_are_as_many_as_the_cells_that_refer(voorbeeldregio: Reading, server: Server, empty: Any) -> None:
    """A second count, cell by cell in Python, against the database's own."""
    landscape = voorbeeldregio.landscape.without_superseded_waits()
    expected: dict[str, int] = {}
    for table in TABLES.values():
        for column in names.links(table):
            for cell in landscape[table.name][column.name].to_list():
                ends = [] if cell is None else cell if column.is_list else [cell]
                expected[names.type_of(column)] = expected.get(names.type_of(column), 0) + len(ends)
    put(server, voorbeeldregio.landscape)
    found = empty.rows("MATCH ()-[x]->() RETURN type(x) AS t, count(*) AS n")
    shortcuts = {s.type for s in names.SHORTCUTS}
    assert {r["t"]: r["n"] for r in found if r["t"] not in shortcuts} == {k: n for k, n in expected.items() if n}


def test_a_route_is_a_relationship_beside_its_node(server: Server, empty: Any, landscape_of: Callable[..., Landscape]) -> None:
    landscape = landscape_of(
        partners=[{"id": "P1", "naam": "Een", "rollen": "huisarts"}, {"id": "P2", "naam": "Twee"}],
        routes=[
            {"id": "R1", "van": "P1", "naar": "P2", "soort": "verwijzing", "aantal_per_jaar": "25"},
            {"id": "R2", "van": "rol:huisarts", "naar": "P2", "soort": "verwijzing"},
            {"id": "R3", "van": "P2", "naar": "P1", "soort": "consultatie"},
        ],
    )
    put(server, landscape)
    found = empty.rows(
        "MATCH (a)-[v:VERWIJST_NAAR]->(b) UNWIND labels(a) AS l WITH a, b, v, l ORDER BY l RETURN collect(l) AS a, b.id AS b, v.id AS id, v.per_year AS n ORDER BY id"
    )
    # R3 moves no family: it is a (:Route) between the two, and no VERWIJST_NAAR
    assert found == [
        {"a": ["Partner", "Routekaart"], "b": "P2", "id": "R1", "n": 25},
        {"a": ["Concept", "Role", "Routekaart"], "b": "P2", "id": "R2", "n": None},
    ]
    ends = empty.rows(
        "MATCH (a)<-[:VAN]-(r:Route)-[:NAAR]->(b) RETURN r.id AS r, coalesce(a.id, a.slug) AS a, b.id AS b ORDER BY r"
    )
    assert [tuple(e.values()) for e in ends] == [("R1", "P1", "P2"), ("R2", "huisarts", "P2"), ("R3", "P2", "P1")]


def test_small_counts_stay_out_unless_asked_for(server: Server, empty: Any, landscape_of: Callable[..., Landscape]) -> None:
    landscape = landscape_of(
        partners=[{"id": "P1", "naam": "Een"}, {"id": "P2", "naam": "Twee"}],
        routes=[{"id": "R1", "van": "P1", "naar": "P2", "soort": "verwijzing", "aantal_per_jaar": "7"}],
    )
    put(server, landscape, internal=False)
    # concepts have an order of their own, and every row its place in a file
    said = [r["p"] for r in everything(empty) if "Concept" not in r.get("labels", ())]
    assert len(said) > 5
    assert 7 not in [v for p in said for v in p.values()]
    assert empty.rows("MATCH (r:Route) RETURN r.withheld AS w, r.per_year AS n") == [{"w": ["per_year"], "n": None}]
    opened = pull.open_edition(server.address)
    assert opened.left_out == 1
    assert opened.landscape()["routes"]["per_year"].to_list() == [None]
    put(server, landscape)
    assert pull.open_edition(server.address).left_out == 0
    assert pull.open_edition(server.address).landscape()["routes"]["per_year"].to_list() == [7]
    put(server, landscape, internal=False)
    assert empty.rows("MATCH (w:Withheld) RETURN count(w) AS n") == [{"n": 0}]


# --- pushing again ----------------------------------------------------------------------------------------------
def test_a_second_push_changes_nothing(example: Reading, server: Server, empty: Any) -> None:
    first = put(server, example.landscape)
    assert not first.nothing
    assert not first.repaired
    before = everything(empty)
    second = put(server, example.landscape)
    assert second.nothing
    assert everything(empty) == before


def test_a_dry_run_writes_nothing_and_tells_the_same(voorbeeldregio: Reading, server: Server, empty: Any) -> None:
    said = put(server, voorbeeldregio.landscape, dry=True)
    assert everything(empty) == []
    assert empty.rows("SHOW CONSTRAINTS") == []
    done = put(server, voorbeeldregio.landscape)
    assert said.differences == done.differences
    assert [(c.name, c.expected) for c in said.nodes] == [(c.name, c.found) for c in done.nodes]
    assert [(c.name, c.expected) for c in said.relationships] == [(c.name, c.found) for c in done.relationships]


def test_the_next_edition_leaves_exactly_its_own_graph(voorbeeldregio: Reading, server: Server, empty: Any) -> None:
    """Rows that are gone, changed and new: afterwards the graph is the one that an empty database would have got."""
    new = voorbeeldregio.landscape
    partners, routes = new["partners"], new["routes"]
    old = new.replaced(
        partners=partners.with_columns(pl.when(pl.col("id") == "P001").then(pl.lit("Oude naam")).otherwise("name").alias("name")),
        routes=routes.slice(30).with_columns(
            pl.when(pl.int_range(pl.len()) < 40).then(pl.lit("P002")).otherwise("to").alias("to")
        ),
        lines=pl.concat([new["lines"].slice(10), new["lines"].slice(10, 5).with_columns(("x" + pl.col("id")).alias("id"))]),
    )
    first = put(server, old)
    done = put(server, new)
    changes = {d.label: (d.new, d.changed, d.gone) for d in done.differences}
    assert changes["Partner"] == (0, 1, 0)
    assert changes["Route"] == (30, sum(a != b for a, b in zip(old["routes"]["to"], routes["to"].slice(30), strict=True)), 0)
    assert changes["Line"] == (10, 0, 5)
    assert not done.repaired
    same(pull.read(server, new.settings.id), new.without_superseded_waits())
    after = graph_of(empty)
    editions = {r["e"]: r["n"] for r in empty.rows("MATCH (n:Routekaart) RETURN n.edition AS e, count(*) AS n")}
    # every node tells which edition wrote it: what did not change is still of the first
    assert set(editions) == {first.edition, done.edition}
    assert editions[done.edition] >= 1 + 30 + 10
    server.write("MATCH (n) DETACH DELETE n")
    put(server, new)
    assert graph_of(empty) == after


def graph_of(database: Any) -> list[str]:
    """The graph without the database's own ids and without who wrote it when."""
    nodes = database.rows("MATCH (n) RETURN labels(n) AS l, n {.*, edition: null} AS p")
    links = database.rows("MATCH (a)-[x]->(b) RETURN a.key AS a, type(x) AS t, b.key AS b, properties(x) AS p")
    return sorted(map(repr, [*({**r, "l": sorted(r["l"]), "p": sorted(r["p"].items(), key=str)} for r in nodes), *links]))


def test_what_is_new_is_linked_from_rows_that_did_not_change(
    server: Server, empty: Any, landscape_of: Callable[..., Landscape]
) -> None:
    landscape = landscape_of(
        partners=[{"id": "P1", "naam": "Een"}, {"id": "P2", "naam": "Twee"}],
        routes=[{"id": "R1", "van": "P1", "naar": "P2", "soort": "verwijzing"}],
    )
    put(server, landscape)
    before = graph_of(empty)
    server.write("MATCH (p:Partner {id: 'P2'}) DETACH DELETE p")  # somebody deletes a node by hand
    done = put(server, landscape)
    assert {d.label: d.new for d in done.differences if d.new} == {"Partner": 1}
    assert graph_of(empty) == before


@pytest.mark.parametrize(
    "harm",
    [
        "MATCH (:Route)-[x:VAN]->() DELETE x",
        "MATCH ()-[x:VERWIJST_NAAR]->() DELETE x",
        "MATCH (p:Partner {id: 'P1'}) REMOVE p:Partner",
        "MATCH (r:Route), (p:Partner {id: 'P2'}) CREATE (r)-[:VAN]->(p)",
    ],
)
def test_what_others_broke_is_seen_by_the_counts_and_mended(
    harm: str, server: Server, empty: Any, landscape_of: Callable[..., Landscape]
) -> None:
    landscape = landscape_of(
        partners=[{"id": "P1", "naam": "Een"}, {"id": "P2", "naam": "Twee"}],
        routes=[{"id": "R1", "van": "P1", "naar": "P2", "soort": "verwijzing"}],
    )
    put(server, landscape)
    before = graph_of(empty)
    server.write(harm)
    assert graph_of(empty) != before
    done = put(server, landscape)
    assert done.repaired
    assert graph_of(empty) == before


# --- others in the same database ------------------------------------------------------------------------------------
def test_other_data_is_never_touched(voorbeeldregio: Reading, server: Server, empty: Any) -> None:
    server.write(
        "CREATE (a:Partner {id: 'P001', name: 'van een ander', key: 'k'}), (b:Route {id: 'R1'}), (b)-[:VAN]->(a), "
        "(a)-[:VERWIJST_NAAR {of: 'x'}]->(b), (:Edition {key: 'k', region: 'voorbeeldregio-fictief'})"
    )
    theirs = everything(empty)
    put(server, voorbeeldregio.landscape)
    put(server, voorbeeldregio.landscape.replaced(routes=voorbeeldregio.landscape["routes"].head(3)))
    assert [row for row in everything(empty) if row in theirs] == theirs


def test_what_others_attached_to_our_nodes_survives(server: Server, empty: Any, landscape_of: Callable[..., Landscape]) -> None:
    partners = [{"id": "P1", "naam": "Een"}, {"id": "P2", "naam": "Twee"}, {"id": "P3", "naam": "Drie"}]
    routes = [{"id": "R1", "van": "P1", "naar": "P2", "soort": "verwijzing"}]
    put(server, landscape_of(partners=partners, routes=routes))
    server.write(
        "MATCH (p:Partner) WHERE p.id IN ['P1', 'P2'] CREATE (:Notitie {tekst: p.id})-[:GAAT_OVER {dag: 1}]->(p) SET p.van_ons = 'x'"
    )
    changed = [{"id": "P1", "naam": "Een, anders"}]
    routes = [{"id": "R2", "van": "P1", "naar": "rol:gemeente", "soort": "verwijzing"}]
    done = put(server, landscape_of(partners=changed, routes=routes))
    assert done.kept == 1
    found = empty.rows(
        "MATCH (n:Notitie)-[x:GAAT_OVER {dag: 1}]->(p) RETURN n.tekst AS t, labels(p) AS l, p.name AS name, p.van_ons AS eigen ORDER BY t"
    )
    # P1 is still ours, with what they put on it; P2 is gone from the build, and stays for their note only; P3 is gone
    assert found == [
        {"t": "P1", "l": ["Routekaart", "Partner"], "name": "Een, anders", "eigen": "x"},
        {"t": "P2", "l": [GONE], "name": "Twee", "eigen": "x"},
    ]
    assert empty.rows("MATCH (p:Partner) RETURN p.id AS id") == [{"id": "P1"}]
    assert put(server, landscape_of(partners=changed, routes=routes)).nothing


# --- which edition ---------------------------------------------------------------------------------------------
def test_two_regions_in_one_database_are_told_apart(
    address: Address, server: Server, landscape_of: Callable[..., Landscape]
) -> None:
    with pytest.raises(Neo4jError, match="Nothing of routekaart"):
        pull.open_edition(address)
    for region, name in (("noord", "Een"), ("zuid", "Twee")):
        landscape = landscape_of(partners=[{"id": "P1", "naam": name}])
        put(server, landscape.replaced(region=landscape["region"].with_columns(pl.lit(region).alias("id"))))
    with pytest.raises(Neo4jError, match="noord, zuid"):
        pull.open_edition(address)
    with pytest.raises(Neo4jError, match="oost"):
        pull.open_edition(Address.of(f"{address.uri}?regio=oost"))
    south = pull.open_edition(Address.of(f"{address.uri}?regio=zuid"))
    assert south.landscape()["partners"]["name"].to_list() == ["Twee"]
    assert south.findings() == REPORT["findings"]


def test_an_unfinished_push_is_not_read(address: Address, server: Server, voorbeeldregio: Reading) -> None:
    put(server, voorbeeldregio.landscape)
    server.write("MATCH (e:Edition) SET e.incomplete = true")
    with pytest.raises(Neo4jError, match="was not finished"):
        pull.open_edition(address)
    put(server, voorbeeldregio.landscape)
    assert pull.open_edition(address).region == voorbeeldregio.landscape.settings.id


def test_what_another_version_pushed_is_not_read(
    address: Address, server: Server, landscape_of: Callable[..., Landscape]
) -> None:
    landscape = landscape_of(partners=[{"id": "P1", "naam": "Een"}])
    put(server, landscape)
    server.write("MATCH (e:Edition) SET e.format = 0")
    with pytest.raises(Neo4jError, match="another version"):
        pull.open_edition(address)
    put(server, landscape)
    assert pull.open_edition(address).landscape()["partners"]["name"].to_list() == ["Een"]


def test_every_kind_of_reference_has_a_relationship_type() -> None:
    # a column that refers and has no type would be a KeyError at the first push: said here, for every table
    for table in TABLES.values():
        for column in names.links(table):
            assert names.type_of(column).isupper()
    refers = {Kind.PARTNER, Kind.PARTNERS, Kind.ENDPOINT, Kind.DESTINATION, Kind.CHAIN, Kind.MUNICIPALITY, Kind.MUNICIPALITIES}
    for table in TABLES.values():
        linked = {c.name for c in names.links(table)}
        assert {c.name for c in table.stored if c.kind in refers and c.name != table.key} <= linked
