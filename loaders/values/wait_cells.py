"""The wait of one row: as written, or in separate numbers of weeks (CONTRACTS §4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from ...graph.distributions import lognormal
from .durations import whole_days
from .text import Unreadable
from .waits import WrittenWait, closed_until, wait

STATEMENT: Final = "uitspraak"


@dataclass(frozen=True, slots=True)
class WaitCells:
    """What a row says of its wait: ``text`` as written, weeks in their own columns, how it was measured, and when."""

    text: str | None
    least: float | None
    median: float | None
    p90: float | None
    basis: str | None
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """The wait in days, and what was wrong or assumed: (code of a finding, proposal or how it was read)."""

    wait: WrittenWait
    troubles: tuple[tuple[str, str | None], ...]


def measured(cells: WaitCells) -> Measured:
    """The wait of a row; separate numbers go before words, a statement is kept beside and never computed with."""
    found, troubles = _written(cells)
    median, p90 = cells.median, cells.p90
    if (median is not None or cells.least is not None) and cells.text is not None and found.state == "getal":
        troubles = [*troubles, ("two-waits", None)]
    if median is not None and p90 is not None and median > p90:
        troubles, p90 = [*troubles, ("p90-below-median", None)], None
    if median is not None and p90 is not None and median > 0:
        low, mean, high = lognormal(median * 7, p90 * 7)
        found = WrittenWait("getal", round(low, 6), round(mean, 6), round(high, 6))
    elif median is not None:
        days = whole_days(median * 7)
        found = WrittenWait("getal", days, days, days if p90 is None else whole_days(p90 * 7))
    elif cells.least is not None and found.state != "getal":
        days = whole_days(cells.least * 7)
        found = WrittenWait("getal", days, days, None)
    if cells.basis == STATEMENT:
        found = replace(found, state=STATEMENT)
    return Measured(found, tuple(troubles))


def _written(cells: WaitCells) -> tuple[WrittenWait, list[tuple[str, str | None]]]:
    if cells.text is None:
        return WrittenWait("onbekend"), []
    try:
        found = closed_until(wait(cells.text), cells.as_of)
    except Unreadable as error:
        return WrittenWait("onbekend"), [(error.code, error.suggestion)]
    return found, [(a.code, a.read_as) for a in found.assumed]
