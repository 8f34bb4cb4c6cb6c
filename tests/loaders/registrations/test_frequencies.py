"""How often each row came up: packed into one number or, where that is too wide, grouped; against a count in Python."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routekaart.loaders.registrations.engines import engine

# of Ibis, about the DuckDB that it calls
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")


@st.composite
def rows(draw: st.DrawFn) -> tuple[dict[str, int], list[tuple[int, ...]]]:
    """Columns with their bits, and rows of whole numbers of at most so many bits; the largest among them."""
    widths = draw(st.lists(st.integers(1, 31), min_size=1, max_size=4))
    numbers = st.tuples(*(st.sampled_from(sorted({0, 1, (1 << width) - 1, (1 << width) // 3})) for width in widths))
    return {f"c{n}": width for n, width in enumerate(widths)}, draw(st.lists(numbers, min_size=1, max_size=40))


@settings(max_examples=40, deadline=None)
@given(rows())
def test_as_a_count_in_python(given_rows: tuple[dict[str, int], list[tuple[int, ...]]]) -> None:
    bits, found = given_rows
    with engine("duckdb", Path()) as made:
        table = made.table("t", pl.DataFrame(found, dict.fromkeys(bits, pl.Int32), orient="row"))
        told = made.frequencies(table, bits)
    assert told.columns == [*bits, "times"]
    assert told.rows() == [(*row, times) for row, times in sorted(Counter(found).items())]


def test_of_no_rows_none() -> None:
    with engine("duckdb", Path()) as made:
        table = made.table("t", pl.DataFrame({"a": []}, {"a": pl.Int32}))
        assert made.frequencies(table, {"a": 8}).rows() == []
        assert made.frequencies(table, {"a": 64}).rows() == []
