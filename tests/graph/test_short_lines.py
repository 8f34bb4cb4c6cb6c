"""short-lines, by hand: who needs whom, what is registered, who is left out, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from routekaart.graph.analyses.lines.pairs import needed_strength
from routekaart.graph.analyses.lines.short_lines import ShortLine, ShortLines, short_lines
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading

EDE, BARNEVELD = "GM0228", "GM0203"
TOML = '[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n'
NOW = "2026-05-01"

PARTNERS = [
    {"id": "HA", "naam": "Huisartsenpraktijk", "rollen": "huisarts", "gemeenten": "Ede"},
    {"id": "SOJ", "naam": "SOJ Ede", "rollen": "soj", "gemeenten": "Ede"},
    {"id": "GEM", "naam": "Gemeente Ede", "rollen": "gemeente", "gemeenten": "Ede"},
    {"id": "GGZ", "naam": "GGZ", "rollen": "jeugd-ggz", "gemeenten": "regio", "reactie": "Wij werven."},
    {"id": "JW", "naam": "Jongerenwerk", "rollen": "jongerenwerk", "gemeenten": "Ede"},
    {"id": "VT", "naam": "Veilig Thuis", "rollen": "veiligheid", "gemeenten": "regio"},
]
ROUTES = [
    {"id": "R1", "van": "HA", "naar": "SOJ", "soort": "verwijzing"},
    {"id": "R2", "van": "SOJ", "naar": "GEM", "soort": "warme overdracht"},
    {"id": "R3", "van": "GEM", "naar": "GGZ", "soort": "verwijzing"},
]
AANBOD = [
    {"id": "A3", "partner": "GGZ", "naam": "Behandeling", "niveau": 3, "toegang": "verwijzing", "themas": "angst en somberheid"},
    {"id": "A0", "partner": "JW", "naam": "Inloop", "niveau": 0, "toegang": "vrij", "themas": "eenzaamheid en netwerk"},
]
WAITS = [
    {"op": on, "soort": "aanmeldwachttijd", "waarde": f"{n} weken", "peildatum": NOW}
    for on, n in (("SOJ", 12), ("GEM", 10), ("GGZ", 48), ("JW", 1))
]
GOING, LIGHT = "gezinnen gaan al", "vrij aanbod"
ALL_MISSING = ("geen lijn", "geen vast aanspreekpunt", "geen overleg")
Ask = Callable[..., ShortLines]


@pytest.fixture
def ask(landscape_of: Callable[..., Landscape]) -> Ask:
    def asked(toml: str = TOML, question: dict[str, Any] | None = None, **tables: Any) -> ShortLines:
        given = {"partners": PARTNERS, "routes": ROUTES, "aanbod": AANBOD, "wachttijden": WAITS, **tables}
        return short_lines(landscape_of(toml=toml, **given), **(question or {"levels": [3]}))

    return asked


def pairs(answer: ShortLines) -> dict[frozenset[str], ShortLine]:
    return {frozenset((x.start, x.end)): x for x in answer.lines}


def vraag(aantal: int, instap: str = "HA", **more: Any) -> dict[str, Any]:
    row = {
        "gemeente": "Ede",
        "instap": instap,
        "leeftijd_van": 14,
        "leeftijd_tot": 15,
        "thema": "angst en somberheid",
        "niveau": 3,
    }
    return {**row, "aantal_per_jaar": aantal, **more}


def lijn(van: str, naar: str, **more: Any) -> dict[str, Any]:
    return {"van": van, "naar": naar, **more}


# --- who needs whom ------------------------------------------------------------------------------------------
def test_families_go_between_them_and_no_line_is_registered(ask: Ask) -> None:
    answer = ask(vraag=[vraag(40)])
    found = pairs(answer)
    # 40 families go GP → SOJ → municipality → mental health care
    assert set(found) == {frozenset(p) for p in (("HA", "SOJ"), ("SOJ", "GEM"), ("GEM", "GGZ"))}
    assert {x.per_year for x in found.values()} == {40}
    assert {x.why for x in found.values()} == {(GOING, *ALL_MISSING)}
    assert {x.profiles for x in found.values()} == {1}
    # the warm handover asks for more than a referral
    assert found[frozenset(("SOJ", "GEM"))].strength_needed == "afstemmen"
    assert found[frozenset(("HA", "SOJ"))].strength_needed == "samenwerken"
    assert all(x.strength_now is None and x.fixed_contact is None and x.consultation is None for x in found.values())


def test_it_is_json_as_the_contract_has_it(ask: Ask) -> None:
    found = ask(vraag=[vraag(40)], lijnen=[lijn("SOJ", "HA", sterkte="kennen", vast_aanspreekpunt="ja")]).as_dict()
    first = next(x for x in found["lines"] if {x["from"], x["to"]} == {"HA", "SOJ"})
    assert [s["table"] for s in first.pop("sources")] == ["lines", "routes"]
    assert first == {
        "from": "HA",  # in the order of the names: there is no direction
        "to": "SOJ",
        "why": [GOING, "te zwakke lijn", "geen overleg"],
        "per_year": 40,
        "profiles": 1,
        "light_profiles": 0,
        "registered": True,
        "strength_now": "kennen",
        "strength_needed": "samenwerken",
        "fixed_contact": True,
        "consultation": None,
        "shared_municipalities": [EDE],
        "agreements": [],
        "derived": False,
    }
    assert (found["unnamed_steps"], found["unnamed"], found["loose_steps"]) == (0, [], 0)
    assert found["responses"] == [{"partner": "GGZ", "response": "Wij werven."}]


def test_free_support_and_who_sees_families_first(ask: Ask) -> None:
    """In Ede families with loneliness start at the GP; the youth work is free for them: the two should know each other."""
    rows = [vraag(12, thema="eenzaamheid en netwerk", niveau=0), vraag(30, "GEM", thema="rouw", niveau=0)]
    found = pairs(ask(vraag=rows, question={"levels": [0]}))
    line = found[frozenset(("HA", "JW"))]
    assert (line.why, line.strength_needed) == ((GOING, LIGHT, *ALL_MISSING), "kennen")
    assert (line.per_year, line.profiles, line.light_profiles) == (12, 1, 1)
    # at the municipality only families with grief start: they share the municipality, and no theme
    assert frozenset(("GEM", "JW")) not in found
    # a quicker free offering elsewhere takes the families away: the pair stays, and nobody goes between
    other = {"id": "P9", "naam": "Buurthuis", "rollen": "welzijn", "gemeenten": "Ede"}
    offer = {**AANBOD[1], "id": "A9", "partner": "P9"}
    free = {"op": "P9", "soort": "aanmeldwachttijd", "waarde": "geen wachttijd", "peildatum": NOW}
    tables = {"partners": [*PARTNERS, other], "aanbod": [*AANBOD, offer], "wachttijden": [*WAITS, free]}
    found = pairs(ask(vraag=rows, question={"levels": [0]}, **tables))
    line = found[frozenset(("HA", "JW"))]
    assert (line.why[0], line.per_year, line.profiles, line.light_profiles) == (LIGHT, 0, 0, 1)
    assert found[frozenset(("HA", "P9"))].why[:2] == (GOING, LIGHT)


@pytest.mark.parametrize(
    "offer",
    [
        {"toegang": "verwijzing"},
        {"toegang": ""},
        {"niveau": 2},
        {"leeftijd_tot": 14},
        {"gemeenten": "Barneveld"},
        {"geldig_tot": "2026"},
        {"doelgroep": "professional"},
    ],
)
def test_only_free_and_light_support_that_fits(offer: dict[str, Any], ask: Ask) -> None:
    if "geldig_tot" in offer:
        offer = {"geldig_tot": "2026-05-31"}
    rows = [vraag(12, thema="eenzaamheid en netwerk", niveau=0)]
    found = pairs(ask(vraag=rows, aanbod=[AANBOD[0], {**AANBOD[1], **offer}], question={"levels": [0, 1, 2, 3]}))
    assert not any(LIGHT in x.why for x in found.values())


def test_levels_are_exact(ask: Ask) -> None:
    """Asked for level 3 the free offering of level 0 is no answer, and asked for level 0 nobody goes to the mental health care."""
    rows = [vraag(12, thema="eenzaamheid en netwerk", niveau=0), vraag(40)]
    assert all(LIGHT not in x.why for x in ask(vraag=rows).lines)
    assert set(pairs(ask(vraag=rows, question={"levels": [0]}))) == {frozenset(("HA", "JW"))}
    # who asks for level 1 at the GP is no reason to know who offers level 0, and who nobody is, is no reason either
    for row in (vraag(12, thema="eenzaamheid en netwerk", niveau=1), vraag(0, thema="eenzaamheid en netwerk", niveau=0)):
        assert ask(vraag=[row], question={"levels": [0, 1]}).lines == ()


def test_conditions_hold_on_every_step(ask: Ask) -> None:
    """A direct route for the youngest is no reason for a contact when nobody young asks, nor for a stronger line."""
    young = {"id": "R9", "van": "HA", "naar": "GGZ", "soort": "verwijzing", "leeftijd_tot": 12}
    warm = {"id": "R8", "van": "HA", "naar": "SOJ", "soort": "warme overdracht", "leeftijd_tot": 12}
    found = pairs(ask(vraag=[vraag(40)], routes=[*ROUTES, young, warm]))
    assert frozenset(("HA", "GGZ")) not in found
    assert found[frozenset(("HA", "SOJ"))].strength_needed == "samenwerken"
    found = pairs(ask(vraag=[vraag(40, leeftijd_van=8, leeftijd_tot=9)], routes=[*ROUTES[1:], young, warm]))
    assert set(found) == {frozenset(("HA", "GGZ"))}


# --- what is registered ------------------------------------------------------------------------------------------
FULL = {"vast_aanspreekpunt": "ja", "overleg": "elke maand"}


@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        ([lijn("HA", "SOJ", sterkte="samenwerken", **FULL)], None),
        ([lijn("SOJ", "HA", sterkte="samenwerken", **FULL)], None),  # no direction
        ([lijn("HA", "SOJ", sterkte="integreren", **FULL)], None),  # stronger will do
        ([lijn("HA", "SOJ", sterkte="kennen", **FULL)], ("te zwakke lijn",)),
        ([lijn("HA", "SOJ", **FULL)], ("te zwakke lijn",)),  # nobody says how strong
        ([lijn("HA", "SOJ", sterkte="samenwerken", overleg="elke maand")], ("geen vast aanspreekpunt",)),
        ([lijn("HA", "SOJ", sterkte="samenwerken", overleg="x", vast_aanspreekpunt="nee")], ("geen vast aanspreekpunt",)),
        ([lijn("HA", "SOJ", sterkte="samenwerken", vast_aanspreekpunt="ja")], ("geen overleg",)),
        ([lijn("HA", "SOJ", sterkte="samenwerken", vast_aanspreekpunt="ja", overleg="Nee")], ("geen overleg",)),
        # two lists on one line: together they say it all
        ([lijn("HA", "SOJ", sterkte="kennen", overleg="x", bron="a"), lijn("SOJ", "HA", sterkte="samenwerken", vast_aanspreekpunt="ja", bron="b")], None),
        ([lijn("HA", "GEM", sterkte="integreren", **FULL)], ALL_MISSING),
    ],
)  # fmt: skip
def test_what_is_not_registered(lines: list[Any], missing: tuple[str, ...] | None, ask: Ask) -> None:
    found = pairs(ask(vraag=[vraag(40)], lijnen=lines)).get(frozenset(("HA", "SOJ")))
    assert (found and found.why) == (None if missing is None else (GOING, *missing))


def test_a_warm_handover_asks_for_a_stronger_line(ask: Ask) -> None:
    both = [lijn("SOJ", "GEM", sterkte="samenwerken", **FULL), lijn("HA", "SOJ", sterkte="samenwerken", **FULL)]
    found = pairs(ask(vraag=[vraag(40)], lijnen=both))
    assert frozenset(("HA", "SOJ")) not in found
    assert found[frozenset(("SOJ", "GEM"))].why == (GOING, "te zwakke lijn")


def test_a_consultation_is_a_line_and_a_meeting(ask: Ask) -> None:
    asks = {"id": "R7", "van": "SOJ", "naar": "HA", "soort": "consultatie"}
    line = pairs(ask(vraag=[vraag(40)], routes=[*ROUTES, asks]))[frozenset(("HA", "SOJ"))]
    assert (line.registered, line.strength_now, line.consultation) == (True, "kennen", "consultatie")
    assert line.why == (GOING, "te zwakke lijn", "geen vast aanspreekpunt")
    # it moves no family by itself, between roles it says of no two partners that they call each other, and it can be over
    for other in ({"van": "rol:soj", "naar": "rol:huisarts"}, {"geldig_tot": "2026-01-01"}, {"van": "GGZ"}):
        line = pairs(ask(vraag=[vraag(40)], routes=[*ROUTES, {**asks, **other}]))[frozenset(("HA", "SOJ"))]
        assert line.why == (GOING, *ALL_MISSING), other


def test_agreements_stand_beside(ask: Ask) -> None:
    said = {"partners": "SOJ; HA", "soort": "aanspreekpunt", "wat": "Een eigen telefoonnummer"}
    rows = [
        {"id": "F1", **said, "status": "loopt"},
        {"id": "F2", **said, "soort": "overleg", "status": "gestopt"},
        {"id": "F3", **said, "soort": "route", "status": "loopt"},
        {"id": "F4", **said, "partners": "HA; GEM", "status": "loopt"},
    ]
    line = pairs(ask(vraag=[vraag(40)], afspraken=rows))[frozenset(("HA", "SOJ"))]
    assert [(a.id, a.kind, a.status) for a in line.agreements] == [("F1", "aanspreekpunt", "loopt"), ("F2", "overleg", "gestopt")]
    # one in force is the contact; one that ended is no meeting
    assert line.why == (GOING, "geen lijn", "geen overleg")
    assert line.fixed_contact is None  # what lines say stays what lines say


# --- who is left out ------------------------------------------------------------------------------------------------
def test_safety_is_never_advised_on(ask: Ask) -> None:
    rows = [
        *ROUTES,
        {"id": "R9", "van": "HA", "naar": "VT", "soort": "verwijzing"},
        {"id": "R8", "van": "VT", "naar": "GGZ", "soort": "verwijzing"},
    ]
    fast = {"op": "VT", "soort": "aanmeldwachttijd", "waarde": "geen wachttijd", "peildatum": NOW}
    offer = {"id": "A9", "partner": "VT", "naam": "Advies", "niveau": 1, "toegang": "vrij"}
    tables = {"routes": rows, "wachttijden": [*WAITS, fast], "aanbod": [*AANBOD, offer]}
    # the fastest way passes Veilig Thuis, and it has free support
    answer = ask(vraag=[vraag(40), vraag(20, niveau=1)], question={"levels": [1, 3]}, **tables)
    assert not any("VT" in (x.start, x.end) for x in answer.lines)
    assert answer.lines == ()


def test_who_is_not_known_by_name_cannot_be_called(ask: Ask) -> None:
    rows = [{"id": "R1", "van": "HA", "naar": "rol:soj", "soort": "verwijzing"}, {**ROUTES[1], "van": "rol:soj"}, ROUTES[2]]
    loose = {"id": "A8", "naam": "Burenhulp", "niveau": 0, "toegang": "vrij", "themas": "rouw"}
    without = [p for p in PARTNERS if p["id"] != "SOJ"]
    asked = [vraag(40), vraag(10, thema="rouw", niveau=0)]
    tables = {"partners": without, "routes": rows, "aanbod": [*AANBOD, loose], "wachttijden": WAITS[1:]}
    answer = ask(vraag=asked, question={"levels": [0, 3]}, **tables)
    assert set(pairs(answer)) == {frozenset(("GEM", "GGZ"))}
    # GP → SOJ and SOJ → municipality; and one to the initiative
    assert (answer.unnamed, answer.unnamed_steps, answer.loose_steps) == ((("GM0228", "soj", 2),), 2, 1)
    assert answer.as_dict()["unnamed"] == [{"municipality": EDE, "role": "soj", "steps": 2}]


def test_a_route_between_roles_is_said_to_be_one(ask: Ask) -> None:
    rows = [{"id": "R1", "van": "rol:huisarts", "naar": "rol:soj", "soort": "verwijzing"}, *ROUTES[1:]]
    answer = ask(vraag=[vraag(40)], routes=rows)
    found = pairs(answer)
    assert found[frozenset(("HA", "SOJ"))].derived
    assert not found[frozenset(("GEM", "GGZ"))].derived
    assert "role_route" in {a.key for a in answer.frame.assumptions}


# --- order and numbers ------------------------------------------------------------------------------------------------
def test_most_families_first_else_most_profiles(ask: Ask) -> None:
    rows = [vraag(40), vraag(25, "GEM")]
    answer = ask(vraag=rows)
    # 65 come from the municipality, 40 of them by the GP and the SOJ; equal ones by name
    assert [(x.names, x.per_year) for x in answer.lines] == [
        (("Gemeente Ede", "GGZ"), 65),
        (("Gemeente Ede", "SOJ Ede"), 40),
        (("Huisartsenpraktijk", "SOJ Ede"), 40),
    ]


def test_without_numbers_profiles_are_counted(ask: Ask) -> None:
    answer = ask()
    assert not answer.frame.weighted
    # one band of all ages, one theme (angst-en-somberheid) with a way: every pair is used for one profile
    assert {(x.per_year, x.suppressed, x.profiles) for x in answer.lines} == {(None, False, 1)}
    bands = [{**AANBOD[0], "leeftijd_tot": 12}, {**AANBOD[0], "id": "A4", "leeftijd_van": 12}, AANBOD[1]]
    assert {x.profiles for x in ask(aanbod=bands).lines} == {2}


def test_equally_fast_ways_share(ask: Ask) -> None:
    second = {"id": "SO2", "naam": "SOJ Twee", "rollen": "soj", "gemeenten": "Ede"}
    more = [{"id": "R4", "van": "HA", "naar": "SO2", "soort": "verwijzing"}, {**ROUTES[1], "id": "R5", "van": "SO2"}]
    wait = {**WAITS[0], "op": "SO2"}
    found = pairs(ask(vraag=[vraag(40)], partners=[*PARTNERS, second], routes=[*ROUTES, *more], wachttijden=[*WAITS, wait]))
    assert {found[frozenset(("HA", s))].per_year for s in ("SOJ", "SO2")} == {20}
    assert found[frozenset(("HA", "SO2"))].profiles == 1


def test_who_serves_where_is_shared(ask: Ask) -> None:
    wide = [{**p, "gemeenten": "Ede; Barneveld"} if p["id"] == "GEM" else p for p in PARTNERS]
    line = pairs(ask(vraag=[vraag(40)], partners=wide))[frozenset(("GEM", "GGZ"))]
    # asked in Ede only, and both serve Barneveld too: by name
    assert line.shared_municipalities == (BARNEVELD, EDE)


# --- suppression -------------------------------------------------------------------------------------------------------
def test_small_numbers_and_what_gives_them_back_are_hidden(ask: Ask) -> None:
    rows = [vraag(40), vraag(4, "GEM")]
    answer = ask(vraag=rows)
    shown = {frozenset((x.start, x.end)): x.per_year for x in answer.lines}
    # 44 go on from the municipality and 40 came to it: shown together they would tell that 4 start there
    assert [shown[frozenset(p)] for p in (("SOJ", "GEM"), ("GEM", "GGZ"))].count(None) >= 1
    assert all(x.suppressed == (x.per_year is None) for x in answer.lines)
    assert all(row["per_year"] == x.per_year for row, x in zip(answer.rows(), answer.lines, strict=True))
    small = ask(vraag=[vraag(4)])
    assert {(x.per_year, x.suppressed, x.profiles) for x in small.lines} == {(None, True, 1)}
    internal = ask(vraag=[vraag(4)], question={"levels": [3], "internal": True})
    assert {x.per_year for x in internal.lines} == {4}


def test_hidden_numbers_do_not_show_in_the_order(ask: Ask) -> None:
    """9 families between A and B, 6 between C and D, 20 elsewhere: the hidden ones come in the order of profiles and names."""
    themes = "opvoeden rouw wonen".split()
    partners = [{"id": x, "naam": x, "rollen": "huisarts" if x in "ACE" else "jeugdhulp", "gemeenten": "Ede"} for x in "ABCDEF"]
    routes = [{"id": f"R{a}", "van": a, "naar": b, "soort": "verwijzing"} for a, b in ("AB", "CD", "EF")]
    offers = [{"id": f"O{b}", "partner": b, "naam": b, "niveau": 3, "themas": t} for b, t in zip("BDF", themes, strict=True)]
    waits = [{**WAITS[0], "op": b} for b in "BDF"]

    def names(first: int, second: int) -> list[tuple[str, str]]:
        rows = [vraag(n, a, thema=t) for n, a, t in zip((first, second, 20), "ACE", themes, strict=True)]
        return [x.names for x in ask(partners=partners, routes=routes, aanbod=offers, wachttijden=waits, vraag=rows).lines]

    assert names(9, 6) == names(6, 9) == [("E", "F"), ("A", "B"), ("C", "D")]


def test_families_without_a_level_are_no_more_of_them_at_four_levels(ask: Ask) -> None:
    """4 families of whom nobody says the level count at level 2 and at level 3: 8, and not more than 4; so with 3 levels 12."""
    offers = [{**AANBOD[0], "id": f"B{n}", "niveau": n, "toegang": "verwijzing"} for n in (1, 2, 3)]
    row = {k: v for k, v in vraag(4).items() if k != "niveau"}
    answer = ask(vraag=[row], aanbod=offers, question={"levels": [1, 2, 3]})
    assert answer.repeated
    assert {x.per_year for x in answer.lines} == {None}
    answer = ask(vraag=[row], aanbod=offers, question={"levels": [1, 2, 3], "internal": True})
    assert {x.per_year for x in answer.lines} == {12}


def test_what_kinds_of_routes_need() -> None:
    """ANALYSES: a referral cooperating, a warm handover coordinating; of the others nobody says: to know each other."""
    assert needed_strength(set()) == needed_strength({"opschaling", "afschaling"}) == "kennen"
    assert needed_strength({"verwijzing", "opschaling"}) == "samenwerken"
    assert needed_strength({"verwijzing", "warme-overdracht"}) == "afstemmen"


# --- the examples ----------------------------------------------------------------------------------------------------------
def test_the_example_region(voorbeeldregio: Reading) -> None:
    """LEESMIJ: to Jongerenpunt De Steiger (P065), free in Elzerbroek, neither a route nor a line is registered."""
    answer = short_lines(voorbeeldregio.landscape, ["GM9003"], [14 * 12], ["angst-en-somberheid"])
    found = pairs(answer)
    practices = [f"P05{n}" for n in range(3, 8)]
    assert all(LIGHT in found[frozenset((p, "P065"))].why and "geen lijn" in found[frozenset((p, "P065"))].why for p in practices)
    # the core route SOJ Elzerbroek → municipality is a line of kennen (lijnen.csv), of which the referral needs more
    core = found[frozenset(("P058", "P059"))]
    assert (core.strength_now, core.strength_needed, core.fixed_contact) == ("kennen", "samenwerken", True)
    # the meeting was agreed (afspraken.csv, F005), so only the strength is left
    assert core.why == (GOING, "te zwakke lijn")
    assert [(a.id, a.status) for a in core.agreements] == [("F005", "afgesproken")]
    numbers = [x.per_year for x in answer.lines if x.per_year is not None]
    assert numbers == sorted(numbers, reverse=True)
    assert all(n == 0 or n >= 10 for n in numbers)


def test_gelderse_vallei_asks_who_that_is(gelderse_vallei: Reading) -> None:
    answer = short_lines(gelderse_vallei.landscape)
    assert not answer.frame.weighted
    assert answer.frame.known_waits == 0
    # of the SOJ in Ede nobody knows a name
    assert ("GM0228", "soj") in {(code, role) for code, role, _ in answer.unnamed}
    safe = {
        p for p, roles in gelderse_vallei.landscape["partners"].select("id", "roles").iter_rows() if "veiligheid" in (roles or ())
    }
    assert safe
    assert not any(safe & {x.start, x.end} for x in answer.lines)
    assert all(x.per_year is None and not x.suppressed for x in answer.lines)


def test_the_answer_is_frozen_and_becomes_a_frame(ask: Ask) -> None:
    answer = ask(vraag=[vraag(40)])
    with pytest.raises(FrozenInstanceError):
        answer.lines = ()  # type: ignore[misc]
    frame = answer.to_frame()
    assert frame["per_year"].to_list() == [40, 40, 40]
    assert frame["sources"].to_list()[0].startswith("routes.csv:")
    assert "short-lines" in str(answer)
    full = [lijn(a, b, sterkte="integreren", **FULL) for a, b in (("HA", "SOJ"), ("SOJ", "GEM"), ("GEM", "GGZ"))]
    assert ask(vraag=[vraag(40)], lijnen=full).rows() == []
