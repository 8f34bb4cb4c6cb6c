"""The steps of one profile as a plain NetworkX graph, for a notebook."""

from __future__ import annotations

import networkx as nx

from .locale import Locale
from .profile import Profile
from .routing.routes import Leg, Network
from .waiting import WEEK


def profile_graph(locale: Locale, profile: Profile) -> nx.DiGraph:
    """Every open step that a family can take, ages tested at entry.

    Returns a DiGraph. Nodes are partners (ids), initiatives (``aanbod:ID``) and placeholders (``rol:slug``), with

    - ``name`` (text), ``roles`` (slugs), ``entry`` and ``placeholder`` (whether families start there; whether nobody is
      known by name), ``offerings`` (ids of what fits the profile there) and ``levels`` (theirs).

    Edges are the best step between two nodes, with

    - ``weeks`` (expected, handover and decision included), ``weeks_low``, ``weeks_high`` (None: no upper end known),
    - ``kind`` and ``route`` (slug, id; None for a step that needs no registration), ``derived`` (from a route between
      roles), ``free`` (the one step to a freely accessible offering: it ends there), ``warm``, ``decision``,
    - ``assumed`` and ``outdated`` (whether a wait in it is not known; whether an old one is), ``as_of`` (ISO date).

    ``graph.graph`` has ``municipality``, ``age`` (months), ``theme``, ``reference_date`` and ``closed``: the steps (pairs)
    that a stop bars.
    """
    network = Network(locale, profile, clock=False)
    made = nx.DiGraph(
        municipality=profile.municipality,
        age=profile.age,
        theme=profile.theme,
        reference_date=locale.settings.reference_date,
    )
    offered: dict[str, list[tuple[str, int | None]]] = {}
    for offering in locale.fitting(profile):
        offered.setdefault(offering.node, []).append((offering.id, offering.level))
    legs = [(network.leg(hop), False) for hop in network.usable_hops]
    for level in {level for found in offered.values() for _, level in found if level is not None}:
        for hop in locale.free_steps(locale.entries, profile, level):
            legs.append((network.leg(hop, locale.offerings[hop.offering or ""], end=True), True))
    best: dict[tuple[str, str], tuple[Leg, bool]] = {}
    closed: list[tuple[str, str]] = []
    for leg, free in sorted(legs, key=lambda pair: (pair[0].hop.route or "") if pair[0].hop else ""):
        pair = leg.source, leg.target
        if leg.total.closed:
            closed.append(pair)
        elif pair not in best or leg.cost("expected") < best[pair][0].cost("expected"):
            best[pair] = leg, free
    for node in sorted({n for pair in [*best, *closed] for n in pair} | set(locale.entries) | set(offered)):
        known = locale.node(node)
        here = sorted(offered.get(node, ()))
        made.add_node(
            node,
            name=known.name,
            roles=known.roles,
            entry=known.entry,
            placeholder=known.placeholder,
            offerings=tuple(i for i, _ in here),
            levels=tuple(sorted({level for _, level in here if level is not None})),
        )
    for (source, target), (leg, free) in sorted(best.items()):
        made.add_edge(source, target, **_told(leg, free=free))
    made.graph["closed"] = tuple(sorted(set(closed) - set(best)))
    return made


def _told(leg: Leg, *, free: bool) -> dict[str, object]:
    """The attributes of an edge."""
    waits = [leg.wait, *([leg.decision] if leg.decision else [])]
    high = leg.total.high
    return {
        "weeks": leg.days("expected") / WEEK,
        "weeks_low": leg.days("low") / WEEK,
        "weeks_high": None if high is None else high / WEEK,
        "kind": leg.hop.kind if leg.hop else None,
        "route": leg.hop.route if leg.hop else None,
        "derived": bool(leg.hop and leg.hop.derived),
        "free": free,
        "warm": bool(leg.hop and leg.hop.warm),
        "decision": leg.decision is not None,
        "assumed": any(w.assumed for w in waits),
        "outdated": any(w.outdated for w in waits),
        "as_of": leg.wait.as_of,
    }
