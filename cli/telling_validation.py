"""What is wrong in RDF as people read it: each sentence once, with how often and the first things that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .document import Document, Table
from .language import language, say
from .output import number

if TYPE_CHECKING:
    from ..loaders.rdf import Alike, Validation
    from ..loaders.rdf.findings import RdfFinding


def document_of(found: Validation, top: int) -> Document:
    """The findings by sentence, each with ``top`` things at most (0: all)."""
    from ..graph.schema import TABLES

    made = Document()
    totals = {severity: number(n) for severity, n in found.counted.items()}
    triples, checked = sum(found.files.values()), sum(found.checked.values())
    made.say(say("validate.summary", triples=number(triples), checked=number(checked), **totals))
    at_fault = found.at_fault
    rows = [(TABLES[table].nl, number(n), number(at_fault[table])) for table, n in found.checked.items() if table]
    made.table([say("cli.check.table"), say("validate.checked"), say("validate.at_fault")], rows)
    if checked and not found.findings:
        made.say(say("validate.fine"))
    for alike in found.alike():
        _alike(made, alike, top, several=len(found.files) > 1)
    made.flat = _flat(found)
    return made


def _alike(made: Document, alike: Alike, top: int, *, several: bool) -> None:
    ones = alike.findings
    severity = say(f"cli.check.{alike.severity}")
    made.heading(say("validate.kind", severity=severity, about=_about(alike), number=number(len(ones))))
    made.say(alike.said[language()])
    shown = ones[: top or None]
    made.table(
        [say("cli.check.where"), say("validate.found")], [(_where(f, several=several), f.detail(language())) for f in shown]
    )
    if len(shown) < len(ones):
        made.say(say("cli.check.more", number=number(len(ones) - len(shown))))


def _about(alike: Alike) -> str:
    """Tables and column, or what a finding about a whole file is called."""
    from ..graph.schema import TABLES
    from ..loaders.rdf.beyond import SEVERITIES
    from ..loaders.rdf.facts import short

    if alike.code in SEVERITIES:
        return say(f"validate.beyond.{alike.code}.title")
    first = alike.findings[0]
    parts = [", ".join(dict.fromkeys(TABLES[f.table].nl for f in alike.findings if f.table))]
    if first.column:
        parts.append(first.column.nl if language() == "nl" else first.column.en)
    elif first.property:
        parts.append(short(first.property))
    return " · ".join(p for p in parts if p) or alike.code


def _where(finding: RdfFinding, *, several: bool) -> str:
    """The thing by its name and IRI; the file where there are more."""
    node = finding.node or ""
    if node.startswith("_:"):
        node = say("validate.blank", node=node)
    label = finding.label(language())
    named = f"{label} <{node}>" if label and node else label or node or finding.file
    return f"{finding.file}: {named}" if several and node else named


def _flat(found: Validation) -> Any:
    names = ("severity", "code", "file", "table", "node", "label", "property", "column", "value", "number", "message", "detail")
    rows = [f.as_dict(language()) for f in found.findings]
    return Table(names, [[row[n] for n in names] for row in rows])
