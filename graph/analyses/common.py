"""What every answer carries: the question, the reference date, how much is known, what was assumed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ...ontology.catalogue import text
from ..landscape import UNITS, Landscape
from ..waiting import WEEK, Source, Wait

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


def unit_said(unit: str, lang: str, *, one: bool = False) -> str:
    """What a region counts, as readers call it; a unit of its own is said as it is written."""
    return text(f"bottlenecks.unit{'_one' if one else ''}.{unit}", lang) if unit in UNITS else unit


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that was assumed, as a key of the catalogue (``answers.assumed.…``) with its values."""

    key: str
    values: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The common part of every answer. ``known_waits`` and ``outdated_waits`` are shares (0–1) or None."""

    question: str
    reference_date: str
    unit: str
    weighted: bool
    known_waits: float | None
    outdated_waits: float | None
    assumptions: tuple[Assumption, ...]


class Result:
    """What every answer of an analysis can do: become JSON, flat rows, a data frame; and print well.

    A result is a frozen dataclass that inherits this, has a ``frame`` and says what its body and its rows are.
    Suppressed figures are None in all of these forms, unless the analysis was asked with ``internal``.
    """

    __slots__ = ()

    frame: Frame

    def as_dict(self) -> dict[str, Any]:
        """The body of the answer as CONTRACTS §6 names it (weeks unrounded, unknown None)."""
        raise NotImplementedError

    def rows(self) -> list[dict[str, Any]]:
        """The answer as flat rows of plain values, all with the same keys; empty where there is nothing to list."""
        raise NotImplementedError

    def to_frame(self) -> pl.DataFrame:
        """:meth:`rows` as a Polars frame."""
        import polars as pl

        return pl.DataFrame(self.rows(), infer_schema_length=None)

    def to_pandas(self) -> pd.DataFrame:
        """:meth:`rows` as a pandas frame; ImportError where pandas is not installed."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def __str__(self) -> str:
        import polars as pl

        weights = "weighted" if self.frame.weighted else "unweighted"
        about = f"{self.frame.question} ({self.frame.reference_date}; {self.frame.unit}, {weights})"
        look = pl.Config(
            tbl_hide_dataframe_shape=True,
            tbl_hide_column_data_types=True,
            tbl_formatting="UTF8_HORIZONTAL_ONLY",
            tbl_rows=20,
            tbl_cols=8,
            tbl_width_chars=140,
            fmt_str_lengths=32,
        )
        with look:
            return f"{about}\n{self.to_frame()}"


def frame(
    landscape: Landscape, question: str, waits: Iterable[Wait], assumptions: Iterable[Assumption], *, weighted: bool = False
) -> Frame:
    """The common part, with the shares counted over ``waits``."""
    counted = list(waits)
    number = len(counted)
    settings = landscape.settings
    return Frame(
        question,
        settings.reference_date,
        settings.unit,
        weighted,
        sum(w.known for w in counted) / number if number else None,
        sum(w.outdated for w in counted) / number if number else None,
        tuple(dict.fromkeys(assumptions)),
    )


def assumed_waits(landscape: Landscape, waits: Iterable[Wait]) -> list[Assumption]:
    """What the unknown and outdated among ``waits`` were taken to be."""
    settings = landscape.settings
    found = list(waits)
    says: list[Assumption] = []
    span = (("low", f"{settings.unknown_weeks_low:g}"), ("high", f"{settings.unknown_weeks_high:g}"))
    if any(w.assumed and not w.outdated for w in found):
        says.append(Assumption("unknown_wait", span))
    if any(w.assumed and w.outdated for w in found):
        says.append(Assumption("outdated_wait", (*span, ("months", settings.outdated_after_months))))
    if any(w.outdated and not w.assumed for w in found):
        says.append(Assumption("computed_with_outdated", (("months", settings.outdated_after_months),)))
    if not settings.reference_date_given:
        says.append(Assumption("reference_date", (("date", settings.reference_date),)))
    return says


def weeks(days: float | None) -> float | None:
    """Days as weeks, unrounded."""
    return None if days is None else days / WEEK


def tidy(number: float | None) -> float | None:
    """A sum of parts without the noise of its last digits (a number of families split over ages and starts)."""
    return None if number is None else round(number, 9)


def weeks_of(wait: Wait) -> dict[str, float | None] | None:
    """A wait as JSON: null for a stop."""
    if wait.closed:
        return None
    return {"low": weeks(wait.low), "expected": weeks(wait.expected), "high": weeks(wait.high)}


def addresses(sources: Iterable[Source]) -> str:
    """Where facts stand, each place once: file, sheet and row."""
    places = (f"{s.file}{f' [{s.sheet}]' if s.sheet else ''}:{s.row}" for s in sources)
    return ", ".join(dict.fromkeys(places))


def sources_of(sources: Iterable[Source]) -> list[dict[str, Any]]:
    """Sources as JSON."""
    return [asdict(s) for s in sources]


def years(months: int | None) -> float | int | None:
    """Months as years: whole where they are."""
    if months is None:
        return None
    return months // 12 if months % 12 == 0 else months / 12


def texts(value: str | Sequence[str] | None) -> tuple[str, ...]:
    """One text, several or none, as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def numbers(value: int | Sequence[int] | None) -> tuple[int, ...]:
    """One number, several or none, as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, int) else tuple(value)
