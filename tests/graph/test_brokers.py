"""brokers: Burt's measures against the textbook example and NetworkX, ties against Locale, and what small numbers may tell."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

import networkx as nx
import pytest

from routekaart.graph.analyses.brokers import Brokers, Web, brokers
from routekaart.graph.landscape import Landscape
from routekaart.graph.locale import Locale
from routekaart.graph.places import FAMILY
from routekaart.graph.ties import Ties
from routekaart.loaders.read import Reading

TOML = '[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld", "Nijkerk"]\n'
EDE, BARNEVELD, NIJKERK, WOUDENBERG = "GM0228", "GM0203", "GM0267", "GM0351"

#: The example of Borgatti, Structural holes: unpacking Burt's redundancy measures (Connections 20(1), 1997), with the
#: weights that the tests of NetworkX give it; the expected values there come from UCINET and igraph, and by hand.
BORGATTI = {
    **{("A", "B"): 2, ("A", "F"): 3, ("A", "G"): 5, ("A", "E"): 2, ("E", "G"): 8},
    **{("F", "G"): 3, ("B", "G"): 4, ("B", "D"): 1, ("D", "G"): 3, ("G", "C"): 10},
}


# --- the measures ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("weighted", "node", "constraint", "size"),
    [
        (False, "G", 0.400, 4.67),  # G: 6 ties, 4 of them among its neighbours: 6 - 2 * 4 / 6
        (False, "A", 0.595, 2.50),
        (False, "C", 1, 1),
        (True, "G", 0.299, 5.47),
        (True, "A", 0.795, 2.47),
        (True, "C", 1, 1),
    ],
)
def test_the_example_of_the_textbooks(weighted: bool, node: str, constraint: float, size: float) -> None:
    web = Web({pair: float(w) if weighted else 1.0 for pair, w in BORGATTI.items()})
    found = web.measures(node)
    assert found[0] == pytest.approx(constraint, abs=5e-4)
    assert found[1] == pytest.approx(size, abs=5e-3)


def test_who_has_few_ties_and_who_ties_strangers() -> None:
    # one tie: constraint 1; three strangers with equal ties: 3 * (1/3)², effective size 3; nobody: undefined
    web = Web({("a", "b"): 4.0, ("a", "c"): 4.0, ("a", "d"): 4.0})
    assert web.measures("b") == (1, 1)
    assert web.measures("a") == pytest.approx((1 / 3, 3))
    assert web.measures("nobody") == (None, None)


def test_the_strongest_tie_that_counts_is_that_of_the_neighbour() -> None:
    # a triangle a-b 2, a-c 4, b-c 1, by hand: 1 - 4/6 * 1/2 and 1 - 2/6 * 1/4. With the strongest tie of the third
    # (the short cut of NetworkX 3.6 for a whole graph) it would be 1 - 4/6 * 1/4 and 1 - 2/6 * 1/2: 5/3.
    web = Web({("a", "b"): 2.0, ("a", "c"): 4.0, ("b", "c"): 1.0})
    assert web.measures("a")[1] == pytest.approx(19 / 12)


@pytest.mark.parametrize("seed", range(12))
def test_as_networkx(seed: int) -> None:
    r = random.Random(seed)
    graph = nx.gnp_random_graph(r.randint(2, 25), r.choice([0.1, 0.3, 0.7]), seed=seed)
    for u, v in graph.edges:
        graph[u][v]["weight"] = r.choice([1, 1, 1, 10, 12, 250])
    web = Web({(str(u), str(v)): float(w) for u, v, w in graph.edges(data="weight")})
    nodes = list(graph)
    constraint = nx.constraint(graph, nodes=nodes, weight="weight")
    size = nx.effective_size(graph, nodes=nodes, weight="weight")
    for node in nodes:
        found = web.measures(str(node))
        if graph.degree(node) == 0:
            assert found == (None, None)  # NetworkX: nan
        else:
            assert found == pytest.approx((constraint[node], size[node]), abs=1e-12)


# --- the ties ----------------------------------------------------------------------------------------------
Rows = list[dict[str, Any]]
PARTNERS: Rows = [
    {"id": "H1", "naam": "Huisarts een", "rollen": "huisarts", "gemeenten": "Ede"},
    {"id": "H2", "naam": "Huisarts twee", "rollen": "huisarts", "gemeenten": "Ede; Barneveld"},
    {"id": "S1", "naam": "Praktijkondersteuner", "rollen": "soj", "gemeenten": "Ede"},
    {"id": "G1", "naam": "Gemeente Ede", "rollen": "gemeente; lokaal-team", "gemeenten": "Ede"},
    {"id": "J1", "naam": "jeugdhulp Klein", "rollen": "jeugdhulp", "gemeenten": "Nijkerk"},
    {"id": "Z1", "naam": "Zonder routes", "rollen": "welzijn", "gemeenten": "regio"},
]


def way(van: str, naar: str, **more: Any) -> dict[str, Any]:
    return {"van": van, "naar": naar, "soort": "verwijzing", **more}


@pytest.fixture
def ask(landscape_of: Callable[..., Landscape]) -> Callable[..., Brokers]:
    def asked(routes: Rows, *, partners: Rows = PARTNERS, threshold: int = 10, of: Iterable[str] = (), **more: Rows) -> Brokers:
        rows = [{"id": f"R{n:02}", **row} for n, row in enumerate(routes)]
        toml = f"{TOML}[instellingen]\ndrempel = {threshold}\n"
        return brokers(landscape_of(toml=toml, partners=partners, routes=rows, **more), tuple(of))

    return asked


def row(found: Brokers, partner: str) -> dict[str, Any]:
    return next(p for p in found.as_dict()["partners"] if p["partner"] == partner)


def test_what_one_partner_links(ask: Callable[..., Brokers]) -> None:
    found = ask([way("H2", "S1"), way("S1", "G1"), way("H2", "J1"), way("G1", "S1", soort="terugverwijzing")])
    assert row(found, "S1") == {
        "partner": "S1",
        "municipalities": [EDE],
        "roles_linked": ["huisarts", "gemeente", "lokaal-team"],
        # H2 once, G1 twice (both directions): (1/3)² + (2/3)², and nobody they share
        "constraint": pytest.approx(5 / 9),
        "effective_size": 2,
    }
    # H2 and J1 share no municipality: the route crosses a border and links those of both
    assert row(found, "H2")["municipalities"] == [BARNEVELD, EDE, NIJKERK]
    assert row(found, "J1")["municipalities"] == [BARNEVELD, EDE, NIJKERK]
    assert row(found, "Z1") == {
        "partner": "Z1",
        "municipalities": [],
        "roles_linked": [],
        "constraint": None,
        "effective_size": None,
    }


@pytest.mark.parametrize(
    "route",
    [
        way("H1", "S1", soort="consultatie"),  # moves no families
        way("H1", "S1", soort="melding"),
        way("H1", "S1", soort="overbrugging"),
        way("H1", "S1", geldig_tot="2026-06-01"),
        way("H1", "S1", geldig_van="2026-06-02"),
        way("H1", "H1A"),  # to its own offering
        way("H1", "OUD"),  # an offering that is no more
        way("rol:gezin", "H1", soort="rechtstreekse toegang"),  # the family is no partner
        way("rol:soj", "H1", gemeenten="Barneveld"),  # H1 is not there
    ],
)
def test_what_is_no_tie(ask: Callable[..., Brokers], route: dict[str, Any]) -> None:
    aanbod = [
        {"id": "H1A", "naam": "Eigen aanbod", "partner": "H1"},
        {"id": "OUD", "naam": "Voorbij", "partner": "S1", "geldig_tot": "2026-01-01"},
    ]
    found = ask([route], aanbod=aanbod)
    assert [p["constraint"] for p in found.as_dict()["partners"]] == [None] * len(PARTNERS)


def test_an_offering_is_its_partner_where_it_is_given(ask: Callable[..., Brokers]) -> None:
    aanbod = [
        {"id": "A", "naam": "Groep", "partner": "Z1", "gemeenten": "Ede"},
        {"id": "L", "naam": "Los initiatief", "partner": "", "gemeenten": "Ede"},
    ]
    found = ask([way("H2", "A"), way("H2", "L")], aanbod=aanbod)
    assert row(found, "H2")["municipalities"] == [EDE]
    assert row(found, "H2")["roles_linked"] == ["welzijn"]  # an initiative has no role
    assert row(found, "H2")["effective_size"] == 2


def test_a_route_between_roles_ties_holders_of_the_same_municipality_and_placeholders(ask: Callable[..., Brokers]) -> None:
    found = ask([way("rol:huisarts", "rol:soj")])
    assert row(found, "H1")["municipalities"] == [EDE]
    # in Barneveld nobody is known to be soj: one placeholder there
    assert row(found, "H2")["municipalities"] == [BARNEVELD, EDE]
    assert row(found, "H2")["effective_size"] == 2
    assert row(found, "S1")["roles_linked"] == ["huisarts"]
    assert found.placeholders == 1
    assert {a.key for a in found.frame.assumptions} == {"role_route"}


def test_what_partners_state_themselves_goes_before_a_route_between_roles(ask: Callable[..., Brokers]) -> None:
    # H1 → S1 counts 20 (not 20 + 1), H2 → S1 counts 1: constraint of S1 = (20/21)² + (1/21)²
    found = ask([way("rol:huisarts", "rol:soj"), way("H1", "S1", aantal_per_jaar=20)])
    assert row(found, "S1")["constraint"] == pytest.approx((20**2 + 1) / 21**2)
    # the other way round it is another step, and is added
    found = ask([way("rol:huisarts", "rol:soj"), way("S1", "H1", aantal_per_jaar=20)])
    assert row(found, "S1")["constraint"] == pytest.approx((21**2 + 1) / 22**2)


def test_the_number_of_a_route_between_roles_is_shared_over_its_pairs(ask: Callable[..., Brokers]) -> None:
    # 40 over H1 and H2, 10 to G1: (20² + 20² + 10²) / 50²
    found = ask([way("rol:huisarts", "S1", aantal_per_jaar=40), way("S1", "G1", aantal_per_jaar=10)])
    assert row(found, "S1")["constraint"] == pytest.approx(900 / 2500)


def placed(node: str, municipality: str) -> str:
    return f"{node}@{municipality}" if node.startswith("rol:") else node


def by_locale(landscape: Landscape, municipalities: Iterable[str]) -> dict[tuple[str, str, str], set[str]]:
    """(pair, route) → municipalities, from what Locale says of each municipality."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for code in municipalities:
        for hop in Locale(landscape, code).hops:
            if hop.route and FAMILY not in (hop.source, hop.target):
                one, other = sorted((placed(hop.source, code), placed(hop.target, code)))
                found.setdefault((one, other, hop.route), set()).add(code)
    return found


