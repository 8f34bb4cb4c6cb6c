"""Many profiles at once give the same as one question after the other (A* with the clock), on both examples."""

from __future__ import annotations

import random

import pytest

from routekaart.graph.analyses.route import route
from routekaart.loaders.read import Reading


@pytest.mark.parametrize("start", ["rol:huisarts", None])
def test_the_spread_says_what_each_single_question_says(example: Reading, start: str | None) -> None:
    landscape = example.landscape
    r = random.Random(7)
    for municipality in r.sample(landscape.region_municipalities, 3):
        spread = route(landscape, municipality, start=start).spread or ()
        answered = [s for s in spread if s.expected is not None]
        for s in [*r.sample(answered, 25), *r.sample(list(spread), 10)]:
            profile = {"age": s.age_from, "theme": s.theme, "levels": [s.level or 0]}
            # asked for two, they come from the search per profile; the spread and a single way from shared trees
            alone = route(landscape, municipality, start=start, alternatives=2, **profile)
            assert alone.ways[:1] == route(landscape, municipality, start=start, **profile).ways
            if s.expected is None:
                assert (alone.ways, alone.reasons[0][1]) == ((), s.reason)
            else:
                assert (alone.ways[0].low, alone.ways[0].expected, alone.ways[0].high) == (s.low, s.expected, s.high)
