"""map, demo and template: things to open and look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from .errors import CallError
from .language import language, say
from .options import Lang, OneMunicipality, Out

if TYPE_CHECKING:
    from ..graph.landscape import Landscape


def map_(
    out: Out,
    file: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help=say("cli.options.map_out"))] = Path("kaart.html"),
    gemeente: OneMunicipality = None,
    weergave: Annotated[
        str, typer.Option("--weergave", metavar="openbaar|coalitie", help=say("cli.options.weergave"))
    ] = "openbaar",
    beside: Annotated[Optional[str], typer.Option("--vergelijk", metavar="OLD", help=say("cli.options.vergelijk"))] = None,  # noqa: UP045
    lang: Lang = None,
) -> int:
    from .reading import read

    if weergave not in ("openbaar", "coalitie"):
        raise CallError("edition-unknown", value=weergave)
    landscape = read(out)
    before = None if beside is None else read(beside)
    from . import options

    code = options.municipality(landscape, gemeente) if gemeente else None
    _draw(landscape, file, code, weergave, before)
    typer.echo(say("cli.map.done", file=file.absolute()))
    return 0


def _draw(landscape: Landscape, file: Path, code: str | None, edition: str, before: Landscape | None = None) -> None:
    from ..visualisations.map.page import render, write
    from .output import progress

    file.parent.mkdir(parents=True, exist_ok=True)
    with progress() as report:
        page = render(landscape, municipality=code, lang=language(), edition=edition, before=before, progress=report)
    write(page, file)


def demo(
    folder: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help=say("cli.options.demo_out"))] = Path(
        "routekaart-demo"
    ),
    lang: Lang = None,
) -> int:
    """Build the sourced example, say what it tells, and draw the map."""
    from importlib.resources import as_file, files

    from ..graph.analyses.state import state
    from .building import built
    from .reading import read
    from .routing import route

    out, page = folder / "gelderse-vallei", folder / "kaart.html"
    typer.echo(say("cli.demo.intro"))
    with as_file(files(__package__.partition(".")[0]) / "examples" / "gelderse-vallei") as data:
        built(data, out)
    landscape = read(out)
    found = state(landscape)
    rows = {t.name: t.rows for t in found.tables}
    w = found.waits
    typer.echo("")
    typer.echo(
        say(
            "cli.demo.there_is",
            partners=rows.get("partners", 0),
            offerings=rows.get("offerings", 0),
            routes=rows.get("routes", 0),
        )
    )
    typer.echo(
        say(
            "cli.demo.waits",
            current=w.current,
            outdated=w.outdated,
            unknown=w.partners - w.partners_with_current,
            partners=w.partners,
            statements=w.statements,
        )
    )
    typer.echo(say("cli.demo.route"))
    route(str(out), start="rol:huisarts", goal="rol:gemeente", gemeente=["Ede"])
    _draw(landscape, page, "GM0228", "openbaar")
    typer.echo("")
    typer.echo(say("cli.demo.map", file=page.absolute()))
    typer.echo(say("cli.demo.next", out=out))
    return 0


def template(
    file: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help=say("cli.options.template_out"))] = Path(
        "sjabloon.xlsx"
    ),
    partner: Annotated[Optional[str], typer.Option("--for", metavar="PARTNER", help=say("cli.options.template_for"))] = None,  # noqa: UP045
    build: Annotated[Optional[str], typer.Option("--from", metavar="OUT", help=say("cli.options.template_from"))] = None,  # noqa: UP045
    all_tables: Annotated[bool, typer.Option("--all-tables", help=say("cli.options.all_tables"))] = False,
    lang: Lang = None,
) -> int:
    from ..loaders.workbooks.known import known
    from ..loaders.workbooks.template import template as write_template
    from .files import atomic_file
    from .reading import read

    if partner is not None and build is None:
        raise CallError("template-from", value=partner)
    landscape = read(build) if build is not None else None
    filled = known(landscape, _partner(landscape, partner), language(), all_tables=all_tables) if landscape and partner else None
    with atomic_file(file) as target:
        write_template(target, language(), all_tables=all_tables, landscape=landscape, filled=filled)
    if filled is None:
        typer.echo(say("cli.template.done", file=file.absolute()))
        return 0
    rows = sum(len(found) for found in filled.rows.values())
    typer.echo(say("cli.template.filled", file=file.absolute(), partner=filled.name, rows=rows))
    return 0


def _partner(landscape: Landscape, given: str) -> str:
    """The id of the partner that ``given`` names."""
    from ..loaders.workbooks.written import context_of

    parsed = context_of(landscape).register.partner(given)
    if parsed.value is None:
        suggestion = parsed.issues[0].suggestion or next(iter(sorted(landscape["partners"]["name"])), "")
        raise CallError("partner-unknown", value=given, suggestion=suggestion)
    return str(parsed.value)
