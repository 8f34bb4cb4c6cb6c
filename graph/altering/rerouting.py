"""A Landscape with one route more or without the routes between two ends, and nothing else different.

Partners that state a route of their own go before routes stated of their roles (:mod:`..locale`). So a new route between
two partners would silence what is stated of their roles between them: it is written out beside the new one. And what is
only stated of roles cannot be taken away from one pair: a route of their own that nobody can use silences it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from ...ontology.catalogue import ToldError
from ...ontology.concepts import scheme
from ..dates import first_day, last_day
from ..landscape import Landscape
from ..places import FAMILY
from ..profile import covers
from ..waiting import WEEK

ROLE: Final = "rol:"
OFFERING: Final = "aanbod:"
#: What the rows that are only supposed are called.
SUPPOSED: Final = "wat-als"
_REFERRAL: Final = "verwijzing"
_DIRECT: Final = "rechtstreekse-toegang"
_EVERYWHERE: Final = ("landelijk",)


class AlterationError(ToldError):
    """An alteration that cannot be made, with what can."""


def with_route(landscape: Landscape, source: str, target: str) -> Landscape:
    """A copy with a route from ``source`` to ``target`` (endpoints) wherever both serve.

    The route is a referral without conditions or decision; handover takes settings.new_handover_weeks. A family that goes
    by itself hands nothing over. It comes beside what is there, so no way can become longer.

    Raises
    ------
    AlterationError
        When both ends are the same.
    """
    if source == target:
        raise AlterationError("alteration-same", value=named(landscape, source))
    itself = source == FAMILY
    made = {
        "id": f"{SUPPOSED}:{source}:{target}",
        "from": source,
        "to": target,
        "kind": _DIRECT if itself else _REFERRAL,
        "decision_needed": False,
        "handover_days": 0.0 if itself else landscape.settings.new_handover_weeks * WEEK,
        "source": SUPPOSED,
    }
    kept = list(_written_out(landscape, source, target)) if _is_partner(source) and _is_partner(target) else []
    waits = [
        {**wait, "id": f"{wait['id']}>{row['id']}", "on": [f"route:{row['id']}"]}
        for row, on_the_roles in kept
        for wait in on_the_roles
    ]
    routes = more(landscape["routes"], [made, *(row for row, _ in kept)])
    return with_frames(landscape, routes=routes, waits=more(landscape["waits"], waits))


def without_route(landscape: Landscape, source: str, target: str) -> tuple[Landscape, tuple[dict[str, Any], ...]]:
    """A copy without any route on which families go from ``source`` to ``target`` (endpoints), and the rows that fall away.

    Between two partners those are the routes that they or their offerings state, and for this pair only what is stated
    of their roles (such rows stay for all others). A role or an offering means the routes that are stated of it. Steps
    that need no route (of the family to the access, to free offerings) stay.

    Raises
    ------
    AlterationError
        When there is no such route, or only one of roles that cannot be taken away for an offering alone.
    """
    ends = (_said_of(landscape, source), _said_of(landscape, target))
    stated = list(_between(landscape, *ends))
    with_roles = (ends[0] | _roles_of(landscape, source), ends[1] | _roles_of(landscape, target))
    of_roles = [row for row in _between(landscape, *with_roles) if row["id"] not in {r["id"] for r in stated}]
    if not stated and not of_roles:
        raise AlterationError(
            "alteration-no-route",
            source=named(landscape, source),
            target=named(landscape, target),
            suggestion=_near(landscape, ends[0] | _roles_of(landscape, source)),
        )
    pair = _is_partner(source) and _is_partner(target)
    if of_roles and not pair and not stated:
        row = of_roles[0]
        raise AlterationError(
            "alteration-role-route",
            source=named(landscape, source),
            target=named(landscape, target),
            pair=f"{row['from']}:{row['to']}",
        )
    routes = landscape["routes"].filter(~pl.col("id").is_in([row["id"] for row in stated]))
    if of_roles and pair:
        # for nobody's age: usable by no family, and yet a route that the two state themselves
        barred = {"from": source, "to": target, "kind": _REFERRAL, "age_from": 0, "age_until": 0, "source": SUPPOSED}
        routes = more(routes, [{"id": f"{SUPPOSED}:-:{source}:{target}", **barred}])
    return with_frames(landscape, routes=routes), (*stated, *(of_roles if pair else ()))


def with_frames(landscape: Landscape, **frames: pl.DataFrame) -> Landscape:
    """A copy with some tables replaced by ones that are in order already."""
    return Landscape(MappingProxyType({**landscape.frames, **frames}))


def named(landscape: Landscape, endpoint: str) -> str:
    """An endpoint with its name, for a sentence."""
    name = landscape.names.get(endpoint)
    return f"{name} ({endpoint})" if name else endpoint


# --- rows ----------------------------------------------------------------------------------------------
def more(frame: pl.DataFrame, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """``frame`` with some rows more, cells that a row does not say empty; in order of id."""
    added = [dict.fromkeys(frame.columns) | dict(row) for row in rows]
    if not added:
        return frame
    return pl.concat([frame, pl.DataFrame(added, schema=frame.schema)]).sort("id")


def _is_partner(endpoint: str) -> bool:
    return ":" not in endpoint


def _said_of(landscape: Landscape, endpoint: str) -> frozenset[str]:
    """The endpoints with which a route speaks of ``endpoint`` itself: of a partner also each of its offerings."""
    if not _is_partner(endpoint):
        return frozenset([endpoint])
    own = landscape["offerings"].filter(pl.col("partner") == endpoint)["id"]
    return frozenset([endpoint, *(OFFERING + i for i in own)])


def _roles_of(landscape: Landscape, endpoint: str) -> frozenset[str]:
    """The roles of a partner, or of the partner of an offering, as endpoints; of a role none."""
    partner: str | None = endpoint
    if endpoint.startswith(OFFERING):
        partner = next(iter(landscape["offerings"].filter(pl.col("id") == endpoint[len(OFFERING) :])["partner"]), None)
    rows = landscape["partners"].filter(pl.col("id") == partner)["roles"].drop_nulls()
    return frozenset(ROLE + role for roles in rows for role in roles)


def _between(landscape: Landscape, starts: Collection[str], ends: Collection[str] | None = None) -> Iterator[dict[str, Any]]:
    """The valid routes that move families from any of ``starts`` to any of ``ends`` (None: to anywhere)."""
    kinds = scheme("route-kind")
    moving = [k for k in kinds.slugs if kinds[k].says("movesFamilies")]
    wanted = [pl.col("from").is_in(list(starts)), pl.col("kind").is_in(moving)]
    if ends is not None:
        wanted.append(pl.col("to").is_in(list(ends)))
    for row in landscape["routes"].filter(*wanted).iter_rows(named=True):
        if is_valid(landscape, row):
            yield row


def is_valid(landscape: Landscape, row: Mapping[str, Any]) -> bool:
    """Whether a row is valid on the reference date: begun, and not ended."""
    today = first_day(landscape.settings.reference_date)
    start, end = row["valid_from"], row["valid_until"]
    return not (start and first_day(start) > today) and not (end and last_day(end) <= today)


def _near(landscape: Landscape, starts: Collection[str]) -> str:
    """Where families do go from ``starts``, for a proposal: at most three ends."""
    found = sorted({row["to"] for row in _between(landscape, starts)})
    return ", ".join(named(landscape, end) for end in found[:3]) or "–"


# --- what is stated of roles, for one pair ---------------------------------------------------------------
def _written_out(landscape: Landscape, source: str, target: str) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The routes of roles that hold between two partners, as routes of their own, each with the waits of its own.

    Only where both serve and the two state no route themselves: there the route of roles holds until now.
    """
    starts = _said_of(landscape, source) | _roles_of(landscape, source)
    ends = _said_of(landscape, target) | _roles_of(landscape, target)
    of_roles = [row for row in _between(landscape, starts, ends) if row["from"].startswith(ROLE) or row["to"].startswith(ROLE)]
    if not of_roles:
        return
    region = landscape.settings.municipalities
    stated = [row["municipalities"] or _EVERYWHERE for row in _between(landscape, [source], [target])]
    serving = [_area(landscape, partner) for partner in (source, target)]
    open_ = [
        code
        for code in sorted(landscape.municipality_names)
        if all(covers(area, code, region) for area in serving) and not any(covers(area, code, region) for area in stated)
    ]
    for row in of_roles:
        where = [code for code in open_ if covers(row["municipalities"] or _EVERYWHERE, code, region)]
        if where:
            own = {"id": f"{row['id']}>{source}>{target}", "from": source, "municipalities": where}
            own["to"] = row["to"] if row["to"].startswith(OFFERING) else target
            waits = landscape["waits"].filter(
                (pl.col("on").list.len() == 1) & (pl.col("on").list.first() == f"route:{row['id']}")
            )
            yield {**row, **own}, waits.to_dicts()


def _area(landscape: Landscape, partner: str) -> Collection[str]:
    """Which municipalities a partner serves; nothing said is the whole region."""
    said = landscape["partners"].filter(pl.col("id") == partner)["municipalities"].drop_nulls().to_list()
    return said[0] if said else ("regio",)
