"""Medians with those who still wait, against published values; quantiles against NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from types import ModuleType

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routekaart.loaders.registrations.quantiles import quantiles
from routekaart.loaders.registrations.survival import medians

Waits = Sequence[tuple[int, bool]]
_WAITS = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=30)


def weeks(text: str) -> Waits:
    """Times as they are printed: a + for one that was last seen without the end."""
    return [(int(time.removesuffix("+")), not time.endswith("+")) for time in text.split()]


#: Freireich et al. 1963, weeks of remission in acute leukaemia (Kalbfleisch and Prentice 2002, table 1.1; in R:
#: ``survfit(Surv(time, cens) ~ treat, MASS::gehan)`` gives medians of 23 and 8).
MERCAPTOPURINE = weeks("6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+")
PLACEBO = weeks("1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23")

KNOWN: dict[str, tuple[Waits, float | None]] = {
    "6-MP": (MERCAPTOPURINE, 23),
    "placebo": (PLACEBO, 8),
    "one": (weeks("7"), 7),
    "one who waits": (weeks("7+"), None),
    "more than half wait": (weeks("1 2 9+ 9+ 9+"), None),
    # S(3) = ½ up to 5: the middle of it
    "a half for a while": (weeks("1 3 5 9"), 4),
    # S(3) = ½ and nobody's wait ended after it
    "a half to the end": (weeks("1 3 9+ 9+"), 3),
    # 4/5 after 1; of the two left at 8 one: 2/5
    "seen no longer in between": (weeks("1 2+ 3+ 8 9+"), 8),
    # somebody seen until 4 was at risk at 4: S(4) = 1/2 · 1/2
    "last seen that very day": (weeks("2 2 4 4+"), 3),
    "nobody left": (weeks("5 5 5"), 5),
    "all on one day": (weeks("0 0 0+"), 0),
    "none": (weeks("3+ 4+"), None),
}


def daily(groups: Mapping[str, Waits]) -> pl.DataFrame:
    rows = [(key, days, int(not ended)) for key, waits in groups.items() for days, ended in waits]
    frame = pl.DataFrame(rows, ["key", "days", "waits"], orient="row")
    return frame.group_by("key", "days", "waits").agg(times=pl.len()).sort("key", "days", "waits")


def medians_of(groups: Mapping[str, Waits]) -> dict[str, float | None]:
    known = dict(medians(daily(groups), "key").select("key", "median_km").iter_rows())
    assert known.keys() <= groups.keys()
    return {key: known.get(key) for key in groups}


def test_known_medians(by_hand: ModuleType) -> None:
    wanted = {key: value for key, (_, value) in KNOWN.items()}
    assert medians_of({key: waits for key, (waits, _) in KNOWN.items()}) == wanted
    assert {key: by_hand.survival_median(waits) for key, (waits, _) in KNOWN.items()} == wanted


@settings(deadline=None)
@given(st.lists(_WAITS, min_size=20, max_size=40))
def test_medians_by_hand(by_hand: ModuleType, groups: list[Waits]) -> None:
    named = {str(n): waits for n, waits in enumerate(groups)}
    assert medians_of(named) == {key: by_hand.survival_median(waits) for key, waits in named.items()}


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=30), min_size=10, max_size=30))
def test_without_anybody_waiting_it_is_the_plain_median(groups: list[list[int]]) -> None:
    named = {str(n): [(days, True) for days in waits] for n, waits in enumerate(groups)}
    assert medians_of(named) == {str(n): median(waits) for n, waits in enumerate(groups)}


@settings(deadline=None)
@given(st.lists(_WAITS, min_size=10, max_size=30))
def test_who_waits_makes_no_median_shorter(groups: list[Waits]) -> None:
    """Somebody more who is still waiting after all others puts the median later or out of reach, never earlier."""
    named = {str(n): waits for n, waits in enumerate(groups)}
    more = {key: [*waits, (99, False)] for key, waits in named.items()}
    before, after = medians_of(named), medians_of(more)
    assert all(after[key] is None or (before[key] is not None and after[key] >= before[key]) for key in named)


def test_large_numbers() -> None:
    """A hundred thousand a day: adding up logarithms does not lose the half, also after many other groups."""
    many = [{"key": key, "days": day, "waits": 0, "times": 100_000} for key in range(200) for day in range(1, 1001)]
    assert medians(pl.DataFrame(many), "key").sort("key").rows() == [(key, 500.5) for key in range(200)]


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 500), min_size=1, max_size=30), min_size=5, max_size=20))
def test_quantiles_as_numpy_has_them(groups: list[list[int]]) -> None:
    shares = {"least": 0.0, "median": 0.5, "p90": 0.9, "p95": 0.95, "most": 1.0}
    frame = daily({str(n): [(days, True) for days in waits] for n, waits in enumerate(groups)})
    found = {row.pop("key"): row for row in quantiles(frame, "key", shares).to_dicts()}
    assert found.keys() == {str(n) for n in range(len(groups))}
    for n, waits in enumerate(groups):
        assert found[str(n)] == pytest.approx({name: np.quantile(waits, share) for name, share in shares.items()})
