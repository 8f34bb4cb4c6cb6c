"""Numbers of a spreadsheet → the text that a Dutch reader would write, by the cell's number format."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

_MONTHS: Final = "januari februari maart april mei juni juli augustus september oktober november december".split()
_SHORT: Final = "jan feb mrt apr mei jun jul aug sep okt nov dec".split()
_DAYS: Final = "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag".split()

#: Number formats that a workbook refers to without writing them out (ECMA-376 18.8.30).
BUILT_IN: Final = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "d-m-yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "d-m-yyyy h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-m-d"), **dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm"),
}  # fmt: skip


class Kind(Enum):
    """What a number format makes of a number."""

    PLAIN = "plain"
    DATE = "date"
    TIME = "time"
    ELAPSED = "elapsed"
    PERCENT = "percent"
    ZEROS = "zeros"


@dataclass(frozen=True, slots=True)
class Format:
    """A number format. ``zeros``: digits at least; ``partial``: a date shown without its day or its year."""

    kind: Kind
    zeros: int = 0
    partial: str = ""

    @property
    def plain(self) -> bool:
        """Whether every reader gives the same text for it: no zeros, no percentages, no half dates."""
        return self.kind in (Kind.PLAIN, Kind.DATE) and not self.partial


@lru_cache(maxsize=4096)
def format_of(code: str) -> Format:
    """The format that a code such as ``d-mmm`` or ``00000`` stands for.

    >>> format_of("d-mmm").partial, format_of("00000").zeros, format_of("yyyy-mm-dd").kind.value
    ('d-mmm', 5, 'date')
    """
    first = code.split(";", 1)[0].casefold()
    elapsed = re.search(r"\[(h+|m+|s+)\]", first) is not None
    bare = re.sub(r'"[^"]*"?|\[[^\]]*\]|[_*].', "", first)
    bare = re.sub(r"\\(.)", lambda m: m[1] if m[1] in " -/." else "", bare)
    if bare in ("general", "standaard", "@", ""):
        return Format(Kind.ELAPSED if elapsed else Kind.PLAIN)
    if elapsed:
        return Format(Kind.ELAPSED)
    if re.fullmatch(r"0{2,}", bare):
        return Format(Kind.ZEROS, zeros=len(bare))
    if "%" in bare:
        return Format(Kind.PERCENT)
    letters = re.sub(r"am/pm|a/p", "h", bare)
    if not re.search(r"[ydhsmj]", letters) or re.search(r"[0#?]", re.sub(r"s[.,]0+", "s", letters)):
        return Format(Kind.PLAIN)
    year, day = re.search(r"[yj]", letters) is not None, "d" in letters
    timed = re.search(r"[hs]", letters) is not None
    if timed:
        return Format(Kind.DATE if year or day else Kind.TIME)
    month = "m" in letters
    partial = bare.strip() if month and year != day else ""
    return Format(Kind.DATE, partial=partial)


@lru_cache(maxsize=1 << 14)
def shown(day: dt.date, partial: str) -> str:
    """``day`` as a format without day or year shows it.

    >>> shown(dt.date(2026, 5, 3), "d-mmm"), shown(dt.date(2018, 12, 1), "mmm-yy")
    ('3-mei', 'dec-18')
    """

    def piece(match: re.Match[str]) -> str:
        sign, length = match[0][0], len(match[0])
        if sign in "yj":
            return f"{day.year:04d}" if length > 2 else f"{day.year % 100:02d}"
        if sign == "m":
            name = _MONTHS[day.month - 1]
            return (str(day.month), f"{day.month:02d}", _SHORT[day.month - 1], name)[min(length, 4) - 1]
        weekday = _DAYS[day.weekday()]
        return (str(day.day), f"{day.day:02d}", weekday[:2], weekday)[min(length, 4) - 1]

    return re.sub(r"y+|j+|m+|d+", piece, partial).strip()


@lru_cache(maxsize=1 << 16)
def number_text(number: float) -> str:
    """A number with a decimal comma and no more digits than it has."""
    if number != number or number in (float("inf"), float("-inf")):
        return ""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number).replace(".", ",")


def moment(serial: float, from_1904: bool) -> dt.datetime | None:
    """The moment of a serial number; None where it is none (29 February 1900, and beyond the year 9999)."""
    if from_1904:
        serial += 1462
    elif int(serial) == 60:
        return None  # Excel keeps a day that never was, for Lotus 1-2-3's sake
    elif serial < 60:
        serial += 1
    seconds = round(serial * 86_400)
    if not 0 <= seconds < 2_958_466 * 86_400:
        return None
    return dt.datetime(1899, 12, 30) + dt.timedelta(seconds=seconds)


def moment_text(when: dt.datetime) -> str:
    return when.date().isoformat() if when.time() == dt.time(0) else when.isoformat(" ", "seconds")


@dataclass(frozen=True, slots=True)
class Written:
    """A number as text, what the spreadsheet shows of half a date, and whether zeros were put back."""

    text: str
    displayed: str = ""
    zeros: bool = False


@lru_cache(maxsize=1 << 14)
def written(number: float, format_: Format, from_1904: bool = False) -> Written:
    """A number as its format means it."""
    kind = format_.kind
    if kind is Kind.PLAIN:
        return Written(number_text(number))
    if kind is Kind.PERCENT:
        return Written(number_text(round(number * 100, 9)) + "%")
    if kind is Kind.ZEROS:
        plain = number_text(number)
        filled = plain.zfill(format_.zeros) if plain.isdigit() else plain
        return Written(filled, zeros=filled != plain)
    if kind is Kind.ELAPSED:
        minutes, seconds = divmod(round(number * 86_400), 60)
        return Written(f"{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else ""))
    if kind is Kind.TIME and 0 <= number < 1:
        seconds = round(number * 86_400) % 86_400
        return Written(dt.time(seconds // 3600, seconds // 60 % 60, seconds % 60).isoformat())
    when = moment(number, from_1904)
    if when is None:
        return Written(number_text(number))
    return Written(moment_text(when), shown(when.date(), format_.partial) if format_.partial else "")
