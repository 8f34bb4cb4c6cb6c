"""The view Overleg of the coalition's edition: what became of agreements, the proposals of advise, casussen as group sheets.

Everything is told in tables that stand in the page (also without JavaScript); what the page itself needs to make
afspraken.csv goes along as data. Figures of families are those of advise, hidden as it hides them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...graph.analyses.advising.advice import advice
from ...graph.analyses.advising.answer import Advice
from ...graph.analyses.advising.contacts import Contact
from ...graph.analyses.advising.routes import RouteToDiscuss
from ...graph.analyses.lines.contacts import CONTACT, MEETING, NO_MEETING, Contacts
from ...ontology.catalogue import sentences, text
from ...ontology.concepts import scheme
from ..advice.parts import Item
from ..advice.proposals import contacts, routes
from ..advice.telling import Telling
from ..material import Material
from .agreements import COLUMNS, ROUTE, Past, csv_row, past
from .sheets import GroupSheet, sheets
from .words import page_words

#: Of a region with more municipalities only the one on which the page opens gets proposals: each takes a second or two.
MOST: Final = 20
#: What an answer to a proposal makes of it.
_ANSWERS: Final = {"yes": "afgesproken", "later": "voorstel", "no": "afgewezen"}
_FILE: Final = "afspraken.csv"
_PAGE: Final = "meeting.page."


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as a row of the table (``cells``), and what afspraken.csv says of it (id, partners, area, kind, what).

    ``ends`` are those of a route.
    """

    place: int
    cells: tuple[str, ...]
    row: tuple[str, ...]
    ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the view tells: earlier agreements, proposals and casussen; ``data`` is what the page needs beside that."""

    agreements: tuple[Past, ...]
    proposals: tuple[Proposed, ...]
    cases: tuple[GroupSheet, ...]
    data: dict[str, Any]


def meeting_text(key: str, lang: str, /, **values: object) -> str:
    """The sentence ``meeting.<key>``."""
    return text(f"meeting.{key}", lang, **values)


def meeting(material: Material, codes: Sequence[str], start: str) -> Meeting:
    """The meeting about each municipality of ``codes`` (one empty code where none is known); ``start`` is the one opened on."""
    known = [code for code in codes if code]
    asked = known if len(known) <= MOST else [start]
    registered = Contacts(material.landscape)
    agreements: list[Past] = []
    proposals: list[Proposed] = []
    places = {code: number for number, code in enumerate(codes)}
    for code in asked:
        telling = Telling(material.landscape, advice(material.landscape, code), material.words.lang)
        agreements += (past(telling, registered, kept, places[code]) for kept in telling.advice.agreements)
        proposals += _proposed(telling, places[code])
    cases = tuple(sheets(material, {code: places[code] for code in known}))
    return Meeting(tuple(agreements), tuple(proposals), cases, _data(material, agreements, proposals, asked, places))


# --- the proposals of advise --------------------------------------------------------------------------------------
def _proposed(telling: Telling, place: int) -> Iterator[Proposed]:
    """The contacts, then the routes, in the order of the advice."""
    found: Advice = telling.advice
    items, _ = contacts(telling)
    for contact, item in zip(found.contacts, items, strict=True):
        yield Proposed(place, _cells(telling, item, "contact"), _contact_row(telling, contact))
    # behind the routes may stand how firm their order is
    items, _ = routes(telling, 0) if found.routes else ([], [])
    for proposal, item in zip(found.routes, items, strict=False):
        ends = proposal.proposal.start, proposal.proposal.end
        yield Proposed(place, _cells(telling, item, "route"), _route_row(telling, proposal), ends)


def _cells(telling: Telling, item: Item, kind: str) -> tuple[str, ...]:
    lang = telling.lang
    marked = {number for line in item.lines for number in line.receipts}
    origin = "; ".join(receipt.where for receipt in telling.receipts.told() if receipt.number in marked)
    quotes = (text("meeting.proposals.reaction", lang, whom=whom, words=words) for whom, words in item.quotes)
    about = "\n".join((*(line.text for line in item.lines), *quotes))
    return telling.place, text(f"meeting.proposals.{kind}", lang), item.title, about, origin


def _contact_row(telling: Telling, contact: Contact) -> tuple[str, ...]:
    """A contact as one agreement of all who are in it; only a meeting where nothing else is missing."""
    partners = sorted({contact.hub.id, *(side.id for side in contact.others)})
    missing = {reason for line in contact.lines for reason in line.why if reason.startswith(("geen", "te "))}
    kind = MEETING if missing == {NO_MEETING} else CONTACT
    key = "meeting.proposals.row_meeting" if kind == MEETING else "meeting.proposals.row_contact"
    return _row(telling, partners, kind, text(key, telling.lang), ())


def _route_row(telling: Telling, route: RouteToDiscuss) -> tuple[str, ...]:
    """A route as an agreement; its ends by role: what an organisation is called could be taken for a person's name."""
    ends = (route.proposal.start, route.proposal.end)
    start, end = (_role(telling, node) for node in ends)
    partners = sorted(node for node in set(ends) if node in telling.material.partners)
    what = text("meeting.proposals.row_route", telling.lang, start=start, end=end)
    label = telling.level(route.level)
    return _row(telling, partners, ROUTE, telling.say("level_of", what=what, level=label), (*ends, str(route.level)))


