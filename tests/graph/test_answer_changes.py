"""Answers that change: each one equal to ``route`` on both Landscapes, on the examples and on small random regions."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from routekaart.graph.analyses.differences.answer_changes import answer_changes, entry_roles, with_ways
from routekaart.graph.analyses.differences.outcomes import AnswerChange, AnswerChanges
from routekaart.graph.analyses.differences.touched import narrowed, touched
from routekaart.graph.analyses.route import route
from routekaart.graph.analyses.ways import RouteAnswer
from routekaart.graph.landscape import Landscape
from routekaart.graph.locale import Locale
from routekaart.graph.profile import Profile
from routekaart.graph.routing.asking import Asking
from routekaart.graph.routing.routes import Goal
from routekaart.graph.routing.sweep import Sweep
from routekaart.loaders.read import Reading, read

EXAMPLES = Path(__file__).parents[2] / "examples"
LandscapeOf = Callable[..., Landscape]


@pytest.fixture(scope="module")
def earlier() -> Landscape:
    return read(EXAMPLES / "voorbeeldregio-2025").landscape


# --- a small random region (its own generator: conditions, ages, stops and pointed routes of every kind) -------
ROLES = ("huisarts", "soj", "gemeente", "jeugd-ggz", "school")


def region(seed: int) -> dict[str, list[dict[str, Any]]]:
    r = random.Random(seed)
    areas = ["Ede", "Ede; Barneveld", "Barneveld", "regio", ""]
    ages = [("", ""), ("", ""), ("0", "6"), ("6", "12"), ("12", ""), ("", "18"), ("8,5", "16")]

    def conditions() -> dict[str, str]:
        low, high = r.choice(ages)
        return {
            "leeftijd_van": low,
            "leeftijd_tot": high,
            "themas": r.choice(["", "", "opvoeden", "adhd", "algemeen"]),
            "gemeenten": r.choice(["", "", "Ede", "Barneveld"]),
        }

    partners = [
        {"id": f"P{n}", "naam": f"Partner {n}", "rollen": r.choice(ROLES), "gemeenten": r.choice(areas)} for n in range(8)
    ]
    offers = [
        {
            "id": f"A{n}",
            "partner": r.choice([f"P{r.randrange(8)}", f"P{r.randrange(8)}", ""]),
            "naam": f"Aanbod {n}",
            "niveau": r.choice([0, 1, 2, 3]),
            "toegang": r.choice(["vrij", "verwijzing", "beschikking", ""]),
            **conditions(),
        }
        for n in range(9)
    ]
    ends = [f"P{n}" for n in range(8)] + [f"rol:{x}" for x in ROLES] + ["A0", "A1", "A2"]
    routes = [
        {
            "id": f"R{n:02}",
            "van": van,
            "naar": naar,
            "soort": r.choice(["verwijzing", "verwijzing", "warme overdracht", "consultatie"]),
            "besluit_nodig": r.choice(["", "nee", "ja"]),
            "overdracht": r.choice(["", "1 week", "3 dagen"]),
            **conditions(),
        }
        for n in range(18)
        for van, naar in [(r.choice(ends[:13]), r.choice(ends))]
        if van != naar
    ]
    waits = [
        {
            "op": r.choice([*ends, *(x["id"] for x in routes[:4])]),
            "soort": r.choice(["aanmeldwachttijd"] * 4 + ["besluit", "totaal"]),
            "waarde": r.choice(["0 weken", "2 weken", "4 - 8 weken", "> 60 weken", "aanmeldstop", "onbekend", "90 weken"]),
            "peildatum": r.choice(["2026-05-01", "2026-03-01", "2020-01-01", ""]),
            "bron": f"bron {n}",
            **conditions(),
        }
        for n in range(22)
    ]
    return {"partners": partners, "aanbod": offers, "routes": routes, "wachttijden": waits}


TOML = '[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n'


def changed(tables: dict[str, list[dict[str, Any]]], seed: int) -> dict[str, list[dict[str, Any]]]:
    """The same region a while later: a few rows of each kind come, go and change."""
    r, other = random.Random(seed), region(seed + 5_000)
    later: dict[str, list[dict[str, Any]]] = {}
    for name, rows in tables.items():
        kept = [row for row in rows if name == "partners" or r.random() < 0.9]
        later[name] = [other[name][n] if r.random() < 0.15 and n < len(other[name]) else row for n, row in enumerate(kept)]
        later[name] = list({x.get("id", n): x for n, x in enumerate(later[name])}.values())
    return later


def landscapes(make: Callable[..., Path], seed: int) -> tuple[Landscape, Landscape]:
    tables = region(seed)
    old = read(make(toml=TOML, **tables)).landscape
    return old, read(make(toml=TOML, **changed(tables, seed))).landscape


# --- against route ---------------------------------------------------------------------------------------------
def bests(answer: RouteAnswer) -> dict[int, tuple[float | None, str | None]]:
    found: dict[int, tuple[float | None, str | None]] = {w.level or 0: (w.expected, None) for w in answer.ways}
    found.update({level or 0: (None, why) for level, why in answer.reasons})
    return found


def same(a: tuple[float | None, str | None], b: tuple[float | None, str | None]) -> bool:
    if a[0] is None or b[0] is None:
        return a == b
    return a[0] == pytest.approx(b[0], abs=1e-6)


def check_bests(found: AnswerChanges, old: Landscape, new: Landscape, place: str, starts: Sequence[str | None]) -> None:
    """Every best answer of ``place`` is route's, and where none is reported route gives the same twice."""
    told = {(a.start, a.level): a for a in found.answers if a.municipality == place}
    for start in starts:
        before, after = bests(route(old, place, start=start)), bests(route(new, place, start=start))
        for level in range(4):
            change = told.get((start, level))
            if change is None:
                assert same(before[level], after[level]), (start, level)
            else:
                assert same((change.before.days, change.before.reason), before[level])
                assert same((change.after.days, change.after.reason), after[level])


