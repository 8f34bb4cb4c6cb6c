"""What people write for an area → codes of municipalities: names of today and of before, places, lists, the region.

A name is read when it can mean one municipality only. Where that is not the name of a municipality of today
("Hoevelaken", "Bennekom") a finding says how it was read; where it can mean several, nothing is read and the
finding names them (CONTRACTS §1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from ..ontology.concepts import folded
from ..ontology.gazetteer import Meaning, former_meaning, meanings, name_key, province_behind, province_named
from ..ontology.municipalities import former_municipalities, municipalities, provinces
from .nearest import nearest
from .references import Issue, Parsed, parts

_AREAS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        "regio deregio heleregio dehelregio dehele regiobreed regionaal inderegio geheleregio degeheleregio region wholeregion "
        "alle allegemeenten allegemeentes allegemeenteninderegio allegemeentenvanderegio alleregiogemeenten regiogemeenten "
        "allmunicipalities onzeregio dezeregio dehelederegio deheleregio".split(),
        "regio",
    ),
    **dict.fromkeys(
        "landelijk nederland heelnederland national nationaal landelijkedekking landelijkaanbod geheelnederland hetheleland "
        "heelhetland allegemeenteninnederland allenederlandsegemeenten nl nationwide thenetherlands".split(),
        "landelijk",
    ),
}
#: What says as much as an empty cell.
_UNKNOWN: Final = frozenset(("onbekend", "weetniet", "nognietbekend", "nnb", "ntb", "unknown", ""))
_PREFIX: Final = re.compile(
    r"(?i)^(?:de\s+|in\s+)?(?:burgerlijke\s+)?(?:gemeente[ns]?|gem\.|gem|municipality of|plaats|kern|dorp|stad)[\s:]+(?=[\w'’‘])"
)
_POSTCODE: Final = re.compile(r"^\(?\d{4}\s?(?:[A-Za-z]{2})?\)?[\s,]+(?=[A-Za-z'’])")
_AROUND: Final = re.compile(
    r"(?i)\s*(?:\be\.?\s?o\.?|\ben (?:de )?(?:omgeving|omstreken|omliggende (?:gemeenten|dorpen|kernen|plaatsen)|regio))\s*$"
)
_EXCEPT: Final = re.compile(
    r"(?i)(?<!\w)(?:behalve|m\.?u\.?v\.?|met uitzondering van|uitgezonderd|uitgez\.|exclusief|excl\.?|zonder|niet (?:in|voor)"
    r"|except|without)(?!\w)"
)
_BETWEEN: Final = re.compile(r"(\s*[,/+&|•·]\s*|\s+(?:en|and|of|alsmede|plus)\s+|\s+[-–—]\s+|\s*\bm\.?n\.?\b\s*)")
_CODE: Final = re.compile(r"(?i)^(?:gm[\s-]?)?(\d{1,4})$")
#: More items that nobody knows than this in one piece of text, and the text is one finding.
_MOST_UNKNOWN: Final = 3
#: A municipality that ended in or after this year is still meant by its name, not only its village.
_REMEMBERED: Final = 1990
#: There are so many villages that a word must look much like one before it is proposed.
_ALIKE_PLACES: Final = 88.0
#: Who names a municipality that was divided in or after this year may mean all of it.
_DIVIDED_LATELY: Final = 2000


@dataclass(frozen=True, slots=True)
class _Found:
    """What one name means: codes of today (none: unknown), and what to say about it."""

    codes: tuple[str, ...]
    issue: Issue | None = None


class MunicipalityNames:
    """Municipalities by code and name: the national list, what was before, places and the region's own.

    ``own``: (code, label) of the region's own list, which wins from the national one. ``region``: the
    municipalities of the region, as codes or names; they decide between two that bear one name.
    ``called``: what the region is called ("Gelderse Vallei"). ``youth_regions``: name of a youth region →
    codes of its municipalities.
    """

    def __init__(
        self,
        own: Iterable[tuple[str, str | None]] = (),
        *,
        region: Iterable[str] = (),
        called: Iterable[str] = (),
        youth_regions: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self._codes = {folded(code): code for code in municipalities()}
        self._labels = {code: province_behind(names[0])[0] for code, names in municipalities().items()}
        self._own: dict[str, str] = {}
        for code, name in own:
            self._codes[folded(code)] = code
            if name:
                self._own[name_key(name)] = code
                self._labels[code] = name
        self._called = {key for name in called for key in _region_keys(name)}
        self._youth = {key: sorted(set(codes)) for name, codes in (youth_regions or {}).items() for key in _region_keys(name)}
        self._region: frozenset[str] = frozenset()
        self._region = frozenset(c for text in region for c in self._find(str(text)).codes)

    def label(self, code: str) -> str:
        """How people call a municipality; the code itself where it is unknown."""
        return self._labels.get(code, code)

    # --- one ---------------------------------------------------------------------------------------
    def code(self, text: str) -> Parsed:
        """One municipality by code (GM0228, 0228, 228), name, former name or place."""
        if folded(text) in _UNKNOWN:
            return Parsed(None)
        found = self._find(text)
        if len(found.codes) == 1:
            return Parsed(found.codes[0], (found.issue,) if found.issue else ())
        return Parsed(None, (found.issue or self._unknown(text),))

    def _find(self, text: str) -> _Found:
        written = text.strip()
        if number := _CODE.match(written):
            return self._by_code(f"GM{int(number[1]):04d}", written)
        if own := self._codes.get(folded(written)):
            return _Found((own,))
        name = written
        for _ in range(2):
            name = _PREFIX.sub("", _POSTCODE.sub("", name)).strip(" .,:")
        if own := self._own.get(name_key(written)) or self._own.get(name_key(name)):
            return _Found((own,))
        base, province = province_behind(name)
        known = meanings().get(name_key(name), ()) or meanings().get(name_key(base), ())
        if province:
            inside = ((m, tuple(c for c in m.codes if provinces()[c] == province)) for m in meanings().get(name_key(base), ()))
            there = [replace(m, codes=codes) for m, codes in inside if codes]
            return self._settle(text, there) if there else _Found((), self._unknown(text, known))
        if (said := province_named(name)) and (not any(m.kind == "municipality" for m in known) or folded(name) != folded(said)):
            return _Found((), Issue("province-not-municipality", text, self._listed(self._in_province(said))))
        return self._settle(text, known)

    def _by_code(self, code: str, text: str) -> _Found:
        if own := self._codes.get(folded(code)):
            return _Found((own,))
        if former := former_municipalities().get(code):
            return self._settle(text, (former_meaning(former),))
        return _Found(())

    def _settle(self, text: str, known: Iterable[Meaning]) -> _Found:
        """Which municipality a name means; nothing where it may mean several."""
        known = tuple(known)
        current = {m.codes[0] for m in known if m.kind == "municipality"}
        if len(current) == 1:
            return _Found(tuple(current))
        if current:
            here = current & self._region
            # the region's own Bergen is meant, and the finding says so
            return self._read(text, here, "namesake-read") if len(here) == 1 else self._ambiguous(text, current)
        former = [m for m in known if m.kind == "former"]
        places = {c for m in known if m.kind == "place" for c in m.codes}
        codes = {c for m in former for c in _parts_of(m, places)} | places
        if not codes:
            return _Found(())
        if len(codes) > 1:
            here = codes & self._region
            if len(here) == 1:
                return self._read(text, here, "namesake-read")
            years = [m.year for m in former if m.divided and set(m.codes) == codes]
            return self._split(text, codes, years[0]) if years else self._ambiguous(text, codes)
        if not codes <= self._region and (near := self._near_here(text)):
            # "Eede" is a village in Zeeland, and far more often a slip of the pen for Ede
            return self._ambiguous(text, {*codes, near})
        year = max((m.year for m in former if m.year), default=0)
        # who writes the name of a municipality of long ago means the village
        merged = year >= (_REMEMBERED if places else 1)
        return self._read(text, codes, "merged-municipality" if merged else "place-not-municipality", year)

    def _read(self, text: str, codes: Iterable[str], code: str, year: int = 0) -> _Found:
        (one,) = codes
        said = (("year", year),) if code == "merged-municipality" else ()
        return _Found((one,), Issue(code, text, self.label(one), said))

    def _ambiguous(self, text: str, codes: Iterable[str]) -> _Found:
        return _Found((), Issue("ambiguous-municipality", text, self._listed(codes)))

    def _split(self, text: str, codes: Iterable[str], year: int | None) -> _Found:
        return _Found((), Issue("split-municipality", text, self._listed(codes), (("year", year),)))

    def _near_here(self, text: str) -> str | None:
        labels = {name_key(self.label(c)): c for c in sorted(self._region)}
        near = nearest(name_key(text), labels)
        return labels[near[0]] if near else None

    def _in_province(self, province: str) -> list[str]:
        """The region's municipalities in a province; too many to propose where there is no region."""
        return [c for c in self._region if provinces().get(c) == province]

    def _listed(self, codes: Iterable[str]) -> str | None:
        labels = sorted((_full_name(c) or self.label(c)) for c in codes)
        return "; ".join(labels[:12]) or None

    def _unknown(self, text: str, known: Iterable[Meaning] = ()) -> Issue:
        codes = {c for m in known for c in m.codes} or self._mentioned(text)
        if codes:
            return Issue("unknown-municipality", text, self._listed(codes))
        key = name_key(_PREFIX.sub("", text.strip()))
        near = nearest(key, self._here) or nearest(key, self._everywhere) or nearest(key, meanings(), alike=_ALIKE_PLACES)
        if not near:
            return Issue("unknown-municipality", text)
        name = self._here.get(near[0]) or self._everywhere.get(near[0]) or meanings()[near[0]][0].name
        return Issue("unknown-municipality", text, name)

    @cached_property
    def _here(self) -> Mapping[str, str]:
        """The labels of the region's municipalities by their key."""
        return {name_key(self.label(c)): self.label(c) for c in sorted(self._region)}

    @cached_property
    def _everywhere(self) -> Mapping[str, str]:
        """The labels of all municipalities by their key."""
        own = {k: self.label(c) for k, c in self._own.items()}
        return {**{name_key(label): label for label in self._labels.values()}, **own}

    def _mentioned(self, text: str) -> set[str]:
        """The municipalities of the region that a longer text names."""
        padded = f" {re.sub(r'[^a-z0-9]+', ' ', text.casefold())} "
        return {c for c in self._region if f" {self.label(c).casefold()} " in padded}

    # --- several -----------------------------------------------------------------------------------
    def area(self, text: str) -> Parsed:
        """A list of municipalities, or regio / landelijk; sorted, without doubles."""
        found: set[str] = set()
        issues: list[Issue] = []
        for part in parts(text):
            codes, said = self._part(part)
            found |= codes
            issues += said
        return Parsed(sorted(found) or None, tuple(dict.fromkeys(issues)))

    def _part(self, text: str) -> tuple[set[str], list[Issue]]:
        if folded(text) in _UNKNOWN:
            return set(), []
        if whole := self._whole(text):
            return set(whole.codes), [whole.issue] if whole.issue else []
        if exception := _EXCEPT.search(text):
            return set(), [Issue("area-except", text, self._without(text[exception.end() :]))]
        around = _AROUND.search(text)
        if around and around.start():
            codes, issues = self._part(text[: around.start()])
            return codes, [*issues, Issue("area-around", text, self._listed(codes) if codes else None)]
        return self._several(text)

    def _whole(self, text: str) -> _Found | None:
        """What the text means as a whole; None where it may still be a list."""
        plain = folded(text)
        if word := _AREAS.get(plain):
            return _Found((word,))
        if plain in self._called:
            return _Found(("regio",))
        if codes := self._youth.get(plain):
            return _Found(tuple(codes), Issue("youth-region-read", text, self._listed(codes)))
        found = self._find(text)
        return found if found.codes or (found.issue and found.issue.code != "unknown-municipality") else None

    def _several(self, text: str) -> tuple[set[str], list[Issue]]:
        """A list within one item: "Ede, Barneveld en Nijkerk". The longest name wins: "Gilze en Rijen" is one."""
        pieces = _BETWEEN.split(text.strip())
        if len(pieces) == 1:
            words = self._words(text.split()) or self._words(re.split(r"[-–]", text))
            return (words, []) if words else (set(), [self._unknown(text)])
        codes: set[str] = set()
        issues: list[Issue] = []
        unknown = 0
        at = 0
        while at < len(pieces):
            for end in range(len(pieces), at, -2):
                item = "".join(pieces[at:end]).strip()
                whole = self._whole(item) if item else None
                if whole or end == at + 1:
                    break
            at = end + 1
            if whole:
                codes |= set(whole.codes)
                issues += [whole.issue] if whole.issue else []
            elif item and folded(item) not in _UNKNOWN:
                more, said = self._part(item) if len(pieces) > 1 else (set(), [self._unknown(item)])
                codes |= more
                issues += said
                unknown += any(i.code == "unknown-municipality" for i in said)
        if unknown > _MOST_UNKNOWN or (unknown and not codes):
            # a sentence, not a list: one finding is enough
            issues = [i for i in issues if i.code != "unknown-municipality"] + [self._unknown(text)]
        return codes, issues

    def _words(self, words: list[str]) -> set[str]:
        """Names with nothing but spaces between them, when every word belongs to a municipality of today."""
        codes: set[str] = set()
        at = 0
        while at < len(words):
            for end in range(len(words), at, -1):
                if end - at == len(words):
                    continue
                found = self._find(" ".join(words[at:end]))
                if len(found.codes) == 1 and not found.issue:
                    codes |= set(found.codes)
                    break
            else:
                return set()
            at = end
        return codes

    def _without(self, exception: str) -> str | None:
        """The region's municipalities without the ones named, as a proposal."""
        out, _ = self._part(exception.strip(" .:()"))
        left = self._region - out
        return self._listed(left) if out & self._region and left else None


def _parts_of(former: Meaning, places: set[str]) -> set[str]:
    """Where a former municipality is today; a village of its name says which part, unless it was divided lately."""
    if former.divided and (former.year or 0) >= _DIVIDED_LATELY:
        return set(former.codes)
    return (set(former.codes) & places) or set(former.codes)


def _full_name(code: str) -> str | None:
    names = municipalities().get(code)
    return names[0] if names else None


def _region_keys(name: str) -> set[str]:
    plain = folded(name)
    bare = re.sub(r"^(?:de)?(?:jeugdhulp|jeugd|zorg)?regio", "", plain)
    return {
        k
        for k in (plain, bare, f"regio{bare}", f"deregio{bare}", f"heleregio{bare}", f"jeugdregio{bare}", f"{bare}gemeenten")
        if len(k) > 2
    } - {
        "regio",
        "deregio",
        "heleregio",
        "jeugdregio",
    }
