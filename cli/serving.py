"""neo4j push and import-files: a build in a Neo4j database."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from .document import Document
from .errors import CallError
from .language import say
from .options import AsFormat, Format, Lang, Out
from .output import number, progress, remark, write

if TYPE_CHECKING:
    from ..graph.edition import Edition
    from ..graph.landscape import Landscape
    from ..graph.stores.neo4j.elements import PropertyGraph
    from ..graph.stores.neo4j.push import Counted, Pushed

SmallCounts = Annotated[bool, typer.Option("--internal", help=say("cli.options.neo4j_internal"))]


def push(
    out: Out,
    uri: Annotated[Optional[str], typer.Option("--uri", metavar="URI", help=say("cli.options.neo4j_uri"))] = None,  # noqa: UP045
    database: Annotated[Optional[str], typer.Option("--database", help=say("cli.options.neo4j_database"))] = None,  # noqa: UP045
    internal: SmallCounts = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("cli.options.neo4j_dry"))] = False,
    format: AsFormat = Format.table,
    lang: Lang = None,
) -> int:
    from ..graph.stores.neo4j.address import Address
    from ..graph.stores.neo4j.elements import PropertyGraph
    from ..graph.stores.neo4j.push import push as put
    from ..graph.stores.neo4j.server import Server

    given = uri or os.environ.get("NEO4J_URI")
    if not given:
        raise CallError("neo4j-no-uri")
    address = Address.of(given, database)
    edition = _build(out)
    landscape = edition.landscape()
    graph = PropertyGraph(landscape, internal=internal)
    with Server(address) as server, progress() as report:
        done = put(server, graph, edition.report(), dry=dry_run, progress=report)
        where = str(server.address)
    write(_document(done, landscape, where), _answer(done, where), format)
    _remarks(done, graph, landscape)
    return 0


def _build(out: str) -> Edition:
    """The build that is written; a database is no build."""
    from ..graph.edition import open_build
    from ..graph.stores.neo4j.address import is_address, without_user

    if is_address(out):
        raise CallError("neo4j-push-from-server", value=without_user(out))
    return open_build(Path(out))


def _document(done: Pushed, landscape: Landscape, where: str) -> Document:
    made = Document()
    title = landscape.settings.title
    made.heading(say("neo4j.push.heading_dry" if done.dry else "neo4j.push.heading", title=title, address=where))
    if done.nothing:
        made.say(say("neo4j.push.nothing"))
    else:
        columns = ("label", "new", "changed", "gone", "same")
        rows = [
            [d.label, *(number(n) for n in (d.new, d.changed, d.gone, d.same))]
            for d in done.differences
            if d.new or d.changed or d.gone
        ]
        made.table([say(f"neo4j.push.{c}") for c in columns], rows)
    for name, counts in (("label", done.nodes), ("type", done.relationships)):
        heads = [name, "expected", *([] if done.dry else ["found"])]
        made.table([say(f"neo4j.push.{h}") for h in heads], [_counted(c, dry=done.dry) for c in counts])
    if not done.dry:
        nodes, relationships = (number(sum(c.expected for c in s)) for s in (done.nodes, done.relationships))
        made.say(say("neo4j.push.reconciled", nodes=nodes, relationships=relationships, edition=done.edition))
    return made


def _counted(count: Counted, *, dry: bool) -> list[str]:
    return [count.name, number(count.expected), *([] if dry else [number(count.found or 0)])]


def _answer(done: Pushed, where: str) -> dict[str, Any]:
    return {
        "question": "neo4j-push",
        "address": where,
        "region": done.region,
        "edition": done.edition,
        "dry_run": done.dry,
        "repaired": done.repaired,
        "kept": done.kept,
        "unresolved": done.unresolved,
        "labels": [
            {"label": d.label, "new": d.new, "changed": d.changed, "gone": d.gone, "same": d.same} for d in done.differences
        ],
        "nodes": [{"label": c.name, "expected": c.expected, "found": c.found} for c in done.nodes],
        "relationships": [{"type": c.name, "expected": c.expected, "found": c.found} for c in done.relationships],
    }


def _remarks(done: Pushed, graph: PropertyGraph, landscape: Landscape) -> None:
    from ..graph.stores.neo4j.writing import GONE

    if done.repaired:
        remark(say("neo4j.push.repaired"))
    if done.kept:
        remark(say("neo4j.push.kept", number=number(done.kept), label=GONE))
    if done.unresolved:
        remark(say("neo4j.push.unresolved", number=number(done.unresolved)))
    if graph.left_out:
        remark(say("neo4j.push.left_out", number=number(graph.left_out), threshold=landscape.settings.threshold))
    if graph.internal and graph.nodes().get("Withheld"):
        remark(say("neo4j.push.internal", number=number(graph.nodes()["Withheld"])))


def import_files(
    out: Out,
    folder: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help=say("cli.options.neo4j_folder"))],
    internal: SmallCounts = False,
    format: AsFormat = Format.table,
    lang: Lang = None,
) -> int:
    from ..graph.edition import atomic_folder
    from ..graph.stores.neo4j.bulk import SCRIPT, write_files
    from ..graph.stores.neo4j.elements import PropertyGraph

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CallError("would-overwrite", path=folder)
    edition = _build(out)
    landscape = edition.landscape()
    graph = PropertyGraph(landscape, internal=internal)
    with atomic_folder(folder) as making:
        files = write_files(graph, making)
    made = Document()
    made.heading(say("neo4j.files.heading"))
    made.table([say("neo4j.files.file"), say("neo4j.files.rows")], [[name, number(rows)] for name, rows in files.items()])
    answer = {
        "question": "neo4j-import-files",
        "folder": str(folder),
        "files": [{"file": f, "rows": n} for f, n in files.items()],
    }
    write(made, answer, format)
    nodes, relationships = (number(sum(counts.values())) for counts in (graph.nodes(), graph.relationships()))
    remark(say("neo4j.files.done", folder=folder.absolute(), nodes=nodes, relationships=relationships, script=SCRIPT))
    if graph.left_out:
        remark(say("neo4j.push.left_out", number=number(graph.left_out), threshold=landscape.settings.threshold))
    return 0
