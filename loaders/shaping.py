"""What a list leaves unsaid in its cells: a value that holds for every row, and waits side by side in columns.

A list of one partner has no column that says which partner; a list of waits often has one column per kind
("Aanmeldwachttijd", "Behandelwachttijd") where our table has a row per kind. Both are brought into the shape of
the table before anything is read, without changing a cell, a row number or a column name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

import polars as pl

from ..graph.schema import TABLES, Table
from ..ontology.concepts import folded, scheme
from .expectations import SourceSetting
from .files.sheet import ROW, Sheet
from .findings import Finding

_WAITS = TABLES["waits"]
_AS_WRITTEN: Final = re.compile(r"(?i)(.+?)[\s_-]+letterlijk")


def with_fixed(sheet: Sheet, table: Table, fixed: Mapping[str, str]) -> Sheet:
    """The sheet with the values of ``vast`` (routekaart.toml) in the cells that are empty."""
    names = {folded(n): c for c in table.headed for n in (c.name, c.nl, c.en)}
    headers = list(sheet.headers)
    frame = sheet.frame
    for written, value in fixed.items():
        column = names.get(folded(written))
        if column is None:
            continue
        same = {folded(n) for n in (column.name, column.nl, column.en)}
        header = next((h for h in headers if folded(h) in same), None)
        if header is None:
            headers.append(column.nl)
            frame = frame.with_columns(pl.lit(value).alias(column.nl))
        else:
            frame = frame.with_columns(pl.col(header).fill_null(value))
    return replace(sheet, headers=tuple(headers), frame=frame)


def _mapped(columns: Mapping[str, str]) -> dict[str, str]:
    """What ``kolommen`` calls each header, whichever side of the = it stands on."""
    return {folded(b): a for a, b in columns.items()} | {folded(a): b for a, b in columns.items()}


def kind_columns(headers: tuple[str, ...], columns: Mapping[str, str]) -> dict[str, str]:
    """Header → slug of the kind of wait that it names, each kind once: as mapped, else as written, else as coded.

    The NZa publishes each wait twice, "Aanmeldwachttijd_letterlijk" as the provider wrote it and "Aanmeldwachttijd" in
    weeks of its own, where no wait at all is 1.
    """
    kinds = scheme("wait-kind")
    mapped = _mapped(columns)
    found: dict[str, str] = {}

    def look(name: Callable[[str], str | None]) -> None:
        for header in headers:
            said = name(header)
            slug = kinds.find(re.sub(r"\s*\([^)]*\)$", "", said)) if said else None
            if slug and slug not in found.values() and header not in found:
                found[header] = slug

    look(lambda header: mapped.get(folded(header)))
    look(lambda header: match[1] if (match := _AS_WRITTEN.fullmatch(header)) else None)
    look(lambda header: header)
    return found


def shaped(sheet: Sheet, table: Table, setting: SourceSetting) -> Iterator[tuple[Sheet, SourceSetting, Finding | None]]:
    """The sheet as one or more in the shape of ``table``, with its mapping; what was assumed is a finding.

    A list with waits side by side gives a sheet per kind, with the rows that say something of it; a row
    that says nothing of any kind stays in the first, as an unknown wait. Every row keeps its number.
    """
    sheet = with_fixed(sheet, table, setting.fixed)
    kinds = kind_columns(sheet.headers, setting.columns) if table is _WAITS else {}
    ours = {folded(n) for name in ("kind", "value") for c in [_WAITS.column(name)] for n in (c.name, c.nl, c.en)}
    mapped = _mapped(setting.columns)
    if not kinds or any(folded(mapped.get(folded(h), h)) in ours for h in sheet.headers):
        yield sheet, setting, None
        return
    said = Finding(
        "waits-side-by-side", sheet.file, sheet.sheet, sheet.header_row, values=(("columns", ", ".join(f"'{h}'" for h in kinds)),)
    )
    label = scheme("wait-kind").label
    silent = pl.all_horizontal([pl.col(h).is_null() for h in kinds])
    for number, (header, slug) in enumerate(kinds.items()):
        told = pl.col(header).is_not_null()
        rows = sheet.frame.filter(told | silent if number == 0 else told)
        kept = [h for h in sheet.headers if h == header or h not in kinds]
        part = replace(
            sheet,
            headers=(*kept, "soort"),
            frame=rows.select(*kept, pl.lit(label(slug)).alias("soort"), ROW),
            places=tuple(p for h, p in zip(sheet.headers, sheet.places, strict=False) if h in kept),
        )
        yield part, replace(setting, columns={**setting.columns, header: "waarde"}), said if number == 0 else None
