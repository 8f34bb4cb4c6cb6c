"""bottlenecks: where do many families pass, and where do they wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from types import MappingProxyType
from typing import Any, Final

from ...landscape import Landscape
from ...profiles.study import Study
from ...queues import NO_BALANCE, Capacity, Queue, capacity_of
from ...responses import responses
from ...waiting import Wait
from ..common import Assumption, assumed_waits, frame
from .answer import CAPACITY, DECISION, SOLE_LINK, UNKNOWN, Bottlenecks, Level, Passed, Step
from .flows import Counted, Station, Used, counted
from .hiding import ARRIVING, GAIN, PER_YEAR, QUEUE, REASON, SOLE, STEP, THROUGH, WAITING, Figure, hidden
from .waits import Above

#: Roles of which it is never said that they are the sole link: the access is the municipality's own legal task.
LEGAL_TASK: Final = frozenset(("gemeente", "lokaal-team"))
#: Levels and roles that are listed by name only: they substitute for nothing and are never ranked.
NEVER_RANKED: Final[tuple[int | str, ...]] = (4, "veiligheid")


def bottlenecks(
    landscape: Landscape,
    municipalities: Sequence[str] = (),
    ages: Sequence[int] = (),
    themes: Sequence[str] = (),
    levels: Sequence[int] = (),
    *,
    with_outdated: bool = False,
    internal: bool = False,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Bottlenecks:
    """Where families pass and wait, on the fastest registered ways to each of ``levels`` (0–3 when none is named).

    Families of ``municipalities`` (codes; the region's when empty), of ``ages`` (months, tested at entry) and ``themes``
    (slugs) where given. Demand is pushed down all equally fast ways, each an equal share (Brandes, On variants of
    shortest-path betweenness centrality, 2008); who waits at any moment is L = λ·W (Little 1961), with the days that
    those families wait there; sole links are dominators (Lengauer & Tarjan 1979). Partners are ordered by what families
    would gain, then by name; level 4 and safety by name only. Those of which that is not shown stand behind the others
    (bottlenecks first), so that their place tells nothing.

    The queue (:mod:`routekaart.graph.queues`) is that of the partner's offerings of the level, with the inflow that they
    state; else with who arrives here, if the whole region, all ages and all themes are asked and families are counted.

    A partner is a bottleneck where a current wait, which families meet and which it says itself, is above the norm of its
    own kind. Why that is, is told as far as the tables know: "capaciteit" where the queue has no balance, or settles above
    the norm; "besluit nodig" where every step that families take to it needs a decision; "enige schakel" where some
    families have no other way; else "onbekend".

    ``internal`` hides no figure. Numbers of families below the threshold are hidden otherwise, with what would give them
    back (:mod:`.hiding`).
    """
    study = Study(landscape, municipalities, ages, themes, levels, with_outdated=with_outdated, progress=progress)
    found, used = counted(study)
    whole = study.weighted and not ages and not themes and set(landscape.region_municipalities) <= set(study.municipalities)
    threshold = landscape.settings.threshold if study.weighted and not internal else 0
    teller = _Teller(study, whole=whole, threshold=threshold, nodes={n for one in found for n in one.stations})
    told = tuple(teller.level(one) for one in found)
    unplaced = None if 0 < used.unplaced < threshold else used.unplaced
    waits = [p.wait for level in told for p in level.partners]
    return Bottlenecks(
        frame(landscape, "bottlenecks", waits, _assumptions(landscape, waits, used), weighted=study.weighted),
        told,
        tuple(used.statements),
        MappingProxyType(teller.names),
        landscape.settings.threshold,
        unplaced,
        used.uncounted,
    )


class _Teller:
    """Turns counts into what is told of them."""

    def __init__(self, study: Study, *, whole: bool, threshold: float, nodes: Iterable[str]) -> None:
        self._study = study
        self._whole = whole
        self._threshold = threshold
        self._responses = dict(responses(study.landscape, sorted(nodes)))
        self.names: dict[str, str] = {}

    def level(self, counted: Counted) -> Level:
        capacities = {
            node: capacity
            for node, station in counted.stations.items()
            if (capacity := capacity_of(station.offerings.values())) is not None and (capacity.inflow is not None or self._whole)
        }
        unseen = hidden(counted, capacities, self._threshold) if self._threshold else frozenset[Figure]()
        for pair in counted.flow.steps:
            for node in pair:
                self._name(node)
        partners = [self._passed(counted, station, capacities.get(node), unseen) for node, station in counted.stations.items()]
        steps = [
            Step(source, target, None if (STEP, source, target) in unseen else _plain(families))
            for (source, target), families in counted.flow.steps.items()
        ]
        return Level(
            counted.level,
            None if (PER_YEAR,) in unseen else _plain(counted.per_year),
            MappingProxyType({r: None if (REASON, r) in unseen else _plain(n) for r, n in counted.reasons.items()}),
            tuple(sorted(partners, key=lambda p: self._place(counted.level, p))),
            tuple(sorted(steps, key=lambda s: (s.per_year is None, -(s.per_year or 0.0), s.source, s.target))),
        )

    def _passed(self, counted: Counted, station: Station, capacity: Capacity | None, unseen: frozenset[Figure]) -> Passed:
        node, flow = station.node, counted.flow
        of_law = not LEGAL_TASK.isdisjoint(station.roles)
        values: dict[str, tuple[str, float | None]] = {
            "per_year": (THROUGH, _plain(flow.through.get(node, 0.0))),
            "arriving": (ARRIVING, _plain(flow.arriving.get(node, 0.0))),
            "waiting": (WAITING, counted.waiting(node)),
            "weeks_per_week": (GAIN, _plain(flow.waiting.get(node, 0.0))),
            "sole_link": (SOLE, None if of_law else _plain(flow.sole.get(node, 0.0))),
        }
        suppressed = {name for name, (figure, value) in values.items() if value is not None and (figure, node) in unseen}
        queue: Queue | None = None
        if capacity is not None and (QUEUE, node) in unseen:
            suppressed.add("queue")
        elif capacity is not None:
            queue = capacity.queue(flow.arriving[node] if capacity.inflow is None else capacity.inflow)
        above = station.judged.longest
        alone = not of_law and bool(flow.sole.get(node))
        return Passed(
            node,
            self._name(node),
            station.roles,
            tuple(station.municipalities),
            **{name: None if name in suppressed else value for name, (_, value) in values.items()},
            suppressed=frozenset(suppressed),
            wait=station.judged.wait,
            waits=station.judged.waits,
            norm=above.norm if above else station.judged.norm,
            above=above,
            queue=queue,
            capacity=capacity,
            inflow=None if queue is None or capacity is None else "vraag" if capacity.inflow is None else "opgave",
            cause=None if above is None else _cause(above, queue, decided=station.judged.by_decision, alone=alone),
            response=self._responses.get(node),
        )

    def _name(self, node: str) -> str:
        """A node by its name, a role that nobody holds by name by its label."""
        if node not in self.names:
            landscape = self._study.landscape
            label = landscape.roles.label(node[4:]) if node.startswith("rol:") else landscape.names.get(node, node)
            self.names[node] = label
        return self.names[node]

    @staticmethod
    def _place(level: int, passed: Passed) -> tuple[Any, ...]:
        """By what families would gain, what is not shown after that, then by name; never ranked: by name."""
        last = any(role in NEVER_RANKED for role in passed.roles)
        gain = passed.weeks_per_week
        if last or level in NEVER_RANKED:
            rank = 3, 0.0, last
        elif gain is None:
            rank = 1, 0.0, not passed.bottleneck
        else:
            rank = (0 if gain else 2), -gain, False
        return *rank, passed.name.casefold(), passed.node


def _plain(families: float) -> float:
    """A number of families without the noise of adding fractions."""
    return round(families, 9)


def _cause(above: Above, queue: Queue | None, *, decided: bool, alone: bool) -> str:
    """What a long wait comes from, as far as the tables know."""
    if queue is not None and (queue.status == NO_BALANCE or (queue.wait_weeks or 0.0) > (above.norm.weeks or 0.0)):
        return CAPACITY
    if decided:
        return DECISION
    return SOLE_LINK if alone else UNKNOWN


def _assumptions(landscape: Landscape, waits: Iterable[Wait], used: Used) -> list[Assumption]:
    settings = landscape.settings
    found = assumed_waits(landscape, waits)
    if used.handover:
        found.append(Assumption("handover"))
    if used.role_route:
        found.append(Assumption("role_route"))
    if used.decision:
        low, high = settings.unknown_decision_low, settings.unknown_decision_high
        found.append(Assumption("decision", (("low", f"{low:g}"), ("high", f"{high:g}"))))
    if used.areas:
        found.append(Assumption("area", (("number", len(used.areas)),)))
    if used.family:
        found.append(Assumption("family"))
    return found
