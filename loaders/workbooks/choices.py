"""The lists to choose from, on the last sheet of the template: labels of the schemes, municipalities, partners, roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...graph.landscape import Landscape
from ...graph.schema import INPUT_TABLES, Column, Kind
from ...ontology.catalogue import text
from ...ontology.concepts import Scheme, scheme
from ...ontology.municipalities import municipalities
from ..files.worksheet import letters_of

#: A drop-down of more than this many partners helps nobody.
_MOST_PARTNERS: Final = 5000
_PLACES: Final = (Kind.MUNICIPALITY, Kind.MUNICIPALITIES)
_PARTNERS: Final = (Kind.PARTNER, Kind.PARTNERS)
_ENDS: Final = (Kind.ENDPOINT, Kind.CHAIN, Kind.DESTINATION)


@dataclass(frozen=True)
class Choices:
    """Named lists of labels in the order of their columns on the sheet; ``sheet`` is its name."""

    sheet: str
    lists: Mapping[str, Sequence[str]]

    def range_of(self, column: Column) -> str | None:
        """The range of the list for ``column`` as a formula; None where there is nothing to choose from."""
        name = _list_of(column)
        if name is None or not self.lists.get(name):
            return None
        letter = letters_of(list(self.lists).index(name))
        return f"='{self.sheet}'!${letter}$2:${letter}${len(self.lists[name]) + 1}"

    def write(self, sheet: Any, head: Any, cell: Any) -> None:
        """Write the lists to a sheet of xlsxwriter, each under its name."""
        for place, (name, labels) in enumerate(self.lists.items()):
            sheet.write_string(0, place, name, head)
            sheet.write_column(1, place, labels, cell)
            sheet.set_column(place, place, min(44, max(16, *(len(x) + 2 for x in (name, *labels[:400])))))


def _list_of(column: Column) -> str | None:
    if column.scheme:
        return column.scheme
    if column.kind in _PLACES:
        return "municipality"
    if column.kind in _PARTNERS:
        return "partner"
    return "endpoint" if column.kind in _ENDS else None


def choices(landscape: Landscape | None, lang: str) -> Choices:
    """The lists of a region (or, without one, of the whole country and without partners)."""
    own: dict[str, Scheme] = {"role": landscape.roles, "theme": landscape.themes} if landscape else {}
    names = sorted({c.scheme for t in INPUT_TABLES for c in t.headed if c.scheme})
    lists: dict[str, list[str]] = {}
    for name in names:
        concepts = own.get(name) or scheme(name)
        lists[name] = [c.label(lang) for c in concepts.concepts.values()]
    if landscape:
        places = [landscape.municipality_names.get(c, c) for c in landscape.region_municipalities]
        partners = sorted(n for n in landscape["partners"]["name"] if n and ";" not in n)[:_MOST_PARTNERS]
    else:
        places = sorted(found[0] for found in municipalities().values())
        partners = []
    lists["municipality"] = [*places, "regio", "landelijk"]
    lists["partner"] = partners
    lists["endpoint"] = [*(f"rol:{label}" for label in lists["role"]), *partners]
    return Choices(text("template.choices", lang), {name: labels for name, labels in lists.items() if labels})
