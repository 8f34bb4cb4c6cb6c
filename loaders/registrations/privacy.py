"""A log whose cases are named by citizen service numbers is not read: a pseudonym says as much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ...ontology.catalogue import ToldError
from ..privacy.numbers import holds_bsn
from .engine import Engine
from .mapping import Mapping

if TYPE_CHECKING:
    import ibis.expr.types as ir

_SAMPLE: Final = 20_000


class RefusedError(ToldError):
    """The log holds what must never be read."""


def refuse_citizen_numbers(engine: Engine, tables: Sequence[ir.Table], mapping: Mapping) -> None:
    """Raise RefusedError when a column of the mapping holds citizen service numbers (by the rule of loaders/privacy)."""
    for table in tables:
        for name in ("case", "from", "to", "organisation", "sequence", "theme"):
            if name not in table.columns:
                continue
            column = table.select(text=table[name].cast("string"))
            words = engine.frame(column.filter(column.text.notnull()).limit(_SAMPLE))["text"].to_list()
            texts = Counter(words)
            header = mapping.columns[name]
            if holds_bsn(header, len(words), texts.items()):
                raise RefusedError("log-citizen-numbers", value=header)
