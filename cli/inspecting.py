"""status and explain: what is in a build, and what stands behind one fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .document import Cell, Document, Table
from .errors import CallError
from .language import language, say
from .options import AsFormat, Format, Internal, Lang, Out, Top
from .output import number, write
from .wording import age_text

if TYPE_CHECKING:
    from ..graph.analyses.receipt import Fact, Receipt, Record
    from ..graph.analyses.state import State
    from ..graph.landscape import Landscape


# --- status ----------------------------------------------------------------------------------------
def status(out: Out, format: AsFormat = Format.table, lang: Lang = None) -> int:
    from ..graph.analyses.state import state
    from ..graph.edition import open_edition

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
    made.heading(say("cli.status.sources"))
    made.table(
        [say(f"cli.status.{c}") for c in ("file", "table", "supplier", "read", "used", "quarantined")],
        [
            [
                s.file + (f" [{s.sheet}]" if s.sheet else ""),
                TABLES[s.table].nl,
                s.supplier or "",
                number(s.read),
                number(s.used),
                number(s.quarantined),
            ]
            for s in found.sources
        ],
    )
    counts = {s: sum(f["severity"] == s for f in findings) for s in ("fout", "waarschuwing", "opmerking")}
    made.say(say("cli.check.summary", **{k: number(v) for k, v in counts.items()}))
    return made


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
        "sources": [
            {
                "file": s.file,
                "sheet": s.sheet,
                "table": TABLES[s.table].nl,
                "read": s.read,
                "used": s.used,
                "quarantined": s.quarantined,
            }
            for s in found.sources
        ],
        "findings": {s: sum(f["severity"] == s for f in findings) for s in ("fout", "waarschuwing", "opmerking")},
    }


# --- explain ---------------------------------------------------------------------------------------
def explain(
    out: Out,
    id: Annotated[str, typer.Argument(metavar="ID", help=say("cli.options.id"))],
    internal: Internal = False,
    format: AsFormat = Format.table,
    top: Top = 20,
    lang: Lang = None,
) -> int:
    from ..graph import read
    from ..graph.analyses.receipt import receipt
    from .options import endpoint

    landscape = read(out)
    found = receipt(landscape, id, internal=internal)
    if not found.records and not found.related:
        # not an id: perhaps the name of something
        found = receipt(landscape, _named(landscape, id, endpoint), internal=internal)
    write(_receipt_document(landscape, found, id, top), _receipt_answer(found, id), format)
    return 0


def _named(landscape: Landscape, given: str, endpoint: Any) -> str:
    from ..ontology.concepts import folded

    plain = folded(given)
    for code, name in landscape.municipality_names.items():
        if folded(name) == plain and code in set(landscape["municipalities"]["code"]):
            return code
    try:
        return str(endpoint(landscape, given))
    except CallError as error:
        raise CallError("id-unknown", value=given, suggestion=" " + str(error)) from error


def _value(landscape: Landscape, fact: Fact) -> str:
    """A fact's value with labels instead of slugs and codes."""
    from ..graph.schema import Kind
    from ..ontology.concepts import scheme

    if fact.suppressed:
        return say("cli.explain.suppressed", threshold=landscape.settings.threshold)
    column, value = fact.column, fact.value
    items = value if isinstance(value, list) else [value]
    if column.kind in (Kind.CONCEPT, Kind.CONCEPTS):
        known = {"role": landscape.roles, "theme": landscape.themes}.get(column.scheme) or scheme(column.scheme)
        return "; ".join(known.label(i, language()) for i in items)
    if column.kind in (Kind.MUNICIPALITY, Kind.MUNICIPALITIES) and column.name != "code":
        return "; ".join(landscape.municipality_names.get(i, i) for i in items)
    if column.kind in (Kind.PARTNER, Kind.PARTNERS, Kind.ENDPOINT, Kind.DESTINATION, Kind.CHAIN):
        return (" > " if column.kind is Kind.CHAIN else "; ").join(_endpoint_name(landscape, i) for i in items)
    if column.kind is Kind.AGE and isinstance(value, int):
        return (
            age_text(value, None)
            if column.name == "age_from"
            else age_text(None, value)
            if column.name == "age_until"
            else f"{value // 12}"
        )
    if isinstance(value, bool):
        return say("cli.yes") if value else say("cli.no")
    if isinstance(value, float):
        return f"{value:g}".replace(".", say("cli.decimal"))
    return "; ".join(str(i) for i in items)


