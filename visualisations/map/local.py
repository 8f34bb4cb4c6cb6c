"""One municipality as the page opens on it: three sentences, what there is, and what is on its map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...graph.analyses.offers import Offer, Offers, offers
from ...graph.locale import Locale
from ...graph.places import FAMILY
from ...graph.profile import covers
from ...graph.waiting import Wait
from ...ontology.concepts import scheme
from ..material import ROLE, Material
from ..wording import Wording

_CRISIS = 4


@dataclass(frozen=True, slots=True)
class Offered:
    """An offering as it is for one municipality. ``state`` says how its wait is shown, ``near`` how near it is (slug)."""

    id: str
    nearby: str
    wait: str
    state: str
    near: str


@dataclass(frozen=True, slots=True)
class Local:
    """What the page says of one municipality; ``edges`` are (from, to, route), ``here`` is what it was said from."""

    here: Locale
    code: str
    name: str
    sentences: tuple[str, str, str]
    groups: tuple[tuple[str, tuple[Offered, ...]], ...]
    partners: tuple[str, ...]
    initiatives: tuple[str, ...]
    edges: tuple[tuple[str, str, str], ...]


def local(material: Material, code: str) -> Local:
    """What there is, where families wait and what is not known in municipality ``code``."""
    landscape = material.landscape
    here = Locale(landscape, code)
    levels = tuple(int(s) for s in scheme("level").slugs)
    found = offers(landscape, code, levels=levels, locale=here)
    edges = tuple(_edges(material, here))
    return Local(
        here,
        code,
        here.name,
        _sentences(material, here, found, edges),
        tuple(_groups(material, found)),
        tuple(here.partners),
        tuple(o.node for o in here.offerings.values() if o.partner is None),
        edges,
    )


def state(wait: Wait) -> str:
    """How a wait is shown: oud, stop, onbekend, geen or weken."""
    if wait.outdated:
        return "oud"
    if wait.closed:
        return "stop"
    if wait.assumed:
        return "onbekend"
    return "geen" if wait.high == 0 else "weken"


def _groups(material: Material, found: Offers) -> Iterator[tuple[str, tuple[Offered, ...]]]:
    """The offerings under headings: by level, then what nobody gave a level, then what stands apart."""
    words = material.words
    labels = scheme("level")
    for slug in labels.slugs:
        of_level = [o for o in found.offers if o.level == int(slug) and o.level != _CRISIS]
        if of_level:
            yield labels.label(slug, words.lang), _offered(material, of_level)
    if found.unlevelled:
        yield words.say("offers.no_level"), _offered(material, found.unlevelled)
    crisis = [o for o in found.offers if o.level == _CRISIS]
    if crisis:
        yield (
            words.say("offers.apart", level=labels.label(str(_CRISIS), words.lang)),
            _offered(material, crisis),
        )
    if found.safety:
        yield words.say("offers.safety"), _offered(material, found.safety)


def _offered(material: Material, found: Iterable[Offer]) -> tuple[Offered, ...]:
    say = material.words.say
    return tuple(
        Offered(o.id, _where(material, o) or say(f"nearby.{o.nearby}"), material.words.wait(o.wait), state(o.wait), o.nearby)
        for o in found
    )


def _where(material: Material, offer: Offer) -> str | None:
    """The municipality by name where an offering stands elsewhere."""
    if offer.nearby != "elders" or not offer.location:
        return None
    return material.words.say("nearby.in", name=material.areas([offer.location]))


def _edges(material: Material, here: Locale) -> Iterator[tuple[str, str, str]]:
    """Every valid route here between two nodes, of whatever kind; a route between roles once per pair.

    As in the analyses, a route that partners state themselves goes before one stated of their roles.
    """
    region = here.settings.municipalities
    rows = [
        row
        for row in material.valid_routes
        if (not row["municipalities"] or covers(row["municipalities"], here.municipality, region))
    ]
    explicit = {(row["from"], row["to"]) for row in rows if row["from"] in here.partners and row["to"] in here.partners}
    for row in rows:
        of_role = row["from"].startswith(ROLE) or row["to"].startswith(ROLE)
        for source, _ in here.nodes_of(row["from"]):
            for target, _ in here.nodes_of(row["to"]):
                if source != target and not (of_role and (source, target) in explicit):
                    yield source, target, row["id"]


def _sentences(material: Material, here: Locale, found: Offers, edges: Sequence[tuple[str, str, str]]) -> tuple[str, str, str]:
    shown = [*found.offers, *found.unlevelled]
    return _there_is(material, here, shown), _waiting(material, shown), _unknown(material, shown, edges)


def _there_is(material: Material, here: Locale, shown: Sequence[Offer]) -> str:
    words = material.words
    if not shown:
        return words.say("opening.nothing", name=here.name)
    partners = {o.partner for o in shown if o.partner}
    free = sum(o.access == "vrij" for o in shown)
    said = words.say(
        "opening.there_is",
        name=here.name,
        offerings=words.number(len(shown), "count.offering", "count.offerings"),
        partners=words.number(len(partners), "count.partner", "count.partners"),
    )
    return f"{said} {words.number(free, 'opening.free_one', 'opening.free')}"


def _waiting(material: Material, shown: Sequence[Offer]) -> str:
    words = material.words
    current = [o.wait for o in shown if state(o.wait) == "weken"]
    none = sum(state(o.wait) == "geen" for o in shown)
    closed = sum(state(o.wait) == "stop" for o in shown)
    said = []
    if current:
        said.append(words.say("opening.waits", n=len(current), of=len(shown), longest=_longest(words, current)))
    elif not none:
        said.append(words.say("opening.no_waits"))
    if none:
        said.append(words.number(none, "opening.none_one", "opening.none"))
    if closed:
        said.append(words.number(closed, "opening.closed_one", "opening.closed"))
    return " ".join(said)


def _longest(words: Wording, waits: Sequence[Wait]) -> str:
    """Up to how long families wait; "or longer" where some wait has no upper end."""
    ends = [w.high if w.high is not None else w.low or 0.0 for w in waits]
    endless = any(w.high is None for w in waits)
    return words.weeks(max(ends), None if endless else max(ends))


def _unknown(material: Material, shown: Sequence[Offer], edges: Sequence[tuple[str, str, str]]) -> str:
    words = material.words
    states = [state(o.wait) for o in shown]
    counts = [
        (states.count("onbekend"), "opening.unknown_one", "opening.unknown"),
        (states.count("oud"), "opening.old_one", "opening.old"),
        (
            sum(o.age_from is None and o.age_until is None for o in shown),
            "opening.no_ages_one",
            "opening.no_ages",
        ),
        (sum(o.area_assumed for o in shown), "opening.no_area_one", "opening.no_area"),
    ]
    said = [words.number(n, one, many) for n, one, many in counts if n]
    loose = {n for edge in edges for n in edge[:2] if n.startswith(ROLE) and n != FAMILY}
    if loose:
        said.append(words.say("opening.no_names", roles=", ".join(sorted(material.name(n) for n in loose))))
    return " ".join(said) or words.say("opening.all_known")
