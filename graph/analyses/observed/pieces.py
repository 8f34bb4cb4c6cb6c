"""What all lists of the answer have in common as JSON and as flat rows."""

from __future__ import annotations

from typing import Any, Final

from ...disclosure import figure
from ..common import addresses, years
from .routes import Stated
from .traces import Cell

Responses = tuple[tuple[str, str], ...]
#: The columns of a flat row, whatever list it is in.
_COLUMNS: Final = (
    "list from to route why municipality age_from age_until theme number at_least suppressed per_year per_year_in_log "
    "stated_low stated_high stated_as_of stated_outdated stated_of seen_median seen_p90 seen_p95 method difference_weeks "
    "other_clock rows responses sources log_sources"
).split()


def as_row(list_: str, start: str, end: str | None, cell: Cell | None = None, **more: Any) -> dict[str, Any]:
    """One flat row; what ``more`` does not say is empty, sources become addresses."""
    made: dict[str, Any] = {**dict.fromkeys(_COLUMNS), "list": list_, "from": start, "to": end}
    if cell is not None:
        made |= {
            "municipality": cell.municipality,
            "age_from": years(cell.age_from),
            "age_until": years(cell.age_until),
            "theme": cell.theme,
        }
    words = more.get("responses", ())
    made |= more | {name: addresses(more.get(name, ())) for name in ("sources", "log_sources")}
    return made | {"responses": "; ".join(f"{partner}: {response}" for partner, response in words)}


def said(responses: Responses) -> list[dict[str, str]]:
    """The partners' own words as JSON."""
    return [{"partner": partner, "response": words} for partner, words in responses]


def route_as_dict(route: Stated) -> dict[str, Any]:
    """A stated route as JSON."""
    return {
        "route": route.id,
        "from": route.start,
        "to": route.end,
        "kind": route.kind,
        "municipalities": list(route.municipalities),
        "age_from": years(route.age_from),
        "age_until": years(route.age_until),
        "themes": list(route.themes),
        "valid_from": route.valid_from,
    }


def cell_as_dict(cell: Cell) -> dict[str, Any]:
    """Families of one municipality, age band and theme as JSON."""
    return {
        "municipality": cell.municipality,
        "age_from": years(cell.age_from),
        "age_until": years(cell.age_until),
        "theme": cell.theme,
        **figure("per_year", cell.per_year, suppressed=cell.per_year is None),
    }
