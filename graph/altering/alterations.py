"""What if: edits of a Landscape. Each gives a copy; nobody's data is touched, and families stay who they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from ..landscape import Landscape
from ..waiting import NUMBER, REGISTRATION, STATEMENT, STOP, WEEK, Source
from .rerouting import OFFERING, ROLE, SUPPOSED, AlterationError, is_valid, more, named, with_frames, with_route, without_route

_UNKNOWN: Final = "onbekend"


@dataclass(frozen=True, slots=True)
class AddRoute:
    """A new referral between two endpoints, without conditions or decision, wherever both serve."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class RemoveRoute:
    """No registered route any more on which families go between two endpoints (see :func:`.rerouting.without_route`)."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Close:
    """A stop: a partner (all of its offerings too) or one offering (``aanbod:ID``) takes nobody on the reference date."""

    subject: str


@dataclass(frozen=True, slots=True)
class NewWait:
    """Another wait until the first appointment at a partner (at all of its offerings too) or at one offering. Days.

    All None: unknown. ``high`` alone None: "or longer". ``written`` is how the wait reads.
    """

    subject: str
    low: float | None
    expected: float | None
    high: float | None
    written: str

    @classmethod
    def of_weeks(cls, subject: str, low: float, high: float | None = None) -> NewWait:
        """A wait of a number of weeks, or of a range of which the middle is expected."""
        most = low if high is None else high
        days = [float(round(weeks * WEEK)) for weeks in (low, (low + most) / 2, most)]
        return cls(subject, days[0], days[1], days[2], f"{low:g} weken" if most == low else f"{low:g}-{most:g} weken")

    @classmethod
    def unknown(cls, subject: str) -> NewWait:
        """A wait that nobody knows."""
        return cls(subject, None, None, None, _UNKNOWN)


@dataclass(frozen=True, slots=True)
class NewCapacity:
    """Another number of places: of one offering, or of all offerings of a partner together.

    Of a partner the places are divided over the offerings of which the capacity is registered, in proportion to it, in
    whole places (largest remainders). It changes the queue, never the wait: that is what is registered.
    """

    subject: str
    places: int


Alteration = AddRoute | RemoveRoute | Close | NewWait | NewCapacity
#: A wait in weeks: a number, a range, or None for unknown.
Weeks = float | tuple[float, float] | None
NONE: Final[Mapping[str, Any]] = MappingProxyType({})


def alterations_of(
    add: Iterable[tuple[str, str]] = (),
    remove: Iterable[tuple[str, str]] = (),
    close: Iterable[str] = (),
    wait: Mapping[str, Weeks] = NONE,
    capacity: Mapping[str, int] = NONE,
) -> tuple[Alteration, ...]:
    """Alterations as people name them: pairs of ends, ids of partners or offerings, weeks and places by id.

    >>> alterations_of(add=[("P1", "P2")], wait={"P2": (8, 12)})
    (AddRoute(source='P1', target='P2'), NewWait(subject='P2', low=56.0, expected=70.0, high=84.0, written='8-12 weken'))
    """
    return (
        *(AddRoute(*pair) for pair in add),
        *(RemoveRoute(*pair) for pair in remove),
        *(Close(subject) for subject in close),
        *(_new_wait(subject, weeks) for subject, weeks in wait.items()),
        *(NewCapacity(subject, places) for subject, places in capacity.items()),
    )


def _new_wait(subject: str, weeks: Weeks) -> NewWait:
    if weeks is None:
        return NewWait.unknown(subject)
    return NewWait.of_weeks(subject, *weeks) if isinstance(weeks, tuple) else NewWait.of_weeks(subject, weeks)


#: The order in which alterations are made; within it what speaks of one offering comes after what speaks of its partner.
_ORDER: Final = {RemoveRoute: 0, AddRoute: 1, Close: 2, NewWait: 2, NewCapacity: 3}


@dataclass(frozen=True)
class Altered:
    """A Landscape after its ``alterations``, each with the rows of it that no longer count (``replaced``)."""

    landscape: Landscape
    alterations: tuple[Alteration, ...]
    replaced: tuple[tuple[Source, ...], ...]


def altered(landscape: Landscape, alterations: Iterable[Alteration]) -> Altered:
    """``landscape`` with some alterations: routes first taken away, then added, then stops, waits and capacities.

    Raises
    ------
    AlterationError
        When one cannot be made: no such route, a role where a partner or offering is meant, two that contradict each
        other, a capacity that nobody knows how to divide.
    """
    given = tuple(dict.fromkeys(alterations))
    _refuse_contradictions(landscape, given)
    order = sorted(range(len(given)), key=lambda n: (_ORDER[type(given[n])], _is_offering(given[n]), n))
    made: dict[int, tuple[Source, ...]] = {}
    after = landscape
    for number in order:
        after, rows, table = _one(after, given[number])
        made[number] = tuple(Source.of(table, row) for row in rows if row["source"] != SUPPOSED)
    return Altered(after, given, tuple(made[n] for n in range(len(given))))


def _one(landscape: Landscape, alteration: Alteration) -> tuple[Landscape, Sequence[dict[str, Any]], str]:
    """(the Landscape after one alteration, the rows that no longer count, their table)."""
    if isinstance(alteration, AddRoute):
        return with_route(landscape, alteration.source, alteration.target), (), "routes"
    if isinstance(alteration, RemoveRoute):
        return *without_route(landscape, alteration.source, alteration.target), "routes"
    if isinstance(alteration, Close):
        return *_with_wait(landscape, alteration.subject, {"value": "aanmeldstop", "state": STOP}), "waits"
    if isinstance(alteration, NewWait):
        days = {"days_low": alteration.low, "days_expected": alteration.expected, "days_high": alteration.high}
        state = _UNKNOWN if alteration.expected is None else NUMBER
        return *_with_wait(landscape, alteration.subject, {"value": alteration.written, "state": state, **days}), "waits"
    return *_with_capacity(landscape, alteration.subject, alteration.places), "offerings"


def _is_offering(alteration: Alteration) -> bool:
    return not isinstance(alteration, AddRoute | RemoveRoute) and alteration.subject.startswith(OFFERING)


def _refuse_contradictions(landscape: Landscape, given: Sequence[Alteration]) -> None:
    """Raise where two alterations are about the wait, or the capacity, of the same subject, or one is about a role."""
    seen: set[tuple[bool, str]] = set()
    for alteration in given:
        if isinstance(alteration, AddRoute | RemoveRoute):
            continue
        subject = alteration.subject
        if subject.startswith(ROLE):
            raise AlterationError("alteration-role", value=subject)
        key = (isinstance(alteration, NewCapacity), subject)
        if key in seen:
            raise AlterationError("alteration-twice", value=named(landscape, subject))
        seen.add(key)


# --- waits ---------------------------------------------------------------------------------------------
def _with_wait(landscape: Landscape, subject: str, says: dict[str, Any]) -> tuple[Landscape, list[dict[str, Any]]]:
    """A copy in which one statement takes the place of all waits until the first appointment at ``subject``; and those rows.

    It is of the reference date. Of a partner those of its offerings and of routes to it are replaced too. Statements
    (meetwijze uitspraak) stay beside, and so do waits until the start of help and in total, which count only where no
    other wait is known. A wait that is registered on a route between *roles* is about others too, and stays.
    """
    waits = landscape["waits"]
    subjects = list(_speaking(landscape, subject))
    about = (pl.col("on").list.len() == 1) & pl.col("on").list.first().is_in(subjects)
    about &= (pl.col("kind") == REGISTRATION) & pl.col("state").ne_missing(STATEMENT)
    row = {
        "id": f"{SUPPOSED}:{subject}",
        "on": [subject],
        "kind": REGISTRATION,
        "as_of": landscape.settings.reference_date,
        "source": SUPPOSED,
        **says,
    }
    return with_frames(landscape, waits=more(waits.filter(~about), [row])), waits.filter(about).to_dicts()


def _speaking(landscape: Landscape, subject: str) -> Collection[str]:
    """Everything on which a wait at ``subject`` can be registered: itself, its offerings, routes to any of these."""
    ends = [subject]
    if not subject.startswith(OFFERING):
        ends += [OFFERING + i for i in landscape["offerings"].filter(pl.col("partner") == subject)["id"]]
    routes = landscape["routes"].filter(pl.col("to").is_in(ends))["id"]
    return [*ends, *(f"route:{i}" for i in routes)]


# --- capacity --------------------------------------------------------------------------------------------
def _with_capacity(landscape: Landscape, subject: str, places: int) -> tuple[Landscape, list[dict[str, Any]]]:
    """A copy with another capacity, and the rows in which it stood."""
    offerings = landscape["offerings"]
    one = pl.col("id") == subject.removeprefix(OFFERING)
    rows = offerings.filter(one if subject.startswith(OFFERING) else pl.col("partner") == subject).to_dicts()
    own = [row for row in rows if is_valid(landscape, row)]
    divided = own if len(own) == 1 else [row for row in own if row["capacity"]]
    if not divided:
        known = ", ".join(f"{row['id']}={places}" for row in own[:3]) or "–"
        raise AlterationError("alteration-capacity", value=named(landscape, subject), suggestion=known)
    parts = _divided(places, [float(row["capacity"] or 1) for row in divided])
    told = pl.col("id").replace_strict([r["id"] for r in divided], parts, default=None, return_dtype=pl.Int64)
    changed = offerings.with_columns(capacity=pl.coalesce(told, "capacity"))
    return with_frames(landscape, offerings=changed), divided


def _divided(places: int, weights: Sequence[float]) -> list[int]:
    """``places`` in proportion to ``weights``, whole: largest remainders first, then the first.

    >>> _divided(10, [1, 1, 4])
    [2, 1, 7]
    """
    total = sum(weights)
    exact = [places * w / total for w in weights]
    parts = [int(e) for e in exact]
    order = sorted(range(len(parts)), key=lambda n: (parts[n] - exact[n], n))
    for n in order[: places - sum(parts)]:
        parts[n] += 1
    return parts
