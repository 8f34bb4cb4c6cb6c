"""Single ways that stand for many: their steps, what was assumed for them, and what was said of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...landscape import Landscape
from ...locale import Locale
from ...places import FAMILY
from ...profile import covers
from ...profiles.study import Place
from ...routing.routes import Leg, Network
from ...waiting import REGISTRATION, Source
from ..common import Assumption, assumed_waits
from ..route import computed_part, quantiles
from ..ways import Statement, Way


def way_along(place: Place, level: int, column: int, path: Sequence[str]) -> Way:
    """The way of one profile (a column of the terrain) along ``path``, nodes as :class:`~...profiles.leads.Leads` gives them.

    Its ends are those of the steps on it: the sums of all low and of all high ends. Ages are tested at entry.
    """
    terrain = place.terrain
    profile = terrain.profiles[column]
    legs = Network(place.locale, profile, clock=False).legs_along(path, level, terrain.scenario)
    highs = [leg.total.high for leg in legs]
    median, p90 = quantiles(legs)
    offering = legs[-1].offering
    return Way(
        level,
        profile,
        offering.id if offering else None,
        tuple(path),
        legs,
        sum(leg.days("low") for leg in legs),
        sum(leg.days("expected") for leg in legs),
        None if any(h is None for h in highs) else sum(h for h in highs if h is not None),
        median,
        p90,
    )


def assumptions_of(landscape: Landscape, legs: Iterable[Leg], *, area_assumed: int = 0) -> tuple[Assumption, ...]:
    """What was assumed for ``legs``; ``area_assumed`` counts the partners on them that do not say whom they serve."""
    settings, found = landscape.settings, list(dict.fromkeys(legs))
    says = assumed_waits(landscape, (leg.wait for leg in found))
    if any(leg.hop and not leg.hop.handover_given for leg in found):
        says.append(Assumption("handover"))
    if any(leg.hop and leg.hop.derived and leg.hop.route for leg in found):
        says.append(Assumption("role_route"))
    if any(leg.decision and leg.decision.assumed for leg in found):
        low, high = settings.unknown_decision_low, settings.unknown_decision_high
        says.append(Assumption("decision", (("low", f"{low:g}"), ("high", f"{high:g}"))))
    if area_assumed:
        says.append(Assumption("area", (("number", area_assumed),)))
    if any(leg.hop is None or leg.hop.source == FAMILY for leg in found):
        says.append(Assumption("family"))
    return tuple(says)


def statements_on(locale: Locale, ways: Sequence[Way]) -> tuple[Statement, ...]:
    """What somebody said of a part of ``ways`` in one municipality: shown beside, never computed with.

    ``outside`` tells whether it lies outside what was computed for the same stretch of the first of these ways.
    """
    found = []
    for row in locale.waits.statements:
        areas, on = row["municipalities"], tuple(row["on"])
        if areas and not covers(areas, locale.municipality, locale.settings.municipalities):
            continue
        parts = [part for way in ways if (part := computed_part(locale, way, on)) is not None]
        if not parts:
            continue
        value, outside = row["days_expected"], None
        # of one station only the same stretch can be compared; of a chain the interval says it all
        if value is not None and (len(on) > 1 or row["kind"] == REGISTRATION):
            low, high = parts[0]
            outside = value < low or (high is not None and value > high)
        said = (row["value"], row["days_low"], value, row["days_high"], on, row["as_of"], row["clock_from"], row["clock_to"])
        found.append(Statement(*said, outside, Source.of("waits", row)))
    return tuple(found)
