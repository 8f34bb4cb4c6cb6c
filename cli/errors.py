"""A wrong call that a command itself finds."""

from __future__ import annotations

from ..ontology.catalogue import ToldError


class CallError(ToldError):
    """A call that cannot be answered as it was made."""
