"""Returned workbooks: what a partner confirmed, which rows its own take the place of, and its response.

A workbook with a row in the table of confirmations is a *return*. ``klopt = ja`` with a date says that the rows
*about that partner* in that workbook are right: they were verified on that day and take the place of the same rows
in other files. Where the workbook is the partner's own (no other partner stands in it) that holds for all its rows.
A row that a return leaves out stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ..graph.dates import first_day, months_before
from ..graph.landscape import empty_frame
from ..graph.schema import TABLES, Kind, Table
from ..ontology.concepts import folded
from .files.sheet import ROW, Sheet
from .findings import Finding
from .workbooks.about import Ends, about
from .workbooks.marks import MARK

_N: Final = "\x00n"
#: Months after the reference date beyond which a confirmation is a slip of the pen.
_LATE: Final = 12
Address = tuple[str, str | None, int]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One row of the table of confirmations; ``valid`` when it confirms anything."""

    partner: str
    file: str
    sheet: str | None
    row: int
    confirmed_on: str | None
    response: str | None
    valid: bool

    @property
    def day(self) -> str:
        """For comparing; before every date where there is none."""
        return first_day(self.confirmed_on).isoformat() if self.confirmed_on else ""


class Returns:
    """The confirmations of a data folder and what they do to its tables."""

    def __init__(self, rows: Iterable[Confirmation] = (), own: Iterable[str] = (), marks: Mapping[Address, str] | None = None):
        self.rows = tuple(rows)
        #: Workbooks that speak for one partner only.
        self.own = frozenset(own)
        #: The mark that a row was given out with, by file, sheet and row (see workbooks.known).
        self.marks = marks or {}
        self.valid = [c for c in self.rows if c.valid]
        self._unconfirmed = {c.file for c in self.rows} - {c.file for c in self.valid}

    @classmethod
    def of(
        cls,
        confirmations: pl.DataFrame,
        partners_in: Mapping[str, set[str]],
        reference: str | None = None,
        marks: Mapping[Address, str] | None = None,
    ) -> tuple[Returns, list[Finding]]:
        """Out of the table of confirmations.

        ``partners_in``: ids in the table of partners by file; ``reference``: the reference date where one is given.
        """
        findings: list[Finding] = []
        rows = []
        named: dict[str, set[str]] = {}
        for row in confirmations.iter_rows(named=True):
            code = _trouble(row, reference)
            if code and not (code == "confirmation-empty" and row["response"]):  # a reaction alone is welcome
                column = "klopt" if code in ("confirmation-no", "confirmation-empty") else "bevestigd_op"
                findings.append(Finding(code, row["file"], row["sheet"], row["row"], column, row["confirmed_on"]))
            address = (row["file"], row["sheet"], row["row"])
            rows.append(Confirmation(row["partner"], *address, row["confirmed_on"], row["response"], code is None))
            named.setdefault(row["file"], set()).add(row["partner"])
        own = [file for file, who in named.items() if len(who) == 1 and partners_in.get(file, set()) == who]
        return cls(rows, own, marks), findings

    # --- rows that take the place of others ------------------------------------------------------
    def settle(self, table: Table, frame: pl.DataFrame, others: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, list[Finding]]:
        """``frame`` with confirmed rows verified and alone; the rows they replace are put apart, with a finding per file.

        ``others``: the tables before this one (offerings and routes say what belongs to whom).
        """
        if not self.rows or frame.is_empty() or table.name == "confirmations":
            return frame, []
        ends = Ends(*(others.get(n, empty_frame(TABLES[n])) for n in ("offerings", "routes")))
        settling = _Settling(self, table, frame.with_row_index(_N), ends)
        return settling.settled()

    def alone(self, frames: Mapping[str, pl.DataFrame]) -> list[Finding]:
        """A finding for each confirmation in a file without rows that it could be about."""
        filled = {f for name, frame in frames.items() if name != "confirmations" for f in frame["file"].unique()}
        return [
            Finding("confirmation-alone", c.file, c.sheet, c.row, "klopt", c.confirmed_on)
            for c in self.valid
            if c.file not in filled
        ]

    def with_responses(self, partners: pl.DataFrame) -> pl.DataFrame:
        """``partners`` with the latest response of each, where one was given with a confirmation."""
        latest: dict[str, Confirmation] = {}
        for said in sorted((c for c in self.rows if c.response), key=lambda c: (c.day, c.file, c.row)):
            latest[said.partner] = said
        if not latest:
            return partners
        given = pl.DataFrame(
            {"id": list(latest), "\x00said": [c.response for c in latest.values()]},
            schema={"id": pl.String, "\x00said": pl.String},
        )
        joined = partners.join(given, on="id", how="left", maintain_order="left")
        return joined.with_columns(pl.coalesce("\x00said", "response").alias("response")).drop("\x00said")

    @property
    def unconfirmed(self) -> set[str]:
        """Returned files in which nothing is confirmed."""
        return self._unconfirmed


def marks_in(sheets: Iterable[Sheet]) -> dict[Address, str]:
    """The marks that rows were given out with, by file, sheet and row."""
    found: dict[Address, str] = {}
    for sheet in sheets:
        for header in (h for h in sheet.headers if folded(h) == MARK):
            rows = sheet.frame.select(header, ROW).drop_nulls()
            found.update(((sheet.file, sheet.sheet, row), mark) for mark, row in rows.iter_rows())
    return found


