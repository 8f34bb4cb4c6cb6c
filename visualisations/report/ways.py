"""The routes that families go: per level the fastest registered ways from where they usually begin, each as a strip."""

from __future__ import annotations

from collections.abc import Iterable

from ...graph.routing.routes import Leg
from ...ontology.catalogue import text
from .figures import Scale, Segment, axis, sample, strip
from .gathered import LevelWays, UsualWay
from .parts import Cell, Group, Section, Strip
from .telling import Telling, begun, joined


def ways(telling: Telling, number: int) -> Section:
    """The ways of every level on one scale, so that they can be compared by eye."""
    say, found = telling.say, telling.found
    every = [u.way for level in found.ways for u in level.ways]
    norm = found.whole_way
    scale = Scale.over(days for way in every for days in (way.expected, way.high, way.low, norm.days if norm else None))
    groups = tuple(_level(telling, level, scale) for level in found.ways)
    kinds = ["known-0", "unknown", "range"]
    legend = [(sample(k), say(f"legend.{k.removesuffix('-0')}_step")) for k in kinds[:2]] + [
        (sample("range"), say("legend.range"))
    ]
    if norm is not None:
        legend.append((sample("norm"), say("legend.whole_way", norm=telling.norm(norm))))
    quotes = telling.quotes(node for way in every for node in way.path)
    return Section("ways", number, say("section.ways"), say("ways.lead"), tuple(legend), groups, quotes)


def _level(telling: Telling, level: LevelWays, scale: Scale) -> Group:
    say = telling.say
    heading = begun(telling.level(level.level))
    lines = []
    if level.reason:
        lines.append(Cell(text(f"answers.reason_short.{level.reason.replace(' ', '-')}", telling.lang).capitalize() + "."))
    closed = sorted({o.name for o in telling.found.every if o.level == level.level and o.wait.closed}, key=str.casefold)
    if closed:
        stops = [o.wait for o in telling.found.every if o.level == level.level and o.wait.closed]
        lines.append(
            Cell(
                say("ways.closed", names=telling.several(closed)),
                marks=telling.mark(s for w in stops for s in w.sources),
                look="closed",
            )
        )
    rest = level.entries - len({u.roles[0] for u in level.ways if u.roles})
    if level.ways and level.ways[0].roles and rest > 0:
        lines.append(Cell(telling.count("ways.more_entries", rest)))
    strips = tuple(_strip(telling, usual, scale) for usual in level.ways)
    return Group(heading, "", strips, axis(scale, say("ways.axis")) if strips else None, (), tuple(lines))


def _strip(telling: Telling, usual: UsualWay, scale: Scale) -> Strip:
    say, way = telling.say, usual.way
    title = " → ".join(telling.role(r) for r in usual.roles) or " → ".join(telling.station(n) for n in way.path)
    span = telling.span(way.low, way.expected, way.high)
    hops = telling.count("ways.hops", way.hops)
    again = telling.count("ways.retellings", way.retellings)
    unknown = sum(leg.wait.assumed for leg in way.legs)
    sure = say("ways.unknown", unknown=unknown, all=len(way.legs)) if unknown else ""
    said = joined((say("ways.takes", weeks=span), hops, again, sure))
    segments = [_segment(telling, leg) for leg in way.legs]
    norm = telling.found.whole_way
    figure = strip(segments, way.low, way.high, scale, say("ways.drawn", title=title, said=said), norm.days if norm else None)
    notes = []
    if usual.shortest is not None and round(usual.shortest) < round(way.expected):
        notes.append(say("ways.shortest", weeks=telling.time(usual.shortest)))
    if usual.others:
        notes.append(telling.count("ways.others", usual.others, role=telling.role(usual.roles[0])))
    tags = [say("ways.profile", profile=telling.profile(way.profile, usual.age_until))]
    if usual.longest:
        tags.append(say("ways.longest"))
    return Strip(begun(title), tuple(tags), said, figure, tuple(_steps(telling, way.path, way.legs)), tuple(notes))


def _segment(telling: Telling, leg: Leg) -> Segment:
    """A step as it is drawn: what is not known has no number, only a length."""
    days, assumed = leg.days("expected"), leg.total.assumed
    return Segment(days, assumed, "?" if assumed else telling.figure(days))


def _steps(telling: Telling, path: tuple[str, ...], legs: Iterable[Leg]) -> Iterable[Cell]:
    """The stations in order: where it begins, then each step with its kind, its time and where that stands."""
    say = telling.say
    steps = [leg for leg in legs if leg.hop is not None]
    if path:
        begins = path[0] if not steps else steps[0].source
        yield Cell(telling.station(begins), (say("ways.begins"),))
    for leg in legs:
        notes = []
        if leg.hop is None:
            name = say("ways.there_already")
        else:
            name = telling.station(leg.target)
            notes.append(telling.words.label("route-kind", leg.hop.kind) if leg.hop.kind else say("ways.free_step"))
        notes.append(_time(telling, leg))
        if leg.hop is not None and leg.hop.derived and leg.hop.route:
            notes.append(say("ways.derived"))
        if leg.offering is not None:
            notes.append(leg.offering.name)
        origin = [leg.hop.origin] if leg.hop and leg.hop.origin else []
        decided = leg.decision.sources if leg.decision else ()
        yield Cell(
            name, tuple(n for n in notes if n), marks=telling.mark((*origin, *leg.wait.sources, *decided)), look=_look(leg)
        )


def _look(leg: Leg) -> str:
    return ("outdated" if leg.wait.outdated else "unknown") if leg.wait.assumed else "known"


def _time(telling: Telling, leg: Leg) -> str:
    """The time of a step; an unknown wait is said so, with the range that it was taken to be."""
    say, total = telling.say, leg.total
    span = telling.span(total.low or 0.0, leg.days("expected"), total.high)
    if leg.wait.assumed:
        key = "ways.step_outdated" if leg.wait.outdated else "ways.step_unknown"
        said = say(key, weeks=span, old=leg.wait.written or telling.words.unknown, date=telling.date(leg.wait.as_of))
    elif total.high == 0:
        said = say("wait.none")
    else:
        said = say("ways.step", weeks=span, date=telling.date(leg.wait.as_of)) if leg.wait.as_of else span
    parts = []
    if leg.hop is not None and leg.hop.handover:
        parts.append(say("ways.handover", weeks=telling.time(leg.hop.handover)))
    if leg.decision is not None:
        decision = leg.decision
        took = telling.span(decision.low or 0.0, decision.expected or 0.0, decision.high)
        parts.append(say("ways.decision_assumed" if decision.assumed else "ways.decision", weeks=took))
    return f"{said} ({'; '.join(parts)})" if parts else said
