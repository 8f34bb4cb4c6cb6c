"""What partners state beside what a log shows, on small tables with answers worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import pytest

from routekaart.graph.analyses.observed.answer import Observed
from routekaart.graph.analyses.observed.observed import observed
from routekaart.graph.landscape import Landscape

EDE, BARNEVELD = "GM0228", "GM0203"
PERIOD = {"period_from": "2025-01-01", "period_until": "2025-12-31", "source": "Registratie"}
Rows = list[dict[str, Any]]

PARTNERS: Rows = [
    {"id": "GP", "name": "Huisarts De Brink", "roles": ["huisarts"], "municipalities": [EDE]},
    {"id": "GP2", "name": "Huisarts De Linde", "roles": ["huisarts"], "municipalities": [BARNEVELD]},
    {"id": "SOJ", "name": "SOJ Ede", "roles": ["soj"], "municipalities": [EDE]},
    {
        "id": "TEAM",
        "name": "Wijkteam",
        "roles": ["lokaal-team"],
        "municipalities": [BARNEVELD, EDE],
        "response": "Wij tellen anders.",
    },
    {"id": "HELP", "name": "Jeugdhulp De Kade", "roles": ["jeugdhulp"], "municipalities": [EDE]},
]


class Around:
    """A build and a log, put beside each other."""

    def __init__(self, regions: ModuleType) -> None:
        self.regions = regions

    def landscape(self, **tables: Rows) -> Landscape:
        made: Landscape = self.regions.landscape(
            {
                "partners": PARTNERS,
                **{name: self.regions.numbered(rows, name[0].upper()) for name, rows in tables.items()},
            }
        )
        return made

    def log(self, handovers: Rows, threshold: int = 10, **tables: Rows) -> Landscape:
        settings = {**self.regions.SETTINGS, "reference_date": "2025-12-31", "municipalities": None, "threshold": threshold}
        rows = self.regions.numbered([{**PERIOD, **h} for h in handovers], "H")
        made: Landscape = self.regions.landscape({"region": [settings], "handovers": rows, **tables})
        return made

    def asked(self, routes: Rows, handovers: Rows, municipalities: tuple[str, ...] = (), **tables: Rows) -> Observed:
        stated = self.landscape(routes=[{"kind": "verwijzing", **r} for r in routes])
        return observed(stated, self.log(handovers, **tables), municipalities)


@pytest.fixture
def around(regions: ModuleType) -> Around:
    return Around(regions)


def went(start: str, end: str, number: int | None = 30, **more: Any) -> dict[str, Any]:
    return {"from": start, "to": end, "number": number, **more}


def cell(id_: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "from": start, "to": end, "kind": "verwijzing", **more}


def not_seen(found: Observed) -> list[str]:
    return [n.route.id for n in found.not_seen]


def pairs(found: Observed) -> list[tuple[str, str]]:
    return [n.handover.pair for n in found.not_stated if not n.bars]


# --- stated, not seen ----------------------------------------------------------------------------------
def test_a_route_without_a_handover_is_not_seen_only_where_its_sender_is_in_the_log(around: Around) -> None:
    routes = [
        {"id": "R1", "from": "GP", "to": "SOJ"},
        {"id": "R2", "from": "GP", "to": "HELP"},
        {"id": "R3", "from": "SOJ", "to": "HELP"},
        {"id": "R4", "from": "TEAM", "to": "HELP"},
    ]
    found = around.asked(routes, [went("GP", "SOJ")])
    # the SOJ is there as a receiver; of the team the log says nothing
    assert not_seen(found) == ["R2", "R3"]
    assert [(n.route.id, n.reason) for n in found.not_covered] == [("R4", "zender niet in het log")]
    assert (found.routes, found.seen) == (4, 1)
    first, second = found.not_seen
    assert (first.sends, first.receiver) == (True, False)
    assert (second.sends, second.receiver) == (False, False)


def test_only_valid_routes_that_move_families_are_looked_for(around: Around) -> None:
    routes = [
        {"id": "R1", "from": "GP", "to": "SOJ", "kind": "consultatie"},
        {"id": "R2", "from": "GP", "to": "TEAM", "kind": "melding"},
        {"id": "R3", "from": "GP", "to": "HELP", "valid_until": "2026-01-01"},
        {"id": "R4", "from": "GP", "to": "HELP", "valid_from": "2027"},
        {"id": "R5", "from": "GP", "to": "HELP", "valid_until": "2026-06-01"},
    ]
    found = around.asked(routes, [went("GP", "GP2")])
    assert (found.routes, not_seen(found), found.not_covered) == (0, [], ())


def test_a_route_that_began_after_the_period_cannot_be_judged(around: Around) -> None:
    routes = [
        {"id": "R1", "from": "GP", "to": "SOJ", "valid_from": "2026-01-01"},
        {"id": "R2", "from": "GP", "to": "HELP", "valid_from": "2025-12-31"},
    ]
    found = around.asked(routes, [went("GP", "TEAM")])
    assert not_seen(found) == ["R2"]
    assert [(n.route.id, n.reason) for n in found.not_covered] == [("R1", "na de periode")]


def test_a_role_is_seen_by_any_partner_that_holds_it_in_a_common_municipality(around: Around) -> None:
    roles = [{"id": "R1", "from": "rol:huisarts", "to": "rol:soj"}]
    assert around.asked(roles, [went("GP", "SOJ")]).seen == 1
    # the second GP is of Barneveld, the SOJ of Ede: the route of roles means no step between them
    apart = around.asked(roles, [went("GP2", "SOJ")])
    assert (apart.seen, not_seen(apart), pairs(apart)) == (0, ["R1"], [("GP2", "SOJ")])
    assert (apart.not_seen[0].senders, apart.not_seen[0].possible) == (1, 2)
    # and with a municipality of its own it holds only there
    elsewhere = [{"id": "R1", "from": "rol:huisarts", "to": "rol:soj", "municipalities": [BARNEVELD]}]
    assert around.asked(elsewhere, [went("GP", "SOJ")]).seen == 0


def test_a_role_that_the_log_names_may_be_any_partner_that_holds_it(around: Around) -> None:
    routes = [{"id": "R1", "from": "GP", "to": "SOJ"}, {"id": "R2", "from": "GP2", "to": "TEAM"}]
    found = around.asked(routes, [went("rol:huisarts", "SOJ")])
    assert (found.seen, pairs(found)) == (1, [])
    # the log says "a GP": of this one it does not tell by name
    assert [(n.route.id, n.reason) for n in found.not_covered] == [("R2", "zender niet in het log")]


def test_a_role_of_the_log_is_no_partner_that_the_route_cannot_mean(around: Around) -> None:
    """A GP of Barneveld referred to "a SOJ"; the SOJ of the route is of Ede only."""
    found = around.asked([{"id": "R1", "from": "rol:huisarts", "to": "SOJ"}], [went("GP2", "rol:soj")])
    assert (found.seen, pairs(found)) == (0, [("GP2", "rol:soj")])
    assert around.asked([{"id": "R1", "from": "rol:huisarts", "to": "SOJ"}], [went("GP", "rol:soj")]).seen == 1


def test_an_offering_counts_at_its_partner(around: Around) -> None:
    offers = [
        {"id": "A1", "partner": "HELP", "name": "Gezinshulp", "access": "verwijzing"},
        {"id": "A2", "partner": "SOJ", "name": "Spreekuur", "access": "vrij"},
    ]
    routes = [
        {"id": "R1", "from": "GP", "to": "aanbod:A1", "kind": "verwijzing"},
        {"id": "R2", "from": "HELP", "to": "aanbod:A1", "kind": "opschaling"},
    ]
    stated = around.landscape(offerings=offers, routes=routes)
    found = observed(stated, around.log([went("GP", "HELP"), went("GP", "SOJ")]))
    assert found.seen == 1
    assert [(n.route.id, n.reason) for n in found.not_covered] == [("R2", "binnen één partner")]
    assert [(n.handover.pair, n.free) for n in found.not_stated] == [(("GP", "SOJ"), True)]


# --- seen, not stated ----------------------------------------------------------------------------------
def test_what_the_lists_do_say_of_a_handover_without_a_route_stands_beside_it(around: Around) -> None:
    routes = [
        {"id": "R1", "from": "GP", "to": "SOJ", "kind": "consultatie"},
        {"id": "R2", "from": "GP", "to": "SOJ", "valid_until": "2026-01-01"},
        {"id": "R3", "from": "GP", "to": "TEAM", "kind": "melding"},
        {"id": "R4", "from": "SOJ", "to": "GP"},
    ]
    found = around.asked(routes, [went("GP", "SOJ", 12), went("GP", "TEAM"), went("TEAM", "GP")])
    # a report is a registered step; a route the other way round is none
    assert pairs(found) == [("GP", "SOJ"), ("TEAM", "GP")]
    first, second = found.not_stated
    assert {(r.id, r.when) for r in first.others} == {("R1", "holds"), ("R2", "ended")}
    assert (first.handover.number, first.as_dict()["number"]) == (12, 12)
    assert second.responses == (("TEAM", "Wij tellen anders."),)


@pytest.mark.parametrize(("number", "threshold", "shown"), [(None, 10, None), (9, 5, None), (10, 5, 10), (3, 0, None)])
def test_a_small_number_is_not_told(around: Around, number: int | None, threshold: int, shown: int | None) -> None:
    """The threshold of the build is 10; that of the log may be lower."""
    found = observed(around.landscape(routes=[]), around.log([went("GP", "SOJ", number)], threshold))
    told = found.not_stated[0].as_dict()
    assert told["number"] == shown
    assert told.get("suppressed", False) is (shown is None)
    assert found.rows()[0]["number"] == shown


def test_one_partner_under_two_names_in_the_log_is_one_sender(around: Around) -> None:
    offers = [{"id": "A1", "partner": "HELP", "name": "Gezinshulp"}]
    found = observed(around.landscape(offerings=offers), around.log([went("GP", "HELP", 20), went("GP", "aanbod:A1", None)]))
    (said,) = found.not_stated
    assert said.handover.pair == ("GP", "HELP")
    assert said.as_dict() | {"number": 20, "at_least": True} == said.as_dict()


@pytest.mark.parametrize(
    ("conditions", "seen", "bars"),
    [
        ({"municipalities": [EDE]}, {"municipalities": [BARNEVELD]}, ("gemeente",)),
        ({"municipalities": ["regio"]}, {"municipalities": ["GM0344"]}, ("gemeente", "werkgebied")),
        ({}, {"municipalities": [EDE]}, ()),
        # half open, in months: 12 years is no longer below 12
        ({"age_until": 144}, {"age_from": 144, "age_until": 216}, ("leeftijd",)),
        ({"age_until": 145}, {"age_from": 144, "age_until": 216}, ()),
        ({"age_from": 144}, {"age_until": 144}, ("leeftijd",)),
        # adhd is narrower than druk gedrag, algemeen fits every question, and is a question of its own
        ({"themes": ["druk-gedrag"]}, {"themes": ["adhd"]}, ()),
        ({"themes": ["adhd"]}, {"themes": ["druk-gedrag"]}, ("thema",)),
        ({"themes": ["algemeen"]}, {"themes": ["adhd"]}, ()),
        ({"themes": ["adhd"]}, {"themes": ["algemeen"]}, ("thema",)),
        ({"themes": ["adhd"], "municipalities": [EDE]}, {}, ()),
        ({"age_until": 144, "themes": ["adhd"]}, {"age_from": 144, "themes": ["opvoeden"]}, ("leeftijd", "thema")),
    ],
)
def test_families_for_whom_the_route_does_not_hold(
    around: Around, conditions: Mapping[str, Any], seen: Mapping[str, Any], bars: tuple[str, ...]
) -> None:
    routes = [{"id": "R1", "from": "TEAM", "to": "GP3", **conditions}]
    partners = [*PARTNERS, {"id": "GP3", "name": "Huisarts Drie", "roles": ["huisarts"], "municipalities": None}]
    stated = around.regions.landscape({"partners": partners, "routes": [{"kind": "verwijzing", **r} for r in routes]})
    log = around.log([went("TEAM", "GP3")], routes=[cell("LOG-1", "TEAM", "GP3", per_year=15, **seen)])
    found = observed(stated, log)
    assert found.seen == 1
    assert [n.bars for n in found.not_stated] == [bars] * bool(bars)
    for said in found.not_stated:
        assert (said.why, said.nearest and said.nearest.id, said.cells[0].per_year) == ("voorwaarden", "R1", 15)


def test_a_partner_that_is_not_for_a_municipality_is_named(around: Around) -> None:
    routes = [{"id": "R1", "from": "TEAM", "to": "HELP"}]
    found = observed(
        around.landscape(routes=[{"kind": "verwijzing", **r} for r in routes]),
        around.log([went("TEAM", "HELP")], routes=[cell("LOG-1", "TEAM", "HELP", municipalities=[BARNEVELD])]),
    )
    (said,) = found.not_stated
    assert (said.municipality, said.bars, said.outside) == (BARNEVELD, ("werkgebied",), ("HELP",))


def test_of_several_routes_one_that_holds_is_enough_and_else_the_nearest_is_told(around: Around) -> None:
    routes = [
        {"id": "R1", "from": "GP", "to": "SOJ", "municipalities": [BARNEVELD], "themes": ["adhd"]},
        {"id": "R2", "from": "GP", "to": "SOJ", "themes": ["adhd"]},
    ]
    stated = around.landscape(routes=[{"kind": "verwijzing", **r} for r in routes])
    seen = [
        cell("LOG-1", "GP", "SOJ", municipalities=[EDE], themes=["adhd"]),
        cell("LOG-2", "GP", "SOJ", municipalities=[EDE], themes=["opvoeden"]),
    ]
    (said,) = observed(stated, around.log([went("GP", "SOJ")], routes=seen)).not_stated
    assert (said.nearest and said.nearest.id, said.bars, [c.route for c in said.cells]) == ("R2", ("thema",), ["LOG-2"])


# --- one municipality ------------------------------------------------------------------------------------
def test_a_municipality_narrows_what_is_listed_and_not_what_is_stated(around: Around) -> None:
    routes = [
        {"id": "R1", "from": "TEAM", "to": "HELP", "municipalities": [EDE]},
        {"id": "R2", "from": "TEAM", "to": "GP2"},
        {"id": "R3", "from": "GP", "to": "TEAM"},
    ]
    handovers = [went("TEAM", "HELP"), went("GP2", "TEAM"), went("SOJ", "HELP")]
    ede, barneveld = (around.asked(routes, handovers, (code,)) for code in (EDE, BARNEVELD))
    assert (ede.routes, ede.seen, not_seen(ede), pairs(ede)) == (2, 1, [], [("SOJ", "HELP")])
    assert [n.route.id for n in ede.not_covered] == ["R3"]
    # TEAM → HELP is stated, if only for Ede: the handover may be of there
    assert (barneveld.routes, not_seen(barneveld), pairs(barneveld)) == (1, ["R2"], [("GP2", "TEAM")])


def test_a_route_of_a_role_is_seen_in_the_municipality_of_its_holder(around: Around) -> None:
    roles = [{"id": "R1", "from": "rol:huisarts", "to": "TEAM"}]
    # the GP of Barneveld refers; of Ede the log does not tell
    assert [around.asked(roles, [went("GP2", "TEAM")], (code,)).seen for code in (BARNEVELD, EDE)] == [1, 0]


def test_a_handover_may_go_by_a_route_of_another_municipality(around: Around) -> None:
    """Both partners are for Barneveld, the route is for Ede: the handover, which has no municipality, is a stated one."""
    partners = [*PARTNERS, {"id": "JGZ", "name": "JGZ", "roles": ["jgz"], "municipalities": ["regio"]}]
    routes = [{"id": "R1", "from": "JGZ", "to": "TEAM", "kind": "verwijzing", "municipalities": [EDE]}]
    stated = around.regions.landscape({"partners": partners, "routes": routes})
    found = observed(stated, around.log([went("JGZ", "TEAM"), went("TEAM", "JGZ")]), (BARNEVELD,))
    assert (found.routes, pairs(found)) == (0, [("TEAM", "JGZ")])


# --- numbers -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stated", "seen", "told"),
    [(40, 30, [(40, 30)]), (9, 30, []), (40, 9, []), (40, None, []), (None, 30, []), (10, 10, [(10, 10)])],
)
def test_numbers_beside_each_other_only_where_neither_is_small(
    around: Around, stated: int | None, seen: int | None, told: list[tuple[int, int]]
) -> None:
    found = around.asked([{"id": "R1", "from": "GP", "to": "SOJ", "per_year": stated}], [went("GP", "SOJ", seen)])
    # 365 days are 365/365.25 years: 30 families in them are 30.02 a year
    assert [(n.stated, round(n.seen)) for n in found.numbers] == told


def test_a_number_over_two_years_is_halved(around: Around) -> None:
    two = went("GP", "SOJ", 60) | {"period_from": "2024-01-01", "period_until": "2025-12-31"}
    route = {"id": "R1", "from": "GP", "to": "SOJ", "per_year": 40}
    (said,) = around.asked([route], [two]).numbers
    assert said.seen == pytest.approx(60 / (731 / 365.25))
    # 12 families may be told, 6 a year may not
    assert around.asked([route], [two | {"number": 12}]).numbers == ()


# --- what does not change the answer -------------------------------------------------------------------------
ALL = [("GP", "SOJ"), ("GP", "TEAM"), ("SOJ", "TEAM"), ("TEAM", "HELP"), ("GP2", "TEAM"), ("HELP", "TEAM")]


def test_a_log_of_exactly_the_stated_routes_differs_nowhere(around: Around) -> None:
    routes = [{"id": f"R{n}", "from": start, "to": end} for n, (start, end) in enumerate(ALL)]
    found = around.asked(routes, [went(*pair) for pair in ALL])
    assert (found.not_seen, found.not_stated, found.not_covered, found.seen) == ((), (), (), 6)


@pytest.mark.parametrize("gone", range(len(ALL)))
def test_a_handover_less_moves_exactly_its_route(around: Around, gone: int) -> None:
    routes = [{"id": f"R{n}", "from": start, "to": end} for n, (start, end) in enumerate(ALL)]
    left = [pair for n, pair in enumerate(ALL) if n != gone]
    found = around.asked(routes, [went(*pair) for pair in left])
    in_log = ALL[gone][0] in {node for pair in left for node in pair}
    assert not_seen(found) == ([f"R{gone}"] if in_log else [])
    assert [n.route.id for n in found.not_covered] == ([] if in_log else [f"R{gone}"])
    assert found.not_stated == ()


def test_the_answer_as_json_and_as_rows(around: Around) -> None:
    routes = [{"id": "R1", "from": "GP", "to": "SOJ", "per_year": 4}, {"id": "R2", "from": "HELP", "to": "TEAM"}]
    found = around.asked(routes, [went("GP", "TEAM")])
    told = found.as_dict()
    assert told["log"] == {
        "source": "Registratie",
        "period_from": "2025-01-01",
        "period_until": "2025-12-31",
        "reference_date": "2025-12-31",
        "unit": "gezinnen",
    }
    (route,) = told["declared_not_seen"]
    assert (route["route"], route["per_year"], route["suppressed"]) == ("R1", None, True)
    assert route["senders"] == {"in_log": 1, "possible": 1, "hand_over": True}
    assert [row["list"] for row in found.rows()] == ["declared_not_seen", "seen_not_declared", "not_covered"]
    assert len({tuple(row) for row in found.rows()}) == 1
    assert found.to_frame().height == 3