def compare_with_locale(landscape: Landscape) -> None:
    ties = Ties(landscape)
    steps = by_locale(landscape, ties.municipalities)
    crossing = set()
    for (one, other), tie in ties.between.items():
        known = {route for route in tie.routes if (one, other, route) in steps}
        assert {r for a, b, r in steps if (a, b) == (one, other)} == known
        crossing |= set(tie.routes) - known
        if known == set(tie.routes):
            expected = set().union(*(steps[one, other, route] for route in known))
            assert set(ties.codes(tie.area)) == expected
    assert {(a, b) for a, b, _ in steps} <= set(ties.between)
    # what no municipality has is stated by partners that share none, within the conditions of the route
    rows = {r["id"]: r for r in landscape["routes"].iter_rows(named=True)}
    assert not any(rows[r]["from"].startswith("rol:") or rows[r]["to"].startswith("rol:") for r in crossing)


def test_the_ties_are_the_steps_of_every_municipality(example: Reading) -> None:
    compare_with_locale(example.landscape)


@pytest.mark.parametrize("seed", range(8))
def test_the_ties_are_the_steps_of_every_municipality_at_random(seed: int, landscape_of: Callable[..., Landscape]) -> None:
    r = random.Random(seed)
    roles, areas = (
        ["huisarts", "soj", "gemeente", "jeugdhulp"],
        ["Ede", "Barneveld", "Ede; Nijkerk", "regio", "landelijk", "", "Woudenberg"],
    )
    partners = [
        {"id": f"P{n}", "naam": f"Partner {n}", "rollen": r.choice(roles), "gemeenten": r.choice(areas)} for n in range(9)
    ]
    aanbod = [
        {
            "id": f"A{n}",
            "naam": f"Aanbod {n}",
            "partner": r.choice(["", "P0", "P1"]),
            "gemeenten": r.choice(areas),
            "geldig_tot": r.choice(["", "2026-01-01"]),
        }
        for n in range(5)
    ]
    ends = [*(p["id"] for p in partners), *(a["id"] for a in aanbod), *(f"rol:{role}" for role in roles), "rol:gezin"]
    routes = []
    for n in range(40):
        van, naar = r.sample(ends, 2)
        conditions = {"gemeenten": r.choice(["", "", "Ede", "regio", "Woudenberg"]), "geldig_van": r.choice(["", "", "2027"])}
        routes.append({"id": f"R{n:02}", **way(van, naar, **conditions)})
    compare_with_locale(landscape_of(toml=TOML, partners=partners, aanbod=aanbod, routes=routes))


