"""Numbers that belong to one person: citizen service numbers (BSN), mobile numbers, bank accounts, birth dates.

The rule for a column of citizen service numbers
------------------------------------------------
Of random numbers of nine digits 1 in 11 passes the elfproef by chance. A column is refused

* whose header says BSN and that holds a number of eight or nine digits at all; or
* that holds at least three numbers of nine digits that pass, at least half of its numbers and at least half
  of its filled cells being such (DESIGN, Privacy). By chance that happens to 1 in 1,331 columns of three random
  numbers of nine digits, 1 in 80 of six, 1 in 1,000 of ten and fewer than one in a million of thirty; numbers
  that count up hardly ever do it, because of any eleven that follow each other about one passes; or
* whose numbers have eight digits (a leading zero lost), when so many pass that chance would do it less than
  once in a million columns: trade register numbers, AGB codes and dates have eight digits as well.

A column that says that it holds something else (KvK, AGB, telephone …) is refused only when so many pass that chance
would do it less than once in a million columns: a wrong header hides nothing. RSIN and VAT numbers pass the elfproef
by their nature and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import comb
from typing import Final

from ...ontology.concepts import folded

#: What may be a citizen service number, for Polars (no look-around): eight or nine digits, in groups or not.
BSN_LIKE: Final = r"\d{8}|\d{2,3}[ .\-]\d{3}[ .\-]\d{3}|\d{4}[ .\-]\d{2}[ .\-]\d{3}|\d[.,]\d{5,}[eE]\+?0?8"
MOBILE_LIKE: Final = r"(?:31|0|\(0\))[\s().\-]{0,4}6[\s.\-]?(?:\d[\s.\-]?){7}\d|^6\d{8}$"
BIRTH_LIKE: Final = r"(?i)\b(?:geb|geboren|geboortedatum|gebdatum|born)\b"
IBAN_LIKE: Final = r"(?i)\b[a-z]{2}\d{2}[ ]?[a-z]{4}[ ]?\d{2}"

_NUMBER: Final = re.compile(
    r"(?<![\d.,\-/@_A-Za-z])(?<!\d )(?:(?P<whole>\d{8,9})(?:[.,]0+)?"
    r"|(?P<grouped>\d{2,3}([ .\-])\d{3}\3\d{3}|\d{4}([ .\-])\d{2}\4\d{3})"
    r"|(?P<power>\d[.,]\d{5,8})[eE]\+?0?8)(?![\d@/\-]|[.,]\d)"
)
_AFTER_COUNTRY: Final = re.compile(r"(?:\+|00)\s?\d{2}[\s().0-]*$")
_SAYS_BSN: Final = re.compile(r"(?i)\b(?:bsn|burger\s?service\s?n(?:ummer|r)|sofi\s?-?n(?:ummer|r))\b")
_BSN_HEADER: Final = re.compile(r"(?i)(?:^|[^a-z])bsn(?:$|[^a-z])|^bsn|bsn$|burger\s?-?service|sofi\s?-?(?:nr|nummer)")
_SAME_TEST: Final = re.compile(r"(?i)rsin|fiscaal|btw|\bvat\b")
_OTHER_NUMBERS: Final = re.compile(
    r"(?i)kvk|kamer\s?van\s?koophandel|agb|vestigingsn|telefoon|\btel\b|phone|\bfax\b|mobiel|postcode|iban|brin|oin\b"
    r"|isbn|datum|\bdate\b|inwoners|bedrag|budget|omzet|barcode|\bean\b"
)
_MOBILE: Final = re.compile(
    r"(?<![\d/])(?:(?:\+|00)31[\s.\-]*(?:\(0\))?[\s.\-]*|\(?0\)?[\s.\-]?)6[\s.\-)]*(?:\d[\s.\-]{0,2}){7}\d(?!\d)|^6\d{8}$"
)
_UUID: Final = re.compile(r"(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_MONTH: Final = (
    r"(?:\d{1,2}|jan\w*|feb\w*|mrt|maart|apr\w*|mei|jun\w*|jul\w*|aug\w*|sep\w*|okt\w*|nov\w*|dec\w*|mar\w*|may|oct\w*)"
)
_BIRTH: Final = re.compile(
    r"(?i)\b(?:geb\.?|geboren|geboortedatum|geb\.?\s?datum|born)\s*(?:op|on|:|d\.?d\.?|=)?\s*\d{1,2}\s?[-/. ]\s?"
    rf"{_MONTH}\s?[-/. ]\s?(?:19|20)?\d{{2}}\b(?!\s*(?:of|en|t/m|tot|or|and)\s)"
)
_IBAN: Final = re.compile(r"(?i)\b([a-z]{2}\d{2}(?:[ ]?[a-z0-9]{4}){2,7}(?:[ ]?[a-z0-9]{1,3})?)\b")
_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)
#: Chance that columns of other numbers of eight digits are taken for citizen service numbers.
_RARE: Final = 1e-6


def passes_eleven_test(text: str) -> bool:
    """The elfproef of a burgerservicenummer: 9·d1 + 8·d2 + … + 2·d8 − d9 is a multiple of 11."""
    digits = re.sub(r"\D", "", text).zfill(9)
    if len(digits) != 9 or digits == "000000000":
        return False
    return sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True)) % 11 == 0


def nine_digit_numbers(text: str) -> Iterator[str]:
    """The numbers of eight or nine digits in a text: bare, in groups, or as a spreadsheet writes a large number."""
    for found in _NUMBER.finditer(text):
        if _AFTER_COUNTRY.search(text, max(0, found.start() - 12), found.start()):
            continue
        if found["power"]:
            lead, _, rest = found["power"].replace(",", ".").partition(".")
            yield (lead + rest.ljust(8, "0"))[:9]
        else:
            yield re.sub(r"\D", "", found["whole"] or found["grouped"])


def says_bsn(text: str) -> bool:
    """Whether the text says BSN and a number that passes stands close behind it."""
    for said in _SAYS_BSN.finditer(text):
        near = text[said.end() : said.end() + 40]
        if any(passes_eleven_test(number) for number in nine_digit_numbers(" " + near.lstrip(" :.-=nr#"))):
            return True
    return False


def header_says_bsn(header: str) -> bool:
    return _BSN_HEADER.search(header) is not None and "abonnement" not in folded(header)


@dataclass(slots=True)
class _Count:
    numbers: int = 0
    passing: int = 0
    cells: int = 0


def holds_bsn(header: str, filled: int, texts: Iterable[tuple[str, int]]) -> bool:
    """Whether a column holds citizen service numbers; ``texts``: its cells with digits, each with how often it is there."""
    said = header_says_bsn(header)
    if not said and _SAME_TEST.search(header):
        return False
    nine, eight = _Count(), _Count()
    for text, times in texts:
        numbers = list(nine_digit_numbers(text))
        for count, length in ((nine, 9), (eight, 8)):
            own = [n for n in numbers if len(n) == length]
            passing = sum(passes_eleven_test(n) for n in own)
            count.numbers += len(own) * times
            count.passing += passing * times
            count.cells += bool(passing) * times
    if said:
        return nine.numbers + eight.numbers > 0
    other = _OTHER_NUMBERS.search(header) is not None
    rare = not other or by_chance(nine.passing, nine.numbers) < _RARE
    if nine.passing >= 3 and nine.passing * 2 >= nine.numbers and (nine.cells + eight.cells) * 2 >= filled and rare:
        return True
    return eight.cells * 2 >= filled and eight.passing >= 3 and by_chance(eight.passing, eight.numbers) < _RARE


def by_chance(passing: int, numbers: int, each: float = 1 / 11) -> float:
    """The chance that at least ``passing`` of ``numbers`` random numbers pass the elfproef (binomial)."""
    if numbers > 200:
        # the tail is far below any limit of ours when half of so many pass, and never when a tenth does
        return 0.0 if passing > numbers / 3 else 1.0
    return sum(comb(numbers, k) * each**k * (1 - each) ** (numbers - k) for k in range(passing, numbers + 1))


def has_mobile(text: str) -> bool:
    """Whether the text holds a mobile number; the digits of a UUID (RFC 9562) are none, whatever they look like."""
    return _MOBILE.search(_UUID.sub("", text)) is not None


def has_birth_date(text: str) -> bool:
    """Whether the text says when somebody was born; "geboren op of na 1 oktober 2020" is a rule, not a person."""
    return _BIRTH.search(text) is not None


def has_bank_account(text: str) -> bool:
    """Whether the text holds an IBAN that passes its check (ISO 13616, modulo 97)."""
    for found in _IBAN.findall(text):
        plain = found.replace(" ", "").upper()
        for length in {len(plain), 18}:
            account = plain[:length]
            if 15 <= len(account) <= 34 and int("".join(str(int(c, 36)) for c in account[4:] + account[:4])) % 97 == 1:
                return True
    return False
