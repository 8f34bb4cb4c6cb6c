"""The answers that change, in sentences and a table: the most important first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .document import Cell, Document
from .language import language, say
from .output import number
from .wording import age_text, counted, in_weeks, level_text

if TYPE_CHECKING:
    from ..graph.analyses.differences.outcomes import AnswerChange, AnswerChanges, Outcome, ProfileChange
    from ..graph.landscape import Landscape

#: So many changes are told in a sentence; the table has them all.
_TOLD = 5
_COUNTS = ("shorter", "longer", "reachable", "unreachable", "closed")


def tell(made: Document, old: Landscape, new: Landscape, found: AnswerChanges, top: int) -> None:
    """Headings, sentences and tables of what changes for families."""
    from ..graph.analyses.differences.answer_changes import with_ways

    groups = grouped(found.answers)
    if found.left_out:
        made.say(_left_out(new, found))
    if not groups:
        made.say(say("changes.answers.none"))
    else:
        made.heading(say("changes.answers.title", number=number(len(found.answers))))
        for group in groups[: min(_TOLD, top or _TOLD)]:
            made.say(_sentence(old, new, with_ways(old, new, group[:1]) + tuple(group[1:])))
        names = ("place", "start", "level")
        columns = [*(say(f"changes.answers.{c}") for c in names), say("changes.before"), say("changes.after")]
        columns += [say(f"changes.answers.{c}") for c in (*_COUNTS, "of")]
        made.table(columns, [_row(new, group) for group in groups[: top or None]])
        if top and len(groups) > top:
            made.say(say("answers.more", number=number(len(groups) - top)))
        made.say(say("changes.answers.unweighted"))
    _offers(made, old, new, found, top)


def grouped(answers: Sequence[AnswerChange]) -> list[list[AnswerChange]]:
    """Changes that are the same from several entries, together; in their order."""
    groups: dict[Any, list[AnswerChange]] = {}
    for a in answers:
        ends = [(o.days, o.reason) for o in (a.before, a.after)]
        key = (a.municipality, a.level, *ends, *(getattr(a, c) for c in _COUNTS), a.reason_changed)
        groups.setdefault(key, []).append(a)
    return list(groups.values())


def _left_out(landscape: Landscape, found: AnswerChanges) -> str:
    names = [place_name(landscape, m) for m in found.left_out]
    shown = ", ".join(names[:10])
    if len(names) > 10:
        shown = say("changes.answers.and_more", names=shown, number=number(len(names) - 10))
    compared, touched = number(len(found.compared)), number(len(found.touched))
    return say("changes.answers.left_out", touched=touched, compared=compared, names=shown)


def place_name(landscape: Landscape, code: str) -> str:
    return landscape.municipality_names.get(code, code)


def _starts(landscape: Landscape, group: Sequence[AnswerChange]) -> str:
    """From where, in words: any entry, or the roles."""
    if any(a.start is None for a in group):
        return say("changes.answers.from_any")
    names = [landscape.roles.label((a.start or "")[4:], language()) for a in group]
    shown = ", ".join(names[:3])
    if len(names) > 3:
        shown = say("changes.answers.and_more", names=shown, number=len(names) - 3)
    elif len(names) > 1:
        shown = say("changes.answers.and", names=", ".join(names[:-1]), last=names[-1])
    return say("changes.answers.from", start=shown)


def outcome_texts(before: Outcome, after: Outcome) -> tuple[str, str]:
    """Both outcomes in words; weeks with as many decimals as it takes to see the difference."""
    texts = [_outcome(o, None) for o in (before, after)]
    if before.days is not None and after.days is not None and before.days != after.days:
        for decimals in (1, 2):
            if texts[0] != texts[1]:
                break
            texts = [_outcome(o, decimals) for o in (before, after)]
    return texts[0], texts[1]


def _outcome(outcome: Outcome, decimals: int | None) -> str:
    if outcome.days is None:
        return say(f"answers.reason_short.{(outcome.reason or 'geen route').replace(' ', '-')}")
    if decimals is None:
        return in_weeks(outcome.days)
    return counted("weeks", f"{outcome.days / 7:.{decimals}f}".replace(".", say("cli.decimal")))


def _sentence(old: Landscape, new: Landscape, group: Sequence[AnswerChange]) -> str:
    change = group[0]
    before, after = outcome_texts(change.before, change.after)
    values = {
        "place": place_name(new, change.municipality),
        "start": _starts(new, group),
        "level": level_text(change.level).lower(),
        "before": before,
        "after": after,
    }
    had, has = change.before.days, change.after.days
    if had is None and has is None:
        key, reason = "none_still", ""
    elif had is None:
        key, reason = "appears", before
    elif has is None:
        key, reason = "vanishes", after
    else:
        key, reason = ("becomes" if before != after else "same"), ""
        values["before"] = _without_unit(change, before) if before != after else before
    sentence = say(f"changes.answers.{key}", **{**values, "reason": reason})
    largest = next((a.largest for a in group if a.largest is not None), None)
    return sentence + (" " + _largest(old, new, largest) if largest else "")


def _without_unit(change: AnswerChange | ProfileChange, before: str) -> str:
    """The number of weeks alone, where the unit follows with the second: "van 41 naar 38 weken"."""
    both = change.before.days is not None and change.after.days is not None
    return before.partition(" ")[0] if both else before


def _largest(old: Landscape, new: Landscape, largest: ProfileChange) -> str:
    before, after = outcome_texts(largest.before, largest.after)
    landscape, way = (new, largest.after) if largest.after.path else (old, largest.before)
    theme = new.themes.label(largest.theme, language())
    path = " → ".join(_station(landscape, node) for node in way.path)
    return say(
        "changes.answers.largest",
        profile=f"{theme}, {age_text(largest.age_from, largest.age_until)}",
        before=_without_unit(largest, before),
        after=after,
        path=say("changes.answers.path", path=path) if path else "",
    )


def _station(landscape: Landscape, node: str) -> str:
    return landscape.roles.label(node[4:], language()) if node.startswith("rol:") else landscape.names.get(node, node)


def _row(landscape: Landscape, group: Sequence[AnswerChange]) -> list[Cell]:
    change = group[0]
    counts: list[Cell] = [getattr(change, c) or "" for c in _COUNTS]
    place = place_name(landscape, change.municipality)
    return [
        place,
        _starts(landscape, group),
        level_text(change.level),
        *outcome_texts(change.before, change.after),
        *counts,
        change.profiles,
    ]


def _offers(made: Document, old: Landscape, new: Landscape, found: AnswerChanges, top: int) -> None:
    if not found.offers:
        return
    made.heading(say("changes.offers.title"))
    rows: list[list[Cell]] = []
    for offer in found.offers[: top or None]:
        cells: list[Cell] = [place_name(new, offer.municipality)]
        for landscape, ids in ((new, offer.appeared), (old, offer.vanished)):
            names = [landscape.names.get(f"aanbod:{i}", i) for i in ids]
            shown = ", ".join(names[:3])
            if len(names) > 3:
                shown = say("changes.answers.and_more", names=shown, number=number(len(names) - 3))
            cells.append(shown)
        rows.append(cells)
    made.table([say("changes.answers.place"), say("changes.added"), say("changes.gone")], rows)
    if top and len(found.offers) > top:
        made.say(say("answers.more", number=number(len(found.offers) - top)))


def answers_json(found: AnswerChanges) -> dict[str, Any]:
    """``answers``, ``offers`` and which municipalities were compared."""
    return {
        "answers": [_change(a) for a in found.answers],
        "offers": [
            {"municipality": o.municipality, "appeared": list(o.appeared), "vanished": list(o.vanished)} for o in found.offers
        ],
        "municipalities": {"touched": list(found.touched), "compared": list(found.compared)},
    }


def _change(a: AnswerChange) -> dict[str, Any]:
    largest = a.largest
    return {
        "municipality": a.municipality,
        "start": a.start,
        "level": a.level,
        "before": _outcome_json(a.before),
        "after": _outcome_json(a.after),
        "profiles": {"total": a.profiles, **{c: getattr(a, c) for c in (*_COUNTS, "reason_changed")}},
        "largest": None
        if largest is None
        else {
            "age_from": largest.age_from / 12,
            "age_until": largest.age_until / 12,
            "theme": largest.theme,
            "before": _outcome_json(largest.before),
            "after": _outcome_json(largest.after),
        },
    }


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    weeks = None if outcome.days is None else outcome.days / 7
    return {"weeks": weeks, "reason": outcome.reason, "path": list(outcome.path), "offering": outcome.offering}
