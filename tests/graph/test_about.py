"""Everything about a partner, once: compared with the graph (SPARQL), with receipt() and with the expansion of routes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from routekaart.graph.analyses.partner.about import About, about, everyone
from routekaart.graph.analyses.receipt import receipt
from routekaart.graph.landscape import Landscape
from routekaart.graph.locale import Locale
from routekaart.graph.responses import concerned, responses
from routekaart.graph.schema import INPUT_TABLES, TABLES
from routekaart.graph.stores import iris, rdf
from routekaart.loaders.read import Reading

LandscapeOf = Callable[..., Landscape]


_TOLD: dict[int, list[About]] = {}


def of_everyone(example: Reading) -> list[About]:
    """Every report of an example, made once for all tests."""
    if id(example) not in _TOLD:
        _TOLD[id(example)] = list(everyone(example.landscape, [f.as_dict() for f in example.findings]))
    return _TOLD[id(example)]


# --- complete, on both examples ---------------------------------------------------------------------------
def mentioned(landscape: Landscape) -> dict[str, set[tuple[str, str]]]:
    """(table, id) by partner: rows with any cell that *is* the partner, an offering of its or a route of those.

    A method of its own: it reads every cell of every table and knows nothing of kinds of columns.
    """
    owners = {p: {p} for p in landscape["partners"]["id"]}
    for offering, partner in landscape["offerings"].select("id", "partner").iter_rows():
        owners["aanbod:" + offering] = {partner} if partner else set()
    for route, start, end in landscape["routes"].select("id", "from", "to").iter_rows():
        owners["route:" + route] = owners.get(start, set()) | owners.get(end, set())
    found: dict[str, set[tuple[str, str]]] = {}
    for table in INPUT_TABLES:
        for row in landscape[table.name].iter_rows(named=True):
            for cell in row.values():
                for value in cell if isinstance(cell, list) else [cell]:
                    for partner in owners.get(value, ()) if isinstance(value, str) else ():
                        found.setdefault(partner, set()).add((table.name, row[table.key]))
    return found


def test_every_row_that_refers_to_a_partner_is_there_once(example: Reading) -> None:
    expected = mentioned(example.landscape)
    for told in of_everyone(example):
        shown = Counter((s.table, s.id) for s in told.every())
        assert set(shown.values()) == {1}, told.id
        derived = {(d.statement.table, d.statement.id) for d in told.of_role}
        assert set(shown) - derived == expected[told.id], told.id


def test_receipt_of_partner_offerings_and_routes_says_no_more(gelderse_vallei: Reading) -> None:
    landscape = gelderse_vallei.landscape
    inputs = {t.name for t in INPUT_TABLES}
    for told in of_everyone(gelderse_vallei):
        names = [told.id, *("aanbod:" + o.id for o in told.of("offerings")), *("route:" + r.id for r in told.of("routes"))]
        records = [r for name in names for found in [receipt(landscape, name)] for r in (*found.records, *found.related)]
        assert {(r.table.name, r.id) for r in records if r.table.name in inputs} <= {(s.table, s.id) for s in told.every()}


def test_nothing_that_the_graph_links_to_a_partner_is_missing(example: Reading, tmp_path: Path) -> None:
    """Third method: SPARQL over the RDF of a build, which knows nothing of receipt() nor of the schema's kinds."""
    landscape = example.landscape
    rdf.write(landscape, tmp_path)
    store = ox.Store()
    for name in ("graph.nt", "withheld.nt"):
        store.load(path=str(tmp_path / name), format=ox.RdfFormat.N_TRIPLES)
    base = iris.base_of(landscape)
    found = store.query(
        "PREFIX rk: <https://w3id.org/routekaart/ns#> SELECT DISTINCT ?partner ?row WHERE { "
        "?partner a <http://www.w3.org/ns/org#Organization> . "
        "{ ?row ?link ?partner } UNION { ?offer rk:offeredBy ?partner . ?row ?link ?offer } "
        "FILTER (?link != rk:refersTo) }"  # the shortcut between two partners says a route once more
    )
    tables = {t.name for t in INPUT_TABLES}
    linked: dict[str, set[tuple[str, str]]] = {}
    assert isinstance(found, ox.QuerySolutions)
    for solution in found:
        partner, row = (solution[v].value for v in ("partner", "row"))
        table, _, id_ = row.removeprefix(base).partition("/")
        if partner.startswith(base) and row.startswith(base) and table in tables:
            linked.setdefault(partner.removeprefix(base + "partners/"), set()).add((table, id_))
    assert sum(map(len, linked.values())) > 50  # both examples have many more links than this
    for told in of_everyone(example):
        shown = {(s.table, s.id) for s in told.every()}
        assert linked.get(told.id, set()) <= shown, told.id


