"""What a row is called and how its values read: labels instead of slugs, names instead of ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .language import language, say
from .wording import age_text

if TYPE_CHECKING:
    from ..graph.landscape import Landscape
    from ..graph.schema import Column, Table


def value_text(landscape: Landscape, column: Column, value: Any) -> str:
    """A stored value of ``column`` as people read it."""
    from ..graph.schema import Kind
    from ..ontology.concepts import scheme

    items = value if isinstance(value, list | tuple) else [value]
    if column.kind in (Kind.CONCEPT, Kind.CONCEPTS):
        known = {"role": landscape.roles, "theme": landscape.themes}.get(column.scheme) or scheme(column.scheme)
        return "; ".join(known.label(i, language()) for i in items)
    if column.kind in (Kind.MUNICIPALITY, Kind.MUNICIPALITIES) and column.name != "code":
        return "; ".join(landscape.municipality_names.get(i, i) for i in items)
    if column.kind in (Kind.PARTNER, Kind.PARTNERS, Kind.ENDPOINT, Kind.DESTINATION, Kind.CHAIN):
        return (" > " if column.kind is Kind.CHAIN else "; ").join(endpoint_name(landscape, i) for i in items)
    if column.kind is Kind.AGE and isinstance(value, int):
        low, high = (None, value) if column.name == "age_until" else (value, None)
        return f"{value // 12}" if column.name == "age" else age_text(low, high)
    if isinstance(value, bool):
        return say("cli.yes") if value else say("cli.no")
    if isinstance(value, float):
        return f"{value:g}".replace(".", say("cli.decimal"))
    return "; ".join(str(i) for i in items)


def endpoint_name(landscape: Landscape, endpoint: str) -> str:
    """An endpoint by name, with its id."""
    if endpoint.startswith("rol:"):
        return landscape.roles.label(endpoint[4:], language())
    if endpoint.startswith("uitkomst:"):
        from ..ontology.concepts import scheme

        return scheme("outcome").label(endpoint[9:], language())
    if endpoint.startswith("route:"):
        return _route_name(landscape, endpoint)
    name = landscape.names.get(endpoint)
    return f"{name} ({endpoint})" if name else endpoint


def _route_name(landscape: Landscape, endpoint: str) -> str:
    frame = landscape["routes"]
    place = frame["id"].index_of(endpoint[6:])
    if place is None:
        return endpoint
    start, end = (endpoint_name(landscape, frame[c][place]) for c in ("from", "to"))
    return f"{start} → {end} ({endpoint[6:]})"


def row_name(landscape: Landscape, table: Table, row: Mapping[str, Any]) -> str:
    """What a row is called: its name, else what it is about."""
    from ..graph.analyses.differences.changes import naming

    for column in ("name", "title"):
        if row.get(column):
            partner = row.get("partner") if table.name == "offerings" else None
            return str(row[column]) + (f" ({landscape.names.get(partner, partner)})" if partner else "")
    if table.name == "waits":
        return _wait_name(landscape, table, row)
    if {"from", "to"} <= row.keys():
        ends = [endpoint_name(landscape, row[c]) for c in ("from", "to")]
        arrow = say("changes.waits.lines", start=ends[0], end=ends[1]) if table.name == "lines" else " → ".join(ends)
        kind = value_text(landscape, table.column("kind"), row["kind"]) if row.get("kind") else ""
        return f"{arrow} ({kind})" if kind else arrow
    about = naming(table) or ("kind", "what", "written", table.key)
    ages = _ages(row)
    named = [c for c in about if row.get(c) is not None and not c.startswith("age_")]
    parts = [value_text(landscape, table.column(c), row[c]) for c in named] + ([ages] if ages else [])
    return ", ".join(parts) or str(row[table.key])


def _wait_name(landscape: Landscape, table: Table, row: Mapping[str, Any]) -> str:
    on = value_text(landscape, table.column("on"), row["on"])
    kind = value_text(landscape, table.column("kind"), row["kind"])
    conditions = [value_text(landscape, table.column(c), row[c]) for c in ("themes", "municipalities") if row[c]]
    if ages := _ages(row):
        conditions.append(ages)
    name = say("changes.waits.name", kind=kind, on=on)
    return f"{name} ({'; '.join(conditions)})" if conditions else name


def _ages(row: Mapping[str, Any]) -> str:
    low, high = row.get("age_from"), row.get("age_until")
    return "" if low is None and high is None else age_text(low, high)
