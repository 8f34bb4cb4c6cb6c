"""Sheets → tables → one Landscape: every row typed, doubles put apart, settings made rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ..graph.dates import first_day
from ..graph.landscape import DEFAULTS, Landscape, empty_frame
from ..graph.schema import INPUT_TABLES, TABLES, Table
from ..ontology.concepts import Concept, Scheme, scheme, slugged
from .cells import OWN_CONCEPTS, Context
from .checks import checks
from .confirmations import Returns, marks_in
from .decisions import Bearer, Decision, Settled, bearers_of, decisions_of, idle, register_of, settled
from .findings import Finding
from .frames import frame_of, hash_ids
from .gather import Gathering, source_id
from .hsds.mapping import mapped
from .matching.asking import asked
from .matching.proposals import Proposal
from .merging import merged_partners
from .municipalities import MunicipalityNames
from .references import Register
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
    """The tables as they come together out of a :class:`Gathering`; :meth:`landscape` does it all.

    ``known`` has the partners, offerings, municipalities, roles and themes that the tables speak of without holding them.
    """

    def __init__(self, gathered: Gathering, known: Landscape | None = None) -> None:
        self.gathered = gathered
        self.known = known
        self.given = gathered.given
        self.sheets = gathered.sheets
        self.sources = gathered.sources
        self.refused = gathered.refused
        self.findings = gathered.findings
        self.register = Register() if known is None else register_of(known)
        self.decisions = Settled()
        self.proposals: tuple[Proposal, ...] = ()
        self.frames: dict[str, pl.DataFrame] = {}
        self.counts: dict[str, Count] = {}
        self.returns = Returns()
        self.schemes: dict[str, Scheme] = {}

    def landscape(self, fallback: str, progress: Progress) -> Landscape:
        """The Landscape; ``fallback`` names the region where routekaart.toml does not."""
        names = self.municipality_names()
        context = Context(names, self.register, self.scheme_of, str(self._region("age_range_reading")))
        self.register.roles = self.scheme_of("role")
        for records in self.gathered.records:
            self.gathered.accept_made(mapped(records, names.area, self.scheme_of))
        self.refused = self.gathered.refused
        self.index_partners()
        if "partners" not in self.sheets and self.known is None and not self.refused:
            self.findings.append(Finding("no-partners", "partners"))
        total = len(INPUT_TABLES)
        # what partners confirmed decides which of two rows stays, so it is read first
        for done, table in enumerate(sorted(INPUT_TABLES, key=lambda t: t.name != "confirmations")):
            progress("tables", done, total)
            self.table(table, context)
            if table.name == "offerings":
                frame = self.frames[table.name]
                self.register.add_offerings(zip(frame["id"], frame["name"], strict=True))
            elif table.name == "routes":
                self.register.add_routes(self.frames[table.name]["id"])
        self.counts = {t.name: self.counts[t.name] for t in INPUT_TABLES}
        self.frames["partners"] = self.returns.with_responses(self.frames["partners"])
        self.findings += self.returns.alone(self.frames)
        self.own_concepts()
        self.extra_rows(names)
        self.gathered.note_absent()
        landscape = Landscape.of({**self.frames, "region": self.region(fallback, names), "sources": self.source_rows()})
        self.findings += idle(self.decisions, self.register.used)
        self.findings += checks(landscape)
        proposed = asked(landscape, self.findings, self.known)
        self.findings, self.proposals = list(proposed.findings), proposed.proposals
        return landscape

    def _region(self, name: str) -> Any:
        return self.given.region.get(name, DEFAULTS.get(name))

    def scheme_of(self, name: str) -> Scheme:
        """A concept scheme with what routekaart.toml adds to it; made once, because every cell asks for it."""
        if name not in self.schemes:
            own = {"role": self.given.roles, "theme": self.given.themes}.get(name, ())
            extra = [Concept(name, row["id"], 1000 + n, {"nl": row["name"]}) for n, row in enumerate(own)]
            base = {} if self.known is None else {"role": self.known.roles, "theme": self.known.themes}
            found = base.get(name) or scheme(name)
            self.schemes[name] = found.extended(extra) if extra else found
        return self.schemes[name]

    def municipality_names(self) -> MunicipalityNames:
        """The municipalities that a cell can name: the nation's, the region's own, and the region by its names."""
        own = self._own_municipalities()
        youth: dict[str, list[str]] = {}
        for code, _, youth_region in own:
            if youth_region:
                youth.setdefault(youth_region, []).append(code)
        return MunicipalityNames(
            [*((code, name) for code, name, _ in own), *self._labels()],
            region=self._about_region("municipalities") or [code for code, _, _ in own],
            called=[str(said) for key in ("name", "title") if (said := self._about_region(key))],
            youth_regions=youth,
        )

    def _about_region(self, name: str) -> Any:
        """What routekaart.toml says of the region; where it is silent, what is known of it."""
        known = None if self.known is None else getattr(self.known.settings, name)
        return self.given.region.get(name) or known

    def _own_municipalities(self) -> list[tuple[str, str | None, str | None]]:
        """(code, label, youth region) of each row of the region's own table of municipalities."""
        found = []
        if self.known is not None:
            found += self.known["municipalities"].select("code", "name", "youth_region").rows()
        for sheet, setting in self.sheets.get("municipalities", []):
            headers, _ = headers_of(sheet, TABLES["municipalities"], setting.columns)
            columns = {name: header for header, name in headers.items()}
            if "code" not in columns:
                continue
            codes = sheet.frame[columns["code"]]
            nothing = [None] * len(codes)
            labels = sheet.frame[columns["name"]] if "name" in columns else codes
            youth = sheet.frame[columns["youth_region"]] if "youth_region" in columns else nothing
            found += [(c.strip().upper(), n, y) for c, n, y in zip(codes, labels, youth, strict=True) if c]
        return found

    def _labels(self) -> list[tuple[str, str | None]]:
        return [(code.upper(), about.get("naam")) for code, about in self.given.municipalities.items()]

    def index_partners(self) -> None:
        """Partners by id and name before anything is typed, because every table may refer to them; decisions first."""
        bearers: list[Bearer] = [] if self.known is None else bearers_of(self.known)
        for sheet, setting in self.sheets.get("partners", []):
            headers, _ = headers_of(sheet, TABLES["partners"], setting.columns)
            columns = {name: header for header, name in headers.items()}
            if "id" not in columns or "name" not in columns:
                continue
            wanted = [columns[n] for n in ("id", "name", "short_name", "other_names") if n in columns]
            rows = sheet.frame.select(wanted).filter(pl.col(columns["id"]).is_not_null() & pl.col(columns["name"]).is_not_null())
            found = [(id_, [n.strip() for cell in names if cell for n in cell.split(";")]) for id_, *names in rows.iter_rows()]
            self.register.add_partners(found)
            bearers += [Bearer(id_, names[0], tuple(names[1:])) for id_, names in found]
        self.decisions = settled(self.decided(), bearers)
        self.findings += self.decisions.findings
        self.register.decide(self.decisions.aliases, {id_: kept for id_, (kept, _) in self.decisions.merged.items()})

    def decided(self) -> Iterator[Decision]:
        """What people decided about names, in the order of the files."""
        for sheet, setting in self.sheets.get("matches", []):
            headers, _ = headers_of(sheet, TABLES["matches"], setting.columns)
            yield from decisions_of(sheet, {name: header for header, name in headers.items()})

    def table(self, table: Table, context: Context) -> None:
        """All sheets of one table: typed, put together, ids made, doubles put apart."""
        made: list[Rows] = []
        for sheet, setting in self.sheets.get(table.name, []):
            rows = read_rows(sheet, table, setting.columns, context)
            self.findings += rows.findings
            made.append(rows)
        frames = [r.frame for r in made if r.frame.width]
        stored = [c.name for c in table.stored if c.name != "id" or not table.identity]
        frame = pl.concat([f.select(stored) for f in frames]) if frames else empty_frame(table)
        if table.identity and frames:
            frame = frame.with_columns(hash_ids(frame, table))
        frame = self.returned(frame, table)
        frame = self.without_doubles(frame, table)
        if table.name == "partners":
            frame, told = merged_partners(frame, self.decisions)
            self.findings += told
        self.frames[table.name] = frame
        read: Counter[str] = Counter()
        for rows in made:
            read[source_id(rows.sheet)] += rows.read
        for id_ in read:
            read[id_] += self.gathered.apart[id_]
        self.counts[table.name] = Count(sum(read.values()), frame.height)
        for id_, number in read.items():
            self.note_rows(id_, number, frame)

    def note_rows(self, id_: str, read: int, frame: pl.DataFrame) -> None:
        """Note how many rows of a source were read, used and put apart, and whether that is less than expected."""
        source = self.sources[id_]
        file, sheet, least = source["file"], source["sheet"], source["rows_min"]
        own = frame.filter((pl.col("file") == file) & pl.col("sheet").eq_missing(pl.lit(sheet))).height
        source.update(rows_read=read, rows_used=own, rows_quarantined=read - own)
        if least is not None and read < least:
            self.findings.append(Finding("rows-below-minimum", file, sheet, values=(("read", read), ("minimum", least))))

    def returned(self, frame: pl.DataFrame, table: Table) -> pl.DataFrame:
        """The rows with what returned workbooks confirm and replace."""
        if table.name == "confirmations":
            inside: dict[str, set[str]] = {}
            for sheet, setting in self.sheets.get("partners", []):
                headers, _ = headers_of(sheet, TABLES["partners"], setting.columns)
                for header in (h for h, name in headers.items() if name == "id"):
                    inside.setdefault(sheet.file, set()).update(sheet.frame[header].drop_nulls())
            sheets = [sheet for found in self.sheets.values() for sheet, _ in found]
            self.returns, found = Returns.of(frame, inside, self.given.region.get("reference_date"), marks_in(sheets))
        else:
            frame, found = self.returns.settle(table, frame, self.frames)
        self.findings += found
        return frame

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
            known, used = self.scheme_of(name), self._used(name)
            for finding in self.findings:
                if finding.code != OWN_CONCEPTS[name] or not finding.value:
                    continue
                slug = slugged(finding.value)
                if slug in known or slug in rows or slug not in used:
                    continue
                rows[slug] = {"id": slug, "name": finding.value, "file": finding.file, "sheet": finding.sheet, "row": finding.row}
            self.frames[table] = frame_of(TABLES[table], list(rows.values()))

    def _used(self, name: str) -> set[str]:
        """The concepts of a scheme that some row uses."""
        used: set[str] = set()
        for table in INPUT_TABLES:
            for column in (c for c in table.stored if c.scheme == name):
                cells = self.frames[table.name][column.name].drop_nulls()
                used.update(cells.explode().drop_nulls() if column.is_list else cells)
        return used

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
                Finding(i.code, FILE, column="regio.gemeenten", value=i.value, suggestion=i.suggestion, values=i.said)
                for i in parsed.issues
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
