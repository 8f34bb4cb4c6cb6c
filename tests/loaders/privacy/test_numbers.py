"""Citizen service numbers, mobile numbers, bank accounts, birth dates: found however they are written, and little else."""

from __future__ import annotations

import random
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routekaart.loaders.privacy.numbers import (
    by_chance,
    has_bank_account,
    has_birth_date,
    has_mobile,
    header_says_bsn,
    holds_bsn,
    nine_digit_numbers,
    passes_eleven_test,
    says_bsn,
)

# the three test numbers that the Dutch tax office and RvIG use in their manuals pass the elfproef
KNOWN = ("111222333", "123456782", "999999990")


def numbers_that_pass(seed: int, number: int) -> list[str]:
    """Made by the definition, without our own function: choose eight digits, keep those whose ninth can be a digit."""
    chosen = random.Random(seed)
    made: list[str] = []
    while len(made) < number:
        digits = [chosen.randint(1, 9), *(chosen.randint(0, 9) for _ in range(7))]
        last = sum(d * w for d, w in zip(digits, range(9, 1, -1), strict=True)) % 11
        if last < 10:
            made.append("".join(map(str, [*digits, last])))
    return made


def column(header: str, texts: list[str]) -> bool:
    return holds_bsn(header, len(texts), [(t, 1) for t in texts])


@pytest.mark.parametrize("text", KNOWN)
def test_known_test_numbers_pass(text: str) -> None:
    assert passes_eleven_test(text)
    assert not passes_eleven_test(str(int(text) + 1))


@given(st.integers(0, 10**6))
def test_the_elfproef_agrees_with_its_definition(seed: int) -> None:
    for made in numbers_that_pass(seed, 3):
        assert passes_eleven_test(made)


