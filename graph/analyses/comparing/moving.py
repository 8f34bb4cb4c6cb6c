"""One place before and after something changes: how long families wait, and where more of them come, or fewer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from ...profiles.flow import Flow
from ...profiles.passage import passage
from ...profiles.study import Place
from ...routing.routes import Scenario
from .comparison import NOTHING, Answers, answers
from .shifts import Ends, Shift, shift, unmoved
from .side_by_side import Flags, SideBySide


@dataclass
class Growth:
    """Families a year more (below 0: fewer) by node: ``coming``, on their way through or to stay, and ``arriving`` to stay."""

    coming: dict[str, float] = field(default_factory=dict)
    arriving: dict[str, float] = field(default_factory=dict)

    def add(self, other: Growth) -> None:
        """Take up the growth somewhere else."""
        for mine, theirs in ((self.coming, other.coming), (self.arriving, other.arriving)):
            for node, number in theirs.items():
                mine[node] = mine.get(node, 0.0) + number


class Pair:
    """One place before and after, with the same families; ``waiting`` are the nodes where waits are other ones."""

    def __init__(self, before: Place, after: Place, waiting: Collection[str] = ()) -> None:
        self.before, self.after = before, after
        self._steps = SideBySide(before, after, waiting)
        self._matter: dict[int, Flags] = {}

    # --- waiting -------------------------------------------------------------------------------------
    def shift(self, level: int) -> Shift:
        """What becomes of the families that ask for a level."""
        was = answers(self.before, level)
        if not self._steps.differ(level).any():
            return unmoved(was)
        matter = self._mattering(level)
        return shift(was, answers(self.after, level), self._ends(level) if matter.any() else {}, matter)

    def _mattering(self, level: int) -> Flags:
        if level not in self._matter:
            self._matter[level] = self._steps.matter(level)
        return self._matter[level]

    def _ends(self, level: int) -> Ends:
        """The answers of the profiles that matter with all waits at their low and at their high end, before and after."""
        kept = self._mattering(level)
        found: dict[str, tuple[Answers, Answers]] = {}
        for scenario, (before, after) in self._scenarios.items():
            found[scenario] = _of(answers(before, level), kept), _of(answers(after, level), kept)
        return found

    @cached_property
    def _scenarios(self) -> Mapping[str, tuple[Place, Place]]:
        """Both sides with all waits at their low and at their high end."""
        ends: tuple[Scenario, Scenario] = ("low", "high")

        def under(place: Place, end: Scenario) -> Place:
            return replace(place, terrain=place.terrain.under(end))

        return {end: (under(self.before, end), under(self.after, end)) for end in ends}

    # --- going ---------------------------------------------------------------------------------------
    def growth(self, level: int) -> Growth:
        """Where families come more and less on the way to a level, all equally fast ways shared."""
        columns = set(np.flatnonzero(self._steps.rerouted(level)).tolist())
        if not columns:
            return Growth()
        before, after = (_flow(place, level, columns) for place in (self.before, self.after))
        return Growth(_more(_coming(before), _coming(after)), _more(before.arriving, after.arriving))

    def knows(self, node: str) -> bool:
        """Whether a node has a part in the ways here."""
        return node in self.after.terrain.index


def _of(found: Answers, columns: Flags) -> Answers:
    """The answers of some profiles."""
    kept = columns[found.column]
    return Answers(found.families[kept], found.days[kept], found.state[kept], found.column[kept])


def _flow(place: Place, level: int, columns: Collection[int]) -> Flow:
    """Who passes where of the families of some profiles (columns) that ask for a level."""
    asked = [(column, by) for column, by in place.demand(level) if column in columns]
    return passage(place.terrain, level, [column for column, _ in asked], [by for _, by in asked], sole=False).flow()


def _coming(flow: Flow) -> Mapping[str, float]:
    """Who comes to each node, to go on or to stay."""
    found = dict(flow.through)
    for node, number in flow.arriving.items():
        found[node] = found.get(node, 0.0) + number
    return found


def _more(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    differences = {node: after.get(node, 0.0) - before.get(node, 0.0) for node in sorted({*before, *after})}
    return {node: number for node, number in differences.items() if abs(number) > NOTHING}
