"""The nearest of some known names: what a finding proposes for a word that nobody knows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

#: The share (0–100) of signs that must agree, by the longest common subsequence (rapidfuzz ``ratio``).
ALIKE: Final = 75.0
#: Longer texts are sentences, not misspelt names.
_LONGEST: Final = 80


def nearest(text: str, names: Collection[str], number: int = 1, alike: float = ALIKE) -> list[str]:
    """At most ``number`` of ``names`` that look like ``text``, the most alike first, equals in their own order."""
    from rapidfuzz import fuzz, process

    if not text or len(text) > _LONGEST:
        return []
    found = process.extract(text, list(names), scorer=fuzz.ratio, limit=number, score_cutoff=alike)
    return [name for name, _, _ in found]
