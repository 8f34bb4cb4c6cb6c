"""Contacts and routes to discuss in words: what lacks or is gained, who must agree, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...graph.analyses.advising.contacts import Contact
from ...graph.analyses.advising.routes import RouteToDiscuss
from ...graph.analyses.lines.contacts import NO_CONTACT, NO_LINE, NO_MEETING, TOO_WEAK
from ...graph.analyses.lines.short_lines import GOING, LIGHT_SUPPORT
from .parts import Item, Line
from .telling import Telling, begun

#: From so many contacts on one partner is asked much.
MANY: Final = 3
_MISSING: Final = {
    NO_LINE: "missing.geen-lijn",
    TOO_WEAK: "missing.te-zwakke-lijn",
    NO_CONTACT: "missing.geen-vast-aanspreekpunt",
    NO_MEETING: "missing.geen-overleg",
}
_OBJECTIONS: Final = {
    "decision": "routes.objection_decision",
    "broad_look": "routes.objection_broad_look",
    "queue": "routes.objection_queue",
    "placeholder": "routes.objection_placeholder",
}


# --- 4 · contacts ----------------------------------------------------------------------------------------------
def contacts(telling: Telling) -> tuple[list[Item], list[Line]]:
    """The contacts, each with what lacks, who must want it, and what speaks against it."""
    found = telling.advice.contacts
    items = [_contact(telling, contact) for contact in found]
    pairs = sum(len(contact.lines) for contact in found)
    rest = [] if items else [Line(telling.say("contacts.none"))]
    if pairs < telling.advice.contacts_in_all:
        rest.append(Line(telling.say("contacts.more", number=telling.advice.contacts_in_all - pairs)))
    return items, rest


def with_whom(telling: Telling, contact: Contact) -> str:
    """A contact in a few words."""
    if len(contact.others) < MANY:
        others = telling.several([side.name for side in contact.others])
        return telling.say("contacts.with", name=contact.hub.name, others=others)
    roles = telling.material.partners[contact.others[0].id]["roles"] or ()
    role = telling.material.roles(roles) if roles else telling.words.unknown
    return telling.say("contacts.with_role", name=contact.hub.name, role=role, number=len(contact.others))


def _contact(telling: Telling, contact: Contact) -> Item:
    say, lines = telling.say, []
    sources = [s for line in contact.lines for s in line.sources]
    receipt = telling.receipts.mark(contact.hub.name, sources, [contact.hub.id])
    lines.append(Line(say("contacts.now", missing="; ".join(_missing(telling, contact))), receipt))
    lines += _reasons(telling, contact)
    lines.append(Line(say("contacts.who", who=telling.functions((contact.hub, *contact.others)))))
    lines += _against(telling, contact)
    lines += _agreements(telling, contact)
    return telling.item(with_whom(telling, contact), lines, [contact.hub.id, *(side.id for side in contact.others)])


def _reasons(telling: Telling, contact: Contact) -> Iterator[Line]:
    """Why the two have to do with each other."""
    why, said = {reason for line in contact.lines for reason in line.why}, []
    counted = contact.per_year is not None and contact.per_year >= 1
    if GOING in why and counted:
        said.append(telling.say("contacts.going_families", number=telling.number(contact.per_year or 0.0)))
    elif GOING in why:
        said.append(telling.say("contacts.going"))
    if LIGHT_SUPPORT in why:
        said.append(telling.say("contacts.light"))
    if said:
        yield Line(" ".join(said), telling.demand if counted else ())


def _missing(telling: Telling, contact: Contact) -> Iterator[str]:
    """What is not registered; where that differs, with whom."""
    by_missing: dict[tuple[str, ...], list[str]] = {}
    for side, line in zip(contact.others, contact.lines, strict=True):
        by_missing.setdefault(tuple(m for m in line.why if m in _MISSING), []).append(side.name)
    # the most common first, and of the others by name
    order = sorted(by_missing.items(), key=lambda pair: -len(pair[1]))
    for place, (missing, names) in enumerate(order):
        told = telling.several([telling.say(_MISSING[m]) for m in missing])
        if TOO_WEAK not in missing:
            told = telling.say("missing.registered", missing=told)
        yield telling.say("contacts.now_of", missing=told, names=telling.several(names)) if place else told


def _against(telling: Telling, contact: Contact) -> Iterator[Line]:
    """What it costs, and what they say themselves that they are not for."""
    many = len(contact.others) >= MANY
    key = "contacts.against_many" if many else "contacts.against"
    values = {"number": len(contact.others), "name": contact.hub.name} if many else {}
    said, sides = [telling.say(key, **values)], []
    for side in (contact.hub, *(contact.others if len(contact.others) == 1 else ())):
        if side.not_for:
            said.append(telling.say("contacts.not_for", name=side.name, what=side.not_for.rstrip(".")))
            sides.append(side)
    receipt = telling.receipts.mark(contact.hub.name, [s.source for s in sides], [s.id for s in sides])
    yield Line(" ".join(said), receipt)


def _agreements(telling: Telling, contact: Contact) -> Iterator[Line]:
    found = {a.id: a for line in contact.lines for a in line.agreements}
    for agreement in found.values():
        receipt = telling.receipts.mark(agreement.id, [agreement.source], [agreement.id])
        yield Line(_agreement(telling, agreement.id, agreement.status, agreement.what), receipt)


def _agreement(telling: Telling, id_: str, status: str | None, what: str | None) -> str:
    label = telling.words.label("agreement-status", status)
    return telling.say("contacts.agreement", id=id_, status=label, what=(what or telling.words.unknown).rstrip("."))


# --- 5 · routes ------------------------------------------------------------------------------------------------
def routes(telling: Telling, ask: int) -> tuple[list[Item], list[Line]]:
    """The routes, each with what it does alone and together with those before, who must agree, and what speaks against it."""
    advice = telling.advice
    items = [_route(telling, route) for route in advice.routes]
    if not items:
        return [], [Line(telling.say("routes.none"))]
    order = [
        Line(telling.say("routes.stable", level=begun(telling.level(level))))
        if stable
        else Line(telling.say("routes.unstable", level=begun(telling.level(level)), number=ask))
        for level, stable in advice.stable.items()
        if sum(route.level == level for route in advice.routes) > 1
    ]
    return [*items, *([telling.item(telling.say("routes.order"), order)] if order else [])], []


def way(telling: Telling, route: RouteToDiscuss) -> str:
    """A route in a few words."""
    return telling.say("routes.title", start=route.proposal.start_name, end=route.proposal.end_name)


def _route(telling: Telling, route: RouteToDiscuss) -> Item:
    say, proposal, lines = telling.say, route.proposal, []
    receipt = telling.receipts.mark(proposal.end_name, proposal.sources, [proposal.start, proposal.end])
    counted = telling.demand if telling.advice.frame.weighted and route.alone is not None else ()
    effect = [_alone(telling, route), *_together(telling, route), *_newly(telling, route)]
    lines.append(Line(" ".join(effect), (*receipt, *counted)))
    if proposal.example is not None and len(proposal.path) > 1:
        path = " → ".join(telling.name(node) for node in proposal.path)
        lines.append(Line(say("routes.example", profile=telling.profile(proposal.example), path=path)))
    decision = proposal.allowed == "besluit nodig"
    who = say("routes.who", who=telling.functions(route.who))
    lines.append(Line(f"{who} {say('routes.decision' if decision else 'routes.free')}"))
    against = [say(_OBJECTIONS[o.key], **dict(o.values)) for o in proposal.objections if o.key in _OBJECTIONS]
    said = say("routes.against", objections="; ".join(against) + ".")
    if route.overfull:
        said += " " + say("routes.queue", end=proposal.end_name)
    lines.append(Line(said))
    lines += [Line(_agreement(telling, *told)) for told in proposal.agreements]
    title = say("level_of", what=way(telling, route), level=telling.level(route.level))
    return telling.item(title, lines, [proposal.start, proposal.end])


def _alone(telling: Telling, route: RouteToDiscuss) -> str:
    say, proposal = telling.say, route.proposal
    if route.alone is None:
        return say("routes.alone_hidden", unit=telling.unit)
    if route.alone < 1:
        return say("routes.alone_nothing")
    if not telling.advice.frame.weighted:
        families = proposal.families or 1.0
        return say("routes.alone_share", share=_share(telling, route, families), weeks=telling.time(route.alone / families))
    low, high = proposal.low, proposal.high
    span = ""
    if low is not None and high is None:
        span = say("routes.range_open", low=telling.weeks(low))
    elif low is not None and high is not None and high - low >= 7:
        span = say("routes.range", low=telling.number(low / 7), high=telling.number(high / 7))
    return say("routes.alone", weeks=telling.weeks(route.alone), range=span)


def _share(telling: Telling, route: RouteToDiscuss, number: float) -> str:
    whole = next((a.per_year for a in telling.advice.asked if a.level == route.level), None)
    return telling.share(number, whole or 0.0)


def _together(telling: Telling, route: RouteToDiscuss) -> Iterator[str]:
    """What the plan of the level does so far; of the first route that is what it does alone."""
    if route.number == 1 or not telling.advice.frame.weighted:
        return
    if route.days is None:
        yield telling.say("routes.together_hidden")
    else:
        yield telling.say("routes.together", weeks=telling.weeks(route.days))


def _newly(telling: Telling, route: RouteToDiscuss) -> Iterator[str]:
    if route.newly is None:
        yield telling.say("routes.newly_hidden", unit=telling.unit)
    elif route.newly >= 1:
        if telling.advice.frame.weighted:
            yield telling.say("routes.newly", families=begun(telling.families(route.newly)))
        else:
            yield telling.say("routes.newly_share", share=_share(telling, route, route.newly))
