"""Ids: written alike wherever they stand, and as ids of ours can be."""

from __future__ import annotations

from typing import Final

import polars as pl

from .model import HSDS, OPEN_LINKS
from .records import Records

_UUID: Final = r"(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
#: Signs that have a meaning in our endpoints and lists, in the percent-encoding that undoes them; % itself first.
_ENCODED: Final = {"%": "%25", ";": "%3B", ">": "%3E", ":": "%3A", "\n": "%0A", "\t": "%09"}
ILLEGAL: Final = "[" + "".join(_ENCODED) + "]"


def with_plain_ids(records: Records) -> None:
    """Ids and references written alike: UUIDs in lower case, and 12.0 (a spreadsheet's doing) as 12."""
    for table, frame in records.frames.items():
        columns = ["id", *HSDS[table].links, *OPEN_LINKS.get(table, ())[:1]]
        records.frames[table] = frame.with_columns(_plain(c) for c in columns if c in frame.columns)


def _plain(column: str) -> pl.Expr:
    text = pl.col(column)
    return pl.when(text.str.contains(_UUID)).then(text.str.to_lowercase()).otherwise(text.str.replace(r"^(\d+)\.0+$", "$1"))


def as_ours(column: str, prefix: str) -> pl.Expr:
    """Ids as ours can be: no sign with a meaning in an endpoint; ``prefix`` before them unless they are UUIDs."""
    plain = pl.col(column)
    for sign, code in _ENCODED.items():
        plain = plain.str.replace_all(sign, code, literal=True)
    if not prefix:
        return plain.alias(column)
    own = pl.col(column).str.contains(_UUID)
    return pl.when(own).then(plain).otherwise(pl.lit(f"{prefix}-") + plain).alias(column)
