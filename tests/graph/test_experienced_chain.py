"""The chain of experienced: closed forms, the dense inverse, and families sent through it one by one."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from routekaart.graph.analyses.experienced import chain as room
from routekaart.graph.analyses.experienced.chain import Chain, steps

Floats = NDArray[np.float64]
Step = tuple[int, int, float]


@pytest.fixture(params=[0, 1000], ids=["sparse", "plain"], autouse=True)
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both kinds of steps, whatever the number of states; and several blocks of right-hand sides."""
    monkeypatch.setattr(room, "_FEW", request.param)
    monkeypatch.setattr(room, "_AT_ONCE", 3)


def made(number: int, onward: Iterable[Step], ends: Sequence[Sequence[float]]) -> Chain:
    starts, targets, families = zip(*onward, strict=True)
    return Chain(steps(number, starts, targets, families), np.array(ends, dtype=float))


def at_random(seed: int) -> Chain:
    """A few states and steps, some of which are never left; a loop now and then."""
    r = random.Random(seed)
    number = r.randint(2, 14)
    onward = [(r.randrange(number), r.randrange(number), float(r.randint(1, 40))) for _ in range(r.randint(1, 3 * number))]
    ends = [[float(r.choice([0, 0, 0, 3, 25])) for _ in range(3)] for _ in range(number)]
    for place in range(number):
        if not any(start == place for start, _, _ in onward) and not sum(ends[place]):
            ends[place][r.randrange(3)] = 7.0
    return made(number, onward, ends)


def as_plain(chain: Chain) -> Floats:
    found: Floats = chain.onward if isinstance(chain.onward, np.ndarray) else chain.onward.toarray()
    return found / chain.left[:, None]


# --- closed forms ----------------------------------------------------------------------------------------
def ruin(goal: int, up: float, down: float) -> Chain:
    """The gambler: states 1 … goal − 1, the ends are (goal, nothing)."""
    n = goal - 1
    onward = [(i, i + 1, up) for i in range(n - 1)] + [(i, i - 1, down) for i in range(1, n)]
    ends = np.zeros((n, 2))
    ends[-1, 0], ends[0, 1] = up, down
    return made(n, onward, ends.tolist())


@pytest.mark.parametrize("goal", [3, 8, 30])
def test_a_fair_gambler(goal: int) -> None:
    # Feller, An introduction to probability theory I, XIV.2–3: from i he wins with i/M, and plays i·(M − i) games; he is at
    # i 2·i·(M − i)/M times; given that he wins he plays (M² − i²)/3 games (Stern 1975, conditional duration)
    chain, i = ruin(goal, 5, 5), np.arange(1, goal)
    assert chain.outcomes[:, 0] == pytest.approx(i / goal)
    assert chain.outcomes[:, 2] == pytest.approx(0 * i)
    assert chain.total(np.ones(goal - 1)) == pytest.approx(i * (goal - i))
    assert chain.visits == pytest.approx(2 * i * (goal - i) / goal)
    assert chain.total_given(0, np.ones(goal - 1)) == pytest.approx((goal**2 - i**2) / 3)


@pytest.mark.parametrize(("up", "down"), [(1, 3), (30, 10), (49, 51)])
def test_an_unfair_gambler(up: float, down: float) -> None:
    # Feller, the same: (1 − r^i)/(1 − r^M) with r = q/p, and (i − M·P(win))/(q − p) games
    goal, i, r = 12, np.arange(1, 12), down / up
    chain, p = ruin(goal, up, down), up / (up + down)
    wins = (1 - r**i) / (1 - r**goal)
    assert chain.outcomes[:, 0] == pytest.approx(wins)
    assert chain.total(np.ones(11)) == pytest.approx((i - goal * wins) / (1 - 2 * p))


def test_two_that_send_back_and_forth() -> None:
    # a: 30 of 100 to b and 70 to help; b: 20 of 100 back to a and 80 stop. N_aa = 1/(1 − 0.3·0.2) = 1/0.94
    chain = made(2, [(0, 1, 30), (1, 0, 20)], [[70, 0], [0, 80]])
    assert chain.visits == pytest.approx([1 / 0.94, 1 / 0.94])
    assert 1 - 1 / chain.visits == pytest.approx([0.06, 0.06])
    assert chain.outcomes == pytest.approx(np.array([[0.7, 0.24, 0], [0.14, 0.8, 0]]) / 0.94)
    # a takes 10 days and b 40: τ_a = (10 + 0.3·40)/0.94, τ_b = (40 + 0.2·10)/0.94
    assert chain.total(np.array([10.0, 40.0])) == pytest.approx([22 / 0.94, 42 / 0.94])
    # given help every way goes a, (b, a)*: the last step is from a, so 0.06/0.94 rounds of 50 days more
    assert chain.total_given(0, np.array([10.0, 40.0])) == pytest.approx([10 + 50 * 0.06 / 0.94, 50 + 50 * 0.06 / 0.94])


def test_a_partner_that_sends_to_itself() -> None:
    # 40 of 100 come again: 1/0.6 visits, and nobody is lost
    chain = made(1, [(0, 0, 40)], [[60]])
    assert chain.visits == pytest.approx([1 / 0.6])
    assert chain.total(np.array([3.0])) == pytest.approx([5])


def test_hardly_anybody_leaves() -> None:
    # one in a thousand million: 1 − p_vv is taken from the counts, and nothing is lost
    chain = made(2, [(0, 1, 1e9), (1, 0, 1e9 - 1)], [[0], [1]])
    assert chain.visits == pytest.approx([1e9, 1e9], rel=1e-6)
    assert chain.outcomes[:, 0] == pytest.approx([1, 1])


