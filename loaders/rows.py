"""One sheet → typed rows of one table, with findings and the rows that are put apart (quarantine)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ..graph.landscape import dtype
from ..graph.schema import EXAMPLES, Column, Kind, Origin, Table
from ..ontology.concepts import folded
from . import values
from .cells import Context, parser, typed
from .codes import CODES
from .files.sheet import ROW, Sheet
from .findings import Finding
from .nearest import nearest
from .workbooks.marks import MARK

#: An id begins with no space and holds no sign that has a meaning in an endpoint or a list.
_ID: Final = r"^[^\s;>:][^;>:\n\t]*$"


#: Cells in which people write ranges, which a spreadsheet likes to turn into dates.
_RANGES: Final = (Kind.AGE, Kind.NUMBER, Kind.COUNT, Kind.FAMILIES, Kind.DAYS)
_REFERENCES: Final = (Kind.PARTNER, Kind.ENDPOINT, Kind.DESTINATION, Kind.CHAIN)


@dataclass(frozen=True)
class Rows:
    """What one sheet gives: usable rows and the counts that must add up (read = used + quarantined)."""

    sheet: Sheet
    table: Table
    frame: pl.DataFrame
    findings: tuple[Finding, ...]
    read: int


def headers_of(sheet: Sheet, table: Table, mapping: Mapping[str, str]) -> tuple[dict[str, str], list[Finding]]:
    """Header → column name; Dutch, English and mapped headers in any case and order."""
    names: dict[str, str] = {}
    for column in table.headed:
        for written in (column.en, column.name, column.nl):
            names[folded(written)] = column.name
    # "titel" = "naam" or "naam" = "titel": the side that is a column of ours is ours
    mapped = {folded(theirs): folded(ours) for theirs, ours in mapping.items() if folded(ours) in names}
    mapped |= {folded(theirs): folded(ours) for ours, theirs in mapping.items() if folded(theirs) not in names}
    found: dict[str, str] = {}
    findings: list[Finding] = []
    for header in sheet.headers:
        plain = folded(header)
        name = names.get(mapped.get(plain, plain))
        if name is None and plain == MARK and table.identity:
            continue  # the mark of a row that was given out, see confirmations.py
        if name is None:
            near = nearest(plain, names)
            suggestion = table.column(names[near[0]]).nl if near else None
            findings.append(Finding("unknown-column", sheet.file, sheet.sheet, column=header, suggestion=suggestion))
        elif name in found.values():
            findings.append(Finding("double-column", sheet.file, sheet.sheet, column=header))
        else:
            found[header] = name
    if not found:
        # not one known name: this is no row of column names at all
        return found, [Finding("no-header", sheet.file, sheet.sheet, 1, value="; ".join(sheet.headers)[:100])]
    for column in table.headed:
        if column.required and column.name not in found.values():
            findings.append(Finding("missing-column", sheet.file, sheet.sheet, column=column.nl, values=(("table", table.nl),)))
    return found, findings


def read_rows(sheet: Sheet, table: Table, mapping: Mapping[str, str], context: Context) -> Rows:
    """The rows of ``sheet`` as ``table``: every cell typed, every trouble a finding."""
    headers, findings = headers_of(sheet, table, mapping)
    read = sheet.frame.height
    if any(f.code in ("missing-column", "no-header") for f in findings):
        return Rows(sheet, table, pl.DataFrame(), tuple(findings), read)
    reader = _Reader(sheet, table, context, {name: header for header, name in headers.items()})
    frame = reader.read()
    return Rows(sheet, table, frame, (*findings, *reader.findings), read)


class _Reader:
    def __init__(self, sheet: Sheet, table: Table, context: Context, header_of: Mapping[str, str]) -> None:
        self.sheet = sheet
        self.table = table
        self.context = context
        self.header_of = header_of
        self.raw = self.as_displayed()
        self.findings: list[Finding] = []
        self.apart: set[int] = set()

    def find(
        self,
        code: str,
        row: int | None,
        column: str | None,
        value: str | None,
        suggestion: str | None = None,
        said: tuple[tuple[str, object], ...] = (),
    ) -> None:
        if code == "bad-value" and (example := self.example(column)):
            said = (*said, ("example", example))
        self.findings.append(Finding(code, self.sheet.file, self.sheet.sheet, row, column, value, suggestion, said))

    def example(self, header: str | None) -> str | None:
        """What a cell under ``header`` may look like."""
        name = next((n for n, h in self.header_of.items() if h == header), None)
        if name is None:
            return None
        if (self.table.name, name) == ("waits", "value"):
            return "8 - 12 weken"
        return EXAMPLES.get(self.table.column(name).kind)

    def as_displayed(self) -> pl.DataFrame:
        """The cells, and where a range may have become a date ("3-5" → 3 May) what the spreadsheet shows instead."""
        frame = self.sheet.frame
        for name, header in self.header_of.items():
            shown = self.sheet.displayed.get(header)
            column = self.table.column(name)
            if shown and (column.kind in _RANGES or (self.table.name, name) == ("waits", "value")):
                texts = pl.col(ROW).replace_strict(dict(shown), default=None, return_dtype=pl.String)
                frame = frame.with_columns(pl.coalesce(texts, pl.col(header)).alias(header))
        return frame

    def read(self) -> pl.DataFrame:
        columns = [self.column(c) for c in self.table.columns if c.origin is not Origin.DERIVED]
        frame = pl.DataFrame([*columns, self.raw[ROW].alias("row")])
        if "age_from" in frame.columns and "age_until" in frame.columns:
            frame = self.ages(frame)
        for column in self.table.headed:
            if column.required:
                self.required(frame, column)
        if self.table.name == "waits":
            frame = self.waits(frame)
        if {"from", "to"} <= set(frame.columns) and frame.schema["from"] == pl.String:
            self.ends(frame)
        frame = frame.with_columns(
            pl.lit(self.sheet.file).alias("file"), pl.lit(self.sheet.sheet, dtype=pl.String).alias("sheet")
        )
        return frame.filter(~pl.col("row").is_in(sorted(self.apart)))

    def column(self, column: Column) -> pl.Series:
        header = self.header_of.get(column.name)
        if header is None:
            return pl.Series(column.name, [None] * self.raw.height, dtype=dtype(column))
        if column.kind is Kind.AGE and column.name in ("age_from", "age_until", "age_through"):
            # ranges in one cell are read together with the other age cells, see ages()
            return self.raw[header].alias(column.name)
        if column.kind is Kind.ID:
            self.ids(column, header)
        cells = typed(self.raw, header, column, parser(column, self.context))
        for row, issue in cells.issues:
            self.find(issue.code, row, header, issue.value, issue.suggestion, issue.said)
            # what refers to nothing is put apart: the offering, the route, the wait; never the partner
            if column.kind in _REFERENCES and self.table.name != "partners" and CODES[issue.code] == "fout":
                self.apart.add(row)
        return cells.values

    def ids(self, column: Column, header: str) -> None:
        illegal = self.raw.filter(~pl.col(header).str.contains(_ID))
        for text, row in illegal.select(header, ROW).iter_rows():
            self.find("illegal-id", row, header, text)
            self.apart.add(row)

    def required(self, frame: pl.DataFrame, column: Column) -> None:
        """A row without what its table cannot do without is put apart."""
        header = self.header_of[column.name]
        missing = frame.select(pl.col(column.name), "row").with_columns(self.raw[header].alias("\x00text"))
        for row, text in missing.filter(pl.col(column.name).is_null()).select("row", "\x00text").iter_rows():
            self.apart.add(row)
            if text is None:
                self.find("missing-value", row, column.nl, None)

    def ends(self, frame: pl.DataFrame) -> None:
        # a role at both ends means two holders of it: SOJ's that consult each other
        same = (pl.col("from") == pl.col("to")) & ~pl.col("from").str.starts_with("rol:")
        for row, end in frame.filter(same).select("row", "from").iter_rows():
            self.find("same-ends", row, "naar", end)
            self.apart.add(row)

    # --- ages ------------------------------------------------------------------------------------
    def ages(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The age cells, also as a range in one cell, as half-open months."""
        names = [n for n in ("age_from", "age_until", "age_through") if n in frame.columns]
        texts = frame.select(names).unique(maintain_order=True)
        made = [values.age_cells(cells, self.context.age_range_reading) for cells in texts.iter_rows(named=True)]
        schema: dict[str, Any] = {"\x00low": pl.Int64, "\x00high": pl.Int64, "\x00n": pl.Int64}
        known = texts.hstack(pl.DataFrame([(m.low, m.until, n) for n, m in enumerate(made)], schema=schema, orient="row"))
        joined = frame.join(known, on=names, how="left", nulls_equal=True, maintain_order="left")
        troubled = joined.filter(pl.col("\x00n").is_in([n for n, m in enumerate(made) if m.troubles]))
        for cells in troubled.select("row", "\x00n", *names).iter_rows(named=True):
            for trouble in made[cells["\x00n"]].troubles:
                header = self.header_of.get(trouble.column, trouble.column)
                self.find(trouble.code, cells["row"], header, cells[trouble.column], trouble.suggestion)
        if any(m.by_setting for m in made):
            self.find("age-range", None, self.header_of.get("age_from"), None, self.context.age_range_reading)
        return joined.drop(names).rename({"\x00low": "age_from", "\x00high": "age_until"}).drop("\x00n")

    # --- waits -----------------------------------------------------------------------------------
    def waits(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The written waits as numbers (CONTRACTS §4): state and days, once per distinct wait."""
        names = ["value", "weeks_min", "weeks_median", "weeks_p90", "basis", "\x00said"]
        # only a stop without a year needs to know when it was said
        said = pl.when(pl.col("value").str.contains(values.PERHAPS_YEARLESS)).then("as_of").alias("\x00said")
        frame = frame.with_columns(said)
        distinct = frame.select(names).unique(maintain_order=True)
        made = [values.measured(values.WaitCells(*cells)) for cells in distinct.iter_rows()]
        schema: dict[str, type[pl.DataType]] = {
            "state": pl.String,
            "days_low": pl.Float64,
            "days_expected": pl.Float64,
            "days_high": pl.Float64,
            "closed_until": pl.String,
            "\x00n": pl.Int64,
        }
        numbers = [(m.wait.state, m.wait.low, m.wait.expected, m.wait.high, m.wait.closed_until, n) for n, m in enumerate(made)]
        known = distinct.hstack(pl.DataFrame(numbers, schema=schema, orient="row"))
        joined = frame.join(known, on=names, how="left", nulls_equal=True, maintain_order="left")
        header = self.header_of.get("value", "waarde")
        troubled = joined.filter(pl.col("\x00n").is_in([n for n, m in enumerate(made) if m.troubles]))
        for row, text, n in troubled.select("row", "value", "\x00n").iter_rows():
            for code, suggestion in made[n].troubles:
                self.find(code, row, header, text, suggestion)
        # two median columns without spread stay as written, the distribution is not invented
        invented = (pl.col("weeks_p90") < pl.col("weeks_median")).fill_null(value=False)
        return joined.drop("\x00n", "\x00said").with_columns(pl.when(~invented).then("weeks_p90").alias("weeks_p90"))
