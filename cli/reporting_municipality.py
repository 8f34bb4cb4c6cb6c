"""report --gemeente and --all: the page and the workbook of a municipality, and of each with a list of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from . import options
from .language import language, say
from .output import number, progress

if TYPE_CHECKING:
    from ..graph.landscape import Landscape
    from ..visualisations.report.gathered import Gathered
    from ..visualisations.report.page import Entry
    from ..visualisations.report.parts import Told

_PAGE, _WORKBOOK, _INDEX = ".html", ".xlsx", "index.html"
_COALITION: Final = "coalitie"


def one(out: str, gemeente: str | None, files: list[Path], weergave: str) -> int:
    """Write the report of one municipality, to a page where no file is named."""
    from ..visualisations.report.gathered import gathered
    from .reading import read

    landscape = read(out)
    code = options.municipality(landscape, gemeente)
    (found,) = gathered(landscape, [code], coalition=weergave == _COALITION)
    wanted = files or [Path(_name(found, {}) + _PAGE)]
    _write(found, wanted)
    for file in wanted:
        typer.echo(say("cli.report.municipality", name=found.name, file=file.absolute()))
    return 0


def every(out: str, folder: Path, weergave: str) -> int:
    """Write a page and a workbook for each municipality of the region, and a list of them."""
    from ..visualisations.report.gathered import gathered
    from ..visualisations.report.page import Entry
    from .reading import read

    landscape = read(out)
    codes = landscape.region_municipalities
    names: dict[str, str] = {}
    entries = []
    with progress() as shown:
        for done, found in enumerate(gathered(landscape, codes, coalition=weergave == _COALITION)):
            shown("report", done, len(codes))
            name = _name(found, names)
            told = _write(found, [folder / (name + ending) for ending in (_PAGE, _WORKBOOK)])
            lines = next((box.lines for box in told.boxes), ())
            entries.append(Entry(found.name, name + _PAGE, name + _WORKBOOK, lines))
    _list(landscape, entries, folder / _INDEX, weergave)
    typer.echo(say("cli.report.every", number=number(len(codes)), folder=folder.absolute()))
    return 0


def _write(found: Gathered, files: list[Path]) -> Told:
    """Write what is told of a municipality to files, by their endings."""
    from ..visualisations.report.content import telling_of, told_by
    from ..visualisations.report.page import render
    from ..visualisations.report.workbook import write
    from .files import atomic_file

    telling = telling_of(found, language())
    told = told_by(telling)
    for file in files:
        with atomic_file(file) as target:
            if file.suffix.lower() == _PAGE:
                target.write(render(told, language()).encode())
            else:
                write(told, telling, target)
    return told


def _list(landscape: Landscape, entries: list[Entry], file: Path, weergave: str) -> None:
    from ..ontology.catalogue import text
    from ..visualisations.report.page import index
    from ..visualisations.wording import Wording
    from .files import atomic_file

    settings, words = landscape.settings, Wording(language())
    date = words.say("frame.reference_date", date=words.date(settings.reference_date))
    edition = text(f"report.edition.{weergave}", language())
    with atomic_file(file) as target:
        target.write(index(entries, text("report.index.title", language()), settings.title, date, edition, language()).encode())


def _name(found: Gathered, taken: dict[str, str]) -> str:
    """A file name for a municipality that no other one has, on any disk."""
    from ..ontology.concepts import slugged

    name = f"gemeente-{slugged(found.name) or found.municipality}"
    if taken.setdefault(name, found.municipality) != found.municipality:
        name = f"{name}-{found.municipality}"
        taken[name] = found.municipality
    return name
