"""Findings as people read them: by kind on a terminal, one long table for a spreadsheet, JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from .document import Document, Table
from .language import language, say
from .output import number, remark

if TYPE_CHECKING:
    from ..loaders.findings import Finding, Kind
    from ..loaders.read import Reading

#: So many findings are told beside an answer.
_REMARKED: Final = 10


def report_of(reading: Reading) -> dict[str, Any]:
    """What check says, as CONTRACTS §6 names it; tables by their Dutch name."""
    from ..graph.schema import TABLES

    return {
        "findings": [f.as_dict(language()) for f in reading.findings],
        "tables": {
            TABLES[name].nl: {"read": c.read, "used": c.used, "quarantined": c.quarantined} for name, c in reading.counts.items()
        },
    }


def document_of(reading: Reading, top: int) -> Document:
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


def _where(finding: Finding) -> str:
    place = finding.file + (f" [{finding.sheet}]" if finding.sheet else "")
    row = f", {say('cli.check.row')} {finding.row}" if finding.row else ""
    column = f", {finding.column}" if finding.column else ""
    return f"{place}{row}{column}"


def _flat(reading: Reading) -> Any:
    names = ("severity", "code", "file", "sheet", "row", "column", "value", "message", "cure", "suggestion")
    found = [f.as_dict(language()) for f in reading.findings]
    return Table(names, [[f[n] for n in names] for f in found])


def remark_rows(findings: Iterable[Finding]) -> None:
    """Say what was wrong in single places, the first of it."""
    found = list(findings)
    for finding in found[:_REMARKED]:
        remark(f"{_where(finding)}: {finding.message(language())}")
    if len(found) > _REMARKED:
        remark(say("cli.check.more", number=number(len(found) - _REMARKED)))


def remark_refusal(reading: Reading) -> None:
    """Say what was found that must never be read, without repeating it."""
    for finding in reading.findings:
        if finding.code.startswith("privacy-"):
            remark(f"{_where(finding)}: {finding.message(language())} {finding.cure(language())}")
