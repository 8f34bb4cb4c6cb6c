"""Areas and cities as people write them → codes of Dutch municipalities; what is none is counted, never guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Final

from ..codes import CODES
from ..references import Parsed

#: The address of a municipality at standaarden.overheid.nl (TOOI) ends in its code.
_CODE: Final = re.compile(r"(?i)\bgm ?(\d{4})\b")
#: A longer text is no list of places but a story.
_LONGEST: Final = 400
Area = Callable[[str], Parsed]


class Places:
    """Municipality codes of texts. ``area`` reads a text as our own tables do; each text is read once.

    ``unknown`` counts the texts that are no municipality, ``read_as`` those that are something within one:
    "Bennekom → Ede".
    """

    def __init__(self, area: Area) -> None:
        self._area = area
        self._known: dict[str, tuple[str, ...]] = {}
        self._notes: dict[str, tuple[str, ...]] = {}
        self.unknown: Counter[str] = Counter()
        self.read_as: Counter[str] = Counter()

    def codes(self, text: str | None) -> tuple[str, ...]:
        """The codes (or ``regio``, ``landelijk``) that ``text`` names; () when any part of it is something else."""
        if not text:
            return ()
        if text not in self._known:
            self._known[text] = self._read(text)
        self.read_as.update(self._notes.get(text, ()))
        return self._known[text]

    def _read(self, text: str) -> tuple[str, ...]:
        if found := _CODE.findall(text):
            text = "; ".join(f"GM{code}" for code in found)
        if len(text) > _LONGEST:
            return ()
        parsed = self._area(text)
        if not parsed.value or any(CODES[issue.code] == "fout" for issue in parsed.issues):
            return ()
        self._notes[text] = tuple(f"{i.value} → {i.suggestion}" for i in parsed.issues if i.suggestion)
        return tuple(parsed.value)
