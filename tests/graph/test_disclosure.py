"""What is hidden, and what with it: cases made by hand, the textbook's table, and every table of whole numbers tried."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import Any

import highspy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routekaart.graph.disclosure import Ledger, figure


def ledger(values: Mapping[Any, float], sums: Mapping[Any, Any], threshold: float = 10) -> Ledger:
    made = Ledger(threshold)
    for key, value in values.items():
        made.add(key, value)
    for total, parts in sums.items():
        made.equals(total, parts)
    return made


def hidden(values: Mapping[Any, float], sums: Mapping[Any, Any], threshold: float = 10) -> set[Hashable]:
    return set(ledger(values, sums, threshold).hidden())


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"a": 4, "b": 25, "c": 60, "all": 89}, {"a", "b"}),  # 89 - 25 - 60 would give 4: the smallest other goes with it
        ({"a": 4, "b": 60, "c": 25, "all": 89}, {"a", "c"}),  # by value, not by order
        ({"a": 4, "b": 25, "c": 25, "all": 54}, {"a", "b"}),  # equal: the one added first
        ({"a": 3, "b": 4, "c": 20, "d": 30, "all": 57}, {"a", "b", "c"}),  # 57 - 20 - 30: together 7, below 10
        ({"a": 3, "b": 7, "c": 20, "d": 30, "all": 60}, {"a", "b"}),  # together 10: nothing more
        ({"a": 4, "b": 0, "c": 12, "d": 30, "all": 46}, {"a", "c"}),  # hiding a 0 hides nothing
        ({"a": 0, "b": 0, "c": 12, "all": 12}, set()),  # 0 says nobody
        ({"a": 4, "b": 0, "all": 4}, {"a", "all"}),
        ({"a": 9.9, "b": 9.9, "c": 10, "all": 29.8}, {"a", "b"}),  # modelled numbers; 10 itself is shown
        ({"a": 2.5, "b": 3.5, "c": 11.25, "all": 17.25}, {"a", "b", "c"}),
        ({"a": 10, "b": 25, "all": 35}, set()),
    ],
)
def test_parts_of_a_total(values: dict[str, float], expected: set[str]) -> None:
    assert hidden(values, {"all": [key for key in values if key != "all"]}) == expected


def test_a_count_alone_hides_nothing_else() -> None:
    assert hidden({"a": 3, "b": 30, "c": 0}, {}) == {"a"}


def test_threshold_0_is_off_and_others_move_the_border() -> None:
    values, sums = {"a": 4, "b": 25, "c": 60, "all": 89}, {"all": "abc"}
    assert hidden(values, sums, threshold=0) == set()
    assert hidden(values, sums, threshold=4) == set()
    assert hidden(values, sums, threshold=5) == {"a", "b"}
    assert hidden(values, sums, threshold=30) == {"a", "b", "c"}  # 4 + 25 = 29 is below 30


def test_a_hidden_total_is_not_given_back_by_its_own_parts() -> None:
    # of the region, P is small; hiding Q with it does not help while Q = c + d is printed
    values = {"c": 12, "d": 15, "P": 4, "Q": 27, "R": 100, "all": 131}
    assert hidden(values, {"Q": "cd", "all": "PQR"}) == {"P", "Q", "c"}  # 27 + 12 is less than R or than the total


def test_the_total_is_hidden_where_no_part_can_be() -> None:
    # family-weeks of 3 families and of 12: with b hidden too, "at most 20 weeks" would remain where 50 is what 10 such
    # families would wait
    made = Ledger(10)
    made.add("a", 15, families=3)
    made.add("b", 5, families=12)
    made.add("all", 20, families=15)
    made.equals("all", ["a", "b"])
    assert made.hidden() == {"a", "all"}
    made.add("other", 1000, families=40)
    made.add("region", 1020, families=55)
    made.equals("region", ["all", "other"])  # and what gives the total back goes with it
    assert made.hidden() == {"a", "all", "other"}


def test_two_relations_together_do_not_say_that_a_few_are_few() -> None:
    # P = a + b and T = P + R: hiding {a, P} and {P, R} satisfies each relation alone (3 + 23 and 23 + 4 are not small),
    # but T - b = a + R = 7
    values = {"a": 3, "b": 20, "P": 23, "R": 4, "T": 27}
    sums = {"P": "ab", "T": "PR"}
    thin = {x["a"] for x in whole_tables(values, sums, {"a", "P", "R"}, limit=40)}
    assert max(thin) == 7
    found = hidden(values, sums)
    assert found == {"a", "b", "P", "R"}
    assert max(x["a"] for x in whole_tables(values, sums, found, limit=40)) >= 10


def square(rows: list[list[float]]) -> tuple[dict[tuple[Any, Any], float], dict[tuple[Any, Any], list[tuple[Any, Any]]]]:
    """A table of two dimensions with its totals ("all")."""
    values: dict[tuple[Any, Any], float] = {(i, j): value for i, row in enumerate(rows) for j, value in enumerate(row)}
    height, width = range(len(rows)), range(len(rows[0]))
    sums: dict[tuple[Any, Any], list[tuple[Any, Any]]] = {(i, "all"): [(i, j) for j in width] for i in height}
    sums |= {("all", j): [(i, j) for i in height] for j in width}
    for total, parts in sums.items():
        values[total] = sum(values[part] for part in parts)
    values["all", "all"] = sum(map(sum, rows))
    return values, sums | {("all", "all"): [(i, "all") for i in height]}


def test_a_table_of_two_dimensions_hides_a_rectangle() -> None:
    # one small count; the cheapest rectangle through it is 20 + 30 + 50 = 100 (by hand: 15 in its row would need 90 or 95)
    values, sums = square([[4, 15, 20], [40, 90, 95], [30, 70, 50]])
    assert hidden(values, sums) == {(0, 0), (0, 2), (2, 0), (2, 2)}


def test_the_table_of_the_textbook() -> None:
    """Willenborg and de Waal, Statistical Disclosure Control in Practice (1996); Fischetti and Salazar 2001, fig. 1.

    Investments of enterprises by activity (I-III) and region (A-C); 22 (II, C) is sensitive. They hide (II, A), (III, A) and
    (III, C) with it, and a reader can tell that it lies between 5 and 30. Here 22 is what 11 families weigh, with a
    threshold of 15, so that it must be able to be 30.
    """
    values, sums = square([[20, 50, 10], [8, 19, 22], [17, 32, 12]])
    assert (values["all", "all"], values[1, "all"], values["all", 2]) == (190, 49, 44)
    made = Ledger(15)
    for key, value in values.items():
        made.add(key, value, families=11 if key == (1, 2) else 100)
    for total, parts in sums.items():
        made.equals(total, parts)
    found = made.hidden()
    assert found == {(1, 2), (1, 0), (2, 0), (2, 2)}
    possible = {x[1, 2] for x in whole_tables(values, sums, found, limit=60)}
    assert (min(possible), max(possible)) == (5, 30)


def whole_tables(
    values: Mapping[Any, float], sums: Mapping[Any, Collection[Any]], unknown: Collection[Any], limit: int
) -> Iterator[dict[Any, float]]:
    """Every table of whole numbers up to a limit that agrees with what is shown: all are tried, one figure at a time."""
    todo = sorted(unknown, key=str)
    relations = [(total, list(parts)) for total, parts in sums.items()]

    def agree(x: Mapping[Any, float]) -> bool:
        for total, parts in relations:
            known = sum(x[part] for part in parts if part in x)
            missing = [part for part in parts if part not in x]
            if total in x and (known > x[total] or (not missing and known != x[total])):
                return False
        return True

    def fill(x: dict[Any, float], left: list[Any]) -> Iterator[dict[Any, float]]:
        if not left:
            yield dict(x)
            return
        for number in range(limit + 1):
            x[left[0]] = number
            if agree(x):
                yield from fill(x, left[1:])
        del x[left[0]]

    yield from fill({key: value for key, value in values.items() if key not in unknown}, todo)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 14), min_size=2, max_size=2), min_size=2, max_size=3))
def test_among_all_tables_of_whole_numbers_some_reach_the_threshold(rows: list[list[float]]) -> None:
    """A reader who tries every table of whole numbers never finds that a hidden count must be below the threshold (5)."""
    values, sums = square(rows)
    found = hidden(values, sums, threshold=5)
    small = {key for key, value in values.items() if 0 < value < 5}
    assert small <= found
    reached: dict[Any, set[bool]] = {key: set() for key in small}
    different: dict[Any, set[float]] = {key: set() for key in found}
    for x in whole_tables(values, sums, found, limit=int(max(values.values())) + 5):
        for key in small:
            reached[key].add(x[key] >= 5)
        for key in found:
            different[key].add(x[key])
        if all(True in seen for seen in reached.values()) and all(len(seen) > 1 for seen in different.values()):
            break
    assert all(True in seen for seen in reached.values())
    assert all(len(seen) > 1 for seen in different.values())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.just(0), st.integers(10, 500)), min_size=1, max_size=12))
def test_nothing_is_hidden_where_nothing_is_small(numbers: list[int]) -> None:
    values: dict[Any, float] = {**dict(enumerate(numbers)), "all": sum(numbers)}
    assert hidden(values, {"all": range(len(numbers))}) == set()


def test_figures_that_follow_from_a_count_are_hidden_with_it() -> None:
    made = Ledger(10)
    for partner, arriving, weeks in (("A", 4, 26), ("B", 20, 13), ("C", 50, 26)):
        made.add(("arriving", partner), arriving)
        made.add(("waiting", partner), arriving * weeks / 52, families=arriving)
        made.equals(("waiting", partner), {("arriving", partner): weeks / 52})
    made.add("arriving", 74)
    made.equals("arriving", [("arriving", partner) for partner in "ABC"])
    # B is hidden for A's sake, so what B's queue and printed wait would give back is hidden too (5 · 52/13 = 20)
    assert made.hidden() == {("arriving", "A"), ("waiting", "A"), ("arriving", "B"), ("waiting", "B")}


def test_weeks_that_follow_from_a_count_need_no_more_than_the_count() -> None:
    made = ledger({"a": 4, "b": 7, "c": 20, "all": 31}, {"all": "abc"})
    made.add("weeks of a", 12, families=4)
    made.equals("weeks of a", {"a": 3})
    assert made.hidden() == {"a", "weeks of a", "b"}  # a + b = 11: up to 11 families, and up to 33 weeks (10 · 3 = 30 will do)


def test_counts_and_what_follows_from_them_both_add_up() -> None:
    made = Ledger(10)
    for key, families, weeks in (("a", 4, 3), ("b", 12, 1), ("c", 100, 2)):
        made.add(key, families)
        made.add(("weeks", key), families * weeks, families=families)
        made.equals(("weeks", key), {key: weeks})
    made.add("all", 116)
    made.equals("all", ["a", "b", "c"])
    assert made.hidden() == {"a", ("weeks", "a"), "b", ("weeks", "b")}
    made.add("weeks", 224, families=116)
    made.equals("weeks", [("weeks", key) for key in "abc"])
    # a + b = 16 and 3a + b = 24 would give 4: the second total goes too (224 costs less than c and all that hangs on it)
    assert made.hidden() == {"a", ("weeks", "a"), "b", ("weeks", "b"), "weeks"}


def test_a_part_that_is_counted_twice() -> None:
    # U = a + T and T = a + b, so U = 2a + b = 11: a is at most 5.5 until U is hidden too
    assert hidden({"a": 4, "b": 3, "T": 7, "U": 11}, {"T": "ab", "U": "aT"}) == {"a", "b", "T", "U"}
    # with more beside it, a can be 10 (b = 6): U = 26 stays
    assert hidden({"a": 4, "b": 18, "T": 22, "U": 26}, {"T": "ab", "U": "aT"}) == {"a", "b", "T"}


def test_a_mean_over_few_families_is_hidden_and_family_weeks_add_up() -> None:
    made = Ledger(10)
    made.add("mean", 31.5, families=4)
    made.add("median", 12, families=40)
    made.add("weeks a", 126, families=4)
    made.add("weeks b", 300, families=40)
    made.add("weeks c", 900, families=80)
    made.add("weeks", 1326, families=124)
    made.equals("weeks", ["weeks a", "weeks b", "weeks c"])
    assert made.hidden() == {"mean", "weeks a", "weeks b"}


def test_a_figure_of_nothing_is_hidden_with_its_families() -> None:
    made = Ledger(10)
    made.add("saved", 0, families=4)
    made.add("all", 50, families=20)
    made.add("rest", 50, families=16)
    made.equals("all", ["saved", "rest"])
    assert made.hidden() == {"saved"}


def test_what_is_not_printed_counts_as_unknown() -> None:
    values = {"geen route": 4, "aanmeldstop": 20, "routed": 76, "asked": 100}
    made = Ledger(10)
    for key, value in values.items():
        made.add(key, value, printed=key != "routed")
    made.equals("asked", ["geen route", "aanmeldstop", "routed"])
    assert made.hidden() == {"geen route"}  # nobody knows how many had a route
    made.add("A", 30)
    made.add("B", 46)
    made.equals("routed", ["A", "B"])  # until its parts say so: 100 - 20 - 30 - 46
    assert made.hidden() == {"geen route", "aanmeldstop"}


def test_a_small_difference_that_could_be_worked_out() -> None:
    made = Ledger(10)
    made.add("before", 100)
    made.add("after", 103)
    assert made.hidden() == set()
    made.add("more", 3, printed=False)
    made.equals("after", ["before", "more"])
    assert made.hidden() == {"before"}


def test_a_figure_in_two_places_is_one() -> None:
    made = Ledger(10)
    made.add("a", 4, printed=False)
    made.add("a", 4)
    assert made.hidden() == {"a"}
    with pytest.raises(ValueError, match="'a' is in the ledger already"):
        made.add("a", 5)


def test_what_cannot_be_is_refused() -> None:
    made = ledger({"a": 4, "b": 5, "all": 9}, {})
    for wrong in (-1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="at least 0"):
            made.add("c", wrong)
        with pytest.raises(ValueError, match="at least 0"):
            made.add("c", 1, families=wrong)
    with pytest.raises(KeyError, match="'c' is not in the ledger"):
        made.equals("all", ["a", "c"])
    with pytest.raises(ValueError, match=r"'all' is 9.0, but its parts add up to 4.0"):
        made.equals("all", ["a"])
    with pytest.raises(ValueError, match="part of itself"):
        made.equals("all", ["all", "b"])
    with pytest.raises(ValueError, match="above 0"):
        made.equals("all", {"a": 1, "b": -1})
    with pytest.raises(KeyError, match="'c' is not in the ledger"):
        made.common_part("a", "c")
    made.add("nobody", 0)
    with pytest.raises(ValueError, match="'nobody' is 0"):
        made.common_part("a", "nobody")


def cube() -> Ledger:
    """2 × 2 × 2 with all its totals: every count is in three relations. One is small, at (0, 0, 0)."""
    values = {place: 20.0 + 4 * place[0] + 2 * place[1] + place[2] for place in itertools.product((0, 1), repeat=3)}
    values[0, 0, 0] = 6
    made = Ledger(10)
    places: list[tuple[Any, ...]] = list(itertools.product((0, 1, "all"), repeat=3))
    for place in places:
        made.add(place, sum(x for key, x in values.items() if all(p in ("all", k) for p, k in zip(place, key, strict=True))))
    for place, n in itertools.product(places, range(3)):
        if place[n] == "all":
            made.equals(place, [(*place[:n], i, *place[n + 1 :]) for i in (0, 1)])
    return made


def test_a_table_of_three_dimensions_hides_a_cube(capfd: pytest.CaptureFixture[str]) -> None:
    assert cube().hidden() == set(itertools.product((0, 1), repeat=3))
    assert capfd.readouterr() == ("", "")  # the solver has a banner


def test_a_solver_that_gives_up_hides_everything_that_hangs_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("highspy.Highs.getModelStatus", lambda _: highspy.HighsModelStatus.kSolveError)
    made = cube()
    made.add("elsewhere", 30)
    assert made.hidden() == set(itertools.product((0, 1, "all"), repeat=3))


def test_the_same_answer_in_every_process() -> None:
    """Keys are hashed differently in each: what is hidden does not depend on it."""
    program = (
        "from routekaart.graph.disclosure import Ledger\n"
        "ledger = Ledger(10)\n"
        "for n in range(40): ledger.add(f'part {n}', [3, 12, 12, 0][n % 4] + n // 20)\n"
        "for n in range(8): parts = [f'part {i}' for i in range(n, 40, 8)]; "
        "ledger.add(f'total {n}', sum(ledger._entries[p].value for p in parts)); ledger.equals(f'total {n}', parts)\n"
        "print(sorted(ledger.hidden()))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert "part 0" in found.pop()


def test_one_figure_as_json() -> None:
    assert {"partner": "P1"} | figure("per_year", 4, suppressed=True) == {"partner": "P1", "per_year": None, "suppressed": True}
    assert figure("per_year", 40, suppressed=False) == {"per_year": 40}
