"""The tables that `log` makes are read like any other: silent when good, and the right finding with the row apart when not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from routekaart.loaders.read import read

MakeData = Callable[..., Path]
PARTNERS = [
    {"id": "P1", "naam": "SOJ Ede", "andere_namen": "Praktijkondersteuner"},
    {"id": "P2", "naam": "Kompas"},
]
AANBOD = [{"id": "A1", "partner": "P2", "naam": "Groep"}]
PERIOD = {"periode_van": "2025-01-01", "periode_tm": "2025-12-31"}
GOOD = {"van": "P1", "naar": "P2", "aantal": "40", "weken_mediaan": "9,5", "weken_p95": "30", **PERIOD}
BACK = {"van": "P1", "naar": "P2", "aantal": "20", "zonder_start": "11", "weken_mediaan": "12", **PERIOD}


def test_good_rows_give_no_finding(make_data: MakeData) -> None:
    rows = [
        {**GOOD, "weken_ervoor_mediaan": "4", "weken_ervoor_p95": "20,5"},
        # names, an offering, a role; too few families to count
        {"van": "praktijkondersteuner", "naar": "Groep", **PERIOD},
        {"van": "rol:huisarts", "naar": "SOJ Ede", **PERIOD},
    ]
    # the same role at both ends: two holders of it
    both = [BACK, {"van": "rol:soj", "naar": "rol:soj", **PERIOD}]
    reading = read(make_data(partners=PARTNERS, aanbod=AANBOD, overdrachten=rows, heen_en_weer=both))
    assert [f for f in reading.findings if f.file in ("overdrachten.csv", "heen_en_weer.csv")] == []
    handovers, back = reading.landscape["handovers"].sort("row"), reading.landscape["back_and_forth"]
    assert handovers.select("from", "to", "number").rows() == [
        ("P1", "P2", 40),
        ("P1", "aanbod:A1", None),
        ("rol:huisarts", "P1", None),
    ]
    weeks = ("weeks_median", "weeks_p95", "stay_weeks_median", "stay_weeks_p95")
    assert handovers.select(weeks).row(0) == (9.5, 30.0, 4.0, 20.5)
    assert back.sort("row").select("number", "without_start", "weeks_median", "period_from", "period_until").row(0) == (
        20,
        11,
        12.0,
        "2025-01-01",
        "2025-12-31",
    )
    assert handovers["id"].n_unique() == 3


def test_english_names_are_read_too(make_data: MakeData) -> None:
    row = {"from": "P1", "to": "P2", "number": "20", "period_from": "2025", "period_until": "2025"}
    reading = read(
        make_data(
            partners=PARTNERS,
            handovers=[{**row, "weeks_p95": "8", "stay_weeks_median": "2"}],
            back_and_forth=[{**row, "without_start": "0"}],
        )
    )
    assert [f for f in reading.findings if f.file != "partners.csv"] == []
    assert (reading.counts["handovers"].used, reading.counts["back_and_forth"].used) == (1, 1)


@pytest.mark.parametrize("table", ["overdrachten", "heen_en_weer"])
@pytest.mark.parametrize(
    ("wrong", "code", "column", "apart"),
    [
        ({"naar": "Kompass"}, "unknown-reference", "naar", True),
        ({"van": "route:R1"}, "unknown-reference", "van", True),  # nobody is referred to or from a route
        ({"naar": "hulp"}, "unknown-reference", "naar", True),  # an outcome is outflow
        ({"naar": ""}, "missing-value", "naar", True),
        ({"naar": "P1"}, "same-ends", "naar", True),
        ({"aantal": "veel"}, "bad-value", "aantal", False),
        ({"aantal": "<10"}, "families-suppressed", "aantal", False),
        ({"weken_mediaan": "lang"}, "bad-value", "weken_mediaan", False),
        ({"periode_tm": "eind"}, "bad-value", "periode_tm", False),
    ],
)
def test_a_row_that_is_wrong(make_data: MakeData, table: str, wrong: dict[str, str], code: str, column: str, apart: bool) -> None:
    good = GOOD if table == "overdrachten" else BACK
    other = {**good, "naar": "rol:soj"}
    routes = [{"id": "R1", "van": "P1", "naar": "P2", "soort": "verwijzing"}]
    reading = read(make_data(partners=PARTNERS, routes=routes, **{table: [other, {**good, **wrong}]}))
    found = [f for f in reading.findings if f.file == f"{table}.csv"]
    assert [(f.code, f.column, f.row) for f in found] == [(code, column, 3)]
    name = {"overdrachten": "handovers", "heen_en_weer": "back_and_forth"}[table]
    count = reading.counts[name]
    assert (count.read, count.used, count.quarantined) == (2, 2 - apart, int(apart))


def test_a_pair_that_is_there_twice_is_told(make_data: MakeData) -> None:
    reading = read(make_data(partners=PARTNERS, overdrachten=[GOOD, {**GOOD, "aantal": "41"}, {**GOOD, "bron": "ander log"}]))
    assert [(f.code, f.row) for f in reading.findings if f.file == "overdrachten.csv"] == [("duplicate-row", 3)]
    assert reading.landscape["handovers"]["number"].to_list() == [40, 40]
