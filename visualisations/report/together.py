"""Contacts and agreements: the short lines that are registered and those to discuss, and what became of agreements."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

from ...graph.analyses.advising.past_agreements import DUE, SOON, Kept
from ...graph.analyses.lines.contacts import NO_CONTACT, NO_LINE, NO_MEETING, TOO_WEAK
from ...graph.analyses.lines.short_lines import GOING, LIGHT_SUPPORT, ShortLine, ShortLines
from .gathered import Line, Together
from .parts import Cell, Group, Section, Table
from .telling import Telling, begun, joined

#: So many contacts of each sort stand on the page; the workbook has them all.
CONTACTS = 8
_WHY = {
    GOING: "going",
    LIGHT_SUPPORT: "light",
    NO_LINE: "no_line",
    TOO_WEAK: "too_weak",
    NO_CONTACT: "no_contact",
    NO_MEETING: "no_meeting",
}
#: Of who lacks all of this it is said in one go.
_NOTHING: Final = frozenset((NO_LINE, NO_CONTACT, NO_MEETING))


# --- contacts ----------------------------------------------------------------------------------------------------
def contacts(telling: Telling, number: int, together: Together) -> Section:
    """Registered lines by name, then the contacts to discuss, those on most ways first."""
    say = telling.say
    groups = (_registered(telling, together.lines), _to_discuss(telling, together.contacts))
    quotes = telling.quotes(node for line in in_order(together.contacts)[:CONTACTS] for node in (line.start, line.end))
    return Section("contacts", number, say("section.contacts"), say("contacts.lead"), (), groups, quotes)


def _registered(telling: Telling, lines: tuple[Line, ...]) -> Group:
    say = telling.say
    columns = tuple(say(f"column.{c}") for c in ("between", "strength", "fixed_contact", "consultation", "source"))
    rows = tuple(
        (
            Cell(" – ".join(line.names)),
            Cell(telling.words.label("strength", line.strength)),
            Cell(telling.words.yes_no(line.fixed_contact)),
            Cell(line.consultation or telling.words.unknown),
            Cell("", marks=telling.mark([line.source])),
        )
        for line in lines[:CONTACTS]
    )
    left = [Cell(telling.count("contacts.more_registered", len(lines) - CONTACTS))] if len(lines) > CONTACTS else []
    if not lines:
        left.append(Cell(say("contacts.none_registered", place=telling.place)))
    heading = say("contacts.registered", number=len(lines))
    return Group(heading, tables=(Table("lines", heading, columns, rows),) if rows else (), lines=tuple(left))


def in_order(found: ShortLines) -> list[ShortLine]:
    """Those on most ways first, then by name: numbers of families are of no part in it."""
    return sorted(found.lines, key=lambda x: (-x.profiles, -x.light_profiles, *map(str.casefold, x.names), x.start, x.end))


def _to_discuss(telling: Telling, found: ShortLines) -> Group:
    say = telling.say
    columns = tuple(say(f"column.{c}") for c in ("between", "why", "strength_now", "agreed", "source"))
    ordered = in_order(found)
    rows = tuple(_contact(telling, line) for line in ordered[:CONTACTS])
    left = [Cell(telling.count("contacts.more", len(ordered) - CONTACTS))] if len(ordered) > CONTACTS else []
    if not ordered:
        left.append(Cell(say("contacts.none")))
    heading = say("contacts.missing", number=len(ordered))
    tables = (Table("contacts", heading, columns, rows),) if rows else ()
    return Group(heading, say("contacts.missing_lead"), tables=tables, lines=tuple(left))


def reasons(telling: Telling, line: ShortLine, besides: Container[str] = ()) -> list[str]:
    """Why two partners stand in the list, in words, besides the grounds that are told elsewhere."""
    return [telling.say(f"why.{_WHY[ground]}") for ground in line.why if ground not in besides]


def _contact(telling: Telling, line: ShortLine) -> tuple[Cell, ...]:
    say = telling.say
    now = telling.words.label("strength", line.strength_now) if line.registered else say("contacts.no_line")
    needed = say("contacts.needed", strength=telling.words.label("strength", line.strength_needed))
    agreed = [
        joined((a.what or telling.words.label("agreement-kind", a.kind), telling.words.label("agreement-status", a.status)))
        for a in line.agreements
    ]
    nothing = set(line.why) >= _NOTHING
    if nothing:
        now = say("contacts.nothing_at_all")
    return (
        Cell(" – ".join(line.names)),
        Cell(begun("; ".join(reasons(telling, line, _NOTHING if nothing else ()))) or "–"),
        Cell(begun(now), (needed,)),
        Cell("; ".join(agreed) or "–"),
        Cell("", marks=telling.mark(line.sources)),
    )


# --- agreements --------------------------------------------------------------------------------------------------
def agreements(telling: Telling, number: int, found: tuple[Kept, ...]) -> Section:
    """Every agreement with its owner, when it is evaluated, and what is registered now."""
    say = telling.say
    columns = tuple(say(f"column.{c}") for c in ("agreement", "status", "owner", "evaluated", "now", "source"))
    rows = tuple(_kept(telling, kept) for kept in found)
    lines = () if found else (Cell(say("agreements.none", place=telling.place)),)
    heading = say("section.agreements")
    quotes = telling.quotes(partner for kept in found for partner in kept.partners)
    group = Group("", tables=(Table("agreements", heading, columns, rows),) if rows else (), lines=lines)
    return Section("agreements", number, heading, say("agreements.lead"), (), (group,), quotes)


def _kept(telling: Telling, kept: Kept) -> tuple[Cell, ...]:
    say, words = telling.say, telling.words
    names = telling.several(telling.material.name(p) for p in kept.partners)
    when = {DUE: "agreements.due", SOON: "agreements.soon", None: "agreements.later"}[kept.due]
    date = say(when, date=words.date(kept.evaluate_on)) if kept.evaluate_on else words.unknown
    sources = (
        kept.source,
        *(x.source for x in kept.lines),
        *(x.source for x in kept.routes),
        *(s for x in kept.waits for s in x.wait.sources),
    )
    now = tuple(_now(telling, kept))
    return (
        Cell(kept.what or begun(words.label("agreement-kind", kept.kind)), (names,) if names else ()),
        Cell(begun(words.label("agreement-status", kept.status)), look="due" if kept.due == DUE else ""),
        Cell(kept.owner or words.unknown),
        Cell(date, look="due" if kept.due == DUE else ""),
        Cell("", now),
        Cell("", marks=telling.mark(sources)),
    )


def _now(telling: Telling, kept: Kept) -> Iterator[str]:
    """What is registered between its partners now."""
    say, words, name = telling.say, telling.words, telling.material.name
    for line in kept.lines:
        contact = words.yes_no(line.fixed_contact)
        ends = " – ".join(name(p) for p in line.partners)
        yield say("agreements.line", names=ends, strength=words.label("strength", line.strength), contact=contact)
    for route in kept.routes:
        ends = f"{name(route.start)} → {name(route.end)}"
        yield say("agreements.route", names=ends, kind=words.label("route-kind", route.kind))
    for wait in kept.waits:
        said = joined((telling.wait(wait.wait), *telling.wait_notes(wait.wait)))
        yield say("agreements.wait", name=name(wait.partner), wait=said)
    if not kept.lines and not kept.routes and not kept.waits:
        yield say("agreements.nothing_now")
