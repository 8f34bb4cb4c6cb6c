"""Gaps while waiting and afterwards: long waits without bridging, heavy help without a way back to lighter help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl

from ...landscape import Landscape
from ...waiting import DECISION, NUMBER, REGISTRATION, TOTAL, TREATMENT, WEEK, Source, Wait
from ...waits import Waits
from ..norms import Norm
from .coverage import Flags, Ground
from .parts import Asked, Gap, Word, ages_word, gap, level_word, norm_word, number_word, weeks_word

NO_BRIDGING: Final = "geen-overbrugging"
NO_STEP_DOWN: Final = "geen-afschaling"

_BRIDGING: Final = "overbrugging"
_STEP_DOWN: Final = ("afschaling", "terugverwijzing")
#: Support that a family can fall back on while it waits, and help from which it should find a way down.
_LIGHT: Final = (0, 1)
_HEAVY: Final = (3, 4)
#: The waits at help, each compared with the norm of its own kind.
_AT_HELP: Final = (REGISTRATION, TREATMENT, TOTAL)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where families of one municipality wait: a partner or initiative, at one level or on the way (level None).

    ``kinds`` are those of the waits there, ``ways`` the lists of subjects of which the shortest wait counts, each with the
    profiles that it is for.
    """

    node: str
    level: int | None
    kinds: tuple[str, ...]
    ways: tuple[tuple[list[str], Flags], ...]


def no_bridging(asked: Asked) -> Iterator[Gap]:
    """Waits above the norm of their own kind, without anything registered in the meantime.

    Compared is a known, current wait (aanmeldwachttijd, behandelwachttijd, totaal; on the way aanmeldwachttijd and the
    decision of the municipality) with the norm of that kind which applies to the partner in the municipality. A partner
    has a long wait at a level where everything that fits there and is open has one; on the way (level None) where nothing
    of it fits and a step leads on.

    Bridging is a free offering of level 0 or 1 for the same age and theme, a bridging route from the partner or from
    somebody who refers to it, or an agreement on bridging with the partner that is in force. The first two count when
    one can be there within the weeks of the settings (an unknown wait: perhaps), an agreement when it begins within
    those weeks (or does not say when).
    """
    long = _Long(asked)
    for ground in asked.grounds.values():
        places = [place for place in _places(asked, ground) if long.may_be(ground, place)]
        lacking = ~_free_support(asked, ground) if places else np.zeros(0, dtype=bool)
        for place in places:
            if lacking.any() and not _agreed(asked, ground.code, place.node):
                yield from _lacking(asked, ground, place, lacking & ~_bridged(asked, ground, place.node), long)


def _lacking(asked: Asked, ground: Ground, place: _Place, lacking: Flags, long: _Long) -> Iterator[Gap]:
    """The gaps of one place, for the profiles that lack bridging; a profile once, by the first kind of wait that is long."""
    left = lacking.copy()
    for kind, norm in long.norms(ground, place):
        waits = {p: wait for p in np.flatnonzero(left).tolist() if (wait := long.wait(ground, place, kind, norm, p)) is not None}
        flags = np.zeros(len(left), dtype=bool)
        flags[list(waits)] = True
        left &= ~flags
        for theme, low, high in asked.runs(ground, flags):
            inside = np.flatnonzero(flags & ground.within(theme, low, high)).tolist()
            days = [waits[p].expected or 0.0 for p in inside]
            words: dict[str, Word] = {
                "partner": asked.name(place.node),
                "place": asked.place(ground.code, ()),
                "wait": kind,
                "weeks": weeks_word(min(days), max(days)),
                "norm": number_word(norm.weeks or 0.0),
                "kind": norm_word(norm, asked.landscape.settings.reference_date),
                "theme": asked.theme(theme),
                "ages": ages_word(low, high),
            }
            initiative = place.node.removeprefix("aanbod:") if place.node.startswith("aanbod:") else None
            yield gap(
                NO_BRIDGING,
                NO_BRIDGING,
                words,
                [*(s for p in inside for s in waits[p].sources), norm.source],
                municipality=ground.code,
                theme=theme,
                level=place.level,
                ages=(low, high),
                partner=None if initiative else place.node,
                offering=initiative,
            )


