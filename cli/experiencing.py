"""experienced: what families live through, given the outflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import options
from .document import Document
from .options import AsFormat, Format, Internal, Lang, Municipality, Out, Top, WithOutdated
from .output import progress, write
from .wording import header

if TYPE_CHECKING:
    from ..graph.analyses.experienced.answer import Experienced
    from .telling_experienced import Telling


def experienced(
    out: Out,
    gemeente: Municipality = None,
    with_outdated: WithOutdated = False,
    internal: Internal = False,
    format: AsFormat = Format.table,
    top: Top = 0,
    lang: Lang = None,
) -> int:
    from ..graph.analyses.experienced.experienced import experienced as ask
    from .reading import read
    from .telling_experienced import Telling

    options.only_on_screen(internal, format)
    landscape = read(out)
    codes = options.asked(landscape, gemeente).municipalities
    with progress() as bar:
        bar("experienced", 0, 1)
        answer = ask(landscape, codes, with_outdated=with_outdated, internal=internal)
    telling = Telling(landscape, answer, codes, top, internal=internal, with_outdated=with_outdated)
    found = {**header(answer.frame), **answer.as_dict()}
    found["assumptions"] = telling.assumed()
    if top:
        found["partners"] = found["partners"][:top]
    write(_document(answer, telling, top), found, format)
    return 0


def _document(answer: Experienced, telling: Telling, top: int) -> Document:
    made = Document()
    made.heading(telling.title())
    for sentence in telling.before():
        made.say(sentence)
    made.table(telling.columns(), [telling.row(p) for p in telling.shown])
    for sentence in telling.after():
        made.say(sentence)
    made.long(answer.rows()[: top or None])
    return made
