"""Sources: what is late, missing or shrunken on the reference date, and what a next edition changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from routekaart.graph.analyses.sources import SourceState, source_changes, source_states
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading, read

MakeData = Callable[..., Path]
PARTNERS = [{"id": f"P{n}", "naam": f"Partner {n}", "rollen": "welzijn", "gemeenten": "Ede"} for n in range(3)]


def expecting(every: str = "", least: str = "", date: str = "2026-06-01") -> str:
    lines = ["[regio]", f'peildatum = "{date}"', '[bestanden."partners.csv"]', 'leverancier = "Coalitie"']
    lines += [f"elke_maanden = {every}"] if every else []
    lines += [f"rijen_minimaal = {least}"] if least else []
    return "\n".join(lines) + "\n"


def state(landscape: Landscape, file: str = "partners.csv") -> SourceState:
    return next(s for s in source_states(landscape) if s.file == file)


@pytest.mark.parametrize(
    ("dates", "every", "latest", "due", "late"),
    [
        # half a year after 1 December 2025 is 1 June 2026: on that day it is in time
        (["2025-12-01", "2025-01-01"], "6", "2025-12-01", "2026-06-01", False),
        (["2025-11-30"], "6", "2025-11-30", "2026-05-30", True),
        # a month or a year counts as its last day
        (["2025-11"], "6", "2025-11", "2026-05-30", True),
        (["2025-12"], "6", "2025-12", "2026-06-30", False),
        (["2025"], "6", "2025", "2026-06-30", False),
        (["2024"], "12", "2024", "2025-12-31", True),
        # the last day of February
        (["2025-08-31"], "6", "2025-08-31", "2026-02-28", True),
        # half a month is fifteen days
        (["2026-05-10"], "0.5", "2026-05-10", "2026-05-25", True),
        (["2026-05-20"], "0.5", "2026-05-20", "2026-06-04", False),
        ([""], "6", None, None, True),
        (["2001-01-01"], "", "2001-01-01", None, False),
    ],
)
def test_late_is_past_the_rhythm(
    make_data: MakeData, dates: list[str], every: str, latest: str | None, due: str | None, late: bool
) -> None:
    rows = [{**row, "geverifieerd_op": date} for row, date in zip(PARTNERS, dates, strict=False)]
    found = state(read(make_data(toml=expecting(every), partners=rows)).landscape)
    assert (found.latest, found.due, found.late, found.missing) == (latest, due, late, False)


def test_the_latest_of_all_its_dates_counts(make_data: MakeData) -> None:
    rows = [{**PARTNERS[0], "bron_datum": "2025-01-01"}, {**PARTNERS[1], "geverifieerd_op": "2026-05-01", "bron_datum": "2024"}]
    waits = [{"op": "P0", "soort": "aanmeldwachttijd", "waarde": "2 weken", "peildatum": "2026-04", "bron_datum": "2026-02-01"}]
    toml = expecting("3") + '[bestanden."wachttijden.csv"]\nelke_maanden = 1\n'
    landscape = read(make_data(toml=toml, partners=rows, wachttijden=waits)).landscape
    assert (state(landscape).latest, state(landscape).late) == ("2026-05-01", False)
    found = state(landscape, "wachttijden.csv")
    assert (found.latest, found.due, found.late) == ("2026-04", "2026-05-30", True)


@pytest.mark.parametrize(("least", "shrunken"), [("3", False), ("4", True), ("0", False)])
def test_shrunken_is_fewer_rows_than_expected(make_data: MakeData, least: str, shrunken: bool) -> None:
    reading = read(make_data(toml=expecting(least=least), partners=PARTNERS))
    assert state(reading.landscape).shrunken is shrunken
    assert any(f.code == "rows-below-minimum" for f in reading.findings) is shrunken


def test_what_is_named_and_not_there_is_missing_and_late(make_data: MakeData) -> None:
    toml = (
        expecting()
        + '[bestanden."cjg*.xlsx"]\ntabel = "aanbod"\nleverancier = "CJG"\n[bestanden."x.xlsx".Blad1]\ntabel = "routes"\n'
    )
    reading = read(make_data(toml=toml, partners=PARTNERS))
    assert [(f.code, f.file, f.sheet) for f in reading.findings] == [
        ("source-missing", "cjg*.xlsx", None),
        ("source-missing", "x.xlsx", "Blad1"),
    ]
    found = {s.file: s for s in source_states(reading.landscape)}
    cjg = found["cjg*.xlsx"]
    assert (cjg.missing, cjg.late, cjg.read, cjg.table, cjg.supplier) == (True, True, 0, "offerings", "CJG")
    assert (found["x.xlsx"].sheet, found["x.xlsx"].missing) == ("Blad1", True)
    assert not found["partners.csv"].missing


def test_the_example_has_what_it_expects(voorbeeldregio: Reading) -> None:
    found = state(voorbeeldregio.landscape)
    assert (found.every_months, found.rows_min, found.late, found.shrunken) == (12, 100, False, False)


# --- two editions --------------------------------------------------------------------------------------------
def partners(number: int) -> list[dict[str, str]]:
    return [{"id": f"P{n}", "naam": f"Partner {n}", "rollen": "welzijn", "gemeenten": "Ede"} for n in range(number)]


@pytest.mark.parametrize(
    ("before", "after", "shrunk"), [(9, 6, True), (9, 7, False), (3, 2, True), (10, 7, False), (5, 9, False)]
)
def test_a_third_less_is_shrunk(make_data: MakeData, before: int, after: int, shrunk: bool) -> None:
    old = read(make_data(partners=partners(before))).landscape
    new = read(make_data(partners=partners(after))).landscape
    (found,) = source_changes(old, new)
    assert (found.before, found.after, found.shrunk) == (before, after, shrunk)


def test_gone_is_shrunk_unless_it_came_in_another_form(make_data: MakeData) -> None:
    offers = [{"id": f"A{n}", "partner": "P1", "naam": f"Aanbod {n}"} for n in range(6)]
    folder = make_data(partners=partners(3), aanbod=offers)
    old = read(folder).landscape
    whole = (folder / "aanbod.csv").read_bytes()
    (folder / "aanbod.csv").unlink()
    gone = {s.file: s for s in source_changes(old, read(folder).landscape)}["aanbod.csv"]
    assert (gone.before, gone.after, gone.shrunk) == (6, None, True)
    # the same rows in a file with another name and other bytes
    (folder / "aanbod 2026.csv").write_bytes(whole + b"A9,P1,Meer\r\n")
    told = {s.file: s for s in source_changes(old, read(folder).landscape)}
    assert (told["aanbod.csv"].shrunk, told["aanbod 2026.csv"].before, told["aanbod 2026.csv"].after) == (False, None, 7)
    # the very same file under another name
    (folder / "aanbod 2026.csv").write_bytes(whole)
    told = {s.file: s for s in source_changes(old, read(folder).landscape)}
    assert set(told) == {"partners.csv", "aanbod 2026.csv"}
    assert (told["aanbod 2026.csv"].file_before, told["aanbod 2026.csv"].before) == ("aanbod.csv", 6)
