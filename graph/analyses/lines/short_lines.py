"""short-lines: which contacts between partners are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ...disclosure import figure
from ...landscape import Landscape
from ...profiles.study import Study
from ...responses import responses
from ...waiting import Source
from ..common import Assumption, Frame, Result, assumed_waits, frame, sources_of
from .contacts import Agreement, Contacts
from .hiding import hidden_pairs
from .pairs import Pair, Traffic, needed_strength, traffic

#: Why two partners need each other.
GOING: Final = "gezinnen gaan al"
LIGHT_SUPPORT: Final = "vrij aanbod"


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A contact to discuss, between ``start`` and ``end`` (ids; no direction: in the order of their names).

    ``why``: the grounds and what is not registered. ``per_year``: families whose fastest route passes between them
    (equally fast ones shared), None where not counted or not shown; ``profiles``: age band × theme × municipality of
    which some fastest route does; ``light_profiles``: for which the one has free support that fits who starts at the
    other. ``strength_now`` None: no line, or nobody says how strong. ``derived``: routes between them are of roles.
    """

    start: str
    end: str
    names: tuple[str, str]
    why: tuple[str, ...]
    per_year: float | None
    suppressed: bool
    profiles: int
    light_profiles: int
    registered: bool
    strength_now: str | None
    strength_needed: str
    fixed_contact: bool | None
    consultation: str | None
    shared_municipalities: tuple[str, ...]
    agreements: tuple[Agreement, ...]
    derived: bool
    sources: tuple[Source, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "from": self.start,
            "to": self.end,
            "why": list(self.why),
            **figure("per_year", self.per_year, suppressed=self.suppressed),
            "profiles": self.profiles,
            "light_profiles": self.light_profiles,
            "registered": self.registered,
            "strength_now": self.strength_now,
            "strength_needed": self.strength_needed,
            "fixed_contact": self.fixed_contact,
            "consultation": self.consultation,
            "shared_municipalities": list(self.shared_municipalities),
            "agreements": [{"id": a.id, "kind": a.kind, "status": a.status, "what": a.what} for a in self.agreements],
            "derived": self.derived,
            "sources": sources_of(self.sources),
        }


@dataclass(frozen=True, slots=True)
class ShortLines(Result):
    """The answer: contacts to discuss, most families first (else most profiles, then by name).

    ``unnamed`` are (municipality, role, steps) of roles on fastest routes that nobody is known to hold, so that there is
    nobody to call; ``unnamed_steps`` all of those, ``loose_steps`` those to initiatives without an organisation.
    ``repeated``: families of whom nobody says the level count for every level asked. ``responses`` (partner, its own
    words) stand beside the figures about the partners.
    """

    frame: Frame
    lines: tuple[ShortLine, ...]
    unnamed: tuple[tuple[str, str, int], ...]
    unnamed_steps: int
    loose_steps: int
    repeated: bool
    responses: tuple[tuple[str, str], ...]
    threshold: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "lines": [line.as_dict() for line in self.lines],
            "unnamed_steps": self.unnamed_steps,
            "unnamed": [{"municipality": code, "role": role, "steps": steps} for code, role, steps in self.unnamed],
            "loose_steps": self.loose_steps,
            "responses": [{"partner": partner, "response": words} for partner, words in self.responses],
        }

    def rows(self) -> list[dict[str, Any]]:
        """One row per contact, lists as texts."""
        return [
            {
                "from": line.start,
                "from_name": line.names[0],
                "to": line.end,
                "to_name": line.names[1],
                "why": "; ".join(line.why),
                "per_year": line.per_year,
                "suppressed": line.suppressed,
                "profiles": line.profiles,
                "light_profiles": line.light_profiles,
                "registered": line.registered,
                "strength_now": line.strength_now,
                "strength_needed": line.strength_needed,
                "fixed_contact": line.fixed_contact,
                "consultation": line.consultation,
                "shared_municipalities": "; ".join(line.shared_municipalities),
                "agreements": "; ".join(f"{a.id} ({a.kind}, {a.status})" for a in line.agreements),
                "derived": line.derived,
                "sources": ", ".join(f"{s.file}{f' [{s.sheet}]' if s.sheet else ''}:{s.row}" for s in line.sources),
            }
            for line in self.lines
        ]


