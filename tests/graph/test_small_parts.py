"""The small pure parts: dates of reduced precision, bands, distributions."""

from __future__ import annotations

import itertools
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routekaart.graph.dates import first_day, last_day, months_before, outdated
from routekaart.graph.distributions import convolved, lognormal
from routekaart.graph.profile import age_fits, covers, elementary_bands, theme_fits


def test_a_reduced_date_is_all_its_days() -> None:
    assert (first_day("2026").isoformat(), last_day("2026").isoformat()) == ("2026-01-01", "2026-12-31")
    assert (first_day("2024-02").isoformat(), last_day("2024-02").isoformat()) == ("2024-02-01", "2024-02-29")


def test_months_before_keeps_to_the_month() -> None:
    assert months_before(last_day("2026-03"), 1).isoformat() == "2026-02-28"
    assert months_before(first_day("2026-01-15"), 24).isoformat() == "2024-01-15"


@given(st.dates(), st.integers(0, 60))
def test_the_reference_day_itself_is_never_outdated(day: object, months: int) -> None:
    text = str(day)
    if text[:4] >= "1910":
        assert not outdated(text, text, months)
    assert outdated(None, text, months)


@given(st.sets(st.integers(1, 275)), st.integers(0, 275))
def test_within_a_band_no_boundary_falls(cuts: set[int], age: int) -> None:
    bands = elementary_bands(cuts, 0, 276)
    assert bands[0][0] == 0
    assert bands[-1][1] == 276
    assert all(a[1] == b[0] for a, b in itertools.pairwise(bands))
    low, high = next(b for b in bands if b[0] <= age < b[1])
    assert not [c for c in cuts if low < c < high]


def test_fits() -> None:
    assert age_fits(143, None, 144)
    assert not age_fits(144, None, 144)
    assert age_fits(None, 5, 6)
    assert theme_fits(("adhd", "druk-gedrag"), ["druk-gedrag"])
    assert not theme_fits(("druk-gedrag",), ["adhd"])
    assert covers(["regio"], "GM0228", ("GM0228",))
    assert not covers(["regio"], "GM0344", ("GM0228",))
    assert covers(["landelijk"], "GM0344", ("GM0228",))
    assert not covers(None, "GM0228", ())


@given(st.floats(0.5, 400), st.floats(1, 8))
def test_a_lognormal_has_its_own_quantiles(median: float, factor: float) -> None:
    p10, mean, p90 = lognormal(median, median * factor)
    # symmetric on the log scale; the mean by the textbook formula (Johnson, Kotz & Balakrishnan 1994)
    assert p10 * p90 == pytest.approx(median**2)
    assert mean == pytest.approx(median * exp((log(factor) / 1.2815515655446004) ** 2 / 2))
    assert median <= mean


def test_one_distribution_convolved_is_itself() -> None:
    assert convolved([(28.0, 84.0)]) == pytest.approx((28.0, 84.0), abs=0.6)


def test_sure_waits_only_shift() -> None:
    assert convolved([(28.0, 84.0), (10.0, 10.0)]) == pytest.approx((38.0, 94.0), abs=0.6)


@pytest.mark.parametrize(("median", "p90"), [(0.0, 5.0), (5.0, 4.0), (-1.0, 2.0)])
def test_what_is_no_lognormal(median: float, p90: float) -> None:
    with pytest.raises(ValueError, match="lognormal"):
        lognormal(median, p90)
