"""What experienced may not show: small numbers, whatever is solved from its figures, and figures about few families."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from routekaart.graph.analyses.experienced.experienced import experienced
from routekaart.graph.analyses.experienced.hiding import hidden
from routekaart.graph.analyses.experienced.outflow import OUTCOMES, Outflow
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading

Rows = list[dict[str, Any]]
PARTNERS: Rows = [{"id": i, "naam": f"Partner {i}", "rollen": "jeugdhulp", "gemeenten": "Ede"} for i in "ABC"]


@pytest.fixture
def region(landscape_of: Callable[..., Landscape]) -> Callable[..., Landscape]:
    """A region with these rows of outflow: (partner, to, number, year)."""

    def made(*flows: tuple[str, str, int, int], threshold: int = 10) -> Landscape:
        rows = [dict(zip(("partner", "naar", "aantal", "jaar"), f, strict=True)) for f in flows]
        toml = f'[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede"]\n[instellingen]\ndrempel = {threshold}\n'
        return landscape_of(toml=toml, partners=PARTNERS, uitstroom=rows)

    return made


def of(landscape: Landscape, partner: str, **more: Any) -> dict[str, Any]:
    return next(p for p in experienced(landscape, **more).as_dict()["partners"] if p["partner"] == partner)


def with_others(landscape: Landscape, seed: int) -> Landscape:
    """The same, with another number in place of every small one."""
    r = random.Random(seed)
    threshold = landscape.settings.threshold
    numbers = [
        n if n is None or not 0 < n < threshold else r.randint(1, threshold - 1) for n in landscape["outflow"]["number"].to_list()
    ]
    return landscape.replaced(outflow=landscape["outflow"].with_columns(number=pl.Series(numbers, dtype=pl.Int64)))


# --- nothing can be solved from them ------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("edition", ["voorbeeldregio", "voorbeeldregio_2025"])
def test_no_figure_depends_on_a_small_number(edition: str, seed: int, request: pytest.FixtureRequest) -> None:
    """Whoever solves whatever from the answer: regions that differ in small numbers only have the same answer."""
    landscape: Landscape = request.getfixturevalue(edition).landscape
    other = with_others(landscape, seed)
    assert not landscape["outflow"].equals(other["outflow"])
    here, there = experienced(landscape), experienced(other)
    assert here == there
    assert (here.as_dict(), here.rows()) == (there.as_dict(), there.rows())
    assert experienced(landscape, internal=True).as_dict() != experienced(other, internal=True).as_dict()


def test_true_shares_would_give_a_small_number_back(region: Callable[..., Landscape]) -> None:
    """40 is in every export: 40 / share − 40 are the others. With the numbers as they are that is 4; shown is 5."""
    landscape = region(("A", "hulp", 40, 2025), ("A", "uitval", 4, 2025), ("B", "A", 500, 2025))
    true, shown = of(landscape, "B", internal=True), of(landscape, "B")
    assert 40 / true["outcomes"]["hulp"] - 40 == pytest.approx(4)
    assert 40 / shown["outcomes"]["hulp"] - 40 == pytest.approx(5)
    assert (true["approximate"], shown["approximate"]) == (False, True)


def test_small_numbers_stand_in_before_years_are_added_up(region: Callable[..., Landscape]) -> None:
    # 12 + 4 is 16, of which 12 is shown elsewhere: it counts as 12 + 5
    landscape = region(("A", "hulp", 12, 2024), ("A", "hulp", 4, 2025), ("A", "uitval", 30, 2025), ("A", "onbekend", 0, 2025))
    left = Outflow(landscape).of["A"]
    assert left.to == {"uitkomst:hulp": 17, "uitkomst:uitval": 30, "uitkomst:onbekend": 0}
    assert (left.small, left.largest, left.families) == (1, 30, 47)
    exact = Outflow(landscape, exact=True).of["A"]
    assert (exact.to["uitkomst:hulp"], exact.small) == (16, 0)


def test_the_threshold_itself_is_no_small_number(region: Callable[..., Landscape]) -> None:
    landscape = region(("A", "hulp", 10, 2025), ("A", "uitval", 10, 2025))
    assert of(landscape, "A")["outcomes"]["hulp"] == 0.5
    assert not of(landscape, "A")["approximate"]
    # without a threshold nothing stands in and nothing is hidden
    free = region(("A", "hulp", 3, 2025), ("A", "uitval", 1, 2025), threshold=0)
    assert of(free, "A")["outcomes"]["hulp"] == 0.75
    assert "suppressed" not in of(free, "A")


# --- few families -------------------------------------------------------------------------------------------
def test_a_partner_with_small_numbers_only_has_no_figures(region: Callable[..., Landscape]) -> None:
    landscape = region(("A", "hulp", 9, 2025), ("A", "uitval", 8, 2025), ("B", "A", 50, 2025), ("B", "hulp", 50, 2025))
    a = of(landscape, "A")
    figures = ("weeks", "outcomes", "visits", "return_probability", "weeks_given_help", "families", "reason")
    assert [a[f] for f in figures] == [None] * 7
    assert a["suppressed"]
    assert a["wait"]["assumed"]  # a wait is about an organisation
    row = next(r for r in experienced(landscape).rows() if r["partner"] == "A")
    assert row["suppressed"] == (
        "elders; families; hulp; onbekend; return_probability; rondgaan; uitval; visits; weeks; weeks_given_help"
    )
    assert all(row[name] is None for name in OUTCOMES)
    # who goes there is followed all the same, as 5 and 5
    assert of(landscape, "B")["outcomes"]["hulp"] == 0.75
    assert of(landscape, "A", internal=True)["outcomes"]["hulp"] == pytest.approx(9 / 17)


def test_outcomes_of_few_are_hidden_and_what_gives_them_back(region: Callable[..., Landscape]) -> None:
    # 5 (in place of 4) of 115 stop: the next smallest is hidden with it, or 1 − 90/115 − 20/115 gave it back
    landscape = region(("A", "hulp", 90, 2025), ("A", "uitval", 4, 2025), ("A", "onbekend", 20, 2025))
    a = of(landscape, "A")
    assert a["outcomes"] == {
        "hulp": pytest.approx(90 / 115),
        "uitval": None,
        "onbekend": None,
        "elders": 0,
        "rondgaan": 0,
        "suppressed": True,
    }
    assert a["suppressed"]
    assert (a["weeks"] is None, a["weeks_given_help"] is None) == (False, False)


def test_weeks_to_help_of_few_are_hidden(region: Callable[..., Landscape]) -> None:
    landscape = region(("A", "hulp", 4, 2025), ("A", "uitval", 90, 2025))
    a = of(landscape, "A")
    assert (a["outcomes"]["hulp"], a["weeks_given_help"], a["reason_given_help"]) == (None, None, None)
    assert a["weeks"]["expected"] == 14


def test_few_that_do_not_come_back_are_hidden_too() -> None:
    shares = dict.fromkeys(OUTCOMES, 0.0) | {"hulp": 0.5, "uitval": 0.5}
    assert hidden(1000, shares, 0.995, 10) == {"visits", "return_probability"}  # 5 do not
    assert hidden(1000, shares, 0.005, 10) == {"visits", "return_probability"}
    assert hidden(1000, shares, 0.01, 10) == hidden(1000, shares, 0.0, 10) == hidden(1000, shares, None, 10) == set()
    assert hidden(1000, shares, 0.005, 0) == set()


@pytest.mark.parametrize("edition", ["voorbeeldregio", "voorbeeldregio_2025"])
def test_no_share_of_few_is_shown_or_left(edition: str, request: pytest.FixtureRequest) -> None:
    reading: Reading = request.getfixturevalue(edition)
    found = experienced(reading.landscape)
    threshold = reading.landscape.settings.threshold
    seen = 0
    for p in found.partners:
        assert p.families is not None
        assert p.outcomes is not None
        shown = [share for share in p.outcomes.values() if share is not None]
        assert all(share == 0 or share * p.families >= threshold - 1e-6 for share in shown)
        gone = [name for name, share in p.outcomes.items() if share is None]
        assert len(gone) != 1
        if gone:
            seen += 1
            assert p.families * (1 - sum(shown)) >= threshold - 1e-6  # together they are enough
        back = p.back
        assert back is None or back == 0 or threshold <= back * p.families + 1e-6 <= p.families - threshold
    assert seen > 20  # of 42