WAYS = (
    "{0}", "{0} ", "{a}.{b}.{c}", "{a} {b} {c}", "{a}-{b}-{c}", "{0}.0", "{0},0", "BSN: {0}", "bsn {a}.{b}.{c} (kind)", "nr {0};", "({0})",
    "{p}E+08", "{p}e8",
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@given(st.integers(0, 10**6))
def test_a_column_of_them_is_found_however_they_are_written(way: str, seed: int) -> None:
    made = numbers_that_pass(seed, 4)
    texts = [way.format(n, a=n[:3], b=n[3:6], c=n[6:], p=f"{n[0]}.{n[1:]}") for n in made]
    assert column("nummer", texts)
    assert column("nummer", [*texts, "onbekend", "nee", "?"])


def test_several_in_a_cell_and_a_lost_zero() -> None:
    made = numbers_that_pass(1, 6)
    assert column("kinderen", [f"{made[0]}; {made[1]}", f"{made[2]} en {made[3]}", made[4]])
    eight = [str(i) for i in range(10_000_001, 10_000_400) if passes_eleven_test(str(i))][:9]
    assert all(len(n) == 8 for n in eight)
    assert column("BSN", eight)
    assert column("nummer", eight)  # nine of nine by chance: less than once in a thousand million
    assert not column("nummer", eight[:3])  # three trade register numbers can do that


def test_a_header_that_says_so_needs_only_a_number() -> None:
    for header in (
        "BSN",
        "bsn",
        "BSN kind",
        "bsn-nummer",
        "Burgerservicenummer",
        "burger service nummer",
        "sofinummer",
        "BSN_nr",
    ):
        assert header_says_bsn(header), header
        assert column(header, ["123456789"])
        assert not column(header, ["ja", "nee"])
    for header in ("naam", "absnummer2", "abonnement", "absent"):
        assert not header_says_bsn(header) or header == "absnummer2"


@pytest.mark.parametrize(
    "header", ["kvk", "KvK-nummer", "agb", "AGB-code", "telefoon", "Telefoonnummer", "rsin", "BTW-nummer", "vestigingsnummer"]
)
def test_a_few_numbers_in_a_column_that_says_something_else_are_left_alone(header: str) -> None:
    assert not column(header, list(KNOWN)[:4])


@pytest.mark.parametrize("header", ["kvk", "telefoon", "agb"])
def test_a_wrong_header_hides_nothing(header: str) -> None:
    # the chance that twenty of twenty other numbers pass is 11 ** -20
    assert column(header, (list(KNOWN) * 20)[:20])
    assert not column("rsin", (list(KNOWN) * 20)[:20])


@pytest.mark.parametrize(
    "texts",
    [
        ["0318 123456", "0318-654321", "(0318) 12 34 56", "+31 318 123 456", "0031 318 123456"] * 3,
        ["06-12345678", "0612345678", "+31 6 12345678"] * 4,
        ["6711 AB", "6712 CD", "3771 XX"] * 4,
        [str(y) for y in range(1990, 2030)],
        [str(n) for n in range(100)],
        ["2026-01-01", "01-03-2025", "20260101", "20250301"] * 5,
        ["12.345.678,90", "1.234.567", "€ 123.456.789"] * 3,
        ["https://een.example/123456782", "x123456782@een.example", "12345678901234", "NL123456782B01"] * 3,
        ["GM0228", "0228", "P001", "A-000123"] * 4,
    ],
)  # fmt: skip
def test_other_numbers_are_no_citizen_service_numbers(texts: list[str]) -> None:
    assert not column("nummer", texts)


@given(st.integers(100_000_000, 999_000_000), st.integers(1, 9), st.integers(30, 400))
def test_numbers_that_count_up_are_ids(first: int, step: int, number: int) -> None:
    # of shorter columns (6 to 10 rows) some 1 in 120 is refused all the same, by chance: the rule says so
    assert not column("id", [str(first + step * i) for i in range(number)])


def test_how_often_chance_refuses_a_column() -> None:
    # the rule (three at least, and half) by counting, beside the binomial that numbers.py documents
    chosen = random.Random(20261122)
    for size, rounds, limit in ((3, 4_000, 0.004), (6, 4_000, 0.022), (10, 4_000, 0.004), (30, 1_000, 0.0)):
        refused = sum(column("nummer", [str(chosen.randint(10**8, 10**9 - 1)) for _ in range(size)]) for _ in range(rounds))
        assert refused / rounds <= limit, size
    exact = {
        n: sum(comb(n, k) / 11**k * (10 / 11) ** (n - k) for k in range(max(3, (n + 1) // 2), n + 1)) for n in (3, 6, 10, 30)
    }
    assert {n: round(by_chance(max(3, (n + 1) // 2), n), 12) for n in exact} == {n: round(p, 12) for n, p in exact.items()}
    assert exact[3] == pytest.approx(1 / 1331)
    assert 1 / 85 < exact[6] < 1 / 75
    assert exact[30] < 1e-6


@given(st.integers(0, 10**6), st.integers(6, 300))
def test_eight_digit_registers_are_left_alone(seed: int, size: int) -> None:
    chosen = random.Random(seed)
    assert not column("registratie", [str(chosen.randint(10**7, 10**8 - 1)) for _ in range(size)])


def test_a_text_that_says_bsn() -> None:
    assert says_bsn("kind met BSN: 123456782 is bekend")
    assert says_bsn("bsn nr. 111.222.333")
    assert not says_bsn("BSN niet meesturen, bel 0318 123456")
    assert not says_bsn("123456782")
    assert not says_bsn("BSN: 123456789")


@pytest.mark.parametrize(
    "text",
    ["06-12345678", "0612345678", "06 12 34 56 78", "06.12.34.56.78", "+31 6 12345678", "+31(0)6-1234 5678", "+31612345678", "0031612345678",
     "(06) 12345678", "bel 06 - 1234 5678 of mail", "612345678"],
)  # fmt: skip
def test_mobile_numbers_in_all_spellings(text: str) -> None:
    assert has_mobile(text)


@pytest.mark.parametrize(
    "text",
    ["0318-123456", "020 6123456", "+31 318 612345", "0800-0612345", "88006123456781", "groep 6, 12 tot 16", "2026-06-12 10:45",
     # the id of a service in a list of HSDS: 06 and eight digits in it are no number
     "5f0c3a06-1234-5678-9abc-0123456789ab"],
)  # fmt: skip
def test_other_telephone_numbers_stay(text: str) -> None:
    assert not has_mobile(text)


def test_birth_dates_and_bank_accounts() -> None:
    for text in ("geb. 12-03-2014", "geboren op 3 mei 2012", "Geboortedatum: 01/02/2010", "(geb 3-4-15)"):
        assert has_birth_date(text), text
    for text in (
        "kinderen geboren op of na 1 oktober 2020",
        "geboren in 2014 of later",
        "geboren tussen 2010 en 2014",
        "op 12-03-2014 gestart",
    ):
        assert not has_birth_date(text), text
    # the account of the Dutch IBAN example (Betaalvereniging Nederland)
    for text in ("NL91 ABNA 0417 1643 00", "betaal op NL91ABNA0417164300 ovv naam"):
        assert has_bank_account(text), text
    assert not has_bank_account("NL92 ABNA 0417 1643 00")


@given(st.text(max_size=200))
def test_any_text_is_looked_at_without_trouble(text: str) -> None:
    list(nine_digit_numbers(text))
    assert isinstance(has_mobile(text) or says_bsn(text) or has_birth_date(text) or has_bank_account(text), bool)
