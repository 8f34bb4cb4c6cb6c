"""short-lines by brute force: every pair of partners, with every simple way written out; and a reader who subtracts."""

from __future__ import annotations

import itertools
import random
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from routekaart.graph.analyses.lines.hiding import hidden_pairs
from routekaart.graph.analyses.lines.pairs import traffic
from routekaart.graph.analyses.lines.short_lines import short_lines
from routekaart.graph.profiles.study import Study

GOING, LIGHT = "gezinnen gaan al", "vrij aanbod"


@pytest.mark.parametrize("seed", range(25))
def test_a_reader_cannot_give_a_small_number_back(seed: int, regions: ModuleType) -> None:
    """By linear programming: for all that is shown, every hidden small number between two can be ten families or more."""
    r = random.Random(seed)
    tables = regions.made(seed)
    entries = [p["id"] for p in tables["partners"]] + ["rol:huisarts", "rol:gezin"]
    tables["demand"] = regions.numbered(
        [
            {"municipality": regions.EDE, "entry": r.choice(entries), "per_year": r.choice([2, 7, 15, 60]), "level": "3"}
            for _ in range(9)
        ],
        "D",
    )
    found = traffic(Study(regions.landscape(tables), [regions.EDE], levels=[3]))
    steps = found.steps[3]
    printed = [pair for pair in found.pairs if found.between(*pair)]
    hidden = hidden_pairs(found, printed, 10, repeated=False)
    nodes = sorted({n for step in steps for n in step})
    # unknown: every step, who goes on at a node, who ends there and who starts there; nothing is below 0
    names: list[Any] = [*steps, *(("through", n) for n in nodes), *(("end", n) for n in nodes), *(("start", n) for n in nodes)]
    place = {name: i for i, name in enumerate(names)}
    rows, values, nothing = [], [], []
    for n in nodes:
        for end, other in ((1, "end"), (0, "start")):
            row = np.zeros(len(names))
            row[[place[s] for s in steps if s[end] == n]] = 1.0
            row[[place["through", n], place[other, n]]] = -1.0
            rows.append(row)
            values.append(0.0)
            rest = sum(f for s, f in steps.items() if s[end] == n) - found.through[3].get(n, 0.0)
            nothing += [place[other, n]] if rest < 1e-9 else []
        nothing += [place["through", n]] if not found.through[3].get(n) else []
    for pair in set(printed) - hidden:
        row = np.zeros(len(names))
        row[[place[s] for s in (pair, pair[::-1]) if s in steps]] = 1.0
        rows.append(row)
        values.append(sum(found.between(*pair).values()))
    small = [pair for pair in printed if 0 < sum(found.between(*pair).values()) < 10]
    assert set(small) <= hidden
    bounds = [(0.0, 0.0) if i in nothing else (0.0, None) for i in range(len(names))]
    for pair in small:
        aim = np.zeros(len(names))
        aim[[place[s] for s in (pair, pair[::-1]) if s in steps]] = -1.0
        best = linprog(aim, A_eq=np.array(rows), b_eq=values, bounds=bounds)
        assert best.status == 3 or -best.fun >= 10 - 1e-6


# --- brute force --------------------------------------------------------------------------------------------------------
MOVES = {"verwijzing": 1, "warme-overdracht": 2, "opschaling": 0}
STRENGTHS = ("kennen", "samenwerken", "afstemmen", "integreren")


