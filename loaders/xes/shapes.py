"""The literal forms in which a log writes its events and traces, learned from the log itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..files.guard import MOST_NAMES
from .held import LONGEST_VALUE
from .walk import KINDS, LONGEST_KEY

OPEN: Final = "<event>"
CLOSE: Final = "</event>"
#: More forms than this are not tried one by one.
MOST_SHAPES: Final = 24

SPACE: Final = "[ \t\r\n]*+"
#: What may stand in a quoted value and leaves an XML reader nothing to do: no entity, no white space to make even.
_SIGN: Final = '[^"<&\\x00-\\x1f\\ufffe\\uffff]'
_ATTRIBUTE: Final = re.compile(
    rf'({SPACE}<(?:{"|".join(KINDS)}) key="({_SIGN}{{0,{LONGEST_KEY}}}+)" value=")({_SIGN}*+)("[ ]?/>)'
)


@dataclass(eq=False)
class Shape:
    """One form: all markup literal, only the values differ.

    ``source`` is the text of ``pattern``. ``places`` are the columns of the values that it gives, in its order: only
    those that are wanted. ``lines`` are the line ends inside, ``seen`` how often it was read.
    """

    source: str
    pattern: re.Pattern[str]
    keys: Sequence[str]
    places: Sequence[int]
    lines: int
    seen: int = 0


class Shapes:
    """The forms of one kind of thing: ``head``, attributes, ``tail``. The last form that fitted is tried first.

    ``places`` are the columns of the keys that are wanted, ``counts`` how often each key was seen.
    """

    def __init__(self, head: str, tail: str, places: Mapping[str, int], counts: dict[str, int]) -> None:
        self._head = re.compile(head)
        self._tail = re.compile(tail)
        self._places = places
        self._counts = counts
        self._known: list[Shape] = []

    def at(self, text: str, place: int) -> Shape | None:
        """The form of what begins at ``place``; None where it has no plain form, or does not end in this text."""
        for number, shape in enumerate(self._known):
            if shape.pattern.match(text, place):
                if number:
                    self._known.insert(0, self._known.pop(number))
                return shape
        learned = self._learned(text, place) if len(self._known) < MOST_SHAPES else None
        if learned:
            self._known.insert(0, learned)
        return learned

    def finish(self) -> None:
        """Count the keys of all that was read by these forms."""
        for shape in self._known:
            for key in shape.keys:
                self._counts[key] += shape.seen
            shape.seen = 0

    def _learned(self, text: str, place: int) -> Shape | None:
        head = self._head.match(text, place)
        if head is None:
            return None
        parts, literal = [re.escape(head[0])], head[0]
        keys: list[str] = []
        columns: list[int] = []
        place = head.end()
        while found := _ATTRIBUTE.match(text, place):
            before, key, value, after = found.groups()
            column = self._places.get(key)
            if column is None:
                parts.append(f"{re.escape(before)}{_SIGN}*+{re.escape(after)}")
            elif len(value) > LONGEST_VALUE:
                return None
            else:
                parts.append(f"{re.escape(before)}({_SIGN}{{0,{LONGEST_VALUE}}}+){re.escape(after)}")
                columns.append(column)
            keys.append(key)
            literal += before + after
            place = found.end()
        tail = self._tail.match(text, place)
        if tail is None or len(set(keys)) < len(keys) or not self._counted(keys):
            return None
        source = "".join((*parts, re.escape(tail[0])))
        return Shape(source, re.compile(source), keys, columns, lines_in(literal + tail[0]))

    def _counted(self, keys: Sequence[str]) -> bool:
        """Whether every key has, or now gets, a count of its own."""
        if len(self._counts.keys() | set(keys)) > MOST_NAMES:
            return False
        for key in keys:
            self._counts.setdefault(key, 0)
        return True


def lines_in(markup: str) -> int:
    """How many lines end in it, as an XML reader counts them."""
    return markup.replace("\r\n", "\n").replace("\r", "\n").count("\n")
