"""advise: what a meeting can use, of one municipality. As light as possible, as heavy as needed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import replace
from typing import Final

from ...landscape import Landscape
from ...locale import Locale
from ...profiles.study import Study
from ...waiting import Source
from ..common import Assumption, Frame, assumed_waits
from ..lacking.bridging import NO_BRIDGING, NO_STEP_DOWN
from ..lacking.contacts import MISSING_ROLE, NAMED_BY_ONE, NO_FIRST_CONTACT
from ..lacking.gaps import gaps
from ..lacking.offered import MUCH_HEAVY, NO_WAY_TO_FREE, ONLY_ELSEWHERE
from ..lines.short_lines import short_lines
from ..offers import offers
from ..waiting.answer import Level
from ..waiting.bottlenecks import bottlenecks
from .answer import Advice, Asked, ToAsk, Waiting
from .contacts import Contact, Side, contacts
from .hiding import ALONE, CONTACT, DAYS, GAIN, MOVED, NEWLY, PER_YEAR, REASON, SOLE, Figures
from .lacking import lacking
from .light_support import SOON, light_support
from .past_agreements import past_agreements
from .routes import RoutePlan, RouteToDiscuss, route_plan
from .unknowns import Unknown, unknowns

#: How many of each are told: a meeting has an hour and a half.
CONTACTS_TOLD: Final = 5
ROUTES_TOLD: Final = 5
UNKNOWNS_TOLD: Final = 5
LACKING_TOLD: Final = 4
#: Of each level so many places where families wait; a knelpunt always.
WAITING_TOLD: Final = 2
#: The kinds of gaps that are told beside what lacks, in this order.
KINDS_TOLD: Final = (NO_FIRST_CONTACT, NO_BRIDGING, NO_STEP_DOWN, ONLY_ELSEWHERE, MISSING_ROLE, MUCH_HEAVY, NAMED_BY_ONE)


def advice(
    landscape: Landscape,
    municipality: str,
    *,
    with_outdated: bool = False,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Advice:
    """What a meeting about ``municipality`` (code) can use, for all ages and themes and levels 0–3.

    Everything is found by analyses of their own: :mod:`.light_support`, :mod:`..waiting.bottlenecks`, :mod:`..lacking.gaps` (as
    :mod:`.lacking` tells them), :mod:`..lines.short_lines`, :mod:`..proposing.direct_routes` (as :mod:`.routes` chooses),
    :mod:`.unknowns` and :mod:`.past_agreements`. Numbers of families below the threshold are hidden, with what would give
    them back, over all sections together (:mod:`.hiding`).
    """
    codes = (municipality,)
    study = Study(landscape, codes, with_outdated=with_outdated)
    locale = study.place(municipality).locale
    progress("advice", 0, 5)
    flows = bottlenecks(landscape, codes, with_outdated=with_outdated, internal=True)
    progress("advice", 1, 5)
    missing = gaps(landscape, codes, kinds=(NO_WAY_TO_FREE, *KINDS_TOLD), with_outdated=with_outdated)
    progress("advice", 2, 5)
    lines = short_lines(landscape, codes, with_outdated=with_outdated, internal=True)
    talks = contacts(landscape, lines.lines, CONTACTS_TOLD)
    progress("advice", 3, 5)
    plan = route_plan(study, [p for p in locale.access if p in locale.partners], ROUTES_TOLD)
    progress("advice", 4, 5)
    asking = unknowns(study, UNKNOWNS_TOLD)
    waiting = tuple(w for level in flows.levels for w in _waiting(level))
    hidden = frozenset[Hashable]()
    if study.weighted:
        hidden = _hidden(landscape, flows.levels, waiting, talks, plan, asking, repeated=lines.repeated)
    found, in_all = lacking(landscape, missing, municipality, LACKING_TOLD)
    every = offers(landscape, municipality, locale=locale).offers
    return Advice(
        _frame(missing.frame, study, flows.frame, lines.frame, assumed_waits(landscape, plan.waits)),
        municipality,
        light_support(
            locale,
            every,
            {g.offering for g in missing.gaps if g.kind == NO_WAY_TO_FREE and g.offering},
            {level.level: {p.node for p in level.partners if p.arriving} for level in flows.levels},
        ),
        tuple(_asked(level, hidden) for level in flows.levels),
        tuple(_masked(w, hidden) for w in waiting),
        tuple(o for o in every if o.wait.closed),
        flows.statements,
        sum(o.wait.assumed for o in every),
        len(every),
        found,
        in_all,
        tuple((kind, same) for kind in KINDS_TOLD if (same := tuple(g for g in missing.gaps if g.kind == kind))),
        _contacts(talks, hidden),
        len(lines.lines),
        tuple(_route(n, r, hidden) for n, r in enumerate(plan.routes)) if study.weighted else plan.routes,
        plan.stable,
        _to_ask(locale, asking, hidden),
        past_agreements(locale),
        _rows_of(landscape, municipality),
        landscape.settings.threshold,
    )


def _frame(base: Frame, study: Study, *others: Frame | Sequence[Assumption]) -> Frame:
    """The frame of the gaps, whose shares are about the waits at everything that is offered here, with all assumptions."""
    found = list(base.assumptions)
    for other in others:
        found += other.assumptions if isinstance(other, Frame) else other
    once: dict[str, Assumption] = {}
    for assumption in found:
        # the gaps look at everything here: what the others assume of fewer things is part of that
        once.setdefault(assumption.key, assumption)
    return replace(base, question="advise", weighted=study.weighted, assumptions=tuple(once.values()))


def _rows_of(landscape: Landscape, municipality: str) -> tuple[Source, ...]:
    """The rows of vraag about a municipality."""
    rows = landscape["demand"].iter_rows(named=True)
    return tuple(Source.of("demand", row) for row in rows if row["municipality"] == municipality and row["per_year"] is not None)


def _waiting(level: Level) -> tuple[Waiting, ...]:
    """The places of a level to tell of: every knelpunt, then those where a known wait makes most families wait.

    A wait of two weeks or less is no waiting to talk about.
    """
    known = [p for p in level.partners if p.weeks_per_week and not p.wait.assumed and (p.wait.expected or 0.0) > SOON]
    first = [p for p in known if p.bottleneck]
    rest = [p for p in known if not p.bottleneck]
    told = [*first, *rest[: max(0, WAITING_TOLD - len(first))]]
    return tuple(Waiting(level.level, p, p.weeks_per_week, p.sole_link) for p in told)


# --- what must not be shown ----------------------------------------------------------------------------------
def _hidden(
    landscape: Landscape,
    levels: Sequence[Level],
    waiting: Sequence[Waiting],
    talks: Sequence[Contact],
    plan: RoutePlan,
    asking: Sequence[Unknown],
    *,
    repeated: bool,
) -> frozenset[Hashable]:
    """The figures that must not be shown, over all sections together."""
    figures = Figures(landscape.settings.threshold, repeated=repeated)
    for level in levels:
        figures.level(level, {w.passed.node for w in waiting if w.level == level.level})
    figures.contacts(talks)
    figures.routes(plan)
    figures.unknowns(asking)
    return figures.hidden()


def _masked(waiting: Waiting, hidden: Collection[Hashable]) -> Waiting:
    """Without the raw figures, and without those that must not be shown."""
    level, node = waiting.level, waiting.passed.node
    bare = replace(waiting.passed, per_year=None, arriving=None, waiting=None, weeks_per_week=None, sole_link=None, queue=None)
    return Waiting(
        level,
        bare,
        None if (GAIN, level, node) in hidden else waiting.families,
        None if (SOLE, level, node) in hidden else waiting.sole,
    )


def _asked(level: Level, hidden: Collection[Hashable]) -> Asked:
    without = tuple(
        (reason, None if (REASON, level.level, reason) in hidden else families)
        for reason, families in level.without_route.items()
        if families
    )
    known = [p.wait.expected or 0.0 for p in level.partners if p.weeks_per_week and not p.wait.assumed]
    longest = max(known, default=None)
    return Asked(level.level, None if (PER_YEAR, level.level) in hidden else level.per_year, without, longest)


def _contacts(found: Sequence[Contact], hidden: Collection[Hashable]) -> tuple[Contact, ...]:
    """Without what must not be shown; those of which that is the number stand last, by name: their place would tell of it."""
    told = []
    for n, contact in enumerate(found):
        bare = tuple(replace(line, per_year=None) for line in contact.lines)
        unseen = (CONTACT, n) in hidden
        told.append(replace(contact, lines=bare, per_year=None if unseen else contact.per_year, suppressed=unseen))
    return tuple(sorted(told, key=lambda c: (c.suppressed, c.hub.name.casefold() if c.suppressed else "")))


def _route(n: int, route: RouteToDiscuss, hidden: Collection[Hashable]) -> RouteToDiscuss:
    alone, days, newly = ((key, n) in hidden for key in (ALONE, DAYS, NEWLY))
    bare = replace(route.proposal, days=None, families=None, newly=None, queue=None)
    if alone or newly:
        bare = replace(bare, low=None, high=None, suppressed=True)
    return replace(
        route,
        proposal=bare,
        alone=None if alone else route.alone,
        days=None if days else route.days,
        newly=None if newly else route.newly,
        overfull=route.overfull and not (alone or newly),
        suppressed=alone or days or newly,
    )


def _to_ask(locale: Locale, found: Sequence[Unknown], hidden: Collection[Hashable]) -> tuple[ToAsk, ...]:
    """The waits to ask for; those whose figure is hidden stand last, by name: their place would tell about it."""
    told = []
    for n, u in enumerate(found):
        who = next(iter(Side.of(locale.landscape, [u.node])), None)
        days = None if (MOVED, n) in hidden else u.days_moved
        told.append(ToAsk(u.node, u.name, u.kind, u.low, u.high, days, u.levels, u.written, u.as_of, who, u.sources))
    return tuple(sorted(told, key=lambda t: (t.days is None, -(t.days or 0.0), t.name.casefold(), t.node)))
