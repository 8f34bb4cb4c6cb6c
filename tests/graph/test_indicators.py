"""indicators, by hand: which target value stands beside which figure, and which numbers of people are not shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from routekaart.graph.analyses.indicators import Indicators, indicators, is_people
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading

TOML = '[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld", "Nijkerk"]\n'
EDE, BARNEVELD, NIJKERK = "GM0228", "GM0203", "GM0267"
PARTNERS = [{"id": "P1", "naam": "Gemeente Ede", "rollen": "gemeente", "gemeenten": "Ede"}]
MUNICIPALITIES = [
    {"code": EDE, "naam": "Ede", "jeugdregio": "FoodValley"},
    {"code": BARNEVELD, "naam": "Barneveld", "jeugdregio": "FoodValley"},
    {"code": NIJKERK, "naam": "Nijkerk", "jeugdregio": "Elders"},
]
Rows = list[dict[str, Any]]


@pytest.fixture
def ask(landscape_of: Callable[..., Landscape]) -> Callable[..., Indicators]:
    def asked(
        figures: Rows,
        norms: Rows | None = None,
        *,
        of: Iterable[str] = (),
        themes: Iterable[str] = (),
        toml: str = "",
        **more: Any,
    ) -> Indicators:
        usual = {"indicator": "jeugdhulp in Ede", "gemeente": "Ede", "jaar": 2025, "waarde": "9,5", "eenheid": "procent"}
        tables: dict[str, Any] = {"partners": PARTNERS, "gemeenten": MUNICIPALITIES, "indicatoren": [usual | f for f in figures]}
        if norms:
            base = {"soort": "Jeugdhulp in Ede!", "waarde": "8", "eenheid": "procent", "geldt_voor": "Ede"}
            tables["normen"] = [{"id": f"N{n}", **base, **norm} for n, norm in enumerate(norms)]
        return indicators(landscape_of(toml=TOML + toml, **tables), tuple(of), tuple(themes), **more)

    return asked


def told(found: Indicators, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(i[k] for k in keys) for i in found.as_dict()["indicators"]]


# --- targets --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("geldt_voor", "applies"),
    [
        ("Ede", True),
        ("ede", True),
        ("GM0228", True),
        ("Barneveld; Ede", True),
        ("Barneveld", False),
        ("regio", True),
        ("landelijk", True),
        ("FoodValley", True),
        ("jeugdhulpregio FoodValley", True),
        ("Elders", False),
        ("jeugdhulpregio West-Brabant-West", False),  # another region's target, as in the example
        ("gemeente", False),  # a role never covers
        ("gemeente; Ede", False),  # a norm for a role in Ede is none for everybody there
        ("", False),  # empty: applied nowhere
    ],
)
def test_a_target_stands_beside_a_figure_only_where_it_holds(
    ask: Callable[..., Indicators], geldt_voor: str, applies: bool
) -> None:
    found = ask([{}], [{"geldt_voor": geldt_voor}])
    assert told(found, "target", "target_applies") == [(8 if applies else None, applies)]


@pytest.mark.parametrize(
    ("soort", "same"),
    [
        ("JEUGDHULP, in Ede", True),
        ("jeugdhulp in Édé", True),  # accents
        ("jeugdhulp", False),  # part of the name is another indicator
        ("", False),
    ],
)
def test_a_target_is_about_the_indicator_of_its_name(ask: Callable[..., Indicators], soort: str, same: bool) -> None:
    assert told(ask([{}], [{"soort": soort}]), "target") == [(8 if same else None,)]


def test_a_target_in_another_unit_is_not_beside_it_but_said(ask: Callable[..., Indicators]) -> None:
    figures = [{}, {"jaar": 2024, "eenheid": "per 1.000 jeugdigen"}, {"jaar": 2023, "eenheid": ""}]
    found = ask(figures, [{"eenheid": "Procent"}])
    assert told(found, "year", "unit", "target", "target_applies") == [
        (2023, None, None, True),
        (2024, "per 1.000 jeugdigen", None, True),
        (2025, "procent", 8, True),
    ]
    assert [f.other_unit for f in found.figures] == [True, True, False]


def test_of_two_units_the_one_of_the_figure_is_taken(ask: Callable[..., Indicators]) -> None:
    norms = [{"eenheid": "jeugdigen", "waarde": "900"}, {"eenheid": "procent", "geldt_voor": "regio"}]
    assert told(ask([{}], norms), "target") == [(8,)]


def test_its_own_target_goes_before_that_of_the_region(ask: Callable[..., Indicators]) -> None:
    norms = [
        {"geldt_voor": "Ede; Barneveld; Nijkerk", "waarde": "10"},
        {"geldt_voor": "regio", "waarde": "11"},
        {"geldt_voor": "landelijk", "waarde": "12"},
    ]
    toml = '[gemeenten.GM0228]\nstreefwaarden = { "jeugdhulp in ede" = 7.5 }\n'
    figures = [{}, {"gemeente": "Nijkerk"}]
    # routekaart.toml names no unit: its target is in that of the indicator
    assert told(ask(figures, norms, toml=toml), "municipality", "target") == [(EDE, 7.5), (NIJKERK, 10)]


@pytest.mark.parametrize(("eenheid", "target"), [("weken", 10), ("dagen", None)])
def test_an_own_target_about_a_time_is_in_weeks(ask: Callable[..., Indicators], eenheid: str, target: float | None) -> None:
    toml = '[gemeenten.GM0228]\nstreefwaarden = { "tijd tot eerste afspraak" = 10 }\n'
    found = ask([{"indicator": "Tijd tot eerste afspraak", "eenheid": eenheid}], toml=toml)
    assert told(found, "target", "target_applies") == [(target, True)]


def test_a_target_is_not_about_one_theme_of_an_indicator(ask: Callable[..., Indicators]) -> None:
    figures = [{}, {"thema": "opvoeden", "waarde": "2"}, {"thema": "rouw", "waarde": "1"}]
    assert told(ask(figures, [{}]), "theme", "target") == [(None, 8), ("opvoeden", None), ("rouw", None)]
    # also when the question is about that theme alone
    assert told(ask(figures, [{}], themes=["rouw"]), "theme", "target", "target_applies") == [("rouw", None, False)]
    # an indicator that has one theme only is told as a whole
    assert told(ask([{"thema": "opvoeden"}], [{}]), "target") == [(8,)]


def test_a_number_of_people_of_a_municipality_is_no_target_for_a_district(ask: Callable[..., Indicators]) -> None:
    figures = [{}, {"wijk": "Noord"}]
    assert told(ask(figures, [{}]), "target") == [(8,), (8,)]
    people = [{**f, "eenheid": "jeugdigen", "waarde": 50} for f in figures]
    assert told(ask(people, [{"eenheid": "jeugdigen"}]), "target", "target_applies") == [(8, True), (None, False)]


def test_a_target_for_a_later_year_is_no_norm_yet(ask: Callable[..., Indicators]) -> None:
    def target_of(**norm: Any) -> bool:
        target = ask([{}], [norm]).figures[0].target
        assert target is not None
        return target.is_target("2026-06-01")

    assert target_of(jaar=2028)
    assert not target_of(jaar=2026)
    assert not target_of()


# --- what is not shown --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("unit", "people"),
    [
        ("aantal", True),
        ("gezinnen", True),
        ("Jeugdigen", True),
        ("personen", True),
        ("cliënten", True),
        ("aantal gezinnen", True),
        ("gezinnen per jaar", True),
        ("procent", False),
        ("per 1.000 jeugdigen", False),
        ("jeugdigen per 1.000 inwoners", False),
        ("aantal per duizend jeugdigen", False),
        ("aantal weken", False),
        ("weken", False),
        ("aandeel", False),
        ("", False),
    ],
)
def test_what_is_a_number_of_people(unit: str, people: bool) -> None:
    assert is_people("wachtende gezinnen", unit) is people


def test_without_a_unit_the_name_tells() -> None:
    assert is_people("aantal wachtende gezinnen", None)
    assert not is_people("jeugdhulp", None)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [("9", "gezinnen", False), ("10", "gezinnen", True), ("0", "gezinnen", True), ("9", "procent", True), ("1", "aantal", False)],
)
def test_a_small_number_of_people_is_not_shown(ask: Callable[..., Indicators], value: str, unit: str, shown: bool) -> None:
    figure = [{"waarde": value, "eenheid": unit}]
    found = ask(figure)
    told_ = found.as_dict()["indicators"][0]
    assert (told_["value"], "suppressed" in told_) == ((float(value), False) if shown else (None, True))
    assert found.rows()[0]["suppressed"] is not shown
    assert told(ask(figure, internal=True), "value") == [(float(value),)]
    off = ask(figure, toml="[instellingen]\ndrempel = 0\n")
    assert told(off, "value") == [(float(value),)]


@pytest.mark.parametrize("part", ["wijk", "thema", "gemeente"])
def test_a_small_number_is_not_given_back_by_the_whole(ask: Callable[..., Indicators], part: str) -> None:
    names = {
        "wijk": ["Noord", "Zuid", "West"],
        "thema": ["rouw", "opvoeden", "wonen"],
        "gemeente": ["Ede", "Barneveld", "Nijkerk"],
    }
    values = [4, 25, 60]
    usual = {"eenheid": "gezinnen"}
    figures = [{**usual, part: "", "waarde": 89}]
    figures += [{**usual, part: name, "waarde": value} for name, value in zip(names[part], values, strict=True)]
    shown = [v for (v,) in told(ask(figures), "value") if v is not None]
    # 89 - 25 - 60 would give 4: one more must go, and with two gone at least 10 are together
    assert 4 not in shown
    assert len(shown) == 2
    hidden = sum([89, *values]) - sum(shown)
    assert hidden >= 4 + 10


def test_other_years_and_parts_that_overlap_hide_nothing_more(ask: Callable[..., Indicators]) -> None:
    usual = {"eenheid": "gezinnen"}
    figures = [
        {**usual, "waarde": 89},
        {**usual, "wijk": "Noord", "waarde": 4, "jaar": 2024},  # there is no whole of 2024
        {**usual, "wijk": "Zuid", "waarde": 55},  # and the other districts 34 together
        {**usual, "thema": "rouw", "waarde": 70, "jaar": 2025},
        {**usual, "thema": "wonen", "waarde": 60, "jaar": 2025},  # 130 of 89: families ask more than one thing
    ]
    assert sorted(v for (v,) in told(ask(figures), "value") if v is not None) == [55, 60, 70, 89]


def test_what_is_left_of_the_whole_is_not_given_either(ask: Callable[..., Indicators]) -> None:
    # 89 - 85: four families live in districts that are not told
    found = ask([{"eenheid": "gezinnen", "waarde": 89}, {"eenheid": "gezinnen", "wijk": "Zuid", "waarde": 85}])
    assert sum(f.suppressed for f in found.figures) >= 1


def test_a_figure_that_is_not_shown_here_is_none_elsewhere_either(ask: Callable[..., Indicators]) -> None:
    # asking for a part of the table must not show what the whole would give away
    usual = {"eenheid": "gezinnen"}
    figures = [
        {**usual, "gemeente": "", "waarde": 40},
        {**usual, "waarde": 5},
        {**usual, "gemeente": "Nijkerk", "waarde": 35},
    ]
    every = {f.source.id: f.suppressed for f in ask(figures).figures}
    for code in (EDE, NIJKERK):
        assert all(f.suppressed == every[f.source.id] for f in ask(figures, of=[code]).figures)


# --- the answer ---------------------------------------------------------------------------------------------
def test_by_name_then_indicator_then_year(ask: Callable[..., Indicators]) -> None:
    figures = [
        {"gemeente": "Nijkerk"},
        {"gemeente": "", "waarde": "3"},
        {"jaar": 2025},
        {"jaar": 2024, "waarde": "99"},
        {"indicator": "Aandeel"},
        {"gemeente": "Barneveld", "waarde": "100"},
    ]
    assert told(ask(figures), "municipality", "indicator", "year") == [
        (BARNEVELD, "jeugdhulp in Ede", 2025),
        (EDE, "Aandeel", 2025),
        (EDE, "jeugdhulp in Ede", 2024),
        (EDE, "jeugdhulp in Ede", 2025),
        (NIJKERK, "jeugdhulp in Ede", 2025),
        (None, "jeugdhulp in Ede", 2025),
    ]


def test_one_municipality_and_one_theme(ask: Callable[..., Indicators]) -> None:
    figures = [{}, {"thema": "druk gedrag"}, {"thema": "adhd"}, {"thema": "rouw"}, {"gemeente": "Nijkerk", "thema": "rouw"}]
    assert told(ask(figures, of=[EDE], themes=["rouw"]), "municipality", "theme") == [(EDE, "rouw")]
    # adhd is a kind of druk gedrag: each is about the other, a figure without a theme is not
    assert {t for (t,) in told(ask(figures, themes=["druk-gedrag"]), "theme")} == {"druk-gedrag", "adhd"}
    assert {t for (t,) in told(ask(figures, themes=["adhd"]), "theme")} == {"druk-gedrag", "adhd"}


def test_what_the_answer_holds(ask: Callable[..., Indicators]) -> None:
    found = ask([{"wijk": "Noord", "bron": "CBS"}], [{"jaar": 2028}])
    (one,) = found.as_dict()["indicators"]
    source = one.pop("source")
    assert one == {
        "indicator": "jeugdhulp in Ede",
        "municipality": EDE,
        "district": "Noord",
        "theme": None,
        "year": 2025,
        "value": 9.5,
        "unit": "procent",
        "target": 8,
        "target_applies": True,
    }
    assert (source["table"], source["file"], source["row"], source["text"]) == ("indicators", "indicatoren.csv", 2, "CBS")
    (flat,) = found.rows()
    assert (flat["target_year"], flat["target_norm"], flat["source"]) == (2028, "N0", "indicatoren.csv:2")
    assert found.to_frame().height == 1
    assert (found.frame.known_waits, found.frame.assumptions) == (None, ())


def test_the_example_has_targets_where_they_hold_only(voorbeeldregio: Reading) -> None:
    found = indicators(voorbeeldregio.landscape)
    assert len(found.figures) == 216
    # normen.csv of the example: N06 for all eight municipalities, N07 for Lindervoort (GM9001)
    targets = {(f.indicator, f.municipality): f.target.id for f in found.figures if f.target}
    every = {("jeugdigen met individuele jeugdhulp", f"GM900{n}"): "N06" for n in range(1, 9)}
    assert targets == every | {("gezinnen met vrij toegankelijke steun", "GM9001"): "N07"}
    assert not any(f.suppressed for f in found.figures)  # shares only


def test_a_region_without_figures(gelderse_vallei: Reading) -> None:
    found = indicators(gelderse_vallei.landscape)
    assert (found.as_dict(), found.rows()) == ({"indicators": []}, [])
