"""A partner's own words, which stand beside every figure about it."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from .landscape import Landscape

_OFFERING, _ROUTE = "aanbod:", "route:"


def concerned(landscape: Landscape, endpoints: Iterable[str]) -> tuple[str, ...]:
    """The partners (ids) that endpoints are about: themselves, an offering's partner, the end of a route."""
    found: dict[str, None] = {}
    for endpoint in endpoints:
        if endpoint.startswith(_ROUTE):
            rows = landscape["routes"].filter(pl.col("id") == endpoint.removeprefix(_ROUTE))
            found |= dict.fromkeys(concerned(landscape, rows["to"]))
        elif endpoint.startswith(_OFFERING):
            rows = landscape["offerings"].filter(pl.col("id") == endpoint.removeprefix(_OFFERING))
            found |= dict.fromkeys(rows["partner"].drop_nulls())
        elif ":" not in endpoint:
            found[endpoint] = None
    return tuple(found)


def responses(landscape: Landscape, endpoints: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """(partner, response) of the partners that ``endpoints`` are about and that responded."""
    ids = concerned(landscape, endpoints)
    rows = landscape["partners"].filter(pl.col("id").is_in(list(ids)) & pl.col("response").is_not_null())
    said = dict(rows.select("id", "response").iter_rows())
    return tuple((i, said[i]) for i in ids if i in said)
