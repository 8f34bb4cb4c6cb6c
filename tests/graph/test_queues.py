"""The queue M/M/c against textbooks, exact fractions, another formula and the balance equations."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import poisson

from routekaart.graph.places import Offering
from routekaart.graph.queues import Capacity, Queue, capacity_of, erlang_b, erlang_c, queue


# --- textbooks ----------------------------------------------------------------------------------------------
def test_the_eye_clinic_of_gross_and_harris() -> None:
    """Fundamentals of Queueing Theory, § 2.3: three doctors, 20 minutes a test, six patients an hour.

    r = λ/μ = 2, ρ = 2/3, p0 = (1 + 2 + 2 + (8/6)·3)^−1 = 1/9; Lq = p0·r³·ρ / (3!·(1 − ρ)²) = 8/9, Wq = Lq/λ = 4/27 hour
    (8.9 minutes), and C = (r³/3!)·p0 / (1 − ρ) = 4/9. Told in weeks here: one hour is one week, so 6 · 52 a year.
    """
    found = queue(6 * 52, 3, 1 / 3)
    assert found.status == "evenwicht"
    assert found.load == pytest.approx(2 / 3)
    assert found.p_wait == pytest.approx(4 / 9)
    assert found.waiting == pytest.approx(8 / 9)
    assert found.wait_weeks == pytest.approx(4 / 27)


@pytest.mark.parametrize("load", [0.1, 0.5, 0.9, 0.99])
def test_one_place_is_the_queue_m_m_1(load: float) -> None:
    """M/M/1 (Gross & Harris § 2.2): P(wait) = ρ, Lq = ρ²/(1 − ρ), Wq = ρ/(μ − λ); here 4 weeks a family, μ = 1/4."""
    found = queue(load / 4 * 52, 1, 4)
    assert found.p_wait == pytest.approx(load)
    assert found.waiting == pytest.approx(load**2 / (1 - load))
    assert found.wait_weeks == pytest.approx(load / (0.25 - 0.25 * load))


def test_two_places_half_taken() -> None:
    """M/M/2 (Kleinrock, Queueing Systems I, § 3.5): C = 2ρ²/(1 + ρ), so a third at ρ = 1/2; Lq = C·ρ/(1 − ρ) = 1/3."""
    found = queue(52, 2, 1)
    assert (found.load, found.p_wait, found.waiting, found.wait_weeks) == pytest.approx((1 / 2, 1 / 3, 1 / 3, 1 / 3))


@pytest.mark.parametrize(
    ("places", "offered", "blocked"),
    # the standard table of Erlang B (traffic that a number of lines can be offered at 1 % loss; ITU-D Teletraffic
    # Engineering Handbook, table of the B-formula): 1 line 0.0101, 5 lines 1.36, 10 lines 4.46, 20 lines 12.0, 100 lines 84.1
    [(1, 0.0101, 0.01), (5, 1.36, 0.01), (10, 4.46, 0.01), (20, 12.03, 0.01), (100, 84.06, 0.01)],
)
def test_the_table_of_erlang_b(places: int, offered: float, blocked: float) -> None:
    assert erlang_b(places, offered) == pytest.approx(blocked, rel=0.01)


# --- other ways to the same numbers -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("places", "offered"), [(1, Fraction(1, 2)), (3, Fraction(2)), (7, Fraction(27, 4)), (40, Fraction(79, 2))]
)
def test_erlang_c_in_exact_fractions(places: int, offered: Fraction) -> None:
    """The sum as it is defined: C = (aᶜ/c!)·c/(c − a) / (Σ_{k<c} aᵏ/k! + the same)."""
    last = offered**places / math.factorial(places) * places / (places - offered)
    exact = last / (sum(offered**k / math.factorial(k) for k in range(places)) + last)
    assert erlang_c(places, float(offered)) == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize(("places", "load"), [(1000, 0.9), (5000, 0.98), (20_000, 0.999), (3000, 0.2), (2000, 0.9999)])
def test_thousands_of_places(places: int, load: float) -> None:
    """Where factorials overflow: B is a Poisson probability, P(N = c) / P(N ≤ c), N with mean a (by scipy, in logarithms)."""
    offered = places * load
    blocked = math.exp(poisson.logpmf(places, offered) - poisson.logcdf(places, offered))
    found = queue(offered / 26 * 52, places, 26)
    assert found.p_wait == pytest.approx(blocked / (1 - load * (1 - blocked)), rel=1e-6, abs=1e-12)
    assert 0 <= (found.p_wait or 0) <= 1


@pytest.mark.parametrize("seed", range(20))
def test_against_the_balance_equations(seed: int) -> None:
    """The chain itself, cut off far away: λ·p(n) = min(n + 1, c)·μ·p(n + 1), solved as linear equations."""
    r = random.Random(seed)
    places, duration, load = r.randint(1, 12), r.uniform(1, 40), r.uniform(0.05, 0.9)
    inflow = load * places / duration * 52
    arrive, leave = inflow / 52, 1 / duration
    states = 600
    balance = np.zeros((states, states))
    for n in range(states - 1):
        balance[n, n], balance[n, n + 1] = arrive, -min(n + 1, places) * leave
    balance[-1] = 1
    p = np.linalg.solve(balance, np.eye(states)[-1])
    found = queue(inflow, places, duration)
    assert found.load == pytest.approx(load)
    assert found.p_wait == pytest.approx(p[places:].sum())
    assert found.waiting == pytest.approx(sum((n - places) * p[n] for n in range(places, states)), rel=1e-6)
    # Little: who waits, is who comes times how long
    assert found.waiting == pytest.approx(arrive * (found.wait_weeks or 0), rel=1e-9)


# --- balance ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("inflow", "status"), [(51.9, "evenwicht"), (52.0, "geen evenwicht"), (53.0, "geen evenwicht")])
def test_no_balance_where_as_many_come_as_can_leave(inflow: float, status: str) -> None:
    """4 places of 4 weeks let one family a week go: 52 a year is the first number without balance."""
    found = queue(inflow, 4, 4)
    assert (found.status, found.load) == (status, pytest.approx(inflow / 52))
    if status != "evenwicht":
        assert (found.p_wait, found.waiting, found.wait_weeks) == (None, None, None)


def test_nobody_comes_and_nobody_waits() -> None:
    assert queue(0, 3, 10) == Queue("evenwicht", 0, 0, 0, 0)


def test_more_families_never_wait_shorter_and_more_places_never_longer() -> None:
    waits = [queue(n, 10, 20).wait_weeks or 0 for n in range(0, 26, 2)]
    assert waits == sorted(waits)
    shorter = [queue(20, places, 20).wait_weeks or 0 for places in range(8, 20)]
    assert shorter == sorted(shorter, reverse=True)


@pytest.mark.parametrize("wrong", [(-1, 1, 1), (1, 0, 1), (1, 1, 0), (math.nan, 1, 1), (1, 1, math.inf)])
def test_what_is_no_queue_is_refused(wrong: tuple[float, int, float]) -> None:
    with pytest.raises(ValueError, match="queue"):
        queue(*wrong)


# --- what a partner can take ----------------------------------------------------------------------------------
def offering(id: str, capacity: int | None, duration: float | None, inflow: int | None = None) -> Offering:
    row = {"capacity": capacity, "duration_weeks": duration, "inflow_per_year": inflow}
    return Offering(id, id, "P", 3, "verwijzing", (), None, None, row)


def test_places_of_one_partner_are_taken_together() -> None:
    """10 places of 20 weeks and 6 of 10 let 0.5 + 0.6 = 1.1 families go a week: 16 places of 16/1.1 weeks."""
    found = capacity_of([offering("B", 6, 10, 12), offering("A", 10, 20, 30)])
    assert found == Capacity(("A", "B"), 16, pytest.approx(16 / 1.1), 42.0, (30.0, 12.0))
    assert found.queue(1.1 * 52).status == "geen evenwicht"
    assert found.queue(1.09 * 52).status == "evenwicht"


def test_only_offerings_that_tell_all_three_count_where_some_tell_their_inflow() -> None:
    found = capacity_of([offering("A", 10, 20, 30), offering("B", 5, 10), offering("C", None, 10, 4), offering("D", 3, None, 4)])
    assert found == Capacity(("A",), 10, pytest.approx(20), 30.0, (30.0,))


def test_without_any_inflow_all_places_must_be_known() -> None:
    known = [offering("A", 10, 20), offering("B", 6, 10)]
    assert capacity_of(known) == Capacity(("A", "B"), 16, pytest.approx(16 / 1.1), None, ())
    assert capacity_of([*known, offering("C", None, 10)]) is None
    assert capacity_of([*known, offering("C", 4, None)]) is None
    assert capacity_of([]) is None


def test_no_place_and_no_duration_are_not_known() -> None:
    assert capacity_of([offering("A", 0, 10, 5)]) is None
    assert capacity_of([offering("A", 5, 0, 5)]) is None
    # nobody came in: that is known
    assert capacity_of([offering("A", 5, 10, 0)]) == Capacity(("A",), 5, 10, 0.0, (0.0,))
