"""Which figures to hide so that small ones can move unseen: the search behind graph/disclosure.py.

A *movement* y changes hidden figures only, keeps every relation (A·y = 0) and leaves nothing negative (x + y ≥ 0). A
reader cannot tell x from x + y. So a small figure is protected when a movement lifts it to what it needs, and hiding
enough for one such movement per small figure is enough for all of them: what is hidden later only adds freedom. Where
figures must be able to be as high as they need at once, one movement lifts them all.

The cheapest movement is sought as chains, as in Castro, A shortest-paths heuristic for statistical data protection in
positive tables (INFORMS Journal on Computing 19(4), 2007): lifting a figure unsettles the relations it is in; another
figure in such a relation settles it and unsettles its own other relation; and so on to a figure that is in no other (a
free end), or to a relation that is unsettled the other way (a closed chain: the rectangle in a table of two
dimensions). Hidden figures cost nothing and are used first, then the smallest values, then the ones added first. Where
chains do not get there (figures in three relations and more, such as tables of three dimensions) the cheapest movement
comes from a linear programme: Kelly, Golden and Assad, Cell suppression: disclosure protection for sensitive tabular
data (Networks 22, 1992). There always is one: everything that hangs together, multiplied by the same number.
"""

from __future__ import annotations

import bisect
import heapq
import itertools
from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from highspy import HighsLp

NOTHING = 1e-9  # what is left of 0 after adding and subtracting fractions
_NOISE = 1e-7  # below this share of a movement, an amount is the solver's rounding
_STEPS = 200  # chains per figure before the linear programme takes over
#: A vertex, and always the same one.
_SOLVER: Final[Mapping[str, bool | str | int]] = {"output_flag": False, "solver": "simplex", "threads": 1}
_FREE = -1  # in place of a row: a figure that is in no other

_Way = tuple[int, float, int, float]  # out of a row: a cell, its factor here, the row beyond, its factor there
_State = tuple[int, bool]  # a row that is unsettled, and whether it is too much
_Link = tuple[_State, int, float]  # the state before, the cell in between, and what it moves
_Step = tuple[float, int, int, int, _State, float, _Link | None]  # cost, rank, length, count, state, amount, link


@dataclass(slots=True)
class _Cell:
    """Figures that give each other back (mostly one): value, need and cost of the first; its rows with their factors."""

    keys: list[Hashable]
    value: float
    cost: tuple[float, int]
    need: float
    hidden: bool
    rows: list[tuple[int, float]]


@dataclass(slots=True)
class _Chain:
    """What each cell on it moves to settle a row wholly; the row it ends in (or a free end) and what arrives there."""

    moves: dict[int, float]
    end: int
    arrives: float


@dataclass(slots=True)
class _Lift:
    """A movement in the making: the cells that are lifted, what moves so far, and the rows that are unsettled by it."""

    lifted: AbstractSet[int]
    movement: dict[int, float]
    unsettled: dict[int, float]
    start: int = _FREE

    def ends(self, row: int, amount: float) -> bool:
        """Whether a chain that brings an amount to a row can end there."""
        return row == _FREE or (row != self.start and self.unsettled.get(row, 0.0) * amount < 0)


