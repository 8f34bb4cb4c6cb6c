"""The Landscape as RDF: N-Triples files, and back again from any RDF that holds the same triples."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyoxigraph as ox

from ...ontology.terms import PREFIXES, iri
from ..landscape import Landscape, dtype
from ..schema import ADDRESS, TABLES, Column, Kind, Table
from .iris import Reader
from .triples import Writer, side_by_side

PUBLIC: Final = "graph.nt"
WITHHELD: Final = "withheld.nt"
#: Pieces of text (1–2 MB each) that may wait for the disk.
_AHEAD: Final = 16
_TYPE: Final = PREFIXES["rdf"] + "type"


def write(landscape: Landscape, folder: Path) -> int:
    """Write graph.nt, and withheld.nt with the counts of families that are too small to show.

    Superseded waits are left out. Returns the number of triples in graph.nt; OSError when the disk refuses.
    """
    writer = Writer(landscape)
    number = 0
    with (folder / PUBLIC).open("wb") as public, (folder / WITHHELD).open("wb") as withheld:
        tasks = (
            (file, piece)
            for table in TABLES
            for file, pieces in ((public, writer.public(table)), (withheld, writer.withheld(table)))
            for piece in pieces
        )
        # by way of memory: Python tells of a full disk as an OSError, Polars in words of its own.
        # The disk has a thread to itself, so that the next table is prepared while the last is written.
        with ThreadPoolExecutor(1) as pen:
            waiting: deque[Future[int]] = deque()
            for file, lines, triples in side_by_side(tasks):
                waiting.append(pen.submit(file.write, lines))
                number += triples if file is public else 0
                if len(waiting) > _AHEAD:
                    waiting.popleft().result()
            while waiting:
                waiting.popleft().result()
    return number


def read(*files: Path) -> Landscape:
    """The Landscape in these RDF files (format by their ending). ValueError when they hold no edition of ours."""
    return from_triples(t for f in files for t in ox.parse(path=str(f)))


def from_triples(triples: Iterable[Any]) -> Landscape:
    """The Landscape in ``triples`` (pyoxigraph quads or triples), whatever their order."""
    by_predicate: dict[str, list[tuple[str, str]]] = {}
    for t in triples:
        node = t.subject
        if isinstance(node, ox.NamedNode):
            by_predicate.setdefault(t.predicate.value, []).append((node.value, t.object.value))
    edition = iri("Edition")
    editions = [s for s, o in by_predicate.get(_TYPE, []) if o == edition]
    if len(editions) != 1:
        raise ValueError(f"expected one edition of routekaart in the RDF, found {len(editions)}")
    base = editions[0].rpartition("region/")[0]
    reader = Reader(base, dict(by_predicate.get(iri("chainText"), [])))
    types: dict[str, list[str]] = {}
    for subject, object_ in by_predicate.get(_TYPE, []):
        types.setdefault(object_, []).append(subject)
    return Landscape.of({t.name: _table(t, types, by_predicate, reader) for t in TABLES.values()})


def _table(
    table: Table,
    types: Mapping[str, list[str]],
    by_predicate: Mapping[str, list[tuple[str, str]]],
    reader: Reader,
) -> pl.DataFrame:
    subjects = {s: n for n, s in enumerate(s for s in types.get(iri(table.term), []) if _is_row(s, table, reader))}
    frame: dict[str, pl.Series] = {}
    for column in table.stored:
        if column.name in ADDRESS:
            continue
        cells: list[Any] = [None] * len(subjects)
        for subject, object_ in by_predicate.get(iri(column.term), []):
            place = subjects.get(subject)
            if place is None:
                continue
            value = _value(column, object_, reader)
            if column.kind is Kind.CHAIN or not column.is_list:
                cells[place] = value
            else:
                cells[place] = [*(cells[place] or ()), value]
        if column.is_list and column.kind is not Kind.CHAIN:
            cells = [_sorted(column, c) for c in cells]
        frame[column.name] = pl.Series(column.name, cells, dtype=dtype(column))
    places: list[tuple[str, str | None, int | None]] = [("", None, None)] * len(subjects)
    for subject, object_ in by_predicate.get(iri("prov:wasDerivedFrom"), []):
        if subject in subjects:
            places[subjects[subject]] = reader.address(object_)
    for number, name in enumerate(ADDRESS):
        kind = dtype(table.column(name))
        frame[name] = pl.Series(name, [p[number] or None for p in places], dtype=kind)
    if table.name == "sources":
        made = [f if s is None else f"{f}#{s}" for f, s in zip(frame["file"], frame["sheet"], strict=True)]
        frame["id"] = pl.Series("id", made, dtype=pl.String)
    return pl.DataFrame(list(frame.values()))


def _is_row(subject: str, table: Table, reader: Reader) -> bool:
    """Whether a subject of the right class is a row of this table (standards' classes are shared)."""
    if table.name == "municipalities":
        return subject.startswith(PREFIXES["tooi"]) or subject.startswith(f"{reader.base}municipalities/")
    if table.name in ("roles", "themes"):
        return True
    return subject.startswith(f"{reader.base}{table.name}/")


def _sorted(column: Column, cells: list[str] | None) -> list[str] | None:
    """Lists as the loaders make them: concepts in the order of their scheme, all else by name."""
    if cells is None:
        return None
    if column.scheme:
        from ...ontology.concepts import scheme

        order = {slug: n for n, slug in enumerate(scheme(column.scheme).slugs)}
        return sorted(cells, key=lambda s: (order.get(s, len(order)), s))
    return sorted(cells)


def _value(column: Column, text: str, reader: Reader) -> Any:
    kind = column.kind
    if kind in (Kind.CONCEPT, Kind.CONCEPTS):
        return reader.concept(text, column.scheme)
    if kind in (Kind.MUNICIPALITY, Kind.MUNICIPALITIES):
        return text if column.name == "code" else reader.municipality(text)
    if kind in (Kind.PARTNER, Kind.PARTNERS, Kind.ENDPOINT, Kind.DESTINATION):
        return reader.endpoint(text)
    if kind is Kind.CHAIN:
        return reader.chain(text)
    if kind is Kind.YESNO:
        return text == "true"
    if kind in (Kind.COUNT, Kind.FAMILIES, Kind.AGE):
        return int(text)
    if kind in (Kind.NUMBER, Kind.DAYS):
        return float(text)
    return text
