"""What bottlenecks hides cannot be worked out again: the printed JSON as a reader attacks it, with linear programming."""

from __future__ import annotations

import random
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.optimize import linprog

from routekaart.graph.analyses.waiting.answer import Bottlenecks, Level
from routekaart.graph.analyses.waiting.bottlenecks import bottlenecks
from routekaart.loaders.read import Reading

EDE, BARNEVELD = "GM0228", "GM0203"
THRESHOLD = 10.0
Name = tuple[str, ...]


class Reader:
    """Somebody who has one printed level and knows how it is made: what enters leaves or ends, waits are public.

    Unknown are the figures that are not printed and those that never are (who starts where); nothing is below 0.
    """

    def __init__(self, level: dict[str, Any], single: dict[str, float]) -> None:
        self.columns: dict[Name, int] = {}
        self.equal: list[tuple[dict[int, float], float]] = []
        self.most: list[tuple[dict[int, float], float]] = []
        self.hidden: list[Name] = []
        into: dict[str, list[Name]] = {}
        out: dict[str, list[Name]] = {}
        for route in level["routes"]:
            name = ("step", route["from"], route["to"])
            self.figure(name, route["per_year"])
            into.setdefault(route["to"], []).append(name)
            out.setdefault(route["from"], []).append(name)
        passing = {p["partner"] for p in level["partners"]}
        for p in level["partners"]:
            node = p["partner"]
            for key in ("per_year", "arriving"):
                self.figure((key, node), p[key])
            come = {("per_year", node): 1.0, ("arriving", node): 1.0}
            # who comes over a step, and who starts where the help is
            self.sum({**come, ("there", node): -1.0, **dict.fromkeys(into.get(node, []), -1.0)})
            self.sum({("per_year", node): 1.0, ("onward", node): 1.0, **dict.fromkeys(out.get(node, []), -1.0)})
            if p["sole_link"] is not None:  # they are among those who pass
                self.below({("per_year", node): -1.0}, -p["sole_link"])
            if node in single:  # everybody waits equally long here: Little, and a week less saves each of them a week
                if p["waiting"] is not None:
                    self.sum({k: v * single[node] / 52 for k, v in come.items()}, p["waiting"])
                if p["weeks_per_week"] is not None and single[node]:
                    self.below(come, p["weeks_per_week"])
        for node in out.keys() - passing:
            self.sum({("onward", node): 1.0, **dict.fromkeys(out[node], -1.0)})
        self.figure(("all",), level["per_year"])
        for reason, number in level["without_route"].items():
            if reason != "suppressed":
                self.figure(("reason", reason), number)
        reasons = [("reason", r) for r in level["without_route"] if r != "suppressed"]
        ends = [("arriving", p["partner"]) for p in level["partners"]]
        self.sum({("all",): 1.0, **dict.fromkeys([*reasons, *ends], -1.0)})

    def column(self, name: Name) -> int:
        return self.columns.setdefault(name, len(self.columns))

    def figure(self, name: Name, value: float | None) -> None:
        if value is None:
            self.column(name)
            self.hidden.append(name)
        else:
            self.sum({name: 1.0}, value)

    def sum(self, parts: dict[Name, float], total: float = 0.0) -> None:
        self.equal.append(({self.column(n): f for n, f in parts.items()}, total))

    def below(self, parts: dict[Name, float], most: float) -> None:
        self.most.append(({self.column(n): f for n, f in parts.items()}, most))

    def range(self, name: Name) -> tuple[float, float]:
        """The least and the most that a hidden figure can be."""
        width = len(self.columns)

        def matrix(rows: list[tuple[dict[int, float], float]]) -> tuple[np.ndarray, np.ndarray] | tuple[None, None]:
            if not rows:
                return None, None
            made = np.zeros((len(rows), width))
            for n, (parts, _) in enumerate(rows):
                for column, factor in parts.items():
                    made[n, column] += factor
            return made, np.array([value for _, value in rows])

        (a_eq, b_eq), (a_ub, b_ub) = matrix(self.equal), matrix(self.most)
        ends = []
        for sign in (1.0, -1.0):
            cost = np.zeros(width)
            cost[self.columns[name]] = sign
            found = linprog(cost, A_eq=a_eq, b_eq=b_eq, A_ub=a_ub, b_ub=b_ub, bounds=(0, None), method="highs")
            assert found.status in (0, 3), found.message  # 3: without end
            ends.append(sign * found.fun if found.status == 0 else sign * -np.inf)
        return ends[0], ends[1]


