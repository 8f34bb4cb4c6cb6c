"""A Landscape asked for all families at once, ages tested at entry: the ground that the analyses share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from ..landscape import Landscape
from ..locale import Locale
from ..profile import Profile
from ..routing.asking import Reason
from ..routing.routes import Scenario
from .flow import Flow, plus
from .leads import Leads
from .passage import Passage, passage
from .population import Group, Population, is_weighted, population
from .steps import NEVER, alike
from .terrain import Terrain

LIGHT_TO_HEAVY: Final = (0, 1, 2, 3)
"""The levels asked when none is named: crisis and stay substitute for nothing."""
REASONS: Final[tuple[Reason, ...]] = ("geen aanbod", "geen route", "aanmeldstop")


@dataclass(frozen=True)
class Place:
    """One municipality of a study: its locale, its families, and the terrain of their profiles (one a group)."""

    locale: Locale
    population: Population
    terrain: Terrain

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.population.groups

    def demand(self, level: int) -> Iterator[tuple[int, Mapping[str, float]]]:
        """The profiles (columns of the terrain) that anybody asks a level for, with families a year by start."""
        for column, group in enumerate(self.groups):
            by = group.demand.get(level)
            if by:
                yield column, by

    def leads(self, level: int) -> Leads:
        return self.terrain.derived(Leads, level)

    def flow(self, level: int) -> Flow:
        """Who passes where on the way to a level, over all profiles."""
        return self.passage(level).flow()

    def passage(self, level: int) -> Passage:
        """The same by profile, those together for which all ways are the same.

        A step that leads nowhere at this level, and the wait at a closed one, make no difference to any way.
        """
        between, ends = self.terrain.between, self.terrain.ends(level)
        leads_on = self.leads(level).cost[between.target] < NEVER
        parts = [np.where(leads_on, between.cost, NEVER), np.where(leads_on, between.wait, 0)]
        for steps in (ends.hops, ends.free, ends.there):
            parts += [steps.cost, np.where(steps.cost < NEVER, steps.wait, 0)]
        asked = list(self.demand(level))
        first, of = alike(np.concatenate(parts)[:, [column for column, _ in asked]])
        demands: list[dict[str, float]] = [{} for _ in first]
        for (_, by), same in zip(asked, of.tolist(), strict=True):
            for start, families in by.items():
                plus(demands[same], start, families)
        return passage(self.terrain, level, [asked[n][0] for n in first.tolist()], demands)

    def without_route(self, level: int) -> dict[Reason, float]:
        """Families a year without any way to a level, by reason."""
        leads, found = self.leads(level), dict.fromkeys(REASONS, 0.0)
        row = {start: n for n, start in enumerate(self.terrain.starts)}
        for column, by in self.demand(level):
            reasons: tuple[Reason | None, ...] | None = None
            for start, families in by.items():
                if not np.isfinite(leads.days[row[start], column]):
                    reasons = reasons or leads.reasons(column)
                    reason = reasons[row[start]]
                    if reason is not None:
                        found[reason] += families
        return found


class _Last:
    """The places of the last question to a Landscape, for the next analysis that asks the same."""

    def __init__(self, landscape: Landscape) -> None:
        self.asked: tuple[object, ...] = ()
        self.places: dict[str, Place] = {}


class Study:
    """All families of ``municipalities`` (codes; the region's when empty), of ``ages`` (months) and ``themes`` where given.

    ``levels`` are asked one by one, lightest first, 0–3 when none is named. Without table vraag, or where it says
    nothing of what is asked, the study is unweighted: every (elementary band, theme, entry) counts 1. ``like`` takes over
    the families of another study, so that the reference population stays what it was when the Landscape changes.
    """

    def __init__(
        self,
        landscape: Landscape,
        municipalities: Sequence[str] = (),
        ages: Sequence[int] = (),
        themes: Sequence[str] = (),
        levels: Sequence[int] = (),
        *,
        with_outdated: bool = False,
        scenario: Scenario = "expected",
        like: Study | None = None,
        progress: Callable[[str, int, int], None] = lambda what, done, total: None,
    ) -> None:
        self.landscape = landscape
        self.municipalities = tuple(dict.fromkeys(municipalities)) or landscape.region_municipalities
        self.ages, self.themes = tuple(dict.fromkeys(ages)), tuple(dict.fromkeys(themes))
        self.levels = tuple(sorted(set(levels))) or LIGHT_TO_HEAVY
        self.scenario: Scenario = scenario
        self.with_outdated = with_outdated
        self._like = like
        self._progress = progress
        self._places: dict[str, Place] = {}

    @cached_property
    def weighted(self) -> bool:
        """Whether families are counted."""
        if self._like is not None:
            return self._like.weighted
        return is_weighted(self.landscape, self.municipalities, self.ages, self.themes, self.levels)

    def place(self, municipality: str) -> Place:
        """One municipality of the study."""
        if municipality not in self._places:
            self._places[municipality] = self._made(municipality)
        return self._places[municipality]

    def _made(self, municipality: str) -> Place:
        other = self._like
        like = other.place(municipality) if other is not None else None
        if other and like and other.landscape is self.landscape and other.with_outdated == self.with_outdated:
            return Place(like.locale, like.population, like.terrain.under(self.scenario))
        if like is not None:
            locale = Locale(self.landscape, municipality, with_outdated=self.with_outdated)
            return self._laid(locale, like.population)
        # the municipalities too: a nation asked one by one must not be kept whole
        asked = (self.municipalities, self.ages, self.themes, self.levels, self.weighted, self.with_outdated, self.scenario)
        last = self.landscape.derived(_Last)
        if last.asked != asked:
            last.asked, last.places = asked, {}
        if municipality not in last.places:
            locale = Locale(self.landscape, municipality, with_outdated=self.with_outdated)
            people = population(locale, weighted=self.weighted, levels=self.levels, ages=self.ages, themes=self.themes)
            last.places[municipality] = self._laid(locale, people)
        return last.places[municipality]

    def _laid(self, locale: Locale, people: Population) -> Place:
        profiles: list[Profile] = [g.profile for g in people.groups]
        return Place(locale, people, Terrain(locale, profiles, scenario=self.scenario, starts=people.starts))

    def places(self) -> Iterator[Place]:
        """Every municipality with anybody in it, in the order of the region."""
        for done, municipality in enumerate(self.municipalities):
            self._progress("answers", done, len(self.municipalities))
            place = self.place(municipality)
            if place.groups:
                yield place

    def under(self, scenario: Scenario) -> Study:
        """The same study with all waits at their low or their high end."""
        return Study(
            self.landscape,
            self.municipalities,
            self.ages,
            self.themes,
            self.levels,
            with_outdated=self.with_outdated,
            scenario=scenario,
            like=self,
        )
