"""Names of persons, their mail addresses and where they live, in cells that should name a function.

How strictly a cell is looked at depends on what its column is for (:class:`Care`). A column for a contact is
read strictly: a given name alone is enough. Free text is left alone unless a whole name stands there ("mw.
Jansen", "J. de Vries", "Fatima El Amrani"). The name of an organisation is never taken for a person's: practices
and schools are called after people; only "gastouder Fatima El Amrani" and "mw. J. de Vries" say themselves that they are one.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from typing import Final

from ...ontology.gazetteer import meanings, name_key
from ...ontology.person_words import (
    ADDRESS,
    DEGREE,
    GIVEN,
    GIVEN_OR_WORD,
    MAIL_HOST,
    MAILBOX,
    ORGANISATION,
    PREFIX,
    SURE_PREFIX,
    SURNAME,
    person_words,
)


class Care(Enum):
    """How strictly the names in a column are looked at."""

    CONTACT = "contact"  # a function is asked: a given name is enough
    REMARK = "remark"  # free text: whole names
    DESCRIPTION = "description"  # what an offering is: whole names that cannot be anything else
    ORGANISATION = "organisation"  # what it is called: only what says itself that it is a person
    NONE = "none"  # ids, numbers, dates, references


_WORD: Final = re.compile(r"'[a-z]\b|[A-Za-zÀ-ÿĀ-ſŞşĞğİı]+(?:['’.-](?=[A-Za-zÀ-ÿ])[A-Za-zÀ-ÿ]+)*\.?|[^\w\s]|\d+")
_SPLIT: Final = re.compile(r"[;\n/|]|\s[-–]\s|:\s")
_INITIALS: Final = re.compile(r"^(?:[A-Z]\.?){1,4}$|^(?:[A-Z][a-z]?\.){1,4}$")
_STREET: Final = re.compile(
    r"(?i)(?:straat|laan|weg|plein|school|college|lyceum|kade|singel|gracht|plantsoen|hof|huis|praktijk|centrum|stichting|park|methode|fonds)$"
)
_SELF: Final = re.compile(
    r"(?i)^(?:vrijwillig(?:er|ster)|maatje|buddy|gastouder|oppas|vertrouwenspersoon|ervaringsdeskundige|mentor|steunouder|pleegouder|zzp'?er)\b[:,\s]+(?=[A-ZÀ-Þ])"
)
_MAIL: Final = re.compile(r"([A-Za-z0-9._%+'-]{1,64})@([A-Za-z0-9.-]{1,200}\.[A-Za-z]{2,24})")
#: A street with a number, or a whole postcode.
_HOME: Final = re.compile(
    r"\b[A-ZÀ-Þ][\w'’.-]*(?:straat|laan|weg|plein|kade|singel|gracht|dijk|hof|pad|steeg|dreef|plantsoen|erf)\s+\d{1,4}\b|\b[1-9]\d{3}\s?[A-Z]{2}\b"
)
_LONGEST: Final = 4_000
#: For Polars: what may hold a whole name.
NAME_LIKE: Final = (
    r"(?i)\b(?:dhr|mw|mevr|mevrouw|meneer|mej|heer)\b|(?-i:\b[A-Z]\.\s?(?:[A-Z]\.\s?)*[A-Za-z'])"
    r"|(?-i:\b[A-ZÀ-Þ][a-zà-ÿ'’]+(?:-[A-Z][a-z]+)?\s+(?:(?:[Vv]an|[Dd]e|[Dd]en|[Dd]er|[Tt]er|[Tt]en|[Ee]l|[Aa]l|[Bb]in|[Bb]en|[Vv]on|'t|in|op|uit|het|la|le|da|dos|di|du)\s+){0,3}[A-ZÀ-Þ][a-zà-ÿ])"
)
MAIL_LIKE: Final = "@"


# --- mail ----------------------------------------------------------------------------------------------
def has_personal_mail(text: str) -> bool:
    """Whether a mail address is somebody's own: j.devries@, fatima@, or anything at a private provider that is no function."""
    return any(_is_personal_mail(local, host) for local, host in _MAIL.findall(text[:_LONGEST]))


