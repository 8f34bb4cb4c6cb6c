"""Names, places, limits and sources as the answer beside a log says them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .document import Cell, Document
from .language import language, say
from .naming import endpoint_name
from .output import number
from .wording import age_text, source_text

if TYPE_CHECKING:
    from ..graph.analyses.observed.pieces import Responses
    from ..graph.analyses.observed.traces import Cell as Families
    from ..graph.landscape import Landscape
    from ..graph.waiting import Source


class Words:
    """The words of a Landscape; tables have ``top`` rows at most (0: all)."""

    def __init__(self, landscape: Landscape, top: int) -> None:
        self.landscape = landscape
        self.top = top

    def table(self, made: Document, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """Write a table, and how many rows are left out."""
        made.table(columns, rows[: self.top or None])
        if self.top and len(rows) > self.top:
            made.say(say("answers.more", number=number(len(rows) - self.top)))

    def with_words(self, told: Iterable[str], responses: Responses) -> str:
        """Remarks, and beside them the partners' own words."""
        words = (say("observed.response", partner=self.landscape.names.get(p, p), words=said) for p, said in responses)
        return " ".join([*told, *words])

    @staticmethod
    def sources(stated: Sequence[Source], seen: Sequence[Source]) -> str:
        """Where it stands in the lists and in the log, which may have files of one name."""
        parts = [say("observed.from_lists", sources=source_text(stated))] if stated else []
        return "; ".join([*parts, say("observed.from_log", sources=source_text(seen))])

    def name(self, endpoint: str) -> str:
        return endpoint_name(self.landscape, endpoint)

    def place(self, code: str) -> str:
        return self.landscape.municipality_names.get(code, code)

    def theme(self, slug: str) -> str:
        return self.landscape.themes.label(slug, language())

    @staticmethod
    def kind(slug: str) -> str:
        """A kind of route by its name."""
        from ..ontology.concepts import scheme

        return scheme("route-kind").label(slug, language())

    @staticmethod
    def unit(unit: str) -> str:
        """What is counted, as readers call it."""
        from ..graph.analyses.common import unit_said

        return unit_said(unit, language())

    def cell(self, cell: Families) -> str:
        """For whom a wait was seen; empty where nothing was told apart."""
        place = self.place(cell.municipality) if cell.municipality else ""
        return self.limits(place, cell.age_from, cell.age_until, [cell.theme] if cell.theme else [])

    def limits(self, place: str, age_from: int | None, age_until: int | None, themes: Sequence[str]) -> str:
        """Municipality, ages and themes in words; empty where nothing is limited."""
        ages = "" if age_from is None and age_until is None else age_text(age_from, age_until)
        return ", ".join(part for part in (place, ages, *(self.theme(t) for t in themes)) if part)
