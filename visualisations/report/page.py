"""The report of a municipality as one HTML page, and the list of all of them: offline, printable, the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import quote

from ...ontology.catalogue import text
from ..paper import paper
from .figures import HATCHES
from .parts import Told

_STYLES: Final = ("app.css", "about.css", "report.css")
#: A button to print, and nothing else: the page is whole without it.
_SCRIPT: Final = "advice.js"


@dataclass(frozen=True, slots=True)
class Entry:
    """One municipality in the list: its name, its files beside the list, and what stands in them in short."""

    name: str
    page: str
    workbook: str
    lines: tuple[str, ...]


def render(told: Told, lang: str = "nl") -> str:
    """The page as text. Raises ValueError for a language that does not exist."""
    return _rendered("report.html.j2", lang, told=told, hatches=HATCHES)


def index(entries: Sequence[Entry], heading: str, title: str, date: str, edition: str, lang: str = "nl") -> str:
    """The list of municipalities, by name; each with its page and its workbook in the same folder."""
    listed = sorted(entries, key=lambda e: (e.name.casefold(), e.page))
    return _rendered(
        "report_index.html.j2", lang, entries=listed, heading=heading, title=title, date=date, edition=edition, address=quote
    )


def _rendered(template: str, lang: str, **values: object) -> str:
    return paper(template, lang, styles=_STYLES, script=_SCRIPT, say=partial(_say, lang), **values)


def _say(lang: str, key: str, /, **values: object) -> str:
    return text(f"report.{key}", lang, **values)