def check_profiles(change: AnswerChange, old: Landscape, new: Landscape) -> None:
    """The counts, each profile asked of route by itself; and the largest change."""
    counts: Counter[str] = Counter()
    cuts: dict[str, set[int]] = {}
    for side in (old, new):
        spread = route(side, change.municipality, start=change.start, levels=[change.level]).spread or ()
        for s in spread:
            cuts.setdefault(s.theme, set()).update((s.age_from, s.age_until))
    # a theme that only one of both names has the bands of both all the same
    locales = [Locale(side, change.municipality) for side in (old, new)]
    for theme in cuts:
        cuts[theme] |= {cut for here in locales for band in here.bands(theme) for cut in band}
    for theme, ages in cuts.items():
        for age in sorted(ages)[:-1]:
            ends = [
                bests(route(side, change.municipality, start=change.start, levels=[change.level], age=age, theme=theme))
                for side in (old, new)
            ]
            before, after = (end[change.level] for end in ends)
            counts["profiles"] += 1
            if before[0] is None and after[0] is None:
                counts["reason_changed"] += before[1] != after[1]
            elif before[0] is None:
                counts["reachable"] += 1
            elif after[0] is None:
                counts["closed" if after[1] == "aanmeldstop" else "unreachable"] += 1
            elif not same(before, after):
                counts["shorter" if after[0] < before[0] else "longer"] += 1
    names = ("profiles", "shorter", "longer", "reachable", "unreachable", "closed", "reason_changed")
    assert {n: getattr(change, n) for n in names} == {n: counts[n] for n in names}
    if change.largest is not None:
        largest = change.largest
        for side, outcome in ((old, largest.before), (new, largest.after)):
            alone = route(
                side, change.municipality, start=change.start, levels=[change.level], age=largest.age_from, theme=largest.theme
            )
            assert same((outcome.days, outcome.reason), bests(alone)[change.level])
            if outcome.days is not None:
                assert outcome.path == alone.ways[0].path
                assert outcome.offering == alone.ways[0].offering