@pytest.mark.parametrize("seed", range(200, 235))
def test_all_pairs_by_brute_force(seed: int, regions: ModuleType, by_hand: ModuleType) -> None:
    """Every two partners: all simple ways of everybody, all offerings, all lines, on the rows of the tables."""
    r = random.Random(seed)
    tables = regions.made(seed)
    ids = [p["id"] for p in tables["partners"]]
    choices = [[None, *STRENGTHS], [None, True, False], [None, "elke maand", "nee"]]
    tables["lines"] = regions.numbered(
        [
            dict(
                zip(
                    ("from", "to", "strength", "fixed_contact", "consultation"),
                    (*r.sample(ids, 2), *map(r.choice, choices)),
                    strict=True,
                )
            )
            for _ in range(12)
        ],
        "L",
    )
    if seed % 2:
        entries = [*ids, "rol:huisarts", "rol:gezin"]
        rows = [{"entry": r.choice(entries), "per_year": r.randint(1, 50), "level": r.choice(["1", "3"])} for _ in range(9)]
        tables["demand"] = regions.numbered(
            [{"municipality": regions.EDE, "theme": r.choice(regions.THEMES), **x} for x in rows], "D"
        )
    landscape = regions.landscape(tables)
    here = by_hand.Here(tables, regions.EDE)
    place = Study(landscape, [regions.EDE], levels=[1, 3]).place(regions.EDE)
    hands = [by_hand.ByHand(here, g.profile.age, g.profile.theme) for g in place.groups]
    families: dict[frozenset[str], float] = {}
    profiles: dict[frozenset[str], set[int]] = {}
    light: dict[frozenset[str], set[int]] = {}
    for column, (group, hand) in enumerate(zip(place.groups, hands, strict=True)):
        for level in (1, 3):
            demand = group.demand.get(level, {})
            flow = by_hand.Flow({s: hand.ways(level, s) for s in demand}, demand)
            for step, number in flow.steps.items():
                by_hand.plus(families, frozenset(step), number)
                profiles.setdefault(frozenset(step), set()).add(column)
            for start in demand if level == 1 else ():
                if start in here.roles and by_hand.ENTRY & set(here.roles[start]):
                    for offer in here.offers.values():
                        fits = offer["level"] == "1" and offer["access"] == "vrij" and hand.fits(offer)
                        if fits and offer["partner"] and offer["partner"] != start:
                            light.setdefault(frozenset((start, offer["partner"])), set()).add(column)
    safe = {p["id"] for p in tables["partners"] if "veiligheid" in p["roles"]}
    answer = short_lines(landscape, [regions.EDE], levels=[1, 3], internal=True)
    found = {frozenset((x.start, x.end)): x for x in answer.lines}
    themes = [len(g.themes) for g in place.groups]
    expected = set()
    for one, other in itertools.combinations(ids, 2):
        pair = frozenset((one, other))
        if not pair.isdisjoint(safe) or not (pair in profiles or pair in light):
            assert pair not in found
            continue
        moving = [h for h in here.hops if {h["from"], h["to"]} == pair and h["route"] and any(hand.fits(h) for hand in hands)]
        needed = max((MOVES[h["kind"]] for h in moving), default=0)
        rows = [x for x in tables["lines"] if {x["from"], x["to"]} == pair]
        asks = [x for x in tables["routes"] if x["kind"] == "consultatie" and {x["from"], x["to"]} == pair and by_hand.valid(x)]
        now = max([*(STRENGTHS.index(x["strength"]) for x in rows if x["strength"]), *(0 for _ in asks)], default=-1)
        missing = []
        if now < needed:
            missing.append("te zwakke lijn" if rows or asks else "geen lijn")
        if not any(x["fixed_contact"] for x in rows):
            missing.append("geen vast aanspreekpunt")
        if not asks and not any(x["consultation"] == "elke maand" for x in rows):
            missing.append("geen overleg")
        if not missing:
            assert pair not in found
            continue
        expected.add(pair)
        line = found[pair]
        assert line.why == (*([GOING] if pair in profiles else []), *([LIGHT] if pair in light else []), *missing)
        assert (line.profiles, line.light_profiles) == tuple(sum(themes[c] for c in x.get(pair, ())) for x in (profiles, light))
        assert line.strength_needed == STRENGTHS[needed]
        assert line.per_year == (pytest.approx(families.get(pair, 0.0), abs=1e-5) if answer.frame.weighted else None)
        serve = {n: n in here.roles or any(o["partner"] == n for o in here.offers.values()) for n in pair}
        assert line.shared_municipalities == ((regions.EDE,) if all(serve.values()) else ())
    assert set(found) == expected
    unnamed = {s for s in families for n in s if str(n).startswith("rol:") and n != "rol:gezin"}
    assert (answer.unnamed_steps > 0) == bool(unnamed)
