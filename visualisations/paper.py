"""A page that is read and printed: one template with its styles and one script, and nothing else is let in."""

from __future__ import annotations

from collections.abc import Sequence

from ..ontology.catalogue import LANGUAGES
from .embed import EARLY, policy, static
from .environment import environment
from .wording import Wording


def paper(template: str, lang: str, *, styles: Sequence[str], script: str, **values: object) -> str:
    """The page as text, the same bytes for the same ``values``. Raises ValueError for a language that does not exist."""
    if lang not in LANGUAGES:
        raise ValueError(f"no such language: {lang!r}")
    early, scripted = static(EARLY), static(script)
    styled = [static(name) for name in styles]
    return (
        environment()
        .get_template(template)
        .render(
            lang=lang,
            map_say=Wording(lang).say,
            policy=policy([early, scripted], styled),
            early=early,
            styles=styled,
            script=scripted,
            **values,
        )
    )
