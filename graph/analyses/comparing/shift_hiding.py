"""Which figures of a shift must not be shown: small numbers of families, and what would give them back."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import TYPE_CHECKING, Final

from ...profiles.study import REASONS
from .shifts import FIGURES, STATES, WAY, Shift, sum_of

if TYPE_CHECKING:
    from ...disclosure import Ledger

#: Days of families that differ by no more than this factor are alike: who knows them works out how many families there are.
_ALIKE: Final = 1.5
_REASONS: Final = tuple(f"{which} {reason}" for which in ("before", "after") for reason in REASONS)


def hidden(shifts: Mapping[str, Shift], threshold: float) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """Per place, and for all together, the names of the figures that must not be shown.

    The ledger holds every figure and what can be worked out of two of them: who goes from a way or a reason to another, who
    waits as long as before; and that all places add up.
    """
    nothing = {place: frozenset[str]() for place in shifts}
    if not threshold or not shifts:
        return nothing, frozenset()
    from ...disclosure import Ledger

    ledger = Ledger(threshold)
    for place, found in shifts.items():
        _enter(ledger, place, found)
    if len(shifts) > 1:
        _enter(ledger, None, sum_of(shifts.values()))
        for name in (*FIGURES, *_REASONS):
            ledger.equals((None, name), [(place, name) for place in shifts])
    gone = ledger.hidden()
    of_places = {place: _names(place, gone) for place in shifts}
    return of_places, _names(None, gone) if len(shifts) > 1 else next(iter(of_places.values()))


def _names(place: str | None, gone: Collection[Hashable]) -> frozenset[str]:
    """The names of the figures of one place that are gone."""
    found = {name for name in (*FIGURES, *_REASONS) if (place, name) in gone}
    # weeks of families whose number is hidden would give it back to who knows what one of them waits
    return frozenset(found | {name for name, of in FIGURES.items() if of in found})


def _enter(ledger: Ledger, place: str | None, found: Shift) -> None:
    """Take up the figures of one place (None: of all) and what they follow from."""
    figures = found.figures()
    for name, of in FIGURES.items():
        ledger.add((place, name), figures[name], families=figures[of])
    ledger.add((place, "same"), found.same, printed=False)
    ledger.equals((place, "routed"), [(place, name) for name in ("shorter", "longer", "same")])
    ledger.add((place, "weeks"), figures["weeks_before"] + figures["weeks_longer"], families=found.routed, printed=False)
    ledger.equals((place, "weeks"), [(place, "weeks_before"), (place, "weeks_longer")])
    ledger.equals((place, "weeks"), [(place, "weeks_after"), (place, "weeks_shorter")])
    for name, (least, most) in found.each.items():
        if figures[name] > 0 and 0 < most <= _ALIKE * least:
            # by how much one of them waits shorter follows from what is altered and from public waits
            ledger.equals((place, f"weeks_{name}"), {(place, name): figures[f"weeks_{name}"] / figures[name]})
    cells = {(was, becomes): (place, f"{was} → {becomes}") for was in STATES for becomes in STATES}
    cells[WAY, WAY] = (place, "routed")
    for pair, key in cells.items():
        if pair != (WAY, WAY):
            ledger.add(key, float(found.families[pair]), printed=False)
    ledger.equals((place, "newly"), [cells[n, WAY] for n in STATES if n])
    ledger.equals((place, "lost"), [cells[WAY, n] for n in STATES if n])
    for n, reason in enumerate(REASONS, 1):
        for which, numbers in (("before", found.families[n]), ("after", found.families[:, n])):
            ledger.add((place, f"{which} {reason}"), float(numbers.sum()))
        ledger.equals((place, f"before {reason}"), [cells[n, m] for m in STATES])
        ledger.equals((place, f"after {reason}"), [cells[m, n] for m in STATES])
    ledger.equals((place, "per_year"), [(place, n) for n in ("routed", "lost", *_REASONS[: len(REASONS)])])
    ledger.equals((place, "per_year"), [(place, n) for n in ("routed", "newly", *_REASONS[len(REASONS) :])])
