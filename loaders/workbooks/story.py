"""What there is to tell about one file: counts, kinds of findings in order of use, what was assumed, what to say of privacy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from ...graph.schema import TABLES
from ..findings import Finding
from .places import Cell, Places

if TYPE_CHECKING:
    from ..read import Reading

#: Findings that say what was assumed, and those about persons; the letter tells them apart.
ASSUMED: Final = frozenset(("age-range", "weeks-assumed", "own-concept", "own-method", "no-date", "two-waits"))
_SEVERITIES: Final = ("fout", "waarschuwing", "opmerking")
_LOSSES: Final = ("file", "row", "cell", "nothing")


@dataclass(frozen=True)
class Group:
    """Findings of one kind in one column of one sheet; ``cells`` where they stand, as far as they have a cell."""

    first: Finding
    number: int
    cells: tuple[Cell, ...]

    @property
    def order(self) -> tuple[object, ...]:
        """Most useful to mend first: what is severe, what costs most, what is frequent."""
        first = self.first
        return (
            _SEVERITIES.index(first.severity),
            _LOSSES.index(first.loses),
            -self.number,
            first.sheet or "",
            first.code,
            first.column or "",
        )


@dataclass(frozen=True)
class Counted:
    """Rows of one sheet: read = used + put apart."""

    sheet: str | None
    table: str
    read: int
    used: int

    @property
    def apart(self) -> int:
        return self.read - self.used


@dataclass(frozen=True)
class Story:
    """One file: its rows, its findings in groups, most useful first."""

    file: str
    tables: tuple[Counted, ...]
    groups: tuple[Group, ...]
    by_cell: Mapping[str | None, Sequence[tuple[Cell, Finding]]] = field(default_factory=dict)
    refused: bool = False
    #: A sheet that is no table and holds what must not travel; the file does not go back then.
    withheld: str | None = None

    @property
    def read(self) -> int:
        return sum(t.read for t in self.tables)

    @property
    def used(self) -> int:
        return sum(t.used for t in self.tables)

    @property
    def severities(self) -> Mapping[str, int]:
        found = dict.fromkeys(("fout", "waarschuwing", "opmerking"), 0)
        for group in self.groups:
            found[group.first.severity] += group.number
        return found

    def to_mend(self) -> list[Group]:
        """What somebody can do something about, most useful first."""
        return [
            g for g in self.groups if g.first.severity != "opmerking" and not self.is_private(g) and g.first.code not in ASSUMED
        ]

    def assumed(self) -> list[Group]:
        return [g for g in self.groups if g.first.code in ASSUMED]

    def private(self) -> list[Group]:
        return [g for g in self.groups if self.is_private(g)]

    def others(self) -> list[Group]:
        """Remarks that ask nothing."""
        return [
            g for g in self.groups if g.first.severity == "opmerking" and g.first.code not in ASSUMED and not self.is_private(g)
        ]

    @staticmethod
    def is_private(group: Group) -> bool:
        return group.first.code.startswith("privacy-")


def stories(reading: Reading, files: Iterable[str]) -> list[Story]:
    """The story of each file, in the order of ``files``."""
    places: dict[str, list[object]] = {}
    for place in reading.places:
        places.setdefault(place.file, []).append(place)
    found: dict[str, list[Finding]] = {}
    for finding in reading.findings:
        found.setdefault(finding.file, []).append(finding)
    sources = reading.landscape["sources"]
    made = []
    for file in files:
        rows = sources.filter(pl.col("file") == file).sort("sheet", nulls_last=False)
        tables = tuple(
            Counted(sheet, TABLES[table].nl, read or 0, used or 0)
            for sheet, table, read, used in rows.select("sheet", "of_table", "rows_read", "rows_used").iter_rows()
        )
        own = found.get(file, [])
        groups, by_cell = _grouped(own, Places(places.get(file, ())))  # type: ignore[arg-type]
        refused = any(f.severity == "fout" and f.code.startswith("privacy-") for f in own)
        made.append(Story(file, tables, groups, by_cell, refused))
    return made


def _grouped(
    findings: Sequence[Finding], places: Places
) -> tuple[tuple[Group, ...], dict[str | None, list[tuple[Cell, Finding]]]]:
    kinds: dict[tuple[object, ...], list[Finding]] = {}
    cells: dict[tuple[object, ...], list[Cell]] = {}
    by_cell: dict[str | None, list[tuple[Cell, Finding]]] = {}
    unlisted: Counter[tuple[object, ...]] = Counter()
    for finding in findings:
        if finding.code == "many-alike":
            said = dict(finding.values)
            unlisted[said["kind"], finding.sheet, finding.column] += int(str(said["number"]))
            continue
        key = (finding.code, finding.sheet, finding.column)
        kinds.setdefault(key, []).append(finding)
        for cell in places.cells(finding):
            cells.setdefault(key, []).append(cell)
            by_cell.setdefault(finding.sheet, []).append((cell, finding))
    groups = [Group(found[0], len(found) + unlisted[key], tuple(cells.get(key, ()))) for key, found in kinds.items()]
    return tuple(sorted(groups, key=lambda g: g.order)), by_cell
