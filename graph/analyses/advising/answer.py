"""The answer of advise: what it is made of, and its forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...waiting import Source
from ..common import Frame, Result, sources_of, tidy, weeks, weeks_of
from ..lacking.parts import Gap
from ..offers import Offer
from ..waiting.answer import Passed
from ..ways import Statement
from .contacts import Contact, Side
from .lacking import Lacking
from .light_support import LightSupport
from .past_agreements import Kept
from .routes import RouteToDiscuss


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where families wait at one level: ``passed`` without figures of families, but for ``families`` and ``sole``.

    ``families`` a year have some fastest way that waits there, ``sole`` no other way; None where not shown.
    """

    level: int
    passed: Passed
    families: float | None
    sole: float | None

    def as_dict(self) -> dict[str, Any]:
        """The place as bottlenecks names it, with the figures that an advice has."""
        p = self.passed
        return {
            "level": self.level,
            "partner": p.node,
            "weeks_per_week": tidy(self.families),
            "sole_link": tidy(self.sole),
            "wait": weeks_of(p.wait),
            "norm": None if p.norm is None else p.norm.weeks,
            "bottleneck": p.bottleneck,
            "cause": p.cause,
            "sources": sources_of(p.wait.sources + ((p.norm.source,) if p.norm else ())),
            **({"suppressed": True} if self.families is None else {}),
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """All families a year who ask for a level (None: not shown), and those without a way by reason, where there are any.

    ``longest`` is the longest known wait (days) at any place that they come to; None where none is known.
    """

    level: int
    per_year: float | None
    without: tuple[tuple[str, float | None], ...]
    longest: float | None

    def as_dict(self) -> dict[str, Any]:
        """The level as bottlenecks names it."""
        found = {
            "level": self.level,
            "per_year": tidy(self.per_year),
            "without_route": {reason: tidy(number) for reason, number in self.without},
        }
        hidden = self.per_year is None or any(number is None for _, number in self.without)
        return found | {"suppressed": True} if hidden else found


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A wait that nobody knows, to ask for: ``days`` are those by which all families together wait longer or shorter.

    Between the wait's ``low`` and ``high`` end (days), every other wait as expected; None where not shown. ``who`` can tell.
    """

    node: str
    name: str
    kind: str
    low: float
    high: float
    days: float | None
    levels: tuple[int, ...]
    written: str | None
    as_of: str | None
    who: Side | None
    sources: tuple[Source, ...]

    def as_dict(self) -> dict[str, Any]:
        """The wait, weeks unrounded."""
        found: dict[str, Any] = {
            "node": self.node,
            "kind": self.kind,
            "wait_weeks": {"low": weeks(self.low), "high": weeks(self.high)},
            "levels": list(self.levels),
            "weeks_moved": tidy(weeks(self.days)),
            "written": self.written,
            "as_of": self.as_of,
            "sources": sources_of(self.sources),
        }
        return found | {"suppressed": True} if self.days is None else found


@dataclass(frozen=True, slots=True)
class Advice(Result):
    """The advice of one ``municipality`` (code), in the order in which it is talked about.

    ``light``: what is light and near; ``asked``, ``waiting`` and ``closed``: where families wait, ``statements``: what
    people say of that; ``unknown_waits`` of
    ``waits`` at what is offered; ``lacking`` of ``lacking_in_all`` and ``kinds`` (gaps by kind): what is not registered;
    ``contacts`` (of ``contacts_in_all`` pairs) and ``routes``: what to discuss; ``stable`` by level: whether the order of the
    routes holds whatever the unknown waits are; ``to_ask``: what to ask for first; ``agreements``: what became of earlier
    ones. ``families`` are the rows that the numbers of families come from. Figures that must not be shown are None in all
    sections.
    """

    frame: Frame
    municipality: str
    light: LightSupport
    asked: tuple[Asked, ...]
    waiting: tuple[Waiting, ...]
    closed: tuple[Offer, ...]
    statements: tuple[Statement, ...]
    unknown_waits: int
    waits: int
    lacking: tuple[Lacking, ...]
    lacking_in_all: int
    kinds: tuple[tuple[str, tuple[Gap, ...]], ...]
    contacts: tuple[Contact, ...]
    contacts_in_all: int
    routes: tuple[RouteToDiscuss, ...]
    stable: Mapping[int, bool]
    to_ask: tuple[ToAsk, ...]
    agreements: tuple[Kept, ...]
    families: tuple[Source, ...]
    threshold: int

    def as_dict(self, lang: str = "nl") -> dict[str, Any]:
        """The advice as one object, section by section; sentences of gaps in ``lang``."""
        return {
            "municipality": self.municipality,
            "light_support": self.light.as_dict(),
            "levels": [a.as_dict() for a in self.asked],
            "waiting": [w.as_dict() for w in self.waiting],
            "closed": [o.id for o in self.closed],
            "lacking": [one.as_dict() for one in self.lacking],
            "gaps": [{"kind": kind, "gaps": [g.as_dict(lang) for g in found]} for kind, found in self.kinds],
            "contacts": [c.as_dict() for c in self.contacts],
            "routes": [r.as_dict() for r in self.routes],
            "order_stable": {str(level): stable for level, stable in self.stable.items()},
            "to_ask": [u.as_dict() for u in self.to_ask],
            "agreements": [k.as_dict() for k in self.agreements],
        }

    def rows(self) -> list[dict[str, Any]]:
        """One row per thing that is told: its section, id, figure (families or weeks a year) and what it is."""
        names = ("section", "level", "id", "figure", "what")
        return [
            {
                **dict(zip(names, told, strict=True)),
                "sources": "; ".join(dict.fromkeys(f"{s.file}:{s.row}" for s in sources)),
            }
            for *told, sources in self._told()
        ]

    def _told(self) -> Iterator[tuple[str, int | None, str, float | None, str, Sequence[Source]]]:
        for x in self.light.light:
            yield "light_support", x.offer.level, x.offer.id, None, "; ".join(x.reasons), x.offer.sources
        for w in self.waiting:
            what = "knelpunt" if w.passed.bottleneck else ""
            yield "waiting", w.level, w.passed.node, tidy(w.families), what, w.passed.wait.sources
        for one in self.lacking:
            yield "lacking", one.level, "; ".join(one.themes), None, one.status, ()
        for kind, found in self.kinds:
            yield from (("gap", g.level, g.partner or "", None, kind, g.sources) for g in found)
        for c in self.contacts:
            sources = tuple(dict.fromkeys(s for line in c.lines for s in line.sources))
            yield "contact", None, "; ".join((c.hub.id, *(s.id for s in c.others))), tidy(c.per_year), "", sources
        for r in self.routes:
            p = r.proposal
            yield "route", r.level, f"{p.start} → {p.end}", tidy(weeks(r.alone)), p.allowed, p.sources
        for u in self.to_ask:
            yield "to_ask", None, u.node, tidy(weeks(u.days)), u.kind, u.sources
        for k in self.agreements:
            yield "agreement", None, k.id, None, k.due or "", (k.source,)