def short_lines(
    landscape: Landscape,
    municipalities: Sequence[str] = (),
    ages: Sequence[int] = (),
    themes: Sequence[str] = (),
    levels: Sequence[int] = (),
    *,
    with_outdated: bool = False,
    internal: bool = False,
) -> ShortLines:
    """Which contacts between partners are missing: a short line is first of all two people who know whom to call.

    Two partners need one when families go between them on some fastest registered route, or when both serve a
    municipality and one offers free support (level 0–1, toegang vrij) that fits families who start at the other. They are
    listed when no line is registered that is as strong as the routes between them need (scheme of route kinds; without
    a route: to know each other), or no fixed contact, or no meeting. A consultation between the two counts as a line and
    a meeting; an agreement in force as the contact or the meeting that it is about. Safety is left out, and so is who is
    not known by name. Arguments as in :func:`~..detours.long_routes.long_routes`.
    """
    study = Study(landscape, municipalities, ages, themes, levels, with_outdated=with_outdated)
    found = traffic(study)
    contacts = Contacts(landscape)
    missing = {pair: gaps for pair, b in found.pairs.items() if (gaps := contacts.missing(pair, needed_strength(b.kinds)))}
    repeated = study.weighted and len(study.levels) > 1 and _says_no_level(study)
    hidden = frozenset[Pair]()
    if study.weighted and not internal:
        hidden = hidden_pairs(found, missing, landscape.settings.threshold, repeated=repeated)
    lines = []
    for pair, gaps in missing.items():
        shown = study.weighted and pair not in hidden
        families = round(sum(found.between(*pair).values()), 6) if shown else None
        lines.append(_line(study, contacts, found, pair, gaps, families, suppressed=pair in hidden))
    # by what is shown: an order by hidden numbers would tell between which two they lie
    lines.sort(key=lambda x: (-(x.per_year or 0.0), -x.profiles, -x.light_profiles, *map(str.casefold, x.names), x.start, x.end))
    says = [] if study.weighted else [Assumption("unweighted")]
    says += assumed_waits(landscape, found.waits)
    if any(line.derived for line in lines):
        says.append(Assumption("role_route"))
    names = landscape.municipality_names
    unnamed = sorted(found.unnamed.items(), key=lambda item: (names.get(item[0][0], item[0][0]), item[0]))
    return ShortLines(
        frame(landscape, "short-lines", found.waits, says, weighted=study.weighted),
        tuple(lines),
        tuple((code, role, len(steps)) for (code, role), steps in unnamed),
        found.unnamed_steps,
        len(found.loose),
        repeated,
        responses(landscape, sorted({partner for line in lines for partner in (line.start, line.end)})),
        landscape.settings.threshold,
    )


def _says_no_level(study: Study) -> bool:
    """Whether some demand of the study says no level, and so counts for every level asked."""
    rows = study.landscape["demand"].filter(pl.col("municipality").is_in(list(study.municipalities)))
    return bool(rows.select((pl.col("level").is_null() & (pl.col("per_year") > 0)).any()).item())


def _line(
    study: Study,
    contacts: Contacts,
    found: Traffic,
    pair: Pair,
    gaps: tuple[str, ...],
    families: float | None,
    *,
    suppressed: bool,
) -> ShortLine:
    """The contact to discuss between two."""
    names, places = study.landscape.names, study.landscape.municipality_names
    between, shared = found.pairs[pair], found.serving.get(pair[0], 0) & found.serving.get(pair[1], 0)
    codes = (code for number, code in enumerate(study.municipalities) if shared >> number & 1)
    start, end = sorted(pair, key=lambda p: (names.get(p, p).casefold(), p))
    grounds = [ground for ground, number in ((GOING, between.profiles), (LIGHT_SUPPORT, between.light)) if number]
    return ShortLine(
        start,
        end,
        (names.get(start, start), names.get(end, end)),
        (*grounds, *gaps),
        families,
        suppressed,
        between.profiles,
        between.light,
        contacts.is_registered(pair),
        contacts.strength(pair),
        needed_strength(between.kinds),
        contacts.fixed_contact(pair),
        contacts.consultation(pair),
        tuple(sorted(codes, key=lambda c: (places.get(c, c), c))),
        contacts.agreements(pair),
        between.derived,
        tuple(dict.fromkeys((*contacts.sources(pair), *between.sources))),
    )
