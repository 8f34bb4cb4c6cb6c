"""Words that tell persons from organisations, and one child's story from an offering: lists that privacy screening reads.

``person_words.csv``: our own list of given names as they are common in the Netherlands (Dutch, Frisian, Turkish,
Moroccan, Surinamese, Antillean, Polish, Arabic, Eritrean, Ukrainian …), of the most common surnames, forms of
address, words for organisations and functional mailboxes; the prefixes of surnames follow the table of
prefixes of the Dutch population register (landelijke tabel 36). It names no person. A given name that is a
word as well ("Roos", "Bas") is of a kind of its own.
``case_signals.csv``: what a description of one child looks like, sign by sign, with the weight of each and
how it is told; ``{word}`` in a pattern stands for the list of that name.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

GIVEN: Final = "voornaam"
GIVEN_OR_WORD: Final = "voornaam of woord"
SURNAME: Final = "achternaam"
PREFIX: Final = "voorvoegsel"
SURE_PREFIX: Final = "voorvoegsel van namen"
ADDRESS: Final = "aanspreekvorm"
DEGREE: Final = "titel"
ORGANISATION: Final = "organisatie"
MAILBOX: Final = "functie in mailadres"
MAIL_HOST: Final = "maildienst"


@cache
def person_words(kind: str) -> frozenset[str]:
    """The words of one kind, in lower case."""
    return _words().get(kind, frozenset())


@cache
def _words() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in _rows("person_words.csv"):
        found.setdefault(row["soort"], set()).add(row["woord"].casefold())
    return {kind: frozenset(words) for kind, words in found.items()}


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that speaks for (or against: a negative weight) a text being about one child."""

    name: str
    weight: float
    pattern: re.Pattern[str]
    nl: str
    en: str


@cache
def case_signs() -> tuple[Sign, ...]:
    """All signs, those that speak for it first."""
    rows = list(_rows("case_signals.csv"))
    lists = {row["naam"]: row["patroon"] for row in rows if row["soort"] == "lijst"}

    def filled(pattern: str) -> str:
        return re.sub(r"\{([a-z]+)\}", lambda m: lists[m[1]], pattern)

    made = [
        Sign(row["naam"], float(row["gewicht"]), re.compile(filled(row["patroon"]), re.IGNORECASE), row["nl"], row["en"])
        for row in rows
        if row["soort"] != "lijst"
    ]
    return tuple(sorted(made, key=lambda sign: -sign.weight))


def _rows(file: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader((files(__package__) / file).read_text("utf-8").splitlines())
