"""A casus as a sheet for a group: who does what on the fastest registered ways, light support nearby, room for agreements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...graph.analyses.offers import Offer, offers
from ...graph.analyses.route import route
from ...graph.analyses.ways import RouteAnswer, Way
from ...graph.locale import Locale
from ...graph.routing.routes import Leg
from ...graph.waiting import Wait
from ...ontology.catalogue import text
from ...ontology.concepts import scheme
from ..material import Material

#: The place of a casus of a municipality that cannot be chosen: it stands with the whole region.
ELSEWHERE: Final = -1
#: So many forms of light support are told; the rest is counted.
LIGHT: Final = 6
#: So many empty lines for agreements.
LINES: Final = 5
_LIGHT_LEVELS: Final = (0, 1)
_REASONS: Final = {
    "aanmeldstop": "meeting.cases.closed",
    "geen route": "meeting.cases.no_route",
    "geen aanbod": "meeting.cases.no_offer",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A way to one kind of help: its heading, and its steps as (who, what, wait)."""

    heading: str
    steps: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class GroupSheet:
    """A casus as it is printed.

    ``place`` is the number of its municipality (None: any), ``entry`` the endpoint where the map opens,
    ``age`` (years) and ``theme`` (slug) as an address of the page has them.

    ``light`` are (support, where, how to apply, wait), ``more`` how many others there are.
    """

    place: int | None
    id: str
    title: str
    story: tuple[str, ...]
    about: str
    entry: str
    age: str
    theme: str
    ways: tuple[Told, ...]
    light: tuple[tuple[str, str, str, str], ...]
    more: int
    quotes: tuple[str, ...]
    origin: str


def sheets(material: Material, places: dict[str, int]) -> Iterator[GroupSheet]:
    """The casussen in the order of their ids; those of another region's municipality are told without a way."""
    for row in sorted(material.rows("cases"), key=lambda r: str(r["id"])):
        yield _sheet(material, row, places)


def _sheet(material: Material, row: dict[str, Any], places: dict[str, int]) -> GroupSheet:
    words, code = material.words, row["municipality"]
    ways: tuple[Told, ...] = ()
    light: Sequence[Offer] = ()
    nodes: list[str] = []
    if code in places:
        here = Locale(material.landscape, code)
        # a theme that nobody has declared fits nothing in particular
        theme = row["theme"] if row["theme"] in material.landscape.themes.slugs else None
        answer = route(material.landscape, code, start=row["entry"] or None, age=row["age"], theme=theme)
        ways = tuple(_ways(material, answer))
        found = offers(material.landscape, code, row["age"], theme, _LIGHT_LEVELS, locale=here)
        light = [o for o in found.offers if not o.wait.closed]
        nodes = [leg.target for way in answer.ways for leg in way.legs] + [o.partner for o in light[:LIGHT] if o.partner]
    return GroupSheet(
        places.get(code, ELSEWHERE) if code else None,
        row["id"],
        row["title"],
        tuple((row["story"] or "").split("\n")),
        text(
            "meeting.cases.about",
            words.lang,
            place=material.areas([code] if code else None),
            age=_age(material, row["age"]),
            theme=material.themes([row["theme"]]) if row["theme"] else words.unknown,
            entry=material.name(row["entry"]) if row["entry"] else words.unknown,
        ),
        row["entry"] or "",
        "" if row["age"] is None else f"{row['age'] / 12:.10g}",
        row["theme"] or "",
        ways,
        tuple(_support(material, o) for o in light[:LIGHT]),
        max(0, len(light) - LIGHT),
        tuple(_quotes(material, nodes)),
        words.say("word.address", file=row["file"], sheet="", row=row["row"]) if row["file"] else "",
    )


def _age(material: Material, months: int | None) -> str:
    words = material.words
    if months is None:
        return words.unknown
    years, rest = divmod(months, 12)
    return words.say("age.month", n=months) if rest and years < 2 else words.say("age.one", low=years)


# --- who does what ------------------------------------------------------------------------------------------------
def _ways(material: Material, answer: RouteAnswer) -> Iterator[Told]:
    """The fastest way to each level, lightest first, or why there is none."""
    ways = {way.level: way for way in answer.ways}
    reasons = dict(answer.reasons)
    names = dict(answer.names)
    for level in sorted({*ways, *reasons}, key=lambda found: -1 if found is None else found):
        if level in ways:
            steps = tuple(_step(material, names, leg) for leg in ways[level].legs)
            yield Told(_heading(material, answer, ways[level]), steps)
        else:
            told = text(_REASONS[reasons[level]], material.words.lang)
            yield Told(text("meeting.cases.no_way", material.words.lang, level=_level(material, level), reason=told), ())


def _level(material: Material, level: int | None) -> str:
    label = scheme("level").label(str(level), material.words.lang)
    return label[:1].upper() + label[1:]


def _heading(material: Material, answer: RouteAnswer, way: Way) -> str:
    words = material.words
    level, time = _level(material, way.level), words.weeks(way.expected, way.expected, whole=way.expected >= 70)
    span = next((s for s in answer.spans if s.level == way.level), None)
    if not way.expected and (span is None or span.high == 0):
        return text("meeting.cases.way_now", words.lang, level=level)
    if span is None or (span.high is not None and span.high - span.low < 1):
        return text("meeting.cases.way", words.lang, level=level, time=time)
    return text("meeting.cases.way_range", words.lang, level=level, time=time, range=words.weeks(span.low, span.high))


def _step(material: Material, names: dict[str, str], leg: Leg) -> tuple[str, str, str]:
    """Who it comes to, what happens there, and how long that takes."""
    words = material.words
    row = material.partners.get(leg.target, {})
    who = names.get(leg.target, leg.target)
    if function := row.get("contact_function"):
        who += f"\n{function}"
    if leg.hop is None or leg.source == leg.target:
        what = text("meeting.cases.begins", words.lang)
    else:
        kind = words.label("route-kind", leg.hop.kind)
        what = text("meeting.cases.from_to", words.lang, kind=kind, start=names.get(leg.source, leg.source))
    if leg.offering is not None:
        what += f"\n{leg.offering.row['name']}"
    if ask := row.get("ask_for"):
        what += "\n" + text("meeting.cases.ask_for", words.lang, what=ask)
    wait = _wait(material, leg.wait)
    if leg.decision is not None:
        wait += "\n" + text("meeting.cases.decision", words.lang, wait=_wait(material, leg.decision))
    return who, what, wait


def _wait(material: Material, wait: Wait) -> str:
    return material.words.wait(wait)


# --- light support ------------------------------------------------------------------------------------------------
def _support(material: Material, offer: Offer) -> tuple[str, str, str, str]:
    words = material.words
    name = f"{offer.name}\n{offer.partner_name}" if offer.partner_name else offer.name
    where = (
        words.say("nearby.in", name=material.areas([offer.location])) if offer.location else words.say(f"nearby.{offer.nearby}")
    )
    access = words.label("access", offer.access)
    apply = f"{access}\n{offer.how_to_apply}" if offer.how_to_apply and offer.how_to_apply != access else access
    return name, where, apply, words.wait(offer.wait)


def _quotes(material: Material, nodes: Iterable[str]) -> Iterator[str]:
    """The reactions of the partners that are told of."""
    for node in dict.fromkeys(nodes):
        row = material.partners.get(node)
        if row is not None and row["response"]:
            whom = text("advice.response", material.words.lang, name=row["name"])
            yield text("meeting.proposals.reaction", material.words.lang, whom=whom, words=row["response"])
