"""The words that names of organisations are made of: abbreviations, legal forms, fillers, kinds, parts.

Our own list, from names as Dutch youth-care partners write them; a region's own abbreviations are
learned from the names themselves (initials), not listed here.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

ABBREVIATION: Final = "afkorting"  # written short; ``means`` is the long form
LEGAL: Final = "rechtsvorm"  # says how it is owned, not who it is
AREA: Final = "gebied"  # "e.o.": says nothing about who it is
FILLER: Final = "vulwoord"
PART: Final = "deel"  # tells parts of one place apart: Noord, Zuid
GENERAL: Final = "algemeen"  # says what kind of organisation it is, not which
HOST: Final = "maildienst"  # a mail or web address there is nobody's own


@cache
def name_words(kind: str) -> Mapping[str, str]:
    """The words of one kind, each with what it means (empty but for abbreviations)."""
    lines = (files(__package__) / "name_words.csv").read_text("utf-8").splitlines()
    return MappingProxyType({row["woord"]: row["betekent"] for row in csv.DictReader(lines) if row["soort"] == kind})
