"""Statements that one partner makes and the other does not, against a plain reading of the definition."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from routekaart.graph.analyses.one_sided import one_sided, suppliers
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading, read

MakeData = Callable[..., Path]
PARTNERS = [
    {"id": "A", "naam": "Huisarts A", "korte_naam": "HA", "rollen": "huisarts"},
    {"id": "B", "naam": "Lokaal team B", "korte_naam": "LTB", "rollen": "lokaal-team"},
    {"id": "C", "naam": "Jeugdhulp C", "korte_naam": "JHC", "rollen": "jeugdhulp"},
    {"id": "D", "naam": "Coalitie D", "korte_naam": "", "rollen": "coalitie"},
]
TOML = '[regio]\npeildatum = "2026-06-01"\n'


def supplied(**who: str) -> str:
    """routekaart.toml with who supplies which file: ``lijnen_a="Huisarts A"`` for "lijnen a.csv"."""
    return TOML + "".join(f'[bestanden."{f.replace("_", " ")}.csv"]\nleverancier = "{s}"\n' for f, s in who.items())


def said(landscape: Landscape) -> list[tuple[str, str, str, str, str]]:
    return [(s.table, s.said_by, s.not_by, s.start, s.end) for s in one_sided(landscape)]


def lists(make_data: MakeData, toml: str, **tables: object) -> Landscape:
    named = {name.replace("_", " "): rows for name, rows in tables.items()}
    return read(make_data(toml=toml, partners=PARTNERS, **named)).landscape


def line(start: str, end: str, source: str = "") -> dict[str, str]:
    return {"van": start, "naar": end, "sterkte": "kennen", "bron": source}


def route(id_: str, start: str, end: str, kind: str = "verwijzing", source: str = "", until: str = "") -> dict[str, str]:
    return {"id": id_, "van": start, "naar": end, "soort": kind, "bron": source, "geldig_tot": until}


def test_a_line_that_one_list_has_and_the_other_not(make_data: MakeData) -> None:
    toml = supplied(lijnen_a="Huisarts A", lijnen_b="LTB")
    landscape = lists(make_data, toml, lijnen_a=[line("A", "B"), line("A", "C")], lijnen_b=[line("B", "C")])
    # C supplied no list, so only the line A–B could have been named by the other
    assert said(landscape) == [("lines", "A", "B", "A", "B")]
    (found,) = one_sided(landscape)
    assert (found.source.file, found.source.row) == ("lijnen a.csv", 2)
    assert dict(suppliers(landscape, "lines")) == {"A": ("lijnen a.csv", None), "B": ("lijnen b.csv", None)}


def test_a_line_may_be_named_from_the_other_side_but_a_route_has_a_direction(make_data: MakeData) -> None:
    toml = supplied(lijnen_a="A", lijnen_b="B", routes_a="A", routes_b="B")
    landscape = lists(
        make_data,
        toml,
        lijnen_a=[line("A", "B")],
        lijnen_b=[line("B", "A")],
        routes_a=[route("R1", "A", "B")],
        routes_b=[route("R2", "B", "A", "terugverwijzing")],
    )
    assert said(landscape) == [("routes", "A", "B", "A", "B"), ("routes", "B", "A", "B", "A")]


@pytest.mark.parametrize(
    "theirs",
    [
        route("R2", "A", "B"),
        route("R2", "A", "B", "opschaling"),  # another kind that moves families is the same way
        route("R2", "rol:huisarts", "B"),  # A is a huisarts: named by its role
        route("R2", "A", "aanbod:O1"),  # an offering of B
    ],
)
def test_the_other_may_name_it_from_its_own_side(make_data: MakeData, theirs: dict[str, str]) -> None:
    toml = supplied(routes_a="A", routes_b="B")
    offer = [{"id": "O1", "partner": "B", "naam": "Spreekuur"}]
    assert said(lists(make_data, toml, aanbod=offer, routes_a=[route("R1", "A", "B")], routes_b=[theirs])) == []


@pytest.mark.parametrize(
    "mine",
    [
        route("R1", "A", "B", "consultatie"),  # moves no family
        route("R1", "rol:huisarts", "B"),  # about a role, not about two partners
        route("R1", "A", "B", until="2025"),  # no longer said
        route("R1", "C", "B"),  # about others: A is a third party
    ],
)
def test_what_is_no_statement_of_one_of_the_two(make_data: MakeData, mine: dict[str, str]) -> None:
    toml = supplied(routes_a="A", routes_b="B")
    assert said(lists(make_data, toml, routes_a=[mine], routes_b=[route("R2", "B", "C")])) == []


def test_statements_of_third_parties_and_unknown_suppliers_are_not_one_sided(make_data: MakeData) -> None:
    rows = [line("A", "B", "Sociale kaart"), line("B", "C", "Coalitie D"), line("A", "C", "")]
    assert said(lists(make_data, TOML, lijnen=rows)) == []
    by_coalition = supplied(lijnen="Coalitie D")
    # the supplier of a file speaks before the source of a row
    assert said(lists(make_data, by_coalition, lijnen=[line("A", "B", "Huisarts A"), line("B", "C", "LTB")])) == []


def test_the_source_of_a_row_speaks_where_nobody_supplied_the_file(make_data: MakeData) -> None:
    rows = [line("A", "B", "Huisarts A"), line("C", "B", "lokaal team b"), line("A", "C", "JHC")]
    # each names one pair, and none the pair that another says of it
    assert set(said(lists(make_data, TOML, lijnen=rows))) == {
        ("lines", "A", "B", "A", "B"),
        ("lines", "B", "C", "C", "B"),
        ("lines", "C", "A", "A", "C"),
    }


def test_a_decided_name_speaks_too(make_data: MakeData) -> None:
    toml = supplied(lijnen_a="De dokter", lijnen_b="B")
    tables = {"lijnen_a": [line("A", "B")], "lijnen_b": [line("B", "C")]}
    assert said(lists(make_data, toml, **tables)) == []
    decided = [{"geschreven": "De dokter", "partner": "A", "oordeel": "zelfde"}]
    assert said(lists(make_data, toml, **tables, koppelingen=decided)) == [("lines", "A", "B", "A", "B")]


# --- second method ----------------------------------------------------------------------------------------
def brute(
    routes: Sequence[Mapping[str, str]], lines: Sequence[Mapping[str, str]], offers: Mapping[str, str], roles: Mapping[str, str]
) -> set[tuple[str, ...]]:
    """The definition read aloud: for each statement, does any statement of the other name the pair?"""
    moving = {"verwijzing", "warme overdracht", "terugverwijzing", "opschaling", "afschaling", "rechtstreekse toegang"}

    def names(end: str, partner: str) -> bool:
        return end == partner or offers.get(end) == partner or (end in roles.values() and roles[partner] == end)

    def behind(end: str) -> str | None:
        return end if end in roles else offers.get(end)

    found: set[tuple[str, ...]] = set()
    for table, rows in (("routes", routes), ("lines", lines)):
        for row in rows:
            start, end = behind(row["van"]), behind(row["naar"])
            if start is None or end is None or start == end or row["bron"] not in (start, end):
                continue
            ends = (start, end)
            if table == "routes" and row["soort"] not in moving:
                continue
            other = ends[1] if row["bron"] == ends[0] else ends[0]
            theirs = [r for r in rows if r["bron"] == other]
            if not theirs:
                continue
            ways = [ends] if table == "routes" else [ends, ends[::-1]]
            told = any(
                names(r["van"], way[0]) and names(r["naar"], way[1]) and (table == "lines" or r["soort"] in moving)
                for r in theirs
                for way in ways
            )
            if not told:
                found.add((table, row["bron"], other, row["van"], row["naar"]))
    return found


def _two(dice: random.Random, of: list[str]) -> tuple[str, str]:
    one, other = dice.sample(of, 2)
    return one, other


@pytest.mark.parametrize("seed", range(12))
def test_random_lists_agree_with_the_definition(make_data: MakeData, seed: int) -> None:
    dice = random.Random(seed)
    roles = {p["id"]: f"rol:{p['rollen']}" for p in PARTNERS}
    offers = {"aanbod:O1": "B", "aanbod:O2": "C"}
    ends = [*roles, *roles, *offers, "rol:huisarts", "rol:jeugdhulp"]
    kinds = ["verwijzing", "verwijzing", "opschaling", "consultatie"]
    routes = [
        route(f"R{n}", *_two(dice, ends), dice.choice(kinds), dice.choice(["A", "B", "C", "iemand anders", ""]))
        for n in range(25)
    ]
    routes = [r for r in routes if r["van"] != r["naar"]]
    lines = [line(*_two(dice, list(roles)), dice.choice(["A", "B", "C", "D", "krant"])) for _ in range(8)]
    lines = list({(r["van"], r["naar"], r["bron"]): r for r in lines}.values())
    offered = [{"id": "O1", "partner": "B", "naam": "Een"}, {"id": "O2", "partner": "C", "naam": "Twee"}]
    landscape = read(make_data(toml=TOML, partners=PARTNERS, aanbod=offered, routes=routes, lijnen=lines)).landscape
    assert landscape["routes"].height == len(routes)
    assert set(said(landscape)) == brute(routes, lines, offers, roles)
    assert [s.id for s in one_sided(landscape)] == sorted(s.id for s in one_sided(landscape) if s.table == "lines") + sorted(
        s.id for s in one_sided(landscape) if s.table == "routes"
    )


# --- told to both, blaming nobody ------------------------------------------------------------------------------
def test_both_lists_get_the_remark(make_data: MakeData) -> None:
    toml = supplied(lijnen_a="Huisarts A", lijnen_b="LTB")
    tables = {"lijnen a": [line("A", "B")], "lijnen b": [line("B", "C")]}
    reading = read(make_data(toml=toml, partners=PARTNERS, **tables))
    found = [f for f in reading.findings if f.code == "named-by-one"]
    assert [(f.file, f.row, f.severity) for f in found] == [("lijnen a.csv", 2, "opmerking"), ("lijnen b.csv", None, "opmerking")]
    assert {f.message() for f in found} == {
        "De lijn Huisarts A → Lokaal team B is door één partner genoemd: het staat in de lijst van Huisarts A, niet in die van Lokaal team B."
    }
    assert {f.message("en") for f in found} == {
        "The line Huisarts A → Lokaal team B is named by one partner: it stands in the list of Huisarts A, not in that of Lokaal team B."
    }
    assert "Vraag de ander of het klopt" in found[0].cure()


def test_the_examples_have_none(gelderse_vallei: Reading, voorbeeldregio: Reading) -> None:
    """Their sources are presentations and registers: third parties."""
    for reading in (gelderse_vallei, voorbeeldregio):
        assert one_sided(reading.landscape) == ()
