"""routekaart.open: the questions in Python, their frames, and the NetworkX graph of one profile."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import networkx as nx
import polars as pl
import pytest

import routekaart
from routekaart.graph.analyses.route import route
from routekaart.graph.edition import EditionError, write_edition
from routekaart.graph.landscape import Landscape
from routekaart.graph.routemap import RouteMap
from routekaart.ontology.catalogue import ToldError


@pytest.fixture(scope="module")
def k(built: Callable[[str], Path]) -> RouteMap:
    return routekaart.open(built("voorbeeldregio"))


QUESTIONS: dict[str, Callable[[RouteMap], Any]] = {
    "offers": lambda k: k.offers("Elzerbroek", 14, "angst en somberheid"),
    "route": lambda k: k.route("Elzerbroek", start="rol:huisarts", age=14, theme="angst en somberheid"),
    "long-routes": lambda k: k.long_routes(gemeente="Elzerbroek"),
    "bottlenecks": lambda k: k.bottlenecks(gemeente=["Elzerbroek", "GM9001"], level=3),
    "gaps": lambda k: k.gaps("Elzerbroek", age=14),
    "short-lines": lambda k: k.short_lines("Elzerbroek"),
    "direct-routes": lambda k: k.direct_routes(level=3, top=10),
    "what-if": lambda k: k.what_if("Elzerbroek", level=3, close=["P058"]),
    "trend": lambda k: k.trend(k, "Elzerbroek", level=1),
    "advise": lambda k: k.advice("Elzerbroek"),
    "answers": lambda k: k.answers("Hazelmeer", level=1),
    "brokers": lambda k: k.brokers(),
    "indicators": lambda k: k.indicators("Elzerbroek"),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_frozen_prints_and_becomes_a_frame(k: RouteMap, question: str) -> None:
    answer = QUESTIONS[question](k)
    assert answer.frame.question == question
    with pytest.raises(AttributeError):
        answer.frame = None
    frame = answer.to_frame()
    assert isinstance(frame, pl.DataFrame)
    assert frame.height == len(answer.rows())
    assert all(list(row) == frame.columns for row in answer.rows())
    assert question in str(answer)
    assert "2026-09-01" in str(answer)


def test_what_people_say_is_understood_and_what_nobody_knows_is_told(k: RouteMap) -> None:
    by_name, by_code = k.offers("Élzerbroek", 14).rows(), k.offers("GM9003", 14).rows()
    assert by_name == by_code != []
    # 17.75 years is 213 months (CONTRACTS §1)
    assert k.route("Elzerbroek", age=17.75, level=3).profile.age == 213
    for wrong in (lambda: k.gaps("Elserbroek"), lambda: k.gaps(theme="niets"), lambda: k.offers()):
        with pytest.raises(ToldError):
            wrong()
    for wrong in (lambda: k.gaps(level=7), lambda: k.gaps(age=-1)):
        with pytest.raises(ValueError):
            wrong()


def test_a_folder_without_a_build_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(EditionError):
        routekaart.open(tmp_path)


def test_pandas_where_it_is_installed(k: RouteMap, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = ModuleType("pandas")
    fake.DataFrame = lambda rows: ("frame", rows)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pandas", fake)
    answer = k.indicators("Elzerbroek")
    assert answer.to_pandas() == ("frame", answer.rows())


def test_the_graph_has_the_way_that_route_gives(k: RouteMap) -> None:
    graph = k.network(gemeente="Elzerbroek", age=14, theme="angst en somberheid")
    assert isinstance(graph, nx.DiGraph)
    told = route(k.landscape, "GM9003", start="rol:huisarts", age=168, theme="angst-en-somberheid", levels=[3], static=True).ways[
        0
    ]
    # README: the story of Elzerbroek is 78 weeks; the wait at the end of the way is that of the offering, not the partner
    assert told.expected == 78 * 7
    before = sum(graph.edges[a, b]["weeks"] for a, b in zip(told.path, told.path[1:-1], strict=False))
    assert before == pytest.approx((told.expected - told.legs[-1].days("expected")) / 7)
    assert told.offering in graph.nodes[told.path[-1]]["offerings"]
    for _, data in graph.nodes(data=True):
        assert set(data) == {"name", "roles", "entry", "placeholder", "offerings", "levels"}
    assert graph.graph["municipality"] == "GM9003"


def test_the_graph_knows_conditions_stops_and_free_steps(landscape_of: Callable[..., Landscape], tmp_path: Path) -> None:
    landscape = landscape_of(
        partners=[
            {"id": "H", "naam": "H", "rollen": "huisarts", "gemeenten": "Ede"},
            {"id": "Z", "naam": "Z", "rollen": "jeugd-ggz", "gemeenten": "Ede"},
            {"id": "Y", "naam": "Y", "rollen": "jeugdhulp", "gemeenten": "Ede"},
            {"id": "W", "naam": "W", "rollen": "welzijn", "gemeenten": "Ede"},
        ],
        aanbod=[{"id": "A", "partner": "W", "naam": "inloop", "niveau": 1, "toegang": "vrij"}],
        routes=[
            {"id": "R1", "van": "H", "naar": "Z", "soort": "verwijzing", "leeftijd_van": 12},
            {"id": "R2", "van": "H", "naar": "Y", "soort": "verwijzing"},
        ],
        wachttijden=[
            {"op": "Y", "soort": "aanmeldwachttijd", "waarde": "aanmeldstop", "peildatum": "2026-05-01"},
            {"op": "A", "soort": "aanmeldwachttijd", "waarde": "2 weken", "peildatum": "2026-05-01"},
        ],
    )
    write_edition(landscape, {"findings": [], "tables": {}}, tmp_path / "uit", store=False)
    k = routekaart.open(tmp_path / "uit")
    young, older = k.network("Ede", age=10), k.network("Ede", age=12)
    assert not young.has_edge("H", "Z")
    # nothing is known of Z: 2–26 weeks, the middle is 14
    edge = older.edges["H", "Z"]
    assert (edge["weeks_low"], edge["weeks"], edge["weeks_high"], edge["assumed"]) == (2, 14, 26, True)
    assert ("H", "Y") in older.graph["closed"]
    assert older.edges["H", "W"]["free"]
    assert older.edges["H", "W"]["weeks"] == 2
    assert older.nodes["W"]["levels"] == (1,)
