"""gaps: what is not registered, where, and how other municipalities fill it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Optional, get_args

import typer

from . import options
from .document import Document
from .errors import CallError
from .language import language, say
from .options import Age, AsFormat, Format, Lang, Level, Municipality, Out, Theme, WithOutdated
from .output import write
from .wording import header

if TYPE_CHECKING:
    from ..graph.analyses.lacking.gaps import Gaps, View

Weergave = Annotated[str, typer.Option("--weergave", metavar="alles|klein|jongeren", help=say("cli.options.gaps_weergave"))]
TopEach = Annotated[Optional[int], typer.Option("--top", min=0, help=say("cli.options.gaps_top"))]  # noqa: UP045  # typer reads it at run time


def gaps(
    out: Out,
    gemeente: Municipality = None,
    age: Age = None,
    theme: Theme = None,
    level: Level = None,
    weergave: Weergave = "alles",
    with_outdated: WithOutdated = False,
    format: AsFormat = Format.table,
    top: TopEach = None,
    lang: Lang = None,
) -> int:
    from ..graph.analyses.lacking.gaps import gaps as ask
    from .reading import read
    from .telling_gaps import document

    landscape = read(out)
    answer = ask(
        landscape,
        *options.asked(landscape, gemeente, age, theme, level),
        view=_view(weergave),
        with_outdated=with_outdated,
    )
    if format is Format.json:
        write(Document(), {**header(answer.frame), **_limited(answer, top or 0)}, format)
        return 0
    made = document(landscape, answer, top, with_outdated=with_outdated)
    made.long(answer.rows(language()))
    write(made, {}, format)
    return 0


def _view(given: str) -> View:
    from ..graph.analyses.lacking.gaps import View

    for view in get_args(View):
        if view == given:
            known: View = view
            return known
    raise CallError("view-unknown", value=given)


def _limited(answer: Gaps, top: int) -> dict[str, object]:
    """The body of the JSON; with ``top`` the first so many gaps of each kind."""
    found = answer.as_dict(language())
    if top:
        seen: dict[str, int] = {}
        kept = []
        for gap in found["gaps"]:
            seen[gap["kind"]] = seen.get(gap["kind"], 0) + 1
            if seen[gap["kind"]] <= top:
                kept.append(gap)
        found["gaps"] = kept
    return found
