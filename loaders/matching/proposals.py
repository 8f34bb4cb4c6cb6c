"""Which partner a name that names nothing may mean, and which rows of partners may be one partner.

No name is compared with all others: names are filed under keys (their words, their words with a
municipality, with one letter left out, their initials, register numbers, domains), and only names
that share a key are compared. A key that too many share tells nothing and is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ...graph.landscape import Landscape
from .evidence import Evidence, Judgement, Known, domain_of, judged, mail_domain_of, phone_of
from .likeness import GENERAL_WEIGHT
from .names import Name, NameReader, is_general, is_part, mend_general

#: From this score a name in a cell gets a proposal, and a row of partners a remark (more rows, so more chance hits).
THRESHOLD: Final = 60
ROW_THRESHOLD: Final = 75
#: At most so many proposals per name.
BEST: Final = 3
#: A key that more names share tells nothing.
_CROWD: Final = 60
#: A register number, domain or telephone that more partners share says who they belong to, not who they are.
_SHARED: Final = 3
_MANY_PLACES: Final = 8
_FEW_PLACES: Final = 2
_MARKS: Final = ("kvk", "agb", "website", "mail", "phone")


@dataclass(frozen=True, slots=True)
class Proposal:
    """``written`` (a name in a cell, or the id of a row of partners) may be ``partner``; a person decides.

    ``name`` is the partner's name; ``row_name`` the name in the row, where ``written`` is the id of a row.
    """

    written: str
    partner: str
    name: str
    judgement: Judgement
    row_name: str | None = None

    @property
    def row(self) -> bool:
        """Whether this is about a row of partners, not about a name in a cell."""
        return self.row_name is not None

    @property
    def score(self) -> int:
        return self.judgement.score

    @property
    def shown(self) -> str:
        """The proposal in a finding: name, id and score."""
        return f"{self.name} ({self.partner}, {self.score}%)"


class Matcher:
    """The partners of a Landscape, filed by what their names are made of."""

    def __init__(self, landscape: Landscape) -> None:
        own = [(c, n) for c, n in landscape["municipalities"].select("code", "name").iter_rows() if n]
        self._reader = NameReader(own, landscape.roles)
        self._places = landscape.municipality_names
        self._roles = {slug: landscape.roles.label(slug) for slug in landscape.roles.slugs}
        rows = list(landscape["partners"].iter_rows(named=True))
        partners = [p for row in rows if (p := self._known(row)) is not None]
        self.partners = _only_their_own(partners)
        self._counted = counted = Counter(t for p in self.partners for t in {t for n in p.names for t in n.tokens})
        common = max(5, len(self.partners) // 200)
        self._weights = {t: 0.5 for t, n in counted.items() if n > common and not is_general(t)}
        self._files: dict[str, list[int]] = {}
        self._initials: dict[str, list[int]] = {}
        self._keys = [_keys(p) for p in self.partners]
        for place, partner in enumerate(self.partners):
            for key in self._keys[place]:
                self._files.setdefault(key, []).append(place)
            for key in {i for n in partner.names for i in n.initials if 3 <= len(i) <= 7}:
                self._initials.setdefault(key, []).append(place)

    def _known(self, row: Mapping[str, Any]) -> Known | None:
        written = [row["name"], row["short_name"], *(row["other_names"] or ())]
        names: dict[object, Name] = {}
        for name in (n for w in written if w for n in self._reader.variants(w)):
            names.setdefault((name.tokens, name.places), name)
        if not names:
            return None
        areas = frozenset((*(row["municipalities"] or ()), *(row["locations"] or ())))
        return Known(
            row["id"],
            tuple(names.values()),
            row["name"],
            frozenset(row["roles"] or ()),
            frozenset(a for a in areas if a.startswith("GM")),
            bool(areas & {"regio", "landelijk"}),
            row["kvk"],
            row["agb"],
            domain_of(row["website"]),
            mail_domain_of(row["contact"]),
            phone_of(row["contact"]),
            row["part_of"],
        )

    def _weigh(self, token: str) -> float:
        return GENERAL_WEIGHT if is_general(token) else self._weights.get(token, 1.0)

    def _near(self, known: Known, keys: Iterable[str]) -> list[int]:
        """The partners that share a telling key with ``known``."""
        found: set[int] = set()
        for key in keys:
            sharing = self._files.get(key, ())
            if len(sharing) <= _CROWD:
                found.update(sharing)
        for name in known.names:
            for token in filter(name.abbreviates, name.tokens):
                sharing = self._initials.get(token, ())
                if len(sharing) <= _CROWD:
                    found.update(sharing)
        return sorted(found)

    def _judged(self, a: Known, b: Known) -> Judgement:
        return judged(a, b, self._places, self._roles, self._weigh)

    def propose(self, written: str, apart: Iterable[str] = ()) -> tuple[Proposal, ...]:
        """The partners that ``written`` may mean, best first; those decided to be ``apart`` are left out."""
        names = tuple(self._mended(n) for n in self._reader.variants(written))
        known = Known("", names, written)
        found = [
            Proposal(written, partner.id, partner.shown, judgement)
            for partner in (self.partners[c] for c in self._near(known, _keys(known)))
            if partner.id not in apart and (judgement := self._judged(known, partner)).score >= THRESHOLD
        ]
        return tuple(sorted(found, key=lambda p: (-p.score, p.partner))[:BEST])

    def _mended(self, name: Name) -> Name:
        """``name`` with slips of the pen in general words put right ("Gemente", "Centrum voor Jeudg"): those are not filed."""
        mended = [t if t in self._counted or is_general(t) else mend_general(t) or t for t in name.tokens]
        return name if tuple(mended) == name.tokens else replace(name, tokens=tuple(mended))

    def same(self, apart: Iterable[frozenset[str]] = ()) -> Iterator[Proposal]:
        """Rows that may be one partner: the later row (by id) as ``written``; each row's best only."""
        decided = set(apart)
        best: dict[int, Proposal] = {}
        areas = [p.municipalities.union(*(n.places for n in p.names)) for p in self.partners]
        pairs = {
            (min(place, other), max(place, other))
            for place, partner in enumerate(self.partners)
            for other in self._near(partner, self._keys[place])
            if other != place
        }
        for first, second in sorted(pairs):
            one, other = self.partners[first], self.partners[second]
            if areas[first] and areas[second] and not areas[first] & areas[second] and not _share_a_mark(one, other):
                # the same name in another municipality is another team; only a shared number says otherwise
                continue
            # a team and what it is part of are two, whatever they are called
            if frozenset((one.id, other.id)) in decided or one.part_of == other.id or other.part_of == one.id:
                continue
            judgement = self._judged(other, one)
            standing = best.get(second)
            if judgement.score >= ROW_THRESHOLD and (standing is None or judgement.score > standing.score):
                best[second] = Proposal(other.id, one.id, one.shown, judgement, other.shown)
        yield from (best[place] for place in sorted(best))