# 1060: a hop with a wait of its own behind an ordinary one that was already beaten, which the search once overlooked
@pytest.mark.parametrize("seed", [*range(8), 1060])
def test_small_random_regions_answer_as_route_does(make_data: Callable[..., Path], seed: int) -> None:
    old, new = landscapes(make_data, seed)
    found = answer_changes(old, new)
    for place in ("GM0228", "GM0203"):
        entries = frozenset().union(*(entry_roles(Locale(side, place)) for side in (old, new)))
        assert {a.start for a in found.answers if a.municipality == place} <= {None, *entries}
        check_bests(found, old, new, place, [None, *sorted(entries)])
    for change in random.Random(seed).sample(list(found.answers), min(2, len(found.answers))):
        check_profiles(change, old, new)


def test_the_example_answers_as_route_does(earlier: Landscape, voorbeeldregio: Reading) -> None:
    new = voorbeeldregio.landscape
    place = "GM9003"
    found = answer_changes(earlier, new, municipalities=[place])
    assert found.compared == (place,)
    check_bests(found, earlier, new, place, [None, "rol:huisarts"])
    # LEESMIJ.md of both editions: from the GP at 14, angst en somberheid, 42 weeks become 78
    change = next(a for a in found.answers if (a.start, a.level) == ("rol:huisarts", 3))
    for side, weeks in ((earlier, 42), (new, 78)):
        alone = route(side, place, start="rol:huisarts", levels=[3], age=14 * 12, theme="angst-en-somberheid")
        assert alone.ways[0].expected == weeks * 7
    assert change.longer > 0


def test_the_other_example_with_one_wait_changed(gelderse_vallei: Reading) -> None:
    old = gelderse_vallei.landscape
    waits = old["waits"].with_columns(days_expected=pl.col("days_expected") + 14, days_high=pl.col("days_high") + 14)
    new = old.replaced(waits=waits)
    found = answer_changes(old, new)
    for place in found.touched[:3]:
        check_bests(found, old, new, place, [None, "rol:huisarts"])
    assert all(a.shorter == a.reachable == a.unreachable == 0 for a in found.answers)


def test_nothing_changes_where_nothing_is_touched(example: Reading) -> None:
    found = answer_changes(example.landscape, example.landscape)
    assert found == AnswerChanges((), (), (), ())


@pytest.mark.parametrize("seed", range(12))
def test_what_is_not_touched_answers_alike(make_data: Callable[..., Path], seed: int) -> None:
    old, new = landscapes(make_data, 100 + seed)
    # one row of one table, so that some municipality stays out of it
    r = random.Random(seed)
    table = r.choice(["offerings", "routes", "waits"])
    frame = old[table]
    new = old.replaced(**{table: frame.filter(pl.int_range(pl.len()) != r.randrange(frame.height))})
    found = touched(old, new)
    for place in {"GM0228", "GM0203"} - set(found.municipalities):
        for start in (None, "rol:huisarts"):
            a, b = (route(side, place, start=start).as_dict() for side in (old, new))
            assert a["spread"] == b["spread"]


@pytest.mark.parametrize("seed", range(12))
def test_another_route_never_takes_longer(make_data: Callable[..., Path], seed: int) -> None:
    tables = region(200 + seed)
    # between partners; a route of a role may be set aside by one that partners state, and limits of age are a clock
    for row in (*tables["routes"], *tables["aanbod"]):
        row.update(leeftijd_van="", leeftijd_tot="")
    tables["routes"] = [x for x in tables["routes"] if x["van"].startswith("P") and x["naar"].startswith("P")]
    old = read(make_data(toml=TOML, **tables)).landscape
    r = random.Random(seed)
    more = {"id": "R99", "van": f"P{r.randrange(4)}", "naar": f"P{4 + r.randrange(4)}", "soort": "verwijzing"}
    new = read(make_data(toml=TOML, **{**tables, "routes": [*tables["routes"], more]})).landscape
    for change in answer_changes(old, new).answers:
        assert (change.longer, change.unreachable, change.closed) == (0, 0, 0)


