"""What holds in one municipality: the partners that serve it, the offerings and the usable hops.

A :class:`Locale` is made once per municipality and asked for many profiles. Routes between roles are expanded to the
partners that hold them here (ANALYSES, Common ground). What municipalities share is made once (:mod:`atlas`,
:mod:`measured`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from itertools import chain
from typing import Any

from .atlas import Atlas
from .landscape import Landscape
from .places import FAMILY, Hop, Node, Offering, implied_hop
from .profile import GENERAL, Profile, age_fits, elementary_bands, theme_fits
from .waiting import Wait
from .waits import Waits


class Locale:
    """A Landscape seen from one municipality (code). ``with_outdated`` also computes with old waits."""

    def __init__(self, landscape: Landscape, municipality: str, *, with_outdated: bool = False) -> None:
        self.landscape = landscape
        self.municipality = municipality
        self.settings = landscape.settings
        self.name = landscape.municipality_names.get(municipality, municipality)
        self._with_outdated = with_outdated
        self._atlas = landscape.derived(Atlas)
        #: Legs that were made for some profile, for Network to find again.
        self.legs: dict[tuple[int, str | None, int, int], Any] = {}
        #: Waits and legs that are the same for every profile: no wait on them has a condition.
        self.same_waits: dict[tuple[str, str | None, str | None, bool], Wait] = {}
        self.same_legs: dict[tuple[int, str | None, bool], Any] = {}
        self._offerings_about: dict[tuple[str | None, int | None], tuple[Offering, ...]] = {}
        self._hops_about: dict[str | None, tuple[Hop, ...]] = {}
        self._free: dict[tuple[str, str, str], Hop] = {}

    # --- what there is -------------------------------------------------------------------------
    @cached_property
    def partners(self) -> Mapping[str, Node]:
        """The named partners that serve the municipality."""
        return self._atlas.partners(self.municipality)

    @cached_property
    def offerings(self) -> Mapping[str, Offering]:
        """The valid offerings that serve the municipality, by id.

        An empty area is the partner's; an initiative without partner is taken as the whole region.
        """
        return self._atlas.offerings(self.municipality, self.partners)

    @cached_property
    def _offerings_at(self) -> Mapping[str, tuple[Offering, ...]]:
        found: dict[str, list[Offering]] = {}
        for offering in self.offerings.values():
            found.setdefault(offering.node, []).append(offering)
        return {node: tuple(offered) for node, offered in found.items()}

    def offered(self, node: str, level: int) -> tuple[Offering, ...]:
        """What ``node`` offers here of exactly a level, in order of id."""
        return tuple(o for o in self._offerings_at.get(node, ()) if o.level == level)

    @cached_property
    def holders(self) -> Mapping[str, tuple[str, ...]]:
        """The partners that hold each role here."""
        found: dict[str, list[str]] = {}
        for partner in self.partners.values():
            for role in partner.roles:
                found.setdefault(role, []).append(partner.id)
        return {role: tuple(ids) for role, ids in found.items()}

    def is_safety(self, partner: str | None) -> bool:
        """Whether a partner holds the safety role: always shown, never ranked."""
        return partner is not None and partner in self.partners and "veiligheid" in self.partners[partner].roles

    # --- endpoints -------------------------------------------------------------------------------
    def nodes_of(self, endpoint: str) -> tuple[tuple[str, str | None], ...]:
        """(node, offering) of an endpoint here; a role that nobody holds is its own placeholder."""
        if endpoint.startswith("rol:"):
            role = endpoint[4:]
            if endpoint == FAMILY:
                return ((FAMILY, None),)
            return tuple((p, None) for p in self.holders.get(role, ())) or ((endpoint, None),)
        if endpoint.startswith("aanbod:"):
            offering = self.offerings.get(endpoint[7:])
            if offering is None:
                return ()
            if offering.partner is None:
                return ((offering.node, offering.id),)
            return ((offering.partner, offering.id),) if offering.partner in self.partners else ()
        return ((endpoint, None),) if endpoint in self.partners else ()

    def node(self, node: str) -> Node:
        """The node called ``node``: a partner, a placeholder or an initiative."""
        if node in self.partners:
            return self.partners[node]
        if node.startswith("rol:"):
            role = node[4:]
            concept = self.landscape.roles.concepts.get(role)
            label = self.landscape.roles.label(role)
            known = node == FAMILY
            name = label if known else f"{label} in {self.name}, niet bij naam bekend"
            return Node(node, name, (role,), bool(concept and concept.says("isEntry")), placeholder=not known)
        # an initiative, or a partner that serves others and has one offering for here
        return Node(node, self.landscape.names.get(node, node), (), False)

    @cached_property
    def access(self) -> tuple[str, ...]:
        """The municipality's access: its access partners, else one placeholder."""
        found = [p.id for role in ("gemeente", "lokaal-team") for p in self.partners.values() if role in p.roles]
        return tuple(dict.fromkeys(found)) or ("rol:gemeente",)

    # --- hops --------------------------------------------------------------------------------------
    @cached_property
    def hops(self) -> tuple[Hop, ...]:
        """Every step that moves families here, role routes expanded, before age and theme are asked."""
        steps, partners = self._atlas.steps, self.partners
        ends = [o for i in steps.offerings.intersection(self.offerings) if (o := f"aanbod:{i}") and self.nodes_of(o)]
        found = steps.hops(self.municipality, [*partners, *ends], self.nodes_of)
        stated = {h.target for h in found if h.source == FAMILY}
        implied = (implied_hop(FAMILY, access, None) for access in self.access if access not in stated)
        return (*found, *implied)

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """Where a family can start: partners and placeholders with an entry role, and the family itself."""
        used = {h.source for h in self.hops}
        named = [p.id for p in self.partners.values() if p.entry]
        loose = [n for n in sorted(used) if n.startswith("rol:") and n != FAMILY and self.node(n).entry]
        return (*named, *loose, FAMILY)

    def free_steps(self, entries: Iterable[str], profile: Profile, level: int | None = None) -> tuple[Hop, ...]:
        """A fitting free offering is one step from each of ``entries``."""
        found = [
            (offering.node, offering.id)
            for offering in self.fitting(profile, level)
            if offering.access == "vrij" and not self.is_safety(offering.partner)
        ]
        return tuple(self.free_step(e, node, oid) for e in entries for node, oid in found if e != node)

    def free_step(self, entry: str, node: str, offering: str) -> Hop:
        """The step from an entry to a free offering: needs no registration."""
        key = (entry, node, offering)
        if key not in self._free:
            self._free[key] = implied_hop(entry, node, offering)
        return self._free[key]

    def fitting(self, profile: Profile, level: int | None = None, *, until: bool = False) -> tuple[Offering, ...]:
        """Valid offerings here for the age, theme and (exactly) the level asked.

        ``until``: only the upper age limit is tested, for a child that grows older on the way.
        """
        return tuple(
            o for o in self._about(profile.theme, level) if age_fits(profile.age, None if until else o.age_from, o.age_until)
        )

    def _about(self, theme: str | None, level: int | None) -> tuple[Offering, ...]:
        """The offerings here that fit a theme and level, of any age; looked up once."""
        key = (theme, level)
        if key not in self._offerings_about:
            asked = None if theme is None else self.landscape.themes.with_broader(theme)
            self._offerings_about[key] = tuple(
                o for o in self.offerings.values() if (level is None or o.level == level) and theme_fits(asked, o.themes)
            )
        return self._offerings_about[key]

    def hops_about(self, theme: str | None) -> tuple[Hop, ...]:
        """The hops here that fit a theme, of any age; looked up once."""
        if theme not in self._hops_about:
            asked = None if theme is None else self.landscape.themes.with_broader(theme)
            self._hops_about[theme] = tuple(h for h in self.hops if theme_fits(asked, h.themes))
        return self._hops_about[theme]

    # --- waits ---------------------------------------------------------------------------------------
    @cached_property
    def waits(self) -> Waits:
        # read when first needed, and without a way back to this Locale, which would only go with the garbage collector then
        subjects = chain(
            self.partners,
            (f"aanbod:{o}" for o in self.offerings),
            (f"rol:{r}" for r in self.landscape.roles.slugs),
            (f"route:{h.route}" for h in self.hops if h.route),
        )
        return Waits(self.landscape, subjects, with_outdated=self._with_outdated)

    def subjects(self, node: str, offering: str | None = None, route: str | None = None) -> list[str]:
        """What may say how long one waits at ``node``, most specific first."""
        found = [f"route:{route}"] if route else []
        if offering:
            found.append(f"aanbod:{offering}")
        if node in self.partners:
            found += [node, *(f"rol:{r}" for r in self.partners[node].roles)]
        elif node.startswith("rol:"):
            found.append(node)
        return found

    @cached_property
    def decision_partner(self) -> str:
        """Whose decision is meant by besluit_nodig: the access partner with a registered decision wait, else the first."""
        for partner in self.access:
            if any(row["kind"] == "besluit" for row in self.waits.rows(partner)):
                return partner
        return self.access[0]

    def decision(self, profile: Profile) -> Wait:
        return self.waits.decision(self.decision_partner, profile)

    # --- bands -----------------------------------------------------------------------------------------
    @cached_property
    def _cuts(self) -> Mapping[frozenset[str], set[int | None]]:
        """The ages (months) at which something that holds here begins or ends, by the themes that it is about."""
        found: dict[frozenset[str], set[int | None]] = {}
        of_hops = ((frozenset(h.themes), h.age_from, h.age_until) for h in self.hops)
        of_offerings = ((frozenset(o.themes), o.age_from, o.age_until) for o in self.offerings.values())
        for themes, low, high in chain(of_hops, of_offerings, self.waits.conditions()):
            found.setdefault(themes, set()).update((low, high))
        return found

    def bands(self, theme: str | None) -> tuple[tuple[int, int], ...]:
        """Elementary age bands (months) of everything that holds here for a question of ``theme``."""
        asked = None if theme is None else self.landscape.themes.with_broader(theme)
        cuts = {cut for themes, ages in self._cuts.items() if theme_fits(asked, themes) for cut in ages}
        return elementary_bands(cuts, self.settings.age_from, self.settings.age_until)

    @cached_property
    def named_themes(self) -> frozenset[str]:
        """The themes that some condition here names."""
        return frozenset(chain.from_iterable(self._cuts))

    def theme_classes(self, also: Collection[str] = ()) -> tuple[tuple[str, ...], ...]:
        """Themes that no condition here tells apart, together; in the order of the scheme, algemeen first.

        One theme of a class answers for all of it. Only themes that somebody names here (and those of
        ``also``) are listed: any other one is answered like algemeen.
        """
        conditions = sorted(tuple(sorted(themes)) for themes in self._cuts if themes)
        used = {*self.named_themes, *also}
        scheme_ = self.landscape.themes
        classes: dict[tuple[bool, ...], list[str]] = {}
        for theme in (GENERAL, *(t for t in scheme_.slugs if t in used and t != GENERAL)):
            asked = scheme_.with_broader(theme)
            classes.setdefault(tuple(theme_fits(asked, c) for c in conditions), []).append(theme)
        return tuple(tuple(c) for c in classes.values())
