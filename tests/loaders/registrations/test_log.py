"""Small logs whose tables were worked out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

#: Ibis asks DuckDB for Arrow in a way that its newer versions call old.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

REFERENCE = "2026-01-31"
#: Stories that share no family and no organisation (P is filled in): one log holds all of them. Columns: casus, van, naar,
#: verwezen, gestart, gemeente, leeftijd, thema, uitkomst.
STORIES = {
    # one family from the GP by two desks to a provider: waits of 7, 14, 0 days; 31 and 21 days at the desks since their start
    "chain": """
        c1, P huisarts, P SOJ, 2025-01-01, 2025-01-08, Ede, 12
        c1, P SOJ, P gemeente, 2025-02-08, 2025-02-22, Ede, 12
        c1, P gemeente, P aanbieder, 2025-03-15, 2025-03-15, Ede, 12
    """,
    # one day, and the rows the wrong way round: an arrival comes before a departure
    "one day": """
        c1, P SOJ, P gemeente, 2025-02-08, , Ede
        c1, P gemeente, P aanbieder, 2025-02-08, , Ede
        c1, P huisarts, P SOJ, 2025-02-08, 2025-02-08, Ede
    """,
    # to two places at once: one entry, two ways, two ends
    "parallel": """
        c1, P huisarts, P links, 2025-05-01, 2025-05-08, Ede
        c1, P huisarts, P rechts, 2025-05-01, , Ede
    """,
    # c1 was begun with before it went back after 30 days, c2 was not (10 days), c3's start was a slip of the pen (20 days)
    "back": """
        c1, P a, P b, 2025-01-01, 2025-01-15
        c1, P b, P a, 2025-01-31
        c2, P a, P b, 2025-01-01
        c2, P b, P a, 2025-01-11, 2025-01-12
        c3, P a, P b, 2025-01-01, 2024-12-01
        c3, P b, P a, 2025-01-21
    """,
    # there, back and there again: a way counts once; in the end it is where it was sent last
    "again": """
        c1, P a, P b, 2025-01-01, 2025-01-02
        c1, P b, P a, 2025-02-01, 2025-02-02
        c1, P a, P b, 2025-12-20, 2026-01-05
    """,
    # three times along one way: the first referral is what counts, and its wait; the last says where it went
    "repeated": """
        c1, P a, P b, 2025-03-01, 2025-03-11
        c1, P a, P b, 2025-04-01
        c1, P a, P b, 2025-12-01, , , , , uitval
    """,
    # whoever comes by itself begins where it came
    "itself": """
        c1, , P loket, 2025-06-01, 2025-06-08, Ede
        c1, P loket, P hulp, 2025-07-01, 2025-07-15, Ede
    """,
    # 10 and 20 days; c3 waits since 31 December (31 days at the reference date, inclusive of neither); c4 went on after 5
    # days without a start; c5 will start after the reference date; c6 started before it was referred
    "waits": """
        c1, P a, P b, 2025-01-01, 2025-01-11
        c2, P a, P b, 2025-01-01, 2025-01-21
        c3, P a, P b, 2025-12-31
        c4, P a, P b, 2025-03-01
        c4, P b, P c, 2025-03-06, 2025-03-06
        c5, P a, P b, 2026-01-30, 2026-02-05
        c6, P a, P b, 2025-01-10, 2025-01-09
    """,
    # by column, by organisation, by a start, by time (367 and 366 days ago; 52 weeks are 364), and one who may yet be helped
    "ends": """
        c1, P a, P b, 2025-01-05, , , , , uitval
        c2, P a, P b, 2024-12-20, 2025-01-10
        c3, P a, P b, 2025-01-05, 2025-01-10
        c3, P b, uitval, 2025-02-01
        c4, P a, P b, 2025-01-29
        c5, P a, P b, 2025-02-01
        c6, P a, P b, 2025-02-02
        c7, P a, P b, 2025-03-01, , , , , onbekend
    """,
    # an outcome of nobody says nothing of any organisation
    "nobody": """
        c1, , uitval, 2025-01-01, , Ede
        c1, P a, P b, 2025-01-02, , Ede
    """,
    # to and fro within one day and nothing else: it began somewhere, by name
    "circle": """
        c1, P b, P a, 2025-04-01, , Ede
        c1, P a, P b, 2025-04-01, , Ede
    """,
    # the cell of a way is that of its first referral
    "cells": """
        c1, P a, P b, 2025-01-01, , Ede, 11, scheiding
        c1, P a, P b, 2025-02-01, , Barneveld, 12, opvoeden
        c1, P b, P c, 2025-03-01, , Barneveld, 12, opvoeden
        c2, P a, P b, 2025-01-01, , , , scheiding
    """,
}


@pytest.fixture(scope="module")
def told(logs: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:
    rows = logs.stories(STORIES, logs.REFERRALS)
    return logs.Told(logs.counted(tmp_path_factory.mktemp("log"), rows, reference_date=REFERENCE))


EDE = ("GM0228", 0, "")


# --- referrals -----------------------------------------------------------------------------------------
def test_a_chain(told: Any, logs: ModuleType) -> None:
    assert logs.of("chain", told.handovers) == {
        ("huisarts", "SOJ"): logs.way(1, 7, 7),
        ("SOJ", "gemeente"): logs.way(1, 14, 14, 31, 31),
        ("gemeente", "aanbieder"): logs.way(1, 0, 0, 21, 21),
    }
    assert logs.of("chain", told.routes) == dict.fromkeys(
        [
            ("huisarts", "SOJ", "GM0228", 3, ""),
            ("SOJ", "gemeente", "GM0228", 3, ""),
            ("gemeente", "aanbieder", "GM0228", 3, ""),
        ],
        1,
    )
    assert logs.of("chain", told.demand) == {("huisarts", "GM0228", 3, ""): 1}
    assert logs.of("chain", told.ends) == {("aanbieder", "hulp", 2025): 1}
    assert logs.of("chain", told.back) == {}
    assert logs.of("chain", told.places) == {
        "SOJ": (1, 0, *[logs.weeks(7)] * 3),
        "gemeente": (1, 0, *[logs.weeks(14)] * 3),
        "aanbieder": (1, 0, *[logs.weeks(0)] * 3),
    }


def test_a_chain_of_one_day(told: Any, logs: ModuleType) -> None:
    """The same, whatever row came first; who went on that day without a start waited 0 days, and the last one still waits."""
    assert logs.of("one day", told.handovers) == {
        ("huisarts", "SOJ"): logs.way(1, 0, 0),
        ("SOJ", "gemeente"): logs.way(1, None, None, 0, 0),
        ("gemeente", "aanbieder"): logs.way(1, None, None, 0, 0),
    }
    assert logs.of("one day", told.demand) == {("huisarts", *EDE): 1}
    # 8 February 2025 is 357 days before the last day: he may yet be helped
    assert logs.of("one day", told.ends) == {}


def test_two_ways_at_once(told: Any, logs: ModuleType) -> None:
    assert logs.of("parallel", told.demand) == {("huisarts", *EDE): 1}
    assert logs.of("parallel", told.onward) == {("huisarts", "links", 2025): (1, 0), ("huisarts", "rechts", 2025): (1, 0)}
    assert logs.of("parallel", told.ends) == {("links", "hulp", 2025): 1}


def test_back_and_forth(told: Any, logs: ModuleType) -> None:
    """Three families after 30, 10 and 20 days, one before help began; help that began before the referral had begun."""
    assert logs.of("back", told.back) == {("a", "b"): (3, 1, logs.weeks(20))}
    assert logs.of("back", told.onward) == {("a", "b", 2025): (3, 0), ("b", "a", 2025): (3, 3)}
    # at b for 16 days since the start, for 10 and 20 since the referral
    assert logs.of("back", told.handovers)["b", "a"] == logs.way(3, 1, 1, 16, 19.6)
    # c2 was helped back where it came from; c1 and c3 were sent there more than 52 weeks ago and nothing was heard since
    assert logs.of("back", told.ends) == {("a", "hulp", 2025): 1, ("a", "onbekend", 2025): 2}


def test_there_and_back_and_there_again(told: Any, logs: ModuleType) -> None:
    assert logs.of("again", told.back) == {("a", "b"): (1, 0, logs.weeks(31))}
    assert logs.of("again", told.onward) == {("a", "b", 2025): (1, 0), ("b", "a", 2025): (1, 1)}
    # at b alone: it left a once more; help began in the year after
    assert logs.of("again", told.ends) == {("b", "hulp", 2026): 1}


def test_repeated_referrals(told: Any, logs: ModuleType) -> None:
    assert logs.of("repeated", told.handovers) == {("a", "b"): logs.way(1, 10, 10)}
    assert logs.of("repeated", told.onward) == {("a", "b", 2025): (1, 0)}
    assert logs.of("repeated", told.ends) == {("b", "uitval", 2025): 1}


def test_who_comes_by_itself(told: Any, logs: ModuleType) -> None:
    """No way leads there, but the family is there: 23 days since its first appointment."""
    assert logs.of("itself", told.demand) == {("loket", *EDE): 1}
    assert logs.of("itself", told.handovers) == {("loket", "hulp"): logs.way(1, 14, 14, 23, 23)}
    assert logs.of("itself", told.places) == {"hulp": (1, 0, *[logs.weeks(14)] * 3)}


def test_waits(told: Any, logs: ModuleType) -> None:
    """Those that ended 10 and 20; last seen waiting after 31 (c3), 5 (c4) and 1 (c5): six families, c6 without a wait.

    Kaplan–Meier: 3 of 5 are at risk at day 10 (S = 2/3), 2 at day 20 (S = 1/3): the median is 20.
    """
    assert logs.of("waits", told.handovers)["a", "b"] == logs.way(6, 15, 19.5)
    assert logs.of("waits", told.places)["b"] == (6, 3, logs.weeks(15), logs.weeks(19), logs.weeks(20))
    assert logs.of("waits", told.cells)["a", "b", "", 0, ""] == (6, logs.weeks(15), logs.weeks(19), logs.weeks(20))
    # at b for 5 days since the referral: it never began there
    assert logs.of("waits", told.handovers)["b", "c"] == logs.way(1, 0, 0, 5, 5)
    assert told.made.negative == 2  # and c3 of "back"


def test_ends(told: Any, logs: ModuleType) -> None:
    """By year of the referral or the start; 29 January is 367 days before the last day, 1 February 364: 52 weeks and the day."""
    assert logs.of("ends", told.ends) == {
        ("b", "uitval", 2025): 2,  # c1 by column, c3 by organisation
        ("b", "hulp", 2025): 1,  # c2: referred in 2024
        ("b", "onbekend", 2025): 3,  # c4, c5, and c7 that says so
    }
    assert logs.of("ends", told.onward) == {("a", "b", 2024): (1, 0), ("a", "b", 2025): (6, 0)}


def test_an_outcome_of_nobody(told: Any, logs: ModuleType) -> None:
    """No row about an organisation without a name or an outcome as one; the family began where the first one sent it on."""
    for table in (told.routes, told.handovers, told.demand, told.onward, told.ends, told.places, told.back):
        for key in table:
            words = key if isinstance(key, tuple) else (key,)
            assert words[0]
            assert not str(words[0]).startswith("uitkomst:")
    assert logs.of("nobody", told.demand) == {("a", *EDE): 1}


def test_a_circle_of_one_day(told: Any, logs: ModuleType) -> None:
    assert logs.of("circle", told.demand) == {("a", *EDE): 1}
    assert logs.of("circle", told.onward) == {("a", "b", 2025): (1, 0), ("b", "a", 2025): (1, 0)}
    assert logs.of("circle", told.back) == {}


def test_cells(told: Any, logs: ModuleType) -> None:
    assert logs.of("cells", told.routes) == {
        ("a", "b", "GM0228", 2, "scheiding"): 1,
        ("a", "b", "", 0, "scheiding"): 1,
        ("b", "c", "GM0203", 3, "opvoeden"): 1,
    }
    # demand is of a municipality: where none is known it cannot be said
    assert logs.of("cells", told.demand) == {("a", "GM0228", 2, "scheiding"): 1}


# --- whatever the log ----------------------------------------------------------------------------------
def test_the_order_of_rows_does_not_matter(told: Any, logs: ModuleType, tmp_path: Path) -> None:
    rows = logs.stories(STORIES, logs.REFERRALS)
    Random(1).shuffle(rows)
    again = logs.counted(tmp_path, rows, reference_date=REFERENCE)
    assert all(told.made.landscape[name].equals(again.landscape[name]) for name in logs.TABLES)


_DAY = st.integers(0, 2)
_PLACES = st.sampled_from(["", "A", "B", "C", "uitval"])
_ROWS = st.lists(st.tuples(st.integers(0, 1), _PLACES, _PLACES, _DAY, st.sampled_from(["", "0", "1"])), min_size=2, max_size=6)


@settings(max_examples=1, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
@given(worlds=st.lists(_ROWS, min_size=15, max_size=30), seed=st.integers(0, 99))
def test_the_order_of_rows_never_matters(worlds: Any, seed: int, logs: ModuleType, tmp_path_factory: Any) -> None:
    """Many families of a few same days: all rows in another order, the same tables."""
    rows = [
        {
            "casus": f"{n}-{case}",
            "van": source and f"{source}{n}",
            "naar": target if target in ("", "uitval") else f"{target}{n}",
            "verwezen": f"2025-01-0{day + 1}",
            "gestart": start and f"2025-01-0{day + 1 + int(start)}",
        }
        for n, world in enumerate(worlds)
        for case, source, target, day, start in world
    ]
    folder = tmp_path_factory.mktemp("log")
    rows.append({"casus": "x", "van": "A", "naar": "B", "verwezen": "2025-01-01"})  # one that can be used
    once = logs.counted(folder, rows)
    Random(seed).shuffle(rows)
    again = logs.counted(folder, rows)
    assert all(once.landscape[name].equals(again.landscape[name]) for name in logs.TABLES)


def test_a_log_without_senders(logs: ModuleType, tmp_path: Path) -> None:
    """Who was sent where, not by whom: where families began, and how it ended there."""
    rows = [{"casus": "1", "naar": "A", "verwezen": "2025-01-01", "gemeente": "Ede"}]
    rows.append({"casus": "2", "naar": "A", "verwezen": "2025-02-01", "gemeente": "Ede"})
    told = logs.Told(logs.counted(tmp_path, rows, ("casus", "naar", "verwezen", "gemeente"), unknown_after_weeks=1))
    assert told.demand == {("A", *EDE): 2}
    # a week after 1 January it is not known where that family is
    assert told.ends == {("A", "onbekend", 2025): 1}


def test_names_of_the_mapping(logs: ModuleType, tmp_path: Path) -> None:
    """Two words for one organisation are one; a word for an outcome is one; and what is left out is set apart."""
    rows = [
        {"casus": "1", "van": "SOJ noord", "naar": "Zorg BV", "verwezen": "2025-01-01", "gemeente": "gem. E", "thema": "ruzie"},
        {
            "casus": "2",
            "van": "soj  NOORD",
            "naar": "zorg b.v.",
            "verwezen": "2025-01-02",
            "gemeente": "Ede",
            "uitkomst": "klaar",
        },
        {"casus": "3", "van": "SOJ noord", "naar": "gestopt met ons", "verwezen": "2025-01-03"},
        {"casus": "4", "van": "SOJ noord", "naar": "proef", "verwezen": "2025-01-03", "thema": "vreemd woord"},
    ]
    made = logs.counted(
        tmp_path,
        rows,
        organisations={"SOJ Noord": "rol:toegang", "Zorg BV": "P1", "zorg b.v.": "P1", "gestopt met ons": "uitval", "proef": ""},
        municipalities={"gem. E": "Ede"},
        themes={"ruzie": "scheiding"},
        outcomes={"klaar": "hulp"},
    )
    told = logs.Told(made)
    assert {pair: row[0] for pair, row in told.handovers.items()} == {("rol:toegang", "P1"): 2}
    assert told.routes == {("rol:toegang", "P1", "GM0228", 0, "scheiding"): 1, ("rol:toegang", "P1", *EDE): 1}
    # of roles no outflow is written: only of organisations
    assert (told.onward, told.ends) == ({}, {("P1", "hulp", 2025): 1})
    assert made.apart == {"unknown-organisation": 1}
    assert made.unknown == {"theme": {"vreemd woord": 1}}
    assert (made.since, made.until) == (date(2025, 1, 1), date(2025, 1, 3))