def _is_personal_mail(local: str, host: str) -> bool:
    tokens = [t for t in re.split(r"[._%+'\-\d]+", local.casefold()) if t]
    if any(t in person_words(MAILBOX) for t in tokens) or _is_compound_function(local.casefold()):
        return False
    name = host.casefold().split(".")
    if any(part in person_words(MAIL_HOST) for part in name[:-1][-1:]):
        return True
    given = person_words(GIVEN) | person_words(GIVEN_OR_WORD)
    if tokens and "".join(tokens) in re.sub(r"[^a-z]", "", host.casefold()):
        return False  # delinde@delinde.example: the organisation itself
    if len(tokens) == 1:
        word = tokens[0]
        return word in person_words(GIVEN) or (len(word) > 4 and word[1:] in person_words(SURNAME))
    # an initial and a surname, or a given name and a surname, in either order
    return len(tokens) > 1 and (
        any(len(t) <= 2 for t in tokens) or any(t in given or t in person_words(SURNAME) for t in tokens) or len(tokens) == 2
    )


@cache
def _functions() -> re.Pattern[str]:
    words = sorted((w for w in person_words(MAILBOX) if len(w) > 4), key=lambda w: (-len(w), w))
    return re.compile("|".join(re.escape(w) for w in words))


def _is_compound_function(local: str) -> bool:
    """Functions written as one word: jeugdteamede@, aanmeldingcjg@."""
    return _functions().search(local) is not None


# --- names -----------------------------------------------------------------------------------------------
def names_a_person(text: str, care: Care) -> bool:
    """Whether the text names a person, looked at with ``care``."""
    if care is Care.NONE:
        return False
    if care is Care.ORGANISATION:
        name = text.strip()
        if found := _SELF.match(name):
            return _has_name(name[found.end() :], Care.REMARK)
        # only a person is addressed: "mw. J. de Vries"
        return _plain(name.partition(" ")[0]) in person_words(ADDRESS) and _has_name(name, Care.REMARK)
    return any(_has_name(piece, care) for piece in _SPLIT.split(text[:_LONGEST]))


def _has_name(text: str, care: Care) -> bool:
    words = list(_WORD.findall(text))
    for at, word in enumerate(words):
        before = _plain(words[at - 1]) if at else ""
        if before in person_words(ORGANISATION) and before not in ("huisarts", "zorg", "team"):
            continue
        if _plain(word) in person_words(ADDRESS) and _surname_at(words, at + 1, bare=True):
            return True
        if _plain(word) in person_words(DEGREE) and care is not Care.DESCRIPTION and _surname_at(words, at + 1, bare=True):
            return True
        if _INITIALS.match(word) and "." in word and _initials_and_surname(words, at, care):
            return True
        if word[0].isupper() and _given_and_surname(words, at, care):
            return True
    return care is Care.CONTACT and _is_bare_name(words)


def _plain(word: str) -> str:
    return word.casefold().strip(".")


def _is_organisation(plain: str) -> bool:
    """Whether a word is of an organisation and of nobody: Prins is a surname as well."""
    return plain in person_words(ORGANISATION) and plain not in person_words(SURNAME)


def _surname_at(words: list[str], at: int, *, bare: bool = False) -> str | None:
    """The surname that begins at ``at``, its prefixes skipped; None where none can stand there.

    ``bare``: it may stand behind initials or a given name ("mw. A. Jansen", "dhr. Piet de Wit").
    """
    prefixes = 0
    while at < len(words):
        word = words[at]
        plain = word.casefold().strip(".")
        if plain in _prefix_words() and prefixes < 3:
            prefixes += 1
            at += 1
            continue
        if bare and (_INITIALS.match(word) or plain in person_words(GIVEN)) and at + 1 < len(words):
            return _surname_at(words, at + 1)
        break
    if at >= len(words):
        return None
    word = words[at]
    after = _plain(words[at + 1]) if at + 1 < len(words) else ""
    if not word[0].isupper() or len(word.strip(".")) < 2 or (word.isupper() and len(word) < 5):
        return None
    if _STREET.search(word.strip(".")) and _plain(word) not in person_words(SURNAME):
        return None
    if _is_organisation(after) or (after and _STREET.search(after) and _plain(words[at + 1]) not in person_words(SURNAME)):
        return None
    if _is_organisation(_plain(word)) or (at + 1 < len(words) and words[at + 1][0].isdigit() and prefixes):
        return None
    return word


@cache
def _prefix_words() -> frozenset[str]:
    return frozenset(part for prefix in person_words(PREFIX) for part in prefix.split())


