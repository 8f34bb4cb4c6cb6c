"""long-routes by a second method: every simple way written out, and ``route`` asked for one family after another."""

from __future__ import annotations

import random
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from routekaart.graph.analyses.detours.long_routes import LongRoutes, long_routes
from routekaart.graph.analyses.detours.patterns import Pattern
from routekaart.graph.analyses.route import route
from routekaart.graph.profiles.study import Study
from routekaart.loaders.read import Reading

ELZERBROEK = "GM9003"


def patterns(answer: LongRoutes, level: int) -> dict[tuple[str, ...], Pattern]:
    return {p.roles: p for one in answer.levels if one.level == level for p in one.patterns}


def role_by_hand(tables: Any, here: Any, hand: Any, order: tuple[str, ...], path: tuple[str, ...], place: int) -> str:
    """In which role a station is met, on the rows of the tables."""
    node = path[place]
    held = [r for r in order if r in here.roles.get(node, ())] or ([node[4:]] if node.startswith("rol:") else ["overig"])
    if len(held) == 1:
        return held[0]
    entries = [r for r in held if r in {"huisarts", "school", "gemeente", "lokaal-team"}]
    held = (entries or held) if place == 0 else held
    rows = {row["id"]: row for row in tables["routes"]}
    looks = [(place - 1, "to")] if place else []
    looks += [(place, "from")] if place + 1 < len(path) else []
    for at, end in looks:
        pair = path[at], path[at + 1]
        roles = [
            (
                (h.get("handover_days") or 0.0) + (hand.decision.days if h.get("decision_needed") else 0.0),
                h["kind"] != "warme-overdracht",
                h["route"],
            )
            for h in here.hops
            if (h["from"], h["to"]) == pair
            and h["route"]
            and "rol:" in rows[h["route"]]["from"] + rows[h["route"]]["to"]
            and hand.fits(h)
        ]
        if roles and (said := rows[min(roles)[2]][end]).startswith("rol:") and said[4:] in held:
            return said[4:]
    return held[0]


@pytest.mark.parametrize("seed", range(40))
def test_patterns_are_those_of_the_best_simple_ways(seed: int, regions: ModuleType, by_hand: ModuleType) -> None:
    """All simple ways of everybody in Ede by hand; of each the best, by days, hops, retellings and ids."""
    tables = regions.made(seed)
    # a decision that nobody takes has no time to compare by
    tables["waits"] = [w for w in tables["waits"] if w["kind"] != "besluit"]
    landscape = regions.landscape(tables)
    here = by_hand.Here(tables, regions.EDE)
    place = Study(landscape, [regions.EDE], levels=[1, 3]).place(regions.EDE)
    answer = long_routes(landscape, [regions.EDE], levels=[1, 3])
    for level in (1, 3):
        told: dict[tuple[str, ...], list[Any]] = {}
        for group in place.groups:
            hand = by_hand.ByHand(here, group.profile.age, group.profile.theme)
            for start, times in group.demand[level].items():
                if ways := hand.ways(level, start):
                    best = min(ways, key=lambda w: (w.days, w.hops, w.told, w.path))
                    roles = tuple(role_by_hand(tables, here, hand, regions.ROLES, best.path, n) for n in range(len(best.path)))
                    told.setdefault(roles, []).append((best, times))
        found = patterns(answer, level)
        assert set(found) == set(told)
        for roles, ways in told.items():
            days = [w.days for w, _ in ways]
            assert found[roles].way.expected == pytest.approx(max(days))
            assert found[roles].shortest == pytest.approx(min(days))
            assert found[roles].profiles == sum(times for _, times in ways)
            assert found[roles].way.path in {w.path for w, _ in ways if w.days == max(days)}
            longest = max((w.days, w.hops, w.told) for w, _ in ways)
            assert (found[roles].way.expected, found[roles].way.hops, found[roles].way.retellings) == pytest.approx(longest)
        days = [p.way.expected for p in next(x for x in answer.levels if x.level == level).patterns]
        assert days == sorted(days, reverse=True)


@pytest.mark.parametrize("municipality", [ELZERBROEK, "GM9006"])
def test_every_example_is_what_route_answers(municipality: str, voorbeeldregio: Reading) -> None:
    """``route --static`` for the family of the example says the same way, and for others of the pattern none is longer."""
    landscape = voorbeeldregio.landscape
    answer = long_routes(landscape, [municipality], levels=[2, 3])
    r = random.Random(municipality)
    place = Study(landscape, [municipality], levels=[2, 3]).place(municipality)
    for level in answer.levels:
        for p in r.sample(level.patterns, min(6, len(level.patterns))):
            asked = p.way.profile
            (way,) = route(
                landscape, municipality, start=p.way.path[0], levels=[level.level], age=asked.age, theme=asked.theme, static=True
            ).ways
            assert (way.path, way.legs, way.low, way.expected, way.high) == (
                p.way.path, p.way.legs, p.way.low, p.way.expected, p.way.high
            )  # fmt: skip
        longest = max(p.way.expected for p in level.patterns)
        days = place.leads(level.level).days
        row = {start: n for n, start in enumerate(place.terrain.starts)}
        every = [days[row[s], c] for c, by in place.demand(level.level) for s in by]
        assert longest == pytest.approx(max(d for d in every if np.isfinite(d)))
