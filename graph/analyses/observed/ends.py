"""The ends of routes and handovers: which partner or role each one means, and which municipalities that serves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ...landscape import Landscape

Area = frozenset[str] | None
"""Municipalities (codes); None is everywhere."""

_ROLE, _OFFERING = "rol:", "aanbod:"
#: Before a role that the log itself names: a partner that holds it may be meant, another role may not.
_NAMED = "="


def is_role(node: str) -> bool:
    """Whether a node is a role (``rol:slug``) and no partner or initiative."""
    return node.startswith(_ROLE)


def meet(*areas: Area) -> Area:
    """Where all of some areas hold."""
    named = [area for area in areas if area is not None]
    return frozenset.intersection(*named) if named else None


def somewhere(area: Area) -> bool:
    """Whether an area holds any municipality."""
    return area is None or bool(area)


class Ends:
    """Who the ends of routes and handovers are, by the partners of one Landscape.

    A **node** is a partner (id), an initiative without a partner (``aanbod:ID``) or a role (``rol:slug``). A role stands for
    every partner that holds it, whichever side names it.
    """

    def __init__(self, landscape: Landscape) -> None:
        self._landscape = landscape
        region = landscape.settings.municipalities
        self._region: Area = frozenset(region) if region else None
        offers = landscape["offerings"].select("id", "partner").iter_rows()
        self._owners: dict[str, str] = {_OFFERING + id_: partner for id_, partner in offers if partner}
        self._roles: dict[str, tuple[str, ...]] = {}
        self._areas: dict[str, Area] = {}
        self._said: dict[str, str] = {}
        #: The partners that state for which municipalities they are.
        self._stated: set[str] = set()
        self._holders: dict[str, list[str]] = {}
        columns = ("id", "roles", "municipalities", "response")
        for id_, roles, areas, said in landscape["partners"].select(columns).iter_rows():
            self._roles[id_] = tuple(_ROLE + role for role in roles or ())
            self._areas[id_] = self.area(areas) if areas else self._region
            if areas:
                self._stated.add(id_)
            if said:
                self._said[id_] = said
            for role in self._roles[id_]:
                self._holders.setdefault(role, []).append(id_)

    # --- who -----------------------------------------------------------------------------------------
    def node(self, endpoint: str) -> str:
        """The node of an endpoint: an offering counts at its partner."""
        return self._owners.get(endpoint, endpoint)

    def holders(self, role: str) -> list[str]:
        """The partners that hold a role (``rol:slug``)."""
        return self._holders.get(role, [])

    def roles(self, node: str) -> tuple[str, ...]:
        """The roles (``rol:slug``) that a partner holds."""
        return self._roles.get(node, ())

    def seen_as(self, node: str) -> Iterator[str]:
        """What an end of the log answers to."""
        yield node
        if is_role(node):
            yield _NAMED + node
        yield from self.roles(node)

    def meant_by(self, node: str) -> Iterator[str]:
        """What an end of a route asks for: itself, or the log's own word for a role that it holds."""
        yield node
        for role in self.roles(node):
            yield _NAMED + role

    def name(self, endpoint: str) -> str:
        """An endpoint as people call it, to list by."""
        if is_role(endpoint):
            return self._landscape.roles.label(endpoint.removeprefix(_ROLE))
        return self._landscape.names.get(endpoint, endpoint)

    def order(self, *endpoints: str) -> tuple[str, ...]:
        """The place of some endpoints in a list by name."""
        return (*(self.name(e).casefold() for e in endpoints), *endpoints)

    def responses(self, nodes: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """(partner, its own words) of those nodes that responded, each once."""
        return tuple((n, self._said[n]) for n in dict.fromkeys(nodes) if n in self._said)

    # --- where ---------------------------------------------------------------------------------------
    def area(self, cell: Collection[str] | None) -> Area:
        """The municipalities of a cell; nothing said is everywhere."""
        if not cell or "landelijk" in cell or ("regio" in cell and self._region is None):
            return None
        named = frozenset(cell) - {"regio"}
        return named | (self._region or frozenset()) if "regio" in cell else named

    def serves(self, node: str) -> Area:
        """Where a node is for: a role everywhere, a partner that does not say so the whole region."""
        return self._areas.get(node)

    def excludes(self, node: str, municipality: str) -> bool:
        """Whether a partner states the municipalities that it is for, and this one is not among them."""
        return node in self._stated and not somewhere(meet(self._areas[node], frozenset((municipality,))))

    def silent(self) -> int:
        """How many partners do not state the municipalities that they are for."""
        return len(self._areas) - len(self._stated)
