"""diff: which rows were added, gone or changed between two Landscapes, told apart from rows that only moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from ...landscape import Landscape
from ...schema import ADDRESS, TABLES, Column, Kind, Origin, Table

#: Of identifying columns those that say *what is stated*, not of what: a newer statement is the same series.
STATED: Final = frozenset(
    {"as_of", "source", "value", "weeks_min", "weeks_median", "weeks_p90", "year", "confirmed_on", "period_from", "period_until"},
)
#: When a statement was made, where a table keeps several of one series; the first that a table has tells the latest.
_TIMES: Final = ("as_of", "year", "confirmed_on", "period_until", "period_from")
#: Where a row says that it comes from, as opposed to what it says.
PROVENANCE_COLUMNS: Final = ("source", "source_date", "verified_on")
#: Tables that are compared on their own (sources: :mod:`..sources`).
_APART: Final = frozenset({"sources"})
_NOTHING: Final = "\x00"

Sort = Literal["content", "provenance"]


@dataclass(frozen=True, eq=False)
class ColumnChange:
    """What changed in one column of one table.

    ``frame`` has ``id`` and ``old_id`` (the row's ids; they differ where an id is a hash), ``old`` and
    ``new`` (values as stored) and ``suppressed``: at least one of both is a count of families that is too
    small to show, and is null here.
    """

    table: Table
    column: Column
    sort: Sort
    frame: pl.DataFrame


@dataclass(frozen=True, eq=False)
class TableChanges:
    """One table: the rows that came and went (whole, small counts null), what changed, and counts.

    ``moved`` counts rows that stand elsewhere (file, sheet or row) and ``restated`` rows of which only
    source or dates changed; ``before`` and ``after`` count rows, superseded waits left out.
    """

    table: Table
    added: pl.DataFrame
    gone: pl.DataFrame
    columns: tuple[ColumnChange, ...]
    before: int
    after: int
    moved: int
    restated: int

    @property
    def changed(self) -> int:
        """How many rows say something else."""
        ids = [c.frame["id"] for c in self.columns if c.sort == "content"]
        return pl.concat(ids).n_unique() if ids else 0

    def __bool__(self) -> bool:
        return bool(self.added.height or self.gone.height or self.columns or self.moved)

    @property
    def says_else(self) -> bool:
        """Whether the table says anything else: moves and provenance left out."""
        return bool(self.added.height or self.gone.height or self.changed)


@dataclass(frozen=True, eq=False)
class Changes:
    """Every table in which something differs, by its English name, in the order of the schema."""

    tables: Mapping[str, TableChanges]

    def __bool__(self) -> bool:
        return any(t.says_else for t in self.tables.values())

    @property
    def moved(self) -> int:
        """Rows that stand elsewhere in the files."""
        return sum(t.moved for t in self.tables.values())

    @property
    def restated(self) -> int:
        """Rows of which only the source or its dates changed."""
        return sum(t.restated for t in self.tables.values())


def changes(old: Landscape, new: Landscape) -> Changes:
    """What ``new`` says that ``old`` did not, and the reverse, row by row.

    Rows are matched by id. A row whose id is a hash is matched by that, else by what it is a statement
    of (:func:`naming`): the latest of its series in both, so a newer wait is a change from the older and
    superseded waits are no change. Derived columns count only where nothing that they come from changed.
    Counts of families under the higher of both thresholds are null.
    """
    before, after = old.without_superseded_waits(), new.without_superseded_waits()
    threshold = max(old.settings.threshold, new.settings.threshold)
    found = {}
    for name, table in TABLES.items():
        if name in _APART:
            continue
        told = _table(table, before[name], after[name], threshold)
        if told:
            found[name] = told
    return Changes(found)


def naming(table: Table) -> tuple[str, ...]:
    """The columns that say of what a row is a statement; empty where rows have ids of their own."""
    return tuple(c for c in table.identity if c not in STATED)


# --- matching ------------------------------------------------------------------------------------------
def _table(table: Table, old: pl.DataFrame, new: pl.DataFrame, threshold: int) -> TableChanges:
    pairs = _pairs(table, old, new)
    taken_old, taken_new = pairs[f"{_NOTHING}old"], pairs[f"{_NOTHING}new"]
    columns, moved, restated = _compared(table, old[taken_old], new[taken_new], threshold)
    return TableChanges(
        table,
        _hushed(table, _left(new, taken_new), threshold),
        _hushed(table, _left(old, taken_old), threshold),
        columns,
        old.height,
        new.height,
        moved,
        restated,
    )


def _left(frame: pl.DataFrame, taken: pl.Series) -> pl.DataFrame:
    return frame.with_row_index(_NOTHING).join(taken.to_frame(_NOTHING), on=_NOTHING, how="anti").drop(_NOTHING)


def _pairs(table: Table, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Which row of ``old`` (position) is which of ``new``, in the order of ``new``."""
    if table.name == "region":  # one row, whatever the region is called
        rows = min(old.height, new.height)
        index = pl.int_range(rows, dtype=pl.UInt32, eager=True)
        return pl.DataFrame({f"{_NOTHING}old": index, f"{_NOTHING}new": index})
    sides = [_side(table, old, "old"), _side(table, new, "new")]
    named = naming(table)
    rounds: list[list[str]] = [["id"]]
    if named and set(table.identity) & STATED:
        rounds += [["series", "source", "rank"], ["series", "rank"], ["subject", "rank"]]
    found: list[pl.DataFrame] = []
    for keys in rounds:
        if "rank" in keys:
            # what a statement supersedes is the latest of its series; two of one day go in order
            group = [k for k in keys if k != "rank"]
            ranked = [s.filter("latest").with_columns(rank=pl.int_range(pl.len()).over(group)) for s in sides]
        else:
            ranked = sides
        pair = ranked[0].join(ranked[1], on=keys, how="inner", nulls_equal=True).select(f"{_NOTHING}old", f"{_NOTHING}new")
        found.append(pair)
        sides = [side.join(pair, on=f"{_NOTHING}{which}", how="anti") for side, which in zip(sides, ("old", "new"), strict=True)]
    return pl.concat(found).sort(f"{_NOTHING}new")


def _side(table: Table, frame: pl.DataFrame, which: str) -> pl.DataFrame:
    """What rows are matched by: position, id, the series as text, source, and whether it is the latest of it."""
    named = naming(table)
    times = [c for c in _TIMES if c in table.identity]
    series = text_key(table, named) if named else pl.lit("")
    # a stop that takes the place of a measured wait is a change of it, not another wait
    subject = text_key(table, tuple(c for c in named if c != "basis")) if named else pl.lit("")
    time = pl.col(times[0]).cast(pl.String).fill_null("") if times else pl.lit("")
    return (
        frame.with_row_index(f"{_NOTHING}{which}")
        .select(f"{_NOTHING}{which}", id=pl.col(table.key), series=series, subject=subject, source=pl.col("source"), time=time)
        .with_columns(latest=pl.col("time") == pl.col("time").max().over("series"))
        .sort("time", "id")
    )


def text_key(table: Table, columns: tuple[str, ...]) -> pl.Expr:
    """The ``columns`` of a row as one text: equal texts, equal values."""
    pieces = [as_text(table.column(c)).fill_null(_NOTHING) for c in columns]
    return pl.concat_str(pieces, separator="\x1f")


def as_text(column: Column) -> pl.Expr:
    """A column as text; lists joined."""
    return pl.col(column.name).list.join("\x1e") if column.is_list else pl.col(column.name).cast(pl.String)


# --- comparing -----------------------------------------------------------------------------------------
def _compared(table: Table, old: pl.DataFrame, new: pl.DataFrame, threshold: int) -> tuple[tuple[ColumnChange, ...], int, int]:
    """(changes per column, rows that moved, rows of which only the provenance changed) of matched rows."""
    differs = {c.name: _differs(c, old, new) for c in table.stored if c.name not in _hash_key(table)}
    nobody = pl.repeat(False, new.height, dtype=pl.Boolean, eager=True)
    moved = _any([differs[c] for c in ADDRESS], nobody)
    said = [c for c in table.stored if c.name in differs and c.name not in (*ADDRESS, *PROVENANCE_COLUMNS)]
    stated = _any([differs[c.name] for c in said if c.origin is not Origin.DERIVED], nobody)
    found, content = [], nobody
    for column in said:
        # what is derived changes with what it comes from; alone it is news
        which = differs[column.name] & ~stated if column.origin is Origin.DERIVED else differs[column.name]
        content = content | which
        if which.any():
            found.append(_column(table, column, "content", old, new, which, threshold))
    provenance = [table.column(c) for c in PROVENANCE_COLUMNS]
    for column in provenance:
        if differs[column.name].any():
            found.append(_column(table, column, "provenance", old, new, differs[column.name], threshold))
    restated = _any([differs[c.name] for c in provenance], nobody) & ~content
    return tuple(found), int(moved.sum()), int(restated.sum())


def _hash_key(table: Table) -> tuple[str, ...]:
    """The id where it is no fact of the row: a hash, or the region's name in another form."""
    return (table.key,) if table.identity or table.name == "region" else ()


def _differs(column: Column, old: pl.DataFrame, new: pl.DataFrame) -> pl.Series:
    if column.is_list:
        return old.select(as_text(column)).to_series().ne_missing(new.select(as_text(column)).to_series())
    return old[column.name].ne_missing(new[column.name])


def _any(flags: list[pl.Series], nobody: pl.Series) -> pl.Series:
    for flag in flags:
        nobody = nobody | flag
    return nobody


def _column(
    table: Table, column: Column, sort: Sort, old: pl.DataFrame, new: pl.DataFrame, which: pl.Series, threshold: int
) -> ColumnChange:
    before, after = old.filter(which), new.filter(which)
    frame = pl.DataFrame(
        {
            "id": after[table.key],
            "old_id": before[table.key],
            "old": before[column.name],
            "new": after[column.name],
        }
    )
    small = [_small(column, name, threshold) for name in ("old", "new")]
    frame = frame.with_columns(
        suppressed=pl.any_horizontal(small),
        **{name: pl.when(~s).then(pl.col(name)) for name, s in zip(("old", "new"), small, strict=True)},
    )
    return ColumnChange(table, column, sort, frame)


def _small(column: Column, name: str, threshold: int) -> pl.Expr:
    """Whether the value is a count of families that is too small to show (see disclosure.py)."""
    if column.kind is not Kind.FAMILIES:
        return pl.lit(False)
    return ((pl.col(name) > 0) & (pl.col(name) < threshold)).fill_null(value=False)


def _hushed(table: Table, frame: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Rows without the counts of families that are too small to show."""
    counts = [c for c in table.stored if c.kind is Kind.FAMILIES]
    return frame.with_columns(pl.when(~_small(c, c.name, threshold)).then(pl.col(c.name)).alias(c.name) for c in counts)


def ids_of(changed: TableChanges) -> Iterator[tuple[str, str]]:
    """(old id, new id) of every row that says something else, each once, by new id."""
    frames = [c.frame.select("old_id", "id") for c in changed.columns if c.sort == "content"]
    if frames:
        yield from pl.concat(frames).unique().sort("id", "old_id").iter_rows()


def by_importance(old: Landscape, new: Landscape, changed: TableChanges, most: int) -> list[tuple[str, str]]:
    """(added, gone or changed, id) of the ``most`` important rows of a table (0: all).

    Waits: stops that come or go, then by the days that the expected wait shifts. Else what is gone, then added,
    then changed, by id; rows of which only the date or year moves on come last.
    """
    times = [c.frame["id"] for c in changed.columns if c.sort == "content" and c.column.name not in _TIMES]
    said = pl.concat(times) if times else pl.Series(dtype=pl.String)
    parts = {
        "gone": changed.gone.select(id=changed.table.key, old_id=changed.table.key),
        "added": changed.added.select(id=changed.table.key, old_id=changed.table.key),
        "changed": pl.DataFrame(list(ids_of(changed)), schema={"old_id": pl.String, "id": pl.String}, orient="row"),
    }
    frame = pl.concat(
        [p.select(pl.lit(what).alias("what"), pl.lit(n).alias("n"), "id", "old_id") for n, (what, p) in enumerate(parts.items())]
    )
    first: list[pl.Expr] = []
    if changed.table.name == "waits":
        for side, landscape, key in (("before", old, "old_id"), ("after", new, "id")):
            waits = landscape["waits"].select(
                pl.col("id").alias(key), (pl.col("state") == "stop").alias(f"{side}_stop"), pl.col("days_expected").alias(side)
            )
            frame = frame.join(waits, on=key, how="left")
        not_there = {"before": pl.col("what") == "added", "after": pl.col("what") == "gone"}
        stop = [(pl.col(f"{s}_stop") & ~not_there[s]).fill_null(value=False) for s in not_there]
        shift = (pl.col("after") - pl.col("before")).abs().fill_null(0.0)
        first = [stop[0] == stop[1], pl.when(pl.col("what") == "changed").then(-shift).otherwise(0.0)]
    # that only the year or the date of a statement moves on is news for nobody
    newer = (pl.col("what") == "changed") & ~pl.col("id").is_in(said.to_list())
    ordered = frame.sort(*first, newer, "n", "id")
    return list((ordered.head(most) if most else ordered).select("what", "id").iter_rows())
