"""Waits as people write them: a time, a range, a stop, or unknown (the table of CONTRACTS §4).

A text is read whole or not at all: what is left over makes it unreadable, unless it is a remark that is
set apart by a sign or brackets; then the wait is used and a finding tells what was left aside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from ...graph.dates import first_day, last_day
from . import wait_words as words
from .dates import MONTHS, THIRDS, written_date
from .durations import UNITS, WITH_UNIT, Span, assumptions, simplified, span, whole_days
from .text import NUMERALS, Assumed, Unreadable, alternatives, bracketed, is_unknown, plain
from .undone import looks_like_date, undone


@dataclass(frozen=True, slots=True)
class WrittenWait:
    """A wait as it was written: ``state`` getal, stop or onbekend; days whole, ``high`` None: "or longer".

    ``closed_until`` is the first day on which a stop no longer holds (ISO); ``closed_month`` the month that
    was named without a year, which :func:`closed_until` turns into a date.
    """

    state: str
    low: float | None = None
    expected: float | None = None
    high: float | None = None
    closed_until: str | None = None
    closed_month: str | None = None
    assumed: tuple[Assumed, ...] = ()


_NO_WAIT: Final = WrittenWait("getal", 0.0, 0.0, 0.0)
_UNKNOWN: Final = WrittenWait("onbekend")


def wait(text: str) -> WrittenWait:
    """A wait as people write it. Raises Unreadable, with what was found in it as a proposal."""
    if looks_like_date(plain(text)):
        return _undone(text)
    given = words.bare(simplified(text))
    if not given:
        raise Unreadable(text)
    made = _whole(given) or _with_remark(given)
    if made is None:
        raise _unreadable(text, given)
    return made


def _undone(text: str) -> WrittenWait:
    """A range that a spreadsheet turned into a date."""
    back = undone(text)
    found = span(back) if back else None
    if not found:
        raise Unreadable(text, "excel-date")
    made = _numbers(found)
    return replace(made, assumed=(Assumed("excel-range", found.written()),))


def _whole(given: str) -> WrittenWait | None:
    """A text that is nothing but a wait."""
    tight = given.rstrip(" .!*;,")
    if is_unknown(given) or words.UNKNOWN.fullmatch(tight):
        return _UNKNOWN
    if words.NONE.fullmatch(tight) and tight != "gelijk":
        return _NO_WAIT
    return _stop(tight) or _time(tight)


def _with_remark(given: str) -> WrittenWait | None:
    """A wait with a remark in brackets or behind a comma, the remark left aside."""
    apart = bracketed(given)
    if label := words.LABEL.match(given):
        apart = (given[label.end() :], label[0])
    elif apart is None and (found := words.REMARK.match(given)):
        apart = (found[1], found[2])
    if apart is None:
        return None
    main, remark = apart[0].strip(), apart[1].strip()
    made = _whole(words.bare(main))
    if made is None or not remark or remark.rstrip(" .") in UNITS:
        return made if not remark else None
    same = _whole(words.bare(remark))
    if same is not None and same.state != "onbekend":
        # "0,14 (1 werkdag)": one statement twice, each confirming the other
        return replace(made, assumed=()) if _agree(made, same) else None
    if WITH_UNIT.search(remark) or words.TURNS.search(remark):
        return None
    return replace(made, assumed=(*made.assumed, Assumed("remark-aside", main)))


def _agree(one: WrittenWait, other: WrittenWait) -> bool:
    """Whether two waits say the same: to the day, or to a tenth where one was converted."""
    if one.state != "getal" or other.state != "getal":
        return one.state == other.state
    pairs = ((one.low, other.low), (one.high, other.high))
    return all(a == b or (a is not None and b is not None and abs(a - b) <= max(1.0, 0.1 * max(a, b))) for a, b in pairs)


def _time(given: str) -> WrittenWait | None:
    """A time or a range, with "ca.", "minder dan", "of langer" and the like."""
    given = words.TAIL.sub("", given)
    while found := words.ABOUT.match(given):
        given = given[found.end() :]
    if found := words.LESS.match(given):
        return _at_most(_single(given[found.end() :]))
    if found := words.MORE.match(given):
        return _at_least(_single(given[found.end() :]))
    if found := words.OR_LESS.search(given):
        return _at_most(_single(given[: found.start()]))
    if found := words.OR_MORE.search(given):
        return _at_least(_single(given[: found.start()]))
    if found := words.PLUS.fullmatch(given):
        return _at_least(_single(f"{found[1]} {found[2]}"))
    if found := words.BETWEEN.fullmatch(given):
        given = f"{found[1]} tot {found[2]}"
    made = span(given)
    return _numbers(made) if made else None


def _single(text: str) -> Span | None:
    while found := words.ABOUT.match(text):
        text = text[found.end() :]
    found_span = span(text)
    return found_span if found_span and found_span.low == found_span.high else None


def _numbers(found: Span) -> WrittenWait:
    low, high = found.low.days, found.high.days
    return WrittenWait("getal", whole_days(low), whole_days((low + high) / 2), whole_days(high), assumed=assumptions(found))


def _at_most(found: Span | None) -> WrittenWait | None:
    if found is None:
        return None
    days = found.high.days
    return WrittenWait("getal", 0.0, whole_days(days / 2), whole_days(days), assumed=_told(found, "minder dan"))


def _at_least(found: Span | None) -> WrittenWait | None:
    if found is None:
        return None
    days = whole_days(found.low.days)
    return WrittenWait("getal", days, days, None, assumed=_told(found, "meer dan"))


def _told(found: Span, how: str) -> tuple[Assumed, ...]:
    return tuple(Assumed(a.code, f"{how} {a.read_as}") for a in assumptions(found))


# --- stops -----------------------------------------------------------------------------------------
def _stop(given: str) -> WrittenWait | None:
    """A stop on new families, with the day it ends where that is written."""
    if found := words.OPENS.fullmatch(given):
        return _ending(found[1] or found[2], including=False)
    found = words.STOP.match(given)
    if not found:
        return None
    rest = given[found.end() :].strip(" .,:-")
    said = (Assumed("stop-assumed", "aanmeldstop"),) if words.FULL.fullmatch(found[0].strip()) else ()
    if not rest:
        return WrittenWait("stop", assumed=said)
    end = words.UNTIL.fullmatch(rest)
    if end:
        made = _ending(end[2], including=end[1] != "tot" and end[1] != "tot aan")
        return replace(made, assumed=(*said, *made.assumed)) if made else None
    if words.TURNS.search(rest) or WITH_UNIT.search(rest) or re.search(r"\d", rest):
        return None
    return WrittenWait("stop", assumed=(*said, Assumed("remark-aside", "aanmeldstop")))


def _ending(written: str, *, including: bool) -> WrittenWait | None:
    """A stop until ``written``: a date, or a month or day without its year."""
    written = written.strip(" .")
    if yearless := words.YEARLESS.fullmatch(written):
        day, month = yearless[1], MONTHS.get(yearless[2])
        if month:
            first = THIRDS[day][0] if day in THIRDS else int(day or 0)
            until = f"{month:02d}" + (f"-{first:02d}" if first else "")
            return WrittenWait("stop", closed_month=f"{'t/m ' if including else ''}{until}")
    try:
        read = written_date(written)
    except Unreadable:
        # the stop itself is certain, its end is not
        return WrittenWait("stop", assumed=(Assumed("stop-end-unknown", "aanmeldstop"),))
    if read.value is None:
        return WrittenWait("stop")
    first_open = _day_after(read.value) if including else first_day(read.value)
    assumed = tuple(Assumed(a.code, f"aanmeldstop tot {first_open.isoformat()}") for a in read.assumed)
    return WrittenWait("stop", closed_until=first_open.isoformat(), assumed=assumed)


def _day_after(written: str) -> date:
    return last_day(written) + timedelta(days=1)


#: Texts that may name the end of a stop without its year, for whoever reads many (a pattern for Polars).
PERHAPS_YEARLESS: Final = (
    r"(?i)(?:stop|pauze|gesloten|dicht|vol|geen|plek|plaats|ruimte|aanmeld|open|instroom).*(?:tot|t/m|vanaf)|vanaf"
)


def closed_until(found: WrittenWait, as_of: str | None) -> WrittenWait:
    """A stop "tot januari", said on ``as_of``, with its end: the first such month after that day.

    Without a date, with a date that spans more than a month, or in that very month the end stays unknown. Both are said.
    """
    if found.closed_month is None:
        return found
    including = found.closed_month.startswith("t/m ")
    month, _, day = found.closed_month.removeprefix("t/m ").partition("-")
    unknown = replace(found, closed_month=None, assumed=(*found.assumed, Assumed("stop-end-unknown", "aanmeldstop")))
    said = (first_day(as_of), last_day(as_of)) if as_of else None
    if said is None or (said[1] - said[0]).days > 31 or said[0].month == int(month):
        return unknown
    year = said[0].year + (int(month) < said[0].month)
    try:
        end = date(year, int(month), int(day or 1))
    except ValueError:
        return unknown
    if including:
        end = _day_after(end.isoformat() if day else f"{year:04d}-{month}")
    until = end.isoformat()
    return replace(
        found, closed_month=None, closed_until=until, assumed=(*found.assumed, Assumed("stop-year", f"aanmeldstop tot {until}"))
    )


# --- what could not be read -------------------------------------------------------------------------
def _unreadable(text: str, given: str) -> Unreadable:
    """Why a text is no wait, and what stands in it that is."""
    amounts = list(WITH_UNIT.finditer(given))
    stop = words.STOP.match(given)
    if len(amounts) > 1 or (amounts and stop):
        return Unreadable(text, "wait-several")
    if words.VAGUE.search(given) and not re.search(r"\d", given):
        return Unreadable(text, "wait-vague")
    proposal = None
    if amounts:
        # only where nothing else in the text may be a number: "1/2 jaar" is not two years
        rest = given[: amounts[0].start()] + given[amounts[0].end() :]
        proposal = None if _HAS_NUMBER.search(rest) else span(amounts[0][0])
    if proposal is None and (found := _BACKWARDS.fullmatch(given)):
        proposal = span(f"{found[2]} - {found[1]} {found[3]}")
    elif not amounts and (found := _ODD_UNIT.fullmatch(given)) and (unit := words.nearest_unit(found[2])):
        proposal = span(f"{found[1]} {unit}")
    elif stop and not amounts and not words.TURNS.search(given[stop.end() :]):
        return Unreadable(text, suggestion="aanmeldstop")
    return Unreadable(text, suggestion=proposal.written() if proposal else None)


_HAS_NUMBER: Final = re.compile(rf"\d|\b(?:{alternatives(NUMERALS)})\b")
_BACKWARDS: Final = re.compile(r"([\d.,]{1,6}) ?(?:-|tot|t/m|a) ?([\d.,]{1,6}) ?([a-z]+)\.?")
_ODD_UNIT: Final = re.compile(r"([\d., a-]{1,20}?) ?([a-z]{3,12})\.?")
