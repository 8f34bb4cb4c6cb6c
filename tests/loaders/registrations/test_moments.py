"""Dates as logs write them, with and without times: the same moments on every engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routekaart.loaders.registrations.engines import engine
from routekaart.loaders.registrations.moments import form_of, minutes_of, moment

#: Ibis asks DuckDB for Arrow in a way that its newer versions call old.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

DATES = {
    "2025-01-03": "2025-01-03 00:00",
    "2025-1-3": "2025-01-03 00:00",
    "2025-01-03 10:30": "2025-01-03 10:30",
    "2025-01-03T10:30:59": "2025-01-03 10:30",
    "2025-01-03T10:30:00.123": "2025-01-03 10:30",
    "2025-01-03T23:30:00+01:00": "2025-01-03 23:30",
    "2025-01-03T23:30:00Z": "2025-01-03 23:30",
    " 2025-01-03 ": "2025-01-03 00:00",
    "03-01-2025": "2025-01-03 00:00",
    "3-1-2025": "2025-01-03 00:00",
    "03/01/2025": "2025-01-03 00:00",
    "3.1.2025": "2025-01-03 00:00",
    "03-01-2025 10:30": "2025-01-03 10:30",
    "3-1-2025 10:30:15": "2025-01-03 10:30",
    "13/01/2025": "2025-01-13 00:00",
    "01/13/2025": "2025-01-13 00:00",
    "20250103": "2025-01-03 00:00",
    "29-02-2024": "2024-02-29 00:00",
    "01-01-1990": "1990-01-01 00:00",
    "2053-01-01": "2053-01-01 00:00",
}
NO_DATES = ("", "gisteren", "2025-13-01", "2025-02-30", "30-02-2025", "31-12-1989", "2060-01-01", "45660", "03-01-25", "0")


def minutes(texts: Sequence[str], form: str) -> list[int | None]:
    with engine("duckdb", Path()) as made:
        table = made.table("t", pl.DataFrame({"n": range(len(texts)), "t": texts}))
        return made.frame(table.select("n", made=moment(table.t, form)).order_by("n"))["made"].to_list()


def test_dates_as_they_are_written() -> None:
    forms: dict[str, list[str]] = {}
    for text in DATES:
        forms.setdefault(form_of([text]), []).append(text)
    assert {form: len(texts) for form, texts in forms.items()} == {
        "jjjj-mm-dd": 9,
        "dd-mm-jjjj": 9,
        "mm-dd-jjjj": 1,
        "jjjjmmdd": 1,
    }
    for form, texts in forms.items():
        wanted = [datetime.fromisoformat(DATES[text]) for text in texts]
        assert minutes(texts, form) == [minutes_of(w.date()) + 60 * w.hour + w.minute for w in wanted]


@pytest.mark.parametrize("form", ["jjjj-mm-dd", "dd-mm-jjjj", "mm-dd-jjjj", "jjjjmmdd"])
def test_what_is_no_date(form: str) -> None:
    assert minutes(NO_DATES, form) == [None] * len(NO_DATES)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2053, 1, 1)), min_size=1, max_size=200))
def test_every_moment_in_every_form(moments: list[datetime]) -> None:
    wanted = [minutes_of(m.date()) + 60 * m.hour + m.minute for m in moments]
    for form, pattern in {
        "jjjj-mm-dd": "{:%Y-%m-%dT%H:%M}",
        "dd-mm-jjjj": "{:%d-%m-%Y %H:%M:%S}",
        "mm-dd-jjjj": "{0.month}/{0.day}/{0:%Y %H:%M}",
    }.items():
        assert minutes([pattern.format(m) for m in moments], form) == wanted
