"""The municipalities of the Netherlands since 1 January 2023: CBS code and names.

Facts from the data of the Dutch COVID-19 dashboard (minvws/nl-covid19-data-dashboard, EUPL-1.2),
itself from CBS. Later changes and former municipalities are not in it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def municipalities() -> Mapping[str, tuple[str, ...]]:
    """Names by code: the official name first, then what else people write."""
    found: dict[str, tuple[str, ...]] = {}
    lines = (files(__package__) / "municipalities.csv").read_text("utf-8").splitlines()
    for row in csv.DictReader(lines):
        also = [name.strip() for name in row["ook_bekend_als"].split(";") if name.strip()]
        found[row["code"]] = (row["naam"], *also)
    return MappingProxyType(found)
