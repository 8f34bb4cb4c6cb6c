"""The words of a log → small numbers: organisations, municipalities, themes and age bands, the same on every engine.

Only distinct words are looked at here, so this is quick however long the log is. Numbers go by alphabet, never by
the order in which something was met.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Final

from ...ontology.catalogue import ToldError
from ...ontology.concepts import folded, scheme
from ..municipalities import MunicipalityNames
from ..privacy.persons import Care, has_personal_mail, names_a_person
from .mapping import Mapping as LogMapping
from .moments import BITS as MOMENT_BITS
from .moments import WAIT_BITS

#: No word: nothing is known, or it was left unread.
NOTHING: Final = 0
OUTCOMES: Final = scheme("outcome").slugs
_OUTCOME: Final = "uitkomst:"
#: Organisations, a cell and a moment must fit in one number of 63 bits, with a bit to spare.
_MOST_BITS: Final = 62
_NARROW: Final = 31
_CODE: Final = re.compile(r"(?i)^gm\d{4}$")


class CodesError(ToldError):
    """There are too many different words for what they are said to be."""


#: Municipality, age from and until in months, theme.
Cell = tuple[str | None, int | None, int | None, str | None]


@dataclass
class Words:
    """Words with their numbers: ``names[n]`` is what number n means (nothing for 0), ``number`` what a written word gets.

    ``unknown``: how often a word stood in the log that means nothing to us, by word; ``persons``: how many rows named a
    person where an organisation should stand.
    """

    names: list[str] = field(default_factory=lambda: [""])
    number: dict[str, int] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    persons: int = 0

    @property
    def bits(self) -> int:
        return max(1, (len(self.names) - 1).bit_length())


@dataclass(frozen=True)
class Codes:
    """The words of a log by what they are about, and how they lie together in one number.

    A *cell* is municipality, age band and theme in one number; a *pair* an organisation and the one after it.
    """

    organisations: Words
    municipalities: Words
    themes: Words
    outcomes: Words
    bands: tuple[int, ...]

    def __post_init__(self) -> None:
        widest = MOMENT_BITS + max(self.organisations.bits + 1, WAIT_BITS)
        if widest + self.cell_bits > _MOST_BITS:
            raise CodesError("log-too-many-words", organisations=len(self.organisations.names) - 1)

    @cached_property
    def band_bits(self) -> int:
        return len(self.bands).bit_length()  # one band fewer than bounds, and unknown

    @cached_property
    def cell_bits(self) -> int:
        return self.municipalities.bits + self.band_bits + self.themes.bits

    @property
    def pair_type(self) -> str:
        """The narrowest type that two organisations fit in: memory is what a long log costs."""
        return "int32" if 2 * self.organisations.bits < _NARROW else "int64"

    def band(self, number: int) -> tuple[int | None, int | None]:
        """The ages (from, until, in months) of a band."""
        return (None, None) if number == NOTHING else (self.bands[number - 1], self.bands[number])

    @cached_property
    def _cells(self) -> dict[int, Cell]:
        """The cells that were taken apart: the same few come back with every pair."""
        return {}

    def cell(self, number: int) -> Cell:
        """The municipality, ages and theme of a cell; None for what is not known."""
        if number not in self._cells:
            theme = number & ((1 << self.themes.bits) - 1)
            band = (number >> self.themes.bits) & ((1 << self.band_bits) - 1)
            municipality = number >> (self.themes.bits + self.band_bits)
            place, subject = self.municipalities.names[municipality], self.themes.names[theme]
            self._cells[number] = (place or None, *self.band(band), subject or None)
        return self._cells[number]

    @cached_property
    def endings(self) -> Mapping[int, str]:
        """Of the numbers of organisations those that are no place but an outcome: number → slug."""
        return {n: name.removeprefix(_OUTCOME) for n, name in enumerate(self.organisations.names) if name.startswith(_OUTCOME)}


Distinct = Mapping[str, Sequence[tuple[str, int]]]


def codes_of(distinct: Distinct, mapping: LogMapping) -> Codes:
    """The codes for the distinct words of each meaning (word, number of rows). Raises CodesError when there are too many."""
    places = MunicipalityNames()
    themes, outcomes = scheme("theme"), scheme("outcome")
    organisations = _words(distinct.get("organisation", ()), mapping.organisations, _organisation, persons=True)
    return Codes(
        organisations,
        _words(distinct.get("municipality", ()), mapping.municipalities, partial(_municipality, places)),
        _words(distinct.get("theme", ()), mapping.themes, themes.find),
        _words(distinct.get("outcome", ()), mapping.outcomes, outcomes.find),
        mapping.ages,
    )


def _organisation(text: str) -> str:
    """An organisation by its own name, or an outcome where it is a word for one; nothing where it only says to be one."""
    found = scheme("outcome").find(text.removeprefix(_OUTCOME))
    return f"{_OUTCOME}{found}" if found else "" if text.startswith(_OUTCOME) else text


def _municipality(places: MunicipalityNames, text: str) -> object:
    """A municipality of today; a code as it is, because a region may have places of its own."""
    return text.upper() if _CODE.match(text) else places.code(text).value


def _words(
    written: Iterable[tuple[str, int]], given: Mapping[str, str], meaning: Callable[[str], object], *, persons: bool = False
) -> Words:
    said = {folded(word): name for word, name in given.items()}
    made = Words()
    meant: dict[str, str] = {}
    for word, rows in sorted(written):
        plain = " ".join(word.split())
        if not plain:
            continue
        told = given.get(plain, said.get(folded(plain)) if folded(plain) else None)
        if told == "":
            continue
        if told is None and persons and (names_a_person(plain, Care.REMARK) or has_personal_mail(plain)):
            made.persons += rows
            continue
        found = meaning(told if told is not None else plain)
        if not found:
            made.unknown[plain] += rows
            continue
        meant[word] = str(found)
    made.names += sorted(set(meant.values()))
    numbers = {name: n for n, name in enumerate(made.names)}
    made.number = {word: numbers[name] for word, name in meant.items()}
    return made
