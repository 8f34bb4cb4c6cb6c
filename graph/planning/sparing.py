"""What given steps spare every family of one place, many steps at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from ..profiles.steps import Places
from ..profiles.study import Place
from .field import Field, Times

#: Times that are worked out together: some 16 MB of them.
_TOGETHER = 2_000_000


def within(place: Place, steps: Iterable[tuple[str, str]]) -> tuple[Places, Places, Places]:
    """Of ``steps`` (nodes) those of which a place has both ends: which ones, and their ends there (K each)."""
    index = place.terrain.index
    found = [(n, index[start], index[end]) for n, (start, end) in enumerate(steps) if start in index and end in index]
    number, source, target = np.array(found, dtype=np.intp).reshape(-1, 3).T
    return number, source, target


def spared(
    field: Field, source: Places, target: Places, *, lead: Times, reach: Times, onward: Times
) -> Iterator[tuple[slice, Times]]:
    """Time that steps (K) spare each family (S × P): some of the steps and their times (… × S × P), until all were.

    ``lead`` (S × P) is what a family takes now, ``reach`` (N × S × P) until it is at each node, ``onward`` (N × P) what a new
    step to a node and the way on take. Nothing for who has no way now or then, and for whom a usable step is registered.
    """
    many = max(_TOGETHER // max(lead.size, 1), 1)
    for first in range(0, len(source), many):
        part = slice(first, first + many)
        with np.errstate(invalid="ignore"):
            times = np.maximum(lead - reach[source[part]] - onward[target[part], None, :], 0.0)
        times[~np.isfinite(times)] = 0.0
        for n, pair in enumerate(zip(source[part].tolist(), target[part].tolist(), strict=True)):
            barred = field.usable(*pair)
            if barred is not None:
                times[n][:, barred] = 0.0
        yield part, times
