"""A Landscape as one network for tools that draw and measure networks: partners, offerings and roles, and what ties them.

Every value is one text or number: such tools know no lists, no "yes" and no "unknown". A list is joined by "; ", what is
unknown is left out, and an attribute has one type wherever it stands. Names of attributes are the English names of the
columns (graph/schema.py); ages are years, waits weeks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ...ontology.catalogue import text
from ...ontology.concepts import Scheme, scheme
from ..disclosure import is_suppressed
from ..landscape import Landscape
from ..profile import Profile
from ..schema import ADDRESS, TABLES, Column, Kind
from ..waiting import WEEK
from ..waits import Waits

if TYPE_CHECKING:
    import networkx as nx

Value = str | int | float
SEPARATOR: Final = "; "
#: Columns that are a node's name or an edge's ends, not one of its attributes.
_APART: Final = frozenset(("id", "name", "from", "to", "partner", "part_of", *ADDRESS))
_ROLE: Final = "rol:"
_OFFERING: Final = "aanbod:"
#: Signs that XML 1.0 has no way to write (https://www.w3.org/TR/xml/#charsets); the files of partners lose most of them.
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: A question that leaves everything open: what holds for every municipality, age and theme.
_ANYBODY: Final = Profile("")


def network(landscape: Landscape, lang: str = "nl") -> nx.MultiDiGraph:
    """The network, with labels in ``lang``.

    Nodes are named as endpoints are (``P01``, ``aanbod:O01``, ``rol:huisarts``) and have ``label`` and ``type``; roles are
    there where a route speaks of them. Edges have a key of their own, ``label`` and ``relation``: a route from its beginning
    to its end, a line, "biedt" from a partner to its offering, "vervult" from a partner to a role, "onderdeel van" between
    partners. The wait of a route is its own, else that of where it leads, as ``route`` computes with it for whoever asks
    for no age, theme or municipality. Counts of families below the threshold are left out, and named in ``withheld``.
    """
    return _Maker(landscape, lang).made()


def about(landscape: Landscape, lang: str) -> str:
    """What a network is of, and what was left out of it."""
    settings = landscape.settings
    return _plain(text("exports.about", lang, title=settings.title, date=settings.reference_date, threshold=settings.threshold))


class _Maker:
    def __init__(self, landscape: Landscape, lang: str) -> None:
        self._landscape = landscape
        self._lang = lang
        self._waits = Waits(landscape)
        self._schemes: dict[str, Scheme] = {"role": landscape.roles, "theme": landscape.themes}

    def made(self) -> nx.MultiDiGraph:
        """The network, in the order of the tables."""
        import networkx as nx

        settings = self._landscape.settings
        graph = nx.MultiDiGraph()
        graph.graph["name"] = _plain(settings.title)
        graph.graph["description"] = about(self._landscape, self._lang)
        graph.graph["reference_date"] = settings.reference_date
        for node, values in self._nodes():
            graph.add_node(node, **values)
        for source, target, key, values in self._edges():
            for end in (source, target):
                if end not in graph:
                    graph.add_node(end, label=_plain(end), type=text("exports.unknown", self._lang))
            graph.add_edge(source, target, key=key, **values)
        return graph

    # --- nodes ---------------------------------------------------------------------------------------
    def _nodes(self) -> Iterator[tuple[str, dict[str, Value]]]:
        for table, prefix, kind in (("partners", "", "exports.partner"), ("offerings", _OFFERING, "exports.offering")):
            named = text(kind, self._lang)
            for (id_, name), about in self._rows(table, "id", "name"):
                node = prefix + id_
                head: dict[str, Value] = {"label": _plain(name or id_), "type": named}
                yield _plain(node), {**head, **about, **self._wait((node,))}
        named = text("exports.role", self._lang)
        for role in self._roles:
            yield _ROLE + role, {"label": _plain(self._landscape.roles.label(role, self._lang)), "type": named}

    @cached_property
    def _roles(self) -> dict[str, int]:
        """The roles that routes speak of, in the order of the scheme."""
        routes = self._landscape["routes"]
        named = {e.removeprefix(_ROLE) for c in ("from", "to") for e in routes[c].unique() if e.startswith(_ROLE)}
        order = {slug: n for n, slug in enumerate(self._landscape.roles.slugs)}
        return {slug: n for n, slug in enumerate(sorted(named, key=lambda slug: (order.get(slug, len(order)), slug)))}

    # --- edges ---------------------------------------------------------------------------------------
    def _edges(self) -> Iterator[tuple[str, str, str, dict[str, Value]]]:
        kinds = {slug: self._scheme("route-kind").label(slug, self._lang) for slug in self._landscape["routes"]["kind"].unique()}
        for (id_, source, target, kind), about in self._rows("routes", "id", "from", "to", "kind"):
            head: dict[str, Value] = {"label": kinds[kind], "relation": "route"}
            key = f"route:{id_}"
            yield _plain(source), _plain(target), _plain(key), {**head, **about, **self._wait((key, target))}
        line = text("exports.line", self._lang)
        for (id_, source, target), about in self._rows("lines", "id", "from", "to"):
            yield _plain(source), _plain(target), f"lijn:{id_}", {"label": line, "relation": line, **about}
        for id_, partner in self._landscape["offerings"].select("id", "partner").iter_rows():
            if partner:
                yield self._tie(partner, _OFFERING + id_, "offers")
        for id_, roles, above in self._landscape["partners"].select("id", "roles", "part_of").iter_rows():
            for role in (r for r in roles or () if r in self._roles):
                yield self._tie(id_, _ROLE + role, "holds")
            if above:
                yield self._tie(id_, above, "part_of")

    def _tie(self, source: str, target: str, name: str) -> tuple[str, str, str, dict[str, Value]]:
        word = text(f"exports.{name}", self._lang)
        return _plain(source), _plain(target), _plain(f"{name}:{source}>{target}"), {"label": word, "relation": word}

    # --- attributes ----------------------------------------------------------------------------------
    def _rows(self, table: str, *wanted: str) -> Iterator[tuple[tuple[Any, ...], dict[str, Value]]]:
        """The rows of a table: the cells of ``wanted`` as they are, and all attributes flat. Worked out by columns."""
        frame = self._landscape[table]
        names: list[str] = []
        columns: list[list[Value | None]] = []
        withheld: list[tuple[str, list[bool]]] = []
        for column in TABLES[table].stored:
            if column.name in _APART or frame[column.name].null_count() == frame.height:
                continue
            cells = frame[column.name].to_list()
            if column.kind is Kind.FAMILIES:
                small = [is_suppressed(self._landscape, column, cell) for cell in cells]
                cells = [None if hidden else cell for cell, hidden in zip(cells, small, strict=True)]
                withheld.append((column.name, small))
            names.append(column.name)
            columns.append(self._flat(column, cells))
        if withheld:
            told = zip(*(hidden for _, hidden in withheld), strict=True)
            names.append("withheld")
            columns.append([SEPARATOR.join(n for (n, _), small in zip(withheld, row, strict=True) if small) for row in told])
        kept = zip(*(frame[name].to_list() for name in wanted), strict=True)
        rows = zip(*columns, strict=True) if columns else iter([()] * frame.height)
        for cells_, row in zip(kept, rows, strict=True):
            yield cells_, {name: value for name, value in zip(names, row, strict=True) if value is not None and value != ""}

    def _flat(self, column: Column, cells: list[Any]) -> list[Value | None]:
        """Cells as one text or number each; a text or list that comes back is worked out once."""
        kind = column.kind
        if kind in (Kind.COUNT, Kind.FAMILIES):
            return cells
        if kind in (Kind.NUMBER, Kind.DAYS, Kind.AGE):
            unit = 12 if kind is Kind.AGE else 1
            return [None if cell is None else float(cell) / unit for cell in cells]
        if kind is Kind.YESNO:
            words = {True: text("exports.yes", self._lang), False: text("exports.no", self._lang), None: None}
            return [words[cell] for cell in cells]
        if column.is_list or kind in (Kind.CONCEPT, Kind.MUNICIPALITY):
            known: dict[Any, str] = {}
            lists = [(cell,) if isinstance(cell, str) else tuple(cell or ()) for cell in cells]
            for items in lists:
                if items not in known:
                    known[items] = _plain(SEPARATOR.join(self._said(column, items)))
            return [known[items] for items in lists]
        return [None if cell is None else _plain(cell) for cell in cells]

    def _said(self, column: Column, items: Iterable[str]) -> Iterator[str]:
        for item in items:
            if column.kind in (Kind.CONCEPT, Kind.CONCEPTS):
                yield self._scheme(column.scheme).label(item, self._lang)
            elif column.kind in (Kind.MUNICIPALITY, Kind.MUNICIPALITIES):
                yield self._landscape.municipality_names.get(item, item)
            else:
                yield item

    def _scheme(self, name: str) -> Scheme:
        if name not in self._schemes:
            self._schemes[name] = scheme(name)
        return self._schemes[name]

    def _wait(self, subjects: tuple[str, ...]) -> dict[str, Value]:
        """The current wait until the first appointment, in weeks; nothing where none is registered."""
        if not self._waits.known(subjects):
            return {}
        wait = self._waits.registration(subjects, _ANYBODY)
        if not wait.known:
            return {}
        made: dict[str, Value] = {}
        if wait.closed:
            made["intake_stop"] = text("exports.yes", self._lang)
        for name, days in (("low", wait.low), ("expected", wait.expected), ("high", wait.high)):
            if days is not None:
                made[f"wait_weeks_{name}"] = days / WEEK
        for name, said in (("wait_as_of", wait.as_of), ("wait_as_written", wait.written)):
            if said:
                made[name] = _plain(said)
        return made


def _plain(value: str) -> str:
    """``value`` without the signs that XML cannot hold."""
    return value if value.isprintable() else _UNWRITABLE.sub("", value)