def _initials_and_surname(words: list[str], at: int, care: Care) -> bool:
    surname = _surname_at(words, at + 1)
    if surname is None:
        # initials are split by spaces: "A. M. Jansen"
        return (
            at + 1 < len(words)
            and _INITIALS.match(words[at + 1]) is not None
            and "." in words[at + 1]
            and _surname_at(words, at + 2) is not None
        )
    letters = words[at].replace(".", "")
    has_prefix = words[at + 1].casefold().strip(".") in _prefix_words()
    if len(letters) >= 3 and not has_prefix and _plain(surname) not in person_words(SURNAME):
        return False  # an abbreviation before a place or a word: "C.J.G. Ede"
    if care is Care.DESCRIPTION:
        return has_prefix or _plain(surname) in person_words(SURNAME)
    return not (
        letters.casefold() in ("st", "chr", "nl")
        or (_is_place(surname) and not has_prefix and _plain(surname) not in person_words(SURNAME))
    )


def _is_place(word: str) -> bool:
    return name_key(word) in meanings()


def _given_and_surname(words: list[str], at: int, care: Care) -> bool:
    given = _given(words[at])
    surname_at = at + 1
    if given and surname_at < len(words) and _given(words[surname_at]) and _surname_at(words, surname_at + 1):
        surname_at += 1  # two given names: "Anna Maria de Boer"
    if surname_at >= len(words):
        return False
    prefixed = [w for w in words[surname_at : surname_at + 3] if w.casefold() in _prefix_words()]
    surname = _surname_at(words, surname_at)
    if surname is None:
        return False
    known = _plain(surname) in person_words(SURNAME)
    sure = any(w.casefold() in _sure_words() for w in prefixed)
    if given == GIVEN:
        if known or sure or (prefixed and not _is_place(surname)):
            return True
        return care is not Care.DESCRIPTION and not prefixed and not _is_place(surname) and surname[1:].islower()
    if given == GIVEN_OR_WORD:
        return (known and (bool(prefixed) or care is Care.CONTACT)) or (sure and care is not Care.DESCRIPTION)
    # a given name that nobody listed: only before a prefix that surnames have, and only where a function is asked
    unknown = words[at][0].isupper() and words[at][1:].islower() and len(words[at]) > 2
    return (
        care is Care.CONTACT
        and unknown
        and sure
        and not _is_place(surname)
        and _plain(words[at]) not in person_words(ORGANISATION)
    )


@cache
def _sure_words() -> frozenset[str]:
    return frozenset(
        part for prefix in person_words(SURE_PREFIX) for part in prefix.split() if part not in ("de", "het", "in", "op", "uit")
    )


def _given(word: str) -> str | None:
    plain = word.casefold().strip(".")
    if not word[0].isupper():
        return None
    if plain in person_words(GIVEN):
        return GIVEN
    return GIVEN_OR_WORD if plain in person_words(GIVEN_OR_WORD) else None


def _is_bare_name(words: list[str]) -> bool:
    """A given name or a surname and nothing that says organisation: "Fatima", "Jan en Piet", "Piet (wijkteam)", "De Vries"."""
    plain = [_plain(w) for w in words if w[0].isalpha()]
    if not plain:
        return False
    first = words[0]
    if _given(first) == GIVEN and not _is_place(first):
        # "Piet (wijkteam)" is Piet; "Pieter Baan Centrum" is a centre
        outside = words[: words.index("(")] if "(" in words else words
        return not any(_is_organisation(_plain(w)) or _STREET.search(w.strip(".")) for w in outside)
    capitals = [w for w in words if w[0].isupper()]
    if len(plain) == 1:
        return _given(first) is not None or (plain[0] in person_words(SURNAME) and first[0].isupper() and not _is_place(first))
    if all(p in _prefix_words() for p in plain[:-1]) and plain[-1] in person_words(SURNAME) and words[-1][0].isupper():
        return (not _is_place(" ".join(words)) and len(capitals) >= 1 and plain[0] != "de") or (
            plain[0] == "de" and plain[-1] in _common()
        )
    return bool(set(plain) <= (person_words(GIVEN) | {"en", "of", "and"})) and capitals != []


@cache
def _common() -> frozenset[str]:
    """Surnames that hardly an organisation is called after, with "De" before them."""
    return frozenset(
        (
            "jong",
            "vries",
            "boer",
            "groot",
            "bruijn",
            "bruin",
            "wit",
            "graaf",
            "haan",
            "jonge",
            "ruiter",
            "lange",
            "ridder",
            "jager",
        )
    )


# --- where somebody lives -----------------------------------------------------------------------------------
def has_address(text: str) -> bool:
    """Whether a street with a number or a whole postcode stands in the text."""
    return _HOME.search(text) is not None


def of_person(text: str) -> bool:
    """Whether a text that is no cell (a heading, the name of a file) names a person."""
    return names_a_person(text.replace("_", " "), Care.REMARK) or has_personal_mail(text)
