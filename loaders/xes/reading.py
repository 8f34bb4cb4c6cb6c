"""XES event logs (IEEE 1849), plain or gzipped → flat rows, one per event, in the order of the file.

A column ``case:KEY`` holds an attribute of the case (the trace), ``KEY`` one of the event; all are text, as they
stand in the file. Only columns that were asked for are kept: the others may hold persons. The file is read as a
stream; however long it is, some hundred thousand rows are held at a time.

What the standard leaves to the reader, and what is done here:

- ``<global>`` says that every trace or event has an attribute. The value there is a stand-in for tools ("UNKNOWN",
  1970-01-01) and never becomes a row's: what a row lacks is unknown. That it was promised is told.
- An event outside a trace belongs to no case: counted, not among the rows.
- Lists, and attributes inside attributes, are counted and not kept. Extensions and classifiers are passed over, and
  their addresses never opened.
- A key that stands twice in one element: the last counts, as in the reference implementation OpenXES.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from .held import MOST_HELD, ROW, Batch, Held, Tally
from .runs import Runs
from .shapes import OPEN
from .unpacking import pieces
from .walk import Walk

#: What the standard extensions call the case, the step, the organisation and the moment. Not the person (org:resource).
USUAL: Final = ("case:concept:name", "concept:name", "org:group", "time:timestamp", "lifecycle:transition")

_DECLARED: Final = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_UTF8: Final = (b"utf-8", b"utf8", b"us-ascii", b"ascii")


@dataclass(frozen=True)
class XesRead:
    """What a log held; the counts as in :class:`~.held.Tally`.

    ``rows`` = events - loose. ``missing`` says of every column that was asked for how many rows lack it;
    ``promised`` are those among them that the file says are never missing.
    """

    traces: int
    empty: int
    events: int
    loose: int
    rows: int
    missing: Mapping[str, int]
    promised: tuple[str, ...]
    trace_attributes: Mapping[str, int]
    event_attributes: Mapping[str, int]
    unnamed: int
    lists: int
    nested: int
    unreadable: int
    too_long: int
    repeated: int
    foreign: int
    log_attributes: int


def batches(path: Path, wanted: Sequence[str], tally: Tally) -> Iterator[Batch]:
    """The rows of a log as columns, some 120,000 at a time: ``__row`` (the line where the event begins) and ``wanted``.

    ``tally`` is whole when the last batch was taken. Raises ToldError for a file that cannot be read (see
    :class:`~.walk.Walk` and :func:`~.unpacking.pieces`); what was handed on before is then not the whole log.
    """
    held = Held(wanted)
    feed = _Feed(Walk(path, held, tally), Runs(held, tally))
    waited = 0
    for piece in pieces(path):
        feed.take(piece)
        waited = min(waited + len(piece), 4 * MOST_HELD)
        ready = held.ready(waited)
        if ready is not None:
            waited = 0
            yield ready
    feed.close()
    if held.lines:
        yield held.take(len(held.lines))


def to_parquet(path: Path, target: Path, wanted: Sequence[str] | None = None) -> XesRead:
    """Write the rows of the log ``path`` to ``target`` (Parquet): ``__row`` as int64, ``wanted`` as text.

    ``wanted`` is :data:`USUAL` where none are named. The file appears whole or not at all. Needs pyarrow (the extra
    ``log``). Raises ToldError as :func:`batches` does, OSError for what the disk refuses.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    held_names = Held(USUAL if wanted is None else wanted).names
    schema = pa.schema([(name, pa.int64() if name == ROW else pa.string()) for name in held_names])
    tally = Tally()
    missing = dict.fromkeys(held_names[1:], 0)
    unfinished = target.with_name(f"{target.name}.part")
    try:
        with pq.ParquetWriter(unfinished, schema) as writer:
            for batch in batches(path, held_names[1:], tally):
                table = pa.table([pa.array(batch[field.name], field.type) for field in schema], schema=schema)
                for name in missing:
                    missing[name] += table[name].null_count
                writer.write_table(table)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    counts = asdict(tally) | {"promised": tuple(sorted(tally.promised))}
    return XesRead(rows=tally.events - tally.loose, missing=missing, **counts)


class _Feed:
    """Pieces of a file, to the quick way where that knows the form of the events and to the careful way elsewhere.

    The careful way sees the same log without the events that were read quickly, with their line ends in place.
    """

    def __init__(self, walk: Walk, runs: Runs) -> None:
        self._walk = walk
        self._runs = runs
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._begun = False
        self._quick = False

    def take(self, piece: bytes) -> None:
        if not self._begun:
            self._begun, self._quick = True, _is_utf8(piece)
        if not self._quick:
            self._walk.feed(piece)
            return
        rest = self._decoder.getstate()[0]
        try:
            text = self._decoder.decode(piece)
        except UnicodeDecodeError:  # told by the parser, which knows the line
            self._carefully(rest)
            self._walk.feed(piece)
            return
        self._text(text)
        if not self._runs.help:
            self._carefully(self._decoder.getstate()[0])

    def close(self) -> None:
        if self._quick:
            self._carefully(self._decoder.getstate()[0])
        self._walk.close()
        self._runs.finish()

    def _carefully(self, rest: bytes) -> None:
        """From here on everything goes to the parser, ``rest`` (a sign that was cut in two) first."""
        self._quick = False
        if rest:
            self._walk.feed(rest)

    def _text(self, text: str) -> None:
        begin, passed = 0, 0
        while (found := text.find(OPEN, begin)) >= 0:
            end = found + len(OPEN)
            self._walk.feed(("\n" * passed + text[begin:end]).encode())
            begin, passed = end, 0
            # an event only where the parser, which has seen all that stands before, says that one begins at this very
            # place: the same signs in a comment, CDATA or a quoted value are none
            if self._walk.event_at == self._walk.fed - len(OPEN):
                begin, passed = self._runs.read(text, end)
        self._walk.feed(("\n" * passed + text[begin:]).encode())


def _is_utf8(piece: bytes) -> bool:
    """Whether the file says, or by its first signs shows, that it is UTF-8 (what XML is that says nothing)."""
    start = piece.removeprefix(codecs.BOM_UTF8)
    if not start.startswith(b"<") or b"\0" in start[:4]:
        return False
    declared = _DECLARED.match(start[:1024])
    return declared is None or declared[1].lower() in _UTF8
