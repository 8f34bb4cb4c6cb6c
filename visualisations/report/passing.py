"""Where families pass and wait: what bottlenecks answers, with its numbers of families and those that it hides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...graph.analyses.waiting.answer import CAUSES, UNKNOWN, Bottlenecks, Level, Passed
from ...ontology.catalogue import text
from .parts import Cell, Group, Section, Table
from .telling import Telling, begun

#: Of a level so many places are told; a knelpunt always.
PLACES = 8


def passing(telling: Telling, number: int, flows: Bottlenecks) -> Section:
    """Per level who asks for it, who has no way, and where they pass and wait."""
    say = telling.say
    groups = tuple(_level(telling, level, weighted=flows.frame.weighted) for level in flows.levels)
    threshold = flows.threshold
    lead = say("passing.lead", unit=telling.unit)
    if not flows.frame.weighted:
        lead += " " + say("passing.unweighted", unit=telling.unit)
    elif threshold:
        lead += " " + say("passing.threshold", unit=telling.unit, threshold=threshold)
    quotes = telling.quotes(p.node for level in flows.levels for p in told_places(level))
    return Section("passing", number, say("section.passing"), lead, (), groups, quotes)


def told_places(level: Level) -> list[Passed]:
    """The places of a level that are told, by name: every knelpunt, and of the others those that come first in the analysis."""
    waiting = [p for p in level.partners if p.bottleneck or p.weeks_per_week != 0]
    return by_name(p for n, p in enumerate(waiting) if n < PLACES or p.bottleneck)


def by_name(places: Iterable[Passed]) -> list[Passed]:
    """Places by name: nobody is ranked by the number that waits, least of all where it is hidden."""
    return sorted(places, key=lambda p: (p.name.casefold(), p.node))


def cause_of(telling: Telling, passed: Passed) -> str:
    """Why a bottleneck is one, as far as the tables know."""
    return telling.say(f"cause.{CAUSES[passed.cause or UNKNOWN]}")


def _level(telling: Telling, level: Level, *, weighted: bool) -> Group:
    say = telling.say
    shown = told_places(level)
    columns = ["partner", "wait", "norm", *(["waiting", "through", "sole"] if weighted else []), "source"]
    rows = tuple(_row(telling, passed, weighted=weighted) for passed in shown)
    heading = begun(telling.level(level.level))
    table = Table("passing", heading, tuple(say(f"column.{c}") for c in columns), rows)
    lines = [Cell(line) for line in _asked(telling, level, weighted=weighted)]
    if len(shown) < len(level.partners):
        lines.append(Cell(telling.count("passing.more", len(level.partners) - len(shown))))
    if not level.partners:
        lines.append(Cell(say("passing.nobody")))
    return Group(heading, tables=(table,) if rows else (), lines=tuple(lines))


def _asked(telling: Telling, level: Level, *, weighted: bool) -> Iterator[str]:
    say = telling.say
    if not weighted:
        return
    yield say("passing.asked", families=telling.families(level.per_year), unit=telling.unit)
    without = [(reason, number) for reason, number in level.without_route.items() if number != 0]
    if without:
        said = (
            say(
                "passing.reason",
                families=telling.families(number),
                reason=text(f"answers.reason_short.{reason.replace(' ', '-')}", telling.lang),
            )
            for reason, number in without
        )
        yield say("passing.without", reasons="; ".join(said))


def _row(telling: Telling, passed: Passed, *, weighted: bool) -> tuple[Cell, ...]:
    say, norm = telling.say, telling.norm(passed.norm)
    tag = say("passing.bottleneck") if passed.bottleneck else ""
    cause = (cause_of(telling, passed),) if passed.bottleneck else ()
    wait = telling.wait_cell(passed.wait)
    cells = [
        Cell(passed.name, cause, tag=tag, look="bottleneck" if tag else ""),
        Cell(wait.text, wait.notes, look=wait.look),
        Cell(norm or "–"),
    ]
    if weighted:
        for name in ("weeks_per_week", "per_year", "sole_link"):
            value = getattr(passed, name)
            unsaid = value is None and name not in passed.suppressed
            cells.append(Cell("–" if unsaid else telling.families(value), look="number"))
    return (*cells, Cell("", marks=telling.mark(passed.sources)))
