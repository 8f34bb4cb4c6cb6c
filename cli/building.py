"""check and build: from partners' files to findings and a build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from .errors import CallError
from .language import language, say
from .options import AsFormat, Data, Format, Lang
from .output import Progress, number, progress, remark, write
from .telling_findings import document_of, remark_refusal, report_of

if TYPE_CHECKING:
    from ..loaders.read import Reading


def check(
    data: Data,
    format: AsFormat = Format.table,
    top: Annotated[int, typer.Option("--top", min=0, help=say("cli.options.top_places"))] = 5,
    workbook: Annotated[Optional[Path], typer.Option("--workbook", metavar="DIR", help=say("cli.options.workbook"))] = None,  # noqa: UP045
    lang: Lang = None,
) -> int:
    from ..loaders.findings import counted
    from ..loaders.read import read

    if workbook is not None and workbook.resolve() == (data if data.is_dir() else data.parent).resolve():
        raise CallError("workbook-in-data", path=workbook)
    with progress() as report:
        reading = read(data, report)
        if workbook is not None:
            _hand_back(data, reading, workbook, report)
    write(document_of(reading, top), report_of(reading), format)
    return 1 if counted(reading.findings)["fout"] else 0


def _hand_back(data: Path, reading: Reading, folder: Path, report: Progress) -> None:
    """Write to ``folder`` what goes back to whoever sent the files."""
    from ..loaders.workbooks.delivery import deliveries
    from .files import atomic_file

    made = 0
    for name, write_to in deliveries(data, reading, language()):
        report("hand-back", made, made + 1)
        with atomic_file(folder / name) as target:
            write_to(target)
        made += 1
    remark(say("cli.check.handed_back", number=number(made), folder=folder.absolute()))


def build(
    data: Data,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help=say("cli.options.build_out"))],
    store: Annotated[bool, typer.Option("--store/--no-store", help=say("cli.options.store"))] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("cli.options.dry_run"))] = False,
    lang: Lang = None,
) -> int:
    return built(data, out, store=store, dry=dry_run)


def built(data: Path, out: Path, *, store: bool = True, dry: bool = False) -> int:
    """Build ``data`` into ``out`` and say what came of it, or (``dry``) what would; the exit code."""
    from ..graph.edition import write_edition
    from ..loaders.findings import counted
    from ..loaders.read import read

    with progress() as report:
        reading = read(data, report)
        totals = counted(reading.findings)
        remark(say("cli.check.summary", **{k: number(v) for k, v in totals.items()}))
        if reading.refused:
            remark_refusal(reading)
            remark(say("changes.dry_refused" if dry else "cli.build.refused"))
            return 1
        if dry:
            from .changing import dry_run

            return dry_run(reading, data, out, report)
        edition = write_edition(reading.landscape, report_of(reading), out, store=store, progress=report)
    quarantined = sum(c.quarantined for c in reading.counts.values())
    if reading.findings:
        remark(say("cli.build.see_check", data=data))
    typer.echo(
        say(
            "cli.build.done",
            out=out,
            read=number(sum(c.read for c in reading.counts.values())),
            used=number(sum(c.used for c in reading.counts.values())),
            quarantined=number(quarantined),
            triples=number(edition.manifest["triples"]),
            date=edition.manifest["reference_date"],
        )
    )
    return 1 if totals["fout"] else 0
