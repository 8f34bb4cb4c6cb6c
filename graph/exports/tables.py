"""The tables as CSV with the Dutch headers that the loaders read, and routekaart.toml beside them: a data folder again.

Cells are as machines join them: ids, codes and slugs, dates as ISO, ages in years or months, lists by ";". What cannot
come back, because a data folder has no place for it: which file, sheet and row a row was read from (it is now read from
here), who supplied a file and how often (the table of source files), whether an own role that was only met in a cell is
an entry (unknown comes back as no), and counts of families below the threshold, which are left empty. A text that a
spreadsheet would take for a formula gets an apostrophe before it, and keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

import polars as pl

from ...ontology.catalogue import text
from ...ontology.concepts import scheme
from ..disclosure import is_suppressed
from ..landscape import Landscape
from ..schema import INPUT_TABLES, TABLES, Column, Kind, Origin, Table

#: A spreadsheet takes a text that begins like this for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_ENDPOINTS: Final = (Kind.ENDPOINT, Kind.DESTINATION, Kind.CHAIN)
_REFERENCES: Final = (Kind.ID, Kind.PARTNER, Kind.PARTNERS, *_ENDPOINTS)
_NUMBERS: Final = (Kind.COUNT, Kind.FAMILIES, Kind.NUMBER)
_OUTCOME: Final = "uitkomst:"


def files(landscape: Landscape, lang: str = "nl") -> Iterator[tuple[str, bytes]]:
    """The tables that have rows, the settings, and a note in ``lang`` that says what they are: (name, content)."""
    given = landscape.settings
    said = {"title": given.title, "date": given.reference_date, "threshold": given.threshold}
    yield text("exports.note_name", lang), text("exports.note", lang, **said).encode()
    yield "routekaart.toml", settings(landscape).encode()
    yield from tables(landscape, (t.name for t in INPUT_TABLES if t.required or landscape[t.name].height))


def tables(landscape: Landscape, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The tables called ``names`` (English): (name of the file, content)."""
    writer = _Writer(landscape)
    for name in names:
        yield f"{TABLES[name].nl}.csv", writer.table(TABLES[name])


# --- tables --------------------------------------------------------------------------------------------
class _Writer:
    def __init__(self, landscape: Landscape) -> None:
        self._landscape = landscape
        outcomes = scheme("outcome")
        elsewhere = {*landscape["offerings"]["id"], *landscape["routes"]["id"]}
        #: Partners whose id means something else too, by the endpoint that means only them.
        self._doubtful = {i: f"partner:{i}" for i in landscape["partners"]["id"] if i in elsewhere or outcomes.find(i)}

    def table(self, table: Table) -> bytes:
        """One table as CSV in UTF-8, with every header that a partner can fill in but the one that says an age otherwise."""
        frame = self._landscape[table.name]
        columns = [c for c in table.headed if c.origin is Origin.CELL]
        made = frame.select(pl.Series(c.nl, self._column(c, frame[c.name]), dtype=pl.String) for c in columns)
        return made.write_csv(line_terminator="\n", quote_style="necessary").encode()

    def _column(self, column: Column, cells: pl.Series) -> list[str | None]:
        """Every cell as text; one that comes back is written once."""
        if cells.null_count() == len(cells):  # most columns of most tables
            return [None] * len(cells)
        known: dict[Any, str | None] = {None: None}
        made: list[str | None] = []
        for cell in cells.to_list():
            key = tuple(cell) if isinstance(cell, list) else cell
            if key not in known:
                known[key] = self._cell(column, cell)
            made.append(known[key])
        return made

    def _cell(self, column: Column, cell: Any) -> str | None:
        if is_suppressed(self._landscape, column, cell):
            return None
        if column.kind in _NUMBERS:
            return _number(cell)
        if column.kind is Kind.YESNO:
            return text("exports.yes" if cell else "exports.no")
        if column.kind is Kind.AGE:
            return str(cell // 12) if cell % 12 == 0 else f"{cell} mnd"
        if column.kind is Kind.DAYS:
            return f"{_number(cell)} dagen"
        items = cell if isinstance(cell, list) else [cell]
        if column.kind in _REFERENCES:
            items = [self._reference(column, item) for item in items]
        return _harmless((" > " if column.kind is Kind.CHAIN else "; ").join(items))

    def _reference(self, column: Column, item: str) -> str:
        """An id or endpoint that is read back as the same thing; an id that looks like a formula is changed everywhere alike."""
        if column.kind in _ENDPOINTS:
            item = item.removeprefix(_OUTCOME) if item.startswith(_OUTCOME) else self._doubtful.get(item, item)
        prefix, colon, rest = item.rpartition(":")
        return f"{prefix}{colon}{_harmless(rest)}"


def _harmless(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell


def _number(value: float) -> str:
    """A number as Dutch writes it, never with three decimals: "1,200" might be twelve hundred."""
    if value == int(value):
        return str(int(value))
    whole, _, part = format(Decimal(repr(value)), "f").partition(".")
    return f"{whole},{part}{'0' if len(part) == 3 else ''}"


# --- settings ------------------------------------------------------------------------------------------
def settings(landscape: Landscape) -> str:
    """routekaart.toml: the region, everything that is assumed, and the region's own roles and themes."""
    settings = landscape.settings
    region = {
        "naam": settings.name,
        "titel": settings.title,
        "peildatum": settings.reference_date if settings.reference_date_given else None,
        "uitgever": settings.publisher,
        "licentie": settings.licence,
        "contact": settings.contact,
        "eenheid": settings.unit,
        "gemeenten": list(settings.municipalities) or None,
    }
    assumed = {
        "onbekend_weken": [settings.unknown_weeks_low, settings.unknown_weeks_high],
        "besluit_onbekend_weken": [settings.unknown_decision_low, settings.unknown_decision_high],
        "leeftijden": [settings.age_from / 12, settings.age_until / 12],
        "verouderd_na_maanden": settings.outdated_after_months,
        "drempel": settings.threshold,
        "overdracht_nieuw_weken": settings.new_handover_weeks,
        "overbrugging_binnen_weken": settings.bridging_within_weeks,
        "leeftijdsreeks": settings.age_range_reading,
    }
    parts = [_section("regio", region), _section("instellingen", assumed)]
    for row in landscape["roles"].iter_rows(named=True):
        about = {"naam": row["name"], "instap": row["entry"], "niveaus": row["levels"], "kolom": row["column"]}
        parts.append(_section(f"rollen.{_quoted(row['id'])}", about))
    for row in landscape["themes"].iter_rows(named=True):
        parts.append(_section(f"themas.{_quoted(row['id'])}", {"naam": row["name"], "valt_onder": row["broader"]}))
    return "\n".join(parts)


def _section(name: str, values: Mapping[str, Any]) -> str:
    lines = [f"{key} = {_toml(value)}" for key, value in values.items() if value is not None]
    return "\n".join((f"[{name}]", *lines, ""))


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(int(value)) if value == int(value) else repr(float(value))
    if isinstance(value, str):
        return _quoted(value)
    return f"[{', '.join(_toml(item) for item in value)}]"


def _quoted(value: str) -> str:
    """A basic string of TOML: control signs, quotes and backslashes escaped (https://toml.io/en/v1.0.0#string)."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(f"\\u{ord(c):04X}" if ord(c) < 32 or ord(c) == 127 else c for c in escaped) + '"'
