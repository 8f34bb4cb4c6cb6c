"""A sheet: one table as it stands in a file, every cell as trimmed text under its header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

ROW: Final = "\x00row"
"""The column of a sheet's frame that holds the row as the spreadsheet shows it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as it stands in a file. ``frame``: a column of text per header, and :data:`ROW`.

    ``header_row`` is the (last) row of column names and ``places`` the position (0 = column A) of each
    header, both as the spreadsheet shows them. ``displayed`` holds, per header and row, what the
    spreadsheet shows of a cell that it keeps as a date but shows without its day or its year, and that may
    have been typed as a range: "3-mei" or "03-05" for 2026-05-03 (typed: 3-5), "dec-18" for 2018-12-01
    (typed: 12-18). The frame holds the ISO date; whoever knows what the column means decides. A .csv has
    no such cells: there the text in the frame is "3-mei" itself. ``hidden``: the workbook hides the sheet.
    """

    file: str
    sheet: str | None
    headers: tuple[str, ...]
    frame: pl.DataFrame
    header_row: int = 1
    places: tuple[int, ...] = ()
    displayed: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    hidden: bool = False

    @property
    def name(self) -> str:
        """What the table may be recognised by: the sheet's name, else the file's."""
        return self.sheet if self.sheet is not None else Path(self.file).stem


@dataclass(frozen=True, slots=True)
class Area:
    """A merged area of cells; rows and columns count from 0 and both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Something about one cell (row and column from 0): the code of its finding and the text that tells it."""

    code: str
    row: int
    place: int
    value: str = ""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet before anything is decided about it: ``rows[0]`` is row 1 of the spreadsheet.

    Every cell is text as it stands (rows may differ in length); nothing is dropped, spread or trimmed.
    ``name`` is None for a file without sheets. ``displayed`` has what date cells show, by (row, column)
    from 0; ``marks`` what is odd about single cells.
    """

    name: str | None
    rows: Sequence[Sequence[str]]
    hidden: bool = False
    merged: tuple[Area, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    displayed: Mapping[tuple[int, int], str] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
