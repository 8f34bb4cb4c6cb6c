"""The landscape as nodes and relationships, straight from columns: what a database should hold, and nothing that speaks to one.

Superseded waits are left out, as in RDF. Counts of families below the threshold are left out of their rows, which say so;
``internal`` adds them as nodes of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import polars as pl

from ....ontology.concepts import scheme, schemes
from ....ontology.terms import PREFIXES
from ...landscape import Landscape
from ...schema import TABLES, Column, Kind, Table
from .. import iris
from . import names

_RKC: Final = PREFIXES["rkc"]
#: Prefix of the columns that hold the keys to which a row links.
_LINK: Final = "->"


@dataclass(frozen=True)
class Block:
    """Nodes of one label, a row each.

    ``frame`` has ``key`` and ``hash``, the ``properties`` (lists never empty, unknown is null), and per relationship type
    of ``types`` a column ``->TYPE`` with the keys at the other end, in order. ``shortcut`` is the one that follows from
    these rows, between the first keys of ``->VAN`` and ``->NAAR`` where ``frame`` says so in ``shortcut``.
    """

    label: str
    frame: pl.DataFrame
    properties: tuple[str, ...]
    types: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()
    shortcut: names.Shortcut | None = None
    listed: bool = False

    def relationships(self) -> Iterator[tuple[str, int]]:
        """Every type with its number of relationships."""
        for type_ in self.types:
            yield type_, int(self.frame[_LINK + type_].list.len().sum() or 0)
        if self.shortcut is not None:
            yield self.shortcut.type, int(self.frame["shortcut"].sum() or 0)

    def rows(self, keys: Iterable[str] | None = None) -> Iterator[dict[str, Any]]:
        """Rows as a database takes them: ``key``, ``hash``, ``properties`` and ``links``; of ``keys`` or all."""
        frame = self.frame
        if keys is not None:
            frame = frame.filter(pl.col(names.KEY).is_in(list(keys)))
        ends = [_LINK + t for t in self.types]
        for row in frame.iter_rows(named=True):
            made: dict[str, Any] = {
                names.KEY: row[names.KEY],
                names.HASH: row[names.HASH],
                "properties": {p: row[p] for p in self.properties},
                "links": {t: row[c] or [] for t, c in zip(self.types, ends, strict=True)},
            }
            if self.shortcut is not None:
                made["shortcut"] = self._short(row, self.shortcut) if row["shortcut"] else []
            yield made

    def _short(self, row: Mapping[str, Any], shortcut: names.Shortcut) -> list[dict[str, Any]]:
        said = {p: row[p] for p in shortcut.properties if row[p] is not None}
        return [{"from": row["->VAN"][0], "to": row["->NAAR"][0], "properties": {names.OWNER: row[names.KEY], **said}}]


class PropertyGraph:
    """All nodes and relationships of a landscape, whose region is ``region``."""

    def __init__(self, landscape: Landscape, *, internal: bool = False) -> None:
        self._landscape = landscape.without_superseded_waits()
        self._base = iris.base_of(landscape)
        self._threshold = landscape.settings.threshold
        self.internal = internal
        self.region = landscape.settings.id
        #: References to what stands nowhere: kept as properties, without a relationship.
        self.unresolved = 0
        self.blocks = tuple(self._made())

    @cached_property
    def digest(self) -> str:
        """What is in the graph, as sixteen signs: the same for the same rows."""
        made = hashlib.blake2b(digest_size=8)
        for block in self.blocks:
            for row in sorted(block.frame[names.HASH]):
                made.update(row.encode())
        return made.hexdigest()

    @property
    def edition(self) -> str:
        """The name of this edition: its reference date and what is in it."""
        return f"{self._landscape.settings.reference_date}/{self.digest}"

    def nodes(self) -> dict[str, int]:
        """The number of nodes by label."""
        found: dict[str, int] = {}
        for block in self.blocks:
            found[block.label] = found.get(block.label, 0) + block.frame.height
        return {k: found[k] for k in sorted(found) if found[k]}

    def relationships(self) -> dict[str, int]:
        """The number of relationships by type."""
        found: dict[str, int] = {}
        for block in self.blocks:
            for type_, number in block.relationships():
                found[type_] = found.get(type_, 0) + number
        return {k: found[k] for k in sorted(found) if found[k]}

    @property
    def left_out(self) -> int:
        """How many counts of families are left out because they are small; none where ``internal``."""
        if self.internal:
            return 0
        return sum(int(b.frame[names.SUPPRESSED].list.len().sum() or 0) for b in self.blocks if names.SUPPRESSED in b.properties)

    # --- making -----------------------------------------------------------------------------------
    def _made(self) -> Iterator[Block]:
        tables = {t.name: self._rows(t) for t in TABLES.values()}
        listed = list(self._listed(tables))
        known = pl.concat([f.select(names.KEY) for f in (*tables.values(), *(f for _, f in listed))])[names.KEY]
        for scheme_name, frame in listed:
            properties = tuple(c for c in frame.columns if c != names.KEY)
            yield _hashed(Block(names.listed_label(scheme_name), frame, properties, listed=True))
        # what others refer to comes first, so that most rows find the other end of their relationships
        for table in sorted(TABLES.values(), key=lambda t: t.name not in ("municipalities", "roles", "themes")):
            yield _hashed(self._block(table, tables[table.name], known))
        if self.internal:
            for table in TABLES.values():
                yield from self._withheld(table)

    def _rows(self, table: Table) -> pl.DataFrame:
        """The rows of a table with their keys and the keys that they refer to."""
        frame = self._landscape[table.name]
        subject = iris.subject(table, frame, self._base)
        columns = [self._key(subject).alias(names.KEY), subject.alias(names.IRI)]
        for column in table.stored:
            cell = pl.col(column.name)
            small = _small(cell, self._threshold) if column.kind is Kind.FAMILIES else pl.lit(value=False)
            columns.append(pl.when(~small).then(cell).alias(column.name))
        columns += [self._links(c, frame).alias(_LINK + names.type_of(c)) for c in names.links(table)]
        return frame.select(*columns, self._suppressed(table).alias(names.SUPPRESSED))

    def _suppressed(self, table: Table) -> pl.Expr:
        said = [
            pl.when(_small(pl.col(c.name), self._threshold)).then(pl.lit(c.name)) for c in table.stored if c.kind is Kind.FAMILIES
        ]
        if not said:
            return pl.lit(None, pl.List(pl.String))
        found = pl.concat_list(said).list.drop_nulls()
        return pl.when(found.list.len() > 0).then(found)

    def _links(self, column: Column, frame: pl.DataFrame) -> pl.Expr:
        """The keys that the cells of ``column`` refer to, as lists."""
        cell = pl.col(column.name)
        values = frame[column.name].explode() if column.is_list else frame[column.name]
        one = pl.element() if column.is_list else cell
        made = self._key(self._target(one, column, values.unique().to_list()))
        if column.is_list:
            return cell.list.eval(made)
        return pl.when(cell.is_not_null()).then(pl.concat_list(made))

    def _target(self, cell: pl.Expr, column: Column, values: list[str | None]) -> pl.Expr:
        if column.kind in (Kind.CONCEPT, Kind.CONCEPTS):
            return iris.concept(cell, column.scheme, self._base)
        if column.kind in (Kind.MUNICIPALITY, Kind.MUNICIPALITIES):
            return iris.municipality(cell, self._base)
        return iris.endpoint(cell, values, self._base)

    def _key(self, iri: pl.Expr) -> pl.Expr:
        """The key of an IRI: under the region's id its path, or the last part of an IRI that all regions share."""
        own = iri.str.starts_with(self._base)
        path = pl.when(own).then(iri.str.strip_prefix(self._base)).otherwise(iri.str.split("/").list.last())
        return pl.lit(self._base.rsplit("/", 2)[1] + "/") + path

    def _listed(self, tables: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, pl.DataFrame]]:
        """The concepts that columns use and the municipalities that rows name without a row of their own."""
        rows = set(tables["roles"][names.IRI]) | set(tables["themes"][names.IRI])
        for name in names.listed_schemes():
            concepts = [c for c in schemes()[name].concepts.values() if f"{_RKC}{name}-{c.slug}" not in rows]
            yield (
                name,
                self._keyed(
                    [f"{_RKC}{name}-{c.slug}" for c in concepts],
                    {
                        "scheme": [name] * len(concepts),
                        "slug": [c.slug for c in concepts],
                        "name": [c.label("nl") for c in concepts],
                        "name_en": [c.label("en") for c in concepts],
                        "order": [c.order for c in concepts],
                    },
                ),
            )
        own = set(self._landscape["municipalities"]["code"])
        codes = sorted(c for c in self._codes() if c not in own and c not in scheme("area"))
        iri = pl.select(iris.municipality(pl.lit(pl.Series("code", codes, dtype=pl.String)), self._base)).to_series().to_list()
        known = self._landscape.municipality_names
        yield "municipality", self._keyed(iri, {"code": codes, "name": [known.get(c, c) for c in codes]})

    def _codes(self) -> set[str]:
        found: set[str] = set()
        for table in TABLES.values():
            for column in table.stored:
                if column.kind in (Kind.MUNICIPALITY, Kind.MUNICIPALITIES) and column.name != table.key:
                    cells = self._landscape[table.name][column.name].drop_nulls()
                    found.update((cells.explode() if column.is_list else cells).unique())
        return found

    def _keyed(self, iri: list[str], columns: Mapping[str, list[Any]]) -> pl.DataFrame:
        types = {k: pl.Int64() if k == "order" else pl.String() for k in columns}
        frame = pl.DataFrame({names.IRI: iri, **columns}, schema={names.IRI: pl.String(), **types})
        return frame.select(self._key(pl.col(names.IRI)).alias(names.KEY), pl.all())

    def _block(self, table: Table, frame: pl.DataFrame, known: pl.Series) -> Block:
        columns = names.links(table)
        types = tuple(names.type_of(c) for c in columns)
        for type_ in types:
            frame = self._resolved(frame, _LINK + type_, known)
        shortcut = next((s for s in names.SHORTCUTS if s.table == table.name), None)
        if shortcut is not None:
            frame = frame.with_columns(_both_ends(shortcut).alias("shortcut"))
        properties = (names.IRI, *(c.name for c in table.stored), names.SUPPRESSED)
        numbered = tuple(names.type_of(c) for c in columns if c.kind is Kind.CHAIN)
        return Block(names.label(table), frame, properties, types, numbered, shortcut)

    def _resolved(self, frame: pl.DataFrame, column: str, known: pl.Series) -> pl.DataFrame:
        """The frame without references to what stands nowhere (counted)."""
        ends = frame[column].explode().drop_nulls()
        lost = ends.filter(~ends.is_in(known.implode()))
        self.unresolved += lost.len()
        if lost.is_empty():
            return frame
        strangers = lost.unique().to_list()
        return frame.with_columns(pl.col(column).list.eval(pl.element().filter(~pl.element().is_in(strangers))))

    def _withheld(self, table: Table) -> Iterator[Block]:
        """The small counts of a table, as nodes beside its rows."""
        counts = [c.name for c in table.stored if c.kind is Kind.FAMILIES]
        if not counts:
            return
        frame = self._landscape[table.name]
        small = [_small(pl.col(c), self._threshold) for c in counts]
        key = self._key(iris.subject(table, frame, self._base))
        made = frame.filter(pl.any_horizontal(small)).select(
            (key + pl.lit("#withheld")).alias(names.KEY),
            key.alias(names.OWNER),
            *(pl.when(s).then(pl.col(c)).alias(c) for c, s in zip(counts, small, strict=True)),
        )
        yield _hashed(Block(names.WITHHELD, made, (names.OWNER, *counts)))


