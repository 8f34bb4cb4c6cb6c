"""Names of municipalities, of today and of before, and of places, by the form in which they are compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

from .concepts import folded
from .municipalities import Former, former_municipalities, municipalities, places, provinces, today

Kind = Literal["municipality", "former", "place"]

#: How people write the province behind a name: "Hengelo (Gld)", "Bergen NH".
_ABBREVIATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("gr", "gn"), "Groningen"),
        **dict.fromkeys(("fr", "frl", "fri"), "Fryslân"),
        **dict.fromkeys(("dr", "drenthe"), "Drenthe"),
        **dict.fromkeys(("o", "ov", "ovl", "overijssel"), "Overijssel"),
        **dict.fromkeys(("fl", "flevoland"), "Flevoland"),
        **dict.fromkeys(("g", "gld", "gelderland"), "Gelderland"),
        **dict.fromkeys(("u", "ut", "utr"), "Utrecht"),
        **dict.fromkeys(("nh", "noordholland"), "Noord-Holland"),
        **dict.fromkeys(("zh", "zuidholland"), "Zuid-Holland"),
        **dict.fromkeys(("z", "zl", "zld"), "Zeeland"),
        **dict.fromkeys(("nb", "nbr", "br", "noordbrabant", "brabant"), "Noord-Brabant"),
        **dict.fromkeys(("l", "lb", "lim", "limburg"), "Limburg"),
    }
)
#: One letter and "br", "dr", "fl", "fr", "gr" say a province only between brackets; so does the whole name.
_BARE: Final = frozenset(("gld", "nh", "zh", "nb", "lb", "ov", "ut", "utr", "zld", "ovl", "frl", "gelderland", "limburg"))
_PROVINCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{folded(name): name for name in sorted(set(provinces().values()))},
        "friesland": "Fryslân",
        "brabant": "Noord-Brabant",
    }
)
_IN_BRACKETS: Final = re.compile(r"^(?P<name>.*\S)\s*\((?P<part>[^()]{1,20})\)\.?$")
_BEHIND: Final = re.compile(r"^(?P<name>.*\S)(?:\s*,)?\s+(?P<part>[A-Za-z][A-Za-z.\-]{1,12})$")


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a name may mean.

    ``codes``: the municipalities of today that hold it; ``year``: when a former municipality ended;
    ``divided``: it was itself divided over several, and did not only end up in one that was.
    """

    kind: Kind
    name: str
    codes: tuple[str, ...]
    year: int | None = None
    divided: bool = False


def name_key(text: str) -> str:
    """``text`` as names of places are compared: without case, accents, punctuation, "St." as "Sint", "y" as "ij".

    >>> name_key("St. Nyclaasga") == name_key("sint nijclaasga")
    True
    """
    plain = re.sub(r"(?i)\bst[.\-\s]+(?=\w)", "sint ", text)
    plain = re.sub(r"(?i)\ba\s?[./]\s?d\.?(?=[\s/])", "aan den", plain)
    return folded(plain).replace("ij", "y")


def province_behind(text: str) -> tuple[str, str | None]:
    """The name without the province behind it, and the province: "Hengelo (Gld)" → ("Hengelo", "Gelderland")."""
    if (found := _IN_BRACKETS.match(text)) and (province := _ABBREVIATIONS.get(folded(found["part"]))):
        return found["name"], province
    if (found := _IN_BRACKETS.match(text)) and (province := _PROVINCES.get(folded(found["part"]))):
        return found["name"], province
    if (found := _BEHIND.match(text)) and folded(found["part"]) in _BARE:
        return found["name"].rstrip(","), _ABBREVIATIONS[folded(found["part"])]
    return text, None


def province_named(text: str) -> str | None:
    """The province that ``text`` names; "provincie Utrecht" names one, "Utrecht" alone as well."""
    return _PROVINCES.get(re.sub(r"^(?:provincie|prov)", "", folded(text)))


def former_meaning(former: Former) -> Meaning:
    """What a former municipality means today."""
    return Meaning("former", former.name, today(former.code), former.year, len(former.successors) > 1)


@cache
def meanings() -> Mapping[str, tuple[Meaning, ...]]:
    """Everything that each name may mean, by :func:`name_key`; municipalities of today first."""
    found: dict[str, list[Meaning]] = {}

    def note(name: str, meaning: Meaning) -> None:
        keys = {name_key(name), name_key(province_behind(name)[0])}
        for key in keys:
            kept = found.setdefault(key, [])
            if meaning not in kept:
                kept.append(meaning)

    for code, names in municipalities().items():
        for name in names:
            note(name, Meaning("municipality", names[0], (code,)))
    for former in former_municipalities().values():
        note(former.name.removesuffix(" (oud)"), former_meaning(former))
    for name, codes in places().items():
        note(name, Meaning("place", name, codes))
    return MappingProxyType({key: tuple(kept) for key, kept in found.items()})
