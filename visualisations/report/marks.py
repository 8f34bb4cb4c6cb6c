"""Where everything stands: a letter for each file, in the order in which they are needed, and the rows that were used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from string import ascii_uppercase

from ...graph.dates import latest
from ...graph.waiting import Source
from ..advice.receipts import ranges
from .parts import Mark

_Address = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class UsedFile:
    """A file of which rows were used: ``said`` are its own words on where they come from, with the rows that say so."""

    letter: str
    file: str
    sheet: str | None
    tables: tuple[str, ...]
    rows: tuple[int, ...]
    newest: str | None
    verified: str | None
    said: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(slots=True)
class Marks:
    """Gives every file a letter and remembers which rows were marked."""

    _used: dict[_Address, dict[Source, None]] = field(default_factory=dict)

    def of(self, sources: Iterable[Source]) -> tuple[Mark, ...]:
        """The marks of some rows, one per file; a setting stands in no row."""
        here: dict[_Address, list[int]] = {}
        for source in sources:
            if not source.file:
                continue
            address = (source.file, source.sheet)
            self._used.setdefault(address, {})[source] = None
            here.setdefault(address, []).append(source.row)
        return tuple(self._mark(address, rows) for address, rows in here.items())

    def _mark(self, address: _Address, rows: Iterable[int]) -> Mark:
        letter = self.letter(address)
        return Mark(letter + ranges(r for r in rows if r), letter)

    def letter(self, address: _Address) -> str:
        """The letter of a file that was marked: A, B, … Z, AA."""
        number = list(self._used).index(address)
        first, second = divmod(number, len(ascii_uppercase))
        return (ascii_uppercase[first - 1] if first else "") + ascii_uppercase[second]

    def files(self) -> tuple[UsedFile, ...]:
        """Every file that was marked, by its letter."""
        found = []
        for address, sources in self._used.items():
            said: dict[str, list[int]] = {}
            for source in sources:
                if source.text:
                    said.setdefault(source.text, []).append(source.row)
            found.append(
                UsedFile(
                    self.letter(address),
                    *address,
                    tuple(dict.fromkeys(s.table for s in sources)),
                    tuple(sorted({s.row for s in sources if s.row})),
                    latest(s.date for s in sources),
                    latest(s.verified_on for s in sources),
                    tuple((text, tuple(sorted(set(rows)))) for text, rows in said.items()),
                )
            )
        return tuple(found)
