"""Returned workbooks: what a yes with a date does, and what it never does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from routekaart.loaders.read import Reading, read

PARTNERS = [{"id": "P1", "naam": "Een", "geverifieerd_op": "2025-01-01"}, {"id": "P2", "naam": "Twee"}]
OFFERS = [{"id": "A1", "partner": "P1", "naam": "Inloop"}, {"id": "A2", "partner": "P2", "naam": "Cursus"}]


def add(folder: Path, name: str, said: list[dict[str, Any]], **tables: list[dict[str, Any]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for table, rows in {"bevestigingen": said, **tables}.items():
        sheet = book.create_sheet(table)
        columns = list(dict.fromkeys(c for row in rows for c in row))
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(c) for c in columns])
    book.save(folder / name)


def said(
    partner: str = "P1", klopt: str | None = "ja", op: str | None = "2026-05-01", reactie: str | None = None
) -> dict[str, Any]:
    return {"partner": partner, "klopt": klopt, "bevestigd_op": op, "bevestigd_door": "teamleider", "reactie": reactie}


def codes(reading: Reading) -> list[str]:
    return sorted(f.code for f in reading.findings)


def row(reading: Reading, table: str, id_: str) -> dict[str, Any]:
    return next(r for r in reading.landscape[table].iter_rows(named=True) if r["id"] == id_)


def adds_up(reading: Reading) -> None:
    for count in reading.counts.values():
        assert count.read == count.used + count.quarantined
    sources = reading.landscape["sources"]
    for read_, used, apart in sources.select("rows_read", "rows_used", "rows_quarantined").iter_rows():
        assert read_ == used + apart


def test_yes_with_a_date_verifies_and_takes_the_place_of_the_old_row(make_data: Callable[..., Path]) -> None:
    folder = make_data(partners=PARTNERS, aanbod=OFFERS)
    add(
        folder,
        "retour.xlsx",
        [said()],
        partners=[{"id": "P1", "naam": "Een, nieuwe naam"}],
        aanbod=[{"id": "A1", "partner": "P1", "naam": "Inloop"}],
    )
    reading = read(folder)
    assert row(reading, "partners", "P1")["name"] == "Een, nieuwe naam"
    assert row(reading, "partners", "P1")["verified_on"] == "2026-05-01"
    assert row(reading, "offerings", "A1")["verified_on"] == "2026-05-01"
    assert row(reading, "partners", "P2")["verified_on"] is None
    found = [f for f in reading.findings if f.code == "replaced-by-return"]
    assert [(f.file, dict(f.values)["number"], dict(f.values)["table"]) for f in found] == [
        ("aanbod.csv", 1, "aanbod"), ("partners.csv", 1, "partners"),
    ]  # fmt: skip
    assert "duplicate-id" not in codes(reading)
    adds_up(reading)


def test_an_earlier_verification_does_not_push_out_a_later_one(make_data: Callable[..., Path]) -> None:
    folder = make_data(partners=PARTNERS)
    add(folder, "retour.xlsx", [said(op="2026-02-01")], partners=[{"id": "P1", "naam": "Een", "geverifieerd_op": "2026-03-01"}])
    assert row(read(folder), "partners", "P1")["verified_on"] == "2026-03-01"


def test_the_later_of_two_returns_wins_whatever_their_names(make_data: Callable[..., Path]) -> None:
    folder = make_data(partners=PARTNERS)
    add(folder, "a.xlsx", [said(op="2026-04-01", reactie="nieuw")], partners=[{"id": "P1", "naam": "Later"}])
    add(folder, "b.xlsx", [said(op="2026-02-01", reactie="oud")], partners=[{"id": "P1", "naam": "Eerder"}])
    reading = read(folder)
    assert row(reading, "partners", "P1")["name"] == "Later"
    assert row(reading, "partners", "P1")["response"] == "nieuw"
    adds_up(reading)


def test_an_answer_after_the_reference_date_counts(make_data: Callable[..., Path]) -> None:
    folder = make_data(partners=PARTNERS)  # the reference date of make_data is 2026-06-01
    add(folder, "retour.xlsx", [said(op="2026-07-01")], partners=[{"id": "P1", "naam": "Een"}])
    assert row(read(folder), "partners", "P1")["verified_on"] == "2026-07-01"


def test_no_and_empty_and_undated_and_too_late_confirm_nothing_and_say_so(make_data: Callable[..., Path]) -> None:
    for code, answer in {
        "confirmation-no": said(klopt="nee"),
        "confirmation-empty": said(klopt=None),
        "confirmation-undated": said(op=None),
        "confirmation-later": said(op="2027-06-02"),  # the reference date of make_data is 2026-06-01
    }.items():
        folder = make_data(partners=PARTNERS, aanbod=OFFERS)
        (folder / "retour.xlsx").unlink(missing_ok=True)
        before = row(read(folder), "partners", "P1")
        add(folder, "retour.xlsx", [answer], partners=[{"id": "P1", "naam": "Anders"}])
        reading = read(folder)
        assert code in codes(reading)
        assert row(reading, "partners", "P1") == before
        assert row(reading, "partners", "P1")["name"] == "Een"
        assert row(reading, "partners", "P1")["verified_on"] == "2025-01-01"
        # the rows of the unconfirmed workbook give way with one remark, not one error per row
        assert "unconfirmed-return" in codes(reading)
        assert "duplicate-id" not in codes(reading)
        adds_up(reading)


def test_a_row_that_a_return_leaves_out_stays(make_data: Callable[..., Path]) -> None:
    folder = make_data(partners=PARTNERS, aanbod=[*OFFERS, {"id": "A3", "partner": "P1", "naam": "Groep"}])
    add(folder, "retour.xlsx", [said()], aanbod=[{"id": "A1", "partner": "P1", "naam": "Inloop"}])
    assert row(read(folder), "offerings", "A3")["verified_on"] is None


def test_nobody_confirms_or_replaces_what_is_about_another(make_data: Callable[..., Path]) -> None:
    folder = make_data(partners=PARTNERS, aanbod=OFFERS)
    # P1 returns a workbook in which P2 and its offering stand too, and takes an id that is P2's
    add(
        folder,
        "retour.xlsx",
        [said()],
        partners=[{"id": "P1", "naam": "Een"}, {"id": "P2", "naam": "Overgenomen"}],
        aanbod=[{"id": "A2", "partner": "P1", "naam": "Gekaapt"}],
    )
    reading = read(folder)
    assert row(reading, "partners", "P2")["name"] == "Twee"
    assert row(reading, "partners", "P2")["verified_on"] is None
    assert row(reading, "offerings", "A2")["name"] == "Cursus"
    assert codes(reading).count("duplicate-id") == 2
    adds_up(reading)


def test_a_confirmation_in_a_file_of_its_own_confirms_nothing_but_its_response_counts(make_data: Callable[..., Path]) -> None:
    folder = make_data(partners=PARTNERS, bevestigingen=[said(reactie="Wij zijn verhuisd")])
    reading = read(folder)
    assert "confirmation-alone" in codes(reading)
    assert row(reading, "partners", "P1")["verified_on"] == "2025-01-01"
    assert row(reading, "partners", "P1")["response"] == "Wij zijn verhuisd"


def test_a_mended_wait_replaces_the_one_it_was_and_a_new_one_leaves_it_as_history(make_data: Callable[..., Path]) -> None:
    waits = [{"op": "P1", "soort": "aanmeldwachttijd", "waarde": "8 weken", "peildatum": "2026-03-01"}]
    folder = make_data(partners=PARTNERS, wachttijden=waits)
    mark = read(folder).landscape["waits"]["id"][0]
    mended = {**waits[0], "waarde": "12 weken", "kenmerk": mark}
    add(folder, "retour.xlsx", [said()], partners=PARTNERS[:1], wachttijden=[mended])
    reading = read(folder)
    assert reading.landscape["waits"]["value"].to_list() == ["12 weken"]
    assert "unknown-column" not in codes(reading)
    assert "sources-disagree" not in codes(reading)
    adds_up(reading)
    add(folder, "retour.xlsx", [said()], partners=PARTNERS[:1], wachttijden=[{**mended, "peildatum": "2026-05-01"}])
    assert sorted(read(folder).landscape["waits"]["value"]) == ["12 weken", "8 weken"]


def test_the_result_does_not_depend_on_the_names_of_files(make_data: Callable[..., Path]) -> None:
    folder = make_data(partners=PARTNERS)
    for name in ("0 retour.xlsx", "zz retour.xlsx"):
        add(folder, name, [said()], partners=[{"id": "P1", "naam": "Nieuw"}])
        assert row(read(folder), "partners", "P1")["name"] == "Nieuw"
        (folder / name).unlink()
