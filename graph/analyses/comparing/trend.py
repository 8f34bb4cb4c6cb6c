"""trend: two builds compared — the rows that came, went or changed, and how long families wait in each, without causes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from ...landscape import Landscape
from ...profiles.study import REASONS, Study
from ..common import Frame, Result, frame
from ..differences.changes import Changes, changes
from ..differences.touched import narrowed
from .comparison import Side, answers, assumptions_of, in_order, side, together, waits_of

#: The sides of a comparison.
BEFORE, AFTER = "before", "after"
#: What makes demand the same in both editions.
_DEMAND: Final = ("entry", "age_from", "age_until", "theme", "level", "per_year", "year")

Sides = tuple[Side | None, Side | None]


@dataclass(frozen=True)
class PlaceTrend:
    """The families of one municipality (code) in both editions; None in the one of which it is no part."""

    municipality: str
    before: Side | None
    after: Side | None

    def as_dict(self) -> dict[str, Any]:
        """The municipality as CONTRACTS §6 names it."""
        return {"municipality": self.municipality, **_sides(self.before, self.after)}


@dataclass(frozen=True)
class LevelTrend:
    """One level: all families of each edition, and each municipality by name."""

    level: int
    before: Side
    after: Side
    places: tuple[PlaceTrend, ...]

    def as_dict(self) -> dict[str, Any]:
        """The level as CONTRACTS §6 names it."""
        return {
            "level": self.level,
            **_sides(self.before, self.after),
            "per_municipality": [place.as_dict() for place in self.places],
        }


def _sides(before: Side | None, after: Side | None) -> dict[str, Any]:
    return {name: found.as_dict() if found else None for name, found in ((BEFORE, before), (AFTER, after))}


@dataclass(frozen=True, eq=False)
class Trend(Result):
    """The answer: the rows that differ, and per level how long the families of each edition wait.

    Each edition has its own families, reference date and assumptions: a difference of their numbers is no number of
    families. ``frame`` is of the later one; ``frame_before`` of the earlier one. ``threshold`` is the higher of both.
    """

    frame: Frame
    frame_before: Frame
    changes: Changes
    levels: tuple[LevelTrend, ...]
    threshold: int
    came: tuple[str, ...]
    went: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The answer as CONTRACTS §6 names it; tables and columns by their Dutch names, ids as stored."""
        return {
            "reference_date_before": self.frame_before.reference_date,
            "unit_before": self.frame_before.unit,
            "weighted_before": self.frame_before.weighted,
            "known_waits_before": self.frame_before.known_waits,
            "outdated_waits_before": self.frame_before.outdated_waits,
            "added": list(self._whole("added")),
            "gone": list(self._whole("gone")),
            "changed": list(self._cells()),
            "levels": [level.as_dict() for level in self.levels],
        }

    def _whole(self, what: str) -> Iterator[dict[str, Any]]:
        """The rows that came or went."""
        for told in self.changes.tables.values():
            rows: pl.DataFrame = getattr(told, what)
            names = [c for c in ("name", "title") if c in rows.columns]
            for row in rows.sort(told.table.key).iter_rows(named=True):
                name = next((row[c] for c in names if row[c]), None)
                yield {
                    "table": told.table.nl,
                    "id": row[told.table.key],
                    "column": None,
                    "old": None,
                    "new": None,
                    "name": name,
                }

    def _cells(self) -> Iterator[dict[str, Any]]:
        """The cells that say something else; of a small count of families both sides are what may be shown of them."""
        for told in self.changes.tables.values():
            for change in told.columns:
                if change.sort != "content":
                    continue
                for id_, old_id, old, new, hush in change.frame.select("id", "old_id", "old", "new", "suppressed").iter_rows():
                    row = {"table": told.table.nl, "id": id_, "column": change.column.nl, "old": old, "new": new}
                    yield row | ({"old_id": old_id} if old_id != id_ else {}) | ({"suppressed": True} if hush else {})

    def rows(self) -> list[dict[str, Any]]:
        """A row per level for all municipalities together (municipality None) and for each."""
        nobody = Side(0.0, 0.0, 0.0, dict.fromkeys(REASONS, 0.0)).cells("")
        empty = {name: dict.fromkeys((f"{name}{cell}" for cell in nobody), None) for name in (BEFORE, AFTER)}
        found = []
        for level in self.levels:
            for code, *sides in (
                (None, level.before, level.after),
                *((p.municipality, p.before, p.after) for p in level.places),
            ):
                cells = [s.cells(name) if s else empty[name] for name, s in zip((BEFORE, AFTER), sides, strict=True)]
                found.append({"level": level.level, "municipality": code, **cells[0], **cells[1]})
        return found


