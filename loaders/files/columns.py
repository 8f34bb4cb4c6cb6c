"""Columns of cells → tidy columns: text encoded twice mended, invisible signs out, empty as null; told where it matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ..findings import Finding
from .guard import LONGEST_CELL
from .mojibake import SUSPECT, repaired
from .sheet import ROW
from .telling import discreet, told

#: Signs that no reader sees and that could steer a terminal or turn a line around.
_INVISIBLE: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
_UNTIDY: Final = rf"^\s|\s$|^$|\u00a0|\u202f|{_INVISIBLE}|\r"
#: File, sheet and column of a finding.
_At = tuple[str, str | None, str | None]
#: The sign that stands where a program could not read a letter.
LOST: Final = "\ufffd"
_BARE_NUMBER: Final = r"^[<>±~≥≤]?\s*\d+(?:[.,]\d+)?(?:\s*(?:-|–|tot)\s*\d+(?:[.,]\d+)?)?$"


def tidied(
    frame: pl.DataFrame, headers: Sequence[str], units: dict[str, str], file: str, sheet: str | None
) -> tuple[pl.DataFrame, list[Finding]]:
    """``frame`` with tidy columns (all but :data:`ROW` hold text) and what there is to tell about those in ``headers``."""
    findings: list[Finding] = []
    texts = [name for name in frame.columns if name != ROW]
    if not texts or frame.is_empty():
        return frame.with_columns(pl.col(n).cast(pl.String) for n in texts), findings
    checks = [
        expression.any().alias(f"{name}\x00{what}")
        for name in texts
        for what, expression in (
            ("long", pl.col(name).str.len_bytes() > LONGEST_CELL),
            ("twice", pl.col(name).str.contains(SUSPECT)),
            ("lost", pl.col(name).str.contains(LOST, literal=True)),
            ("untidy", pl.col(name).str.contains(_UNTIDY)),
        )
    ]
    seen = frame.select(checks).row(0, named=True)
    for name in texts:
        told_of = file, sheet, name if name in headers else None
        if seen[f"{name}\x00long"]:
            frame = _without_long(frame, name, told_of, findings)
        if seen[f"{name}\x00twice"]:
            frame = _mended(frame, name, told_of, findings)
        if seen[f"{name}\x00untidy"] or seen[f"{name}\x00twice"]:
            frame = frame.with_columns(_tidy(pl.col(name)))
        if seen[f"{name}\x00lost"]:
            rows = frame.filter(pl.col(name).str.contains(LOST, literal=True)).select(ROW, name).iter_rows()
            findings += told("text-lost", file, sheet, [(r, discreet(t)) for r, t in rows], told_of[2])
        if name in units:
            frame = _with_unit(frame, name, units[name])
    return frame, findings


def _tidy(column: pl.Expr) -> pl.Expr:
    text = column.str.replace_all("\r\n", "\n", literal=True).str.replace_all("\r", "\n", literal=True)
    text = text.str.replace_all("[\u00a0\u202f]", " ").str.replace_all(_INVISIBLE, "").str.strip_chars()
    return pl.when(text != "").then(text)


def _without_long(frame: pl.DataFrame, name: str, at: _At, findings: list[Finding]) -> pl.DataFrame:
    long = pl.col(name).str.len_chars() > LONGEST_CELL
    rows = frame.filter(long)[ROW].to_list()
    findings += told("cell-too-long", at[0], at[1], [(r, "") for r in rows], at[2], values=(("limit", LONGEST_CELL),))
    return frame.with_columns(pl.when(~long.fill_null(value=False)).then(pl.col(name)).alias(name))


def _mended(frame: pl.DataFrame, name: str, at: _At, findings: list[Finding]) -> pl.DataFrame:
    """Text that was encoded twice as it was; one finding for the column."""
    suspect = frame.filter(pl.col(name).str.contains(SUSPECT)).select(ROW, name)
    better = {text: repaired(text) for text in suspect[name].unique().to_list()}
    better = {text: mended for text, mended in better.items() if mended != text}
    if not better:
        return frame
    changed = [(row, f"{discreet(text)} → {discreet(better[text])}") for row, text in suspect.iter_rows() if text in better]
    findings += told("text-mended", at[0], at[1], changed, at[2], together=True)
    return frame.with_columns(pl.col(name).replace(better))


def _with_unit(frame: pl.DataFrame, name: str, unit: str) -> pl.DataFrame:
    """Bare numbers with the unit that their column's name gives in brackets."""
    bare = pl.col(name).str.contains(_BARE_NUMBER)
    return frame.with_columns(pl.when(bare).then(pl.col(name) + f" {unit}").otherwise(pl.col(name)).alias(name))