def test_role_routes_are_expanded_as_the_analyses_do(example: Reading) -> None:
    """Second method: the hops of a Locale, per municipality; only kinds that move families are in it."""
    landscape = example.landscape
    locales = [Locale(landscape, code) for code in landscape.region_municipalities]
    named = {
        (node, hop.route, locale.municipality)
        for locale in locales
        for hop in locale.hops
        if hop.derived and hop.route
        for node in (hop.source, hop.target)
        if node in locale.partners
    }
    own_ends = {r["id"]: {r["from"], r["to"]} for r in landscape["routes"].iter_rows(named=True)}
    moving = {hop.route for locale in locales for hop in locale.hops}
    shown = {
        (told.id, d.statement.id, code)
        for told in of_everyone(example)
        for d in told.of_role
        if d.statement.table == "routes" and d.statement.id in moving
        for code in d.municipalities
    }
    # a role route that names this very partner (or its offering) at its other end is its own, not derived
    offered = {f"aanbod:{i}": p for i, p in landscape["offerings"].select("id", "partner").iter_rows()}
    expected = {(p, r, c) for p, r, c in named if p not in own_ends[r] and p not in {offered.get(e) for e in own_ends[r]}}
    assert shown == expected


def test_figures_under_the_threshold_are_nowhere(voorbeeldregio: Reading) -> None:
    threshold = voorbeeldregio.landscape.settings.threshold
    small = 0
    for told in of_everyone(voorbeeldregio):
        for statement in told.every():
            for column in TABLES[statement.table].stored:
                value = statement.row[column.name]
                if column.kind.value == "families":
                    assert value is None or value == 0 or value >= threshold
                    small += column.name in statement.suppressed
    assert small > 20


def test_questions_are_of_empty_cells_only(example: Reading) -> None:
    from routekaart.graph.analyses.partner.gaps import ASKED

    columns = {(t, key): cells for t, asked in ASKED.items() for key, cells in asked}
    for told in of_everyone(example):
        rows = {(s.table, s.id): s.row for s in told.every()}
        assert len(told.questions) == len(set(told.questions))
        for question in told.questions:
            if question.key not in ("wait", "wait_old", "offerings"):
                row = rows[question.table, question.id]
                assert all(row[c] is None for c in columns[question.table, question.key])


# --- one partner, by hand -------------------------------------------------------------------------------------
@pytest.fixture
def small(landscape_of: LandscapeOf) -> Landscape:
    return landscape_of(
        toml='[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n',
        partners=[
            {"id": "P1", "naam": "Team Noord", "rollen": "lokaal-team", "gemeenten": "Ede", "bron": "opgave"},
            {"id": "P2", "naam": "Praktijk", "rollen": "huisarts", "gemeenten": "Ede;Barneveld"},
            {"id": "P3", "naam": "Praktijk Oost", "rollen": "huisarts", "gemeenten": "Ede"},
            {"id": "P4", "naam": "Groep", "rollen": "coalitie", "onderdeel_van": "P1"},
        ],
        aanbod=[{"id": "A1", "partner": "P1", "naam": "Spreekuur", "niveau": "2"}],
        routes=[
            {"id": "R1", "van": "rol:huisarts", "naar": "rol:lokaal-team", "soort": "verwijzing"},
            {"id": "R2", "van": "P3", "naar": "P1", "soort": "verwijzing", "aantal_per_jaar": "4"},
            {"id": "R3", "van": "P2", "naar": "aanbod:A1", "soort": "verwijzing", "gemeenten": "Barneveld"},
        ],
        wachttijden=[
            {"op": "P1", "soort": "aanmeldwachttijd", "waarde": "8 - 12 weken", "peildatum": "2026-05"},
            {"op": "P1", "soort": "aanmeldwachttijd", "waarde": "20 weken", "peildatum": "2025-05"},
            {"op": "route:R3", "soort": "aanmeldwachttijd", "waarde": "2 weken", "peildatum": "2020"},
            {"op": "rol:lokaal-team", "soort": "besluit", "waarde": "6 weken", "peildatum": "2026-05"},
        ],
        lijnen=[{"van": "P1", "naar": "P2", "sterkte": "kennen"}],
        normen=[
            {"id": "N1", "soort": "aanmeldwachttijd", "waarde": "6", "eenheid": "weken", "geldt_voor": "lokaal-team"},
            {"id": "N2", "soort": "aanmeldwachttijd", "waarde": "4", "eenheid": "weken", "geldt_voor": "jeugd-ggz"},
            {"id": "N3", "soort": "besluit", "waarde": "8", "eenheid": "weken", "geldt_voor": "GM0228"},
        ],
        uitstroom=[{"partner": "P2", "naar": "P1", "aantal": "40", "jaar": "2025"}],
    )


