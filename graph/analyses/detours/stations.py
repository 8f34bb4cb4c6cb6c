"""The roles that a family meets on its way, and the steps among them that the law does not require."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final

from ....ontology.concepts import Scheme
from ...landscape import Landscape
from ...locale import Locale
from ...places import Hop
from ...profile import Profile, age_fits, theme_fits
from ...referring import ACCESS, levels_of, refers_straight

#: Of a station that holds no role: an initiative, or a partner of which no role is known.
OTHER: Final = "overig"
_ROLE: Final = "rol:"

Ends = tuple[str | None, str | None]


class Stations:
    """The roles in which the stations of ways in one municipality are met.

    A partner with several roles is met in one of them: where a way begins in an entry role; further on in the role
    that the route between roles leads to (or starts from, on the next step); else in the first of the scheme.
    """

    def __init__(self, locale: Locale) -> None:
        self._locale = locale
        self._roles = locale.landscape.roles
        self._rank = {slug: n for n, slug in enumerate(self._roles.slugs)}
        self._ends = locale.landscape.derived(role_ends)
        self._held: dict[str, tuple[str, ...]] = {}
        self._known: dict[tuple[str, ...], tuple[str, ...]] = {}

    def roles(self, path: Sequence[str], profile: Profile) -> tuple[str, ...]:
        """One role (slug) per station of ``path`` (nodes), for a family of ``profile``."""
        key = tuple(path)
        if key in self._known:
            return self._known[key]
        found = tuple(self._role(key, place, profile) for place in range(len(key)))
        if all(len(self._roles_of(node)) == 1 for node in key):
            # whoever holds one role is met in it by everybody
            self._known[key] = found
        return found

    def _roles_of(self, node: str) -> tuple[str, ...]:
        """The roles of a node in the order of the scheme."""
        if node not in self._held:
            held = sorted(self._locale.node(node).roles, key=lambda role: (self._rank.get(role, len(self._rank)), role))
            self._held[node] = tuple(held) or (OTHER,)
        return self._held[node]

    def _role(self, path: tuple[str, ...], place: int, profile: Profile) -> str:
        held = self._roles_of(path[place])
        if len(held) == 1:
            return held[0]
        if place == 0:
            # where nobody knows in which role a family is met it is one in which families come in
            held = tuple(r for r in held if r in self._roles and self._roles[r].says("isEntry")) or held
        else:
            reached = self._used(path[place - 1], path[place], profile, 1)
            if reached in held:
                return reached
        if place + 1 < len(path):
            left = self._used(path[place], path[place + 1], profile, 0)
            if left in held:
                return left
        return held[0]

    def _used(self, source: str, target: str, profile: Profile, end: int) -> str | None:
        """The role at one end (0: from, 1: to) of the route between roles that takes ``profile`` there, if one does.

        Of several such routes the quickest: least handover and decision, then warm ones, then by id.
        """
        asked = None if profile.theme is None else self._locale.landscape.themes.with_broader(profile.theme)
        usable = [
            hop
            for hop in self._between.get((source, target), ())
            if age_fits(profile.age, hop.age_from, hop.age_until) and theme_fits(asked, hop.themes)
        ]
        if not usable:
            return None
        decision = self._locale.decision(profile).expected or 0.0
        first = min(usable, key=lambda h: (h.handover + (decision if h.decision else 0.0), not h.warm, h.route or ""))
        return self._ends.get(first.route or "", (None, None))[end]

    @cached_property
    def _between(self) -> Mapping[tuple[str, str], list[Hop]]:
        """The steps that routes between roles state, by the two nodes."""
        found: dict[tuple[str, str], list[Hop]] = {}
        for hop in self._locale.hops:
            if hop.route in self._ends:
                found.setdefault((hop.source, hop.target), []).append(hop)
        return found


def role_ends(landscape: Landscape) -> Mapping[str, Ends]:
    """The role at each end of every route that has one (None: a partner or offering), by the id of the route."""
    routes = landscape["routes"]
    found: dict[str, Ends] = {}
    for route, start, end in zip(routes["id"], routes["from"], routes["to"], strict=True):
        ends = tuple(e[len(_ROLE) :] if e.startswith(_ROLE) else None for e in (start, end))
        if any(ends):
            found[route] = (ends[0], ends[1])
    return found


def not_required_by_law(roles: Sequence[str], level: int, scheme: Scheme) -> tuple[tuple[str, str], ...]:
    """The steps of a pattern over the municipality's access after a role that may refer straight to ``level``.

    Physicians may (Jeugdwet 2.6 lid 1 g), and the SOJ under the GP's referral. A way that ends at the access itself
    goes there for what it offers: that step is not meant.
    """
    return tuple(
        (before, access)
        for before, access in pairwise(roles[:-1])
        if access in ACCESS
        and before not in ACCESS
        and refers_straight(scheme, (before,))
        and level in levels_of(scheme, (before,))
    )
