"""gaps, the cube: each status and its edges by hand, runs by property, and a second method that asks one profile at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, pairwise
from types import ModuleType
from typing import Any

import polars as pl
import pytest

from routekaart.graph.analyses.lacking.coverage import STATUSES, Cell
from routekaart.graph.analyses.lacking.gaps import Gaps, gaps
from routekaart.graph.analyses.norms import FIRST_APPOINTMENT
from routekaart.graph.analyses.route import route
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading

EDE, BARNEVELD = "GM0228", "GM0203"
YEAR = 12
Ask = Callable[..., Gaps]


def norm(weeks: float, *where: str, kind: str = FIRST_APPOINTMENT) -> dict[str, Any]:
    return {"kind": kind, "value": float(weeks), "unit": "weken", "applies_to": list(where or (EDE,))}


@pytest.fixture
def ask(regions: ModuleType) -> Ask:
    """Gaps of one way in Ede, huisarts H → jeugd-ggz G with an offering of level 3, and what is added to it."""

    def asked(waits: Iterable[Any] = (), norms: Sequence[dict[str, Any]] = (), **more: Any) -> Gaps:
        tables = regions.region(
            more.pop("partners", {"H": "huisarts", "G": "jeugd-ggz"}),
            more.pop("offerings", [{"partner": "G", "level": "3"}]),
            more.pop("routes", [("H", "G")]),
            [regions.wait(*w) if isinstance(w, tuple) else w for w in waits],
            norms=list(norms),
            **more.pop("tables", {}),
        )
        return gaps(
            regions.landscape(tables), more.pop("municipalities", [EDE]), **{"themes": ["opvoeden"], "levels": [3], **more}
        )

    return asked


def only(found: Gaps) -> Cell:
    """The one cell for all ages."""
    assert len(found.cells) == 1, found.cells
    assert (found.cells[0].age_from, found.cells[0].age_until) == (0, 23 * YEAR)
    return found.cells[0]


# --- status ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "weeks", "status"),
    [
        (56, 12, "ok"),
        (84, 12, "ok"),  # as long as the norm is not longer
        (85, 12, "te lang"),
        (364, None, "ok"),  # without a norm nothing is too long
        # a known range counts as expected
        ((56, 84, 112), 12, "ok"),
        ((56, 84, 112), 11, "te lang"),
        # an unknown wait is 2 to 26 weeks (settings): certain only at the ends
        ("onbekend", 1, "te lang"),
        ("onbekend", 2, "onbekend"),
        ("onbekend", 25, "onbekend"),
        ("onbekend", 26, "ok"),
        ("onbekend", None, "onbekend"),
        ("stop", 12, "aanmeldstop"),
        ("stop", None, "aanmeldstop"),
    ],
)
def test_the_status_of_one_way(ask: Ask, days: Any, weeks: float | None, status: str) -> None:
    cell = only(ask([("G", days)], [norm(weeks)] if weeks else []))
    assert (cell.status, cell.norm) == (status, weeks)


def test_a_wait_that_nobody_registered_is_unknown(ask: Ask) -> None:
    # 2–26 weeks, the middle is 14 weeks = 98 days
    cell = only(ask(norms=[norm(20)]))
    assert (cell.status, cell.days) == ("onbekend", 98.0)


def test_an_outdated_wait_is_unknown_unless_it_is_computed_with(ask: Ask, regions: ModuleType) -> None:
    old = [regions.wait("G", 84, as_of="2020-01-01")]
    assert only(ask(old, [norm(12)])).status == "onbekend"
    found = only(ask(old, [norm(12)], with_outdated=True))
    assert (found.status, found.days) == ("ok", 84.0)


def test_an_open_upper_end_is_never_certainly_within_the_norm(ask: Ask) -> None:
    # the decision is unknown and the wait is "more than 4 weeks": the way rests on what is not known, without an upper end
    routes = [{"from": "H", "to": "G", "decision_needed": True}]
    assert only(ask([("G", (28, 28, None))], [norm(500)], routes=routes)).status == "onbekend"


def test_a_decision_that_is_not_known_makes_the_time_unknown(ask: Ask) -> None:
    # 4 weeks and a decision of ½–8 weeks (the settings of these regions)
    routes = [{"from": "H", "to": "G", "decision_needed": True}]
    assert [only(ask([("G", 28)], [norm(w)], routes=routes)).status for w in (4, 5, 12)] == ["te lang", "onbekend", "ok"]


def test_no_route_and_no_offering(ask: Ask) -> None:
    assert only(ask(routes=[])).status == "geen route"
    cell = only(ask(offerings=[]))
    assert (cell.status, cell.days, cell.as_dict()["weeks"]) == ("geen aanbod", None, None)


def test_a_stop_on_the_way_is_a_stop_and_no_number(ask: Ask) -> None:
    partners = {"H": "huisarts", "S": "soj", "G": "jeugd-ggz"}
    found = only(ask([("S", "stop"), ("G", 7)], partners=partners, routes=[("H", "S"), ("S", "G")]))
    assert (found.status, found.days) == ("aanmeldstop", None)


TWO_WAYS: dict[str, Any] = {
    "partners": {"H": "huisarts", "G": "jeugd-ggz", "B": "jeugd-ggz"},
    "offerings": [{"partner": "G", "level": "3"}, {"partner": "B", "level": "3"}],
    "routes": [("H", "G"), ("H", "B")],
}


@pytest.mark.parametrize(
    ("known", "weeks", "status"),
    [
        (10, 12, "ok"),  # a known way within the norm is enough
        (13, 12, "onbekend"),  # the other may be 2 weeks: it is not certain that it takes too long
        (13, 1, "te lang"),  # both are longer, whatever the other is
        (20, 26, "ok"),  # the fastest as expected (14 weeks) is not known, but at most 20 weeks go by
        (20, 18, "onbekend"),
        (13, None, "ok"),  # without a norm: the fastest as expected is known
        (20, None, "onbekend"),
        (14, None, "ok"),  # equally fast: the known one
    ],
)
def test_a_known_way_beside_one_that_is_not_known(ask: Ask, known: int, weeks: float | None, status: str) -> None:
    assert only(ask([("G", 7 * known)], [norm(weeks)] if weeks else [], **TWO_WAYS)).status == status


def test_a_whole_way_is_compared_with_the_norm_of_whole_ways_only(ask: Ask) -> None:
    others = [norm(4, "jeugd-ggz", kind="aanmeldwachttijd"), norm(14, EDE, kind="totaal"), norm(3, BARNEVELD)]
    cell = only(ask([("G", 700)], others))
    assert (cell.status, cell.norm) == ("ok", None)


# --- what counts -----------------------------------------------------------------------------------------
def test_levels_match_exactly(ask: Ask) -> None:
    found = ask([("G", 7)], levels=[2, 3, 4])
    assert {c.level: c.status for c in found.cells} == {2: "geen aanbod", 3: "ok", 4: "geen aanbod"}


def test_level_four_is_looked_at_only_when_asked(ask: Ask) -> None:
    assert {c.level for c in ask(levels=[]).cells} == {0, 1, 2, 3}


def test_safety_is_no_answer_and_no_gap(ask: Ask) -> None:
    found = ask(
        partners={"H": "huisarts", "VT": "veiligheid"},
        offerings=[{"partner": "VT", "level": "1", "access": "vrij"}, {"partner": "VT", "level": "3"}],
        routes=[("H", "VT")],
        tables={"lines": [{"from": "H", "to": "VT"}]},
        levels=[1, 3],
    )
    assert {c.status for c in found.cells} == {"geen aanbod"}
    assert [g for g in found.gaps if "VT" in (g.partner, g.offering) or "VT" in g.told()] == []


def test_ages_are_tested_at_entry(ask: Ask) -> None:
    # at 17 the way takes 78 weeks; the offering closes at 18: on arrival it would be too late, at entry it is not
    found = ask([("G", 546)], offerings=[{"partner": "G", "level": "3", "age_until": 18 * YEAR}])
    assert [(c.age_from, c.age_until, c.status) for c in found.cells] == [
        (0, 18 * YEAR, "ok"),
        (18 * YEAR, 23 * YEAR, "geen aanbod"),
    ]


def test_the_family_itself_reaches_what_is_free(ask: Ask) -> None:
    found = ask([("W", 0)], partners={"W": "welzijn"}, offerings=[{"partner": "W", "level": "0", "access": "vrij"}], levels=[0])
    assert (only(found).status, only(found).days) == ("ok", 0.0)


# --- runs and elsewhere ----------------------------------------------------------------------------------
def in_barneveld(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"municipalities": [BARNEVELD], "access": "vrij", "level": "1", **row} for row in rows]


def test_runs_and_elsewhere_by_hand(ask: Ask) -> None:
    # Ede: 12–18; Barneveld: 4–10 and 8–16. So Ede lacks it at 0–12 and 18–23, which Barneveld fills at 4–12
    offerings = [
        {"partner": "W", "level": "1", "access": "vrij", "age_from": 144, "age_until": 216, "municipalities": [EDE]},
        *in_barneveld({"age_from": 48, "age_until": 120}, {"age_from": 96, "age_until": 192}),
    ]
    free = [("W", 0), ("aanbod:A01", 0), ("aanbod:A02", 0)]
    found = ask(free, partners={"W": "welzijn"}, offerings=offerings, levels=[1], municipalities=[])
    told = [(c.municipality, c.age_from // YEAR, c.age_until // YEAR, c.status, c.elsewhere) for c in found.cells]
    assert told == [
        # municipalities by name
        (BARNEVELD, 0, 4, "geen aanbod", ()),
        (BARNEVELD, 4, 12, "ok", ()),
        (BARNEVELD, 12, 16, "ok", (EDE,)),
        (BARNEVELD, 16, 18, "geen aanbod", (EDE,)),
        (BARNEVELD, 18, 23, "geen aanbod", ()),
        (EDE, 0, 4, "geen aanbod", ()),
        (EDE, 4, 12, "geen aanbod", (BARNEVELD,)),
        (EDE, 12, 16, "ok", (BARNEVELD,)),
        (EDE, 16, 18, "ok", ()),
        (EDE, 18, 23, "geen aanbod", ()),
    ]
    # the same from one municipality alone: the others are looked at all the same
    alone = ask(free, partners={"W": "welzijn"}, offerings=offerings, levels=[1])
    assert alone.cells == tuple(c for c in found.cells if c.municipality == EDE)


def test_elsewhere_counts_ways_within_the_norm_only(ask: Ask) -> None:
    # in Barneveld it takes 20 weeks, with a norm of 12: that is no answer to a gap; its offering is registered there all the same
    offerings = in_barneveld({"id": "A0"})
    found = ask([("aanbod:A0", 140)], [norm(12, BARNEVELD)], partners={"W": "welzijn"}, offerings=offerings, levels=[1])
    assert (only(found).status, only(found).elsewhere) == ("geen aanbod", ())
    assert found.elsewhere.places(EDE, 1, ["opvoeden"], 0, 276) == ([BARNEVELD], [])
    assert found.elsewhere.examples([BARNEVELD], 1, ["opvoeden"], 0) == [(BARNEVELD, "aanbod")]


def test_ages_in_parts_of_years(ask: Ask) -> None:
    found = ask([("G", 7)], offerings=[{"partner": "G", "level": "3", "age_from": 30, "age_until": 48}])
    assert [(c["age_from"], c["age_until"], c["status"]) for c in found.as_dict()["cells"]] == [
        (0, 2.5, "geen aanbod"),
        (2.5, 4, "ok"),
        (4, 23, "geen aanbod"),
    ]


def cells_by_row(found: Gaps) -> dict[tuple[str, str, int], list[Cell]]:
    rows = groupby(found.cells, key=lambda c: (c.municipality, c.theme, c.level))
    gathered: dict[tuple[str, str, int], list[Cell]] = {}
    for key, cells in rows:
        assert key not in gathered
        gathered[key] = list(cells)
    return gathered


def assert_maximal(found: Gaps) -> None:
    for key, cells in cells_by_row(found).items():
        assert (cells[0].age_from, cells[-1].age_until) == (0, 23 * YEAR), key
        for one, other in pairwise(cells):
            assert one.age_until == other.age_from, key
            said = [(c.status, c.days, c.norm, c.elsewhere) for c in (one, other)]
            assert said[0] != said[1], key


@pytest.mark.parametrize("seed", range(6))
def test_runs_are_maximal_and_cover_all_ages(regions: ModuleType, seed: int) -> None:
    found = gaps(regions.landscape({**regions.made(seed), "norms": [{"id": "N", **norm(6, EDE)}]}))
    assert_maximal(found)
    assert {c.municipality for c in found.cells} == {EDE, BARNEVELD}
    by_age: dict[tuple[str, int, int, str], str] = {}
    for cell in found.cells:
        for age in range(cell.age_from, cell.age_until):
            by_age[cell.theme, cell.level, age, cell.municipality] = cell.status
    for cell in found.cells:  # elsewhere is what the other cells say, at every age
        for age in range(cell.age_from, cell.age_until):
            others = (c for c in (BARNEVELD, EDE) if c != cell.municipality)
            fine = tuple(c for c in others if by_age[cell.theme, cell.level, age, c] == "ok")
            assert fine == cell.elsewhere


def test_runs_are_maximal_on_both_examples(example: Reading) -> None:
    assert_maximal(gaps(example.landscape))


# --- second methods --------------------------------------------------------------------------------------
#: Regions by their seed, each with a norm in weeks for Ede.
SMALL = [(0, 2), (1, 5), (2, 1), (3, 12), (4, 3), (5, 1), (7, 2), (8, 4), (10, 6), (11, 1)]


def small(regions: ModuleType, seed: int, weeks: int) -> tuple[Any, Gaps]:
    tables = {**regions.made(seed), "norms": [{"id": "N", **norm(weeks, EDE)}]}
    return tables, gaps(regions.landscape(tables), levels=[1, 3], themes=["opvoeden", "adhd"])


def by_writing_out(by_hand: ModuleType, here: Any, cell: Cell, age: int, most: float | None) -> tuple[str, float | None]:
    """(status, days) of a cell at one age, from every simple way from every entry."""

    class Floor(by_hand.ByHand):  # type: ignore[misc, name-defined]  # a module that is loaded by its path
        """What is known as expected, what is not at its low end."""

        def time(self, found: Any, unknown: tuple[float, float, float]) -> Any:
            return by_hand.Time(unknown[0], assumed=True) if found is None else super().time(found, unknown)

    def ways(hand: Any) -> list[Any]:
        return [way for start in here.entries for way in hand.ways(cell.level, start)]

    def least(scenario: str) -> float:
        return float(min(way.days for way in ways(by_hand.ByHand(here, age, cell.theme, scenario))))

    hand = by_hand.ByHand(here, age, cell.theme)
    found = ways(hand)
    if not found:
        reasons = {hand.reason(cell.level, start) for start in here.entries}
        return next(r for r in ("geen aanbod", "aanmeldstop", "geen route") if r in reasons), None
    days = min(way.days for way in found)
    if all(way.assumed is True for way in found if way.days == days):
        if most is None:
            return "onbekend", days
        return ("te lang" if least("low") > most else "ok" if least("high") <= most else "onbekend"), days
    if most is None or days <= most:
        return "ok", days
    return ("onbekend" if min(way.days for way in ways(Floor(here, age, cell.theme))) <= most else "te lang"), days


@pytest.mark.parametrize(("seed", "weeks"), SMALL)
def test_equal_to_every_simple_way_written_out(regions: ModuleType, by_hand: ModuleType, seed: int, weeks: int) -> None:
    tables, found = small(regions, seed, weeks)
    here = {code: by_hand.Here(tables, code) for code in (EDE, BARNEVELD)}
    for cell in found.cells:
        most = 7.0 * weeks if cell.municipality == EDE else None
        for age in {cell.age_from, cell.age_until - 1}:
            told = by_writing_out(by_hand, here[cell.municipality], cell, age, most)
            assert (cell.status, cell.days) == told, (cell, age)


def test_the_small_regions_have_every_status(regions: ModuleType) -> None:
    # the comparison would say little otherwise
    seen = {cell.status for seed, weeks in SMALL for cell in small(regions, seed, weeks)[1].cells}
    assert seen == set(STATUSES)


def test_equal_to_one_question_at_a_time_on_a_sample_of_both_examples(example: Reading) -> None:
    landscape = example.landscape
    cells = gaps(landscape).cells
    for cell in cells[:: len(cells) // 40]:
        asked: dict[str, Any] = {"age": cell.age_from, "theme": cell.theme, "levels": [cell.level], "static": True}
        answer = route(landscape, cell.municipality, **asked, alternatives=20)
        if not answer.ways:
            assert [(cell.level, cell.status)] == list(answer.reasons), cell
            continue
        best, span = answer.ways[0].expected, answer.spans[0]
        assert cell.days == pytest.approx(best), cell
        tied = [way for way in answer.ways if way.expected == pytest.approx(best)]
        known = any(all(w.known for leg in way.legs for w in (leg.wait, leg.decision) if w) for way in tied)
        most = None if cell.norm is None else 7 * cell.norm
        if known:
            # a known way that is too long may have a shorter one beside it that is not known
            assert cell.status in (("ok",) if most is None or best <= most else ("te lang", "onbekend")), cell
        elif most is None:
            assert cell.status == "onbekend", cell
        else:
            certain = "te lang" if span.low > most else "ok" if span.high is not None and span.high <= most else "onbekend"
            assert cell.status == certain, cell


# --- what is asked ---------------------------------------------------------------------------------------
def test_every_everyday_theme_is_looked_at_and_others_where_somebody_names_them(ask: Ask) -> None:
    found = ask(offerings=[{"partner": "G", "level": "3", "themes": ["adhd"]}], themes=[])
    themes = found.themes
    assert {"algemeen", "rouw", "adhd"} <= set(themes)
    assert "autisme" not in themes  # narrower than druk gedrag, and nobody names it
    status = {c.theme: c.status for c in found.cells}
    # an offering for adhd is no answer to the broader question
    assert (status["adhd"], status["druk-gedrag"], status["rouw"]) == ("onbekend", "geen aanbod", "geen aanbod")


def test_ages_keep_the_runs_that_hold_one_of_them(ask: Ask) -> None:
    offerings = [{"partner": "G", "level": "3", "age_from": 144, "age_until": 216}]
    found = ask(offerings=offerings, ages=[14 * YEAR])
    assert [(c.age_from, c.age_until) for c in found.cells] == [(144, 216)]
    assert len(ask(offerings=offerings, ages=[14 * YEAR, 3 * YEAR]).cells) == 2
    assert ask(offerings=offerings, ages=[30 * YEAR]).cells == ()


def test_the_view_for_youth_keeps_the_years_from_12_up_to_18(ask: Ask) -> None:
    found = ask(offerings=[{"partner": "G", "level": "3", "age_from": 120, "age_until": 192}], view="jongeren")
    assert [(c.age_from, c.age_until, c.status) for c in found.cells] == [(144, 192, "onbekend"), (192, 216, "geen aanbod")]


def test_the_view_for_small_municipalities(ask: Ask) -> None:
    places = [
        {"code": EDE, "name": "Ede", "inhabitants": 20_000},
        {"code": BARNEVELD, "name": "Barneveld", "inhabitants": 19_999},
    ]
    found = ask(tables={"municipalities": places}, municipalities=[], view="klein")
    assert found.municipalities == (BARNEVELD,)
    # where nobody says how many live there it is not called small
    assert ask(municipalities=[], view="klein").municipalities == ()


def test_what_every_answer_carries(ask: Ask) -> None:
    found = ask([("G", 84)], [norm(12)])
    assert (found.frame.question, found.frame.known_waits, found.frame.outdated_waits) == ("gaps", 1.0, 0.0)
    assert ask().frame.known_waits == 0.0
    assert "unknown_wait" in {a.key for a in ask().frame.assumptions}
    without_unit = {**norm(12), "unit": None}
    assert "norm_unit" in {a.key for a in ask([("G", 84)], [without_unit]).frame.assumptions}
    body = found.as_dict()
    assert set(body) == {"cells", "gaps"}
    assert body["cells"] == [
        {
            "municipality": EDE,
            "theme": "opvoeden",
            "level": 3,
            "age_from": 0,
            "age_until": 23,
            "status": "ok",
            "weeks": 12.0,
            "norm": 12.0,
            "elsewhere": [],
        }
    ]
    frame = found.to_frame()
    assert frame.height == len(found.cells) + len(found.gaps)
    assert "gaps" in str(found)


def test_a_region_without_municipalities_has_no_cells() -> None:
    region = [{"id": "r", "name": "R", "title": "R", "reference_date": "2026-05-01"}]
    partners = [{"id": "P", "name": "Huisarts", "roles": ["huisarts"]}]
    landscape = Landscape.of({"region": pl.DataFrame(region), "partners": pl.DataFrame(partners)})
    assert gaps(landscape).cells == ()
