"""The steps that routes state, by where they start: one object per step for all municipalities."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import polars as pl

from ..ontology.concepts import scheme
from .areas import Areas
from .places import STANDS, Hop
from .profile import covers

#: (node, offering) of everything that an end of a route stands for in a municipality.
Nodes = Callable[[str], Sequence[tuple[str, str | None]]]


class RouteSteps:
    """The steps of ``frame``: the valid routes that move families, in order of id; places count its rows.

    ``offered`` are the nodes of valid offerings by their endpoint (``aanbod:ID``); ``region`` the codes of the region.
    """

    def __init__(self, frame: pl.DataFrame, offered: Mapping[str, str], region: Collection[str]) -> None:
        self._region = region
        #: The step of each route; as a pattern where an end is a role: the ends depend on who holds it.
        self._hops = _stated(frame, offered)
        self._ends = list(zip(frame["from"].to_list(), frame["to"].to_list(), strict=True))
        self._areas = {place: cell for place, cell in enumerate(frame["municipalities"].to_list()) if cell}
        self._starting: dict[str, list[tuple[str, int]]] = {}
        for place, (start, end) in enumerate(self._ends):
            self._starting.setdefault(start, []).append((end, place))
        offers = frame.select(pl.any_horizontal(pl.col("from", "to").str.starts_with("aanbod:")).fill_null(value=False))
        self._of_offerings = set(offers.to_series().arg_true().to_list())
        ends = self._starting.keys() | {end for _, end in self._ends}
        #: The roles that some route runs from or to, and the offerings (ids).
        self._roles = {e for e in ends if e.startswith("rol:")}
        self.offerings = frozenset(e.removeprefix("aanbod:") for e in ends if e.startswith("aanbod:"))
        from_role = (place for role in self._roles for _, place in self._starting.get(role, ()))
        self._from_roles = Areas(((place, self._areas.get(place)) for place in from_role), region)
        self._expanded: dict[int, dict[tuple[str, str], Hop]] = {}

    def hops(self, municipality: str, ends: Collection[str], nodes_of: Nodes) -> list[Hop]:
        """The steps that hold in a municipality (code) between ``ends``, its partners and offerings, or who holds a role."""
        known = self._roles.union(ends)
        places = [place for start in ends for end, place in self._starting.get(start, ()) if end in known]
        from_roles = [*self._from_roles.silent, *self._from_roles.naming(municipality)]
        places += [place for place in from_roles if self._ends[place][1] in known]
        areas, hops, said = self._areas, self._hops, self._ends
        places = sorted(p for p in places if p not in areas or covers(areas[p], municipality, self._region))
        stated = {said[place] for place in places if not (hops[place].derived or place in self._of_offerings)}
        found: list[Hop] = []
        for place in places:
            hop = hops[place]
            if hop.derived:
                found += self._between_holders(place, nodes_of, stated)
            elif hop.source != hop.target:
                found.append(hop)
        return found

    def _between_holders(self, place: int, nodes_of: Nodes, stated: Collection[tuple[str, str]]) -> list[Hop]:
        """The steps of a route between roles; what partners state themselves (``stated``: pairs of them) goes before."""
        start, end = self._ends[place]
        terms = self._hops[place][2:]
        targets = [target for target, _ in nodes_of(end)]
        known = self._expanded.setdefault(place, {})
        found: list[Hop] = []
        for source, _ in nodes_of(start):
            for target in targets:
                pair = (source, target)
                if source == target or pair in stated:
                    continue
                if pair not in known:
                    known[pair] = Hop(source, target, *terms)
                found.append(known[pair])
        return found


def _stated(frame: pl.DataFrame, offered: Mapping[str, str]) -> list[Hop]:
    """The steps that routes state, with offerings replaced by where they are offered."""
    kinds = scheme("route-kind")
    start, end, days = pl.col("from"), pl.col("to"), pl.col("handover_days")
    terms = frame.select(
        source=start.replace(offered),
        target=end.replace(offered),
        kind="kind",
        route="id",
        offering=pl.when(end.is_in(list(offered))).then(end.str.strip_prefix("aanbod:")),
        age_from="age_from",
        age_until="age_until",
        themes="themes",
        handover=days.fill_null(0.0),
        handover_given=days.is_not_null(),
        decision=pl.col("decision_needed").fill_null(value=False),
        derived=start.str.starts_with("rol:") | end.str.starts_with("rol:"),
        warm=pl.col("kind").is_in([k for k in kinds.slugs if kinds[k].says("isWarm")]),
    )
    cells = {column.name: column.to_list() for column in terms}
    cells["themes"] = [tuple(themes or ()) for themes in cells["themes"]]
    stands = zip(*(frame[column].to_list() for column in STANDS), strict=True)
    return [Hop._make(row) for row in zip(*cells.values(), stands, strict=True)]
