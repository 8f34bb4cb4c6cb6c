"""The elements of an XES log, by expat, into rows and counts; the careful way, for every file that is sound XML.

What an element is follows from its depth: the log, its traces and what stands beside them, events and attributes of
a trace, attributes of an event. Anything below an attribute is nested.
"""

from __future__ import annotations

import xml.parsers.expat as expat  # guarded: a document type, where entities come from, is refused
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NoReturn

from ...ontology.catalogue import ToldError
from ..files.guard import MB, MOST_NAMES
from .held import CASE, LONGEST_VALUE, Held, Tally

#: Elements with one value, and those that hold other attributes (container: XES 2.0).
KINDS: Final = ("string", "date", "int", "float", "boolean", "id")
_LISTS: Final = ("list", "container")
_BESIDE: Final = ("extension", "classifier", "properties")
#: A tag or other piece of markup that is longer, and elements that lie deeper, are no log.
LONGEST_MARKUP: Final = 8 * MB
DEEPEST: Final = 100
#: Names of elements and of their own attributes; a log has some thirty.
MOST_WORDS: Final = 2_000
LONGEST_KEY: Final = 200

_NEVER: Final = 1 << 30
_IN_TRACE: Final = 2
_IN_EVENT: Final = 3


class Walk:
    """One log being read: feed it bytes in order, then :meth:`close` it.

    Raises ToldError: XML that is not sound (with the line), cut off, another kind of XML, a document type, or
    markup that is too long, too deep or has too many names. No URI in the file is ever opened.
    """

    def __init__(self, path: Path, held: Held, tally: Tally) -> None:
        self.held = held
        self.tally = tally
        #: How many bytes were fed, and where the newest event inside a trace begins among them.
        self.fed = 0
        self.event_at = -1
        self._value = path.name
        self._words: dict[str, str] = {}
        self._simple: set[str] = set()
        self._lists: set[str] = set()
        self._prefix = ""
        self._trace = "trace"
        self._event = "event"
        self._open: list[str] = []
        self._events_of_trace = 0
        self._scope = ""
        self._parser = parser = expat.ParserCreate(intern=self._words)
        parser.ordered_attributes = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._starter()
        # the depth, kept without a call into Python: of equal names either may go
        parser.EndElementHandler = self._open.remove

    @property
    def line(self) -> int:
        return self._parser.CurrentLineNumber

    @property
    def plain(self) -> bool:
        """Whether names have no prefix."""
        return not self._prefix

    def feed(self, piece: bytes) -> None:
        self.fed += len(piece)
        try:
            self._parser.Parse(piece, False)
        except expat.ExpatError as error:
            raise ToldError("xes-broken", value=self._value, line=error.lineno, why=expat.ErrorString(error.code)) from error
        done = self._parser.CurrentByteIndex  # where the markup begins that is not whole yet
        if self.fed - done > LONGEST_MARKUP or len(self._words) > MOST_WORDS:
            self._unsafe()

    def close(self) -> None:
        """The end of the file."""
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise ToldError("xes-cut", value=self._value, line=error.lineno) from error
        self._close_trace()

    def _starter(self) -> Callable[[str, list[str]], None]:
        """What expat calls for every tag; the branch that most tags take comes first and is written out."""
        opened, push, simple = self._open, self._open.append, self._simple
        seen, columns, place_of = self.tally.event_attributes, self.held.columns, self.held.of_event.get
        at = _NEVER

        def start(name: str, given: list[str]) -> None:
            nonlocal at
            depth = len(opened)
            push(name)
            if depth == at:
                if name in simple and len(given) == 4 and given[0] == "key" and given[2] == "value" and given[1] in seen:
                    key = given[1]
                    seen[key] += 1
                    place = place_of(key)
                    if place is not None:
                        self._put(columns[place], given[3])
                else:
                    self._event_attribute(name, given)
            elif depth > at:
                self._deeper(name, depth)
            else:
                at = self._structure(name, given, depth)

        return start

    def _put(self, column: list[str | None], value: str) -> None:
        if len(value) > LONGEST_VALUE:
            self.tally.too_long += 1
            return
        if column[-1] is not None:
            self.tally.repeated += 1
        column[-1] = value

    def _event_attribute(self, name: str, given: list[str]) -> None:
        read = self._read(name, given, self.tally.event_attributes)
        if read is not None:
            place = self.held.of_event.get(read[0])
            if place is not None:
                self._put(self.held.columns[place], read[1])

    def _trace_attribute(self, name: str, given: list[str]) -> None:
        read = self._read(name, given, self.tally.trace_attributes)
        place = self.held.of_trace.get(read[0]) if read is not None else None
        if read is None or place is None:
            return
        if len(read[1]) > LONGEST_VALUE:
            self.tally.too_long += 1
            return
        if self.held.blank[place] is not None:
            self.tally.repeated += 1
        if not self.held.of_case(place, read[1]):
            raise ToldError("xes-order", value=self._value, line=self.line)

    def _read(self, name: str, given: list[str], seen: dict[str, int]) -> tuple[str, str] | None:
        """Key and value of an attribute element, counted; None for what holds no one value."""
        if name in self._lists:
            self.tally.lists += 1
            return None
        if name not in self._simple:
            self.tally.foreign += 1
            return None
        attributes = dict(zip(given[::2], given[1::2], strict=True))
        key, value = attributes.get("key"), attributes.get("value")
        if key is None or value is None:
            self.tally.unreadable += 1
            return None
        if key in seen or (len(seen) < MOST_NAMES and len(key) <= LONGEST_KEY):
            seen[key] = seen.get(key, 0) + 1
        else:
            self.tally.unnamed += 1
        return key, value

    def _deeper(self, name: str, depth: int) -> None:
        if depth >= DEEPEST:
            self._unsafe()
        if self._open[1] != self._event and (name in self._simple or name in self._lists):
            self.tally.nested += 1  # what stands in an event without a case is not counted piece by piece

    def _structure(self, name: str, given: list[str], depth: int) -> int:
        """An element above the attributes of an event; gives back how deep those lie from here."""
        if depth == 0:
            self._root(name)
        elif depth == 1:
            self._close_trace()
            self._below_log(name, given)
        elif depth == _IN_TRACE and self._open[1] == self._trace:
            if name == self._event:
                self.tally.events += 1
                self._events_of_trace += 1
                self.event_at = self._parser.CurrentByteIndex
                self.held.add(self._parser.CurrentLineNumber)
                return _IN_EVENT
            self._trace_attribute(name, given)
        elif depth == _IN_TRACE and self._scope:
            self._promise(name, given)
        else:
            self._deeper(name, depth)
        return _NEVER

    def _root(self, name: str) -> None:
        prefix, _, local = name.rpartition(":")
        if local != "log":
            raise ToldError("xes-other", value=self._value, why=name[:100])
        self._prefix = f"{prefix}:" if prefix else ""
        self._trace, self._event = self._named(("trace", "event"))
        self._simple.update(self._named(KINDS))
        self._lists.update(self._named(_LISTS))

    def _named(self, names: Iterable[str]) -> Iterable[str]:
        return (f"{self._prefix}{name}" for name in names)

    def _below_log(self, name: str, given: list[str]) -> None:
        self._scope = ""
        if name == self._trace:
            self.tally.traces += 1
            self._events_of_trace = 0
            self.held.open_trace()
        elif name == self._event:
            self.tally.events += 1
            self.tally.loose += 1
        elif name == f"{self._prefix}global":
            attributes = dict(zip(given[::2], given[1::2], strict=True))
            self._scope = attributes.get("scope", "event")
        elif name in self._simple or name in self._lists:
            self.tally.log_attributes += 1
        elif name not in self._named(_BESIDE):
            self.tally.foreign += 1

    def _promise(self, name: str, given: list[str]) -> None:
        """A ``<global>``: every trace or event has this key. Its value is a stand-in for tools, so it is not read."""
        key = dict(zip(given[::2], given[1::2], strict=True)).get("key", "")
        column = f"{CASE}{key}" if self._scope == "trace" else key
        if name in self._simple and column in self.held.names:
            self.tally.promised.add(column)

    def _close_trace(self) -> None:
        """The trace before this place, if there was one, has ended."""
        if self.tally.traces and not self._events_of_trace:
            self.tally.empty += 1
        self._events_of_trace = _NEVER  # counted once, whatever follows the trace
        self.held.close_trace()

    def _doctype(self, *_: object) -> NoReturn:
        raise ToldError("xes-doctype", value=self._value, line=self.line)

    def _unsafe(self) -> NoReturn:
        raise ToldError("xes-unsafe", value=self._value, line=self.line)
