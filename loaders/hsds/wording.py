"""Texts of a source → plain text; and the words of ours that tell one part of a joined text from another."""

from __future__ import annotations

import html
from typing import Final

import polars as pl

from ...ontology.catalogue import text

#: HSDS lets a description hold HTML or Markdown; "age <5 and >3" is no markup.
_TAG: Final = r"(?is)<script\b.*?</script\s*>|<style\b.*?</style\s*>|<!--.*?-->|</?[a-z][^<>]*>"
_BREAK: Final = r"(?i)<(?:br|/p|/li|/div)\b[^<>]*>"


def plain_text(column: str) -> pl.Expr:
    """A column without HTML: tags left out, entities as their signs."""
    bare = pl.col(column).str.replace_all(_BREAK, "\n").str.replace_all(_TAG, " ")
    signs = pl.when(bare.str.contains("&", literal=True)).then(bare.map_elements(html.unescape, return_dtype=pl.String))
    tidy = signs.otherwise(bare).str.replace_all(r"[ \t]+", " ").str.replace_all(r"\s*\n\s*", "\n").str.strip_chars()
    return pl.when(tidy != "").then(tidy).alias(column)


def labelled(column: str, name: str) -> pl.Expr:
    """A column with a label of the catalogue before it ("Voor wie: …"); null where it is empty."""
    before, after = text(f"hsds.{name}", value="\x00").split("\x00")
    return pl.lit(before) + pl.col(column) + pl.lit(after)


def joined(parts: list[pl.Expr], separator: str = "\n") -> pl.Expr:
    """Texts one after the other, those that are empty left out; null where all are."""
    whole = pl.concat_str(parts, separator=separator, ignore_nulls=True)
    return pl.when(whole != "").then(whole)
