"""The network of GraphML, GEXF and Kumu, opened again by other readers and counted against the tables themselves."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import networkx as nx
import polars as pl
import pytest

from routekaart.graph.exports.formats import FORMATS, export
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading

EXAMPLES = Path(__file__).parents[2] / "examples"
NETWORKS = ("graphml", "gexf", "kumu")
GEXF = "{http://www.gexf.net/1.2draft}"
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
HOSTILE = [
    'two "quotes" & <b>tags</b>',
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE x; --",
    "]]>&amp;&#0;",
    "é ü ☃ 漢字 \U0001f9ed",
    "{x} %s \\u0041 \\",
    "a; b > c",
]


def written(landscape: Landscape, name: str, lang: str = "nl") -> bytes:
    out = io.BytesIO()
    export(landscape, name, out, lang)
    return out.getvalue()


def graph(landscape: Landscape, name: str) -> nx.MultiDiGraph:
    """GraphML or GEXF by NetworkX's readers."""
    source = io.BytesIO(written(landscape, name))
    # without parallel edges NetworkX reads a simple graph, unless asked
    return nx.read_graphml(source, force_multigraph=True) if name == "graphml" else nx.MultiDiGraph(nx.read_gexf(source))


def blueprint(landscape: Landscape) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written(landscape, "kumu"))
    return found


