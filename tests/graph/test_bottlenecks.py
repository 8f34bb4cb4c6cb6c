"""bottlenecks, by hand: who passes where, what a week less saves, which wait is above which norm, and why."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from routekaart.graph.analyses.waiting.answer import Bottlenecks, Level, Passed
from routekaart.graph.analyses.waiting.bottlenecks import bottlenecks
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading

EDE, BARNEVELD = "GM0228", "GM0203"
#: G sees the family first, S and T are on the way, Z helps.
ROLES = {"G": "huisarts", "S": "soj", "T": "gemeente", "Z": "jeugd-ggz"}
CHAIN: list[Any] = [("G", "S"), ("S", "T"), ("T", "Z")]
HELP = {"id": "AZ", "partner": "Z", "level": "3"}


class Made:
    """Makes small regions and asks them one level."""

    def __init__(self, regions: ModuleType) -> None:
        self.regions = regions

    def landscape(
        self,
        roles: dict[str, str] | None = None,
        offerings: list[dict[str, Any]] | None = None,
        routes: list[Any] | None = None,
        waits: list[dict[str, Any]] | None = None,
        **more: Any,
    ) -> Landscape:
        settings = {**self.regions.SETTINGS, "threshold": 0, **more.pop("settings", {})}
        tables = self.regions.region(roles or ROLES, offerings or [HELP], routes or CHAIN, waits or [], **more)
        found: Landscape = self.regions.landscape({"region": [settings], **tables})
        return found

    def ask(self, **tables: Any) -> Level:
        question = tables.pop("question", {})
        answer = bottlenecks(self.landscape(**tables), levels=[3], **question)
        return answer.levels[0]

    def wait(self, on: str, weeks: Any, **more: Any) -> dict[str, Any]:
        days = weeks if isinstance(weeks, str) else 7.0 * weeks
        found: dict[str, Any] = self.regions.wait(on, days, **more)
        return found


@pytest.fixture(scope="module")
def made(regions: ModuleType) -> Made:
    return Made(regions)


def demand(entry: str, families: float, **more: Any) -> dict[str, Any]:
    return {"municipality": EDE, "entry": entry, "per_year": families, "level": "3", **more}


def at(level: Level, node: str) -> Passed:
    return next(p for p in level.partners if p.node == node)


def figures(passed: Passed) -> tuple[float | None, ...]:
    return passed.per_year, passed.arriving, passed.waiting, passed.weeks_per_week, passed.sole_link


# --- who passes where -------------------------------------------------------------------------------------------
def test_forty_families_on_one_way(made: Made) -> None:
    """G → S (4 weeks) → T (6) → Z (10): all 40 pass S and T, end at Z, and wait at each of the three."""
    level = made.ask(
        waits=[made.wait("S", 4), made.wait("T", 6), made.wait("Z", 10)],
        demand=[demand("G", 40)],
    )
    assert (level.per_year, level.without_route) == (40, {"geen aanbod": 0, "geen route": 0, "aanmeldstop": 0})
    # Little: 40 families a year that wait 4 weeks are 40 · 4/52 at any moment
    assert figures(at(level, "S")) == pytest.approx((40, 0, 40 * 4 / 52, 40, 40))
    # T is the municipality's own task: that it is the sole link is not said
    assert figures(at(level, "T")) == (40, 0, pytest.approx(40 * 6 / 52), 40, None)
    assert figures(at(level, "Z")) == pytest.approx((0, 40, 40 * 10 / 52, 40, 0))
    # the start is no partner on the way: who is there already does not wait there
    assert {p.node for p in level.partners} == {"S", "T", "Z"}
    assert [(r.source, r.target, r.per_year) for r in level.routes] == [("G", "S", 40), ("S", "T", 40), ("T", "Z", 40)]


@pytest.mark.parametrize("role", ["gemeente", "lokaal-team"])
def test_the_municipalitys_own_task_is_never_called_the_sole_link(made: Made, role: str) -> None:
    level = made.ask(roles={**ROLES, "S": role}, demand=[demand("G", 40)], routes=[("G", "S"), ("S", "Z")])
    assert at(level, "S").per_year == 40
    assert at(level, "S").sole_link is None
    assert at(made.ask(demand=[demand("G", 40)], routes=[("G", "S"), ("S", "Z")]), "S").sole_link == 40


def test_equally_fast_ways_share_families_and_count_whole_for_what_a_week_saves(made: Made) -> None:
    """G → S → Z and G → Y → Z take equally long (4 + 10 weeks): 20 each, but a week less at either saves all 40 a week."""
    level = made.ask(
        roles={**ROLES, "Y": "soj"},
        routes=[("G", "S"), ("G", "Y"), ("S", "Z"), ("Y", "Z")],
        waits=[made.wait("S", 4), made.wait("Y", 4), made.wait("Z", 10)],
        demand=[demand("G", 40)],
    )
    for node in ("S", "Y"):
        assert figures(at(level, node)) == pytest.approx((20, 0, 20 * 4 / 52, 40, 0))
    assert figures(at(level, "Z")) == pytest.approx((0, 40, 400 / 52, 40, 0))


def test_a_tie_in_days_is_shared_whatever_the_hops(made: Made) -> None:
    """G → Z takes 14 weeks at once, G → S (4) → Z takes 14 too when Z asks 10 of who S sends."""
    level = made.ask(
        routes=[{"id": "R1", "from": "G", "to": "Z"}, ("G", "S"), {"id": "R3", "from": "S", "to": "Z"}],
        waits=[made.wait("S", 4), made.wait("route:R1", 14), made.wait("route:R3", 10)],
        demand=[demand("G", 40)],
    )
    assert (at(level, "S").per_year, at(level, "Z").arriving, at(level, "S").weeks_per_week) == (20, 40, 40)
    # 20 wait 14 weeks at Z, 20 wait 10
    assert at(level, "Z").waiting == pytest.approx((20 * 14 + 20 * 10) / 52)


def test_without_a_wait_a_week_less_saves_nothing(made: Made) -> None:
    level = made.ask(waits=[made.wait("S", 0), made.wait("T", 0), made.wait("Z", 3)], demand=[demand("G", 40)])
    assert (at(level, "S").weeks_per_week, at(level, "S").waiting, at(level, "S").per_year) == (0, 0, 40)
    assert at(level, "Z").weeks_per_week == 40


def test_who_starts_where_the_help_is_ends_there_and_waits_there(made: Made) -> None:
    """Z has the offering and 12 families start at Z: no step, but the end counts."""
    level = made.ask(waits=[made.wait("Z", 5)], demand=[demand("Z", 12)])
    assert figures(at(level, "Z")) == pytest.approx((0, 12, 12 * 5 / 52, 12, 0))
    assert level.routes == ()


def test_families_without_a_way_are_counted_by_reason(made: Made) -> None:
    """For 10 of 12 years nothing is offered (10 families), from W no route leads on (7), Y is closed (5); G has a way (8)."""
    level = made.ask(
        roles={**ROLES, "W": "school", "Y": "jeugdhulp", "V": "school"},
        offerings=[{**HELP, "age_from": 144}, {"id": "AY", "partner": "Y", "level": "3", "age_from": 144}],
        routes=[*CHAIN, ("V", "Y")],
        waits=[made.wait("Y", "stop")],
        demand=[
            demand("G", 10, age_from=0, age_until=120),
            demand("W", 7, age_from=144, age_until=156),
            demand("V", 5, age_from=144, age_until=156),
            demand("G", 8, age_from=144, age_until=156),
        ],
    )
    assert level.per_year == pytest.approx(30)
    assert level.without_route == pytest.approx({"geen aanbod": 10, "geen route": 7, "aanmeldstop": 5})
    assert at(level, "Z").arriving == pytest.approx(8)


def test_levels_are_exact_and_lightest_first(made: Made) -> None:
    landscape = made.landscape(
        roles={**ROLES, "L": "lokaal-team"},
        offerings=[HELP, {"id": "AL", "partner": "L", "level": "1"}],
        routes=[*CHAIN, ("G", "L")],
        demand=[{**demand("G", 40), "level": None}],
    )
    answer = bottlenecks(landscape)
    assert [level.level for level in answer.levels] == [0, 1, 2, 3]
    assert [[p.node for p in level.partners if p.arriving] for level in answer.levels] == [[], ["L"], [], ["Z"]]
    # a row of vraag without a level counts for every level asked
    assert [level.per_year for level in answer.levels] == [40, 40, 40, 40]


def test_every_condition_holds_on_every_hop(made: Made) -> None:
    """S → Z only for under twelves: who is 14 goes round by T, though the last hop would take them too."""
    level = made.ask(
        routes=[("G", "S"), {"from": "S", "to": "Z", "age_until": 144}, ("G", "T"), ("T", "Z")],
        waits=[made.wait("S", 1), made.wait("T", 9), made.wait("Z", 2)],
        demand=[demand("G", 20, age_from=168, age_until=180)],
    )
    assert {p.node: p.per_year for p in level.partners} == {"T": 20, "Z": 0}


def test_municipalities_are_added_up_and_can_be_asked_apart(made: Made) -> None:
    tables = {
        "waits": [made.wait("Z", 8, municipalities=[EDE]), made.wait("Z", 2, municipalities=[BARNEVELD])],
        "demand": [demand("G", 30), {**demand("G", 12), "municipality": BARNEVELD}],
    }
    landscape = made.landscape(**tables)
    partners = landscape["partners"].with_columns(municipalities=[EDE, BARNEVELD])
    landscape = landscape.replaced(partners=partners)
    both, one = bottlenecks(landscape, levels=[3]), bottlenecks(landscape, [BARNEVELD], levels=[3])
    z = at(both.levels[0], "Z")
    assert (z.arriving, z.municipalities) == (42, (BARNEVELD, EDE))
    assert z.waiting == pytest.approx((30 * 8 + 12 * 2) / 52)
    # what differs by municipality is told as a range, its middle as what is expected
    assert (z.wait.low, z.wait.expected, z.wait.high) == (14, 35, 56)
    assert (at(one.levels[0], "Z").arriving, at(one.levels[0], "Z").wait.expected) == (12, 14)


# --- the order ----------------------------------------------------------------------------------------------------
def test_partners_stand_by_what_families_would_gain_then_by_name(made: Made) -> None:
    """S saves 30 a week, T 10; Q and R save 20 each and stand by name (Alpha before beta); without a wait comes last."""
    roles = {**ROLES, "Q": "soj", "R": "soj", "H": "huisarts", "I": "huisarts", "J": "huisarts", "K": "school", "N": "school"}
    landscape = made.landscape(
        roles=roles,
        routes=[("G", "S"), ("H", "Q"), ("I", "R"), ("J", "T"), ("K", "N"), *((x, "Z") for x in "SQRTN")],
        waits=[*(made.wait(x, 3) for x in "SQRT"), made.wait("N", 0), made.wait("Z", 0)],
        demand=[demand("G", 30), demand("H", 20), demand("I", 20), demand("J", 10), demand("K", 90)],
    )
    names = {"Q": "beta", "R": "Alpha"}
    renamed = landscape["partners"].with_columns(landscape["partners"]["id"].replace(names).alias("name"))
    level = bottlenecks(landscape.replaced(partners=renamed), levels=[3]).levels[0]
    assert [p.node for p in level.partners] == ["S", "R", "Q", "T", "N", "Z"]


def test_crisis_and_safety_are_listed_by_name_only(made: Made) -> None:
    roles = {"G": "huisarts", "V": "veiligheid", "B": "soj", "A": "soj", "Z": "crisis-verblijf"}
    landscape = made.landscape(
        roles=roles,
        offerings=[{"id": "AZ", "partner": "Z", "level": "4"}, {"id": "A3", "partner": "Z", "level": "3"}],
        routes=[("G", "A"), ("G", "V"), ("A", "B"), ("V", "B"), ("B", "Z")],
        waits=[made.wait("A", 4), made.wait("V", 4), made.wait("B", 1), made.wait("Z", 0)],
        demand=[{**demand("G", 40), "level": None}],
    )
    four, three = bottlenecks(landscape, levels=[4]).levels[0], bottlenecks(landscape, levels=[3]).levels[0]
    assert [p.node for p in four.partners] == ["A", "B", "Z", "V"]
    # elsewhere safety is last: B saves 40 a week, A 40 (whole ties), Z nothing
    assert [p.node for p in three.partners] == ["A", "B", "Z", "V"]


# --- above a norm of its own kind ---------------------------------------------------------------------------------
NORM = {"id": "N1", "kind": "aanmeldwachttijd", "value": 4, "unit": "weken", "applies_to": ["jeugd-ggz"]}


@pytest.mark.parametrize(
    ("waits", "norms", "above"),
    [
        ([("Z", 10, {})], [NORM], True),
        ([("Z", 4, {})], [NORM], False),  # as long as the norm is not above it
        ([("Z", 4.1, {})], [NORM], True),
        ([("Z", 10, {"as_of": "2022-01-01"})], [NORM], False),  # outdated is unknown
        ([("Z", 10, {"as_of": None})], [NORM], False),  # undated too
        ([], [NORM], False),  # unknown: its middle of 14 weeks is an assumption
        ([("Z", "onbekend", {})], [NORM], False),
        ([("Z", 10, {"state": "uitspraak"})], [NORM], False),  # a statement is not a measurement
        ([("Z", 10, {})], [], False),  # no norm, no bottleneck: flow is not fault
        ([("Z", 10, {})], [{**NORM, "applies_to": ["jeugdhulp"]}], False),  # of another role
        ([("Z", 10, {})], [{**NORM, "applies_to": [BARNEVELD]}], False),  # of another municipality
        ([("Z", 10, {})], [{**NORM, "applies_to": ["jeugd-ggz", EDE]}], True),
        ([("Z", 10, {})], [{**NORM, "value": 1, "unit": "maand"}], True),  # 4⅓ weeks
        ([("Z", 4.2, {})], [{**NORM, "value": 1, "unit": "maand"}], False),
        # another kind: the first appointment is not treatment, not a total, not the time of a whole way
        ([("Z", 10, {})], [{**NORM, "kind": "behandelwachttijd"}], False),
        ([("Z", 10, {})], [{**NORM, "kind": "totaal"}], False),
        ([("Z", 10, {})], [{**NORM, "kind": "tijd tot eerste afspraak"}], False),
        # a total is compared with the norm for totals only, and whole (families count half of it until the first appointment)
        ([("Z", 20, {"kind": "totaal"})], [{**NORM, "kind": "totaal", "value": 14}], True),
        ([("Z", 20, {"kind": "totaal"})], [NORM], False),
        ([("Z", 13, {"kind": "totaal"})], [{**NORM, "kind": "totaal", "value": 14}], False),
        # a target value for later, or a municipality's own, is no norm that holds now
        ([("Z", 10, {})], [{**NORM, "year": 2027}], False),
        ([("Z", 10, {})], [{**NORM, "year": 2026}], True),
        ([("Z", 10, {})], [{**NORM, "file": "routekaart.toml"}], False),
        ([("Z", 5, {})], [{**NORM, "year": 2027, "value": 8}, NORM], True),  # the norm that holds is not put away by it
        # said of the role in general: it tells nothing of this partner
        ([("rol:jeugd-ggz", 10, {})], [NORM], False),
        ([("rol:jeugd-ggz", 10, {}), ("Z", 3, {})], [NORM], False),
        # said of the offering where families end
        ([("aanbod:AZ", 10, {}), ("Z", 2, {})], [NORM], True),
        ([("aanbod:AZ", 2, {}), ("Z", 10, {})], [NORM], False),
    ],
)
def test_a_bottleneck_is_a_current_wait_above_the_norm_of_its_kind(
    made: Made, waits: list[tuple[str, Any, dict[str, Any]]], norms: list[dict[str, Any]], above: bool
) -> None:
    rows = [made.wait(on, weeks, **more) for on, weeks, more in waits]
    z = at(made.ask(waits=rows, norms=norms, demand=[demand("G", 40)]), "Z")
    assert (z.bottleneck, z.cause) == (above, "onbekend" if above else None)
    if above:
        assert z.wait.known
        assert not z.wait.outdated
        assert z.wait.as_of
        assert z.wait.sources
        assert (z.wait.expected or 0) > (z.norm.days if z.norm and z.norm.days else math.inf)


def test_outdated_waits_make_no_bottleneck_even_where_they_are_computed_with(made: Made) -> None:
    rows = [made.wait("Z", 10, as_of="2022-01-01")]
    level = made.ask(waits=rows, norms=[NORM], demand=[demand("G", 40)], question={"with_outdated": True})
    z = at(level, "Z")
    assert (z.wait.expected, z.wait.outdated, z.bottleneck) == (70, True, False)


def test_a_wait_that_no_family_meets_makes_no_bottleneck(made: Made) -> None:
    """Z offers two things that fit; families go to the one of 2 weeks, not to that of 30."""
    offerings = [HELP, {"id": "AW", "partner": "Z", "level": "3"}]
    rows = [made.wait("aanbod:AZ", 2), made.wait("aanbod:AW", 30)]
    z = at(made.ask(offerings=offerings, waits=rows, norms=[NORM], demand=[demand("G", 40)]), "Z")
    assert (z.bottleneck, z.wait.expected) == (False, 14)


@pytest.mark.parametrize(("theme", "above"), [("adhd", True), ("druk-gedrag", False), ("opvoeden", False)])
def test_a_wait_for_one_theme_counts_for_who_asks_that(made: Made, theme: str, above: bool) -> None:
    rows = [made.wait("Z", 30, themes=["adhd"]), made.wait("Z", 3)]
    assert at(made.ask(waits=rows, norms=[NORM], demand=[demand("G", 40, theme=theme)]), "Z").bottleneck is above


def test_both_waits_are_told_where_themes_differ(made: Made) -> None:
    rows = [made.wait("Z", 30, themes=["adhd"]), made.wait("Z", 3)]
    z = at(made.ask(waits=rows, norms=[NORM], demand=[demand("G", 40), demand("G", 5, theme="adhd")]), "Z")
    assert sorted(w.expected or 0 for w in z.waits) == [21, 210]
    # the wait beside the norm is the one above it
    assert (z.bottleneck, z.wait.expected) == (True, 210)
    assert z.waiting == pytest.approx((40 * 3 + 5 * 30) / 52)


def test_a_role_that_nobody_holds_by_name_has_the_wait_of_the_role(made: Made) -> None:
    roles = {k: v for k, v in ROLES.items() if k != "S"}
    norm = {**NORM, "applies_to": ["soj"]}
    level = made.ask(
        roles=roles,
        routes=[("G", "rol:soj"), ("rol:soj", "Z")],
        waits=[made.wait("rol:soj", 9)],
        norms=[norm],
        demand=[demand("G", 40)],
    )
    assert (at(level, "rol:soj").per_year, at(level, "rol:soj").bottleneck) == (40, True)


def test_unknown_waits_are_an_interval_and_outdated_ones_show_the_old_value(made: Made) -> None:
    level = made.ask(waits=[made.wait("Z", 10, as_of="2022-01-01", value="10 weken")], demand=[demand("G", 40)])
    s, z = at(level, "S").wait, at(level, "Z").wait
    assert (s.low, s.expected, s.high, s.assumed, s.outdated) == (14, 98, 182, True, False)
    assert (z.low, z.high, z.assumed, z.outdated, z.written, z.as_of) == (14, 182, True, True, "10 weken", "2022-01-01")


# --- why ----------------------------------------------------------------------------------------------------------
def full(**more: Any) -> dict[str, Any]:
    """An offering of 10 places of 26 weeks, from which 20 families a year can go."""
    return {**HELP, "capacity": 10, "duration_weeks": 26, **more}


@pytest.mark.parametrize(
    ("offering", "status", "cause"),
    [
        (full(inflow_per_year=30), "geen evenwicht", "capaciteit"),
        (full(inflow_per_year=20), "geen evenwicht", "capaciteit"),  # λ = cμ
        (full(inflow_per_year=10), "evenwicht", "onbekend"),  # half empty: the places do not explain ten weeks
        (full(inflow_per_year=19), "evenwicht", "capaciteit"),  # 19 of 20: such a queue settles above four weeks
        (full(), "geen evenwicht", "capaciteit"),  # who arrives: 40 a year
        (full(capacity=None), None, "onbekend"),
        (full(duration_weeks=None), None, "onbekend"),
    ],
)
def test_capacity_is_the_cause_where_the_queue_says_so(
    made: Made, offering: dict[str, Any], status: str | None, cause: str
) -> None:
    level = made.ask(offerings=[offering], waits=[made.wait("Z", 10)], norms=[NORM], demand=[demand("G", 40)])
    z = at(level, "Z")
    assert (z.queue.status if z.queue else None, z.cause) == (status, cause)
    assert (z.inflow, z.bottleneck) == (
        None if z.queue is None else "opgave" if offering.get("inflow_per_year") else "vraag",
        True,
    )


def test_a_decision_on_every_step_to_it_is_the_cause(made: Made) -> None:
    decided = {"from": "T", "to": "Z", "decision_needed": True}
    tables: dict[str, Any] = {"waits": [made.wait("Z", 10)], "norms": [NORM]}
    level = made.ask(routes=[("G", "S"), ("S", "T"), decided], demand=[demand("G", 40)], **tables)
    assert at(level, "Z").cause == "besluit nodig"
    # others come without one
    roles = {**ROLES, "H": "huisarts"}
    routes = [("G", "S"), ("S", "T"), decided, ("H", "Z")]
    level = made.ask(roles=roles, routes=routes, demand=[demand("G", 40), demand("H", 5)], **tables)
    assert at(level, "Z").cause == "onbekend"


def test_a_sole_link_is_the_cause_but_not_where_it_is_the_legal_task(made: Made) -> None:
    norm = {**NORM, "applies_to": ["soj", "gemeente"]}
    level = made.ask(waits=[made.wait("S", 10), made.wait("T", 10)], norms=[norm], demand=[demand("G", 40)])
    assert {p.node: p.cause for p in level.partners if p.bottleneck} == {"S": "enige schakel", "T": "onbekend"}


# --- the queue ------------------------------------------------------------------------------------------------------
def test_demand_tells_the_inflow_only_where_all_of_it_is_asked(made: Made) -> None:
    tables = {"offerings": [full()], "demand": [demand("G", 10)], "settings": {"municipalities": [EDE]}}
    landscape = made.landscape(**tables)
    z = at(bottlenecks(landscape, levels=[3]).levels[0], "Z")
    # λ = 10/52, c·μ = 20/52
    assert z.queue
    assert z.queue.load == pytest.approx(0.5)
    for part in ({"ages": [144]}, {"themes": ["opvoeden"]}):
        found = bottlenecks(landscape, levels=[3], **part).levels[0].partners
        assert all(p.queue is None for p in found)
    # a part of the region does not know who comes from the rest of it
    wider = made.landscape(**{**tables, "settings": {}})
    assert at(bottlenecks(wider, [EDE], levels=[3]).levels[0], "Z").queue is None
    # what the offering states itself holds whatever is asked
    stated = made.landscape(**{**tables, "offerings": [full(inflow_per_year=15)]})
    found = at(bottlenecks(stated, [EDE], levels=[3], ages=[144]).levels[0], "Z").queue
    assert found
    assert found.load == pytest.approx(0.75)


# --- unweighted -----------------------------------------------------------------------------------------------------
def test_without_vraag_combinations_count_and_nothing_is_hidden(made: Made) -> None:
    landscape = made.landscape(settings={"threshold": 10}, waits=[made.wait("Z", 10)])
    answer = bottlenecks(landscape, [EDE], levels=[3])
    level = answer.levels[0]
    assert not answer.frame.weighted
    # one band of all ages, one theme; starts: G, T and the family itself, each 1; all three come to Z
    assert (level.per_year, at(level, "Z").arriving, at(level, "T").per_year) == (3, 3, 2)
    assert not any(p.suppressed for p in level.partners)


def test_a_fixed_unit_is_shown_and_never_converted(made: Made) -> None:
    answer = bottlenecks(made.landscape(settings={"unit": "jeugdigen"}, demand=[demand("G", 40)]), levels=[3])
    assert (answer.frame.unit, answer.frame.weighted, answer.levels[0].per_year) == ("jeugdigen", True, 40)


def test_who_starts_where_nobody_is_known_is_told(made: Made) -> None:
    rows = [demand("G", 40), demand("ELDERS", 6), {**demand("S", 1), "per_year": None}]
    for threshold, told in ((0, 6), (10, None)):
        answer = bottlenecks(made.landscape(settings={"threshold": threshold}, demand=rows), levels=[3])
        assert (answer.unplaced, answer.uncounted, answer.levels[0].per_year) == (told, 1, 40)


# --- what stands beside ---------------------------------------------------------------------------------------------
def test_the_partners_own_words_and_statements_stand_beside(made: Made) -> None:
    landscape = made.landscape(
        waits=[made.wait("Z", 40, state="uitspraak", value="tien maanden"), made.wait("G", 3, state="uitspraak")],
        demand=[demand("G", 40)],
    )
    words = landscape["partners"]["id"].replace_strict({"Z": "Wij werken eraan."}, default=None)
    answer = bottlenecks(landscape.replaced(partners=landscape["partners"].with_columns(words.alias("response"))), levels=[3])
    assert at(answer.levels[0], "Z").response == "Wij werken eraan."
    assert at(answer.levels[0], "S").response is None
    # of Z, where families end; of G nobody waits
    assert [(s.on, s.text) for s in answer.statements] == [(("Z",), "tien maanden")]


def test_an_answer_is_frozen_and_becomes_rows(made: Made) -> None:
    answer = bottlenecks(made.landscape(waits=[made.wait("Z", 10)], norms=[NORM], demand=[demand("G", 40)]), levels=[3])
    with pytest.raises(AttributeError):
        answer.levels = ()  # type: ignore[misc]
    rows = answer.rows()
    assert [r["partner"] for r in rows] == [p.node for p in answer.levels[0].partners]
    assert len({tuple(r) for r in rows}) == 1
    z = next(r for r in rows if r["partner"] == "Z")
    assert (z["wait_expected"], z["norm"], z["bottleneck"], z["arriving"]) == (10, 4, True, 40)
    assert answer.to_frame().height == 3
    assert "bottlenecks (2026-06-01; gezinnen, weighted)" in str(answer)


# --- a second method ------------------------------------------------------------------------------------------------
NORMS = [
    {"id": "N1", "kind": "aanmeldwachttijd", "value": 1.5, "unit": "weken", "applies_to": [EDE]},
    {"id": "N2", "kind": "totaal", "value": 3, "unit": "weken", "applies_to": ["landelijk"]},
]


def asked(seed: int, here: Any) -> list[dict[str, Any]]:
    """Random demand in one municipality: one year of age each, so nothing is to be divided but over the holders of a role."""
    r = random.Random(f"{seed} {here.code}")
    entries = [*sorted(here.roles), "rol:huisarts", "rol:school", "rol:gezin"]
    return [
        {
            "id": f"{here.code}{n}",
            "municipality": here.code,
            "entry": r.choice(entries),
            "age_from": 12 * age,
            "age_until": 12 * age + 12,
            "theme": r.choice([None, "opvoeden", "adhd"]),
            "level": r.choice(["1", "3", None]),
            "per_year": r.randint(1, 40),
            "year": n,
        }
        for n, age in enumerate(r.sample(range(23), 6))
    ]


def alike(found: dict[Any, float | None], expected: dict[Any, float]) -> bool:
    keys = {k for k, v in found.items() if v} | {k for k, v in expected.items() if v > 1e-12}
    return all(math.isclose(found.get(k) or 0.0, expected.get(k, 0.0), rel_tol=1e-9, abs_tol=1e-9) for k in keys)


@pytest.mark.parametrize("seed", range(40))
def test_every_way_written_out_gives_the_same(regions: ModuleType, by_hand: ModuleType, seed: int) -> None:
    """All simple ways of small random regions by hand, pushed down and added up over municipalities, ages and themes."""
    tables = regions.made(seed)
    places = [by_hand.Here(tables, code) for code in (EDE, BARNEVELD)]
    rows = [row for here in places for row in asked(seed, here)]
    settings = {**regions.SETTINGS, "threshold": 0}
    answer = bottlenecks(regions.landscape({**tables, "region": [settings], "demand": rows, "norms": NORMS}), levels=[1, 3])
    for level in answer.levels:
        hand = by_hand.Flow({}, {})
        reasons = dict.fromkeys(("geen aanbod", "geen route", "aanmeldstop"), 0.0)
        above: set[str] = set()
        for here in places:
            for row in rows:
                if row["municipality"] != here.code or row["level"] not in (None, str(level.level)):
                    continue
                starts = [node for node, _ in here.expand(row["entry"])]
                profile = by_hand.ByHand(here, row["age_from"], row["theme"] or "algemeen")
                for start in starts:
                    ways = profile.ways(level.level, start)
                    if ways:
                        hand.push(ways, row["per_year"] / len(starts))
                        above |= too_long(profile, ways, level.level)
                    else:
                        reasons[profile.reason(level.level, start)] += row["per_year"] / len(starts)
        assert alike({p.node: p.per_year for p in level.partners}, hand.through)
        assert alike({p.node: p.arriving for p in level.partners}, hand.arriving)
        assert alike({p.node: p.waiting for p in level.partners}, {n: d / 364 for n, d in hand.days.items()})
        assert alike({p.node: p.weeks_per_week for p in level.partners}, hand.waiting)
        told = {p.node: p.sole_link for p in level.partners if p.sole_link is not None}
        of_law = {p.node for p in level.partners if {"gemeente", "lokaal-team"} & set(p.roles)}
        assert not of_law & told.keys()
        assert alike(told, {n: f for n, f in hand.sole.items() if n not in of_law})
        assert alike({(r.source, r.target): r.per_year for r in level.routes}, hand.steps)
        assert level.without_route == pytest.approx(reasons)
        assert level.per_year == pytest.approx(hand.routed + sum(reasons.values()))
        if not any(w["on"][0].startswith("route:") for w in tables["waits"]):
            assert {p.node for p in level.partners if p.bottleneck} == above


def too_long(profile: Any, ways: Any, level: int) -> set[str]:
    """The stations of the fastest ways whose own, current wait is above the norm of its kind, by the rows themselves."""
    least = min(w.days for w in ways)
    found = set()
    for way in (w for w in ways if w.days == least):
        for place, (node, days) in enumerate(way.waits):
            pointed = {hop["offer"] for hop in profile.here.hops if hop["to"] == node and hop["from"] == way.path[place]}
            subjects = [profile.subjects(node, offer, None) for offer in pointed or {None}]
            if place == len(way.waits) - 1:
                subjects = [profile.subjects(node, o["id"], None) for o in profile.ends(level)[node]]
            for said_by in subjects:
                if (wait := profile.wait(said_by)) is not None and wait.days == days and is_long(profile, node, said_by):
                    found.add(node)
    return found


def is_long(profile: Any, node: str, said_by: list[str]) -> bool:
    own = [s for s in said_by if not s.startswith("rol:") or s == node]
    for kind, weeks in (("aanmeldwachttijd", 1.5 if profile.here.code == EDE else math.inf), ("totaal", 3)):
        said = profile.said(said_by, kind)
        if said is not None and said != "stop":
            return bool(profile.said(own, kind) == said and said[1] > weeks * 7 and profile.said(own, kind) is not None)
    return False


# --- the examples ---------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def told(voorbeeldregio: Reading) -> Bottlenecks:
    return bottlenecks(voorbeeldregio.landscape, levels=[2, 3], internal=True)


def test_flows_conserve_families_in_the_example(told: Bottlenecks) -> None:
    for level in told.levels:
        arrived = math.fsum(p.arriving or 0 for p in level.partners)
        assert level.per_year == pytest.approx(arrived + math.fsum(v or 0 for v in level.without_route.values()))
        for p in level.partners:
            entered = math.fsum(r.per_year or 0 for r in level.routes if r.target == p.node)
            left = math.fsum(r.per_year or 0 for r in level.routes if r.source == p.node)
            assert entered <= (p.per_year or 0) + (p.arriving or 0) + 1e-6
            assert left >= (p.per_year or 0) - 1e-6
            assert (p.sole_link or 0) <= (p.per_year or 0) + 1e-6


def test_each_bottleneck_of_the_example_has_its_receipt(told: Bottlenecks) -> None:
    found = [p for level in told.levels for p in level.partners if p.bottleneck]
    assert found
    for p in found:
        assert "jeugd-ggz" in p.roles  # the only norm for a first appointment that holds now is N01, for jeugd-ggz
        assert p.norm
        assert p.norm.id == "N01"
        assert p.wait.known
        assert not p.wait.outdated
        assert p.cause in {"capaciteit", "besluit nodig", "enige schakel", "onbekend"}
        assert {s.table for s in p.sources} == {"waits", "norms"}


def test_no_wait_of_gelderse_vallei_is_current_so_nothing_there_is_a_bottleneck(gelderse_vallei: Reading) -> None:
    answer = bottlenecks(gelderse_vallei.landscape, levels=[3])
    assert (answer.frame.weighted, answer.frame.known_waits) == (False, 0)
    assert not any(p.bottleneck for p in answer.levels[0].partners)
    # though N01 holds for jeugd-ggz, and Karakter has waits of years ago
    karakter = next(p for p in answer.levels[0].partners if p.name.startswith("Karakter"))
    assert karakter.norm
    assert karakter.wait.outdated


def test_the_same_question_gives_the_same_answer(voorbeeldregio: Reading, told: Bottlenecks) -> None:
    again = bottlenecks(voorbeeldregio.landscape, levels=[3, 2], internal=True)
    assert replace(again, frame=told.frame) == told
