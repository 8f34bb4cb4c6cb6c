"""What the two examples must show, and that they hold to the ontology's shapes."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from pyshacl import validate
from rdflib import Graph

from routekaart.graph.analyses.offers import offers
from routekaart.graph.analyses.route import route
from routekaart.graph.stores import rdf
from routekaart.loaders.read import Reading

ONTOLOGY = Path(__file__).parents[2] / "ontology"


def test_an_example_has_no_findings_and_every_row_a_source(example: Reading) -> None:
    assert example.findings == ()
    for name, count in example.counts.items():
        assert count.quarantined == 0
        assert example.landscape[name]["source"].null_count() == 0, name


@pytest.mark.usefixtures("sparql_read_once")
def test_an_example_holds_to_the_shapes(example: Reading, tmp_path: Path) -> None:
    rdf.write(example.landscape, tmp_path)
    graph = Graph().parse(tmp_path / rdf.PUBLIC, format="nt").parse(tmp_path / rdf.WITHHELD, format="nt")
    for name in ("routekaart.ttl", "concepts.ttl"):
        graph.parse(ONTOLOGY / name)
    conforms, _, report = validate(graph, shacl_graph=Graph().parse(ONTOLOGY / "shapes.ttl"), allow_warnings=True)
    assert conforms, report[:3000]


def test_the_real_region_knows_no_current_wait(gelderse_vallei: Reading) -> None:
    landscape = gelderse_vallei.landscape
    for municipality in landscape.region_municipalities:
        for offer in offers(landscape, municipality, levels=(0, 1, 2, 3, 4)).offers:
            assert offer.wait.assumed, offer.name  # all are 2017–2020 or undated (region/LEESMIJ.md)


def test_the_core_chain_stands_in_every_municipality_beside_its_statement(gelderse_vallei: Reading) -> None:
    landscape = gelderse_vallei.landscape
    assert len(landscape.region_municipalities) == 8
    for municipality in landscape.region_municipalities:
        answer = route(landscape, municipality, start="rol:huisarts", goal="rol:gemeente", age=12 * 12, theme="opvoeden")
        way = answer.ways[0]
        assert way.path[1] == "rol:soj"
        assert (way.low / 7, (way.high or 0) / 7) == (4, 52)  # two unknown waits of 2–26 weeks each
        said = [s for s in answer.statements if len(s.on) == 3]
        assert [(s.expected, s.clock_to) for s in said] == [(78 * 7, "duidelijk welke hulp nodig is")]
        assert said[0].source.text is not None
        assert "Veerkracht in Opvoeden" in said[0].source.text


def test_reports_to_veilig_thuis_are_reports(gelderse_vallei: Reading) -> None:
    landscape = gelderse_vallei.landscape
    safety = landscape["partners"].filter(pl.col("roles").list.contains("veiligheid"))["id"].to_list()
    towards = landscape["routes"].filter(pl.col("to").is_in(["rol:veiligheid", *safety]))
    assert towards.height >= 3
    assert set(towards["kind"]) <= {"melding", "consultatie"}


def test_no_raw_fact_of_the_region_was_lost(gelderse_vallei: Reading) -> None:
    # region/LEESMIJ.md: 54 partners, 46 offerings, 12 waits, 9 municipalities; P04 is a function, not an organisation
    counts = {name: c.used for name, c in gelderse_vallei.counts.items()}
    assert counts["municipalities"] == 9
    assert counts["partners"] == 53
    assert counts["waits"] == 12
    assert "P04" in (Path(__file__).parents[2] / "examples" / "gelderse-vallei" / "LEESMIJ.md").read_text("utf-8")


def test_the_fictional_region_is_complete_and_says_that_it_is_fictional(voorbeeldregio: Reading) -> None:
    counts = {name: c.used for name, c in voorbeeldregio.counts.items()}
    assert counts["municipalities"] == 8
    assert counts["offerings"] == 600
    assert counts["routes"] == 1000
    assert all(counts.values())
    assert "fictief" in voorbeeldregio.landscape.settings.title
    for name in counts:
        assert voorbeeldregio.landscape[name]["source"].str.contains("fictief").all(), name


@pytest.mark.parametrize("edition", ["voorbeeldregio-2025"])
def test_the_earlier_edition_reads_without_fault(edition: str) -> None:
    from routekaart.loaders.read import read

    assert read(Path(__file__).parents[2] / "examples" / edition).findings == ()
