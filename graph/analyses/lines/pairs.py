"""Which two partners have to do with each other: families go between them, or the one has free support near the other."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ....ontology.concepts import scheme
from ...places import FAMILY
from ...profile import Profile
from ...profiles.passage import passage
from ...profiles.study import Place, Study
from ...referring import SAFETY
from ...waiting import Source, Wait
from ..lacking.registered import Registered

Pair = tuple[str, str]
Flags = NDArray[np.bool_]

#: Levels of free and informal support.
LIGHT = (0, 1)


def pair_of(one: str, other: str) -> Pair:
    """The two in a fixed order: between partners there is no direction."""
    return (one, other) if one < other else (other, one)


@dataclass(slots=True)
class Between:
    """Two partners and what is between them.

    ``profiles``: age bands × themes × municipalities of which families go from one to the other on some fastest way;
    ``light``: those for which one of them has free support that fits families who start at the other. ``kinds`` and
    ``sources`` are those of the registered routes between them, ``derived`` whether some of these are of roles.
    """

    profiles: int = 0
    light: int = 0
    kinds: set[str] = field(default_factory=set)
    sources: dict[Source, None] = field(default_factory=dict)
    derived: bool = False


@dataclass
class Traffic:
    """Everything of a study that is between two: ``pairs`` of partners known by name, safety left out.

    ``steps`` and ``through`` are families a year by level (combinations of age band, theme and start where the study
    is unweighted). ``unnamed`` are the steps from or to a role that nobody is known to hold, by municipality and role;
    ``loose`` those to initiatives without an organisation. ``waits`` are those of everybody families come to.
    ``serving``: where a partner or an offering of it serves, one bit per municipality of the study.
    """

    pairs: dict[Pair, Between] = field(default_factory=dict)
    steps: dict[int, dict[Pair, float]] = field(default_factory=dict)
    through: dict[int, dict[str, float]] = field(default_factory=dict)
    unnamed: dict[tuple[str, str], set[Pair]] = field(default_factory=dict)
    loose: set[tuple[str, str, str]] = field(default_factory=set)
    waits: list[Wait] = field(default_factory=list)
    serving: dict[str, int] = field(default_factory=dict)

    def between(self, one: str, other: str) -> dict[int, float]:
        """Families a year that go from one to the other or back, by level."""
        found = ((level, steps.get((one, other), 0.0) + steps.get((other, one), 0.0)) for level, steps in self.steps.items())
        return {level: families for level, families in found if families}

    @property
    def unnamed_steps(self) -> int:
        """How many steps (per municipality) lead from or to a role that nobody is known to hold."""
        return len({(code, step) for (code, _), steps in self.unnamed.items() for step in steps})


def traffic(study: Study) -> Traffic:
    """Who has to do with whom in a study."""
    found = Traffic(steps={level: {} for level in study.levels}, through={level: {} for level in study.levels})
    known = study.landscape.derived(Registered).roles
    named = {partner for partner, roles in known.items() if SAFETY not in roles}
    for place in study.places():
        _Here(found, place, named).take(study.levels)
    for number, code in enumerate(study.municipalities):
        locale = study.place(code).locale
        for partner in {*locale.partners, *(o.partner for o in locale.offerings.values() if o.partner)}:
            found.serving[partner] = found.serving.get(partner, 0) | 1 << number
    return found


class _Here:
    """One municipality, taken up into a Traffic."""

    def __init__(self, found: Traffic, place: Place, named: set[str]) -> None:
        self._found, self._place, self._named = found, place, named
        self._locale, self._code = place.locale, place.locale.municipality
        self._weights = np.array([len(group.themes) for group in place.groups], dtype=np.int64)
        self._holding = place.terrain.holding
        #: For which profiles a pair counts.
        self._used: dict[Pair, Flags] = {}
        self._light: dict[Pair, Flags] = {}

    def take(self, levels: tuple[int, ...]) -> None:
        for level in levels:
            self._take_steps(level)
            if level in LIGHT:
                self._take_light(level)
        for pair in self._used.keys() | self._light.keys():
            known = self._found.pairs.setdefault(pair, Between())
            known.profiles += self._counted(self._used.get(pair))
            known.light += self._counted(self._light.get(pair))
        self._take_routes()

    def _counted(self, flags: Flags | None) -> int:
        return 0 if flags is None else int(self._weights[flags].sum())

    def _note(self, where: dict[Pair, Flags], one: str, other: str, columns: Flags) -> None:
        """Count a pair for profiles, where both are partners known by name."""
        if one in self._named and other in self._named and one != other and columns.any():
            pair = pair_of(one, other)
            where[pair] = where[pair] | columns if pair in where else columns

    # --- where families go --------------------------------------------------------------------------
    def _take_steps(self, level: int) -> None:
        steps, through = self._found.steps[level], self._found.through[level]
        asked = list(self._place.demand(level))
        columns = [column for column, _ in asked]
        found = passage(self._place.terrain, level, columns, [by for _, by in asked], sole=False)
        for step, families in found.steps.items():
            steps[step] = steps.get(step, 0.0) + float(families.sum())
            used = np.zeros(len(self._weights), dtype=bool)
            used[columns] = families > 0
            self._note(self._used, *step, used)
            self._mark(step)
        for node, number in found.flow().through.items():
            through[node] = through.get(node, 0.0) + number
        anybody = Profile(self._code)
        for node in sorted({target for _, target in found.steps}):
            self._found.waits.append(self._locale.waits.registration(self._locale.subjects(node), anybody))

    def _mark(self, step: Pair) -> None:
        """Keep the steps of which one end cannot be called: a role without a name, an initiative without organisation."""
        for node in step:
            if node.startswith("rol:") and node != FAMILY:
                self._found.unnamed.setdefault((self._code, node.removeprefix("rol:")), set()).add(step)
            elif node.startswith("aanbod:"):
                self._found.loose.add((self._code, *step))

    # --- free support nearby --------------------------------------------------------------------------
    def _take_light(self, level: int) -> None:
        """Who sees families that ask for a level first, beside who offers it freely to the same families."""
        asked: dict[str, Flags] = {}
        for column, by in self._place.demand(level):
            for start, families in by.items():
                if families and start in self._named and self._locale.node(start).entry:
                    asked.setdefault(start, np.zeros(len(self._weights), dtype=bool))[column] = True
        offered: dict[str, Flags] = {}
        for o in self._locale.offerings.values():
            # what is for professionals only is no support for a family
            families = set(o.row["audience"] or ()) != {"professional"}
            if o.level == level and o.access == "vrij" and o.partner in self._named and families:
                fits = self._holding.fits(o.themes, o.age_from, o.age_until)
                offered[o.partner] = offered[o.partner] | fits if o.partner in offered else fits
        for start, columns in asked.items():
            for partner, fits in offered.items():
                self._note(self._light, start, partner, columns & fits)

    # --- the routes between them ----------------------------------------------------------------------
    def _take_routes(self) -> None:
        """The registered routes between the pairs, as far as they hold for somebody here."""
        for hop in self._locale.hops:
            known = self._found.pairs.get(pair_of(hop.source, hop.target))
            if known is None or hop.route is None or not self._holding.fits(hop.themes, hop.age_from, hop.age_until).any():
                continue
            known.kinds.add(hop.kind)
            known.derived |= hop.derived
            if hop.origin is not None:
                known.sources[hop.origin] = None


def needed_strength(kinds: set[str]) -> str:
    """The strength of line (slug) that the kinds of routes between two partners need, by the scheme of kinds.

    The strongest of them; where no kind says one, the first of all: to know each other.
    """
    order, known = scheme("strength").slugs, scheme("route-kind")
    needed = [order.index(s) for kind in kinds for s in known[kind].data.get("strengthNeeded", ())]
    return order[max(needed, default=0)]
