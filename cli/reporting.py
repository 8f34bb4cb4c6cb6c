"""report: a municipality for a meeting, or what is said about a partner to be sent before publication."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from .errors import CallError
from .language import language, say
from .options import Lang, Out
from .output import number, progress

if TYPE_CHECKING:
    from ..graph.analyses.partner.pieces import About
    from ..graph.landscape import Landscape
    from ..visualisations.about.content import Backdrop

_PAGE, _WORKBOOK = ".html", ".xlsx"
PUBLIC, COALITION = "openbaar", "coalitie"

Partner = Annotated[Optional[str], typer.Option("--partner", metavar="PARTNER", help=say("cli.options.report_partner"))]  # noqa: UP045  # typer reads it at run time
Files = Annotated[Optional[list[Path]], typer.Option("--out", "-o", metavar="FILE", help=say("cli.options.report_out"))]  # noqa: UP045
Everyone = Annotated[Optional[Path], typer.Option("--all-partners", metavar="FOLDER", help=say("cli.options.report_all"))]  # noqa: UP045
Municipality = Annotated[Optional[str], typer.Option("--gemeente", help=say("cli.options.report_gemeente"))]  # noqa: UP045
Every = Annotated[Optional[Path], typer.Option("--all", metavar="FOLDER", help=say("cli.options.report_every"))]  # noqa: UP045
Before = Annotated[Optional[str], typer.Option("--before", metavar="DATE", help=say("cli.options.report_before"))]  # noqa: UP045
Weergave = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--weergave", metavar="openbaar|coalitie", help=say("cli.options.report_weergave")),
]


def report(
    out: Out,
    gemeente: Municipality = None,
    all_municipalities: Every = None,
    partner: Partner = None,
    all_partners: Everyone = None,
    files: Files = None,
    before: Before = None,
    weergave: Weergave = None,
    lang: Lang = None,
) -> int:
    if weergave not in (None, PUBLIC, COALITION):
        raise CallError("edition-unknown", value=weergave)
    if sum(given is not None for given in (gemeente, all_municipalities, partner, all_partners)) != 1:
        raise CallError("report-choose")
    folder = all_municipalities or all_partners
    if folder is not None and files:
        raise CallError("report-folder")
    for file in files or ():
        if file.suffix.lower() not in (_PAGE, _WORKBOOK):
            raise CallError("report-ending", value=file.name)
    by = _date(before)
    if gemeente is not None or all_municipalities is not None:
        if before is not None:
            raise CallError("report-before")
        from . import reporting_municipality as municipal

        if all_municipalities is not None:
            return municipal.every(out, all_municipalities, weergave or PUBLIC)
        return municipal.one(out, gemeente, files or [], weergave or PUBLIC)
    return _about(out, partner, all_partners, files or [], by, weergave or COALITION)


def _about(out: str, partner: str | None, folder: Path | None, files: list[Path], by: str | None, weergave: str) -> int:
    """What is said about one partner, or about each."""
    from ..graph.analyses.partner.about import everyone
    from ..visualisations.about.content import Backdrop
    from .reading import open_edition

    edition = open_edition(out)
    landscape = edition.landscape()
    backdrop = Backdrop(landscape, language())
    if folder is not None:
        return _everyone(landscape, edition.findings(), backdrop, folder, by, weergave)
    wanted = _partner(landscape, partner or "")
    told = next(everyone(landscape, edition.findings(), (wanted,)))
    for file in files or [Path(_name(wanted, {}) + _PAGE)]:
        _write(told, backdrop, file, by, weergave)
        typer.echo(say("cli.report.done", name=told.partner.row["name"], file=file.absolute()))
    return 0


def _everyone(
    landscape: Landscape, findings: list[dict[str, object]], backdrop: Backdrop, folder: Path, before: str | None, weergave: str
) -> int:
    """A page and a workbook for each partner."""
    from ..graph.analyses.partner.about import everyone

    names: dict[str, str] = {}
    total = landscape["partners"].height
    with progress() as shown:
        for done, told in enumerate(everyone(landscape, findings)):
            shown("report", done, total)
            name = _name(told.id, names)
            for ending in (_PAGE, _WORKBOOK):
                _write(told, backdrop, folder / (name + ending), before, weergave)
    typer.echo(say("cli.report.all", number=number(total), folder=folder.absolute()))
    return 0


def _write(told: About, backdrop: Backdrop, file: Path, before: str | None, weergave: str) -> None:
    from ..visualisations.about.content import report as made_of
    from ..visualisations.about.page import render
    from ..visualisations.about.workbook import write
    from .files import atomic_file

    made = made_of(told, backdrop, before=before, edition=weergave)
    with atomic_file(file) as target:
        if file.suffix.lower() == _PAGE:
            target.write(render(made, backdrop).encode())
        else:
            write(made, backdrop, target)


def _name(partner: str, taken: dict[str, str]) -> str:
    """A file name for a partner that no other partner has, whatever signs its id holds and on any disk."""
    from ..ontology.concepts import slugged

    plain = partner if all(c.isascii() and (c.isalnum() or c in "-_") for c in partner) else slugged(partner) or "partner"
    name, again = f"over-{plain}", 1
    while taken.setdefault(name.lower(), partner) != partner:
        again += 1
        name = f"over-{plain}-{again}"
    return name


def _partner(landscape: Landscape, given: str) -> str:
    """The id of the partner that ``given`` (an id or a name) names."""
    from .options import endpoint

    if given in set(landscape["partners"]["id"]):
        return given
    found = str(endpoint(landscape, given))
    if found not in set(landscape["partners"]["id"]):
        raise CallError("report-partner", value=given)
    return found


def _date(given: str | None) -> str | None:
    """``--before`` as ISO; Dutch dates are understood too."""
    if given is None:
        return None
    from ..loaders.values import Unreadable, iso_date

    try:
        return str(iso_date(given))
    except Unreadable as error:
        raise CallError("date-unreadable", value=given) from error
