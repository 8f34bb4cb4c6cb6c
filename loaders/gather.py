"""Files → the sheets of each table: recognised, screened for persons, and noted as sources."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from ..graph.schema import INPUT_TABLES, TABLES, Table
from ..ontology.catalogue import LANGUAGES, text
from ..ontology.concepts import folded, scheme
from .expectations import SourceSetting, fits
from .files.reading import read_file
from .files.sheet import Sheet
from .findings import Finding
from .hsds.mapping import Mapped
from .hsds.records import Records
from .privacy import screened
from .settings import GivenSettings
from .shaping import shaped
from .workbooks.ours import is_ours


class Gathering:
    """The sheets of a data folder by table. Files come in with :meth:`take`, one after the other.

    ``sources`` has the row of each sheet in the table of sources; ``refused`` is true when a file holds
    what must never be read. ``records`` are HSDS sources, which become sheets when the municipalities and concepts
    of the region are known; ``apart`` counts, by source, their records that were put apart before that. ``seen`` are
    the names of all files.
    """

    def __init__(self, given: GivenSettings) -> None:
        self.given = given
        self.findings: list[Finding] = []
        self.sheets: dict[str, list[tuple[Sheet, SourceSetting]]] = {}
        self.sources: dict[str, dict[str, Any]] = {}
        self.refused = False
        self.vocabulary = _vocabulary(given)
        self.records: list[Records] = []
        self.apart: Counter[str] = Counter()
        self.seen: set[str] = set()

    def take(self, path: Path, shown: str) -> None:
        self.seen.add(shown)
        sheets, findings = read_file(path, shown, self.vocabulary)
        self.findings += [f for f in findings if not _of_report(f.sheet)]
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        for sheet in sheets:
            if _of_report(sheet.sheet):
                self.findings.append(Finding("report-sheet", shown, sheet.sheet))
                continue
            if is_ours(sheet):
                # what the reader has to say about our own explanation is of no use to anybody
                self.findings = [f for f in self.findings if (f.file, f.sheet) != (shown, sheet.sheet)]
                continue
            table, setting = self.table_of(sheet)
            if table is None and (found := screened(sheet))[0] is None:
                # not read as a table, but the file holds it all the same
                self.findings += found[1]
                self.refused = True
                continue
            if table is None and sheet.hidden:
                self.findings.append(Finding("hidden-sheet-skipped", shown, sheet.sheet, value=sheet.name))
                continue
            if table is None:
                names = ", ".join(t.nl for t in INPUT_TABLES)
                self.findings.append(Finding("unknown-table", shown, sheet.sheet, value=sheet.name, values=(("tables", names),)))
                continue
            if sheet.hidden:
                self.findings.append(Finding("sheet-hidden", shown, sheet.sheet))
            self.accept(table, sheet, setting, digest)

    def accept(self, table: Table, sheet: Sheet, setting: SourceSetting, digest: str | None) -> None:
        """Take up a sheet as rows of ``table``, unless it holds what must never be read."""
        safe, found = screened(sheet, table, setting.columns)
        self.findings += found
        if safe is None:
            self.refused = True
            return
        safe = replace(sheet, frame=safe.frame)  # only cells are left unread; where they stand stays known
        for part, part_setting, said in shaped(safe, table, setting):
            self.sheets.setdefault(table.name, []).append((part, part_setting))
            self.findings += [said] if said else []
        self.sources[source_id(safe)] = {
            "id": source_id(safe),
            "of_table": table.name,
            "supplier": setting.supplier,
            "every_months": setting.every_months,
            "rows_min": setting.rows_min,
            "sha256": digest,
            "file": safe.file,
            "sheet": safe.sheet,
        }

    def accept_made(self, mapped: Mapped) -> None:
        """Take up the sheets that an HSDS source was mapped to, and what is wrong with it."""
        self.findings += mapped.findings
        for made in mapped.sheets:
            setting = replace(self.setting_of(made.sheet), columns=made.columns)
            self.accept(TABLES[made.table], made.sheet, setting, made.digest)
            self.apart[source_id(made.sheet)] += made.apart

    def setting_of(self, sheet: Sheet) -> SourceSetting:
        """What routekaart.toml says of a sheet; of several patterns that fit equally the longest counts."""
        found = self.given.sources.candidates(sheet.file, sheet.sheet)
        if len(found) > 1:
            names = " · ".join(_told(*address) for address in found)
            self.findings.append(Finding("source-ambiguous", sheet.file, sheet.sheet, values=(("names", names),)))
        return self.given.sources.given[found[0]] if found else SourceSetting()

    def note_absent(self) -> None:
        """Note as sources, with no rows, what routekaart.toml names and nothing was read of."""
        read = [(row["file"], row["sheet"]) for row in self.sources.values()]
        for file, sheet in self.given.sources.absent(read):
            setting = self.given.sources.given[file, sheet]
            names = {folded(name): t.name for t in INPUT_TABLES for name in (t.name, t.nl)}
            id_ = file if sheet is None else f"{file}#{sheet}"
            self.sources[id_] = {
                "id": id_,
                "of_table": names.get(folded(setting.table or "")),
                "supplier": setting.supplier,
                "every_months": setting.every_months,
                "rows_min": setting.rows_min,
                "rows_read": 0,
                "rows_used": 0,
                "rows_quarantined": 0,
                "file": file,
                "sheet": sheet,
            }
            # a file that is there and gave nothing has been told of already
            if sheet is not None or not any(fits(file, name) for name in self.seen):
                self.findings.append(Finding("source-missing", file, sheet, values=(("name", _told(file, sheet)),)))

    def table_of(self, sheet: Sheet) -> tuple[Table | None, SourceSetting]:
        """The table of a sheet: as routekaart.toml maps it, else by its name ("aanbod", "aanbod Ede 2026")."""
        setting = self.setting_of(sheet)
        wanted = folded(setting.table) if setting.table else None
        names = {folded(name): t for t in INPUT_TABLES for name in (t.name, t.nl)}
        if wanted is not None:
            return names.get(wanted), setting
        name = sheet.name.casefold()
        for known, table in sorted(names.items(), key=lambda pair: -len(pair[0])):
            rest = name.removeprefix(known) if name.startswith(known) else None
            if folded(sheet.name) == known or (rest and not rest[0].isalpha()):
                return table, setting
        return None, setting


def _vocabulary(given: GivenSettings) -> frozenset[str]:
    """Every column name that a file may use, folded: ours in both languages, and those that the settings map."""
    ours = {name for table in INPUT_TABLES for column in table.headed for name in (column.name, column.nl, column.en)}
    mapped = {name for setting in given.sources.given.values() for pair in setting.columns.items() for name in pair}
    return frozenset(map(folded, ours | mapped | set(scheme("wait-kind").names))) - {""}


#: How the sheets of a report to a partner begin: they tell what the data says, and are no data.
_REPORT: Final = tuple(text("about.sheet.prefix", lang) for lang in LANGUAGES)


def _of_report(sheet: str | None) -> bool:
    return sheet is not None and sheet.startswith(_REPORT)


def _told(file: str, sheet: str | None) -> str:
    return file if sheet is None else f"{file} [{sheet}]"


def source_id(sheet: Sheet) -> str:
    """The id of a sheet in the table of sources."""
    return sheet.file if sheet.sheet is None else f"{sheet.file}#{sheet.sheet}"
