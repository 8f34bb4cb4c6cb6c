"""The view Wat als of the coalition's edition: what the page supposes about a new route, and the proposals to switch on.

The page works out before and after itself (static/supposing.js, by the rules of graph/altering); here is what it cannot
know of what is registered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ...graph.waiting import WEEK
from ...ontology.catalogue import sentences, text
from ..material import Material
from ..meeting.content import Proposed

_PAGE: Final = "whatif.page."


def whatif_text(key: str, lang: str, /, **values: object) -> str:
    """The sentence ``whatif.<key>``."""
    return text(f"whatif.{key}", lang, **values)


def route_about(material: Material) -> str:
    """What is supposed about a new route, in words."""
    days, lang = _handover_days(material), material.words.lang
    if not days:
        return whatif_text("form.route_about_now", lang)
    return whatif_text("form.route_about", lang, weeks=material.words.weeks(days, days))


def supposed(material: Material, proposals: Sequence[Proposed]) -> dict[str, Any]:
    """The terms of a new route (handover in days), and of the ``proposals`` of the meeting those that are routes.

    Each is its row in the table of proposals, the place of its municipality, and its ends as they are stored.
    """
    lang = material.words.lang
    return {
        "say": {key.removeprefix(_PAGE): said[lang] for key, said in sentences().items() if key.startswith(_PAGE)},
        "handover": _handover_days(material),
        "proposals": [[row, one.place, *one.ends] for row, one in enumerate(proposals) if one.ends],
    }


def _handover_days(material: Material) -> float:
    return material.landscape.settings.new_handover_weeks * WEEK
