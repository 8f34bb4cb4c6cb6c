"""route: what is the way to support, how long does it take, and how sure is that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Optional

import typer

from . import options
from .document import Cell, Document
from .errors import CallError
from .language import language, say
from .options import Age, AsFormat, Format, Lang, Level, Municipality, Out, Theme, Top, WithOutdated
from .output import write
from .wording import (
    age_text,
    assumption_texts,
    counted,
    header,
    in_weeks,
    known_text,
    level_text,
    profile_text,
    range_text,
    source_text,
    wait_text,
    weeks_text,
)

if TYPE_CHECKING:
    from ..graph.analyses.ways import RouteAnswer, Statement, Way
    from ..graph.landscape import Landscape

From = Annotated[Optional[str], typer.Option("--from", help=say("cli.options.from"))]  # noqa: UP045
To = Annotated[Optional[str], typer.Option("--to", help=say("cli.options.to"))]  # noqa: UP045
Via = Annotated[Optional[list[str]], typer.Option("--via", help=say("cli.options.via"))]  # noqa: UP045


def route(
    out: Out,
    start: From = None,
    goal: To = None,
    level: Level = None,
    gemeente: Municipality = None,
    age: Age = None,
    theme: Theme = None,
    k: Annotated[int, typer.Option("-k", min=1, max=50, help=say("cli.options.k"))] = 1,
    via: Via = None,
    until: Annotated[str, typer.Option("--until", metavar="afspraak|start", help=say("cli.options.until"))] = "afspraak",
    static: Annotated[bool, typer.Option("--static", help=say("cli.options.static"))] = False,
    with_outdated: WithOutdated = False,
    format: AsFormat = Format.table,
    top: Top = 0,
    lang: Lang = None,
) -> int:
    from ..graph.analyses.route import route as ask
    from .reading import read

    if until not in ("afspraak", "start"):
        raise CallError("until-unknown", value=until)
    landscape = read(out)
    codes = options.municipalities(landscape, gemeente)
    last: Literal["afspraak", "start"] = "start" if until == "start" else "afspraak"
    answer = ask(
        landscape,
        codes,
        start=options.endpoint(landscape, start),
        goal=options.endpoint(landscape, goal),
        levels=options.levels(level),
        age=options.ages(age),
        theme=options.themes(landscape, theme),
        alternatives=k,
        via=tuple(options.endpoint(landscape, v) or "" for v in via or ()),
        until=last,
        static=static,
        with_outdated=with_outdated,
    )
    found = {**header(answer.frame), **answer.as_dict()}
    write(_route_document(landscape, answer, last, with_outdated=with_outdated, top=top), found, format)
    return 0


def _route_document(landscape: Landscape, answer: RouteAnswer, until: str, *, with_outdated: bool, top: int) -> Document:
    made = Document()
    profile = answer.profile
    names = dict(answer.names)
    made.heading(say("answers.route.title", profile=profile_text(landscape, profile.municipality, profile.age, profile.theme)))
    spans = {s.level: s for s in answer.spans}
    levels = sorted({*spans, *(level for level, _ in answer.reasons)}, key=lambda x: -1 if x is None else x)
    for level in levels:
        if level is not None:
            made.heading(level_text(level))
        for n, way in enumerate(w for w in answer.ways if w.level == level):
            _way(made, landscape, answer, way, names, until, first=n == 0)
        if level in spans:
            span = spans[level]
            if span.high_path and span.high_path != _best_path(answer, level):
                path = " → ".join(names.get(p, p) for p in span.high_path)
                made.say(say("answers.route.other_path", path=path, weeks=in_weeks(span.high)))
        for which, reason in answer.reasons:
            if which == level:
                made.say(say(f"answers.reason.{reason.replace(' ', '-')}"))
    if with_outdated:
        made.say(say("answers.with_outdated"))
    for statement in answer.statements:
        made.say(_statement(landscape, statement))
    if answer.spread is not None:
        _spread(made, landscape, answer, top)
    _lighter(made, landscape, answer, levels)
    for sentence in assumption_texts(answer.frame):
        made.say(sentence)
    made.say(say("answers.footer"))
    made.long(answer.rows())
    return made


def _best_path(answer: RouteAnswer, level: int | None) -> tuple[str, ...]:
    """The path of the fastest way at a level."""
    return next(w.path for w in answer.ways if w.level == level)


def _way(
    made: Document, landscape: Landscape, answer: RouteAnswer, way: Way, names: dict[str, str], until: str, *, first: bool
) -> None:
    waits = [leg.wait for leg in way.legs]
    values = {
        "path": " → ".join(names.get(p, p) for p in way.path),
        "offering": names.get(way.offering or "", ""),
        "weeks": in_weeks(way.expected),
        "range": range_text(way.low, way.high),
        "hops": counted("hops", str(way.hops)),
        "retellings": way.retellings,
        "until": say(f"answers.until.{until}"),
        "profile": profile_text(landscape, way.profile.municipality, way.profile.age, way.profile.theme),
    }
    made.say(say("answers.route.path", **values))
    if way.offering:
        made.say(say("answers.route.offering", **values))
    if waits and all(w.assumed for w in waits):
        made.say(say("answers.route.all_unknown", **values))
    else:
        unknown = known_text(waits)
        key = "fastest" if first else "alternative"
        certain = "certain" if way.low == way.high else "uncertain"
        made.say(say(f"answers.route.{key}_{certain}", **values) + (f" {unknown}." if unknown else ""))
        if way.median is not None and way.p90 is not None:
            made.say(say("answers.route.quantiles", median=weeks_text(way.median), p90=weeks_text(way.p90)))
    if answer.spread is not None:
        made.say(say("answers.route.for_profile", **values))
    from ..ontology.concepts import scheme

    rows: list[list[Cell]] = []
    for leg in way.legs:
        kind = scheme("route-kind").label(leg.hop.kind, language()) if leg.hop else say("answers.route.there")
        about = wait_text(leg.wait)
        if leg.decision is not None:
            about += "; " + say("answers.route.decision", wait=wait_text(leg.decision))
        if leg.hop and leg.hop.handover:
            about += "; " + say("answers.route.handover", weeks=in_weeks(leg.hop.handover))
        if leg.hop and leg.hop.derived:
            kind += " " + (say("answers.route.derived") if leg.hop.route else say("answers.route.implied"))
        sources = [*([leg.hop.origin] if leg.hop and leg.hop.origin else []), *leg.wait.sources]
        rows.append(
            [
                names.get(leg.source, leg.source),
                names.get(leg.target, leg.target),
                kind,
                about,
                leg.wait.as_of or "",
                source_text(sources),
            ]
        )
    made.table([say(f"answers.route.{c}") for c in ("from", "to", "kind", "wait", "as_of", "source")], rows)


def _statement(landscape: Landscape, statement: Statement) -> str:
    roles, known = landscape.roles, landscape.names
    on = " → ".join(roles.label(s[4:], language()) if s.startswith("rol:") else known.get(s, s) for s in statement.on)
    until = say("answers.statement_until", clock=statement.clock_to) if statement.clock_to else ""
    weeks = say("answers.statement_weeks", weeks=in_weeks(statement.expected)) if statement.expected is not None else ""
    date = statement.as_of or say("answers.undated")
    source = statement.source.text or source_text([statement.source])
    text = say("answers.statement", on=on, text=statement.text or "", weeks=weeks, until=until, date=date, source=source)
    return text + (" " + say("answers.statement_outside") if statement.outside else "")


def _spread(made: Document, landscape: Landscape, answer: RouteAnswer, top: int) -> None:
    """How the answer differs by age and theme: a table of the distinct answers, most frequent first."""
    groups: dict[tuple[int | None, str], list[str]] = {}
    for s in answer.spread or ():
        text = say(f"answers.reason_short.{s.reason.replace(' ', '-')}") if s.reason else range_text(s.low, s.high)
        label = landscape.themes.label(s.theme, language())
        ages = age_text(s.age_from, s.age_until) if s.age_from < s.age_until else age_text(s.age_from, s.age_from + 12)
        place = landscape.municipality_names.get(s.municipality, s.municipality)
        groups.setdefault((s.level, text), []).append(f"{place}, {label}, {ages}")
    if len(groups) <= len({level for level, _ in groups}):
        return
    made.heading(say("answers.spread.title"))
    rows: list[list[Cell]] = [
        [level_text(level) if level is not None else "", text, len(which), which[0] + (" …" if len(which) > 1 else "")]
        for (level, text), which in sorted(
            groups.items(), key=lambda g: (-1 if g[0][0] is None else g[0][0], -len(g[1]), g[0][1])
        )
    ]
    made.table([say(f"answers.spread.{c}") for c in ("level", "weeks", "profiles", "example")], rows[: top or 12])


def _lighter(made: Document, landscape: Landscape, answer: RouteAnswer, levels: list[int | None]) -> None:
    """The lightest free offering that fits, where something heavier was asked for."""
    from ..graph.analyses.offers import offers as ask

    asked = [level for level in levels if level]
    profile = answer.profile
    if not asked or 0 in levels or profile.age is None:
        return
    lighter = tuple(range(min(asked)))
    found = ask(landscape, profile.municipality, profile.age, profile.theme, lighter).offers
    for o in found[:3]:
        if o.access == "vrij" and not o.wait.closed:
            where = say(f"answers.nearby.{o.nearby}")
            by = f" ({o.partner_name})" if o.partner_name else ""
            made.say(say("answers.lighter", name=o.name + by, where=where, wait=wait_text(o.wait)))
