"""What passes where: families a year at partners and on steps."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Flow:
    """What passes where, in families a year by node.

    Who passes ``through``, who ends there (``arriving``), the days waited there by all of them (``days``), the families
    with some fastest way that waits there (``waiting``), those with no other way (``sole``), and the ``steps`` taken.
    ``routed`` families have a way, of ``total_days`` together.

    ``cut`` counts starts of which only the first :data:`backward.MOST_EQUAL` ways were used.
    """

    through: dict[str, float] = field(default_factory=dict)
    arriving: dict[str, float] = field(default_factory=dict)
    days: dict[str, float] = field(default_factory=dict)
    waiting: dict[str, float] = field(default_factory=dict)
    sole: dict[str, float] = field(default_factory=dict)
    steps: dict[tuple[str, str], float] = field(default_factory=dict)
    total_days: float = 0.0
    routed: float = 0.0
    cut: int = 0

    def add(self, other: Flow) -> None:
        """Take up the flow of other families."""
        for mine, theirs in (
            (self.through, other.through),
            (self.arriving, other.arriving),
            (self.days, other.days),
            (self.waiting, other.waiting),
            (self.sole, other.sole),
        ):
            for node, number in theirs.items():
                mine[node] = mine.get(node, 0.0) + number
        for step, number in other.steps.items():
            self.steps[step] = self.steps.get(step, 0.0) + number
        self.total_days += other.total_days
        self.routed += other.routed
        self.cut += other.cut


def plus(where: dict[str, float], key: str, number: float) -> None:
    """Add ``number`` at ``key``."""
    where[key] = where.get(key, 0.0) + number
