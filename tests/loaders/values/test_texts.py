"""Several hundred texts that people really write, each with our own right answer and where it comes from (texts.csv).

The answers are in a notation of their own (8w..12w, <1w, stop<2026-09-01, !code=proposal) that :func:`days` and
:func:`months` below work out apart from the parsers: a week 7 days, a month 52/12 weeks, a year 52 weeks, five
working days a week, whole days with halves up (CONTRACTS §4).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from routekaart.loaders import values
from routekaart.loaders.codes import CODES
from routekaart.loaders.values import Unreadable

with (Path(__file__).parent / "texts.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))
_UNIT_DAYS = {"w": Fraction(7), "m": Fraction(7 * 52, 12), "y": Fraction(364), "d": Fraction(1), "b": Fraction(7, 5)}


def of(*kinds: str) -> list[object]:
    return [pytest.param(r, id=f"{r['kind']}: {r['text']}") for r in ROWS if r["kind"] in kinds]


def _rounded(days: Fraction) -> int:
    return int(days + Fraction(1, 2))


def days(answer: str) -> tuple[int, int, int | None]:
    """(low, expected, high) of 8w, 8w..12w, <1w or >6m."""

    def one(text: str) -> Fraction:
        return Fraction(text[:-1]) * _UNIT_DAYS[text[-1]]

    if answer[0] == "<":
        return 0, _rounded(one(answer[1:]) / 2), _rounded(one(answer[1:]))
    if answer[0] == ">":
        return _rounded(one(answer[1:])), _rounded(one(answer[1:])), None
    low, _, high = answer.partition("..")
    ends = one(low), one(high or low)
    return _rounded(ends[0]), _rounded((ends[0] + ends[1]) / 2), _rounded(ends[1])


def months(answer: str) -> int | None:
    """Months of 18y, 30m or 0; None for nothing."""
    if not answer:
        return None
    return int(answer.rstrip("ym")) * (12 if answer.endswith("y") else 1)


def codes(assumed: object) -> set[str]:
    assert isinstance(assumed, tuple)
    return {a.code for a in assumed}


def refused(row: dict[str, str], error: Unreadable) -> None:
    assert row["answer"].startswith("!"), f"unreadable: {error.code}"
    code, _, proposal = row["answer"][1:].partition("=")
    assert (error.code, error.suggestion) == (code, proposal or None)


@pytest.mark.parametrize("row", of("wait"))
def test_a_wait(row: dict[str, str]) -> None:
    try:
        found = values.wait(row["text"])
    except Unreadable as error:
        return refused(row, error)
    assert codes(found.assumed) == set(row["assumed"].split())
    answer = row["answer"]
    if answer == "?":
        assert found.state == "onbekend"
    elif answer.startswith("stop"):
        until = answer.removeprefix("stop").removeprefix("<")
        assert found.state == "stop"
        assert (found.closed_until or "") == ("" if until.startswith("*") else until)
        assert (found.closed_month or "") == (until[1:] if until.startswith("*") else "")
    else:
        assert (found.state, found.low, found.expected, found.high) == ("getal", *days(answer))
    return None


@pytest.mark.parametrize("row", of("ages"))
def test_ages(row: dict[str, str]) -> None:
    answer = row["answer"]
    try:
        found = values.age_range(row["text"])
        if found is None:
            assert f"one {values.age(row['text']).months}" == answer
            return None
    except Unreadable as error:
        return refused(row, error)
    low, _, until = answer.partition("..")
    assert (found.low, found.until) == (months(low), months(until))
    assert codes(found.assumed) | ({"by_setting"} if found.by_setting else set()) == set(row["assumed"].split())
    return None


PARSERS: dict[str, Callable[[str], Any]] = {
    "date": values.written_date,
    "number": values.number,
    "count": values.count,
    "families": values.families,
    "weeks": values.weeks,
    "duration": values.duration,
    "yesno": values.yesno,
    "postcode": values.postcode,
    "kvk": values.kvk,
    "agb": values.agb,
    "phone": values.phone,
}


EVERY: dict[str, Callable[[str], Any]] = {"wait": values.wait, "ages": values.age_range, **PARSERS}


@pytest.mark.parametrize("row", of(*PARSERS))
def test_a_value(row: dict[str, str]) -> None:
    try:
        found = PARSERS[row["kind"]](row["text"])
    except Unreadable as error:
        return refused(row, error)
    assert codes(found.assumed) == set(row["assumed"].split())
    value = found.value
    if row["answer"] == "?":
        assert value is None
    elif isinstance(value, bool):
        assert row["answer"] == ("ja" if value else "nee")
    elif isinstance(value, (int, float)):
        assert value == float(row["answer"])
    elif isinstance(value, values.Phone):
        assert row["answer"] == f"{value.number} {value.kind}"
    else:
        assert value == row["answer"]
    return None


@pytest.mark.parametrize("row", of("undone"))
def test_what_a_spreadsheet_did_is_undone_where_it_can_mean_one_thing(row: dict[str, str]) -> None:
    assert (values.undone(row["text"]) or "-") == row["answer"]


def test_every_row_of_the_table_is_tested_and_has_a_source() -> None:
    assert {r["kind"] for r in ROWS} == {"wait", "ages", "undone", *PARSERS}
    assert len(ROWS) >= 700
    assert all(r["source"] for r in ROWS)
    assert max(Counter((r["kind"], r["text"]) for r in ROWS).values()) == 1


def test_every_code_of_the_table_is_a_finding() -> None:
    named = {c for r in ROWS for c in r["assumed"].split()} | {
        r["answer"][1:].partition("=")[0] for r in ROWS if r["answer"][:1] == "!"
    }
    assert named - {"by_setting"} <= set(CODES)


@pytest.mark.parametrize("row", of("wait", "ages", *PARSERS))
def test_a_proposal_can_be_put_in_the_cell_as_it_stands(row: dict[str, str]) -> None:
    """What a finding proposes is read by the same parser, and then nothing has to be assumed about it again."""
    parse = EVERY[row["kind"]]
    found: Any
    try:
        found = parse(row["text"])
        proposals = [(a.code, a.read_as) for a in found.assumed if a.read_as] if found else []
    except Unreadable as error:
        found, proposals = None, [(error.code, error.suggestion)] if error.suggestion else []
    for code, proposal in proposals:
        again = parse(proposal)
        # a period stays a period; a word for a season is what the proposal "winter 2024-2025" still is
        assert again is not None
        assert code not in codes(again.assumed)
        if found is not None and row["kind"] == "ages":
            assert (again.low or 0, again.until) == (found.low or 0, found.until)
        elif found is not None and row["kind"] == "wait" and found.state == "getal":
            # proposals are written with three decimals: a day at most
            assert abs(again.low - found.low) <= 1
        elif found is not None and row["kind"] not in ("wait", "ages", "phone"):
            assert again.value == found.value


def test_no_answer_depends_on_case_spaces_or_dashes() -> None:
    """Every text of the table again: upper case, wide spaces, an en dash, a no-break space."""
    for row in ROWS:
        if row["kind"] == "undone":
            continue
        parse = EVERY[row["kind"]]
        answers = []
        text = row["text"]
        for variant in (
            text,
            text.upper(),
            f"  {text}\t",
            text.replace(" ", "\u00a0"),
            text.replace("-", "\u2013"),
            re.sub(" ", "  ", text),
        ):
            try:
                found = parse(variant)
                answers.append(
                    getattr(found, "value", None)
                    or tuple(getattr(found, n, None) for n in ("state", "low", "high", "until", "closed_until"))
                )
            except Unreadable as error:
                answers.append((error.code, error.suggestion))
        assert len(set(map(str, answers))) == 1, (text, answers)
