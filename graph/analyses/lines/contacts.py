"""What is registered between two partners who may call each other: lines, consultations and agreements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ....ontology.concepts import folded, scheme
from ...landscape import Landscape
from ...waiting import Source
from ..lacking.registered import Registered
from .pairs import Pair, pair_of

#: What may be missing between two.
NO_LINE: Final = "geen lijn"
TOO_WEAK: Final = "te zwakke lijn"
NO_CONTACT: Final = "geen vast aanspreekpunt"
NO_MEETING: Final = "geen overleg"

CONTACT: Final = "aanspreekpunt"
MEETING: Final = "overleg"
_CONSULTATION: Final = "consultatie"
#: Words in the column overleg that say there is none.
_NONE: Final = frozenset({"nee", "geen", "no", "none"})
#: Statuses of an agreement that people keep to now.
_IN_FORCE: Final = ("afgesproken", "loopt")


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement on a fixed contact or a meeting between the two, whatever its status."""

    id: str
    kind: str
    status: str | None
    what: str | None
    evaluate_on: str | None
    source: Source

    @property
    def in_force(self) -> bool:
        return self.status in _IN_FORCE


class Contacts:
    """What is registered between two partners: lines, consultations and agreements."""

    def __init__(self, landscape: Landscape) -> None:
        self._order = scheme("strength").slugs
        self._rows: dict[Pair, list[dict[str, Any]]] = {}
        for row in landscape["lines"].iter_rows(named=True):
            self._rows.setdefault(pair_of(row["from"], row["to"]), []).append(row)
        self._consultations: dict[Pair, list[Source]] = {}
        for row in landscape.derived(Registered).routes([_CONSULTATION]):
            self._consultations.setdefault(pair_of(row["from"], row["to"]), []).append(Source.of("routes", row))
        self._agreements: dict[str, list[tuple[set[str], Agreement]]] = {}
        for row in landscape["agreements"].iter_rows(named=True):
            if row["kind"] in (CONTACT, MEETING):
                said = (row["id"], row["kind"], row["status"], row["what"], row["evaluate_on"])
                partners, agreement = set(row["partners"] or ()), Agreement(*said, Source.of("agreements", row))
                for partner in partners:
                    self._agreements.setdefault(partner, []).append((partners, agreement))

    def strength(self, pair: Pair) -> str | None:
        """The strongest that a line between two is said to be; a consultation is at least knowing each other."""
        said = [self._order.index(row["strength"]) for row in self._rows.get(pair, ()) if row["strength"]]
        if pair in self._consultations:
            said.append(0)
        return self._order[max(said)] if said else None

    def is_registered(self, pair: Pair) -> bool:
        return pair in self._rows or pair in self._consultations

    def fixed_contact(self, pair: Pair) -> bool | None:
        """Whether they have a fixed contact; of several lines one that says yes is enough."""
        said = [row["fixed_contact"] for row in self._rows.get(pair, ()) if row["fixed_contact"] is not None]
        return any(said) if said else None

    def consultation(self, pair: Pair) -> str | None:
        """How they meet, in their own words."""
        said = [row["consultation"] for row in self._rows.get(pair, ()) if row["consultation"]]
        said += [_CONSULTATION] if pair in self._consultations else []
        return "; ".join(dict.fromkeys(text for text in said if folded(text) not in _NONE)) or None

    def agreements(self, pair: Pair) -> tuple[Agreement, ...]:
        return tuple(a for partners, a in self._agreements.get(pair[0], ()) if pair[1] in partners)

    def sources(self, pair: Pair) -> tuple[Source, ...]:
        """The rows that say so."""
        lines = (Source.of("lines", row) for row in self._rows.get(pair, ()))
        return (*lines, *self._consultations.get(pair, ()), *(a.source for a in self.agreements(pair)))

    def missing(self, pair: Pair, needed: str) -> tuple[str, ...]:
        """What is not registered between two who need a line of strength ``needed``; empty where nothing is missing."""
        agreed = {a.kind for a in self.agreements(pair) if a.in_force}
        found = []
        now = self.strength(pair)
        if not self.is_registered(pair):
            found.append(NO_LINE)
        elif now is None or self._order.index(now) < self._order.index(needed):
            found.append(TOO_WEAK)
        if not self.fixed_contact(pair) and CONTACT not in agreed:
            found.append(NO_CONTACT)
        if self.consultation(pair) is None and MEETING not in agreed:
            found.append(NO_MEETING)
        return tuple(found)
