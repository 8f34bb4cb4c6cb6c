"""Which handovers of a log go by which stated routes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .ends import Area, Ends, is_role, meet, somewhere
from .routes import Stated
from .traces import Handover, Pair


class Matches:
    """Stated routes beside handovers, each found by the other.

    A route and a handover match when both ends do: the same partner, or a role and a partner that holds it (whichever of
    both names the role). A route of roles is only one between partners that serve a common municipality of the route; a
    route between partners matches wherever they are, because a handover has no municipality. ``asked`` narrows the
    routes of roles.
    """

    def __init__(self, ends: Ends, routes: Iterable[Stated], handovers: Mapping[Pair, Handover], asked: Area) -> None:
        self._ends = ends
        self._asked = asked
        self._index: dict[Pair, list[Pair]] = {}
        for source, target in handovers:
            for start in ends.seen_as(source):
                for end in ends.seen_as(target):
                    self._index.setdefault((start, end), []).append((source, target))
        #: The nodes that the log names, and those that hand over.
        self.named = {node for pair in handovers for node in pair}
        self.sending = {source for source, _ in handovers}
        #: Handovers by the id of the route that they go by, and the routes of each handover.
        self.seen: dict[str, tuple[Pair, ...]] = {}
        self.stated: dict[Pair, list[Stated]] = {}
        for route in routes:
            found = tuple(sorted(self._pairs(route)))
            self.seen[route.id] = found
            for pair in found:
                self.stated.setdefault(pair, []).append(route)

    def _pairs(self, route: Stated) -> set[Pair]:
        ends = self._ends
        found: set[Pair] = set()
        for start in ends.meant_by(route.source):
            for end in ends.meant_by(route.target):
                found.update(self._index.get((start, end), ()))
        if not route.of_roles:
            return found
        where = meet(route.area, self._asked, ends.serves(route.source), ends.serves(route.target))
        return {p for p in found if somewhere(meet(where, ends.serves(p[0]), ends.serves(p[1])))}

    # --- who the log is about --------------------------------------------------------------------------
    def meant(self, node: str, area: Area) -> list[str]:
        """The nodes that an end of a route stands for: itself, and of a role its holders in ``area``."""
        if not is_role(node):
            return [node]
        holders = self._ends.holders(node)
        return [node, *(p for p in holders if somewhere(meet(area, self._asked, self._ends.serves(p))))]
