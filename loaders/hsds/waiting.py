"""wait_time and "temporarily closed" → wachttijden: English as Dutch where it can only mean one thing, else left as text."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

import polars as pl

from ..files.sheet import ROW
from ..findings import Finding
from ..values import Unreadable, wait
from .records import FILE, SHEET
from .wording import joined, labelled

#: English words of a wait → Dutch, in this order; what is left over must be readable as it stands.
_WORDS: Final = (
    (
        r"(?:there is )?(?:currently |usually )?no(?: current)? wait(?:ing)?(?: list| time| period)?|none|immediate(?:ly)?|0",
        "geen wachttijd",
    ),
    (
        r"(?:varies|variable|unknown|n/?a|not applicable|not available|call(?: for (?:details|information))?|contact us)",
        "onbekend",
    ),
    (r"(?:about|approximately|approx\.?|around|roughly|usually|generally|typically)", "ongeveer"),
    (r"(?:less than|under|up to|within|no more than|maximum(?: of)?)", "minder dan"),
    (r"(?:more than|over|longer than|at least|minimum(?: of)?)", "meer dan"),
    (r"(?:business|working) days?", "werkdagen"),
    (r"days?", "dagen"),
    (r"weeks?|wks?", "weken"),
    (r"months?|mos?", "maanden"),
    (r"years?|yrs?", "jaar"),
    (r"(?:to|through|or)", "-"),
    (r"(?:wait(?:ing)?(?: list| time| period)?(?: is| of)?)", ""),
)
_WHOLE: Final = frozenset(("geen wachttijd", "onbekend"))
STOP: Final = "aanmeldstop"
#: A service's wait is from asking to receiving it (specification: service.wait_time).
_KIND: Final = "totaal"


def in_dutch(text: str) -> str | None:
    """A wait in words that our parser reads: as it stands, or with English words turned; None where it stays unreadable."""
    plain = " ".join(text.casefold().split()).strip(" .")
    turned = plain
    for english, dutch in _WORDS:
        if dutch in _WHOLE:
            if re.fullmatch(english, plain):
                return dutch
            continue
        turned = re.sub(rf"\b{english}(?=\W|$)", dutch, turned)
    for candidate in (text, " ".join(turned.split())):
        try:
            wait(candidate)
        except Unreadable:
            continue
        return candidate
    return None


def waits(offerings: pl.DataFrame, findings: list[Finding]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The waits of the services, and the offerings with what could not be read as a wait in their description."""
    texts = {t: in_dutch(t) for t in offerings["wait_time"].drop_nulls().unique()}
    dutch = pl.col("wait_time").replace_strict(texts, default=None, return_dtype=pl.String)
    paused = pl.col("\x00state") == "paused"
    frame = offerings.with_columns(
        pl.when(paused).then(pl.lit(STOP)).otherwise(dutch).alias("\x00dutch"),
        pl.when(paused | dutch.is_null()).then("wait_time").alias("\x00text"),
    )
    unread: Counter[str] = Counter(frame.filter(~paused)["\x00text"].drop_nulls())
    if unread:
        file, sheet, row = frame.filter(pl.col("\x00text").is_not_null() & ~paused).select(FILE, SHEET, ROW).row(0)
        shown = "; ".join(f"“{t[:60]}”" for t, _ in sorted(unread.items(), key=lambda pair: (-pair[1], pair[0]))[:5])
        findings.append(
            Finding("hsds-wait-text", file, sheet, row, "wait_time", values=(("number", unread.total()), ("texts", shown)))
        )
    made = frame.filter(pl.col("\x00dutch").is_not_null() & pl.col("id").is_not_null()).select(
        "id",
        pl.lit(_KIND).alias("kind"),
        pl.col("\x00dutch").alias("\x00wait"),
        pl.coalesce("assured_date", "last_modified").alias("last_modified"),
        # as written, where that is not what stands in the cell
        pl.when(pl.col("\x00dutch") != pl.col("wait_time")).then(labelled("wait_time", "wait_as_written")).alias("remark"),
        FILE,
        SHEET,
        ROW,
    )
    described = joined([pl.col("description"), labelled("\x00text", "wait_as_written")]).alias("description")
    return made.rename({"\x00wait": "wait_time"}), frame.with_columns(described).drop("\x00dutch", "\x00text")
