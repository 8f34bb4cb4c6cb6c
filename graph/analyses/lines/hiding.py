"""Which numbers of families between two partners must not be shown: small ones, and what would give them back."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import Final, TypeVar

from ...disclosure import Ledger
from .pairs import Pair, Traffic, pair_of

#: What is left of 0 after adding and subtracting fractions.
_NOTHING: Final = 1e-9

Key = TypeVar("Key")


def hidden_pairs(found: Traffic, printed: Collection[Pair], threshold: float, *, repeated: bool) -> frozenset[Pair]:
    """The pairs of ``printed`` whose number of families must not be shown.

    What enters a partner passes on or ends there, what leaves it passed or started there: a reader can subtract, so
    these differences are protected too (:class:`~...disclosure.Ledger`). Of two who refer to each other the reader is taken
    to know both directions, which hides no less. ``repeated``: families may count at several levels; then a sum is
    about no more of them than the largest of its levels.
    """
    ledger = Ledger(threshold)

    def add(key: Hashable, by_level: Mapping[int, float], *, shown: bool = False) -> None:
        kept = [n for n in by_level.values() if n > _NOTHING]
        ledger.add(key, sum(kept), families=max(kept, default=0.0) if repeated else sum(kept), printed=shown)

    into: dict[str, list[Pair]] = {}
    out_of: dict[str, list[Pair]] = {}
    for step in dict.fromkeys(step for by_step in found.steps.values() for step in by_step):
        add(step, _of(found.steps, step), shown=pair_of(*step) in printed)
        into.setdefault(step[1], []).append(step)
        out_of.setdefault(step[0], []).append(step)
    for node in sorted(into.keys() | out_of.keys()):
        through = _of(found.through, node)
        add(("through", node, None), through)
        for side, steps in (("in", into.get(node, ())), ("out", out_of.get(node, ()))):
            whole = {level: sum(by.get(step, 0.0) for step in steps) for level, by in found.steps.items()}
            # who goes no further, and who began here
            add(("rest", side, node), {level: families - through[level] for level, families in whole.items()})
            add((side, node, None), whole)
            ledger.equals((side, node, None), steps)
            ledger.equals((side, node, None), [("through", node, None), ("rest", side, node)])
    hidden = ledger.hidden()
    return frozenset(pair for pair in printed if pair in hidden or pair[::-1] in hidden)


def _of(by_level: Mapping[int, Mapping[Key, float]], key: Key) -> dict[int, float]:
    return {level: by.get(key, 0.0) for level, by in by_level.items()}
