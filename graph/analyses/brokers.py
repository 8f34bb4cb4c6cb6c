"""brokers: who connects municipalities and domains, by the registered routes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ..landscape import Landscape
from ..ties import Ties, role_of
from ..waiting import Source
from .common import Assumption, Frame, Result, assumed_waits, frame


@dataclass(frozen=True, slots=True)
class Broker:
    """One partner and what its routes link.

    ``municipalities`` are codes in which its routes hold, ``roles_linked`` the roles (slugs, in the order of the
    scheme) of those at the other end, ``links`` how many those are; ``constraint`` and ``effective_size`` are None
    for a partner without routes. ``sources`` are the rows of its routes.
    """

    partner: str
    name: str
    municipalities: tuple[str, ...]
    roles_linked: tuple[str, ...]
    links: int
    constraint: float | None
    effective_size: float | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Brokers(Result):
    """The answer: the partners **by name**. It describes; neither measure says how good a partner is.

    ``placeholders`` counts the links' ends of which nobody is known by name. ``threshold`` is the number of families
    below which a route weighs as one of which no number is known (0: none does).
    """

    frame: Frame
    partners: tuple[Broker, ...]
    placeholders: int
    threshold: int

    def as_dict(self) -> dict[str, Any]:
        """The answer as CONTRACTS §6 names it."""
        return {
            "partners": [
                {
                    "partner": b.partner,
                    "municipalities": list(b.municipalities),
                    "roles_linked": list(b.roles_linked),
                    "constraint": b.constraint,
                    "effective_size": b.effective_size,
                }
                for b in self.partners
            ]
        }

    def rows(self) -> list[dict[str, Any]]:
        """One row per partner, lists as texts; ``routes`` are the ids to ask `explain` for."""
        return [
            {
                "partner": b.partner,
                "name": b.name,
                "municipalities": "; ".join(b.municipalities),
                "roles_linked": "; ".join(b.roles_linked),
                "links": b.links,
                "constraint": b.constraint,
                "effective_size": b.effective_size,
                "routes": "; ".join(s.id for s in b.sources),
            }
            for b in self.partners
        ]


def brokers(landscape: Landscape, municipalities: Collection[str] = ()) -> Brokers:
    """Who connects municipalities and domains; only the partners that serve any of ``municipalities`` (codes) if given.

    Over all valid routes that move families, without direction (:class:`~routekaart.graph.ties.Ties`). The measures
    are those of the whole landscape, also for the partners of one municipality. With w(u,v) the weight of a tie and
    p(u,v) = w(u,v) / Σ_k w(u,k):

    - constraint c(u) = Σ_v (p(u,v) + Σ_q p(u,q)·p(q,v))², over the v that u is tied to: low where u ties partners
      that have no route to each other, high where they have, or where u has few ties;
    - effective size e(u) = Σ_v (1 − Σ_q p(u,q)·m(v,q)), with m(v,q) = w(v,q) / max_k w(v,k): the number of ties of u
      less what they have in common.

    Source: Burt, Structural Holes (1992), ch. 2.

    **Weights and privacy.** A number of families below the disclosure threshold weighs 1, as an unknown one does,
    before parallel routes are added up. Both measures thus are functions of what may be shown anyhow.
    """
    ties = Ties(landscape)
    web = Web({pair: tie.weight for pair, tie in ties.between.items()})
    order = {role: n for n, role in enumerate(landscape.roles.slugs)}
    names = landscape.names
    found = [
        _broker(partner, names[partner], ties, web, order)
        for partner in ties.area_of
        if not municipalities or any(ties.serves(partner, m) for m in municipalities)
    ]
    found.sort(key=lambda b: (b.name.casefold(), b.partner))
    linked = {other for b in found for other in web.others(b.partner)}
    between = ties.between.values()
    assumptions = assumed_waits(landscape, ())
    if any(t.derived for t in between):
        assumptions.append(Assumption("role_route"))
    unstated = landscape["partners"].filter(landscape["partners"]["municipalities"].is_null()).height
    if unstated:
        assumptions.append(Assumption("area", (("number", unstated),)))
    return Brokers(
        frame(landscape, "brokers", (), assumptions, weighted=any(t.counted for t in between)),
        tuple(found),
        sum(role_of(other) is not None for other in linked),
        landscape.settings.threshold,
    )


def _broker(partner: str, name: str, ties: Ties, web: Web, order: Mapping[str, int]) -> Broker:
    """What is known of one partner; ``order`` is that of the roles."""
    others = web.others(partner)
    area = 0
    roles: set[str] = set()
    routes: set[str] = set()
    for other in others:
        tie = ties.tie(partner, other)
        area |= tie.area
        routes.update(tie.routes)
        placeholder = role_of(other)
        roles.update(ties.roles_of.get(other, ()) if placeholder is None else (placeholder,))
    constraint, effective_size = web.measures(partner)
    return Broker(
        partner,
        name,
        tuple(sorted(ties.codes(area))),
        tuple(sorted(roles, key=lambda role: (order.get(role, len(order)), role))),
        len(others),
        constraint,
        effective_size,
        tuple(ties.sources[r] for r in sorted(routes)),
    )


class Web:
    """An undirected web without loops: the weight (> 0) of every pair that is tied.

    Both measures go by the neighbours that two ends share: as fast on a nation (a few seconds) as sparse matrices are,
    without loading those.
    """

    def __init__(self, weights: Mapping[tuple[str, str], float]) -> None:
        self._ties: dict[str, dict[str, float]] = {}
        for (one, other), weight in weights.items():
            self._ties.setdefault(one, {})[other] = weight
            self._ties.setdefault(other, {})[one] = weight
        self._whole = {node: sum(own.values()) for node, own in self._ties.items()}
        self._strongest = {node: max(own.values()) for node, own in self._ties.items()}

    def others(self, node: str) -> Mapping[str, float]:
        """Whom a node is tied to, with the weights."""
        return self._ties.get(node, {})

    def measures(self, node: str) -> tuple[float, float] | tuple[None, None]:
        """(constraint, effective size) of Burt; None for a node without ties.

        As NetworkX's ``constraint`` and its ``effective_size`` of given nodes. (For a whole graph NetworkX 3.6 takes a
        short cut that divides by the strongest tie of q in place of that of v: another number where weights differ.)
        """
        own = self._ties.get(node)
        if not own:
            return None, None
        whole = self._whole[node]
        constraint, common = 0.0, 0.0
        for other, weight in own.items():
            theirs = self._ties[other]
            few, many = (own, theirs) if len(own) < len(theirs) else (theirs, own)
            around, both = 0.0, 0.0
            for q in few:
                if q in many:
                    product = own[q] * theirs[q]
                    around += product / self._whole[q]
                    both += product
            constraint += (weight + around) ** 2
            common += both / self._strongest[other]
        return constraint / whole**2, len(own) - common / whole
