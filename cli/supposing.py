"""what-if: a route more or less, a partner closed, another wait or capacity — what becomes of the same families."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Final, Optional

import typer

from . import options
from .errors import CallError
from .language import say
from .options import Age, AsFormat, Format, Internal, Lang, Level, Municipality, Out, Theme, WithOutdated
from .output import progress, write
from .telling_what_if import counted_texts, document
from .wording import assumption_texts, header

if TYPE_CHECKING:
    from ..graph.altering.alterations import Alteration
    from ..graph.landscape import Landscape

#: Partners where more families come, per level for readers, where they do not say how many.
_TOP: Final = 10
#: What stands before the colon of an endpoint that is no id.
_PREFIXES: Final = frozenset(("rol", "aanbod", "partner"))

Texts = Optional[list[str]]  # noqa: UP045  # typer reads it at run time
Top = Annotated[Optional[int], typer.Option("--top", min=0, help=say("cli.options.top"))]  # noqa: UP045


def what_if(
    out: Out,
    add: Annotated[Texts, typer.Option("--add", metavar="A:B", help=say("cli.options.what_if_add"))] = None,
    remove: Annotated[Texts, typer.Option("--remove", metavar="A:B", help=say("cli.options.what_if_remove"))] = None,
    close: Annotated[Texts, typer.Option("--close", metavar="P", help=say("cli.options.what_if_close"))] = None,
    wait: Annotated[Texts, typer.Option("--wait", metavar="P=8", help=say("cli.options.what_if_wait"))] = None,
    capacity: Annotated[Texts, typer.Option("--capacity", metavar="P=20", help=say("cli.options.what_if_capacity"))] = None,
    gemeente: Municipality = None,
    age: Age = None,
    theme: Theme = None,
    level: Level = None,
    with_outdated: WithOutdated = False,
    internal: Internal = False,
    format: AsFormat = Format.table,
    top: Top = None,
    lang: Lang = None,
) -> int:
    from ..graph.analyses.comparing.what_if import what_if as ask
    from .reading import read

    options.only_on_screen(internal, format)
    if not any((add, remove, close, wait, capacity)):
        raise CallError("what-if-nothing")
    landscape = read(out)
    alterations = list(_alterations(landscape, add or (), remove or (), close or (), wait or (), capacity or ()))
    asked = options.asked(landscape, gemeente, age, theme, level)
    with progress() as report:
        answer = ask(
            landscape,
            *asked,
            alterations=alterations,
            with_outdated=with_outdated,
            internal=internal,
            progress=report,
        )
    found = {**header(answer.frame), **answer.as_dict()}
    found["assumptions"] = [*counted_texts(answer), *assumption_texts(answer.frame)]
    most = (0 if format in (Format.json, Format.csv) else _TOP) if top is None else top
    if most:
        for told in found["levels"]:
            told["moved_to"] = told["moved_to"][:most]
    write(document(landscape, answer, asked.municipalities, most, with_outdated=with_outdated), found, format)
    return 0


def _alterations(
    landscape: Landscape,
    add: Sequence[str],
    remove: Sequence[str],
    close: Sequence[str],
    wait: Sequence[str],
    capacity: Sequence[str],
) -> Iterator[Alteration]:
    """What the options say, their ids and names looked up."""
    from ..graph.altering.alterations import AddRoute, Close, NewCapacity, RemoveRoute

    yield from (AddRoute(*_pair(landscape, "--add", text)) for text in add)
    yield from (RemoveRoute(*_pair(landscape, "--remove", text)) for text in remove)
    yield from (Close(_end(landscape, text)) for text in close)
    yield from (_wait(landscape, text) for text in wait)
    for text in capacity:
        subject, places = _valued(landscape, "--capacity", text)
        if not places.isdecimal() or int(places) < 1:
            raise CallError("what-if-places", value=text)
        yield NewCapacity(subject, int(places))


def _end(landscape: Landscape, text: str) -> str:
    found = options.endpoint(landscape, text.strip())
    if found is None:
        raise CallError("endpoint-unknown", value=text, suggestion="rol:huisarts")
    return found


def _pair(landscape: Landscape, option: str, text: str) -> tuple[str, str]:
    """Both ends of ``A:B``, either of which may be rol:slug or aanbod:ID."""
    colons = [n for n, sign in enumerate(text) if sign == ":"]
    halves = [(text[:n].strip(), text[n + 1 :].strip()) for n in colons]
    halves = [(start, end) for start, end in halves if start and end and start.rpartition(":")[2].casefold() not in _PREFIXES]
    if not halves:
        raise CallError("what-if-pair", option=option, value=text)
    wrong: list[CallError] = []
    for start, end in halves:
        try:
            return _end(landscape, start), _end(landscape, end)
        except CallError as error:
            wrong.append(error)
    raise wrong[0]


def _valued(landscape: Landscape, option: str, text: str) -> tuple[str, str]:
    """The subject and the value of ``P=value``."""
    subject, sign, value = text.rpartition("=")
    if not sign or not subject.strip() or not value.strip():
        raise CallError("what-if-value", option=option, value=text)
    return _end(landscape, subject), value.strip()


def _wait(landscape: Landscape, text: str) -> Alteration:
    """``P=8`` (weeks), a range, onbekend, a wait as people write it, or aanmeldstop."""
    from ..graph.altering.alterations import Close, NewWait
    from ..loaders.values.text import Unreadable
    from ..loaders.values.waits import wait as read_wait

    subject, value = _valued(landscape, "--wait", text)
    written = value if re.search(r"[^\W\d_]", value) else f"{value} weken"
    try:
        found = read_wait(written)
    except Unreadable as error:
        raise CallError("what-if-wait", value=text) from error
    if found.state == "stop":
        return Close(subject)
    return NewWait(subject, found.low, found.expected, found.high, written)
