"""advice_contacts: a few contacts to discuss, those of one partner with others that are alike told as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ...landscape import Landscape
from ...waiting import Source
from ..common import sources_of, tidy
from ..lacking.registered import Registered
from ..lines.short_lines import ShortLine

#: Contacts of one partner are told together down to this part of what the first of them is used.
ALIKE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Side:
    """A partner who must agree: the function to ask for (None: not stated), what it is not for, and what it says itself."""

    id: str
    name: str
    function: str | None
    not_for: str | None
    response: str | None
    source: Source

    @classmethod
    def of(cls, landscape: Landscape, ids: Sequence[str]) -> tuple[Side, ...]:
        """The partners among some nodes, in that order; a role or an initiative is nobody who can agree."""
        known = landscape["partners"].filter(pl.col("id").is_in(list(ids)))
        rows = {row["id"]: row for row in known.iter_rows(named=True)}
        return tuple(
            cls(i, row["name"], row["contact_function"], row["not_for"], row["response"], Source.of("partners", row))
            for i in dict.fromkeys(ids)
            if (row := rows.get(i)) is not None
        )


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact to discuss: of ``hub`` with one or more ``others`` (each by its own one of ``lines``).

    ``per_year``: how often a family goes from the one to the other in a year, over all of them (None: not counted or shown).
    """

    hub: Side
    others: tuple[Side, ...]
    lines: tuple[ShortLine, ...]
    per_year: float | None
    suppressed: bool

    def as_dict(self) -> dict[str, Any]:
        """The contact as its pairs, with who must agree."""
        found = {
            "from": self.hub.id,
            "to": [side.id for side in self.others],
            "why": [list(line.why) for line in self.lines],
            "per_year": tidy(self.per_year),
            "who": [{"partner": s.id, "function": s.function} for s in (self.hub, *self.others)],
            "sources": sources_of(dict.fromkeys(s for line in self.lines for s in line.sources)),
        }
        return found | {"suppressed": True} if self.suppressed else found


def contacts(landscape: Landscape, lines: Sequence[ShortLine], most: int) -> tuple[Contact, ...]:
    """At most ``most`` contacts out of ``lines`` (with all figures), most used first: of as many partners as there are.

    Lines of one partner with others of the same roles are one contact, as far as each is at least half as much used as the
    most used of them: five huisartsen who lack a contact with the same welzijn are one thing to discuss. Ties by name.
    """
    roles = landscape.derived(Registered).roles
    groups: dict[tuple[str, tuple[str, ...]], dict[str, ShortLine]] = {}
    for line in lines:
        for hub, other in ((line.start, line.end), (line.end, line.start)):
            groups.setdefault((hub, roles.get(other, ())), {})[other] = line
    order = sorted(_Group(hub, landscape.names.get(hub, hub), _much_used(beside)) for (hub, _), beside in groups.items())
    chosen: list[_Group] = []
    for again in (False, True):
        for group in order:
            if len(chosen) < most and not group.is_told(chosen, again=again):
                chosen.append(group)
    return tuple(_contact(landscape, group) for group in sorted(chosen))


def _contact(landscape: Landscape, group: _Group) -> Contact:
    same = tuple(group.beside.values())
    total = None if same[0].per_year is None else sum(line.per_year or 0.0 for line in same)
    one, *others = Side.of(landscape, [group.hub, *group.beside])
    return Contact(one, tuple(others), same, total, suppressed=False)


class _Group:
    """Lines of one partner (``hub``) by their other ends, and their place among such groups."""

    def __init__(self, hub: str, name: str, beside: Mapping[str, ShortLine]) -> None:
        self.hub, self.beside = hub, beside
        uses = [_use(line) for line in beside.values()]
        self._place = (*(-sum(use[n] for use in uses) for n in range(len(uses[0]))), name.casefold(), hub)

    def is_told(self, chosen: Sequence[_Group], *, again: bool) -> bool:
        """Whether some pair of it is told already; unless ``again``, whether any partner of such a contact is."""
        ends = {self.hub, *self.beside}
        if again:
            return any(
                {self.hub, end} == {other.hub, theirs} for other in chosen for end in self.beside for theirs in other.beside
            )
        return any(other.hub in ends for other in chosen)

    def __lt__(self, other: _Group) -> bool:
        return self._place < other._place


def _much_used(beside: Mapping[str, ShortLine]) -> dict[str, ShortLine]:
    """The lines that are at least half as much used as the most used one, by the first measure that any of them has."""
    uses = {end: _use(line) for end, line in beside.items()}
    measure = next((n for n in range(3) if any(use[n] for use in uses.values())), 0)
    most = max(use[measure] for use in uses.values())
    return {end: line for end, line in beside.items() if uses[end][measure] >= ALIKE * most}


def _use(line: ShortLine) -> tuple[float, float, float]:
    """How much a contact is for: families, then profiles on a fastest way, then those who could use free support."""
    return line.per_year or 0.0, float(line.profiles), float(line.light_profiles)
