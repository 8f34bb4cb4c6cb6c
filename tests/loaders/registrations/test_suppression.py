"""A reader who tries to get small numbers back from everything that a log writes, by linear programming."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from routekaart.graph.disclosure import Ledger

#: Ibis asks DuckDB for Arrow in a way that its newer versions call old.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

THRESHOLD = 5
UNTIL = date(2025, 12, 31)
OUTCOMES = ("hulp", "uitval", "onbekend")
WORLDS = 30
#: Seeds and years with worlds in which a number was given away: by who passed through or began somewhere, in a cell; and, the
#: last, how many went back, for those there and those back were both hidden, but could not both be many.
GAVE_AWAY = [(1001, 1), (2071, 1), (2072, 2), (1162, 2), (3381, 1)]
#: Municipality, age band and theme of all families here.
CELLS = [(place, band, "scheiding") for place in ("GM0228", "GM0203") for band in (1, 2)]
Row = dict[str, str]


class Reader:
    """What can be worked out: unknown numbers of at least 0, what they add up to, and between what they lie."""

    def __init__(self) -> None:
        self.place: dict[Hashable, int] = {}
        self.bounds: list[tuple[float, float]] = []
        self.sums: list[dict[int, float]] = []
        self.answers: list[float] = []

    def number(self, key: Hashable, low: float = 0, high: float = math.inf) -> int:
        """The number with this key, now known to lie between these."""
        at = self.place.setdefault(key, len(self.place))
        if at == len(self.bounds):
            self.bounds.append((0, math.inf))
        self.bounds[at] = max(self.bounds[at][0], low), min(self.bounds[at][1], high)
        assert self.bounds[at][0] <= self.bounds[at][1], (key, self.bounds[at])
        return at

    def known(self, key: Hashable, value: float | None) -> None:
        """A figure as it is printed; None where it is hidden."""
        self.number(key, *(() if value is None else (value, value)))

    def adds_up(self, total: Iterable[Hashable], parts: Iterable[Hashable]) -> None:
        equation: dict[int, float] = defaultdict(float)
        for keys, sign in ((total, -1.0), (parts, 1.0)):
            for key in keys:
                equation[self.number(key)] += sign
        self.sums.append(equation)

    def at_most(self, part: Hashable, whole: Hashable) -> Hashable:
        """State that there is a rest of ``whole`` beside ``part``; its key."""
        rest = ("rest", part, whole)
        self.adds_up([whole], [part, rest])
        return rest

    def most(self, keys: Iterable[Hashable]) -> dict[Hashable, float]:
        """The most that each of these can be."""
        across = [(n, at, value) for n, equation in enumerate(self.sums) for at, value in equation.items()]
        rows, columns, values = zip(*across, strict=True)
        known = csr_matrix((values, (rows, columns)), shape=(len(self.sums), len(self.place)))
        found = {}
        for key in keys:
            aim = np.zeros(len(self.place))
            aim[self.place[key]] = -1.0
            made = linprog(aim, A_eq=known, b_eq=np.zeros(len(self.sums)), bounds=self.bounds)
            assert made.status in (0, 3), (key, made.message)
            found[key] = -made.fun if made.status == 0 else math.inf
        return found


class World:
    """One world of a log: what is printed of it and how that hangs together, and what the numbers really are."""

    def __init__(self, told: Any, truth: Any, years: float, name: str) -> None:
        self.told, self.truth, self.years = told, truth, years
        self.reader = Reader()
        self.real: dict[Hashable, float] = {}
        self.pairs = sorted(pair for pair in told.handovers if pair[1].endswith(f" {name}"))
        self.places = sorted({place for pair in self.pairs for place in pair})
        for pair in self.pairs:
            self.pair(pair)
        for pair in self.pairs:
            self.went_back(pair)
        for place in self.places:
            self.came(place)
            self.began(place)
            self.ended(place)
            self.through(place)
            self.through_cells(place)

    def is_really(self, key: Hashable, value: float) -> Hashable:
        self.real[key] = value
        self.reader.number(key)
        return key

    def rounded(self, key: Hashable, value: float | None) -> None:
        """A number per year, of which the number itself may be a bit more or less."""
        if value is not None:
            slack = 0.5 * self.years if self.years > 1 else 0
            self.reader.number(key, value * self.years - slack - 1e-9, value * self.years + slack + 1e-9)

    def part(self, part: Hashable, whole: Hashable) -> None:
        """A part of a whole; what is not in that part can be small as well."""
        self.is_really(self.reader.at_most(part, whole), self.real[whole] - self.real[part])

    def pair(self, pair: tuple[str, str]) -> None:
        told, truth, reader = self.told, self.truth, self.reader
        whole = self.is_really(("pair", *pair), truth.handovers[pair][0])
        reader.known(whole, told.handovers[pair][0])
        cells = []
        for about in CELLS:  # one that is not there may be hidden, or nobody's
            cell = (*pair, *about)
            cells.append(self.is_really(("cell", *cell), truth.routes[(*pair, about)]))
            if cell in told.routes:
                self.rounded(cells[-1], told.routes[cell])
                reader.known(cells[-1], told.cells.get(cell, (None,))[0])
        reader.adds_up([whole], cells)
        hidden = [key for key in cells if key[1:] not in told.routes]
        assert any(self.real[key] for key in hidden) == (pair in told.rests)
        reader.adds_up([("hidden cells", pair)], hidden)
        self.rounded(("hidden cells", pair), told.rests.get(pair, 0))
        years = []
        for key, (families, _) in truth.onward.items():
            if key[:2] == pair:
                years.append(self.is_really(("year", *key), families))
                reader.known(years[-1], told.onward[key][0])
        reader.adds_up([whole], years)

    def went_back(self, pair: tuple[str, str]) -> None:
        """Of a pair: how many of each year came from there before; the same families as those who went and came back."""
        told, truth, reader = self.told, self.truth, self.reader
        turned = []
        for key, (_, families) in truth.onward.items():
            if key[:2] == pair:
                turned.append(self.is_really(("returned", *key), families))
                reader.known(turned[-1], told.onward[key][1])
                self.part(turned[-1], ("year", *key))
        there = (pair[1], pair[0])
        number, unstarted, _ = truth.back.get(there, (0, 0, None))
        back = self.is_really(("back", *there), number)
        reader.adds_up([back], turned)
        if number:
            reader.known(back, told.back[there][0])
            self.part(back, ("pair", *there))
            self.part(back, ("pair", *pair))
            without = self.is_really(("unstarted", *there), unstarted)
            reader.known(without, told.back[there][1])
            self.part(without, back)

    def came(self, place: str) -> None:
        coming = [("pair", *pair) for pair in self.pairs if pair[1] == place]
        if not coming:
            return
        number, waiting, *_ = self.truth.places[place]
        printed = self.told.places.get(place, (None, None))
        whole = self.is_really(("came", place), number)
        self.reader.known(whole, printed[0])
        self.reader.adds_up([whole], coming)
        part = self.is_really(("waiting", place), waiting)
        self.reader.known(part, printed[1])
        self.part(part, whole)

    def began(self, place: str) -> None:
        """The entries of a place by cell; what is not shown of a municipality may be shown as one."""
        cells: dict[str, list[Hashable]] = defaultdict(list)
        every = []
        for cell in CELLS:
            every.append(self.is_really(("entry", place, *cell), self.truth.demand[place, cell]))
            if (place, *cell) in self.told.demand:
                self.rounded(every[-1], self.told.demand[place, *cell])
            else:
                cells[cell[0]].append(every[-1])
        self.reader.adds_up([self.is_really(("entries", place), sum(self.real[key] for key in every))], every)
        for municipality, hidden in cells.items():
            if (place, municipality) in self.told.demand_rests:
                self.reader.adds_up([("entries", place, municipality)], hidden)
                self.rounded(("entries", place, municipality), self.told.demand_rests[place, municipality])

    def ended(self, place: str) -> None:
        for outcome in OUTCOMES:
            years = [key for key in self.truth.ends if key[:2] == (place, outcome)]
            for key in years:
                self.reader.known(self.is_really(("end", *key), self.truth.ends[key]), self.told.ends[key])
            if years:
                whole = self.is_really(("ends", place, outcome), sum(self.truth.ends[key] for key in years))
                self.reader.adds_up([whole], [("end", *key) for key in years])

    def through(self, place: str) -> None:
        """Who came went on or ended there, but for who may yet go on, or went two ways: nobody is known to, if nobody did."""
        keys = set(self.real)
        came = [key for key in (("came", place), ("entries", place)) if key in keys]
        went = [("pair", *pair) for pair in self.pairs if pair[0] == place]
        ends = [key for key in (("ends", place, outcome) for outcome in OUTCOMES) if key in keys]
        balance = sum(self.real[key] for key in came) - sum(self.real[key] for key in (*went, *ends))
        beside = [self.is_really(("beside", place), abs(balance))] if balance else []
        self.reader.adds_up([*came, *(beside if balance < 0 else ())], [*went, *ends, *(beside if balance > 0 else ())])

    def through_cells(self, place: str) -> None:
        """The same by cell, where nobody went two ways or may yet go on; who ended there is in some cell."""
        if ("beside", place) in self.real:
            return
        came: dict[Any, list[Hashable]] = defaultdict(list)
        went: dict[Any, list[Hashable]] = defaultdict(list)
        for kind, *key in list(self.real):
            if kind not in ("cell", "entry"):
                continue
            if (kind, key[1]) == ("cell", place) or (kind, key[0]) == ("entry", place):
                came[tuple(key[-3:])].append((kind, *key))
            elif key[0] == place:
                went[tuple(key[-3:])].append((kind, *key))
        stayed = []
        for cell in {*came, *went}:
            stayed.append(("stayed", place, *cell))
            self.reader.adds_up(came[cell], [*went[cell], stayed[-1]])
        ends = [key for key in (("ends", place, outcome) for outcome in OUTCOMES) if key in self.real]
        self.reader.adds_up(stayed, ends)

    def given_away(self) -> dict[Hashable, tuple[float, float]]:
        """The small numbers that are known to be small: what they are, and the most that they can be."""
        small = {key for key, value in self.real.items() if 0 < value < THRESHOLD}
        return {key: (self.real[key], most) for key, most in self.reader.most(small).items() if most < THRESHOLD - 1e-6}


def random_world(r: Random, world: int, years: int) -> list[Row]:
    """Families in amounts about the threshold, who go from an entry by a desk to providers, some of them back."""
    entry, other, desk, one, two = (f"{name} {world}" for name in ("Huisarts", "School", "Loket", "Aanbieder", "Begeleiding"))
    ways = [
        (entry, desk),
        (other, desk),
        (entry, desk, one),
        (entry, desk, two),
        (entry, one),
        (other, two, desk),
        (entry, desk, one, desk, two),
        (entry, desk, one, desk),
        (other, desk, two, desk),
        (desk, one),
        (entry, one, two),
    ]
    rows = []
    case = 0
    for way in r.sample(ways, r.randint(2, 7)):
        starts, ends = r.choice((0, 0.5, 1, 1)), r.choice((0, 0, 0.5, 1))
        for _ in range(r.choice((1, 2, 3, 4, 5, 6, 8, 12, 20, 40))):
            case += 1
            at = datetime(2026 - r.randint(1, years), 1, 1) + timedelta(days=r.randrange(200))
            about = {
                "casus": f"{world}-{case}",
                "gemeente": r.choice(("GM0228", "GM0228", "GM0203")),
                "leeftijd": r.choice(("2", "2", "2", "9")),
                "thema": "scheiding",
            }
            for source, target in pairwise(way):
                started = (at + timedelta(days=r.randrange(20))).date().isoformat() if r.random() < starts else ""
                rows.append({**about, "van": source, "naar": target, "verwezen": at.date().isoformat(), "gestart": started})
                at += timedelta(days=r.randrange(10, 50))
            if r.random() < ends:
                rows[-1]["uitkomst"] = r.choice(OUTCOMES)
    return rows


@pytest.mark.parametrize(("seed", "years"), [(1, 1), (2, 2), *GAVE_AWAY])
def test_no_reader_gets_a_small_number_back(seed: int, years: int, logs: ModuleType, by_hand: ModuleType, tmp_path: Path) -> None:
    r = Random(seed)
    rows = [row for world in range(WORLDS) for row in random_world(r, world, years)]
    r.shuffle(rows)
    made = logs.counted(tmp_path, rows, reference_date=UNTIL.isoformat(), threshold=THRESHOLD)
    told, truth = logs.Told(made), by_hand.count(rows, UNTIL, logs.BANDS)
    length = max(1.0, ((UNTIL - made.since).days + 1) / 365.25)
    found, small = {}, 0
    for world in range(WORLDS):
        known = World(told, truth, length, str(world))
        found |= known.given_away()
        small += sum(0 < value < THRESHOLD for value in known.real.values())
    assert not found
    assert small > 800  # there is something to find
    # and not by hiding all: what is large is there
    shown = [families for families, *_ in told.handovers.values() if families]
    assert len(shown) > len(told.handovers) / 4
    assert_nothing_small(told)


def test_who_only_passes_through_gives_nobody_away(logs: ModuleType, tmp_path: Path) -> None:
    """All who come to the desk go on: of 24 from the GP and 25 who leave 1 came from school; where all 12 did, nobody else."""
    rows = []
    for place, source, many in (
        ("GM0228", "Huisarts", 24),
        ("GM0228", "School", 1),
        ("GM0203", "School", 4),
        ("GM0203", "Huisarts", 8),
        ("GM0267", "Huisarts", 12),
    ):
        for _ in range(many):
            about = {"casus": str(len(rows)), "gemeente": place, "leeftijd": "9", "thema": "scheiding"}
            rows.append({**about, "van": source, "naar": "Loket", "verwezen": "2025-03-01"})
            rows.append({**about, "van": "Loket", "naar": "Aanbieder", "verwezen": "2025-04-01"})
    told = logs.Told(logs.counted(tmp_path, rows, reference_date=UNTIL.isoformat(), threshold=THRESHOLD))
    assert {pair: families for pair, (families, *_) in told.handovers.items()} == {
        ("Huisarts", "Loket"): 44,
        ("School", "Loket"): 5,
        ("Loket", "Aanbieder"): 49,
    }
    shown = {pair: {place for source, target, place, *_ in told.routes if (source, target) == pair} for pair in told.handovers}
    assert shown == {("Huisarts", "Loket"): {"GM0267"}, ("School", "Loket"): set(), ("Loket", "Aanbieder"): {"GM0267"}}
    assert told.rests == {("Huisarts", "Loket"): 32, ("School", "Loket"): 5, ("Loket", "Aanbieder"): 37}


def test_the_reader_gets_small_numbers_back_where_only_they_are_hidden(
    logs: ModuleType, by_hand: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: hiding the small numbers and nothing beside them gives many away."""

    def only_small(self: Ledger) -> frozenset[Hashable]:
        return frozenset(key for key, entry in self._entries.items() if entry.printed and self._is_small(entry))

    monkeypatch.setattr(Ledger, "hidden", only_small)
    rows = [row for world in range(10) for row in random_world(Random(world), world, 1)]
    made = logs.counted(tmp_path, rows, reference_date=UNTIL.isoformat(), threshold=THRESHOLD)
    told, truth = logs.Told(made), by_hand.count(rows, UNTIL, logs.BANDS)
    found = [World(told, truth, 1.0, str(world)).given_away() for world in range(10)]
    assert len([known for known in found if known]) > 3


def assert_nothing_small(told: Any) -> None:
    """No number of 1 up to the threshold stands in any column that counts families."""
    looked = 0
    for name, rows in told.tables.items():
        for column in ("per_year", "number", "censored", "returned", "without_start"):
            numbers = [row[column] for row in rows if row.get(column) is not None]
            assert not [n for n in numbers if 0 < n < THRESHOLD], (name, column)
            looked += len(numbers)
    assert looked


def test_half_a_family_a_year(logs: ModuleType, tmp_path: Path) -> None:
    """18 families in four years (1,461 days) are 4.5 a year: shown as 5, since 4 would be under the threshold of 5."""
    days = [date(2022, 1, 1) + timedelta(days=n % 1461) for n in range(0, 18 * 85, 85)]
    rows = [
        {"casus": f"f{n}", "van": "Loket", "naar": "Aanbieder", "verwezen": day.isoformat(), "gemeente": "GM0228"}
        for n, day in enumerate(days)
    ]
    told = logs.Told(logs.counted(tmp_path, rows, reference_date="2025-12-31", threshold=5))
    assert told.routes == {("Loket", "Aanbieder", "GM0228", 0, ""): 5}
    assert told.demand == {("Loket", "GM0228", 0, ""): 5}
