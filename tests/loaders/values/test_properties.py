"""Properties of every parser: whatever the text, the outcome is a value, unknown, or Unreadable with a known code."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routekaart.graph.dates import first_day, last_day
from routekaart.loaders import values
from routekaart.loaders.codes import CODES
from routekaart.loaders.values import Unreadable
from routekaart.loaders.values.text import LONGEST

PARSERS: dict[str, Callable[[str], object]] = {
    name: getattr(values, name)
    for name in (
        "wait duration weeks written_date iso_date age age_range number count families yesno postcode kvk agb phone undone".split()
    )
}
#: Pieces that people's cells are made of: random texts of these come much nearer to values than random signs do.
PIECES = st.lists(
    st.sampled_from(
        "8 12 1,5 ½ 0 2026 31 een twee anderhalf half weken wk maanden mnd jaar dagen werkdagen - – tot t/m tot_en_met à a en of / < > ± ca. "
        "+ ( ) , ; . : geen wachttijd wachtlijst aanmeldstop cliëntenstop gesloten vol tot januari mei voorjaar kwartaal Q3 week begin eind "
        "schooljaar vanaf minder_dan langer_dan of_langer onbekend n.v.t. ja nee mits groep basisschool kleuters jongeren -9_mnd € % kinderen "
        "0318 06 +31 KvK 6711 AB 3-mei dec-18 direct na intake behandeling momenteel".split()
    ),
    max_size=8,
).map(lambda parts: " ".join(parts).replace("_", " "))


def read(parse: Callable[[str], object], text: str) -> object:
    try:
        return parse(text)
    except Unreadable as error:
        # a code that is no finding is a KeyError here
        return (error.code, CODES[error.code], error.suggestion)


@pytest.mark.parametrize("name", PARSERS)
@given(text=st.text(max_size=40) | PIECES)
def test_no_text_makes_a_parser_fail_in_another_way(name: str, text: str) -> None:
    found = read(PARSERS[name], text)
    assert {a.code for a in getattr(found, "assumed", ())} <= set(CODES)


@pytest.mark.parametrize("name", PARSERS)
@given(text=PIECES)
def test_case_spaces_and_dashes_do_not_matter(name: str, text: str) -> None:
    expected = read(PARSERS[name], text)
    for variant in (text.upper(), f"\u00a0 {text} ", text.replace(" ", "\u2003"), text.replace("-", "\u2013"), f"\u200b{text}"):
        assert read(PARSERS[name], variant) == expected


@given(PIECES)
def test_what_is_read_of_a_wait_is_in_order(text: str) -> None:
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


@given(PIECES)
def test_what_is_read_of_ages_is_in_order(text: str) -> None:
    try:
        found = values.age_range(text)
    except Unreadable:
        return
    if found and found.low is not None and found.until is not None:
        assert 0 <= found.low < found.until


@given(PIECES)
def test_what_is_read_of_a_date_is_a_date(text: str) -> None:
    try:
        found = values.written_date(text).value
    except Unreadable:
        return
    if found is not None:
        assert first_day(found) <= last_day(found)


@pytest.mark.parametrize("name", PARSERS)
def test_long_texts_take_no_time(name: str) -> None:
    """A megabyte, and the longest text that is still looked at, of every sign and word that a pattern repeats over."""
    bits = [
        "1",
        "1-",
        "1 ",
        "(",
        ")",
        "een ",
        "nu ",
        "tot ",
        "geen ",
        " wachttijd",
        "a",
        " ",
        "\t",
        "-",
        "½",
        "é",
        "vanaf ",
        "op dit moment ",
    ]
    bits += [
        "er is ",
        "direct ",
        "start ",
        "8 weken ",
        "8 weken, ",
        "1 jaar en ",
        "+",
        "'",
        "0",
        ".",
        "€",
        "\u200b",
        "aanmeldstop tot ",
        "per ",
    ]
    for bit in bits:
        for text in (
            bit * (1_000_000 // len(bit)),
            (bit * LONGEST)[:LONGEST],
            (bit * LONGEST)[: LONGEST - 5] + " week",
            "x" + (bit * 190)[:190] + "!",
        ):
            start = time.process_time()
            read(PARSERS[name], text)
            assert time.process_time() - start < 0.1, (bit, len(text))


# --- render, then parse -----------------------------------------------------------------------------
_UNITS = {"dagen": 1, "werkdagen": 7 / 5, "weken": 7, "wk": 7, "maanden": 364 / 12, "mnd": 364 / 12, "jaar": 364}
units = st.sampled_from(sorted(_UNITS))


@given(st.integers(0, 10), units)
def test_a_number_of_units_is_that_many_days(amount: int, unit: str) -> None:
    assert values.wait(f"{amount} {unit}").expected == pytest.approx(amount * _UNITS[unit], abs=0.5)


@given(st.integers(0, 200), st.integers(0, 200), st.sampled_from(["-", " - ", " tot ", "–", " à ", " t/m "]))
def test_a_range_keeps_its_ends(low: int, more: int, sign: str) -> None:
    found = values.wait(f"{low}{sign}{low + more} weken")
    assert (found.low, found.high) == (low * 7, (low + more) * 7)


@given(st.integers(1, 500), st.integers(1, 500), units)
def test_longer_is_never_shorter(one: int, other: int, unit: str) -> None:
    """Monotone in the number, for the plain form and for each sign that makes it a bound."""
    if max(one, other) * _UNITS[unit] > 3640:
        return
    less, more = sorted((one, other))
    for form in ("{} {}", "ca. {} {}", "< {} {}", "> {} {}", "binnen {} {}", "{} {} of langer"):
        first, second = values.wait(form.format(less, unit)), values.wait(form.format(more, unit))
        assert (first.expected or 0) <= (second.expected or 0)
        assert (first.high is None) == (second.high is None)
        assert (first.high or 0) <= (second.high or 0)


days = st.dates(date(1990, 1, 1), date(2099, 12, 31))
_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()


@given(days)
def test_a_day_is_that_day_in_every_form(day: date) -> None:
    month = _MONTHS[day.month - 1]
    serial = (day - date(1899, 12, 30)).days
    forms = [
        day.isoformat(),
        f"{day.day}-{day.month}-{day.year}",
        f"{day:%d/%m/%Y}",
        f"{day:%d.%m.%Y}",
        f"{day.day} {month} {day.year}",
    ]
    forms += [
        f"{day.day} {month[:3] if month != 'maart' else 'mrt'}. {day.year}",
        f"{day:%Y%m%d}",
        str(serial),
        f"{day.isoformat()} 00:00:00",
    ]
    assert {values.written_date(f).value for f in forms} == {day.isoformat()}
    assert values.written_date(str(serial)).assumed  # a serial number is said to be one
    assert values.iso_date(day.isoformat()) == day.isoformat()
    with pytest.raises(Unreadable):
        values.iso_date(str(serial))


@given(days, days)
def test_an_interval_holds_its_days(one: date, other: date) -> None:
    low, high = sorted((one, other))
    found = values.written_date(f"{low.isoformat()}/{high.isoformat()}").value
    assert found is not None
    assert (first_day(found), last_day(found)) == (low, high)


@given(days)
def test_a_week_and_a_quarter_hold_their_days(day: date) -> None:
    year, week, _ = day.isocalendar()
    quarter = (day.month + 2) // 3
    for text in (f"week {week} {year}", f"Q{quarter} {day.year}", f"{quarter}e kwartaal {day.year}"):
        found = values.written_date(text).value
        assert found is not None
        assert first_day(found) <= day <= last_day(found)
        assert (last_day(found) - first_day(found)) <= timedelta(days=91)


@given(st.integers(0, 100 * 4))
def test_quarter_years_are_exact(quarters: int) -> None:
    assert values.age(f"{quarters / 4:.2f}".replace(".", ",")).months == quarters * 3


@given(st.integers(0, 90), st.integers(1, 20), st.sampled_from(["t/m", "tot"]))
def test_ages_read_back(low: int, more: int, reading: str) -> None:
    high = low + more
    for text in (f"{low}-{high}", f"{low} – {high} jaar", f"tussen {low} en {high}"):
        found = values.age_range(text, reading)
        assert found is not None
        assert (found.low, found.until, found.by_setting) == (low * 12, (high + (reading == "t/m")) * 12, True)
    for sign, until in (("tot", high), ("t/m", high + 1), ("tot en met", high + 1)):
        found = values.age_range(f"{low} {sign} {high}", reading)
        assert found is not None
        assert (found.low, found.until, found.by_setting) == (low * 12, until * 12, False)
        same = values.age_cells({"age_from": str(low), "age_until": None, "age_through": f"{sign} {high} jaar"}, reading)
        assert (same.low, same.until) == (low * 12, until * 12)


@given(st.integers(-(10**12), 10**12), st.integers(0, 99))
def test_a_number_as_dutch_writes_it_reads_back(whole: int, cents: int) -> None:
    written = f"{abs(whole):,}".replace(",", ".") + f",{cents:02d}"
    assert values.number(("-" if whole < 0 else "") + written).value == pytest.approx(
        (abs(whole) + cents / 100) * (-1 if whole < 0 else 1)
    )


@given(st.integers(1, 10**9))
def test_a_count_reads_back_and_a_small_one_of_families_does_not(number: int) -> None:
    assert values.count(f"{number:,}".replace(",", ".")).value == number
    assert values.families(f"<{number % 1000}").value is None


@given(st.from_regex(r"[0-9]{8}", fullmatch=True))
def test_codes_keep_their_zeros(code: str) -> None:
    if int(code) == 0:
        return
    assert values.kvk(code).value == code
    if code[0] == "0" and code[1] != "0":
        # what a spreadsheet makes of it
        found = values.agb(str(int(code)))
        assert (found.value, [a.code for a in found.assumed]) == (code, ["code-zero"])


@given(st.sampled_from(["010", "0318", "06", "088", "085", "0342"]), st.from_regex(r"[1-58][0-9]{7}", fullmatch=True))
def test_a_telephone_number_has_one_form(start: str, rest: str) -> None:
    digits = (start + rest)[:10]
    found = values.phone(digits).value
    assert found is not None
    for text in (
        found.number,
        f"+31{digits[1:]}",
        f"0031 {digits[1:]}",
        f"+31 (0){digits[1:]}",
        digits[1:],
        f"({start}) {digits[len(start) :]}",
    ):
        assert values.phone(text).value == found


@given(st.integers(1, 12), st.integers(1, 31))
def test_a_range_that_became_a_date_comes_back(first: int, second: int) -> None:
    """What a Dutch spreadsheet shows for a typed "first-second": d-mmm where that is a day, else mmm-jj."""
    if second <= 12 and first <= second:
        shown = f"{first}-{_MONTHS[second - 1][:3]}"
    elif second > 12:
        shown = f"{_MONTHS[first - 1][:3]}-{second:02d}"
    else:
        return
    assert values.undone(shown.replace("maa", "mrt")) == f"{first}-{second}"
