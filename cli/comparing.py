"""trend: two builds compared — what is registered differently, and how long the way to support takes in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from . import options
from .document import Cell, Document, Table
from .errors import CallError
from .language import say
from .options import Age, AsFormat, Format, Internal, Lang, Level, Municipality, Theme, Top, WithOutdated
from .output import number, progress, write
from .telling_changes import Found, tell_rows
from .wording import assumption_texts, families_text, header, in_weeks, level_text, weeks_text

if TYPE_CHECKING:
    from ..graph.analyses.comparing.comparison import Side
    from ..graph.analyses.comparing.trend import LevelTrend, PlaceTrend, Trend
    from ..graph.landscape import Landscape

#: Weeks closer to each other than this read the same.
_SAME: Final = 0.05


def trend(
    old: Annotated[str, typer.Argument(metavar="OLD", help=say("cli.options.trend_old"))],
    new: Annotated[str, typer.Argument(metavar="NEW", help=say("cli.options.trend_new"))],
    gemeente: Municipality = None,
    age: Age = None,
    theme: Theme = None,
    level: Level = None,
    with_outdated: WithOutdated = False,
    internal: Internal = False,
    format: AsFormat = Format.table,
    top: Top = 10,
    lang: Lang = None,
) -> int:
    from ..graph.analyses.comparing.trend import trend as ask
    from .reading import read

    options.only_on_screen(internal, format)
    before, after = read(old), read(new)
    codes = tuple(dict.fromkeys(_code(before, after, given) for given in gemeente or ()))
    with progress() as report:
        answer = ask(
            before,
            after,
            codes,
            options.ages(age),
            options.themes(after, theme),
            options.levels(level),
            with_outdated=with_outdated,
            internal=internal,
            progress=report,
        )
    told = {**header(answer.frame), **answer.as_dict()}
    told["assumptions"] = [*_counted(answer), *_assumptions(answer)]
    found = Found(before, after, answer.changes, None, (), codes, None)
    write(_document(found, answer, top, with_outdated=with_outdated), told, format)
    return 0


def _code(before: Landscape, after: Landscape, given: str) -> str:
    """The code of a municipality, as either of both knows it."""
    try:
        return options.municipality(after, given)
    except CallError:
        return options.municipality(before, given)


def _counted(answer: Trend) -> list[str]:
    """Who was counted, and what cannot be compared, as sentences."""
    before, after = answer.frame_before, answer.frame
    said = [say("trend.families")] if before.weighted and after.weighted else []
    if before.weighted != after.weighted:
        said.append(say("trend.unweighted_then" if after.weighted else "trend.unweighted_now"))
    if before.unit != after.unit:
        said.append(say("trend.other_unit", before=before.unit, after=after.unit))
    if None not in (known := (before.known_waits, after.known_waits)):
        shares = [_percent(share) for share in (*known, before.outdated_waits, after.outdated_waits)]
        values = dict(zip(("known_before", "known", "outdated_before", "outdated"), shares, strict=True))
        said.append(say("trend.waits", **values))
    return said


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0):.0f}%"


def _assumptions(answer: Trend) -> list[str]:
    """What was assumed for either build, each sentence once."""
    return list(dict.fromkeys([*assumption_texts(answer.frame), *assumption_texts(answer.frame_before)]))


def _document(found: Found, answer: Trend, top: int, *, with_outdated: bool) -> Document:
    made = Document()
    names = {**found.old.municipality_names, **found.new.municipality_names}
    dates = {"before": answer.frame_before.reference_date, "after": answer.frame.reference_date}
    where = ", ".join(names.get(c, c) for c in found.codes)
    made.heading(say("trend.title_in", where=where, **dates) if where else say("trend.title", **dates))
    made.say(say("trend.about"))
    for key, codes in (("came", answer.came), ("went", answer.went)):
        if codes:
            made.say(say(f"trend.{key}", places=", ".join(names.get(c, c) for c in codes)))
    made.heading(say("trend.rows"))
    if found.changes:
        tell_rows(made, found, top)
    else:
        made.say(say("trend.no_rows"))
    made.heading(say("trend.answers"))
    for sentence in _counted(answer):
        made.say(sentence)
    for level in answer.levels:
        made.heading(level_text(level.level))
        _level(made, names, answer, level)
    if with_outdated:
        made.say(say("answers.with_outdated"))
    for sentence in _assumptions(answer):
        made.say(sentence)
    sides = [s for level in answer.levels for s in (level.before, level.after)]
    sides += [s for level in answer.levels for place in level.places for s in (place.before, place.after) if s]
    if any(s.hidden for s in sides):
        made.say(say("trend.hidden", threshold=answer.threshold))
    made.say(say("answers.footer"))
    rows = answer.rows()
    made.flat = Table(list(rows[0]) if rows else ["level", "municipality"], [list(row.values()) for row in rows])
    return made


# --- one level -------------------------------------------------------------------------------------------
def _level(made: Document, names: dict[str, str], answer: Trend, level: LevelTrend) -> None:
    if level.before.per_year <= 0 and level.after.per_year <= 0:
        made.say(say("trend.nobody"))
        return
    made.say(" ".join(_story(answer, level)))
    if len(level.places) < 2:
        return
    differing = [place for place in level.places if _differs(place)]
    if not differing:
        made.say(say("trend.elsewhere"))
        return
    columns = ("municipality", "mean_before", "mean_after", "without_before", "without_after")
    made.table([say(f"trend.{c}") for c in columns], [_place(names, place) for place in differing])
    if len(differing) < len(level.places):
        made.say(say("trend.elsewhere"))


def _story(answer: Trend, level: LevelTrend) -> Iterator[str]:
    frames = answer.frame_before, answer.frame
    sides = level.before, level.after
    asked = [_count(f.weighted, f.unit, s.shown("per_year")) for f, s in zip(frames, sides, strict=True)]
    yield say("trend.asked", before=asked[0], after=asked[1])
    means = [_mean_text(s) for s in sides]
    key = "mean_equal" if means[0] == means[1] and sides[0].mean_weeks is not None else "mean"
    yield say(f"trend.{key}", after=means[1], **({"before": means[0]} if key == "mean" else {}))
    for reason in sides[0].without:
        if any(s.without[reason] > 0 for s in sides):
            told = [_count(f.weighted, f.unit, s.shown(reason)) for f, s in zip(frames, sides, strict=True)]
            yield say("trend.without", reason=_reason(reason), before=told[0], after=told[1])


def _reason(reason: str) -> str:
    return say(f"answers.reason_short.{reason.replace(' ', '-')}")


def _count(weighted: bool, unit: str, families: float | None) -> str:
    if families is None:
        return say("trend.number_not_shown", unit=unit)
    return families_text(families, unit) if weighted else say("trend.combinations", number=number(round(families)))


def _mean_text(side: Side) -> str:
    if side.mean_weeks is not None:
        return in_weeks(side.mean_weeks * 7)
    return say("trend.weeks_not_shown") if side.routed > 0 else say("trend.no_way")


def _differs(place: PlaceTrend) -> bool:
    """Whether anything that a reader sees of a municipality is another thing than it was."""
    before, after = place.before, place.after
    if before is None or after is None:
        return True
    means = [s.days / s.routed / 7 if s.routed else 0.0 for s in (before, after)]
    return abs(means[0] - means[1]) >= _SAME or any(round(before.without[r]) != round(n) for r, n in after.without.items())


def _place(names: dict[str, str], place: PlaceTrend) -> Sequence[Cell]:
    sides = place.before, place.after
    row: list[Cell] = [names.get(place.municipality, place.municipality)]
    for side in sides:
        if side is None:
            row.append(say("trend.absent"))
        elif side.mean_weeks is None:
            row.append(say("trend.not_shown") if side.routed > 0 else say("trend.no_way") if side.per_year > 0 else "")
        else:
            row.append(weeks_text(side.mean_weeks * 7))
    return [*row, *("" if side is None else _without(side) for side in sides)]


def _without(side: Side) -> str:
    """How many have no route, by reason."""
    told = []
    for reason, families in side.without.items():
        if families > 0:
            shown = side.shown(reason)
            text = say("trend.not_shown") if shown is None else number(round(shown))
            told.append(f"{text} ({_reason(reason)})")
    return ", ".join(told)
