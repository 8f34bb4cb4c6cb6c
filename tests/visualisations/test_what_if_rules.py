"""The view Wat als: the page's before and after are those of the command line."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from routekaart.graph.altering.alterations import AddRoute, Altered, Close, NewWait, altered
from routekaart.graph.analyses.route import route
from routekaart.graph.landscape import Landscape
from routekaart.graph.locale import Locale
from routekaart.visualisations.layers import content as layers
from routekaart.visualisations.map.page import render, write
from routekaart.visualisations.meeting import content as meeting

EDE = "GM0228"
ALTERATIONS = 30
"""Random sets of alterations in each of the two examples."""
#: What the page computes before and after, in weeks: for a child to whom it makes a difference, if any, and another one.
PLAIN = """
const weeks = (d) => (d === null ? null : d / 7);
const until = (steps) => { for (;;) { const { done, value } = steps.next(); if (done) return value; } };
function told(here, start, children) {
  return until(rk.outcomes(here, start, children)).map((levels, i) => levels.map((o, at) => o
    ? { low: weeks(o.low), expected: weeks(o.expected), high: weeks(o.high), reason: null }
    : { low: null, expected: null, high: null, reason: rk.whyNot(here, start, children[i], rk.LIGHT_TO_HEAVY[at]) }));
}
function ask({ place, start, alterations, asked, seed }) {
  const here = rk.locale(place), changed = rk.altered(here, alterations), all = rk.children({ age: null, theme: null }, here);
  const [was, is] = [here, changed].map((where) => until(rk.outcomes(where, start, all)));
  const differs = all.filter((_, i) => was[i].some((outcome, at) => rk.differs(outcome, is[i][at]) !== "same"));
  const about = [differs, all.filter((c) => c.themes.includes(asked)), all].find((some) => some.length);
  const first = about[seed % about.length], same = all.filter((c) => c.themes[0] === first.themes[0]);
  const children = [...new Set([first, same[seed % same.length]])];
  return { theme: first.themes[0], ages: children.map((c) => c.age), before: told(here, start, children), after: told(changed, start, children) };
}
"""
Made = Callable[[dict[str, list[dict[str, Any]]]], Landscape]


@pytest.fixture(scope="module")
def page_of(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Landscape], Any]]:
    """The page of a region for the coalition, made once."""
    pages: dict[int, Any] = {}

    def make(landscape: Landscape) -> Any:
        if id(landscape) in pages:
            return pages[id(landscape)]
        path = tmp_path_factory.mktemp("watals") / "kaart.html"
        with pytest.MonkeyPatch.context() as patch:
            # the proposals of one municipality do, and no layer of them: they take a second each
            patch.setattr(meeting, "MOST", 0)
            patch.setattr(layers, "MOST", 0)
            write(render(landscape, edition="coalitie"), path)
        page = browser.new_page()
        pages[id(landscape)] = page
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield make
    for page in pages.values():
        page.close()


# --- the same rules ---------------------------------------------------------------------------------------------
def _random(locale: Locale, start: str, rng: random.Random) -> list[dict[str, Any]]:
    """One to three alterations in a municipality: routes of partners, roles and offerings, waits, stops."""
    partners, offerings = list(locale.partners), [f"aanbod:{o}" for o in locale.offerings]
    roles = [f"rol:{r}" for r in locale.holders] + ["rol:gezin"]
    # steps that roles state: a route of the partners themselves silences them
    derived = [(h.source, h.target) for h in locale.hops if h.derived and h.route and ":" not in h.source + h.target]
    passed = sorted({h.target for h in locale.hops} & set(partners)) or partners
    providers = sorted({o.node for o in locale.offerings.values() if o.level is not None and o.level < 4} & set(partners))
    begin = start or rng.choice(locale.entries)
    found: dict[str, dict[str, Any]] = {}
    for _ in range(rng.choice([1, 1, 2, 3])):
        kind = rng.choice(["pair", "derived", "role", "wait", "wait", "stop", "family", "useful", "useful"])
        if kind in ("wait", "stop"):
            on = rng.choice([rng.choice(partners), rng.choice(offerings), rng.choice(passed), rng.choice(providers)])
            weeks = None if kind == "stop" else rng.choice([0, 1, 2.5, 8, 0.5, 40, 260])
            found[on] = {"on": on, "weeks": weeks}
            continue
        if kind == "derived" and derived:
            start, end = rng.choice(derived)
        elif kind == "useful":
            start, end = begin, rng.choice(providers)
        elif kind == "role":
            start, end = rng.choice(roles), rng.choice([*partners, *roles[:-1], *offerings])
        elif kind == "family":
            start, end = "rol:gezin", rng.choice([*partners, *locale.access])
        else:
            start, end = rng.choice(partners), rng.choice([*partners, *offerings])
        if start != end:
            found[f"{start}:{end}"] = {"from": start, "to": end}
    return list(found.values())


def _altered(landscape: Landscape, alterations: Sequence[Mapping[str, Any]]) -> Altered:
    """The same alterations in Python."""
    made: list[Any] = []
    for a in alterations:
        if "from" in a:
            made.append(AddRoute(a["from"], a["to"]))
        else:
            made.append(Close(a["on"]) if a["weeks"] is None else NewWait.of_weeks(a["on"], a["weeks"]))
    return altered(landscape, made)


def _said(landscape: Landscape, code: str, start: str, ages: Sequence[int], theme: str) -> list[list[dict[str, Any]]]:
    """What ``route`` says per age, per level."""
    found = route(
        landscape, code, start=start or None, age=[*ages, *([ages[0] + 1] if len(ages) == 1 else [])], theme=theme, static=True
    )
    spread = {
        (s.age_from, s.level): {
            **{end: None if value is None else value / 7 for end, value in zip(("low", "expected", "high"), (s.low, s.expected, s.high), strict=True)},
            "reason": s.reason,
        }
        for s in found.spread or ()
    }  # fmt: skip
    return [[spread[age, level] for level in range(4)] for age in ages]


def _same(page: list[list[dict[str, Any]]], python: list[list[dict[str, Any]]], where: str) -> None:
    for one, other in zip(page, python, strict=True):
        for a, b in zip(one, other, strict=True):
            assert a == pytest.approx(b, abs=1e-9), where


def test_after_random_alterations_the_page_says_what_the_command_line_says(
    example: Any, page_of: Callable[[Landscape], Any]
) -> None:
    landscape, rng = example.landscape, random.Random(11)  # no secret
    codes = list(landscape.region_municipalities)
    locales = [Locale(landscape, code) for code in codes]
    questions = []
    for _ in range(ALTERATIONS):
        place = rng.randrange(len(codes))
        start = rng.choice(["", *rng.sample(locales[place].entries, 3), "rol:huisarts"])
        alterations = _random(locales[place], start, rng)
        about = {a.get("on", a.get("to")) for a in alterations}
        themes = [t for o in locales[place].offerings.values() if {o.node, f"aanbod:{o.id}"} & about for t in o.themes]
        asked = rng.choice(themes or [None])
        seed = rng.randrange(10**6)
        questions.append({"place": place, "start": start, "alterations": alterations, "asked": asked, "seed": seed})
    page = page_of(landscape)
    registered = (
        "JSON.stringify([rk.data.finder, rk.data.municipalities.map((_, i) => [rk.locale(i).entries, rk.locale(i).hops])])"
    )
    before = page.evaluate(registered)
    answers = page.evaluate(f"(questions) => {{ {PLAIN} return questions.map(ask); }}", questions)
    # all that was done on copies
    assert page.evaluate(registered) == before
    moved = 0
    for question, found in zip(questions, answers, strict=True):
        where, code = json.dumps(question), codes[question["place"]]
        asked = code, question["start"], found["ages"], found["theme"]
        if moved < 9:  # of every child and no start: in the test below
            _same(found["before"], _said(landscape, *asked), f"before {where}")
        _same(found["after"], _said(_altered(landscape, question["alterations"]).landscape, *asked), f"after {where}")
        moved += found["before"] != found["after"]
    # the alterations are worth asking about
    assert moved > ALTERATIONS / 5, moved


def test_a_route_more_takes_no_way_away_and_makes_none_longer(example: Any, page_of: Callable[[Landscape], Any]) -> None:
    landscape, rng = example.landscape, random.Random(5)  # no secret
    locale = Locale(landscape, landscape.region_municipalities[0])
    partners = sorted(locale.partners)
    pairs = [dict(zip(("from", "to"), rng.sample(partners, 2), strict=True)) for _ in range(6)]
    found = page_of(landscape).evaluate(
        """(pairs) => { const here = rk.locale(0), all = rk.children({ age: null, theme: null }, here), gone = [];
        const outcomes = (place, start) => { const work = rk.outcomes(place, start, all); for (;;) { const step = work.next(); if (step.done) return step.value; } };
        const starts = ["", ...here.entries.slice(0, 2).map((node) => rk.nodeIds[node])];
        for (const start of starts) {
          const was = outcomes(here, start), is = outcomes(rk.altered(here, pairs), start);
          was.forEach((levels, i) => levels.forEach((o, at) => { if (o && (!is[i][at] || is[i][at].expected > o.expected + 1e-6)) gone.push([start, i, at]); }));
        }
        return gone; }""",
        pairs,
    )
    assert found == []


def test_what_stands_in_the_page_is_route_for_every_kind_of_child(example: Any, page_of: Callable[[Landscape], Any]) -> None:
    landscape = example.landscape
    code = landscape.region_municipalities[0]
    found = page_of(landscape).evaluate(
        f"""() => {{ {PLAIN} const here = rk.locale(0), all = rk.children({{ age: null, theme: null }}, here);
        return told(here, "", all).flatMap((levels, i) => all[i].themes.flatMap((theme) => levels.map((o, at) =>
          [theme, all[i].age, rk.LIGHT_TO_HEAVY[at], o.low, o.expected, o.high, o.reason]))); }}"""
    )
    weeks = [
        [None if days is None else days / 7 for days in (s.low, s.expected, s.high)]
        for s in route(landscape, code, static=True).spread or ()
    ]
    said = [
        [s.theme, s.age_from, s.level, *w, s.reason]
        for s, w in zip(route(landscape, code, static=True).spread or (), weeks, strict=True)
    ]
    for one, other in zip(sorted(found, key=str), sorted(said, key=str), strict=True):
        assert one[:3] + one[6:] == other[:3] + other[6:]
        assert one[3:6] == pytest.approx(other[3:6], abs=1e-9)


def test_waits_on_routes_of_roles_go_along_and_are_replaced(tables: Any, made: Made, page_of: Callable[[Landscape], Any]) -> None:
    """No example has waits on routes: R1 (huisarts → soj, of roles) and R3 (to an offering) get one here."""
    rows = tables()
    wait = {"kind": "aanmeldwachttijd", "state": "getal", "basis": "retrospectief", "as_of": "2026-04"}
    for on, days in (("route:R1", 35.0), ("route:R3", 49.0)):
        rows["waits"].append(
            {"id": f"w{on}", "on": [on], **wait, "value": "x", "days_low": days, "days_expected": days, "days_high": days}
        )
    landscape = made(rows)
    place = landscape.region_municipalities.index(EDE)
    add, two, five = {"from": "P01", "to": "P02"}, {"on": "P02", "weeks": 3}, {"on": "P05", "weeks": 2}
    sets: list[list[dict[str, Any]]] = [
        [add],
        [two],
        [five],
        [add, two],
        [add, {"on": "aanbod:O4", "weeks": None}],
        [add, {"on": "P02", "weeks": 8}],
        [add, two, five],
    ]
    questions = [{"place": place, "start": "P01", "alterations": a, "asked": "algemeen", "seed": 0} for a in sets]
    answers = page_of(landscape).evaluate(f"(questions) => {{ {PLAIN} return questions.map(ask); }}", questions)
    for alterations, found in zip(sets, answers, strict=True):
        after = _altered(landscape, alterations).landscape
        _same(found["after"], _said(after, EDE, "P01", found["ages"], found["theme"]), json.dumps(alterations))
    # the new route skips the wait of R1 (5 weeks) but not that of P02 (unknown); a wait at P05 replaces that of R3
    assert [found["before"] != found["after"] for found in answers][2:] == [True] * 5
