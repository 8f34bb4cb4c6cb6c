"""Gaps around what is offered: free help without a way to it, help that stands elsewhere, much heavy and little free help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any, Final

import numpy as np

from ....ontology.concepts import folded, scheme
from ...landscape import Landscape
from ...places import Offering
from ...profile import theme_fits
from ...waiting import Source
from ..offers import ELSEWHERE, nearness
from .coverage import Flags, Ground
from .parts import Asked, Gap, Word, ages_word, gap, level_word, number_word

NO_WAY_TO_FREE: Final = "vrij-aanbod-zonder-route-of-lijn"
ONLY_ELSEWHERE: Final = "alleen-elders"
MUCH_HEAVY: Final = "veel-individueel-weinig-vrij"

#: Ages (months, half-open) at which a child travels by itself or not at all.
YOUTH: Final = (12 * 12, 18 * 12)
#: Older than any child.
ALWAYS: Final = 1_200
#: Municipalities with fewer inhabitants are small: a bound of the size classes of Statistics Netherlands
#: (CBS, "408 Nederlandse gemeenten in 2013").
SMALL: Final = 20_000
#: Fewer municipalities than this have no middle to be compared with.
_ENOUGH: Final = 3
_LIGHT: Final = (0, 1)
_FREE: Final = "vrij"
#: A route to safety, which is no way to help.
_REPORT: Final = "melding"


def small_municipalities(landscape: Landscape) -> frozenset[str]:
    """The municipalities (codes) that are known to have fewer than :data:`SMALL` inhabitants."""
    rows = landscape["municipalities"].select("code", "inhabitants").drop_nulls()
    return frozenset(code for code, inhabitants in rows.iter_rows() if inhabitants < SMALL)


# --- free help that nobody leads to ----------------------------------------------------------------------
def no_way_to_free(asked: Asked) -> Iterator[Gap]:
    """Free offerings to which no route and no line is registered, per municipality.

    A route counts when it is valid and holds there, whatever it moves (but a report to safety), and ends at the offering,
    at its partner or at a role that the partner holds; a line when the partner is one of its ends.
    """
    lined = {partner for row in asked.landscape["lines"].select("from", "to").iter_rows() for partner in row}
    free: dict[str, Offering] = {}
    without: dict[str, list[str]] = {}
    there: dict[str, list[str]] = {}
    for code, ground in asked.grounds.items():
        led = _led_to(asked, ground)
        for offering, _ in ground.offered:
            if offering.access != _FREE or not _is_asked(asked, offering):
                continue
            free[offering.id] = offering
            there.setdefault(offering.id, []).append(code)
            ends = ((offering.node, offering.id), (offering.node, None))
            if offering.partner not in lined and led.isdisjoint(ends):
                without.setdefault(offering.id, []).append(code)
    for id_ in sorted(without, key=lambda i: (free[i].level or 0, free[i].name.casefold(), i)):
        offering = free[id_]
        for municipality in asked.where(without[id_], tuple(there[id_])):
            words: dict[str, Word] = {
                "offering": offering.name,
                "by": f" ({asked.name(offering.partner)})" if offering.partner else "",
                "place": asked.place(municipality, without[id_]),
                "level": level_word(offering.level),
            }
            yield gap(
                NO_WAY_TO_FREE,
                NO_WAY_TO_FREE,
                words,
                [asked.source(offering)],
                municipality=municipality,
                level=offering.level,
                ages=(offering.age_from, offering.age_until),
                partner=offering.partner,
                offering=offering.id,
            )


def _led_to(asked: Asked, ground: Ground) -> set[tuple[str, str | None]]:
    """(node, offering) of everything that a registered route leads to here."""
    locale = ground.locale
    found = {(hop.target, hop.offering) for hop in locale.hops if hop.route}
    kinds = scheme("route-kind")
    for row in asked.registered.routes(k for k in kinds.slugs if k != _REPORT and not kinds[k].says("movesFamilies")):
        if asked.registered.holds_in(row, ground.code):
            starts = {node for node, _ in locale.nodes_of(row["from"])}
            found.update(end for end in locale.nodes_of(row["to"]) if starts - {end[0]})
    return found


def _is_asked(asked: Asked, offering: Offering) -> bool:
    """Whether an offering is about the levels, ages and themes asked; of a level that nobody stated it is."""
    if offering.level is not None and offering.level not in asked.levels:
        return False
    if not asked.at_age(offering.age_from, offering.age_until):
        return False
    themes = asked.landscape.themes
    return not asked.themes or any(theme_fits(themes.with_broader(t), offering.themes) for t in asked.themes)


# --- help that stands elsewhere --------------------------------------------------------------------------
def only_elsewhere(asked: Asked) -> Iterator[Gap]:
    """Where offerings of a level fit and all of them stand in other municipalities: at 12–18, in small ones at every age.

    Where an offering is online, comes to the home or the neighbourhood, or does not say where it stands, it is not "elsewhere".
    """
    small = small_municipalities(asked.landscape)
    for code, ground in asked.grounds.items():
        first, last = (0, ALWAYS) if code in small else YOUTH
        ages = (ground.low < last) & (ground.high > first)
        here: dict[int, Flags] = {}
        away: dict[int, list[tuple[Offering, Flags]]] = {}
        for offering, fits in ground.offered:
            if offering.level in asked.levels:
                if nearness(ground.locale, offering, code) == ELSEWHERE:
                    away.setdefault(offering.level, []).append((offering, fits))
                else:
                    here[offering.level] = here.get(offering.level, ~ground.every) | fits
        for level in asked.levels:
            elsewhere = away.get(level, [])
            flags = ages & ~here.get(level, ~ground.every)
            flags = flags & np.logical_or.reduce([fits for _, fits in elsewhere], initial=False)
            for theme, low, high in asked.runs(ground, flags):
                # nothing changes within a band, so the years of youth may be cut out of it
                run = theme, max(low, first), min(high, last)
                if asked.at_age(*run[1:]):
                    yield _elsewhere(asked, ground, elsewhere, level, run)


def _elsewhere(
    asked: Asked, ground: Ground, away: list[tuple[Offering, Flags]], level: int, run: tuple[str | None, int, int]
) -> Gap:
    theme, low, high = run
    inside = ground.within(theme, low, high)
    there = [offering for offering, fits in away if (fits & inside).any()]
    names = asked.landscape.municipality_names
    locations: dict[str, None] = {}
    for offering in there:
        own = offering.row["location"]
        for where in (own,) if own else asked.landscape.locations.get(offering.partner or "", ()):
            locations[names.get(where, where)] = None
    words: dict[str, Word] = {
        "place": asked.place(ground.code, ()),
        "level": level_word(level),
        "theme": asked.theme(theme),
        "ages": ages_word(low, high),
        "where": ", ".join(sorted(locations)),
    }
    return gap(
        ONLY_ELSEWHERE,
        ONLY_ELSEWHERE,
        words,
        map(asked.source, there),
        municipality=ground.code,
        theme=theme,
        level=level,
        ages=(low, high),
        offering=there[0].id if len(there) == 1 else None,
        partner=there[0].partner if len(there) == 1 else None,
    )


# --- much heavy and little free help ---------------------------------------------------------------------
def much_heavy(asked: Asked) -> Iterator[Gap]:
    """Municipalities with more individual provision than the middle of the region, and fewer free offerings.

    An indicator on individual provision ("individuele voorzieningen", "jeugdigen met individuele jeugdhulp": its name says
    "individu") in a unit of share ("per …", procent, aandeel), for a whole municipality, in the latest year for which at
    least three of the region have one, is compared with their median; so is the number of free offerings of level 0–1 there
    that fit the theme (all of them where the indicator has none). It says that the two stand side by side, not why.
    """
    by_series: dict[tuple[str, str | None, str], dict[int, dict[str, dict[str, Any]]]] = {}
    for row in asked.landscape["indicators"].iter_rows(named=True):
        if _is_individual(row) and (not asked.themes or row["theme"] is None or row["theme"] in asked.themes):
            key = folded(row["indicator"]), row["theme"], folded(row["unit"])
            by_series.setdefault(key, {}).setdefault(row["year"], {})[row["municipality"]] = row
    free: dict[str | None, Mapping[str, int]] = {}
    for (_, theme, _), by_year in sorted(by_series.items(), key=lambda pair: (pair[0][0], pair[0][1] or "", pair[0][2])):
        enough = [year for year, rows in by_year.items() if len(rows) >= _ENOUGH]
        if not enough:
            continue
        rows = by_year[max(enough)]
        if theme not in free:
            free[theme] = _free_offerings(asked, theme)
        numbers = {code: free[theme][code] for code in rows if code in free[theme]}
        if len(numbers) < _ENOUGH:
            continue
        middle, of_free = median(row["value"] for row in rows.values()), median(numbers.values())
        for code in asked.grounds:
            if code in numbers and rows[code]["value"] > middle and numbers[code] < of_free:
                yield _side_by_side(asked, rows[code], (middle, numbers[code], of_free))


def _is_individual(row: Mapping[str, Any]) -> bool:
    if "individu" not in folded(row["indicator"]) or None in (row["unit"], row["year"], row["value"], row["municipality"]):
        return False
    unit = row["unit"].casefold()
    return row["district"] is None and (unit.startswith("per ") or unit in _SHARES)


#: Units of a share, of which the size of a municipality says nothing.
_SHARES: Final = frozenset(("procent", "percentage", "%", "aandeel", "promille"))


def _free_offerings(asked: Asked, theme: str | None) -> Mapping[str, int]:
    """The number of free offerings of level 0–1 for a theme in each municipality of the region."""
    wanted = None if theme is None else asked.landscape.themes.with_broader(theme)
    return {
        code: sum(
            offering.access == _FREE and offering.level in _LIGHT and theme_fits(wanted, offering.themes)
            for offering, _ in ground.offered
        )
        for code, ground in asked.region.items()
    }


def _side_by_side(asked: Asked, row: Mapping[str, Any], figures: tuple[float, int, float]) -> Gap:
    middle, free, of_free = figures
    words: dict[str, Word] = {
        "place": asked.place(row["municipality"], ()),
        "indicator": row["indicator"],
        "theme": asked.theme(row["theme"]),
        "unit": row["unit"],
        "year": row["year"],
        "value": number_word(row["value"]),
        "middle": number_word(middle),
        "free": free,
        "of_free": number_word(of_free),
    }
    source = Source.of("indicators", row)
    return gap(MUCH_HEAVY, MUCH_HEAVY, words, [source], municipality=row["municipality"], theme=row["theme"])
