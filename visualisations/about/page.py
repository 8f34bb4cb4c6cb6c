"""The report to a partner as one HTML page: offline, printable, with room for the answer."""

from __future__ import annotations

import re
from typing import Final

from ...ontology.catalogue import LANGUAGES
from ..embed import EARLY, as_json, policy, static
from ..environment import environment
from .content import Backdrop
from .parts import Report

_TEMPLATE: Final = "about.html.j2"
_STYLES: Final = ("app.css", "about.css")
_SCRIPT: Final = "about.js"
#: Sentences that the page itself fills in.
_SAID: Final = (
    "progress", "all_done", "missing_date", "missing_function", "missing_answer", "made", "made_sender",
    "sum_yes", "sum_no", "sum_no_text", "sum_unsure", "sum_unsure_text", "safe",
)  # fmt: skip
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_UNSAFE_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")


def answer_name(partner: str) -> str:
    """The file in which a partner answers; the loader takes it for the table of confirmations.

    >>> answer_name("P01")
    'bevestigingen-P01.csv'
    """
    return f"bevestigingen-{_UNSAFE_NAME.sub('-', partner).strip('-.') or 'partner'}.csv"


def render(made: Report, backdrop: Backdrop) -> str:
    """The page as text; the same bytes for the same report."""
    if backdrop.lang not in LANGUAGES:
        raise ValueError(f"no such language: {backdrop.lang!r}")
    early, script = static(EARLY), static(_SCRIPT)
    styles = [static(name) for name in _STYLES]
    settings = backdrop.material.landscape.settings
    contact = made.contact if made.contact and _MAIL.fullmatch(made.contact) else None
    data = {
        "partner": made.partner,
        "file": answer_name(made.partner),
        "contact": made.contact or "",
        "say": {name: _raw(backdrop, name) for name in _SAID},
    }
    return (
        environment()
        .get_template(_TEMPLATE)
        .render(
            lang=backdrop.lang,
            say=backdrop.say,
            map_say=backdrop.material.words.say,
            report=made,
            title=settings.title,
            publisher=settings.publisher,
            date=backdrop.material.words.date(settings.reference_date),
            mail=contact,
            policy=policy([early, script], styles),
            early=early,
            styles=styles,
            script=script,
            data=as_json(data),
        )
    )


def _raw(backdrop: Backdrop, name: str) -> str:
    """A sentence with its places left open, for the page to fill."""
    from ...ontology.catalogue import sentences

    return sentences()[f"about.form.{name}"][backdrop.lang]
