"""IRIs of things: minted for everything, stable over rebuilds, and readable back.

Under the region's base each row is ``<table>/<id>``; a municipality has its TOOI IRI where it is one
of the Netherlands; a row of a file is its source with an RFC 7111 fragment (``#row=12``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final
from urllib.parse import quote, unquote

import polars as pl

from ...ontology.concepts import schemes
from ...ontology.municipalities import municipalities
from ...ontology.terms import DATA, PREFIXES
from ..landscape import Landscape
from ..schema import Table

_TOOI, _RKC = PREFIXES["tooi"], PREFIXES["rkc"]
_SAFE: Final = r"^[A-Za-z0-9._~-]*$"
#: Prefix of a stored endpoint → path of the thing (a plain endpoint is a partner).
_ENDPOINTS: Final = {"aanbod:": "offerings/", "route:": "routes/"}
_CONCEPTS: Final = {"rol:": "role", "uitkomst:": "outcome"}


def base_of(landscape: Landscape) -> str:
    """The IRI under which the region's things are minted."""
    return f"{DATA}{quote(landscape.settings.id, safe='')}/"


def encoded(expression: pl.Expr, values: Iterable[str | None]) -> pl.Expr:
    """``expression`` percent-encoded for an IRI; ``values`` are all texts that it can take."""
    found = pl.Series(list(values), dtype=pl.String).drop_nulls().unique()
    unsafe = found.filter(~found.str.contains(_SAFE)).sort().to_list()
    return expression.replace(unsafe, [quote(u, safe="") for u in unsafe]) if unsafe else expression


def municipality(code: pl.Expr, base: str) -> pl.Expr:
    """IRI of a code; regio and landelijk are concepts, an invented code is the region's own."""
    return (
        pl.when(code.is_in(["regio", "landelijk"]))
        .then(pl.lit(f"{_RKC}area-") + code)
        .when(code.is_in(list(municipalities())))
        .then(pl.lit(_TOOI) + code.str.to_lowercase())
        .otherwise(pl.lit(f"{base}municipalities/") + code)
    )


def concept(slug: pl.Expr, scheme_name: str, base: str) -> pl.Expr:
    """IRI of a concept: ours, or the region's own where we have none of that slug."""
    known = list(schemes()[scheme_name].slugs)
    ours, own = pl.lit(f"{_RKC}{scheme_name}-"), pl.lit(f"{base}concept/{scheme_name}-")
    return pl.when(slug.is_in(known)).then(ours + slug).otherwise(own + slug)


def endpoint(text: pl.Expr, values: Collection[str | None], base: str) -> pl.Expr:
    """IRI of a stored endpoint: partner, offering, route, role or outcome."""
    bare = [v.partition(":")[2] or v for v in values if v]
    rest = encoded(text.str.replace(r"^(?:aanbod|route|rol|uitkomst):", ""), bare)
    made = pl.lit(f"{base}partners/") + rest
    for prefix, path in _ENDPOINTS.items():
        made = pl.when(text.str.starts_with(prefix)).then(pl.lit(base + path) + rest).otherwise(made)
    for prefix, scheme_name in _CONCEPTS.items():
        made = pl.when(text.str.starts_with(prefix)).then(concept(rest, scheme_name, base)).otherwise(made)
    return made


def subject(table: Table, frame: pl.DataFrame, base: str) -> pl.Expr:
    """IRI of every row of ``table``, whose rows ``frame`` holds."""
    key = pl.col(table.key)
    if table.name == "municipalities":
        return municipality(key, base)
    if table.name == "sources":
        return source(pl.col("file"), pl.col("sheet"), frame["file"], frame["sheet"], base)
    if table.name in ("roles", "themes"):
        return concept(key, table.name.removesuffix("s"), base)
    return pl.lit(f"{base}{table.name}/") + encoded(key, frame[table.key])


def source(file: pl.Expr, sheet: pl.Expr, files: Iterable[str | None], sheets: Iterable[str | None], base: str) -> pl.Expr:
    """IRI of a file, or of a sheet in it."""
    path = pl.lit(f"{base}sources/") + encoded(file, files)
    return pl.when(sheet.is_null()).then(path).otherwise(path + pl.lit("/") + encoded(sheet, sheets))


class Reader:
    """IRIs read back into stored values, for one base."""

    def __init__(self, base: str, chains: Mapping[str, str]) -> None:
        self.base = base
        self._chains = chains
        self._by_path: tuple[tuple[str, Callable[[str], str]], ...] = (
            (f"{base}partners/", unquote),
            *((base + path, lambda rest, p=prefix: p + unquote(rest)) for prefix, path in _ENDPOINTS.items()),
            *((f"{_RKC}{s}-", lambda rest, p=prefix: p + rest) for prefix, s in _CONCEPTS.items()),
            *((f"{base}concept/{s}-", lambda rest, p=prefix: p + rest) for prefix, s in _CONCEPTS.items()),
        )

    def id(self, iri: str, table: str) -> str:
        return unquote(iri[len(f"{self.base}{table}/") :])

    def municipality(self, iri: str) -> str:
        if iri.startswith(_TOOI):
            return iri[len(_TOOI) :].upper()
        if iri.startswith(f"{_RKC}area-"):
            return iri[len(f"{_RKC}area-") :]
        return iri[len(f"{self.base}municipalities/") :]

    def concept(self, iri: str, scheme_name: str) -> str:
        for start in (f"{_RKC}{scheme_name}-", f"{self.base}concept/{scheme_name}-"):
            if iri.startswith(start):
                return iri[len(start) :]
        raise ValueError(f"{iri} is no concept of {scheme_name}")

    def endpoint(self, iri: str) -> str:
        for start, read in self._by_path:
            if iri.startswith(start):
                return read(iri[len(start) :])
        raise ValueError(f"{iri} is no endpoint")

    def chain(self, iri: str) -> list[str]:
        text = self._chains.get(iri)
        return text.split(" > ") if text is not None else [self.endpoint(iri)]

    def address(self, iri: str) -> tuple[str, str | None, int | None]:
        """(file, sheet, row) of a source or of a row in it."""
        place, _, row = iri[len(f"{self.base}sources/") :].partition("#row=")
        file, _, sheet = place.partition("/")
        return unquote(file), unquote(sheet) if sheet else None, int(row) if row else None
