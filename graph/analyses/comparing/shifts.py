"""What becomes of the same families when something changes: who waits shorter or longer, who gets a way and who loses it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ...profiles.study import REASONS
from ...routing.routes import OPEN_ENDED
from ...waiting import WEEK
from ..common import tidy
from .comparison import Answers, Side, suppressed

Floats = NDArray[np.float64]
Ends = Mapping[str, tuple[Answers, Answers]]
WAY: Final = 0
STATES: Final = range(1 + len(REASONS))

#: The figures of a shift that are printed, each with the one whose families it is about.
FIGURES: Final = {
    "per_year": "per_year",
    "routed": "routed",
    "shorter": "shorter",
    "longer": "longer",
    "newly": "newly",
    "lost": "lost",
    "weeks_before": "routed",
    "weeks_after": "routed",
    "weeks_shorter": "shorter",
    "weeks_longer": "longer",
    "weeks_newly": "newly",
    "weeks_lost": "lost",
}


@dataclass(frozen=True)
class Shift:
    """The families of one place and level before and after.

    ``families`` (4 × 4) counts them by what they have before (rows) and after (columns): a way, or none for each reason
    of :mod:`...profiles.study`. ``days`` are of the families that have a way on both sides: "before", "after", and the part
    by which those who wait ``shorter`` or ``longer`` do; "newly" and "lost" are of who has a way only after, or only before.

    ``at_low`` and ``at_high`` are the difference in days (after − before) with all waits at their low and at their high
    end, infinite where an end is open; ``least`` and ``most`` bound it whatever each wait turns out to be. ``swayed`` are
    the families whose time is another one at either end. ``each``: the least and the most days of one family of those that
    wait "shorter" or "longer", are "newly" reached or "lost".
    """

    families: Floats
    days: Mapping[str, float]
    shorter: float
    longer: float
    same: float
    at_low: float
    at_high: float
    least: float
    most: float
    swayed: float
    each: Mapping[str, tuple[float, float]]

    @property
    def routed(self) -> float:
        """Families with a way on both sides."""
        return float(self.families[WAY, WAY])

    @property
    def newly(self) -> float:
        """Families that get a way."""
        return float(self.families[1:, WAY].sum())

    @property
    def lost(self) -> float:
        """Families that had a way."""
        return float(self.families[WAY, 1:].sum())

    @property
    def difference(self) -> float:
        """Days that they wait more (below 0: less) together, of those with a way on both sides."""
        return self.days["longer"] - self.days["shorter"]

    @property
    def range(self) -> tuple[float, float]:
        """The difference from its smallest to its largest, of what is expected and both ends; infinite where open."""
        ends = (self.at_low, self.at_high, self.difference)
        return (-np.inf, np.inf) if np.isnan(ends).any() else (min(ends), max(ends))

    @property
    def changes(self) -> bool:
        """Whether anything changes for anybody."""
        return self.shorter > 0 or self.longer > 0 or bool((self.families - np.diag(np.diag(self.families))).any())

    def figures(self) -> dict[str, float]:
        """The printed figures by name, days as weeks."""
        counts = {"per_year": float(self.families.sum()), "routed": self.routed, "shorter": self.shorter, "longer": self.longer}
        weeks = {f"weeks_{name}": days / WEEK for name, days in self.days.items()}
        return counts | {"newly": self.newly, "lost": self.lost} | weeks

    def side(self, which: str, hidden: Collection[str]) -> Side:
        """The side "before" or "after": all families, the time of those with a way on both sides, and who has none."""
        none = self.families[1:, :].sum(axis=1) if which == "before" else self.families[:, 1:].sum(axis=0)
        kept = {r for r in REASONS if f"{which} {r}" in hidden} | {n for n in ("per_year", "routed") if n in hidden}
        kept |= {"weeks_total"} if f"weeks_{which}" in hidden else set()
        without = dict(zip(REASONS, none.tolist(), strict=True))
        return Side(float(self.families.sum()), self.routed, self.days[which], without, frozenset(kept))


def shift(before: Answers, after: Answers, ends: Ends, columns: NDArray[np.bool_]) -> Shift:
    """What becomes of the families of ``before``; ``after`` has the same ones in the same order.

    ``columns`` are the profiles of which any way can change; ``ends`` are both sides of these with all waits "low" and
    "high" (nothing: there are none).
    """
    count = before.families
    table = np.zeros((len(STATES), len(STATES)))
    np.add.at(table, (before.state, after.state), count)
    both = (before.state == WAY) & (after.state == WAY)
    newly, lost = (before.state != WAY) & (after.state == WAY), (before.state == WAY) & (after.state != WAY)
    was, becomes, of = before.days[both], after.days[both], count[both]
    groups = {
        "shorter": (np.maximum(was - becomes, 0.0), of),
        "longer": (np.maximum(becomes - was, 0.0), of),
        "newly": (after.days[newly], count[newly]),
        "lost": (before.days[lost], count[lost]),
    }
    days = {"before": float((of * was).sum()), "after": float((of * becomes).sum())}
    days |= {name: float((families * of_one).sum()) for name, (of_one, families) in groups.items()}
    each = {name: _ends(of_one if name in ("newly", "lost") else of_one[of_one > 0]) for name, (of_one, _) in groups.items()}
    shorter, longer, same = (float(of[flags].sum()) for flags in (becomes < was, becomes > was, becomes == was))
    expected = days["longer"] - days["shorter"]
    if not ends:
        return Shift(table, days, shorter, longer, same, expected, expected, expected, expected, 0.0, each)
    here = columns[before.column]
    known, of = both[here], count[here & both]
    low, high = ([side.days[known] for side in ends[name]] for name in ("low", "high"))
    return Shift(
        table,
        days,
        shorter,
        longer,
        same,
        at_low=_difference(of, low[0], low[1]),
        at_high=_difference(of, high[0], high[1]),
        least=_difference(of, high[0], low[1]),
        most=_difference(of, low[0], high[1]),
        swayed=float(of[(low[0] != low[1]) | (high[0] != high[1])].sum()),
        each=each,
    )


def _ends(days: Floats) -> tuple[float, float]:
    """The least and the most of some days; of none nothing is less than the least."""
    return float(days.min(initial=np.inf)), float(days.max(initial=0.0))


def _difference(families: Floats, was: Floats, becomes: Floats) -> float:
    """Days more; infinite where one side has more open ends than the other, undecided (nan) where both have."""
    more = np.floor(becomes / OPEN_ENDED) - np.floor(was / OPEN_ENDED)
    up, down = bool((more > 0).any()), bool((more < 0).any())
    if up or down:
        return np.nan if up and down else np.inf if up else -np.inf
    return float((families * (becomes - was)).sum())


def unmoved(found: Answers) -> Shift:
    """The shift of families for whom nothing changes."""
    return shift(found, found, {}, np.zeros(0, dtype=bool))


def nobody() -> Shift:
    """The shift where no family asks anything."""
    nothing = np.zeros(0)
    return unmoved(Answers(nothing, nothing, nothing.astype(np.int8), nothing.astype(np.intp)))


def sum_of(shifts: Iterable[Shift]) -> Shift:
    """The families of several places together."""
    every = [nobody(), *shifts]
    numbers = ("shorter", "longer", "same", "at_low", "at_high", "least", "most", "swayed")
    return Shift(
        np.sum([s.families for s in every], axis=0),
        {name: float(sum(s.days[name] for s in every)) for name in every[0].days},
        **{name: float(sum(getattr(s, name) for s in every)) for name in numbers},
        each={name: (min(s.each[name][0] for s in every), max(s.each[name][1] for s in every)) for name in every[0].each},
    )


# --- as JSON and rows --------------------------------------------------------------------------------------
_TOLD: Final = {
    "shorter": ("shorter", "weeks"),
    "longer": ("longer", "weeks"),
    "newly": ("newly_reached", "weeks_total"),
    "lost": ("no_longer_reached", "weeks_total"),
}


def shown(found: Shift, hidden: Collection[str], name: str) -> float | None:
    """A figure by its name; None where it must not be shown."""
    return None if name in hidden else tidy(found.figures()[name])


def told(found: Shift, hidden: Collection[str]) -> dict[str, Any]:
    """The families that wait shorter or longer, get a way or have none any more, as JSON."""
    made: dict[str, Any] = {}
    for name, (called, weeks) in _TOLD.items():
        pair = {"per_year": shown(found, hidden, name), weeks: shown(found, hidden, f"weeks_{name}")}
        made[called] = pair | suppressed(None in pair.values())
    return made


def cells(found: Shift, hidden: Collection[str]) -> dict[str, Any]:
    """Both sides and those families as plain cells."""
    made = found.side("before", hidden).cells("before") | found.side("after", hidden).cells("after")
    for name, (called, weeks) in _TOLD.items():
        made |= {called: shown(found, hidden, name), f"{called}_{weeks}": shown(found, hidden, f"weeks_{name}")}
    return made
