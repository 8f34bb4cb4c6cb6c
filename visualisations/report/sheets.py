"""The rows of the workbook: one sheet per part, numbers as numbers, straight from the answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...graph.analyses.common import addresses, tidy, years
from ...graph.analyses.common import weeks as in_weeks
from ...graph.analyses.norms import Norm
from ...graph.waiting import Source, Wait
from ...ontology.catalogue import text
from .gathered import Together
from .marks import UsedFile
from .passing import by_name, cause_of
from .telling import Telling, look
from .together import in_order, reasons

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by the key of its name (``report.sheet.…``); columns are keys of ``report.head.…``.

    ``dates`` are the columns that hold dates as ISO texts of any precision.
    """

    key: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    dates: frozenset[str] = frozenset()


_WAIT: Final = ("wait_state", "wait_kind", "low", "expected", "high", "as_of", "written")


def sheets(telling: Telling, used: Sequence[UsedFile]) -> Iterator[Sheet]:
    """Every sheet of the edition, in the order of the page; ``used`` are the files that the page rests on."""
    dates = frozenset({"as_of"})
    offering = ("id", "name", "partner", "level", "access", "themes", "age_from", "age_until", "audience", "nearby", "place")
    yield _sheet("offers", (*offering, "how_to_apply", *_WAIT, "norm", "source"), _offers(telling), dates)
    stepped = ("level", "way", "roles", "theme", "age_from", "age_until", "way_expected", "step", "from", "to", "kind")
    yield _sheet("ways", (*stepped, "low", "expected", "high", "wait_state", "as_of", "source"), _ways(telling), dates)
    yield _sheet("waits", ("level", "partner", "name", *_WAIT, "norm", "target", "source"), _waits(telling), dates)
    if telling.found.together is not None:
        yield from _together(telling, telling.found.together)
    named = ("letter", "file", "tab", "rows", "newest", "verified")
    rows = ({c: getattr(u, "sheet" if c == "tab" else c) for c in named} | {"rows": len(u.rows)} for u in used)
    yield _sheet("sources", named, rows, frozenset({"newest", "verified"}))


def _sheet(key: str, columns: Sequence[str], rows: Iterable[Row], dates: frozenset[str] = frozenset()) -> Sheet:
    return Sheet(key, tuple(columns), tuple(rows), dates)


def _wait(telling: Telling, wait: Wait) -> dict[str, Any]:
    """A wait in cells; an unknown one has no number, whatever was assumed of it."""
    known = wait.known and not wait.closed
    return {
        "wait_state": telling.say(f"state.{look(wait)}"),
        "wait_kind": telling.words.label("wait-kind", wait.kind),
        "low": in_weeks(wait.low) if known else None,
        "expected": in_weeks(wait.expected) if known else None,
        "high": in_weeks(wait.high) if known else None,
        "as_of": wait.as_of,
        "written": wait.written,
    }


def _norm(norm: Norm | None) -> float | None:
    return norm.weeks if norm else None


def _source(sources: Iterable[Source]) -> str:
    return addresses(s for s in sources if s.file)


def _offers(telling: Telling) -> Iterator[Row]:
    words = telling.words
    for o in telling.found.every:
        yield {
            "id": o.id,
            "name": o.name,
            "partner": o.partner_name,
            "level": o.level,
            "access": words.label("access", o.access) if o.access else None,
            "themes": "; ".join(telling.theme(t) for t in o.themes),
            "age_from": years(o.age_from),
            "age_until": years(o.age_until),
            "audience": words.labels("audience", o.audience) if o.audience else None,
            "nearby": text(f"answers.nearby.{o.nearby}", telling.lang),
            "place": words.labels("place", o.place) if o.place else None,
            "how_to_apply": o.how_to_apply,
            **_wait(telling, o.wait),
            "norm": _norm(telling.found.norm_of[o.id]),
            "source": _source((*o.sources, *o.wait.sources)),
        }


def _ways(telling: Telling) -> Iterator[Row]:
    number = 0
    for level in telling.found.ways:
        for usual in level.ways:
            number += 1
            way = usual.way
            for place, leg in enumerate(way.legs, 1):
                origin = [leg.hop.origin] if leg.hop and leg.hop.origin else []
                yield {
                    "level": level.level,
                    "way": number,
                    "roles": " → ".join(telling.role(r) for r in usual.roles),
                    "theme": telling.theme(way.profile.theme) if way.profile.theme else None,
                    "age_from": years(way.profile.age),
                    "age_until": years(usual.age_until) if usual.roles else None,
                    "way_expected": in_weeks(way.expected),
                    "step": place,
                    "from": telling.station(leg.source),
                    "to": telling.station(leg.target),
                    "kind": telling.words.label("route-kind", leg.hop.kind) if leg.hop else None,
                    "low": in_weeks(leg.total.low),
                    "expected": in_weeks(leg.days("expected")),
                    "high": in_weeks(leg.total.high),
                    "wait_state": telling.say(f"state.{look(leg.wait)}"),
                    "as_of": leg.wait.as_of,
                    "source": _source((*origin, *leg.wait.sources)),
                }


