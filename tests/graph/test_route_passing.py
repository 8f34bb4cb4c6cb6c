"""No way passes the partner at which it ends: small cases by hand, asked alone and among other profiles."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from routekaart.graph.analyses.route import route


def way_of(regions: ModuleType, tables: Any, start: str, **question: Any) -> Any:
    """(path, expected days) of the fastest way to level 3, as asked alone and among other profiles; a reason where none is."""
    landscape = regions.landscape(tables)
    alone = route(landscape, regions.EDE, start=start, levels=[3], age=168, theme="opvoeden", **question)
    among = route(landscape, regions.EDE, start=start, levels=[3], age=168, theme=["opvoeden", "adhd"], **question)
    assert {(s.expected, s.reason) for s in among.spread} == (
        {(alone.ways[0].expected, None)} if alone.ways else {(None, alone.reasons[0][1])}
    )
    return (alone.ways[0].path, alone.ways[0].expected) if alone.ways else alone.reasons[0][1]


def test_the_quicker_way_to_another_visit_is_found(regions: ModuleType) -> None:
    """The search takes up B once, over X, where the way would end: H → B → X takes 2 + 1 weeks, H → X takes 10."""
    partners = {"H": "huisarts", "X": "jeugd-ggz", "B": "soj"}
    routes = [("H", "X"), ("X", "B"), {"id": "OWN", "from": "B", "to": "X"}, {"from": "H", "to": "B", "handover_days": 14.0}]
    waits = [regions.wait("X", 0), regions.wait("B", 0), regions.wait("route:OWN", 7), regions.wait("aanbod:A00", 70)]
    tables = regions.region(partners, [{"partner": "X", "level": "3"}], routes, waits)
    assert way_of(regions, tables, "H") == (("H", "B", "X"), 21)
    answer = route(regions.landscape(tables), regions.EDE, start="H", levels=[3], age=168, theme="opvoeden", alternatives=3)
    assert [(w.path, w.expected) for w in answer.ways] == [(("H", "B", "X"), 21), (("H", "X"), 70)]
    assert way_of(regions, tables, "H", via=["B"]) == (("H", "B", "X"), 21)
    # where B is reached over X only, no way may end at X after it
    tables["routes"].pop()
    assert way_of(regions, tables, "H") == (("H", "X"), 70)
    tables["waits"][-1]["state"] = "stop"
    assert way_of(regions, tables, "H") == "aanmeldstop"


def test_an_entry_further_on_is_reached_without_the_end(regions: ModuleType) -> None:
    """Until the start S → X takes 100 days, and X → E → X would 14; S → E with 30 of handover and 14 at X takes 44."""
    partners = {"S": "jeugdhulp", "X": "jeugd-ggz", "E": "huisarts"}
    offers = [{"partner": "X", "level": "3", "access": "vrij"}]
    routes = [{"id": "OWN", "from": "S", "to": "X"}, ("X", "E"), {"from": "S", "to": "E", "handover_days": 30.0}]
    waits = [regions.wait(on, days) for on, days in {"route:OWN": 0, "E": 0, "aanbod:A00": 7}.items()]
    waits += [regions.wait(on, days, kind="behandelwachttijd") for on, days in {"route:OWN": 100, "aanbod:A00": 7}.items()]
    tables = regions.region(partners, offers, routes, waits)
    assert way_of(regions, tables, "S", until="start") == (("S", "E", "X"), 44)


def test_nobody_takes_a_slower_way_to_be_old_enough(regions: ModuleType) -> None:
    """Over X one is at W at once and too young for Y; that X has a stop makes nobody take 60 days to get to W."""
    partners = {"H": "huisarts", "X": "jeugd-ggz", "B": "soj", "W": "soj", "Y": "jeugd-ggz"}
    offers = [{"partner": "X", "level": "3"}, {"partner": "Y", "level": "3", "age_from": 169}]
    routes = [("H", "X"), ("X", "B"), {"id": "OWN", "from": "B", "to": "X"}, ("X", "W"), ("W", "Y")]
    routes.append({"from": "H", "to": "W", "handover_days": 60.0})
    waits = [regions.wait(on, 0) for on in ("X", "B", "W", "Y", "route:OWN")] + [regions.wait("aanbod:A00", "stop")]
    tables = regions.region(partners, offers, routes, waits)
    assert way_of(regions, tables, "H") == way_of(regions, tables, "H", via=["W"]) == "geen route"


def test_a_free_offering_for_others_is_no_step_from_an_entry(regions: ModuleType) -> None:
    """Asked for by itself it is reached over a registered route only, and both searches say so."""
    offers = [{"partner": "X", "level": "3", "access": "vrij", "themes": ["adhd"]}]
    tables = regions.region({"H": "huisarts", "X": "jeugd-ggz"}, offers, [], [regions.wait("X", 7)])

    def ask(theme: str) -> Any:
        landscape = regions.landscape(tables)
        answer = route(landscape, regions.EDE, start="H", goal="aanbod:A00", age=168, theme=theme)
        return [(w.path, w.expected) for w in answer.ways], [reason for _, reason in answer.reasons]

    assert ask("adhd") == ([(("H", "X"), 7)], [])
    assert ask("opvoeden") == ([], ["geen route"])
    tables["routes"].append({"id": "R", "from": "H", "to": "X", "kind": "verwijzing"})
    assert ask("opvoeden") == ([(("H", "X"), 7)], [])


@pytest.mark.parametrize("open_ended", ["aanbod:A00", "G"])
def test_what_comes_before_a_wait_without_an_end_does_not_make_it_longer(open_ended: str, regions: ModuleType) -> None:
    """With all waits high straight on is no longer than over B, where one waits 30 days more before "or longer"."""
    partners = {"H": "huisarts", "B": "soj", "X": "jeugd-ggz", "G": "gemeente"}
    decided = {"decision_needed": True}
    routes = [("H", "B"), {"from": "H", "to": "X", "handover_days": 50.0} | decided, {"from": "B", "to": "X"} | decided]
    waits = [regions.wait("B", 30), regions.wait("aanbod:A00", 7), regions.wait("G", 0, kind="besluit")]
    waits = [{**w, "days_high": None} if w["on"] == [open_ended] else w for w in waits]
    tables = regions.region(partners, [{"partner": "X", "level": "3"}], routes, waits)
    for alternatives in (1, 2):
        question = {"levels": [3], "age": 168, "theme": "opvoeden", "alternatives": alternatives}
        answer = route(regions.landscape(tables), regions.EDE, start="H", **question)
        assert answer.ways[0].path == ("H", "B", "X")
        (span,) = answer.spans
        assert (span.low, span.expected, span.high, span.high_path) == (37, 37, None, ("H", "X"))
