"""offers, by hand: what fits, in which order, and what is said of it (CONTRACTS §5–6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from routekaart.graph.analyses.offers import Offers, offers
from routekaart.graph.landscape import Landscape

EDE = "GM0228"
TOML = '[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n'
PARTNERS = [
    {"id": "P1", "naam": "Buurthuis", "rollen": "welzijn", "gemeenten": "Ede", "vestigingen": "Ede"},
    {"id": "P2", "naam": "Elders", "rollen": "welzijn", "gemeenten": "regio", "vestigingen": "Barneveld"},
    {"id": "P3", "naam": "Zegt niets", "rollen": "welzijn"},
    {"id": "VT", "naam": "Veilig Thuis", "rollen": "veiligheid", "gemeenten": "regio"},
]


@pytest.fixture
def ask(landscape_of: Callable[..., Landscape]) -> Callable[..., Offers]:
    def asked(aanbod: list[dict[str, Any]], wachttijden: list[dict[str, Any]] | None = None, **question: Any) -> Offers:
        rows = [{"id": f"A{n}", "naam": f"Aanbod {n}", "partner": "P1", "niveau": 1, **row} for n, row in enumerate(aanbod)]
        tables: dict[str, Any] = {"partners": PARTNERS, "aanbod": rows}
        if wachttijden:
            tables["wachttijden"] = wachttijden
        return offers(landscape_of(toml=TOML, **tables), question.pop("municipality", EDE), **question)

    return asked


def ids(found: Offers) -> list[str]:
    return [o.id for o in found.offers]


def test_lightest_first_then_nearest_then_free(ask: Callable[..., Offers]) -> None:
    found = ask(
        [
            {"niveau": 3, "toegang": "vrij"},
            {"niveau": 0, "partner": "P2", "toegang": "vrij"},  # stands in Barneveld
            {"niveau": 0, "partner": "P3", "plek": "online", "toegang": "vrij"},
            {"niveau": 0, "toegang": "verwijzing"},  # here, by referral
            {"niveau": 0, "toegang": "vrij"},  # here and free
            {"niveau": 0, "partner": "P3", "toegang": "vrij"},  # nobody says where
        ]
    )
    assert ids(found) == ["A4", "A3", "A2", "A1", "A5", "A0"]
    assert [o.nearby for o in found.offers] == ["hier", "hier", "online", "elders", "onbekend", "hier"]


def test_level_four_is_given_only_when_asked_and_safety_is_never_ranked(ask: Callable[..., Offers]) -> None:
    rows = [{"niveau": 4}, {"niveau": 1, "partner": "VT"}, {"niveau": ""}]
    found = ask(rows)
    assert (ids(found), [o.id for o in found.safety], [o.id for o in found.unlevelled]) == ([], ["A1"], ["A2"])
    assert ids(ask(rows, levels=(4,))) == ["A0"]


@pytest.mark.parametrize(
    ("row", "fits"),
    [
        ({"leeftijd_tot": 14}, False),  # tot excludes
        ({"leeftijd_tm": 14}, True),  # t/m includes its year
        ({"leeftijd_van": 14}, True),
        ({"leeftijd_van": 15}, False),
        ({}, True),  # no age stated: all ages, and it is said
        ({"themas": "adhd"}, True),
        ({"themas": "druk gedrag"}, True),  # broader than what is asked
        ({"themas": "algemeen"}, True),
        ({"themas": "scheiding"}, False),
        ({"gemeenten": "Barneveld"}, False),
        ({"partner": "P2"}, True),  # the partner serves the region
        ({"partner": "P2", "gemeenten": "Barneveld"}, False),
        ({"partner": "", "gemeenten": ""}, True),  # an initiative: the whole region, assumed
        ({"geldig_tot": "2026-06-01"}, False),
        ({"geldig_van": "2026-06-02"}, False),
    ],
)
def test_what_fits_a_14_year_old_with_adhd_in_ede(ask: Callable[..., Offers], row: dict[str, Any], fits: bool) -> None:
    assert bool(ids(ask([row], age=14 * 12, theme="adhd"))) is fits


def test_a_narrower_offering_is_no_answer_to_a_broader_question(ask: Callable[..., Offers]) -> None:
    assert ids(ask([{"themas": "adhd"}], theme="druk-gedrag")) == []


def test_what_was_assumed_is_said(ask: Callable[..., Offers]) -> None:
    found = ask([{"partner": "P3"}], age=14 * 12)
    assert {a.key for a in found.frame.assumptions} == {"unknown_wait", "area", "ages"}
    assert found.offers[0].area_assumed


def test_without_a_theme_the_general_wait_counts_and_else_the_range_of_all(ask: Callable[..., Offers]) -> None:
    base = {"op": "A0", "soort": "aanmeldwachttijd", "peildatum": "2026-05-01"}
    adhd, autism = (
        {**base, "waarde": "4 weken", "themas": "adhd"},
        {**base, "waarde": "10 weken", "themas": "autisme", "peildatum": "2026-04-01"},
    )
    wait = ask([{}], [adhd, autism]).offers[0].wait
    assert (wait.low, wait.expected, wait.high) == (28, 49, 70)
    wait = ask([{}], [adhd, autism], theme="adhd").offers[0].wait
    assert (wait.low, wait.high) == (28, 28)
    wait = ask([{}], [adhd, autism, {**base, "waarde": "6 weken"}]).offers[0].wait
    assert (wait.low, wait.high) == (42, 42)


def test_a_wait_of_the_partner_counts_where_the_offering_has_none(ask: Callable[..., Offers]) -> None:
    rows = [{"op": "P1", "soort": "aanmeldwachttijd", "waarde": "3 weken", "peildatum": "2026-05-01"}]
    assert ask([{}], rows).offers[0].wait.expected == 21


def test_the_old_value_stands_beside_an_outdated_wait(ask: Callable[..., Offers]) -> None:
    rows = [
        {"op": "A0", "soort": "aanmeldwachttijd", "waarde": "3 weken", "peildatum": "2020-05-01"},
        {"op": "A0", "soort": "aanmeldwachttijd", "waarde": "5 weken"},  # undated tells less
    ]
    wait = ask([{}], rows).offers[0].wait
    assert (wait.assumed, wait.outdated, wait.written, wait.as_of) == (True, True, "3 weken", "2020-05-01")
    assert (wait.low, wait.high) == (14, 182)
