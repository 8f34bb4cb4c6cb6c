"""What families wait at a partner, whoever they are: the h of a chain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ...dates import latest
from ...landscape import Landscape
from ...profile import Profile, covers
from ...waiting import Wait
from ...waits import Waits


@dataclass(frozen=True, slots=True)
class Stay:
    """The wait until the first appointment at a partner.

    ``wait`` is closed where the partner takes nobody from anywhere. ``partly_closed``: it takes nobody from some of the
    municipalities that it serves; the wait is that of the others.
    """

    wait: Wait
    partly_closed: bool


def stays(landscape: Landscape, partners: Iterable[str], *, with_outdated: bool = False) -> dict[str, Stay]:
    """What is waited at each of ``partners`` (ids): its own wait, else that of a role it holds.

    Age and theme are left open (:meth:`~routekaart.graph.waits.Waits.registration`). Where it differs by municipality, it
    is the range of what differs, with the middle expected, as where two sources disagree.
    """
    waits = Waits(landscape, with_outdated=with_outdated)
    frame = landscape["partners"]
    about = {i: (roles or (), areas) for i, roles, areas in frame.select("id", "roles", "municipalities").iter_rows()}
    found: dict[str, Stay] = {}
    for partner in partners:
        roles, areas = about[partner]
        subjects = waits.known((partner, *(f"rol:{role}" for role in roles)))
        codes = ("",) if waits.unconditional(subjects) else _served(landscape, areas)
        found[partner] = _joined({code: waits.registration(subjects, Profile(code)) for code in codes})
    return found


def _served(landscape: Landscape, areas: Sequence[str] | None) -> Sequence[str]:
    """The municipalities (codes) that a partner serves; nothing said is the whole region."""
    region = landscape.settings.municipalities
    codes = [c for c in landscape.region_municipalities if not areas or covers(areas, c, region)]
    codes += [a for a in areas or () if a not in codes and a not in ("regio", "landelijk")]
    return codes or ("",)


def _joined(waits: Mapping[str, Wait]) -> Stay:
    different = tuple(dict.fromkeys(waits.values()))
    taking = tuple(w for w in different if not w.closed)
    if not taking:
        return Stay(different[0], partly_closed=False)
    return Stay(_range(taking), partly_closed=len(taking) < len(different))


def _range(waits: Sequence[Wait]) -> Wait:
    """One wait for all of them: from the lowest to the highest."""
    if len(waits) == 1:
        return waits[0]
    expected = [w.expected or 0.0 for w in waits]
    highs = [w.high for w in waits]
    return replace(
        waits[0],
        low=min(w.low or 0.0 for w in waits),
        expected=(min(expected) + max(expected)) / 2,
        high=None if None in highs else max(h for h in highs if h is not None),
        median=None,
        p90=None,
        as_of=latest(w.as_of for w in waits),
        outdated=any(w.outdated for w in waits),
        assumed=any(w.assumed for w in waits),
        derived=any(w.derived for w in waits),
        written="; ".join(dict.fromkeys(w.written for w in waits if w.written)) or None,
        sources=tuple(dict.fromkeys(s for w in waits for s in w.sources)),
    )
