"""What is said about a partner: the pieces of the answer of about.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...waiting import Source, Wait
from ..one_sided import OneSided


@dataclass(frozen=True, slots=True)
class Statement:
    """One row that speaks of the partner.

    ``row`` holds its stored cells (a suppressed count is None and named in ``suppressed``); ``columns``
    are the cells that point at the partner, its offerings or its routes; ``findings`` are those of the
    build about this row, as JSON objects.
    """

    table: str
    id: str
    row: Mapping[str, Any]
    suppressed: tuple[str, ...]
    columns: tuple[str, ...]
    source: Source
    findings: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What is made of a wait: whether it still counts, and the norms of its own kind that apply to the partner."""

    outdated: bool
    replaced: bool
    norms: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class OfRole:
    """A route or wait stated of a role that the partner holds.

    ``others`` are the endpoints at the other side of a route and ``municipalities`` (codes) where it holds for
    this partner; both empty where it does not (its own routes go before it, or it is for others).
    """

    statement: Statement
    roles: tuple[str, ...]
    others: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Computed:
    """The wait until the first appointment that answers count with, per group of ``municipalities`` (codes)."""

    subject: str
    wait: Wait
    municipalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Something that nobody has told yet about a row; ``key`` names the question."""

    table: str
    id: str
    key: str


@dataclass(frozen=True, slots=True)
class Assumed:
    """Something that was assumed about a row because its cells are empty; ``key`` names the sentence."""

    table: str
    id: str
    key: str


@dataclass(frozen=True)
class About:
    """All that is said of one partner; ``statements`` by table, in the order of the schema.

    ``one_sided`` are the rows that one of its two partners names and the other does not (both see it);
    ``municipalities`` are the codes that it serves (``area_assumed``: taken as the whole region), ``indicators``
    are figures about those municipalities, and not about the partner.
    """

    partner: Statement
    municipalities: tuple[str, ...]
    area_assumed: bool
    statements: Mapping[str, tuple[Statement, ...]]
    of_role: tuple[OfRole, ...]
    readings: Mapping[str, Reading]
    computed: tuple[Computed, ...]
    questions: tuple[Question, ...]
    assumed: tuple[Assumed, ...]
    indicators: tuple[Statement, ...]
    one_sided: tuple[OneSided, ...]
    findings: tuple[Mapping[str, Any], ...]

    @property
    def id(self) -> str:
        return self.partner.id

    def of(self, table: str) -> tuple[Statement, ...]:
        """The statements of one table."""
        return self.statements.get(table, ())

    def every(self) -> Iterator[Statement]:
        """Every statement once: the partner's own row, what refers to it, and what is said of its roles."""
        yield self.partner
        for found in self.statements.values():
            yield from found
        for derived in self.of_role:
            yield derived.statement
