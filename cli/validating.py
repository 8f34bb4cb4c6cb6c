"""validate: RDF of others held against our rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .language import language, say
from .options import AsFormat, Format, Lang
from .output import progress, write


def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help=say("cli.options.validate_files"))],
    format: AsFormat = Format.table,
    top: Annotated[int, typer.Option("--top", min=0, help=say("cli.options.top_places"))] = 5,
    lang: Lang = None,
) -> int:
    from ..loaders.rdf import validate as held
    from .telling_validation import document_of

    with progress() as report:
        found = held(*files, progress=report)
    write(document_of(found, top), found.as_dict(language()), format)
    return 1 if found.counted["fout"] else 0
