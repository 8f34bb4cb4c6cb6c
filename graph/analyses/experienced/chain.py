"""An absorbing Markov chain on arrays: weeks until it ends, how it ends, and how often it comes back.

Everything is solved with the counts themselves, (diag(T) − C)·x = T·b in place of (I − Q)·x = b: the numbers on the
diagonal are then differences of counts, exact, also where families hardly ever leave.

A region's few partners are a plain array and need numpy only; a nation's are sparse. Loading scipy would take longer than
all the rest of a region.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy import sparse

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]
#: Families from one state to another: a plain array, or a sparse one (csr_array).
Steps: TypeAlias = "Floats | sparse.csr_array"

#: States up to which steps are a plain array: its equations take some milliseconds at most.
_FEW: Final = 300

#: Columns of an identity that are solved at once, for the diagonal of an inverse.
_AT_ONCE: Final = 256


def steps(number: int, starts: Sequence[int], ends: Sequence[int], families: Sequence[float]) -> Steps:
    """``families`` that went from each of ``starts`` to each of ``ends`` (states 0 … number − 1), those of a pair together."""
    if number <= _FEW:
        found = np.zeros((number, number))
        np.add.at(found, (np.array(starts, dtype=np.intp), np.array(ends, dtype=np.intp)), np.array(families, dtype=float))
        return found
    from scipy import sparse

    made = sparse.coo_array((np.array(families, dtype=float), (starts, ends)), shape=(number, number))
    return made.tocsr()


class Chain:
    """A chain of n transient states (partners) and k ways to end.

    Parameters
    ----------
    onward
        Families that went from one state to another (:func:`steps`): n × n, not negative.
    ends
        Families that ended in each way: n × k, not negative.

    Raises
    ------
    ValueError
        When the shapes differ, a number is negative or not finite, or nobody left some state.

    Notes
    -----
    With T the row sums of both, Q = onward / T, R = ends / T and N = (I − Q)⁻¹, as in Kemeny and Snell, Finite Markov
    Chains (1960), ch. 3. A state is **trapped** when no end can be reached from it: it lies in a class of states that
    nobody leaves, or leads to such classes only. I − Q is singular there, so N is that of the other states.
    """

    def __init__(self, onward: Steps, ends: Floats) -> None:
        number = ends.shape[0]
        if onward.shape != (number, number):
            raise ValueError(f"{onward.shape} families onward do not fit {ends.shape} that ended")
        self.onward = onward
        self.ends = ends
        self.left: Floats = _sums(onward) + ends.sum(axis=1)
        if not np.isfinite(self.left).all() or onward.min() < 0 or ends.min() < 0:
            raise ValueError("numbers of families are finite and not negative")
        if not (self.left > 0).all():
            raise ValueError("somebody must have left each state")

    # --- who can come where --------------------------------------------------------------------------------
    def leading_to(self, states: Flags, within: Flags | None = None) -> Flags:
        """The states from which some of ``states`` can be reached, these themselves too; by states ``within`` only."""
        return _spread(self.onward, states, within)

    def reached_from(self, states: Flags) -> Flags:
        """The states that can be reached from some of ``states``, these themselves too."""
        return _spread(self.onward.T, states)

    @cached_property
    def trapped(self) -> Flags:
        """The states from which no end can be reached."""
        return ~self.leading_to(self.ends.sum(axis=1) > 0)

    @cached_property
    def falling(self) -> Flags:
        """The states from which a trapped one can be reached, these themselves too."""
        return self.leading_to(self.trapped)

    # --- what they go through ------------------------------------------------------------------------------
    @cached_property
    def _leaving(self) -> Places:
        return np.flatnonzero(~self.trapped)

    @cached_property
    def _solver(self) -> _Solver:
        within = self.onward[self._leaving][:, self._leaving]
        return _factored(self.left[self._leaving], within)

    def total(self, each: Floats) -> Floats:
        """N·each: what is gathered on the way when every visit to state j adds ``each[j]``, the first visit included.

        Parameters
        ----------
        each
            n, or n × m for several at once; not negative.

        Returns
        -------
        array of the same shape; 0 for trapped states, and what is gathered before it is trapped where that can happen.
        """
        found = np.zeros_like(each, dtype=np.float64)
        rows = self._leaving
        if rows.size:
            left = self.left[rows]
            found[rows] = self._solver.solve((each[rows].T * left).T)
        return found

    @cached_property
    def outcomes(self) -> Floats:
        """B = N·R, n × (k + 1): the share that ends in each way; last the share that never does (is trapped)."""
        caught = self.onward @ self.trapped.astype(np.float64)
        found = self.total(np.column_stack([self.ends, caught]) / self.left[:, None])
        found[self.trapped, -1] = 1.0
        # nobody is nobody, without what a solver leaves of 0
        possible = [*(self.ending_in(end) for end in range(self.ends.shape[1])), self.falling]
        return np.where(np.column_stack(possible), found.clip(0.0, 1.0), 0.0)

    def total_given(self, end: int, each: Floats) -> Floats:
        """As :meth:`total`, of those who end in the way ``end``; nan where nobody does.

        Doob's h-transform with h_i = B[i, end]: given that end, families go from i to j with p_ij·h_j / h_i, which is a
        chain of its own, and N^h = diag(h)⁻¹·N·diag(h). Source: Kemeny and Snell (1960), § 3.5; Doob, Conditional Brownian
        motion (Bulletin de la SMF 85, 1957).
        """
        chance = self.outcomes[:, end]
        found: Floats = np.full(each.shape, np.nan)
        some = self.ending_in(end)
        gathered = self.total((each.T * chance).T)
        found[some] = (gathered[some].T / chance[some]).T
        return found

    def ending_in(self, end: int) -> Flags:
        """The states from which the way ``end`` can be reached."""
        return self.leading_to(self.ends[:, end] > 0)

    @cached_property
    def visits(self) -> Floats:
        """N_vv, n: the visits to v of who is there, this one included; infinite where nobody ever leaves for good.

        Who is outside the strongly connected component of v cannot come back to v, so N_vv is that of the component alone.
        The chance to come back is f_v = 1 − 1/N_vv (Kemeny and Snell, theorem 3.5.5).
        """
        component = _components(self.onward)
        again = self.onward.diagonal()
        with np.errstate(divide="ignore"):
            found: Floats = self.left / (self.left - again)
        order = np.argsort(component, kind="stable")
        for members in np.split(order, np.cumsum(np.bincount(component))[:-1]):
            if len(members) > 1:
                found[members] = self._diagonal(members)
        return found

    def _diagonal(self, members: Places) -> Floats:
        """The diagonal of the inverse of I − Q on one strongly connected component."""
        within = self.onward[members][:, members]
        left = self.left[members]
        if not (left - _sums(within) > 0).any():
            return np.full(len(members), np.inf)
        solver = _factored(left, within)
        found = np.empty(len(members))
        for first in range(0, len(members), _AT_ONCE):
            some = np.arange(first, min(first + _AT_ONCE, len(members)))
            sides = np.zeros((len(members), len(some)))
            sides[some, some - first] = left[some]
            found[some] = solver.solve(sides)[some, some - first]
        return found


class _Solver(Protocol):
    """Equations that are ready to be solved."""

    def solve(self, sides: Floats, /) -> Any:
        """The solution for one right-hand side or several columns of them."""


class _Plain:
    """Equations of few unknowns."""

    def __init__(self, matrix: Floats) -> None:
        self._matrix = matrix

    def solve(self, sides: Floats, /) -> Floats:
        """The solution for one right-hand side or several columns of them."""
        return np.asarray(np.linalg.solve(self._matrix, sides), dtype=np.float64)


def _factored(left: Floats, within: Steps) -> _Solver:
    """diag(left) − within, ready to be solved."""
    if isinstance(within, np.ndarray):
        return _Plain(np.diag(left) - within)
    from scipy import sparse
    from scipy.sparse.linalg import splu

    # without pivoting: it is an M-matrix, in whose solutions nothing cancels then
    matrix = sparse.csc_array(sparse.diags_array(left) - within)
    solver: _Solver = splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    return solver


def _components(onward: Steps) -> Places:
    """The number of each state's strongly connected component."""
    if not isinstance(onward, np.ndarray):
        from scipy.sparse.csgraph import connected_components

        found: Places = connected_components(onward, connection="strong")[1]
        return found
    reach = np.eye(len(onward)) + (onward > 0)
    for _ in range(len(onward).bit_length()):  # each time over ways of twice as many steps
        reach = (reach @ reach > 0).astype(np.float64)
    firsts = (reach * reach.T).argmax(axis=1)
    return np.unique(firsts, return_inverse=True)[1]


def _sums(steps: Steps) -> Floats:
    """The sum of each row."""
    return np.asarray(steps.sum(axis=1), dtype=np.float64).ravel()


def _spread(steps: Steps, states: Flags, within: Flags | None = None) -> Flags:
    """The states from which some of ``states`` can be reached by ``steps``, all of them ``within``."""
    found = states if within is None else states & within
    while True:
        wider = found | (steps @ found.astype(np.float64) > 0)
        wider = wider if within is None else wider & within
        if (wider == found).all():
            return found
        found = wider
