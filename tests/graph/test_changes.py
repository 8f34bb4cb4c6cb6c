"""Rows added, gone and changed: both editions of the example counted by hand, small folders, and properties."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routekaart.graph.analyses.differences.changes import Changes, by_importance, changes, ids_of, naming
from routekaart.graph.landscape import Landscape
from routekaart.graph.schema import INPUT_TABLES, TABLES
from routekaart.loaders.read import Reading, read

EXAMPLES = Path(__file__).parents[2] / "examples"
MakeData = Callable[..., Path]


@pytest.fixture(scope="module")
def earlier() -> Landscape:
    return read(EXAMPLES / "voorbeeldregio-2025").landscape


def cells(found: Changes, table: str) -> set[tuple[Any, ...]]:
    """(column, old, new) of every change of content."""
    told = found.tables[table]
    return {
        (c.column.name, *(tuple(v) if isinstance(v, list) else v for v in row))
        for c in told.columns
        if c.sort == "content"
        for row in c.frame.select("old", "new").iter_rows()
    }


# --- the example, counted by other code ----------------------------------------------------------------------
def rows_of(edition: str, name: str) -> dict[str, dict[str, str]]:
    with (EXAMPLES / edition / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    if name == "partners":  # what a partner said in a confirmation stands beside it
        with (EXAMPLES / edition / "bevestigingen.csv").open(encoding="utf-8-sig", newline="") as file:
            for said in csv.DictReader(file):
                rows[said["partner"]]["reactie"] = said["reactie"]
    return rows


@pytest.mark.parametrize(("name", "table"), [("partners", "partners"), ("aanbod", "offerings"), ("routes", "routes")])
def test_the_example_counted_from_its_files(earlier: Landscape, voorbeeldregio: Reading, name: str, table: str) -> None:
    old, new = rows_of("voorbeeldregio-2025", name), rows_of("voorbeeldregio", name)
    found = changes(earlier, voorbeeldregio.landscape).tables[table]
    assert set(found.added["id"]) == set(new) - set(old)
    assert set(found.gone["id"]) == set(old) - set(new)
    about = {"bron", "bron_datum", "geverifieerd_op"}
    differ = {i for i in set(old) & set(new) if any(old[i][c] != new[i][c] for c in old[i] if c not in about)}
    assert {new_id for _, new_id in ids_of(found)} == differ
    restated = {i for i in set(old) & set(new) if any(old[i][c] != new[i][c] for c in about)}
    assert found.restated == len(restated - differ)


def test_the_story_of_the_example_is_a_change_of_waits(earlier: Landscape, voorbeeldregio: Reading) -> None:
    """LEESMIJ.md of both editions: huisarts → SOJ Elzerbroek goes from 10 weeks to 12–16 (14 expected)."""
    found = changes(earlier, voorbeeldregio.landscape)
    soj = voorbeeldregio.landscape["partners"].filter(pl.col("name") == "SOJ Elzerbroek")["id"].item()
    waits = voorbeeldregio.landscape["waits"].filter(pl.col("on") == [soj])["id"].to_list()
    value = next(c for c in found.tables["waits"].columns if c.column.name == "value").frame
    assert ("10 weken", "12 - 16 weken") in value.filter(pl.col("id").is_in(waits)).select("old", "new").rows()
    binnenhof = [w for w in found.tables["waits"].added.to_dicts() if w["state"] == "stop"]
    assert "Jeugd-ggz De Binnenhof" in {voorbeeldregio.landscape.names.get(w["on"][0]) for w in binnenhof}


def test_nothing_differs_from_itself(example: Reading) -> None:
    found = changes(example.landscape, example.landscape)
    assert not found
    assert found.tables == {}


def test_the_other_way_round_added_is_gone(earlier: Landscape, voorbeeldregio: Reading) -> None:
    there, back = changes(earlier, voorbeeldregio.landscape), changes(voorbeeldregio.landscape, earlier)
    for name in TABLES:
        if name not in there.tables:
            assert name not in back.tables
            continue
        a, b = there.tables[name], back.tables[name]
        assert a.added.equals(b.gone)
        assert a.gone.equals(b.added)
        assert (a.moved, a.restated, a.changed) == (b.moved, b.restated, b.changed)
        assert {(x, y) for x, y in ids_of(a)} == {(y, x) for x, y in ids_of(b)}
        assert a.before + a.added.height - a.gone.height == a.after


# --- small folders -------------------------------------------------------------------------------------------
PARTNERS = [
    {"id": "P1", "naam": "Huisarts", "rollen": "huisarts", "gemeenten": "Ede"},
    {"id": "P2", "naam": "Wijkteam", "rollen": "lokaal-team", "gemeenten": "Ede"},
]


def waits(*rows: tuple[str, str, str]) -> list[dict[str, str]]:
    return [
        {"op": "P2", "soort": "aanmeldwachttijd", "waarde": w, "meetwijze": m, "peildatum": d, "bron": "lijst"}
        for w, m, d in rows
    ]


def test_a_newer_statement_is_a_change_and_history_is_none(make_data: MakeData) -> None:
    old = read(make_data(partners=PARTNERS, wachttijden=waits(("6 weken", "prospectief", "2026-01-01")))).landscape
    both = waits(("6 weken", "prospectief", "2026-01-01"), ("4 weken", "prospectief", "2026-05-01"))
    new = read(make_data(partners=PARTNERS, wachttijden=both)).landscape
    found = changes(old, new)
    assert cells(found, "waits") == {("value", "6 weken", "4 weken"), ("as_of", "2026-01-01", "2026-05-01")}
    told = found.tables["waits"]
    assert (told.added.height, told.gone.height, told.changed, told.before, told.after) == (0, 0, 1, 1, 1)
    # the history goes, the current wait stays: nothing changes
    without = read(make_data(partners=PARTNERS, wachttijden=both[1:])).landscape
    assert not changes(new, without)


def test_a_newer_log_is_a_change_of_the_same_pair(make_data: MakeData) -> None:
    def log(year: int, number: str) -> Landscape:
        row = {"van": "P1", "naar": "P2", "aantal": number, "periode_van": f"{year}-01-01", "periode_tm": f"{year}-12-31"}
        return read(make_data(partners=PARTNERS, overdrachten=[row], heen_en_weer=[{**row, "zonder_start": "5"}])).landscape

    found = changes(log(2025, "40"), log(2026, "44"))
    period = {("period_from", "2025-01-01", "2026-01-01"), ("period_until", "2025-12-31", "2026-12-31")}
    for table in ("handovers", "back_and_forth"):
        assert cells(found, table) == {("number", 40, 44), *period}
        told = found.tables[table]
        assert (told.added.height, told.gone.height, told.changed) == (0, 0, 1)
    # 5 is below the threshold of 10: that it became another small number is not told by how much
    small = changes(log(2025, "40"), log(2025, "9"))
    assert cells(small, "handovers") == {("number", 40, None)}


def test_a_stop_in_place_of_a_measured_wait_is_a_change(make_data: MakeData) -> None:
    old = read(make_data(partners=PARTNERS, wachttijden=waits(("6 weken", "prospectief", "2026-01-01")))).landscape
    new = read(make_data(partners=PARTNERS, wachttijden=waits(("aanmeldstop", "", "2026-05-01")))).landscape
    found = changes(old, new)
    assert {c[0] for c in cells(found, "waits")} == {"value", "basis", "as_of"}
    assert (found.tables["waits"].added.height, found.tables["waits"].gone.height) == (0, 0)


def test_of_two_sources_each_keeps_its_own(make_data: MakeData) -> None:
    def said(first: str, second: str) -> Landscape:
        rows = waits((first, "", "2026-01-01"), (second, "", "2026-01-01"))
        rows[1]["bron"] = "website"
        return read(make_data(partners=PARTNERS, wachttijden=rows)).landscape

    assert cells(changes(said("6 weken", "9 weken"), said("5 weken", "9 weken")), "waits") == {("value", "6 weken", "5 weken")}


def test_a_new_year_beside_the_old_is_added_and_in_its_place_a_change(make_data: MakeData) -> None:
    def counted(*years: tuple[int, int]) -> Landscape:
        rows = [{"gemeente": "Ede", "instap": "P1", "thema": "opvoeden", "aantal_per_jaar": n, "peiljaar": y} for y, n in years]
        return read(make_data(partners=PARTNERS, vraag=rows)).landscape

    replaced = changes(counted((2024, 20)), counted((2025, 30)))
    assert cells(replaced, "demand") == {("per_year", 20, 30), ("year", 2024, 2025)}
    beside = changes(counted((2024, 20)), counted((2024, 20), (2025, 30))).tables["demand"]
    assert (beside.added["year"].to_list(), beside.changed) == ([2025], 0)
    rolled = changes(counted((2023, 10), (2024, 20)), counted((2024, 20), (2025, 30))).tables["demand"]
    assert (rolled.added["year"].to_list(), rolled.gone["year"].to_list(), rolled.changed) == ([2025], [2023], 0)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [(4, 25, (None, 25)), (25, 4, (25, None)), (4, 7, (None, None)), (0, 25, (0, 25)), (30, 25, (30, 25))],
)
def test_small_counts_of_families_are_not_shown(
    make_data: MakeData, before: int, after: int, shown: tuple[int | None, int | None]
) -> None:
    def counted(n: int, threshold: int) -> Landscape:
        rows = [{"id": "R1", "van": "P1", "naar": "P2", "soort": "verwijzing", "aantal_per_jaar": n}]
        toml = f'[regio]\npeildatum = "2026-06-01"\n[instellingen]\ndrempel = {threshold}\n'
        return read(make_data(toml=toml, partners=PARTNERS, routes=rows)).landscape

    # the higher threshold of both holds: what is small by either of them stays hidden
    for thresholds in ((10, 10), (0, 10), (10, 5)):
        found = changes(counted(before, thresholds[0]), counted(after, thresholds[1]))
        change = found.tables["routes"].columns[0].frame
        assert change.select("old", "new").row(0) == shown
        assert change["suppressed"].item() is (None in shown)
    only = changes(Landscape.of({}), counted(4, 10)).tables["routes"]
    assert only.added["per_year"].to_list() == [None]


def test_a_file_with_another_name_only_moves_rows(make_data: MakeData) -> None:
    folder = make_data(partners=PARTNERS, wachttijden=waits(("6 weken", "", "2026-01-01")))
    old = read(folder).landscape
    (folder / "wachttijden.csv").rename(folder / "wachttijden Ede 2026.csv")
    found = changes(old, read(folder).landscape)
    assert not found
    assert found.moved == 1
    assert list(found.tables) == ["waits"]


def test_source_and_dates_are_told_apart_from_content(make_data: MakeData) -> None:
    old = read(make_data(partners=[{**PARTNERS[0], "bron": "lijst", "bron_datum": "2026-01-01"}, PARTNERS[1]])).landscape
    new = read(make_data(partners=[{**PARTNERS[0], "bron": "site", "bron_datum": "2026-02-01"}, PARTNERS[1]])).landscape
    found = changes(old, new)
    assert not found
    assert found.restated == 1
    assert {(c.column.name, c.sort) for c in found.tables["partners"].columns} == {
        ("source", "provenance"),
        ("source_date", "provenance"),
    }


def test_what_is_derived_is_news_only_alone(make_data: MakeData) -> None:
    old = read(make_data(partners=PARTNERS, wachttijden=waits(("6 weken", "", "2026-01-01")))).landscape
    # as when a later version reads the same text otherwise
    new = old.replaced(waits=old["waits"].with_columns(days_expected=pl.lit(40.0)))
    assert cells(changes(old, new), "waits") == {("days_expected", 42.0, 40.0)}


def test_stops_come_first_then_the_largest_shift(earlier: Landscape, voorbeeldregio: Reading) -> None:
    new = voorbeeldregio.landscape
    told = changes(earlier, new).tables["waits"]
    order = by_importance(earlier, new, told, 0)
    assert len(order) == told.added.height + told.gone.height + told.changed
    before = {r["id"]: r for r in earlier["waits"].to_dicts()}
    after = {r["id"]: r for r in new["waits"].to_dicts()}
    pairs = {b: a for a, b in ids_of(told)}

    def stops(what: str, id_: str) -> tuple[bool, bool]:
        old = before[pairs.get(id_, id_)]["state"] == "stop" if what != "added" else False
        return old, (after[id_]["state"] == "stop" if what != "gone" else False)

    changes_of_stop = [a != b for a, b in (stops(*event) for event in order)]
    assert changes_of_stop == sorted(changes_of_stop, reverse=True)
    assert sum(changes_of_stop) >= 3
    assert by_importance(earlier, new, told, 5) == order[:5]


def test_naming_leaves_out_what_is_stated() -> None:
    assert naming(TABLES["waits"]) == ("on", "kind", "themes", "age_from", "age_until", "municipalities", "basis")
    assert naming(TABLES["lines"]) == ("from", "to")
    assert naming(TABLES["partners"]) == ()


# --- properties ----------------------------------------------------------------------------------------------
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_rows_taken_away_are_gone_and_the_reverse(voorbeeldregio: Reading, seed: int) -> None:
    r = random.Random(seed)
    whole = voorbeeldregio.landscape.without_superseded_waits()
    table = r.choice([t.name for t in INPUT_TABLES if whole[t.name].height])
    frame = whole[table]
    keep = pl.Series([r.random() < 0.8 for _ in range(frame.height)], dtype=pl.Boolean)
    less = whole.replaced(**{table: frame.filter(keep)})
    found, back = changes(whole, less), changes(less, whole)
    taken = set(frame.filter(~keep)[TABLES[table].key])
    assert set(found.tables) <= {table}
    if not taken:
        assert not found
        return
    told = found.tables[table]
    gone, came = set(told.gone[TABLES[table].key]), set(told.added[TABLES[table].key])
    # what is taken away can only be gone; of a series the statement before it may become the latest
    assert gone <= taken
    assert came == set()
    assert told.before - told.after == len(gone)
    assert told.gone.equals(back.tables[table].added)
