"""Stored values as a person writes them: the other way round of the parsers, proven by them on every value.

Each kind has its ways of writing, friendliest first; a way counts only when the parser reads it back as exactly the
same value without a word of doubt. So a name that two partners bear becomes an id by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ...graph.landscape import Landscape
from ...graph.schema import Column, Kind
from ...ontology.catalogue import text
from ...ontology.concepts import Scheme, scheme
from ..cells import Context, Parser, parser
from ..municipalities import MunicipalityNames
from ..references import Register

#: Kinds whose cells are numbers; all others are text, so that a spreadsheet does not turn "3-5" into a date.
NUMBERS: Final = frozenset((Kind.COUNT, Kind.FAMILIES, Kind.NUMBER))
_AREAS: Final = ("regio", "landelijk")


def context_of(landscape: Landscape) -> Context:
    """What the parsers need to know, out of a Landscape: everything that a cell can name is known."""
    register = Register(landscape.roles)
    partners, offerings = landscape["partners"], landscape["offerings"]
    columns = [partners[c].to_list() for c in ("id", "name", "short_name", "other_names")]
    register.add_partners((i, [n, s, *(o or ())]) for i, n, s, o in zip(*columns, strict=True))
    register.add_offerings(zip(offerings["id"], offerings["name"], strict=True))
    register.add_routes(landscape["routes"]["id"])
    own = {"role": landscape.roles, "theme": landscape.themes}
    return Context(
        MunicipalityNames(sorted(landscape.municipality_names.items())),
        register,
        lambda name: own.get(name) or scheme(name),
        landscape.settings.age_range_reading,
    )


class Writer:
    """Writes the values of one Landscape in one language."""

    def __init__(self, landscape: Landscape, lang: str = "nl") -> None:
        self.landscape = landscape
        self.lang = lang
        self.context = context_of(landscape)
        self._parsers: dict[str, Parser | None] = {}
        self._partners: Mapping[str, str] = dict(zip(landscape["partners"]["id"], landscape["partners"]["name"], strict=True))
        self._offerings: Mapping[str, str] = dict(zip(landscape["offerings"]["id"], landscape["offerings"]["name"], strict=True))

    def cell(self, column: Column, value: Any) -> str | float | int | None:
        """The cell for ``value`` of ``column``: a number for counts, else text; None where it is unknown."""
        if value is None:
            return None
        if column.kind in NUMBERS:
            return int(value) if float(value).is_integer() else float(value)
        if not column.is_list:
            return self._best(column, self._ways(column, value), value)
        if column.kind is Kind.CHAIN:
            return self._joined(column, value, " > ")
        return self._joined(column, value, "; ")

    def _joined(self, column: Column, items: Sequence[str], sign: str) -> str:
        """The items each in their friendliest way; all in their safest where that reads back otherwise."""
        ways = [list(self._ways(column, item)) for item in items]
        friendly = [self._best(column, way, [item]) for way, item in zip(ways, items, strict=True)]
        return self._best(column, (sign.join(friendly), sign.join(way[-1] for way in ways)), list(items))

    def _best(self, column: Column, ways: Iterator[str] | Sequence[str], value: Any) -> str:
        last = ""
        parse = self._parser(column)
        for way in ways:
            last = way
            if parse is None:
                return way
            parsed = parse(way)
            if parsed.value == value and not parsed.issues:
                return way
        return last

    def _parser(self, column: Column) -> Parser | None:
        key = f"{column.kind.value} {column.scheme}"
        if key not in self._parsers:
            self._parsers[key] = parser(column, self.context)
        return self._parsers[key]

    def _ways(self, column: Column, value: Any) -> Iterator[str]:
        """How ``value`` may be written, friendliest first, safest last."""
        kind = column.kind
        if kind in (Kind.CONCEPT, Kind.CONCEPTS):
            yield self._scheme(column.scheme).label(value, self.lang)
            yield value
        elif kind in (Kind.MUNICIPALITY, Kind.MUNICIPALITIES):
            if value not in _AREAS:
                yield self.landscape.municipality_names.get(value, value)
            yield value
        elif kind in (Kind.PARTNER, Kind.PARTNERS):
            yield self._partners.get(value, value)
            yield value
        elif kind in (Kind.ENDPOINT, Kind.DESTINATION, Kind.CHAIN):
            yield from self._endpoint(value)
        elif kind is Kind.AGE:
            if value % 12 == 0:
                yield str(value // 12)
            yield f"{value} mnd"
        elif kind is Kind.YESNO:
            yield text("template.yes" if value else "template.no", self.lang)
        elif kind is Kind.DAYS:
            yield from _duration(value)
        else:
            yield str(value)

    def _endpoint(self, value: str) -> Iterator[str]:
        prefix, colon, rest = value.partition(":")
        if colon and prefix == "rol":
            yield f"rol:{self.landscape.roles.label(rest, self.lang)}"
        elif colon and prefix == "uitkomst":
            yield scheme("outcome").label(rest, self.lang)
        elif colon and prefix == "aanbod":
            yield self._offerings.get(rest, value)
        elif value in self._partners:
            yield self._partners[value]
            yield value
            yield f"partner:{value}"
            return
        yield value

    def _scheme(self, name: str) -> Scheme:
        return self.context.schemes(name)


def _duration(days: float) -> Iterator[str]:
    whole = int(days)
    if whole and whole % 7 == 0:
        yield f"{whole // 7} {'week' if whole == 7 else 'weken'}"
    yield "1 dag" if whole == 1 else f"{whole} dagen"
