"""Sheets → tables → one Landscape: every row typed, doubles put apart, settings made rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ..graph.dates import first_day
from ..graph.landscape import DEFAULTS, Landscape, empty_frame
from ..graph.schema import INPUT_TABLES, TABLES, Table
from ..ontology.concepts import Concept, Scheme, scheme, slugged
from .cells import OWN_CONCEPTS, Context
from .checks import checks
from .findings import Finding
from .frames import frame_of, hash_ids
from .gather import Gathering, source_id
from .references import MunicipalityNames, Register
from .rows import Rows, headers_of, read_rows
from .settings import FILE

Progress = Callable[[str, int, int], None]
#: Dates that say when something was known; the latest is the reference date where none is given.
_KNOWN_ON: Final = ("as_of", "source_date", "verified_on")
_NO_DATE: Final = "1970-01-01"


@dataclass(frozen=True)
class Count:
    """Rows of one table: read = used + quarantined, always."""

    read: int
    used: int

    @property
    def quarantined(self) -> int:
        return self.read - self.used


class Assembly:
    """The tables as they come together out of a :class:`Gathering`; :meth:`landscape` does it all."""

    def __init__(self, gathered: Gathering) -> None:
        self.given = gathered.given
        self.sheets = gathered.sheets
        self.sources = gathered.sources
        self.refused = gathered.refused
        self.findings = gathered.findings
        self.register = Register()
        self.frames: dict[str, pl.DataFrame] = {}
        self.counts: dict[str, Count] = {}

    def landscape(self, fallback: str, progress: Progress) -> Landscape:
        """The Landscape; ``fallback`` names the region where routekaart.toml does not."""
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
        self.findings += checks(landscape)
        return landscape

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
            self.sources[source_id(rows.sheet)].update(
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
