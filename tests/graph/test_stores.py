"""One contract over every store: what is written reads back equal, on both examples and every case folder."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
from rdflib import Graph

from routekaart.graph.landscape import Landscape
from routekaart.graph.schema import TABLES, Kind
from routekaart.graph.stores import parquet, rdf
from routekaart.loaders.read import Reading, read
from routekaart.ontology.terms import iri

CASES = [p for p in sorted((Path(__file__).parents[1] / "cases").iterdir()) if p.name != "citizen-numbers"]


def _parquet(landscape: Landscape, folder: Path) -> Landscape:
    parquet.write(landscape, folder)
    return parquet.read(folder)


def _rdf(landscape: Landscape, folder: Path) -> Landscape:
    folder.mkdir()
    rdf.write(landscape, folder)
    return rdf.read(folder / rdf.PUBLIC, folder / rdf.WITHHELD)


#: Each store: write and read, and what it is equal to.
STORES: dict[str, tuple[Callable[[Landscape, Path], Landscape], Callable[[Landscape], Landscape]]] = {
    "parquet": (_parquet, lambda landscape: landscape),
    "rdf": (_rdf, Landscape.without_superseded_waits),
}


def same(one: Landscape, other: Landscape) -> None:
    for name in TABLES:
        for column in one[name].columns:
            assert one[name][column].to_list() == other[name][column].to_list(), f"{name}.{column}"
    assert one == other


@pytest.mark.parametrize("store", STORES)
def test_the_examples_read_back_equal(store: str, example: Reading, tmp_path: Path) -> None:
    there_and_back, kept = STORES[store]
    same(there_and_back(example.landscape, tmp_path / "x"), kept(example.landscape))


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
@pytest.mark.parametrize("store", STORES)
def test_every_case_reads_back_equal(store: str, case: Path, tmp_path: Path) -> None:
    there_and_back, kept = STORES[store]
    landscape = read(case).landscape
    same(there_and_back(landscape, tmp_path / "x"), kept(landscape))


@pytest.mark.parametrize("store", STORES)
def test_hostile_texts_read_back_as_they_were(store: str, tmp_path: Path, landscape_of: Callable[..., Landscape]) -> None:
    texts = [
        '"quotes" and \\ backslash',
        "two\nlines\r\nand\ttabs",
        "<b>&amp;</b>",
        "'; DROP",
        "é ü ☃ 漢字",
        "\\u0041",
        "ends with \\",
        "{x}",
        "a;b > c",
    ]
    partners = [{"id": f"P {n}/é#%", "naam": t, "niet_voor": t, "andere_namen": t} for n, t in enumerate(texts)]
    routes = [{"id": "R/1#?", "van": "P 0/é#%", "naar": "P 1/é#%", "soort": "verwijzing", "voorwaarden": t} for t in texts[:1]]
    landscape = landscape_of(partners=partners, routes=routes)
    there_and_back, kept = STORES[store]
    same(there_and_back(landscape, tmp_path / "x"), kept(landscape))


@pytest.mark.parametrize("seed", range(20))
def test_no_cell_is_lost_whatever_else_of_the_row_is_empty(seed: int, tmp_path: Path, voorbeeldregio: Reading) -> None:
    # a null in concat_str nulls the whole row's text: holes are made in random optional cells
    r = random.Random(seed)
    holed = {}
    for table in TABLES.values():
        frame = voorbeeldregio.landscape[table.name].head(40)
        keep = {c.name for c in table.stored if c.required or c.name in (table.key, "id", "file", "row")}
        if table.name in ("region", "sources", "roles", "themes"):
            holed[table.name] = voorbeeldregio.landscape[table.name]
            continue
        columns = []
        for column in frame.columns:
            mask = pl.Series([column in keep or r.random() < 0.5 for _ in range(frame.height)], dtype=pl.Boolean)
            columns.append(pl.select(pl.when(mask).then(frame[column]).alias(column)).to_series())
        holed[table.name] = pl.DataFrame(columns, schema=frame.schema)
    landscape = Landscape.of(holed)
    same(_rdf(landscape, tmp_path / "x"), landscape.without_superseded_waits())


def test_the_triples_are_as_many_as_the_cells(example: Reading, tmp_path: Path) -> None:
    """A second count, cell by cell: a type, a link to the row and one triple per value of every row."""
    landscape = example.landscape.without_superseded_waits()
    expected = 0
    for table in TABLES.values():
        for row in landscape[table.name].iter_rows(named=True):
            expected += 2
            for column in table.stored:
                value = row[column.name]
                if column.name in ("file", "sheet", "row") or value is None:
                    continue
                expected += 1 if column.kind is Kind.CHAIN or not isinstance(value, list) else len(value)
    rdf.write(example.landscape, tmp_path)
    rows, extras = 0, ("refersTo", "Chain", "chainText", "passes", "withholds")
    derived = {iri(e) for e in extras if e != "Chain"} | {iri(t) for t in ("org:member", "org:organization", "time:hasDuration")}
    for quad in ox.parse(path=str(tmp_path / rdf.PUBLIC)):
        subject = quad.subject.value
        if "/memberships/" in subject or subject.endswith("/duration") or "/chains/" in subject or "/concept/method-" in subject:
            continue
        rows += quad.predicate.value not in derived
    withheld = (tmp_path / rdf.WITHHELD).read_text().count("\n")
    assert rows + withheld == expected


def test_rdflib_reads_the_same_triples_as_oxigraph(gelderse_vallei: Reading, tmp_path: Path) -> None:
    number = rdf.write(gelderse_vallei.landscape, tmp_path)
    triples = set(Graph().parse(tmp_path / rdf.PUBLIC, format="nt"))
    assert len(triples) == number == len({str(q.triple) for q in ox.parse(path=str(tmp_path / rdf.PUBLIC))})


def test_small_counts_of_families_stand_apart(voorbeeldregio: Reading, tmp_path: Path) -> None:
    rdf.write(voorbeeldregio.landscape, tmp_path)
    threshold = voorbeeldregio.landscape.settings.threshold
    counted = {iri(c.term) for t in TABLES.values() for c in t.stored if c.kind is Kind.FAMILIES}
    public = [int(q.object.value) for q in ox.parse(path=str(tmp_path / rdf.PUBLIC)) if q.predicate.value in counted]
    # nobody is not a small number
    assert min(n for n in public if n != 0) >= threshold
    small = [int(q.object.value) for q in ox.parse(path=str(tmp_path / rdf.WITHHELD))]
    assert small
    assert max(small) < threshold
    said = sum(q.predicate.value == iri("withholds") for q in ox.parse(path=str(tmp_path / rdf.PUBLIC)))
    assert said == len(small)


def test_the_same_tables_give_the_same_bytes_in_any_order_of_rows(voorbeeldregio: Reading, tmp_path: Path) -> None:
    landscape = voorbeeldregio.landscape
    shuffled = Landscape.of({name: frame.sample(fraction=1, shuffle=True, seed=1) for name, frame in landscape.frames.items()})
    for name, one in (("a", landscape), ("b", shuffled)):
        (tmp_path / name).mkdir()
        rdf.write(one, tmp_path / name)
        parquet.write(one, tmp_path / name)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes(), file.name


def test_only_superseded_waits_are_left_out(landscape_of: Callable[..., Landscape]) -> None:
    base = {"op": "P1", "soort": "aanmeldwachttijd", "waarde": "4 weken"}
    waits = [
        {**base, "peildatum": "2026-01-01"},
        {**base, "peildatum": "2026-02-01", "waarde": "5 weken"},  # supersedes the first
        {**base, "peildatum": "2026-02-01", "waarde": "6 weken"},  # the same day: both stay
        {**base, "peildatum": "2025-01-01", "themas": "adhd"},  # another condition
        {**base, "peildatum": "2025-01-01", "soort": "besluit"},  # another kind
        {**base, "peildatum": "", "meetwijze": "schatting"},  # undated, the only one measured so
        {**base, "peildatum": ""},  # undated: any date goes before it
    ]
    landscape = landscape_of(partners=[{"id": "P1", "naam": "Een"}], wachttijden=waits)
    assert sorted(landscape.without_superseded_waits()["waits"]["row"]) == [3, 4, 5, 6, 7]
