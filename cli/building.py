"""check and build: from partners' files to findings and a build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from .document import Document
from .errors import CallError
from .language import language, say
from .options import AsFormat, Data, Format, Lang
from .output import Progress, number, progress, remark, write

if TYPE_CHECKING:
    from ..loaders.findings import Kind
    from ..loaders.read import Reading


def report_of(reading: Reading) -> dict[str, Any]:
    """What check says, as CONTRACTS §6 names it; tables by their Dutch name."""
    from ..graph.schema import TABLES

    return {
        "findings": [f.as_dict(language()) for f in reading.findings],
        "tables": {
            TABLES[name].nl: {"read": c.read, "used": c.used, "quarantined": c.quarantined} for name, c in reading.counts.items()
        },
    }


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
    write(_document(reading, top), report_of(reading), format)
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


def _document(reading: Reading, top: int) -> Document:
    """The findings by kind, the most useful to mend first, each with ``top`` places at most (0: all)."""
    from ..graph.schema import TABLES
    from ..loaders.findings import by_kind, counted

    made = Document()
    totals = counted(reading.findings)
    made.say(say("cli.check.summary", **{k: number(v) for k, v in totals.items()}))
    rows = [
        (TABLES[name].nl, number(c.read), number(c.used), number(c.quarantined)) for name, c in reading.counts.items() if c.read
    ]
    made.table([say(f"cli.check.{c}") for c in ("table", "read", "used", "quarantined")], rows)
    for kind in by_kind(reading.findings):
        _kind(made, kind, top)
    made.flat = _flat(reading)
    return made


def _kind(made: Document, kind: Kind, top: int) -> None:
    first = kind.findings[0]
    severity = say(f"cli.check.{first.severity}")
    place = say("cli.check.in_files", number=number(kind.files)) if kind.files > 1 else ""
    made.heading(say("cli.check.kind", severity=severity, title=first.title(language()), number=number(kind.number), place=place))
    shown = kind.findings[: top or None]
    cures = {f.cure(language()) for f in shown}
    columns = [say("cli.check.where"), say("cli.check.message")]
    if len(cures) == 1:
        made.say(say("cli.check.to_do", cure=cures.pop()))
        made.table(columns, [(_where(f), f.message(language())) for f in shown])
    else:
        made.table([*columns, say("cli.check.cure")], [(_where(f), f.message(language()), f.cure(language())) for f in shown])
    if len(shown) < kind.number:
        made.say(say("cli.check.more", number=number(kind.number - len(shown))))


def _where(finding: Any) -> str:
    place = finding.file + (f" [{finding.sheet}]" if finding.sheet else "")
    row = f", {say('cli.check.row')} {finding.row}" if finding.row else ""
    column = f", {finding.column}" if finding.column else ""
    return f"{place}{row}{column}"


def _flat(reading: Reading) -> Any:
    from .document import Table

    names = ("severity", "code", "file", "sheet", "row", "column", "value", "message", "cure", "suggestion")
    found = [f.as_dict(language()) for f in reading.findings]
    return Table(names, [[f[n] for n in names] for f in found])


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


def remark_refusal(reading: Reading) -> None:
    """Say what was found that must never be read, without repeating it."""
    for finding in reading.findings:
        if finding.code.startswith("privacy-"):
            remark(f"{_where(finding)}: {finding.message(language())} {finding.cure(language())}")


COMMANDS = {"check": check, "build": build}