def _role(telling: Telling, node: str) -> str:
    partner = telling.material.partners.get(node)
    roles = telling.landscape.roles
    slugs = (partner["roles"] or ()) if partner else (node.removeprefix("rol:"),)
    return " / ".join(roles.label(slug, telling.lang) for slug in slugs) or telling.words.unknown


def _row(telling: Telling, partners: Sequence[str], kind: str, what: str, more: Sequence[str]) -> tuple[str, ...]:
    """The first cells of a new agreement; its id is the same whenever the same is proposed for the same municipality."""
    code = telling.advice.municipality
    said = "\x1f".join((code, kind, *partners, *more))
    id_ = "overleg-" + hashlib.sha256(said.encode()).hexdigest()[:12]
    return id_, "; ".join(partners), code, kind, what


# --- what the page needs to make the file -------------------------------------------------------------------------
def _data(
    material: Material, agreements: Sequence[Past], proposals: Sequence[Proposed], asked: Sequence[str], places: dict[str, int]
) -> dict[str, Any]:
    lang = material.words.lang
    rows = material.agreements
    number = {row["id"]: place for place, row in enumerate(rows)}
    of_table = [row for row in material.rows("sources") if row["of_table"] == "agreements"]
    return {
        "say": {key.removeprefix(_PAGE): said[lang] for key, said in sentences().items() if key.startswith(_PAGE)},
        "columns": [column.nl for column in COLUMNS],
        "text": [n for n, column in enumerate(COLUMNS) if column.name in ("what", "owner", "source", "remark")],
        "rows": [csv_row(row) for row in rows],
        "files": ", ".join(sorted({_file(row) for row in rows})) or _FILE,
        "left_out": sum(row["rows_quarantined"] or 0 for row in of_table),
        "agreements": [[p.place, number[p.id], p.group] for p in agreements],
        "proposals": [[p.place, number.get(p.row[0], -1), list(p.row)] for p in proposals],
        "earlier": {p.row[0]: _earlier(material, rows[number[p.row[0]]]) for p in proposals if p.row[0] in number},
        "asked": [places[code] for code in asked],
        "answers": _ANSWERS,
        "kinds": {slug: scheme("agreement-kind").label(slug, lang) for slug in scheme("agreement-kind").slugs},
        "statuses": {slug: scheme("agreement-status").label(slug, lang) for slug in scheme("agreement-status").slugs},
        "words": page_words(material.landscape.municipality_names.values()),
    }


def _earlier(material: Material, row: dict[str, Any]) -> str:
    """What was answered before to a proposal, as its row of the agreements tells."""
    words = material.words
    status = words.label("agreement-status", row["status"])
    owner, date = row["owner"] or words.unknown, words.date(row["evaluate_on"])
    said = text("meeting.proposals.earlier", words.lang, status=status, owner=owner, date=date)
    return f"{said} {row['remark']}" if row["remark"] else said


def _file(row: dict[str, Any]) -> str:
    return f"{row['file']} [{row['sheet']}]" if row["sheet"] else str(row["file"])
