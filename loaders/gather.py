"""Files → the sheets of each table: recognised, screened for persons, and noted as sources."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ..graph.schema import INPUT_TABLES, Table
from ..ontology.concepts import folded
from .files.reading import read_file
from .files.sheet import Sheet
from .findings import Finding
from .privacy import screened
from .settings import GivenSettings, SourceSetting


class Gathering:
    """The sheets of a data folder by table. Files come in with :meth:`take`, one after the other.

    ``sources`` has the row of each sheet in the table of sources; ``refused`` is true when a file holds
    what must never be read.
    """

    def __init__(self, given: GivenSettings) -> None:
        self.given = given
        self.findings: list[Finding] = []
        self.sheets: dict[str, list[tuple[Sheet, SourceSetting]]] = {}
        self.sources: dict[str, dict[str, Any]] = {}
        self.refused = False

    def take(self, path: Path, shown: str) -> None:
        sheets, findings = read_file(path, shown)
        self.findings += findings
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        for sheet in sheets:
            table, setting = self.table_of(sheet)
            if table is None:
                names = ", ".join(t.nl for t in INPUT_TABLES)
                self.findings.append(Finding("unknown-table", shown, sheet.sheet, value=sheet.name, values=(("tables", names),)))
                continue
            safe, found = screened(sheet)
            self.findings += found
            if safe is None:
                self.refused = True
                continue
            self.sheets.setdefault(table.name, []).append((safe, setting))
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

    def table_of(self, sheet: Sheet) -> tuple[Table | None, SourceSetting]:
        """The table of a sheet: as routekaart.toml maps it, else by its name ("aanbod", "aanbod Ede 2026")."""
        setting = self.given.sources.get((sheet.file, sheet.sheet)) or self.given.sources.get((sheet.file, None))
        wanted = folded(setting.table) if setting and setting.table else None
        names = {folded(name): t for t in INPUT_TABLES for name in (t.name, t.nl)}
        if wanted is not None:
            return names.get(wanted), setting or SourceSetting()
        name = sheet.name.casefold()
        for known, table in sorted(names.items(), key=lambda pair: -len(pair[0])):
            rest = name.removeprefix(known) if name.startswith(known) else None
            if folded(sheet.name) == known or (rest and not rest[0].isalpha()):
                return table, setting or SourceSetting()
        return None, setting or SourceSetting()


def source_id(sheet: Sheet) -> str:
    """The id of a sheet in the table of sources."""
    return sheet.file if sheet.sheet is None else f"{sheet.file}#{sheet.sheet}"
