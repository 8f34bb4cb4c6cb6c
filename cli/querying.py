"""query and export: the graph for people who speak SPARQL or want to take it along."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from .document import Document
from .errors import CallError
from .language import language, say
from .options import AsFormat, Format, Lang, Out, Top
from .output import write

Sparql = Annotated[Optional[str], typer.Argument(metavar="[SPARQL]", help=say("cli.options.sparql"))]  # noqa: UP045
Name = Annotated[Optional[str], typer.Option("--name", help=say("cli.options.name"))]  # noqa: UP045


def query(
    out: Out,
    sparql: Sparql = None,
    name: Name = None,
    names: Annotated[bool, typer.Option("--list", help=say("cli.options.list"))] = False,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help=say("cli.options.seconds"))] = 30.0,
    format: AsFormat = Format.table,
    top: Top = 0,
    lang: Lang = None,
) -> int:
    from ..graph.edition import open_edition
    from ..graph.questions import questions
    from ..graph.stores.oxigraph import ask

    known = questions()
    made = Document()
    if names:
        made.table([say("cli.query.name"), say("cli.query.asks")], [[q.name, q.asks[language()]] for q in known.values()])
        write(made, {"questions": [{"name": q.name, "asks": q.asks[language()]} for q in known.values()]}, format)
        return 0
    if (sparql is None) == (name is None):
        raise CallError("query-one-of-two", known=", ".join(known))
    if name is not None and name not in known:
        raise CallError("query-name-unknown", value=name, known=", ".join(known))
    text = known[name].sparql if name is not None else sparql or ""
    table = ask(open_edition(out).store(), text, seconds)
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


def export(
    out: Out,
    as_: Annotated[str, typer.Option("--as", metavar="ttl|trig|nq|jsonld", help=say("cli.options.as"))],
    file: Annotated[Optional[Path], typer.Option("--out", "-o", metavar="FILE", help=say("cli.options.export_out"))] = None,  # noqa: UP045
    lang: Lang = None,
) -> int:
    from ..graph import read
    from ..graph.exports.rdf import FORMATS
    from ..graph.exports.rdf import export as put
    from .files import atomic_file

    if as_ not in FORMATS:
        raise CallError("export-unknown", value=as_, known=", ".join(FORMATS))
    landscape = read(out)
    if file is None:
        put(landscape, as_, sys.stdout.buffer)
        return 0
    with atomic_file(file) as target:
        put(landscape, as_, target)
    typer.echo(say("cli.export.done", file=file), err=True)
    return 0
