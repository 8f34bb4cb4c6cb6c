"""The mark of a row that was given out: how a mended row is known again where its table has no ids."""

from __future__ import annotations

from typing import Final

#: The header under which a row without an id of its own keeps the id that was computed for it.
MARK: Final = "kenmerk"
