"""route: what is the way to support, how long does it take, and how sure is that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final

from ..landscape import Landscape
from ..locale import Locale
from ..places import FAMILY
from ..profile import Profile
from ..routing.asking import Asking, Reason
from ..routing.fastest import Fastest
from ..routing.paths import Path, always, best_paths, clock_of, legs_of
from ..routing.routes import OPEN_ENDED, SINK, SOURCE, Goal, Leg, Network, Scenario, Until
from ..waiting import NUMBER, REGISTRATION, TOTAL, Source
from .common import Assumption, assumed_waits, frame, numbers, texts
from .offers import LIGHT_TO_HEAVY
from .ways import RouteAnswer, Span, Spread, Statement, Way

if TYPE_CHECKING:
    import networkx as nx

#: How many ways are looked at for one that passes every --via before we say so.
MOST_PATHS: Final = 5_000


def route(
    landscape: Landscape,
    municipality: str | Sequence[str],
    *,
    start: str | None = None,
    goal: str | None = None,
    levels: Sequence[int] = (),
    age: int | Sequence[int] | None = None,
    theme: str | Sequence[str] | None = None,
    alternatives: int = 1,
    via: Sequence[str] = (),
    until: Until = "afspraak",
    static: bool = False,
    with_outdated: bool = False,
) -> RouteAnswer:
    """The fastest registered ways from ``start`` (endpoint; every entry when None) to support.

    ``goal`` (endpoint) ends there; ``levels`` end at a fitting offering of exactly that level; neither:
    levels 0–3, lightest first. Age in months. Without age or theme every elementary band and theme is
    evaluated: the fastest is given with its profile, and ``spread`` says how the others differ. Several
    municipalities, ages or themes ask for the fastest of them all, in the same way.

    Time of a step = handover + wait at its target (+ decision); a way is the sum of its steps
    (ANALYSES, Common ground). Closed partners are avoided; their stop is a reason, not a number.
    """
    places, ages, themes = texts(municipality), numbers(age), texts(theme)
    asked: tuple[int | None, ...] = tuple(sorted(set(levels))) or ((None,) if goal else LIGHT_TO_HEAVY)
    questions = {
        place: _Question(Locale(landscape, place, with_outdated=with_outdated), start, goal, tuple(via), until, static)
        for place in places
    }
    best: dict[int | None, Way] = {}
    why: dict[int | None, list[Reason]] = {level: [] for level in asked}
    spread: list[Spread] = []
    for place, question in questions.items():
        for profile, high, same in _profiles(question.locale, place, ages, themes):
            for level in asked:
                way, reason = question.fastest(profile, level)
                if way is not None and (level not in best or _better(way, best[level])):
                    best[level] = way
                if reason is not None:
                    why[level].append(reason)
                spread += [_spread(profile, high, t, level, way, reason) for t in same]
    spans: list[Span] = []
    ways: list[Way] = []
    for level in asked:
        if level in best:
            profile = best[level].profile
            question = questions[profile.municipality]
            spans.append(question.span(profile, level, best[level]))
            ways += [best[level]] if alternatives == 1 else question.alternatives(profile, level, alternatives)
    reasons = [(level, _first_reason(why[level])) for level in asked if level not in best]
    slugs = landscape.themes.slugs
    spread.sort(key=lambda s: (-1 if s.level is None else s.level, s.municipality, slugs.index(s.theme), s.age_from))
    one = (len(places), len(ages), len(themes)) == (1, 1, 1)
    asked_for = Profile(places[0], ages[0] if len(ages) == 1 else None, themes[0] if len(themes) == 1 else None)
    return _answer(questions, asked_for, ways, spans, None if one else spread, reasons)


def _profiles(
    locale: Locale, place: str, ages: Sequence[int], themes: Sequence[str]
) -> Iterator[tuple[Profile, int, tuple[str, ...]]]:
    """(profile, end of its age band in months, the themes that it stands for): as asked, else all that differ."""
    for same in [(t,) for t in themes] or locale.theme_classes():
        for low, high in [(a, a) for a in ages] or locale.bands(same[0]):
            yield Profile(place, low, same[0]), high, same


def _better(way: Way, other: Way) -> bool:
    return (way.expected, way.hops, way.retellings) < (other.expected, other.hops, other.retellings)


def _first_reason(why: Sequence[Reason]) -> Reason:
    """Of several profiles the reason that says most: there is something, there is a way, it is closed."""
    order: tuple[Reason, ...] = ("aanmeldstop", "geen route", "geen aanbod")
    for reason in order:
        if reason in why:
            return reason
    return "geen aanbod"


def _spread(profile: Profile, high: int, theme: str, level: int | None, way: Way | None, reason: Reason | None) -> Spread:
    return Spread(
        profile.municipality,
        profile.age or 0,
        high,
        theme,
        level,
        way.low if way else None,
        way.expected if way else None,
        way.high if way else None,
        reason,
    )


class _Question:
    """One question of ``route``, asked for one profile after another."""

    def __init__(
        self, locale: Locale, start: str | None, goal: str | None, via: tuple[str, ...], until: Until, static: bool
    ) -> None:
        self.locale = locale
        self.via = via
        self._until = until
        self._static = static
        self._start = start
        self._goal = goal
        self.starts = [n for n, _ in locale.nodes_of(start)] if start else list(locale.entries)
        self._networks: dict[Profile, Network] = {}
        self._fastest: dict[Scenario, Fastest] = {}

    def network(self, profile: Profile) -> Network:
        if profile not in self._networks:
            self._networks = {profile: Network(self.locale, profile, until=self._until, clock=not self._static)}
        return self._networks[profile]

    def goals(self, level: int | None) -> list[Goal]:
        """The ends meant: one per holder where a role is asked for."""
        if self._goal is None:
            return [Goal(level=level)]
        return [
            Goal(offering=offering) if offering else Goal(node=node, level=level)
            for node, offering in self.locale.nodes_of(self._goal)
        ]

    def _graph(self, profile: Profile, level: int | None, scenario: Scenario) -> nx.DiGraph:
        import networkx as nx

        network = self.network(profile)
        goals = self.goals(level)
        graphs = [network.towards(g, self.starts, scenario) for g in goals]
        if not graphs:
            return nx.DiGraph([(SOURCE, SOURCE), (SINK, SINK)])
        return graphs[0] if len(graphs) == 1 else nx.compose_all(graphs)

    def _paths(self, profile: Profile, level: int | None, scenario: Scenario, most: int) -> list[tuple[Path, tuple[Leg, ...]]]:
        """The best paths under one scenario, each with its legs."""
        graph = self._graph(profile, level, scenario)
        allowed = always if self._static else clock_of(profile.age)
        found: Iterable[Path] = best_paths(graph, scenario, allowed)
        if self.via:
            wanted = set(self.via)
            found = (p for p in islice(found, MOST_PATHS) if wanted <= {n.removesuffix("\x00") for n in p})
        return [(path, legs_of(graph, path, scenario, allowed)) for path in islice(found, most)]

    def fastest(self, profile: Profile, level: int | None) -> tuple[Way | None, Reason | None]:
        if self.via:
            ways = self.alternatives(profile, level, 1)
            return (ways[0], None) if ways else (None, "geen route")
        reached, reason = self._asking.fastest(profile, self.goals(level), level)
        if reached is None:
            return None, reason
        return self._way(profile, level, reached.legs, (SOURCE, *reached.path, SINK)), None

    @cached_property
    def _asking(self) -> Asking:
        return Asking(self.locale, self.starts, until=self._until, static=self._static)

    def alternatives(self, profile: Profile, level: int | None, most: int) -> list[Way]:
        return [self._way(profile, level, legs, path) for path, legs in self._paths(profile, level, "expected", most)]

    def _best(self, profile: Profile, level: int | None, scenario: Scenario) -> tuple[Path, tuple[Leg, ...]] | None:
        """The best path under one scenario with its legs, None where there is none."""
        if self.via:
            return next(iter(self._paths(profile, level, scenario, 1)), None)
        if scenario not in self._fastest:
            made = Fastest(self.locale, self.starts, scenario=scenario, until=self._until, clock=not self._static)
            self._fastest[scenario] = made
        reached = self._fastest[scenario].best(profile, self.goals(level))
        return None if reached is None else ((SOURCE, *reached.path, SINK), reached.legs)

    def span(self, profile: Profile, level: int | None, best: Way) -> Span:
        """The fastest ways with all waits low and all waits high."""
        ends: list[tuple[float | None, tuple[str, ...]]] = []
        for scenario in ("low", "high"):
            found = self._best(profile, level, scenario)
            if found is None:  # at that end the child is too old by the time it arrives
                ends.append((None, ()))
                continue
            path, legs = found
            days = sum(leg.days(scenario) for leg in legs)
            ends.append((None if days >= OPEN_ENDED else days, _ids(path)))
        (low, low_path), (high, high_path) = ends
        return Span(level, best.low if low is None else low, best.expected, high, low_path, high_path)

    def _way(self, profile: Profile, level: int | None, legs: tuple[Leg, ...], path: Path) -> Way:
        highs = [leg.total.high for leg in legs]
        median, p90 = quantiles(legs)
        last = legs[-1].offering if legs else None
        return Way(
            level,
            profile,
            last.id if last else None,
            _ids(path),
            legs,
            sum(leg.days("low") for leg in legs),
            sum(leg.days("expected") for leg in legs),
            None if any(h is None for h in highs) else sum(h for h in highs if h is not None),
            median,
            p90,
        )

    def statements(self, ways: Sequence[Way]) -> tuple[Statement, ...]:
        """The statements whose subject lies on a way (or begins where it begins, when there is none)."""
        found = []
        for row in self.locale.waits.statements:
            areas, on = row["municipalities"], tuple(row["on"])
            if areas and self.locale.municipality not in areas and "landelijk" not in areas and "regio" not in areas:
                continue
            parts = [part for way in ways if (part := computed_part(self.locale, way, on)) is not None]
            if not parts and (ways or not self._start or _matches(self.locale, self.starts[:1], on[:1]) is None):
                continue
            value, outside = row["days_expected"], None
            # of one station only the same stretch can be compared; of a chain the interval says it all
            same_clock = len(on) > 1 or row["kind"] == (TOTAL if self._until == "start" else REGISTRATION)
            if parts and value is not None and same_clock:
                low, high = parts[0]
                outside = value < low or (high is not None and value > high)
            found.append(
                Statement(
                    row["value"],
                    row["days_low"],
                    value,
                    row["days_high"],
                    on,
                    row["as_of"],
                    row["clock_from"],
                    row["clock_to"],
                    outside,
                    Source.of("waits", row),
                )
            )
        return tuple(found)


def computed_part(locale: Locale, way: Way, on: Sequence[str]) -> tuple[float, float | None] | None:
    """The interval (days) that was computed for the part of ``way`` that ``on`` speaks of; None: not on it."""
    at = _matches(locale, way.path, on)
    if at is None:
        return None
    stations = range(at + 1, at + len(on)) if len(on) > 1 else range(at, at + 1)
    arrivals = {way.path[i] for i in stations}
    legs = [leg for leg in way.legs if leg.target in arrivals]
    highs = [leg.total.high for leg in legs]
    return (
        sum(leg.days("low") for leg in legs),
        None if any(h is None for h in highs) else sum(h for h in highs if h is not None),
    )


def _matches(locale: Locale, path: Sequence[str], on: Sequence[str]) -> int | None:
    """Where in ``path`` the subjects ``on`` (partners or roles) are consecutive stations."""

    def same(station: str, subject: str) -> bool:
        if station == subject:
            return True
        return subject.startswith("rol:") and station in locale.partners and subject[4:] in locale.partners[station].roles

    for start in range(len(path) - len(on) + 1):
        if all(same(s, o) for s, o in zip(path[start : start + len(on)], on, strict=True)):
            return start
    return None


def _ids(path: Path) -> tuple[str, ...]:
    """The stations of a path: no virtual ends, and each partner once."""
    stations = [node.removesuffix("\x00") for node in path[1:-1]]
    return tuple(dict.fromkeys(stations))


def quantiles(legs: Sequence[Leg]) -> tuple[float | None, float | None]:
    """Median and 90th percentile (days) of a way whose waits are independent, by convolution.

    Only where every wait and decision that is not exactly nothing is known as a lognormal (median and
    p90); else (None, None). Handovers are fixed days, added to both. The grid is half a day; the error
    of each quantile stays below half a day.
    """
    waits = [w for leg in legs for w in (leg.wait, leg.decision) if w is not None]
    spread = [(w.median, w.p90) for w in waits if w.median is not None and w.p90 is not None]
    if not spread or any(w.median is None and (w.state != NUMBER or w.expected != 0) for w in waits):
        return None, None
    fixed = sum(leg.hop.handover for leg in legs if leg.hop)
    if len(spread) == 1:
        return spread[0][0] + fixed, spread[0][1] + fixed
    from ..distributions import convolved

    median, p90 = convolved(spread)
    return median + fixed, p90 + fixed


def _answer(
    questions: Mapping[str, _Question],
    profile: Profile,
    ways: list[Way],
    spans: list[Span],
    spread: list[Spread] | None,
    reasons: list[tuple[int | None, Reason]],
) -> RouteAnswer:
    landscape = next(iter(questions.values())).locale.landscape
    settings = landscape.settings
    legs = list(dict.fromkeys(leg for way in ways for leg in way.legs))
    stations = {n: questions[w.profile.municipality].locale.node(n) for w in ways for n in w.path}
    assumptions = assumed_waits(landscape, (leg.wait for leg in legs))
    if any(leg.hop and not leg.hop.handover_given for leg in legs):
        assumptions.append(Assumption("handover"))
    if any(leg.hop and leg.hop.derived and leg.hop.route for leg in legs):
        assumptions.append(Assumption("role_route"))
    if any(leg.decision and leg.decision.assumed for leg in legs):
        low, high = settings.unknown_decision_low, settings.unknown_decision_high
        assumptions.append(Assumption("decision", (("low", f"{low:g}"), ("high", f"{high:g}"))))
    if assumed := sum(node.area_assumed for node in stations.values()):
        assumptions.append(Assumption("area", (("number", assumed),)))
    if any(leg.hop is None or leg.hop.source == FAMILY for leg in legs):
        assumptions.append(Assumption("family"))
    names = {n: node.name for n, node in stations.items()}
    names.update((w.offering, landscape.names[f"aanbod:{w.offering}"]) for w in ways if w.offering)
    statements = [
        statement
        for place, question in questions.items()
        for statement in question.statements([w for w in ways if w.profile.municipality == place])
    ]
    return RouteAnswer(
        frame(landscape, "route", (leg.wait for leg in legs), assumptions),
        profile,
        tuple(ways),
        tuple(spans),
        tuple(dict.fromkeys(statements)),
        tuple(spread) if spread is not None else None,
        tuple(reasons),
        tuple(sorted(names.items())),
    )