def _waits(telling: Telling) -> Iterator[Row]:
    for s in telling.found.waits:
        yield {
            "level": s.level,
            "partner": s.name,
            "name": "; ".join(s.offerings),
            **_wait(telling, s.wait),
            "norm": _norm(s.norm),
            "target": _norm(s.target),
            "source": _source(s.wait.sources),
        }


# --- for the coalition only --------------------------------------------------------------------------------------
def _together(telling: Telling, together: Together) -> Iterator[Sheet]:
    counts = ("waiting", "through", "arriving", "sole") if together.flows.frame.weighted else ()
    passed = ("level", "partner", *_WAIT, "norm", "bottleneck", "cause", *counts, "source")
    yield _sheet("passing", passed, _passing(telling, together), frozenset({"as_of"}))
    aged = ("level", "theme", "age_from", "age_until")
    yield _sheet("cells", (*aged, "status", "expected", "norm", "elsewhere"), _cells(telling, together))
    yield _sheet("gaps", ("kind", *aged, "sentence", "source"), _gaps(telling, together))
    line = ("one", "other", "strength", "fixed_contact", "consultation", "since", "source")
    yield _sheet("lines", line, _lines(telling, together), frozenset({"since"}))
    contact = ("one", "other", "why", "strength", "strength_needed", "fixed_contact", "consultation", "profiles", "source")
    yield _sheet("contacts", contact, _contacts(telling, together))
    agreed = ("id", "what", "kind", "status", "owner", "evaluate_on", "partners", "source")
    yield _sheet("agreements", agreed, _agreements(telling, together), frozenset({"evaluate_on"}))


def _passing(telling: Telling, together: Together) -> Iterator[Row]:
    hidden = telling.say("word.hidden")
    counts = (("waiting", "weeks_per_week"), ("through", "per_year"), ("arriving", "arriving"), ("sole", "sole_link"))
    for level in together.flows.levels:
        for p in by_name(level.partners):
            yield {
                "level": level.level,
                "partner": p.name,
                **_wait(telling, p.wait),
                "norm": _norm(p.norm),
                "bottleneck": p.bottleneck,
                "cause": cause_of(telling, p) if p.bottleneck else None,
                **{c: hidden if name in p.suppressed else tidy(getattr(p, name)) for c, name in counts},
                "source": _source(p.sources),
            }


def _cells(telling: Telling, together: Together) -> Iterator[Row]:
    for c in together.gaps.cells:
        yield {
            "level": c.level,
            "theme": telling.theme(c.theme),
            "age_from": years(c.age_from),
            "age_until": years(c.age_until),
            "status": text(f"gaps.status.{c.status}", telling.lang),
            "expected": in_weeks(c.days),
            "norm": c.norm,
            "elsewhere": "; ".join(telling.town(code) for code in c.elsewhere),
        }


def _gaps(telling: Telling, together: Together) -> Iterator[Row]:
    for g in together.gaps.gaps:
        yield {
            "kind": text(f"gaps.kinds.{g.kind}", telling.lang),
            "level": g.level,
            "theme": telling.theme(g.theme) if g.theme else None,
            "age_from": years(g.age_from),
            "age_until": years(g.age_until),
            "sentence": g.told(telling.lang),
            "source": _source(g.sources),
        }


def _lines(telling: Telling, together: Together) -> Iterator[Row]:
    for line in together.lines:
        yield {
            "one": line.names[0],
            "other": line.names[1],
            "strength": telling.words.label("strength", line.strength),
            "fixed_contact": line.fixed_contact,
            "consultation": line.consultation,
            "since": line.since,
            "source": _source([line.source]),
        }


def _contacts(telling: Telling, together: Together) -> Iterator[Row]:
    for line in in_order(together.contacts):
        yield {
            "one": line.names[0],
            "other": line.names[1],
            "why": "; ".join(reasons(telling, line)),
            "strength": telling.words.label("strength", line.strength_now) if line.registered else None,
            "strength_needed": telling.words.label("strength", line.strength_needed),
            "fixed_contact": line.fixed_contact,
            "consultation": line.consultation,
            "profiles": line.profiles,
            "source": _source(line.sources),
        }


def _agreements(telling: Telling, together: Together) -> Iterator[Row]:
    for kept in together.agreements:
        yield {
            "id": kept.id,
            "what": kept.what,
            "kind": telling.words.label("agreement-kind", kept.kind),
            "status": telling.words.label("agreement-status", kept.status),
            "owner": kept.owner,
            "evaluate_on": kept.evaluate_on,
            "partners": "; ".join(telling.material.name(p) for p in kept.partners),
            "source": _source([kept.source]),
        }
