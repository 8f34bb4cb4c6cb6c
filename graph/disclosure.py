"""What must not be shown: counts of families below the region's threshold, and what would give them back."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .landscape import Landscape
from .perturbation import NOTHING, Relations
from .schema import Column, Kind


def is_suppressed(landscape: Landscape, column: Column, value: Any) -> bool:
    """Whether ``value`` is a count of families that is too small to show (0 and unknown are not)."""
    return column.kind is Kind.FAMILIES and value is not None and 0 < value < landscape.settings.threshold


def figure(name: str, value: float | None, *, suppressed: bool) -> dict[str, Any]:
    """One figure as JSON has it (CONTRACTS §6): ``{name: value}``, or null with ``"suppressed": true`` beside it."""
    return {name: None, "suppressed": True} if suppressed else {name: value}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One figure of a ledger: its value, the families it is about, and whether it is going to be printed."""

    value: float
    families: float
    printed: bool


class Ledger:
    """The counts of families that one answer prints, how they add up, and which of them must be hidden.

    Add every figure, say which are the sum of which others, ask for :meth:`hidden`::

        ledger = Ledger(threshold=10)
        for key, families in {"Ede": 4, "Barneveld": 25, "Scherpenzeel": 60, "all": 89}.items():
            ledger.add(key, families)
        ledger.equals("all", ["Ede", "Barneveld", "Scherpenzeel"])
        ledger.hidden()  # Ede (4 is below 10) and Barneveld (or 89 - 25 - 60 gives Ede back)

    A figure is **small** (primary) when it is about more than 0 and fewer than ``threshold`` families; 0 says nobody and is
    shown. Others are hidden with it (secondary), until this holds:

        for every small figure x about n families there is another table that agrees with all that is printed, with the
        relations and with "nothing is below 0", in which that figure is ``x · threshold / n`` (a count: the threshold).

    **What is protected.** The reader is taken to know every printed figure, every relation, that nothing is negative, and
    the threshold. (a) No linear combination gives a hidden figure back, nor one that is hidden for its sake. (b) No
    combination gives back that hidden figures, a small one among them, are together below the threshold: that one
    alone could be above it. (c) The narrowest interval that fits (linear programming) around a small figure begins below
    it and reaches the threshold at least.

    **What is not.** An interval may be narrow downwards, and a figure just below the threshold need not reach far above
    it. Who knows one of the hidden figures already (a partner its own), or reasons from how this module chooses, may
    narrow others. Relations that nobody stated, other answers and other editions are not looked at. A figure that is
    itself 0 (no weeks, for three families) is hidden, yet a total may give it back, as it may any 0.

    **How to state things.** The same figure in two places is one key. What follows from a count by printed numbers is a
    relation with a factor: ``equals("waiting", {"arriving": weeks / 52})``, ``equals("share", {"part": 1 / whole})``; without
    it a count that is hidden for another's sake could be worked out. What is not printed but can be worked out, such as
    the difference of two printed figures, or the rest that an inequality leaves (``all = some + rest``), is added with
    ``printed=False``: it is protected when small, and free to move when not. Of a small number that is a part of several figures
    and not in the ledger itself :meth:`common_part` says so.

    Parameters
    ----------
    threshold
        Families below which a figure is hidden (settings.threshold); 0 is off: nothing is hidden.

    Notes
    -----
    The rule is the upper protection level of Hundepool et al., Statistical Disclosure Control (2012), ch. 4, for a threshold
    rule; which others are hidden (the smallest that will do, ties by the order of adding) is in :mod:`.perturbation`. The
    order of relations and parts does not matter, nor does the order of adding where no two values are equal.
    """

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold
        self._entries: dict[Hashable, _Entry] = {}
        self._equations: list[tuple[Hashable, dict[Hashable, float]]] = []
        self._together: list[tuple[Hashable, ...]] = []

    def add(self, key: Hashable, value: float, *, families: float | None = None, printed: bool = True) -> None:
        """One figure, under a key that names it in this answer.

        Parameters
        ----------
        value
            What is printed, at least 0: a number of families, or what relations are about (family-weeks, a mean).
        families
            How many families the figure is about, where ``value`` is not that number itself.
        printed
            False for what is not printed but can be worked out, or stands between printed figures (see above).

        Raises
        ------
        ValueError
            When a number is negative or not finite, or the key is there already with other numbers.
        """
        entry = _Entry(float(value), float(value if families is None else families), printed)
        if not (math.isfinite(entry.value) and math.isfinite(entry.families) and entry.value >= 0 and entry.families >= 0):
            raise ValueError(
                f"a figure of a ledger is a finite number of at least 0: {key!r} is {value!r} ({families!r} families)"
            )
        known = self._entries.setdefault(key, entry)
        if (known.value, known.families) != (entry.value, entry.families):
            raise ValueError(f"{key!r} is in the ledger already with other numbers: give each figure a key of its own")
        if printed and not known.printed:
            self._entries[key] = entry

    def equals(self, total: Hashable, parts: Iterable[Hashable] | Mapping[Hashable, float]) -> None:
        """State that ``total`` is the sum of ``parts``, all added before.

        A mapping gives each part a factor: ``total`` is the sum of factor × part.

        Raises
        ------
        KeyError
            When a key was not added.
        ValueError
            When it does not add up (to a millionth), or a factor is not above 0.
        """
        factors = parts if isinstance(parts, Mapping) else dict.fromkeys(parts, 1.0)
        for key in (total, *factors):
            if key not in self._entries:
                raise KeyError(f"{key!r} is not in the ledger: add a figure before saying what it adds up to")
        if total in factors:
            raise ValueError(f"{total!r} cannot be a part of itself")
        if not all(math.isfinite(factor) and factor > 0 for factor in factors.values()):
            raise ValueError(f"the factors of the parts of {total!r} must be above 0")
        stated, found = self._entries[total].value, math.fsum(self._entries[k].value * f for k, f in factors.items())
        if abs(stated - found) > 1e-6 * max(1.0, stated):
            raise ValueError(f"{total!r} is {stated!r}, but its parts add up to {found!r}")
        self._equations.append((total, dict(factors)))

    def common_part(self, *keys: Hashable) -> None:
        """State that a small number, hidden and not here, is a part of each of these figures, all added before and above 0.

        It can be no more than the least of them: where all are hidden, they must be able to be the threshold at once.

        Raises
        ------
        KeyError
            When a key was not added.
        ValueError
            When a figure is 0: nobody is no part of anything.
        """
        for key in keys:
            if key not in self._entries:
                raise KeyError(f"{key!r} is not in the ledger: add a figure before saying what it has a part of")
            if min(self._entries[key].value, self._entries[key].families) <= NOTHING:
                raise ValueError(f"{key!r} is 0 and has no part")
        self._together.append(keys)

    def _is_small(self, entry: _Entry) -> bool:
        return NOTHING < entry.families < self._threshold - NOTHING

    def hidden(self) -> frozenset[Hashable]:
        """The keys of the printed figures that must not be shown."""
        small = {key for key, entry in self._entries.items() if self._is_small(entry)}
        if not small:
            return frozenset()

        def enough(key: Hashable) -> float:
            return self._entries[key].value * self._threshold / self._entries[key].families

        relations = Relations(
            {key: entry.value for key, entry in self._entries.items()},
            self._equations,
            needs={key: enough(key) for key in small},
            together=[{key: enough(key) for key in keys} for keys in self._together],
            hidden=small | {key for key, entry in self._entries.items() if not entry.printed},
        )
        return frozenset(key for key in relations.protect() if self._entries[key].printed)