class Relations:
    """Figures above 0 as cells, and what is known of them as rows of A·x = 0."""

    def __init__(
        self,
        values: Mapping[Hashable, float],
        equations: Iterable[tuple[Hashable, Mapping[Hashable, float]]],
        *,
        needs: Mapping[Hashable, float],
        hidden: AbstractSet[Hashable],
        together: Iterable[Mapping[Hashable, float]] = (),
    ) -> None:
        """Take the figures in the order of adding, (total, factor per part), how high small ones must go, what is hidden.

        ``together``: figures above 0 that must be able to be so high at once, where all of them are hidden.
        """
        self._zeros = {key for key in hidden if values[key] <= NOTHING}
        scales, rows = _twins(values, equations)
        members: dict[Hashable, list[Hashable]] = defaultdict(list)
        for key, (first, _) in scales.items():
            members[first].append(key)
        number = {first: n for n, first in enumerate(sorted(members, key=lambda key: values[key]))}  # stable
        self._cells = [
            _Cell(
                members[first],
                values[first],
                (sum(values[key] for key in members[first]), n),
                max(needs.get(key, 0.0) / scales[key][1] for key in members[first]),
                all(key in hidden for key in members[first]) or any(key in needs for key in members[first]),
                [],
            )
            for first, n in number.items()
        ]
        self._together: list[dict[int, float]] = []
        for group in together:
            lifts: dict[int, float] = {}
            for key, need in group.items():
                first, scale = scales[key]
                lifts[number[first]] = max(lifts.get(number[first], 0.0), need / scale)
            self._together.append(lifts)
        self._values = [cell.value for cell in self._cells]
        self._rows = sorted({tuple(sorted((number[first], factor) for first, factor in row.items())) for row in rows})
        for n, row in enumerate(self._rows):
            for cell, factor in row:
                self._cells[cell].rows.append((n, factor))
        self._ways: list[list[_Way]] = [
            [(n, factor, *beyond) for n, factor in row for beyond in self._beyond(n, at)] for at, row in enumerate(self._rows)
        ]
        hidden_ways = [[way for way in ways if self._cells[way[0]].hidden] for ways in self._ways]
        #: Those of cells that are hidden: on to another row, and free ends.
        self._hidden_ways = [[way for way in ways if way[2] != _FREE] for ways in hidden_ways]
        self._hidden_ends = [[way for way in ways if way[2] == _FREE] for ways in hidden_ways]

    def _beyond(self, cell: int, row: int) -> list[tuple[int, float]]:
        """Where a chain gets from a row through a cell: one place, or none where the cell is in more than two rows."""
        others = [place for place in self._cells[cell].rows if place[0] != row]
        return (others or [(_FREE, 0.0)]) if len(others) < 2 else []

    def protect(self) -> set[Hashable]:
        """Hide what each small figure needs to move, the smallest first; all keys that are hidden then."""
        safe: set[int] = set()
        for lifted, cell in enumerate(self._cells):
            if cell.need > cell.value and lifted not in safe:
                movement = self._moved({lifted: cell.need - cell.value})
                self._hide(movement)
                safe |= {n for n, by in movement.items() if self._cells[n].value + by >= self._cells[n].need - NOTHING}
        self._protect_together()
        return self._zeros.union(*(cell.keys for cell in self._cells if cell.hidden))

    def _protect_together(self) -> None:
        """Hide what figures need to be high at once; those of which one is shown wait until it is not."""
        waiting, before = self._together, -1
        while len(waiting) != before:
            before, shown = len(waiting), []
            for needs in waiting:
                if all(self._cells[n].hidden for n in needs):
                    lifts = {n: max(need - self._cells[n].value, 0.0) for n, need in needs.items()}
                    if any(lifts.values()):
                        self._hide(self._moved(lifts))
                else:
                    shown.append(needs)
            waiting = shown

    def _moved(self, lifts: Mapping[int, float]) -> dict[int, float]:
        """A movement that lifts cells by what is said."""
        return self._by_chains(lifts) or self._by_programme(lifts)

    def _hide(self, cells: Iterable[int]) -> None:
        for number in cells:
            cell = self._cells[number]
            if not cell.hidden:
                cell.hidden = True
                for row, factor in cell.rows:
                    for beyond in self._beyond(number, row):
                        ways = self._hidden_ends if beyond[0] == _FREE else self._hidden_ways
                        bisect.insort(ways[row], (number, factor, *beyond))

    def _by_chains(self, lifts: Mapping[int, float]) -> dict[int, float] | None:
        """A movement that lifts cells by what is said, made of chains; None where chains do not get there."""
        unsettled: dict[int, float] = {}
        for n, by in lifts.items():
            for row, factor in self._cells[n].rows:
                unsettled[row] = unsettled.get(row, 0.0) + factor * by
        lift = _Lift(lifts.keys(), dict(lifts), {row: by for row, by in unsettled.items() if abs(by) > NOTHING})
        for _ in range(_STEPS):
            if not lift.unsettled:
                return {n: by for n, by in lift.movement.items() if abs(by) > NOTHING}
            lift.start = min(lift.unsettled)
            if not self._move_freely(lift):
                chain = self._paid_chain(lift)
                if chain is None:
                    return None
                self._move(lift, chain.moves, chain.end, chain.arrives)
        return None

    def _move(self, lift: _Lift, moves: Mapping[int, float], end: int, arrives: float) -> None:
        """Move along a chain as far as its cells and the row (or free end) that it ends in allow."""
        movement, unsettled, values = lift.movement, lift.unsettled, self._values
        share = 1.0
        for n, by in moves.items():
            if by < 0:
                share = min(share, (values[n] + movement.get(n, 0.0)) / -by)
        if end != _FREE:
            share = min(share, -unsettled[end] / arrives)
        for n, by in moves.items():
            movement[n] = movement.get(n, 0.0) + share * by
        for row, by in ((lift.start, -unsettled[lift.start]), (end, arrives)):
            if row != _FREE:
                unsettled[row] += share * by
                if abs(unsettled[row]) <= NOTHING:
                    del unsettled[row]

    def _move_freely(self, lift: _Lift) -> bool:
        """Move along short chains of hidden cells that settle a row in part at least; whether there was one.

        Breadth first, so that repeated chains come to an end (Edmonds and Karp 1972), each row that is reached asked at
        once for a free end; most room first. A search goes on where a chain was found until a cell on the way there is
        out of room (Dinic 1970): another would come there again.
        """
        start, unsettled, moved, lifted = lift.start, lift.unsettled, lift.movement, lift.lifted
        before = abs(unsettled[start])
        first = (start, unsettled[start] > 0)
        came: dict[_State, _Link | None] = {first: None}
        # amounts are for each 1 by which the row is unsettled
        amount = 1.0 if first[1] else -1.0
        if self._end_freely(lift, came, first, amount):
            return True
        todo = deque([(first, amount)])
        # much of the time of an answer can be spent here: what is asked of every cell is asked in place
        ways, values = self._hidden_ways, self._values
        while todo:
            state, amount = todo.popleft()
            for number, factor, beyond, factor_there in reversed(ways[state[0]]):
                by = -amount / factor
                arrives = factor_there * by
                after = (beyond, arrives > 0)
                if after in came or number in lifted or (by <= 0 and values[number] + moved.get(number, 0.0) <= NOTHING):
                    continue
                link = (state, number, by)
                if lift.ends(beyond, arrives) and not self._leaves_more(lift, _moves(came, link), number, beyond, arrives):
                    return True
                if by > 0 or values[number] + moved.get(number, 0.0) > NOTHING:
                    came[after] = link
                    if self._end_freely(lift, came, after, arrives):
                        return True
                    todo.append((after, arrives))
        return abs(unsettled[start]) < before

    def _end_freely(self, lift: _Lift, came: Mapping[_State, _Link | None], state: _State, amount: float) -> bool:
        """Move along chains that end in a row, at hidden cells that are in no other; whether no more comes there."""
        for number, factor, _, _ in reversed(self._hidden_ends[state[0]]):
            by = -amount / factor
            if number not in lift.lifted and (by > 0 or self._values[number] + lift.movement.get(number, 0.0) > NOTHING):
                moves = _moves(came, (state, number, by))
                if not self._leaves_more(lift, moves, number, _FREE, 0.0):
                    return True
        return False

    def _leaves_more(self, lift: _Lift, moves: Mapping[int, float], last: int, end: int, arrives: float) -> bool:
        """Move along a chain (for each 1 that its row is unsettled by); whether more can come as far as its last cell."""
        by = abs(lift.unsettled[lift.start])
        self._move(lift, {n: each * by for n, each in moves.items()}, end, arrives * by)
        if lift.start not in lift.unsettled:
            return False
        return all(each >= 0 or n == last or self._values[n] + lift.movement[n] > NOTHING for n, each in moves.items())

    def _paid_chain(self, lift: _Lift) -> _Chain | None:
        """The chain that settles a row wholly and costs least (hidden cells nothing, shown ones their value).

        By Dijkstra over (row, direction); ties: the ones added first, then the fewest cells.
        """
        count = itertools.count()
        amount = lift.unsettled[lift.start]
        heap: list[_Step] = [(0.0, 0, 0, next(count), (lift.start, amount > 0), amount, None)]
        came: dict[_State, _Link | None] = {}
        while heap:
            cost, rank, length, _, state, amount, link = heapq.heappop(heap)
            if state in came:
                continue
            came[state] = link
            if lift.ends(state[0], amount):
                return _Chain(_moves(came, link), state[0], amount)
            for number, factor, beyond, factor_there in self._ways[state[0]]:
                by = -amount / factor
                arrives = factor_there * by
                after = (beyond, arrives > 0)
                if after not in came and self._has_room(lift, number, by):
                    cell = self._cells[number]
                    value, added = (0.0, 0) if cell.hidden or number in lift.movement else cell.cost
                    step = (cost + value, rank + added, length + 1, next(count))
                    heapq.heappush(heap, (*step, after, arrives, (state, number, by)))
        return None

    def _has_room(self, lift: _Lift, number: int, by: float) -> bool:
        """Whether a cell can move by an amount: up always, down to 0."""
        if by > 0 or number in lift.lifted:
            return number not in lift.lifted
        return self._values[number] + lift.movement.get(number, 0.0) > -by - NOTHING

    def _by_programme(self, lifts: Mapping[int, float]) -> dict[int, float]:
        """The movement that lifts cells by what is said (more than one: or more), and moves the least of what is shown.

        What is shown counts by value × amount.
        """
        import highspy  # scipy's linprog is the same solver, but takes half a second to read

        cells, rows = self._connected(lifts)
        solver = highspy.Highs()
        for option, setting in _SOLVER.items():
            solver.setOptionValue(option, setting)
        solver.passModel(self._programme(cells, rows, lifts))
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            # the solver gave up: everything that hangs together, times the same number, always moves
            share = max(by / self._cells[n].value for n, by in lifts.items())
            return {n: self._cells[n].value * share for n in cells}
        found = solver.getSolution().col_value
        moved = {n: found[i] - found[len(cells) + i] for i, n in enumerate(cells)}
        return {n: amount for n, amount in moved.items() if abs(amount) > _NOISE * max(lifts.values())}

    def _programme(self, cells: Sequence[int], rows: Sequence[int], lifts: Mapping[int, float]) -> HighsLp:
        """Its linear programme: a column per cell for what it goes up, then one for what it goes down; a row per relation."""
        import highspy

        place = {row: i for i, row in enumerate(rows)}
        costs = [0.0 if self._cells[n].hidden else self._cells[n].cost[0] * (1 + NOTHING * n) for n in cells]
        most = lifts if len(lifts) == 1 else {}
        down = [0.0 if n in lifts else self._cells[n].value for n in cells]
        entries = [[(place[row], factor * sign) for row, factor in self._cells[n].rows] for sign in (1, -1) for n in cells]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = 2 * len(cells), len(rows)
        model.col_cost_ = costs * 2
        model.col_lower_ = [lifts.get(n, 0.0) for n in cells] + [0.0] * len(cells)
        model.col_upper_ = [most.get(n, highspy.kHighsInf) for n in cells] + down
        model.row_lower_ = model.row_upper_ = [0.0] * len(rows)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = [0, *itertools.accumulate(len(column) for column in entries)]
        model.a_matrix_.index_ = [row for column in entries for row, _ in column]
        model.a_matrix_.value_ = [factor for column in entries for _, factor in column]
        return model

    def _connected(self, start: Iterable[int]) -> tuple[list[int], list[int]]:
        """The cells and rows that hang together with some cells, each in order."""
        cells, rows, todo = {*start}, set[int](), [*start]
        while todo:
            fresh = {row for row, _ in self._cells[todo.pop()].rows} - rows
            rows |= fresh
            near = {n for row in fresh for n, _ in self._rows[row]} - cells
            cells |= near
            todo.extend(near)
        return sorted(cells), sorted(rows)