# --- what small numbers may tell ------------------------------------------------------------------------------
def test_no_measure_depends_on_a_number_below_the_threshold(ask: Callable[..., Brokers]) -> None:
    def answer(small: Any, other: Any) -> dict[str, Any]:
        return ask(
            [
                way("H1", "S1", aantal_per_jaar=small),
                way("S1", "H1", soort="terugverwijzing", aantal_per_jaar=other),
                way("S1", "G1", aantal_per_jaar=12),
                way("S1", "G1", soort="opschaling", aantal_per_jaar=small),
                way("H1", "G1", aantal_per_jaar=30),
                way("rol:huisarts", "rol:gemeente", aantal_per_jaar=small),
            ]
        ).as_dict()

    # 6 + 7 is above the threshold and 12 + 3 is printable too, but both would give the small ones back
    assert answer(6, 7) == answer(9, 1) == answer("", "") == answer(3, 8)


def test_numbers_from_the_threshold_on_weigh(ask: Callable[..., Brokers]) -> None:
    routes = [way("H1", "S1", aantal_per_jaar=10), way("S1", "G1", aantal_per_jaar=9)]
    found = ask(routes)
    assert found.frame.weighted
    assert row(found, "S1")["constraint"] == pytest.approx((10**2 + 1) / 11**2)
    off = ask(routes, threshold=0)
    assert row(off, "S1")["constraint"] == pytest.approx((10**2 + 9**2) / 19**2)