def _trouble(row: Mapping[str, Any], reference: str | None) -> str | None:
    """Why a row confirms nothing; None when it does."""
    if row["correct"] is None:
        return "confirmation-empty"
    if not row["correct"]:
        return "confirmation-no"
    if not row["confirmed_on"]:
        return "confirmation-undated"
    # partners answer after the day for which the map is made; a year after it is a slip of the pen
    if reference and months_before(first_day(row["confirmed_on"]), _LATE) > first_day(reference):
        return "confirmation-later"
    return None


class _Settling:
    """One table: who confirmed which row, and which rows give way."""

    def __init__(self, returns: Returns, table: Table, frame: pl.DataFrame, ends: Ends) -> None:
        self.returns = returns
        self.table = table
        self.frame = frame
        self.ends = ends
        self.confirmed: dict[int, Confirmation] = {}
        self.gone: dict[int, tuple[str, str]] = {}  # row → code of the finding, file that it gave way to
        self.kept: dict[str, dict[int, Any]] = {c.name: {} for c in table.stored if c.kind is Kind.FAMILIES}
        self._about: dict[str, set[int]] = {}

    def settled(self) -> tuple[pl.DataFrame, list[Finding]]:
        self.confirm()
        table, key = self.table, self.table.key
        doubled = self.frame.filter(pl.col(key).is_duplicated())
        groups: dict[str, list[dict[str, Any]]] = {}
        for row in doubled.iter_rows(named=True):
            groups.setdefault(row[key], []).append(row)
        for rows in groups.values():
            self.double(rows)
        if table.identity:
            self.marked()
        frame = self.frame
        changes = {**self.kept, "verified_on": self.verified()}
        for name, values in changes.items():
            if values:
                cells = frame[name].to_list()
                for n, value in values.items():
                    cells[n] = value
                frame = frame.with_columns(pl.Series(name, cells, dtype=frame.schema[name]))
        findings = self.findings()
        return frame.filter(~pl.col(_N).is_in(list(self.gone))).drop(_N), findings

    def confirm(self) -> None:
        """The latest confirmation of each row."""
        files = {c.file for c in self.returns.valid}
        theirs = self.frame.filter(pl.col("file").is_in(sorted(files)))
        for said in sorted(self.returns.valid, key=lambda c: (c.day, c.file, c.row)):
            rows = theirs.filter(pl.col("file") == said.file)
            if said.file not in self.returns.own:
                rows = rows.filter(about(self.table, said.partner, self.ends))
            self.confirmed.update(dict.fromkeys(rows[_N], said))

    def double(self, rows: list[dict[str, Any]]) -> None:
        """Rows with one id: the latest confirmed one stays, those of other files give way to it."""
        sure = [r for r in rows if r[_N] in self.confirmed]
        if sure:
            winner = max(sure, key=lambda r: (self.confirmed[r[_N]].day, -r[_N]))
            said = self.confirmed[winner[_N]]
            for row in rows:
                if row["file"] != winner["file"] and row[_N] in self.about(said.partner):
                    self.replace(winner, row)
            return
        unsure = [r for r in rows if r["file"] in self.returns.unconfirmed]
        if unsure and len(unsure) < len(rows):
            stays = next(r for r in rows if r not in unsure)
            for row in unsure:
                self.gone[row[_N]] = ("unconfirmed-return", stays["file"])

    def marked(self) -> None:
        """A row that was mended in its identity gives way too: the mark says which one it was."""
        marks = self.returns.marks
        own: dict[str, dict[str, Any]] = {}
        for row in self.frame.filter(pl.col(_N).is_in(list(self.confirmed))).iter_rows(named=True):
            mark = marks.get((row["file"], row["sheet"], row["row"]))
            if mark and mark != row["id"] and row[_N] not in self.gone:
                own[mark] = row
        for old in self.frame.filter(pl.col("id").is_in(list(own))).iter_rows(named=True):
            new = own[old["id"]]
            said = self.confirmed[new[_N]]
            # a wait of another day is a new wait: the old one stays as history
            newer = self.table.name == "waits" and old["as_of"] != new["as_of"]
            later = old[_N] in self.confirmed and self.confirmed[old[_N]].day > said.day
            if old["file"] != new["file"] and not newer and not later and old[_N] in self.about(said.partner):
                self.replace(new, old)

    def replace(self, new: Mapping[str, Any], old: Mapping[str, Any]) -> None:
        self.gone[old[_N]] = ("replaced-by-return", new["file"])
        for name, kept in self.kept.items():
            # small numbers of families are never given out: an empty cell leaves what was said before
            if new[name] is None and new[_N] not in kept and old[name] is not None:
                kept[new[_N]] = old[name]

    def about(self, partner: str) -> set[int]:
        """The rows about a partner: nobody's yes puts another partner's row apart."""
        if partner not in self._about:
            self._about[partner] = set(self.frame.filter(about(self.table, partner, self.ends))[_N])
        return self._about[partner]

    def verified(self) -> dict[int, str]:
        """The day of each confirmation that is later than what stood there."""
        stood = self.frame["verified_on"].to_list()
        return {
            n: str(said.confirmed_on)
            for n, said in self.confirmed.items()
            if not stood[n] or first_day(stood[n]).isoformat() < said.day
        }

    def findings(self) -> list[Finding]:
        """One per file, sheet and reason; the rows themselves are counted, not listed."""
        counted: dict[tuple[str, str, str | None, str], int] = {}
        places = self.frame.select(_N, "file", "sheet").filter(pl.col(_N).is_in(list(self.gone)))
        for n, file, sheet in places.iter_rows():
            code, by = self.gone[n]
            counted[code, file, sheet, by] = counted.get((code, file, sheet, by), 0) + 1
        return [
            Finding(code, file, sheet, values=(("number", number), ("by", by), ("table", self.table.nl)))
            for (code, file, sheet, by), number in counted.items()
        ]
