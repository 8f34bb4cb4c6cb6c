"""Stated waits beside seen ones, as tables: by name, in no order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from .document import Cell, Document
from .language import say
from .observed_words import Words
from .output import number
from .wording import in_weeks, range_text, weeks_text

if TYPE_CHECKING:
    from ..graph.analyses.observed.compared import Compared, StatedWait

_NUMBERS: Final = re.compile(r"\d+")


def tell(made: Document, words: Words, told: Sequence[Compared], unit: str) -> None:
    """Headings, counts and tables; what is stated and outdated apart. ``unit`` is what the log counts."""
    current = [w for w in told if not w.stated.outdated]
    made.heading(say("observed.waits.title", number=number(len(current))))
    made.say(say("observed.waits.means" if told else "observed.waits.none"))
    _table(made, words, current, unit)
    outdated = [w for w in told if w.stated.outdated]
    if outdated:
        made.heading(say("observed.waits.title_outdated", number=number(len(outdated))))
        _table(made, words, outdated, unit)


def _table(made: Document, words: Words, told: Sequence[Compared], unit: str) -> None:
    if not told:
        return
    outcomes = Counter(w.outcome for w in told)
    counted = {name: number(outcomes[name]) for name in ("langer", "korter", "gelijk", "aanmeldstop")}
    made.say(say("observed.waits.counts", **counted))
    columns = [say(f"observed.waits.{c}") for c in ("where", "stated", "seen", "difference")]
    columns += [say("observed.beside"), say("observed.source")]
    rows: list[list[Cell]] = [
        [
            words.name(w.on),
            _stated(w.stated),
            _seen(w),
            _difference(w),
            words.with_words(_footnotes(words, w, unit), w.responses),
            words.sources(w.stated.sources, [w.seen.origin]),
        ]
        for w in told
    ]
    words.table(made, columns, rows)


def _stated(wait: StatedWait) -> str:
    if wait.closed:
        text = say("answers.wait.closed")
    elif wait.low == wait.high:
        text = in_weeks(wait.low)
    else:
        key = "or_longer" if wait.high is None else "weeks"
        text = say(f"observed.waits.{key}", low=weeks_text(wait.low), range=range_text(wait.low, wait.high))
    if wait.written and ";" not in wait.written and _NUMBERS.findall(wait.written) != _NUMBERS.findall(text):
        text = say("observed.waits.written", wait=text, written=wait.written)
    return say("observed.waits.as_of", wait=text, date=wait.as_of) if wait.as_of else text


def _seen(said: Compared) -> str:
    wait = said.seen
    text = say("observed.waits.median", weeks=in_weeks(wait.median * 7))
    if wait.high is None:
        return text
    return say("observed.waits.high", median=text, share=wait.share, weeks=in_weeks(wait.high * 7))


def _difference(said: Compared) -> str:
    return say(f"observed.waits.{said.outcome}", weeks=in_weeks(abs(said.difference or 0.0) * 7))


def _footnotes(words: Words, said: Compared, unit: str) -> Iterator[str]:
    """What else there is to know of two waits that stand beside each other."""
    stated, seen = said.stated, said.seen
    if said.cell is not None and (limits := words.cell(said.cell)):
        yield say("observed.waits.cell", limits=limits)
    if stated.of == "rol":
        yield say("observed.waits.of_role")
    if stated.of == "aanbod":
        yield say("observed.waits.of_offerings")
    if stated.differs:
        yield say("observed.waits.differs")
    if said.other_clock:
        clocks = {"stated_from": stated.clock_from, "stated_to": stated.clock_to}
        yield say("observed.waits.clocks", **clocks, seen_from=seen.clock_from, seen_to=seen.clock_to)
    if seen.number is not None:
        yield say("observed.waits.families", number=number(seen.number), unit=words.unit(unit))
    if seen.method == "mediaan":
        yield say("observed.waits.plain")
    elif seen.censored:
        yield say("observed.waits.waiting", number=number(seen.censored))
