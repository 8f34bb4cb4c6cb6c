"""A build in a notebook: every question as a method, with municipalities, ages, themes and levels as people say them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..ontology.catalogue import ToldError
from ..ontology.concepts import folded, scheme
from .landscape import Landscape

if TYPE_CHECKING:
    import networkx as nx
    from rdflib import Graph

    from .analyses.advising.answer import Advice
    from .analyses.answers import Answers
    from .analyses.brokers import Brokers
    from .analyses.comparing.trend import Trend
    from .analyses.comparing.what_if import WhatIf
    from .analyses.detours.long_routes import LongRoutes
    from .analyses.experienced.answer import Experienced
    from .analyses.indicators import Indicators
    from .analyses.lacking.gaps import Gaps
    from .analyses.lines.short_lines import ShortLines
    from .analyses.offers import Offers
    from .analyses.proposing.answer import DirectRoutes
    from .analyses.waiting.answer import Bottlenecks
    from .analyses.ways import RouteAnswer

Names = str | Iterable[str] | None
Numbers = float | Iterable[float] | None


class RouteMap:
    """A build, asked in Python.

    ``gemeente`` takes codes or names, ``age`` years (a number or several; 17.75 is 213 months), ``theme`` slugs or labels,
    ``level`` numbers 0–4 (none: 0–3, lightest first); ids and endpoints (``P01``, ``rol:huisarts``, ``aanbod:O01``) are as
    stored. Results are frozen, print well, and become frames with ``.to_frame()`` (Polars) and ``.to_pandas()``. Small
    counts of families are left out of them; ``internal=True`` shows them, and is not for a file.

    >>> import routekaart                                    # doctest: +SKIP
    >>> k = routekaart.open("uit/")
    >>> k.direct_routes(level=3, top=10).to_frame()
    >>> k.network(gemeente="Ede", age=14, theme="adhd")      # a networkx.DiGraph
    """

    def __init__(self, path: str | Path) -> None:
        self._path = path

    def __repr__(self) -> str:
        settings = self.landscape.settings
        return f"RouteMap({str(self._path)!r}: {settings.title}, {settings.reference_date})"

    @cached_property
    def landscape(self) -> Landscape:
        """The tables of the build, as Polars frames by their English name."""
        from .edition import open_edition

        return open_edition(self._path).landscape()

    @cached_property
    def triples(self) -> Graph:
        """The build as an rdflib graph over its store, opened read-only."""
        from . import open as open_triples

        return open_triples(self._path)

    # --- what people say -----------------------------------------------------------------------------
    def _municipality(self, given: str) -> str:
        names = self.landscape.municipality_names
        by_name = {folded(n): c for c, n in names.items()} | {folded(c): c for c in names}
        code = by_name.get(folded(given))
        if code is None:
            known = ", ".join(names.get(c, c) for c in self.landscape.region_municipalities)
            raise ToldError("gemeente-unknown", value=given, suggestion=known)
        return code

    def _theme(self, given: str) -> str:
        slug = self.landscape.themes.find(given)
        if slug is None:
            known = ", ".join(self.landscape.themes.slugs[:19])
            raise ToldError("theme-unknown", value=given, suggestion=known)
        return slug

    def _asked(self, gemeente: Names, age: Numbers, theme: Names, level: Numbers) -> dict[str, Any]:
        """The options that most questions take; ValueError for an age or level that cannot be."""
        return {
            "municipalities": [self._municipality(g) for g in _several(gemeente)],
            "ages": [_months(a) for a in _numbers(age)],
            "themes": [self._theme(t) for t in _several(theme)],
            "levels": [_level(x) for x in _numbers(level)],
        }

    def _one(self, gemeente: Names) -> list[str]:
        """The municipalities asked; without any the only one of the data."""
        given = [self._municipality(g) for g in _several(gemeente)]
        region = self.landscape.region_municipalities
        if given or len(region) == 1:
            return given or list(region)
        names = self.landscape.municipality_names
        raise ToldError("gemeente-needed", known=", ".join(names.get(c, c) for c in region))

    # --- one family ----------------------------------------------------------------------------------
    def offers(
        self, gemeente: Names = None, age: float | None = None, theme: str | None = None, level: Numbers = None, **more: Any
    ) -> Offers:
        """What is there for this family, nearby and now (:func:`.analyses.offers.offers_of_any`)."""
        from .analyses.offers import offers_of_any
        from .profile import Profile

        months = None if age is None else _months(age)
        slug = None if theme is None else self._theme(theme)
        profiles = [Profile(code, months, slug) for code in self._one(gemeente)]
        return offers_of_any(self.landscape, profiles, tuple(_level(x) for x in _numbers(level)) or None, **more)

    def route(
        self,
        gemeente: Names = None,
        *,
        start: str | None = None,
        goal: str | None = None,
        age: Numbers = None,
        theme: Names = None,
        level: Numbers = None,
        **more: Any,
    ) -> RouteAnswer:
        """What is the way to support, how long does it take, how sure is that (:func:`.analyses.route.route`)."""
        from .analyses.route import route

        asked = self._asked(None, age, theme, level)
        return route(
            self.landscape,
            self._one(gemeente),
            start=start,
            goal=goal,
            levels=asked["levels"],
            age=asked["ages"],
            theme=asked["themes"],
            **more,
        )

    def network(self, gemeente: str, age: float | None = None, theme: str | None = None, **more: Any) -> nx.DiGraph:
        """The steps that a family can take, as a NetworkX graph (:func:`.profile_graph.profile_graph` tells its attributes)."""
        from .locale import Locale
        from .profile import Profile
        from .profile_graph import profile_graph

        locale = Locale(self.landscape, self._municipality(gemeente), **more)
        slug = None if theme is None else self._theme(theme)
        return profile_graph(locale, Profile(locale.municipality, None if age is None else _months(age), slug))

    # --- all families --------------------------------------------------------------------------------
    def long_routes(
        self, gemeente: Names = None, age: Numbers = None, theme: Names = None, level: Numbers = None, **more: Any
    ) -> LongRoutes:
        """Where do families go the long way (:func:`.analyses.detours.long_routes.long_routes`)."""
        from .analyses.detours.long_routes import long_routes

        return long_routes(self.landscape, **self._asked(gemeente, age, theme, level), **more)

    def bottlenecks(
        self, gemeente: Names = None, age: Numbers = None, theme: Names = None, level: Numbers = None, **more: Any
    ) -> Bottlenecks:
        """Where do many families pass, and where do they wait (:func:`.analyses.waiting.bottlenecks.bottlenecks`)."""
        from .analyses.waiting.bottlenecks import bottlenecks

        return bottlenecks(self.landscape, **self._asked(gemeente, age, theme, level), **more)

    def gaps(self, gemeente: Names = None, age: Numbers = None, theme: Names = None, level: Numbers = None, **more: Any) -> Gaps:
        """What is not registered (:func:`.analyses.lacking.gaps.gaps`)."""
        from .analyses.lacking.gaps import gaps

        return gaps(self.landscape, **self._asked(gemeente, age, theme, level), **more)

    def short_lines(
        self, gemeente: Names = None, age: Numbers = None, theme: Names = None, level: Numbers = None, **more: Any
    ) -> ShortLines:
        """Which contacts between partners are missing (:func:`.analyses.lines.short_lines.short_lines`)."""
        from .analyses.lines.short_lines import short_lines

        return short_lines(self.landscape, **self._asked(gemeente, age, theme, level), **more)

    def direct_routes(
        self, gemeente: Names = None, age: Numbers = None, theme: Names = None, level: Numbers = None, **more: Any
    ) -> DirectRoutes:
        """Which new routes would save families waiting (:func:`.analyses.proposing.direct_routes.direct_routes`)."""
        from .analyses.proposing.direct_routes import direct_routes

        return direct_routes(self.landscape, **self._asked(gemeente, age, theme, level), **more)

    def what_if(
        self, gemeente: Names = None, age: Numbers = None, theme: Names = None, level: Numbers = None, **more: Any
    ) -> WhatIf:
        """What changes when a route comes or goes, a partner closes, a wait or capacity changes."""
        from .analyses.comparing.what_if import what_if

        return what_if(self.landscape, **self._asked(gemeente, age, theme, level), **more)

    def trend(
        self,
        new: RouteMap,
        gemeente: Names = None,
        age: Numbers = None,
        theme: Names = None,
        level: Numbers = None,
        **more: Any,
    ) -> Trend:
        """How ``new``, a later build, differs from this one (:func:`.analyses.comparing.trend.trend`)."""
        from .analyses.comparing.trend import trend

        return trend(self.landscape, new.landscape, **self._asked(gemeente, age, theme, level), **more)

    def advice(self, gemeente: str, **more: Any) -> Advice:
        """What a meeting about one municipality can use (:func:`.analyses.advising.advice.advice`)."""
        from .analyses.advising.advice import advice

        return advice(self.landscape, self._municipality(gemeente), **more)

    def answers(
        self, gemeente: Names = None, age: Numbers = None, theme: Names = None, level: Numbers = None, **more: Any
    ) -> Answers:
        """Everything at once in long form (:func:`.analyses.answers.answers`)."""
        from .analyses.answers import answers

        return answers(self.landscape, **self._asked(gemeente, age, theme, level), **more)

    def brokers(self, gemeente: Names = None) -> Brokers:
        """Who connects municipalities and domains (:func:`.analyses.brokers.brokers`)."""
        from .analyses.brokers import brokers

        return brokers(self.landscape, [self._municipality(g) for g in _several(gemeente)])

    def indicators(self, gemeente: Names = None, theme: Names = None, **more: Any) -> Indicators:
        """How it goes, by the region's own figures (:func:`.analyses.indicators.indicators`)."""
        from .analyses.indicators import indicators

        codes, themes = [self._municipality(g) for g in _several(gemeente)], [self._theme(t) for t in _several(theme)]
        return indicators(self.landscape, codes, themes, **more)

    def experienced(self, gemeente: Names = None, **more: Any) -> Experienced:
        """What families live through from partner to partner (:func:`.analyses.experienced.experienced.experienced`)."""
        from .analyses.experienced.experienced import experienced

        return experienced(self.landscape, [self._municipality(g) for g in _several(gemeente)], **more)


def _several(given: Names) -> Sequence[str]:
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(given)


def _numbers(given: Numbers) -> Sequence[float]:
    if given is None:
        return ()
    return (given,) if isinstance(given, int | float) else tuple(given)


def _months(age: float) -> int:
    """An age in years as whole months, rounded down; ValueError for one below 0."""
    if not 0 <= age < 130:
        raise ValueError(f"an age is a number of years from 0, not {age!r}")
    return int(age * 12 + 1e-9)


def _level(given: float) -> int:
    """A level as it is stored; ValueError for one that is not in the scheme."""
    if str(given) not in scheme("level"):
        raise ValueError(f"a level is one of {', '.join(scheme('level').slugs)}, not {given!r}")
    return int(given)