def _places(asked: Asked, ground: Ground) -> Iterator[_Place]:
    """Every place in a municipality where a family can wait, but those for safety and those not known by name."""
    locale = ground.locale
    offered: dict[tuple[str, int], list[tuple[list[str], Flags]]] = {}
    fitting: dict[str, Flags] = {}
    for offering, fits in ground.offered:
        if offering.level is not None:
            fitting[offering.node] = fitting.get(offering.node, ~ground.every) | fits
            if offering.level in asked.levels:
                subjects = locale.subjects(offering.node, offering.id)
                offered.setdefault((offering.node, offering.level), []).append((subjects, fits))
    for (node, level), ways in sorted(offered.items()):
        yield _Place(node, level, _AT_HELP, tuple(ways))
    entered: dict[str, Flags] = {}
    left: dict[str, Flags] = {}
    decided = ~ground.every
    for hop in locale.hops:
        fits = ground.holding.fits(hop.themes, hop.age_from, hop.age_until)
        entered[hop.target] = entered.get(hop.target, ~ground.every) | fits
        decided = decided | fits if hop.decision else decided
        if hop.kind not in _STEP_DOWN:
            left[hop.source] = left.get(hop.source, ~ground.every) | fits
    for node, arriving in sorted(entered.items()):
        if node in locale.partners and not locale.is_safety(node):
            # on the way is who can go on from there, and finds nothing there that fits
            passing = arriving & left.get(node, ~ground.every) & ~fitting.get(node, ~ground.every)
            yield _Place(node, None, (REGISTRATION,), ((locale.subjects(node), passing),))
    if locale.decision_partner in locale.partners:
        yield _Place(locale.decision_partner, None, (DECISION,), (([locale.decision_partner], decided),))