def _moves(came: Mapping[_State, _Link | None], link: _Link | None) -> dict[int, float]:
    """What each cell moves on the chain that ends with a link (a cell that is passed twice moves by the sum)."""
    moves: dict[int, float] = defaultdict(float)
    while link is not None:
        before, number, by = link
        moves[number] += by
        link = came[before]
    return dict(moves)


def _twins(
    values: Mapping[Hashable, float], equations: Iterable[tuple[Hashable, Mapping[Hashable, float]]]
) -> tuple[dict[Hashable, tuple[Hashable, float]], list[dict[Hashable, float]]]:
    """Figures above 0 as (the first that gives them back, times what), and the relations that are left between those.

    A relation between two figures (a total with one part that is not 0, a figure and what follows from it) makes them twins.
    """
    scales = {key: (key, 1.0) for key, value in values.items() if value > NOTHING}
    members = {key: [key] for key in scales}
    order = {key: n for n, key in enumerate(scales)}
    left = [{total: -1.0} | dict(parts) for total, parts in equations]
    changed = True
    while changed:
        changed, rows, left = False, left, []
        for row in rows:
            merged: dict[Hashable, float] = defaultdict(float)
            for key, factor in row.items():
                if key in scales:
                    merged[scales[key][0]] += factor * scales[key][1]
            firsts = sorted((key for key, factor in merged.items() if abs(factor) > NOTHING), key=order.__getitem__)
            if len(firsts) == 2:
                changed = True
                for key in members.pop(firsts[1]):
                    members[firsts[0]].append(key)
                    scales[key] = (firsts[0], values[key] / values[firsts[0]])
            elif len(firsts) > 2:
                left.append({key: merged[key] for key in firsts})
    return scales, left
