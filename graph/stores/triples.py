"""Tables → N-Triples as text, straight from columns: no object per triple, each table sorted by id.

Two traps are guarded here and tested: one null nulls a whole ``concat_str``, so every optional piece
is filled; and counts of families below the threshold go to a file of their own.
"""

from __future__ import annotations

import hashlib
import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from typing import Final, TypeVar

import polars as pl

from ...ontology.concepts import scheme
from ...ontology.terms import PREFIXES, iri
from ..landscape import Landscape
from ..schema import ADDRESS, TABLES, Column, Kind, Table
from . import iris

T = TypeVar("T")
_XSD: Final = PREFIXES["xsd"]
_EDTF: Final = "http://id.loc.gov/datatypes/edtf/EDTF"
_TYPE: Final = f"<{PREFIXES['rdf']}type>"
_DATATYPES: Final = {
    Kind.YESNO: "boolean",
    Kind.COUNT: "integer",
    Kind.FAMILIES: "integer",
    Kind.AGE: "integer",
}


class Writer:
    """The N-Triples of one Landscape, superseded waits left out."""

    def __init__(self, landscape: Landscape) -> None:
        self._landscape = landscape.without_superseded_waits()
        self.base = iris.base_of(landscape)
        self._threshold = landscape.settings.threshold

    def public(self, table: str) -> Iterator[Piece]:
        """The lines of ``table`` that any reader may see, as pieces of whole rows that are made when called."""
        yield from _pieces(*self._rows(TABLES[table], public=True))
        for frame, text in self._extras(table):
            yield from _pieces(frame, text)

    def withheld(self, table: str) -> Iterator[Piece]:
        """The counts of families of ``table`` that are too small to show."""
        if any(c.kind is Kind.FAMILIES for c in TABLES[table].stored):
            yield from _pieces(*self._rows(TABLES[table], public=False))

    # --- rows --------------------------------------------------------------------------------------
    def _rows(self, table: Table, *, public: bool) -> _Block:
        frame = self._landscape[table.name]
        subject = _angled(iris.subject(table, frame, self.base))
        pieces: list[pl.Expr] = []
        if public:
            pieces.append(_line(subject, _TYPE, pl.lit(f"<{iri(table.term)}>")))
        for column in table.stored:
            if column.kind is Kind.FAMILIES:
                pieces += self._families(subject, column, public=public)
            elif public and column.name not in ADDRESS:
                pieces.append(self._piece(subject, column, frame))
        if public:
            pieces.append(self._address(subject, frame))
        text = pl.concat_str([p.fill_null("") for p in pieces]) if pieces else pl.lit("")
        return frame, text

    def _piece(self, subject: pl.Expr, column: Column, frame: pl.DataFrame) -> pl.Expr:
        predicate = f"<{iri(column.term)}>"
        cell = pl.col(column.name)
        if column.kind is Kind.CHAIN:
            return _line(subject, predicate, self._chain(frame[column.name]))
        if column.is_list:
            values = frame[column.name].explode().unique()
            items = cell.list.eval(self._object(pl.element(), column, values))
            between = pl.concat_str([pl.lit(" .\n"), subject, pl.lit(f" {predicate} ")])
            return _line(subject, predicate, items.list.join(between))
        return _line(subject, predicate, self._object(cell, column, frame[column.name]))

    def _object(self, cell: pl.Expr, column: Column, values: pl.Series) -> pl.Expr:
        kind = column.kind
        if kind in (Kind.CONCEPT, Kind.CONCEPTS):
            return _angled(iris.concept(cell, column.scheme, self.base))
        if kind in (Kind.MUNICIPALITY, Kind.MUNICIPALITIES):
            if column.name == "code":
                return _quoted(cell, values)
            return _angled(iris.municipality(cell, self.base))
        if kind in (Kind.PARTNER, Kind.PARTNERS, Kind.ENDPOINT, Kind.DESTINATION):
            return _angled(iris.endpoint(cell, values.unique().to_list(), self.base))
        if kind is Kind.DATE:
            # an interval is EDTF level 0 (https://www.loc.gov/standards/datetime/), which XSD has no type for
            length = cell.str.len_chars()
            interval = pl.when(cell.str.contains("/", literal=True)).then(pl.lit(_EDTF))
            type_ = interval.when(length == 4).then(pl.lit(f"{_XSD}gYear")).when(length == 7).then(pl.lit(f"{_XSD}gYearMonth"))
            return pl.lit('"') + cell + pl.lit('"^^<') + type_.otherwise(pl.lit(f"{_XSD}date")) + pl.lit(">")
        if kind is Kind.URL:
            return _quoted(cell, values) + pl.lit(f"^^<{_XSD}anyURI>")
        if kind in (Kind.NUMBER, Kind.DAYS):
            return pl.lit('"') + _decimal(cell, values) + pl.lit(f'"^^<{_XSD}decimal>')
        if kind in _DATATYPES:
            return pl.lit('"') + cell.cast(pl.String) + pl.lit(f'"^^<{_XSD}{_DATATYPES[kind]}>')
        return _quoted(cell, values)

    def _chain(self, cells: pl.Series) -> pl.Expr:
        """A plain endpoint is the thing itself, several in order are a chain of their own."""
        first = pl.col(cells.name).list.first()
        single = iris.endpoint(first, cells.list.first().unique().to_list(), self.base)
        several = [list(c) for c in cells.to_list() if len(c) > 1]
        made = [f"{self.base}chains/{chain_id(c)}" for c in several]
        joined = pl.col(cells.name).list.join(" > ")
        named = joined.replace_strict([" > ".join(c) for c in several], made, default=None, return_dtype=pl.String)
        return _angled(pl.when(pl.col(cells.name).list.len() > 1).then(named).otherwise(single))

    def _families(self, subject: pl.Expr, column: Column, *, public: bool) -> list[pl.Expr]:
        cell = pl.col(column.name)
        number = pl.lit('"') + cell.cast(pl.String) + pl.lit(f'"^^<{_XSD}integer>')
        small = (cell < self._threshold) & (cell > 0)
        predicate = f"<{iri(column.term)}>"
        if not public:
            return [_line(subject, predicate, pl.when(small).then(number))]
        said = _line(subject, f"<{iri('withholds')}>", pl.when(small).then(pl.lit(predicate)))
        return [_line(subject, predicate, pl.when(~small).then(number)), said]

    def _address(self, subject: pl.Expr, frame: pl.DataFrame) -> pl.Expr:
        place = iris.source(pl.col("file"), pl.col("sheet"), frame["file"], frame["sheet"], self.base)
        row = pl.when(pl.col("row").is_null()).then(pl.lit("")).otherwise(pl.lit("#row=") + pl.col("row").cast(pl.String))
        return _line(subject, f"<{iri('prov:wasDerivedFrom')}>", _angled(place + row))

    # --- what follows from the rows, for plain SPARQL and for other people's tools ---------------------
    def _extras(self, table: str) -> Iterator[_Block]:
        frame = self._landscape[table]
        if table == "routes":
            yield self._shortcuts(frame)
        elif table == "partners":
            yield self._memberships(frame)
        elif table == "offerings":
            yield self._own_methods()
        elif table == "waits":
            yield self._durations(frame)
            yield self._chain_nodes(frame)

    def _shortcuts(self, frame: pl.DataFrame) -> _Block:
        kinds = scheme("route-kind")
        moving = [k for k in kinds.slugs if kinds[k].says("movesFamilies")]
        pairs = frame.filter(pl.col("kind").is_in(moving)).select("from", "to").unique().sort("from", "to")
        ends = [_angled(iris.endpoint(pl.col(c), pairs[c].unique().to_list(), self.base)) for c in ("from", "to")]
        return pairs, _line(ends[0], f"<{iri('refersTo')}>", ends[1])

    def _memberships(self, frame: pl.DataFrame) -> _Block:
        pairs = frame.select("id", pl.col("roles").alias("role")).explode("role").drop_nulls()
        id_ = iris.encoded(pl.col("id"), pairs["id"])
        subject = pl.lit(f"<{self.base}memberships/") + id_ + pl.lit("-") + pl.col("role") + pl.lit(">")
        region = f"<{self.base}region/{self.base.rsplit('/', 2)[1]}>"
        lines = [
            _line(subject, _TYPE, pl.lit(f"<{iri('org:Membership')}>")),
            _line(subject, f"<{iri('org:member')}>", pl.lit(f"<{self.base}partners/") + id_ + pl.lit(">")),
            _line(subject, f"<{iri('org:role')}>", _angled(iris.concept(pl.col("role"), "role", self.base))),
            _line(subject, f"<{iri('org:organization')}>", pl.lit(region)),
        ]
        return pairs, pl.concat_str(lines)

    def _own_methods(self) -> _Block:
        """Working methods that the scheme does not hold, as concepts of the region."""
        used = [self._landscape[t]["methods"].explode() for t in ("offerings", "good_examples")]
        slugs = pl.concat(used).drop_nulls().unique().sort()
        own = pl.DataFrame({"slug": slugs.filter(~slugs.is_in(list(scheme("method").slugs)))})
        subject = _angled(iris.concept(pl.col("slug"), "method", self.base))
        label = pl.lit('"') + pl.col("slug").str.replace_all("-", " ") + pl.lit('"@nl')
        lines = [
            _line(subject, _TYPE, pl.lit(f"<{iri('skos:Concept')}>")),
            _line(subject, f"<{iri('skos:inScheme')}>", pl.lit(f"<{PREFIXES['rkc']}method>")),
            _line(subject, f"<{iri('skos:prefLabel')}>", label),
        ]
        return own, pl.concat_str(lines)

    def _durations(self, frame: pl.DataFrame) -> _Block:
        known = frame.filter(pl.col("days_expected").is_not_null())
        wait = pl.lit(f"{self.base}waits/") + pl.col("id")
        subject = _angled(wait + pl.lit("/duration"))
        weeks = (pl.col("days_expected") / 7).round(4).cast(pl.String)
        lines = [
            _line(_angled(wait), f"<{iri('time:hasDuration')}>", subject),
            _line(subject, _TYPE, pl.lit(f"<{iri('time:Duration')}>")),
            _line(subject, f"<{iri('time:numericDuration')}>", pl.lit('"') + weeks + pl.lit(f'"^^<{_XSD}decimal>')),
            _line(subject, f"<{iri('time:unitType')}>", pl.lit(f"<{iri('time:unitWeek')}>")),
        ]
        return known, pl.concat_str(lines)

    def _chain_nodes(self, frame: pl.DataFrame) -> _Block:
        chains = frame.filter(pl.col("on").list.len() > 1)["on"].to_list()
        made: list[str] = []
        for chain in sorted({tuple(c) for c in chains}):
            node = f"<{self.base}chains/{chain_id(chain)}>"
            text = " > ".join(chain)
            made.append(f"{node} {_TYPE} <{iri('Chain')}> .\n")
            made.append(f"{node} <{iri('chainText')}> {_escaped(text)} .\n")
            stations = pl.DataFrame({"on": sorted(set(chain))})
            ends = stations.select(_angled(iris.endpoint(pl.col("on"), stations["on"].to_list(), self.base)))
            made += [f"{node} <{iri('passes')}> {end} .\n" for end in ends.to_series()]
        return pl.DataFrame({"text": made}, schema={"text": pl.String}), pl.col("text")