@pytest.mark.parametrize("seed", range(20))
def test_what_a_sweep_is_sure_of_is_what_the_search_finds(make_data: Callable[..., Path], seed: int) -> None:
    landscape = read(make_data(toml=TOML, **region(300 + seed))).landscape
    locale = Locale(landscape, "GM0228")
    starts = [list(locale.entries), *([n for n, _ in locale.nodes_of(f"rol:{r}")] for r in ("huisarts", "gezin"))]
    sweep, askings = Sweep(locale, starts), [Asking(locale, s) for s in starts]
    sure = 0
    for theme in ("algemeen", "opvoeden", "adhd"):
        for low, _ in locale.bands(theme):
            profile = Profile("GM0228", low, theme)
            for level in range(4):
                times, reasons = sweep.times(profile, level), sweep.reasons(profile, level)
                for place, asking in enumerate(askings):
                    reached, why = asking.fastest(profile, [Goal(level=level)], level)
                    if times.sure[place]:
                        days = float("inf") if reached is None else sum(leg.days("expected") for leg in reached.legs)
                        assert times.days[place] == pytest.approx(days, abs=1e-6)
                        sure += 1
                    if reached is None and reasons[place] is not None:
                        assert reasons[place] == why
    assert sure > 0


def test_most_and_municipalities_limit_and_say_so(gelderse_vallei: Reading) -> None:
    old = gelderse_vallei.landscape
    new = old.replaced(waits=old["waits"].with_columns(days_expected=pl.col("days_expected") + 14))
    everything = answer_changes(old, new, ways=False)
    assert everything.left_out == ()
    wanted = everything.touched[:2]
    found = answer_changes(old, new, municipalities=wanted, most=1, ways=False)
    assert set(found.touched) == set(wanted)
    assert len(found.compared) == 1
    assert set(found.left_out) == set(wanted) - set(found.compared)
    assert found.answers == tuple(a for a in everything.answers if a.municipality in found.compared)
    assert all(not o.path for a in found.answers for o in (a.before, a.after))
    for bare, first in zip(found.answers, with_ways(old, new, found.answers), strict=True):
        for less, more in ((bare.before, first.before), (bare.after, first.after)):
            assert same((less.days, less.reason), (more.days, more.reason))
            assert bool(more.path) is (more.days is not None)


def test_offerings_that_come_and_go(landscape_of: LandscapeOf) -> None:
    partner = {"id": "P1", "naam": "Welzijn", "rollen": "welzijn", "gemeenten": "Ede; Barneveld"}
    offer = {"id": "A1", "partner": "P1", "naam": "Inloop", "niveau": "0", "toegang": "vrij"}
    toml = '[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n'
    old = landscape_of(toml=toml, partners=[partner], aanbod=[offer])
    new = landscape_of(toml=toml, partners=[partner], aanbod=[{**offer, "gemeenten": "Ede"}, {**offer, "id": "A2"}])
    found = {o.municipality: (o.appeared, o.vanished) for o in answer_changes(old, new).offers}
    assert found == {"GM0228": (("A2",), ()), "GM0203": (("A2",), ("A1",))}


def test_narrowed_keeps_the_rows_of_a_municipality(earlier: Landscape, voorbeeldregio: Reading) -> None:
    old, new = narrowed(earlier, voorbeeldregio.landscape, ["GM9008"])
    for whole, part in ((earlier, old), (voorbeeldregio.landscape, new)):
        own = whole["partners"].filter(pl.col("municipalities").list.contains("GM9008"))["id"].to_list()
        assert set(own) <= set(part["partners"]["id"]) < set(whole["partners"]["id"])
        assert part["region"].equals(whole["region"])
        assert set(part["demand"]["municipality"]) == {"GM9008"}
