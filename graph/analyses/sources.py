"""Sources: who supplies what, how often it is expected, what is late or shrunken, and what a next edition changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from ..dates import first_day, last_day, months_before
from ..landscape import Landscape
from ..profile import DAYS_PER_MONTH
from ..schema import INPUT_TABLES

#: Dates of a row that say when something was known.
_KNOWN_ON: Final = ("as_of", "source_date", "verified_on")
#: A source that loses one row in this many, or more, has shrunk.
SHRUNK: Final = 3

Address = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source: rows read, used and put apart, its supplier, what was expected and whether it came.

    ``table`` is None where nothing says what it holds. ``latest`` is the latest date in its rows, as written;
    ``due`` the day (ISO) on which the next list was due. ``late``: the reference date is past ``due``, or a rhythm
    is expected and no row has a date. ``missing``: routekaart.toml names it and nothing was read of it, which is
    late too. ``shrunken``: fewer rows than expected.
    """

    file: str
    sheet: str | None
    table: str | None
    read: int
    used: int
    quarantined: int
    supplier: str | None
    every_months: float | None
    rows_min: int | None
    latest: str | None
    due: str | None
    late: bool
    missing: bool
    shrunken: bool


@dataclass(frozen=True, slots=True)
class SourceChange:
    """One source in two Landscapes; rows None where it is not there, ``file_before`` where it was called otherwise.

    ``shrunk``: it lost a third of its rows or more, or is gone and no new file of its table has as many.
    """

    file: str
    sheet: str | None
    table: str | None
    supplier: str | None
    before: int | None
    after: int | None
    file_before: str | None
    shrunk: bool


def source_states(landscape: Landscape) -> tuple[SourceState, ...]:
    """Every source, by file and sheet."""
    latest = _latest(landscape)
    reference = first_day(landscape.settings.reference_date)
    found = []
    for row in landscape["sources"].sort("file", "sheet").iter_rows(named=True):
        read, every, least = row["rows_read"] or 0, row["every_months"], row["rows_min"]
        newest = latest.get((row["file"], row["sheet"]))
        due = _due(newest, every)
        missing = row["sha256"] is None and read == 0
        late = missing or (every is not None and (due is None or due < reference))
        found.append(
            SourceState(
                row["file"],
                row["sheet"],
                row["of_table"],
                read,
                row["rows_used"] or 0,
                row["rows_quarantined"] or 0,
                row["supplier"],
                every,
                least,
                newest,
                due.isoformat() if due else None,
                late,
                missing,
                least is not None and read < least,
            )
        )
    return tuple(found)


def _latest(landscape: Landscape) -> Mapping[Address, str]:
    """The latest date in the rows of each source; one of reduced precision counts as its last day."""
    found: dict[Address, tuple[date, str]] = {}
    for table in INPUT_TABLES:
        frame = landscape[table.name]
        for name in _KNOWN_ON:
            if name not in frame.columns:
                continue
            dated = frame.filter(pl.col(name).is_not_null() & pl.col("file").is_not_null())
            for file, sheet, text in dated.select("file", "sheet", name).unique().iter_rows():
                candidate = (last_day(text), text)
                if (file, sheet) not in found or candidate > found[file, sheet]:
                    found[file, sheet] = candidate
    return {address: text for address, (_, text) in found.items()}


def _due(latest: str | None, every_months: float | None) -> date | None:
    """The last day on which the next list is in time."""
    if latest is None or every_months is None:
        return None
    whole = int(every_months)
    try:
        return months_before(last_day(latest), -whole) + timedelta(days=round((every_months - whole) * DAYS_PER_MONTH))
    except (OverflowError, ValueError):  # a rhythm of thousands of years
        return date.max


def source_changes(old: Landscape, new: Landscape) -> tuple[SourceChange, ...]:
    """Rows read of each source before and after; a file with another name and the same content is the same."""
    before = {r["id"]: r for r in old["sources"].iter_rows(named=True)}
    after = {r["id"]: r for r in new["sources"].iter_rows(named=True)}
    gone = {i: r for i, r in before.items() if i not in after}
    renamed: dict[str, str] = {}
    for id_, row in after.items():
        if id_ in before or row["sha256"] is None:
            continue
        same = [i for i, r in gone.items() if all(r[c] == row[c] for c in ("sha256", "sheet", "of_table"))]
        if same:
            renamed[id_] = same[0]
            del gone[same[0]]
    fresh = [r for i, r in after.items() if i not in before and i not in renamed]

    def replaced(row: Mapping[str, Any]) -> int:
        """Rows of the same table in files that were not there: a list that came in another form."""
        return sum(r["rows_read"] or 0 for r in fresh if r["of_table"] == row["of_table"])

    found = []
    for id_ in (*after, *gone):
        row = after.get(id_) or gone[id_]
        was = before.get(renamed.get(id_, id_))
        rows = (was["rows_read"] or 0) if was else None
        now = (row["rows_read"] or 0) if id_ in after else None
        found.append(
            SourceChange(
                row["file"],
                row["sheet"],
                row["of_table"],
                row["supplier"],
                rows,
                now,
                before[renamed[id_]]["file"] if id_ in renamed else None,
                bool(rows) and SHRUNK * ((rows or 0) - (now if now is not None else replaced(row))) >= (rows or 0),
            )
        )
    return tuple(sorted(found, key=lambda s: (s.file, s.sheet or "")))
