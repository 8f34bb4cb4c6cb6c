"""bottlenecks: where families pass, and where they wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Optional

import typer

from . import options
from .document import Document, Table
from .language import say
from .options import Age, AsFormat, Format, Internal, Lang, Level, Municipality, Out, Theme, WithOutdated
from .output import number, progress, write
from .telling_waiting import Telling
from .telling_ways import statement_text
from .wording import assumption_texts, header, level_text, profile_text

if TYPE_CHECKING:
    from ..graph.analyses.waiting.answer import Bottlenecks, Passed
    from ..graph.analyses.waiting.answer import Level as Told

#: Partners and steps per level for readers, where they do not say how many.
_TOP = 10

Top = Annotated[Optional[int], typer.Option("--top", min=0, help=say("bottlenecks.top"))]  # noqa: UP045


def bottlenecks(
    out: Out,
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
    from ..graph.analyses.waiting.bottlenecks import bottlenecks as ask
    from .reading import read

    options.only_on_screen(internal, format)
    landscape = read(out)
    asked = options.asked(landscape, gemeente, age, theme, level)
    with progress() as bar:
        answer = ask(
            landscape,
            *asked,
            with_outdated=with_outdated,
            internal=internal,
            progress=bar,
        )
    places, ages, themes = (
        asked.municipalities or (say("bottlenecks.everywhere"),),
        asked.ages or (None,),
        asked.themes or (None,),
    )
    profiles = [profile_text(landscape, place, a, t) for place in places for a in ages for t in themes]
    telling = Telling(landscape, answer)
    found = {**header(answer.frame), **answer.as_dict()}
    found["assumptions"] = [*telling.counts(), *assumption_texts(answer.frame)]
    most = (0 if format in (Format.json, Format.csv) else _TOP) if top is None else top
    if most:
        for told in found["levels"]:
            told["partners"], told["routes"] = told["partners"][:most], told["routes"][:most]
    document = _document(answer, telling, " · ".join(profiles), most, internal=internal, with_outdated=with_outdated)
    write(document, found, format)
    return 0


def _document(answer: Bottlenecks, telling: Telling, where: str, top: int, *, internal: bool, with_outdated: bool) -> Document:
    made = Document()
    made.heading(say("bottlenecks.title", unit=telling.unit, where=where))
    made.say(say("bottlenecks.about", unit=telling.unit))
    above = any(p.bottleneck for level in answer.levels for p in level.partners)
    made.say(say("bottlenecks.when") if above else say("bottlenecks.not_above"))
    if internal:
        made.say(say("bottlenecks.internal"))
    for level in answer.levels:
        made.heading(level_text(level.level))
        _level(made, telling, level, top)
    if not internal and telling.any_hidden:
        made.say(say("bottlenecks.hidden", threshold=answer.threshold))
    if with_outdated:
        made.say(say("answers.with_outdated"))
    for statement in answer.statements:
        made.say(statement_text(telling.landscape, statement))
    for sentence in (*telling.counts(), *assumption_texts(answer.frame)):
        made.say(sentence)
    made.say(say("answers.footer"))
    made.flat = _flat(answer, top)
    return made


def _level(made: Document, telling: Telling, level: Told, top: int) -> None:
    made.say(telling.asked(level))
    if not level.partners:
        made.say(say("bottlenecks.level.nowhere"))
    elif telling.ranks_nobody(level):
        made.say(say("bottlenecks.by_name"))
    shown: tuple[Passed, ...] = level.partners[: top or None]
    for passed in shown:
        made.say(telling.passed(level, passed))
    if len(shown) < len(level.partners):
        made.say(say("answers.more", number=number(len(level.partners) - len(shown))))
    told = [step for step in level.routes if step.per_year is not None]
    if told:
        made.say(say("bottlenecks.steps.title"))
        last = say("bottlenecks.steps.per_year", unit=telling.unit) if telling.weighted else say("bottlenecks.steps.share")
        columns = [say("bottlenecks.steps.from"), say("bottlenecks.steps.to"), last]
        made.table(columns, [telling.step(level, step) for step in told[: top or None]])
    if top and len(told) > top:
        made.say(say("answers.more", number=number(len(told) - top)))
    if len(told) < len(level.routes):
        made.say(say("bottlenecks.steps.hidden", number=number(len(level.routes) - len(told))))


def _flat(answer: Bottlenecks, top: int) -> Table:
    rows = answer.rows()
    columns = list(rows[0]) if rows else ["level"]
    kept: dict[int, int] = {}
    cells = []
    for row in rows:
        kept[row["level"]] = kept.get(row["level"], 0) + 1
        if not top or kept[row["level"]] <= top:
            cells.append([row[c] for c in columns])
    return Table(columns, cells)
