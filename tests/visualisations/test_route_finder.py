"""The route finder and the offering list in the page give the answers of the command line, question after question."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from routekaart.graph.analyses.offers import offers
from routekaart.graph.analyses.route import route
from routekaart.graph.landscape import Landscape
from routekaart.graph.locale import Locale
from routekaart.visualisations.map.page import render, write
from routekaart.visualisations.material import PUBLIC, Material
from routekaart.visualisations.wording import Wording

QUESTIONS = 200
#: What the page computed, as CONTRACTS §6 names it: its numbers turned into ids, its days into weeks.
PLAIN = """
const id = (n) => (n < 0 ? null : rk.data.ids[n]);
const bare = (n) => (n < 0 ? null : id(n).replace(/^[a-z]+:/, ''));
const weeks = (d) => (d === null ? null : d / 7);
const years = (m) => (m === null ? null : m / 12);
const span = (w) => (w.closed ? null : {low: weeks(w.low), expected: weeks(w.expected), high: weeks(w.high)});
const iso = (a) => (a < 0 ? null : rk.data.finder.dates[a][0]);
const nodes = (list) => list.map((n) => rk.nodeIds[n]);
const place = (here) => rk.data.municipalities[here.place].code;
const step = ({source, target, hop, wait, decision, total}) => ({
  from: rk.nodeIds[source], to: rk.nodeIds[target], kind: hop && hop.kind, route: hop && bare(hop.route), weeks: span(total),
  wait_kind: wait.kind, wait: span(wait), decision: decision && span(decision), handover: weeks(hop ? hop.handover : 0),
  as_of: iso(wait.asOf), written: wait.written || null, outdated: wait.outdated,
  assumed: wait.assumed || !!(decision && decision.assumed), derived: !!(hop && hop.derived),
  waits: [...wait.rows, ...(decision ? decision.rows : [])].map((r) => rk.said('waits', r, 'source')),
});
const way = (w) => ({
  level: w.level, profile: {municipality: place(w.profile.here), age: years(w.profile.age), theme: w.profile.theme},
  offering: bare(w.offering), hops: w.hops, retellings: w.retellings, path: nodes(w.path), steps: w.legs.map(step),
  weeks: {low: weeks(w.low), expected: weeks(w.expected), high: weeks(w.high), median: weeks(w.median), p90: weeks(w.p90)},
});
const answer = (a) => ({
  routes: a.ways.map(way), reasons: a.reasons,
  range: a.spans.map((s) => ({level: s.level, low: weeks(s.low), expected: weeks(s.expected), high: weeks(s.high),
    low_path: nodes(s.lowPath), high_path: nodes(s.highPath)})),
  statements: a.statements.map((s) => ({text: s.text, weeks: weeks(s.expected), on: s.on.map(id), as_of: iso(s.asOf),
    clock_to: s.until, outside: s.outside})),
  spread: a.spread && a.spread.map((s) => ({municipality: place(a.here), age_from: years(s.age), age_until: years(s.until),
    theme: s.theme, level: s.level, reason: s.reason,
    weeks: s.expected === null ? null : {low: weeks(s.low), expected: weeks(s.expected), high: weeks(s.high)}})),
  assumptions: a.assumptions,
});
const offer = (o) => ({id: bare(o.number), level: o.level, nearby: rk.NEARNESS[o.near], weeks: span(o.wait), closed: o.wait.closed,
  as_of: iso(o.wait.asOf), outdated: o.wait.outdated, assumed: o.wait.assumed, written: o.wait.written || null,
  said: rk.waitInList(o.wait)});
const offered = (f) => ({offers: f.offers.map(offer), unlevelled: f.unlevelled.map(offer), safety: f.safety.map(offer),
  assumptions: f.assumptions});
