"""A sheet: one table as it stands in a file, every cell as trimmed text under its header."""

from __future__ import annotations

from collections.abc import Mapping
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
    spreadsheet shows of a cell that it turned into a date although it may have been typed as a
    range ("3-mei" for 2026-05-03): whoever knows what the column means decides.
    """

    file: str
    sheet: str | None
    headers: tuple[str, ...]
    frame: pl.DataFrame
    header_row: int = 1
    places: tuple[int, ...] = ()
    displayed: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the table may be recognised by: the sheet's name, else the file's."""
        return self.sheet if self.sheet is not None else Path(self.file).stem