#: Rows of a table and the expression that makes the text of each: its triples, every line with its end.
_Block = tuple[pl.DataFrame, pl.Expr]
#: Makes the text of some rows of a table, and says how many triples it holds.
Piece = Callable[[], tuple[bytes, int]]
_ROWS: Final = 5_000


def _pieces(frame: pl.DataFrame, text: pl.Expr) -> Iterator[Piece]:
    """The rows of ``frame`` as text, in order and in pieces."""

    def piece(start: int) -> tuple[bytes, int]:
        buffer = io.BytesIO()
        made = frame.slice(start, _ROWS).select(text.alias("text"))
        made.write_csv(buffer, include_header=False, quote_style="never", line_terminator="")
        lines = buffer.getvalue()
        return lines, lines.count(b"\n")

    for start in range(0, frame.height, _ROWS):
        yield partial(piece, start)


def side_by_side(tasks: Iterable[tuple[T, Piece]]) -> Iterator[tuple[T, bytes, int]]:
    """The pieces in their order, made on a few threads and a few ahead.

    Polars lets go of Python's lock while it works, so threads are real here.
    """
    with ThreadPoolExecutor(_THREADS) as pool:
        ahead: deque[tuple[T, Future[tuple[bytes, int]]]] = deque()
        for where, piece in tasks:
            ahead.append((where, pool.submit(piece)))
            if len(ahead) > 4 * _THREADS:
                yield _taken(ahead)
        while ahead:
            yield _taken(ahead)


