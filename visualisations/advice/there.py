"""What there is, where families wait and what is not registered: the first three parts of an advice in words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from ...graph.analyses.advising.answer import Asked, Waiting
from ...graph.analyses.advising.lacking import Lacking
from ...graph.analyses.advising.light_support import NOT_LED, NOT_USED, ROOM, SOON, Light
from ...graph.analyses.offers import Offer
from ...graph.analyses.waiting.answer import CAUSES, UNKNOWN
from ...graph.analyses.ways import Statement
from ...ontology.catalogue import text
from ...ontology.concepts import scheme
from .parts import Item, Line
from .telling import Telling, begun

#: So many partners with light support are told, and so many statements.
PARTNERS: Final = 6
STATEMENTS: Final = 2
_STATUS: Final = {
    "geen aanbod": "lacking.geen-aanbod",
    "geen route": "lacking.geen-route",
    "aanmeldstop": "lacking.aanmeldstop",
    "te lang": "lacking.te-lang",
}


# --- 1 · light and near ----------------------------------------------------------------------------------------
def there(telling: Telling) -> tuple[list[Item], list[Line]]:
    """Free support that is hardly used or known, by who offers it."""
    say, light = telling.say, telling.advice.light
    by_partner: dict[str, list[Light]] = {}
    for one in light.light:
        by_partner.setdefault(one.offer.partner or "", []).append(one)
    items = [_partner(telling, partner, offered) for partner, offered in list(by_partner.items())[:PARTNERS]]
    rest = []
    if not light.offers:
        rest.append(Line(say("there.none", place=telling.place)))
    elif not items:
        rest.append(Line(say("there.nothing_light", place=telling.place)))
    told = sum(len(offered) for offered in list(by_partner.values())[:PARTNERS])
    if told < len(light.light):
        rest.append(Line(say("there.more", number=len(light.light) - told)))
    for key, offers in (("there.closed", light.closed), ("there.unclear", light.unclear)):
        if offers:
            names = telling.several([o.name for o in offers])
            rest.append(Line(say(key, names=names), _receipt(telling, names, offers)))
    return items, rest


def _receipt(telling: Telling, about: str, offers: tuple[Offer, ...]) -> tuple[int, ...]:
    return telling.receipts.mark(about, (s for o in offers for s in o.sources), (o.id for o in offers[:3]))


def _partner(telling: Telling, partner: str, offered: list[Light]) -> Item:
    lines: list[Line] = []
    for reasons, same in groupby(offered, key=lambda one: (one.reasons, one.load)):
        alike = list(same)
        lines += [_offering(telling, one.offer) for one in alike]
        lines += [Line(reason) for reason in _reasons(telling, *reasons)]
    name = telling.name(partner) if partner else telling.say("there.initiative")
    return telling.item(name, lines, [partner])


def _offering(telling: Telling, offer: Offer) -> Line:
    said = telling.say(
        "there.offering",
        name=offer.name,
        level=telling.level(offer.level or 0),
        ages=telling.ages(offer.age_from, offer.age_until),
        wait=telling.wait(offer.wait),
    )
    if offer.how_to_apply:
        said += " " + telling.say("there.apply", how=offer.how_to_apply.rstrip("."))
    return Line(said, telling.receipts.mark(offer.name, (*offer.sources, *offer.wait.sources), [offer.id]))


def _reasons(telling: Telling, reasons: tuple[str, ...], load: float | None) -> Iterator[str]:
    if NOT_LED in reasons:
        yield telling.say("there.not_led")
    if ROOM in reasons and load is not None:
        yield telling.say("there.room", load=f"{100 * load:.0f}")
    if NOT_USED in reasons and NOT_LED not in reasons:
        yield telling.say("there.not_used")


# --- 2 · where families wait -----------------------------------------------------------------------------------
def waiting(telling: Telling, ask: int) -> tuple[list[Item], list[Line]]:
    """By level who ask for it, where they wait and why; ``ask`` is the number of the part on what to ask for."""
    advice = telling.advice
    items = []
    for asked in advice.asked:
        here = [w for w in advice.waiting if w.level == asked.level]
        if asked.per_year == 0 or not (here or asked.without or asked.longest is not None or advice.frame.weighted):
            continue
        lines = [*_asked(telling, asked, here), *(_place(telling, w, asked) for w in here), *_without(telling, asked)]
        items.append(telling.item(telling.level(asked.level), lines, [w.passed.node for w in here]))
    if advice.closed:
        items.append(_closed(telling, advice.closed))
    if advice.statements:
        lines = [_statement(telling, said) for said in advice.statements[:STATEMENTS]]
        items.append(telling.item(telling.say("waiting.statements_title"), lines))
    known = any(asked.longest is not None for asked in advice.asked)
    rest = [] if known else [Line(telling.say("waiting.nothing_known", number=ask))]
    return items, rest


def _closed(telling: Telling, offers: tuple[Offer, ...]) -> Item:
    """What takes nobody now."""
    say = telling.say
    named = [say("waiting.closed_item", name=o.name, partner=o.partner_name) if o.partner_name else o.name for o in offers]
    names = telling.several(named)
    title = say("waiting.closed_title")
    receipt = telling.receipts.mark(title, [s for o in offers for s in o.wait.sources], [o.id for o in offers[:3]])
    return telling.item(title, [Line(say("waiting.closed", names=names), receipt)], [o.partner or "" for o in offers])


def _statement(telling: Telling, said: Statement) -> Line:
    """What somebody said of a chain or of one partner, beside the figures."""
    on = " → ".join(telling.name(end) for end in said.on)
    date = telling.words.date(said.as_of)
    told = telling.say("waiting.statement", on=on, text=said.text or telling.words.unknown, date=date)
    return Line(told, telling.receipts.mark(on, [said.source], [end for end in said.on if not end.startswith("rol:")]))


def _asked(telling: Telling, asked: Asked, here: list[Waiting]) -> Iterator[Line]:
    """How many ask for a level, and that nobody waits long where that is so."""
    if telling.advice.frame.weighted and asked.per_year is None:
        yield Line(telling.say("waiting.asked_hidden", unit=telling.unit))
    elif telling.advice.frame.weighted:
        yield Line(telling.say("waiting.asked", families=begun(telling.families(asked.per_year))), telling.demand)
    if not here and asked.longest is not None:
        yield Line(telling.say("waiting.short", weeks=telling.time(SOON)))


def _place(telling: Telling, told: Waiting, asked: Asked) -> Line:
    passed, say = told.passed, telling.say
    wait = telling.wait(passed.wait)
    norm = passed.norm.days if passed.norm else None
    if passed.bottleneck and norm is not None:
        kind = scheme("wait-kind").label(passed.wait.kind, telling.lang)
        cause = say(f"cause.{CAUSES[passed.cause or UNKNOWN]}")
        said = [say("waiting.bottleneck", name=passed.name, kind=kind, wait=wait, norm=telling.time(norm), cause=cause)]
    else:
        said = [say("waiting.place", name=passed.name, wait=wait)]
        if norm is not None:
            said.append(say("waiting.norm", norm=telling.time(norm)))
    said += _families(telling, told, asked)
    sources = (*passed.wait.sources, *((passed.norm.source,) if passed.norm else ()))
    receipts = telling.receipts.mark(passed.name, sources, [passed.node])
    counted = telling.advice.frame.weighted and told.families is not None
    return Line(" ".join(said), (*receipts, *(telling.demand if counted else ())))


def _families(telling: Telling, told: Waiting, asked: Asked) -> Iterator[str]:
    """How many wait there, and for how many there is no other way."""
    say = telling.say
    if not telling.advice.frame.weighted:
        whole = asked.per_year or 0.0
        yield say("waiting.gain_share", share=telling.share(told.families or 0.0, whole))
        if told.sole:
            yield say("waiting.sole_share", share=telling.share(told.sole, whole))
        return
    if told.families is None:
        yield say("waiting.gain_hidden", unit=telling.unit)
    else:
        # a week less for each of them
        weeks = telling.weeks(told.families * 7)
        yield begun(say("waiting.gain", families=telling.families(told.families), weeks=weeks))
    if told.sole:
        yield say("waiting.sole", families=telling.families(told.sole))


def _without(telling: Telling, asked: Asked) -> Iterator[Line]:
    if not asked.without:
        return
    told = []
    for reason, number in asked.without:
        weighted = telling.advice.frame.weighted
        who = telling.families(number) if weighted else telling.share(number or 0.0, asked.per_year or 0.0)
        short = text(f"answers.reason_short.{reason.replace(' ', '-')}", telling.lang)
        told.append(telling.say("waiting.reason", families=who, reason=short))
    yield Line(telling.say("waiting.without", reasons="; ".join(told)), telling.demand)


# --- 3 · what is not registered --------------------------------------------------------------------------------
def lacking(telling: Telling) -> tuple[list[Item], list[Line]]:
    """What lacks and how others fill it, then the other kinds of gaps."""
    advice = telling.advice
    told: set[str] = set()
    items = [_lacking(telling, one, told) for one in advice.lacking]
    rest = []
    if not items:
        rest.append(Line(telling.say("lacking.none")))
    elif len(items) < advice.lacking_in_all:
        rest.append(Line(telling.say("lacking.more", number=advice.lacking_in_all - len(items))))
    return [*items, *([_kinds(telling)] if advice.kinds else [])], rest


def _lacking(telling: Telling, one: Lacking, told: set[str]) -> Item:
    say = telling.say
    lines = [Line(say(_STATUS[one.status], themes=telling.themes(one.themes)))]
    elsewhere = []
    if one.whole:
        elsewhere.append(say("lacking.whole", places=telling.towns(one.whole)))
    if one.part:
        elsewhere.append(say("lacking.part", places=telling.towns(one.part)))
    if not elsewhere:
        elsewhere.append(say("lacking.nowhere"))
    if one.offerings:
        names = [say("lacking.offered_item", name=name, place=telling.town(code)) for code, name in one.offerings]
        elsewhere.append(say("lacking.offered", names=telling.several(names)))
    lines.append(Line(" ".join(elsewhere)))
    # each example once in the whole part
    for example in [e for e in one.examples if e.id not in told][:1]:
        told.add(example.id)
        where = example.where or telling.words.unknown
        said = say("lacking.example", name=example.name, where=where, what=_sentence(example.what))
        lines.append(Line(said, telling.receipts.mark(example.name, [example.source], [example.id])))
    title = say("lacking.title", level=telling.level(one.level), ages=telling.ages(one.age_from, one.age_until))
    return telling.item(title, lines)


def _sentence(said: str | None) -> str:
    return "" if not said else said if said.endswith((".", "!", "?")) else said + "."


def _kinds(telling: Telling) -> Item:
    """The other gaps: of each kind how many, and the first one as an example."""
    lines = []
    for kind, found in telling.advice.kinds:
        label, first = text(f"gaps.kinds.{kind}", telling.lang), found[0]
        key = "lacking.kind_one" if len(found) == 1 else "lacking.kind"
        said = telling.say(key, kind=label, number=len(found), example=first.told(telling.lang))
        ids = [x for x in (first.offering, first.partner) if x and not x.startswith("rol:")]
        lines.append(Line(said, telling.receipts.mark(label, first.sources, ids[:1])))
    partners = [found[0].partner or "" for _, found in telling.advice.kinds]
    return telling.item(telling.say("lacking.kinds"), lines, partners)
