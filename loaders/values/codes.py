"""Codes and numbers with a fixed form: postcodes, KvK, AGB, telephone numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .text import Assumed, Read, Unreadable, is_unknown, plain

_POSTCODE: Final = re.compile(r"([1-9]\d{3}) ?-?([a-z]{2})")
_LABEL: Final = re.compile(r"^(?:kvk|agb|k\.v\.k\.|kamer van koophandel)?[ -]?(?:nummer|code|nr\.?|no\.?)?[ :.]*")
_SIGNS: Final = re.compile(r"[ .\-]")


def postcode(text: str) -> Read[str]:
    """A Dutch postcode as "6711 AB"; SA, SD and SS are not given out."""
    given = plain(text)
    if is_unknown(given):
        return Read(None)
    found = _POSTCODE.fullmatch(given)
    if not found or found[2] in ("sa", "sd", "ss"):
        raise Unreadable(text)
    return Read(f"{found[1]} {found[2].upper()}")


def kvk(text: str) -> Read[str]:
    """A number in the trade register: eight digits; seven have lost a leading zero, which is put back and said."""
    return _eight(text)


def agb(text: str) -> Read[str]:
    """An AGB code: eight digits of which the first two are the kind of care (01–99).

    Seven digits have lost a leading zero, as the NZa file of 2016 itself has 6290832 for 06290832.
    """
    read = _eight(text)
    if read.value and read.value.startswith("00"):
        raise Unreadable(text)
    return read


def _eight(text: str) -> Read[str]:
    given = plain(text)
    if is_unknown(given):
        return Read(None)
    # a spreadsheet keeps a number as 6290832.0
    digits = _SIGNS.sub("", re.sub(r"^(\d{7,8})[.,]0+$", r"\1", _LABEL.sub("", given)))
    if not re.fullmatch(r"[0-9]{7,8}", digits) or int(digits) == 0:
        raise Unreadable(text)
    if len(digits) == 7:
        return Read(f"0{digits}", (Assumed("code-zero", f"0{digits}"),))
    return Read(digits)


# --- telephone ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Phone:
    """A Dutch telephone number as it is dialled, and its kind: vast, mobiel or service."""

    number: str
    kind: str


#: Area codes of three digits; every other is of four (Nummerplan telefoon- en ISDN-diensten, bijlage 1).
_SHORT_AREAS: Final = frozenset(
    "010 013 015 020 023 024 026 030 033 035 036 038 040 043 045 046 050 053 055 058 "
    "070 071 072 073 074 075 076 077 078 079".split()
)
_SERVICE: Final = re.compile(r"(0800|0900|0906|0909)(\d{4}|\d{7})")
_COUNTRY: Final = re.compile(r"^(?:\+31|0031|31(?=\d{9}$))(?:\(0\)|0(?=\d{9}$))?")
_LABEL_PHONE: Final = re.compile(r"^(?:tel(?:efoon)?(?:nummer|nr\.?)?|t|mob(?:iel)?)[.:]* ?(?=[\d+(])")


def phone(text: str) -> Read[Phone]:
    """A Dutch telephone number in one form ("0318 123456"), with its kind.

    Nine digits have lost the leading zero, which is put back and said. Kinds by the national number plan: mobile 06
    (061–065, 068), fixed 01–05 and 07, all others (0800, 0900, 084, 085, 087, 088, 091, 14…, 116…) service.
    """
    given = plain(text)
    if is_unknown(given):
        return Read(None)
    digits = re.sub(r"[ ./-]", "", _LABEL_PHONE.sub("", given))
    digits = _COUNTRY.sub("0", digits).replace("(0)", "", 1)
    digits = digits.replace("(", "").replace(")", "")
    if not re.fullmatch(r"[0-9]{3,11}", digits):
        raise Unreadable(text)
    made = _phone(digits)
    if made is None and len(digits) == 9 and digits[0] != "0" and (made := _phone(f"0{digits}")):
        return Read(made, (Assumed("code-zero", made.number),))
    if made is None:
        raise Unreadable(text)
    return Read(made)


def _phone(digits: str) -> Phone | None:
    if found := _SERVICE.fullmatch(digits):
        return Phone(f"{found[1]} {found[2]}", "service")
    if re.fullmatch(r"14(?:0\d{2,3})", digits):
        return Phone(f"14 {digits[2:]}", "service")
    if digits in ("112", "113") or re.fullmatch(r"116\d{3}|18\d{2}", digits):
        return Phone(digits, "service")
    if len(digits) != 10 or digits[0] != "0":
        return None
    if re.match(r"06[1-58]", digits):
        return Phone(f"06 {digits[2:]}", "mobiel")
    if digits[:3] in ("084", "085", "087", "088", "091"):
        return Phone(f"{digits[:3]} {digits[3:]}", "service")
    if (digits[1] in "123457" and digits[2] != "0") or digits[:3] in _SHORT_AREAS:
        area = 3 if digits[:3] in _SHORT_AREAS else 4
        return Phone(f"{digits[:area]} {digits[area:]}", "vast")
    return None
