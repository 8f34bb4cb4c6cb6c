"""An advice as one HTML page: offline, printable, accessible, the same bytes for the same advice."""

from __future__ import annotations

from functools import partial
from typing import Final

from ...ontology.catalogue import LANGUAGES, text
from ..embed import EARLY, policy, static
from ..environment import environment
from ..wording import Wording
from .parts import Told

_TEMPLATE: Final = "advice.html.j2"
#: The look is that of the report to a partner.
_STYLES: Final = ("app.css", "about.css", "advice.css")
_SCRIPT: Final = "advice.js"


def render(told: Told, lang: str = "nl") -> str:
    """The page as text. Raises ValueError for a language that does not exist."""
    if lang not in LANGUAGES:
        raise ValueError(f"no such language: {lang!r}")
    early, script = static(EARLY), static(_SCRIPT)
    styles = [static(name) for name in _STYLES]
    return (
        environment()
        .get_template(_TEMPLATE)
        .render(
            lang=lang,
            say=partial(_say, lang),
            map_say=Wording(lang).say,
            told=told,
            policy=policy([early, script], styles),
            early=early,
            styles=styles,
            script=script,
        )
    )


def _say(lang: str, key: str, /, **values: object) -> str:
    return text(f"advice.{key}", lang, **values)
