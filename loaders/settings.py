"""routekaart.toml → the region, own roles and themes, and what is expected of each file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ..graph.landscape import UNITS
from ..graph.schema import INPUT_TABLES
from ..ontology.concepts import folded, scheme, slugged
from .expectations import Address, Expectations, SourceSetting
from .findings import Finding
from .nearest import nearest
from .values import Unreadable, iso_date

FILE: Final = "routekaart.toml"

#: Keys of [regio] and [instellingen] → column of the region table, and the type they must have.
_REGION: Final = {
    "naam": ("name", str),
    "titel": ("title", str),
    "peildatum": ("reference_date", object),
    "uitgever": ("publisher", str),
    "licentie": ("licence", str),
    "contact": ("contact", str),
    "gemeenten": ("municipalities", list),
    "eenheid": ("unit", str),
}
_NUMBERS: Final = {
    "onbekend_weken": ("unknown_weeks_low", "unknown_weeks_high"),
    "besluit_onbekend_weken": ("unknown_decision_low", "unknown_decision_high"),
    "leeftijden": ("age_from", "age_until"),
    "verouderd_na_maanden": ("outdated_after_months",),
    "drempel": ("threshold",),
    "overdracht_nieuw_weken": ("new_handover_weeks",),
    "overbrugging_binnen_weken": ("bridging_within_weeks",),
}


@dataclass(frozen=True)
class GivenSettings:
    """routekaart.toml, read: rows for the region, roles, themes, municipalities and norms tables."""

    region: dict[str, Any]
    roles: tuple[dict[str, Any], ...] = ()
    themes: tuple[dict[str, Any], ...] = ()
    municipalities: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sources: Expectations = field(default_factory=Expectations)


def read_settings(folder: Path) -> tuple[GivenSettings, list[Finding]]:
    """The settings of a data folder; without the file all defaults hold."""
    path = folder / FILE
    if not path.is_file():
        return GivenSettings({}), []
    try:
        given = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        return GivenSettings({}), [Finding("bad-setting", FILE, column=FILE, value=str(error))]
    return _Reader().read(given)


class _Reader:
    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def bad(self, key: str, value: object) -> None:
        self.findings.append(Finding("bad-setting", FILE, column=key, value=str(value)))

    def known(self, key: str, section: Mapping[str, object], names: tuple[str, ...]) -> None:
        for name in section:
            if name not in names:
                near = nearest(name, names, alike=60)
                self.findings.append(
                    Finding("unknown-setting", FILE, column=f"{key}.{name}", suggestion=near[0] if near else None)
                )

    def section(self, given: Mapping[str, object], key: str) -> Mapping[str, Any]:
        value = given.get(key, {})
        if isinstance(value, Mapping):
            return value
        self.bad(key, value)
        return {}

    def read(self, given: Mapping[str, object]) -> tuple[GivenSettings, list[Finding]]:
        self.known("", given, ("regio", "instellingen", "rollen", "themas", "gemeenten", "bestanden"))
        region = self.region(self.section(given, "regio"))
        region.update(self.numbers(self.section(given, "instellingen")))
        made = GivenSettings(
            region,
            tuple(self.roles(self.section(given, "rollen"))),
            tuple(self.themes(self.section(given, "themas"))),
            self.municipalities(self.section(given, "gemeenten")),
            Expectations(self.sources(self.section(given, "bestanden"))),
        )
        return made, self.findings

    def region(self, section: Mapping[str, Any]) -> dict[str, Any]:
        self.known("regio", section, tuple(_REGION))
        found: dict[str, Any] = {}
        for key, (column, type_) in _REGION.items():
            if key not in section:
                continue
            value = section[key]
            if key == "peildatum":
                try:
                    value = iso_date(str(value))
                    if len(value) != 10:
                        raise Unreadable(value)
                except Unreadable:
                    self.bad("regio.peildatum", section[key])
                    continue
                found["reference_date_given"] = True
            elif not isinstance(value, type_) or (key == "eenheid" and value not in UNITS):
                self.bad(f"regio.{key}", value)
                continue
            found[column] = value
        return found

    def numbers(self, section: Mapping[str, Any]) -> dict[str, Any]:
        self.known("instellingen", section, (*_NUMBERS, "leeftijdsreeks"))
        found: dict[str, Any] = {}
        for key, columns in _NUMBERS.items():
            if key not in section:
                continue
            values = section[key] if len(columns) == 2 else [section[key]]
            right = isinstance(values, list) and len(values) == len(columns)
            if not right or not all(_is_number(v) and v >= 0 for v in values) or values != sorted(values):
                self.bad(f"instellingen.{key}", section[key])
                continue
            if key == "leeftijden":
                values = [round(v * 12) for v in values]
            found.update(zip(columns, values, strict=True))
        if "leeftijdsreeks" in section:
            if section["leeftijdsreeks"] in ("t/m", "tot"):
                found["age_range_reading"] = section["leeftijdsreeks"]
            else:
                self.bad("instellingen.leeftijdsreeks", section["leeftijdsreeks"])
        return found

    def roles(self, section: Mapping[str, Any]) -> list[dict[str, Any]]:
        rows = []
        columns = scheme("map-column")
        for slug, role in section.items():
            if not isinstance(role, Mapping):
                self.bad(f"rollen.{slug}", role)
                continue
            self.known(f"rollen.{slug}", role, ("naam", "instap", "niveaus", "kolom"))
            levels = role.get("niveaus", [])
            column = columns.find(str(role["kolom"])) if "kolom" in role else None
            if "kolom" in role and column is None:
                self.bad(f"rollen.{slug}.kolom", role["kolom"])
            for name, type_ in (("naam", str), ("instap", bool)):
                if not isinstance(role.get(name, type_()), type_):
                    self.bad(f"rollen.{slug}.{name}", role[name])
            if not isinstance(levels, list) or not all(str(v) in scheme("level") for v in levels):
                self.bad(f"rollen.{slug}.niveaus", levels)
                levels = []
            rows.append(
                {
                    "id": slugged(slug),
                    "name": str(role.get("naam", slug)),
                    "entry": role.get("instap") is True,
                    "levels": sorted({str(v) for v in levels}) or None,
                    "column": column,
                }
            )
        return rows

    def themes(self, section: Mapping[str, Any]) -> list[dict[str, Any]]:
        rows = []
        for slug, theme in section.items():
            if not isinstance(theme, Mapping):
                self.bad(f"themas.{slug}", theme)
                continue
            self.known(f"themas.{slug}", theme, ("naam", "valt_onder"))
            if not isinstance(theme.get("naam", ""), str):
                self.bad(f"themas.{slug}.naam", theme["naam"])
            broader = theme.get("valt_onder")
            found = scheme("theme").find(str(broader)) if broader else None
            if broader and not found and slugged(str(broader)) in {slugged(s) for s in section}:
                found = slugged(str(broader))
            if broader and not found:
                self.bad(f"themas.{slug}.valt_onder", broader)
            rows.append({"id": slugged(slug), "name": str(theme.get("naam", slug)), "broader": found})
        return rows

    def municipalities(self, section: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = {}
        for code, about in section.items():
            if not isinstance(about, Mapping):
                self.bad(f"gemeenten.{code}", about)
                continue
            key = f"gemeenten.{code}"
            self.known(key, about, ("naam", "streefwaarden"))
            targets = self.typed(key, "streefwaarden", about, lambda v: isinstance(v, Mapping)) or {}
            for kind, value in targets.items():
                if not _is_number(value):
                    self.bad(f"{key}.streefwaarden.{kind}", value)
            found[code] = {
                "naam": self.typed(key, "naam", about, lambda v: isinstance(v, str)),
                "streefwaarden": {kind: value for kind, value in targets.items() if _is_number(value)},
            }
        return found

    def sources(self, section: Mapping[str, Any]) -> dict[Address, SourceSetting]:
        found: dict[Address, SourceSetting] = {}
        for file, about in section.items():
            if not isinstance(about, Mapping):
                self.bad(f"bestanden.{file}", about)
                continue
            # [bestanden."lijst.csv"] speaks of the file itself, [bestanden."lijst.xlsx".Blad1] of a sheet
            sheets = {k: v for k, v in about.items() if isinstance(v, Mapping) and k not in ("kolommen", "vast")}
            plain = {k: v for k, v in about.items() if k not in sheets}
            parts: list[tuple[str | None, Mapping[str, Any]]] = list(sheets.items())
            if plain or not sheets:
                parts.append((None, plain))
            for sheet, part in parts:
                found[file, sheet] = self.source(f"bestanden.{file}" + (f".{sheet}" if sheet else ""), part)
        return found

    def source(self, key: str, part: Mapping[str, Any]) -> SourceSetting:
        self.known(key, part, ("tabel", "kolommen", "vast", "leverancier", "elke_maanden", "rijen_minimaal"))
        months = self.typed(key, "elke_maanden", part, lambda v: _is_number(v) and 0 < v < float("inf"))
        rows = self.typed(key, "rijen_minimaal", part, lambda v: isinstance(v, int) and _is_number(v) and v >= 0)
        return SourceSetting(
            self.typed(key, "tabel", part, lambda v: isinstance(v, str) and folded(v) in _TABLES),
            self.texts(key, "kolommen", part),
            self.typed(key, "leverancier", part, lambda v: isinstance(v, str) and bool(v.strip())),
            None if months is None else float(months),
            rows,
            self.fixed(key, part),
        )

    def texts(self, key: str, name: str, part: Mapping[str, Any]) -> dict[str, str]:
        """A table of texts by name; what is no text is a finding."""
        found = self.typed(key, name, part, lambda v: isinstance(v, Mapping)) or {}
        for header, value in found.items():
            if not isinstance(value, str):
                self.bad(f"{key}.{name}.{header}", value)
        return {header: value for header, value in found.items() if isinstance(value, str)}

    def fixed(self, key: str, part: Mapping[str, Any]) -> dict[str, str]:
        """The values that hold for every row, by column of a table of ours."""
        found = self.texts(key, "vast", part)
        for column in [c for c in found if folded(c) not in _COLUMNS]:
            self.bad(f"{key}.vast.{column}", found.pop(column))
        return found

    def typed(self, key: str, name: str, part: Mapping[str, Any], right: Callable[[Any], bool]) -> Any:
        """The value of ``name`` where it is as it should be; else None, with a finding where it is there."""
        value = part.get(name)
        if name in part and not right(value):
            self.bad(f"{key}.{name}", value)
            return None
        return value


#: What a table may be called in ``tabel``.
_TABLES: Final = frozenset(folded(n) for t in INPUT_TABLES for n in (t.name, t.nl))
#: What a column may be called in ``vast``.
_COLUMNS: Final = frozenset(folded(n) for t in INPUT_TABLES for c in t.headed for n in (c.name, c.nl, c.en))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