def test_without_numbers_to_use_it_is_unweighted(ask: Callable[..., Brokers]) -> None:
    found = ask([way("H1", "S1", aantal_per_jaar=9), way("S1", "G1", aantal_per_jaar=0)])
    assert not found.frame.weighted
    assert row(found, "S1")["constraint"] == pytest.approx(1 / 2)


# --- the answer -----------------------------------------------------------------------------------------------
def test_listed_by_name_and_one_municipality_changes_no_measure(ask: Callable[..., Brokers]) -> None:
    routes = [way("H1", "S1"), way("H2", "S1"), way("H2", "J1"), way("S1", "G1"), way("H1", "G1")]
    every = ask(routes)
    assert [b.name for b in every.partners] == [
        "Gemeente Ede",
        "Huisarts een",
        "Huisarts twee",
        "jeugdhulp Klein",
        "Praktijkondersteuner",
        "Zonder routes",
    ]
    here = ask(routes, of=[NIJKERK])
    assert here.as_dict()["partners"] == [row(every, "J1"), row(every, "Z1")]


def test_a_partner_of_which_no_area_is_stated_serves_the_region_and_it_is_said(ask: Callable[..., Brokers]) -> None:
    partners = [*PARTNERS, {"id": "N1", "naam": "Niets vermeld", "rollen": "welzijn"}]
    found = ask([way("H1", "N1")], partners=partners, of=[NIJKERK])
    assert [b.partner for b in found.partners] == ["J1", "N1", "Z1"]
    assert ("area", (("number", 1),)) in [(a.key, a.values) for a in found.frame.assumptions]


def test_rows_carry_what_stands_behind_the_figures(ask: Callable[..., Brokers]) -> None:
    found = ask([way("H1", "S1"), way("S1", "G1")])
    assert found.rows()[4] | {"constraint": None} == {
        "partner": "S1",
        "name": "Praktijkondersteuner",
        "municipalities": EDE,
        "roles_linked": "huisarts; gemeente; lokaal-team",
        "links": 2,
        "constraint": None,
        "effective_size": 2.0,
        "routes": "R00; R01",
    }
    assert [(s.table, s.file, s.row) for s in found.partners[4].sources] == [
        ("routes", "routes.csv", 2),
        ("routes", "routes.csv", 3),
    ]
    assert found.to_frame().shape == (6, 8)


def test_nothing_registered(ask: Callable[..., Brokers]) -> None:
    routes = [way("H1", "S1")]
    found = ask(routes, of=[WOUDENBERG])
    assert (found.as_dict(), found.rows(), found.frame.weighted) == ({"partners": []}, [], False)


def test_a_municipality_that_nobody_names_is_served_by_who_works_nationally(ask: Callable[..., Brokers]) -> None:
    partners = [*PARTNERS, {"id": "L1", "naam": "Landelijke lijn", "rollen": "informeel", "gemeenten": "landelijk"}]
    routes = [way("H1", "L1"), way("rol:huisarts", "L1")]
    found = ask(routes, partners=partners, of=[WOUDENBERG])
    assert found.as_dict()["partners"] == [row(ask(routes, partners=partners), "L1")]
