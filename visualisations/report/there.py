"""What there is: how much for which theme, level and age, then every offering, lightest, nearest and free first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from ...graph.analyses.offers import ELSEWHERE, HERE, Offer
from ...ontology.catalogue import text
from .figures import ages, sample
from .parts import Cell, Group, Section, Table
from .telling import Telling, begun, joined

FREE: Final = "vrij"


def there(telling: Telling, number: int) -> Section:
    """The offerings of the municipality."""
    say, found = telling.say, telling.found
    groups = [_overview(telling)] if found.every else []
    for level, same in groupby(found.every, key=lambda o: o.level):
        offers = list(same)
        free = sum(o.access == FREE for o in offers)
        lead = telling.count("there.level", len(offers), free=free)
        groups.append(Group(begun(telling.level(level)), lead, tables=(_offers(telling, offers, telling.level(level)),)))
    if found.offers.safety:
        groups.append(_safety(telling, found.offers.safety))
    if not found.every:
        groups.insert(0, Group("", lines=(Cell(say("there.nothing", place=telling.place)),)))
    legend = (
        (sample("covered"), say("there.legend_covered")),
        (sample("covered-free"), say("there.legend_free")),
    )
    # on paper a wait's date, norm and source stand there only (static/report.css)
    lead = " ".join((say("there.lead", place=telling.place), say("there.dated", heading=say("section.waits"))))
    return Section("there", number, say("section.there"), lead, legend if found.every else (), tuple(groups))


# --- themes, levels and ages -----------------------------------------------------------------------------------
def _overview(telling: Telling) -> Group:
    """Per theme and level how many offerings there are and for which ages."""
    say, found = telling.say, telling.found
    slugs = found.landscape.themes.slugs
    by_theme: dict[str, list[Offer]] = {}
    for offer in found.every:
        for theme in offer.themes or ("algemeen",):
            by_theme.setdefault(theme, []).append(offer)
    order = sorted(by_theme, key=lambda t: (slugs.index(t) if t in slugs else len(slugs), t))
    levels = sorted({o.level for o in found.every if o.level is not None})
    rows = []
    for theme in order:
        cells = [Cell(telling.theme(theme))]
        for level in levels:
            here = [o for o in by_theme[theme] if o.level == level]
            cells.append(_covered(telling, here) if here else Cell("", look="empty"))
        rows.append(tuple(cells))
    columns = (say("column.theme"), *(begun(telling.level(level)) for level in levels))
    table = Table("overview", say("there.overview"), columns, tuple(rows))
    first, last = _window(telling)
    lead = say("there.overview_lead", first=first // 12, last=last // 12)
    return Group(say("there.overview"), lead, tables=(table,))


def _window(telling: Telling) -> tuple[int, int]:
    settings = telling.found.landscape.settings
    return settings.age_from, settings.age_until


def _covered(telling: Telling, offers: Sequence[Offer]) -> Cell:
    """How many offerings, how many of them free, and a strip of the ages that they are for."""
    first, last = _window(telling)
    stated = [o for o in offers if o.age_from is not None or o.age_until is not None]
    free = [o for o in stated if o.access == FREE]
    spans = [(low, high, "covered") for low, high in _union(stated, first, last)]
    spans += [(low, high, "covered-free") for low, high in _union(free, first, last)]
    number_free = sum(o.access == FREE for o in offers)
    said = telling.count("there.cell", len(offers), free=number_free) if number_free else str(len(offers))
    if not stated:
        return Cell(said, (telling.say("there.ages_unknown"),))
    label = telling.say("there.covered", ages=_said_ages(telling, stated, first, last))
    unknown = len(offers) - len(stated)
    notes = (telling.say("there.some_ages_unknown", number=unknown),) if unknown else ()
    return Cell(said, notes, figure=ages(spans, first, last, label))


def _said_ages(telling: Telling, offers: Sequence[Offer], first: int, last: int) -> str:
    return "; ".join(telling.words.ages(low, high) for low, high in _union(offers, first, last))


def _union(offers: Iterable[Offer], first: int, last: int) -> list[tuple[int, int]]:
    """The ages (months) that some of ``offers`` is for, as intervals that do not touch."""
    found: list[tuple[int, int]] = []
    for low, high in sorted((o.age_from or first, last if o.age_until is None else o.age_until) for o in offers):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


# --- one by one --------------------------------------------------------------------------------------------------
def _offers(telling: Telling, offers: Sequence[Offer], caption: str) -> Table:
    """What is offered for the same people in the same way stands there once, with everyone who offers it below each other.

    A row stands where its lightest and nearest one stands, and within a row the order is that of ``offers``.
    """
    alike: dict[tuple[Cell, ...], list[Offer]] = {}
    for offer in offers:
        alike.setdefault((Cell(offer.name), _whom(telling, offer), _access(telling, offer)), []).append(offer)
    rows = tuple((*said, Cell("", lines=tuple(_by(telling, offer) for offer in same))) for said, same in alike.items())
    return Table("offers", caption, tuple(telling.say(f"column.{c}") for c in ("offering", "whom", "apply", "by")), rows)


def _whom(telling: Telling, offer: Offer) -> Cell:
    themes = telling.several((telling.theme(t) for t in offer.themes), 4)
    audience = telling.words.labels("audience", offer.audience) if offer.audience else ""
    return Cell(begun(telling.ages(offer.age_from, offer.age_until)), tuple(n for n in (joined((themes, audience)),) if n))


def _by(telling: Telling, offer: Offer) -> tuple[Cell, Cell]:
    """Who offers it and where, with the row that says so, then the wait."""
    say, words = telling.say, telling.words
    place = words.labels("place", offer.place) if offer.place else ""
    nearby = begun(text(f"answers.nearby.{offer.nearby}", telling.lang))
    if offer.location and offer.nearby != HERE:
        key = "there.in_town" if offer.nearby == ELSEWHERE else "there.elsewhere"
        nearby = say(key, nearby=nearby, town=telling.town(offer.location))
    wait = telling.wait_cell(offer.wait)
    dated = joined((*wait.notes, telling.norm(telling.found.norm_of[offer.id])))
    return (
        Cell(offer.partner_name or words.say("word.initiative"), (joined((nearby, place)),), marks=telling.mark(offer.sources)),
        Cell(wait.text, (dated,) if dated else (), marks=wait.marks, look=wait.look),
    )


def _access(telling: Telling, offer: Offer) -> Cell:
    """In a word how one gets there, free as a mark, and how to apply."""
    how = (offer.how_to_apply or telling.say("there.apply_unknown"),)
    if offer.access == FREE:
        return Cell("", how, tag=telling.say("word.free"))
    return Cell(telling.say(f"access.{offer.access or 'unknown'}"), how)


def _safety(telling: Telling, offers: Sequence[Offer]) -> Group:
    """What is there for safety: named, never ranked and without a wait beside it."""
    lines = tuple(
        Cell(
            joined((offer.name, offer.partner_name or "", offer.how_to_apply or "")),
            marks=telling.mark(offer.sources),
        )
        for offer in sorted(offers, key=lambda o: (o.name.casefold(), o.id))
    )
    return Group(telling.say("there.safety"), telling.say("there.safety_lead"), lines=lines)
