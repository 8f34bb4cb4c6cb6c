"""Text that was encoded twice ("CafÃ©", "â‚¬") → what it was, and only where that is certain.

UTF-8 read as a one-byte encoding leaves a trail: a lead byte's sign, then signs of continuation bytes only. Such a
run is turned back when it is exactly one letter or sign of a European text; "Â" before a capital or "é" before
a quotation mark is no such run and stays. (ftfy does the same for many more encodings and by
likelihood; here nothing may be changed that might be right.)
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

#: What a run may turn back into: Latin-1's letters and signs, some of Central Europe's letters, typography.
_WANTED: Final = frozenset(
    [chr(c) for c in range(0xA0, 0x100)]
    + list("ćčďěęęłńňřśšťůźżžąđőűğışŠŽŚŹŻČŁŸŒœƒˆ˜")
    + list("–—‘’‚“”„†‡•…‰‹›€™\u200b\u2010\u2011\u202f\u2009")
    + list("\x81\x8d\x8f\x90\x9d")  # the holes of cp1252: half-way signs of text that was misread more than once
)
#: Each way in which UTF-8 is misread.
_MISREAD: Final = ("cp1252", "mac_roman", "cp850")
_ROUNDS: Final = 4
#: A capital and the quotation mark that closes after it, rather than Ó, Ô, Ñ or Ò.
_QUOTED: Final = ("Â»", "Ã‘", "Ã’", "Ã“", "Ã”")
#: MacRoman or DOS misread twice: undone by half it would be worse, so it stays as it is.
_TWICE: Final = re.compile("‚àö|‚Äö|Ôö£|Ôö¼|├ö├")


def _sign_of(byte: int, encoding: str) -> str:
    try:
        return bytes([byte]).decode(encoding)
    except UnicodeDecodeError:
        # cp1252 has five holes, which Windows fills with the control signs of Latin-1
        return chr(byte)


@cache
def _runs() -> tuple[dict[str, str], dict[str, str]]:
    """Every misreading of a wanted sign, with the sign ("Ã©" → "é"): certain by itself, and certain beside such a one.

    A capital between its quotation marks ("de ‘Æ’ van …") looks like a misread letter: alone, it stays.
    """
    certain: dict[str, str] = {}
    beside: dict[str, str] = {}
    for encoding in _MISREAD:
        reading = {byte: _sign_of(byte, encoding) for byte in range(0x80, 0x100)}
        for sign in sorted(_WANTED):
            lead = sign.encode("utf-8")[0]
            run = "".join(reading[b] for b in sign.encode("utf-8"))
            if lead in (0xC2, 0xC3, 0xE2) and run not in _QUOTED:
                certain.setdefault(run, sign)
            elif encoding == "cp1252":
                beside.setdefault(run, sign)
    return certain, beside


def _pattern(runs: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(runs, key=lambda r: (-len(r), r)))))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    certain, beside = _runs()
    return _pattern(certain), _pattern({**beside, **certain}), {**beside, **certain}


def repaired(text: str) -> str:
    """``text`` with every certain misreading undone, as often as it was done (at most four times).

    >>> repaired("CafÃ© ZoÃƒÂ« â‚¬ 5"), repaired("Café “Â”, één")
    ('Café Zoë € 5', 'Café “Â”, één')
    """
    certain, all_runs, signs = _patterns()
    if _TWICE.search(text):
        return text
    for _ in range(_ROUNDS):
        if not certain.search(text):
            break
        text = all_runs.sub(lambda m: signs[m[0]], text)
    return text


#: The first signs of all certain runs: a quick look for columns.
SUSPECT: Final = "[ÃÂâ√¬‚├┬Ô]"
