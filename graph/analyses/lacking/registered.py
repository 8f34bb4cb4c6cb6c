"""What is registered on the reference date: routes of every kind, agreements in force, and whom an endpoint means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final

from ...dates import first_day, last_day
from ...landscape import Landscape
from ...profile import covers

_ROLE: Final = "rol:"
#: Statuses of an agreement that people keep to now.
_IN_FORCE: Final = frozenset(("afgesproken", "loopt"))

Row = dict[str, Any]


class Registered:
    """The valid routes and agreements of a Landscape by kind, whatever they move, and the owners of offerings."""

    def __init__(self, landscape: Landscape) -> None:
        self._landscape = landscape
        self._region = landscape.settings.municipalities
        self._today = first_day(landscape.settings.reference_date)
        partners = landscape["partners"].select("id", "roles")
        self.roles: Mapping[str, tuple[str, ...]] = {id_: tuple(roles or ()) for id_, roles in partners.iter_rows()}

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """The partner behind every offering that has one, by the endpoint form of the offering."""
        rows = self._landscape["offerings"].select("id", "partner").drop_nulls()
        return {f"aanbod:{id_}": partner for id_, partner in rows.iter_rows()}

    @cached_property
    def _routes(self) -> Mapping[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self._landscape["routes"].iter_rows(named=True):
            start, end = row["valid_from"], row["valid_until"]
            if not (start and first_day(start) > self._today) and not (end and last_day(end) <= self._today):
                found.setdefault(row["kind"], []).append(row)
        return found

    def routes(self, kinds: Iterable[str]) -> list[Row]:
        """The valid routes of ``kinds``, by id within a kind."""
        return [row for kind in kinds for row in self._routes.get(kind, ())]

    @cached_property
    def _agreements(self) -> list[Row]:
        rows = self._landscape["agreements"].iter_rows(named=True)
        return [row for row in rows if row["status"] in _IN_FORCE]

    def agreements(self, kind: str) -> list[Row]:
        """The agreements of ``kind`` that are agreed or running."""
        return [row for row in self._agreements if row["kind"] == kind]

    def holds_in(self, row: Row, municipality: str) -> bool:
        """Whether a route or agreement holds for a municipality (code): where it names none, everywhere."""
        return not row["municipalities"] or covers(row["municipalities"], municipality, self._region)

    def means(self, endpoint: str, partner: str) -> bool:
        """Whether an endpoint means ``partner``: itself, an offering of its own or a role that it holds."""
        if endpoint.startswith(_ROLE):
            return endpoint.removeprefix(_ROLE) in self.roles.get(partner, ())
        return endpoint == partner or self.owners.get(endpoint) == partner
