"""Findings about many places at once: one each while they are few, one with a count when they are many."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from ...ontology.catalogue import text as sentence
from ..findings import Finding

#: What fills a sentence.
Values = tuple[tuple[str, object], ...]
#: So many places of one kind get a finding each; more than that get one together.
EACH: Final = 20
_FIRST: Final = 10
_SHOWN: Final = 120
#: What may lead to a person is not repeated in a finding: mail addresses and numbers of eight digits and more.
_PRIVATE: Final = re.compile(r"[^\s;,<>()]+@[^\s;,<>()]+|(?:\+?\d[ \-.()]{0,2}){7,}\d")


def discreet(text: str) -> str:
    """``text`` on one line, cut to what fits, without addresses and numbers of persons.

    >>> discreet("Vragen? Bel 06-12345678 of mail jan@voorbeeld.nl")
    'Vragen? Bel … of mail …'
    """
    return _PRIVATE.sub("…", " ".join(text[: 4 * _SHOWN].split()))[:_SHOWN]


def rows_shown(rows: Sequence[int]) -> str:
    """The first of many row numbers: "3, 5, 8 …"."""
    return ", ".join(map(str, islice(rows, _FIRST))) + (" …" if len(rows) > _FIRST else "")


@dataclass(frozen=True, slots=True)
class Extent:
    """How often something occurs, told only where that is more than once."""

    number: int
    rows: str

    def told(self, lang: str) -> str:
        return sentence("findings.extent", lang, number=self.number, rows=self.rows) if self.number > 1 else ""


def told(
    code: str,
    file: str,
    sheet: str | None,
    places: Sequence[tuple[int, str]],
    column: str | None = None,
    together: bool = False,
    values: Values = (),
) -> list[Finding]:
    """Findings about ``places``, each a row as the spreadsheet shows it and a text; ``together``: always one."""
    if not places:
        return []
    if len(places) > EACH or together:
        return [_told(code, file, sheet, places, column, values)]
    return [_told(code, file, sheet, [place], column, values) for place in places]


def _told(
    code: str,
    file: str,
    sheet: str | None,
    places: Sequence[tuple[int, str]],
    column: str | None,
    values: Values,
) -> Finding:
    (row, text), number, rows = places[0], len(places), rows_shown([r for r, _ in places])
    counted = (("number", number), ("rows", rows), ("extent", Extent(number, rows)))
    return Finding(code, file, sheet, row, column, text or None, values=(*counted, *values))
