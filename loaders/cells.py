"""Cells → typed columns: each distinct text is parsed once, and every row that holds it gets the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from ..graph.landscape import dtype
from ..graph.schema import Column, Kind
from ..ontology.concepts import Scheme, folded, scheme, slugged
from . import values
from .files.sheet import ROW
from .municipalities import MunicipalityNames
from .nearest import nearest
from .references import Issue, Parsed, Register, parts
from .values import Unreadable

Parser = Callable[[str], Parsed]
#: Schemes that a region may add its own concepts to, and the code that says so.
OWN_CONCEPTS = {"role": "own-concept", "theme": "own-concept", "method": "own-method"}


@dataclass(frozen=True, slots=True)
class Context:
    """What the parsers need to know of the region: names, schemes, and how a range of ages is read."""

    municipalities: MunicipalityNames
    register: Register
    schemes: Callable[[str], Scheme]
    age_range_reading: str


def parser(column: Column, context: Context) -> Parser | None:
    """The parser of a column; None where the text is stored as it is."""
    kind = column.kind
    register = context.register
    if kind in (Kind.TEXT, Kind.ID):
        return None
    made: dict[Kind, Parser] = {
        Kind.TEXTS: lambda text: Parsed(sorted(set(parts(text))) or None),
        Kind.URL: _url,
        Kind.CONCEPT: lambda text: _concept(text, column.scheme, context),
        Kind.CONCEPTS: lambda text: _concepts(text, column.scheme, context),
        Kind.MUNICIPALITY: context.municipalities.code,
        Kind.MUNICIPALITIES: context.municipalities.area,
        Kind.PARTNER: register.partner,
        Kind.PARTNERS: register.partner_list,
        Kind.ENDPOINT: register.endpoint,
        Kind.DESTINATION: lambda text: register.endpoint(text, outcomes=True),
        Kind.CHAIN: register.chain,
        Kind.KVK: _reading(values.kvk),
        Kind.AGB: _reading(values.agb),
        Kind.DATE: _reading(values.written_date),
        Kind.AGE: _reading(lambda text: values.Read(values.age(text).months)),
        Kind.YESNO: _reading(values.yesno),
        Kind.COUNT: _reading(values.count),
        Kind.FAMILIES: _reading(values.families),
        Kind.NUMBER: _reading(values.weeks if "weeks" in column.name else values.number),
        Kind.DAYS: _reading(values.duration),
    }
    return made[kind]


def _reading(parse: Callable[[str], values.Read[object]]) -> Parser:
    """The parser of a value: what it could not read, and what it assumed, as issues."""

    def parsed(text: str) -> Parsed:
        try:
            read = parse(text)
        except Unreadable as error:
            return Parsed(None, (Issue(error.code, text, error.suggestion),))
        return Parsed(read.value, tuple(Issue(a.code, text, a.read_as or None) for a in read.assumed))

    return parsed


def _url(text: str) -> Parsed:
    """A web address; http(s) is put before it where it is missing."""
    address = text if "://" in text else f"https://{text}"
    if not address.startswith(("http://", "https://")) or any(c.isspace() or c in '<>"' for c in address) or "." not in address:
        return Parsed(None, (Issue("bad-value", text),))
    return Parsed(address)


def _concept(text: str, scheme_name: str, context: Context) -> Parsed:
    known = context.schemes(scheme_name)
    found = known.find(text)
    if found:
        return Parsed(found)
    own = OWN_CONCEPTS.get(scheme_name)
    near = _nearest(text, known)
    if own and slugged(text):
        return Parsed(slugged(text), (Issue(own, text, near),))
    return Parsed(None, (Issue("unknown-concept", text, near or ", ".join(known.label(s) for s in known.slugs)),))


def _concepts(text: str, scheme_name: str, context: Context) -> Parsed:
    parsed = [_concept(p, scheme_name, context) for p in parts(text)]
    # our own order only: every store must sort alike, and a region's own concepts follow by name
    order = {slug: n for n, slug in enumerate(scheme(scheme_name).slugs)}
    found = sorted({p.value for p in parsed if p.value}, key=lambda s: (order.get(s, len(order)), s))
    return Parsed(found or None, tuple(i for p in parsed for i in p.issues))


def _nearest(text: str, known: Scheme) -> str | None:
    near = nearest(folded(text), known.names)
    return known.label(known.names[near[0]]) if near else None


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed column of a sheet, and where something was wrong: (row, issue)."""

    values: pl.Series
    issues: tuple[tuple[int, Issue], ...]


def typed(raw: pl.DataFrame, header: str, column: Column, parse: Parser | None) -> Typed:
    """The cells under ``header`` as ``column``; ``raw`` also holds the row numbers."""
    target = dtype(column)
    if parse is None:
        return Typed(raw[header].alias(column.name), ())
    texts = raw[header].drop_nulls().unique().sort().to_list()
    if not texts:
        return Typed(pl.Series(column.name, [None], dtype=target).new_from_index(0, raw.height), ())
    results = [parse(t) for t in texts]
    known = pl.DataFrame(
        {header: texts, "\x00value": pl.Series("\x00value", [r.value for r in results], dtype=target, strict=False)},
        schema={header: pl.String, "\x00value": target},
    )
    joined = raw.select(header).join(known, on=header, how="left", maintain_order="left")
    troubled = {t: r.issues for t, r in zip(texts, results, strict=True) if r.issues}
    return Typed(joined["\x00value"].alias(column.name), tuple(_located(raw, header, troubled)))


def _located(raw: pl.DataFrame, header: str, troubled: dict[str, tuple[Issue, ...]]) -> Iterator[tuple[int, Issue]]:
    if not troubled:
        return
    rows = raw.select(header, ROW).filter(pl.col(header).is_in(list(troubled)))
    for text, row in rows.iter_rows():
        for issue in troubled[text]:
            yield row, issue
