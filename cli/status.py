"""status: what is in a build, how fresh and complete it is, and which lists are due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .document import Cell, Document, Table
from .language import say
from .options import AsFormat, Format, Lang, Out
from .output import number, write

if TYPE_CHECKING:
    from ..graph.analyses.sources import SourceState
    from ..graph.analyses.state import State
    from ..graph.landscape import Landscape


def status(out: Out, format: AsFormat = Format.table, lang: Lang = None) -> int:
    from ..graph.analyses.state import state
    from .reading import open_edition

    edition = open_edition(out)
    landscape = edition.landscape()
    found = state(landscape)
    write(_status_document(landscape, found, edition.findings()), _status_answer(found, edition.findings()), format)
    return 0


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _status_document(landscape: Landscape, found: State, findings: list[dict[str, Any]]) -> Document:
    from ..graph.schema import TABLES

    made = Document()
    settings = landscape.settings
    made.heading(settings.title)
    made.say(say("cli.status.date" if found.reference_date_given else "cli.status.date_assumed", date=found.reference_date))
    if settings.publisher:
        made.say(say("cli.status.publisher", publisher=settings.publisher))
    _attention(made, found.sources)
    columns = [say(f"cli.status.{c}") for c in ("table", "rows", "sourced", "dated", "verified", "outdated", "latest")]
    rows: list[list[Cell]] = [
        [
            TABLES[t.name].nl,
            number(t.rows),
            _percent(t.sourced),
            _percent(t.dated),
            _percent(t.verified),
            _percent(t.outdated),
            t.latest or "",
        ]
        for t in found.tables
    ]
    made.table(columns, rows)
    made.say(say("cli.status.outdated_means", months=settings.outdated_after_months))
    w = found.waits
    made.heading(say("cli.status.waits"))
    made.say(
        say(
            "cli.status.waits_are",
            current=w.current,
            unknown=w.unknown,
            outdated=w.outdated,
            statements=w.statements,
            with_current=w.partners_with_current,
            partners=w.partners,
        )
    )
    made.heading(say("cli.status.complete"))
    made.table(
        [say("cli.status.table"), say("cli.status.column"), say("cli.status.filled")],
        [[TABLES[t.name].nl, TABLES[t.name].column(c).nl, _percent(share)] for t in found.tables for c, share in t.filled],
    )
    _sources(made, found.sources)
    counts = {s: sum(f["severity"] == s for f in findings) for s in ("fout", "waarschuwing", "opmerking")}
    made.say(say("cli.check.summary", **{k: number(v) for k, v in counts.items()}))
    made.flat = _status_flat(found)
    return made


def _source_name(source: SourceState) -> str:
    return source.file + (f" [{source.sheet}]" if source.sheet else "")


def _every(months: float) -> str:
    text = f"{months:g}".replace(".", say("cli.decimal"))
    return say("cli.status.every_month") if months == 1 else say("cli.status.every_months", months=text)


def _attention(made: Document, sources: Sequence[SourceState]) -> None:
    """What asks for a telephone call, before everything else."""
    said = []
    for source in sources:
        about = {"source": _source_name(source), "supplier": f" ({source.supplier})" if source.supplier else ""}
        expected = _every(source.every_months) if source.every_months else ""
        if source.missing:
            told = say("cli.status.missing_every", every=expected, **about) if expected else say("cli.status.missing", **about)
            said.append(told)
        elif source.late and source.latest:
            said.append(say("cli.status.late", every=expected, latest=source.latest, **about))
        elif source.late:
            said.append(say("cli.status.late_undated", every=expected, **about))
        if source.shrunken and not source.missing:
            said.append(say("cli.status.shrunken", read=number(source.read), least=number(source.rows_min or 0), **about))
    if said:
        made.heading(say("cli.status.attention"))
        for sentence in said:
            made.say(sentence)


def _sources(made: Document, sources: Sequence[SourceState]) -> None:
    from ..graph.schema import TABLES

    made.heading(say("cli.status.sources"))
    names = ("file", "table", "supplier", "expected", "latest", "read", "used", "quarantined", "least")
    made.table(
        [say(f"cli.status.{c}") for c in names],
        [
            [
                _source_name(s),
                TABLES[s.table].nl if s.table else "",
                s.supplier or "",
                _every(s.every_months) if s.every_months else "",
                s.latest or "",
                number(s.read),
                number(s.used),
                number(s.quarantined),
                "" if s.rows_min is None else number(s.rows_min),
            ]
            for s in sources
        ],
    )


def _status_flat(found: State) -> Table:
    """One long table: what is said of each table and of each source, one figure a row."""
    from ..graph.schema import TABLES

    rows: list[list[Cell]] = []
    for t in found.tables:
        figures: dict[str, Cell] = {"rows": t.rows, "sourced": t.sourced, "dated": t.dated, "verified": t.verified}
        figures |= {"outdated": t.outdated, "latest": t.latest}
        figures |= {f"filled.{TABLES[t.name].column(c).nl}": share for c, share in t.filled}
        rows += [["table", TABLES[t.name].nl, None, name, value] for name, value in figures.items()]
    for s in found.sources:
        rows += [
            ["source", s.file, s.sheet, name, value] for name, value in _source_answer(s).items() if name not in ("file", "sheet")
        ]
    return Table(("about", "name", "sheet", "figure", "value"), rows)


def _source_answer(source: SourceState) -> dict[str, Any]:
    from ..graph.schema import TABLES

    return {
        "file": source.file,
        "sheet": source.sheet,
        "table": TABLES[source.table].nl if source.table else None,
        "read": source.read,
        "used": source.used,
        "quarantined": source.quarantined,
        "supplier": source.supplier,
        "every_months": source.every_months,
        "rows_min": source.rows_min,
        "latest": source.latest,
        "due": source.due,
        "late": source.late,
        "missing": source.missing,
        "shrunken": source.shrunken,
    }


def _status_answer(found: State, findings: list[dict[str, Any]]) -> dict[str, Any]:
    from ..graph.schema import TABLES

    w = found.waits
    return {
        "question": "status",
        "reference_date": found.reference_date,
        "reference_date_given": found.reference_date_given,
        "tables": {
            TABLES[t.name].nl: {
                "rows": t.rows,
                "sourced": t.sourced,
                "dated": t.dated,
                "verified": t.verified,
                "outdated": t.outdated,
                "latest": t.latest,
                "filled": {TABLES[t.name].column(c).nl: share for c, share in t.filled},
            }
            for t in found.tables
        },
        "waits": {
            "current": w.current,
            "unknown": w.unknown,
            "outdated": w.outdated,
            "statements": w.statements,
            "partners_with_current": w.partners_with_current,
            "partners": w.partners,
        },
        "sources": [_source_answer(s) for s in found.sources],
        "findings": {s: sum(f["severity"] == s for f in findings) for s in ("fout", "waarschuwing", "opmerking")},
    }