def ambiguous(written: str, partners: Iterable[tuple[str, str]]) -> tuple[Proposal, ...]:
    """A name that several partners (id, name) bear: each is as likely."""
    found = sorted(partners)
    score = round(100 / len(found)) if found else 0
    return tuple(Proposal(written, id_, name, Judgement(score, (Evidence("ambiguous", 0.0),))) for id_, name in found)


def _share_a_mark(a: Known, b: Known) -> bool:
    return any((v := getattr(a, name)) and v == getattr(b, name) for name in _MARKS)


def _only_their_own(partners: list[Known]) -> list[Known]:
    """Without numbers, domains and telephones that more than a few partners share."""
    for name in _MARKS:
        counted = Counter(v for p in partners if (v := getattr(p, name)))
        crowded = {v for v, n in counted.items() if n > _SHARED}
        if crowded:
            none: dict[str, Any] = {name: None}
            partners = [replace(p, **none) if getattr(p, name) in crowded else p for p in partners]
    return partners


def _keys(known: Known) -> set[str]:
    """Everything that ``known`` is filed under."""
    keys = {f"{n} {v}" for n in _MARKS if (v := getattr(known, n))}
    for name in known.names:
        places = name.places or known.municipalities
        near = sorted(places) if len(places) <= _MANY_PLACES else []
        own = [t for t in name.tokens if not is_general(t) and not is_part(t)]
        pairs = [p + q for p, q in zip(name.tokens, name.tokens[1:], strict=False)]
        keys.add("all " + "".join(sorted(name.tokens)))
        keys.add("all " + name.letters)
        for token in own or name.tokens:
            keys.update(f"at {token} {place}" for place in near)
        for token in (*own, *pairs):
            keys.add("word " + token)
        for slip in (s for token in own for s in _slips(token)):
            keys.add("slip " + slip)
            # a common word with a slip is still found among the names of one or two municipalities
            keys.update(f"slip {slip} {place}" for place in near[:_FEW_PLACES] if len(near) <= _FEW_PLACES)
        keys.update(f"at {whole} {place}" for whole in (name.letters, "".join(sorted(name.tokens))) for place in near)
    return keys


def _slips(token: str) -> Iterator[str]:
    """``token`` and all forms with one letter less: two words that differ by a slip share one."""
    if len(token) >= 5 and token.isalpha():
        yield token
        for place in range(1, len(token)):
            yield token[:place] + token[place + 1 :]
