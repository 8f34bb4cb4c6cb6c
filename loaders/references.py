"""What people write → what is meant: municipalities, partners, offerings, routes and roles.

Names match when case, accents and punctuation are ignored and only one thing bears the name; anything
else is a finding with proposals (CONTRACTS §1, Endpoints).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

from ..ontology.concepts import Scheme, folded, scheme
from ..ontology.municipalities import municipalities

_PREFIXES: Final = {"partner": "", "aanbod": "aanbod:", "route": "route:", "rol": "rol:", "uitkomst": "uitkomst:"}
_AREAS: Final = {
    "regio": "regio",
    "deregio": "regio",
    "heleregio": "regio",
    "region": "regio",
    "landelijk": "landelijk",
    "nederland": "landelijk",
    "heelnederland": "landelijk",
    "national": "landelijk",
}


@dataclass(frozen=True, slots=True)
class Issue:
    """What is wrong with one value: the code of a finding, the value and a proposal."""

    code: str
    value: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value and what was wrong on the way; ``value`` None where nothing could be read."""

    value: Any
    issues: tuple[Issue, ...] = ()


def parts(text: str) -> list[str]:
    """The items of a ;-separated cell."""
    return [p.strip() for p in text.replace("\n", ";").split(";") if p.strip()]


class MunicipalityNames:
    """Municipalities by code and name: the national list and the region's own."""

    def __init__(self, own: Iterable[tuple[str, str | None]] = ()) -> None:
        self._codes: dict[str, str] = {}
        self._names: dict[str, str] = {}
        listed = [(code, name) for code, names in municipalities().items() for name in names]
        for code, name in (*listed, *own):
            self._codes[folded(code)] = code
            if name:
                self._names[folded(name)] = code

    def code(self, text: str) -> Parsed:
        """One municipality by code (GM0228, 0228, 228) or name."""
        plain = folded(text)
        if re.fullmatch(r"\d{1,4}", plain):
            plain = f"gm{int(plain):04d}"
        plain = re.sub(r"^gemeente(?=.)", "", plain)
        found = self._codes.get(plain) or self._names.get(plain)
        if found:
            return Parsed(found)
        near = get_close_matches(plain, self._names, 1, 0.75)
        name = None
        if near:
            code = self._names[near[0]]
            name = next((n for n in municipalities().get(code, ()) if folded(n) == near[0]), code)
        return Parsed(None, (Issue("unknown-municipality", text, name),))

    def area(self, text: str) -> Parsed:
        """A list of municipalities, or regio / landelijk; sorted, without doubles."""
        found: set[str] = set()
        issues: list[Issue] = []
        for part in parts(text):
            word = _AREAS.get(folded(part))
            parsed = Parsed(word) if word else self.code(part)
            if parsed.value:
                found.add(parsed.value)
            issues += parsed.issues
        return Parsed(sorted(found) or None, tuple(issues))


@dataclass
class Register:
    """Everything that an endpoint can name. Filled table by table while reading."""

    roles: Scheme = field(default_factory=lambda: scheme("role"))
    partners: set[str] = field(default_factory=set)
    offerings: set[str] = field(default_factory=set)
    routes: set[str] = field(default_factory=set)
    _names: dict[str, set[str]] = field(default_factory=dict)
    _shown: dict[str, str] = field(default_factory=dict)

    def add_partners(self, rows: Iterable[tuple[str, Sequence[str | None]]]) -> None:
        """Take up partners as (id, names)."""
        for id_, names in rows:
            self.partners.add(id_)
            for name in names:
                if name:
                    self._names.setdefault(folded(name), set()).add(id_)
                    self._shown.setdefault(folded(name), name)

    def add_offerings(self, rows: Iterable[tuple[str, str | None]]) -> None:
        """Take up offerings as (id, name)."""
        for id_, name in rows:
            self.offerings.add(id_)
            if name:
                self._names.setdefault(folded(name), set()).add(f"aanbod:{id_}")
                self._shown.setdefault(folded(name), name)

    def add_routes(self, ids: Iterable[str]) -> None:
        self.routes.update(ids)

    # --- asking ----------------------------------------------------------------------------
    def partner(self, text: str) -> Parsed:
        """One partner, by id or unique name."""
        return self._resolve(text, ("partner",))

    def endpoint(self, text: str, *, routes: bool = False, outcomes: bool = False) -> Parsed:
        """One endpoint: an id, ``rol:slug`` or a unique name; routes and outcomes where they are meant."""
        if outcomes and (found := scheme("outcome").find(text)):
            return Parsed(f"uitkomst:{found}")
        return self._resolve(text, ("partner", "aanbod", "rol", *(("route",) if routes else ())))

    def chain(self, text: str) -> Parsed:
        """One endpoint or several in order, joined by ``>``."""
        found: list[str] = []
        issues: list[Issue] = []
        for part in re.split(r"\s*(?:>|→)\s*", text.strip()):
            parsed = self.endpoint(part, routes=True)
            issues += parsed.issues
            if parsed.value:
                found.append(parsed.value)
        # half a chain says something else than the whole
        whole = found if found and not any(i.code != "id-twice" for i in issues) else None
        return Parsed(whole, tuple(issues))

    def partner_list(self, text: str) -> Parsed:
        """Several partners; sorted, without doubles."""
        parsed = [self.partner(p) for p in parts(text)]
        return Parsed(sorted({p.value for p in parsed if p.value}) or None, tuple(i for p in parsed for i in p.issues))

    def _resolve(self, text: str, kinds: Sequence[str]) -> Parsed:
        sets: Mapping[str, set[str]] = {"partner": self.partners, "aanbod": self.offerings, "route": self.routes}
        prefix, colon, rest = text.partition(":")
        prefix = prefix.strip().casefold()
        if colon and prefix in _PREFIXES and prefix in kinds:
            rest = rest.strip()
            if prefix == "rol":
                slug = self.roles.find(rest)
                return Parsed(f"rol:{slug}") if slug else self._unknown(text)
            return Parsed(_PREFIXES[prefix] + rest) if rest in sets[prefix] else self._unknown(text)
        homes = [k for k in kinds if k in sets and text in sets[k]]
        if homes:
            issues = (Issue("id-twice", text, homes[0]),) if len(homes) > 1 else ()
            return Parsed(_PREFIXES[homes[0]] + text, issues)
        named = {i for i in self._names.get(folded(text), ()) if "aanbod" in kinds or not i.startswith("aanbod:")}
        # a partner and its offering often bear one name: the partner is what an endpoint names first
        named = {i for i in named if not i.startswith("aanbod:")} or named
        if len(named) == 1:
            return Parsed(named.pop())
        if named:
            return Parsed(None, (Issue("ambiguous-reference", text, "; ".join(sorted(named)[:5])),))
        return self._unknown(text, roles="rol" in kinds)

    def _unknown(self, text: str, *, roles: bool = True) -> Parsed:
        role = self.roles.find(text.removeprefix("rol:")) if roles else None
        near = [f"rol:{role}"] if role else []
        plain = folded(text)
        near += [self._shown[n] for n in get_close_matches(plain, self._names, 2, 0.75)]
        near += [i for i in get_close_matches(text, self.partners, 1, 0.8) if i not in near] if len(text) < 20 else []
        return Parsed(None, (Issue("unknown-reference", text, "; ".join(near) or None),))