class _Long:
    """Which waits are longer than the norm of their own kind."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._waits: dict[str, Waits] = {}
        self._norms: dict[tuple[str, str, str], Norm | None] = {}

    @cached_property
    def _longest(self) -> Mapping[str, Mapping[str, float]]:
        """The longest number of days that was ever registered on a subject, by kind: most places have none above a norm."""
        rows = self._asked.landscape["waits"].filter((pl.col("state") == NUMBER) & (pl.col("on").list.len() == 1))
        longest = rows.group_by("kind", pl.col("on").list.first()).agg(pl.col("days_expected").max())
        found: dict[str, dict[str, float]] = {}
        for kind, subject, days in longest.iter_rows():
            found.setdefault(kind, {})[subject] = days or 0.0
        return found

    def norms(self, ground: Ground, place: _Place) -> Iterator[tuple[str, Norm]]:
        """The kinds of waits at a place, each with the norm for it."""
        for kind in place.kinds:
            key = kind, ground.code, place.node
            if key not in self._norms:
                roles = self._asked.registered.roles.get(place.node, ())
                self._norms[key] = self._asked.norms.for_partner(kind, ground.code, roles)
            norm = self._norms[key]
            if norm is not None and norm.days is not None:
                yield kind, norm

    def may_be(self, ground: Ground, place: _Place) -> bool:
        """Whether any wait at a place ever was above its norm."""
        return any(
            self._longest.get(kind, {}).get(subject, 0.0) > (norm.days or 0.0)
            for kind, norm in self.norms(ground, place)
            for subjects, _ in place.ways
            for subject in subjects
        )

    def wait(self, ground: Ground, place: _Place, kind: str, norm: Norm, profile: int) -> Wait | None:
        """The shortest wait of ``kind`` that is open to a profile, where that and all others are known and above the norm."""
        if kind not in self._waits:
            self._waits[kind] = Waits(_only(self._asked.landscape, kind))
        asked = ground.profiles[profile]
        ways = [self._waits[kind].registration(subjects, asked) for subjects, fits in place.ways if fits[profile]]
        open_ = [w for w in ways if not w.closed]
        if not open_ or not all(w.known and not w.outdated and (w.expected or 0.0) > (norm.days or 0.0) for w in open_):
            return None
        return min(open_, key=lambda w: w.expected or 0.0)


def _only(landscape: Landscape, kind: str) -> Landscape:
    """The landscape with the waits of one kind only, asked for in place of the first one: so no other kind stands in for it."""
    rows = landscape["waits"].filter(pl.col("kind") == kind).with_columns(pl.lit(REGISTRATION).alias("kind"))
    return Landscape(MappingProxyType({**landscape.frames, "waits": rows}))


# --- what bridges ----------------------------------------------------------------------------------------
def _soon(asked: Asked, ground: Ground, subjects: Sequence[str]) -> Flags:
    """Per profile whether one can be there within the weeks for bridging; where that is not known, perhaps."""
    within = asked.landscape.settings.bridging_within_weeks * WEEK
    waits, of = ground.holding.waits(subjects)
    soon: Flags = np.array([not w.closed and (w.low or 0.0) <= within for w in waits])[of]
    return soon


def _free_support(asked: Asked, ground: Ground) -> Flags:
    """Per profile whether a free offering of level 0 or 1 fits that one can be at soon."""
    found = ~ground.every
    for offering, fits in ground.offered:
        if offering.level in _LIGHT and offering.access == "vrij" and (fits & ~found).any():
            found = found | (fits & _soon(asked, ground, ground.locale.subjects(offering.node, offering.id)))
    return found


def _bridged(asked: Asked, ground: Ground, node: str) -> Flags:
    """Per profile whether a bridging route holds for families that wait at ``node``."""
    found = ~ground.every
    who = {node} | {hop.source for hop in ground.locale.hops if hop.target == node}
    for row in asked.registered.routes((_BRIDGING,)):
        if not asked.registered.holds_in(row, ground.code):
            continue
        if who.isdisjoint(start for start, _ in ground.locale.nodes_of(row["from"])):
            continue
        fits = ground.holding.fits(tuple(row["themes"] or ()), row["age_from"], row["age_until"])
        for target, offering in ground.locale.nodes_of(row["to"]):
            found = found | (fits & _soon(asked, ground, ground.locale.subjects(target, offering)))
    return found


def _agreed(asked: Asked, municipality: str, partner: str) -> bool:
    """Whether an agreement on bridging with the partner is in force and begins in time."""
    within = asked.landscape.settings.bridging_within_weeks
    return any(
        (not row["partners"] or partner in row["partners"])
        and (row["from_weeks"] is None or row["from_weeks"] <= within)
        and asked.registered.holds_in(row, municipality)
        for row in asked.registered.agreements(_BRIDGING)
    )


# --- the way back ----------------------------------------------------------------------------------------
def no_step_down(asked: Asked) -> Iterator[Gap]:
    """Partners with help of level 3 or 4 from which no step down is registered, per municipality.

    A step down is a valid route of kind afschaling or terugverwijzing from the partner, from an offering of it or from a
    role that it holds, that ends at somebody else in the municipality; or an agreement on afschaling with it that is in
    force.
    """
    heavy: dict[str, dict[str, list[Source]]] = {}
    level: dict[str, int] = {}
    for code, ground in asked.grounds.items():
        for offering, _ in ground.offered:
            partner = offering.partner
            if partner is not None and partner in ground.locale.partners and offering.level in _HEAVY:
                heavy.setdefault(partner, {}).setdefault(code, []).append(asked.source(offering))
                level[partner] = min(level.get(partner, offering.level), offering.level)
    for partner in asked.served:
        if partner not in heavy:
            continue
        without = [code for code in heavy[partner] if not _steps_down(asked, partner, code)]
        for municipality in asked.where(without, tuple(heavy[partner])):
            codes: Iterable[str] = without if municipality is None else [municipality]
            words: dict[str, Word] = {
                "partner": asked.name(partner),
                "place": asked.place(municipality, without),
                "level": level_word(level[partner]),
            }
            sources = [s for code in codes for s in heavy[partner][code]]
            yield gap(NO_STEP_DOWN, NO_STEP_DOWN, words, sources, municipality=municipality, partner=partner)


def _steps_down(asked: Asked, partner: str, municipality: str) -> bool:
    registered, locale = asked.registered, asked.grounds[municipality].locale
    routes = (
        row
        for row in registered.routes(_STEP_DOWN)
        if registered.means(row["from"], partner) and registered.holds_in(row, municipality)
    )
    if any(node != partner for row in routes for node, _ in locale.nodes_of(row["to"])):
        return True
    return any(
        (not row["partners"] or partner in row["partners"]) and registered.holds_in(row, municipality)
        for row in registered.agreements("afschaling")
    )
