"""An advice as one HTML page: offline, printable, accessible, the same bytes for the same advice."""

from __future__ import annotations

from functools import partial
from typing import Final

from ...ontology.catalogue import text
from ..paper import paper
from .parts import Told

#: The look is that of the report to a partner.
_STYLES: Final = ("app.css", "about.css", "advice.css")
_SCRIPT: Final = "advice.js"


def render(told: Told, lang: str = "nl") -> str:
    """The page as text. Raises ValueError for a language that does not exist."""
    return paper("advice.html.j2", lang, styles=_STYLES, script=_SCRIPT, say=partial(_say, lang), told=told)


def _say(lang: str, key: str, /, **values: object) -> str:
    return text(f"advice.{key}", lang, **values)
