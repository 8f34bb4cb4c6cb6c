"""What one new step would save, for every ordered pair of one place at once, exactly.

For a step u → v a family saves max(0, t − x): t = d(s, τ) − d(s, u) is what the way after u may take, x = the time to
enter v and go on. The gain of a pair is Σ D·max(0, t − x): for each u piecewise linear and convex in x, so the t of all
families are put in their place among the x of all v once, and running sums from the right give every pair (ANALYSES).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..profiles.steps import MICRO, Flags
from .field import Field

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gains:
    """Per pair (N × N): days saved by all families together, the families that save any, and those newly reached."""

    days: Floats
    families: Floats
    newly: Floats


def gains(field: Field, allowed: Flags) -> Gains:
    """The gain of every pair that ``allowed`` (N × N) leaves, where it has no usable step yet.

    Days count for families that had a way in the reference; who had none and would get one is counted in ``newly``.
    """
    size = len(field.terrain.nodes)
    days, families, newly = (np.zeros((size, size)) for _ in range(3))
    sources = np.flatnonzero(allowed.any(axis=1))
    if not len(sources) or not field.demand.size:
        return Gains(days, families, newly)
    barred = _barred(field, sources)
    asked, had = field.demand > 0, np.isfinite(field.base)
    _save(field, sources, np.where(asked & had, field.lead, -np.inf), barred, days, families)
    lost = asked & ~had & np.isinf(field.lead)
    if lost.any():
        coming, entering = field.coming(np.where(lost, field.demand, 0.0))[sources], np.isfinite(field.onward)
        for column in np.flatnonzero(coming.any(axis=0)).tolist():
            gained = np.outer(coming[:, column], entering[:, column])
            gained[barred[0][barred[2][:, column]], barred[1][barred[2][:, column]]] = 0.0
            newly[sources] += gained
    for found in (days, families, newly):
        found[~allowed] = 0.0
        np.fill_diagonal(found, 0.0)
    return Gains(days / MICRO, families, newly)


def _barred(field: Field, sources: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp], Flags]:
    """Registered steps as (row among ``sources``, target, profiles for which it is usable)."""
    source, target, usable = field.usable_pairs()
    row = np.full(len(field.terrain.nodes), -1, dtype=np.intp)
    row[sources] = np.arange(len(sources))
    kept = row[source] >= 0
    return row[source[kept]], target[kept], usable[kept]


def _save(
    field: Field,
    sources: NDArray[np.intp],
    lead: Floats,
    barred: tuple[NDArray[np.intp], NDArray[np.intp], Flags],
    days: Floats,
    families: Floats,
) -> None:
    """Add up what every pair saves over all profiles; ``lead`` is −inf for who has nothing to save."""
    spare, demands = lead[field.saving] - field.near[sources], field.demand[field.saving]
    most = spare.max(axis=(0, 1), initial=-1.0)
    for profile in np.flatnonzero(most > field.onward.min(axis=0, initial=np.inf)).tolist():
        enter = field.onward[:, profile]
        near = np.flatnonzero(enter < most[profile])
        order = near[np.argsort(enter[near], kind="stable")]
        ahead = enter[order]
        row, start = np.nonzero(spare[:, :, profile] > ahead[0])
        left, demand = spare[row, start, profile], demands[start, profile]
        # how many of the ways on are shorter than what is left; each of those saves
        rank = np.searchsorted(ahead, left, side="left")
        width = len(order) + 1
        cell, shape = row * width + rank, (len(sources), width)
        many, total = (np.bincount(cell, w, minlength=shape[0] * width).reshape(shape) for w in (demand, demand * left))
        # from the right: everybody whose rank lies beyond a way on saves on it
        many, total = (np.cumsum(a[:, :0:-1], axis=1)[:, ::-1] for a in (many, total))
        saved = total - many * ahead
        place = np.full(len(enter), -1, dtype=np.intp)
        place[order] = np.arange(len(order))
        row, target, usable = barred
        out = usable[:, profile] & (place[target] >= 0)
        saved[row[out], place[target[out]]] = 0.0
        many[row[out], place[target[out]]] = 0.0
        into = np.ix_(sources, order)
        days[into] += saved
        families[into] += many
