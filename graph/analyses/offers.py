"""offers: what is there for this family, nearby, now — lightest first, then nearest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..landscape import Landscape
from ..locale import Locale
from ..places import Offering
from ..profile import Profile, covers
from ..waiting import Source, Wait
from .common import Assumption, Frame, Result, addresses, assumed_waits, frame, sources_of, weeks, weeks_of, years

LIGHT_TO_HEAVY: Final = (0, 1, 2, 3)
"""The levels asked when none is named: crisis and stay substitute for nothing."""
HERE, ONLINE, ELSEWHERE, UNKNOWN = "hier", "online", "elders", "onbekend"
_NEARNESS: Final = {HERE: 0, ONLINE: 1, ELSEWHERE: 2, UNKNOWN: 3}
_ACCESS: Final = {"vrij": 0, "verwijzing": 1, "beschikking": 2}


@dataclass(frozen=True, slots=True)
class Offer:
    """One offering that fits. Ages in months; ``nearby`` is hier, online, elders or onbekend."""

    id: str
    name: str
    partner: str | None
    partner_name: str | None
    level: int | None
    access: str | None
    themes: tuple[str, ...]
    age_from: int | None
    age_until: int | None
    place: tuple[str, ...]
    location: str | None
    nearby: str
    audience: tuple[str, ...]
    wait: Wait
    how_to_apply: str | None
    area_assumed: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Offers(Result):
    """The answer: fitting offerings in order, and apart what is there for safety (never ranked).

    ``unlevelled`` are fitting offerings whose level nobody stated: shown, not sorted in.
    """

    frame: Frame
    profile: Profile
    levels: tuple[int, ...]
    offers: tuple[Offer, ...]
    unlevelled: tuple[Offer, ...]
    safety: tuple[Offer, ...]

    def as_dict(self) -> dict[str, Any]:
        """The answer as CONTRACTS §6 names it; levels as numbers, ages in years."""
        return {
            "offers": [_as_dict(o) for o in self.offers],
            "unlevelled": [_as_dict(o) for o in self.unlevelled],
            "safety": [_as_dict(o) for o in self.safety],
        }

    def rows(self) -> list[dict[str, Any]]:
        """A row per offering, those without a level last; safety is left out."""
        return [_row(o) for o in (*self.offers, *self.unlevelled)]


def _row(o: Offer) -> dict[str, Any]:
    return {
        "id": o.id,
        "name": o.name,
        "partner": o.partner,
        "level": o.level,
        "access": o.access,
        "themes": "; ".join(o.themes),
        "age_from": None if o.age_from is None else o.age_from / 12,
        "age_until": None if o.age_until is None else o.age_until / 12,
        "place": "; ".join(o.place),
        "nearby": o.nearby,
        "audience": "; ".join(o.audience),
        "weeks_low": weeks(o.wait.low),
        "weeks_expected": weeks(o.wait.expected),
        "weeks_high": weeks(o.wait.high),
        "closed": o.wait.closed,
        "as_of": o.wait.as_of,
        "outdated": o.wait.outdated,
        "assumed": o.wait.assumed,
        "how_to_apply": o.how_to_apply,
        "sources": addresses((*o.sources, *o.wait.sources)),
    }


def _as_dict(o: Offer) -> dict[str, Any]:
    return {
        "id": o.id,
        "name": o.name,
        "partner": o.partner,
        "level": o.level,
        "access": o.access,
        "themes": list(o.themes),
        "age_from": years(o.age_from),
        "age_until": years(o.age_until),
        "place": list(o.place),
        "nearby": o.nearby,
        "audience": list(o.audience),
        "weeks": weeks_of(o.wait),
        "closed": o.wait.closed,
        "as_of": o.wait.as_of,
        "outdated": o.wait.outdated,
        "assumed": o.wait.assumed,
        "written": o.wait.written,
        "how_to_apply": o.how_to_apply,
        "sources": sources_of(o.sources),
    }


def offers(
    landscape: Landscape,
    municipality: str,
    age: int | None = None,
    theme: str | None = None,
    levels: tuple[int, ...] | None = None,
    *,
    locale: Locale | None = None,
    with_outdated: bool = False,
) -> Offers:
    """The registered offerings for a family in ``municipality`` (code), age in months, theme as slug.

    Lightest level first, then nearest (stands in the municipality, online, elsewhere), then free before
    referral, then open and known and shorter waits, then name. Pass a ``locale`` to ask more than once.
    """
    here = locale or Locale(landscape, municipality, with_outdated=with_outdated)
    profile = Profile(municipality, age, theme)
    asked = tuple(sorted(levels)) if levels else LIGHT_TO_HEAVY
    fitting, unlevelled, safety = [], [], []
    for offering in here.fitting(profile):
        found = _offer(here, offering, profile)
        if here.is_safety(offering.partner):
            safety.append(found)
        elif offering.level is None:
            unlevelled.append(found)
        elif offering.level in asked:
            fitting.append(found)
    fitting.sort(key=_order)
    shown = [*fitting, *unlevelled]
    assumptions = assumed_waits(landscape, (o.wait for o in shown))
    if any(o.area_assumed for o in shown):
        assumptions.append(Assumption("area", (("number", sum(o.area_assumed for o in shown)),)))
    if age is not None and any(o.age_from is None and o.age_until is None for o in shown):
        assumptions.append(Assumption("ages", (("number", sum(o.age_from is None and o.age_until is None for o in shown)),)))
    return Offers(
        frame(landscape, "offers", (o.wait for o in shown), assumptions),
        profile,
        asked,
        tuple(fitting),
        tuple(sorted(unlevelled, key=_order)),
        tuple(sorted(safety, key=_order)),
    )


def offers_of_any(
    landscape: Landscape,
    profiles: Sequence[Profile],
    levels: tuple[int, ...] | None = None,
    *,
    with_outdated: bool = False,
) -> Offers:
    """The offerings that fit any of ``profiles``, each once, where it stands best; ages in months."""
    locales = {p.municipality: Locale(landscape, p.municipality, with_outdated=with_outdated) for p in profiles}
    found = [offers(landscape, p.municipality, p.age, p.theme, levels, locale=locales[p.municipality]) for p in profiles]
    if len(found) == 1:
        return found[0]

    def once(parts: Iterable[Sequence[Offer]]) -> tuple[Offer, ...]:
        first: dict[str, Offer] = {}
        for offer in sorted((o for part in parts for o in part), key=_order):
            first.setdefault(offer.id, offer)
        return tuple(first.values())

    fitting, unlevelled = once(f.offers for f in found), once(f.unlevelled for f in found)
    assumptions = [a for f in found for a in f.frame.assumptions]
    waits = [o.wait for o in (*fitting, *unlevelled)]
    return Offers(
        frame(landscape, "offers", waits, assumptions),
        profiles[0],
        found[0].levels,
        fitting,
        unlevelled,
        once(f.safety for f in found),
    )


def _offer(here: Locale, offering: Offering, profile: Profile) -> Offer:
    row = offering.row
    partner = here.partners.get(offering.partner) if offering.partner else None
    own_area = row["municipalities"] is not None
    return Offer(
        offering.id,
        offering.name,
        offering.partner,
        here.landscape.names.get(offering.partner) if offering.partner else None,
        offering.level,
        offering.access,
        offering.themes,
        offering.age_from,
        offering.age_until,
        tuple(row["place"] or ()),
        row["location"],
        nearness(here, offering, profile.municipality),
        tuple(row["audience"] or ()),
        here.waits.registration(here.subjects(offering.node, offering.id), profile),
        row["how_to_apply"],
        not own_area and (partner is None or partner.area_assumed),
        (Source.of("offerings", row),),
    )


def nearness(here: Locale, offering: Offering, municipality: str) -> str:
    """Where it stands: the offering's own place, else the partner's; unknown stays unknown."""
    row = offering.row
    if row["location"]:
        return HERE if row["location"] == municipality else ELSEWHERE
    if "online" in (row["place"] or ()):
        return ONLINE
    if {"thuis", "wijk"} & set(row["place"] or ()):
        return HERE
    locations = here.landscape.locations.get(offering.partner or "")
    if locations:
        return HERE if covers(locations, municipality, here.settings.municipalities) else ELSEWHERE
    return UNKNOWN


def _order(offer: Offer) -> tuple[Any, ...]:
    expected = offer.wait.expected
    return (
        offer.level if offer.level is not None else 9,
        _NEARNESS[offer.nearby],
        _ACCESS.get(offer.access or "", 3),
        offer.wait.closed,
        offer.wait.assumed,
        expected if expected is not None else float("inf"),
        offer.name,
        offer.id,
    )
