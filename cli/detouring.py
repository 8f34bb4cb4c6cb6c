"""long-routes: where families go the long way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Optional

import typer

from . import options
from .document import Cell, Document, Table
from .language import language, say
from .options import Age, AsFormat, Format, Internal, Lang, Level, Municipality, Out, Theme, WithOutdated
from .output import number, write
from .telling_ways import response_texts, statement_text, steps_table
from .wording import (
    age_text,
    assumption_texts,
    counted,
    header,
    in_weeks,
    known_text,
    level_text,
    range_text,
    wait_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..graph.analyses.detours.patterns import LevelAnswer, LongRoutes, Pattern
    from ..graph.landscape import Landscape

#: Patterns per level for readers, where they do not say how many.
_TOP = 5

Top = Annotated[Optional[int], typer.Option("--top", min=0, help=say("long_routes.top"))]  # noqa: UP045


def long_routes(
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
    from ..graph.analyses.detours.long_routes import long_routes as ask
    from .reading import read

    options.only_on_screen(internal, format)
    landscape = read(out)
    asked = options.asked(landscape, gemeente, age, theme, level)
    everything = 0 if format in (Format.json, Format.csv) else _TOP
    answer = ask(
        landscape,
        *asked,
        top=everything if top is None else top,
        with_outdated=with_outdated,
        internal=internal,
    )
    found = {**header(answer.frame), **answer.as_dict()}
    found["assumptions"] = [*_counted(answer), *assumption_texts(answer.frame)]
    write(_document(landscape, answer, asked.municipalities, with_outdated=with_outdated), found, format)
    return 0


def _counted(answer: LongRoutes) -> list[str]:
    """Who was counted, as sentences."""
    said = [say("long_routes.weighted", unit=answer.frame.unit)] if answer.frame.weighted else []
    if answer.unplaced:
        said.append(say("long_routes.unplaced"))
    if answer.uncounted:
        said.append(say("long_routes.uncounted", number=number(answer.uncounted)))
    return said


def _document(landscape: Landscape, answer: LongRoutes, codes: Sequence[str], *, with_outdated: bool) -> Document:
    made = Document()
    names = dict(answer.names)
    where = ", ".join(landscape.municipality_names.get(c, c) for c in codes)
    made.heading(say("long_routes.title_for", where=where) if codes else say("long_routes.title"))
    made.say(say("long_routes.about"))
    for level in answer.levels:
        made.heading(level_text(level.level))
        if not level.patterns:
            made.say(say("long_routes.none"))
        for pattern in level.patterns:
            _pattern(made, landscape, answer, pattern, names)
        if level.number > len(level.patterns):
            made.say(say("answers.more", number=number(level.number - len(level.patterns))))
        _without(made, answer, level)
        _entries(made, landscape, level)
    if with_outdated:
        made.say(say("answers.with_outdated"))
    for statement in answer.statements:
        made.say(statement_text(landscape, statement))
    for sentence in response_texts(landscape, answer.responses):
        made.say(sentence)
    for sentence in (*_counted(answer), *assumption_texts(answer.frame)):
        made.say(sentence)
    if any(_is_hidden(level) for level in answer.levels):
        made.say(say("long_routes.hidden", threshold=answer.threshold))
    made.say(say("answers.footer"))
    made.flat = _flat(answer)
    return made


def _is_hidden(level: LevelAnswer) -> bool:
    reasons = any(families is None for _, families in level.without_route)
    return level.suppressed or reasons or any(p.suppressed for p in level.patterns)


def _pattern(made: Document, landscape: Landscape, answer: LongRoutes, pattern: Pattern, names: dict[str, str]) -> None:
    """One pattern as a story: weeks, who, an example, its steps, and what is lighter."""
    way, profile = pattern.way, pattern.way.profile
    waits = [leg.wait for leg in way.legs]
    values = {
        "pattern": roles_text(landscape, pattern.roles),
        "weeks": in_weeks(way.expected),
        "range": range_text(way.low, way.high),
        "hops": counted("hops", str(way.hops)),
        "retellings": way.retellings,
        "places": ", ".join(landscape.municipality_names.get(c, c) for c in pattern.municipalities),
        "wait": wait_text(waits[-1]),
    }
    key = "no_hops" if not way.hops else "all_unknown" if all(w.assumed for w in waits) else None
    key = key or ("certain" if way.low == way.high else "uncertain")
    story = [say(f"long_routes.{key}", **values)]
    unknown = known_text(waits)
    if unknown and key in ("certain", "uncertain"):
        story.append(f"{unknown[0].upper()}{unknown[1:]}.")
    if answer.frame.weighted:
        story.append(_families(pattern.per_year, answer.frame.unit))
    if way.expected - pattern.shortest >= 1:
        story.append(say("long_routes.shortest", weeks=in_weeks(pattern.shortest)))
    made.say(" ".join(story))
    made.say(
        say(
            "long_routes.example",
            ages=_ages(profile.age or 0, pattern.age_until),
            theme=landscape.themes.label(profile.theme or "", language()),
            place=landscape.municipality_names.get(profile.municipality, profile.municipality),
            path=" → ".join(names.get(n, n) for n in way.path),
        )
    )
    if pattern.not_required:
        steps = ", ".join(roles_text(landscape, step, begin=False) for step in pattern.not_required)
        made.say(say("long_routes.not_required", steps=steps))
    for o in pattern.lighter:
        by = f" ({o.partner_name})" if o.partner_name else ""
        made.say(say("answers.lighter", name=o.name + by, where=say(f"answers.nearby.{o.nearby}"), wait=wait_text(o.wait)))
    if way.hops:
        steps_table(made, way.legs, names)


def _ages(low: int, high: int) -> str:
    """A band of ages: "12 t/m 17 jaar", or "14 jaar" where it is one year."""
    return say("answers.years", years=low // 12) if (low % 12, high - low) == (0, 12) else age_text(low, high)


def _families(families: float | None, unit: str) -> str:
    if families is None:
        return say("long_routes.not_shown", unit=unit)
    return say("long_routes.per_year", number=_about(families), unit=unit)


def _about(families: float) -> str:
    """A number of families, which may be a share, as whole ones."""
    return say("long_routes.below_one") if 0 < families < 1 else number(round(families))


def _without(made: Document, answer: LongRoutes, level: LevelAnswer) -> None:
    """Who has no way: families by reason, or combinations where families are not counted."""
    if not level.profiles_without:
        return
    if not answer.frame.weighted:
        values = {"number": number(level.profiles_without), "total": number(level.profiles)}
        made.say(say("long_routes.profiles_without", **values))
        return
    told = []
    for reason, families in level.without_route:
        text = say(f"answers.reason_short.{reason.replace(' ', '-')}")
        if families is None:
            told.append(say("long_routes.reason_hidden", reason=text))
        elif families:
            told.append(say("long_routes.reason", reason=text, number=_about(families)))
    if told:
        made.say(say("long_routes.without", reasons=", ".join(told)))


def _entries(made: Document, landscape: Landscape, level: LevelAnswer) -> None:
    """Per entry role the longest of the fastest ways, where there is more than one entry."""
    if len(level.entries) < 2:
        return
    made.heading(f"{level_text(level.level)} — {say('long_routes.entries')}")
    rows: list[list[Cell]] = []
    for e in level.entries:
        weeks = say("long_routes.with_assumptions", weeks=in_weeks(e.days)) if e.assumed else in_weeks(e.days)
        place = landscape.municipality_names.get(e.municipality, e.municipality)
        rows.append([landscape.roles.label(e.role, language()), weeks, roles_text(landscape, e.roles), place])
    made.table([say(f"long_routes.{c}") for c in ("entry", "expected", "by", "place")], rows)


def roles_text(landscape: Landscape, roles: Sequence[str], *, begin: bool = True) -> str:
    """Roles in order: "Huisarts → SOJ → gemeente"."""
    text = " → ".join(landscape.roles.label(r, language()) for r in roles)
    return text[:1].upper() + text[1:] if begin else text


def _flat(answer: LongRoutes) -> Table:
    rows = answer.rows()
    columns = list(rows[0]) if rows else ["level", "roles"]
    return Table(columns, [[row[c] for c in columns] for row in rows])
