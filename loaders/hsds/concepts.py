"""Taxonomy terms of a source → concepts of ours, where a scheme knows the name; the rest is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Final

import polars as pl

from ...ontology.concepts import Scheme, folded
from . import dangling as links
from .dialect import table_named
from .records import Records

#: Schemes whose concepts an offering carries, by the name that the mapping gives their column.
_SCHEMES: Final = ("theme", "method", "audience")


class Concepts:
    """Which of our concepts the terms of a source are.

    A term is ours when a scheme knows its name or code; else when a term above it bears the very name of a concept (not an
    alternative one: another vocabulary may mean something else by a loose word). What is broader says less but nothing
    else. ``unknown`` counts the uses of the others on services, by name; ``broader`` those that were read as a term above.
    """

    def __init__(self, records: Records, schemes: Callable[[str], Scheme]) -> None:
        self._schemes = [(name, schemes(name)) for name in _SCHEMES]
        terms = records["taxonomy_term"]
        self._names = {
            id_: tuple(t for t in texts if t) for id_, *texts in terms.select("id", "name", "code").iter_rows() if id_ is not None
        }
        self._parents = links.pairs(terms, "id", "parent_id")
        self._found: dict[str, tuple[str, str] | None] = {}
        self.unknown: Counter[str] = Counter()
        self.broader: Counter[str] = Counter()
        self._above: set[str] = set()
        self.used: set[str] = set()
        rows = records["attribute"].with_row_index("\x00index")
        about = rows["link_entity"].map_elements(_is_service, return_dtype=pl.Boolean)
        # who names no table that exists speaks of whatever bears the id
        services = records["service"]["id"].drop_nulls().unique().implode()
        self.rows = rows.filter(about.fill_null(value=True) & pl.col("link_id").is_in(services))

    def of_services(self) -> pl.DataFrame:
        """Give the service id, scheme, slug and index of the attribute, for each use of a term that is ours."""
        made: list[tuple[str, str, str, int]] = []
        rows = self.rows.select("link_id", "taxonomy_term_id", "value", "\x00index")
        for service, term, value, index in rows.iter_rows():
            found = self._of_term(term) if term else self._of_text(value) if value else None
            if found:
                made.append((service, *found, index))
                if term:
                    self.used.add(term)
                if term in self._above:
                    self.broader[self._names[term][0]] += 1
            elif named := (self._names.get(term, ()) if term else (value,)):
                self.unknown[named[0] or ""] += 1
        schema = {"service_id": pl.String, "scheme": pl.String, "slug": pl.String, "index": pl.UInt32}
        return pl.DataFrame(made, schema=schema, orient="row")

    def _of_term(self, term: str) -> tuple[str, str] | None:
        if term not in self._found:
            self._found[term] = self._first(self._of_text, term) or self._of_one_above(term)
        return self._found[term]

    def _of_one_above(self, term: str) -> tuple[str, str] | None:
        seen = {term}
        node = self._parents.get(term)
        while node is not None and node not in seen:
            seen.add(node)
            if found := self._first(self._by_very_name, node):
                if self._names.get(term):
                    self._above.add(term)
                return found
            node = self._parents.get(node)
        return None

    def _first(self, read: Callable[[str], tuple[str, str] | None], term: str) -> tuple[str, str] | None:
        return next(filter(None, (read(t) for t in self._names.get(term, ()))), None)

    def _of_text(self, text: str) -> tuple[str, str] | None:
        for name, known in self._schemes:
            if slug := known.find(text):
                return name, slug
        return None

    def _by_very_name(self, text: str) -> tuple[str, str] | None:
        found = self._of_text(text)
        if found is None:
            return None
        concept = dict(self._schemes)[found[0]][found[1]]
        return found if folded(text) in {folded(n) for n in (concept.slug, *concept.labels.values())} else None


@cache
def _is_service(entity: str) -> bool:
    target = table_named(entity)
    return target is None or target.table == "service"
