"""The routes that partners state, and whether they hold on the reference date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from ....ontology.concepts import scheme
from ...dates import first_day, last_day
from ...landscape import Landscape
from ...waiting import Source
from .ends import Area, Ends, is_role, meet, somewhere

HOLDS, ENDED, TO_COME = "holds", "ended", "to come"
#: A report to Veilig Thuis moves no family on, and is a registered step all the same.
_REPORT: Final = "melding"


@dataclass(frozen=True, slots=True)
class Stated:
    """One route as it is stated; ``start`` and ``end`` as stored, ``source`` and ``target`` the nodes that these mean.

    ``moves`` families by its kind. ``when`` says whether it holds on the reference date. Ages in months, ``per_year``
    families (None: unknown; small ones are not hidden yet).
    """

    id: str
    start: str
    end: str
    source: str
    target: str
    kind: str
    moves: bool
    when: str
    valid_from: str | None
    municipalities: tuple[str, ...]
    area: Area
    age_from: int | None
    age_until: int | None
    themes: tuple[str, ...]
    per_year: int | None
    origin: Source

    @property
    def of_roles(self) -> bool:
        """Whether it is stated of a role, and so of every partner that holds it."""
        return is_role(self.source) or is_role(self.target)

    @property
    def holds(self) -> bool:
        """Whether families can go by it on the reference date."""
        return self.moves and self.when == HOLDS

    @property
    def registered(self) -> bool:
        """Whether it makes a step between its ends a registered one."""
        return self.when == HOLDS and (self.moves or self.kind == _REPORT)

    def within(self, ends: Ends, asked: Area) -> bool:
        """Whether it holds in any of the municipalities asked; where its ends share none, in those of either."""
        served = ends.serves(self.source), ends.serves(self.target)
        both = meet(*served)
        if not somewhere(both):
            both = frozenset().union(*(area or () for area in served))
        return somewhere(meet(self.area, both, asked))


def stated_routes(landscape: Landscape, ends: Ends) -> Iterator[Stated]:
    """Every route of a Landscape, in order of id."""
    kinds = scheme("route-kind")
    moving = {k for k in kinds.slugs if kinds[k].says("movesFamilies")}
    today = first_day(landscape.settings.reference_date)
    standing: dict[tuple[str | None, str | None], str] = {}
    for row in landscape["routes"].iter_rows(named=True):
        span = row["valid_from"], row["valid_until"]
        if span not in standing:
            standing[span] = when(*span, today)
        yield Stated(
            row["id"],
            row["from"],
            row["to"],
            ends.node(row["from"]),
            ends.node(row["to"]),
            row["kind"],
            row["kind"] in moving,
            standing[span],
            row["valid_from"],
            tuple(row["municipalities"] or ()),
            ends.area(row["municipalities"]),
            row["age_from"],
            row["age_until"],
            tuple(row["themes"] or ()),
            row["per_year"],
            Source.of("routes", row),
        )


def when(valid_from: str | None, valid_until: str | None, today: date) -> str:
    """Whether something with these dates holds today: HOLDS, ENDED or TO_COME."""
    if valid_from and first_day(valid_from) > today:
        return TO_COME
    return ENDED if valid_until and last_day(valid_until) <= today else HOLDS
