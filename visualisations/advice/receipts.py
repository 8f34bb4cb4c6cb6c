"""The receipts of an advice: numbered in the order in which they are first needed, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ...graph.dates import latest
from ...graph.waiting import Source
from .parts import Receipt

Say = Callable[..., str]


class Receipts:
    """Gives a number to everything that a line rests on, and tells them all in the end."""

    def __init__(self, say: Say, date: Callable[[str | None], str]) -> None:
        self._say, self._date = say, date
        self._found: dict[tuple[tuple[Source, ...], tuple[str, ...]], tuple[int, str]] = {}

    def mark(self, about: str, sources: Iterable[Source], ids: Iterable[str] = ()) -> tuple[int, ...]:
        """The number of the receipt for some rows and ids; nothing where there are no rows."""
        rows, wanted = tuple(dict.fromkeys(sources)), tuple(dict.fromkeys(ids))
        if not rows:
            return ()
        number, _ = self._found.setdefault((rows, wanted), (len(self._found) + 1, about))
        return (number,)

    def told(self) -> tuple[Receipt, ...]:
        """All receipts, by number."""
        return tuple(
            Receipt(number, about, self._where(rows), self._dates(rows), ids)
            for (rows, ids), (number, about) in self._found.items()
        )

    def _where(self, rows: Sequence[Source]) -> str:
        """Files with their rows, runs of rows as ranges; a setting stands in no row."""
        by_file: dict[tuple[str, str | None], list[int]] = {}
        for row in rows:
            by_file.setdefault((row.file, row.sheet), []).append(row.row)
        told = []
        for (file, sheet), numbers in by_file.items():
            name = self._say("receipts.sheet", file=file, sheet=sheet) if sheet else file
            known = [n for n in numbers if n]
            told.append(self._say("receipts.rows", file=name, rows=ranges(known)) if known else name)
        return "; ".join(told)

    def _dates(self, rows: Sequence[Source]) -> str:
        """The latest date that a source has, of verifying it too."""
        newest = latest(date for row in rows for date in (row.date, row.verified_on))
        return self._date(newest) if newest else ""


def ranges(numbers: Iterable[int]) -> str:
    """Whole numbers in order, runs of them as ranges.

    >>> ranges([7, 3, 4, 5, 9, 3])
    '3–5, 7, 9'
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}–{high}" for low, high in runs)
