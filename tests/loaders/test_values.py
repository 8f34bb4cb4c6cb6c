"""Dutch values: a table of texts with our own right answer, and properties of every parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routekaart.loaders import values
from routekaart.loaders.values import Unreadable, WrittenWait

# days by hand: a week is 7, a month 52/12 weeks = 30,33 days, a year 52 weeks = 364 days (CONTRACTS §4)
WAITS = {
    "8 weken": (56, 56, 56),
    "8": (56, 56, 56),
    "8 - 12 weken": (56, 70, 84),
    "8–12 wk": (56, 70, 84),
    "3 tot 6 maanden": (91, 137, 182),  # 91 = 3·30,33; 136,5 up; 182
    "1 à 2 weken": (7, 11, 14),  # 10,5 up
    "4 weken tot 3 maanden": (28, 60, 91),  # (28 + 91) / 2 = 59,5 up
    "anderhalf jaar": (546, 546, 546),
    "een half jaar": (182, 182, 182),
    "half jaar": (182, 182, 182),
    "tien maanden": (303, 303, 303),
    "± 4 wk": (28, 28, 28),
    "ca. 3 maanden": (91, 91, 91),
    "5 werkdagen": (7, 7, 7),
    "1 werkdag": (1, 1, 1),  # 1,4 down
    "Minder dan 1 week": (0, 4, 7),  # 3,5 up
    "< 2 weken": (0, 7, 14),
    "binnen 4 weken": (0, 14, 28),
    "> 6 mnd": (182, 182, None),
    "langer dan een jaar": (364, 364, None),
    "26+ weken": (182, 182, None),
    "Geen wachttijd": (0, 0, 0),
    "geen wachtlijst": (0, 0, 0),
    "0 weken": (0, 0, 0),
    "0": (0, 0, 0),
    "Start direct na intake": (0, 0, 0),
    "15,5 weken": (109, 109, 109),  # 108,5 up
    "2,5 maand": (76, 76, 76),
    "0,14 (1 werkdag)": (1, 1, 1),  # 0,98 weken = 0,98 dag
}


@pytest.mark.parametrize(("text", "days"), WAITS.items())
def test_a_wait_as_people_write_it(text: str, days: tuple[int, int, int | None]) -> None:
    found = values.wait(text)
    assert (found.state, found.low, found.expected, found.high) == ("getal", *days)


@pytest.mark.parametrize("text", ["Aanmeldstop", "aanmeldstop.", "Cliëntenstop", "gesloten", "Aanmeldstop tot januari"])
def test_a_stop_is_not_a_number(text: str) -> None:
    assert values.wait(text) == WrittenWait("stop")


def test_a_stop_with_its_end() -> None:
    assert values.wait("Aanmeldstop tot 1 september 2026") == WrittenWait("stop", closed_until="2026-09-01")


@pytest.mark.parametrize("text", ["onbekend", "Onbekend", "n.v.t.", "?", "in overleg", "niet bekend", "-"])
def test_unknown_is_unknown(text: str) -> None:
    assert values.wait(text) == WrittenWait("onbekend")


@pytest.mark.parametrize("text", ["veel", "12 - 8 weken", "8 appels", "bel ons", "weken", "tussen de feestdagen", "1-2-3 weken"])
def test_what_is_no_wait_is_a_finding(text: str) -> None:
    with pytest.raises(Unreadable):
        values.wait(text)


def test_weeks_without_a_unit_are_said_to_be_assumed() -> None:
    assert values.wait("8").weeks_assumed
    assert values.wait("8 - 12").weeks_assumed
    assert not values.wait("8 weken").weeks_assumed
    assert not values.wait("0").weeks_assumed


@given(st.text(max_size=30))
def test_every_text_is_a_wait_or_unreadable(text: str) -> None:
    try:
        found = values.wait(text)
    except Unreadable:
        return
    if found.state == "getal":
        assert found.low is not None
        assert found.expected is not None
        assert 0 <= found.low <= found.expected
        assert found.high is None or found.expected <= found.high
    else:
        assert (found.low, found.expected, found.high) == (None, None, None)


@given(st.integers(0, 500), st.sampled_from(["dagen", "weken", "wk", "maanden", "mnd", "jaar"]))
def test_a_number_of_units_is_that_many_days(amount: int, unit: str) -> None:
    days = amount * {"dagen": 1, "weken": 7, "wk": 7, "maanden": 364 / 12, "mnd": 364 / 12, "jaar": 364}[unit]
    assert values.wait(f"{amount} {unit}").expected == pytest.approx(days, abs=0.5)


@given(st.integers(0, 200), st.integers(0, 200), st.sampled_from(["-", " - ", " tot ", "–"]))
def test_a_range_keeps_its_ends(low: int, more: int, sign: str) -> None:
    found = values.wait(f"{low}{sign}{low + more} weken")
    assert (found.low, found.high) == (low * 7, (low + more) * 7)


@pytest.mark.parametrize(
    ("text", "iso"),
    {
        "2026-03-01": "2026-03-01",
        "2026-3-1": "2026-03-01",
        "15-9-2016": "2016-09-15",
        "1/2/2025": "2025-02-01",  # day first, as Dutch writes it
        "3.4.2024": "2024-04-03",
        "2018": "2018",
        "2018-03": "2018-03",
        "03-2018": "2018-03",
        "sept. 2026": "2026-09",
        "19 mei 2026": "2026-05-19",
        "2018-02-10 00:00:00": "2018-02-10",
    }.items(),
)
def test_dates_keep_their_precision(text: str, iso: str) -> None:
    assert values.iso_date(text) == iso


@pytest.mark.parametrize("text", ["31-2-2025", "2025-13", "1-1-25", "binnenkort", "12", "3 foo 2025"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(Unreadable):
        values.iso_date(text)


@given(st.dates())
def test_every_iso_date_of_our_centuries_is_itself(day: object) -> None:
    text = str(day)
    if "1900" <= text[:4] <= "2199":
        assert values.iso_date(text) == text


@pytest.mark.parametrize(
    ("text", "months"),
    {"12": 144, "2,5": 30, "2.5": 30, "17,75": 213, "9 mnd": 9, "4 jaar": 48, "0": 0, "2,25": 27, "6 weken": 1}.items(),
)
def test_ages_in_months(text: str, months: int) -> None:
    assert values.age(text).months == months


@given(st.integers(0, 100 * 4))
def test_quarter_years_are_exact(quarters: int) -> None:
    assert values.age(f"{quarters / 4:.2f}".replace(".", ",")).months == quarters * 3


@pytest.mark.parametrize(
    ("text", "reading", "months"),
    [
        ("0-18", "t/m", (0, 19 * 12, True)),
        ("0-18", "tot", (0, 18 * 12, True)),
        ("0 tot 18", "t/m", (0, 18 * 12, False)),
        ("12 t/m 17", "tot", (144, 18 * 12, False)),
        ("12 t/m 17 jaar", "tot", (144, 18 * 12, False)),
        ("6 - 9 mnd", "tot", (6, 9, True)),
    ],
)
def test_a_range_of_ages_in_one_cell(text: str, reading: str, months: tuple[int, int, bool]) -> None:
    assert values.age_range(text, reading) == months


@pytest.mark.parametrize(
    ("text", "number"), {"1.200": 1200.0, "1.234,5": 1234.5, "4,5": 4.5, "4.5": 4.5, "-3": -3.0, "1 200": 1200.0}.items()
)
def test_numbers_as_dutch_writes_them(text: str, number: float) -> None:
    assert values.number(text) == number


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 4)))
def test_a_number_with_a_comma_reads_back(x: float) -> None:
    assert values.number(f"{x:.4f}".replace(".", ",")) == pytest.approx(x)


@pytest.mark.parametrize("text", ["1,2,3", "1.2.3", "abc", "", "12%", "1e5"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(Unreadable):
        values.number(text)


@pytest.mark.parametrize(
    ("text", "answer"), {"Ja": True, "x": True, "1": True, "NEE": False, "n": False, "onwaar": False}.items()
)
def test_yes_and_no(text: str, answer: bool) -> None:
    assert values.yesno(text) is answer


@pytest.mark.parametrize(
    "parse", [values.wait, values.duration, values.iso_date, values.age, values.number, values.count, values.yesno]
)
@given(text=st.text(max_size=40))
def test_no_parser_fails_in_another_way(parse: object, text: str) -> None:
    assert callable(parse)
    try:
        parse(text)
    except Unreadable:
        return
