"""what-if in sentences and tables: what is supposed, and per level what becomes of the same families."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .document import Cell, Document, Table
from .language import language, say
from .output import number
from .wording import assumption_texts, counted, families_text, in_weeks, level_text, source_text, weeks_text

if TYPE_CHECKING:
    from ..graph.analyses.comparing.comparison import Side
    from ..graph.analyses.comparing.queue_shift import QueueShift, QueueSide
    from ..graph.analyses.comparing.what_if_answer import Change, LevelShift, PlaceShift, WhatIf
    from ..graph.landscape import Landscape

#: Rows that no longer count, for readers; JSON has them all.
_MOST_ROWS = 4
#: Weeks closer to each other than this read the same.
_SAME = 0.05


def counted_texts(answer: WhatIf) -> list[str]:
    """Who was counted, as sentences."""
    said = [say("what_if.about"), say("what_if.same_ones")]
    if answer.frame.weighted:
        said.append(say("what_if.weighted", unit=answer.frame.unit))
    if answer.unplaced:
        said.append(say("what_if.unplaced"))
    if answer.uncounted:
        said.append(say("what_if.uncounted", number=number(answer.uncounted)))
    return said


def document(landscape: Landscape, answer: WhatIf, codes: Sequence[str], top: int, *, with_outdated: bool) -> Document:
    """The whole answer; ``top`` partners per level where more families come (0: all)."""
    made = Document()
    where = ", ".join(landscape.municipality_names.get(c, c) for c in codes)
    made.heading(say("what_if.title_in", where=where) if codes else say("what_if.title"))
    for change in answer.changes:
        made.say(_change(landscape, answer, change))
        if not change.somewhere:
            made.say(say("what_if.change.nowhere"))
    for level in answer.levels:
        made.heading(level_text(level.level))
        _level(made, landscape, answer, level, top)
    if any(level.queues for level in answer.levels):
        made.say(say("what_if.queue.about"))
    if with_outdated:
        made.say(say("answers.with_outdated"))
    for sentence in (*counted_texts(answer), *assumption_texts(answer.frame)):
        made.say(sentence)
    if any(level.hidden or any(p.hidden for p in level.places) for level in answer.levels):
        made.say(say("what_if.hidden", threshold=answer.threshold))
    made.say(say("answers.footer"))
    rows = answer.rows()
    made.flat = Table(list(rows[0]) if rows else ["level", "municipality"], [list(row.values()) for row in rows])
    return made


# --- what is supposed ----------------------------------------------------------------------------------
def _change(landscape: Landscape, answer: WhatIf, change: Change) -> str:
    from ..graph.altering.alterations import AddRoute, Close, NewCapacity, NewWait, RemoveRoute
    from ..graph.places import FAMILY

    a, rows = change.alteration, _rows(change)
    replaced = say("what_if.change.replaced", rows=rows) if rows else ""
    if isinstance(a, AddRoute | RemoveRoute):
        ends = {"start": _name(landscape, a.source), "end": _name(landscape, a.target)}
        if isinstance(a, RemoveRoute):
            return say("what_if.change.remove", rows=rows, **ends)
        handover = landscape.settings.new_handover_weeks
        if a.source == FAMILY or not handover:
            return say("what_if.change.add_self" if a.source == FAMILY else "what_if.change.add_at_once", **ends)
        return say("what_if.change.add", handover=in_weeks(handover * 7), **ends)
    told = {"partner": _name(landscape, a.subject), "replaced": replaced}
    if isinstance(a, Close):
        return say("what_if.change.close", **told)
    if isinstance(a, NewWait):
        return say("what_if.change.wait", wait=a.written, **told)
    if isinstance(a, NewCapacity):
        was = say("what_if.change.places_unknown") if change.places_before is None else number(change.places_before)
        return say("what_if.change.capacity", places=number(a.places), was=was, rows=rows, partner=told["partner"])
    raise TypeError(f"no alteration: {a!r}")


def _rows(change: Change) -> str:
    """The first rows that no longer count, and how many more there are."""
    first = source_text(change.replaced[:_MOST_ROWS])
    more = len(change.replaced) - _MOST_ROWS
    return say("what_if.change.and_more", rows=first, number=number(more)) if more > 0 else first


def _name(landscape: Landscape, endpoint: str) -> str:
    if endpoint.startswith("rol:"):
        return landscape.roles.label(endpoint[4:], language())
    return landscape.names.get(endpoint, endpoint)


# --- one level -------------------------------------------------------------------------------------------
def _level(made: Document, landscape: Landscape, answer: WhatIf, level: LevelShift, top: int) -> None:
    shift = level.shift
    if not shift.families.any():
        made.say(say("what_if.nobody"))
    elif not (shift.changes or shift.swayed or level.moved):
        made.say(say("what_if.nothing"))
    else:
        story = [_weeks(answer, level), *_who(answer, level), *_without(answer, level), *_certain(level)]
        made.say(" ".join(sentence for sentence in story if sentence))
        _moved(made, answer, level, top)
        _places(made, landscape, answer, level)
    for queue in level.queues:
        made.say(_queue(answer, queue))


def _count(answer: WhatIf, families: float | None) -> str:
    """A number of families, or of combinations where nobody counted families."""
    if families is None:
        return say("what_if.number_not_shown", unit=answer.frame.unit)
    if answer.frame.weighted:
        return families_text(families, answer.frame.unit)
    return say("what_if.combinations", number=number(round(families or 0)))


def _weeks(answer: WhatIf, level: LevelShift) -> str:
    """How long the families wait who have a way on both sides."""
    before, after = (level.shift.side(which, level.hidden) for which in ("before", "after"))
    if before.routed <= 0:
        return ""
    if before.mean_weeks is None or after.mean_weeks is None or level.difference_hidden:
        return say("what_if.weeks_hidden", unit=answer.frame.unit)
    values = {
        "families": _count(answer, before.shown("routed")),
        "mean_before": in_weeks(before.mean_weeks * 7),
        "mean_after": in_weeks(after.mean_weeks * 7),
    }
    if not answer.frame.weighted:
        return say("what_if.weeks_unweighted", **values)
    if not (level.shift.shorter or level.shift.longer):
        values.pop("mean_after")
        return say("what_if.weeks_equal", before=_total(before), **values)
    return say("what_if.weeks", before=_total(before), after=_total(after), **values)


def _total(side: Side) -> str:
    return _whole((side.shown("weeks_total") or 0.0) * 7)


def _whole(days: float) -> str:
    """Weeks of many families together, whole from ten on."""
    weeks = days / 7
    return counted("weeks", number(round(weeks))) if abs(weeks) >= 10 else in_weeks(days)


def _who(answer: WhatIf, level: LevelShift) -> Iterator[str]:
    """For how many it becomes shorter or longer, who gets a route and who has none any more."""
    from ..graph.analyses.comparing.shifts import shown

    shift, hidden = level.shift, level.hidden
    changes = (("shorter", shift.shorter, "shorter_only"), ("longer", shift.longer, "longer_only"))
    for name, families, without_weeks in changes:
        if families > 0:
            weeks = shown(shift, hidden, f"weeks_{name}")
            told = _count(answer, shown(shift, hidden, name))
            if weeks is None or not answer.frame.weighted:
                yield say(f"what_if.{without_weeks}", families=told)
            else:
                yield say(f"what_if.{name}", families=told, weeks=_whole(weeks * 7))
    for name, families in (("newly", shift.newly), ("lost", shift.lost)):
        if families > 0:
            yield say(f"what_if.{name}", families=_count(answer, shown(shift, hidden, name)))


def _without(answer: WhatIf, level: LevelShift) -> Iterator[str]:
    """Who has no route now and then, by the reasons of which the number changes."""
    before, after = (level.shift.side(which, level.hidden) for which in ("before", "after"))
    for reason in before.without:
        if before.without[reason] != after.without[reason]:
            values = {"before": _count(answer, before.shown(reason)), "after": _count(answer, after.shown(reason))}
            yield say("what_if.without", reason=say(f"answers.reason_short.{reason.replace(' ', '-')}"), **values)


def _certain(level: LevelShift) -> Iterator[str]:
    """How far the unknown waits matter: the range, and whether the sign is certain."""
    if level.range_hidden:
        return
    low, high = level.shift.range
    difference = level.shift.difference
    if abs(high - low) / 7 < _SAME:
        return
    yield say("what_if.range", low=_more(low), high=_more(high))
    if level.direction:
        yield say("what_if.sure_shorter" if level.direction < 0 else "what_if.sure_longer")
    elif level.certain:
        yield say("what_if.sure")
    else:
        same = (low < 0 and high < 0) or (low > 0 and high > 0)
        yield say("what_if.both_ends" if same and difference else "what_if.depends")


def _more(days: float) -> str:
    if abs(days) == float("inf"):
        return say("what_if.open")
    if abs(days) / 7 < _SAME:
        return say("what_if.even")
    return say("what_if.less" if days < 0 else "what_if.more", weeks=_whole(abs(days)))


def _moved(made: Document, answer: WhatIf, level: LevelShift, top: int) -> None:
    if not level.moved:
        return
    made.heading(f"{level_text(level.level)} — {say('what_if.moved')}")
    made.say(say("what_if.moved_about"))
    shown = level.moved[: top or None]
    said = any(m.response for m in shown)
    rows: list[list[Cell]] = []
    for m in shown:
        told = say("what_if.not_shown") if m.per_year is None else _number(m.per_year)
        rows.append([m.name, told, *([m.response or ""] if said else [])])
    weighted = answer.frame.weighted
    column = say("what_if.per_year", unit=answer.frame.unit) if weighted else say("what_if.combinations_more")
    made.table([say("what_if.partner"), column, *([say("what_if.response")] if said else [])], rows)
    if len(shown) < len(level.moved):
        made.say(say("answers.more", number=number(len(level.moved) - len(shown))))


def _number(families: float) -> str:
    """A number of families, of which parts are shared, for a table."""
    return number(round(families)) if families >= 1 else f"{families:.1f}".replace(".", say("cli.decimal"))


def _places(made: Document, landscape: Landscape, answer: WhatIf, level: LevelShift) -> None:
    """The municipalities where anything changes, by name."""
    changing = [place for place in level.places if place.shift.changes]
    if not changing or len(level.places) < 2:
        return
    columns = ("municipality", "mean_before", "mean_after", "shorter_column", "longer_column", "newly_column", "lost_column")
    rows = [_place(landscape, answer, place) for place in changing]
    made.table([say(f"what_if.{c}") for c in columns], rows)
    if len(changing) < len(level.places):
        made.say(say("what_if.elsewhere"))


def _place(landscape: Landscape, answer: WhatIf, place: PlaceShift) -> list[Cell]:
    from ..graph.analyses.comparing.shifts import shown

    hidden = say("what_if.not_shown")
    row: list[Cell] = [landscape.municipality_names.get(place.municipality, place.municipality)]
    for which in ("before", "after"):
        side = place.shift.side(which, place.hidden)
        mean = side.mean_weeks
        row.append(weeks_text(mean * 7) if mean is not None else hidden if side.routed else "")
    for name in ("shorter", "longer", "newly", "lost"):
        value = shown(place.shift, place.hidden, name)
        row.append(hidden if value is None else _number(value) if value else "")
    return row


# --- queues ----------------------------------------------------------------------------------------------
def _queue(answer: WhatIf, queue: QueueShift) -> str:
    partner = answer.names.get(queue.partner, queue.partner)
    if queue.suppressed or queue.after is None:
        return say("what_if.queue.hidden", partner=partner, unit=answer.frame.unit)
    values = {"partner": partner, "places_after": number(queue.after.places), "after": _queue_side(queue.after)}
    if queue.before is None:
        told = say("what_if.queue.then", **values)
    else:
        places, before = number(queue.before.places), _queue_side(queue.before)
        told = say("what_if.queue.both", places_before=places, before=before, **values)
    return f"{told} {say('what_if.queue.from_demand')}" if queue.modelled else told


def _queue_side(side: QueueSide) -> str:
    if side.low is None:
        return say("what_if.queue.none")
    if side.high is None:
        return say("what_if.queue.at_least", low=in_weeks(side.low * 7))
    if abs(side.high - side.low) < _SAME:
        return say("what_if.queue.one", weeks=in_weeks(side.low * 7))
    return say("what_if.queue.between", low=in_weeks(side.low * 7), high=in_weeks(side.high * 7))
