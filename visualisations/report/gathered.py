"""What the analyses answer about one municipality, each asked once: all that a report tells comes from here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from ...graph.analyses.advising.past_agreements import Kept, past_agreements
from ...graph.analyses.detours.long_routes import LongRoutes, long_routes
from ...graph.analyses.detours.patterns import Pattern
from ...graph.analyses.lacking.gaps import Gaps, gaps
from ...graph.analyses.lines.short_lines import ShortLines, short_lines
from ...graph.analyses.norms import FIRST_APPOINTMENT, Norm, Norms, in_force
from ...graph.analyses.offers import Offer, Offers, offers
from ...graph.analyses.route import route
from ...graph.analyses.waiting.answer import Bottlenecks
from ...graph.analyses.waiting.bottlenecks import bottlenecks
from ...graph.analyses.ways import RouteAnswer, Way
from ...graph.landscape import Landscape
from ...graph.locale import Locale
from ...graph.profile import Profile
from ...graph.waiting import TOTAL, Source, Wait

#: Of a level so many places to begin are shown, each with the way that is found for most ages and themes.
ENTRIES: Final = 5


@dataclass(frozen=True, slots=True)
class UsualWay:
    """A way that is drawn: fastest for its profile from where it starts.

    ``roles`` (slugs) are those that it meets, ``shortest`` the expected days of the quickest way that meets the same,
    None where that is not known. ``others``: so many other patterns begin at the same role.
    """

    way: Way
    roles: tuple[str, ...]
    age_until: int
    shortest: float | None
    others: int
    longest: bool


@dataclass(frozen=True, slots=True)
class LevelWays:
    """The ways to one level; ``reason`` says why there is none. ``entries``: from so many roles one is known."""

    level: int
    ways: tuple[UsualWay, ...]
    entries: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class StatedWait:
    """The wait until the first appointment at a partner, for all of its offerings (by name) where it is the same.

    ``full`` is what is compared with a norm: the total where only that is known. ``norm`` applies now to the kind of
    wait that it is, ``target`` is a value for later.
    """

    level: int | None
    name: str
    offerings: tuple[str, ...]
    wait: Wait
    full: Wait
    norm: Norm | None
    target: Norm | None
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A registered line between two partners (names) that both serve the municipality."""

    names: tuple[str, str]
    strength: str | None
    fixed_contact: bool | None
    consultation: str | None
    since: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Together:
    """What only the coalition sees."""

    flows: Bottlenecks
    gaps: Gaps
    contacts: ShortLines
    lines: tuple[Line, ...]
    agreements: tuple[Kept, ...]


