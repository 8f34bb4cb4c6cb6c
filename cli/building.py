"""check and build: from partners' files to findings and a build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .document import Document
from .language import language, say
from .options import AsFormat, Data, Format, Lang, Top
from .output import number, progress, remark, write

if TYPE_CHECKING:
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
    top: Top = 20,
    lang: Lang = None,
) -> int:
    from ..loaders.findings import counted
    from ..loaders.read import read

    with progress() as report:
        reading = read(data, report)
    write(_document(reading, top), report_of(reading), format)
    return 1 if counted(reading.findings)["fout"] else 0


def _document(reading: Reading, top: int) -> Document:
    from ..graph.schema import TABLES
    from ..loaders.findings import counted

    made = Document()
    totals = counted(reading.findings)
    made.say(say("cli.check.summary", **{k: number(v) for k, v in totals.items()}))
    rows = [
        (TABLES[name].nl, number(c.read), number(c.used), number(c.quarantined)) for name, c in reading.counts.items() if c.read
    ]
    made.table([say(f"cli.check.{c}") for c in ("table", "read", "used", "quarantined")], rows)
    shown = reading.findings[: top or None]
    columns = [say(f"cli.check.{c}") for c in ("severity", "where", "message", "cure")]
    for severity in ("fout", "waarschuwing", "opmerking"):
        found = [f for f in shown if f.severity == severity]
        if found:
            made.heading(say(f"cli.check.{severity}", number=number(totals[severity])))
            made.table(columns[1:], [(_where(f), f.message(language()), f.cure(language())) for f in found])
    if len(shown) < len(reading.findings):
        made.say(say("cli.check.more", number=number(len(reading.findings) - len(shown))))
    made.flat = _flat(reading)
    return made


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
    lang: Lang = None,
) -> int:
    return built(data, out, store=store)


def built(data: Path, out: Path, *, store: bool = True) -> int:
    """Build ``data`` into ``out`` and say what came of it; the exit code."""
    from ..graph.edition import write_edition
    from ..loaders.findings import counted
    from ..loaders.read import read

    with progress() as report:
        reading = read(data, report)
        totals = counted(reading.findings)
        remark(say("cli.check.summary", **{k: number(v) for k, v in totals.items()}))
        if reading.refused:
            for finding in reading.findings:
                if finding.code.startswith("privacy-"):
                    remark(f"{_where(finding)}: {finding.message(language())} {finding.cure(language())}")
            remark(say("cli.build.refused"))
            return 1
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


COMMANDS = {"check": check, "build": build}
