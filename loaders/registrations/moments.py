"""When something happened, as a log writes it → whole minutes since 1990, so that a moment fits in 25 bits of a number.

Both kinds of logs come out alike: a day without a time is its midnight. The clock is taken as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
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
_ZERO: Final = datetime(1990, 1, 1)
_ZERO_EPOCH: Final = 631_152_000  # seconds from 1970 to 1990
FIRST: Final = _ZERO.date()
LAST: Final = (_ZERO + timedelta(minutes=NEVER - 1)).date() - timedelta(days=1)

_ISO: Final = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}")
_DAY_FIRST: Final = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})"
_WHOLE: Final = len("2026-01-31 10:30:00")


def minutes_of(day: date) -> int:
    """The midnight at which ``day`` begins."""
    return (day - FIRST).days * DAY


def day_of(minutes: int) -> date:
    """The day of a moment."""
    return FIRST + timedelta(days=minutes // DAY)


def form_of(samples: Iterable[str]) -> str:
    """How these dates are written (see ``mapping.DATE_FORMS``): day first where both are possible, as Dutch writes."""
    written = [text.strip() for text in samples if text.strip()]
    votes = dict.fromkeys(("jjjj-mm-dd", "dd-mm-jjjj", "mm-dd-jjjj", "jjjjmmdd"), 0)
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
    is_text = column.type().is_string()
    written = _iso(column.strip(), form).try_cast("timestamp") if is_text else column.cast("timestamp")
    minutes = written.epoch_seconds() // 60 - _ZERO_EPOCH // 60
    possible: ir.IntegerValue = minutes.between(0, NEVER - 1).ifelse(minutes, None)
    return possible.cast("int64")


def _iso(text: ir.StringValue, form: str) -> ir.StringValue:
    """The text with its date as 2026-01-31, and without the zone."""
    if form == "jjjj-mm-dd":
        return text.substr(0, _WHOLE)
    if form == "jjjjmmdd":
        return text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2)
    day, month = (1, 2) if form == "dd-mm-jjjj" else (2, 1)
    place = {1: 0, 2: 3}
    wide = (text.substr(2, 1) == text.substr(5, 1)) & text.substr(2, 1).isin(["-", "/", "."])
    quick = text.substr(6, 4) + "-" + text.substr(place[month], 2) + "-" + text.substr(place[day], 2) + text.substr(10, 9)
    year, rest = text.re_extract(_DAY_FIRST, 3), text.re_replace(_DAY_FIRST, "")
    slow = year + "-" + text.re_extract(_DAY_FIRST, month) + "-" + text.re_extract(_DAY_FIRST, day) + rest.substr(0, 9)
    return wide.ifelse(quick, slow)
