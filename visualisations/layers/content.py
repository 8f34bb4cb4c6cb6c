"""What the layers of the map rest on: the answers of the analyses for the whole region, each asked once.

Numbers of families stand with the flows and the plans alone, as their analyses hide what is small. Contacts are told
without them: the answers are hidden by themselves, and a number of short-lines beside those of the steps could give
back what bottlenecks hides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from ...graph.analyses.lacking.coverage import Ground
from ...graph.analyses.lacking.gaps import Gaps, gaps
from ...graph.analyses.lacking.parts import Asked, Gap
from ...graph.analyses.lacking.upkeep import OUTDATED, UNVERIFIED, outdated_waits, unverified
from ...graph.analyses.lines.short_lines import ShortLine, ShortLines, short_lines
from ...graph.analyses.norms import Norms
from ...graph.analyses.offers import LIGHT_TO_HEAVY
from ...graph.analyses.proposing.answer import DirectRoutes
from ...graph.analyses.proposing.direct_routes import direct_routes
from ...graph.analyses.waiting.answer import Bottlenecks, Level, Passed
from ...graph.analyses.waiting.bottlenecks import bottlenecks
from ...graph.dates import sort_key
from ...graph.landscape import Landscape
from ...graph.locale import Locale
from ...graph.waiting import STOP, WEEK
from ...ontology.catalogue import sentences
from ..drawing.content import shown_waits, waits_said
from ..material import COALITION, OFFERING, Material, Row
from .words import LayerWords

#: Contacts to discuss of each municipality; more are for the command line.
CONTACTS: Final = 25
#: Partners up to which new routes between all of them are worked out for a page.
MOST: Final = 600
#: Ends of the classes of the waits in weeks; the first is no wait at all.
CLASSES: Final = (0, 4, 12, 26)
#: What is said on the map by the kinds of what is told of a partner.
_UPKEEP: Final = {
    frozenset((OUTDATED,)): "say.outdated",
    frozenset((UNVERIFIED,)): "say.unverified",
    frozenset((OUTDATED, UNVERIFIED)): "say.both_facts",
}
_OLD, _UNKNOWN, _STOP = "old", "unknown", "stop"


@dataclass(frozen=True)
class Layers:
    """The answers behind the layers; all but ``upkeep`` are the coalition's, ``proposals`` not in a very large region."""

    upkeep: tuple[Gap, ...]
    flows: Bottlenecks | None = None
    gaps: Gaps | None = None
    contacts: ShortLines | None = None
    proposals: DirectRoutes | None = None

    @property
    def weighted(self) -> bool:
        """Whether figures are numbers of families; else they are shares of combinations."""
        return self.flows is not None and self.flows.frame.weighted


def layers_of(material: Material) -> Layers:
    """The answers for the edition of ``material``."""
    landscape = material.landscape
    if material.edition != COALITION:
        return Layers(_upkeep(landscape))
    found = gaps(landscape)
    return Layers(
        tuple(gap for gap in found.gaps if gap.kind in (OUTDATED, UNVERIFIED)),
        bottlenecks(landscape),
        found,
        short_lines(landscape),
        direct_routes(landscape) if landscape["partners"].height <= MOST else None,
    )


def _upkeep(landscape: Landscape) -> tuple[Gap, ...]:
    """What gaps says of the upkeep of the lists, without the rest of it."""
    settings = landscape.settings
    window = settings.age_from, settings.age_until
    grounds = {code: Ground(Locale(landscape, code), window, ()) for code in landscape.region_municipalities}
    asked = Asked(landscape, grounds, grounds, Norms(landscape), LIGHT_TO_HEAVY, window)
    return (*outdated_waits(asked), *unverified(asked))


def contacts_shown(found: ShortLines) -> tuple[ShortLine, ...]:
    """The first contacts of each municipality, in the order of the analysis."""
    seen: dict[str, int] = {}
    shown = []
    for line in found.lines:
        wanting = [code for code in line.shared_municipalities if seen.get(code, 0) < CONTACTS]
        if wanting:
            shown.append(line)
        for code in wanting:
            seen[code] = seen.get(code, 0) + 1
    return tuple(shown)


def layers_data(material: Material, layers: Layers, number: Mapping[str, int]) -> dict[str, Any]:
    """What the page draws the layers with; texts stand in the tables, here are numbers and what is said on the map."""
    words = LayerWords(material, layers.weighted)
    found: dict[str, Any] = {
        "say": _texts("page", words.lang) | (_texts("together", words.lang) if material.edition == COALITION else {}),
        "threshold": material.landscape.settings.threshold,
        "date": material.words.date(material.landscape.settings.reference_date),
        "levels": [[level, words.level(level)] for level in LIGHT_TO_HEAVY],
        "weighted": int(layers.weighted),
        "most": CONTACTS,
        "waiting": _waiting(words, number),
        "facts": _facts(words, layers.upkeep, number),
    }
    if layers.flows is not None:
        steps, rows = count(), count()
        found["flows"] = [
            {
                "level": level.level,
                "partners": [_passed(words, level, p, number.get(p.node, -1), next(rows)) for p in level.partners],
                "steps": _steps(level, number, steps),
                "hidden": sum(step.per_year is None for step in level.routes),
            }
            for level in layers.flows.levels
        ]
    if layers.contacts is not None:
        found["contacts"] = [[number.get(c.start, -1), number.get(c.end, -1)] for c in contacts_shown(layers.contacts)]
    if layers.proposals is not None:
        found["proposals"] = [
            [found_.level, number.get(step.start, -1), number.get(step.end, -1)]
            for found_ in layers.proposals.levels
            for step in found_.plan
        ]
    return found


