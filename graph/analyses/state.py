"""status: how much there is, how fresh, how complete, and what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ..dates import outdated
from ..landscape import Landscape
from ..schema import INPUT_TABLES
from ..waiting import STATEMENT
from .sources import SourceState, source_states

#: The columns whose being filled says how complete a table is for a reader of the map.
_KEY_COLUMNS = {
    "partners": ("roles", "municipalities", "ask_for", "contact", "contact_function"),
    "offerings": ("partner", "level", "themes", "age_from", "municipalities", "access", "how_to_apply"),
    "routes": ("municipalities", "basis", "handover_days", "per_year", "conditions"),
    "waits": ("as_of", "basis", "clock_from", "clock_to"),
    "lines": ("strength", "fixed_contact", "consultation"),
}


@dataclass(frozen=True, slots=True)
class TableState:
    """One table. Shares are 0–1 of its rows, None where it has none.

    ``outdated`` is the share whose date (as_of for waits, else the source's) is too old or missing.
    """

    name: str
    rows: int
    sourced: float | None
    dated: float | None
    verified: float | None
    outdated: float | None
    latest: str | None
    filled: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class WaitState:
    """The waits: how many are a current number or stop, unknown, outdated, or a statement."""

    current: int
    unknown: int
    outdated: int
    statements: int
    partners_with_current: int
    partners: int


@dataclass(frozen=True, slots=True)
class State:
    """The answer to ``status``."""

    reference_date: str
    reference_date_given: bool
    tables: tuple[TableState, ...]
    waits: WaitState
    sources: tuple[SourceState, ...]


def state(landscape: Landscape) -> State:
    """Counts, freshness, completeness and provenance of a Landscape."""
    settings = landscape.settings
    tables = tuple(_table(landscape, t.name) for t in INPUT_TABLES if landscape[t.name].height)
    return State(settings.reference_date, settings.reference_date_given, tables, _waits(landscape), source_states(landscape))


def _table(landscape: Landscape, name: str) -> TableState:
    frame = landscape[name]
    rows = frame.height
    date = "as_of" if "as_of" in frame.columns else "source_date"
    old = _old(landscape, frame[date])
    filled = tuple((c, 1 - frame[c].null_count() / rows) for c in _KEY_COLUMNS.get(name, ()))
    return TableState(
        name,
        rows,
        1 - frame["source"].null_count() / rows,
        1 - frame[date].null_count() / rows,
        1 - frame["verified_on"].null_count() / rows,
        int(old.sum()) / rows,
        frame[date].drop_nulls().max(),  # type: ignore[arg-type]  # a column of texts
        filled,
    )


def _old(landscape: Landscape, dates: pl.Series) -> pl.Series:
    """Which dates are too old (or missing) on the reference date; each distinct date is looked at once."""
    settings = landscape.settings
    distinct = dates.unique()
    verdict = [outdated(d, settings.reference_date, settings.outdated_after_months) for d in distinct]
    return dates.is_in([d for d, v in zip(distinct, verdict, strict=True) if v and d is not None]) | dates.is_null()


def _waits(landscape: Landscape) -> WaitState:
    frame = landscape.without_superseded_waits()["waits"]
    old = _old(landscape, frame["as_of"])
    spoken = (frame["state"] == STATEMENT) | (frame["on"].list.len() > 1)
    numbered = frame["state"].is_in(["getal", "stop"])
    current = frame.filter(numbered & ~old & ~spoken)
    subjects = set(current["on"].list.first())
    offers = landscape["offerings"]
    with_wait = {p for o, p in zip(offers["id"], offers["partner"], strict=True) if p and f"aanbod:{o}" in subjects}
    partners = set(landscape["partners"]["id"])
    return WaitState(
        current.height,
        frame.filter(~numbered & ~old & ~spoken).height,
        frame.filter(old & ~spoken).height,
        int(spoken.sum()),
        len(partners & (subjects | with_wait)),
        len(partners),
    )
