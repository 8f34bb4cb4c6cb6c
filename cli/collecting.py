"""answers: everything at once, as a workbook for analysts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import options
from .errors import CallError
from .language import language, say
from .options import Age, Lang, Level, Municipality, Out, Theme, WithOutdated
from .output import number, progress
from .wording import assumption_texts


def answers(
    out: Out,
    file: Annotated[Path, typer.Option("--out", "-o", metavar="FILE.xlsx", help=say("cli.options.answers_out"))] = Path(
        "antwoorden.xlsx"
    ),
    gemeente: Municipality = None,
    age: Age = None,
    theme: Theme = None,
    level: Level = None,
    with_outdated: WithOutdated = False,
    lang: Lang = None,
) -> int:
    if file.suffix.lower() != ".xlsx":
        raise CallError("answers-xlsx", file=file)
    from ..graph.analyses.answers import answers as ask
    from ..visualisations.answers_workbook import write
    from .files import atomic_file
    from .reading import read

    landscape = read(out)
    with progress() as report:
        answer = ask(
            landscape,
            *options.asked(landscape, gemeente, age, theme, level),
            with_outdated=with_outdated,
            progress=report,
        )
    with atomic_file(file) as target:
        rows = write(answer, assumption_texts(answer.frame), landscape.settings.title, target, language())
    typer.echo(say("answers_workbook.done", file=file.absolute(), rows=number(rows)))
    return 0