"""
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def asked(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Landscape], Callable[..., Any]]]:
    """Asks the page of a region: ``asked(landscape)(kind, questions)`` gives its answers, ``kind`` route or offers."""
    pages = []

    def make(landscape: Landscape) -> Callable[[str, list[dict[str, Any]]], list[Any]]:
        path = tmp_path_factory.mktemp("vragen") / "kaart.html"
        write(render(landscape), path)
        page = browser.new_page()
        pages.append(page)
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]", state="attached")
        compute = {"route": "answer(rk.answer(q))", "offers": "offered(rk.offers(q.place, q.age, q.theme, q.levels))"}

        def ask(kind: str, questions: list[dict[str, Any]]) -> list[Any]:
            found: list[Any] = page.evaluate(
                f"(questions) => {{ {PLAIN} return questions.map((q) => {compute[kind]}); }}", questions
            )
            return found

        return ask

    yield make
    for page in pages:
        page.close()


def _same(one: Any, other: Any, where: str) -> None:
    """Equal in everything; numbers but for the last digits, which a sum of fractions may round in another order."""
    if isinstance(one, Mapping):
        assert set(one) == set(other), where
        for key in one:
            _same(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), (where, one, other)
        for n, (a, b) in enumerate(zip(one, other, strict=True)):
            _same(a, b, f"{where}[{n}]")
    elif isinstance(one, float) or isinstance(other, float):
        assert one == pytest.approx(other, abs=1e-9), where
    else:
        assert one == other, where


# --- what the command line says ---------------------------------------------------------------------------------
def _route(landscape: Landscape, codes: list[str], question: dict[str, Any]) -> dict[str, Any]:
    level = question["level"]
    found = route(
        landscape,
        codes[question["place"]],
        start=question["start"] or None,
        goal=question["goal"] or None,
        levels=[] if level is None else [level],
        age=question["age"],
        theme=question["theme"],
        alternatives=question["k"],
    )
    said = found.as_dict()
    for way in said["routes"]:
        del way["detour"]
        for step in way["steps"]:
            step["waits"] = [s["id"] for s in step.pop("sources") if s["table"] == "waits"]
    for statement in said["statements"]:
        del statement["clock_from"], statement["source"]
    assumed = [[a.key, dict(a.values)] for a in found.frame.assumptions]
    return {key: said[key] for key in ("routes", "reasons", "range", "statements", "spread")} | {"assumptions": _plain(assumed)}


def _offers(landscape: Landscape, codes: list[str], question: dict[str, Any]) -> dict[str, Any]:
    levels = question["levels"]
    found = offers(landscape, codes[question["place"]], question["age"], question["theme"], tuple(levels) if levels else None)
    keys = ("id", "level", "nearby", "weeks", "closed", "as_of", "outdated", "assumed", "written")
    words = Wording("nl")
    said = {
        group: [
            {**{k: o[k] for k in keys}, "said": words.wait(offer.wait)}
            for o, offer in zip(rows, getattr(found, group), strict=True)
        ]
        for group, rows in found.as_dict().items()
    }
    return said | {"assumptions": _plain([[a.key, dict(a.values)] for a in found.frame.assumptions])}


def _plain(assumptions: list[list[Any]]) -> list[list[Any]]:
    """Values as texts: the command line writes 2 where the page has 2.0."""
    return [[key, {k: f"{float(v):g}" if _number(v) else v for k, v in values.items()}] for key, values in assumptions]


def _number(value: Any) -> bool:
    return isinstance(value, int | float) or str(value).replace(".", "", 1).isdigit()


def _questions(landscape: Landscape, codes: list[str], rng: random.Random, number: int) -> list[dict[str, Any]]:
    """Random questions about a region; a few leave age, theme or both open, or name what is not there."""
    roles = [s for s in landscape.roles.slugs if landscape.roles[s].says("isEntry")]
    locales = [Locale(landscape, code) for code in codes]
    themes = [t for locale in locales for same in locale.theme_classes() for t in same]
    found = []
    for n in range(number):
        place = rng.randrange(len(codes))
        here, somewhere = locales[place], rng.choice(locales)
        partners, anywhere = list(here.partners), list(somewhere.partners)
        start = rng.choice(["", "", *(f"rol:{r}" for r in rng.sample(roles, 3)), rng.choice(partners), rng.choice(anywhere)])
        goal = rng.choice(["", "", "", rng.choice(partners), f"aanbod:{rng.choice([*here.offerings])}"])
        # ages near a birthday that closes offerings too: 17,75 and the like
        age = rng.choice([rng.randrange(0, 264), rng.choice([47, 143, 143, 213, 214, 215, 215, 215])])
        found.append(
            {
                "place": place,
                "start": start,
                "goal": goal,
                "level": rng.choice([None, None, 0, 1, 2, 3, 4]),
                "age": None if n % 25 == 0 else age,
                "theme": None if n % 20 == 0 else rng.choice(themes),
                "k": rng.choice([1, 1, 2, 3, 5]),
            }
        )
    return found


def _as_page(found: dict[str, Any], wait_ids: Mapping[str, str]) -> dict[str, Any]:
    """The page's answer with its sources as ids, its assumptions as texts."""
    for way in found.get("routes", ()):
        for step in way["steps"]:
            step["waits"] = [wait_ids[cell] for cell in step["waits"]]
    return {**found, "assumptions": _plain(found["assumptions"])}


def _wait_ids(landscape: Landscape) -> dict[str, str]:
    """The id of each wait by what the page says of its source: file and row are in it."""
    from routekaart.visualisations.telling import origin

    material = Material(landscape, Wording("nl"), PUBLIC)
    return {origin(material, row): row["id"] for row in material.waits}


# --- the tests ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", [6])
def test_two_hundred_routes_are_those_of_the_command_line(
    example: Any, asked: Callable[[Landscape], Callable[..., Any]], seed: int
) -> None:
    landscape = example.landscape
    codes = list(landscape.region_municipalities)
    questions = _questions(landscape, codes, random.Random(seed), QUESTIONS)  # no secret
    ids = _wait_ids(landscape)
    ways = none = 0
    for question, found in zip(questions, asked(landscape)("route", questions), strict=True):
        said = _route(landscape, codes, question)
        _same(_as_page(found, ids), said, json.dumps(question))
        ways += len(said["routes"])
        none += len(said["reasons"])
    # the questions are worth asking: many have ways, many have none
    assert ways > QUESTIONS / 4
    assert none > QUESTIONS / 4


@pytest.mark.parametrize("seed", [7])
def test_two_hundred_lists_of_offerings_are_those_of_the_command_line(
    example: Any, asked: Callable[[Landscape], Callable[..., Any]], seed: int
) -> None:
    landscape = example.landscape
    codes = list(landscape.region_municipalities)
    rng = random.Random(seed)
    questions = [
        {**q, "levels": None if q["level"] is None else sorted({q["level"], rng.randrange(5)})}
        for q in _questions(landscape, codes, rng, QUESTIONS)
    ]
    for question, found in zip(questions, asked(landscape)("offers", questions), strict=True):
        _same(_as_page(found, {}), _offers(landscape, codes, question), json.dumps(question))


def test_the_map_and_the_route_finder_do_not_get_in_each_others_way(opened: Callable[..., Any], address: str) -> None:
    """Both once kept what they drew and what they asked under one name: the view Route died after the map was opened."""
    page = opened().at(f"{address}#beeld=kaart")
    page.wait_for_selector("#map canvas")
    page.locator("#tab-route").click()
    page.wait_for_selector("#route .level")
    page.locator("#tab-map").click()
    page.wait_for_selector("#map canvas")
