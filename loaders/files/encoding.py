"""Bytes → text: by byte-order mark, UTF-8, UTF-16 without mark, else the one-byte encoding that the letters speak for.

One-byte encodings cannot be told apart by rule: 0x8E is é on an old Mac, Ž on Windows and Ä in DOS. Each is
tried, and the one wins under which the signs stand as they stand in Dutch: é between letters, a dash
between spaces, an apostrophe before s. What none of them explains is put to charset-normalizer.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

#: How a text in Unicode may begin, and what it is then in.
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ONE_BYTE: Final = ("cp1252", "mac_roman", "cp850")
#: What people call them.
NAMES: Final = {
    "cp1252": "Windows-1252",
    "mac_roman": "MacRoman",
    "cp850": "DOS (850)",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
_LETTERS: Final = frozenset("éëïöüèêáàâäóôíîçñúùûÿãõåæøœ")
_CAPITALS: Final = frozenset("ÉËÏÖÜÈÊÁÀÂÄÓÔÍÎÇÑÚÙÛŸÃÕÅÆØŒ")
_COMMON: Final = frozenset("éëïöüèê")
_USUAL: Final = frozenset("óáàçôâ")
_SIGNS: Final = frozenset("€°²³½¼¾±·•©®™´§×µ…")
#: What charset-normalizer may choose from: on a few words it finds Japanese where there is none.
_LATIN: Final = (
    "cp1252",
    "mac_roman",
    "cp850",
    "cp437",
    "cp858",
    "cp1250",
    "cp1254",
    "cp1257",
    "iso8859_2",
    "iso8859_9",
    "cp852",
)
_SAMPLE: Final = 20_000
_ABOVE_ASCII: Final = re.compile(rb"[\x80-\xff]")


class NoTextError(Exception):
    """Bytes that are no text at all."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file and how sure that is.

    ``encoding``: what it was taken for where that had to be judged ("" where nothing was assumed);
    ``doubtful``: the letters did not decide; ``mixed``: the lines (from 1) that were not in UTF-8 while others
    were; ``nulls``: NUL signs that were left out; ``sample``: a word that shows the choice.
    """

    text: str
    encoding: str = ""
    doubtful: bool = False
    mixed: tuple[int, ...] = ()
    nulls: int = 0
    sample: str = ""


def decoded(data: bytes) -> Decoded:
    """The text in ``data``. Raises NoTextError where it is a picture, a program or anything else."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _without_nulls(Decoded(data.decode(encoding, "replace").removeprefix("\ufeff")))
    wide = _utf_16(data)
    if wide is not None:
        return wide
    if _looks_binary(data):
        raise NoTextError
    try:
        return _without_nulls(Decoded(data.decode("utf-8")))
    except UnicodeDecodeError:
        return _without_nulls(_judged(data))


def _without_nulls(found: Decoded) -> Decoded:
    nulls = found.text.count("\x00")
    if not nulls:
        return found
    if nulls * 10 > len(found.text):
        raise NoTextError
    return Decoded(found.text.replace("\x00", ""), found.encoding, found.doubtful, found.mixed, nulls, found.sample)


def _utf_16(data: bytes) -> Decoded | None:
    """UTF-16 without its mark: Latin text has a NUL in nearly every other byte, always on the same side."""
    sample = data[: 2 * _SAMPLE]
    if len(sample) < 4:
        return None
    half = len(sample) // 2
    for side, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        other = sample[1 - side :: 2].count(0)
        if sample[side::2].count(0) > 0.7 * half and other < 0.05 * half:
            try:
                text = data[: len(data) // 2 * 2].decode(encoding)
            except UnicodeDecodeError:
                return None
            return Decoded(text, encoding)
    return None


def _looks_binary(data: bytes) -> bool:
    """Control bytes that no text has: pictures, programs and packages are full of them."""
    sample = data[:_SAMPLE]
    odd = sum(sample.count(byte) for byte in range(32) if byte not in (0, 7, 8, 9, 10, 11, 12, 13, 26, 27, 28, 29, 30, 31))
    return data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"%PDF", b"\x1f\x8b")) or odd * 20 > len(sample)


