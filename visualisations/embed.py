"""How data, scripts and styles get into the page without becoming anything else (MAP, point 2)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, Final

from markupsafe import Markup

SCRIPTS: Final = (
    "core.js",
    "sheets.js",
    "waits.js",
    "quantiles.js",
    "ways.js",
    "fastest.js",
    "answers.js",
    "wording.js",
    "ask.js",
    "offers.js",
    "route.js",
    "map.js",
    "canvas.js",
    "details.js",
    "layers.js",
    "receipts.js",
    "filter.js",
    "taking.js",
    "search.js",
    "start.js",
)
STYLES: Final = ("app.css", "layers.css")
GAPS_SCRIPTS: Final = ("gaps.js",)
"""Of the view Hiaten of the coalition's edition; they come before the last of :data:`SCRIPTS`, which starts the page."""
MEETING_SCRIPTS: Final = ("meeting_persons.js", "meeting_file.js", "meeting.js", "meeting_cases.js")
MEETING_STYLES: Final = ("meeting.css",)
"""Of the view Overleg of the coalition's edition; they come there too."""
WHATIF_SCRIPTS: Final = ("supposing.js", "whatif.js")
WHATIF_STYLES: Final = ("whatif.css",)
"""Of the view Wat als of that edition; they come there too."""
COMPARED_SCRIPTS: Final = ("compared.js",)
"""Of the view Vergelijking, which only a page that compares has; they come there too."""
LIBRARY: Final = "vendor/vis-network.min.js"
"""Draws the map: it stands in the page as text, which runs when the map is first shown (canvas.js)."""
EARLY: Final = "early.js"
"""Runs in the head: says that there are scripts, before anything is painted."""

_ESCAPES: Final = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def as_json(data: Any) -> Markup:
    """``data`` as JSON that is safe inside a script element: no <, >, & or line separators."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return Markup(text.translate(_ESCAPES))  # noqa: S704  # nothing that HTML knows is left in it


@cache
def static(name: str) -> Markup:
    """A script or style of ours, to be put between its tags as it is.

    Raises ValueError when it would end its own element.
    """
    text = files(__package__).joinpath("static", name).read_text("utf-8")
    # a source map would be asked for by a browser's tools, and there is none
    text = "\n".join(line for line in text.split("\n") if not line.startswith("//# sourceMappingURL="))
    if "</script" in text.lower() or "<!--" in text or "</style" in text.lower():
        raise ValueError(f"static/{name} would end its own element")
    return Markup(text)  # noqa: S704  # packaged with the program, and checked above


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """The content security policy: nothing but these very scripts and styles, and images as data."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(_hash(s) for s in scripts)}",
            f"style-src {' '.join(_hash(s) for s in styles)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