@dataclass(frozen=True)
class Gathered:
    """All answers about ``municipality`` (code); ``together`` is None in the public edition.

    Numbers of families stand in ``together.flows`` alone. The other answers are hidden by themselves, so their numbers
    beside those could give back what these hide: of them a report takes ways, waits and names.
    """

    landscape: Landscape
    municipality: str
    locale: Locale
    offers: Offers
    long: LongRoutes
    asked: Mapping[int, RouteAnswer]
    norms: Norms
    targets: Norms
    together: Together | None

    @property
    def name(self) -> str:
        return self.landscape.municipality_names.get(self.municipality, self.municipality)

    @cached_property
    def every(self) -> tuple[Offer, ...]:
        """All offerings but those for safety, in the order of the analysis."""
        return (*self.offers.offers, *self.offers.unlevelled)

    @cached_property
    def whole_way(self) -> Norm | None:
        """The norm or target for the time until the first appointment of a whole way."""
        now = self.norms.for_municipality(FIRST_APPOINTMENT, self.municipality)
        return now or self.targets.for_municipality(FIRST_APPOINTMENT, self.municipality)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of the stations of the ways."""
        found = dict(self.long.names)
        for answer in self.asked.values():
            found.update(answer.names)
        return found

    # --- ways ------------------------------------------------------------------------------------------
    @cached_property
    def ways(self) -> tuple[LevelWays, ...]:
        """Per level the ways from where families usually begin, and the longest of all."""
        return tuple(self._level(level.level, level.patterns) for level in self.long.levels)

    def _level(self, level: int, patterns: Sequence[Pattern]) -> LevelWays:
        if not patterns:
            answer = self.asked[level]
            shown = tuple(UsualWay(w, (), w.profile.age or 0, None, 0, longest=False) for w in answer.ways)
            return LevelWays(level, shown, len(shown), dict(answer.reasons).get(level))
        by_entry: dict[str, list[Pattern]] = {}
        for pattern in patterns:
            by_entry.setdefault(pattern.roles[0], []).append(pattern)
        slugs = self.landscape.roles.slugs
        place = {slug: number for number, slug in enumerate(slugs)}

        def order(role: str) -> tuple[int, int]:
            return -sum(p.profiles for p in by_entry[role]), place.get(role, len(place))

        chosen = sorted(by_entry, key=order)[:ENTRIES]
        # of equally many profiles the longer way: the analysis gives those first
        most = {role: max(by_entry[role], key=lambda p: p.profiles) for role in chosen}
        told = [_usual(p, len(by_entry[role]) - 1, longest=p is patterns[0]) for role, p in most.items()]
        if all(p is not patterns[0] for p in most.values()):
            told.append(_usual(patterns[0], 0, longest=True))
        told.sort(key=lambda u: place.get(u.roles[0], len(place)))
        return LevelWays(level, tuple(told), len(by_entry), None)

    # --- waits -----------------------------------------------------------------------------------------
    @cached_property
    def waits(self) -> tuple[StatedWait, ...]:
        """The waits at all that is offered: lightest level first, then by name; one row for the same wait at one partner."""
        found: dict[tuple[int | None, str, Wait], list[Offer]] = {}
        for offer in self.every:
            found.setdefault((offer.level, offer.partner or f"aanbod:{offer.id}", offer.wait), []).append(offer)
        told = [self._stated(key, same) for key, same in found.items()]
        return tuple(sorted(told, key=lambda s: (9 if s.level is None else s.level, s.name.casefold(), s.offerings, s.ids)))

    @cached_property
    def norm_of(self) -> Mapping[str, Norm | None]:
        """The norm that applies to the wait at each offering (id)."""
        return {id_: stated.norm for stated in self.waits for id_ in stated.ids}

    def _stated(self, key: tuple[int | None, str, Wait], same: Sequence[Offer]) -> StatedWait:
        level, node, wait = key
        full = wait
        if wait.known and wait.kind == TOTAL:
            subjects = self.locale.subjects(node, same[0].id)
            full = self.locale.waits.until_start(subjects, Profile(self.municipality))
        roles = self.locale.node(node).roles
        norm = self.norms.for_partner(full.kind, self.municipality, roles)
        target = self.targets.for_partner(full.kind, self.municipality, roles)
        later = target if target and target.is_target(self.landscape.settings.reference_date) else None
        name = same[0].partner_name or same[0].name
        names = tuple(sorted((o.name for o in same), key=str.casefold))
        return StatedWait(level, name, names, wait, full, norm, later, tuple(sorted(o.id for o in same)))


def _usual(pattern: Pattern, others: int, *, longest: bool) -> UsualWay:
    return UsualWay(pattern.way, pattern.roles, pattern.age_until, pattern.shortest, others, longest)


def gathered(landscape: Landscape, municipalities: Iterable[str], *, coalition: bool) -> Iterator[Gathered]:
    """The answers about each of ``municipalities`` (codes), asked one after the other; what they share is made once."""
    norms, targets = Norms(in_force(landscape)), Norms(landscape)
    lines = list(landscape["lines"].iter_rows(named=True)) if coalition else []
    for code in municipalities:
        locale = Locale(landscape, code)
        found = long_routes(landscape, [code])
        bare = [level.level for level in found.levels if not level.patterns]
        yield Gathered(
            landscape,
            code,
            locale,
            offers(landscape, code, locale=locale),
            found,
            {level: route(landscape, code, levels=[level]) for level in bare},
            norms,
            targets,
            _together(landscape, locale, lines) if coalition else None,
        )


def _together(landscape: Landscape, locale: Locale, lines: Iterable[Mapping[str, Any]]) -> Together:
    codes = (locale.municipality,)
    names = landscape.names
    registered = [
        Line(
            (names.get(row["from"], row["from"]), names.get(row["to"], row["to"])),
            row["strength"],
            row["fixed_contact"],
            row["consultation"],
            row["since"],
            Source.of("lines", row),
        )
        for row in lines
        if row["from"] in locale.partners and row["to"] in locale.partners
    ]
    registered.sort(key=lambda line: (*map(str.casefold, line.names), line.source.id))
    return Together(
        bottlenecks(landscape, codes),
        gaps(landscape, codes),
        short_lines(landscape, codes),
        tuple(registered),
        past_agreements(locale),
    )
