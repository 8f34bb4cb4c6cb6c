"""query and export: the graph for people who speak SPARQL or want to take it along."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ..graph.exports.formats import FORMATS
from .document import Document
from .errors import CallError
from .language import language, say
from .options import AsFormat, Format, Lang, Out, Top
from .output import write

if TYPE_CHECKING:
    from ..graph.questions import Question
    from ..graph.stores.answer import Table as StoreAnswer

if TYPE_CHECKING:
    from ..graph.landscape import Landscape

Sparql = Annotated[Optional[str], typer.Argument(metavar="[SPARQL]", help=say("cli.options.sparql"))]  # noqa: UP045
Name = Annotated[Optional[str], typer.Option("--name", help=say("cli.options.name"))]  # noqa: UP045


Cypher = Annotated[Optional[str], typer.Option("--cypher", metavar="CYPHER", help=say("cli.options.cypher"))]  # noqa: UP045


def query(
    out: Out,
    sparql: Sparql = None,
    cypher: Cypher = None,
    name: Name = None,
    names: Annotated[bool, typer.Option("--list", help=say("cli.options.list"))] = False,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help=say("cli.options.seconds"))] = 30.0,
    format: AsFormat = Format.table,
    top: Top = 0,
    lang: Lang = None,
) -> int:
    from ..graph.questions import questions

    known = questions()
    made = Document()
    if names:
        made.table([say("cli.query.name"), say("cli.query.asks")], [[q.name, q.asks[language()]] for q in known.values()])
        write(made, {"questions": [{"name": q.name, "asks": q.asks[language()]} for q in known.values()]}, format)
        return 0
    if sum(given is not None for given in (sparql, cypher, name)) != 1:
        raise CallError("query-one-of-two", known=", ".join(known))
    if name is not None and name not in known:
        raise CallError("query-name-unknown", value=name, known=", ".join(known))
    table = _answer(out, known[name] if name is not None else None, sparql, cypher, seconds)
    rows = table.rows[: top or None]
    if name is not None:
        made.heading(known[name].asks[language()])
    made.table(table.columns, rows)
    if not table.rows:
        made.say(say("cli.query.nothing"))
    answer = {
        "question": name or "query",
        "columns": list(table.columns),
        "rows": [dict(zip(table.columns, r, strict=True)) for r in rows],
    }
    write(made, answer, format)
    return 0


def _answer(out: str, question: Question | None, sparql: str | None, cypher: str | None, seconds: float) -> StoreAnswer:
    """A build is asked in SPARQL, a database in Cypher."""
    from ..graph.edition import Edition
    from ..graph.stores.neo4j.address import is_address
    from .reading import open_edition

    if cypher is not None and not is_address(out):
        raise CallError("cypher-database", value=out)
    edition = open_edition(out)
    if isinstance(edition, Edition) or sparql is not None:
        from ..graph.stores import oxigraph

        return oxigraph.ask(edition.store(), question.sparql if question else sparql or "", seconds)
    from ..graph.stores.neo4j import asking

    return asking.ask(edition, question.cypher if question else cypher or "", seconds)


def export(
    out: Out,
    as_: Annotated[str, typer.Option("--as", metavar="|".join(FORMATS), help=say("cli.options.as"))],
    file: Annotated[Optional[Path], typer.Option("--out", "-o", metavar="FILE", help=say("cli.options.export_out"))] = None,  # noqa: UP045
    lang: Lang = None,
) -> int:
    from ..graph.exports.formats import export as put
    from .files import atomic_file
    from .reading import read

    if as_ not in FORMATS:
        raise CallError("export-unknown", value=as_, known=", ".join(FORMATS))
    if file is None and FORMATS[as_].several:
        raise CallError("export-several", value=as_)
    landscape = read(out)
    if file is None:
        put(landscape, as_, sys.stdout.buffer, language())
        return 0
    if FORMATS[as_].several and file.suffix.casefold() != ".zip":
        _to_folder(landscape, as_, file)
    else:
        with atomic_file(file) as target:
            put(landscape, as_, target, language())
    typer.echo(say("cli.export.done", file=file), err=True)
    return 0


def _to_folder(landscape: Landscape, as_: str, folder: Path) -> None:
    """The files of a format in a folder of their own; one that holds something stays as it is."""
    from ..graph.edition import atomic_folder
    from ..graph.exports.formats import files

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CallError("export-occupied", path=folder)
    with atomic_folder(folder) as making:
        for name, content in files(landscape, as_, language()):
            (making / name).write_bytes(content)
