"""Stated waits beside seen ones: small tables, answers by hand."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from routekaart.graph.analyses.observed.answer import Observed
from routekaart.graph.analyses.observed.compared import Compared
from routekaart.graph.analyses.observed.observed import observed

EDE, BARNEVELD = "GM0228", "GM0203"
Rows = list[dict[str, Any]]
WEEK = 7.0
PARTNERS: Rows = [
    {"id": "GP", "name": "Huisarts De Brink", "roles": ["huisarts"], "municipalities": [EDE]},
    {
        "id": "HELP",
        "name": "Jeugdhulp De Kade",
        "roles": ["jeugdhulp"],
        "municipalities": [BARNEVELD, EDE],
        "response": "Het was druk.",
    },
]
OFFERS: Rows = [
    {"id": "A1", "partner": "HELP", "name": "Gezinshulp"},
    {"id": "A2", "partner": "HELP", "name": "Groep"},
    {"id": "A3", "partner": "HELP", "name": "Gestopt", "valid_until": "2025-01-01"},
]


@pytest.fixture
def compared(regions: ModuleType) -> Any:
    """``compared(waits, seen, …)``: the answer over stated waits and rows of the log's waits."""

    def ask(waits: Rows, seen: Rows, **more: Any) -> Observed:
        routes = [{"kind": "verwijzing", **r} for r in more.get("routes", [])]
        stated = regions.landscape(
            {
                "region": [{**regions.SETTINGS, **more.get("settings", {})}],
                "partners": PARTNERS,
                "offerings": OFFERS,
                "waits": regions.numbered(waits, "W"),
                "routes": routes,
            }
        )
        log = regions.landscape(
            {
                "region": [{**regions.SETTINGS, "municipalities": None, **more.get("log_settings", {})}],
                "waits": regions.numbered(seen, "S"),
                "routes": more.get("log_routes", []),
                "handovers": regions.numbered(more.get("handovers", []), "H"),
            }
        )
        return observed(stated, log, more.get("municipalities", ()))

    return ask


def seen(on: str = "HELP", median: float | None = None, **more: Any) -> dict[str, Any]:
    row = {"on": [on], "kind": "aanmeldwachttijd", "state": "getal", "basis": "retrospectief", "as_of": "2025-12-31"}
    return {**row, "weeks_median": median, "number": 30, **more}


def one(found: Observed) -> Compared:
    (said,) = found.waits
    return said


@pytest.mark.parametrize(
    ("stated", "median", "outcome", "difference"),
    [
        # 8–12 weeks
        ((56.0, 70.0, 84.0), 12.0, "gelijk", 0.0),
        ((56.0, 70.0, 84.0), 8.0, "gelijk", 0.0),
        ((56.0, 70.0, 84.0), 12.5, "langer", 0.5),
        ((56.0, 70.0, 84.0), 7.5, "korter", -0.5),
        ((56.0, 70.0, 84.0), 12.125, "langer", 0.125),
        ((56.0, 70.0, 84.0), 7.875, "korter", -0.125),
        # more than 8 weeks: nothing is above it
        ((56.0, 56.0, None), 52.0, "gelijk", 0.0),
        ((56.0, 56.0, None), 3.0, "korter", -5.0),
        # at most 8 weeks: nothing is below it
        ((0.0, 28.0, 56.0), 0.0, "gelijk", 0.0),
        ((0.0, 28.0, 56.0), 9.0, "langer", 1.0),
        ("stop", 3.0, "aanmeldstop", None),
    ],
)
def test_a_median_beside_a_stated_range(
    compared: Any, regions: ModuleType, stated: Any, median: float, outcome: str, difference: float | None
) -> None:
    said = one(compared([regions.wait("HELP", stated)], [seen(median=median)]))
    assert (said.outcome, said.difference) == (outcome, difference)
    assert said.responses == (("HELP", "Het was druk."),)
    assert (said.seen.median, said.stated.of, said.stated.differs) == (median, "partner", False)


def test_who_still_waits_counts_where_the_log_tells(compared: Any, regions: ModuleType) -> None:
    stated = [regions.wait("HELP", (56.0, 70.0, 84.0))]
    told = one(compared(stated, [seen(median=9.0, weeks_median_km=13.0, weeks_p90=20.0, censored=12)]))
    assert (told.outcome, told.seen.method, told.seen.high, told.seen.censored) == ("langer", "kaplan-meier", 20.0, 12)
    plain = one(compared(stated, [seen(median=9.0, weeks_p90=20.0)]))
    assert (plain.outcome, plain.seen.method) == ("gelijk", "mediaan")