def _small(cell: pl.Expr, threshold: int) -> pl.Expr:
    return ((cell > 0) & (cell < threshold)).fill_null(value=False)


def _both_ends(shortcut: names.Shortcut) -> pl.Expr:
    """Whether a row has a shortcut: both ends stand somewhere, and a route brings families."""
    stands = (pl.col("->VAN").list.len() > 0) & (pl.col("->NAAR").list.len() > 0)
    if shortcut.table != "routes":
        return stands.fill_null(value=False)
    kinds = scheme("route-kind")
    moving = [k for k in kinds.slugs if kinds[k].says("movesFamilies")]
    return (stands & pl.col("kind").is_in(moving)).fill_null(value=False)


def _hashed(block: Block) -> Block:
    """The block with the ``hash`` of everything that a row says, its relationships included."""
    told = [c for c in block.frame.columns if c != names.KEY]
    texts = block.frame.select(pl.struct(told).struct.json_encode().alias("text"))["text"]
    made = [hashlib.blake2b(f"{block.label}{t}".encode(), digest_size=8).hexdigest() for t in texts]
    frame = block.frame.with_columns(pl.Series(names.HASH, made, dtype=pl.String))
    return Block(block.label, frame, block.properties, block.types, block.numbered, block.shortcut, block.listed)
