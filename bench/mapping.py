"""The tables as morph-kgc wants them: flat CSVs and an RML mapping, both derived from graph/schema.py.

Cells are made ready where RML cannot: IRIs are written out, list cells stand in a file of their own,
dates are split by their precision, small counts of families are withheld. Nothing of our own writer of
triples is used but the IRIs, so that equal output says something about both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import polars as pl

from routekaart.graph.landscape import Landscape
from routekaart.graph.schema import ADDRESS, TABLES, Column, Kind, Table
from routekaart.graph.stores import iris
from routekaart.graph.stores.triples import chain_id
from routekaart.ontology.concepts import scheme
from routekaart.ontology.terms import PREFIXES, iri

IRI, TEXT, DUTCH = "iri", "text", "nl"
DATATYPES = {
    Kind.URL: "anyURI",
    Kind.YESNO: "boolean",
    Kind.COUNT: "integer",
    Kind.FAMILIES: "integer",
    Kind.AGE: "integer",
    Kind.NUMBER: "decimal",
    Kind.DAYS: "decimal",
}
CONCEPTS = (Kind.CONCEPT, Kind.CONCEPTS)
MUNICIPALITIES = (Kind.MUNICIPALITY, Kind.MUNICIPALITIES)
ENDPOINTS = (Kind.PARTNER, Kind.PARTNERS, Kind.ENDPOINT, Kind.DESTINATION)
DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}


@dataclass
class Sheet:
    """One CSV: a column ``s`` of subjects, then per column of objects (``o0`` …) its predicate and type."""

    name: str
    subjects: pl.Series
    type: str = ""
    rules: list[tuple[str, str]] = field(default_factory=list)
    objects: list[pl.Series] = field(default_factory=list)

    def add(self, term: str, type_: str, objects: pl.Series) -> None:
        """One predicate; nothing where there are no objects at all."""
        if objects.null_count() < objects.len():
            self.rules.append((iri(term), type_))
            self.objects.append(objects.alias(f"o{len(self.objects)}"))


def sheets(landscape: Landscape) -> Iterator[Sheet]:
    """Everything that graph.nt says of ``landscape``, superseded waits left out."""
    current = landscape.without_superseded_waits()
    base = iris.base_of(landscape)
    for table in TABLES.values():
        yield from _table(table, current, base)
    yield from _extras(current, base)


def _table(table: Table, landscape: Landscape, base: str) -> Iterator[Sheet]:
    frame = landscape[table.name]
    if frame.is_empty():
        return
    frame = frame.with_columns(s=_subject(table, frame, base))
    rows = Sheet(table.name, frame["s"], iri(table.term))
    for column in table.stored:
        if column.name in ADDRESS:
            continue
        if column.kind is Kind.FAMILIES:
            cell = pl.col(column.name)
            small = (cell < landscape.settings.threshold) & (cell > 0)
            rows.add("withholds", IRI, frame.select(pl.when(small).then(pl.lit(iri(column.term))))[:, 0])
            frame = frame.with_columns(pl.when(~small).then(cell))
        if column.is_list and column.kind is not Kind.CHAIN:
            long = frame.select("s", column.name).explode(column.name).drop_nulls()
            own = Sheet(f"{table.name}-{column.name}", long["s"])
            own.add(column.term, *_typed(column, long, base))
            yield own
        elif column.kind is Kind.DATE:
            for length, type_ in DATES.items():
                cell = pl.when(pl.col(column.name).str.len_chars() == length).then(pl.col(column.name))
                rows.add(column.term, type_, frame.select(cell)[:, 0])
        else:
            rows.add(column.term, *_typed(column, frame, base))
    place = iris.source(pl.col("file"), pl.col("sheet"), frame["file"], frame["sheet"], base)
    row = pl.when(pl.col("row").is_null()).then(pl.lit("")).otherwise(pl.lit("#row=") + pl.col("row").cast(pl.String))
    rows.add("prov:wasDerivedFrom", IRI, frame.select(place + row)[:, 0])
    yield rows


def _subject(table: Table, frame: pl.DataFrame, base: str) -> pl.Expr:
    if table.name == "municipalities":
        return iris.municipality(pl.col(table.key), base)
    if table.name == "sources":
        return iris.source(pl.col("file"), pl.col("sheet"), frame["file"], frame["sheet"], base)
    if table.name in ("roles", "themes"):
        return iris.concept(pl.col(table.key), table.name[:-1], base)
    return pl.lit(f"{base}{table.name}/") + iris.encoded(pl.col(table.key), frame[table.key])


def _typed(column: Column, frame: pl.DataFrame, base: str) -> tuple[str, pl.Series]:
    """The type of a column and its cells as IRIs or lexical forms."""
    cell, values = pl.col(column.name), frame[column.name]
    if column.kind in CONCEPTS:
        return IRI, frame.select(iris.concept(cell, column.scheme, base))[:, 0]
    if column.kind in MUNICIPALITIES and column.name != "code":
        return IRI, frame.select(iris.municipality(cell, base))[:, 0]
    if column.kind in ENDPOINTS:
        return IRI, frame.select(iris.endpoint(cell, values.unique().to_list(), base))[:, 0]
    if column.kind is Kind.CHAIN:
        ends = frame.select(iris.endpoint(cell.list.first(), values.list.first().unique().to_list(), base))[:, 0]
        made = [e if len(c) == 1 else f"{base}chains/{chain_id(c)}" for c, e in zip(values.to_list(), ends, strict=True)]
        return IRI, pl.Series(made, dtype=pl.String)
    type_ = DATATYPES.get(column.kind, TEXT)
    return type_, _decimals(values) if type_ == "decimal" else values.cast(pl.String)


def _decimals(values: pl.Series) -> pl.Series:
    known = values.drop_nulls().unique().to_list()
    return values.replace_strict(known, [format(Decimal(str(v)), "f") for v in known], default=None, return_dtype=pl.String)


def _extras(landscape: Landscape, base: str) -> Iterator[Sheet]:
    """What follows from the rows: refersTo, memberships, own methods, durations, chains."""
    kinds = scheme("route-kind")
    moving = [k for k in kinds.slugs if kinds[k].says("movesFamilies")]
    pairs = landscape["routes"].filter(pl.col("kind").is_in(moving)).select("from", "to").unique()
    ends = pairs.select(iris.endpoint(pl.col(n), pairs[n].unique().to_list(), base).alias(n) for n in pairs.columns)
    yield _sheet("refers", ends["from"], "", ("refersTo", IRI, ends["to"]))

    members = landscape["partners"].select("id", "roles").explode("roles").drop_nulls()
    id_ = iris.encoded(pl.col("id"), members["id"])
    frame = members.select(
        s=pl.lit(f"{base}memberships/") + id_ + "-" + pl.col("roles"),
        member=pl.lit(f"{base}partners/") + id_,
        role=iris.concept(pl.col("roles"), "role", base),
        region=pl.lit(f"{base}region/{landscape.settings.id}"),
    )
    objects = [("org:member", IRI, frame["member"]), ("org:role", IRI, frame["role"]), ("org:organization", IRI, frame["region"])]
    yield _sheet("memberships", frame["s"], "org:Membership", *objects)

    used = pl.concat(landscape[t]["methods"].explode() for t in ("offerings", "good_examples")).drop_nulls().unique()
    own = used.filter(~used.is_in(list(scheme("method").slugs))).to_frame("slug")
    schemes = pl.Series([f"{PREFIXES['rkc']}method"] * own.height, dtype=pl.String)
    subjects = own.select(iris.concept(pl.col("slug"), "method", base))[:, 0]
    labels = own["slug"].str.replace_all("-", " ")
    yield _sheet("methods", subjects, "skos:Concept", ("skos:inScheme", IRI, schemes), ("skos:prefLabel", DUTCH, labels))

    waits = landscape["waits"].filter(pl.col("days_expected").is_not_null())
    ids = waits.select(pl.lit(f"{base}waits/") + pl.col("id"))[:, 0]
    nodes = ids + "/duration"
    yield _sheet("has-duration", ids, "", ("time:hasDuration", IRI, nodes))
    weeks = (waits["days_expected"] / 7).round(4).cast(pl.String)
    unit = pl.Series([iri("time:unitWeek")] * nodes.len(), dtype=pl.String)
    objects = [("time:numericDuration", "decimal", weeks), ("time:unitType", IRI, unit)]
    yield _sheet("durations", nodes, "time:Duration", *objects)

    chains = sorted({tuple(c) for c in landscape["waits"]["on"].to_list() if len(c) > 1})
    frame = pl.DataFrame({"on": [list(c) for c in chains]}, schema={"on": pl.List(pl.String)}).with_columns(
        s=pl.Series([f"{base}chains/{chain_id(c)}" for c in chains], dtype=pl.String)
    )
    yield _sheet("chains", frame["s"], "Chain", ("chainText", TEXT, frame["on"].list.join(" > ")))
    long = frame.explode("on").unique()
    stations = long.select(iris.endpoint(pl.col("on"), long["on"].unique().to_list(), base))[:, 0]
    yield _sheet("passes", long["s"], "", ("passes", IRI, stations))


def _sheet(name: str, subjects: pl.Series, type_: str, *objects: tuple[str, str, pl.Series]) -> Sheet:
    made = Sheet(name, subjects, iri(type_) if type_ else "")
    for term, kind, values in objects:
        made.add(term, kind, values)
    return made


def write(landscape: Landscape, folder: Path, *, narrow: bool) -> int:
    """Write the CSVs and ``mapping.ttl``; the number of rules. ``narrow``: a CSV per property, without empty cells."""
    made: list[str] = []
    for sheet in sheets(landscape):
        if sheet.subjects.is_empty():
            continue
        frame = pl.DataFrame([sheet.subjects.alias("s"), *sheet.objects])
        rules = [(column, *rule) for column, rule in zip(frame.columns[1:], sheet.rules, strict=True)]
        parts = [(sheet.name, frame, sheet.type, rules)]
        if narrow:
            parts = [(f"{sheet.name}-{r[0]}", frame.select("s", r[0]).drop_nulls(), "", [r]) for r in rules]
            parts += [(f"{sheet.name}-type", frame.select("s"), sheet.type, [])] if sheet.type else []
        for name, part, type_, own in parts:
            part.write_csv(folder / f"{name}.csv")
            made.append(_triples_map(folder / f"{name}.csv", type_, own))
    prefixes = {
        "rr": "http://www.w3.org/ns/r2rml#",
        "rml": "http://semweb.mmlab.be/ns/rml#",
        "ql": "http://semweb.mmlab.be/ns/ql#",
        "xsd": PREFIXES["xsd"],
    }
    head = "".join(f"@prefix {p}: <{i}> .\n" for p, i in prefixes.items())
    (folder / "mapping.ttl").write_text(head + "".join(made), "utf-8")
    return sum(m.count("rr:predicateObjectMap") + m.count("rr:class") for m in made)


def _triples_map(path: Path, type_: str, rules: list[tuple[str, str, str]]) -> str:
    said = f'<#{path.stem}> rml:logicalSource [ rml:source "{path}" ; rml:referenceFormulation ql:CSV ] ;\n'
    said += '  rr:subjectMap [ rml:reference "s" ; rr:termType rr:IRI' + (f" ; rr:class <{type_}>" if type_ else "") + " ]"
    for column, predicate, kind in rules:
        as_ = {IRI: "; rr:termType rr:IRI", TEXT: "; rr:termType rr:Literal", DUTCH: '; rr:language "nl"'}.get(
            kind, f"; rr:datatype xsd:{kind}"
        )
        said += f' ;\n  rr:predicateObjectMap [ rr:predicate <{predicate}> ; rr:objectMap [ rml:reference "{column}" {as_} ] ]'
    return said + " .\n"
