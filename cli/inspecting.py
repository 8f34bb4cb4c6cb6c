"""explain: what stands behind one fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .document import Cell, Document, Table
from .errors import CallError
from .language import say
from .naming import endpoint_name, value_text
from .options import AsFormat, Format, Internal, Lang, Out, Top
from .output import write

if TYPE_CHECKING:
    from ..graph.analyses.receipt import Fact, Receipt, Record
    from ..graph.landscape import Landscape


def explain(
    out: Out,
    id: Annotated[str, typer.Argument(metavar="ID", help=say("cli.options.id"))],
    internal: Internal = False,
    format: AsFormat = Format.table,
    top: Top = 20,
    lang: Lang = None,
) -> int:
    from ..graph.analyses.receipt import receipt
    from .options import endpoint, only_on_screen
    from .reading import read

    only_on_screen(internal, format)
    landscape = read(out)
    found = receipt(landscape, id, internal=internal)
    if not found.records and not found.related:
        # not an id: perhaps the name of something
        found = receipt(landscape, _named(landscape, id, endpoint), internal=internal)
    said = _responses(landscape, found)
    write(_receipt_document(landscape, found, id, top, said), _receipt_answer(found, id, said), format)
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


def _responses(landscape: Landscape, found: Receipt) -> tuple[tuple[str, str], ...]:
    """What the partners say that the records are about; a partner's own row says it itself."""
    from ..graph.responses import responses
    from ..graph.schema import Kind

    ends: list[str] = []
    for record in found.records:
        for fact in record.facts:
            if fact.column.kind in (Kind.PARTNER, Kind.PARTNERS, Kind.ENDPOINT, Kind.DESTINATION, Kind.CHAIN):
                ends += fact.value if isinstance(fact.value, list) else [fact.value]
    own = {record.id for record in found.records if record.table.name == "partners"}
    return tuple((partner, words) for partner, words in responses(landscape, ends) if partner not in own)


def _value(landscape: Landscape, fact: Fact) -> str:
    """A fact's value with labels instead of slugs and codes."""
    if fact.suppressed:
        return say("cli.explain.suppressed", threshold=landscape.settings.threshold)
    return value_text(landscape, fact.column, fact.value)


def _where(record: Record) -> str:
    s = record.source
    parts = [say("cli.explain.stands", file=s.file, sheet=f" [{s.sheet}]" if s.sheet else "", row=s.row)]
    parts.append(say("cli.explain.source", source=s.text) if s.text else say("cli.explain.no_source"))
    if s.date:
        parts.append(say("cli.explain.date", date=s.date))
    parts.append(say("cli.explain.verified", date=s.verified_on) if s.verified_on else say("cli.explain.not_verified"))
    return " · ".join(parts)


def _receipt_document(
    landscape: Landscape, found: Receipt, wanted: str, top: int, said: tuple[tuple[str, str], ...] = ()
) -> Document:
    made = Document()
    for record in found.records:
        made.heading(f"{record.table.nl}: {record.id}")
        rows: list[list[Cell]] = [[f.column.nl, _value(landscape, f)] for f in record.facts]
        if record.remark:
            rows.append([say("cli.explain.remark"), record.remark])
        made.table([say("cli.explain.column"), say("cli.explain.value")], rows)
        made.say(_where(record))
    for partner, words in said:
        made.say(say("cli.explain.response", partner=endpoint_name(landscape, partner), response=words))
    if not found.records:
        made.heading(endpoint_name(landscape, wanted))
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
    wanted = ("name", "written", "from", "to", "on", "kind", "value", "strength", "what", "title", "number")
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


def _receipt_answer(found: Receipt, wanted: str, said: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
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
        "responses": [{"partner": partner, "response": words} for partner, words in said],
    }