def rows(example: str, table: str) -> list[dict[str, str]]:
    """A table of an example as it stands in its file, by Python's own reader."""
    with (EXAMPLES / example / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_nodes_and_edges_are_those_of_the_files(name: str, voorbeeldregio: Reading) -> None:
    landscape = voorbeeldregio.landscape
    found = graph(landscape, name)
    partners, offerings, routes, lines = (rows("voorbeeldregio", t) for t in ("partners", "aanbod", "routes", "lijnen"))
    roles = {e for r in routes for e in (r["van"], r["naar"]) if e.startswith("rol:")}
    kinds = Counter(values["type"] for _, values in found.nodes(data=True))
    assert kinds == {"partner": len(partners), "aanbod": len(offerings), "rol": len(roles)}
    relations = Counter(values["relation"] for _, _, values in found.edges(data=True))
    known = {r.removeprefix("rol:") for r in roles}
    assert relations == {
        "route": len(routes),
        "lijn": len(lines),
        "biedt": sum(1 for o in offerings if o["partner"]),
        "vervult": sum(len(known & set(roles_ or ())) for roles_ in landscape["partners"]["roles"].to_list()),
        "onderdeel van": sum(1 for p in partners if p["onderdeel_van"]),
    }


def test_graphml_gexf_and_kumu_say_the_same(example: Reading) -> None:
    landscape = example.landscape
    one, other, kumu = graph(landscape, "graphml"), graph(landscape, "gexf"), blueprint(landscape)
    own = {"id", "label"}  # GEXF has these of its own
    assert {n: dict(v) for n, v in one.nodes(data=True)} == {n: dict(v) for n, v in other.nodes(data=True)}
    edges = {(u, v, k): {n: x for n, x in d.items() if n not in own} for u, v, k, d in one.edges(keys=True, data=True)}
    assert edges == {(u, v, k): {n: x for n, x in d.items() if n not in own} for u, v, k, d in other.edges(keys=True, data=True)}
    assert {e["id"] for e in kumu["elements"]} == set(one)
    assert {(c["from"], c["to"], c["id"]) for c in kumu["connections"]} == set(one.edges(keys=True))


def test_a_route_tells_what_it_is(voorbeeldregio: Reading) -> None:
    """R0001 of routes.csv, column by column, and a wait by hand."""
    (row,) = [r for r in rows("voorbeeldregio", "routes") if r["id"] == "R0001"]
    found = graph(voorbeeldregio.landscape, "graphml").edges[row["van"], row["naar"], "route:R0001"]
    assert (found["label"], found["relation"], found["per_year"]) == (row["soort"], "route", int(row["aantal_per_jaar"]))
    assert (found["conditions"], found["source_date"]) == (row["voorwaarden"], row["bron_datum"])


def test_waits_ages_and_lists_are_one_value(landscape_of: Callable[..., Landscape]) -> None:
    landscape = landscape_of(
        partners=[
            {"id": "P1", "naam": "Een", "rollen": "huisarts", "gemeenten": "Ede; Barneveld"},
            {"id": "P2", "naam": "Twee"},
            {"id": "P3", "naam": "Drie"},
        ],
        routes=[
            {
                "id": "R1",
                "van": "P1",
                "naar": "P2",
                "soort": "verwijzing",
                "leeftijd_van": "4",
                "leeftijd_tot": "30 mnd",
                "besluit_nodig": "nee",
            }
            | {"leeftijd_van": "6 mnd"},
            {"id": "R2", "van": "P1", "naar": "P2", "soort": "toeleiding", "gemeenten": "Ede; Barneveld", "overdracht": "1 week"},
            {"id": "R3", "van": "P1", "naar": "P3", "soort": "verwijzing"},
            {"id": "R4", "van": "P2", "naar": "P3", "soort": "verwijzing"},
        ],
        wachttijden=[
            {"op": "P2", "soort": "aanmeldwachttijd", "waarde": "8 - 12 weken", "peildatum": "2026-05-01"},
            {"op": "route:R2", "soort": "aanmeldwachttijd", "waarde": "> 4 weken", "peildatum": "2026-05-01"},
            {"op": "P3", "soort": "aanmeldwachttijd", "waarde": "aanmeldstop", "peildatum": "2026-05-01"},
            {"op": "P1", "soort": "aanmeldwachttijd", "waarde": "3 weken", "peildatum": "2020"},
        ],
    )
    found = graph(landscape, "graphml")
    assert found.nodes["P1"]["municipalities"] == "Barneveld; Ede"
    first, second, third = (
        found.edges[u, v, k] for u, v, k in (("P1", "P2", "route:R1"), ("P1", "P2", "route:R2"), ("P1", "P3", "route:R3"))
    )
    assert (first["age_from"], first["age_until"], first["decision_needed"]) == (0.5, 2.5, "nee")
    # CONTRACTS §4: 8 - 12 weeks is 8, 10, 12; "> 4" is 4, 4 and no end; the route's own before that of where it leads
    assert [first[f"wait_weeks_{n}"] for n in ("low", "expected", "high")] == [8.0, 10.0, 12.0]
    assert (second["wait_weeks_low"], second["wait_weeks_expected"], second["handover_days"]) == (4.0, 4.0, 7.0)
    assert "wait_weeks_high" not in second
    assert third["intake_stop"] == "ja"
    assert not [name for name in third if name.startswith("wait_weeks")]
    # 2020 is older than 24 months before the reference date: no wait is known, which is not zero
    assert not [name for name in found.nodes["P1"] if name.startswith("wait")]


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_every_attribute_has_one_type_and_no_value_is_nothing(name: str, example: Reading) -> None:
    """Gephi makes a column of each declared attribute: a name that is declared twice, or a "None", is a broken column."""
    root = ET.fromstring(written(example.landscape, name))  # our own file
    if name == "graphml":
        declared = [(k.get("for"), k.get("attr.name"), k.get("attr.type")) for k in root.iter(f"{GRAPHML}key")]
        values = {k.get("id"): (k.get("attr.type"), []) for k in root.iter(f"{GRAPHML}key")}
        for data in root.iter(f"{GRAPHML}data"):
            values[data.get("key")][1].append(data.text)
    else:
        declared = [
            (a.get("class"), b.get("title"), b.get("type"))
            for a in root.iter(f"{GEXF}attributes")
            for b in a.iter(f"{GEXF}attribute")
        ]
        values = {b.get("id"): (b.get("type"), []) for b in root.iter(f"{GEXF}attribute")}
        for data in root.iter(f"{GEXF}attvalue"):
            values[data.get("for")][1].append(data.get("value"))
    assert len({d[:2] for d in declared}) == len(declared)
    assert {type_ for *_, type_ in declared} <= {"string", "double", "long"}
    for type_, texts in values.values():
        assert not {None, "", "None", "nan", "[]"} & set(texts)
        if type_ != "string":
            assert all(re.fullmatch(r"-?\d+" if type_ == "long" else r"-?\d+(\.\d+)?(e-?\d+)?", t) for t in texts)


def test_gephi_finds_nothing_in_gexf_that_it_does_not_know(voorbeeldregio: Reading) -> None:
    """What Gephi's importer asks: ids that are unique and refer, a type of edge that it knows, no date of today."""
    root = ET.fromstring(written(voorbeeldregio.landscape, "gexf"))  # our own file
    nodes = [n.get("id") for n in root.iter(f"{GEXF}node")]
    edges = list(root.iter(f"{GEXF}edge"))
    assert len(nodes) == len(set(nodes))
    assert len({e.get("id") for e in edges}) == len(edges)
    assert {e.get(end) for e in edges for end in ("source", "target")} <= set(nodes)
    assert {e.get("type") for e in edges} <= {None, "directed"}
    (about,) = root.iter(f"{GEXF}meta")
    assert about.get("lastmodifieddate") == "2026-09-01"
    (whole,) = root.iter(f"{GEXF}graph")
    assert (whole.get("mode"), whole.get("defaultedgetype")) == ("static", "directed")


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_input_gives_the_same_bytes(name: str, gelderse_vallei: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    first = written(gelderse_vallei.landscape, name)
    monkeypatch.setattr("time.strftime", lambda *_: "1999-12-31")
    assert written(Landscape.of(dict(gelderse_vallei.landscape.frames)), name) == first


@pytest.mark.parametrize("name", NETWORKS)
def test_hostile_texts_come_back_as_they_were(name: str, landscape_of: Callable[..., Landscape]) -> None:
    partners = [{"id": f"P {n}/é#%", "naam": t, "waarvoor_benaderen": t, "niet_voor": t} for n, t in enumerate(HOSTILE)]
    landscape = landscape_of(
        partners=partners, routes=[{"id": "R/1", "van": "P 0/é#%", "naar": "P 1/é#%", "soort": "verwijzing"}]
    )
    if name == "kumu":
        found = {e["id"]: e for e in blueprint(landscape)["elements"]}
        assert "<b>" not in found["P 0/é#%"]["description"]  # Kumu's descriptions are Markdown
    else:
        found = dict(graph(landscape, name).nodes(data=True))
    for n, text in enumerate(HOSTILE):
        assert (found[f"P {n}/é#%"]["label"], found[f"P {n}/é#%"]["not_for"]) == (text, text)


def test_signs_that_xml_cannot_hold_are_left_out(landscape_of: Callable[..., Landscape]) -> None:
    """The loaders lose most of them; a landscape of another store may have them, and one makes a whole file unreadable."""
    landscape = landscape_of(partners=[{"id": "P1", "naam": "x"}])
    name = "a\x00b\x0bc\ufffed\ud7ffe\nf"
    broken = landscape.replaced(partners=landscape["partners"].with_columns(name=pl.lit(name)))
    for kind in ("graphml", "gexf"):
        assert graph(broken, kind).nodes["P1"]["label"].replace(" ", "\n") == "abcd\ud7ffe\nf"


def test_labels_in_kumu_are_unique_whatever_their_case(landscape_of: Callable[..., Landscape]) -> None:
    landscape = landscape_of(
        partners=[
            {"id": "P1", "naam": "Spreekuur", "vestigingen": "Ede"},
            {"id": "P2", "naam": "SPREEKUUR", "vestigingen": "Barneveld"},
            {"id": "P3", "naam": "Spreekuur", "vestigingen": "Ede"},
            {"id": "P4", "naam": "Spreekuur (Barneveld)"},
            {"id": "P5", "naam": "Spreekuur [P1]"},
        ],
        aanbod=[{"id": "O1", "naam": "spreekuur", "partner": "P5"}],
    )
    labels = {e["id"]: e["label"] for e in blueprint(landscape)["elements"]}
    assert labels == {
        "P1": "Spreekuur [P1]'",
        "P2": "SPREEKUUR [P2]",
        "P3": "Spreekuur [P3]",
        "P4": "Spreekuur (Barneveld)",
        "P5": "Spreekuur [P1]",
        "aanbod:O1": "spreekuur (Spreekuur [P1])",
    }


def test_kumu_is_a_blueprint(example: Reading) -> None:
    """https://docs.kumu.io/guides/import/blueprints: two lists; ids unique over both, and connections that lead somewhere."""
    found = blueprint(example.landscape)
    assert list(found) == ["elements", "connections"]
    ids = [item["id"] for part in found.values() for item in part]
    assert len(ids) == len(set(ids))
    labels = [e["label"].casefold() for e in found["elements"]]
    assert len(labels) == len(set(labels))
    elements = {e["id"] for e in found["elements"]}
    for connection in found["connections"]:
        assert {connection["from"], connection["to"]} <= elements
        assert connection["direction"] == "directed"
    assert all(isinstance(tag, str) and tag for e in found["elements"] for tag in e.get("tags", ["x"]))
    assert None not in [value for part in found.values() for item in part for value in item.values()]


@pytest.mark.parametrize("name", FORMATS)
def test_a_planted_small_number_is_nowhere(
    name: str, landscape_of: Callable[..., Landscape], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a threshold of 9999 the number 7391 is small: unlike a 7 it cannot stand anywhere by chance."""
    small, large = "7391", "12345"
    landscape = landscape_of(
        toml='[regio]\nnaam = "x"\npeildatum = "2026-06-01"\n[instellingen]\ndrempel = 9999\n',
        partners=[{"id": "P1", "naam": "Een"}, {"id": "P2", "naam": "Twee"}],
        aanbod=[{"id": "O1", "partner": "P1", "naam": "Aanbod", "instroom_per_jaar": small}],
        routes=[
            {"id": "R1", "van": "P1", "naar": "P2", "soort": "verwijzing", "aantal_per_jaar": small},
            {"id": "R2", "van": "P2", "naar": "P1", "soort": "verwijzing", "aantal_per_jaar": large},
        ],
        vraag=[{"gemeente": "Ede", "instap": "P1", "aantal_per_jaar": small}],
        wachttijden=[{"op": "P1", "soort": "totaal", "waarde": "6 weken", "aantal": small, "gecensureerd": small}],
        uitstroom=[{"partner": "P1", "naar": "P2", "aantal": small, "waarvan_terug": small}],
        overdrachten=[{"van": "P1", "naar": "P2", "aantal": small}],
        heen_en_weer=[{"van": "P1", "naar": "P2", "aantal": small, "zonder_start": small}],
    )
    assert landscape["routes"]["per_year"].to_list() == [int(small), int(large)]
    content = written(landscape, name)
    if name == "csv":
        import zipfile

        archive = zipfile.ZipFile(io.BytesIO(content))
        content = b"\n".join(archive.read(n) for n in archive.namelist())
    assert small.encode() not in content
    if name != "hsds":  # which knows no routes
        assert large.encode() in content
    if name in NETWORKS:
        assert b"withheld" in content


def test_a_threshold_of_zero_hides_nothing(landscape_of: Callable[..., Landscape]) -> None:
    landscape = landscape_of(
        toml='[regio]\npeildatum = "2026-06-01"\n[instellingen]\ndrempel = 0\n',
        partners=[{"id": "P1", "naam": "Een"}, {"id": "P2", "naam": "Twee"}],
        routes=[{"id": "R1", "van": "P1", "naar": "P2", "soort": "verwijzing", "aantal_per_jaar": "3"}],
    )
    assert graph(landscape, "graphml").edges["P1", "P2", "route:R1"]["per_year"] == 3


def test_labels_are_in_the_language_that_is_asked(gelderse_vallei: Reading) -> None:
    def types(lang: str) -> Mapping[str, int]:
        found = nx.read_graphml(io.BytesIO(written(gelderse_vallei.landscape, "graphml", lang)))
        return Counter(values["type"] for _, values in found.nodes(data=True))

    assert set(types("nl")) == {"partner", "aanbod", "rol"}
    assert {"partner": types("nl")["partner"], "offering": types("nl")["aanbod"], "role": types("nl")["rol"]} == types("en")