def _endpoint_name(landscape: Landscape, endpoint: str) -> str:
    if endpoint.startswith("rol:"):
        return landscape.roles.label(endpoint[4:], language())
    name = landscape.names.get(endpoint)
    return f"{name} ({endpoint})" if name else endpoint


def _where(record: Record) -> str:
    s = record.source
    parts = [say("cli.explain.stands", file=s.file, sheet=f" [{s.sheet}]" if s.sheet else "", row=s.row)]
    parts.append(say("cli.explain.source", source=s.text) if s.text else say("cli.explain.no_source"))
    if s.date:
        parts.append(say("cli.explain.date", date=s.date))
    parts.append(say("cli.explain.verified", date=s.verified_on) if s.verified_on else say("cli.explain.not_verified"))
    return " · ".join(parts)


def _receipt_document(landscape: Landscape, found: Receipt, wanted: str, top: int) -> Document:
    made = Document()
    for record in found.records:
        made.heading(f"{record.table.nl}: {record.id}")
        rows: list[list[Cell]] = [[f.column.nl, _value(landscape, f)] for f in record.facts]
        if record.remark:
            rows.append([say("cli.explain.remark"), record.remark])
        made.table([say("cli.explain.column"), say("cli.explain.value")], rows)
        made.say(_where(record))
    if not found.records:
        made.heading(_endpoint_name(landscape, wanted))
    if found.related:
        made.heading(say("cli.explain.related", number=len(found.related)))
        shown = found.related[: top or None]
        made.table(
            [say("cli.explain.table"), say("cli.explain.what"), say("cli.explain.where")],
            [[r.table.nl, _short(landscape, r), _where(r)] for r in shown],
        )
        if len(shown) < len(found.related):
            made.say(say("answers.more", number=len(found.related) - len(shown)))
    made.flat = _receipt_flat(found)
    return made


def _short(landscape: Landscape, record: Record) -> str:
    wanted = ("name", "from", "to", "on", "kind", "value", "strength", "what", "title", "number")
    facts = {f.column.name: f for f in record.facts}
    return " · ".join(_value(landscape, facts[n]) for n in wanted if n in facts)


def _plain(value: Any) -> Cell:
    return "; ".join(value) if isinstance(value, list) else value


def _receipt_flat(found: Receipt) -> Table:
    columns = ("table", "id", "column", "value", "suppressed", "file", "sheet", "row", "source", "source_date", "verified_on")
    rows: list[list[Cell]] = []
    for record in (*found.records, *found.related):
        s = record.source
        for f in record.facts:
            about: list[Cell] = [s.file, s.sheet, s.row, s.text, s.date, s.verified_on]
            rows.append([record.table.nl, record.id, f.column.nl, _plain(f.value), f.suppressed, *about])
    return Table(columns, rows)


def _receipt_answer(found: Receipt, wanted: str) -> dict[str, Any]:
    def told(record: Record) -> dict[str, Any]:
        s = record.source
        return {
            "table": record.table.nl,
            "id": record.id,
            "facts": [
                {"column": f.column.nl, "value": f.value, **({"suppressed": True} if f.suppressed else {})} for f in record.facts
            ],
            "remark": record.remark,
            "file": s.file,
            "sheet": s.sheet,
            "row": s.row,
            "source": s.text,
            "source_date": s.date,
            "verified_on": s.verified_on,
        }

    return {
        "question": "explain",
        "id": wanted,
        "records": [told(r) for r in found.records],
        "related": [told(r) for r in found.related],
    }


COMMANDS = {"status": status, "explain": explain}
