"""The report to a partner as one HTML page: offline, printable, with room for the answer."""

from __future__ import annotations

import re
from typing import Final

from ..embed import as_json
from ..paper import paper
from .content import Backdrop
from .parts import Report

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
    """The page as text; the same bytes for the same report. Raises ValueError for a language that does not exist."""
    settings = backdrop.material.landscape.settings
    contact = made.contact if made.contact and _MAIL.fullmatch(made.contact) else None
    data = {
        "partner": made.partner,
        "file": answer_name(made.partner),
        "contact": made.contact or "",
        "say": {name: _raw(backdrop, name) for name in _SAID},
    }
    return paper(
        "about.html.j2",
        backdrop.lang,
        styles=_STYLES,
        script=_SCRIPT,
        say=backdrop.say,
        report=made,
        title=settings.title,
        publisher=settings.publisher,
        date=backdrop.material.words.date(settings.reference_date),
        mail=contact,
        data=as_json(data),
    )


def _raw(backdrop: Backdrop, name: str) -> str:
    """A sentence with its places left open, for the page to fill."""
    from ...ontology.catalogue import sentences

    return sentences()[f"about.form.{name}"][backdrop.lang]