def single_waits(level: Level) -> dict[str, float]:
    """The weeks of partners where one wait is told, which everybody there meets."""
    return {p.node: (p.waits[0].expected or 0.0) / 7 for p in level.partners if len(p.waits) == 1}


def true_values(level: Level) -> dict[Name, float]:
    found: dict[Name, float] = {("step", r.source, r.target): r.per_year or 0.0 for r in level.routes}
    for p in level.partners:
        found["per_year", p.node], found["arriving", p.node] = p.per_year or 0.0, p.arriving or 0.0
    found["all",] = level.per_year or 0.0
    return found | {("reason", r): v or 0.0 for r, v in level.without_route.items()}


def attacked(open_: Bottlenecks, closed: Bottlenecks, most: int) -> Iterator[tuple[Name, float, float, float]]:
    """(figure, its value, the least and the most that a reader can tell) of hidden figures; ``most`` of them per level."""
    for known, level in zip(open_.levels, closed.levels, strict=True):
        values = true_values(known)
        reader = Reader(level.as_dict(), single_waits(level))
        chosen = reader.hidden if len(reader.hidden) <= most else random.Random(1).sample(reader.hidden, most)
        for name in chosen:
            yield name, values[name], *reader.range(name)


def asked(seed: int) -> list[dict[str, Any]]:
    """Random demand, most of it small."""
    r = random.Random(seed)
    entries = [*(f"P{n}" for n in range(7)), "rol:huisarts", "rol:school", "rol:gezin"]
    return [
        {
            "id": f"D{n:02}",
            "municipality": r.choice([EDE, BARNEVELD]),
            "entry": r.choice(entries),
            "theme": r.choice([None, "opvoeden", "adhd"]),
            "level": r.choice(["1", "3", None]),
            "per_year": r.choice([2, 3, 5, 8, 12, 30, 60]),
            "year": n,
        }
        for n in range(14)
    ]


def both(landscape: Any, levels: list[int]) -> tuple[Bottlenecks, Bottlenecks]:
    return bottlenecks(landscape, levels=levels, internal=True), bottlenecks(landscape, levels=levels)


@pytest.mark.parametrize("seed", range(15))
def test_no_small_number_comes_back_from_a_random_region(regions: ModuleType, seed: int) -> None:
    open_, closed = both(regions.landscape({**regions.made(seed), "demand": asked(seed)}), [1, 3])
    for name, value, least, most in attacked(open_, closed, 60):
        if value < THRESHOLD:
            assert most >= THRESHOLD - 1e-6, (name, value, least, most)
        assert most - least > 1e-6, (name, value)


def test_no_small_number_comes_back_from_the_example(voorbeeldregio: Reading) -> None:
    open_, closed = both(voorbeeldregio.landscape, [2, 3])
    hidden = list(attacked(open_, closed, 40))
    assert len(hidden) == 80
    for name, value, least, most in hidden:
        if value < THRESHOLD:
            assert most >= THRESHOLD - 1e-6, (name, value, least, most)
        assert most - least > 1e-6, (name, value)


def test_the_attack_succeeds_where_only_small_numbers_are_hidden(voorbeeldregio: Reading) -> None:
    """The same attack on primary suppression alone gives numbers back: the attack is worth something."""
    level = bottlenecks(voorbeeldregio.landscape, levels=[3], internal=True).levels[0]
    values = true_values(level)
    printed = level.as_dict()
    for row, keys in [
        *((p, ("per_year", "arriving")) for p in printed["partners"]),
        *((r, ("per_year",)) for r in printed["routes"]),
    ]:
        for key in keys:
            if 0 < row[key] < THRESHOLD:
                row[key] = None
    reader = Reader(printed, single_waits(level))
    ranges = {name: reader.range(name) for name in reader.hidden[:60]}
    assert any(most - least < 1e-6 and 0 < values[name] < THRESHOLD for name, (least, most) in ranges.items())