def test_a_total_is_never_compared_and_an_unknown_wait_is_said(compared: Any, regions: ModuleType) -> None:
    total = compared([regions.wait("HELP", 14.0, kind="totaal")], [seen(median=9.0)])
    assert (total.waits, [(u.on, u.reason) for u in total.uncompared]) == ((), [("HELP", "alleen totaal")])
    for waits in ([], [regions.wait("HELP", "onbekend")], [regions.wait("HELP", 14.0, kind="behandelwachttijd")]):
        found = compared(waits, [seen(median=9.0)])
        assert (found.waits, [u.reason for u in found.uncompared]) == ((), ["geen opgave"])


def test_a_statement_is_not_compared_with(compared: Any, regions: ModuleType) -> None:
    said = regions.wait("HELP", 14.0, basis="uitspraak") | {"state": "uitspraak"}
    assert [u.reason for u in compared([said], [seen(median=9.0)]).uncompared] == ["geen opgave"]


def test_an_outdated_wait_is_compared_apart_and_a_current_one_goes_first(compared: Any, regions: ModuleType) -> None:
    old = regions.wait("HELP", 14.0, as_of="2020-01-01")
    said = one(compared([old], [seen(median=3.0)]))
    assert (said.stated.outdated, said.stated.as_of, said.outcome, said.difference) == (True, "2020-01-01", "langer", 1.0)
    # a current wait of the role goes before an outdated one of the partner (as everywhere)
    role = one(compared([old, regions.wait("rol:jeugdhulp", 28.0)], [seen(median=3.0)]))
    assert (role.stated.of, role.stated.outdated, role.outcome, role.difference) == ("rol", False, "korter", -1.0)
    offer = one(compared([old, regions.wait("aanbod:A1", 21.0)], [seen(median=3.0)]))
    assert (offer.stated.of, offer.stated.outdated, offer.outcome) == ("aanbod", False, "gelijk")


def test_waits_that_are_stated_of_offerings_are_a_range(compared: Any, regions: ModuleType) -> None:
    """Of 2 and 10 weeks; what is no longer offered counts no more."""
    waits = [regions.wait("aanbod:A1", 14.0), regions.wait("aanbod:A2", 70.0), regions.wait("aanbod:A3", 364.0)]
    for median, outcome, difference in ((1.0, "korter", -1.0), (6.0, "gelijk", 0.0), (11.0, "langer", 1.0)):
        said = one(compared(waits, [seen(median=median)]))
        assert (said.stated.low, said.stated.high, said.stated.of) == (14.0, 70.0, "aanbod")
        assert (said.outcome, said.difference) == (outcome, difference)


def test_an_outdated_wait_of_one_offering_does_not_widen_the_range(compared: Any, regions: ModuleType) -> None:
    waits = [regions.wait("aanbod:A1", 14.0), regions.wait("aanbod:A2", 70.0, as_of="2020-01-01")]
    said = one(compared(waits, [seen(median=3.0)]))
    assert (said.stated.low, said.stated.high, said.stated.outdated, said.difference) == (14.0, 14.0, False, 1.0)


def test_waits_that_differ_by_municipality_are_a_range_of_those_asked(compared: Any, regions: ModuleType) -> None:
    waits = [regions.wait("HELP", 14.0, municipalities=[EDE]), regions.wait("HELP", 70.0, municipalities=[BARNEVELD])]
    both = one(compared(waits, [seen(median=11.0)]))
    assert (both.stated.low, both.stated.high, both.stated.differs, both.difference) == (14.0, 70.0, True, 1.0)
    ede = one(compared(waits, [seen(median=11.0)], municipalities=(EDE,)))
    assert (ede.stated.high, ede.difference) == (14.0, 9.0)


def test_other_clocks_are_said_where_both_are_known(compared: Any, regions: ModuleType) -> None:
    log = [seen(median=3.0, clock_from="verwijzing", clock_to="eerste afspraak")]
    for clocks, other in (
        ({"clock_from": "Verwijzing", "clock_to": "eerste  afspraak"}, False),
        ({"clock_from": "aanmelding", "clock_to": "eerste afspraak"}, True),
        ({"clock_from": "aanmelding"}, None),
        ({}, None),
    ):
        assert one(compared([regions.wait("HELP", 14.0, **clocks)], log)).other_clock is other


