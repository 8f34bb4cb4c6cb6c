"""direct-routes: which new routes would save families waiting, to discuss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from . import options
from .document import Cell, Document
from .language import language, say
from .options import Age, AsFormat, Format, Internal, Lang, Level, Municipality, Out, Theme, Top, WithOutdated
from .output import write
from .wording import assumption_texts, counted, families_text, header, in_weeks, level_text, profile_text, weeks_text

if TYPE_CHECKING:
    from ..graph.analyses.proposing.answer import DirectRoutes, LevelRoutes, Proposal
    from ..graph.landscape import Landscape


def direct_routes(
    out: Out,
    k: Annotated[int, typer.Option("-k", min=0, max=50, help=say("cli.options.plan_k"))] = 5,
    gemeente: Municipality = None,
    age: Age = None,
    theme: Theme = None,
    level: Level = None,
    with_outdated: WithOutdated = False,
    internal: Internal = False,
    format: AsFormat = Format.table,
    top: Top = 5,
    lang: Lang = None,
) -> int:
    from ..graph.analyses.proposing.direct_routes import direct_routes as ask
    from .reading import read

    options.only_on_screen(internal, format)
    landscape = read(out)
    answer = ask(
        landscape,
        *options.asked(landscape, gemeente, age, theme, level),
        k=k,
        top=top,
        with_outdated=with_outdated,
        internal=internal,
    )
    write(_document(landscape, answer), {**header(answer.frame), **answer.as_dict(language())}, format)
    return 0


def _document(landscape: Landscape, answer: DirectRoutes) -> Document:
    made = Document()
    made.heading(say("direct_routes.title"))
    made.say(say("direct_routes.about"))
    for found in answer.levels:
        made.heading(level_text(found.level))
        _now(made, answer, found)
        if not found.routes:
            made.say(say("direct_routes.none"))
        for route in found.routes:
            for sentence in proposal_texts(landscape, answer, route):
                made.say(sentence)
            made.say("")
        if found.total > len(found.routes):
            made.say(say("answers.more", number=found.total - len(found.routes)))
        _plan(made, found)
    for sentence in assumption_texts(answer.frame):
        made.say(sentence)
    made.say(say("answers.footer"))
    made.long(answer.rows())
    return made


def _now(made: Document, answer: DirectRoutes, found: LevelRoutes) -> None:
    now = found.now
    if not answer.frame.weighted:
        made.say(say("direct_routes.now_unweighted", number=round(now.per_year or 0)))
        return
    families = families_text(now.per_year, answer.frame.unit)
    made.say(say("direct_routes.now", families=families, weeks=_weeks(now.days)))


def _weeks(days: float | None) -> str:
    """Family-days as whole weeks; too few families to say are said so."""
    return say("direct_routes.hidden") if days is None else counted("weeks", f"{days / 7:.0f}")


def proposal_texts(landscape: Landscape, answer: DirectRoutes, route: Proposal) -> list[str]:
    """One proposal in sentences (ANALYSES, Wording)."""
    found = [_saving(answer, route), *_reached(answer, route)]
    allowed = "decision" if route.allowed == "besluit nodig" else "free"
    found.append(say(f"direct_routes.allowed.{allowed}"))
    against = "; ".join(say(f"direct_routes.objection.{o.key}", **dict(o.values)) for o in route.objections)
    found.append(say("direct_routes.against", objections=against))
    if route.queue is not None:
        before, after = route.queue.before, route.queue.after
        steady = before.wait_weeks is not None and after.wait_weeks is not None
        key = "steady" if steady else "unsteady"
        waits = {
            "before": in_weeks((before.wait_weeks or 0.0) * 7),
            "after": in_weeks((after.wait_weeks or 0.0) * 7),
        }
        found.append(say(f"direct_routes.queue.{key}", end=route.end_name, **waits))
    if route.example is not None and len(route.path) > 1:
        p = route.example
        path = " → ".join(_name(landscape, node) for node in route.path)
        found.append(say("direct_routes.example", profile=profile_text(landscape, p.municipality, p.age, p.theme), path=path))
    if route.municipalities:
        places = ", ".join(landscape.municipality_names.get(c, c) for c in route.municipalities)
        found.append(say("direct_routes.where", municipalities=places))
    if not route.stable:
        found.append(say("direct_routes.unstable"))
    for id_, status, what in route.agreements:
        found.append(say("direct_routes.agreement", id=id_, status=status or "?", what=what or ""))
    if route.response:
        found.append(say("direct_routes.response", end=route.end_name, text=route.response))
    return [" ".join(found[: 2 + bool(_reached(answer, route))]), *found[2 + bool(_reached(answer, route)) :]]


def _name(landscape: Landscape, node: str) -> str:
    """A node as readers know it; a placeholder by its role."""
    return landscape.roles.label(node[4:], language()) if node.startswith("rol:") else landscape.names.get(node, node)


def _saving(answer: DirectRoutes, route: Proposal) -> str:
    values = {"start": route.start_name, "end": route.end_name}
    if route.days is None:
        return say("direct_routes.route_hidden", **values)
    if not route.days:
        return say("direct_routes.route_newly_only", **values)
    families = route.families or 0.0
    weighted = answer.frame.weighted
    each = 1.0 if weighted else families
    low, high = route.low or 0.0, route.high
    unsure = high is None or abs(high - low) > 0.5
    text = f"{weeks_text(low / each)}–{'…' if high is None else weeks_text(high / each)}"
    values["range"] = say("direct_routes.range", range=counted("weeks", text)) if unsure else ""
    if weighted:
        return say("direct_routes.route", weeks=_weeks(route.days), **values)
    return say("direct_routes.route_unweighted", number=round(families), weeks=in_weeks(route.days / each), **values)


def _reached(answer: DirectRoutes, route: Proposal) -> list[str]:
    if route.newly is None:
        return [say("direct_routes.newly_hidden")]
    if not route.newly:
        return []
    if not answer.frame.weighted:
        return [say("direct_routes.newly_unweighted", number=round(route.newly))]
    return [say("direct_routes.newly", families=families_text(route.newly, answer.frame.unit))]


def _plan(made: Document, found: LevelRoutes) -> None:
    if len(found.plan) < 2:
        return
    made.heading(say("direct_routes.plan"))
    made.say(say("direct_routes.plan_about"))
    hidden = say("direct_routes.hidden")
    rows: list[list[Cell]] = [
        [
            f"{n}. {step.start_name} → {step.end_name}",
            hidden if step.days is None else round(step.days / 7),
            hidden if step.newly is None else round(step.newly),
        ]
        for n, step in enumerate(found.plan, 1)
    ]
    made.table([say(f"direct_routes.column.{c}") for c in ("route", "weeks", "newly")], rows)
