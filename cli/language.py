"""The language of this call: Dutch, unless ``--lang en`` or ROUTEKAART_LANG says otherwise.

Help texts are made when the commands are declared, so the language is looked up before typer reads
the command line.
"""

from __future__ import annotations

import os
import sys
from functools import cache

from ..ontology.catalogue import LANGUAGES, text


@cache
def language() -> str:
    """Nl or en."""
    arguments = sys.argv[1:]
    for place, argument in enumerate(arguments):
        name, sign, value = argument.partition("=")
        if name == "--lang":
            given = value if sign else (arguments[place + 1] if place + 1 < len(arguments) else "")
            if given in LANGUAGES:
                return given
    given = os.environ.get("ROUTEKAART_LANG", "nl")[:2]
    return given if given in LANGUAGES else "nl"


def say(key: str, /, **values: object) -> str:
    """The sentence ``key`` in the language of this call."""
    return text(key, language(), **values)