# --- routes ------------------------------------------------------------------------------------------------
ROUTE = {"id": "R1", "from": "GP", "to": "HELP"}
HANDOVER = {"from": "GP", "to": "HELP", "number": 30, "weeks_median": 6.0, "weeks_p95": 18.0}


def log_route(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "from": "GP", "to": "HELP", "kind": "verwijzing", **more}


def test_the_wait_of_a_route_stands_beside_what_the_log_shows_between_its_ends(compared: Any, regions: ModuleType) -> None:
    stated = [regions.wait("route:R1", 28.0)]
    whole = one(compared(stated, [], routes=[ROUTE], handovers=[HANDOVER]))
    assert (whole.on, whole.nodes, whole.cell) == ("route:R1", ("GP", "HELP"), None)
    assert (whole.seen.median, whole.seen.high, whole.seen.share, whole.seen.method) == (6.0, 18.0, 95, "mediaan")
    assert (whole.outcome, whole.difference) == ("langer", 2.0)
    # rows of the log go before the whole, but for families for whom the route does not hold
    rows = [log_route("LOG-1", themes=["adhd"]), log_route("LOG-2", themes=["opvoeden"]), log_route("LOG-3")]
    seen_rows = [seen(f"route:LOG-{n}", float(n)) for n in (1, 2)]
    found = compared(stated, seen_rows, routes=[{**ROUTE, "themes": ["opvoeden"]}], handovers=[HANDOVER], log_routes=rows)
    said = one(found)
    assert (said.cell and said.cell.theme, said.seen.median, said.outcome) == ("opvoeden", 2.0, "korter")


# --- privacy -----------------------------------------------------------------------------------------------
def test_a_wait_of_few_families_is_not_told(compared: Any, regions: ModuleType) -> None:
    stated = [regions.wait("HELP", 14.0)]
    few = compared(stated, [seen(median=3.0, number=9)])
    assert (few.waits, [u.reason for u in few.uncompared]) == ((), ["te weinig in het log"])
    assert compared(stated, [seen()]).uncompared[0].reason == "te weinig in het log"
    off = one(compared(stated, [seen(median=3.0, number=9)], settings={"threshold": 0}, log_settings={"threshold": 0}))
    assert off.seen.number == 9
    for number in (9, None):
        handover = {**HANDOVER, "number": number}
        assert compared([regions.wait("route:R1", 28.0)], [], routes=[ROUTE], handovers=[handover]).waits == ()
    for threshold, told in ((10, 1), (5, 0)):
        found = compared(stated, [seen(median=3.0, number=None)], log_settings={"threshold": threshold})
        assert len(found.waits) == told


@pytest.mark.parametrize(("number", "censored", "told"), [(30, 12, 12), (30, 9, None), (30, 21, None), (30, 20, 20), (30, 0, 0)])
def test_neither_those_who_wait_nor_the_others_are_few(
    compared: Any, regions: ModuleType, number: int, censored: int, told: int | None
) -> None:
    row = seen(median=3.0, weeks_median_km=3.5, number=number, censored=censored)
    assert one(compared([regions.wait("HELP", 14.0)], [row])).seen.censored == told


def test_a_log_with_a_lower_threshold_shows_no_numbers_but_of_whole_handovers(compared: Any, regions: ModuleType) -> None:
    """30 handed over, 26 of them in a cell that may be shown: the 4 others could be worked out."""
    rows = [log_route("LOG-1", themes=["adhd"], per_year=26), log_route("LOG-2", themes=["opvoeden"], per_year=4)]
    for threshold, number in ((10, 26), (5, None)):
        found = compared(
            [regions.wait("HELP", 14.0)],
            [seen(median=3.0)],
            routes=[{**ROUTE, "themes": ["opvoeden"]}],
            handovers=[HANDOVER],
            log_routes=rows,
            log_settings={"threshold": threshold},
        )
        (barred,) = found.not_stated
        assert barred.cells[0].per_year == number
        assert barred.handover.number == 30
        assert one(found).seen.number == (30 if threshold == 10 else None)
