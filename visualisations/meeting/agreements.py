"""Agreements for the view Overleg: what became of earlier ones, and every row as afspraken.csv has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from ...graph.analyses.advising.past_agreements import DUE, SOON, Kept
from ...graph.analyses.lines.contacts import CONTACT, MEETING, Contacts
from ...graph.analyses.lines.pairs import Pair, pair_of
from ...graph.schema import TABLES, Column, Kind
from ...graph.waiting import Source
from ...ontology.catalogue import text
from ..advice.receipts import Receipts
from ..advice.telling import Telling

#: In which group an agreement stands: to look back on now, kept to, and the others.
GROUP_DUE, GROUP_RUNNING, GROUP_OTHER = range(3)
COLUMNS: Final[tuple[Column, ...]] = TABLES["agreements"].headed
ROUTE: Final = "route"
#: Kinds of routes that show that an agreement of a kind is registered as well.
_SHOWN_BY: Final[Mapping[str, frozenset[str]]] = {
    "afschaling": frozenset(("afschaling", "terugverwijzing")),
    "overbrugging": frozenset(("overbrugging",)),
}


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier agreement as a row of the table; ``place`` is the number of the municipality, ``now`` has a line each."""

    place: int
    id: str
    group: int
    cells: tuple[str, ...]


def past(telling: Telling, contacts: Contacts, kept: Kept, place: int) -> Past:
    """An agreement told: what, between whom, status, owner, when to look back, what is registered now, and where it stands."""
    words = telling.words
    told = list(_now(telling, contacts, kept))
    sources = [kept.source, *(line.source for line in kept.lines), *(way.source for way in kept.routes)]
    sources += [source for wait in kept.waits for source in wait.wait.sources]
    group = GROUP_DUE if kept.due == DUE else GROUP_RUNNING if kept.in_force else GROUP_OTHER
    return Past(
        place,
        kept.id,
        group,
        (
            telling.place,
            kept.what or words.label("agreement-kind", kept.kind),
            ", ".join(telling.name(p) for p in kept.partners) or words.unknown,
            words.label("agreement-status", kept.status),
            kept.owner or words.unknown,
            _when(telling, kept),
            "\n".join(told),
            where(telling, sources),
        ),
    )


def where(telling: Telling, sources: Iterable[Source]) -> str:
    """The files and rows that something stands in."""
    receipts = Receipts(telling.say, telling.words.date)
    receipts.mark("", sources)
    return "; ".join(receipt.where for receipt in receipts.told())


def _when(telling: Telling, kept: Kept) -> str:
    if not kept.in_force:
        # what was put off may have a date to come back to
        put_off = kept.status == "voorstel" and kept.evaluate_on
        return telling.words.date(kept.evaluate_on) if put_off else text("meeting.past.not_running", telling.lang)
    if not kept.evaluate_on:
        return text("meeting.past.undated", telling.lang)
    key = {DUE: "meeting.past.due", SOON: "meeting.past.soon", None: "meeting.past.later"}[kept.due]
    return text(key, telling.lang, date=telling.words.date(kept.evaluate_on))


def _now(telling: Telling, contacts: Contacts, kept: Kept) -> Iterator[str]:
    """Whether it was kept as far as the tables tell (of what people keep to), and what is registered."""
    say, words, lang = text, telling.words, telling.lang
    if kept.in_force:
        yield say(f"meeting.kept.{was_kept(contacts, kept)}", lang)
    for line in kept.lines:
        names = " – ".join(telling.name(p) for p in line.partners)
        strength, contact = words.label("strength", line.strength), words.yes_no(line.fixed_contact)
        yield say("meeting.kept.line", lang, names=names, strength=strength, contact=contact)
    if kept.kind == MEETING:
        for pair in _pairs(kept.partners):
            if met := contacts.consultation(pair):
                names = " – ".join(telling.name(p) for p in pair)
                yield say("meeting.kept.meeting", lang, names=names, consultation=met)
    for route in kept.routes:
        kind = words.label("route-kind", route.kind)
        yield say("meeting.kept.route", lang, start=telling.name(route.start), end=telling.name(route.end), kind=kind)
    for wait in kept.waits:
        yield say("meeting.kept.wait", lang, name=telling.name(wait.partner), wait=telling.wait(wait.wait))
    for whom, said in telling.quotes(kept.partners):
        yield say("meeting.proposals.reaction", lang, whom=whom, words=said)


def was_kept(contacts: Contacts, kept: Kept) -> str:
    """Whether what was agreed is registered now: ja, deels, nee or onbekend (no table tells).

    Contacts and meetings are asked of every partner with at least one of the others; a route, step down or bridging is
    there when a route of such a kind is registered between two of them.
    """
    if len(kept.partners) < 2:
        return "onbekend"
    if kept.kind in (CONTACT, MEETING):
        return _between(contacts, kept)
    if kept.kind == ROUTE:
        return "ja" if kept.routes else "nee"
    shown = _SHOWN_BY.get(kept.kind or "")
    if shown is None:
        return "onbekend"
    if any(route.kind in shown for route in kept.routes):
        return "ja"
    # bridging is often done without a route, so its absence tells nothing
    return "nee" if kept.kind == "afschaling" else "onbekend"


def _between(contacts: Contacts, kept: Kept) -> str:
    held = contacts.fixed_contact if kept.kind == CONTACT else contacts.consultation
    reached = {p for pair in _pairs(kept.partners) if held(pair) for p in pair}
    if reached == set(kept.partners):
        return "ja"
    return "deels" if reached else "nee"


def _pairs(partners: Sequence[str]) -> list[Pair]:
    return [pair_of(one, other) for one, other in combinations(partners, 2)]


# --- afspraken.csv -----------------------------------------------------------------------------------------------
def csv_row(row: Mapping[str, Any]) -> list[str]:
    """A row of agreements (by stored name) as the cells of afspraken.csv; an empty cell is not known."""
    return [written(column, row.get(column.name)) for column in COLUMNS]


def written(column: Column, value: Any) -> str:
    """A value as the loader reads it back."""
    if value is None:
        return ""
    if column.is_list:
        return "; ".join(value)
    if column.kind is Kind.NUMBER:
        return f"{value:.10g}".replace(".", ",")
    return str(value)
