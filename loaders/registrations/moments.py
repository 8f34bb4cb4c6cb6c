"""When something happened, as a log writes it → whole minutes since 1990, so that a moment fits in 25 bits of a number.

Both kinds of logs come out alike: a day without a time is its midnight. The clock is taken as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import ibis.expr.types as ir

BITS: Final = 25
#: What stands for "not", in 25 bits: later than any moment.
NEVER: Final = (1 << BITS) - 1
DAY: Final = 24 * 60
#: A wait in days fits in this many bits; the two largest numbers stand for none yet, and for one that cannot be.
WAIT_BITS: Final = 15
WAITING: Final = (1 << WAIT_BITS) - 1
IMPOSSIBLE: Final = WAITING - 1
FIRST: Final = date(1990, 1, 1)
_ZERO_EPOCH: Final = 631_152_000  # seconds from 1970 to 1990

_ISO: Final = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}")
_DAY_FIRST: Final = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})"
_MINUTES: Final = len("2026-01-31 10:30")
#: A time after the date; what follows its minutes (seconds, a zone) is left out.
_TIME: Final = r"(?s:(?:[ T](\d{1,2}:\d{2})(?::\d{2}.*| ?(?:Z|[+-]\d{2}(?::?\d{2})?))?)?)\z"
_CLOCK: Final = r"([ T]\d\d:\d\d(:\d\d[Z+.,0-9:-]*)?)?\z"
_BARE: Final = {"dd-mm-jjjj": "__-__-____", "mm-dd-jjjj": "__/__/____"}
#: How each form is written, where year, month and day stand in it, and how it nearly always is written.
FORMS: Final = {
    "jjjj-mm-dd": (r"^(\d{4})[-/](\d{1,2})[-/](\d{1,2})" + _TIME, (1, 2, 3), r"^\d{4}-\d\d-\d\d" + _CLOCK),
    "dd-mm-jjjj": (_DAY_FIRST + _TIME, (3, 2, 1), r"^\d\d[-/.]\d\d[-/.]\d{4}" + _CLOCK),
    "mm-dd-jjjj": (_DAY_FIRST + _TIME, (3, 1, 2), r"^\d\d[-/.]\d\d[-/.]\d{4}" + _CLOCK),
    "jjjjmmdd": (r"^(\d{4})(\d{2})(\d{2})()", (1, 2, 3), r"^\d{8}\z"),
}


def minutes_of(day: date) -> int:
    """The midnight at which ``day`` begins."""
    return (day - FIRST).days * DAY


def day_of(minutes: int) -> date:
    """The day of a moment."""
    return FIRST + timedelta(days=minutes // DAY)


def form_of(samples: Iterable[str]) -> str:
    """How these dates are written (a key of :data:`FORMS`): day first where both are possible, as Dutch writes."""
    written = [text.strip() for text in samples if text.strip()]
    votes = dict.fromkeys(FORMS, 0)
    for text in written:
        if _ISO.match(text):
            votes["jjjj-mm-dd"] += 1
        elif re.match(r"^\d{8}$", text):
            votes["jjjjmmdd"] += 1
        elif found := re.match(_DAY_FIRST, text):
            one, two = int(found[1]), int(found[2])
            votes["dd-mm-jjjj"] += two <= 12
            votes["mm-dd-jjjj"] += one <= 12
    return max(votes, key=lambda form: votes[form])  # of equals the first


def moment(column: ir.Column, form: str) -> ir.IntegerValue:
    """The minutes of a column; null where there is nothing, or nothing that is a moment from 1990 to 2053."""
    written = _iso(column.strip(), form).try_cast("timestamp") if column.type().is_string() else column.cast("timestamp")
    minutes = written.epoch_seconds() // 60 - _ZERO_EPOCH // 60
    possible: ir.IntegerValue = minutes.between(0, NEVER - 1).ifelse(minutes, None)
    return possible.cast("int64")


def _iso(text: ir.StringValue, form: str) -> ir.StringValue:
    """The text as 2026-01-31 or 2026-01-31 10:30; what is no moment to one engine must be none to another."""
    pattern, places, usual = FORMS[form]
    year, month, day = (text.re_extract(pattern, place) for place in places)
    slow = year + "-" + month + "-" + day + " " + text.re_extract(pattern, len(places) + 1)
    # taking a text apart is slow, and nearly no date needs it; a bare one not even a look
    quick = text.re_search(usual)
    found = quick.ifelse(_moved(text, form), slow.strip())
    if form == "jjjj-mm-dd":
        found = text.like("____-__-__").ifelse(text, found)
    elif form in _BARE:  # with a time, before which no engine takes spaces for nothing
        found = text.like(_BARE[form]).ifelse(_moved(text, form) + "T00:00", found)
    return found.replace("24:", "?")  # an end of a day, which not every engine knows


def _moved(text: ir.StringValue, form: str) -> ir.StringValue:
    """The text, written as it usually is, with its year in front."""
    if form == "jjjj-mm-dd":
        return text.substr(0, _MINUTES)
    if form == "jjjjmmdd":
        return text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2)
    day, month = (0, 3) if form == "dd-mm-jjjj" else (3, 0)
    return text.substr(6, 4) + "-" + text.substr(month, 2) + "-" + text.substr(day, 2) + text.substr(10, 6)
