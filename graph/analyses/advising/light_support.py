"""light_support: what there is that is light, free and near, and that hardly anybody is led to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...locale import Locale
from ...places import Offering
from ...queues import capacity_of
from ...waiting import Wait
from ..common import sources_of
from ..offers import HERE, UNKNOWN, Offer

#: Why an offering is in the list: nothing registered leads to it, there is room, or it is on nobody's fastest way.
NOT_LED: Final = "geen route of lijn"
ROOM: Final = "ruimte"
NOT_USED: Final = "op niemands snelste weg"
#: Levels of support that needs nobody's permission.
LIGHT: Final = (0, 1)
#: Days within which one can be somewhere soon.
SOON: Final = 14.0
#: Of the places no more than this share is taken: then there is room.
HALF: Final = 0.5
_FREE: Final = "vrij"
_PROFESSIONALS: Final = ("professional",)


@dataclass(frozen=True, slots=True)
class Light:
    """One free offering of level 0 or 1 in the municipality itself, and why it is in the list.

    ``load`` is the share of its places that is taken, where that is the reason.
    """

    offer: Offer
    reasons: tuple[str, ...]
    load: float | None

    def as_dict(self) -> dict[str, Any]:
        """The offering by its id."""
        return {
            "id": self.offer.id,
            "partner": self.offer.partner,
            "level": self.offer.level,
            "reasons": list(self.reasons),
            "load": self.load,
            "sources": sources_of(self.offer.sources),
        }


@dataclass(frozen=True, slots=True)
class LightSupport:
    """All free offerings of level 0 and 1 that stand in the municipality and are open (``offers``), and those in the list.

    ``closed`` are those that take nobody now; ``unclear`` those of which nobody says whether they are free, or where they
    stand. ``unled`` of all have no route or line, whatever else there is to say.
    """

    offers: tuple[Offer, ...]
    closed: tuple[Offer, ...]
    unclear: tuple[Offer, ...]
    light: tuple[Light, ...]
    unled: int

    def as_dict(self) -> dict[str, Any]:
        """Numbers of offerings (no families), and the list."""
        return {
            "free_nearby": len(self.offers),
            "closed": len(self.closed),
            "unclear": len(self.unclear),
            "without_route_or_line": self.unled,
            "offerings": [one.as_dict() for one in self.light],
        }


def light_support(
    locale: Locale,
    found: Iterable[Offer],
    unled: Collection[str],
    arriving: Mapping[int, Collection[str]],
    *,
    few: int = 6,
) -> LightSupport:
    """What of ``found`` is free, of level 0 or 1 and here, and hardly used or known as far as the tables tell.

    Three signs, each of them of the lists and none of quality: no registered route or line leads to it (``unled``: ids of
    offerings, by gaps); the stated inflow takes at most half of its places (Little: inflow · duration / 52 / places), told
    only where that inflow is none or at least the threshold; and it is at the end of nobody's fastest way (``arriving``: by
    level the nodes where anybody's ends). The last one says little by itself, as of several free offerings the one with
    the shortest wait is the fastest: it only fills the list up to ``few`` offerings, with those that are not known to take
    longer than two weeks. What is for professionals only is left out; the order is that of ``found``.
    """
    families = [o for o in found if o.level in LIGHT and o.audience != _PROFESSIONALS]
    near = [o for o in families if o.access == _FREE and o.nearby == HERE]
    open_ = [o for o in near if not o.wait.closed]
    told = [Light(o, *_why(locale, o, unled, arriving)) for o in open_]
    sure = [one for one in told if {NOT_LED, ROOM} & set(one.reasons)]
    more = [one for one in told if one.reasons and one not in sure and not _is_long(one.offer.wait)]
    return LightSupport(
        tuple(open_),
        tuple(o for o in near if o.wait.closed),
        tuple(o for o in families if _unclear(o)),
        (*sure, *more[: max(0, few - len(sure))]),
        sum(o.id in unled for o in open_),
    )


def _is_long(wait: Wait) -> bool:
    """Whether a wait is known to be long for something light."""
    return wait.known and (wait.expected or 0.0) > SOON


def _unclear(offer: Offer) -> bool:
    """Whether it may be free and near, as far as anybody says."""
    return offer.access in (_FREE, None) and offer.nearby in (HERE, UNKNOWN) and not (offer.access and offer.nearby == HERE)


def _why(
    locale: Locale, offer: Offer, unled: Collection[str], arriving: Mapping[int, Collection[str]]
) -> tuple[tuple[str, ...], float | None]:
    offering = locale.offerings[offer.id]
    load = _load(offering, locale.settings.threshold)
    return tuple(_reasons(offering, load, unled, arriving)), load


def _reasons(
    offering: Offering, load: float | None, unled: Collection[str], arriving: Mapping[int, Collection[str]]
) -> Iterator[str]:
    if offering.id in unled:
        yield NOT_LED
    if load is not None:
        yield ROOM
    ends = None if offering.level is None else arriving.get(offering.level)
    if ends is not None and offering.node not in ends:
        yield NOT_USED


def _load(offering: Offering, threshold: int) -> float | None:
    """The share of the places that is taken where that is at most half; None where it is more, or not known or shown."""
    capacity = capacity_of([offering])
    if capacity is None or capacity.inflow is None or 0 < capacity.inflow < threshold:
        return None
    load = capacity.queue(capacity.inflow).load
    return load if load <= HALF else None
