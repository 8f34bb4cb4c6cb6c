"""advise: what a meeting about one municipality can use, to read, to print or to take along."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Optional

import typer

from . import options
from .document import Cell, Document, Table
from .errors import CallError
from .language import language, say
from .options import AsFormat, Format, Lang, Out, WithOutdated
from .output import progress, write
from .wording import header

if TYPE_CHECKING:
    from ..graph.analyses.advising.answer import Advice
    from ..visualisations.advice.parts import Told

_PAGE: Final = ".html"
_MARKDOWN: Final = ".md"
_COALITION: Final = "coalitie"

Municipality = Annotated[Optional[str], typer.Option("--gemeente", help=say("cli.options.advise_gemeente"))]  # noqa: UP045  # typer reads it at run time
Files = Annotated[Optional[list[Path]], typer.Option("--out", "-o", metavar="FILE", help=say("cli.options.advise_out"))]  # noqa: UP045
Weergave = Annotated[str, typer.Option("--weergave", metavar="coalitie", help=say("cli.options.advise_weergave"))]


def advise(
    out: Out,
    gemeente: Municipality = None,
    files: Files = None,
    weergave: Weergave = _COALITION,
    with_outdated: WithOutdated = False,
    format: AsFormat = Format.table,
    lang: Lang = None,
) -> int:
    if weergave != _COALITION:
        raise CallError("advise-edition", value=weergave)
    for file in files or ():
        if file.suffix.lower() not in (_PAGE, _MARKDOWN):
            raise CallError("advise-ending", value=file.name)
    from ..graph.analyses.advising.advice import advice
    from .reading import read

    landscape = read(out)
    code = options.municipality(landscape, gemeente)
    with progress() as bar:
        found = advice(landscape, code, with_outdated=with_outdated, progress=bar)
    if format is Format.json and not files:
        write(Document(), {**header(found.frame), **found.as_dict(language())}, format)
        return 0
    from ..visualisations.advice.content import told as tell

    told = tell(landscape, found, language())
    for file in files or ():
        _save(told, file)
        typer.echo(say("cli.advise.done", place=landscape.municipality_names.get(code, code), file=file.absolute()))
    if not files:
        _show(told, found, format)
    return 0


def _save(told: Told, file: Path) -> None:
    """Write the page or the Markdown, by the ending of the file."""
    from .files import atomic_file

    if file.suffix.lower() == _PAGE:
        from ..visualisations.advice.page import render

        text = render(told, language())
    else:
        from ..visualisations.advice.markdown import markdown

        text = markdown(told, language())
    with atomic_file(file) as target:
        target.write(text.encode())


def _show(told: Told, found: Advice, format: Format) -> None:
    """Write the advice to the screen; the long table is one row per thing that is told."""
    if format is Format.md:
        from ..visualisations.advice.markdown import markdown

        typer.echo(markdown(told, language()), nl=False)
        return
    made = _document(told)
    rows = found.rows()
    columns = list(rows[0]) if rows else ["section"]
    made.flat = Table(columns, [[row[c] for c in columns] for row in rows])
    write(made, {}, format)


def _document(told: Told) -> Document:
    made = Document()
    made.heading(told.heading)
    made.say(" · ".join(said for said in (told.title, told.publisher, told.date) if said))
    for said in (told.edition, told.fictional, *told.intro):
        if said:
            made.say(said)
    for box in told.boxes:
        made.heading(box.heading)
        for line in box.lines:
            made.say(f"- {line}")
    for section in told.sections:
        made.heading(f"{section.number}. {section.heading}")
        made.say(section.lead)
        for item in section.items:
            made.say("")
            made.say(item.title)
            for told_line in item.lines:
                made.say(f"  - {told_line.text}{''.join(f' [{number}]' for number in told_line.receipts)}")
            for who, words in item.quotes:
                made.say(f"  {who}: “{words}”")
        for told_line in section.rest:
            made.say(f"- {told_line.text}{''.join(f' [{number}]' for number in told_line.receipts)}")
    made.heading(say("advice.section.ground"))
    for line in told.ground:
        made.say(f"- {line}")
    if told.receipts:
        made.heading(say("advice.section.receipts"))
        made.say(say("advice.receipts.lead"))
        rows: list[list[Cell]] = [[r.number, r.about, r.where, r.date, ", ".join(r.ids)] for r in told.receipts]
        made.table([say(f"advice.receipts.{c}") for c in ("number", "about", "where", "date", "id")], rows)
    made.say("")
    made.say(say("answers.footer"))
    return made
