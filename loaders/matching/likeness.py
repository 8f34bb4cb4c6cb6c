"""How alike two names are, word by word: what they share, what only one of them has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

from .names import Name, is_general, is_part

Weigh = Callable[[str], float]
#: What a word counts: the kind of organisation little, what tells organisations apart fully.
GENERAL_WEIGHT: Final = 0.3
#: Words this short are only alike when they are the same.
_SHORTEST: Final = 5
#: From this length a second slip of the pen is believed.
_LONG: Final = 9


def weight(token: str) -> float:
    """What a word counts in a comparison, by its kind alone."""
    return GENERAL_WEIGHT if is_general(token) else 1.0


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two names compared. ``share`` (0–1) is the weighted share of words in common (Dice).

    ``exact``: the same words, whatever their order, gaps between them or fillers. ``own``: a word
    that is not general is in both, to the letter; ``nearly``: only but for a slip of the pen.
    ``left`` and ``right``: weight of the telling words that only one has (numbers and Noord, Zuid are
    evidence of their own). ``acronym``: short and long form.
    """

    share: float
    exact: bool
    own: bool
    nearly: bool
    left: float
    right: float
    acronym: tuple[str, str] | None


def alike(one: str, other: str) -> float:
    """0–1: how far two words may be the same but for ending or a slip of the pen; 0 when not."""
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) < 4:
        return 0.0
    if long in (short + "s", short + "en", short + "e", short + "n") or (
        # bibliotheken, bibliotheek; teams, team
        long.endswith("en") and long[:-2] == short[:-2] + short[-1] and short[-2] == short[-3]
    ):
        return 0.97
    if len(short) < _SHORTEST or short.isdigit() or one[0] != other[0]:
        return 0.0
    slips = OSA.distance(one, other, score_cutoff=2)
    if slips > (2 if len(short) >= _LONG else 1):
        return 0.0
    return 1.0 - slips / len(long)


def likeness(a: Name, b: Name, weigh: Weigh = weight) -> Likeness:
    """Compare two names by their words (municipalities and roles are evidence of their own)."""
    joined = a.letters == b.letters
    if joined or sorted(a.tokens) == sorted(b.tokens):
        own = any(not is_general(t) and not is_part(t) for t in (*a.tokens, *b.tokens))
        return Likeness(1.0, True, own, False, 0.0, 0.0, None)
    left, right = list(a.tokens), list(b.tokens)
    total = sum(map(weigh, left)) + sum(map(weigh, right))
    common = 0.0
    own = nearly = False
    for one, other, near in [*_same(left, right), *_joined(left, right), *_near(left, right)]:
        counts = sum(map(weigh, one)) + sum(map(weigh, other))
        common += counts * near
        if any(not is_general(t) and not is_part(t) for t in (*one, *other)):
            own |= near > 0.9
            nearly |= near <= 0.9
    acronym = None
    for short, long, swapped in (*_acronyms(left, a, b, False), *_acronyms(right, b, a, True)):
        mine, theirs = (right, left) if swapped else (left, right)
        covered = [t for t in theirs if t in long]
        common += weigh(short) + sum(map(weigh, covered))
        mine.remove(short)
        for token in covered:
            theirs.remove(token)
        acronym = (short.upper(), " ".join(long))
    return Likeness(
        min(1.0, common / total) if total else 0.0,
        False,
        own,
        nearly and not own,
        sum(weigh(t) for t in left if not is_general(t) and not is_part(t)),
        sum(weigh(t) for t in right if not is_general(t) and not is_part(t)),
        acronym,
    )


Pairs = list[tuple[tuple[str, ...], tuple[str, ...], float]]


def _same(left: list[str], right: list[str]) -> Pairs:
    """Words that both have, taken out of both."""
    found: Pairs = []
    for token in tuple(left):
        if token in right:
            left.remove(token)
            right.remove(token)
            found.append(((token,), (token,), 1.0))
    return found


def _joined(left: list[str], right: list[str]) -> Pairs:
    """One word that the other writes as two ("jeugdzorg", "jeugd zorg"; also in the other order: "team jeugd")."""
    found: Pairs = []
    for whole, pieces, swapped in ((left, right, False), (right, left, True)):
        for token in tuple(whole):
            if len(token) < _SHORTEST or len(pieces) < 2:
                continue
            pair = next(((p, q) for p in pieces for q in pieces if p is not q and p + q == token), None)
            if pair:
                whole.remove(token)
                for piece in pair:
                    pieces.remove(piece)
                found.append((pair, (token,), 1.0) if swapped else ((token,), pair, 1.0))
    return found


def _near(left: list[str], right: list[str]) -> Pairs:
    """Words that are the same but for their ending or a slip of the pen, nearest first."""
    ranked = sorted(((alike(p, q), p, q) for p in left for q in right), key=lambda r: (-r[0], r[1], r[2]))
    found: Pairs = []
    for near, one, other in ranked:
        if near and one in left and other in right:
            left.remove(one)
            right.remove(other)
            found.append(((one,), (other,), near))
    return found


def _acronyms(tokens: list[str], short: Name, long: Name, swapped: bool) -> list[tuple[str, tuple[str, ...], bool]]:
    """Words of one name that are the initials of successive words of the other."""
    return [(t, long.initials[t], swapped) for t in tokens if short.abbreviates(t) and t in long.initials]
