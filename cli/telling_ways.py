"""A way told: its steps with their sources, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .document import Cell, Document
from .language import language, say
from .wording import in_weeks, source_text, wait_text

if TYPE_CHECKING:
    from ..graph.analyses.ways import Statement
    from ..graph.landscape import Landscape
    from ..graph.routing.routes import Leg


def steps_table(made: Document, legs: Iterable[Leg], names: Mapping[str, str]) -> None:
    """One row per step: from, to, what kind, how long, since when, and where that stands."""
    from ..ontology.concepts import scheme

    rows: list[list[Cell]] = []
    for leg in legs:
        hop, about = leg.hop, wait_text(leg.wait)
        kind = scheme("route-kind").label(hop.kind, language()) if hop else say("answers.route.there")
        if leg.decision is not None:
            about += "; " + say("answers.route.decision", wait=wait_text(leg.decision))
        if hop and hop.handover:
            about += "; " + say("answers.route.handover", weeks=in_weeks(hop.handover))
        if hop and hop.derived:
            kind += " " + (say("answers.route.derived") if hop.route else say("answers.route.implied"))
        origin = [hop.origin] if hop and hop.origin else []
        sources = source_text([*origin, *leg.wait.sources, *(leg.decision.sources if leg.decision else ())])
        ends = [names.get(leg.source, leg.source), names.get(leg.target, leg.target)]
        rows.append([*ends, kind, about, leg.wait.as_of or "", sources])
    made.table([say(f"answers.route.{c}") for c in ("from", "to", "kind", "wait", "as_of", "source")], rows)


def statement_text(landscape: Landscape, statement: Statement) -> str:
    """What somebody said of a stretch, and that nothing was computed with it."""
    roles, known = landscape.roles, landscape.names
    on = " → ".join(roles.label(s[4:], language()) if s.startswith("rol:") else known.get(s, s) for s in statement.on)
    until = say("answers.statement_until", clock=statement.clock_to) if statement.clock_to else ""
    weeks = say("answers.statement_weeks", weeks=in_weeks(statement.expected)) if statement.expected is not None else ""
    date = statement.as_of or say("answers.undated")
    source = statement.source.text or source_text([statement.source])
    text = say("answers.statement", on=on, text=statement.text or "", weeks=weeks, until=until, date=date, source=source)
    return text + (" " + say("answers.statement_outside") if statement.outside else "")


def response_texts(landscape: Landscape, responses: Iterable[tuple[str, str]]) -> list[str]:
    """The partners' own words, which stand beside the figures about them."""
    names = landscape.names
    return [say("cli.explain.response", partner=names.get(partner, partner), response=words) for partner, words in responses]
