"""Small logs of steps (an organisation and a time) whose tables were worked out by hand."""

from __future__ import annotations

from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest

#: Ibis asks DuckDB for Arrow in a way that its newer versions call old.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

REFERENCE = "2026-01-31"
#: As in test_log: stories that share no family and no organisation. Columns: casus, organisatie, tijd, volgorde, gemeente,
#: leeftijd, thema, uitkomst.
STEPS = {
    # steps at one place are one stay: referred at the last one there (10 January), begun at the first one elsewhere
    "chain": """
        c1, P huisarts, 2025-01-01
        c1, P huisarts, 2025-01-10
        c1, P SOJ, 2025-01-24
        c1, P SOJ, 2025-02-23
        c1, P aanbieder, 2025-03-02
    """,
    # one moment: a number says the order, else the name does
    "order": """
        c1, P z, 2025-01-01, 1
        c1, P b, 2025-01-01, 2
        c1, P a, 2025-01-01, 10
        c2, P z, 2025-01-01
        c2, P b, 2025-01-01
    """,
    # there and back, and there again
    "back": """
        c1, P a, 2025-01-01
        c1, P b, 2025-01-15
        c1, P a, 2025-01-29
        c2, P a, 2025-01-01
        c2, P b, 2025-01-15
        c2, P a, 2025-01-29
        c2, P b, 2025-03-01
    """,
    # what it said last counts for the case, wherever it stands; an outcome as a step is in the year of that step
    "ends": """
        c1, P a, 2025-01-01, , , , , uitval
        c1, P b, 2025-02-01, , , , , hulp
        c2, P a, 2025-01-01
        c2, P b, 2025-12-20
        c2, uitval, 2026-01-10
        c3, P a, 2025-01-01
        c3, hulp, 2025-02-01
        c3, P b, 2025-06-01
        c4, P zorg, 2025-01-01
        c4, uitval, 2025-01-01
    """,
}


@pytest.fixture(scope="module")
def stepped(logs: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:
    rows = logs.stories(STEPS, logs.STEPS)
    return logs.Told(logs.counted(tmp_path_factory.mktemp("log"), rows, logs.STEPS, reference_date=REFERENCE))


def test_steps_of_a_chain(stepped: Any, logs: ModuleType) -> None:
    """14 days from 10 to 24 January, 7 from 23 February to 2 March; at SOJ from its first step to its last one 30 days."""
    assert logs.of("chain", stepped.handovers) == {
        ("huisarts", "SOJ"): logs.way(1, 14, 14, 9, 9),
        ("SOJ", "aanbieder"): logs.way(1, 7, 7, 30, 30),
    }
    assert logs.of("chain", stepped.ends) == {("aanbieder", "hulp", 2025): 1}


def test_steps_of_one_moment(stepped: Any, logs: ModuleType) -> None:
    """z, b, a as the numbers say (2 before 10), and b before z by name where none is given: three times without an order."""
    assert {pair: row[0] for pair, row in logs.of("order", stepped.handovers).items()} == {
        ("z", "b"): 1,
        ("b", "a"): 1,
        ("b", "z"): 1,
    }
    assert stepped.made.ambiguous == 3 + 1  # and a step with an outcome at its moment


def test_steps_there_and_back(stepped: Any, logs: ModuleType) -> None:
    """Sent on 1 January (the step at a) and back on 15 January (the step at b): two families, both had begun."""
    assert logs.of("back", stepped.back) == {("a", "b"): (2, 2 - 2, logs.weeks(14))}
    # c1 is at a; c2 went to b once more
    assert logs.of("back", stepped.ends) == {("a", "hulp", 2025): 1, ("b", "hulp", 2025): 1}


def test_outcomes_of_steps(stepped: Any, logs: ModuleType) -> None:
    assert logs.of("ends", stepped.ends) == {
        ("b", "hulp", 2025): 2,  # c1: what it said last; c3: begun anew after its outcome
        ("b", "uitval", 2026): 1,  # c2
        ("a", "hulp", 2025): 1,  # c3 before that
        ("zorg", "uitval", 2025): 1,  # c4: an outcome comes after what else was that day
    }
    assert {pair: row[0] for pair, row in logs.of("ends", stepped.handovers).items()} == {("a", "b"): 2}


def test_the_order_of_rows_does_not_matter(stepped: Any, logs: ModuleType, tmp_path: Path) -> None:
    rows = logs.stories(STEPS, logs.STEPS)
    Random(1).shuffle(rows)
    again = logs.counted(tmp_path, rows, logs.STEPS, reference_date=REFERENCE)
    assert all(stepped.made.landscape[name].equals(again.landscape[name]) for name in logs.TABLES)
