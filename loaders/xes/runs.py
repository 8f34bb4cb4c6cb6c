"""Events of forms that were seen before, read at once: most logs write every event the same way.

The careful way costs a call into Python for each tag. Here one pattern matches a whole event: all its markup
is literal, only the values differ, and what a value may hold leaves nothing for an XML reader to do. Anything else
is left to :mod:`.walk`, with the same rows and the same counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from .held import Held, Tally
from .shapes import CLOSE, OPEN, SPACE, Shape, Shapes, lines_in

#: So many events may have no known form before a log counts as one that is written otherwise.
MOST_MISSES: Final = 200

_GAP: Final = re.compile(f"{SPACE}{OPEN}")
_NOWHERE: Final = "(?!)"

Values = tuple[str | None, ...]


class Runs:
    """Events that follow each other, within a trace and over the border to the next."""

    def __init__(self, held: Held, tally: Tally) -> None:
        self._held = held
        self._tally = tally
        self._events = Shapes("", SPACE + CLOSE, held.of_event, tally.event_attributes)
        self._borders = Shapes(f"{SPACE}</trace>{SPACE}<trace>", SPACE + OPEN, held.of_trace, tally.trace_attributes)
        self._joined: dict[tuple[Shape, Shape | None, str], re.Pattern[str]] = {}
        self._gap = ""
        self._border: Shape | None = None
        self._read = 0
        self._missed = 0

    @property
    def help(self) -> bool:
        """Whether the events of this log have forms that can be learned."""
        return self._missed <= MOST_MISSES + self._read

    def read(self, text: str, start: int) -> tuple[int, int]:
        """Read whole events, from inside one that was just opened and has its row (``start``: after its ``<event>``).

        Gives back where to go on and how many lines were passed: at the ``</event>`` of the last event that was read,
        or inside the next, which then is opened and has its row. All between is balanced: an XML reader that
        goes on there from where it was misses nothing. ``(start, 0)`` where nothing was read.
        """
        place, line = start, self._held.lines[-1]
        opened = line
        while shape := self._events.at(text, place):
            self._held.undo()
            values: list[Values] = []
            match = self._onward(shape).match
            while found := match(text, place):
                values.append(found.groups())
                place = found.end()
            last = shape.pattern.match(text, place)
            if last:
                values.append((*last.groups(), *(None,) * self._border_groups))
            line = self._keep(shape, values, line, inside=not last)
            if last:
                self._learn_next(text, last.end())
                return last.end() - len(CLOSE), line - opened
            self._held.add(line)
        self._missed += 1
        return place, line - opened

    def finish(self) -> None:
        self._events.finish()
        self._borders.finish()

    @property
    def _border_groups(self) -> int:
        return 1 + len(self._border.places) if self._border else 0

    def _onward(self, shape: Shape) -> re.Pattern[str]:
        """An event of this form and what leads to the next one: the usual gap, or the border between two traces.

        Its groups: the values of the event, those of the next trace, and an empty one that says there is a next trace.
        """
        key = (shape, self._border, self._gap)
        if key not in self._joined:
            gap = re.escape(self._gap) if self._gap else _NOWHERE
            border = f"{self._border.source}()" if self._border else _NOWHERE
            self._joined[key] = re.compile(f"{shape.source}(?:{gap}|{border})")
        return self._joined[key]

    def _learn_next(self, text: str, end: int) -> None:
        """From what follows the event that ends here: the next run passes it."""
        if not self._gap and (found := _GAP.match(text, end)):
            self._gap = found[0]
        else:
            self._border = self._borders.at(text, end) or self._border

    def _keep(self, shape: Shape, values: Sequence[Values], line: int, inside: bool) -> int:
        """Rows for these events of one form, the first of which begins on ``line``; gives back the line after them.

        ``inside`` says that they lead into a next event, of the same trace or of the last one that began here.
        """
        number, own = len(values), len(shape.places)
        columns = list(zip(*values, strict=True))
        cases = [(0, self._held.blank)]
        if self._border:
            for after, mark in enumerate(columns[-1], 1):
                if mark is not None:
                    cases.append((after, self._case(self._border, values[after - 1][own:-1])))
            self._border.seen += len(cases) - 1
        lines, line = self._lines(shape, [start for start, _ in cases], number, line, inside)
        self._held.extend(lines, dict(zip(shape.places, columns[:own], strict=True)), cases)
        shape.seen += number
        self._read += number
        self._tally.traces += len(cases) - 1
        self._tally.events += number - (not inside)  # the first was counted when it was opened; so is the next
        return line

    def _case(self, border: Shape, values: Values) -> list[str | None]:
        case: list[str | None] = [None] * len(self._held.columns)
        for column, value in zip(border.places, values, strict=True):
            case[column] = value
        return case

    def _lines(self, shape: Shape, starts: list[int], number: int, line: int, inside: bool) -> tuple[list[int], int]:
        """On which line each event begins, and the line after the last; ``starts`` are the first events of the traces."""
        step = shape.lines + lines_in(self._gap)
        over = shape.lines + (self._border.lines if self._border else 0)
        lines: list[int] = []
        for start, end in pairwise((*starts, number)):
            lines.extend(line + step * n for n in range(end - start))
            line = lines[-1] + over if end > start else line
        if number > starts[-1]:  # no border after the last event
            line = lines[-1] + (step if inside else shape.lines)
        return lines, line
