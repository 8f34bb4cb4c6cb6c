"""What holds where: partners, offerings and routes by municipality, laid out once for a whole Landscape.

A :class:`locale.Locale` takes its own out of it. A station, an offering and a step of a route are the same in every
municipality, and one object for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

import polars as pl

from ..ontology.concepts import scheme
from .areas import Areas
from .dates import first_day, last_day
from .landscape import Landscape
from .places import Node, Offering, Row
from .route_steps import RouteSteps

_OF_OFFERING: Final = ("id", "name", "partner", "level", "access", "themes", "age_from", "age_until")


class Atlas:
    """The partners, offerings and routes of a Landscape, each made once: ask with ``landscape.derived(Atlas)``."""

    def __init__(self, landscape: Landscape) -> None:
        # not the Landscape itself, that keeps this: both would only go with the next round of the garbage collector
        self._frames = landscape.frames
        self._roles = landscape.roles
        self._region = frozenset(landscape.settings.municipalities)
        self._today = landscape.settings.reference_date

    # --- partners ------------------------------------------------------------------------------------
    @cached_property
    def _nodes(self) -> list[Node]:
        roles = self._roles
        entry = {slug for slug in roles.slugs if roles[slug].says("isEntry")}
        columns = (self._frames["partners"][c].to_list() for c in ("id", "name", "roles", "municipalities"))
        return [
            Node(id_, name, tuple(held or ()), not entry.isdisjoint(held or ()), area_assumed=areas is None)
            for id_, name, held, areas in zip(*columns, strict=True)
        ]

    @cached_property
    def _partner_areas(self) -> Areas:
        return Areas(enumerate(self._frames["partners"]["municipalities"].to_list()), self._region)

    def partners(self, municipality: str) -> dict[str, Node]:
        """The partners that serve a municipality (code), in order of id; nothing said is the whole region."""
        found = (self._nodes[place] for place in sorted(self._partner_areas.taken(municipality)))
        return {node.id: node for node in found}

    # --- offerings -----------------------------------------------------------------------------------
    @cached_property
    def _offered(self) -> pl.DataFrame:
        return _valid(self._frames["offerings"], self._today)

    @cached_property
    def _offerings(self) -> list[Offering]:
        columns = (self._offered[c].to_list() for c in _OF_OFFERING)
        return [
            Offering(
                id_,
                name,
                partner,
                None if level is None else int(level),
                access,
                tuple(themes) if themes else (),
                age_from,
                age_until,
                Row(self._offered, place),
            )
            for place, (id_, name, partner, level, access, themes, age_from, age_until) in enumerate(zip(*columns, strict=True))
        ]

    @cached_property
    def _own_areas(self) -> Areas:
        """The areas that offerings state themselves, and the initiatives without a partner that state none."""
        own = self._offered.select("municipalities", "partner").with_row_index("place")
        own = own.filter(pl.col("municipalities").is_not_null() | pl.col("partner").is_null())
        return Areas(zip(own["place"].to_list(), own["municipalities"].to_list(), strict=True), self._region)

    @cached_property
    def _of_partner(self) -> Mapping[str, list[int]]:
        """The offerings that leave their area to their partner, by partner."""
        found: dict[str, list[int]] = {}
        silent = self._offered["municipalities"].is_null().to_list()
        for place, partner in enumerate(self._offered["partner"].to_list()):
            if silent[place] and partner is not None:
                found.setdefault(partner, []).append(place)
        return found

    def offerings(self, municipality: str, partners: Iterable[str]) -> dict[str, Offering]:
        """The valid offerings that serve a municipality (code) with these ``partners`` (ids), in order of id."""
        places = self._own_areas.taken(municipality)
        for partner in partners:
            places.update(self._of_partner.get(partner, ()))
        found = (self._offerings[place] for place in sorted(places))
        return {offering.id: offering for offering in found}

    # --- routes --------------------------------------------------------------------------------------
    @cached_property
    def steps(self) -> RouteSteps:
        """The steps of valid routes that move families."""
        kinds = scheme("route-kind")
        moving = [k for k in kinds.slugs if kinds[k].says("movesFamilies")]
        frame = _valid(self._frames["routes"].filter(pl.col("kind").is_in(moving)), self._today)
        return RouteSteps(frame, {f"aanbod:{o.id}": o.node for o in self._offerings}, self._region)


def _valid(frame: pl.DataFrame, reference: str) -> pl.DataFrame:
    """The rows that are valid on the reference date: begun, and not ended."""
    today = first_day(reference)
    later = [d for d in frame["valid_from"].unique() if d and first_day(d) > today]
    gone = [d for d in frame["valid_until"].unique() if d and last_day(d) <= today]
    barred = [pl.col(c).is_in(days).fill_null(value=False) for c, days in (("valid_from", later), ("valid_until", gone))]
    return frame.filter(~pl.any_horizontal(barred))