def test_a_partner_by_hand(small: Landscape) -> None:
    told = about(small, "P1")
    assert {t: [s.id for s in found] for t, found in told.statements.items() if t not in ("waits", "lines", "outflow")} == {
        "partners": ["P4"],
        "offerings": ["A1"],
        "routes": ["R3", "R2"],  # both to here, by the name at the other side: Praktijk before Praktijk Oost
    }
    assert [s.row["value"] for s in told.of("waits")] == ["8 - 12 weken", "2 weken", "20 weken"]
    assert [told.readings[s.id].replaced for s in told.of("waits")] == [False, False, True]
    assert [told.readings[s.id].outdated for s in told.of("waits")] == [False, True, False]
    # the norm of its own kind and role; N2 is for others, N3 of another kind
    assert [n.id for n in told.readings[told.of("waits")[0].id].norms] == ["N1"]
    assert len(told.of("lines")) == len(told.of("outflow")) == 1
    assert {s.id: s.suppressed for s in told.of("routes")} == {"R2": ("per_year",), "R3": ()}
    by_id = {d.statement.id: d for d in told.of_role if d.statement.table == "routes"}
    # in Ede the route of P3 goes before the one of its role, so only P2 is meant by it
    assert by_id["R1"].others == ("P2",)
    assert by_id["R1"].municipalities == ("GM0228",)
    decision = next(d.statement for d in told.of_role if d.statement.table == "waits")
    assert decision.row["value"] == "6 weken"
    assert [n.id for n in told.readings[decision.id].norms] == ["N3"]
    # 8 to 12 weeks, expected 10 (CONTRACTS §4); the offering takes its partner's
    assert [(c.subject, c.wait.low, c.wait.expected, c.wait.high) for c in told.computed] == [
        ("P1", 56, 70, 84),
        ("aanbod:A1", 56, 70, 84),
    ]
    assert {(q.table, q.key) for q in told.questions} >= {("partners", "contact"), ("offerings", "ages"), ("routes", "basis")}
    assert ("partners", "wait") not in {(q.table, q.key) for q in told.questions}
    assert {(a.id, a.key) for a in told.assumed} >= {("A1", "ages"), ("A1", "themes"), ("R2", "handover")}


def test_a_log_of_referrals_is_told_to_both_ends(landscape_of: LandscapeOf) -> None:
    landscape = landscape_of(
        partners=[{"id": f"P{n}", "naam": f"Partner {n}"} for n in (1, 2, 3)],
        aanbod=[{"id": "A1", "partner": "P2", "naam": "Spreekuur"}],
        overdrachten=[
            {"van": "P3", "naar": "P1", "aantal": "12", "periode_tm": "2025"},
            {"van": "P1", "naar": "aanbod:A1", "aantal": "9", "periode_tm": "2025"},
            {"van": "P1", "naar": "P3", "aantal": "30", "periode_tm": "2024"},
            {"van": "P1", "naar": "rol:soj", "periode_tm": "2025"},
        ],
        heen_en_weer=[{"van": "P2", "naar": "P1", "aantal": "20", "zonder_start": "3"}],
    )
    told = {p: about(landscape, p) for p in ("P1", "P2", "P3")}
    # the latest log first; in it from here before to here, by the name at the other side
    ends = [(s.row["from"], s.row["to"], s.row["number"]) for s in told["P1"].of("handovers")]
    assert ends == [("P1", "rol:soj", None), ("P1", "aanbod:A1", None), ("P3", "P1", 12), ("P1", "P3", 30)]
    assert [s.suppressed for s in told["P1"].of("handovers")] == [(), ("number",), (), ()]
    assert [s.row["to"] for s in told["P2"].of("handovers")] == ["aanbod:A1"]
    assert [s.row["from"] for s in told["P3"].of("handovers")] == ["P3", "P1"]
    both = [told[p].of("back_and_forth")[0] for p in ("P1", "P2")]
    assert both[0].row == both[1].row
    assert (both[0].row["number"], both[0].row["without_start"], both[0].suppressed) == (20, None, ("without_start",))
    assert (both[0].source.file, both[0].source.row) == ("heen_en_weer.csv", 2)


