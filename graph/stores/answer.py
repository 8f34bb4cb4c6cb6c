"""What a store answers to a question of a user."""

from __future__ import annotations

from dataclasses import dataclass

from ...ontology.catalogue import ToldError


class QueryError(ToldError):
    """A question that was refused or failed."""


@dataclass(frozen=True)
class Table:
    """The answer to a question: column names and rows of texts (None where unbound)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
