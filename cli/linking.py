"""short-lines: which contacts between partners are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Optional

import typer

from . import options
from .document import Cell, Document, Table
from .language import language, say
from .options import Age, AsFormat, Format, Internal, Lang, Level, Municipality, Out, Theme, WithOutdated
from .output import number, write
from .telling_ways import response_texts
from .wording import assumption_texts, header, source_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..graph.analyses.lines.short_lines import ShortLine, ShortLines
    from ..graph.landscape import Landscape

#: Contacts for readers, where they do not say how many.
_TOP = 20

Top = Annotated[Optional[int], typer.Option("--top", min=0, help=say("short_lines.top"))]  # noqa: UP045  # typer reads it


def short_lines(
    out: Out,
    gemeente: Municipality = None,
    age: Age = None,
    theme: Theme = None,
    level: Level = None,
    with_outdated: WithOutdated = False,
    internal: Internal = False,
    format: AsFormat = Format.table,
    top: Top = None,
    lang: Lang = None,
) -> int:
    from ..graph.analyses.lines.short_lines import short_lines as ask
    from .reading import read

    options.only_on_screen(internal, format)
    landscape = read(out)
    asked = options.asked(landscape, gemeente, age, theme, level)
    answer = ask(
        landscape,
        *asked,
        with_outdated=with_outdated,
        internal=internal,
    )
    most = (0 if format in (Format.json, Format.csv) else _TOP) if top is None else top
    found = {**header(answer.frame), **answer.as_dict()}
    found["assumptions"] = [*_counted(answer), *assumption_texts(answer.frame)]
    if most:
        found["lines"] = found["lines"][:most]
    write(_document(landscape, answer, asked.municipalities, most, with_outdated=with_outdated), found, format)
    return 0


def _counted(answer: ShortLines) -> list[str]:
    """How the order came about, as sentences."""
    if not answer.frame.weighted:
        return [say("short_lines.order_unweighted")]
    said = [say("short_lines.order", unit=answer.frame.unit)]
    return [*said, say("short_lines.repeated")] if answer.repeated else said


def _document(landscape: Landscape, answer: ShortLines, codes: Sequence[str], top: int, *, with_outdated: bool) -> Document:
    made = Document()
    where = ", ".join(landscape.municipality_names.get(c, c) for c in codes)
    made.heading(say("short_lines.title_for", where=where) if codes else say("short_lines.title"))
    shown = answer.lines[: top or None]
    made.say(say("short_lines.about") if shown else say("short_lines.none"))
    _table(made, landscape, answer, shown)
    if len(shown) < len(answer.lines):
        made.say(say("answers.more", number=number(len(answer.lines) - len(shown))))
    _agreements(made, shown)
    told = {partner for x in shown for partner in (x.start, x.end)}
    for sentence in response_texts(landscape, [said for said in answer.responses if said[0] in told]):
        made.say(sentence)
    _left_out(made, landscape, answer)
    if with_outdated:
        made.say(say("answers.with_outdated"))
    for sentence in (*_counted(answer), *assumption_texts(answer.frame)):
        made.say(sentence)
    if any(x.suppressed for x in shown):
        made.say(say("short_lines.hidden", threshold=answer.threshold))
    made.say(say("answers.footer"))
    made.flat = _flat(answer, top)
    return made


def _table(made: Document, landscape: Landscape, answer: ShortLines, shown: Sequence[ShortLine]) -> None:
    rows: list[list[Cell]] = []
    for x in shown:
        row: list[Cell] = [say("short_lines.pair", start=x.names[0], end=x.names[1]), "; ".join(_grounds(x))]
        if answer.frame.weighted:
            row.append(_families(x))
        row += [number(x.profiles), _strengths(x), "; ".join(_missing(x))]
        row.append(", ".join(landscape.municipality_names.get(c, c) for c in x.shared_municipalities))
        rows.append([*row, source_text(x.sources)])
    per_year = [say("short_lines.per_year", unit=answer.frame.unit)] if answer.frame.weighted else []
    first = [say(f"short_lines.{c}") for c in ("between", "why")]
    made.table([*first, *per_year, *(say(f"short_lines.{c}") for c in ("profiles", "line", "missing", "places", "source"))], rows)


def _families(x: ShortLine) -> str:
    if x.per_year is None:
        return say("short_lines.not_shown")
    return say("short_lines.below_one") if 0 < x.per_year < 1 else number(round(x.per_year))


def _strengths(x: ShortLine) -> str:
    """The strength of line now, and what the routes between the two need."""
    from ..ontology.concepts import scheme

    known = scheme("strength")
    now = say("short_lines.unknown_strength") if x.registered else say("short_lines.no_line_now")
    now = known.label(x.strength_now, language()) if x.strength_now else now
    return say("short_lines.strengths", now=now, needed=known.label(x.strength_needed, language()))


def _grounds(x: ShortLine) -> list[str]:
    from ..graph.analyses.lines.short_lines import GOING, LIGHT_SUPPORT

    told = {GOING: "going_derived" if x.derived else "going", LIGHT_SUPPORT: "light"}
    return [say(f"short_lines.{told[kind]}") for kind in x.why if kind in told]


def _missing(x: ShortLine) -> list[str]:
    from ..graph.analyses.lines.contacts import NO_CONTACT, NO_LINE, NO_MEETING, TOO_WEAK

    contact = "no_contact" if x.fixed_contact is None else "said_no_contact"
    told = {NO_LINE: "no_line", TOO_WEAK: "too_weak", NO_CONTACT: contact, NO_MEETING: "no_meeting"}
    return [say(f"short_lines.{told[kind]}") for kind in x.why if kind in told]


def _agreements(made: Document, shown: Sequence[ShortLine]) -> None:
    """Agreements on a fixed contact or a meeting between two that are listed, whatever became of them."""
    from ..ontology.concepts import scheme

    kinds, statuses = scheme("agreement-kind"), scheme("agreement-status")
    rows: list[list[Cell]] = []
    for x in shown:
        for a in x.agreements:
            status = statuses.label(a.status, language()) if a.status else say("answers.unknown")
            told: list[Cell] = [a.id, say("short_lines.pair", start=x.names[0], end=x.names[1]), kinds.label(a.kind, language())]
            rows.append([*told, status, a.what or "", a.evaluate_on or "", source_text([a.source])])
    if rows:
        made.heading(say("short_lines.agreements"))
        columns = ("agreement", "between", "kind", "status", "what", "evaluate_on", "source")
        made.table([say(f"short_lines.{c}") for c in columns], rows)


def _left_out(made: Document, landscape: Landscape, answer: ShortLines) -> None:
    """Who cannot be a contact: roles that nobody knows by name, initiatives without an organisation, safety."""
    if answer.unnamed:
        by_role: dict[str, list[str]] = {}
        for code, role, _ in answer.unnamed:
            by_role.setdefault(role, []).append(landscape.municipality_names.get(code, code))
        told = [
            say("short_lines.unnamed_role", role=landscape.roles.label(role, language()), places=", ".join(places))
            for role, places in by_role.items()
        ]
        made.say(say("short_lines.unnamed", number=number(answer.unnamed_steps), roles=" ".join(told)))
    if answer.loose_steps:
        made.say(say("short_lines.loose", number=number(answer.loose_steps)))
    made.say(say("short_lines.safety"))


def _flat(answer: ShortLines, top: int) -> Table:
    rows = answer.rows()[: top or None]
    columns = list(rows[0]) if rows else ["from", "to"]
    return Table(columns, [[row[c] for c in columns] for row in rows])
