"""What must not be shown: counts of families below the region's threshold."""

from __future__ import annotations

from typing import Any

from .landscape import Landscape
from .schema import Column, Kind


def is_suppressed(landscape: Landscape, column: Column, value: Any) -> bool:
    """Whether ``value`` is a count of families that is too small to show (0 and unknown are not)."""
    return column.kind is Kind.FAMILIES and value is not None and 0 < value < landscape.settings.threshold
