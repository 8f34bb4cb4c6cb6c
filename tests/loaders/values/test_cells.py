"""Values in real folders: what is read, what is said about it, and that nothing else of the row is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from routekaart.loaders import values
from routekaart.loaders.read import Reading, read

MakeData = Callable[..., Path]


def found(reading: Reading, *codes: str) -> list[tuple[str, int | None, str | None, str | None]]:
    wanted = [f for f in reading.findings if not codes or f.code in codes]
    return [(f.code, f.row, f.value, f.suggestion) for f in wanted]


def test_codes_of_partners_are_kept_with_their_zeros(make_data: MakeData) -> None:
    partners = [
        {"id": "P1", "naam": "Eén", "kvk": "24417607", "agb": "6290832"},
        {"id": "P2", "naam": "Twee", "kvk": "9087654", "agb": "06290832"},
        {"id": "P3", "naam": "Drie", "kvk": "244176070", "agb": ""},
    ]
    reading = read(make_data(partners=partners))
    table = reading.landscape["partners"]
    assert table["kvk"].to_list() == ["24417607", "09087654", None]
    assert table["agb"].to_list() == ["06290832", "06290832", None]
    said = found(reading, "code-zero", "bad-value")
    assert sorted(said) == [
        ("bad-value", 4, "244176070", None),
        ("code-zero", 2, "6290832", "06290832"),
        ("code-zero", 3, "9087654", "09087654"),
    ]


def test_waits_with_what_was_assumed(make_data: MakeData) -> None:
    partners = [{"id": f"P{n}", "naam": f"Partner {n}"} for n in range(9)]
    texts = [
        ("vol", "2026-05"),
        ("Aanmeldstop tot januari", "2026-05-20"),
        ("Aanmeldstop tot januari", ""),
        ("6 weken (sinds maart)", "2026-05"),
        ("intake 4 weken, behandeling 12 weken", "2026-05"),
        ("3-mei", "2026-05"),
        ("een paar weken", "2026-05"),
        ("6 weqen", "voorjaar 2026"),
        ("Cliëntenstop t/m 31-12-2026", "Q1 2026"),
    ]
    waits = [{"op": f"P{n}", "soort": "totaal", "waarde": t, "peildatum": d} for n, (t, d) in enumerate(texts)]
    reading = read(make_data(partners=partners, wachttijden=waits))
    rows = {r["on"][0]: r for r in reading.landscape["waits"].iter_rows(named=True)}
    assert [rows[f"P{n}"]["state"] for n in range(9)] == ["stop"] * 3 + [
        "getal",
        "onbekend",
        "getal",
        "onbekend",
        "onbekend",
        "stop",
    ]
    # the first January after May 2026; without a date the end stays unknown; "t/m" includes its day
    assert [rows[f"P{n}"]["closed_until"] for n in (0, 1, 2, 8)] == [None, "2027-01-01", None, "2027-01-01"]
    assert (rows["P5"]["days_low"], rows["P5"]["days_high"]) == (21, 35)
    assert (rows["P7"]["as_of"], rows["P8"]["as_of"]) == ("2026-03/2026-05", "2026-01/2026-03")
    said = [(code, row, suggestion) for code, row, _, suggestion in found(reading)]
    assert set(said) >= {
        ("stop-assumed", 2, "aanmeldstop"),
        ("stop-year", 3, "aanmeldstop tot 2027-01-01"),
        ("stop-end-unknown", 4, "aanmeldstop"),
        ("remark-aside", 5, "6 weken"),
        ("wait-several", 6, None),
        ("excel-range", 7, "3 - 5 weken"),
        ("wait-vague", 8, None),
        ("bad-value", 9, "6 weken"),
        ("date-period", 9, "2026-03/2026-05"),
    }
    counts = reading.counts["waits"]
    assert (counts.read, counts.used) == (9, 9)


@pytest.mark.parametrize(
    ("as_of", "until"),
    [
        ("2026-05-20", "2027-01-01"),
        ("2026-12", "2027-01-01"),
        ("2026-02/2026-02", "2027-01-01"),
        ("2026-01-05", None),  # in January itself: this one or the next
        ("2026", None),
        ("2026-03/2026-05", None),
        (None, None),
    ],
)
def test_a_month_without_its_year_is_the_next_one_after_its_date(as_of: str | None, until: str | None) -> None:
    closed = values.closed_until(values.wait("aanmeldstop tot januari"), as_of)
    assert (closed.state, closed.closed_until, closed.closed_month) == ("stop", until, None)
    assert [a.code for a in closed.assumed] == ["stop-year" if until else "stop-end-unknown"]


@pytest.mark.parametrize(
    ("low", "until", "through", "months", "codes"),
    [
        ("12", "18", None, (144, 216), []),
        ("12", None, "17", (144, 216), []),
        ("12", None, "t/m 17", (144, 216), []),
        ("vanaf 12 jaar", "tot 18 jaar", None, (144, 216), []),
        ("12+", None, None, (144, None), []),
        ("t/m 17", None, None, (None, 216), []),
        ("basisschool", None, None, (48, 156), ["age-word"]),
        ("12-17", "18", None, (144, 216), []),  # both say the eighteenth birthday
        ("12-17", "20", None, (144, 216), ["bad-value"]),
        ("0", "18", "18", (0, 216), ["bad-value"]),
        ("18", "12", None, (None, None), ["bad-range"]),
        ("jongeren", "18", None, (None, 216), ["age-doubtful"]),
        ("alle leeftijden", None, None, (0, None), ["age-word"]),
        ("onbekend", "18", None, (None, 216), []),
        (None, None, None, (None, None), []),
    ],
)
def test_the_age_cells_of_a_row(
    low: str | None, until: str | None, through: str | None, months: tuple[int | None, int | None], codes: list[str]
) -> None:
    made = values.age_cells({"age_from": low, "age_until": until, "age_through": through}, "t/m")
    assert (made.low, made.until) == months
    assert [t.code for t in made.troubles] == codes


def test_numbers_that_the_source_holds_back_stay_unknown(make_data: MakeData) -> None:
    partners = [{"id": "P1", "naam": "Eén", "rollen": "huisarts"}, {"id": "P2", "naam": "Twee", "rollen": "huisarts"}]
    routes = [
        {"id": f"R{n}", "van": "P1", "naar": "P2", "soort": "verwijzing", "aantal_per_jaar": text, "besluit_nodig": needed}
        for n, (text, needed) in enumerate([("<10", "soms"), ("ca. 25", "ja, mits"), ("1,200", "n.v.t."), ("40 gezinnen", "✓")])
    ]
    reading = read(make_data(partners=partners, routes=routes))
    table = reading.landscape["routes"]
    assert table["per_year"].to_list() == [None, 25, None, 40]
    assert {(c, v, s) for c, _, v, s in found(reading) if c != "no-date"} == {
        ("yesno-unclear", "soms", None),
        ("bad-value", "1,200", "1200"),
        ("families-suppressed", "<10", None),
        ("remark-aside", "ja, mits", "ja"),
        ("number-about", "ca. 25", "25"),
        ("yesno-unknown", "n.v.t.", None),
        ("number-unit", "40 gezinnen", "40"),
    }


def test_weeks_may_be_written_in_months_where_weeks_are_asked(make_data: MakeData) -> None:
    waits = [{"op": "P1", "soort": "totaal", "weken_mediaan": "3 maanden", "weken_p90": "26", "peildatum": "2026-05"}]
    reading = read(make_data(partners=[{"id": "P1", "naam": "Eén"}], wachttijden=waits))
    assert reading.landscape["waits"].select("weeks_median", "weeks_p90").row(0) == (13, 26)


def test_ranges_that_a_workbook_keeps_as_dates_are_undone(tmp_path: Path) -> None:
    """A cell typed as 3-5 that a spreadsheet keeps as a day of some year and shows as 3-mei."""
    import datetime

    with xlsxwriter.Workbook(tmp_path / "lijst.xlsx") as book:
        partners = book.add_worksheet("partners")
        for place, name in enumerate(("id", "naam")):
            partners.write(0, place, name)
            partners.write(1, place, "P1")
        offers = book.add_worksheet("aanbod")
        shown = book.add_format({"num_format": "d-mmm"})
        whole = book.add_format({"num_format": "yyyy-mm-dd"})
        for place, name in enumerate(("id", "partner", "naam", "leeftijd_van")):
            offers.write(0, place, name)
        days = [(datetime.date(2026, 5, 3), shown), (datetime.date(2026, 5, 3), whole), (datetime.date(2026, 5, 1), whole)]
        for row, (day, kind) in enumerate(days, 1):
            for place, text in enumerate((f"A{row}", "P1", f"Aanbod {row}")):
                offers.write(row, place, text)
            offers.write_datetime(row, 3, day, kind)
    reading = read(tmp_path / "lijst.xlsx")
    table = reading.landscape["offerings"].sort("id")
    assert table["age_from"].to_list() == [36, 36, None]
    assert table["age_until"].to_list() == [72, 72, None]
    assert [(c, r) for c, r, *_ in found(reading, "excel-range", "excel-date")] == [
        ("excel-date", 4),  # the first of a month may have been 1-5 or 5-26
        ("excel-range", 2),
        ("excel-range", 3),
    ]


def test_every_finding_about_a_value_tells_itself_in_both_languages(make_data: MakeData) -> None:
    waits = [
        {"op": "P1", "soort": "totaal", "waarde": t, "peildatum": d}
        for t, d in (("6 weeken", "15/09/16"), ("vol", "45915"), ("dec-18", "vandaag"))
    ]
    reading = read(make_data(partners=[{"id": "P1", "naam": "Eén"}], wachttijden=waits))
    told = {f.code: f for f in reading.findings}
    assert {"spelling", "date-century", "stop-assumed", "date-serial", "excel-range", "date-moving"} <= set(told)
    for finding in told.values():
        for lang in ("nl", "en"):
            assert finding.message(lang).endswith(".")
            assert "{" not in finding.message(lang) + finding.cure(lang) + finding.title(lang)
    assert "6 weken" in told["spelling"].message("nl")
    assert "2016-09-15" in told["date-century"].message("nl")