# --- what the rules say ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(15))
def test_no_small_number_is_printed(regions: ModuleType, seed: int) -> None:
    _, closed = both(regions.landscape({**regions.made(seed), "demand": asked(seed)}), [1, 3])
    for level in closed.levels:
        values = true_values(level)
        assert not [n for n, v in values.items() if 1e-9 < v < THRESHOLD - 1e-6]
        for p in level.partners:
            assert p.sole_link is None or not 0 < p.sole_link < THRESHOLD - 1e-6
            assert p.weeks_per_week is None or not 0 < p.weeks_per_week < THRESHOLD - 1e-6


def region(
    regions: ModuleType,
    demand: dict[str, float],
    waits: list[dict[str, Any]],
    *,
    norms: list[dict[str, Any]] = (),  # type: ignore[assignment]
    adhd: dict[str, float] | None = None,
    **offering: Any,
) -> Any:
    """G and H both refer to S, S to Z; families by entry, without a theme and with adhd."""
    rows = [{"municipality": EDE, "entry": e, "per_year": n, "level": "3"} for e, n in demand.items()]
    rows += [{**row, "entry": e, "per_year": n, "theme": "adhd"} for row in rows[:1] for e, n in (adhd or {}).items()]
    tables = regions.region(
        {"G": "huisarts", "H": "huisarts", "S": "soj", "Z": "jeugdhulp"},
        [{"id": "AZ", "partner": "Z", "level": "3", **offering}],
        [("G", "S"), ("H", "S"), ("S", "Z")],
        waits,
        demand=rows,
        norms=list(norms),
    )
    return regions.landscape(tables)


def test_a_small_group_is_hidden_with_what_would_give_it_back(regions: ModuleType) -> None:
    """30 come from G, 4 from H: the 4 would be 34 − 30, so one of these must go with them; the total may stay."""
    _, closed = both(region(regions, {"G": 30, "H": 4}, [regions.wait("S", 28), regions.wait("Z", 70)]), [3])
    level = closed.levels[0]
    steps = {(r.source, r.target): r.per_year for r in level.routes}
    assert steps["H", "S"] is None
    assert steps["G", "S"] is None
    assert steps["S", "Z"] == pytest.approx(34)
    s = next(p for p in level.partners if p.node == "S")
    # one wait for all 34: what follows from them tells no more than they do
    assert (s.per_year, s.weeks_per_week) == pytest.approx((34, 34))
    assert s.waiting == pytest.approx(34 * 4 / 52)
    assert level.as_dict()["routes"][-1]["suppressed"] is True


def test_derived_figures_go_with_their_families(regions: ModuleType) -> None:
    """Five families in all: nothing is told of them, nor what would follow from them."""
    waits = [regions.wait("S", 28), regions.wait("Z", 70)]
    _, closed = both(region(regions, {"G": 5}, waits, capacity=10, duration_weeks=26), [3])
    level = closed.levels[0]
    told = level.as_dict()
    assert (told["per_year"], told["suppressed"]) == (None, True)
    for p in told["partners"]:
        shown = {k: p[k] for k in ("per_year", "arriving", "waiting", "weeks_per_week", "sole_link")}
        assert set(shown.values()) == {None, 0.0}
        assert p["suppressed"] is True
    queue = next(p["queue"] for p in told["partners"] if p["partner"] == "Z")
    assert queue == {"status": None, "load": None, "p_wait": None, "waiting": None, "wait_weeks": None, "suppressed": True}


