"""long-routes, by hand: the story, its traps, the roles of partners with several, and what is hidden."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from types import ModuleType
from typing import Any

import pytest

from routekaart.graph.analyses.detours.long_routes import LongRoutes, long_routes
from routekaart.graph.analyses.detours.patterns import Pattern
from routekaart.graph.analyses.detours.stations import not_required_by_law
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading
from routekaart.ontology.concepts import Concept, scheme

EDE, BARNEVELD, ELZERBROEK = "GM0228", "GM0203", "GM9003"
TOML = '[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n'
NOW = "2026-05-01"

PARTNERS = [
    {"id": "HA", "naam": "Huisartsenpraktijk", "rollen": "huisarts", "gemeenten": "Ede"},
    {"id": "SOJ", "naam": "SOJ Ede", "rollen": "soj", "gemeenten": "Ede"},
    {"id": "GEM", "naam": "Gemeente Ede", "rollen": "gemeente", "gemeenten": "Ede"},
    {"id": "GGZ", "naam": "GGZ", "rollen": "jeugd-ggz", "gemeenten": "regio", "reactie": "Wij werven."},
    {"id": "JW", "naam": "Jongerenwerk", "rollen": "jongerenwerk", "gemeenten": "Ede", "vestigingen": "Ede"},
]
ROUTES = [
    {"id": "R1", "van": "HA", "naar": "SOJ", "soort": "verwijzing"},
    {"id": "R2", "van": "SOJ", "naar": "GEM", "soort": "warme overdracht"},
    {"id": "R3", "van": "GEM", "naar": "GGZ", "soort": "verwijzing", "besluit_nodig": "ja"},
]
AANBOD = [
    {"id": "A3", "partner": "GGZ", "naam": "Behandeling", "niveau": 3, "toegang": "verwijzing", "themas": "angst en somberheid"},
    {"id": "A0", "partner": "JW", "naam": "Inloop", "niveau": 0, "toegang": "vrij", "leeftijd_van": 12},
]
WAITS = [
    {"op": "SOJ", "soort": "aanmeldwachttijd", "waarde": "12 weken", "peildatum": NOW, "bron": "lijst"},
    {"op": "GEM", "soort": "aanmeldwachttijd", "waarde": "10 weken", "peildatum": NOW, "bron": "lijst"},
    {"op": "GEM", "soort": "besluit", "waarde": "8 weken", "peildatum": NOW, "bron": "lijst"},
    {"op": "GGZ", "soort": "aanmeldwachttijd", "waarde": "40 - 56 weken", "peildatum": NOW, "bron": "lijst"},
    {"op": "JW", "soort": "aanmeldwachttijd", "waarde": "geen wachttijd", "peildatum": NOW, "bron": "lijst"},
]
CORE = ("huisarts", "soj", "gemeente", "jeugd-ggz")
Ask = Callable[..., LongRoutes]


@pytest.fixture
def ask(landscape_of: Callable[..., Landscape]) -> Ask:
    """The core route, with tables replaced where a test says so."""

    def asked(tables: dict[str, Any] | None = None, toml: str = TOML, **question: Any) -> LongRoutes:
        given = {"partners": PARTNERS, "routes": ROUTES, "aanbod": AANBOD, "wachttijden": WAITS, **(tables or {})}
        return long_routes(landscape_of(toml=toml, **given), **question)

    return asked


def vraag(thema: str, aantal: int, instap: str = "HA", **more: Any) -> dict[str, Any]:
    row = {"gemeente": "Ede", "instap": instap, "leeftijd_van": 14, "leeftijd_tot": 15, "thema": thema, "niveau": 3}
    return {**row, "aantal_per_jaar": aantal, **more}


def patterns(answer: LongRoutes, level: int = 3) -> dict[tuple[str, ...], Pattern]:
    return {p.roles: p for one in answer.levels if one.level == level for p in one.patterns}


# --- by hand ----------------------------------------------------------------------------------------------
def test_the_core_route_is_told_with_everything_about_it(ask: Ask) -> None:
    answer = ask(levels=[3])
    # from the GP 12 + 10 + 8 + 40–56; from the family itself 10 + 8 + 40–56; from the municipality 8 + 40–56
    assert [p.roles for p in answer.levels[0].patterns] == [CORE, ("gezin", *CORE[2:]), CORE[2:]]
    assert [p.weeks() for p in answer.levels[0].patterns] == [
        {"low": 70, "expected": 78, "high": 86},
        {"low": 58, "expected": 66, "high": 74},
        {"low": 48, "expected": 56, "high": 64},
    ]
    core = patterns(answer)[CORE]
    # the warm handover from the SOJ to the municipality is no retelling
    assert (core.way.hops, core.way.retellings, core.municipalities) == (3, 2, (EDE,))
    assert core.way.path == ("HA", "SOJ", "GEM", "GGZ")
    assert core.not_required == (("soj", "gemeente"),)
    # lighter, and now: free, no wait, in Ede (from 12 years on; the longest is told from age 0)
    assert [o.id for o in patterns(ask(levels=[3], ages=[14 * 12]))[CORE].lighter] == ["A0"]
    assert answer.responses == (("GGZ", "Wij werven."),)
    assert answer.frame.known_waits == 1.0
    # for angst-en-somberheid only: every other theme has no offering at all
    assert core.way.profile.theme == "angst-en-somberheid"
    assert (answer.levels[0].profiles - answer.levels[0].profiles_without) == sum(p.profiles for p in answer.levels[0].patterns)


def test_it_is_json_as_the_contract_has_it(ask: Ask) -> None:
    found = ask({"vraag": [vraag("angst en somberheid", 40)]}, levels=[3], municipalities=[EDE]).as_dict()
    (level,) = found["levels"]
    assert (level["level"], level["per_year"]) == (3, 40)
    assert level["without_route"] == {"geen aanbod": 0, "geen route": 0, "aanmeldstop": 0}
    (pattern,) = level["patterns"]
    example = pattern.pop("example")
    assert pattern == {
        "roles": list(CORE),
        "weeks": {"low": 70, "expected": 78, "high": 86},
        "shortest": 78,
        "hops": 3,
        "retellings": 2,
        "per_year": 40,
        "profiles": 1,
        "municipalities": [EDE],
        "not_required_by_law": [["soj", "gemeente"]],
        "lighter": ["A0"],
    }
    # the band of table vraag is cut where a condition changes: an age from 12 on, none at 14
    assert example["profile"] == {"municipality": EDE, "age": 12, "age_until": 23, "theme": "angst-en-somberheid"}
    assert (example["path"], example["offering"]) == (["HA", "SOJ", "GEM", "GGZ"], "A3")
    assert [step["weeks"]["expected"] for step in example["steps"]] == [12, 10, 56]
    assert all(step["sources"] for step in example["steps"])
    assert level["entries"] == [
        {"role": "huisarts", "roles": list(CORE), "municipality": EDE, "weeks": 78, "assumed": False},
    ]


def test_only_who_is_counted_counts_where_families_are_counted(ask: Ask) -> None:
    rows = [vraag("angst en somberheid", 40), vraag("angst en somberheid", 14, "rol:gezin"), vraag("rouw", 11)]
    answer = ask({"vraag": rows}, levels=[3])
    assert {roles: p.per_year for roles, p in patterns(answer).items()} == {CORE: 40, ("gezin", *CORE[2:]): 14}
    # for grief nothing is registered: those 11 are told apart, and not mixed into weeks
    assert dict(answer.levels[0].without_route) == {"geen aanbod": 11, "geen route": 0, "aanmeldstop": 0}
    assert answer.levels[0].per_year == 65
    # where table vraag says that nobody asks, nobody goes
    assert ask({"vraag": [vraag("angst en somberheid", 0), vraag("rouw", 11)]}, levels=[3]).levels[0].patterns == ()


def test_without_numbers_no_numbers_are_told(ask: Ask) -> None:
    unweighted = ask(levels=[3])
    assert not unweighted.frame.weighted
    assert {p.per_year for p in patterns(unweighted).values()} == {None}
    assert unweighted.as_dict()["levels"][0]["patterns"][0]["per_year"] is None


def test_the_longest_way_of_a_pattern_is_told_and_the_shortest_beside_it(ask: Ask) -> None:
    quick = {"op": "SOJ", "soort": "aanmeldwachttijd", "waarde": "2 weken", "peildatum": NOW, "leeftijd_tot": 12}
    (core,) = (p for p in ask({"wachttijden": [*WAITS, quick]}, levels=[3]).levels[0].patterns if p.roles == CORE)
    # below 12 years the SOJ takes 2 weeks in place of 12
    assert (core.weeks()["expected"], core.shortest / 7) == (78, 68)
    assert (core.way.profile.age, core.age_until) == (12 * 12, 23 * 12)


# --- traps ------------------------------------------------------------------------------------------------
def test_conditions_hold_on_every_hop(ask: Ask) -> None:
    """A short cut for the youngest must not shorten the way of the others (the 78-against-23 trap)."""
    shortcut = {"id": "R9", "van": "HA", "naar": "GEM", "soort": "verwijzing", "leeftijd_tot": 12}
    answer = ask({"routes": [*ROUTES, shortcut]}, levels=[3])
    assert (patterns(answer)[CORE].weeks()["expected"], patterns(answer)[CORE].way.profile.age) == (78, 144)
    # the young go by the municipality: 10 + 8 + 48 weeks; and that step the law does not require
    young = patterns(answer)["huisarts", "gemeente", "jeugd-ggz"]
    assert (young.weeks()["expected"], young.age_until) == (66, 144)
    assert young.not_required == (("huisarts", "gemeente"),)
    assert patterns(ask({"routes": [*ROUTES, shortcut]}, levels=[3], ages=[120])).keys() == {
        ("huisarts", "gemeente", "jeugd-ggz"),
        ("gezin", "gemeente", "jeugd-ggz"),
        ("gemeente", "jeugd-ggz"),
    }
    for condition in ({"gemeenten": "Barneveld"}, {"themas": "scheiding"}, {"geldig_tot": "2026-06-01"}):
        other = {"id": "R9", "van": "HA", "naar": "GEM", "soort": "verwijzing", **condition}
        assert patterns(ask({"routes": [*ROUTES, other]}, levels=[3]))[CORE].weeks()["expected"] == 78, condition


def test_levels_are_exact_and_come_lightest_first(ask: Ask) -> None:
    answer = ask()
    assert [level.level for level in answer.levels] == [0, 1, 2, 3]
    # of level 1 and 2 there is nothing: heavier help is no answer to a lighter question
    assert [len(level.patterns) for level in answer.levels][1:3] == [0, 0]
    assert answer.levels[1].profiles == answer.levels[1].profiles_without > 0
    # free support is one step from every entry, without a route
    assert ("huisarts", "jongerenwerk") in patterns(answer, 0)
    assert all(len(roles) <= 2 for roles in patterns(answer, 0))


def test_a_stop_is_no_number_and_an_unknown_wait_is_no_nothing(ask: Ask) -> None:
    stop = {"op": "SOJ", "soort": "aanmeldwachttijd", "waarde": "aanmeldstop", "peildatum": NOW}
    answer = ask({"wachttijden": [stop, *WAITS[1:]], "vraag": [vraag("angst en somberheid", 40)]}, levels=[3])
    assert answer.levels[0].patterns == ()
    assert dict(answer.levels[0].without_route)["aanmeldstop"] == 40
    unknown = patterns(ask({"wachttijden": WAITS[1:]}, levels=[3]))[CORE]
    assert unknown.weeks() == {"low": 60, "expected": 80, "high": 100}  # 2 – 14 – 26 in place of 12
    old = {**WAITS[0], "peildatum": "2020-01-01"}
    assert patterns(ask({"wachttijden": [old, *WAITS[1:]]}, levels=[3]))[CORE].weeks()["expected"] == 80
    answer = ask({"wachttijden": [old, *WAITS[1:]]}, levels=[3], with_outdated=True)
    assert patterns(answer)[CORE].weeks()["expected"] == 78
    assert "computed_with_outdated" in {a.key for a in answer.frame.assumptions}


def test_a_statement_stands_beside_and_is_never_computed_with(ask: Ask) -> None:
    said = {
        "op": "rol:huisarts > rol:soj > rol:gemeente",
        "soort": "totaal",
        "waarde": "anderhalf jaar",
        "meetwijze": "uitspraak",
    }
    answer = ask({"wachttijden": [*WAITS, {**said, "peildatum": NOW}]}, levels=[3])
    assert patterns(answer)[CORE].weeks()["expected"] == 78
    (statement,) = answer.statements
    # of the first two steps 22 weeks were computed; a year and a half lies outside
    assert (statement.text, statement.outside) == ("anderhalf jaar", True)


@pytest.mark.parametrize(
    ("roles", "level", "expected"),
    [
        (CORE, 3, (("soj", "gemeente"),)),
        (("jeugdarts", "lokaal-team", "jeugdhulp"), 2, (("jeugdarts", "lokaal-team"),)),
        # a school may refer to the access only, and the family itself has the access
        (("school", "gemeente", "jeugdhulp"), 3, ()),
        (("gezin", "gemeente", "jeugdhulp"), 3, ()),
        # what the access offers itself is where the way goes
        (("huisarts", "lokaal-team"), 2, ()),
        # from the municipality to its team: both decide
        (("huisarts", "gemeente", "lokaal-team", "jeugdhulp"), 3, (("huisarts", "gemeente"),)),
        # no rule is known for a level that there is not
        (CORE, 7, ()),
    ],
)
def test_steps_that_the_law_does_not_require(roles: tuple[str, ...], level: int, expected: tuple[Any, ...]) -> None:
    assert not_required_by_law(roles, level, scheme("role")) == expected


def test_an_own_role_may_refer_nowhere_by_law() -> None:
    own = scheme("role").extended([Concept("role", "huiskamer", 99, {"nl": "huiskamer"}, data={"mayReferTo": ("0", "1", "3")})])
    assert not_required_by_law(("huiskamer", "gemeente", "jeugdhulp"), 3, own) == ()
    assert not_required_by_law(("niemand-kent-deze", "gemeente", "jeugdhulp"), 3, own) == ()


# --- roles of partners with several -------------------------------------------------------------------------
def test_the_role_that_fits_the_step(regions: ModuleType) -> None:
    """By hand: B holds soj and gemeente. A way begins in its entry role; a route between roles tells in which it is met;
    without one it is the first of the scheme (soj comes before gemeente).
    """

    def met(routes: list[Any]) -> set[tuple[str, ...]]:
        tables = regions.region({"A": "huisarts", "B": "soj", "C": "jeugd-ggz"}, [{"partner": "C", "level": "3"}], routes)
        tables["partners"][1]["roles"] = ["soj", "gemeente"]
        answer = long_routes(regions.landscape(tables), [regions.EDE], levels=[3])
        return {p.roles for p in answer.levels[0].patterns}

    on = ("B", "C")
    starts = {("gemeente", "jeugd-ggz")}
    plain = met([("A", "B"), on])
    assert plain == starts | {("huisarts", "soj", "jeugd-ggz"), ("gezin", "soj", "jeugd-ggz")}
    into = met([("rol:huisarts", "rol:gemeente"), on])
    assert ("huisarts", "gemeente", "jeugd-ggz") in into
    # reached by name, left by a route of the role
    left = met([("A", "B"), ("rol:gemeente", "rol:jeugd-ggz")])
    assert ("huisarts", "gemeente", "jeugd-ggz") in left
    # of two routes between roles the quicker one is taken
    two = [{"from": "rol:huisarts", "to": "rol:gemeente", "handover_days": 7.0}, ("rol:huisarts", "rol:soj"), on]
    assert ("huisarts", "soj", "jeugd-ggz") in met(two)


def test_who_holds_no_role_and_who_is_not_known(regions: ModuleType) -> None:
    tables = regions.region(
        {"C": "jeugd-ggz"},
        [{"partner": "C", "level": "3"}, {"partner": None, "level": "0", "access": "vrij"}],
        [("rol:huisarts", "rol:gemeente"), ("rol:gemeente", "C")],
    )
    answer = long_routes(regions.landscape(tables), [regions.EDE])
    assert ("huisarts", "gemeente", "jeugd-ggz") in patterns(answer, 3)
    assert dict(answer.names)["rol:huisarts"] == "huisarts in Ede, niet bij naam bekend"
    # an initiative without an organisation holds no role
    assert ("gezin", "overig") in patterns(answer, 0)


# --- suppression ---------------------------------------------------------------------------------------------
def test_small_numbers_are_hidden_with_what_would_give_them_back(ask: Ask) -> None:
    rows = [
        vraag("angst en somberheid", 40),
        vraag("angst en somberheid", 4, "rol:gezin"),
        vraag("angst en somberheid", 25, "GEM"),
    ]
    answer = ask({"vraag": rows}, levels=[3])
    found = {p.roles[0]: (p.per_year, p.suppressed) for p in patterns(answer).values()}
    # 69 in all is shown; 4 is too small, and with 40 and 25 beside it 69 − 40 − 25 would give it back: 25 is hidden too
    assert answer.levels[0].per_year == 69
    assert found == {"huisarts": (40, False), "gezin": (None, True), "gemeente": (None, True)}
    told = {p["roles"][0]: p for p in answer.as_dict()["levels"][0]["patterns"]}
    assert (told["gezin"]["per_year"], told["gezin"]["suppressed"]) == (None, True)
    assert "suppressed" not in told["huisarts"]
    assert {row["per_year"] for row in answer.rows()} == {40, None}
    # weeks are facts about organisations and stay
    assert all(p.weeks()["expected"] for p in patterns(answer).values())
    open_ = {p.roles[0]: p.per_year for p in patterns(ask({"vraag": rows}, levels=[3], internal=True)).values()}
    assert open_ == {"huisarts": 40, "gezin": 4, "gemeente": 25}
    off = ask({"vraag": rows}, toml=TOML + "[instellingen]\ndrempel = 0\n", levels=[3])
    assert {p.per_year for p in patterns(off).values()} == {40, 4, 25}


def test_a_pattern_that_all_take_is_not_given_back_by_who_has_no_way(ask: Ask) -> None:
    rows = [vraag("angst en somberheid", 40), vraag("rouw", 3)]
    level = ask({"vraag": rows}, levels=[3]).levels[0]
    # 43 ask; 3 of them have no way, so 40 or 43 must go with the 3
    assert dict(level.without_route)["geen aanbod"] is None
    assert (level.per_year, level.patterns[0].per_year).count(None) == 1


@pytest.mark.parametrize("seed", range(15))
def test_no_total_gives_a_hidden_number_back(seed: int, ask: Ask) -> None:
    """What a reader can do: with all relations of one level, no combination of shown numbers gives a small one back."""
    r = random.Random(seed)
    starts, themes = ["HA", "rol:gezin", "GEM"], ["angst en somberheid", "rouw"]
    rows = [vraag(t, r.choice([1, 3, 8, 12, 30, 90]), s) for s in starts for t in themes if r.random() < 0.8]
    if not rows:
        return
    asked = {"vraag": rows}
    shown, real = ask(asked, levels=[3]).levels[0], ask(asked, levels=[3], internal=True).levels[0]
    parts = [(p.per_year, q.per_year) for p, q in zip(shown.patterns, real.patterns, strict=True)]
    parts += [(n, m) for (_, n), (_, m) in zip(shown.without_route, real.without_route, strict=True)]
    assert all(a is None or a == b for a, b in parts)
    assert all(a is None for a, b in parts if 0 < (b or 0) < 10)
    hidden = [b for a, b in parts if a is None]
    if shown.per_year is not None:
        # the hidden ones together are known then: they are several, and not small together with nothing else to be
        assert len(hidden) != 1 or hidden == [0.0]
        assert not hidden or sum(hidden) >= 10


# --- the examples ----------------------------------------------------------------------------------------------
def test_the_story_of_elzerbroek(voorbeeldregio: Reading) -> None:
    """examples/voorbeeldregio/LEESMIJ.md: GP → SOJ 14, → municipality 10, decision 8, → youth mental health 46: 78 weeks."""
    answer = long_routes(voorbeeldregio.landscape, [ELZERBROEK], [14 * 12], ["angst-en-somberheid"], [3])
    story = patterns(answer)[CORE]
    assert story.weeks() == {"low": 74, "expected": 78, "high": 82}
    assert (story.way.hops, story.way.retellings, story.municipalities) == (3, 3, (ELZERBROEK,))
    assert story.not_required == (("soj", "gemeente"),)
    assert "Jongerenpunt De Steiger" in {o.partner_name for o in story.lighter}
    assert [s.text for s in answer.statements] == ["anderhalf jaar"]
    # and in the whole region it is the longest of its pattern
    whole = patterns(long_routes(voorbeeldregio.landscape, levels=[3]))[CORE]
    assert (whole.weeks()["expected"], whole.way.profile.municipality) == (78, ELZERBROEK)


def test_of_gelderse_vallei_nobody_knows_how_long(gelderse_vallei: Reading) -> None:
    answer = long_routes(gelderse_vallei.landscape, levels=[3])
    assert not answer.frame.weighted
    assert answer.frame.known_waits == 0
    assert all(leg.wait.assumed for p in answer.levels[0].patterns for leg in p.way.legs)
    assert {"unweighted", "unknown_wait"} <= {a.key for a in answer.frame.assumptions}
    assert all(p.per_year is None and not p.suppressed for p in answer.levels[0].patterns)


def test_more_routes_never_make_the_longest_longer(ask: Ask) -> None:
    before = patterns(ask(levels=[3]))
    extra = {"id": "R8", "van": "HA", "naar": "GGZ", "soort": "verwijzing"}
    after = patterns(ask({"routes": [*ROUTES, extra]}, levels=[3]))
    assert max(p.way.expected for r, p in after.items() if r[0] == "huisarts") < before[CORE].way.expected
    assert not after["huisarts", "jeugd-ggz"].not_required


def test_top_leaves_out_and_says_so(ask: Ask) -> None:
    answer = ask(levels=[3], top=1)
    (level,) = answer.levels
    assert (len(level.patterns), level.number) == (1, 3)
    # the longest of every entry stays
    assert [(e.role, e.days / 7) for e in level.entries] == [("huisarts", 78), ("gezin", 66), ("gemeente", 56)]


def test_the_answer_is_frozen_and_becomes_a_frame(ask: Ask) -> None:
    answer = ask(levels=[3])
    with pytest.raises(FrozenInstanceError):
        answer.levels = ()  # type: ignore[misc]
    frame = answer.to_frame()
    assert frame["weeks_expected"].to_list() == [78, 66, 56]
    assert frame["roles"].to_list()[0] == "huisarts > soj > gemeente > jeugd-ggz"
    assert all(frame["sources"])
    assert "long-routes" in str(answer)
    assert ask({"aanbod": AANBOD[1:]}, levels=[3]).rows() == []
