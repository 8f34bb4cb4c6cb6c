"""Which way alterations must turn out for families, whatever the waits are that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf
from typing import Final, Literal

from ...altering.alterations import AddRoute, Alteration, Altered, Close, NewWait, RemoveRoute
from ...locale import Locale
from ...profiles.holding import Holding
from ...profiles.study import Study
from ...waiting import Wait

SHORTER: Final = -1
LONGER: Final = 1
Direction = Literal[-1, 0, 1]


def direction(study: Study, altered: Altered) -> Direction | None:
    """SHORTER, LONGER or 0 where all alterations go one way for certain; None where that depends on the waits.

    Of families that have a way before and after: with a route more none waits longer, with a route or a partner less none
    shorter, and a lead time follows every wait on its way. A new wait is shorter for certain when it is at most the least
    that the old one can be, for every family and offering.
    """
    found = {_direction(study, a) for a in altered.alterations} - {0}
    if None in found or len(found) > 1:
        return None
    return found.pop() if found else 0


def _direction(study: Study, alteration: Alteration) -> Direction | None:
    if isinstance(alteration, AddRoute):
        return SHORTER
    if isinstance(alteration, RemoveRoute | Close):
        return LONGER
    if not isinstance(alteration, NewWait):
        return 0
    settings = study.landscape.settings
    low, high = alteration.low, alteration.high
    if alteration.expected is None:
        low, high = settings.unknown_weeks_low * 7, settings.unknown_weeks_high * 7
    spans = [_span(wait) for wait in _waits(study, alteration.subject)]
    least, most = min((a for a, _ in spans), default=inf), max((b for _, b in spans), default=-inf)
    new = low or 0.0, inf if high is None else high
    if all(span == (new[0], new[0]) == new for span in spans):
        return 0
    if new[1] <= least:
        return SHORTER
    return LONGER if new[0] >= most else None


def _span(wait: Wait) -> tuple[float, float]:
    """From the least to the most that a wait can be; a stop is longer than any."""
    if wait.closed:
        return inf, inf
    return wait.low or 0.0, inf if wait.high is None else wait.high


def _waits(study: Study, subject: str) -> Iterator[Wait]:
    """The waits until now at a partner and its offerings, or at an offering, for every family and route."""
    for place in study.places():
        locale = place.locale
        holding = Holding(locale, place.terrain.profiles)
        for subjects in _asked(locale, subject):
            yield from holding.waits(subjects)[0]


def _asked(locale: Locale, subject: str) -> Iterable[list[str]]:
    """What is asked for a wait there: on the way, and at the end with each offering, by each route that has its own."""
    offered = [o for o in locale.offerings.values() if subject in (o.partner, f"aanbod:{o.id}")]
    nodes = {(o.node, o.id) for o in offered} | ({(subject, None)} if subject in locale.partners else set())
    into = {h.route for h in locale.hops if h.route and locale.waits.has(f"route:{h.route}")}
    for node, offering in sorted(nodes, key=str):
        own = [h.route for h in locale.hops if h.target == node and h.route in into]
        yield from (locale.subjects(node, offering, route) for route in (None, *own))
