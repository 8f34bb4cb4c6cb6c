"""What refers to something absent: every link of every table is followed, counted and told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import polars as pl

from ..files.sheet import ROW
from ..findings import Finding
from .dialect import table_named
from .model import HSDS, OPEN_LINKS
from .records import FILE, SHEET, Records

_FIRST: Final = 5


def absent(records: Records, table: str, column: str) -> pl.Series:
    """Per row of ``table`` whether ``column`` refers to a record that is not there (false where it refers to nothing)."""
    frame = records[table]
    if table in OPEN_LINKS and column == OPEN_LINKS[table][0]:
        return _openly_absent(records, frame, *OPEN_LINKS[table])
    known = records[HSDS[table].links[column]]["id"].drop_nulls().unique()
    return frame[column].is_not_null() & ~frame[column].is_in(known.implode())


def _openly_absent(records: Records, frame: pl.DataFrame, column: str, named: str) -> pl.Series:
    """The same for a link whose table stands in another column; a name that is no table is looked for everywhere."""
    found = pl.Series([False] * frame.height, dtype=pl.Boolean)
    for name in frame[named].unique().to_list():
        target = table_named(name) if name else None
        tables = [target.table] if target else sorted(HSDS)
        known = pl.concat([records[t]["id"].drop_nulls() for t in tables]).unique()
        found = found | (frame[named].eq_missing(pl.Series([name], dtype=pl.String)) & frame[column].is_in(known.implode()))
    return frame[column].is_not_null() & ~found


def links_of(table: str) -> Iterator[str]:
    """The columns of a table that refer to another record."""
    yield from HSDS[table].links
    if table in OPEN_LINKS:
        yield OPEN_LINKS[table][0]


def dangling(records: Records) -> Iterator[Finding]:
    """One finding per table and column whose references lead nowhere: how many of how many, the first rows, the first value."""
    for table in HSDS:
        frame = records[table]
        for column in links_of(table) if frame.height else ():
            wrong = frame.filter(absent(records, table, column))
            if wrong.is_empty():
                continue
            target = HSDS[table].links.get(column)
            named = HSDS[target].file if target else wrong[OPEN_LINKS[table][1]][0] or "–"
            file, sheet, row, value = wrong.select(FILE, SHEET, ROW, column).row(0)
            rows = ", ".join(str(r) for r in wrong.filter(pl.col(FILE) == file)[ROW].head(_FIRST))
            yield Finding(
                "hsds-orphan-service" if (table, column) == ("service", "organization_id") else "hsds-dangling",
                file,
                sheet,
                row,
                records.headers.get((file, table, column), column),
                value,
                values=(
                    ("number", wrong.height),
                    ("total", frame[column].count()),
                    ("target", named),
                    ("rows", rows),
                ),
            )


def in_circle(parents: Mapping[str, str]) -> set[str]:
    """The ids that are above themselves, following child → parent."""
    circle: set[str] = set()
    done: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        node: str | None = start
        while node is not None and node not in done and node not in path:
            path[node] = None
            node = parents.get(node)
        if node is not None and node in path:
            walked = list(path)
            circle.update(walked[walked.index(node) :])
        done.update(path)
    return circle


def pairs(frame: pl.DataFrame, key: str, value: str) -> dict[str, str]:
    """Pairs key → value of the rows that have both; the first where a key occurs twice."""
    rows: Iterable[tuple[str, str]] = (
        frame.select(key, value).drop_nulls().unique(key, keep="first", maintain_order=True).iter_rows()
    )
    return dict(rows)
