"""Yes and no in their many forms."""

from __future__ import annotations

import re
from typing import Final

from .text import Assumed, Read, Unreadable, bracketed, is_unknown, plain

_YES: Final = frozenset(
    "ja j yes y true waar 1 x wel jazeker zeker jawel akkoord \u2713 \u2714 \u2714\ufe0f \u2611 \u2705 \u221a v".split()
)
_NO: Final = frozenset("nee n no false onwaar 0 neen niet geen nooit \u2717 \u2718 \u274c \u2610 \u00d7".split())
_BETWEEN: Final = frozenset(
    "soms deels gedeeltelijk misschien wellicht mogelijk afhankelijk wisselend beide ja/nee ja/neen j/n nee/ja "
    "regelmatig vaak meestal".split()
)
_CONDITION: Final = re.compile(
    r"(ja|jazeker|nee|neen)(?:[,;:.!]| -)? ?"
    r"(?:mits|maar|indien|als|tenzij|alleen|wel|soms|na|met|via|bij|op|in overleg|behalve|zonder)\b.*"
)


def yesno(text: str) -> Read[bool]:
    """Yes or no. "ja, mits …" is a yes whose condition is said to be left out; "soms" and "ja/nee" are neither."""
    given = plain(text)
    word = re.sub(r" ?/ ?", "/", given.rstrip(".!, "))
    if word in _YES:
        return Read(True)
    if word in _NO:
        return Read(False)
    if is_unknown(given):
        return Read(None, (Assumed("yesno-unknown", ""),))
    if word in _BETWEEN or re.match(r"(?:ja (?:of|en) nee|soms|deels|afhankelijk|in overleg|verschilt|wisselt)\b", word):
        raise Unreadable(text, "yesno-unclear")
    answer = None
    if condition := _CONDITION.fullmatch(given):
        answer = condition[1]
    elif (apart := bracketed(given)) and apart[0].rstrip(".!, ") in _YES | _NO:
        answer = apart[0].rstrip(".!, ")
    if answer is None:
        raise Unreadable(text)
    yes = answer in _YES
    return Read(yes, (Assumed("remark-aside", "ja" if yes else "nee"),))