_THREADS: Final = 3


def _taken(ahead: deque[tuple[T, Future[tuple[bytes, int]]]]) -> tuple[T, bytes, int]:
    where, made = ahead.popleft()
    return (where, *made.result())


def chain_id(chain: list[str] | tuple[str, ...]) -> str:
    """The id of a chain: a hash of its stations in order."""
    return hashlib.blake2b(" > ".join(chain).encode(), digest_size=10).hexdigest()


def _line(subject: pl.Expr, predicate: str, object_: pl.Expr) -> pl.Expr:
    """``subject predicate object .`` per row, null where the object is null."""
    return pl.concat_str([subject, pl.lit(f" {predicate} "), object_, pl.lit(" .\n")])


def _angled(text: pl.Expr) -> pl.Expr:
    return pl.lit("<") + text + pl.lit(">")


def _quoted(text: pl.Expr, values: pl.Series) -> pl.Expr:
    """A literal; escapes are put in only where some value needs one."""
    if values.str.contains(r'[\\"\n\r]').any():
        for sign, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
            text = text.str.replace_all(sign, escape, literal=True)
    return pl.lit('"') + text + pl.lit('"')


def _decimal(number: pl.Expr, values: pl.Series) -> pl.Expr:
    """A number as xsd:decimal, which knows no exponent."""
    text = number.cast(pl.String)
    written = values.drop_nulls().unique().cast(pl.String)
    odd = written.filter(written.str.contains("e")).sort().to_list()
    return text.replace(odd, [format(Decimal(o), "f") for o in odd]) if odd else text


def _escaped(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r") + '"'