def _judged(data: bytes) -> Decoded:
    lines = data.split(b"\n")
    utf8: list[str | None] = []
    with_letters = 0
    for line in lines:
        try:
            utf8.append(line.decode("utf-8"))
            with_letters += not line.isascii()
        except UnicodeDecodeError:
            utf8.append(None)
    other = [line for line, text in zip(lines, utf8, strict=True) if text is None]
    encoding, doubtful = one_byte_encoding(b"\n".join(other))
    texts = [_decode(line, encoding) if text is None else text for line, text in zip(lines, utf8, strict=True)]
    mixed = tuple(n for n, text in enumerate(utf8, 1) if text is None) if with_letters else ()
    said = "" if encoding == "cp1252" and not doubtful and not mixed else encoding
    return Decoded("\n".join(texts), said, doubtful, mixed, sample=_sample(_decode(other[0], encoding)))


def _decode(line: bytes, encoding: str) -> str:
    return line.decode(encoding, "replace")


def one_byte_encoding(data: bytes) -> tuple[str, bool]:
    """(encoding, whether the letters left it in doubt) of bytes that are no UTF-8."""
    sample = _sampled(data)
    points = {encoding: _points(sample.decode(encoding, "replace")) for encoding in _ONE_BYTE}
    best = max(_ONE_BYTE, key=lambda e: (points[e], -_ONE_BYTE.index(e)))
    rest = max(points[e] for e in _ONE_BYTE if e != best)
    if points[best] > 0 and points[best] > rest:
        return best, False
    return _guess_of_charset_normalizer(sample) or "cp1252", True


def _sampled(data: bytes) -> bytes:
    """The lines with bytes above ASCII, up to a bound: the others say nothing."""
    found: list[bytes] = []
    size = 0
    for line in data.split(b"\n"):
        if _ABOVE_ASCII.search(line):
            found.append(line)
            size += len(line)
            if size > 10 * _SAMPLE:
                break
    return b"\n".join(found)[: 20 * _SAMPLE]


def _points(text: str) -> int:
    """How well the signs beyond ASCII stand where they stand in Dutch."""
    points = 0
    padded = f" {text} "
    for match in re.finditer(r"[^\x00-\x7f]", padded):
        place = match.start()
        points += _fit(padded[place - 1], match[0], padded[place + 1])
    return points


def _fit(before: str, sign: str, after: str) -> int:
    """Points of one sign between its neighbours.

    >>> _fit("o", "ë", " "), _fit("o", "‘", " "), _fit("f", "Ž", ";")
    (3, -2, -3)
    """
    beside = before.isalpha() or after.isalpha()
    if sign in _LETTERS:
        if not beside or _doubled(before, sign, after):
            return -1
        return 3 if sign in _COMMON else 2 if sign in _USUAL else 1
    if sign in _CAPITALS:
        # É opens a word or stands in one of capitals; inside a word of small letters it is another encoding's é
        return -3 if not beside or (before.isalpha() and (before.islower() or after.islower())) else 1
    if sign in _BESIDE:
        return 2 if _BESIDE[sign](before, after) else -2
    if sign == "\u00a0":
        return 0
    if sign in _SIGNS:
        inside = (before.isalpha() or not before.isascii()) and (after.isalpha() or not after.isascii())
        return -2 if inside or (sign in "½¼¾" and before.isalpha()) else 1
    return -3


def _doubled(before: str, sign: str, after: str) -> bool:
    """Whether an acute, grave or circumflex letter stands beside its own plain letter, which no Dutch word has."""
    parts = unicodedata.normalize("NFD", sign)
    return len(parts) > 1 and parts[1] != "\u0308" and parts[0] in (before, after)


#: Where punctuation beyond ASCII stands in Dutch: (sign before, sign after).
_BESIDE: Final[dict[str, Callable[[str, str], bool]]] = {
    "’": lambda b, a: (b.isalnum() and (not a.isalpha() or a in "stnkmlrvz")) or (not b.isalnum() and a in "sStTnN"),
    **dict.fromkeys("‘“„«", lambda b, a: a.isalnum() and not b.isalnum()),
    **dict.fromkeys("”»", lambda b, a: b.isalnum() or b in ".,!?"),
    **dict.fromkeys("–—", lambda b, a: (b.isspace() and a.isspace()) or (b.isdigit() and a.isdigit())),
}


def _guess_of_charset_normalizer(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=list(_LATIN)).best()
    return best.encoding if best is not None else None


def _sample(text: str) -> str:
    """A word with a sign beyond ASCII, to show what was made of it."""
    found = re.search(r"[\w’'-]*[^\x00-\x7f][\w’'-]*", text)
    return found[0][:40] if found else ""
