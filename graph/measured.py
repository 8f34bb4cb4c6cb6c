"""The waits of a Landscape by subject, as far as an answer can still be computed with them."""

from __future__ import annotations

from collections.abc import KeysView
from functools import cached_property
from typing import Any, Final

import polars as pl

from .dates import last_day, outdated
from .landscape import Landscape
from .waiting import STATEMENT, Wait

Rows = tuple[dict[str, Any], ...]
_SERIES: Final = ("on", "kind", "themes", "municipalities", "age_from", "age_until")
#: Before any day.
_UNDATED: Final = 0
_BLOCK: Final = 64


class Measured:
    """The measured waits of a Landscape by subject, made once: ask with ``landscape.derived(Measured)``.

    A row is a dictionary by column, with ``outdated`` added. A nation has a million rows, nearly all of them history:
    what a later row replaced is left out, and the others stay columns until somebody asks for their subject.
    """

    def __init__(self, landscape: Landscape) -> None:
        settings = landscape.settings
        waits = landscape["waits"]
        subjects, spoken = pl.col("on").list.len(), pl.col("state").eq_missing(STATEMENT)
        said = waits.filter((subjects > 1) | ((subjects == 1) & spoken))
        measured = latest(waits.filter((subjects == 1) & ~spoken)).sort(pl.col("on").list.first(), maintain_order=True)
        dates = {date for frame in (said, measured) for date in frame["as_of"].unique()}
        old = [date for date in dates if outdated(date, settings.reference_date, settings.outdated_after_months)]
        is_old = pl.col("as_of").is_in(old, nulls_equal=True).alias("outdated")
        self._said, self._frame = said.with_columns(is_old), measured.with_columns(is_old)
        self._places: dict[str, list[int]] = {}
        for place, subject in enumerate(self._frame["on"].list.first()):
            self._places.setdefault(subject, []).append(place)
        #: Every subject that has a measured wait.
        self.subjects: KeysView[str] = self._places.keys()
        self._blocks: dict[int, Rows] = {}
        self._rows: dict[str, Rows] = {}
        #: What was worked out, for every :class:`waits.Waits` of the Landscape to find again.
        self.answers: dict[Any, Wait] = {}
        self.conditional: dict[tuple[str, ...], Rows] = {}

    @cached_property
    def statements(self) -> Rows:
        """The rows that are shown beside an answer and never computed with, in order of id."""
        return _read(self._said)

    def rows(self, subject: str) -> Rows:
        """The measured waits on a subject, in order of id."""
        if subject not in self._rows:
            # subjects lie together in the frame; a frame is quick to read by blocks and slow by rows
            self._rows[subject] = tuple(self._block(place // _BLOCK)[place % _BLOCK] for place in self._places.get(subject, ()))
        return self._rows[subject]

    def _block(self, number: int) -> Rows:
        if number not in self._blocks:
            self._blocks[number] = _read(self._frame.slice(number * _BLOCK, _BLOCK))
        return self._blocks[number]


def _read(frame: pl.DataFrame) -> Rows:
    columns = (column.to_list() for column in frame)
    return tuple(dict(zip(frame.columns, cells, strict=True)) for cells in zip(*columns, strict=True))


def latest(waits: pl.DataFrame) -> pl.DataFrame:
    """The waits (on one subject each) that no later one of the same subject, kind and conditions replaced.

    What is left out is chosen by no answer: the later row applies wherever it does, is as specific and at least as
    current, and the latest goes first. An undated row is older than any dated one; rows of the same last day all stay.
    """
    days = {date: last_day(date).toordinal() for date in waits["as_of"].unique() if date}
    day = waits["as_of"].replace_strict(list(days), list(days.values()), default=_UNDATED, return_dtype=pl.Int32)
    keyed = pl.DataFrame([_groupable(waits[column]) for column in _SERIES]).with_columns(day.alias("day"))
    newest = keyed.select(pl.col("day") == pl.col("day").max().over(_SERIES))
    return waits.filter(newest["day"])


def _groupable(column: pl.Series) -> pl.Series:
    """A list column as text (grouping on lists is slow, and so is joining a million lists of which most are null)."""
    if column.dtype != pl.List(pl.String):
        return column
    said = column.is_not_null().arg_true()
    text = pl.repeat(None, len(column), dtype=pl.String, eager=True).alias(column.name)
    return text.scatter(said, column.gather(said).list.join("|"))
