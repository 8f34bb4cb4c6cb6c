"""diff: which answers change between two Landscapes, each as ``route`` would give it on both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import inf
from typing import Final

import numpy as np

from ...landscape import Landscape
from ...locale import Locale
from ...places import FAMILY
from ...profile import GENERAL, Profile
from ...routing.asking import Asking, Reason
from ...routing.routes import Goal
from ...routing.sweep import Sweep
from ..offers import LIGHT_TO_HEAVY
from .outcomes import AnswerChange, AnswerChanges, OfferChange, Outcome, ProfileChange
from .touched import Touched, touched

#: How many municipalities are compared unless more are asked for; a region has fewer.
MOST_MUNICIPALITIES: Final = 25
#: Days closer than this are the same: sums of parts of days are not exact.
SAME_DAYS: Final = 1e-6


def answer_changes(
    old: Landscape,
    new: Landscape,
    *,
    municipalities: Sequence[str] | None = None,
    most: int | None = MOST_MUNICIPALITIES,
    ways: bool = True,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> AnswerChanges:
    """The answers of ``route`` (levels 0–3, from any entry and from each entry role) that differ.

    Only municipalities that a changed row can touch are worked out, ``municipalities`` (codes) limits them
    further, and ``most`` to the ones that most rows touch (None: all). Every answer equals that of
    :func:`route.route` on the same Landscape. Without ``ways`` outcomes have no path (:func:`with_ways` adds them).
    """
    found: Touched = touched(old, new)
    places = [m for m in found.municipalities if municipalities is None or m in municipalities]
    compared = sorted(places, key=lambda m: (-found.rows[m], m))[:most]
    answers: list[AnswerChange] = []
    offers: list[OfferChange] = []
    for done, place in enumerate(compared):
        progress("answers", done, len(compared))
        pair = _Pair(old, new, place)
        answers += pair.changes(ways=ways)
        if pair.offers.appeared or pair.offers.vanished:
            offers.append(pair.offers)
    answers.sort(key=_importance)
    return AnswerChanges(tuple(answers), tuple(offers), tuple(places), tuple(m for m in places if m in compared))


# --- one municipality -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Answers:
    """The answers of one profile and level from every entry: days (inf: none) and the reason where none."""

    days: Sequence[float]
    reasons: Sequence[Reason | None]


class _Side:
    """One Landscape seen from one municipality, asked from every entry in ``starts`` at once."""

    def __init__(self, locale: Locale, starts: Sequence[str | None]) -> None:
        self.locale = locale
        self._starts = starts
        nodes = [[n for n, _ in locale.nodes_of(s)] if s else list(locale.entries) for s in starts]
        self._sweep = Sweep(locale, nodes)
        self._askings = [Asking(locale, n) for n in nodes]
        self._known: dict[tuple[str, int, int], _Answers] = {}

    def answers(self, theme: str, age: int, level: int) -> _Answers:
        """What ``route`` says for one profile, from every entry."""
        key = (theme, age, level)
        if key not in self._known:
            profile, goals = Profile(self.locale.municipality, age, theme), [Goal(level=level)]
            times = self._sweep.times(profile, level)
            days: list[float] = times.days.tolist()
            if not times.sure.all():
                sure = times.sure | (np.isinf(times.days) & self._sweep.nowhere(profile, level))
                for place in np.flatnonzero(~sure).tolist():
                    found = self.way(place, level)(profile).days
                    days[place] = inf if found is None else found
            reasons: list[Reason | None] = [None] * len(days)
            if inf in days:
                for place, reason in enumerate(self._sweep.reasons(profile, level)):
                    if days[place] == inf:
                        reasons[place] = reason or self._askings[place].reason(profile, goals, level)
            self._known[key] = _Answers(days, reasons)
        return self._known[key]

    def way(self, place: int, level: int) -> _Way:
        """Finds the whole answer of a profile from one entry."""
        return _way_of(self._askings[place], level)

    def end(self, place: int, theme: str, age: int, level: int) -> tuple[float, Reason | None, tuple[str, int]]:
        """(days, reason, profile) of one profile from one entry."""
        answers = self.answers(theme, age, level)
        return answers.days[place], answers.reasons[place], (theme, age)

    def bare(self, days: float, reason: Reason | None, profile: tuple[str, int] | None) -> Outcome:
        """An outcome without its way."""
        asked = None if profile is None else Profile(self.locale.municipality, profile[1], profile[0])
        # thousandths of a second: the ties of a sweep are broken by less
        return Outcome(None if days == inf else round(days, 7), reason, asked)

    @cached_property
    def profiles(self) -> tuple[tuple[str, int], ...]:
        """(theme, age) of the profiles that ``route`` goes through when neither is asked for, in its order."""
        locale = self.locale
        return tuple((same[0], low) for same in locale.theme_classes() for low, _ in locale.bands(same[0]))

    def best(self, place: int, level: int, of: Mapping[str, str]) -> tuple[float, Reason | None, tuple[str, int] | None]:
        """(days, reason, profile) of the fastest over all profiles from one entry."""
        found: tuple[float, Reason | None, tuple[str, int] | None] = (inf, None, None)
        why: set[Reason | None] = set()
        for theme, age in self.profiles:
            answers = self.answers(of[theme], age, level)
            why.add(answers.reasons[place])
            if answers.days[place] < found[0] - SAME_DAYS:
                found = answers.days[place], None, (theme, age)
        if found[2] is not None:
            return found
        order: tuple[Reason, ...] = ("aanmeldstop", "geen route", "geen aanbod")
        return inf, next((r for r in order if r in why), "geen aanbod"), None


def entry_roles(locale: Locale) -> frozenset[str]:
    """The roles (endpoints) from which a family can start here."""
    roles = locale.landscape.roles
    held = {f"rol:{r}" for r in locale.holders if r in roles and roles[r].says("isEntry")}
    return frozenset(held | {e for e in locale.entries if e.startswith("rol:")} | {FAMILY})


class _Pair:
    """One municipality in both Landscapes."""

    def __init__(self, old: Landscape, new: Landscape, municipality: str) -> None:
        locales = [Locale(side, municipality) for side in (old, new)]
        self.municipality = municipality
        found = frozenset().union(*(entry_roles(here) for here in locales))
        order = list(dict.fromkeys(f"rol:{r}" for side in (new, old) for r in side.roles.slugs))
        self._starts = (None, *(s for s in order if s in found))
        self._old, self._new = (_Side(here, self._starts) for here in locales)
        themes = sorted(locales[0].named_themes | locales[1].named_themes | {GENERAL})
        schemes = [here.landscape.themes.concepts for here in locales]
        self._narrow = frozenset(t for t in themes if any(t in known and known[t].broader for known in schemes))
        self._of = [_representatives(here, themes) for here in locales]
        self._profiles = tuple(_profiles(locales[0], locales[1], themes, self._of[0], self._of[1]))

    @property
    def offers(self) -> OfferChange:
        before, after = (frozenset(s.locale.offerings) for s in (self._old, self._new))
        return OfferChange(self.municipality, tuple(sorted(after - before)), tuple(sorted(before - after)))

    def changes(self, *, ways: bool) -> Iterator[AnswerChange]:
        for level in LIGHT_TO_HEAVY:
            tallies = [_Tally(self._narrow) for _ in self._starts]
            for low, high, theme, number in self._profiles:
                before = self._old.answers(self._of[0][theme], low, level)
                after = self._new.answers(self._of[1][theme], low, level)
                if before.days == after.days and before.reasons == after.reasons:
                    continue
                for place, tally in enumerate(tallies):
                    was, becomes = ((a.days[place], a.reasons[place]) for a in (before, after))
                    tally.add(was, becomes, number, (low, high, theme))
            for place, tally in enumerate(tallies):
                told = self._told(place, level, tally, ways=ways)
                if told is not None:
                    yield told

    def _told(self, place: int, level: int, tally: _Tally, *, ways: bool) -> AnswerChange | None:
        sides = (self._old, self._new)
        bests = [side.best(place, level, of) for side, of in zip(sides, self._of, strict=True)]
        if tally.largest is None and _sort(bests[0][:2], bests[1][:2]) is None:
            return None
        before, after = (side.bare(*best) for side, best in zip(sides, bests, strict=True))
        largest = None
        if tally.largest is not None:
            low, high, theme = tally.largest
            ends = [side.bare(*side.end(place, of[theme], low, level)) for side, of in zip(sides, self._of, strict=True)]
            largest = ProfileChange(low, high, theme, *ends)
        total = sum(number for *_, number in self._profiles)
        told = AnswerChange(self.municipality, self._starts[place], level, before, after, total, **tally.counts, largest=largest)
        return _with_ways(told, *(side.way(place, level) for side in sides)) if ways else told


_Way = Callable[[Profile], Outcome]


def with_ways(old: Landscape, new: Landscape, changes: Sequence[AnswerChange]) -> tuple[AnswerChange, ...]:
    """``changes`` with the path and offering of each outcome, as ``route`` finds them."""
    found = []
    for change in changes:
        sides = []
        for landscape in (old, new):
            here = Locale(landscape, change.municipality)
            starts = [n for n, _ in here.nodes_of(change.start)] if change.start else list(here.entries)
            sides.append(_way_of(Asking(here, starts), change.level))
        found.append(_with_ways(change, *sides))
    return tuple(found)


def _with_ways(change: AnswerChange, old: _Way, new: _Way) -> AnswerChange:
    def filled(outcome: Outcome, way: _Way) -> Outcome:
        return way(outcome.profile) if outcome.days is not None and outcome.profile is not None else outcome

    largest = change.largest
    if largest is not None:
        largest = replace(largest, before=filled(largest.before, old), after=filled(largest.after, new))
    return replace(change, before=filled(change.before, old), after=filled(change.after, new), largest=largest)


def _way_of(asking: Asking, level: int) -> _Way:
    def way(profile: Profile) -> Outcome:
        reached, reason = asking.fastest(profile, [Goal(level=level)], level)
        if reached is None:
            return Outcome(None, reason, profile)
        path = tuple(dict.fromkeys(n.removesuffix("\x00") for n in reached.path))
        last = reached.legs[-1].offering
        return Outcome(sum(leg.days("expected") for leg in reached.legs), None, profile, path, last.id if last else None)

    return way


def _representatives(locale: Locale, themes: Sequence[str]) -> dict[str, str]:
    """The theme that answers here for each of ``themes``; one that is no theme here is like algemeen."""
    found = {theme: same[0] for same in locale.theme_classes(themes) for theme in same}
    return {theme: found.get(theme, GENERAL) for theme in {*themes, *found}}


def _profiles(
    old: Locale, new: Locale, themes: Sequence[str], of_old: Mapping[str, str], of_new: Mapping[str, str]
) -> Iterator[tuple[int, int, str, int]]:
    """(age from, age until, theme, how many themes it stands for): all that either side tells apart."""
    alike: dict[tuple[str, str], list[str]] = {}
    for theme in (GENERAL, *(t for t in themes if t != GENERAL)):
        alike.setdefault((of_old[theme], of_new[theme]), []).append(theme)
    for same in alike.values():
        cuts = sorted({cut for locale in (old, new) for band in locale.bands(same[0]) for cut in band})
        for low, high in pairwise(cuts):
            yield low, high, same[0], len(same)


# --- one answer beside the other ------------------------------------------------------------------------
_End = tuple[float, "Reason | None"]


class _Tally:
    """How many profiles change in which way from one entry to one level, and which changes most."""

    def __init__(self, narrow: Collection[str]) -> None:
        self._narrow = narrow
        self.counts = dict.fromkeys(("shorter", "longer", "reachable", "unreachable", "closed", "reason_changed"), 0)
        self.largest: tuple[int, int, str] | None = None
        self._rank: tuple[object, ...] = ()

    def add(self, before: _End, after: _End, number: int, profile: tuple[int, int, str]) -> None:
        sort = _sort(before, after)
        if sort is None:
            return
        self.counts[sort] += number
        low, _, theme = profile
        which, size = _weight(before, after)
        # a way that only comes into being because the child is older on arrival says less than weeks; an everyday
        # question tells a reader more than a provider's own term
        rank = ({1: 2, 2: 1}.get(which, which), theme in self._narrow, size, theme != GENERAL, theme, low)
        if self.largest is None or rank < self._rank:
            self.largest, self._rank = profile, rank


def _sort(before: _End, after: _End) -> str | None:
    """In which of the counts of :class:`AnswerChange` a profile falls; None where nothing changes."""
    if before[0] == inf:
        if after[0] != inf:
            return "reachable"
        return "reason_changed" if before[1] != after[1] else None
    if after[0] == inf:
        return "closed" if after[1] == "aanmeldstop" else "unreachable"
    if abs(after[0] - before[0]) <= SAME_DAYS:
        return None
    return "shorter" if after[0] < before[0] else "longer"


def _weight(before: _End, after: _End) -> tuple[int, float]:
    """Order of one change: a way that closes or goes, one that comes, by days, the reason only, nothing."""
    sort = _sort(before, after)
    places = {"closed": 0, "unreachable": 0, "reachable": 1, "shorter": 2, "longer": 2, "reason_changed": 3}
    if sort is None:
        return 4, 0.0
    if sort == "reason_changed":
        return 3, 0.0
    # of ways that go or come the quickest says most: it is the one that families take
    return places[sort], -abs(after[0] - before[0]) if places[sort] == 2 else min(before[0], after[0])


def _end(outcome: Outcome) -> _End:
    return (inf if outcome.days is None else outcome.days), outcome.reason


def _importance(change: AnswerChange) -> tuple[object, ...]:
    """What families notice most comes first."""
    largest = change.largest
    weight = (4, 0.0) if largest is None else _weight(_end(largest.before), _end(largest.after))
    own = _weight(_end(change.before), _end(change.after))
    return (*own, *weight, change.municipality, change.start or "", change.level)
