"""direct-routes: which new routes between partners would save families waiting, to discuss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from ....ontology.catalogue import text
from ...asking import Reason
from ...disclosure import Ledger
from ...landscape import Landscape
from ...planning import Corners, Planning, Saving, taken
from ...profile import Profile
from ...referring import ACCESS, refers_straight
from ...study import Place, Study
from ...waiting import Source, Wait
from ..common import Assumption, Frame, Result, assumed_waits, frame, sources_of, tidy, weeks, years
from .queue_effect import QueueEffect, queue_effect

Allowed = Literal["geen besluit nodig, wel afspraak", "besluit nodig"]
#: From this level on help is in principle given by a decision of the municipality (Jeugdwet 2.3) or a physician's referral.
_DECIDED: Final = 2


@dataclass(frozen=True, slots=True)
class Now:
    """How it is: family-days from entry to the first appointment a year, families a year, and those without a way by reason.

    None where suppressed.
    """

    days: float | None
    per_year: float | None
    without_route: tuple[tuple[Reason, float | None], ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A route from ``start`` to ``end`` (nodes) to discuss; days and families are a year's, None where suppressed.

    ``low`` and ``high`` (days) bound what it saves, whatever the unknown waits are (``high`` None: no upper end known);
    ``ranks`` are its places among the proposals of the answer by days saved when all waits are at their low and when all are
    at their high end.
    ``path`` is the way that its example takes now.
    """

    start: str
    end: str
    start_name: str
    end_name: str
    days: float | None
    low: float | None
    high: float | None
    families: float | None
    newly: float | None
    suppressed: bool
    queue: QueueEffect | None
    allowed: Allowed
    objections: tuple[Assumption, ...]
    municipalities: tuple[str, ...]
    example: Profile | None
    path: tuple[str, ...]
    agreements: tuple[tuple[str, str | None, str | None], ...]
    response: str | None
    sources: tuple[Source, ...]

    rank: int
    ranks: tuple[int, int]

    @property
    def stable(self) -> bool:
        """Whether it keeps its place among the proposals whether the unknown waits are all low or all high."""
        return self.ranks == (self.rank, self.rank)


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One route of a set, and what the set saves with it and those before (days, families newly reached)."""

    start: str
    end: str
    start_name: str
    end_name: str
    days: float | None
    newly: float | None
    suppressed: bool


@dataclass(frozen=True, slots=True)
class LevelRoutes:
    """The answer for one level. ``total`` counts all routes that would save anything."""

    level: int
    now: Now
    routes: tuple[Proposal, ...]
    total: int
    plan: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True)
class DirectRoutes(Result):
    """The answer: per level, lightest first, proposals by days saved and a set of them with its joint effect."""

    frame: Frame
    levels: tuple[LevelRoutes, ...]

    def as_dict(self, lang: str = "nl") -> dict[str, Any]:
        """The answer as CONTRACTS §6 names it; weeks unrounded."""
        return {"levels": [_level_dict(found, lang) for found in self.levels]}

    def rows(self) -> list[dict[str, Any]]:
        """A row per proposal."""
        return [
            {
                "level": found.level,
                "from": r.start,
                "from_name": r.start_name,
                "to": r.end,
                "to_name": r.end_name,
                "weeks_saved": weeks(r.days),
                "weeks_low": weeks(r.low),
                "weeks_high": weeks(r.high),
                "families": r.families,
                "newly_reached": r.newly,
                "suppressed": r.suppressed,
                "allowed": r.allowed,
                "municipalities": "; ".join(r.municipalities),
                "stable": r.stable,
                "sources": "; ".join(dict.fromkeys(f"{s.file}:{s.row}" for s in r.sources)),
            }
            for found in self.levels
            for r in found.routes
        ]


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
        corners = Corners(planning)
        savings = planning.savings()
        shown = savings[: top or None]
        ranks = _ranks(corners, shown)
        routes = tuple(
            _proposal(study, planning, corners, saving, waits, place) for saving, place in zip(shown, ranks, strict=True)
        )
        now = _now(study, planning)
        total = len(savings)
        chosen = planning.plan(k)
        made = LevelRoutes(level, now, routes, total, tuple(_steps(study, chosen)))
        found.append(made if internal or not study.weighted else _disclosed(landscape, made, shown, chosen))
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


def _ranks(corners: Corners, shown: Sequence[Saving]) -> list[tuple[int, tuple[int, int]]]:
    """The place of each proposal among them: as expected, all waits low, all waits high; equal ones keep their order."""
    ends = [corners.at_ends(s.start, s.end) for s in shown]
    low, high = (
        {n: rank for rank, n in enumerate(sorted(range(len(ends)), key=lambda n: (-round(ends[n][e], 5), n)), 1)} for e in (0, 1)
    )
    return [(n + 1, (low[n], high[n])) for n in range(len(ends))]


def _proposal(
    study: Study,
    planning: Planning,
    corners: Corners,
    saving: Saving,
    waits: list[Wait],
    rank: tuple[int, tuple[int, int]],
) -> Proposal:
    landscape, level = study.landscape, planning.level
    start, end = saving.start, saving.end
    places = [p for p in study.places() if start in p.terrain.index and end in p.terrain.index]
    first = places[0]
    from_, to = first.locale.node(start), first.locale.node(end)
    example = planning.example(start, end)
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
    low, high = corners.bounds(start, end)
    answers = dict(landscape["partners"].select("id", "response").iter_rows())
    return Proposal(
        start,
        end,
        from_.name,
        to.name,
        saving.days,
        low,
        high,
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
        answers.get(end),
        rows,
        *rank,
    )


def _free_there(places: Iterable[Place], end: str, level: int) -> bool:
    """Whether everything of the level that is offered at ``end`` is freely accessible."""
    offered = [o for p in places for o in p.locale.offerings.values() if o.node == end and o.level == level]
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
    rows = landscape["agreements"].select("id", "partners", "status", "what").iter_rows()
    return tuple((i, status, what) for i, partners, status, what in rows if partners and {start, end} <= set(partners))


def _steps(study: Study, chosen: Sequence[Saving]) -> Iterable[PlanStep]:
    if not chosen:
        return
    days, newly = taken(chosen)
    for saving, so_far, reached in zip(chosen, days, newly, strict=True):
        place = next(p for p in study.places() if saving.start in p.terrain.index and saving.end in p.terrain.index)
        names = place.locale.node(saving.start).name, place.locale.node(saving.end).name
        yield PlanStep(saving.start, saving.end, *names, so_far, reached, suppressed=False)


# --- what must not be shown ------------------------------------------------------------------------------
def _disclosed(landscape: Landscape, made: LevelRoutes, shown: Sequence[Saving], chosen: Sequence[Saving]) -> LevelRoutes:
    """The answer without figures about too few families, and without what would give those back."""
    ledger = Ledger(landscape.settings.threshold)
    now = made.now
    lost = sum(n or 0.0 for _, n in now.without_route)
    ledger.add("per_year", now.per_year or 0.0)
    ledger.add("routed", (now.per_year or 0.0) - lost, printed=False)
    for reason, number in now.without_route:
        ledger.add(("without", reason), number or 0.0)
    ledger.equals("per_year", ["routed", *(("without", reason) for reason, _ in now.without_route)])
    ledger.add("days", now.days or 0.0, families=(now.per_year or 0.0) - lost)
    for n, saving in enumerate(shown):
        ledger.add(("days", n), saving.days, families=saving.families)
        ledger.add(("families", n), saving.families)
        ledger.add(("newly", n), saving.newly)
    for name in ("days", "newly"):
        parts: list[tuple[str, str, int]] = []
        for n, saving in enumerate(chosen):
            value = saving.days if name == "days" else saving.newly
            ledger.add(("step", name, n), value, families=saving.families if name == "days" else value, printed=False)
            parts.append(("step", name, n))
            total = getattr(made.plan[n], name)
            ledger.add(("plan", name, n), total, families=sum(s.families if name == "days" else s.newly for s in chosen[: n + 1]))
            ledger.equals(("plan", name, n), parts)
    hidden = ledger.hidden()

    def kept(key: object, value: float | None) -> float | None:
        return None if key in hidden else value

    without = tuple((reason, kept(("without", reason), number)) for reason, number in now.without_route)
    return replace(
        made,
        now=Now(kept("days", now.days), kept("per_year", now.per_year), without),
        routes=tuple(_hide(route, n, hidden) for n, route in enumerate(made.routes)),
        plan=tuple(
            replace(
                step,
                days=kept(("plan", "days", n), step.days),
                newly=kept(("plan", "newly", n), step.newly),
                suppressed=("plan", "days", n) in hidden or ("plan", "newly", n) in hidden,
            )
            for n, step in enumerate(made.plan)
        ),
    )


def _hide(route: Proposal, number: int, hidden: Iterable[object]) -> Proposal:
    about, newly = ("days", number) in hidden or ("families", number) in hidden, ("newly", number) in hidden
    if about:
        route = replace(route, days=None, low=None, high=None, families=None, queue=None, suppressed=True)
    if newly:
        route = replace(route, newly=None, queue=None, suppressed=True)
    return route


# --- JSON ------------------------------------------------------------------------------------------------
def _level_dict(found: LevelRoutes, lang: str) -> dict[str, Any]:
    return {
        "level": found.level,
        "now": {
            "weeks_total": tidy(weeks(found.now.days)),
            "per_year": tidy(found.now.per_year),
            "without_route": {reason: tidy(number) for reason, number in found.now.without_route},
            **_marked(found.now.days, found.now.per_year, *(n for _, n in found.now.without_route)),
        },
        "routes": [_route_dict(route, lang) for route in found.routes],
        "routes_in_all": found.total,
        "plan": [
            {
                "from": step.start,
                "to": step.end,
                "cumulative_weeks_saved": tidy(weeks(step.days)),
                "cumulative_newly_reached": tidy(step.newly),
                **({"suppressed": True} if step.suppressed else {}),
            }
            for step in found.plan
        ],
    }


def _marked(*figures: float | None) -> Mapping[str, bool]:
    return {"suppressed": True} if any(f is None for f in figures) else {}


def _route_dict(route: Proposal, lang: str) -> dict[str, Any]:
    example = route.example
    return {
        "from": route.start,
        "to": route.end,
        "weeks_saved": tidy(weeks(route.days)),
        "weeks_range": {"low": tidy(weeks(route.low)), "high": tidy(weeks(route.high))},
        "families": tidy(route.families),
        "newly_reached": tidy(route.newly),
        "queue_effect": route.queue.as_dict() if route.queue else None,
        "allowed": route.allowed,
        "objections": [text(f"direct_routes.objection.{o.key}", lang, **dict(o.values)) for o in route.objections],
        "municipalities": list(route.municipalities),
        "stable": route.stable,
        "example": {
            "profile": {"municipality": example.municipality, "age": years(example.age), "theme": example.theme},
            "path": list(route.path),
        }
        if example
        else None,
        "agreements": [{"id": i, "status": status, "what": what} for i, status, what in route.agreements],
        "sources": sources_of(route.sources),
        **({"suppressed": True} if route.suppressed else {}),
    }
