"""what-if: a route added or taken away, a partner closed, another wait or capacity — the same families before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import polars as pl

from ...altering.alterations import (
    NONE,
    AddRoute,
    Alteration,
    Altered,
    NewCapacity,
    NewWait,
    RemoveRoute,
    Weeks,
    alterations_of,
    altered,
)
from ...landscape import Landscape
from ...locale import Locale
from ...profiles.study import Place, Study
from ...responses import responses
from ...waiting import Source
from ..common import frame
from ..lines.directions import direction
from .comparison import NOTHING, answers, assumptions_of, in_order, waits_of
from .moving import Growth, Pair
from .queue_shift import Queues, QueueShift
from .shift_hiding import hidden
from .shifts import Shift, nobody, sum_of, unmoved
from .what_if_answer import Change, LevelShift, Moved, PlaceShift, WhatIf

__all__ = ["WhatIf", "what_if"]

#: What a growth can be made of: who waits shorter or longer, gets a way or loses it.
_GROUPS = ("shorter", "longer", "newly", "lost")


def what_if(
    landscape: Landscape,
    municipalities: Sequence[str] = (),
    ages: Sequence[int] = (),
    themes: Sequence[str] = (),
    levels: Sequence[int] = (),
    *,
    add: Iterable[tuple[str, str]] = (),
    remove: Iterable[tuple[str, str]] = (),
    close: Iterable[str] = (),
    wait: Mapping[str, Weeks] = NONE,
    capacity: Mapping[str, int] = NONE,
    alterations: Iterable[Alteration] = (),
    with_outdated: bool = False,
    internal: bool = False,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> WhatIf:
    """What becomes of the families of today when something is altered (:mod:`routekaart.graph.altering.alterations`).

    Worked out anew on a copy, with the same families (ANALYSES: the reference population is fixed): who starts where with
    which question does not change. Time is that of the families who have a way before *and* after, so both sides are
    about the same ones; who gets a way, or has none any more, is told apart. Waits stay as registered but for those
    altered: where more families come, the queue model says what that would mean beside it, and changes no wait.

    Families of ``municipalities`` (codes; the region's when empty), of ``ages`` (months, tested at entry) and ``themes``
    (slugs) where given; ``levels`` 0–3 when none is named. ``internal`` hides no figure; else numbers of families below the
    threshold are hidden, with what would give them back.

    Raises
    ------
    AlterationError
        When an alteration cannot be made.
    """
    made = altered(landscape, [*alterations_of(add, remove, close, wait, capacity), *alterations])
    study = Study(landscape, municipalities, ages, themes, levels, with_outdated=with_outdated, progress=progress)
    after = Study(made.landscape, study.municipalities, ages, themes, study.levels, with_outdated=with_outdated, like=study)
    shifts = {level: {code: nobody() for code in study.municipalities} for level in study.levels}
    pairs: dict[str, Pair] = {}
    for place in study.places():
        code = place.locale.municipality
        pair = Pair(place, after.place(code), _waiting(place, made)) if _touches(place.locale, made) else None
        if pair is not None:
            pairs[code] = pair
        for level in study.levels:
            shifts[level][code] = unmoved(answers(place, level)) if pair is None else pair.shift(level)
    work = _Work(study, made, pairs, internal=internal)
    told = tuple(work.level(level, found) for level, found in shifts.items())
    waits = waits_of(study)
    people = [study.place(m).population for m in study.municipalities]
    return WhatIf(
        frame(landscape, "what-if", waits, assumptions_of(study, waits), weighted=study.weighted),
        tuple(_change(study, alteration, rows) for alteration, rows in zip(made.alterations, made.replaced, strict=True)),
        told,
        work.names,
        landscape.settings.threshold,
        any(p.unplaced for p in people),
        sum(p.uncounted for p in people),
    )


def _change(study: Study, alteration: Alteration, rows: tuple[Source, ...]) -> Change:
    places: int | None = None
    if isinstance(alteration, NewCapacity):
        before = study.landscape["offerings"].filter(pl.col("id").is_in([row.id for row in rows]))["capacity"].drop_nulls()
        places = int(before.sum()) if len(before) else None
    return Change(alteration, rows, any(_is_about(place.locale, alteration) for place in study.places()), places)


def _touches(locale: Locale, made: Altered) -> bool:
    """Whether any alteration can make a difference for the ways of a municipality."""
    return any(_is_about(locale, a) for a in made.alterations if not isinstance(a, NewCapacity))


def _is_about(locale: Locale, alteration: Alteration) -> bool:
    """Whether everybody that an alteration is about has a part in the ways of a municipality."""
    if isinstance(alteration, AddRoute | RemoveRoute):
        return bool(locale.nodes_of(alteration.source) and locale.nodes_of(alteration.target))
    subject = alteration.subject
    own = (o for o in locale.offerings.values() if subject in (o.partner, f"aanbod:{o.id}"))
    return subject in locale.partners or next(own, None) is not None


def _waiting(place: Place, made: Altered) -> frozenset[str]:
    """The nodes where waits are other ones."""
    subjects = [a.subject for a in made.alterations if isinstance(a, NewWait)]
    return frozenset(node for subject in subjects for node, _ in place.locale.nodes_of(subject))


class _Work:
    """What is told of each level."""

    def __init__(self, study: Study, made: Altered, pairs: Mapping[str, Pair], *, internal: bool) -> None:
        landscape = study.landscape
        self._study, self._made, self._pairs = study, made, pairs
        self._threshold = 0 if internal or not study.weighted else landscape.settings.threshold
        region = set(landscape.region_municipalities)
        whole = study.weighted and not study.ages and not study.themes and region <= set(study.municipalities)
        self._queues = Queues(study, made.landscape, whole=whole, threshold=0 if internal else landscape.settings.threshold)
        self._direction = direction(study, made)
        self.names: dict[str, str] = {}

    def level(self, level: int, shifts: Mapping[str, Shift]) -> LevelShift:
        """One level: all families together, each municipality by name, and where the queue moves."""
        of_places, of_all = hidden(shifts, self._threshold)
        order = in_order(shifts, self._study.landscape.municipality_names)
        growth = Growth()
        for pair in self._pairs.values():
            growth.add(pair.growth(level))
        moved = self._moved(growth, shifts)
        return LevelShift(
            level,
            sum_of(shifts.values()),
            of_all,
            self._direction,
            tuple(PlaceShift(code, shifts[code], of_places[code]) for code in order),
            moved,
            tuple(self._shown_queues(level, growth, {m.partner: m for m in moved})),
            self._threshold,
        )

    def _moved(self, growth: Growth, shifts: Mapping[str, Shift]) -> tuple[Moved, ...]:
        """Where more families come, the most first; whose number is not shown by name after those."""
        more = {node: n for node, n in growth.coming.items() if n > NOTHING}
        said = dict(responses(self._study.landscape, more)) if more else {}
        found = [
            Moved(node, self._name(node), None if self._is_hidden(node, n, shifts) else n, said.get(node))
            for node, n in more.items()
        ]
        return tuple(
            sorted(found, key=lambda m: (m.per_year is None, -round(m.per_year or 0.0, 9), m.name.casefold(), m.partner))
        )

    def _is_hidden(self, node: str, number: float, shifts: Mapping[str, Shift]) -> bool:
        """Whether a growth must not be shown: it is small, or a group of families that it can be made of is.

        Otherwise the growth less the numbers of the other groups would give that one back.
        """
        if not self._threshold:
            return False
        there = [shifts[code].figures() for code, pair in self._pairs.items() if pair.knows(node)]
        groups = [abs(number), *(sum(figures[name] for figures in there) for name in _GROUPS)]
        return any(NOTHING < n < self._threshold - NOTHING for n in groups)

    def _shown_queues(self, level: int, growth: Growth, moved: Mapping[str, Moved]) -> Iterable[QueueShift]:
        """The queues at partners with other places, and where more families come."""
        altered_there = {node for a in self._made.alterations if isinstance(a, NewCapacity) for node in self._nodes(a.subject)}
        coming = [node for node in moved if growth.arriving.get(node, 0.0) > NOTHING and self._study.weighted]
        for node in sorted({*altered_there, *coming}):
            more = growth.arriving.get(node, 0.0) if self._study.weighted else 0.0
            told = abs(more) <= NOTHING or (node in moved and moved[node].per_year is not None and more >= self._threshold)
            found = self._queues.shift(node, level, more, told=told, modelled=node in altered_there)
            if found is not None:
                self._name(node)
                yield found

    def _nodes(self, subject: str) -> set[str]:
        """The node of a partner or an offering."""
        if not subject.startswith("aanbod:"):
            return {subject}
        return {node for place in self._study.places() for node, _ in place.locale.nodes_of(subject)}

    def _name(self, node: str) -> str:
        """A node by its name, a role that nobody holds by name by its label."""
        if node not in self.names:
            landscape = self._study.landscape
            self.names[node] = landscape.roles.label(node[4:]) if node.startswith("rol:") else landscape.names.get(node, node)
        return self.names[node]
