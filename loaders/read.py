"""A data folder → a Landscape and all findings at once. The one door of this room."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from ..graph.dates import first_day
from ..graph.landscape import DEFAULTS, Landscape, empty_frame
from ..graph.schema import INPUT_TABLES, TABLES, Table
from ..ontology.catalogue import ToldError
from ..ontology.concepts import Concept, Scheme, folded, scheme, slugged
from .cells import OWN_CONCEPTS, Context
from .findings import Finding, in_order
from .frames import frame_of, hash_ids
from .privacy import screened
from .references import MunicipalityNames, Register
from .rows import Rows, headers_of, read_rows
from .settings import FILE, GivenSettings, SourceSetting, read_settings
from .tabular import CSV_ENDINGS, EXCEL_ENDINGS, Sheet, read_file

Progress = Callable[[str, int, int], None]
#: Dates that say when something was known; the latest is the reference date where none is given.
_KNOWN_ON: Final = ("as_of", "source_date", "verified_on")
_NO_DATE: Final = "1970-01-01"


class DataError(ToldError):
    """The data cannot be read at all."""


@dataclass(frozen=True)
class Count:
    """Rows of one table: read = used + quarantined, always."""

    read: int
    used: int

    @property
    def quarantined(self) -> int:
        return self.read - self.used


@dataclass(frozen=True)
class Reading:
    """What was read: the Landscape, every finding in order, the counts per table (English name).

    ``refused`` is true when a file holds what must never be read: nothing may be built from it.
    """

    landscape: Landscape
    findings: tuple[Finding, ...]
    counts: Mapping[str, Count]
    refused: bool


def read(data: Path, progress: Progress = lambda what, done, total: None) -> Reading:
    """Read the folder or workbook ``data``.

    Raises DataError when it does not exist or holds nothing that could be a table.
    """
    files = _files(data)
    folder = data if data.is_dir() else data.parent
    given, findings = read_settings(folder)
    reader = _Reader(given, findings)
    if data.is_dir():
        findings += [Finding("unread-folder", p.name) for p in sorted(data.iterdir()) if p.is_dir() and not _hidden(p)]
    for done, path in enumerate(files):
        progress("read", done, len(files))
        reader.take(path, path.name)
    return reader.finish(slugged(folder.resolve().name) or "regio", progress)


def _hidden(path: Path) -> bool:
    return path.name.startswith((".", "~$"))


def _files(data: Path) -> list[Path]:
    if not data.exists():
        raise DataError("no-data", value=data)
    endings = (*CSV_ENDINGS, *EXCEL_ENDINGS)
    if data.is_file():
        if data.suffix.casefold() not in EXCEL_ENDINGS:
            raise DataError("no-folder", value=data)
        return [data]
    found = sorted(p for p in data.iterdir() if p.is_file() and p.suffix.casefold() in endings and not _hidden(p))
    if not found:
        raise DataError("empty-folder", value=data)
    return found


class _Reader:
    def __init__(self, given: GivenSettings, findings: list[Finding]) -> None:
        self.given = given
        self.findings = findings
        self.sheets: dict[str, list[tuple[Sheet, SourceSetting]]] = {}
        self.sources: dict[str, dict[str, Any]] = {}
        self.refused = False
        self.register = Register()
        self.frames: dict[str, pl.DataFrame] = {}
        self.counts: dict[str, Count] = {}

    # --- files → sheets --------------------------------------------------------------------------
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
            self.sources[_source_id(safe)] = {
                "id": _source_id(safe),
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

    # --- sheets → tables -------------------------------------------------------------------------
    def finish(self, fallback: str, progress: Progress) -> Reading:
        names = MunicipalityNames([*self._own_municipalities(), *self._labels()])
        context = Context(names, self.register, self.scheme_of, str(self._region("age_range_reading")))
        self.register.roles = self.scheme_of("role")
        self.index_partners()
        if "partners" not in self.sheets and not self.refused:
            self.findings.append(Finding("no-partners", "partners"))
        total = len(INPUT_TABLES)
        for done, table in enumerate(INPUT_TABLES):
            progress("tables", done, total)
            self.table(table, context)
            if table.name == "offerings":
                frame = self.frames[table.name]
                self.register.add_offerings(zip(frame["id"], frame["name"], strict=True))
            elif table.name == "routes":
                self.register.add_routes(self.frames[table.name]["id"])
        self.own_concepts()
        self.extra_rows(names)
        landscape = Landscape.of({**self.frames, "region": self.region(fallback, names), "sources": self.source_rows()})
        from .checks import checks

        return Reading(landscape, in_order([*self.findings, *checks(landscape)]), self.counts, self.refused)

    def _region(self, name: str) -> Any:
        return self.given.region.get(name, DEFAULTS.get(name))

    def scheme_of(self, name: str) -> Scheme:
        """A concept scheme with what routekaart.toml adds to it."""
        own = {"role": self.given.roles, "theme": self.given.themes}.get(name, ())
        found = scheme(name)
        return (
            found.extended(Concept(name, row["id"], 1000 + n, {"nl": row["name"]}) for n, row in enumerate(own)) if own else found
        )

    def _own_municipalities(self) -> list[tuple[str, str | None]]:
        found = []
        for sheet, setting in self.sheets.get("municipalities", []):
            headers, _ = headers_of(sheet, TABLES["municipalities"], setting.columns)
            columns = {name: header for header, name in headers.items()}
            if "code" not in columns:
                continue
            codes = sheet.frame[columns["code"]]
            labels = sheet.frame[columns["name"]] if "name" in columns else codes
            found += [(c.strip().upper(), n) for c, n in zip(codes, labels, strict=True) if c]
        return found

    def _labels(self) -> list[tuple[str, str | None]]:
        return [(code.upper(), about.get("naam")) for code, about in self.given.municipalities.items()]

    def index_partners(self) -> None:
        """Partners by id and name before anything is typed, because every table may refer to them."""
        for sheet, setting in self.sheets.get("partners", []):
            headers, _ = headers_of(sheet, TABLES["partners"], setting.columns)
            columns = {name: header for header, name in headers.items()}
            if "id" not in columns or "name" not in columns:
                continue
            wanted = [columns[n] for n in ("id", "name", "short_name", "other_names") if n in columns]
            rows = sheet.frame.select(wanted).filter(pl.col(columns["id"]).is_not_null() & pl.col(columns["name"]).is_not_null())
            self.register.add_partners(
                (id_, [n.strip() for cell in names if cell for n in cell.split(";")]) for id_, *names in rows.iter_rows()
            )

    def table(self, table: Table, context: Context) -> None:
        """All sheets of one table: typed, put together, ids made, doubles put apart."""
        made: list[Rows] = []
        for sheet, setting in self.sheets.get(table.name, []):
            rows = read_rows(sheet, table, setting.columns, context)
            self.findings += rows.findings
            made.append(rows)
            if setting.rows_min is not None and rows.read < setting.rows_min:
                self.findings.append(
                    Finding(
                        "rows-below-minimum", sheet.file, sheet.sheet, values=(("read", rows.read), ("minimum", setting.rows_min))
                    )
                )
        frames = [r.frame for r in made if r.frame.width]
        stored = [c.name for c in table.stored if c.name != "id" or not table.identity]
        frame = pl.concat([f.select(stored) for f in frames]) if frames else empty_frame(table)
        if table.identity and frames:
            frame = frame.with_columns(hash_ids(frame, table))
        frame = self.without_doubles(frame, table)
        self.frames[table.name] = frame
        self.counts[table.name] = Count(sum(r.read for r in made), frame.height)
        for rows in made:
            own = frame.filter((pl.col("file") == rows.sheet.file) & pl.col("sheet").eq_missing(pl.lit(rows.sheet.sheet)))
            self.sources[_source_id(rows.sheet)].update(
                rows_read=rows.read, rows_used=own.height, rows_quarantined=rows.read - own.height
            )

    def without_doubles(self, frame: pl.DataFrame, table: Table) -> pl.DataFrame:
        """The first row of each id; the others are put apart with a finding."""
        doubled = frame.filter(pl.col(table.key).is_duplicated())
        if doubled.is_empty():
            return frame
        code = "duplicate-row" if table.identity else "duplicate-id"
        later = doubled.filter(~pl.col(table.key).is_first_distinct())
        for key, file, sheet, row in later.select(table.key, "file", "sheet", "row").iter_rows():
            value = None if table.identity else key
            self.findings.append(Finding(code, file, sheet, row, None if table.identity else table.column(table.key).nl, value))
        return frame.filter(pl.col(table.key).is_first_distinct())

    # --- what routekaart.toml and the reading add --------------------------------------------------
    def own_concepts(self) -> None:
        """Own roles and themes: of the settings, and those that somebody wrote in a cell."""
        for name, table in (("role", "roles"), ("theme", "themes")):
            given = {"role": self.given.roles, "theme": self.given.themes}[name]
            rows = {row["id"]: {**row, "file": FILE} for row in given}
            for finding in self.findings:
                if finding.code != OWN_CONCEPTS[name] or not finding.value:
                    continue
                slug = slugged(finding.value)
                if slug in self.scheme_of(name) or slug in rows or not self._used(name, slug):
                    continue
                rows[slug] = {"id": slug, "name": finding.value, "file": finding.file, "sheet": finding.sheet, "row": finding.row}
            self.frames[table] = frame_of(TABLES[table], list(rows.values()))

    def _used(self, name: str, slug: str) -> bool:
        for table in INPUT_TABLES:
            for column in table.stored:
                if column.scheme != name or table.name not in self.frames:
                    continue
                cells = self.frames[table.name][column.name]
                found = cells.list.contains(slug).any() if column.is_list else (cells == slug).any()
                if found:
                    return True
        return False

    def extra_rows(self, names: MunicipalityNames) -> None:
        """Labels and target values of municipalities that stand in routekaart.toml."""
        labels, norms = [], []
        known = set(self.frames["municipalities"]["code"])
        # what the settings say is said by whoever publishes the map
        about_it = {"source": self.given.region.get("publisher", FILE), "file": FILE}
        for written, about in self.given.municipalities.items():
            code = names.code(written).value
            if code is None:
                self.findings.append(Finding("unknown-municipality", FILE, column=f"gemeenten.{written}", value=written))
                continue
            if about.get("naam") and code not in known:
                labels.append({"code": code, "name": str(about["naam"]), **about_it})
            targets = about.get("streefwaarden", {})
            if isinstance(targets, Mapping):
                norms += [
                    {"id": f"{code} {kind}", "kind": kind, "value": float(v), "unit": "weken", "applies_to": [code], **about_it}
                    for kind, v in targets.items()
                    if isinstance(v, int | float)
                ]
        for table, rows in (("municipalities", labels), ("norms", norms)):
            if rows:
                self.frames[table] = pl.concat([self.frames[table], frame_of(TABLES[table], rows)])

    def region(self, fallback: str, names: MunicipalityNames) -> pl.DataFrame:
        row: dict[str, Any] = {**DEFAULTS, **self.given.region}
        codes: list[str] = []
        for text in row.get("municipalities") or ():
            parsed = names.code(str(text))
            if parsed.value:
                codes.append(parsed.value)
            self.findings += [
                Finding(i.code, FILE, column="regio.gemeenten", value=i.value, suggestion=i.suggestion) for i in parsed.issues
            ]
        row["municipalities"] = sorted(set(codes)) or None
        row.setdefault("name", fallback)
        row["id"] = slugged(str(row["name"])) or fallback
        row.setdefault("title", row["name"])
        row["reference_date_given"] = bool(row.get("reference_date_given"))
        if "reference_date" not in row:
            row["reference_date"] = self.latest_date()
        row["file"] = FILE
        return frame_of(TABLES["region"], [row])

    def latest_date(self) -> str:
        """The latest date on which anything in the data was known; never today's clock."""
        dates = [
            date
            for frame in self.frames.values()
            for name in _KNOWN_ON
            if name in frame.columns
            for date in frame[name].drop_nulls().unique()
        ]
        if not dates:
            self.findings.append(Finding("no-date", FILE))
        return max((first_day(d).isoformat() for d in dates), default=_NO_DATE)

    def source_rows(self) -> pl.DataFrame:
        return frame_of(TABLES["sources"], list(self.sources.values()))


def _source_id(sheet: Sheet) -> str:
    return sheet.file if sheet.sheet is None else f"{sheet.file}#{sheet.sheet}"
