"""Where families went after a partner, as the table outflow says it: pooled over the years, small numbers not as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from ...disclosure import is_suppressed
from ...landscape import Landscape
from ...schema import TABLES
from ...waiting import Source

HELP, DROPPED_OUT, UNKNOWN, ELSEWHERE, AROUND = "hulp", "uitval", "onbekend", "elders", "rondgaan"
#: How it ends, in the order of the columns of a chain; who goes round never ends.
ENDS: Final = (HELP, DROPPED_OUT, UNKNOWN, ELSEWHERE)
OUTCOMES: Final = (*ENDS, AROUND)
_OUTCOME, _OFFERING = "uitkomst:", "aanbod:"
_NUMBER: Final = TABLES["outflow"].column("number")


@dataclass(slots=True)
class Left:
    """What is registered of those who left one partner.

    ``to`` are families by where they went (as stored), ``years`` those of the rows with a number; ``unknown`` rows say
    no number, ``small`` ones say one that is not used as it is. ``largest`` is the greatest number of one row.
    """

    to: dict[str, float] = field(default_factory=dict)
    years: set[int] = field(default_factory=set)
    unknown: int = 0
    small: int = 0
    largest: int = 0
    sources: list[Source] = field(default_factory=list)

    @property
    def families(self) -> float:
        """All of them, as far as a number is known."""
        return sum(self.to.values())

    def add(self, to: str, number: float, year: int | None) -> None:
        """Take up the number of one row."""
        self.to[to] = self.to.get(to, 0.0) + number
        if year is not None:
            self.years.add(year)


class Outflow:
    """The table outflow by partner; the rows of all years are added up.

    **Weights and privacy.** A number of families below the disclosure threshold stands in as half of the threshold (the
    middle of what it can be) before anything is added up, unless ``exact``. What is computed from these numbers then is a
    function of what may be shown anyhow, whatever is solved from it: numbers of at least the threshold are in every export,
    so a single true share or number of weeks would give a small number beside them back.
    """

    def __init__(self, landscape: Landscape, *, exact: bool = False) -> None:
        self._threshold = landscape.settings.threshold
        offerings = landscape["offerings"]
        self._partner_of = dict(zip(offerings["id"], offerings["partner"], strict=True))
        #: Every partner with a row, in order of id.
        self.of: dict[str, Left] = {}
        for row in landscape["outflow"].sort("partner", "file", "sheet", "row", "id").iter_rows(named=True):
            left = self.of.setdefault(row["partner"], Left())
            left.sources.append(Source.of("outflow", row))
            self._take(left, row, small=not exact and is_suppressed(landscape, _NUMBER, row["number"]))

    def _take(self, left: Left, row: Mapping[str, Any], *, small: bool) -> None:
        number = row["number"]
        if number is None:
            left.unknown += 1
            return
        left.small += small
        left.largest = max(left.largest, 0 if small else number)
        left.add(row["to"], self._threshold / 2 if small else float(number), row["year"])

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """The partners of which a number above 0 is known: the states of the chain, in order of id."""
        return tuple(sorted(partner for partner, left in self.of.items() if left.families > 0))

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {partner: place for place, partner in enumerate(self.counted)}

    def place(self, to: str) -> int | None:
        """Which state families come to who go ``to``; None where that ends it. An offering is its partner's."""
        partner = self._partner_of.get(to.removeprefix(_OFFERING)) if to.startswith(_OFFERING) else to
        return self._places.get(partner) if partner else None

    @staticmethod
    def end(to: str) -> str:
        """How it ends for who goes ``to``, where that is no state."""
        slug = to.removeprefix(_OUTCOME)
        return slug if to != slug and slug in ENDS else ELSEWHERE
