"""Writing answers: stdout carries the answer only, progress and remarks go to stderr."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer

from .document import Document
from .language import say
from .options import Format

Progress = Callable[[str, int, int], None]


def write(document: Document, answer: Mapping[str, Any], format_: Format) -> None:
    """Write one answer: ``answer`` as JSON, or ``document`` in another form."""
    if format_ is Format.json:
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    elif format_ is Format.csv:
        typer.echo(document.as_csv(), nl=False)
    elif format_ is Format.md:
        typer.echo(document.as_markdown(), nl=False)
    else:
        terminal = sys.stdout.isatty()
        width = shutil.get_terminal_size((120, 40)).columns if terminal else 140
        typer.echo(document.as_text(width, colour=terminal), nl=False)


def remark(text: str) -> None:
    """Say something beside the answer."""
    typer.echo(text, err=True)


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1)

        def report(what: str, done: int, total: int) -> None:
            bar.update(task, description=say(f"cli.progress.{what}"), completed=done, total=total)

        yield report


def number(value: int) -> str:
    """A count as Dutch (and English) readers write it."""
    return f"{value:,}".replace(",", ".") if say("cli.decimal") == "," else f"{value:,}"
