"""What people write → what is meant: partners, offerings, routes and roles.

Names match when case, accents and punctuation are ignored and only one thing bears the name; anything
else is a finding with proposals (CONTRACTS §1, Endpoints).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ..ontology.concepts import Scheme, folded, scheme
from .nearest import nearest

_PREFIXES: Final = {"partner": "", "aanbod": "aanbod:", "route": "route:", "rol": "rol:", "uitkomst": "uitkomst:"}


@dataclass(frozen=True, slots=True)
class Issue:
    """What is wrong with one value: the code of a finding, the value, a proposal and what else its sentence says."""

    code: str
    value: str
    suggestion: str | None = None
    said: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value and what was wrong on the way; ``value`` None where nothing could be read."""

    value: Any
    issues: tuple[Issue, ...] = ()


def parts(text: str) -> list[str]:
    """The items of a ;-separated cell."""
    return [p.strip() for p in text.replace("\n", ";").split(";") if p.strip()]


@dataclass
class Register:
    """Everything that an endpoint can name. Filled table by table while reading."""

    roles: Scheme = field(default_factory=lambda: scheme("role"))
    partners: set[str] = field(default_factory=set)
    offerings: set[str] = field(default_factory=set)
    routes: set[str] = field(default_factory=set)
    _names: dict[str, set[str]] = field(default_factory=dict)
    _aliases: dict[str, str] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    def add_partners(self, rows: Iterable[tuple[str, Sequence[str | None]]]) -> None:
        """Take up partners as (id, names)."""
        for id_, names in rows:
            self.partners.add(id_)
            for name in names:
                if name:
                    self._names.setdefault(folded(name), set()).add(id_)

    def decide(self, aliases: Mapping[str, str], merged: Mapping[str, str]) -> None:
        """Take up what people decided: ``aliases`` (a name, folded → partner id), ``merged`` (id → the id that is kept)."""
        self.partners -= set(merged)
        for name, ids in self._names.items():
            self._names[name] = {merged.get(i, i) for i in ids}
        self._aliases.update(aliases)
        self._aliases.update((folded(id_), kept) for id_, kept in merged.items())

    @property
    def used(self) -> set[str]:
        """Every name and id in use, folded: of what there is, and asked for in a cell."""
        return {folded(i) for i in self.partners} | set(self._names) | self._asked

    def add_offerings(self, rows: Iterable[tuple[str, str | None]]) -> None:
        """Take up offerings as (id, name)."""
        for id_, name in rows:
            self.offerings.add(id_)
            if name:
                self._names.setdefault(folded(name), set()).add(f"aanbod:{id_}")

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
            if rest in sets[prefix]:
                return Parsed(_PREFIXES[prefix] + rest)
            kept = self._aliases.get(folded(rest)) if prefix == "partner" else None
            return Parsed(kept) if kept else self._unknown(text)
        homes = [k for k in kinds if k in sets and text in sets[k]]
        if homes:
            issues = (Issue("id-twice", text, homes[0]),) if len(homes) > 1 else ()
            return Parsed(_PREFIXES[homes[0]] + text, issues)
        plain = folded(text)
        self._asked.add(plain)
        if plain in self._aliases:
            return Parsed(self._aliases[plain])
        named = {i for i in self._names.get(plain, ()) if "aanbod" in kinds or not i.startswith("aanbod:")}
        # a partner and its offering often bear one name: the partner is what an endpoint names first
        named = {i for i in named if not i.startswith("aanbod:")} or named
        if len(named) == 1:
            return Parsed(named.pop())
        if named:
            return Parsed(None, (Issue("ambiguous-reference", text, "; ".join(sorted(named)[:5])),))
        return self._unknown(text, roles="rol" in kinds)

    def _unknown(self, text: str, *, roles: bool = True) -> Parsed:
        """Nothing of that name; only a role that was meant is told here, proposals come when all is read (matching)."""
        rest = text.casefold().removeprefix("rol:").strip()
        role = self.roles.find(rest) if roles else None
        if role is None and text.casefold().startswith("rol:"):
            near = nearest(folded(rest), self.roles.names)
            role = self.roles.names[near[0]] if near else None
        return Parsed(None, (Issue("unknown-reference", text, f"rol:{role}" if role else None),))