def test_what_is_unknown_is_asked_and_said_to_be_assumed(landscape_of: LandscapeOf) -> None:
    landscape = landscape_of(
        partners=[{"id": "P1", "naam": "Praktijk"}, {"id": "P2", "naam": "Inkoop", "rollen": "inkoop"}],
        aanbod=[{"id": "A1", "partner": "P1", "naam": "Spreekuur"}],
    )
    told = about(landscape, "P1")
    assert told.area_assumed
    keys = [q.key for q in told.questions if q.table == "partners"]
    assert keys == ["roles", "municipalities", "locations", "ask_for", "not_for", "contact_function", "contact", "wait"]
    wait = told.computed[0].wait
    assert (wait.assumed, wait.low, wait.high) == (True, 14, 182)  # onbekend_weken = [2, 26]
    # families do not come to a purchasing office: no question about a wait or an offering
    assert not {"wait", "offerings"} & {q.key for q in about(landscape, "P2").questions}


def test_findings_stand_with_their_row_or_with_the_partner(small: Landscape) -> None:
    row = {"code": "x", "severity": "fout", "sheet": None, "column": None, "message": "m", "cure": "c", "suggestion": None}
    own = {**row, "file": "aanbod.csv", "row": 2, "value": None}
    lost = {**row, "file": "routes.csv", "row": 99, "value": "Team Noord"}
    other = {**row, "file": "aanbod.csv", "row": 77, "value": "iets"}
    told = about(small, "P1", [own, lost, other])
    assert told.of("offerings")[0].findings == (own,)
    assert told.findings == (lost,)


def test_what_one_partner_names_is_shown_to_both(landscape_of: LandscapeOf) -> None:
    landscape = landscape_of(
        partners=[{"id": f"P{n}", "naam": f"Partner {n}"} for n in (1, 2, 3)],
        lijnen=[
            {"van": "P1", "naar": "P2", "sterkte": "kennen", "bron": "P1"},
            {"van": "P2", "naar": "P3", "sterkte": "kennen", "bron": "P2"},
        ],
    )
    sided = {p: [(o.said_by, o.not_by) for o in about(landscape, p).one_sided] for p in ("P1", "P2", "P3")}
    # P2 supplied a list too and does not name P1; P3 supplied none, so nothing can be said of it
    assert sided == {"P1": [("P1", "P2")], "P2": [("P1", "P2")], "P3": []}


def test_whose_words_stand_beside_a_figure(landscape_of: LandscapeOf) -> None:
    landscape = landscape_of(
        partners=[
            {"id": "P1", "naam": "A", "reactie": "Eerst dit."},
            {"id": "P2", "naam": "B"},
            {"id": "P3", "naam": "C", "reactie": "En dit."},
        ],
        aanbod=[{"id": "A1", "partner": "P3", "naam": "Spreekuur"}],
        routes=[{"id": "R1", "van": "P1", "naar": "aanbod:A1", "soort": "verwijzing"}],
    )
    assert concerned(landscape, ["rol:huisarts", "aanbod:A1", "P2", "route:R1"]) == ("P3", "P2")
    # a wait on a route is a figure about its end
    assert responses(landscape, ["route:R1"]) == (("P3", "En dit."),)
    assert responses(landscape, ["P2", "P1"]) == (("P1", "Eerst dit."),)


def test_an_unknown_partner_is_a_key_error(small: Landscape) -> None:
    with pytest.raises(KeyError):
        about(small, "P9")
