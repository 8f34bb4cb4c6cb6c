"""Which norm applies where: of its own kind, the most specific one, never one that is about somebody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from routekaart.graph.analyses.norms import FIRST_APPOINTMENT, Norm, Norms
from routekaart.graph.landscape import Landscape

EDE, BARNEVELD, UTRECHT = "GM0228", "GM0203", "GM0344"
TOML = '[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n'
PLACES = [
    {"code": EDE, "naam": "Ede", "jeugdregio": "FoodValley"},
    {"code": BARNEVELD, "naam": "Barneveld", "jeugdregio": "Jeugdhulpregio FoodValley"},
    {"code": UTRECHT, "naam": "Utrecht", "jeugdregio": "Utrecht Stad"},
]
KIND = FIRST_APPOINTMENT
WAIT = "aanmeldwachttijd"


@pytest.fixture
def norms(landscape_of: Callable[..., Landscape]) -> Callable[..., Norms]:
    def made(*rows: dict[str, Any], toml: str = TOML) -> Norms:
        partners = [{"id": "P1", "naam": "Een"}]
        written = [{"id": f"N{n}", "soort": KIND, "eenheid": "weken", "jaar": "", **row} for n, row in enumerate(rows)]
        return Norms(landscape_of(toml=toml, partners=partners, gemeenten=PLACES, normen=written))

    return made


def weeks(norm: Norm | None) -> float | None:
    return None if norm is None else norm.weeks


@pytest.mark.parametrize(
    ("applies_to", "where"),
    [
        ("Ede", {EDE}),
        ("GM0228;Utrecht", {EDE, UTRECHT}),
        ("FoodValley", {EDE, BARNEVELD}),  # the youth region of both, written in two ways
        ("Jeugdregio FoodValley", {EDE, BARNEVELD}),
        ("regio", {EDE, BARNEVELD}),
        ("landelijk", {EDE, BARNEVELD, UTRECHT}),
        ("", set()),  # nobody said for whom
        ("jeugdhulpregio West-Brabant-West", set()),  # somebody else's
        ("jeugd-ggz", set()),  # a norm for a role is no norm for a whole way
    ],
)
def test_for_whom_a_norm_of_a_whole_way_holds(norms: Callable[..., Norms], applies_to: str, where: set[str]) -> None:
    found = norms({"waarde": 12, "geldt_voor": applies_to})
    assert {code for code in (EDE, BARNEVELD, UTRECHT) if found.for_municipality(KIND, code)} == where


def test_a_norm_counts_for_its_own_kind_only(norms: Callable[..., Norms]) -> None:
    found = norms({"soort": "totaal", "waarde": 14, "geldt_voor": "landelijk"})
    assert found.for_municipality(KIND, EDE) is None
    assert weeks(found.for_municipality("Totaal", EDE)) == 14


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # a municipality's own before one that names all of its region, before the youth region, the region, the country
        ([("landelijk", "", 5), ("regio", "", 6), ("FoodValley", "", 7), ("Ede;Barneveld", "", 8), ("Ede", "", 9)], 9),
        ([("landelijk", "", 5), ("regio", "", 6), ("FoodValley", "", 7), ("Ede;Barneveld", "", 8)], 8),
        ([("landelijk", "", 5), ("regio", "", 6), ("FoodValley", "", 7)], 7),
        ([("landelijk", "", 5), ("regio", "", 6)], 6),
        # then the latest year, an undated one last; then the lowest
        ([("Ede", 2025, 5), ("Ede", 2027, 9), ("Ede", "", 4)], 9),
        ([("Ede", 2027, 9), ("Ede", 2027, 8)], 8),
        # specific before late
        ([("landelijk", 2030, 5), ("Ede", 2020, 9)], 9),
    ],
)
def test_of_several_the_most_specific_then_the_latest(
    norms: Callable[..., Norms], rows: list[tuple[str, object, int]], expected: int
) -> None:
    found = norms(*({"geldt_voor": where, "jaar": year, "waarde": value} for where, year, value in rows))
    assert weeks(found.for_municipality(KIND, EDE)) == expected


def test_a_target_of_the_settings_goes_before_one_for_the_region(norms: Callable[..., Norms]) -> None:
    toml = TOML + '[gemeenten.GM0228]\nstreefwaarden = { "tijd tot eerste afspraak" = 10 }\n'
    found = norms({"waarde": 12, "geldt_voor": "Ede;Barneveld", "jaar": 2026}, toml=toml)
    ede, barneveld = (found.for_municipality(KIND, code) for code in (EDE, BARNEVELD))
    assert (weeks(ede), weeks(barneveld)) == (10, 12)
    # set by the municipality itself: a target value; for this year: a norm
    assert ede is not None
    assert barneveld is not None
    assert (ede.is_target("2026-06-01"), barneveld.is_target("2026-06-01")) == (True, False)
    assert barneveld.is_target("2025-06-01")


@pytest.mark.parametrize(
    ("applies_to", "roles", "code", "holds"),
    [
        ("jeugd-ggz", ("jeugd-ggz",), EDE, True),
        ("jeugd-ggz", ("jeugd-ggz",), UTRECHT, True),
        ("jeugd-ggz;soj", ("soj", "gemeente"), EDE, True),
        ("jeugd-ggz", ("soj",), EDE, False),
        ("jeugd-ggz", (), EDE, False),
        ("Ede", (), EDE, True),  # a municipality's own norm is for every partner there
        ("jeugd-ggz;Ede", ("jeugd-ggz",), EDE, True),  # both must hold
        ("jeugd-ggz;Ede", ("jeugd-ggz",), BARNEVELD, False),
        ("jeugd-ggz;Ede", ("soj",), EDE, False),
        # an area that is not known here does not make it a norm for everywhere
        ("jeugd-ggz;West-Brabant-West", ("jeugd-ggz",), EDE, False),
    ],
)
def test_for_which_partner_a_norm_of_a_wait_holds(
    norms: Callable[..., Norms], applies_to: str, roles: tuple[str, ...], code: str, *, holds: bool
) -> None:
    found = norms({"soort": WAIT, "waarde": 4, "geldt_voor": applies_to})
    assert (found.for_partner(WAIT, code, roles) is not None) is holds


def test_a_municipalitys_own_norm_goes_before_one_for_a_role(norms: Callable[..., Norms]) -> None:
    rows = [{"soort": WAIT, "waarde": 4, "geldt_voor": "jeugd-ggz"}, {"soort": WAIT, "waarde": 6, "geldt_voor": "Ede"}]
    found = norms(*rows)
    assert weeks(found.for_partner(WAIT, EDE, ["jeugd-ggz"])) == 6
    assert weeks(found.for_partner(WAIT, BARNEVELD, ["jeugd-ggz"])) == 4
    with_role = norms(*rows, {"soort": WAIT, "waarde": 8, "geldt_voor": "Ede;jeugd-ggz"})
    assert weeks(with_role.for_partner(WAIT, EDE, ["jeugd-ggz"])) == 8


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (6, "weken", 6),
        (21, "dagen", 3),
        (3, "maanden", 13),  # CONTRACTS §4: a month is 52/12 weeks
        (10, "werkdagen", 2),  # five working days are a week
        (1, "jaar", 52),
        (6, "", 6),  # no unit: weeks, and it is said
        (9, "procent", None),
    ],
)
def test_units_of_time_as_weeks(norms: Callable[..., Norms], value: int, unit: str, expected: float | None) -> None:
    found = norms({"waarde": value, "eenheid": unit, "geldt_voor": "Ede"}).for_municipality(KIND, EDE)
    assert found is not None
    assert found.weeks == (None if expected is None else pytest.approx(expected))
    assert found.unit_assumed is (unit == "")


def test_a_norm_without_a_value_is_no_norm(norms: Callable[..., Norms]) -> None:
    assert norms({"waarde": "", "eenheid": "kwalitatief", "geldt_voor": "Ede"}).for_municipality(KIND, EDE) is None
