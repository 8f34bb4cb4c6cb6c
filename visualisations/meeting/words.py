"""The words by which the page recognises a person where a function is asked, out of the lists of privacy screening."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ...ontology.gazetteer import meanings, name_key
from ...ontology.person_words import (
    ADDRESS,
    DEGREE,
    GIVEN,
    GIVEN_OR_WORD,
    ORGANISATION,
    PREFIX,
    SURE_PREFIX,
    SURNAME,
    person_words,
)

#: Some words are two: "de heer".
BETWEEN: Final = "|"
#: Parts of prefixes that stand before many other words as well.
_UNSURE: Final = frozenset(("de", "het", "in", "op", "uit"))


def page_words(places: Iterable[str]) -> dict[str, str]:
    """The lists, each as one text of words with :data:`BETWEEN` between them; ``places`` are the municipalities by name.

    A place is in the list where a person could be called so too, or where it is a municipality of the region: the
    page holds no gazetteer.
    """
    given, words, surnames = (person_words(kind) for kind in (GIVEN, GIVEN_OR_WORD, SURNAME))
    known = meanings()
    towns = {word for word in given | words | surnames if name_key(word) in known}
    towns |= {part for name in places for part in name.casefold().split()}
    prefixes = {part for prefix in person_words(PREFIX) for part in prefix.split()}
    sure = {part for prefix in person_words(SURE_PREFIX) for part in prefix.split()} - _UNSURE
    lists = {
        "given": given,
        "given_or_word": words,
        "surname": surnames,
        "prefix": prefixes,
        "sure_prefix": sure,
        "address": person_words(ADDRESS),
        "degree": person_words(DEGREE),
        "organisation": person_words(ORGANISATION),
        "town": towns - prefixes,
    }
    return {name: BETWEEN.join(sorted(found)) for name, found in lists.items()}
