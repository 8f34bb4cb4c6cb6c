"""Dates of reduced precision and intervals: first and last day, order, age, and the way through every store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routekaart.graph.dates import earliest, first_day, last_day, latest, outdated
from routekaart.graph.landscape import Landscape
from routekaart.graph.stores import parquet, rdf
from routekaart.ontology.terms import iri

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-03-01", date(2026, 3, 1), date(2026, 3, 1)),
        ("2025-03/2025-05", date(2025, 3, 1), date(2025, 5, 31)),
        ("2025-08/2026-07", date(2025, 8, 1), date(2026, 7, 31)),
        ("2004-02-01/2005-02", date(2004, 2, 1), date(2005, 2, 28)),
        ("2025/2026", date(2025, 1, 1), date(2026, 12, 31)),
    ],
)
def test_first_and_last_day(text: str, first: date, last: date) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(days, st.integers(0, 400))
def test_an_interval_lies_between_its_days(day: date, more: int) -> None:
    end = day + timedelta(days=more)
    text = f"{day.isoformat()}/{end.isoformat()}"
    assert (first_day(text), last_day(text)) == (day, end)


def test_the_latest_is_by_day_and_not_by_text() -> None:
    # as text 2025-03/2025-05 comes before 2025-04, and 2026 before 2026-03
    assert latest(["2025-03/2025-05", "2025-04", None]) == "2025-03/2025-05"
    assert latest(["2026-03", "2026"]) == "2026"
    assert earliest(["2025-03/2025-05", "2025-04"]) == "2025-04"
    assert latest([None]) is None
    # of two that end alike the one that is more precise is the later
    assert latest(["2025", "2025-12-31", "2025-10/2025-12"]) == "2025-12-31"


def test_a_period_gets_the_benefit_of_the_doubt() -> None:
    # its last day, 31 May 2024, is two years before 31 May 2026 and not before it
    assert not outdated("2024-03/2024-05", "2026-05-31", 24)
    assert outdated("2024-03/2024-05", "2026-06-01", 24)


def _landscape(landscape_of: Callable[..., Landscape], dates: list[str]) -> Landscape:
    waits = [{"op": "P1", "soort": "totaal", "waarde": f"{n} weken", "peildatum": d} for n, d in enumerate(dates, 1)]
    return landscape_of(partners=[{"id": "P1", "naam": "Eén", "geverifieerd_op": "winter 2025-2026"}], wachttijden=waits)


def test_of_a_series_of_waits_the_latest_day_stays(landscape_of: Callable[..., Landscape]) -> None:
    landscape = _landscape(landscape_of, ["2025-04", "voorjaar 2025", "2025-05-31"])
    # May is in the spring and after April; the spring may have been the last day of May too
    assert sorted(landscape.without_superseded_waits()["waits"]["as_of"]) == ["2025-03/2025-05", "2025-05-31"]


def test_intervals_read_back_from_every_store_and_are_edtf(tmp_path: Path, landscape_of: Callable[..., Landscape]) -> None:
    landscape = _landscape(landscape_of, ["voorjaar 2025"])
    assert landscape["partners"]["verified_on"].to_list() == ["2025-12/2026-02"]
    (tmp_path / "rdf").mkdir()
    rdf.write(landscape, tmp_path / "rdf")
    assert rdf.read(tmp_path / "rdf" / rdf.PUBLIC, tmp_path / "rdf" / rdf.WITHHELD) == landscape
    parquet.write(landscape, tmp_path / "parquet")
    assert parquet.read(tmp_path / "parquet") == landscape
    written = {
        q.predicate.value: (q.object.value, q.object.datatype.value)
        for q in ox.parse(path=str(tmp_path / "rdf" / rdf.PUBLIC))
        if q.predicate.value in (iri("asOf"), iri("verifiedOn"))
    }
    assert written == {iri("asOf"): ("2025-03/2025-05", EDTF), iri("verifiedOn"): ("2025-12/2026-02", EDTF)}
