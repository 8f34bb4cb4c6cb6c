"""The layers as tables: there without scripts, and the receipts that the page opens take their texts from these rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ...graph.analyses.lines.contacts import NO_CONTACT, NO_LINE, NO_MEETING, TOO_WEAK
from ...graph.analyses.lines.short_lines import GOING, LIGHT_SUPPORT, ShortLine
from ...graph.analyses.proposing.answer import LevelRoutes, PlanStep, Proposal
from ...graph.analyses.waiting.answer import Level, Passed
from ...graph.analyses.waiting.bottlenecks import LEGAL_TASK
from ...ontology.catalogue import text
from ...ontology.concepts import scheme
from ..material import Material
from ..sheets import reach
from ..sheets.tables import Line, Sheet
from ..telling import inner
from .content import CONTACTS, Layers, contacts_shown
from .words import LayerWords

FLOW, STEPS, LINES, PLAN = "layer-flow", "layer-steps", "layer-contacts", "layer-proposals"
#: The columns by sheet: each is a sentence layers.field.NAME, those of figures also layers.field.share_NAME.
SHEETS: Final = {
    FLOW: ("partner", "level", "per_year", "arriving", "waiting", "week", "sole", "wait", "norm", "response", "source"),
    STEPS: ("step", "level", "step_per_year"),
    LINES: ("pair", "why", "missing", "strength", "where", "agreements", "response", "source"),
    PLAN: ("proposal", "level", "place", "joint_weeks", "joint_newly", "decision", "against", "where", "response", "source"),
}
_FIGURES: Final = ("per_year", "arriving", "waiting", "week", "sole", "step_per_year", "joint_weeks", "joint_newly")
_SAFETY: Final = "veiligheid"
_GROUNDS: Final = {GOING: "going", LIGHT_SUPPORT: "light"}
_MISSING: Final = {NO_LINE: "no_line", TOO_WEAK: "too_weak", NO_CONTACT: "no_contact", NO_MEETING: "no_meeting"}


def layer_sheets(material: Material, layers: Layers) -> Iterator[Sheet]:
    """Every table of the layers; none in the public edition."""
    words = LayerWords(material, layers.weighted)
    if layers.flows is not None:
        levels = layers.flows.levels
        yield _sheet(words, FLOW, "flow", (_passed(words, level, p) for level in levels for p in level.partners))
        yield _sheet(words, STEPS, "steps", (line for level in levels for line in _steps(words, level)))
    if layers.contacts is not None:
        yield _sheet(words, LINES, "contacts", (_contact(words, c) for c in contacts_shown(layers.contacts)))
    if layers.proposals is not None:
        yield _sheet(words, PLAN, "proposals", (line for level in layers.proposals.levels for line in _plan(words, level)))


def _sheet(words: LayerWords, sheet: str, name: str, lines: Iterable[Line]) -> Sheet:
    date = words.material.words.date(words.material.landscape.settings.reference_date)
    heading = words.say(f"sheet.{name}", date=date, most=CONTACTS)
    return Sheet(sheet, heading, tuple(_column(words, c) for c in SHEETS[sheet]), tuple(lines))


def _column(words: LayerWords, column: str) -> str:
    if words.weighted or column not in _FIGURES:
        return words.say(f"field.{column}", unit=words.unit)
    return words.say(f"field.share_{column.replace('step_per_year', 'step')}")


def _named(words: LayerWords, node: str) -> str:
    name = words.material.name(node)
    return inner(name, node) if words.material.knows(node) else name


# --- families -----------------------------------------------------------------------------------------------------
def _passed(words: LayerWords, level: Level, passed: Passed) -> Line:
    def said(name: str, value: float | None) -> str:
        hidden = name in passed.suppressed
        return words.figure(value, level.per_year) if hidden or value is not None else ""

    safe = _SAFETY in passed.roles
    of_law = not LEGAL_TASK.isdisjoint(passed.roles)
    # who waits on average follows from days, which an unweighted answer has of nobody
    waiting = said("waiting", passed.waiting) if words.weighted else ""
    return Line(
        (
            _named(words, passed.node),
            words.level(level.level),
            said("per_year", passed.per_year),
            said("arriving", passed.arriving),
            waiting,
            # of safety it is never said what less waiting would do
            "" if safe else said("weeks_per_week", passed.weeks_per_week),
            words.say("say.never") if of_law else said("sole_link", passed.sole_link),
            words.waits(passed),
            words.norm(passed),
            words.quotes([passed.node]),
            words.origin(passed.sources),
        ),
        reach.of_endpoint(words.material, passed.node),
    )


def _steps(words: LayerWords, level: Level) -> Iterator[Line]:
    """The steps of which the number is shown; of the others it is only said how many there are."""
    for step in level.routes:
        if step.per_year is not None:
            ends = (words.material.name(step.source), words.material.name(step.target))
            where = [reach.of_endpoint(words.material, node) for node in (step.source, step.target)]
            yield Line(
                (
                    words.say("say.route", start=ends[0], end=ends[1]),
                    words.level(level.level),
                    words.figure(step.per_year, level.per_year),
                ),
                reach.both(*where),
            )


# --- proposals to discuss -----------------------------------------------------------------------------------------
def _contact(words: LayerWords, line: ShortLine) -> Line:
    lang, material = words.lang, words.material
    strengths, statuses = scheme("strength"), scheme("agreement-status")
    if not line.registered:
        now = text("short_lines.no_line_now", lang)
    elif line.strength_now is None:
        now = text("short_lines.unknown_strength", lang)
    else:
        now = strengths.label(line.strength_now, lang)
    agreed = (
        words.say(
            "say.agreement",
            what=a.what or material.words.unknown,
            status=statuses.label(a.status, lang) if a.status else material.words.unknown,
        )
        for a in line.agreements
    )
    return Line(
        (
            text("short_lines.pair", lang, start=line.names[0], end=line.names[1]),
            "\n".join(text(f"short_lines.{_ground(line, why)}", lang) for why in line.why if why in _GROUNDS),
            "\n".join(text(f"short_lines.{_MISSING[why]}", lang) for why in line.why if why in _MISSING),
            words.say("say.strengths", now=now, needed=strengths.label(line.strength_needed, lang)),
            material.areas(line.shared_municipalities),
            "\n".join(agreed),
            words.quotes([line.start, line.end]),
            words.origin(line.sources),
        ),
        frozenset(line.shared_municipalities),
    )


def _ground(line: ShortLine, why: str) -> str:
    return "going_derived" if why == GOING and line.derived else _GROUNDS[why]


def _plan(words: LayerWords, level: LevelRoutes) -> Iterator[Line]:
    singles = {(route.start, route.end): route for route in level.routes}
    for place, step in enumerate(level.plan, 1):
        yield _proposal(words, level, step, place, singles.get((step.start, step.end)))


def _proposal(words: LayerWords, level: LevelRoutes, step: PlanStep, place: int, told: Proposal | None) -> Line:
    """A step of a plan; what only the list of the largest single proposals knows is said where it is in that list."""
    lang, material = words.lang, words.material
    where = [reach.of_endpoint(material, node) for node in (step.start, step.end)]
    objections = [text(f"direct_routes.objection.{o.key}", lang, **dict(o.values)) for o in told.objections] if told else []
    if told is None:
        # these two hold for every new route
        objections.append(text("direct_routes.objection.agreement", lang, start=step.start_name, end=step.end_name))
        objections.append(text("direct_routes.objection.queue", lang, end=step.end_name))
    free = told is not None and told.allowed != "besluit nodig"
    newly = words.hidden if step.newly is None else words.amount(step.newly)
    return Line(
        (
            words.say("say.proposed", start=step.start_name, end=step.end_name),
            words.level(level.level),
            str(place),
            words.weeks(step.days),
            newly,
            text(f"direct_routes.allowed.{'free' if free else 'decision'}", lang) if told else words.say("say.also"),
            "\n".join(objections),
            material.areas(told.municipalities) if told else "",
            words.quotes([step.start, step.end]),
            words.origin(told.sources) if told else "",
        ),
        reach.both(*where),
    )