def trend(
    old: Landscape,
    new: Landscape,
    municipalities: Sequence[str] = (),
    ages: Sequence[int] = (),
    themes: Sequence[str] = (),
    levels: Sequence[int] = (),
    *,
    with_outdated: bool = False,
    internal: bool = False,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Trend:
    """How ``new`` differs from ``old``, an earlier build of the same region.

    Rows are matched by id, or by what they are a statement of (:mod:`..differences.changes`). Each edition is asked with its own
    families (table vraag), on its own reference date: the time until the first appointment of those with a way, and who
    has none. Nothing is said of causes. Families of ``municipalities`` (codes; the regions' when empty), of ``ages``
    (months, tested at entry) and ``themes`` (slugs) where given; ``levels`` 0–3 when none is named. ``internal`` hides no
    figure; else numbers of families below the higher threshold of both are hidden, with what would give them back.
    """
    codes = tuple(municipalities)
    studies = [
        Study(landscape, codes, ages, themes, levels, with_outdated=with_outdated, progress=progress) for landscape in (old, new)
    ]
    regions = [side.region_municipalities for side in (old, new)]
    threshold = max(old.settings.threshold, new.settings.threshold)
    asked = in_order({*studies[0].municipalities, *studies[1].municipalities}, _names(old, new))
    told = [_level(studies, level, asked, 0 if internal else threshold) for level in studies[0].levels]
    frames = [_frame(study) for study in studies]
    return Trend(
        frames[1],
        frames[0],
        changes(*(narrowed(old, new, codes) if codes else (old, new))),
        tuple(told),
        threshold,
        tuple(c for c in asked if c not in regions[0]),
        tuple(c for c in asked if c not in regions[1]),
    )


def _names(old: Landscape, new: Landscape) -> Mapping[str, str]:
    return {**old.municipality_names, **new.municipality_names}


def _frame(study: Study) -> Frame:
    waits = waits_of(study)
    return frame(study.landscape, "trend", waits, assumptions_of(study, waits), weighted=study.weighted)


def _level(studies: Sequence[Study], level: int, asked: Sequence[str], threshold: float) -> LevelTrend:
    found: dict[str, list[Side | None]] = {code: [None, None] for code in asked}
    for number, study in enumerate(studies):
        for code in study.municipalities:
            found[code][number] = side(answers(study.place(code), level))
    sides = {code: (pair[0], pair[1]) for code, pair in found.items()}
    shown, all_of = _disclosed(studies, sides, threshold)
    return LevelTrend(level, *all_of, tuple(PlaceTrend(code, *shown[code]) for code in asked))


# --- what must not be shown ------------------------------------------------------------------------------
def _disclosed(
    studies: Sequence[Study], sides: Mapping[str, Sides], threshold: float
) -> tuple[dict[str, Sides], tuple[Side, Side]]:
    """Both sides of each municipality and of all, with the names of the figures that must not be shown."""
    before, after = (together(s for pair in sides.values() if (s := pair[n]) is not None) for n in (0, 1))
    counted = [n for n, study in enumerate(studies) if study.weighted]
    if not threshold or not counted:
        return dict(sides), (before, after)
    from ...disclosure import Ledger

    ledger = Ledger(threshold)
    every: dict[str | None, Sides] = {None: (before, after)}
    every.update(sides)
    for code, pair in every.items():
        for number in counted:
            _enter(ledger, (number, code), pair[number])
    for number in counted:
        parts = [code for code, pair in sides.items() if pair[number] is not None]
        for name in _NAMES if parts else ():
            ledger.equals((number, None, name), [(number, code, name) for code in parts])
    same = [code for code in sides if len(counted) == 2 and _same_demand(studies, code)]
    for code in (*same, *([None] if len(same) == len(sides) else [])):
        _enter_differences(ledger, code, every[code])
    gone = ledger.hidden()

    def hushed(code: str | None, number: int) -> Side | None:
        found = every[code][number]
        names = frozenset(name for name in _NAMES if (number, code, name) in gone)
        return None if found is None else replace(found, hidden=names)

    shown = {code: (hushed(code, 0), hushed(code, 1)) for code in sides}
    return shown, (hushed(None, 0) or before, hushed(None, 1) or after)


_NAMES: Final = ("per_year", "routed", "weeks_total", *REASONS)


def _enter(ledger: Any, key: tuple[int, str | None], found: Side | None) -> None:
    """Take up the figures of one side: all families are those with a way and those without one."""
    if found is None:
        return
    for name, value in (("per_year", found.per_year), ("routed", found.routed), *found.without.items()):
        ledger.add((*key, name), value)
    ledger.add((*key, "weeks_total"), found.days, families=found.routed)
    ledger.equals((*key, "per_year"), [(*key, name) for name in ("routed", *REASONS)])


def _enter_differences(ledger: Any, code: str | None, pair: Sides) -> None:
    """Where the same families are asked in both editions, a difference of two numbers is a number of them."""
    before, after = pair
    if before is None or after is None:
        return
    numbers = [(s.routed, *(s.without[r] for r in REASONS)) for s in (before, after)]
    for name, was, becomes in zip(("routed", *REASONS), *numbers, strict=True):
        more, less = (1, 0) if becomes > was else (0, 1)
        ledger.add((code, name), abs(becomes - was), printed=False)
        ledger.equals((more, code, name), [(less, code, name), (code, name)])


def _same_demand(studies: Sequence[Study], code: str) -> bool:
    """Whether table vraag says the same of a municipality in both editions."""
    rows = [
        study.landscape["demand"].filter(pl.col("municipality") == code).select(_DEMAND).sort(_DEMAND, nulls_last=True)
        for study in studies
    ]
    return rows[0].equals(rows[1])
