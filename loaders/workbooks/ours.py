"""Sheets that we wrote ourselves into a partner's workbook: explanation, lists, summary. They are no data.

A sheet is ours by its name *and* by sentences of ours in it, so that a partner's own sheet "uitleg" is never
passed over in silence.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from ...ontology.catalogue import LANGUAGES, sentences, text
from ...ontology.concepts import folded, schemes
from ..files.sheet import ROW, Sheet

_NAMES: Final = ("template.sheet", "template.choices", "returns.sheet")
#: Rows that are looked at: what is ours shows itself at once.
_LOOKED_AT: Final = 60


@cache
def _names() -> frozenset[str]:
    return frozenset(folded(text(key, lang)) for key in _NAMES for lang in LANGUAGES)


@cache
def _said() -> frozenset[str]:
    """Our own sentences without places, and the names of our lists."""
    told = {
        words
        for key, by_language in sentences().items()
        if key.startswith(("template.", "returns."))
        for words in by_language.values()
        if "{" not in words and len(words) > 20
    }
    return frozenset(told)


def is_ours(sheet: Sheet) -> bool:
    """Whether ``sheet`` is an explanation, a list of choices or a summary that we wrote."""
    if sheet.sheet is None or folded(sheet.sheet).rstrip("0123456789") not in _names():
        return False
    if len(set(sheet.headers) & set(schemes())) >= 3:
        return True
    columns = [c for c in sheet.frame.columns if c != ROW]
    cells = {cell for row in sheet.frame.select(columns).head(_LOOKED_AT).iter_rows() for cell in row if cell}
    return bool(_said() & {*cells, *sheet.headers})
