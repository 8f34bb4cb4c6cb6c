"""direct-routes: which new routes between partners would save families waiting, to discuss."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ...landscape import Landscape
from ...planning.corners import Corner, corners
from ...planning.planning import Planning, Saving, taken
from ...profile import Profile
from ...profiles.study import Place, Study
from ...referring import ACCESS, refers_straight
from ...routing.asking import Reason
from ...waiting import Source, Wait
from ..common import Assumption, assumed_waits, frame
from .answer import DirectRoutes, LevelRoutes, Now, PlanStep, Proposal
from .hiding import disclosed
from .queue_effect import queue_effect

#: From this level on help is in principle given by a decision of the municipality (Jeugdwet 2.3) or a physician's referral.
_DECIDED: Final = 2


def direct_routes(
    landscape: Landscape,
    municipalities: Sequence[str] = (),
    ages: Sequence[int] = (),
    themes: Sequence[str] = (),
    levels: Sequence[int] = (),
    *,
    k: int = 5,
    top: int = 10,
    with_outdated: bool = False,
    internal: bool = False,
) -> DirectRoutes:
    """New routes that would save families waiting, over every ordered pair that the role rules allow.

    gain(u, v) = Σ over profiles and starts of D · max(0, d(s, τ) − [d(s, u) + h₀ + wait(v) + d(v, τ)]), D families a year, d
    the expected time, τ everything that fits (ANALYSES, direct-routes); profiles that have a usable route from u to v
    already are left out. Families that have no way now and get one are counted apart. ``top`` proposals a level (0: all)
    and a set of ``k``, chosen greedily with the joint gain worked out anew after each. Ages in months, at entry.
    """
    study = Study(landscape, municipalities, ages, themes, levels, with_outdated=with_outdated)
    found: list[LevelRoutes] = []
    waits: list[Wait] = []
    for level in study.levels:
        planning = Planning(study, level)
        savings = planning.savings()
        shown = savings[: top or None]
        outlooks = outlooks_of(planning, shown)
        ranks = _ranks(outlooks)
        routes = tuple(proposal(study, planning, about, waits, rank) for about, rank in zip(outlooks, ranks, strict=True))
        now = _now(study, planning)
        total = len(savings)
        chosen = planning.plan(k)
        made = LevelRoutes(level, now, routes, total, tuple(_steps(study, chosen)))
        found.append(made if internal or not study.weighted else disclosed(landscape, made, shown, chosen))
    assumptions = assumed_waits(landscape, waits)
    if not study.weighted:
        assumptions.append(Assumption("unweighted"))
    return DirectRoutes(frame(landscape, "direct-routes", waits, assumptions, weighted=study.weighted), tuple(found))


def _now(study: Study, planning: Planning) -> Now:
    without: dict[Reason, float] = {}
    for place in study.places():
        for reason, families in place.without_route(planning.level).items():
            without[reason] = without.get(reason, 0.0) + families
    return Now(planning.days, planning.families, tuple(without.items()))


@dataclass(frozen=True, slots=True)
class Outlook:
    """A step with what it saves as expected and with the waits at their ends, and a profile that saves by it."""

    saving: Saving
    corner: Corner
    example: Profile | None


def outlooks_of(planning: Planning, savings: Sequence[Saving]) -> list[Outlook]:
    """The outlook of each of ``savings``."""
    steps = [(s.start, s.end) for s in savings]
    return [Outlook(*about) for about in zip(savings, corners(planning, steps), planning.examples(steps), strict=True)]


def _ranks(outlooks: Sequence[Outlook]) -> list[tuple[int, tuple[int, int]]]:
    """The place of each proposal among them: as expected, all waits low, all waits high; equal ones keep their order."""
    ends = [(about.corner.low, about.corner.high) for about in outlooks]
    low, high = (
        {n: rank for rank, n in enumerate(sorted(range(len(ends)), key=lambda n: (-round(ends[n][e], 5), n)), 1)} for e in (0, 1)
    )
    return [(n + 1, (low[n], high[n])) for n in range(len(ends))]


def proposal(
    study: Study,
    planning: Planning,
    about: Outlook,
    waits: list[Wait],
    rank: tuple[int, tuple[int, int]],
) -> Proposal:
    """A saving as a proposal, with what speaks against it; the waits that it rests on are added to ``waits``.

    ``rank`` is its place as expected and (with all waits low, with all waits high).
    """
    saving, example = about.saving, about.example
    landscape, level = study.landscape, planning.level
    start, end = saving.start, saving.end
    places = [p for p in study.places() if start in p.terrain.index and end in p.terrain.index]
    first = places[0]
    from_, to = first.locale.node(start), first.locale.node(end)
    path, rows = _told(study, example, start, end, level, waits)
    straight = refers_straight(landscape.roles, from_.roles)
    to_access = not ACCESS.isdisjoint(to.roles)
    decided = level >= _DECIDED and not straight and not to_access and not _free_there(places, end, level)
    objections = [Assumption("agreement", (("start", from_.name), ("end", to.name)))]
    if decided:
        objections.append(Assumption("decision"))
    if level >= _DECIDED and not to_access and ACCESS.isdisjoint(from_.roles):
        objections.append(Assumption("broad_look"))
    objections.append(Assumption("queue", (("end", to.name),)))
    if from_.placeholder:
        objections.append(Assumption("placeholder", (("start", from_.name),)))
    return Proposal(
        start,
        end,
        from_.name,
        to.name,
        saving.days,
        about.corner.least,
        about.corner.most,
        saving.families,
        saving.newly,
        False,
        queue_effect(study, places, end, level, saving.families + saving.newly),
        "besluit nodig" if decided else "geen besluit nodig, wel afspraak",
        tuple(objections),
        planning.municipalities(start, end),
        example,
        path,
        _agreements(landscape, start, end),
        landscape.derived(_responses).get(end),
        rows,
        *rank,
    )


def _free_there(places: Iterable[Place], end: str, level: int) -> bool:
    """Whether everything of the level that is offered at ``end`` is freely accessible."""
    offered = [o for p in places for o in p.locale.offered(end, level)]
    return bool(offered) and all(o.access == "vrij" for o in offered)


def _told(
    study: Study, example: Profile | None, start: str, end: str, level: int, waits: list[Wait]
) -> tuple[tuple[str, ...], tuple[Source, ...]]:
    """The way from ``start`` that the example takes now, and the rows that its waits and the one at ``end`` come from."""
    if example is None:
        return (), ()
    place = study.place(example.municipality)
    locale = place.locale
    column = next(n for n, g in enumerate(place.groups) if g.profile == example)
    leads = place.leads(level)
    path: tuple[str, ...] = leads.path(column, start) if start in place.terrain.starts else ()
    met = [locale.waits.registration(locale.subjects(node), example) for node in (*path[1:], end)]
    waits += met
    return path, tuple(dict.fromkeys(s for wait in met for s in wait.sources))


def _agreements(landscape: Landscape, start: str, end: str) -> tuple[tuple[str, str | None, str | None], ...]:
    """(id, status, what) of the registered agreements between both."""
    of_both = (row for row in landscape.derived(_agreed) if {start, end} <= row[0])
    return tuple((id_, status, what) for _, id_, status, what in of_both)


def _agreed(landscape: Landscape) -> list[tuple[frozenset[str], str, str | None, str | None]]:
    """Partners, id, status and what was agreed, of every agreement."""
    rows = landscape["agreements"].select("partners", "id", "status", "what").iter_rows()
    return [(frozenset(partners or ()), *told) for partners, *told in rows]


def _responses(landscape: Landscape) -> dict[str, str | None]:
    """What each partner (id) said of figures about it."""
    return dict(landscape["partners"].select("id", "response").iter_rows())


def _steps(study: Study, chosen: Sequence[Saving]) -> Iterable[PlanStep]:
    if not chosen:
        return
    days, newly = taken(chosen)
    for saving, so_far, reached in zip(chosen, days, newly, strict=True):
        place = next(p for p in study.places() if saving.start in p.terrain.index and saving.end in p.terrain.index)
        names = place.locale.node(saving.start).name, place.locale.node(saving.end).name
        yield PlanStep(saving.start, saving.end, *names, so_far, reached, suppressed=False)
