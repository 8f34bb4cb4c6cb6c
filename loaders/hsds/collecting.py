"""Nested JSON records → flat rows per table, each record once, with where it stands and what it hangs on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

import polars as pl

from ..files.sheet import ROW
from ..findings import Finding
from .dialect import Target, column_named, table_named
from .model import HSDS, KNOWN, OPEN_LINKS, ROOTS
from .records import FILE, SHEET, UNKNOWN, Records

#: HSDS nests eight deep at most (organisation, service, service at location, location, contact, phone, language, attribute).
_DEEPEST: Final = 16
Row = dict[str, Any]


def kind_of(value: Mapping[str, Any], shown: str) -> Target | None:
    """What record an object is, by the keys it has; where two fit alike the name of the file decides; None for no record."""
    if not any(k.casefold() == "id" for k in value):
        return None
    fits = {name: sum(_fits(Target(name), key, item) for key, item in value.items()) for name in ROOTS}
    most = max(fits.values())
    best = [name for name in ROOTS if fits[name] == most]
    if most < 2:
        return None
    if len(best) > 1:
        stem = PurePosixPath(shown).stem.casefold().replace("organisation", "organization")
        best = [name for name in best if stem.startswith(name)] or best
        # a program says whose it is
        best = [name for name in best if name != "program" or "organization_id" in value or "organization" in value] or best
    return Target(best[0]) if len(best) == 1 else None


def _fits(target: Target, key: str, value: Any) -> bool:
    if isinstance(value, (list, dict)):
        below = _below(target.table, key)
        items = value if isinstance(value, list) else [value]
        if below is None or not all(isinstance(i, dict) for i in items):
            return False
        return (
            _link(target.table, below.table) in HSDS[below.table].links
            or below.table in OPEN_LINKS
            or (isinstance(value, dict) and _link(below.table, target.table) in KNOWN[target.table])
        )
    return column_named(target, key) is not None


def _below(table: str, key: str) -> Target | None:
    """The table of a nested object or list."""
    if table == "attribute" and key.casefold() in ("taxonomy", "taxonomy_term", "taxonomyterm"):
        return Target("taxonomy_term")
    return table_named(key)


def _link(parent: str, child: str) -> str:
    """The column of a child that refers to its parent."""
    return f"{parent}_id"


class Collector:
    """Rows out of documents, per file until :meth:`records` puts them together."""

    def __init__(self) -> None:
        self._files: dict[str, _Rows] = {}

    @property
    def total(self) -> int:
        return sum(sum(f.read.values()) for f in self._files.values())

    def take(self, value: Any, target: Target, shown: str, path: str) -> None:
        """One record and everything nested in it."""
        self._file(shown).take(value, target, path, 0)

    def malformed(self, shown: str) -> None:
        """Something in a list of records that is none."""
        self._file(shown).malformed[""] += 1

    def forget(self, shown: str) -> None:
        """Drop what came from one file: it turned out to be unreadable."""
        self._files.pop(shown, None)

    def _file(self, shown: str) -> _Rows:
        return self._files.setdefault(shown, _Rows(shown))

    def records(self, into: Records) -> None:
        """Put the rows of all files together, once each, and say where two of them disagree."""
        merged: dict[str, dict[Any, Row]] = {}
        clashes: Counter[tuple[str, str]] = Counter()
        shown: dict[tuple[str, str], Row] = {}
        for file in self._files.values():
            into.read += file.read
            into.repeated += file.repeated
            into.malformed += file.malformed
            into.extra_links += file.extra_links
            clashes += file.clashes
            shown = {**file.clashed, **shown}
            for name, rows in file.rows.items():
                home = merged.setdefault(name, {})
                for key, row in rows.items():
                    known = home.get(key)
                    if known is None:
                        home[key] = row
                    else:
                        into.repeated[name] += 1
                        into.extra_links += _second_home(name, known, row)
                        _merge(known, row, name, clashes, shown)
            for (name, column), number in sorted(file.wrong.items()):
                where = file.wrong_at[name, column]
                into.findings.append(
                    Finding(
                        "hsds-wrong-type",
                        file.shown,
                        where[SHEET],
                        where[ROW],
                        column,
                        values=(("number", number), ("table", HSDS[name].file)),
                    )
                )
        for (name, column), number in sorted(clashes.items()):
            row = shown[name, column]
            into.findings.append(
                Finding(
                    "hsds-conflict",
                    row[FILE],
                    row[SHEET],
                    row[ROW],
                    column,
                    values=(("number", number), ("table", HSDS[name].file)),
                )
            )
        for name, kept in merged.items():
            into.frames[name] = self._frame(name, list(kept.values()), into)

    @staticmethod
    def _frame(name: str, rows: list[Row], into: Records) -> pl.DataFrame:
        columns = list(dict.fromkeys(c for row in rows for c in row))
        known = {*HSDS[name].columns, FILE, SHEET, ROW}
        for column in columns:
            if column not in known:
                into.unknown[name, column.removeprefix(UNKNOWN)] += sum(row.get(column) is not None for row in rows)
        return pl.DataFrame(
            {c: [row.get(c) for row in rows] for c in columns},
            schema={c: pl.Int64 if c == ROW else pl.String for c in columns},
        )


def _merge(known: Row, row: Row, table: str, clashes: Counter[tuple[str, str]], shown: dict[tuple[str, str], Row]) -> None:
    """What the second says is added where the first is silent; where they differ the first counts."""
    for column, value in row.items():
        if value is None or column in (FILE, SHEET, ROW):
            continue
        if known.get(column) is None:
            known[column] = value
        elif known[column] != value and column in HSDS[table].carried and (table, column) != _SECOND_HOME:
            clashes[table, column] += 1
            shown.setdefault((table, column), row)


#: A second organisation of a location is no contradiction: see extra_links.
_SECOND_HOME: Final = ("location", "organization_id")


def _second_home(table: str, known: Row, row: Row) -> list[tuple[str, str]]:
    """A location that two organisations list: the pair that its own column cannot hold."""
    first, second = known.get("organization_id"), row.get("organization_id")
    return [(second, row["id"])] if table == "location" and first and second and first != second else []


class _Rows:
    """The rows of one file."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.rows: dict[str, dict[Any, Row]] = {}
        self.read: Counter[str] = Counter()
        self.repeated: Counter[str] = Counter()
        self.malformed: Counter[str] = Counter()
        self.clashes: Counter[tuple[str, str]] = Counter()
        self.clashed: dict[tuple[str, str], Row] = {}
        self.wrong: Counter[tuple[str, str]] = Counter()
        self.wrong_at: dict[tuple[str, str], Row] = {}
        self.extra_links: list[tuple[str, str]] = []
        self._numbers: Counter[tuple[str, str]] = Counter()

    def take(
        self, value: Any, target: Target, path: str, depth: int, links: Mapping[str, str | None] | None = None
    ) -> str | None:
        """Take up one record; its id."""
        name = target.table
        if not isinstance(value, dict) or depth > _DEEPEST:
            self.read[name] += 1
            self.malformed[name] += 1
            return None
        sheet = f"{name}: {path}" if path else name
        self._numbers[name, path] += 1
        row: Row = {FILE: self.shown, SHEET: sheet, ROW: self._numbers[name, path], **target.constants}
        self.read[name] += 1
        below: list[tuple[str, Any, Target]] = []
        for key, item in value.items():
            nested = _below(name, key) if isinstance(item, (list, dict)) else None
            if nested is not None and (isinstance(item, dict) or any(isinstance(i, dict) for i in item)):
                below.append((key, item, nested))
            else:
                self._cell(row, target, key, item)
        for column, parent in (links or {}).items():
            row[column] = parent if parent is not None else row.get(column)
        # what the record refers to by holding it, before the record is known: the reference is a column of it
        later = []
        for key, item, nested in below:
            inner = f"{path}.{key}" if path else key
            if isinstance(item, dict):
                column = f"{nested.table}_id"
                found = self.take(item, nested, inner, depth + 1)
                if found is not None and column in KNOWN[name] and row.get(column) is None:
                    row[column] = found
            else:
                later.append((f"{inner}[]", item, nested))
        self._keep(name, row)
        for inner, items, nested in later:
            for item in items:
                self.take(item, nested, inner, depth + 1, self._links(name, row, nested))
        return row.get("id")

    def _links(self, name: str, row: Row, nested: Target) -> dict[str, str | None]:
        if nested.table in OPEN_LINKS:
            link, entity = OPEN_LINKS[nested.table]
            return {link: row.get("id"), entity: name}
        column = _link(name, nested.table)
        return {column: row.get("id")} if column in KNOWN[nested.table] else {}

    def _cell(self, row: Row, target: Target, key: str, item: Any) -> None:
        column = column_named(target, key)
        if isinstance(item, str):  # nearly always
            item = item.strip() or None
        if isinstance(item, list) and all(isinstance(i, str) for i in item):
            item = "; ".join(i for i in item if i.strip()) or None
        if isinstance(item, (list, dict)):
            if column is not None and item:
                self.wrong[target.table, column] += 1
                self.wrong_at.setdefault((target.table, column), row)
            elif item:
                row[UNKNOWN + key] = "…"  # counted among what the specification does not know
            return
        text = ("true" if item else "false") if isinstance(item, bool) else item
        name = column or UNKNOWN + key
        if row.get(name) is None:
            row[name] = text

    def _keep(self, name: str, row: Row) -> None:
        table = HSDS[name]
        id_ = row.get("id")
        key: Any = id_ if id_ is not None else (row[FILE], row[SHEET], row[ROW])
        if table.shared:
            link = OPEN_LINKS[name][0] if name in OPEN_LINKS else next(iter(table.links))
            key = (key, *(row.get(c) for c in dict.fromkeys((link, *table.links))))
        home = self.rows.setdefault(name, {})
        known = home.get(key)
        if known is None:
            home[key] = row
            return
        self.repeated[name] += 1
        self.extra_links += _second_home(name, known, row)
        _merge(known, row, name, self.clashes, self.clashed)