# --- who never leaves ------------------------------------------------------------------------------------
def test_a_class_that_nobody_leaves() -> None:
    # 0 → 1 ⇄ 2 (never left) or help; 3 → 1 only; 4 → help
    onward = [(0, 1, 25), (1, 2, 9), (2, 1, 9), (3, 1, 4), (4, 0, 10)]
    chain = made(5, onward, [[75], [0], [0], [0], [10]])
    assert chain.trapped.tolist() == [False, True, True, True, False]
    assert chain.falling.tolist() == [True, True, True, True, True]
    assert chain.outcomes.tolist() == [[0.75, 0.25], [0, 1], [0, 1], [0, 1], [0.875, 0.125]]
    # 3 is left for good, and 1 and 2 never
    assert chain.visits.tolist() == [1, np.inf, np.inf, 1, 1]
    # given help nobody falls: 0 is there at once, and 4 goes by 0 with chance 0.5·0.75/0.875
    assert chain.total_given(0, np.array([8.0, 1, 1, 1, 2])).tolist() == pytest.approx(
        [8, np.nan, np.nan, np.nan, 2 + 8 * 0.375 / 0.875], nan_ok=True
    )


def test_what_is_not_a_chain() -> None:
    with pytest.raises(ValueError, match="somebody must have left"):
        made(2, [(0, 1, 3)], [[1], [0]])
    with pytest.raises(ValueError, match="not negative"):
        made(2, [(0, 1, -3)], [[9], [2]])
    with pytest.raises(ValueError, match="not negative"):
        made(2, [(0, 1, 3)], [[np.inf], [2]])
    with pytest.raises(ValueError, match="do not fit"):
        Chain(steps(2, [0], [1], [3]), np.ones((3, 1)))


# --- second methods ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(60))
def test_as_the_inverse_written_out(seed: int) -> None:
    chain = at_random(seed)
    q, ends = as_plain(chain), chain.ends / chain.left[:, None]
    n = len(q)
    reach = np.linalg.matrix_power(np.eye(n) + q, n) > 0
    trapped = ~(reach & (ends.sum(axis=1) > 0)).any(axis=1)
    assert (chain.trapped == trapped).all()
    assert (chain.falling == (reach & trapped).any(axis=1)).all()
    free = ~trapped
    inverse = np.linalg.inv(np.eye(free.sum()) - q[free][:, free])
    h = np.random.default_rng(seed).random((n, 2)) * 30
    assert chain.total(h)[free] == pytest.approx(inverse @ h[free])
    shares = inverse @ ends[free]
    assert chain.outcomes[free][:, :3] == pytest.approx(shares, abs=1e-12)
    assert chain.outcomes.sum(axis=1) == pytest.approx(np.ones(n))
    assert chain.visits[free] == pytest.approx(inverse.diagonal())
    # the chain of those who end in 0, written out: p_ij·h_j/h_i
    some = np.flatnonzero(shares[:, 0] > 0)
    chance = shares[some, 0]
    given = q[free][:, free][some][:, some] * chance / chance[:, None]
    rows = np.flatnonzero(free)[some]
    expected = np.full(h.shape, np.nan)
    expected[rows] = np.linalg.inv(np.eye(len(some)) - given) @ h[rows]
    assert chain.total_given(0, h) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("seed", range(40))
def test_longer_waits_make_nothing_shorter(seed: int) -> None:
    chain = at_random(seed)
    low = np.random.default_rng(seed).random(len(chain.ends)) * 20
    high = low + np.random.default_rng(seed + 1).random(len(low)) * (np.arange(len(low)) % 2)
    assert (chain.total(high) >= chain.total(low) - 1e-9).all()


def test_families_sent_through_it_one_by_one() -> None:
    onward = [(0, 1, 50), (0, 2, 20), (1, 0, 30), (1, 2, 30), (2, 2, 10), (2, 0, 15), (3, 0, 60), (3, 1, 30)]
    ends = [[20, 10], [25, 15], [50, 25], [0, 10]]
    h = np.array([4.0, 10.0, 25.0, 1.0])
    chain = made(4, onward, ends)
    share = np.hstack([as_plain(chain), chain.ends / chain.left[:, None]])
    r = np.random.default_rng(20260601)
    many = 40_000
    for start in range(4):
        here, days = np.full(many, start), np.zeros(many)
        visits, going = np.zeros(many), np.ones(many, dtype=bool)
        while going.any():
            days[going] += h[here[going]]
            visits[going] += here[going] == start
            chances = share[here[going]].cumsum(axis=1)
            here[going] = (r.random((going.sum(), 1)) > chances).sum(axis=1)
            going = here < 4
        helped = here == 4
        # within 4 standard errors: one in 16,000 would be outside by chance, of 20 figures with a fixed seed
        for figure, expected in (
            (days, chain.total(h)[start]),
            (visits, chain.visits[start]),
            (helped.astype(float), chain.outcomes[start, 0]),
            (days[helped], chain.total_given(0, h)[start]),
            ((visits > 1).astype(float), 1 - 1 / chain.visits[start]),
        ):
            error = figure.std() / np.sqrt(len(figure))
            assert abs(figure.mean() - expected) <= 4 * error + 1e-12


def test_both_kinds_of_steps_add_those_of_a_pair() -> None:
    onward = steps(2, [0, 0, 1], [1, 1, 0], [3, 4, 5])
    assert np.asarray(onward if isinstance(onward, np.ndarray) else onward.toarray()).tolist() == [[0, 7], [5, 0]]