def test_two_waits_do_not_tell_how_many_wait_which(regions: ModuleType) -> None:
    """Of 34 at S four wait 12 weeks and thirty 4: L·52 = 34·4 + 8·n gives n = 4, since the waits are public."""
    waits = [
        regions.wait("S", 28),
        regions.wait("S", 84, themes=["adhd"]),
        regions.wait("Z", 70),
    ]
    _, closed = both(region(regions, {"G": 30}, waits, adhd={"G": 4}), [3])
    s = next(p for p in closed.levels[0].partners if p.node == "S")
    assert s.per_year == pytest.approx(34)
    assert (s.waiting, s.suppressed) == (None, {"waiting"})
    assert s.weeks_per_week == pytest.approx(34)
    # with as many as may be shown of each it is told
    _, closed = both(region(regions, {"G": 30}, waits, adhd={"G": 14}), [3])
    s = next(p for p in closed.levels[0].partners if p.node == "S")
    assert s.waiting == pytest.approx((30 * 4 + 14 * 12) / 52)


def test_the_order_tells_nothing_of_what_is_hidden(regions: ModuleType) -> None:
    """Hidden figures stand after all that are shown, by name, however large they are."""
    roles = {"G": "huisarts", "H": "huisarts", "I": "huisarts", "Q": "soj", "R": "soj", "S": "soj", "Z": "jeugdhulp"}
    tables = regions.region(
        roles,
        [{"id": "AZ", "partner": "Z", "level": "3"}],
        [("G", "Q"), ("H", "R"), ("I", "S"), ("Q", "Z"), ("R", "Z"), ("S", "Z")],
        [regions.wait(x, 28) for x in "QRSZ"],
        demand=[{"municipality": EDE, "entry": e, "per_year": n, "level": "3"} for e, n in {"G": 3, "H": 60, "I": 20}.items()],
    )
    _, closed = both(regions.landscape(tables), [3])
    gains = [p.weeks_per_week for p in closed.levels[0].partners]
    shown = [g for g in gains if g is not None]
    assert gains == [*sorted(shown, reverse=True), *[None] * (len(gains) - len(shown))]
    hidden = [p.name for p in closed.levels[0].partners if p.weeks_per_week is None]
    assert len(hidden) >= 2
    assert hidden == sorted(hidden)
    counts = [r.per_year for r in closed.levels[0].routes]
    assert counts == sorted(counts, key=lambda n: (n is None, -(n or 0)))


@pytest.mark.parametrize("inflow", [0, 4, 12])
def test_a_small_inflow_is_not_told_by_its_queue(regions: ModuleType, inflow: int) -> None:
    """Load = λ/cμ, and places and duration are public."""
    offering = {"capacity": 10, "duration_weeks": 26, "inflow_per_year": inflow}
    open_, closed = both(region(regions, {"G": 40}, [], **offering), [3])
    for answer in (open_, closed):
        z = next(p for p in answer.levels[0].partners if p.node == "Z")
        if answer is closed and inflow == 4:
            assert (z.queue, z.suppressed) == (None, {"queue"})
        else:
            assert z.queue
            assert z.queue.load == pytest.approx(inflow / 20)


def test_a_hidden_queue_is_no_cause(regions: ModuleType) -> None:
    """That the queue has no balance would say that λ ≥ cμ: 4 families a year at one place of a year."""
    norm = {"id": "N", "kind": "aanmeldwachttijd", "value": 4, "unit": "weken", "applies_to": ["jeugdhulp"]}
    offering = {"capacity": 1, "duration_weeks": 52, "inflow_per_year": 4}
    open_, closed = both(region(regions, {"G": 40}, [regions.wait("Z", 70)], norms=[norm], **offering), [3])
    causes = [next(p.cause for p in answer.levels[0].partners if p.node == "Z") for answer in (open_, closed)]
    assert causes == ["capaciteit", "onbekend"]


def test_a_threshold_of_nothing_hides_nothing(regions: ModuleType) -> None:
    made = region(regions, {"G": 5}, [])
    off = made.replaced(region=made["region"].with_columns(pl.lit(0, pl.Int64).alias("threshold")))
    assert bottlenecks(off, levels=[3]).levels[0].per_year == pytest.approx(5)
