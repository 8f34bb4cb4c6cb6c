"""Statements that one partner makes and the other does not: lines and routes named by one of their two ends.

Nobody is wrong by it: lists differ in age and care. It is a question for the two to answer together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from ...ontology.concepts import folded, scheme
from ..dates import last_day
from ..landscape import Landscape
from ..waiting import Source

_TABLES: Final = ("lines", "routes")
_BY: Final = "\x00said by"
_SPOKEN: Final = [_BY, "file", "sheet"]


@dataclass(frozen=True, slots=True)
class OneSided:
    """A statement of ``said_by`` about itself and ``not_by``, which supplied such a list too and does not name it.

    ``table`` is lines or routes, ``id`` the row; ``start`` and ``end`` are its endpoints as stored (a
    route may run to ``aanbod:ID`` of a partner); ``source`` says where the statement stands.
    """

    table: str
    id: str
    said_by: str
    not_by: str
    start: str
    end: str
    source: Source


def one_sided(landscape: Landscape) -> tuple[OneSided, ...]:
    """The lines and routes that one of their two ends states and the other, which supplied a list too, does not.

    Who states a row is the supplier of its file or sheet, else its own source (``bron``), where that names one
    partner; statements of anybody else are never one-sided. Lines have no direction. Of routes those that move
    families count, between the partners that their ends belong to; a route between roles names every partner that
    holds the role. A statement that ended before the reference date is no longer made. Sorted by table and id.
    """
    speakers = _Speakers(landscape)
    return tuple(s for table in _TABLES for s in _of_table(landscape, table, speakers))


def suppliers(landscape: Landscape, table: str) -> Mapping[str, tuple[str, str | None]]:
    """The partners that supplied rows of ``table``, each with the (first) file and sheet that it stands in."""
    return _suppliers(landscape, table, _Speakers(landscape))


def _suppliers(landscape: Landscape, table: str, speakers: _Speakers) -> dict[str, tuple[str, str | None]]:
    found: dict[str, tuple[str, str | None]] = {}
    for row in landscape["sources"].sort("id").iter_rows(named=True):
        partner = speakers.named(row["supplier"]) if row["of_table"] == table else None
        if partner:
            found.setdefault(partner, (row["file"], row["sheet"]))
    spoken = speakers.rows(landscape[table]).sort("file", "sheet").unique(_SPOKEN, keep="first", maintain_order=True)
    for partner, file, sheet in spoken.select(_BY, "file", "sheet").iter_rows():
        found.setdefault(partner, (file, sheet))
    return found


class _Speakers:
    """Who says a row: partners by what a supplier or source calls them."""

    def __init__(self, landscape: Landscape) -> None:
        called: dict[str, set[str]] = {}
        rows = landscape["partners"].select("id", "name", "short_name", "other_names")
        for id_, name, short, others in rows.iter_rows():
            for text in (name, short, *(others or ())):
                if text:
                    called.setdefault(folded(text), set()).add(id_)
        ids = set(rows["id"])
        decided = landscape["matches"].filter(pl.col("verdict") == "zelfde")
        self._decided = {folded(w): p for w, p in decided.select("written", "partner").iter_rows() if p in ids}
        # only a name that one partner bears names it; what people decided fills in the others
        self._called = {text: next(iter(found)) for text, found in called.items() if len(found) == 1}
        self._ids = ids
        files = landscape["sources"].filter(pl.col("supplier").is_not_null()).select("file", "sheet", "supplier")
        self._files = {(file, sheet): supplier for file, sheet, supplier in files.iter_rows()}
        self._known: dict[str, str | None] = {}

    def named(self, text: str | None) -> str | None:
        """The one partner that ``text`` names; None where it names nobody, or more than one."""
        if not text:
            return None
        if text not in self._known:
            plain = folded(text)
            self._known[text] = text if text in self._ids else self._called.get(plain) or self._decided.get(plain)
        return self._known[text]

    def rows(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows that a partner states, with that partner: the supplier of the sheet, else the row's source."""
        places = frame.select("file", "sheet", "source").unique(maintain_order=True)
        by = [self.named(self._files.get((file, sheet)) or source) for file, sheet, source in places.iter_rows()]
        known = places.with_columns(pl.Series(_BY, by, dtype=pl.String)).drop_nulls(_BY)
        return frame.join(known, on=["file", "sheet", "source"], nulls_equal=True, how="inner", maintain_order="left")


def _of_table(landscape: Landscape, table: str, speakers: _Speakers) -> Iterator[OneSided]:
    frame = landscape[table]
    if table == "routes":
        kinds = scheme("route-kind")
        frame = frame.filter(pl.col("kind").is_in([k for k in kinds.slugs if kinds[k].says("movesFamilies")]))
    owners = _owners(landscape)
    holders = _holders(landscape)
    reference = landscape.settings.reference_date
    pairs: dict[str, set[tuple[str, str]]] = {p: set() for p in _suppliers(landscape, table, speakers)}
    rows = [(row, row.pop(_BY)) for row in speakers.rows(frame).iter_rows(named=True)]
    for row, speaker in rows:
        # a route of the other's role names the other: only pairs with the speaker itself matter
        starts, ends = ([owners[e]] if e in owners else holders.get(e, []) for e in (row["from"], row["to"]))
        pairs[speaker].update((s, e) for s in starts for e in ends if speaker in (s, e))
    for row, speaker in rows:
        start, end = owners.get(row["from"]), owners.get(row["to"])
        if start is None or end is None or start == end or speaker not in (start, end):
            continue
        if table == "routes" and row["valid_until"] and last_day(row["valid_until"]).isoformat() < reference:
            continue
        other = end if speaker == start else start
        theirs = pairs.get(other)
        if theirs is None or (start, end) in theirs or (table == "lines" and (end, start) in theirs):
            continue
        yield OneSided(table, row["id"], speaker, other, row["from"], row["to"], Source.of(table, row))


def _owners(landscape: Landscape) -> dict[str, str]:
    """The partner behind every endpoint that has one: itself, or the partner of an offering."""
    found = {id_: id_ for id_ in landscape["partners"]["id"]}
    offers = landscape["offerings"].select("id", "partner").drop_nulls()
    found.update((f"aanbod:{id_}", partner) for id_, partner in offers.iter_rows() if partner in found)
    return found


def _holders(landscape: Landscape) -> dict[str, list[str]]:
    """The partners that hold each role, by its endpoint form."""
    found: dict[str, list[str]] = {}
    for id_, roles in landscape["partners"].select("id", "roles").drop_nulls().iter_rows():
        for role in roles:
            found.setdefault(f"rol:{role}", []).append(id_)
    return found
