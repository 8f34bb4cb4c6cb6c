"""Which parts of a sum may be shown, for any sizes."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from routekaart.loaders.registrations.protection import parts


@settings(deadline=None, max_examples=300)
@given(
    sizes=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 15)), max_size=12),
    threshold=st.sampled_from([0, 1, 5, 9.5, 10]),
)
def test_parts_of_a_sum(sizes: list[tuple[int, int]], threshold: float) -> None:
    """What is hidden of a whole adds up to the threshold, or is all of it; no small part is shown; nothing without need."""
    frame = pl.DataFrame({"whole": [w for w, _ in sizes], "n": [n for _, n in sizes]}, schema={"whole": pl.Int64, "n": pl.Int64})
    visible = parts(frame, "whole", "n", threshold).to_list()
    for whole in {w for w, _ in sizes}:
        mine = [(n, shown) for (w, n), shown in zip(sizes, visible, strict=True) if w == whole]
        hidden, shown = [n for n, v in mine if not v], [n for n, v in mine if v]
        assert all(n == 0 or n >= threshold for n in shown)
        if hidden:
            assert any(0 < n < threshold for n in hidden)
            assert sum(hidden) >= threshold or not any(shown)
            # without its largest it would not be enough, unless that is small itself
            assert max(hidden) < threshold or sum(hidden) - max(hidden) < threshold
            assert all(n == 0 or n >= max(hidden) for n in shown)
