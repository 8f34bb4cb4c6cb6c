"""gaps: what is not registered. Not registered is not the same as not there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from ...landscape import Landscape
from ...locale import Locale
from ...profile import Profile
from ...waiting import WEEK, Wait
from ..common import Assumption, Frame, Result, addresses, assumed_waits, frame, years
from ..norms import Norm, Norms
from ..offers import LIGHT_TO_HEAVY
from .coverage import Cell, Coverage, Ground, coverage
from .kinds import gaps_of
from .offered import YOUTH, small_municipalities
from .parts import Asked, Gap

View = Literal["alles", "klein", "jongeren"]
VIEWS: Final[tuple[View, ...]] = ("alles", "klein", "jongeren")
"""Everything; only small municipalities; only the years from 12 up to 18."""


#: An example is looked for at so many of the themes of a question.
_TRIED: Final = 3


@dataclass(frozen=True, slots=True)
class Gaps(Result):
    """The answer: the cells of the cube and the gaps of every kind, for ``municipalities`` (codes, by name).

    ``themes`` and ``levels`` are those that were looked at, ``norms`` what whole ways are compared with in each
    municipality; ``elsewhere`` can tell how other municipalities fill a gap.
    """

    frame: Frame
    municipalities: tuple[str, ...]
    themes: tuple[str, ...]
    levels: tuple[int, ...]
    cells: tuple[Cell, ...]
    gaps: tuple[Gap, ...]
    norms: tuple[tuple[str, Norm | None], ...]
    view: View
    elsewhere: Elsewhere = field(repr=False, compare=False)

    def as_dict(self, lang: str = "nl") -> dict[str, Any]:
        """The answer as CONTRACTS §6 names it; sentences in ``lang`` (nl or en)."""
        return {"cells": [c.as_dict() for c in self.cells], "gaps": [g.as_dict(lang) for g in self.gaps]}

    def rows(self, lang: str = "nl") -> list[dict[str, Any]]:
        """Cells and then gaps, one row each; ``what`` is "cell" or the kind of a gap."""
        return [*(_cell_row(c) for c in self.cells), *(_gap_row(g, lang) for g in self.gaps)]


def _cell_row(cell: Cell) -> dict[str, Any]:
    return {
        "what": "cell",
        "municipality": cell.municipality,
        "theme": cell.theme,
        "level": cell.level,
        "age_from": years(cell.age_from),
        "age_until": years(cell.age_until),
        "status": cell.status,
        "weeks": None if cell.days is None else cell.days / WEEK,
        "norm": cell.norm,
        "elsewhere": "; ".join(cell.elsewhere),
        "partner": None,
        "offering": None,
        "text": None,
        "sources": None,
    }


def _gap_row(gap: Gap, lang: str) -> dict[str, Any]:
    return {
        "what": gap.kind,
        "municipality": gap.municipality,
        "theme": gap.theme,
        "level": gap.level,
        "age_from": years(gap.age_from),
        "age_until": years(gap.age_until),
        "status": None,
        "weeks": None,
        "norm": None,
        "elsewhere": None,
        "partner": gap.partner,
        "offering": gap.offering,
        "text": gap.told(lang),
        "sources": addresses(gap.sources),
    }


class Elsewhere:
    """How other municipalities of the region fill a question."""

    def __init__(self, cube: Coverage) -> None:
        self._cube = cube
        #: The number of municipalities that fill each other's gaps.
        self.region = len(cube.grounds)

    def places(self, municipality: str, level: int, themes: Sequence[str], low: int, high: int) -> tuple[list[str], list[str]]:
        """(where ways are registered for all of it, where for a part) other than in ``municipality``, whatever their time."""
        shares = self._cube.ways(level, themes, low, high)
        others = [code for code in shares if code != municipality]
        # shares are sums of whole months over their number, so all of it is exactly 1
        return [c for c in others if shares[c] == 1], [c for c in others if shares[c] < 1]

    def examples(
        self, municipalities: Sequence[str], level: int, themes: Sequence[str], age: int, most: int = 2
    ) -> list[tuple[str, str]]:
        """(municipality, name of an offering) of what fits there at an age (months); free offerings first."""
        found: dict[str, str] = {}
        for code in municipalities:
            locale = self._cube.grounds[code].locale
            fitting = (o for theme in themes[:_TRIED] for o in locale.fitting(Profile(code, age, theme), level))
            own = [o for o in fitting if not locale.is_safety(o.partner) and o.name not in found]
            if own:
                first = min(own, key=lambda o: (o.access != "vrij", not o.themes, o.name.casefold(), o.id))
                found[first.name] = code
            if len(found) == most:
                break
        return [(code, name) for name, code in found.items()]


def gaps(
    landscape: Landscape,
    municipalities: Sequence[str] = (),
    ages: Sequence[int] = (),
    themes: Sequence[str] = (),
    levels: Sequence[int] = (),
    *,
    view: View = "alles",
    kinds: Collection[str] = (),
    with_outdated: bool = False,
) -> Gaps:
    """What is not registered in ``municipalities`` (codes; the region's without any), ages in months, tested at entry.

    Cells: the fastest way from any entry to a first appointment at each of ``levels`` (0–3 without any), for every
    theme and run of ages (:func:`.coverage.coverage`). ``ages`` keep the runs that hold one of them. Gaps: see
    :data:`.kinds.KINDS`; only those of some ``kinds`` where these are given. ``view`` "klein" keeps the municipalities that are
    known to have fewer than 20,000 inhabitants, "jongeren" the ages from 12 up to 18.
    """
    settings = landscape.settings
    asked = tuple(sorted(set(levels))) or LIGHT_TO_HEAVY
    chosen = tuple(dict.fromkeys(municipalities)) or landscape.region_municipalities
    if view == "klein":
        small = small_municipalities(landscape)
        chosen = tuple(code for code in chosen if code in small)
    window = (settings.age_from, settings.age_until)
    if view == "jongeren":
        window = max(window[0], YOUTH[0]), min(window[1], YOUTH[1])
        # a map of younger children only says nothing of these years
        chosen = chosen if window[0] < window[1] else ()
    norms = Norms(landscape)
    cube = coverage(landscape, chosen, asked, window, themes, norms=norms, with_outdated=with_outdated)
    grounds = {code: cube.grounds[code] for code in chosen}
    found = gaps_of(Asked(landscape, grounds, cube.grounds, norms, asked, window, tuple(ages), tuple(themes)), kinds)
    cells = tuple(c for c in cube.cells(chosen) if not ages or any(c.age_from <= a < c.age_until for a in ages))
    applying = tuple((code, cube.norms[code]) for code in chosen)
    return Gaps(
        _frame(landscape, grounds.values(), applying, asked),
        chosen,
        cube.themes,
        asked,
        cells,
        found,
        applying,
        view,
        Elsewhere(cube),
    )


def _frame(
    landscape: Landscape, grounds: Iterable[Ground], norms: Iterable[tuple[str, Norm | None]], levels: Sequence[int]
) -> Frame:
    """The common part, with the shares counted over the waits at the offerings of the levels asked, each once."""
    waits: dict[str, Wait] = {}
    locales: list[Locale] = []
    for ground in grounds:
        locale = ground.locale
        locales.append(locale)
        for offering, _ in ground.offered:
            if offering.level in levels and offering.id not in waits:
                anybody = Profile(ground.code)
                waits[offering.id] = locale.waits.registration(locale.subjects(offering.node, offering.id), anybody)
    assumptions = assumed_waits(landscape, waits.values())
    assumptions += list(_assumptions(locales))
    if any(norm is not None and norm.unit_assumed for _, norm in norms):
        assumptions.append(Assumption("norm_unit"))
    return frame(landscape, "gaps", waits.values(), assumptions)


def _assumptions(locales: Sequence[Locale]) -> Iterator[Assumption]:
    """What was assumed of the routes, places and ages in use."""
    hops = [hop for locale in locales for hop in locale.hops]
    if any(hop.route and not hop.handover_given for hop in hops):
        yield Assumption("handover")
    if any(hop.route and hop.derived for hop in hops):
        yield Assumption("role_route")
    if any(hop.decision for hop in hops) and any(locale.decision(Profile(locale.municipality)).assumed for locale in locales):
        settings = locales[0].settings
        low, high = settings.unknown_decision_low, settings.unknown_decision_high
        yield Assumption("decision", (("low", f"{low:g}"), ("high", f"{high:g}")))
    if locales:
        yield Assumption("family")
    if areas := len({p.id for locale in locales for p in locale.partners.values() if p.area_assumed}):
        yield Assumption("area", (("number", areas),))
    offerings = {o.id: o for locale in locales for o in locale.offerings.values()}
    if ages := sum(o.age_from is None and o.age_until is None for o in offerings.values()):
        yield Assumption("ages", (("number", ages),))
