"""What to ask for, what became of agreements, and questions: the last parts of an advice in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ...graph.analyses.advising.answer import ToAsk
from ...graph.analyses.advising.past_agreements import DUE, SOON, Kept
from ...ontology.concepts import scheme
from .parts import Item, Line
from .telling import Telling

#: So many agreements are told one by one: those that are due, then the others that people keep to.
AGREEMENTS: Final = 4
#: The questions by the concept that they belong to.
_ASPECTS: Final = (
    ("krachtgericht", "questions.krachtgericht"),
    ("nabijheid", "questions.nabijheid"),
    ("eigen-regie", "questions.eigen-regie"),
    ("sociaal-netwerk", "questions.sociaal-netwerk"),
    ("op-en-afschalen", "questions.op-en-afschalen"),
)
_LEVELS_OF_ACTION: Final = (
    ("gezin", "questions.gezin"),
    ("uitvoering", "questions.uitvoering"),
    ("beleid", "questions.beleid"),
)


# --- 6 · what to ask for first -----------------------------------------------------------------------------------
def asking(telling: Telling) -> tuple[list[Item], list[Line]]:
    """The waits to ask for, by how far each of them moves the answer."""
    items = [_ask(telling, one) for one in telling.advice.to_ask]
    return items, [] if items else [Line(telling.say("ask.none"))]


def _ask(telling: Telling, one: ToAsk) -> Item:
    say, ends = telling.say, {"low": telling.time(one.low), "high": telling.time(one.high)}
    if one.days is None:
        moved = say("ask.moved_hidden")
    elif telling.advice.frame.weighted:
        moved = say("ask.moved", weeks=telling.weeks(one.days), **ends)
    else:
        whole = sum(a.per_year or 0.0 for a in telling.advice.asked if a.level in one.levels)
        moved = say("ask.moved_share", weeks=telling.time(one.days / whole if whole else 0.0), **ends)
    levels = say("ask.levels", levels=telling.several([telling.level(level) for level in one.levels]))
    counted = telling.demand if telling.advice.frame.weighted and one.days is not None else ()
    lines = [Line(f"{moved} {levels}", counted)]
    if one.written:
        old = say("ask.old", written=one.written, date=telling.words.date(one.as_of))
        lines.append(Line(old, telling.receipts.mark(one.name, one.sources, [one.node])))
    whom = say("ask.whom", who=telling.functions([one.who])) if one.who else say("ask.whom_nobody")
    lines.append(Line(whom, telling.receipts.mark(one.name, [one.who.source], [one.node]) if one.who else ()))
    kind = scheme("wait-kind").label(one.kind, telling.lang)
    return telling.item(say("ask.title", name=one.name, kind=kind), lines, [one.node])


# --- 7 · agreements ----------------------------------------------------------------------------------------------
def agreements(telling: Telling) -> tuple[list[Item], list[Line]]:
    """What became of earlier agreements: those that people keep to one by one, the others counted."""
    found = telling.advice.agreements
    if not found:
        return [], [Line(telling.say("agreements.none", place=telling.place))]
    told = [kept for kept in found if kept.in_force][:AGREEMENTS]
    others = [kept for kept in found if kept not in told]
    counts: dict[str, int] = {}
    for kept in others:
        label = telling.words.label("agreement-status", kept.status)
        counts[label] = counts.get(label, 0) + 1
    statuses = "; ".join(telling.say("agreements.rest_item", number=n, status=label) for label, n in counts.items())
    sources = [kept.source for kept in others]
    receipt = telling.receipts.mark(telling.say("section.agreements"), sources, [k.id for k in others[:3]])
    rest = [Line(telling.say("agreements.rest", number=len(others), statuses=statuses), receipt)] if others else []
    return [_kept(telling, kept) for kept in told], rest


def _kept(telling: Telling, kept: Kept) -> Item:
    say, words = telling.say, telling.words
    names = telling.several([telling.name(p) for p in kept.partners])
    status = say("agreements.status", status=words.label("agreement-status", kept.status), owner=kept.owner or words.unknown)
    when = {DUE: "agreements.due", SOON: "agreements.soon", None: "agreements.later"}[kept.due]
    evaluated = say(when, date=words.date(kept.evaluate_on)) if kept.evaluate_on else say("agreements.undated")
    between = [say("agreements.between", names=names)] if names else []
    what = kept.what or words.label("agreement-kind", kept.kind)
    receipt = telling.receipts.mark(what, [kept.source], [kept.id])
    lines = [Line(" ".join((*between, status, evaluated)), receipt), *_now(telling, kept)]
    return telling.item(say("agreements.title", what=what), lines, kept.partners)


def _now(telling: Telling, kept: Kept) -> Iterator[Line]:
    """What is registered between the partners now."""
    say, words, mark = telling.say, telling.words, telling.receipts.mark
    for line in kept.lines:
        told = say("agreements.line", strength=words.label("strength", line.strength), contact=words.yes_no(line.fixed_contact))
        yield Line(told, mark(_pair(telling, line.partners), [line.source], line.partners))
    for route in kept.routes:
        ends = {"start": telling.name(route.start), "end": telling.name(route.end)}
        told = say("agreements.route", kind=words.label("route-kind", route.kind), **ends)
        yield Line(told, mark(_pair(telling, (route.start, route.end)), [route.source], [route.start, route.end]))
    for wait in kept.waits:
        told = say("agreements.wait", name=telling.name(wait.partner), wait=telling.wait(wait.wait))
        yield Line(told, mark(telling.name(wait.partner), wait.wait.sources, [wait.partner]))
    if len(kept.partners) > 1 and not kept.lines and not kept.routes and not kept.waits:
        knowing = kept.kind in ("aanspreekpunt", "overleg")
        yield Line(say("agreements.no_line" if knowing else "agreements.no_route"))


def _pair(telling: Telling, partners: tuple[str, str]) -> str:
    return " – ".join(telling.name(partner) for partner in partners)


# --- 8 · questions -----------------------------------------------------------------------------------------------
def questions(telling: Telling) -> tuple[list[Item], list[Line]]:
    """The five aspects of normalising and the three levels of action, as questions."""
    return [*_questions(telling, "aspect", _ASPECTS), *_questions(telling, "action-level", _LEVELS_OF_ACTION)], []


def _questions(telling: Telling, name: str, asked: Sequence[tuple[str, str]]) -> Iterator[Item]:
    known = scheme(name)
    for slug, key in asked:
        yield telling.item(known.label(slug, telling.lang), [Line(telling.say(key))])