def _texts(section: str, lang: str) -> dict[str, str]:
    """The sentences of a section that the page itself fills in."""
    prefix = f"layers.{section}."
    return {key.removeprefix(prefix): said[lang] for key, said in sentences().items() if key.startswith(prefix)}


# --- waits and upkeep -------------------------------------------------------------------------------------------
def _waiting(words: LayerWords, number: Mapping[str, int]) -> list[list[Any]]:
    """Per partner or initiative: its number, the look of its longest wait, and the wait with its date."""
    material = words.material
    nodes = [*material.partners, *(OFFERING + i for i, row in material.offerings.items() if not row["partner"])]
    found = []
    for node in nodes:
        subjects = [node, *(OFFERING + o["id"] for o in material.offerings_of.get(node, ()))]
        waits = [row for subject in subjects for row in material.waits_on.get(subject, ())]
        rows = list(shown_waits(waits))
        said = waits_said(material, waits) or words.say("say.unknown")
        current = [row for row in rows if not row["outdated"]] or rows
        dates = sorted((row["as_of"] for row in current if row["as_of"]), key=sort_key)
        if rows:
            key = "say.own_date" if dates else "say.undated"
            said = words.say(key, wait=said, date=_short(dates[0]) if dates else "")
        found.append([number[node], look(rows), said])
    return found


def _short(date: str) -> str:
    """The month of a date as it fits on the map: 07-2026; of a span its end."""
    year, _, rest = date.partition("/")[2].partition("-") if "/" in date else date.partition("-")
    return f"{rest[:2]}-{year}" if rest else year


def look(rows: Sequence[Row]) -> int | str:
    """The class of the longest current wait, or how a wait is shown that is no number."""
    current = [row for row in rows if not row["outdated"]]
    if not current:
        return _OLD if rows else _UNKNOWN
    if any(row["state"] == STOP for row in current):
        return _STOP
    numbers = [row for row in current if row["days_low"] is not None]
    if not numbers:
        return _UNKNOWN
    # without an upper end nobody knows how long: at least the class of its beginning
    longest: float = max(row["days_low"] if row["days_high"] is None else row["days_high"] for row in numbers)
    open_ended = any(row["days_high"] is None for row in numbers)
    place = sum(longest > weeks * WEEK for weeks in CLASSES)
    return max(place, 1) if open_ended else place


def _facts(words: LayerWords, upkeep: Sequence[Gap], number: Mapping[str, int]) -> list[list[Any]]:
    """Per partner: its number, what is said on the map, and each fact with its sources and the partner's response."""
    by_partner: dict[str, list[Gap]] = {}
    for gap in upkeep:
        if gap.partner and gap.partner in number:
            by_partner.setdefault(gap.partner, []).append(gap)
    return [
        [
            number[partner],
            words.say(_UPKEEP[frozenset(gap.kind for gap in found)]),
            [[gap.told(words.lang), words.origin(gap.sources)] for gap in found],
            words.quotes([partner]),
        ]
        for partner, found in by_partner.items()
    ]


# --- families -----------------------------------------------------------------------------------------------------
def _passed(words: LayerWords, level: Level, passed: Passed, number: int, row: int) -> list[Any]:
    """Number, row in the table, share of the level's largest (0–4), words on the map; words as only link ("" for none)."""
    shown = [value for value in (passed.per_year, passed.arriving) if value is not None]
    largest = max((v for p in level.partners for v in (p.per_year, p.arriving) if v), default=0.0)
    weight = _class(max(shown, default=0.0), largest)
    return [number, row, -1 if len(shown) < 2 else weight, _on_map(words, level, passed), _sole(words, level, passed)]


def _class(value: float, largest: float) -> int:
    """From 0 (nobody) to 4 (over three quarters of the largest), in even steps."""
    return min(4, 1 + int(4 * value / largest)) if value and largest else 0


def _on_map(words: LayerWords, level: Level, passed: Passed) -> str:
    through, arriving = passed.per_year, passed.arriving
    if through is None or arriving is None:
        return words.say("say.not_shown")
    first, last = words.figure(through, level.per_year), words.figure(arriving, level.per_year)
    if through and arriving:
        return words.say("say.both", through=first, arriving=last)
    return words.say("say.through", n=first) if through else words.say("say.arriving", n=last)


def _sole(words: LayerWords, level: Level, passed: Passed) -> str:
    if "sole_link" in passed.suppressed:
        return words.say("say.sole_hidden")
    return words.say("say.sole", n=words.figure(passed.sole_link, level.per_year)) if passed.sole_link else ""


def _steps(level: Level, number: Mapping[str, int], rows: Iterator[int]) -> list[list[int]]:
    """The steps of which the number is shown: from, to, row in the table, share of the level's largest (1–4)."""
    shown = [step for step in level.routes if step.per_year is not None]
    largest = max((step.per_year or 0.0 for step in shown), default=0.0)
    return [[number.get(s.source, -1), number.get(s.target, -1), next(rows), _class(s.per_year or 0.0, largest)] for s in shown]
