"""The rows of a log that were read and not yet handed on, as columns; and what was counted on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

#: The line of the file on which the event begins.
ROW: Final = "__row"
#: Before the key of an attribute of the case (the trace) in the name of its column.
CASE: Final = "case:"
#: A longer value is a story, and no id, name, code or moment: it is never kept.
LONGEST_VALUE: Final = 250
#: Rows that are handed on at a time; more are held only where one case has more events.
BATCH: Final = 122_880
#: Text that is held at most before it is handed on, in bytes of the file.
MOST_HELD: Final = 128 * (1 << 20)
_SEVERAL: Final = 2

Batch = Mapping[str, Sequence[str | int | None]]


@dataclass
class Tally:
    """What stood in the file, counted: nothing is left out without a number.

    ``events`` are all, ``loose`` those outside a trace (no case: not among the rows), ``empty`` the traces without
    events. ``trace_attributes`` and ``event_attributes`` hold how often a key was seen; ``unnamed`` counts what had
    one of too many or too long keys. Not kept: ``lists``, ``nested`` attributes (inside an attribute), ``unreadable``
    (no key or no value), ``too_long`` values, elements ``foreign`` to XES, attributes of the log itself.
    ``repeated``: a key twice in one element, the last of which counts. ``promised`` are the columns that the file
    says (``<global>``) every trace or event has.
    """

    traces: int = 0
    empty: int = 0
    events: int = 0
    loose: int = 0
    trace_attributes: dict[str, int] = field(default_factory=dict)
    event_attributes: dict[str, int] = field(default_factory=dict)
    unnamed: int = 0
    lists: int = 0
    nested: int = 0
    unreadable: int = 0
    too_long: int = 0
    repeated: int = 0
    foreign: int = 0
    log_attributes: int = 0
    promised: set[str] = field(default_factory=set)


class Held:
    """Columns that grow row by row: ``lists[0]`` the line, then one list per column of ``wanted``.

    ``first`` is the row where the open trace begins: rows from there on can still get an attribute of their case.
    ``split`` says that earlier rows of that trace were handed on already.
    """

    def __init__(self, wanted: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys((ROW, *wanted)))
        self.lines: list[int] = []
        self.columns: list[list[str | None]] = [[] for _ in self.names[1:]]
        self.blank: list[str | None] = [None] * len(self.columns)
        self.first = 0
        self.split = False
        places = {name: place for place, name in enumerate(self.names[1:])}
        self.of_event = {name: place for name, place in places.items() if not name.startswith(CASE)}
        self.of_trace = {n.removeprefix(CASE): place for n, place in places.items() if n.startswith(CASE)}
        self.cases = frozenset(self.of_trace.values())

    def open_trace(self) -> None:
        self.blank = [None] * len(self.columns)
        self.first = len(self.lines)
        self.split = False

    def close_trace(self) -> None:
        self.first = len(self.lines)
        self.split = False

    def add(self, line: int) -> None:
        """A row of the open trace, with what is known of its case."""
        self.lines.append(line)
        for column, value in zip(self.columns, self.blank, strict=True):
            column.append(value)

    def undo(self) -> None:
        self.lines.pop()
        for column in self.columns:
            column.pop()

    def extend(
        self, lines: Sequence[int], values: Mapping[int, Sequence[str]], cases: Sequence[tuple[int, list[str | None]]]
    ) -> None:
        """Several rows at once: ``values`` by the place of their column, ``cases`` with the first row of each.

        The first case is that of the open trace; the last one is left open.
        """
        starts = [start for start, _ in cases]
        lengths = [end - start for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
        for place, column in enumerate(self.columns):
            if place in values:
                column.extend(values[place])
            elif place in self.cases:
                for (_, case), length in zip(cases, lengths, strict=True):
                    column.extend((case[place],) * length)
            else:
                column.extend((None,) * len(lines))
        if len(cases) > 1:
            self.first = len(self.lines) + starts[-1]
            self.blank = cases[-1][1]
            self.split = False
        self.lines.extend(lines)

    def of_case(self, place: int, value: str) -> bool:
        """Give the open trace a value, its rows so far included; False where rows of it are gone already."""
        self.blank[place] = value
        late = len(self.lines) - self.first
        if late:
            self.columns[place][self.first :] = [value] * late
        return not self.split

    def ready(self, waited: int) -> Batch | None:
        """Rows to hand on, when there are enough (or ``waited`` bytes were read since): whole traces where possible."""
        if len(self.lines) < BATCH and waited < MOST_HELD:
            return None
        number = self.first
        if not number and (len(self.lines) >= _SEVERAL * BATCH or waited >= _SEVERAL * MOST_HELD):
            number = len(self.lines) - 1  # one huge trace; its last event may still be open
            self.split = True
        return self.take(number) if number > 0 else None

    def take(self, number: int) -> Batch:
        taken: dict[str, Sequence[str | int | None]] = {ROW: self.lines[:number]}
        del self.lines[:number]
        for name, column in zip(self.names[1:], self.columns, strict=True):
            taken[name] = column[:number]
            del column[:number]
        self.first = max(0, self.first - number)
        return taken
